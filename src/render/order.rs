//! The order of the output: wave, Argo CD's kind order, namespace, name.

use crate::check::Checked;
use crate::model::{Manifest, kind_order};

/// The manifests of a set in the order in which they are written. Equal sets give equal orders:
/// whatever the four keys leave open is settled by kind and group.
pub fn sorted(checked: &Checked) -> impl Iterator<Item = &Manifest> {
    let mut manifests: Vec<&Manifest> = checked.manifests().iter().collect();
    manifests.sort_by_cached_key(|manifest| {
        let id = &manifest.id;
        let wave = manifest.wave().unwrap_or_default();
        (wave, kind_order(&id.gvk.kind), &id.namespace, &id.name, &id.gvk.kind, &id.gvk.group)
    });
    manifests.into_iter()
}
