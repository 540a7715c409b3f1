//! Whole processes, timed from outside, in rounds: every command once per round, so that what the machine does
//! meanwhile falls on all of them alike and ratios hold where single times would not.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// One command of a comparison.
pub struct Case {
    /// What it is called in the table.
    pub name: String,
    /// Run before each timing, not timed.
    pub before: Box<dyn Fn()>,
    /// What is timed.
    pub command: Box<dyn Fn() -> Command>,
}

impl Case {
    /// A case without preparation.
    pub fn new(name: impl Into<String>, command: impl Fn() -> Command + 'static) -> Case {
        Case { name: name.into(), before: Box::new(|| {}), command: Box::new(command) }
    }

    /// What to do before each timing.
    pub fn before(mut self, before: impl Fn() + 'static) -> Case {
        self.before = Box::new(before);
        self
    }
}

/// The median time of each case over `rounds` rounds after one that does not count.
pub fn medians(cases: &[Case], rounds: usize) -> Vec<Duration> {
    let mut times = vec![Vec::new(); cases.len()];
    for round in 0..=rounds {
        for (case, times) in cases.iter().zip(&mut times) {
            (case.before)();
            let mut command = (case.command)();
            command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null());
            let start = Instant::now();
            let status = command.status().unwrap_or_else(|error| panic!("{}: {error}", case.name));
            let time = start.elapsed();
            assert!(status.success(), "{} failed: run it by hand: {command:?}", case.name);
            if round > 0 {
                times.push(time);
            }
        }
    }
    times
        .into_iter()
        .map(|mut times| {
            times.sort();
            times[times.len() / 2]
        })
        .collect()
}

/// The largest resident set of one run, in MB, by the kernel's own account (`VmHWM`, polled); none where that is not to be had.
pub fn peak_memory(mut command: Command) -> Option<f64> {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let path = format!("/proc/{}/status", child.id());
    let mut peak = None;
    loop {
        if let Ok(status) = std::fs::read_to_string(&path)
            && let Some(line) = status.lines().find(|line| line.starts_with("VmHWM:"))
            && let Some(kilobytes) = line.split_whitespace().nth(1).and_then(|number| number.parse::<f64>().ok())
        {
            peak = Some(kilobytes / 1000.0);
        }
        if child.try_wait().ok()?.is_some() {
            return peak;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}
