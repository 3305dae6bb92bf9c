//! What Argo CD will do with a set of manifests, step by step, exactly as its engine does it.
//!
//! The rules are those of gitops-engine as Argo CD 3.5.7 has it; each module names the file it follows, and
//! `tests/plan_gitops.rs` compares with that code itself. Three things happen one after the other:
//!
//! 1. [`tasks()`]: objects become tasks with a phase and a wave, the tasks are sorted, and namespaces and CRDs are pulled
//!    in front of what needs them.
//! 2. The run: the tasks are worked on wave by wave until none is left, and what each wave waits for comes to light.
//! 3. The warnings: what in this order will hold the sync up, or will not hold it up though it should.

mod annotations;
mod application;
mod cluster;
mod dry_run;
mod health;
mod hook;
mod order;
mod prune;
mod run;
mod step;
mod task;
mod tasks;
#[cfg(test)]
mod testing;
mod warnings;

use serde_json::json;

use crate::diagnostics::Span;
use crate::model::Manifest;
use crate::source::TreePath;
use crate::yaml::Node;

pub use application::{Application, is_application};
pub use cluster::{Cluster, Key};
pub use health::{has_health, needs_script};
pub use hook::Phase;
pub use step::{Action, Child, DryRun, Item, LeftOut, Plan, Reason, Step, StepKind, Wait};
pub use task::Task;
pub use tasks::{Desired, tasks};

/// The plan of a sync of `desired` by `application`. `live` is the set that was synced before; `None` for a first sync.
///
/// The order of the manifests makes no difference.
pub fn plan(desired: &[Manifest], live: Option<&[Manifest]>, application: &Application) -> Plan {
    let mut manifests: Vec<&Manifest> = desired.iter().collect();
    manifests.sort_by_cached_key(|manifest| (&manifest.id, generated_name(manifest), manifest.file.clone()));
    let namespace = namespace(application);
    let desired = Desired { manifests: &manifests, application, namespace: &namespace };
    let mut cluster = Cluster::new(live.unwrap_or_default(), &application.namespace);
    if live.is_some() && application.create_namespace {
        cluster.put_namespace(Key::of(&namespace, ""));
    }
    let first = tasks(desired, &cluster);
    let kinds = dry_run::Kinds::new(desired, &cluster);
    let on_failure = first.iter().filter(|task| task.phase == Phase::SyncFail);
    let mut plan = Plan {
        namespace: application.namespace.clone(),
        is_update: live.is_some(),
        dry_run: dry_run::dry_run(desired, &first, &kinds),
        on_failure: on_failure.map(|task| Item::of(task, Action::Create, Wait::Completed)).collect(),
        left_out: manifests.iter().filter_map(|manifest| left_out(manifest)).collect(),
        ..Plan::default()
    };
    let run = run::Run::through(desired, cluster.clone());
    (plan.steps, plan.deleted_at_end) = (run.steps, run.deleted_at_end);
    plan.warnings = warnings::warnings(&plan, desired, &first, &kinds);
    plan
}

fn generated_name(manifest: &Manifest) -> &str {
    manifest.node.at(&["metadata", "generateName"]).and_then(Node::as_str).unwrap_or_default()
}

/// The destination's namespace as `CreateNamespace` makes it.
fn namespace(application: &Application) -> Manifest {
    let object = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": application.namespace}});
    Manifest::new(Node::from_json(object, Span::NONE), TreePath::root(), Span::NONE)
}

fn left_out(manifest: &Manifest) -> Option<LeftOut> {
    if !hook::phases(manifest).is_empty() {
        return None;
    }
    let reason = match hook::deletion_hook(manifest) {
        _ if hook::is_skipped(manifest) => Reason::Skip,
        Some(when) => Reason::Deletion(when),
        None => Reason::UnknownHook,
    };
    Some(LeftOut { id: manifest.id.clone(), reason })
}
