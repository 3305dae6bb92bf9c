//! A checked set as bytes: one order, one form, the same every time.

mod files;
mod order;
pub mod plan;

use crate::check::Checked;
use crate::yaml;

pub use files::{OutputFile, files};
pub use order::sorted;

/// Every manifest as a YAML document, separated by `---`, in the order in which Argo CD applies them.
pub fn yaml(checked: &Checked) -> String {
    let mut out = String::new();
    for (i, manifest) in sorted(checked).enumerate() {
        if i > 0 {
            out.push_str("---\n");
        }
        out.push_str(&yaml::to_string(&manifest.node));
    }
    out
}

/// One `v1` List, as kubectl writes several objects in JSON.
pub fn json(checked: &Checked) -> String {
    let items: Vec<_> = sorted(checked).map(|manifest| &manifest.node).collect();
    let list = serde_json::json!({"apiVersion": "v1", "kind": "List", "items": items});
    format!("{list:#}\n")
}
