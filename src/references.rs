//! The files of `static/` that statements refer to: those that a release binds.
//!
//! A document refers to the files of its editions, and a text to the files that it links to or shows; so do their upcoming changes, so
//! that a release binds what it announces. Files of the theme and files below
//! `static/root/` are not statements, so a release does not bind them.

use std::collections::BTreeSet;

use crate::assets::{Asset, Assets};
use crate::markdown::{self, LinkTarget, RenderOptions};
use crate::model::{Digest, Disclosure, List, RecordedFile};

/// Files below this folder are served unchanged, and are not part of a statement.
const ROOT: &str = "root/";

/// Returns the files that a disclosure refers to, ordered by path. Missing files are left out: `check` reports them.
pub fn of_disclosure(disclosure: &Disclosure, assets: &Assets) -> Vec<RecordedFile> {
    let mut paths: BTreeSet<String> =
        disclosure.documents.iter().flat_map(|document| document.public_files()).collect();
    for list in List::ALL {
        for item in disclosure.items(*list) {
            let later = item.entries().into_iter().map(|entry| entry.values);
            let texts = std::iter::once(item).chain(later).flat_map(|item| item.prose());
            paths.extend(texts.flat_map(|(_, text)| in_text(text)));
        }
    }
    recorded(paths, assets)
}

/// Returns the files that a Markdown text refers to, ordered by path.
pub fn of_text(text: &str, assets: &Assets) -> Vec<RecordedFile> {
    recorded(in_text(text).into_iter().collect(), assets)
}

fn in_text(text: &str) -> Vec<String> {
    let site = |target| match target {
        LinkTarget::Site { path, .. } => Some(path),
        LinkTarget::Web(_) | LinkTarget::Mail { .. } | LinkTarget::Phone(_) | LinkTarget::Anchor(_) => None,
    };
    let links = markdown::render(text, &RenderOptions::new("")).links;
    links.into_iter().filter_map(|link| site(link.target)).collect()
}

fn recorded(paths: BTreeSet<String>, assets: &Assets) -> Vec<RecordedFile> {
    let bound = |path: &str, asset: &Asset| asset.is_own() && !path.starts_with(ROOT);
    let file = |path: String| {
        let asset = assets.get(&path).filter(|asset| bound(&path, asset))?;
        Some(RecordedFile {
            sha256: Digest::of(&asset.bytes),
            bytes: asset.bytes.len() as u64,
            media_type: asset.media_type.clone(),
            path,
        })
    };
    paths.into_iter().filter_map(file).collect()
}
