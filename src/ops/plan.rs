//! An overlay becomes the plan of its sync: its set, the set before it, and the plans of its children.

use std::collections::BTreeMap;

use crate::check::{self, CheckContext, Level};
use crate::diagnostics::{Diagnostic, Findings, Severity, Sources};
use crate::model::Manifest;
use crate::plan::{self, Application, Child, Plan};
use crate::source::{FileTree, TreePath};
use crate::stack::Choice;
use crate::yaml::{self, Limits, Node};

use super::Failure;
use super::generate::{Options as Generate, follow_children};

/// What to plan.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The set.
    pub generate: Generate,
    /// The Application that syncs it.
    pub application: Application,
    /// Whether the children of this repository are planned too.
    pub expand: bool,
}

/// A set that was synced before, with those of its children by name.
#[derive(Clone, Debug, Default)]
pub struct Previous {
    manifests: Vec<Manifest>,
    children: BTreeMap<String, Self>,
}

/// A plan, and what the way to it brought to light. The plan has warnings of its own.
#[derive(Debug)]
pub struct Planned {
    /// The plan.
    pub plan: Plan,
    /// Warnings about the files.
    pub warnings: Vec<Diagnostic>,
}

/// Plans the sync of what `options` describe over `previous`, or a first sync.
pub fn plan(
    tree: &dyn FileTree,
    sources: &mut Sources,
    options: &Options,
    previous: Option<&Previous>,
) -> Result<Planned, Failure> {
    let mut warnings = Vec::new();
    let node = build(tree, sources, &options.generate, options.expand, &mut Vec::new(), &mut warnings)?;
    let plan = of_node(&node, &options.application, previous);
    Ok(Planned { plan, warnings })
}

/// The set of another tree: the same overlay in another revision.
pub fn previous_of_tree(tree: &dyn FileTree, sources: &mut Sources, options: &Options) -> Result<Previous, Failure> {
    let generate = Generate { level: Level::Warn, ..options.generate.clone() };
    let node = build(tree, sources, &generate, options.expand, &mut Vec::new(), &mut Vec::new())?;
    Ok(node.into_previous())
}

/// The set of a stream of manifests, such as `cmp generate` prints; it says nothing about children.
pub fn previous_of_text(
    tree: &dyn FileTree,
    sources: &mut Sources,
    name: &str,
    text: &str,
) -> Result<Previous, Failure> {
    let source = sources.add(name, text);
    let mut manifests = Vec::new();
    for document in yaml::parse(source, text, Limits::default())? {
        let is_list = document.get("kind").and_then(Node::as_str) == Some("List");
        let items = document.get("items").and_then(Node::as_seq).filter(|_| is_list);
        let nodes = items.map_or_else(|| vec![document.clone()], <[Node]>::to_vec);
        manifests.extend(nodes.into_iter().map(|node| {
            let span = node.span;
            Manifest::new(node, TreePath::root(), span)
        }));
    }
    // It was accepted once, so only what the plan itself needs is looked at.
    let mut findings = check::findings(&CheckContext { tree, sources }, &manifests, Level::Warn);
    findings.retain(|finding| finding.severity == Severity::Error);
    Findings::check(findings)?;
    Ok(Previous { manifests, children: BTreeMap::new() })
}

/// What the Application in a file says.
pub fn application_of_text(sources: &mut Sources, name: &str, text: &str) -> Result<Application, Failure> {
    let source = sources.add(name, text);
    let documents = yaml::parse(source, text, Limits::default())?.into_iter();
    let mut manifests = documents.map(|node| {
        let span = node.span;
        Manifest::new(node, TreePath::root(), span)
    });
    manifests.find(plan::is_application).map(|manifest| Application::of(&manifest)).ok_or_else(|| {
        let finding = Diagnostic::error("no-application", format!("{name} holds no Application"));
        Findings::from(finding.help("name the manifest of the Application that syncs the overlay")).into()
    })
}

/// A set and the sets below it.
struct SetTree {
    overlay: TreePath,
    manifests: Vec<Manifest>,
    /// Name of the Application, its set.
    children: Vec<(String, SetTree)>,
}

impl SetTree {
    fn into_previous(self) -> Previous {
        let children = self.children.into_iter().map(|(name, set)| (name, set.into_previous())).collect();
        Previous { manifests: self.manifests, children }
    }
}

/// Builds a set and, with `expand`, those of its children. An overlay that leads to itself is followed once.
fn build(
    tree: &dyn FileTree,
    sources: &mut Sources,
    options: &Generate,
    expand: bool,
    above: &mut Vec<TreePath>,
    warnings: &mut Vec<Diagnostic>,
) -> Result<SetTree, Failure> {
    let followed = follow_children(tree, sources, options, expand)?;
    warnings.extend(followed.generated.warnings);
    let manifests = followed.generated.checked.manifests().to_vec();
    above.push(followed.overlay.clone());
    let mut children: Vec<(String, SetTree)> = Vec::new();
    for (name, path) in followed.children {
        let is_there = manifests.iter().any(|manifest| plan::is_application(manifest) && manifest.id.name == name);
        if !is_there || above.contains(&path) {
            continue;
        }
        let choice = Choice { path, ..Choice::default() };
        let options = Generate { choice, components: Vec::new(), ..options.clone() };
        let set = build(tree, sources, &options, expand, above, warnings)?;
        // An Application of several sources syncs them as one set.
        match children.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => {
                known.manifests.extend(set.manifests);
                known.children.extend(set.children);
            }
            None => children.push((name, set)),
        }
    }
    above.pop();
    Ok(SetTree { overlay: followed.overlay, manifests, children })
}

fn of_node(set: &SetTree, application: &Application, previous: Option<&Previous>) -> Plan {
    let live = previous.map(|previous| previous.manifests.as_slice());
    let mut plan = plan::plan(&set.manifests, live, application);
    plan.overlay = set.overlay.to_string();
    for (name, below) in &set.children {
        let applications = set.manifests.iter().filter(|manifest| plan::is_application(manifest));
        let Some(manifest) = applications.into_iter().find(|manifest| manifest.id.name == *name) else { continue };
        let before = previous.and_then(|previous| previous.children.get(name));
        let mut id = manifest.id.clone();
        if id.namespace.is_empty() {
            id.namespace.clone_from(&application.namespace);
        }
        let child = of_node(below, &Application::of(manifest), before);
        plan.children.push(Child { application: id, plan: child });
    }
    plan
}
