//! Checks redacted records: their digests must be those of the redactions, and exactly the declared values must be withheld.

use std::collections::BTreeSet;

use super::chain::{RecordFile, SumsFile};
use super::redaction::{Bound, PendingRedactions, Redactions, Rewriting};
use crate::diagnostic::{Code, Diagnostic, Place, Remedy, Report};
use crate::model::{Date, Digest, Version};
use crate::text::{counted, first_of};

/// The maximum number of places that a message lists.
const NAMED: usize = 8;

/// Checks the redactions of one release. Returns whether the digest of its record must still be compared with the lists.
pub(super) fn check(
    file: &RecordFile,
    next: Option<&RecordFile>,
    sums_file: &SumsFile,
    redactions: &Redactions<'_>,
    report: &mut Report,
) -> bool {
    let (Ok(parsed), Some(found)) = (&file.content, file.digest) else { return true };
    let entries = redactions.of_release(file.version);
    let rewritings: Vec<Rewriting> = entries.iter().filter_map(|bound| bound.redaction.rewriting()).collect();
    let pinned = next
        .and_then(|next| next.content.as_ref().ok()?.previous)
        .filter(|link| link.version == file.version)
        .map(|link| link.sha256)
        .or(rewritings.first().map(|first| first.original));
    if let Some(bound) = entries.iter().find(|bound| bound.redaction.original != pinned) {
        let message = format!(
            "the redaction of release {} has the SHA-256 of another original record than the release after it",
            file.version
        );
        report.push(mismatch(message, place_of(bound, sums_file, file)));
        return false;
    }
    let Some(accepted) = rewritings.last().map(|last| last.sha256) else {
        if !parsed.withheld.is_empty() {
            let places = listed(parsed.withheld.pointers.iter());
            let message = format!("release {} withholds values that no redaction names: {places}", file.version);
            report.push(mismatch(message, Place::file(&file.path)));
            return false;
        }
        return true;
    };
    if found != accepted {
        let earlier = rewritings.iter().map(|rewriting| rewriting.sha256).chain(pinned);
        if !earlier.into_iter().any(|digest| digest == found) {
            return true;
        }
        let is_pending = entries.last().is_some_and(|bound| bound.by.is_none());
        report.push(if is_pending {
            interrupted(file.version, &sums_file.pending)
        } else {
            let message = format!("release {} was redacted, but its file still has the withheld values", file.version);
            Diagnostic::new(Code::RedactionMissing, message)
                .at(Place::file(&file.path), "")
                .help("restore the redacted file, for example from the branch that has the redaction, or from the published site")
        });
        return false;
    }
    let noted = sums_file.sums.as_ref().and_then(|sums| sums.get(file.version));
    if noted != Some(found)
        && entries.last().is_some_and(|bound| bound.by.is_none())
        && rewritings.iter().map(|rewriting| rewriting.sha256).chain(pinned).any(|digest| noted == Some(digest))
    {
        report.push(interrupted(file.version, &sums_file.pending));
        return false;
    }
    let declared: BTreeSet<&String> = entries.iter().flat_map(|bound| &bound.redaction.pointers).collect();
    let withheld: BTreeSet<&String> = parsed.withheld.pointers.iter().collect();
    // What a newer schema withholds is not known.
    if parsed.newer.schema.is_none() && declared != withheld {
        let places = listed(declared.symmetric_difference(&withheld).copied());
        let message =
            format!("the withheld values of release {} are not those that its redactions name: {places}", file.version);
        report.push(mismatch(message, Place::file(&file.path)));
    }
    true
}

/// Checks that redactions are of earlier releases, and reports the pending ones.
pub(super) fn check_entries(
    files: &[RecordFile],
    pending: &PendingRedactions,
    redactions: &Redactions<'_>,
    as_of: Date,
    report: &mut Report,
) {
    for bound in redactions.iter() {
        let date = bound.redaction.date;
        if bound.by.is_none() && date > as_of {
            let message = format!("a redaction is dated {date}, which is after the as-of date {as_of}");
            report.push(mismatch(message, Place::file(&pending.path)));
        }
        let Some(version) = bound.redaction.version else { continue };
        let exists = files.binary_search_by_key(&version, |file| file.version).is_ok();
        let place = || match files.iter().find(|file| Some(file.version) == bound.by) {
            Some(file) => Place::file(&file.path),
            None => Place::file(&pending.path),
        };
        if date < version.date() {
            let message = format!("the redaction of release {version} is dated {date}, before the release");
            report.push(mismatch(message, place()));
        }
        if bound.by.is_some_and(|by| by <= version) {
            let message = format!("release {} binds a redaction of release {version}, which is not earlier", by(bound));
            report.push(mismatch(message, place()));
        } else if !exists {
            report.push(mismatch(format!("there is a redaction of release {version}, which does not exist"), place()));
        }
    }
    let count = redactions.pending().count();
    if count > 0 {
        let message = match count {
            1 => "1 redaction is not part of a release yet".to_owned(),
            _ => format!("{} are not part of a release yet", counted(count, "redaction")),
        };
        report.push(
            Diagnostic::new(Code::RedactionUnbound, message)
                .at(Place::file(&pending.path), "")
                .fix(Remedy::BindRedactions),
        );
    }
}

fn by(bound: &Bound<'_>) -> String {
    bound.by.map(|version| version.to_string()).unwrap_or_default()
}

/// Reports that `candor redact` was stopped before it had rewritten the record and the list of digests.
pub(super) fn interrupted(version: Version, pending: &PendingRedactions) -> Diagnostic {
    Diagnostic::new(Code::RedactionInterrupted, format!("the redaction of release {version} was interrupted"))
        .at(Place::file(&pending.path), "")
        .fix(Remedy::CompleteRedaction)
}

fn mismatch(message: String, place: Place) -> Diagnostic {
    Diagnostic::new(Code::RedactionMismatch, message).at(place, "").fix(Remedy::RestoreReleaseFolder)
}

fn place_of(bound: &Bound<'_>, sums_file: &SumsFile, file: &RecordFile) -> Place {
    match bound.by {
        Some(_) => Place::file(&file.path),
        None => Place::file(&sums_file.pending.path),
    }
}

/// Lists the first places.
fn listed<'a>(places: impl Iterator<Item = &'a String>) -> String {
    let all: Vec<String> = places.map(|place| format!("`{}`", place.escape_debug())).collect();
    first_of(&all, NAMED)
}

/// Reports a published release that is redacted there, but not here: the local history is an old clone.
pub fn missing_here(version: Version, other: &str, published: Digest) -> Diagnostic {
    let message = format!(
        "release {version} was redacted at `{other}`, where its SHA-256 is {published}, but the redaction is missing here"
    );
    Diagnostic::new(Code::RedactionMissing, message).fix(Remedy::FetchRedaction)
}
