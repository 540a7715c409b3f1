//! Properties that hold for any input bytes, one function for each fuzz target. Shared by `fuzz/fuzz_targets/` and
//! `cargo test`.

#[path = "judge.rs"]
pub mod judge;

use std::cell::RefCell;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use candor::diagnostic::{Report, Source, render as show};
use candor::history::Changes;
use candor::history::reading::{Parsed, RecordReader};
use candor::history::record::RecordV1;
#[cfg(feature = "import")]
use candor::import;
use candor::load;
use candor::markdown::{self, RenderOptions};
use candor::model::{Disclosure, Language};
use candor::project::Project;
use candor::render::{Builtin, Theme};
use candor::wording::phrase::Phrasing;
use candor::wording::{Catalog, overrides};

/// Asserts that each diagnostic is one line without control characters, has a range inside its file, and can be
/// printed.
fn assert_valid_report(report: &Report) {
    for found in report.diagnostics() {
        let message = &found.message;
        assert!(!message.is_empty() && !message.contains(char::is_control), "{}: {message:?}", found.code().as_str());
        for label in &found.labels {
            let place = &label.place;
            assert!(place.source.text.get(place.range.clone()).is_some(), "{found:?} points outside its file");
        }
        for help in &found.help {
            assert!(!help.contains(char::is_control), "{}: {help:?}", found.code().as_str());
        }
    }
    let shown = anstream::adapter::strip_str(&show::human(report)).to_string();
    assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "the output has control characters: {shown:?}");
}

fn text(bytes: &[u8]) -> String {
    // Like the loader, which normalizes line endings and rejects invalid UTF-8.
    String::from_utf8_lossy(bytes).replace("\r\n", "\n").replace('\r', "\n")
}

/// A list of subprocessors: a list that loads without diagnostics is unchanged after writing and reading it.
#[cfg(feature = "import")]
pub fn yaml(bytes: &[u8]) {
    let source = Source::new("content/data/subprocessors.yaml", text(bytes));
    let (items, report) = load::subprocessors(&source);
    assert_valid_report(&report);
    if report.is_empty() {
        let again = Source::new("content/data/subprocessors.yaml", import::to_yaml(&items, ""));
        let (read, report) = load::subprocessors(&again);
        assert!(report.is_empty() && read == items, "{report:?}\n{}", again.text);
    }
}

thread_local! {
    static PROJECT: RefCell<Option<PathBuf>> = const { RefCell::new(None) };
}

/// Returns the one project of this process and thread, with its files rewritten for each input.
fn project(files: &[(&str, &[u8])]) -> Project {
    let root = PROJECT.with_borrow_mut(|root| {
        root.get_or_insert_with(|| {
            let thread = format!("{:?}", std::thread::current().id()).replace(|c: char| !c.is_ascii_digit(), "");
            let shm = PathBuf::from("/dev/shm");
            let base = if shm.is_dir() { shm } else { std::env::temp_dir() };
            let root = base.join(format!("candor-fuzz-{}-{thread}", std::process::id()));
            fs::create_dir_all(root.join("content/sections")).expect("a folder");
            root
        })
        .clone()
    });
    for (path, bytes) in files {
        fs::write(root.join(path), bytes).expect("a file");
    }
    Project::at(root)
}

/// Loaded content becomes a record that candor reads back, and its Markdown becomes safe HTML.
fn check_content(files: &[(&str, &[u8])]) {
    let project = project(files);
    let (content, report) = load::content(&project);
    let _ = fs::remove_dir_all(project.root());
    PROJECT.set(None);
    assert_valid_report(&report);
    let Some(content) = content.filter(|_| !report.has_errors()) else { return };
    for section in &content.disclosure.sections {
        assert_safe_html(&section.body);
    }
    record(content.disclosure);
}

fn record(disclosure: Disclosure) -> Vec<u8> {
    let version = "2026-05-22".parse().expect("a version");
    let record = RecordV1 {
        schema: 1,
        version,
        published: "2026-05-22".parse().expect("a date"),
        summary: "First.".into(),
        previous: None,
        disclosure,
    };
    let bytes = record.to_bytes();
    let release = RecordReader::default().record("2026-05-22.json", &bytes).and_then(Parsed::release);
    let release = release.unwrap_or_else(|found| panic!("{found:?}"));
    assert!(release.newer.is_empty(), "the reader rejects a field of its own record: {:?}", release.newer);
    assert_eq!(release.disclosure, record.disclosure, "the record differs from the content");
    bytes
}

const SITE: &[u8] = b"title: Trust\norganization:\n  name: Example\n";

/// `content/site.yaml`.
pub fn site_yaml(bytes: &[u8]) {
    check_content(&[("content/site.yaml", bytes)]);
}

/// A section: front matter and Markdown.
pub fn front_matter(bytes: &[u8]) {
    check_content(&[("content/site.yaml", SITE), ("content/sections/10-a.md", bytes)]);
}

fn assert_safe_html(text: &str) {
    // The same Markdown is often rendered in several places, and checking is the slowest step.
    let mut judged: Vec<String> = Vec::new();
    for root in ["", "../", "/trust/"] {
        let options = RenderOptions { id_prefix: "p--", root, ..RenderOptions::new("\"><script>alert(1)</script>") };
        let rendered = markdown::render(text, &options);
        for html in [rendered.html, markdown::inline(text, &options).html] {
            if judged.contains(&html) {
                continue;
            }
            if let Err(why) = judge::judge(&html) {
                panic!("{why}\nfrom {text:?}\nhtml {html}");
            }
            judged.push(html);
        }
        for diagnostic in &rendered.diagnostics {
            assert!(text.get(diagnostic.range.clone()).is_some(), "{diagnostic:?} points outside {text:?}");
        }
    }
}

/// Markdown: the output is well-formed and has only allowed elements, attributes and schemes.
pub fn markdown(bytes: &[u8]) {
    assert_safe_html(&text(bytes));
}

/// A release file is either rejected with a location inside it, or reading and writing it gives the same bytes. A
/// record with fields of a newer candor equals its own value, pretty-printed.
pub fn release(bytes: &[u8]) {
    match RecordReader::default().record("2026-05-22.json", bytes) {
        Err(found) => assert_valid_report(&Report::from(*found)),
        Ok(parsed) if parsed.newer.schema.is_some() || !parsed.newer.fields.is_empty() => {
            let value: serde_json::Value = serde_json::from_slice(bytes).expect("JSON");
            assert_eq!(format!("{value:#}\n").as_bytes(), bytes, "a record has two valid encodings");
        }
        Ok(parsed) => {
            let release = parsed.release().expect("a record of a known schema");
            let record = RecordV1 {
                schema: 1,
                version: release.version,
                published: release.published,
                summary: release.summary,
                previous: release.previous,
                disclosure: release.disclosure,
            };
            assert_eq!(record.to_bytes(), bytes, "a record has two valid encodings");
        }
    }
}

/// Two disclosures as JSON, separated by a zero byte: applying the changes to the first gives the second.
pub fn diff(bytes: &[u8]) {
    let at = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let (old, new) = (&bytes[..at], bytes.get(at + 1..).unwrap_or_default());
    let read = |bytes| serde_json::from_slice::<Disclosure>(bytes).ok().filter(has_unique_ids);
    let (Some(old), Some(new)) = (read(old), read(new)) else { return };
    assert!(Changes::between(&old, &old).is_empty(), "a disclosure differs from itself");
    let changes = Changes::between(&old, &new);
    let strings = Catalog::english();
    for line in Phrasing::new(&strings).groups(&changes).iter().flat_map(|group| &group.lines) {
        assert!(!line.plain(&strings).is_empty());
    }
    let made = changes.apply(&old).unwrap_or_else(|error| panic!("{error}"));
    let left = Changes::between(&made, &new);
    assert!(left.is_empty(), "the changes are incomplete: {left:?}");
}

/// Returns whether ids are unique in each list, which the loader and the reader of records guarantee.
fn has_unique_ids(disclosure: &Disclosure) -> bool {
    fn unique<T: candor::model::Item>(items: &[Arc<T>]) -> bool {
        let mut ids: Vec<_> = items.iter().map(|item| item.id()).collect();
        ids.sort();
        ids.windows(2).all(|pair| pair[0] != pair[1])
    }
    unique(&disclosure.sections)
        && unique(&disclosure.controls)
        && unique(&disclosure.commitments)
        && unique(&disclosure.subprocessors)
        && unique(&disclosure.certifications)
        && unique(&disclosure.documents)
        && unique(&disclosure.faq)
}

/// Returns a theme with the publisher's templates. The built-in templates are compiled once for all inputs.
fn theme(own: &[(String, Arc<Source>)]) -> Result<Theme, Report> {
    static BUILTIN: OnceLock<Builtin> = OnceLock::new();
    let builtin = BUILTIN.get_or_init(|| Builtin::new().unwrap_or_else(|report| panic!("{report:?}")));
    let (strings, mut report) = overrides::catalog(own, &Language::default(), None);
    match builtin.clone().with(own, &strings) {
        Ok(theme) if !report.has_errors() => Ok(theme),
        Ok(_) => Err(report),
        Err(found) => {
            report.merge(found);
            Err(report)
        }
    }
}

/// A publisher's template: its name in the first line, its source below. It compiles or is rejected with a location,
/// and a name never refers to anything but the existing templates.
pub fn template(bytes: &[u8]) {
    let text = text(bytes);
    let (name, body) = text.split_once('\n').unwrap_or((&text, ""));
    let own = |name: &str| (name.to_owned(), Source::new(format!("templates/{name}"), body));
    match theme(&[own(name), own("own.html")]) {
        Err(report) => assert_valid_report(&report),
        Ok(theme) => {
            let mut context = tera::Context::new();
            context.insert("name", &"<b>\"'&");
            for name in [name, "own.html"] {
                if let Err(report) = theme.render(name, &context) {
                    assert_valid_report(&report);
                }
            }
        }
    }
}

/// The target of a request: responses are only files of the site, and redirects stay on the site.
#[cfg(feature = "serve")]
pub fn request_path(bytes: &[u8]) {
    use candor::server::path::{self, Resolution};
    let text = text(bytes);
    let (target, rest) = text.split_once('\n').unwrap_or((&text, "/"));
    let base = path::base(rest);
    assert!(base.starts_with('/') && base.ends_with('/'));
    for has in [true, false] {
        let index = |path: &str| has || path.ends_with("index.html");
        match path::resolve(target, &base, index) {
            Resolution::File(path) => {
                let odd = |part: &str| matches!(part, "" | "." | "..");
                assert!(!path.split('/').any(odd) && !path.contains(['\\', '\0']), "{path:?}");
            }
            Resolution::Redirect(to) => {
                assert!(to.starts_with('/') && !to.starts_with("//") && to.is_ascii(), "{to:?}");
                assert!(!to.contains(|c: char| c.is_control() || c == '\\'), "{to:?}");
            }
            Resolution::Preview(_) | Resolution::Missing | Resolution::Malformed => {}
        }
    }
    let _ = path::query(rest, target);
}

/// A list to import: the loader reads everything that is imported without an error.
#[cfg(feature = "import")]
pub fn import(bytes: &[u8]) {
    let (kind, bytes) = bytes.split_first().map_or((0, bytes), |(kind, rest)| (kind % 3, rest));
    let path = ["list.md", "list.html", "list.csv"][usize::from(kind)];
    let source = Source::new(path, import::normal(&text(bytes)));
    let (imported, report) = import::read(&source, &import::ImportOptions::default());
    assert_valid_report(&report);
    if let Some(imported) = imported.filter(|_| !report.has_errors()) {
        let written = Source::new("content/data/subprocessors.yaml", import::to_yaml(&imported.items, "`a list`"));
        let (again, report) = load::subprocessors(&written);
        assert!(!report.has_errors() && again == imported.items, "{report:?}\n{}", written.text);
    }
}
