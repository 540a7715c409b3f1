//! Files for crawlers and AI assistants: `robots.txt` (RFC 9309), `sitemap.xml` (sitemaps.org 0.9) and `llms.txt`
//! (llmstxt.org).

use std::fmt::Write;
use std::sync::Arc;

use super::{FormatInputs, xml};
use crate::history::Release;
use crate::model::Date;
use crate::site::Location;
use crate::site::map::{self, Kind, Output, PageKind};
use crate::text::markdown::{escape, link};

/// Formats `robots.txt`. A draft disallows all crawlers.
pub(super) fn robots(inputs: &FormatInputs) -> String {
    let draft = inputs.publication.draft.is_some();
    let mut robots = format!("User-agent: *\n{}", if draft { "Disallow: /\n" } else { "Allow: /\n" });
    let sitemap = inputs.facts.find(Output::Sitemap);
    if let Some(address) = sitemap.and_then(|sitemap| inputs.publication.absolute(sitemap.path.as_str())) {
        let _ = write!(robots, "\nSitemap: {address}\n");
    }
    robots
}

/// Formats `sitemap.xml`, which requires absolute URLs.
pub(super) fn sitemap(inputs: &FormatInputs) -> Vec<u8> {
    let pages = indexable(inputs);
    xml::document(|xml| {
        xml.create_element("urlset")
            .with_attribute(("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9"))
            .write_inner_content(|xml| {
                pages.iter().try_for_each(|page| {
                    xml.create_element("url")
                        .write_inner_content(|xml| {
                            xml::text(xml, "loc", &inputs.address(&page.path, 0))?;
                            xml::text(xml, "lastmod", &page.changed.to_string())
                        })
                        .map(|_| ())
                })
            })
            .map(|_| ())
    })
}

/// A page that search engines may index.
struct IndexablePage {
    /// Path below the site's root: a folder with a trailing slash; empty for the trust page.
    path: String,
    /// Date of its last change.
    changed: Date,
}

/// Returns the pages that search engines may index, the trust page first. A draft and a site without a release have no such
/// pages.
///
/// Archived pages are excluded, because a search should find the current statements.
fn indexable(inputs: &FormatInputs) -> Vec<IndexablePage> {
    let FormatInputs { publication, facts, .. } = inputs;
    let releases = publication.history.releases();
    let Some(newest) = releases.last().filter(|_| publication.draft.is_none()) else { return Vec::new() };
    let listed = |at: usize| &releases[at].disclosure.subprocessors;
    let mut since = releases.len() - 1;
    while since > 0 && listed(since - 1) == listed(since) {
        since -= 1;
    }
    let years = facts.years();
    let last_of_year = |nth: usize| {
        let in_year = |release: &&Release| years.get(nth) == Some(&release.published.year());
        releases.iter().rev().find(in_year).map(|release| release.published)
    };
    let page = |location: Location| {
        let Kind::Page(kind) = location.address.kind else { return None };
        let changed = match kind {
            PageKind::Subprocessors | PageKind::Schedule => releases[since].published,
            PageKind::ChangelogYear => last_of_year(location.nth)?,
            PageKind::Own => last_change(releases, location.nth, |release| &release.disclosure.pages)?,
            PageKind::Update => last_change(releases, location.nth, |release| &release.disclosure.updates)?,
            PageKind::Updates => last_updated(releases),
            PageKind::Questionnaire => {
                last_change(releases, location.nth, |release| &release.disclosure.questionnaires)?
            }
            _ => newest.published,
        };
        location.address.indexable.then(|| IndexablePage { path: location.linked().to_owned(), changed })
    };
    facts.locations().into_iter().filter_map(page).collect()
}

/// Returns the date of the release that last changed the item with a page of its own at this position of a list of the newest
/// release.
fn last_change<T: PartialEq>(releases: &[Release], nth: usize, list: fn(&Release) -> &[Arc<T>]) -> Option<Date> {
    let (newest, earlier) = releases.split_last()?;
    let item = list(newest).get(nth)?;
    let unchanged = earlier.iter().rev().take_while(|release| list(release).contains(item));
    Some(unchanged.last().unwrap_or(newest).published)
}

/// Returns the date of the release that last changed the list of updates.
fn last_updated(releases: &[Release]) -> Date {
    let newest = &releases[releases.len() - 1];
    let is_same = |release: &&Release| release.disclosure.updates == newest.disclosure.updates;
    releases.iter().rev().take_while(is_same).last().unwrap_or(newest).published
}

/// Formats `llms.txt` in the order that llmstxt.org specifies: title, summary, then lists of links under headings.
pub(super) fn llms(inputs: &FormatInputs) -> String {
    let publication = &inputs.publication;
    let strings = &inputs.strings;
    let Some(disclosure) = publication.disclosure() else { return String::new() };
    let mut text = format!("# {}: {}\n", escape(&disclosure.organization.name), escape(&disclosure.title));
    if let Some(description) = &disclosure.description {
        let _ = writeln!(text, "\n> {}", escape(description));
    }
    if publication.draft.is_some() {
        let _ = writeln!(text, "\n{}", escape(strings.get("draft.banner")));
    }
    llms_section(
        &mut text,
        inputs,
        "llms.current",
        &[
            ("index.md", "nav.home", "llms.copy"),
            ("trust.json", "nav.home", "llms.trust"),
            ("subprocessors.json", "nav.subprocessors", "llms.subprocessors"),
            ("upcoming.json", "upcoming.title", "llms.upcoming"),
        ],
    );
    for page in &disclosure.pages {
        let link = link(&page.title, &inputs.address(&PageKind::Own.path(page.id.as_str()), 0));
        let about = page.summary.as_deref().map(|summary| format!(": {}", escape(summary))).unwrap_or_default();
        let _ = writeln!(text, "- {link}{about}");
    }
    for item in &disclosure.questionnaires {
        let path = map::questionnaire_file(Output::QuestionnaireJson, &item.id);
        let about = escape(strings.get("llms.questionnaire"));
        let _ = writeln!(text, "- {}: {about}", link(&item.title, &inputs.address(&path, 0)));
    }
    if !disclosure.updates.is_empty() {
        let link = link(strings.get("updates.title"), &inputs.address(&PageKind::Updates.path(""), 0));
        let _ = writeln!(text, "- {link}: {}", escape(strings.get("llms.updates")));
    }
    if !publication.history.is_empty() {
        let mut links = vec![
            ("changelog/", "changelog.title", "changelog.intro"),
            ("feed.json", "head.subscribe", "llms.feed"),
            ("releases/index.json", "llms.releases", "llms.records"),
        ];
        if let Some(path) = inputs.facts.updates_feed() {
            links.insert(2, (path, "subscribe.updates", "llms.updates-feed"));
        }
        llms_section(&mut text, inputs, "llms.history", &links);
    }
    text
}

/// Appends links under a heading: their paths, and the keys of their titles and descriptions.
fn llms_section(text: &mut String, inputs: &FormatInputs, heading: &str, links: &[(&str, &str, &str)]) {
    let strings = &inputs.strings;
    let _ = write!(text, "\n## {}\n\n", escape(strings.get(heading)));
    for (path, title, about) in links {
        let link = link(strings.get(title), &inputs.address(path, 0));
        let _ = writeln!(text, "- {link}: {}", escape(strings.get(about)));
    }
}
