//! `candor questionnaire`: prints the answers of a questionnaire, or fills them into a file with the same questions.

#[cfg(feature = "import")]
mod fill;

use std::io::Write;
use std::path::Path;

use super::printed::{QuestionnaireResult, json, json_report};
use super::schedule::{unreleased, write_output};
use super::{Context, Failure, Outcome};
use crate::check;
use crate::cli::QuestionnaireArgs;
use crate::cli::format::QuestionnaireFormat;
use crate::diagnostic::{CodeGroup, Remedy, Report, Severity, nearest};
use crate::formats;
use crate::history::{History, store};
use crate::load;
use crate::pipeline;
use crate::publication::{Draft, Publication};
use crate::spreadsheet::BYTE_ORDER_MARK;
use crate::terminal;
use crate::text::counted;

/// Prints or writes the answers of the newest release, or of the content with `--draft`.
///
/// # Errors
/// If there is no such questionnaire, or the output cannot be written.
pub fn run(args: &QuestionnaireArgs, context: &Context) -> Result<Outcome, Failure> {
    let (publication, report) = match stated(args, context)? {
        Ok(stated) => stated,
        Err(report) => return context.report(&report),
    };
    let nth = position(&publication, &args.name)?;
    #[cfg(feature = "import")]
    if let Some(file) = &args.like {
        return fill::run(args, file, (&publication, nth), report, context);
    }
    let format = format_of(args)?;
    let Some(disclosure) = publication.disclosure() else { return context.report(&report) };
    let strings = context.strings(&disclosure.language);
    let bytes = match format {
        QuestionnaireFormat::Csv => formats::questionnaire_table(&publication, &strings, nth),
        QuestionnaireFormat::Xlsx => formats::questionnaire_workbook(&publication, &strings, nth),
        QuestionnaireFormat::Json => match formats::questionnaire_document(&publication, nth) {
            Some(answers) => {
                (json(&QuestionnaireResult { answers, report: json_report(&report) })? + "\n").into_bytes()
            }
            None => return context.report(&report),
        },
    };
    match (&args.output, format) {
        (Some(file), _) => {
            write_output(file, &bytes)?;
            if !context.quiet {
                let count = disclosure.questionnaires.get(nth).map_or(0, |item| item.questions.len());
                writeln!(context.err(), "{} written to {}", counted(count, "answer"), file.display())?;
            }
        }
        (None, QuestionnaireFormat::Xlsx) => terminal::write_binary(&bytes)?,
        (None, QuestionnaireFormat::Json) => context.out().json(String::from_utf8_lossy(&bytes).trim_end())?,
        // Files for Excel begin with the mark.
        (None, QuestionnaireFormat::Csv) => {
            context.out().write_all(bytes.strip_prefix(BYTE_ORDER_MARK.as_bytes()).unwrap_or(&bytes))?;
        }
    }
    // JSON has its diagnostics, and is the only object on stdout.
    if format != QuestionnaireFormat::Json {
        context.report(&report)?;
    }
    Ok(Outcome::Fine)
}

/// Returns what is stated: the newest release, with a warning if the content differs, or the content.
fn stated(args: &QuestionnaireArgs, context: &Context) -> Result<Result<(Publication, Report), Report>, Failure> {
    let (history, mut report) = store::read(&context.project, context.as_of);
    if report.has_errors() {
        return Ok(Err(report));
    }
    if args.draft {
        return Ok(draft(history, context).map(|publication| (publication, Report::new())));
    }
    let newest = history.newest().ok_or_else(|| Failure::new("there is no release yet", Remedy::MakeFirstRelease))?;
    let strings = context.strings(&newest.disclosure.language);
    report.merge(unreleased(&history, &strings, context).map(Report::from).unwrap_or_default());
    let history = history.with_word(strings.get("changes.redacted"));
    Ok(Ok((pipeline::released(&context.project, history, context.as_of), report)))
}

/// Returns the content as a draft, if it has no errors in questionnaires. Errors elsewhere do not matter to their files.
fn draft(history: History, context: &Context) -> Result<Publication, Report> {
    let (content, mut report) = load::content(&context.project);
    let Some(content) = content.filter(|_| !report.has_errors()) else { return Err(report) };
    report = check::check(&content, &check::Facts::on(context.as_of));
    report.retain(|found| found.code().group() == CodeGroup::Questionnaires && found.severity() == Severity::Error);
    if report.has_errors() {
        return Err(report);
    }
    let strings = context.strings(&content.disclosure.language);
    let is_released = history.newest().is_some() && unreleased(&history, &strings, context).is_none();
    let history = history.with_word(strings.get("changes.redacted"));
    let publication = pipeline::released(&context.project, history, context.as_of);
    let disclosure = content.disclosure.in_effect_on(context.as_of).into_owned();
    let draft = (!is_released).then_some(Draft { disclosure, changes: None });
    Ok(Publication { draft, ..publication })
}

/// Returns the position of a questionnaire.
fn position(publication: &Publication, name: &str) -> Result<usize, Failure> {
    let known: Vec<&str> = publication
        .disclosure()
        .map(|disclosure| disclosure.questionnaires.iter().map(|item| item.id.as_str()).collect())
        .unwrap_or_default();
    known.iter().position(|known| *known == name).ok_or_else(|| {
        let stated = if publication.draft.is_some() { "the content" } else { "the newest release" };
        let help = match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => format!("{stated} has no questionnaires"),
            None => format!("use one of these: {}", known.join(", ")),
        };
        Failure::new(format!("{stated} has no questionnaire `{name}`"), help)
    })
}

/// Returns the requested format.
fn format_of(args: &QuestionnaireArgs) -> Result<QuestionnaireFormat, Failure> {
    let format = match (args.format, &args.output) {
        (Some(format), _) => format,
        (None, Some(file)) => QuestionnaireFormat::of_file(file).ok_or_else(|| {
            let help = "pass --format, or use one of these endings: .csv, .xlsx, .json";
            Failure::new(format!("no format has the ending of `{}`", file.display()), help)
        })?,
        (None, None) => QuestionnaireFormat::Csv,
    };
    if format == QuestionnaireFormat::Xlsx {
        refuse_binary_on_terminal(args.output.as_deref())?;
    }
    Ok(format)
}

/// Refuses to print a workbook to a terminal.
fn refuse_binary_on_terminal(output: Option<&Path>) -> Result<(), Failure> {
    if output.is_none() && terminal::is_output_terminal() {
        let help = "pass --output FILE, or redirect the output to a file";
        return Err(Failure::new("a terminal cannot show a binary file", help));
    }
    Ok(())
}
