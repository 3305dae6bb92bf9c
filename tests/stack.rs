//! The shipped stack holds what its document demands, in both environments: a table of requirements, each read from the
//! output of `cmp generate --expand` (not from the files), so that patches count too.
#![expect(clippy::disallowed_methods, reason = "a test starts the program")]

mod support;

use std::collections::BTreeMap;

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

    /// The value behind `pointer`. `values:` starts at an Application's chart values, `config:` at a Collector's
    /// configuration, `file:KEY` inside the YAML document that a ConfigMap holds under KEY.
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

/// (what the document says, object, pointer, value)
fn requirements() -> Vec<(&'static str, &'static str, &'static str, Value)> {
    const PROM: &str = "Application/prometheus-stack";
    const LOKI: &str = "Application/loki";
    const TEMPO: &str = "Application/tempo";
    const OPERATOR: &str = "Application/otel-operator";
    const COLLECTOR: &str = "OpenTelemetryCollector/otel";
    const BEYLA: &str = "DaemonSet/beyla";
    const PROMTAIL: &str = "Application/promtail";
    const SOURCES: &str = "ConfigMap/observability-datasources";
    let requests = |cpu: &str, memory: &str| json!({"cpu": cpu, "memory": memory});
    vec![
        ("Prometheus keeps 30 days", PROM, "values:/prometheus/prometheusSpec/retention", json!("30d")),
        (
            "Prometheus requests 500m and 2Gi",
            PROM,
            "values:/prometheus/prometheusSpec/resources/requests",
            requests("500m", "2Gi"),
        ),
        (
            "Prometheus stores 50Gi",
            PROM,
            "values:/prometheus/prometheusSpec/storageSpec/volumeClaimTemplate/spec/resources/requests/storage",
            json!("50Gi"),
        ),
        (
            "Prometheus takes remote writes",
            PROM,
            "values:/prometheus/prometheusSpec/enableRemoteWriteReceiver",
            json!(true),
        ),
        (
            "Prometheus reads every ServiceMonitor",
            PROM,
            "values:/prometheus/prometheusSpec/serviceMonitorSelectorNilUsesHelmValues",
            json!(false),
        ),
        ("Grafana stores 10Gi", PROM, "values:/grafana/persistence", json!({"enabled": true, "size": "10Gi"})),
        ("Grafana requests 100m and 128Mi", PROM, "values:/grafana/resources/requests", requests("100m", "128Mi")),
        (
            "Grafana's admin Secret is the operator's",
            PROM,
            "values:/grafana/admin/existingSecret",
            json!("grafana-admin"),
        ),
        ("the dashboard sidecar runs", PROM, "values:/grafana/sidecar/dashboards/enabled", json!(true)),
        ("the datasource sidecar runs", PROM, "values:/grafana/sidecar/datasources/enabled", json!(true)),
        ("Node Exporter runs", PROM, "values:/nodeExporter/enabled", json!(true)),
        ("kube-state-metrics runs", PROM, "values:/kubeStateMetrics/enabled", json!(true)),
        (
            "the large CRDs are applied by the server",
            PROM,
            "/spec/syncPolicy/syncOptions",
            json!(["ServerSideApply=true"]),
        ),
        ("Loki is one binary", LOKI, "values:/deploymentMode", json!("Monolithic")),
        ("Loki stores on a file system", LOKI, "values:/loki/storage/type", json!("filesystem")),
        ("Loki stores 10Gi", LOKI, "values:/singleBinary/persistence/size", json!("10Gi")),
        ("Loki requests 100m and 256Mi", LOKI, "values:/singleBinary/resources/requests", requests("100m", "256Mi")),
        (
            "Loki comes from its current home",
            LOKI,
            "/spec/source/repoURL",
            json!("https://grafana-community.github.io/helm-charts"),
        ),
        ("Tempo stores 20Gi", TEMPO, "values:/persistence", json!({"enabled": true, "size": "20Gi"})),
        ("Tempo requests 100m and 256Mi", TEMPO, "values:/tempo/resources/requests", requests("100m", "256Mi")),
        ("Tempo stores locally", TEMPO, "values:/tempo/storage/trace/backend", json!("local")),
        (
            "Tempo receives OTLP by gRPC",
            TEMPO,
            "values:/tempo/receivers/otlp/protocols/grpc/endpoint",
            json!("0.0.0.0:4317"),
        ),
        (
            "Tempo receives OTLP by HTTP",
            TEMPO,
            "values:/tempo/receivers/otlp/protocols/http/endpoint",
            json!("0.0.0.0:4318"),
        ),
        (
            "Tempo receives Jaeger",
            TEMPO,
            "values:/tempo/receivers/jaeger/protocols/thrift_http/endpoint",
            json!("0.0.0.0:14268"),
        ),
        (
            "Tempo makes RED metrics and a service graph",
            TEMPO,
            "values:/tempo/overrides/defaults/metrics_generator/processors",
            json!(["service-graphs", "span-metrics"]),
        ),
        (
            "Tempo writes them to Prometheus",
            TEMPO,
            "values:/tempo/metricsGenerator/storage/remote_write/0/url",
            json!("http://prometheus-stack-kube-prom-prometheus.observability.svc.cluster.local:9090/api/v1/write"),
        ),
        (
            "Tempo comes from its current home",
            TEMPO,
            "/spec/source/repoURL",
            json!("https://grafana-community.github.io/helm-charts"),
        ),
        (
            "the operator has a namespace of its own",
            OPERATOR,
            "/spec/destination/namespace",
            json!("opentelemetry-operator-system"),
        ),
        ("the operator's CRDs come on their own", OPERATOR, "values:/crds/create", json!(false)),
        (
            "the operator makes its certificate",
            OPERATOR,
            "values:/admissionWebhooks/autoGenerateCert/enabled",
            json!(true),
        ),
        (
            "the certificate's Secret is no hook",
            OPERATOR,
            "values:/admissionWebhooks/secretAnnotations",
            json!({"helm.sh/hook": null, "helm.sh/hook-delete-policy": null}),
        ),
        (
            "the CRDs are those of the chart's operator",
            "Application/otel-crds",
            "/spec/source/targetRevision",
            json!("v0.158.0"),
        ),
        (
            "the collector receives OTLP by gRPC",
            COLLECTOR,
            "config:/receivers/otlp/protocols/grpc/endpoint",
            json!("0.0.0.0:4317"),
        ),
        (
            "the collector receives OTLP by HTTP",
            COLLECTOR,
            "config:/receivers/otlp/protocols/http/endpoint",
            json!("0.0.0.0:4318"),
        ),
        ("the collector may use 512 MiB", COLLECTOR, "config:/processors/memory_limiter/limit_mib", json!(512)),
        (
            "the collector shows metrics on 8889",
            COLLECTOR,
            "config:/exporters/prometheus/endpoint",
            json!("0.0.0.0:8889"),
        ),
        (
            "traces go to Tempo by gRPC",
            COLLECTOR,
            "config:/exporters/otlp_grpc~1tempo/endpoint",
            json!("tempo.observability.svc.cluster.local:4317"),
        ),
        (
            "logs go to Loki by HTTP",
            COLLECTOR,
            "config:/exporters/otlp_http~1loki/endpoint",
            json!("http://loki.observability.svc.cluster.local:3100/otlp"),
        ),
        (
            "the collector reads pods' attributes",
            "ClusterRole/otel-collector",
            "/rules/0/resources",
            json!(["pods", "namespaces", "nodes"]),
        ),
        ("Prometheus scrapes 8889", "ServiceMonitor/otel-collector", "/spec/endpoints/0/port", json!("prometheus")),
        (
            "… once, by the base Service",
            "ServiceMonitor/otel-collector",
            "/spec/selector/matchLabels/operator.opentelemetry.io~1collector-service-type",
            json!("base"),
        ),
        ("Beyla sees the host's processes", BEYLA, "/spec/template/spec/hostPID", json!(true)),
        ("Beyla is on the host's network", BEYLA, "/spec/template/spec/hostNetwork", json!(true)),
        ("Beyla resolves cluster names", BEYLA, "/spec/template/spec/dnsPolicy", json!("ClusterFirstWithHostNet")),
        (
            "Beyla requests 100m and 128Mi",
            BEYLA,
            "/spec/template/spec/containers/0/resources/requests",
            requests("100m", "128Mi"),
        ),
        (
            "Beyla watches seven ports",
            "ConfigMap/beyla-config",
            "file:beyla-config.yml/discovery/instrument/0/open_ports",
            json!("80,443,8080,3000,5432,6379,9090"),
        ),
        (
            "Beyla leaves the stack alone",
            "ConfigMap/beyla-config",
            "file:beyla-config.yml/discovery/exclude_instrument/0/k8s_namespace",
            json!("observability"),
        ),
        (
            "Beyla samples always",
            "ConfigMap/beyla-config",
            "file:beyla-config.yml/otel_traces_export/sampler/name",
            json!("always_on"),
        ),
        (
            "Beyla measures the network",
            "ConfigMap/beyla-config",
            "file:beyla-config.yml/metrics/features",
            json!(["application", "network"]),
        ),
        (
            "Beyla knows Kubernetes",
            "ConfigMap/beyla-config",
            "file:beyla-config.yml/attributes/kubernetes/enable",
            json!(true),
        ),
        (
            "Beyla sends traces to the collector by HTTP",
            "ConfigMap/beyla-config",
            "file:beyla-config.yml/otel_traces_export/endpoint",
            json!("http://otel-collector.observability.svc.cluster.local:4318"),
        ),
        (
            "Beyla sends metrics to the collector by HTTP",
            "ConfigMap/beyla-config",
            "file:beyla-config.yml/otel_metrics_export/endpoint",
            json!("http://otel-collector.observability.svc.cluster.local:4318"),
        ),
        ("Promtail requests 100m and 128Mi", PROMTAIL, "values:/resources/requests", requests("100m", "128Mi")),
        ("Promtail reads Docker's lines", PROMTAIL, "values:/config/snippets/pipelineStages/0", json!({"docker": {}})),
        (
            "Promtail pushes to Loki",
            PROMTAIL,
            "values:/config/clients/0/url",
            json!("http://loki.observability.svc.cluster.local:3100/loki/api/v1/push"),
        ),
        (
            "Promtail reads Docker's folder",
            PROMTAIL,
            "values:/defaultVolumes/1/hostPath/path",
            json!("/var/lib/docker/containers"),
        ),
        ("Promtail reads the pods' folder", PROMTAIL, "values:/defaultVolumes/2/hostPath/path", json!("/var/log/pods")),
        (
            "traces lead to logs",
            SOURCES,
            "file:observability-datasources.yaml/datasources/1/jsonData/tracesToLogsV2/datasourceUid",
            json!("loki"),
        ),
        (
            "traces lead to metrics",
            SOURCES,
            "file:observability-datasources.yaml/datasources/1/jsonData/tracesToMetrics/datasourceUid",
            json!("prometheus"),
        ),
        (
            "the service map reads Prometheus",
            SOURCES,
            "file:observability-datasources.yaml/datasources/1/jsonData/serviceMap/datasourceUid",
            json!("prometheus"),
        ),
        (
            "logs lead to traces",
            SOURCES,
            "file:observability-datasources.yaml/datasources/0/jsonData/derivedFields/0/datasourceUid",
            json!("tempo"),
        ),
        (
            "Loki is provisioned as loki",
            SOURCES,
            "file:observability-datasources.yaml/datasources/0/uid",
            json!("loki"),
        ),
        (
            "Tempo is provisioned as tempo",
            SOURCES,
            "file:observability-datasources.yaml/datasources/1/uid",
            json!("tempo"),
        ),
        (
            "Prometheus is provisioned as prometheus",
            PROM,
            "values:/grafana/sidecar/datasources/uid",
            json!("prometheus"),
        ),
        (
            "Grafana has an Ingress",
            "Ingress/grafana",
            "/spec/rules/0/http/paths/0/backend/service/name",
            json!("prometheus-stack-grafana"),
        ),
        (
            "the sidecar finds the dashboard",
            "ConfigMap/observability-dashboard",
            "/metadata/labels/grafana_dashboard",
            json!("1"),
        ),
        ("the sidecar finds the datasources", SOURCES, "/metadata/labels/grafana_datasource", json!("1")),
    ]
}

#[test]
fn every_requirement_holds_in_both_environments() {
    for environment in ENVIRONMENTS {
        let stack = Stack::generate(environment);
        for (requirement, object, pointer, expected) in requirements() {
            assert_eq!(stack.get(object, pointer), expected, "{environment}: {requirement} ({object} {pointer})");
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
