//! What holds for the plan of any set: it does not depend on the order of the manifests, it touches every object, and a
//! stack's phases and dependencies are the order of its steps.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use cmp_plugin::check::Level;
use cmp_plugin::diagnostics::{Sources, Span};
use cmp_plugin::model::Manifest;
use cmp_plugin::ops::generate::Options as Generate;
use cmp_plugin::ops::plan::{Options, plan as plan_overlay};
use cmp_plugin::plan::{Plan, plan};
use cmp_plugin::source::{MemoryTree, TreePath};
use cmp_plugin::stack::Choice;
use cmp_plugin::yaml::Node;
use serde_json::Value;
use support::sets::{Random, random_set};

fn manifests(objects: &[Value]) -> Vec<Manifest> {
    let manifest =
        |object: &Value| Manifest::new(Node::from_json(object.clone(), Span::NONE), TreePath::root(), Span::NONE);
    objects.iter().map(manifest).collect()
}

#[test]
fn the_order_of_the_manifests_makes_no_difference() {
    let mut random = Random::new(1);
    for _ in 0..2000 {
        let set = random_set(&mut random);
        let (mut targets, mut live) = (manifests(&set.targets), manifests(&set.live));
        let expected = plan(&targets, Some(&live), &set.application);
        random.shuffle(&mut targets);
        random.shuffle(&mut live);
        assert_eq!(plan(&targets, Some(&live), &set.application), expected, "{:#}", set.to_json());
    }
}

/// Everything that is wanted is applied or named, and everything that is not wanted any more is pruned or kept.
#[test]
fn no_object_is_forgotten() {
    let mut random = Random::new(2);
    for _ in 0..2000 {
        let mut set = random_set(&mut random);
        set.application.only_out_of_sync = false;
        let (targets, live) = (manifests(&set.targets), manifests(&set.live));
        let plan = plan(&targets, Some(&live), &set.application);
        let items = plan.steps.iter().flat_map(|step| step.groups.iter().flatten()).chain(&plan.on_failure);
        let applied: BTreeSet<&str> = items.map(|item| item.id.name.as_str()).collect();
        let left_out: BTreeSet<&str> = plan.left_out.iter().map(|left_out| left_out.id.name.as_str()).collect();
        for target in &targets {
            let name = target.id.name.as_str();
            assert!(applied.contains(name) || left_out.contains(name), "{name}: {:#}", set.to_json());
        }
    }
}

/// Syncing a set again changes nothing, whatever its waves.
#[test]
fn a_second_sync_of_the_same_set_changes_nothing() {
    use cmp_plugin::plan::Action;
    let mut random = Random::new(3);
    for _ in 0..1000 {
        let set = random_set(&mut random);
        let targets = manifests(&set.targets);
        let plan = plan(&targets, Some(&targets), &set.application);
        let items = plan.steps.iter().flat_map(cmp_plugin::plan::Step::items);
        let mut changed = items.filter(|item| !item.is_hook && item.id.gvk.kind != "Namespace");
        assert!(changed.all(|item| item.action == Action::Unchanged), "{:#}", set.to_json());
    }
}

/// A stack whose components depend on earlier ones, at most nine deep in a phase.
struct RandomStack {
    phase_of: Vec<usize>,
    depends_on: Vec<Vec<usize>>,
    tree: MemoryTree,
}

#[test]
fn the_steps_respect_phases_and_dependencies() {
    let mut random = Random::new(4);
    for number in 0..300 {
        let stack = random_stack(&mut random);
        let plan = plan_of(&stack.tree);
        let steps = steps_of_components(&plan);
        for (component, depends_on) in stack.depends_on.iter().enumerate() {
            for dependency in depends_on {
                let (first, last) = (steps[&component].0, steps[dependency].1);
                assert!(last < first, "stack {number}: c{component} in step {first}, c{dependency} until {last}");
            }
            for (other, phase) in stack.phase_of.iter().enumerate() {
                let is_later = *phase > stack.phase_of[component];
                assert!(!is_later || steps[&component].1 < steps[&other].0, "stack {number}: c{component}, c{other}");
            }
        }
        assert!(plan.steps.last().is_some_and(|step| step.items().all(|item| item.id.name == "s-rollout")));
    }
}

fn random_stack(random: &mut Random) -> RandomStack {
    let phases = 1 + random.below(4);
    let components = 1 + random.below(9);
    let mut phase_of: Vec<usize> = (0..components).map(|_| random.below(phases)).collect();
    phase_of.sort_unstable();
    let depends_on: Vec<Vec<usize>> =
        (0..components).map(|i| (0..i).filter(|_| random.percent(30)).collect()).collect();
    let mut files = BTreeMap::new();
    let mut stack = String::from("apiVersion: cmp/v1alpha1\nkind: Stack\nmetadata: {name: s}\nspec:\n");
    stack.push_str("  environments: {main: {revision: main}}\n  phases:\n");
    for phase in 0..phases {
        writeln!(stack, "  - {{name: p{phase}}}").expect("text");
    }
    stack.push_str("  components:\n");
    let mut order: Vec<usize> = (0..components).collect();
    random.shuffle(&mut order);
    let mut resources = Vec::new();
    for i in order {
        let names: Vec<String> = depends_on[i].iter().map(|dependency| format!("c{dependency}")).collect();
        let (phase, names) = (phase_of[i], names.join(", "));
        writeln!(stack, "  - {{name: c{i}, phase: p{phase}, files: [c{i}.yaml], dependsOn: [{names}]}}").expect("text");
        files.insert(format!("o/base/c{i}.yaml"), objects(random, i));
        resources.push(format!("c{i}.yaml"));
    }
    files.insert("o/base/stack.yaml".to_owned(), stack);
    files.insert("o/base/kustomization.yaml".to_owned(), format!("resources: [{}]\n", resources.join(", ")));
    files.insert("o/main/kustomization.yaml".to_owned(), "resources: [../base]\n".to_owned());
    let tree = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    RandomStack { phase_of, depends_on, tree }
}

/// One to three objects of different rank; their names tell the component.
fn objects(random: &mut Random, component: usize) -> String {
    const KINDS: [(&str, &str); 6] = [
        ("v1", "ConfigMap"),
        ("v1", "ServiceAccount"),
        ("apps/v1", "Deployment"),
        ("batch/v1", "Job"),
        ("networking.k8s.io/v1", "Ingress"),
        ("argoproj.io/v1alpha1", "AppProject"),
    ];
    let mut text = String::new();
    for n in 0..=random.below(3) {
        let (version, kind) = KINDS[random.below(KINDS.len())];
        let name = format!("c{component}-{n}");
        write!(text, "---\napiVersion: {version}\nkind: {kind}\nmetadata: {{name: {name}}}\n").expect("text");
    }
    text
}

fn plan_of(tree: &MemoryTree) -> Plan {
    let path = TreePath::parse("o/main").expect("inside");
    // The objects are names and kinds, nothing else.
    let generate = Generate { choice: Choice { path, ..Choice::default() }, level: Level::Warn, ..Generate::default() };
    let options = Options { generate, ..Options::default() };
    plan_overlay(tree, &mut Sources::default(), &options, None).expect("a plan").plan
}

/// The first and the last step of each component.
fn steps_of_components(plan: &Plan) -> BTreeMap<usize, (usize, usize)> {
    let mut found: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for (number, step) in plan.steps.iter().enumerate() {
        for item in step.items() {
            let component = item.id.name.strip_prefix('c').and_then(|rest| rest.split('-').next()?.parse().ok());
            let Some(component) = component else { continue };
            found.entry(component).and_modify(|(_, last)| *last = number).or_insert((number, number));
        }
    }
    found
}
