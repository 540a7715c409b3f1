//! `candor import`: imports an existing list of subprocessors, optionally with its git history.

mod git;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use super::printed::{ImportResult, ImportedColumn, ImportedRelease, json, json_report};
use super::{Context, Failure, Outcome, release};
use crate::cli::ImportArgs;
use crate::cli::format::ResultFormat;
use crate::diagnostic::{Code, Diagnostic, Place, Report, Severity, Source};
use crate::files::{self, Dir, FileError, Placing};
use crate::history::store::{self, Folder, WrittenRelease};
use crate::history::sums::Sums;
use crate::import::{self, ImportOptions, Imported, Past};
use crate::load;
use crate::text::counted;

/// The maximum size of the imported file, in bytes.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// Reads the list, shows the result, and writes it with `--write`.
///
/// # Errors
/// If the file cannot be read, or the result cannot be written.
pub fn run(args: &ImportArgs, context: &Context) -> Result<Outcome, Failure> {
    let shown = args.file.display().to_string();
    let text = match read(&args.file)? {
        Ok(text) => text,
        Err(found) => return context.report(&Report::from(*found)),
    };
    let source = Source::new(&*shown, import::normal(&text));
    let options = ImportOptions { assignments: args.map.clone(), table: args.table, earlier: false };
    let (imported, mut report) = import::read(&source, &options);
    let Some(imported) = imported else { return context.report(&report) };
    let mut past = Past::default();
    if args.git_history && !report.has_errors() {
        match replay(args, &options, context, &report) {
            Ok((imported, diagnostics)) => {
                past = imported;
                report.merge(diagnostics);
            }
            Err(diagnostics) => report.merge(diagnostics),
        }
    }
    let target = context.project.content().join("data/subprocessors.yaml");
    let root = context
        .project
        .open()
        .map_err(|error| Failure::new(format!("cannot open the project: {}", error.reason()), ""))?;
    let below = context.project.below(&target);
    let _lock = if args.write { release::lock(&Folder::of(&context.project))? } else { None };
    let exists = !matches!(root.kind(below), Ok(None));
    if args.write && exists && !args.replace {
        report.push(file_exists(&context.project.display(&target)));
    }
    let write = args.write && !report.has_errors();
    if args.format == ResultFormat::Human && !(args.write && context.quiet) {
        show(&imported, &past, &shown, context)?;
    }
    if write {
        let yaml = import::to_yaml(&imported.items, &format!("`{}`", file_name(&args.file)));
        place(&root, below, yaml.as_bytes(), args.replace)?;
        let folder = Folder::of(&context.project);
        let mut sums = Sums::default();
        for (past_release, _) in &past.releases {
            sums.insert(past_release.version, past_release.digest);
            let files = BTreeMap::new();
            let written = WrittenRelease { version: past_release.version, record: &past_release.record, files: &files };
            folder.write(&written, &sums, false)?;
        }
    }
    if args.format == ResultFormat::Json {
        return print_json(&imported, &past, write, &report, context);
    }
    let outcome = context.report(&report)?;
    if context.quiet {
        return Ok(outcome);
    }
    let target = context.project.display(&target);
    let mut out = context.out();
    match (write, report.has_errors()) {
        (true, _) => {
            writeln!(out, "\nWrote {target}")?;
            if !past.releases.is_empty() {
                writeln!(out, "Wrote {} to content/releases/", counted(past.releases.len(), "release"))?;
            }
        }
        (false, true) => writeln!(out, "\nNothing was written.")?,
        (false, false) => {
            let replace = if exists { " --replace" } else { "" };
            writeln!(out, "\nNothing was written. Add `--write{replace}` to write {target}.")?;
        }
    }
    Ok(outcome)
}

/// Creates releases from the git history of the file.
fn replay(
    args: &ImportArgs,
    options: &ImportOptions,
    context: &Context,
    known: &Report,
) -> Result<(Past, Report), Report> {
    let (history, report) = store::read(&context.project, context.as_of);
    if report.has_errors() {
        return Err(report);
    }
    if let Some(newest) = history.newest() {
        return Err(Diagnostic::new(
            Code::ImportHistoryExists,
            format!(
                "releases already exist, up to {}; a git history can only be imported before the first release",
                newest.version
            ),
        )
        .help("if nothing has been published yet, remove the folder content/releases/ and import again")
        .help("otherwise omit --git-history, and release the current list")
        .into());
    }
    let (content, mut report) = load::content(&context.project);
    // Ignore errors in the list that is about to be replaced.
    report.retain(|found| {
        let replaced = found.place().is_some_and(|place| place.source.path == "content/data/subprocessors.yaml");
        found.severity() == Severity::Error && !replaced
    });
    let Some(content) = content.filter(|_| !report.has_errors()) else { return Err(report) };
    let revisions = git::revisions(&args.file).map_err(|found| Report::from(*found))?;
    Ok(import::past(&revisions, options, &content.disclosure, context.as_of, known))
}

/// Reads a text file of at most [`MAX_BYTES`].
fn read(path: &Path) -> Result<Result<String, Box<Diagnostic>>, Failure> {
    match files::read_chosen(path, MAX_BYTES) {
        Ok(bytes) => Ok(decoded(&path.display().to_string(), bytes)),
        Err(error @ FileError::TooLarge { .. }) => {
            let message = format!("`{}` {error}", path.display());
            Err(Failure::new(message, "import a file that contains only the list of subprocessors"))
        }
        Err(error) => {
            let message = format!("cannot read `{}`: {}", path.display(), error.reason());
            Err(Failure::new(message, "import a Markdown, HTML or CSV file"))
        }
    }
}

/// Decodes UTF-8, or returns a diagnostic.
fn decoded(name: &str, bytes: Vec<u8>) -> Result<String, Box<Diagnostic>> {
    String::from_utf8(bytes).map_err(|error| {
        let help = match error.as_bytes() {
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "save it as UTF-8; it looks like UTF-16",
            _ => "save it as UTF-8, which spreadsheets call \"CSV UTF-8\"",
        };
        let message =
            format!("`{name}` is not UTF-8 text: invalid byte at offset {}", error.utf8_error().valid_up_to());
        Box::new(Diagnostic::new(Code::NotUtf8, message).at(Place::file(name), "").help(help))
    })
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

/// Prints the field of each column, the subprocessors, and the releases.
fn show(imported: &Imported, past: &Past, file: &str, context: &Context) -> Result<(), Failure> {
    let mut out = context.out();
    let width = imported.columns.iter().map(|column| column.name.chars().count()).max().unwrap_or_default().min(40);
    writeln!(out, "{file}, table {}:", imported.table)?;
    for column in &imported.columns {
        let fields: Vec<&str> = column.fields.iter().map(|field| field.name()).collect();
        let becomes = if fields.is_empty() { "(not imported)".to_owned() } else { fields.join(", ") };
        let name = if column.name.is_empty() { "(no name)" } else { &column.name };
        writeln!(out, "  {name:width$}  -> {becomes}")?;
    }
    writeln!(out, "\n{}:", counted(imported.items.len(), "subprocessor"))?;
    let width = imported.items.iter().map(|item| item.id.as_str().len()).max().unwrap_or_default();
    for item in &imported.items {
        writeln!(out, "  {:width$}  {}", item.id.as_str(), item.name)?;
    }
    if !past.releases.is_empty() {
        writeln!(out, "\n{}:", counted(past.releases.len(), "release"))?;
    }
    let width =
        past.releases.iter().map(|(past_release, _)| past_release.version.to_string().len()).max().unwrap_or_default();
    for (past_release, commit) in &past.releases {
        let version = past_release.version.to_string();
        writeln!(out, "  {version:width$}  {}  {}", import::short(commit), past_release.release.summary)?;
    }
    Ok(())
}

fn print_json(
    imported: &Imported,
    past: &Past,
    written: bool,
    report: &Report,
    context: &Context,
) -> Result<Outcome, Failure> {
    let fields = |column: &import::Column| column.fields.iter().map(|field| field.name()).collect();
    let result = ImportResult {
        table: imported.table,
        columns: imported.columns.iter().map(|it| ImportedColumn { name: &it.name, fields: fields(it) }).collect(),
        subprocessors: imported.items.iter().map(AsRef::as_ref).collect(),
        releases: past
            .releases
            .iter()
            .map(|(past_release, commit)| ImportedRelease {
                version: past_release.version,
                sha256: past_release.digest,
                commit,
                summary: &past_release.release.summary,
            })
            .collect(),
        written,
        report: json_report(report),
    };
    context.out().json(&json(&result)?)?;
    Ok(if report.has_errors() { Outcome::Problems } else { Outcome::Fine })
}
