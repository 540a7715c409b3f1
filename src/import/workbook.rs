//! Reads workbooks: XLSX (ECMA-376) and ODS (OpenDocument 1.3).
//!
//! A workbook is a ZIP archive of XML files, so a small file can expand to any size. The reader takes only the parts that it needs,
//! with limits on their size, on the number of rows and cells, and on the size of all values, which many cells can share. It never
//! expands repeated empty cells. Hidden sheets, rows and
//! columns are not read, because readers of the workbook do not see them either.

mod edit;
mod ods;
mod xlsx;
mod zip;

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

pub(super) use self::edit::{CellEdits, choices, edit};

use self::zip::Archive;
use super::cell::Cell;
use super::marks::Marks;
use super::table::{Cells, MAX_CELLS, MAX_COLUMNS, Table, too_large};
use crate::diagnostic::Source;
use crate::xml::{Token, tokens};

/// The first bytes of a ZIP archive.
const ZIP: &[u8] = b"PK\x03\x04";

/// The first bytes of a compound file: an old workbook (XLS), or a workbook with a password.
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// A sheet: its name, and its rows of cells by column.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub name: String,
    /// The part of an XLSX archive that has it; empty for ODS.
    pub part: String,
    /// Whether days are counted from 1904.
    from_1904: bool,
    pub rows: Vec<Vec<SheetCell>>,
}

/// A cell of a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SheetCell {
    pub text: String,
    /// The text that is struck through.
    pub struck: String,
    links: Vec<String>,
    /// The number of the merged area that it belongs to.
    pub area: Option<usize>,
}

impl SheetCell {
    fn read(&self, range: Option<std::ops::Range<usize>>, from_1904: bool) -> Cell {
        let mut cell = Cell { range, links: self.links.clone(), from_1904, ..Cell::default() };
        let (mut marks, mut text) = (Marks::default(), String::new());
        marks.push(&self.text, &mut text);
        marks.start(b"", true);
        marks.push(&self.struck, &mut text);
        marks.end(b"", &mut text);
        marks.close(text, &mut cell);
        cell
    }
}

/// Whether a file is a workbook, or a document in the same container, and not text.
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(ZIP) || bytes.starts_with(COMPOUND)
}

/// Returns a workbook as text, one line for each row, and the tables in it. Diagnostics quote the text.
///
/// # Errors
/// If it is not an XLSX or ODS workbook, has a password, or exceeds the limits.
pub fn read(path: &str, bytes: &[u8]) -> Result<(Arc<Source>, Vec<Table>), String> {
    let sheets = open(bytes)?;
    let mut text = String::new();
    let mut tables = Vec::new();
    for sheet in &sheets {
        let _ = writeln!(text, "# {}", sheet.name);
        let mut rows: Vec<Cells> = Vec::with_capacity(sheet.rows.len());
        // Merged cells are one cell, as in HTML.
        let mut merged: HashMap<usize, Arc<Cell>> = HashMap::new();
        for row in &sheet.rows {
            let cells = row.iter().enumerate().map(|(at, cell)| {
                if at > 0 {
                    text.push('\t');
                }
                let start = text.len();
                text.push_str(&crate::text::one_line(&format!("{} {}", cell.text, cell.struck)));
                let range = Some(start..text.len());
                let new = || Arc::new(cell.read(range, sheet.from_1904));
                match cell.area {
                    Some(area) => Arc::clone(merged.entry(area).or_insert_with(new)),
                    None => new(),
                }
            });
            rows.push(cells.collect());
            text.push('\n');
        }
        let table = Table::new(rows);
        tables.push(Table { headings: vec![sheet.name.clone()], ..table });
    }
    Ok((Source::new(path, text), tables))
}

/// Returns the visible sheets of a workbook.
///
/// # Errors
/// If it is not an XLSX or ODS workbook, has a password, or exceeds the limits.
pub(super) fn open(bytes: &[u8]) -> Result<Vec<Sheet>, String> {
    if bytes.starts_with(COMPOUND) { Err(compound(bytes)) } else { sheets(bytes) }
}

/// Calls a function for each token of an XML file in a workbook.
fn read_xml(text: &str, mut visit: impl FnMut(Token) -> Result<(), String>) -> Result<(), String> {
    tokens(text).try_for_each(|token| visit(token.map_err(|_| "the XML in the workbook is malformed")?))
}

fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, String> {
    let archive = Archive::open(bytes)?;
    if archive.has("xl/workbook.xml") {
        return xlsx::sheets(&archive);
    }
    if archive.has("content.xml") {
        return match archive.text("mimetype")?.unwrap_or_default().contains("spreadsheet") {
            true => ods::sheets(&archive),
            false => Err("it is an OpenDocument file without sheets: save the list as ODS, HTML or CSV".to_owned()),
        };
    }
    Err(match archive.has("word/document.xml") {
        true => "it is a Word document: save the list as a web page (HTML) or as CSV".to_owned(),
        false => "it is a ZIP archive, and not a workbook".to_owned(),
    })
}

/// Explains why a compound file is not read.
fn compound(bytes: &[u8]) -> String {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    match bytes.windows(name.len()).any(|window| window == name) {
        true => "the workbook has a password: remove it, and save the workbook again".to_owned(),
        false => "it is a workbook in the old format XLS: save it as XLSX".to_owned(),
    }
}

/// The maximum size of the values of all cells, in bytes. A value that several cells share counts for each.
const MAX_VALUES: usize = 64 * 1024 * 1024;

/// Collects the cells of a sheet within the limits.
#[derive(Debug, Default)]
struct SheetBuilder {
    sheet: Sheet,
    /// The number of rows and cells of all sheets, and of values that replaced others.
    cells: usize,
    /// The size of all values, in bytes.
    bytes: usize,
}

impl SheetBuilder {
    fn begin(&mut self, name: String) {
        self.sheet = Sheet { name, ..Sheet::default() };
    }

    /// Sets a cell, by row and column from 0.
    fn set(&mut self, row: usize, column: usize, cell: &SheetCell) -> Result<(), String> {
        if column >= MAX_COLUMNS || row > MAX_CELLS {
            return Err(too_large());
        }
        // Rows between are empty: readers of spreadsheets see them, but they state nothing.
        let rows = (row + 1).saturating_sub(self.sheet.rows.len());
        let cells = (column + 1).saturating_sub(self.sheet.rows.get(row).map_or(0, Vec::len)).max(1);
        self.count(
            rows + cells,
            cell.text.len() + cell.struck.len() + cell.links.iter().map(String::len).sum::<usize>(),
        )?;
        if rows > 0 {
            self.sheet.rows.resize_with(row + 1, Vec::new);
        }
        let row = &mut self.sheet.rows[row];
        if row.len() <= column {
            row.resize(column + 1, SheetCell::default());
        }
        row[column] = cell.clone();
        Ok(())
    }

    /// Adds a link to a cell that has a value.
    fn link(&mut self, row: usize, column: usize, target: &str) -> Result<(), String> {
        self.count(0, target.len())?;
        if let Some(cell) = self.sheet.rows.get_mut(row).and_then(|row| row.get_mut(column)) {
            cell.links.push(target.to_owned());
        }
        Ok(())
    }

    fn count(&mut self, cells: usize, bytes: usize) -> Result<(), String> {
        self.cells = self.cells.saturating_add(cells);
        self.bytes = self.bytes.saturating_add(bytes);
        if self.cells > MAX_CELLS {
            return Err(too_large());
        }
        match self.bytes > MAX_VALUES {
            true => Err(format!("its values have more than {} MiB", MAX_VALUES / (1024 * 1024))),
            false => Ok(()),
        }
    }

    fn finish(&mut self) -> Sheet {
        std::mem::take(&mut self.sheet)
    }
}
