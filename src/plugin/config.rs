//! `plugin.yaml` as `argocd-cmp-server` reads it (`cmpserver/plugin/config.go`): YAML by Go's rules into a struct by
//! `encoding/json`'s, so keys match whatever their case, `null` is the same as absent, and unknown keys are let through.
//! Here they are let through with a warning.

use std::path::Path;

use super::command::{self, GenerateFlags};
use super::fields::Fields;
use super::proto::ParameterAnnouncement;
use crate::diagnostics::Sources;
use crate::source::{DirTree, FileTree, TreePath};
use crate::yaml;

const KIND: &str = "ConfigManagementPlugin";

/// Name of the file in its folder.
pub const CONFIG_FILE: &str = "plugin.yaml";

/// The file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It cannot be read at all.
    #[error("{0}")]
    Unreadable(String),
    /// Its text is no YAML.
    #[error("{0}")]
    Yaml(String),
    /// The stock server would not take it either.
    #[error("invalid plugin configuration file. {0}")]
    Invalid(String),
    /// The stock server would run a command here.
    #[error(
        "{CONFIG_FILE}: {field} is `{command}`, and this server never runs a command: {instead}. \
         Argo CD's own argocd-cmp-server takes this file as it is"
    )]
    Command {
        /// Where it stands.
        field: &'static str,
        /// The command.
        command: String,
        /// What to write instead.
        instead: &'static str,
    },
}

/// How an Application is recognised when it names no plugin. The first one that is set decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Discover {
    /// No rule: only Applications that name the plugin get it.
    #[default]
    None,
    /// `discover.fileName`, a pattern for one path.
    FileName(String),
    /// `discover.find.glob`, a pattern with `**`.
    Glob(String),
}

/// What the file says.
#[derive(Clone, Debug, Default)]
pub struct PluginConfig {
    /// `metadata.name`
    pub name: String,
    /// `spec.version`; empty when there is none.
    pub version: String,
    /// `spec.discover`
    pub discover: Discover,
    /// `spec.parameters.static`
    pub announcements: Vec<ParameterAnnouncement>,
    /// Whether `spec.parameters.dynamic` is `cmp parameters`.
    pub announces: bool,
    /// Flags behind `cmp generate`.
    pub generate: GenerateFlags,
    /// `spec.provideGitCreds`
    pub provide_git_creds: bool,
}

impl PluginConfig {
    /// Reads `plugin.yaml` in `folder`; the second value is what is worth a warning.
    pub fn read(folder: &Path) -> Result<(Self, Vec<String>), ConfigError> {
        let file = folder.join(CONFIG_FILE);
        let unreadable = |error: String| ConfigError::Unreadable(format!("open {}: {error}", file.display()));
        let tree = DirTree::open(folder).map_err(|error| unreadable(error.to_string()))?;
        let path = TreePath::parse(CONFIG_FILE).unwrap_or_default();
        // A ConfigMap is mounted with links, all of them inside its folder.
        let bytes = tree.read(&path).map_err(|error| unreadable(error.to_string()))?;
        Self::parse(&bytes)
    }

    /// Reads the text of a `plugin.yaml`.
    pub fn parse(bytes: &[u8]) -> Result<(Self, Vec<String>), ConfigError> {
        let mut sources = Sources::default();
        let text = yaml::decode_text(bytes).map_err(|error| ConfigError::Yaml(format!("{CONFIG_FILE}: {error}")))?;
        let source = sources.add(CONFIG_FILE, text.as_ref());
        let parsed = yaml::parse(source, &text, yaml::Limits::default());
        let documents = parsed.map_err(|findings| {
            let first = findings.iter().next();
            ConfigError::Yaml(first.map_or_else(String::new, |finding| {
                let place = finding.primary.and_then(|span| sources.place(span));
                format!("{}: {}", place.as_deref().unwrap_or(CONFIG_FILE), finding.message)
            }))
        })?;
        let mut warnings = Vec::new();
        // Go's reader stops after the first document.
        let config = Self::from_fields(Fields::of(documents.first(), String::new(), &mut warnings)?)?;
        Ok((config, warnings))
    }

    fn from_fields(mut top: Fields<'_>) -> Result<Self, ConfigError> {
        let invalid = |message: String| Err(ConfigError::Invalid(message));
        let mut config = Self::default();
        top.string("apiVersion")?;
        let kind = top.string("kind")?;
        let mut metadata = top.fields("metadata")?;
        config.name = metadata.string("name")?;
        // The rest of ObjectMeta means nothing to a plugin, but is no slip either.
        metadata.ignore(&["labels", "annotations", "namespace"]);
        metadata.finish();
        let mut generate = Vec::new();
        let mut spec = top.fields("spec")?;
        config.read_spec(&mut spec, &mut generate)?;
        spec.finish();
        top.finish();
        if config.name.is_empty() {
            return invalid("metadata.name should be non-empty".to_owned());
        }
        if kind != KIND {
            return invalid(format!("kind should be {KIND}, found {kind}"));
        }
        if generate.is_empty() {
            return invalid("spec.generate command should be non-empty".to_owned());
        }
        config.generate = command::generate(&generate)?;
        Ok(config)
    }

    fn read_spec(&mut self, spec: &mut Fields<'_>, generate: &mut Vec<String>) -> Result<(), ConfigError> {
        self.version = spec.string("version")?;
        self.provide_git_creds = spec.boolean("provideGitCreds")?;
        // Modes decide whether scripts of the repository can be run. None is.
        spec.boolean("preserveFileMode")?;
        command::none("spec.init", &spec.command("init")?)?;
        *generate = spec.command("generate")?;
        self.read_discover(spec)?;
        let mut parameters = spec.fields("parameters")?;
        self.announcements = parameters.announcements("static")?;
        self.announces = command::parameters(&parameters.command("dynamic")?)?;
        parameters.finish();
        Ok(())
    }

    fn read_discover(&mut self, spec: &mut Fields<'_>) -> Result<(), ConfigError> {
        let mut discover = spec.fields("discover")?;
        let file_name = discover.string("fileName")?;
        let mut find = discover.fields("find")?;
        let glob = find.string("glob")?;
        let program = find.strings("command")?;
        let arguments = find.strings("args")?;
        find.finish();
        discover.finish();
        self.discover = match (file_name.is_empty(), glob.is_empty()) {
            (false, _) => Discover::FileName(file_name),
            (true, false) => Discover::Glob(glob),
            (true, true) => {
                // Without a command the arguments alone mean nothing.
                let command = if program.is_empty() { program } else { [program, arguments].concat() };
                command::none("spec.discover.find.command", &command)?;
                Discover::None
            }
        };
        Ok(())
    }

    /// The name by which Applications call for the plugin, and the stem of its socket's name.
    pub fn full_name(&self) -> String {
        if self.version.is_empty() { self.name.clone() } else { format!("{}-{}", self.name, self.version) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Discover, PluginConfig};

    fn parse(text: &str) -> Result<(PluginConfig, Vec<String>), String> {
        PluginConfig::parse(text.as_bytes()).map_err(|error| error.to_string())
    }

    fn with_spec(spec: &str) -> Result<(PluginConfig, Vec<String>), String> {
        parse(&format!("kind: ConfigManagementPlugin\nmetadata: {{name: cmp}}\nspec: {{{spec}}}\n"))
    }

    const GENERATE: &str = "generate: {command: [cmp, generate]}";

    // Test_ReadPluginConfig of cmpserver/plugin/config_test.go.
    #[test]
    fn what_the_stock_server_refuses_is_refused_in_its_words() {
        let refused = |text| parse(text).expect_err("the stock server refuses it");
        assert_eq!(refused(""), "invalid plugin configuration file. metadata.name should be non-empty");
        assert_eq!(
            refused("kind: ConfigManagementPlugin\nmetadata:\n"),
            "invalid plugin configuration file. metadata.name should be non-empty"
        );
        assert_eq!(
            refused("kind: invalid\nmetadata:\n  name: name\n"),
            "invalid plugin configuration file. kind should be ConfigManagementPlugin, found invalid"
        );
        assert_eq!(
            with_spec("").expect_err("no command"),
            "invalid plugin configuration file. spec.generate command should be non-empty"
        );
    }

    #[test]
    fn keys_match_whatever_their_case_and_unknown_ones_are_named() {
        let (config, warnings) = parse(
            "Kind: ConfigManagementPlugin\nMETADATA: {Name: cmp}\nspec: {Version: v1.0, Generate: {command: [cmp], args: [generate]}, discovery: {}}\n",
        )
        .expect("usable");
        assert_eq!(config.full_name(), "cmp-v1.0");
        assert_eq!(warnings, ["plugin.yaml: `spec.discovery` means nothing to a plugin server and is ignored"]);
    }

    #[test]
    fn the_first_rule_that_is_set_decides() {
        let discover = |text: &str| with_spec(&format!("{GENERATE}, discover: {text}")).map(|(c, _)| c.discover);
        assert_eq!(discover("{fileName: a.yaml, find: {glob: '**/b'}}"), Ok(Discover::FileName("a.yaml".to_owned())));
        assert_eq!(discover("{find: {glob: '**/b', command: [sh]}}"), Ok(Discover::Glob("**/b".to_owned())));
        assert_eq!(discover("{find: {command: []}}"), Ok(Discover::None));
        let error = discover("{find: {command: [sh, -c, ls]}}").expect_err("a command");
        assert!(error.contains("spec.discover.find.command is `sh -c ls`"), "{error}");
    }

    #[test]
    fn foreign_commands_are_refused_with_an_explanation() {
        let error = with_spec("generate: {command: [sh, -c, 'kustomize build']}").expect_err("a shell");
        assert!(error.contains("spec.generate is `sh -c kustomize build`") && error.contains("never runs"), "{error}");
        let error = with_spec(&format!("{GENERATE}, init: {{command: [helm, repo, add]}}")).expect_err("init");
        assert!(error.contains("spec.init is `helm repo add`"), "{error}");
    }

    #[test]
    fn a_version_that_yaml_takes_for_a_number_says_what_to_write() {
        let error = with_spec(&format!("{GENERATE}, version: 1.0")).expect_err("a number");
        assert!(error.contains("spec.version must be a string, found a number"), "{error}");
    }

    #[test]
    fn announcements_are_read_field_by_field() {
        let text = "parameters: {static: [{name: a, title: A, tooltip: t, required: true, itemType: number, \
                    collectionType: map, string: s, array: [x], map: {k: v}}], dynamic: {command: [cmp, parameters]}}";
        let (config, warnings) = with_spec(&format!("{GENERATE}, {text}")).expect("usable");
        let [one] = config.announcements.as_slice() else { panic!("one announcement: {config:?}") };
        assert!(config.announces && one.required && warnings.is_empty(), "{warnings:?}");
        assert_eq!((one.item_type.as_str(), one.map["k"].as_str()), ("number", "v"));
    }
}
