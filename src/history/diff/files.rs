//! Replaced files: the same path, but other bytes.
//!
//! A file that is added or removed changes the text or the field that refers to it, so only replaced files are changes of
//! their own. The file of a document is part of the document; every other file is a part of its own, under its path.

use std::collections::BTreeSet;

use super::{Change, FieldChange, FileState, Subject, entry, notice};
use crate::model::{Document, List, RecordedFile, Statement};

/// The field of a document that has the path of its file.
pub const FIELD: &str = "file";

/// The field of a document that is repeated if it did not change together with the file.
pub const VERSION: &str = "version";

/// Adds the replaced files to the changes.
pub(super) fn compare(old: Statement<'_>, new: Statement<'_>, changes: &mut Vec<Change>) {
    // Schema 1 recorded no files, so there is nothing to compare with.
    if old.files.is_none() || new.files.is_none() {
        return;
    }
    let (before, after) = (old.files_by_path(), new.files_by_path());
    let replaced = after.into_iter().filter_map(|(path, after)| Some((path, *before.get(path)?, after)));
    let mut others = Vec::new();
    for (path, before, after) in replaced.filter(|(_, before, after)| before.sha256 != after.sha256) {
        let has_file = |document: &&Document| document.file.as_deref() == Some(path);
        let owners: Vec<&Document> = new.disclosure.documents.iter().map(|it| &**it).filter(has_file).collect();
        // A document that did not have the file before has a changed or new `file` field instead.
        let known: BTreeSet<_> =
            old.disclosure.documents.iter().map(|it| &**it).filter(has_file).map(|it| &it.id).collect();
        for document in owners.iter().filter(|document| known.contains(&document.id)) {
            let before_version = old.disclosure.documents.iter().find(|it| it.id == document.id);
            let withheld = |side: Statement<'_>| {
                side.withheld.is_some_and(|it| it.has(List::Documents.name(), Some(document.id.as_str()), VERSION))
            };
            let same =
                before_version.is_some_and(|it| it.version == document.version) && !withheld(old) && !withheld(new);
            add(document, field(before, after, document.version.clone().filter(|_| same)), changes);
        }
        if owners.is_empty() {
            others.push(Change::Changed {
                subject: Subject::Files,
                id: None,
                label: Some(path.to_owned()),
                notice: false,
                fields: vec![field(before, after, None)],
            });
        }
    }
    changes.append(&mut others);
}

fn field(before: &RecordedFile, after: &RecordedFile, version: Option<String>) -> FieldChange {
    let state = |file: &RecordedFile| FileState { sha256: file.sha256, bytes: file.bytes };
    FieldChange::File {
        field: FIELD.to_owned(),
        notice: false,
        path: after.path.clone(),
        version,
        before: state(before),
        after: state(after),
    }
}

/// Adds a replaced file to the change of its document, or adds a change of the document.
fn add(document: &Document, field: FieldChange, changes: &mut Vec<Change>) {
    let subject = Subject::List(List::Documents);
    let fields = entry::object(document);
    let field = notice::ObjectRule::of(subject, &fields, &fields, None).apply(field, None, None);
    let position = (subject, Some(&document.id));
    let at = changes.partition_point(|change| (change.subject(), change.id()) < position);
    match changes.get_mut(at) {
        Some(Change::Changed { subject: of, id: Some(id), notice, fields, .. })
            if *of == subject && *id == document.id =>
        {
            *notice |= field.notice();
            let at = fields.partition_point(|other| other.field() <= FIELD);
            fields.insert(at, field);
        }
        _ => changes.insert(
            at,
            Change::Changed {
                subject,
                id: Some(document.id.clone()),
                label: Some(document.title.clone()),
                notice: field.notice(),
                fields: vec![field],
            },
        ),
    }
}
