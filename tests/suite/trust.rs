//! `trust.json` states everything that the trust page shows.

use std::collections::BTreeSet;
use std::sync::Arc;

use candor::markdown::{RenderOptions, render};
use candor::wording::Catalog;
use serde_json::Value;

use crate::support::Project;

/// Returns a released project with all examples, built.
fn built() -> Project {
    let project = Project::empty();
    for args in [
        &["--as-of", "2026-05-22", "init", "--full", "--name", "Example"][..],
        &["release", "-m", "The **first** release.", "--date", "2026-05-22"],
        &["--as-of", "2026-05-22", "build", "--no-compress"],
    ] {
        let run = project.run(args);
        assert_eq!(run.code, Some(0), "{args:?}: {}", run.stderr);
    }
    project
}

fn trust(project: &Project) -> Value {
    serde_json::from_str(&project.read("dist/trust.json")).expect("JSON")
}

/// Returns the text nodes of HTML, with single spaces.
fn texts(html: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut rest = html;
    let mut hidden = false;
    while let Some(at) = rest.find('<') {
        let text = rest[..at].split_whitespace().collect::<Vec<_>>().join(" ");
        let decoded = ["&lt;<", "&gt;>", "&quot;\"", "&#x27;'", "&#39;'", "&#x2F;/", "&nbsp; ", "&amp;&"];
        let text = decoded.into_iter().fold(text, |text, pair| {
            let (entity, character) = pair.split_at(pair.find(';').expect("an entity") + 1);
            text.replace(entity, character)
        });
        if !hidden && !text.is_empty() {
            texts.push(text);
        }
        let tag = &rest[at + 1..at + rest[at..].find('>').expect("an end of the tag")];
        hidden = tag.starts_with("script") || tag.starts_with("style");
        rest = &rest[at + tag.len() + 2..];
    }
    texts
}

/// What a program can know from the values of the file, in lower case: a label inside a sentence has no capital.
struct Known {
    strings: Arc<Catalog>,
    values: BTreeSet<String>,
    templates: Vec<String>,
}

impl Known {
    fn of(document: &Value) -> Known {
        let strings = Catalog::english();
        let plural = |key: &str| strings.fill_count(key, 1, &[]).to_lowercase();
        let templates = strings.keys().flat_map(|key| [strings.get(key).to_lowercase(), plural(key)]).collect();
        let mut known = Known { strings: Arc::clone(&strings), values: BTreeSet::new(), templates };
        known.add(document);
        known.values = known.values.iter().map(|value| value.to_lowercase()).collect();
        known
    }

    fn add(&mut self, value: &Value) {
        match value {
            Value::String(text) => {
                self.values.insert(text.split_whitespace().collect::<Vec<_>>().join(" "));
                self.values.extend(texts(&(render(text, &RenderOptions::new("")).html + "<p>")));
                self.values.insert(self.strings.country(text).to_owned());
                self.values.insert(self.strings.value(text).to_owned());
                self.values.insert(self.strings.short_transfer(text).to_owned());
                if let Ok(date) = text.parse() {
                    self.values.insert(self.strings.date(date));
                }
            }
            Value::Number(number) => {
                self.values.insert(number.to_string());
            }
            // The page states how many items there are.
            Value::Array(items) => {
                self.values.extend((0..=items.len()).map(|count| count.to_string()));
                items.iter().for_each(|item| self.add(item));
            }
            Value::Object(fields) => {
                self.values.extend(fields.keys().map(|key| key.replace('-', " ")));
                fields.values().for_each(|value| self.add(value));
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// Whether a text in lower case is a value, a label, or made of both.
    fn states(&self, text: &str, depth: usize) -> bool {
        let is_edge = |c: char| c.is_whitespace() || "(),:.;·".contains(c);
        let text = text.trim_matches(is_edge);
        let is_label = |text: &str| self.templates.iter().any(|template| template.trim_matches(is_edge) == text);
        let has_words = text.contains(char::is_alphanumeric);
        if !has_words || is_label(text) || self.values.iter().any(|value| value.contains(text)) {
            return true;
        }
        if depth == 0 {
            return false;
        }
        let parts = |separator: &str| {
            let parts: Vec<&str> = text.split(separator).collect();
            parts.len() > 1 && parts.iter().all(|part| self.states(part, depth - 1))
        };
        ["; ", ", ", ": ", " (", ". "].into_iter().any(parts)
            || self.templates.iter().any(|template| self.fits(template, text, depth - 1))
    }

    /// Whether a text is a string of the catalog with known values in its placeholders.
    fn fits(&self, template: &str, text: &str, depth: usize) -> bool {
        let mut literals = template.split('{').map(|part| part.split_once('}').map_or(part, |(_, literal)| literal));
        let Some(mut rest) = literals.next().and_then(|first| text.strip_prefix(first)) else { return false };
        let literals: Vec<&str> = literals.collect();
        if literals.is_empty() || literals.concat().len() + (text.len() - rest.len()) == 0 {
            return false;
        }
        for (at, literal) in literals.iter().enumerate() {
            let is_last = at + 1 == literals.len();
            let found =
                if is_last { rest.strip_suffix(literal).map(|gap| (gap, "")) } else { rest.split_once(literal) };
            match found {
                Some((gap, after)) if !gap.is_empty() && self.states(gap, depth) => rest = after,
                _ => return false,
            }
        }
        rest.is_empty()
    }
}

/// Returns what the page shows and the document does not state.
fn missing(page: &str, document: &Value) -> Vec<String> {
    let main = &page[page.find("<main").expect("a start")..page.find("</main>").expect("an end")];
    let known = Known::of(document);
    texts(main).into_iter().filter(|text| !known.states(&text.to_lowercase(), 4)).collect()
}

#[test]
fn states_every_visible_fact_of_the_trust_page() {
    let project = built();
    let (page, document) = (project.read("dist/index.html"), trust(&project));
    assert_eq!(missing(&page, &document), [""; 0]);
    // Without a list, its facts are missing: the comparison sees them.
    for list in ["facts", "ai", "subprocessors", "controls", "commitments", "certifications", "documents", "faq"] {
        let mut without = document.clone();
        without["disclosure"].as_object_mut().expect("an object").shift_remove(list).expect(list);
        without["upcoming"] = Value::Null;
        assert!(!missing(&page, &without).is_empty(), "{list}");
    }
}

#[test]
fn names_its_release_and_its_schema() {
    let project = built();
    let document = trust(&project);
    let sums = project.read("content/releases/SHA256SUMS");
    let digest = sums.split_whitespace().next().expect("a digest");
    assert_eq!((&document["version"], &document["sha256"]), (&"2026-05-22".into(), &digest.into()));
    assert_eq!(document["record"], "https://trust.example.com/releases/2026-05-22.json");
    assert_eq!(document["$schema"], "https://trust.example.com/schema/trust.json");
    let schema: Value = serde_json::from_str(&project.read("dist/schema/trust.json")).expect("JSON");
    assert_eq!(schema["$id"], document["$schema"]);
    let record: Value = serde_json::from_str(&project.read("content/releases/2026-05-22.json")).expect("JSON");
    assert_eq!(document["disclosure"], record["disclosure"]);
    let upcoming: Value = serde_json::from_str(&project.read("dist/upcoming.json")).expect("JSON");
    assert_eq!(document["upcoming"], upcoming["changes"]);
    assert!(project.read("dist/index.html").contains("<link rel=\"alternate\" type=\"application/json\""));
    assert!(project.read("dist/llms.txt").contains("https://trust.example.com/trust.json"));
}

#[test]
fn changes_in_effect_are_in_the_fields_and_a_draft_has_no_digest() {
    let project = built();
    let run = project.run(["--as-of", "2026-08-01", "build", "--no-compress"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let document = trust(&project);
    assert_eq!(document["disclosure"]["commitments"][0]["commitment"], "Support responds within four working hours.");
    assert_eq!(document["as_of"], "2026-08-01");
    let title = project.read("content/site.yaml").replace("title: Trust center", "title: Our trust center");
    let project = project.file("content/site.yaml", title);
    let run = project.run(["--as-of", "2026-05-22", "build", "--draft", "--no-compress"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let document = trust(&project);
    assert_eq!(
        (&document["draft"], &document["sha256"], &document["record"]),
        (&true.into(), &Value::Null, &Value::Null)
    );
}

#[test]
fn withheld_values_are_not_stated() {
    let project = built();
    let secret = "An administrator can turn it off in the settings.";
    assert!(project.read("dist/trust.json").contains(secret));
    let ai = project.read("content/data/ai.yaml").replace(secret, "Ask support.");
    let project = project.file("content/data/ai.yaml", ai);
    for args in [
        &["--as-of", "2026-05-23", "redact", "2026-05-22", "/disclosure/ai/0/opt_out", "--reason", "Mistake"][..],
        &["--as-of", "2026-05-23", "release", "-m", "Withheld."],
        &["--as-of", "2026-05-23", "build", "--no-compress"],
    ] {
        let run = project.run(args);
        assert_eq!(run.code, Some(0), "{args:?}: {}", run.stderr);
    }
    assert!(!project.read("dist/trust.json").contains(secret));
}
