//! Loading reports every problem of every file in one run, with its location and a fix.

use std::collections::BTreeSet;

use candor::diagnostic::{Code, CodeGroup};
use proptest::prelude::*;
use snapbox::{assert_data_eq, str};

use crate::support::{Project, SITE};

/// The smallest valid front matter of a section.
const FRONT: &str = "---\ntitle: A\n---\n";

#[test]
fn repository_content_loads_without_diagnostics() {
    let project = candor::project::Project::at(env!("CARGO_MANIFEST_DIR"));
    let (content, report) = candor::load::content(&project);
    assert!(report.is_empty(), "{}", candor::diagnostic::render::human(&report));
    let content = content.expect("content");
    assert_eq!(content.disclosure.subprocessors.len(), 10);
    let place = content.places.get("subprocessors[1].purpose").expect("a place");
    assert_eq!(
        &place.source.text[place.range],
        "Application diagnostics, telemetry, availability monitoring, and incident investigation"
    );
}

#[test]
fn minimal_content_loads() {
    let (content, report) = Project::new().load();
    assert!(report.is_empty(), "{report:?}");
    assert_eq!(content.expect("content").disclosure.organization.name, "Example");
}

#[test]
fn reads_every_field() {
    let project = Project::new()
        .file(
            "content/site.yaml",
            "title: Trust\ndescription: D\nlanguage: pt-BR\nbase_url: https://trust.example.com/x\n\
             organization: {name: N, legal_name: L, url: https://e.com, address: \"a\\nb\", jurisdiction: eu, notice_days: 30}\n\
             contacts: {privacy: p@e.com, security: https://e.com/s, support: the Support page}\n\
             security_txt: {contact: [p@e.com], expires: 2027-01-01T00:00:00Z, encryption: [https://e.com/k], \
             acknowledgments: [], preferred_languages: [en, de], policy: [https://e.com/p], hiring: [https://e.com/h]}\n\
             theme: {accent: '#0b5fff', logo: img/logo.svg}\nrules: {some-rule: off}\nsorted: [subprocessors]\n",
        )
        .file(
            "content/data/subprocessors.yaml",
            "- id: a\n  name: A\n  purpose: P\n  data_categories: [x, y]\n  condition: {when: enabled, feature: F}\n  \
             legal_name: L\n  lei: 5299000EXAMPLE000096\n  euid: DEK1101R.HRB1\n  former_names: [O]\n  category: K\n  \
             supplementary_measures: M\n  retention: R\n  address: D\n  contact: C\n  website: https://a.com\n  role: affiliate\n  locations: [DE, {code: NO, place: Oslo}]\n  \
             corporate_location: US\n  transfer_mechanism: dpf\n  dpa_url: https://a.com/d\n  \
             subprocessors_url: https://a.com/s\n  subject_matter: S\n  duration: T\n  data_subjects: [u]\n  \
             special_categories: none\n  announced: 2026-01-01\n  effective: 2026-02-01\n  ends: 2026-03-01\n  replaces: b\n",
        )
        .file(
            "content/data/controls.yaml",
            "- {id: a, title: T, group: G, description: D, status: planned, evidence: https://e.com, \
             last_verified: 2026-01-01, frameworks: [F]}\n",
        )
        .file("content/data/commitments.yaml", "- {id: a, plan: P, commitment: C, details: D}\n")
        .file(
            "content/data/certifications.yaml",
            "- {id: a, framework: F, status: in-progress, issuer: I, scope: S, valid_from: 2026-01-01, \
             valid_until: 2027-01-01, document: a}\n",
        )
        .file(
            "content/data/documents.yaml",
            "- {id: a, title: T, category: C, file: docs/a.pdf, version: '3.10', date: 2026-01-01, valid_until: 2027-01-01}\n\
             - {id: b, title: T, access: nda, url: https://e.com/b}\n",
        )
        .file("content/data/faq.yaml", "- {id: a, question: Q, answer: A}\n")
        .file("content/sections/10-a.md", "---\ntitle: A\nid: b\nsummary: S\nshow: faq\n---\n\n# B\n\n");
    let (content, report) = project.load();
    assert!(report.is_empty(), "{report:?}");
    let content = content.expect("content");
    // No value is dropped: every field of the record appears in its JSON.
    let json = serde_json::to_value(&content.disclosure).expect("JSON");
    assert_eq!(json["subprocessors"][0].as_object().map(serde_json::Map::len), Some(29));
    assert_eq!(json["controls"][0].as_object().map(serde_json::Map::len), Some(8));
    assert_eq!(json["certifications"][0].as_object().map(serde_json::Map::len), Some(8));
    assert_eq!(json["documents"][0].as_object().map(serde_json::Map::len), Some(7));
    assert_eq!(
        json["documents"][1],
        serde_json::json!({"id": "b", "title": "T", "access": "nda", "url": "https://e.com/b"})
    );
    assert_eq!(json["sections"][0]["body"], "# B");
    assert_eq!(json["organization"].as_object().map(serde_json::Map::len), Some(6));
    assert_eq!(content.settings.base_path(), "/x/");
    let body = content.places.get("sections[0].body").expect("a place");
    assert_eq!(body.line_column(), (8, 1));
    assert_eq!(content.places.get("subprocessors[0].ends#key").map(|p| p.line_column()), Some((28, 3)));
}

#[test]
fn checks_identifiers_of_companies() {
    let messages = |fields: &str| -> Vec<String> {
        let list = format!("- {{id: a, name: A, purpose: P, {fields}}}\n");
        let report = Project::new().file("content/data/subprocessors.yaml", list).load().1;
        report.diagnostics().iter().map(|found| format!("{}: {}", found.code(), found.help.join(" "))).collect()
    };
    for right in
        ["lei: 5299000EXAMPLE000096", "euid: DEK1101R.HRB116737", "euid: FR7501.123456789", "euid: UKCH.01234567"]
    {
        assert!(messages(right).is_empty(), "{right}: {:?}", messages(right));
    }
    for wrong in ["lei: 5299000EXAMPLE00009", "lei: 5299000example000096", "lei: 5299000EXAMPLE0000AB", "lei: '1'"] {
        let found = messages(wrong);
        assert!(found.len() == 1 && found[0].starts_with("bad-identifier: write 18"), "{wrong}: {found:?}");
    }
    for transposed in ["lei: 5299000EXAMPLE000069", "lei: 5299000EXMAPLE000096"] {
        let found = messages(transposed);
        assert!(found.len() == 1 && found[0].contains("check digits"), "{transposed}: {found:?}");
    }
    for wrong in ["euid: HRB 116737", "euid: DEK1101R.", "euid: XXK1101R.HRB1", "euid: é.1", "euid: 'DEK1101R.HRB 1'"]
    {
        let found = messages(wrong);
        assert!(found.len() == 1 && found[0].starts_with("bad-identifier: write the country"), "{wrong}: {found:?}");
    }
}

#[test]
fn reads_conditions_of_every_form() {
    let read = |condition: &str| {
        let list = format!("- {{id: a, name: A, purpose: P, data_categories: [D], condition: {condition}}}\n");
        let (content, report) = Project::new().file("content/data/subprocessors.yaml", list).load();
        let found: Vec<String> = report.diagnostics().iter().map(|found| found.code().to_string()).collect();
        (serde_json::to_value(&content.expect("content").disclosure.subprocessors[0].condition).expect("JSON"), found)
    };
    for (stated, json) in [
        ("{when: configured, feature: Mail}", r#"{"when": "configured", "feature": "Mail"}"#),
        ("{feature: [Mail], region: [EU]}", r#"{"feature": "Mail", "region": "EU"}"#),
        ("{all: [{feature: A}, {unless: {plan: B}}]}", r#"{"all": [{"feature": "A"}, {"unless": {"plan": "B"}}]}"#),
        ("{any: [{a: 'x', label: One}], label: Two}", r#"{"any": [{"a": "x", "label": "One"}], "label": "Two"}"#),
        ("{feature: A, all: }", r#"{"feature": "A"}"#),
    ] {
        let expected: serde_json::Value = serde_json::from_str(json).expect("JSON");
        assert_eq!(read(stated), (expected, Vec::new()), "{stated}");
    }
    for (wrong, code) in [
        ("SendGrid", "wrong-type"),
        ("{}", "bad-condition"),
        ("{label: A}", "bad-condition"),
        ("{all: [{feature: A}], any: [{feature: B}]}", "bad-condition"),
        ("{unless: {feature: A}, feature: B}", "bad-condition"),
        ("{when: enabled}", "missing-field"),
        ("{when: sometimes, feature: A}", "bad-choice"),
        ("{Feature: A}", "unknown-field"),
        ("{region: {a: b}}", "wrong-type"),
        ("{region: []}", "empty-list"),
        ("{all: {feature: A}}", "wrong-type"),
        ("{feature: A, feature: B}", "duplicate-key"),
    ] {
        assert_eq!(read(wrong).1, [code], "{wrong}");
    }
}

#[test]
fn reads_locations_in_both_forms() {
    let read = |locations: &str| {
        let list = format!("- {{id: a, name: A, purpose: P, data_categories: [D], locations: {locations}}}\n");
        let (content, report) = Project::new().file("content/data/subprocessors.yaml", list).load();
        let found: Vec<String> = report.diagnostics().iter().map(|found| found.message.clone()).collect();
        (serde_json::to_value(&content.expect("content").disclosure.subprocessors[0].locations).expect("JSON"), found)
    };
    let (stated, found) =
        read("[EU, {code: DE}, {code: DE, place: Frankfurt}, {code: CH, condition: {when: enabled, feature: F}}]");
    assert!(found.is_empty(), "{found:?}");
    let long = serde_json::json!({"code": "CH", "condition": {"when": "enabled", "feature": "F"}});
    assert_eq!(stated, serde_json::json!(["EU", "DE", {"code": "DE", "place": "Frankfurt"}, long]));
    for (twice, count) in
        [("[DE, DE]", 1), ("[DE, {code: DE}]", 1), ("[{code: DE, place: A}, {place: A, code: DE}]", 1)]
    {
        let (_, found) = read(twice);
        assert!(found.len() == count && found[0].contains("appears twice"), "{twice}: {found:?}");
    }
    for wrong in ["[Europe]", "[eu]", "[Worldwide]", "[{place: Zurich}]", "[{code: DE, city: Berlin}]", "[[DE]]"] {
        assert_eq!(read(wrong).1.len(), 1, "{wrong}: {:?}", read(wrong).1);
    }
}

#[test]
fn reports_all_problems_of_a_file_in_one_run() {
    let project = Project::new().file(
        "content/data/subprocessors.yaml",
        "- id: Stripe\n  name: Stripe\n  purpose: ''\n  data_categories: [Billing data, Billing data]\n  websight: x\n  \
         effective: 2026-02-30\n- name: Twilio\n  name: Twilio\n  locations: [UK, 7]\n",
    );
    assert_data_eq!(
        project.diagnostics(),
        str![[r#"
error[bad-id]: `Stripe` is not an id in kebab-case
 --> content/data/subprocessors.yaml:1:7
  |
1 | - id: Stripe
  |       ^^^^^^
  |
  = help: write `stripe`

error[empty-text]: `purpose` is empty
 --> content/data/subprocessors.yaml:3:12
  |
3 |   purpose: ''
  |            ^^
  |
  = help: add text, or remove the line

error[duplicate-entry]: an entry of `data_categories` appears twice: `Billing data`
 --> content/data/subprocessors.yaml:4:35
  |
4 |   data_categories: [Billing data, Billing data]
  |                     ------------  ^^^^^^^^^^^^
  |                     |
  |                     first here
  |
  = help: remove one of them

error[unknown-field]: unknown field `websight`
 --> content/data/subprocessors.yaml:5:3
  |
5 |   websight: x
  |   ^^^^^^^^
  |
  = help: did you mean `website`?

error[bad-date]: invalid date `2026-02-30`
 --> content/data/subprocessors.yaml:6:14
  |
6 |   effective: 2026-02-30
  |              ^^^^^^^^^^
  |
  = help: use a date that exists, such as 2026-02-28

error[missing-field]: `id` is missing
 --> content/data/subprocessors.yaml:7:3
  |
7 | - name: Twilio
  |   ^^^^^^^^^^^^
  |
  = help: add `id: ...` to these fields

error[missing-field]: `purpose` is missing
 --> content/data/subprocessors.yaml:7:3
  |
7 | - name: Twilio
  |   ^^^^^^^^^^^^
  |
  = help: add `purpose: ...` to these fields

error[duplicate-key]: duplicate key `name`
 --> content/data/subprocessors.yaml:8:3
  |
7 | - name: Twilio
  |   ---- first here
8 |   name: Twilio
  |   ^^^^
  |
  = help: remove one of them

error[bad-country]: `UK` is not a country or region
 --> content/data/subprocessors.yaml:9:15
  |
9 |   locations: [UK, 7]
  |               ^^
  |
  = help: write `GB`

error[wrong-type]: an entry of `locations` must be text, but `7` is a number
 --> content/data/subprocessors.yaml:9:19
  |
9 |   locations: [UK, 7]
  |                   ^
  |
  = help: use an ISO 3166-1 alpha-2 code, such as DE, IE or US, or one of EU, EEA and GLOBAL

10 errors in 1 file

"#]]
    );
}

#[test]
fn unknown_field_suggests_the_closest_name() {
    assert_data_eq!(
        Project::new().file("content/site.yaml", format!("{SITE}flavor: red\nlangauge: en\n")).diagnostics(),
        str![[r#"
error[unknown-field]: unknown field `flavor`
 --> content/site.yaml:4:1
  |
4 | flavor: red
  | ^^^^^^
  |
  = help: use one of these fields: title, description, language, languages, organization, contacts, notice, dimensions, subscribe, status_url, links, aliases, base_url, former_base_urls, security_txt, theme, rules, acknowledged, sorted, media_types

error[unknown-field]: unknown field `langauge`
 --> content/site.yaml:5:1
  |
5 | langauge: en
  | ^^^^^^^^
  |
  = help: did you mean `language`?

2 errors in 1 file

"#]]
    );
}

#[test]
fn duplicate_key_shows_both_locations() {
    assert_data_eq!(
        Project::new().file("content/site.yaml", format!("{SITE}title: Trust again\n")).diagnostics(),
        str![[r#"
error[duplicate-key]: duplicate key `title`
 --> content/site.yaml:4:1
  |
1 | title: Trust
  | ----- first here
...
4 | title: Trust again
  | ^^^^^
  |
  = help: remove one of them

1 error in 1 file

"#]]
    );
}

#[test]
fn wrong_type_shows_the_expected_value() {
    let yaml = "- id: 7\n  title: true\n  version: 3.10\n  category: [a]\n  date: {day: 1}\n- text\n";
    assert_data_eq!(
        Project::new().file("content/data/documents.yaml", yaml).diagnostics(),
        str![[r#"
error[wrong-type]: `id` must be text, but `7` is a number
 --> content/data/documents.yaml:1:7
  |
1 | - id: 7
  |       ^
  |
  = help: put it in quotes: "7"

error[wrong-type]: `title` must be text, but `true` is a boolean
 --> content/data/documents.yaml:2:10
  |
2 |   title: true
  |          ^^^^
  |
  = help: put it in quotes: "true"

error[wrong-type]: `version` must be text, but `3.10` is a number
 --> content/data/documents.yaml:3:12
  |
3 |   version: 3.10
  |            ^^^^
  |
  = help: put it in quotes: "3.10"

error[wrong-type]: `category` must be text, but this is a list
 --> content/data/documents.yaml:4:13
  |
4 |   category: [a]
  |             ^
  |
  = help: write one string, not a list

error[wrong-type]: `date` must be text, but this is a map
 --> content/data/documents.yaml:5:10
  |
5 |   date: {day: 1}
  |          ^^^^^^
  |
  = help: write one string, not a map of fields

error[wrong-type]: an entry of `documents` must be a map of fields, but this is text
 --> content/data/documents.yaml:6:3
  |
6 | - text
  |   ^^^^
  |
  = help: write fields, such as `id: ...`

6 errors in 1 file

"#]]
    );
}

#[test]
fn reports_missing_fields() {
    assert_data_eq!(
        Project::new().file("content/site.yaml", "organization:\n  name:\n").diagnostics(),
        str![[r#"
error[missing-field]: `title` is missing
 --> content/site.yaml:1:1
  |
1 | organization:
  | ^^^^^^^^^^^^
  |
  = help: add `title: ...` to these fields

error[missing-field]: `name` has no value
 --> content/site.yaml:2:3
  |
2 |   name:
  |   ^^^^
  |
  = help: add a value after `name:`

2 errors in 1 file

"#]]
    );
}

#[test]
fn rejects_malformed_strings() {
    let site = "title: T\nlanguage: english\norganization: {name: N, url: e.com, jurisdiction: EU, notice_days: 400}\n\
                contacts:\n  privacy: privacy@example\n  Support: 'https://'\nbase_url: https://e.com/#top\n\
                theme: {accent: blue, logo: ../logo.svg}\nsecurity_txt: {expires: soon}\nsorted: [subprocessor]\n";
    assert_data_eq!(
        Project::new().file("content/site.yaml", site).diagnostics(),
        str![[r##"
error[bad-language]: `english` is not a language tag
 --> content/site.yaml:2:11
  |
2 | language: english
  |           ^^^^^^^
  |
  = help: use a tag such as en, de or pt-BR

error[bad-url]: `e.com` is not a web address: `https://` is missing
 --> content/site.yaml:3:30
  |
3 | organization: {name: N, url: e.com, jurisdiction: EU, notice_days: 400}
  |                              ^^^^^
  |
  = help: write the full address, such as https://example.com/page

error[bad-choice]: `jurisdiction` cannot be `EU`
 --> content/site.yaml:3:51
  |
3 | organization: {name: N, url: e.com, jurisdiction: EU, notice_days: 400}
  |                                                   ^^
  |
  = help: did you mean `eu`?

error[bad-number]: `notice_days` cannot be `400`
 --> content/site.yaml:3:68
  |
3 | organization: {name: N, url: e.com, jurisdiction: EU, notice_days: 400}
  |                                                                    ^^^
  |
  = help: write a whole number from 1 to 365

error[bad-email]: `privacy@example` is not an email address
 --> content/site.yaml:5:12
  |
5 |   privacy: privacy@example
  |            ^^^^^^^^^^^^^^^
  |
  = help: use one address such as privacy@example.com, without a name or brackets

error[bad-id]: `Support` is not an id in kebab-case
 --> content/site.yaml:6:3
  |
6 |   Support: 'https://'
  |   ^^^^^^^
  |
  = help: write `support`

error[bad-url]: `https://` is not a web address: empty host
 --> content/site.yaml:6:12
  |
6 |   Support: 'https://'
  |            ^^^^^^^^^^
  |
  = help: write the full address, such as https://example.com/page

error[bad-url]: `https://e.com/#top` has a query or a fragment
 --> content/site.yaml:7:11
  |
7 | base_url: https://e.com/#top
  |           ^^^^^^^^^^^^^^^^^^
  |
  = help: remove everything after the path at which the site is published

error[bad-color]: `blue` is not a color
 --> content/site.yaml:8:17
  |
8 | theme: {accent: blue, logo: ../logo.svg}
  |                 ^^^^
  |
  = help: write six hexadecimal digits in quotes, such as "#0b5fff"

error[bad-path]: `../logo.svg` is not a path inside static/
 --> content/site.yaml:8:29
  |
8 | theme: {accent: blue, logo: ../logo.svg}
  |                             ^^^^^^^^^^^
  |
  = help: use a path relative to static/, with forward slashes and without `..`, such as documents/dpa.pdf

error[bad-date]: invalid time `soon`
 --> content/site.yaml:9:25
  |
9 | security_txt: {expires: soon}
  |                         ^^^^
  |
  = help: use a date such as 2027-01-31, or a time such as 2027-01-31T12:00:00Z

error[bad-choice]: an entry of `sorted` cannot be `subprocessor`
  --> content/site.yaml:10:10
   |
10 | sorted: [subprocessor]
   |          ^^^^^^^^^^^^
   |
   = help: did you mean `subprocessors`?

12 errors in 1 file

"##]]
    );
}

#[test]
fn rejects_duplicate_ids_in_a_list_and_among_sections() {
    let project = Project::new()
        .file("content/data/faq.yaml", "- {id: a, question: Q, answer: A}\n- {id: a, question: R, answer: B}\n")
        .file("content/sections/10-same.md", FRONT)
        .file("content/sections/20-same.md", FRONT);
    assert_data_eq!(
        project.diagnostics(),
        str![[r#"
error[duplicate-id]: the id `a` appears twice in faq
 --> content/data/faq.yaml:2:8
  |
1 | - {id: a, question: Q, answer: A}
  |        - first here
2 | - {id: a, question: R, answer: B}
  |        ^
  |
  = help: use a different id for one of them; keep the id of an item that was released

error[duplicate-id]: two sections have the id `same`
 --> content/sections/20-same.md:2:1
  |
2 | title: A
  | ^^^^^^^^
  |
 ::: content/sections/10-same.md:2:1
  |
2 | title: A
  | -------- first here
  |
  = help: set a different `id` in the front matter of one of them

2 errors in 2 files

"#]]
    );
}

#[test]
fn document_is_either_a_file_or_a_url() {
    let yaml = "- id: a\n  title: T\n  file: a.pdf\n  url: https://e.com/a.pdf\n";
    assert_data_eq!(
        Project::new().file("content/data/documents.yaml", yaml).diagnostics(),
        str![[r#"
error[file-and-url]: a document cannot have both `file` and `url`
 --> content/data/documents.yaml:4:3
  |
3 |   file: a.pdf
  |   ---- `file` is here
4 |   url: https://e.com/a.pdf
  |   ^^^
  |
  = help: remove one of them

1 error in 1 file

"#]]
    );
}

#[test]
fn rejects_values_that_do_not_fit_the_kind_of_a_fact() {
    let yaml = "- {id: a, title: A, kind: rto, percent: 99}\n- {id: b, title: B, hours: 24, days: 1}\n";
    assert_data_eq!(
        Project::new().file("content/data/facts.yaml", yaml).diagnostics(),
        str![[r#"
error[fact-value]: a fact of the kind `rto` cannot have `percent`
 --> content/data/facts.yaml:1:32
  |
1 | - {id: a, title: A, kind: rto, percent: 99}
  |                                ^^^^^^^
  |
  = help: use one of: minutes, hours, days, months, years; or write it in `details`

error[fact-value]: a fact cannot have both `hours` and `days`
 --> content/data/facts.yaml:2:32
  |
2 | - {id: b, title: B, hours: 24, days: 1}
  |                     -----      ^^^^
  |                     |
  |                     `hours` is here
  |
  = help: state the duration in one unit

2 errors in 1 file

"#]]
    );
}

#[test]
fn yaml_syntax_error_shows_the_location() {
    for (yaml, expected) in [
        (
            "title: a: b\n",
            str![[r#"
error[yaml-syntax]: invalid YAML: this text contains a colon followed by a space, which begins a value
 --> content/site.yaml:1:9
  |
1 | title: a: b
  |         ^
  |
  = help: put quotes around the text: "a: b"

1 error in 1 file

"#]],
        ),
        (
            "title: \"open\n",
            str![[r#"
error[yaml-syntax]: invalid YAML: unclosed quote
 --> content/site.yaml:1:8
  |
1 | title: "open
  |        ^
  |
  = help: close the quotes on the same line, and write `''` for an apostrophe inside '...'

1 error in 1 file

"#]],
        ),
        (
            "a:\n\t- b\n",
            str![[r#"
error[yaml-syntax]: invalid YAML: this line is indented with a tab
 --> content/site.yaml:2:1
  |
2 |     - b
  | ^^^^
  |
  = help: indent with spaces; YAML does not allow tabs for indentation

1 error in 1 file

"#]],
        ),
        (
            "title: @home\n",
            str![[r#"
error[yaml-syntax]: invalid YAML: unexpected character: `@'
 --> content/site.yaml:1:8
  |
1 | title: @home
  |        ^
  |
  = help: put quotes around text that starts with a special character: "@..."

1 error in 1 file

"#]],
        ),
        (
            "a: *b\n",
            str![[r#"
error[yaml-syntax]: this alias has no anchor
 --> content/site.yaml:1:4
  |
1 | a: *b
  |    ^
  |
  = help: put quotes around text that starts with `*`: "*..."

1 error in 1 file

"#]],
        ),
        (
            "a: b\n---\nc: d\n",
            str![[r#"
error[yaml-syntax]: a second YAML document starts here
 --> content/site.yaml:3:1
  |
3 | c: d
  | ^
  |
  = help: remove the line `---` above it; a file contains one document

1 error in 1 file

"#]],
        ),
        (
            "a: &a [*a]\n",
            str![[r#"
error[yaml-limit]: an alias contains itself
 --> content/site.yaml:1:8
  |
1 | a: &a [*a]
  |        ^^
  |
  = help: simplify the data: use less nesting and fewer aliases

1 error in 1 file

"#]],
        ),
        (
            "list: [a, b\n",
            str![[r#"
error[yaml-syntax]: invalid YAML: unclosed bracket '['
 --> content/site.yaml:1:7
  |
1 | list: [a, b
  |       ^
  |
  = help: close each `[` with `]` and each `{` with `}`

1 error in 1 file

"#]],
        ),
        (
            "a: b\n c: d\n",
            str![[r#"
error[yaml-syntax]: invalid YAML: a field cannot begin here
 --> content/site.yaml:2:3
  |
2 |  c: d
  |   ^
  |
  = help: check the indentation, quotes and colons here and on the line above

1 error in 1 file

"#]],
        ),
    ] {
        assert_data_eq!(Project::new().file("content/site.yaml", yaml).diagnostics(), expected);
    }
}

#[test]
fn rejects_alias_bombs_and_deep_nesting() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        bomb += &format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(", "));
    }
    assert_data_eq!(
        Project::new().file("content/site.yaml", bomb).diagnostics(),
        str![[r#"
error[yaml-limit]: the aliases in `content/site.yaml` expand to too many values
 --> content/site.yaml:4:45
  |
4 | a3: &a3 [*a2, *a2, *a2, *a2, *a2, *a2, *a2, *a2, *a2, *a2]
  |                                             ^^^
  |
  = help: simplify the data: use less nesting and fewer aliases

1 error in 1 file

"#]]
    );
    assert_data_eq!(
        Project::new().file("content/site.yaml", "- ".repeat(100) + "x").diagnostics(),
        str![[r#"
error[yaml-limit]: `content/site.yaml` is nested too deeply or has too many values
 --> content/site.yaml:1:65
  |
1 | - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -...
  |                                                                 ^
  |
  = help: simplify the data: use less nesting and fewer aliases

1 error in 1 file

"#]]
    );
}

#[test]
fn distinguishes_an_empty_file_from_an_empty_list() {
    let project = Project::new()
        .file("content/data/faq.yaml", "")
        .file("content/data/controls.yaml", "# later\n")
        .file("content/data/documents.yaml", "[]\n")
        .file("content/sections/10-a.md", "");
    assert_data_eq!(
        project.diagnostics(),
        str![[r#"
error[empty-file]: `content/data/controls.yaml` is empty
 --> content/data/controls.yaml:1:1
  |
1 | # later
  | ^
  |
  = help: remove the file, or add content to it

error[empty-file]: `content/data/faq.yaml` is empty
--> content/data/faq.yaml
 = help: remove the file, or add content to it

error[missing-front-matter]: this section has no front matter
--> content/sections/10-a.md
 = help: start the file with three lines: `---`, `title: ...`, `---`

3 errors in 3 files

"#]]
    );
}

#[test]
fn rejects_a_list_file_without_a_list() {
    let project = Project::new()
        .file("content/data/faq.yaml", "faq:\n  - id: a\n")
        .file("content/data/controls.yaml", "just text\n");
    assert_data_eq!(
        project.diagnostics(),
        str![[r#"
error[wrong-type]: `content/data/controls.yaml` must contain a list of items, but this is text
 --> content/data/controls.yaml:1:1
  |
1 | just text
  | ^^^^^^^^^
  |
  = help: begin each item with `- id: ...`

error[wrong-type]: `content/data/faq.yaml` must contain a list of items, but this is a map
 --> content/data/faq.yaml:1:1
  |
1 | faq:
  | ^^^
  |
  = help: remove the line `faq:` and start the items at the beginning of the line

2 errors in 2 files

"#]]
    );
}

#[test]
fn reports_bytes_that_are_not_utf8() {
    let project = Project::new()
        .file("content/site.yaml", b"title: Trust\norganization:\n  name: Caf\xE9\n")
        .file("content/data/faq.yaml", b"\xFF\xFE-\0 \0a\0");
    assert_data_eq!(
        project.diagnostics(),
        str![[r#"
error[not-utf8]: `content/data/faq.yaml` is not valid UTF-8: byte 0xFF at offset 0
 --> content/data/faq.yaml:1:1
  |
1 | ��-␀ ␀a␀
  | ^
  |
  = help: save the file as UTF-8; it looks like UTF-16

error[not-utf8]: `content/site.yaml` is not valid UTF-8: byte 0xE9 at offset 38
 --> content/site.yaml:3:12
  |
3 |   name: Caf�
  |            ^
  |
  = help: save the file as UTF-8; it may be Windows-1252 or Latin-1

2 errors in 2 files

"#]]
    );
}

#[test]
fn ignores_byte_order_marks_and_carriage_returns() {
    let windows = |text: &str| format!("\u{FEFF}{}", text.replace('\n', "\r\n"));
    let section = "---\ntitle: A\nshow: nothing\n---\n\none\n\ntwo\n\n";
    let unix = Project::new().file("content/sections/10-a.md", section);
    let dos =
        Project::new().file("content/site.yaml", windows(SITE)).file("content/sections/10-a.md", windows(section));
    assert_eq!(dos.diagnostics(), unix.diagnostics());
    let (content, _) = dos.load();
    assert_eq!(content.expect("content").disclosure.sections[0].body, "one\n\ntwo");
    assert_data_eq!(
        dos.diagnostics(),
        str![[r#"
error[bad-choice]: `show` cannot be `nothing`
 --> content/sections/10-a.md:3:7
  |
3 | show: nothing
  |       ^^^^^^^
  |
  = help: use one of: controls, commitments, subprocessors, certifications, documents, faq, ai, questionnaires, updates, facts, changelog, schedule, contacts

1 error in 1 file

"#]]
    );
}

#[test]
fn sections_require_front_matter() {
    let project = Project::new()
        .file("content/sections/10-none.md", "# Security\n")
        .file("content/sections/20-open.md", "---\ntitle: A\n\ntext\n")
        .file("content/sections/30-toml.md", "+++\ntitle = 1\n+++\n")
        .file("content/sections/40-blank.md", "---\n---\ntext\n")
        .file("content/sections/50-wrong.md", "---\n- title\n---\n")
        .file("content/sections/60.md", FRONT)
        .file("content/sections/70-bell.md", "---\ntitle: A\n---\n\nding\u{7}\n");
    assert_data_eq!(
        project.diagnostics(),
        str![[r#"
error[missing-front-matter]: this section has no front matter
 --> content/sections/10-none.md:1:1
  |
1 | # Security
  | ^^^^^^^^^^
  |
  = help: start the file with three lines: `---`, `title: ...`, `---`

error[missing-front-matter]: the front matter is not closed
 --> content/sections/20-open.md:1:1
  |
1 | ---
  | ^^^
  |
  = help: add a line `---` between the fields and the text

error[missing-front-matter]: front matter must be YAML, not TOML
 --> content/sections/30-toml.md:1:1
  |
1 | +++
  | ^^^
  |
  = help: start the file with three lines: `---`, `title: ...`, `---`

error[missing-field]: `title` is missing
 --> content/sections/40-blank.md:1:1
  |
1 | ---
  | ^^^
  |
  = help: start the file with three lines: `---`, `title: ...`, `---`

error[wrong-type]: the front matter must be a map of fields, but this is a list
 --> content/sections/50-wrong.md:2:3
  |
2 | - title
  |   ^^^^^
  |
  = help: write fields, such as `title: ...`

error[bad-id]: no id can be derived from the file name `content/sections/60.md`
 --> content/sections/60.md:2:1
  |
2 | title: A
  | ^^^^^^^^
  |
  = help: add `id: ...` to the front matter, in kebab-case

error[control-character]: the text contains the control character U+0007
 --> content/sections/70-bell.md:5:5
  |
5 | ding␇
  |     ^
  |
  = help: remove the character; readers cannot see it

7 errors in 7 files

"#]]
    );
}

#[test]
fn project_without_content_shows_how_to_start() {
    assert_data_eq!(
        Project::empty().diagnostics(),
        str![[r#"
error[missing-file]: the folder `content` is missing
--> content
 = help: use --root with the folder that contains content/, or create a project with `candor init`

1 error in 1 file

"#]]
    );
    assert_data_eq!(
        Project::empty().folder("content").diagnostics(),
        str![[r#"
error[missing-file]: `content/site.yaml` is missing
--> content/site.yaml
 = help: create the file with at least `title: ...` and `organization: { name: ... }`; `candor schema site` describes all fields

1 error in 1 file

"#]]
    );
}

#[test]
fn reports_a_file_instead_of_a_folder_and_vice_versa() {
    assert_data_eq!(
        Project::empty().file("content", "x").diagnostics(),
        str![[r#"
error[not-a-folder]: `content` is a file, not a folder
--> content
 = help: replace it with a folder

1 error in 1 file

"#]]
    );
    let project = Project::empty()
        .folder("content/site.yaml")
        .folder("content/data/faq.yaml")
        .folder("content/sections/10-a.md")
        .folder("content/sections/more");
    assert_data_eq!(
        project.diagnostics(),
        str![[r#"
error[not-a-file]: `content/data/faq.yaml` is a folder, not a file
--> content/data/faq.yaml
 = help: move or rename the folder

error[not-a-file]: `content/sections/10-a.md` is a folder, not a file
--> content/sections/10-a.md
 = help: move or rename the folder

error[misnamed-file]: `content/sections/more` is not used
--> content/sections/more
 = help: move its files into content/sections/, which has no subfolders

error[not-a-file]: `content/site.yaml` is a folder, not a file
--> content/site.yaml
 = help: move or rename the folder

4 errors in 4 files

"#]]
    );
    assert_data_eq!(
        Project::new().file("content/data", "x").file("content/sections", "x").diagnostics(),
        str![[r#"
error[not-a-folder]: `content/data` is a file, not a folder
--> content/data
 = help: replace it with a folder

error[not-a-folder]: `content/sections` is a file, not a folder
--> content/sections
 = help: replace it with a folder

2 errors in 2 files

"#]]
    );
}

#[test]
fn reports_unused_files() {
    let project = Project::new()
        .file("content/data/subprocesors.yaml", "[]")
        .file("content/data/faq.yml", "[]")
        .file("content/data/team.yaml", "[]")
        .file("content/data/notes.txt", "")
        .file("content/section/10-a.md", "")
        .file("content/sections/20-b.markdown", "")
        .file("content/.DS_Store", "")
        .file("content/data/.faq.yaml.swp", "");
    assert_data_eq!(
        project.diagnostics(),
        str![[r#"
error[misnamed-file]: `content/data/faq.yml` is not used
--> content/data/faq.yml
 = help: rename the file to `faq.yaml`

warning[unknown-file]: `content/data/notes.txt` is not used
--> content/data/notes.txt
 = help: use one of these names: controls.yaml, commitments.yaml, subprocessors.yaml, certifications.yaml, documents.yaml, faq.yaml, ai.yaml, facts.yaml

error[misnamed-file]: `content/data/subprocesors.yaml` is not used
--> content/data/subprocesors.yaml
 = help: did you mean `subprocessors.yaml`?

error[misnamed-file]: `content/data/team.yaml` is not used
--> content/data/team.yaml
 = help: use one of these names: controls.yaml, commitments.yaml, subprocessors.yaml, certifications.yaml, documents.yaml, faq.yaml, ai.yaml, facts.yaml

error[misnamed-file]: `content/section` is not used
--> content/section
 = help: did you mean `sections`?

error[misnamed-file]: `content/sections/20-b.markdown` is not used
--> content/sections/20-b.markdown
 = help: rename the file: section files end in .md

5 errors, 1 warning in 6 files

"#]]
    );
}

#[test]
fn rejects_files_above_the_size_limit() {
    assert_data_eq!(
        Project::new().file("content/data/faq.yaml", vec![b'#'; 8 * 1024 * 1024 + 1]).diagnostics(),
        str![[r#"
error[file-too-large]: `content/data/faq.yaml` is larger than 8 MiB
--> content/data/faq.yaml
 = help: put large files in static/; content files are short

1 error in 1 file

"#]]
    );
}

#[test]
fn stops_reading_a_list_at_the_limit() {
    let items: String = (0..10_002).map(|at| format!("- {{id: q-{at}, question: Q, answer: A}}\n")).collect();
    assert_data_eq!(
        Project::new().file("content/data/faq.yaml", items).diagnostics(),
        str![[r#"
error[too-many]: `content/data/faq.yaml` has more than 10000 items
     --> content/data/faq.yaml:10001:4
      |
10001 | - {id: q-10000, question: Q, answer: A}
      |    ^^^^^^^^^^^ the first item beyond the limit
      |
      = help: remove some of them; the rest is ignored

1 error in 1 file

"#]]
    );
}

#[test]
fn reports_invisible_characters_in_file_names() {
    assert_data_eq!(
        Project::new().file("content/sections/gpj\u{202E}exe.md", "x").diagnostics(),
        str![[r#"
error[file-name]: the name of `content/sections/gpj/u{202e}exe.md` contains U+202E RIGHT-TO-LEFT OVERRIDE
--> content/sections/gpj/u{202e}exe.md
 = help: rename the file; use letters, digits, hyphens and dots, in UTF-8

1 error in 1 file

"#]]
    );
}

#[cfg(unix)]
#[test]
fn rejects_links_out_of_the_project() {
    let outside = tempfile::NamedTempFile::new().expect("a file");
    let project = Project::new()
        .file("content/shared.d/faq", "[]\n")
        .link("content/data/faq.yaml", "../shared.d/faq")
        .link("content/data/controls.yaml", outside.path())
        .link("content/data/documents.yaml", "nowhere");
    assert_data_eq!(
        project.diagnostics(),
        str![[r#"
error[outside-project]: `content/data/controls.yaml` is a symbolic link that leads out of the project
--> content/data/controls.yaml
 = help: put a copy of the file into the project

error[unreadable]: `content/data/documents.yaml` is a symbolic link to a file that does not exist
--> content/data/documents.yaml
 = help: fix the link, or remove it

warning[unknown-file]: `content/shared.d` is not used
--> content/shared.d
 = help: use one of these names: site.yaml, sections, pages, data, releases, notices, i18n, questionnaires, updates

2 errors, 1 warning in 3 files

"#]]
    );
}

#[test]
fn rejects_empty_required_lists() {
    let yaml = "- id: a\n  name: A\n  purpose: P\n  data_categories: []\n";
    assert_data_eq!(
        Project::new().file("content/data/subprocessors.yaml", yaml).diagnostics(),
        str![[r#"
error[empty-list]: `data_categories` is an empty list
 --> content/data/subprocessors.yaml:4:20
  |
4 |   data_categories: []
  |                    ^
  |
  = help: add at least one entry

1 error in 1 file

"#]]
    );
}

#[test]
fn snapshots_cover_every_code_of_loading() {
    let snapshots = include_str!("load.rs");
    let shown: BTreeSet<&str> = ["\nerror[", "\nwarning["]
        .into_iter()
        .flat_map(|start| snapshots.split(start).skip(1).filter_map(|rest| rest.split(']').next()))
        .collect();
    let read = [
        Code::EmptyFile,
        Code::FileName,
        Code::FileTooLarge,
        Code::MisnamedFile,
        Code::MissingFile,
        Code::MissingFrontMatter,
        Code::NotAFile,
        Code::NotAFolder,
        Code::NotUtf8,
        Code::OutsideProject,
        Code::TooMany,
        Code::UnknownFile,
        Code::Unreadable,
        Code::YamlLimit,
        Code::YamlSyntax,
    ];
    // Tested in `documents.rs`, `media_types.rs`, `updates.rs` and below.
    let elsewhere = [
        Code::EditionsPublic,
        Code::FileNotPublic,
        Code::UpdateField,
        Code::UpdateName,
        Code::BadMediaType,
        Code::BadNameEnding,
        Code::BadIdentifier,
        Code::BadCondition,
    ];
    let fields = CodeGroup::Fields.codes().filter(|code| !elsewhere.contains(code));
    assert_eq!(shown, read.into_iter().chain(fields).map(Code::as_str).collect());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn loading_never_panics(
        site in prop::collection::vec(any::<u8>(), 0..200),
        section in "(---\n)?[ -~\n\u{0}-\u{1f}é🔑]{0,60}(---\n)?[ -~\n]{0,60}",
        list in "[-: \n\t\\[\\]{}&*!|>'\"%@#a-z0-9é🔑,?]{0,120}",
    ) {
        let project = Project::new()
            .file("content/data/faq.yaml", &list)
            .file("content/data/subprocessors.yaml", format!("- id: a\n  name: {list}\n"))
            .file("content/sections/10-a.md", &section);
        let (_, report) = project.load();
        for format in [candor::diagnostic::render::human, candor::diagnostic::render::json,
            candor::diagnostic::render::github, candor::diagnostic::render::sarif] {
            format(&report);
        }
        let (_, report) = project.file("content/site.yaml", &site).load();
        candor::diagnostic::render::human(&report);
    }
}
