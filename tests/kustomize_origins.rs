//! Each field of a built object knows the text that wrote it last.

mod support;

use cmp_plugin::diagnostics::Sources;
use cmp_plugin::kustomize::{Built, build};
use cmp_plugin::source::{MemoryTree, TreePath};

const BASE: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: web
        image: nginx:1
        envFrom:
        - configMapRef: {name: conf}
";

const OVERLAY: &str = "\
resources: [../base]
namespace: shop
namePrefix: p-
labels:
- pairs: {team: a}
images:
- {name: nginx, newTag: \"2\"}
replicas:
- {name: web, count: 3}
configMapGenerator:
- name: conf
  literals: [key=value]
patches:
- patch: |-
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      paused: true
- target: {kind: Deployment}
  path: patch.yaml
replacements:
- sourceValue: copied
  targets:
  - select: {kind: Deployment}
    fieldPaths: [spec.strategy]
    options: {create: true}
";

const PATCH: &str = "\
- op: add
  path: /spec/minReadySeconds
  value: 5
";

fn built() -> (Vec<Built>, Sources) {
    let files = [
        ("base/kustomization.yaml", "resources: [deployment.yaml]\n"),
        ("base/deployment.yaml", BASE),
        ("overlay/kustomization.yaml", OVERLAY),
        ("overlay/patch.yaml", PATCH),
    ];
    let tree: MemoryTree = files.into_iter().collect();
    let mut sources = Sources::default();
    let overlay = TreePath::parse("overlay").expect("inside");
    let build = build(&tree, &mut sources, &overlay).expect("it builds");
    (build.objects, sources)
}

#[test]
fn every_transformer_leaves_its_place() {
    let (objects, sources) = built();
    let deployment =
        objects.iter().find(|object| object.node.get("kind").and_then(|kind| kind.as_str()) == Some("Deployment"));
    let deployment = &deployment.expect("a Deployment").node;
    let container = deployment.at(&["spec", "template", "spec", "containers"]).and_then(|list| list.as_seq()?.first());
    let container = container.expect("a container");
    let reference = container.get("envFrom").and_then(|list| list.as_seq()?.first()?.at(&["configMapRef", "name"]));
    for (what, node, place) in [
        ("what nobody touched", container.get("name"), "base/deployment.yaml:10:15"),
        ("namespace", deployment.at(&["metadata", "namespace"]), "overlay/kustomization.yaml:2:12"),
        ("namePrefix", deployment.at(&["metadata", "name"]), "overlay/kustomization.yaml:3:13"),
        ("labels", deployment.at(&["metadata", "labels", "team"]), "overlay/kustomization.yaml:5:17"),
        ("images", container.get("image"), "overlay/kustomization.yaml:7:25"),
        ("replicas", deployment.at(&["spec", "replicas"]), "overlay/kustomization.yaml:9:22"),
        ("an inline patch", deployment.at(&["spec", "paused"]), "overlay/kustomization.yaml:20:15"),
        ("a patch in a file", deployment.at(&["spec", "minReadySeconds"]), "overlay/patch.yaml:3:10"),
        ("replacements", deployment.at(&["spec", "strategy"]), "overlay/kustomization.yaml:27:18"),
        ("a reference", reference, "overlay/kustomization.yaml:3:13"),
    ] {
        let node = node.unwrap_or_else(|| panic!("{what}: the field is missing"));
        assert_eq!(sources.place(node.span).as_deref(), Some(place), "{what}");
    }
}

#[test]
fn a_generated_object_belongs_to_its_entry() {
    let (objects, sources) = built();
    let map = objects.iter().find(|object| object.node.get("kind").and_then(|kind| kind.as_str()) == Some("ConfigMap"));
    let map = map.expect("a ConfigMap");
    assert_eq!(map.file.as_str(), "overlay/kustomization.yaml");
    assert_eq!(sources.place(map.span).as_deref(), Some("overlay/kustomization.yaml:11:3"));
    let key = map.node.at(&["data", "key"]).expect("data");
    assert_eq!(sources.place(key.span).as_deref(), Some("overlay/kustomization.yaml:12:14"));
}
