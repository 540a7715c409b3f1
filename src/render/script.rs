//! What the scripts of pages need to know and cannot read from the page: data blocks of JSON (`static/js/`).
//!
//! A data block stands in a `script` element of a type that no browser executes. It carries words, so that a script holds
//! none and speaks the language of the page.

use serde_json::json;

use super::structured::embedded;
use super::theme::safe;
use crate::model::{Contact, Disclosure};
use crate::schedule::Schedule;
use crate::schema::shape;
use crate::wording::comparison::ComparisonRules;
use crate::wording::{Catalog, PluralCategory};

/// For `static/js/schedule.js`: a schedule of every feature, of which the script takes what applies.
pub(super) fn schedule(schedule: &Schedule, words: &Catalog) -> tera::Value {
    let disclosure = schedule.disclosure;
    let (columns, rows) = schedule.cells(words);
    let items =
        schedule.items.iter().zip(rows).map(
            |(item, cells)| json!({ "id": item.id, "condition": item.condition, "ends": item.ends, "cells": cells }),
        );
    let organization = disclosure.organization.name.as_str();
    let (version, digest) = (schedule.origin.version.to_string(), schedule.origin.digest.to_string());
    let values = [("organization", organization), ("version", &version), ("digest", &digest)];
    let mail = disclosure.contacts.get("privacy").and_then(Contact::email).map(|email| {
        json!({
            "to": email.mailto(),
            "subject": words.fill("schedule.subject", &values),
            "body": words.fill("schedule.body", &values),
        })
    });
    let data = json!({
        "day": schedule.request.day,
        "file": format!("schedule-{version}.csv"),
        "columns": columns,
        "items": items.collect::<Vec<_>>(),
        "mail": mail,
        "language": PluralCategory::LANGUAGE,
        "words": words.group(["schedule.customer", "schedule.features", "schedule.no-features", "schedule.as-of",
            "schedule.count", "schedule.copied", "schedule.not-copied", "months.long", "dates.long"]),
    });
    safe(&embedded(&data))
}

/// For `static/js/compare.js`: how releases are compared and changes are phrased, and which fields of a record this version
/// knows.
pub(super) fn compare(words: &Catalog) -> tera::Value {
    let rules = ComparisonRules::current();
    let groups = ["changes.", "compare.", "contacts.", "countries.", "fields.", "values.", "subprocessors.when-"];
    let single = ["changelog.notice", "months.long", "dates.long", "count.changes"];
    let needed = words.keys().filter(|key| groups.iter().any(|group| key.starts_with(group)));
    let words = words.group(needed.chain(single).chain(rules.string_keys()));
    safe(&embedded(&json!({ "words": words, "fields": shape::of::<Disclosure>(), "rules": rules })))
}
