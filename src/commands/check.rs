//! `candor check`: every problem at once, before a customer finds it.

use std::io::Write;

use super::{Context, Failure, Outcome, reading};
use crate::check;
use crate::cli::{CheckArgs, Deny, Format};
use crate::diagnostic::{Report, Severity};
use crate::history::{History, Standing};
use crate::load::Content;
use crate::render::{Theme, builtin_words};

/// Reads everything that a build would read, and reports what is wrong with it.
///
/// # Errors
/// When the output cannot be written.
pub fn run(args: &CheckArgs, context: &Context) -> Result<Outcome, Failure> {
    let read = reading::read(&context.project, None, context.as_of);
    let mut report = read.report;
    if let Some(content) = read.content.filter(|_| read.complete) {
        let theme = Theme::new(&read.templates, content.disclosure.language.as_str());
        report.merge(theme.err().unwrap_or_default());
        let mut unreleased = unreleased(&content, &read.history);
        check::apply_levels(&mut unreleased, &content.settings);
        report.merge(unreleased);
    }
    let outcome = context.report(&report)?;
    if report.is_empty() && context.format == Format::Human && !context.quiet {
        writeln!(context.out(), "No problems found; releases: {}", read.history.len())?;
    }
    let denied = args.deny == Some(Deny::Warnings) && report.count(Severity::Warning) > 0;
    Ok(if denied { Outcome::Problems } else { outcome })
}

/// A draft is what somebody works on: here it is a warning, and an error only where something is to be published.
fn unreleased(content: &Content, history: &History) -> Report {
    let words = builtin_words(content.disclosure.language.as_str());
    let refusal = Standing::of(history, &content.disclosure).refusal(&words);
    let mut report = refusal.map(Report::from).unwrap_or_default();
    report.adjust(|_| Some(Severity::Warning));
    report
}
