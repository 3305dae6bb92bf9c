//! The whole way of a manifest inside Argo CD: its own client sends the repository to its own plugin server, which runs
//! `cmp generate` as `plugin.yaml` says.
#![allow(clippy::disallowed_methods, reason = "a test starts programs, waits and reads files")]

mod support;

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use support::{copy_folder, peer, repository};

const CMP: &str = env!("CARGO_BIN_EXE_cmp");
const REPO_URL: &str = "https://git.example.com/fork/observability.git";
const REVISION: &str = "9f2c4e61b7a80d35f1c6e2947bd0a85c3e17f640";

#[test]
fn add_otel_comes_back_whole_and_pinned() {
    comes_back_whole_and_pinned("overlays/add-otel", "add-otel");
}

#[test]
fn main_comes_back_whole_and_pinned() {
    comes_back_whole_and_pinned("overlays/main", "main");
}

fn comes_back_whole_and_pinned(overlay: &str, branch: &str) {
    let server = PluginServer::start();
    let parent = Application { name: "observability", path: overlay, target_revision: branch };
    let manifests = server.manifests(&parent);
    assert_eq!(manifests, generated_in_a_checkout(&parent), "the socket and a checkout give different manifests");

    let children = children_of_this_repository(&manifests);
    assert!(!children.is_empty(), "no child Application of {overlay} has this repository as its source");
    for child in &children {
        assert_eq!(child["targetRevision"], json!(REVISION), "a child is not pinned to the commit: {child}");
        let path = child["path"].as_str().expect("a child of this repository has a path");
        assert!(path.starts_with(&format!("{overlay}/")), "{path} belongs to another environment than {overlay}");
        let child = Application { name: "child", path, target_revision: REVISION };
        assert_eq!(server.manifests(&child), generated_in_a_checkout(&child), "{path} differs between the two ways");
    }
}

#[test]
fn broken_overlay_is_refused_with_our_words_and_without_manifests() {
    let checkout = TempDir::new().expect("a temporary folder");
    copy_folder(&repository().join("overlays"), &checkout.path().join("overlays")).expect("copying the overlays");
    let file = checkout.path().join("overlays/add-otel/kustomization.yaml");
    let line = fs::read_to_string(&file).expect("reading the overlay").lines().count() + 1;
    let mut broken = OpenOptions::new().append(true).open(&file).expect("opening the overlay");
    writeln!(broken, "resourcez: []").expect("breaking the overlay");

    let server = PluginServer::start();
    let application = Application { name: "observability", path: "overlays/add-otel", target_revision: "add-otel" };
    let output = server.request("generate", checkout.path(), &application);

    assert_eq!(output.status.code(), Some(1), "a broken overlay was accepted: {output:?}");
    assert_eq!(output.stdout, b"", "an error came together with manifests");
    let failure: Value = serde_json::from_slice(&output.stderr).expect("the client prints its error as JSON");
    let message = failure["message"].as_str().expect("an error has a message");
    for part in [
        "error generating manifests: `cmp generate` failed exit status 1: ",
        &format!("kustomization.yaml:{line}:1"),
        "resourcez",
    ] {
        assert!(message.contains(part), "{part:?} is not in the message that Argo CD shows:\n{message}");
    }
}

#[test]
fn plugin_asks_for_no_discovery_and_no_credentials() {
    let server = PluginServer::start();
    let application = Application { name: "observability", path: "overlays/main", target_revision: "main" };
    let output = server.request("check", repository(), &application);
    let answer: Value = serde_json::from_slice(&output.stdout).expect("an answer in JSON");
    assert_eq!(answer, json!({"isDiscoveryConfigured": false, "provideGitCreds": false}));
}

/// An Application as repo-server tells a plugin of it.
struct Application<'a> {
    name: &'a str,
    path: &'a str,
    target_revision: &'a str,
}

impl Application<'_> {
    /// The variables that repo-server sends with a request to generate.
    fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("ARGOCD_APP_NAME", self.name.to_owned()),
            ("ARGOCD_APP_NAMESPACE", "monitoring".to_owned()),
            ("ARGOCD_APP_PROJECT_NAME", "default".to_owned()),
            ("ARGOCD_APP_REVISION", REVISION.to_owned()),
            ("ARGOCD_APP_REVISION_SHORT", REVISION[..7].to_owned()),
            ("ARGOCD_APP_REVISION_SHORT_8", REVISION[..8].to_owned()),
            ("ARGOCD_APP_SOURCE_REPO_URL", REPO_URL.to_owned()),
            ("ARGOCD_APP_SOURCE_PATH", self.path.to_owned()),
            ("ARGOCD_APP_SOURCE_TARGET_REVISION", self.target_revision.to_owned()),
            ("KUBE_VERSION", "1.36.3".to_owned()),
            ("KUBE_API_VERSIONS", "v1,apps/v1,argoproj.io/v1alpha1,argoproj.io/v1alpha1/Application".to_owned()),
            // What Argo CD makes of a plugin without parameters.
            ("ARGOCD_APP_PARAMETERS", "null".to_owned()),
        ]
    }
}

/// A running `argocd-cmp-server` with the `plugin.yaml` of this repository and our binary first on its path.
struct PluginServer {
    process: Child,
    folder: TempDir,
}

impl PluginServer {
    fn start() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let log = File::create(folder.path().join("log")).expect("a log file");
        let process = Command::new(peer("argocd-cmp-server"))
            .arg("--config-dir-path")
            .arg(repository())
            .env_clear()
            .env("PATH", search_path())
            .env("TMPDIR", folder.path())
            .env("ARGOCD_CMP_WORKDIR", folder.path())
            .env("ARGOCD_PLUGINSOCKFILEPATH", folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a second handle"))
            .stderr(log)
            .spawn()
            .expect("starting argocd-cmp-server");
        let mut server = Self { process, folder };
        server.wait_until_it_listens();
        server
    }

    fn wait_until_it_listens(&mut self) {
        let patience = Instant::now() + Duration::from_mins(1);
        while UnixStream::connect(self.socket()).is_err() {
            let ended = self.process.try_wait().expect("asking for the state of the server");
            assert!(ended.is_none() && Instant::now() < patience, "the server does not listen:\n{}", self.log());
            sleep(Duration::from_millis(20));
        }
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("cmp.sock")
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn request(&self, method: &str, root: &Path, application: &Application<'_>) -> Output {
        let mut client = Command::new(peer("cmpclient"));
        client.arg("--address").arg(self.socket()).args(["--method", method]);
        client.arg("--root").arg(root).args(["--app-path", application.path]);
        client.args(["--exclude", ".git", "--exclude", "target"]);
        for (name, value) in application.environment() {
            client.arg("--env").arg(format!("{name}={value}"));
        }
        client.output().expect("running cmpclient")
    }

    /// The manifests that come back for an Application of this repository.
    fn manifests(&self, application: &Application<'_>) -> Vec<String> {
        let output = self.request("generate", repository(), application);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {error}\n{}", application.path, self.log());
        let answer: Value = serde_json::from_slice(&output.stdout).expect("an answer in JSON");
        let manifests: Vec<String> = serde_json::from_value(answer["manifests"].clone()).expect("a list of manifests");
        assert!(!manifests.is_empty(), "{}: the answer is empty", application.path);
        manifests
    }
}

impl Drop for PluginServer {
    fn drop(&mut self) {
        // Also after a failed assertion. Neither call can fail while we have not waited for the process.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn search_path() -> std::ffi::OsString {
    let ours = Path::new(CMP).parent().expect("a binary lies in a folder").to_owned();
    let theirs = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(std::iter::once(ours).chain(std::env::split_paths(&theirs))).expect("folders without ':'")
}

/// What `cmp generate` prints in a checkout with the same environment, split as Argo CD splits it.
fn generated_in_a_checkout(application: &Application<'_>) -> Vec<String> {
    let generated = Command::new(CMP)
        .arg("generate")
        .current_dir(repository().join(application.path))
        .env_clear()
        .env("PATH", search_path())
        .envs(application.environment())
        .output()
        .expect("running cmp");
    assert!(generated.status.success(), "{}", String::from_utf8_lossy(&generated.stderr));
    split(&generated.stdout)
}

fn split(yaml: &[u8]) -> Vec<String> {
    let mut splitter = Command::new(peer("kubesplit"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("starting kubesplit");
    // It answers only after it has read everything, so this cannot block for ever.
    splitter.stdin.take().expect("a pipe").write_all(yaml).expect("writing to kubesplit");
    let output = splitter.wait_with_output().expect("the answer of kubesplit");
    assert!(output.status.success(), "Argo CD could not read what cmp generate printed");
    serde_json::from_slice(&output.stdout).expect("a list of manifests")
}

/// The sources of all child Applications that point at the repository being generated, each of them once.
fn children_of_this_repository(manifests: &[String]) -> Vec<Value> {
    let objects = manifests.iter().map(|manifest| serde_json::from_str::<Value>(manifest).expect("JSON"));
    let sources = objects
        .filter(|object| object["kind"] == "Application")
        .flat_map(|object| {
            let several = object["spec"]["sources"].as_array().cloned().unwrap_or_default();
            several.into_iter().chain([object["spec"]["source"].clone()])
        })
        .filter(|source| source["repoURL"] == REPO_URL);
    let texts: BTreeSet<String> = sources.map(|source| source.to_string()).collect();
    texts.iter().map(|text| serde_json::from_str(text).expect("JSON")).collect()
}
