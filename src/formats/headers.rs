//! Response headers: from the map of the site's URLs come `_headers` (Cloudflare Pages, Netlify),
//! `staticwebapp.config.json` (Azure Static Web Apps), the preview's answers and the headers of uploaded objects.
//!
//! Two rules never give the same header to the same path, because hosts differ in what they make of that: Cloudflare
//! joins both values with a comma, others take the first or the last.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use crate::assets::{Asset, Assets};
use crate::model::{MediaType, Settings};
use crate::site::map::{ADDRESSES, Address, INDEX, Kind, Media, Sharing, When};
use crate::site::{Artifact, media};

/// A header: name and value.
pub type Header = (&'static str, &'static str);

/// Headers for the paths that a pattern matches.
#[derive(Debug, Clone, PartialEq, Eq)]
struct HeaderRule {
    /// A path from the root, with `*` at its end for everything below.
    pattern: String,
    headers: Vec<Header>,
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

/// The rules. Hosts keep their own default (ask again each time) for what they do not name, such as documents.
static RULES: LazyLock<Vec<HeaderRule>> = LazyLock::new(rules);

fn rules() -> Vec<HeaderRule> {
    let mut rules = vec![HeaderRule { pattern: "/*".to_owned(), headers: EVERYWHERE.to_vec() }];
    let mut add = |pattern: String, headers: Vec<Header>| {
        // All files of a folder have the same headers, so the rule for the folder serves for each of them.
        let path = pattern.trim_start_matches('/');
        if !rules.iter().skip(1).any(|rule| rule.pattern.ends_with('*') && rule.matches(path)) {
            rules.push(HeaderRule { pattern, headers });
        }
    };
    for address in ADDRESSES.iter().filter(|address| address.when != When::Never) {
        let headers = own_headers(address);
        if !headers.is_empty() {
            if address.pattern == INDEX {
                add("/".to_owned(), headers.clone());
            }
            add(host_pattern(address.pattern), headers);
        }
    }
    rules
}

/// What a host is told about the files of an address besides what it is told about every file.
fn own_headers(address: &Address) -> Vec<Header> {
    let cache = ("Cache-Control", address.cache.control());
    let policy = |value| ("Cross-Origin-Resource-Policy", value);
    let mut headers = match address.sharing {
        Sharing::Unstated => return Vec::new(),
        Sharing::SameOrigin => vec![cache, policy("same-origin")],
        Sharing::AnyOrigin => vec![cache, policy("cross-origin"), ("Access-Control-Allow-Origin", "*")],
    };
    // One rule can state a media type for one file; for JSON and HTML every host has the right one.
    let whole = !host_pattern(address.pattern).ends_with('*');
    if let (Media::Fixed(media_type), true) = (address.media, whole)
        && !matches!(address.kind, Kind::Page(_))
        && !media_type.starts_with("application/json")
    {
        headers.push(("Content-Type", media_type));
    }
    headers
}

/// The pattern by which hosts know an address: its path, or everything in the folder that it shares with others. A page is
/// served under its folder and under the name of its file.
fn host_pattern(pattern: &str) -> String {
    let folder = match pattern.split_once('{') {
        Some((before, _)) => Some(before),
        None => pattern.strip_suffix(INDEX).filter(|folder| !folder.is_empty()),
    };
    folder.map_or_else(|| format!("/{pattern}"), |folder| format!("/{folder}*"))
}

/// All headers for the file at a path of the site, such as `subprocessors/index.html`: those of the table, and the media type
/// and caching that the file has in itself.
pub fn for_path<'a>(path: &str, artifact: &'a Artifact) -> Vec<(&'static str, &'a str)> {
    let own = [("Content-Type", artifact.media_type.as_str()), ("Cache-Control", artifact.cache.control())];
    // `/` and `/index.html` are one file, whose rules say the same.
    let listed = RULES
        .iter()
        .filter(|rule| rule.pattern != "/" && rule.matches(path))
        .flat_map(|rule| rule.headers.iter().copied());
    own.into_iter().chain(listed.filter(|(name, _)| own.iter().all(|(known, _)| known != name))).collect()
}

impl HeaderRule {
    /// Whether the rule is for the file at this path below the root.
    fn matches(&self, path: &str) -> bool {
        let pattern = &self.pattern[1..];
        match pattern.strip_suffix('*') {
            Some(prefix) => path.starts_with(prefix),
            None => path == pattern || (pattern.is_empty() && path == "index.html"),
        }
    }
}

/// `_headers`: a pattern, and its headers indented below; last the media types that `site.yaml` states, file by file,
/// because hosts differ in the wildcards that they take.
pub(super) fn list(assets: &Assets) -> String {
    let header = |(name, value): &Header| format!("  {name}: {value}\n");
    let rule = |rule: &HeaderRule| format!("{}\n{}", rule.pattern, rule.headers.iter().map(header).collect::<String>());
    let typed = |asset: &Asset| format!("/{}\n  Content-Type: {}\n", asset.path.to_url(), asset.media_type);
    RULES.iter().map(rule).chain(assets.with_stated_media_type().map(typed)).collect()
}

/// `staticwebapp.config.json`: what is for every file is global; of the routes, the first that matches counts.
///
/// A media type that `site.yaml` states for `.ending` is stated for the ending here, any other one file by file.
pub(super) fn static_web_apps(settings: &Settings, assets: &Assets) -> Vec<u8> {
    let mime_types = mime_types(settings);
    let object = |headers: &[Header]| -> Map<String, Value> {
        headers.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect()
    };
    let (global, routes): (Vec<&HeaderRule>, Vec<&HeaderRule>) = RULES.iter().partition(|rule| rule.pattern == "/*");
    let by_ending = |asset: &&Asset| {
        let (_, ending) = asset.path.as_str().rsplit_once('.')?;
        mime_types.get(&format!(".{}", ending.to_lowercase()))
    };
    let alone = assets.with_stated_media_type().filter(|asset| by_ending(asset) != Some(&asset.media_type));
    let typed = alone.map(|asset| {
        let folder = routes.iter().find(|rule| rule.matches(asset.path.as_str()));
        let mut headers = folder.map(|rule| object(&rule.headers)).unwrap_or_default();
        headers.insert("Content-Type".to_owned(), asset.media_type.as_str().into());
        json!({ "route": format!("/{}", asset.path.to_url()), "headers": headers })
    });
    let routes = routes.iter().map(|rule| json!({ "route": rule.pattern, "headers": object(&rule.headers) }));
    let routes: Vec<_> = typed.chain(routes.clone()).collect();
    let config = json!({
        "globalHeaders": global.iter().flat_map(|rule| object(&rule.headers)).collect::<Map<_, _>>(),
        "routes": routes,
        "responseOverrides": { "404": { "rewrite": "/404.html" } },
        "mimeTypes": mime_types,
        "trailingSlash": "auto",
    });
    let mut bytes = format!("{config:#}").into_bytes();
    bytes.push(b'\n');
    bytes
}

/// Media types by endings: of the data files that candor writes, whose charset is not every host's default, and those that
/// `site.yaml` states.
fn mime_types(settings: &Settings) -> BTreeMap<String, MediaType> {
    let data = ADDRESSES.iter().filter(|address| matches!(address.kind, Kind::Output(_) | Kind::Record));
    let own = data.filter_map(|address| {
        let ending = format!(".{}", address.pattern.rsplit_once('.')?.1);
        Some((ending.clone(), MediaType::known(media::of_name(&ending)?)))
    });
    let stated = settings
        .media_types
        .iter()
        .filter(|(ending, _)| ending.as_str().strip_prefix('.').is_some_and(|ending| !ending.contains('.')));
    let mut types: BTreeMap<String, MediaType> = own.collect();
    for (ending, media_type) in stated {
        types.entry(ending.to_string()).or_insert_with(|| media_type.clone());
    }
    types
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{RULES, for_path, list, static_web_apps};
    use crate::assets::Assets;
    use crate::model::Settings;
    use crate::site::{Artifact, SitePath};

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
        Artifact::ready(&SitePath::new(path).expect("a path"), Vec::new())
    }

    #[test]
    fn no_path_gets_a_header_twice() {
        for path in PATHS {
            let rules = RULES.iter().filter(|rule| rule.matches(path));
            // `/` and `/index.html` are one file at two addresses.
            let names: Vec<_> =
                rules.filter(|rule| rule.pattern != "/").flat_map(|rule| &rule.headers).map(|h| h.0).collect();
            assert_eq!(names.len(), names.iter().collect::<BTreeSet<_>>().len(), "{path}: {names:?}");
        }
    }

    #[test]
    fn the_table_agrees_with_what_files_are() {
        for path in PATHS {
            let artifact = artifact(path);
            for (name, value) in RULES.iter().filter(|rule| rule.matches(path)).flat_map(|rule| &rule.headers) {
                match *name {
                    "Content-Type" => assert_eq!(*value, artifact.media_type.as_str(), "{path}"),
                    "Cache-Control" => assert_eq!(*value, artifact.cache.control(), "{path}"),
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn pages_are_strict_and_data_is_for_everybody() {
        let header = |path: &str, name: &str| {
            for_path(path, &artifact(path)).into_iter().find(|h| h.0 == name).map(|h| h.1.to_owned())
        };
        for path in PATHS {
            let policy = header(path, "Content-Security-Policy").unwrap_or_default();
            assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}");
            assert_eq!(header(path, "X-Content-Type-Options").as_deref(), Some("nosniff"), "{path}");
        }
        assert_eq!(header("index.html", "Access-Control-Allow-Origin"), None);
        assert_eq!(header("index.html", "Cross-Origin-Resource-Policy").as_deref(), Some("same-origin"));
        for path in ["subprocessors.json", "subprocessors.csv", "feed.xml", "feed/1.xml", "releases/2026-05-22.json"] {
            assert_eq!(header(path, "Access-Control-Allow-Origin").as_deref(), Some("*"), "{path}");
            assert_eq!(header(path, "Cross-Origin-Resource-Policy").as_deref(), Some("cross-origin"), "{path}");
        }
    }

    #[test]
    fn hosts_take_the_files() {
        // Cloudflare Pages: 100 rules, 2,000 characters a line. Azure Static Web Apps: 20 kB.
        assert!(RULES.len() <= 100 && list(&Assets::default()).lines().all(|line| line.len() <= 2_000));
        assert!(static_web_apps(&Settings::default(), &Assets::default()).len() <= 20_000);
        // One `*`, at the end: the only place where all three allow it.
        assert!(RULES.iter().all(|rule| !rule.pattern.trim_end_matches('*').contains('*')));
    }
}
