//! Detects hidden characters in Markdown, including those that are written as character references.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use super::{Spanned, TextDiagnostic, text_diagnostic};
use crate::diagnostic::{Deception, TextRole, deceptions};

/// Reports hidden characters; each kind of character once per block.
pub(super) fn diagnostics(text: &str, events: &[Spanned<'_>]) -> Vec<TextDiagnostic> {
    // Hidden characters are non-ASCII, or written as character references.
    if text.is_ascii() && !text.contains('&') {
        return Vec::new();
    }
    let mut scan = Scan { text, block: String::new(), parts: Vec::new(), links: 0, diagnostics: Vec::new() };
    for (event, range) in events {
        match event {
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                scan.push_text(text, range);
            }
            Event::SoftBreak => scan.block.push(' '),
            Event::HardBreak => scan.block.push('\n'),
            Event::FootnoteReference(label) => scan.value(label, "the label of a footnote", range),
            Event::Start(Tag::Link { dest_url, title, .. } | Tag::Image { dest_url, title, .. }) => {
                scan.value(dest_url, "an address", range);
                scan.value(title, "the title of a link or image", range);
                scan.links += 1;
            }
            Event::End(TagEnd::Link | TagEnd::Image) => scan.links = scan.links.saturating_sub(1),
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
                    Tag::CodeBlock(CodeBlockKind::Fenced(language)) => {
                        scan.value(language, "the name of a language", range)
                    }
                    Tag::FootnoteDefinition(label) => scan.value(label, "the label of a footnote", range),
                    _ => {}
                }
            }
            Event::End(_) => scan.end_block(),
            _ => {}
        }
    }
    scan.end_block();
    scan.diagnostics
}

struct Scan<'t> {
    text: &'t str,
    /// The text of the current block.
    block: String,
    parts: Vec<BlockPart>,
    /// The number of open links and images.
    links: usize,
    diagnostics: Vec<TextDiagnostic>,
}

/// A part of the text of a block.
struct BlockPart {
    /// Start offset in the block.
    start: usize,
    /// Byte range in the text.
    range: Range<usize>,
    in_link: bool,
}

impl Scan<'_> {
    fn push_text(&mut self, text: &str, range: &Range<usize>) {
        if text.is_ascii() && !text.contains(char::is_control) {
            // There is nothing to detect in ASCII text. A placeholder separates the parts around it and keeps long documents cheap.
            self.block.push('a');
            return;
        }
        self.parts.push(BlockPart { start: self.block.len(), range: range.clone(), in_link: self.links > 0 });
        self.block.push_str(text);
    }

    fn value(&mut self, value: &str, what: &str, range: &Range<usize>) {
        for found in deceptions(value, |_| TextRole::Name) {
            self.push(&found, what, value, range.clone());
        }
    }

    fn end_block(&mut self) {
        if self.parts.is_empty() {
            self.block.clear();
            return;
        }
        let (block, parts) = (std::mem::take(&mut self.block), std::mem::take(&mut self.parts));
        let part = |at: usize| parts.partition_point(|part| part.start <= at).checked_sub(1).map(|index| &parts[index]);
        let in_link = |at: usize| part(at).is_some_and(|part| part.in_link);
        for found in deceptions(&block, |at| if in_link(at) { TextRole::Name } else { TextRole::Prose }) {
            let Some(part) = part(found.at) else { continue };
            let start = part.range.start + found.at - part.start;
            let end = start + found.character.len_utf8();
            let raw = self.text.get(start..end).is_some_and(|raw| raw.starts_with(found.character));
            // The loader reports raw control characters.
            if raw && found.character.is_control() {
                continue;
            }
            let what = if in_link(found.at) { "the text of a link or image" } else { "the text" };
            self.push(&found, what, &block, if raw { start..end } else { part.range.clone() });
        }
    }

    fn push(&mut self, found: &Deception, what: &str, around: &str, range: Range<usize>) {
        self.diagnostics.push(text_diagnostic(found.code(), &range, found.message(what, around), found.help()));
    }
}
