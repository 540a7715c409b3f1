//! Files that cannot be used, in `static/` and in the folder of kept files: a diagnostic with place and fix, and nothing is
//! written.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use candor::model::Digest;

use crate::support::Project;

const DOCUMENTS: &str = "content/data/documents.yaml";
const PUBLIC: &str = "- id: dpa\n  title: Data Processing Agreement\n  file: documents/dpa.pdf\n";
const STATIC: &str = "static/documents/dpa.pdf";
const LFS_POINTER: &str = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

fn released() -> Project {
    let project = Project::new().file(DOCUMENTS, PUBLIC).file(STATIC, "the first edition");
    release(&project, "First.");
    project
}

fn release(project: &Project, summary: &str) {
    let run = project.run(["release", "-m", summary]);
    assert_eq!(run.code, Some(0), "{}\n{}", run.stdout, run.stderr);
}

/// The path of the kept file with these bytes.
fn kept(bytes: &str) -> String {
    format!("content/releases/files/{}/dpa.pdf", Digest::of(bytes.as_bytes()))
}

/// Returns all files of a project with their lengths; links are not followed.
fn files(folder: &Path) -> BTreeMap<PathBuf, u64> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry")) {
        let kind = entry.file_type().expect("a type");
        if kind.is_dir() {
            found.append(&mut files(&entry.path()));
        }
        found.insert(entry.path(), if kind.is_file() { entry.metadata().expect("metadata").len() } else { 0 });
    }
    found
}

/// What replaces a file.
type Damage = fn(&Path);

fn remove(at: &Path) {
    fs::remove_file(at).expect("removed");
}

fn outside(at: &Path) {
    remove(at);
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/passwd", at).expect("a link");
}

fn folder(at: &Path) {
    remove(at);
    fs::create_dir(at).expect("a folder");
}

fn large(at: &Path) {
    fs::File::create(at).and_then(|file| file.set_len(64 * 1024 * 1024 + 1)).expect("a file");
}

fn pointer(at: &Path) {
    fs::write(at, LFS_POINTER).expect("a file");
}

fn other(at: &Path) {
    fs::write(at, "the other edition").expect("a file");
}

/// Runs every command that needs the files, and checks its diagnostic, and that it changed nothing.
fn assert_rejected(project: &Project, path: &str, code: &str, part: &str, commands: &[&[&str]]) {
    let before = files(project.root());
    let bucket = url::Url::from_directory_path(project.path("bucket")).expect("a URL");
    let publish = ["publish", bucket.as_str()];
    let publish: &[&[&str]] = if cfg!(feature = "publish") { &[&publish] } else { &[] };
    for command in commands.iter().chain(publish) {
        let run = project.run(*command);
        assert_eq!(run.code, Some(1), "{command:?} {path}: {}", run.stderr);
        assert!(run.stderr.contains(&format!("error[{code}]")), "{command:?} {path}: {}", run.stderr);
        assert!(run.stderr.contains(path) && run.stderr.contains(part), "{command:?} {path}: {}", run.stderr);
        assert!(run.stderr.contains("help: "), "{command:?} {path}: {}", run.stderr);
        assert_eq!(files(project.root()), before, "{command:?} {path}");
    }
}

#[cfg(unix)]
#[test]
fn unusable_files_in_static_stop_every_command_before_it_writes() {
    let cases: [(Damage, &str, &str); 5] = [
        (remove, "file-not-found", "there is no file"),
        (outside, "asset-link", "symbolic link that leads out of the project"),
        (folder, "file-not-found", "there is no file"),
        (large, "asset-too-large", "larger than 64 MiB"),
        (pointer, "asset-lfs-pointer", "Git LFS pointer"),
    ];
    for (damage, code, part) in cases {
        let project = released();
        damage(&project.path(STATIC));
        let commands: [&[&str]; 3] = [&["check"], &["build"], &["release", "-m", "Second."]];
        assert_rejected(&project, STATIC, code, part, &commands);
        assert_eq!(project.run(["verify"]).code, Some(0), "the releases are not affected");
    }
}

#[cfg(unix)]
#[test]
fn unusable_kept_files_stop_every_command_before_it_writes() {
    let cases: [(Damage, &str, &str); 6] = [
        (remove, "release-file-missing", "is missing"),
        (outside, "release-file-missing", "symbolic link that leads out of the project"),
        (folder, "release-file-missing", "is a folder"),
        (large, "release-file-changed", "it has more than"),
        (pointer, "release-file-changed", "Git LFS pointer"),
        (other, "release-file-changed", "its SHA-256 is"),
    ];
    for (damage, code, part) in cases {
        let project = released();
        let path = kept("the first edition");
        damage(&project.path(&path));
        let commands: [&[&str]; 4] = [&["check"], &["build"], &["release", "-m", "Second."], &["verify"]];
        assert_rejected(&project, &path, code, part, &commands);
    }
}

/// Files that change after candor checked them, and before it writes them.
#[test]
fn files_replaced_while_candor_reads_them_are_never_published() {
    use candor::pipeline::{BuildRequest, build_site};
    let project = released();
    let request = BuildRequest::new("2026-05-22".parse().expect("a date"));
    let site = build_site(&candor::project::Project::at(project.root()), &request).expect("a site").site;
    let path = kept("the first edition");
    for damage in [remove as Damage, other, large, pointer] {
        fs::write(project.path(&path), "the first edition").expect("a file");
        damage(&project.path(&path));
        let served = format!("releases/files/{}/dpa.pdf", Digest::of(b"the first edition"));
        let report = site.get(&served).expect("the file").body.bytes().expect_err("another file");
        assert!(report.has_errors(), "{report:?}");
    }
    // A file of `static/` is read once, so what is published is what was checked.
    fs::write(project.path(STATIC), "the other edition").expect("a file");
    let current = site.get("documents/dpa.pdf").expect("the file").body.bytes().expect("bytes");
    assert_eq!(&*current, b"the first edition");
}
