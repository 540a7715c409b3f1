//! `candor verify`: that no release was changed, lost or put in; here, in a built site, or on a published one.

use std::io::Write;
use std::path::Path;

use serde::Serialize;

use super::{Context, Failure, Outcome};
use crate::cli::{Format, VerifyArgs};
use crate::diagnostic::{Report, render};
use crate::fetch::Client;
use crate::history::chain::{self, Chain};
use crate::history::published::{self, INDEX, MAX_INDEX_BYTES};
use crate::history::record::MAX_BYTES;
use crate::history::store::Folder;
use crate::history::{Link, Release, file_name};
use crate::model::{Digest, Malformed, Version, WebUrl};
use crate::wording::Catalog;

/// Verifies a chain, and perhaps that another one is its beginning.
///
/// # Errors
/// When there is nothing to verify at the place that was named.
pub fn run(args: &VerifyArgs, context: &Context) -> Result<Outcome, Failure> {
    let target = match &args.target {
        Some(target) => Target::of(target)?,
        None => Target::Folder(Folder::of(&context.project)),
    };
    let (chain, mut report) = target.verify(context);
    if let Some(other) = &args.against
        && !report.has_errors()
    {
        match Target::of(other)?.digests(context) {
            Ok(published) => report.merge(chain::check_prefix(&published, &chain.links, &format!("`{other}`"))),
            Err(found) => report.merge(found),
        }
    }
    tell(&chain.links, &report, args.against.as_deref(), context)
}

/// Where releases are.
pub(super) enum Target {
    /// A folder of records.
    Folder(Folder),
    /// A built or published site: how findings name its `releases/`, and how to get a file below it.
    Site { shown: String, get: Box<published::Get<'static>> },
}

impl Target {
    /// The target of a name on the command line.
    pub(super) fn of(name: &str) -> Result<Target, Failure> {
        if name.contains("://") {
            let url: WebUrl = name.parse().map_err(|why: Malformed| Failure::new(why.message, why.help))?;
            return Ok(Target::published(&url));
        }
        let path = Path::new(name);
        let releases = path.join("releases");
        if path.join("content").is_dir() {
            Ok(Target::Folder(Folder::at(&path.join("content/releases"))))
        } else if releases.join(INDEX).is_file() {
            Ok(Target::built(&releases))
        } else if path.join(INDEX).is_file() {
            Ok(Target::built(path))
        } else if releases.is_dir() {
            Ok(Target::Folder(Folder::at(&releases)))
        } else if path.is_dir() {
            Ok(Target::Folder(Folder::at(path)))
        } else {
            Err(Failure::new(
                format!("`{name}` is not a folder and not a web address"),
                "name a project, a built site, a folder of release records, or the address of a published site",
            ))
        }
    }

    fn built(releases: &Path) -> Target {
        let shown = releases.display().to_string();
        let releases = releases.to_owned();
        let get = move |name: &str| {
            let path = releases.join(name);
            let told = |error: std::io::Error| format!("cannot read `{}`: {error}", path.display());
            let metadata = std::fs::metadata(&path).map_err(told)?;
            if !metadata.is_file() || metadata.len() > limit(name) {
                return Err(format!("`{}` is not a file of bearable size", path.display()));
            }
            std::fs::read(&path).map_err(told)
        };
        Target::Site { shown, get: Box::new(get) }
    }

    fn published(url: &WebUrl) -> Target {
        let base = format!("{}/releases", url.as_str().trim_end_matches('/').trim_end_matches("/releases"));
        let shown = base.clone();
        let client = Client::new();
        let get = move |name: &str| {
            let url: WebUrl = format!("{base}/{name}").parse().map_err(|why: Malformed| why.message)?;
            client.get(&url, limit(name)).map_err(|error| error.to_string())
        };
        Target::Site { shown, get: Box::new(get) }
    }

    fn verify(&self, context: &Context) -> (Chain, Report) {
        let (files, witness, mut report) = match self {
            Target::Folder(folder) => folder.files(),
            Target::Site { shown, get } => match published::read(shown, get) {
                Ok((site, report)) => (site.files, site.witness, report),
                Err(found) => return (Chain::default(), (*found).into()),
            },
        };
        let (chain, findings) = chain::verify(files, &witness, context.as_of);
        report.merge(findings);
        (chain, report)
    }

    /// The newest release; none where nothing was released.
    pub(super) fn newest(&self, context: &Context) -> Result<Option<Release>, Report> {
        let newest = self.digests(context)?.into_iter().max();
        let (Some((version, _)), Target::Site { shown, get }) = (newest, self) else {
            let history = self.verify(context).0.complete()?;
            return Ok(history.newest().cloned());
        };
        published::release(version, shown, get).map(Some).map_err(|found| Report::from(*found))
    }

    /// Versions and digests. Of a site the list is enough once the newest record has the digest that the list
    /// names: each record pins the one before it.
    fn digests(&self, context: &Context) -> Result<Vec<(Version, Digest)>, Report> {
        match self {
            Target::Folder(_) => {
                let (chain, report) = self.verify(context);
                let digests = chain.links.iter().map(|link| (link.version, link.sha256)).collect();
                if report.has_errors() { Err(report) } else { Ok(digests) }
            }
            Target::Site { shown, get } => published::digests(shown, get),
        }
    }
}

fn limit(name: &str) -> u64 {
    if name == INDEX { MAX_INDEX_BYTES } else { MAX_BYTES }
}

/// What `--format json` prints.
#[derive(Serialize)]
struct Verdict {
    holds: bool,
    releases: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    newest: Option<Newest>,
    report: serde_json::Value,
}

#[derive(Serialize)]
struct Newest {
    version: Version,
    sha256: Digest,
}

fn tell(links: &[Link], report: &Report, against: Option<&str>, context: &Context) -> Result<Outcome, Failure> {
    let holds = !report.has_errors();
    let newest = links.last().filter(|_| holds);
    if context.format == Format::Json {
        let mut report = report.clone();
        report.sort();
        let verdict = Verdict {
            holds,
            releases: links.len(),
            newest: newest.map(|link| Newest { version: link.version, sha256: link.sha256 }),
            report: serde_json::from_str(&render::json(&report)).unwrap_or_default(),
        };
        let json = serde_json::to_string_pretty(&verdict).map_err(std::io::Error::from)?;
        writeln!(context.out(), "{json}")?;
        return Ok(if holds { Outcome::Fine } else { Outcome::Problems });
    }
    let outcome = context.report(report)?;
    if outcome == Outcome::Problems || context.quiet {
        return Ok(outcome);
    }
    let words = Catalog::english();
    let mut out = context.out();
    match newest {
        None => writeln!(out, "nothing was released yet: there is nothing to verify")?,
        Some(newest) => {
            let count = words.count("count.releases", links.len());
            writeln!(out, "the chain holds: {count}, the newest {}", newest.version)?;
            writeln!(out, "SHA-256 {}  {}", newest.sha256, file_name(newest.version))?;
        }
    }
    if let Some(other) = against {
        writeln!(out, "history was not rewritten: what {other} has is here, unchanged")?;
    }
    Ok(outcome)
}
