//! `candor questionnaire --like`: fills the answers into a copy of a file.

use std::io::Write;
use std::path::Path;

use super::refuse_binary_on_terminal;
use crate::cli::QuestionnaireArgs;
use crate::cli::format::QuestionnaireFormat;
use crate::cli::mapping::ColumnMapping;
use crate::commands::import::{decoded, mapped, read_bytes};
use crate::commands::schedule::write_output;
use crate::commands::{Context, Failure, Outcome};
use crate::diagnostic::Report;
use crate::import::{self, FilledQuestionnaire, QuestionnaireFile, QuestionnaireOptions};
use crate::publication::Publication;
use crate::spreadsheet::BYTE_ORDER_MARK;
use crate::terminal;
use crate::text::counted;

/// The number of questions that a message names.
const MAX_NAMED: usize = 10;

/// Fills the answers of the questionnaire at a position into a copy of the file.
pub(super) fn run(
    args: &QuestionnaireArgs,
    file: &Path,
    (publication, nth): (&Publication, usize),
    mut report: Report,
    context: &Context,
) -> Result<Outcome, Failure> {
    let options = QuestionnaireOptions {
        assignments: mapped(&args.map, ColumnMapping::for_questions)?,
        tables: args.table.clone(),
    };
    let bytes = read_bytes(file)?;
    let is_workbook = import::is_workbook(&bytes);
    if let Some(output) = &args.output {
        let format = QuestionnaireFormat::of_file(output);
        let (expected, ending) = match is_workbook {
            true => (QuestionnaireFormat::Xlsx, ".xlsx"),
            false => (QuestionnaireFormat::Csv, ".csv"),
        };
        if format.is_some_and(|format| format != expected) {
            let message = format!("`{}` does not have the ending of a copy of `{}`", output.display(), file.display());
            return Err(Failure::new(message, format!("name a file that ends with {ending}")));
        }
    }
    if is_workbook {
        refuse_binary_on_terminal(args.output.as_deref())?;
    }
    let Some(disclosure) = publication.disclosure() else { return context.report(&report) };
    let Some(questionnaire) = disclosure.questionnaires.get(nth) else { return context.report(&report) };
    let strings = context.strings(&disclosure.language);
    let label = |answer: &crate::model::Answer| strings.answer(answer.as_str()).to_owned();
    let shown = file.display().to_string();
    let mut mark = "";
    let (filled, found) = if is_workbook {
        import::fill_questionnaire(&shown, QuestionnaireFile::Workbook(&bytes), &options, questionnaire, &label)
    } else {
        let has_mark = [&b"\xEF\xBB\xBF"[..], b"\xFF\xFE", b"\xFE\xFF"].iter().any(|mark| bytes.starts_with(mark));
        mark = if has_mark { BYTE_ORDER_MARK } else { "" };
        let text = match decoded(&shown, bytes) {
            Ok(text) => text,
            Err(found) => return context.report(&Report::from(*found)),
        };
        let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&text);
        import::fill_questionnaire(&shown, QuestionnaireFile::Csv(text), &options, questionnaire, &label)
    };
    report.merge(found);
    let Some(filled) = filled.filter(|_| !report.has_errors()) else { return context.report(&report) };
    if filled.filled == 0 {
        let help = "the numbers or the texts of the questions must be the same";
        return Err(Failure::new(format!("no question of `{shown}` is in `{}`", args.name), help));
    }
    let bytes = [mark.as_bytes(), &filled.bytes].concat();
    match &args.output {
        Some(output) => write_output(output, &bytes)?,
        None if is_workbook => terminal::write_binary(&bytes)?,
        None => context.out().write_all(&bytes)?,
    }
    context.report(&report)?;
    if !context.quiet {
        summary(&filled, args, &shown, context)?;
    }
    Ok(Outcome::Fine)
}

/// Prints what was filled in, and which questions only one of the two has.
fn summary(
    filled: &FilledQuestionnaire,
    args: &QuestionnaireArgs,
    file: &str,
    context: &Context,
) -> Result<(), Failure> {
    let mut err = context.err();
    let output = args.output.as_ref().map(|output| format!(" in {}", output.display())).unwrap_or_default();
    let (questions, cells) = (counted(filled.filled, "question"), counted(filled.cells, "cell"));
    writeln!(err, "answered {questions}{output}: {cells} changed")?;
    let named = |names: &[String]| match names.get(MAX_NAMED..) {
        Some([_, ..]) => format!("{}, ...", names[..MAX_NAMED].join(", ")),
        _ => names.join(", "),
    };
    if !filled.unknown.is_empty() {
        let count = counted(filled.unknown.len(), "question");
        writeln!(err, "{count} of `{file}` are not in `{}`: {}", args.name, named(&filled.unknown))?;
    }
    if !filled.left.is_empty() {
        let count = counted(filled.left.len(), "question");
        writeln!(err, "{count} of `{}` are not in `{file}`: {}", args.name, named(&filled.left))?;
    }
    Ok(())
}
