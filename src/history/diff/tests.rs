//! Property tests of the comparison rules, on generated disclosures.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{Change, Changes, FieldChange, Subject};
use crate::model::Disclosure;

/// An optional field.
fn field(key: &'static str, values: &'static [&'static str]) -> impl Strategy<Value = Option<(String, Value)>> {
    proptest::option::of(proptest::sample::select(values)).prop_map(move |value| Some((key.to_owned(), value?.into())))
}

/// An array of strings, possibly with duplicates; left out if it is empty.
fn elements(
    key: &'static str,
    values: &'static [&'static str],
    least: usize,
) -> BoxedStrategy<Option<(String, Value)>> {
    proptest::collection::vec(proptest::sample::select(values), least..4)
        .prop_map(move |values| (!values.is_empty()).then(|| (key.to_owned(), values.into())))
        .boxed()
}

fn required(key: &'static str, values: &'static [&'static str]) -> BoxedStrategy<Option<(String, Value)>> {
    proptest::sample::select(values).prop_map(move |value| Some((key.to_owned(), value.into()))).boxed()
}

fn condition() -> BoxedStrategy<Option<(String, Value)>> {
    proptest::option::of((
        proptest::sample::select(&["enabled", "configured"][..]),
        proptest::sample::select(&["A", "B"][..]),
    ))
    .prop_map(|found| found.map(|(when, feature)| ("condition".to_owned(), json!({"when": when, "feature": feature}))))
    .boxed()
}

/// A list of items with these fields and unique ids.
fn list(key: &'static str, fields: Vec<BoxedStrategy<Option<(String, Value)>>>) -> BoxedStrategy<(String, Value)> {
    let ids = proptest::sample::subsequence(vec!["a", "b", "c", "d", "e"], 0..=5).prop_shuffle();
    (ids, proptest::collection::vec(fields, 5))
        .prop_map(move |(ids, items)| {
            let items: Vec<Value> = ids
                .into_iter()
                .zip(items)
                .map(|(id, fields)| {
                    let mut item = Map::from_iter([("id".to_owned(), id.into())]);
                    item.extend(fields.into_iter().flatten());
                    item.into()
                })
                .collect();
            (key.to_owned(), items.into())
        })
        .boxed()
}

const NAMES: &[&str] = &["Stripe", " stripe", "Azure", "Redis"];
const TEXTS: &[&str] = &["One.", "One two three four five.", "One two 3 four five.\n\nSix."];

fn disclosure() -> impl Strategy<Value = Disclosure> {
    let page = (
        proptest::sample::select(NAMES),
        field("description", TEXTS),
        proptest::sample::select(&["en", "de"][..]),
        (proptest::sample::select(NAMES), field("legal_name", NAMES), proptest::option::of(1..365u16)),
        proptest::collection::btree_map(
            proptest::sample::select(&["id", "privacy", "security"][..]),
            proptest::sample::select(&["a@example.com", "https://example.com/b", "Support"][..]),
            0..3,
        ),
    );
    let lists = vec![
        list(
            "sections",
            vec![required("title", NAMES), field("show", &["faq", "controls"]).boxed(), field("body", TEXTS).boxed()],
        ),
        list(
            "controls",
            vec![
                required("title", NAMES),
                field("status", &["partial", "planned", "implemented"]).boxed(),
                elements("frameworks", &["A.5", "A.8"], 0),
            ],
        ),
        list(
            "commitments",
            vec![required("plan", NAMES), required("commitment", TEXTS), field("details", TEXTS).boxed()],
        ),
        list(
            "subprocessors",
            vec![
                required("name", NAMES),
                required("purpose", TEXTS),
                elements("data_categories", &["x", "y", "z"], 1),
                condition(),
                elements("locations", &["DE", "US", "IE"], 0),
                field("transfer_mechanism", &["dpf", "scc"]).boxed(),
                field("effective", &["2026-05-22", "2026-06-01"]).boxed(),
                field("replaces", &["a", "e"]).boxed(),
            ],
        ),
        list("certifications", vec![required("framework", NAMES), field("status", &["active", "expired"]).boxed()]),
        list("documents", vec![required("title", NAMES), field("access", &["public", "nda"]).boxed()]),
        list("faq", vec![required("question", NAMES), required("answer", TEXTS)]),
    ];
    (page, lists).prop_map(|((title, description, language, (name, legal_name, notice_days), contacts), lists)| {
        let mut organization = Map::from_iter([("name".to_owned(), name.into())]);
        organization.extend(legal_name);
        organization.extend(notice_days.map(|days| ("notice_days".to_owned(), days.into())));
        let mut all = Map::from_iter([
            ("title".to_owned(), title.into()),
            ("language".to_owned(), language.into()),
            ("organization".to_owned(), organization.into()),
            (
                "contacts".to_owned(),
                contacts
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value.into()))
                    .collect::<Map<_, Value>>()
                    .into(),
            ),
        ]);
        all.extend(description);
        all.extend(lists);
        serde_json::from_value(all.into()).expect("a disclosure")
    })
}

/// The disclosure with items and elements sorted, to compare regardless of order.
fn sorted(disclosure: &Disclosure) -> Value {
    fn sort(value: &mut Value) {
        match value {
            Value::Array(values) => {
                values.iter_mut().for_each(sort);
                values.sort_by_key(Value::to_string);
            }
            Value::Object(fields) => fields.values_mut().for_each(sort),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(disclosure).expect("JSON");
    sort(&mut value);
    value
}

fn reversed(disclosure: &Disclosure) -> Disclosure {
    let mut reversed = disclosure.clone();
    reversed.sections.reverse();
    reversed.controls.reverse();
    reversed.commitments.reverse();
    reversed.subprocessors.reverse();
    reversed.certifications.reverse();
    reversed.documents.reverse();
    reversed.faq.reverse();
    reversed
}

/// The change in the other direction, without the fields that only the new side determines: `notice`, `label` and
/// `replaced_by`.
fn mirrored(change: &Change, turn: bool) -> Value {
    let mut mirror = serde_json::to_value(change).expect("JSON");
    let fields = mirror.as_object_mut().expect("an object");
    for key in ["notice", "replaced_by"] {
        fields.remove(key);
    }
    let swap = |fields: &mut Map<String, Value>, a: &str, b: &str| {
        let (old, new) = (fields.remove(a), fields.remove(b));
        fields.extend(new.map(|new| (a.to_owned(), new)));
        fields.extend(old.map(|old| (b.to_owned(), old)));
        fields.sort_keys();
    };
    match change {
        Change::Added { .. } if turn => drop(fields.insert("kind".into(), "removed".into())),
        Change::Removed { .. } if turn => drop(fields.insert("kind".into(), "added".into())),
        _ => {}
    }
    if let Change::Changed { .. } = change {
        fields.remove("label");
        for field in fields["fields"].as_array_mut().expect("fields") {
            let field = field.as_object_mut().expect("an object");
            field.remove("notice");
            if turn {
                swap(field, "before", "after");
                swap(field, "added", "removed");
            }
            field.sort_keys();
        }
    }
    fields.sort_keys();
    mirror
}

#[test]
fn page_fields_are_those_of_the_page_object() {
    let disclosure: Disclosure = serde_json::from_value(json!({
        "title": "Trust", "description": "Facts.", "language": "en", "organization": { "name": "Example" },
    }))
    .expect("a disclosure");
    let page = Subject::Page.object(&disclosure);
    assert!(
        page.len() == Subject::PAGE_FIELDS.len() && Subject::PAGE_FIELDS.iter().all(|field| page.contains_key(*field))
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn equal_disclosures_have_no_changes(a in disclosure()) {
        prop_assert_eq!(Changes::between(&a, &a.clone()), Changes::default());
        let copy: Disclosure = serde_json::from_value(serde_json::to_value(&a).expect("JSON")).expect("a disclosure");
        prop_assert!(Changes::between(&a, &copy).is_empty());
    }

    #[test]
    fn applying_the_changes_to_the_old_side_gives_the_new_side(a in disclosure(), b in disclosure()) {
        let applied = Changes::between(&a, &b).apply(&a).expect("the changes fit");
        prop_assert_eq!(sorted(&applied), sorted(&b));
    }

    #[test]
    fn order_of_items_does_not_matter(a in disclosure(), b in disclosure()) {
        prop_assert!(Changes::between(&a, &reversed(&a)).is_empty());
        let changes = Changes::between(&a, &b);
        prop_assert_eq!(&changes, &Changes::between(&reversed(&a), &b));
        prop_assert_eq!(&changes, &Changes::between(&a, &reversed(&b)));
    }

    #[test]
    fn changes_in_reverse_mirror_the_changes(a in disclosure(), b in disclosure()) {
        let there: Vec<_> = Changes::between(&a, &b).iter().map(|change| mirrored(change, true)).collect();
        let back: Vec<_> = Changes::between(&b, &a).iter().map(|change| mirrored(change, false)).collect();
        prop_assert_eq!(there, back);
    }

    #[test]
    fn a_change_requires_notice_if_one_of_its_fields_does(a in disclosure(), b in disclosure()) {
        for change in &Changes::between(&a, &b) {
            if let Change::Changed { notice, fields, .. } = change {
                prop_assert_eq!(*notice, fields.iter().any(FieldChange::notice));
                prop_assert!(!fields.is_empty());
            }
        }
    }
}

#[test]
fn removed_data_categories_and_locations_need_no_notice() {
    let with = |data: &[&str], places: &[&str]| -> Disclosure {
        serde_json::from_value(json!({
            "title": "T", "organization": {"name": "O"},
            "subprocessors": [{"id": "a", "name": "A", "purpose": "P", "data_categories": data, "locations": places}],
        }))
        .expect("a disclosure")
    };
    let (small, large) = (with(&["x"], &["DE"]), with(&["x", "y"], &["DE", "US"]));
    assert!(Changes::between(&small, &large).notice());
    let back = Changes::between(&large, &small);
    assert!(!back.is_empty() && !back.notice());
}

#[test]
fn rejects_changes_of_another_disclosure() {
    let with = |id: &str| -> Disclosure {
        serde_json::from_value(json!({
            "title": "T", "organization": {"name": "O"}, "faq": [{"id": id, "question": "Q", "answer": "A"}],
        }))
        .expect("a disclosure")
    };
    let changes = Changes::between(&with("a"), &with("b"));
    assert!(changes.apply(&with("c")).is_err());
}
