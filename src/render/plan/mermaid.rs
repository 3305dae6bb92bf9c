//! A plan as a picture: a flow chart for Mermaid, a box a step. A solid arrow waits, a dotted one does not.

use crate::plan::{Item, Plan, Step};

use super::words;

/// As many objects as a box stays readable with.
const SHOWN: usize = 12;

/// One Mermaid diagram.
pub fn mermaid(plan: &Plan) -> String {
    let mut out = String::from("flowchart TD\n");
    draw(&mut out, plan, "s", 1);
    out
}

fn draw(out: &mut String, plan: &Plan, prefix: &str, depth: usize) {
    let indent = "  ".repeat(depth);
    for (i, step) in plan.steps.iter().enumerate() {
        line(out, &format!("{indent}{prefix}{}[\"{}\"]", i + 1, text(i + 1, step)));
        if i + 1 < plan.steps.len() {
            let arrow = if step.is_gate() { "-->|waits|" } else { "-.->|does not wait|" };
            line(out, &format!("{indent}{prefix}{} {arrow} {prefix}{}", i + 1, i + 2));
        }
    }
    for (i, child) in plan.children.iter().enumerate() {
        let inner = format!("{prefix}c{}_", i + 1);
        line(out, &format!("{indent}subgraph {inner}[\"{}\"]", escape(&child.application.to_string())));
        draw(out, &child.plan, &format!("{inner}s"), depth + 1);
        line(out, &format!("{indent}end"));
        let starts = plan.steps.iter().position(|step| step.items().any(|item| item.id == child.application));
        if let Some(step) = starts.filter(|_| !child.plan.steps.is_empty()) {
            line(out, &format!("{indent}{prefix}{} -.- {inner}s1", step + 1));
        }
    }
}

fn text(number: usize, step: &Step) -> String {
    let items: Vec<&Item> = step.items().collect();
    let mut lines = vec![format!("{number} · {} wave {}", step.phase, step.wave)];
    lines.extend(items.iter().take(SHOWN).map(|item| {
        let hook = if item.is_hook { " hook" } else { "" };
        format!("{}{hook} {}", words::action(item), escape(&item.id.to_string()))
    }));
    if items.len() > SHOWN {
        lines.push(format!("and {} more", items.len() - SHOWN));
    }
    lines.join("<br/>")
}

/// Text inside quotes; `#` starts an entity.
fn escape(text: &str) -> String {
    text.replace('#', "#35;").replace('"', "#quot;").replace('<', "#lt;").replace('>', "#gt;")
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}
