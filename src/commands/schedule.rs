//! `candor schedule`: prints the subprocessor annex for a customer, as HTML, Markdown or CSV.

use std::io::Write;
use std::sync::Arc;

use super::{Context, Failure, Outcome};
use crate::cli::ScheduleArgs;
use crate::cli::format::ScheduleFormat;
use crate::diagnostic::nearest;
use crate::pipeline::{self, BuildRequest, PublicationInputs};
use crate::render::{Renderer, Theme};
use crate::schedule::{self, Origin, Request, Schedule};
use crate::wording::overrides;

/// Prints the annex for the newest release, or for the requested release.
///
/// # Errors
/// If a feature or a version does not exist, or the output cannot be written.
pub fn run(args: &ScheduleArgs, context: &Context) -> Result<Outcome, Failure> {
    // The annex states a release. Warn about unreleased changes unless the user selects a release.
    let request = BuildRequest { draft: args.version.is_some(), ..BuildRequest::new(context.as_of) };
    let inputs = match pipeline::publication(&context.project, &request) {
        Ok(inputs) => inputs,
        Err(report) => return context.report(&report),
    };
    let PublicationInputs { publication, templates, report, .. } = inputs;
    let publication = Arc::new(publication);
    let newest = publication.history.newest().ok_or_else(|| {
        Failure::new("there is no release yet", "make the first release with `candor release -m \"First release\"`")
    })?;
    let release = match args.version {
        Some(version) => publication.history.get(version).ok_or_else(|| {
            Failure::new(
                format!("there is no release {version}"),
                format!("use an existing release; the newest is {}", newest.version),
            )
        })?,
        None => newest,
    };
    let known = schedule::features(&release.disclosure);
    let features = schedule::named_features(&args.features, &known).map_err(|unknown| {
        let help = match nearest(&unknown, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => "omit --features; no subprocessor depends on a feature".to_owned(),
            None => format!("use one of these features: {}", known.join(", ")),
        };
        Failure::new(format!("unknown feature `{unknown}`"), help)
    })?;
    let origin = Origin { version: release.version, digest: release.digest, published: release.published };
    let request =
        Request { features, customer: args.customer.clone(), workspace: args.workspace.clone(), date: context.as_of };
    let schedule = Schedule::new(&release.disclosure, origin, request);
    let (strings, _) = overrides::catalog(&templates, &release.disclosure.language, None);
    let text = match args.format {
        ScheduleFormat::Html => {
            let theme = Theme::new(&templates, &strings);
            let html = theme
                .map(|theme| Renderer::new(Arc::clone(&publication), theme))
                .and_then(|renderer| renderer.schedule_document(&schedule));
            match html {
                Ok(html) => html.into_bytes(),
                Err(problems) => return context.report(&problems),
            }
        }
        ScheduleFormat::Csv => schedule.csv(&strings).map_err(|error| Failure::new(error.to_string(), ""))?,
        ScheduleFormat::Markdown => schedule.markdown(&strings).into_bytes(),
    };
    context.out().write_all(&text)?;
    context.report(&report)?;
    Ok(Outcome::Fine)
}
