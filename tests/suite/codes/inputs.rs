//! Invalid inputs, grouped by the diagnostic codes that they produce.

use std::fs;
use std::sync::Arc;

use candor::assets::Assets;
use candor::check::external;
use candor::diagnostic::{Code, Report, Source};
use candor::fetch::probe::Answer;
use candor::history::History;
use candor::import::{self, ImportOptions, PastOptions, Plan, Revision, State};
use candor::model::{Date, ProgramVersion};
use candor::publication::Publication;
use candor::render::{Renderer, Theme, pages};

use super::{Reported, all, of_report, printed};
use crate::history::{company, edit, newer, publish, released};
use crate::support::{Project, SITE};

pub fn wrong_fields() -> Reported {
    let site = "title: Trust\ntitle: Trust\nlanguage: english!\nnonsense: 1\n\
        organization: {name: Example, url: 'htp:/x', jurisdiction: mars, notice_days: 9999}\n\
        contacts: {privacy: a@b}\n\
        theme: {accent: blue, logo: ../x.svg}\n\
        media_types: {.a: visio, '*.b': text/plain}\n";
    let subprocessors = "- {id: Bad Id, name: A, purpose: B, data_categories: [C]}\n\
        - {id: a, name: ' ', purpose: \"a\\x01b\", data_categories: [], locations: [UK], lei: '1', condition: {}, effective: 2026-02-30}\n\
        - {id: a, name: [A], data_categories: [C, C]}\n";
    let questions = "- {id: a, question: B, answer: C}\n- {id: a, question: D, answer: E}\n";
    let documents = "- {id: d, title: D, file: d.pdf, url: 'https://a.example/d.pdf'}\n";
    let project = Project::new()
        .file("content/site.yaml", site)
        .file("content/data/subprocessors.yaml", subprocessors)
        .file("content/data/faq.yaml", questions)
        .file("content/data/documents.yaml", documents)
        .file("content/updates/outage.md", "---\ntitle: A\nseverity: low\n---\n\nText.\n")
        .file("content/data/facts.yaml", "- {id: f, title: F, kind: rto, percent: 1}\n");
    let twice = "title: Trust\norganization: {name: Example, notice_days: 30}\nnotice: {days: 30}\n";
    all([of_report(&project.load().1), of_report(&Project::new().file("content/site.yaml", twice).load().1)])
}

pub fn translations() -> Reported {
    let project = Project::new()
        .file("content/site.yaml", format!("{SITE}languages: [de]\n"))
        .file("content/sections/10-a.md", "---\ntitle: A\n---\n\nText.\n")
        .file("content/data/ai.yaml", "- {id: a, feature: A, data_categories: [B, C], regions: [DE]}\n");
    let wrong = "- {id: a, feature: 'Ü', data_categories: [D], regions: [DE]}\n- {id: b, feature: B}\n";
    let texts = project
        .file("content/i18n/fr.lock", "")
        .file("content/i18n/de/sections/10-a.md", "---\ntitle: Ü\n---\n")
        .file("content/i18n/de/sections/20-a.md", "---\ntitle: Ü\n---\n")
        .file("content/i18n/de/data/ai.yaml", wrong)
        .file("content/i18n/de.lock", "edited\n");
    let errors = printed(&texts, &["check"]);
    let project = texts
        .without("content/i18n/fr.lock")
        .without("content/i18n/de.lock")
        .without("content/i18n/de/sections/20-a.md")
        .file("content/i18n/de/data/ai.yaml", "- {id: a, feature: 'Ü', data_categories: [D, E]}\n")
        .file("texts.csv", "a,b\n");
    let path = project.path("texts.csv");
    let file = of_report_of(project.run(["translate", "accept", "de", path.to_str().expect("a path")]).stderr.as_str());
    let unaccepted = printed(&project, &["check"]);
    assert_eq!(project.run(["translate", "accept", "de"]).code, Some(0));
    let project = project.file("content/data/ai.yaml", "- {id: a, feature: A}\n");
    all([errors, file, unaccepted, printed(&project, &["check"])])
}

/// Returns the code of the only error that a command printed.
fn of_report_of(stderr: &str) -> Reported {
    let code = |code: &&Code| stderr.contains(&format!("error[{code}]"));
    Code::ALL.iter().filter(code).map(|code| (code.as_str(), "error")).collect()
}

pub fn profile() -> Reported {
    let project = Project::new()
        .file("content/site.yaml", SITE)
        .file("content/sections/10-a.md", "---\ntitle: A\n---\n\nText.\n")
        .file("profiles/wrong.yaml", "- {id: a, question: 'A?', any_of: [site.nothing]}\n");
    let asked = printed(&project, &["check", "--profile", "vendor-review"]);
    all([asked, printed(&project, &["check", "--profile", "wrong"])])
}

/// A document that expired after the release of an answer that names it.
pub fn expired_evidence() -> Reported {
    let questions =
        "title: Q\nreviewed: 2026-05-01\nquestions:\n  - {id: a, question: A?, answer: yes, evidence: [report]}\n";
    let project = Project::new()
        .file("content/data/documents.yaml", "- {id: report, title: R, valid_until: 2026-06-01}\n")
        .file("content/questionnaires/q.yaml", questions);
    assert_eq!(project.run(["release", "-m", "First", "--date", "2026-05-22"]).code, Some(0));
    printed(&project, &["check", "--as-of", "2026-06-02"])
}

/// An upcoming change of a field to which an alias refers.
pub fn aliased_change() -> Reported {
    let list = "- {id: a, name: A, purpose: B, data_categories: &d [C], upcoming: [{announced: 2026-05-01, effective: 2026-05-20, data_categories: [E]}]}\n- {id: b, name: B, purpose: B, data_categories: *d}\n";
    let project = company().file("content/data/subprocessors.yaml", list);
    printed(&project, &["release", "-m", "A", "--apply-upcoming", "--as-of", "2026-05-22"])
}

/// Content that breaks what the newest release announces.
pub fn broken_announcements() -> Reported {
    let list = |items: &[(&str, &str)]| -> String {
        let item = |(id, more): &(&str, &str)| {
            format!("- {{id: {id}, name: {id}, purpose: B, data_categories: [C], {more}}}\n")
        };
        items.iter().map(item).collect()
    };
    let entry = |effective: &str| format!("upcoming: [{{announced: 2026-05-01, effective: {effective}, purpose: D}}]");
    let path = "content/data/subprocessors.yaml";
    let before = list(&[("moved", &entry("2026-09-01")), ("removed", &entry("2026-09-01")), ("changed", "")]);
    let after = list(&[("moved", &entry("2026-08-01")), ("changed", "locations: [DE]"), ("new", "")]);
    let project = company().file(path, before);
    let run = project.run(["release", "-m", "First", "--date", "2026-05-01"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let project = project.file(path, after);
    printed(&project, &["check", "--as-of", "2026-05-22"])
}

pub fn unreadable_files() -> Reported {
    let nested = format!("templates/{}a.html", "a/".repeat(20));
    let project = Project::new()
        .folder("content/data/certifications.yaml")
        .file("content/data/controls.yaml", "")
        .file("content/data/commitments.yaml", vec![b'#'; 8 * 1024 * 1024 + 1])
        .file("content/data/documents.yaml", [0xff, 0xfe])
        .file("content/data/faq.yaml", "- ".repeat(100) + "x")
        .file("content/data/subprocessors.yml", "[]")
        .file("content/data/notes.txt", "x")
        .file("content/sections/10-a.md", "No title.\n")
        .file("content/sections/20-b.md", "---\ntitle: [\n---\n")
        .file("content/sections/30-\u{200b}.md", "---\ntitle: C\n---\n")
        .link("content/sections/40-d.md", "nowhere.md")
        .link("content/sections/50-e.md", "/dev/zero")
        .file(&nested, "x")
        .file("templates/site.css", "a {}");
    let misplaced = Project::new().file("content/sections", "x");
    all([printed(&project, &["check"]), printed(&misplaced, &["check"])])
}

pub fn links_of_releases() -> Reported {
    let section = |text: &str| format!("---\ntitle: A\n---\n\n{text}\n");
    let project = Project::new()
        .file("content/sections/10-a.md", section("[it](own.html)"))
        .file("static/root/own.html", "<p>Own</p>");
    assert_eq!(project.run(["release", "-m", "First"]).code, Some(0));
    printed(&project.without("static/root/own.html").file("content/sections/10-a.md", section("it")), &["check"])
}

pub fn files_of_releases() -> Reported {
    let files = ["a", "b", "c"];
    let document = |name: &str| format!("- {{id: {name}, title: {name}, file: documents/{name}.pdf}}\n");
    let project = files
        .iter()
        .fold(Project::new().file("content/data/documents.yaml", files.map(document).concat()), |project, name| {
            project.file(&format!("static/documents/{name}.pdf"), *name)
        });
    assert_eq!(project.run(["release", "-m", "First."]).code, Some(0));
    let records = project.folder("records");
    for name in ["2026-05-22.json", "SHA256SUMS"] {
        fs::copy(records.path(&format!("content/releases/{name}")), records.path(&format!("records/{name}")))
            .expect("a copy");
    }
    let unverified = printed(&records, &["verify", "records"]);
    let kept = |name: &str| {
        let digest = candor::model::Digest::of(name.as_bytes());
        records.path(&format!("content/releases/files/{digest}/{name}.pdf"))
    };
    fs::write(kept("a"), "x").expect("a file");
    fs::remove_file(kept("b")).expect("a file");
    let damaged = printed(&records, &["verify"]);
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
    let pointer = Project::new().file("static/documents/c.pdf", pointer);
    all([unverified, damaged, printed(&pointer, &["check"])])
}

pub fn bound_notices() -> Reported {
    let project = released(1);
    let file = project.path("content/notices/2026-05-01.yaml");
    fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    fs::write(&file, "- channel: email\n").expect("a file");
    let project = project.file("content/data/faq.yaml", "- {id: a, question: Q?, answer: A.}\n");
    assert_eq!(project.run(["release", "-m", "Second."]).code, Some(0));
    fs::write(&file, "- channel: paper\n").expect("a file");
    let changed = printed(&project, &["verify"]);
    fs::remove_file(&file).expect("a file");
    all([changed, printed(&project, &["verify"])])
}

pub fn lists_of_recipients() -> Reported {
    let read = |text: &str| candor::notice::mail::recipients::read("list.csv", text.as_bytes());
    let lists = ["", "email\nx\na@b.com\na@B.com\n"].map(read);
    all(lists.map(|list| of_report(&list.expect_err("a problem"))))
}

pub fn redactions() -> Reported {
    let project = released(2)
        .file("content/data/documents.yaml", "- {id: a, title: A, file: documents/a.pdf}\n")
        .file("static/documents/a.pdf", "a");
    assert_eq!(project.run(["release", "-m", "Form 1.", "--date", "2026-05-03"]).code, Some(0));
    let record = |name: &str| project.path(&format!("content/releases/{name}"));
    let purpose = "/disclosure/subprocessors/stripe/purpose";
    let redact = ["redact", "2026-05-01", "/summary", purpose, "--reason", "R"];
    let original = fs::read(record("2026-05-01.json")).expect("a record");
    let target = printed(&project, &["redact", "2026-05-01", "/version", "--reason", "R"]);
    let stated = printed(&project, &["redact", "2026-05-01", "/disclosure/title", "--reason", "R"]);
    let elsewhere = printed(&project, &redact);
    let unbound = printed(&project, &["check"]);
    let redacted = fs::read(record("2026-05-01.json")).expect("a record");
    fs::write(record("2026-05-01.json"), &original).expect("a record");
    let interrupted = printed(&project, &["verify"]);
    fs::write(record("2026-05-01.json"), redacted).expect("a record");
    let list = fs::read_to_string(record("redactions.json")).expect("a list");
    fs::write(record("redactions.json"), list.replacen(",\n      \"/summary\"", "", 1)).expect("a list");
    let mismatch = printed(&project, &["verify"]);
    fs::write(record("redactions.json"), "{}").expect("a list");
    let malformed = printed(&project, &["verify"]);
    fs::write(record("redactions.json"), list).expect("a list");
    let digest = candor::model::Digest::of(b"a").to_string();
    fs::write(project.path("static/documents/a.pdf"), "b").expect("a file");
    assert_eq!(project.run(["redact", "--file", &digest, "--reason", "R"]).code, Some(0));
    assert_eq!(project.run(["release", "-m", "Withheld.", "--date", "2026-05-04"]).code, Some(0));
    fs::write(project.path("content/data/documents.yaml"), "- {id: a, title: A, access: nda}\n").expect("a file");
    let editions = printed(&project, &["check"]);
    fs::write(record("2026-05-01.json"), original).expect("a record");
    let missing = printed(&project, &["verify"]);
    let kept = record(&format!("files/{digest}"));
    fs::create_dir_all(&kept).expect("a folder");
    fs::write(kept.join("a.pdf"), "a").expect("a file");
    let withheld = printed(&project, &["check"]);
    all([target, stated, elsewhere, unbound, interrupted, mismatch, malformed, missing, withheld, editions])
}

pub fn templates() -> Reported {
    let broken = company().file("templates/index.html", "{{ nothing");
    let strings = company().file("templates/strings/en.yaml", "- a");
    all([printed(&broken, &["check"]), printed(&strings, &["check"])])
}

pub fn strings() -> Reported {
    let strings = "nav: {hone: Start, label: Sections}\nfooter: {published: 'on {day}'}\n\
                   count: {changes: {other: '{n}'}}\n";
    let project = Project::new()
        .file("content/site.yaml", format!("{SITE}language: fi\n"))
        .file("templates/strings/de.yaml", strings);
    printed(&project, &["check"])
}

pub fn static_files() -> Reported {
    let large = Project::new().file("static/large.bin", "");
    let file = fs::OpenOptions::new().write(true).open(large.path("static/large.bin")).expect("a file");
    file.set_len(64 * 1024 * 1024 + 1).expect("a file with a hole");
    let files = Project::new()
        .file("static/con.txt", "x")
        .file("static/logo.png", "1")
        .file("static/Logo.png", "2")
        .link("static/link.txt", "/dev/zero")
        .file("static/a.css", "@import 'b.css'; a { background: url(nowhere.png) }")
        .file("static/b.css", "@import 'a.css'; a { background: url(https://a.example/b.png) }")
        .file("static/c.css", [b'a', 0xff])
        .file("static/d.css", "a { background: url(data:image/png;base64,AA==) }")
        .file("static/~$dpa.docx", "A. Person")
        .file("static/.nojekyll", "");
    let collision = company().file("static/root/index.html", "mine");
    let nested = (0..20).fold(Project::new(), |project, at| {
        project.file(&format!("static/css/s{at}.css"), format!("@import 's{}.css';", at + 1))
    });
    all([
        printed(&Project::new().file("static", "x"), &["check"]),
        printed(&large, &["check"]),
        printed(&files, &["check"]),
        printed(&nested, &["check"]),
        printed(&collision, &["build", "--draft", "--no-compress"]),
        printed(&Project::new().file("static/plans/plan.vsdx", "x"), &["check"]),
        printed(&Project::new().file("static/documents/app.js", "f()").file("static/CNAME", "a.example"), &["check"]),
        printed(&Project::new().file("static/root/CNAME", "a.example"), &["check"]),
        printed(
            &Project::new()
                .file("content/site.yaml", format!("{SITE}theme: {{logo: img/logo.png}}\n"))
                .file("static/img/logo.png", "<!doctype html>"),
            &["check"],
        ),
    ])
}

pub fn documents() -> Reported {
    let list = "- {id: a, title: A, access: nda, file: documents/a.pdf}\n";
    let restricted = Project::new().file("content/data/documents.yaml", list).file("static/documents/a.pdf", "x");
    let unreferenced = Project::new().file("static/documents/b.pdf", "x");
    let site = format!("{SITE}base_url: https://trust.acme.test\n");
    let address = "- {id: a, title: A, url: \"https://trust.acme.test/documents/a.pdf\"}\n- {id: n, title: N, url: \"https://trust.acme.test/none/\"}\n";
    let by_address = Project::new()
        .file("content/site.yaml", site)
        .file("content/data/documents.yaml", address)
        .file("static/documents/a.pdf", "x");
    all([printed(&restricted, &["check"]), printed(&unreferenced, &["check"]), printed(&by_address, &["check"])])
}

/// Sends no requests: the answers are given. `external.rs` tests requests to real servers.
pub fn other_sites() -> Reported {
    let (content, _) = Project::new()
        .file(
            "content/sections/10-a.md",
            "---\ntitle: A\n---\n<https://a.example> <https://b.example> <https://c.example>\n",
        )
        .load();
    let content = content.expect("content");
    let links = external::links(&content);
    let answers = [
        Answer::Gone { status: 404 },
        Answer::Refused { status: 403 },
        Answer::Moved { to: "https://d.example".parse().expect("an address") },
    ];
    assert_eq!(links.len(), answers.len());
    of_report(&external::judge(&content, &links, &answers, "2026-05-22".parse().expect("a date")))
}

pub fn refused_releases() -> Reported {
    let changed = edit(released(2), "content/data/subprocessors.yaml", "IP address", "IP addresses");
    fs::write(changed.path("summary.md"), "x".repeat(1024 * 1024 + 1)).expect("a file");
    let refused = |args: &[&str]| printed(&changed, &[&["release"], args].concat());
    all([
        printed(&company(), &["release", "--replace", "-m", "Again"]),
        printed(&released(1), &["release", "-m", "Again"]),
        refused(&["-m", "Third", "--version", "2026-05-02"]),
        refused(&["-m", " "]),
        refused(&["--summary-file", "summary.md"]),
        refused(&["-m", "Third", "--version", "2026-05-21", "--date", "2026-05-20"]),
        refused(&["-m", "Third", "--date", "2026-05-01"]),
        refused(&["-m", "Third", "--date", "2026-05-23"]),
    ])
}

pub fn newer_releases() -> Reported {
    let project = newer::with_newest(|record| record["x_new"] = true.into());
    let project = edit(project, "content/site.yaml", "title: Our ", "title: Your ");
    all([printed(&project, &["verify"]), printed(&project, &["release", "-m", "Third"])])
}

pub fn repaired_releases() -> Reported {
    let replaced = edit(released(2), "content/data/subprocessors.yaml", "IP address", "IP addresses");
    let first = released(1).read("content/releases/SHA256SUMS");
    let interrupted = released(2).file("content/releases/SHA256SUMS", first);
    all([
        printed(&replaced, &["release", "--replace", "-m", "Again"]),
        printed(&interrupted, &["release", "-m", "Form 2"]),
    ])
}

/// No command reaches this state: the library renders any publication that it is given.
pub fn empty_site() -> Reported {
    let project = Project::new();
    let publication = Arc::new(Publication {
        settings: project.load().0.expect("content").settings,
        history: History::default(),
        draft: None,
        in_effect: None,
        assets: Assets::default(),
        bound_media_types: Default::default(),
        as_of: "2026-05-22".parse().expect("a date"),
        program: ProgramVersion::current(),
    });
    let theme = Theme::new(&[], &candor::wording::Catalog::english()).expect("the built-in theme");
    let renderer = Arc::new(Renderer::new(publication, theme));
    let front = pages(&renderer).into_iter().find(|(path, _)| path.as_str() == "index.html").expect("a front page");
    of_report(&front.1.body.bytes().expect_err("there is nothing to show"))
}

pub fn tampered_records() -> Reported {
    const FIRST: &str = "content/releases/2026-05-01.json";
    const SECOND: &str = "content/releases/2026-05-02.json";
    const THIRD: &str = "content/releases/2026-05-03.json";
    const SUMS: &str = "content/releases/SHA256SUMS";
    let verify = |project: Project| printed(&project, &["verify"]);
    let history = || released(3);
    let text = |path: &str| history().read(path);
    let second = text(SECOND);
    let (without_link, link) = {
        let start = second.find("  \"previous\"").expect("a link");
        let end = start + second[start..].find("},\n").expect("its end") + 3;
        (format!("{}{}", &second[..start], &second[end..]), second[start..end].to_owned())
    };
    let sums = text(SUMS);
    let digest = sums.split("  2026-05-01").next().expect("a digest").to_owned();
    let one_line_less = sums.lines().filter(|line| !line.contains("05-02")).map(|line| format!("{line}\n"));
    all([
        verify(edit(history(), SECOND, "form 2", "form 7")),
        verify(edit(history(), SUMS, &digest, &"0".repeat(64))),
        verify(edit(history(), SECOND, &digest, "abc")),
        verify(history().without(SECOND)),
        verify(history().file(SUMS, one_line_less.collect::<String>())),
        verify(history().without(SUMS)),
        verify(history().file(SUMS, "nonsense\n")),
        verify(history().file(SECOND, text(THIRD)).file(THIRD, &second)),
        verify(history().file(THIRD, &second)),
        verify(history().file("content/releases/notes.txt", "x")),
        verify(edit(history(), SECOND, "\"published\": \"2026-05-02\"", "\"published\": \"2026-04-02\"")),
        verify(edit(history(), SECOND, "\"summary\": \"Form 2\"", "\"summary\": \"\"")),
        verify(history().file(SECOND, without_link)),
        verify(edit(history(), SECOND, &link, &link.replace("05-01", "05-09"))),
        verify(history().file(FIRST, "[]")),
        verify(history().file(FIRST, &second[..second.len() / 2])),
        verify(edit(history(), SECOND, "\"schema\": 2", "\"schema\":2")),
        verify(edit(history(), SECOND, "\"schema\": 2,", "\"schema\": 0,")),
        verify(history().without(SECOND).link(SECOND, "/dev/zero")),
        verify(history().file(SECOND, vec![b' '; 33 * 1024 * 1024])),
    ])
}

pub fn other_histories() -> Reported {
    let old = publish(released(2));
    let site = old.path("dist").to_str().expect("UTF-8").to_owned();
    let new = released(1);
    let rewritten = printed(&new, &["verify", "--against", &site]);
    let newer = edit(released(2), "content/data/subprocessors.yaml", "IP address", "IP addresses");
    assert_eq!(newer.run(["release", "-m", "Third"]).code, Some(0));
    let old = publish(newer);
    let newer = edit(released(2), "content/data/subprocessors.yaml", "IP address", "IP addresses");
    assert_eq!(newer.run(["release", "-m", "Third"]).code, Some(0));
    let (site_of_two, against) = (publish(released(2)), "--against");
    let behind = site_of_two.path("dist").to_str().expect("UTF-8").to_owned();
    let unpublished = printed(&newer, &["verify", against, &behind]);
    let rolled_back = printed(&newer, &["verify", against, &behind, "--all-published"]);
    let site = old.path("dist").to_str().expect("UTF-8").to_owned();
    let list = old.read("dist/releases/index.json").replacen('{', "{\"other\": 1,", 1);
    let old = old.file("dist/releases/index.json", list);
    let other_keys = printed(&newer, &["verify", &site]);
    let _damaged = old.file("dist/releases/index.json", "[]");
    let damaged = printed(&newer, &["verify", against, &site]);
    all([rewritten, unpublished, rolled_back, other_keys, damaged, printed(&company(), &["verify"])])
}

pub fn imported_lists() -> Reported {
    let read = |path: &str, text: &str, options: &ImportOptions| {
        of_report(&import::read(&Source::new(path, import::normal(text)), options).1)
    };
    let plain = ImportOptions::default();
    let table = "| Name | Purpose | Data | Location | HQ |\n|--|--|--|--|--|\n| A | B | C | DE | DE |\n\n";
    let other = "| Name | Purpose | Start date | End date | Contact |\n|--|--|--|--|--|\n| A | B | | | |\n\n";
    let assigned = ImportOptions {
        assignments: vec!["Nowhere=purpose".parse().expect("an assignment")],
        ..ImportOptions::default()
    };
    let unclear = "Name,Purpose,Data,Website,Color\nA,B,C,a.example,red\nA,B,C,no address,red\n";
    let heading = "Name,Purpose,Data\nA,B,C\nName,Purpose,Data\n";
    let bomb = format!("<table><tr>{}</tr></table>", "<td colspan=1000 rowspan=60000>x</td>".repeat(100));
    all([
        read("a.md", "- A: B\n", &plain),
        read("a.html", &bomb, &plain),
        read("a.md", &format!("{table}{other}"), &plain),
        read("a.md", &format!("{table}| Term | Meaning |\n|--|--|\n| X | Y |\n"), &plain),
        read("a.md", "| Name | Purpose |\n|--|--|\n| {{ s.name }} | {{ s.purpose }} |\n", &plain),
        read("a.md", table, &assigned),
        read("a.csv", "Name,Data\nA,B\n", &plain),
        read("a.csv", unclear, &plain),
        read("a.csv", "Name,Purpose,Data\nA,,C\n", &plain),
        read("a.csv", heading, &plain),
        read("a.csv", "Name,Purpose,Data\nA,B,C,D\n", &plain),
    ])
}

pub fn refused_imports() -> Reported {
    let list = "Name,Purpose,Data\nA,B,C\n";
    all([
        printed(&company().file("list.csv", list), &["import", "list.csv", "--write"]),
        printed(&Project::new().file("list.csv", list), &["import", "list.csv", "--git-history"]),
        printed(&released(1).file("list.csv", list), &["import", "list.csv", "--git-history"]),
    ])
}

pub fn imported_history() -> Reported {
    let revision = |commit: &str, date: &str, state: State| Revision {
        commit: commit.to_owned(),
        date: date.parse().expect("a date"),
        subject: "Edit".to_owned(),
        body: String::new(),
        file: 0,
        path: "list.csv".to_owned(),
        state,
    };
    let text = |text: &str| State::Text(format!("Name,Purpose,Data,Website,Notes\n{text}"));
    let revisions = [
        revision("a", "2024-01-01", State::Text("A plain list".to_owned())),
        revision("b", "2024-02-01", text("A,B,C,a.example,\n")),
        revision("c", "2024-03-01", text("\"A\",B,C,a.example,\n")),
        revision("d", "2024-03-02", text("A,B,C,a.example,A note\n")),
        revision("e", "2024-01-15", text("Other,B,D,a.example,\n")),
    ];
    let (content, _) = Project::new().file("content/site.yaml", SITE).load();
    let today = content.expect("content").disclosure;
    let as_of: Date = "2026-05-22".parse().expect("a date");
    let options = ImportOptions::default();
    let now = Source::new("list.csv", "Name,Purpose,Data,Website,Notes\nOther,B,D,a.example,\n");
    let current = import::read(&now, &options).0.expect("a list");
    let same = vec!["Unlisted=Other".parse().expect("a pair")];
    let past_options = PastOptions { skip: vec!["abcdef".to_owned()], same, ..PastOptions::default() };
    let plan = Plan::parse(&Source::new("plan.yaml", "- commit: 1\n")).expect_err("no plan");
    let history = import::past(&revisions, &options, &past_options, &current, &today, as_of, &Report::new()).1;
    all([of_report(&history), of_report(&Report::from(*plan))])
}
