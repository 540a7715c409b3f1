//! Why content that differs from the newest release is not published.

use super::Catalog;
use super::phrase::Phrasing;
use crate::diagnostic::{Code, Diagnostic};
use crate::history::Standing;

/// How many unreleased changes are listed before their number.
const LISTED: usize = 20;

/// Why nothing can be published from this content; `None` if the newest release states the same.
pub fn unreleased(standing: &Standing, words: &Catalog) -> Option<Diagnostic> {
    let changes = match standing {
        Standing::Released => return None,
        Standing::NeverReleased => {
            let message = "nothing was released yet, and a published page is always a release";
            return Some(Diagnostic::new(Code::UnreleasedChanges, message).help(
                "make the first release with `candor release -m \"First release\"`, or look at the page with `candor build --draft`",
            ));
        }
        Standing::Draft(changes) => changes,
    };
    let count = words.count("count.changes", changes.len());
    let message = format!("the content has {count} that no release states, and a published page is always a release");
    let mut diagnostic = Diagnostic::new(Code::UnreleasedChanges, message);
    for line in Phrasing::new(words).lines(changes).iter().take(LISTED) {
        diagnostic = diagnostic.help(format!("{} {}", line.symbol, line.plain(words)));
    }
    if changes.len() > LISTED {
        diagnostic = diagnostic.help(format!("and {} more, which `candor diff` lists", changes.len() - LISTED));
    }
    Some(diagnostic.help(
        "freeze them with `candor release -m \"what changed and why\"`, or look at them with `candor build --draft`",
    ))
}
