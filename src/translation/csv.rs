//! A table of texts: `key`, `source`, `current` (the translation so far) and an empty column `translation`.

use std::sync::Arc;

use csv::ReaderBuilder;

use super::{OpenText, ReturnedText, SeenSource, wrong};
use crate::diagnostic::{Place, Report, Source};
use crate::spreadsheet::{self, BYTE_ORDER_MARK};
use crate::text::formula::unguarded;

const COLUMNS: [&str; 4] = ["key", "source", "current", "translation"];

const HELP: &str = "keep the columns `key`, `source` and `translation`, and save the table as CSV in UTF-8";

/// Writes the table.
pub(super) fn write(texts: &[OpenText]) -> String {
    let head = COLUMNS.map(str::to_owned).to_vec();
    let row = |text: &OpenText| {
        let current = text.current.as_ref().map(ToString::to_string).unwrap_or_default();
        vec![text.key.clone(), text.source.to_string(), current, String::new()]
    };
    let bytes = spreadsheet::csv(std::iter::once(head).chain(texts.iter().map(row)));
    format!("{BYTE_ORDER_MARK}{}", String::from_utf8_lossy(&bytes))
}

/// Reads the table. Spreadsheets may have changed the delimiter and the order of columns.
pub(super) fn read(source: &Arc<Source>, report: &mut Report) -> Vec<ReturnedText> {
    let skipped = if source.text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let text = &source.text[skipped..];
    let head = text.lines().next().unwrap_or_default();
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|one| head.bytes().filter(|byte| byte == one).count());
    let mut reader =
        ReaderBuilder::new().delimiter(delimiter.unwrap_or(b',')).flexible(true).from_reader(text.as_bytes());
    let columns = reader.headers().cloned().unwrap_or_default();
    let column = |name: &str| columns.iter().position(|column| column.trim() == name);
    let (Some(key), Some(seen), Some(translation)) = (column("key"), column("source"), column("translation")) else {
        report.push(wrong(
            "the first line is not that of a table of texts",
            Place::new(source, skipped..skipped + head.len()),
            HELP,
        ));
        return Vec::new();
    };
    let mut returned = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                report.push(wrong(format!("the table cannot be read: {error}"), Place::start_of(source), HELP));
                break;
            }
        };
        let start = record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or_default();
        let start = (skipped + start).min(source.text.len());
        let line = source.text[start..].lines().next().map_or(0, str::len);
        let cell = |column: usize| record.get(column).unwrap_or_default();
        if cell(key).trim().is_empty() {
            continue;
        }
        returned.push(ReturnedText {
            key: cell(key).to_owned(),
            source: SeenSource::Text(cell(seen).to_owned()),
            text: unguarded(cell(translation)).to_owned(),
            place: Place::new(source, start..start + line),
        });
    }
    returned
}
