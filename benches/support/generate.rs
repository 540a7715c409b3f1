//! Generates trust centers of any size, the same on every machine: releases x subprocessors x sections.
//!
//! Each release adds or removes a category of one subprocessor, and every tenth release rewords a section: as in real
//! archives, consecutive releases differ only a little.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use candor::history::record::{Link, RecordV1};
use candor::history::{History, store, sums::Sums};
use candor::model::{
    Condition, Contact, Contacts, Date, Digest, Disclosure, Id, Language, List, Organization, Section, Show,
    Subprocessor, Version, When,
};
use candor::project::Project;

/// The size of a trust center.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Number of releases, at least 1.
    pub releases: usize,
    /// Number of subprocessors in each release.
    pub subprocessors: usize,
    /// Number of sections in each release.
    pub sections: usize,
}

const CATEGORIES: [&str; 8] = [
    "Account data",
    "Billing contact data",
    "Operational logs",
    "Request metadata",
    "Pseudonymous identifiers",
    "Email address",
    "Payment metadata",
    "Support correspondence",
];

const PURPOSES: [&str; 5] = [
    "Application hosting, storage, networking, and core infrastructure",
    "Transactional email delivery",
    "Billing, checkout, invoices, and subscription management",
    "Diagnostics, telemetry, and incident investigation",
    "Caching, rate limiting, and short-lived coordination",
];

/// Returns the disclosure of release `at`, counted from 0.
pub fn disclosure(size: Size, at: usize) -> Disclosure {
    let id = |text: String| text.parse::<Id>().expect("an id");
    let subprocessor = |n: usize| {
        // How often this one was changed up to release `at`.
        let changes = (at + size.subprocessors - n) / size.subprocessors;
        let count = 3 + (n + changes) % 4;
        Arc::new(Subprocessor {
            data_categories: (0..count).map(|c| CATEGORIES[(n + c) % CATEGORIES.len()].to_owned()).collect(),
            condition: (n % 3 == 1).then(|| Condition::feature(When::Configured, format!("Feature {}", n % 7))),
            ..Subprocessor::new(
                id(format!("provider-{n:04}")),
                format!("Provider {n:04}"),
                PURPOSES[n % PURPOSES.len()].to_owned(),
            )
        })
    };
    let section = |n: usize| {
        let edition = if n == 0 { at / 10 } else { 0 };
        Arc::new(Section {
            id: id(format!("section-{n}")),
            title: format!("Section {n}"),
            summary: None,
            show: (n + 1 == size.sections).then_some(Show::List(List::Subprocessors)),
            body: format!(
                "Edition {edition} of this text. Which providers are used can vary by environment, feature \
                 enablement, and **customer configuration**.\n\n- one point\n- another point"
            ),
        })
    };
    let organization = Organization {
        name: "Example".to_owned(),
        legal_name: None,
        url: None,
        address: None,
        jurisdiction: None,
        notice_days: None,
    };
    Disclosure {
        description: Some("Security controls and data processing.".to_owned()),
        contacts: Contacts(
            [(id("privacy".to_owned()), "privacy@example.com".parse::<Contact>().expect("a contact"))].into(),
        ),
        sections: (0..size.sections).map(section).collect(),
        subprocessors: (0..size.subprocessors).map(subprocessor).collect(),
        ..Disclosure::new("Trust & Compliance".to_owned(), Language::default(), organization)
    }
}

/// Returns the date of release `at`: one per day.
fn date(at: usize) -> Date {
    let first: Date = "1990-01-01".parse().expect("a date");
    first.plus_days(i32::try_from(at).expect("a small number"))
}

/// Returns the version of release `at`.
pub fn version(at: usize) -> Version {
    Version::first_on(date(at))
}

/// Returns the summary of release `at`.
pub fn summary(at: usize) -> String {
    format!("Release {at}: a provider processes other data.")
}

/// Writes a project whose content equals its newest release.
pub fn write(root: &Path, size: Size) {
    let releases = root.join("content/releases");
    fs::create_dir_all(&releases).expect("a folder");
    fs::create_dir_all(root.join("content/sections")).expect("a folder");
    fs::create_dir_all(root.join("content/data")).expect("a folder");
    let mut previous: Option<Link> = None;
    let mut sums = Sums::of(&History::default());
    for at in 0..size.releases {
        let version = version(at);
        let record = RecordV1 {
            schema: 1,
            version,
            published: date(at),
            summary: summary(at),
            previous,
            disclosure: disclosure(size, at),
        };
        let bytes = record.to_bytes();
        let digest = Digest::of(&bytes);
        fs::write(releases.join(format!("{version}.json")), &bytes).expect("a record");
        sums.insert(version, digest);
        previous = Some(Link { version, sha256: digest });
    }
    fs::write(releases.join("SHA256SUMS"), sums.to_text()).expect("sums");
    content(root, &disclosure(size, size.releases - 1));
}

/// Writes a disclosure as content files.
pub fn content(root: &Path, disclosure: &Disclosure) {
    let content = root.join("content");
    let site = "title: Trust & Compliance\ndescription: Security controls and data processing.\n\
                base_url: https://trust.example.com\norganization:\n  name: Example\n\
                contacts:\n  privacy: privacy@example.com\n";
    fs::write(content.join("site.yaml"), site).expect("site.yaml");
    for (n, section) in disclosure.sections.iter().enumerate() {
        let show = section.show.as_ref().map(|show| format!("show: {}\n", show.name())).unwrap_or_default();
        let text = format!("---\nid: {}\ntitle: {}\n{show}---\n\n{}\n", section.id, section.title, section.body);
        fs::write(content.join(format!("sections/{n:02}-section.md")), text).expect("a section");
    }
    fs::write(content.join("data/subprocessors.yaml"), yaml(disclosure)).expect("subprocessors.yaml");
}

/// Returns the subprocessors of a disclosure as YAML.
pub fn yaml(disclosure: &Disclosure) -> String {
    let mut text = String::new();
    for item in &disclosure.subprocessors {
        text += &format!("- id: {}\n  name: {}\n  purpose: {}\n", item.id, item.name, item.purpose);
        if let Some(condition) = &item.condition {
            text += &format!(
                "  condition:\n    when: configured\n    feature: {}\n",
                condition.only_feature().unwrap_or_default()
            );
        }
        text += "  data_categories:\n";
        for category in &item.data_categories {
            text += &format!("    - {category}\n");
        }
    }
    text
}

/// Returns the subprocessors of a disclosure as compact JSON.
pub fn json(disclosure: &Disclosure) -> String {
    serde_json::to_string(&disclosure.subprocessors).expect("JSON")
}

/// Loads the history of a project, so that a bench fails early if the generator wrote invalid records.
pub fn check(root: &Path) {
    let (history, report) = store::read(&Project::at(root), "2099-01-01".parse().expect("a date"));
    assert!(!report.has_errors() && !history.is_empty(), "{report:?}");
}
