//! Phases become sync waves: phase index × 10, plus the component's depth among its dependencies in that phase.

use crate::diagnostics::{Diagnostic, Findings, Outcome};
use crate::model::{Manifest, SYNC_WAVE, parse_wave};

use super::order::dependency_order;
use super::types::Stack;

/// Waves that one phase has room for.
pub const WAVES_PER_PHASE: i64 = 10;

/// The first wave of a phase.
pub fn first_wave(phase: usize) -> i64 {
    i64::try_from(phase).map_or(i64::MAX, |phase| phase.saturating_mul(WAVES_PER_PHASE))
}

/// Writes the wave of its component into every manifest. `owners` holds each manifest's component.
///
/// A wave written by hand stays where it lies inside its phase and after everything its component depends on;
/// elsewhere it is an error, like a phase whose dependencies need more than ten waves.
pub fn assign_waves(stack: &Stack, owners: &[usize], manifests: &mut [Manifest]) -> Outcome<()> {
    let mut findings = Vec::new();
    let mut by_component = vec![Vec::new(); stack.components.len()];
    for (i, &owner) in owners.iter().enumerate() {
        by_component[owner].push(i);
    }
    // The last wave of each component, once it is known; dependencies come first.
    let mut last = vec![0; stack.components.len()];
    for component in dependency_order(&stack.components).unwrap_or_default() {
        let range = match range_of(stack, component, &last) {
            Ok(range) => range,
            Err(finding) => {
                findings.push(*finding);
                continue;
            }
        };
        last[component] = range.first;
        for &i in &by_component[component] {
            match place(stack, component, range, &mut manifests[i]) {
                Ok(wave) => last[component] = last[component].max(wave),
                Err(finding) => findings.push(*finding),
            }
        }
    }
    Findings::check(findings).map(drop)
}

/// The waves that a component may use.
#[derive(Clone, Copy)]
struct WaveRange {
    first: i64,
    last: i64,
}

fn range_of(stack: &Stack, index: usize, last: &[i64]) -> Result<WaveRange, Box<Diagnostic>> {
    let component = &stack.components[index];
    let start = first_wave(component.phase);
    let same_phase = component.depends_on.iter().filter(|&&i| stack.components[i].phase == component.phase);
    let first = same_phase.map(|&i| last[i] + 1).max().unwrap_or(start).max(start);
    let end = start + WAVES_PER_PHASE - 1;
    if first <= end {
        return Ok(WaveRange { first, last: end });
    }
    let (name, phase) = (&component.name.value, &stack.phases[component.phase].name.value);
    let message = format!("`{name}` would be the eleventh step of phase `{phase}`; a phase has room for ten");
    let finding = Diagnostic::error("phase-full", message).at(component.name.span);
    Err(Box::new(finding.help("split the phase in two, or shorten the chain of `dependsOn`")))
}

/// Annotates one manifest and returns its wave.
fn place(stack: &Stack, index: usize, range: WaveRange, manifest: &mut Manifest) -> Result<i64, Box<Diagnostic>> {
    let component = &stack.components[index];
    let Some(written) = manifest.annotation(SYNC_WAVE).filter(|node| !node.is_null()) else {
        manifest.annotate(SYNC_WAVE, range.first.to_string(), component.phase_span);
        return Ok(range.first);
    };
    let Some(wave) = written.as_str().and_then(parse_wave) else {
        let message = format!("the sync wave of {} is not a whole number in quotes", manifest.id);
        let finding = Diagnostic::error("invalid-sync-wave", message).at(written.span);
        return Err(Box::new(finding.help(format!("write `{SYNC_WAVE}: \"{}\"`, or leave it out", range.first))));
    };
    if (range.first..=range.last).contains(&wave) {
        return Ok(wave);
    }
    let (name, phase) = (&component.name.value, &stack.phases[component.phase].name.value);
    let why = if wave >= first_wave(component.phase) && wave < range.first {
        format!("wave {wave} of {} comes before what `{name}` depends on", manifest.id)
    } else {
        format!("wave {wave} of {} lies outside phase `{phase}`", manifest.id)
    };
    let finding = Diagnostic::error("wave-outside-phase", why).at(written.span);
    let finding = finding.related(component.phase_span, "its phase");
    Err(Box::new(finding.help(format!("use a wave from {} to {}, or leave it out", range.first, range.last))))
}
