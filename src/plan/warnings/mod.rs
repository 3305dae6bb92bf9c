//! What in a plan will hold the sync up, or will not hold it up though it should.

mod blocking;
mod claims;
mod degraded;
mod kinds;
mod needs;
mod references;
mod ungated;

use crate::diagnostics::Diagnostic;

use super::dry_run::Kinds;
use super::step::{Item, Plan};
use super::task::Task;
use super::tasks::Desired;

/// Every warning about the plan, the earlier steps first. `first` are the tasks of the first turn.
pub(super) fn warnings(plan: &Plan, desired: Desired, first: &[Task], kinds: &Kinds) -> Vec<Diagnostic> {
    let mut found = kinds::unknown(desired, first, kinds);
    found.extend(kinds::untried(desired, first, kinds));
    found.extend(ungated::ungated(plan, desired));
    found.extend(degraded::degraded(plan, desired));
    found.extend(needs::needs(plan, desired));
    found.extend(claims::before_consumers(plan, desired));
    found.extend(blocking::blocking(plan, desired));
    found
}

/// `Deployment/a`, or `Deployment/a and 3 more`.
fn and_more(items: &[&Item]) -> String {
    match items {
        [] => String::new(),
        [only] => only.id.to_string(),
        [first, rest @ ..] => format!("{} and {} more", first.id, rest.len()),
    }
}
