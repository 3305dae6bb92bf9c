//! The server: a socket, the services on it, and an end that lets requests finish.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::UnixListenerStream;
use tonic::transport::Server;

use super::authority::Connection;
use super::config::PluginConfig;
use super::exposition;
use super::limits::Limits;
use super::listener::{ListenError, Socket};
use super::router::Router;
use super::service::Plugin;

/// What a stream may bring before it is read: the back-pressure that a client feels.
const WINDOW: u32 = 1 << 20;

/// Stack of a worker, as large as that of the main thread: the same overlay works here and in `cmp generate`.
const STACK: usize = 8 << 20;

/// How to serve.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// What `plugin.yaml` says.
    pub config: PluginConfig,
    /// The folder of sockets.
    pub socket_folder: PathBuf,
    /// Bounds.
    pub limits: Limits,
    /// Where metrics are scraped; nowhere by default.
    pub metrics: Option<SocketAddr>,
    /// How long requests may take to finish once the server is asked to end.
    pub grace: Duration,
}

impl ServeOptions {
    /// The socket of the plugin.
    pub fn socket(&self) -> PathBuf {
        socket_path(&self.socket_folder, &self.config)
    }
}

/// The socket of a plugin in a folder of sockets.
pub fn socket_path(folder: &std::path::Path, config: &PluginConfig) -> PathBuf {
    folder.join(format!("{}.sock", config.full_name()))
}

/// The server could not start, or broke.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// No socket.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// No port for metrics.
    #[error("cannot listen on {address} for metrics: {error}")]
    Metrics {
        /// The address.
        address: SocketAddr,
        /// The cause.
        error: std::io::Error,
    },
    /// No threads, no signals.
    #[error("cannot start: {0}")]
    Start(#[from] std::io::Error),
    /// Reflection cannot describe our own messages.
    #[error("cannot start: {0}")]
    Reflection(#[from] tonic_reflection::server::Error),
    /// The transport broke.
    #[error("the server broke: {0}")]
    Transport(#[from] tonic::transport::Error),
}

/// Serves until SIGTERM or SIGINT. The runtime is made here, so that no other command pays for it.
pub fn serve(options: ServeOptions) -> Result<(), ServeError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .thread_stack_size(STACK)
        .max_blocking_threads(options.limits.workers.max(1) + 1)
        .enable_all()
        .build()?;
    let served = runtime.block_on(run(options));
    // Work whose client is gone is of no use to anybody.
    runtime.shutdown_background();
    served
}

async fn run(options: ServeOptions) -> Result<(), ServeError> {
    let path = options.socket();
    let plugin = Plugin::new(options.config, options.limits);
    let (reporter, health) = tonic_health::server::health_reporter();
    let router = Router::new(Arc::clone(&plugin), health)?;
    if let Some(address) = options.metrics {
        let listener = TcpListener::bind(address).await.map_err(|error| ServeError::Metrics { address, error })?;
        tracing::info!(address = %listener.local_addr()?, "serving metrics");
        tokio::spawn(exposition::serve(listener, Arc::new(move || plugin.metrics())));
    }
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let (socket, listener) = Socket::bind(&path)?;
    tracing::info!(socket = %path.display(), "serving");
    let (ended, mut ending) = watch::channel(false);
    let asked = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        // First of all nobody finds us any more.
        if let Err(error) = socket.remove() {
            tracing::warn!(%error, "the socket cannot be removed");
        }
        reporter.set_service_status("", tonic_health::ServingStatus::NotServing).await;
        tracing::info!("ending once every request is answered");
        let _ = ended.send(true);
    };
    let connections = UnixListenerStream::new(listener).map(|stream| stream.map(Connection::new));
    let serving = Server::builder()
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(WINDOW)
        .serve_with_incoming_shutdown(router, connections, asked);
    let grace = async move {
        // Without a sender nobody ends: the server broke.
        if ending.wait_for(|ended| *ended).await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(options.grace).await;
    };
    tokio::select! {
        served = serving => served?,
        () = grace => tracing::warn!("some requests were not answered in time"),
    }
    Ok(())
}
