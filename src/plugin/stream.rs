//! An application stream: metadata, then the archive in chunks of usually one kilobyte, then the end.
//! `ReceiveRepoStream` of `util/cmp/stream.go`, except that nothing is written to disk and that it is always read to
//! its end: an answer that comes earlier makes Argo CD's client fail with `error sending stream: EOF` and hides the
//! reason.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_stream::{Stream, StreamExt};
use tonic::{Code, Status};

use super::cache::{Arrival, Lease, Start, Trees};
use super::limits::Limits;
use super::proto::{AppStreamRequest, ManifestRequestMetadata, StreamPart};
use super::unpack::{UnpackError, Unpacker};
use crate::source::ArchiveTree;

/// How much is inflated before other streams get their turn.
const SLICE: usize = 128 << 10;

/// How long a stream whose bytes have all come waits for another one to unpack the same archive.
const PATIENCE: Duration = Duration::from_millis(500);

/// A stream that brings nothing usable, in the stock server's words.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum StreamError {
    /// It ended before it began.
    #[error("error receiving stream header: EOF")]
    Empty,
    /// The first message is no metadata.
    #[error("error getting stream metadata: metadata is nil")]
    NoMetadata,
    /// A later message brings no chunk.
    #[error("error receiving tgz file: stream request file is nil")]
    NoFile,
    /// The bytes are not those that the client meant to send.
    #[error("error receiving tgz file: file checksum validation error")]
    Checksum,
    /// The connection broke, or the client gave up.
    #[error("error receiving tgz file: stream Recv error: {0}")]
    Broken(String),
    /// Nothing came for too long.
    #[error("error receiving tgz file: nothing came for {} s; see --stream-idle-timeout of `cmp serve`", .0.as_secs())]
    Idle(Duration),
    /// The archive is refused.
    #[error("error decompressing tgz file: {0}")]
    Unpack(#[from] UnpackError),
}

impl StreamError {
    /// The gRPC code: the stock server answers Unknown to everything.
    pub(super) fn code(&self) -> Code {
        match self {
            Self::Unpack(UnpackError::Limit { .. }) => Code::ResourceExhausted,
            Self::Broken(_) => Code::Cancelled,
            Self::Idle(_) => Code::DeadlineExceeded,
            _ => Code::InvalidArgument,
        }
    }
}

/// Where a tree came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// An earlier request had the same archive.
    Cached,
    /// Another request was unpacking the same archive.
    Shared,
    /// This request unpacked it.
    Unpacked,
}

impl Origin {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Cached => "cached",
            Self::Shared => "shared",
            Self::Unpacked => "unpacked",
        }
    }
}

/// A stream that was read to its end.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) metadata: ManifestRequestMetadata,
    pub(super) tree: Arc<ArchiveTree>,
    pub(super) origin: Origin,
    pub(super) bytes: u64,
}

/// Reads a stream to its end.
pub(super) async fn receive<S>(mut stream: S, trees: &Arc<Trees>, limits: &Limits) -> Result<Received, StreamError>
where
    S: Stream<Item = Result<AppStreamRequest, Status>> + Unpin,
{
    let received = read(&mut stream, trees, limits).await;
    if received.is_err() {
        drain(&mut stream, limits.idle).await;
    }
    received
}

async fn read<S>(stream: &mut S, trees: &Arc<Trees>, limits: &Limits) -> Result<Received, StreamError>
where
    S: Stream<Item = Result<AppStreamRequest, Status>> + Unpin,
{
    let metadata = match next(stream, limits.idle).await? {
        None => return Err(StreamError::Empty),
        Some(AppStreamRequest { request: Some(StreamPart::Metadata(metadata)) }) => metadata,
        Some(_) => return Err(StreamError::NoMetadata),
    };
    let mut sink = Sink::new(trees, limits, &metadata.checksum);
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    while let Some(message) = next(stream, limits.idle).await? {
        let Some(StreamPart::File(file)) = message.request else { return Err(StreamError::NoFile) };
        hash.update(&file.chunk);
        bytes += file.chunk.len() as u64;
        sink.take(file.chunk).await;
        tokio::task::coop::consume_budget().await;
    }
    if hex(&hash.finalize()) != metadata.checksum {
        return Err(StreamError::Checksum);
    }
    let (tree, origin) = sink.finish(&metadata.checksum, limits).await?;
    Ok(Received { metadata, tree, origin, bytes })
}

/// The next message; `None` at the end.
async fn next<S>(stream: &mut S, idle: Duration) -> Result<Option<AppStreamRequest>, StreamError>
where
    S: Stream<Item = Result<AppStreamRequest, Status>> + Unpin,
{
    let message = timeout(idle, stream.next()).await.map_err(|_| StreamError::Idle(idle))?;
    message.transpose().map_err(|status| StreamError::Broken(status.message().to_owned()))
}

/// Reads what is left and forgets it.
async fn drain<S>(stream: &mut S, idle: Duration)
where
    S: Stream<Item = Result<AppStreamRequest, Status>> + Unpin,
{
    while matches!(timeout(idle, stream.next()).await, Ok(Some(Ok(_)))) {
        tokio::task::coop::consume_budget().await;
    }
}

/// Where the bytes of an archive go.
enum Sink {
    /// Nowhere: the tree is known.
    Known(Arc<ArchiveTree>),
    /// Into a buffer, until another stream has unpacked the same archive, or could not.
    Waiting { arrival: Arrival, lease: Lease, chunks: Vec<Bytes>, bytes: u64 },
    /// Into a tree.
    Unpacking { sender: watch::Sender<Option<Arc<ArchiveTree>>>, lease: Lease, unpacker: Box<Unpacker> },
    /// Nowhere: the archive is refused. Whether it came whole is still to be told.
    Refused(UnpackError),
}

impl Sink {
    fn new(trees: &Arc<Trees>, limits: &Limits, checksum: &str) -> Self {
        match trees.start(checksum) {
            Start::Known(tree) => Self::Known(tree),
            Start::Arriving(arrival) => Self::Waiting { arrival, lease: trees.lease(), chunks: Vec::new(), bytes: 0 },
            Start::Unpack(sender) => {
                Self::Unpacking { sender, lease: trees.lease(), unpacker: Box::new(Unpacker::new(limits)) }
            }
        }
    }

    async fn take(&mut self, chunk: Bytes) {
        match self {
            Self::Known(_) | Self::Refused(_) => {}
            Self::Waiting { lease, chunks, bytes, .. } => {
                *bytes += (chunk.len() + size_of::<Bytes>()) as u64;
                lease.grow(*bytes).await;
                chunks.push(chunk);
            }
            Self::Unpacking { lease, unpacker, .. } => {
                if let Err(error) = feed(unpacker, lease, &chunk).await {
                    *self = Self::Refused(error);
                }
            }
        }
    }

    /// The tree, after the checksum was found right.
    async fn finish(self, checksum: &str, limits: &Limits) -> Result<(Arc<ArchiveTree>, Origin), UnpackError> {
        match self {
            Self::Known(tree) => Ok((tree, Origin::Cached)),
            Self::Refused(error) => Err(error),
            Self::Unpacking { sender, lease, unpacker } => {
                let tree = lease.keep(checksum, unpacker.finish()?);
                sender.send_replace(Some(Arc::clone(&tree)));
                Ok((tree, Origin::Unpacked))
            }
            Self::Waiting { mut arrival, mut lease, chunks, bytes } => {
                if let Ok(Ok(tree)) = timeout(PATIENCE, arrival.wait_for(Option::is_some)).await
                    && let Some(tree) = tree.as_ref()
                {
                    return Ok((Arc::clone(tree), Origin::Shared));
                }
                // The other stream broke off, was wrong or is slow: no harm done, the bytes are here.
                let mut unpacker = Unpacker::new(limits);
                for chunk in chunks {
                    feed_beside(&mut unpacker, &mut lease, &chunk, bytes).await?;
                }
                Ok((lease.keep(checksum, unpacker.finish()?), Origin::Unpacked))
            }
        }
    }
}

async fn feed(unpacker: &mut Unpacker, lease: &mut Lease, chunk: &[u8]) -> Result<(), UnpackError> {
    feed_beside(unpacker, lease, chunk, 0).await
}

/// Feeds a chunk while `buffered` bytes are held as well.
async fn feed_beside(
    unpacker: &mut Unpacker,
    lease: &mut Lease,
    chunk: &[u8],
    buffered: u64,
) -> Result<(), UnpackError> {
    for slice in chunk.chunks(SLICE) {
        unpacker.feed(slice)?;
        lease.grow(buffered + unpacker.memory() as u64).await;
        if slice.len() == SLICE {
            tokio::task::yield_now().await;
        }
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}
