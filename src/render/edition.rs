//! One edition of the page: a disclosure with the release that froze it, and the day it speaks for.

use crate::history::Release;
use crate::model::{Date, Disclosure};

/// What a page shows, and for which day.
#[derive(Debug, Clone, Copy)]
pub enum Edition<'a> {
    /// The newest release, on the as-of date.
    Current {
        /// The release.
        release: &'a Release,
        /// The as-of date.
        day: Date,
    },
    /// A release as it stood on the day it was published.
    Archived {
        /// The release.
        release: &'a Release,
    },
    /// Content that was never released.
    Draft {
        /// What it says.
        disclosure: &'a Disclosure,
        /// The as-of date.
        day: Date,
    },
}

impl<'a> Edition<'a> {
    /// What is stated.
    pub fn disclosure(&self) -> &'a Disclosure {
        match self {
            Edition::Current { release, .. } | Edition::Archived { release } => &release.disclosure,
            Edition::Draft { disclosure, .. } => disclosure,
        }
    }

    /// The day that the page speaks for.
    pub fn day(&self) -> Date {
        match self {
            Edition::Current { day, .. } | Edition::Draft { day, .. } => *day,
            Edition::Archived { release } => release.published,
        }
    }

    /// The release, unless it is a draft.
    pub fn release(&self) -> Option<&'a Release> {
        match self {
            Edition::Current { release, .. } | Edition::Archived { release } => Some(release),
            Edition::Draft { .. } => None,
        }
    }

    /// Whether it is content that was never released.
    pub fn is_draft(&self) -> bool {
        matches!(self, Edition::Draft { .. })
    }
}
