//! What a site is made of: one value that rendering and the machine-readable formats take.

use std::borrow::Cow;

use crate::assets::Assets;
use crate::history::{Changes, History};
use crate::model::{Contacts, Date, Disclosure, ProgramVersion, Settings};
use crate::site::SiteFacts;

/// Everything that goes into a site, loaded and checked.
#[derive(Debug)]
pub struct Publication {
    /// How the site is made.
    pub settings: Settings,
    /// All releases; not empty unless there is a draft.
    pub history: History,
    /// Content that differs from the newest release, when it is to be shown.
    pub draft: Option<Draft>,
    /// Theme files and the publisher's own.
    pub assets: Assets,
    /// The day the site speaks for.
    pub as_of: Date,
    /// The program that makes it.
    pub program: ProgramVersion,
}

/// Content that was never released.
#[derive(Debug)]
pub struct Draft {
    /// What it says.
    pub disclosure: Disclosure,
    /// How it differs from the newest release; none where nothing was ever released.
    pub changes: Option<Changes>,
}

impl Publication {
    /// What the site's front page states: the draft, or the newest release.
    pub fn disclosure(&self) -> Option<&Disclosure> {
        match &self.draft {
            Some(draft) => Some(&draft.disclosure),
            None => self.history.newest().map(|release| &release.disclosure),
        }
    }

    /// The absolute URL of a path of the site, as a URI; none without `base_url`. Every URL of a page of the site is made here.
    pub fn absolute(&self, path: &str) -> Option<String> {
        let base = self.settings.base_url.as_ref()?;
        Some(format!("{}/{path}", base.to_uri().trim_end_matches('/')))
    }

    /// How to reach the organization.
    pub fn contacts(&self) -> Cow<'_, Contacts> {
        self.disclosure().map_or_else(Cow::default, |disclosure| Cow::Borrowed(&disclosure.contacts))
    }

    /// What decides which addresses the site has.
    pub fn facts(&self) -> SiteFacts {
        let facts = site_facts(&self.settings, &self.contacts(), &self.history, &self.assets);
        SiteFacts { is_draft: self.draft.is_some(), ..facts }
    }
}

/// A release as an entry of a feed, which `render` writes and `formats` publishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEntry {
    /// Version and the first words of the summary.
    pub title: String,
    /// The summary as plain text, a line per block; may be empty.
    pub summary: String,
    /// Summary and changes as HTML.
    pub html: String,
}

/// What decides which addresses a site has whose content is released and names these contacts.
pub fn site_facts(settings: &Settings, contacts: &Contacts, history: &History, assets: &Assets) -> SiteFacts {
    SiteFacts {
        releases: history.releases().iter().map(|release| (release.version, release.published)).collect(),
        has_base_url: settings.base_url.is_some(),
        has_security_txt: settings.security_txt.as_ref().is_some_and(|fields| fields.is_complete(contacts)),
        is_draft: false,
        files: assets.iter().map(|(_, asset)| asset.path.to_string()).collect(),
    }
}
