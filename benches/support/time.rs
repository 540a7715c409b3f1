//! Times whole processes from outside, in rounds: every case runs once per round, so that other load on the machine affects
//! all of them equally, and ratios are more reliable than single times.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A case of a comparison.
pub struct Case {
    /// Its name in the table.
    pub name: &'static str,
    /// Run before each timing, not timed.
    before: Box<dyn Fn()>,
    work: Work,
}

enum Work {
    /// A process, timed from its start to its end.
    Process(Box<dyn Fn() -> Command>),
    /// A function that measures its own time.
    Own(Box<dyn Fn() -> Duration>),
}

impl Case {
    /// Creates a case that runs a process without preparation.
    pub fn new(name: &'static str, command: impl Fn() -> Command + 'static) -> Case {
        Case { name, before: Box::new(|| {}), work: Work::Process(Box::new(command)) }
    }

    /// Creates a case that is not a separate process and returns how long it took.
    pub fn own(name: &'static str, time: impl Fn() -> Duration + 'static) -> Case {
        Case { name, before: Box::new(|| {}), work: Work::Own(Box::new(time)) }
    }

    /// Adds a preparation before each timing.
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
                assert!(status.success(), "{} failed; run it manually: {command:?}", self.name);
                time
            }
        }
    }

    /// Returns the peak resident set size of one run in MB, as reported by the kernel (`VmHWM`, polled). `None` if it is
    /// not available, and for a case that is not a separate process.
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

/// The measurements of a case.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// Its name.
    pub name: &'static str,
    /// The median time in seconds.
    pub seconds: f64,
    /// CPU time of all threads in seconds: the mean over the rounds, which hardly depends on other load. `None` if it is
    /// not available, and for a case that is not a separate process.
    pub processor: Option<f64>,
    /// Peak resident set size of one run in MB.
    pub megabytes: Option<f64>,
}

/// Returns the CPU time of all finished child processes in seconds, as reported by the kernel.
fn processor() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    // `cutime` and `cstime` of proc(5), in hundredths of a second.
    let ticks: u64 = fields.get(13..15)?.iter().filter_map(|field| field.parse::<u64>().ok()).sum();
    Some(ticks as f64 / 100.0)
}

/// Measures the median time of each case over `rounds` rounds, after a warm-up round, and its memory in a further run.
/// With `settled`, the output of the previous case is flushed to the disk before each case starts.
pub fn measure(cases: &[Case], rounds: usize, settled: bool) -> Vec<Measured> {
    let mut times = vec![(Vec::new(), 0.0); cases.len()];
    for round in 0..=rounds {
        for (case, (times, used)) in cases.iter().zip(&mut times) {
            if settled {
                // Without this program, the times are less stable.
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
