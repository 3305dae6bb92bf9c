//! Whether an Application that names no plugin is ours: `matchRepository` of `cmpserver/plugin/plugin.go`.

mod file_name;
mod zglob;

use super::config::Discover;
use crate::source::{ArchiveTree, FileTree, TreePath};

/// A rule that cannot be applied.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum DiscoveryError {
    /// `fileName` is no pattern.
    #[error("error finding filename match for pattern {pattern:?}: {reason}")]
    FileName {
        /// The pattern, from the archive's root.
        pattern: String,
        /// What is wrong.
        reason: String,
    },
    /// `find.glob` is no pattern, or names without a wildcard what is not there.
    #[error("error finding glob match for pattern {pattern:?}: {reason}")]
    Glob {
        /// The pattern, from the archive's root.
        pattern: String,
        /// What is wrong.
        reason: String,
    },
}

/// Whether the rule finds anything in the folder `application`.
pub(super) fn matches(rule: &Discover, tree: &ArchiveTree, application: &TreePath) -> Result<bool, DiscoveryError> {
    // `securejoin`: links are followed, and `..` ends at the root.
    let application = tree.resolve(application);
    match rule {
        Discover::None => Ok(false),
        Discover::FileName(pattern) => {
            let pattern = absolute(&application, pattern);
            file_name::matches(tree, &pattern).map_err(|reason| DiscoveryError::FileName { pattern, reason })
        }
        Discover::Glob(pattern) => {
            let pattern = absolute(&application, pattern);
            zglob::matches(tree, &pattern).map_err(|reason| DiscoveryError::Glob { pattern, reason })
        }
    }
}

/// `filepath.Join` of the work folder, here `/`, the Application's folder and the pattern.
fn absolute(application: &TreePath, pattern: &str) -> String {
    let mut parts: Vec<&str> = application.components().collect();
    for part in pattern.split('/') {
        match part {
            "" | "." => {}
            // What lies beside the work folder is nobody's business; the stock server would look.
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::matches;
    use crate::plugin::config::Discover;
    use crate::source::{ArchiveBuilder, ArchiveTree, TreePath};

    fn path(text: &str) -> TreePath {
        TreePath::parse(text).expect("inside")
    }

    fn tree() -> ArchiveTree {
        let mut builder = ArchiveBuilder::default();
        for name in ["app/kustomization.yaml", "app/config/plugin.yaml", "app/a b[1].txt", "top.yaml"] {
            builder.file(&path(name), 0);
        }
        builder.link(&path("link"), "app");
        builder.finish()
    }

    fn file_name(pattern: &str) -> Result<bool, String> {
        let rule = Discover::FileName(pattern.to_owned());
        matches(&rule, &tree(), &path("app")).map_err(|error| error.to_string())
    }

    fn glob(pattern: &str) -> Result<bool, String> {
        let rule = Discover::Glob(pattern.to_owned());
        matches(&rule, &tree(), &path("app")).map_err(|error| error.to_string())
    }

    // TestMatchRepository of cmpserver/plugin/plugin_test.go.
    #[test]
    fn file_names_as_the_stock_server_finds_them() {
        assert_eq!(file_name("kustomization.yaml"), Ok(true));
        assert_eq!(file_name("not_found.yaml"), Ok(false));
        assert_eq!(file_name("k*.y?ml"), Ok(true));
        assert_eq!(file_name("*/plugin.yaml"), Ok(true));
        assert_eq!(file_name("**/plugin.yaml"), Ok(true));
        assert_eq!(file_name("config"), Ok(true));
        assert_eq!(file_name("../top.yaml"), Ok(true));
        assert_eq!(file_name("[a-k]ustomization.yaml"), Ok(true));
        let error = "error finding filename match for pattern \"/app/[\": syntax error in pattern";
        assert_eq!(file_name("["), Err(error.to_owned()));
    }

    #[test]
    fn globs_as_zglob_finds_them() {
        assert_eq!(glob("**/*/plugin.yaml"), Ok(true));
        assert_eq!(glob("**/plugin.yaml"), Ok(true));
        assert_eq!(glob("**/*/not_found.yaml"), Ok(false));
        assert_eq!(glob("*.{yaml,yml}"), Ok(true));
        assert_eq!(glob("kustomization.yaml"), Ok(true));
        assert_eq!(glob("*.y[a-c]ml"), Ok(true));
        assert_eq!(glob("a*{[}1*"), Ok(true));
    }

    #[test]
    fn a_literal_or_a_root_that_is_missing_is_an_error() {
        let error = "error finding glob match for pattern \"/app/does-not-exist\": file does not exist";
        assert_eq!(glob("does-not-exist"), Err(error.to_owned()));
        assert!(glob("missing/**/x").is_err());
        // Without `*` or `{` there is no wildcard for zglob.
        assert!(glob("kustomization.y?ml").is_err());
    }

    #[test]
    fn the_application_may_lie_behind_a_link() {
        let rule = Discover::FileName("kustomization.yaml".to_owned());
        assert_eq!(matches(&rule, &tree(), &path("link")), Ok(true));
    }
}
