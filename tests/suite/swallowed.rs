//! Text that YAML takes away from a value is reported: nothing is published in place of what the publisher wrote.

use candor::diagnostic::{Code, Diagnostic, Report};
use proptest::prelude::*;

use crate::support::{Project, SITE};

const LISTED: &str = "- id: a\n  name: A\n  purpose: P\n  data_categories: [D]\n  legal_name: ";

/// Loads a list with this text after `legal_name: `. Returns the value, if it was read, and the diagnostics.
fn load(written: &str) -> (Option<String>, Report) {
    let project = Project::new().file("content/data/subprocessors.yaml", format!("{LISTED}{written}\n"));
    let (content, report) = project.load();
    let item = content.expect("content").disclosure.subprocessors.first().cloned();
    (item.and_then(|item| item.legal_name.clone()), report)
}

/// Returns the code, the reported text and the fixes of the only diagnostic.
fn reported(report: &Report) -> (Code, String, Vec<String>) {
    let [found]: &[Diagnostic] = report.diagnostics() else { panic!("not one diagnostic: {report:#?}") };
    let place = found.place().expect("a place");
    (found.code(), place.source.text[place.range.clone()].to_owned(), found.help.clone())
}

#[test]
fn text_read_as_a_comment_a_tag_or_an_anchor_is_reported_with_the_value_in_quotes() {
    let (comment, property) = (Code::CommentInValue, Code::TagOrAnchorInValue);
    for (written, code, lost, quoted) in [
        ("Acme #1 GmbH", comment, "#1 GmbH", "\"Acme #1 GmbH\""),
        ("Acme\t#1", comment, "#1", "\"Acme #1\""),
        ("#", comment, "#", "\"#\""),
        ("#0b5fff", comment, "#0b5fff", "\"#0b5fff\""),
        ("   #0b5fff", comment, "#0b5fff", "\"#0b5fff\""),
        ("Suite # 200", comment, "# 200", "\"Suite # 200\""),
        ("Suite # 5, Springfield", comment, "# 5, Springfield", "\"Suite # 5, Springfield\""),
        ("Support for C #", comment, "#", "\"Support for C #\""),
        ("say \"#1\" #2", comment, "#2", "\"say \\\"#1\\\" #2\""),
        ("Acme\n    Group #1", comment, "#1", "\"Acme Group #1\""),
        ("#1\n    Acme", comment, "#1", "\"#1\""),
        ("&co GmbH", property, "&co", "\"&co GmbH\""),
        ("&co", property, "&co", "\"&co\""),
        ("!Fast mail", property, "!Fast", "\"!Fast mail\""),
        ("! mail", property, "!", "\"! mail\""),
        ("!Fast", property, "!Fast", "\"!Fast\""),
        ("!a &b mail", property, "!a", "\"!a &b mail\""),
        ("&b !a mail", property, "&b", "\"&b !a mail\""),
        ("!!binary YWJj", property, "!!binary", "\"!!binary YWJj\""),
        ("!!null mail", property, "!!null", "\"!!null mail\""),
        ("!<x> mail", property, "!<x>", "\"!<x> mail\""),
    ] {
        let (_, report) = load(written);
        let report: Report = {
            // An empty tagged value is reported as well.
            let mut report = report;
            report.retain(|found| found.code() != Code::EmptyText);
            report
        };
        let (found, text, help) = reported(&report);
        assert_eq!((found, text.as_str()), (code, lost), "{written:?}");
        assert_eq!(help[0], format!("put the whole value in quotes: {quoted}"), "{written:?}");
        // The fix is valid, and nothing is lost.
        if !written.contains('\n') {
            let (value, report) = load(quoted);
            assert!(report.is_empty(), "{report:#?}");
            let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(value.map(|value| words(&value)), Some(words(written)));
        }
    }
}

#[test]
fn comments_tags_and_anchors_that_are_meant_are_not_reported() {
    for (written, value) in [
        ("Acme  # legal name", Some("Acme")),
        ("Acme # legal name", Some("Acme")),
        ("Acme ## legal name", Some("Acme")),
        ("Acme # 2nd name", Some("Acme")),
        ("Acme # 30 days later", Some("Acme")),
        ("'Acme' #legal name", Some("Acme")),
        ("\"#1\" # rank", Some("#1")),
        ("# not registered yet", None),
        ("\n  # on a line of its own\n  #glued", None),
        ("C#", Some("C#")),
        ("a#b", Some("a#b")),
        ("R&D, Q&A !", Some("R&D, Q&A !")),
        ("!!str 5", Some("5")),
        ("!<tag:yaml.org,2002:str> 5", Some("5")),
        ("|\n    # one\n    #two\n  # a comment", Some("# one\n#two")),
        ("&x Acme\n  address: *x", Some("Acme")),
    ] {
        let (read, report) = load(written);
        assert!(report.is_empty(), "{written:?}: {report:#?}");
        assert_eq!(read.as_deref(), value, "{written:?}");
    }
}

#[test]
fn heading_that_ends_a_block_of_text_is_reported() {
    let (value, report) = load("|\n      text\n    # Heading");
    assert_eq!(value.as_deref(), Some("text"));
    let (code, text, help) = reported(&report);
    assert_eq!((code, text.as_str()), (Code::CommentInValue, "# Heading"));
    assert_eq!(help[0], "indent the line like the text above it");
}

#[test]
fn every_content_file_and_string_catalog_is_checked() {
    let project = Project::new()
        .file("content/site.yaml", format!("{SITE}theme: {{}}\ndescription: Page #1\n"))
        .file("content/sections/10-a.md", "---\ntitle: Section #1\n---\n\n&co GmbH #1\n")
        .file("content/data/faq.yaml", "- id: a\n  question: Who is #1?\n  answer: !We are\n")
        .file("templates/strings/en.yaml", "nav:\n  home: Page #1\n");
    let run = project.run(["check", "--format", "json"]);
    let places: Vec<&str> = ["site.yaml", "10-a.md", "faq.yaml", "strings/en.yaml"].to_vec();
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let of = |file: &str| {
        let found = report["diagnostics"].as_array().expect("diagnostics").iter();
        let codes = found.filter(|found| found["file"].as_str().is_some_and(|path| path.ends_with(file)));
        codes.filter_map(|found| found["code"].as_str()).filter(|code| code.ends_with("-in-value")).count()
    };
    assert_eq!(places.into_iter().map(of).collect::<Vec<_>>(), [1, 1, 2, 1], "{}", run.stdout);
}

#[test]
fn level_can_be_changed() {
    let rules = "rules: {comment-in-value: \"off\", tag-or-anchor-in-value: note}\n";
    let project = Project::new()
        .file("content/site.yaml", format!("{SITE}{rules}"))
        .file("content/data/faq.yaml", "- id: a\n  question: Who is #1?\n  answer: !We are\n");
    let run = project.run(["check"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stderr.contains("note[tag-or-anchor-in-value]") && !run.stderr.contains("comment-in-value"), "{run:?}");
}

proptest! {
    /// candor publishes exactly the text after a field, or reports it. Only a comment, `null` and quotes
    /// mean something else than they say.
    #[test]
    fn text_is_published_as_written_or_reported(written in "[&!#*%@|>?~\\[{'\"-]?[a-zA-Z0-9_ ]{0,4}[ #&!:,.\\]}0-9a-c+-]{0,6}[a-z ]{0,3}") {
        let is_comment = written.split(" #").skip(1).any(|rest| rest.starts_with([' ', '#']));
        let plain = written.trim();
        prop_assume!(!is_comment && !plain.starts_with(['"', '\'']) && !plain.starts_with("# ") && !plain.starts_with("##"));
        prop_assume!(!["", "~", "null", "Null", "NULL"].contains(&plain));
        let (value, report) = load(&written);
        let is_same = value.as_deref() == Some(plain);
        prop_assert!(is_same || !report.is_empty(), "{written:?} is read as {value:?}");
    }
}
