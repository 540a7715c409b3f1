//! Loads the content files into the model, with the place of every value.
//!
//! ```text
//! folder -> text -> yaml | front_matter -> decode (tables in records, site) -> Content
//! ```
//!
//! One run reports the problems of all files: values that cannot be read are reported and left out, and loading continues. So
//! content can be returned together with errors; it is complete only if the report has no errors.

mod apply;
mod conditions;
mod decode;
mod folder;
mod front_matter;
mod lost;
mod places;
mod profile;
mod records;
mod site;
mod strings;
mod syntax;
mod templates;
mod text;
mod translation_lock;
mod translations;
mod unread;
mod upcoming;
mod values;
mod yaml;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use apply::{AppliedFile, apply_upcoming};
pub(crate) use folder::temporary;
pub use front_matter::{FrontMatter, PageFrontMatter};
pub use places::Places;
pub use profile::{Profile, ProfileQuestion, profile, profile_file};
pub use site::SiteFile;
pub use strings::{StringEntry, StringValue, strings};
pub use templates::templates;
pub use text::{conflict, unresolved_conflict};
pub use translation_lock::TranslationLock;
pub use translations::{TextState, TranslatedText, Translation, lock_path, overlay_folder};
pub use unread::unread;
pub use yaml::{Kind as YamlKind, Node as YamlNode, YamlEntry};

use decode::{Decoder, Value};
use yaml::{Kind, Node};

use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::model::lists::for_each_list;
use crate::model::{Disclosure, Id, Language, List, Listed, OwnPage, Section, Settings, Subprocessor};
use crate::project::Project;

/// The maximum number of items of a list: ten times the length of the longest published lists of subprocessors.
pub const MAX_ITEMS: usize = 10_000;

/// The parsed content files of a project.
#[derive(Debug, Clone)]
pub struct Content {
    /// The statements.
    pub disclosure: Disclosure,
    /// The settings of the site.
    pub settings: Settings,
    /// The place of each value.
    pub places: Places,
    /// The translations into the languages of the settings. Not read while the content has errors.
    pub translations: BTreeMap<Language, Translation>,
}

/// Reads the content of a project.
///
/// The content is `None` only if `site.yaml` has no valid title or organization. Items with an error in a required field are
/// left out, so the lists may be incomplete while the report has errors. Do not report missing items in that case.
pub fn content(project: &Project) -> (Option<Content>, Report) {
    let mut report = Report::new();
    let mut places = Places::default();
    let files = folder::files(project, &mut report);
    let site = files.site.and_then(|path| site_file(project, &path, &mut places, &mut report));
    let sections = sections(project, &files.sections, &mut places, &mut report);
    let pages = pages(project, &files.pages, &mut places, &mut report);
    let mut lists =
        Lists { project, files: files.lists, folders: files.folders, places: &mut places, report: &mut report };
    // Read all lists even if `site.yaml` is invalid, so that their problems are reported too.
    macro_rules! read_lists {
        (Sections { $($sections:tt)* } Pages { $($pages:tt)* } $($list:ident { field: $field:ident, $($rest:tt)* })*) => {{
            $(let $field = lists.read();)*
            site.map(|site| {
                let settings = site.settings();
                let SiteFile { title, description, language, organization, contacts, notice, dimensions, .. } = site;
                let disclosure = Disclosure {
                    title,
                    description,
                    language,
                    organization,
                    contacts,
                    notice,
                    dimensions,
                    sections,
                    pages,
                    $($field),*
                };
                (disclosure, settings)
            })
        }};
    }
    let read = for_each_list!(read_lists);
    let mut content = read.map(|(disclosure, settings)| {
        let translations = BTreeMap::new();
        Content { disclosure, settings, places, translations }
    });
    if let Some(content) = &mut content
        && !report.has_errors()
    {
        content.translations = translations::read(project, content, &mut report);
    }
    report.sort();
    (content, report)
}

/// Reads any YAML document.
///
/// # Errors
/// If the text is not valid YAML, has several documents, or exceeds the limits.
pub fn yaml(source: &Arc<Source>) -> Result<Node, Box<Diagnostic>> {
    yaml::parse(source, 0..source.text.len())
}

/// Reads a list of subprocessors from a string.
pub fn subprocessors(source: &Arc<Source>) -> (Vec<Arc<Subprocessor>>, Report) {
    let mut report = Report::new();
    let items = match yaml::read(source, 0..source.text.len(), &mut report) {
        Some(Node { kind: Kind::List(items), .. }) => {
            Decoder::new(source, &mut report).identified(&items, List::Subprocessors.name(), Value::read)
        }
        Some(node) => {
            let message = format!("`{}` must contain a list of items", source.path);
            let place = Place::new(source, node.range);
            report
                .push(Diagnostic::new(Code::WrongType, message).at(place, "").help("begin each item with `- id: ...`"));
            Vec::new()
        }
        None => Vec::new(),
    };
    (items, report)
}

fn site_file(project: &Project, path: &Path, places: &mut Places, report: &mut Report) -> Option<SiteFile> {
    let (source, node) = document(project, path, report)?;
    let mut decoder = Decoder::new(&source, report);
    let site = decoder.value(&node, "site", SiteFile::read);
    decoder.finish(places);
    site.map(SiteFile::shorten_notice)
}

/// Reads a YAML file that must not be empty.
fn document(project: &Project, path: &Path, report: &mut Report) -> Option<(Arc<Source>, Node)> {
    let source = text::read(project, path, report)?;
    let node = yaml::read(&source, 0..source.text.len(), report)?;
    if node.kind == Kind::Null {
        report.push(
            Diagnostic::new(Code::EmptyFile, format!("`{}` is empty", source.path))
                .at(Place::start_of(&source), "")
                .help("remove the file, or add content to it"),
        );
        return None;
    }
    Some((source, node))
}

fn sections(project: &Project, files: &[PathBuf], places: &mut Places, report: &mut Report) -> Vec<Arc<Section>> {
    let mut sections: Vec<Arc<Section>> = Vec::with_capacity(files.len());
    let mut firsts: HashMap<Id, Place> = HashMap::new();
    places.insert("sections", Place::file(project.display(&project.content().join("sections"))));
    for path in files {
        let Some(source) = text::read(project, path, report) else { continue };
        let mut decoder = Decoder::new(&source, report);
        let Some(read) = front_matter::read(&source, &format!("sections[{}]", sections.len()), &mut decoder) else {
            continue;
        };
        let place = decoder.place(&read.id_range);
        if let Some(first) = firsts.get(&read.section.id) {
            decoder.push(front_matter::same_id(&read.section.id, place, first.clone()));
            continue;
        }
        firsts.insert(read.section.id.clone(), place);
        decoder.finish(places);
        sections.push(Arc::new(read.section));
    }
    sections
}

fn pages(project: &Project, files: &[PathBuf], places: &mut Places, report: &mut Report) -> Vec<Arc<OwnPage>> {
    let mut pages: Vec<Arc<OwnPage>> = Vec::with_capacity(files.len());
    for path in files {
        let Some(source) = text::read(project, path, report) else { continue };
        let mut decoder = Decoder::new(&source, report);
        if let Some(page) = front_matter::read_page(&source, &format!("pages[{}]", pages.len()), &mut decoder) {
            decoder.finish(places);
            pages.push(Arc::new(page));
        }
    }
    pages
}

/// Reads the files under `data/`, and those of lists with a folder.
struct Lists<'a> {
    project: &'a Project,
    files: Vec<(List, PathBuf)>,
    folders: Vec<(List, Vec<PathBuf>)>,
    places: &'a mut Places,
    report: &'a mut Report,
}

impl Lists<'_> {
    /// Reads the list with this type of items; empty if it has no file.
    fn read<T: Listed + Value>(&mut self) -> Vec<Arc<T>> {
        let at = T::LIST.name();
        if T::LIST.has_folder() {
            return self.read_folder();
        }
        let Some((_, path)) = self.files.iter().find(|(list, _)| *list == T::LIST) else { return Vec::new() };
        let Some((source, node)) = document(self.project, path, self.report) else { return Vec::new() };
        self.places.insert(at, Place::start_of(&source));
        let mut decoder = Decoder::new(&source, self.report);
        let items = match &node.kind {
            Kind::List(items) => {
                if let Some(first) = items.get(MAX_ITEMS) {
                    let place = decoder.place(&first.range);
                    let mut found = folder::too_many(&source.path, MAX_ITEMS, "items");
                    found.labels.clear();
                    decoder.push(found.at(place, "the first item beyond the limit"));
                }
                decoder.identified(&items[..items.len().min(MAX_ITEMS)], at, T::read)
            }
            kind => {
                let help = match kind {
                    Kind::Map(entries) if entries.len() == 1 && matches!(entries[0].value.kind, Kind::List(_)) => {
                        format!(
                            "remove the line `{}:` and start the items at the beginning of the line",
                            entries[0].key
                        )
                    }
                    _ => "begin each item with `- id: ...`".to_owned(),
                };
                let message =
                    format!("`{}` must contain a list of items, but this is {}", source.path, kind.describe());
                decoder.error(Code::WrongType, message, &node.range, help);
                Vec::new()
            }
        };
        decoder.finish(self.places);
        items
    }

    /// Reads the list each of whose items is a file.
    fn read_folder<T: Listed + Value>(&mut self) -> Vec<Arc<T>> {
        let mut items: Vec<Arc<T>> = Vec::new();
        let Some((_, paths)) = self.folders.iter().find(|(list, _)| *list == T::LIST) else { return items };
        let folder = self.project.content().join(T::LIST.name());
        self.places.insert(T::LIST.name(), Place::file(self.project.display(&folder)));
        for path in paths {
            let at = format!("{}[{}]", T::LIST, items.len());
            let mut add = |item: Option<T>, decoder: Decoder<'_>| {
                if let Some(item) = item {
                    decoder.finish(self.places);
                    items.push(Arc::new(item));
                }
            };
            if T::LIST.is_written() {
                let Some(source) = text::read(self.project, path, self.report) else { continue };
                let mut decoder = Decoder::new(&source, self.report);
                add(front_matter::read_item(&source, &at, T::LIST.singular(), &mut decoder), decoder);
            } else {
                let Some((source, node)) = document(self.project, path, self.report) else { continue };
                let mut decoder = Decoder::new(&source, self.report);
                add(decoder.value(&node, &at, T::read), decoder);
            }
        }
        items
    }
}
