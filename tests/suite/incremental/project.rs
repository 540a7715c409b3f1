//! A project that is edited, and the folders that it is built to.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use candor::diagnostic::Report;
use candor::emit;
use candor::model::{Date, Digest, ProgramVersion};
use candor::pipeline::{BuildRequest, build_site};
use candor::project;
use candor::publish::manifest::{self, Manifest};
use candor::publish::{self, Destination};
use candor::site::{Artifact, Body, Site};

use super::date;
use crate::support;

/// Path -> bytes of every file below a folder.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A piece of a file with its possible values: the first is the initial one, and an empty one is left out. Pieces of one
/// file follow each other in the order of the table.
pub struct Piece {
    pub path: &'static str,
    pub texts: &'static [&'static str],
}

const fn part(path: &'static str, texts: &'static [&'static str]) -> Piece {
    Piece { path, texts }
}

/// The output of the publisher's template for a row.
pub const OWN_ROW: &str = "<td>Row of ";

const SITE: &str = "content/site.yaml";
const SUBPROCESSORS: &str = "content/data/subprocessors.yaml";

/// All pieces of the project.
pub const PIECES: &[Piece] = &[
    part(SITE, &["title: Trust\n", "title: Trust center\n"]),
    part(SITE, &["", "description: What we state.\n"]),
    part(
        SITE,
        &["organization: {name: Example}\n", "organization: {name: Example & Sons, legal_name: Example GmbH}\n"],
    ),
    part(SITE, &["", "base_url: https://trust.example.org\n", "base_url: https://example.org/trust/\n"]),
    part(SITE, &["", "language: de\n"]),
    part(
        SITE,
        &[
            "contacts: {privacy: privacy@example.org}\n",
            "contacts: {privacy: office@example.org, security: security@example.org}\n",
        ],
    ),
    part(SITE, &["", "theme: {accent: \"#135e4b\"}\n", "theme: {logo: images/logo.svg}\n"]),
    part(SITE, &["", "security_txt: {expires: 2030-01-01}\n"]),
    part(SITE, &["", "rules: {placeholder-base-url: \"off\"}\n"]),
    part(
        "content/sections/10-about.md",
        &[
            "---\ntitle: About\n---\n\nSee the [agreement](documents/agreement.pdf).\n",
            "---\ntitle: About us\nsummary: Edited.\n---\n\nEdited: [list](subprocessors/), [agreement](documents/agreement.pdf).\n",
        ],
    ),
    part("content/sections/20-subprocessors.md", &["---\ntitle: Subprocessors\nshow: subprocessors\n---\n", ""]),
    part("content/sections/21-controls.md", &["---\ntitle: Controls\nshow: controls\n---\n", ""]),
    part("content/sections/22-commitments.md", &["---\ntitle: Commitments\nshow: commitments\n---\n", ""]),
    part("content/sections/23-certifications.md", &["---\ntitle: Certifications\nshow: certifications\n---\n", ""]),
    part("content/sections/24-documents.md", &["---\ntitle: Documents\nshow: documents\n---\n", ""]),
    part("content/sections/25-faq.md", &["---\ntitle: Questions\nshow: faq\n---\n", ""]),
    part("content/sections/26-news.md", &["---\ntitle: What is new\nshow: changelog\n---\n", ""]),
    part("content/sections/27-contacts.md", &["", "---\ntitle: Contacts\nshow: contacts\n---\n"]),
    part(
        SUBPROCESSORS,
        &[
            "- {id: mail, name: Mail, purpose: Sends mail, data_categories: [Address]}\n",
            "- {id: mail, name: Mail, purpose: Sends newsletters, data_categories: [Address]}\n",
            "- {id: mail, name: Post, purpose: Sends mail, data_categories: [Address], condition: {when: enabled, feature: Mail}}\n",
            "",
        ],
    ),
    part(
        SUBPROCESSORS,
        &[
            "- {id: files, name: Files, purpose: Storage, data_categories: [Files], announced: 2026-02-01, effective: 2026-03-10}\n",
            "- {id: files, name: Files, purpose: Storage, data_categories: [Files], ends: 2026-03-12}\n",
            "- {id: files, name: Files, purpose: Storage, data_categories: [Files], locations: [DE], replaces: mail}\n",
            "",
        ],
    ),
    part(
        SUBPROCESSORS,
        &[
            "",
            "- {id: maps, name: Maps, purpose: Maps, data_categories: [Places], locations: [US], transfer_mechanism: scc}\n",
        ],
    ),
    part(
        "content/data/controls.yaml",
        &[
            "- {id: keys, title: Keys, status: implemented, description: \"**Rotated**, see the [agreement](documents/agreement.pdf).\"}\n",
            "- {id: keys, title: Keys, status: planned, group: Access}\n",
            "",
        ],
    ),
    part(
        "content/data/commitments.yaml",
        &[
            "- {id: up, plan: Basic, commitment: 99 %, details: \"*Monthly*.\"}\n",
            "- {id: up, plan: Basic, commitment: 98 %}\n",
            "",
        ],
    ),
    part(
        "content/data/certifications.yaml",
        &[
            "- {id: iso, framework: ISO 27001, status: active, valid_from: 2025-01-01, valid_until: 2026-03-08}\n",
            "- {id: iso, framework: ISO 27001, status: active, valid_from: 2025-01-01, valid_until: 2027-03-08}\n",
            "",
        ],
    ),
    part(
        "content/data/documents.yaml",
        &[
            "- {id: dpa, title: Agreement, access: public, file: documents/agreement.pdf}\n",
            "- {id: dpa, title: Agreement, access: request, category: Contracts}\n",
            "",
        ],
    ),
    part(
        "content/data/faq.yaml",
        &[
            "- {id: where, question: Where?, answer: \"In the [EU](subprocessors/).\"}\n",
            "- {id: where, question: Where?, answer: Here.}\n",
            "",
        ],
    ),
    part(
        "templates/lists/subprocessor.html",
        &["", "<tr><td>Row of {{ item.name }}, {{ page.path }} {{ page.root }}</td></tr>\n"],
    ),
    part(
        "templates/lists/faq.html",
        &["", "{% include \"builtin/lists/faq.html\" %}<p>{{ page.path }} {{ page.kind }}</p>\n"],
    ),
    part(
        "templates/partials/colophon.html",
        &["", "<footer>{{ site.title }}</footer>\n", "<footer>{{ page.root }}</footer>\n"],
    ),
    part("templates/feed/entry.html", &["", "<p>{{ entry.version }}</p>\n"]),
    part("templates/404.html", &["", "{% extends \"builtin/404.html\" %}{% block title %}Gone{% endblock %}\n"]),
    part("templates/strings/en.yaml", &["", "nav: {home: Start}\n", "nav: {home: Top}\n"]),
    part("templates/strings/de.yaml", &["", "nav: {home: Übersicht}\n", "nav: {home: Start}\n"]),
    part(
        "static/images/logo.svg",
        &["<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n", "<svg xmlns=\"http://www.w3.org/2000/svg\"><g/></svg>\n"],
    ),
    part("static/documents/agreement.pdf", &["%PDF one", "%PDF two"]),
    part("static/documents/extra.pdf", &["", "%PDF extra"]),
    part("static/css/candor.css", &["", "body{color:#123}\n", "body{color:#321}\n"]),
    part("static/brochure.pdf", &["%PDF one", "%PDF two", ""]),
    part("static/root/humans.txt", &["", "One\n", "Two\n"]),
];

/// Returns the position of the value that contains these words in a piece with this path; no words means the empty
/// value.
pub fn piece(path: &str, words: &str) -> (usize, usize) {
    let found = PIECES.iter().enumerate().filter(|(_, piece)| piece.path == path).find_map(|(at, piece)| {
        let is_it = |text: &&str| if words.is_empty() { text.is_empty() } else { text.contains(words) };
        Some((at, piece.texts.iter().position(is_it)?))
    });
    found.unwrap_or_else(|| panic!("no piece of {path} contains {words:?}"))
}

/// URLs that can be given to a build instead of the one in the content.
const BASE_URLS: [Option<&str>; 3] =
    [None, Some("https://other.example.com"), Some("https://other.example.com/deep/trust")];

/// What happens between two builds.
#[derive(Clone, Copy)]
pub enum Edit {
    /// A piece (by its position in [`PIECES`]) gets another of its values.
    Set((usize, usize)),
    /// The content is released, if possible.
    Release,
    /// Days pass.
    Days(i32),
    /// The build gets another URL.
    BaseUrl(usize),
    /// Another program builds.
    Program(usize),
    /// Whether unreleased changes are shown.
    Draft(bool),
    /// Whether compressed copies are written.
    Compress(bool),
}

impl fmt::Debug for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Edit::Set((piece, text)) => write!(f, "{}: {:?}", PIECES[*piece].path, PIECES[*piece].texts[*text]),
            Edit::Release => f.write_str("release"),
            Edit::Days(days) => write!(f, "{days} days later"),
            Edit::BaseUrl(at) => write!(f, "base URL {:?}", BASE_URLS[*at]),
            Edit::Program(nth) => write!(f, "program {nth}"),
            Edit::Draft(draft) => write!(f, "draft: {draft}"),
            Edit::Compress(compress) => write!(f, "compress: {compress}"),
        }
    }
}

/// A project with the folder and the destination that it is built to again and again.
pub struct Workbench {
    project: Option<support::Project>,
    /// The current value of each piece.
    pub chosen: Vec<usize>,
    pub as_of: Date,
    base_url: usize,
    pub program: usize,
    draft: bool,
    compress: bool,
}

/// The output of a step.
pub struct Sinks {
    /// The folder that is built in place.
    pub built: Files,
    /// A folder into which only this site was written.
    pub clean: Files,
    /// The destination, without the files that `publish` keeps for itself.
    pub published: Files,
    pub manifest: Manifest,
    /// Whether the build in place had nothing to do.
    pub unchanged: bool,
}

impl Workbench {
    /// Returns the project in its initial state.
    pub fn new() -> Workbench {
        let bench = Workbench {
            project: Some(support::Project::empty()),
            chosen: vec![0; PIECES.len()],
            as_of: date("2026-03-01"),
            base_url: 0,
            program: 0,
            draft: true,
            compress: false,
        };
        PIECES.iter().for_each(|piece| bench.put(piece.path));
        bench
    }

    /// Returns the current settings without the project.
    pub fn settings_only(&self) -> Workbench {
        Workbench { project: None, chosen: self.chosen.clone(), ..*self }
    }

    fn project(&self) -> &support::Project {
        self.project.as_ref().expect("a workbench with its project")
    }

    /// Writes a file from its pieces, or removes it if all are empty.
    fn put(&self, path: &str) {
        let pieces = PIECES.iter().zip(&self.chosen).filter(|(piece, _)| piece.path == path);
        let text: String = pieces.map(|(piece, chosen)| piece.texts[*chosen]).collect();
        let file = self.project().path(path);
        if text.is_empty() {
            let _ = fs::remove_file(file);
        } else {
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, text).expect("written");
        }
    }

    /// Applies one edit; returns an error if it was refused.
    pub fn apply(&mut self, edit: &Edit) -> Result<(), String> {
        match *edit {
            Edit::Set((piece, text)) => {
                self.chosen[piece] = text;
                self.put(PIECES[piece].path);
            }
            Edit::Release => {
                let run = self.project().run(["release", "-q", "-m", "A release.", "--as-of", &self.as_of.to_string()]);
                if run.code != Some(0) {
                    return Err(run.stderr);
                }
            }
            Edit::Days(days) => self.as_of = self.as_of.plus_days(days),
            Edit::BaseUrl(at) => self.base_url = at,
            Edit::Program(nth) => self.program = nth,
            Edit::Draft(draft) => self.draft = draft,
            Edit::Compress(compress) => self.compress = compress,
        }
        Ok(())
    }

    /// Builds the site of the current project.
    pub fn build(&self) -> Result<Site, Report> {
        let request = BuildRequest {
            draft: self.draft,
            base_url: BASE_URLS[self.base_url].map(|url| url.parse().expect("a URL")),
            program: ProgramVersion::named(format!("program {}", self.program)),
            command: (!self.draft).then_some(candor::diagnostic::RefusedCommand::Build),
            ..BuildRequest::new(self.as_of)
        };
        let built = build_site(&project::Project::at(self.project().root()), &request)?;
        Ok(rendered_by(&built.site, self.program))
    }

    /// Builds to the folder and publishes to the destination, both in place, and writes the site to an empty
    /// folder.
    pub fn write(&self, site: &Site, step: usize) -> Sinks {
        let project = self.project();
        let options = emit::Options { compress: self.compress, inputs: Vec::new() };
        let written = emit::write(site, &project.path("dist"), &options).expect("built in place");
        let alone = tempfile::tempdir().expect("a folder");
        emit::write(site, &alone.path().join("dist"), &options).expect("built");

        let address = url::Url::from_directory_path(project.path("public")).expect("an absolute path");
        let destination = Destination::parse(address.as_str(), None).expect("a destination");
        let now: jiff::Timestamp = format!("{}T12:00:00Z", self.as_of).parse().expect("a time");
        let options = publish::Options {
            run: Digest::of(step.to_string().as_bytes()),
            now: now.into(),
            compress: self.compress,
            base_url: None,
            no_lock: false,
            time_limit: candor::publish::TIME_LIMIT,
            take_over: false,
            adopt: false,
            resend: false,
            jobs: 4,
        };
        publish::publish(site, &destination, &options, &|_| {}).unwrap_or_else(|error| panic!("{error}"));
        let mut published = read(&project.path("public"));
        let manifest = published.remove(manifest::PATH).expect("a manifest");
        // The folder of the manifest belongs to the publisher.
        published.retain(|path, _| !path.starts_with(".candor/"));
        Sinks {
            built: read(&project.path("dist")),
            clean: read(&alone.path().join("dist")),
            published,
            manifest: Manifest::parse(&manifest, address.as_str()).expect("a manifest"),
            unchanged: written.unchanged,
        }
    }
}

/// Returns the site as another program would render it: the same keys, but different bytes.
fn rendered_by(site: &Site, program: usize) -> Site {
    let mut other = Site::made_by(site.program().clone());
    for (path, artifact) in site.iter() {
        let body = match &artifact.body {
            Body::Deferred { key, exact: false, produce } => {
                let produce = Arc::clone(produce);
                let produce = Arc::new(move || {
                    let mut bytes = produce()?;
                    // Whitespace is ignored in every format.
                    bytes.extend(std::iter::repeat_n(b'\n', program));
                    Ok(bytes)
                });
                Body::Deferred { key: *key, exact: false, produce }
            }
            body => body.clone(),
        };
        other.insert(path.clone(), Artifact { body, ..artifact.clone() }).expect("a unique path");
    }
    other
}

/// Returns every file below a folder.
fn read(folder: &Path) -> Files {
    let entries = walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.expect("an entry"));
    let files = entries.filter(|entry| entry.file_type().is_file());
    let file = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(folder).expect("inside").to_str().expect("UTF-8").replace('\\', "/");
        (path, fs::read(entry.path()).expect("a file"))
    };
    files.map(file).collect()
}
