//! Resolves a request target to a file of the site: pure, total and small enough to fuzz.
//!
//! The site is a map in memory, so no request can reach the file system. This module must agree with what a CDN does
//! for the same URL, and it rejects spellings that two programs could interpret differently (encoded separators, dot
//! segments, empty segments) instead of normalizing them.

use crate::text::percent;

/// The result of resolving a request target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// A file of the site, by its path.
    File(String),
    /// A redirect to the canonical URL: an absolute path, percent-encoded, without the query.
    Redirect(String),
    /// A resource of the preview itself, by the rest of the path after [`PREVIEW`].
    Preview(String),
    /// Not found: the site's own 404 page answers.
    Missing,
    /// Not a well-formed path (RFC 3986): invalid `%` escape, invalid UTF-8, or control characters.
    Malformed,
}

/// The path of the preview's own script, style sheet and events. A site's folders never begin with a hyphen.
pub const PREVIEW: &str = "/-candor/";

/// Resolves a percent-encoded absolute path, without its query.
///
/// `base` is the path that the site is served under, decoded, with a slash at both ends; `has` returns whether the site
/// has a file at a path.
pub fn resolve(target: &str, base: &str, has: impl Fn(&str) -> bool) -> Resolution {
    let Some(path) = decode(target) else { return Resolution::Malformed };
    let Decoded::Path(path) = path else { return Resolution::Missing };
    if let Some(rest) = path.strip_prefix(PREVIEW) {
        return Resolution::Preview(rest.to_owned());
    }
    if path == "/" && base != "/" || path == base.trim_end_matches('/') && !path.is_empty() {
        return Resolution::Redirect(percent::path(base));
    }
    let Some(inside) = path.strip_prefix(base) else { return Resolution::Missing };
    if inside.is_empty() || inside.ends_with('/') {
        let index = format!("{inside}index.html");
        return if has(&index) { Resolution::File(index) } else { Resolution::Missing };
    }
    if has(inside) {
        Resolution::File(inside.to_owned())
    } else if has(&format!("{inside}/index.html")) {
        Resolution::Redirect(percent::path(&format!("{path}/")))
    } else {
        Resolution::Missing
    }
}

enum Decoded {
    /// An absolute path without ambiguous segments.
    Path(String),
    /// Well-formed, but no site can contain it.
    Ambiguous,
}

/// Decodes once, segment by segment, so that an encoded slash never becomes a separator.
fn decode(target: &str) -> Option<Decoded> {
    let inner = target.strip_prefix('/')?;
    let mut path = String::with_capacity(target.len());
    let mut ambiguous = false;
    let last = inner.split('/').count() - 1;
    for (nth, segment) in inner.split('/').enumerate() {
        let text = percent::decode(segment)?;
        if text.chars().any(char::is_control) {
            return None;
        }
        ambiguous |= text.contains(['/', '\\']) || matches!(&*text, "." | "..") || text.is_empty() && nth < last;
        path.push('/');
        path.push_str(&text);
    }
    Some(if ambiguous { Decoded::Ambiguous } else { Decoded::Path(path) })
}

/// Converts a percent-encoded base path to the format that [`resolve`] takes; returns `/` if it is not valid.
pub fn base(encoded: &str) -> String {
    match decode(encoded) {
        Some(Decoded::Path(path)) if path.ends_with('/') => path,
        _ => "/".to_owned(),
    }
}

/// Returns the decoded value of a query parameter; the first one if it is repeated.
pub fn query<'a>(query: &'a str, name: &str) -> Option<std::borrow::Cow<'a, str>> {
    url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Resolution, resolve};
    use crate::site::SitePath;

    const FILES: [&str; 5] =
        ["index.html", "subprocessors/index.html", "releases/index.json", "a b/index.html", ".well-known/security.txt"];

    fn at(target: &str, base: &str) -> Resolution {
        resolve(target, base, |path| FILES.contains(&path))
    }

    fn file(path: &str) -> Resolution {
        Resolution::File(path.to_owned())
    }

    fn redirect(to: &str) -> Resolution {
        Resolution::Redirect(to.to_owned())
    }

    #[test]
    fn serves_the_index_of_a_folder_and_adds_the_slash() {
        assert_eq!(at("/", "/"), file("index.html"));
        assert_eq!(at("/subprocessors/", "/"), file("subprocessors/index.html"));
        assert_eq!(at("/subprocessors", "/"), redirect("/subprocessors/"));
        assert_eq!(at("/a%20b", "/"), redirect("/a%20b/"));
        assert_eq!(at("/releases/index.json", "/"), file("releases/index.json"));
        assert_eq!(at("/.well-known/security.txt", "/"), file(".well-known/security.txt"));
        assert_eq!(at("/releases/", "/"), Resolution::Missing);
    }

    #[test]
    fn requires_the_base_path() {
        assert_eq!(at("/", "/trust/"), redirect("/trust/"));
        assert_eq!(at("/trust", "/trust/"), redirect("/trust/"));
        assert_eq!(at("/trust/", "/trust/"), file("index.html"));
        assert_eq!(at("/trust/subprocessors", "/trust/"), redirect("/trust/subprocessors/"));
        assert_eq!(at("/subprocessors/", "/trust/"), Resolution::Missing);
        assert_eq!(at("/trustworthy/", "/trust/"), Resolution::Missing);
    }

    #[test]
    fn rejects_ambiguous_and_malformed_paths() {
        for target in [
            "//",
            "//index.html",
            "/./index.html",
            "/../index.html",
            "/%2e%2e/index.html",
            "/subprocessors%2Findex.html",
            "/subprocessors/..%2findex.html",
            "/subprocessors%5cindex.html",
            "/subprocessors\\index.html",
            "/subprocessors//index.html",
            "/%252e%252e/index.html",
            "//evil.example/subprocessors",
            "/subprocessors/./",
        ] {
            assert_eq!(at(target, "/"), Resolution::Missing, "{target}");
        }
        for target in
            ["", "index.html", "*", "/%", "/%2", "/%zz", "/%00", "/index.html%00", "/%0d%0aa:b", "/%ff", "/\u{7f}"]
        {
            assert_eq!(at(target, "/"), Resolution::Malformed, "{target}");
        }
    }

    proptest! {
        #[test]
        fn resolves_only_to_paths_inside_the_site(target in "(/|%2e|%2f|%5c|\\.|[a-z]|%[0-9a-f]{2}|\\PC){0,24}") {
            match resolve(&target, "/", |_| true) {
                Resolution::File(path) => prop_assert!(!path.split('/').any(|s| matches!(s, "" | "." | ".."))
                    && !path.contains(['\\', '\0']), "{path}"),
                Resolution::Redirect(to) => prop_assert!(to.starts_with('/') && !to.starts_with("//") && to.is_ascii()),
                _ => {}
            }
        }

        #[test]
        fn finds_every_file_by_its_url(path in "[a-z0-9 é%&?#.-]{1,12}(/[a-z0-9 é%&#.-]{1,12}){0,3}") {
            prop_assume!(SitePath::new(path.clone()).is_some() && !path.starts_with("-candor/"));
            let target = crate::text::percent::path(&format!("/{path}"));
            prop_assert_eq!(resolve(&target, "/", |p| p == path), Resolution::File(path.clone()));
        }
    }
}
