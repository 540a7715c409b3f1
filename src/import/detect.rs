//! Detects the format of a file and reads its tables.

use std::sync::Arc;

use super::table::Table;
use super::{csv, data, html, markdown, marks, page, rst, workbook};
use crate::diagnostic::{Code, Diagnostic, Place, Source};
use crate::load;

/// The supported formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Markdown,
    Html,
    Csv,
    Yaml,
    Json,
    /// JavaScript or TypeScript, perhaps with HTML.
    Program,
    /// reStructuredText or plain text.
    Text,
}

/// Detects the format by the file name extension, or else by the content.
fn format(source: &Source) -> Format {
    let name = source.path.rsplit(['/', '\\', ':']).next().unwrap_or_default();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let lower = || source.text.to_ascii_lowercase();
    match ending.as_str() {
        "md" | "markdown" | "mdx" | "mkd" => Format::Markdown,
        "html" | "htm" | "xhtml" => Format::Html,
        "csv" | "tsv" | "tab" => Format::Csv,
        "yaml" | "yml" => Format::Yaml,
        "json" | "json5" | "jsonc" => Format::Json,
        "js" | "ts" | "mjs" | "cjs" | "mts" | "cts" | "jsx" | "tsx" | "astro" | "vue" | "svelte" => Format::Program,
        _ if lower().contains("<table") => Format::Html,
        _ if source.text.lines().any(is_rule) => Format::Markdown,
        "rst" => Format::Text,
        "txt" | "text" if !is_delimited(&source.text) => Format::Text,
        _ => Format::Csv,
    }
}

/// Whether the first lines of a text have the same delimiters, as CSV does.
fn is_delimited(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).take(5);
    let first = lines.next().unwrap_or_default();
    [',', ';', '\t', '|'].iter().any(|delimiter| {
        let count = |line: &str| line.matches(*delimiter).count();
        count(first) > 0 && lines.clone().all(|line| count(line) >= count(first))
    })
}

/// The number of control characters from which a text may be a binary file.
const MANY_CONTROLS: usize = 128;

/// Whether a text has so many control characters that it is not text.
fn is_binary(text: &str) -> bool {
    let control = text.bytes().filter(|b| *b < 0x20 && !matches!(b, b'\n' | b'\r' | b'\t' | 0x0C | 0x1B)).count();
    control >= MANY_CONTROLS && control * 20 > text.len()
}

/// Whether a line is the delimiter row of a Markdown table.
fn is_rule(line: &str) -> bool {
    line.contains('|') && line.contains("--") && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'))
}

/// Returns all tables of a file; at least one. Of values in several languages, those in `language` are used, or else in English.
///
/// # Errors
/// If there are no tables, or if they cannot be read.
pub fn tables(source: &Arc<Source>, language: &str) -> Result<Vec<Table>, Box<Diagnostic>> {
    let text = &source.text;
    if is_binary(text) {
        let found = Diagnostic::new(Code::ImportMalformed, format!("`{}` is a binary file", source.path));
        let help = "save the list as Markdown, HTML, CSV, XLSX or ODS";
        return Err(Box::new(found.at(Place::file(source.path.clone()), "").help(help)));
    }
    // The end of a conflict alone may be something else in any of the formats.
    if let Some(range) = load::unresolved_conflict(text, true) {
        let message = format!("`{}` has the markers of a merge conflict", source.path);
        let found = Diagnostic::new(Code::ImportMalformed, message).at(Place::new(source, range), "");
        return Err(Box::new(found.help("resolve the conflict, and import the file again")));
    }
    let tables = match format(source) {
        Format::Markdown => markdown::blocks(text).map(page::tables).map(|tables| {
            let front = markdown::front_matter(text).filter(|front| front.contains("- "));
            tables
                .into_iter()
                .chain(front.into_iter().flat_map(|front| in_front_matter(source, front, language)))
                .collect()
        }),
        Format::Html => html::blocks(text).map(page::tables),
        Format::Csv => csv::table(text).map(|table| vec![table]),
        Format::Yaml => Ok(data::yaml(source, language)?),
        Format::Json => data::json(text, language),
        Format::Text => rst::blocks(text).map(page::tables),
        Format::Program => html::blocks(text).map(page::tables).map(|mut tables| {
            tables.retain(|table| !table.structured);
            // The rows of a component that has a table are values, or code that is refused.
            if tables.is_empty() { data::program(text, language) } else { tables }
        }),
    };
    useful(tables.map_err(|why| malformed(source, &why))?, source)
}

/// Returns the lists in the front matter of a page, with their places in the page.
fn in_front_matter(source: &Arc<Source>, front: &str, language: &str) -> Vec<Table> {
    // A comment of the same length is in place of the line above.
    let padded = Source::new(source.path.clone(), format!("###\n{front}"));
    data::yaml(&padded, language).unwrap_or_default()
}

/// Returns the text of a workbook, which diagnostics quote, and its tables; at least one.
///
/// # Errors
/// If it cannot be read, or has no tables.
pub fn workbook(path: &str, bytes: &[u8]) -> Result<(Arc<Source>, Vec<Table>), Box<Diagnostic>> {
    let (source, tables) = workbook::read(path, bytes).map_err(|why| malformed(&Source::new(path, ""), &why))?;
    let tables = useful(tables, &source)?;
    Ok((source, tables))
}

/// Returns the tables within the limits that have columns.
fn useful(tables: Vec<Table>, source: &Arc<Source>) -> Result<Vec<Table>, Box<Diagnostic>> {
    tables.iter().try_for_each(Table::within_limits).map_err(|why| malformed(source, &why))?;
    let mut useful: Vec<Table> = tables.into_iter().filter(|table| table.header.len() > 1).collect();
    useful.iter_mut().for_each(marks::without_marks);
    // Where one table is called a list of subprocessors, the others list something else, unless they say so, too.
    if useful.iter().any(Table::is_named) {
        useful.iter_mut().for_each(Table::doubt);
    }
    if useful.is_empty() { Err(Box::new(no_table(source))) } else { Ok(useful) }
}

fn malformed(source: &Arc<Source>, why: &str) -> Box<Diagnostic> {
    let message = format!("cannot read a table from `{}`: {why}", source.path);
    Box::new(
        Diagnostic::new(Code::ImportMalformed, message)
            .at(Place::start_of(source), "")
            .help("fix the file, or export it again"),
    )
}

fn no_table(source: &Arc<Source>) -> Diagnostic {
    let lower = source.text.to_ascii_lowercase();
    let begins = |line: &str| {
        let line = line.trim_start();
        let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
        line.starts_with("- ")
            || line.starts_with("* ")
            || line.starts_with("+ ")
            || (digits.len() < line.len() && (digits.starts_with(". ") || digits.starts_with(") ")))
    };
    let list = lower.contains("<li") || lower.lines().any(begins);
    let message = match list {
        true => format!("`{}` has a list, but candor cannot tell which part of an entry is the name", source.path),
        false => format!("`{}` has no table with two or more columns", source.path),
    };
    Diagnostic::new(Code::ImportNoTable, message)
        .at(Place::start_of(source), "")
        .help("convert it to a table with at least the columns name and purpose")
        .help("use a Markdown table, an HTML table or CSV; the file name extension determines the format")
}
