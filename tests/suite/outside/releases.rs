//! Concurrent releases, and output folders that were changed by someone else.

use std::fs;
use std::process::{Command, Stdio};

use super::{Scene, run_limited};

/// Runs several releases at the same time and returns how many succeeded.
fn run_concurrently(scene: &Scene, calls: &[Vec<String>]) -> usize {
    let start = |args: &Vec<String>| {
        Command::new(env!("CARGO_BIN_EXE_candor"))
            .args(args)
            .current_dir(scene.path("project"))
            .env_clear()
            .env("SOURCE_DATE_EPOCH", "1779408000")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts")
    };
    let children: Vec<_> = calls.iter().map(start).collect();
    children.into_iter().filter_map(|mut child| child.wait().ok()).filter(|status| status.success()).count()
}

/// Runs 12 rounds of 6 processes in three variants: 36 rounds, 216 releases.
#[test]
fn concurrent_releases_never_fork_the_chain() {
    let call = |args: &[&str]| args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>();
    type Variant = fn(usize) -> Vec<&'static str>;
    let versions = ["2026-05-22", "2026-05-22.2", "2026-05-22.3", "2026-05-22.4", "2026-05-22.5", "2026-05-22.6"];
    let variants: [(&str, Variant); 3] = [
        ("default versions", |_| vec![]),
        ("stated versions", |n| {
            vec![["--version=2026-05-22", "--version=2026-05-22.2", "--version=2026-05-22.3"][n % 3]]
        }),
        ("replacing", |n| if n.is_multiple_of(2) { vec!["--replace"] } else { vec![] }),
    ];
    assert_eq!(versions.len(), 6);
    for (name, variant) in variants {
        for round in 0..12 {
            let scene = Scene::new();
            let calls: Vec<_> =
                (0..6).map(|n| call(&[&["release", "-q", "-m", "Text"][..], &variant(n)[..]].concat())).collect();
            let succeeded = run_concurrently(&scene, &calls);
            assert!(succeeded >= 1, "{name}, round {round}: no release succeeded");
            let verified = scene.run(&["verify"]);
            assert_eq!(verified.code, Some(0), "{name}, round {round}: {verified:?}");
            // All processes release the same content: the first creates a release, and the others have nothing to release.
            let names: Vec<_> = fs::read_dir(scene.path("project/content/releases"))
                .expect("a folder")
                .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
                .collect();
            let records = names.iter().filter(|name| name.ends_with(".json")).count();
            assert!(names.len() == records + 1, "{name}: other files than records and digests: {names:?}");
            let sums = fs::read_to_string(scene.path("project/content/releases/SHA256SUMS")).expect("digests");
            assert_eq!(sums.lines().count(), records, "{name}, round {round}");
        }
    }
}

#[test]
fn removes_temporary_files_of_a_killed_release() {
    let scene = Scene::new();
    scene.write("project/content/releases/.candor-0123456789abcdef.tmp", "half");
    scene.write("project/content/releases/.notes", "mine");
    assert_eq!(scene.run(&["release", "-m", "More"]).code, Some(0));
    assert!(!scene.path("project/content/releases/.candor-0123456789abcdef.tmp").exists());
    assert!(scene.path("project/content/releases/.notes").exists());
}

/// Changes a page and updates its digest in the list of files, as a hostile pull request could.
fn forge_list(scene: &Scene, change: impl Fn(&str) -> String) {
    let dist = scene.path("project/dist");
    let page = fs::read_to_string(dist.join("index.html")).expect("a page");
    let (old, new) = (candor::model::Digest::of(page.as_bytes()), change(&page));
    fs::write(dist.join("index.html"), &new).expect("written");
    let list = fs::read_to_string(dist.join(".candor")).expect("a list");
    let (old_size, new_size) = (format!("\"bytes\":{}", page.len()), format!("\"bytes\":{}", new.len()));
    let digest = candor::model::Digest::of(new.as_bytes()).to_string();
    let forged = list.replace(&old.to_string(), &digest).replace(&old_size, &new_size);
    fs::write(dist.join(".candor"), forged).expect("written");
}

#[test]
fn rebuilds_a_forged_site_despite_matching_list_and_times() {
    let appended = |page: &str| format!("{page}<p>We sell your data.</p>");
    let same_size = |page: &str| page.replacen("Trust", "Crook", 1);
    for compress in [false, true] {
        for change in [&appended as &dyn Fn(&str) -> String, &same_size] {
            let scene = Scene::new();
            let args: &[&str] = if compress { &["build", "--draft"] } else { &["build", "--draft", "--no-compress"] };
            assert_eq!(scene.run(args).code, Some(0));
            let original = super::files(&scene.path("project/dist"));
            forge_list(&scene, change);
            for path in original.keys() {
                let time = std::time::SystemTime::UNIX_EPOCH;
                fs::File::options().write(true).open(path).and_then(|file| file.set_modified(time)).expect("a time");
            }
            assert_ne!(super::files(&scene.path("project/dist")), original);
            let ran = scene.run(args);
            assert!(ran.code == Some(0) && !ran.stdout.contains("Unchanged"), "{ran:?}");
            assert_eq!(super::files(&scene.path("project/dist")), original);
            assert!(scene.run(args).stdout.contains("Unchanged"));
        }
    }
}

#[test]
fn deletes_obsolete_pages_only_if_unmodified() {
    let scene = Scene::new();
    scene.write("project/static/root/extra.txt", "text");
    assert_eq!(scene.run(&["build", "--draft", "--no-compress"]).code, Some(0));
    fs::remove_file(scene.path("project/static/root/extra.txt")).expect("removed");
    scene.write("project/dist/extra.txt", "edited by hand");
    let ran = scene.run(&["build", "--draft", "--no-compress"]);
    assert!(ran.code == Some(2) && ran.stderr.contains("extra.txt"), "{ran:?}");
    scene.write("project/dist/extra.txt", "text");
    assert_eq!(scene.run(&["build", "--draft", "--no-compress"]).code, Some(0));
    assert!(!scene.path("project/dist/extra.txt").exists());
}

/// Covers edits that leave modification times unchanged, as in trees extracted from archives.
#[test]
fn builds_edits_with_unchanged_modification_times() {
    let scene = Scene::new();
    let project = scene.path("project");
    let reset = || {
        for entry in walkdir::WalkDir::new(project.join("content")) {
            let file = fs::File::open(entry.expect("an entry").path()).expect("opened");
            file.set_modified(std::time::SystemTime::UNIX_EPOCH).expect("a time");
        }
    };
    reset();
    for n in 0..10 {
        assert_eq!(run_limited(&project, &["build", "--draft", "--no-compress"]).code, Some(0));
        let section = format!("---\ntitle: New {n}\n---\nSentence {n}.\n");
        scene.write(&format!("project/content/sections/20-new{n}.md"), &section);
        reset();
        assert_eq!(run_limited(&project, &["build", "--draft", "--no-compress"]).code, Some(0));
        let page = fs::read_to_string(project.join("dist/index.html")).expect("a page");
        assert!(page.contains(&format!("Sentence {n}.")), "round {n}");
    }
}
