//! The metrics page over HTTP. One page, one method: enough of HTTP/1.1 for Prometheus and for `curl`.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// Bytes of a request that are read before it is taken for nonsense.
const REQUEST: usize = 8 << 10;
const PATIENCE: Duration = Duration::from_secs(5);

/// Answers scrapes until it is dropped.
pub(super) async fn serve(listener: TcpListener, page: Arc<dyn Fn() -> String + Send + Sync>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let page = Arc::clone(&page);
                tokio::spawn(async move {
                    if let Ok(Err(error)) = timeout(PATIENCE, answer(stream, &*page)).await {
                        tracing::debug!(%error, "a scrape broke off");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "the metrics port takes no connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn answer(mut stream: TcpStream, page: &(dyn Fn() -> String + Send + Sync)) -> io::Result<()> {
    let mut request = Vec::new();
    while !request.windows(4).any(|end| end == b"\r\n\r\n") && request.len() < REQUEST {
        if stream.read_buf(&mut request).await? == 0 {
            return Ok(());
        }
    }
    let is_page = request.starts_with(b"GET /metrics ") || request.starts_with(b"GET /metrics?");
    let (status, body) = if is_page { ("200 OK", page()) } else { ("404 Not Found", "see /metrics\n".to_owned()) };
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    stream.shutdown().await
}
