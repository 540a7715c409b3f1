//! Hidden characters in a text, as a browser shows it: also those that are written as character references.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use super::{Finding, Spanned, finding};
use crate::diagnostic::{Deception, TextRole, deceptions};

/// Findings about hidden characters; each kind of character once in each block.
pub(super) fn findings(text: &str, events: &[Spanned<'_>]) -> Vec<Finding> {
    // Hidden characters are written as they are, or as references.
    if text.is_ascii() && !text.contains('&') {
        return Vec::new();
    }
    let mut scan = Scan { text, block: String::new(), parts: Vec::new(), links: 0, findings: Vec::new() };
    for (event, range) in events {
        match event {
            Event::Text(words) | Event::Code(words) | Event::Html(words) | Event::InlineHtml(words) => {
                scan.words(words, range);
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
    scan.findings
}

struct Scan<'t> {
    text: &'t str,
    /// The words of the current block.
    block: String,
    parts: Vec<BlockPart>,
    /// How many links and images are open.
    links: usize,
    findings: Vec<Finding>,
}

/// A stretch of the block's words.
struct BlockPart {
    /// Where it starts in the block.
    start: usize,
    /// Where it is in the text.
    range: Range<usize>,
    in_link: bool,
}

impl Scan<'_> {
    fn words(&mut self, words: &str, range: &Range<usize>) {
        if words.is_ascii() && !words.contains(char::is_control) {
            // Nothing to find; a placeholder keeps what is on both sides apart, and long texts cheap.
            self.block.push('a');
            return;
        }
        self.parts.push(BlockPart { start: self.block.len(), range: range.clone(), in_link: self.links > 0 });
        self.block.push_str(words);
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
            // Raw control characters are reported where the file is read.
            if raw && found.character.is_control() {
                continue;
            }
            let what = if in_link(found.at) { "the text of a link or image" } else { "the text" };
            self.push(&found, what, &block, if raw { start..end } else { part.range.clone() });
        }
    }

    fn push(&mut self, found: &Deception, what: &str, around: &str, range: Range<usize>) {
        self.findings.push(finding(found.code(), &range, found.message(what, around), found.help()));
    }
}
