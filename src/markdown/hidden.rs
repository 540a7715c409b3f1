//! Detects hidden characters in Markdown, including those that are written as character references, or in addresses and link text
//! as percent-encoding, and those in parts of the source that are not shown.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Tag, TagEnd};

use super::{Spanned, TextDiagnostic, text_diagnostic};
use crate::diagnostic::{Deception, TextRole, deceptions, escaped_deceptions};

/// Reports hidden characters; each kind of character once per block.
pub(super) fn diagnostics(text: &str, events: &[Spanned<'_>]) -> Vec<TextDiagnostic> {
    // Hidden characters are non-ASCII, or written as escapes.
    if text.is_ascii() && !text.contains(['&', '%']) {
        return Vec::new();
    }
    let mut scan = Scan {
        text,
        block: String::new(),
        parts: Vec::new(),
        links: 0,
        link_text: None,
        code_block: false,
        seen: Vec::new(),
        diagnostics: Vec::new(),
    };
    for (event, range) in events {
        match event {
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => scan.push_text(text, range, false),
            Event::Code(text) => scan.push_text(text, range, true),
            Event::SoftBreak => scan.block.push(' '),
            Event::HardBreak => scan.block.push('\n'),
            Event::FootnoteReference(label) => scan.value(label, "the label of a footnote", range),
            Event::Start(
                Tag::Link { link_type, dest_url, title, .. } | Tag::Image { link_type, dest_url, title, .. },
            ) => {
                scan.value(dest_url, "an address", range);
                scan.value(title, "the title of a link or image", range);
                if scan.links == 0 && !matches!(link_type, LinkType::Autolink | LinkType::Email) {
                    scan.link_text = Some(String::new());
                }
                scan.links += 1;
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                scan.links = scan.links.saturating_sub(1);
                if scan.links == 0 {
                    scan.end_link(range);
                }
            }
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough)
            | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough) => {}
            Event::Start(tag) => {
                scan.end_block();
                match tag {
                    Tag::Heading { id, classes, .. } => {
                        for value in id.iter().chain(classes) {
                            scan.value(value, "an attribute of a heading", range);
                        }
                    }
                    Tag::CodeBlock(kind) => {
                        scan.code_block = true;
                        scan.seen.push(range.clone());
                        if let CodeBlockKind::Fenced(language) = kind {
                            scan.value(language, "the name of a language", range);
                        }
                    }
                    Tag::FootnoteDefinition(label) => {
                        let start = range.start..range.end.min(range.start + "[^]:".len() + label.len());
                        scan.value(label, "the label of a footnote", &start);
                    }
                    _ => {}
                }
            }
            Event::End(end) => {
                scan.end_block();
                scan.code_block &= !matches!(end, TagEnd::CodeBlock);
            }
            _ => {}
        }
    }
    scan.end_block();
    scan.rest();
    scan.diagnostics
}

struct Scan<'t> {
    text: &'t str,
    /// The text of the current block.
    block: String,
    parts: Vec<BlockPart>,
    /// The number of open links and images.
    links: usize,
    /// The text of the open links and images; `None` for an autolink, whose text is its address.
    link_text: Option<String>,
    code_block: bool,
    /// The ranges of the text that were checked.
    seen: Vec<Range<usize>>,
    diagnostics: Vec<TextDiagnostic>,
}

/// A part of the text of a block.
struct BlockPart {
    /// Start offset in the block.
    start: usize,
    /// Byte range in the text.
    range: Range<usize>,
    kind: PartKind,
}

/// The role of a part of a block.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PartKind {
    Text,
    Link,
    Code,
}

impl Scan<'_> {
    fn push_text(&mut self, text: &str, range: &Range<usize>, code: bool) {
        self.seen.push(range.clone());
        if let Some(link_text) = &mut self.link_text {
            link_text.push_str(text);
        }
        if text.is_ascii() && !text.contains(char::is_control) {
            // There is nothing to detect in ASCII text. A placeholder separates the parts around it and keeps long documents cheap.
            self.block.push('a');
            return;
        }
        let kind = match self.links > 0 {
            true => PartKind::Link,
            false if code || self.code_block => PartKind::Code,
            false => PartKind::Text,
        };
        self.parts.push(BlockPart { start: self.block.len(), range: range.clone(), kind });
        self.block.push_str(text);
    }

    fn value(&mut self, value: &str, what: &str, range: &Range<usize>) {
        self.seen.push(range.clone());
        for found in deceptions(value, |_| TextRole::Name).into_iter().chain(escaped_deceptions(value)) {
            self.push(&found, what, value, range.clone());
        }
    }

    /// Checks the text of a link as a whole, because it can consist of several parts.
    fn end_link(&mut self, range: &Range<usize>) {
        let text = self.link_text.take().unwrap_or_default();
        for found in escaped_deceptions(&text) {
            self.push(&found, "the text of a link or image", &text, range.clone());
        }
    }

    fn end_block(&mut self) {
        if self.parts.is_empty() {
            self.block.clear();
            return;
        }
        let (block, parts) = (std::mem::take(&mut self.block), std::mem::take(&mut self.parts));
        let part = |at: usize| parts.partition_point(|part| part.start <= at).checked_sub(1).map(|index| &parts[index]);
        let kind = |at: usize| part(at).map_or(PartKind::Text, |part| part.kind);
        for found in deceptions(&block, |at| if kind(at) == PartKind::Text { TextRole::Prose } else { TextRole::Name })
        {
            let Some(part) = part(found.at) else { continue };
            let start = part.range.start + found.at - part.start;
            let end = start + found.character.len_utf8();
            let raw = self.text.get(start..end).is_some_and(|raw| raw.starts_with(found.character));
            // The loader reports raw control characters.
            if raw && found.character.is_control() {
                continue;
            }
            let what = match part.kind {
                PartKind::Text => "the text",
                PartKind::Link => "the text of a link or image",
                PartKind::Code => "code",
            };
            self.push(&found, what, &block, if raw { start..end } else { part.range.clone() });
        }
    }

    /// Checks the parts of the source that are not shown, such as definitions of links that nothing refers to.
    fn rest(&mut self) {
        if self.text.is_ascii() {
            return;
        }
        let mut seen = std::mem::take(&mut self.seen);
        seen.sort_by_key(|range| range.start);
        let mut end = 0;
        for range in seen.into_iter().chain(std::iter::once(self.text.len()..self.text.len())) {
            let gap = self.text.get(end..range.start).unwrap_or_default();
            for found in deceptions(gap, |_| TextRole::Name) {
                // The loader reports raw control characters.
                if !found.character.is_control() {
                    let start = end + found.at;
                    self.push(&found, "the source of the text", gap, start..start + found.character.len_utf8());
                }
            }
            end = end.max(range.end);
        }
    }

    fn push(&mut self, found: &Deception, what: &str, around: &str, range: Range<usize>) {
        self.diagnostics.push(text_diagnostic(found.code(), &range, found.message(what, around), found.help()));
    }
}
