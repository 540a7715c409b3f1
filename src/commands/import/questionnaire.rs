//! `candor import --questionnaire`: imports a filled questionnaire.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use super::{Existing, existing, file_exists, file_name, mapped, open, place, read, schema_line, show};
use crate::check;
use crate::cli::ImportArgs;
use crate::cli::format::ResultFormat;
use crate::cli::mapping::ColumnMapping;
use crate::commands::{Context, Failure, Outcome, release};
use crate::diagnostic::{CodeGroup, Report, Severity};
use crate::history::store::Folder;
use crate::import::{self, QuestionnaireFile, QuestionnaireOptions, State};
use crate::load;
use crate::model::{Id, Questionnaire};

/// Reads the questionnaire, shows the result, and writes it with `--write`.
pub(super) fn run(args: &ImportArgs, context: &Context) -> Result<Outcome, Failure> {
    let [file] = args.files.as_slice() else {
        return Err(Failure::new("a questionnaire is imported from one file", "name only one file"));
    };
    let options = QuestionnaireOptions {
        assignments: mapped(&args.map, ColumnMapping::for_questions)?,
        tables: args.table.clone(),
    };
    let id = match &args.name {
        Some(id) => id.clone(),
        None => id_of(file)?,
    };
    let shown = file.display().to_string();
    let content = match read(file)? {
        Ok(content) => content,
        Err(found) => return context.report(&Report::from(*found)),
    };
    let (imported, mut report) = match &content {
        State::Workbook(bytes) => import::read_questionnaire(&shown, QuestionnaireFile::Workbook(bytes), &options),
        State::Text(text) => {
            import::read_questionnaire(&shown, QuestionnaireFile::Csv(&import::normal(text)), &options)
        }
        State::Removed | State::Unreadable(_) => (None, Report::new()),
    };
    let Some(imported) = imported else { return context.report(&report) };
    let target = context.project.content().join(format!("questionnaires/{id}.yaml"));
    let root = open(context)?;
    let below = context.project.below(&target);
    let _lock = if args.write { release::lock(&Folder::of(&context.project))? } else { None };
    let existing = existing(&root, below);
    if args.write && !args.replace && !matches!(existing, Existing::Missing) {
        report.push(file_exists(&context.project.display(&target)));
    }
    let content = load::content(&context.project).0;
    let replaced = content.as_ref().and_then(|it| it.disclosure.questionnaires.iter().find(|other| other.id == id));
    let questionnaire = imported.questionnaire(id, replaced.map(AsRef::as_ref));
    let write = args.write && !report.has_errors();
    if args.format == ResultFormat::Human && !context.quiet {
        show::questions(&imported, &shown, context)?;
    }
    if write {
        let yaml = import::questionnaire_to_yaml(&questionnaire, &format!("`{}`", file_name(file)));
        place(&root, below, format!("{}{yaml}", schema_line(&existing)).as_bytes(), args.replace)?;
    }
    if args.format == ResultFormat::Json {
        return show::questionnaire_json(&imported, &questionnaire, write, &report, context);
    }
    let outcome = context.report(&report)?;
    if context.quiet {
        return Ok(outcome);
    }
    let mut out = context.out();
    show::cells(&imported.account, &mut out)?;
    let target = context.project.display(&target);
    match (write, report.has_errors()) {
        (true, _) => writeln!(out, "\nWrote {target}")?,
        (false, true) => writeln!(out, "\nNothing was written.")?,
        (false, false) => {
            let replace = if matches!(existing, Existing::Missing) { "" } else { " --replace" };
            writeln!(out, "\nNothing was written. Add `--write{replace}` to write {target}.")?;
        }
    }
    let problems = problems(&questionnaire, content, context);
    if !report.has_errors() && !problems.is_empty() {
        writeln!(out, "\n`candor check` will report:")?;
        for (code, count) in problems {
            writeln!(out, "  {code} ({count})")?;
        }
    }
    Ok(outcome)
}

/// Returns the id that follows from the name of the file.
fn id_of(file: &Path) -> Result<Id, Failure> {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    Id::from_name(&stem).ok_or_else(|| {
        let message = format!("the name of `{}` has no letters for the name of the questionnaire", file.display());
        Failure::new(message, "add `--name NAME`")
    })
}

/// Returns what the rules about questionnaires will report for the imported one, at the levels of the project.
fn problems(
    questionnaire: &Questionnaire,
    content: Option<load::Content>,
    context: &Context,
) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    let Some(mut content) = content else { return counts };
    content.disclosure.questionnaires = vec![questionnaire.clone().into()];
    let report = check::check(&content, &check::Facts::on(context.as_of));
    let found = report.diagnostics().iter().filter(|found| found.code().group() == CodeGroup::Questionnaires);
    for found in found.filter(|found| found.severity() != Severity::Note) {
        *counts.entry(found.code().as_str()).or_default() += 1;
    }
    counts
}
