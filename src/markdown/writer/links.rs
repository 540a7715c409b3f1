//! Links and images: what an address becomes, and what is said of one that is refused.

use std::ops::Range;

use pulldown_cmark::{CowStr, LinkType};

use super::super::href::{self, Target};
use super::super::{Link, excerpt, finding};
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
                self.findings.push(finding(refusal.code, place, format!("link {}", refusal.why), refusal.help));
                self.links.push(false);
                return;
            }
        };
        // `[<a@b.example>](c)`: an address in angle brackets is a link wherever it stands (CommonMark 0.31, 6.5); HTML has
        // no link in a link, and browsers would end the outer one.
        if self.links.contains(&true) {
            let shown = excerpt(&address);
            let message = format!("link to `{shown}` stands in the text of another link");
            self.findings.push(finding(Code::LinkMalformed, place, message, "end the one before the other begins"));
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
        self.found.push(Link { target, range: place.clone(), image: false });
    }

    /// An anchor that this text sets carries the text's prefix; any other is one of the page.
    fn own_anchor(&self, target: Target) -> Target {
        match target {
            Target::Anchor(name) if self.outline.anchors.contains(&name) => {
                Target::Anchor(format!("{}{name}", self.options.id_prefix))
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
            Ok(target @ Target::Site { .. }) => Some(target),
            Ok(Target::Web(url)) => {
                self.findings.push(finding(
                    Code::ImageRemote,
                    place,
                    format!("image `{}` would be loaded from elsewhere", excerpt(&url)),
                    "put the file into static/ and write its path there: readers' browsers call nobody else",
                ));
                None
            }
            Ok(_) => {
                let message = format!("image `{}` is not a file of this site", excerpt(address));
                self.findings.push(finding(
                    Code::ImageRemote,
                    place,
                    message,
                    "put the file into static/ and write its path there",
                ));
                None
            }
            Err(refusal) => {
                self.findings.push(finding(refusal.code, place, format!("image {}", refusal.why), refusal.help));
                None
            }
        };
        if alt.is_empty() {
            self.findings.push(finding(
                Code::ImageAltMissing,
                place,
                format!("image `{}` has no alternative text", excerpt(address)),
                "say in the square brackets what it shows: ![Diagram of the data flow](flow.svg)",
            ));
        }
        let Some(target) = target else {
            self.words(alt);
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
        self.found.push(Link { target, range: place.clone(), image: true });
    }
}
