//! Which commands of a `plugin.yaml` this server stands in for. It runs none: what `cmp generate` and `cmp parameters`
//! would do in a process of their own it does itself, and anything else is refused when it starts.

use super::config::ConfigError;

/// What may stand behind `cmp generate`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GenerateFlags {
    /// `--expand`
    pub expand: bool,
    /// `--component`, repeatable; wins over the parameter of the Application.
    pub components: Vec<String>,
}

/// Reads the command of `spec.generate`.
pub(super) fn generate(command: &[String]) -> Result<GenerateFlags, ConfigError> {
    let refused = |instead| Err(refuse("spec.generate", command, instead));
    let Some(arguments) = subcommand(command, "generate") else {
        return refused("it stands in for `cmp generate` and nothing else");
    };
    let mut flags = GenerateFlags::default();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match (argument.as_str(), argument.strip_prefix("--component=")) {
            ("--expand", _) => flags.expand = true,
            ("--component", _) => match arguments.next() {
                Some(name) => flags.components.push(name.clone()),
                None => return refused("--component needs a name"),
            },
            (_, Some(name)) => flags.components.push(name.to_owned()),
            _ => return refused("of the flags of `cmp generate` it knows --expand and --component"),
        }
    }
    Ok(flags)
}

/// Reads the command of `spec.parameters.dynamic`: whether there is one.
pub(super) fn parameters(command: &[String]) -> Result<bool, ConfigError> {
    match subcommand(command, "parameters") {
        _ if command.is_empty() => Ok(false),
        Some([]) => Ok(true),
        _ => Err(refuse("spec.parameters.dynamic", command, "it stands in for `cmp parameters` and nothing else")),
    }
}

/// Refuses any command at all.
pub(super) fn none(field: &'static str, command: &[String]) -> Result<(), ConfigError> {
    if command.is_empty() { Ok(()) } else { Err(refuse(field, command, "take the command out")) }
}

/// The arguments behind `cmp NAME`.
fn subcommand<'a>(command: &'a [String], name: &str) -> Option<&'a [String]> {
    let (program, arguments) = command.split_first()?;
    let program = program.rsplit('/').next().unwrap_or_default();
    let (first, rest) = arguments.split_first()?;
    (["cmp", "argocd-cmp"].contains(&program) && first == name).then_some(rest)
}

fn refuse(field: &'static str, command: &[String], instead: &'static str) -> ConfigError {
    ConfigError::Command { field, command: command.join(" "), instead }
}

#[cfg(test)]
mod tests {
    use super::{GenerateFlags, generate};

    fn read(command: &str) -> Result<GenerateFlags, String> {
        let words: Vec<String> = command.split(' ').map(str::to_owned).collect();
        generate(&words).map_err(|error| error.to_string())
    }

    #[test]
    fn our_own_command_is_known_by_any_path_and_with_its_flags() {
        assert_eq!(read("cmp generate"), Ok(GenerateFlags::default()));
        let flags = read("/usr/local/bin/cmp generate --expand --component loki --component=tempo");
        let components = vec!["loki".to_owned(), "tempo".to_owned()];
        assert_eq!(flags, Ok(GenerateFlags { expand: true, components }));
    }

    #[test]
    fn anything_else_is_refused() {
        for command in ["sh -c generate", "cmp", "cmp validate", "cmp generate -o json", "cmp generate --component"] {
            assert!(read(command).is_err(), "{command}");
        }
    }
}
