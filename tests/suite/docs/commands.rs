//! Every shell command that the documentation shows runs in a project, or the page gives a reason why it cannot run here.
//!
//! The `console` and `sh` blocks of a page run in order, in one shell, as a reader would type them. A comment on the line before
//! a block changes that:
//!
//! - `<!-- not run: REASON -->`: the block does not run. The command line's parser still reads it (`cli/mentions.rs`).
//! - `<!-- exits with N: REASON -->`: the block is one command, which must exit with this code.

use std::fs;
#[cfg(all(unix, feature = "import"))]
use std::path::Path;
#[cfg(all(unix, feature = "import"))]
use std::process::Command;

use super::pages;
#[cfg(all(unix, feature = "import"))]
use crate::support::Project;

/// A fenced block of a page.
#[derive(Debug, PartialEq, Eq)]
struct Block<'p> {
    /// Its first line, counted from 1.
    line: usize,
    language: &'p str,
    marker: Option<Marker<'p>>,
    lines: Vec<&'p str>,
}

/// A comment that specifies how a block runs.
#[derive(Debug, PartialEq, Eq)]
enum Marker<'p> {
    NotRun { reason: &'p str },
    ExitsWith { code: &'p str, reason: &'p str },
}

impl<'p> Marker<'p> {
    fn parse(line: &'p str) -> Option<Marker<'p>> {
        let comment = line.trim().strip_prefix("<!-- ")?.strip_suffix("-->")?;
        if let Some(reason) = comment.strip_prefix("not run:") {
            return Some(Marker::NotRun { reason: reason.trim() });
        }
        let (code, reason) = comment.strip_prefix("exits with ")?.split_once(':')?;
        Some(Marker::ExitsWith { code, reason: reason.trim() })
    }

    fn reason(&self) -> &str {
        match self {
            Marker::NotRun { reason } | Marker::ExitsWith { reason, .. } => reason,
        }
    }
}

impl Block<'_> {
    fn is_shell(&self) -> bool {
        matches!(self.language, "console" | "sh")
    }

    /// The commands: the lines after a prompt, or the whole script.
    fn commands(&self) -> Vec<&str> {
        match self.language {
            "console" => self.lines.iter().filter_map(|line| line.strip_prefix("$ ")).collect(),
            _ => self.lines.clone(),
        }
    }

    /// The problems of the block itself.
    fn problems(&self) -> Vec<&'static str> {
        let mut problems = Vec::new();
        if self.is_shell() && self.commands().is_empty() {
            problems.push("a block without a command: write `$ ` before it");
        }
        if !self.is_shell() && self.marker.is_some() {
            problems.push("a marker before a block that is not `console` or `sh`");
        }
        if self.marker.as_ref().is_some_and(|marker| marker.reason().is_empty()) {
            problems.push("a marker without a reason");
        }
        if matches!(self.marker, Some(Marker::ExitsWith { .. })) && self.commands().len() != 1 {
            problems.push("an exit code for a block that is not one command");
        }
        if matches!(self.marker, Some(Marker::ExitsWith { code, .. }) if code.parse::<u8>().is_err()) {
            problems.push("an exit code that is not a number");
        }
        match self.language {
            "" => problems.push("a block without a language: use `console` or `sh` for commands, `text` for output"),
            "bash" | "shell" | "zsh" => problems.push("a shell block that is neither `console` nor `sh`"),
            "text" if self.lines.iter().any(|line| line.starts_with("$ ")) => {
                problems.push("commands in a `text` block: use `console`");
            }
            _ => {}
        }
        problems
    }
}

/// The fenced blocks of a page.
fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut lines = page.lines().enumerate();
    let mut before = "";
    while let Some((at, line)) = lines.next() {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            let inside = lines.by_ref().map(|(_, line)| line).take_while(|line| !line.trim_start().starts_with("```"));
            let (language, marker) = (language.trim(), Marker::parse(before));
            blocks.push(Block { line: at + 2, language, marker, lines: inside.collect() });
            before = "";
        } else {
            before = line;
        }
    }
    blocks
}

#[test]
fn every_shell_block_runs_or_has_a_reason_not_to() {
    let mut wrong = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a page");
        let blocks = blocks(&text);
        for block in &blocks {
            let place = format!("{}:{}", page.display(), block.line);
            wrong.extend(block.problems().into_iter().map(|problem| format!("{place}: {problem}")));
        }
        let markers = text.lines().filter(|line| Marker::parse(line).is_some()).count();
        let used = blocks.iter().filter(|block| block.marker.is_some()).count();
        if markers != used {
            wrong.push(format!("{}: {markers} markers, {used} of them on the line before a block", page.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn invalid_blocks_are_reported() {
    for wrong in [
        "```\ncandor build\n```",
        "```bash\ncandor build\n```",
        "```text\n$ candor build\n```",
        "```console\ncandor build\n```",
        "<!-- not run: -->\n```sh\ncandor build\n```",
        "<!-- exits with 1: a reason -->\n```sh\ncandor build\ncandor check\n```",
        "<!-- not run: a reason -->\n```yaml\na: b\n```",
    ] {
        assert_eq!(blocks(wrong).iter().flat_map(Block::problems).count(), 1, "{wrong}");
    }
    for right in [
        "```sh\ncandor build\n```",
        "```console\n$ candor build\noutput\n```",
        "<!-- not run: a reason -->\n```console\n$ candor serve\n```",
        "<!-- exits with 1: a reason -->\n```console\n$ candor check\n```",
        "```text\noutput\n```",
    ] {
        assert_eq!(blocks(right).iter().flat_map(Block::problems).count(), 0, "{right}");
    }
    let marked = blocks("<!-- not run: a reason -->\n\n```sh\na\n```\n");
    assert_eq!(marked[0].marker, None, "a marker counts only on the line before the block");
}

/// The actions of a reader between the commands: edits the content before a release and commits it afterwards.
#[cfg(all(unix, feature = "import"))]
const READER: &str = r#"
candor() {
  if [ "$1" = release ]; then
    section=content/sections/95-edition.md
    [ -f "$section" ] || printf -- '---\ntitle: Edition\n---\n' > "$section"
    printf 'Another edition.\n\n' >> "$section"
  fi
  command candor "$@" || return $?
  if [ "$1" = release ]; then
    git add --all
    git commit --quiet --message Release
  fi
}
"#;

/// A project with a git history, lists to import, and a clone of the main branch next to it.
#[cfg(all(unix, feature = "import"))]
const SETUP: &str = r"
candor init project --full
cd project
mkdir docs
printf 'No.;Question;Answer;Comments\n1;Do you encrypt backups?;Yes;With AES-256\n2;Where are backups?;In two places;\n' > customer.csv
printf 'No.;Question;Answer;Comments\n1;Do you encrypt all traffic?;;\n' > empty.csv
printf '| Provider | Details | Data | Notes |\n|---|---|---|---|\n| Stripe | Payments | Card data | EU |\n' > vendors.md
printf '| Provider | Purpose | Data |\n|---|---|---|\n| Stripe | Payments | Card data |\n' > docs/subprocessors.md
git init --quiet --initial-branch main
git add --all
git commit --quiet --message 'Start the trust center'
printf '| Azure | Hosting | Account data |\n' >> docs/subprocessors.md
git add --all
git commit --quiet --message 'Add Azure'
git clone --quiet . ../main
";

/// Makes the first release of the project.
#[cfg(all(unix, feature = "import"))]
const FIRST_RELEASE: &str = r"
candor release -m 'First release'
git add --all
git commit --quiet --message 'First release'
";

/// Runs a script in a folder with candor on the PATH, and without the settings of the machine.
#[cfg(all(unix, feature = "import"))]
fn run(folder: &Path, script: &str) -> Result<(), String> {
    let program = Path::new(env!("CARGO_BIN_EXE_candor")).parent().expect("a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("sh")
        .args(["-eux", "-c", script])
        .current_dir(folder)
        .env_clear()
        .env("PATH", format!("{}:{path}", program.display()))
        .env("HOME", folder)
        .env("LC_ALL", "C")
        .env("SOURCE_DATE_EPOCH", "1779408000") // 2026-05-22
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .envs([("GIT_AUTHOR_NAME", "Reader"), ("GIT_AUTHOR_EMAIL", "reader@example.com")])
        .envs([("GIT_COMMITTER_NAME", "Reader"), ("GIT_COMMITTER_EMAIL", "reader@example.com")])
        .envs([("GIT_AUTHOR_DATE", "2026-05-20T12:00:00Z"), ("GIT_COMMITTER_DATE", "2026-05-20T12:00:00Z")])
        .output()
        .expect("a shell");
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

// Without its features the program has fewer commands.
#[cfg(all(unix, feature = "import"))]
#[test]
fn commands_of_the_documentation_succeed() {
    let mut count = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a page");
        let mut script = String::new();
        for block in blocks(&text).iter().filter(|block| block.is_shell()) {
            let commands = block.commands().join("\n");
            script += &match &block.marker {
                Some(Marker::NotRun { .. }) => continue,
                Some(Marker::ExitsWith { code, .. }) => {
                    format!("status=0\n{commands} || status=$?\n[ \"$status\" -eq {code} ]\n")
                }
                None => format!("{commands}\n"),
            };
            count += block.commands().len();
        }
        if script.is_empty() {
            continue;
        }
        let folder = Project::empty();
        // A git history can be imported only before the first release.
        let first = if page.ends_with("import.md") { "" } else { FIRST_RELEASE };
        if let Err(trace) = run(folder.root(), &format!("{SETUP}{first}{READER}{script}")) {
            panic!("{}: a command fails:\n{trace}", page.display());
        }
    }
    assert!(count > 20, "only {count} commands were found");
}
