//! `docs/templates.md` documents exactly the variables, types and functions of templates. The tests compare the reference with the
//! templates on disk, the source code, and the contexts of a real build, in which every template prints its context.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use candor::model::{DocumentEdition, StatedUrl};
use candor::wording::Catalog;
use serde_json::Value;
use walkdir::WalkDir;

use crate::generated::assert_current;
use crate::support::Project;

const DOCUMENT: &str = "docs/templates.md";

/// The line above the generated tables.
const TABLES_MARKER: &str = "by `bash tests/regenerate.sh`. -->\n";

/// Source files that define types of template variables, in addition to `src/render/lists`.
const SOURCES: &[&str] = &[
    "render/view/page.rs",
    "render/questionnaires.rs",
    "render/updates.rs",
    "render/view/changes.rs",
    "render/view/glance.rs",
    "render/view/upcoming.rs",
    "wording/phrase.rs",
    "history/diff/words.rs",
    "render/date.rs",
];

/// Rust types that templates see as strings.
const STRINGS: &[&str] = &["String", "&'static str", "Id", "Mark", "SpanKind", "Subject", "Validity"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn document() -> String {
    fs::read_to_string(root().join(DOCUMENT)).expect("the page")
}

/// Returns the built-in templates by name.
fn built_in() -> BTreeMap<String, String> {
    let top = root().join("templates");
    let files = WalkDir::new(&top).into_iter().map(|entry| entry.expect("an entry").into_path());
    let templates = files.filter(|path| path.extension().is_some_and(|ending| ending == "html"));
    let named = templates.map(|path| {
        let name =
            path.strip_prefix(&top).expect("a path below the folder").to_str().expect("UTF-8").replace('\\', "/");
        (name, fs::read_to_string(path).expect("a template"))
    });
    named.collect()
}

/// Returns the lines of the page below a heading, up to the next heading of the same or a higher level.
fn lines_below<'p>(page: &'p str, heading: &str) -> Vec<&'p str> {
    let level = heading.find(' ').expect("a heading");
    let lines = page.lines().skip_while(|line| *line != heading).skip(1);
    let next = |line: &&str| line.starts_with('#') && line.find(' ').is_some_and(|other| other <= level);
    let lines: Vec<&str> = lines.take_while(|line| !next(line)).collect();
    assert!(!lines.is_empty(), "{DOCUMENT} has no `{heading}`");
    lines
}

/// Returns the cells of all table rows in `lines`.
fn rows(lines: &[&str]) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let is_head = lines.get(at + 1).is_some_and(|next| next.starts_with("|---"));
        let Some(row) = line.strip_prefix('|').filter(|row| !is_head && !row.starts_with("---")) else { continue };
        let row = row.strip_suffix('|').expect("an end of the row").replace("\\|", "\u{0}");
        rows.push(row.split('|').map(|cell| cell.trim().replace('\u{0}', "|")).collect());
    }
    rows
}

/// Returns the inline code spans of a cell.
fn code_spans(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn name(cell: &str) -> String {
    let [name] = code_spans(cell).try_into().unwrap_or_else(|_| panic!("`{cell}` is not one name"));
    name
}

/// Returns the names in the first column of the tables below a heading.
fn documented_names(page: &str, heading: &str) -> BTreeSet<String> {
    rows(&lines_below(page, heading)).iter().map(|row| name(&row[0])).collect()
}

// Generated tables.

#[test]
fn tables_of_types_are_current() {
    let page = document();
    let (top, _) = page.split_once(TABLES_MARKER).expect("the line above the tables");
    let mut lists: Vec<_> =
        WalkDir::new(root().join("src/render/lists")).into_iter().map(|it| it.expect("an entry")).collect();
    lists.retain(|entry| entry.file_type().is_file());
    lists.sort_by_key(|entry| entry.path().to_owned());
    let sources = SOURCES.iter().map(|file| root().join("src").join(file));
    let tables: Vec<String> = sources
        .chain(lists.into_iter().map(walkdir::DirEntry::into_path))
        .map(|file| tables(&fs::read_to_string(file).expect("a source")))
        .collect();
    assert_current(DOCUMENT, &format!("{top}{TABLES_MARKER}{}", tables.concat()));
}

/// Generates tables for the serialized types of a source file: structs with public fields and tagged enums.
fn tables(source: &str) -> String {
    let (mut tables, mut docs, mut attributes) = (String::new(), Vec::new(), String::new());
    let (mut inside, mut variant) = (false, None);
    for line in source.lines() {
        let trimmed = line.trim();
        if let Some(doc) = trimmed.strip_prefix("/// ") {
            docs.push(doc);
            continue;
        }
        if trimmed.starts_with("#[") {
            attributes.push_str(trimmed);
            continue;
        }
        let meaning = docs.join(" ").replace('|', "\\|");
        let named = |start: &str| line.strip_prefix(start).and_then(|rest| rest.strip_suffix(" {"));
        let serialized = attributes.contains("Serialize");
        if let Some(name) = named("pub struct ").filter(|_| serialized) {
            inside = true;
            tables += &format!("\n### {name}\n\n{meaning}\n\n| field | type | description |\n|---|---|---|\n");
        } else if let Some(name) = named("pub enum ").filter(|_| attributes.contains("#[serde(tag = \"kind\"")) {
            inside = true;
            let kinds: Vec<String> = source
                .split_once(line)
                .into_iter()
                .flat_map(|(_, rest)| rest.split("\n}\n").next().unwrap_or_default().lines())
                .filter_map(|line| line.strip_prefix("    ")?.strip_suffix(" {"))
                .map(|kind| format!("`{}`", kind.to_lowercase()))
                .collect();
            let (last, rest) = kinds.split_last().expect("variants");
            tables += &format!(
                "\n### {name}\n\n{meaning}\n\n| field | type | description |\n|---|---|---|\n\
                 | `kind` | string | {} or {last}. |\n",
                rest.join(", ")
            );
        } else if line == "}" {
            (inside, variant) = (false, None);
        } else if inside && let Some(kind) = trimmed.strip_suffix(" {") {
            variant = Some(kind.to_lowercase());
        } else if inside
            && let Some((field, type_name)) = trimmed.strip_suffix(',').and_then(|rest| rest.split_once(": "))
            && (variant.is_some() || field.starts_with("pub "))
        {
            let condition = variant.as_ref().map(|kind| format!(", if `kind` is `{kind}`")).unwrap_or_default();
            let mut type_name = documented_type(type_name);
            if meaning.starts_with("JSON") {
                type_name = type_name.replace("HTML", "JSON");
            }
            tables += &format!("| `{}` | {type_name}{condition} | {meaning} |\n", field.trim_start_matches("pub "));
        }
        docs.clear();
        attributes.clear();
    }
    tables
}

/// Returns the documented name of a Rust type.
fn documented_type(type_name: &str) -> String {
    let inner = |start: &str| type_name.strip_prefix(start).and_then(|rest| rest.strip_suffix('>'));
    if let Some(inner) = inner("Option<") {
        return format!("{} or none", documented_type(inner));
    }
    if let Some(inner) = inner("Vec<") {
        let inner = documented_type(inner);
        return format!("list of {inner}{}", if inner == "string" { "s" } else { "" });
    }
    match type_name {
        "Value" => "HTML".to_owned(),
        "bool" => "boolean".to_owned(),
        "usize" | "u64" => "integer".to_owned(),
        string if STRINGS.contains(&string) => "string".to_owned(),
        other => format!("[{other}](#{})", other.to_lowercase()),
    }
}

// Contexts of a real build.

/// Returns a template that prints its context after a marker with its name. Built-in templates can still extend it.
fn context_printer(name: &str) -> String {
    let blocks = "{% block title %}{% endblock %}{% block content %}{% endblock %}";
    format!("@@{name}@@{{{{ __tera_context | safe }}}}{blocks}{{# status_label #}}\n")
}

/// Creates a project in which every field of every type has a value somewhere.
fn project() -> Project {
    let project = Project::empty();
    assert_eq!(project.run(["init", "--full"]).code, Some(0));
    let site = project.read("content/site.yaml");
    let with_logo =
        site.replace("\ntheme:\n", "\ntheme:\n  logo: images/logo.svg\n  logo_dark: images/logo-dark.svg\n");
    assert_ne!(site, with_logo);
    let mut project = project
        .file("content/site.yaml", with_logo)
        .file("static/images/logo-dark.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"></svg>\n")
        .file("static/images/logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"></svg>\n");
    for name in built_in().keys() {
        project = project.file(&format!("templates/{name}"), context_printer(name));
    }
    let documents = project.read("content/data/documents.yaml");
    let bound = "- id: bound\n  title: Bound\n  kind: dpa\n  file: documents/bound.pdf\n\
                 \u{20} upcoming: [{announced: 2026-05-22, effective: 2099-01-01, file: documents/next.pdf}]\n\
                 - id: linked\n  title: Linked\n  url: https://docs.example.org/a\n\
                 \u{20} upcoming: [{announced: 2026-05-22, effective: 2099-01-01, url: https://docs.example.org/b}]\n\
                 - id: asked\n  title: Asked\n  access: request\n";
    let subprocessors = project.read("content/data/subprocessors.yaml");
    let moving = "- id: moving\n  name: Moving\n  purpose: P\n  data_categories: [D]\n  locations: [DE]\n\
                  \u{20} upcoming:\n    - announced: 2026-05-22\n      effective: 2099-01-01\n      note: N\n      purpose: Q\n\
                  \u{20}     locations: [DE, {code: FR, condition: {feature: Letters}}]\n";
    let project = project
        .file("content/data/subprocessors.yaml", subprocessors + moving)
        .file("content/pages/people.md", "---\ntitle: People\nsummary: Who to ask.\nshow: contacts\n---\n\nText.\n")
        .file("content/data/documents.yaml", documents + bound)
        .file("static/documents/next.pdf", "the next edition")
        .file("content/sections/95-questionnaires.md", "---\ntitle: Questionnaires\nshow: questionnaires\n---\n")
        .file("content/sections/96-updates.md", "---\ntitle: Updates\nshow: updates\n---\n")
        .file(
            "content/updates/2025-01-01-delays.md",
            "---\ntitle: Delays\nkind: incident\nseverity: low\naffected: Email\nstatus: monitoring\nstarted: 2025-01-01\n---\n\nText.\n",
        )
        .file("static/documents/bound.pdf", "the first edition");
    // Enough releases for a second page of the change log.
    let project = project.released(candor::site::CHANGELOG_PAGE + 2, |at, disclosure| {
        disclosure.title = format!("Edition {at}");
        let update = Arc::make_mut(&mut disclosure.updates[0]);
        update.body = format!("The text of edition {at} of this update");
        update.resolved = Some("2025-01-02".parse().expect("a date"));
        let item = Arc::make_mut(&mut disclosure.subprocessors[0]);
        item.duration = Some(format!("As long as contract number {at} lasts"));
        item.data_categories.push(format!("Category {at}"));
        let document = Arc::make_mut(&mut disclosure.documents[0]);
        // Only records can have an address that is not a URL.
        document.url = Some(StatedUrl::Text("the data room".to_owned()));
        // Records of this schema do not say which files they had. Only public documents have files.
        let bound = disclosure.documents.iter_mut().find(|document| document.file.is_some()).expect("a file");
        Arc::make_mut(bound).editions.extend([
            DocumentEdition { url: Some(StatedUrl::Text("the archive".to_owned())), ..DocumentEdition::default() },
            DocumentEdition { file: Some("documents/earlier.pdf".to_owned()), ..DocumentEdition::default() },
        ]);
        let proof = disclosure.documents[0].id.clone();
        Arc::make_mut(&mut disclosure.certifications[0]).editions[0].document = Some(proof);
        if at == 0 {
            let mut removed = (*disclosure.subprocessors[0]).clone();
            removed.id = "former".parse().expect("an id");
            removed.name = "Former".to_owned();
            let mut withdrawn = removed.clone();
            withdrawn.id = "withdrawn".parse().expect("an id");
            withdrawn.effective = Some("2099-01-01".parse().expect("a date"));
            disclosure.subprocessors.extend([removed, withdrawn].map(Arc::new));
        }
    });
    // A release that binds the file, and one that corrects it with another file.
    let release = |args: &[&str]| {
        let run = project.run(["release", "-m"].iter().chain(args));
        assert_eq!(run.code, Some(0), "{}", run.stderr);
    };
    release(&["Record the files."]);
    fs::write(project.path("static/documents/bound.pdf"), "the second edition").expect("a file");
    release(&["The right edition.", "--corrects", "2026-05-22"]);
    let redact = project.run(["redact", "2026-05-22", "/summary", "--reason", "Wrong"]);
    assert_eq!(redact.code, Some(0), "{}", redact.stderr);
    release(&["Withheld a summary."]);
    project
}

/// Returns the contexts of all templates in a build, a draft build and an annex.
fn contexts() -> Vec<(String, Value)> {
    let project = project();
    let run = |args: &[&str]| {
        let run = project.run(args);
        assert_eq!(run.code, Some(0), "{args:?}: {}", run.stderr);
        run.stdout
    };
    run(&["build", "--no-compress"]);
    let mut contexts = Vec::new();
    // By then, the announced changes have taken effect.
    run(&["build", "--no-compress", "--out", "later", "--as-of", "2099-01-02"]);
    collect(&project.read("later/compare/index.html"), &mut contexts);
    collect(&run(&["schedule", "--format", "html", "--features", "mail notifications"]), &mut contexts);
    let site = project.read("content/site.yaml");
    let project = project.file("content/site.yaml", site.replace("\ntitle: ", "\ntitle: Unreleased "));
    let draft = project.run(["build", "--draft", "--no-compress", "--out", "draft"]);
    assert_eq!(draft.code, Some(0), "{}", draft.stderr);
    for entry in ["dist", "draft"].iter().flat_map(|folder| WalkDir::new(project.path(folder))) {
        let path = entry.expect("an entry").into_path();
        let text = || fs::read_to_string(&path).expect("text");
        if path.extension().is_some_and(|ending| ending == "html") {
            collect(&text(), &mut contexts);
        } else if path.ends_with("feed.json") {
            collect_all(&serde_json::from_str(&text()).expect("JSON"), &mut contexts);
        } else if path.ends_with("updates/feed.xml") {
            for (_, entry) in text().split("<content").filter_map(|part| part.split_once('>')) {
                collect(&unescaped(entry), &mut contexts);
            }
        }
    }
    contexts
}

/// Returns the text that XML escapes.
fn unescaped(xml: &str) -> String {
    let escapes = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    escapes.iter().fold(xml.to_owned(), |text, (escape, character)| text.replace(escape, character))
}

/// Collects the contexts printed in `text`, including contexts nested in strings.
fn collect(text: &str, found: &mut Vec<(String, Value)>) {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("@@") {
        let (name, context) = after.split_once("@@").expect("the end of the marker");
        let (json, length) = as_json(context);
        let value: Value = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{name}: {error}: {json}"));
        collect_all(&value, found);
        found.push((name.to_owned(), value));
        rest = &context[length..];
    }
}

fn collect_all(value: &Value, found: &mut Vec<(String, Value)>) {
    match value {
        Value::String(text) => collect(text, found),
        Value::Array(items) => items.iter().for_each(|item| collect_all(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| collect_all(field, found)),
        _ => {}
    }
}

/// Converts a printed context to JSON and returns it with the length of the printed text. Tera prints nothing for `none`.
fn as_json(text: &str) -> (String, usize) {
    let (mut json, mut depth, mut quoted, mut escaped) = (String::new(), 0, false, false);
    for (at, char) in text.char_indices() {
        if !quoted && matches!(char, ',' | '}') && json.ends_with(": ") {
            json.push_str("null");
        }
        json.push(char);
        match char {
            '"' if !escaped => quoted = !quoted,
            '{' if !quoted => depth += 1,
            '}' if !quoted => depth -= 1,
            _ => {}
        }
        escaped = quoted && char == '\\' && !escaped;
        if depth == 0 {
            return (json, at + char.len_utf8());
        }
    }
    panic!("unterminated context: {text}")
}

/// The documented types, with the name and type of each field.
type Types = BTreeMap<String, Vec<(String, String)>>;

fn types(page: &str) -> Types {
    let mut types = Types::new();
    for line in lines_below(page, "## Types") {
        if let Some(name) = line.strip_prefix("### ") {
            assert!(types.insert(name.to_owned(), Vec::new()).is_none(), "`{name}` is documented more than once");
        }
    }
    for (name, fields) in &mut types {
        fields.extend(
            rows(&lines_below(page, &format!("### {name}"))).iter().map(|row| (self::name(&row[0]), row[1].clone())),
        );
    }
    types
}

/// Compares values with their documented types and records which fields have a value.
struct Comparison<'t> {
    types: &'t Types,
    compared: BTreeSet<(String, String)>,
}

impl Comparison<'_> {
    /// Compares the value of a field or variable. `owner` is its type or template.
    fn field(&mut self, owner: &str, field: &str, type_name: &str, value: &Value) {
        if !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty()) {
            self.compared.insert((owner.to_owned(), field.to_owned()));
        }
        self.value(type_name, value, &format!("{owner}: {field}"));
    }

    fn value(&mut self, type_name: &str, value: &Value, place: &str) {
        if let Some(type_name) = type_name.strip_suffix(" or none") {
            if !value.is_null() {
                self.value(type_name, value, place);
            }
        } else if let Some(element) = type_name.strip_prefix("list of ") {
            let items = value.as_array().unwrap_or_else(|| panic!("{place} is not a {type_name}: {value}"));
            items.iter().for_each(|item| self.value(element, item, place));
        } else if let Some((name, _)) = type_name.strip_prefix('[').and_then(|rest| rest.split_once("](#")) {
            self.object(name, value, place);
        } else {
            let text = value.as_str();
            let matches = match type_name {
                "string" | "strings" => text.is_some(),
                "HTML" => text.is_some(),
                "JSON" => text.is_some_and(|text| serde_json::from_str::<Value>(text).is_ok()),
                "boolean" => value.is_boolean(),
                "integer" => value.is_u64(),
                "pairs of strings" => {
                    value.as_array().is_some_and(|pair| pair.len() == 2 && pair.iter().all(Value::is_string))
                }
                _ => panic!("{place} has the unknown type `{type_name}`"),
            };
            assert!(matches, "{place} is not of the type `{type_name}`: {value}");
        }
    }

    fn object(&mut self, name: &str, value: &Value, place: &str) {
        let types = self.types;
        let fields = types.get(name).unwrap_or_else(|| panic!("{place} has the undocumented type `{name}`"));
        let object = value.as_object().unwrap_or_else(|| panic!("{place} is not a {name}: {value}"));
        let kind = value["kind"].as_str().unwrap_or_default();
        let applies =
            |type_name: &str| type_name.split_once(", if `kind` is ").is_none_or(|(_, it)| it == format!("`{kind}`"));
        let fields: Vec<&(String, String)> = fields.iter().filter(|(_, type_name)| applies(type_name)).collect();
        let documented: BTreeSet<&str> = fields.iter().map(|(field, _)| field.as_str()).collect();
        let actual: BTreeSet<&str> = object.keys().map(String::as_str).collect();
        assert_eq!(documented, actual, "fields of `{name}` in {DOCUMENT}, and those of {place}");
        for (field, type_name) in fields {
            let type_name = type_name.split(", if").next().expect("a type");
            self.field(name, field, type_name, &object[field]);
        }
    }
}

#[test]
fn templates_variables_and_types_match_a_build() {
    let page = document();
    let contexts = contexts();

    // Templates and their users.
    let built_in = built_in();
    let mut users: BTreeMap<String, BTreeSet<String>> =
        built_in.keys().map(|name| (name.clone(), BTreeSet::new())).collect();
    for (user, text) in &built_in {
        for start in ["{% extends \"", "{% include \""] {
            for (_, rest) in text.match_indices(start).map(|(at, _)| text[at..].split_at(start.len())) {
                let used = rest.split('"').next().expect("a name");
                users.get_mut(used).expect("a built-in template").insert(user.clone());
            }
        }
    }
    for (name, _) in &contexts {
        users.get_mut(name).expect("a built-in template").insert("candor".to_owned());
    }
    let documented: BTreeMap<String, BTreeSet<String>> = rows(&lines_below(&page, "## Templates"))
        .iter()
        .map(|row| (name(&row[0]), code_spans(&row[2]).into_iter().collect()))
        .collect();
    assert_eq!(documented, users, "templates in {DOCUMENT} with their users, and those of the program");

    // Variables of each template.
    let pages = documented_names(&page, "### Pages");
    let others: BTreeSet<String> =
        ["### Lists", "### Entries"].iter().flat_map(|it| documented_names(&page, it)).collect();
    let variables = rows(&lines_below(&page, "## Variables"));
    let types = types(&page);
    let mut comparison = Comparison { types: &types, compared: BTreeSet::new() };
    for (template, context) in &contexts {
        let applies = |row: &&Vec<String>| match row[0].as_str() {
            "every page" => pages.contains(template),
            "every list and entry" => others.contains(template),
            cell => name(cell) == *template,
        };
        let variables: Vec<_> = variables.iter().filter(applies).collect();
        let documented: BTreeSet<String> = variables.iter().map(|row| name(&row[1])).collect();
        let actual: BTreeSet<String> = context.as_object().expect("variables").keys().cloned().collect();
        assert_eq!(documented, actual, "variables of `{template}` in {DOCUMENT}, and those of the program");
        for row in variables {
            let variable = name(&row[1]);
            comparison.field(&row[0], &variable, &row[2], &context[&variable]);
        }
    }

    // Every field had a value in the build, so every type was compared.
    let compared = comparison.compared;
    let variables = variables.iter().map(|row| (row[0].clone(), name(&row[1])));
    let fields = types.iter().flat_map(|(name, fields)| fields.iter().map(|(field, _)| (name.clone(), field.clone())));
    let not_compared: Vec<_> = variables.chain(fields).filter(|it| !compared.contains(it)).collect();
    assert!(not_compared.is_empty(), "documented, but without a value in the build: {not_compared:#?}");
}

// Functions and string namespaces.

#[test]
fn functions_and_filters_match_the_theme() {
    let source = fs::read_to_string(root().join("src/render/theme.rs")).expect("a source");
    let registered = |kind: &'static str| {
        let start = format!("register_{kind}(\"");
        let names = source.split(&start).skip(1).map(|rest| rest.split('"').next().expect("a name").to_owned());
        names.map(move |name| (name, kind.to_owned())).collect::<Vec<_>>()
    };
    let registered: BTreeSet<_> = ["function", "filter", "test"].into_iter().flat_map(registered).collect();
    assert!(!registered.is_empty());
    let page = document();
    let rows = rows(&lines_below(&page, "## Functions and filters"));
    let documented = rows.iter().filter(|row| !row[0].is_empty()).map(|row| (name(&row[0]), row[1].clone()));
    assert_eq!(documented.collect::<BTreeSet<_>>(), registered);
}

#[test]
fn string_namespaces_match_the_catalog() {
    let english = Catalog::english();
    let mut namespaces: BTreeSet<String> =
        english.keys().map(|key| key.split('.').next().unwrap_or_default().to_owned()).collect();
    // This namespace has no built-in strings.
    namespaces.insert("custom".to_owned());
    let page = document();
    assert_eq!(documented_names(&page, "## Strings"), namespaces);
    // The keys in the documentation exist.
    for row in rows(&lines_below(&page, "## Strings")) {
        let namespace = name(&row[0]);
        for key in code_spans(&row[1]).into_iter().filter(|key| key.starts_with(&format!("{namespace}."))) {
            let is_group = english.keys().any(|known| known.starts_with(&format!("{key}.")));
            // The keys of contacts and custom strings are defined by each project.
            let is_free = ["contacts", "custom"].contains(&namespace.as_str());
            assert!(english.contains(&key) || is_group || is_free, "{key}");
        }
    }
}

#[test]
fn blocks_of_the_frame_match_the_template() {
    let base = &built_in()["base.html"];
    let blocks: BTreeSet<String> =
        base.split("{% block ").skip(1).map(|rest| rest.split(' ').next().expect("a name").to_owned()).collect();
    assert_eq!(documented_names(&document(), "## Override a template"), blocks);
}
