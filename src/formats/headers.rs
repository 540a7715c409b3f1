//! Response headers: one table, from which come `_headers` (Cloudflare Pages, Netlify), `staticwebapp.config.json` (Azure
//! Static Web Apps), the preview's answers and the headers of uploaded objects.
//!
//! Two rules never give the same header to the same path, because hosts differ in what they make of that: Cloudflare
//! joins both values with a comma, others take the first or the last.

use serde_json::{Map, Value, json};

use super::Files;
use crate::site::{Artifact, Cache};

/// A header: name and value.
pub type Header = (&'static str, &'static str);

/// Headers for the paths that a pattern matches.
#[derive(Debug, Clone, Copy)]
struct Rule {
    /// A path from the root, with `*` at its end for everything below.
    pattern: &'static str,
    headers: &'static [Header],
}

/// Nothing runs, loads or connects but what the site itself serves; nothing may frame it.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
    font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// For every file. CORP and CORS differ between pages and data, and stand below.
const EVERYWHERE: &[Header] = &[
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    // Two years, as preload lists ask for. Without includeSubDomains: neighbours of the trust page are not ours to decide on.
    ("Strict-Transport-Security", "max-age=63072000"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
];

const SHORT: Header = ("Cache-Control", Cache::Revalidate.control());
const LONG: Header = ("Cache-Control", Cache::Immutable.control());
/// Pages and what they are made of are for this site alone.
const OWN: Header = ("Cross-Origin-Resource-Policy", "same-origin");
/// What is published for machines may be read by any page, such as a customer's own dashboard. There are no cookies.
const SHARED: Header = ("Cross-Origin-Resource-Policy", "cross-origin");
const ANY_ORIGIN: Header = ("Access-Control-Allow-Origin", "*");

const PAGE: &[Header] = &[SHORT, OWN];
const DATA: &[Header] = &[SHORT, SHARED, ANY_ORIGIN];

/// The table. Hosts keep their own default (ask again each time) for what it does not name, such as documents.
const RULES: &[Rule] = &[
    Rule { pattern: "/*", headers: EVERYWHERE },
    Rule { pattern: "/assets/*", headers: &[LONG, OWN] },
    Rule { pattern: "/", headers: PAGE },
    Rule { pattern: "/index.html", headers: PAGE },
    Rule { pattern: "/404.html", headers: PAGE },
    Rule { pattern: "/subprocessors/*", headers: PAGE },
    Rule { pattern: "/changelog/*", headers: PAGE },
    Rule { pattern: "/schedule/*", headers: PAGE },
    Rule { pattern: "/compare/*", headers: PAGE },
    // Records and archived pages.
    Rule { pattern: "/releases/*", headers: DATA },
    Rule { pattern: "/schema/*", headers: DATA },
    Rule { pattern: "/subprocessors.json", headers: DATA },
    Rule {
        pattern: "/subprocessors.csv",
        headers: &[SHORT, SHARED, ANY_ORIGIN, ("Content-Type", "text/csv; charset=utf-8")],
    },
    Rule { pattern: "/feed/*", headers: DATA },
    Rule {
        pattern: "/feed.xml",
        headers: &[SHORT, SHARED, ANY_ORIGIN, ("Content-Type", "application/atom+xml; charset=utf-8")],
    },
    Rule {
        pattern: "/feed.json",
        headers: &[SHORT, SHARED, ANY_ORIGIN, ("Content-Type", "application/feed+json; charset=utf-8")],
    },
    Rule {
        pattern: "/index.md",
        headers: &[SHORT, SHARED, ANY_ORIGIN, ("Content-Type", "text/markdown; charset=utf-8")],
    },
    Rule { pattern: "/llms.txt", headers: &[SHORT, SHARED, ANY_ORIGIN, ("Content-Type", "text/plain; charset=utf-8")] },
    Rule {
        pattern: "/.well-known/security.txt",
        headers: &[SHORT, SHARED, ANY_ORIGIN, ("Content-Type", "text/plain; charset=utf-8")],
    },
];

/// All headers for the file at a path of the site, such as `subprocessors/index.html`: those of the table, and the media type
/// and caching that the file has in itself.
pub fn for_path(path: &str, artifact: &Artifact) -> Vec<Header> {
    let own = [("Content-Type", artifact.media_type), ("Cache-Control", artifact.cache.control())];
    let listed = RULES.iter().filter(|rule| rule.matches(path)).flat_map(|rule| rule.headers.iter().copied());
    own.into_iter().chain(listed.filter(|(name, _)| own.iter().all(|(known, _)| known != name))).collect()
}

impl Rule {
    /// Whether the rule is for the file at this path below the root.
    fn matches(&self, path: &str) -> bool {
        let pattern = &self.pattern[1..];
        match pattern.strip_suffix('*') {
            Some(prefix) => path.starts_with(prefix),
            None => path == pattern || (pattern.is_empty() && path == "index.html"),
        }
    }
}

/// Adds both files.
pub(super) fn files(files: &mut Files) {
    files.ready("_headers", list());
    files.ready("staticwebapp.config.json", static_web_apps());
}

/// `_headers`: a pattern, and its headers indented below.
fn list() -> String {
    let header = |(name, value): &Header| format!("  {name}: {value}\n");
    let rule = |rule: &Rule| format!("{}\n{}", rule.pattern, rule.headers.iter().map(header).collect::<String>());
    RULES.iter().map(rule).collect()
}

/// `staticwebapp.config.json`: what is for every file is global; of the routes, the first that matches counts.
fn static_web_apps() -> Vec<u8> {
    let object = |headers: &[Header]| -> Map<String, Value> {
        headers.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect()
    };
    let (global, routes): (Vec<&Rule>, Vec<&Rule>) = RULES.iter().partition(|rule| rule.pattern == "/*");
    let routes: Vec<_> =
        routes.iter().map(|rule| json!({ "route": rule.pattern, "headers": object(rule.headers) })).collect();
    let config = json!({
        "globalHeaders": global.iter().flat_map(|rule| object(rule.headers)).collect::<Map<_, _>>(),
        "routes": routes,
        "responseOverrides": { "404": { "rewrite": "/404.html" } },
        "mimeTypes": {
            ".csv": "text/csv; charset=utf-8",
            ".json": "application/json; charset=utf-8",
            ".md": "text/markdown; charset=utf-8",
            ".txt": "text/plain; charset=utf-8",
            ".xml": "application/xml; charset=utf-8",
        },
        "trailingSlash": "auto",
    });
    let mut bytes = format!("{config:#}").into_bytes();
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{RULES, for_path, list, static_web_apps};
    use crate::site::{Artifact, Cache, SitePath, media_type};

    /// A file for each kind of path that a site has.
    const PATHS: [&str; 18] = [
        "index.html",
        "404.html",
        "subprocessors/index.html",
        "changelog/2026/index.html",
        "schedule/index.html",
        "compare/index.html",
        "releases/2026-05-22/index.html",
        "releases/2026-05-22.json",
        "releases/index.json",
        "schema/release.json",
        "subprocessors.json",
        "subprocessors.csv",
        "feed.xml",
        "feed/1.json",
        "index.md",
        "llms.txt",
        ".well-known/security.txt",
        "assets/css/candor.0123456789.css",
    ];

    fn artifact(path: &str) -> Artifact {
        let cache = if path.starts_with("assets/") { Cache::Immutable } else { Cache::Revalidate };
        Artifact::ready(&SitePath::new(path).expect("a path"), cache, Vec::new())
    }

    #[test]
    fn no_path_gets_a_header_twice() {
        for path in PATHS {
            let rules = RULES.iter().filter(|rule| rule.matches(path));
            // `/` and `/index.html` are one file at two addresses.
            let names: Vec<_> =
                rules.filter(|rule| rule.pattern != "/").flat_map(|rule| rule.headers).map(|h| h.0).collect();
            assert_eq!(names.len(), names.iter().collect::<BTreeSet<_>>().len(), "{path}: {names:?}");
        }
    }

    #[test]
    fn the_table_agrees_with_what_files_are() {
        for path in PATHS {
            let artifact = artifact(path);
            for (name, value) in RULES.iter().filter(|rule| rule.matches(path)).flat_map(|rule| rule.headers) {
                match *name {
                    "Content-Type" => assert_eq!(*value, media_type(path), "{path}"),
                    "Cache-Control" => assert_eq!(*value, artifact.cache.control(), "{path}"),
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn pages_are_strict_and_data_is_for_everybody() {
        let header =
            |path: &str, name: &str| for_path(path, &artifact(path)).into_iter().find(|h| h.0 == name).map(|h| h.1);
        for path in PATHS {
            let policy = header(path, "Content-Security-Policy").unwrap_or_default();
            assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}");
            assert_eq!(header(path, "X-Content-Type-Options"), Some("nosniff"), "{path}");
        }
        assert_eq!(header("index.html", "Access-Control-Allow-Origin"), None);
        assert_eq!(header("index.html", "Cross-Origin-Resource-Policy"), Some("same-origin"));
        for path in ["subprocessors.json", "subprocessors.csv", "feed.xml", "feed/1.xml", "releases/2026-05-22.json"] {
            assert_eq!(header(path, "Access-Control-Allow-Origin"), Some("*"), "{path}");
            assert_eq!(header(path, "Cross-Origin-Resource-Policy"), Some("cross-origin"), "{path}");
        }
    }

    #[test]
    fn hosts_take_the_files() {
        // Cloudflare Pages: 100 rules, 2,000 characters a line. Azure Static Web Apps: 20 kB.
        assert!(RULES.len() <= 100 && list().lines().all(|line| line.len() <= 2_000));
        assert!(static_web_apps().len() <= 20_000);
        // One `*`, at the end: the only place where all three allow it.
        assert!(RULES.iter().all(|rule| !rule.pattern.trim_end_matches('*').contains('*')));
    }
}
