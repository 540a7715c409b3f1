//! How the content stands to the newest release.

use super::phrase::Phrasing;
use super::{Changes, History, Release};
use crate::catalogue::Catalogue;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Disclosure;

/// How many unreleased changes a refusal lists before it says how many more there are.
const LISTED: usize = 20;

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

    /// Why nothing is published from a draft; none where there is nothing to refuse.
    pub fn refusal(&self, words: &Catalogue) -> Option<Diagnostic> {
        let release = "freeze them with `candor release -m \"what changed and why\"`, or look at them with `candor build --draft`";
        match self {
            Standing::Released => None,
            Standing::NeverReleased => Some(
                Diagnostic::new(Code::UnreleasedChanges, "nothing was released yet, and a published page is always a release")
                    .help("make the first release with `candor release -m \"First release\"`, or look at the page with `candor build --draft`"),
            ),
            Standing::Draft(changes) => {
                let count = words.count("count.changes", changes.len());
                let message = format!("the content has {count} that no release states, and a published page is always a release");
                let phrasing = Phrasing::new(words);
                let mut found = Diagnostic::new(Code::UnreleasedChanges, message);
                for line in phrasing.lines(changes).iter().take(LISTED) {
                    found = found.help(format!("{} {}", line.mark.symbol(), line.plain()));
                }
                if changes.len() > LISTED {
                    found = found.help(format!("and {} more, which `candor diff` lists", changes.len() - LISTED));
                }
                Some(found.help(release))
            }
        }
    }
}
