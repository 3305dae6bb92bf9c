//! `cmp serve`: flags and `plugin.yaml` become options, the server does the rest.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::{Args, ValueEnum};

use super::Status;
use crate::plugin::{self, Limits, LogFormat, PluginConfig, ServeOptions};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The folder of plugin.yaml
    #[arg(long, value_name = "DIR", default_value = "/home/argocd/cmp-server/config")]
    config_dir_path: PathBuf,

    /// The folder of sockets that repo-server looks into
    #[arg(long, value_name = "DIR", env = "ARGOCD_PLUGINSOCKFILEPATH")]
    #[arg(default_value = "/home/argocd/cmp-server/plugins")]
    socket_dir: PathBuf,

    /// Ask a running server whether it serves, and end: for an exec probe
    #[arg(long)]
    check: bool,

    /// How log lines look
    #[arg(long, alias = "logformat", value_enum, env = "ARGOCD_CMP_SERVER_LOGFORMAT", default_value_t = Format::Json)]
    log_format: Format,

    /// Which log lines there are
    #[arg(long, alias = "loglevel", value_enum, env = "ARGOCD_CMP_SERVER_LOGLEVEL", default_value_t = Level::Info)]
    log_level: Level,

    /// Serve Prometheus metrics on this address, such as 127.0.0.1:9099
    #[arg(long, value_name = "ADDRESS")]
    metrics_address: Option<SocketAddr>,

    /// Seconds that requests may take to finish after SIGTERM
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    shutdown_grace: u64,

    #[command(flatten)]
    limits: LimitArguments,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
struct LimitArguments {
    /// MiB of one archive, compressed
    #[arg(long, value_name = "MIB", default_value_t = Limits::default().archive_bytes >> 20)]
    max_archive_mib: u64,

    /// MiB of one archive, inflated, kept or not
    #[arg(long, value_name = "MIB", default_value_t = Limits::default().unpacked_bytes >> 20)]
    max_unpacked_mib: u64,

    /// How many times larger an archive may become when it is inflated (past 32 MiB)
    #[arg(long, value_name = "TIMES", default_value_t = Limits::default().ratio)]
    max_ratio: u64,

    /// Files, folders and links of one archive
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().entries)]
    max_entries: usize,

    /// KiB of one file that is neither YAML nor JSON; a larger one cannot be read by an overlay
    #[arg(long, value_name = "KIB", default_value_t = Limits::default().other_file_bytes >> 10)]
    max_other_file_kib: u64,

    /// MiB kept of one archive
    #[arg(long, value_name = "MIB", default_value_t = Limits::default().tree_bytes >> 20)]
    max_tree_mib: u64,

    /// MiB of all trees, received and cached; streams wait when it is used up
    #[arg(long, value_name = "MIB", default_value_t = Limits::default().memory_bytes >> 20)]
    memory_mib: u64,

    /// MiB of cached answers
    #[arg(long, value_name = "MIB", default_value_t = Limits::default().results_bytes >> 20)]
    results_mib: u64,

    /// Streams that are received at the same time; more wait
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().streams)]
    max_streams: usize,

    /// Sets that are generated at the same time; more wait [default: one for each processor]
    #[arg(long, value_name = "COUNT")]
    workers: Option<usize>,

    /// Seconds for which a stream may bring nothing
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().idle.as_secs())]
    stream_idle_timeout: u64,

    /// KiB of an error text
    #[arg(long, value_name = "KIB", default_value_t = Limits::default().error_bytes >> 10)]
    max_error_kib: usize,

    /// MiB of one gRPC message
    #[arg(long, value_name = "MIB", env = "ARGOCD_GRPC_MAX_SIZE_MB")]
    #[arg(default_value_t = Limits::default().message_bytes >> 20)]
    max_message_mib: usize,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// One JSON object a line
    Json,
    /// For a terminal
    Text,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Level {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let (config, warnings) = PluginConfig::read(&arguments.config_dir_path)?;
    if arguments.check {
        let socket = plugin::socket_path(&arguments.socket_dir, &config);
        plugin::check(&socket).with_context(|| format!("{}", socket.display()))?;
        return Ok(Status::Complete);
    }
    plugin::start_log(arguments.log_format.into(), arguments.log_level.into());
    for warning in &warnings {
        tracing::warn!("{warning}");
    }
    if config.discover == plugin::Discover::None {
        let name = config.full_name();
        tracing::info!("no discovery is configured: Applications name the plugin, spec.source.plugin.name: {name}");
    }
    plugin::serve(ServeOptions {
        config,
        socket_folder: arguments.socket_dir.clone(),
        limits: arguments.limits.read(),
        metrics: arguments.metrics_address,
        grace: Duration::from_secs(arguments.shutdown_grace),
    })?;
    Ok(Status::Complete)
}

impl LimitArguments {
    fn read(&self) -> Limits {
        let mib = |number: u64| number.saturating_mul(1 << 20);
        let defaults = Limits::default();
        Limits {
            archive_bytes: mib(self.max_archive_mib),
            unpacked_bytes: mib(self.max_unpacked_mib),
            ratio: self.max_ratio,
            entries: self.max_entries,
            other_file_bytes: self.max_other_file_kib.saturating_mul(1 << 10),
            // Positions in a tree have 32 bits.
            tree_bytes: mib(self.max_tree_mib.min(2048)),
            memory_bytes: mib(self.memory_mib),
            results_bytes: mib(self.results_mib),
            streams: self.max_streams.max(1),
            workers: self.workers.unwrap_or(defaults.workers).max(1),
            idle: Duration::from_secs(self.stream_idle_timeout.max(1)),
            error_bytes: self.max_error_kib.saturating_mul(1 << 10),
            message_bytes: self.max_message_mib.saturating_mul(1 << 20),
        }
    }
}

impl From<Format> for LogFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Json => Self::Json,
            Format::Text => Self::Text,
        }
    }
}

impl From<Level> for tracing::level_filters::LevelFilter {
    fn from(level: Level) -> Self {
        match level {
            Level::Trace => Self::TRACE,
            Level::Debug => Self::DEBUG,
            Level::Info => Self::INFO,
            Level::Warn => Self::WARN,
            Level::Error => Self::ERROR,
        }
    }
}
