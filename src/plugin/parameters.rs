//! The parameters that the plugin announces, with what the repository offers for each: the UI shows them, and
//! `cmp parameters` prints the same for Argo CD's own plugin server.

use super::proto::ParameterAnnouncement;
use crate::diagnostics::Sources;
use crate::source::{FileTree, TreePath};
use crate::stack::{self, Stack};

/// How many values a tooltip lists.
const SHOWN: usize = 20;

/// The announcements for the Application in the folder `application`. A repository that cannot be read offers less; it
/// is no error, because the UI asks before anything is generated.
pub fn announce(tree: &dyn FileTree, application: &TreePath) -> Vec<ParameterAnnouncement> {
    let stack = stack_near(tree, application);
    vec![overlay(tree, application, stack.as_ref()), component(stack.as_ref()), expand()]
}

fn overlay(tree: &dyn FileTree, application: &TreePath, stack: Option<&Stack>) -> ParameterAnnouncement {
    let mut allowed: Vec<String> = Vec::new();
    if let Some(stack) = stack {
        allowed.extend(stack.environments.iter().map(|environment| environment.name.value.clone()));
    }
    let below = stack::overlays(tree, application).into_iter().filter(|path| path != application);
    let relative = below.filter_map(|path| {
        let prefix = if application.as_str().is_empty() { String::new() } else { format!("{application}/") };
        path.as_str().strip_prefix(&prefix).map(str::to_owned)
    });
    allowed.extend(relative);
    ParameterAnnouncement {
        name: "overlay".to_owned(),
        title: "Overlay".to_owned(),
        tooltip: tooltip(
            "An environment of the stack, or a folder with a kustomization.yaml below the Application's path. Empty: \
             the path itself, else the environment of the branch",
            &allowed,
        ),
        collection_type: "string".to_owned(),
        ..ParameterAnnouncement::default()
    }
}

fn component(stack: Option<&Stack>) -> ParameterAnnouncement {
    let components = stack.map(|stack| stack.components.as_slice()).unwrap_or_default();
    let allowed: Vec<String> = components.iter().map(|component| component.name.value.clone()).collect();
    ParameterAnnouncement {
        name: "component".to_owned(),
        title: "Components".to_owned(),
        tooltip: tooltip("Only the objects of these components of the stack. Empty: all of them", &allowed),
        collection_type: "array".to_owned(),
        ..ParameterAnnouncement::default()
    }
}

fn expand() -> ParameterAnnouncement {
    let values = ["true".to_owned(), "false".to_owned()];
    ParameterAnnouncement {
        name: "expand".to_owned(),
        title: "Expand children".to_owned(),
        tooltip: tooltip("Also the objects of the child Applications whose source is this repository", &values),
        item_type: "boolean".to_owned(),
        collection_type: "string".to_owned(),
        string: "false".to_owned(),
        ..ParameterAnnouncement::default()
    }
}

/// Argo CD has no field for allowed values, so the tooltip names them.
fn tooltip(text: &str, allowed: &[String]) -> String {
    if allowed.is_empty() {
        return format!("{text}.");
    }
    let shown: Vec<&str> = allowed.iter().map(String::as_str).take(SHOWN).collect();
    let more = allowed.len() - shown.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{text}. Allowed: {}{more}.", shown.join(", "))
}

/// The stack that `cmp generate` would find for the path.
fn stack_near(tree: &dyn FileTree, application: &TreePath) -> Option<Stack> {
    let near = ["", "base", "../base", "overlays/base"].iter().filter_map(|below| application.join(below));
    let folders: Vec<TreePath> = near.collect();
    let file = stack::find(tree, &folders).ok()??;
    let (stack, _) = stack::load(tree, &mut Sources::default(), &file).ok()?;
    Some(stack)
}

#[cfg(test)]
mod tests {
    use super::announce;
    use crate::source::{MemoryTree, TreePath};

    const STACK: &str = r#"{"apiVersion": "cmp/v1alpha1", "kind": "Stack", "metadata": {"name": "s"}, "spec": {
        "environments": {"main": {"revision": "main"}, "add-otel": {"revision": "add-otel"}},
        "phases": [{"name": "foundation"}],
        "components": [{"name": "loki", "phase": "foundation", "match": [{"name": "loki"}]},
                       {"name": "tempo", "phase": "foundation", "match": [{"name": "tempo"}]}]}}"#;

    #[test]
    fn allowed_values_are_those_of_the_repository() {
        let tree: MemoryTree =
            [("overlays/base/stack.yaml", STACK), ("overlays/main/kustomization.yaml", "{}")].into_iter().collect();
        let announced = announce(&tree, &TreePath::parse("overlays/main").expect("inside"));
        let [overlay, component, expand] = announced.as_slice() else { panic!("three: {announced:?}") };
        assert!(overlay.tooltip.ends_with("Allowed: add-otel, main."), "{}", overlay.tooltip);
        assert!(component.tooltip.ends_with("Allowed: loki, tempo."), "{}", component.tooltip);
        assert_eq!((component.collection_type.as_str(), expand.string.as_str()), ("array", "false"));
    }

    #[test]
    fn a_repository_without_a_stack_is_no_error() {
        let tree: MemoryTree = [("apps/one/kustomization.yaml", "{}")].into_iter().collect();
        let announced = announce(&tree, &TreePath::root());
        assert!(announced[0].tooltip.ends_with("Allowed: apps/one."), "{}", announced[0].tooltip);
        assert!(announced[1].tooltip.ends_with("Empty: all of them."), "{}", announced[1].tooltip);
    }
}
