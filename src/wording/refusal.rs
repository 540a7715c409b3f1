//! The diagnostic for content that differs from the latest release and therefore cannot be published.

use super::Catalog;
use super::phrase::Phrasing;
use crate::diagnostic::{Code, Diagnostic, Remedy};
use crate::history::{Deadlines, History, Names, ReleaseStatus};
use crate::model::{Date, Disclosure};
use crate::text::counted;

/// How many unreleased changes are listed; the rest are counted.
const LISTED: usize = 20;

/// Explains why this content, as of a date, cannot be published. Returns `None` if it is the same as the latest release.
pub fn unreleased(
    status: &ReleaseStatus,
    history: &History,
    (content, date): (&Disclosure, Date),
    strings: &Catalog,
) -> Option<Diagnostic> {
    let changes = match status {
        ReleaseStatus::Released => return None,
        ReleaseStatus::NeverReleased => {
            let message = "there is no release yet, and only releases can be published";
            return Some(Diagnostic::new(Code::UnreleasedChanges, message).fix(Remedy::MakeFirstReleaseOrPreview));
        }
        ReleaseStatus::Unreleased(changes) => changes,
    };
    let count = counted(changes.len(), "unreleased change");
    let message = format!("the content has {count}, and only releases can be published");
    let mut diagnostic = Diagnostic::new(Code::UnreleasedChanges, message);
    let deadlines = Deadlines::of(&history.timeline().announcements().with_draft(content, date));
    let names = Names::of(history).with([Some(content), None]);
    let phrasing = Phrasing::new(strings).with_deadlines(&deadlines).with_names(names);
    for line in phrasing.lines(changes).iter().take(LISTED) {
        diagnostic = diagnostic.help(format!("{} {}", line.symbol, line.with_dates(strings)));
    }
    if changes.len() > LISTED {
        diagnostic = diagnostic.fix(Remedy::ListMoreChanges(changes.len() - LISTED));
    }
    Some(diagnostic.fix(Remedy::ReleaseOrPreview))
}
