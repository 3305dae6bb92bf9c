//! The messages of Argo CD's plugin protocol, written by hand and compatible on the wire with `cmpserver/plugin/plugin.proto`,
//! `reposerver/repository/repository.proto` (`ParameterAnnouncement`) and `server/version/version.proto`. Eleven small
//! messages that have not changed since 2.13 do not need a compiler at build time.

use std::collections::HashMap;

use bytes::Bytes;
use prost::{Message, Oneof};

/// One message of an application stream: first the metadata, then the archive in chunks.
#[derive(Clone, PartialEq, Message)]
pub struct AppStreamRequest {
    /// Either of the two.
    #[prost(oneof = "StreamPart", tags = "1, 2")]
    pub request: Option<StreamPart>,
}

/// What a message of an application stream brings.
#[derive(Clone, PartialEq, Oneof)]
pub enum StreamPart {
    /// What is asked.
    #[prost(message, tag = "1")]
    Metadata(ManifestRequestMetadata),
    /// A piece of the archive.
    #[prost(message, tag = "2")]
    File(File),
}

/// What is asked.
#[derive(Clone, PartialEq, Message)]
pub struct ManifestRequestMetadata {
    /// The last component of the Application's path, not its name: `filepath.Base(appPath)` in `util/cmp/stream.go`.
    #[prost(string, tag = "1")]
    pub app_name: String,
    /// The Application's path, relative to the archive's root.
    #[prost(string, tag = "2")]
    pub app_rel_path: String,
    /// SHA-256 of the compressed archive, in hexadecimal digits.
    #[prost(string, tag = "3")]
    pub checksum: String,
    /// Size of the compressed archive. The stock server does not look at it.
    #[prost(int64, tag = "4")]
    pub size: i64,
    /// The variables of the request.
    #[prost(message, repeated, tag = "5")]
    pub env: Vec<EnvEntry>,
}

/// A variable.
#[derive(Clone, PartialEq, Message)]
pub struct EnvEntry {
    /// Its name.
    #[prost(string, tag = "1")]
    pub name: String,
    /// Its value.
    #[prost(string, tag = "2")]
    pub value: String,
}

/// A piece of the archive.
#[derive(Clone, PartialEq, Message)]
pub struct File {
    /// Its bytes: a view into the buffer that the connection filled.
    #[prost(bytes = "bytes", tag = "1")]
    pub chunk: Bytes,
}

/// The answer to `GenerateManifest`.
#[derive(Clone, PartialEq, Message)]
pub struct ManifestResponse {
    /// One JSON object each.
    #[prost(string, repeated, tag = "1")]
    pub manifests: Vec<String>,
    /// Never set by the stock server.
    #[prost(string, tag = "2")]
    pub source_type: String,
}

/// The answer to `MatchRepository`.
#[derive(Clone, Copy, PartialEq, Eq, Message)]
pub struct RepositoryResponse {
    /// Whether the plugin takes the Application.
    #[prost(bool, tag = "1")]
    pub is_supported: bool,
    /// Whether the plugin has a rule to tell.
    #[prost(bool, tag = "2")]
    pub is_discovery_enabled: bool,
}

/// The answer to `GetParametersAnnouncement`.
#[derive(Clone, PartialEq, Message)]
pub struct ParametersAnnouncementResponse {
    /// In the order in which Argo CD shows them.
    #[prost(message, repeated, tag = "1")]
    pub parameter_announcements: Vec<ParameterAnnouncement>,
}

/// The answer to `CheckPluginConfiguration`.
#[derive(Clone, Copy, PartialEq, Eq, Message)]
pub struct CheckPluginConfigurationResponse {
    /// Whether `MatchRepository` is worth a call.
    #[prost(bool, tag = "1")]
    pub is_discovery_configured: bool,
    /// Whether repo-server should send Git credentials.
    #[prost(bool, tag = "2")]
    pub provide_git_creds: bool,
}

/// `repository.ParameterAnnouncement`: a parameter that the UI offers.
#[derive(Clone, PartialEq, Message)]
pub struct ParameterAnnouncement {
    /// Its name.
    #[prost(string, tag = "1")]
    pub name: String,
    /// The name that the UI shows.
    #[prost(string, tag = "2")]
    pub title: String,
    /// What the UI shows beside it.
    #[prost(string, tag = "3")]
    pub tooltip: String,
    /// Whether it must be given.
    #[prost(bool, tag = "4")]
    pub required: bool,
    /// `string`, `number` or `boolean`; empty means string.
    #[prost(string, tag = "5")]
    pub item_type: String,
    /// `string`, `array` or `map`; empty means string.
    #[prost(string, tag = "6")]
    pub collection_type: String,
    /// The value of a string when nothing is given.
    #[prost(string, tag = "7")]
    pub string: String,
    /// The value of an array when nothing is given.
    #[prost(string, repeated, tag = "8")]
    pub array: Vec<String>,
    /// The value of a map when nothing is given.
    #[prost(map = "string, string", tag = "9")]
    pub map: HashMap<String, String>,
}

/// `google.protobuf.Empty`.
#[derive(Clone, Copy, PartialEq, Eq, Message)]
pub struct Empty {}

/// `version.VersionMessage`, the fields that mean something here.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct VersionMessage {
    /// Name and version of this server.
    #[prost(string, tag = "1")]
    pub version: String,
    /// The compiler: Argo CD's own server says `gc`.
    #[prost(string, tag = "7")]
    pub compiler: String,
    /// Operating system and architecture.
    #[prost(string, tag = "8")]
    pub platform: String,
}

#[cfg(test)]
mod tests {
    use prost::Message;

    use super::{AppStreamRequest, CheckPluginConfigurationResponse, File, StreamPart};

    #[test]
    fn a_chunk_is_what_go_writes() {
        let message =
            AppStreamRequest { request: Some(StreamPart::File(File { chunk: bytes::Bytes::from_static(b"abc") })) };
        assert_eq!(message.encode_to_vec(), [0x12, 5, 0x0a, 3, b'a', b'b', b'c']);
        assert_eq!(AppStreamRequest::decode(&[0x12, 5, 0x0a, 3, b'a', b'b', b'c'][..]).expect("ours"), message);
    }

    #[test]
    fn unknown_fields_and_empty_messages_are_read() {
        assert_eq!(AppStreamRequest::decode(&[][..]).expect("empty").request, None);
        let newer = [0x08, 1, 0x98, 0x06, 7];
        let read = CheckPluginConfigurationResponse::decode(&newer[..]).expect("a newer client");
        assert!(read.is_discovery_configured && !read.provide_git_creds);
    }
}
