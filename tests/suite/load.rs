//! Loading: every problem of every file in one run, each with its place and its remedy.

use crate::support::Project;

#[test]
fn the_projects_own_content_loads_without_a_finding() {
    let project = candor::project::Project::at(env!("CARGO_MANIFEST_DIR"));
    let (content, report) = candor::load::content(&project);
    assert!(report.is_empty(), "{}", candor::diagnostic::render::human(&report));
    let content = content.expect("content");
    assert_eq!(content.disclosure.subprocessors.len(), 10);
    let place = content.places.get("subprocessors[1].purpose").expect("a place");
    assert_eq!(
        &place.source.text[place.range],
        "Application diagnostics, telemetry, availability monitoring, and incident investigation"
    );
}

#[test]
fn the_least_content_loads() {
    let (content, report) = Project::new().load();
    assert!(report.is_empty(), "{report:?}");
    assert_eq!(content.expect("content").disclosure.organization.name, "Example");
}
