//! Writing a site to a folder: it is replaced as a whole, and a folder that candor did not create is never
//! replaced.

use std::collections::BTreeMap;
use std::fs;
#[cfg(unix)]
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use candor::compress::Encoding;
use candor::diagnostic::{Code, Diagnostic};
use candor::emit::{self, EmitError, Options, Written};
use candor::files::MAX_DEPTH;
use candor::model::Digest;
use candor::site::{Artifact, Site, SitePath};
use proptest::prelude::*;

use crate::support::Project;

const PLAIN: Options = Options { compress: false, inputs: Vec::new() };
const COMPRESSED: Options = Options { compress: true, inputs: Vec::new() };

/// Returns a site of files whose content is already known.
fn site<B: AsRef<[u8]>>(files: &[(&str, B)]) -> Site {
    let mut site = Site::new();
    for (path, bytes) in files {
        let path = SitePath::new(*path).unwrap();
        let artifact = Artifact::ready(&path, bytes.as_ref().to_vec());
        site.insert(path, artifact).unwrap();
    }
    site
}

/// Adds a page that counts how often it is rendered.
fn defer(site: &mut Site, path: &str, key: &str, text: &str, made: &Arc<AtomicUsize>) {
    let path = SitePath::new(path).unwrap();
    let (text, made) = (text.to_owned(), Arc::clone(made));
    let artifact = Artifact::deferred(&path, Digest::of(key.as_bytes()), move || {
        made.fetch_add(1, Ordering::Relaxed);
        Ok(text.clone().into_bytes())
    });
    site.insert(path, artifact).unwrap();
}

/// Returns every file below a folder except candor's manifest.
fn read(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = read_all(folder);
    files.remove(".candor").expect("the list of files");
    files
}

fn read_all(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| !entry.file_type().is_dir())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            (path, fs::read(entry.path()).unwrap())
        })
        .collect()
}

fn bytes_of(site: &Site) -> BTreeMap<String, Vec<u8>> {
    site.iter().map(|(path, artifact)| (path.to_string(), artifact.body.bytes().unwrap().to_vec())).collect()
}

/// Returns the names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Returns a temporary folder and the path of a site in it.
fn temporary_output() -> (tempfile::TempDir, PathBuf) {
    let temp = tempfile::tempdir().unwrap();
    let out = temp.path().join("dist");
    (temp, out)
}

fn write(site: &Site, out: &Path) -> Written {
    emit::write(site, out, &PLAIN).unwrap_or_else(|error| panic!("{error}"))
}

/// Returns text that is long enough to be compressed.
fn long(text: &str) -> String {
    format!("<p>{text}</p>\n").repeat(200)
}

#[test]
fn folder_contains_exactly_the_site() {
    let (temp, out) = temporary_output();
    let first = site(&[("index.html", "one"), ("a/b/c.txt", "two"), ("empty.txt", "")]);
    let written = write(&first, &out);
    assert_eq!((written.files, written.pages, written.bytes, written.unchanged), (3, 1, 6, false));
    assert_eq!(read(&out), bytes_of(&first));
    let second = site(&[("index.html", "three"), ("a/d.txt", "four")]);
    write(&second, &out);
    assert_eq!(read(&out), bytes_of(&second));
    assert_eq!(names(temp.path()), ["dist"]);
}

#[test]
fn created_parent_folders_are_removed_if_the_build_fails() {
    let temp = tempfile::tempdir().unwrap();
    let out = temp.path().join("a/b/dist");
    let mut bad = Site::new();
    let path = SitePath::new("index.html").unwrap();
    let artifact =
        Artifact::deferred(&path, Digest::of(b""), || Err(Diagnostic::new(Code::TemplateError, "no").into()));
    bad.insert(path, artifact).unwrap();
    assert!(emit::write(&bad, &out, &PLAIN).is_err());
    assert!(names(temp.path()).is_empty());
    write(&site(&[("index.html", "")]), &out);
    assert_eq!(names(&temp.path().join("a/b")), ["dist"]);
}

#[test]
fn output_does_not_depend_on_threads_or_order() {
    let (temp, _) = temporary_output();
    let mut files: Vec<(String, String)> =
        (0..200).map(|n| (format!("releases/{n:03}/index.html"), long(&n.to_string()))).collect();
    let mut folders = Vec::new();
    for threads in [1, 7] {
        let mut site = Site::new();
        let made = Arc::default();
        for (path, text) in &files {
            defer(&mut site, path, path, text, &made);
        }
        let out = temp.path().join(threads.to_string());
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| emit::write(&site, &out, &COMPRESSED)).unwrap();
        folders.push(read_all(&out));
        files.reverse();
    }
    assert_eq!(folders[0].len(), 601);
    assert!(folders[0] == folders[1]);
}

#[cfg(unix)]
#[test]
fn unchanged_site_leaves_the_folder_untouched() {
    let (_temp, out) = temporary_output();
    let made = Arc::default();
    let mut site = site(&[("a.css", long("a"))]);
    defer(&mut site, "index.html", "key", &long("page"), &made);
    emit::write(&site, &out, &COMPRESSED).unwrap();
    let (inode, files) = (fs::metadata(&out).unwrap().ino(), read_all(&out));
    let again = emit::write(&site, &out, &COMPRESSED).unwrap();
    assert!(again.unchanged);
    assert_eq!((again.reused, again.bytes), (2, 2 * long("a").len() as u64 + 3 * 200));
    assert_eq!(fs::metadata(&out).unwrap().ino(), inode);
    assert_eq!(made.load(Ordering::Relaxed), 2, "the old folder is not trusted");
    assert!(files == read_all(&out));
}

#[test]
fn only_changed_files_are_rewritten() {
    let (_temp, out) = temporary_output();
    let made = Arc::default();
    let pages = |changed: &str| {
        let mut site = Site::new();
        for n in 0..50 {
            let text = if n == 7 { changed } else { "same" };
            defer(&mut site, &format!("{n}/index.html"), text, &long(text), &made);
        }
        site
    };
    let before = pages("before");
    emit::write(&before, &out, &COMPRESSED).unwrap();
    made.store(0, Ordering::Relaxed);
    let after = pages("after");
    let written = emit::write(&after, &out, &COMPRESSED).unwrap();
    assert_eq!((made.load(Ordering::Relaxed), written.reused), (50, 49));
    let (_temp, fresh) = temporary_output();
    emit::write(&after, &fresh, &COMPRESSED).unwrap();
    assert!(read_all(&out) == read_all(&fresh), "a rebuild gives the same folder as a build");
}

#[cfg(unix)]
#[test]
fn unchanged_page_keeps_its_compressed_copies() {
    let (_temp, out) = temporary_output();
    let made = Arc::default();
    let page = |key: &str| {
        let mut site = Site::new();
        defer(&mut site, "index.html", key, &long("page"), &made);
        site
    };
    emit::write(&page("one"), &out, &COMPRESSED).unwrap();
    let inode = |name: &str| fs::metadata(out.join(name)).unwrap().ino();
    let before = ["index.html", "index.html.br", "index.html.gz"].map(inode);
    emit::write(&page("two"), &out, &COMPRESSED).unwrap();
    let after = ["index.html", "index.html.br", "index.html.gz"].map(inode);
    assert_eq!(before, after);
}

#[cfg(unix)]
#[test]
fn rebuild_keeps_compressed_copies_of_unchanged_files() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    let mut project = Project::empty();
    for (path, bytes) in read_all(&here) {
        project = project.file(&format!("content/{path}"), bytes);
    }
    let build =
        |project: &Project| assert_eq!(project.run(["build", "--draft", "--as-of", "2026-06-01"]).code, Some(0));
    build(&project);
    let dist = project.path("dist");
    let inodes = || -> BTreeMap<String, u64> {
        let inode = |path: String| (path.clone(), fs::metadata(dist.join(path)).unwrap().ino());
        read(&dist).into_keys().map(inode).collect()
    };
    let (old, before) = (read(&dist), inodes());
    let section = "content/sections/10-security-baseline.md";
    let edited = project.read(section) + "\nOne sentence more.\n";
    let project = project.file(section, edited);
    build(&project);
    let (new, after) = (read(&dist), inodes());
    let copies = |path: &&String| path.ends_with(".br") || path.ends_with(".gz");
    let (kept, made): (Vec<_>, Vec<_>) = new.keys().filter(copies).partition(|path| {
        let original = path.rsplit_once('.').map_or("", |(original, _)| original);
        old.get(original) == new.get(original)
    });
    assert!(kept.len() > 10 && made.contains(&&"index.html.br".to_owned()), "{kept:?} {made:?}");
    for path in kept {
        assert_eq!(before.get(path), after.get(path), "{path} was rewritten");
    }
}

/// The folder can come from anyone, with a manifest that describes what is in it.
#[test]
fn forged_compressed_copies_are_made_again() {
    let (_temp, out) = temporary_output();
    let site = site(&[("index.html", long("a")), ("b.html", long("b"))]);
    emit::write(&site, &out, &COMPRESSED).unwrap();
    let right = read_all(&out);
    for ending in ["br", "gz"] {
        let path = format!("index.html.{ending}");
        let copy = &right[&path];
        let forged: [&[u8]; 5] = [
            &right[&format!("b.html.{ending}")],
            &[&copy[..], b"more"].concat(),
            &copy.repeat(2),
            &copy[..copy.len() - 1],
            b"",
        ];
        for forged in forged {
            fs::write(out.join(&path), forged).unwrap();
            let mut manifest: serde_json::Value = serde_json::from_slice(&right[".candor"]).unwrap();
            manifest["files"][&path] = serde_json::json!({ "sha256": Digest::of(forged), "bytes": forged.len() });
            fs::write(out.join(".candor"), manifest.to_string()).unwrap();
            emit::write(&site, &out, &COMPRESSED).unwrap();
            assert!(read_all(&out) == right, "{path}: {forged:?}");
        }
    }
}

#[test]
fn compression_option_adds_and_removes_compressed_copies() {
    let (_temp, out) = temporary_output();
    let site = site(&[("index.html", long("a")), ("small.html", "b".into()), ("_headers", long("c"))]);
    let plain = bytes_of(&site);
    emit::write(&site, &out, &COMPRESSED).unwrap();
    let mut with = read(&out);
    for encoding in Encoding::ALL {
        let copy = with.remove(&format!("index.html.{}", encoding.ending())).expect("a compressed copy");
        assert_eq!(Some(copy), encoding.encode(long("a").as_bytes(), if encoding == Encoding::Gzip { 9 } else { 10 }));
    }
    assert_eq!(with, plain);
    assert!(!write(&site, &out).unchanged);
    assert_eq!(read(&out), plain);
    assert!(!emit::write(&site, &out, &COMPRESSED).unwrap().unchanged);
    assert!(emit::write(&site, &out, &COMPRESSED).unwrap().unchanged);
}

#[test]
fn site_file_is_not_mistaken_for_a_compressed_copy() {
    let (_temp, out) = temporary_output();
    let site = site(&[("a.html", long("a")), ("a.html.br", "mine".into())]);
    emit::write(&site, &out, &COMPRESSED).unwrap();
    assert_eq!(read(&out)["a.html.br"], b"mine");
    assert!(emit::write(&site, &out, &COMPRESSED).unwrap().unchanged);
}

#[test]
fn modified_truncated_and_deleted_files_are_restored() {
    let (_temp, out) = temporary_output();
    let site = site(&[("index.html", "page"), ("a/b.html", "other")]);
    let damage: [&dyn Fn(&Path); 3] = [
        &|file| {
            // The same size, but modified one second after the build.
            fs::write(file, "egap").unwrap();
            let later = SystemTime::now() + Duration::from_secs(1);
            fs::File::options().write(true).open(file).unwrap().set_modified(later).unwrap();
        },
        &|file| fs::write(file, "").unwrap(),
        &|file| fs::remove_file(file).unwrap(),
    ];
    for damage in damage {
        write(&site, &out);
        damage(&out.join("index.html"));
        let written = write(&site, &out);
        assert_eq!((written.unchanged, written.reused), (false, 1));
        assert_eq!(read(&out), bytes_of(&site));
    }
}

#[test]
fn foreign_folder_is_never_replaced() {
    let (_temp, out) = temporary_output();
    let site = site(&[("index.html", "page")]);
    fs::create_dir(&out).unwrap();
    fs::write(out.join("thesis.txt"), "years of work").unwrap();
    let error = emit::write(&site, &out, &PLAIN).unwrap_err();
    assert!(matches!(error, EmitError::Foreign { .. }), "{error}");
    assert_eq!(names(&out), ["thesis.txt"]);

    fs::remove_file(out.join("thesis.txt")).unwrap();
    write(&site, &out);
    assert_eq!(read(&out), bytes_of(&site), "an empty folder is accepted");
}

/// A project with content that names it, and a release if `summary` is not empty.
fn named_project(title: &str, organization: &str, summary: &str) -> Project {
    let project = Project::empty()
        .file("content/site.yaml", format!("title: {title}\norganization: {{name: {organization}}}\n"))
        .file("content/sections/10-a.md", "---\ntitle: A\n---\n\nText.\n");
    if !summary.is_empty() {
        assert_eq!(project.run(["release", "-m", summary]).code, Some(0));
    }
    project
}

/// Builds a project into a folder. Returns whether it was refused because the folder has the site of another project.
fn is_refused(project: &Project, out: &Path) -> bool {
    let before = if out.exists() { read_all(out) } else { BTreeMap::new() };
    let run = project.run(["build", "--draft", "--no-compress", "--out", out.to_str().expect("UTF-8")]);
    if run.code == Some(0) {
        return false;
    }
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("contains the site of another project"), "{run:?}");
    assert!(run.stderr.contains("help: choose another folder with --out, or delete"), "{run:?}");
    assert_eq!(read_all(out), before, "the folder was changed");
    true
}

#[test]
fn site_of_another_project_is_never_replaced() {
    let released = ["", "First."];
    for (one, other) in released.iter().flat_map(|one| released.map(|other| (*one, other))) {
        let (_temp, out) = temporary_output();
        let (first, second) = (named_project("Alpha", "A", one), named_project("Beta", "B", other));
        assert!(!is_refused(&first, &out));
        assert!(is_refused(&second, &out), "{one:?} {other:?}");
        assert!(!is_refused(&first, &out));
        fs::remove_dir_all(&out).unwrap();
        assert!(!is_refused(&second, &out), "the folder was removed, as the message says");
        assert!(is_refused(&first, &out));
    }
    // Both have releases, and the organization is the same.
    let (_temp, out) = temporary_output();
    assert!(!is_refused(&named_project("Alpha", "A", "First."), &out));
    assert!(is_refused(&named_project("Beta", "A", "Other."), &out));
}

#[test]
fn site_of_the_same_project_is_replaced_after_any_edit() {
    let (_temp, out) = temporary_output();
    let draft = named_project("Alpha", "A", "");
    assert!(!is_refused(&draft, &out));
    let renamed = draft.file("content/site.yaml", "title: Beta\norganization: {name: A}\n");
    assert!(!is_refused(&renamed, &out), "a new title");
    let moved = renamed.file("content/site.yaml", "title: Beta\norganization: {name: B}\n");
    assert!(!is_refused(&moved, &out), "a new name of the organization");
    assert_eq!(moved.run(["release", "-m", "First."]).code, Some(0));
    assert!(!is_refused(&moved, &out), "the first release");
    let replaced = moved.file("content/sections/10-a.md", "---\ntitle: A\n---\n\nOther.\n");
    assert_eq!(replaced.run(["release", "--replace", "-m", "First."]).code, Some(0));
    assert!(!is_refused(&replaced, &out), "the only release was replaced");
    let all =
        replaced.file("content/site.yaml", "title: Gamma\norganization: {name: C}\nbase_url: https://c.example/\n");
    assert_eq!(all.run(["release", "-m", "Second."]).code, Some(0));
    assert!(!is_refused(&all, &out), "a release is the same");
    let only = named_project("Alpha", "A", "Names a person.");
    let (_temp, redacted) = temporary_output();
    assert!(!is_refused(&only, &redacted));
    let version = fs::read_dir(only.root().join("content/releases")).unwrap();
    let version = version.filter_map(|entry| entry.unwrap().file_name().into_string().ok());
    let version = version.filter_map(|name| name.strip_suffix(".json").map(str::to_owned)).min().unwrap();
    assert_eq!(only.run(["redact", &version, "/summary", "--reason", "Personal data"]).code, Some(0));
    let only = only.file("content/site.yaml", "title: Beta\norganization: {name: B}\n");
    assert_eq!(only.run(["release", "-m", "Withheld a summary."]).code, Some(0));
    assert!(!is_refused(&only, &redacted), "a value was withheld from the only release, and the title changed");
    // A manifest of candor 0.1 does not name the site.
    let manifest = fs::read_to_string(out.join(".candor")).unwrap();
    let (start, end) = (manifest.find(",\"site\":").unwrap(), manifest.find(",\"files\":").unwrap());
    fs::write(out.join(".candor"), [&manifest[..start], &manifest[end..]].concat()).unwrap();
    assert!(is_refused(&named_project("Delta", "D", "First."), &out));
    assert!(!is_refused(&all, &out));
}

#[test]
fn sites_of_two_projects_with_the_same_names_are_distinguished() {
    let project = |organization: &str, address: &str, summary: &str| {
        let address = if address.is_empty() { String::new() } else { format!("base_url: https://{address}\n") };
        let site = format!("title: Trust center\norganization: {{name: {organization}}}\n{address}");
        let project = named_project("Trust center", organization, "").file("content/site.yaml", site);
        if !summary.is_empty() {
            assert_eq!(project.run(["release", "-m", summary]).code, Some(0));
        }
        project
    };
    for (before, after, is_other) in [
        // Two organizations, of which one or both have no release.
        (project("A", "a.dev", ""), project("B", "b.dev", "First."), true),
        (project("A", "", ""), project("B", "", "First."), true),
        (project("A", "", "First."), project("B", "", ""), true),
        (project("A", "", ""), project("B", "", ""), true),
        // Two trust centers of one organization.
        (project("A", "a.dev", "One."), project("A", "b.dev", "Two."), true),
        (project("A", "a.dev", ""), project("A", "b.dev", "Two."), true),
        (project("A", "a.dev/one", ""), project("A", "a.dev/two", ""), true),
        // The address decides, unless it is one for examples.
        (project("A", "a.dev", "One."), project("B", "a.dev", "Two."), false),
        (project("A", "a.dev", ""), project("B", "a.dev", ""), false),
        (project("A", "trust.example.com", "One."), project("B", "trust.example.com", "Two."), true),
        (project("A", "trust.example.com", ""), project("A", "a.dev", "One."), false),
        (project("A", "", ""), project("A", "a.dev", "One."), false),
    ] {
        let (_temp, out) = temporary_output();
        assert!(!is_refused(&before, &out));
        let names = [&before, &after].map(|project| project.read("content/site.yaml"));
        assert_eq!(is_refused(&after, &out), is_other, "{names:?}");
    }
}

#[test]
fn unmanaged_file_in_the_site_is_not_deleted() {
    let (_temp, out) = temporary_output();
    let first = site(&[("index.html", "page")]);
    write(&first, &out);
    fs::create_dir(out.join(".git")).unwrap();
    fs::write(out.join(".git/HEAD"), "ref").unwrap();
    fs::write(out.join("CNAME"), "trust.example").unwrap();
    for site in [&first, &site(&[("index.html", "new")])] {
        let error = emit::write(site, &out, &PLAIN).unwrap_err();
        let EmitError::ForeignFiles { files, count: 2, .. } = &error else { panic!("{error}") };
        assert_eq!(files, &[".git/HEAD", "CNAME"]);
        assert!(error.help().contains("static/root/"));
    }
    assert_eq!(read(&out)["CNAME"], b"trust.example");
    fs::remove_dir_all(out.join(".git")).unwrap();
    fs::remove_file(out.join("CNAME")).unwrap();
    fs::write(out.join(".DS_Store"), "a desktop was here").unwrap();
    assert!(write(&first, &out).unchanged);
}

#[cfg(unix)]
#[test]
fn rejects_too_deeply_nested_folder() {
    let (_temp, out) = temporary_output();
    let site = site(&[("index.html", "a")]);
    write(&site, &out);
    for depth in [MAX_DEPTH, MAX_DEPTH * 2] {
        let deep = out.join("a/".repeat(depth));
        fs::create_dir_all(&deep).unwrap();
        fs::write(deep.join("x.txt"), "mine").unwrap();
        let error = emit::write(&site, &out, &PLAIN).unwrap_err();
        assert!(error.to_string().contains("nested more than"), "{error}");
        assert_eq!(fs::read(deep.join("x.txt")).unwrap(), b"mine");
    }
}

#[cfg(unix)]
#[test]
fn file_or_symlink_at_the_output_path_is_kept() {
    let (temp, out) = temporary_output();
    let site = site(&[("index.html", "page")]);
    fs::write(&out, "a file").unwrap();
    assert!(matches!(emit::write(&site, &out, &PLAIN), Err(EmitError::NotAFolder { what: "a file", .. })));
    assert_eq!(fs::read(&out).unwrap(), b"a file");
    fs::remove_file(&out).unwrap();

    let elsewhere = temp.path().join("elsewhere");
    write(&site, &elsewhere);
    for target in [&elsewhere, &temp.path().join("nowhere")] {
        std::os::unix::fs::symlink(target, &out).unwrap();
        assert!(matches!(emit::write(&site, &out, &PLAIN), Err(EmitError::NotAFolder { what: "a symbolic link", .. })));
        fs::remove_file(&out).unwrap();
    }
    assert_eq!(names(temp.path()), ["elsewhere"]);
}

#[test]
fn damaged_manifest_is_reported_and_nothing_is_replaced() {
    let (_temp, out) = temporary_output();
    let site = site(&[("index.html", "page")]);
    write(&site, &out);
    for text in ["", "{}", "{\"candor\":99,\"version\":\"9\",\"files\":{}}"] {
        fs::write(out.join(".candor"), text).unwrap();
        assert!(matches!(emit::write(&site, &out, &PLAIN), Err(EmitError::DamagedMarker { .. })), "{text}");
        assert_eq!(read(&out), bytes_of(&site));
    }
}

#[test]
fn output_never_replaces_its_sources() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("project");
    let project = candor::project::Project::at(&root);
    fs::create_dir_all(root.join("content/releases")).unwrap();
    let options = Options::for_project(&project, false);
    let site = site(&[("index.html", "page")]);
    for out in
        [&*root, temp.path(), &root.join("content"), &root.join("content/site"), &root.join("static"), Path::new("/")]
    {
        let error = emit::write(&site, out, &options).unwrap_err();
        assert!(matches!(error, EmitError::Protected { .. }), "{}: {error}", out.display());
    }
    assert_eq!(names(&root), ["content"]);
    assert_eq!(names(&root.join("content")), ["releases"]);
    emit::write(&site, &root.join("dist"), &options).unwrap();
    emit::write(&site, &temp.path().join("beside"), &options).unwrap();
}

#[test]
fn concurrent_build_is_refused() {
    let (temp, out) = temporary_output();
    let site = site(&[("index.html", "page")]);
    let lock = temp.path().join(".dist.candor-lock");
    let other = fs::File::create(&lock).unwrap();
    other.lock().unwrap();
    assert!(matches!(emit::write(&site, &out, &PLAIN), Err(EmitError::Busy { .. })));
    write(&site, &temp.path().join("another-folder"));
    other.unlock().unwrap();
    write(&site, &out);
    assert_eq!(names(temp.path()), ["another-folder", "dist"]);
}

#[test]
fn concurrent_builds_leave_one_complete_site() {
    let (temp, out) = temporary_output();
    let sites: Vec<Site> = (0..8).map(|n| generation(n, 30)).collect();
    std::thread::scope(|scope| {
        for site in &sites {
            scope.spawn(|| match emit::write(site, &out, &PLAIN) {
                Ok(_) | Err(EmitError::Busy { .. }) => {}
                Err(error) => panic!("{error}"),
            });
        }
    });
    let there = read(&out);
    assert!(sites.iter().any(|site| bytes_of(site) == there));
    assert_eq!(names(temp.path()), ["dist"]);
}

#[test]
fn page_errors_are_reported_together_and_nothing_changes() {
    let (temp, out) = temporary_output();
    let good = site(&[("index.html", "page")]);
    write(&good, &out);
    let mut bad = site(&[("index.html", "new")]);
    for name in ["b", "a", "a-copy"] {
        let path = SitePath::new(format!("{name}/index.html")).unwrap();
        let message = name.trim_end_matches("-copy").to_owned();
        let artifact = Artifact::deferred(&path, Digest::of(name.as_bytes()), move || {
            Err(Diagnostic::new(Code::TemplateError, message.clone()).into())
        });
        bad.insert(path, artifact).unwrap();
    }
    let Err(EmitError::Produce(report)) = emit::write(&bad, &out, &PLAIN) else { panic!("the build succeeded") };
    let messages: Vec<&str> = report.diagnostics().iter().map(|diagnostic| &*diagnostic.message).collect();
    assert_eq!(messages, ["a", "b"]);
    assert_eq!(read(&out), bytes_of(&good));
    assert_eq!(names(temp.path()), ["dist"]);
}

#[test]
fn panicking_page_changes_nothing() {
    let (temp, out) = temporary_output();
    let good = site(&[("index.html", "page")]);
    write(&good, &out);
    let mut bad = Site::new();
    let path = SitePath::new("index.html").unwrap();
    bad.insert(path.clone(), Artifact::deferred(&path, Digest::of(b""), || panic!("on purpose"))).unwrap();
    let build = std::panic::AssertUnwindSafe(|| emit::write(&bad, &out, &PLAIN));
    assert!(std::panic::catch_unwind(build).is_err());
    assert_eq!(read(&out), bytes_of(&good));
    assert_eq!(names(temp.path()), ["dist"]);
}

#[test]
fn conflicting_paths_are_reported_before_writing() {
    let (temp, out) = temporary_output();
    for files in [["a", "a/b"], [".candor", "a"], [".candor/x", "a"]] {
        let error = emit::write(&site(&files.map(|file| (file, ""))), &out, &PLAIN).unwrap_err();
        assert!(matches!(error, EmitError::Conflict { .. }), "{error}");
    }
    assert!(names(temp.path()).is_empty());
}

#[test]
fn leftovers_of_a_killed_build_are_removed() {
    let (temp, out) = temporary_output();
    let first = site(&[("index.html", "one")]);
    write(&first, &out);
    fs::create_dir_all(temp.path().join(".dist.candor-new/a")).unwrap();
    fs::write(temp.path().join(".dist.candor-new/a/index.html"), "half").unwrap();
    fs::write(temp.path().join(".dist.candor-lock"), "").unwrap();
    write(&first, &out);
    assert_eq!(names(temp.path()), ["dist"]);

    // A system without an atomic swap, killed between the two renames.
    fs::rename(&out, temp.path().join(".dist.candor-old")).unwrap();
    assert!(write(&first, &out).unchanged, "the old site is restored first");
    assert_eq!(names(temp.path()), ["dist"]);
}

#[cfg(unix)]
#[test]
fn folder_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let (_temp, out) = temporary_output();
    write(&site(&[("index.html", "one")]), &out);
    fs::set_permissions(&out, fs::Permissions::from_mode(0o750)).unwrap();
    write(&site(&[("index.html", "two")]), &out);
    assert_eq!(fs::metadata(&out).unwrap().permissions().mode() & 0o7777, 0o750);
    assert_eq!(fs::metadata(out.join("index.html")).unwrap().permissions().mode() & 0o111, 0);
}

/// Returns a site in which every file contains its generation.
fn generation(n: usize, files: usize) -> Site {
    let files: Vec<(String, String)> =
        (0..files).map(|file| (format!("{}/{file}.html", file % 5), format!("{n}\n").repeat(500))).collect();
    site(&files.iter().map(|(path, text)| (path.as_str(), text)).collect::<Vec<_>>())
}

/// Returns the generation of a file. Panics if the file is truncated or mixed.
fn generation_of(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).unwrap();
    let first = text.lines().next().unwrap_or_default();
    assert!(text.lines().all(|line| line == first) && text.lines().count() == 500, "the file is incomplete");
    first.to_owned()
}

#[cfg(unix)]
#[test]
fn readers_see_either_the_old_or_the_new_site() {
    use rustix::fs::{Mode, OFlags, openat};
    let (_temp, out) = temporary_output();
    write(&generation(0, 20), &out);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                // A single path always exists and is complete.
                generation_of(&fs::read(out.join("3/3.html")).expect("a file that is in every generation"));
                // Through one open folder, all files are of the same generation or have been removed with the old
                // site.
                let folder = fs::File::open(&out).expect("the folder");
                let mut seen = None;
                for n in 0..20 {
                    let file = openat(&folder, format!("{}/{n}.html", n % 5), OFlags::RDONLY, Mode::empty());
                    let Ok(file) = file else { continue };
                    let mut bytes = Vec::new();
                    std::io::Read::read_to_end(&mut fs::File::from(file), &mut bytes).unwrap();
                    let generation = generation_of(&bytes);
                    assert_eq!(*seen.get_or_insert_with(|| generation.clone()), generation);
                }
            }
        });
        let builds = (1..60).try_for_each(|n| emit::write(&generation(n, 20), &out, &PLAIN).map(drop));
        done.store(true, Ordering::Relaxed);
        reader.join().expect("one generation");
        builds.unwrap();
    });
}

/// Builds that are killed or made to fail by the test below and by `tests/fault/run.sh`. `CANDOR_TEST_OUT` is the
/// folder; `CANDOR_TEST_GENERATION` is the one generation to write. Without it, builds repeat until the process is
/// killed.
#[test]
fn builds_when_asked_to() {
    let Some(out) = std::env::var_os("CANDOR_TEST_OUT") else { return };
    let generations = match std::env::var("CANDOR_TEST_GENERATION") {
        Ok(only) => only.parse::<usize>().map(|n| n..n + 1).unwrap(),
        Err(_) => 0..usize::MAX,
    };
    let whole = |n| {
        let mut site = generation(n, 40);
        for n in 0..5 {
            // The same in every generation, so it is linked rather than written.
            let path = SitePath::new(format!("same/{n}.txt")).unwrap();
            site.insert(path.clone(), Artifact::ready(&path, *b"same")).unwrap();
        }
        site
    };
    let out = Path::new(&out);
    for n in generations {
        let written = emit::write(&whole(n), out, &PLAIN);
        written.unwrap_or_else(|error| panic!("{error}\nhelp: {}", error.help()));
    }
}

/// Returns how often the build is killed. Set `CANDOR_TEST_KILLS` for a longer run.
fn kill_count() -> u64 {
    std::env::var("CANDOR_TEST_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(25)
}

#[test]
fn killed_build_leaves_a_complete_site() {
    let (temp, out) = temporary_output();
    write(&generation(0, 40), &out);
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let read_list = |out: &Path| fs::read(out.join(".candor")).ok();
    for _ in 0..kill_count() {
        let before = read_list(&out);
        let mut build = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "emit::builds_when_asked_to", "--nocapture"])
            .env("CANDOR_TEST_OUT", &out)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // The delay starts at the first write: on a busy machine the program may still be starting before that.
        while read_list(&out) == before {
            assert!(build.try_wait().unwrap().is_none(), "the builds ended early");
            std::thread::sleep(Duration::from_millis(1));
        }
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        std::thread::sleep(Duration::from_micros((seed >> 33) % 60_000));
        build.kill().unwrap();
        build.wait().unwrap();
        let mut files = read(&out);
        files.retain(|path, _| path.ends_with(".html"));
        assert_eq!(files.len(), 40);
        let generations: std::collections::BTreeSet<String> =
            files.values().map(|bytes| generation_of(bytes)).collect();
        assert_eq!(generations.len(), 1, "mixed generations: {generations:?}");
    }
    write(&generation(1, 40), &out);
    assert_eq!(names(temp.path()), ["dist"]);
    assert_eq!(read(&out), bytes_of(&generation(1, 40)));
}

/// Paths of files that can be in one site: no file has the name of a folder.
fn paths() -> impl Strategy<Value = String> {
    let folder = prop::sample::select(vec!["", "a/", "a/b/", "releases/2026-05-22/", ".well-known/", "é/"]);
    let name = "[a-z]{1,3}\\.(html|css|png|br|gz|[a-z]{0,3}x)";
    // Windows device names such as `con.html` are not valid paths of a site.
    (folder, name)
        .prop_map(|(folder, name)| format!("{folder}{name}"))
        .prop_filter("a path of a site", |path| SitePath::new(path.as_str()).is_some())
}

fn sites() -> impl Strategy<Value = BTreeMap<String, Vec<u8>>> {
    let bytes = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        (any::<char>(), 500..2000usize).prop_map(|(c, n)| c.to_string().repeat(n).into_bytes()),
    ];
    prop::collection::btree_map(paths(), bytes, 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn output_equals_the_site_after_any_previous_state(
        builds in prop::collection::vec((sites(), any::<bool>()), 1..4)
    ) {
        let (temp, out) = temporary_output();
        for (files, compress) in builds {
            let files: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (path.as_str(), &bytes[..])).collect();
            let site = site(&files);
            emit::write(&site, &out, &Options { compress, inputs: Vec::new() }).unwrap();
            let mut there = read(&out);
            for (path, bytes) in bytes_of(&site) {
                prop_assert_eq!(there.remove(&path), Some(bytes));
            }
            for path in there.keys() {
                let original = path.strip_suffix(".br").or(path.strip_suffix(".gz"));
                prop_assert!(compress && original.is_some_and(|path| site.get(path).is_some()), "{} is left over", path);
            }
            prop_assert_eq!(names(temp.path()), ["dist"]);
        }
    }
}
