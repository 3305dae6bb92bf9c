//! A plan for people: aligned columns, no colours, one object a line, so that `grep` and `diff` work on it too.

use crate::model::ObjectId;
use crate::plan::{Child, DryRun, Item, Plan, Step, StepKind, Wait, needs_script};

use super::words;

const HEAD: [&str; 7] = ["STEP", "PHASE", "WAVE", "ACTION", "", "OBJECT", "NEXT STEP WAITS FOR"];
type Row = [String; 7];

/// The whole plan as text.
pub fn table(plan: &Plan) -> String {
    let mut rows: Vec<Row> = vec![HEAD.map(str::to_owned)];
    add_steps(&mut rows, plan, "");
    let mut out = head(plan);
    if rows.len() > 1 {
        out.push('\n');
        out.push_str(&aligned(&rows));
    }
    out.push_str(&foot(plan));
    out
}

fn head(plan: &Plan) -> String {
    let what = if plan.is_update { "update" } else { "first sync" };
    let sleeps = match plan.steps.iter().filter(|step| step.sleeps()).count() {
        0 => String::new(),
        count => format!("; Argo CD sleeps {count} × 2 s between them"),
    };
    let steps = plural(plan.steps.len(), "step");
    format!("{}: {what}, {steps}{sleeps}\ndry run: {}\n", plan.overlay, dry_run(&plan.dry_run))
}

fn dry_run(dry_run: &DryRun) -> String {
    let checked = plural(dry_run.checked, "object");
    match dry_run {
        DryRun { is_cut_short: true, .. } => "nothing is tried, because a deletion has to be allowed first".to_owned(),
        DryRun { skipped, .. } if skipped.is_empty() => format!("{checked} before the first step"),
        DryRun { skipped, .. } => format!("{checked} before the first step; not tried: {}", list(skipped)),
    }
}

fn add_steps(rows: &mut Vec<Row>, plan: &Plan, prefix: &str) {
    for (i, step) in plan.steps.iter().enumerate() {
        let number = format!("{prefix}{}", i + 1);
        for item in step.prunes.iter().chain(&step.deletes) {
            rows.push(row(&number, step, item, prefix));
        }
        let several = step.groups.len() > 1;
        for (i, group) in step.groups.iter().enumerate() {
            let number = if several { format!("{number}.{}", i + 1) } else { number.clone() };
            for item in group {
                rows.push(row(&number, step, item, prefix));
                add_child(rows, &plan.children, item, &number);
            }
        }
        if step.items().next().is_none() {
            rows.push(empty(&number, step));
        }
    }
}

fn add_child(rows: &mut Vec<Row>, children: &[Child], item: &Item, number: &str) {
    if let Some(child) = children.iter().find(|child| child.application == item.id) {
        add_steps(rows, &child.plan, &format!("{number} > "));
    }
}

fn row(number: &str, step: &Step, item: &Item, prefix: &str) -> Row {
    let action = if item.is_hook { format!("{} hook", words::action(item)) } else { words::action(item).to_owned() };
    let indent = "  ".repeat(prefix.matches('>').count());
    let waits = match words::waits_for(item) {
        Some(what) if needs_script(&item.id.gvk) && item.wait == Wait::Healthy => format!("{what} *"),
        Some(what) => what.to_owned(),
        None => format!("- ({})", words::because(item)),
    };
    [
        number.to_owned(),
        step.phase.to_string(),
        step.wave.to_string(),
        action,
        item.tie.map(|_| "~".to_owned()).unwrap_or_default(),
        format!("{indent}{}{}", item.id, pulled(item)),
        waits,
    ]
}

fn pulled(item: &Item) -> String {
    let Some((phase, wave)) = item.pulled_from else { return String::new() };
    format!(" (pulled from {phase} wave {wave})")
}

/// A step that finds nothing to do takes its two seconds all the same.
fn empty(number: &str, step: &Step) -> Row {
    let nothing = if step.kind == StepKind::Wave { "nothing" } else { "" };
    let cells = [number, step.phase.as_str(), "", nothing, "", "", ""];
    let mut row = cells.map(str::to_owned);
    row[2] = step.wave.to_string();
    row
}

fn aligned(rows: &[Row]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..HEAD.len()).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).filter(|(_, width)| **width > 0);
        let line = cells.map(|(cell, width)| format!("{cell:<width$}")).collect::<Vec<_>>().join("  ");
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// What does not fit into the table, one line each.
fn foot(plan: &Plan) -> String {
    let mut lines = Vec::new();
    if plan.steps.iter().flat_map(Step::items).any(|item| item.tie.is_some()) {
        lines.push("~ equal phase, wave, kind order and name: Argo CD works on these in no defined order".to_owned());
    }
    if plan.steps.iter().flat_map(Step::items).any(|i| needs_script(&i.id.gvk) && i.wait == Wait::Healthy) {
        lines.push("* if argocd-cm has a health script for Applications; without it nothing waits".to_owned());
    }
    if !plan.on_failure.is_empty() {
        let hooks: Vec<ObjectId> = plan.on_failure.iter().map(|item| item.id.clone()).collect();
        lines.push(format!("if a step fails: {}", list(&hooks)));
    }
    if !plan.deleted_at_end.is_empty() {
        lines.push(format!("deleted at the end: {}", list(&plan.deleted_at_end)));
    }
    for left_out in &plan.left_out {
        lines.push(format!("left out: {} ({})", left_out.id, words::reason(left_out.reason)));
    }
    if lines.is_empty() { String::new() } else { format!("\n{}\n", lines.join("\n")) }
}

fn list(ids: &[ObjectId]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
