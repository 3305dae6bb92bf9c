//! The shipped overlays give the same objects as the real `kustomize build`, less what `cmp` adds: waves, sync options
//! and the marker. (Pins are added inside Argo CD only; on a laptop children get the branch they are written with.)
#![expect(clippy::disallowed_methods, reason = "a test starts programs")]

mod support;

use std::collections::BTreeMap;
use std::process::Command;

use serde::Deserialize;
use serde_json::Value;

const OVERLAYS: [&str; 6] = [
    "overlays/add-otel",
    "overlays/add-otel/beyla",
    "overlays/add-otel/otel-collector",
    "overlays/main",
    "overlays/main/beyla",
    "overlays/main/otel-collector",
];

const WAVE: &str = "argocd.argoproj.io/sync-wave";
const OPTIONS: &str = "argocd.argoproj.io/sync-options";
const ADDED_OPTION: &str = "SkipDryRunOnMissingResource=true";

#[test]
fn shipped_overlays_equal_kustomize() {
    for overlay in OVERLAYS {
        let expected = objects(&support::peer("kustomize").to_string_lossy(), &["build", overlay]);
        let mut actual = objects(env!("CARGO_BIN_EXE_cmp"), &["generate", overlay]);
        let marker = actual.remove("ConfigMap/observability/observability-rollout");
        let is_environment = overlay.split('/').count() == 2;
        assert_eq!(marker.is_some(), is_environment, "{overlay}: the marker ends environments, and only those");
        assert_eq!(actual.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{overlay}");
        for (id, mut object) in actual {
            remove_order(&id, &mut object);
            assert_eq!(object, expected[&id], "{overlay}: {id}");
        }
    }
}

/// The objects that a command prints, by kind, namespace and name.
fn objects(program: &str, arguments: &[&str]) -> BTreeMap<String, Value> {
    let output = Command::new(program).args(arguments).current_dir(support::repository()).output().expect("a run");
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let documents = serde_yaml::Deserializer::from_str(&text).map(|one| Value::deserialize(one).expect("YAML"));
    let objects: BTreeMap<String, Value> = documents.map(|object| (id(&object), object)).collect();
    assert!(objects.len() > 3, "{program} {arguments:?} printed {} objects", objects.len());
    objects
}

fn id(object: &Value) -> String {
    let text = |pointer| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    format!("{}/{}/{}", text("/kind"), text("/metadata/namespace"), text("/metadata/name"))
}

/// Takes the wave and the added option out again. Every object has a wave.
fn remove_order(id: &str, object: &mut Value) {
    let metadata = object["metadata"].as_object_mut().expect("metadata");
    let annotations = metadata.get_mut("annotations").and_then(Value::as_object_mut).expect("annotations");
    assert!(annotations.remove(WAVE).is_some(), "{id} has no wave");
    if let Some(options) = annotations.get(OPTIONS).and_then(Value::as_str) {
        let rest: Vec<_> = options.split(',').filter(|option| *option != ADDED_OPTION).collect();
        let rest = rest.join(",");
        if rest.is_empty() {
            annotations.remove(OPTIONS);
        } else {
            annotations[OPTIONS] = rest.into();
        }
    }
    if annotations.is_empty() {
        metadata.remove("annotations");
    }
}
