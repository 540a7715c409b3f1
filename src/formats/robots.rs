//! What crawlers and assistants look for first: `robots.txt` (RFC 9309), `sitemap.xml` (sitemaps.org 0.9) and `llms.txt`
//! (llmstxt.org).

use std::fmt::Write;

use super::{Files, Sources, xml};
use crate::render::indexable;
use crate::text::markdown::{escape, link};

/// Adds the files. A sitemap needs absolute addresses, and is left out without them and for a draft.
pub(super) fn files(files: &mut Files) {
    let draft = files.sources.publication.draft.is_some();
    let sitemap = files.sources.publication.absolute("sitemap.xml").filter(|_| !draft);
    let key = files.history_key();
    let mut robots = String::from("User-agent: *\n");
    robots += if draft { "Disallow: /\n" } else { "Allow: /\n" };
    if let Some(address) = sitemap {
        let _ = write!(robots, "\nSitemap: {address}\n");
        files.deferred("sitemap.xml", key, |sources| Ok(self::sitemap(sources)));
    }
    files.ready("robots.txt", robots);
    let front = files.front;
    files.deferred("llms.txt", front, |sources| Ok(llms(sources).into_bytes()));
}

fn sitemap(sources: &Sources) -> Vec<u8> {
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

/// The file in the order that llmstxt.org gives: title, summary, then lists of links under headings.
fn llms(sources: &Sources) -> String {
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
