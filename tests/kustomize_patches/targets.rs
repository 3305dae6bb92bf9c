//! The same objects are selected as by kustomize.

use std::collections::BTreeSet;

use cmp_plugin::diagnostics::{Outcome, Sources};
use cmp_plugin::kustomize::patch::target::selector_from_node;
use cmp_plugin::model::ObjectId;
use cmp_plugin::yaml::{self, Limits, Node};

use crate::case::{build, documents, write};

const OBJECTS: &str = r#"
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop, labels: {app: web, tier: front, num: "7"}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web-1, labels: {app: web}, annotations: {note: a, size: "10"}}}
---
{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: default, labels: {app: db, tier: back, num: 12}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, labels: {app: "", tier: front}}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: web.reader}}
---
{apiVersion: example.com/v1beta1, kind: Web, metadata: {name: webs, namespace: shop-2, annotations: {example.com/note: b}}}
"#;

const TARGETS: &[&str] = &[
    "{}",
    "{kind: Deployment}",
    "{kind: Deploy}",
    "{kind: Deploy.*}",
    "{kind: Deployment|Service}",
    "{kind: deployment}",
    "{kind: '(?i)deployment'}",
    "{group: apps}",
    "{group: ''}",
    "{group: '.*'}",
    "{group: 'example\\.com'}",
    "{group: 'example.com', version: 'v1.*'}",
    "{version: v1}",
    "{version: 'v[0-9]+'}",
    "{group: apps, version: v1, kind: StatefulSet, name: db, namespace: default}",
    "{name: web}",
    "{name: web.*}",
    "{name: '^web$'}",
    "{name: '^web'}",
    "{name: 'web-[0-9]'}",
    "{name: 'web-\\d'}",
    "{name: 'web.reader'}",
    "{name: 'web(-1|s)?'}",
    "{name: 'w{1}eb'}",
    "{name: '[[:alpha:]]+'}",
    "{name: '[^w].*'}",
    "{name: '\\w+'}",
    "{name: '.+\\..+'}",
    "{name: 'web*?'}",
    "{namespace: shop}",
    "{namespace: 'shop.*'}",
    "{namespace: default}",
    "{namespace: _non_namespaceable_}",
    "{namespace: ''}",
    "{labelSelector: app=web}",
    "{labelSelector: 'app==web, tier=front'}",
    "{labelSelector: 'app!=web'}",
    "{labelSelector: app}",
    "{labelSelector: '!app'}",
    "{labelSelector: 'app='}",
    "{labelSelector: 'app in (web,db)'}",
    "{labelSelector: 'app in (,db)'}",
    "{labelSelector: 'app notin (web)'}",
    "{labelSelector: 'tier in (front),app=web'}",
    "{labelSelector: 'num>7'}",
    "{labelSelector: 'num<12'}",
    "{labelSelector: 'num=12'}",
    "{labelSelector: ''}",
    "{labelSelector: ' app = web '}",
    "{annotationSelector: note=a}",
    "{annotationSelector: 'example.com/note in (a, b)'}",
    "{annotationSelector: 'size>9'}",
    "{annotationSelector: '!note', kind: Deployment}",
    "{kind: Deployment, labelSelector: app=web, annotationSelector: note}",
    "{kind: null, name: web}",
];

/// Both refuse these.
const REFUSED: &[&str] = &[
    "{knd: Deployment}",
    "{kind: 5}",
    "{name: '('}",
    "{name: '*'}",
    "{name: 'a**'}",
    "{name: '[a'}",
    "{name: '(?=a)'}",
    "{labelSelector: 'a b'}",
    "{labelSelector: 'a in b'}",
    "{labelSelector: 'app=web,'}",
    "{labelSelector: 'a=b/c'}",
    "{labelSelector: 'num>x'}",
    "{labelSelector: '=a'}",
    "{annotationSelector: '-a'}",
];

#[test]
fn targets_select_what_kustomize_selects() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (number, target) in TARGETS.iter().enumerate() {
        let below = folder.path().join(format!("r{number}"));
        std::fs::create_dir(&below).expect("created");
        write_overlay(&below, target, &format!("namePrefix: r{number}-\n"));
    }
    let names: Vec<_> = (0..TARGETS.len()).map(|number| format!("r{number}")).collect();
    write(folder.path(), "kustomization.yaml", &format!("resources: [{}]\n", names.join(", ")));
    let text = build(folder.path()).expect("kustomize takes all of them");
    let mut theirs = vec![BTreeSet::new(); TARGETS.len()];
    for object in documents(&text).filter(|object| object.get("hit").is_some()) {
        let name = object["metadata"]["name"].as_str().expect("a name");
        let (prefix, rest) = name[1..].split_once('-').expect("a prefix");
        theirs[prefix.parse::<usize>().expect("a number")]
            .insert(format!("{}/{rest}", object["kind"].as_str().expect("a kind")));
    }
    for (target, theirs) in TARGETS.iter().zip(theirs) {
        assert_eq!(ours(target).expect(target), theirs, "{target}");
    }
}

#[test]
fn targets_that_kustomize_refuses_are_refused() {
    for target in REFUSED {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write_overlay(folder.path(), target, "");
        assert!(build(folder.path()).is_err(), "{target}: kustomize takes it");
        assert!(ours(target).is_err(), "{target}: we take it");
    }
}

fn write_overlay(folder: &std::path::Path, target: &str, more: &str) {
    write(folder, "base.yaml", OBJECTS);
    let patch = "patch: '[{\"op\": \"add\", \"path\": \"/hit\", \"value\": true}]'";
    write(
        folder,
        "kustomization.yaml",
        &format!("{more}resources: [base.yaml]\npatches:\n- {patch}\n  target: {target}\n"),
    );
}

fn ours(target: &str) -> Outcome<BTreeSet<String>> {
    let mut sources = Sources::default();
    let mut read = |name: &str, text: &str| yaml::parse(sources.add(name, text), text, Limits::default());
    let selector = selector_from_node(&read("target", target)?[0])?;
    let objects = read("base.yaml", OBJECTS)?;
    let selected = objects.iter().filter(|object| {
        let metadata = |field| object.at(&["metadata", field]).and_then(Node::as_map);
        selector.matches(&ObjectId::of(object), metadata("labels"), metadata("annotations"))
    });
    Ok(selected.map(ObjectId::of).map(|id| format!("{}/{}", id.gvk.kind, id.name)).collect())
}
