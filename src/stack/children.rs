//! Child Applications whose source is this very repository.
//!
//! A child on a branch starts to sync the moment a commit touches its folder, whatever its phase. Pinned to the commit
//! that is rolled out, it gets the change when its wave does: `docs/decisions/0003-rollout.md`.

use crate::diagnostics::Span;
use crate::model::Manifest;
use crate::yaml::decode::Spanned;
use crate::yaml::{Map, Node, Value};

use super::types::{Environment, Rollout, Stack};

/// What children are pointed at.
#[derive(Clone, Debug)]
pub enum Follow {
    /// On a laptop or in CI: the environment's branch, as the overlay is checked in.
    Local,
    /// Inside Argo CD: the repository and the revision of the Application that is being generated.
    ArgoCd {
        /// `ARGOCD_APP_SOURCE_REPO_URL`: a fork needs no edit.
        repo_url: String,
        /// `ARGOCD_APP_REVISION`: the resolved commit.
        revision: String,
        /// `ARGOCD_APP_SOURCE_TARGET_REVISION`: what the Application asks for; may be empty.
        target_revision: String,
    },
}

impl Follow {
    /// The revision that a rollout of `environment` is about.
    pub fn revision<'a>(&'a self, environment: &'a Environment) -> &'a str {
        match self {
            Self::Local => &environment.revision.value,
            Self::ArgoCd { revision, .. } => revision,
        }
    }
}

/// A source of a child Application that lies in this repository.
#[derive(Clone, Debug)]
pub struct Child {
    /// The Application's name.
    pub application: String,
    /// Its folder in the repository.
    pub path: Spanned<String>,
    /// The `overlay` parameter it gives the plugin.
    pub overlay: Option<String>,
}

/// The sources among `manifests` that lie in the stack's repository, in order.
pub fn children(stack: &Stack, manifests: &[Manifest]) -> Vec<Child> {
    let Some(repo_url) = &stack.repo_url else { return Vec::new() };
    let mut found = Vec::new();
    for manifest in manifests.iter().filter(|manifest| is_application(manifest)) {
        let Some(spec) = manifest.node.get("spec") else { continue };
        let several = spec.get("sources").and_then(Node::as_seq).unwrap_or_default();
        for source in spec.get("source").into_iter().chain(several).filter_map(Node::as_map) {
            if !is_own(source, &repo_url.value) {
                continue;
            }
            let Some(path) = source.get("path") else { continue };
            let Some(text) = path.as_str() else { continue };
            found.push(Child {
                application: manifest.id.name.clone(),
                path: Spanned { value: text.to_owned(), span: path.span },
                overlay: overlay_parameter(source),
            });
        }
    }
    found
}

/// Points every source of this repository at what `follow` says. Without an environment a local build leaves the
/// branches as they are written: there is none to take them from.
pub fn follow(stack: &Stack, environment: Option<&Environment>, follow: &Follow, manifests: &mut [Manifest]) {
    let Some(repo_url) = &stack.repo_url else { return };
    let target = match (follow, stack.rollout, environment) {
        (Follow::Local, _, None) => return,
        (Follow::Local, _, Some(environment)) => (None, environment.revision.value.as_str()),
        (Follow::ArgoCd { repo_url, revision, .. }, Rollout::Pinned, _) => (Some(repo_url.as_str()), revision.as_str()),
        (Follow::ArgoCd { repo_url, target_revision, .. }, Rollout::Branch, _) => {
            // An empty revision means the default branch, which Argo CD writes `HEAD`.
            let branch = if target_revision.is_empty() { "HEAD" } else { target_revision };
            (Some(repo_url.as_str()), branch)
        }
    };
    for manifest in manifests.iter_mut().filter(|manifest| is_application(manifest)) {
        let Some(spec) = manifest.node.as_map_mut().and_then(|map| map.get_mut("spec")?.as_map_mut()) else { continue };
        if let Some(source) = spec.get_mut("source") {
            point(source, &repo_url.value, target);
        }
        for source in spec.get_mut("sources").and_then(Node::as_seq_mut).into_iter().flatten() {
            point(source, &repo_url.value, target);
        }
    }
}

fn point(source: &mut Node, own: &str, (repo_url, revision): (Option<&str>, &str)) {
    let span = source.span;
    let Value::Map(source) = &mut source.value else { return };
    if !is_own(source, own) {
        return;
    }
    if let Some(url) = repo_url {
        write(source, "repoURL", url, span);
    }
    write(source, "targetRevision", revision, span);
}

/// Sets a text; a field that is there keeps its place, so that a finding still points at its line.
fn write(map: &mut Map, key: &'static str, text: &str, span: Span) {
    let span = map.get(key).map_or(span, |node| node.span);
    map.insert(key, span, Node::string(text, span));
}

fn is_application(manifest: &Manifest) -> bool {
    manifest.id.gvk.group == "argoproj.io" && manifest.id.gvk.kind == "Application"
}

/// Charts of a registry are not in the repository, whatever their URL.
fn is_own(source: &Map, own: &str) -> bool {
    let url = source.get("repoURL").and_then(Node::as_str).unwrap_or_default();
    !source.contains_key("chart") && same_repository(url, own)
}

/// Equal but for a trailing `/` or `.git`, which git servers ignore.
fn same_repository(a: &str, b: &str) -> bool {
    fn plain(url: &str) -> &str {
        let url = url.trim_end_matches('/');
        url.strip_suffix(".git").unwrap_or(url)
    }
    plain(a) == plain(b)
}

fn overlay_parameter(source: &Map) -> Option<String> {
    let parameters = source.get("plugin")?.get("parameters")?.as_seq()?;
    let overlay = parameters.iter().find(|item| item.get("name").and_then(Node::as_str) == Some("overlay"))?;
    Some(overlay.get("string")?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::same_repository;

    #[test]
    fn a_repository_is_the_same_with_and_without_git_at_its_end() {
        assert!(same_repository("https://git.example.com/a/b.git", "https://git.example.com/a/b/"));
        assert!(!same_repository("https://git.example.com/a/b", "https://git.example.com/a/c"));
    }
}
