//! `candor check`: checks the content and reports all problems.

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

/// Reads everything that a build reads, and reports all problems.
///
/// # Errors
/// If the output cannot be written, or the network cannot be used.
pub fn run(args: &CheckArgs, context: &Context) -> Result<Outcome, Failure> {
    let (read, builtin) = rayon::join(|| check_project(&context.project, None, context.as_of), Builtin::new);
    let mut report = read.report;
    report.merge(read.assets.served_as_is());
    let mut summary = String::from("External links: not checked, because some of the content could not be read");
    if let Some(content) = read.content.filter(|_| read.complete) {
        let theme = builtin.and_then(|builtin| builtin.with(&read.templates, &read.strings));
        report.merge(theme.err().unwrap_or_default());
        // Unreleased changes are only a warning here, because the user may still be working on them. The commands that publish
        // refuse to run because of them.
        let unreleased = read.status.and_then(|status| refusal::unreleased(&status, &read.strings));
        let mut unreleased = unreleased.map(Report::from).unwrap_or_default();
        check::apply_levels(&mut unreleased, &content.settings);
        report.merge(unreleased);
        if args.external {
            let (found, count) = external(&content, args)?;
            report.merge(found);
            summary = count;
        }
    }
    let outcome = context.report(&report)?;
    // Print it to stderr, so that it does not mix with the output format.
    if args.external && !context.quiet {
        writeln!(context.err(), "{summary}")?;
    }
    if report.is_empty() && args.format == ReportFormat::Human && !context.quiet {
        writeln!(context.out(), "No problems found; releases: {}", read.history.len())?;
    }
    let denied = args.deny == Some(Deny::Warnings) && report.count(Severity::Warning) > 0;
    Ok(if denied { Outcome::Problems } else { outcome })
}

/// Checks the external links. Returns the diagnostics and a summary in one line.
fn external(content: &Content, args: &CheckArgs) -> Result<(Report, String), Failure> {
    let links = check::external::links(content);
    let addresses: Vec<_> = links.iter().map(|link| link.address.clone()).collect();
    let effort = Effort { timeout: Duration::from_secs(args.timeout.into()), ..Effort::default() };
    let answers = probe(&addresses, effort)?;
    Ok((check::external::judge(content, &links, &answers), check::external::summary(&links, &answers)))
}
