//! `cmp serve --check`: one health call to the socket, for an exec probe. A container without a shell has no `grpcurl`.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use h2::client;
use http::{HeaderMap, Request};
use tokio::net::UnixStream;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(5);

/// `HealthCheckRequest` without a service, in its gRPC frame.
const QUESTION: [u8; 5] = [0; 5];

/// `HealthCheckResponse` that says SERVING.
const SERVING: [u8; 7] = [0, 0, 0, 0, 2, 0x08, 1];

/// The server does not answer as it should.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// Nobody listens.
    #[error("cannot connect: {0}")]
    Connect(#[from] std::io::Error),
    /// No HTTP/2 that we understand.
    #[error("the answer cannot be read: {0}")]
    Http(#[from] h2::Error),
    /// No answer within five seconds.
    #[error("no answer within {} s", PATIENCE.as_secs())]
    Late,
    /// It says that it does not serve.
    #[error("the server says that it does not serve")]
    NotServing,
}

/// Asks the server behind `socket` whether it serves.
pub fn check(socket: &Path) -> Result<(), ProbeError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async { timeout(PATIENCE, ask(socket)).await.map_err(|_| ProbeError::Late)? })
}

async fn ask(socket: &Path) -> Result<(), ProbeError> {
    let stream = UnixStream::connect(socket).await?;
    let (sender, connection) = client::handshake(stream).await?;
    let connection = tokio::spawn(connection);
    let request = Request::post("http://localhost/grpc.health.v1.Health/Check")
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .body(())
        .unwrap_or_default();
    let (answer, mut question) = sender.ready().await?.send_request(request, false)?;
    question.send_data(Bytes::from_static(&QUESTION), true)?;
    let answer = answer.await?;
    let mut failed = is_failure(answer.headers());
    let mut body = answer.into_body();
    let mut bytes = Vec::new();
    while let Some(chunk) = body.data().await {
        let chunk = chunk?;
        body.flow_control().release_capacity(chunk.len())?;
        bytes.extend_from_slice(&chunk);
        if bytes.len() > SERVING.len() {
            break;
        }
    }
    failed |= body.trailers().await?.as_ref().is_some_and(is_failure);
    connection.abort();
    if failed || bytes != SERVING { Err(ProbeError::NotServing) } else { Ok(()) }
}

fn is_failure(headers: &HeaderMap) -> bool {
    headers.get("grpc-status").is_some_and(|status| status != "0")
}
