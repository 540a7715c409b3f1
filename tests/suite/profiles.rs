//! `candor check --profile`: which questions of a profile the content does not answer.

use candor::diagnostic::Source;
use candor::load::Profile;
use candor::profile;
use serde_json::Value;

use crate::support::{Project, SITE};

fn vendor_review() -> Profile {
    let (name, text) = profile::BUILT_IN[0];
    assert_eq!(name, "vendor-review");
    let (profile, report) = profile::read(&Source::new("profiles/vendor-review.yaml", text));
    assert!(report.is_empty(), "{report:?}");
    profile.expect("a profile")
}

/// Returns a new project with all examples.
fn full() -> Project {
    let project = Project::empty();
    assert_eq!(project.run(["init", "--full"]).code, Some(0));
    project
}

fn unanswered(profile: &Profile, values: &Value) -> Vec<String> {
    profile::unanswered(profile, values).into_iter().map(|question| question.id.to_string()).collect()
}

/// Removes the value at a pointer: a field, or an item.
fn remove(values: &mut Value, pointer: &str) {
    let (parent, key) = pointer.rsplit_once('/').expect("a parent");
    match values.pointer_mut(parent).expect("the parent") {
        Value::Object(fields) => drop(fields.shift_remove(key)),
        Value::Array(items) => drop(items.remove(key.parse().expect("a position"))),
        other => panic!("{pointer}: {other}"),
    }
}

#[test]
fn full_example_answers_everything_and_each_removed_field_is_named() {
    let profile = vendor_review();
    let (content, report) = full().load();
    assert!(!report.has_errors(), "{report:?}");
    let values = profile::values(&content.expect("content"));
    assert_eq!(unanswered(&profile, &values), [""; 0]);
    for question in &profile.questions {
        let mut without = values.clone();
        // From the end, so that the positions of the others stay.
        let mut found: Vec<String> = question.any_of.iter().flat_map(|path| path.find(&values)).collect();
        found.sort();
        found.dedup();
        assert!(!found.is_empty(), "{}", question.id);
        for pointer in found.iter().rev() {
            remove(&mut without, pointer);
        }
        assert_eq!(unanswered(&profile, &without), [question.id.to_string()]);
    }
}

#[test]
fn check_reports_nothing_on_the_full_example_and_the_question_of_a_removed_field() {
    let project = full();
    let run = project.run(["check", "--profile", "vendor-review"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(!run.stderr.contains("not-stated"), "{}", run.stderr);
    let facts = project.read("content/data/facts.yaml");
    let project = project.file("content/data/facts.yaml", facts.replace("  hours: 48\n", "  details: Soon.\n"));
    let run = project.run(["check", "--profile", "vendor-review"]);
    assert_eq!(run.code, Some(0), "a warning does not fail: {}", run.stderr);
    assert_eq!(run.stderr.matches("not-stated").count(), 1, "{}", run.stderr);
    for part in [
        "warning[not-stated]: the content does not answer a question of `vendor-review`: How many hours after a data breach do you notify us?",
        "`facts[kind=breach-notice].hours` in content/data/facts.yaml",
    ] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    assert_eq!(project.run(["check", "--profile", "vendor-review", "--deny", "warnings"]).code, Some(1));
    assert!(!project.run(["check"]).stderr.contains("not-stated"));
    for format in ["json", "sarif", "github"] {
        let run = project.run(["check", "--profile", "vendor-review", "--format", format]);
        let output = run.stdout + &run.stderr;
        assert!(output.contains("How many hours after a data breach"), "{format}: {output}");
    }
    let site = project.read("content/site.yaml");
    let start = site.find("rules:").expect("rules");
    let project = project
        .file("content/site.yaml", site[..start].to_owned() + "rules:\n  not-stated: error\n" + &site[start + 7..]);
    assert_eq!(project.run(["check", "--profile", "vendor-review"]).code, Some(1));
}

#[test]
fn project_adds_and_replaces_profiles() {
    let own = "- id: a\n  question: Who?\n  any_of: [site.organization.address]\n  help: ask counsel\n";
    let project = Project::new()
        .file("content/site.yaml", SITE)
        .file("content/sections/10-a.md", "---\ntitle: A\n---\n\nText.\n")
        .file("profiles/own.yaml", own)
        .file("profiles/vendor-review.yaml", own.replace("Who?", "Whose?"));
    for (name, question) in [("own", "of `own`: Who?"), ("vendor-review", "of `vendor-review`: Whose?")] {
        let run = project.run(["check", "--profile", name]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert_eq!(run.stderr.matches("not-stated").count(), 1, "{}", run.stderr);
        let help = "help: ask counsel; state `site.organization.address` in content/site.yaml";
        assert!(run.stderr.contains(question) && run.stderr.contains(help), "{}", run.stderr);
    }
    for (name, help) in [
        ("vendor-reviews", "did you mean `vendor-review`?"),
        ("x", "use one of: own, vendor-review"),
        ("../own", "there is no profile"),
    ] {
        let run = project.run(["check", "--profile", name]);
        assert_eq!(run.code, Some(2), "{}", run.stderr);
        assert!(run.stderr.contains(help), "{}", run.stderr);
    }
}

#[test]
fn unknown_fields_of_a_profile_are_errors_with_a_place_and_a_suggestion() {
    let profile = "- id: a\n  question: A?\n  any_of: [\"facts[kind=rto].hour\", site.statusurl]\n- id: a\n  question: B?\n  any_of: [fact]\n";
    let project = Project::new().file("profiles/own.yaml", profile);
    let run = project.run(["check", "--profile", "own"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    for part in [
        "error[profile-field]: there is no field `hour`",
        "profiles/own.yaml:3:12",
        "did you mean `hours`?",
        "error[profile-field]: there is no field `statusurl`",
        "did you mean `status_url`?",
        "error[profile-field]: `fact` is not a list",
        "profiles/own.yaml:6:12",
    ] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
}
