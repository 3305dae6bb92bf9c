//! The JSON Schemas for editors, and the decoders, know the same fields.
//!
//! Every mapping of a schema is turned into a document: with each of its fields, which the decoder must know, and with a
//! field that does not exist, upon which the decoder lists the fields that it has.
#![expect(clippy::disallowed_methods, reason = "a test reads schemas and the shipped files")]

mod support;

use std::collections::BTreeSet;
use std::fs;

use cmp_plugin::diagnostics::{Diagnostic, Sources};
use cmp_plugin::source::{MemoryTree, TreePath};
use cmp_plugin::{kustomize, stack};
use serde_json::{Map, Value, json};

const STACK: &str = "schemas/cmp/stack-v1alpha1.json";
const KUSTOMIZATION: &str = "schemas/kustomize/kustomization.json";

/// A key that no format has and that resembles none.
const NOBODY: &str = "zzzzzz";

/// A schema file with the validator made of it.
struct Schema {
    root: Value,
    validator: jsonschema::Validator,
}

/// A mapping inside of a document.
struct Place<'a> {
    schema: &'a Value,
    /// Makes a document of a value that stands here.
    steps: Vec<Step<'a>>,
}

#[derive(Clone)]
enum Step<'a> {
    /// A field of a mapping that otherwise looks like its example.
    Field(&'a Value, String),
    /// The only item of a list.
    Item,
}

impl Schema {
    fn read(path: &str) -> Self {
        let text = fs::read_to_string(support::repository().join(path)).expect("a schema");
        let root: Value = serde_json::from_str(&text).expect("JSON");
        let validator = jsonschema::draft202012::new(&root).expect("a schema of draft 2020-12");
        Self { root, validator }
    }

    fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let Some(reference) = schema["$ref"].as_str() else { return schema };
        self.root.pointer(&reference[1..]).unwrap_or_else(|| panic!("{reference} leads nowhere"))
    }

    /// A value that the schema takes: its first example, else the least that it asks for.
    fn sample(&self, schema: &Value) -> Value {
        let schema = self.resolve(schema);
        if let Some(value) = schema["examples"].get(0).or_else(|| schema.get("const")).or_else(|| schema["enum"].get(0))
        {
            return value.clone();
        }
        match schema["type"].as_str() {
            Some("string") => json!("x"),
            Some("boolean") => json!(true),
            Some("integer") => json!(1),
            Some("array") => json!([self.sample(&schema["items"])]),
            Some("object") if schema["properties"].is_null() => {
                json!({"x": self.sample(&schema["additionalProperties"])})
            }
            Some("object") => {
                let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
                required.map(|key| (key.to_owned(), self.sample(&schema["properties"][key]))).collect()
            }
            other => panic!("{other:?} in {schema}"),
        }
    }

    /// A mapping to put `key` into: where fields exclude each other, with what goes with this one.
    fn host(&self, schema: &Value, key: &str) -> Value {
        let sample = self.sample(schema);
        let required = |branch: &Value| branch["required"].as_array().cloned().unwrap_or_default();
        let mut branches = schema["oneOf"].as_array().into_iter().flatten().map(required);
        let branch = branches.find(|branch| sample[key].is_null() && branch.contains(&json!(key)));
        let Some(branch) = branch else { return sample };
        let fields = branch.iter().filter_map(Value::as_str);
        fields.map(|key| (key.to_owned(), self.sample(&schema["properties"][key]))).collect()
    }

    /// Every mapping with fields of its own.
    fn places(&self) -> Vec<Place<'_>> {
        let mut found = Vec::new();
        self.visit(&self.root, &[], &mut found);
        found
    }

    fn visit<'a>(&'a self, schema: &'a Value, steps: &[Step<'a>], found: &mut Vec<Place<'a>>) {
        let schema = self.resolve(schema);
        let below = |step| [steps, &[step]].concat();
        if let Some(properties) = schema["properties"].as_object() {
            found.push(Place { schema, steps: steps.to_vec() });
            for (key, property) in properties {
                self.visit(property, &below(Step::Field(schema, key.clone())), found);
            }
        } else if schema["additionalProperties"].is_object() {
            self.visit(&schema["additionalProperties"], &below(Step::Field(schema, "x".to_owned())), found);
        } else if schema["items"].is_object() {
            self.visit(&schema["items"], &below(Step::Item), found);
        }
    }

    fn document(&self, place: &Place<'_>, value: Value) -> Value {
        place.steps.iter().rev().fold(value, |value, step| match step {
            Step::Item => json!([value]),
            Step::Field(schema, key) => {
                let mut whole = self.host(schema, key);
                whole[key] = value;
                whole
            }
        })
    }
}

/// What the decoder of `stack.yaml` has to say.
fn decode_stack(document: &Value) -> Vec<Diagnostic> {
    let text = document.to_string();
    let tree: MemoryTree = [("stack.yaml", text.as_str())].into_iter().collect();
    let file = TreePath::parse("stack.yaml").expect("inside");
    match stack::load(&tree, &mut Sources::default(), &file) {
        Ok((_, warnings)) => warnings,
        Err(findings) => findings.into_vec(),
    }
}

/// What a build has to say, with everything around that the examples of the schema refer to.
fn build(document: &Value) -> Vec<Diagnostic> {
    let object = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}";
    let mut document = document.clone();
    // Patches and replacements are decoded once there is something to apply them to.
    if document["resources"].is_null() {
        document["resources"] = json!(["object.yaml"]);
    }
    let text = document.to_string();
    let tree: MemoryTree = [
        ("o/kustomization.yaml", text.as_str()),
        ("o/object.yaml", object),
        ("o/patch.yaml", object),
        ("o/patch.json", r#"[{"op": "add", "path": "/data", "value": {}}]"#),
        ("o/base/kustomization.yaml", "resources: [b.yaml]"),
        ("o/base/b.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}"),
        ("o/component/kustomization.yaml", "kind: Component\nnamePrefix: c-"),
        ("o/data.txt", "a"),
        ("o/data.env", "a=b"),
    ]
    .into_iter()
    .collect();
    let folder = TreePath::parse("o").expect("inside");
    match kustomize::build(&tree, &mut Sources::default(), &folder) {
        Ok(build) => build.warnings,
        Err(kustomize::BuildError::Findings(findings)) => findings.into_vec(),
        Err(error) => panic!("{error}: {document}"),
    }
}

/// The fields that the decoder lists when it meets one that it does not know.
fn fields_of(findings: &[Diagnostic]) -> Option<BTreeSet<String>> {
    let mut unknown = findings.iter().filter(|f| f.rule == "unknown-field" && f.message.contains(NOBODY));
    let list = unknown.next()?.help.as_ref()?.strip_prefix("the fields are ")?;
    Some(list.split(", ").map(str::to_owned).collect())
}

fn agree(path: &str, decode: fn(&Value) -> Vec<Diagnostic>) {
    let schema = Schema::read(path);
    let mut compared = 0;
    for place in schema.places() {
        let with = |key: &str, value: Value| {
            let mut mapping = schema.host(place.schema, key);
            mapping[key] = value;
            schema.document(&place, mapping)
        };
        let known: BTreeSet<String> = place.schema["properties"].as_object().expect("fields").keys().cloned().collect();
        for key in &known {
            let document = with(key, schema.sample(&place.schema["properties"][key]));
            let shape = ["unknown-field", "unsupported-field", "wrong-type", "missing-field"];
            let findings = decode(&document);
            let refused: Vec<_> = findings.iter().filter(|finding| shape.contains(&finding.rule)).collect();
            assert!(refused.is_empty(), "{path} has `{key}`, the decoder does not: {document}\n{refused:#?}");
            compared += 1;
        }
        let document = with(NOBODY, json!(1));
        assert!(!schema.validator.is_valid(&document), "{path} takes any field here: {document}");
        let listed = fields_of(&decode(&document)).unwrap_or_else(|| panic!("no list of fields for {document}"));
        for key in listed.difference(&known) {
            let refused = decode(&with(key, json!({}))).iter().any(|finding| finding.rule == "unsupported-field");
            assert!(refused, "the decoder knows `{key}`, {path} does not: {document}");
        }
    }
    assert!(compared > 15, "only {compared} fields were compared");
}

/// What the schema requires, the decoder requires.
fn requires(path: &str, decode: fn(&Value) -> Vec<Diagnostic>) {
    let schema = Schema::read(path);
    for place in schema.places() {
        let plain = schema.sample(place.schema);
        assert!(schema.validator.is_valid(&schema.document(&place, plain.clone())), "{plain}");
        for key in place.schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let mut mapping: Map<String, Value> = plain.as_object().expect("a mapping").clone();
            mapping.remove(key);
            let document = schema.document(&place, mapping.into());
            assert!(!schema.validator.is_valid(&document), "{path}: {document}");
            assert!(!decode(&document).is_empty(), "the decoder does not need `{key}`: {document}");
        }
    }
}

#[test]
fn stack_files_have_the_fields_of_the_schema() {
    agree(STACK, decode_stack);
    requires(STACK, decode_stack);
}

#[test]
fn kustomizations_have_the_fields_of_the_schema() {
    agree(KUSTOMIZATION, build);
    requires(KUSTOMIZATION, build);
}

#[test]
fn shipped_files_validate() {
    let (stack, kustomization) = (Schema::read(STACK), Schema::read(KUSTOMIZATION));
    let mut seen = 0;
    let mut folders = vec![support::repository().join("overlays")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let schema = match path.file_name().and_then(|name| name.to_str()) {
                _ if path.is_dir() => {
                    folders.push(path);
                    continue;
                }
                Some("stack.yaml") => &stack,
                Some("kustomization.yaml") => &kustomization,
                _ => continue,
            };
            let document: Value = serde_yaml::from_str(&fs::read_to_string(&path).expect("a file")).expect("YAML");
            let errors: Vec<String> =
                schema.validator.iter_errors(&document).map(|e| format!("{}: {e}", e.instance_path())).collect();
            assert!(errors.is_empty(), "{}:\n{}", path.display(), errors.join("\n"));
            seen += 1;
        }
    }
    assert!(seen > 5, "only {seen} files were found");
}

#[test]
fn the_shipped_stack_names_its_schema() {
    let file = support::repository().join("overlays/base/stack.yaml");
    let text = fs::read_to_string(&file).expect("a stack");
    let line = text.lines().next().expect("a line");
    let path = line.strip_prefix("# yaml-language-server: $schema=").expect("editors read the first line");
    let named = file.parent().expect("a folder").join(path).canonicalize().expect("the schema");
    assert_eq!(named, support::repository().join(STACK).canonicalize().expect("the schema"));
}
