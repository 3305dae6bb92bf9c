//! A plan for programs. The shape is part of what `cmp` promises: `docs/plan.md` describes it, and fields are only
//! added.

use serde_json::{Value, json};

use crate::diagnostics::{Diagnostic, Sources};
use crate::model::ObjectId;
use crate::plan::{Child, Item, LeftOut, Plan, Step};

use super::words;

/// One JSON document with a final newline.
pub fn json(plan: &Plan, sources: &Sources) -> String {
    let mut document = of_plan(plan, sources);
    document["apiVersion"] = json!("cmp/v1alpha1");
    document["kind"] = json!("Plan");
    format!("{document:#}\n")
}

fn of_plan(plan: &Plan, sources: &Sources) -> Value {
    let steps = plan.steps.iter().enumerate();
    json!({
        "overlay": plan.overlay,
        "namespace": plan.namespace,
        "firstSync": !plan.is_update,
        "dryRun": {
            "checked": plan.dry_run.checked,
            "skipped": plan.dry_run.skipped.iter().map(id).collect::<Vec<_>>(),
            "cutShort": plan.dry_run.is_cut_short,
        },
        "steps": steps.map(|(i, step)| of_step(i + 1, step, &plan.children, sources)).collect::<Vec<_>>(),
        "onFailure": items(&plan.on_failure, &[], sources),
        "deletedAtEnd": plan.deleted_at_end.iter().map(id).collect::<Vec<_>>(),
        "leftOut": plan.left_out.iter().map(left_out).collect::<Vec<_>>(),
        "warnings": plan.warnings.iter().map(|warning| of_warning(warning, sources)).collect::<Vec<_>>(),
    })
}

fn of_step(number: usize, step: &Step, children: &[Child], sources: &Sources) -> Value {
    let groups = step.groups.iter().map(|group| items(group, children, sources));
    json!({
        "step": number,
        "phase": step.phase.as_str(),
        "wave": step.wave,
        "kind": words::step_kind(step),
        "prune": items(&step.prunes, &[], sources),
        "deleteHooks": items(&step.deletes, &[], sources),
        "apply": groups.collect::<Vec<_>>(),
        "waits": step.is_gate(),
        "endsSync": step.ends_sync,
        "sleeps": step.sleeps(),
    })
}

fn items(items: &[Item], children: &[Child], sources: &Sources) -> Vec<Value> {
    items.iter().map(|item| of_item(item, children, sources)).collect()
}

fn of_item(item: &Item, children: &[Child], sources: &Sources) -> Value {
    let mut value = id(&item.id);
    let more = json!({
        "action": words::action(item),
        "hook": item.is_hook,
        "waitsFor": words::waits_for(item),
        "because": words::because(item),
        "tie": item.tie,
        "pulledFrom": item.pulled_from.map(|(phase, wave)| json!({"phase": phase.as_str(), "wave": wave})),
        "place": sources.place(item.span),
    });
    if let (Some(value), Value::Object(more)) = (value.as_object_mut(), more) {
        value.extend(more);
    }
    let child = children.iter().find(|child| child.application == item.id);
    if let Some(child) = child {
        value["plan"] = of_plan(&child.plan, sources);
    }
    value
}

fn id(id: &ObjectId) -> Value {
    json!({"apiVersion": id.gvk.api_version(), "kind": id.gvk.kind, "namespace": id.namespace, "name": id.name})
}

fn left_out(left_out: &LeftOut) -> Value {
    let mut value = id(&left_out.id);
    value["reason"] = json!(words::reason(left_out.reason));
    value
}

fn of_warning(warning: &Diagnostic, sources: &Sources) -> Value {
    json!({
        "rule": warning.rule,
        "message": warning.message,
        "place": warning.primary.and_then(|span| sources.place(span)),
        "help": warning.help,
    })
}
