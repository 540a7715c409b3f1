//! Ends the program when a custom template takes too long or too much memory.
//!
//! Tera cannot interrupt a template. Nested loops that write nothing can run for years, and a variable that doubles with every
//! repetition fills the memory within seconds. The output folder is replaced only when every page is rendered, so a program that
//! ends here has changed nothing. How much memory the program uses is known only on Linux.
//!
//! The preview gives up the build instead, and shows the last good site. The thread of the template cannot be stopped: it keeps a
//! processor busy until the preview ends. A template that fills the memory ends the preview, too, before the system does.

use std::collections::BTreeMap;
#[cfg(feature = "serve")]
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{Context, Failure};
use crate::diagnostic::Report;
use crate::files;
use crate::render::{RunningTemplate, running};

/// The environment variable with the number of seconds that one template may take.
const VARIABLE: &str = "CANDOR_TEMPLATE_SECONDS";

/// The number of seconds that one template may take: the built-in ones take milliseconds, so slow machines have much time left.
const SECONDS: u64 = 60;

/// By how many bytes the memory of the program may grow while one template is rendered.
const MEMORY: u64 = 1024 * 1024 * 1024;

/// How often the templates are looked at. Memory can grow by about 50 MB in this time.
const INTERVAL: Duration = Duration::from_millis(10);

/// What happens when a template takes too long. One that fills the memory always ends the program.
#[derive(Debug, Clone)]
enum OnEndless {
    /// The program ends.
    Exit,
    /// The build is given up, and the program goes on.
    #[cfg(feature = "serve")]
    GiveUp(GivenUp),
}

/// Why the running build of the preview was given up.
#[cfg(feature = "serve")]
#[derive(Debug, Clone, Default)]
pub(super) struct GivenUp(Arc<Mutex<Option<Report>>>);

#[cfg(feature = "serve")]
impl GivenUp {
    /// Returns the report about the template, once.
    pub fn take(&self) -> Option<Report> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn set(&self, report: Report) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(report);
    }
}

/// The start of the rendering of a template.
struct Start {
    time: Instant,
    memory: Option<u64>,
}

/// Watches the templates until the program ends, and ends it when one takes too long.
///
/// # Errors
/// If the limit in the environment is not a number.
pub(super) fn start(context: &Context) -> Result<(), Failure> {
    spawn(context, OnEndless::Exit)
}

/// Watches the templates until the program ends, and gives up builds of which one takes too long.
///
/// # Errors
/// If the limit in the environment is not a number.
#[cfg(feature = "serve")]
pub(super) fn start_for_preview(context: &Context) -> Result<GivenUp, Failure> {
    let given_up = GivenUp::default();
    spawn(context, OnEndless::GiveUp(given_up.clone()))?;
    Ok(given_up)
}

fn spawn(context: &Context, on_endless: OnEndless) -> Result<(), Failure> {
    let seconds = match std::env::var(VARIABLE) {
        Ok(text) => text.trim().parse().ok().filter(|seconds| *seconds > 0).ok_or_else(|| {
            let message = format!("{VARIABLE} is `{text}`, not a number of seconds");
            Failure::new(message, "unset it, or set a whole number that is greater than 0")
        })?,
        Err(_) => SECONDS,
    };
    let context = context.clone();
    // Without a thread, only this protection is missing.
    let _ =
        std::thread::Builder::new().name("watchdog".to_owned()).spawn(move || watch(&context, seconds, &on_endless));
    Ok(())
}

fn watch(context: &Context, seconds: u64, on_endless: &OnEndless) {
    let mut starts: BTreeMap<u64, Start> = BTreeMap::new();
    // Templates of builds that were given up; they run on.
    #[cfg_attr(not(feature = "serve"), expect(unused_mut, reason = "only the preview gives builds up"))]
    let mut given_up: Vec<RunningTemplate> = Vec::new();
    loop {
        std::thread::sleep(INTERVAL);
        let templates = running();
        starts.retain(|number, _| templates.contains_key(number));
        if templates.is_empty() {
            continue;
        }
        let memory = files::memory_in_use();
        for (number, template) in &templates {
            let start = starts.entry(*number).or_insert_with(|| Start { time: Instant::now(), memory });
            let grown = memory.zip(start.memory).map_or(0, |(now, then)| now.saturating_sub(then));
            if grown > MEMORY {
                end(context, template, &format!("takes more than {} MiB of memory", MEMORY / 1024 / 1024));
            }
            let is_given_up = given_up.iter().any(|other| other.is_of_build_of(template));
            if is_given_up || start.time.elapsed() <= Duration::from_secs(seconds) {
                continue;
            }
            let limit = format!("is not finished after {seconds} s, the limit in {VARIABLE}");
            match on_endless {
                OnEndless::Exit => end(context, template, &limit),
                #[cfg(feature = "serve")]
                OnEndless::GiveUp(reported) => {
                    given_up.push(template.clone());
                    let help = "restart the preview once it is fixed, because the template cannot be stopped and uses a processor";
                    reported.set(template.endless(&limit).help(help).into());
                }
            }
        }
    }
}

/// Reports a template, and ends the program.
fn end(context: &Context, template: &RunningTemplate, limit: &str) -> ! {
    let mut report = Report::new();
    report.push(template.endless(limit));
    // If the stream is closed, there is nowhere left to report errors.
    let _ = context.report(&report);
    std::process::exit(1)
}
