//! Configurations of generators.

use super::decode::metadata;
use super::{refuse_foreign, refuse_kind};
use crate::kustomize::file::GeneratorEntry;
use crate::kustomize::generators::{self, Asked, Kind};
use crate::kustomize::read::Reader;
use crate::kustomize::resource::{Behavior, Resource};
use crate::kustomize::{Step, Stop};
use crate::source::TreePath;
use crate::yaml::Node;
use crate::yaml::decode::{Fields, Spanned};

/// The object that a configuration makes, and what happens when it is there already.
pub(in crate::kustomize) fn generate(
    config: &Resource,
    root: &TreePath,
    reader: &mut Reader<'_>,
) -> Step<(Resource, Behavior, Spanned<String>)> {
    if config.api_version() != "builtin" {
        return reader.refuse(refuse_foreign(config));
    }
    let report = reader.report();
    let Some(mut fields) = Fields::of(&config.node, "a generator", report) else { return Err(Stop::Reported) };
    let metadata = metadata(&mut fields);
    let kind = match config.kind() {
        "ConfigMapGenerator" => Kind::ConfigMap,
        "SecretGenerator" => Kind::Secret,
        "IAMPolicyGenerator" => {
            let generated = service_account(&mut fields, config, reader);
            fields.finish();
            return generated.ok_or(Stop::Reported);
        }
        _ => return reader.refuse(refuse_kind(config, "generator")),
    };
    let entry = GeneratorEntry::of_config(&mut fields, kind == Kind::Secret, metadata.name, metadata.namespace);
    fields.finish();
    let entry = entry.ok_or(Stop::Reported)?;
    let asked = Asked { root, file: &config.file, options: None };
    let generated = generators::generate(kind, &entry, asked, reader)?;
    Ok((generated, entry.behavior, entry.name))
}

/// `IAMPolicyGenerator`: a service account that acts as one of Google's cloud.
fn service_account(
    fields: &mut Fields<'_>,
    config: &Resource,
    reader: &Reader<'_>,
) -> Option<(Resource, Behavior, Spanned<String>)> {
    let report = fields.report();
    let cloud = fields.required_string("cloud")?;
    if cloud.value != "gke" {
        let message = format!("the cloud `{}` is not known to kustomize", cloud.value);
        report.push(crate::diagnostics::Diagnostic::error("wrong-value", message).at(cloud.span));
        return None;
    }
    let mut account = Fields::of(fields.node("kubernetesService")?, "kubernetesService", report)?;
    let (name, namespace) = (account.required_string("name"), account.string("namespace"));
    account.finish();
    let mut google = Fields::of(fields.node("serviceAccount")?, "serviceAccount", report)?;
    let (google_name, project) = (google.required_string("name"), google.required_string("projectId"));
    google.finish();
    let (name, google_name, project) = (name?, google_name?, project?);
    let span = config.span;
    let mut metadata = Node::map(span);
    let map = metadata.as_map_mut()?;
    map.insert("name", name.span, Node::string(name.value.clone(), name.span));
    if let Some(namespace) = namespace {
        map.insert("namespace", namespace.span, Node::string(namespace.value, namespace.span));
    }
    let mut annotations = Node::map(span);
    let account = format!("{}@{}.iam.gserviceaccount.com", google_name.value, project.value);
    let account = Node::string(account, google_name.span);
    annotations.as_map_mut()?.insert("iam.gke.io/gcp-service-account", google_name.span, account);
    map.insert("annotations", span, annotations);
    let mut object = Node::map(span);
    let map = object.as_map_mut()?;
    map.insert("apiVersion", span, Node::string("v1", span));
    map.insert("kind", span, Node::string("ServiceAccount", span));
    map.insert("metadata", span, metadata);
    Some((Resource::new(object, config.file.clone(), reader.scopes()), Behavior::Create, name))
}
