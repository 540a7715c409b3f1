//! Reads CSV files as exported by spreadsheets: RFC 4180 with any usual delimiter.

use std::ops::Range;
use std::sync::Arc;

use super::cell::Cell;
use super::fields::Field;
use super::table::{MAX_CELLS, MAX_COLUMNS, Table, too_large};

/// The delimiters that are detected, from the most to the least common. Any other one can be stated in a first line `sep=~`.
const DELIMITERS: [u8; 6] = [b',', b';', b'\t', b'|', b'^', b'~'];

/// The number of records that show which delimiter a file has.
const SAMPLE: usize = 50;

/// The records of a file.
#[derive(Debug)]
pub struct Records {
    delimiter: u8,
    /// Whether quotation marks enclose cells.
    pub quoting: bool,
    /// The records, each with its place in the text, without line breaks around it.
    pub records: Vec<(Range<usize>, csv::StringRecord)>,
}

impl Records {
    /// Formats a record like those of the file, without a line break at the end. Without quotation marks, cells must not have line
    /// breaks or delimiters.
    pub fn line(&self, cells: &[String]) -> Vec<u8> {
        let style = if self.quoting { csv::QuoteStyle::Necessary } else { csv::QuoteStyle::Never };
        let mut builder = csv::WriterBuilder::new();
        let mut writer = builder.delimiter(self.delimiter).quote_style(style).from_writer(Vec::new());
        // Cannot fail, because the writer is a vector.
        let _ = writer.write_record(cells);
        let mut line = writer.into_inner().unwrap_or_default();
        line.pop();
        line
    }
}

/// Reads the table in text without a byte order mark.
///
/// # Errors
/// If the text is not valid CSV, or too large.
pub fn table(text: &str) -> Result<Table, String> {
    let file = read(text, |name| Field::of_column(name).is_some())?;
    let rows = file.records.iter().map(|(range, record)| {
        record.iter().map(|cell| Arc::new(Cell::new(cell, Some(range.clone())))).collect::<Vec<_>>()
    });
    let rows = rows.filter(|row| row.iter().any(|cell| !cell.lines.is_empty()));
    Ok(Table::new(rows))
}

/// Reads the records in text without a byte order mark. `is_name` says whether a cell is the name of a column.
///
/// # Errors
/// If the text is not valid CSV, or too large.
pub fn read(text: &str, is_name: impl Fn(&str) -> bool) -> Result<Records, String> {
    let (skipped, stated) = stated(text);
    let text = &text[skipped..];
    let delimiter = stated.unwrap_or_else(|| likeliest(text, is_name));
    let quoting = has_quotes(text, delimiter)?;
    let mut records = Vec::new();
    let mut cells = 0;
    for record in reader(text, delimiter, quoting).records() {
        let record = record.map_err(|error| error.to_string())?;
        cells += record.len();
        if record.len() > MAX_COLUMNS || cells > MAX_CELLS {
            return Err(too_large());
        }
        let start = record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or_default();
        records.push((start, record));
    }
    let starts: Vec<usize> = records.iter().map(|(start, _)| *start).collect();
    let records = records.into_iter().enumerate().map(|(at, (start, record))| {
        let end = starts.get(at + 1).copied().unwrap_or(text.len()).max(start);
        let line = text.get(start..end).unwrap_or_default();
        let begin = skipped + start + (line.len() - line.trim_start_matches(['\r', '\n']).len());
        (begin..(skipped + start + line.trim_end_matches(['\r', '\n']).len()).max(begin), record)
    });
    Ok(Records { delimiter, quoting, records: records.collect() })
}

/// Whether quotation marks enclose cells. In tab-separated values they may be text, such as inches.
///
/// # Errors
/// If a cell begins with a quotation mark that nothing closes.
fn has_quotes(text: &str, delimiter: u8) -> Result<bool, String> {
    let delimiter = char::from(delimiter);
    // Doubled quotation marks within a cell are even, too.
    let odd = text.matches('"').count() % 2 == 1;
    if delimiter == '\t' {
        let swallowed = reader(text, b'\t', true)
            .into_records()
            .flatten()
            .any(|record| record.iter().any(|cell| cell.contains('\n') && cell.contains('\t')));
        return Ok(!odd && !swallowed);
    }
    let swallowed = |record: csv::StringRecord| {
        let last = record.iter().next_back().unwrap_or_default();
        last.matches('\n').count() > 1 && last.contains(delimiter)
    };
    let last = reader(text, u8::try_from(delimiter).unwrap_or(b','), true).into_records().flatten().last();
    match odd && last.is_some_and(swallowed) {
        true => Err("a quotation mark is not closed".to_owned()),
        false => Ok(true),
    }
}

/// Parses a first line such as `sep=;`, which Excel writes; returns its length and the delimiter.
fn stated(text: &str) -> (usize, Option<u8>) {
    let line = text.lines().next().unwrap_or_default();
    match line.strip_prefix("sep=").map(str::as_bytes) {
        Some([delimiter]) => ((line.len() + 1).min(text.len()), Some(*delimiter)),
        _ => (0, None),
    }
}

/// Returns the delimiter that gives the most column names, then the one that splits the most records into the same number of
/// cells, then the one with the most cells.
fn likeliest(text: &str, is_name: impl Fn(&str) -> bool) -> u8 {
    let regularity = |delimiter: u8| {
        let records: Vec<csv::StringRecord> =
            reader(text, delimiter, true).into_records().take(SAMPLE).flatten().collect();
        let names = |record: &csv::StringRecord| record.iter().filter(|cell| is_name(cell)).count();
        let header = records.iter().map(names).max().filter(|names| *names > 1).unwrap_or_default();
        let widths: Vec<usize> = records.iter().map(csv::StringRecord::len).filter(|width| *width > 1).collect();
        let most = widths.iter().map(|width| (widths.iter().filter(|other| *other == width).count(), *width)).max();
        (header, most.unwrap_or_default())
    };
    // `max_by_key` returns the last maximum, so reverse the order to prefer the comma.
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| regularity(*delimiter)).unwrap_or(b',')
}

fn reader(text: &str, delimiter: u8, quoting: bool) -> csv::Reader<&[u8]> {
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter).quoting(quoting);
    builder.from_reader(text.as_bytes())
}
