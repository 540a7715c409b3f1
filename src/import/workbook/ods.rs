//! Reads the sheets of an ODS workbook (OpenDocument 1.3, part 3).

use std::collections::HashSet;

use super::zip::Archive;
use super::{Sheet, SheetBuilder, SheetCell, read_xml};
use crate::import::table::{MAX_CELLS, too_large};
use crate::xml::{Tag, Token};

/// A cell that is being read.
#[derive(Default)]
struct OpenCell {
    cell: SheetCell,
    /// How often the cell is repeated to the right.
    repeats: usize,
    /// The columns and rows that it spans. Covered cells follow it as elements of their own.
    columns: usize,
    rows: usize,
    /// A date without a time, which is not written as the text shows it.
    date: Option<String>,
    paragraphs: usize,
    /// The depth of elements whose text is not part of the cell, such as comments.
    ignored: usize,
    is_covered: bool,
    /// Whether all of it is struck through.
    is_struck: bool,
    /// The open spans, each with whether it is struck through.
    spans: Vec<bool>,
}

impl OpenCell {
    /// Returns the text to which text is added now.
    fn text(&mut self) -> &mut String {
        match self.is_struck || self.spans.contains(&true) {
            true => &mut self.cell.struck,
            false => &mut self.cell.text,
        }
    }
}

/// Returns the visible sheets.
///
/// # Errors
/// If a part is missing or malformed, has a password, or exceeds the limits.
pub fn sheets(archive: &Archive<'_>) -> Result<Vec<Sheet>, String> {
    let manifest = archive.text("META-INF/manifest.xml")?.unwrap_or_default();
    let mut encrypted = false;
    read_xml(&manifest, |token| {
        encrypted |= matches!(token, Token::Start(tag) if tag.name == "encryption-data");
        Ok(())
    })?;
    if encrypted {
        return Err("the workbook has a password: remove it, and save the workbook again".to_owned());
    }
    let content = archive.text("content.xml")?.unwrap_or_default();
    let mut reader = Reader::default();
    read_xml(&content, |token| reader.token(token))?;
    Ok(reader.sheets)
}

#[derive(Default)]
struct Reader {
    builder: SheetBuilder,
    sheets: Vec<Sheet>,
    /// The style that is being read, and the styles of hidden sheets.
    style: String,
    hidden_styles: HashSet<String>,
    /// The styles that strike text through.
    struck_styles: HashSet<String>,
    /// The number of nested tables; a table in a cell is not a sheet.
    tables: usize,
    hidden_sheet: bool,
    hidden_row: bool,
    row: usize,
    row_repeats: usize,
    row_has_cells: bool,
    column: usize,
    /// The number of merged areas so far.
    areas: usize,
    open: Option<OpenCell>,
}

impl Reader {
    fn token(&mut self, token: Token) -> Result<(), String> {
        match token {
            Token::Start(tag) => self.start(&tag),
            Token::End(name) => self.end(&name),
            Token::Text(text) => {
                if let Some(open) = self.open.as_mut().filter(|open| open.paragraphs > 0 && open.ignored == 0) {
                    open.text().push_str(&text);
                }
                Ok(())
            }
        }
    }

    fn start(&mut self, tag: &Tag) -> Result<(), String> {
        if let Some(open) = &mut self.open {
            match tag.name.as_str() {
                "annotation" | "shape" | "frame" | "table" => open.ignored += 1,
                _ if open.ignored > 0 => {}
                "p" => {
                    if open.paragraphs > 0 {
                        open.text().push('\n');
                    }
                    open.paragraphs += 1;
                }
                "a" => open.cell.links.extend(tag.get("href").map(str::to_owned)),
                "s" | "tab" => open.text().push(' '),
                "line-break" => open.text().push('\n'),
                "span" => {
                    open.spans.push(tag.get("style-name").is_some_and(|style| self.struck_styles.contains(style)));
                }
                _ => {}
            }
            return Ok(());
        }
        match tag.name.as_str() {
            "style" => self.style = tag.get("name").unwrap_or_default().to_owned(),
            "table-properties" if tag.get("display") == Some("false") => {
                self.hidden_styles.insert(self.style.clone());
            }
            "text-properties"
                if tag.get("text-line-through-style").is_some_and(|style| style != "none")
                    || tag.get("text-line-through-type").is_some_and(|kind| kind != "none") =>
            {
                self.struck_styles.insert(self.style.clone());
            }
            "table" => {
                self.tables += 1;
                self.hidden_sheet = tag.get("style-name").is_some_and(|style| self.hidden_styles.contains(style));
                self.builder.begin(tag.get("name").unwrap_or_default().to_owned());
                self.row = 0;
            }
            "table-row" => {
                self.hidden_row = tag.get("visibility").is_some_and(|visibility| visibility != "visible");
                self.row_repeats = tag.number("number-rows-repeated").unwrap_or(1);
                (self.column, self.row_has_cells) = (0, false);
            }
            "table-cell" | "covered-table-cell" => {
                let date = tag.get("date-value").filter(|_| tag.get("value-type") == Some("date"));
                self.open = Some(OpenCell {
                    repeats: tag.number("number-columns-repeated").unwrap_or(1),
                    columns: tag.number("number-columns-spanned").unwrap_or(1),
                    rows: tag.number("number-rows-spanned").unwrap_or(1),
                    date: date.map(|date| date.trim_end_matches("T00:00:00").to_owned()),
                    is_struck: tag.get("style-name").is_some_and(|style| self.struck_styles.contains(style)),
                    is_covered: tag.name == "covered-table-cell",
                    ..OpenCell::default()
                });
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), String> {
        if let Some(open) = &mut self.open
            && !matches!(name, "table-cell" | "covered-table-cell")
        {
            if matches!(name, "annotation" | "shape" | "frame" | "table") {
                open.ignored = open.ignored.saturating_sub(1);
            } else if name == "span" && open.ignored == 0 {
                open.spans.pop();
            }
            return Ok(());
        }
        match name {
            "table-cell" | "covered-table-cell" => self.close_cell()?,
            // Empty rows at the end of a sheet are repeated a million times, and are not stored.
            "table-row" => {
                self.row =
                    self.row.saturating_add(if self.row_has_cells { 1 } else { self.row_repeats.min(MAX_CELLS) });
                if self.row_has_cells && self.row_repeats > 1 {
                    self.repeat_row()?;
                }
            }
            "table" => {
                self.tables = self.tables.saturating_sub(1);
                let sheet = self.builder.finish();
                if !self.hidden_sheet {
                    self.sheets.push(sheet);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn close_cell(&mut self) -> Result<(), String> {
        let Some(mut open) = self.open.take() else { return Ok(()) };
        if let Some(date) = open.date.take().filter(|_| open.cell.struck.is_empty()) {
            open.cell.text = date;
        }
        let start = self.column;
        self.column = self.column.saturating_add(open.repeats);
        // A covered cell has the value of the cell that spans it.
        if open.is_covered
            || (open.cell.text.trim().is_empty() && open.cell.struck.trim().is_empty())
            || self.hidden_row
            || self.hidden_sheet
        {
            return Ok(());
        }
        self.row_has_cells = true;
        if open.rows > 1 || open.columns > 1 {
            self.areas += 1;
            open.cell.area = Some(self.areas);
        }
        for row in self.row..self.row.saturating_add(open.rows) {
            for column in start..start.saturating_add(open.repeats.max(open.columns)) {
                self.builder.set(row, column, &open.cell)?;
            }
        }
        Ok(())
    }

    /// Repeats a row with values.
    fn repeat_row(&mut self) -> Result<(), String> {
        let cells = self.builder.sheet.rows.get(self.row - 1).cloned().unwrap_or_default();
        if self.row_repeats.saturating_mul(cells.len()) > MAX_CELLS {
            return Err(too_large());
        }
        for _ in 1..self.row_repeats {
            for (column, cell) in cells.iter().enumerate() {
                self.builder.set(self.row, column, cell)?;
            }
            self.row += 1;
        }
        Ok(())
    }
}
