//! Compares the content with the newest release.

use super::{Changes, History, Release};
use crate::model::Statement;

/// Whether the content is released.
#[derive(Debug, Clone, PartialEq)]
pub enum ReleaseStatus {
    /// There are no releases yet.
    NeverReleased,
    /// The content is identical to the newest release.
    Released,
    /// The content has unreleased changes; never empty.
    Unreleased(Changes),
}

/// Whether a release of this content would be the first one that records the files that it refers to.
pub fn records_files_first(newest: Option<&Release>, content: Statement<'_>) -> bool {
    let has_files = content.files.is_some_and(|files| !files.is_empty());
    has_files && newest.is_some_and(|newest| newest.files.is_none())
}

impl ReleaseStatus {
    /// Compares `content` with the newest release of `history`.
    pub fn of(history: &History, content: Statement<'_>) -> ReleaseStatus {
        ReleaseStatus::of_release(history.newest(), content)
    }

    /// Compares `content` with a release.
    pub fn of_release(release: Option<&Release>, content: Statement<'_>) -> ReleaseStatus {
        let Some(newest) = release else { return ReleaseStatus::NeverReleased };
        let changes = Changes::between(newest.statement(), content);
        if changes.is_empty() { ReleaseStatus::Released } else { ReleaseStatus::Unreleased(changes) }
    }

    /// Whether there are unreleased changes, or no releases at all.
    pub fn is_unreleased(&self) -> bool {
        *self != ReleaseStatus::Released
    }
}
