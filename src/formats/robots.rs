//! What crawlers and assistants look for first: `robots.txt` (RFC 9309), `sitemap.xml` (sitemaps.org 0.9) and `llms.txt`
//! (llmstxt.org).

use std::fmt::Write;

use super::{Sources, xml};
use crate::render::indexable;
use crate::site::map::Output;
use crate::text::markdown::{escape, link};

/// `robots.txt`; a draft asks all crawlers to stay away.
pub(super) fn robots(sources: &Sources) -> String {
    let draft = sources.publication.draft.is_some();
    let mut robots = format!("User-agent: *\n{}", if draft { "Disallow: /\n" } else { "Allow: /\n" });
    let sitemap = sources.renderer.facts().find(Output::Sitemap);
    if let Some(address) = sitemap.and_then(|sitemap| sources.publication.absolute(sitemap.path.as_str())) {
        let _ = write!(robots, "\nSitemap: {address}\n");
    }
    robots
}

/// `sitemap.xml`; it needs absolute addresses.
pub(super) fn sitemap(sources: &Sources) -> Vec<u8> {
    let pages = indexable(&sources.renderer);
    xml::document(|xml| {
        xml.create_element("urlset")
            .with_attribute(("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9"))
            .write_inner_content(|xml| {
                pages.iter().try_for_each(|page| {
                    xml.create_element("url")
                        .write_inner_content(|xml| {
                            xml::text(xml, "loc", &sources.address(&page.path, 0))?;
                            xml::text(xml, "lastmod", &page.changed.to_string())
                        })
                        .map(|_| ())
                })
            })
            .map(|_| ())
    })
}

/// `llms.txt`, in the order that llmstxt.org gives: title, summary, then lists of links under headings.
pub(super) fn llms(sources: &Sources) -> String {
    let publication = &sources.publication;
    let words = sources.renderer.words();
    let Some(disclosure) = publication.disclosure() else { return String::new() };
    let mut text = format!("# {}: {}\n", escape(&disclosure.organization.name), escape(&disclosure.title));
    if let Some(description) = &disclosure.description {
        let _ = writeln!(text, "\n> {}", escape(description));
    }
    if publication.draft.is_some() {
        let _ = writeln!(text, "\n{}", escape(words.get("draft.banner")));
    }
    let mut section = |heading: &str, links: &[(&str, &str, &str)]| {
        let _ = write!(text, "\n## {}\n\n", escape(words.get(heading)));
        for (path, title, about) in links {
            let link = link(words.get(title), &sources.address(path, 0));
            let _ = writeln!(text, "- {link}: {}", escape(words.get(about)));
        }
    };
    section(
        "llms.current",
        &[("index.md", "nav.home", "llms.copy"), ("subprocessors.json", "nav.subprocessors", "llms.subprocessors")],
    );
    if !publication.history.is_empty() {
        section(
            "llms.history",
            &[
                ("changelog/", "changelog.title", "changelog.intro"),
                ("feed.json", "head.subscribe", "llms.feed"),
                ("releases/index.json", "llms.releases", "llms.records"),
            ],
        );
    }
    text
}
