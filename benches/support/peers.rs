//! The same content for other generators, with templates of their own in `benches/peers/`.
//!
//! They write what readers see and what such a generator can: the page of each release, the overview, the list of
//! subprocessors, the change log and both feeds; the records and the assets are files that they copy. The lists come
//! from data files, and what changed from the front matter, for they cannot compute it. The words of their pages have
//! to be those of candor's.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use candor::history::diff::words::{SpanKind, words};
use candor::history::diff::{Change, Changes, FieldChange, Subject};
use candor::model::{Digest, Disclosure, List};
use serde_json::{Value, json};

use super::generate::{self, Size, disclosure, yaml};
use super::text::first_difference;

/// Another generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// Zola: a single binary in Rust with the same template language.
    Zola,
    /// Hugo: a single binary in Go.
    Hugo,
}

/// What a site's data is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Data {
    /// YAML, as people write it.
    Yaml,
    /// JSON, which every generator parses faster.
    Json,
}

/// How much of candor's site a peer writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The same content.
    Same,
    /// For each release a page of its text and a table of three columns, without any layout. Only Zola.
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
    /// The program: that which the variable `ZOLA` or `HUGO` names, or else that on the PATH.
    fn program(self) -> String {
        let (variable, name) = match self {
            Peer::Zola => ("ZOLA", "zola"),
            Peer::Hugo => ("HUGO", "hugo"),
        };
        std::env::var(variable).unwrap_or_else(|_| name.to_owned())
    }

    /// A run of what starts the program and is not a part of it, which the variable `ZOLA_START` or `HUGO_START` may
    /// name with its arguments: Zola of the npm package runs within Node, and `node -e 0` is what that costs.
    pub fn launcher(self) -> Option<Command> {
        let words = std::env::var(if self == Peer::Zola { "ZOLA_START" } else { "HUGO_START" }).ok()?;
        let mut words = words.split_whitespace();
        let mut command = Command::new(words.next()?);
        command.args(words);
        Some(command)
    }

    /// What it says of its version; none where it cannot be started.
    pub fn version(self) -> Option<String> {
        let mut command = Command::new(self.program());
        command.arg(if self == Peer::Zola { "--version" } else { "version" });
        let output = command.stderr(Stdio::null()).output().ok().filter(|output| output.status.success())?;
        String::from_utf8_lossy(&output.stdout).lines().next().map(str::to_owned)
    }

    /// The build of a site into a folder that is not there yet.
    pub fn build(self, root: &Path, out: &Path) -> Command {
        let mut command = Command::new(self.program());
        match self {
            Peer::Zola => command.arg("--root").arg(root).arg("build").arg("--output-dir").arg(out),
            Peer::Hugo => command.arg("--quiet").arg("--source").arg(root).arg("--destination").arg(out),
        };
        command
    }
}

/// A site for a peer.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// Who builds it.
    pub peer: Peer,
    /// What its lists are written in.
    pub data: Data,
    /// How much of candor's site it is.
    pub extent: Extent,
    /// The project with the same content, built into its folder `dist`.
    pub project: &'a Path,
}

impl Site<'_> {
    /// Writes it into a folder.
    pub fn write(self, root: &Path, size: Size) {
        let templates = match (self.peer, self.extent) {
            (Peer::Zola, Extent::Same) => "zola",
            (Peer::Zola, Extent::Tables) => "zola-tables",
            (Peer::Hugo, _) => "hugo",
        };
        copy(&peers().join(templates), root, &|name| name.to_owned());
        let mut before = None;
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
            write(root, &format!("content/changelog/r{at}.md"), &page(&now.title, &own, &extra, &prose(&now)));
            if at + 1 == size.releases {
                self.sections(root, &now, &extra);
            }
            before = Some(now);
        }
        if self.extent == Extent::Same {
            self.files(root);
        }
    }

    /// What the templates want to know of a release.
    fn extra(self, now: &Disclosure, before: Option<&Disclosure>, at: usize) -> Value {
        let version = generate::version(at).to_string();
        let data = format!("data/{version}.{}", self.data.ending());
        if self.extent == Extent::Tables {
            return json!({ "data": data });
        }
        let record = fs::read(self.project.join(format!("content/releases/{version}.json"))).expect("a record");
        let changes = before.map(|before| Changes::between(before, now)).unwrap_or_default();
        json!({
            "version": version,
            "data": data,
            "summary": generate::summary(at),
            "sha256": Digest::of(&record).to_string(),
            "count": changes.len(),
            "groups": groups(&changes),
        })
    }

    /// The line of the front matter that puts a page elsewhere than its file is.
    fn address(self, path: &str) -> String {
        match self.peer {
            Peer::Zola => format!("path = \"{path}\"\n"),
            Peer::Hugo => format!("url = \"/{path}/\"\n"),
        }
    }

    /// The overview, the list and the change log, all about the newest release.
    fn sections(self, root: &Path, newest: &Disclosure, extra: &Value) {
        let own = |template: &str, more: &str| match self.peer {
            Peer::Zola => format!("template = \"{template}.html\"\n{more}"),
            Peer::Hugo => String::new(),
        };
        let text = prose(newest);
        write(root, "content/_index.md", &page(&newest.title, &own("index", ""), extra, &text));
        let list = page("Subprocessors", &own("subprocessors", ""), extra, "");
        write(root, "content/subprocessors/_index.md", &list);
        let own = own("changelog", "sort_by = \"date\"\n");
        write(root, "content/changelog/_index.md", &page("Change log", &own, extra, ""));
    }

    /// What the site has besides: plain HTML for any generator, and what is copied: assets, records and the list for machines.
    fn files(self, root: &Path) {
        let fragments = root.join(match self.peer {
            Peer::Zola => "templates",
            Peer::Hugo => "layouts/partials",
        });
        copy(&peers().join("shared"), &fragments, &|name| name.to_owned());
        fs::copy(peers().join("../../templates/partials/icons.html"), fragments.join("icons.html")).expect("icons");
        let (built, files) = (self.project.join("dist"), root.join("static"));
        // The templates know the assets by the names that they had before their digests.
        copy(&built.join("assets"), &files.join("assets"), &|name| match name.split('.').collect::<Vec<_>>()[..] {
            [stem, digest, ending] if digest.len() == 10 => format!("{stem}.{ending}"),
            _ => name.to_owned(),
        });
        copy(&self.project.join("content/releases"), &files.join("releases"), &|name| name.to_owned());
        for name in ["subprocessors.csv", "subprocessors.json"] {
            fs::copy(built.join(name), files.join(name)).expect("a list");
        }
    }

    /// Builds the site and holds the words of its pages against those of candor's, so that nobody is compared who has
    /// less to write, or more.
    pub fn check(self, root: &Path, out: &Path, size: Size) {
        let built = self.peer.build(root, out).output().expect("a build");
        assert!(built.status.success(), "{:?}: {}", self.peer, String::from_utf8_lossy(&built.stderr));
        // The middle one, and the newest that rewords a section.
        let releases = [size.releases / 2, (size.releases - 1) / 10 * 10];
        let pages = releases.map(|at| format!("releases/{}/index.html", generate::version(at)));
        let mut others = vec!["index.html".to_owned(), "subprocessors/index.html".to_owned()];
        let log = fs::read_to_string(out.join("changelog/index.html")).expect("a change log");
        assert_eq!(log.matches("<article").count(), size.releases, "entries of the change log");
        if size.releases <= 100 {
            // Candor gives the years of a longer one pages of their own, the peers have it on one.
            others.push("changelog/index.html".to_owned());
        }
        for page in pages.iter().chain(&others) {
            let read =
                |folder: &Path| fs::read_to_string(folder.join(page)).unwrap_or_else(|error| panic!("{page}: {error}"));
            if let Some((ours, theirs)) = first_difference(&read(&self.project.join("dist")), &read(out)) {
                panic!("{page} of {:?} says other things than candor's: {theirs:?} for {ours:?}", self.peer);
            }
        }
        let feed: Value = serde_json::from_slice(&fs::read(out.join("feed.json")).expect("a feed")).expect("JSON");
        assert_eq!(feed["items"].as_array().map(Vec::len), Some(size.releases), "entries of the feed");
        let atom = fs::read_to_string(out.join("feed.xml")).expect("a feed");
        assert_eq!(atom.matches("<content type=\"html\">&lt;p&gt;").count(), size.releases, "entries of the feed");
    }
}

/// Where the peers' templates are.
fn peers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers")
}

/// A page: front matter in TOML, which the peers read fastest, and its text.
fn page(title: &str, own: &str, extra: &Value, text: &str) -> String {
    let extra: String =
        extra.as_object().into_iter().flatten().map(|(key, value)| format!("{key} = {}\n", toml(value))).collect();
    format!("+++\ntitle = {}\n{own}[extra]\n{extra}+++\n{text}", toml(&title.into()))
}

/// A value as TOML in a line. Strings are written as in JSON, whose escapes TOML has too.
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

/// The sections as Markdown, numbered as candor numbers them.
fn prose(disclosure: &Disclosure) -> String {
    let sections = disclosure.sections.iter().enumerate();
    sections.map(|(at, section)| format!("## {} {}\n\n{}\n\n", at + 1, section.title, section.body)).collect()
}

/// The changes by what they belong to, with the words that readers see.
fn groups(changes: &Changes) -> Value {
    let group = |subject, title: &str| {
        let changes: Vec<Value> = changes.iter().filter(|change| change.subject() == subject).map(change).collect();
        (!changes.is_empty()).then(|| json!({ "title": title, "changes": changes }))
    };
    let groups =
        [group(Subject::List(List::Sections), "Text"), group(Subject::List(List::Subprocessors), "Subprocessors")];
    groups.into_iter().flatten().collect()
}

fn change(change: &Change) -> Value {
    let Change::Changed { subject, id, label, notice, fields } = change else { panic!("{change:?}: not generated") };
    let mut told = json!({
        "label": label,
        "notice": notice,
        "fields": fields.iter().map(field).collect::<Vec<_>>(),
    });
    if *subject == Subject::List(List::Subprocessors) {
        told["id"] = json!(id);
    }
    told
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
        FieldChange::Value { .. } => panic!("{field:?}: not generated"),
    }
}

/// Copies a folder with all in it, under other names.
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
