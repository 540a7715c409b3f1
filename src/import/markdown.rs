//! Reads GitHub Flavored Markdown, with the place of each cell. HTML within it is read as HTML.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::cell::Cell;
use super::headings::names_list;
use super::html;
use super::marks::Marks;
use super::page::{Block, BlockKind, BlockText};
use super::table::{Cells, MAX_CELLS, MAX_COLUMNS, Table, too_large};
use crate::text::one_line;

/// Returns the blocks of Markdown text.
///
/// # Errors
/// If a table is too large.
pub fn blocks(text: &str) -> Result<Vec<Block>, String> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let footnotes = if text.contains("[^") { footnotes(text, options) } else { HashMap::new() };
    let mut reader = Reader { footnotes: Rc::new(footnotes), ..Reader::default() };
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        reader.event(event, range)?;
    }
    let title = front_matter(text).and_then(|yaml| yaml.lines().find_map(|line| line.strip_prefix("title:")));
    let title = title.map(|title| title.trim().trim_matches(['"', '\'']).to_owned()).filter(|title| names_list(title));
    // The title of the page is above all of its headings.
    let title = title.map(|title| Block::Text(BlockKind::Heading(0), Cell::new(&title, None)));
    let mut blocks: Vec<Block> = title.into_iter().chain(reader.blocks).collect();
    if text.to_ascii_lowercase().contains("<table") {
        let tables = html::blocks(&with_html_headings(text))?.into_iter().map(without_places);
        // Text outside of HTML tables was read as Markdown, but its headings belong to the tables.
        blocks.extend(tables.filter(|block| matches!(block, Block::Table(_) | Block::Text(BlockKind::Heading(_), _))));
    }
    Ok(blocks)
}

/// Returns the YAML front matter of a page.
pub fn front_matter(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("---\n")?;
    rest.find("\n---\n").or_else(|| rest.strip_suffix("\n---").map(str::len)).map(|end| &rest[..=end])
}

/// Returns the texts of footnotes by their labels.
fn footnotes(text: &str, options: Options) -> HashMap<String, String> {
    let mut texts: HashMap<String, String> = HashMap::new();
    let mut open: Option<String> = None;
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Start(Tag::FootnoteDefinition(label)) => open = Some(label.into_string()),
            Event::End(TagEnd::FootnoteDefinition) => open = None,
            Event::Text(part) | Event::Code(part) => {
                if let Some(label) = &open {
                    texts.entry(label.clone()).or_default().push_str(&part);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some(text) = open.as_ref().and_then(|label| texts.get_mut(label)) {
                    text.push(' ');
                }
            }
            _ => {}
        }
    }
    texts
}

/// Describes a footnote that is lost.
fn footnote(label: &str, texts: &HashMap<String, String>) -> String {
    match texts.get(label).map(|text| one_line(text)).filter(|text| !text.is_empty()) {
        Some(text) => format!("the footnote `{text}`"),
        None => format!("the footnote mark `[^{label}]`"),
    }
}

/// Removes the places of a block, which are those in the text with HTML headings and not in the file.
fn without_places(mut block: Block) -> Block {
    if let Block::Table(table) = &mut block {
        // Spans share their cell.
        let mut known: HashMap<*const Cell, Arc<Cell>> = HashMap::new();
        let rows = table.rows.iter_mut().chain(&mut table.titles).chain(&mut table.names).chain(&mut table.hidden);
        for cell in rows.flatten().chain(&mut table.header) {
            let bare = || Arc::new(Cell { range: None, ..Cell::clone(cell) });
            let bare = Arc::clone(known.entry(Arc::as_ptr(cell)).or_insert_with(bare));
            *cell = bare;
        }
    }
    block
}

/// Writes the headings of Markdown text as HTML.
fn with_html_headings(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 64);
    for line in text.lines() {
        let level = line.bytes().take_while(|b| *b == b'#').count();
        match line.get(level..).filter(|_| (1..=6).contains(&level)).and_then(|rest| rest.strip_prefix(' ')) {
            Some(heading) => html.push_str(&format!("<h{level}>{}</h{level}>", heading.trim_end_matches(['#', ' ']))),
            None => html.push_str(line),
        }
        html.push('\n');
    }
    html
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    table: Vec<Cells>,
    row: Cells,
    cells: usize,
    /// The cell of a table that is being read.
    cell: Option<OpenCell>,
    /// The block that is being read.
    open: Option<BlockText>,
    /// The kinds of the open blocks, from outermost to innermost.
    kinds: Vec<BlockKind>,
    lists: usize,
    /// Whether text is metadata, code or a footnote.
    skipped: bool,
    /// Whether text is in place of an image.
    in_image: bool,
    footnotes: Rc<HashMap<String, String>>,
}

impl Reader {
    fn event(&mut self, event: Event<'_>, range: std::ops::Range<usize>) -> Result<(), String> {
        match event {
            Event::Start(Tag::Table(_)) => self.end_block(),
            Event::End(TagEnd::Table) => {
                self.blocks.push(Block::Table(Table::new(std::mem::take(&mut self.table))));
            }
            Event::End(TagEnd::TableHead | TagEnd::TableRow) => self.table.push(std::mem::take(&mut self.row)),
            Event::Start(Tag::TableCell) => {
                self.cell = Some(OpenCell {
                    cell: Cell { range: Some(range), ..Cell::default() },
                    footnotes: Rc::clone(&self.footnotes),
                    ..OpenCell::default()
                });
            }
            Event::End(TagEnd::TableCell) => {
                self.row.extend(self.cell.take().map(OpenCell::close));
                self.cells += 1;
                if self.row.len() > MAX_COLUMNS || self.cells > MAX_CELLS {
                    return Err(too_large());
                }
            }
            event => match &mut self.cell {
                Some(cell) => cell.take(event),
                None => self.flow(event, range),
            },
        }
        Ok(())
    }

    /// Handles an event outside of tables.
    fn flow(&mut self, event: Event<'_>, range: std::ops::Range<usize>) {
        match event {
            Event::Start(Tag::FootnoteDefinition(_)) => {
                self.end_block();
                self.skipped = true;
            }
            Event::Start(Tag::MetadataBlock(_) | Tag::CodeBlock(_)) => self.skipped = true,
            Event::End(TagEnd::MetadataBlock(_) | TagEnd::CodeBlock | TagEnd::FootnoteDefinition) => {
                self.skipped = false;
            }
            _ if self.skipped => {}
            Event::FootnoteReference(label) => {
                let lost = footnote(&label, &self.footnotes);
                self.block().cell.lost.push(lost);
            }
            Event::Start(Tag::List(_)) => {
                self.end_block();
                self.lists += 1;
            }
            Event::End(TagEnd::List(_)) => {
                self.end_block();
                self.lists = self.lists.saturating_sub(1);
            }
            Event::Start(Tag::Heading { level, .. }) => self.begin(BlockKind::Heading(number(level)), range),
            Event::Start(Tag::Item) => self.begin(BlockKind::Item(self.lists), range),
            Event::Start(Tag::DefinitionListTitle) => self.begin(BlockKind::Term, range),
            Event::Start(Tag::DefinitionListDefinition) => self.begin(BlockKind::Definition, range),
            // A paragraph within an item or a definition is a part of it.
            Event::Start(Tag::Paragraph) => match self.kinds.last() {
                None => self.begin(BlockKind::Paragraph, range),
                Some(_) => self.push("\n"),
            },
            Event::End(TagEnd::Paragraph) => match self.kinds.last() {
                Some(BlockKind::Paragraph) => self.finish(),
                _ => self.push("\n"),
            },
            Event::End(
                TagEnd::Heading(_) | TagEnd::Item | TagEnd::DefinitionListTitle | TagEnd::DefinitionListDefinition,
            ) => self.finish(),
            Event::End(TagEnd::Image) => self.in_image = false,
            Event::Text(_) | Event::Code(_) if self.in_image => {}
            Event::Text(text) | Event::Code(text) => self.push(&text),
            Event::SoftBreak | Event::HardBreak => self.push("\n"),
            Event::Start(Tag::Link { dest_url, .. }) => {
                let block = self.block();
                block.start_lead();
                block.link(Some(dest_url.into_string()));
            }
            Event::End(TagEnd::Link) => self.block().end_lead(),
            Event::Start(Tag::Strong) => self.block().start_strong(),
            Event::End(TagEnd::Strong) => self.block().end_strong(),
            Event::Start(Tag::Image { dest_url, .. }) => {
                self.in_image = true;
                self.block().cell.lost.push(format!("the image `{dest_url}`"));
            }
            Event::Start(Tag::Strikethrough) => self.block().start_mark(STRUCK, true),
            Event::End(TagEnd::Strikethrough) => self.block().end_mark(STRUCK),
            Event::InlineHtml(tag) if is_line_break(&tag) => self.push("\n"),
            Event::InlineHtml(tag) => match mark(&tag) {
                Some((name, true)) => self.block().start_mark(name.as_bytes(), false),
                Some((name, false)) => self.block().end_mark(name.as_bytes()),
                None => {}
            },
            _ => {}
        }
    }

    fn begin(&mut self, kind: BlockKind, range: std::ops::Range<usize>) {
        self.end_block();
        self.kinds.push(kind);
        self.open = Some(BlockText::new(kind, Some(range)));
    }

    fn finish(&mut self) {
        self.end_block();
        self.kinds.pop();
    }

    fn end_block(&mut self) {
        self.blocks.extend(self.open.take().and_then(BlockText::close));
    }

    fn block(&mut self) -> &mut BlockText {
        let kind = self.kinds.last().copied().unwrap_or(BlockKind::Paragraph);
        self.open.get_or_insert_with(|| BlockText::new(kind, None))
    }

    fn push(&mut self, text: &str) {
        self.block().push(text);
    }
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// The name of the element that strikes text through, as HTML has it.
const STRUCK: &[u8] = b"del";

/// Returns the name of an HTML tag for struck-through or raised text, and whether it starts the element.
fn mark(tag: &str) -> Option<(&'static str, bool)> {
    let name: String = tag.trim_start_matches(['<', '/']).chars().take_while(char::is_ascii_alphanumeric).collect();
    let known = ["s", "del", "strike", "sup"].into_iter().find(|known| name.eq_ignore_ascii_case(known))?;
    Some((known, !tag.starts_with("</")))
}

/// Whether an HTML tag starts a new line.
fn is_line_break(tag: &str) -> bool {
    let name: String = tag.trim_start_matches(['<', '/']).chars().take_while(char::is_ascii_alphanumeric).collect();
    matches!(name.to_ascii_lowercase().as_str(), "br" | "li" | "ul" | "ol" | "p" | "div")
}

/// A cell of a table that is being read.
#[derive(Default)]
struct OpenCell {
    cell: Cell,
    text: String,
    /// Whether all text so far is strong.
    strong: bool,
    marks: Marks,
    /// Whether text is in place of an image.
    in_image: bool,
    images: Vec<String>,
    footnotes: Rc<HashMap<String, String>>,
}

impl OpenCell {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text) | Event::Code(text) if self.in_image => self.images.push(text.into_string()),
            Event::End(TagEnd::Image) => self.in_image = false,
            Event::Text(text) | Event::Code(text) => {
                if !self.strong && !text.trim().is_empty() {
                    self.cell.lead = None;
                }
                self.marks.push(&text, &mut self.text);
            }
            Event::FootnoteReference(label) => self.cell.lost.push(footnote(&label, &self.footnotes)),
            Event::SoftBreak | Event::HardBreak => self.marks.push("\n", &mut self.text),
            Event::Start(Tag::Strong) => self.strong = self.text.trim().is_empty(),
            Event::End(TagEnd::Strong) if self.strong => {
                self.cell.lead = Some(self.text.trim().to_owned());
                self.strong = false;
            }
            Event::Start(Tag::Link { dest_url, .. }) => match dest_url.starts_with('#') || self.marks.is_struck() {
                true => self.cell.lost.push(format!("the link to `{dest_url}`")),
                false => self.cell.links.push(dest_url.into_string()),
            },
            Event::Start(Tag::Image { dest_url, .. }) => {
                self.cell.lost.push(format!("the image `{dest_url}`"));
                self.in_image = true;
            }
            Event::Start(Tag::Strikethrough) => self.marks.start(STRUCK, true),
            Event::End(TagEnd::Strikethrough) => self.marks.end(STRUCK, &mut self.text),
            Event::InlineHtml(tag) | Event::Html(tag) => match (is_line_break(&tag), mark(&tag)) {
                (true, _) => self.marks.push("\n", &mut self.text),
                (false, Some((name, true))) => self.marks.start(name.as_bytes(), false),
                (false, Some((name, false))) => self.marks.end(name.as_bytes(), &mut self.text),
                (false, None) => self.cell.lost.push(format!("the HTML `{tag}`")),
            },
            _ => {}
        }
    }

    fn close(self) -> Arc<Cell> {
        let mut cell = self.cell;
        self.marks.close(self.text, &mut cell);
        cell.name_image(&self.images);
        Arc::new(cell)
    }
}
