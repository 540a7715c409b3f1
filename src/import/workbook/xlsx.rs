//! Reads the sheets of an XLSX workbook (ECMA-376, part 1).

use std::collections::{HashMap, HashSet};

use super::zip::Archive;
use super::{Sheet, SheetBuilder, SheetCell, read_xml};
use crate::model::Date;
use crate::xml::{Tag, Token};

/// The built-in number formats that show a date (ECMA-376, part 1, 18.8.30).
const DATE_FORMATS: [std::ops::RangeInclusive<usize>; 3] = [14..=17, 22..=22, 27..=36];

/// The number of columns of a sheet (ECMA-376, part 1, 18.3.1.13).
const SHEET_COLUMNS: usize = 16_384;

/// A row and a column, from 0.
pub(super) type Position = (usize, usize);

/// The first and the last cell of an area.
type Area = (Position, Position);

/// The parts of a workbook that all sheets use.
#[derive(Default)]
struct Workbook {
    strings: Vec<SharedString>,
    formats: Formats,
    /// Whether days are counted from 1904.
    from_1904: bool,
}

/// The cell formats of a workbook, by their number.
#[derive(Default)]
struct Formats {
    /// Those that show a date.
    dates: HashSet<usize>,
    /// Those that strike the text through.
    struck: HashSet<usize>,
}

/// A string: its text, and the text that is struck through.
#[derive(Debug, Clone, Default)]
struct SharedString {
    text: String,
    struck: String,
}

/// Returns the visible sheets.
///
/// # Errors
/// If a part is missing or malformed, or exceeds the limits.
pub fn sheets(archive: &Archive<'_>) -> Result<Vec<Sheet>, String> {
    let mut workbook = Workbook {
        strings: archive.text("xl/sharedStrings.xml")?.map(|text| strings(&text)).transpose()?.unwrap_or_default(),
        formats: archive.text("xl/styles.xml")?.map(|text| formats(&text)).transpose()?.unwrap_or_default(),
        from_1904: false,
    };
    let mut listed: Vec<(String, String)> = Vec::new();
    let main = archive.text("xl/workbook.xml")?.unwrap_or_default();
    read_xml(&main, |token| {
        if let Token::Start(tag) = token {
            match tag.name.as_str() {
                "workbookPr" => workbook.from_1904 = matches!(tag.get("date1904"), Some("1" | "true")),
                "sheet" if tag.get("state").is_none_or(|state| state == "visible") => {
                    let text = |name: &str| tag.get(name).unwrap_or_default().to_owned();
                    listed.push((text("name"), text("id")));
                }
                _ => {}
            }
        }
        Ok(())
    })?;
    let targets = relations(archive, "xl/_rels/workbook.xml.rels")?;
    let mut builder = SheetBuilder::default();
    let mut sheets = Vec::new();
    for (name, id) in listed {
        let Some(target) = targets.get(&id) else { continue };
        let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
        let Some(text) = archive.text(&path)? else { continue };
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
        let links = relations(archive, &format!("{folder}/_rels/{file}.rels"))?;
        builder.begin(name);
        builder.sheet.from_1904 = workbook.from_1904;
        builder.sheet.part.clone_from(&path);
        read_sheet(&text, &workbook, &links, &mut builder)?;
        sheets.push(builder.finish());
    }
    Ok(sheets)
}

/// Returns the targets of a file of relations, by their ids.
fn relations(archive: &Archive<'_>, path: &str) -> Result<HashMap<String, String>, String> {
    let mut targets = HashMap::new();
    read_xml(&archive.text(path)?.unwrap_or_default(), |token| {
        if let Token::Start(tag) = token
            && let (Some(id), Some(target)) = (tag.get("Id"), tag.get("Target"))
        {
            targets.insert(id.to_owned(), target.to_owned());
        }
        Ok(())
    })?;
    Ok(targets)
}

/// Returns the shared strings. Phonetic hints (`rPh`) are not part of a string.
fn strings(text: &str) -> Result<Vec<SharedString>, String> {
    let mut strings: Vec<SharedString> = Vec::new();
    let (mut in_text, mut phonetic, mut struck) = (false, false, false);
    read_xml(text, |token| {
        match token {
            Token::Start(tag) if tag.name == "si" => strings.push(SharedString::default()),
            Token::Start(tag) if tag.name == "r" => struck = false,
            Token::Start(tag) if tag.name == "strike" => struck = is_on(&tag),
            Token::End(name) if name == "r" => struck = false,
            Token::Start(tag) if tag.name == "rPh" => phonetic = true,
            Token::Start(tag) if tag.name == "t" => in_text = true,
            Token::End(name) if name == "rPh" => phonetic = false,
            Token::End(name) if name == "t" => in_text = false,
            Token::Text(text) if in_text && !phonetic => {
                if let Some(last) = strings.last_mut() {
                    if struck { &mut last.struck } else { &mut last.text }.push_str(&text);
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(strings)
}

/// Whether an element such as `strike` switches its property on.
fn is_on(tag: &Tag) -> bool {
    !matches!(tag.get("val"), Some("0" | "false"))
}

/// Returns the cell formats that show a date or strike the text through.
fn formats(text: &str) -> Result<Formats, String> {
    let mut custom: HashSet<usize> = HashSet::new();
    let mut formats = Formats::default();
    let mut struck_fonts: HashSet<usize> = HashSet::new();
    let (mut in_fonts, mut fonts) = (false, 0_usize);
    let (mut in_formats, mut format) = (false, 0);
    read_xml(text, |token| {
        match token {
            Token::Start(tag) if tag.name == "numFmt" => {
                if let (Some(id), Some(code)) = (tag.number("numFmtId"), tag.get("formatCode"))
                    && is_date_format(code)
                {
                    custom.insert(id);
                }
            }
            Token::Start(tag) if tag.name == "fonts" => in_fonts = true,
            Token::End(name) if name == "fonts" => in_fonts = false,
            Token::Start(tag) if in_fonts && tag.name == "font" => fonts += 1,
            Token::Start(tag) if in_fonts && tag.name == "strike" && is_on(&tag) => {
                struck_fonts.extend(fonts.checked_sub(1));
            }
            Token::Start(tag) if tag.name == "cellXfs" => in_formats = true,
            Token::End(name) if name == "cellXfs" => in_formats = false,
            Token::Start(tag) if in_formats && tag.name == "xf" => {
                let id = tag.number("numFmtId").unwrap_or_default();
                if custom.contains(&id) || DATE_FORMATS.iter().any(|range| range.contains(&id)) {
                    formats.dates.insert(format);
                }
                if tag.number("fontId").is_some_and(|font| struck_fonts.contains(&font)) {
                    formats.struck.insert(format);
                }
                format += 1;
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(formats)
}

/// Whether a number format shows a day and a year, outside of quoted text and brackets.
fn is_date_format(code: &str) -> bool {
    let (mut quoted, mut bracket) = (false, false);
    let mut letters = String::new();
    for c in code.to_ascii_lowercase().chars() {
        match c {
            '"' => quoted = !quoted,
            '[' => bracket = true,
            ']' => bracket = false,
            c if !quoted && !bracket => letters.push(c),
            _ => {}
        }
    }
    letters.contains('y') && letters.contains('d')
}

/// Reads the cells of a sheet.
fn read_sheet(
    text: &str,
    workbook: &Workbook,
    links: &HashMap<String, String>,
    builder: &mut SheetBuilder,
) -> Result<(), String> {
    let mut hidden_columns = vec![false; SHEET_COLUMNS];
    let mut hidden_row = false;
    let mut open: Option<OpenCell> = None;
    let mut next = (0, 0);
    let (mut in_value, mut struck) = (false, false);
    let mut merged: Vec<Area> = Vec::new();
    let mut linked: Vec<(Position, &str)> = Vec::new();
    read_xml(text, |token| {
        match token {
            Token::Start(tag) => match tag.name.as_str() {
                "col" if is_hidden(&tag) => {
                    let first = tag.number("min").unwrap_or_default().saturating_sub(1);
                    let last = tag.number("max").unwrap_or_default().min(SHEET_COLUMNS);
                    hidden_columns.get_mut(first..last).into_iter().flatten().for_each(|column| *column = true);
                }
                "row" => {
                    hidden_row = is_hidden(&tag);
                    next = (tag.number("r").map_or(next.0, |row| row.saturating_sub(1)), 0);
                }
                "c" => {
                    let at = tag.get("r").and_then(position).unwrap_or(next);
                    next = (at.0, at.1 + 1);
                    let kind = tag.get("t").unwrap_or("n").to_owned();
                    let style = tag.number("s").unwrap_or_default();
                    open = Some(OpenCell { at, kind, style, value: SharedString::default() });
                }
                "r" => struck = false,
                "strike" => struck = is_on(&tag),
                "v" | "t" => in_value = true,
                "mergeCell" => merged.extend(tag.get("ref").and_then(area)),
                "hyperlink" => {
                    let target = tag.get("id").and_then(|id| links.get(id));
                    if let (Some((first, _)), Some(target)) = (tag.get("ref").and_then(area), target) {
                        linked.push((first, target));
                    }
                }
                _ => {}
            },
            Token::Text(text) if in_value => {
                if let Some(cell) = &mut open {
                    if struck { &mut cell.value.struck } else { &mut cell.value.text }.push_str(&text);
                }
            }
            Token::Text(_) => {}
            Token::End(name) => match name.as_str() {
                "v" | "t" => in_value = false,
                "r" => struck = false,
                "row" => next = (next.0 + 1, 0),
                "c" => {
                    if let Some(cell) = open.take() {
                        let (row, column) = cell.at;
                        let hidden = hidden_row || hidden_columns.get(column).is_some_and(|hidden| *hidden);
                        if !hidden {
                            let SharedString { text, struck } = cell.read(workbook);
                            if !text.is_empty() || !struck.is_empty() {
                                builder.set(row, column, &SheetCell { text, struck, ..SheetCell::default() })?;
                            }
                        }
                    }
                }
                _ => {}
            },
        }
        Ok(())
    })?;
    for (at, target) in linked {
        builder.link(at.0, at.1, target)?;
    }
    merge(&merged, builder)
}

/// Repeats merged cells in each of their places, as spans of an HTML table.
fn merge(merged: &[Area], builder: &mut SheetBuilder) -> Result<(), String> {
    for (area, ((top, left), (bottom, right))) in merged.iter().copied().enumerate() {
        let Some(cell) = builder.sheet.rows.get(top).and_then(|row| row.get(left)).cloned() else { continue };
        let cell = SheetCell { area: Some(area), ..cell };
        let last = bottom.min(builder.sheet.rows.len().saturating_sub(1));
        for row in top..=last {
            for column in left..=right {
                builder.set(row, column, &cell)?;
            }
        }
    }
    Ok(())
}

fn is_hidden(tag: &Tag) -> bool {
    matches!(tag.get("hidden"), Some("1" | "true"))
}

/// A cell that is being read.
struct OpenCell {
    at: Position,
    kind: String,
    style: usize,
    value: SharedString,
}

impl OpenCell {
    /// Returns the value, as the workbook shows it.
    fn read(self, workbook: &Workbook) -> SharedString {
        let number = self.value.text.trim();
        let text = |text: &str| SharedString { text: text.to_owned(), struck: String::new() };
        let read = match self.kind.as_str() {
            "s" => number.parse().ok().and_then(|at: usize| workbook.strings.get(at)).cloned().unwrap_or_default(),
            "b" => text(if number == "1" { "true" } else { "false" }),
            // An error of a formula is no value.
            "e" => SharedString::default(),
            "n" if workbook.formats.dates.contains(&self.style) => match day(number, workbook.from_1904) {
                Some(date) => text(&date.to_string()),
                None => self.value,
            },
            _ => self.value,
        };
        match workbook.formats.struck.contains(&self.style) {
            true => SharedString { text: String::new(), struck: format!("{}{}", read.text, read.struck) },
            false => read,
        }
    }
}

/// Returns the date of a serial number: the number of days since 1899-12-30, or since 1904-01-01.
fn day(value: &str, from_1904: bool) -> Option<Date> {
    let serial: f64 = value.trim().parse().ok()?;
    // Day 60 is 1900-02-29, which did not exist, so earlier numbers are ambiguous.
    if !(61.0..3_000_000.0).contains(&serial) {
        return None;
    }
    let start = if from_1904 { Date::new(1904, 1, 1) } else { Date::new(1899, 12, 30) }?;
    // The fraction is the time of day.
    #[expect(clippy::cast_possible_truncation, reason = "the number is in range")]
    Some(start.plus_days(serial as i32))
}

/// Converts `B3` to row and column, from 0.
pub(super) fn position(reference: &str) -> Option<Position> {
    let reference = reference.replace('$', "");
    let split = reference.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = reference.split_at(split);
    let mut column = 0_usize;
    for letter in letters.bytes() {
        column = column.checked_mul(26)?
            + usize::from(letter.to_ascii_uppercase().checked_sub(b'A').filter(|n| *n < 26)?)
            + 1;
    }
    Some((digits.parse::<usize>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
}

/// Converts `B3:C4` to the first and the last cell.
fn area(reference: &str) -> Option<Area> {
    let (first, last) = reference.split_once(':').unwrap_or((reference, reference));
    Some((position(first)?, position(last)?))
}
