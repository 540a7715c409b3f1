//! The overlays in `content/i18n/LANGUAGE/`, which translate the texts of the content.
//!
//! An overlay has the structure of the content: `site.yaml`, `sections/*.md`, `pages/*.md`, `data/*.yaml` and the folders of lists.
//! It states only texts, each at the id of its item, never facts. Overlays are read only if the content has no errors, because a
//! text could otherwise seem to have no source.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value as Json;

use super::decode::{Clash, Decoder, Value};
use super::translation_lock::TranslationLock;
use super::yaml::{self, Kind, Node, YamlEntry};
use super::{Content, folder, front_matter, text};
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source, nearest};
use crate::model::translatable::{EntryId, SITE, SourceText, TextField, TextKind, TextValue};
use crate::model::{Language, List};
use crate::project::Project;

/// The folder of the translations below `content/`.
pub const FOLDER: &str = "i18n";

/// The translation of the content into one language.
#[derive(Debug, Clone, Default)]
pub struct Translation {
    /// The translated texts, by the key of their source.
    pub texts: BTreeMap<String, TranslatedText>,
    /// The places of translated texts whose source was removed, by its key.
    pub extra: BTreeMap<String, Place>,
    /// The sources for which the texts were accepted.
    pub lock: TranslationLock,
}

/// A translated text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TranslatedText {
    /// The text.
    pub value: TextValue,
    /// Its place in the overlay.
    pub place: Place,
}

/// Whether a text is translated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextState {
    /// It has no translation.
    Missing,
    /// Its translation was never accepted.
    Unaccepted,
    /// Its source has changed since its translation was accepted.
    Stale,
    /// Its translation was accepted for its source.
    Current,
}

impl Translation {
    /// Returns whether a text of the content is translated.
    pub fn state(&self, source: &SourceText) -> TextState {
        match (self.texts.get(&source.key), self.lock.get(&source.key)) {
            (None, _) => TextState::Missing,
            (Some(_), None) => TextState::Unaccepted,
            (Some(own), Some(accepted)) if accepted == source.value.digest() && source.value.fits(&own.value) => {
                TextState::Current
            }
            (Some(_), Some(_)) => TextState::Stale,
        }
    }
}

/// Reads the translations into the languages of the settings.
pub(super) fn read(project: &Project, content: &Content, report: &mut Report) -> BTreeMap<Language, Translation> {
    let mut translations = BTreeMap::new();
    let whole = content.disclosure.to_json();
    for (at, language) in content.settings.languages.iter().enumerate() {
        if *language == content.disclosure.language {
            let message = format!("`{language}` is the language of the content, not of a translation");
            report.push(
                Diagnostic::new(Code::TranslationLanguage, message)
                    .at_known(content.places.get(&format!("site.languages[{at}]")), "")
                    .at_known(content.places.get_exact("site.language"), "stated here")
                    .help("remove it from `languages`: the text of the content is authoritative"),
            );
            continue;
        }
        let mut reader = LanguageReader {
            project,
            content,
            whole: &whole,
            language,
            translation: Translation::default(),
            report: &mut *report,
        };
        reader.read();
        translations.insert(language.clone(), reader.translation);
    }
    report_unused(project, content, report);
    translations
}

/// Returns the path of the lock of a language.
pub fn lock_path(project: &Project, language: &Language) -> PathBuf {
    project.content().join(FOLDER).join(format!("{language}.lock"))
}

/// Returns the folder of the overlays of a language.
pub fn overlay_folder(project: &Project, language: &Language) -> PathBuf {
    project.content().join(FOLDER).join(language.as_str())
}

/// Reports folders and files of languages that the site does not have.
fn report_unused(project: &Project, content: &Content, report: &mut Report) {
    let folder = project.content().join(FOLDER);
    if !exists(project, &folder) {
        return;
    }
    for name in folder::entries(project, &folder, report).unwrap_or_default() {
        let tag = name.strip_suffix(".lock").unwrap_or(&name);
        let shown = project.display(&folder.join(&name));
        let found = match tag.parse::<Language>() {
            Ok(language) if content.settings.languages.contains(&language) => continue,
            Ok(language) if language == content.disclosure.language => {
                let message = format!("`{shown}` would translate the content into its own language");
                Diagnostic::new(Code::TranslationLanguage, message).help("edit the content itself, and remove this")
            }
            Ok(language) => {
                let message = format!("`{shown}` is not used, because the site has no language `{language}`");
                let help = format!("add `{language}` to `languages` in site.yaml, or remove it");
                Diagnostic::new(Code::TranslationLanguage, message).help(help)
            }
            Err(malformed) => {
                let message = format!("`{}` is not used: {}", shown.escape_debug(), malformed.message);
                Diagnostic::new(Code::TranslationLanguage, message)
                    .help("name a folder after the tag of its language, such as `de` or `pt-BR`")
            }
        };
        report.push(found.at(Place::file(shown), ""));
    }
}

fn exists(project: &Project, path: &Path) -> bool {
    project.open().is_ok_and(|root| root.facts(project.below(path)).is_ok())
}

/// Reads the overlays of one language.
struct LanguageReader<'a> {
    project: &'a Project,
    content: &'a Content,
    /// The disclosure as JSON.
    whole: &'a Json,
    language: &'a Language,
    translation: Translation,
    report: &'a mut Report,
}

impl LanguageReader<'_> {
    fn read(&mut self) {
        let lock = lock_path(self.project, self.language);
        if exists(self.project, &lock)
            && let Some(source) = text::read(self.project, &lock, self.report)
        {
            self.translation.lock = TranslationLock::parse(&source, self.language, self.report);
        }
        let folder = overlay_folder(self.project, self.language);
        if !exists(self.project, &folder) {
            return;
        }
        let folders: Vec<List> =
            List::ALL.iter().copied().filter(|list| list.is_written() || list.has_folder()).collect();
        for name in folder::entries(self.project, &folder, self.report).unwrap_or_default() {
            let path = folder.join(&name);
            match name.as_str() {
                "site.yaml" => self.site(&path),
                "data" => self.lists(&path),
                _ => match folders.iter().find(|list| list.name() == name) {
                    Some(list) => self.items(*list, &path),
                    None => {
                        let known = ["site.yaml", "data"].into_iter().chain(folders.iter().map(|list| list.name()));
                        self.unknown_file(&path, known);
                    }
                },
            }
        }
    }

    fn site(&mut self, path: &Path) {
        let Some((source, node)) = super::document(self.project, path, self.report) else { return };
        let whole = self.whole;
        self.file(&source).fields(&node, &At { json: whole, fields: SITE, item: SITE, key: "site", id: None });
    }

    /// Reads the files of `data/`.
    fn lists(&mut self, folder: &Path) {
        let names: Vec<String> = List::data().map(|list| format!("{list}.yaml")).collect();
        for name in folder::entries(self.project, folder, self.report).unwrap_or_default() {
            let path = folder.join(&name);
            let Some(list) = List::data().find(|list| name.strip_suffix(".yaml") == Some(list.name())) else {
                self.unknown_file(&path, names.iter().map(String::as_str));
                continue;
            };
            let Some((source, node)) = super::document(self.project, &path, self.report) else { continue };
            let (items, fields) = (&self.whole[list.name()], list.translatable());
            let at = At { json: items, fields, item: fields, key: list.name(), id: Some(EntryId::Field("id")) };
            self.file(&source).entries(&node, &at);
        }
    }

    /// Reads the files of a list whose items are files.
    fn items(&mut self, list: List, folder: &Path) {
        let stated = self.file_names(list);
        let mut firsts: BTreeMap<usize, Place> = BTreeMap::new();
        for name in folder::entries(self.project, folder, self.report).unwrap_or_default() {
            let path = folder.join(&name);
            let Some(position) = position(list, &name, &stated) else {
                // The item of an overlay that was accepted was removed.
                let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
                let stem = if list == List::Sections { without_number(stem) } else { stem };
                let key = format!("{list}[{stem}]");
                if self.translation.lock.contains(&key) {
                    self.translation.extra.insert(key, Place::file(self.project.display(&path)));
                } else {
                    self.unknown_file(&path, stated.iter().map(String::as_str));
                }
                continue;
            };
            let Some(source) = text::read(self.project, &path, self.report) else { continue };
            let start = Place::start_of(&source);
            if let Some(first) = firsts.get(&position) {
                let message = format!("two overlays translate `content/{list}/{}`", stated[position]);
                self.report.push(
                    Diagnostic::new(Code::TranslationTwice, message)
                        .at(start, "")
                        .at(first.clone(), "first here")
                        .help(format!("merge them into `{}`", stated[position])),
                );
                continue;
            }
            firsts.insert(position, start);
            let (item, fields) = (&self.whole[list.name()][position], list.translatable());
            let key = format!("{list}[{}]", EntryId::Field("id").of(item, position));
            let at = At { json: item, fields, item: fields, key: &key, id: None };
            if list.is_written() {
                self.file(&source).written(&at);
            } else if let Some(node) = yaml::read(&source, 0..source.text.len(), self.report) {
                self.file(&source).fields(&node, &at);
            }
        }
    }

    /// Returns the names of the files of a list, by the position of their items.
    fn file_names(&self, list: List) -> Vec<String> {
        let place = |position| self.content.places.get(&format!("{list}[{position}]"));
        let name = |place: Place| place.source.path.rsplit('/').next().unwrap_or_default().to_owned();
        (0..self.content.disclosure.count(list)).map(|position| place(position).map(name).unwrap_or_default()).collect()
    }

    fn file<'f>(&'f mut self, source: &'f Arc<Source>) -> OverlayFile<'f> {
        let decoder = Decoder::new(source, self.report);
        OverlayFile { source, decoder, translation: &mut self.translation }
    }

    fn unknown_file<'n>(&mut self, path: &Path, known: impl Iterator<Item = &'n str>) {
        let shown = self.project.display(path);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let help = match nearest(&name, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "give it the name of the file that it translates, or remove it".to_owned(),
        };
        let message = format!("`{}` translates no file of the content", shown.escape_debug());
        self.report.push(Diagnostic::new(Code::TranslationUnknown, message).at(Place::file(shown), "").help(help));
    }
}

/// Returns the name of a section's file without its number.
fn without_number(name: &str) -> &str {
    name.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches('-')
}

/// Returns the position of the item that a file translates: the one whose file has this name, or else the only section whose file
/// has this name apart from its number.
fn position(list: List, name: &str, stated: &[String]) -> Option<usize> {
    let same = stated.iter().position(|stated| stated == name);
    same.or_else(|| {
        let mut similar =
            stated.iter().enumerate().filter(|(_, stated)| without_number(stated) == without_number(name));
        let first = similar.next().filter(|_| list == List::Sections)?;
        similar.next().is_none().then_some(first.0)
    })
}

/// What a part of an overlay translates.
struct At<'a> {
    /// The part of the disclosure.
    json: &'a Json,
    /// The fields with texts.
    fields: &'a [TextField],
    /// Those of the item that contains the part.
    item: &'static [TextField],
    key: &'a str,
    /// What identifies an entry of a list; in a map, its entry.
    id: Option<EntryId>,
}

/// One file.
struct OverlayFile<'a> {
    source: &'a Arc<Source>,
    decoder: Decoder<'a>,
    translation: &'a mut Translation,
}

impl OverlayFile<'_> {
    /// Reads front matter and the text below it.
    fn written(&mut self, at: &At<'_>) {
        let parts = match front_matter::split(self.source, "overlay") {
            Ok(parts) => parts,
            Err(problem) => return self.decoder.push(*problem),
        };
        let Some(node) = yaml::read(self.source, parts.yaml, self.decoder.report()) else { return };
        if node.kind != Kind::Null {
            let front: Vec<TextField> = at.fields.iter().copied().filter(|field| field.name != "body").collect();
            self.fields(&node, &At { fields: &front, ..*at });
        }
        let body = &self.source.text[parts.body.clone()];
        if body.is_empty() {
            return;
        }
        if let Some((offset, character)) =
            body.char_indices().find(|(_, c)| c.is_control() && !matches!(c, '\n' | '\t'))
        {
            let start = parts.body.start + offset;
            let message = format!("the text contains the control character U+{:04X}", u32::from(character));
            let range = start..start + character.len_utf8();
            let help = "remove the character; readers cannot see it";
            return self.decoder.error(Code::ControlCharacter, message, &range, help);
        }
        self.text(format!("{}.body", at.key), TextValue::One(body.to_owned()), at.json.get("body"), &parts.body);
    }

    /// Reads the fields of a map.
    fn fields(&mut self, node: &Node, at: &At<'_>) {
        let Kind::Map(entries) = &node.kind else {
            let example = at.fields.first().map_or("title", |field| field.name);
            return self.decoder.wrong_type(
                node,
                at.key,
                "a map of fields",
                &format!("write fields, such as `{example}: ...`"),
            );
        };
        self.decoder.repeated_keys(entries);
        let id = at.id.and_then(EntryId::field);
        for entry in entries.iter().filter(|entry| Some(entry.key.as_str()) != id) {
            match at.fields.iter().find(|field| field.name == entry.key) {
                Some(field) if entry.value.kind != Kind::Null => self.field(*field, entry, at),
                Some(_) => {}
                None => self.not_a_text(entry, at),
            }
        }
    }

    fn field(&mut self, field: TextField, entry: &YamlEntry, at: &At<'_>) {
        let key = format!("{}.{}", at.key, field.name);
        let source = at.json.get(field.name);
        let Some((id, fields)) = field.kind.inner(at.item) else {
            let value = match field.kind {
                TextKind::Texts => self.texts(&entry.value, &key).map(TextValue::Several),
                _ => String::read(&entry.value, &key, &mut self.decoder).map(TextValue::One),
            };
            if let Some(value) = value {
                self.text(key, value, source, &entry.value.range);
            }
            return;
        };
        let Some(json) = source else { return self.without_source(key, &entry.key_range, None) };
        let inner = At { json, fields: &fields, item: at.item, key: &key, id };
        match id {
            None => self.fields(&entry.value, &inner),
            Some(_) => self.entries(&entry.value, &inner),
        }
    }

    /// Reads a list of texts. Unlike in the content, two entries may be equal: a language may have one word for two.
    fn texts(&mut self, node: &Node, key: &str) -> Option<Vec<String>> {
        let Kind::List(items) = &node.kind else {
            self.decoder.wrong_type(node, key, "a list", "write a list, with a line `- ...` for each entry");
            return None;
        };
        let read = self.decoder.items(items, key, String::read);
        (read.len() == items.len()).then_some(read)
    }

    /// Reads the entries of a list.
    fn entries(&mut self, node: &Node, at: &At<'_>) {
        let Some(id) = at.id else { return };
        let Kind::List(items) = &node.kind else {
            let help = format!("begin each entry with `- {}: ...`", id.field().unwrap_or("..."));
            return self.decoder.wrong_type(node, at.key, "a list", &help);
        };
        let stated: &[Json] = at.json.as_array().map_or(&[], Vec::as_slice);
        let names: Vec<String> = stated.iter().enumerate().map(|(position, entry)| id.of(entry, position)).collect();
        let mut firsts: BTreeMap<String, Range<usize>> = BTreeMap::new();
        for (position, item) in items.iter().enumerate() {
            let Some((name, range)) = self.id_of(item, id, position, at.key) else { continue };
            if let Some(first) = firsts.get(&name) {
                self.decoder.clash(Clash {
                    code: Code::DuplicateId,
                    message: format!("`{}` appears twice in {}", name.escape_debug(), at.key),
                    second: &range,
                    first,
                    first_text: "first here",
                    help: "merge the two",
                });
                continue;
            }
            let key = format!("{}[{name}]", at.key);
            match names.iter().position(|stated| *stated == name) {
                Some(found) => self.fields(item, &At { json: &stated[found], key: &key, ..*at }),
                // An entry without texts translates nothing.
                None if matches!(&item.kind, Kind::Map(fields) if fields.is_empty()) => {}
                None => {
                    let near = nearest(&name, names.iter().map(String::as_str)).filter(|_| id != EntryId::Position);
                    self.without_source(key, &range, near);
                }
            }
            firsts.insert(name, range);
        }
    }

    /// Returns what identifies an entry, and its place.
    fn id_of(&mut self, item: &Node, id: EntryId, position: usize, at: &str) -> Option<(String, Range<usize>)> {
        let Kind::Map(entries) = &item.kind else {
            self.decoder.wrong_type(item, &format!("{at}["), "a map of fields", "write fields, such as `- id: ...`");
            return None;
        };
        let Some(field) = id.field() else { return Some((position.to_string(), item.range.clone())) };
        let Some(entry) = entries.iter().find(|entry| entry.key == field) else {
            let help = format!("add `{field}: ...`, as in the content");
            self.decoder.error(Code::MissingField, format!("`{field}` is missing"), &item.range, help);
            return None;
        };
        Some((String::read(&entry.value, field, &mut self.decoder)?, entry.value.range.clone()))
    }

    /// Adds a translated text.
    fn text(&mut self, key: String, value: TextValue, source: Option<&Json>, range: &Range<usize>) {
        let count = match (&value, source) {
            (TextValue::One(_), Some(Json::String(text))) if !text.is_empty() => None,
            (TextValue::Several(own), Some(Json::Array(entries))) => Some((own.len(), entries.len())),
            _ => return self.without_source(key, range, None),
        };
        // A list that was accepted and has another length is stale, and reported as such.
        if let Some((own, stated)) = count.filter(|(own, stated)| own != stated)
            && self.translation.lock.get(&key).is_none()
        {
            let message = format!("the translation of `{key}` has {own} entries, but its source has {stated}");
            let help = "translate each entry, in the order of the source";
            return self.decoder.error(Code::TranslationEntries, message, range, help);
        }
        let place = self.decoder.place(range);
        self.translation.texts.insert(key, TranslatedText { value, place });
    }

    /// Handles a text without a source: it was removed if the text was accepted before, or else it never existed.
    fn without_source(&mut self, key: String, range: &Range<usize>, near: Option<&str>) {
        if self.translation.lock.contains(&key) {
            let place = self.decoder.place(range);
            self.translation.extra.insert(key, place);
            return;
        }
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "remove it: a translation has only texts that the content has".to_owned(),
        };
        let message = format!("the content has no text `{}`", key.escape_debug());
        self.decoder.error(Code::TranslationUnknown, message, range, help);
    }

    /// Reports a field that is a fact, or does not exist.
    fn not_a_text(&mut self, entry: &YamlEntry, at: &At<'_>) {
        let names: Vec<&str> = at.fields.iter().map(|field| field.name).collect();
        if at.json.get(&entry.key).is_some() {
            let message = format!("`{}` is a fact, which a translation cannot state", entry.key.escape_debug());
            let help = format!("remove it: the content states it for all languages. Texts are: {}", names.join(", "));
            return self.decoder.error(Code::TranslationFact, message, &entry.key_range, help);
        }
        let help = match nearest(&entry.key, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("use one of these fields: {}", names.join(", ")),
        };
        let message = format!("`{}` is not a text that can be translated", entry.key.escape_debug());
        self.decoder.error(Code::TranslationFact, message, &entry.key_range, help);
    }
}
