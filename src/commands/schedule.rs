//! `candor schedule`: a customer's own schedule, as HTML, Markdown or CSV.

use std::io::Write;

use super::{Context, Failure, Outcome};
use crate::cli::{Format, ScheduleArgs};
use crate::diagnostic::{RefusedCommand, nearest};
use crate::pipeline::{self, BuildRequest, RendererBuild};
use crate::render::builtin_words;
use crate::schedule::{self, Origin, Request, Schedule};

/// Prints the schedule of the newest release, or of the release that was asked for.
///
/// # Errors
/// When a feature or a version does not exist, or the output cannot be written.
pub fn run(args: &ScheduleArgs, context: &Context) -> Result<Outcome, Failure> {
    let request = BuildRequest { command: Some(RefusedCommand::Schedule), ..BuildRequest::new(context.as_of) };
    let RendererBuild { renderer, publication, report } = match pipeline::build_renderer(&context.project, &request) {
        Ok(built) => built,
        Err(report) => return context.refuse(&report, RefusedCommand::Schedule),
    };
    let history = &publication.history;
    let release = match args.version {
        Some(version) => history.get(version).ok_or_else(|| {
            Failure::new(format!("there is no release {version}"), "`candor verify` lists the releases")
        })?,
        None => history.newest().ok_or_else(|| {
            Failure::new(
                "nothing was ever released",
                "make the first release with `candor release -m \"First release\"`",
            )
        })?,
    };
    let known = schedule::features(&release.disclosure);
    if let Some(unknown) = args.features.iter().find(|feature| !known.contains(&feature.as_str())) {
        let help = match nearest(unknown, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => "every subprocessor applies always; leave --features out".to_owned(),
            None => format!("the features are: {}", known.join(", ")),
        };
        return Err(Failure::new(format!("no condition names the feature `{unknown}`"), help));
    }
    let origin = Origin { version: release.version, digest: release.digest, published: release.published };
    let request = Request {
        features: args.features.clone(),
        customer: args.customer.clone(),
        workspace: args.workspace.clone(),
        day: context.as_of,
    };
    let schedule = Schedule::new(&release.disclosure, origin, request);
    let words = builtin_words(release.disclosure.language.as_str());
    let text = match context.format {
        Format::Html => match renderer.schedule_document(&schedule) {
            Ok(html) => html.into_bytes(),
            Err(findings) => return context.report(&findings),
        },
        Format::Csv => schedule.csv(&words).map_err(|error| Failure::new(error.to_string(), ""))?,
        _ => schedule.markdown(&words).into_bytes(),
    };
    context.out().write_all(&text)?;
    if !report.is_empty() && context.format == Format::Human {
        context.report(&report)?;
    }
    Ok(Outcome::Fine)
}
