//! Parses the rows and cells of HTML tables.
//!
//! The tokens come from a tokenizer that follows the HTML standard. Their interpretation in a table follows the insertion modes
//! "in table" to "in cell" (section 13.2.6.4): end tags may be missing, and misplaced text belongs to the cell around the
//! table. A test compares the result with the result of a complete HTML parser.

use html5gum::{DefaultEmitter, HtmlString, StartTag, Token, Tokenizer};

use super::flow::Flow;
use crate::import::cell::Cell;
use crate::import::page::Block;
use crate::text::one_line;

/// Elements whose content is not text.
const HIDDEN: [&[u8]; 3] = [b"script", b"style", b"template"];

/// Elements that start a new line at their start and end.
const LINES: [&[u8]; 7] = [b"p", b"li", b"ul", b"ol", b"div", b"dt", b"dd"];

/// Other elements that end a paragraph, and the list items that are open inside them when they end.
const BLOCKS: [&[u8]; 27] = [
    b"address",
    b"article",
    b"aside",
    b"blockquote",
    b"center",
    b"details",
    b"dialog",
    b"dir",
    b"dl",
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
    b"main",
    b"menu",
    b"nav",
    b"pre",
    b"section",
    b"summary",
];

/// The length from which the text of a caption is no longer collected, in bytes.
const MAX_CAPTION: usize = 500;

/// The maximum depth at which nested blocks are distinguished, as in browsers.
const MAX_NESTING: usize = 512;

/// A part of a page.
#[derive(Debug)]
pub enum Piece {
    Table(Markup),
    /// A block outside of tables.
    Block(Block),
}

/// A table, with its rows from top to bottom.
#[derive(Debug, Default)]
pub struct Markup {
    pub caption: String,
    pub rows: Vec<Vec<MarkupCell>>,
}

/// A cell, with the attributes `colspan` and `rowspan` if they are valid numbers.
#[derive(Debug, Default)]
pub struct MarkupCell {
    pub cell: Cell,
    pub columns: Option<usize>,
    pub rows: Option<usize>,
}

/// Returns the tables in the order of their start tags, and the blocks between them. A nested table is a separate table.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut builder = Builder::default();
    let mut flow = Flow::default();
    let mut blocks: Vec<(usize, Block)> = Vec::new();
    for Ok(token) in Tokenizer::new_with_emitter(text, emitter) {
        let outside = builder.open.is_empty() && builder.hidden.is_none();
        match &token {
            Token::StartTag(tag) if outside && tag.name.as_slice() == b"table" => flow.end_block(),
            Token::StartTag(tag) if outside => flow.start(tag),
            Token::EndTag(tag) if outside => flow.end(&tag.name),
            Token::String(text) if outside => flow.text(&String::from_utf8_lossy(text)),
            _ => {}
        }
        blocks.extend(flow.take().into_iter().map(|block| (builder.tables.len(), block)));
        match token {
            Token::StartTag(tag) => builder.start(&tag),
            Token::EndTag(tag) => builder.end(&tag.name),
            Token::String(text) => builder.text(&String::from_utf8_lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    flow.end_block();
    blocks.extend(flow.take().into_iter().map(|block| (builder.tables.len(), block)));
    while !builder.open.is_empty() {
        builder.close_table();
    }
    let mut blocks = blocks.into_iter().peekable();
    let mut pieces = Vec::new();
    for (at, table) in builder.tables.into_iter().enumerate() {
        while let Some((_, block)) = blocks.next_if(|(before, _)| *before <= at) {
            pieces.push(Piece::Block(block));
        }
        pieces.push(Piece::Table(table));
    }
    pieces.extend(blocks.map(|(_, block)| Piece::Block(block)));
    pieces
}

/// Returns all tables.
#[cfg(test)]
pub fn tables(text: &str) -> Vec<Markup> {
    let table = |piece| if let Piece::Table(table) = piece { Some(table) } else { None };
    pieces(text).into_iter().filter_map(table).collect()
}

#[derive(Default)]
struct Builder {
    tables: Vec<Markup>,
    /// The open tables, from outermost to innermost.
    open: Vec<OpenTable>,
    /// The open element of [`HIDDEN`], and the number of open elements with that name.
    hidden: Option<(HtmlString, usize)>,
}

struct OpenTable {
    /// The index in the list of tables.
    index: usize,
    /// The open `thead`, `tbody` or `tfoot`.
    group: Option<HtmlString>,
    in_row: bool,
    inside: Inside,
}

/// The part of a table that text belongs to.
enum Inside {
    /// None: the text is misplaced.
    Table,
    Caption,
    Cell(Box<OpenCell>),
}

struct OpenCell {
    /// `td` or `th`.
    name: HtmlString,
    text: String,
    markup: MarkupCell,
    /// The open elements of [`LINES`] and [`BLOCKS`], from outermost to innermost.
    blocks: Vec<HtmlString>,
}

impl Builder {
    fn start(&mut self, tag: &StartTag<()>) {
        let name = tag.name.as_slice();
        if let Some((hidden, depth)) = &mut self.hidden {
            *depth += usize::from(hidden.as_slice() == name);
            return;
        }
        if name == b"table" {
            return self.start_table();
        }
        if HIDDEN.contains(&name) {
            if let Some(Inside::Cell(cell)) = self.open.last_mut().map(|open| &mut open.inside) {
                cell.lose(format!("the element <{}>", String::from_utf8_lossy(name)));
            }
            self.hidden = Some((tag.name.clone(), 1));
            return;
        }
        match (name, self.open.is_empty()) {
            (_, true) => {}
            (b"caption", _) => {
                self.close_group();
                self.set_inside(Inside::Caption);
            }
            (b"col" | b"colgroup", _) => self.close_group(),
            (b"thead" | b"tbody" | b"tfoot", _) => {
                self.close_group();
                self.open_group(name);
            }
            (b"tr", _) => self.start_row(),
            (b"td" | b"th", _) => {
                self.close_cell();
                if !self.open.last().is_some_and(|open| open.in_row) {
                    self.start_row();
                }
                let number = |name: &[u8]| attribute(tag, name)?.trim().parse().ok();
                let markup =
                    MarkupCell { cell: Cell::default(), columns: number(b"colspan"), rows: number(b"rowspan") };
                let cell = OpenCell { name: tag.name.clone(), text: String::new(), markup, blocks: Vec::new() };
                self.set_inside(Inside::Cell(Box::new(cell)));
            }
            _ => {
                if let Some(cell) = self.cell() {
                    cell.start(tag);
                }
            }
        }
    }

    fn end(&mut self, name: &[u8]) {
        if let Some((hidden, depth)) = &mut self.hidden {
            *depth -= usize::from(hidden.as_slice() == name);
            if *depth == 0 {
                self.hidden = None;
            }
            return;
        }
        let Some(open) = self.open.last() else { return };
        match (name, &open.inside) {
            (b"table", _) => self.close_table(),
            (b"caption", Inside::Caption) => self.set_inside(Inside::Table),
            (b"td" | b"th", Inside::Cell(cell)) if cell.name.as_slice() == name => self.close_cell(),
            (b"tr", Inside::Table | Inside::Cell(_)) => self.close_row(),
            (b"thead" | b"tbody" | b"tfoot", Inside::Table | Inside::Cell(_)) => {
                if open.group.as_ref().is_some_and(|group| group.as_slice() == name) {
                    self.close_group();
                }
            }
            (b"caption" | b"td" | b"th" | b"tr" | b"thead" | b"tbody" | b"tfoot", _) => {}
            _ => {
                if let Some(cell) = self.cell() {
                    cell.end(name);
                }
            }
        }
    }

    fn text(&mut self, text: &str) {
        let between = matches!(self.open.last(), Some(OpenTable { inside: Inside::Table, .. }));
        if self.hidden.is_some() || (between && text.trim_ascii().is_empty()) {
            return;
        }
        if let Some(OpenTable { inside: Inside::Caption, index, .. }) = self.open.last() {
            let caption = &mut self.tables[*index].caption;
            if caption.len() < MAX_CAPTION {
                *caption = one_line(&format!("{caption} {text}"));
            }
            return;
        }
        if let Some(cell) = self.cell() {
            // Line feeds in the source are spaces.
            cell.text.extend(text.chars().map(|c| if c == '\n' { ' ' } else { c }));
        }
    }

    /// Returns the cell that content belongs to. Misplaced content belongs to the cell around the table.
    fn cell(&mut self) -> Option<&mut OpenCell> {
        let inside = self.open.iter_mut().rev().map(|open| &mut open.inside);
        match inside.into_iter().find(|inside| !matches!(inside, Inside::Table))? {
            Inside::Cell(cell) => Some(cell),
            Inside::Table | Inside::Caption => None,
        }
    }

    fn start_table(&mut self) {
        // A table between the cells of another table ends that table.
        while matches!(self.open.last(), Some(OpenTable { inside: Inside::Table, .. })) {
            self.close_table();
        }
        if let Some(cell) = self.cell() {
            cell.end_paragraph();
            cell.lose("the element <table>".to_owned());
        }
        let index = self.tables.len();
        self.tables.push(Markup::default());
        self.open.push(OpenTable { index, group: None, in_row: false, inside: Inside::Table });
    }

    fn start_row(&mut self) {
        self.close_row();
        let Some(open) = self.open.last_mut() else { return };
        open.group.get_or_insert_with(|| b"tbody".to_vec().into());
        open.in_row = true;
        self.tables[open.index].rows.push(Vec::new());
    }

    fn open_group(&mut self, name: &[u8]) {
        if let Some(open) = self.open.last_mut() {
            open.group = Some(name.to_vec().into());
        }
    }

    fn set_inside(&mut self, inside: Inside) {
        if let Some(open) = self.open.last_mut() {
            open.inside = inside;
        }
    }

    fn close_cell(&mut self) {
        let Some(open) = self.open.last_mut() else { return };
        if let Inside::Cell(cell) = std::mem::replace(&mut open.inside, Inside::Table) {
            let OpenCell { text, mut markup, .. } = *cell;
            markup.cell.lines = Cell::new(&text, None).lines;
            if let Some(row) = self.tables[open.index].rows.last_mut() {
                row.push(markup);
            }
        }
    }

    fn close_row(&mut self) {
        self.close_cell();
        if let Some(open) = self.open.last_mut() {
            open.in_row = false;
        }
    }

    fn close_group(&mut self) {
        self.close_row();
        if let Some(open) = self.open.last_mut() {
            open.group = None;
        }
    }

    fn close_table(&mut self) {
        self.close_group();
        self.open.pop();
    }
}

impl OpenCell {
    fn lose(&mut self, what: String) {
        self.markup.cell.lost.push(what);
    }

    fn start(&mut self, tag: &StartTag<()>) {
        let name = tag.name.as_slice();
        match name {
            b"a" => self.markup.cell.links.extend(attribute(tag, b"href")),
            b"img" => self.lose(format!("the image `{}`", attribute(tag, b"src").unwrap_or_default())),
            b"s" | b"del" | b"strike" => self.lose("strikethrough".to_owned()),
            b"br" => self.text.push('\n'),
            _ => {}
        }
        if name == b"li" || name == b"dt" || name == b"dd" {
            self.end_item(name);
        }
        let is_line = LINES.contains(&name);
        if (is_line || BLOCKS.contains(&name)) && self.blocks.len() < MAX_NESTING {
            self.end_paragraph();
            if is_heading(name) && self.blocks.last().is_some_and(|open| is_heading(open)) {
                self.blocks.pop();
            }
            self.text.extend(is_line.then_some('\n'));
            self.blocks.push(tag.name.clone());
        } else if name == b"hr" {
            self.end_paragraph();
        }
    }

    fn end(&mut self, name: &[u8]) {
        let same = |open: &[u8]| open == name || (is_heading(open) && is_heading(name));
        let around = |open: &[u8]| name == b"li" && matches!(open, b"ul" | b"ol");
        match self.blocks.iter().rposition(|open| same(open) || around(open)) {
            Some(at) if same(&self.blocks[at]) => self.close(at),
            // `</br>` and `</p>` without a start tag are parsed like `<br>` and `<p></p>`.
            _ if name == b"br" || name == b"p" => self.text.push('\n'),
            _ => {}
        }
    }

    /// Ends the previous item of the same list.
    fn end_item(&mut self, name: &[u8]) {
        let same = |open: &[u8]| open == name || (name != b"li" && matches!(open, b"dt" | b"dd"));
        let passed = |open: &[u8]| matches!(open, b"div" | b"p" | b"address");
        if let Some(at) = self.blocks.iter().rposition(|open| same(open) || !passed(open))
            && same(&self.blocks[at])
        {
            self.close(at);
        }
    }

    fn end_paragraph(&mut self) {
        if let Some(at) = self.blocks.iter().rposition(|open| open.as_slice() == b"p") {
            self.close(at);
        }
    }

    /// Ends a block and all blocks inside it.
    fn close(&mut self, at: usize) {
        let is_line = self.blocks.drain(at..).any(|block| LINES.contains(&block.as_slice()));
        self.text.extend(is_line.then_some('\n'));
    }
}

fn is_heading(name: &[u8]) -> bool {
    matches!(name, [b'h', b'1'..=b'6'])
}

pub(super) fn attribute(tag: &StartTag<()>, name: &[u8]) -> Option<String> {
    tag.attributes.get(name).map(|value| String::from_utf8_lossy(value).into_owned())
}
