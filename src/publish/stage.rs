//! Stages the site in its stored format: encoded, with digests and headers, ready to be compared.
//!
//! Only changed files are rendered: a file whose recipe is already in the manifest is assumed to be unchanged. A recipe
//! includes the version of the program, so that a new program renders all pages again. A file is produced to be
//! measured, then dropped, and produced again when it is sent, so that a site of ten thousand pages is never in memory
//! as a whole.
//!
//! **Compression.** Object storage does not negotiate encodings: every client gets what is stored. So only files for
//! browsers are stored compressed (HTML, CSS, scripts, SVG); browsers and all crawlers accept gzip. Files for programs
//! are stored uncompressed, so that a plain `curl` gets JSON, CSV and feeds as text, and `curl | sha256sum` verifies a
//! release record. With compression off, all files are stored uncompressed, and the CDN can compress them on delivery.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::PublishError;
use super::manifest::{Encoding, Entry, Manifest};
use crate::compress;
use crate::model::{Digest, ProgramVersion};
use crate::site::{Artifact, Site, SitePath};

/// The site in its stored format.
pub(super) struct Staged {
    site: Site,
    compress: bool,
    entries: BTreeMap<SitePath, Entry>,
}

impl Staged {
    /// Encodes and measures every file that is not in the manifest.
    ///
    /// # Errors
    /// [`PublishError::Page`] if a file cannot be produced.
    pub(super) fn new(site: &Site, manifest: &Manifest, compress: bool) -> Result<Staged, PublishError> {
        let artifacts: Vec<_> = site.iter().collect();
        let entries = artifacts
            .into_par_iter()
            .map(|(path, artifact)| {
                let recipe = recipe(artifact, site.program(), compress);
                entry(path, artifact, recipe, manifest, compress).map(|entry| (path.clone(), entry))
            })
            .collect::<Result<_, _>>()?;
        Ok(Staged { site: site.clone(), compress, entries })
    }

    /// Returns every file with its headers and digests.
    pub(super) fn entries(&self) -> &BTreeMap<SitePath, Entry> {
        &self.entries
    }

    /// Returns a digest of the whole site: equal for two runs that would store the same bytes with the same headers.
    pub(super) fn digest(&self) -> Digest {
        let list: String = self
            .entries
            .iter()
            .map(|(path, e)| {
                let encoding = e.encoding.map_or("identity", Encoding::as_str);
                format!("{path}\n{}\n{}\n{}\n{encoding}\n", e.sha256, e.media_type, e.cache_control)
            })
            .collect();
        Digest::of(list.as_bytes())
    }

    /// Produces the bytes to store again.
    ///
    /// # Errors
    /// [`PublishError::Page`] if the file cannot be produced, [`PublishError::Unstable`] if it differs from when it was
    /// measured.
    pub(super) fn bytes(&self, path: &SitePath) -> Result<Vec<u8>, PublishError> {
        let (Some(artifact), Some(entry)) = (self.site.get(path.as_str()), self.entries.get(path)) else {
            return Err(PublishError::Unstable { path: path.to_string() });
        };
        let (bytes, _) = stored(path, artifact, self.compress)?;
        if Digest::of(&bytes) != entry.sha256 {
            return Err(PublishError::Unstable { path: path.to_string() });
        }
        Ok(bytes)
    }
}

fn entry(
    path: &SitePath,
    artifact: &Artifact,
    recipe: Digest,
    manifest: &Manifest,
    compress: bool,
) -> Result<Entry, PublishError> {
    let media_type = artifact.media_type.to_string();
    let cache_control = artifact.cache.control();
    if let Some(known) = manifest.files.get(path)
        && known.recipe == recipe
    {
        return Ok(Entry { media_type, cache_control: cache_control.into(), retired: None, ..known.clone() });
    }
    let (bytes, encoding) = stored(path, artifact, compress)?;
    Ok(Entry {
        recipe,
        sha256: Digest::of(&bytes),
        size: bytes.len() as u64,
        media_type,
        cache_control: cache_control.into(),
        encoding,
        e_tag: None,
        retired: None,
    })
}

/// Returns a digest of everything that determines the stored bytes: the file's own key, and how and by which program it
/// is encoded.
fn recipe(artifact: &Artifact, program: &ProgramVersion, compress: bool) -> Digest {
    let key = artifact.body.key();
    if compress && is_for_browsers(artifact.media_type.as_str()) {
        Digest::of(format!("gzip by {program}: {key}").as_bytes())
    } else {
        key
    }
}

fn stored(path: &SitePath, artifact: &Artifact, compressed: bool) -> Result<(Vec<u8>, Option<Encoding>), PublishError> {
    let bytes = artifact.body.bytes().map_err(|report| PublishError::Page { path: path.to_string(), report })?;
    let level = compress::Encoding::Gzip
        .level(path.as_str(), artifact.media_type.as_str(), bytes.len())
        .filter(|_| compressed && is_for_browsers(artifact.media_type.as_str()));
    if let Some(smaller) = level.and_then(|level| compress::Encoding::Gzip.encode(&bytes, level)) {
        return Ok((smaller, Some(Encoding::Gzip)));
    }
    Ok((bytes.into_owned(), None))
}

/// Returns whether only clients that accept gzip are expected to request the file.
fn is_for_browsers(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or(media_type).trim();
    matches!(essence, "text/html" | "text/css" | "text/javascript" | "image/svg+xml")
}

#[cfg(test)]
mod tests {
    use super::{Staged, is_for_browsers};
    use crate::model::{Digest, ProgramVersion};
    use crate::publish::manifest::{Encoding, Manifest};
    use crate::site::{Artifact, Site, SitePath};

    fn site(files: &[(&str, &str)]) -> Site {
        let mut site = Site::new();
        for (path, text) in files {
            let path = SitePath::new(*path).expect("a path");
            let artifact = Artifact::ready(&path, text.as_bytes());
            site.insert(path, artifact).expect("a free path");
        }
        site
    }

    fn site_of(text: &str) -> Site {
        site(&[("a.css", text), ("feed.xml", text)])
    }

    #[test]
    fn stores_files_for_programs_uncompressed() {
        let long = "the same words again and again, ".repeat(100);
        let paths = ["releases/2026-05-22.json", "feed.xml", "feed.json", "subprocessors.csv", "index.html", "a.css"];
        let site = site(&paths.map(|path| (path, long.as_str())));
        let staged = Staged::new(&site, &Manifest::default(), true).expect("staged");
        for (path, entry) in staged.entries() {
            let for_browsers = matches!(path.as_str(), "index.html" | "a.css");
            assert_eq!(entry.encoding, for_browsers.then_some(Encoding::Gzip), "{path}");
            if !for_browsers {
                assert_eq!(entry.sha256, Digest::of(long.as_bytes()), "{path}");
            }
        }
    }

    #[test]
    fn does_not_compress_a_file_that_would_grow() {
        let staged = Staged::new(&site(&[("index.html", "<p>")]), &Manifest::default(), true).expect("staged");
        assert!(staged.entries().values().all(|entry| entry.encoding.is_none() && entry.size == 3));
    }

    #[test]
    fn does_not_render_an_unchanged_page_again() {
        let path = SitePath::new("changelog/index.html").expect("a path");
        let page = |produce: fn() -> Vec<u8>| {
            let mut site = Site::new();
            let artifact = Artifact::deferred(&path, Digest::of(b"template and content"), move || Ok(produce()));
            site.insert(path.clone(), artifact).expect("a free path");
            site
        };
        let first = Staged::new(&page(|| b"<p>text".to_vec()), &Manifest::default(), true).expect("staged");
        let manifest = Manifest { files: first.entries().clone(), ..Manifest::default() };
        let again = Staged::new(&page(|| unreachable!("rendered again")), &manifest, true).expect("staged");
        assert_eq!(again.digest(), first.digest());
    }

    #[test]
    fn encodes_again_with_another_program_version() {
        let long = "the same words again and again, ".repeat(100);
        let made_by = |program: &str| {
            let mut site = Site::made_by(ProgramVersion::named(program));
            for (path, artifact) in site_of(&long).iter() {
                site.insert(path.clone(), artifact.clone()).expect("a free path");
            }
            Staged::new(&site, &Manifest::default(), true).expect("staged")
        };
        let recipes = |staged: &Staged| staged.entries().values().map(|entry| entry.recipe).collect::<Vec<_>>();
        assert_eq!(recipes(&made_by("one")), recipes(&made_by("one")));
        // The style sheet is stored compressed, the feed uncompressed.
        let changed = recipes(&made_by("one"))
            .iter()
            .zip(recipes(&made_by("two")))
            .map(|(one, two)| *one != two)
            .collect::<Vec<_>>();
        assert_eq!(changed, [true, false]);
    }

    #[test]
    fn turning_off_compression_changes_files() {
        let long = "the same words again and again, ".repeat(100);
        let site = site(&[("index.html", &long)]);
        let first = Staged::new(&site, &Manifest::default(), true).expect("staged");
        let manifest = Manifest { files: first.entries().clone(), ..Manifest::default() };
        let second = Staged::new(&site, &manifest, false).expect("staged");
        assert!(second.entries().values().all(|entry| entry.encoding.is_none()));
        assert_ne!(first.digest(), second.digest());
    }

    #[test]
    fn ignores_parameters_of_media_types() {
        assert!(is_for_browsers("text/html; charset=utf-8") && !is_for_browsers("text/csv; charset=utf-8"));
    }
}
