//! Files and folders of another user: a command either succeeds or changes nothing.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Scene, wait_with_limit};
use crate::support::Run;

/// An unprivileged user.
const UNPRIVILEGED: u32 = 65_534;

/// The name and mode of a file owned by root. A name that ends with a slash is a folder.
type RootFile = (&'static str, u32);

/// Returns the owner, mode and content of everything in a folder, by path.
fn state(folder: &Path) -> BTreeMap<PathBuf, (u32, u32, Option<Vec<u8>>)> {
    let entries = walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.expect("an entry"));
    entries
        .map(|entry| {
            let metadata = fs::symlink_metadata(entry.path()).expect("metadata");
            let bytes = metadata.is_file().then(|| fs::read(entry.path()).expect("readable"));
            (entry.path().to_owned(), (metadata.uid(), metadata.mode(), bytes))
        })
        .collect()
}

/// Copies the program to a folder that an unprivileged user can read. Another process writes the copy: if this process did, a
/// program that another test starts at the same time would keep the file open for writing, and it could not be executed.
fn readable_program(folder: &Path) -> PathBuf {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).expect("a mode");
    let program = folder.join("candor");
    let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_candor")).arg(&program).status().expect("cp starts");
    assert!(copied.success());
    program
}

fn run_unprivileged(program: &Path, scene: &Scene, args: &[&str]) -> Run {
    let mut command = Command::new(program);
    command.args(args).current_dir(scene.path("project")).env_clear().env("SOURCE_DATE_EPOCH", "1779408000");
    command.uid(UNPRIVILEGED).gid(UNPRIVILEGED);
    wait_with_limit(command, &format!("{args:?}"))
}

fn change_owner(path: &Path, owner: u32) {
    for entry in walkdir::WalkDir::new(path) {
        chown(entry.expect("an entry").path(), Some(owner), Some(owner)).expect("the owner changes");
    }
}

/// Runs 3 commands in each of 18 folder states: 54 runs. Requires root, to create files of two users.
#[test]
fn commands_succeed_or_change_nothing_with_files_of_another_user() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let states: &[&[RootFile]] = &[
        &[],
        &[("dist", 0o755)],
        &[("dist", 0o700)],
        &[("dist", 0o777)],
        &[("dist", 0o1777)],
        &[("dist/index.html", 0o600)],
        &[("dist/index.html", 0o644)],
        &[("dist/.candor", 0o600)],
        &[("dist/releases", 0o755)],
        &[("dist/releases", 0o1777)],
        &[("", 0o1777), ("dist", 0o755)],
        &[("", 0o1777), ("dist", 0o777)],
        &[("", 0o755)],
        &[(".dist.candor-lock", 0o600)],
        &[("", 0o1777), (".dist.candor-lock", 0o644)],
        &[("", 0o1777), (".dist.candor-new/", 0o755)],
        &[("content/releases", 0o755)],
        &[("content/releases", 0o1777), ("content/releases/SHA256SUMS", 0o644)],
    ];
    assert_eq!(states.len(), 18);
    let folder = tempfile::tempdir().expect("a folder");
    let program = readable_program(folder.path());
    for root_files in states {
        for args in [
            &["build", "--draft", "--no-compress"][..],
            &["release", "-m", "More"],
            &["release", "--replace", "-m", "More"],
        ] {
            let scene = Scene::new();
            fs::set_permissions(scene.path(""), fs::Permissions::from_mode(0o755)).expect("a mode");
            let project = scene.path("project");
            for (name, _) in *root_files {
                let path = project.join(name);
                match path.exists() {
                    true => {}
                    false if name.ends_with('/') => {
                        fs::create_dir(&path).expect("a folder");
                        fs::write(path.join("file"), "").expect("a file");
                    }
                    false => fs::write(&path, "").expect("a file"),
                }
            }
            change_owner(&project, UNPRIVILEGED);
            for (name, mode) in *root_files {
                let path = project.join(name);
                if !name.is_empty() && path.is_dir() {
                    change_owner(&path, 0);
                }
                chown(&path, Some(0), Some(0)).expect("the owner changes");
                fs::set_permissions(&path, fs::Permissions::from_mode(*mode)).expect("a mode");
            }
            let before = state(&project);
            let ran = run_unprivileged(&program, &scene, args);
            let what = format!("{root_files:?}, {args:?}: {ran:?}");
            match ran.code {
                Some(0) => {
                    let left: Vec<_> = walkdir::WalkDir::new(&project)
                        .into_iter()
                        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
                        .filter(|name| {
                            name.ends_with(".tmp") || name.ends_with(".candor-new") || name.ends_with(".candor-old")
                        })
                        .collect();
                    assert!(left.is_empty() || args[0] == "release", "{left:?} left behind: {what}");
                    assert_eq!(scene.run(&["verify"]).code, Some(0), "{what}");
                }
                Some(1 | 2) => {
                    assert!(state(&project) == before, "something changed: {what}");
                    assert!(!ran.stderr.contains("No such file"), "the error has another cause: {what}");
                }
                _ => panic!("{what}"),
            }
        }
    }
}
