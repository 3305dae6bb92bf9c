//! What the unit tests of this pass are made of.

use serde_json::{Value, json};

use crate::diagnostics::Span;
use crate::model::Manifest;
use crate::source::TreePath;
use crate::yaml::Node;

use super::application::Application;
use super::cluster::Cluster;
use super::hook::Phase;
use super::task::Task;
use super::tasks::{Desired, tasks};

pub(crate) fn manifest(value: Value) -> Manifest {
    Manifest::new(Node::from_json(value, Span::NONE), TreePath::root(), Span::NONE)
}

pub(crate) fn object(version: &str, kind: &str, name: &str, namespace: &str, annotations: &[(&str, &str)]) -> Manifest {
    let annotations: serde_json::Map<String, Value> =
        annotations.iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect();
    let mut metadata = json!({"name": name, "annotations": annotations});
    if !namespace.is_empty() {
        metadata["namespace"] = json!(namespace);
    }
    manifest(json!({"apiVersion": version, "kind": kind, "metadata": metadata}))
}

pub(crate) fn pod(name: &str, annotations: &[(&str, &str)]) -> Manifest {
    object("v1", "Pod", name, "", annotations)
}

pub(crate) fn job(name: &str, namespace: &str, hook: &str) -> Manifest {
    object("batch/v1", "Job", name, namespace, &[("argocd.argoproj.io/hook", hook)])
}

pub(crate) fn crd(group: &str, kind: &str, annotations: &[(&str, &str)]) -> Manifest {
    let name = format!("{}.{group}", kind.to_lowercase());
    let mut crd = object("apiextensions.k8s.io/v1", "CustomResourceDefinition", &name, "", annotations);
    let spec = Node::from_json(json!({"group": group, "names": {"kind": kind}}), Span::NONE);
    if let Some(map) = crd.node.as_map_mut() {
        map.insert("spec", Span::NONE, spec);
    }
    crd
}

/// An Application whose destination is the namespace `dest`.
pub(crate) fn application() -> Application {
    Application { namespace: "dest".to_owned(), ..Application::default() }
}

fn with_tasks<T>(set: &[Manifest], live: &[Manifest], prune_last: bool, look: impl Fn(&[Task]) -> T) -> T {
    let application = Application { prune_last, ..application() };
    let namespace = object("v1", "Namespace", "dest", "", &[]);
    let set: Vec<&Manifest> = set.iter().collect();
    let desired = Desired { manifests: &set, application: &application, namespace: &namespace };
    look(&tasks(desired, &Cluster::new(live, &application.namespace)))
}

/// Names in the order of the tasks.
pub(crate) fn order(set: &[Manifest]) -> Vec<String> {
    with_tasks(set, &[], false, |tasks| tasks.iter().map(|task| task.name.clone()).collect())
}

/// Kinds in the order of the tasks.
pub(crate) fn kinds(set: &[Manifest]) -> Vec<String> {
    with_tasks(set, &[], false, |tasks| tasks.iter().map(|task| task.object.id.gvk.kind.clone()).collect())
}

/// Names, phases and waves in the order of the tasks.
pub(crate) fn placed(set: &[Manifest]) -> Vec<(String, Phase, i64)> {
    with_tasks(set, &[], false, |tasks| tasks.iter().map(|t| (t.name.clone(), t.phase, t.wave)).collect())
}

/// Names and waves in the order of the names; what is only live is pruned.
pub(crate) fn waves(set: &[Manifest], live: &[Manifest], prune_last: bool) -> Vec<(&'static str, i64)> {
    const NAMES: [&str; 8] = ["ns", "pod-1", "pod-2", "pod-3", "pod-4", "pod-5", "pod-6", "pod-7"];
    with_tasks(set, live, prune_last, |tasks| {
        let wave = |name: &str| tasks.iter().find(|task| task.name == name).map(|task| task.wave);
        NAMES.into_iter().filter_map(|name| Some((name, wave(name)?))).collect()
    })
}
