//! What a generated set looks like inside Argo CD and on a laptop: which overlay, which commit, which marker.

use cmp_plugin::diagnostics::Sources;
use cmp_plugin::model::Manifest;
use cmp_plugin::ops::Failure;
use cmp_plugin::ops::generate::{ArgoCd, Options, generate};
use cmp_plugin::source::{MemoryTree, TreePath};
use cmp_plugin::stack::Choice;
use cmp_plugin::yaml::Node;

const COMMIT: &str = "1234567890123456789012345678901234567e40";

const STACK: &str = "\
apiVersion: cmp/v1alpha1
kind: Stack
metadata: {name: shop}
spec:
  source: {repoURL: https://git.example.com/shop.git}
  environments: {dev: {revision: develop}, main: {revision: main}}
  phases: [{name: base}, {name: apps}]
  components:
    - {name: space, phase: base, files: [namespace.yaml]}
    - {name: web, phase: apps, files: [web.app.yaml, web/]}
    - {name: chart, phase: apps, files: [chart.app.yaml], dependsOn: [web]}
";

const WEB: &str = "\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: argocd}
spec:
  project: default
  destination: {server: https://kubernetes.default.svc, namespace: shop}
  source: {repoURL: https://git.example.com/shop, path: overlays/dev/web, targetRevision: develop}
";

const CHART: &str = "\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: chart, namespace: argocd}
spec:
  project: default
  destination: {server: https://kubernetes.default.svc, namespace: shop}
  sources:
    - {repoURL: https://charts.example.com, chart: chart, targetRevision: 1.0.0}
    - {repoURL: https://git.example.com/shop.git, path: overlays/dev/web, targetRevision: develop}
";

fn tree(stack: &str) -> MemoryTree {
    let service =
        "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {ports: [{port: 80}]}\n";
    let monitor = "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: web, namespace: shop}\nspec: {selector: {}, endpoints: [{port: http}]}\n";
    [
        ("overlays/base/stack.yaml", stack),
        ("overlays/base/kustomization.yaml", "resources: [namespace.yaml, web.app.yaml, chart.app.yaml]\n"),
        ("overlays/base/namespace.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"),
        ("overlays/base/web.app.yaml", WEB),
        ("overlays/base/chart.app.yaml", CHART),
        ("overlays/base/web/kustomization.yaml", "resources: [service.yaml, monitor.yaml]\n"),
        ("overlays/base/web/service.yaml", service),
        ("overlays/base/web/monitor.yaml", monitor),
        ("overlays/dev/kustomization.yaml", "resources: [../base]\n"),
        ("overlays/dev/web/kustomization.yaml", "resources: [../../base/web]\n"),
        ("overlays/main/kustomization.yaml", "resources: [../base]\n"),
    ]
    .into_iter()
    .collect()
}

fn path(text: &str) -> TreePath {
    TreePath::parse(text).expect("a path inside")
}

fn at(folder: &str) -> Options {
    Options { choice: Choice { path: path(folder), ..Choice::default() }, ..Options::default() }
}

fn inside_argo_cd(folder: &str, branch: &str) -> Options {
    let argocd = ArgoCd {
        repo_url: "https://git.example.com/fork.git".into(),
        revision: COMMIT.into(),
        target_revision: branch.into(),
    };
    let mut options = at(folder);
    options.choice.target_revision = Some(branch.into());
    Options { argocd: Some(argocd), ..options }
}

fn run(stack: &str, options: &Options) -> Vec<Manifest> {
    match generate(&tree(stack), &mut Sources::default(), options) {
        Ok(generated) => generated.checked.manifests().to_vec(),
        Err(failure) => panic!("{failure:?}"),
    }
}

fn text<'a>(manifests: &'a [Manifest], id: &str, keys: &[&str]) -> &'a str {
    let manifest = manifests.iter().find(|m| m.id.to_string().starts_with(id)).unwrap_or_else(|| panic!("no {id}"));
    manifest.node.at(keys).and_then(Node::as_str).unwrap_or_else(|| panic!("{id} has no {keys:?}"))
}

fn revision_of<'a>(manifests: &'a [Manifest], application: &str) -> &'a str {
    text(manifests, application, &["spec", "source", "targetRevision"])
}

#[test]
fn on_a_laptop_children_follow_the_branch_of_the_environment() {
    for (overlay, branch) in [("overlays/dev", "develop"), ("overlays/main", "main")] {
        let manifests = run(STACK, &at(overlay));
        assert_eq!(revision_of(&manifests, "Application/web"), branch);
        assert_eq!(text(&manifests, "ConfigMap/shop-rollout", &["data", "revision"]), branch);
        let url = text(&manifests, "Application/web", &["spec", "source", "repoURL"]);
        assert_eq!(url, "https://git.example.com/shop", "the URL is left as it is written");
    }
}

#[test]
fn inside_argo_cd_children_of_this_repository_are_pinned_and_charts_are_not() {
    let manifests = run(STACK, &inside_argo_cd("overlays/dev", "develop"));
    assert_eq!(revision_of(&manifests, "Application/web"), COMMIT);
    let url = text(&manifests, "Application/web", &["spec", "source", "repoURL"]);
    assert_eq!(url, "https://git.example.com/fork.git", "a fork needs no edit");
    let chart = manifests.iter().find(|m| m.id.name == "chart").expect("the chart");
    let sources = chart.node.at(&["spec", "sources"]).and_then(Node::as_seq).expect("sources");
    let revisions: Vec<_> = sources.iter().map(|source| source.get("targetRevision").and_then(Node::as_str)).collect();
    assert_eq!(revisions, [Some("1.0.0"), Some(COMMIT)]);
    assert_eq!(text(&manifests, "ConfigMap/shop-rollout", &["data", "revision"]), COMMIT);
}

#[test]
fn rollout_branch_keeps_branch_names() {
    let stack = STACK.replace("  phases:", "  rollout: branch\n  phases:");
    assert_eq!(revision_of(&run(&stack, &inside_argo_cd("overlays/dev", "preview")), "Application/web"), "preview");
    assert_eq!(revision_of(&run(&stack, &inside_argo_cd("overlays/dev", "")), "Application/web"), "HEAD");
}

#[test]
fn the_marker_can_be_left_out_and_a_childs_overlay_has_none() {
    let has_marker = |manifests: Vec<Manifest>| manifests.iter().any(|manifest| manifest.id.name == "shop-rollout");
    assert!(has_marker(run(STACK, &at("overlays/dev"))));
    assert!(!has_marker(run(&STACK.replace("  phases:", "  marker: false\n  phases:"), &at("overlays/dev"))));
    assert!(!has_marker(run(STACK, &at("overlays/dev/web"))));
    assert!(!has_marker(run(STACK, &at("overlays/base"))));
}

#[test]
fn the_marker_lies_in_the_only_namespace_of_the_set() {
    let manifests = run(STACK, &at("overlays/dev"));
    assert_eq!(text(&manifests, "ConfigMap/shop-rollout", &["metadata", "namespace"]), "shop");
}

#[test]
fn the_digest_does_not_depend_on_the_commit() {
    let digest =
        |options: &Options| text(&run(STACK, options), "ConfigMap/shop-rollout", &["data", "digest"]).to_owned();
    let local = digest(&at("overlays/dev"));
    assert_eq!(local.len(), 64);
    assert_eq!(local, digest(&inside_argo_cd("overlays/dev", "develop")));
}

#[test]
fn the_branch_chooses_the_overlay_only_where_the_path_is_none() {
    let by_branch = run(STACK, &inside_argo_cd("overlays", "main"));
    assert_eq!(text(&by_branch, "ConfigMap/shop-rollout", &["data", "revision"]), COMMIT);
    // The path is an overlay, so the branch does not count.
    let by_path = run(STACK, &inside_argo_cd("overlays/dev", "HEAD"));
    assert_eq!(revision_of(&by_path, "Application/web"), COMMIT);
    let failure = generate(&tree(STACK), &mut Sources::default(), &inside_argo_cd("overlays", "HEAD"));
    assert!(matches!(failure, Err(Failure::CannotRun(_))), "guessing production is how outages start");
}

#[test]
fn the_parameter_chooses_by_name_or_by_folder() {
    for (folder, overlay) in [("overlays", "main"), ("", "main"), ("", "overlays/main")] {
        let mut options = inside_argo_cd(folder, "HEAD");
        options.choice.overlay = Some(overlay.into());
        assert!(run(STACK, &options).iter().any(|manifest| manifest.id.name == "shop-rollout"), "{folder} {overlay}");
    }
}

#[test]
fn expanding_adds_the_objects_of_a_child_once_in_its_phase() {
    let manifests = run(STACK, &Options { expand: true, ..at("overlays/dev") });
    let services: Vec<_> = manifests.iter().filter(|manifest| manifest.id.gvk.kind == "Service").collect();
    assert_eq!(services.len(), 1, "two Applications point at the same folder");
    assert_eq!(services[0].wave(), Some(10));
}

#[test]
fn custom_resources_of_later_phases_wait_for_their_definition() {
    let options = |manifests: &[Manifest], kind: &str| {
        let manifest = manifests.iter().find(|manifest| manifest.id.gvk.kind == kind).expect("there");
        manifest.annotation("argocd.argoproj.io/sync-options").and_then(Node::as_str).map(str::to_owned)
    };
    let manifests = run(STACK, &at("overlays/dev/web"));
    assert_eq!(options(&manifests, "ServiceMonitor").as_deref(), Some("SkipDryRunOnMissingResource=true"));
    assert_eq!(options(&manifests, "Service"), None);
}

#[test]
fn ranks_follow_dependencies_inside_a_phase() {
    let manifests = run(STACK, &at("overlays/dev"));
    let wave = |name: &str| manifests.iter().find(|manifest| manifest.id.name == name).expect("there").wave();
    assert_eq!((wave("shop"), wave("web"), wave("chart")), (Some(0), Some(10), Some(11)));
    assert_eq!(wave("shop-rollout"), Some(20));
}
