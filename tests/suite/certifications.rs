//! Certifications with types, periods and editions, in every output, as of different dates.

use serde_json::Value;

use crate::support::Project;

const LIST: &str = "\
- id: iso
  framework: ISO 27001
  type: certificate
  issuer: Auditors
  number: NEW-2
  valid_from: 2026-06-01
  valid_until: 2029-05-31
  registry_url: https://register.myexample.com/NEW-2
  editions:
    - {number: OLD-1, valid_from: 2023-06-01, valid_until: 2026-05-31, issued: 2023-05-15, document: certificate}
- id: soc
  framework: SOC 2 Type II
  type: report
  period: {from: 2025-04-01, to: 2026-03-31}
  issued: 2026-05-15
  bridge_until: 2026-09-30
- {id: nist, framework: NIST CSF, type: alignment, status: active, valid_from: 2020-01-01}
- {id: caiq, framework: CAIQ, type: self-assessment}
";

fn project() -> Project {
    Project::new()
        .file("content/data/certifications.yaml", LIST)
        .file("content/data/documents.yaml", "- {id: certificate, title: The old certificate, access: request}\n")
        .file("content/sections/10-certifications.md", "---\ntitle: Certifications\nshow: certifications\n---\n")
        .file("content/sections/20-documents.md", "---\ntitle: Documents\nshow: documents\n---\n")
}

/// Returns the trust page, its Markdown copy, and the names of the certifications in its structured data, as of a date.
fn built(date: &str) -> (String, String, Vec<String>) {
    let project = project();
    assert_eq!(project.run(["release", "-m", "First", "--as-of", date]).code, Some(0));
    let build = project.run(["build", "--no-compress", "--as-of", date]);
    assert_eq!(build.code, Some(0), "{}", build.stderr);
    let html = project.read("dist/index.html");
    let (_, data) = html.split_once("<script type=\"application/ld+json\">").expect("structured data");
    let data: Value = serde_json::from_str(data.split_once("</script>").expect("an end").0).expect("JSON");
    let held = data["@graph"][0]["hasCertification"].as_array().cloned().unwrap_or_default();
    let names = held.iter().map(|it| format!("{} {}", it["name"], it["certificationIdentification"]).replace('"', ""));
    (html.clone(), project.read("dist/index.md"), names.collect())
}

/// Returns the text of the item with this id.
fn item<'a>(html: &'a str, id: &str) -> &'a str {
    let (_, rest) = html.split_once(&format!("<li class=\"tile\" id=\"{id}\">")).expect("the item");
    rest.split("<li class=\"tile\" id=").next().expect("its text")
}

#[test]
fn a_renewal_has_no_gap_on_any_output() {
    for (date, number) in [("2026-05-22", "OLD-1"), ("2026-05-31", "OLD-1"), ("2026-06-01", "NEW-2")] {
        let (html, copy, held) = built(date);
        let iso = item(&html, "iso");
        assert!(iso.contains("Active") && !iso.contains("In progress") && !iso.contains("Expired"), "{date}: {iso}");
        assert!(iso.contains("No. NEW-2") && iso.contains("No. OLD-1") && iso.contains("The old certificate"), "{iso}");
        let (heading, others) = iso.split_once("<details").expect("other editions");
        assert!(heading.contains(number), "{date}: {heading}");
        assert!(others.contains("OLD-1") != (number == "OLD-1"), "{date}: {others}");
        assert!(iso.contains("https://register.myexample.com/NEW-2"), "{iso}");
        assert!(copy.lines().any(|line| line.contains("| ISO 27001 | Certificate | Active |")), "{copy}");
        assert_eq!(held, [format!("ISO 27001 {number}"), "SOC 2 Type II null".to_owned()], "{date}");
    }
    let (html, ..) = built("2029-06-01");
    assert!(item(&html, "iso").contains("Expired"));
}

#[test]
fn an_alignment_is_not_shown_as_held() {
    let (html, copy, _) = built("2026-05-22");
    let nist = item(&html, "nist");
    assert!(nist.contains("Aligned, not certified") && !nist.contains("Active") && !nist.contains("#i-full"), "{nist}");
    assert!(copy.contains("| NIST CSF | Alignment | Aligned, not certified |"), "{copy}");
}

#[test]
fn periods_and_bridge_letters_are_shown() {
    let (html, copy, _) = built("2026-05-22");
    let soc = item(&html, "soc");
    for text in [
        "Report",
        "observed 1 April 2025 to 31 March 2026",
        "issued 15 May 2026",
        "bridge letter until 30 September 2026",
    ] {
        assert!(soc.contains(text) && copy.contains(text), "{text}: {soc}");
    }
}

#[test]
fn changes_of_editions_are_described_by_their_fields() {
    let project = project();
    assert_eq!(project.run(["release", "-m", "First"]).code, Some(0));
    let renewed = LIST
        .replace("period: {from: 2025-04-01, to: 2026-03-31}", "period: {from: 2026-04-01, to: 2027-03-31}")
        .replace("  bridge_until: 2026-09-30\n", "  editions:\n    - period: {from: 2025-04-01, to: 2026-03-31}\n");
    let project = project.file("content/data/certifications.yaml", renewed);
    let diff = project.run(["diff"]).stdout;
    for text in [
        "1 April 2025 to 31 March 2026 → 1 April 2026 to 31 March 2027",
        "Period: 1 April 2025 to 31 March 2026",
        "30 September 2026",
    ] {
        assert!(diff.contains(text), "{text}: {diff}");
    }
}
