//! The same content for other generators, with their own templates in `benches/peers/`.
//!
//! They generate everything that such a generator can: the page of each release, the overview, the list of subprocessors,
//! the change log, the other pages of the site and both feeds. Records, assets, machine-readable lists, documents and the
//! data of scripts are copied from candor's site. The lists come from data files, and the changes from the front matter,
//! because these generators cannot compute them. The text and the elements of their pages must equal those of candor's.
//!
//! In favor of the peers, their change log and feeds are not split, and their JSON feed lacks the changes as data.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use candor::history::diff::words::{SpanKind, words};
use candor::history::diff::{Change, Changes, FieldChange, Subject};
use candor::model::{Digest, Disclosure, List, Section};
use serde_json::{Value, json};

use super::generate::{self, Size, disclosure, yaml};
use super::text::first_difference;

/// Another site generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// Zola: a single binary in Rust with the same template language.
    Zola,
    /// Hugo: a single binary in Go.
    Hugo,
}

/// The format of a site's data files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Data {
    /// YAML, as written by people.
    Yaml,
    /// JSON, which all generators parse faster.
    Json,
}

/// How much of candor's site a peer generates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The same content.
    Same,
    /// Only a page for each release with its text and a table of three columns, without any layout. Only for Zola.
    Tables,
}

impl Data {
    fn ending(self) -> &'static str {
        match self {
            Data::Yaml => "yaml",
            Data::Json => "json",
        }
    }
}

impl Peer {
    /// Returns the program: from the variable `ZOLA` or `HUGO`, or else from the PATH.
    fn program(self) -> String {
        let (variable, name) = match self {
            Peer::Zola => ("ZOLA", "zola"),
            Peer::Hugo => ("HUGO", "hugo"),
        };
        std::env::var(variable).unwrap_or_else(|_| name.to_owned())
    }

    /// Returns a command with the cost of the program's launcher, from the variable `ZOLA_START` or `HUGO_START`. For
    /// example, Zola of the npm package is started by Node, which costs as much as `node -e 0`.
    pub fn launcher(self) -> Option<Command> {
        let words = std::env::var(if self == Peer::Zola { "ZOLA_START" } else { "HUGO_START" }).ok()?;
        let mut words = words.split_whitespace();
        let mut command = Command::new(words.next()?);
        command.args(words);
        Some(command)
    }

    /// Returns its version; `None` if it cannot be started.
    pub fn version(self) -> Option<String> {
        let mut command = Command::new(self.program());
        command.arg(if self == Peer::Zola { "--version" } else { "version" });
        let output = command.stderr(Stdio::null()).output().ok().filter(|output| output.status.success())?;
        String::from_utf8_lossy(&output.stdout).lines().next().map(str::to_owned)
    }

    /// Returns the command that builds a site to a new folder.
    pub fn build(self, root: &Path, out: &Path) -> Command {
        let mut command = Command::new(self.program());
        match self {
            Peer::Zola => command.arg("--root").arg(root).arg("build").arg("--output-dir").arg(out),
            Peer::Hugo => command.arg("--quiet").arg("--source").arg(root).arg("--destination").arg(out),
        };
        command
    }
}

/// The site of a peer.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// The generator that builds it.
    pub peer: Peer,
    /// The format of its lists.
    pub data: Data,
    /// How much of candor's site it contains.
    pub extent: Extent,
    /// The project with the same content, built into its folder `dist`.
    pub project: &'a Path,
}

impl Site<'_> {
    /// Writes it to a folder.
    pub fn write(self, root: &Path, size: Size) {
        let templates = match (self.peer, self.extent) {
            (Peer::Zola, Extent::Same) => "zola",
            (Peer::Zola, Extent::Tables) => "zola-tables",
            (Peer::Hugo, _) => "hugo",
        };
        copy(&peers().join(templates), root, &|name| name.to_owned());
        let (mut before, mut releases) = (None, Vec::new());
        for at in 0..size.releases {
            let now = disclosure(size, at);
            let extra = self.extra(&now, before.as_ref(), at);
            let version = generate::version(at);
            let items = match self.data {
                Data::Yaml => yaml(&now),
                Data::Json => generate::json(&now),
            };
            write(root, &format!("data/{version}.{}", self.data.ending()), &items);
            let address = self.address(&format!("releases/{version}"));
            let own = format!("date = {version}\n{address}");
            let title = format!("{}, version {version}", now.title);
            write(root, &format!("content/changelog/r{at}.md"), &page(&title, &own, &extra, &prose(&now)));
            if at + 1 == size.releases {
                self.sections(root, &now, &extra);
            }
            if let Value::Object(mut extra) = extra {
                extra.retain(|key, _| ["version", "summary", "sha256", "count"].contains(&key.as_str()));
                releases.push(Value::Object(extra));
            }
            before = Some(now);
        }
        if self.extent == Extent::Same {
            releases.reverse();
            write(root, "data/newest.json", &releases[0].to_string());
            write(root, "data/releases.json", &Value::Array(releases).to_string());
            self.files(root);
        }
    }

    /// Returns the data of a release for the templates.
    fn extra(self, now: &Disclosure, before: Option<&Disclosure>, at: usize) -> Value {
        let version = generate::version(at).to_string();
        let data = format!("data/{version}.{}", self.data.ending());
        if self.extent == Extent::Tables {
            return json!({ "data": data });
        }
        let record = fs::read(self.project.join(format!("content/releases/{version}.json"))).expect("a record");
        let changes = before.map(|before| Changes::between(before, now)).unwrap_or_default();
        let sections = now.sections.iter().map(|section| json!({ "id": section.id, "title": section.title }));
        json!({
            "kind": "release",
            "version": version,
            "data": data,
            "summary": generate::summary(at),
            "sha256": Digest::of(&record).to_string(),
            "conditional": now.subprocessors.iter().filter(|item| item.condition.is_some()).count(),
            "sections": sections.collect::<Vec<_>>(),
            "count": changes.len(),
            "notice": changes.notice(),
            "groups": groups(&changes),
        })
    }

    /// Returns the line of the front matter that sets the path of a page.
    fn address(self, path: &str) -> String {
        match self.peer {
            Peer::Zola => format!("path = \"{path}\"\n"),
            Peer::Hugo => format!("url = \"/{path}/\"\n"),
        }
    }

    /// Writes the pages of the newest release: the overview, the list, the change log and the others.
    fn sections(self, root: &Path, newest: &Disclosure, extra: &Value) {
        let section = |path: &str, kind: &str, title: &str, more: &str, text: &str| {
            let template = if kind == "trust" { "index" } else { kind };
            let own = match self.peer {
                Peer::Zola => format!("template = \"{template}.html\"\n{more}"),
                Peer::Hugo => format!("layout = \"{template}\"\n"),
            };
            let mut extra = extra.clone();
            extra["kind"] = json!(kind);
            if kind == "schedule" {
                extra["features"] = json!(features(newest));
            }
            write(root, &format!("content/{path}.md"), &page(title, &own, &extra, text));
        };
        section("_index", "trust", &newest.title, "", &prose(newest));
        section("subprocessors/_index", "subprocessors", "Subprocessors", "", "");
        section("changelog/_index", "changelog", "Change log", "sort_by = \"date\"\n", "");
        if self.extent == Extent::Tables {
            return;
        }
        section("subscribe", "subscribe", "Subscribe to changes", "", "");
        section("compare", "compare", "Compare releases", "", "");
        section("schedule", "schedule", "Your subprocessors", "", "");
    }

    /// Writes the other files of the site: shared HTML fragments, the data of candor's scripts, and files to copy (assets,
    /// records, machine-readable lists and documents).
    fn files(self, root: &Path) {
        let fragments = root.join(match self.peer {
            Peer::Zola => "templates",
            Peer::Hugo => "layouts/partials",
        });
        copy(&peers().join("shared"), &fragments, &|name| name.to_owned());
        fs::copy(peers().join("../../templates/partials/icons.html"), fragments.join("icons.html")).expect("icons");
        let (built, files) = (self.project.join("dist"), root.join("static"));
        // The templates refer to assets by their names without digests.
        copy(&built.join("assets"), &files.join("assets"), &|name| match name.split('.').collect::<Vec<_>>()[..] {
            [stem, digest, ending] if digest.len() == 10 => format!("{stem}.{ending}"),
            _ => name.to_owned(),
        });
        copy(&self.project.join("content/releases"), &files.join("releases"), &|name| name.to_owned());
        copy(&built.join("schema"), &files.join("schema"), &|name| name.to_owned());
        fs::create_dir_all(files.join("schedule")).expect("a folder");
        for name in COPIED {
            fs::copy(built.join(name), files.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        for name in ["compare", "schedule"] {
            let page = fs::read_to_string(built.join(name).join("index.html")).expect("a page");
            let (_, data) = page.split_once("id=\"ui--data\">").expect("the data of a script");
            write(root, &format!("text/{name}.json"), data.split("</script>").next().unwrap_or_default());
        }
    }

    /// Builds the site and compares the text and the elements of its pages with candor's, so that all generators do the
    /// same work.
    pub fn check(self, root: &Path, out: &Path, size: Size) {
        let built = self.peer.build(root, out).output().expect("a build");
        assert!(built.status.success(), "{:?}: {}", self.peer, String::from_utf8_lossy(&built.stderr));
        // The middle release, and the newest one that rewords a section.
        let releases = [size.releases / 2, (size.releases - 1) / 10 * 10];
        let pages = releases.map(|at| format!("releases/{}/index.html", generate::version(at)));
        let others = ["", "subprocessors/", "subscribe/", "compare/", "schedule/"];
        let mut others: Vec<String> = others.map(|path| format!("{path}index.html")).into();
        others.push("404.html".to_owned());
        let log = fs::read_to_string(out.join("changelog/index.html")).expect("a change log");
        assert_eq!(log.matches("<article").count(), size.releases, "entries of the change log");
        if size.releases <= 100 {
            // candor splits a long change log by year, and the peers do not.
            others.push("changelog/index.html".to_owned());
        }
        for page in pages.iter().chain(&others) {
            let read =
                |folder: &Path| fs::read_to_string(folder.join(page)).unwrap_or_else(|error| panic!("{page}: {error}"));
            if let Some((ours, theirs)) = first_difference(&read(&self.project.join("dist")), &read(out)) {
                panic!("{page} of {:?} differs from candor's: {theirs:?} instead of {ours:?}", self.peer);
            }
        }
        let feed = |folder: &Path| -> Value {
            serde_json::from_slice(&fs::read(folder.join("feed.json")).expect("a feed")).expect("JSON")
        };
        let (ours, theirs) = (feed(&self.project.join("dist")), feed(out));
        assert_eq!(theirs["items"].as_array().map(Vec::len), Some(size.releases), "entries of the feed");
        // candor's feed has only the latest releases.
        let texts = |feed: &Value| -> Vec<String> {
            let items = feed["items"].as_array().into_iter().flatten();
            items.map(|item| item["content_html"].as_str().expect("the text of an entry").to_owned()).collect()
        };
        for (ours, theirs) in texts(&ours).iter().zip(&texts(&theirs)) {
            if let Some((ours, theirs)) = first_difference(ours, theirs) {
                panic!("an entry of {:?} differs from candor's: {theirs:?} instead of {ours:?}", self.peer);
            }
        }
        let atom = fs::read_to_string(out.join("feed.xml")).expect("a feed");
        assert_eq!(atom.matches("<content type=\"html\">&lt;p&gt;").count(), size.releases, "entries of the feed");
    }
}

/// Files of candor's site that the peers copy, because they cannot generate them.
const COPIED: [&str; 12] = [
    "_headers",
    "index.md",
    "llms.txt",
    "notices.ics",
    "releases/index.json",
    "schedule/annex.docx",
    "schedule/annex.xlsx",
    "subprocessors-table.csv",
    "subprocessors.csv",
    "subprocessors.json",
    "subprocessors.xlsx",
    "upcoming.json",
];

/// Returns the folder of the peers' templates.
fn peers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers")
}

/// Returns a page: front matter in TOML, which the peers parse fastest, and its text.
fn page(title: &str, own: &str, extra: &Value, text: &str) -> String {
    let extra: String =
        extra.as_object().into_iter().flatten().map(|(key, value)| format!("{key} = {}\n", toml(value))).collect();
    format!("+++\ntitle = {}\n{own}[extra]\n{extra}+++\n{text}", toml(&title.into()))
}

/// Formats a value as TOML in one line. Strings are written as in JSON, whose escapes are valid in TOML, too.
fn toml(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| format!("{key} = {}", toml(value)));
            format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// Returns the sections as Markdown in candor's elements, without the end of the last section, which contains the list.
fn prose(disclosure: &Disclosure) -> String {
    let section = |(at, section): (usize, &Arc<Section>)| {
        let (id, number) = (&section.id, at + 1);
        let end = if number == disclosure.sections.len() { "" } else { "</section>\n" };
        format!(
            "<section class=\"section\" id=\"{id}\" aria-labelledby=\"{id}--title\">\n\
             <h2 id=\"{id}--title\"><span class=\"num\">{number}</span>{}</h2>\n\
             <div class=\"prose\">\n\n{}\n\n</div>\n{end}\n",
            section.title, section.body
        )
    };
    disclosure.sections.iter().enumerate().map(section).collect()
}

/// Returns the optional features that subprocessors depend on, in the order of the list.
fn features(disclosure: &Disclosure) -> Vec<&str> {
    let mut features = Vec::new();
    for condition in disclosure.subprocessors.iter().filter_map(|item| item.condition.as_ref()) {
        features.extend(condition.only_feature().filter(|feature| !features.contains(feature)));
    }
    features
}

/// Returns the changes by group, with the labels that readers see.
fn groups(changes: &Changes) -> Value {
    let group = |subject, title: &str| {
        let changes: Vec<Value> = changes.iter().filter(|change| change.subject() == subject).map(change).collect();
        (!changes.is_empty()).then(|| json!({ "title": title, "changes": changes }))
    };
    let groups =
        [group(Subject::List(List::Sections), "Sections"), group(Subject::List(List::Subprocessors), "Subprocessors")];
    groups.into_iter().flatten().collect()
}

fn change(change: &Change) -> Value {
    let Change::Changed { subject, id, label, notice, fields, .. } = change else {
        panic!("{change:?}: not generated")
    };
    let mut entry = json!({
        "label": label,
        "notice": notice,
        "fields": fields.iter().map(field).collect::<Vec<_>>(),
    });
    if *subject == Subject::List(List::Subprocessors) {
        entry["id"] = json!(id);
    }
    entry
}

fn field(field: &FieldChange) -> Value {
    match field {
        FieldChange::Elements { added, removed, .. } => {
            json!({ "label": "Data categories", "added": added, "removed": removed })
        }
        FieldChange::Value { before: Some(Value::String(before)), after: Some(Value::String(after)), .. } => {
            let spans = words(before, after).into_iter().map(|span| match span.kind {
                SpanKind::Same => json!({ "kind": "same", "text": span.text }),
                SpanKind::Added => json!({ "kind": "added", "text": span.text }),
                SpanKind::Removed => json!({ "kind": "removed", "text": span.text }),
            });
            json!({ "label": "Text", "added": [], "removed": [], "spans": spans.collect::<Vec<_>>() })
        }
        FieldChange::File { .. }
        | FieldChange::Parts { .. }
        | FieldChange::Redacted { .. }
        | FieldChange::Upcoming { .. }
        | FieldChange::Value { .. } => {
            panic!("{field:?}: not generated")
        }
    }
}

/// Copies a folder recursively, and renames the files.
fn copy(from: &Path, to: &Path, name: &dyn Fn(&str) -> String) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let path = entry.path();
        let text = entry.file_name().into_string().expect("a plain name");
        if path.is_dir() {
            copy(&path, &to.join(&text), name);
        } else {
            fs::copy(&path, to.join(name(&text))).expect("a copy");
        }
    }
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
