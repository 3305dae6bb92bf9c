//! What the server counts, in the text format that Prometheus scrapes. A handful of numbers with fixed labels do not
//! need a library: each is an atomic, and the exposition is this file.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use tonic::Code;

/// The methods that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Generate,
    Match,
    Parameters,
    Check,
}

impl Method {
    const ALL: [Self; 4] = [Self::Generate, Self::Match, Self::Parameters, Self::Check];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Generate => "GenerateManifest",
            Self::Match => "MatchRepository",
            Self::Parameters => "GetParametersAnnouncement",
            Self::Check => "CheckPluginConfiguration",
        }
    }
}

/// The stages of a request.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stage {
    /// Until a stream may be read.
    Wait,
    /// Until the stream is read, and its archive unpacked.
    Receive,
    /// Until a worker is free.
    Queue,
    /// The work itself.
    Work,
    /// All of it.
    Total,
}

impl Stage {
    const ALL: [Self; 5] = [Self::Wait, Self::Receive, Self::Queue, Self::Work, Self::Total];

    const fn name(self) -> &'static str {
        ["wait", "receive", "queue", "work", "total"][self as usize]
    }
}

/// Upper bounds of the buckets, in microseconds.
const BUCKETS: [u64; 12] =
    [500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 5_000_000, 30_000_000];

/// Codes of gRPC, 0 to 16.
const CODES: usize = 17;

#[derive(Debug, Default)]
struct Histogram {
    buckets: [AtomicU64; BUCKETS.len()],
    count: AtomicU64,
    micros: AtomicU64,
}

impl Histogram {
    fn observe(&self, duration: Duration) {
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        if let Some(bucket) = BUCKETS.iter().position(|bound| micros <= *bound) {
            self.buckets[bucket].fetch_add(1, Relaxed);
        }
        self.count.fetch_add(1, Relaxed);
        self.micros.fetch_add(micros, Relaxed);
    }
}

/// Every counter of the server.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    requests: [[AtomicU64; CODES]; Method::ALL.len()],
    stages: [Histogram; Stage::ALL.len()],
    /// Requests that are being answered.
    pub(super) running: AtomicU64,
    /// Compressed bytes received.
    pub(super) received_bytes: AtomicU64,
    /// Archives whose tree was known, came from another stream, or was unpacked.
    pub(super) trees: [AtomicU64; 3],
    /// Answers that were known, or were made.
    pub(super) results: [AtomicU64; 2],
    /// Errors, and findings of less weight.
    pub(super) findings: [AtomicU64; 2],
}

/// What is not counted but looked up.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Usage {
    pub(super) tree_bytes: u64,
    pub(super) trees: u64,
    pub(super) result_bytes: u64,
}

impl Metrics {
    pub(super) fn request(&self, method: Method, code: Code) {
        self.requests[method as usize][(code as usize).min(CODES - 1)].fetch_add(1, Relaxed);
    }

    pub(super) fn stage(&self, stage: Stage, duration: Duration) {
        self.stages[stage as usize].observe(duration);
    }

    /// The exposition.
    pub(super) fn render(&self, usage: Usage) -> String {
        let mut page = Page(String::new());
        self.render_requests(&mut page);
        self.render_stages(&mut page);
        let get = |counter: &AtomicU64| counter.load(Relaxed);
        page.family("cmp_requests_running", "gauge", "Requests that are being answered");
        page.line("cmp_requests_running", "", get(&self.running));
        page.family("cmp_received_bytes_total", "counter", "Compressed bytes of archives received");
        page.line("cmp_received_bytes_total", "", get(&self.received_bytes));
        let families = [
            ("cmp_trees_total", "origin", "Archives by where their tree came from"),
            ("cmp_results_total", "origin", "Answers by where they came from"),
            ("cmp_findings_total", "severity", "Findings in the answers"),
        ];
        let values: [(&[&str], &[AtomicU64]); 3] = [
            (&["cached", "shared", "unpacked"], &self.trees),
            (&["cached", "made"], &self.results),
            (&["error", "other"], &self.findings),
        ];
        for ((family, label, help), (names, counters)) in families.into_iter().zip(values) {
            page.family(family, "counter", help);
            for (name, counter) in names.iter().zip(counters) {
                page.line(family, &format!("{label}=\"{name}\""), get(counter));
            }
        }
        page.family("cmp_tree_bytes", "gauge", "Memory of trees, those being received and those cached");
        page.line("cmp_tree_bytes", "", usage.tree_bytes);
        page.family("cmp_trees_cached", "gauge", "Trees in the cache");
        page.line("cmp_trees_cached", "", usage.trees);
        page.family("cmp_result_bytes", "gauge", "Memory of cached answers");
        page.line("cmp_result_bytes", "", usage.result_bytes);
        page.0
    }

    fn render_requests(&self, page: &mut Page) {
        page.family("cmp_requests_total", "counter", "Requests by method and gRPC code");
        for method in Method::ALL {
            for (code, counter) in self.requests[method as usize].iter().enumerate() {
                let count = counter.load(Relaxed);
                if count > 0 {
                    let code = Code::from(i32::try_from(code).unwrap_or_default());
                    let labels = format!("method=\"{}\",code=\"{code:?}\"", method.name());
                    page.line("cmp_requests_total", &labels, count);
                }
            }
        }
    }

    fn render_stages(&self, page: &mut Page) {
        let name = "cmp_stage_seconds";
        page.family(name, "histogram", "Time that requests with an archive spend in each stage");
        for stage in Stage::ALL {
            let histogram = &self.stages[stage as usize];
            let label = format!("stage=\"{}\"", stage.name());
            let mut sum = 0;
            for (bound, bucket) in BUCKETS.iter().zip(&histogram.buckets) {
                sum += bucket.load(Relaxed);
                page.line("cmp_stage_seconds_bucket", &format!("{label},le=\"{}\"", seconds(*bound)), sum);
            }
            // Whoever counts at this very moment may have a bucket filled and not yet the count.
            let count = histogram.count.load(Relaxed).max(sum);
            page.line("cmp_stage_seconds_bucket", &format!("{label},le=\"+Inf\""), count);
            page.line("cmp_stage_seconds_sum", &label, seconds(histogram.micros.load(Relaxed)));
            page.line("cmp_stage_seconds_count", &label, count);
        }
    }
}

struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        // A string takes everything; so below.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn line(&mut self, name: &str, labels: &str, value: impl std::fmt::Display) {
        let labels = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }
}

fn seconds(micros: u64) -> f64 {
    Duration::from_micros(micros).as_secs_f64()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tonic::Code;

    use super::{Method, Metrics, Stage, Usage};

    #[test]
    fn the_page_has_every_family_and_cumulative_buckets() {
        let metrics = Metrics::default();
        metrics.request(Method::Generate, Code::Ok);
        metrics.request(Method::Generate, Code::InvalidArgument);
        metrics.stage(Stage::Work, Duration::from_millis(3));
        metrics.stage(Stage::Work, Duration::from_secs(100));
        let page = metrics.render(Usage { trees: 2, ..Usage::default() });
        for line in [
            "cmp_requests_total{method=\"GenerateManifest\",code=\"Ok\"} 1",
            "cmp_requests_total{method=\"GenerateManifest\",code=\"InvalidArgument\"} 1",
            "cmp_stage_seconds_bucket{stage=\"work\",le=\"0.0025\"} 0",
            "cmp_stage_seconds_bucket{stage=\"work\",le=\"0.005\"} 1",
            "cmp_stage_seconds_bucket{stage=\"work\",le=\"30\"} 1",
            "cmp_stage_seconds_bucket{stage=\"work\",le=\"+Inf\"} 2",
            "cmp_stage_seconds_sum{stage=\"work\"} 100.003",
            "cmp_trees_cached 2",
        ] {
            assert!(page.lines().any(|found| found == line), "{line} is not in\n{page}");
        }
    }
}
