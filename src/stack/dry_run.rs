//! Custom resources whose definition another component brings must not fail the dry run.
//!
//! Argo CD dry-runs every wave before the first one is applied, and an unknown kind fails it unless its CRD is in the
//! same sync or the object says otherwise (gitops-engine `pkg/sync/sync_context.go`).

use crate::model::{Manifest, SYNC_OPTIONS, is_always_there};
use crate::yaml::Node;

use super::types::Stack;

/// The option that lets a sync start before the kind exists.
const OPTION: &str = "SkipDryRunOnMissingResource=true";

/// Adds the option to each custom resource after the first phase whose CRD is not among `manifests`:
/// an earlier phase's chart or operator brings it.
pub fn skip_missing_kinds(stack: &Stack, owners: &[usize], manifests: &mut [Manifest]) {
    let defined: Vec<(String, String)> = manifests.iter().filter_map(defined_kind).collect();
    for (manifest, &owner) in manifests.iter_mut().zip(owners) {
        let component = &stack.components[owner];
        let gvk = &manifest.id.gvk;
        let in_set = defined.iter().any(|(group, kind)| *group == gvk.group && *kind == gvk.kind);
        if component.phase == 0 || is_always_there(gvk) || in_set {
            continue;
        }
        let written = manifest.annotation(SYNC_OPTIONS).and_then(Node::as_str).unwrap_or_default();
        if written.split(',').any(|option| option.trim().starts_with("SkipDryRunOnMissingResource=")) {
            continue;
        }
        let options = if written.is_empty() { OPTION.to_owned() } else { format!("{written},{OPTION}") };
        manifest.annotate(SYNC_OPTIONS, options, component.phase_span);
    }
}

/// Group and kind that a CRD defines.
fn defined_kind(manifest: &Manifest) -> Option<(String, String)> {
    if manifest.id.gvk.kind != "CustomResourceDefinition" {
        return None;
    }
    let text = |keys: &[&str]| manifest.node.at(keys).and_then(Node::as_str).map(str::to_owned);
    Some((text(&["spec", "group"])?, text(&["spec", "names", "kind"])?))
}
