//! Releases bind the files that they refer to: a changed byte is an unreleased change, archived pages keep the file as it was,
//! and verification reads every file.

use std::fs;

use candor::model::Digest;
use serde_json::Value;

use crate::support::{FileServer, Project, Run};

const DOCUMENTS: &str =
    "- id: dpa\n  title: Data Processing Agreement\n  file: documents/dpa.pdf\n  version: \"1.0\"\n";
const SECTION: &str = "---\ntitle: Documents\nshow: documents\n---\nSee [the list](/documents/list%20%231.csv) and\n![a diagram](/img/flow.png).\n";

/// A project that refers to three files: of a document, of a link and of an image.
fn project() -> Project {
    Project::new()
        .file("content/data/documents.yaml", DOCUMENTS)
        .file("content/sections/10-documents.md", SECTION)
        .file("static/documents/dpa.pdf", "the first edition")
        .file("static/documents/list #1.csv", "a,b\n")
        .file("static/img/flow.png", "an image")
}

const FILES: [&str; 3] = ["documents/dpa.pdf", "documents/list #1.csv", "img/flow.png"];

fn released() -> Project {
    let project = project();
    fine(project.run(["release", "-m", "First."]));
    project
}

fn fine(run: Run) -> String {
    assert_eq!(run.code, Some(0), "{}\n{}", run.stdout, run.stderr);
    run.stdout
}

fn record(project: &Project, version: &str) -> Value {
    serde_json::from_str(&project.read(&format!("content/releases/{version}.json"))).expect("a record")
}

/// The path below `releases/` of the file that a record binds under a path.
fn kept(record: &Value, path: &str) -> String {
    let files = record["files"].as_array().expect("files");
    let file = files.iter().find(|file| file["path"] == path).unwrap_or_else(|| panic!("`{path}` is not bound"));
    let name = path.rsplit('/').next().expect("a name");
    format!("files/{}/{name}", file["sha256"].as_str().expect("a digest"))
}

#[test]
fn record_has_the_digest_and_the_folder_has_the_bytes_of_every_file() {
    let project = released();
    let record = record(&project, "2026-05-22");
    assert_eq!((&record["schema"], &record["candor"]), (&2.into(), &env!("CARGO_PKG_VERSION").into()));
    let paths: Vec<&str> =
        record["files"].as_array().expect("files").iter().map(|file| file["path"].as_str().expect("a path")).collect();
    assert_eq!(paths, FILES);
    for (file, path) in record["files"].as_array().expect("files").iter().zip(FILES) {
        let bytes = fs::read(project.path(&format!("static/{path}"))).expect("a file");
        assert_eq!(file["sha256"], Digest::of(&bytes).to_string(), "{path}");
        assert_eq!(file["bytes"], bytes.len(), "{path}");
        assert_eq!(fs::read(project.path(&format!("content/releases/{}", kept(&record, path)))).expect("kept"), bytes);
    }
    let keys: Vec<&String> = record.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["schema", "candor", "version", "published", "summary", "files", "disclosure"]);
}

#[test]
fn changed_byte_of_any_file_is_an_unreleased_change() {
    for path in FILES {
        let project = released();
        let project = project.file(&format!("static/{path}"), "other bytes");
        let check = project.run(["check"]);
        assert!(check.stderr.contains("warning[unreleased-changes]"), "{path}: {}", check.stderr);
        let diff = fine(project.run(["diff"]));
        assert!(diff.contains("file replaced"), "{path}: {diff}");
        let build = project.run(["build"]);
        assert_eq!(build.code, Some(1), "{path}");
        assert!(build.stderr.contains("file replaced"), "{path}: {}", build.stderr);
        fine(project.run(["release", "-m", "Second."]));
        fine(project.run(["build"]));
        assert_eq!(fine(project.run(["diff"])).lines().count(), 1, "{path}");
    }
}

#[test]
fn replaced_file_of_a_document_names_its_version() {
    let project = released().file("static/documents/dpa.pdf", "the second edition");
    let diff = fine(project.run(["diff"]));
    assert!(diff.contains("~ Data Processing Agreement: file replaced (version still 1.0)\n"), "{diff}");
    let project = project.file("content/data/documents.yaml", DOCUMENTS.replace("1.0", "2.0"));
    let diff = fine(project.run(["diff"]));
    assert!(diff.contains("Data Processing Agreement\n      file replaced\n      version 1.0 → 2.0\n"), "{diff}");
    let json: Value = serde_json::from_str(&fine(project.run(["diff", "--format", "json"]))).expect("JSON");
    let field = &json["changes"][0]["fields"][0];
    assert_eq!((&field["kind"], &field["path"]), (&"file".into(), &"documents/dpa.pdf".into()));
    assert_eq!(field["before"]["sha256"], Digest::of(b"the first edition").to_string());
    assert_eq!(field["after"]["sha256"], Digest::of(b"the second edition").to_string());
}

#[test]
fn archived_pages_link_to_the_files_as_they_were() {
    let project = released();
    let project = FILES.iter().fold(project, |project, path| project.file(&format!("static/{path}"), "other bytes"));
    fine(project.run(["release", "-m", "Second."]));
    fine(project.run(["build"]));
    for (version, index) in [("2026-05-22", 0), ("2026-05-22.2", 1)] {
        let record = record(&project, version);
        let page = project.read(&format!("dist/releases/{version}/index.html"));
        for path in FILES {
            let at = kept(&record, path);
            let url = at.replace(' ', "%20").replace('#', "%23");
            assert!(page.contains(&format!("\"../../releases/{url}\"")), "{version}: {path}\n{page}");
            let served = fs::read_to_string(project.path(&format!("dist/releases/{at}"))).expect("a file of the site");
            assert_eq!(served == "other bytes", index == 1, "{version}: {path}");
        }
    }
    let front = project.read("dist/index.html");
    assert!(front.contains("\"./documents/dpa.pdf\"") && !front.contains("releases/files/"), "{front}");
}

/// A link with the full address of the site is a link to the site: the release binds its file, and its archived page leads to it.
#[test]
fn full_addresses_of_the_site_bind_files() {
    let site = "title: Trust\norganization:\n  name: Example\nbase_url: https://trust.acme.test/center\n";
    let section = "---\ntitle: Files\n---\n[File](https://trust.acme.test/center/documents/a.pdf) and\n<https://trust.acme.test/center/documents/b.pdf#page=2> and [none](https://trust.acme.test/documents/a.pdf).\n";
    let project = Project::new()
        .file("content/site.yaml", site)
        .file("content/sections/10-files.md", section)
        .file("static/documents/a.pdf", "first")
        .file("static/documents/b.pdf", "first b");
    fine(project.run(["release", "-m", "See [it](https://trust.acme.test/center/documents/a.pdf)."]));
    let first = record(&project, "2026-05-22");
    let paths: Vec<&Value> = first["files"].as_array().expect("files").iter().map(|file| &file["path"]).collect();
    assert_eq!(paths, ["documents/a.pdf", "documents/b.pdf"]);
    let project = project.file("static/documents/a.pdf", "second");
    assert!(project.run(["check"]).stderr.contains("warning[unreleased-changes]"));
    assert!(fine(project.run(["diff"])).contains("file replaced"));
    assert_eq!(project.run(["build"]).code, Some(1));
    fine(project.run(["release", "-m", "Second."]));
    fine(project.run(["build"]));
    let archived = project.read("dist/releases/2026-05-22/index.html");
    for path in ["documents/a.pdf", "documents/b.pdf"] {
        assert!(archived.contains(&format!("\"../../releases/{}", kept(&first, path))), "{archived}");
    }
    assert!(archived.contains("#page=2\"") && archived.contains("\"https://trust.acme.test/documents/a.pdf\""));
    assert!(project.read("dist/index.html").contains("\"./documents/a.pdf\""));
    fine(project.run(["verify", "dist"]));
    let project = project.file("dist/documents/a.pdf", "third");
    let run = project.run(["verify", "dist"]);
    assert!(run.code == Some(1) && run.stderr.contains("documents/a.pdf"), "{run:?}");
}

/// A field with a web address of this site leads to a page that exists, and names no file.
#[test]
fn fields_with_addresses_of_the_site_are_checked() {
    let site = "title: Trust\norganization:\n  name: Example\nbase_url: https://trust.acme.test\nlinks:\n  footer:\n    - {title: Imprint, url: \"https://trust.acme.test/imprint/\"}\n";
    let documents = "- {id: a, title: A, url: \"https://trust.acme.test/documents/a.pdf\"}\n- {id: b, title: B, access: request, request_url: \"https://trust.acme.test/request/\"}\n- {id: c, title: C, access: request, request_url: \"https://trust.acme.test/subscribe/\"}\n- {id: d, title: D, access: request, request_url: \"https://trust.acme.test/#nowhere\"}\n";
    let controls = "- {id: t, title: T, evidence: \"https://trust.acme.test/documents/a.pdf\"}\n";
    let project = Project::new()
        .file("content/site.yaml", site)
        .file("content/data/documents.yaml", documents)
        .file("content/data/controls.yaml", controls)
        .file("static/documents/a.pdf", "a");
    let run = project.run(["check"]);
    for expected in [
        "error[file-by-address]: `https://trust.acme.test/documents/a.pdf` is a file of this site",
        "write `file: documents/a.pdf` instead",
        "add a document with `file: documents/a.pdf`, and refer to it",
        "error[broken-address]: there is no page or file `imprint/` on the site",
        "--> content/site.yaml:7:",
        "error[broken-address]: there is no page or file `request/` on the site",
        "error[broken-address]: there is no anchor `#nowhere` on the page",
    ] {
        assert!(run.stderr.contains(expected), "{expected}\n{}", run.stderr);
    }
    assert!(!run.stderr.contains("`subscribe/`"), "{}", run.stderr);
}

/// The address of the organization and the contacts are part of a release; links of the pages' header and footer are not.
#[test]
fn statements_of_the_site_name_no_file_by_its_address() {
    let site = "title: Trust\norganization:\n  name: Example\n  url: https://trust.acme.test/documents/a.pdf\ncontacts:\n  security: https://trust.acme.test./documents/a.pdf\n  support: https://old.acme.test/center/support/\n  privacy: https://old.acme.test/center/documents/a.pdf\nbase_url: https://trust.acme.test\nformer_base_urls: [https://old.acme.test/center]\nlinks:\n  footer:\n    - {title: A, url: \"https://trust.acme.test/documents/a.pdf\"}\n    - {title: B, url: \"https://trust.acme.test/documents/b.pdf\"}\n";
    let section = "---\ntitle: A\n---\n\n[a](/documents/a.pdf), [old](https://old.acme.test/center/gone/)\n";
    let run = Project::new()
        .file("content/site.yaml", site)
        .file("content/sections/10-a.md", section)
        .file("static/documents/a.pdf", "a")
        .file("static/documents/b.pdf", "b")
        .run(["check"]);
    assert_eq!(run.stderr.matches("error[file-by-address]").count(), 4, "{}", run.stderr);
    for expected in [
        "error[file-by-address]: `https://trust.acme.test/documents/b.pdf` is a file of this site, which no release binds",
        "--> content/site.yaml:14:",
        "add a document with `file: documents/b.pdf`",
        "--> content/site.yaml:4:",
        "--> content/site.yaml:6:",
        "--> content/site.yaml:8:",
        "add a document with `file: documents/a.pdf`, and write the address of a page",
        "error[broken-address]: there is no page or file `support/` on the site",
        "error[broken-link]: there is no page or file `gone/` on the site",
    ] {
        assert!(run.stderr.contains(expected), "{expected}\n{}", run.stderr);
    }
}

#[test]
fn verification_reads_every_file() {
    let project = released();
    fine(project.run(["build"]));
    let record = record(&project, "2026-05-22");
    for place in ["", "dist"] {
        let stdout = fine(project.run(["verify"].into_iter().chain((!place.is_empty()).then_some(place))));
        assert!(stdout.contains("3 files verified, 29 bytes"), "{stdout}");
    }
    for (place, folder) in [("", "content/releases"), ("dist", "dist/releases")] {
        for path in FILES {
            let at = project.path(&format!("{folder}/{}", kept(&record, path)));
            let verify = |options: &[&str]| {
                project.run(
                    ["verify"]
                        .iter()
                        .copied()
                        .chain((!place.is_empty()).then_some(place))
                        .chain(options.iter().copied()),
                )
            };
            let bytes = fs::read(&at).expect("a file");
            for (damaged, code) in [
                (Some(vec![b'x'; bytes.len()]), "release-file-changed"),
                (Some(Vec::new()), "release-file-changed"),
                (Some(vec![b'x'; bytes.len() + 1]), "release-file-changed"),
                (None, "release-file-missing"),
            ] {
                match damaged {
                    Some(damaged) => fs::write(&at, damaged).expect("a file"),
                    None => fs::remove_file(&at).expect("a file"),
                }
                let run = verify(&[]);
                assert_eq!(run.code, Some(1), "{place} {path}");
                assert!(run.stderr.contains(&format!("error[{code}]")), "{place} {path}: {}", run.stderr);
                fine(verify(&["--records-only"]));
                if place.is_empty() {
                    for command in ["check", "build"] {
                        assert_eq!(project.run([command]).code, Some(1), "{command} {path}");
                    }
                }
                fs::write(&at, &bytes).expect("a file");
            }
            fine(verify(&[]));
        }
    }
}

#[test]
fn verification_compares_current_files_with_the_newest_release() {
    let project = released();
    fine(project.run(["build", "--no-compress"]));
    let server = FileServer::of(project.path("dist"));
    let url = server.url("");
    let image = Digest::of(b"an image").short();
    let current = [FILES[0].to_owned(), FILES[1].to_owned(), format!("assets/img/flow.{image}.png")];
    for path in &current {
        let shown = format!("dist/{path}");
        let bytes = fs::read(project.path(&shown)).expect("a file");
        for (damaged, code) in [
            (Some("x".repeat(bytes.len())), "release-file-changed"),
            (Some("x".repeat(5_000)), "release-file-changed"),
            (Some(String::new()), "release-file-changed"),
            (None, "release-file-missing"),
        ] {
            match damaged {
                Some(damaged) => fs::write(project.path(&shown), damaged).expect("a file"),
                None => fs::remove_file(project.path(&shown)).expect("a file"),
            }
            let by_address = format!("{url}{path}");
            for (arguments, path) in [
                (vec!["verify", "dist"], &shown),
                (vec!["verify", &url], &by_address),
                (vec!["verify", "--against", "dist"], &shown),
            ] {
                let run = project.run(&arguments);
                assert_eq!(run.code, Some(1), "{arguments:?} {run:?}");
                assert!(run.stderr.contains(&format!("error[{code}]: `{path}`")), "{arguments:?}: {}", run.stderr);
            }
            fine(project.run(["verify", "dist", "--records-only"]));
            // Only its releases are known.
            fine(project.run(["verify", "dist/releases"]));
        }
        fs::write(project.path(&shown), &bytes).expect("a file");
    }
    assert_eq!(project.run(["verify", "dist"]).stderr, "");

    for path in FILES {
        let source = project.path(&format!("static/{path}"));
        let bytes = fs::read(&source).expect("a file");
        fs::write(&source, "other bytes").expect("a file");
        let changed = project.run(["verify"]);
        fs::remove_file(&source).expect("a file");
        let missing = project.run(["verify"]);
        for (run, problem) in [
            (changed, format!("`static/{path}` is not the file that release 2026-05-22 binds")),
            (missing, format!("there is no file `static/{path}`, which release 2026-05-22 binds")),
        ] {
            assert_eq!(run.code, Some(0), "{run:?}");
            assert!(run.stderr.contains(&format!("warning[unreleased-changes]: {problem}")), "{run:?}");
        }
        fs::write(&source, bytes).expect("a file");
    }
    let project = project.file("static/documents/dpa.pdf", "another edition");
    // A draft shows the file that its release would bind.
    fine(project.run(["build", "--draft"]));
    assert_eq!(project.run(["verify", "dist"]).stderr, "");
    fine(project.run(["release", "-m", "Second."]));
    fine(project.run(["build"]));
    for arguments in [&["verify"][..], &["verify", "dist"]] {
        assert_eq!(project.run(arguments).stderr, "", "{arguments:?}");
    }
}

#[test]
fn verification_of_a_server_and_against_one_reads_every_file() {
    let project = released();
    fine(project.run(["build"]));
    let server = FileServer::of(project.path("dist"));
    let url = server.url("");
    assert!(fine(project.run(["verify", &url])).contains("3 files verified"));
    fine(project.run(["verify", "--against", &url]));
    fs::write(project.path(&format!("dist/releases/{}", kept(&record(&project, "2026-05-22"), FILES[1]))), "x")
        .expect("a file");
    for arguments in [vec!["verify", &url], vec!["verify", "--against", &url]] {
        let run = project.run(&arguments);
        assert_eq!(run.code, Some(1), "{arguments:?}");
        assert!(run.stderr.contains("release-file-changed"), "{}", run.stderr);
    }
    fine(project.run(["verify", "--against", &url, "--records-only"]));
}

#[test]
fn folder_with_only_records_has_a_note() {
    let project = released().folder("copy");
    for name in ["2026-05-22.json", "SHA256SUMS"] {
        fs::copy(project.path(&format!("content/releases/{name}")), project.path(&format!("copy/{name}")))
            .expect("a copy");
    }
    let run = project.run(["verify", "copy"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stderr.contains("note[release-files-unverified]"), "{}", run.stderr);
}

#[test]
fn replacing_a_release_removes_files_that_no_record_binds() {
    let project = released();
    let old = kept(&record(&project, "2026-05-22"), FILES[0]);
    let project = project.file("static/documents/dpa.pdf", "a corrected edition");
    fine(project.run(["release", "--replace"]));
    let new = kept(&record(&project, "2026-05-22"), FILES[0]);
    assert_ne!(old, new);
    assert!(!project.path(&format!("content/releases/{old}")).exists(), "the old file is still kept");
    assert!(project.path(&format!("content/releases/{new}")).exists());
    fine(project.run(["verify"]));
}

#[test]
fn release_without_recorded_files_is_followed_by_one_that_records_them() {
    let project = project().released(1, |_, _| {});
    assert!(!project.run(["check"]).stderr.contains("unreleased-changes"), "an upgrade makes nothing unreleased");
    fine(project.run(["build"]));
    let archived = project.read("dist/releases/2025-09-01/index.html");
    assert!(archived.contains("file not recorded") && !archived.contains("documents/dpa.pdf"), "{archived}");
    let stdout = fine(project.run(["release", "-m", "Record the files."]));
    assert!(stdout.contains("3 files recorded"), "{stdout}");
    assert_eq!(record(&project, "2026-05-22")["schema"], 2);
    fine(project.run(["verify"]));
    let again = project.run(["release", "-m", "Once more."]);
    assert!(again.stderr.contains("release-nothing-changed"), "{}", again.stderr);
}

#[test]
fn files_of_a_summary_are_bound_by_its_release_only() {
    let project = released().file("static/documents/letter.pdf", "a letter");
    let project = project.file("content/data/documents.yaml", DOCUMENTS.replace("1.0", "1.1"));
    fine(project.run(["release", "-m", "See [the letter](/documents/letter.pdf)."]));
    let at = kept(&record(&project, "2026-05-22.2"), "documents/letter.pdf");
    fine(project.run(["build"]));
    for (page, root) in
        [("index.html", "./"), ("changelog/index.html", "../"), ("releases/2026-05-22.2/index.html", "../../")]
    {
        let html = project.read(&format!("dist/{page}"));
        assert!(html.contains(&format!("\"{root}releases/{at}\"")), "{page}");
    }
    // Only the summary refers to the file, so another edition of it is not an unreleased change.
    let project = project.file("static/documents/letter.pdf", "another letter");
    fine(project.run(["build"]));
}

/// Replaces the only record of a project, and its digest.
fn replace_record(project: &Project, record: &Value) {
    let bytes = format!("{record:#}\n");
    let sums = format!("{}  2026-05-22.json\n", Digest::of(bytes.as_bytes()));
    fs::write(project.path("content/releases/2026-05-22.json"), &bytes).expect("a record");
    fs::write(project.path("content/releases/SHA256SUMS"), sums).expect("sums");
}

#[test]
fn record_that_contradicts_its_files_is_rejected() {
    let project = released();
    let text = project.read("content/releases/2026-05-22.json");
    let value: Value = serde_json::from_str(&text).expect("a record");
    type Edit = fn(&mut Vec<Value>);
    let edits: [(&str, Edit); 5] = [
        ("another order", |files| files.reverse()),
        ("a file twice", |files| files.push(files[2].clone())),
        ("a path outside", |files| files[0]["path"] = "../dpa.pdf".into()),
        ("a missing document", |files| drop(files.remove(0))),
        ("a length over the limit", |files| files[2]["bytes"] = (1u64 << 40).into()),
    ];
    for (what, edit) in edits {
        let mut edited = value.clone();
        edit(edited["files"].as_array_mut().expect("files"));
        replace_record(&project, &edited);
        let run = project.run(["verify", "--records-only"]);
        assert_eq!(run.code, Some(1), "{what}");
        assert!(run.stderr.contains("error[release-inconsistent]"), "{what}: {}", run.stderr);
    }
}

#[test]
fn correction_is_shown_where_readers_of_the_old_version_look() {
    let project = released().file("content/data/documents.yaml", DOCUMENTS.replace("1.0", "1.1"));
    let run = project.run(["release", "-m", "Wrong version.", "--corrects", "2020-01-01"]);
    assert!(run.stderr.contains("there is no release 2020-01-01 to correct"), "{}", run.stderr);
    let stdout = fine(project.run(["release", "-m", "The version is 1.1.", "--corrects", "2026-05-22"]));
    assert!(stdout.contains("corrects 2026-05-22\n"), "{stdout}");
    fine(project.run(["build"]));
    let corrected = project.read("dist/releases/2026-05-22/index.html");
    assert!(corrected.contains("Version 2026-05-22.2 corrects this version."), "{corrected}");
    assert!(corrected.contains("href=\"../../releases/2026-05-22.2/\""));
    let correcting = project.read("dist/releases/2026-05-22.2/index.html");
    assert!(correcting.contains("This version corrects version 2026-05-22.") && !correcting.contains(" corrects this"));
    for file in ["changelog/index.html", "feed.xml"] {
        assert!(project.read(&format!("dist/{file}")).contains("Corrects version 2026-05-22"), "{file}");
    }
    let index: Value = serde_json::from_str(&project.read("dist/releases/index.json")).expect("JSON");
    assert_eq!(index["releases"][0]["corrects"], "2026-05-22");
    assert_eq!(index["releases"][1]["corrected_by"][0], "2026-05-22.2");
    let feed: Value = serde_json::from_str(&project.read("dist/feed.json")).expect("JSON");
    assert_eq!(feed["items"][0]["_candor"]["corrects"], "2026-05-22");
    fine(project.run(["verify"]));
    fine(project.run(["verify", "dist"]));
}

fn percent(name: &str) -> String {
    let kept = |byte: &u8| byte.is_ascii_alphanumeric() || b".-".contains(byte);
    name.bytes().map(|byte| if kept(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Runs the recipe in docs/releases.md that verifies the files of a record with standard tools.
#[cfg(unix)]
#[test]
fn documented_recipe_verifies_the_files_of_a_record() {
    let docs = include_str!("../../docs/releases.md");
    let recipe =
        docs.split("# by hand: fetch all files").nth(1).and_then(|rest| rest.split("```").next()).expect("a recipe");
    let project = released();
    let names = ["100% Größe (x) b+c.pdf", "a'b &c;d,e.txt", "日本 [1].txt"];
    let links: String = names.iter().map(|name| format!("[n](/texts/{})\n", percent(name))).collect();
    let project = names.iter().fold(project, |project, name| project.file(&format!("static/texts/{name}"), *name));
    let project = project.file("content/sections/10-documents.md", format!("{SECTION}{links}"));
    fine(project.run(["release", "-m", "Second."]));
    fine(project.run(["build"]));
    let server = FileServer::of(project.path("dist"));
    let recipe =
        recipe.replace("https://trust.example.com/", &server.url("")).replace("2026-06-01.json", "record.json");
    let check = || {
        let folder = tempfile::tempdir().expect("a folder");
        fs::copy(project.path("dist/releases/2026-05-22.2.json"), folder.path().join("record.json")).expect("a record");
        let script = format!("set -e\n#{recipe}");
        let mut shell = std::process::Command::new("sh");
        let output =
            shell.args(["-c", &script]).current_dir(folder.path()).env("LC_ALL", "C").output().expect("a shell");
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        (output.status.success(), text)
    };
    let (succeeded, output) = check();
    assert!(succeeded && output.matches(": OK").count() == 6, "{output}");
    let at = kept(&record(&project, "2026-05-22.2"), "documents/dpa.pdf");
    fs::write(project.path(&format!("dist/releases/{at}")), "another edition").expect("a file");
    let (_, output) = check();
    assert!(output.contains(": FAILED"), "{output}");
}

#[test]
fn record_with_an_invalid_id_or_without_a_name_is_rejected() {
    let project = released();
    let value = record(&project, "2026-05-22");
    for (pointer, wrong) in [
        ("/disclosure/documents/0/id", "a b\"><script>"),
        ("/disclosure/sections/0/id", "../../x"),
        ("/disclosure/documents/0/title", " "),
        ("/disclosure/organization/name", ""),
        ("/disclosure/title", ""),
    ] {
        let mut edited = value.clone();
        *edited.pointer_mut(pointer).expect("a field") = wrong.into();
        replace_record(&project, &edited);
        let run = project.run(["verify"]);
        assert_eq!(run.code, Some(1), "{pointer}");
        assert!(run.stderr.contains("error[release-inconsistent]"), "{pointer}: {}", run.stderr);
    }
}

/// A field of an old release with an address of this site is text once its page or file is gone, and leads to a file as it was bound.
#[test]
fn fields_of_old_releases_never_lead_nowhere() {
    let site = |more: &str| {
        format!(
            "title: Trust\norganization:\n  name: Example\n{more}base_url: https://trust.acme.test/center\nformer_base_urls: [https://old.acme.test]\n"
        )
    };
    let (now, old) = ("https://trust.acme.test/center", "https://old.acme.test");
    let organization =
        format!("  url: {now}/own/\ncontacts:\n  security: {now}/own/report.html\n  support: {now}/subscribe/\n");
    let subprocessors = format!(
        "- {{id: s, name: S, purpose: P, data_categories: [C], website: \"{now}/own/s.html\", dpa_url: \"{old}/own/dpa.html\", subprocessors_url: \"{now}/#old-section\", services: [{{name: Mail, purpose: M, website: \"{now}/own/mail.html\"}}]}}\n"
    );
    let certifications = format!("- {{id: c, framework: ISO 27001, registry_url: \"{old}/own/registry.html\"}}\n");
    let controls = format!("- {{id: k, title: K, evidence: \"{now}/own/k.html\"}}\n");
    let documents = format!(
        "- {{id: d, title: D, url: \"{now}/own/d.html\", editions: [{{version: \"1\", url: \"{now}/own/d1.html\"}}]}}\n- {{id: e, title: E, access: request, request_url: \"{now}/own/e.html\"}}\n- {{id: f, title: F, url: \"{old}/documents/f.pdf\"}}\n- {{id: g, title: G, url: \"{old}/subscribe/?a=b\"}}\n"
    );
    let section = |id: &str, body: &str| format!("---\ntitle: {id}\nshow: {id}\n---\n{body}\n");
    let gone = [
        "own/s.html",
        "own/mail.html",
        "own/k.html",
        "own/d.html",
        "own/d1.html",
        "own/e.html",
        "own/report.html",
        "own/registry.html",
        "own/dpa.html",
        "own/index.html",
    ];
    // The address becomes that of this site only after the release.
    let first = site(&organization).replace("former_base_urls: [https://old.acme.test]\n", "");
    let mut project = Project::new()
        .file("content/site.yaml", first)
        .file("content/data/subprocessors.yaml", subprocessors)
        .file("content/data/certifications.yaml", certifications)
        .file("content/data/controls.yaml", controls)
        .file("content/data/documents.yaml", documents)
        .file("content/sections/05-old.md", "---\ntitle: Old\nid: old-section\n---\n[f](documents/f.pdf)\n")
        .file("static/documents/f.pdf", "first");
    for list in ["subprocessors", "certifications", "controls", "documents", "contacts"] {
        project = project.file(&format!("content/sections/10-{list}.md"), section(list, ""));
    }
    for path in gone {
        project = project.file(&format!("static/root/{path}"), "<!doctype html><title>x</title>");
    }
    fine(project.run(["release", "-m", "First."]));
    let first = record(&project, "2026-05-22");
    fine(project.run(["build"]));
    let before = project.read("dist/releases/2026-05-22/index.html");
    assert!(
        before.contains(&format!("\"{now}/own/s.html\"")) && before.contains(&format!("\"{now}/own/\"")),
        "{before}"
    );

    let mut project = project
        .file("content/site.yaml", site(""))
        .without("content/data/subprocessors.yaml")
        .without("content/data/certifications.yaml")
        .without("content/data/controls.yaml")
        .without("content/data/documents.yaml")
        .without("content/sections/05-old.md")
        .file("static/documents/f.pdf", "second");
    for path in gone {
        project = project.without(&format!("static/root/{path}"));
    }
    fine(project.run(["release", "-m", "Second."]));
    fine(project.run(["build"]));
    let archived = project.read("dist/releases/2026-05-22/index.html");
    let links = |text: &str| archived.matches(&format!("href=\"{text}")).count();
    for address in [
        format!("{now}/own/"),
        format!("{now}/#old-section"),
        format!("{old}/own/"),
        format!("{old}/documents/"),
        format!("{old}/subscribe/"),
    ] {
        assert_eq!(links(&address), 0, "{address} {archived}");
    }
    assert!(archived.contains(&format!("{now}/own/s.html (no longer available)")), "{archived}");
    assert!(archived.contains(&format!("{old}/own/registry.html (no longer available)")), "{archived}");
    assert_eq!(links(&format!("{now}/releases/{}", kept(&first, "documents/f.pdf"))), 1, "{archived}");
    assert_eq!(links(&format!("{now}/subscribe/?a=b")), 1, "{archived}");
    assert!(links(&format!("{now}/subscribe/")) > 1, "{archived}");
    let run = project.run(["check"]);
    let notes = run.stderr.lines().filter(|line| line.contains("note[link-gone]")).count();
    assert_eq!((run.code, notes), (Some(0), 11), "{}", run.stderr);
    fine(project.run(["verify", "dist"]));
}
