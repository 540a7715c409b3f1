//! Resolves the addresses of a site's files as browsers do (WHATWG URL; RFC 3986, section 5).

use std::borrow::Cow;

use url::Url;

use crate::model::WebUrl;
use crate::site::map::INDEX;
use crate::text::percent::{self, anchor};

/// Where an address leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target<'a> {
    /// To another site or another part of the host, to an email address, or to data in the address itself.
    Elsewhere,
    /// Out of the site, with too many `../`.
    Outside,
    /// To another part of the host, by an address without scheme and host. The path is that of a file of the site whose address would
    /// be the same at the root of the host.
    Beside { path: String },
    /// To this file of the site, and to this anchor in it.
    Here { path: Cow<'a, str>, anchor: Option<Cow<'a, str>> },
}

/// Where the site is published.
#[derive(Debug)]
pub(super) struct SiteRoot {
    /// Scheme, host and port, in the notation of a URL; `None` if they are not known.
    origin: Option<String>,
    /// The path of the site's root, with a slash at both ends.
    path: String,
}

impl SiteRoot {
    /// The root of a site with this address; without one, the root of any host.
    pub fn new(base: Option<&WebUrl>) -> SiteRoot {
        let url = base.and_then(|base| Url::parse(&base.to_uri()).ok());
        let path = url.as_ref().map(|url| url.path().trim_matches('/')).filter(|path| !path.is_empty());
        let path = path.map_or_else(|| "/".to_owned(), |path| format!("/{path}/"));
        SiteRoot { origin: url.map(|url| url.origin().ascii_serialization()), path }
    }

    /// Resolves an address in the file at `from`, or relative to `base` if the file states a base address.
    pub fn resolve<'a>(&self, address: &'a str, from: &'a str, base: Option<&str>) -> Target<'a> {
        let address = cleaned(address);
        if let Some(base) = base.filter(|_| scheme(&address).is_none() && !address.starts_with(['/', '\\'])) {
            return match self.resolve(base, from, None) {
                // Relative addresses are those of another part of the host.
                Target::Beside { .. } => Target::Elsewhere,
                Target::Here { path, .. } => {
                    let folder = path.strip_suffix(INDEX).unwrap_or(&path).to_owned();
                    owned(self.relative(&address, &folder))
                }
                other => owned(other),
            };
        }
        match address {
            Cow::Borrowed(address) => self.relative(address, from),
            Cow::Owned(address) => owned(self.relative(&address, from)),
        }
    }

    fn relative<'a>(&self, address: &'a str, from: &'a str) -> Target<'a> {
        if let Some(fragment) = address.strip_prefix('#') {
            return Target::Here { path: Cow::Borrowed(from), anchor: anchor(fragment) };
        }
        if let Some(scheme) = scheme(address) {
            return if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") {
                owned(self.absolute(address))
            } else {
                Target::Elsewhere
            };
        }
        let (rest, fragment) = address.split_once('#').map_or((address, None), |(rest, it)| (rest, anchor(it)));
        let path = rest.split_once('?').map_or(rest, |(path, _)| path);
        if path.is_empty() {
            return Target::Here { path: Cow::Borrowed(from), anchor: fragment };
        }
        let path = if path.contains('\\') { Cow::Owned(path.replace('\\', "/")) } else { Cow::Borrowed(path) };
        if path.starts_with("//") {
            return match self.origin.as_ref().and_then(|origin| origin.split_once("//")) {
                Some((scheme, _)) => owned(self.absolute(&format!("{scheme}{}", address.replace('\\', "/")))),
                None => Target::Elsewhere,
            };
        }
        if path.starts_with('/') {
            // A URL has the path in the notation of the site's own address.
            let target = match (path.is_ascii(), &self.origin) {
                (false, Some(origin)) => owned(self.absolute(&format!("{origin}{address}"))),
                _ => {
                    let below = self.below(&path).and_then(|below| joined("", below));
                    below.map_or(Target::Elsewhere, |path| Target::Here { path: path.into(), anchor: fragment })
                }
            };
            return match (target, joined("", &path)) {
                (Target::Elsewhere, Some(path)) => Target::Beside { path },
                (target, _) => target,
            };
        }
        let path = joined(from.rsplit_once('/').map_or("", |(folder, _)| folder), &path);
        path.map_or(Target::Outside, |path| Target::Here { path: path.into(), anchor: fragment })
    }

    /// Resolves an address with scheme and host.
    fn absolute(&self, address: &str) -> Target<'static> {
        let Some(origin) = &self.origin else { return Target::Elsewhere };
        let start = address.get(..origin.len());
        // A host may be written in another way only if it is not ASCII; this spares most addresses the parser.
        if address.is_ascii() && !start.is_some_and(|start| start.eq_ignore_ascii_case(origin)) {
            return Target::Elsewhere;
        }
        let Some(url) = Url::parse(address).ok().filter(|url| url.origin().ascii_serialization() == *origin) else {
            return Target::Elsewhere;
        };
        let Some(below) = self.below(url.path()) else { return Target::Elsewhere };
        let anchor = url.fragment().and_then(anchor).map(|it| Cow::Owned(it.into_owned()));
        joined("", below).map_or(Target::Elsewhere, |path| Target::Here { path: path.into(), anchor })
    }

    /// Returns the part of a path of the host that is below the site's root.
    fn below<'a>(&self, path: &'a str) -> Option<&'a str> {
        let below = percent::below(path, &self.path)?;
        Some(below.strip_prefix('/').unwrap_or(below))
    }
}

fn owned(target: Target<'_>) -> Target<'static> {
    match target {
        Target::Elsewhere => Target::Elsewhere,
        Target::Outside => Target::Outside,
        Target::Beside { path } => Target::Beside { path },
        Target::Here { path, anchor } => Target::Here {
            path: Cow::Owned(path.into_owned()),
            anchor: anchor.map(|anchor| Cow::Owned(anchor.into_owned())),
        },
    }
}

/// Removes what browsers remove from an address.
fn cleaned(address: &str) -> Cow<'_, str> {
    let trimmed = address.trim_matches(|c: char| c <= ' ');
    match trimmed.contains(['\t', '\n', '\r']) {
        true => Cow::Owned(trimmed.replace(['\t', '\n', '\r'], "")),
        false => Cow::Borrowed(trimmed),
    }
}

/// Returns the scheme of an address, without the colon.
fn scheme(address: &str) -> Option<&str> {
    let (scheme, _) = address.split_once(':')?;
    let valid = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    valid.then_some(scheme)
}

/// Returns the path of the file at an encoded path, relative to a folder; `None` if it leads out of the site.
fn joined(folder: &str, path: &str) -> Option<String> {
    if let Some(path) = joined_plain(folder, path) {
        return Some(path);
    }
    let mut segments: Vec<Cow<'_, str>> = folder.split('/').filter(|it| !it.is_empty()).map(Cow::Borrowed).collect();
    let mut is_folder = false;
    for segment in path.split('/') {
        let decoded = percent::decode_lossy(segment);
        is_folder = matches!(&*decoded, "" | "." | "..");
        match &*decoded {
            "" | "." => {}
            ".." => drop(segments.pop()?),
            _ => segments.push(decoded),
        }
    }
    if is_folder {
        segments.push(Cow::Borrowed(INDEX));
    }
    Some(segments.join("/"))
}

/// Returns the same for a path without escapes and empty segments, in which each `../` precedes everything else. candor writes
/// its addresses in this way.
fn joined_plain(mut folder: &str, mut path: &str) -> Option<String> {
    if path.contains('%') {
        return None;
    }
    while let Some(rest) = path.strip_prefix("../").filter(|_| !folder.is_empty()) {
        folder = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
        path = rest;
    }
    if path.split('/').any(|segment| segment.starts_with('.')) || path.starts_with('/') || path.contains("//") {
        return None;
    }
    let index = if path.is_empty() || path.ends_with('/') { INDEX } else { "" };
    let separator = if folder.is_empty() { "" } else { "/" };
    Some([folder, separator, path, index].concat())
}

#[cfg(test)]
mod tests {
    use super::{SiteRoot, Target};

    fn root(base: &str) -> SiteRoot {
        SiteRoot::new(base.parse().ok().as_ref())
    }

    fn shown(root: &SiteRoot, address: &str, from: &str) -> String {
        match root.resolve(address, from, None) {
            Target::Elsewhere => "elsewhere".to_owned(),
            Target::Outside => "outside".to_owned(),
            Target::Beside { path } => format!("beside {path}"),
            Target::Here { path, anchor: None } => path.into_owned(),
            Target::Here { path, anchor: Some(anchor) } => format!("{path} # {anchor}"),
        }
    }

    #[test]
    fn resolves_addresses_as_browsers_do() {
        let root = root("https://trust.example.org/center/");
        let page = "releases/2026-05-22/index.html";
        for (address, expected) in [
            ("", page),
            ("?a=b", page),
            ("#top", page),
            ("#a%20b", "releases/2026-05-22/index.html # a b"),
            ("#a:~:text=b", "releases/2026-05-22/index.html # a"),
            ("../../", "index.html"),
            ("../../subprocessors/?q#x", "subprocessors/index.html # x"),
            ("..", "releases/index.html"),
            ("./a/./b.pdf", "releases/2026-05-22/a/b.pdf"),
            ("..\\a\nb.pdf ", "releases/ab.pdf"),
            ("%2e%2e/50%2525.pdf", "releases/50%25.pdf"),
            ("../../../x", "outside"),
            ("/center/a.pdf", "a.pdf"),
            ("/center", "index.html"),
            ("/%63enter/a.pdf", "a.pdf"),
            ("https://trust.example.org/%63ente%72/a.pdf", "a.pdf"),
            ("/centers/a.pdf", "beside centers/a.pdf"),
            ("/other/?a#b", "beside other/index.html"),
            ("/gr%C3%B6%C3%9Fe.pdf", "beside größe.pdf"),
            ("/größe.pdf", "beside größe.pdf"),
            ("HTTPS://trust.example.org/center/a%20b.pdf#c", "a b.pdf # c"),
            ("https://trust.example.org:443/center/", "index.html"),
            ("https://trust.example.org.example/center/", "elsewhere"),
            ("/center/../x", "beside x"),
            ("//trust.example.org/center/a", "a"),
            ("//other.example.org/center/a", "elsewhere"),
            ("https://trust.example.org/", "elsewhere"),
            ("http://trust.example.org/center/a", "elsewhere"),
            ("mailto:a@b.example", "elsewhere"),
            ("data:,a", "elsewhere"),
        ] {
            assert_eq!(shown(&root, address, page), expected, "{address}");
        }
    }

    #[test]
    fn plain_addresses_lead_to_the_same_place_with_escapes() {
        let root = root("https://trust.example.org/");
        for from in ["index.html", "a/index.html", "a/b/c.html"] {
            for address in
                ["x", "x/", "../x", "../", "../../x/y/", "x/../y", "./x", "x//y", "a/b.c/", "..x", "../../../x"]
            {
                // The escape of a letter changes nothing but the way it is read.
                let escaped = format!("{address}{}", if address.ends_with('/') { "%78" } else { "%7A" });
                let plain = percent_encoding::percent_decode_str(&escaped).decode_utf8().unwrap().into_owned();
                assert_eq!(shown(&root, &plain, from), shown(&root, &escaped, from), "{address} in {from}");
                let folder = format!("{address}/");
                assert_eq!(
                    shown(&root, &folder, from),
                    shown(&root, &format!("{address}/%2e"), from),
                    "{folder} in {from}"
                );
            }
        }
    }

    #[test]
    fn a_site_without_an_address_is_at_the_root_of_a_host() {
        let root = SiteRoot::new(None);
        assert_eq!(shown(&root, "/a/", "b/index.html"), "a/index.html");
        assert_eq!(shown(&root, "https://example.org/a/", "b/index.html"), "elsewhere");
        assert_eq!(shown(&root, "//example.org/a/", "b/index.html"), "elsewhere");
    }

    #[test]
    fn international_hosts_have_two_notations() {
        let root = root("https://bücher.example/größe");
        for address in [
            "https://bücher.example/größe/a",
            "https://xn--bcher-kva.example/gr%c3%b6%C3%9Fe/a",
            "/größe/a",
            "/gr%c3%b6%c3%9fe/a",
        ] {
            assert_eq!(shown(&root, address, "index.html"), "a", "{address}");
        }
    }

    #[test]
    fn a_file_can_state_another_base() {
        let root = root("https://trust.example.org/center");
        let resolved = |address, base| root.resolve(address, "a/b.html", Some(base));
        let here = |path: &str| Target::Here { path: path.to_owned().into(), anchor: None };
        assert_eq!(resolved("c.html", "/center/d/"), here("d/c.html"));
        assert_eq!(resolved("c.html", "../"), here("c.html"));
        assert_eq!(resolved("/center/c.html", "https://other.example.org/"), here("c.html"));
        assert_eq!(resolved("c.html", "https://other.example.org/"), Target::Elsewhere);
    }
}
