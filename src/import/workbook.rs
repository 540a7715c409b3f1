//! Reads workbooks: XLSX (ECMA-376) and ODS (OpenDocument 1.3).
//!
//! A workbook is a ZIP archive of XML files, so a small file can expand to any size. The reader takes only the parts that it needs,
//! with limits on the size of each part and on the number of cells, and never expands repeated empty cells. Hidden sheets, rows and
//! columns are not read, because readers of the workbook do not see them either.

mod ods;
mod xlsx;
mod zip;

use std::fmt::Write;
use std::sync::Arc;

use self::zip::Archive;
use super::cell::Cell;
use super::table::{Cells, MAX_CELLS, MAX_COLUMNS, Table, too_large};
use crate::diagnostic::Source;
use crate::xml::{Token, tokens};

/// The first bytes of a ZIP archive.
const ZIP: &[u8] = b"PK\x03\x04";

/// The first bytes of a compound file: an old workbook (XLS), or a workbook with a password.
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// A sheet: its name, and its rows of cells by column.
#[derive(Debug, Default)]
struct Sheet {
    name: String,
    rows: Vec<Vec<SheetCell>>,
}

/// A cell of a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct SheetCell {
    text: String,
    links: Vec<String>,
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
    let sheets = if bytes.starts_with(COMPOUND) { Err(compound(bytes)) } else { sheets(bytes) }?;
    let mut text = String::new();
    let mut tables = Vec::new();
    for sheet in &sheets {
        let _ = writeln!(text, "# {}", sheet.name);
        let mut rows: Vec<Cells> = Vec::with_capacity(sheet.rows.len());
        for row in &sheet.rows {
            let cells = row.iter().enumerate().map(|(at, cell)| {
                if at > 0 {
                    text.push('\t');
                }
                let start = text.len();
                text.push_str(&crate::text::one_line(&cell.text));
                let range = Some(start..text.len());
                Arc::new(Cell { links: cell.links.clone(), ..Cell::new(&cell.text, range) })
            });
            rows.push(cells.collect());
            text.push('\n');
        }
        let table = Table::new(rows);
        tables.push(Table { headings: vec![sheet.name.clone()], ..table });
    }
    Ok((Source::new(path, text), tables))
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

/// Collects the cells of a sheet within the limits.
#[derive(Debug, Default)]
struct SheetBuilder {
    sheet: Sheet,
    /// The number of cells of all sheets.
    cells: usize,
}

impl SheetBuilder {
    fn begin(&mut self, name: String) {
        self.sheet = Sheet { name, rows: Vec::new() };
    }

    /// Sets a cell, by row and column from 0.
    fn set(&mut self, row: usize, column: usize, cell: SheetCell) -> Result<(), String> {
        if column >= MAX_COLUMNS || row > MAX_CELLS {
            return Err(too_large());
        }
        // Rows between are empty: readers of spreadsheets see them, but they state nothing.
        if self.sheet.rows.len() <= row {
            self.sheet.rows.resize_with(row + 1, Vec::new);
        }
        let cells = &mut self.sheet.rows[row];
        if cells.len() <= column {
            self.cells += column + 1 - cells.len();
            cells.resize(column + 1, SheetCell::default());
        }
        if self.cells > MAX_CELLS {
            return Err(too_large());
        }
        cells[column] = cell;
        Ok(())
    }

    fn finish(&mut self) -> Sheet {
        std::mem::take(&mut self.sheet)
    }
}
