//! Where files of `static/` may be published: what would take another's address, run where it must not, or set up the host.

use std::collections::HashMap;

use super::code::{self, ActiveKind};
use super::{Asset, Assets, is_part_of_pages, published_path};
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::model::MediaType;
use crate::site::map::{Claim, ClaimKind, Kind, claim, control_file, fold, uncompressed};

/// Below this folder, files are served as they are.
const ROOT: &str = "root/";

/// Reports files with an address, a kind or a name that they cannot have where they are.
pub fn check(assets: &Assets, report: &mut Report) {
    refuse_same_names(assets, report);
    refuse_copies(assets, report);
    for (path, asset) in assets.iter() {
        // The theme's own files are where they are meant.
        if !asset.source.starts_with("static/") {
            continue;
        }
        let found = claimed(path, asset).or_else(|| control(path, asset)).or_else(|| active(path, asset));
        if let Some(diagnostic) = found {
            report.push(diagnostic.at(Place::file(&asset.source), ""));
        }
    }
}

/// Notes on files below `static/root/` that set up the host, or run: nothing checks what they do.
pub fn served_as_is(assets: &Assets) -> Report {
    let mut report = Report::new();
    for (path, asset) in assets.iter().filter(|(path, _)| path.starts_with(ROOT)) {
        let what = match control_file(asset.path.as_str()) {
            Some(_) => "hosts read it",
            None if code::of(path, &asset.bytes).is_some() || code::is_active(asset.media_type.as_str()) => {
                "it is code"
            }
            None => continue,
        };
        let message = format!("`{}` is served as is at `{}`: {what}", asset.source, asset.path);
        report.push(
            Diagnostic::new(Code::AssetServedAsIs, message)
                .at(Place::file(&asset.source), "")
                .help("review a change of this file as you review a change of a program"),
        );
    }
    report
}

/// The problem of a media type in site.yaml that would make a file run.
pub fn active_media_type(asset: &Asset, media_type: &MediaType) -> Diagnostic {
    let message = format!("`{}` would be served as `{media_type}`, which browsers run or show as a page", asset.source);
    Diagnostic::new(Code::AssetIsCode, message)
        .at(Place::file(&asset.source), "")
        .help("correct `media_types` in site.yaml, or move the file to static/root/")
}

/// Addresses that candor writes, or keeps for a later version, are not for files of `static/`: a site that gets its first
/// release, or the next candor, must not take an address from a file that people link to.
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
        ClaimKind::Exact(row) if row.kind == Kind::Reserved => {
            (format!("{would}, which is reserved for candor"), rename)
        }
        ClaimKind::Exact(_) => (format!("{would}, which candor writes itself"), rename),
        ClaimKind::Folder => (
            format!("{would}, and all of `{address}` is reserved for candor"),
            "move it to another folder, such as static/documents/",
        ),
        ClaimKind::Shape => (format!("{would}, but the site has, or will have, `{address}` there"), rename),
        ClaimKind::Spelling => (format!("{would}, which some hosts take for `{address}`"), rename),
        ClaimKind::Compressed => (
            format!("{would}, which web servers send in place of `{address}`"),
            "delete the file: candor compresses its own",
        ),
        ClaimKind::Page => (format!("{would}, which some hosts serve in place of `{address}`"), rename),
    };
    Some(Diagnostic::new(Code::AssetCollision, message).help(help))
}

/// What sets up a host has an effect where a reviewer would not look for it, so it belongs in a separate folder.
fn control(path: &str, asset: &Asset) -> Option<Diagnostic> {
    if path.starts_with(ROOT) || is_part_of_pages(path) {
        return None;
    }
    let name = control_file(asset.path.as_str())?;
    let message = format!("`{}` sets up the host: hosts read `{name}`", asset.source);
    Some(Diagnostic::new(Code::AssetHostFile, message).help(
        "move it to static/root/, where such files are listed by `candor check` and `candor diff`; else rename it",
    ))
}

fn active(path: &str, asset: &Asset) -> Option<Diagnostic> {
    let code: ActiveKind = code::of(path, &asset.bytes)?;
    if code::is_allowed(&code, path) {
        return None;
    }
    Some(Diagnostic::new(Code::AssetIsCode, format!("`{}` {}", asset.source, code.describe())).help(code.help()))
}

/// Two files whose names differ in nothing but case or Unicode normalization are one file on many systems, and two on others.
fn refuse_same_names(assets: &Assets, report: &mut Report) {
    let mut seen: HashMap<String, &Asset> = HashMap::new();
    for (path, asset) in assets.iter() {
        if let Some(other) = seen.insert(fold(&published_path(path)), asset) {
            report.push(
                Diagnostic::new(
                    Code::AssetSameName,
                    format!("`{}` and `{}` would be published under the same name", other.source, asset.source),
                )
                .at(Place::file(&asset.source), "")
                .help("names must differ in more than case and Unicode normalization; rename one of the two"),
            );
        }
    }
}

/// `dpa.pdf.gz` is what web servers send to those who ask for `dpa.pdf`, where both are published.
fn refuse_copies(assets: &Assets, report: &mut Report) {
    let mut published: HashMap<String, &Asset> = HashMap::new();
    for (path, asset) in assets.iter() {
        published.insert(fold(&published_path(path)), asset);
        published.insert(fold(asset.path.as_str()), asset);
    }
    for (path, asset) in assets.iter() {
        let own = fold(&published_path(path));
        let Some(other) = published.get(uncompressed(&own)).filter(|_| uncompressed(&own) != own) else { continue };
        let message = format!("`{}` is what web servers send in place of `{}`", asset.source, other.source);
        report.push(
            Diagnostic::new(Code::AssetCollision, message)
                .at(Place::file(&asset.source), "")
                .help("delete the file: candor compresses its own"),
        );
    }
}
