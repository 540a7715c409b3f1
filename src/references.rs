//! The files of `static/` that statements refer to: those that a release binds.
//!
//! A document refers to the files of its editions, and a text to the files that it links to or shows; so do their upcoming changes, so
//! that a release binds what it announces. Files of the theme and files below
//! `static/root/` are not statements, so a release does not bind them.
//!
//! No file may have the bytes of one that was withheld, regardless of its name: the site would publish it again.

use std::collections::BTreeSet;

use crate::assets::{Asset, Assets};
use crate::diagnostic::{Code, Diagnostic, Place, Remedy, Report};
use crate::history::{History, kept};
use crate::model::{Digest, Disclosure, RecordedFile, Settings};

/// Files below this folder are served unchanged, and are not part of a statement.
const ROOT: &str = "root/";

/// Reports the publisher's files that have the bytes of a file that was withheld.
pub fn withheld(assets: &Assets, history: &History) -> Report {
    let mut report = Report::new();
    let withheld = history.withheld_files();
    if withheld.is_empty() {
        return report;
    }
    for (_, asset) in assets.iter().filter(|(_, asset)| asset.is_own() && withheld.contains(&Digest::of(&asset.bytes)))
    {
        let path = asset.source();
        let message = format!("`{path}` is a file that was withheld");
        let found = Diagnostic::new(Code::WithheldFile, message).at(Place::file(path), "");
        report.push(found.fix(Remedy::RemoveWithheldCopy(path)));
    }
    report
}

/// Returns the files that a disclosure refers to, ordered by path. Missing files are left out: `check` reports them.
pub fn of_disclosure(disclosure: &Disclosure, settings: &Settings, assets: &Assets) -> Vec<RecordedFile> {
    recorded(kept::stated_paths(disclosure, &own_path(settings)), assets)
}

/// Returns the files that a Markdown text refers to, ordered by path.
pub fn of_text(text: &str, settings: &Settings, assets: &Assets) -> Vec<RecordedFile> {
    recorded(kept::linked_paths(text, &own_path(settings)).into_iter().collect(), assets)
}

/// Returns the function that finds the path of a web address of this site.
fn own_path(settings: &Settings) -> impl Fn(&str) -> Option<String> {
    |address| settings.own_path(address).map(|(path, _)| path)
}

fn recorded(paths: BTreeSet<String>, assets: &Assets) -> Vec<RecordedFile> {
    let bound = |path: &str, asset: &Asset| asset.is_own() && !path.starts_with(ROOT);
    let file = |path: String| {
        let asset = assets.get_any(&path).filter(|asset| bound(&path, asset))?;
        Some(RecordedFile {
            sha256: Digest::of(&asset.bytes),
            bytes: asset.bytes.len() as u64,
            media_type: asset.media_type.clone(),
            path,
        })
    };
    paths.into_iter().filter_map(file).collect()
}
