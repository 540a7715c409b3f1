//! Limits for hostile or broken projects: file names, links, devices, numbers of files and sizes.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::process::Command;
use std::time::Duration;

use candor::load;

use crate::support::Project;

/// Tera cannot interrupt a template, so the program ends. The site that exists stays as it is.
#[test]
fn template_without_end_is_reported_and_changes_nothing() {
    let nested = |depth: usize, text: &str| {
        let (start, end): (String, String) =
            (0..depth).map(|at| (format!("{{% for a{at} in {text} %}}"), "{% endfor %}")).unzip();
        format!("{start}{end}")
    };
    let letters = "\"abcdefghijklmnopqrstuvwxyz\"";
    let over_text = format!("{{% set s = {letters} %}}{}", nested(12, "s"));
    let over_list = format!("{{% set s = {letters} | split(pat=\"\") %}}{}", nested(12, "s"));
    // Only a template without end takes this long, even on a busy machine.
    const SECONDS: &str = "10";
    std::thread::scope(|scope| {
        for (endless, args) in [(over_text, &["check"][..]), (over_list, &["build", "--draft"])] {
            scope.spawn(move || {
                let project = Project::new();
                assert_eq!(project.run(["build", "--draft"]).code, Some(0));
                let before = fs::read(project.path("dist/404.html")).expect("a page");
                let project = project.file("templates/404.html", endless);
                let mut command = project.command(args);
                let output = command.env("CANDOR_TEMPLATE_SECONDS", SECONDS).output().expect("the program starts");
                let stderr = String::from_utf8_lossy(&output.stderr);
                assert_eq!(output.status.code(), Some(1), "{args:?}: {stderr}");
                let expected = format!("error[template-error]: `404.html` is not finished after {SECONDS} s");
                assert!(stderr.contains(&expected) && stderr.contains("templates/404.html:1:"), "{args:?}: {stderr}");
                assert_eq!(fs::read(project.path("dist/404.html")).expect("a page"), before);
            });
        }
    });
    let run =
        Project::new().command(["check"]).env("CANDOR_TEMPLATE_SECONDS", "x").output().expect("the program starts");
    assert_eq!(run.status.code(), Some(2));
}

#[cfg(target_os = "linux")]
#[test]
fn template_that_fills_the_memory_is_reported() {
    let grow =
        "{% set_global s = \"aaaaaaaaaaaaaaaa\" %}{% for a in range(end=60) %}{% set_global s = s ~ s %}{% endfor %}";
    let run = Project::new().file("templates/404.html", grow).run(["check"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stderr.contains("`404.html` takes more than 1024 MiB of memory"), "{}", run.stderr);
}

/// A timeout for hangs: much longer than any of these runs takes, even on a busy machine.
const HANG_TIMEOUT: Duration = Duration::from_secs(600);

const SECTION: &str = "---\ntitle: A\n---\n\nText.\n";

fn codes(project: &Project) -> Vec<(&'static str, String)> {
    let mut report = project.load().1;
    let root = candor::project::Project::at(project.root());
    report.merge(load::templates(&root).1);
    report.merge(candor::assets::Assets::load(&root, &Default::default()).1);
    report.diagnostics().iter().map(|item| (item.code().as_str(), item.message.clone())).collect()
}

fn with_raw_name(project: Project, folder: &str, name: &[u8], text: &str) -> Project {
    let project = project.folder(folder);
    fs::write(project.path(folder).join(OsStr::from_bytes(name)), text).expect("a file");
    project
}

#[test]
fn reports_unreadable_names_in_every_folder() {
    for (folder, ending, code) in [
        ("content/sections", ".md", "file-name"),
        ("content/data", ".yaml", "file-name"),
        ("content", ".yaml", "file-name"),
        ("templates", ".html", "file-name"),
        ("templates/lists", ".html", "file-name"),
        ("static", ".txt", "asset-name"),
        ("static/root", ".txt", "asset-name"),
    ] {
        for name in [&b"a\nb"[..], b"a\xFFb", b"a\x1B[31mb"] {
            let project = with_raw_name(Project::new(), folder, &[name, ending.as_bytes()].concat(), SECTION);
            let found = codes(&project);
            assert_eq!(found.iter().map(|(code, _)| *code).collect::<Vec<_>>(), [code], "{folder} {name:?}: {found:?}");
            assert!(!found[0].1.contains(char::is_control), "{:?}", found[0].1);
            let shown = project.diagnostics();
            assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{shown:?}");
        }
    }
    for name in ["content/sections/gpj\u{202E}exe.md", "templates/a\u{200B}.html"] {
        assert_eq!(codes(&Project::new().file(name, SECTION))[0].0, "file-name", "{name:?}");
    }
    assert_eq!(codes(&with_raw_name(Project::new(), "content/releases", b"a\nb.json", "{}")), []);
    let run = with_raw_name(Project::new(), "content/releases", b"a\nb.json", "{}").run(["check"]);
    assert!(
        run.stderr.contains(r"error[release-name]: `a\nb.json` is not the file name of a release"),
        "{}",
        run.stderr
    );
}

#[test]
fn rejects_names_that_windows_changes_or_rejects() {
    for name in ["static/a.", "static/a.txt ", "static/con.txt", "static/a /b.txt"] {
        assert_eq!(codes(&Project::new().file(name, "x"))[0].0, "asset-name", "{name:?}");
    }
    assert_eq!(codes(&Project::new().file("content/sections/a.md.", SECTION))[0].0, "misnamed-file");
    assert_eq!(codes(&Project::new().file("content/data/faq.yaml ", "[]"))[0].0, "misnamed-file");
}

#[test]
fn pipes_are_never_opened() {
    for (path, code) in [
        ("content/site.yaml", "not-a-file"),
        ("content/sections/a.md", "not-a-file"),
        ("content/data/faq.yaml", "not-a-file"),
        ("templates/index.html", "not-a-file"),
        ("static/a.txt", "asset-not-a-file"),
        ("content/releases/2026-01-01.json", "release-unreadable"),
        ("content/releases/SHA256SUMS", "release-unreadable"),
    ] {
        let project = Project::new().file(path, "x").without(path);
        assert!(Command::new("mkfifo").arg(project.path(path)).status().expect("mkfifo").success());
        let (done, finished) = std::sync::mpsc::channel();
        let root = project.root().to_owned();
        let run = std::thread::spawn(move || {
            let output = Command::new(env!("CARGO_BIN_EXE_candor"))
                .args(["build", "--draft", "--no-compress", "--as-of", "2026-05-22"])
                .current_dir(root)
                .output()
                .expect("the program starts");
            done.send(String::from_utf8_lossy(&output.stderr).into_owned()).expect("the receiver is waiting");
        });
        let stderr = finished.recv_timeout(HANG_TIMEOUT).unwrap_or_else(|_| panic!("reading {path} hangs"));
        run.join().expect("a run");
        assert!(stderr.contains(&format!("[{code}]")), "{path}: {stderr}");
    }
}

#[test]
fn reports_links_that_are_circular_dangling_or_lead_to_devices() {
    for (path, target, expected) in [
        ("content/site.yaml", "site.yaml", &["unreadable", "missing-file"][..]),
        ("content/data/faq.yaml", "/dev/zero", &["outside-project"]),
        ("content/data/faq.yaml", "/proc/self/environ", &["outside-project"]),
        ("content/sections/a.md", "../../../../../../../../etc/passwd", &["outside-project"]),
        ("content/sections/a.md", "nowhere.md", &["unreadable"]),
        ("content/sections", "..", &["misnamed-file", "unknown-file"]),
        ("content/data", "/etc", &["outside-project"]),
        ("templates/a.html", "/dev/zero", &["outside-project"]),
        ("templates/a.html", "a.html", &["unreadable"]),
        ("templates/a", "..", &["not-a-template"]),
        ("static/a", "..", &["asset-link"]),
        ("static/a", "/etc", &["asset-link"]),
        ("static/a.txt", "/dev/zero", &["asset-link"]),
    ] {
        let project = Project::new();
        let _ = fs::remove_file(project.path(path));
        let found = codes(&project.link(path, target));
        assert!(!found.is_empty(), "{path} -> {target} is accepted");
        assert!(found.iter().all(|(code, _)| expected.contains(code)), "{path} -> {target}: {found:?}");
    }
}

#[test]
fn limits_the_number_of_files_folders_and_items() {
    let mut project = Project::new();
    for at in 0..1_001 {
        project = project.file(&format!("content/sections/{at}-a{at}.md"), SECTION);
    }
    let many: Vec<_> = codes(&project).into_iter().filter(|(code, _)| *code == "too-many").collect();
    assert_eq!(many, [("too-many", "`content/sections` has more than 1000 files".to_owned())]);

    let faq: String = (0..10_001).map(|at| format!("- {{id: q-{at}, question: Q, answer: A}}\n")).collect();
    let project = Project::new().file("content/data/faq.yaml", faq);
    let (content, report) = project.load();
    assert_eq!(content.expect("content").disclosure.faq.len(), 10_000);
    let diagnostic = &report.diagnostics()[0];
    assert_eq!(diagnostic.message, "`content/data/faq.yaml` has more than 10000 items");
    assert_eq!(diagnostic.place().map(|place| place.line_column().0), Some(10_001));

    let deep = Project::new().file(&format!("templates/{}x.html", "a/".repeat(17)), "x");
    assert_eq!(codes(&deep)[0].0, "too-many");
    let deep = Project::new().file(&format!("static/{}x.txt", "a/".repeat(40)), "x");
    assert_eq!(codes(&deep)[0].0, "asset-name");
    let long = Project::new().file(&format!("static/root/{}/x.txt", vec!["a".repeat(200); 6].join("/")), "x");
    assert_eq!(codes(&long)[0].0, "asset-name");
}

#[test]
fn counts_all_problems_and_shows_the_first_2000() {
    let text = format!("---\ntitle: A\n---\n\n[a]: javascript:x\n\n{}\n", "[a]\n".repeat(2_500));
    let run = Project::new().file("content/sections/a.md", text).run(["check"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("2500 errors"), "{}", &run.stderr[run.stderr.len() - 300..]);
    assert!(run.stderr.contains("502 more problems not shown; fix these first"));
    // One of the 2,000 diagnostics shown is a warning about the site.
    assert_eq!(run.stderr.matches("error[link-scheme-refused]").count(), 1_999);
}

#[test]
fn hostile_markdown_grows_at_most_200_times() {
    let hostile = [
        "> ".repeat(20_000),
        "- ".repeat(20_000),
        "[".repeat(50_000),
        "[a](".repeat(20_000),
        "![".repeat(5_000) + "a" + &"](b)".repeat(5_000),
        "*a ".repeat(30_000),
        "`".repeat(20_000) + &" `a".repeat(10_000),
        "|a".repeat(3_000) + "|\n" + &"|-".repeat(3_000) + "|\n" + &"|a|\n".repeat(3_000),
        (0..2_000).map(|n| format!("[^{n}]\n\n[^{n}]: [^{}]\n", n + 1)).collect(),
        "<a ".repeat(30_000),
        "&".repeat(50_000),
        "# a\n".repeat(5_000),
    ];
    for text in hostile {
        let options = candor::markdown::RenderOptions::new("A");
        let rendered = candor::markdown::render(&text, &options);
        // Table rows are padded to the width of the header, the only way that HTML becomes much longer than its source.
        assert!(rendered.html.len() < 200 * text.len() + 1_000, "{} from {}", rendered.html.len(), text.len());
    }
}
