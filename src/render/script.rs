//! JSON data blocks for the scripts of pages (`static/js/`).
//!
//! A data block is in a `script` element of a type that browsers do not execute. It contains the UI strings that a script
//! needs, so that scripts work in every language.

use std::collections::BTreeMap;

use serde_json::json;

use super::structured::embedded;
use super::theme::safe;
use crate::history::{DatedId, History, Names};
use crate::model::{Contact, Disclosure, Id, Service, Subprocessor};
use crate::schedule::{COLUMNS, CellPart, SEPARATOR, Schedule, partial_columns, service_facts};
use crate::schema::shape;
use crate::wording::comparison::ComparisonRules;
use crate::wording::{Catalog, LABELS_IN_SENTENCES, LOWERCASE};

/// Returns the data of `static/js/schedule.js`: the annex for all features, from which the script selects.
pub(super) fn schedule(schedule: &Schedule, strings: &Catalog) -> tera::Value {
    let disclosure = schedule.disclosure;
    let rows = schedule.rows(strings);
    let items = schedule.items.iter().zip(&rows).map(|(item, row)| {
        let cells: Vec<_> = row.cells.iter().map(|cell| cell_data(cell, strings)).collect();
        let mut data = json!({ "id": item.id, "condition": item.applicability(), "ends": item.ends, "cells": cells });
        if !item.services.is_empty() {
            let services =
                item.services.iter().map(|service| (service.name.clone(), service_data(item, service, strings)));
            data["services"] = services.collect::<serde_json::Map<_, _>>().into();
        }
        data
    });
    let [services, data, locations, transfers] = partial_columns();
    let organization = disclosure.organization.name.as_str();
    let (version, digest) = (schedule.origin.version.to_string(), schedule.origin.digest.to_string());
    let values = [("organization", organization), ("version", &version), ("digest", &digest)];
    let mail = disclosure.contacts.get("privacy").and_then(Contact::email).map(|email| {
        json!({
            "to": email.mailto(),
            "subject": strings.fill("schedule.subject", &values),
            "body": strings.fill("schedule.body", &values),
        })
    });
    let data = json!({
        "date": schedule.request.date,
        "file": format!("schedule-{version}.csv"),
        "columns": COLUMNS.iter().map(|column| strings.get(column.label)).collect::<Vec<_>>(),
        // The columns whose cells have parts, by the class of the column on the page, with what separates the parts.
        "partial": {
            "c-purpose": [services, SEPARATOR],
            "c-data": [data, SEPARATOR],
            "c-where": [locations, ", "],
            "c-transfer": [transfers, SEPARATOR],
        },
        "separator": SEPARATOR,
        "dimensions": disclosure.dimensions,
        "items": items.collect::<Vec<_>>(),
        "mail": mail,
        "language": strings.language(),
        "strings": strings.group(["schedule.customer", "schedule.features", "schedule.no-features", "schedule.any-value", "schedule.as-of",
            "schedule.count", "schedule.copied", "schedule.not-copied", "months.long", "dates.long"]),
    });
    safe(&embedded(&data))
}

/// Returns a cell: a string, or its parts with the conditions under which each is shown.
fn cell_data(parts: &[CellPart], strings: &Catalog) -> serde_json::Value {
    if parts.iter().all(|part| part.conditions.is_empty()) {
        let texts: Vec<String> = parts.iter().map(|part| part.value.text(strings)).collect();
        return texts.join(SEPARATOR).into();
    }
    parts_data(parts, strings)
}

fn parts_data(parts: &[CellPart], strings: &Catalog) -> serde_json::Value {
    let part = |part: &CellPart| json!({ "text": part.value.text(strings), "conditions": part.conditions });
    parts.iter().map(part).collect::<Vec<_>>().into()
}

/// Returns the condition of a service, and its facts if some of their parts do not always apply.
fn service_data(item: &Subprocessor, service: &Service, strings: &Catalog) -> serde_json::Value {
    let facts = service_facts(item, service, strings);
    let is_partial = facts.iter().flat_map(|fact| &fact.parts).any(|part| !part.conditions.is_empty());
    let facts = facts.iter().map(|fact| json!([fact.label, parts_data(&fact.parts, strings), fact.separator]));
    json!([service.condition, if is_partial { facts.collect() } else { Vec::new() }])
}

/// Returns the data of `static/js/compare.js`: rules for comparing releases and describing changes, and the record fields that
/// this version knows.
pub(super) fn compare(history: &History, strings: &Catalog) -> tera::Value {
    let rules = ComparisonRules::with(strings.get("changes.redacted"), strings.language());
    let groups = [
        "answers.",
        "approvals.",
        "changes.",
        "compare.",
        "conditions.",
        "contacts.",
        "countries.",
        "fields.",
        "upcoming.events.",
        "values.",
        "subprocessors.when-",
    ];
    let single = [
        "transfers.to",
        "dates.range",
        "dates.long",
        "count.changes",
        "upcoming.announced",
        "upcoming.effective",
        "upcoming.effective-moved",
        "upcoming.object-by",
    ];
    let needed = strings.keys().filter(|key| groups.iter().any(|group| key.starts_with(group)));
    let used = strings.group(needed.chain(single).chain(rules.string_keys()));
    let months: Vec<&str> = strings.get("months.long").split_whitespace().collect();
    let key = |id: &DatedId, effective| format!("{},{},{},{effective}", id.list, id.item, id.entry);
    let deadlines = history.timeline().deadlines();
    let deadlines: BTreeMap<String, String> =
        deadlines.iter().map(|(id, effective, deadline)| (key(id, effective), strings.date(deadline))).collect();
    // A record names what a subprocessor replaces by its id, and neither of two releases may list or change that one.
    let releases = history.releases().iter();
    // The provider of an AI feature and documents are named by their ids, too.
    let referring = releases.flat_map(|release| {
        let Disclosure { subprocessors, ai, documents, .. } = &release.disclosure;
        let pairs = subprocessors.iter().filter_map(|item| Some([&item.id, item.replaces.as_ref()?]));
        let providers = ai.iter().flat_map(|item| item.providers());
        pairs.flatten().chain(providers).chain(documents.iter().map(|item| &item.id))
    });
    let names: BTreeMap<&Id, &str> = referring.filter_map(|id| Some((id, Names::of(history).get(id)?))).collect();
    let fields = shape::of::<Disclosure>();
    // Labels of what publishers name: contacts and dimensions.
    let mut labels = used;
    for disclosure in history.releases().iter().map(|release| &release.disclosure) {
        for name in disclosure.dimensions.0.keys() {
            labels[format!("dimensions.{name}")] = strings.dimension(name.as_str()).into();
        }
        for purpose in disclosure.contacts.0.keys() {
            labels[format!("contacts.{purpose}")] = strings.contact(purpose.as_str()).into();
        }
    }
    safe(&embedded(&json!({
        "strings": labels,
        "fields": fields,
        "rules": rules,
        "deadlines": deadlines,
        "names": names,
        "months": months,
        "lowercase": strings.get(LABELS_IN_SENTENCES) == LOWERCASE,
    })))
}
