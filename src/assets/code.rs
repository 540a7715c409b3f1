//! Detects active content in `static/`: files that a browser or a server executes or displays as a page of the site.
//!
//! The publisher must add active content on purpose, so it is only allowed in certain places: scripts below
//! `static/js/`, style sheets anywhere outside `static/documents/`, everything else below `static/root/`. Elsewhere it
//! is rejected. Serving it as a download would not be safe, because not every host can set headers.

use super::svg;
use crate::site::map::uncompressed;
use crate::site::media;
use crate::text::percent;

/// The folder of the theme's scripts.
const SCRIPTS: &str = "js/";
/// Files below this folder are served unchanged.
const ROOT: &str = "root/";
/// The folder of downloads.
const DOCUMENTS: &str = "documents/";

/// Extensions of scripts.
const SCRIPT_ENDINGS: [&str; 6] = ["js", "mjs", "cjs", "jsm", "wasm", "es6"];

/// Extensions of files that browsers display as pages, or that plug-ins run. In XML, a script can be below any root
/// element.
const PAGE_ENDINGS: [&str; 34] = [
    "html",
    "htm",
    "xhtml",
    "xht",
    "xhtm",
    "mhtml",
    "mht",
    "hta",
    "htc",
    "htx",
    "xml",
    "xsl",
    "xslt",
    "xbl",
    "xul",
    "rdf",
    "rss",
    "atom",
    "mml",
    "mathml",
    "xsd",
    "dtd",
    "wsdl",
    "svgz",
    "swf",
    "swfl",
    "xap",
    "jar",
    "class",
    "jnlp",
    "webarchive",
    "maff",
    "url",
    "appcache",
];

/// Extensions of programs that web servers run, including server-side includes, files that set their own headers (`asis`)
/// and type maps (`var`). Servers look for them anywhere in a name.
const SERVER_ENDINGS: [&str; 51] = [
    "php", "php3", "php4", "php5", "php7", "php8", "phtml", "pht", "phtm", "phar", "phps", "asp", "aspx", "ashx",
    "asmx", "ascx", "asax", "asa", "cer", "cdx", "idc", "cshtml", "vbhtml", "jsp", "jspx", "jspf", "do", "cgi", "fcgi",
    "fpl", "pl", "cfm", "cfc", "lua", "inc", "shtml", "shtm", "stm", "asis", "var", "php81", "php82", "py", "rb",
    "svc", "axd", "rem", "soap", "xamlx", "rhtml", "jhtml",
];

/// Parts of subtypes that browsers run, apply or show as pages. The JavaScript types are those of the MIME Sniffing standard.
const ACTIVE_SUBTYPES: [&str; 13] = [
    "html",
    "javascript",
    "ecmascript",
    "jscript",
    "livescript",
    "vbscript",
    "wasm",
    "css",
    "xsl",
    "x-component",
    "cache-manifest",
    "shockwave",
    "httpd",
];

/// Types whose content browsers do not look into to find out what it is. `multipart` and `message` can contain pages.
const PASSIVE_TYPES: [&str; 7] = ["application", "audio", "font", "image", "model", "text", "video"];

/// The kind of active content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActiveKind {
    /// A script.
    Script,
    /// Browsers display it as a page.
    Page,
    /// Web servers run it.
    ServerProgram,
    /// A style sheet.
    StyleSheet,
    /// An SVG image that contains more than an image.
    ActiveImage(String),
    /// A file without a known extension that begins like a page.
    Unnamed,
}

/// Returns the kind of active content, by the path below `static/` and the content; `None` for a file that is only
/// displayed or downloaded.
pub fn of(path: &str, bytes: &[u8]) -> Option<ActiveKind> {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    // Some servers end a name at a semicolon or at an escaped character: `a.asp;.jpg`, `a.php%00.jpg`.
    let parts = name.split([';', '%']).filter(|part| part.len() < name.len());
    let decoded = percent::decode_lossy(&name);
    if let Some(kind) = parts.chain([&*decoded]).find_map(|part| of_name(part, b"")) {
        return Some(kind);
    }
    of_name(&name, bytes)
}

fn of_name(name: &str, bytes: &[u8]) -> Option<ActiveKind> {
    let plain = uncompressed(name);
    let mut endings: Vec<&str> = plain.split('.').skip(1).map(str::trim).collect();
    if endings.iter().any(|ending| SERVER_ENDINGS.contains(ending)) {
        return Some(ActiveKind::ServerProgram);
    }
    // Servers interpret `page.html.de` as a page in German.
    while endings.len() > 1
        && endings.last().is_some_and(|ending| media::of_ending(ending).is_none() && !is_known(ending))
    {
        endings.pop();
    }
    let ending = endings.last().copied().unwrap_or_default();
    if SCRIPT_ENDINGS.contains(&ending) {
        Some(ActiveKind::Script)
    } else if PAGE_ENDINGS.contains(&ending) {
        Some(ActiveKind::Page)
    } else if ending == "css" {
        Some(ActiveKind::StyleSheet)
    } else if ending == "svg" {
        // The content of a compressed file cannot be checked.
        if plain == name { svg::active(bytes).map(ActiveKind::ActiveImage) } else { Some(ActiveKind::Page) }
    } else if media::of_name(name).is_none() && begins_as_page(bytes) {
        Some(ActiveKind::Unnamed)
    } else {
        None
    }
}

fn is_known(ending: &str) -> bool {
    SCRIPT_ENDINGS.contains(&ending) || PAGE_ENDINGS.contains(&ending)
}

/// Returns whether a server that inspects the content (such as Go's or Apache) would serve it as HTML or XML.
fn begins_as_page(bytes: &[u8]) -> bool {
    let blank = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let text: Vec<u8> = bytes[blank..].iter().copied().take(1024).filter(|byte| *byte != 0).collect();
    let marks: [&[u8]; 3] = [&[0xEF, 0xBB, 0xBF], &[0xFE, 0xFF], &[0xFF, 0xFE]];
    let text = marks.iter().find_map(|mark| text.strip_prefix(*mark)).unwrap_or(&text);
    matches!(text.trim_ascii_start(), [b'<', next, ..] if next.is_ascii_alphabetic() || matches!(next, b'!' | b'?' | b'/'))
        || text.trim_ascii_start().starts_with(b"#!")
}

/// Returns whether browsers run this media type or display it as a page.
pub fn is_active(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let Some((kind, subtype)) = essence.split_once('/') else { return true };
    !PASSIVE_TYPES.contains(&kind)
        || ACTIVE_SUBTYPES.iter().any(|part| subtype.contains(part))
        || subtype.contains("unknown")
        || subtype.starts_with("xml")
        || subtype.ends_with("+xml")
}

/// Returns whether active content of this kind is allowed at a path below `static/`.
pub fn is_allowed(code: &ActiveKind, path: &str) -> bool {
    match code {
        _ if path.starts_with(ROOT) => true,
        // A file below `js/` that only some hosts would execute serves no purpose.
        ActiveKind::Script => path.starts_with(SCRIPTS) && uncompressed(path) == path,
        ActiveKind::StyleSheet => !path.starts_with(DOCUMENTS) && uncompressed(path) == path,
        _ => false,
    }
}

impl ActiveKind {
    /// Returns the part of a message that describes it.
    pub fn describe(&self) -> String {
        match self {
            ActiveKind::Script => "is a script".to_owned(),
            ActiveKind::Page => "is a page or XML, in which browsers run scripts".to_owned(),
            ActiveKind::ServerProgram => "is a program that some web servers run".to_owned(),
            ActiveKind::StyleSheet => "is a style sheet".to_owned(),
            ActiveKind::ActiveImage(part) => format!("is an SVG image with {part}"),
            ActiveKind::Unnamed => "begins like a page and has no known extension".to_owned(),
        }
    }

    /// How to fix it.
    pub fn help(&self) -> &'static str {
        match self {
            ActiveKind::Script => {
                "move it to static/js/ if pages load it, or to static/root/; below documents/, publish an archive instead"
            }
            ActiveKind::StyleSheet => "move it to static/css/ if pages load it, or to static/root/",
            ActiveKind::ActiveImage(_) => {
                "export it as PNG, or as plain SVG without scripts, script links and entities"
            }
            ActiveKind::Page | ActiveKind::ServerProgram | ActiveKind::Unnamed => {
                "move it to static/root/, which may contain code, or publish it as PDF, as text or in a ZIP archive"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ActiveKind, is_active, is_allowed, of};

    #[test]
    fn detects_code_by_every_extension_that_some_host_uses() {
        for (path, expected) in [
            ("documents/report.html", ActiveKind::Page),
            ("documents/REPORT.HtM", ActiveKind::Page),
            ("documents/report.html.gz", ActiveKind::Page),
            ("documents/report.html.de", ActiveKind::Page),
            ("documents/bom.xml", ActiveKind::Page),
            ("a.xhtml", ActiveKind::Page),
            ("logo.svgz", ActiveKind::Page),
            ("documents/app.js", ActiveKind::Script),
            ("documents/app.min.MJS", ActiveKind::Script),
            ("x.wasm", ActiveKind::Script),
            ("documents/x.php.pdf", ActiveKind::ServerProgram),
            ("documents/x.shtml.txt", ActiveKind::ServerProgram),
            ("documents/x.asis.pdf", ActiveKind::ServerProgram),
            ("documents/x.var.txt", ActiveKind::ServerProgram),
            ("documents/x.asp;.jpg", ActiveKind::ServerProgram),
            ("documents/x.PHP;a.jpg", ActiveKind::ServerProgram),
            ("documents/x.html;.pdf", ActiveKind::Page),
            ("documents/x.php%20.jpg", ActiveKind::ServerProgram),
            ("documents/x.php%00.jpg", ActiveKind::ServerProgram),
            ("documents/x.html%00.pdf", ActiveKind::Page),
            ("documents/x.js%2f.pdf", ActiveKind::Script),
            ("documents/x%2ehtml", ActiveKind::Page),
            ("documents/x.ht%6dl", ActiveKind::Page),
            ("documents/a.css", ActiveKind::StyleSheet),
        ] {
            let code = of(path, b"").unwrap_or_else(|| panic!("{path} was not detected"));
            assert_eq!(code, expected, "{path}");
            assert!(!is_allowed(&code, path), "{path}");
            assert!(is_allowed(&code, &format!("root/{path}")), "{path}");
        }
        for path in [
            "documents/dpa.pdf",
            "bom.xml.zip",
            "logs.tar.gz",
            "data.json",
            "a.js.map",
            "notes.txt",
            "100%.pdf",
            "a; b.pdf",
            "Version 1.2",
        ] {
            assert_eq!(of(path, b"<html>").filter(|_| path != "Version 1.2"), None, "{path}");
        }
        assert_eq!(of("documents/report", b"\xEF\xBB\xBF \n<!doctype html>"), Some(ActiveKind::Unnamed));
        assert_eq!(of("documents/report", b"a < b"), None);
        assert!(is_allowed(&ActiveKind::Script, "js/own.js") && is_allowed(&ActiveKind::StyleSheet, "css/a.css"));
    }

    #[test]
    fn detects_active_media_types_with_parameters_and_in_any_case() {
        for active in [
            "Text/HTML; charset=utf-8",
            "image/svg+xml",
            "application/atom+xml",
            "text/javascript",
            "text/x-javascript",
            "application/x-ecmascript",
            "text/javascript1.5",
            "unknown/unknown",
            "application/unknown",
            "text/css",
            "application/xml-external-parsed-entity",
            "text/xml",
            "multipart/related",
            "message/rfc822",
            "*/*",
            "text",
            "application/x-httpd-php",
            "application/x-shockwave-flash",
            "text/cache-manifest",
        ] {
            assert!(is_active(active), "{active}");
        }
        for passive in [
            "application/pdf",
            "text/plain",
            "application/vnd.visio",
            "application/json",
            "application/postscript",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/manifest+json",
            "text/csv",
            "text/calendar",
            "image/png",
            "application/jose+json",
        ] {
            assert!(!is_active(passive), "{passive}");
        }
    }
}
