//! What the Application says about its syncs: destination, sync options, pruning.

use crate::model::Manifest;
use crate::yaml::{Node, Value};

/// The parts of an Application that decide about the order and the steps of a sync.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of Argo CD's own")]
pub struct Application {
    /// `spec.destination.namespace`; objects without a namespace get it.
    pub namespace: String,
    /// `CreateNamespace=true`
    pub create_namespace: bool,
    /// `spec.syncPolicy.managedNamespaceMetadata`: the namespace is applied in every sync.
    pub manage_namespace: bool,
    /// Whether the sync prunes: `spec.syncPolicy.automated.prune`, or what a person ticks.
    pub prune: bool,
    /// `PruneLast=true`
    pub prune_last: bool,
    /// `Prune=…` for every object that does not say.
    pub default_prune: Option<String>,
    /// `SkipDryRunOnMissingResource=true`
    pub skip_dry_run: bool,
    /// `ApplyOutOfSyncOnly=true`
    pub only_out_of_sync: bool,
}

impl Default for Application {
    /// An Application that prunes and has no options and no namespace of its own.
    fn default() -> Self {
        Self {
            namespace: String::new(),
            create_namespace: false,
            manage_namespace: false,
            prune: true,
            prune_last: false,
            default_prune: None,
            skip_dry_run: false,
            only_out_of_sync: false,
        }
    }
}

impl Application {
    /// What the Application `manifest` says. One without automated syncs is taken to prune, as a person may.
    pub fn of(manifest: &Manifest) -> Self {
        let spec = |keys: &[&str]| manifest.node.get("spec").and_then(|spec| spec.at(keys));
        let options = spec(&["syncPolicy", "syncOptions"]).and_then(Node::as_seq).unwrap_or_default();
        let has = |option: &str| options.iter().any(|node| node.as_str() == Some(option));
        let value = |key: &str| options.iter().find_map(|node| node.as_str()?.strip_prefix(key)?.strip_prefix('='));
        let automated = spec(&["syncPolicy", "automated"]).filter(|node| !node.is_null());
        let prunes = |node: &Node| matches!(node.get("prune").map(|node| &node.value), Some(Value::Bool(true)));
        Self {
            namespace: spec(&["destination", "namespace"]).and_then(Node::as_str).unwrap_or_default().to_owned(),
            create_namespace: has("CreateNamespace=true"),
            manage_namespace: spec(&["syncPolicy", "managedNamespaceMetadata"]).is_some_and(|node| !node.is_null()),
            prune: automated.is_none_or(prunes),
            prune_last: has("PruneLast=true"),
            default_prune: value("Prune").map(str::to_owned),
            skip_dry_run: has("SkipDryRunOnMissingResource=true"),
            only_out_of_sync: has("ApplyOutOfSyncOnly=true"),
        }
    }
}

/// Whether this is an Application of Argo CD.
pub fn is_application(manifest: &Manifest) -> bool {
    manifest.id.gvk.group == "argoproj.io" && manifest.id.gvk.kind == "Application"
}
