//! What stands around a patch in a kustomization: options, an `OpenAPI` document, the older fields.

use cmp_plugin::diagnostics::{Outcome, Sources};
use cmp_plugin::kustomize::patch::{
    Allow, MergeSchemas, PatchText, apply_json, apply_merge, classify, prepare_for_targets,
};
use cmp_plugin::yaml::{self, Limits, Node};
use serde_json::Value;

use crate::case::{build, documents, finished, numbers_by_value, write};

/// What kustomize makes of `base.yaml`, `patch.yaml` and more of a kustomization.
fn theirs(base: &str, patch: &str, more: &str, openapi: &str) -> Result<Value, String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(folder.path(), "base.yaml", base);
    write(folder.path(), "patch.yaml", patch);
    write(folder.path(), "openapi.json", openapi);
    write(folder.path(), "kustomization.yaml", &format!("resources: [base.yaml]\n{more}\n"));
    let text = build(folder.path())?;
    let object = documents(&text).next().expect("an object");
    Ok(numbers_by_value(object))
}

fn read(text: &str) -> Node {
    yaml::parse(Sources::default().add("text", text), text, Limits::default()).expect("YAML").remove(0)
}

fn ours(base: &str, patch: &str, with: impl Fn(&mut Node, PatchText) -> Outcome<()>) -> Outcome<Value> {
    let mut object = read(base);
    with(&mut object, classify(Sources::default().add("patch", patch), patch)?)?;
    Ok(finished(Value::from(&object)))
}

fn merge_with(allow: Allow, schemas: &MergeSchemas, targeted: bool) -> impl Fn(&mut Node, PatchText) -> Outcome<()> {
    move |object, text| {
        let PatchText::Merge(patches) = text else { panic!("a strategic merge patch") };
        for mut patch in patches {
            if targeted {
                prepare_for_targets(&mut patch)?;
            }
            let _ = apply_merge(object, patch, allow, schemas)?;
        }
        Ok(())
    }
}

const BASE: &str = "{apiVersion: v1, kind: ConfigMap, metadata: {name: x, labels: {a: b}}, data: {k: v}}";

#[test]
fn options_let_name_and_kind_change() {
    let patch = "{apiVersion: v1, kind: Secret, metadata: {name: z, namespace: ns}, data: {l: w}}";
    let built_in = MergeSchemas::default();
    for (name, kind) in [(false, false), (true, false), (false, true), (true, true)] {
        let options = format!("options: {{allowNameChange: {name}, allowKindChange: {kind}}}");
        let more = format!("patches:\n- path: patch.yaml\n  target: {{kind: ConfigMap}}\n  {options}");
        let ours = ours(BASE, patch, merge_with(Allow { name, kind }, &built_in, true)).expect("taken");
        assert_eq!(ours, theirs(BASE, patch, &more, "").expect("taken"), "{options}");
    }
}

#[test]
fn the_older_field_for_merges_makes_texts_of_labels() {
    let patch =
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: x, labels: {num: 5}, annotations: {}}, data: {k: null}}";
    let ours = ours(BASE, patch, merge_with(Allow::default(), &MergeSchemas::default(), true)).expect("taken");
    assert_eq!(ours, theirs(BASE, patch, "patchesStrategicMerge: [patch.yaml]", "").expect("taken"));
}

#[test]
fn the_older_field_for_operations_sees_no_annotations() {
    let more = "patchesJson6902:\n- path: patch.yaml\n  target: {version: v1, kind: ConfigMap, name: x}";
    let json = |object: &mut Node, text| {
        let PatchText::Json(patch) = text else { panic!("a JSON patch") };
        apply_json(object, &patch, false)
    };
    let add = "- {op: add, path: /metadata/annotations/a, value: b}";
    assert!(ours(BASE, add, json).is_err() && theirs(BASE, add, more, "").is_err());
    let test = "- {op: test, path: /metadata/annotations, value: null}\n- {op: remove, path: /data/k}";
    assert_eq!(ours(BASE, test, json).expect("taken"), theirs(BASE, test, more, "").expect("taken"));
}

const OPENAPI: &str = r##"{"definitions": {
  "Widget": {
    "type": "object",
    "properties": {
      "metadata": {"type": "object", "properties": {"finalizers": {"type": "array", "items": {"type": "string"}}}},
      "spec": {"$ref": "#/definitions/a~1b.Spec"}
    },
    "x-kubernetes-group-version-kind": [{"group": "example.com", "version": "v1", "kind": "Widget"}]
  },
  "a/b.Spec": {
    "type": "object",
    "properties": {
      "parts": {"type": "array", "items": {"$ref": "#/definitions/Part"},
        "x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": "id"},
      "tags": {"type": "array", "items": {"type": "string"}, "x-kubernetes-patch-strategy": "merge"},
      "plain": {"type": "array", "items": {"$ref": "#/definitions/Part"}, "x-kubernetes-patch-merge-key": "id"},
      "free": {"type": "object", "additionalProperties": {"$ref": "#/definitions/a~1b.Spec"}},
      "lost": {"$ref": "#/definitions/Nowhere"},
      "triple": {"type": "array", "items": {"type": "object"}, "x-kubernetes-patch-strategy": "replace,merge",
        "x-kubernetes-list-map-keys": ["a", "b", "c"], "x-kubernetes-patch-merge-key": "a"}
    }
  },
  "Part": {"type": "object", "properties": {"parts": {"type": "array", "items": {"$ref": "#/definitions/Part"},
    "x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": "id"}}}
}}"##;

/// Specs of a Widget: base and patch.
const SPECS: &[(&str, &str)] = &[
    ("{parts: [{id: a, num: 1}, {id: b}]}", "{parts: [{id: c}, {id: a, m: 2}]}"),
    ("{parts: [{id: a, parts: [{id: x}, {id: v}]}]}", "{parts: [{id: a, parts: [{id: v, num: 1}, {id: z}]}]}"),
    ("{parts: [{id: 1}, {id: 2}]}", "{parts: [{id: 2, num: 1}, {id: 3}]}"),
    ("{tags: [a, b]}", "{tags: [c, b]}"),
    ("{tags: [1, 2, true]}", "{tags: [3, 2, true]}"),
    ("{plain: [{id: a}]}", "{plain: [{id: b}]}"),
    ("{free: {k: {parts: [{id: a}]}}}", "{free: {k: {parts: [{id: b}]}, l: {tags: [x, x]}}}"),
    ("{lost: {parts: [{id: a}]}, other: [{id: a}]}", "{lost: {parts: [{id: b}]}, other: [{id: b}]}"),
    (
        "{triple: [{a: 1, b: 1, c: 1}, {a: 1, b: 2, c: 1}]}",
        "{triple: [{a: 1, b: 2, c: 1, num: 1}, {a: 2, b: 2, c: 2}]}",
    ),
    ("{triple: [{a: 1, b: 1}, {a: 2}]}", "{triple: [{a: 1, b: 1, num: 1}, {a: 3, b: 1}]}"),
    ("{triple: [{a: 1}, {a: 1, b: 1}, {a: 1, b: 1, c: 1}, {a: 1, b: 2}]}", "{triple: [{a: 2, b: 1, c: 1, num: 1}]}"),
];

#[test]
fn an_openapi_document_says_what_is_merged() {
    let schemas = MergeSchemas::from_openapi(&read(OPENAPI)).expect("valid");
    for (base, patch) in SPECS {
        let widget =
            |spec| format!("{{apiVersion: example.com/v1, kind: Widget, metadata: {{name: x}}, spec: {spec}}}");
        same_by_document(&schemas, &widget(base), &widget(patch));
    }
    // The document takes the place of the built-in one.
    let pod = |spec| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: x, finalizers: [{spec}]}}, spec: {{containers: [{{name: {spec}}}]}}}}"
        )
    };
    same_by_document(&schemas, &pod("a"), &pod("b"));
}

fn same_by_document(schemas: &MergeSchemas, base: &str, patch: &str) {
    let more = "openapi: {path: openapi.json}\npatches:\n- path: patch.yaml";
    let ours = ours(base, patch, merge_with(Allow::default(), schemas, false)).expect(patch);
    assert_eq!(ours, theirs(base, patch, more, OPENAPI).expect(patch), "base {base}\npatch {patch}");
}
