//! Text from hostile projects, arguments, repositories, servers and stores never controls the terminal or the CI log.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use candor::text::hidden;

use crate::support::Project;

/// Text that terminals or CI runners would interpret, without control characters.
const UNSAFE: &str = "\u{202e}x\u{200b}y\u{e0041}\u{feff}\u{2067} ##vso[task.setvariable variable=A]b ##[error]c @team";
/// Control sequences for terminals.
const CONTROLS: &str = "\u{1b}]0;title\u{7}\u{1b}[2J\u{9b}31m\u{7f}\u{85}\u{8}";
/// Unsafe text, escaped for double-quoted strings in YAML and JSON.
const ESCAPED: &str = "\\u202ex\\u200by\\udb40\\udc41 ##vso[task.x]b ##[error]c";

const FORMATS: [&str; 7] = ["human", "json", "github", "sarif", "markdown", "html", "csv"];

/// Returns the parts of an output that a terminal or a CI runner would interpret.
fn unsafe_parts(bytes: &[u8]) -> Vec<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return vec![format!("not UTF-8: {error}")],
    };
    let text = text.replace("\r\n", "\n");
    let mut found: Vec<String> = hidden::find(&text).map(|(_, c, _)| hidden::name(c)).collect();
    for line in text.lines() {
        let lower = line.to_lowercase();
        let annotation = ["::error ", "::warning ", "::notice "].iter().any(|start| line.starts_with(start));
        // GitHub commands are `::name::`. The renderer of diagnostics prints `:::` before a location.
        let command = line.trim_start().strip_prefix("::").is_some_and(|rest| rest.contains("::"));
        if command && !annotation {
            found.push(line.to_owned());
        }
        if lower.contains("##[") || lower.contains("##vso[") {
            found.push(line.to_owned());
        }
    }
    found
}

#[track_caller]
fn assert_safe(what: &str, output: &Output) {
    for (stream, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        let found = unsafe_parts(bytes);
        assert!(found.is_empty(), "{what}: {stream}: {found:?}\n{}", String::from_utf8_lossy(bytes));
    }
    assert!(matches!(output.status.code(), Some(0..=2)), "{what}: {:?}", output.status);
}

/// Runs commands in every format, checks their output, and returns how many runs printed anything.
fn run_all(project: &Project, commands: &[&[&str]]) -> usize {
    let mut printed = 0;
    for command in commands {
        for format in FORMATS {
            let arguments = command.iter().copied().chain(["--format", format]);
            let output = project.command(arguments).output().expect("the program starts");
            printed += usize::from(!output.stdout.is_empty() || !output.stderr.is_empty());
            assert_safe(&format!("{command:?} as {format}"), &output);
        }
    }
    printed
}

/// Creates a project with unsafe text in every value.
fn hostile() -> Project {
    let site =
        format!("title: \"T {ESCAPED}\"\ndescription: \"D {ESCAPED}\"\norganization:\n  name: \"O {ESCAPED}\"\n");
    let list = format!(
        "- id: alpha\n  name: \"A {ESCAPED}\"\n  purpose: \"::error::{ESCAPED}\"\n  data_categories: [\"::debug::{ESCAPED}\"]\n"
    );
    let section = format!(
        "---\ntitle: \"::set-output::{ESCAPED}\"\n---\n\nText {UNSAFE}\n\n::error::{UNSAFE} &#x202e; <b>{UNSAFE}</b> [a{UNSAFE}](javascript:{UNSAFE})\n"
    );
    let faq = format!("- id: q\n  question: \"::warning::{ESCAPED}\"\n  answer: |\n    ::error::{UNSAFE}\n");
    Project::empty()
        .file("content/site.yaml", site)
        .file("content/data/subprocessors.yaml", list)
        .file("content/data/faq.yaml", faq)
        .file("content/sections/10-a.md", section)
}

/// Creates the same project without errors and with two releases, so that all commands succeed.
fn released() -> Project {
    let levels = "rules:\n  hidden-character: warn\n";
    let project = hostile();
    let site = project.read("content/site.yaml");
    let section =
        format!("---\ntitle: \"::set-output::{ESCAPED}\"\n---\n\nText {UNSAFE}\n\n::error::{UNSAFE} &#x202e;\n");
    let project = project.file("content/site.yaml", site + levels).file("content/sections/10-a.md", section);
    let project = project.released(2, |at, disclosure| {
        disclosure.title = format!("::error::{at} {UNSAFE}");
        disclosure.faq.clear();
    });
    let more = project.read("content/data/subprocessors.yaml").replace("alpha", "beta").replace("\"A ", "\"B ");
    let both = project.read("content/data/subprocessors.yaml") + &more;
    project.file("content/data/subprocessors.yaml", both)
}

#[test]
fn escapes_content() {
    let broken = hostile()
        .file("content/data/controls.yaml", format!("- id: \"{ESCAPED}\"\n  \"{ESCAPED}\": x\n  title: [{UNSAFE}\n"))
        .file("content/data/documents.yaml", format!("- id: a\n  \"k{ESCAPED}\": 1\n  title: \"{CONTROLS}\"\n"))
        .file(
            "content/data/certifications.yaml",
            format!("- id: a\n  framework: \"a\\eb{ESCAPED}\"\n  status: \"{ESCAPED}\"\n"),
        )
        .file(
            "templates/strings/en.yaml",
            format!("\"{ESCAPED}\": \"{ESCAPED}\"\nnav: {{\"{ESCAPED}\": \"{{{ESCAPED}}}\"}}\n"),
        )
        .file("templates/index.html", format!("{{{{ nothing.{UNSAFE} }}}}\n::error::{UNSAFE}{CONTROLS}{{% {UNSAFE}"))
        .file(
            "static/a.css",
            format!("@import url(\"https://a.example/{UNSAFE}{CONTROLS}\"); a {{ background: url(\"{UNSAFE}\") }}\n"),
        );
    let printed = run_all(
        &broken,
        &[
            &["check"],
            &["build", "--draft", "--no-compress"],
            &["schedule"],
            &["diff"],
            &["verify"],
            &["release", "-m", UNSAFE],
            &["-v", "check"],
        ],
    );
    assert!(printed >= 40, "{printed}");
    let printed = run_all(
        &released(),
        &[
            &["check"],
            &["diff"],
            &["diff", "2025-09-01", "2026-03-20"],
            &["verify"],
            &["schedule"],
            &["schedule", "--customer", UNSAFE],
            &["-v", "build", "--draft", "--no-compress"],
            &["-v", "build", "--no-compress"],
            &["publish", "--dry-run", "published"],
            &["release", "-m", UNSAFE, "--date", "2026-05-22"],
        ],
    );
    assert!(printed >= 50, "{printed}");
}

#[test]
fn escapes_arguments_and_settings() {
    let project = released();
    let unsafe_value = format!("a\n::error::{UNSAFE}{CONTROLS}");
    let mut printed = 0;
    for arguments in [
        vec!["explain", &unsafe_value],
        vec!["schema", &unsafe_value],
        vec!["diff", &unsafe_value],
        vec!["diff", "2025-09-01", &unsafe_value],
        vec!["verify", &unsafe_value],
        vec!["verify", "--against", &unsafe_value],
        vec!["--root", &unsafe_value, "check"],
        vec!["--as-of", &unsafe_value, "check"],
        vec!["--format", &unsafe_value, "check"],
        vec![&unsafe_value],
        vec!["check", &unsafe_value],
        vec!["build", "--out", &unsafe_value],
        vec!["import", &unsafe_value],
        vec!["init", &unsafe_value, "--name", &unsafe_value],
        vec!["schedule", "--features", &unsafe_value],
        vec!["publish", &unsafe_value],
        vec!["release", "--summary-file", &unsafe_value],
        vec!["completions", &unsafe_value],
        vec!["serve", "--host", &unsafe_value],
    ] {
        for color in ["--color=always", "--color=never"] {
            let output =
                project.command(arguments.iter().copied().chain([color])).output().expect("the program starts");
            let colored = String::from_utf8_lossy(&output.stderr).replace("\u{1b}[", "");
            printed += usize::from(!colored.is_empty());
            if color == "--color=never" {
                assert_safe(&format!("{arguments:?}"), &output);
            }
        }
    }
    assert!(printed >= 30, "{printed}");
    let output =
        project.command(["check"]).env("SOURCE_DATE_EPOCH", &unsafe_value).output().expect("the program starts");
    assert_safe("SOURCE_DATE_EPOCH", &output);
    assert!(!output.stderr.is_empty());
}

#[test]
fn prints_only_its_own_colors() {
    let output = released().command(["diff", "--color=always"]).output().expect("the program starts");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.contains("\u{1b}[32m"), "{text:?}");
    let plain =
        text.split("\u{1b}[").map(|part| part.split_once('m').map_or(part, |(_, rest)| rest)).collect::<String>();
    assert_eq!(unsafe_parts(plain.as_bytes()), Vec::<String>::new(), "{text:?}");
}

#[test]
fn json_preserves_unsafe_values() {
    let output = released().run(["diff", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&output.stdout).expect("JSON");
    assert!(value.to_string().contains("B \u{202e}x\u{200b}y\u{e0041} ##vso[task.x]b ##[error]c"), "{value}");
}

#[test]
fn escapes_file_names() {
    let mut project = released();
    for folder in
        ["content", "content/sections", "content/data", "content/releases", "templates", "static", "static/root"]
    {
        project = project.folder(folder);
        for name in [
            &b"a\n::error::x ##vso[y]\x1b[2J"[..],
            "b\u{202e}\u{200b}\u{9b}\u{e0041} ##[error]".as_bytes(),
            b"c\xff\xfe::",
        ] {
            for ending in ["", ".md", ".yaml", ".html", ".json"] {
                let name = [name, ending.as_bytes()].concat();
                fs::write(project.path(folder).join(OsStr::from_bytes(&name)), "x").expect("a file");
            }
        }
    }
    let printed = run_all(
        &project,
        &[&["check"], &["build", "--draft", "--no-compress"], &["verify"], &["diff"], &["publish", "--dry-run", "out"]],
    );
    assert!(printed >= 25, "{printed}");
}

#[test]
fn escapes_imports_and_repositories() {
    let rows =
        format!("Name,Purpose,Data,X{UNSAFE}{CONTROLS}\nA {UNSAFE}{CONTROLS},\"::error::\n::x {UNSAFE}\",Email,z\n");
    let project =
        Project::new().file("list.csv", rows.replace("A ", "B ")).file("a\n::error::##[x]\u{202e}.csv", &rows);
    let git = |arguments: &[&str]| {
        let output = Command::new("git")
            .args(["-c", "user.name=A", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .current_dir(project.root())
            .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")])
            .envs([("GIT_AUTHOR_DATE", "2026-01-02T12:00:00Z"), ("GIT_COMMITTER_DATE", "2026-01-02T12:00:00Z")])
            .output()
            .expect("git is installed");
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    git(&["init", "-q"]);
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", &format!("::error::first {UNSAFE}{CONTROLS}")]);
    fs::write(project.path("list.csv"), &rows).expect("a file");
    git(&["commit", "-qa", "-m", &format!("##vso[x]second {UNSAFE}{CONTROLS}")]);
    let unsafe_value = "a\n::error::##[x]\u{202e}.csv";
    let printed = run_all(
        &project,
        &[
            &["import", "list.csv"],
            &["import", unsafe_value],
            &["import", "list.csv", "--git-history"],
            &["import", unsafe_value, "--git-history"],
        ],
    );
    assert!(printed >= 20, "{printed}");
    // Git itself fails and prints a value from the repository configuration.
    fs::write(project.path(".git/config"), format!("[core]\n  bare = {UNSAFE}{CONTROLS}\n")).expect("a file");
    assert!(run_all(&project, &[&["import", "list.csv", "--git-history"]]) >= 5);
}

/// A server with unsafe text in the status line, headers and body of every response.
struct HostileServer {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    requests: Arc<AtomicUsize>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl HostileServer {
    fn start(status: &'static str, body: String) -> HostileServer {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (stop, requests) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
        let (stopped, counted) = (Arc::clone(&stop), Arc::clone(&requests));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    break;
                }
                counted.fetch_add(1, Ordering::SeqCst);
                // Ignore clients that disconnect early.
                let _ = stream.and_then(|stream| answer(stream, status, &body));
            }
        });
        HostileServer { address, stop, requests, thread: Some(thread) }
    }
}

impl Drop for HostileServer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // A connection wakes the server so that it sees the flag.
        let _ = TcpStream::connect(self.address);
        let _ = self.thread.take().map(std::thread::JoinHandle::join);
    }
}

fn answer(mut stream: TcpStream, status: &str, body: &str) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\nETag: \"##vso[x]\u{202e}\"\r\n\
         Location: /\u{202e}##[error]::x\r\n\r\n{body}",
        body.len()
    )
}

#[test]
#[cfg(any(feature = "publish", feature = "fetch"))]
fn escapes_servers_and_stores() {
    let project = released();
    let xml = format!(
        "<Error><Code>\n::error::{UNSAFE}{CONTROLS}</Code><Message>##[error]{UNSAFE}{CONTROLS}</Message></Error>"
    );
    let record =
        format!("{{\"schema\": 1, \"version\": \"::error::{ESCAPED}\", \"\\u001b[2J{ESCAPED}\": [\"\n::error::\"]}}");
    let index = format!(
        "{{\"releases\": [{{\"version\": \"2026-01-01\", \"sha256\": \"{ESCAPED}\", \"record\": \"\\u009b##vso[x]\"}}]}}"
    );
    let bodies = [xml.clone(), record, index, format!("{UNSAFE}{CONTROLS}")];
    for (at, status) in
        ["200 OK", "301 ##vso[a]", "401 ::error::##[x]", "404 \u{202e}", "412 No", "500 \u{9b}2J", "503 ##[error]"]
            .into_iter()
            .enumerate()
    {
        for body in bodies.iter().skip(at % 2).step_by(2) {
            let server = HostileServer::start(status, body.clone());
            let site = format!("http://{}/a", server.address);
            let release = format!("{site}/2026-01-01.json");
            for arguments in [
                vec!["verify", &site],
                vec!["verify", "--against", &site],
                vec!["diff", &site],
                vec!["diff", &release, "--format", "json"],
                vec!["diff", &release, "--format", "markdown"],
            ] {
                let output = project.command(&arguments).output().expect("the program starts");
                assert_safe(&format!("{arguments:?}: {status}"), &output);
            }
            assert!(server.requests.load(Ordering::SeqCst) >= 5);
        }
    }
    #[cfg(feature = "publish")]
    for status in ["401 ::error::##[x]", "403 \u{202e}", "404 No", "200 OK"] {
        let plain = Project::new().released(1, |_, _| {});
        let server = HostileServer::start(status, xml.clone());
        let endpoint = format!("http://{}", server.address);
        for format in FORMATS {
            let mut command = plain.command(["publish", "s3://bucket", "--endpoint", &endpoint, "--format", format]);
            command.envs([("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b"), ("AWS_REGION", "x")]);
            let output = command.output().expect("the program starts");
            assert_safe(&format!("publish as {format}: {status}"), &output);
        }
        assert!(server.requests.load(Ordering::SeqCst) >= 1);
    }
}

#[test]
fn does_not_escape_built_in_output() {
    let project = Project::new();
    for arguments in [&["--help"][..], &["--version"], &["man"], &["explain"], &["schema"]] {
        let run = project.run(arguments);
        assert!(!run.stdout.contains("\\u{") && run.stdout.len() > 5, "{arguments:?}: {}", run.stdout);
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = project.run(["completions", shell]);
        assert!(!run.stdout.contains("\\u{") && run.stdout.len() > 1_000, "{shell}");
    }
}
