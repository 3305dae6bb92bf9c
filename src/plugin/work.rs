//! What a request asks the engine for, and what comes of it: the same operation as `cmp generate`, with the variables of
//! the request. The stock server adds the variables of its own process; here none of those is looked at.

use std::sync::Arc;

use super::answer::go_json;
use super::command::GenerateFlags;
use super::environment::{Environment, EnvironmentError, Request};
use super::failure;
use super::proto::ManifestRequestMetadata;
use crate::diagnostics::{Diagnostic, Severity, Sources};
use crate::ops::Failure;
use crate::ops::generate::{Options, generate};
use crate::render;
use crate::source::{FileTree, TreePath};

/// Everything an answer depends on: the archive, and what is asked of it.
pub(super) type Key = (String, Options);

/// An answer, or the text of the findings. Both follow from the key alone, so both are remembered.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) manifests: Result<Arc<[String]>, String>,
    /// Errors, and findings of less weight.
    pub(super) findings: [u64; 2],
}

impl Outcome {
    /// Memory that it occupies, roughly.
    pub(super) fn bytes(&self) -> u64 {
        let text = |text: &String| (text.len() + 64) as u64;
        512 + self.manifests.as_ref().map_or_else(text, |manifests| manifests.iter().map(text).sum())
    }
}

/// What a request asks for.
#[derive(Debug)]
pub(super) struct Work {
    options: Options,
}

impl Work {
    pub(super) fn read(
        metadata: &ManifestRequestMetadata,
        application: TreePath,
        flags: &GenerateFlags,
    ) -> Result<Self, EnvironmentError> {
        let request = Request::read(&Variables(metadata))?;
        let mut options = Request::options(request, application);
        options.expand |= flags.expand;
        if !flags.components.is_empty() {
            options.components.clone_from(&flags.components);
        }
        Ok(Self { options })
    }

    pub(super) fn key(&self, checksum: &str) -> Key {
        (checksum.to_owned(), self.options.clone())
    }

    /// Generates; a text of findings has at most about `limit` bytes.
    pub(super) fn run(&self, tree: &dyn FileTree, limit: usize) -> Outcome {
        let mut sources = Sources::default();
        match self.manifests(tree, &mut sources) {
            Ok((manifests, warnings)) => Outcome { manifests: Ok(manifests), findings: [0, warnings] },
            Err(failure) => {
                let (errors, others) = failure::weights(&failure);
                Outcome { manifests: Err(failure::text(&failure, &sources, limit)), findings: [errors, others] }
            }
        }
    }

    fn manifests(&self, tree: &dyn FileTree, sources: &mut Sources) -> Result<(Arc<[String]>, u64), Failure> {
        let generated = generate(tree, sources, &self.options)?;
        let written = render::sorted(&generated.checked).map(|manifest| go_json(&manifest.node));
        let written = written
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| Failure::CannotRun(Box::new(Diagnostic::error("unwritable", error.to_string()))))?;
        let findings = generated.warnings.iter().filter(|finding| finding.severity != Severity::Error).count();
        Ok((written.into(), findings as u64))
    }
}

/// The variables of a request. Of two with one name the later one counts, and one without a name is none, as
/// `environ` and `exec.Cmd` have it.
struct Variables<'a>(&'a ManifestRequestMetadata);

impl Environment for Variables<'_> {
    fn get(&self, name: &str) -> Option<String> {
        variable(self.0, name)
    }
}

/// A variable of the request.
pub(super) fn variable(metadata: &ManifestRequestMetadata, name: &str) -> Option<String> {
    let entry = metadata.env.iter().rev().find(|entry| entry.name == name && !name.is_empty());
    entry.map(|entry| entry.value.clone())
}
