//! A project of 0.1 that overrides every template and every string: each override still takes effect.
//!
//! `written-out` has whole templates, which also print every documented field. `extended` has templates that extend or
//! include the built-in ones, so that the built-in templates show the project's own strings.

use std::collections::{BTreeMap, BTreeSet};

use super::{Files, build, frozen, project, succeed, text};
use crate::support::Project;

/// A site that 0.1 built: its sources, its options, and the location of its files.
const SITES: [(&[&str], &[&str], &str); 6] = [
    (&["rich", "written-out"], &[], "written-out-built"),
    (&["rich", "written-out", "draft"], &["--draft"], "written-out-draft-built"),
    (&["rich", "extended"], &[], "extended-built"),
    (&["rich", "extended", "draft"], &["--draft"], "extended-draft-built"),
    (&["small", "extended"], &[], "extended-small-built"),
    (&["long", "extended"], &[], "extended-long-built"),
];

/// Strings that 0.1 put on the page for its script, which never used them. Only terminal output used them, and it now has
/// its own.
const UNUSED_ON_PAGES: [&str; 3] = ["changes.notice", "changes.notices.one", "changes.notices.other"];

/// A string in 0.1's templates for a release without changes, which no command creates.
const UNREACHABLE: [&str; 1] = ["changelog.no-changes"];

/// A string that 0.1 also showed for an empty list of subprocessors, where it is wrong.
const WRONG_FOR_EMPTY_LISTS: [&str; 1] = ["head.all-always"];

/// Builds the site and adds the schedule as a document, which 0.1 wrote next to it.
fn rebuild(fixtures: &[&str], options: &[&str], old: &Files) -> Files {
    let project: Project = project(fixtures);
    let mut today = build(&project, options);
    if old.contains_key("schedule.html") {
        today.insert(
            "schedule.html".to_owned(),
            succeed(&project, &["schedule", "--format", "html"]).stdout.into_bytes(),
        );
    }
    today
}

/// Returns every string between `start` and `end`.
fn between<'a>(text: &'a str, start: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(start).skip(1).filter_map(move |rest| Some(rest.split_once(end)?.0))
}

/// Returns a page without the data blocks of its scripts.
fn without_data(page: &str) -> String {
    let mut parts = page.split(r#"<script type="application/json""#);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.filter_map(|part| part.split_once("</script>")).fold(first, |text, (_, rest)| text + rest)
}

#[test]
fn template_overrides_still_take_effect() {
    let mut effective = BTreeMap::<&str, BTreeSet<String>>::new();
    for (fixtures, options, built) in SITES {
        let old = frozen(built);
        let today = rebuild(fixtures, options, &old);
        let overrides = |files: &Files, path: &str| -> BTreeSet<String> {
            between(text(files, path), "own:", ";").map(str::to_owned).collect()
        };
        for path in old.keys() {
            let (was, is) = (overrides(&old, path), overrides(&today, path));
            let missing: Vec<_> = was.difference(&is).collect();
            assert!(missing.is_empty(), "{built}/{path} no longer uses the project's own {missing:?}");
            effective.entry(fixtures[1]).or_default().extend(was);
        }
    }
    for set in ["written-out", "extended"] {
        let templates = frozen(set).into_keys().filter_map(|path| Some(path.strip_prefix("templates/")?.to_owned()));
        let templates: BTreeSet<String> = templates.filter(|path| path.ends_with(".html")).collect();
        assert!(templates.len() >= 28, "only {} templates", templates.len());
        assert_eq!(effective[set], templates, "each template of {set} is used by a page");
    }
}

#[test]
fn documented_fields_keep_their_values() {
    let mut compared = BTreeSet::new();
    for (fixtures, options, built) in SITES.into_iter().filter(|(fixtures, ..)| fixtures.contains(&"written-out")) {
        let old = frozen(built);
        let today = rebuild(fixtures, options, &old);
        let fields = |files: &Files, path: &str| {
            let mut fields = BTreeMap::<String, Vec<String>>::new();
            for field in between(text(files, path), r#"<code data-own=""#, "</code>") {
                let (name, value) = field.split_once("\">").expect("a name and a value");
                // A document's address is now relative to the page; 0.1 left out the path to the root.
                let root = |value: &str| value.replace("../", "").trim_start_matches("./").to_owned();
                let value = if name.ends_with(".href") { root(value) } else { value.to_owned() };
                // A request now has a body.
                let value = if name.ends_with(".request_href") {
                    value.split("&amp;body=").next().unwrap_or_default().to_owned()
                } else {
                    value
                };
                // A replaced subprocessor that is no longer listed has its name now, not its id.
                let is_replaced = name.ends_with("replaces.text");
                let value = if is_replaced { value.to_lowercase().replace(' ', "-") } else { value };
                fields.entry(name.to_owned()).or_default().push(value);
            }
            fields
        };
        for path in old.keys() {
            let today = fields(&today, path);
            for (name, mut values) in fields(&old, path) {
                let mut new = today.get(&name).cloned().unwrap_or_default();
                if name.starts_with("items[]") || name.starts_with("item.") {
                    // Items without a heading now come first, and subprocessors that start later come last: the same values,
                    // possibly in another order.
                    values.sort();
                    new.sort();
                }
                // Records of 0.1 have no files, so their pages no longer link to files that may be other editions.
                let is_unrecorded = |value: &str| path.starts_with("releases/") && value.starts_with("documents/");
                values.retain(|value| !(name.ends_with(".href") && is_unrecorded(value)));
                // The number of subprocessors leaves out those that are not in use yet, which have a table of their own.
                if ["count", "site.conditional_count", "site.subprocessor_count"].contains(&name.as_str()) {
                    let number = |values: &[String]| values.iter().filter_map(|it| it.parse::<usize>().ok()).max();
                    assert!(number(&new) <= number(&values), "{path}: {values:?}, {new:?}");
                    values.clone_from(&new);
                }
                let mut rest = new.iter();
                for value in &values {
                    let kept = rest.any(|other| other == value);
                    assert!(kept, "{built}/{path}: `{name}` was {value:?}; today's values are {new:?}");
                }
                compared.insert(name);
            }
        }
    }
    assert!(compared.len() > 150, "only {} fields", compared.len());
}

#[test]
fn string_overrides_still_take_effect() {
    let (mut missing, mut used) = (BTreeMap::<String, Vec<String>>::new(), BTreeSet::new());
    let (mut kept, mut missing_from_data, mut data_kept) =
        (BTreeSet::new(), BTreeMap::<String, String>::new(), BTreeSet::new());
    for (fixtures, options, built) in SITES.into_iter().filter(|(fixtures, ..)| fixtures.contains(&"extended")) {
        let old = frozen(built);
        let today = rebuild(fixtures, options, &old);
        let keys = |text: &str| between(text, "own.", ".end").map(str::to_owned).collect::<BTreeSet<String>>();
        for path in old.keys() {
            let (was, is) = (keys(&without_data(text(&old, path))), keys(&without_data(text(&today, path))));
            kept.extend(was.intersection(&is).cloned());
            was.difference(&is).for_each(|key| missing.entry(key.clone()).or_default().push(format!("{built}/{path}")));
            let (data_was, data_is) = (keys(text(&old, path)), keys(text(&today, path)));
            data_kept.extend(data_was.intersection(&data_is).cloned());
            missing_from_data.extend(data_was.difference(&data_is).map(|key| (key.clone(), format!("{built}/{path}"))));
            used.extend(was.into_iter().chain(data_was));
        }
    }
    // Pages may move a string, but each string that 0.1 showed must still be on one of the pages that had it.
    let is_wrong = |key: &str| WRONG_FOR_EMPTY_LISTS.contains(&key);
    missing.retain(|key, _| !kept.contains(key) && !is_wrong(key));
    assert!(missing.is_empty(), "overridden strings that pages no longer show: {missing:#?}");
    missing_from_data
        .retain(|key, _| !data_kept.contains(key) && !UNUSED_ON_PAGES.contains(&key.as_str()) && !is_wrong(key));
    assert!(missing_from_data.is_empty(), "overridden strings that scripts no longer get: {missing_from_data:#?}");

    let catalog =
        String::from_utf8(frozen("extended").remove("templates/strings/en.yaml").expect("strings")).expect("UTF-8");
    let mut overridden: BTreeSet<String> = between(&catalog, "own.", ".end").map(str::to_owned).collect();
    assert!(overridden.len() > 230, "only {} strings", overridden.len());
    UNREACHABLE.iter().for_each(|key| assert!(overridden.remove(*key), "{key} is not overridden"));
    assert_eq!(used, overridden, "each overridden string is used");
}
