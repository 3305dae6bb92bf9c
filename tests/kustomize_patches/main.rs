//! Patches give what the real kustomize gives: tables of cases, and generated ones.

mod case;
mod entries;
mod random;
mod rng;
mod table;
mod targets;
