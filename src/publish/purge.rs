//! The addresses whose cached copies are out of date after a publish.

use std::collections::BTreeSet;

use crate::model::WebUrl;
use crate::site::SitePath;

/// Absolute addresses of these files; a folder's `index.html` is known under the folder's address too.
pub(super) fn addresses(base_url: &WebUrl, paths: &BTreeSet<SitePath>) -> Vec<String> {
    let Ok(mut base) = url::Url::parse(base_url.as_str()) else {
        return Vec::new();
    };
    base.set_query(None);
    base.set_fragment(None);
    let address = |segments: &mut dyn Iterator<Item = &str>| {
        let mut url = base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url.to_string()
    };
    let mut addresses = Vec::new();
    for path in paths {
        let text = path.as_str();
        if let Some(folder) = text.strip_suffix("index.html")
            && (folder.is_empty() || folder.ends_with('/'))
        {
            addresses.push(address(&mut folder.split('/')));
        }
        addresses.push(address(&mut text.split('/')));
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
    fn a_page_is_purged_under_both_of_its_addresses() {
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
    fn addresses_are_escaped() {
        assert_eq!(of("https://x.example", &["a b/ü.pdf"]), ["https://x.example/a%20b/%C3%BC.pdf"]);
    }
}
