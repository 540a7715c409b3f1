//! Profiles: the questions of reviewers, compared with the content.
//!
//! A profile is a list of questions, each with the fields that answer it. A question is answered only if one of these fields is
//! stated: nothing is concluded from other text. A project can add profiles in `profiles/`, or replace a built-in one.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::check::apply_levels;
use crate::diagnostic::{Code, Diagnostic, Report, Source, Suggestions};
use crate::load::{self, Content, Profile, SiteFile};
use crate::model::{Disclosure, FieldPath, Id, List, PathRoot};
use crate::project::Project;

/// The built-in profiles, by name.
pub const BUILT_IN: &[(&str, &str)] = &[("vendor-review", include_str!("profile/vendor-review.yaml"))];

/// The folder of the profiles of a project.
pub const FOLDER: &str = "profiles";

/// Returns the file of a profile: that of the project, or else the built-in one. `None` if there is none with this name, or if it
/// cannot be read, which is reported.
pub fn source(project: &Project, name: &str, report: &mut Report) -> Option<Arc<Source>> {
    let id: Id = name.parse().ok()?;
    let path = project.root().join(FOLDER).join(format!("{id}.yaml"));
    let is_in_project = project.open().is_ok_and(|root| root.facts(project.below(&path)).is_ok());
    if is_in_project {
        return load::profile_file(project, &path, report);
    }
    let (name, text) = BUILT_IN.iter().find(|(built_in, _)| *built_in == name)?;
    Some(Source::new(format!("{FOLDER}/{name}.yaml"), *text))
}

/// Returns the names of all profiles.
pub fn names(project: &Project) -> Vec<String> {
    let entries = project.open().and_then(|root| root.entries(&PathBuf::from(FOLDER))).unwrap_or_default();
    let own = entries.iter().filter_map(|entry| entry.name.to_str()?.strip_suffix(".yaml")).map(str::to_owned);
    let mut names: Vec<String> = own.chain(BUILT_IN.iter().map(|(name, _)| (*name).to_owned())).collect();
    names.sort();
    names.dedup();
    names
}

/// Reads a profile, and reports its fields that do not exist.
pub fn read(source: &Arc<Source>) -> (Option<Profile>, Report) {
    let mut report = Report::new();
    let profile = load::profile(source, &mut report);
    if let Some(profile) = &profile {
        let schemas = Schemas::new();
        for (question, places) in profile.questions.iter().zip(&profile.places) {
            for (path, place) in question.any_of.iter().zip(places) {
                if let Some((message, help)) = schemas.problem(path) {
                    report.push(Diagnostic::new(Code::ProfileField, message).at_known(place.clone(), "").help(help));
                }
            }
        }
    }
    (profile, report)
}

/// Reports the questions of a profile that the content does not answer, at the level that the settings define.
pub fn check(profile: &Profile, name: &str, content: &Content) -> Report {
    let mut report = Report::new();
    let values = values(content);
    for question in unanswered(profile, &values) {
        let fields: Vec<String> = question.any_of.iter().map(|path| format!("`{path}` in {}", path.file())).collect();
        let fields = match fields.as_slice() {
            [one] => format!("state {one}"),
            several => format!("state one of: {}", several.join(", ")),
        };
        let help = question.help.iter().cloned().chain([fields]).collect::<Vec<_>>().join("; ");
        let message = format!("the content does not answer a question of `{name}`: {}", question.question);
        let at = question.any_of.iter().find_map(|path| match &path.root {
            PathRoot::Site => content.places.get("site.title"),
            PathRoot::Items(list, _) => content.places.get(list.name()),
        });
        report.push(Diagnostic::new(Code::NotStated, message).at_known(at, "").help(help));
    }
    apply_levels(&mut report, &content.settings);
    report
}

/// Returns the questions that these values do not answer.
pub fn unanswered<'a>(profile: &'a Profile, values: &Value) -> Vec<&'a load::ProfileQuestion> {
    let is_open = |question: &&load::ProfileQuestion| question.any_of.iter().all(|path| path.find(values).is_empty());
    profile.questions.iter().filter(is_open).collect()
}

/// Returns the content as the values in which paths are found: its lists, and `site`. The data and the places of a subprocessor are
/// those of all its services together.
pub fn values(content: &Content) -> Value {
    // Structs of strings, numbers and lists always serialize.
    let object = |value: Result<Value, serde_json::Error>| match value {
        Ok(Value::Object(object)) => object,
        _ => Map::new(),
    };
    let mut site = object(serde_json::to_value(&content.disclosure));
    let mut values: Map<String, Value> =
        List::ALL.iter().filter_map(|list| Some((list.name().to_owned(), site.shift_remove(list.name())?))).collect();
    site.extend(object(serde_json::to_value(&content.settings)));
    let subprocessors = values.get_mut(List::Subprocessors.name()).and_then(Value::as_array_mut);
    for (value, item) in subprocessors.into_iter().flatten().zip(&content.disclosure.subprocessors) {
        let united = item.united();
        value["data_categories"] = serde_json::to_value(&united.data_categories).unwrap_or_default();
        value["locations"] = serde_json::to_value(&united.locations).unwrap_or_default();
    }
    values.insert("site".to_owned(), site.into());
    values.into()
}

/// The schemas of the content, which say what fields there are.
struct Schemas {
    site: Value,
    disclosure: Value,
}

impl Schemas {
    fn new() -> Schemas {
        let site = schemars::schema_for!(SiteFile).to_value();
        Schemas { site, disclosure: schemars::schema_for!(Disclosure).to_value() }
    }

    /// Returns what is wrong with a path, and how to fix it.
    fn problem(&self, path: &FieldPath) -> Option<(String, String)> {
        let (mut part, filter) = match &path.root {
            PathRoot::Site => (Part::of(&self.site), None),
            PathRoot::Items(list, filter) => {
                let items = &self.disclosure["properties"][list.name()]["items"];
                (Part { root: &self.disclosure, schemas: vec![items] }.resolved(), Some(filter))
            }
        };
        if let Some(filter) = filter
            && let Some(field) = filter.field()
        {
            match part.field(field) {
                Err(problem) => return Some(problem),
                Ok(Some(values)) => {
                    let words = values.words();
                    if let crate::model::ItemFilter::Equals(_, value) = filter
                        && !words.is_empty()
                        && !words.contains(&value.as_str())
                    {
                        let message = format!("`{field}` is never `{}` in `{path}`", value.escape_debug());
                        return Some((message, one_of(value, &words)));
                    }
                }
                Ok(None) => {}
            }
        }
        for field in &path.fields {
            match part.field(field) {
                Err(problem) => return Some(problem),
                Ok(Some(inner)) => part = inner,
                // A map whose keys the publisher chooses.
                Ok(None) => return None,
            }
        }
        None
    }
}

/// Suggests the name that was probably meant.
fn one_of(name: &str, known: &[&str]) -> String {
    match Suggestions::new(known.iter().copied()).nearest(name) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("use one of: {}", known.join(", ")),
    }
}

/// A part of a schema: all forms that a value can have.
struct Part<'s> {
    root: &'s Value,
    schemas: Vec<&'s Value>,
}

impl<'s> Part<'s> {
    fn of(root: &'s Value) -> Part<'s> {
        Part { root, schemas: vec![root] }.resolved()
    }

    /// Follows references, alternatives and the items of lists.
    fn resolved(self) -> Part<'s> {
        let Part { root, mut schemas } = self;
        let mut found = Vec::new();
        while let Some(schema) = schemas.pop() {
            let target = schema["$ref"].as_str().and_then(|name| root.pointer(name.strip_prefix('#')?));
            let forms = ["anyOf", "oneOf"].into_iter().filter_map(|key| schema[key].as_array()).flatten();
            schemas.extend(forms.chain(target).chain(schema.get("items")));
            found.push(schema);
        }
        Part { root, schemas: found }
    }

    /// Returns a field; `None` if the publisher chooses the keys.
    fn field(&self, name: &str) -> Result<Option<Part<'s>>, (String, String)> {
        let fields = || self.schemas.iter().filter_map(|schema| schema["properties"].as_object());
        if let Some(field) = fields().find_map(|fields| fields.get(name)) {
            return Ok(Some(Part { root: self.root, schemas: vec![field] }.resolved()));
        }
        let is_map =
            |schema: &&Value| schema["additionalProperties"].is_object() || schema["patternProperties"].is_object();
        if self.schemas.iter().any(is_map) {
            return Ok(None);
        }
        let known: Vec<&str> = fields().flat_map(Map::keys).map(String::as_str).collect();
        let message = format!("there is no field `{}`", name.escape_debug());
        match known.is_empty() {
            true => Err((message, "remove it: the value before it has no fields".to_owned())),
            false => Err((message, one_of(name, &known))),
        }
    }

    /// The words that the value can be; empty if it can be any text.
    fn words(&self) -> Vec<&'s str> {
        let of = |schema: &&'s Value| {
            let listed = schema["enum"].as_array().into_iter().flatten();
            listed.chain(schema.get("const")).filter_map(Value::as_str)
        };
        self.schemas.iter().flat_map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{BUILT_IN, FOLDER, read};
    use crate::diagnostic::Source;

    #[test]
    fn built_in_profiles_have_only_fields_that_exist() {
        for (name, text) in BUILT_IN {
            let (profile, report) = read(&Source::new(format!("{FOLDER}/{name}.yaml"), *text));
            assert!(report.is_empty(), "{name}: {report:?}");
            assert!(profile.expect("a profile").questions.len() > 20);
        }
    }

    #[test]
    fn unknown_fields_are_reported_with_a_suggestion() {
        for (path, message, help) in [
            ("site.status_ulr", "there is no field `status_ulr`", "did you mean `status_url`?"),
            ("site.organization.legal_nme", "there is no field `legal_nme`", "did you mean `legal_name`?"),
            ("facts[kind=rto].hour", "there is no field `hour`", "did you mean `hours`?"),
            ("facts[knd=rto]", "there is no field `knd`", "did you mean `kind`?"),
            ("facts[kind=rtoo]", "`kind` is never `rtoo` in `facts[kind=rtoo]`", "did you mean `rto`?"),
            ("documents[kind=dpaa]", "`kind` is never `dpaa` in `documents[kind=dpaa]`", "did you mean `dpa`?"),
            ("site.title.a", "there is no field `a`", "remove it: the value before it has no fields"),
        ] {
            let (_, report) =
                read(&Source::new("profiles/a.yaml", format!("- id: a\n  question: B?\n  any_of: ['{path}']\n")));
            let found = &report.diagnostics()[0];
            assert_eq!((found.message.as_str(), found.help.first().map(String::as_str)), (message, Some(help)));
        }
        for path in
            ["site.contacts.dpo", "subprocessors[*].locations", "site.security_txt.policy", "certifications[].editions"]
        {
            let (_, report) =
                read(&Source::new("profiles/a.yaml", format!("- id: a\n  question: B?\n  any_of: ['{path}']\n")));
            assert!(report.is_empty(), "{path}: {report:?}");
        }
    }
}
