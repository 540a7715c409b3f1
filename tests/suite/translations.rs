//! `content/i18n/`: overlays that translate the content, the list of accepted translations, and `candor translate`.

use std::fs;

use candor::model::Digest;
use serde_json::Value;

use crate::support::{Project, ok};

const SITE: &str = "title: Trust\ndescription: What we do.\nlanguage: en\nlanguages: [de, ar]\n\
    organization: {name: Example, jurisdiction: eu}\nbase_url: https://trust.example.org\n\
    contacts: {privacy: privacy@example.org}\nnotice: {days: 30, basis: Section 7 of the agreement}\n";

const SUBPROCESSORS: &str = "\
- id: hetzner
  name: Hetzner
  purpose: Hosting and storage
  data_categories: [Names, Log data]
  locations: [DE]
  transfer_mechanism: adequacy
- id: mailer
  name: Mailer
  purpose: Sends email
  services:
    - name: Bulk & Co.
      purpose: Newsletters
      data_categories: [Email address]
      condition: {when: enabled, feature: newsletter, label: Only with newsletters}
      locations:
        - FR
        - {code: US, place: Ohio, condition: {feature: archive, label: Only with the archive}}
      transfer_mechanism:
        - {mechanism: scc, to: [US], note: Module 3}
  upcoming:
    - {announced: 2026-05-01, effective: 2026-07-01, note: More data, purpose: Sends email and letters}
";

const BODY: &str = "We protect data with `{n}` keys.\n\n- Encryption at *rest*\n- See [our policy](https://policy.example.com/?b=1&c=2)\n\n    indented\n\nThe end.";

fn project() -> Project {
    Project::empty()
        .file("content/site.yaml", SITE)
        .file(
            "content/sections/10-security.md",
            format!("---\ntitle: Security\nsummary: How we protect data.\n---\n\n{BODY}\n"),
        )
        .file("content/sections/20-vendors.md", "---\ntitle: Vendors\nshow: subprocessors\n---\n")
        .file("content/pages/imprint.md", "---\ntitle: Imprint\n---\n\nExample, Berlin\n")
        .file("content/data/subprocessors.yaml", SUBPROCESSORS)
        .file(
            "content/questionnaires/caiq.yaml",
            "title: CAIQ\nquestions:\n  - {id: a, question: Do you?, answer: yes, explanation: We do.}\n",
        )
        .file("templates/strings/ar.yaml", "nav: {home: الرئيسية}\n")
}

fn status(project: &Project, language: &str) -> Value {
    let run = project.run(["translate", "status", language, "--format", "json"]);
    let status: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    let complete = ["missing", "stale", "unaccepted", "extra"].iter().all(|state| keys(&status, state).is_empty());
    assert_eq!(run.code, Some(if complete { 0 } else { 1 }), "{run:?}");
    status
}

fn keys(status: &Value, state: &str) -> Vec<String> {
    let texts = status["languages"][0][state].as_array().expect("a list");
    texts.iter().map(|text| text["key"].as_str().expect("a key").to_owned()).collect()
}

/// Returns the codes that `candor check` reports, with the messages.
fn problems(project: &Project) -> Vec<(String, String)> {
    let run = project.run(["check", "--format", "json", "--as-of", "2026-05-22"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    let found = report["diagnostics"].as_array().expect("a list").iter();
    found
        .map(|found| {
            (
                found["code"].as_str().unwrap_or_default().to_owned(),
                found["message"].as_str().unwrap_or_default().to_owned(),
            )
        })
        .filter(|(code, _)| code.contains("transl") || code.contains("language") || code.contains("authority"))
        .collect()
}

/// Translates a text as no translator would: the same, with a mark, so that every line and sign is kept.
fn mark(text: &str) -> String {
    text.split('\n')
        .map(|line| if line.is_empty() { String::new() } else { format!("{line} ü") })
        .collect::<Vec<_>>()
        .join("\n")
}

/// Fills in all translations of an extracted YAML file, from the comments with the sources.
fn translated_yaml(file: &str) -> String {
    let mut source: Vec<&str> = Vec::new();
    let mut out = String::new();
    for line in file.lines() {
        match line.strip_prefix('#') {
            Some(text) => source.push(text.strip_prefix(' ').unwrap_or(text)),
            None if line.is_empty() => source.clear(),
            None => {}
        }
        if line == "  text: \"\"" {
            out += &format!("  text: {}\n", Value::from(mark(&source.join("\n"))));
        } else {
            out += &format!("{line}\n");
        }
    }
    out
}

/// A project with all texts translated into German and accepted.
fn translated() -> Project {
    let project = project();
    let file = ok(&project, &["translate", "extract", "de"]);
    let project = project.file("de.yaml", translated_yaml(&file));
    let accepted = project.run(["translate", "accept", "de", project.path("de.yaml").to_str().expect("a path")]);
    assert_eq!(accepted.code, Some(0), "{accepted:?}");
    project
}

#[test]
fn all_texts_are_extracted_translated_and_accepted() {
    let project = project();
    let table = ok(&project, &["translate", "extract", "de", "--format", "csv"]);
    assert!(table.starts_with("key,source,current,translation\r\nsite.title,Trust,,\r\n"), "{table}");
    let before = status(&project, "de");
    let missing = keys(&before, "missing");
    for key in [
        "site.title",
        "site.notice.basis",
        "sections[security].body",
        "pages[imprint].body",
        "subprocessors[hetzner].data_categories",
        "subprocessors[mailer].services[Bulk & Co.].condition.label",
        "subprocessors[mailer].services[Bulk & Co.].locations[1].condition.label",
        "subprocessors[mailer].services[Bulk & Co.].transfer_mechanism[0].note",
        "subprocessors[mailer].upcoming[2026-05-01].purpose",
        "questionnaires[caiq].questions[a].explanation",
    ] {
        assert!(missing.iter().any(|missing| missing == key), "{key} {missing:?}");
    }
    assert_eq!(before["languages"][0]["texts"], missing.len());
    let project = translated();
    let after = status(&project, "de");
    assert_eq!(after["languages"][0]["current"], missing.len(), "{after}");
    assert_eq!(
        project.read("content/i18n/de/sections/10-security.md"),
        format!("---\ntitle: Security ü\nsummary: How we protect data. ü\n---\n\n{}\n", mark(BODY))
    );
    let overlay = project.read("content/i18n/de/data/subprocessors.yaml");
    assert!(overlay.contains("    - name: Bulk & Co.\n"), "{overlay}");
    assert!(overlay.contains("      locations:\n        - {}\n        - condition:\n            label: "), "{overlay}");
    // What is complete is extracted as nothing, and accepting again changes nothing.
    assert!(ok(&project, &["translate", "extract", "de"]).ends_with("[]\n"));
    let lock = project.read("content/i18n/de.lock");
    ok(&project, &["translate", "accept", "de"]);
    assert_eq!(project.read("content/i18n/de.lock"), lock);
    let digest = Digest::of(b"Hosting and storage").to_string();
    assert!(
        lock.lines().any(|line| line.starts_with(&digest) && line.ends_with(" subprocessors[hetzner].purpose")),
        "{lock}"
    );
}

#[test]
fn a_changed_sentence_makes_exactly_its_translation_stale() {
    let project = translated();
    let total = status(&project, "de")["languages"][0]["texts"].clone();
    let edited = SUBPROCESSORS.replace("Hosting and storage", "Hosting");
    let project = project.file("content/data/subprocessors.yaml", edited);
    let after = status(&project, "de");
    assert_eq!(keys(&after, "stale"), ["subprocessors[hetzner].purpose"]);
    assert_eq!(
        (&after["languages"][0]["texts"], after["languages"][0]["current"].as_u64()),
        (&total, total.as_u64().map(|n| n - 1))
    );
    let found: Vec<_> = problems(&project).into_iter().filter(|(code, _)| code == "translation-stale").collect();
    let message = "the source of `subprocessors[hetzner].purpose` has changed since it was translated into `de`";
    assert_eq!(found, [("translation-stale".to_owned(), message.to_owned())]);
    // The translation is compared with its source, and accepted.
    ok(&project, &["translate", "accept", "de"]);
    assert_eq!(keys(&status(&project, "de"), "stale"), Vec::<String>::new());
}

#[test]
fn moving_and_renaming_files_and_items_keeps_translations() {
    let project = translated();
    let mut items: Vec<&str> = SUBPROCESSORS.split_inclusive("adequacy\n").collect();
    items.reverse();
    let project = project.file("content/data/subprocessors.yaml", items.concat());
    let text = project.read("content/sections/10-security.md");
    let project = project.without("content/sections/10-security.md").file("content/sections/15-security.md", text);
    let after = status(&project, "de");
    assert_eq!(after["languages"][0]["current"], after["languages"][0]["texts"], "{after}");
}

#[test]
fn files_in_every_format_return_with_placeholders_line_breaks_and_markdown() {
    for format in ["yaml", "xliff", "csv"] {
        let project = project();
        let name = format!("texts.{}", if format == "xliff" { "xlf" } else { format });
        let path = project.path(&name).to_str().expect("a path").to_owned();
        ok(&project, &["translate", "extract", "de", "--out", &path]);
        let file = project.read(&name);
        let filled = match format {
            "yaml" => translated_yaml(&file),
            "xliff" => {
                let mut out = String::new();
                let mut rest = file.as_str();
                while let Some((before, after)) = rest.split_once("<source>") {
                    let (source, after) = after.split_once("</source>").expect("an end");
                    out += &format!("{before}<source>{source}</source><target>{}</target>", mark(source));
                    rest = after;
                }
                out + rest
            }
            _ => {
                let mut reader = csv::Reader::from_reader(file.trim_start_matches('\u{FEFF}').as_bytes());
                let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
                writer.write_record(["translation", "key", "source"]).expect("a row");
                for record in reader.records() {
                    let record = record.expect("a row");
                    // Spreadsheets write line breaks of their own.
                    writer
                        .write_record([&mark(&record[1]).replace('\n', "\r\n"), &record[0], &record[1]])
                        .expect("a row");
                }
                String::from_utf8(writer.into_inner().expect("a table")).expect("text")
            }
        };
        let project = project.file(&name, filled);
        let run = project.run(["translate", "accept", "de", &path]);
        assert_eq!(run.code, Some(0), "{format} {run:?}");
        let after = status(&project, "de");
        assert_eq!(after["languages"][0]["current"], after["languages"][0]["texts"], "{format} {after}");
        assert!(
            project.read("content/i18n/de/sections/10-security.md").ends_with(&format!("{}\n", mark(BODY))),
            "{format}"
        );
        let (content, report) = project.load();
        assert!(!report.has_errors());
        let translation = &content.expect("content").translations[&"de".parse().expect("a language")];
        let categories = translation.texts["subprocessors[hetzner].data_categories"].value.to_string();
        assert_eq!(categories, "Names ü\nLog data ü", "{format}");
    }
}

#[test]
fn a_translation_of_an_old_source_is_not_accepted() {
    for name in ["de.yaml", "de.csv", "de.xlf"] {
        let project = project();
        let path = project.path(name).to_str().expect("a path").to_owned();
        ok(&project, &["translate", "extract", "de", "--out", &path]);
        let file = project.read(name);
        let filled = match name {
            "de.yaml" => translated_yaml(&file),
            "de.csv" => file.replace("Hosting and storage,,", "Hosting and storage,,Betrieb"),
            _ => file.replace(
                "<source>Hosting and storage</source>",
                "<source>Hosting and storage</source><target>Betrieb</target>",
            ),
        };
        let edited = SUBPROCESSORS.replace("Hosting and storage", "Hosting").replace("- id: mailer", "- id: mail");
        let project = project.file(name, filled).file("content/data/subprocessors.yaml", edited);
        let run = project.run(["translate", "accept", "de", &path]);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(run.stderr.contains("warning[translation-stale]"), "{run:?}");
        assert_eq!(run.stderr.contains("warning[translation-extra]"), name == "de.yaml", "{run:?}");
        assert_eq!(keys(&status(&project, "de"), "unaccepted"), ["subprocessors[hetzner].purpose"]);
        assert!(project.read("content/i18n/de/data/subprocessors.yaml").contains("- id: hetzner\n  purpose: "));
    }
}

#[test]
fn translations_by_hand_are_accepted_without_a_file() {
    let project = project().file(
        "content/i18n/de/data/subprocessors.yaml",
        "# Reviewed by counsel.\n- id: hetzner\n  purpose: Betrieb\n  data_categories: [Daten, Daten]\n",
    );
    assert_eq!(keys(&status(&project, "de"), "unaccepted").len(), 2);
    assert_eq!(ok(&project, &["translate", "accept", "de"]), "Accepted 2 translations\n");
    assert_eq!(keys(&status(&project, "de"), "unaccepted").len(), 0);
    // Comments at the beginning stay, and the file is written in the order of the content.
    let texts = "- key: subprocessors[mailer].purpose\n  source: \"{}\"\n  text: Versand\n";
    let project = project.file("a.yaml", texts.replace("{}", &Digest::of(b"Sends email").to_string()));
    let run = project.run(["translate", "accept", "de", project.path("a.yaml").to_str().expect("a path")]);
    assert_eq!(run.stdout, "Wrote content/i18n/de/data/subprocessors.yaml\nAccepted 1 translation\n", "{run:?}");
    assert_eq!(
        project.read("content/i18n/de/data/subprocessors.yaml"),
        "# Reviewed by counsel.\n- id: hetzner\n  purpose: Betrieb\n  data_categories:\n    - Daten\n    - Daten\n\n- id: mailer\n  purpose: Versand\n"
    );
}

#[test]
fn a_removed_source_leaves_an_extra_translation() {
    let project = translated();
    let edited = SUBPROCESSORS.replace(
        "  purpose: Hosting and storage\n  data_categories: [Names, Log data]\n",
        "  purpose: Hosting and storage\n",
    );
    let project = project.file("content/data/subprocessors.yaml", edited).without("content/pages/imprint.md");
    let after = project.run(["translate", "status", "de"]);
    assert!(
        after.stdout.contains(", 2 extra\n  extra         pages[imprint]  content/i18n/de/pages/imprint.md:1\n"),
        "{after:?}"
    );
    let text = "  extra         subprocessors[hetzner].data_categories  content/i18n/de/data/subprocessors.yaml:4\n";
    assert!(after.stdout.contains(text), "{after:?}");
    assert_eq!(problems(&project).iter().filter(|(code, _)| code == "translation-extra").count(), 2);
    // It stays extra, and does not become an error, until it is removed.
    ok(&project, &["translate", "accept", "de"]);
    assert_eq!(keys(&status(&project, "de"), "extra").len(), 2);
    let overlay = project.read("content/i18n/de/data/subprocessors.yaml");
    let (before, rest) = overlay.split_once("  data_categories:\n").expect("the extra text");
    let rest: String = rest.split_inclusive('\n').skip(2).collect();
    let project = project
        .file("content/i18n/de/data/subprocessors.yaml", format!("{before}{rest}"))
        .without("content/i18n/de/pages/imprint.md");
    assert_eq!(keys(&status(&project, "de"), "extra").len(), 0);
    ok(&project, &["translate", "accept", "de"]);
    assert!(!project.read("content/i18n/de.lock").contains("imprint"));
}

#[test]
fn entries_of_a_list_are_translated_one_by_one() {
    let project = translated();
    let edited = SUBPROCESSORS.replace("[Names, Log data]", "[Names, Log data, Addresses]");
    let project = project.file("content/data/subprocessors.yaml", edited);
    assert_eq!(keys(&status(&project, "de"), "stale"), ["subprocessors[hetzner].data_categories"]);
    let run = project.run(["translate", "accept", "de"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stderr.contains("error[translation-entries]"), "{run:?}");
    assert!(run.stderr.contains("content/i18n/de/data/subprocessors.yaml:"), "{run:?}");
}

#[test]
fn translations_are_no_part_of_releases() {
    let project = translated();
    ok(&project, &["release", "-m", "First release", "--date", "2026-05-22"]);
    let record = project.read("content/releases/2026-05-22.json");
    assert!(!record.contains(" ü"), "{record}");
    let overlay = project.read("content/i18n/de/site.yaml").replace("Trust ü", "Vertrauen");
    let project = project.file("content/i18n/de/site.yaml", overlay);
    ok(&project, &["build", "--as-of", "2026-05-22"]);
    // No page is published in a language until its texts are released.
    assert!(!project.path("dist/de").exists());
}

#[test]
fn reports_what_an_overlay_cannot_state() {
    let case = |path: &str, text: &str| {
        let found = project().file(path, text).diagnostics();
        assert_eq!(found.matches("error[").count(), 1, "{path}: {found}");
        found
    };
    for (path, text, code, place) in [
        ("content/i18n/de/data/subprocessors.yaml", "- id: hetzne\n  purpose: A\n", "translation-unknown", ":1:7"),
        ("content/i18n/de/data/subprocessors.yaml", "- id: hetzner\n  retention: A\n", "translation-unknown", ":2:14"),
        (
            "content/i18n/de/data/subprocessors.yaml",
            "- id: hetzner\n  condition: {label: A}\n",
            "translation-unknown",
            ":2:3",
        ),
        ("content/i18n/de/data/subprocessors.yaml", "- id: hetzner\n  name: A\n", "translation-fact", ":2:3"),
        ("content/i18n/de/data/subprocessors.yaml", "- id: hetzner\n  locations: [DE]\n", "wrong-type", ":2:15"),
        (
            "content/i18n/de/data/subprocessors.yaml",
            "- id: hetzner\n  effective: 2026-05-01\n",
            "translation-fact",
            ":2:3",
        ),
        (
            "content/i18n/de/data/subprocessors.yaml",
            "- id: hetzner\n  data_categories: [A]\n",
            "translation-entries",
            ":2:",
        ),
        ("content/i18n/de/data/subprocessors.yaml", "- purpose: A\n", "missing-field", ":1:3"),
        ("content/i18n/de/data/subprocessors.yaml", "- {id: hetzner}\n- {id: hetzner}\n", "duplicate-id", ":2:8"),
        ("content/i18n/de/data/subprocessors.yaml", "- id: hetzner\n  purpose: 5\n", "wrong-type", ":2:12"),
        ("content/i18n/de/data/subprocessors.yaml", "id: hetzner\n", "wrong-type", ":1:1"),
        ("content/i18n/de/site.yaml", "organization: {name: A}\n", "translation-fact", ":1:1"),
        ("content/i18n/de/site.yaml", "titel: A\n", "translation-fact", ":1:1"),
        ("content/i18n/de/sections/10-security.md", "---\nshow: controls\n---\n", "translation-fact", ":2:1"),
        ("content/i18n/de/sections/20-vendors.md", "---\n---\nText.\n", "translation-unknown", ":3:1"),
        ("content/i18n/de/sections/30-other.md", "---\ntitle: A\n---\n", "translation-unknown", ""),
        ("content/i18n/de/pages/10-imprint.md", "---\ntitle: A\n---\n", "translation-unknown", ""),
        ("content/i18n/de/data/subprocessors.yml", "[]\n", "translation-unknown", ""),
        ("content/i18n/de/other.yaml", "[]\n", "translation-unknown", ""),
        ("content/i18n/de.lock", "subprocessors[hetzner].purpose\n", "translation-lock", ":1:1"),
        ("content/i18n/fr/site.yaml", "title: A\n", "translation-language", ""),
        ("content/i18n/en/site.yaml", "title: A\n", "translation-language", ""),
        ("content/i18n/german/site.yaml", "title: A\n", "translation-language", ""),
        ("content/i18n/fr.lock", "", "translation-language", ""),
    ] {
        let found = case(path, text);
        assert!(found.contains(&format!("error[{code}]")), "{path} {text}: {found}");
        let at =
            if place.is_empty() { path.trim_end_matches("/site.yaml").to_owned() } else { format!("{path}{place}") };
        assert!(found.contains(&at), "{at}: {found}");
    }
}

#[test]
fn two_overlays_of_one_file_are_an_error() {
    let overlay = "---\ntitle: Sicherheit\n---\n";
    let found = project()
        .file("content/i18n/de/sections/10-security.md", overlay)
        .file("content/i18n/de/sections/12-security.md", overlay)
        .diagnostics();
    assert!(
        found.contains("error[translation-twice]: two overlays translate `content/sections/10-security.md`"),
        "{found}"
    );
    assert!(found.contains("content/i18n/de/sections/12-security.md:1:1"), "{found}");
}

#[test]
fn an_edited_lock_is_an_error_and_a_merged_one_is_not() {
    let project = translated();
    let lock = project.read("content/i18n/de.lock");
    let edited = lock.replace(&Digest::of(b"Hosting and storage").to_string(), &Digest::of(b"Hosting").to_string());
    let project = project.file("content/i18n/de.lock", edited);
    let found = project.diagnostics();
    assert!(found.contains("error[translation-lock]") && found.contains("content/i18n/de.lock:"), "{found}");
    let refused = project.run(["translate", "accept", "de"]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    // A merge may leave lines in another order.
    let mut lines: Vec<&str> = lock.lines().collect();
    lines.rotate_left(3);
    let project = project.file("content/i18n/de.lock", lines.join("\n"));
    assert_eq!(project.diagnostics(), "");
    assert_eq!(status(&project, "de")["languages"][0]["missing"], Value::Array(Vec::new()));
}

#[test]
fn the_languages_of_a_site_are_checked() {
    let site = |languages: &str| {
        project().file("content/site.yaml", SITE.replace("language: en\nlanguages: [de, ar]", languages))
    };
    let codes = |project: &Project| problems(project).into_iter().map(|(code, _)| code).collect::<Vec<_>>();
    assert_eq!(codes(&site("languages: [de]")), ["authority-not-stated", "translation-missing"]);
    assert_eq!(codes(&site("language: en\nlanguages: [fi]")), ["language-unknown", "translation-missing"]);
    assert_eq!(codes(&site("language: en\nlanguages: [en]")), ["translation-language"]);
    assert_eq!(codes(&site("language: en\nlanguages: [german]")), ["bad-language"]);
    assert_eq!(codes(&site("language: en")), Vec::<String>::new());
    let message = &problems(&site("language: en\nlanguages: [de]"))[0].1;
    assert!(
        message.contains(" texts are not translated into `de`: `site.title`, `site.description`, `site.notice.basis`"),
        "{message}"
    );
}

#[test]
fn files_of_translators_are_checked() {
    let project = project();
    let accept = |name: &str, text: &str| {
        fs::write(project.path(name), text).expect("a file");
        project.run(["translate", "accept", "de", project.path(name).to_str().expect("a path")])
    };
    let xliff =
        "<xliff xmlns=\"urn:oasis:names:tc:xliff:document:2.0\" version=\"2.1\" srcLang=\"en\" trgLang=\"fr\"></xliff>";
    let entry = format!("- key: site.title\n  source: \"{}\"\n  text: A\n", Digest::of(b"Trust"));
    for (name, text, expected) in [
        (
            "a.xlf",
            xliff.replace("\"fr\"", "\"de\"").replace("version=\"2.1\"", "version=\"1.2\""),
            "the file is not XLIFF 2",
        ),
        ("a.xlf", xliff.to_owned(), "the file is a translation into `fr`, not `de`"),
        ("a.xlf", "<xliff".to_owned(), "the file is not"),
        ("a.xlf", xliff.replace("</xliff>", "").replace("fr", "de"), "the file ends before its last element"),
        ("a.csv", "a,b\n".to_owned(), "the first line is not that of a table of texts"),
        ("a.yaml", "a: b\n".to_owned(), "the file is not a list of texts"),
        ("a.yaml", "- key: site.title\n  text: A\n".to_owned(), "this entry has no key, source and text"),
        ("a.yaml", entry.repeat(2), "the file states `site.title` twice"),
    ] {
        let run = accept(name, &text);
        assert_eq!(run.code, Some(1), "{run:?}");
        assert!(run.stderr.contains("error[translation-file]") && run.stderr.contains(expected), "{expected}: {run:?}");
        assert!(run.stderr.contains(&format!("{name}:")), "{run:?}");
    }
    let list = "key,source,translation\n\"subprocessors[hetzner].data_categories\",\"Names\nLog data\",Daten\n";
    let run = accept("a.csv", list);
    assert!(run.stderr.contains("error[translation-entries]") && run.stderr.contains("a.csv:2:1"), "{run:?}");
    assert!(!project.path("content/i18n/de.lock").exists());
    for (args, expected) in [
        (["translate", "accept", "de", "a.txt"].as_slice(), "is not a file of a translator"),
        (&["translate", "accept", "de", "none.csv"], "cannot read"),
        (&["translate", "status", "fr"], "the site has no language `fr`"),
        (&["translate", "extract", "en"], "the site has no language `en`"),
    ] {
        let run = project.run(args);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains(expected), "{run:?}");
    }
}

#[test]
fn texts_of_translations_are_checked_like_the_content() {
    let project = project().file(
        "content/i18n/de/sections/10-security.md",
        "---\ntitle: TODO\n---\n\n<b>Wir</b> schützen [Daten](documents/none.pdf) und [mehr](#nowhere).\n",
    );
    let run = project.run(["check", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).expect("a report");
    let found = report["diagnostics"].as_array().expect("a list").iter();
    let own: Vec<_> = found
        .filter(|found| found["file"].as_str().is_some_and(|path| path.contains("/i18n/")))
        .map(|found| (found["code"].as_str().unwrap_or_default(), found["line"].as_u64()))
        .filter(|(code, _)| *code != "translation-stale")
        .collect();
    assert_eq!(own, [("placeholder", Some(2)), ("html-refused", Some(5)), ("broken-link", Some(5))], "{report:#}");
}
