//! `candor schedule`: a customer's own schedule, as HTML, Markdown or CSV.

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

/// Prints the schedule of the newest release, or of the release that was asked for.
///
/// # Errors
/// When a feature or a version does not exist, or the output cannot be written.
pub fn run(args: &ScheduleArgs, context: &Context) -> Result<Outcome, Failure> {
    // A schedule is made from a release. Unreleased changes are worth a warning to those who do not name one.
    let request = BuildRequest { draft: args.version.is_some(), ..BuildRequest::new(context.as_of) };
    let inputs = match pipeline::publication(&context.project, &request) {
        Ok(inputs) => inputs,
        Err(report) => return context.report(&report),
    };
    let PublicationInputs { publication, templates, report, .. } = inputs;
    let publication = Arc::new(publication);
    let newest = publication.history.newest().ok_or_else(|| {
        Failure::new("nothing was ever released", "make the first release with `candor release -m \"First release\"`")
    })?;
    let release = match args.version {
        Some(version) => publication.history.get(version).ok_or_else(|| {
            Failure::new(format!("there is no release {version}"), format!("the newest release is {}", newest.version))
        })?,
        None => newest,
    };
    let known = schedule::features(&release.disclosure);
    let features = schedule::named_features(&args.features, &known).map_err(|unknown| {
        let help = match nearest(&unknown, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => "every subprocessor applies always; leave --features out".to_owned(),
            None => format!("the features are: {}", known.join(", ")),
        };
        Failure::new(format!("no condition names the feature `{unknown}`"), help)
    })?;
    let origin = Origin { version: release.version, digest: release.digest, published: release.published };
    let request =
        Request { features, customer: args.customer.clone(), workspace: args.workspace.clone(), day: context.as_of };
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
