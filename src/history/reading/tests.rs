//! The two ways through a record never disagree to its favour.

use serde_json::json;

use super::{Lists, Reader, Text};
use crate::history::record::{Record, SCHEMA};

fn record() -> String {
    let disclosure = json!({
        "title": "Trust", "language": "en", "organization": { "name": "Example" },
        "sections": [{ "id": "a", "title": "A", "body": "Text.\n\n- one" }],
        "subprocessors": [
            { "id": "a", "name": "A", "purpose": "Hosting", "data_categories": ["Logs"] },
            { "id": "b", "name": "B", "purpose": "E-mail", "data_categories": ["Logs", "Names"],
              "condition": { "when": "enabled", "feature": "F" } },
        ],
        "faq": [{ "id": "q", "question": "Q?", "answer": "A." }],
    });
    let disclosure = serde_json::from_value(disclosure).expect("a disclosure");
    let published = "2026-05-22".parse().expect("a date");
    let version = crate::model::Version::first_on(published);
    let record = Record { schema: SCHEMA, version, published, summary: "S".into(), previous: None, disclosure };
    String::from_utf8(record.to_bytes()).expect("text")
}

/// Both ways through a text: whether the fast one takes it, and whether the thorough one does.
fn ways(reader: &Reader, text: &str, last: &Lists) -> (bool, bool) {
    let text = Text { path: "r.json", text };
    match (reader.quickly(text, last), reader.thoroughly(text)) {
        (Some((quick, _)), Ok(thorough)) => {
            assert_eq!(quick.release.disclosure, thorough.release.disclosure);
            assert_eq!(quick.release.digest, thorough.release.digest);
            (true, true)
        }
        (quick, thorough) => (quick.is_some(), thorough.is_ok()),
    }
}

#[test]
fn the_fast_way_takes_every_record_that_candor_writes() {
    let (reader, text) = (Reader::default(), record());
    assert_eq!(ways(&reader, &text, &Lists::default()), (true, true));
    let (_, last) = reader.quickly(Text { path: "r.json", text: &text }, &Lists::default()).expect("a record");
    assert_eq!(ways(&reader, &text, &last), (true, true));
    let without =
        text.replacen("\"id\": \"a\",\n        \"name\": \"A\"", "\"id\": \"c\",\n        \"name\": \"C\"", 1);
    assert_eq!(ways(&reader, &without, &last), (true, true));
}

#[test]
fn the_fast_way_takes_nothing_that_the_thorough_one_refuses() {
    let (reader, text) = (Reader::default(), record());
    let (_, last) = reader.quickly(Text { path: "r.json", text: &text }, &Lists::default()).expect("a record");
    let mut held = 0;
    let mut hold = |edited: &str| {
        for last in [&Lists::default(), &last] {
            let (quick, thorough) = ways(&reader, edited, last);
            assert!(thorough || !quick, "{edited}");
            held += usize::from(!thorough);
        }
    };
    for at in 0..text.len() {
        let (before, after) = (&text[..at], &text[at + 1..]);
        hold(&format!("{before}{after}"));
        for new in [" ", "\n", "0", "\"", "}", "]", ","] {
            hold(&format!("{before}{new}{after}"));
            hold(&format!("{before}{new}{}", &text[at..]));
        }
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for (at, line) in lines.iter().enumerate() {
        hold(&[&lines[..at], &lines[at + 1..]].concat().concat());
        hold(&[&lines[..at], &[*line, *line], &lines[at + 1..]].concat().concat());
        for other in 0..lines.len() {
            let mut swapped = lines.clone();
            swapped.swap(at, other);
            hold(&swapped.concat());
        }
    }
    for (old, new) in [
        ("      {\n        \"id\": \"q\"", "      0,\n      {\n        \"id\": \"q\""),
        ("\"faq\": [\n", "\"faq\": [\n      0,\n"),
        ("\"faq\"", "\"sections\""),
        ("\"id\": \"b\"", "\"id\": \"a\""),
        ("\"faq\": [", "\"faq\": [],\n    \"faq\": ["),
        ("\"S\"", "\"S\n    \\\"faq\\\": [\n      {}\n    ]\n\""),
    ] {
        assert!(text.contains(old), "{old}");
        hold(&text.replacen(old, new, 1));
    }
    assert!(held > 1000, "{held}");
}
