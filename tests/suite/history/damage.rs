//! Text files that other programs modified: the diagnostic names the cause, and its help restores the file.

use std::path::Path;
use std::process::Command;

use super::{output_of, released};
use crate::support::{Project, Run};

const FIRST: &str = "content/releases/2026-05-01.json";
const SUMS: &str = "content/releases/SHA256SUMS";

/// Runs git without the settings of the machine.
fn git(folder: &Path, args: &[&str]) {
    let output = Command::new("git")
        .args(args)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .expect("git starts");
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Clones the committed project as Git for Windows does.
fn clone(project: &Project) -> Project {
    git(project.root(), &["init", "--quiet"]);
    git(project.root(), &["add", "."]);
    git(project.root(), &["-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", "First"]);
    let clone = Project::empty();
    let from = project.root().to_string_lossy().into_owned();
    git(clone.root(), &["clone", "--quiet", "-c", "core.autocrlf=true", &from, "."]);
    clone
}

fn verify(project: &Project) -> Run {
    project.run(["verify"])
}

#[test]
fn converted_line_endings_are_reported_and_fixable() {
    let project = clone(&released(3));
    assert!(project.read(FIRST).contains("\r\n") && project.read(SUMS).contains("\r\n"), "git converted the files");
    let run = verify(&project);
    assert_eq!(run.code, Some(1), "{run:?}");
    for file in [FIRST, "content/releases/2026-05-02.json", "content/releases/2026-05-03.json", SUMS] {
        let message = format!("`{file}` is not the file that candor wrote: line endings were converted to CRLF");
        assert!(run.stderr.contains(&message), "{file}: {}", run.stderr);
    }
    assert!(!run.stderr.contains("edited"), "the message does not blame an edit: {}", run.stderr);
    // Follow the help of the message.
    let quoted: Vec<&str> = run.stderr.split('`').skip(1).step_by(2).collect();
    let line = quoted.iter().find(|text| text.ends_with("-text")).expect("the line for .gitattributes");
    let project = project.file(".gitattributes", format!("{line}\n"));
    // A release that was created in this clone and is not yet committed survives the fix.
    let mut commands: Vec<&str> = quoted.into_iter().filter(|text| text.starts_with("git ")).collect();
    commands.dedup();
    assert!(commands.len() >= 2, "{commands:?}");
    for command in &commands[..2] {
        git(project.root(), &command.split(' ').skip(1).collect::<Vec<_>>());
    }
    let run = verify(&project);
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[test]
fn new_project_survives_a_clone_with_converted_line_endings() {
    let project = Project::empty();
    assert_eq!(project.run(["init"]).code, Some(0));
    assert_eq!(project.run(["release", "-m", "First release"]).code, Some(0));
    let clone = clone(&project);
    assert!(clone.read("content/site.yaml").contains("\r\n"), "git converts everything else");
    let run = verify(&clone);
    assert_eq!(run.code, Some(0), "{run:?}");
    let run = clone.run(["build", "--no-compress"]);
    assert_eq!(run.code, Some(0), "other line endings do not change the content: {run:?}");
}

#[test]
fn each_kind_of_damage_is_reported() {
    let text = released(2).read(FIRST);
    let sums = released(2).read(SUMS);
    for (file, bytes, what) in [
        (FIRST, text.replace('\n', "\r\n").into_bytes(), "line endings were converted to CRLF"),
        (FIRST, text.replacen('\n', "\r\n", 3).into_bytes(), "line endings were converted to CRLF"),
        (FIRST, format!("\u{feff}{text}").into_bytes(), "a byte order mark was added"),
        (
            FIRST,
            format!("\u{feff}{}", text.replace('\n', "\r\n")).into_bytes(),
            "CRLF, and a byte order mark was added",
        ),
        (FIRST, text.trim_end().as_bytes().to_vec(), "the newline at the end was removed"),
        (
            FIRST,
            [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect(),
            "is UTF-16 text",
        ),
        (SUMS, sums.replace('\n', "\r\n").into_bytes(), "line endings were converted to CRLF"),
        (SUMS, format!("\u{feff}{sums}").into_bytes(), "a byte order mark was added"),
    ] {
        let project = released(2).file(file, bytes);
        let run = verify(&project);
        assert_eq!(run.code, Some(1), "{run:?}");
        let errors = run.stderr.lines().filter(|line| line.starts_with("error")).count();
        assert!(errors == 1 && output_of(&run).contains(what), "{what}: {}", run.stderr);
    }
}
