//! Files with the same path and the same key have the same bytes, from any inputs: an incremental build keeps a file
//! whose key is unchanged.

use std::collections::BTreeMap;
use std::sync::Arc;

use candor::assets::Assets;
use candor::history::History;
use candor::model::{Disclosure, ProgramVersion, Settings};
use candor::pipeline::rendered_files;
use candor::project;
use candor::publication::{Draft, Publication};
use candor::render::{Renderer, Theme};
use candor::site::Body;
use candor::wording::Catalog;
use serde_json::json;

use super::date;
use crate::support::{Project, daily_history};

/// The inputs of a site. Releases are one day apart.
struct Inputs {
    publication: Publication,
    templates: &'static [(&'static str, &'static str)],
}

fn disclosure(nth: usize) -> Disclosure {
    let value = json!({
        "title": "Trust", "organization": { "name": "Example", "url": "https://www.example.org" },
        "contacts": { "privacy": "privacy@example.org" },
        "sections": [
            { "id": "list", "title": "List", "show": "subprocessors", "body": "" },
            { "id": "log", "title": "Log", "show": "changelog", "body": "" },
        ],
        "subprocessors": [{
            "id": "mail", "name": "Mail", "purpose": format!("Purpose {nth}"), "data_categories": ["Address"],
            "effective": "2026-06-01",
        }],
    });
    serde_json::from_value(value).expect("a disclosure")
}

fn history(releases: usize) -> History {
    daily_history(releases, "2025-11-01", |nth| (format!("Release {nth}."), disclosure(nth)))
}

fn released(releases: usize) -> Inputs {
    let settings = Settings { base_url: "https://trust.example.org".parse().ok(), ..Settings::default() };
    let publication = Publication {
        settings,
        history: history(releases),
        draft: None,
        in_effect: None,
        assets: Assets::default(),
        bound_media_types: Default::default(),
        as_of: date("2026-05-22"),
        program: ProgramVersion::current(),
    };
    Inputs { publication, templates: &[] }
}

/// Returns three releases after an edit.
fn edited(edit: impl FnOnce(&mut Inputs)) -> Inputs {
    let mut inputs = released(3);
    edit(&mut inputs);
    inputs
}

fn assets(style: &str) -> Assets {
    let project = Project::empty().file("static/css/candor.css", style);
    Assets::load(&project::Project::at(project.root()), &Settings::default().theme).0
}

/// Files by path and key, with the name of the first site that had them.
type Known = BTreeMap<(String, String), (String, Arc<[u8]>)>;

/// Asserts that no key has two contents; returns how many files were compared.
fn compare(sites: impl IntoIterator<Item = (String, Inputs)>) -> usize {
    let mut known = Known::new();
    let mut compared = 0;
    for (name, Inputs { publication, templates }) in sites {
        let publication = Arc::new(publication);
        let source = |(name, text): &(&str, &str)| {
            ((*name).to_owned(), candor::diagnostic::Source::new(format!("templates/{name}"), *text))
        };
        let own: Vec<_> = templates.iter().map(source).collect();
        let theme = Theme::new(&own, &Catalog::english()).expect("a theme");
        let renderer = Arc::new(Renderer::new(Arc::clone(&publication), theme));
        for (path, artifact) in rendered_files(&renderer, &publication) {
            let Body::Deferred { key, .. } = &artifact.body else { continue };
            let bytes: Arc<[u8]> = artifact.body.bytes().expect("a file").to_vec().into();
            let Some((other, same)) = known.get(&(path.to_string(), key.to_string())) else {
                known.insert((path.to_string(), key.to_string()), (name.clone(), bytes));
                continue;
            };
            assert!(*same == bytes, "{path} has the same key in `{other}` and `{name}`, but other bytes");
            compared += 1;
        }
    }
    compared
}

#[test]
fn keys_change_with_contents_when_releases_are_added() {
    // A feed document has 50 releases, and the first page of the change log has 100.
    let counts = [1, 2, 50, 51, 52, 100, 101, 104];
    let sites = counts.map(|releases| (format!("{releases} releases"), released(releases)));
    assert!(compare(sites) > 100, "archived pages keep their keys");
}

#[test]
fn keys_change_with_contents_after_any_other_change() {
    let sites = [
        ("three releases", edited(|_| {})),
        ("the same again", edited(|_| {})),
        ("another date", edited(|inputs| inputs.publication.as_of = date("2026-06-22"))),
        ("no address", edited(|inputs| inputs.publication.settings.base_url = None)),
        ("a path", edited(|inputs| inputs.publication.settings.base_url = "https://example.org/trust/".parse().ok())),
        ("a style sheet", edited(|inputs| inputs.publication.assets = assets("a{color:red}"))),
        ("another style sheet", edited(|inputs| inputs.publication.assets = assets("a{color:blue}"))),
        (
            "a draft",
            edited(|inputs| {
                inputs.publication.draft = Some(Draft { disclosure: disclosure(7), changes: None });
            }),
        ),
        (
            "another draft",
            edited(|inputs| {
                inputs.publication.draft = Some(Draft { disclosure: disclosure(8), changes: None });
            }),
        ),
        (
            "a template",
            edited(|inputs| inputs.templates = &[("partials/colophon.html", "<footer>{{ page.path }}</footer>")]),
        ),
        ("another template", edited(|inputs| inputs.templates = &[("partials/colophon.html", "<footer></footer>")])),
    ];
    let compared = compare(sites.map(|(name, inputs)| (name.to_owned(), inputs)));
    assert!(compared > 10, "only {compared} files were compared");
}
