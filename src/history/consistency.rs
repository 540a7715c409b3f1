//! Detects records whose fields are valid individually but contradict each other. candor never writes such records, so they are
//! rejected when they are read.

use super::kept::MAX_FILE;
use super::new_release::{MAX_SUMMARY, tidy};
use super::place;
use super::reading::Parsed;
use super::redaction::Redaction;
use crate::diagnostic::{Code, Diagnostic, Remedy};
use crate::model::{Disclosure, Id, List, RecordedFile};
use crate::site::SitePath;

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
    if let Some(why) = record.redactions.iter().find_map(Redaction::fault) {
        faults.push(fault("redactions", format!("an entry of the redactions of release {version} {why}")));
    }
    if let Ok(stated) = &record.stated {
        faults.extend(item_fault(stated).map(|message| fault("disclosure", format!("release {version} {message}"))));
    }
    if let Some(files) = &record.files {
        faults.extend(file_fault(record, files).map(|message| fault("files", message)));
    }
    faults
}

/// Returns what is wrong with the required fields of a disclosure: their rules are the same in every version.
fn item_fault(stated: &Disclosure) -> Option<String> {
    if stated.title.trim().is_empty() || stated.organization.name.trim().is_empty() {
        return Some("has no title, or an organization without a name".to_owned());
    }
    List::ALL.iter().flat_map(|list| stated.items(*list)).find_map(|item| {
        let id = item.id().as_str();
        if id.parse::<Id>().is_err() {
            Some(format!("has an item of `{}` with the id `{}`, which is not an id", item.list(), id.escape_debug()))
        } else if item.label().trim().is_empty() {
            Some(format!("has an item of `{}` without a name: `{id}`", item.list()))
        } else {
            None
        }
    })
}

/// Returns what is wrong with the list of files.
fn file_fault(record: &Parsed, files: &[RecordedFile]) -> Option<String> {
    let version = record.version;
    let valid = |file: &&RecordedFile| {
        let hidden = file.path.split('/').any(|segment| segment.starts_with('.'));
        SitePath::new(file.path.as_str()).is_some() && !hidden && file.bytes <= MAX_FILE
    };
    if let Some(pair) = files.windows(2).find(|pair| pair[0].path >= pair[1].path) {
        return Some(format!(
            "release {version} lists the file `{}` after `{}`; files are ordered by path",
            pair[1].path.escape_debug(),
            pair[0].path.escape_debug()
        ));
    }
    if let Some(file) = files.iter().find(|file| !valid(file)) {
        return Some(format!(
            "release {version} binds `{}`, which cannot be a published file",
            file.path.escape_debug()
        ));
    }
    let has = |path: &str| files.binary_search_by(|file| file.path.as_str().cmp(path)).is_ok();
    let documents = record.stated.as_ref().ok()?.documents.iter();
    let unbound = documents
        .filter(|document| document.access.is_public())
        .flat_map(|document| document.files())
        .find(|path| !has(path))?;
    Some(format!("release {version} has a document with the file `{}`, but does not bind it", unbound.escape_debug()))
}
