//! What gRPC reflection tells of our messages: `plugin.proto` and the part of `repository.proto` that it uses, as a
//! table. `grpcurl` and Argo CD's own tools read it.

use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{
    DescriptorProto, FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet, MessageOptions,
    MethodDescriptorProto, OneofDescriptorProto, ServiceDescriptorProto,
};

const EMPTY: &str = ".google.protobuf.Empty";

/// The files that describe the plugin's service.
pub(super) fn files() -> FileDescriptorSet {
    FileDescriptorSet { file: vec![empty(), repository(), plugin(), version()] }
}

fn plugin() -> FileDescriptorProto {
    let mut request = message(
        "AppStreamRequest",
        vec![one("metadata", 1, ".plugin.ManifestRequestMetadata"), one("file", 2, ".plugin.File")],
    );
    for field in &mut request.field {
        field.oneof_index = Some(0);
    }
    request.oneof_decl = vec![OneofDescriptorProto { name: Some("request".to_owned()), options: None }];
    let messages = vec![
        request,
        message(
            "ManifestRequestMetadata",
            vec![
                plain("appName", 1, Type::String),
                plain("appRelPath", 2, Type::String),
                plain("checksum", 3, Type::String),
                plain("size", 4, Type::Int64),
                many(one("env", 5, ".plugin.EnvEntry")),
            ],
        ),
        message("EnvEntry", vec![plain("name", 1, Type::String), plain("value", 2, Type::String)]),
        message(
            "ManifestResponse",
            vec![many(plain("manifests", 1, Type::String)), plain("sourceType", 2, Type::String)],
        ),
        message(
            "RepositoryResponse",
            vec![plain("isSupported", 1, Type::Bool), plain("isDiscoveryEnabled", 2, Type::Bool)],
        ),
        message(
            "ParametersAnnouncementResponse",
            vec![many(one("parameterAnnouncements", 1, ".repository.ParameterAnnouncement"))],
        ),
        message("File", vec![plain("chunk", 1, Type::Bytes)]),
        message(
            "CheckPluginConfigurationResponse",
            vec![plain("isDiscoveryConfigured", 1, Type::Bool), plain("provideGitCreds", 2, Type::Bool)],
        ),
    ];
    let stream = ".plugin.AppStreamRequest";
    let methods = vec![
        method("GenerateManifest", stream, ".plugin.ManifestResponse"),
        method("CheckPluginConfiguration", EMPTY, ".plugin.CheckPluginConfigurationResponse"),
        method("MatchRepository", stream, ".plugin.RepositoryResponse"),
        method("GetParametersAnnouncement", stream, ".plugin.ParametersAnnouncementResponse"),
    ];
    FileDescriptorProto {
        dependency: vec![
            "github.com/argoproj/argo-cd/v3/reposerver/repository/repository.proto".to_owned(),
            "google/protobuf/empty.proto".to_owned(),
        ],
        message_type: messages,
        service: vec![service("ConfigManagementPluginService", methods)],
        ..file("cmpserver/plugin/plugin.proto", "plugin")
    }
}

fn repository() -> FileDescriptorProto {
    let mut announcement = message(
        "ParameterAnnouncement",
        vec![
            plain("name", 1, Type::String),
            plain("title", 2, Type::String),
            plain("tooltip", 3, Type::String),
            plain("required", 4, Type::Bool),
            plain("itemType", 5, Type::String),
            plain("collectionType", 6, Type::String),
            plain("string", 7, Type::String),
            many(plain("array", 8, Type::String)),
            many(one("map", 9, ".repository.ParameterAnnouncement.MapEntry")),
        ],
    );
    let mut entry = message("MapEntry", vec![plain("key", 1, Type::String), plain("value", 2, Type::String)]);
    entry.options = Some(MessageOptions { map_entry: Some(true), ..MessageOptions::default() });
    announcement.nested_type = vec![entry];
    FileDescriptorProto {
        message_type: vec![announcement],
        ..file("github.com/argoproj/argo-cd/v3/reposerver/repository/repository.proto", "repository")
    }
}

fn version() -> FileDescriptorProto {
    let message = message(
        "VersionMessage",
        vec![plain("Version", 1, Type::String), plain("Compiler", 7, Type::String), plain("Platform", 8, Type::String)],
    );
    FileDescriptorProto {
        dependency: vec!["google/protobuf/empty.proto".to_owned()],
        message_type: vec![message],
        service: vec![service("VersionService", vec![method("Version", EMPTY, ".version.VersionMessage")])],
        ..file("server/version/version.proto", "version")
    }
}

fn empty() -> FileDescriptorProto {
    FileDescriptorProto {
        message_type: vec![message("Empty", Vec::new())],
        ..file("google/protobuf/empty.proto", "google.protobuf")
    }
}

fn file(name: &str, package: &str) -> FileDescriptorProto {
    FileDescriptorProto {
        name: Some(name.to_owned()),
        package: Some(package.to_owned()),
        syntax: Some("proto3".to_owned()),
        ..FileDescriptorProto::default()
    }
}

fn message(name: &str, field: Vec<FieldDescriptorProto>) -> DescriptorProto {
    DescriptorProto { name: Some(name.to_owned()), field, ..DescriptorProto::default() }
}

fn plain(name: &str, number: i32, kind: Type) -> FieldDescriptorProto {
    FieldDescriptorProto {
        name: Some(name.to_owned()),
        json_name: Some(name.to_owned()),
        number: Some(number),
        label: Some(Label::Optional.into()),
        r#type: Some(kind.into()),
        ..FieldDescriptorProto::default()
    }
}

fn one(name: &str, number: i32, message: &str) -> FieldDescriptorProto {
    FieldDescriptorProto { type_name: Some(message.to_owned()), ..plain(name, number, Type::Message) }
}

fn many(field: FieldDescriptorProto) -> FieldDescriptorProto {
    FieldDescriptorProto { label: Some(Label::Repeated.into()), ..field }
}

fn service(name: &str, method: Vec<MethodDescriptorProto>) -> ServiceDescriptorProto {
    ServiceDescriptorProto { name: Some(name.to_owned()), method, options: None }
}

/// A method that takes a stream, unless it takes nothing.
fn method(name: &str, input: &str, output: &str) -> MethodDescriptorProto {
    MethodDescriptorProto {
        name: Some(name.to_owned()),
        input_type: Some(input.to_owned()),
        output_type: Some(output.to_owned()),
        client_streaming: Some(input != EMPTY),
        server_streaming: Some(false),
        options: None,
    }
}
