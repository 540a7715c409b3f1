//! Tables in HTML, read as browsers read them: cells that span rows or columns stand in each of them.
//!
//! The grid follows "forming a table" of the HTML standard, with its limits on spans.

use std::ops::Deref;
use std::sync::Arc;

use scraper::{ElementRef, Html, Node, Selector};

use super::cell::Cell;
use super::table::{MAX_CELLS, MAX_COLUMNS, Table, too_large};

/// All tables of a text; a table within a table counts as one of its own.
///
/// # Errors
/// Why a table is not read.
pub fn tables(text: &str) -> Result<Vec<Table>, String> {
    // A constant selector; were it ever wrong, the tests would have said so.
    let Ok(selector) = Selector::parse("table") else { return Ok(Vec::new()) };
    let document = Html::parse_document(text);
    let mut cells = 0;
    document.select(&selector).map(|table| grid(table, &mut cells)).collect()
}

/// A cell that reaches into the rows below.
struct Reach {
    column: usize,
    rows: usize,
    cell: Arc<Cell>,
}

/// `cells` counts those of all tables, for a text may have as many tables as it likes.
fn grid(table: ElementRef<'_>, cells: &mut usize) -> Result<Table, String> {
    let mut rows: Vec<Vec<Arc<Cell>>> = Vec::new();
    let mut reaching: Vec<Reach> = Vec::new();
    for row in rows_of(table) {
        let mut grid_row: Vec<Option<Arc<Cell>>> = Vec::new();
        let mut fill = |column: usize, cell: &Arc<Cell>| {
            *cells += 1;
            if column >= MAX_COLUMNS || *cells > MAX_CELLS {
                return Err(too_large());
            }
            if grid_row.len() <= column {
                grid_row.resize(column + 1, None);
            }
            grid_row[column] = Some(Arc::clone(cell));
            Ok(())
        };
        let mut taken = [false; MAX_COLUMNS];
        for reach in &mut reaching {
            fill(reach.column, &reach.cell)?;
            taken[reach.column] = true;
            reach.rows -= 1;
        }
        let mut column = 0;
        for element in row.child_elements().filter(|child| matches!(child.value().name(), "td" | "th")) {
            while column < MAX_COLUMNS && taken[column] {
                column += 1;
            }
            let cell = Arc::new(cell(element));
            let span = |name: &str| element.attr(name).and_then(|value| value.trim().parse::<usize>().ok());
            let width = span("colspan").filter(|width| (1..=1000).contains(width)).unwrap_or(1);
            // Zero reaches to the end of the group.
            let height = span("rowspan").map_or(1, |height| if height == 0 { 65_534 } else { height.min(65_534) });
            for column in column..column + width {
                fill(column, &cell)?;
                if height > 1 {
                    reaching.push(Reach { column, rows: height - 1, cell: Arc::clone(&cell) });
                }
            }
            column += width;
        }
        reaching.retain(|reach| reach.rows > 0);
        rows.push(grid_row.into_iter().map(Option::unwrap_or_default).collect());
    }
    let mut rows = rows.into_iter().filter(|row| !row.is_empty());
    Ok(Table { header: rows.next().unwrap_or_default(), rows: rows.collect() })
}

/// The rows of a table, without those of tables in its cells.
fn rows_of(table: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    let mut rows = Vec::new();
    for child in table.child_elements() {
        match child.value().name() {
            "tr" => rows.push(child),
            "thead" | "tbody" | "tfoot" => rows.extend(child.child_elements().filter(|row| row.value().name() == "tr")),
            _ => {}
        }
    }
    rows
}

fn cell(element: ElementRef<'_>) -> Cell {
    let mut cell = Cell::default();
    let mut text = String::new();
    let mut next = vec![Step::Enter(*element)];
    // A stack in place of calls: a page may be nested deeper than the program's own stack.
    while let Some(step) = next.pop() {
        let node = match step {
            Step::Enter(node) => node,
            Step::Break => {
                text.push('\n');
                continue;
            }
        };
        match node.value() {
            // Line feeds of the source are blanks.
            Node::Text(words) => text.extend(words.chars().map(|c| if c == '\n' { ' ' } else { c })),
            Node::Element(element) => {
                let name = element.name();
                match name {
                    // A table within a cell is read as a table of its own, and its words with it: once, however deep.
                    "script" | "style" | "template" | "table" => {
                        cell.lost.push(format!("the element <{name}>"));
                        continue;
                    }
                    "a" => cell.links.extend(element.attr("href").map(str::to_owned)),
                    "img" => cell.lost.push(format!("the image `{}`", element.attr("src").unwrap_or_default())),
                    "s" | "del" | "strike" => cell.lost.push("that a text is struck out".to_owned()),
                    _ => {}
                }
                let block = matches!(name, "br" | "p" | "li" | "ul" | "ol" | "div" | "tr" | "dt" | "dd");
                if block {
                    text.push('\n');
                    next.push(Step::Break);
                }
                let children: Vec<_> = node.children().collect();
                next.extend(children.into_iter().rev().map(Step::Enter));
            }
            _ => {}
        }
    }
    Cell { lines: Cell::new(&text, None).lines, ..cell }
}

/// What is still to be read of a cell.
enum Step<'a> {
    Enter(<ElementRef<'a> as Deref>::Target),
    Break,
}
