//! The documented environment of a plugin: `ARGOCD_APP_*`, `ARGOCD_ENV_*` and `ARGOCD_APP_PARAMETERS`.
//!
//! `PARAM_*` is not read: Argo CD folds names into it in random order, and two may collide.

use serde::Deserialize;

use crate::check::Level;
use crate::ops::generate::{ArgoCd, Options};
use crate::source::{RepositoryRoot, TreePath};
use crate::stack::Choice;

/// Variables by name. Whoever has the process' own environment, or a message from the socket, brings them here.
pub trait Environment {
    /// The value of a variable, if it is set.
    fn get(&self, name: &str) -> Option<String>;
}

/// The environment cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EnvironmentError {
    /// A variable that Argo CD always sets is missing.
    #[error("{0} is not set, although ARGOCD_APP_NAME is: Argo CD sets both")]
    Missing(&'static str),
    /// `ARGOCD_APP_PARAMETERS` is not the JSON that Argo CD writes.
    #[error("ARGOCD_APP_PARAMETERS cannot be read: {0}")]
    Parameters(serde_json::Error),
    /// A parameter that `cmp` does not have.
    #[error("the plugin has no parameter `{0}`; it has overlay, component and expand")]
    UnknownParameter(String),
    /// A parameter of the wrong kind or with a value that means nothing.
    #[error("the parameter `{name}` must be {wanted}")]
    InvalidParameter {
        /// Its name.
        name: &'static str,
        /// What it takes.
        wanted: &'static str,
    },
}

/// What an Application asks of the plugin.
#[derive(Debug, Default)]
pub struct Request {
    /// Which overlay, by name or folder.
    pub overlay: Option<String>,
    /// Which components; empty means all.
    pub components: Vec<String>,
    /// Whether the children of this repository are followed.
    pub expand: bool,
    /// The Application itself.
    pub argocd: ArgoCd,
    /// `ARGOCD_APP_SOURCE_PATH`.
    pub source_path: String,
}

/// One element of `ARGOCD_APP_PARAMETERS`.
#[derive(Debug, Deserialize)]
struct Parameter {
    name: String,
    string: Option<String>,
    array: Option<Vec<String>>,
    map: Option<serde_json::Value>,
}

impl Request {
    /// Reads the environment; `None` outside Argo CD, that is without `ARGOCD_APP_NAME`.
    ///
    /// A parameter wins over the variable of the same meaning (`overlay` over `ARGOCD_ENV_OVERLAY`).
    pub fn read(environment: &dyn Environment) -> Result<Option<Self>, EnvironmentError> {
        if environment.get("ARGOCD_APP_NAME").is_none() {
            return Ok(None);
        }
        let needed = |name| environment.get(name).ok_or(EnvironmentError::Missing(name));
        let argocd = ArgoCd {
            repo_url: needed("ARGOCD_APP_SOURCE_REPO_URL")?,
            revision: needed("ARGOCD_APP_REVISION")?,
            target_revision: environment.get("ARGOCD_APP_SOURCE_TARGET_REVISION").unwrap_or_default(),
        };
        let mut request = Self { argocd, source_path: needed("ARGOCD_APP_SOURCE_PATH")?, ..Self::default() };
        request.read_variables(environment)?;
        if let Some(text) = environment.get("ARGOCD_APP_PARAMETERS").filter(|text| !text.trim().is_empty()) {
            let parameters: Option<Vec<Parameter>> =
                serde_json::from_str(&text).map_err(EnvironmentError::Parameters)?;
            for parameter in parameters.unwrap_or_default() {
                request.apply(parameter)?;
            }
        }
        Ok(Some(request))
    }

    /// What the engine is asked for, seen from `folder`: the Application's path in the tree, or the working directory.
    pub fn options(request: Option<Self>, folder: TreePath) -> Options {
        let request = request.unwrap_or_default();
        let inside = !request.argocd.revision.is_empty();
        let target_revision = inside.then(|| request.argocd.target_revision.clone());
        let (_, root) =
            RepositoryRoot::of_source(folder.components().collect::<Vec<_>>().into_iter(), &request.source_path);
        Options {
            choice: Choice { path: folder, overlay: request.overlay, target_revision },
            root,
            components: request.components,
            expand: request.expand,
            argocd: inside.then_some(request.argocd),
            level: Level::default(),
        }
    }

    fn read_variables(&mut self, environment: &dyn Environment) -> Result<(), EnvironmentError> {
        let set = |name| environment.get(name).filter(|value| !value.is_empty());
        self.overlay = set("ARGOCD_ENV_OVERLAY");
        self.components = set("ARGOCD_ENV_COMPONENT").map(|text| names(&text)).unwrap_or_default();
        self.expand = set("ARGOCD_ENV_EXPAND").map_or(Ok(false), |text| boolean(&text))?;
        Ok(())
    }

    fn apply(&mut self, parameter: Parameter) -> Result<(), EnvironmentError> {
        let Parameter { name, string, array, map } = parameter;
        let invalid = |name, wanted| Err(EnvironmentError::InvalidParameter { name, wanted });
        match name.as_str() {
            "overlay" => match (string, array, map) {
                (Some(text), None, None) => self.overlay = Some(text).filter(|text| !text.is_empty()),
                _ => return invalid("overlay", "a string: an environment or a folder"),
            },
            "component" => match (string, array, map) {
                (Some(text), None, None) => self.components = names(&text),
                (None, Some(list), None) => self.components = list,
                _ => return invalid("component", "a list of component names"),
            },
            "expand" => match (string, array, map) {
                (Some(text), None, None) => self.expand = boolean(&text)?,
                _ => return invalid("expand", "`true` or `false`"),
            },
            _ => return Err(EnvironmentError::UnknownParameter(name)),
        }
        Ok(())
    }
}

/// Names separated by commas.
fn names(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn boolean(text: &str) -> Result<bool, EnvironmentError> {
    match text {
        "true" => Ok(true),
        "false" | "" => Ok(false),
        _ => Err(EnvironmentError::InvalidParameter { name: "expand", wanted: "`true` or `false`" }),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::{Environment, Request};

    struct Fixed(HashMap<&'static str, &'static str>);

    impl Environment for Fixed {
        fn get(&self, name: &str) -> Option<String> {
            self.0.get(name).map(|value| (*value).to_owned())
        }
    }

    fn read(extra: &[(&'static str, &'static str)]) -> Result<Option<Request>, String> {
        let base = [
            ("ARGOCD_APP_NAME", "observability"),
            ("ARGOCD_APP_REVISION", "0123456789012345678901234567890123456789"),
            ("ARGOCD_APP_SOURCE_REPO_URL", "https://git.example.com/x.git"),
            ("ARGOCD_APP_SOURCE_PATH", "overlays/main"),
        ];
        Request::read(&Fixed(base.into_iter().chain(extra.iter().copied()).collect()))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn outside_argo_cd_there_is_no_request() {
        assert!(Request::read(&Fixed(HashMap::new())).expect("nothing to read").is_none());
    }

    #[test]
    fn a_parameter_wins_over_the_variable() {
        let parameters = r#"[{"name":"overlay","string":"main"},{"name":"component","array":["loki","tempo"]}]"#;
        let request = read(&[
            ("ARGOCD_ENV_OVERLAY", "add-otel"),
            ("ARGOCD_ENV_EXPAND", "true"),
            ("ARGOCD_APP_PARAMETERS", parameters),
        ]);
        let request = request.expect("readable").expect("inside Argo CD");
        assert_eq!(request.overlay.as_deref(), Some("main"));
        assert_eq!(request.components, ["loki", "tempo"]);
        assert!(request.expand);
    }

    #[test]
    fn an_unknown_parameter_is_refused() {
        let error =
            read(&[("ARGOCD_APP_PARAMETERS", r#"[{"name":"overlays","string":"main"}]"#)]).expect_err("unknown");
        assert_eq!(error, "the plugin has no parameter `overlays`; it has overlay, component and expand");
    }

    #[test]
    fn null_parameters_are_none() {
        assert!(read(&[("ARGOCD_APP_PARAMETERS", "null")]).expect("readable").is_some());
    }
}
