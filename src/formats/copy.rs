//! `index.md`: the trust page as Markdown, for programs that read text and for people who quote it.
//!
//! The prose is the publisher's own Markdown; lists become tables and bullets. Texts that are no Markdown are
//! escaped, so that they show as they stand.

use std::fmt::Write;
use std::sync::Arc;

use super::Sources;
use crate::markdown;
use crate::model::{Contact, Disclosure, List, Section, Show, grouped};
use crate::render::view::{CertificationView, ContactView, ControlView, DocumentView, Moment, SubprocessorView};
use crate::text::markdown::{escape, link};
use crate::text::one_line;
use crate::wording::phrase::Phrasing;

/// How many releases the copy's change log shows, as the page does.
const RECENT: usize = 4;

/// The file.
pub(super) fn copy(sources: &Sources) -> String {
    let publication = &sources.publication;
    let words = sources.renderer.words();
    let Some(disclosure) = publication.disclosure() else { return String::new() };
    let mut text = format!("# {}\n", escape(&disclosure.title));
    if let Some(description) = &disclosure.description {
        let _ = writeln!(text, "\n> {}", escape(description));
    }
    let _ = write!(text, "\n{}", escape(&disclosure.organization.name));
    match (&publication.draft, publication.history.newest()) {
        (Some(_), _) => {
            let _ = writeln!(text, "\n\n**{}**", escape(words.get("draft.banner")));
        }
        (None, Some(release)) => {
            let _ = writeln!(
                text,
                " · {}, {} · SHA-256 of the {}: `{}`",
                escape(&words.fill("footer.version", &[("version", &release.version.to_string())])),
                escape(&words.fill("footer.published", &[("date", &words.date(release.published))])),
                link(words.get("changelog.record"), &sources.address(&format!("releases/{}", release.file_name()), 0)),
                release.digest,
            );
        }
        (None, None) => text.push('\n'),
    }
    let address = |path: &str| {
        let published = publication.assets.get(path).map(|asset| asset.path.to_url());
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
        let _ = writeln!(text, "\n## {}", escape(&section.title));
        if let Some(summary) = &section.summary {
            let _ = writeln!(text, "\n{}", escape(summary));
        }
        self.prose(text, &section.body, 3);
        if let Some(show) = &section.show {
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

    /// A Markdown field in one line, for a table cell.
    fn in_cell(&self, markdown: &str) -> String {
        let line = one_line(&markdown::insert(markdown, 6, self.address));
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

    fn list(&self, show: &Show) -> String {
        let (words, disclosure) = (self.sources.renderer.words(), self.disclosure);
        match show {
            Show::List(List::Sections) => String::new(),
            Show::List(List::Controls) => self.controls(),
            Show::List(List::Commitments) => {
                let rows = disclosure.commitments.iter().map(|item| {
                    let details = item.details.as_deref().map(|details| self.in_cell(details)).unwrap_or_default();
                    vec![escape(&item.plan), escape(&item.commitment), details]
                });
                table(
                    &[words.get("commitments.plan"), words.get("commitments.commitment"), words.get("fields.details")],
                    rows,
                )
            }
            Show::List(List::Subprocessors) => self.subprocessors(),
            Show::List(List::Certifications) => {
                let rows = disclosure.certifications.iter().map(|item| {
                    let view = CertificationView::new(item, None, self.sources.publication.as_of, words);
                    let optional = |text: Option<String>| escape(&text.unwrap_or_default());
                    vec![
                        escape(&view.framework),
                        escape(&view.status_label),
                        optional(view.scope),
                        optional(view.issuer),
                        optional(view.validity),
                    ]
                });
                let heads = [
                    "certifications.framework",
                    "certifications.status",
                    "certifications.scope",
                    "certifications.issuer",
                    "certifications.validity",
                ];
                table(&heads.map(|key| words.get(key)), rows)
            }
            Show::List(List::Documents) => self.documents(),
            Show::List(List::Faq) => {
                let mut text = String::new();
                for item in &disclosure.faq {
                    let _ = writeln!(text, "{}### {}", if text.is_empty() { "" } else { "\n" }, escape(&item.question));
                    self.prose(&mut text, &item.answer, 4);
                }
                text
            }
            Show::Contacts => bullets(disclosure.contacts.in_order().map(|(purpose, contact)| {
                let view = ContactView::new(purpose, contact, words);
                let address = match contact {
                    Contact::Text(text) => escape(text),
                    Contact::Email(_) | Contact::Url(_) => format!("<{contact}>"),
                };
                format!("{}: {address}", escape(&view.label))
            })),
            Show::Changelog => self.changelog(),
            Show::Schedule => bullets([link(words.get("schedule.open"), &self.sources.address("schedule/", 0))]),
            Show::Unknown(_) => String::new(),
        }
    }

    fn controls(&self) -> String {
        let words = self.sources.renderer.words();
        by_heading(
            &self.disclosure.controls,
            |item| item.group.as_deref(),
            |item| {
                let view = ControlView::new(item, None, None, words);
                let mut text = format!("**{}**", escape(&view.title));
                if !view.implemented {
                    let _ = write!(text, " ({})", escape(&view.status_label));
                }
                if let Some(description) = &item.description {
                    let _ = write!(text, ": {}", one_line(&markdown::insert(description, 6, self.address)));
                }
                text
            },
        )
    }

    fn subprocessors(&self) -> String {
        let words = self.sources.renderer.words();
        let heads = [
            "subprocessors.name",
            "subprocessors.purpose",
            "subprocessors.data-categories",
            "subprocessors.locations",
            "subprocessors.transfer",
            "subprocessors.condition",
        ];
        let rows = self.disclosure.subprocessors.iter().map(|item| {
            let moment = Moment::of(self.sources.publication.as_of, item.effective, item.ends);
            let replaces = SubprocessorView::replaced(item, self.disclosure, |_| false);
            let view = SubprocessorView::new(item, replaces, moment, words);
            let countries: Vec<_> = view.locations.iter().map(|country| country.name.as_str()).collect();
            vec![
                escape(&view.name),
                escape(&view.purpose),
                escape(&view.data_categories.join("; ")),
                escape(&countries.join(", ")),
                escape(&view.transfer_mechanism.unwrap_or_default()),
                escape(&view.applies),
            ]
        });
        let mut text = table(&heads.map(|key| words.get(key)), rows);
        let files = ["subprocessors.json", "subprocessors.csv"].map(|file| link(file, &self.sources.address(file, 0)));
        let _ = write!(text, "\n{}", bullets(files));
        text
    }

    fn documents(&self) -> String {
        let words = self.sources.renderer.words();
        let published = |file: &str| {
            let asset = self.sources.publication.assets.get(file)?;
            Some(self.sources.address(asset.path.as_str(), 0))
        };
        by_heading(
            &self.disclosure.documents,
            |item| item.category.as_deref(),
            |item| {
                let view = DocumentView::new(item, published, self.disclosure, words);
                let title = view.href.map_or_else(|| escape(&view.title), |href| link(&view.title, &href));
                let address = view.address.map(|address| format!(", {}", escape(&address))).unwrap_or_default();
                format!("{title} ({}{address})", escape(&view.access_label))
            },
        )
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
                let _ = write!(entry, "\n  - {} {}", line.symbol, escape(&line.plain(words)));
            }
            entry
        });
        bullets(entries.chain([link(words.get("changelog.all"), &self.sources.address("changelog/", 0))]))
    }
}

/// Bullets under the headings of their groups.
fn by_heading<T>(items: &[Arc<T>], heading: fn(&T) -> Option<&str>, bullet: impl Fn(&T) -> String) -> String {
    let mut text = String::new();
    for (heading, items) in grouped(items, heading) {
        if let Some(heading) = heading {
            let _ = write!(text, "{}### {}\n\n", if text.is_empty() { "" } else { "\n" }, escape(heading));
        }
        text += &bullets(items.into_iter().map(|item| bullet(item)));
    }
    text
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
    fn empty_columns_are_left_out() {
        let rows = [vec!["a".to_owned(), String::new()], vec!["b".to_owned(), String::new()]];
        assert_eq!(table(&["A", "B"], rows.into_iter()), "| A |\n| --- |\n| a |\n| b |\n");
    }
}
