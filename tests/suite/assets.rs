//! The files in `static/`: which are published, and which diagnostics report those that cannot be.

use std::fs;
#[cfg(unix)]
use std::os::unix::fs::symlink;
use std::path::Path;

use candor::assets::Assets;
use candor::diagnostic::Severity;
use candor::model::color::{DARK, LIGHT};
use candor::model::{Color, Theme};
use candor::project::Project;

/// Returns a project with these files, and its folder.
fn project(files: &[(&str, &str)]) -> (tempfile::TempDir, Project) {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("project");
    fs::create_dir(&root).unwrap();
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let project = Project::at(root);
    (temp, project)
}

/// Returns the codes of the errors, each with the file that it points at.
fn errors(project: &Project) -> Vec<(&'static str, String)> {
    let (_, mut report) = Assets::load(project, &Theme::default());
    report.sort();
    let errors = report.into_iter().filter(|diagnostic| diagnostic.severity() == Severity::Error);
    errors.map(|diagnostic| (diagnostic.code().as_str(), diagnostic.place().unwrap().source.path.clone())).collect()
}

#[test]
fn project_without_static_files_has_only_built_in_files() {
    let (_temp, project) = project(&[]);
    let (_, report) = Assets::load(&project, &Theme::default());
    assert!(report.is_empty(), "{report:?}");
}

#[test]
fn project_file_overrides_built_in_file() {
    let (_temp, project) = project(&[("static/css/site.css", "a{}"), ("static/documents/dpa.pdf", "%PDF")]);
    let (assets, report) = Assets::load(&project, &Theme::default());
    assert!(!report.has_errors(), "{report:?}");
    assert_eq!(&*assets.get("css/site.css").unwrap().bytes, b"a{}");
    assert_eq!(assets.get("documents/dpa.pdf").unwrap().path.as_str(), "documents/dpa.pdf");
}

#[test]
fn hidden_files_are_published_only_below_static_root() {
    let (_temp, project) = project(&[
        ("static/.env", "SECRET"),
        ("static/.git/config", ""),
        ("static/root/.DS_Store", ""),
        ("static/root/.nojekyll", ""),
        ("static/root/.well-known/x.txt", ""),
    ]);
    let (assets, report) = Assets::load(&project, &Theme::default());
    let reported: Vec<&str> = report.diagnostics().iter().map(|found| found.message.as_str()).collect();
    assert_eq!(reported, ["hidden file `static/.env` is not published"]);
    let published: Vec<&str> =
        assets.iter().map(|(_, asset)| asset.path.as_str()).filter(|path| !path.starts_with("assets/")).collect();
    assert!(published.contains(&".nojekyll") && published.contains(&".well-known/x.txt"));
    for hidden in [".env", ".git/config", ".DS_Store"] {
        assert!(!published.contains(&hidden), "{hidden} was published");
    }
}

#[cfg(unix)]
#[test]
fn rejects_external_circular_and_dangling_symlinks() {
    let (temp, project) = project(&[("content/logo.png", "png"), ("static/a.pdf", "%PDF")]);
    fs::write(temp.path().join("secret"), "key").unwrap();
    fs::create_dir(temp.path().join("private")).unwrap();
    fs::write(temp.path().join("private/id"), "key").unwrap();
    let link = |target: &Path, name: &str| symlink(target, project.static_files().join(name)).unwrap();
    link(&temp.path().join("secret"), "out.pdf");
    link(&temp.path().join("private"), "out");
    link(&temp.path().join("nowhere"), "nothing.pdf");
    link(&project.static_files(), "round");
    link(&project.content().join("logo.png"), "logo.png");
    assert_eq!(
        errors(&project),
        ["nothing.pdf", "out", "out.pdf", "round"].map(|name| ("asset-link", format!("static/{name}")))
    );
    let (assets, _) = Assets::load(&project, &Theme::default());
    assert_eq!(&*assets.get("logo.png").unwrap().bytes, b"png", "a link inside the project is followed");
    assert!(assets.iter().all(|(_, asset)| &*asset.bytes != b"key"));
}

#[cfg(unix)]
#[test]
fn special_files_are_never_opened() {
    let (_temp, project) = project(&[("static/a.pdf", "")]);
    let pipe = project.static_files().join("pipe.css");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
        0,
    )
    .unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(project.static_files().join("s.css")).unwrap();
    symlink("/dev/zero", project.static_files().join("zero.css")).unwrap();
    assert_eq!(
        errors(&project),
        [
            ("asset-not-a-file", "static/pipe.css".to_owned()),
            ("asset-not-a-file", "static/s.css".to_owned()),
            ("asset-link", "static/zero.css".to_owned())
        ]
    );
}

#[cfg(unix)]
#[test]
fn rejects_names_that_cannot_be_published() {
    use std::os::unix::ffi::OsStrExt;
    let (_temp, project) = project(&[("static/a|b.pdf", ""), ("static/Logo.svg", ""), ("static/logo.svg", "")]);
    fs::write(project.static_files().join(std::ffi::OsStr::from_bytes(b"\xff.pdf")), "").unwrap();
    let codes: Vec<&str> = errors(&project).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["asset-name", "asset-same-name", "asset-name"]);
}

#[test]
fn rejects_static_that_is_a_file() {
    let (_temp, project) = project(&[("static", "a file")]);
    assert_eq!(errors(&project), [("asset-not-a-file", "static".to_owned())]);
}

#[test]
fn rejects_files_above_the_size_limit() {
    let (_temp, project) = project(&[("static/film.pdf", "")]);
    // A sparse file takes no disk space.
    fs::File::create(project.static_files().join("film.pdf")).unwrap().set_len((64 << 20) + 1).unwrap();
    assert_eq!(errors(&project), [("asset-too-large", "static/film.pdf".to_owned())]);
}

#[test]
fn accent_is_part_of_the_style_sheet() {
    let (_temp, project) = project(&[]);
    let (assets, report) = Assets::load(&project, &accents());
    assert!(!report.has_errors());
    let style = String::from_utf8(assets.get("css/candor.css").expect("the theme").bytes.to_vec()).expect("text");
    assert!(style.ends_with(":root{--accent:#0b5c8a;--accent-dark:#7fc1ea}"), "{style}");
    assert!(!style.contains("/*") && style.lines().count() == 1, "the theme's style sheet is minified");
}

/// The accents of the theme in `site.yaml`.
fn accents() -> Theme {
    let color = |text: &str| Some(text.parse().expect("a color"));
    Theme { accent: color("#0b5c8a"), accent_dark: color("#7fc1ea"), ..Theme::default() }
}

#[test]
fn accents_from_site_yaml_are_in_the_published_style_sheet() {
    let rule = |theme: &str| {
        let site = format!("{}rules:\n  accent-contrast: warn\n{theme}", crate::support::SITE);
        let project = crate::support::Project::empty().file("content/site.yaml", site);
        let run = project.run(["build", "--draft", "--no-compress"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let files = fs::read_dir(project.path("dist/assets/css")).expect("a folder");
        let paths = files.map(|entry| entry.expect("a file").path());
        let styles = paths.filter(|path| path.extension().is_some_and(|ending| ending == "css"));
        let mut texts = styles.map(|path| fs::read_to_string(path).expect("a style sheet"));
        let style = texts.find(|style| style.contains("--paper"));
        let style = style.expect("the theme's style sheet");
        // The accent rule is last and unconditional. Each color scheme chooses one of the two properties.
        assert!(style.contains("--mark:var(--accent);") || style.contains("--mark: var(--accent);"), "{style}");
        let dark = style.split_once("(prefers-color-scheme: dark)").expect("a dark page").1;
        assert!(dark.contains("--mark: var(--accent-dark);") || dark.contains("--mark:var(--accent-dark);"), "{style}");
        let own = style.rfind(":root{--accent").map(|at| style[at..].to_owned());
        (own.unwrap_or_default(), run.stderr)
    };
    let published = |theme: &str| {
        let (rule, warnings) = rule(theme);
        assert!(!warnings.contains("accent-contrast"), "{warnings}");
        rule
    };
    let derived = |accent: &str| accent.parse::<Color>().expect("a color").readable_on(DARK);
    assert_eq!(published(""), "");
    assert_eq!(
        published("theme: {accent: \"#0b5fff\", accent_dark: \"#ff00ff\"}\n"),
        ":root{--accent:#0b5fff;--accent-dark:#ff00ff}"
    );
    assert_eq!(published("theme: {accent_dark: \"#FF00FF\"}\n"), ":root{--accent-dark:#ff00ff}");
    assert_eq!(
        published("theme: {accent: \"#b3122e\"}\n"),
        format!(":root{{--accent:#b3122e;--accent-dark:{}}}", derived("#b3122e"))
    );
    // A color that is not legible on light pages is a surface, and text has the nearest legible color.
    let light: Color = "#7cc4f0".parse().expect("a color");
    assert!(published("theme: {accent: \"#7cc4f0\"}\n").contains(&format!("--accent:{}", light.readable_on(LIGHT))));
    // If the publisher does not follow the suggestion, candor publishes that color anyway.
    let (rule, warnings) = rule("theme: {accent_dark: \"#0b5c8a\"}\n");
    let near = "#0b5c8a".parse::<Color>().expect("a color").readable_on(DARK);
    assert!(rule.contains(&format!("--accent-dark:{near}")), "{rule}");
    assert!(warnings.contains(&format!("use \"{near}\", the nearest color with enough contrast")), "{warnings}");
}

#[test]
fn modified_theme_files_are_published_verbatim() {
    let theme = include_str!("../../static/css/candor.css");
    let edited = format!("{theme}\n/* ours */\na {{ color: teal }}\n");
    let published = |style: &str| {
        let (_temp, project) =
            project(&[("static/css/candor.css", style), ("static/js/compare.js", "// ours\n  f()\n")]);
        let (assets, report) = Assets::load(&project, &accents());
        assert!(!report.has_errors(), "{report:?}");
        assert_eq!(&*assets.get("js/compare.js").expect("a script").bytes, b"// ours\n  f()\n");
        String::from_utf8(assets.get("css/candor.css").expect("a style sheet").bytes.to_vec()).expect("UTF-8")
    };
    let unchanged = published(theme);
    assert!(!unchanged.contains("/*"), "an unchanged copy is the built-in file");
    let accent = &unchanged[unchanged.rfind(":root{--accent").expect("the accent")..];
    assert_eq!(published(&edited), format!("{edited}{accent}"));
}
