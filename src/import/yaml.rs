//! Writes `subprocessors.yaml` in the style of a handwritten file.

use std::fmt::{Display, Write};
use std::sync::Arc;

use crate::model::{Condition, ConditionLeaf, ConditionTest, Location, Role, Subprocessor, Transfer, Transfers, When};
use crate::text::yaml::scalar;

/// Formats subprocessors as a YAML file. If `origin` is not empty, the first line is a comment that mentions it.
pub fn to_yaml(items: &[Arc<Subprocessor>], origin: &str) -> String {
    let mut out = String::new();
    if !origin.is_empty() {
        let origin: String = origin.chars().map(|c| if c.is_control() { '?' } else { c }).collect();
        let _ =
            writeln!(out, "# Subprocessors, imported from {origin} with `candor import`. From now on, edit this file.");
    }
    if items.is_empty() {
        out.push_str("[]\n");
    }
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        item_to_yaml(item, &mut out);
    }
    out
}

fn item_to_yaml(item: &Subprocessor, out: &mut String) {
    // List all fields, so that the compiler reports a field that is added to the model.
    let Subprocessor {
        id,
        name,
        former_names,
        purpose,
        category,
        data_categories,
        condition,
        legal_name,
        lei,
        euid,
        address,
        contact,
        website,
        role,
        locations,
        corporate_location,
        transfer_mechanism,
        supplementary_measures,
        dpa_url,
        subprocessors_url,
        subject_matter,
        duration,
        retention,
        data_subjects,
        special_categories,
        announced,
        effective,
        ends,
        replaces,
        // An import has no services, and no changes that take effect later.
        services: _,
        upcoming: _,
    } = item;
    // Writing to a String cannot fail.
    let _ = writeln!(out, "- id: {}", scalar(id.as_str()));
    field("name", Some(name), out);
    list("former_names", former_names, out);
    field("purpose", Some(purpose), out);
    field("category", category.as_ref(), out);
    list("data_categories", data_categories, out);
    condition_to_yaml("", condition.as_ref(), out);
    field("legal_name", legal_name.as_ref(), out);
    field("lei", lei.as_ref(), out);
    field("euid", euid.as_ref(), out);
    field("address", address.as_ref(), out);
    field("contact", contact.as_ref(), out);
    field("website", website.as_ref(), out);
    field("role", role.as_ref().map(Role::as_str), out);
    locations_to_yaml(locations, out);
    field("corporate_location", corporate_location.as_ref(), out);
    transfers_to_yaml(transfer_mechanism.as_ref(), out);
    field("supplementary_measures", supplementary_measures.as_ref(), out);
    field("dpa_url", dpa_url.as_ref(), out);
    field("subprocessors_url", subprocessors_url.as_ref(), out);
    field("subject_matter", subject_matter.as_ref(), out);
    field("duration", duration.as_ref(), out);
    field("retention", retention.as_ref(), out);
    list("data_subjects", data_subjects, out);
    field("special_categories", special_categories.as_ref(), out);
    field("announced", announced.as_ref(), out);
    field("effective", effective.as_ref(), out);
    field("ends", ends.as_ref(), out);
    field("replaces", replaces.as_ref(), out);
}

/// Writes a condition, indented like a field of an item plus `indent`: one feature in lines, anything else as JSON, which YAML
/// contains.
fn condition_to_yaml(indent: &str, condition: Option<&Condition>, out: &mut String) {
    let Some(condition) = condition else { return };
    let feature = condition.only_feature().filter(|_| condition.label.is_none());
    let (Some(feature), ConditionTest::Leaf(ConditionLeaf { when, .. })) = (feature, &condition.test) else {
        let _ = writeln!(out, "{indent}  condition: {}", serde_json::to_string(condition).unwrap_or_default());
        return;
    };
    let _ = writeln!(out, "{indent}  condition:");
    field(&format!("{indent}  when"), when.as_ref().map(When::as_str), out);
    field(&format!("{indent}  feature"), Some(feature), out);
}

/// Writes transfer mechanisms as a word, or as a list.
fn transfers_to_yaml(transfers: Option<&Transfers>, out: &mut String) {
    let Some(Transfers(entries)) = transfers else { return };
    if let [Transfer { mechanism, to, note: None }] = entries.as_slice()
        && to.is_empty()
    {
        return field("transfer_mechanism", Some(mechanism.as_str()), out);
    }
    out.push_str("  transfer_mechanism:\n");
    for Transfer { mechanism, to, note } in entries {
        let _ = writeln!(out, "    - mechanism: {}", scalar(mechanism.as_str()));
        if !to.is_empty() {
            let codes: Vec<String> = to.iter().map(|code| scalar(code.as_str())).collect();
            let _ = writeln!(out, "      to: [{}]", codes.join(", "));
        }
        field("    note", note.as_ref(), out);
    }
}

/// Writes locations on one line if all of them are codes, otherwise one per line.
fn locations_to_yaml(locations: &[Location], out: &mut String) {
    if locations.is_empty() {
        return;
    }
    if locations.iter().all(Location::is_plain) {
        let codes: Vec<String> = locations.iter().map(|location| scalar(location.code.as_str())).collect();
        let _ = writeln!(out, "  locations: [{}]", codes.join(", "));
        return;
    }
    out.push_str("  locations:\n");
    for location in locations {
        if location.is_plain() {
            let _ = writeln!(out, "    - {}", scalar(location.code.as_str()));
            continue;
        }
        let Location { code, place, condition } = location;
        let _ = writeln!(out, "    - code: {}", scalar(code.as_str()));
        field("    place", place.as_ref(), out);
        condition_to_yaml("    ", condition.as_ref(), out);
    }
}

fn field(name: &str, value: Option<impl Display>, out: &mut String) {
    if let Some(value) = value {
        let _ = writeln!(out, "  {name}: {}", scalar(&value.to_string()));
    }
}

fn list(name: &str, entries: &[String], out: &mut String) {
    if !entries.is_empty() {
        let _ = writeln!(out, "  {name}:");
    }
    for entry in entries {
        let _ = writeln!(out, "    - {}", scalar(entry));
    }
}
