//! Replaced files: the same path, but other bytes.
//!
//! A file that is added or removed changes the text or the field that refers to it, so only replaced files are changes of
//! their own. The files of the editions of a document are part of the document; every other file is a part of its own, under its path.

use std::collections::BTreeMap;

use super::{Change, FieldChange, FileState, Subject, entry, notice};
use crate::model::{Document, List, RecordedFile, Statement};

/// The field of a document that has the path of its file.
pub const FIELD: &str = "file";

/// The field of a document that has its earlier editions, with the same fields.
pub const EDITIONS: &str = "editions";

/// The field of a document or an edition that is repeated if it did not change together with the file.
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
        let has_file = |document: &&Document| document.files().any(|file| file == path);
        let owners: Vec<&Document> = new.disclosure.documents.iter().map(|it| &**it).filter(has_file).collect();
        // A document that did not have the file before has a changed or new field instead.
        let former: BTreeMap<_, &Document> =
            old.disclosure.documents.iter().map(|it| &**it).filter(has_file).map(|it| (&it.id, it)).collect();
        for document in &owners {
            let Some(earlier) = former.get(&document.id) else { continue };
            let (field_name, version) = holder(document, path);
            let (field_before, version_before) = holder(earlier, path);
            let withheld = |side: Statement<'_>, field: &str| {
                let field = if field == FIELD { VERSION } else { field };
                side.withheld.is_some_and(|it| it.has(List::Documents.name(), Some(document.id.as_str()), field))
            };
            let same = version == version_before && !withheld(old, field_before) && !withheld(new, field_name);
            let change = field(field_name, before, after, version.filter(|_| same).map(str::to_owned));
            add((earlier, document), change, changes);
        }
        if owners.is_empty() {
            others.push(Change::Changed {
                subject: Subject::Files,
                id: None,
                label: Some(path.to_owned()),
                notice: false,
                start: None,
                fields: vec![field(FIELD, before, after, None)],
            });
        }
    }
    changes.append(&mut others);
}

/// Returns the field of a document that has a file, and the version of the file.
fn holder<'d>(document: &'d Document, path: &str) -> (&'static str, Option<&'d str>) {
    let has = |file: &Option<String>| file.as_deref() == Some(path);
    match document.editions.iter().find(|edition| has(&edition.file)).filter(|_| !has(&document.file)) {
        Some(edition) => (EDITIONS, edition.version.as_deref()),
        None => (FIELD, document.version.as_deref()),
    }
}

fn field(name: &str, before: &RecordedFile, after: &RecordedFile, version: Option<String>) -> FieldChange {
    let state = |file: &RecordedFile| FileState { sha256: file.sha256, bytes: file.bytes };
    FieldChange::File {
        field: name.to_owned(),
        notice: false,
        path: after.path.clone(),
        version,
        before: state(before),
        after: state(after),
    }
}

/// Adds a replaced file to the change of its document, or adds a change of the document.
fn add((earlier, document): (&Document, &Document), field: FieldChange, changes: &mut Vec<Change>) {
    let subject = Subject::List(List::Documents);
    let (old, new) = (entry::object(earlier), entry::object(document));
    let rule = notice::ObjectRule::of(subject, &old, &new, None);
    let field = rule.apply(field);
    let position = (subject, Some(&document.id));
    let at = changes.partition_point(|change| (change.subject(), change.id()) < position);
    match changes.get_mut(at) {
        Some(Change::Changed { subject: of, id: Some(id), notice, fields, .. })
            if *of == subject && *id == document.id =>
        {
            *notice |= field.notice();
            let at = fields.partition_point(|other| other.field() <= field.field());
            fields.insert(at, field);
        }
        _ => changes.insert(
            at,
            Change::Changed {
                subject,
                id: Some(document.id.clone()),
                label: Some(document.title.clone()),
                notice: field.notice(),
                start: None,
                fields: vec![field],
            },
        ),
    }
}
