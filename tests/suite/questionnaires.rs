//! Questionnaires, `content/questionnaires/NAME.yaml`: their pages and files, frozen by releases, compared and checked like every
//! other statement.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use scraper::{Html, Selector};
use serde_json::Value;

use crate::support::{Project, ok};

const CAIQ: &str = "title: CAIQ\nstandard: CSA CAIQ\nversion: \"4.0.3\"\nreviewed: 2026-05-01\nowner: Security\nquestions:\n\
    \x20 - id: a-01-1\n    number: A-01.1\n    section: Audit\n    question: Are audits <planned>?\n    answer: no\n    evidence: [plan, backups]\n\
    \x20 - id: a-01-2\n    number: A-01.2\n    section: Audit\n    question: Are audits independent?\n    answer: partial\n    explanation: |\n      One line.\n      Another line.\n\
    \x20 - id: b\n    section: Backups\n    question: Where are backups?\n    explanation: =cmd() in two places\n    evidence: [backups, places]\n    reviewed: 2026-05-02\n";

fn project() -> Project {
    Project::empty()
        .file(
            "content/site.yaml",
            "title: Trust\norganization:\n  name: Example\nbase_url: https://trust.example.org\n",
        )
        .file("content/sections/10-security.md", "---\ntitle: Security\nshow: controls\n---\n")
        .file("content/sections/20-questions.md", "---\ntitle: Questionnaires\nshow: questionnaires\n---\n")
        .file("content/pages/answers.md", "---\ntitle: Answers\nshow: faq\n---\n")
        .file(
            "content/data/controls.yaml",
            "- {id: backups, title: Daily backups}\n- {id: plan, title: Audit plan, status: planned}\n",
        )
        .file("content/data/faq.yaml", "- {id: places, question: Where?, answer: Here.}\n")
        .file("content/questionnaires/caiq.yaml", CAIQ)
}

fn release(project: &Project, date: &str) {
    ok(project, &["release", "-m", "A release.", "--date", date, "--as-of", date]);
}

/// Returns what `check` prints on a date.
fn problems(project: &Project, date: &str) -> String {
    let run = project.run(["check", "--as-of", date]);
    assert_ne!(run.code, Some(2), "{}", run.stderr);
    run.stdout + &run.stderr
}

/// Returns the targets of the links in a part of a page.
fn links(page: &str, selector: &str) -> Vec<String> {
    let html = Html::parse_document(page);
    let selector = Selector::parse(selector).expect("a selector");
    html.select(&selector).filter_map(|link| link.attr("href").map(str::to_owned)).collect()
}

#[test]
fn questionnaires_are_built_frozen_and_listed() {
    let project = project();
    release(&project, "2026-05-22");
    let record: Value = serde_json::from_str(&project.read("content/releases/2026-05-22.json")).expect("JSON");
    let keys: Vec<&String> = record["disclosure"].as_object().expect("a disclosure").keys().collect();
    let at = |key: &str| keys.iter().position(|other| *other == key).expect("a key");
    assert!(at("questionnaires") > at("faq"));
    assert_eq!(record["disclosure"]["questionnaires"][0]["id"], "caiq");
    ok(&project, &["verify"]);
    ok(&project, &["build", "--no-compress", "--as-of", "2026-05-22"]);

    let page = project.read("dist/questionnaires/caiq/index.html");
    for expected in [
        "<h1>CAIQ</h1>",
        "CSA CAIQ, version 4.0.3",
        "id=\"q-a-01-1\"",
        "Are audits &lt;planned&gt;?",
        "One line.\nAnother line.",
        "Yes: 0",
    ] {
        assert_eq!(page.contains(expected), expected != "Yes: 0", "{expected}");
    }
    assert_eq!(
        links(&page, "article a:not(.num)"),
        ["../../#plan", "../../#backups", "../../#backups", "../../answers/#faq-places"]
    );
    let archived = project.read("dist/releases/2026-05-22/questionnaires/caiq/index.html");
    assert_eq!(
        links(&archived, "article a:not(.num)"),
        [
            "../../../../releases/2026-05-22/#plan",
            "../../../../releases/2026-05-22/#backups",
            "../../../../releases/2026-05-22/#backups",
            "../../../../releases/2026-05-22/answers/#faq-places",
        ]
    );
    assert!(archived.contains("noindex"));
    let old = project.read("dist/releases/2026-05-22/index.html");
    assert_eq!(links(&old, ".questionnaires a"), ["../../releases/2026-05-22/questionnaires/caiq/"]);

    for (file, expected) in [
        ("dist/questionnaires/index.html", "href=\"../questionnaires/caiq/\""),
        ("dist/index.html", "href=\"./questionnaires/\""),
        ("dist/index.md", "[CAIQ](https://trust.example.org/questionnaires/caiq/)"),
        ("dist/llms.txt", "[CAIQ](https://trust.example.org/questionnaires/caiq.json)"),
        ("dist/sitemap.xml", "https://trust.example.org/questionnaires/caiq/"),
        ("dist/sitemap.xml", "https://trust.example.org/questionnaires/<"),
    ] {
        assert!(project.read(file).contains(expected), "{file}: {expected}");
    }

    let json: Value = serde_json::from_str(&project.read("dist/questionnaires/caiq.json")).expect("JSON");
    assert_eq!(json["$schema"], "https://trust.example.org/schema/questionnaire.json");
    assert_eq!(json["version"], "2026-05-22");
    assert_eq!(json["questionnaire"], record["disclosure"]["questionnaires"][0]);
    let evidence: Vec<&Value> = json["evidence"].as_array().expect("a list").iter().map(|item| &item["list"]).collect();
    assert_eq!(evidence, ["controls", "controls", "faq"]);
    let table = project.read("dist/questionnaires/caiq.csv");
    assert!(
        table.starts_with("\u{feff}Number,Section,Question,Answer,Explanation,Evidence,Reviewed,Id\r\n"),
        "{table}"
    );
    // A spreadsheet program never runs an explanation.
    assert!(table.contains(",'=cmd() in two places,backups; places,2026-05-02,b\r\n"), "{table}");
    assert!(std::fs::read(project.path("dist/questionnaires/caiq.xlsx")).expect("a workbook").starts_with(b"PK"));
}

#[test]
fn changes_name_the_question_and_both_answers() {
    let project = project();
    release(&project, "2026-05-22");
    let before = "question: Are audits <planned>?\n    answer: no";
    let after = CAIQ.replace(before, &before.replace("no", "not-applicable"));
    let after = after.replace("4.0.3", "4.1");
    let project = project.file("content/questionnaires/caiq.yaml", after);
    let text = ok(&project, &["diff"]);
    assert!(text.contains("A-01.1: answer No → Not applicable"), "{text}");
    let changes: Value = serde_json::from_str(&ok(&project, &["diff", "--format", "json"])).expect("JSON");
    let part = &changes["changes"][0]["fields"][0]["changed"][0];
    assert_eq!((&part["name"], &part["notice"]), (&"a-01-1".into(), &false.into()));
    release(&project, "2026-06-01");
    ok(&project, &["build", "--no-compress", "--as-of", "2026-06-01"]);
    let feed = project.read("dist/feed.xml");
    assert!(feed.contains("A-01.1") && feed.contains("Not applicable"), "{feed}");
    assert!(project.read("dist/changelog/index.html").contains("A-01.1: Answer"));
    // The first release stays as it was.
    let old = project.read("dist/releases/2026-05-22/questionnaires/caiq/index.html");
    assert!(old.contains("version 4.0.3") && !old.contains("Not applicable"));
}

#[test]
fn a_planned_control_contradicts_exactly_the_answers_that_name_it() {
    let mut questions = "title: List\nreviewed: 2026-05-01\nquestions:\n".to_owned();
    for at in 0..300 {
        let (evidence, answer) = (["plan", "backups"][at % 2], ["yes", "no", "partial", "yes"][at % 4]);
        let _ = writeln!(
            questions,
            "  - {{id: q{at}, number: \"{at}\", question: Question {at}?, answer: {answer}, evidence: [{evidence}]}}"
        );
    }
    let project = project().file("content/questionnaires/list.yaml", questions);
    let found = problems(&project, "2026-05-22");
    let named: BTreeSet<usize> = found
        .lines()
        .filter(|line| line.starts_with("error[answer-contradicts-evidence]"))
        .filter_map(|line| line.split("question ").nth(1)?.split(' ').next()?.parse().ok())
        .collect();
    assert_eq!(named, (0..300).filter(|at| at % 4 == 0).collect());
}

#[test]
fn evidence_that_expires_after_the_release_never_stops_a_build() {
    let yes = |answer: &str| {
        format!(
            "title: List\nreviewed: 2026-05-01\nquestions:\n  - {{id: a, question: A?, answer: {answer}, evidence: [report, iso]}}\n"
        )
    };
    let project = project()
        .file("content/data/documents.yaml", "- {id: report, title: Report, valid_until: 2026-06-01}\n")
        .file(
            "content/data/certifications.yaml",
            "- {id: iso, framework: ISO/IEC 27001, valid_from: 2025-07-01, valid_until: 2026-06-30}\n",
        )
        .file("content/questionnaires/list.yaml", yes("yes"));
    release(&project, "2026-05-22");
    let later = problems(&project, "2026-07-01");
    assert_eq!(later.matches("warning[evidence-expired]").count(), 2, "{later}");
    assert!(!later.contains("error["), "{later}");
    ok(&project, &["build", "--no-compress", "--as-of", "2026-07-01"]);
    // With a change, the answer is released again, and is wrong.
    let project = project.file("content/data/faq.yaml", "- {id: places, question: Where?, answer: There.}\n");
    let changed = problems(&project, "2026-07-01");
    assert_eq!(changed.matches("error[answer-contradicts-evidence]").count(), 2, "{changed}");
    assert!(changed.contains("the document `Report` expired on 2026-06-01"), "{changed}");
    assert!(changed.contains("the certification `ISO/IEC 27001` expired on 2026-06-30"), "{changed}");
    let fixed = problems(&project.file("content/questionnaires/list.yaml", yes("no")), "2026-07-01");
    assert!(!fixed.contains("answer-contradicts-evidence"), "{fixed}");
}

#[test]
fn names_of_pages_are_free_without_questionnaires() {
    let page = "---\ntitle: Our questionnaires\n---\n\nHere.\n";
    let project = Project::new().file("content/pages/questionnaires.md", page);
    release(&project, "2026-05-22");
    ok(&project, &["build", "--no-compress", "--as-of", "2026-05-22"]);
    assert!(project.read("dist/questionnaires/index.html").contains("<h1>Our questionnaires</h1>"));
    assert!(!project.read("dist/index.html").contains(">Questionnaires<"));
    let taken = problems(&project.file("content/questionnaires/caiq.yaml", CAIQ), "2026-05-22");
    assert!(taken.contains("error[page-name-taken]"), "{taken}");
}

#[test]
fn invalid_questionnaires_are_reported_with_their_places() {
    let project = Project::new()
        .file(
            "content/questionnaires/a.yaml",
            "title: A\nquestions:\n  - {id: a, question: A?}\n  - {id: a, question: B?}\n",
        )
        .file("content/questionnaires/Bad Name.yaml", "title: B\nquestions:\n  - {id: a, question: A?, answer: true}\n")
        .file("content/questionnaires/c.yml", "title: C\n")
        .file("content/questionnaires/d.yaml", "id: d\ntitle: D\nquestions: []\n");
    let found = problems(&project, "2026-05-22");
    for expected in [
        "the id `a` appears twice in questions",
        "`Bad Name` cannot be the address of a questionnaire",
        "rename the file to `bad-name.yaml`",
        "write `yes`",
        "rename the file to `c.yaml`",
        "`id` is the name of the file",
        "`questions` is an empty list",
    ] {
        assert!(found.contains(expected), "{expected}: {found}");
    }
}

/// An announced change of a document counts from the day on which it takes effect.
#[test]
fn evidence_is_judged_with_the_changes_in_effect() {
    let questions =
        "title: List\nreviewed: 2026-05-01\nquestions:\n  - {id: a, question: A?, answer: yes, evidence: [report]}\n";
    for (until, upcoming, expired) in [
        ("2026-04-01", "effective: 2026-03-01, valid_until: 2027-04-01", false),
        ("2026-04-01", "effective: 2026-06-01, valid_until: 2027-04-01", true),
        ("2027-04-01", "effective: 2026-03-01, valid_until: 2026-04-01", true),
    ] {
        let document = format!(
            "- {{id: report, title: Report, valid_until: {until}, upcoming: [{{announced: 2026-02-01, {upcoming}}}]}}\n"
        );
        let project =
            project().file("content/questionnaires/list.yaml", questions).file("content/data/documents.yaml", document);
        let found = problems(&project, "2026-05-22");
        assert_eq!(found.contains("error[answer-contradicts-evidence]"), expired, "{until}, {upcoming}: {found}");
        assert_eq!(found.contains("[document-expired]"), expired, "{until}, {upcoming}: {found}");
    }
}
