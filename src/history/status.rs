//! Compares the content with the newest release.

use super::{Changes, History, Release};
use crate::model::Disclosure;

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

impl ReleaseStatus {
    /// Compares `content` with the newest release of `history`.
    pub fn of(history: &History, content: &Disclosure) -> ReleaseStatus {
        ReleaseStatus::of_release(history.newest(), content)
    }

    /// Compares `content` with a release.
    pub fn of_release(release: Option<&Release>, content: &Disclosure) -> ReleaseStatus {
        let Some(newest) = release else { return ReleaseStatus::NeverReleased };
        let changes = Changes::between(&newest.disclosure, content);
        if changes.is_empty() { ReleaseStatus::Released } else { ReleaseStatus::Unreleased(changes) }
    }

    /// Whether there are unreleased changes, or no releases at all.
    pub fn is_unreleased(&self) -> bool {
        *self != ReleaseStatus::Released
    }
}
