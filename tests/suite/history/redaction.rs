//! Redactions: values and files are withheld after they were published, and the history proves that the publisher declared it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use candor::history::chain::RecordFile;
use candor::history::reading::RecordReader;
use candor::history::redact::{places, withhold};
use candor::model::{Digest, Withheld};
use serde_json::Value;

use crate::support::{FileServer, Project, Run};

const SITE: &str = "title: Trust\norganization:\n  name: Example\n  address: Street 1\n\
    contacts:\n  privacy: privacy@example.org\nrules: {base-url-missing: off}\n";
const LIST: &str =
    "- id: mail\n  name: Mailer\n  purpose: Email\n  data_categories: [Address, Name]\n  announced: 2026-01-01\n";
const NAME: &str = "Jane Roe";
const PHONE: &str = "+49 30 5550199";

/// A project with two releases that state a name and a phone number; the second one also changes a purpose.
fn project() -> Project {
    let with_contact = format!("{LIST}  contact: {NAME}, {PHONE}\n");
    let project = Project::new()
        .file("content/site.yaml", SITE)
        .file("content/data/subprocessors.yaml", &with_contact)
        .file("content/data/documents.yaml", "- {id: dpa, title: DPA, file: documents/dpa.pdf}\n")
        .file("content/sections/10-list.md", "---\ntitle: List\nshow: subprocessors\n---\nText.\n")
        .file("content/sections/20-files.md", "---\ntitle: Files\nshow: documents\n---\nText.\n")
        .file("static/documents/dpa.pdf", "the first edition");
    fine(project.run(["release", "-m", &format!("Ask {NAME}, {PHONE}."), "--date", "2026-05-01"]));
    let project = project.file("content/data/subprocessors.yaml", with_contact.replace("Email", "Newsletters"));
    fine(project.run(["release", "-m", "Second.", "--date", "2026-05-02"]));
    project.file("content/data/subprocessors.yaml", LIST.replace("Email", "Newsletters"))
}

const CONTACT: &str = "/disclosure/subprocessors/mail/contact";

/// Withholds the name and the phone number everywhere.
fn redact(project: &Project) -> Run {
    project.run(["redact", "2026-05-01", "/summary", CONTACT, "--reason", "Personal data", "--all"])
}

/// The same project after a redaction that a release binds.
fn redacted() -> Project {
    let project = project();
    fine(redact(&project));
    fine(project.run(["release", "-m", "Withheld a contact.", "--date", "2026-05-03"]));
    project
}

pub(super) fn fine(run: Run) -> String {
    assert_eq!(run.code, Some(0), "{}\n{}", run.stdout, run.stderr);
    run.stdout
}

/// Checks that a run fails because of a code.
pub(super) fn fails(run: &Run, code: &str) {
    assert!(run.code != Some(0) && run.stderr.contains(&format!("[{code}]")), "no {code}: {run:?}");
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.display().to_string(), fs::read(&path).expect("a file"));
        }
    }
    found
}

/// Returns the files below a folder that contain the name or the number.
fn stating(folder: &Path) -> Vec<String> {
    let has = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    let all = files(folder).into_iter().filter(|(_, bytes)| has(bytes, NAME) || has(bytes, "5550199"));
    all.map(|(path, _)| path).collect()
}

fn json(project: &Project, path: &str) -> Value {
    serde_json::from_str(&project.read(path)).expect("JSON")
}

#[test]
fn a_redacted_value_is_gone_from_every_published_file() {
    let project = project();
    let destination = format!("file://{}", project.path("web").display());
    let publish = || project.run(["publish", &destination, "--base-url", "https://trust.example.net"]);
    // The content differs from the last release already, so this one publishes the state before.
    let with_contact = format!("{}  contact: {NAME}, {PHONE}\n", LIST.replace("Email", "Newsletters"));
    let without_contact = project.read("content/data/subprocessors.yaml");
    fs::write(project.path("content/data/subprocessors.yaml"), with_contact).expect("a file");
    fine(publish());
    assert!(stating(&project.path("web")).len() > 4);
    fs::write(project.path("content/data/subprocessors.yaml"), without_contact).expect("a file");
    let old = Project::empty().file("static/documents/dpa.pdf", "the first edition");
    for (path, bytes) in files(&project.path("content")) {
        let below = Path::new(&path).strip_prefix(project.root()).expect("a file of the project").display().to_string();
        let target = old.path(&below);
        fs::create_dir_all(target.parent().expect("a parent")).expect("a folder");
        fs::write(target, bytes).expect("a file");
    }

    fine(redact(&project));
    let check = project.run(["check"]);
    assert!(check.code == Some(0) && check.stderr.contains("[redaction-unbound]"), "{check:?}");
    let verify = project.run(["verify"]);
    assert!(verify.code == Some(0) && verify.stderr.contains("[redaction-unbound]"), "{verify:?}");
    for command in [vec!["build"], vec!["build", "--draft"], vec!["publish", &destination]] {
        fails(&project.run(&command), "redaction-unbound");
    }
    fine(project.run(["release", "-m", "Withheld a contact.", "--date", "2026-05-03"]));
    assert!(!project.path("content/releases/redactions.json").exists());
    // An address for the check below: the published site is still the one before.
    fine(project.run(["verify", "--against", project.path("web").to_str().expect("UTF-8")]));
    fine(publish());
    assert_eq!(stating(&project.path("web")), [] as [String; 0]);
    assert_eq!(stating(&project.path("content/releases")), [] as [String; 0]);
    let page = project.read("web/releases/2026-05-01/index.html");
    assert!(page.contains("<dd>redacted</dd>") && page.contains("Reason: Personal data"), "{page}");
    assert!(project.read("web/feed.xml").contains("redacted"));

    let server = FileServer::of(project.path("web"));
    for place in ["content/releases", "web", server.url("").as_str()] {
        let stdout = fine(project.run(["verify", place]));
        assert!(
            stdout.contains("2 redactions:\n  release 2026-05-01: 2 values withheld on 2026-05-22: Personal data\n"),
            "{stdout}"
        );
    }
    // A clone from before the redaction must not publish the values again.
    fails(&old.run(["verify", "--against", server.url("").as_str()]), "redaction-missing");
    fine(old.run(["release", "-m", "Third.", "--date", "2026-05-03"]));
    fails(&old.run(["publish", &destination, "--base-url", "https://trust.example.net"]), "redaction-missing");
    fails(
        &old.run(["publish", &destination, "--base-url", "https://trust.example.net", "--take-over"]),
        "redaction-missing",
    );
}

#[test]
fn lists_name_the_published_and_the_original_record() {
    let project = redacted();
    let sums = project.read("content/releases/SHA256SUMS");
    fine(project.run(["build"]));
    let index = json(&project, "dist/releases/index.json");
    let second = json(&project, "content/releases/2026-05-02.json");
    let entry = &index["releases"][2];
    let digest = Digest::of(project.read("content/releases/2026-05-01.json").as_bytes()).to_string();
    assert_eq!(
        (entry["sha256"].as_str(), &entry["original_sha256"]),
        (Some(digest.as_str()), &second["previous"]["sha256"])
    );
    assert_eq!(entry["summary"], Withheld::value());
    assert!(sums.contains(&format!("{digest}  2026-05-01.json\n")), "{sums}");
    assert_eq!(index["releases"][0].get("original_sha256"), None);
    let bound = &json(&project, "content/releases/2026-05-03.json")["redactions"];
    let listed = &entry["redactions"][0];
    assert_eq!((&listed["pointers"], &listed["declared_by"]), (&bound[0]["pointers"], &"2026-05-03".into()));
    assert_eq!(index["releases"][0].get("redactions"), None);
    for file in ["changelog/index.html", "feed.xml", "feed.json"] {
        let text = project.read(&format!("dist/{file}"));
        assert!(text.contains("Withholds parts of version 2026-05-01: Personal data"), "{file}: {text}");
    }
    let edited = project.read("dist/releases/index.json").replace("Personal data", "Nothing");
    let project = project.file("dist/releases/index.json", edited);
    let run = project.run(["verify", "dist"]);
    assert!(run.code == Some(1) && run.stderr.contains("wrong redactions of release 2026-05-01"), "{run:?}");
    assert_eq!((bound.as_array().map(Vec::len), bound[0]["date"].as_str()), (Some(2), Some("2026-05-22")));
    let verdict = project.run(["verify", "--format", "json"]);
    let verdict: Value = serde_json::from_str(&verdict.stdout).expect("JSON");
    assert_eq!(&verdict["redactions"], bound);
}

/// Withholds each value of a record alone, and reads the result. Returns how many values can be withheld, and how many cannot.
pub(super) fn withhold_every_field(path: &Path) -> (usize, usize) {
    fn fields(value: &Value, at: String, found: &mut Vec<String>) {
        found.push(at.clone());
        match value {
            Value::Object(object) => object.iter().for_each(|(key, value)| fields(value, format!("{at}/{key}"), found)),
            Value::Array(list) => {
                list.iter().enumerate().for_each(|(nth, value)| fields(value, format!("{at}/{nth}"), found));
            }
            _ => {}
        }
    }
    let bytes = fs::read(path).expect("a record");
    let record: Value = serde_json::from_slice(&bytes).expect("JSON");
    let version: candor::model::Version = record["version"].as_str().expect("a version").parse().expect("a version");
    let mut all = vec!["/summary".to_owned()];
    fields(&record["disclosure"], "/disclosure".to_owned(), &mut all);
    let (mut withheld, mut refused) = (0, 0);
    for pointer in all {
        let Ok(found) = places(&record, &pointer) else {
            refused += 1;
            continue;
        };
        let redacted = withhold(&bytes, &found).expect("values");
        let file = RecordFile::read(format!("{version}.json"), version, &redacted, &RecordReader::default());
        let parsed = file.content.unwrap_or_else(|found| panic!("{pointer}: {}", found.message));
        assert!(file.faults.is_empty(), "{pointer}: {:?}", file.faults);
        assert_eq!(
            parsed.withheld.pointers.iter().collect::<Vec<_>>(),
            found.iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>()
        );
        assert!(parsed.newer.is_empty(), "{pointer}: {:?}", parsed.newer);
        withheld += 1;
    }
    (withheld, refused)
}

#[test]
fn every_field_of_a_record_can_be_withheld() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/0.1/rich/content/releases");
    let newest = files(&folder).into_keys().filter(|path| path.ends_with(".json")).max().expect("a record");
    let (withheld, refused) = withhold_every_field(Path::new(&newest));
    assert!(withheld > 100 && refused > 5, "{withheld} and {refused}");
}

#[test]
fn what_cannot_be_withheld_is_refused_and_nothing_is_written() {
    let project = redacted();
    let file =
        json(&project, "content/releases/2026-05-01.json")["files"][0]["sha256"].as_str().expect("a digest").to_owned();
    let before = files(&project.path("content"));
    let none = "0".repeat(64);
    let reason = ["--reason", "R"];
    for (arguments, code) in [
        (vec!["2026-05-09", "/summary"], "redaction-target"),
        (vec!["2026-05-01", "/summary"], "redaction-target"),
        (vec!["2026-05-01", CONTACT], "redaction-target"),
        (vec!["2026-05-01", "/disclosure/subprocessors/mail/contact/deep"], "redaction-target"),
        (vec!["2026-05-01", "/disclosure/subprocessors/mail/nothing"], "redaction-target"),
        (vec!["2026-05-01", "/disclosure/subprocessors/7/purpose"], "redaction-target"),
        (vec!["2026-05-01", "/disclosure/subprocessors/00/purpose"], "redaction-target"),
        (vec!["2026-05-01", "/disclosure/subprocessors/mail/id"], "redaction-target"),
        (vec!["2026-05-01", "/disclosure/subprocessors"], "redaction-target"),
        (vec!["2026-05-01", "/disclosure"], "redaction-target"),
        (vec!["2026-05-01", "/disclosure/"], "redaction-target"),
        (vec!["2026-05-01", "/version"], "redaction-target"),
        (vec!["2026-05-01", "/files/0/path"], "redaction-target"),
        (vec!["2026-05-01", "/previous"], "redaction-target"),
        (vec!["2026-05-01", ""], "redaction-target"),
        (vec!["2026-05-01", "summary"], "redaction-target"),
        (vec!["2026-05-01", "/disclosure/title", "/disclosure/nothing"], "redaction-target"),
        (vec!["2026-05-01", "/disclosure/subprocessors/mail/purpose", "--reason", " "], "redaction-target"),
        (vec!["2026-05-01", "/disclosure/subprocessors/mail/purpose", "--reason", "a\nb"], "redaction-target"),
        (vec!["2026-05-01", "/disclosure/subprocessors/mail/purpose", "--reason", "It was Email."], "redaction-stated"),
        (vec!["2026-05-01", "/disclosure/title"], "redaction-stated"),
        (vec!["2026-05-01", "/disclosure/organization"], "redaction-stated"),
        (vec!["2026-05-01", "/disclosure/subprocessors/mail"], "redaction-stated"),
        (vec!["2026-05-01", "/disclosure/subprocessors/mail/announced"], "redaction-stated"),
        (vec!["2026-05-01", "/disclosure/subprocessors/mail/data_categories/1"], "redaction-stated"),
        (vec!["--file", &none], "redaction-target"),
        (vec!["--file", &file], "redaction-stated"),
    ] {
        let mut command = vec!["redact"];
        command.extend(&arguments);
        if !arguments.contains(&"--reason") {
            command.extend(reason);
        }
        fails(&project.run(&command), code);
        assert!(files(&project.path("content")) == before, "{arguments:?} wrote a file");
    }
    for arguments in [
        vec!["redact"],
        vec!["redact", "2026-05-01", "/summary"],
        vec!["redact", "2026-05-01", "--reason", "R"],
        vec!["redact", "--file", &file, "--all", "--reason", "R"],
    ] {
        assert_eq!(project.run(&arguments).code, Some(2), "{arguments:?}");
    }
}

/// The site shows more than statements: settings, templates, and files with their names.
#[test]
fn withheld_text_anywhere_on_the_site_is_refused() {
    let link = format!("links:\n  footer:\n    - {{title: {NAME}, url: \"https://a.test/\"}}\n");
    let form = "subscribe:\n  form: {action: \"https://a.test/?by=Jane%20Roe\", method: post, field: mail}\n";
    let section = "---\ntitle: List\nshow: subprocessors\n---\nAsk **Jane**\nRoe.\n";
    for (path, text, named) in [
        ("content/site.yaml", format!("{SITE}{link}"), "content/site.yaml: links/footer/0/title"),
        ("content/site.yaml", format!("{SITE}{form}"), "content/site.yaml: subscribe/form/action"),
        ("content/sections/10-list.md", section.to_owned(), "/disclosure/sections/0/body"),
        ("templates/partials/colophon.html", format!("By {NAME}"), "templates/partials/colophon.html"),
        ("templates/strings/en.yaml", format!("footer:\n  made: By {NAME}\n"), "templates/strings/en.yaml"),
        ("static/root/humans.txt", "By JANE\nROE".to_owned(), "static/root/humans.txt"),
        ("static/team/jane-roe.png", "x".to_owned(), "static/team/jane-roe.png"),
    ] {
        let project = Project::new()
            .file("content/site.yaml", SITE)
            .file("content/data/subprocessors.yaml", format!("{LIST}  contact: {NAME}\n"))
            .file("content/sections/10-list.md", "---\ntitle: List\nshow: subprocessors\n---\nText.\n");
        fine(project.run(["release", "-m", "First.", "--date", "2026-05-01"]));
        let project = project.file("content/data/subprocessors.yaml", LIST).file(path, text);
        let before = files(&project.path("content"));
        let run = project.run(["redact", "2026-05-01", CONTACT, "--reason", "Personal data"]);
        fails(&run, "redaction-stated");
        assert!(run.stderr.contains(&format!("`{named}`")), "{named}: {run:?}");
        assert!(files(&project.path("content")) == before, "{named}");
    }
}

#[test]
fn other_places_that_state_the_text_are_named() {
    let project = project();
    let run = project.run(["redact", "2026-05-01", CONTACT, "--reason", "Personal data"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let warned: Vec<&str> =
        run.stderr.lines().filter(|line| line.starts_with("warning[redaction-elsewhere]")).collect();
    assert_eq!(warned.len(), 2, "{run:?}");
    assert!(
        warned[0].ends_with("`/summary`")
            && warned[1].contains("release 2026-05-02")
            && warned[1].ends_with("`/disclosure/subprocessors/0/contact`"),
        "{warned:?}"
    );
    assert!(!run.stderr.contains(NAME), "the warning repeats the text: {run:?}");
}

/// A page, a file or an anchor of the site is not what a text with a link to it states.
#[test]
fn a_withheld_text_may_share_links_with_the_content() {
    let base = "base_url: https://trust.example.org/center\n";
    let links = "See [DPA](documents/dpa.pdf), [list](subprocessors/), [files](#files), ![flow](img/flow.svg) and \
        [home](https://trust.example.org/center/subprocessors/).";
    let section = |text: &str| format!("---\ntitle: List\nshow: subprocessors\n---\n{text}\n");
    let project = Project::new()
        .file("content/site.yaml", format!("{SITE}{base}"))
        .file("content/data/subprocessors.yaml", LIST)
        .file("content/data/documents.yaml", "- {id: dpa, title: DPA, file: documents/dpa.pdf}\n")
        .file("content/sections/10-list.md", section(&format!("Ask {NAME}. {links}")))
        .file("content/sections/20-files.md", "---\ntitle: Files\nshow: documents\n---\nText.\n")
        .file("static/img/flow.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .file("static/documents/dpa.pdf", "the first edition");
    fine(project.run(["release", "-m", "First.", "--date", "2026-05-01"]));
    let project = project.file("content/sections/10-list.md", section(&format!("Ask us. {links}")));
    let run = project.run(["redact", "2026-05-01", "/disclosure/sections/list/body", "--reason", "Personal data"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(!run.stderr.contains("redaction-elsewhere"), "{run:?}");
}

#[test]
fn a_text_in_another_unicode_normalization_is_found() {
    let (composed, decomposed) = ("Ren\u{E9}e N\u{FA}\u{F1}ez", "Rene\u{301}e Nu\u{301}n\u{303}ez");
    for (withheld, stated) in [(composed, decomposed), (decomposed, composed)] {
        let project = Project::new()
            .file("content/site.yaml", SITE)
            .file("content/data/subprocessors.yaml", format!("{LIST}  contact: {withheld}\n"))
            .file("content/sections/10-list.md", "---\ntitle: List\nshow: subprocessors\n---\nText.\n");
        fine(project.run(["release", "-m", "First.", "--date", "2026-05-01"]));
        let project = project.file("content/data/subprocessors.yaml", LIST);
        let redact = || project.run(["redact", "2026-05-01", CONTACT, "--reason", "Personal data"]);
        for path in ["static/team/photo.txt".to_owned(), format!("static/team/{}.png", stated.replace(' ', "-"))] {
            fs::create_dir_all(project.path("static/team")).expect("a folder");
            fs::write(project.path(&path), stated).expect("a file");
            fails(&redact(), "redaction-stated");
            fs::remove_file(project.path(&path)).expect("a file");
        }
        fine(redact());
    }
}

/// Without the withheld value, the content may be that of the release before.
#[test]
fn a_redacted_release_can_be_replaced_without_other_changes() {
    let project = Project::new()
        .file("content/site.yaml", SITE)
        .file("content/data/subprocessors.yaml", LIST)
        .file("content/sections/10-list.md", "---\ntitle: List\nshow: subprocessors\n---\nText.\n");
    fine(project.run(["release", "-m", "First.", "--date", "2026-05-01"]));
    let project = project.file("content/data/subprocessors.yaml", format!("{LIST}  contact: {NAME}\n"));
    fine(project.run(["release", "-m", "Second.", "--date", "2026-05-02"]));
    let project = project.file("content/data/subprocessors.yaml", LIST);
    let replace = || project.run(["release", "--replace", "-m", "Second."]);
    fails(&replace(), "release-nothing-changed");
    fine(project.run(["redact", "2026-05-02", CONTACT, "--reason", "Personal data"]));
    fine(replace());
    assert!(stating(&project.path("content")).is_empty());
    fine(project.run(["verify"]));
    fine(project.run(["build"]));
    fails(&project.run(["release", "-m", "Third."]), "release-nothing-changed");
}

#[test]
fn files_that_are_withheld_are_not_named_again() {
    let document = |file: &str| format!("- {{id: cv, title: Team, file: documents/{file}.pdf}}\n");
    let project = Project::new()
        .file("content/site.yaml", SITE)
        .file("content/data/subprocessors.yaml", format!("{LIST}  contact: {NAME}\n"))
        .file("content/data/documents.yaml", document("jane-roe"))
        .file("content/sections/10-list.md", "---\ntitle: List\nshow: subprocessors\n---\nText.\n")
        .file("content/sections/20-files.md", "---\ntitle: Files\nshow: documents\n---\nText.\n")
        .file("static/documents/jane-roe.pdf", "the first edition");
    fine(project.run(["release", "-m", "First.", "--date", "2026-05-01"]));
    let project = project
        .without("static/documents/jane-roe.pdf")
        .file("content/data/subprocessors.yaml", LIST)
        .file("content/data/documents.yaml", document("team"))
        .file("static/documents/team.pdf", "the second edition");
    let redact = || project.run(["redact", "2026-05-01", CONTACT, "--reason", "Personal data"]);
    let sha256 = Digest::of(b"the first edition").to_string();
    fine(project.run(["redact", "--file", &sha256, "--reason", "Personal data"]));
    let run = redact();
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stderr.contains("`/disclosure/documents/0/file`") && !run.stderr.contains("--file"), "{run:?}");
}

#[test]
fn an_edited_history_of_redactions_is_an_error() {
    let project = redacted();
    let original = files(&project.path("content/releases"));
    let restore = || original.iter().for_each(|(path, bytes)| fs::write(path, bytes).expect("a file"));
    let edit = |name: &str, change: &dyn Fn(String) -> String| {
        let path = project.path(&format!("content/releases/{name}"));
        let text = fs::read_to_string(&path).expect("a file");
        let changed = change(text.clone());
        assert_ne!(text, changed, "nothing was changed");
        fs::write(path, &changed).expect("a file");
        Digest::of(changed.as_bytes()).to_string()
    };
    let note = |name: &str, digest: &str| {
        edit("SHA256SUMS", &|text| {
            text.lines()
                .map(|line| if line.ends_with(name) { format!("{digest}  {name}\n") } else { format!("{line}\n") })
                .collect()
        })
    };
    let withhold_more = |text: String| {
        String::from_utf8(withhold(text.as_bytes(), &["/disclosure/title".to_owned()]).expect("a value"))
            .expect("UTF-8")
    };
    // A second, silent redaction of the redacted record, of another one, and of the newest, with a list that agrees.
    for name in ["2026-05-01.json", "2026-05-02.json", "2026-05-03.json"] {
        let digest = edit(name, &withhold_more);
        note(name, &digest);
        assert_eq!(project.run(["verify"]).code, Some(1), "{name}");
        assert_eq!(project.run(["build"]).code, Some(1), "{name}");
        restore();
    }
    // A bound list that was edited, with a list of digests that agrees: the pointers, the digests, the release, or all of it.
    let changes: [&dyn Fn(String) -> String; 6] = [
        &|text| text.replacen("        \"/summary\"\n", "        \"/title\"\n", 1),
        &|text| text.replacen(",\n        \"/summary\"\n", "\n", 1),
        &|text| {
            text.replacen("\"version\": \"2026-05-02\"", "\"version\": \"2026-05-04\"", 2).replacen(
                "2026-05-04",
                "2026-05-02",
                1,
            )
        },
        &|text| {
            text.replacen("\"original\": \"", "\"original\": \"0", 1).replacen(
                "0\",\n      \"sha256\"",
                "\",\n      \"sha256\"",
                1,
            )
        },
        &|text| {
            let start = text.find("  \"redactions\"").expect("redactions");
            let end = text.find("  \"files\"").expect("files");
            format!("{}{}", &text[..start], &text[end..])
        },
        &|text| text.replacen("\"reason\": \"Personal data\"", "\"reason\": \"\"", 1),
    ];
    for (nth, change) in changes.into_iter().enumerate() {
        let digest = edit("2026-05-03.json", change);
        note("2026-05-03.json", &digest);
        assert_eq!(project.run(["verify"]).code, Some(1), "change {nth}");
        restore();
    }
    fine(project.run(["verify"]));
}

#[test]
fn an_edited_pending_list_is_an_error() {
    let project = project();
    let whole = files(&project.path("content/releases"));
    fine(redact(&project));
    let path = project.path("content/releases/redactions.json");
    let text = fs::read_to_string(&path).expect("a list");
    let first = Digest::of(&whole[&project.path("content/releases/2026-05-01.json").display().to_string()]).to_string();
    for (changed, code) in [
        (text.replacen("\"/summary\"", "\"/disclosure/title\"", 1), "redaction-mismatch"),
        (text.replacen("\"/summary\"", "\"/disclosure/a\"", 1), "redaction-list"),
        (text.replacen("\"/summary\"", "\"/version\"", 1), "redaction-list"),
        (text.replacen(",\n      \"/summary\"", "", 1), "redaction-mismatch"),
        (
            text.replacen("/disclosure/subprocessors/0/contact", "/disclosure/organization/address", 1),
            "redaction-mismatch",
        ),
        (text.replacen("2026-05-01", "2026-05-09", 1), "redaction-mismatch"),
        (text.replacen(&first, &"0".repeat(64), 1), "redaction-mismatch"),
        (text.replacen("\"Personal data\"", "\"\"", 1), "redaction-list"),
        (text.replacen("  {", "   {", 1), "redaction-list"),
        (text.replacen("\"reason\"", "\"why\"", 1), "redaction-list"),
        (text.replacen("[\n  {", "<<<<<<< a\n[\n  {", 1), "release-conflict"),
        ("[]".to_owned(), "redaction-list"),
        ("{}\n".to_owned(), "redaction-list"),
        ("[]\n".to_owned(), "redaction-mismatch"),
    ] {
        assert_ne!(text, changed, "nothing was changed for {code}");
        fs::write(&path, &changed).expect("a file");
        for command in [["verify"], ["check"], ["build"]] {
            fails(&project.run(command), code);
        }
        let before = files(&project.path("content"));
        assert_eq!(project.run(["release", "-m", "R."]).code, Some(1), "{code}");
        assert_eq!(project.run(["redact", "2026-05-02", "/summary", "--reason", "R"]).code, Some(1), "{code}");
        assert!(files(&project.path("content")) == before, "{code}: a file was written");
    }
    fs::remove_file(&path).expect("a list");
    fails(&project.run(["verify"]), "redaction-mismatch");
    fs::write(&path, &text).expect("a file");
    // The original record again, with the redaction: withheld values would be published.
    fs::write(
        project.path("content/releases/2026-05-01.json"),
        &whole[&project.path("content/releases/2026-05-01.json").display().to_string()],
    )
    .expect("a file");
    fails(&project.run(["verify"]), "redaction-interrupted");
}

#[test]
fn a_restored_original_is_an_error_after_its_redaction_is_bound() {
    let project = project();
    let path = project.path("content/releases/2026-05-01.json");
    let original = fs::read(&path).expect("a record");
    fine(redact(&project));
    fine(project.run(["release", "-m", "Withheld a contact.", "--date", "2026-05-03"]));
    fs::write(&path, original).expect("a file");
    for command in [["verify"], ["check"], ["build"]] {
        fails(&project.run(command), "redaction-missing");
    }
}

#[test]
fn an_interrupted_redaction_is_reported_and_completed() {
    let project = project();
    let before = files(&project.path("content/releases"));
    fine(redact(&project));
    let after = files(&project.path("content/releases"));
    let changed: Vec<&String> =
        after.iter().filter(|(path, bytes)| before.get(*path) != Some(bytes)).map(|(path, _)| path).collect();
    assert_eq!(changed.len(), 4, "{changed:?}");
    let rank = |path: &str| (!path.ends_with("redactions.json"), path.ends_with("SHA256SUMS"), path.to_owned());
    let mut order = changed.clone();
    order.sort_by_key(|path| rank(path));
    // A run writes the files in this order; it can be killed after each.
    for written in 1..order.len() {
        for path in &changed {
            match before.get(*path) {
                Some(bytes) => fs::write(path, bytes).expect("a file"),
                None => fs::remove_file(path).expect("a file"),
            }
        }
        for path in &order[..written] {
            fs::write(path, &after[*path]).expect("a file");
        }
        for command in [vec!["verify"], vec!["check"], vec!["build"], vec!["release", "-m", "R."]] {
            fails(&project.run(&command), "redaction-interrupted");
        }
        fine(redact(&project));
        assert!(files(&project.path("content/releases")) == after, "after {written} files");
    }
    fine(project.run(["release", "-m", "Withheld a contact.", "--date", "2026-05-03"]));
    // Killed between the record and the removal of the list.
    let list = after.keys().find(|path| path.ends_with("redactions.json")).expect("a list");
    fs::write(list, &after[list]).expect("a file");
    let verify = project.run(["verify"]);
    assert!(verify.code == Some(0) && verify.stderr.is_empty(), "{verify:?}");
    fine(project.run(["redact", "2026-05-01", "/disclosure/subprocessors/mail/purpose", "--reason", "R"]));
    assert_eq!(json(&project, "content/releases/redactions.json").as_array().map(Vec::len), Some(1));
}

#[test]
fn later_redactions_of_the_same_release_add_entries() {
    let project = redacted();
    fine(project.run(["redact", "2026-05-01", "/disclosure/subprocessors/mail/purpose", "--reason", "Wrong"]));
    fine(project.run(["release", "-m", "Withheld a purpose.", "--date", "2026-05-04"]));
    let first = &json(&project, "content/releases/2026-05-03.json")["redactions"][0];
    let second = &json(&project, "content/releases/2026-05-04.json")["redactions"][0];
    assert_eq!(first["original"], second["original"]);
    assert_ne!(first["sha256"], second["sha256"]);
    assert!(fine(project.run(["verify"])).contains("3 redactions:"));
    // The release that binds a redaction can be made again.
    fine(project.run(["release", "--replace"]));
    assert!(fine(project.run(["verify"])).contains("3 redactions:"));
    fine(project.run(["build"]));
}

#[test]
fn a_reader_can_compare_the_original() {
    let project = project();
    let keep =
        |name: &str| fs::copy(project.path("content/releases/2026-05-01.json"), project.path(name)).expect("a copy");
    keep("first.json");
    fine(redact(&project));
    keep("second.json");
    fine(project.run(["redact", "2026-05-01", "/disclosure/subprocessors/mail/purpose", "--reason", "Wrong"]));
    keep("third.json");
    fine(project.run(["release", "-m", "Withheld a contact.", "--date", "2026-05-03"]));
    for name in ["first.json", "second.json", "third.json"] {
        let stdout = fine(project.run(["verify", "--original", name]));
        assert!(
            stdout.contains("OK: release 2026-05-01 differs from its original record only in the withheld values"),
            "{stdout}"
        );
    }
    let edited = project.read("first.json").replacen("Street 1", "Street 2", 1);
    let project = project.file("edited.json", edited).file("none.json", "{}");
    for name in ["edited.json", "none.json", "content/releases/2026-05-02.json", "content/releases/SHA256SUMS"] {
        if !name.ends_with("2026-05-02.json") {
            fails(&project.run(["verify", "--original", name]), "redaction-mismatch");
        }
    }
    assert_eq!(project.run(["verify", "--original", "missing.json"]).code, Some(2));
}

#[test]
fn a_redaction_that_changed_more_is_visible_to_who_kept_the_original() {
    let project = project();
    fs::copy(project.path("content/releases/2026-05-01.json"), project.path("original.json")).expect("a copy");
    fine(redact(&project));
    // The publisher changes another value at the same time, and makes the list agree.
    let path = project.path("content/releases/2026-05-01.json");
    let old = fs::read_to_string(&path).expect("a record");
    let new = old.replacen("Street 1", "Street 2", 1);
    fs::write(&path, &new).expect("a file");
    for name in ["redactions.json", "SHA256SUMS"] {
        let path = project.path(&format!("content/releases/{name}"));
        let text = fs::read_to_string(&path).expect("a file");
        let [old, new] = [&old, &new].map(|text| Digest::of(text.as_bytes()).to_string());
        fs::write(path, text.replace(&old, &new)).expect("a file");
    }
    fine(project.run(["release", "-m", "Withheld a contact.", "--date", "2026-05-03"]));
    fine(project.run(["verify"]));
    fails(&project.run(["verify", "--original", "original.json"]), "redaction-mismatch");
}

#[test]
fn a_withheld_file_is_gone_and_pages_say_so() {
    let project = project();
    let sha256 = Digest::of(b"the first edition").to_string();
    let kept = format!("content/releases/files/{sha256}/dpa.pdf");
    let destination = format!("file://{}", project.path("web").display());
    fine(project.run(["release", "-m", "Third.", "--date", "2026-05-03"]));
    fine(project.run(["publish", &destination, "--base-url", "https://trust.example.net"]));
    let bytes = fs::read(project.path(&kept)).expect("a file");
    let project = project.file("static/documents/dpa.pdf", "the second edition");
    fine(project.run(["redact", "--file", &sha256, "--reason", "The wrong file"]));
    assert!(!project.path(&kept).exists());
    let verify = project.run(["verify"]);
    assert!(verify.code == Some(0) && verify.stderr.contains("[redaction-unbound]"), "{verify:?}");
    fails(&project.run(["build"]), "redaction-unbound");
    fine(project.run(["release", "-m", "Withheld a file.", "--date", "2026-05-04"]));
    let purge = project.path("purge.txt");
    fine(project.run([
        "publish",
        &destination,
        "--base-url",
        "https://trust.example.net",
        "--purge-file",
        purge.to_str().expect("UTF-8"),
    ]));
    let url = format!("https://trust.example.net/releases/files/{sha256}/dpa.pdf\n");
    assert!(project.read("purge.txt").contains(&url), "{}", project.read("purge.txt"));
    let left: Vec<String> = files(&project.path("web"))
        .into_iter()
        .filter(|(_, bytes)| bytes == b"the first edition")
        .map(|(path, _)| path)
        .collect();
    assert!(left.is_empty(), "{left:?}");
    let page = project.read("web/releases/2026-05-01/index.html");
    assert!(page.contains("file withheld") && !page.contains(&sha256) && page.contains("The wrong file"), "{page}");
    let server = FileServer::of(project.path("web"));
    assert!(
        fine(project.run(["verify", server.url("").as_str()]))
            .contains(&format!("file {sha256} withheld on 2026-05-22: The wrong file"))
    );
    // It must not come back.
    for folder in ["content/releases", "web/releases"] {
        let path = project.path(&format!("{folder}/files/{sha256}/dpa.pdf"));
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, &bytes).expect("a file");
        let place = folder.strip_suffix("/releases").unwrap_or(folder);
        let run = if place == "web" { project.run(["verify", "web"]) } else { project.run(["verify"]) };
        fails(&run, "withheld-file");
        fs::remove_file(path).expect("a file");
    }
    fails(&project.run(["redact", "--file", &sha256, "--reason", "Again"]), "redaction-target");
}

#[test]
fn an_interrupted_redaction_of_a_file_is_completed() {
    let project = project();
    let sha256 = Digest::of(b"the first edition").to_string();
    let kept = project.path(&format!("content/releases/files/{sha256}/dpa.pdf"));
    let bytes = fs::read(&kept).expect("a file");
    let project = project.file("static/documents/dpa.pdf", "the second edition");
    let command = ["redact", "--file", &sha256, "--reason", "The wrong file"];
    fine(project.run(command));
    fs::create_dir_all(kept.parent().expect("a folder")).expect("a folder");
    fs::write(&kept, bytes).expect("a file");
    fails(&project.run(["verify"]), "redaction-interrupted");
    fine(project.run(command));
    assert!(!kept.exists());
    assert_eq!(json(&project, "content/releases/redactions.json").as_array().map(Vec::len), Some(1));
}

#[test]
fn a_change_to_a_withheld_value_needs_no_notice_and_shows_no_value() {
    let project = project();
    fine(project.run(["redact", "2026-05-01", "/disclosure/subprocessors/mail/purpose", "--reason", "R"]));
    let run = project.run(["diff", "2026-05-01", "2026-05-02", "--format", "json"]);
    let changes: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(changes["notice"], false);
    assert_eq!(
        changes["changes"][0]["fields"],
        serde_json::json!([{"kind": "redacted", "field": "purpose", "notice": false}])
    );
    let text = fine(project.run(["diff", "2026-05-01", "2026-05-02"]));
    assert!(text.contains("~ Mailer: purpose redacted") && !text.contains("Newsletters"), "{text}");
}

#[test]
fn documented_recipe_compares_redacted_records_with_their_redactions() {
    let docs = include_str!("../../../docs/releases.md");
    let recipe = docs.split("# by hand: compare each redacted").nth(1).and_then(|rest| rest.split("```").next());
    let recipe = format!("#{}", recipe.expect("a recipe"));
    let project = redacted();
    fine(project.run(["redact", "2026-05-01", "/disclosure/subprocessors/mail/purpose", "--reason", "Wrong"]));
    fine(project.run(["release", "-m", "Withheld a purpose.", "--date", "2026-05-04"]));
    let run = || {
        let mut shell = std::process::Command::new("sh");
        let shell = shell.args(["-c", &recipe]).current_dir(project.path("content/releases")).env("LC_ALL", "C");
        let output = shell.output().expect("a shell");
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
    };
    let output = run();
    assert!(output.matches(": OK").count() == 2 && output.matches("\"sha256\"").count() == 2, "{output}");
    let path = project.path("content/releases/2026-05-01.json");
    let text = fs::read_to_string(&path).expect("a record").replacen("Street 1", "Street 2", 1);
    fs::write(path, text).expect("a file");
    assert!(run().contains("2026-05-01.json: FAILED"));
}

#[test]
fn editions_of_a_document_that_is_no_longer_public_are_named_until_they_are_withheld() {
    let first = Digest::of(b"the first edition").to_string();
    let second = Digest::of(b"the second edition").to_string();
    let project = project().file("static/documents/dpa.pdf", "the second edition");
    fine(project.run(["release", "-m", "Third.", "--date", "2026-05-03"]));
    let quiet = project.run(["check"]);
    assert!(!quiet.stderr.contains("editions-public"), "{quiet:?}");
    let project = project
        .file("content/data/documents.yaml", "- {id: dpa, title: DPA, access: nda}\n")
        .without("static/documents/dpa.pdf");
    let check = project.run(["check"]);
    let named = |text: &str| [&first, &second].map(|digest| text.contains(&format!("SHA-256 {digest}")));
    assert!(check.stderr.contains("still publish 2 editions") && named(&check.stderr) == [true, true], "{check:?}");
    fine(project.run(["release", "-m", "Now under NDA.", "--date", "2026-05-04"]));
    assert_eq!(named(&project.run(["check"]).stderr), [true, true]);
    fine(project.run(["redact", "--file", &first, "--reason", "Under NDA"]));
    assert_eq!(named(&project.run(["check"]).stderr), [false, true]);
    fine(project.run(["redact", "--file", &second, "--reason", "Under NDA"]));
    let check = project.run(["check"]);
    assert!(!check.stderr.contains("editions-public"), "{check:?}");
    fine(project.run(["release", "-m", "Withheld.", "--date", "2026-05-05"]));
    fine(project.run(["build"]));
    assert!(!project.path("dist/releases/files").exists());
}
