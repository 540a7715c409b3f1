//! A build that nothing was touched since is known without being made, and only that.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use candor::diagnostic::{Code, Diagnostic, Place, Report, Source};
use candor::emit::{self, Options, Run, Written};
use candor::project::Project as Folders;
use candor::site::{Artifact, Site, SitePath};

use crate::support::Project;

/// A project of a few files.
fn project() -> Project {
    Project::new()
        .file("content/sections/10-a.md", "---\ntitle: A\n---\nText.\n")
        .file("content/data/faq.yaml", "[]\n")
        .file("static/documents/one.pdf", "pdf")
        .file("elsewhere.txt", "no part of the site")
}

fn site() -> Site {
    let mut site = Site::new();
    for path in ["index.html", "a/index.html", "a/b/c.txt"] {
        let path = SitePath::new(path).unwrap();
        let artifact = Artifact::ready(&path, b"text".to_vec());
        site.insert(path, artifact).unwrap();
    }
    site
}

/// Options of a run that began this long after everything that stands now was written.
fn options(project: &Project, later: Duration) -> Options {
    let started = SystemTime::now() + later;
    let run = Run { request: "as always".to_owned(), started, findings: Report::new() };
    Options { run: Some(run), ..Options::for_project(&Folders::at(project.root()), false) }
}

const AN_HOUR: Duration = Duration::from_secs(3600);

fn out(project: &Project) -> PathBuf {
    project.path("dist")
}

fn build(project: &Project) -> Written {
    emit::write(&site(), &out(project), &options(project, AN_HOUR)).unwrap()
}

fn recall(project: &Project) -> Option<Written> {
    emit::recall(&out(project), &options(project, AN_HOUR)).map(|(written, _)| written)
}

/// Waits until the clock of the file system has moved on: two changes within one tick look like one.
fn tick(project: &Project) {
    let probe = |name: &str| {
        let path = project.path(name);
        fs::write(&path, "").unwrap();
        let metadata = fs::metadata(&path).unwrap();
        (metadata.ctime(), metadata.ctime_nsec())
    };
    let first = probe("probe");
    while probe("probe") == first {}
}

/// Writes other bytes of the same length, and gives the file its old times back.
fn edit_in_secret(path: &Path) {
    let before = fs::metadata(path).unwrap();
    let other = vec![b'x'; usize::try_from(before.len()).unwrap()];
    fs::write(path, other).unwrap();
    let times = fs::FileTimes::new().set_accessed(before.accessed().unwrap()).set_modified(before.modified().unwrap());
    File::options().write(true).open(path).unwrap().set_times(times).unwrap();
    assert_eq!(fs::metadata(path).unwrap().modified().unwrap(), before.modified().unwrap());
}

#[test]
fn what_nothing_touched_is_known_without_being_read() {
    let project = project();
    assert_eq!(recall(&project), None, "nothing was built");
    let built = build(&project);
    let known = recall(&project).expect("it was noted");
    assert_eq!(known, Written { unchanged: true, reused: 3, ..built });
    fs::write(project.path("elsewhere.txt"), "still none").unwrap();
    assert_eq!(recall(&project), Some(known), "what no site is made from does not count");
}

#[test]
fn whatever_is_touched_is_read_again() {
    type Touch<'a> = (&'a str, &'a dyn Fn(&Project));
    let touches: [Touch<'_>; 15] = [
        ("content edited, size and time kept", &|p| edit_in_secret(&p.path("content/sections/10-a.md"))),
        ("content touched", &|p| {
            File::options()
                .write(true)
                .open(p.path("content/site.yaml"))
                .unwrap()
                .set_modified(SystemTime::now())
                .unwrap()
        }),
        ("content replaced by a copy", &|p| {
            fs::copy(p.path("content/site.yaml"), p.path("content/copy")).unwrap();
            fs::rename(p.path("content/copy"), p.path("content/site.yaml")).unwrap();
        }),
        ("content unreadable", &|p| {
            fs::set_permissions(p.path("content/site.yaml"), fs::Permissions::from_mode(0o000)).unwrap();
        }),
        ("content added", &|p| fs::write(p.path("content/data/controls.yaml"), "[]").unwrap()),
        ("content removed", &|p| fs::remove_file(p.path("content/data/faq.yaml")).unwrap()),
        ("content renamed", &|p| {
            fs::rename(p.path("content/sections/10-a.md"), p.path("content/sections/20-a.md")).unwrap();
        }),
        ("a folder added", &|p| fs::create_dir(p.path("content/releases")).unwrap()),
        ("a document edited", &|p| edit_in_secret(&p.path("static/documents/one.pdf"))),
        ("templates added", &|p| fs::create_dir(p.path("templates")).unwrap()),
        ("the page edited, size and time kept", &|p| edit_in_secret(&p.path("dist/a/index.html"))),
        ("a page removed", &|p| fs::remove_file(p.path("dist/a/b/c.txt")).unwrap()),
        ("somebody's file in the site", &|p| fs::write(p.path("dist/a/b/thesis.txt"), "work").unwrap()),
        ("the list of files edited", &|p| edit_in_secret(&p.path("dist/.candor"))),
        ("the site gone", &|p| fs::remove_dir_all(p.path("dist")).unwrap()),
    ];
    for (what, touch) in touches {
        let project = project();
        build(&project);
        tick(&project);
        touch(&project);
        assert_eq!(recall(&project), None, "{what}");
    }
}

#[test]
fn another_request_is_another_site() {
    let project = project();
    build(&project);
    let as_always = options(&project, AN_HOUR);
    let run = as_always.run.clone().unwrap();
    let requested = Run { request: "another day".to_owned(), ..run };
    for other in [
        Options { run: Some(requested), ..as_always.clone() },
        Options { compress: true, ..as_always.clone() },
        Options { inputs: Vec::new(), ..as_always.clone() },
        Options { run: None, ..as_always.clone() },
    ] {
        assert_eq!(emit::recall(&out(&project), &other), None, "{other:?}");
    }
    assert!(emit::recall(&project.path("another"), &as_always).is_none());
    assert!(emit::recall(&out(&project), &as_always).is_some());
}

#[test]
fn nothing_is_noted_of_what_changed_while_it_was_read_or_just_before() {
    let project = project();
    for (later, noted) in [(Duration::ZERO, false), (Duration::from_secs(1), false), (AN_HOUR, true)] {
        emit::write(&site(), &out(&project), &options(&project, later)).unwrap();
        assert_eq!(recall(&project).is_some(), noted, "{later:?}");
        assert_eq!(project.path(".dist.candor-seen").exists(), noted);
    }
    emit::write(&site(), &out(&project), &options(&project, Duration::ZERO)).unwrap();
    assert_eq!(recall(&project), None, "what was noted before does not stay");
}

#[test]
fn nothing_is_noted_where_a_link_leads_elsewhere() {
    let project = project().link("content/data/controls.yaml", "/dev/null");
    build(&project);
    assert_eq!(recall(&project), None);
}

#[test]
fn a_list_that_cannot_be_written_is_no_failure() {
    let project = project().file(".dist.candor-seen/in-the-way", "");
    let built = build(&project);
    assert!(!built.unchanged);
    assert_eq!(recall(&project), None);
    assert!(build(&project).unchanged, "the site is there all the same");
}

#[test]
fn a_list_that_was_damaged_is_none() {
    let project = project();
    build(&project);
    let path = project.path(".dist.candor-seen");
    let whole = fs::read(&path).unwrap();
    let mut damaged: Vec<Vec<u8>> = (0..whole.len()).step_by(7).map(|end| whole[..end].to_vec()).collect();
    damaged.extend((0..whole.len()).step_by(3).map(|at| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    }));
    for bytes in damaged {
        fs::write(&path, &bytes).unwrap();
        assert_eq!(recall(&project), None, "{}", String::from_utf8_lossy(&bytes));
    }
    fs::write(&path, &whole).unwrap();
    assert!(recall(&project).is_some());
}

#[test]
fn what_a_killed_build_left_is_cleared_first() {
    for left in [".dist.candor-new", ".dist.candor-old", ".dist.candor-lock"] {
        let project = project();
        build(&project);
        fs::create_dir(project.path(left)).unwrap();
        assert_eq!(recall(&project), None, "{left}");
    }
}

#[test]
fn findings_are_told_each_time() {
    let project = project();
    let source = Source::new("content/site.yaml", "title: Trust\n");
    // The code of a rule that exists.
    let finding = Diagnostic::new(Code::PlaceholderBaseUrl, "look").at(Place::new(&source, 0..5), "here").help("so");
    let mut options = options(&project, AN_HOUR);
    options.run.as_mut().unwrap().findings = Report::from(finding.clone());
    emit::write(&site(), &out(&project), &options).unwrap();
    let (_, findings) = emit::recall(&out(&project), &options).expect("it was noted");
    assert_eq!(findings.diagnostics(), [finding]);
}

#[test]
fn a_build_with_nothing_to_do_says_what_it_said_and_sees_an_edit_at_once() {
    let project = Project::empty();
    assert_eq!(project.run(["init", ".", "-q"]).code, Some(0));
    let build = || project.run(["build", "--no-compress"]);
    let first = build();
    assert!(first.stderr.contains("warning[placeholder-base-url]"), "{}", first.stderr);
    // What was written a moment ago may have been written twice in one tick of the clock.
    let deadline = Instant::now() + Duration::from_secs(120);
    while !project.path(".dist.candor-seen").exists() {
        assert!(Instant::now() < deadline, "nothing was noted");
        std::thread::sleep(Duration::from_millis(100));
        build();
    }
    let again = build();
    assert!(again.stdout.starts_with("Unchanged: "), "{}", again.stdout);
    assert_eq!((again.code, again.stderr), (Some(0), first.stderr));
    let day = project.run(["build", "--no-compress", "--as-of", "2026-05-23"]);
    assert!(day.stdout.starts_with("Built: "), "{}", day.stdout);

    let section = fs::read_dir(project.path("content/sections")).unwrap().next().unwrap().unwrap().path();
    edit_in_secret(&section);
    assert_eq!(build().code, Some(1), "an edit that keeps size and time is an edit");
}
