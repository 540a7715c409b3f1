//! Detects files of the publisher that would take an address of candor, in any spelling.
//!
//! Hosts resolve addresses differently: some ignore case, some store names in another Unicode normalization form, some decode
//! twice, some serve `x.gz` or `x.html` for `x`. So the files of `static/` are compared the way the most lenient host would
//! compare them, with the rows of [`ADDRESSES`] and with [`FOLDERS`], which reserves space for later versions.

use unicode_normalization::UnicodeNormalization as _;

use super::lookup::{fits_pattern, owner_of};
use super::{ADDRESSES, Address, INDEX, Owner};
use crate::text::percent;

/// Folders that are reserved for candor, in this version or a later one, including in folders of a language (`de/`).
/// The only exceptions are detached signatures of candor's files: see `SIGNATURES`.
pub const FOLDERS: [&str; 10] = [
    "releases",
    "changelog",
    "subprocessors",
    "schedule",
    "compare",
    "subscribe",
    "schema",
    "feed",
    // candor's own records in the output folder and at the destination, and the files of the preview.
    ".candor",
    "-candor",
];

/// Extensions of detached signatures, which publishers may put next to the signed file.
pub const SIGNATURES: [&str; 4] = ["asc", "sig", "minisig", "p7s"];

/// Extensions of compressed copies, which web servers send instead of the file without the extension.
pub const COMPRESSED: [&str; 15] =
    ["gz", "gzip", "br", "brotli", "zst", "zstd", "z", "zz", "zlib", "deflate", "xz", "lzma", "bz2", "lz4", "lz"];

/// Stems of files that hosts serve for a folder, and extensions that hosts leave out of addresses.
const INDEX_NAMES: [&str; 5] = ["index", "default", "home", "iisstart", "welcome"];
const PAGE_ENDINGS: [&str; 16] = [
    "html", "htm", "xhtml", "xht", "shtml", "shtm", "php", "php5", "phtml", "asp", "aspx", "jsp", "cgi", "pl", "py",
    "cfm",
];

/// Names of host configuration files: rules, access, functions and deployment. They belong in `static/root/`, so that they
/// take effect only on purpose.
const CONTROL_FILES: &[&str] = &[
    // Cloudflare Pages and Workers, Netlify, Vercel, Azure, Firebase, AWS, Render, Heroku, Surge, GitHub and GitLab Pages.
    "_redirects",
    "_headers",
    "_routes.json",
    "_worker.js",
    "_worker.bundle",
    "wrangler.toml",
    "wrangler.json",
    "wrangler.jsonc",
    "netlify.toml",
    "vercel.json",
    "now.json",
    "staticwebapp.config.json",
    "routes.json",
    "firebase.json",
    ".firebaserc",
    "amplify.yml",
    "amplify.yaml",
    "buildspec.yml",
    "appspec.yml",
    "customhttp.yml",
    "render.yaml",
    "render.yml",
    "static.json",
    "fly.toml",
    "app.yaml",
    "app.yml",
    "procfile",
    "dockerfile",
    "cname",
    "router",
    "cors",
    "auth",
    ".surgeignore",
    ".nojekyll",
    "_config.yml",
    "_config.yaml",
    "_config.toml",
    ".gitlab-ci.yml",
    "package.json",
    "serve.json",
    "superstatic.json",
    "staticfile",
    "zbpack.json",
    "edgeone.json",
    "deno.json",
    "deno.jsonc",
    "host.json",
    "middleware.js",
    "middleware.ts",
    "vercel.ts",
    "vercel.js",
    "vercel.mjs",
    "apple-app-site-association",
    "bitbucket-pipelines.yml",
    "azure-pipelines.yml",
    "jenkinsfile",
    ".woodpecker.yml",
    ".woodpecker.yaml",
    ".assetsignore",
    ".vercelignore",
    ".cfignore",
    ".domains",
    // Web servers.
    ".htaccess",
    ".htpasswd",
    ".htgroup",
    ".htdigest",
    "web.config",
    "app.config",
    "global.asax",
    "applicationhost.config",
    ".user.ini",
    "php.ini",
    "nginx.conf",
    "httpd.conf",
    "apache.conf",
    "lighttpd.conf",
    "caddyfile",
    "caddyfile.json",
    // Crawlers and browser plug-ins.
    "robots.txt",
    "crossdomain.xml",
    "clientaccesspolicy.xml",
];

/// Folders at the root of a site that configure hosts.
const CONTROL_FOLDERS: &[&str] = &[
    ".well-known",
    "functions",
    "edge-functions",
    "netlify",
    ".netlify",
    ".vercel",
    ".github",
    ".gitea",
    ".forgejo",
    ".circleci",
    "cgi-bin",
];

/// Why the publisher's file cannot have an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The reserved address, or the reserved folder with a trailing slash.
    pub address: String,
    /// How the file conflicts with it.
    pub kind: ClaimKind,
}

/// How a file conflicts with an address of candor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimKind {
    /// The file has the same address.
    Exact(&'static Address),
    /// The file is in a reserved folder.
    Folder,
    /// The file has the name of a folder of the site, or is in a folder with the name of a file of the site.
    Shape,
    /// Some hosts treat the file name as another spelling of the address.
    Spelling,
    /// Some hosts treat the file as a compressed copy.
    Compressed,
    /// Some hosts serve the file for the address of a page.
    Page,
}

/// Returns why a path is not available to the publisher's files; `None` if it is available.
pub fn claim(path: &str) -> Option<Claim> {
    if let Some(row) = owner_of(path) {
        let exact = || Claim { address: path.to_owned(), kind: ClaimKind::Exact(row) };
        return (row.owner == Owner::Candor).then(exact);
    }
    let read = as_hosts_read(path);
    let plain = uncompressed(&read);
    let otherwise = if plain == read { ClaimKind::Spelling } else { ClaimKind::Compressed };
    let below_language = plain.split_once('/').filter(|(first, _)| is_language(first)).map(|(_, rest)| rest);
    if is_language(plain) {
        return Some(Claim { address: format!("{plain}/"), kind: ClaimKind::Shape });
    }
    [Some(plain), below_language].into_iter().flatten().find_map(|path| claim_as_read(path, otherwise))
}

/// Returns the claim on a path that was normalized by [`as_hosts_read`].
fn claim_as_read(path: &str, otherwise: ClaimKind) -> Option<Claim> {
    let claim = |address: &str, kind| Some(Claim { address: address.to_owned(), kind });
    if let Some(row) = owned(path) {
        return claim(if row.pattern.contains('{') { path } else { row.pattern }, otherwise);
    }
    if let Some((stem, ending)) = path.rsplit_once('.')
        && SIGNATURES.contains(&ending)
        && owned(stem).is_some()
    {
        return None;
    }
    let first = path.split('/').next().unwrap_or(path);
    if FOLDERS.contains(&first) {
        return claim(&format!("{first}/"), if first == path { ClaimKind::Shape } else { ClaimKind::Folder });
    }
    // A file cannot have the path of a folder, and a folder cannot have the path of a file.
    if rows().any(|row| is_folder_of(&row.pattern.to_lowercase(), path)) {
        return claim(&format!("{path}/"), ClaimKind::Shape);
    }
    let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
    if let Some(file) = folders.into_iter().find(|folder| owned(folder).is_some()) {
        return claim(file, ClaimKind::Shape);
    }
    // `subprocessors.html` is served at `/subprocessors`, and `index.php` at `/`.
    let (folder, name) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
    let (stem, ending) = name.split_once('.').unwrap_or((name, ""));
    if PAGE_ENDINGS.contains(&ending.split('.').next().unwrap_or_default()) {
        let page = |folder: &str| if folder.is_empty() { INDEX.to_owned() } else { format!("{folder}/{INDEX}") };
        let join = if folder.is_empty() { stem.to_owned() } else { format!("{folder}/{stem}") };
        let taken = [INDEX_NAMES.contains(&stem).then(|| page(folder)), Some(page(&join))];
        if let Some(page) = taken.into_iter().flatten().find(|page| owned(page).is_some()) {
            return claim(&page, ClaimKind::Page);
        }
    }
    None
}

/// The rows that are not available to the publisher's files.
fn rows() -> impl Iterator<Item = &'static Address> {
    ADDRESSES.iter().filter(|row| !matches!(row.owner, Owner::Publisher | Owner::Optional))
}

fn owned(path: &str) -> Option<&'static Address> {
    rows().find(|row| fits_pattern(&row.pattern.to_lowercase(), path))
}

/// Whether a path is a folder that contains files of the pattern.
fn is_folder_of(pattern: &str, path: &str) -> bool {
    pattern.match_indices('/').any(|(at, _)| !pattern[..at].contains("{path}") && fits_pattern(&pattern[..at], path))
}

/// Whether the name is a language tag such as `de` or `pt-BR`. These folders are reserved for translations.
fn is_language(name: &str) -> bool {
    let mut subtags = name.split('-');
    let primary = subtags.next().is_some_and(|tag| tag.len() == 2 && tag.bytes().all(|byte| byte.is_ascii_lowercase()));
    primary && subtags.all(|tag| (2..=4).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Returns the host configuration file or folder that a path refers to, in any spelling: `CNAME`, `.htaccess`, `functions/`.
pub fn control_file(path: &str) -> Option<String> {
    let read = as_hosts_read(path);
    let plain = uncompressed(&read);
    let folder = plain.split_once('/').map(|(first, _)| first).filter(|first| CONTROL_FOLDERS.contains(first));
    let named = || plain.split('/').find(|name| CONTROL_FILES.contains(name)).map(str::to_owned);
    folder.map(|folder| format!("{folder}/")).or_else(named)
}

/// Whether a page of the publisher cannot have the address `/NAME/`, because it belongs to candor, to files of the publisher, to
/// a translation, or to the host. The name is an [`Id`](crate::model::Id).
pub fn is_page_name_taken(name: &str) -> bool {
    // Folders of files that pages load, and of published files.
    const FILES: [&str; 4] = ["assets", "documents", "notices", "static"];
    let page = format!("{name}/{INDEX}");
    let is_part_of_address =
        |row: &Address| row.owner != Owner::Optional && row.pattern.split('/').next() == Some(name);
    FILES.contains(&name)
        || INDEX_NAMES.contains(&name)
        || name == "404"
        || CONTROL_FOLDERS.contains(&name)
        || control_file(name).is_some()
        || ADDRESSES.iter().any(is_part_of_address)
        || claim(&page).is_some()
        || claim(name).is_some()
}

/// Whether an address of a site that has only these optional addresses of candor has this first part, so that a page of the publisher
/// cannot have the address `/NAME/`.
fn is_optional_folder(name: &str) -> bool {
    ADDRESSES.iter().any(|row| row.owner == Owner::Optional && row.pattern.split('/').next() == Some(name))
}

/// Whether a page at `/PATH/` would have an address of candor, of a translation, or of the configuration of a host.
pub fn is_reserved_for_candor(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or(path);
    let page = format!("{path}/{INDEX}");
    is_page_name_taken(first)
        || is_optional_folder(first)
        || claim(&page).is_some()
        || claim(path).is_some()
        || control_file(path).is_some()
}

/// Whether hosts may serve the file at a path of the site instead of the page of the publisher at `/NAME/`.
pub fn is_served_for_page(path: &str, name: &str) -> bool {
    let read = as_hosts_read(path);
    let plain = uncompressed(&read);
    let Some(rest) = plain.strip_prefix(name) else { return false };
    let is_page = |rest: &str| {
        rest.split_once('.').is_some_and(|(stem, ending)| stem.is_empty() && PAGE_ENDINGS.contains(&ending))
    };
    rest.is_empty()
        || is_page(rest)
        || rest
            .strip_prefix('/')
            .is_some_and(|file| INDEX_NAMES.iter().any(|index| file.strip_prefix(index).is_some_and(is_page)))
}

/// Returns the path without the extensions of compressed copies.
pub fn uncompressed(path: &str) -> &str {
    let mut plain = path;
    while let Some((stem, ending)) = plain.rsplit_once('.') {
        if stem.is_empty() || stem.ends_with('/') || !COMPRESSED.iter().any(|known| known.eq_ignore_ascii_case(ending))
        {
            break;
        }
        plain = stem;
    }
    plain
}

/// Folds a path the way the most lenient file system compares it: ignoring case, in one normalization form, and without the
/// characters that HFS+ ignores.
pub fn fold(path: &str) -> String {
    if path.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return path.to_owned();
    }
    let ignored = |c: &char| {
        c.is_control()
            || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
    };
    let one_form: String = path.chars().filter(|c| !ignored(c)).nfkc().collect();
    // Convert to uppercase first, because some letters, such as the long s, fold only through their uppercase letter.
    one_form.to_uppercase().to_lowercase().nfkc().collect()
}

/// Normalizes a path the way the most lenient host reads it: decoded, without dot segments, without spaces and dots at the
/// ends of names, without query and parameters, and [folded](fold).
fn as_hosts_read(path: &str) -> String {
    let mut decoded = path.to_owned();
    // Terminates, because each iteration makes the path shorter.
    while let std::borrow::Cow::Owned(next) = percent::decode_lossy(&decoded) {
        if next.len() >= decoded.len() {
            break;
        }
        decoded = next;
    }
    let folded = fold(&decoded);
    let whole = folded.split(['?', '#', ':', ';']).next().unwrap_or_default();
    let mut segments: Vec<&str> = Vec::new();
    for segment in whole.split(['/', '\\']) {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            _ => match segment.trim().trim_end_matches(|c: char| c == '.' || c.is_whitespace()) {
                "" => {}
                name => segments.push(name),
            },
        }
    }
    segments.join("/")
}

#[cfg(test)]
mod tests {
    use super::{ClaimKind, claim, control_file, fold};

    #[test]
    fn usual_files_of_publishers_are_available() {
        for free in [
            "documents/dpa.pdf",
            "documents/releases/2026.pdf",
            "whitepaper.pdf",
            "favicon.ico",
            "legal/imprint.html",
            "logs.tar.gz",
            "de/documents/avv.pdf",
            "documents/index.pdf",
            ".well-known/security.txt",
            ".well-known/openpgpkey/policy",
            "_redirects",
            "CNAME",
            "releases/SHA256SUMS.asc",
            "releases/index.json.sig",
            "releases/2026-05-22.json.minisig",
            "trusted.json",
            "subprocessors-2025.pdf",
        ] {
            assert_eq!(claim(free), None, "{free}");
        }
        for plain in ["documents/dpa.pdf", "documents/functions/a.pdf", "cname.pdf", "robots.txt.pdf"] {
            assert_eq!(control_file(plain), None, "{plain}");
        }
    }

    #[test]
    fn reports_each_kind_of_conflict() {
        for (path, address, expected) in [
            ("Index.HTML", "index.html", ClaimKind::Spelling),
            ("index.html.gz", "index.html", ClaimKind::Compressed),
            ("Releases/sha256sums", "releases/SHA256SUMS", ClaimKind::Spelling),
            ("releases", "releases/", ClaimKind::Shape),
            ("feed.xml/a.pdf", "feed.xml", ClaimKind::Shape),
            ("releases/notes.pdf", "releases/", ClaimKind::Folder),
            ("de/Feed.xml", "feed.xml", ClaimKind::Spelling),
            ("index.php", "index.html", ClaimKind::Page),
            ("subprocessors.htm", "subprocessors/index.html", ClaimKind::Page),
            ("sitemap.xml.br", "sitemap.xml", ClaimKind::Compressed),
            ("assets", "assets/", ClaimKind::Shape),
            ("de", "de/", ClaimKind::Shape),
        ] {
            let found = claim(path).unwrap_or_else(|| panic!("{path} is free"));
            assert_eq!((found.address.as_str(), found.kind), (address, expected), "{path}");
        }
    }

    #[test]
    fn fold_maps_equivalent_names_to_the_same_path() {
        for (one, other) in
            [("É.pdf", "e\u{301}.pdf"), ("ſtatic", "STATIC"), ("\u{212A}.md", "k.md"), ("a\u{200D}b", "ab")]
        {
            assert_eq!(fold(one), fold(other), "{one}");
        }
        assert_ne!(fold("a.pdf"), fold("b.pdf"));
    }
}
