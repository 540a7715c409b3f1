//! The sheets of a file, with the text of each cell as content can state it.

use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

use super::layout::Layout;
use super::words::Vocabulary;
use super::{QuestionnaireFile, QuestionnaireOptions};
use crate::diagnostic::Source;
use crate::import::cell::INVISIBLE;
use crate::import::{csv as records, workbook};
use crate::text::formula::unguarded;
use crate::text::one_line;

/// The sheets of a workbook, or the one table of a CSV file.
#[derive(Debug)]
pub(super) struct Sheets {
    /// The text that diagnostics quote: of a workbook, one line for each row.
    pub source: Arc<Source>,
    pub grids: Vec<Grid>,
}

/// A sheet.
#[derive(Debug)]
pub(super) struct Grid {
    /// Its name; `None` for a CSV file.
    pub name: Option<String>,
    /// The part of an XLSX archive that has it; empty for other files.
    pub part: String,
    pub rows: Vec<Vec<GridCell>>,
}

/// A cell.
#[derive(Debug, Clone, Default)]
pub(super) struct GridCell {
    /// The text, with line feeds, without whitespace around it and characters that readers do not see.
    pub text: String,
    /// Whether it has text that is struck through, which is not part of `text`.
    pub struck: bool,
    /// The number of the merged area that it belongs to.
    pub area: Option<usize>,
    /// Its place in the source.
    pub range: Range<usize>,
}

impl Sheets {
    /// Reads a file.
    pub fn read(path: &str, file: QuestionnaireFile<'_>, vocabulary: &Vocabulary) -> Result<Sheets, String> {
        match file {
            QuestionnaireFile::Workbook(bytes) => Sheets::of_workbook(path, bytes),
            QuestionnaireFile::Csv(text) => Sheets::of_csv(path, text, vocabulary),
        }
    }

    fn of_workbook(path: &str, bytes: &[u8]) -> Result<Sheets, String> {
        let mut text = String::new();
        let mut grids = Vec::new();
        for sheet in workbook::open(bytes)? {
            let _ = writeln!(text, "# {}", one_line(&sheet.name));
            let mut rows = Vec::with_capacity(sheet.rows.len());
            for row in sheet.rows {
                let mut cells = Vec::with_capacity(row.len());
                for (at, cell) in row.into_iter().enumerate() {
                    if at > 0 {
                        text.push('\t');
                    }
                    let start = text.len();
                    text.push_str(&one_line(&format!("{} {}", cell.text, cell.struck)));
                    let range = start..text.len();
                    let struck = !cell.struck.trim().is_empty();
                    cells.push(GridCell { text: clean(&cell.text), struck, area: cell.area, range });
                }
                rows.push(cells);
                text.push('\n');
            }
            grids.push(Grid { name: Some(sheet.name), part: sheet.part, rows });
        }
        Ok(Sheets { source: Source::new(path, text), grids })
    }

    fn of_csv(path: &str, text: &str, vocabulary: &Vocabulary) -> Result<Sheets, String> {
        let file = records::read(text, |name| vocabulary.field(name).is_some())?;
        let cell = |text: &str, range: &Range<usize>| GridCell {
            text: clean(unguarded(text)),
            range: range.clone(),
            ..GridCell::default()
        };
        let rows =
            file.records.iter().map(|(range, record)| record.iter().map(|text| cell(text, range)).collect()).collect();
        Ok(Sheets { source: Source::new(path, text), grids: vec![Grid { name: None, part: String::new(), rows }] })
    }

    /// Returns the layout of each sheet; `None` for a sheet that is not imported.
    pub fn layouts(&self, options: &QuestionnaireOptions, vocabulary: &Vocabulary) -> Vec<Option<Layout>> {
        let is_chosen = |at: usize| options.tables.is_empty() || options.tables.contains(&(at + 1));
        let grids = self.grids.iter().enumerate();
        grids.map(|(at, grid)| if is_chosen(at) { Layout::of(grid, options, vocabulary) } else { None }).collect()
    }
}

impl Grid {
    /// Returns the text of a cell; empty if there is none.
    pub fn text(&self, row: usize, column: usize) -> &str {
        self.cell(row, column).map(|cell| cell.text.as_str()).unwrap_or_default()
    }

    /// Returns a cell.
    pub fn cell(&self, row: usize, column: usize) -> Option<&GridCell> {
        self.rows.get(row)?.get(column)
    }

    /// The number of cells of a row.
    pub fn width(&self, row: usize) -> usize {
        self.rows.get(row).map_or(0, Vec::len)
    }

    /// Whether two cells are parts of one merged cell.
    pub fn is_merged(&self, one: (usize, usize), other: (usize, usize)) -> bool {
        let area = |(row, column)| self.cell(row, column).and_then(|cell| cell.area);
        area(one).is_some() && area(one) == area(other)
    }

    /// Whether a cell belongs to the merged cell of the row above.
    pub fn continues_above(&self, row: usize, column: usize) -> bool {
        row.checked_sub(1).is_some_and(|above| self.is_merged((row, column), (above, column)))
    }

    /// Whether a cell belongs to the merged cell to its left.
    pub fn continues_left(&self, row: usize, column: usize) -> bool {
        column.checked_sub(1).is_some_and(|left| self.is_merged((row, column), (row, left)))
    }

    /// Returns the columns of a row that have text. A merged cell is only in its first row and column.
    pub fn filled(&self, row: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.width(row)).filter(move |column| {
            let cell = &self.rows[row][*column];
            (!cell.text.is_empty() || cell.struck)
                && !self.continues_above(row, *column)
                && !self.continues_left(row, *column)
        })
    }

    /// Returns how messages call the sheet at this position.
    pub fn shown(&self, at: usize) -> String {
        match &self.name {
            Some(name) => format!("sheet {} (`{}`)", at + 1, one_line(name)),
            None => "the table".to_owned(),
        }
    }
}

/// Returns text with line feeds, without whitespace around its lines and without characters that readers do not see.
pub(super) fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{0B}', '\u{2028}', '\u{2029}'], "\n");
    let visible = |c: &char| !INVISIBLE.contains(c) && (!c.is_control() || matches!(c, '\n' | '\t'));
    let text: String = text.chars().filter(visible).collect();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

/// Returns text for comparisons: its words in lower case.
pub(super) fn plain(text: &str) -> String {
    one_line(text).to_lowercase()
}

/// Returns the letters of a column in a spreadsheet program: `A`, `AB`.
pub(in crate::import) fn letters(at: usize) -> String {
    let mut rest = at + 1;
    let mut letters = String::new();
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or_default();
        letters.insert(0, char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters
}
