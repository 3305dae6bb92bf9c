//! One request from its first byte to the line that is logged about it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use http::HeaderMap;
use tokio::time::Instant;
use tonic::{Code, Status};

use super::metrics::{Method, Metrics, Stage};

/// How much earlier than the client's deadline we stop, so that the reason still arrives: `cmpTimeoutBuffer` of
/// `cmpserver/plugin/plugin.go`.
const BUFFER: Duration = Duration::from_millis(100);

/// A request without a deadline ends after this time all the same.
const LONGEST: Duration = Duration::from_hours(1);

/// No answer, with the text that the user sees.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) code: Code,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// What is known about a request by the time it ends. A client that gives up drops it, and that is logged too.
pub(super) struct Call {
    pub(super) deadline: Instant,
    pub(super) id: String,
    pub(super) application: String,
    pub(super) path: String,
    pub(super) revision: String,
    pub(super) tree: &'static str,
    pub(super) result: &'static str,
    pub(super) bytes: u64,
    pub(super) manifests: usize,
    method: Method,
    metrics: Arc<Metrics>,
    started: Instant,
    last: Instant,
    stages: [Duration; 4],
    ended: bool,
}

impl Call {
    pub(super) fn start(method: Method, headers: &HeaderMap, metrics: &Arc<Metrics>) -> Self {
        let now = Instant::now();
        metrics.running.fetch_add(1, Relaxed);
        Self {
            deadline: now + within(headers).map_or(LONGEST, earlier),
            id: id(headers),
            application: String::new(),
            path: String::new(),
            revision: String::new(),
            tree: "none",
            result: "none",
            bytes: 0,
            manifests: 0,
            method,
            metrics: Arc::clone(metrics),
            started: now,
            last: now,
            stages: [Duration::ZERO; 4],
            ended: false,
        }
    }

    /// Ends a stage; the next one starts.
    pub(super) fn stage(&mut self, stage: Stage) {
        let now = Instant::now();
        let took = now - self.last;
        self.last = now;
        if let Some(slot) = self.stages.get_mut(stage as usize) {
            *slot = took;
        }
        self.metrics.stage(stage, took);
    }

    /// Logs and counts the answer.
    pub(super) fn end<T>(mut self, answer: Result<T, Refusal>) -> Result<tonic::Response<T>, Status> {
        match answer {
            Ok(answer) => {
                self.finish(Code::Ok, "");
                Ok(tonic::Response::new(answer))
            }
            Err(Refusal { code, message }) => {
                self.finish(code, &message);
                Err(Status::new(code, message))
            }
        }
    }

    fn finish(&mut self, code: Code, error: &str) {
        self.ended = true;
        let total = Instant::now() - self.started;
        self.metrics.running.fetch_sub(1, Relaxed);
        self.metrics.request(self.method, code);
        self.metrics.stage(Stage::Total, total);
        let [wait, receive, queue, work] = self.stages.map(milliseconds);
        macro_rules! line {
            ($level:ident, $message:literal $(, $field:ident = $value:expr)*) => {
                tracing::$level!(
                    request = self.id, method = self.method.name(), code = ?code, app = self.application,
                    path = self.path, revision = self.revision, bytes = self.bytes, tree = self.tree,
                    result = self.result, manifests = self.manifests, wait_ms = wait, receive_ms = receive,
                    queue_ms = queue, work_ms = work, total_ms = milliseconds(total) $(, $field = $value)*, $message
                )
            };
        }
        match code {
            Code::Ok => line!(info, "answered"),
            Code::Internal => line!(error, "failed", error = error),
            _ => line!(warn, "refused", error = error),
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if !self.ended {
            self.finish(Code::Cancelled, "the client gave up");
        }
    }
}

fn milliseconds(duration: Duration) -> f64 {
    // Three digits behind the point are enough for a log.
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

/// The time until we stop, for a request that the client gives `timeout`.
fn earlier(timeout: Duration) -> Duration {
    // Half of a very short time, so that there is some left at all.
    timeout.saturating_sub(BUFFER.min(timeout / 2))
}

/// The `grpc-timeout` header: at most eight digits and a unit.
fn within(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get("grpc-timeout")?.to_str().ok()?;
    let unit = text.chars().last()?;
    let number: u64 = text[..text.len() - unit.len_utf8()].parse().ok()?;
    Some(
        match unit {
            'H' => Duration::from_secs(number.saturating_mul(3600)),
            'M' => Duration::from_secs(number.saturating_mul(60)),
            'S' => Duration::from_secs(number),
            'm' => Duration::from_millis(number),
            'u' => Duration::from_micros(number),
            'n' => Duration::from_nanos(number),
            _ => return None,
        }
        .min(LONGEST),
    )
}

/// The trace that the client is in (Argo CD sends W3C trace context), else a number of our own.
fn id(headers: &HeaderMap) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let trace = headers.get("traceparent").and_then(|value| value.to_str().ok()?.split('-').nth(1));
    match trace.filter(|id| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        Some(trace) => trace.to_owned(),
        None => NEXT.fetch_add(1, Relaxed).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::HeaderMap;

    use super::{earlier, id, within};

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(http::HeaderName::from_static(name), value.parse().expect("a header"))])
    }

    #[test]
    fn deadlines_are_read_and_kept_a_little_early() {
        let read = |text| within(&headers("grpc-timeout", text));
        assert_eq!(read("1500m"), Some(Duration::from_millis(1500)));
        assert_eq!(read("59999834u"), Some(Duration::from_micros(59_999_834)));
        assert_eq!((read("1x"), read("m"), read("")), (None, None, None));
        assert_eq!(earlier(Duration::from_secs(1)), Duration::from_millis(900));
        assert_eq!(earlier(Duration::from_millis(50)), Duration::from_millis(25));
    }

    #[test]
    fn the_clients_trace_names_the_request() {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        assert_eq!(id(&headers("traceparent", &format!("00-{trace}-00f067aa0ba902b7-01"))), trace);
        assert_ne!(id(&headers("traceparent", "odd")), id(&headers("traceparent", "odd")));
    }
}
