//! `candor import --git-history` never runs programs that a hostile repository configures.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::{Run, wait_with_limit};
use crate::support::SITE;

/// A repository with two versions of `docs/vendors.md`, and a program that creates a marker file when it runs.
struct HostileRepository {
    folder: TempDir,
}

impl HostileRepository {
    fn new() -> HostileRepository {
        let hostile = HostileRepository { folder: tempfile::tempdir().expect("a folder") };
        for folder in ["repository/docs", "repository/content"] {
            fs::create_dir_all(hostile.path(folder)).expect("a folder");
        }
        fs::write(hostile.path("repository/content/site.yaml"), SITE).expect("written");
        let marker = hostile.path("STARTED");
        let program = hostile.path("program");
        fs::write(&program, format!("#!/bin/sh\ntouch '{}'\ncat 2>/dev/null\nexit 0\n", marker.display()))
            .expect("written");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a program");
        hostile.git(&["init", "--quiet", "--initial-branch=main"]);
        for rows in ["", "| Beta | Mail | Email |\n"] {
            let text = format!("| Name | Purpose | Data |\n|---|---|---|\n| Alpha | Hosting | Email |\n{rows}");
            fs::write(hostile.path("repository/docs/vendors.md"), text).expect("written");
            hostile.git(&["add", "--all"]);
            hostile.git(&["commit", "--quiet", "-m", "Change"]);
        }
        hostile
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn program(&self) -> String {
        self.path("program").display().to_string()
    }

    fn git(&self, arguments: &[&str]) {
        git(&self.path("repository"), arguments);
    }

    fn configure(&self, name: &str, value: &str) {
        self.git(&["config", name, value]);
    }

    fn import(&self) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_candor"));
        command.args(["import", "docs/vendors.md", "--git-history"]).current_dir(self.path("repository"));
        command.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", self.folder.path());
        command.env("SOURCE_DATE_EPOCH", "1798761600");
        wait_with_limit(command, "import")
    }
}

fn git(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.org"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_AUTHOR_DATE", "2024-01-01T12:00:00Z")
        .env("GIT_COMMITTER_DATE", "2024-01-01T12:00:00Z")
        .output()
        .expect("git is installed");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Tests 24 repositories with settings that name a program, and with attributes and files that make git use them.
#[test]
fn repository_settings_run_no_program() {
    let settings: &[&[(&str, &str)]] = &[
        &[("core.fsmonitor", "PROGRAM")],
        &[("core.fsmonitor", "PROGRAM"), ("core.fsmonitorHookVersion", "2")],
        &[("core.pager", "PROGRAM"), ("color.pager", "true")],
        &[("pager.log", "PROGRAM")],
        &[("pager.cat-file", "PROGRAM")],
        &[("diff.external", "PROGRAM")],
        &[("diff.evil.command", "PROGRAM")],
        &[("diff.evil.textconv", "PROGRAM"), ("diff.evil.cachetextconv", "true")],
        &[("filter.evil.smudge", "PROGRAM"), ("filter.evil.clean", "PROGRAM")],
        &[("filter.evil.process", "PROGRAM"), ("filter.evil.required", "true")],
        &[("merge.evil.driver", "PROGRAM")],
        &[("core.hooksPath", "HOOKS")],
        &[("core.sshCommand", "PROGRAM")],
        &[("core.askPass", "PROGRAM")],
        &[("core.editor", "PROGRAM"), ("sequence.editor", "PROGRAM")],
        &[("core.alternateRefsCommand", "PROGRAM")],
        &[("core.gitProxy", "PROGRAM")],
        &[("credential.helper", "!PROGRAM")],
        &[("gpg.program", "PROGRAM"), ("log.showSignature", "true")],
        &[("gpg.ssh.program", "PROGRAM"), ("gpg.format", "ssh"), ("log.showSignature", "true")],
        &[("alias.log", "!PROGRAM"), ("alias.rev-parse", "!PROGRAM"), ("alias.cat-file", "!PROGRAM")],
        &[("include.path", "../evil-config")],
        &[("includeIf.gitdir:**.path", "../evil-config")],
        &[("uploadpack.packObjectsHook", "PROGRAM"), ("remote.origin.uploadpack", "PROGRAM")],
    ];
    assert_eq!(settings.len(), 24);
    for setting in settings {
        let hostile = HostileRepository::new();
        let program = hostile.program();
        let repository = hostile.path("repository");
        fs::create_dir_all(hostile.path("hooks")).expect("a folder");
        for folder in [hostile.path("hooks"), repository.join(".git/hooks")] {
            for hook in ["post-index-change", "reference-transaction", "fsmonitor-watchman", "pre-auto-gc"] {
                fs::create_dir_all(&folder).expect("a folder");
                fs::copy(&program, folder.join(hook)).expect("a hook");
            }
        }
        let evil = format!("[core]\n\tfsmonitor = {program}\n\tpager = {program}\n[diff]\n\texternal = {program}\n");
        fs::write(repository.join("evil-config"), evil).expect("written");
        for file in [repository.join(".gitattributes"), repository.join(".git/info/attributes")] {
            fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
            fs::write(file, "* diff=evil filter=evil merge=evil\n").expect("written");
        }
        for (name, value) in *setting {
            let hooks = hostile.path("hooks").display().to_string();
            hostile.configure(name, &value.replace("PROGRAM", &program).replace("HOOKS", &hooks));
        }
        let _ = fs::remove_file(hostile.path("STARTED"));
        let ran = hostile.import();
        assert!(!hostile.path("STARTED").exists(), "{setting:?} ran a program: {ran:?}");
        assert!(ran.code == Some(0) && ran.stdout.contains("2 releases"), "{setting:?}: {ran:?}");
    }
}

/// Covers settings that make git read endlessly or hide commits.
#[test]
fn settings_that_name_files_or_hide_commits_have_no_effect() {
    for setting in [
        ("diff.orderFile", "/dev/zero"),
        ("mailmap.file", "/dev/zero"),
        ("core.attributesFile", "/dev/zero"),
        ("core.excludesFile", "/dev/zero"),
        ("log.showRoot", "false"),
        ("log.follow", "false"),
        ("diff.renames", "false"),
        ("log.decorate", "full"),
        ("color.ui", "always"),
        ("log.diffMerges", "off"),
        ("diff.noprefix", "true"),
        ("notes.displayRef", "refs/notes/*"),
    ] {
        let hostile = HostileRepository::new();
        hostile.configure(setting.0, setting.1);
        let ran = hostile.import();
        assert!(ran.code == Some(0) && ran.stdout.contains("2 releases"), "{setting:?}: {ran:?}");
    }
}

/// Configures a partial clone that fetches missing objects with a configured program.
fn promisor(config: &Path, url: &Path, program: &str) {
    let text = fs::read_to_string(config).unwrap_or_default();
    let more = format!(
        "[core]\n\trepositoryformatversion = 1\n[remote \"origin\"]\n\turl = {}\n\tpromisor = true\n\tpartialclonefilter = blob:none\n\tuploadpack = \"{program}; git-upload-pack\"\n[extensions]\n\tpartialClone = origin\n",
        url.display()
    );
    fs::write(config, text + &more).expect("written");
}

fn partial_clone(hostile: &HostileRepository, to: &str, bare: bool) {
    hostile.git(&["config", "uploadpack.allowFilter", "true"]);
    let from = format!("file://{}", hostile.path("repository").display());
    let kind: &[&str] = if bare { &["--bare"] } else { &["--no-checkout"] };
    let target = hostile.path(to).display().to_string();
    let arguments = [&["clone", "--quiet", "--filter=blob:none"], kind, &[&from, &target]].concat();
    git(hostile.folder.path(), &arguments);
}

#[test]
fn does_not_fetch_missing_objects() {
    let hostile = HostileRepository::new();
    partial_clone(&hostile, "clone", false);
    let clone = hostile.path("clone");
    promisor(&clone.join(".git/config"), &hostile.path("repository"), &hostile.program());
    for name in ["docs/vendors.md", "content/site.yaml"] {
        fs::create_dir_all(clone.join(name).parent().expect("a parent")).expect("a folder");
        fs::copy(hostile.path("repository").join(name), clone.join(name)).expect("a file");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_candor"));
    command.args(["import", "docs/vendors.md", "--git-history"]).current_dir(&clone);
    command.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", hostile.folder.path());
    let ran = wait_with_limit(command, "import");
    assert!(!hostile.path("STARTED").exists(), "{ran:?}");
    assert!(!ran.stdout.contains("2 releases"), "{ran:?}");
}

/// Covers a bare repository embedded in a folder of the repository, at three depths.
#[test]
fn rejects_a_bare_repository_inside_a_repository() {
    for embedded in ["docs", "docs/deep", "docs/deep/er"] {
        let hostile = HostileRepository::new();
        partial_clone(&hostile, "bare", true);
        promisor(&hostile.path("bare/config"), &hostile.path("repository"), &hostile.program());
        let folder = hostile.path("repository").join(embedded);
        fs::create_dir_all(&folder).expect("a folder");
        let copied = Command::new("cp").arg("-r").arg(hostile.path("bare/.")).arg(&folder).status().expect("cp");
        assert!(copied.success());
        fs::copy(hostile.path("repository/docs/vendors.md"), folder.join("list.md")).expect("a file");
        let list = format!("{embedded}/list.md");
        let mut command = Command::new(env!("CARGO_BIN_EXE_candor"));
        command.args(["import", &list, "--git-history"]).current_dir(hostile.path("repository"));
        command.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", hostile.folder.path());
        let ran = wait_with_limit(command, "import");
        assert!(!hostile.path("STARTED").exists(), "{embedded}: {ran:?}");
        assert!(ran.code == Some(1) && ran.stderr.contains("bare git repository"), "{embedded}: {ran:?}");
    }
}

/// Requires root, to change the owner of a folder.
#[test]
fn rejects_a_repository_of_another_user() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let hostile = HostileRepository::new();
    for entry in walkdir::WalkDir::new(hostile.path("repository")) {
        std::os::unix::fs::lchown(entry.expect("an entry").path(), Some(65_534), Some(65_534))
            .expect("the owner changes");
    }
    let ran = hostile.import();
    assert!(ran.code == Some(1) && ran.stderr.contains("belongs to another user"), "{ran:?}");
    assert!(ran.stderr.contains("safe.directory"), "{ran:?}");
}

/// A pipe in place of a file in `.git` makes git wait forever. candor gives up quickly, with a message that names the cause.
#[test]
fn gives_up_on_pipes_in_the_repository() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    let files = [
        "HEAD",
        "config",
        "packed-refs",
        "refs/heads/main",
        "shallow",
        "info/grafts",
        "info/attributes",
        "objects/info/alternates",
        "objects/info/commit-graph",
        "objects/pack/multi-pack-index",
        "packed-object",
    ];
    let given_up = std::thread::scope(|threads| {
        let runs: Vec<_> = files
            .into_iter()
            .map(|file| {
                threads.spawn(move || {
                    let hostile = HostileRepository::new();
                    hostile.git(&["pack-refs", "--all"]);
                    hostile.git(&["gc", "--quiet"]);
                    let path = hostile.path("repository/.git").join(file);
                    let path = match file {
                        "packed-object" => fs::read_dir(hostile.path("repository/.git/objects/pack"))
                            .expect("a folder")
                            .map(|entry| entry.expect("an entry").path())
                            .find(|path| path.extension().is_some_and(|end| end == "idx"))
                            .expect("an index"),
                        _ => path,
                    };
                    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
                    let _ = fs::remove_file(&path);
                    mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a pipe");
                    let ran = hostile.import();
                    // Git does not read all of these files, and rejects some that are not regular.
                    let given_up = ran.stderr.contains("within 10 seconds");
                    assert!(!ran.stderr.contains("took too long"), "{file}: {ran:?}");
                    assert!(
                        !given_up || ran.code == Some(1) && ran.stderr.contains("without pipes"),
                        "{file}: {ran:?}"
                    );
                    given_up
                })
            })
            .collect();
        runs.into_iter().map(|run| run.join().expect("no panic")).filter(|given_up| *given_up).count()
    });
    assert!(given_up > 2, "git waited for {given_up} pipes");
}

/// The build script reads the commit without running git.
#[test]
fn build_script_runs_no_program() {
    for file in ["src/build.rs", "src/build/embed.rs", "src/build/source_digest.rs"] {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).expect("a source");
        assert!(!text.contains("process::Command") && !text.contains("Command::new"), "{file}");
    }
}
