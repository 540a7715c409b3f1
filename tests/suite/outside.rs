//! Files outside the project are never read or written, and no command blocks on a device or a pipe. The tests place every
//! kind of file at each path that candor uses.

#[cfg(feature = "import")]
mod git;
mod releases;
mod swapped;
mod users;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use tempfile::TempDir;

use crate::support::{Run, SITE};

/// A marker that occurs only in the names and contents of files outside the project.
const CANARY: &str = "cAnArY";

/// Much longer than any command takes, even on a busy machine.
const TIME_LIMIT: Duration = Duration::from_secs(120);

const RELEASED: &str = "2026-05-01";

/// The kinds of files to place at a path.
const KINDS: &[&str] = &[
    "link to a file outside",
    "absolute link to a file outside",
    "link to a folder outside",
    "absolute link to a folder outside",
    "chain of links to a file outside",
    "chain of links to a folder outside",
    "link through a folder and ..",
    "dangling link to a place outside",
    "link to itself",
    "link to /dev/zero",
    "link to /dev/full",
    "link to /proc/self/environ",
    "named pipe",
    "link to a named pipe outside",
    "socket",
];

/// The paths that candor uses.
const POSITIONS: &[&str] = &[
    "content",
    "content/site.yaml",
    "content/sections",
    "content/sections/20-more.md",
    "content/data",
    "content/data/subprocessors.yaml",
    "content/releases",
    "content/releases/2026-05-01.json",
    "content/releases/2026-05-02.json",
    "content/releases/2026-05-22.json",
    "content/releases/SHA256SUMS",
    "content/releases/.candor-0123456789abcdef.tmp",
    "templates",
    "templates/page.html",
    "templates/strings",
    "templates/strings/en.yaml",
    "static",
    "static/logo.svg",
    "static/root",
    "static/root/robots.txt",
    "dist",
    "dist/.candor",
    "dist/index.html",
    "dist/releases",
    ".dist.candor-lock",
    ".dist.candor-new",
    ".dist.candor-old",
    ".gitattributes",
    "schemas",
    "README.md",
];

/// The commands to run, each in a new copy of the project.
const COMMANDS: &[&[&str]] = &[
    &["check"],
    &["build", "--draft", "--no-compress"],
    &["verify"],
    &["diff"],
    &["release", "-m", "Changes"],
    &["release", "--replace", "-m", "Changes"],
    #[cfg(feature = "import")]
    &["import", "list.md", "--write", "--replace"],
    &["init", "."],
];

/// A project folder, next to a folder outside the project with canary files.
struct Scene {
    folder: TempDir,
}

impl Scene {
    /// Returns a copy of a scene that is created once.
    fn new() -> Scene {
        static FIRST: OnceLock<Scene> = OnceLock::new();
        let scene = Scene { folder: tempfile::tempdir().expect("a folder") };
        let first = FIRST.get_or_init(Scene::create).folder.path();
        for entry in walkdir::WalkDir::new(first).min_depth(1) {
            let entry = entry.expect("an entry");
            let to = scene.folder.path().join(entry.path().strip_prefix(first).expect("below"));
            if entry.file_type().is_dir() {
                fs::create_dir(to).expect("a folder");
            } else {
                fs::copy(entry.path(), to).expect("a copy");
            }
        }
        scene
    }

    fn create() -> Scene {
        let scene = Scene { folder: tempfile::tempdir().expect("a folder") };
        let canary = format!("title: {CANARY}\n");
        for name in ["file", "site.yaml", "20-more.md", "index.html", "subprocessors.yaml", "2026-05-01.json"] {
            scene.write(&format!("outside/{name}"), &canary);
        }
        scene.write(&format!("outside/{CANARY}.html"), &canary);
        scene.write("project/content/site.yaml", SITE);
        scene.write("project/content/sections/10-about.md", "---\ntitle: About\n---\nText.\n");
        scene.write("project/list.md", "| Name | Purpose | Data |\n|---|---|---|\n| Alpha | Hosting | Email |\n");
        scene.write("project/static/logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
        let ran = scene.run(&["release", "-m", "First", "--date", RELEASED]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let ran = scene.run(&["build", "--no-compress"]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        scene.write("project/content/sections/10-about.md", "---\ntitle: About\n---\nMore text.\n");
        scene
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Replaces a path of the project with a file of this kind.
    fn put(&self, kind: &str, position: &str) {
        let at = self.path("project").join(position);
        fs::create_dir_all(at.parent().expect("a parent")).expect("a folder");
        match fs::symlink_metadata(&at) {
            Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(&at).expect("removed"),
            Ok(_) => fs::remove_file(&at).expect("removed"),
            Err(_) => {}
        }
        let up = "../".repeat(position.matches('/').count() + 1);
        let outside = |name: &str| self.path("outside").join(name);
        let link = |target: &dyn AsRef<Path>| symlink(target.as_ref(), &at).expect("a link");
        match kind {
            "link to a file outside" => link(&format!("{up}outside/file")),
            "absolute link to a file outside" => link(&outside("file")),
            "link to a folder outside" => link(&format!("{up}outside")),
            "absolute link to a folder outside" => link(&outside("")),
            "chain of links to a file outside" | "chain of links to a folder outside" => {
                let target = if kind.ends_with("file outside") { "../outside/file" } else { "../outside" };
                symlink(target, self.path("project/first")).expect("a link");
                symlink("first", self.path("project/second")).expect("a link");
                link(&format!("{}second", &up[3..]));
            }
            "link through a folder and .." => link(&format!("{}static/../../outside/file", &up[3..])),
            "dangling link to a place outside" => link(&format!("{up}outside/new")),
            "link to itself" => link(&at.file_name().expect("a name")),
            "link to /dev/zero" => link(&"/dev/zero"),
            "link to /dev/full" => link(&"/dev/full"),
            "link to /proc/self/environ" => link(&"/proc/self/environ"),
            "named pipe" => pipe(&at),
            "link to a named pipe outside" => {
                pipe(&outside("pipe"));
                link(&outside("pipe"));
            }
            "socket" => drop(bind(&at)),
            other => panic!("{other}"),
        }
    }

    fn run(&self, args: &[&str]) -> Run {
        run_limited(&self.path("project"), args)
    }

    /// Returns all files outside the project with their content.
    fn outside(&self) -> BTreeMap<PathBuf, Option<String>> {
        files(&self.path("outside"))
    }
}

/// Binds a socket in a folder with a short path and moves it, because the length of socket paths is limited.
fn bind(at: &Path) -> UnixListener {
    let short = tempfile::tempdir_in("/tmp").expect("a folder");
    let listener = UnixListener::bind(short.path().join("s")).expect("a socket");
    fs::rename(short.path().join("s"), at).expect("the same file system");
    listener
}

fn pipe(at: &Path) {
    rustix::fs::mkfifoat(rustix::fs::CWD, at, rustix::fs::Mode::from_raw_mode(0o666)).expect("a pipe");
}

/// Returns the files below a folder with their text, which is `None` for anything but a regular file.
fn files(folder: &Path) -> BTreeMap<PathBuf, Option<String>> {
    let entries = walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.expect("an entry"));
    entries
        .filter(|entry| !entry.file_type().is_dir())
        .map(|entry| {
            let text = entry.file_type().is_file().then(|| fs::read(entry.path()).expect("readable"));
            (entry.path().to_owned(), text.map(|text| String::from_utf8_lossy(&text).into_owned()))
        })
        .collect()
}

/// Runs the program and panics if it exceeds the time limit, because it blocks or reads endlessly.
fn run_limited(root: &Path, args: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_candor"));
    command.args(args).current_dir(root).env_clear().env("SOURCE_DATE_EPOCH", "1779408000"); // 2026-05-22
    command.env("CANARY", CANARY).env("PATH", "/usr/bin:/bin").env("HOME", root);
    wait_with_limit(command, &format!("{args:?}"))
}

fn wait_with_limit(mut command: Command, what: &str) -> Run {
    // Write output to files, because a full pipe would block the program.
    let output = tempfile::tempdir().expect("a folder");
    let (out, err) = (output.path().join("out"), output.path().join("err"));
    command.stdin(Stdio::null()).stdout(fs::File::create(&out).expect("a file"));
    let mut child = command.stderr(fs::File::create(&err).expect("a file")).spawn().expect("the program starts");
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("its state") {
            break status;
        }
        if start.elapsed() > TIME_LIMIT {
            child.kill().expect("killed");
            child.wait().expect("ended");
            panic!("{what} hangs");
        }
        std::thread::sleep(Duration::from_millis(3));
    };
    let text = |path: &Path| String::from_utf8_lossy(&fs::read(path).expect("readable")).into_owned();
    Run { stdout: text(&out), stderr: text(&err), code: status.code() }
}

/// Returns the number of commands to run for each case. `CANDOR_TEST_OUTSIDE=8` runs all of them.
fn commands_per_case() -> usize {
    std::env::var("CANDOR_TEST_OUTSIDE").ok().and_then(|n| n.parse().ok()).unwrap_or(2)
}

/// Tests 15 kinds of files at 30 paths with two commands each: 900 runs of the program, or 3,600 with all commands.
#[test]
fn never_reads_or_writes_outside_the_project() {
    assert_eq!((KINDS.len(), POSITIONS.len()), (15, 30));
    let cases: Vec<(&str, &str)> =
        KINDS.iter().flat_map(|kind| POSITIONS.iter().map(move |position| (*kind, *position))).collect();
    cases.into_par_iter().for_each(|(kind, position)| {
        let first = kind.len() + position.len();
        for n in 0..commands_per_case().min(COMMANDS.len()) {
            let command = COMMANDS[(first + n * COMMANDS.len() / 2 + n / 2) % COMMANDS.len()];
            let scene = Scene::new();
            scene.put(kind, position);
            let before = scene.outside();
            let ran = scene.run(command);
            let what = format!("{kind} at {position}, {command:?}: {ran:?}");
            assert!(matches!(ran.code, Some(0..=2)), "{what}");
            assert!(!ran.stderr.contains("panicked"), "{what}");
            assert!(!ran.stdout.contains(CANARY) && !ran.stderr.contains(CANARY), "printed: {what}");
            assert_eq!(scene.outside(), before, "changed: {what}");
            for (path, text) in files(&scene.path("project")) {
                assert!(!text.is_some_and(|text| text.contains(CANARY)), "copied to {}: {what}", path.display());
            }
        }
    });
}

/// Checks the error message for one path in each part of the program.
#[test]
fn error_shows_the_path_and_the_kind_of_file() {
    for (kind, position, command, words) in [
        ("link to a file outside", "content/site.yaml", "check", "is a symbolic link that leads out of the project"),
        ("named pipe", "content/sections/20-more.md", "check", "is a named pipe"),
        ("link to a folder outside", "content/releases", "check", "is a symbolic link that leads out of the project"),
        ("link to a folder outside", "content/releases", "verify", "is a symbolic link that leads out of the project"),
        ("socket", "static/logo.svg", "check", "is a socket"),
        ("link to /dev/zero", "templates/page.html", "check", "is a symbolic link that leads out of the project"),
        ("link to a file outside", "templates/strings/en.yaml", "check", "is a symbolic link that leads out"),
        ("link to a file outside", "static/root", "check", "is a symbolic link that leads out of the project"),
        ("link to itself", "content/site.yaml", "check", "is a symbolic link that leads back to itself"),
        ("link to a file outside", ".dist.candor-lock", "build", "is a symbolic link"),
        ("named pipe", ".dist.candor-lock", "build", "is a named pipe"),
        ("link to a folder outside", "dist", "build", "is a symbolic link"),
        ("named pipe", "dist/.candor", "build", "is a named pipe"),
    ] {
        let scene = Scene::new();
        scene.put(kind, position);
        let args: &[&str] = if command == "build" { &["build", "--draft"] } else { &[command] };
        let ran = scene.run(args);
        let text = ran.stdout + &ran.stderr;
        assert!(text.contains(words) && text.contains(position), "{kind} at {position}: {text}");
        let code = if command == "build" { 2 } else { 1 };
        assert_eq!(ran.code, Some(code), "{kind} at {position}: {text}");
    }
}

/// Covers relative and absolute links to files and folders.
#[test]
fn never_follows_a_link_to_a_hidden_file_or_folder() {
    let secret = "token hunter2";
    for (target, name) in [
        (".env", ""),
        (".git/config", ""),
        (".git", "config"),
        (".secret/deep/file", ""),
        (".secret/deep", "file"),
        ("visible/.hidden/file", ""),
    ] {
        for position in [
            "static/root/humans.txt",
            "static/documents/notes.txt",
            "static/root/.env",
            "static/file",
            "content/sections/70-more.md",
            "templates/404.html",
            "content/data/faq.yaml",
        ] {
            for absolute in [false, true] {
                let scene = Scene::new();
                let project = scene.path("project");
                let file = project.join(target).join(name);
                let file = if name.is_empty() { project.join(target) } else { file };
                fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
                fs::write(&file, secret).expect("a file");
                let at = project.join(position);
                fs::create_dir_all(at.parent().expect("a parent")).expect("a folder");
                let _ = fs::remove_file(&at);
                let up = "../".repeat(position.matches('/').count());
                let target = if absolute { project.join(target) } else { PathBuf::from(format!("{up}{target}")) };
                symlink(target, &at).expect("a link");
                let ran = scene.run(&["build", "--draft", "--no-compress"]);
                let name = format!("{position} -> {}, {absolute}", file.display());
                assert_eq!(ran.code, Some(1), "{name}: {ran:?}");
                assert!(!ran.stderr.contains("hunter2"), "{name}: {}", ran.stderr);
                assert!(ran.stderr.contains("is a symbolic link to a hidden file or folder"), "{name}: {}", ran.stderr);
            }
        }
    }
}

#[test]
fn follows_a_link_to_a_folder_with_well_known_files() {
    let scene = Scene::new();
    let project = scene.path("project");
    fs::create_dir_all(project.join("shared/root/.well-known")).expect("a folder");
    fs::write(project.join("shared/root/.well-known/check"), "x").expect("a file");
    symlink("../shared/root", project.join("static/root")).expect("a link");
    let ran = scene.run(&["build", "--draft", "--no-compress"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(project.join("dist/.well-known/check").exists());
}

#[test]
fn follows_links_inside_the_project() {
    for absolute in [false, true] {
        for (position, folder) in [
            ("content", true),
            ("content/sections", true),
            ("content/releases", true),
            ("content/site.yaml", false),
            ("content/sections/10-about.md", false),
            ("static", true),
            ("static/logo.svg", false),
        ] {
            let scene = Scene::new();
            let (at, moved) = (scene.path("project").join(position), scene.path("project/moved"));
            fs::rename(&at, &moved).expect("moved");
            let up = "../".repeat(position.matches('/').count());
            let target = if absolute { moved.clone() } else { PathBuf::from(format!("{up}moved")) };
            symlink(target, &at).expect("a link");
            for command in [&["build", "--draft", "--no-compress"][..], &["release", "-m", "Changes"]] {
                let ran = scene.run(command);
                assert_eq!(ran.code, Some(0), "{position}, {folder}, {absolute}, {command:?}: {ran:?}");
            }
            let page = fs::read_to_string(scene.path("project/dist/index.html")).expect("a page");
            assert!(page.contains("More text."), "{position}");
        }
    }
}
