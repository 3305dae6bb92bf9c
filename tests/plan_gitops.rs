//! The plan is what Argo CD's own engine does: random sets, synced by gitops-engine into a cluster in memory.
//!
//! `syncplan` (tests/peers/argocd) answers for each set with the sorted tasks of every turn and with what was applied,
//! pruned and deleted in it, in order. Ours must be the same, with two liberties: where keys are equal the engine's
//! order is taken, since it has none of its own, and what happens at once is compared as a set.
#![expect(clippy::disallowed_methods, reason = "a test starts a program")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use cmp_plugin::diagnostics::Span;
use cmp_plugin::model::{Manifest, ObjectId};
use cmp_plugin::plan::{Action, Cluster, Desired, Item, Key, Plan, Step, StepKind, Task, Wait, plan, tasks};
use cmp_plugin::source::TreePath;
use cmp_plugin::yaml::Node;
use serde::Deserialize;
use serde_json::Value;
use support::sets::{Random, Set, random_set};

const SETS: usize = 10_000;
const SEED: u64 = 20_260_914;

#[derive(Deserialize)]
struct Answer {
    iterations: Vec<Iteration>,
    phase: String,
    message: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Iteration {
    tasks: String,
    namespace: String,
    #[serde(deserialize_with = "list")]
    dry_run: Vec<String>,
    #[serde(deserialize_with = "list")]
    pruned: Vec<String>,
    #[serde(deserialize_with = "list")]
    deleted: Vec<String>,
    #[serde(deserialize_with = "list")]
    applied: Vec<String>,
    waves: Option<Vec<Wave>>,
    message: String,
}

#[derive(Deserialize)]
struct Wave {
    phase: String,
    #[serde(rename = "wave")]
    number: i64,
    r#final: bool,
}

/// Go writes an empty list as `null`.
fn list<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[test]
fn ten_thousand_random_sets_are_synced_as_the_engine_syncs_them() {
    let mut random = Random::new(SEED);
    let sets: Vec<Set> = (0..SETS).map(|_| random_set(&mut random)).collect();
    let answers = ask(&sets);
    assert_eq!(answers.len(), SETS);
    let mut seen = Seen::default();
    for (number, (set, answer)) in sets.iter().zip(&answers).enumerate() {
        if let Err(difference) = compare(set, answer, &mut seen) {
            panic!("set {number} of seed {SEED}: {difference}\n{:#}", set.to_json());
        }
    }
    seen.assert_all();
}

/// How often each thing occurred that the sets are there for.
#[derive(Debug, Default)]
struct Seen {
    tasks: usize,
    ties: usize,
    pulled: usize,
    prunes: usize,
    moved_prunes: usize,
    hook_deletions: usize,
    confirmations: usize,
    namespaces: usize,
    only_hooks: usize,
    ungated_ends: usize,
    waits: usize,
    skipped_dry_runs: usize,
    left_alone: usize,
}

impl Seen {
    fn assert_all(&self) {
        let Self { tasks, ties, pulled, prunes, moved_prunes, hook_deletions, confirmations, .. } = *self;
        let Self { namespaces, only_hooks, ungated_ends, waits, skipped_dry_runs, left_alone, .. } = *self;
        assert!(tasks > 50_000, "{tasks} tasks");
        for (what, count) in [
            ("ties", ties),
            ("pulled dependencies", pulled),
            ("prunes", prunes),
            ("prunes that moved on the way", moved_prunes),
            ("deletions of hooks", hook_deletions),
            ("confirmations", confirmations),
            ("namespaces ahead", namespaces),
            ("syncs that wait for their hooks only", only_hooks),
            ("ends without waiting", ungated_ends),
            ("waits", waits),
            ("skipped dry runs", skipped_dry_runs),
            ("objects left alone", left_alone),
        ] {
            assert!(count >= 100, "only {count} {what}");
        }
    }
}

fn compare(set: &Set, answer: &Answer, seen: &mut Seen) -> Result<(), String> {
    if answer.phase != "Succeeded" {
        return Err(format!("the engine did not get through: {} {}", answer.phase, answer.message));
    }
    let (targets, live) = (manifests(&set.targets), manifests(&set.live));
    let has_ties = compare_order(set, &targets, &live, &answer.iterations[0], seen)?;
    let ours = plan(&targets, set.is_update.then_some(live.as_slice()), &set.application);
    compare_dry_run(&ours, &answer.iterations[0], seen)?;
    let (mut ours, mut theirs) = (our_steps(&ours, seen), their_steps(&answer.iterations));
    if has_ties {
        (ours, theirs) = (without_order(ours), without_order(theirs));
    }
    if ours != theirs {
        return Err(format!("other steps\nours:\n{}\ntheirs:\n{}", lines(&ours), lines(&theirs)));
    }
    Ok(())
}

fn lines(steps: &[Happening]) -> String {
    steps.iter().fold(String::new(), |mut text, step| {
        writeln!(text, "  {step:?}").expect("a string takes everything");
        text
    })
}

fn manifests(objects: &[Value]) -> Vec<Manifest> {
    let manifest =
        |object: &Value| Manifest::new(Node::from_json(object.clone(), Span::NONE), TreePath::root(), Span::NONE);
    objects.iter().map(manifest).collect()
}

/// The order of the first turn, with phase and wave: exactly the engine's, once equal keys are in its order.
fn compare_order(
    set: &Set,
    targets: &[Manifest],
    live: &[Manifest],
    theirs: &Iteration,
    seen: &mut Seen,
) -> Result<bool, String> {
    let application = &set.application;
    let namespace = manifests(&[support::sets::namespace(&application.namespace)]).remove(0);
    let expected: Vec<Line> = theirs.tasks.trim_matches(['[', ']']).split(", ").filter_map(Line::parse).collect();
    let targets_of = expected.iter().enumerate().filter(|(_, line)| !line.is_prune);
    let rank: BTreeMap<&str, usize> = targets_of.map(|(i, line)| (line.name.as_str(), i)).collect();
    let name = |manifest: &Manifest| {
        let Key { group, kind, namespace, name } = Key::of(manifest, &application.namespace);
        let namespace = if namespace.is_empty() { application.namespace.clone() } else { namespace };
        format!("{group}/{kind}:{namespace}/{name}")
    };
    let mut ordered: Vec<&Manifest> = targets.iter().collect();
    ordered.sort_by_key(|manifest| rank.get(name(manifest).as_str()));
    let desired = Desired { manifests: &ordered, application, namespace: &namespace };
    let mut cluster = Cluster::new(live, &application.namespace);
    if set.is_update && application.create_namespace {
        cluster.put_namespace(Key::of(&namespace, ""));
    }
    let sorted = tasks(desired, &cluster);
    seen.tasks += sorted.len();
    seen.ties += sorted.iter().filter(|task| task.tie.is_some()).count();
    seen.pulled += sorted.iter().filter(|task| task.pulled_from.is_some()).count();
    seen.prunes += sorted.iter().filter(|task| task.is_prune()).count();
    let ahead = Line::parse(&theirs.namespace);
    seen.namespaces += usize::from(ahead.is_some());
    // The engine logs what it tries, which is not all with this option.
    let is_left_alone = |task: &&Task| application.only_out_of_sync && task.is_in_sync();
    seen.left_alone += sorted.iter().filter(is_left_alone).count();
    let tried = sorted.iter().filter(|task| !is_left_alone(task));
    let ours: Vec<Line> = tried.map(Line::of).filter(|line| Some(line) != ahead.as_ref()).collect();
    let (mut ours, mut expected) = (apart(ours), apart(expected));
    // A tie with a task that the log leaves out: the engine's choice does not show, and dependencies stand accordingly.
    if sorted.iter().filter(is_left_alone).any(|task| task.tie.is_some()) {
        ours.0.sort_unstable();
        expected.0.sort_unstable();
    }
    if ours == expected {
        return Ok(sorted.iter().any(|task| task.tie.is_some()));
    }
    Err(format!("another order\nours:   {ours:?}\ntheirs: {expected:?}"))
}

/// A task in the words of the engine's log.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    at: String,
    is_hook: bool,
    name: String,
    is_prune: bool,
}

impl Line {
    /// `Sync/0 resource apps/Deployment:web/a nil->obj (,,)`
    fn parse(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let (at, kind, name, change) = (words.next()?, words.next()?, words.next()?, words.next()?);
        let is_prune = change.ends_with("->nil");
        Some(Self { at: at.to_owned(), is_hook: kind == "hook", name: name.to_owned(), is_prune })
    }

    fn of(task: &Task) -> Self {
        let namespace = if task.is_prune() { &task.key.namespace } else { &task.namespace };
        Self {
            at: format!("{}/{}", task.phase, task.wave),
            is_hook: task.is_hook(),
            name: format!("{}/{}:{namespace}/{}", task.key.group, task.key.kind, task.key.name),
            is_prune: task.is_prune(),
        }
    }
}

/// Targets in order, and apart from them the prunes: those neither move nor are moved for, and all of a wave go first
/// and at once, so among equal keys their place says nothing.
fn apart(lines: Vec<Line>) -> (Vec<Line>, BTreeSet<Line>) {
    let (prunes, targets): (Vec<Line>, Vec<Line>) = lines.into_iter().partition(|line| line.is_prune);
    (targets, prunes.into_iter().collect())
}

fn compare_dry_run(ours: &Plan, theirs: &Iteration, seen: &mut Seen) -> Result<(), String> {
    seen.skipped_dry_runs += ours.dry_run.skipped.len();
    if ours.dry_run.checked == theirs.dry_run.len() {
        return Ok(());
    }
    Err(format!("the dry run tries {} objects, theirs {:?}", ours.dry_run.checked, theirs.dry_run))
}

/// What happens in one run over a wave, or while waiting for it.
#[derive(Debug, PartialEq)]
enum Happening {
    /// Phase, wave, whether it is the final one; what is pruned, what is deleted; then what is applied, at once where
    /// the kind is the same.
    Run { at: Option<(String, i64, bool)>, pruned: Vec<String>, deleted: Vec<String>, applied: Vec<Vec<String>> },
    /// Until so many are healthy or through.
    Wait(usize),
    /// Hooks that are deleted when all is done.
    End(Vec<String>),
}

fn our_steps(plan: &Plan, seen: &mut Seen) -> Vec<Happening> {
    let mut happenings = Vec::new();
    for step in &plan.steps {
        let at = (step.kind != StepKind::Namespace).then(|| (step.phase.to_string(), step.wave, step.is_final));
        happenings.push(Happening::Run {
            at,
            pruned: sorted(step.prunes.iter().filter(|item| item.action == Action::Prune).map(name)),
            deleted: sorted(step.deletes.iter().map(name)),
            applied: step.groups.iter().map(|group| sorted(group.iter().map(name))).collect(),
        });
        count(step, seen);
        let waits = step.groups.iter().flatten().filter(|item| item.wait.is_gate()).count();
        if waits > 0 {
            happenings.push(Happening::Wait(waits));
        }
    }
    seen.moved_prunes += plan.steps.windows(2).filter(|pair| moves_prunes(pair)).count();
    let id = |id: &ObjectId| format!("{}/{}:{}/{}", id.gvk.group, id.gvk.kind, id.namespace, id.name);
    happenings.push(Happening::End(sorted(plan.deleted_at_end.iter().map(id))));
    happenings
}

/// Whether the second of two steps prunes in the same wave as the first: only what moved there can.
fn moves_prunes(pair: &[Step]) -> bool {
    let prunes = |step: &Step| step.prunes.iter().any(|item| item.action == Action::Prune);
    pair[0].wave == pair[1].wave && pair[0].phase == pair[1].phase && prunes(&pair[0]) && prunes(&pair[1])
}

fn count(step: &Step, seen: &mut Seen) {
    seen.hook_deletions += usize::from(step.kind == StepKind::HookDeletion);
    seen.confirmations += usize::from(step.kind == StepKind::Confirmation);
    seen.ungated_ends += usize::from(step.ends_sync);
    seen.waits += usize::from(step.is_gate());
    seen.only_hooks += usize::from(step.items().any(|item| item.wait == Wait::OnlyHooks));
}

fn name(item: &Item) -> String {
    format!("{}/{}:{}/{}", item.id.gvk.group, item.id.gvk.kind, item.id.namespace, item.id.name)
}

fn sorted(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    names
}

fn their_steps(iterations: &[Iteration]) -> Vec<Happening> {
    let mut happenings = Vec::new();
    let last = iterations.len() - 1;
    for (number, iteration) in iterations.iter().enumerate() {
        let mut applied = iteration.applied.as_slice();
        if !iteration.namespace.is_empty() {
            let (first, rest) = applied.split_at(1);
            applied = rest;
            let applied = vec![first.to_vec()];
            happenings.push(Happening::Run { at: None, pruned: Vec::new(), deleted: Vec::new(), applied });
        }
        if let Some(wave) = iteration.waves.iter().flatten().next() {
            happenings.push(Happening::Run {
                at: Some((wave.phase.clone(), wave.number, wave.r#final)),
                pruned: sorted(iteration.pruned.iter().cloned()),
                // Only a run that has to come again deletes hooks; at the end others are deleted.
                deleted: if number == last { Vec::new() } else { sorted(iteration.deleted.iter().cloned()) },
                applied: groups(applied),
            });
        } else if let Some(waits) = waiting(&iteration.message).filter(|_| iteration.namespace.is_empty()) {
            happenings.push(Happening::Wait(waits));
        }
    }
    happenings.push(Happening::End(sorted(iterations[last].deleted.iter().cloned())));
    happenings
}

/// Names in the order in which they were applied, those of one kind in a row together.
fn groups(names: &[String]) -> Vec<Vec<String>> {
    let kind = |name: &String| name.split(':').next().and_then(|kind| kind.split('/').nth(1)).map(str::to_owned);
    names.chunk_by(|a, b| kind(a) == kind(b)).map(|group| sorted(group.iter().cloned())).collect()
}

/// `waiting for healthy state of apps/Deployment/a and 2 more resources`
fn waiting(message: &str) -> Option<usize> {
    let rest = message.strip_prefix("waiting for ")?;
    let more = rest.split_once(" and ").and_then(|(_, more)| more.split(' ').next()?.parse::<usize>().ok());
    Some(1 + more.unwrap_or(0))
}

/// Without the order of what is applied in a step, for sets in which it is not defined.
fn without_order(happenings: Vec<Happening>) -> Vec<Happening> {
    let settle = |happening| match happening {
        Happening::Run { at, pruned, deleted, applied } => {
            let applied = sorted(applied.into_iter().flatten());
            let applied = if applied.is_empty() { Vec::new() } else { vec![applied] };
            Happening::Run { at, pruned, deleted, applied }
        }
        other => other,
    };
    happenings.into_iter().map(settle).collect()
}

/// Sends every set to the engine and reads what it answers.
fn ask(sets: &[Set]) -> Vec<Answer> {
    let mut process = Command::new(support::peer("syncplan"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("starting syncplan");
    let mut input = process.stdin.take().expect("a pipe");
    let text = sets.iter().fold(String::new(), |text, set| text + &set.to_json().to_string() + "\n");
    // It answers while it reads, so both have to go on at the same time.
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = process.wait_with_output().expect("the answers of syncplan");
    writer.join().expect("a writer").expect("writing to syncplan");
    assert!(output.status.success(), "syncplan failed");
    let answers = serde_json::Deserializer::from_slice(&output.stdout).into_iter::<Answer>();
    answers.map(|answer| answer.expect("an answer in JSON")).collect()
}

/// The kinds that have a health are Argo CD's own. `UPDATE_GOLDENS=1` writes the table anew.
#[test]
fn the_table_of_kinds_with_health_is_argo_cds() {
    let output = Command::new(support::peer("syncplan")).arg("kinds").output().expect("running syncplan");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let kinds = String::from_utf8(output.stdout).expect("text");
    assert!(kinds.lines().count() > 200, "only {} kinds", kinds.lines().count());
    support::assert_golden(&support::repository().join("src/plan/kinds_with_health.txt"), &kinds);
}
