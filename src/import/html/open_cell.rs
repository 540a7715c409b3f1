//! The text of a cell of an HTML table, with line breaks where its blocks begin and end.

use html5gum::{HtmlString, StartTag};

use super::markup::{MarkupCell, attribute};
use super::visibility::is_struck;
use crate::import::marks::Marks;

/// Elements that start a new line at their start and end, and end a paragraph.
const BLOCKS: [&[u8]; 34] = [
    b"address",
    b"article",
    b"aside",
    b"blockquote",
    b"center",
    b"dd",
    b"details",
    b"dialog",
    b"dir",
    b"div",
    b"dl",
    b"dt",
    b"fieldset",
    b"figcaption",
    b"figure",
    b"footer",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"h6",
    b"header",
    b"hgroup",
    b"li",
    b"main",
    b"menu",
    b"nav",
    b"ol",
    b"p",
    b"pre",
    b"section",
    b"summary",
    b"ul",
];

/// The maximum depth at which nested blocks are distinguished, as in browsers.
const MAX_NESTING: usize = 512;

/// A cell that is being read.
pub struct OpenCell {
    /// `td` or `th`.
    pub name: HtmlString,
    text: String,
    markup: MarkupCell,
    marks: Marks,
    /// The open elements of [`BLOCKS`], from outermost to innermost.
    blocks: Vec<HtmlString>,
    /// The texts in place of images.
    images: Vec<String>,
    hidden: bool,
}

impl OpenCell {
    /// Creates an empty cell. All of its text is struck through if `struck`, and a `hidden` one is not part of the table.
    pub fn new(name: HtmlString, markup: MarkupCell, struck: bool, hidden: bool) -> OpenCell {
        let mut marks = Marks::default();
        if struck {
            marks.start(b"", true);
        }
        OpenCell { name, text: String::new(), markup, marks, blocks: Vec::new(), images: Vec::new(), hidden }
    }

    /// Ends the cell at a position in the source; `None` if it is hidden.
    pub fn close(self, end: usize) -> Option<MarkupCell> {
        let OpenCell { text, mut markup, marks, images, hidden, .. } = self;
        marks.close(text, &mut markup.cell);
        markup.cell.name_image(&images);
        if let Some(range) = &mut markup.cell.range {
            range.end = end.max(range.start);
        }
        (!hidden).then_some(markup)
    }

    /// Adds text.
    pub fn push(&mut self, text: &str) {
        self.marks.push(text, &mut self.text);
    }

    pub fn lose(&mut self, what: String) {
        self.markup.cell.lost.push(what);
    }

    /// Handles a start tag.
    pub fn start(&mut self, tag: &StartTag<usize>) {
        let name = tag.name.as_slice();
        match name {
            b"a" => self.link(attribute(tag, b"href")),
            b"img" => {
                self.lose(format!("the image `{}`", attribute(tag, b"src").unwrap_or_default()));
                self.images.extend(attribute(tag, b"alt"));
            }
            b"br" => self.push("\n"),
            _ => {}
        }
        self.marks.start(name, is_struck(tag));
        if name == b"li" || name == b"dt" || name == b"dd" {
            self.end_item(name);
        }
        if BLOCKS.contains(&name) && self.blocks.len() < MAX_NESTING {
            self.end_paragraph();
            if is_heading(name) && self.blocks.last().is_some_and(|open| is_heading(open)) {
                self.blocks.pop();
                self.push("\n");
            }
            self.push("\n");
            self.blocks.push(tag.name.clone());
        } else if name == b"hr" {
            self.end_paragraph();
        }
    }

    /// Handles an end tag.
    pub fn end(&mut self, name: &[u8]) {
        self.marks.end(name, &mut self.text);
        let same = |open: &[u8]| open == name || (is_heading(open) && is_heading(name));
        let around = |open: &[u8]| name == b"li" && matches!(open, b"ul" | b"ol");
        match self.blocks.iter().rposition(|open| same(open) || around(open)) {
            Some(at) if same(&self.blocks[at]) => self.close_block(at),
            // `</br>` and `</p>` without a start tag are parsed like `<br>` and `<p></p>`.
            _ if name == b"br" || name == b"p" => self.push("\n"),
            _ => {}
        }
    }

    /// Adds a link. One to a place on the same page, such as a footnote, or that is struck through, is not a value.
    fn link(&mut self, href: Option<String>) {
        match href {
            Some(href) if href.starts_with('#') || self.marks.is_struck() => self.lose(format!("the link to `{href}`")),
            href => self.markup.cell.links.extend(href),
        }
    }

    /// Ends the previous item of the same list.
    fn end_item(&mut self, name: &[u8]) {
        let same = |open: &[u8]| open == name || (name != b"li" && matches!(open, b"dt" | b"dd"));
        let passed = |open: &[u8]| matches!(open, b"div" | b"p" | b"address");
        if let Some(at) = self.blocks.iter().rposition(|open| same(open) || !passed(open))
            && same(&self.blocks[at])
        {
            self.close_block(at);
        }
    }

    /// Ends the open paragraph.
    pub fn end_paragraph(&mut self) {
        if let Some(at) = self.blocks.iter().rposition(|open| open.as_slice() == b"p") {
            self.close_block(at);
        }
    }

    /// Ends a block and all blocks inside it.
    fn close_block(&mut self, at: usize) {
        self.blocks.truncate(at);
        self.push("\n");
    }
}

fn is_heading(name: &[u8]) -> bool {
    matches!(name, [b'h', b'1'..=b'6'])
}
