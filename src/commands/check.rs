//! `candor check`: checks the content and reports all problems.

use std::io::Write;
use std::time::Duration;

use super::{Context, Failure, Outcome};
use crate::check;
use crate::cli::format::ReportFormat;
use crate::cli::{CheckArgs, Deny};
use crate::diagnostic::{Diagnostic, Report, Severity, nearest};
use crate::fetch::probe::{Effort, probe};
use crate::load::{Content, Profile};
use crate::model::Date;
use crate::pipeline::{self, CheckedProject, check_project};
use crate::profile;
use crate::render::{Builtin, Theme};
use crate::wording::refusal;

/// Reads everything that a build reads, and reports all problems.
///
/// # Errors
/// If the output cannot be written, or the network cannot be used.
pub fn run(args: &CheckArgs, context: &Context) -> Result<Outcome, Failure> {
    let profile = args.profile.as_deref().map(|name| profile(name, context)).transpose()?;
    let (read, builtin) = rayon::join(|| check_project(&context.project, None, context.as_of), Builtin::new);
    let (releases, mut report) = (read.history.len(), read.report.clone());
    report.merge(read.assets.served_as_is());
    report.merge(profile.as_ref().map(|profile| profile.report.clone()).unwrap_or_default());
    let mut summary = String::from("External links: not checked, because some of the content could not be read");
    if let Some(content) = read.content.as_ref().filter(|_| read.complete) {
        // Unreleased changes are only a warning here, because the user may still be working on them. The commands that publish
        // refuse to run because of them.
        let stated = (&content.disclosure, context.as_of);
        let unreleased =
            read.status.as_ref().and_then(|status| refusal::unreleased(status, &read.history, stated, &read.strings));
        let mut unreleased = unreleased.map(Report::from).unwrap_or_default();
        check::apply_levels(&mut unreleased, &content.settings);
        report.merge(unreleased);
        if let Some(NamedProfile { name, profile: Some(profile), .. }) = &profile {
            report.merge(profile::check(profile, name, content));
        }
        if args.external {
            let (found, count) = external(content, args, context.as_of)?;
            report.merge(found);
            summary = count;
        }
        let compiled = |builtin: Builtin| builtin.with(&read.templates, &read.strings)?.with_known_names();
        // A theme renders one site: the draft, or the site after the first release.
        let is_new = read.history.is_empty() && !read.templates.is_empty();
        let spare = builtin.as_ref().ok().filter(|_| is_new).cloned().and_then(|builtin| compiled(builtin).ok());
        match builtin.and_then(compiled) {
            Err(problems) => report.merge(problems),
            Ok(theme) => {
                let mut unused = theme.unused();
                check::apply_levels(&mut unused, &content.settings);
                report.merge(unused);
                // Pages can be rendered only if everything that they show could be read.
                if !read.report.has_errors() {
                    report.merge(rendered(read, theme, spare, context));
                }
            }
        }
    }
    report.sort();
    let outcome = context.report(&report)?;
    // Print it to stderr, so that it does not mix with the output format.
    if args.external && !context.quiet {
        writeln!(context.err(), "{summary}")?;
    }
    if report.is_empty() && args.format == ReportFormat::Human && !context.quiet {
        writeln!(context.out(), "No problems found; releases: {releases}")?;
    }
    let denied = args.deny == Some(Deny::Warnings) && report.count(Severity::Warning) > 0;
    Ok(if denied { Outcome::Problems } else { outcome })
}

/// Renders the site with its unreleased changes, and checks the links of its files. Custom templates that this site does not need
/// are rendered, too; before the first release, with the `spare` theme.
fn rendered(read: CheckedProject, theme: Theme, spare: Option<Theme>, context: &Context) -> Report {
    // Other problems of the project are in its report already.
    let made = pipeline::draft_site(&context.project, read, theme, context.as_of);
    let Ok(made) = made else { return Report::new() };
    let mut found = made.check_links();
    found.merge(made.link_check().gone());
    // The built-in templates cannot fail, and after an error the same problems would be reported again.
    if !made.templates.is_empty() && !found.has_errors() {
        let mut unseen = pipeline::render_unseen(&context.project, &made, spare);
        let is_known = |problem: &Diagnostic| {
            let same = |other: &Diagnostic| other.code() == problem.code() && other.place() == problem.place();
            found.diagnostics().iter().any(same)
        };
        unseen.retain(|problem| !is_known(problem));
        found.merge(unseen);
    }
    found
}

/// A profile by its name, with the problems of its file.
struct NamedProfile<'a> {
    name: &'a str,
    profile: Option<Profile>,
    report: Report,
}

/// Reads a profile.
fn profile<'a>(name: &'a str, context: &Context) -> Result<NamedProfile<'a>, Failure> {
    let mut report = Report::new();
    let Some(source) = profile::source(&context.project, name, &mut report) else {
        if report.has_errors() {
            return Ok(NamedProfile { name, profile: None, report });
        }
        let known = profile::names(&context.project);
        let help = match nearest(name, known.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("use one of: {}; or write {}/NAME.yaml", known.join(", "), profile::FOLDER),
        };
        return Err(Failure::new(format!("there is no profile `{}`", name.escape_debug()), help));
    };
    let (profile, report) = profile::read(&source);
    Ok(NamedProfile { name, profile, report })
}

/// Checks the external links. Returns the diagnostics and a summary in one line.
fn external(content: &Content, args: &CheckArgs, as_of: Date) -> Result<(Report, String), Failure> {
    let links = check::external::links(content);
    let addresses: Vec<_> = links.iter().map(|link| link.address.clone()).collect();
    let effort = Effort { timeout: Duration::from_secs(args.timeout.into()), ..Effort::default() };
    let answers = probe(&addresses, effort)?;
    Ok((check::external::judge(content, &links, &answers, as_of), check::external::summary(&links, &answers)))
}
