//! Under way.
pub mod patch;
