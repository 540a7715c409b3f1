//! The blocks of a page in any format, and the tables that they form.

use std::ops::Range;

use super::cell::Cell;
use super::fields::Field;
use super::headings::is_title_of_list;
use super::marks::Marks;
use super::records::{self, TextBlock};
use super::table::{Cells, Table};
use crate::text::one_line;

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading of a level; 1 is the highest.
    Heading(u8),
    Paragraph,
    /// An item of a list at a depth, starting at 1.
    Item(usize),
    /// A term of a definition list.
    Term,
    Definition,
}

/// A block of a page.
#[derive(Debug, Clone)]
pub enum Block {
    Text(BlockKind, Cell),
    Table(Table),
}

/// The level of a paragraph that consists only of strong text and acts as a heading.
const STRONG_LEVEL: u8 = 7;

/// The maximum length of such a paragraph, in characters.
const MAX_STRONG: usize = 100;

/// The text of a block that is being read.
#[derive(Debug)]
pub struct BlockText {
    kind: BlockKind,
    pub cell: Cell,
    text: String,
    /// Where the strong text or the link at the beginning starts.
    lead: Option<usize>,
    /// Whether the lead is strong text.
    strong: bool,
    /// The end of the text that is strong from the beginning, to recognize strong paragraphs.
    strong_end: usize,
    marks: Marks,
}

impl BlockText {
    /// Creates an empty block.
    pub fn new(kind: BlockKind, range: Option<Range<usize>>) -> BlockText {
        let cell = Cell { range, ..Cell::default() };
        BlockText { kind, cell, text: String::new(), lead: None, strong: false, strong_end: 0, marks: Marks::default() }
    }

    /// Adds text; a line feed starts a new line.
    pub fn push(&mut self, text: &str) {
        self.marks.push(text, &mut self.text);
    }

    /// Starts an element that may strike its text through, or be the mark of a footnote.
    pub fn start_mark(&mut self, name: &[u8], is_struck: bool) {
        self.marks.start(name, is_struck);
    }

    /// Ends such an element.
    pub fn end_mark(&mut self, name: &[u8]) {
        self.marks.end(name, &mut self.text);
    }

    /// Adds a link, unless it is struck through or leads to a place on the same page.
    pub fn link(&mut self, href: Option<String>) {
        match href {
            Some(href) if href.starts_with('#') || self.marks.is_struck() => {
                self.cell.lost.push(format!("the link to `{href}`"));
            }
            href => self.cell.links.extend(href),
        }
    }

    /// Starts a link.
    pub fn start_lead(&mut self) {
        if self.cell.lead.is_none() && self.lead.is_none() && self.text.trim().is_empty() {
            self.lead = Some(self.text.len());
        }
    }

    /// Ends a link.
    pub fn end_lead(&mut self) {
        if !self.strong {
            self.close_lead();
        }
    }

    /// Starts strong text.
    pub fn start_strong(&mut self) {
        if self.text.trim().is_empty() && self.cell.lead.is_none() {
            self.lead.get_or_insert(self.text.len());
            self.strong = true;
        }
    }

    /// Ends strong text.
    pub fn end_strong(&mut self) {
        if self.strong {
            self.strong_end = self.text.len();
            self.strong = false;
            self.close_lead();
        }
    }

    fn close_lead(&mut self) {
        if let Some(start) = self.lead.take() {
            let lead = one_line(self.text.get(start..).unwrap_or_default());
            self.cell.lead = Some(lead).filter(|lead| !lead.is_empty());
        }
    }

    /// Returns the block, unless it is empty.
    pub fn close(mut self) -> Option<Block> {
        self.close_lead();
        let mut cell = self.cell;
        let text = self.text.clone();
        self.marks.close(self.text, &mut cell);
        if cell.is_empty() {
            return None;
        }
        let all_strong = self.strong_end > 0
            && text.get(self.strong_end..).unwrap_or_default().trim_matches([':', ' ', '\n']).is_empty();
        let short = cell.text().chars().count() <= MAX_STRONG;
        let kind = match self.kind {
            BlockKind::Paragraph if all_strong && short => BlockKind::Heading(STRONG_LEVEL),
            kind => kind,
        };
        Some(Block::Text(kind, cell))
    }
}

/// Whether a table has the names of fields in its first column, and one value for each: it is about one subprocessor, whose name is
/// the heading above it.
fn is_one_record(table: &Table) -> bool {
    let mut rows = std::iter::once(&table.header).chain(&table.rows);
    let field = |row: &Cells| Field::of_column(&row.first().map(|cell| cell.text()).unwrap_or_default());
    let fields: Option<Vec<Field>> = rows.by_ref().map(|row| field(row).filter(|_| row.len() == 2)).collect();
    let is_header = table.header.get(1).is_some_and(|cell| Field::of_column(&cell.text()).is_some());
    table.titles.is_empty()
        && table.names.is_empty()
        && !is_header
        && fields.is_some_and(|fields| {
            fields.len() > 1 && fields.contains(&Field::Purpose) && !fields.contains(&Field::Name)
        })
}

/// Returns the tables of a page, with the headings above each, then its lists that are no tables.
pub fn tables(blocks: Vec<Block>) -> Vec<Table> {
    let mut headings: Vec<(u8, String)> = Vec::new();
    let mut tables: Vec<Table> = Vec::new();
    let mut texts: Vec<TextBlock> = Vec::new();
    for block in blocks {
        match block {
            Block::Text(kind, cell) => {
                if let BlockKind::Heading(level) = kind {
                    headings.retain(|(outer, _)| *outer < level);
                    headings.push((level, cell.text()));
                }
                texts.push((kind, cell));
            }
            // `### Alfa` above a table with a field and a value in each row.
            Block::Table(table) if !headings.is_empty() && is_one_record(&table) => {
                for row in std::iter::once(&table.header).chain(&table.rows) {
                    texts.extend(row.first().map(|cell| (BlockKind::Term, Cell::clone(cell))));
                    texts.extend(row.get(1).map(|cell| (BlockKind::Definition, Cell::clone(cell))));
                }
            }
            Block::Table(mut table) => {
                let captions = std::mem::take(&mut table.headings);
                table.headings = headings.iter().map(|(_, text)| text.clone()).chain(captions).collect();
                tables.push(table);
                texts.push((BlockKind::Paragraph, Cell::default()));
            }
        }
    }
    let listed = tables.iter().any(Table::names_fields);
    let lists = records::tables(&texts, listed);
    // On a page with a table, a contact or an address may look like a list.
    let complete = |list: &Table| list.header.iter().any(|name| Field::of_column(&name.text()) == Some(Field::Purpose));
    tables.extend(lists.into_iter().filter(|list| !listed || list.uncertain || complete(list)));
    let is_title = |(kind, cell): &TextBlock| matches!(kind, BlockKind::Heading(_)) && is_title_of_list(&cell.text());
    if texts.iter().any(is_title) {
        tables.iter_mut().for_each(Table::doubt);
    }
    tables
}
