//! Who can download what: the site contains a file only if something public refers to it.

use std::fs;

use candor::diagnostic::Report;
use candor::history::record::RecordV1;
use candor::model::Digest;

use crate::support::{Project, Run, SITE};

const DOCUMENTS: &str = "content/data/documents.yaml";
const SECTION: &str = "content/sections/10-documents.md";
const PDF: &str = "static/documents/soc2.pdf";

/// Returns a project with a section that shows the documents, and these documents.
fn project(documents: &str) -> Project {
    Project::new()
        .file("content/site.yaml", format!("{SITE}base_url: https://trust.acme.test/trust/\n"))
        .file(SECTION, "---\ntitle: Documents\nshow: documents\n---\n")
        .file(DOCUMENTS, documents)
        .file(PDF, "%PDF secret")
}

fn soc2(more: &str) -> String {
    format!("- id: soc2\n  title: SOC 2\n{more}")
}

fn section(text: &str) -> String {
    format!("---\ntitle: Documents\nshow: documents\n---\n\n{text}\n")
}

/// Returns the files of a folder, by path.
fn files(project: &Project, folder: &str) -> Vec<(String, Vec<u8>)> {
    let root = project.path(folder);
    walkdir::WalkDir::new(&root)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(&root).expect("below").to_str().expect("UTF-8").replace('\\', "/");
            (path, fs::read(entry.path()).expect("readable"))
        })
        .collect()
}

/// Asserts that no file in the folder contains the secret or links to it. The change log may mention that its path
/// changed.
#[track_caller]
fn assert_secret(project: &Project, folder: &str) {
    let files = files(project, folder);
    assert!(files.iter().any(|(path, _)| path == "index.html"), "nothing was published");
    for (path, bytes) in files {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("%PDF secret"), "{path} contains the file");
        let record = path.starts_with("releases/2") && path.ends_with(".json");
        for (at, _) in text.match_indices("documents/soc2.pdf").filter(|_| !record) {
            let link = ["href=\"", "href=&quot;", "href=\\\"", "src=\"", "](", "<", "/"];
            let leads = link.iter().any(|start| text[..at].ends_with(start));
            assert!(!leads, "{path} links to the file: {}", &text[..at + 18]);
        }
    }
}

fn build(project: &Project) -> Run {
    project.run(["build", "--draft", "--no-compress"])
}

fn is_published(project: &Project, path: &str) -> bool {
    project.path("dist").join(path).is_file()
}

fn codes(report: &Report) -> Vec<&'static str> {
    report.diagnostics().iter().map(|d| d.code().as_str()).collect()
}

#[test]
fn public_document_is_published_and_linked() {
    for access in ["", "  access: public\n"] {
        let project = project(&soc2(&format!("{access}  file: documents/soc2.pdf\n")));
        let run = build(&project);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert!(!run.stderr.contains("file-unreferenced"), "{}", run.stderr);
        assert_eq!(project.read("dist/documents/soc2.pdf"), "%PDF secret");
        assert!(project.read("dist/index.html").contains("href=\"./documents/soc2.pdf\""));
        assert!(project.read("dist/index.md").contains("documents/soc2.pdf"));
    }
}

#[test]
fn every_command_rejects_a_file_of_a_restricted_document() {
    for access in ["request", "nda"] {
        let project = project(&soc2(&format!("  access: {access}\n  file: documents/soc2.pdf\n")));
        let (_, report) = project.load();
        assert_eq!(codes(&report), ["file-not-public"]);
        let labels: Vec<_> =
            report.diagnostics()[0].labels.iter().map(|l| &l.place.source.text[l.place.range.clone()]).collect();
        assert_eq!(labels, ["documents/soc2.pdf", access]);
        let commands: [&[&str]; 4] = [
            &["check"],
            &["build", "--draft", "--no-compress"],
            &["release", "-m", "First."],
            &["publish", "file:///nowhere"],
        ];
        for command in commands {
            let run = project.run(command);
            assert_eq!(run.code, Some(1), "{command:?}: {}", run.stderr);
            assert!(run.stderr.contains("error[file-not-public]"), "{command:?}: {}", run.stderr);
        }
        assert!(!project.path("dist").exists());
        // A severity level cannot disable it.
        let project = project.file("content/site.yaml", format!("{SITE}rules:\n  file-not-public: \"off\"\n"));
        let run = project.run(["check"]);
        assert_eq!(run.code, Some(1), "{}", run.stderr);
    }
}

#[test]
fn restricted_document_may_have_a_url() {
    let project = project(&soc2("  access: nda\n  url: https://portal.acme.test/soc2\n"));
    let run = build(&project);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(project.read("dist/index.html").contains("https://portal.acme.test/soc2"));
    assert_secret(&project, "dist");
}

#[test]
fn public_reference_to_a_restricted_file_is_an_error_with_both_locations() {
    let restricted = soc2("  access: nda\n  file: documents/soc2.pdf\n");
    let links = [
        "[a](documents/soc2.pdf)",
        "[a](/documents/soc2.pdf)",
        "[a](./documents/x/../soc2.pdf#page=2)",
        "[a](documents/%73oc2.pdf)",
        "![a](documents/soc2.pdf)",
        "[a][b]\n\n[b]: documents/soc2.pdf",
        "<https://trust.acme.test/trust/documents/soc2.pdf>",
        "[a](http://trust.acme.test/trust/documents/%73oc2.pdf?x)",
    ];
    for link in links {
        let project = project(&restricted).file(SECTION, section(link));
        let run = project.run(["check"]);
        let found = run.stderr.matches("error[file-not-public]").count();
        assert_eq!(found, 2, "{link}: {}", run.stderr);
        let message = "anyone could download `documents/soc2.pdf`: it is the file of `SOC 2`, whose `access` is `nda`";
        assert!(run.stderr.contains(message), "{link}: {}", run.stderr);
        assert!(run.stderr.contains("10-documents.md:6"), "{link}: {}", run.stderr);
    }
    let texts = [
        ("content/data/controls.yaml", "- id: a\n  title: A\n  description: \"[a](documents/soc2.pdf)\"\n"),
        ("content/data/faq.yaml", "- id: a\n  question: A\n  answer: \"[a](documents/soc2.pdf)\"\n"),
        (
            "content/data/commitments.yaml",
            "- id: a\n  plan: A\n  commitment: B\n  details: \"[a](documents/soc2.pdf)\"\n",
        ),
        (
            "content/data/controls.yaml",
            "- id: a\n  title: A\n  evidence: https://trust.acme.test/trust/documents/soc2.pdf\n",
        ),
        (
            DOCUMENTS,
            "- id: soc2\n  title: SOC 2\n  access: nda\n  file: documents/soc2.pdf\n- id: b\n  title: B\n  file: documents/soc2.pdf\n",
        ),
        (
            DOCUMENTS,
            "- id: b\n  title: B\n  file: documents/soc2.pdf\n- id: soc2\n  title: SOC 2\n  access: nda\n  file: documents/soc2.pdf\n",
        ),
    ];
    for (path, text) in texts {
        let project = project(&restricted).file(path, text);
        let run = project.run(["check"]);
        assert_eq!(run.stderr.matches("error[file-not-public]").count(), 2, "{path} {text}: {}", run.stderr);
        assert!(run.stderr.contains(path) && run.stderr.contains("`SOC 2`"), "{path}: {}", run.stderr);
    }
}

/// Servers redirect from former addresses, and a preview at another address has the links of the published site.
#[test]
fn restricted_file_at_another_address_of_the_site_is_an_error() {
    let former =
        format!("{SITE}base_url: https://trust.acme.test/trust/\nformer_base_urls: [https://old.acme.test/center]\n");
    let restricted = soc2("  access: nda\n  file: documents/soc2.pdf\n");
    for (options, link) in [
        (&[][..], "https://old.acme.test/center/documents/soc2.pdf"),
        (&["--base-url", "https://preview.test/7"], "https://old.acme.test/center/documents/soc2.pdf"),
        (&["--base-url", "https://preview.test/7"], "https://trust.acme.test/trust/documents/soc2.pdf"),
        (&["--base-url", "https://preview.test/7"], "https://preview.test/7/documents/soc2.pdf"),
    ] {
        let project =
            project(&restricted).file("content/site.yaml", &former).file(SECTION, section(&format!("<{link}>")));
        let run = project.run([&["build", "--draft"], options].concat());
        assert_eq!(run.stderr.matches("error[file-not-public]").count(), 2, "{options:?} {link}: {}", run.stderr);
    }
}

#[test]
fn restricted_document_cannot_link_to_the_site_itself() {
    let project = project(&soc2("  access: request\n  url: https://trust.acme.test/trust/documents/soc2.pdf\n"));
    let run = build(&project);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.contains("error[file-not-public]") && run.stderr.contains("documents.yaml:4:8"),
        "{}",
        run.stderr
    );
}

#[test]
fn unreferenced_file_is_not_published() {
    let project = project(&soc2("  access: nda\n")).file("static/papers/open.pdf", "%PDF open");
    let run = project.run(["check"]);
    assert_eq!(run.code, Some(0));
    let message = "`static/documents/soc2.pdf` is not published: nothing refers to it";
    assert!(run.stderr.contains("warning[file-unreferenced]") && run.stderr.contains(message), "{}", run.stderr);
    assert!(!run.stderr.contains("open.pdf"), "other folders are published whole: {}", run.stderr);
    assert_eq!(build(&project).code, Some(0));
    assert_secret(&project, "dist");
    assert!(is_published(&project, "papers/open.pdf"));
    // The severity level affects only the message.
    let quiet = project.file("content/site.yaml", format!("{SITE}rules:\n  file-unreferenced: \"off\"\n"));
    let run = build(&quiet);
    assert!(!run.stderr.contains("file-unreferenced"), "{}", run.stderr);
    assert_secret(&quiet, "dist");
}

#[test]
fn every_kind_of_reference_publishes_a_file() {
    let faq = |answer: &str| format!("- id: a\n  question: A\n  answer: \"{answer}\"\n");
    let control = |more: &str| format!("- id: a\n  title: A\n  {more}\n");
    let cases: Vec<(&str, String)> = vec![
        (SECTION, section("[a](documents/a%20b.pdf)")),
        (SECTION, section("[a](</documents/a b.pdf>)")),
        (SECTION, section("![a](./documents/a%20b.pdf)")),
        (SECTION, section("<https://trust.acme.test/trust/documents/a%20b.pdf#p2>")),
        ("content/data/faq.yaml", faq("[a](documents/a%20b.pdf)")),
        ("content/data/controls.yaml", control("description: \"[a](documents/a%20b.pdf)\"")),
        (DOCUMENTS, soc2("  file: documents/a b.pdf\n")),
        ("static/css/extra.css", "a{background:url(\"../documents/a%20b.pdf\")}".to_owned()),
        ("templates/lists/documents.html", "<a href=\"{{ page.root }}documents/a b.pdf\">a</a>".to_owned()),
    ];
    for (path, text) in cases {
        let project = project(&soc2("")).file("static/documents/a b.pdf", "%PDF").file(path, &text);
        let run = build(&project);
        assert_eq!(run.code, Some(0), "{path} {text}: {}", run.stderr);
        assert!(is_published(&project, "documents/a b.pdf"), "{path} {text}: {}", run.stderr);
        assert!(!is_published(&project, "documents/soc2.pdf"), "{path} {text}");
    }
}

#[test]
fn file_names_in_different_unicode_normal_forms_are_distinct() {
    let (nfc, nfd) = ("documents/Gr\u{f6}\u{df}e.pdf", "documents/Gro\u{308}\u{df}e.pdf");
    let restricted = format!("- id: a\n  title: A\n  access: nda\n  file: {nfc}\n");
    let project = project(&restricted)
        .file(format!("static/{nfd}").as_str(), "%PDF")
        .file(SECTION, section(&format!("[a]({nfd})")));
    let run = project.run(["check"]);
    assert_eq!(run.stderr.matches("error[file-not-public]").count(), 2, "{}", run.stderr);
}

/// The page of a release links to the file that the release bound, so the file of `static/` may have become a confidential one.
#[test]
fn file_that_only_a_release_refers_to_is_left_out() {
    for documents in [None, Some("  access: nda\n"), Some("  access: request\n  url: https://portal.acme.test/\n")] {
        let project = project(&soc2("  file: documents/soc2.pdf\n"))
            .file(PDF, "%PDF public")
            .file(SECTION, section("[a](documents/in-text.pdf)"))
            .file("static/documents/in-text.pdf", "%PDF public")
            .file("static/documents/in-summary.pdf", "%PDF public");
        let run = project.run(["release", "-m", "See [the notice](documents/in-summary.pdf)."]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert_eq!(project.run(["build", "--no-compress"]).code, Some(0));
        assert!(is_published(&project, "documents/soc2.pdf") && is_published(&project, "documents/in-text.pdf"));
        let project = match documents {
            Some(fields) => project.file(DOCUMENTS, soc2(fields)),
            None => project.without(DOCUMENTS),
        };
        let project = project.file(SECTION, "---\ntitle: Documents\nshow: documents\n---\nText\n");
        let run = project.run(["release", "-m", "Second."]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let names = ["soc2", "in-text", "in-summary"];
        let project = names
            .iter()
            .fold(project, |project, name| project.file(&format!("static/documents/{name}.pdf"), "%PDF secret"));
        let run = project.run(["check"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        for name in names {
            let message = format!("`static/documents/{name}.pdf` is not published: nothing refers to it");
            assert!(run.stderr.contains(&message), "{}", run.stderr);
        }
        let run = project.run(["build", "--no-compress"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert_secret(&project, "dist");
        let archived = project.read("dist/releases/2026-05-22/index.html");
        for name in names {
            assert!(!is_published(&project, &format!("documents/{name}.pdf")), "{name}");
            let kept = format!("releases/files/{}/{name}.pdf", Digest::of(b"%PDF public"));
            assert_eq!(project.read(&format!("dist/{kept}")), "%PDF public");
            assert!(archived.contains(&kept), "{name}: {archived}");
        }
        let run = project.run(["verify", "dist"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
    }
}

#[test]
fn release_without_files_keeps_those_that_its_texts_link_to() {
    let project = project(&soc2("  file: documents/soc2.pdf\n"))
        .file(SECTION, section("[a](documents/in-text.pdf)"))
        .file("static/documents/in-text.pdf", "%PDF");
    assert_eq!(project.run(["release", "-m", "First."]).code, Some(0));
    let project = as_of_0_1(project, "public").without(DOCUMENTS).file(SECTION, "---\ntitle: Documents\n---\nText\n");
    let run = build(&project);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(is_published(&project, "documents/in-text.pdf"));
    assert!(project.read("dist/releases/2026-05-22/index.html").contains("\"../../documents/in-text.pdf\""));
    // Its page shows the document without a link.
    assert_secret(&project, "dist");
}

/// A release publishes the files that it announces, so a file that becomes public later cannot be announced.
#[test]
fn announced_publication_has_no_file_before_it_takes_effect() {
    let announced = |change: &str| format!("{{announced: 2026-05-01, effective: 2026-06-01, {change}}}");
    let file = "file: documents/soc2.pdf";
    for entries in [
        announced(&format!("access: public, {file}")),
        announced(&format!("remove: [access], {file}")),
        announced(&format!("access: public, editions: [{{version: \"1\", {file}}}]")),
        format!("{}, {{announced: 2026-05-02, effective: 2026-07-01, {file}}}", announced("access: public")),
    ] {
        let project = project(&soc2(&format!("  access: nda\n  upcoming: [{entries}]\n")));
        let message = "anyone could download `documents/soc2.pdf` now, but `SOC 2` is public only from 2026-06-01";
        for command in [&["check"][..], &["build", "--draft", "--no-compress"], &["release", "-m", "First."]] {
            let run = project.run(command);
            assert_eq!(run.code, Some(1), "{entries}: {run:?}");
            assert!(
                run.stderr.contains("error[file-not-public]") && run.stderr.contains(message),
                "{entries}: {run:?}"
            );
            assert!(run.stderr.contains("documents.yaml:4:"), "{entries}: {run:?}");
        }
        // No error appears when a date passes, and the document is public then.
        let run = project.run(["release", "-m", "First.", "--as-of", "2026-06-01", "--date", "2026-06-01"]);
        assert_eq!(run.code, Some(0), "{entries}: {run:?}");
        let run = project.run(["build", "--no-compress", "--as-of", "2026-06-01"]);
        assert_eq!(run.code, Some(0), "{entries}: {run:?}");
        assert!(is_published(&project, "documents/soc2.pdf"), "{entries}");
        // The site has the file of such an announcement, even if it was withdrawn.
        let project = project.file(DOCUMENTS, soc2("  access: nda\n"));
        let run = project.run(["check", "--as-of", "2026-06-02"]);
        assert!(run.stderr.contains("warning[editions-public]"), "{entries}: {run:?}");
    }
    for (documents, is_published_now) in [
        (soc2(&format!("  access: nda\n  upcoming: [{}]\n", announced("access: public"))), false),
        (soc2(&format!("  upcoming: [{}]\n", announced(file))), true),
        (
            soc2(&format!("  access: nda\n  upcoming: [{}]\n", announced(&format!("access: public, {file}"))))
                + &format!("- {{id: copy, title: Copy, {file}}}\n"),
            true,
        ),
    ] {
        let project = project(&documents);
        let run = build(&project);
        assert_eq!(run.code, Some(0), "{documents}: {run:?}");
        assert_eq!(is_published(&project, "documents/soc2.pdf"), is_published_now, "{documents}");
    }
}

/// Rewrites the release of a project as candor 0.1 wrote it, which recorded no files, and accepted files of documents with any
/// access.
fn as_of_0_1(project: Project, access: &str) -> Project {
    let path = "content/releases/2026-05-22.json";
    let mut record: serde_json::Value = serde_json::from_str(&project.read(path)).expect("a record");
    record["disclosure"]["documents"][0]["access"] = access.into();
    let [version, published, summary, disclosure] =
        ["version", "published", "summary", "disclosure"].map(|key| &record[key]);
    let old = serde_json::json!({
        "schema": 1,
        "version": version,
        "published": published,
        "summary": summary,
        "previous": null,
        "disclosure": disclosure,
    });
    let record = serde_json::from_value::<RecordV1>(old).expect("a record").to_bytes();
    let sums = format!("{}  2026-05-22.json\n", Digest::of(&record));
    project.file(path, record).file("content/releases/SHA256SUMS", sums)
}

#[test]
fn release_that_restricts_a_file_does_not_publish_or_link_it() {
    for access in ["request", "nda"] {
        let project = project(&soc2("  file: documents/soc2.pdf\n"));
        assert_eq!(project.run(["release", "-m", "First."]).code, Some(0));
        let project = as_of_0_1(project, access).file(DOCUMENTS, soc2(&format!("  access: {access}\n")));
        let run = project.run(["release", "-m", "Second."]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let run = project.run(["build", "--no-compress"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let reason = format!("it is the file of `SOC 2`, whose `access` is `{access}` in release 2026-05-22");
        assert!(run.stderr.contains(&reason), "{}", run.stderr);
        assert_secret(&project, "dist");
        let archived = project.read("dist/releases/2026-05-22/index.html");
        assert!(archived.contains("SOC 2"), "the page still lists the document");
        let destination = format!("file://{}", project.path("published").display());
        let run = project.run(["publish", &destination, "--no-compress"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert_secret(&project, "published");
        // A link is a public reference, and nothing in the content makes the file public.
        let project = project.file(SECTION, section("[a](documents/soc2.pdf)"));
        let run = build(&project);
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        assert!(run.stderr.contains("error[file-not-public]") && run.stderr.contains(&reason), "{}", run.stderr);
        let project = project.file(DOCUMENTS, soc2("  file: documents/soc2.pdf\n"));
        let run = build(&project);
        assert_eq!(run.code, Some(0), "the newest statement decides: {}", run.stderr);
        assert!(is_published(&project, "documents/soc2.pdf"));
        let archived = project.read("dist/releases/2026-05-22/index.html");
        assert!(!archived.contains("soc2.pdf"), "that release did not offer the file");
    }
}

#[test]
fn newly_restricted_document_is_removed_from_archived_pages() {
    let project = project(&soc2("  file: documents/soc2.pdf\n"));
    assert_eq!(project.run(["release", "-m", "First."]).code, Some(0));
    let project = as_of_0_1(project, "public");
    let record = project.read("content/releases/2026-05-22.json");
    let sums = project.read("content/releases/SHA256SUMS");
    let project = as_of_0_1(project, "nda");
    // The public release becomes the older one, followed by the restricted one.
    let newer = project.read("content/releases/2026-05-22.json");
    let digest = Digest::of(record.as_bytes());
    let head = format!("\"previous\": {{\n    \"version\": \"2026-05-22\",\n    \"sha256\": \"{digest}\"\n  }}");
    let newer = newer.replacen("\"version\": \"2026-05-22\"", "\"version\": \"2026-05-22.2\"", 1);
    let newer = newer.replacen("\"previous\": null", &head, 1);
    assert!(newer.contains("sha256"), "{newer}");
    let sums = format!("{sums}{}  2026-05-22.2.json\n", Digest::of(newer.as_bytes()));
    let project = project
        .file("content/releases/2026-05-22.json", record)
        .file("content/releases/2026-05-22.2.json", newer)
        .file("content/releases/SHA256SUMS", sums)
        .file(DOCUMENTS, soc2("  access: nda\n"));
    let run = build(&project);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_secret(&project, "dist");
}

#[test]
fn file_of_an_edition_under_nda_is_refused_and_not_published() {
    for access in ["nda", "request"] {
        let editions = "  editions:\n    - {version: \"1\", file: documents/soc2.pdf}\n";
        let project = project(&soc2(&format!("  access: {access}\n{editions}")));
        let run = build(&project);
        assert!(run.code == Some(1) && run.stderr.contains("error[file-not-public]"), "{run:?}");
        assert!(run.stderr.contains("documents.yaml:5:"), "{run:?}");
        // An address of this site is a file of it, too.
        let address = editions.replace("file: documents/", "url: 'https://trust.acme.test/trust/documents/");
        let project =
            project.file(DOCUMENTS, soc2(&format!("  access: {access}\n{}", address.replace(".pdf", ".pdf'"))));
        let run = build(&project);
        assert!(run.code == Some(1) && run.stderr.contains("error[file-not-public]"), "{run:?}");
        assert!(run.stderr.contains("documents.yaml:5:"), "{run:?}");
    }
}

#[test]
fn editions_are_published_linked_and_bound() {
    let editions = "  version: \"2\"\n  file: documents/soc2.pdf\n  editions:\n    \
        - {version: \"1\", date: 2025-01-02, file: documents/old.pdf}\n    - {date: 2024-01-02, url: 'https://files.acme.test/0'}\n";
    let project = project(&soc2(&format!("  kind: report\n{editions}"))).file("static/documents/old.pdf", "%PDF old");
    assert_eq!(project.run(["release", "-m", "First."]).code, Some(0));
    let record: serde_json::Value =
        serde_json::from_str(&project.read("content/releases/2026-05-22.json")).expect("JSON");
    let bound: Vec<&str> =
        record["files"].as_array().expect("files").iter().filter_map(|it| it["path"].as_str()).collect();
    assert_eq!(bound, ["documents/old.pdf", "documents/soc2.pdf"]);
    let run = project.run(["build", "--no-compress"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(is_published(&project, "documents/old.pdf") && is_published(&project, "documents/soc2.pdf"));
    let html = project.read("dist/index.html");
    assert!(html.contains("<a href=\"./documents/old.pdf\">Version 1</a> <span>2 January 2025</span>"), "{html}");
    assert!(html.contains("<a href=\"https://files.acme.test/0\">2 January 2024</a>"), "{html}");
    let copy = project.read("dist/index.md");
    assert!(
        copy.contains("Earlier editions: [Version 1, 2 January 2025](https://trust.acme.test/trust/documents/old.pdf)"),
        "{copy}"
    );
    // A replaced file of an edition is an unreleased change, and the archived page keeps the released one.
    let project = project.file("static/documents/old.pdf", "%PDF other");
    let diff = project.run(["diff"]).stdout;
    assert!(diff.contains("editions replaced (version still 1)") && !diff.contains("notice"), "{diff}");
    let missing = project.without("static/documents/old.pdf").run(["check"]);
    assert!(missing.code == Some(1) && missing.stderr.contains("error[file-not-found]"), "{missing:?}");
}

#[test]
fn editions_of_a_renamed_document_are_named() {
    let file = "  file: documents/soc2.pdf\n";
    let other = "- {id: other, title: Other, file: documents/other.pdf}\n";
    for (again, is_named) in [
        // With another id, with the same id, with the same id in a later release, and after two changes of the id.
        (&["- {id: report, title: soc 2, access: nda}\n"][..], true),
        (&["- {id: soc2, title: Report, access: request}\n"], true),
        (&[other, "- {id: soc2, title: Report, access: nda}\n"], true),
        (&["- {id: a, title: Audit, file: documents/soc2.pdf}\n", "- {id: b, title: Audit, access: nda}\n"], true),
        // It was only removed, or is another document.
        (&[other], false),
        (&["- {id: report, title: Report, access: nda}\n"], false),
        (&["- {id: soc2, title: SOC 2, file: documents/soc2.pdf}\n- {id: b, title: SOC 2, access: nda}\n"], false),
    ] {
        let mut project = project(&soc2(file)).file("static/documents/other.pdf", "%PDF other");
        assert_eq!(project.run(["release", "-m", "First.", "--date", "2026-05-01"]).code, Some(0));
        for (at, documents) in again.iter().enumerate() {
            project = project.file(DOCUMENTS, *documents);
            if at + 1 < again.len() {
                let run = project.run(["release", "-m", "Next.", "--date", &format!("2026-05-0{}", at + 2)]);
                assert_eq!(run.code, Some(0), "{run:?}");
            }
        }
        let check = project.run(["check"]);
        assert_eq!(check.stderr.contains("warning[editions-public]"), is_named, "{again:?}: {check:?}");
        let digest = Digest::of(b"%PDF secret").to_string();
        assert_eq!(check.stderr.contains(&format!("candor redact --file {digest}")), is_named, "{again:?}: {check:?}");
    }
}

#[test]
fn replaced_file_of_a_dpa_requires_notice() {
    for (kind, notice) in [("dpa", true), ("report", false)] {
        let project = project(&soc2(&format!("  kind: {kind}\n  file: documents/soc2.pdf\n")));
        assert_eq!(project.run(["release", "-m", "First."]).code, Some(0));
        let project = project.file(PDF, "%PDF other");
        let diff: serde_json::Value =
            serde_json::from_str(&project.run(["diff", "--format", "json"]).stdout).expect("JSON");
        assert_eq!(diff["notice"], notice, "{diff:#}");
        assert_eq!(project.run(["release", "-m", "Second."]).code, Some(0));
        assert_eq!(project.run(["build", "--no-compress"]).code, Some(0));
        assert_eq!(project.read("dist/changelog/index.html").contains("Customer notice"), notice, "{kind}");
    }
}

#[test]
fn request_link_uses_the_stated_address() {
    for (fields, expected) in [
        ("  access: nda\n  request_url: https://acme.test/ask\n", "https://acme.test/ask"),
        ("  access: request\n  request_url: https://acme.test/ask\n", "https://acme.test/ask"),
        (
            "  access: nda\n  url: https://acme.test/portal\n  request_url: https://acme.test/ask\n",
            "https://acme.test/ask",
        ),
        ("  access: nda\n  url: https://acme.test/portal\n", "https://acme.test/portal"),
        ("  access: nda\n", "mailto:security@acme.test?subject=Document%20request%3A%20SOC%202&amp;body=Hello"),
        ("  request_url: https://acme.test/ask\n", "https://acme.test/ask"),
    ] {
        let contacts = "contacts: {security: security@acme.test}\n";
        let project = project(&soc2(fields)).file("content/site.yaml", format!("{SITE}{contacts}"));
        assert_eq!(build(&project).code, Some(0));
        let html = project.read("dist/index.html");
        let (_, item) = html.split_once("<li id=\"document-soc2\">").expect("the document");
        let item = item.split("</li>").next().expect("its text");
        assert!(item.contains(&format!("<a href=\"{expected}")) && item.contains("SOC 2</span></a>"), "{item}");
        // A document that is not public never looks like a download.
        let first = item.split("<p class=\"state\">").nth(1).expect("the action");
        let action =
            if fields.contains("nda") { "i-lock\"/></svg> Request under NDA" } else { "i-mail\"/></svg> Request" };
        assert!(first.starts_with(&format!("<a href=\"{expected}")) && first.contains(action), "{item}");
    }
}

#[test]
fn announced_restriction_removes_the_file_when_it_takes_effect() {
    for (change, has_copy) in [
        ("access: nda, remove: [file]", false),
        ("access: request, remove: [file]", false),
        ("access: nda, remove: [file]", true),
    ] {
        let upcoming = format!("  upcoming: [{{announced: 2026-05-01, effective: 2026-06-01, {change}}}]\n");
        let copy = if has_copy { "- {id: copy, title: Copy, file: documents/soc2.pdf}\n" } else { "" };
        let project = project(&(soc2("  file: documents/soc2.pdf\n") + &upcoming + copy));
        assert_eq!(project.run(["release", "-m", "First.", "--date", "2026-05-01"]).code, Some(0));
        let at = |date: &str| {
            let run = project.run(["build", "--as-of", date]);
            assert_eq!(run.code, Some(0), "{date}: {run:?}");
            let check = project.run(["check", "--as-of", date]);
            assert_eq!(check.code, Some(0), "{date}: {check:?}");
            let verify = project.run(["verify", "dist", "--as-of", date]);
            assert_eq!(verify.code, Some(0), "{date}: {verify:?}");
            let is_published = project.path("dist/documents/soc2.pdf").exists();
            let reports = |code: &str| check.stderr.contains(&format!("[{code}]"));
            (
                is_published,
                reports("editions-public"),
                check.stderr.contains("is not published: it is the file of `SOC 2`"),
            )
        };
        assert_eq!(at("2026-05-31"), (true, false, false), "{change}");
        // Another document that is public keeps the file.
        assert_eq!(at("2026-06-01"), (has_copy, true, !has_copy), "{change}");
        // A release that changes something else still binds what the document states.
        let project = project.file(SECTION, section("More."));
        assert_eq!(
            project.run(["release", "-m", "Second.", "--date", "2026-06-02", "--as-of", "2026-06-02"]).code,
            Some(0)
        );
        assert_eq!(project.run(["verify", "--as-of", "2026-06-02"]).code, Some(0));
        assert_eq!(project.run(["build", "--as-of", "2026-06-02"]).code, Some(0));
        assert_eq!(project.path("dist/documents/soc2.pdf").exists(), has_copy);
    }
}
