//! The stack: components and phases, and the sync waves, pins and marker that make their order real.

mod assign;
mod children;
mod claim;
mod components;
mod dry_run;
mod file;
mod find;
mod load;
mod marker;
mod order;
mod select;
mod types;
mod waves;

pub use assign::assign;
pub use children::{Child, Follow, children, follow};
pub use claim::Claim;
pub use dry_run::skip_missing_kinds;
pub use find::{STACK_FILE, find};
pub use load::load;
pub use marker::marker;
pub use select::{Choice, OVERLAY_FILES, is_overlay, overlays, select};
pub use types::{Component, Environment, Phase, Rollout, Stack};
pub use waves::{WAVES_PER_PHASE, assign_waves, first_wave};
