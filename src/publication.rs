//! The input of rendering and of the machine-readable formats: everything that a site is built from.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::assets::Assets;
use crate::history::{Changes, DatedChange, History, Release, kept};
use crate::model::{Contacts, Date, Disclosure, List, MediaType, ProgramVersion, Settings};
use crate::site::{SiteFacts, SiteName, aliases};
use crate::wording::dated;

/// Everything that a site is built from, loaded and checked.
#[derive(Debug)]
pub struct Publication {
    /// Settings of the site.
    pub settings: Settings,
    /// All releases; empty only if there is a draft.
    pub history: History,
    /// The content, if the site shows its unreleased changes (`--draft`).
    pub draft: Option<Draft>,
    /// The disclosure of the newest release with the changes that are in effect on the as-of date; `None` if that is what the
    /// release states in its fields.
    pub in_effect: Option<Disclosure>,
    /// Files of the theme and of the publisher.
    pub assets: Assets,
    /// The media types with which the files that releases bind are served, by their path below `releases/files/`.
    pub bound_media_types: BTreeMap<String, MediaType>,
    /// The as-of date of the site.
    pub as_of: Date,
    /// The program that builds the site.
    pub program: ProgramVersion,
}

/// Returns the disclosure of the newest release with the changes that are in effect on a date, if that is not what it states in
/// its fields.
pub fn in_effect(history: &History, date: Date) -> Option<Disclosure> {
    match history.newest()?.disclosure.in_effect_on(date) {
        Cow::Borrowed(_) => None,
        Cow::Owned(current) => Some(current),
    }
}

/// Content with unreleased changes.
#[derive(Debug)]
pub struct Draft {
    /// What the content states.
    pub disclosure: Disclosure,
    /// The changes since the newest release; `None` if there are no releases.
    pub changes: Option<Changes>,
}

impl Publication {
    /// The disclosure on the site's front page: the draft, or the newest release.
    pub fn disclosure(&self) -> Option<&Disclosure> {
        match &self.draft {
            Some(draft) => Some(&draft.disclosure),
            None => self.in_effect.as_ref().or(self.history.newest().map(|release| &release.disclosure)),
        }
    }

    /// The release that the site's front page shows; `None` for a draft.
    pub fn release(&self) -> Option<&Release> {
        self.history.newest().filter(|_| self.draft.is_none())
    }

    /// Returns the dated changes that the front page states: of the draft, or of the newest release.
    pub fn upcoming(&self) -> Cow<'_, [DatedChange]> {
        let timeline = self.history.timeline();
        match &self.draft {
            Some(draft) => timeline.announcements().with_draft(&draft.disclosure, self.as_of).into(),
            None => timeline.newest().into(),
        }
    }

    /// Returns the absolute URL of a path of the site, as a URI; `None` without `base_url`. All absolute URLs of the site are
    /// created here.
    pub fn absolute(&self, path: &str) -> Option<String> {
        let base = self.settings.base_url.as_ref()?;
        Some(format!("{}/{path}", base.to_uri().trim_end_matches('/')))
    }

    /// The name of the site.
    pub fn site_name(&self) -> SiteName {
        let base_url = self.settings.base_url.as_ref().map(ToString::to_string);
        let (title, organization) = self
            .disclosure()
            .map(|disclosure| (disclosure.title.clone(), disclosure.organization.name.clone()))
            .unwrap_or_default();
        SiteName { title, organization, base_url }
    }

    /// The contacts of the organization.
    pub fn contacts(&self) -> Cow<'_, Contacts> {
        self.disclosure().map_or_else(Cow::default, |disclosure| Cow::Borrowed(&disclosure.contacts))
    }

    /// The facts that determine the addresses of the site.
    pub fn facts(&self) -> SiteFacts {
        let facts = site_facts(&self.settings, self.disclosure(), &self.history, &self.assets);
        SiteFacts { is_draft: self.draft.is_some(), ..facts }
    }
}

/// A release as a feed entry, which `render` creates and `formats` publishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEntry {
    /// The version and the first words of the summary.
    pub title: String,
    /// The summary as plain text, one line per block; may be empty.
    pub summary: String,
    /// The summary and the changes, as HTML.
    pub html: String,
}

/// Returns the facts that determine the addresses of a site without a draft, whose front page shows this disclosure.
pub fn site_facts(settings: &Settings, front: Option<&Disclosure>, history: &History, assets: &Assets) -> SiteFacts {
    let contacts = front.map_or_else(Cow::default, |disclosure| Cow::Borrowed(&disclosure.contacts));
    let archived = history
        .releases()
        .iter()
        .flat_map(|release| release.disclosure.pages.iter().map(|page| format!("{}/{}", release.version, page.id)));
    let items = |list: List| -> Vec<String> {
        let of_release = |release: &Release| -> Vec<String> {
            let names = SiteFacts::names_of(&release.disclosure, list);
            names.iter().map(|name| SiteFacts::archived_item(release.version, list, name)).collect()
        };
        history.releases().iter().flat_map(of_release).collect()
    };
    let current = |list: List| front.map(|front| SiteFacts::names_of(front, list)).unwrap_or_default();
    let facts = SiteFacts {
        releases: history.releases().iter().map(|release| (release.version, release.published)).collect(),
        has_base_url: settings.base_url.is_some(),
        has_security_txt: settings.security_txt.as_ref().is_some_and(|fields| fields.is_complete(&contacts)),
        is_draft: false,
        files: assets.iter().map(|(_, asset)| asset.path.to_string()).collect(),
        bound_files: kept::of_history(history).into_keys().collect(),
        pages: current(List::Pages),
        archived_pages: archived.collect(),
        questionnaires: current(List::Questionnaires),
        archived_questionnaires: items(List::Questionnaires),
        updates: current(List::Updates),
        archived_updates: items(List::Updates),
        notices: history.timeline().calendar().map(|entry| dated::file_name(&entry.change.id)).collect(),
        stated_aliases: Vec::new(),
    };
    SiteFacts { stated_aliases: aliases(settings, front, &facts), ..facts }
}
