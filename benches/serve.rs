//! Measures how long after a save the preview serves the new page, and whether it ever returns a status other than 200.
//!
//! `cargo bench --bench serve` creates a project of 100 releases with 50 subprocessors, starts `candor serve` (or the program
//! in the variable `CANDOR`) and saves a section, a template and the style sheet in turn. Times are from the end of the save to
//! the end of the first response that contains it, over one connection, so they include the file event, the wait for further
//! events and the rebuild.

mod support;

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use candor::history::record::RecordV1;
use candor::history::store;
use candor::load;
use candor::model::{Date, Version};
use candor::project::Project;
use support::preview::{Client, Preview};

const RELEASES: usize = 100;
const SUBPROCESSORS: usize = 50;
const SAVES: usize = 30;
const SECTION: &str = "content/sections/10-security.md";

fn main() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let root = folder.path();
    make_project(root)?;
    let program = std::env::var("CANDOR").unwrap_or_else(|_| env!("CARGO_BIN_EXE_candor").to_owned());
    let preview = Preview::start(&program, root)?;
    let port = preview.port;

    let done = Arc::new(AtomicBool::new(false));
    let (asked, wrong) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    Client::new(port)?.get("/")?;
    let poller = {
        let (done, asked, wrong) = (Arc::clone(&done), Arc::clone(&asked), Arc::clone(&wrong));
        thread::spawn(move || poll(port, &done, &asked, &wrong))
    };
    let mut client = Client::new(port)?;
    println!(
        "{RELEASES} releases with {SUBPROCESSORS} subprocessors, {SAVES} saves each, time until the change is served:"
    );
    measure("content", |nth| {
        fs::write(root.join(SECTION), section(&format!("save-{nth}.")))?;
        client.until("/", &format!("save-{nth}."))
    })?;
    let template = builtin("templates/base.html")?;
    measure("template", |nth| {
        fs::create_dir_all(root.join("templates"))?;
        fs::write(
            root.join("templates/base.html"),
            template.replacen("<main", &format!("<main data-save=\"{nth}.\""), 1),
        )?;
        client.until("/", &format!("data-save=\"{nth}.\""))
    })?;
    let style = builtin("static/css/candor.css")?;
    measure("style sheet", |nth| {
        fs::create_dir_all(root.join("static/css"))?;
        fs::write(root.join("static/css/candor.css"), format!("{style}\n.save-{nth}{{color:red}}\n"))?;
        let start = Instant::now();
        loop {
            let page = client.get("/")?.1;
            let sheet =
                page.split("href=\"").filter_map(|rest| rest.split('"').next()).find(|href| href.ends_with(".css"));
            let sheet = sheet.expect("a style sheet").trim_start_matches("./").trim_start_matches('/');
            if client.get(&format!("/{sheet}"))?.1.contains(&format!(".save-{nth}{{")) {
                return Ok(start.elapsed());
            }
        }
    })?;
    done.store(true, Ordering::Relaxed);
    poller.join().expect("the poller")?;
    drop(preview);
    println!(
        "{} other responses, {} of them with a status other than 200",
        asked.load(Ordering::Relaxed),
        wrong.load(Ordering::Relaxed)
    );
    Ok(())
}

/// Runs the saves and prints the median and the maximum of their times.
fn measure(what: &str, mut save: impl FnMut(usize) -> io::Result<Duration>) -> io::Result<()> {
    let mut times = (0..SAVES).map(&mut save).collect::<io::Result<Vec<_>>>()?;
    times.sort();
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    println!("{what:>12}: median {:6.1} ms, maximum {:6.1} ms", ms(times[times.len() / 2]), ms(times[times.len() - 1]));
    // Leave a pause, because people do not save faster, and queued events would distort the times.
    thread::sleep(Duration::from_millis(50));
    Ok(())
}

/// Requests a few pages continuously, with short pauses so that it does not slow down the preview.
fn poll(port: u16, done: &AtomicBool, asked: &AtomicUsize, wrong: &AtomicUsize) -> io::Result<()> {
    let mut client = Client::new(port)?;
    while !done.load(Ordering::Relaxed) {
        for target in ["/", "/subprocessors/", "/changelog/", "/subprocessors.json"] {
            let (status, _) = client.get(target)?;
            asked.fetch_add(1, Ordering::Relaxed);
            wrong.fetch_add(usize::from(status != 200), Ordering::Relaxed);
        }
        thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

/// Reads a file of the built-in theme.
fn builtin(path: &str) -> io::Result<String> {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
}

fn section(text: &str) -> String {
    format!("---\ntitle: Security\n---\n\n{text}\n")
}

/// Writes content and its releases, each of which changes the purpose of one subprocessor.
fn make_project(root: &Path) -> io::Result<()> {
    fs::create_dir_all(root.join("content/data"))?;
    fs::create_dir_all(root.join("content/sections"))?;
    fs::create_dir_all(root.join("content/releases"))?;
    fs::write(
        root.join("content/site.yaml"),
        "title: Trust\norganization:\n  name: Example\nbase_url: https://trust.example.com/\n",
    )?;
    fs::write(root.join(SECTION), section("Encrypted in transit."))?;
    fs::write(
        root.join("content/sections/20-subprocessors.md"),
        "---\ntitle: Subprocessors\nshow: subprocessors\n---\n",
    )?;
    let project = Project::at(root);
    let mut previous = None;
    let mut sums = candor::history::sums::Sums::default();
    for release in 0..RELEASES {
        fs::write(root.join("content/data/subprocessors.yaml"), subprocessors(release))?;
        let (content, report) = load::content(&project);
        let content = content
            .filter(|_| !report.has_errors())
            .unwrap_or_else(|| panic!("{}", candor::diagnostic::render::human(&report)));
        let published: Date = format!("2026-{:02}-{:02}", 1 + release / 28, 1 + release % 28).parse().expect("a date");
        let version = Version::first_on(published);
        let summary = format!("Release {release}.");
        let record = RecordV1 { schema: 1, version, published, summary, previous, disclosure: content.disclosure };
        let bytes = record.to_bytes();
        let sha256 = candor::model::Digest::of(&bytes);
        fs::write(project.releases().join(format!("{version}.json")), bytes)?;
        sums.insert(version, sha256);
        previous = Some(candor::history::record::Link { version, sha256 });
    }
    store::Folder::of(&project).write_sums(&sums).map_err(io::Error::other)
}

fn subprocessors(release: usize) -> String {
    (0..SUBPROCESSORS).fold(String::new(), |mut yaml, nth| {
        let edition =
            if nth <= release % SUBPROCESSORS { release / SUBPROCESSORS + 1 } else { release / SUBPROCESSORS };
        writeln!(
            yaml,
            "- id: processor-{nth}\n  name: Processor {nth}\n  purpose: Hosting and support, edition {edition}.\n  \
             data_categories: [Account data, Log data]\n  locations: [DE, US]\n  transfer_mechanism: scc"
        )
        .expect("text");
        yaml
    })
}
