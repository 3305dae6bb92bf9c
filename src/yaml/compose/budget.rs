//! How much a document may ask for.

use super::super::error::{Place, Problem, Step};

/// Counts what is composed.
///
/// Go's reader refuses a document once too large a part of its decoding steps comes from aliases; it counts every
/// scalar, collection and alias, keys included. The same steps are counted here, so the same documents are refused.
#[derive(Debug, Default)]
pub(super) struct Budget {
    steps: u32,
    aliased: u32,
    nodes: usize,
}

/// Up to this many steps nearly all of them may come from aliases.
const SMALL: f64 = 400_000.0;
/// From this many on, a tenth.
const LARGE: f64 = 4_000_000.0;

impl Budget {
    /// One decoding step at `place`; `aliased` if an alias led there.
    pub(super) fn count(&mut self, aliased: bool, place: Place) -> Step<()> {
        self.steps = self.steps.saturating_add(1);
        self.aliased = self.aliased.saturating_add(aliased.into());
        if self.aliased > 100 && self.steps > 1000 && self.excessive() {
            return Err(Problem::of("yaml-too-large", place, "nearly all of this document comes out of its aliases")
                .help("write the values out, or use fewer aliases that contain aliases"));
        }
        Ok(())
    }

    fn excessive(&self) -> bool {
        let steps = f64::from(self.steps);
        let allowed = if steps <= SMALL {
            0.99
        } else if steps >= LARGE {
            0.10
        } else {
            0.99 - 0.89 * ((steps - SMALL) / (LARGE - SMALL))
        };
        f64::from(self.aliased) / steps > allowed
    }

    /// One more node.
    pub(super) fn node(&mut self, limit: usize, place: Place) -> Step<()> {
        self.nodes += 1;
        if self.nodes > limit {
            return Err(Problem::of("yaml-too-large", place, format!("the document has more than {limit} nodes"))
                .help("split it into several documents"));
        }
        Ok(())
    }
}
