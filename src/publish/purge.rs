//! The URLs whose cached copies are out of date after a publish.

use std::collections::BTreeSet;

use crate::model::WebUrl;
use crate::site::{SitePath, map};
use crate::text::percent;

/// Returns absolute URLs of these files, percent-encoded as in links of pages. A folder's `index.html` is also listed
/// by the folder's URL. The URLs contain no characters with a meaning to a shell.
pub(super) fn addresses(base_url: &WebUrl, paths: &BTreeSet<SitePath>) -> Vec<String> {
    let Ok(mut base) = url::Url::parse(base_url.as_str()) else {
        return Vec::new();
    };
    base.set_query(None);
    base.set_fragment(None);
    let folder = percent::path(&percent::decode_lossy(base.path().trim_end_matches('/')));
    base.set_path("");
    let root = format!("{}{folder}/", base.as_str().trim_end_matches('/'));
    let mut addresses = Vec::new();
    for path in paths {
        let file = path.to_url();
        let linked = map::linked(&file);
        if linked != file {
            addresses.push(format!("{root}{linked}"));
        }
        addresses.push(format!("{root}{file}"));
    }
    addresses
}

#[cfg(test)]
mod tests {
    use super::addresses;
    use crate::site::SitePath;

    fn of(base: &str, paths: &[&str]) -> Vec<String> {
        let paths = paths.iter().map(|path| SitePath::new(*path).expect("a path")).collect();
        addresses(&base.parse().expect("a URL"), &paths)
    }

    #[test]
    fn lists_both_urls_of_a_page() {
        let want = [
            "https://x.example/trust/changelog/",
            "https://x.example/trust/changelog/index.html",
            "https://x.example/trust/feed.xml",
            "https://x.example/trust/",
            "https://x.example/trust/index.html",
            "https://x.example/trust/myindex.html",
        ];
        let paths = ["index.html", "changelog/index.html", "feed.xml", "myindex.html"];
        assert_eq!(of("https://x.example/trust", &paths), want);
        assert_eq!(of("https://x.example/trust/", &paths), want);
        assert_eq!(of("https://x.example", &["index.html"]), ["https://x.example/", "https://x.example/index.html"]);
    }

    #[test]
    fn urls_are_ascii() {
        let want = ["https://xn--bcher-kva.example/Gr%C3%B6%C3%9Fe/%C3%BC.pdf"];
        assert_eq!(of("HTTPS://Bücher.example/Größe/", &["ü.pdf"]), want);
    }

    #[test]
    fn urls_are_percent_encoded() {
        assert_eq!(of("https://x.example", &["a b/ü.pdf"]), ["https://x.example/a%20b/%C3%BC.pdf"]);
        // The same spelling as in links, without characters that a shell or a list could interpret.
        for name in ["it's.pdf", "$(id).pdf", "`id`.pdf", "a;b&c.pdf", "-n", "{a,b}!~#%.pdf", "[x](y).pdf"] {
            let path = SitePath::new(name).expect("a path");
            assert_eq!(of("https://x.example/d'x/", &[name]), [format!("https://x.example/d%27x/{}", path.to_url())]);
            let safe = |c: char| c.is_ascii_alphanumeric() || "-._~%".contains(c);
            assert!(path.to_url().chars().all(safe), "{name}");
        }
    }
}
