//! Cold starts side by side: `cmp generate` against `kustomize build` on the same overlay, as whole processes.
//!
//!     scripts/bench [--runs N] [OVERLAY...]
//!
//! The two take turns within one run, so that whatever else the machine does meets both alike; what counts is the
//! ratio of their medians. An empty process (`true`) takes its turn too: no program can be measured below it, neither
//! in time nor in memory, because a new process shares the memory of this one until it runs its own program.
#![allow(clippy::disallowed_methods, reason = "a benchmark starts programs and reads the clock")]
#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

/// How many times faster than kustomize we want to be.
const TARGET: f64 = 10.0;
const WARM_UP: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let mut runs = 40;
    let mut overlays = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--bench" => {} // what cargo passes on
            "--runs" => runs = arguments.next().ok_or("--runs needs a number")?.parse()?,
            _ => overlays.push(argument),
        }
    }
    if runs == 0 {
        return Err("--runs needs at least 1".into());
    }
    if overlays.is_empty() {
        overlays.push("overlays/main".to_owned());
    }
    for overlay in &overlays {
        contest(overlay, runs)?;
    }
    Ok(())
}

fn contest(overlay: &str, runs: usize) -> Result<(), Box<dyn Error>> {
    let kustomize = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers/bin/kustomize");
    let mut ours = Contestant::new(env!("CARGO_BIN_EXE_cmp"), &["generate", overlay]);
    let mut theirs = Contestant::new(kustomize.to_str().ok_or("a path that is not UTF-8")?, &["build", overlay]);
    let mut floor = Contestant::new("true", &[]);
    for _ in 0..WARM_UP + runs {
        for contestant in [&mut ours, &mut theirs, &mut floor] {
            contestant.run()?;
        }
    }

    println!("cold: cmp generate {overlay} against kustomize build {overlay}, {runs} runs each in turn, medians");
    println!("{:<12} {:>12} {:>12} {:>12} {:>8}", "", "cmp", "kustomize", "nothing", "ratio");
    let wall = row("wall, ms", 1e3, [&ours, &theirs, &floor].map(|c| c.median(|run| run.wall.as_secs_f64())));
    row("user+sys, ms", 1e3, [&ours, &theirs, &floor].map(|c| c.median(|run| run.cpu.as_secs_f64())));
    row("memory, MiB", 1.0, [&ours, &theirs, &floor].map(|c| c.median(|run| run.peak_mebibytes)));
    let verdict = if wall >= TARGET { "reached" } else { "not reached" };
    println!("target: {TARGET:.0} times faster; measured: {wall:.1} times; {verdict}\n");
    Ok(())
}

/// Prints one measure of all contestants and gives back how many times less ours is than theirs.
fn row(name: &str, scale: f64, [ours, theirs, floor]: [f64; 3]) -> f64 {
    let ratio = theirs / ours;
    println!("{name:<12} {:>12.2} {:>12.2} {:>12.2} {ratio:>7.1}x", ours * scale, theirs * scale, floor * scale);
    ratio
}

struct Contestant<'a> {
    program: &'a str,
    arguments: Vec<&'a str>,
    runs: Vec<Run>,
}

struct Run {
    wall: Duration,
    cpu: Duration,
    peak_mebibytes: f64,
}

impl<'a> Contestant<'a> {
    fn new(program: &'a str, arguments: &[&'a str]) -> Self {
        Self { program, arguments: arguments.to_vec(), runs: Vec::new() }
    }

    fn run(&mut self) -> Result<(), Box<dyn Error>> {
        let mut command = Command::new(self.program);
        command.args(&self.arguments).stdin(Stdio::null()).stdout(Stdio::null());
        let started = Instant::now();
        let used = command.spawn().map_err(|error| format!("{}: {error}", self.program))?.wait4()?;
        let wall = started.elapsed();
        if !used.status.success() {
            return Err(format!("{} {}: {}", self.program, self.arguments.join(" "), used.status).into());
        }
        let cpu = used.rusage.utime + used.rusage.stime;
        let kibibytes = u32::try_from(used.rusage.maxrss / 1024)?;
        self.runs.push(Run { wall, cpu, peak_mebibytes: f64::from(kibibytes) / 1024.0 });
        Ok(())
    }

    /// The median over the runs after the warm-up.
    fn median(&self, measure: impl Fn(&Run) -> f64) -> f64 {
        let mut values: Vec<f64> = self.runs[WARM_UP..].iter().map(measure).collect();
        values.sort_by(f64::total_cmp);
        let middle = values.len() / 2;
        if values.len() % 2 == 1 { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) }
    }
}
