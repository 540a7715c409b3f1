//! The edition that a page shows: a disclosure with its release, and the date as of which it is evaluated.

use crate::history::Release;
use crate::model::{Date, Disclosure};

/// The disclosure that a page shows, and the date as of which it is evaluated.
#[derive(Debug, Clone, Copy)]
pub enum Edition<'a> {
    /// The latest release, as of the build's date.
    Current {
        /// The release.
        release: &'a Release,
        /// What it states as of the date: upcoming changes that are in effect are in the fields.
        disclosure: &'a Disclosure,
        /// The as-of date.
        date: Date,
    },
    /// A release as of its date of publication.
    Archived {
        /// The release.
        release: &'a Release,
        /// What it states as of that date.
        disclosure: &'a Disclosure,
    },
    /// Unreleased content.
    Draft {
        /// The content.
        disclosure: &'a Disclosure,
        /// The as-of date.
        date: Date,
    },
}

impl<'a> Edition<'a> {
    /// Returns the disclosure.
    pub fn disclosure(&self) -> &'a Disclosure {
        match self {
            Edition::Current { disclosure, .. }
            | Edition::Archived { disclosure, .. }
            | Edition::Draft { disclosure, .. } => disclosure,
        }
    }

    /// Returns the date as of which the page is evaluated.
    pub fn date(&self) -> Date {
        match self {
            Edition::Current { date, .. } | Edition::Draft { date, .. } => *date,
            Edition::Archived { release, .. } => release.published,
        }
    }

    /// Returns the release; `None` for a draft.
    pub fn release(&self) -> Option<&'a Release> {
        match self {
            Edition::Current { release, .. } | Edition::Archived { release, .. } => Some(release),
            Edition::Draft { .. } => None,
        }
    }

    /// Whether it is unreleased content.
    pub fn is_draft(&self) -> bool {
        matches!(self, Edition::Draft { .. })
    }
}
