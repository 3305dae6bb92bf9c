//! What a request may ask for before it is refused. Every number is a flag of `cmp serve`; the defaults are far above
//! any repository that Argo CD should send and far below what would hurt the repo-server's pod.

use std::time::Duration;

const MIB: u64 = 1 << 20;

/// Bounds of one request and of all of them together.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Compressed bytes of one archive.
    pub archive_bytes: u64,
    /// Bytes of one archive once it is inflated, kept or not.
    pub unpacked_bytes: u64,
    /// How many times larger an archive may become; counts only past [`Limits::RATIO_FREE`].
    pub ratio: u64,
    /// Entries of one archive.
    pub entries: usize,
    /// Bytes of one file that is neither YAML nor JSON: no larger one fits into a `ConfigMap` or a Secret, whose data
    /// the Kubernetes API server bounds by 1 MiB.
    pub other_file_bytes: u64,
    /// Bytes kept of one archive.
    pub tree_bytes: u64,
    /// Bytes of all trees, those being received and those cached.
    pub memory_bytes: u64,
    /// Bytes of all cached answers.
    pub results_bytes: u64,
    /// Streams that are received at the same time; more wait.
    pub streams: usize,
    /// Sets that are generated at the same time; more wait.
    pub workers: usize,
    /// How long a stream may bring nothing.
    pub idle: Duration,
    /// Bytes of an error text.
    pub error_bytes: usize,
    /// Bytes of one gRPC message, either way.
    pub message_bytes: usize,
}

impl Limits {
    /// Whatever its ratio, an archive may grow to this size: zeros and empty folders compress very well.
    pub const RATIO_FREE: u64 = 32 * MIB;

    /// Bytes of a path, and of a PAX or GNU header that brings one: as `archive/tar` of Go, and Linux' `PATH_MAX`.
    pub const PATH_BYTES: usize = 4096;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            archive_bytes: 512 * MIB,
            unpacked_bytes: 4096 * MIB,
            ratio: 250,
            entries: 250_000,
            other_file_bytes: MIB,
            tree_bytes: 96 * MIB,
            memory_bytes: 96 * MIB,
            results_bytes: 16 * MIB,
            streams: 32,
            workers: std::thread::available_parallelism().map_or(2, usize::from),
            idle: Duration::from_secs(30),
            error_bytes: 8 << 10,
            message_bytes: 100 << 20,
        }
    }
}
