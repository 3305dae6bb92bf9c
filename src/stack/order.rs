//! Components in an order in which each comes after what it depends on.

use super::types::Component;

/// Indices of the components, dependencies first, otherwise in the order of the file.
/// The error is a circle: each of its components depends on the next, the last on the first.
pub(super) fn dependency_order(components: &[Component]) -> Result<Vec<usize>, Vec<usize>> {
    let mut waiting_for: Vec<usize> = components.iter().map(|component| component.depends_on.len()).collect();
    let mut dependents = vec![Vec::new(); components.len()];
    for (i, component) in components.iter().enumerate() {
        for &dependency in &component.depends_on {
            dependents[dependency].push(i);
        }
    }
    let mut order: Vec<usize> = (0..components.len()).filter(|&i| waiting_for[i] == 0).collect();
    let mut next = 0;
    while next < order.len() {
        for &dependent in &dependents[order[next]] {
            waiting_for[dependent] -= 1;
            if waiting_for[dependent] == 0 {
                order.push(dependent);
            }
        }
        next += 1;
    }
    if order.len() == components.len() { Ok(order) } else { Err(circle(components, &waiting_for)) }
}

/// Whatever still waits depends on something that still waits, so following that leads into a circle.
fn circle(components: &[Component], waiting_for: &[usize]) -> Vec<usize> {
    let waits = |i: &usize| waiting_for[*i] > 0;
    let mut seen = vec![None; components.len()];
    let mut path = Vec::new();
    let mut at = (0..components.len()).find(waits).unwrap_or_default();
    while seen[at].is_none() {
        seen[at] = Some(path.len());
        path.push(at);
        at = components[at].depends_on.iter().copied().find(waits).unwrap_or(at);
    }
    path.split_off(seen[at].unwrap_or_default())
}
