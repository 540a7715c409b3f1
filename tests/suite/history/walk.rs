//! The releases of a publisher, from start to end.

use snapbox::{assert_data_eq, str};

use super::{company, edit, output_of};

#[test]
fn publisher_releases_edits_and_releases_again() {
    let project = company();
    let run = project.run(["release", "-m", "First list of subprocessors."]);
    assert_data_eq!(
        output_of(&run),
        str![[r#"
exit 0
released 2026-05-22, the first release

SHA-256 ab8fbf81e581af970a4b88e436c817298fe454acce68eee4c33ea90e574706c1  content/releases/2026-05-22.json

"#]]
    );

    let project =
        edit(project, "content/data/subprocessors.yaml", "Billing contact data", "Billing contact data, Invoice data");
    let project =
        edit(project, "content/data/subprocessors.yaml", "IP geolocation", "IP geolocation for scan analytics");
    let project = edit(project, "content/site.yaml", "name: Example", "name: Example\n  legal_name: Example Ltd");
    assert_data_eq!(
        output_of(&project.run(["diff"])),
        str![[r#"
exit 0
2026-05-22 → draft: 3 changes, 2 require customer notice

Organization
  ~ Organization: legal name + Example Ltd

Subprocessors
  ~ ipapi: purpose IP geolocation → IP geolocation for scan analytics  [customer notice]
  ~ Stripe: data categories + Invoice data  [customer notice]

"#]]
    );
    assert_data_eq!(
        output_of(&project.run(["release", "-m", "Stripe now processes invoice data.", "--as-of", "2026-06-01"])),
        str![[r#"
exit 0
warning[notice-dates-missing]: `data_categories` of `Stripe` changes without notice: the change has no dates
 --> content/data/subprocessors.yaml:4:20
  |
4 |   data_categories: [Billing contact data, Invoice data]
  |                    ^
  |
  = help: restore `data_categories`, and state the new value under `upcoming:` with the dates `announced` and `effective`

warning[notice-dates-missing]: `purpose` of `ipapi` changes without notice: the change has no dates
 --> content/data/subprocessors.yaml:7:12
  |
7 |   purpose: IP geolocation for scan analytics
  |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: restore `purpose`, and state the new value under `upcoming:` with the dates `announced` and `effective`

2 warnings in 1 file
released 2026-06-01: 3 changes

Organization
  ~ Organization: legal name + Example Ltd

Subprocessors
  ~ ipapi: purpose IP geolocation → IP geolocation for scan analytics  [customer notice]
  ~ Stripe: data categories + Invoice data  [customer notice]

SHA-256 aec7547ad2c6f4b135f249fb728427329e945579e75420f61545eebf5199354f  content/releases/2026-06-01.json

"#]]
    );
    assert_data_eq!(
        output_of(&project.run(["verify", "--as-of", "2026-06-01"])),
        str![[r#"
exit 0
hash chain verified: 2 releases, newest 2026-06-01
SHA-256 aec7547ad2c6f4b135f249fb728427329e945579e75420f61545eebf5199354f  2026-06-01.json

"#]]
    );
    assert_data_eq!(
        output_of(&project.run(["diff", "2026-05-22", "2026-06-01", "--as-of", "2026-06-01", "--format", "markdown"])),
        str![[r#"
exit 0
### 2026-05-22 → 2026-06-01: 3 changes, 2 require customer notice

**Organization**

- `~` **Organization**: legal name + Example Ltd

**Subprocessors**

- `~` **ipapi**: purpose IP geolocation → IP geolocation for scan analytics — *customer notice*
- `~` **Stripe**: data categories + Invoice data — *customer notice*

"#]]
    );
    assert_data_eq!(
        project.read("content/releases/2026-06-01.json"),
        str![[r#"
{
  "schema": 2,
  "candor": "0.1.0",
  "version": "2026-06-01",
  "published": "2026-06-01",
  "summary": "Stripe now processes invoice data.",
  "previous": {
    "version": "2026-05-22",
    "sha256": "ab8fbf81e581af970a4b88e436c817298fe454acce68eee4c33ea90e574706c1"
  },
  "disclosure": {
    "title": "Trust",
    "language": "en",
    "organization": {
      "name": "Example",
      "legal_name": "Example Ltd"
    },
    "subprocessors": [
      {
        "id": "stripe",
        "name": "Stripe",
        "purpose": "Payment processing",
        "data_categories": [
          "Billing contact data",
          "Invoice data"
        ]
      },
      {
        "id": "ipapi",
        "name": "ipapi",
        "purpose": "IP geolocation for scan analytics",
        "data_categories": [
          "IP address"
        ]
      }
    ]
  }
}

"#]]
    );
}

#[test]
fn readers_see_and_can_verify_released_content() {
    let project = company();
    project.run(["release", "-m", "First list."]);
    let project =
        edit(project, "content/data/subprocessors.yaml", "Billing contact data", "Billing contact data, Invoice data");
    let draft = project.run(["build", "--no-compress"]);
    assert_eq!(draft.code, Some(1), "a build without --draft refuses unreleased changes: {draft:?}");
    assert!(draft.stderr.contains("~ Stripe: data categories + Invoice data"), "{draft:?}");
    project.run(["release", "-m", "Stripe now processes *invoice data*."]);
    let run = project.run(["build", "--no-compress"]);
    assert_eq!(run.code, Some(0), "{run:?}");

    let log = project.read("dist/changelog/index.html");
    let (newest, first) = (log.find("2026-05-22.2"), log.find("First list."));
    assert!(newest.is_some() && newest < first, "newest first: {log}");
    for expected in ["Stripe now processes <em>invoice data</em>.", "Invoice data", "Customer notice"] {
        assert!(log.contains(expected), "{expected}: {log}");
    }
    let sums = project.read("dist/releases/SHA256SUMS");
    for line in sums.lines() {
        assert!(log.contains(&line[..64]), "the log shows each digest: {log}");
    }
    let archived = project.read("dist/releases/2026-05-22/index.html");
    assert!(archived.contains("archived version") && archived.contains("noindex"), "{archived}");
    assert!(!archived.contains("Invoice data"), "the archived page shows the list of its date: {archived}");
    for name in ["2026-05-22.json", "2026-05-22.2.json", "SHA256SUMS"] {
        let (here, there) = (format!("content/releases/{name}"), format!("dist/releases/{name}"));
        assert_eq!(project.read(&here), project.read(&there), "byte for byte");
    }
    assert_data_eq!(
        output_of(&project.run(["verify", "dist"])),
        str![[r#"
exit 0
hash chain verified: 2 releases, newest 2026-05-22.2
SHA-256 93989533b6e00faf613789f20a74bbc8f9b1f05c5e177fbf0e21338b904a872b  2026-05-22.2.json

"#]]
    );
}

#[test]
fn second_release_of_a_date_gets_a_number() {
    let mut project = company();
    for (text, version) in [("A", "2026-05-22"), ("B", "2026-05-22.2"), ("C", "2026-05-22.3")] {
        project = project.file("content/data/faq.yaml", format!("- {{id: a, question: Q, answer: {text}}}\n"));
        let run = project.run(["release", "-m", text]);
        assert!(run.stdout.starts_with(&format!("released {version}")), "{run:?}");
    }
    assert_eq!(project.run(["verify"]).code, Some(0));
}

#[test]
fn past_releases_can_be_created_one_by_one() {
    let project = company();
    for (at, date) in ["2019-03-01", "2021-07-15", "2021-07-15", "2026-05-22"].into_iter().enumerate() {
        std::fs::write(project.path("content/data/faq.yaml"), format!("- {{id: a, question: Q, answer: '{at}'}}\n"))
            .expect("a file");
        let run = project.run(["release", "-m", "Imported", "--date", date]);
        assert_eq!(run.code, Some(0), "{run:?}");
    }
    assert_data_eq!(
        project.read("content/releases/SHA256SUMS").lines().map(|line| &line[66..]).collect::<Vec<_>>().join(" "),
        str!["2019-03-01.json 2021-07-15.json 2021-07-15.2.json 2026-05-22.json"]
    );
}

#[test]
fn summary_may_come_from_a_file() {
    let project = company().file("summary.md", "First *list*.\r\n\r\nIn full.\r\n");
    let path = project.path("summary.md");
    let run = project.run(["release".as_ref(), "--summary-file".as_ref(), path.as_os_str()]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let record = project.read("content/releases/2026-05-22.json");
    assert!(record.contains(r#""summary": "First *list*.\n\nIn full.","#), "{record}");
}

#[test]
fn unpublished_release_can_be_replaced() {
    let project = company();
    project.run(["release", "-m", "First"]);
    let project = edit(project, "content/data/subprocessors.yaml", "IP address", "IP address, Location");
    assert_data_eq!(
        output_of(&project.run(["release", "--replace"])),
        str![[r#"
exit 0
warning[release-replaced]: release 2026-05-22 (SHA-256 f0c0727f2fdc5744076d697bb91dee7a20d6b40372fae6f40648a0912c18d31b) was recreated
 |
 = help: if it was already published, restore it with `git checkout` and make a new release instead: `candor publish` refuses to change it

1 warning
released 2026-05-22, the first release

SHA-256 86026cba6854efbf4335be61d2d6cd255c0686f99d15bb5ca520fdeb0b34c3e1  content/releases/2026-05-22.json

"#]]
    );
    let record = project.read("content/releases/2026-05-22.json");
    assert!(record.contains(r#""summary": "First","#), "the summary is kept unless a new one is given: {record}");
    assert_eq!(project.run(["verify"]).code, Some(0));
}

#[test]
fn same_content_gives_the_same_record() {
    let bytes = || {
        let project = company();
        project.run(["release", "-m", "First"]);
        project.read("content/releases/2026-05-22.json")
    };
    assert_eq!(bytes(), bytes());
}

#[test]
fn diff_exit_code_reports_changes() {
    let project = company();
    project.run(["release", "-m", "First"]);
    assert_eq!(project.run(["diff", "--exit-code"]).code, Some(0));
    let project = edit(project, "content/data/subprocessors.yaml", "IP address", "IP addresses");
    assert_eq!(project.run(["diff", "--exit-code"]).code, Some(1));
    assert_eq!(project.run(["diff"]).code, Some(0));
}

#[test]
fn diff_prints_typed_changes_as_json() {
    let project = company();
    project.run(["release", "-m", "First"]);
    let project = edit(project, "content/data/subprocessors.yaml", "IP address", "IP address, Location");
    assert_data_eq!(
        project.run(["diff", "--format", "json"]).stdout,
        str![[r#"
{
  "old": {
    "name": "2026-05-22",
    "version": "2026-05-22",
    "sha256": "f0c0727f2fdc5744076d697bb91dee7a20d6b40372fae6f40648a0912c18d31b"
  },
  "new": {
    "name": "draft"
  },
  "notice": true,
  "changes": [
    {
      "kind": "changed",
      "subject": "subprocessors",
      "id": "ipapi",
      "label": "ipapi",
      "notice": true,
      "fields": [
        {
          "kind": "elements",
          "field": "data_categories",
          "notice": true,
          "added": [
            "Location"
          ],
          "removed": []
        }
      ]
    }
  ]
}

"#]]
    );
}

#[test]
fn diff_accepts_record_files_at_any_path() {
    let project = company();
    project.run(["release", "-m", "First"]);
    let elsewhere = project.path("saved.json");
    std::fs::copy(project.path("content/releases/2026-05-22.json"), &elsewhere).expect("a copy");
    let project = edit(project, "content/data/subprocessors.yaml", "name: ipapi", "name: IP API");
    let run = project.run(["diff".as_ref(), elsewhere.as_os_str(), "draft".as_ref()]);
    assert_data_eq!(
        output_of(&run),
        str![[r#"
exit 0
2026-05-22 → draft: 1 change

Subprocessors
  ~ IP API: name ipapi → IP API

"#]]
    );
}

#[test]
fn interrupted_release_is_completed() {
    let project = company();
    project.run(["release", "-m", "First"]);
    let before = project.read("content/releases/SHA256SUMS");
    let project = edit(project, "content/data/subprocessors.yaml", "IP address", "IP addresses");
    project.run(["release", "-m", "Second"]);
    let whole = project.read("content/releases/SHA256SUMS");
    let project = project.file("content/releases/SHA256SUMS", before);
    assert_eq!(project.run(["verify"]).code, Some(1));
    let run = project.run(["release", "-m", "Second"]);
    assert_data_eq!(
        output_of(&run),
        str![[r#"
exit 0
note[release-completed]: release 2026-05-22.2 was interrupted; its digest has now been recorded

1 note

"#]]
    );
    assert_eq!(project.read("content/releases/SHA256SUMS"), whole);
    assert_eq!(project.run(["verify"]).code, Some(0));
}
