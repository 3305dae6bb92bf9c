//! Argo CD's side: what its repo-server tells a plugin.

mod environment;

pub use environment::{Environment, EnvironmentError, Request};
