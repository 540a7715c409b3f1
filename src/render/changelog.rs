//! The change log: releases with their computed changes, on its own pages and as a short list on the trust page.

use std::rc::Rc;

use tera::Value;

use super::anchors::PageLinks;
use super::date::DateView;
use super::edition::Edition;
use super::renderer::{PageLocation, Renderer};
use super::theme::safe;
use super::view::{DraftView, EntryView, FormerView, LinkView, RedactionView, ReleaseView, release_link};
use crate::diagnostic::Report;
use crate::history::former::{FormerSubprocessor, Listing, Unreleased, former};
use crate::history::withholding::keys;
use crate::history::{Change, Changes, Deadlines, Names, Redaction, Release};
use crate::model::List;
use crate::publication::Draft;
use crate::site::map::PageKind;
use crate::wording::Catalog;
use crate::wording::phrase::{Group, Mark, Phrasing};

/// How many entries the trust page shows.
pub(super) const RECENT: usize = 4;

impl Renderer {
    /// Returns the view of a release, with its summary as HTML.
    pub(super) fn release(&self, at: usize, location: &PageLocation) -> ReleaseView {
        let release = &self.publication().history.releases()[at];
        self.release_with_ids(at, &format!("release-{}--", release.version), location)
    }

    /// Returns the same view with another prefix for the ids of headings and footnotes in the summary.
    fn release_with_ids(&self, at: usize, prefix: &str, location: &PageLocation) -> ReleaseView {
        let history = &self.publication().history;
        let release = &history.releases()[at];
        let summary = self.summary(at, prefix, 4, location);
        let changes = history.changes(at);
        let (count, tally) = (changes.map(Changes::len), changes.map(tally).unwrap_or_default());
        let view = ReleaseView::new(release, &self.log_page(at), summary, count, tally, self.strings());
        ReleaseView {
            corrected_by: history.corrections(release.version).map(|it| release_link(it.version)).collect(),
            ..view
        }
    }

    /// Returns the redactions of a release: of its values, and of the files that it binds.
    pub(super) fn redactions(&self, release: &Release) -> Vec<RedactionView> {
        let strings = self.strings();
        let binds = |sha256| release.files.iter().flatten().filter(move |file| file.sha256 == sha256);
        let view = |(by, redaction): (&Release, &Redaction)| {
            let mut places: Vec<String> = match redaction.version {
                Some(version) if version == release.version => {
                    redaction.pointers.iter().map(|pointer| redacted_place(pointer, release, strings)).collect()
                }
                _ => redaction.file.into_iter().flat_map(binds).map(|file| file.path.clone()).collect(),
            };
            places.dedup();
            (!places.is_empty()).then(|| RedactionView {
                date: DateView::new(redaction.date, strings),
                reason: redaction.reason.clone(),
                places,
                bound_by: release_link(by.version),
            })
        };
        self.publication().history.redactions().filter_map(view).collect()
    }

    /// Returns the path of the change log page that has the entry of the release at this position.
    pub(super) fn log_page(&self, at: usize) -> String {
        if at >= self.facts().changelog_start() {
            return PageKind::Changelog.path("");
        }
        let release = &self.publication().history.releases()[at];
        PageKind::ChangelogYear.path(&format!("{:04}", release.published.year()))
    }

    /// Returns descriptions of the changes in the release at this position; empty for the first.
    pub(super) fn groups(&self, at: usize) -> Vec<Group> {
        let history = &self.publication().history;
        let deadlines = Deadlines::of(history.timeline().at(at));
        let names = Names::up_to(history, history.releases()[at].version);
        let phrasing = Phrasing::new(self.strings()).with_deadlines(&deadlines).with_names(names);
        history.changes(at).map(|changes| phrasing.groups(changes)).unwrap_or_default()
    }

    /// Returns descriptions of unreleased changes.
    pub(super) fn draft(&self, draft: &Draft) -> DraftView {
        let deadlines = Deadlines::of(&*self.publication().upcoming());
        let publication = self.publication();
        let names = Names::of(&publication.history).with([publication.disclosure(), None]);
        let phrasing = Phrasing::new(self.strings()).with_deadlines(&deadlines).with_names(names);
        let groups = draft.changes.as_ref().map(|changes| phrasing.groups(changes));
        DraftView { count: draft.changes.as_ref().map_or(0, Changes::len), groups: groups.unwrap_or_default() }
    }

    /// Renders the latest entries in short form, for a section.
    pub(super) fn recent_changes(&self, edition: &Edition, location: &PageLocation) -> Result<Value, Report> {
        let releases = self.publication().history.releases();
        let newest = match edition {
            Edition::Archived { release, .. } => position(releases, release) + 1,
            _ => releases.len(),
        };
        // The head of the page shows the summary of the newest one, too, and an id is unique on a page.
        let item = |at: usize| match at + 1 == newest {
            true => self.release_with_ids(at, &format!("recent-release-{}--", releases[at].version), location),
            false => self.release(at, location),
        };
        let items: Vec<ReleaseView> = (newest.saturating_sub(RECENT)..newest).rev().map(item).collect();
        let mut context = location.context();
        context.insert("items", &items);
        self.render("lists/changelog.html", &context).map(|html| safe(&html))
    }

    /// Renders the change log, or one year of it.
    pub(super) fn changelog_page(
        &self,
        edition: &Edition,
        year: Option<i16>,
        links: &Rc<PageLinks>,
    ) -> Result<String, Report> {
        let strings = self.strings();
        let year_text = year.map(|year| format!("{year:04}"));
        let (kind, title) = match &year_text {
            Some(year) => (PageKind::ChangelogYear, strings.fill("changelog.year", &[("year", year)])),
            None => (PageKind::Changelog, strings.get("changelog.title").to_owned()),
        };
        let location = self.location(kind, year_text.as_deref().unwrap_or_default(), title, edition, links);
        let releases = self.publication().history.releases();
        let shown = |at: &usize| match year {
            Some(year) => releases[*at].published.year() == year,
            None => *at >= self.facts().changelog_start(),
        };
        let entries: Result<Vec<EntryView>, Report> =
            (0..releases.len()).rev().filter(shown).map(|at| self.entry(at, &location)).collect();
        let mut context = self.page_context(edition, &location)?;
        context.insert("entries", &entries?);
        let link = |year: i16| {
            let text = format!("{year:04}");
            LinkView { href: PageKind::ChangelogYear.path(&text), text }
        };
        context.insert("redacted", &self.publication().history.redactions().next().is_some());
        context.insert("years", &self.facts().years().into_iter().map(link).collect::<Vec<_>>());
        self.render("changelog.html", &context)
    }

    fn entry(&self, at: usize, location: &PageLocation) -> Result<EntryView, Report> {
        let release = self.release(at, location);
        let mut context = location.context();
        context.insert("entry", &release);
        context.insert("groups", &self.groups(at));
        let html = self.render("partials/entry.html", &context)?;
        let ReleaseView { anchor, version, published, .. } = release;
        Ok(EntryView { anchor, version, published, html: safe(&html) })
    }

    /// Returns former subprocessors and then former recipients, which earlier releases list or which have ended, and those that
    /// were withdrawn before they started. For a draft, they include those that it removes.
    pub(super) fn former(&self, edition: &Edition) -> (Vec<FormerView>, Vec<FormerView>) {
        let strings = self.strings();
        let publication = self.publication();
        let draft = publication
            .draft
            .as_ref()
            .map(|draft| Unreleased { date: publication.as_of, subprocessors: &draft.disclosure.subprocessors });
        let view = |former: &FormerSubprocessor, first: &Listing, last: &Listing| {
            Some(FormerView {
                from: DateView::new(first.from.published, strings),
                until: DateView::new(former.last_date(last)?, strings),
                id: former.item.id.to_string(),
                name: former.item.name.clone(),
                purpose: former.item.purpose.clone(),
                recipient: former.item.is_recipient(),
            })
        };
        let mut former = former(&publication.history, draft, Some(edition.date()));
        // The change log links to recipients, too, which have a table of their own below that of the subprocessors.
        former.sort_by_key(|former| former.item.is_recipient());
        let (used, withdrawn): (Vec<_>, Vec<_>) = former.into_iter().partition(|former| !former.listed.is_empty());
        let used = used.iter().filter_map(|it| view(it, it.listed.first()?, it.listed.last()?));
        let withdrawn = withdrawn.iter().filter_map(|it| view(it, it.withdrawn.as_ref()?, it.withdrawn.as_ref()?));
        (used.collect(), withdrawn.collect())
    }
}

/// Returns the position of a release in its history.
pub(super) fn position(releases: &[Release], release: &Release) -> usize {
    releases.partition_point(|other| other.version < release.version)
}

/// Names the place of a withheld value: `Subprocessors: Stripe, Contact`.
fn redacted_place(pointer: &str, release: &Release, strings: &Catalog) -> String {
    let keys = keys(pointer);
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    match keys.as_slice() {
        ["disclosure", "contacts", purpose, ..] => {
            format!("{}: {}", strings.subject("contacts"), strings.contact(purpose))
        }
        ["disclosure", list, at, field, ..] if list.parse::<List>().is_ok() => {
            let items = list.parse().map(|list: List| release.disclosure.items(list)).unwrap_or_default();
            let item = at.parse::<usize>().ok().and_then(|at| items.get(at).copied());
            let name = item.map_or(*at, |item| item.label());
            format!("{}: {name}, {}", strings.subject(list), strings.field(field))
        }
        ["disclosure", part, field, ..] => format!("{}: {}", strings.subject(part), strings.field(field)),
        ["disclosure", field] => format!("{}: {}", strings.subject("page"), strings.field(field)),
        _ => strings.field("summary").to_owned(),
    }
}

/// Counts changes by kind: `+2 −1 ~3`.
fn tally(changes: &Changes) -> String {
    let count = |of: fn(&Change) -> bool| changes.iter().filter(|change| of(change)).count();
    let counts = [
        (Mark::Added, count(|change| matches!(change, Change::Added { .. }))),
        (Mark::Removed, count(|change| matches!(change, Change::Removed { .. }))),
        (Mark::Changed, count(|change| matches!(change, Change::Changed { .. }))),
    ];
    let signs = counts.iter().filter(|(_, n)| *n > 0).map(|(mark, n)| format!("{}{n}", mark.symbol()));
    signs.collect::<Vec<_>>().join(" ")
}
