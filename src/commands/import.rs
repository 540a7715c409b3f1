//! `candor import`: imports an existing list of subprocessors, optionally with its git history, or a questionnaire.

mod git;
mod questionnaire;
mod show;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::{Context, Failure, Outcome, release};
use crate::check;
use crate::cli::ImportArgs;
use crate::cli::format::ResultFormat;
use crate::cli::mapping::ColumnMapping;
use crate::diagnostic::{Code, CodeGroup, Diagnostic, Place, Report, Severity, Source};
use crate::files::{self, Dir, FileError, Placing};
use crate::history::store::{self, Folder, WrittenRelease};
use crate::history::sums::Sums;
use crate::import::{self, ImportOptions, Imported, Past, PastOptions, Plan, State};
use crate::init;
use crate::load;
use crate::model::Malformed;
use crate::text::counted;

/// The maximum size of the imported file, in bytes.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// What the import creates.
#[derive(Default)]
struct Created {
    past: Past,
    /// The text of a new plan, in place of releases.
    plan: Option<String>,
}

/// Reads the list, shows the result, and writes it with `--write`.
///
/// # Errors
/// If the file cannot be read, or the result cannot be written.
pub fn run(args: &ImportArgs, context: &Context) -> Result<Outcome, Failure> {
    if args.questionnaire {
        return questionnaire::run(args, context);
    }
    let [.., file] = args.files.as_slice() else {
        return Err(Failure::new("no file to import", "name the file that has the list"));
    };
    if args.files.len() > 1 && !args.git_history {
        let help = "add --git-history to import several files as one history, or name only one file";
        return Err(Failure::new("several files are only imported as a history", help));
    }
    let shown = file.display().to_string();
    let content = match read(file)? {
        Ok(content) => content,
        Err(found) => return context.report(&Report::from(*found)),
    };
    let options = ImportOptions {
        assignments: mapped(&args.map, ColumnMapping::for_subprocessors)?,
        tables: args.table.clone(),
        defaults: args.default.clone(),
        date_order: args.date_format,
        language: load::content(&context.project)
            .0
            .map_or_else(String::new, |content| content.disclosure.language.to_string()),
        as_of: Some(context.as_of),
        history: args.git_history,
        earlier: false,
    };
    let (imported, mut report) = list(&shown, content, &options);
    let Some(mut imported) = imported else { return context.report(&report) };
    let mut created = Created::default();
    if args.git_history && !report.has_errors() {
        match replay(args, &options, &mut imported, context, &report)? {
            Ok((made, diagnostics)) => {
                created = made;
                report.merge(diagnostics);
            }
            Err(diagnostics) => report.merge(diagnostics),
        }
    }
    let target = context.project.content().join("data/subprocessors.yaml");
    let root = open(context)?;
    let below = context.project.below(&target);
    let _lock = if args.write { release::lock(&Folder::of(&context.project))? } else { None };
    let existing = existing(&root, below);
    // The list of a new project has no items to lose.
    let replace = args.replace || matches!(&existing, Existing::Text(text) if init::is_empty_list(text));
    if args.write && !replace && !matches!(existing, Existing::Missing) {
        report.push(file_exists(&context.project.display(&target)));
    }
    let planned = created.plan.is_some();
    let write = args.write && !report.has_errors() && !planned;
    if args.format == ResultFormat::Human && !context.quiet {
        show::list(&imported, &created.past, &shown, context)?;
    }
    if let (Some(text), Some(path)) = (&created.plan, &args.plan)
        && !report.has_errors()
    {
        write_plan(path, text)?;
    }
    if write {
        let head = schema_line(&existing);
        let yaml = import::to_yaml(&imported.items, &format!("`{}`", file_name(file)));
        place(&root, below, format!("{head}{yaml}").as_bytes(), replace)?;
        let folder = Folder::of(&context.project);
        let mut sums = Sums::default();
        for (past_release, _) in &created.past.releases {
            sums.insert(past_release.version, past_release.digest);
            let files = BTreeMap::new();
            let written = WrittenRelease { version: past_release.version, record: &past_release.record, files: &files };
            folder.write(&written, &sums, false)?;
        }
    }
    if args.format == ResultFormat::Json {
        return show::json_result(&imported, &created.past, write, &report, context);
    }
    let outcome = context.report(&report)?;
    if context.quiet {
        return Ok(outcome);
    }
    let target = context.project.display(&target);
    let mut out = context.out();
    show::cells(&imported.account, &mut out)?;
    match (write, report.has_errors()) {
        (true, _) => {
            writeln!(out, "\nWrote {target}")?;
            if !created.past.releases.is_empty() {
                writeln!(out, "Wrote {} to content/releases/", counted(created.past.releases.len(), "release"))?;
            }
        }
        (false, true) => writeln!(out, "\nNothing was written.")?,
        (false, false) if planned => {
            let plan = args.plan.as_deref().unwrap_or(Path::new("")).display().to_string();
            writeln!(out, "\nWrote {plan}. Edit the summaries, then run the same command again with `--write`.")?;
        }
        (false, false) => {
            let exists = !replace && !matches!(existing, Existing::Missing);
            let replace = if exists { " --replace" } else { "" };
            writeln!(out, "\nNothing was written. Add `--write{replace}` to write {target}.")?;
        }
    }
    if !report.has_errors() {
        show::requests(&requests(&imported, context), &mut out)?;
    }
    Ok(outcome)
}

/// Returns the fields that `--map` assigns.
pub(super) fn mapped<A>(
    columns: &[ColumnMapping],
    parse: fn(&ColumnMapping) -> Result<A, Malformed>,
) -> Result<Vec<A>, Failure> {
    columns.iter().map(|mapping| parse(mapping).map_err(|why| Failure::new(why.message, why.help))).collect()
}

/// Reads the list in a file.
fn list(name: &str, content: State, options: &ImportOptions) -> (Option<Imported>, Report) {
    match content {
        State::Workbook(bytes) => import::read_workbook(name, &bytes, options),
        State::Text(text) => import::read(&Source::new(name, import::normal(&text)), options),
        State::Removed | State::Unreadable(_) => (None, Report::new()),
    }
}

/// Returns what the rules about subprocessors will report for the imported list, at the levels of the project.
fn requests(imported: &Imported, context: &Context) -> BTreeMap<&'static str, usize> {
    let (content, _) = load::content(&context.project);
    let mut counts = BTreeMap::new();
    let Some(mut content) = content else { return counts };
    content.disclosure.subprocessors = imported.items.clone();
    let report = check::check(&content, &check::Facts::on(context.as_of));
    let asked = report
        .diagnostics()
        .iter()
        .filter(|found| found.code().group() == CodeGroup::Subprocessors && found.severity() != Severity::Note);
    for found in asked {
        *counts.entry(found.code().as_str()).or_default() += 1;
    }
    counts
}

/// Creates releases from the git history of the files, or the plan for them.
fn replay(
    args: &ImportArgs,
    options: &ImportOptions,
    imported: &mut Imported,
    context: &Context,
    known: &Report,
) -> Result<Result<(Created, Report), Report>, Failure> {
    let (history, report) = store::read(&context.project, context.as_of);
    if report.has_errors() {
        return Ok(Err(report));
    }
    if let Some(newest) = history.newest() {
        return Ok(Err(Diagnostic::new(
            Code::ImportHistoryExists,
            format!(
                "releases already exist, up to {}; a git history can only be imported before the first release",
                newest.version
            ),
        )
        .help("if nothing has been published yet, remove the folder content/releases/ and import again")
        .help("otherwise omit --git-history, and release the current list")
        .into()));
    }
    let (content, mut report) = load::content(&context.project);
    // Ignore errors in the list that is about to be replaced.
    report.retain(|found| {
        let replaced = found.place().is_some_and(|place| place.source.path == "content/data/subprocessors.yaml");
        found.severity() == Severity::Error && !replaced
    });
    let Some(content) = content.filter(|_| !report.has_errors()) else { return Ok(Err(report)) };
    let plan = match args.plan.as_deref().map(read_plan).transpose()?.flatten() {
        Some(Ok(plan)) => Some(plan),
        Some(Err(found)) => return Ok(Err(Report::from(*found))),
        None => None,
    };
    let new_plan = args.plan.is_some() && plan.is_none();
    let past_options = PastOptions {
        same: args.same.clone(),
        different: args.different.clone(),
        from: args.from.clone(),
        skip: args.skip.iter().map(|commit| commit.to_lowercase()).collect(),
        plan,
    };
    let (revisions, copies) = match git::histories(&args.files, args.copies) {
        Ok(found) => found,
        Err(found) => return Ok(Err(Report::from(*found))),
    };
    if args.files.len() > 1 {
        let continued = import::continued(&revisions, options, imported);
        report.merge(with_older_files(args, options, &continued, imported));
    }
    if report.has_errors() {
        return Ok(Err(report));
    }
    let today = &content.disclosure;
    let (past, found) = import::past(&revisions, options, &past_options, imported, today, context.as_of, known);
    report.merge(found);
    report.merge(copies);
    let plan = new_plan.then(|| Plan::format(&past));
    Ok(Ok((Created { past, plan }, report)))
}

/// Adds the lists of the older files that no newer one continues. One that is gone, or has no list anymore, is a part of the past only.
fn with_older_files(args: &ImportArgs, options: &ImportOptions, continued: &[bool], imported: &mut Imported) -> Report {
    let mut report = Report::new();
    let older = args.files.iter().zip(continued).rev().skip(1).filter(|(_, continued)| !**continued);
    for (file, _) in older {
        let Ok(Ok(content)) = read(file) else { continue };
        let (found, problems) = list(&file.display().to_string(), content, options);
        let is_none = |found: &Diagnostic| matches!(found.code(), Code::ImportNoTable | Code::ImportWhichTable);
        match found {
            Some(found) => imported.prepend(found),
            None if problems.diagnostics().iter().all(is_none) => continue,
            None => {}
        }
        report.merge(problems);
    }
    report
}

/// Reads an edited plan; `None` if there is none yet.
fn read_plan(path: &Path) -> Result<Option<Result<Plan, Box<Diagnostic>>>, Failure> {
    let shown = path.display().to_string();
    match files::read_chosen(path, MAX_BYTES) {
        Ok(bytes) => {
            Ok(Some(decoded(&shown, bytes).and_then(|text| Plan::parse(&Source::new(shown, import::normal(&text))))))
        }
        Err(error) if error.is_missing() => Ok(None),
        Err(error) => Err(Failure::new(format!("cannot read `{shown}`: {}", error.reason()), "name another file")),
    }
}

fn write_plan(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = PathBuf::from(path.file_name().unwrap_or_default());
    files::write_chosen(folder, &name, text.as_bytes()).map_err(|error| {
        Failure::new(format!("cannot write `{}`: {}", path.display(), error.reason()), "name a file that you can write")
    })
}

/// Returns why a file is not text, and not a spreadsheet either.
///
/// # Errors
/// If it cannot be read.
pub(super) fn unreadable(path: &Path) -> Result<Option<Box<Diagnostic>>, Failure> {
    Ok(read(path)?.err())
}

/// Reads a file of at most [`MAX_BYTES`].
fn read(path: &Path) -> Result<Result<State, Box<Diagnostic>>, Failure> {
    Ok(state(&path.display().to_string(), read_bytes(path)?))
}

/// Reads the bytes of a file of at most [`MAX_BYTES`].
pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    match files::read_chosen(path, MAX_BYTES) {
        Ok(bytes) => Ok(bytes),
        Err(error @ FileError::TooLarge { .. }) => {
            let message = format!("`{}` {error}", path.display());
            Err(Failure::new(message, "import a file that contains only the list"))
        }
        Err(error) => {
            let message = format!("cannot read `{}`: {}", path.display(), error.reason());
            Err(Failure::new(message, "import a page, a spreadsheet or a data file"))
        }
    }
}

/// Returns the content of a file: a workbook, or text.
fn state(name: &str, bytes: Vec<u8>) -> Result<State, Box<Diagnostic>> {
    match import::is_workbook(&bytes) {
        true => Ok(State::Workbook(bytes)),
        false => decoded(name, bytes).map(State::Text),
    }
}

/// Decodes UTF-8, or UTF-16 with a byte order mark.
pub(super) fn decoded(name: &str, bytes: Vec<u8>) -> Result<String, Box<Diagnostic>> {
    let wide: Option<fn([u8; 2]) -> u16> = match bytes.as_slice() {
        [0xFF, 0xFE, ..] => Some(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => Some(u16::from_be_bytes),
        _ => None,
    };
    let wrong = |message: String, help: &str| {
        Box::new(Diagnostic::new(Code::NotUtf8, message).at(Place::file(name), "").help(help))
    };
    if let Some(unit) = wide {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        let text = String::from_utf16(&units).ok().filter(|_| bytes.len().is_multiple_of(2));
        return text.ok_or_else(|| wrong(format!("`{name}` is not valid UTF-16 text"), "save it as UTF-8"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let help = match error.as_bytes().starts_with(b"%PDF") {
            true => "a PDF has no tables: save the list as Markdown, HTML or CSV",
            false => "save it as UTF-8, which spreadsheets call \"CSV UTF-8\"",
        };
        wrong(format!("`{name}` is not UTF-8 text: invalid byte at offset {offset}"), help)
    })
}

/// What is at the path of the list.
enum Existing {
    Missing,
    Text(String),
    /// Something that is not a text file of a usual size.
    Other,
}

/// Opens the folder of the project.
fn open(context: &Context) -> Result<Dir, Failure> {
    let cannot = |error: FileError| Failure::new(format!("cannot open the project: {}", error.reason()), "");
    context.project.open().map_err(cannot)
}

fn existing(root: &Dir, below: &Path) -> Existing {
    if matches!(root.kind(below), Ok(None)) {
        return Existing::Missing;
    }
    let text = root.read(below, MAX_BYTES).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    text.map_or(Existing::Other, Existing::Text)
}

/// Returns the line of an existing list that names its schema for editors.
fn schema_line(existing: &Existing) -> String {
    let Existing::Text(text) = existing else { return String::new() };
    let line = text.lines().next().filter(|line| line.starts_with("# yaml-language-server:"));
    line.map(|line| format!("{}\n", line.trim_end())).unwrap_or_default()
}

fn file_exists(target: &str) -> Diagnostic {
    Diagnostic::new(Code::ImportFileExists, format!("`{target}` already exists"))
        .at(Place::file(target), "")
        .help("add `--replace` to overwrite it; version control still has the old one")
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Writes a file of the project in one step, so that an incomplete file is never read.
fn place(root: &Dir, below: &Path, bytes: &[u8], replace: bool) -> Result<(), Failure> {
    let placing = if replace { Placing::Replace } else { Placing::New };
    let made = root.create_dirs(below.parent().unwrap_or(Path::new("")));
    let placed = made.and_then(|made| root.place(below, bytes, placing).inspect_err(|_| root.remove_empty(&made)));
    placed.map_err(|error| {
        Failure::new(
            format!("cannot write `{}`: {}", below.display(), error.reason()),
            "set --root to a project that you can write to",
        )
    })
}
