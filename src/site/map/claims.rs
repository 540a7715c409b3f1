//! Which addresses the publisher's files cannot take, however they are spelled.
//!
//! Hosts do not agree on what an address names. Some ignore upper and lower case, some store names in another Unicode
//! normalization form, some decode twice, some send `x.gz` or `x.html` to whoever asks for `x`. A file of `static/` is
//! therefore compared as the most forgiving of them would compare it, with the rows of [`ADDRESSES`] and with
//! [`FOLDERS`], which holds the room for later versions.

use unicode_normalization::UnicodeNormalization as _;

use super::{ADDRESSES, Address, INDEX, Owner, fits_pattern, owner_of};
use crate::text::percent;

/// Folders of which every address is candor's, in this version or a later one; in folders of a language (`de/`), too.
/// Detached signatures of candor's own files are the one exception: see `SIGNATURES`.
pub const FOLDERS: [&str; 10] = [
    "releases",
    "changelog",
    "subprocessors",
    "schedule",
    "compare",
    "subscribe",
    "schema",
    "feed",
    // What candor notes in the folder and at the destination, and what the preview adds.
    ".candor",
    "-candor",
];

/// Endings of detached signatures, which publishers may put next to the file that they sign.
pub const SIGNATURES: [&str; 4] = ["asc", "sig", "minisig", "p7s"];

/// Endings of compressed copies, which web servers send in place of the file without the ending.
pub const COMPRESSED: [&str; 15] =
    ["gz", "gzip", "br", "brotli", "zst", "zstd", "z", "zz", "zlib", "deflate", "xz", "lzma", "bz2", "lz4", "lz"];

/// Names of files that a host serves for a folder, and endings that it leaves out of addresses.
const INDEX_NAMES: [&str; 5] = ["index", "default", "home", "iisstart", "welcome"];
const PAGE_ENDINGS: [&str; 16] = [
    "html", "htm", "xhtml", "xht", "shtml", "shtm", "php", "php5", "phtml", "asp", "aspx", "jsp", "cgi", "pl", "py",
    "cfm",
];

/// Names of files, and of folders, by which publishers set up a host: rules, access, functions and deployment. They have
/// an effect only where they are meant, so they belong into `static/root/`.
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

/// Folders at the root of a site that hosts read.
const CONTROL_FOLDERS: &[&str] =
    &[".well-known", "functions", "netlify", ".netlify", ".vercel", ".github", ".circleci", "cgi-bin"];

/// Why the publisher cannot have an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The address that is candor's, or the folder, with its slash.
    pub address: String,
    /// How the file would take it.
    pub kind: ClaimKind,
}

/// How a file would take an address of candor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimKind {
    /// It has the address.
    Exact(&'static Address),
    /// It is in a folder that is candor's.
    Folder,
    /// It has the name of a folder of the site, or is below the name of a file.
    Shape,
    /// Its name is another spelling of the address to some hosts.
    Spelling,
    /// It is a compressed copy to some hosts.
    Compressed,
    /// It is what some hosts serve for the folder of a page.
    Page,
}

/// Why a path of the site is not available to the publisher's files. `None` where it is.
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

/// The claim on a path that is spelled as hosts read it.
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
    // A file cannot be where the site has a folder, nor a folder where it has a file.
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

/// The rows that the publisher's files cannot take. Assets are apart: candor itself puts the publisher's there.
fn rows() -> impl Iterator<Item = &'static Address> {
    ADDRESSES.iter().filter(|row| row.owner != Owner::Publisher)
}

fn owned(path: &str) -> Option<&'static Address> {
    rows().find(|row| fits_pattern(&row.pattern.to_lowercase(), path))
}

/// Whether a path is that of a folder in which the pattern has files.
fn is_folder_of(pattern: &str, path: &str) -> bool {
    pattern.match_indices('/').any(|(at, _)| !pattern[..at].contains("{path}") && fits_pattern(&pattern[..at], path))
}

/// Whether the name is that of a folder for a language, such as `de` or `pt-BR`, in which later versions put translations.
fn is_language(name: &str) -> bool {
    let mut subtags = name.split('-');
    let primary = subtags.next().is_some_and(|tag| tag.len() == 2 && tag.bytes().all(|byte| byte.is_ascii_lowercase()));
    primary && subtags.all(|tag| (2..=4).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// A host's own file or folder that a path names, in any spelling: `CNAME`, `.htaccess`, `functions/`.
pub fn control_file(path: &str) -> Option<String> {
    let read = as_hosts_read(path);
    let plain = uncompressed(&read);
    let folder = plain.split_once('/').map(|(first, _)| first).filter(|first| CONTROL_FOLDERS.contains(first));
    let named = || plain.split('/').find(|name| CONTROL_FILES.contains(name)).map(str::to_owned);
    folder.map(|folder| format!("{folder}/")).or_else(named)
}

/// The path without the endings of compressed copies.
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

/// A path as the most forgiving file system compares it: without case, in one normalization form, and without the
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
    // Upper case first: some letters, such as the long s, have a lower case only by way of their upper case.
    one_form.to_uppercase().to_lowercase().nfkc().collect()
}

/// A path as the most forgiving host reads it: decoded, without dot segments, spaces and dots at the ends of names, query
/// and parameters, and [folded](fold).
fn as_hosts_read(path: &str) -> String {
    let mut decoded = path.to_owned();
    // Each turn makes it shorter.
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
    fn files_that_publishers_have_are_free() {
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
    fn each_way_to_take_an_address_has_its_name() {
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
    fn folding_joins_what_some_file_system_joins() {
        for (one, other) in
            [("É.pdf", "e\u{301}.pdf"), ("ſtatic", "STATIC"), ("\u{212A}.md", "k.md"), ("a\u{200D}b", "ab")]
        {
            assert_eq!(fold(one), fold(other), "{one}");
        }
        assert_ne!(fold("a.pdf"), fold("b.pdf"));
    }
}
