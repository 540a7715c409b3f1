//! `index.md`: the trust page as Markdown, for programs that read text and for people who quote it.
//!
//! The prose is the publisher's own Markdown; lists become tables and bullets. Texts that are no Markdown are
//! escaped, so that they show as they stand.

use std::fmt::Write;

use super::{Files, Sources};
use crate::history::phrase::Phrasing;
use crate::markdown;
use crate::model::{Contact, Disclosure, List, Section, Show};
use crate::render::view::{CertificationView, ContactView, ControlView, DocumentView, SubprocessorView};

/// How many releases the copy's change log shows, as the page does.
const RECENT: usize = 4;

/// Adds the file.
pub(super) fn files(files: &mut Files) {
    let front = files.front;
    files.deferred("index.md", front, |sources| Ok(copy(sources).into_bytes()));
}

fn copy(sources: &Sources) -> String {
    let publication = &sources.publication;
    let words = sources.renderer.words();
    let Some(disclosure) = publication.disclosure() else { return String::new() };
    let mut text = format!("# {}\n", plain(&disclosure.title));
    if let Some(description) = &disclosure.description {
        let _ = writeln!(text, "\n> {}", plain(description));
    }
    let _ = write!(text, "\n{}", plain(&disclosure.organization.name));
    match (&publication.draft, publication.history.newest()) {
        (Some(_), _) => {
            let _ = writeln!(text, "\n\n**{}**", plain(words.get("draft.banner")));
        }
        (None, Some(release)) => {
            let _ = writeln!(
                text,
                ". {}, {}. SHA-256 of the [{}]({}): `{}`",
                words.fill("footer.version", &[("version", &release.version.to_string())]),
                words.fill("footer.published", &[("date", &words.date(release.published))]),
                words.get("changelog.record"),
                sources.address(&format!("releases/{}", release.file_name()), 0),
                release.digest,
            );
        }
        (None, None) => text.push('\n'),
    }
    let address = |path: &str| {
        let published = publication.assets.get(path).map(|asset| asset.path.to_string());
        sources.address(published.as_deref().unwrap_or(path), 0)
    };
    let page = Page { sources, disclosure, address: &address };
    for section in &disclosure.sections {
        page.section(&mut text, section);
    }
    text
}

/// What the parts of the copy are made from.
struct Page<'a> {
    sources: &'a Sources,
    disclosure: &'a Disclosure,
    /// The address of a file of the site or of `static/`.
    address: &'a dyn Fn(&str) -> String,
}

impl Page<'_> {
    fn section(&self, text: &mut String, section: &Section) {
        let _ = writeln!(text, "\n## {}", plain(&section.title));
        if let Some(summary) = &section.summary {
            let _ = writeln!(text, "\n{}", plain(summary));
        }
        self.prose(text, &section.body, 3);
        if let Some(show) = section.show {
            let list = self.list(show);
            if !list.is_empty() {
                let _ = write!(text, "\n{list}");
            }
        }
    }

    fn prose(&self, text: &mut String, markdown: &str, heading: u8) {
        let markdown = markdown::insert(markdown, heading, self.address);
        if !markdown.trim().is_empty() {
            let _ = writeln!(text, "\n{}", markdown.trim_matches('\n'));
        }
    }

    fn list(&self, show: Show) -> String {
        let (words, disclosure) = (self.sources.renderer.words(), self.disclosure);
        match show {
            Show::List(List::Sections) => String::new(),
            Show::List(List::Controls) => self.controls(),
            Show::List(List::Commitments) => {
                let rows = disclosure.commitments.iter().map(|item| {
                    let details = item.details.as_deref().map(one_line).unwrap_or_default();
                    vec![cell(&item.plan), cell(&item.commitment), details.replace('|', "\\|")]
                });
                table(
                    &[words.get("commitments.plan"), words.get("commitments.commitment"), words.get("fields.details")],
                    rows,
                )
            }
            Show::List(List::Subprocessors) => self.subprocessors(),
            Show::List(List::Certifications) => {
                let rows = disclosure.certifications.iter().map(|item| {
                    let view = CertificationView::new(item, disclosure, self.sources.publication.as_of, words);
                    let optional = |text: Option<String>| cell(&text.unwrap_or_default());
                    vec![
                        cell(&view.framework),
                        cell(&view.status_label),
                        optional(view.scope),
                        optional(view.issuer),
                        optional(view.validity),
                    ]
                });
                let heads =
                    ["framework", "status", "scope", "issuer", "validity"].map(|key| format!("certifications.{key}"));
                table(&heads.each_ref().map(|key| words.get(key)), rows)
            }
            Show::List(List::Documents) => self.documents(),
            Show::List(List::Faq) => {
                let mut text = String::new();
                for item in &disclosure.faq {
                    let _ = writeln!(text, "{}### {}", if text.is_empty() { "" } else { "\n" }, plain(&item.question));
                    self.prose(&mut text, &item.answer, 4);
                }
                text
            }
            Show::Contacts => bullets(disclosure.contacts.in_order().map(|(purpose, contact)| {
                let view = ContactView::new(purpose, contact, words);
                let address = match contact {
                    Contact::Text(text) => plain(text),
                    Contact::Email(_) | Contact::Url(_) => format!("<{contact}>"),
                };
                format!("{}: {address}", plain(&view.label))
            })),
            Show::Changelog => self.changelog(),
            Show::Schedule => bullets([link(words.get("schedule.open"), &self.sources.address("schedule/", 0))]),
        }
    }

    fn controls(&self) -> String {
        let words = self.sources.renderer.words();
        let mut text = String::new();
        let mut group = None;
        for item in &self.disclosure.controls {
            if item.group != group {
                let name = item.group.as_deref().unwrap_or_default();
                let _ = write!(text, "{}### {}\n\n", if text.is_empty() { "" } else { "\n" }, plain(name));
                group.clone_from(&item.group);
            }
            let view = ControlView::new(item, None, self.disclosure, words);
            let _ = write!(text, "- **{}**", plain(&view.title));
            if !view.implemented {
                let _ = write!(text, " ({})", plain(&view.status_label));
            }
            if let Some(description) = &item.description {
                let _ = write!(text, ": {}", one_line(&markdown::insert(description, 6, self.address)));
            }
            text.push('\n');
        }
        text
    }

    fn subprocessors(&self) -> String {
        let words = self.sources.renderer.words();
        let heads = ["name", "purpose", "data-categories", "locations", "transfer", "condition"];
        let heads = heads.map(|key| format!("subprocessors.{key}"));
        let rows = self.disclosure.subprocessors.iter().map(|item| {
            let view = SubprocessorView::new(item, self.disclosure, self.sources.publication.as_of, words);
            let countries: Vec<_> = view.locations.iter().map(|country| country.name.as_str()).collect();
            vec![
                cell(&view.name),
                cell(&view.purpose),
                cell(&view.data_categories.join("; ")),
                cell(&countries.join(", ")),
                cell(&view.transfer_mechanism.unwrap_or_default()),
                cell(&view.applies),
            ]
        });
        let mut text = table(&heads.each_ref().map(|key| words.get(key)), rows);
        let files = ["subprocessors.json", "subprocessors.csv"].map(|file| link(file, &self.sources.address(file, 0)));
        let _ = write!(text, "\n{}", bullets(files));
        text
    }

    fn documents(&self) -> String {
        let words = self.sources.renderer.words();
        bullets(self.disclosure.documents.iter().map(|item| {
            let file = item.file.as_deref().map(self.address);
            let view = DocumentView::new(item, file, self.disclosure, words);
            let title = view.href.map_or_else(|| plain(&view.title), |href| link(&view.title, &href));
            format!("{title} ({})", plain(&view.access_label))
        }))
    }

    fn changelog(&self) -> String {
        let publication = &self.sources.publication;
        let words = self.sources.renderer.words();
        let releases = publication.history.releases();
        let entries = (releases.len().saturating_sub(RECENT)..releases.len()).rev().map(|at| {
            let release = &releases[at];
            let page = self.sources.address(&format!("releases/{}/", release.version), 0);
            let summary = one_line(&markdown::insert(&release.summary, 6, self.address));
            let mut entry = format!("{}: {summary}", link(&release.version.to_string(), &page));
            let groups = publication.history.changes(at).map(|changes| Phrasing::new(words).groups(changes));
            for line in groups.iter().flatten().flat_map(|group| &group.lines) {
                let _ = write!(entry, "\n  - {} {}", line.symbol, plain(&line.plain()));
            }
            entry
        });
        bullets(entries.chain([link(words.get("changelog.all"), &self.sources.address("changelog/", 0))]))
    }
}

fn bullets(items: impl IntoIterator<Item = String>) -> String {
    items.into_iter().map(|item| format!("- {item}\n")).collect()
}

/// A table; columns in which no row says anything are left out.
fn table(heads: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let rows: Vec<_> = rows.collect();
    let filled: Vec<usize> = (0..heads.len()).filter(|at| rows.iter().any(|row| !row[*at].is_empty())).collect();
    if filled.is_empty() {
        return String::new();
    }
    let line = |cells: Vec<&str>| format!("| {} |\n", cells.join(" | "));
    let mut text = line(filled.iter().map(|at| heads[*at]).collect());
    text += &line(filled.iter().map(|_| "---").collect());
    for row in &rows {
        text += &line(filled.iter().map(|at| row[*at].as_str()).collect());
    }
    text
}

fn link(title: &str, address: &str) -> String {
    format!("[{}]({address})", plain(title))
}

/// A text for a cell of a table.
fn cell(text: &str) -> String {
    plain(text)
}

/// Text that Markdown shows as it stands, in one line.
pub(super) fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let line: String = one_line(text).chars().filter(|c| !c.is_control()).collect();
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        let special = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' => true,
            // The start of a character reference, and else a plain character.
            '&' => characters.peek().is_some_and(|next| next.is_ascii_alphanumeric() || *next == '#'),
            _ => false,
        };
        if special {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    // At the start of a line these begin a list.
    match escaped.chars().next() {
        Some('-' | '+') => format!("\\{escaped}"),
        _ => escaped,
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{plain, table};

    #[test]
    fn text_shows_as_it_stands() {
        assert_eq!(plain("a|b *c*\n<script>"), "a\\|b \\*c\\* \\<script\\>");
        assert_eq!(plain("R&D & &lt;"), "R\\&D & \\&lt;");
        assert_eq!(plain("- no list"), "\\- no list");
    }

    #[test]
    fn empty_columns_are_left_out() {
        let rows = [vec!["a".to_owned(), String::new()], vec!["b".to_owned(), String::new()]];
        assert_eq!(table(&["A", "B"], rows.into_iter()), "| A |\n| --- |\n| a |\n| b |\n");
    }
}
