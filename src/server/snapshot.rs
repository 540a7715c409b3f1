//! A complete site, ready to be served: every page is rendered before any of them can be requested.

use std::collections::BTreeMap;
use std::sync::Arc;

use hyper::body::Bytes;
use hyper::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue};
use rayon::prelude::*;

use super::page::Page;
use super::path;
use super::policy;
use super::respond::File;
use super::{Built, Headers};
use crate::diagnostic::Report;
use crate::model::Digest;
use crate::site::{Artifact, Body, Cache, SitePath};

/// An immutable version of the site.
#[derive(Debug)]
pub struct Snapshot {
    /// The path that it is served under, decoded, with a slash at both ends.
    pub base: String,
    entries: BTreeMap<SitePath, Arc<Entry>>,
    /// Fingerprinted files of earlier versions: a page that was sent just before a swap still requests them.
    retired: BTreeMap<SitePath, Arc<Entry>>,
    /// Number of files that are new or different.
    pub fresh: usize,
}

/// One file of a snapshot.
#[derive(Debug)]
pub struct Entry {
    key: Digest,
    bytes: Arc<[u8]>,
    /// The file as it is sent; the script is added to pages when they are sent.
    file: File,
    /// The page, if the file is one.
    pub page: Option<Page>,
}

/// The maximum number of retired files to keep.
const RETIRED: usize = 64;

impl Snapshot {
    /// Renders every page of a site, in parallel. Reuses unchanged files of `before`.
    ///
    /// # Errors
    /// All diagnostics of the pages that cannot be rendered.
    pub fn new(built: &Built, before: Option<&Snapshot>) -> Result<Snapshot, Report> {
        let artifacts: Vec<_> = built.site.iter().collect();
        let made: Vec<_> = artifacts
            .into_par_iter()
            .map(|(path, artifact)| {
                let there = before.and_then(|before| before.entries.get(path));
                entry(path, artifact, there, &built.headers).map(|(entry, fresh)| (path.clone(), entry, fresh))
            })
            .collect();
        let (mut entries, mut report, mut fresh) = (BTreeMap::new(), Report::new(), 0);
        for result in made {
            match result {
                Ok((path, entry, new)) => {
                    fresh += usize::from(new);
                    entries.insert(path, entry);
                }
                Err(problems) => report.merge(problems),
            }
        }
        if !report.is_empty() {
            return Err(report);
        }
        let retired = before.map(|before| before.retire(&entries)).unwrap_or_default();
        Ok(Snapshot { base: path::base(&built.base_path), entries, retired, fresh })
    }

    /// Returns the fingerprinted files that `next` does not have; the most recently removed ones are kept longest.
    fn retire(&self, next: &BTreeMap<SitePath, Arc<Entry>>) -> BTreeMap<SitePath, Arc<Entry>> {
        let immutable = |entry: &Entry| {
            let value = HeaderValue::from_static(Cache::Immutable.control());
            entry.file.headers.iter().any(|(name, control)| *name == CACHE_CONTROL && *control == value)
        };
        let leaving = self.entries.iter().filter(|(path, entry)| !next.contains_key(*path) && immutable(entry));
        let left = self.retired.iter().filter(|(path, _)| !next.contains_key(*path));
        leaving.chain(left).take(RETIRED).map(|(path, entry)| (path.clone(), Arc::clone(entry))).collect()
    }

    /// Returns the number of files of the site.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns the bytes of a file of this version.
    pub fn bytes(&self, path: &SitePath) -> Option<Arc<[u8]>> {
        self.entries.get(path).map(|entry| Arc::clone(&entry.bytes))
    }

    /// Returns the file at a path of the site.
    pub fn get(&self, path: &str) -> Option<&Arc<Entry>> {
        let path = SitePath::new(path)?;
        self.entries.get(&path).or_else(|| self.retired.get(&path))
    }
}

impl Entry {
    /// Returns the file as the preview sends it.
    pub fn file(&self) -> File {
        match &self.page {
            Some(page) => File { body: page.with_script(&self.bytes), ..self.file.clone() },
            None => self.file.clone(),
        }
    }
}

fn entry(
    path: &SitePath,
    artifact: &Artifact,
    there: Option<&Arc<Entry>>,
    headers: &Headers,
) -> Result<(Arc<Entry>, bool), Report> {
    let headers = headers_of(path, artifact, headers);
    let key = match &artifact.body {
        // Comparing is several times faster than hashing, and most files have not changed.
        Body::Ready(bytes) => match there.filter(|there| there.bytes == *bytes) {
            Some(there) => there.key,
            None => Digest::of(bytes),
        },
        Body::Deferred { key, .. } => *key,
    };
    if let Some(there) = there.filter(|there| there.key == key) {
        if there.file.headers == headers {
            return Ok((Arc::clone(there), false));
        }
        let file = File { headers, ..there.file.clone() };
        return Ok((Arc::new(Entry { key, bytes: Arc::clone(&there.bytes), file, page: there.page.clone() }), true));
    }
    let bytes = artifact.body.shared()?;
    let fresh = there.is_none_or(|there| there.bytes != bytes);
    let page = artifact.media_type.is_html().then(|| Page::new(&bytes));
    let etag = page.as_ref().map_or_else(|| Digest::of(&bytes).to_string()[..32].to_owned(), Page::token);
    let body = Bytes::from_owner(Arc::clone(&bytes));
    Ok((Arc::new(Entry { key, file: File { headers, etag: format!("\"{etag}\""), body }, bytes, page }), fresh))
}

/// Returns the headers that the CDN would send, with two exceptions: mutable files are revalidated on every request,
/// and the policy of pages allows the preview's script.
fn headers_of(path: &SitePath, artifact: &Artifact, headers: &Headers) -> Vec<(HeaderName, HeaderValue)> {
    headers(path, artifact)
        .into_iter()
        .filter_map(|(name, value)| {
            let name: HeaderName = name.parse().ok()?;
            let value = match name {
                CACHE_CONTROL if artifact.cache != Cache::Immutable => "no-cache".to_owned(),
                CONTENT_SECURITY_POLICY => policy::for_preview(&value),
                _ => value,
            };
            Some((name, value.parse().ok()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::Snapshot;
    use crate::diagnostic::{Code, Diagnostic, Report};
    use crate::model::Digest;
    use crate::server::{Built, plain_headers};
    use crate::site::{Artifact, Site, SitePath};

    fn built(files: Vec<(&str, Artifact)>) -> Built {
        let mut site = Site::new();
        for (path, artifact) in files {
            site.insert(SitePath::new(path).expect("a path"), artifact).expect("one file a path");
        }
        Built { site, base_path: "/".into(), headers: Arc::new(plain_headers), report: Report::new() }
    }

    fn page(key: &str, made: &Arc<AtomicUsize>) -> Artifact {
        let (text, made) = (key.to_owned(), Arc::clone(made));
        let path = SitePath::new("index.html").expect("a path");
        Artifact::deferred(&path, Digest::of(key.as_bytes()), move || {
            made.fetch_add(1, Ordering::Relaxed);
            Ok(text.clone().into_bytes())
        })
    }

    #[test]
    fn does_not_render_unchanged_pages_again() {
        let made = Arc::new(AtomicUsize::new(0));
        let first = Snapshot::new(&built(vec![("a.html", page("one", &made)), ("b.html", page("two", &made))]), None);
        let first = first.expect("a site");
        let second =
            Snapshot::new(&built(vec![("a.html", page("one", &made)), ("b.html", page("three", &made))]), Some(&first));
        let second = second.expect("a site");
        assert_eq!((first.fresh, second.fresh, made.load(Ordering::Relaxed)), (2, 1, 3));
    }

    #[test]
    fn a_broken_page_rejects_the_whole_site() {
        let path = SitePath::new("index.html").expect("a path");
        let broken = Artifact::deferred(&path, Digest::of(b""), || {
            Err(Diagnostic::new(Code::TemplateError, "no such filter").into())
        });
        let made = Arc::new(AtomicUsize::new(0));
        let report = Snapshot::new(&built(vec![("a.html", page("one", &made)), ("index.html", broken)]), None);
        assert!(report.expect_err("a report").has_errors());
    }

    #[test]
    fn keeps_style_sheets_of_earlier_versions() {
        let sheet = |name: &str| {
            let path = SitePath::new(name).expect("a path");
            Artifact::ready(&path, name.as_bytes().to_vec())
        };
        let mut site = Snapshot::new(&built(vec![("assets/0.css", sheet("assets/0.css"))]), None).expect("a site");
        for nth in 1..200 {
            let name = format!("assets/{nth}.css");
            site = Snapshot::new(&built(vec![(&name, sheet(&name))]), Some(&site)).expect("a site");
            assert!(site.get(&format!("assets/{}.css", nth - 1)).is_some());
        }
        assert_eq!(site.retired.len(), super::RETIRED);
        assert_eq!(site.len(), 1);
    }
}
