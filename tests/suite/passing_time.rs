//! Unchanged released content never gets new errors as time passes, so nightly rebuilds keep working. New warnings are possible,
//! for example when a certificate expires.

use std::cell::RefCell;
use std::collections::BTreeSet;

use candor::diagnostic::{Severity, render};
use candor::model::Date;
use candor::pipeline::check_project;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::support::Project;

/// The date of the first release.
const FIRST: &str = "2026-05-22";
/// For how many days after a release the test checks its content.
const HORIZON: i32 = 400;

/// Situations that the generated cases must cover: start dates that are announced only by a release, and warnings about every kind
/// of dated item.
const REACHED: &[&str] = &[
    "a start that only a release announces",
    "a start that an earlier release announces",
    "a notice period that became longer",
    "certification-expired",
    "document-expired",
    "security-txt-expired",
    "subprocessor-ended",
    "verification-stale",
];

/// Days after the first release, or `None` to omit the date.
type Day = Option<i32>;

/// Content with dated items.
#[derive(Debug, Clone)]
struct Dated {
    notice_days: Option<u16>,
    subprocessors: [[Day; 3]; 2],
    certification: (Option<&'static str>, [Day; 2]),
    document: [Day; 2],
    verified: Day,
    expires: Day,
    jurisdiction: Option<&'static str>,
}

impl Dated {
    /// Writes the content to a project. Dates are relative to the first release.
    fn write(&self, project: Project) -> Project {
        let first: Date = FIRST.parse().expect("a date");
        let field =
            |name: &str, day: Day| day.map_or(String::new(), |day| format!("  {name}: {}\n", first.plus_days(day)));
        let word =
            |name: &str, value: Option<&str>| value.map_or(String::new(), |value| format!("  {name}: {value}\n"));
        let subprocessors: String = self
            .subprocessors
            .iter()
            .enumerate()
            .map(|(at, [announced, effective, ends])| {
                let dates = field("announced", *announced) + &field("effective", *effective) + &field("ends", *ends);
                format!("- id: s{at}\n  name: S{at}\n  purpose: Storage\n  data_categories: [Files]\n  locations: [DE]\n{dates}")
            })
            .collect();
        let (status, [from, until]) = self.certification;
        let certification = word("status", status) + &field("valid_from", from) + &field("valid_until", until);
        let document = field("date", self.document[0]) + &field("valid_until", self.document[1]);
        let notice = word("notice_days", self.notice_days.map(|days| days.to_string()).as_deref());
        let site = format!(
            "title: Trust\nbase_url: https://trust.fjord.test\norganization:\n  name: Example\n{notice}{}\
             contacts:\n  security: security@fjord.test\n{}",
            word("jurisdiction", self.jurisdiction),
            self.expires.map_or(String::new(), |day| format!("security_txt:\n{}", field("expires", Some(day)))),
        );
        // Link to targets that could disappear on some date.
        let security = self.expires.map_or("", |_| " [Contact](.well-known/security.txt).");
        project
            .file("content/site.yaml", site)
            .file("content/sections/10-lists.md", format!(
                "---\ntitle: Lists\nshow: certifications\n---\nSee [it](#iso), [S0](subprocessors/#s0), [the DPA](#document-dpa) and \
                 [the first release](releases/{FIRST}/).{security}\n",
            ))
            .file("content/sections/20-documents.md", "---\ntitle: Documents\nshow: documents\n---\n")
            .file("content/data/subprocessors.yaml", subprocessors)
            .file("content/data/certifications.yaml", format!("- id: iso\n  framework: ISO 27001\n  document: dpa\n{certification}"))
            .file("content/data/documents.yaml", format!("- id: dpa\n  title: DPA\n  access: request\n{document}"))
            .file("content/data/controls.yaml", format!("- id: keys\n  title: Keys\n  evidence: dpa\n{}", field("last_verified", self.verified)))
    }

    /// Returns every date of the content, in days after the first release.
    fn days(&self) -> Vec<i32> {
        let (_, certification) = self.certification;
        let days = self.subprocessors.concat().into_iter().chain(certification).chain(self.document);
        days.chain([self.verified, self.expires]).flatten().collect()
    }
}

/// Generates content. The set of dates is small, so that subsequent contents often share dates.
fn dated() -> impl Strategy<Value = Dated> {
    let day = || prop_oneof![2 => Just(None), 3 => prop::sample::select(vec![-400, -40, -1, 0, 1, 29, 30, 45, 90, 200]).prop_map(Some)];
    let start = || prop_oneof![1 => Just(None), 3 => prop::sample::select(vec![0, 30, 45, 90]).prop_map(Some)];
    let announced = || prop_oneof![3 => Just(None), 1 => prop::sample::select(vec![-20, 0]).prop_map(Some)];
    let end = || prop_oneof![3 => Just(None), 1 => prop::sample::select(vec![90, 200]).prop_map(Some)];
    let subprocessor = || (announced(), start(), end()).prop_map(|(announced, start, end)| [announced, start, end]);
    let status = prop::sample::select(vec![None, Some("active"), Some("in-progress"), Some("expired")]);
    let past = || prop_oneof![1 => Just(None), 2 => prop::sample::select(vec![-400, -40, -1, 0]).prop_map(Some)];
    (
        prop::sample::select(vec![None, Some(1), Some(14), Some(30), Some(60)]),
        [subprocessor(), subprocessor()],
        (status, [day(), day()]),
        [past(), day()],
        past(),
        prop_oneof![1 => Just(None), 2 => prop::sample::select(vec![20, 90, 200]).prop_map(Some)],
        prop::sample::select(vec![None, Some("eu"), Some("other")]),
    )
        .prop_map(|(notice_days, subprocessors, certification, document, verified, expires, jurisdiction)| Dated {
            notice_days,
            subprocessors,
            certification,
            document,
            verified,
            expires,
            jurisdiction,
        })
}

#[test]
fn released_content_gets_no_new_errors_over_time() {
    let cases = std::env::var("CANDOR_TEST_DATES").ok().and_then(|text| text.parse().ok());
    let config =
        Config { cases: cases.unwrap_or(32), failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let mut runner = match cases {
        None => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
        Some(_) => TestRunner::new(config),
    };
    let reached = RefCell::new(BTreeSet::new());
    // Up to three releases, each with a number of days since the previous one. Most keep the previous
    // subprocessors, and some of these double the notice period.
    let releases =
        prop::collection::vec((0..40i32, prop::bool::weighted(0.7), dated()), 1..=3).prop_map(|mut drawn| {
            for at in 1..drawn.len() {
                if drawn[at].1 {
                    drawn[at].2.subprocessors = drawn[at - 1].2.subprocessors;
                    if drawn[at].0 % 2 == 0 {
                        drawn[at].2.notice_days = drawn[at - 1].2.notice_days.map(|days| days * 2);
                    }
                }
            }
            drawn.into_iter().map(|(gap, _, content)| (gap, content)).collect::<Vec<_>>()
        });
    runner.run(&releases, |releases| check(&releases, &reached)).unwrap_or_else(|error| panic!("{error}"));
    let missed: Vec<_> = REACHED.iter().filter(|what| !reached.borrow().contains(**what)).collect();
    assert!(cases.is_some() || missed.is_empty(), "no case covers {missed:?}");
}

/// Releases the contents in order, then checks the last successful release on later dates.
fn check(releases: &[(i32, Dated)], reached: &RefCell<BTreeSet<String>>) -> Result<(), TestCaseError> {
    let first: Date = FIRST.parse().expect("a date");
    let mut project = Project::empty();
    let mut today = 0;
    let mut released: Vec<(i32, &Dated)> = Vec::new();
    for (gap, content) in releases {
        if !released.is_empty() {
            today += gap;
        }
        project = content.write(project);
        let run = project.run(["release", "-q", "-m", "A release.", "--as-of", &first.plus_days(today).to_string()]);
        if run.code == Some(0) {
            released.push((today, content));
        }
    }
    let Some((published, content)) = released.last().copied() else { return Ok(()) };
    project = content.write(project);
    note(&released, reached);

    let near = content.days().into_iter().flat_map(|day| [day - 1, day, day + 1, day + 366]);
    let near = near.chain([1, 2, HORIZON].map(|days| published + days));
    let days: BTreeSet<i32> = near.filter(|day| (published..=published + HORIZON).contains(day)).collect();
    let errors = |project: &Project, day: i32| {
        let checked = check_project(&candor::project::Project::at(project.root()), None, first.plus_days(day));
        let diagnostics = checked.report.diagnostics().iter();
        reached
            .borrow_mut()
            .extend(diagnostics.filter(|d| d.severity() == Severity::Warning).map(|d| d.code().as_str().to_owned()));
        if checked.report.has_errors() {
            anstream::adapter::strip_str(&render::human(&checked.report)).to_string()
        } else {
            String::new()
        }
    };
    for day in &days {
        let reported = errors(&project, *day);
        prop_assert!(reported.is_empty(), "released on day {published}, checked on day {day}: {reported}");
    }
    // An unrelated edit does not change what the releases announced.
    let project = project.file("content/data/faq.yaml", "- id: where\n  question: Where?\n  answer: Here.\n");
    for day in [1, 2, 15].map(|days| published + days) {
        let reported = errors(&project, day);
        prop_assert!(reported.is_empty(), "released on day {published}, edited on day {day}: {reported}");
    }
    Ok(())
}

/// Records which announcements of the newest release rely on release dates.
fn note(released: &[(i32, &Dated)], reached: &RefCell<BTreeSet<String>>) {
    let Some(((published, newest), earlier)) = released.split_last() else { return };
    let note = |what: &str| reached.borrow_mut().insert(what.to_owned());
    for (at, [announced, effective, _]) in newest.subprocessors.iter().enumerate() {
        let (None, Some(start), Some(days)) = (announced, effective, newest.notice_days) else { continue };
        if *start <= published + 1 {
            continue;
        }
        note("a start that only a release announces");
        let before = earlier.last().filter(|(_, content)| content.subprocessors[at][1] == Some(*start));
        if let Some((_, before)) = before {
            note("a start that an earlier release announces");
            if before.notice_days.is_some_and(|earlier| earlier < days) {
                note("a notice period that became longer");
            }
        }
    }
}

#[test]
fn notice_period_starts_with_the_first_release_of_a_start_date() {
    let site = |days: u16| format!("title: Trust\norganization:\n  name: Example\n  notice_days: {days}\n");
    let list = |more: &str| format!("- id: maps\n  name: Maps\n  purpose: Maps\n  data_categories: [Places]\n{more}");
    let notice = |project: &Project, as_of: &str| {
        let run = project.run(["check", "--as-of", as_of]);
        run.stderr.lines().find(|line| line.contains("notice-too-short")).map(str::to_owned)
    };
    let release = |project: &Project, date: &str| {
        let run = project.run(["release", "-m", "A release.", "--as-of", date]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
    };
    let file = "content/data/subprocessors.yaml";
    let project = Project::empty().file("content/site.yaml", site(30)).file(file, list("  effective: 2026-07-01\n"));
    assert_eq!(notice(&project, "2026-06-01"), None);
    assert!(notice(&project, "2026-06-02").is_some_and(|line| line.contains("not announced as of 2026-06-02")));
    release(&project, "2026-06-01");
    for as_of in ["2026-06-02", "2026-06-30", "2026-07-01", "2027-06-01"] {
        assert_eq!(notice(&project, as_of), None, "{as_of}");
    }
    // A longer notice period applies only to new announcements.
    let project = project.file("content/site.yaml", site(60));
    assert_eq!(notice(&project, "2026-06-10"), None);
    // A changed start date is a new announcement, and so is a return to the earlier date.
    let project = project.file("content/site.yaml", site(10)).file(file, list("  effective: 2026-08-01\n"));
    release(&project, "2026-06-10");
    let project = project.file(file, list("  effective: 2026-07-01\n"));
    assert!(notice(&project, "2026-06-25").is_some_and(|line| line.contains("6 days of notice instead of 10")));
    release(&project, "2026-06-20");
    assert_eq!(notice(&project, "2026-06-25"), None);
}

#[test]
fn released_content_never_fails_for_short_notice() {
    let site = "title: Trust\norganization:\n  name: Example\n  notice_days: 30\n";
    let level = "rules:\n  notice-too-short: warn\n";
    let list = "- id: maps\n  name: Maps\n  purpose: Maps\n  data_categories: [Places]\n  effective: 2026-06-20\n";
    let project = Project::empty()
        .file("content/site.yaml", format!("{site}{level}"))
        .file("content/data/subprocessors.yaml", list);
    assert_eq!(project.run(["release", "-m", "A release.", "--as-of", "2026-06-01"]).code, Some(0));
    let project = project.file("content/site.yaml", site);
    for as_of in ["2026-06-01", "2026-06-02", "2026-06-19"] {
        let run = project.run(["check", "--as-of", as_of]);
        assert!(run.code == Some(0) && !run.stderr.contains("days of notice"), "{as_of}: {}", run.stderr);
    }
}
