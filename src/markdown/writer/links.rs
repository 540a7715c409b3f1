//! Writes links and images, and reports invalid addresses.

use std::ops::Range;

use pulldown_cmark::{CowStr, LinkType};

use super::super::href::{self, LinkTarget};
use super::super::{RenderedLink, Resolved, excerpt, text_diagnostic};
use super::{OpenLink, Writer};
use crate::diagnostic::Code;

impl Writer<'_> {
    pub(super) fn open_link(&mut self, kind: LinkType, address: &str, title: &str, place: &Range<usize>) {
        let address = match kind {
            LinkType::Email => CowStr::from(format!("mailto:{address}")),
            _ => CowStr::from(address),
        };
        let target = match href::parse(&address) {
            Ok(target) => target,
            Err(refusal) => {
                self.diagnostics.push(text_diagnostic(
                    refusal.code,
                    place,
                    format!("link {}", refusal.why),
                    refusal.help,
                ));
                self.links.push(OpenLink::Refused);
                return;
            }
        };
        // `[<a@b.example>](c)`: an autolink is a link even inside another link (CommonMark 0.31, 6.5), but HTML does not allow
        // nested links, and browsers would close the outer one.
        if self.links.contains(&OpenLink::Written) {
            let shown = excerpt(&address);
            let message = format!("link to `{shown}` is nested in another link");
            self.diagnostics.push(text_diagnostic(
                Code::LinkMalformed,
                place,
                message,
                "move it out of the other link",
            ));
            self.links.push(OpenLink::Refused);
            return;
        }
        let (target, is_own) = self.own_anchor(target);
        let href = if is_own { Some(href::write(&target, self.options.root, None)) } else { self.resolve(&target) };
        let found = RenderedLink { target, range: place.clone(), image: false };
        let Some(href) = href else {
            self.links.push(OpenLink::Gone);
            self.found.push(found);
            return;
        };
        self.tag("<a");
        self.attribute("href", &href);
        if !title.is_empty() {
            self.attribute("title", title);
        }
        self.tag(">");
        self.links.push(OpenLink::Written);
        self.found.push(found);
    }

    /// Returns the address of a target for this page; `None` if the site does not have it.
    fn resolve(&self, target: &LinkTarget) -> Option<String> {
        let root = self.options.root;
        match self.options.resolve.map(|resolve| resolve(target)) {
            None | Some(Resolved::Written) => Some(href::write(target, root, None)),
            Some(Resolved::Path(path)) => Some(href::write(target, root, Some(&path))),
            Some(Resolved::Gone) => None,
        }
    }

    /// Remarks that the site no longer has the target of a link.
    fn remark_gone(&mut self) {
        if self.options.labels.gone.is_empty() {
            return;
        }
        let remark = format!(" ({})", self.options.labels.gone);
        self.tag("<span class=\"gone\">");
        self.push_text(&remark);
        self.tag("</span>");
    }

    /// Adds the prefix to anchors that are defined in this text, and returns whether it did. Other anchors belong to the page.
    fn own_anchor(&self, target: LinkTarget) -> (LinkTarget, bool) {
        match target {
            LinkTarget::Anchor(name) if self.outline.anchors.contains(&name) => {
                (LinkTarget::Anchor(format!("{}{name}", self.options.id_prefix)), true)
            }
            other => (other, false),
        }
    }

    pub(super) fn close_link(&mut self) {
        match self.links.pop() {
            Some(OpenLink::Written) => self.tag("</a>"),
            Some(OpenLink::Gone) => self.remark_gone(),
            Some(OpenLink::Refused) | None => {}
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
        let found = RenderedLink { target, range: place.clone(), image: true };
        let Some(src) = self.resolve(&found.target) else {
            self.push_text(alt);
            self.remark_gone();
            self.found.push(found);
            return;
        };
        self.tag("<img");
        self.attribute("src", &src);
        self.attribute("alt", alt);
        if !title.is_empty() {
            self.attribute("title", title);
        }
        self.tag(" loading=\"lazy\" decoding=\"async\">");
        self.text.push_str(alt);
        self.found.push(found);
    }
}
