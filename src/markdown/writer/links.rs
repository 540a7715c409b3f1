//! Writes links and images, and reports invalid addresses.

use std::ops::Range;

use pulldown_cmark::{CowStr, LinkType};

use super::super::href::{self, LinkTarget};
use super::super::{RenderedLink, excerpt, text_diagnostic};
use super::Writer;
use crate::diagnostic::Code;

impl Writer<'_> {
    pub(super) fn open_link(&mut self, kind: LinkType, address: &str, title: &str, place: &Range<usize>) {
        let address = match kind {
            LinkType::Email => CowStr::from(format!("mailto:{address}")),
            _ => CowStr::from(address),
        };
        let target = match href::parse(&address) {
            Ok(target) => self.own_anchor(target),
            Err(refusal) => {
                self.diagnostics.push(text_diagnostic(
                    refusal.code,
                    place,
                    format!("link {}", refusal.why),
                    refusal.help,
                ));
                self.links.push(false);
                return;
            }
        };
        // `[<a@b.example>](c)`: an autolink is a link even inside another link (CommonMark 0.31, 6.5), but HTML does not allow
        // nested links, and browsers would close the outer one.
        if self.links.contains(&true) {
            let shown = excerpt(&address);
            let message = format!("link to `{shown}` is nested in another link");
            self.diagnostics.push(text_diagnostic(
                Code::LinkMalformed,
                place,
                message,
                "move it out of the other link",
            ));
            self.links.push(false);
            return;
        }
        self.tag("<a");
        self.attribute("href", &href::write(&target, self.options.root, self.options.published));
        if !title.is_empty() {
            self.attribute("title", title);
        }
        self.tag(">");
        self.links.push(true);
        self.found.push(RenderedLink { target, range: place.clone(), image: false });
    }

    /// Adds the prefix to anchors that are defined in this text. Other anchors belong to the page.
    fn own_anchor(&self, target: LinkTarget) -> LinkTarget {
        match target {
            LinkTarget::Anchor(name) if self.outline.anchors.contains(&name) => {
                LinkTarget::Anchor(format!("{}{name}", self.options.id_prefix))
            }
            other => other,
        }
    }

    pub(super) fn close_link(&mut self) {
        if self.links.pop() == Some(true) {
            self.tag("</a>");
        }
    }

    pub(super) fn image(&mut self, kind: LinkType, address: &str, title: &str, alt: &str, place: &Range<usize>) {
        let parsed = match kind {
            LinkType::Email => href::parse(&format!("mailto:{address}")),
            _ => href::parse(address),
        };
        let target = match parsed {
            Ok(target @ LinkTarget::Site { .. }) => Some(target),
            Ok(LinkTarget::Web(url)) => {
                self.diagnostics.push(text_diagnostic(
                    Code::ImageRemote,
                    place,
                    format!("image `{}` is on another site", excerpt(&url)),
                    "put the file into static/ and use its path: pages load no files from other sites",
                ));
                None
            }
            Ok(_) => {
                let message = format!("image `{}` is not a file of this site", excerpt(address));
                self.diagnostics.push(text_diagnostic(
                    Code::ImageRemote,
                    place,
                    message,
                    "put the file into static/ and use its path",
                ));
                None
            }
            Err(refusal) => {
                self.diagnostics.push(text_diagnostic(
                    refusal.code,
                    place,
                    format!("image {}", refusal.why),
                    refusal.help,
                ));
                None
            }
        };
        if alt.is_empty() {
            self.diagnostics.push(text_diagnostic(
                Code::ImageAltMissing,
                place,
                format!("image `{}` has no alternative text", excerpt(address)),
                "describe the image in the square brackets: ![Diagram of the data flow](flow.svg)",
            ));
        }
        let Some(target) = target else {
            self.push_text(alt);
            return;
        };
        self.tag("<img");
        self.attribute("src", &href::write(&target, self.options.root, self.options.published));
        self.attribute("alt", alt);
        if !title.is_empty() {
            self.attribute("title", title);
        }
        self.tag(" loading=\"lazy\" decoding=\"async\">");
        self.text.push_str(alt);
        self.found.push(RenderedLink { target, range: place.clone(), image: true });
    }
}
