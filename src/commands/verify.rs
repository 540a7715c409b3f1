//! `candor verify`: that no release was changed, lost or put in; here, in a built site, or on a published one.

use std::io::Write;
use std::path::Path;

use serde::Serialize;

use super::{Context, Failure, Outcome};
use crate::cli::{Format, VerifyArgs};
use crate::diagnostic::{Report, render};
use crate::fetch::{Client, FetchError};
use crate::files::{Dir, FileError, FileKind};
use crate::history::chain::{self, Chain};
use crate::history::published::{self, GetError, INDEX, MAX_INDEX_BYTES, SiteError};
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
    let (chain, mut report) = match target.chain(context) {
        Ok(verified) => verified,
        Err(error) => (Chain::default(), wrong(error)?),
    };
    if let Some(other) = &args.against
        && !report.has_errors()
    {
        match Target::of(other)?.digests(context) {
            Ok(published) => report.merge(chain::check_prefix(&published, &chain.links, &format!("`{other}`"))),
            Err(error) => report.merge(wrong(error)?),
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
            return Target::published(&url);
        }
        let path = Path::new(name);
        let Ok(dir) = Dir::open(path) else {
            return Err(Failure::new(
                format!("`{name}` is not a folder and not a web address"),
                "name a project, a built site, a folder of release records, or the address of a published site",
            ));
        };
        let is = |below: &str, kind: FileKind| dir.facts(Path::new(below)).is_ok_and(|facts| facts.kind == kind);
        if is("content", FileKind::Folder) {
            Ok(Target::Folder(Folder::below(path, "content/releases")))
        } else if is(&format!("releases/{INDEX}"), FileKind::File) {
            Ok(Target::built(dir, "releases"))
        } else if is(INDEX, FileKind::File) {
            Ok(Target::built(dir, ""))
        } else if is("releases", FileKind::Folder) {
            Ok(Target::Folder(Folder::below(path, "releases")))
        } else {
            Ok(Target::Folder(Folder::at(path)))
        }
    }

    /// The releases of a built site, in a folder below one that the user named.
    fn built(dir: Dir, below: &'static str) -> Target {
        let shown = dir.path().join(below).display().to_string();
        let get = move |name: &str| {
            let below = Path::new(below).join(name);
            dir.read(&below, limit(name)).map_err(|error| {
                let path = dir.path().join(&below).display().to_string();
                match error {
                    FileError::Io(_) if error.is_missing() => {
                        GetError::Absent(format!("cannot read `{path}`: {}", error.reason()))
                    }
                    FileError::Io(_) => GetError::Unavailable(format!("cannot read `{path}`: {}", error.reason())),
                    error => GetError::Unfit(format!("`{path}` {error}")),
                }
            })
        };
        Target::Site { shown, get: Box::new(get) }
    }

    fn published(url: &WebUrl) -> Result<Target, Failure> {
        let base = format!("{}/releases", url.as_str().trim_end_matches('/').trim_end_matches("/releases"));
        let shown = base.clone();
        let client = Client::new()?;
        let get = move |name: &str| {
            let url: WebUrl =
                format!("{base}/{name}").parse().map_err(|why: Malformed| GetError::Unavailable(why.message))?;
            client.get(&url, limit(name)).map_err(|error| match &error {
                FetchError::TooLarge { .. } => GetError::Unfit(error.to_string()),
                _ if error.is_absence() => GetError::Absent(error.to_string()),
                FetchError::NoClient(_) | FetchError::Status { .. } | FetchError::Unreachable { .. } => {
                    GetError::Unavailable(error.to_string())
                }
            })
        };
        Ok(Target::Site { shown, get: Box::new(get) })
    }

    /// The chain of releases, with what is wrong with it.
    fn chain(&self, context: &Context) -> Result<(Chain, Report), SiteError> {
        let (files, witness, mut report) = match self {
            Target::Folder(folder) => folder.files(),
            Target::Site { shown, get } => {
                let (site, report) = published::read(shown, get)?;
                (site.files, site.witness, report)
            }
        };
        let (chain, findings) = chain::verify(files, &witness, context.as_of);
        report.merge(findings);
        Ok((chain, report))
    }

    /// The newest release; `None` where nothing was released.
    pub(super) fn newest(&self, context: &Context) -> Result<Option<Release>, SiteError> {
        let Target::Site { shown, get } = self else {
            let (chain, report) = self.chain(context)?;
            if report.has_errors() {
                return Err(SiteError::Wrong(report));
            }
            return Ok(chain.complete().map_err(SiteError::Wrong)?.newest().cloned());
        };
        match published::digests(shown, get)?.into_iter().max() {
            Some((version, _)) => published::release(version, shown, get).map(Some),
            None => Ok(None),
        }
    }

    /// Versions and digests. Of a site the list is enough once the newest record has the digest that the list
    /// names: each record pins the one before it.
    fn digests(&self, context: &Context) -> Result<Vec<(Version, Digest)>, SiteError> {
        match self {
            Target::Folder(_) => {
                let (chain, report) = self.chain(context)?;
                let digests = chain.links.iter().map(|link| (link.version, link.sha256)).collect();
                if report.has_errors() { Err(SiteError::Wrong(report)) } else { Ok(digests) }
            }
            Target::Site { shown, get } => published::digests(shown, get),
        }
    }
}

/// The report of a site that is wrong.
///
/// # Errors
/// When the site could not be read, which says nothing about it.
pub(super) fn wrong(error: SiteError) -> Result<Report, Failure> {
    match error {
        SiteError::Wrong(report) => Ok(report),
        SiteError::Unavailable { message, help } => Err(Failure::new(message, help)),
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
        context.out().json(&json)?;
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
