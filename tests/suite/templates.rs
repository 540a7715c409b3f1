//! `docs/templates.md` documents exactly what templates get. The reference is compared with the templates on disk, with the
//! program's own source, and with the contexts of a real build: every built-in template is replaced by one that prints its context.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use candor::model::StatedUrl;
use candor::wording::Catalog;
use serde_json::Value;
use walkdir::WalkDir;

use crate::generated::assert_current;
use crate::support::Project;

const DOCUMENT: &str = "docs/templates.md";

/// The line above the generated tables.
const MARK: &str = "by `bash tests/regenerate.sh`. -->\n";

/// Sources with the types that templates get, besides those in `src/render/lists`.
const SOURCES: &[&str] =
    &["render/view/page.rs", "render/view/changes.rs", "wording/phrase.rs", "history/diff/words.rs", "render/date.rs"];

/// Types that are strings for templates.
const STRINGS: &[&str] = &["String", "&'static str", "Id", "Mark", "SpanKind", "Subject", "Validity"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn document() -> String {
    fs::read_to_string(root().join(DOCUMENT)).expect("the page")
}

/// The built-in templates by name.
fn built_in() -> BTreeMap<String, String> {
    let top = root().join("templates");
    let files = WalkDir::new(&top).into_iter().map(|entry| entry.expect("an entry").into_path());
    let templates = files.filter(|path| path.extension().is_some_and(|ending| ending == "html"));
    let named = templates.map(|path| {
        let name = path.strip_prefix(&top).expect("below the folder").to_str().expect("UTF-8").replace('\\', "/");
        (name, fs::read_to_string(path).expect("a template"))
    });
    named.collect()
}

/// The lines of the page below a heading, to the next heading of the same level or above.
fn below<'p>(page: &'p str, heading: &str) -> Vec<&'p str> {
    let level = heading.find(' ').expect("a heading");
    let lines = page.lines().skip_while(|line| *line != heading).skip(1);
    let next = |line: &&str| line.starts_with('#') && line.find(' ').is_some_and(|other| other <= level);
    let lines: Vec<&str> = lines.take_while(|line| !next(line)).collect();
    assert!(!lines.is_empty(), "{DOCUMENT} has no `{heading}`");
    lines
}

/// The cells of the rows of all tables among some lines.
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

/// What a cell has in backticks.
fn code(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn name(cell: &str) -> String {
    let [name] = code(cell).try_into().unwrap_or_else(|_| panic!("`{cell}` is not one name"));
    name
}

/// The templates in the tables below a heading.
fn listed(page: &str, heading: &str) -> BTreeSet<String> {
    rows(&below(page, heading)).iter().map(|row| name(&row[0])).collect()
}

// The generated part.

#[test]
fn fields_of_the_types_are_generated_from_the_source() {
    let page = document();
    let (top, _) = page.split_once(MARK).expect("the mark above the tables");
    let mut lists: Vec<_> =
        WalkDir::new(root().join("src/render/lists")).into_iter().map(|it| it.expect("an entry")).collect();
    lists.retain(|entry| entry.file_type().is_file());
    lists.sort_by_key(|entry| entry.path().to_owned());
    let sources = SOURCES.iter().map(|file| root().join("src").join(file));
    let tables: Vec<String> = sources
        .chain(lists.into_iter().map(walkdir::DirEntry::into_path))
        .map(|file| tables(&fs::read_to_string(file).expect("a source")))
        .collect();
    assert_current(DOCUMENT, &format!("{top}{MARK}{}", tables.concat()));
}

/// Tables of the serialized types of a source: structs with public fields, and enums that a tag tells apart.
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
            && let Some((field, form)) = trimmed.strip_suffix(',').and_then(|rest| rest.split_once(": "))
            && (variant.is_some() || field.starts_with("pub "))
        {
            let condition = variant.as_ref().map(|kind| format!(", if `kind` is `{kind}`")).unwrap_or_default();
            let mut form = shown(form);
            if meaning.starts_with("JSON") {
                form = form.replace("HTML", "JSON");
            }
            tables += &format!("| `{}` | {form}{condition} | {meaning} |\n", field.trim_start_matches("pub "));
        }
        docs.clear();
        attributes.clear();
    }
    tables
}

/// A Rust type as authors of templates know it.
fn shown(form: &str) -> String {
    let inner = |start: &str| form.strip_prefix(start).and_then(|rest| rest.strip_suffix('>'));
    if let Some(inner) = inner("Option<") {
        return format!("{} or none", shown(inner));
    }
    if let Some(inner) = inner("Vec<") {
        let inner = shown(inner);
        return format!("list of {inner}{}", if inner == "string" { "s" } else { "" });
    }
    match form {
        "Value" => "HTML".to_owned(),
        "bool" => "boolean".to_owned(),
        "usize" | "u64" => "integer".to_owned(),
        string if STRINGS.contains(&string) => "string".to_owned(),
        other => format!("[{other}](#{})", other.to_lowercase()),
    }
}

// The contexts of a real build.

/// A template that prints its context, after a mark with its name. Built-in templates still extend and check it.
fn printer(name: &str) -> String {
    let blocks = "{% block title %}{% endblock %}{% block content %}{% endblock %}";
    format!("@@{name}@@{{{{ __tera_context | safe }}}}{blocks}{{# status_label #}}\n")
}

/// A project in which every field of every type has a value somewhere.
fn project() -> Project {
    let project = Project::empty();
    assert_eq!(project.run(["init", "--full"]).code, Some(0));
    fs::remove_dir_all(project.path("content/releases")).expect("the release of the new project");
    let site = project.read("content/site.yaml");
    let with_logo = site.replace("\ntheme:\n", "\ntheme:\n  logo: images/logo.svg\n");
    assert_ne!(site, with_logo);
    let mut project = project
        .file("content/site.yaml", with_logo)
        .file("static/images/logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"></svg>\n");
    for name in built_in().keys() {
        project = project.file(&format!("templates/{name}"), printer(name));
    }
    // More releases than one page of the change log has.
    project.released(candor::site::CHANGELOG_PAGE + 2, |at, disclosure| {
        disclosure.title = format!("Edition {at}");
        let item = Arc::make_mut(&mut disclosure.subprocessors[0]);
        item.duration = Some(format!("As long as contract number {at} lasts"));
        item.data_categories.push(format!("Category {at}"));
        let document = Arc::make_mut(&mut disclosure.documents[0]);
        // Only records have an address that cannot be linked.
        document.url = Some(StatedUrl::Text("the data room".to_owned()));
        if at == 0 {
            let mut former = (*disclosure.subprocessors[0]).clone();
            former.id = "former".parse().expect("an id");
            former.name = "Former".to_owned();
            disclosure.subprocessors.push(Arc::new(former));
        }
    })
}

/// The contexts of all templates that a build, a draft and an annex render.
fn contexts() -> Vec<(String, Value)> {
    let project = project();
    let run = |args: &[&str]| {
        let run = project.run(args);
        assert_eq!(run.code, Some(0), "{args:?}: {}", run.stderr);
        run.stdout
    };
    run(&["build", "--no-compress"]);
    let mut contexts = Vec::new();
    collect(&run(&["schedule", "--format", "html"]), &mut contexts);
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
        }
    }
    contexts
}

/// Finds the contexts that a text has, and those in the strings of a context.
fn collect(text: &str, found: &mut Vec<(String, Value)>) {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("@@") {
        let (name, context) = after.split_once("@@").expect("an end of the mark");
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

/// A printed context as JSON, and its length: Tera prints nothing for `none`.
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
    panic!("a context without an end: {text}")
}

/// The types of the page, with the type of each field.
type Types = BTreeMap<String, Vec<(String, String)>>;

fn types(page: &str) -> Types {
    let mut types = Types::new();
    for line in below(page, "## Types") {
        if let Some(name) = line.strip_prefix("### ") {
            assert!(types.insert(name.to_owned(), Vec::new()).is_none(), "`{name}` is documented twice");
        }
    }
    for (name, fields) in &mut types {
        fields
            .extend(rows(&below(page, &format!("### {name}"))).iter().map(|row| (self::name(&row[0]), row[1].clone())));
    }
    types
}

/// Compares a value with its documented type. What has a value is noted.
struct Comparison<'t> {
    types: &'t Types,
    seen: BTreeSet<(String, String)>,
}

impl Comparison<'_> {
    /// Compares the value of a field or variable; `owner` is its type or template.
    fn field(&mut self, owner: &str, field: &str, form: &str, value: &Value) {
        if !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty()) {
            self.seen.insert((owner.to_owned(), field.to_owned()));
        }
        self.value(form, value, &format!("{owner}: {field}"));
    }

    fn value(&mut self, form: &str, value: &Value, place: &str) {
        if let Some(form) = form.strip_suffix(" or none") {
            if !value.is_null() {
                self.value(form, value, place);
            }
        } else if let Some(element) = form.strip_prefix("list of ") {
            let items = value.as_array().unwrap_or_else(|| panic!("{place} is not a {form}: {value}"));
            items.iter().for_each(|item| self.value(element, item, place));
        } else if let Some((name, _)) = form.strip_prefix('[').and_then(|rest| rest.split_once("](#")) {
            self.object(name, value, place);
        } else {
            let text = value.as_str();
            let matches = match form {
                "string" | "strings" => text.is_some(),
                "HTML" => text.is_some(),
                "JSON" => text.is_some_and(|text| serde_json::from_str::<Value>(text).is_ok()),
                "boolean" => value.is_boolean(),
                "integer" => value.is_u64(),
                "pairs of strings" => {
                    value.as_array().is_some_and(|pair| pair.len() == 2 && pair.iter().all(Value::is_string))
                }
                _ => panic!("{place} has the unknown type `{form}`"),
            };
            assert!(matches, "{place} is not of the type `{form}`: {value}");
        }
    }

    fn object(&mut self, name: &str, value: &Value, place: &str) {
        let types = self.types;
        let fields = types.get(name).unwrap_or_else(|| panic!("{place} has the undocumented type `{name}`"));
        let object = value.as_object().unwrap_or_else(|| panic!("{place} is not a {name}: {value}"));
        let kind = value["kind"].as_str().unwrap_or_default();
        let applies = |form: &str| form.split_once(", if `kind` is ").is_none_or(|(_, it)| it == format!("`{kind}`"));
        let fields: Vec<&(String, String)> = fields.iter().filter(|(_, form)| applies(form)).collect();
        let documented: BTreeSet<&str> = fields.iter().map(|(field, _)| field.as_str()).collect();
        let actual: BTreeSet<&str> = object.keys().map(String::as_str).collect();
        assert_eq!(documented, actual, "fields of `{name}` in {DOCUMENT}, and those of {place}");
        for (field, form) in fields {
            let form = form.split(", if").next().expect("a type");
            self.field(name, field, form, &object[field]);
        }
    }
}

#[test]
fn templates_variables_and_types_are_those_of_a_build() {
    let page = document();
    let contexts = contexts();

    // Which templates there are, and what uses them.
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
    let documented: BTreeMap<String, BTreeSet<String>> = rows(&below(&page, "## Templates"))
        .iter()
        .map(|row| (name(&row[0]), code(&row[2]).into_iter().collect()))
        .collect();
    assert_eq!(documented, users, "templates in {DOCUMENT} with their users, and those of the program");

    // Which variables each template gets.
    let pages = listed(&page, "### Pages");
    let others: BTreeSet<String> = ["### Lists", "### Entries"].iter().flat_map(|it| listed(&page, it)).collect();
    let variables = rows(&below(&page, "## Variables"));
    let types = types(&page);
    let mut comparison = Comparison { types: &types, seen: BTreeSet::new() };
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

    // The build above had a value for everything, so everything was compared.
    let seen = comparison.seen;
    let variables = variables.iter().map(|row| (row[0].clone(), name(&row[1])));
    let fields = types.iter().flat_map(|(name, fields)| fields.iter().map(|(field, _)| (name.clone(), field.clone())));
    let unseen: Vec<_> = variables.chain(fields).filter(|it| !seen.contains(it)).collect();
    assert!(unseen.is_empty(), "documented, and without a value in the build: {unseen:#?}");
}

// Functions and strings.

#[test]
fn functions_and_filters_are_those_that_the_theme_registers() {
    let source = fs::read_to_string(root().join("src/render/theme.rs")).expect("a source");
    let registered = |kind: &'static str| {
        let start = format!("register_{kind}(\"");
        let names = source.split(&start).skip(1).map(|rest| rest.split('"').next().expect("a name").to_owned());
        names.map(move |name| (name, kind.to_owned())).collect::<Vec<_>>()
    };
    let registered: BTreeSet<_> = ["function", "filter", "test"].into_iter().flat_map(registered).collect();
    assert!(!registered.is_empty());
    let page = document();
    let rows = rows(&below(&page, "## Functions and filters"));
    let documented = rows.iter().filter(|row| !row[0].is_empty()).map(|row| (name(&row[0]), row[1].clone()));
    assert_eq!(documented.collect::<BTreeSet<_>>(), registered);
}

#[test]
fn namespaces_of_strings_are_those_of_the_catalog() {
    let english = Catalog::english();
    let mut namespaces: BTreeSet<String> =
        english.keys().map(|key| key.split('.').next().unwrap_or_default().to_owned()).collect();
    // Has no built-in string.
    namespaces.insert("custom".to_owned());
    let page = document();
    assert_eq!(listed(&page, "## Strings"), namespaces);
    // Keys that the page names exist.
    for row in rows(&below(&page, "## Strings")) {
        let namespace = name(&row[0]);
        for key in code(&row[1]).into_iter().filter(|key| key.starts_with(&format!("{namespace}."))) {
            let is_group = english.keys().any(|known| known.starts_with(&format!("{key}.")));
            // Publishers choose the keys of contacts and of their own strings.
            let is_free = ["contacts", "custom"].contains(&namespace.as_str());
            assert!(english.contains(&key) || is_group || is_free, "{key}");
        }
    }
}
