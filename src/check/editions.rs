//! Finds documents that are no longer public although earlier editions of their files still are.
//!
//! A release binds the files of its public documents, and the site publishes them forever. Restricting access to a document later
//! does not remove them.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Remedy, Report};
use crate::history::History;
use crate::load::Content;
use crate::model::{Date, Digest, Document, Version};
use crate::text::counted;

/// The maximum number of editions that a message lists.
const NAMED: usize = 5;

/// Reports each document of the content that is not public on a date, but has editions that releases still publish.
pub fn check_editions(content: &Content, history: &History, date: Date) -> Report {
    let mut report = Report::new();
    for (at, document) in content.disclosure.documents.iter().enumerate() {
        let Some(restriction) = document.restriction_on(date) else { continue };
        let editions = published(document, history);
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
fn published<'a>(document: &Document, history: &'a History) -> BTreeMap<Digest, (Version, &'a str)> {
    let mut editions = BTreeMap::new();
    for release in history.releases() {
        let stated = release.disclosure.documents.iter().filter(|stated| stated.id == document.id);
        for path in stated.filter(|stated| stated.access.is_public()).flat_map(|stated| stated.files()) {
            let files = release.files.iter().flatten().filter(|file| file.path == path);
            for file in files.filter(|file| !history.withheld_files().contains(&file.sha256)) {
                editions.entry(file.sha256).or_insert((release.version, path));
            }
        }
    }
    editions
}
