//! The theme's and the publisher's static files: maps `static/` to paths of the site.
//!
//! The built-in theme is embedded; a file in the project's `static/` replaces the built-in one with the same path. The
//! path and extension determine where a file is published:
//!
//! | file under `static/` | published at | cached |
//! |---|---|---|
//! | styles, scripts, images, fonts: `css/site.css` | `assets/css/site.0f3c9a51d2.css` | forever: a changed file has a
//! new name |
//! | below `root/`: `root/favicon.ico` | `favicon.ico` | for a short time |
//! | everything else: `documents/dpa.pdf` | `documents/dpa.pdf` | for a short time |
//!
//! Files that pages load have a digest in their name, so that a page never loads the wrong version; files that people
//! link to keep their URL. All files below `documents/` keep their URL, including images.
//!
//! `url(...)` and `@import` in style sheets refer to files under `static/`, and are rewritten to the published paths.
//! Nothing else in a publisher's file changes; the theme's files were minified when candor was built.

pub mod code;
mod content;
pub mod css;
mod files;
mod hidden;
mod inventory;
mod places;
mod svg;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha384};

pub use self::inventory::code_files;

use self::files::File;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::embedded::STYLE;
use crate::load;
use crate::model::{Digest, MediaType, NameEnding, Palette, Theme, ThemeDensity, ThemeRadius};
use crate::project::Project;
use crate::site::map;
use crate::site::{Artifact, Site, SitePath, media};
use crate::text::css::references;

/// Extensions of files that pages load.
const PARTS_OF_PAGES: [&str; 14] =
    ["css", "js", "mjs", "svg", "png", "jpg", "jpeg", "gif", "webp", "avif", "ico", "woff2", "woff", "map"];

/// The maximum depth of style sheets that refer to each other.
const MAX_DEPTH: usize = 16;

/// The maximum size of a font of the theme, in bytes: that of a font with the characters of many scripts.
const LARGEST_FONT: usize = 5 * 1024 * 1024;

/// A published file.
#[derive(Debug, Clone)]
pub struct Asset {
    /// Its path in the site.
    pub path: SitePath,
    /// Value of the attribute `integrity` (Subresource Integrity, `sha384-...`), for styles and scripts.
    pub integrity: Option<String>,
    /// The media type with which it is published.
    pub media_type: MediaType,
    /// Its content; in style sheets, references are rewritten.
    pub bytes: Arc<[u8]>,
    /// Its name for the publisher: `static/...`.
    source: String,
}

impl Asset {
    /// Its name for the publisher: `static/...`, or the path in the built-in theme.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether it is the publisher's file, and not one of the built-in theme.
    pub fn is_own(&self) -> bool {
        self.source.starts_with(OWN)
    }
}

/// The start of the names of the publisher's files.
const OWN: &str = "static/";

/// All published files, by their path under `static/`, with forward slashes.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    by_path: BTreeMap<String, Asset>,
    /// The files that the site does not publish.
    left_out: BTreeMap<String, Asset>,
    /// Files that style sheets refer to.
    used: BTreeSet<String>,
    /// Hidden characters in code.
    hidden: Report,
}

impl Assets {
    /// Loads the built-in theme's files and the project's files, which override them. Reports problems of the project's
    /// files.
    ///
    /// The settings of the theme are appended to the theme's style sheet: a separate style sheet would require
    /// another request before anything is displayed.
    pub fn load(project: &Project, theme: &Theme) -> (Assets, Report) {
        let (mut files, mut report) = files::read(project);
        let rules = theme_rules(theme, |font| files.contains_key(font));
        let fonts = theme.fonts().filter_map(|(_, font)| files.get(font));
        let (too_large, fonts): (Vec<_>, Vec<_>) = fonts.partition(|font| font.bytes.len() > LARGEST_FONT);
        too_large.into_iter().for_each(|font| report.push(too_large_font(font)));
        let mut parts: Vec<&File> = theme.logos().filter_map(|(_, logo)| files.get(logo)).chain(fonts).collect();
        parts.sort_by(|one, other| one.source.cmp(&other.source));
        parts.dedup_by(|one, other| one.source == other.source);
        parts.into_iter().filter_map(content::check).for_each(|found| report.push(found));
        if let (Some(rule), Some(style)) = (rules, files.get_mut(STYLE)) {
            style.bytes = [&style.bytes[..], rule.as_bytes()].concat().into();
        }
        let assets = publish(files, &mut report);
        (assets, report)
    }

    /// Returns the file with this path under `static/`, such as `css/site.css`.
    pub fn get(&self, path: &str) -> Option<&Asset> {
        self.by_path.get(path)
    }

    /// Returns the style sheets that pages load after the built-in one, each once: those that the theme names, otherwise the
    /// publisher's own below `css/` that no other style sheet imports.
    pub fn styles<'a>(&'a self, theme: &'a Theme) -> Vec<&'a Asset> {
        if let Some(styles) = &theme.styles {
            let mut linked = BTreeSet::from([STYLE]);
            return styles
                .iter()
                .filter(|path| linked.insert(path.as_str()))
                .filter_map(|path| self.get(path))
                .collect();
        }
        let is_linked = |path: &str| {
            let name = path.strip_prefix("css/").filter(|name| !name.contains('/') && ending(name) == "css");
            name.is_some() && path != STYLE && !self.used.contains(path)
        };
        // Every page asks for them, so only the files of the folder are looked at.
        let folder = self.by_path.range("css/".to_owned()..).take_while(|(path, _)| path.starts_with("css/"));
        folder.filter(|(path, asset)| asset.is_own() && is_linked(path)).map(|(_, asset)| asset).collect()
    }

    /// Reports the publisher's style sheets that no page loads and no other one imports. `is_named` returns whether a template names a
    /// path.
    pub fn unlinked_styles(&self, theme: &Theme, is_named: impl Fn(&str) -> bool) -> Report {
        let linked: BTreeSet<&str> = self.styles(theme).into_iter().map(Asset::source).collect();
        let is_unlinked = |path: &str, asset: &Asset| {
            let is_style = ending(path).eq_ignore_ascii_case("css") && !path.starts_with("root/") && path != STYLE;
            is_style && !linked.contains(asset.source()) && !self.used.contains(path) && !is_named(path)
        };
        let mut report = Report::new();
        for (path, asset) in self.iter().filter(|(path, asset)| asset.is_own() && is_unlinked(path, asset)) {
            let help = match &theme.styles {
                Some(_) => format!("add `{path}` to `styles` in site.yaml, or delete the file"),
                None => "move it to static/css/ with a name that ends in .css, name it in `styles` in site.yaml, or delete it".to_owned(),
            };
            let message = format!("no page loads the style sheet `{}`", asset.source());
            report.push(Diagnostic::new(Code::StyleUnused, message).at(Place::file(asset.source()), "").help(help));
        }
        report
    }

    /// Returns the file with this path under `static/`, even if the site does not publish it: a release binds what its documents
    /// state.
    pub fn get_any(&self, path: &str) -> Option<&Asset> {
        self.get(path).or_else(|| self.left_out.get(path))
    }

    /// Iterates over all files with their paths under `static/`, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Asset)> {
        self.by_path.iter().map(|(path, asset)| (path.as_str(), asset))
    }

    /// Sets the media types from `site.yaml` for files that keep their name; the longest matching suffix of the name
    /// wins. Warns about files whose type is unknown.
    pub fn state_media_types(&mut self, stated: &BTreeMap<NameEnding, MediaType>) -> Report {
        let mut report = Report::new();
        for (path, asset) in self.by_path.iter_mut().filter(|(path, _)| !is_part_of_pages(path)) {
            let fitting = stated.iter().filter(|(ending, _)| ending.matches(path));
            match fitting.max_by_key(|(ending, _)| ending.as_str().len()) {
                Some((_, media_type)) => {
                    if code::is_active(media_type.as_str()) && !path.starts_with("root/") {
                        report.push(places::active_media_type(asset, media_type));
                    }
                    asset.media_type = media_type.clone();
                }
                None if media::of_name(path).is_none() => report.push(unknown_media_type(path, asset)),
                None => {}
            }
        }
        report
    }

    /// Returns the files whose media type is not the default of their path, ordered by path.
    pub fn with_stated_media_type(&self) -> impl Iterator<Item = &Asset> {
        let default = |asset: &Asset| map::find(asset.path.as_str()).media_type(asset.path.as_str());
        self.by_path.values().filter(move |asset| asset.media_type.as_str() != default(asset))
    }

    /// Returns the files that style sheets refer to, by their path under `static/`.
    pub fn used_by_styles(&self) -> &BTreeSet<String> {
        &self.used
    }

    /// Returns diagnostics about hidden characters in code.
    pub fn hidden_characters(&self) -> Report {
        self.hidden.clone()
    }

    /// Returns notes on files that configure the host or contain code, which candor serves unchanged.
    pub fn served_as_is(&self) -> Report {
        places::served_as_is(self)
    }

    /// Removes files from the site; pages cannot link to them either.
    pub fn leave_out(&mut self, files: &BTreeSet<String>) {
        for path in files {
            self.left_out.extend(self.by_path.remove_entry(path));
        }
    }

    /// Returns a digest of the published paths of all files, for the keys of pages that link to them.
    pub fn key(&self) -> Digest {
        let mut text = String::new();
        for (path, asset) in self.iter() {
            text += &format!("{path}\0{}\0{}\n", asset.path, asset.integrity.as_deref().unwrap_or_default());
        }
        Digest::of(text.as_bytes())
    }

    /// Adds all files to the site. Call it after the pages were added: a file with the path of a page is reported and
    /// left out.
    pub fn insert_into(&self, site: &mut Site) -> Report {
        let mut report = Report::new();
        for asset in self.by_path.values() {
            let artifact = Artifact::ready(&asset.path, Arc::clone(&asset.bytes));
            let artifact = Artifact { media_type: asset.media_type.clone(), ..artifact };
            if let Err(path) = site.insert(asset.path.clone(), artifact) {
                report.push(
                    Diagnostic::new(
                        Code::AssetCollision,
                        format!("`{}` would be published as `{path}`, which candor generates", asset.source),
                    )
                    .at(Place::file(&asset.source), "")
                    .help("rename the file or delete it"),
                );
            }
        }
        report
    }
}

/// Returns the CSS rules for the settings of a theme; `None` if it has the built-in ones. A font that does not exist is left out.
fn theme_rules(theme: &Theme, exists: impl Fn(&str) -> bool) -> Option<String> {
    let Palette { accents, surface } = theme.palette();
    let colors = [
        ("--accent", accents.light),
        ("--accent-dark", accents.dark),
        ("--accent-surface", surface.map(|surface| surface.color)),
        ("--on-accent-surface", surface.map(|surface| surface.text)),
    ];
    let mut properties: Vec<String> =
        colors.into_iter().filter_map(|(property, color)| Some(format!("{property}:{}", color?))).collect();
    let mut faces = String::new();
    for (field, font) in theme.fonts().filter(|(_, font)| exists(font)) {
        let (family, property, fallback) = match field {
            "font_text" => ("Own text", "--serif", "Georgia,serif"),
            _ => ("Own interface", "--sans", "Arial,sans-serif"),
        };
        let address = crate::text::percent::path(font);
        faces += &format!(
            "@font-face{{font-family:\"{family}\";src:url(\"/{address}\") format(\"woff2\");font-weight:100 900;font-display:swap}}"
        );
        properties.push(format!("{property}:\"{family}\",{fallback}"));
    }
    match theme.radius {
        ThemeRadius::None => properties.push("--radius:0".to_owned()),
        ThemeRadius::Large => properties.push("--radius:8px".to_owned()),
        ThemeRadius::Small | ThemeRadius::Unknown(_) => {}
    }
    let sizes = match theme.density {
        ThemeDensity::Compact => Some(["1rem", ".875rem", ".75rem"]),
        ThemeDensity::Spacious => Some(["1.1875rem", "1.0625rem", ".875rem"]),
        ThemeDensity::Normal | ThemeDensity::Unknown(_) => None,
    };
    let sizes = sizes.map(|[text, data, small]| format!("--text:{text};--data:{data};--small:{small}"));
    properties.extend(sizes);
    (!properties.is_empty()).then(|| format!("{faces}:root{{{}}}", properties.join(";")))
}

/// Reports a font of the theme that would take too long to load: every reader downloads it before the text has its shape.
fn too_large_font(font: &File) -> Diagnostic {
    let (size, limit) = (font.bytes.len() / (1024 * 1024), LARGEST_FONT / (1024 * 1024));
    Diagnostic::new(Code::AssetTooLarge, format!("the font `{}` has {size} MiB; the limit is {limit} MiB", font.source))
        .at(Place::file(&font.source), "")
        .help("use a WOFF2 file that has only the characters and weights that the page needs")
}

fn unknown_media_type(path: &str, asset: &Asset) -> Diagnostic {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let example = name.rfind('.').map_or(name.as_str(), |dot| &name[dot..]);
    Diagnostic::new(
        Code::MediaTypeUnknown,
        format!("`{}` is published as `{}`, because its media type is unknown", asset.source, media::UNKNOWN),
    )
    .at(Place::file(&asset.source), "")
    .help(format!("add a line `{example}: TYPE/SUBTYPE` to `media_types:` in site.yaml"))
}

/// Determines the published path and the final content of every file.
fn publish(files: BTreeMap<String, File>, report: &mut Report) -> Assets {
    let hidden = hidden::check(&files);
    let mut publisher = Publisher {
        files: &files,
        done: HashMap::new(),
        open: Vec::new(),
        depths: HashMap::new(),
        used: BTreeSet::new(),
        report,
    };
    for path in files.keys() {
        publisher.publish(path);
    }
    let by_path = publisher.done.into_iter().filter_map(|(path, asset)| Some((path.to_owned(), asset?))).collect();
    let assets = Assets { by_path, left_out: BTreeMap::new(), used: publisher.used, hidden };
    places::check(&assets, report);
    assets
}

struct Publisher<'a> {
    files: &'a BTreeMap<String, File>,
    /// `None` for a file that cannot be published; the report contains the reason.
    done: HashMap<&'a str, Option<Asset>>,
    /// The style sheets that are being rewritten, each referenced by the previous one.
    open: Vec<&'a str>,
    /// For each style sheet, the number of levels from it to the deepest one that it refers to.
    depths: HashMap<&'a str, usize>,
    /// The files that style sheets refer to.
    used: BTreeSet<String>,
    report: &'a mut Report,
}

impl<'a> Publisher<'a> {
    /// Publishes the file. Files that it refers to are published first, because their names are part of its content.
    fn publish(&mut self, path: &str) -> Option<&Asset> {
        let (path, file) = self.files.get_key_value(path)?;
        if !self.done.contains_key(path.as_str()) {
            let bytes = match ending(path) {
                "css" => self.rewrite(path, file).into(),
                "svg" => {
                    loaded_by_image(file, self.report);
                    Arc::clone(&file.bytes)
                }
                _ => Arc::clone(&file.bytes),
            };
            let asset = place(path, &file.source, bytes);
            if asset.is_none() {
                self.report.push(files::unfit_name(&file.source));
            }
            self.done.insert(path, asset);
        }
        self.done.get(path.as_str())?.as_ref()
    }

    /// Rewrites the references in a style sheet to the published paths.
    fn rewrite(&mut self, path: &'a str, file: &'a File) -> Vec<u8> {
        let Ok(text) = std::str::from_utf8(&file.bytes) else {
            self.report.push(
                Diagnostic::new(Code::AssetNotUtf8, format!("`{}` is not valid UTF-8", file.source))
                    .at(Place::file(&file.source), "")
                    .help("save the style sheet as UTF-8"),
            );
            return file.bytes.to_vec();
        };
        let source = crate::diagnostic::Source::new(&file.source, text);
        if let Some(found) = load::conflict(&source) {
            self.report.push(found);
        }
        self.open.push(path);
        let mut out = String::with_capacity(text.len() + 64);
        let mut copied = 0;
        let mut depth = 1;
        for range in references(text) {
            let reference = &text[range.clone()];
            let diagnostic = match css::classify(reference, path) {
                css::Target::Within if css::is_data(reference) => {
                    Diagnostic::new(Code::BlockedByPolicy, "the Content-Security-Policy blocks `data:` addresses")
                        .help("put the data into a file below static/")
                }
                css::Target::Within => continue,
                css::Target::Elsewhere => Diagnostic::new(
                    Code::AssetExternal,
                    format!("`{}` loads `{reference}` from another site", file.source),
                )
                .help("copy the file into static/; the page's Content-Security-Policy blocks files from other sites"),
                css::Target::File(target) if self.open.contains(&target.as_str()) => Diagnostic::new(
                    Code::AssetCycle,
                    format!("`{}` refers to `{reference}`, which refers back to it", file.source),
                )
                .help("remove one of the two references; a digest in a file's name cannot depend on itself"),
                css::Target::File(target)
                    if self.open.len() >= MAX_DEPTH
                        || self.depths.get(target.as_str()).is_some_and(|depth| *depth >= MAX_DEPTH) =>
                {
                    let message = format!("`{}` refers to `{reference}`: more than {MAX_DEPTH} levels", file.source);
                    Diagnostic::new(Code::AssetDepth, message)
                        .help("import the style sheets from one that is closer to the page")
                }
                css::Target::File(target) => match self.publish(&target) {
                    Some(published) => {
                        out += &text[copied..range.start];
                        out += &relative(&published_path(path), &published.path.to_url());
                        out += css::suffix(reference);
                        copied = range.end;
                        depth = depth.max(1 + self.depths.get(target.as_str()).copied().unwrap_or_default());
                        self.used.insert(target);
                        continue;
                    }
                    None => Diagnostic::new(
                        Code::AssetMissing,
                        format!("`{}` refers to `{reference}`, but `static/{target}` does not exist", file.source),
                    )
                    .help("use a path relative to the style sheet's folder"),
                },
            };
            self.report.push(diagnostic.at(Place::new(&source, range), ""));
        }
        self.open.pop();
        self.depths.insert(path, depth);
        out += &text[copied..];
        out.into_bytes()
    }
}

/// Reports the files that an SVG image loads from other sites when readers open it by its own address.
fn loaded_by_image(file: &File, report: &mut Report) {
    let text = String::from_utf8_lossy(&file.bytes);
    let source = crate::diagnostic::Source::new(&file.source, text.as_ref());
    for reference in svg::references(&file.bytes).into_iter().filter(|reference| reference.is_loaded) {
        let address = &reference.address;
        let found = text.find(address.as_str()).map(|start| Place::new(&source, start..start + address.len()));
        report.push(
            Diagnostic::new(Code::AssetExternal, format!("`{}` loads `{address}` from another site", file.source))
                .at(found.unwrap_or_else(|| Place::file(&file.source)), "")
                .help(
                    "embed it in the image, or export the image as PNG; readers' browsers would contact the other site",
                ),
        );
    }
}

/// Returns the path in the site of a file of `static/` with this digest; `None` if no path of the site depends on it alone,
/// because references in it are rewritten.
pub fn published_at(path: &str, sha256: Digest) -> Option<String> {
    match is_part_of_pages(path) {
        true => with_digest(path, sha256).filter(|_| ending(path) != "css"),
        false => Some(published_path(path)),
    }
}

/// Returns the path in the site of a file that pages load.
fn with_digest(path: &str, sha256: Digest) -> Option<String> {
    let plain = published_path(path);
    let (stem, ending) = plain.rsplit_once('.')?;
    Some(format!("{stem}.{}.{ending}", sha256.short()))
}

/// Returns the file with its path in the site; `None` if the path cannot be part of a URL.
fn place(path: &str, source: &str, bytes: Arc<[u8]>) -> Option<Asset> {
    let published = if is_part_of_pages(path) { with_digest(path, Digest::of(&bytes))? } else { published_path(path) };
    let integrity = matches!(ending(path), "css" | "js" | "mjs")
        .then(|| format!("sha384-{}", STANDARD.encode(Sha384::digest(&bytes))));
    let media_type = MediaType::known(map::find(&published).media_type(&published));
    Some(Asset { path: SitePath::new(published)?, integrity, media_type, bytes, source: source.to_owned() })
}

/// Returns the published path, without a digest.
fn published_path(path: &str) -> String {
    match path.strip_prefix("root/") {
        Some(rest) => rest.to_owned(),
        None if is_part_of_pages(path) => format!("assets/{path}"),
        None => path.to_owned(),
    }
}

fn is_part_of_pages(path: &str) -> bool {
    let stays = path.starts_with("root/") || path.starts_with("documents/");
    !stays && PARTS_OF_PAGES.contains(&ending(path))
}

fn ending(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or("", |(stem, ending)| if stem.is_empty() { "" } else { ending })
}

/// Returns the relative path from one file of the site to another.
fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').collect();
    let to: Vec<&str> = to.split('/').collect();
    let shared = from[..from.len() - 1].iter().zip(&to[..to.len() - 1]).take_while(|(a, b)| a == b).count();
    let up = from.len() - 1 - shared;
    std::iter::repeat_n("..", up).chain(to[shared..].iter().copied()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests;
