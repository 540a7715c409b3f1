//! `candor schedule`: prints the subprocessor annex for a customer, or writes it to a file.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use super::printed::{ScheduleResult, json, json_report};
use super::{Context, Failure, Outcome};
use crate::cli::ScheduleArgs;
use crate::cli::format::ScheduleFormat;
use crate::diagnostic::{Code, Diagnostic, Remedy, Report, nearest};
use crate::files;
use crate::history::{History, ReleaseStatus, store};
use crate::load;
use crate::model::{CustomerChoice, Statement};
use crate::pipeline;
use crate::render::{Renderer, Theme};
use crate::schedule::{self, DoraRows, Request, Schedule, ScheduleDocument};
use crate::spreadsheet::BYTE_ORDER_MARK;
use crate::terminal;
use crate::wording::{Catalog, refusal};

/// Prints the annex for the newest release, or for the requested release.
///
/// The annex states a release, so problems of the content do not matter.
///
/// # Errors
/// If a feature or a version does not exist, or the output cannot be written.
pub fn run(args: &ScheduleArgs, context: &Context) -> Result<Outcome, Failure> {
    let format = format_of(args)?;
    let (history, mut report) = store::read(&context.project, context.as_of);
    if report.has_errors() {
        return context.report(&report);
    }
    let language = history.newest().map(|newest| newest.disclosure.language.clone()).unwrap_or_default();
    let history = history.with_word(context.strings(&language).get("changes.redacted"));
    let newest = history.newest().ok_or_else(|| Failure::new("there is no release yet", Remedy::MakeFirstRelease))?;
    let release = match args.version {
        Some(version) => history.get(version).ok_or_else(|| {
            Failure::new(
                format!("there is no release {version}"),
                format!("use an existing release; the newest is {}", newest.version),
            )
        })?,
        None => newest,
    };
    let stated = release.disclosure.in_effect_on(context.as_of);
    let known = schedule::features(&stated);
    let features = schedule::named_features(&args.features, &known).map_err(|unknown| {
        let help = match nearest(&unknown, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => "omit --features; no subprocessor depends on a feature".to_owned(),
            None => format!("use one of these features: {}", known.join(", ")),
        };
        Failure::new(format!("unknown feature `{unknown}`"), help)
    })?;
    let stated_for = schedule::choice(&args.answers, &[&stated, &release.disclosure])
        .map_err(|problem| Failure::new(problem.message, problem.help))?;
    let mut choice = CustomerChoice { features, ..stated_for.clone().unwrap_or_default() };
    for feature in stated_for.into_iter().flat_map(|choice| choice.features) {
        if !choice.features.contains(&feature) {
            choice.features.push(feature);
        }
    }
    let at = history.releases().iter().position(|other| other.version == release.version).unwrap_or_default();
    let upcoming = history.timeline().at(at).to_vec();
    let request = Request {
        choice: Some(choice),
        customer: args.customer.clone(),
        workspace: args.workspace.clone(),
        date: context.as_of,
    };
    let schedule = Schedule::new(&stated, release.into(), request).with_upcoming(upcoming).with_names_of(&history);
    let strings = context.strings(&release.disclosure.language);
    if args.version.is_none() {
        report.merge(unreleased(&history, &strings, context).map(Report::from).unwrap_or_default());
    }
    let bytes = match format {
        ScheduleFormat::Html => {
            let (templates, problems) = load::templates(&context.project);
            report.merge(problems);
            if report.has_errors() {
                return context.report(&report);
            }
            let publication = Arc::new(pipeline::released(&context.project, history.clone(), context.as_of));
            let html = Theme::new(&templates, &strings)
                .and_then(|theme| Renderer::new(publication, theme).schedule_document(&schedule));
            match html {
                Ok(html) => html.into_bytes(),
                Err(problems) => {
                    report.merge(problems);
                    return context.report(&report);
                }
            }
        }
        ScheduleFormat::Csv => schedule.csv(&strings),
        ScheduleFormat::DoraCsv => {
            let DoraRows { csv, missing } = schedule.dora();
            not_stated(&missing, context)?;
            csv
        }
        ScheduleFormat::Xlsx => schedule.workbook(&strings),
        ScheduleFormat::Docx => {
            schedule.docx(&strings).map_err(|error| Failure::new(format!("cannot write the document: {error}"), ""))?
        }
        ScheduleFormat::Json => {
            let annex = ScheduleDocument::new(&schedule, &strings);
            (json(&ScheduleResult { annex, report: json_report(&report) })? + "\n").into_bytes()
        }
        ScheduleFormat::Markdown => schedule.markdown(&strings).into_bytes(),
    };
    match &args.output {
        Some(file) => write(file, format, &bytes, schedule.items.len(), context)?,
        None if format.is_binary() => terminal::write_binary(&bytes)?,
        None if format == ScheduleFormat::Json => context.out().json(String::from_utf8_lossy(&bytes).trim_end())?,
        None => context.out().write_all(&bytes)?,
    }
    // JSON has its diagnostics, and is the only object on stdout.
    if format != ScheduleFormat::Json {
        context.report(&report)?;
    }
    Ok(Outcome::Fine)
}

/// Lists what a register of information needs and the release does not state.
fn not_stated(missing: &[String], context: &Context) -> Result<(), Failure> {
    if context.quiet || missing.is_empty() {
        return Ok(());
    }
    let mut err = context.err();
    writeln!(err, "these cells are empty, because the release does not state them:")?;
    for line in missing {
        writeln!(err, "  {line}")?;
    }
    Ok(())
}

/// Returns the requested format.
fn format_of(args: &ScheduleArgs) -> Result<ScheduleFormat, Failure> {
    let Some(format) = args.chosen_format() else {
        let file = args.output.as_deref().unwrap_or(Path::new("")).display();
        let help = "pass --format, or use one of these endings: .md, .html, .csv, .xlsx, .docx, .json";
        return Err(Failure::new(format!("no format has the ending of `{file}`"), help));
    };
    if format.is_binary() && args.output.is_none() && terminal::is_output_terminal() {
        let help = "pass --output FILE, or redirect the output to a file";
        return Err(Failure::new("a terminal cannot show a binary file", help));
    }
    Ok(format)
}

/// Writes the annex to a file that the user named. CSV begins with a byte order mark, which Excel needs.
fn write(file: &Path, format: ScheduleFormat, bytes: &[u8], items: usize, context: &Context) -> Result<(), Failure> {
    let mark = if matches!(format, ScheduleFormat::Csv | ScheduleFormat::DoraCsv) { BYTE_ORDER_MARK } else { "" };
    write_output(file, &[mark.as_bytes(), bytes].concat())?;
    if !context.quiet {
        let noun = if items == 1 { "subprocessor" } else { "subprocessors" };
        writeln!(context.err(), "annex of {items} {noun} written to {}", file.display())?;
    }
    Ok(())
}

/// Writes a file that the user named.
pub(super) fn write_output(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let unwritable = |reason: String| {
        let message = format!("cannot write `{}`: {reason}", file.display());
        Failure::new(message, "choose a file in a writable folder")
    };
    let name = file.file_name().ok_or_else(|| unwritable("it is not the name of a file".to_owned()))?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    files::write_chosen(folder, Path::new(name), bytes).map_err(|error| unwritable(error.reason().to_string()))
}

/// Warns if the content differs from the newest release.
pub(super) fn unreleased(history: &History, strings: &Catalog, context: &Context) -> Option<Diagnostic> {
    let (content, problems) = load::content(&context.project);
    match content {
        Some(content) if !problems.has_errors() => {
            let files = pipeline::files_of(&content, &context.project);
            let date = Some(context.as_of);
            let statement = Statement { disclosure: &content.disclosure, files: Some(&files), withheld: None, date };
            let status = ReleaseStatus::of(history, statement);
            refusal::unreleased(&status, history, (&content.disclosure, context.as_of), strings)
        }
        _ => {
            let message = "the content has errors, so it was not compared with the newest release";
            Some(Diagnostic::new(Code::UnreleasedChanges, message).fix(Remedy::CheckContent))
        }
    }
}
