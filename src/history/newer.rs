//! Fields and values in records of a newer candor that this version does not know, and the diagnostics about them.
//!
//! Within a schema, newer versions may add optional fields and new values of existing fields. Records that have them are still
//! verified and shown: unknown fields are left out, unknown values are shown as they are, and a note says so.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_ignored::Path;

use super::chain::RecordFile;
use super::place;
use super::reading::Parsed;
use super::record::SCHEMA;
use crate::diagnostic::{Code, Diagnostic, Place, Source};
use crate::model::{Condition, Dimensions, Disclosure, Overlay, PLACEHOLDER, Subprocessor, Version, Withheld};
use crate::text::first_of;

/// The maximum number of unknown fields that a diagnostic lists.
const NAMED: usize = 8;

/// The fields and values of a record that this version of candor does not know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Newer {
    /// The record's schema, if this version does not know it; the disclosure is then not parsed.
    pub schema: Option<u32>,
    /// Unknown fields, such as `disclosure.subprocessors[].iban`.
    pub fields: BTreeSet<String>,
    /// Unknown values of known fields, such as `disclosure.subprocessors[].role: auditor`.
    pub words: BTreeSet<String>,
    /// The version of candor that wrote the record, if the record has it.
    pub candor: Option<String>,
}

impl Newer {
    /// Whether this version of candor knows everything in the record.
    pub fn is_empty(&self) -> bool {
        self.schema.is_none() && self.fields.is_empty() && self.words.is_empty()
    }
}

/// Returns the name of an unknown field. All items of a list share the name, without indexes.
pub(super) fn field(path: &Path<'_>) -> String {
    match path {
        Path::Root => String::new(),
        Path::Seq { parent, .. } => format!("{}[]", field(parent)),
        Path::Map { parent, key } => match field(parent) {
            parent if parent.is_empty() => key.clone(),
            parent => format!("{parent}.{key}"),
        },
        Path::Some { parent } | Path::NewtypeStruct { parent } | Path::NewtypeVariant { parent } => field(parent),
    }
}

/// Returns the version in a record's `candor` field if it looks like a version, because it is printed.
pub(super) fn version(value: &serde_json::Value) -> Option<String> {
    let text = value.as_str()?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b".+-".contains(&b);
    (text.starts_with(|c: char| c.is_ascii_digit()) && text.len() <= 40 && text.bytes().all(plain))
        .then(|| text.to_owned())
}

/// Whether a record was written by a later version of candor than this one.
pub(super) fn is_later(candor: Option<&str>) -> bool {
    let numbers = |version: &str| -> Option<Vec<u64>> {
        let numbers = version.split(['-', '+']).next().unwrap_or_default();
        numbers.split('.').map(|number| number.parse().ok()).collect()
    };
    candor.and_then(numbers) > numbers(env!("CARGO_PKG_VERSION"))
}

/// Takes the fields of conditions that this version does not know out of a disclosure, and returns their names. If a later version
/// wrote it, a dimension that it does not declare is such a field.
pub(super) fn take_of_conditions(disclosure: &mut Disclosure, is_later: bool) -> BTreeSet<String> {
    let declared = is_later.then_some(&disclosure.dimensions);
    let mut names = BTreeSet::new();
    for item in &mut disclosure.subprocessors {
        if with_upcoming(&**item).any(|item| item.conditions().next().is_some()) {
            let taken = take_of_item(Arc::make_mut(item), declared);
            names.extend(taken.into_iter().map(|name| format!("disclosure.subprocessors[].{name}")));
        }
    }
    names
}

fn take_of_item(item: &mut Subprocessor, declared: Option<&Dimensions>) -> Vec<String> {
    let mut names = Vec::new();
    let mut take = |path: &str, condition: Option<&mut Condition>| {
        let taken = condition.map(|condition| condition.take_newer(declared)).unwrap_or_default();
        names.extend(taken.into_iter().map(|name| format!("{path}condition.{name}")));
    };
    take("", item.condition.as_mut());
    item.locations.iter_mut().for_each(|location| take("locations[].", location.condition.as_mut()));
    for service in &mut item.services {
        take("services[].", service.condition.as_mut());
        service.locations.iter_mut().for_each(|it| take("services[].locations[].", it.condition.as_mut()));
    }
    for entry in &mut item.upcoming {
        names.extend(take_of_item(&mut entry.values, declared).into_iter().map(|name| format!("upcoming[].{name}")));
    }
    names
}

/// Returns the unknown values of fields that have a fixed set of values. A withheld one is not unknown.
pub(super) fn unknown_words(disclosure: &Disclosure, withheld: &Withheld) -> BTreeSet<String> {
    use crate::model::{
        Access, AiTraining, Answer, Approval, CertificationStatus, CertificationType, ControlStatus, Counting,
        DocumentKind, FactKind, Jurisdiction, PageNav, Role, Service, Severity, Show, TransferMechanism, UpdateKind,
        UpdateStatus, When,
    };
    let mut words = BTreeSet::new();
    let mut add = |field: &str, word: &Arc<str>| {
        words.insert(format!("disclosure.{field}: {word}"));
    };
    if let Some(Jurisdiction::Unknown(word)) = &disclosure.organization.jurisdiction {
        add("organization.jurisdiction", word);
    }
    for item in &disclosure.sections {
        if let Some(Show::Unknown(word)) = &item.show {
            add("sections[].show", word);
        }
    }
    for item in &disclosure.pages {
        if let Some(Show::Unknown(word)) = &item.show {
            add("pages[].show", word);
        }
        if let PageNav::Unknown(word) = &item.nav {
            add("pages[].nav", word);
        }
    }
    for item in &disclosure.controls {
        if let ControlStatus::Unknown(word) = &item.status {
            add("controls[].status", word);
        }
    }
    if let Some(Counting::Unknown(word)) = disclosure.notice.as_ref().map(|notice| &notice.counting) {
        add("notice.counting", word);
    }
    for item in disclosure.subprocessors.iter().flat_map(|item| with_upcoming(&**item)) {
        if let Some(Role::Unknown(word)) = &item.role {
            add("subprocessors[].role", word);
        }
        for (field, code) in unknown_codes(item) {
            add(&format!("subprocessors[].{field}"), &code.into());
        }
        let services = item.services.iter().map(|service| ("services[].", &service.transfer_mechanism));
        for (part, transfers) in services.chain([("", &item.transfer_mechanism)]) {
            let Some(transfers) = transfers else { continue };
            let field = format!("subprocessors[].{part}transfer_mechanism");
            let field = if transfers.is_word() { field } else { format!("{field}[].mechanism") };
            for transfer in &transfers.0 {
                if let TransferMechanism::Unknown(word) = &transfer.mechanism {
                    add(&field, word);
                }
            }
        }
        let of_services =
            item.services.iter().flat_map(Service::conditions).map(|condition| ("services[].", condition));
        for (part, condition) in item.own_conditions().map(|condition| ("", condition)).chain(of_services) {
            for leaf in condition.leaves() {
                if let Some(When::Unknown(word)) = &leaf.when {
                    add(&format!("subprocessors[].{part}condition.when"), word);
                }
            }
        }
    }
    for item in &disclosure.certifications {
        if let Some(CertificationStatus::Unknown(word)) = &item.status {
            add("certifications[].status", word);
        }
        if let Some(CertificationType::Unknown(word)) = &item.r#type {
            add("certifications[].type", word);
        }
    }
    for item in disclosure.documents.iter().flat_map(|item| with_upcoming(&**item)) {
        if let Access::Unknown(word) = &item.access {
            add("documents[].access", word);
        }
        if let Some(DocumentKind::Unknown(word)) = &item.kind {
            add("documents[].kind", word);
        }
    }
    for item in disclosure.ai.iter().flat_map(|item| with_upcoming(&**item)) {
        if let Some(AiTraining::Unknown(word)) = &item.training {
            add("ai[].training", word);
        }
        for region in item.regions.iter().filter(|region| !region.is_known()) {
            add("ai[].regions", &region.as_str().into());
        }
    }
    for item in &disclosure.facts {
        if let Some(FactKind::Unknown(word)) = &item.kind {
            add("facts[].kind", word);
        }
        if let Some(Approval::Unknown(word)) = &item.approval {
            add("facts[].approval", word);
        }
        for region in item.regions.iter().filter(|region| !region.is_known()) {
            add("facts[].regions", &region.as_str().into());
        }
    }
    for question in disclosure.questionnaires.iter().flat_map(|item| &item.questions) {
        if let Some(Answer::Unknown(word)) = &question.answer {
            add("questionnaires[].questions[].answer", word);
        }
    }
    for item in &disclosure.updates {
        if let UpdateKind::Unknown(word) = &item.kind {
            add("updates[].kind", word);
        }
        if let Some(Severity::Unknown(word)) = &item.severity {
            add("updates[].severity", word);
        }
        if let Some(UpdateStatus::Unknown(word)) = &item.status {
            add("updates[].status", word);
        }
    }
    if !withheld.is_empty() {
        words.retain(|word| !word.ends_with(&format!(": {PLACEHOLDER}")));
    }
    words
}

/// Returns all codes of countries and regions that this version does not know, each with the field that states it.
fn unknown_codes(item: &Subprocessor) -> impl Iterator<Item = (&'static str, &str)> {
    const OF_SERVICES: [&str; 2] = ["services[].locations[]", "services[].transfer_mechanism[].to[]"];
    let own = (["locations[]", "transfer_mechanism[].to[]"], &item.locations, &item.transfer_mechanism);
    let services = item.services.iter().map(|service| (OF_SERVICES, &service.locations, &service.transfer_mechanism));
    let codes = services.chain([own]).flat_map(|([of_location, of_transfer], locations, transfers)| {
        let locations = locations.iter().map(move |location| (of_location, &location.code));
        let transfers = transfers.iter().flat_map(|transfers| &transfers.0);
        locations.chain(transfers.flat_map(|transfer| &transfer.to).map(move |code| (of_transfer, code)))
    });
    let unknown = codes.filter(|(_, code)| !code.is_known()).map(|(field, code)| (field, code.as_str()));
    let corporate = item.corporate_location.iter().filter(|code| !code.is_assigned());
    unknown.chain(corporate.map(|code| ("corporate_location", code.as_str())))
}

/// Returns an item, and the new values of its upcoming changes.
fn with_upcoming<T: Overlay>(item: &T) -> impl Iterator<Item = &T> {
    std::iter::once(item).chain(item.upcoming().iter().map(|entry| &*entry.values))
}

/// Returns one note about all records that have unknown fields or values; `None` if all are known.
pub(super) fn note(files: &[RecordFile]) -> Option<Diagnostic> {
    let parsed = files.iter().filter_map(|file| Some((file, file.content.as_ref().ok()?)));
    let newer: Vec<(&RecordFile, &Parsed)> = parsed.filter(|(_, parsed)| !parsed.newer.is_empty()).collect();
    let (file, newest) = newer.last()?;
    let all = || newer.iter().map(|(_, parsed)| &parsed.newer);
    let releases = match newer.len() {
        1 => format!("release {} was", newest.version),
        count => format!("{count} releases were"),
    };
    let schemas = all().filter_map(|newer| newer.schema).map(|schema| format!("schema {schema}"));
    let names = all().flat_map(|newer| newer.fields.iter().chain(&newer.words)).map(|name| quoted(name));
    let unknown = listed(schemas.chain(names));
    let message = format!("{releases} made by a newer version of candor; this version does not know {unknown}");
    let mut found = Diagnostic::new(Code::ReleaseNewer, message).at(Place::file(&file.path), "");
    if all().any(|newer| newer.schema.is_some()) {
        found = found.help("the hash chain is verified in every schema, but a site is built only from known schemas");
    }
    if all().any(|newer| !newer.fields.is_empty()) {
        found = found.help("unknown fields are left out of pages, files and comparisons");
    }
    if all().any(|newer| !newer.words.is_empty()) {
        found = found.help("unknown values are shown as they are");
    }
    Some(found.help(install(newest.newer.candor.as_deref())))
}

/// Reports that the disclosure of a record with a newer schema cannot be read.
pub(super) fn unreadable(path: &str, head: &Arc<Source>, schema: u32, candor: Option<&str>) -> Diagnostic {
    let message = format!("`{path}` was made by a newer version of candor and has schema {schema}");
    Diagnostic::new(Code::ReleaseSchema, message)
        .at(place::of_value(head, &["schema"]), format!("this version reads schemas up to {SCHEMA}"))
        .help(install(candor))
}

/// Returns an error if a new release after this one, or in place of it, would lose fields; `None` if it would not.
pub fn refusal(version: Version, newer: &Newer) -> Option<Diagnostic> {
    if newer.fields.is_empty() {
        return None;
    }
    let names = listed(newer.fields.iter().map(|name| quoted(name)));
    let message = format!("release {version} has fields that this version of candor would lose: {names}");
    Some(Diagnostic::new(Code::ReleaseLosesFields, message).help(install(newer.candor.as_deref())))
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.escape_debug())
}

/// Lists the first names without duplicates.
fn listed(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect::<BTreeSet<_>>().into_iter().collect();
    first_of(&names, NAMED)
}

fn install(candor: Option<&str>) -> String {
    match candor {
        Some(version) => format!("install candor {version}, which made the release, or a later version"),
        None => "install the version of candor that made the release, or a later one".to_owned(),
    }
}
