//! Reading a record after others gives exactly what reading it alone gives.

use std::sync::Arc;

use candor::history::reading::RecordReader;
use candor::history::record::{Link, Record, RecordV1};
use candor::model::{
    Commitment, Digest, Disclosure, Faq, Id, Language, Organization, RecordedFile, Section, Subprocessor, Withheld,
};
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};

/// Texts that resemble the structure of a record.
const TEXTS: [&str; 6] = [
    "plain",
    "\n      },\n      {\n",
    "\"redacted\": true",
    "{\"redacted\": true}",
    "    ],\n    \"faq\": [",
    "é\u{2028}\\\"",
];

fn id(text: &str) -> Id {
    text.parse().expect("an id")
}

/// Returns some items of a list, which differ between records in their order and their texts.
fn items<T: std::fmt::Debug + Clone>(
    most: usize,
    item: impl Fn(usize, &str) -> T + Clone,
) -> impl Strategy<Value = Vec<Arc<T>>> {
    let chosen = subsequence((0..most).collect::<Vec<_>>(), 0..=most).prop_shuffle();
    let texts = prop::collection::vec(prop::sample::select(&TEXTS[..]), most);
    (chosen, texts).prop_map(move |(chosen, texts)| {
        chosen.into_iter().map(|at| Arc::new(item(at, if at % 2 == 0 { texts[at] } else { "same" }))).collect()
    })
}

fn disclosures() -> impl Strategy<Value = Disclosure> {
    let section = |at: usize, text: &str| Section {
        id: id(&format!("s-{at}")),
        title: format!("Section {at}"),
        summary: None,
        show: None,
        body: text.to_owned(),
    };
    let subprocessor = |at: usize, text: &str| Subprocessor {
        data_categories: vec![text.to_owned(), "x".to_owned()],
        address: (at == 1).then(|| text.to_owned()),
        ..Subprocessor::new(id(&format!("p-{at}")), format!("Provider {at}"), text.to_owned())
    };
    let commitment = |at: usize, text: &str| Commitment {
        id: id(&format!("c-{at}")),
        plan: "Plan".to_owned(),
        commitment: text.to_owned(),
        details: None,
        upcoming: Vec::new(),
    };
    let question =
        |at: usize, text: &str| Faq { id: id(&format!("f-{at}")), question: format!("{at}?"), answer: text.to_owned() };
    (items(3, section), items(6, subprocessor), items(2, commitment), items(3, question)).prop_map(
        |(sections, subprocessors, commitments, faq)| Disclosure {
            sections,
            subprocessors,
            commitments,
            faq,
            ..Disclosure::new(
                "Trust".to_owned(),
                Language::default(),
                Organization {
                    name: "Example".to_owned(),
                    legal_name: None,
                    url: None,
                    address: Some("\n  \"disclosure\": {\n    \"faq\": [\n".to_owned()),
                    jurisdiction: None,
                    notice_days: None,
                },
            )
        },
    )
}

/// Returns the text of a record of either schema.
fn records() -> impl Strategy<Value = String> {
    (disclosures(), any::<bool>()).prop_map(|(disclosure, first)| {
        let previous = Some(Link { version: "2026-01-01".parse().expect("a version"), sha256: Digest::of(b"") });
        let (version, published) = ("2026-05-22".parse().expect("a version"), "2026-05-22".parse().expect("a date"));
        let (summary, candor) = ("Summary.".to_owned(), "0.1.0".to_owned());
        let bytes = match first {
            true => RecordV1 { schema: 1, version, published, summary, previous, disclosure }.to_bytes(),
            false => Record {
                schema: 2,
                candor,
                version,
                published,
                summary,
                previous,
                corrects: None,
                redactions: Vec::new(),
                notices: Vec::new(),
                files: Vec::<RecordedFile>::new(),
                disclosure,
            }
            .to_bytes(),
        };
        String::from_utf8(bytes).expect("UTF-8")
    })
}

/// A change of a record's text that its reader may or may not accept.
#[derive(Debug, Clone)]
enum Edit {
    None,
    Remove(Index),
    Insert(Index, &'static str),
    CopyLine(Index, Index),
    RemoveLine(Index),
    SwapLines(Index, Index),
    Withhold(Index),
    Append(&'static str),
}

fn edits() -> impl Strategy<Value = Edit> {
    let text = prop::sample::select(vec![
        " ",
        "\n",
        "\r",
        "}",
        ",\n",
        "{\n",
        "\u{FEFF}",
        "\n        \"later\": 1,",
        "\n    \"faq\": [\n      {\n      }\n    ],",
        "\n  \"disclosure\": {\n",
    ]);
    prop_oneof![
        6 => Just(Edit::None),
        1 => any::<Index>().prop_map(Edit::Remove),
        3 => (any::<Index>(), text).prop_map(|(at, text)| Edit::Insert(at, text)),
        2 => (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Edit::CopyLine(from, to)),
        1 => any::<Index>().prop_map(Edit::RemoveLine),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(one, other)| Edit::SwapLines(one, other)),
        2 => any::<Index>().prop_map(Edit::Withhold),
        1 => prop::sample::select(vec!["\n", "x", "{}"]).prop_map(Edit::Append),
    ]
}

fn edited(text: &str, edit: &Edit) -> String {
    let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    match edit {
        Edit::None => return text.to_owned(),
        Edit::Append(more) => return format!("{text}{more}"),
        Edit::Insert(at, more) => {
            let at = *at.get(&boundaries);
            return format!("{}{more}{}", &text[..at], &text[at..]);
        }
        Edit::Remove(at) => {
            let at = *at.get(&boundaries);
            let mut text = text.to_owned();
            text.remove(at);
            return text;
        }
        Edit::Withhold(at) => {
            let at = at.index(lines.len());
            let Some((key, _)) = lines[at].split_once("\": \"") else { return text.to_owned() };
            let comma = if lines[at].ends_with(",\n") { "," } else { "" };
            let indent = key.len() - key.trim_start().len();
            let withheld = format!("{:#}", Withheld::value()).replace('\n', &format!("\n{:indent$}", ""));
            return format!("{}{key}\": {withheld}{comma}\n{}", lines[..at].concat(), lines[at + 1..].concat());
        }
        Edit::CopyLine(from, to) => {
            let line = lines[from.index(lines.len())];
            lines.insert(to.index(lines.len()), line);
        }
        Edit::RemoveLine(at) => {
            let at = at.index(lines.len());
            lines.remove(at);
        }
        Edit::SwapLines(one, other) => {
            let (one, other) = (one.index(lines.len()), other.index(lines.len()));
            lines.swap(one, other);
        }
    }
    lines.concat()
}

proptest! {
    /// Any sequence of records, valid or not.
    #[test]
    fn a_reader_reads_each_record_as_if_it_were_the_first(
        records in prop::collection::vec((records(), edits()), 1..8)
    ) {
        let reader = RecordReader::default();
        for (text, edit) in records {
            for text in [edited(&text, &edit), text] {
                let alone = RecordReader::default().record("2026-05-22.json", text.as_bytes());
                let after = reader.record("2026-05-22.json", text.as_bytes());
                prop_assert_eq!(format!("{alone:?}"), format!("{after:?}"), "{}", text);
            }
        }
    }
}

/// Items of consecutive releases have the same address, whichever way the records were read.
#[test]
fn equal_items_are_shared() {
    let record = |edition: &str| {
        let item =
            |name: &str, purpose: &str| Arc::new(Subprocessor::new(id(name), name.to_owned(), purpose.to_owned()));
        let mut disclosure = Disclosure::new(
            "Trust".to_owned(),
            Language::default(),
            Organization {
                name: "Example".to_owned(),
                legal_name: None,
                url: None,
                address: None,
                jurisdiction: None,
                notice_days: None,
            },
        );
        disclosure.subprocessors = vec![item("a", "Same"), item("b", edition), item("c", "Same")];
        let (version, published) = ("2026-05-22".parse().expect("a version"), "2026-05-22".parse().expect("a date"));
        RecordV1 { schema: 1, version, published, summary: "Summary.".to_owned(), previous: None, disclosure }
            .to_bytes()
    };
    let reader = RecordReader::default();
    let read = |bytes: &[u8]| {
        let parsed = reader.record("2026-05-22.json", bytes).expect("a record");
        parsed.stated.expect("a disclosure").subprocessors
    };
    let newer = String::from_utf8(record("Newer")).expect("UTF-8");
    let newer = newer.replacen("\n      \"name\"", "\n      \"later\": 1,\n      \"name\"", 1);
    let (first, second, third) = (read(&record("One")), read(&record("Two")), read(newer.as_bytes()));
    for at in [0, 2] {
        assert!(Arc::ptr_eq(&first[at], &second[at]) && Arc::ptr_eq(&second[at], &third[at]), "{at}");
    }
    assert!(!Arc::ptr_eq(&first[1], &second[1]));
}
