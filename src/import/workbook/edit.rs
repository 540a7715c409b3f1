//! Writes texts into cells of an XLSX workbook (ECMA-376). All other parts and cells keep their bytes, and with them styles, formulas
//! and the lists of permitted answers.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use quick_xml::escape::partial_escape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, Writer};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::read_xml;
use super::xlsx::{Position, position};
use super::zip::Archive;
use crate::import::questionnaire::letters;
use crate::xml::Token;

/// The maximum number of characters of a cell in Excel.
const MAX_CELL: usize = 32_767;

/// The new texts of the cells of a sheet. An empty text empties the cell.
pub(in crate::import) type CellEdits = BTreeMap<Position, String>;

/// A workbook with new texts.
#[derive(Debug)]
pub(in crate::import) struct EditedWorkbook {
    /// The bytes of the file.
    pub bytes: Vec<u8>,
    /// The cells that were left as they are, by the part of their sheet, with the reason.
    pub kept: Vec<(String, Position, &'static str)>,
}

/// Writes texts into the sheets at these parts of the archive.
///
/// # Errors
/// If the workbook is damaged.
pub(in crate::import) fn edit(bytes: &[u8], edits: &BTreeMap<String, CellEdits>) -> Result<EditedWorkbook, String> {
    let archive = Archive::open(bytes)?;
    let mut kept = Vec::new();
    let mut parts: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
    for (part, cells) in edits {
        let text = archive.text(part)?.ok_or_else(|| format!("`{part}` in the archive is missing"))?;
        let (text, skipped) = edit_sheet(&text, cells)?;
        kept.extend(skipped.into_iter().map(|(at, reason)| (part.clone(), at, reason)));
        parts.insert(part, text);
    }
    if let Some(main) = archive.text("xl/workbook.xml")? {
        // Formulas that count answers are calculated when the file is opened.
        parts.insert("xl/workbook.xml", recalculated(&main).into_bytes());
    }
    let bytes = replaced(bytes, &parts).map_err(|error| format!("the archive cannot be copied: {error}"))?;
    Ok(EditedWorkbook { bytes, kept })
}

/// Returns the words of the lists of answers that a sheet permits in its cells.
///
/// # Errors
/// If the workbook is damaged.
pub(in crate::import) fn choices(bytes: &[u8], part: &str) -> Result<Vec<Vec<String>>, String> {
    let text = Archive::open(bytes)?.text(part)?.unwrap_or_default();
    let mut choices = Vec::new();
    let mut list: Option<String> = None;
    read_xml(&text, |token| {
        match token {
            Token::Start(tag) if tag.name == "formula1" => list = Some(String::new()),
            Token::Text(text) => list.iter_mut().for_each(|list| list.push_str(&text)),
            Token::End(name) if name == "formula1" => {
                let words = list.take();
                let words = words.as_deref().and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"'));
                choices.extend(words.map(|words| words.split(',').map(|word| word.trim().to_owned()).collect()));
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(choices)
}

fn replaced(bytes: &[u8], parts: &BTreeMap<&str, Vec<u8>>) -> zip::result::ZipResult<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let file = archive.by_index_raw(at)?;
        let Some(content) = parts.get(file.name().replace('\\', "/").as_str()) else {
            writer.raw_copy_file(file)?;
            continue;
        };
        let time = file.last_modified().unwrap_or_default();
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        writer.start_file(file.name().to_owned(), options.last_modified_time(time))?;
        writer.write_all(content)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// Asks programs to calculate all formulas when they open the workbook.
fn recalculated(text: &str) -> String {
    let at = ["<calcPr ", ":calcPr "].iter().find_map(|tag| Some(text.find(tag)? + tag.len()));
    match at.filter(|_| !text.contains("fullCalcOnLoad")) {
        Some(at) => format!("{}fullCalcOnLoad=\"1\" {}", &text[..at], &text[at..]),
        None => text.to_owned(),
    }
}

/// The cells that keep their text, each with the reason.
type Kept = Vec<(Position, &'static str)>;

fn edit_sheet(text: &str, edits: &CellEdits) -> Result<(Vec<u8>, Kept), String> {
    let malformed = |_| "the XML in the workbook is malformed".to_owned();
    let mut kept = Kept::new();
    let mut pending = edits.clone();
    for (at, _) in edits.iter().filter(|(_, text)| text.encode_utf16().count() > MAX_CELL) {
        pending.remove(at);
        kept.push((*at, "the text is too long for a cell"));
    }
    let mut reader = Reader::from_str(text);
    let mut writer = Writer::new(Vec::with_capacity(text.len()));
    let mut in_row = false;
    let mut next: Position = (0, 0);
    loop {
        let event = reader.read_event().map_err(|error| malformed(error.to_string()))?;
        match &event {
            Event::Eof => break,
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == b"row" => {
                next = (
                    attribute(tag, b"r").and_then(|row| row.parse::<usize>().ok()?.checked_sub(1)).unwrap_or(next.0),
                    0,
                );
                in_row = matches!(event, Event::Start(_));
            }
            Event::End(tag) if tag.local_name().as_ref() == b"row" => {
                let prefix = prefix(tag.name().as_ref());
                // The cells to the right of those that the row has.
                insert(&mut pending, next.0, usize::MAX, &prefix, writer.get_mut());
                (in_row, next) = (false, (next.0 + 1, 0));
            }
            Event::Start(tag) | Event::Empty(tag) if in_row && tag.local_name().as_ref() == b"c" => {
                let at = attribute(tag, b"r").and_then(|reference| position(&reference)).unwrap_or(next);
                next = (at.0, at.1 + 1);
                let prefix = prefix(tag.name().as_ref());
                insert(&mut pending, at.0, at.1, &prefix, writer.get_mut());
                if let Some(text) = pending.remove(&at) {
                    let tag = tag.clone().into_owned();
                    let old = match matches!(event, Event::Start(_)) {
                        true => content(&mut reader).map_err(malformed)?,
                        false => Vec::new(),
                    };
                    let has_formula = old.iter().any(|event| match event {
                        Event::Start(tag) | Event::Empty(tag) => tag.local_name().as_ref() == b"f",
                        _ => false,
                    });
                    if has_formula {
                        kept.push((at, "it has a formula"));
                        for event in std::iter::once(Event::Start(tag)).chain(old) {
                            writer.write_event(event).map_err(|error| malformed(error.to_string()))?;
                        }
                    } else {
                        let style = attribute(&tag, b"s");
                        cell(at, style.as_deref(), &text, &prefix, writer.get_mut());
                    }
                    continue;
                }
            }
            _ => {}
        }
        writer.write_event(event).map_err(|error| malformed(error.to_string()))?;
    }
    kept.extend(pending.into_keys().map(|at| (at, "its row does not exist")));
    Ok((writer.into_inner(), kept))
}

/// Writes the new cells of a row up to a column.
fn insert(pending: &mut CellEdits, row: usize, column: usize, prefix: &str, out: &mut Vec<u8>) {
    while let Some((at, _)) = pending.range((row, 0)..(row, column)).next() {
        let at = *at;
        let text = pending.remove(&at).unwrap_or_default();
        cell(at, None, &text, prefix, out);
    }
}

fn cell(at: Position, style: Option<&str>, text: &str, prefix: &str, out: &mut Vec<u8>) {
    let style = style.map(|style| format!(" s=\"{}\"", partial_escape(style))).unwrap_or_default();
    let start = format!("<{prefix}c r=\"{}{}\"{style}", letters(at.1), at.0 + 1);
    let written = match text.is_empty() {
        true => format!("{start}/>"),
        false => format!(
            "{start} t=\"inlineStr\"><{prefix}is><{prefix}t xml:space=\"preserve\">{}</{prefix}t></{prefix}is></{prefix}c>",
            partial_escape(text)
        ),
    };
    out.extend(written.into_bytes());
}

/// Reads the content of a cell up to its end tag, which is the last event.
fn content<'t>(reader: &mut Reader<&'t [u8]>) -> Result<Vec<Event<'t>>, String> {
    let mut events = Vec::new();
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        let is_end = match &event {
            Event::Eof => return Err("a cell has no end".to_owned()),
            Event::End(tag) => tag.local_name().as_ref() == b"c",
            _ => false,
        };
        events.push(event);
        if is_end {
            return Ok(events);
        }
    }
}

fn attribute(tag: &BytesStart<'_>, name: &[u8]) -> Option<String> {
    let found = tag.attributes().flatten().find(|attribute| attribute.key.as_ref() == name)?;
    String::from_utf8(found.value.into_owned()).ok()
}

/// Returns the namespace prefix of a name, with its colon.
fn prefix(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name);
    name.rfind(':').map(|colon| name[..=colon].to_owned()).unwrap_or_default()
}
