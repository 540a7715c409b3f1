//! All formats of a notice state the same changes, dates and deadlines, regardless of what became of them: for single releases and for
//! ranges of them, for everybody and for one customer.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{LIST, SITE, changes, fine, json, notice, visible};
use crate::support::Project;

/// A provider for all customers, and two for those with a feature.
const MAIL: &str = "- {id: mail, name: Mailer, purpose: Email, data_categories: [Address], locations: [DE, {code: FR, condition: {feature: Chat}}]";
const CHAT: &str = "- {id: chat, name: Talker, purpose: Chat, locations: [DE], condition: {feature: Chat}";
const NEW: &str = "- {id: new, name: Newcomer, purpose: Backups, data_categories: [Names], locations: [DE], condition: {feature: Chat}";
const MORE: &str = "data_categories: [Names, Messages]";

/// Releases, and what their notices state.
struct Case {
    name: &'static str,
    /// The dates of the releases, and the item that follows `MAIL` in each.
    releases: &'static [(&'static str, &'static str)],
    /// The changes of the last release, and those of all releases after the first one.
    last: &'static [&'static str],
    range: &'static [&'static str],
}

/// `{more}` is the announced value, and `{applied}` the item that has it.
const CASES: &[Case] = &[
    Case {
        name: "on time",
        releases: &[
            ("2026-05-12", "{chat}, upcoming: [{announced: 2026-05-12, effective: 2026-06-15, note: New, {more}}]}"),
            ("2026-06-20", "{applied}}"),
        ],
        last: &[],
        range: &["chat took-effect 2026-05-12 2026-05-27 2026-06-15"],
    },
    Case {
        name: "early",
        releases: &[
            ("2026-05-12", "{chat}, upcoming: [{announced: 2026-05-12, effective: 2026-06-15, {more}}]}"),
            ("2026-05-20", "{applied}}"),
        ],
        last: &["chat effective-moved-earlier 2026-05-12 - 2026-05-20"],
        range: &["chat effective-moved-earlier 2026-05-12 - 2026-05-20"],
    },
    Case {
        name: "moved earlier",
        releases: &[
            ("2026-05-12", "{chat}, upcoming: [{id: u, announced: 2026-05-12, effective: 2026-07-30, {more}}]}"),
            ("2026-05-20", "{chat}, upcoming: [{id: u, announced: 2026-05-12, effective: 2026-07-15, {more}}]}"),
        ],
        last: &["chat rescheduled u 2026-06-04 2026-07-15"],
        range: &["chat announced u 2026-06-04 2026-07-15"],
    },
    Case {
        name: "moved later",
        releases: &[
            ("2026-05-12", "{chat}, upcoming: [{id: u, announced: 2026-05-12, effective: 2026-06-15, {more}}]}"),
            ("2026-05-20", "{chat}, upcoming: [{id: u, announced: 2026-05-12, effective: 2026-07-15, {more}}]}"),
        ],
        last: &["chat rescheduled u 2026-05-27 2026-07-15"],
        range: &["chat announced u 2026-05-27 2026-07-15"],
    },
    Case {
        name: "withdrawn",
        releases: &[
            ("2026-05-12", "{chat}, upcoming: [{announced: 2026-05-12, effective: 2026-06-15, {more}}]}"),
            ("2026-05-20", "{chat}}"),
        ],
        last: &["chat withdrawn 2026-05-12 - -"],
        range: &[],
    },
    Case {
        name: "corrected",
        releases: &[
            (
                "2026-05-12",
                "{chat}, upcoming: [{id: u, announced: 2026-05-12, effective: 2026-06-15, note: Nwe, {more}}]}",
            ),
            (
                "2026-05-20",
                "{chat}, upcoming: [{id: u, announced: 2026-05-12, effective: 2026-06-15, note: New, {more}}]}",
            ),
        ],
        last: &[],
        range: &["chat announced u 2026-05-27 2026-06-15"],
    },
    Case {
        name: "revised",
        releases: &[
            ("2026-05-12", "{chat}, upcoming: [{id: u, announced: 2026-05-12, effective: 2026-07-15, purpose: Cats}]}"),
            (
                "2026-05-20",
                "{chat}, upcoming: [{id: u, announced: 2026-05-12, effective: 2026-07-15, purpose: Chats}]}",
            ),
        ],
        last: &["chat revised u 2026-06-04 2026-07-15"],
        range: &["chat announced u 2026-06-04 2026-07-15"],
    },
    Case {
        name: "applied with a correction",
        releases: &[
            (
                "2026-05-12",
                "{chat}, upcoming: [{announced: 2026-05-12, effective: 2026-06-15, data_categories: [Names, Messages, Files]}]}",
            ),
            ("2026-06-20", "{applied}}"),
        ],
        last: &[],
        range: &["chat took-effect 2026-05-12 2026-05-27 2026-06-15"],
    },
    Case {
        name: "start with an end",
        releases: &[("2026-05-12", "{new}, announced: 2026-05-12, effective: 2026-06-15, ends: 2026-12-31}")],
        last: &["new added start 2026-05-27 2026-06-15", "new end-stated end 2026-05-27 2026-12-31"],
        range: &["new added start 2026-05-27 2026-06-15", "new end-stated end 2026-05-27 2026-12-31"],
    },
    Case {
        name: "start with an end, moved",
        releases: &[
            ("2026-05-12", "{new}, announced: 2026-05-12, effective: 2026-06-15, ends: 2026-12-31}"),
            ("2026-05-20", "{new}, announced: 2026-05-12, effective: 2026-07-15, ends: 2026-11-30}"),
        ],
        last: &["new start-moved start 2026-05-27 2026-07-15", "new end-stated end 2026-06-04 2026-11-30"],
        range: &["new added start 2026-05-27 2026-07-15", "new end-stated end 2026-06-04 2026-11-30"],
    },
    Case {
        name: "start, early",
        releases: &[("2026-05-12", "{new}, announced: 2026-05-12, effective: 2026-06-15}"), ("2026-05-20", "{new}}")],
        last: &["new effective-moved-earlier start - 2026-05-20"],
        range: &["new added start - 2026-05-20"],
    },
    Case {
        name: "start, withdrawn",
        releases: &[("2026-05-12", "{new}, announced: 2026-05-12, effective: 2026-06-15}"), ("2026-05-20", "")],
        last: &["new withdrawn start - -"],
        range: &[],
    },
    Case {
        name: "end, withdrawn",
        releases: &[("2026-05-12", "{chat}, announced: 2026-05-12, ends: 2026-06-30}"), ("2026-05-20", "{chat}}")],
        last: &["chat withdrawn end - -"],
        range: &[],
    },
];

fn item(pattern: &str) -> String {
    let pattern = pattern
        .replace("{applied}", &format!("{CHAT}, {MORE}"))
        .replace("{chat}", &format!("{CHAT}, data_categories: [Names]"))
        .replace("{new}", NEW)
        .replace("{more}", MORE);
    format!("{MAIL}}}\n{pattern}\n")
}

/// Returns a project with the releases of a case after one on 1 May.
fn project(case: &Case) -> Project {
    let first = if case.releases[0].1.contains("{new}") { String::new() } else { "{chat}}".to_owned() };
    let releases = [("2026-05-01", first.as_str())].into_iter().chain(case.releases.iter().copied());
    releases.fold(Project::empty().file("content/site.yaml", SITE), |project, (date, pattern)| {
        let project = project.file(LIST, item(pattern));
        fine(&project.run(["release", "-m", "Because.", "--as-of", date]));
        project
    })
}

/// Returns the dates in a text, such as `12 May 2026`.
fn dates(text: &str) -> BTreeSet<String> {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_date = |words: &&[&str]| {
        MONTHS.contains(&words[1]) && words[0].parse::<u8>().is_ok() && words[2].parse::<u16>().is_ok()
    };
    words.windows(3).filter(is_date).map(|words| words.join(" ")).collect()
}

fn long(date: &Value) -> Option<String> {
    let date: candor::model::Date = date.as_str()?.parse().expect("a date");
    Some(candor::wording::Catalog::english().date(date))
}

/// Returns the text part and the HTML part of an email, decoded.
fn parts(email: &str) -> [String; 2] {
    let (_, boundary) = email.split_once("boundary=\"").expect("a boundary");
    let boundary = format!("\r\n--{}", boundary.split('"').next().expect("a boundary"));
    let (_, rest) = email.split_once("text/plain").expect("a text part");
    let (text, html) = rest.split_once("text/html").expect("an HTML part");
    [text, html].map(|part| {
        let (_, body) = part.split_once("\r\n\r\n").expect("a body");
        let body = body.split(&boundary).next().expect("a body").replace("=\r\n", "");
        let mut bytes = Vec::new();
        let mut rest = body.as_str();
        while let Some((plain, coded)) = rest.split_once('=') {
            bytes.extend(plain.bytes());
            bytes.push(u8::from_str_radix(&coded[..2], 16).expect("quoted-printable"));
            rest = &coded[2..];
        }
        bytes.extend(rest.bytes());
        String::from_utf8(bytes).expect("UTF-8")
    })
}

/// Returns the change and the part, the date, and whether it is canceled, of each event of a calendar.
fn events(calendar: &str) -> BTreeSet<(String, String, bool)> {
    let calendar = calendar.replace("\r\n ", "");
    let event = |event: &str| {
        let line = |name: &str| {
            event
                .lines()
                .find_map(|line| line.strip_prefix(name))
                .unwrap_or_else(|| panic!("{name}: {event}"))
                .to_owned()
        };
        let id = line("UID:");
        let uid: Vec<&str> = id.rsplit('/').collect();
        (format!("{} {} {}", uid[2], uid[1], uid[0]), line("DTSTART;VALUE=DATE:"), line("STATUS:") != "CONFIRMED")
    };
    calendar.split("BEGIN:VEVENT").skip(1).map(event).collect()
}

/// Returns the events that the changes of a notice have, without those that the calendar cancels.
fn expected_events(notice: &Value) -> BTreeSet<(String, String, bool)> {
    let mut events = BTreeSet::new();
    for change in notice["changes"].as_array().expect("a list") {
        let (Some(id), Some(entry)) = (change["id"].as_str(), change["entry"].as_str()) else { continue };
        for (field, part) in [("object_by", "object-by"), ("effective", "effective")] {
            let Some(date) = change[field].as_str() else { continue };
            events.insert((format!("{id} {entry} {part}"), date.replace('-', ""), false));
        }
    }
    events
}

/// Checks that all formats of one notice agree, and returns its changes.
fn agree(project: &Project, arguments: &[&str], is_newest: bool, context: &str) -> Vec<String> {
    let format = |name: &str| notice(project, &[&["--format", name], arguments].concat());
    let text = format("text");
    if text.starts_with("no change") {
        for name in ["html", "markdown", "eml", "json", "ics"] {
            // Files have no notice.
            assert_eq!(format(name), "", "{context}: {name}");
        }
        return Vec::new();
    }
    let found = json(project, arguments);
    assert_eq!(found["text"].as_str(), Some(text.as_str()), "{context}");
    let all = found["changes"].as_array().expect("a list");
    let mut formats = vec![
        ("html", visible(&format("html"))),
        ("markdown", format("markdown").replace('\\', "")),
        ("text", text.clone()),
    ];
    if cfg!(feature = "mail") {
        let [plain, html] = parts(&format("eml"));
        formats.extend([("eml, text", plain), ("eml, html", visible(&html))]);
    }
    let expected = dates(&text);
    for (name, stated) in &formats {
        assert_eq!(dates(stated), expected, "{context}: {name}: {stated}");
        for change in all {
            for field in ["name", "title"] {
                let part = change[field].as_str().expect("text");
                assert!(stated.contains(part), "{context}: {name}: {part}: {stated}");
            }
            for date in ["announced", "object_by", "effective"].iter().filter_map(|field| long(&change[field])) {
                assert!(expected.contains(&date), "{context}: {date}: {text}");
            }
            for fact in change["facts"].as_array().expect("facts") {
                let part = fact["text"].as_str().unwrap_or_default();
                let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
                let stated = stated.split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(stated.contains(&part), "{context}: {name}: {part}: {stated}");
            }
        }
    }
    if is_newest {
        let calendar = format("ics");
        let mut stated = events(&calendar);
        let expected = expected_events(&found);
        // What is withdrawn has no dates in the notice anymore, and its events are canceled.
        let withdrawn: Vec<&Value> = all.iter().filter(|change| change["effective"].is_null()).collect();
        for change in withdrawn.iter().filter_map(|change| change["entry"].as_str()) {
            let is_canceled = |(part, _, canceled): &(String, String, bool)| part.contains(change) && *canceled;
            assert!(stated.iter().any(is_canceled), "{context}: {change}\n{calendar}");
        }
        stated.retain(|(_, _, canceled)| !canceled);
        assert_eq!(stated, expected, "{context}: {found:#}\n{calendar}");
    }
    changes(&found)
}

#[test]
fn every_format_states_the_same_of_each_kind_of_change() {
    for case in CASES {
        let project = project(case);
        let mut versions = vec!["2026-05-01"];
        versions.extend(case.releases.iter().map(|(date, _)| *date));
        let newest = versions[versions.len() - 1];
        for customer in [None, Some("Chat,region=EU"), Some("region=US")] {
            let context = |pair: &[&str]| format!("{}, {}, {customer:?}", case.name, pair.join(" to "));
            let found = |pair: &[&str], is_newest| {
                let mut arguments = [pair, &["--as-of", newest]].concat();
                arguments.extend(customer.iter().flat_map(|customer| ["--for", customer]));
                agree(&project, &arguments, is_newest, &context(pair))
            };
            let applies = customer.is_none_or(|customer| customer.contains("Chat"));
            let stated = |changes: &[&str]| -> Vec<String> {
                changes.iter().filter(|_| applies).map(ToString::to_string).collect()
            };
            for pair in versions.windows(2) {
                let changes = found(pair, pair[1] == newest);
                if pair[1] == newest {
                    assert_eq!(changes, stated(case.last), "{}", context(pair));
                }
            }
            let range = ["2026-05-01", newest];
            assert_eq!(found(&range, true), stated(case.range), "{}", context(&range));
        }
    }
}
