//! `candor translate`: lists the texts without a current translation, writes them for a translator, and accepts translations.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::printed::{LanguageStatus, TranslationStatus, UntranslatedText};
use super::release::lock;
use super::{Context, Failure, Outcome};
use crate::cli::format::{ResultFormat, TranslatorFormat};
use crate::cli::{TranslateAcceptArgs, TranslateArgs, TranslateCommand, TranslateExtractArgs, TranslateStatusArgs};
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::files::{self, Placing};
use crate::history::store::Folder;
use crate::load::{self, Content, TextState, Translation};
use crate::model::{Language, SourceText, TextValue};
use crate::spreadsheet::BYTE_ORDER_MARK;
use crate::text::counted;
use crate::translation::{self, Acceptance, ExchangeFormat};

/// The maximum size of the file of a translator, in bytes.
const MAX_BYTES: u64 = 32 * 1024 * 1024;

/// Runs one of the subcommands.
///
/// # Errors
/// If the site does not have the language, or a file cannot be read or written.
pub fn run(args: &TranslateArgs, context: &Context) -> Result<Outcome, Failure> {
    match &args.command {
        TranslateCommand::Status(args) => status(args, context),
        TranslateCommand::Extract(args) => extract(args, context),
        TranslateCommand::Accept(args) => accept(args, context),
    }
}

/// Reads the content; an error if the site does not have the language. Without content, its problems.
fn content(language: Option<&Language>, context: &Context) -> Result<Result<Content, Report>, Failure> {
    let (content, report) = load::content(&context.project);
    let Some(content) = content.filter(|_| !report.has_errors()) else { return Ok(Err(report)) };
    let languages = &content.settings.languages;
    match language {
        Some(language) if !languages.contains(language) => {
            let names: Vec<String> = languages.iter().map(ToString::to_string).collect();
            let help = match names.as_slice() {
                [] => format!("add `languages: [{language}]` to content/site.yaml"),
                names => format!("use one of: {}; or add it to `languages` in content/site.yaml", names.join(", ")),
            };
            Err(Failure::new(format!("the site has no language `{language}`"), help))
        }
        _ => Ok(Ok(content)),
    }
}

/// Lists the texts without a current translation.
fn status(args: &TranslateStatusArgs, context: &Context) -> Result<Outcome, Failure> {
    let content = match content(args.language.as_ref(), context)? {
        Ok(content) => content,
        Err(report) => return context.report(&report),
    };
    let texts = content.disclosure.texts();
    let chosen = |language: &&Language| args.language.as_ref().is_none_or(|wanted| wanted == *language);
    let languages: Vec<LanguageStatus> = content
        .settings
        .languages
        .iter()
        .filter(chosen)
        .filter_map(|language| Some(language_status(language, content.translations.get(language)?, &texts, &content)))
        .collect();
    let is_complete = languages.iter().all(LanguageStatus::is_complete);
    let mut out = context.out();
    if args.format == ResultFormat::Json {
        let authoritative = content.disclosure.language.clone();
        let status = TranslationStatus { authoritative, languages };
        out.json(&super::printed::json(&status)?)?;
    } else if languages.is_empty() {
        writeln!(out, "The site has no translations: `languages` in content/site.yaml lists none")?;
    } else {
        for language in &languages {
            print(language, &mut out)?;
        }
    }
    Ok(if is_complete { Outcome::Fine } else { Outcome::Problems })
}

fn language_status(
    language: &Language,
    translation: &Translation,
    texts: &[SourceText],
    content: &Content,
) -> LanguageStatus {
    let in_state = |state: TextState| {
        let texts = texts.iter().filter(|text| translation.state(text) == state);
        let listed = texts.map(|text| {
            let own = translation.texts.get(&text.key).map(|own| own.place.clone());
            untranslated(&text.key, own.or_else(|| content.places.get(&text.path)).as_ref())
        });
        listed.collect::<Vec<_>>()
    };
    LanguageStatus {
        language: language.clone(),
        texts: texts.len(),
        current: texts.iter().filter(|text| translation.state(text) == TextState::Current).count(),
        missing: in_state(TextState::Missing),
        stale: in_state(TextState::Stale),
        unaccepted: in_state(TextState::Unaccepted),
        extra: translation.extra.iter().map(|(key, place)| untranslated(key, Some(place))).collect(),
    }
}

fn untranslated(key: &str, place: Option<&Place>) -> UntranslatedText {
    UntranslatedText {
        key: key.to_owned(),
        path: place.map(|place| place.source.path.clone()),
        line: place.map(|place| place.line_column().0),
    }
}

fn print(status: &LanguageStatus, out: &mut impl Write) -> std::io::Result<()> {
    let LanguageStatus { language, texts, current, missing, stale, unaccepted, extra } = status;
    writeln!(
        out,
        "{language}: {}, {current} current, {} missing, {} stale, {} not accepted, {} extra",
        counted(*texts, "text"),
        missing.len(),
        stale.len(),
        unaccepted.len(),
        extra.len()
    )?;
    for (state, texts) in [("missing", missing), ("stale", stale), ("not accepted", unaccepted), ("extra", extra)] {
        for UntranslatedText { key, path, line } in texts {
            let place = path.iter().zip(line).map(|(path, line)| format!("  {path}:{line}")).collect::<String>();
            writeln!(out, "  {state:12}  {key}{place}")?;
        }
    }
    Ok(())
}

/// Writes the texts without a current translation.
fn extract(args: &TranslateExtractArgs, context: &Context) -> Result<Outcome, Failure> {
    let content = match content(Some(&args.language), context)? {
        Ok(content) => content,
        Err(report) => return context.report(&report),
    };
    let named = args.out.as_ref().and_then(|path| ExchangeFormat::of_file(&path.to_string_lossy()));
    let format = match args.format {
        Some(TranslatorFormat::Yaml) => ExchangeFormat::Yaml,
        Some(TranslatorFormat::Xliff) => ExchangeFormat::Xliff,
        Some(TranslatorFormat::Csv) => ExchangeFormat::Csv,
        None => named.unwrap_or(ExchangeFormat::Yaml),
    };
    let none = Translation::default();
    let translation = content.translations.get(&args.language).unwrap_or(&none);
    let open = translation::open_texts(content.disclosure.texts(), translation);
    let text = translation::write(&open, &content.disclosure.language, &args.language, format);
    let Some(path) = &args.out else {
        // Only spreadsheets that open a file need a byte order mark.
        context.out().write_all(text.trim_start_matches(BYTE_ORDER_MARK).as_bytes())?;
        return Ok(Outcome::Fine);
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = PathBuf::from(path.file_name().unwrap_or_default());
    files::write_chosen(folder, &name, text.as_bytes()).map_err(|error| {
        let message = format!("cannot write `{}`: {}", path.display(), error.reason());
        Failure::new(message, "name a file that you can write")
    })?;
    if !context.quiet {
        writeln!(context.out(), "Wrote {} to {}", counted(open.len(), "text"), path.display())?;
    }
    Ok(Outcome::Fine)
}

/// Puts the texts of a file into the overlays and accepts them, or accepts those of the overlays.
fn accept(args: &TranslateAcceptArgs, context: &Context) -> Result<Outcome, Failure> {
    let _lock = lock(&Folder::of(&context.project))?;
    let content = match content(Some(&args.language), context)? {
        Ok(content) => content,
        Err(report) => return context.report(&report),
    };
    let none = Translation::default();
    let translation = content.translations.get(&args.language).unwrap_or(&none);
    let (acceptance, report) = match &args.file {
        None => translation::accept_all(&content, translation),
        Some(path) => {
            let (source, format) = match returned(path)? {
                Ok(read) => read,
                Err(found) => return context.report(&Report::from(*found)),
            };
            translation::read(&source, format, &content, &args.language, translation)
        }
    };
    if report.has_errors() {
        return context.report(&report);
    }
    let written = write(&content, &args.language, translation, &acceptance, context)?;
    let outcome = context.report(&report)?;
    if !context.quiet {
        let mut out = context.out();
        for path in &written {
            writeln!(out, "Wrote {path}")?;
        }
        let empty = match acceptance.empty {
            0 => String::new(),
            empty => format!("; {empty} without a translation"),
        };
        writeln!(out, "Accepted {}{empty}", counted(acceptance.accepted.len(), "translation"))?;
    }
    Ok(outcome)
}

/// The file of a translator, with its format.
type TranslatorFile = (Arc<Source>, ExchangeFormat);

/// Reads the file of a translator.
fn returned(path: &Path) -> Result<Result<TranslatorFile, Box<Diagnostic>>, Failure> {
    let shown = path.display().to_string();
    let Some(format) = ExchangeFormat::of_file(&shown) else {
        let help = "name a file whose name ends in .yaml, .xlf, .xliff or .csv";
        return Err(Failure::new(format!("`{shown}` is not a file of a translator"), help));
    };
    let bytes = files::read_chosen(path, MAX_BYTES).map_err(|error| {
        Failure::new(format!("cannot read `{shown}`: {}", error.reason()), "name a file of a translator")
    })?;
    Ok(match String::from_utf8(bytes) {
        Ok(text) => Ok((Source::new(shown, text), format)),
        Err(_) => {
            let found = Diagnostic::new(Code::NotUtf8, format!("`{shown}` is not UTF-8 text"));
            Err(Box::new(found.at(Place::file(shown), "").help("save it as UTF-8")))
        }
    })
}

/// Writes the overlays whose texts change, then the list of accepted texts. Returns the paths of the overlays.
fn write(
    content: &Content,
    language: &Language,
    translation: &Translation,
    acceptance: &Acceptance,
    context: &Context,
) -> Result<Vec<String>, Failure> {
    let project = &context.project;
    let before: BTreeMap<String, TextValue> =
        translation.texts.iter().map(|(key, own)| (key.clone(), own.value.clone())).collect();
    let mut after = before.clone();
    after.extend(acceptance.changed.clone());
    let old = translation::overlays(content, &before);
    let mut written = Vec::new();
    for (name, text) in translation::overlays(content, &after) {
        if old.get(&name) == Some(&text) {
            continue;
        }
        let path = load::overlay_folder(project, language).join(&name);
        place(&path, &with_head(&path, &text, context), context)?;
        written.push(project.display(&path));
    }
    let mut lock = translation.lock.clone();
    lock.retain(|key| after.contains_key(key) || translation.extra.keys().any(|extra| key.starts_with(extra.as_str())));
    for key in acceptance.changed.keys() {
        lock.retain(|own| own != key);
    }
    for (key, source) in &acceptance.accepted {
        lock.insert(key, *source);
    }
    if lock != translation.lock {
        place(&load::lock_path(project, language), &lock.to_text(language), context)?;
    }
    Ok(written)
}

/// Returns the text of an overlay below the comments with which the existing one begins.
fn with_head(path: &Path, text: &str, context: &Context) -> String {
    let root = context.project.open().ok();
    let bytes = root.and_then(|root| root.read(context.project.below(path), MAX_BYTES).ok()).unwrap_or_default();
    let existing = String::from_utf8_lossy(&bytes);
    let head = existing.lines().take_while(|line| line.starts_with('#')).map(|line| format!("{line}\n"));
    head.chain([text.to_owned()]).collect()
}

fn place(path: &Path, text: &str, context: &Context) -> Result<(), Failure> {
    let below = context.project.below(path);
    let placed = context.project.open().and_then(|root| {
        root.create_dirs(below.parent().unwrap_or(Path::new("")))?;
        root.place(below, text.as_bytes(), Placing::Replace)
    });
    placed.map_err(|error| {
        let message = format!("cannot write `{}`: {}", context.project.display(path), error.reason());
        Failure::new(message, "set --root to a project that you can write to")
    })
}
