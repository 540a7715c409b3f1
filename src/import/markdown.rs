//! Reads tables in GitHub Flavored Markdown, with the place of each cell.

use std::sync::Arc;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::cell::Cell;
use super::table::{MAX_CELLS, MAX_COLUMNS, Table, too_large};

/// Returns all tables in Markdown text.
///
/// # Errors
/// If a table is too large.
pub fn tables(text: &str) -> Result<Vec<Table>, String> {
    let mut tables = Vec::new();
    let mut cells = 0;
    let mut table = Table::default();
    let mut row: Vec<Arc<Cell>> = Vec::new();
    let mut open: Option<OpenCell> = None;
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::Start(Tag::Table(_)) => table = Table::default(),
            Event::End(TagEnd::Table) => tables.push(std::mem::take(&mut table)),
            Event::End(TagEnd::TableHead) => table.header = std::mem::take(&mut row),
            Event::End(TagEnd::TableRow) => table.rows.push(std::mem::take(&mut row)),
            Event::Start(Tag::TableCell) => {
                open = Some(OpenCell { cell: Cell { range: Some(range), ..Cell::default() }, text: String::new() });
            }
            Event::End(TagEnd::TableCell) => {
                row.extend(open.take().map(OpenCell::close));
                cells += 1;
                if row.len() > MAX_COLUMNS || cells > MAX_CELLS {
                    return Err(too_large());
                }
            }
            event => {
                if let Some(open) = &mut open {
                    open.take(event);
                }
            }
        }
    }
    Ok(tables)
}

/// A cell that is being read.
struct OpenCell {
    cell: Cell,
    text: String,
}

impl OpenCell {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text) | Event::Code(text) => self.text.push_str(&text),
            Event::SoftBreak | Event::HardBreak => self.text.push('\n'),
            Event::Start(Tag::Link { dest_url, .. }) => self.cell.links.push(dest_url.into_string()),
            Event::Start(Tag::Image { dest_url, .. }) => self.cell.lost.push(format!("the image `{dest_url}`")),
            Event::Start(Tag::Strikethrough) => self.cell.lost.push("strikethrough".to_owned()),
            Event::InlineHtml(tag) | Event::Html(tag) => self.tag(&tag),
            _ => {}
        }
    }

    /// Handles an HTML tag: tags that break lines do so, all others are lost.
    fn tag(&mut self, tag: &str) {
        let name: String = tag.trim_start_matches(['<', '/']).chars().take_while(char::is_ascii_alphanumeric).collect();
        if matches!(name.to_ascii_lowercase().as_str(), "br" | "li" | "ul" | "ol" | "p" | "div") {
            self.text.push('\n');
        } else {
            self.cell.lost.push(format!("the HTML `{tag}`"));
        }
    }

    fn close(self) -> Arc<Cell> {
        let lines = Cell::new(&self.text, None).lines;
        Arc::new(Cell { lines, ..self.cell })
    }
}
