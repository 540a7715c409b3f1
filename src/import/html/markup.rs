//! Parses the rows and cells of HTML tables.
//!
//! The tokens come from a tokenizer that follows the HTML standard. Their interpretation in a table follows the insertion modes
//! "in table" to "in cell" (section 13.2.6.4): end tags may be missing, and misplaced text belongs to the cell around the
//! table. A test compares the result with the result of a complete HTML parser.

use html5gum::{DefaultEmitter, HtmlString, StartTag, Token, Tokenizer};

use super::flow::Flow;
use super::open_cell::OpenCell;
use super::visibility::{closes_hidden, ends_hidden, is_hidden, is_struck, is_void};
use crate::import::cell::Cell;
use crate::import::page::Block;
use crate::text::one_line;

/// Elements whose content is not text.
const HIDDEN: [&[u8]; 3] = [b"script", b"style", b"template"];

/// The length from which the text of a caption is no longer collected, in bytes.
const MAX_CAPTION: usize = 500;

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
    /// The indexes of rows that a reader of the page does not see.
    pub hidden: Vec<usize>,
    /// Whether it is in a cell of another table.
    pub nested: bool,
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
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let mut builder = Builder::default();
    let mut flow = Flow::default();
    let mut blocks: Vec<(usize, Block)> = Vec::new();
    for Ok(token) in Tokenizer::new_with_emitter(text, emitter) {
        // Outside of tables, the flow knows itself what is hidden.
        let outside = builder.open.is_empty();
        let start = match &token {
            Token::StartTag(tag) => Some(tag.span.start),
            Token::EndTag(tag) => Some(tag.span.start),
            Token::String(text) => Some(text.span.start),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => None,
        };
        if let Some(start) = start.filter(|start| text.is_char_boundary(*start)) {
            (builder.at, flow.at) = (start, start);
        }
        match &token {
            Token::StartTag(tag) if outside && tag.name.as_slice() == b"table" && !is_hidden(tag) => flow.end_block(),
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
    /// The position in the source.
    at: usize,
    tables: Vec<Markup>,
    /// The open tables, from outermost to innermost.
    open: Vec<OpenTable>,
    /// The open element of [`HIDDEN`] or that a reader does not see, and the number of open elements with that name.
    hidden: Option<(HtmlString, usize)>,
}

struct OpenTable {
    /// The index in the list of tables.
    index: usize,
    /// The open `thead`, `tbody` or `tfoot`.
    group: Option<HtmlString>,
    /// Whether a reader does not see the group.
    hidden_group: bool,
    in_row: bool,
    /// Whether the row is struck through.
    struck_row: bool,
    inside: Inside,
}

/// The part of a table that text belongs to.
enum Inside {
    /// None: the text is misplaced.
    Table,
    Caption,
    Cell(Box<OpenCell>),
}

impl Builder {
    fn start(&mut self, tag: &StartTag<usize>) {
        let name = tag.name.as_slice();
        if let Some((hidden, depth)) = &mut self.hidden {
            if *depth > 1 || !ends_hidden(hidden, name) {
                *depth += usize::from(hidden.as_slice() == name && !is_void(tag));
                return;
            }
            self.hidden = None;
        }
        let is_part = matches!(name, b"tr" | b"td" | b"th" | b"thead" | b"tbody" | b"tfoot");
        if is_hidden(tag) && !is_part {
            self.hidden = (!is_void(tag)).then(|| (tag.name.clone(), 1));
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
                self.open_group(name, is_hidden(tag));
            }
            (b"tr", _) => {
                self.start_row();
                if let Some(open) = self.open.last_mut() {
                    open.struck_row = is_struck(tag);
                    let table = &mut self.tables[open.index];
                    if is_hidden(tag) && !open.hidden_group {
                        table.hidden.push(table.rows.len() - 1);
                    }
                }
            }
            (b"td" | b"th", _) => {
                self.close_cell();
                if !self.open.last().is_some_and(|open| open.in_row) {
                    self.start_row();
                }
                let number = |name: &[u8]| attribute(tag, name)?.trim().parse().ok();
                let cell = Cell { range: Some(tag.span.end..tag.span.end), ..Cell::default() };
                let markup = MarkupCell { cell, columns: number(b"colspan"), rows: number(b"rowspan") };
                let struck = is_struck(tag) || self.open.last().is_some_and(|open| open.struck_row);
                let cell = OpenCell::new(tag.name.clone(), markup, struck, is_hidden(tag));
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
            if *depth > 1 || !closes_hidden(hidden, name) {
                *depth -= usize::from(hidden.as_slice() == name);
                if *depth == 0 {
                    self.hidden = None;
                }
                return;
            }
            self.hidden = None;
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
            cell.push(&text.replace('\n', " "));
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
        let mut nested = false;
        if let Some(cell) = self.cell() {
            cell.end_paragraph();
            cell.lose("the element <table>".to_owned());
            nested = true;
        }
        let index = self.tables.len();
        self.tables.push(Markup { nested, ..Markup::default() });
        self.open.push(OpenTable {
            index,
            group: None,
            hidden_group: false,
            in_row: false,
            struck_row: false,
            inside: Inside::Table,
        });
    }

    fn start_row(&mut self) {
        self.close_row();
        let Some(open) = self.open.last_mut() else { return };
        open.group.get_or_insert_with(|| b"tbody".to_vec().into());
        (open.in_row, open.struck_row) = (true, false);
        let table = &mut self.tables[open.index];
        if open.hidden_group {
            table.hidden.push(table.rows.len());
        }
        table.rows.push(Vec::new());
    }

    fn open_group(&mut self, name: &[u8], hidden: bool) {
        if let Some(open) = self.open.last_mut() {
            open.group = Some(name.to_vec().into());
            open.hidden_group = hidden;
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
            let end = self.at;
            if let (Some(markup), Some(row)) = (cell.close(end), self.tables[open.index].rows.last_mut()) {
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
            (open.group, open.hidden_group) = (None, false);
        }
    }

    fn close_table(&mut self) {
        self.close_group();
        self.open.pop();
    }
}

pub(super) fn attribute(tag: &StartTag<usize>, name: &[u8]) -> Option<String> {
    tag.attributes.get(name).map(|value| String::from_utf8_lossy(value).into_owned())
}
