//! `candor check`: every problem at once, before a customer finds it.

use std::io::Write;
use std::time::Duration;

use super::{Context, Failure, Outcome};
use crate::check;
use crate::cli::format::ReportFormat;
use crate::cli::{CheckArgs, Deny};
use crate::diagnostic::{Report, Severity};
use crate::fetch::probe::{Effort, probe};
use crate::load::Content;
use crate::pipeline::check_project;
use crate::render::Builtin;
use crate::wording::refusal;

/// Reads everything that a build would read, and reports what is wrong with it.
///
/// # Errors
/// When the output cannot be written, or the network cannot be used.
pub fn run(args: &CheckArgs, context: &Context) -> Result<Outcome, Failure> {
    let (read, builtin) = rayon::join(|| check_project(&context.project, None, context.as_of), Builtin::new);
    let mut report = read.report;
    report.merge(read.assets.served_as_is());
    let mut summary = String::from("External links: not looked at, because the content could not be read as a whole");
    if let Some(content) = read.content.filter(|_| read.complete) {
        let theme = builtin.and_then(|builtin| builtin.with(&read.templates, &read.strings));
        report.merge(theme.err().unwrap_or_default());
        // A draft is what somebody works on: a warning, because of which only the commands that publish refuse.
        let unreleased = read.standing.and_then(|standing| refusal::unreleased(&standing, &read.strings));
        let mut unreleased = unreleased.map(Report::from).unwrap_or_default();
        check::apply_levels(&mut unreleased, &content.settings);
        report.merge(unreleased);
        if args.external {
            let (found, told) = external(&content, args)?;
            report.merge(found);
            summary = told;
        }
    }
    let outcome = context.report(&report)?;
    // On stderr, where it is in the way of no format.
    if args.external && !context.quiet {
        writeln!(context.err(), "{summary}")?;
    }
    if report.is_empty() && args.format == ReportFormat::Human && !context.quiet {
        writeln!(context.out(), "No problems found; releases: {}", read.history.len())?;
    }
    let denied = args.deny == Some(Deny::Warnings) && report.count(Severity::Warning) > 0;
    Ok(if denied { Outcome::Problems } else { outcome })
}

/// Follows the links to elsewhere: what is wrong with them, and the count in one line.
fn external(content: &Content, args: &CheckArgs) -> Result<(Report, String), Failure> {
    let links = check::external::links(content);
    let addresses: Vec<_> = links.iter().map(|link| link.address.clone()).collect();
    let effort = Effort { timeout: Duration::from_secs(args.timeout.into()), ..Effort::default() };
    let answers = probe(&addresses, effort)?;
    Ok((check::external::judge(content, &links, &answers), check::external::summary(&links, &answers)))
}
