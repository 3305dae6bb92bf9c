//! A wave that is no whole number: Argo CD says nothing and takes another.

use crate::diagnostics::Diagnostic;
use crate::model::{SYNC_WAVE, parse_wave};
use crate::plan::annotations::{place, text};
use crate::plan::task::wave;
use crate::plan::tasks::Desired;

/// One warning for each such annotation.
pub(super) fn unreadable(desired: Desired) -> Vec<Diagnostic> {
    let odd = desired
        .manifests
        .iter()
        .filter(|manifest| text(manifest, SYNC_WAVE).is_some_and(|text| parse_wave(text).is_none()));
    let finding = |manifest: &&crate::model::Manifest| {
        let written = text(manifest, SYNC_WAVE).unwrap_or_default();
        let message = format!("`{written}` is no sync wave: Argo CD puts {} into wave {}", manifest.id, wave(manifest));
        let finding = Diagnostic::warning("unreadable-wave", message).at(place(manifest, SYNC_WAVE));
        finding.help("write a whole number in quotes, without spaces")
    };
    odd.map(finding).collect()
}

#[cfg(test)]
mod tests {
    use crate::plan::plan;
    use crate::plan::testing::{application, pod};

    #[test]
    fn a_wave_with_a_fraction_is_not_a_wave() {
        let pod = pod("a", &[("argocd.argoproj.io/sync-wave", "1.5"), ("helm.sh/hook-weight", "2")]);
        let warnings = plan(&[pod], None, &application()).warnings;
        assert_eq!(warnings[0].message, "`1.5` is no sync wave: Argo CD puts Pod/a into wave 2");
    }
}
