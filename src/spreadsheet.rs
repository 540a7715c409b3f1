//! Tables as files for spreadsheet programs: CSV (RFC 4180), and Excel workbooks (ISO/IEC 29500).
//!
//! The bytes depend only on the arguments, so that the same inputs always create the same files.

use std::borrow::Cow;

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use crate::model::Date;
use crate::text::formula::guarded;

/// The byte order mark of UTF-8. Excel reads a CSV file without it in the encoding of the computer.
pub const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// The maximum number of characters of a cell in Excel.
const MAX_CELL: usize = 32_767;
/// The maximum number of characters of the name of a worksheet in Excel.
const MAX_SHEET_NAME: usize = 31;
/// The maximum number of rows of a worksheet in Excel.
const MAX_ROWS: usize = 1_048_576;
/// The width in characters of a table that is still legible if it is printed on one page.
const LEGIBLE_ON_ONE_PAGE: u16 = 240;
/// The maximum number of characters of a page header or footer in Excel.
const MAX_HEADER: usize = 255;

/// A cell of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetCell {
    /// Text. Excel never evaluates it as a formula.
    Text(String),
    /// A date, which Excel shows in the format of its user and sorts by time.
    Date(Date),
}

/// What the properties, the printed pages and the second worksheet of a workbook state.
#[derive(Debug, Clone)]
pub struct WorkbookFacts<'a> {
    /// The title of the document.
    pub title: &'a str,
    /// Its author.
    pub author: &'a str,
    /// The date of its creation.
    pub created: Date,
    /// What the header of each printed page states.
    pub imprint: String,
    /// The label and value of each fact.
    pub facts: Vec<(String, String)>,
    /// Whether the language is written right to left.
    pub is_rtl: bool,
}

/// A workbook with a table, and a second worksheet with facts about it.
#[derive(Debug, Clone)]
pub struct TableWorkbook<'a> {
    /// What it states next to the table.
    pub about: WorkbookFacts<'a>,
    /// The name of the worksheet with the table.
    pub table_name: String,
    /// The labels of the columns.
    pub heads: Vec<String>,
    /// The cells of each row.
    pub rows: Vec<Vec<SheetCell>>,
    /// The name of the worksheet with facts.
    pub facts_name: String,
}

/// Formats rows as CSV. Cells are [guarded] against formula injection.
pub fn csv(rows: impl IntoIterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        // Cannot fail: the writer is a vector, and every row has a cell for each column.
        let _ = writer.write_record(row.iter().map(|cell| guarded(cell).into_owned()));
    }
    writer.into_inner().unwrap_or_default()
}

impl TableWorkbook<'_> {
    /// Returns the bytes of the file (XLSX).
    pub fn bytes(&self) -> Vec<u8> {
        // Cannot fail: text and rows are cut at the limits of Excel, and the file is written to memory.
        self.written().unwrap_or_default()
    }

    fn written(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let properties = DocProperties::new().set_title(self.about.title).set_author(self.about.author);
        workbook.set_properties(&properties.set_creation_datetime(&excel_date(self.about.created)?));
        let names = sheet_names(&self.table_name, &self.facts_name);
        let table = workbook.add_worksheet();
        self.write_table(table.set_name(&names[0])?)?;
        let facts = workbook.add_worksheet();
        self.write_facts(facts.set_name(&names[1])?)?;
        workbook.save_to_buffer()
    }

    fn write_table(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        self.set_page(sheet)?;
        let head = head_format();
        let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        let date = text.clone().set_num_format("d mmmm yyyy").set_align(FormatAlign::Left);
        let mut widths = Vec::with_capacity(self.heads.len());
        for (column, label) in (0..).zip(&self.heads) {
            sheet.write_string_with_format(0, column, cut(label, MAX_CELL), &head)?;
            let width = width(label, self.rows.iter().filter_map(|row| row.get(usize::from(column))));
            sheet.set_column_width(column, f64::from(width))?;
            widths.push(width);
        }
        // A wide table is printed on several pages side by side, each with the first column, because it would not be legible on one.
        if widths.iter().sum::<u16>() <= LEGIBLE_ON_ONE_PAGE {
            sheet.set_print_fit_to_pages(1, 0);
        } else {
            sheet.set_print_scale(70).set_repeat_columns(0, 0)?;
        }
        for (at, row) in (1..).zip(self.rows.iter().take(MAX_ROWS - 1)) {
            // LibreOffice does not fit rows to wrapped text when it opens a file.
            sheet.set_row_height(at, height(row, &widths))?;
            for (column, cell) in (0..).zip(row) {
                match cell {
                    SheetCell::Text(value) if value.is_empty() => {}
                    SheetCell::Text(value) => {
                        sheet.write_string_with_format(at, column, cut(value, MAX_CELL), &text)?;
                    }
                    SheetCell::Date(value) => {
                        sheet.write_datetime_with_format(at, column, excel_date(*value)?, &date)?;
                    }
                }
            }
        }
        if let (Some(last), false) = (self.heads.len().checked_sub(1), self.rows.is_empty()) {
            let rows = self.rows.len().min(MAX_ROWS - 1);
            let (rows, last) = (u32::try_from(rows).unwrap_or(u32::MAX), u16::try_from(last).unwrap_or(u16::MAX));
            sheet.autofilter(0, 0, rows, last)?;
        }
        sheet.set_freeze_panes(1, 1)?;
        sheet.set_repeat_rows(0, 0)?;
        Ok(())
    }

    fn write_facts(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        self.set_page(sheet)?;
        let title = Format::new().set_bold().set_font_size(14);
        let label = Format::new().set_bold().set_align(FormatAlign::Top);
        let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        sheet.write_string_with_format(0, 0, cut(self.about.title, MAX_CELL), &title)?;
        for (at, (name, value)) in (2..).zip(&self.about.facts) {
            sheet.write_string_with_format(at, 0, cut(name, MAX_CELL), &label)?;
            sheet.write_string_with_format(at, 1, cut(value, MAX_CELL), &text)?;
        }
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_column_width(0, 28)?;
        sheet.set_column_width(1, 90)?;
        Ok(())
    }

    fn set_page(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        const A4: u8 = 9;
        sheet.set_paper_size(A4).set_landscape().set_right_to_left(self.about.is_rtl);
        sheet.set_margins(0.5, 0.5, 0.75, 0.75, 0.3, 0.3);
        sheet.set_header(page_line("&L&9", &self.about.imprint));
        sheet.set_footer("&R&9&P / &N");
        Ok(())
    }
}

fn head_format() -> Format {
    let format = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
    format.set_background_color(0x00E8_EBEF).set_border_bottom(FormatBorder::Thin)
}

/// Returns a header with this text, in which ampersands are doubled.
fn page_line(codes: &str, text: &str) -> String {
    let mut line = codes.to_owned();
    for character in text.chars().filter(|c| !c.is_control()) {
        let escaped = if character == '&' { "&&".to_owned() } else { character.to_string() };
        if line.encode_utf16().count() + escaped.encode_utf16().count() > MAX_HEADER {
            break;
        }
        line += &escaped;
    }
    line
}

fn excel_date(date: Date) -> Result<ExcelDateTime, XlsxError> {
    let part = |value: i8| u8::try_from(value).unwrap_or(1);
    // Excel has no dates before 1900.
    let year = u16::try_from(date.year()).unwrap_or(1900).max(1900);
    ExcelDateTime::from_ymd(year, part(date.month()), part(date.day()))
}

/// Returns text that fits into a number of UTF-16 code units, which Excel counts; longer text ends in an ellipsis.
fn cut(text: &str, max: usize) -> Cow<'_, str> {
    if text.encode_utf16().count() <= max {
        return text.into();
    }
    let mut units = 0;
    let kept = text.chars().take_while(|c| {
        units += c.len_utf16();
        units < max
    });
    format!("{}…", kept.collect::<String>()).into()
}

/// Returns two different names of worksheets: without the characters that Excel does not allow, and not too long.
fn sheet_names(table: &str, facts: &str) -> [String; 2] {
    let permitted = |name: &str, fallback: &str| {
        let name: String =
            name.chars().map(|c| if "[]:*?/\\".contains(c) || c.is_control() { ' ' } else { c }).collect();
        let name = cut(name.trim().trim_matches('\''), MAX_SHEET_NAME).into_owned();
        // Excel reserves the name "History".
        if name.is_empty() || name.eq_ignore_ascii_case("history") { fallback.to_owned() } else { name }
    };
    let (table, facts) = (permitted(table, "Table 1"), permitted(facts, "Table 2"));
    if table.to_lowercase() == facts.to_lowercase() { [table, "Table 2".to_owned()] } else { [table, facts] }
}

/// Returns the width of a column in characters: that of its longest line, within limits.
fn width<'a>(label: &str, cells: impl Iterator<Item = &'a SheetCell>) -> u16 {
    const DATE: usize = 18;
    let longest = cells.map(|cell| match cell {
        SheetCell::Text(text) => text.lines().map(|line| line.chars().count()).max().unwrap_or_default(),
        SheetCell::Date(_) => DATE,
    });
    let longest = longest.max().unwrap_or_default().max(label.chars().count() + 3).clamp(10, 48);
    u16::try_from(longest).unwrap_or(48)
}

/// Returns the height of a row in points, in which all lines of wrapped text are visible, as far as Excel permits.
fn height(row: &[SheetCell], widths: &[u16]) -> f64 {
    const LINE: u32 = 15;
    const MAX: u32 = 405;
    let lines = row.iter().zip(widths).map(|(cell, width)| match cell {
        SheetCell::Text(text) => {
            text.lines().map(|line| line.chars().count().div_ceil(usize::from(*width)).max(1)).sum::<usize>()
        }
        SheetCell::Date(_) => 1,
    });
    let lines: usize = lines.max().unwrap_or_default().max(1);
    f64::from(u32::try_from(lines).unwrap_or(MAX).saturating_mul(LINE).min(MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workbook<'a>(names: [&str; 2], text: &'a str, date: &str) -> TableWorkbook<'a> {
        TableWorkbook {
            about: WorkbookFacts {
                title: text,
                author: text,
                created: date.parse().expect("a date"),
                imprint: text.to_owned(),
                facts: vec![(text.to_owned(), text.to_owned())],
                is_rtl: false,
            },
            table_name: names[0].to_owned(),
            heads: vec![text.to_owned(), text.to_owned()],
            rows: vec![vec![SheetCell::Text(text.to_owned()), SheetCell::Date(date.parse().expect("a date"))]],
            facts_name: names[1].to_owned(),
        }
    }

    #[test]
    fn any_text_and_any_name_make_a_workbook() {
        let long = "x\u{1F600}".repeat(40_000);
        for text in ["", "=1+1", "&P && \u{1}\u{FFFE}\r\n", "https://example.com/", &long] {
            for names in
                [["A", "B"], ["", ""], ["[a]:*?/\\", "'"], ["History", "HISTORY"], ["Same", "same"], [&long, &long]]
            {
                for date in ["2026-05-22", "0001-01-01", "9999-12-31"] {
                    let bytes = workbook(names, text, date).written().unwrap_or_else(|error| {
                        panic!("{:?} {names:.20?} {date}: {error}", text.get(..9));
                    });
                    assert!(bytes.starts_with(b"PK"));
                }
            }
        }
    }

    #[test]
    fn cuts_text_at_the_limit_of_excel() {
        let units = |text: &str| text.encode_utf16().count();
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("abcd", 3), "ab…");
        assert!(units(&cut(&"\u{1F600}".repeat(20_000), MAX_CELL)) <= MAX_CELL);
    }

    #[test]
    fn rows_are_as_high_as_their_wrapped_text() {
        let text = |text: &str| SheetCell::Text(text.to_owned());
        let heights = [
            (vec![text(""), text("abc")], 15.0),
            (vec![text("abcdefghijk"), text("abc")], 30.0),
            (vec![text("a\nb\nabcdefghijk"), SheetCell::Date("2026-05-22".parse().expect("a date"))], 60.0),
            (vec![text(&"x".repeat(10_000)), text("")], 405.0),
            (Vec::new(), 15.0),
        ];
        for (row, expected) in heights {
            assert!((height(&row, &[10, 20]) - expected).abs() < 0.1, "{row:?}");
        }
    }

    #[test]
    fn same_table_makes_the_same_bytes() {
        let made = || workbook(["A", "B"], "text", "2026-05-22").bytes();
        assert!(!made().is_empty() && made() == made());
    }
}
