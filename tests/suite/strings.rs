//! The string catalog: every string is used, every displayed value has a string, and catalogs of a project are checked.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::Path;

use candor::history::Subject;
use candor::model::{
    Access, AiTraining, Answer, Approval, CertificationStatus, CertificationType, ControlStatus, Counting,
    DocumentKind, FactKind, Jurisdiction, List, PageNav, Role, Severity, Show, Standing, Territory, TransferMechanism,
    UpdateKind, UpdateStatus, When,
};
use candor::wording::Catalog;
use serde_json::Value;
use walkdir::WalkDir;

use crate::support::{Project, SITE};

/// Returns the names of the keys that the program composes, with the prefix of each group. `src/wording` looks up these strings by
/// name.
fn composed() -> Vec<(&'static str, Vec<String>)> {
    let owned = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let values = [
        names(Access::ALL.iter()),
        names(AiTraining::ALL.iter()),
        names(FactKind::ALL.iter()),
        names(CertificationStatus::ALL.iter()),
        names(CertificationType::ALL.iter()),
        vec![Standing::Aligned.as_str().to_owned()],
        names(ControlStatus::ALL.iter()),
        names(Counting::ALL.iter()),
        names(DocumentKind::ALL.iter()),
        names(Jurisdiction::ALL.iter()),
        names(PageNav::ALL.iter()),
        names(Role::ALL.iter()),
        names(TransferMechanism::ALL.iter()),
        names(Severity::ALL.iter()),
        names(UpdateKind::ALL.iter()),
        names(UpdateStatus::ALL.iter()),
    ];
    let subjects = Subject::all().map(|subject| subject.to_string());
    vec![
        ("values.", values.concat()),
        ("transfers.short.", names(TransferMechanism::ALL.iter())),
        ("subprocessors.when-", [names(When::ALL.iter()), inside(names(When::ALL.iter()))].concat()),
        ("conditions.", [owned(&["only", "except"]), inside(owned(&["only", "except"]))].concat()),
        ("changes.subjects.", subjects.chain(Show::all().map(|show| show.name().to_owned())).collect()),
        ("fields.", fields().into_iter().collect()),
        ("contacts.", owned(&["privacy", "security", "support"])),
        ("facts.", owned(FactKind::DURATIONS)),
        ("answers.", names(Answer::ALL.iter())),
        ("approvals.", names(Approval::ALL.iter())),
        ("countries.", Territory::all().map(|(code, _)| code.to_string()).collect()),
    ]
}

/// Returns the keys of the forms within a sentence.
fn inside(keys: Vec<String>) -> Vec<String> {
    keys.into_iter().map(|key| key + "-inside").collect()
}

fn names<'a, T: 'a>(all: impl Iterator<Item = &'a (&'static str, T)>) -> Vec<String> {
    all.map(|(name, _)| (*name).to_owned()).collect()
}

/// Returns every field that can differ between two releases, from the schema of the release record. Ids never change.
fn fields() -> BTreeSet<String> {
    let schema: Value = serde_json::from_str(include_str!("../../schemas/output/release.json")).expect("a schema");
    let properties = |schema: &Value| -> Vec<String> {
        schema["properties"].as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default()
    };
    let definition = |reference: &str| {
        let name = reference.rsplit('/').next().expect("a name");
        &schema["$defs"][name]
    };
    let disclosure = definition("Disclosure");
    let mut fields: BTreeSet<String> = ["title", "description", "language"].map(str::to_owned).into();
    fields.extend(properties(definition("Organization")));
    // The notice period is compared in its short form, as `notice_days`.
    fields.extend(properties(definition("NoticeTerms")).into_iter().filter(|field| field != "days"));
    for list in List::ALL {
        let items = &disclosure["properties"][list.name()]["items"];
        fields.extend(properties(definition(
            items["$ref"].as_str().or_else(|| items["anyOf"][0]["$ref"].as_str()).expect("a type of items"),
        )));
    }
    fields.remove("id");
    fields
}

/// Returns the code that uses strings: the program without its tests, the templates and the scripts.
fn string_users(endings: &[&str]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = String::new();
    for folder in ["src", "templates", "static/js"] {
        for entry in WalkDir::new(root.join(folder)) {
            let entry = entry.expect("readable");
            let path = entry.path();
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if !endings.contains(&ending) || path.ends_with("wording/overrides.rs") {
                continue;
            }
            let source = fs::read_to_string(path).expect("text");
            let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    text
}

#[test]
fn every_string_is_used() {
    let string_users = string_users(&["rs", "html", "js"]);
    let composed: BTreeSet<String> = composed()
        .into_iter()
        .flat_map(|(prefix, names)| names.into_iter().map(move |name| format!("{prefix}{name}")))
        .collect();
    let english = Catalog::english();
    let unused: Vec<&str> = english
        .keys()
        .filter(|key| !composed.contains(*key) && !string_users.contains(&format!("\"{key}\"")))
        .collect();
    assert!(unused.is_empty(), "unused strings: {unused:#?}");
}

#[test]
fn every_displayed_value_has_a_string() {
    let english = Catalog::english();
    let missing: Vec<String> = composed()
        .into_iter()
        .flat_map(|(prefix, names)| names.into_iter().map(move |name| format!("{prefix}{name}")))
        .filter(|key| !english.contains(key))
        .collect();
    assert!(missing.is_empty(), "keys without a string: {missing:#?}");
}

#[test]
fn every_referenced_string_exists() {
    let english = Catalog::english();
    let mut missing = BTreeSet::new();
    for call in string_users(&["rs", "html"]).split(['(', ' ', '[', ',']).map(str::trim) {
        let Some(rest) = call.strip_prefix("key=\"").or_else(|| call.strip_prefix('"')) else { continue };
        let Some((key, _)) = rest.split_once('"') else { continue };
        let group = key.split_once('.').map(|(group, _)| group);
        // Key prefixes and file names only look like keys.
        let is_key = !key.ends_with(['.', '-'])
            && ![".json", ".csv", ".html", ".yaml", ".txt", ".xlsx"].iter().any(|end| key.ends_with(end));
        let is_key = is_key && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b == b'.');
        if is_key && group.is_some_and(|group| english.keys().any(|known| known.starts_with(&format!("{group}.")))) {
            missing.extend((!english.contains(key)).then(|| key.to_owned()));
        }
    }
    assert!(missing.is_empty(), "unknown strings: {missing:#?}");
}

/// Returns the problems that `check` reports for a string catalog: severity, code, line, column, message and help.
fn check(path: &str, strings: &str) -> Vec<String> {
    let run = Project::new().file(path, strings).run(["check", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let all = report["diagnostics"].as_array().expect("diagnostics");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    all.iter()
        .filter(|item| item["file"] == path)
        .map(|item| {
            format!(
                "{}[{}] {}:{} {}; {}",
                text(&item["severity"]),
                text(&item["code"]),
                item["line"],
                item["column"],
                text(&item["message"]),
                text(&item["help"][0])
            )
        })
        .collect()
}

const STRINGS: &str = "templates/strings/en.yaml";

#[test]
fn rejects_unknown_strings_with_a_suggestion() {
    assert_eq!(
        check(STRINGS, "nav:\n  home: Start\n  hone: Start\nchanglog:\n  title: News\nchangelog: News\nxyzzy: a\n"),
        [
            "error[string-unknown] 3:3 unknown string `nav.hone`; did you mean `nav.home`?",
            "error[string-unknown] 4:1 unknown string `changlog`; did you mean `changelog`?",
            "error[string-unknown] 6:1 unknown string `changelog`; `changelog` is a group of strings; write one of its strings, such as \
             `changelog.all`, `changelog.archived`, `changelog.corrected-by`, `changelog.corrects`, `changelog.earlier`",
            "error[string-unknown] 7:1 unknown string `xyzzy`; put strings for your own templates in the group `custom`",
        ]
    );
    // Catalogs of other languages are checked as well.
    assert_eq!(check("templates/strings/fr.yaml", "nav: {hone: a}\n").len(), 1);
    let refused = Project::new().file(STRINGS, "nav: {hone: a}\n").run(["build", "--draft"]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
}

#[test]
fn accepts_strings_for_contacts_countries_and_custom_templates() {
    let strings = "contacts: {dpo: Data protection officer}\ncountries: {DE: Deutschland}\n\
                   custom: {slogan: '{any} thing', n: {one: '{n} x', other: '{n} xs'}}\nvalues: {other: Anything else}\n";
    assert_eq!(check(STRINGS, strings), Vec::<String>::new());
    assert_eq!(
        check(STRINGS, "contacts: {Not An Id: a}\ncountries: {XX: a}\n").len(),
        2,
        "neither an id of a contact nor a country"
    );
}

#[test]
fn rejects_unknown_placeholders() {
    assert_eq!(
        check(
            STRINGS,
            "footer:\n  published: 'on {day}'\nnav:\n  home: '{x}'\nsubprocessors:\n  intro: \"{organizaton}, {date}\"\n\
             count:\n  changes: {one: '{n} {x} change', other: '{n} changes'}\n"
        ),
        [
            "error[string-placeholder-unknown] 2:18 unknown placeholder `{day}` in `footer.published`; \
             this string has these placeholders: `{date}`",
            "error[string-placeholder-unknown] 4:10 unknown placeholder `{x}` in `nav.home`; this string has no placeholders",
            "error[string-placeholder-unknown] 6:11 unknown placeholder `{organizaton}` in `subprocessors.intro`; \
             did you mean `{organization}`?",
            "error[string-placeholder-unknown] 8:23 unknown placeholder `{x}` in `count.changes`; \
             this string has these placeholders: `{n}`",
        ]
    );
}

#[test]
fn rejects_malformed_values_of_special_strings() {
    assert_eq!(
        check(
            STRINGS,
            "months: {long: Jan Feb}\nlanguage: {labels-in-sentences: small}\nnav: {home: {one: a, other: b}}\n\
             count: {changes: {one: a, others: b}}\nhead: {version: 5}\n"
        ),
        [
            "error[bad-catalog] 1:16 `months.long` has 2 month names, not 12; \
             write the names from January to December, separated by spaces",
            "error[bad-catalog] 2:33 `language.labels-in-sentences` must be `lowercase` or `unchanged`; \
             use `lowercase` if labels are lowercase inside a sentence, `unchanged` if they keep their capital",
            "error[bad-catalog] 3:7 `nav.home` cannot have plural variants; write one string; this one does not depend on a number",
            "error[bad-catalog] 4:9 `count.changes` has keys that are not plural categories, or no `other`; \
             write one string, or a variant for each plural category of the language, including `other`: \
             `zero`, `one`, `two`, `few`, `many`, `other`",
            "error[bad-catalog] 5:17 `head.version` must be a string, but this is a number; put quotes around the string",
        ]
    );
}

#[test]
fn unused_strings_of_0_1_are_a_warning() {
    assert_eq!(
        check(STRINGS, "nav: {label: Sections}\ncount: {controls: {one: '{n} a', other: '{n} b'}}\n"),
        [
            "warning[string-unused] 1:7 the string `nav.label` is not used; remove it",
            "warning[string-unused] 2:9 the string `count.controls` is not used; remove it",
        ]
    );
}

/// Creates a project with a site in a language.
fn site(language: &str) -> Project {
    Project::empty()
        .file("content/site.yaml", format!("title: Trust\nlanguage: {language}\norganization:\n  name: Example\n"))
        .file("content/sections/10-list.md", "---\ntitle: List\nshow: subprocessors\n---\n")
        .file("content/sections/20-log.md", "---\ntitle: Log\nshow: changelog\n---\n")
        .file(
            "content/data/subprocessors.yaml",
            "- {id: a, name: A, purpose: p, data_categories: [Kontodaten], locations: [DE, MM], transfer_mechanism: scc, role: affiliate}\n",
        )
}

const GERMAN: &str = "nav: {home: Übersicht}\ncountries: {DE: Deutschland}\nvalues: {affiliate: Konzerngesellschaft}\n\
                      fields: {data_categories: Datenkategorien, purpose: Zweck}\nchanges: {added: Neu}\n\
                      subprocessors: {purpose: Zweck, always: Immer}\nschedule: {annex: Anlage}\n\
                      count: {releases: {one: '{n} Fassung', other: '{n} Fassungen'}}\n";

#[test]
fn language_without_strings_is_an_error() {
    let reported = |project: &Project| {
        let run = project.run(["check"]);
        run.stderr.split("\n\n").find(|block| block.contains("language-unknown")).map(str::to_owned)
    };
    let error = reported(&site("fi-FI")).expect("an error");
    for part in ["error[", "`fi-FI`", "content/site.yaml:2:11", "templates/strings/fi.yaml", "`de`, `en`"] {
        assert!(error.contains(part), "{part} is missing in {error}");
    }
    for (language, strings) in [("en", "fr"), ("en-GB", "fr"), ("fi", "fi"), ("fi-FI", "fi"), ("fi-FI", "fi-FI")] {
        let project = site(language).file(&format!("templates/strings/{strings}.yaml"), "nav: {home: x}\n");
        assert_eq!(reported(&project), None, "{language}");
    }
    for language in Catalog::languages() {
        assert_eq!(reported(&site(language)), None, "{language}");
    }
    let built = site("fi").run(["build", "--draft", "--no-compress"]);
    assert_eq!(built.code, Some(1), "{built:?}");
}

#[test]
fn missing_plural_variant_is_a_warning() {
    let project = site("pl").file(
        "templates/strings/pl.yaml",
        "count:\n  changes: {one: '{n} zmiana', other: '{n} zmiany'}\n  releases: {one: a, few: b, many: c, other: d}\n",
    );
    let run = project.run(["check"]);
    assert_eq!(run.stderr.matches("plural-missing").count(), 1, "{}", run.stderr);
    for part in ["templates/strings/pl.yaml:2:3", "`count.changes` has no variant for `few`, `many`"] {
        assert!(run.stderr.contains(part), "{part} is missing in {}", run.stderr);
    }
}

/// No text of a page is an English UI string that the language translates otherwise.
#[test]
fn pages_in_other_languages_have_no_english_strings() {
    let english = Catalog::english();
    let rich = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/0.1/rich");
    for tag in Catalog::languages().filter(|tag| *tag != "en") {
        let (mut project, mut content) = (Project::empty(), String::new());
        for entry in WalkDir::new(&rich).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file()) {
            let path = entry.path().strip_prefix(&rich).unwrap().to_str().unwrap().to_owned();
            let bytes = fs::read(entry.path()).unwrap();
            content += &String::from_utf8_lossy(&bytes);
            project = project.file(&path, bytes);
        }
        let site = project.read("content/site.yaml");
        let site: String =
            site.lines().filter(|line| !line.starts_with("language:")).map(|line| format!("{line}\n")).collect();
        let project = project.file("content/site.yaml", format!("{site}language: {tag}\n"));
        let run = project.run(["build", "--draft", "--no-compress", "--as-of", "2026-06-01"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        let own = Catalog::built_in(&tag.parse().unwrap()).expect("a catalog");
        let own: HashSet<&str> = own.keys().map(|key| own.get(key)).collect();
        // Sentences and headings: a single word may be a name or a value of the content.
        let foreign: HashSet<&str> = english
            .keys()
            .map(|key| english.get(key))
            .filter(|text| text.contains(' ') && !text.contains('{') && !own.contains(text) && !content.contains(text))
            .collect();
        assert!(foreign.len() > 150, "{tag}");
        let mut texts = 0;
        for page in [
            "index.html",
            "subprocessors/index.html",
            "changelog/index.html",
            "schedule/index.html",
            "compare/index.html",
            "subscribe/index.html",
            "404.html",
        ] {
            let html = project.read(&format!("dist/{page}"));
            let document = scraper::Html::parse_document(&html);
            for text in document.root_element().text().map(str::trim).filter(|text| !text.is_empty()) {
                texts += 1;
                assert!(!foreign.contains(text), "{tag} {page}: {text}");
            }
            assert!(html.contains(&format!("lang=\"{tag}\"")), "{tag} {page}");
        }
        assert!(texts > 300, "{tag}: {texts}");
    }
}

#[test]
fn every_output_uses_the_strings_of_the_project() {
    let project = site("de-AT")
        .file("templates/strings/de.yaml", GERMAN)
        .file("templates/strings/de-AT.yaml", "countries: {DE: Deutschland (AT)}\n");
    let released = project.run(["release", "-m", "Erste Version"]);
    assert_eq!(released.code, Some(0), "{released:?}");
    let list = project.read("content/data/subprocessors.yaml");
    let project = project
        .file("content/data/subprocessors.yaml", list.replace("[DE, MM]", "[DE]").replace("purpose: p", "purpose: q"));
    let unreleased = project.run(["build"]);
    assert!(unreleased.stderr.contains("Zweck p → q"), "German nouns are lowercased: {}", unreleased.stderr);
    for format in ["human", "markdown"] {
        let diff = project.run(["diff", "--format", format]);
        assert!(diff.stdout.contains("Zweck"), "{diff:?}");
    }
    let second = project.run(["release", "-m", "Zweite", "--version", "2026-05-22.2"]);
    assert!(second.code == Some(0) && second.stdout.contains("Zweck"), "{second:?}");
    assert_eq!(project.run(["build", "--no-compress"]).code, Some(0));
    let html = project.read("dist/subprocessors/index.html");
    assert!(
        html.contains(">Übersicht</a>") && html.contains("Deutschland (AT)") && html.contains("Konzerngesellschaft"),
        "{html}"
    );
    let copy = project.read("dist/index.md");
    assert!(copy.contains("Deutschland (AT)") && copy.contains("Zweck p → q"), "{copy}");
    let compare = project.read("dist/compare/index.html");
    assert!(
        compare.contains("\"countries.DE\":\"Deutschland (AT)\"") && compare.contains("\"countries.MM\":\"Myanmar\""),
        "{compare}"
    );
    assert!(project.read("dist/changelog/index.html").contains("Myanmar"));
    let schedule = project.run(["schedule", "--format", "markdown"]);
    assert!(
        schedule.stdout.contains("# Anlage")
            && schedule.stdout.contains("Deutschland (AT)")
            && schedule.stdout.contains("Zweck"),
        "{}",
        schedule.stdout
    );
    for target in [&["verify"][..], &["verify", "dist"], &["verify", "--project", "."]] {
        let verify = project.run(target);
        assert!(verify.stdout.contains("hash chain verified: 2 Fassungen, newest 2026-05-22.2"), "{verify:?}");
    }
    let csv = project.run(["schedule", "--format", "csv", "--release", "2026-05-22"]);
    assert!(csv.stdout.contains("Deutschland (AT); Myanmar") && csv.stdout.contains("Immer"), "{}", csv.stdout);
}

#[test]
fn dimensions_have_their_own_names_even_if_a_field_has_the_same() {
    let site =
        |plans: &str| format!("{SITE}language: de\ndimensions: {{plan: [{plans}], hosting-region: [{plans}]}}\n");
    let project = Project::new().file("content/site.yaml", site("Basic, Pro"));
    assert_eq!(project.run(["release", "-m", "Erste"]).code, Some(0));
    let project = project.file("content/site.yaml", site("Basic, Pro, Max"));
    let release = project.run(["release", "-m", "Zweite", "--as-of", "2026-05-23"]);
    assert_eq!(release.code, Some(0), "{}", release.stderr);
    let build = project.run(["build", "--no-compress", "--as-of", "2026-05-23"]);
    assert_eq!(build.code, Some(0), "{}", build.stderr);
    let page = project.read("dist/changelog/index.html");
    assert!(page.contains("<dt>Plan</dt>") && page.contains("<dt>Hosting region</dt>"), "{page}");
    let data = project.read("dist/compare/index.html");
    assert!(data.contains("\"dimensions.plan\":\"Plan\""), "{data}");
}
