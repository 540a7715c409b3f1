//! Whole processes, timed from outside, in rounds: every case once per round, so that what the machine does
//! meanwhile falls on all of them alike and ratios hold where single times would not.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// One line of a comparison.
pub struct Case {
    /// What it is called in the table.
    pub name: &'static str,
    /// Run before each timing, not timed.
    before: Box<dyn Fn()>,
    work: Work,
}

enum Work {
    /// A process from its start to its end.
    Process(Box<dyn Fn() -> Command>),
    /// Something that takes its own time.
    Own(Box<dyn Fn() -> Duration>),
}

impl Case {
    /// A process without preparation.
    pub fn new(name: &'static str, command: impl Fn() -> Command + 'static) -> Case {
        Case { name, before: Box::new(|| {}), work: Work::Process(Box::new(command)) }
    }

    /// Something that is no process of its own, and tells how long it took.
    pub fn own(name: &'static str, time: impl Fn() -> Duration + 'static) -> Case {
        Case { name, before: Box::new(|| {}), work: Work::Own(Box::new(time)) }
    }

    /// What to do before each timing.
    pub fn before(mut self, before: impl Fn() + 'static) -> Case {
        self.before = Box::new(before);
        self
    }

    fn time(&self) -> Duration {
        (self.before)();
        match &self.work {
            Work::Own(time) => time(),
            Work::Process(command) => {
                let mut command = quiet(command());
                let start = Instant::now();
                let status = command.status().unwrap_or_else(|error| panic!("{}: {error}", self.name));
                let time = start.elapsed();
                assert!(status.success(), "{} failed: run it by hand: {command:?}", self.name);
                time
            }
        }
    }

    /// The largest resident set of one run, in MB, by the kernel's own account (`VmHWM`, polled); none where that
    /// is not to be had, and for what is no process of its own.
    fn peak_memory(&self) -> Option<f64> {
        let Work::Process(command) = &self.work else { return None };
        (self.before)();
        let mut child = quiet(command()).spawn().ok()?;
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
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

fn quiet(mut command: Command) -> Command {
    command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null());
    command
}

/// What was measured of one case.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// Its name.
    pub name: &'static str,
    /// The median of its times, in seconds.
    pub seconds: f64,
    /// Processor time of all its threads, in seconds: the mean over the rounds. What else the machine does hardly shows
    /// in it. None where it is not to be had, and for what is no process of its own.
    pub processor: Option<f64>,
    /// The largest resident set of one run, in MB.
    pub megabytes: Option<f64>,
}

/// Processor time of all processes that were started from here and have ended, in seconds, by the kernel's own account.
fn processor() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    // `cutime` and `cstime` of proc(5), in hundredths of a second.
    let ticks: u64 = fields.get(13..15)?.iter().filter_map(|field| field.parse::<u64>().ok()).sum();
    Some(ticks as f64 / 100.0)
}

/// The median time of each case over `rounds` rounds after one that does not count, and its memory in one run more.
/// Where much is written, each case starts `settled`: what the one before wrote has reached the disk.
pub fn measure(cases: &[Case], rounds: usize, settled: bool) -> Vec<Measured> {
    let mut times = vec![(Vec::new(), 0.0); cases.len()];
    for round in 0..=rounds {
        for (case, (times, used)) in cases.iter().zip(&mut times) {
            if settled {
                // Where there is no such program, the run is only noisier.
                let _ = Command::new("sync").status();
            }
            let before = processor().unwrap_or_default();
            let time = case.time();
            if round > 0 {
                times.push(time);
                *used += processor().unwrap_or_default() - before;
            }
        }
    }
    let measured = |(case, (mut times, used)): (&Case, (Vec<Duration>, f64))| {
        times.sort();
        let is_process = matches!(case.work, Work::Process(_));
        Measured {
            name: case.name,
            seconds: times[times.len() / 2].as_secs_f64(),
            processor: processor().filter(|_| is_process).map(|_| used / times.len() as f64),
            megabytes: case.peak_memory(),
        }
    };
    cases.iter().zip(times).map(measured).collect()
}
