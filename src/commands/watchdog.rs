//! Ends the program when a custom template takes too long or too much memory.
//!
//! Tera cannot interrupt a template. Nested loops that write nothing can run for years, and a variable that doubles with every
//! repetition fills the memory within seconds. The output folder is replaced only when every page is rendered, so a program that
//! ends here has changed nothing.

use std::collections::BTreeMap;
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

/// The start of the rendering of a template.
struct Start {
    time: Instant,
    memory: Option<u64>,
}

/// Watches the templates until the program ends.
///
/// # Errors
/// If the limit in the environment is not a number.
pub(super) fn start(context: &Context) -> Result<(), Failure> {
    let seconds = match std::env::var(VARIABLE) {
        Ok(text) => text.trim().parse().ok().filter(|seconds| *seconds > 0).ok_or_else(|| {
            let message = format!("{VARIABLE} is `{text}`, not a number of seconds");
            Failure::new(message, "unset it, or set a whole number that is greater than 0")
        })?,
        Err(_) => SECONDS,
    };
    let context = context.clone();
    // Without a thread, only this protection is missing.
    let _ = std::thread::Builder::new().name("watchdog".to_owned()).spawn(move || watch(&context, seconds));
    Ok(())
}

fn watch(context: &Context, seconds: u64) {
    let mut starts: BTreeMap<u64, Start> = BTreeMap::new();
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
            if start.time.elapsed() > Duration::from_secs(seconds) {
                end(context, template, &format!("is not finished after {seconds} s, the limit in {VARIABLE}"));
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
