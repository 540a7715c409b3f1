//! Media types of the files in `static/`: built in, or configured in `site.yaml` for types that candor does not know.

use candor::assets::Assets;

use crate::support::{Project, SITE};

/// Returns the media types of `files` in order, and the warnings about unknown media types.
fn media_types(site: &str, files: &[&str]) -> (Vec<String>, Vec<String>) {
    let project = Project::new().file("content/site.yaml", format!("{SITE}{site}"));
    let project = files.iter().fold(project, |project, path| project.file(&format!("static/{path}"), "text"));
    let content = project.load().0.expect("content");
    let (mut assets, _) = Assets::load(&candor::project::Project::at(project.root()), Default::default());
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
