//! Media types of the files in `static/`: built in, or configured in `site.yaml` for types that candor does not know.

use candor::assets::Assets;

use crate::support::{Project, SITE};

/// Returns the media types of `files` in order, and the warnings about unknown media types.
fn media_types(site: &str, files: &[&str]) -> (Vec<String>, Vec<String>) {
    let project = Project::new().file("content/site.yaml", format!("{SITE}{site}"));
    let project = files.iter().fold(project, |project, path| project.file(&format!("static/{path}"), "text"));
    let content = project.load().0.expect("content");
    let (mut assets, _) = Assets::load(&candor::project::Project::at(project.root()), &Default::default());
    let report = assets.state_media_types(&content.settings.media_types);
    let types = files.iter().map(|path| assets.get(path).expect("a file").media_type.to_string());
    let warnings = report.diagnostics().iter().map(|item| format!("{}: {}", item.message, item.help.join("; ")));
    (types.collect(), warnings.collect())
}

#[test]
fn configured_media_types_are_used() {
    let site = "media_types:\n  .vsdx: application/vnd.visio\n  .json: application/json\n  -signed.json: application/jose+json\n  \
        .css: text/plain\n  well-known-file: Text/Plain;Charset=UTF-8\n";
    let files = [
        "documents/Flows.VSDX",
        "documents/list.json",
        "documents/list-signed.json",
        "css/own.css",
        "root/.well-known/well-known-file",
        "documents/agreement.pdf",
    ];
    let (types, warnings) = media_types(site, &files);
    let expected = [
        "application/vnd.visio",
        "application/json",
        "application/jose+json",
        // Pages load this file, and browsers ignore a style sheet with another media type.
        "text/css; charset=utf-8",
        "text/plain; charset=utf-8",
        "application/pdf",
    ];
    assert_eq!((types, warnings), (expected.map(str::to_owned).to_vec(), Vec::new()));
}

#[test]
fn warning_about_an_unknown_media_type_shows_the_setting_to_add() {
    let (types, warnings) =
        media_types("", &["documents/Flows.VSDX", "root/keys/alice", "root/CNAME", "documents/a.docx"]);
    assert_eq!(types[..2], ["application/octet-stream", "application/octet-stream"]);
    let warning = |path: &str, line: &str| {
        format!(
            "`static/{path}` is published as `application/octet-stream`, because its media type is unknown: \
             add a line `{line}: TYPE/SUBTYPE` to `media_types:` in site.yaml"
        )
    };
    assert_eq!(warnings, [warning("documents/Flows.VSDX", ".vsdx"), warning("root/keys/alice", "alice")]);
}

#[test]
fn unknown_media_type_is_a_warning_that_can_be_disabled() {
    let project = Project::new().file("static/plans/plan.vsdx", "plan");
    let run = project.run(["build", "--draft", "--no-compress"]);
    assert!(run.code == Some(0) && run.stderr.contains("warning[media-type-unknown]"), "{}", run.stderr);
    let off = project.file("content/site.yaml", format!("{SITE}rules:\n  media-type-unknown: \"off\"\n"));
    assert!(!off.run(["check"]).stderr.contains("media-type-unknown"));
}

#[test]
fn rejects_invalid_media_types_and_name_endings() {
    let site = "media_types:\n  .vsdx: visio\n  '*.docx': application/msword\n  .a: \"text/plain\\r\\nX-Evil: 1\"\n";
    let project = Project::new().file("content/site.yaml", format!("{SITE}{site}"));
    let report = project.load().1;
    let reported: Vec<_> = report
        .diagnostics()
        .iter()
        .map(|diagnostic| (diagnostic.code().as_str(), diagnostic.place().expect("a place").line_column().0))
        .collect();
    assert_eq!(reported, [("bad-media-type", 5), ("bad-name-ending", 6), ("control-character", 7)]);
}

#[cfg(feature = "publish")]
#[test]
fn uploads_use_the_configured_media_type() {
    let project = Project::new()
        .file("content/site.yaml", format!("{SITE}media_types:\n  .vsdx: application/vnd.visio\n"))
        .file("static/plans/plan.vsdx", "plan");
    assert_eq!(project.run(["release", "-m", "First"]).code, Some(0));
    let destination = url::Url::from_directory_path(project.path("bucket")).expect("an address");
    let run = project.run(["publish", destination.as_str()]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let manifest: serde_json::Value =
        serde_json::from_str(&project.read("bucket/.candor/manifest.json")).expect("a manifest");
    assert_eq!(manifest["files"]["plans/plan.vsdx"]["media_type"], "application/vnd.visio");
}

/// Returns a project that released a file with a configured media type, one with a type that browsers run, an image, and
/// one whose type is known, and the paths of the files as releases keep them, in the order of `BOUND`.
#[cfg(feature = "publish")]
fn with_bound_files() -> (Project, Vec<String>) {
    let links: String = BOUND.iter().map(|(path, _)| format!("[a](/{path}) ")).collect();
    let project = Project::new()
        .file(
            "content/site.yaml",
            format!("{SITE}media_types:\n  .vsdx: application/vnd.visio\n  -own.json: application/jose+json\n"),
        )
        .file("content/sections/10-a.md", format!("---\ntitle: A\n---\n\n{links}\n"));
    let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0\"/></svg>";
    let text = |path: &str| if path.ends_with(".svg") { drawing } else { "text" };
    let project = BOUND.iter().fold(project, |project, (path, _)| project.file(&format!("static/{path}"), text(path)));
    let run = project.run(["release", "-m", "First"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let kept = |path: &str| {
        let digest = candor::model::Digest::of(text(path).as_bytes());
        format!("releases/files/{digest}/{}", path.rsplit('/').next().expect("a name"))
    };
    let paths = BOUND.iter().map(|(path, _)| kept(path)).collect();
    (project, paths)
}

/// Files with the media type with which releases keep them.
#[cfg(feature = "publish")]
const BOUND: [(&str, &str); 5] = [
    ("documents/plan.vsdx", "application/vnd.visio"),
    ("documents/key-own.json", "application/jose+json"),
    ("documents/dpa.pdf", "application/pdf"),
    ("img/flow.svg", "image/svg+xml; charset=utf-8"),
    // Scripts of the theme run; one that a release keeps does not.
    ("js/extra.js", "application/octet-stream"),
];

#[cfg(feature = "publish")]
#[test]
fn files_of_releases_have_one_media_type_and_a_short_cache_time_everywhere() {
    let (project, paths) = with_bound_files();
    let bucket = url::Url::from_directory_path(project.path("bucket")).expect("an address");
    for arguments in [vec!["build"], vec!["publish", bucket.as_str()]] {
        let run = project.run(&arguments);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
    }
    let manifest: serde_json::Value =
        serde_json::from_str(&project.read("bucket/.candor/manifest.json")).expect("a manifest");
    let headers = project.read("dist/_headers");
    let config: serde_json::Value =
        serde_json::from_str(&project.read("dist/staticwebapp.config.json")).expect("a configuration");
    let folder = config["routes"].as_array().expect("routes").iter().find(|route| route["route"] == "/releases/*");
    let folder = folder.expect("a route")["headers"].clone();
    for ((_, expected), path) in BOUND.iter().zip(&paths) {
        let entry = &manifest["files"][path];
        assert_eq!(entry["media_type"], *expected, "{path}");
        let cache = entry["cache_control"].as_str().expect("caching");
        assert!(cache.contains("max-age=300") && !cache.contains("immutable"), "{path}: {cache}");
        assert_eq!(folder["Cache-Control"], cache, "{path}");
        // Hosts derive the types of PDF and SVG from the name.
        let is_derived = ["application/pdf", "image/svg+xml; charset=utf-8"].contains(expected);
        let rule = format!("/{path}\n  Content-Type: {expected}\n");
        assert_eq!(headers.contains(&rule), !is_derived, "{path}: {headers}");
        let routes = config["routes"].as_array().expect("routes");
        let own = routes.iter().find(|route| route["route"] == format!("/{path}"));
        let by_ending = &config["mimeTypes"][format!(".{}", path.rsplit('.').next().expect("an ending"))];
        match own {
            Some(own) => {
                assert_eq!(own["headers"]["Content-Type"], *expected, "{path}");
                assert_eq!(own["headers"]["Cache-Control"], cache, "{path}");
            }
            None => assert!(is_derived || by_ending == expected, "{path}: {by_ending}"),
        }
    }
    let everywhere = headers.split("\n/").next().expect("a rule");
    assert!(everywhere.contains("X-Content-Type-Options: nosniff"), "{everywhere}");
}
