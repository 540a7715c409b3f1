//! A page of the preview: where its script is inserted, and how a browser with an older copy can update it.
//!
//! Pages are the output of our own templates, so a scan finds the few relevant tags without an HTML parser. If a
//! template writes a tag in a way that the scan misses, the browser reloads the page instead of swapping the style
//! sheet; it never shows a wrong page.

use hyper::body::Bytes;
use serde::Serialize;

use crate::model::Digest;

/// A page of the site.
#[derive(Debug, Clone)]
pub struct Page {
    /// Digest of the page.
    content: String,
    /// Digest of the page without the tags that link style sheets.
    frame: String,
    sheets: Vec<Sheet>,
    script_at: usize,
}

/// A style sheet that a page links.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sheet {
    /// Its URL, as written.
    pub href: String,
    /// Its `integrity` attribute, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integrity: Option<String>,
}

/// What a browser with an older copy must do.
#[derive(Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// Nothing: the copy is up to date.
    Stay,
    /// Load these style sheets: nothing else changed.
    Restyle(&'a [Sheet]),
    /// Reload the page.
    Reload,
}

impl Page {
    /// Scans a page.
    pub fn new(html: &[u8]) -> Page {
        let mut frame = Vec::with_capacity(html.len());
        let mut sheets = Vec::new();
        let mut rest = html;
        while let Some(start) = find(rest, b"<link") {
            let end = rest[start..].iter().position(|b| *b == b'>').map_or(rest.len(), |len| start + len + 1);
            let tag = String::from_utf8_lossy(&rest[start..end]);
            frame.extend_from_slice(&rest[..start]);
            match attribute(&tag, "href")
                .filter(|href| href.split(['?', '#']).next().is_some_and(|p| p.ends_with(".css")))
            {
                Some(href) => {
                    if attribute(&tag, "rel").is_some_and(|rel| rel.eq_ignore_ascii_case("stylesheet")) {
                        sheets.push(Sheet { href, integrity: attribute(&tag, "integrity") });
                    }
                }
                None => frame.extend_from_slice(&rest[start..end]),
            }
            rest = &rest[end..];
        }
        frame.extend_from_slice(rest);
        let script_at = rfind(html, b"</body").unwrap_or(html.len());
        let short = |bytes: &[u8]| Digest::of(bytes).to_string()[..16].to_owned();
        Page { content: short(html), frame: short(&frame), sheets, script_at }
    }

    /// Identifies this version of the page, for a later call of [`step_from`](Self::step_from).
    pub fn token(&self) -> String {
        format!("{}-{}", self.content, self.frame)
    }

    /// Returns how to update the version of the page that `token` identifies to this one.
    pub fn step_from(&self, token: &str) -> Step<'_> {
        match token.split_once('-') {
            Some((content, _)) if content == self.content => Step::Stay,
            Some((_, frame)) if frame == self.frame => Step::Restyle(&self.sheets),
            _ => Step::Reload,
        }
    }

    /// Returns the page with the preview's script inserted.
    pub fn with_script(&self, html: &[u8]) -> Bytes {
        let tag = script_tag(&self.token());
        let (before, after) = html.split_at(self.script_at.min(html.len()));
        [before, tag.as_bytes(), after].concat().into()
    }
}

/// Returns the tag that loads the preview's script; `token` identifies the version of the page.
pub fn script_tag(token: &str) -> String {
    format!("<script src=\"/-candor/preview.js\" data-page=\"{token}\" defer></script>")
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window.eq_ignore_ascii_case(needle))
}

fn rfind(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).rposition(|window| window.eq_ignore_ascii_case(needle))
}

/// Returns the value of an attribute of a tag. Character references in it are not decoded; the browser does that.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag.trim_end_matches('>').trim_end_matches('/');
    while let Some(at) = rest.find(name) {
        let bounded = rest[..at].ends_with(|c: char| c.is_ascii_whitespace() || c == '"' || c == '\'');
        rest = &rest[at + name.len()..];
        let Some(value) = rest.trim_start().strip_prefix('=').filter(|_| bounded) else { continue };
        let value = value.trim_start();
        let quoted = |quote: char| value.strip_prefix(quote).map(|inner| inner.split(quote).next().unwrap_or(inner));
        let bare = || value.split(|c: char| c.is_ascii_whitespace()).next().unwrap_or(value);
        return Some(quoted('"').or_else(|| quoted('\'')).unwrap_or_else(bare).to_owned());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Page, Sheet, Step};

    const OLD: &str = "<html><head><link rel=\"stylesheet\" href=\"/assets/site.aa.css\" integrity=\"sha256-A\"></head><body>Hi</body></html>";

    #[test]
    fn swaps_a_changed_style_sheet_without_reloading() {
        let old = Page::new(OLD.as_bytes());
        let restyled = Page::new(OLD.replace(".aa.", ".bb.").replace("-A", "-B").as_bytes());
        let sheet = Sheet { href: "/assets/site.bb.css".into(), integrity: Some("sha256-B".into()) };
        assert_eq!(restyled.step_from(&old.token()), Step::Restyle(&[sheet]));
        assert_eq!(old.step_from(&old.token()), Step::Stay);
        assert_eq!(Page::new(OLD.replace("Hi", "Ho").as_bytes()).step_from(&old.token()), Step::Reload);
        assert_eq!(old.step_from("nonsense"), Step::Reload);
    }

    #[test]
    fn reloads_when_another_link_changes() {
        let feed = |name: &str| format!("<LINK rel=alternate href={name}>{OLD}");
        assert_eq!(
            Page::new(feed("/a.xml").as_bytes()).step_from(&Page::new(feed("/b.xml").as_bytes()).token()),
            Step::Reload
        );
        assert_eq!(
            Page::new(b"<link rel=stylesheet href=/a.css>").sheets,
            [Sheet { href: "/a.css".into(), integrity: None }]
        );
    }

    #[test]
    fn inserts_the_script_at_the_end_of_the_body() {
        let page = Page::new(OLD.as_bytes());
        let html = String::from_utf8(page.with_script(OLD.as_bytes()).to_vec()).expect("UTF-8");
        assert!(html.starts_with(&OLD[..OLD.len() - 14]) && html.ends_with("defer></script></body></html>"), "{html}");
        assert!(Page::new(b"bare").with_script(b"bare").starts_with(b"bare<script"));
        assert_eq!(Page::new(b"<link").sheets, []);
    }
}
