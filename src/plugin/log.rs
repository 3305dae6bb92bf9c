//! Structured logs on standard error: one line a request, with its id and the time of each stage. Of the variables of a
//! request only the Application's name, path and revision are written; never a value that a user chose.

use tracing_subscriber::filter::LevelFilter;

/// How lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For a terminal.
    Text,
}

/// Sends the logs of this process to standard error. Only the first call counts.
pub fn start(format: LogFormat, level: LevelFilter) {
    let builder = tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(level).with_target(false);
    // A second call, from a test in the same process, finds the first one's.
    let _ = match format {
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        LogFormat::Text => builder.with_ansi(false).try_init(),
    };
}
