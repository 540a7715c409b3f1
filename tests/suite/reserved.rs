//! Paths that are not available to files in `static/`, files that contain code or configure a host, and how `check` and `diff`
//! report them.
//!
//! The tests try every reserved path in every spelling that some host or file system treats as the same path. They assert a
//! minimum number of cases, so that a broken generator fails the test.

use std::collections::BTreeSet;

use candor::assets::Assets;
use candor::diagnostic::Severity;
use candor::project;
use candor::site::map::{ADDRESSES, FOLDERS, Owner};

use crate::support::Project;

const SHA256: &str = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";

/// Returns a sample path for every row of the site map and every folder that candor owns.
fn reserved_paths() -> BTreeSet<String> {
    let values = [
        ("{year}", "2026"),
        ("{version}", "2026-05-22"),
        ("{number}", "2"),
        ("{name}", "release"),
        ("{sha256}", SHA256),
        ("{file}", "a.pdf"),
        ("{path}", "x.bin"),
        ("{notice}", "subprocessors--mail--later"),
    ];
    let fill = |pattern: &str| values.iter().fold(pattern.to_owned(), |text, (key, value)| text.replace(key, value));
    let rows = ADDRESSES.iter().filter(|row| row.owner == Owner::Candor).map(|row| fill(row.pattern));
    let folders = FOLDERS.iter().map(|folder| format!("{folder}/later/x.bin"));
    rows.chain(folders).collect()
}

type Spelling = (&'static str, fn(&str) -> Option<String>);

fn last_dot_as(path: &str, dot: &str) -> Option<String> {
    path.rsplit_once('.')
        .filter(|(stem, _)| !stem.is_empty() && !stem.ends_with('/'))
        .map(|(stem, ending)| format!("{stem}{dot}{ending}"))
}

fn page(path: &str) -> Option<&str> {
    path.strip_suffix("/index.html")
}

/// Alternative spellings that some host or file system treats as the same path.
const SPELLINGS: &[Spelling] = &[
    ("as it is", |path| Some(path.to_owned())),
    ("gzip", |path| Some(format!("{path}.gz"))),
    ("Brotli", |path| Some(format!("{path}.br"))),
    ("Zstandard", |path| Some(format!("{path}.zst"))),
    ("gzip in capitals", |path| Some(format!("{path}.GZ"))),
    ("Brotli in mixed case", |path| Some(format!("{path}.bR"))),
    ("compressed twice", |path| Some(format!("{path}.br.gz"))),
    ("capitals", |path| Some(path.to_uppercase())),
    ("capitals and gzip", |path| Some(format!("{}.Gz", path.to_uppercase()))),
    ("a capital", |path| {
        path.find(|c: char| c.is_ascii_lowercase())
            .map(|at| format!("{}{}{}", &path[..at], path[at..=at].to_uppercase(), &path[at + 1..]))
    }),
    ("an encoded dot", |path| last_dot_as(path, "%2E")),
    ("an encoded dot, twice", |path| last_dot_as(path, "%252e")),
    ("an encoded slash", |path| path.contains('/').then(|| path.replace('/', "%2f"))),
    ("an encoded way up", |path| Some(format!("x%2f..%2f{path}"))),
    ("full-width letters", |path| last_dot_as(path, "\u{FF0E}")),
    ("a long s", |path| path.contains('s').then(|| path.replacen('s', "\u{17F}", 1))),
    ("a Kelvin sign", |path| path.contains('k').then(|| path.replacen('k', "\u{212A}", 1))),
    ("a zero-width space", |path| Some(format!("{path}\u{200B}"))),
    ("a soft hyphen", |path| last_dot_as(path, "\u{AD}.")),
    ("a space at the end", |path| Some(format!("{path} "))),
    ("a dot at the end", |path| Some(format!("{path}."))),
    ("an encoded dot at the end", |path| Some(format!("{path}%2E"))),
    ("an encoded query", |path| Some(format!("{path}%3fx"))),
    ("a file below it", |path| Some(format!("{path}/a.pdf"))),
    ("a language", |path| (!path.starts_with(['.', '_'])).then(|| format!("de/{path}"))),
    ("a language and a region, gzip", |path| (!path.starts_with(['.', '_'])).then(|| format!("pt-BR/{path}.gz"))),
    ("a page without its ending", |path| page(path).map(str::to_owned)),
    ("a page with an ending", |path| page(path).map(|folder| format!("{folder}.html"))),
    ("an older ending", |path| page(path).map(|folder| format!("{folder}.HTM"))),
    ("another index", |path| page(path).map(|folder| format!("{folder}/index.php"))),
    ("IIS", |path| page(path).map(|folder| format!("{folder}/Default.htm"))),
    ("a page of one language", |path| path.ends_with("index.html").then(|| format!("{path}.de"))),
];

/// Loads the assets and returns them with the paths of the rejected files.
fn rejected(project: &Project) -> (Assets, BTreeSet<String>) {
    let (assets, report) = Assets::load(&project::Project::at(project.root()), &candor::model::Theme::default());
    let errors = report.into_iter().filter(|diagnostic| diagnostic.severity() == Severity::Error);
    let rejected = errors.filter_map(|diagnostic| Some(diagnostic.place()?.source.path.clone())).collect();
    (assets, rejected)
}

/// Splits paths into sets that can exist together: no path is both a file and a folder.
fn without_conflicts(paths: impl Iterator<Item = String>) -> Vec<Vec<String>> {
    let below = |one: &str, other: &str| one.strip_prefix(other).is_some_and(|rest| rest.starts_with('/'));
    let mut sets: Vec<Vec<String>> = Vec::new();
    for path in paths {
        match sets.iter_mut().find(|set| !set.iter().any(|other| below(&path, other) || below(other, &path))) {
            Some(set) => set.push(path),
            None => sets.push(vec![path]),
        }
    }
    sets
}

#[test]
fn rejects_every_spelling_of_reserved_paths() {
    let mut cases = 0;
    for (spelling, spell) in SPELLINGS {
        for folder in ["static/", "static/root/"] {
            let spelled: BTreeSet<String> = reserved_paths()
                .iter()
                .filter_map(|path| spell(path))
                // Outside `root/`, names that start with a dot are never published.
                .filter(|path| folder == "static/root/" || !path.split('/').any(|name| name.starts_with('.')))
                .collect();
            for paths in without_conflicts(spelled.iter().map(|path| format!("{folder}{path}"))) {
                let project = paths.iter().fold(Project::new(), |project, path| project.file(path, "theirs"));
                let (_, rejected) = rejected(&project);
                for path in &paths {
                    assert!(rejected.contains(path), "{spelling}: {path} is published");
                    cases += 1;
                }
            }
        }
    }
    assert!(cases >= 1_400, "only {cases} cases");
}

#[test]
fn rejects_compressed_copies_of_published_files() {
    for ending in ["gz", "GZ", "br", "Br", "zst", "gz.gz"] {
        for (file, folder) in [("dpa.pdf", "documents/"), ("list.csv", ""), ("favicon.ico", "root/")] {
            let copy = format!("static/{folder}{}.{ending}", file.to_uppercase());
            let project = Project::new().file(&format!("static/{folder}{file}"), "x").file(&copy, "y");
            assert!(rejected(&project).1.contains(&copy), "{copy}");
        }
    }
    // An archive is accepted if the uncompressed file does not exist.
    let archive = Project::new().file("static/documents/logs.tar.gz", "x");
    assert!(rejected(&archive).1.is_empty());
}

#[test]
fn rejects_names_that_differ_only_in_normalization() {
    for (one, other) in
        [("É.pdf", "E\u{301}.pdf"), ("straße.pdf", "STRASSE.pdf"), ("a.pdf", "A.PDF"), ("\u{212A}.pdf", "k.pdf")]
    {
        let project = Project::new()
            .file(&format!("static/documents/{one}"), "x")
            .file(&format!("static/documents/{other}"), "y");
        assert_eq!(rejected(&project).1.len(), 1, "{one}, {other}");
    }
}

/// Files that configure hosts.
const CONTROL: [&str; 36] = [
    "_redirects",
    "_headers",
    "_routes.json",
    "_worker.js",
    "_config.yml",
    "CNAME",
    ".nojekyll",
    "netlify.toml",
    "vercel.json",
    "now.json",
    ".htaccess",
    ".htpasswd",
    "web.config",
    "staticwebapp.config.json",
    "robots.txt",
    ".user.ini",
    "php.ini",
    "nginx.conf",
    "Caddyfile",
    ".gitlab-ci.yml",
    "firebase.json",
    "wrangler.toml",
    "amplify.yml",
    "package.json",
    "functions/a.json",
    "Functions/[[path]].ts",
    ".well-known/x.txt",
    "netlify/edge.json",
    "cgi-bin/a",
    "app.yaml",
    "Dockerfile",
    "static.json",
    "render.yaml",
    "lighttpd.conf",
    "crossdomain.xml",
    "_worker.js/index.txt",
];

#[test]
fn host_configuration_is_rejected_outside_root_and_listed_inside() {
    let spellings: [fn(&str) -> String; 8] = [
        str::to_owned,
        str::to_uppercase,
        str::to_lowercase,
        |name| format!("{name}.gz"),
        |name| format!("{name}.BR"),
        |name| format!("%{:02X}{}", name.as_bytes()[0], &name[1..]),
        |name| name.replace('.', "\u{FF0E}"),
        |name| format!("{name}\u{200B}"),
    ];
    let mut cases = 0;
    for folder in ["", "documents/", "a/b/"] {
        for (at, spelling) in spellings.iter().enumerate() {
            // Hosts read these folders only at the root of the site.
            let names = CONTROL.iter().filter(|name| folder.is_empty() || !name.contains('/'));
            let names: BTreeSet<String> =
                names.map(|name| spelling(name)).filter(|name| !name.starts_with('.')).collect();
            for name in names {
                let path = format!("static/{folder}{name}");
                let (_, rejected) = rejected(&Project::new().file(&path, "theirs"));
                assert!(rejected.contains(&path), "spelling {at}: {path} is published");
                cases += 1;
            }
        }
    }
    assert!(cases >= 550, "only {cases} cases");
    for name in ["_redirects", "CNAME", ".htaccess", "netlify.toml", ".nojekyll", "web.config", ".well-known/x.txt"] {
        let project = Project::new().file(&format!("static/root/{name}"), "theirs");
        let checked = project.run(["check"]);
        assert_eq!(checked.code, Some(0), "{checked:?}");
        assert!(checked.stderr.contains("note[asset-served-as-is]") && checked.stderr.contains(name), "{checked:?}");
    }
}

#[test]
fn rejects_code_outside_its_folders() {
    let (html, svg) = ("<!doctype html><script src=app.js></script>", "<svg onload='a()'/>");
    let endings = "html htm xhtml xht shtml mhtml mht xml xsl rss atom swf svgz js mjs cjs wasm php phtml jsp asp cgi";
    let mut cases = 0;
    for folder in ["", "documents/", "css/", "img/a/"] {
        for ending in endings.split(' ') {
            for name in [
                format!("a.{ending}"),
                format!("A.{}", ending.to_uppercase()),
                format!("a.{ending}.gz"),
                format!("a.min.{ending}"),
                format!("a.{ending}.de"),
            ] {
                let path = format!("static/{folder}{name}");
                let (_, rejected) = rejected(&Project::new().file(&path, html));
                assert!(rejected.contains(&path), "{path} is published");
                cases += 1;
            }
        }
        for (name, text) in
            [("report", html), ("report.v2", html), ("a.svg", svg), ("A.SVG", svg), ("report.bin", "\u{FEFF} <?xml")]
        {
            let path = format!("static/{folder}{name}");
            assert!(rejected(&Project::new().file(&path, text)).1.contains(&path), "{path} is published");
            cases += 1;
        }
    }
    assert!(cases >= 400, "only {cases} cases");
    let project = Project::new()
        .file("static/js/own.js", "f()")
        .file("static/css/own.css", "a{}")
        .file("static/img/logo.svg", "<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>")
        .file("static/documents/bom.xml.zip", "PK")
        .file("static/root/legal/imprint.html", html)
        .file("static/root/app.js", "f()");
    assert!(rejected(&project).1.is_empty());
    let checked = project.run(["check"]);
    assert!(
        checked.stderr.contains("static/root/app.js") && checked.stderr.contains("it contains code"),
        "{checked:?}"
    );
}

#[test]
fn rejects_media_types_that_turn_documents_into_pages() {
    for (ending, media_type) in [(".txt", "text/html"), (".pdf", "image/svg+xml"), ("-a.txt", "application/xhtml+xml")]
    {
        let site = format!("{}media_types:\n  {ending}: {media_type}\n", crate::support::SITE);
        let name = format!("static/a{}", if ending.starts_with('.') { ending } else { "-a.txt" });
        let project = Project::new().file("content/site.yaml", site).file(&name, "x");
        let checked = project.run(["check"]);
        assert_eq!(checked.code, Some(1), "{checked:?}");
        assert!(checked.stderr.contains("error[asset-is-code]"), "{checked:?}");
    }
}

#[test]
fn diff_lists_images_that_refer_to_other_hosts() {
    let image = |inside: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inside}</svg>");
    let (loads, links) = (image("<image href='https://a.test/'/>"), image("<a href='//a.test/'><path d='M0 0'/></a>"));
    let project = Project::new()
        .file("content/sections/10-a.md", "---\ntitle: A\n---\n![One](img/loads.svg) ![Two](documents/links.SVG)\n")
        .file("static/img/loads.svg", &loads)
        .file("static/documents/links.SVG", &links)
        .file("static/img/plain.svg", image("<path d='M0 0'/>"));
    let run = project.run(["release", "-m", "First."]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.stderr.contains("warning[asset-external]") && run.stderr.contains("static/img/loads.svg:1:54"),
        "{run:?}"
    );
    assert_eq!(run.stderr.matches("asset-external").count(), 1, "{run:?}");
    let kept = |name: &str, bytes: &str| {
        format!("content/releases/files/{}/{name}", candor::model::Digest::of(bytes.as_bytes()))
    };
    let kept = [kept("loads.svg", &loads), kept("links.SVG", &links)];
    let listed = |base: &str| -> Vec<(String, String)> {
        let run = project.run(["diff", "--base", base, "--format", "json"]);
        let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run:?}"));
        let text = |file: &serde_json::Value, key: &str| file[key].as_str().unwrap_or_default().to_owned();
        let files = json["code"]["files"].as_array().expect("a list");
        files.iter().map(|file| (text(file, "path"), text(file, "kind"))).collect()
    };
    let empty = tempfile::tempdir().expect("a folder");
    let found = listed(empty.path().to_str().expect("UTF-8"));
    let mut expected: Vec<String> = vec!["static/documents/links.SVG".into(), "static/img/loads.svg".into()];
    expected.extend(kept);
    expected.sort();
    assert_eq!(found, expected.into_iter().map(|path| (path, "linking-image".to_owned())).collect::<Vec<_>>());
    assert_eq!(listed("."), []);
    let human = project.run(["diff"]);
    assert!(human.stdout.contains("static/img/loads.svg (image that refers to other hosts)"), "{human:?}");
}

#[test]
fn diff_lists_code_files_with_digests_and_changes() {
    let project = |script: &str, more: bool| {
        let project = Project::new()
            .file("content/sections/10-a.md", "---\ntitle: A\n---\nText.\n")
            .file("static/js/own.js", script)
            .file("static/css/own.css", "a{}")
            .file("static/root/CNAME", "trust.example")
            .file("static/whitepaper.pdf", "%PDF")
            .file("templates/partials/banner.html", "x")
            .released(1, |_, _| {});
        if more { project.file("static/root/_redirects", "/a /b") } else { project.file("static/root/old.txt", "x") }
    };
    let (base, head) = (project("f()", false), project("g()", true));
    let digest = candor::model::Digest::of(b"g()").to_string();

    let whole = head.run(["diff"]);
    for listed in
        ["static/js/own.js", "static/css/own.css", "static/root/CNAME", "templates/partials/banner.html", &digest]
    {
        assert!(whole.stdout.contains(listed), "{listed}: {}", whole.stdout);
    }
    assert!(
        whole.stdout.contains("0 changes, 5 code files") && !whole.stdout.contains("whitepaper"),
        "{}",
        whole.stdout
    );

    let at = base.root().to_str().expect("UTF-8");
    let compared = head.run(["diff", "--base", at, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&compared.stdout).expect("JSON");
    let files = json["code"]["files"].as_array().expect("a list");
    let files: Vec<_> = files
        .iter()
        .map(|file| (file["path"].as_str().unwrap_or_default(), file["change"].as_str().unwrap_or_default()))
        .collect();
    assert_eq!(
        files,
        [("static/js/own.js", "changed"), ("static/root/_redirects", "added"), ("static/root/old.txt", "removed")]
    );
    assert_eq!(json["code"]["files"][0]["sha256"], digest);
    let markdown = head.run(["diff", "--base", at, "--format", "markdown"]).stdout;
    assert!(markdown.contains("3 code changes") && markdown.contains("served as is, added"), "{markdown}");
    assert_eq!(head.run(["diff", "--base", at, "--exit-code"]).code, Some(1));

    let same = head.run(["diff", "--base", ".", "--exit-code"]);
    assert_eq!(same.code, Some(0), "{same:?}");
    assert!(same.stdout.contains("the same as in ."), "{same:?}");
    let version = head.run(["diff", "2025-09-01", "2025-09-01", "--base", at]);
    assert_eq!(version.code, Some(2), "{version:?}");
    for nowhere in ["nowhere", "content/site.yaml"] {
        assert_eq!(head.run(["diff", "--base", nowhere]).code, Some(2), "{nowhere}");
    }
    // The change under review may add the whole project.
    let empty = tempfile::tempdir().expect("a folder");
    let added = head.run(["diff", "--base", empty.path().to_str().expect("UTF-8")]);
    assert!(added.stdout.contains("5 code changes") && added.stdout.contains("+ static/js/own.js"), "{added:?}");
    let plain = Project::new().released(1, |_, _| {}).run(["diff"]).stdout;
    assert!(!plain.to_lowercase().contains("code"), "{plain}");
}
