//! Finds documents that are no longer public although earlier editions of their files still are.
//!
//! A release binds the files of its public documents, and the site publishes them forever. Restricting access to a document later
//! does not remove them, and neither does another id.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Remedy, Report};
use crate::history::History;
use crate::load::Content;
use crate::model::{Date, Digest, Document, Id, Version};
use crate::text::counted;

/// The maximum number of editions that a message lists.
const NAMED: usize = 5;

/// Reports each document of the content that is not public on a date, but has editions that releases still publish.
pub fn check_editions(content: &Content, history: &History, date: Date) -> Report {
    let mut report = Report::new();
    for (at, document) in content.disclosure.documents.iter().enumerate() {
        let Some(restriction) = document.restriction_on(date) else { continue };
        let editions = published(document, &content.disclosure.documents, history);
        let Some(first) = editions.keys().next() else { continue };
        let message = format!(
            "`{}` is not public, but releases still publish {} of its file",
            document.title,
            counted(editions.len(), "edition")
        );
        let mut found = Diagnostic::new(Code::EditionsPublic, message)
            .at_known(content.places.get(&format!("documents[{at}].{}", restriction.field)), "");
        for (sha256, (version, path)) in editions.iter().take(NAMED) {
            found = found.help(format!("`{path}` of release {version}: SHA-256 {sha256}"));
        }
        if editions.len() > NAMED {
            found = found.help(format!("and {} more", editions.len() - NAMED));
        }
        report.push(found.fix(Remedy::WithholdFile(*first)));
    }
    report
}

/// Returns the files that releases publish for a document, each with the first release that binds it.
fn published<'a>(
    document: &Document,
    current: &[Arc<Document>],
    history: &'a History,
) -> BTreeMap<Digest, (Version, &'a str)> {
    let stated: BTreeSet<String> = document.stated_files().into_iter().map(|stated| stated.file).collect();
    let ids = former_ids(document, &stated, current, history);
    let mut editions = BTreeMap::new();
    for release in history.releases() {
        let documents = &release.disclosure.documents;
        for (id, path) in documents.iter().flat_map(|earlier| earlier.public_files().map(|path| (&earlier.id, path))) {
            if ids.contains(id) || stated.contains(&path) {
                let files = release.files.iter().flatten().filter(|file| file.path == path);
                for file in files.filter(|file| !history.withheld_files().contains(&file.sha256)) {
                    editions.entry(file.sha256).or_insert((release.version, file.path.as_str()));
                }
            }
        }
    }
    editions
}

/// Returns the ids that a document has had: that of the content, and those that no document of the content has, with the same title
/// or with a file that the document has had.
fn former_ids<'a>(
    document: &'a Document,
    stated: &BTreeSet<String>,
    current: &[Arc<Document>],
    history: &'a History,
) -> BTreeSet<&'a Id> {
    let title = |document: &Document| document.title.trim().to_lowercase();
    let name = title(document);
    let mut ids = BTreeSet::from([&document.id]);
    let mut paths: BTreeSet<&str> = BTreeSet::new();
    // From the newest release back, so that a document that was renamed twice is followed.
    for earlier in history.releases().iter().rev().flat_map(|release| &release.disclosure.documents) {
        let has_its_file = || earlier.files().any(|path| stated.contains(path) || paths.contains(path));
        let is_free = || current.iter().all(|other| other.id != earlier.id);
        if ids.contains(&earlier.id) || (is_free() && (title(earlier) == name || has_its_file())) {
            ids.insert(&earlier.id);
            paths.extend(earlier.files());
        }
    }
    ids
}
