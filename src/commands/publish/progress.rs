//! Shows what a publish is doing, so that it is never silent for more than two seconds.
//!
//! On a terminal, it is a bar. Elsewhere, each phase of the upload is a line, and any step that takes longer repeats a
//! line with the elapsed time. With `--quiet` or JSON, nothing is shown.

use std::io::Write;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{Context, outline};
use crate::cli::format::AnnotatedFormat;
use crate::publish::{Event, Preparation};
use crate::terminal::{self, Bar, Printer};
use crate::text::counted;

/// How long a step may take before it is shown.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long until a step that is still running is shown again.
const REPEAT: Duration = Duration::from_secs(10);

/// Shows the progress of one publish, until it is dropped.
pub(super) struct Progress {
    shared: Arc<Shared>,
    ticker: Option<JoinHandle<()>>,
}

/// What the publish and the thread that repeats its current step share.
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

/// The current step, and where to show it; `display` is `None` if nothing is to be shown.
struct State {
    display: Option<Display>,
    /// The current step.
    step: &'static str,
    /// The number of its files, and of those that are done; zero if it has no files.
    files: (usize, usize),
    began: Instant,
    /// When to show the step.
    due: Instant,
    ended: bool,
}

/// Where progress is shown.
enum Display {
    Bar(Bar),
    Lines(Printer),
}

impl Progress {
    /// Starts with the build of the site.
    pub(super) fn start(format: AnnotatedFormat, context: &Context) -> Progress {
        let is_shown = !context.quiet && format == AnnotatedFormat::Human;
        let display = is_shown.then(|| match terminal::is_terminal() {
            true => Display::Bar(Bar::files()),
            false => Display::Lines(context.err()),
        });
        let now = Instant::now();
        let state =
            State { display, step: "building the site", files: (0, 0), began: now, due: now + PATIENCE, ended: false };
        let shared = Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new() });
        let repeated = Arc::clone(&shared);
        let ticker = is_shown.then(|| std::thread::spawn(move || repeated.repeat()));
        Progress { shared, ticker }
    }

    /// Begins a step before the publish.
    pub(super) fn step(&self, step: &'static str) {
        self.shared.lock().begin(step, 0);
        self.shared.changed.notify_all();
    }

    /// Shows an event of a publish.
    pub(super) fn show(&self, event: Event<'_>) {
        let mut state = self.shared.lock();
        match event {
            Event::Preparing(preparation) => state.begin(describe(preparation), 0),
            Event::Planned(plan) => {
                let line = outline(plan);
                match &mut state.display {
                    Some(Display::Bar(bar)) => bar.set_length(plan.uploads.len()),
                    Some(Display::Lines(out)) => print(out, &line),
                    None => {}
                }
                state.begin("locking the destination", 0);
            }
            Event::Phase(phase, files) => {
                let name = phase.as_str();
                if let Some(Display::Lines(out)) = &mut state.display {
                    print(out, &format!("uploading {name}: {}", counted(files, "file")));
                }
                state.begin(name, files);
            }
            Event::Uploaded(..) => {
                state.files.1 += 1;
                if let Some(Display::Bar(bar)) = &state.display {
                    bar.advance();
                }
            }
            Event::Deleting(files) => {
                if let Some(Display::Lines(out)) = &mut state.display {
                    print(out, &format!("deleting {}", counted(files, "file")));
                }
                state.begin("deleting", 0);
            }
        }
        drop(state);
        self.shared.changed.notify_all();
    }

    /// Shows an event of a dry run, whose plan is printed by the command.
    pub(super) fn prepare(&self, event: Event<'_>) {
        if matches!(event, Event::Preparing(_)) {
            self.show(event);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.ended = true;
        if let Some(Display::Bar(bar)) = &state.display {
            bar.finish();
        }
        drop(state);
        self.shared.changed.notify_all();
        if let Some(ticker) = self.ticker.take() {
            let _ = ticker.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows the current step each time that it is due, until the end.
    fn repeat(&self) {
        let mut state = self.lock();
        while !state.ended {
            let wait = state.due.saturating_duration_since(Instant::now());
            if wait.is_zero() {
                state.show_again();
                continue;
            }
            (state, _) = self.changed.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl State {
    fn begin(&mut self, step: &'static str, files: usize) {
        let now = Instant::now();
        (self.step, self.files, self.began, self.due) = (step, (files, 0), now, now + PATIENCE);
        if let Some(Display::Bar(bar)) = &self.display {
            bar.set_message(step);
        }
    }

    /// Shows a step that takes long.
    fn show_again(&mut self) {
        let seconds = self.began.elapsed().as_secs();
        let line = match self.files {
            (0, _) => format!("{} ({seconds} s)", self.step),
            (files, done) => format!("uploading {}: {done} of {} ({seconds} s)", self.step, counted(files, "file")),
        };
        match &mut self.display {
            Some(Display::Bar(bar)) => {
                bar.tick();
                self.due = Instant::now() + PATIENCE / 2;
            }
            Some(Display::Lines(out)) => {
                print(out, &line);
                self.due = Instant::now() + REPEAT;
            }
            None => {}
        }
    }
}

fn describe(preparation: Preparation) -> &'static str {
    match preparation {
        Preparation::Credentials => "requesting credentials",
        Preparation::Destination => "reading the destination",
        Preparation::Site => "preparing files",
    }
}

fn print(out: &mut Printer, line: &str) {
    // Ignore errors: the upload does not depend on progress lines.
    let _ = writeln!(out, "{line}");
}
