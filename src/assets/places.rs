//! Checks where files of `static/` may be published: a file must not take a reserved URL, run where it must not, or
//! configure the host outside `root/`.

use std::collections::HashMap;

use super::code::{self, ActiveKind};
use super::{Asset, Assets, is_part_of_pages, published_path};
use crate::diagnostic::{Code, Diagnostic, Place, Remedy, Report};
use crate::model::MediaType;
use crate::site::map::{Claim, ClaimKind, Kind, claim, control_file, fold, uncompressed};

/// Files below this folder are served unchanged.
const ROOT: &str = "root/";

/// Reports files whose URL, type or name is not allowed at their path.
pub fn check(assets: &Assets, report: &mut Report) {
    reject_same_names(assets, report);
    reject_compressed_copies(assets, report);
    for (path, asset) in assets.iter() {
        // The theme's own files are always allowed.
        if !asset.source.starts_with("static/") {
            continue;
        }
        let found = claimed(path, asset).or_else(|| control(path, asset)).or_else(|| active(path, asset));
        if let Some(diagnostic) = found {
            report.push(diagnostic.at(Place::file(&asset.source), ""));
        }
    }
}

/// Returns notes on files below `static/root/` that configure the host, or contain code: candor does not check their
/// content.
pub fn served_as_is(assets: &Assets) -> Report {
    let mut report = Report::new();
    for (path, asset) in assets.iter().filter(|(path, _)| path.starts_with(ROOT)) {
        let what = match control_file(asset.path.as_str()) {
            Some(_) => "hosts read it",
            None if code::of(path, &asset.bytes).is_some() || code::is_active(asset.media_type.as_str()) => {
                "it contains code"
            }
            None => continue,
        };
        let message = format!("`{}` is served as is at `{}`: {what}", asset.source, asset.path);
        report.push(
            Diagnostic::new(Code::AssetServedAsIs, message)
                .at(Place::file(&asset.source), "")
                .help("review changes to this file like changes to a program"),
        );
    }
    report
}

/// Reports a media type in site.yaml that would make a file active.
pub fn active_media_type(asset: &Asset, media_type: &MediaType) -> Diagnostic {
    let message =
        format!("`{}` would be served as `{media_type}`, which browsers run or display as a page", asset.source);
    Diagnostic::new(Code::AssetIsCode, message)
        .at(Place::file(&asset.source), "")
        .help("correct `media_types` in site.yaml, or move the file to static/root/")
}

/// Rejects URLs that candor generates or reserves: when a site gets its first release, or is built with the next
/// version of candor, a file that people link to must not lose its URL.
fn claimed(path: &str, asset: &Asset) -> Option<Diagnostic> {
    if is_part_of_pages(path) {
        return None;
    }
    let Claim { address, kind } = claim(asset.path.as_str())?;
    let rename = "rename the file or delete it";
    let would = format!("`{}` would be published as `{}`", asset.source, asset.path);
    let (message, help) = match kind {
        ClaimKind::Exact(row) if row.kind == Kind::Asset => (
            format!("`{}` would be published below `assets/`, where browsers keep files for a year", asset.source),
            "move it to another folder, such as static/documents/",
        ),
        ClaimKind::Exact(row) if row.kind == Kind::Reserved => (format!("{would}, which candor reserves"), rename),
        ClaimKind::Exact(_) => (format!("{would}, which candor generates"), rename),
        ClaimKind::Folder => (
            format!("{would}, and candor reserves all of `{address}`"),
            "move it to another folder, such as static/documents/",
        ),
        ClaimKind::Shape => (format!("{would}, where the site has or will have `{address}`"), rename),
        ClaimKind::Spelling => (format!("{would}, which some hosts treat as `{address}`"), rename),
        ClaimKind::Compressed => (
            format!("{would}, which web servers send instead of `{address}`"),
            "delete the file; candor creates compressed copies itself",
        ),
        ClaimKind::Page => (format!("{would}, which some hosts serve instead of `{address}`"), rename),
    };
    Some(Diagnostic::new(Code::AssetCollision, message).help(help))
}

/// Rejects files that configure the host outside `static/root/`, where a reviewer would not look for them.
fn control(path: &str, asset: &Asset) -> Option<Diagnostic> {
    if path.starts_with(ROOT) || is_part_of_pages(path) {
        return None;
    }
    let name = control_file(asset.path.as_str())?;
    let message = format!("`{}` configures the host: hosts read `{name}`", asset.source);
    Some(Diagnostic::new(Code::AssetHostFile, message).fix(Remedy::RenameOrMoveToRoot))
}

fn active(path: &str, asset: &Asset) -> Option<Diagnostic> {
    let code: ActiveKind = code::of(path, &asset.bytes)?;
    if code::is_allowed(&code, path) {
        return None;
    }
    Some(Diagnostic::new(Code::AssetIsCode, format!("`{}` {}", asset.source, code.describe())).help(code.help()))
}

/// Rejects files whose names differ only in case or Unicode normalization: some systems treat them as one file.
fn reject_same_names(assets: &Assets, report: &mut Report) {
    let mut seen: HashMap<String, &Asset> = HashMap::new();
    for (path, asset) in assets.iter() {
        if let Some(other) = seen.insert(fold(&published_path(path)), asset) {
            report.push(
                Diagnostic::new(
                    Code::AssetSameName,
                    format!("`{}` and `{}` would have the same published name", other.source, asset.source),
                )
                .at(Place::file(&asset.source), "")
                .help("rename one of them; names must differ in more than case and Unicode normalization"),
            );
        }
    }
}

/// Rejects `dpa.pdf.gz` if `dpa.pdf` is published: web servers send it to clients that request `dpa.pdf`.
fn reject_compressed_copies(assets: &Assets, report: &mut Report) {
    let mut published: HashMap<String, &Asset> = HashMap::new();
    for (path, asset) in assets.iter() {
        published.insert(fold(&published_path(path)), asset);
        published.insert(fold(asset.path.as_str()), asset);
    }
    for (path, asset) in assets.iter() {
        let own = fold(&published_path(path));
        let Some(other) = published.get(uncompressed(&own)).filter(|_| uncompressed(&own) != own) else { continue };
        let message = format!("`{}` is a file that web servers send instead of `{}`", asset.source, other.source);
        report.push(
            Diagnostic::new(Code::AssetCollision, message)
                .at(Place::file(&asset.source), "")
                .help("delete the file; candor creates compressed copies itself"),
        );
    }
}
