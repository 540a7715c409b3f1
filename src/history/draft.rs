//! How the content stands to the newest release.

use super::{Changes, History, Release};
use crate::model::Disclosure;

/// How the content stands to the newest release.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// There is no release yet.
    NeverReleased,
    /// The content states what the newest release states.
    Released,
    /// The content is a draft; never empty.
    Draft(Changes),
}

impl Standing {
    /// How `content` stands to the newest release of `history`.
    pub fn of(history: &History, content: &Disclosure) -> Standing {
        Standing::of_release(history.newest(), content)
    }

    /// How `content` stands to one release.
    pub fn of_release(release: Option<&Release>, content: &Disclosure) -> Standing {
        let Some(newest) = release else { return Standing::NeverReleased };
        let changes = Changes::between(&newest.disclosure, content);
        if changes.is_empty() { Standing::Released } else { Standing::Draft(changes) }
    }

    /// Whether there is something that was never released.
    pub fn is_draft(&self) -> bool {
        *self != Standing::Released
    }
}
