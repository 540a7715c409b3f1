//! Detects records whose fields are valid individually but contradict each other. candor never writes such records, so they are
//! rejected when they are read.

use super::new_release::{MAX_SUMMARY, tidy};
use super::place;
use super::reading::Parsed;
use crate::diagnostic::{Code, Diagnostic, Remedy};

/// Returns the contradictions that `candor release` would have rejected. The valid values of a summary depend on the schema.
pub fn faults(record: &Parsed) -> Vec<Diagnostic> {
    let fault = |key: &str, message: String| {
        Diagnostic::new(Code::ReleaseInconsistent, message)
            .at(place::of_value(&record.head, &[key]), "")
            .help("candor never writes such a record")
            .fix(Remedy::RestoreRelease)
    };
    let Parsed { version, published, .. } = record;
    let mut faults = Vec::new();
    if version.date() != *published {
        faults.push(fault(
            "published",
            format!("release {version} is dated {published}; the version must start with the date of the release"),
        ));
    }
    let Some(summary) = record.summary.as_ref().filter(|_| record.newer.schema.is_none()) else { return faults };
    if summary.trim().is_empty() {
        faults.push(fault("summary", format!("release {version} has no summary")));
    } else if tidy(summary) != *summary {
        faults.push(fault(
            "summary",
            format!("the summary of release {version} has leading or trailing whitespace, or CRLF line endings"),
        ));
    }
    if summary.len() > MAX_SUMMARY {
        let message =
            format!("the summary of release {version} has {} bytes; the limit is {MAX_SUMMARY}", summary.len());
        faults.push(fault("summary", message));
    }
    faults
}
