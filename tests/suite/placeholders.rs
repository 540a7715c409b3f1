//! Placeholders are reported wherever readers would see them and nowhere else, and are not uploaded.

use candor::check::{Facts, check};
use candor::diagnostic::{Code, Source};
use serde_json::Value;

use crate::support::{Project, SITE};

/// Returns what `check` reports as a placeholder: the line of the file and the text there.
fn reported(project: &Project) -> Vec<String> {
    let (content, report) = project.load();
    assert!(!report.has_errors(), "{report:#?}");
    let mut facts = Facts::on("2026-05-22".parse().expect("a date"));
    for path in ["templates/strings/en.yaml", "templates/index.html"] {
        if project.path(path).exists() {
            facts.templates.push(Source::new(path, project.read(path)));
        }
    }
    let report = check(&content.expect("content"), &facts);
    let found = report.diagnostics().iter().filter(|found| found.code() == Code::Placeholder);
    let place = |place: &candor::diagnostic::Place| {
        let (line, column) = place.line_column();
        format!("{}:{line}:{column} {}", place.source.path, &place.source.text[place.range.clone()])
    };
    found.filter_map(|found| found.place()).map(place).collect()
}

/// Replaces each string below a value of the content, one at a time, and returns the pointers at which that is not reported.
#[test]
fn every_statement_is_searched() {
    let project = Project::empty();
    assert_eq!(project.run(["init", "--full"]).code, Some(0));
    let content = project.load().0.expect("content");
    let stated = serde_json::to_value(&content.disclosure).expect("JSON");
    let mut pointers = Vec::new();
    strings(&stated, String::new(), &mut pointers);
    let facts = Facts::on("2026-05-22".parse().expect("a date"));
    let (mut missed, mut count) = (Vec::new(), 0);
    for pointer in pointers {
        let mut changed = stated.clone();
        // No item is an example of a new project.
        for list in candor::model::List::shown() {
            for item in changed[list.name()].as_array_mut().into_iter().flatten() {
                item["id"] = format!("own-{}", item["id"].as_str().unwrap_or_default()).into();
            }
        }
        *changed.pointer_mut(&pointer).expect("a value") = "Lorem ipsum".into();
        // Dates, addresses and choices are not text.
        let Ok(disclosure) = serde_json::from_value(changed) else { continue };
        let mut content = content.clone();
        content.disclosure = disclosure;
        let report = check(&content, &facts);
        let is_reported = report.diagnostics().iter().any(|found| found.message.contains("`Lorem ipsum`"));
        count += 1;
        if !is_reported {
            missed.push(pointer);
        }
    }
    assert!(count > 50, "{count}");
    let is_text =
        |pointer: &str| !["/id", "/replaces", "/document", "/language"].iter().any(|end| pointer.ends_with(end));
    missed.retain(|pointer| is_text(pointer));
    assert_eq!(missed, Vec::<String>::new());
}

fn strings(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(at),
        Value::Array(items) => items.iter().enumerate().for_each(|(i, item)| strings(item, format!("{at}/{i}"), found)),
        Value::Object(fields) => fields.iter().for_each(|(key, field)| strings(field, format!("{at}/{key}"), found)),
        _ => {}
    }
}

#[test]
fn settings_and_strings_that_readers_see_are_searched() {
    let project = Project::new()
        .file(
            "content/site.yaml",
            format!("{SITE}base_url: https://a.example/\nsecurity_txt:\n  contact: [https://acme.test/report]\n  expires: 2027-03-01\n"),
        )
        .file("templates/strings/en.yaml", "nav:\n  home: \"TODO: home {n}\"\n")
        .file("templates/index.html", "TODO");
    assert_eq!(reported(&project), ["content/site.yaml:6:13 https://acme.test", "templates/strings/en.yaml:2:10 TODO"]);
}

#[test]
fn summary_of_a_new_release_is_searched() {
    let run = Project::new().run(["release", "-m", "The first release of [your company]."]);
    assert!(run.stderr.contains("warning[placeholder]: `[your company]`"), "{run:?}");
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[test]
fn comments_and_files_without_a_reference_are_not_searched() {
    let project = Project::new()
        .file("content/site.yaml", format!("# TODO\n{SITE}# privacy: privacy@example.com\n"))
        .file("content/sections/10-a.md", "---\ntitle: A # TODO\n---\n\nText.\n")
        .file("static/documents/draft.txt", "TODO");
    assert_eq!(reported(&project), [""; 0]);
}

#[test]
fn place_is_that_of_the_placeholder_in_every_style_of_yaml_and_markdown() {
    let project = Project::new()
        .file(
            "content/data/subprocessors.yaml",
            "- id: a\n  name: 'A (fictional)'\n  purpose: >\n    Hosting\n    (TBD)\n  data_categories: [Account data, \"TODO\"]\n  \
             address: |\n    1 Main St\n    [Add the city]\n  website: https://www.example.com/path\n",
        )
        .file(
            "content/sections/10-a.md",
            "---\ntitle: <Company>\n---\n\nWe are [*Your* company].\n\n- Write to `dpo@example.org`, [TODO](https://acme.com/TODO).\n\
             - `TODO` and `[Add a name]` are code, [Add a name](#a) is a link.\n\n```\nTODO\n```\n\n> Lorem ipsum\n",
        );
    assert_eq!(
        reported(&project),
        [
            "content/data/subprocessors.yaml:2:12 (fictional)",
            "content/data/subprocessors.yaml:5:6 TBD",
            "content/data/subprocessors.yaml:6:36 TODO",
            "content/data/subprocessors.yaml:9:5 [Add the city]",
            "content/data/subprocessors.yaml:10:12 https://www.example.com",
            "content/sections/10-a.md:2:8 <Company>",
            "content/sections/10-a.md:7:13 dpo@example.org",
            "content/sections/10-a.md:7:32 TODO",
            "content/sections/10-a.md:14:3 Lorem ipsum",
        ]
    );
}

#[test]
fn todo_is_a_word_in_some_languages() {
    let section = "---\ntitle: A\n---\n\nAcceso a todo: datos.\n";
    let in_language = |language: &str| {
        let site = format!("{SITE}language: {language}\n");
        reported(&Project::new().file("content/site.yaml", site).file("content/sections/10-a.md", section)).len()
    };
    assert_eq!(["es", "es-MX", "pt-BR", "gl", "en", "de"].map(in_language), [0, 0, 0, 0, 1, 1]);
}

#[test]
fn release_and_build_accept_placeholders() {
    let project = Project::new().file("content/sections/10-a.md", "---\ntitle: A\n---\n\nTODO\n");
    assert_eq!(project.run(["release", "-m", "First release"]).code, Some(0));
    let build = project.run(["build", "--no-compress"]);
    assert_eq!(build.code, Some(0), "{build:?}");
    assert!(build.stderr.contains("warning[placeholder]"), "{build:?}");
}

#[cfg(feature = "publish")]
mod publish {
    use super::*;

    /// A closed port: a publish that is not refused fails with exit code 2.
    const NOWHERE: &str = "http://127.0.0.1:9";

    fn released(site: &str, text: &str) -> Project {
        let project = Project::new()
            .file("content/site.yaml", format!("{SITE}{site}"))
            .file("content/sections/10-a.md", format!("---\ntitle: A\n---\n\n{text}\n"));
        assert_eq!(project.run(["release", "-m", "First release"]).code, Some(0));
        project
    }

    fn upload(project: &Project, destination: &str, options: &[&str]) -> (Option<i32>, String) {
        let keys =
            ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_ACCOUNT_KEY"];
        let run = project
            .command([&["publish", destination, "--endpoint", NOWHERE, "--timeout", "1"], options].concat())
            .envs(keys.map(|key| (key, "a2V5")))
            .output()
            .expect("candor runs");
        (run.status.code(), String::from_utf8_lossy(&run.stderr).into_owned())
    }

    #[test]
    fn refuses_placeholders_in_object_storage() {
        let placeholders = [
            ("base_url: https://trust.example.com/\n", "Text", "`placeholder-base-url`"),
            ("base_url: https://trust.acme.com/\n", "TODO", "`placeholder`"),
            ("base_url: https://trust.acme.com/\nrules: {placeholder: note}\n", "TODO", "`placeholder`"),
        ];
        for (site, text, code) in placeholders {
            let project = released(site, text);
            for destination in ["s3://bucket", "az://container/trust", "gs://bucket"] {
                let (exit, stderr) = upload(&project, destination, &[]);
                assert_eq!(exit, Some(1), "{destination}: {stderr}");
                let refused = format!("error: `candor publish` refuses to run because of {code}\n");
                assert!(
                    stderr.contains(&refused) && stderr.contains("--allow-placeholders"),
                    "{destination}: {stderr}"
                );
            }
            let (exit, stderr) = upload(&project, "s3://bucket", &["--allow-placeholders"]);
            assert_eq!(exit, Some(2), "it is not refused, but cannot reach the store: {stderr}");
        }
    }

    #[test]
    fn publisher_decides_with_the_level() {
        let off = "base_url: https://trust.acme.com/\nrules: {placeholder: \"off\"}\n";
        assert_eq!(upload(&released(off, "TODO"), "s3://bucket", &[]).0, Some(2), "not refused");
        let error = released("base_url: https://trust.acme.com/\n", "TODO");
        let error = error.file(
            "content/site.yaml",
            format!("{SITE}base_url: https://trust.acme.com/\nrules: {{placeholder: error}}\n"),
        );
        let (exit, stderr) = upload(&error, "s3://bucket", &["--allow-placeholders"]);
        assert_eq!(exit, Some(1), "{stderr}");
    }

    #[test]
    fn folder_and_dry_run_only_warn() {
        let project = released("base_url: https://trust.example.com/\n", "TODO");
        let folder = url::Url::from_file_path(project.path("published")).expect("an absolute path");
        for options in [&["--dry-run"][..], &[]] {
            let run = project.run(["publish", folder.as_str()].iter().chain(options));
            assert_eq!(run.code, Some(0), "{run:?}");
            for code in ["warning[placeholder]", "warning[placeholder-base-url]"] {
                assert!(run.stderr.contains(code), "{code}: {run:?}");
            }
        }
        let (exit, stderr) = upload(&project, "s3://bucket", &["--dry-run"]);
        assert_eq!(exit, Some(2), "a dry run reads the store: {stderr}");
        assert!(stderr.contains("warning[placeholder]"), "{stderr}");
    }

    #[test]
    fn unreleased_changes_are_still_refused() {
        let project = released("base_url: https://trust.acme.com/\n", "Text");
        let project = project.file("content/sections/10-a.md", "---\ntitle: A\n---\n\nTODO\n");
        let (exit, stderr) = upload(&project, "s3://bucket", &["--allow-placeholders"]);
        assert_eq!(exit, Some(1), "{stderr}");
        assert!(stderr.contains("because of `unreleased-changes`\n"), "{stderr}");
    }
}
