//! Response headers, derived from the map of the site's URLs: for `_headers` (Cloudflare Pages, Netlify),
//! `staticwebapp.config.json` (Azure Static Web Apps), the preview server and uploaded objects.
//!
//! No two rules set the same header for the same path, because hosts handle that differently: Cloudflare joins both values
//! with a comma, others use the first or the last.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use crate::model::{MediaType, Settings};
use crate::publication::Publication;
use crate::site::map::{self, ADDRESSES, Address, INDEX, Kind, Media, Sharing, When};
use crate::site::{Artifact, SitePath, media};

/// The name and value of a header.
pub type Header = (&'static str, &'static str);

/// Headers for all paths that match a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
struct HeaderRule {
    /// A path from the root; a trailing `*` matches everything below it.
    pattern: String,
    headers: Vec<Header>,
}

/// Allows only resources of the site itself, and no framing.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
    font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const FORM_ACTION: &str = "form-action 'none'";

/// Returns the Content-Security-Policy of the site. Pages can send forms only to the origin of the form that `site.yaml` names.
pub fn policy(settings: &Settings) -> Cow<'static, str> {
    let form = settings.subscribe.as_ref().and_then(|subscribe| subscribe.form.as_ref());
    let origin = form.and_then(|form| url::Url::parse(form.action.as_str()).ok()).map(|action| action.origin());
    match origin.filter(url::Origin::is_tuple) {
        Some(origin) => {
            let allowed = format!("form-action {}", origin.ascii_serialization());
            CONTENT_SECURITY_POLICY.replace(FORM_ACTION, &allowed).into()
        }
        None => CONTENT_SECURITY_POLICY.into(),
    }
}

/// Returns the value of a header on a site with this policy.
fn value_of((name, value): Header, policy: &str) -> &str {
    if name == POLICY { policy } else { value }
}

/// The name of the header with the policy.
const POLICY: &str = "Content-Security-Policy";

/// Headers of every file. CORP and CORS differ between pages and data, and are added per address.
const EVERYWHERE: &[Header] = &[
    (POLICY, CONTENT_SECURITY_POLICY),
    // Two years, as preload lists require. No includeSubDomains, because other subdomains may not support HTTPS.
    ("Strict-Transport-Security", "max-age=63072000"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
];

/// The rules. Hosts apply their own default (revalidate each time) to files without a rule, such as documents.
static RULES: LazyLock<Vec<HeaderRule>> = LazyLock::new(rules);

fn rules() -> Vec<HeaderRule> {
    let mut rules = vec![HeaderRule { pattern: "/*".to_owned(), headers: EVERYWHERE.to_vec() }];
    let mut add = |pattern: String, headers: Vec<Header>| {
        // All files of a folder have the same headers, so the rule for the folder covers each of them.
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

/// Returns the headers of an address in addition to [`EVERYWHERE`].
fn own_headers(address: &Address) -> Vec<Header> {
    let cache = ("Cache-Control", address.cache.control());
    let policy = |value| ("Cross-Origin-Resource-Policy", value);
    let mut headers = match address.sharing {
        Sharing::Unstated => return Vec::new(),
        Sharing::SameOrigin => vec![cache, policy("same-origin")],
        Sharing::AnyOrigin => vec![cache, policy("cross-origin"), ("Access-Control-Allow-Origin", "*")],
    };
    // Only a rule for a single file can set a media type. Hosts have the right one for JSON and HTML.
    let whole = !host_pattern(address.pattern).ends_with('*');
    if let (Media::Fixed(media_type), true) = (address.media, whole)
        && !matches!(address.kind, Kind::Page(_))
        && !media_type.starts_with("application/json")
    {
        headers.push(("Content-Type", media_type));
    }
    headers
}

/// Returns the pattern for an address: its path, or the whole folder if it shares one with other addresses. A page is served
/// both as its folder and as its `index.html`.
fn host_pattern(pattern: &str) -> String {
    let folder = match pattern.split_once('{') {
        Some((before, _)) => Some(before),
        None => pattern.strip_suffix(INDEX).filter(|folder| !folder.is_empty()),
    };
    folder.map_or_else(|| format!("/{pattern}"), |folder| format!("/{folder}*"))
}

/// Returns all headers for the file at a path of the site, such as `subprocessors/index.html`: those of the rules, and the
/// file's own media type and caching.
pub fn for_path<'a>(path: &str, artifact: &'a Artifact, policy: &'a str) -> Vec<(&'static str, &'a str)> {
    let own = [("Content-Type", artifact.media_type.as_str()), ("Cache-Control", artifact.cache.control())];
    // `/` and `/index.html` are the same file, with the same headers.
    let listed = RULES
        .iter()
        .filter(|rule| rule.pattern != "/" && rule.matches(path))
        .flat_map(|rule| rule.headers.iter().map(|header| (header.0, value_of(*header, policy))));
    own.into_iter().chain(listed.filter(|(name, _)| own.iter().all(|(known, _)| known != name))).collect()
}

impl HeaderRule {
    /// Whether the rule applies to the file at this path below the root.
    fn matches(&self, path: &str) -> bool {
        let pattern = &self.pattern[1..];
        match pattern.strip_suffix('*') {
            Some(prefix) => path.starts_with(prefix),
            None => path == pattern || (pattern.is_empty() && path == "index.html"),
        }
    }
}

/// A file whose media type a host would not derive from its name.
pub(super) struct TypedFile {
    path: SitePath,
    media_type: MediaType,
}

/// Returns the files with a media type of `site.yaml`, and the files of releases whose recorded media type is another than
/// that of their name, or that no browser may run.
pub(super) fn typed_files(publication: &Publication) -> Vec<TypedFile> {
    let stated = publication.assets.with_stated_media_type();
    let stated = stated.map(|asset| TypedFile { path: asset.path.clone(), media_type: asset.media_type.clone() });
    let bound = publication.bound_media_types.iter().filter_map(|(at, media_type)| {
        let path = SitePath::new(map::bound_file_at(at))?;
        let default = map::find(path.as_str()).media_type(path.as_str());
        // Hosts know more endings than candor, also of files that browsers run.
        let is_underivable = media_type.as_str() != default || media_type.as_str() == media::UNKNOWN;
        is_underivable.then(|| TypedFile { path, media_type: media_type.clone() })
    });
    stated.chain(bound).collect()
}

/// Formats `_headers`: each pattern, with its headers indented below it. The media types of single files come last, one
/// file at a time, because hosts support different wildcards.
pub(super) fn list(settings: &Settings, typed: &[TypedFile]) -> String {
    let policy = policy(settings);
    let header = |header: &Header| format!("  {}: {}\n", header.0, value_of(*header, &policy));
    let rule = |rule: &HeaderRule| format!("{}\n{}", rule.pattern, rule.headers.iter().map(header).collect::<String>());
    let own = |file: &TypedFile| format!("/{}\n  Content-Type: {}\n", file.path.to_url(), file.media_type);
    RULES.iter().map(rule).chain(typed.iter().map(own)).collect()
}

/// Formats `staticwebapp.config.json`. The headers of every file are global; of the routes, the first match applies.
///
/// A media type that `site.yaml` sets for a simple extension is set for the extension here; others are set file by file.
pub(super) fn static_web_apps(settings: &Settings, typed: &[TypedFile], redirects: &[(String, String)]) -> Vec<u8> {
    let mime_types = mime_types(settings);
    let policy = policy(settings);
    let object = |headers: &[Header]| -> Map<String, Value> {
        headers.iter().map(|header| (header.0.to_owned(), Value::from(value_of(*header, &policy)))).collect()
    };
    let (global, routes): (Vec<&HeaderRule>, Vec<&HeaderRule>) = RULES.iter().partition(|rule| rule.pattern == "/*");
    let by_ending = |file: &&TypedFile| {
        let (_, ending) = file.path.as_str().rsplit_once('.')?;
        mime_types.get(&format!(".{}", ending.to_lowercase()))
    };
    let alone = typed.iter().filter(|file| by_ending(file) != Some(&file.media_type));
    let typed = alone.map(|file| {
        let folder = routes.iter().find(|rule| rule.matches(file.path.as_str()));
        let mut headers = folder.map(|rule| object(&rule.headers)).unwrap_or_default();
        headers.insert("Content-Type".to_owned(), file.media_type.as_str().into());
        json!({ "route": format!("/{}", file.path.to_url()), "headers": headers })
    });
    let routes = routes.iter().map(|rule| json!({ "route": rule.pattern, "headers": object(&rule.headers) }));
    let redirects = redirects
        .iter()
        .map(|(from, to)| json!({ "route": from, "redirect": to, "statusCode": super::aliases::STATUS }));
    let routes: Vec<_> = redirects.chain(typed).chain(routes.clone()).collect();
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

/// Returns media types by file extension: those of candor's data files, because hosts default to other charsets, and those of
/// `site.yaml`.
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
    use crate::model::Settings;
    use crate::site::{Artifact, SitePath};

    /// One path of each kind.
    const PATHS: [&str; 25] = [
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
        "subprocessors-table.csv",
        "subprocessors.xlsx",
        "schedule/annex.docx",
        "schedule/annex.xlsx",
        "feed.xml",
        "feed/1.json",
        "updates/index.html",
        "updates/2026-05-22-delays/index.html",
        "updates/feed.xml",
        "index.md",
        "llms.txt",
        ".well-known/security.txt",
        "assets/css/candor.0123456789.css",
    ];

    fn artifact(path: &str) -> Artifact {
        Artifact::ready(&SitePath::new(path).expect("a path"), Vec::new())
    }

    #[test]
    fn no_path_gets_the_same_header_twice() {
        for path in PATHS {
            let rules = RULES.iter().filter(|rule| rule.matches(path));
            // `/` and `/index.html` are the same file.
            let names: Vec<_> =
                rules.filter(|rule| rule.pattern != "/").flat_map(|rule| &rule.headers).map(|h| h.0).collect();
            assert_eq!(names.len(), names.iter().collect::<BTreeSet<_>>().len(), "{path}: {names:?}");
        }
    }

    #[test]
    fn rules_agree_with_media_type_and_caching_of_files() {
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
    fn pages_are_same_origin_and_data_is_cross_origin() {
        let header = |path: &str, name: &str| {
            for_path(path, &artifact(path), super::CONTENT_SECURITY_POLICY)
                .into_iter()
                .find(|h| h.0 == name)
                .map(|h| h.1.to_owned())
        };
        for path in PATHS {
            let policy = header(path, "Content-Security-Policy").unwrap_or_default();
            assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}");
            assert_eq!(header(path, "X-Content-Type-Options").as_deref(), Some("nosniff"), "{path}");
        }
        assert_eq!(header("index.html", "Access-Control-Allow-Origin"), None);
        assert_eq!(header("index.html", "Cross-Origin-Resource-Policy").as_deref(), Some("same-origin"));
        for path in [
            "subprocessors.json",
            "subprocessors.csv",
            "subprocessors.xlsx",
            "feed.xml",
            "feed/1.xml",
            "updates/feed.xml",
            "releases/2026-05-22.json",
        ] {
            assert_eq!(header(path, "Access-Control-Allow-Origin").as_deref(), Some("*"), "{path}");
            assert_eq!(header(path, "Cross-Origin-Resource-Policy").as_deref(), Some("cross-origin"), "{path}");
        }
    }

    #[test]
    fn pages_can_send_forms_only_to_the_origin_that_the_settings_name() {
        let settings = |action: &str| {
            let subscribe = serde_json::json!({ "form": { "action": action } });
            Settings { subscribe: Some(serde_json::from_value(subscribe).expect("settings")), ..Settings::default() }
        };
        assert!(super::policy(&Settings::default()).contains("form-action 'none'"));
        for (action, origin) in [
            ("https://news.example/a?b=c", "https://news.example"),
            ("https://news.example:8443/", "https://news.example:8443"),
            ("https://NEWS.example", "https://news.example"),
        ] {
            let settings = settings(action);
            let expected = format!("; form-action {origin}; frame-ancestors 'none'");
            assert!(super::policy(&settings).ends_with(&expected), "{action}");
            assert!(list(&settings, &[]).contains(&expected));
            assert!(String::from_utf8_lossy(&static_web_apps(&settings, &[], &[])).contains(&expected));
        }
    }

    #[test]
    fn files_respect_the_limits_of_hosts() {
        // Cloudflare Pages: 100 rules, 2,000 characters a line. Azure Static Web Apps: 20 kB.
        assert!(RULES.len() <= 100 && list(&Settings::default(), &[]).lines().all(|line| line.len() <= 2_000));
        assert!(static_web_apps(&Settings::default(), &[], &[]).len() <= 20_000);
        // A single `*` at the end is the only wildcard that all three hosts support.
        assert!(RULES.iter().all(|rule| !rule.pattern.trim_end_matches('*').contains('*')));
    }
}
