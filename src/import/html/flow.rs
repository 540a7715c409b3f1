//! Reads the blocks of an HTML page outside of tables: headings, paragraphs, list items, and terms with their definitions.

use html5gum::{HtmlString, StartTag};

use super::markup::attribute;
use super::visibility::{closes_hidden, ends_hidden, is_hidden, is_struck, is_void};
use crate::import::page::{Block, BlockKind, BlockText};

/// Elements whose content is navigation or code.
const SKIPPED: [&[u8]; 8] = [b"nav", b"footer", b"script", b"style", b"template", b"svg", b"title", b"noscript"];

/// Elements that start and end a block.
const BLOCKS: [&[u8]; 17] = [
    b"p",
    b"div",
    b"section",
    b"article",
    b"main",
    b"aside",
    b"header",
    b"blockquote",
    b"details",
    b"figure",
    b"form",
    b"address",
    b"pre",
    b"hr",
    b"body",
    b"label",
    b"button",
];

/// Collects blocks from tags and text.
#[derive(Default)]
pub struct Flow {
    /// The position in the source.
    pub at: usize,
    /// The block that is being read.
    open: Option<BlockText>,
    /// The kinds that the open elements give to their text, from outermost to innermost.
    kinds: Vec<(HtmlString, BlockKind)>,
    /// The open element of [`SKIPPED`] or that a reader does not see, and the number of open elements with that name.
    skipped: Option<(HtmlString, usize)>,
    finished: Vec<Block>,
}

/// The maximum depth of nested elements whose kinds are distinguished.
const MAX_NESTING: usize = 128;

impl Flow {
    /// Handles a start tag.
    pub fn start(&mut self, tag: &StartTag<usize>) {
        let name = tag.name.as_slice();
        if let Some((skipped, depth)) = &mut self.skipped {
            if *depth > 1 || !ends_hidden(skipped, name) {
                *depth += usize::from(skipped.as_slice() == name && !is_void(tag));
                return;
            }
            self.skipped = None;
        }
        let hidden = is_hidden(tag);
        if hidden && is_void(tag) {
            return;
        }
        if hidden || SKIPPED.contains(&name) {
            self.end_block();
            self.skipped = Some((tag.name.clone(), 1));
            return;
        }
        let lists = self.kinds.iter().filter(|(name, _)| matches!(name.as_slice(), b"ul" | b"ol")).count();
        let kind = match name {
            [b'h', level @ b'1'..=b'6'] => Some(BlockKind::Heading(level - b'0')),
            b"summary" => Some(BlockKind::Heading(6)),
            b"li" => Some(BlockKind::Item(lists.max(1))),
            b"dt" => Some(BlockKind::Term),
            b"dd" => Some(BlockKind::Definition),
            b"ul" | b"ol" => Some(self.kind()),
            _ => None,
        };
        if let Some(kind) = kind {
            self.end_block();
            // `</li>`, `</dt>` and `</dd>` may be missing.
            if matches!(name, b"li" | b"dt" | b"dd") {
                self.close_item(name);
            }
            if self.kinds.len() < MAX_NESTING {
                self.kinds.push((tag.name.clone(), kind));
            }
            return;
        }
        if BLOCKS.contains(&name) {
            // A paragraph within an item or a definition is a part of it.
            match self.kind() {
                BlockKind::Paragraph => self.end_block(),
                _ => self.push("\n"),
            }
            return;
        }
        match name {
            b"br" => self.push("\n"),
            b"a" => {
                let href = attribute(tag, b"href");
                let block = self.block();
                block.start_lead();
                block.link(href);
            }
            b"b" | b"strong" => self.block().start_strong(),
            b"img" => {
                let what = format!("the image `{}`", attribute(tag, b"src").unwrap_or_default());
                self.block().cell.lost.push(what);
            }
            b"s" | b"del" | b"strike" | b"sup" => self.block().start_mark(name, false),
            _ if is_struck(tag) => self.block().start_mark(name, true),
            _ => {
                if let Some(block) = &mut self.open {
                    block.start_mark(name, false);
                }
            }
        }
    }

    /// Handles an end tag.
    pub fn end(&mut self, name: &[u8]) {
        if let Some((skipped, depth)) = &mut self.skipped {
            if *depth > 1 || !closes_hidden(skipped, name) {
                *depth -= usize::from(skipped.as_slice() == name);
                if *depth == 0 {
                    self.skipped = None;
                }
                return;
            }
            self.skipped = None;
        }
        if let Some(at) = self.kinds.iter().rposition(|(open, _)| open.as_slice() == name) {
            self.end_block();
            self.kinds.truncate(at);
        } else if BLOCKS.contains(&name) {
            match self.kind() {
                BlockKind::Paragraph => self.end_block(),
                _ => self.push("\n"),
            }
        } else if let Some(block) = &mut self.open {
            match name {
                b"a" => block.end_lead(),
                b"b" | b"strong" => block.end_strong(),
                _ => {}
            }
            block.end_mark(name);
        }
    }

    /// Handles text, in which line feeds are spaces.
    pub fn text(&mut self, text: &str) {
        if self.skipped.is_none() && !(self.open.is_none() && text.trim().is_empty()) {
            self.push(&text.replace('\n', " "));
        }
    }

    /// Ends the block that is being read.
    pub fn end_block(&mut self) {
        if let Some(mut block) = self.open.take() {
            if let Some(range) = &mut block.cell.range {
                range.end = self.at.max(range.start);
            }
            self.finished.extend(block.close());
        }
    }

    /// Returns the finished blocks.
    pub fn take(&mut self) -> Vec<Block> {
        std::mem::take(&mut self.finished)
    }

    fn close_item(&mut self, name: &[u8]) {
        let same = |open: &[u8]| open == name || (name != b"li" && matches!(open, b"dt" | b"dd"));
        if self.kinds.last().is_some_and(|(open, _)| same(open)) {
            self.kinds.pop();
        }
    }

    fn kind(&self) -> BlockKind {
        self.kinds.last().map_or(BlockKind::Paragraph, |(_, kind)| *kind)
    }

    fn block(&mut self) -> &mut BlockText {
        let (kind, at) = (self.kind(), self.at);
        self.open.get_or_insert_with(|| BlockText::new(kind, Some(at..at)))
    }

    fn push(&mut self, text: &str) {
        self.block().push(text);
    }
}
