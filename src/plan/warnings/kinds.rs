//! Kinds that the cluster may not have yet when the dry run asks for them.

use std::collections::BTreeMap;

use crate::diagnostics::Diagnostic;
use crate::model::{Gvk, Manifest};
use crate::plan::dry_run::{Kinds, may_be_missing};
use crate::plan::order::defined_kind;
use crate::plan::task::Task;
use crate::plan::tasks::Desired;

/// One warning for each kind that somebody else must have brought before.
pub(super) fn unknown(desired: Desired, tasks: &[Task], kinds: &Kinds) -> Vec<Diagnostic> {
    let hard = |task: &&Task, target: &Manifest| {
        !kinds.is_known(&target.id.gvk) && !kinds.is_defined(&target.id.gvk) && !may_be_missing(task, desired)
    };
    let found = by_kind(tasks.iter().filter_map(|task| Some(task.target?).filter(|target| hard(&task, target))));
    let finding = |(gvk, targets): (&Gvk, Vec<&Manifest>)| {
        let message = format!("the sync fails before its first wave unless the cluster already has the kind {gvk}");
        let finding = Diagnostic::warning("kind-without-definition", message).at(targets[0].span);
        finding.help(
            "Argo CD tries every object before it applies any: bring the CRD in this set, or, where an earlier wave's \
             chart or operator brings it, add the sync option SkipDryRunOnMissingResource=true",
        )
    };
    found.into_iter().map(finding).collect()
}

/// One warning for each kind that is new with this set: its objects are not tried.
pub(super) fn untried(desired: Desired, tasks: &[Task], kinds: &Kinds) -> Vec<Diagnostic> {
    let targets = tasks.iter().filter_map(|task| task.target);
    let new = targets.filter(|target| !kinds.is_known(&target.id.gvk) && kinds.is_defined(&target.id.gvk));
    let definition = |gvk: &Gvk| {
        let defines = |manifest: &&&Manifest| {
            defined_kind(manifest).is_some_and(|(group, kind)| group == gvk.group && kind == gvk.kind)
        };
        desired.manifests.iter().find(defines).map(|manifest| manifest.span)
    };
    let finding = |(gvk, targets): (&Gvk, Vec<&Manifest>)| {
        let message = format!(
            "the dry run does not try {} of kind {}, which is defined in this very sync",
            if targets.len() == 1 { "an object".to_owned() } else { format!("{} objects", targets.len()) },
            gvk.kind
        );
        let finding = Diagnostic::warning("untried-kind", message).at(targets[0].span);
        let finding = match definition(gvk) {
            Some(span) => finding.related(span, "its definition"),
            None => finding,
        };
        finding.help("what is wrong with them shows half-way through the sync; bring the CRD by an Application before")
    };
    by_kind(new).into_iter().map(finding).collect()
}

fn by_kind<'a>(targets: impl Iterator<Item = &'a Manifest>) -> BTreeMap<&'a Gvk, Vec<&'a Manifest>> {
    let mut found: BTreeMap<&Gvk, Vec<&Manifest>> = BTreeMap::new();
    for target in targets {
        found.entry(&target.id.gvk).or_default().push(target);
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::plan::plan;
    use crate::plan::testing::{application, crd, object};

    #[test]
    fn a_kind_that_nobody_brings_is_named_once() {
        let set = [object("x.io/v1", "Foo", "a", "", &[]), object("x.io/v1", "Foo", "b", "", &[])];
        let warnings = plan(&set, None, &application()).warnings;
        let messages: Vec<&str> = warnings.iter().map(|warning| warning.message.as_str()).collect();
        let expected = "the sync fails before its first wave unless the cluster already has the kind x.io/v1 Foo";
        assert_eq!(messages, [expected]);
    }

    #[test]
    fn objects_of_a_kind_that_is_new_are_not_tried() {
        let set = [crd("x.io", "Foo", &[]), object("x.io/v1", "Foo", "a", "", &[])];
        let rules = |live: Option<&[_]>| -> Vec<&str> {
            plan(&set, live, &application()).warnings.into_iter().map(|warning| warning.rule).collect()
        };
        assert_eq!(rules(None), ["untried-kind"]);
        assert!(rules(Some(&set)).is_empty());
    }
}
