//! Argo CD's side: what its repo-server tells a plugin, and the server that it tells it to.
//!
//! A request goes through these files in this order:
//!
//! | file | what happens there |
//! |---|---|
//! | `listener`, `authority`, `server`, `router` | the socket, its services, the end |
//! | `call` | deadline, id, log line and timings of one request |
//! | `stream`, `unpack` | chunks become a tree while they arrive; nothing touches the disk |
//! | `cache`, `limits` | what is remembered, and what a request may ask for |
//! | `service` | the four calls |
//! | `environment`, `work`, `answer`, `failure` | variables to options; the set, or the findings as one text |
//! | `discovery`, `parameters` | whether an Application is ours; what it can be told |
//! | `config`, `fields`, `command` | `plugin.yaml` |
//! | `metrics`, `exposition`, `log`, `probe` | what an operator sees |

mod answer;
mod authority;
mod cache;
mod call;
mod command;
mod config;
mod descriptor;
mod discovery;
mod environment;
mod exposition;
mod failure;
mod fields;
mod limits;
#[expect(clippy::disallowed_methods, reason = "the edge that owns the socket's file")]
mod listener;
mod log;
mod metrics;
mod parameters;
mod probe;
pub mod proto;
mod router;
mod server;
mod service;
mod stream;
mod unpack;
mod work;

pub use command::GenerateFlags;
pub use config::{CONFIG_FILE, ConfigError, Discover, PluginConfig};
pub use environment::{Environment, EnvironmentError, Request};
pub use limits::Limits;
pub use listener::ListenError;
pub use log::{LogFormat, start as start_log};
pub use parameters::announce;
pub use probe::{ProbeError, check};
pub use proto::ParameterAnnouncement;
pub use server::{ServeError, ServeOptions, serve, socket_path};
pub use unpack::{UnpackError, Unpacker};
