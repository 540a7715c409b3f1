//! `index.md`: the trust page as Markdown, for programs that read text and for people who quote it.
//!
//! Prose is the publisher's Markdown; lists become tables and bullets. The footnotes of items are at the end. Plain text is escaped, so that it is shown literally.

use std::cell::{Cell, RefCell};
use std::fmt::Write;
use std::sync::Arc;

use super::anchors::AnchorLink;
use super::links::{FileAddress, TextOrigin};
use super::lists::{newest_first, shown};
use super::renderer::Renderer;
use crate::history::History;
use crate::markdown::{self, Inserted, Insertion, LinkTarget, Resolved};
use crate::model::{Date, Disclosure, Id, Item, List, OwnPage, Section, Show, Update, grouped};
use crate::site::map::{PageKind, release_page, release_record};
use crate::text::markdown::{escape, link};
use crate::wording::Catalog;
use crate::wording::phrase::Group;

/// The inputs of the copy.
pub(super) struct MarkdownCopy<'a> {
    renderer: &'a Renderer,
    disclosure: &'a Disclosure,
    /// The statement that the copy shows.
    origin: TextOrigin,
    /// The path of the page that has the anchors of the texts; empty for the trust page.
    page: String,
    /// The number of footnotes so far.
    footnotes: Cell<usize>,
    /// The footnotes of items.
    notes: RefCell<Vec<String>>,
}

impl Renderer {
    /// Renders the trust page as Markdown; empty if there is neither a release nor a draft.
    pub(super) fn markdown_copy(&self) -> String {
        let publication = self.publication();
        let strings = self.strings();
        let Some(disclosure) = publication.disclosure() else { return String::new() };
        let origin = if publication.draft.is_some() { TextOrigin::Draft } else { TextOrigin::Current };
        let copy = MarkdownCopy::new(self, disclosure, origin);
        let mut text = format!("# {}\n", escape(&disclosure.title));
        if let Some(description) = &disclosure.description {
            let _ = writeln!(text, "\n> {}", escape(description));
        }
        let _ = write!(text, "\n{}", escape(&disclosure.organization.name));
        match (&publication.draft, publication.history.newest()) {
            (Some(_), _) => {
                let _ = writeln!(text, "\n\n**{}**", escape(strings.get("draft.banner")));
            }
            (None, Some(release)) => {
                let _ = writeln!(
                    text,
                    " · {}, {} · {}, SHA-256 `{}`",
                    escape(&strings.fill("footer.version", &[("version", &release.version.to_string())])),
                    escape(&strings.fill("footer.published", &[("date", &strings.date(release.published))])),
                    link(strings.get("changelog.record"), &copy.address(&release_record(release.version))),
                    release.digest,
                );
            }
            (None, None) => text.push('\n'),
        }
        let open = disclosure.updates.iter().filter(|item| item.is_open_incident());
        let open: Vec<&Update> = newest_first(open.map(|item| &**item));
        if !open.is_empty() {
            let address = |item: &Update| copy.address(&PageKind::Update.path(item.id.as_str()));
            let links: Vec<String> = open.iter().map(|item| link(&item.title, &address(item))).collect();
            let label = escape(&strings.count("updates.open", open.len()));
            let _ = writeln!(text, "\n**{label}**: {}", links.join(", "));
        }
        if let Ok(front) = self.front() {
            text += &super::upcoming::markdown(&copy, &self.upcoming(&front));
        }
        for section in disclosure.shown_sections() {
            copy.section(&mut text, section);
        }
        for page in &disclosure.pages {
            copy.own_page(&mut text, page);
        }
        // Every update has a page, whether or not a section or a page shows the list.
        if !disclosure.shows(List::Updates) && disclosure.page_showing(List::Updates).is_none() {
            let list = shown(&Show::List(List::Updates)).map(|kind| kind.markdown(&copy)).unwrap_or_default();
            if !list.is_empty() {
                let title = link(strings.get("updates.title"), &copy.address(&PageKind::Updates.path("")));
                let _ = write!(text, "\n## {title}\n\n{list}");
            }
        }
        for note in copy.notes.take() {
            let _ = writeln!(text, "\n{note}");
        }
        text
    }
}

impl<'a> MarkdownCopy<'a> {
    fn new(renderer: &'a Renderer, disclosure: &'a Disclosure, origin: TextOrigin) -> MarkdownCopy<'a> {
        let (page, footnotes, notes) = (String::new(), Cell::new(0), RefCell::default());
        MarkdownCopy { renderer, disclosure, origin, page, footnotes, notes }
    }

    /// The disclosure.
    pub(super) fn disclosure(&self) -> &'a Disclosure {
        self.disclosure
    }

    /// The UI strings.
    pub(super) fn strings(&self) -> &'a Catalog {
        self.renderer.strings()
    }

    /// All releases.
    pub(super) fn history(&self) -> &'a History {
        &self.renderer.publication().history
    }

    /// Returns the name of a subprocessor.
    pub(super) fn subprocessor_name(&self, id: &Id) -> String {
        let release = self.history().newest().map(|release| release.version);
        self.renderer.subprocessor_name(id, self.disclosure, release)
    }

    /// Descriptions of the changes in the release at this position.
    pub(super) fn groups(&self, at: usize) -> Vec<Group> {
        self.renderer.groups(at)
    }

    /// The date as of which the copy is evaluated.
    pub(super) fn date(&self) -> Date {
        self.renderer.publication().as_of
    }

    /// Returns the URL of a path of the site: absolute if the site has a `base_url`, otherwise relative to the copy.
    pub(super) fn address(&self, path: &str) -> String {
        let relative = || if path.is_empty() { "./".to_owned() } else { path.to_owned() };
        self.renderer.publication().absolute(path).unwrap_or_else(relative)
    }

    /// Returns where a file of `static/` is.
    pub(super) fn file(&self, path: &str) -> FileAddress {
        self.renderer.file(path, self.origin)
    }

    fn section(&self, text: &mut String, section: &Section) {
        let _ = writeln!(text, "\n## {}", escape(&section.title));
        if let Some(summary) = &section.summary {
            let _ = writeln!(text, "\n{}", escape(summary));
        }
        self.prose(text, &section.body, &format!("{}--", section.id), 3, section.show.is_some());
        let list = section.show.as_ref().and_then(shown).map(|kind| kind.markdown(self)).unwrap_or_default();
        if !list.is_empty() {
            let _ = write!(text, "\n{list}");
        }
    }

    /// Appends a page of the publisher. A list that the copy has already is not repeated.
    fn own_page(&self, text: &mut String, page: &OwnPage) {
        let path = PageKind::Own.path(page.id.as_str());
        let (footnotes, notes) = (self.footnotes.clone(), RefCell::default());
        let copy = MarkdownCopy { page: path.clone(), footnotes, notes, ..*self };
        let _ = writeln!(text, "\n## {}", link(&page.title, &self.address(&path)));
        if let Some(summary) = &page.summary {
            let _ = writeln!(text, "\n{}", escape(summary));
        }
        copy.prose(text, &page.body, &List::Pages.heading_prefix(&page.id), 3, page.show.is_some());
        let is_repeated = self.disclosure.sections.iter().any(|section| section.show == page.show)
            || self
                .disclosure
                .pages
                .iter()
                .take_while(|other| other.id != page.id)
                .any(|other| other.show == page.show);
        let show = page.show.as_ref().filter(|_| !is_repeated);
        let list = show.and_then(shown).map(|kind| kind.markdown(&copy)).unwrap_or_default();
        if !list.is_empty() {
            let _ = write!(text, "\n{list}");
        }
        self.footnotes.set(copy.footnotes.get());
        self.notes.borrow_mut().append(&mut copy.notes.take());
    }

    /// Creates a copy of one text of the release at this position: its summary.
    pub(super) fn of_summary(renderer: &'a Renderer, at: usize) -> MarkdownCopy<'a> {
        let disclosure = &renderer.publication().history.releases()[at].disclosure;
        MarkdownCopy::new(renderer, disclosure, TextOrigin::Summary(at))
    }

    /// Appends Markdown, with its top-level headings at this level. `prefix` is that of its anchors on the trust page.
    /// A list may follow directly if `is_followed`.
    pub(super) fn prose(&self, text: &mut String, markdown: &str, prefix: &str, heading: u8, is_followed: bool) {
        let markdown =
            self.inserted(prefix, heading, self.origin, is_followed, |insertion| markdown::insert(markdown, insertion));
        if !markdown.is_empty() {
            let _ = writeln!(text, "\n{markdown}");
        }
    }

    /// Returns Markdown of an item, which becomes a part of a bullet or a cell. Its footnotes follow at the end of the document.
    pub(super) fn item_text(&self, item: &dyn Item, markdown: &str) -> Inserted {
        self.part(&item.list().heading_prefix(item.id()), self.origin, markdown)
    }

    /// Returns the summary of the release at this position, like [`MarkdownCopy::item_text`].
    pub(super) fn summary_text(&self, at: usize) -> Inserted {
        let release = &self.history().releases()[at];
        self.part(&format!("release-{}--", release.version), TextOrigin::Summary(at), &release.summary)
    }

    fn part(&self, prefix: &str, origin: TextOrigin, markdown: &str) -> Inserted {
        let inserted = self.inserted(prefix, 6, origin, true, |insertion| markdown::insert_item(markdown, insertion));
        if !inserted.notes.is_empty() {
            self.notes.borrow_mut().push(inserted.notes.clone());
        }
        inserted
    }

    fn inserted<T>(
        &self,
        prefix: &str,
        heading_base: u8,
        origin: TextOrigin,
        is_followed: bool,
        insert: impl Fn(&Insertion<'_>) -> T,
    ) -> T {
        let root = self.address("");
        let root = root.strip_prefix("./").unwrap_or(&root);
        let address = |target: &LinkTarget, is_own: bool| {
            // The copy has no anchors, so anchors lead to the page.
            let page = match (target, origin) {
                (LinkTarget::Anchor(_), TextOrigin::Summary(at)) if is_own => {
                    Some(release_page(self.history().releases()[at].version))
                }
                (LinkTarget::Anchor(_), _) if is_own => Some(self.page.clone()),
                (LinkTarget::Anchor(anchor), _)
                    if !self.page.is_empty() && !self.renderer.lacks_anchor(&self.page, anchor) =>
                {
                    Some(self.page.clone())
                }
                _ => None,
            };
            let resolved = page.map_or_else(|| self.renderer.resolve(target, origin), Resolved::Path);
            let link = AnchorLink::of(target, &resolved);
            let lacks =
                |link: &AnchorLink| self.renderer.lacks_anchor(link.page.as_deref().unwrap_or_default(), &link.anchor);
            let resolved = match link.filter(lacks) {
                Some(link) => self.renderer.page_of_former(&link.anchor, origin).map_or(Resolved::Gone, Resolved::Path),
                None => resolved,
            };
            match resolved {
                Resolved::Path(path) => Some(markdown::address(target, root, Some(&path))),
                Resolved::Written if matches!(target, LinkTarget::Anchor(_)) => {
                    Some(markdown::address(target, root, Some("")))
                }
                Resolved::Written => Some(markdown::address(target, root, None)),
                Resolved::Gone => None,
            }
            .map(|address| if address.starts_with('#') { format!("./{address}") } else { address })
        };
        let gone = self.renderer.gone(origin);
        let footnotes = &self.footnotes;
        insert(&Insertion { heading_base, id_prefix: prefix, address: &address, gone, is_followed, footnotes })
    }
}

/// Returns the text of a bullet that begins with `lead`: in the same line if it is one, otherwise as blocks below.
pub(super) fn after_lead(lead: &str, inserted: &Inserted) -> String {
    let Inserted { text, is_line, .. } = inserted;
    if *is_line {
        return format!("{lead}: {text}");
    }
    if text.is_empty() {
        return lead.to_owned();
    }
    let lines = text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("\n  {line}") });
    format!("{lead}\n{}", lines.collect::<String>())
}

/// Escapes the pipes of Markdown for a table cell.
pub(super) fn in_cell(line: &str) -> String {
    let mut cell = String::with_capacity(line.len());
    let mut escaped = false;
    for character in line.chars() {
        if character == '|' && !escaped {
            cell.push('\\');
        }
        escaped = character == '\\' && !escaped;
        cell.push(character);
    }
    cell
}

/// Formats bullets under the headings of their groups.
pub(super) fn by_heading<T>(
    items: &[Arc<T>],
    heading: fn(&T) -> Option<&str>,
    bullet: impl Fn(&T) -> String,
) -> String {
    let mut text = String::new();
    for (heading, items) in grouped(items, heading) {
        if let Some(heading) = heading {
            let _ = write!(text, "{}### {}\n\n", if text.is_empty() { "" } else { "\n" }, escape(heading));
        }
        text += &bullets(items.into_iter().map(|item| bullet(item)));
    }
    text
}

/// Formats each string as a bullet.
pub(super) fn bullets(items: impl IntoIterator<Item = String>) -> String {
    items.into_iter().map(|item| format!("- {item}\n")).collect()
}

/// Formats a table without its empty columns.
pub(super) fn table(heads: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let rows: Vec<_> = rows.collect();
    let filled: Vec<usize> = (0..heads.len()).filter(|at| rows.iter().any(|row| !row[*at].is_empty())).collect();
    if filled.is_empty() {
        return String::new();
    }
    let line = |cells: Vec<&str>| format!("| {} |\n", cells.join(" | "));
    let heads: Vec<String> = heads.iter().map(|head| escape(head)).collect();
    let mut text = line(filled.iter().map(|at| heads[*at].as_str()).collect());
    text += &line(filled.iter().map(|_| "---").collect());
    for row in &rows {
        text += &line(filled.iter().map(|at| row[*at].as_str()).collect());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn omits_empty_columns() {
        let rows = [vec!["a".to_owned(), String::new()], vec!["b".to_owned(), String::new()]];
        assert_eq!(table(&["A", "B"], rows.into_iter()), "| A |\n| --- |\n| a |\n| b |\n");
    }
}
