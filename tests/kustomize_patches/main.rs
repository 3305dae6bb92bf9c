//! Patches give what the real kustomize gives: tables of cases, and generated ones.
#![expect(clippy::disallowed_methods, reason = "a test writes overlays and starts the peer")]

mod case;
mod entries;
mod random;
mod rng;
#[path = "../support/mod.rs"]
mod support;
mod table;
mod targets;
