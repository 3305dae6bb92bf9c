//! The shipped stack holds what its document demands, in both environments: a table of requirements, each read from the
//! output of `cmp generate --expand` (not from the files), so that patches count too.
#![expect(clippy::disallowed_methods, reason = "a test reads its table and starts the program")]

mod support;

use std::collections::BTreeMap;
use std::fs;

use assert_cmd::Command;
use serde_json::{Value, json};

const ENVIRONMENTS: [&str; 2] = ["add-otel", "main"];

/// The objects of an environment and of its children in this repository, by `Kind/name`.
struct Stack {
    objects: BTreeMap<String, Value>,
    order: Vec<String>,
}

impl Stack {
    fn generate(environment: &str) -> Self {
        let mut command = Command::cargo_bin("cmp").expect("the binary");
        let overlay = format!("overlays/{environment}");
        command.current_dir(support::repository()).env_clear().args(["generate", &overlay, "--expand", "-o", "json"]);
        let output = command.output().expect("a run");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let list: Value = serde_json::from_slice(&output.stdout).expect("a List");
        let id = |object: &Value| {
            let text = |pointer| object.pointer(pointer).and_then(Value::as_str).expect("text").to_owned();
            // A generated name ends in a hash of the content.
            let name = text("/metadata/name");
            let name = if name.starts_with("beyla-config-") { "beyla-config".to_owned() } else { name };
            format!("{}/{name}", text("/kind"))
        };
        let items = list["items"].as_array().expect("items");
        let order = items.iter().map(id).collect();
        Self { objects: items.iter().map(|object| (id(object), object.clone())).collect(), order }
    }

    /// The value behind `pointer`, which the head of `tests/cases/stack.txt` explains.
    fn get(&self, object: &str, pointer: &str) -> Value {
        let root = self.objects.get(object).unwrap_or_else(|| panic!("{object} is not in {:?}", self.order));
        let (root, rest) = match pointer.split_once(':') {
            Some(("values", rest)) => (values(root), rest),
            Some(("config", rest)) => (root["spec"]["config"].clone(), rest),
            Some(("file", rest)) => {
                let (key, rest) = rest.split_once('/').expect("a key and a pointer");
                let text = root["data"][key].as_str().unwrap_or_else(|| panic!("{object} has no {key}"));
                return self::document(text).pointer(&format!("/{rest}")).cloned().unwrap_or(Value::Null);
            }
            _ => (root.clone(), pointer),
        };
        root.pointer(rest).cloned().unwrap_or(Value::Null)
    }
}

/// Chart values, written as an object or as text.
fn values(application: &Value) -> Value {
    let helm = &application["spec"]["source"]["helm"];
    match helm["values"].as_str() {
        Some(text) => document(text),
        None => helm["valuesObject"].clone(),
    }
}

fn document(text: &str) -> Value {
    serde_yaml::from_str(text).expect("a YAML document")
}

/// One line of `tests/cases/stack.txt`.
struct Requirement {
    text: String,
    object: String,
    pointer: String,
    value: Value,
}

fn requirements() -> Vec<Requirement> {
    let table = fs::read_to_string(support::repository().join("tests/cases/stack.txt")).expect("the table");
    let rows = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let read = |row: &str| {
        let [text, object, pointer, value] = row.split(" | ").collect::<Vec<_>>()[..] else {
            panic!("not four columns: {row}")
        };
        let value = serde_json::from_str(value).unwrap_or_else(|error| panic!("{row}: {error}"));
        Requirement { text: text.into(), object: object.into(), pointer: pointer.into(), value }
    };
    rows.map(read).collect()
}

#[test]
fn every_requirement_holds_in_both_environments() {
    assert!(requirements().len() > 60, "the table was not read");
    for environment in ENVIRONMENTS {
        let stack = Stack::generate(environment);
        for Requirement { text, object, pointer, value } in requirements() {
            assert_eq!(stack.get(&object, &pointer), value, "{environment}: {text} ({object} {pointer})");
        }
    }
}

#[test]
fn every_component_is_an_application_that_prunes_and_heals() {
    for environment in ENVIRONMENTS {
        let stack = Stack::generate(environment);
        let applications: Vec<_> = stack.objects.iter().filter(|(id, _)| id.starts_with("Application/")).collect();
        assert_eq!(applications.len(), 8, "{:?}", stack.order);
        for (id, application) in applications {
            assert_eq!(
                application["spec"]["syncPolicy"]["automated"],
                json!({"prune": true, "selfHeal": true}),
                "{id}"
            );
            let finalizers = &application["metadata"]["finalizers"];
            assert_eq!(
                *finalizers,
                json!(["resources-finalizer.argocd.argoproj.io"]),
                "{id}: goes without its objects"
            );
            let limit = application["spec"]["syncPolicy"]["retry"]["limit"].as_i64();
            assert!(limit.is_some_and(|limit| limit > 0), "{id}: a child that retries for ever blocks the gate");
            if application["spec"]["source"]["chart"].is_string() {
                assert!(application["spec"]["source"]["helm"]["releaseName"].is_string(), "{id}: names follow from it");
            } else if application["spec"]["source"]["plugin"].is_object() {
                let paths = &application["metadata"]["annotations"]["argocd.argoproj.io/manifest-generate-paths"];
                assert!(paths.is_string(), "{id}: every commit would render it anew");
                assert_eq!(application["spec"]["source"]["targetRevision"], json!(environment), "{id}");
            }
        }
    }
}

#[test]
fn phases_come_in_the_order_of_the_document() {
    let wave = |object: &Value| object["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"].clone();
    for environment in ENVIRONMENTS {
        let stack = Stack::generate(environment);
        for (object, expected) in [
            ("Namespace/observability", "0"),
            ("Application/otel-crds", "10"),
            ("Application/otel-operator", "11"),
            ("Application/prometheus-stack", "10"),
            ("Application/loki", "10"),
            ("Application/tempo", "10"),
            ("Application/otel-collector", "20"),
            ("ConfigMap/observability-datasources", "20"),
            ("ConfigMap/observability-dashboard", "20"),
            ("Application/promtail", "20"),
            ("OpenTelemetryCollector/otel", "20"),
            ("Application/beyla", "30"),
            ("DaemonSet/beyla", "30"),
            ("ConfigMap/observability-rollout", "40"),
        ] {
            assert_eq!(wave(&stack.objects[object]), json!(expected), "{environment}: {object}");
        }
        assert_eq!(stack.order.last().map(String::as_str), Some("ConfigMap/observability-rollout"));
    }
}

#[test]
fn pipelines_limit_memory_first_and_batch_last() {
    for environment in ENVIRONMENTS {
        let stack = Stack::generate(environment);
        let pipelines = stack.get("OpenTelemetryCollector/otel", "config:/service/pipelines");
        let pipelines = pipelines.as_object().expect("pipelines");
        assert_eq!(pipelines.keys().collect::<Vec<_>>(), ["logs", "metrics", "traces"]);
        for (name, pipeline) in pipelines {
            let processors: Vec<_> = pipeline["processors"].as_array().expect("a list").iter().collect();
            assert_eq!(processors.first(), Some(&&json!("memory_limiter")), "{environment} {name}");
            assert_eq!(processors.last(), Some(&&json!("batch")), "{environment} {name}");
            for needed in ["k8s_attributes", "resource_detection"] {
                assert!(processors.contains(&&json!(needed)), "{environment} {name} has no {needed}");
            }
        }
        let jobs = stack.get("OpenTelemetryCollector/otel", "config:/receivers/prometheus/config/scrape_configs");
        assert!(jobs.to_string().contains("kube-router"), "{environment}: kube-router would be scraped twice");
    }
}

#[test]
fn dashboard_asks_only_provisioned_datasources() {
    for environment in ENVIRONMENTS {
        let stack = Stack::generate(environment);
        let text = stack.get("ConfigMap/observability-dashboard", "/data/observability-dashboard.json");
        let dashboard: Value = serde_json::from_str(text.as_str().expect("text")).expect("a dashboard");
        let mut uids = Vec::new();
        collect_uids(&dashboard, &mut uids);
        assert!(uids.len() > 20, "only {} datasources are named", uids.len());
        let variables = dashboard["templating"]["list"].as_array().expect("variables");
        let names: Vec<_> = variables.iter().map(|variable| variable["name"].as_str().expect("a name")).collect();
        assert!(names.contains(&"namespace"), "{names:?}");
        for uid in uids {
            let variable = uid.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
            let provisioned = ["prometheus", "loki", "tempo", "-- Grafana --", "grafana"].contains(&uid.as_str());
            assert!(provisioned || variable.is_some_and(|name| names.contains(&name)), "{uid} is provisioned nowhere");
        }
        for variable in variables.iter().filter(|variable| variable["type"] == "datasource") {
            let current = variable["current"]["value"].as_str().expect("a default");
            assert!(["prometheus", "loki", "tempo"].contains(&current), "{current} is provisioned nowhere");
        }
    }
}

fn collect_uids(value: &Value, uids: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(uid) = fields.get("datasource").and_then(|source| source["uid"].as_str()) {
                uids.push(uid.to_owned());
            }
            fields.values().for_each(|value| collect_uids(value, uids));
        }
        Value::Array(items) => items.iter().for_each(|value| collect_uids(value, uids)),
        _ => {}
    }
}

#[test]
fn environments_differ_by_both_kinds_of_patch() {
    let (development, production) = (Stack::generate("add-otel"), Stack::generate("main"));
    // Strategic merge patches.
    let interval = "values:/prometheus/prometheusSpec/scrapeInterval";
    assert_eq!(development.get("Application/prometheus-stack", interval), json!("15s"));
    assert_eq!(production.get("Application/prometheus-stack", interval), json!("30s"));
    // JSON 6902 patches.
    let debug = "config:/exporters/debug/verbosity";
    assert_eq!(development.get("OpenTelemetryCollector/otel", debug), json!("basic"));
    assert_eq!(production.get("OpenTelemetryCollector/otel", debug), Value::Null);
    let last = development.get("OpenTelemetryCollector/otel", "config:/service/pipelines/traces/exporters/1");
    assert_eq!(last, json!("debug"));
}

#[test]
fn output_is_the_same_bytes_every_time() {
    let run = |overlay: &str| {
        let mut command = Command::cargo_bin("cmp").expect("the binary");
        let output = command.current_dir(support::repository()).env_clear().args(["generate", overlay]).output();
        output.expect("a run").stdout
    };
    for environment in ENVIRONMENTS {
        let overlay = format!("overlays/{environment}");
        let first = run(&overlay);
        assert!(!first.is_empty());
        assert_eq!(first, run(&overlay));
    }
}
