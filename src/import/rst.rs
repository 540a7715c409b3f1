//! Reads definition lists, headings and bullets in reStructuredText and plain text.

use std::ops::Range;
use std::sync::Arc;

use super::cell::Cell;
use super::page::{Block, BlockKind};
use super::table::Table;

/// Characters that underline a heading.
const UNDERLINES: &str = "=-~^\"'`#*+:._";

/// Returns the blocks of a text: a line with indented lines below it is a term with its definition.
///
/// # Errors
/// If a grid table has cells that span others.
pub fn blocks(text: &str) -> Result<Vec<Block>, String> {
    let lines: Vec<(usize, &str)> = {
        let mut start = 0;
        text.split_inclusive('\n')
            .map(|line| {
                let at = start;
                start += line.len();
                (at, line.trim_end())
            })
            .collect()
    };
    let mut blocks = Vec::new();
    let mut at = 0;
    while let Some((start, line)) = lines.get(at).copied() {
        at += 1;
        if line.is_empty() || is_underline(line) {
            continue;
        }
        if line.trim_start().starts_with(".. ") {
            let indent = indentation(line);
            let body = lines[at..].iter().take_while(|(_, line)| line.is_empty() || indentation(line) > indent).count();
            if line.contains("list-table::") {
                blocks.push(Block::Table(list_table(&lines[at..at + body])));
            }
            // The content of any other directive or comment is not a list.
            at += body;
            continue;
        }
        if is_border(line) {
            let body = lines[at..].iter().take_while(|(_, line)| line.starts_with(['+', '|'])).count();
            blocks.push(Block::Table(grid_table(line, &lines[at..at + body])?));
            at += body;
            continue;
        }
        let range = Some(start..start + line.len());
        let next = lines.get(at).map_or("", |(_, next)| next);
        if is_underline(next) && next.chars().count() >= line.chars().count() {
            let level = UNDERLINES.find(&next[..1]).unwrap_or_default();
            blocks.push(text_block(BlockKind::Heading(u8::try_from(level + 1).unwrap_or(1)), line, range));
            at += 1;
            continue;
        }
        let indent = indentation(line);
        if let Some(item) = line.trim_start().strip_prefix("- ").or_else(|| line.trim_start().strip_prefix("* ")) {
            blocks.push(text_block(BlockKind::Item(1 + indent / 2), item, range));
            continue;
        }
        if indent == 0 && indentation(next) > 0 && !next.trim_start().starts_with(['-', '*', '.']) {
            blocks.push(text_block(BlockKind::Term, line, range));
            let mut definition = String::new();
            let begin = lines[at].0;
            while let Some((_, line)) = lines.get(at).filter(|(_, line)| indentation(line) > 0 && !line.is_empty()) {
                definition.push_str(line.trim());
                definition.push(' ');
                at += 1;
            }
            blocks.push(text_block(BlockKind::Definition, &definition, Some(begin..begin)));
            continue;
        }
        blocks.push(text_block(BlockKind::Paragraph, line, range));
    }
    Ok(blocks)
}

/// Whether a line is a border of a grid table: `+-----+---+`, or `+=====+===+` below the column names.
fn is_border(line: &str) -> bool {
    line.len() > 4 && line.starts_with('+') && line.ends_with('+') && line.chars().all(|c| "+-=".contains(c))
}

/// Reads a grid table from the lines below its upper border.
fn grid_table(border: &str, lines: &[(usize, &str)]) -> Result<Table, String> {
    let columns: Vec<usize> = border.char_indices().filter(|(_, c)| *c == '+').map(|(at, _)| at).collect();
    let width = columns.len() - 1;
    let mut rows: Vec<Vec<(String, Option<Range<usize>>)>> = vec![vec![Default::default(); width]];
    for (start, line) in lines {
        if is_border(line) {
            rows.push(vec![Default::default(); width]);
            continue;
        }
        let characters: Vec<(usize, char)> = line.char_indices().collect();
        if columns.iter().any(|at| !characters.get(*at).is_some_and(|(_, c)| matches!(c, '|' | '+'))) {
            return Err("a cell of a grid table spans others: use one cell for each value".to_owned());
        }
        for (pair, (text, range)) in columns.windows(2).zip(rows.last_mut().into_iter().flatten()) {
            let (from, to) = (characters[pair[0]].0 + 1, characters[pair[1]].0);
            let part = line[from..to].trim();
            text.push(if part.starts_with("| ") { '\n' } else { ' ' });
            text.push_str(part);
            range.get_or_insert(start + from..start + to);
        }
    }
    rows.retain(|row| row.iter().any(|(text, _)| !text.trim().is_empty()));
    let row = |row: Vec<(String, Option<Range<usize>>)>| {
        row.into_iter().map(|(text, range)| Arc::new(inline(&text, range))).collect::<Vec<_>>()
    };
    Ok(Table::new(rows.into_iter().map(row)))
}

/// Reads the rows of a `list-table`: `* - cell`, then `- cell`. A cell may have several lines.
fn list_table(lines: &[(usize, &str)]) -> Table {
    let mut rows: Vec<Vec<(String, Range<usize>)>> = Vec::new();
    for (start, line) in lines.iter().filter(|(_, line)| !line.is_empty()) {
        let text = line.trim_start();
        let at = start + indentation(line);
        let range = at..start + line.len();
        if let Some(cell) = text.strip_prefix("* - ").or_else(|| (text == "* -").then_some("")) {
            rows.push(vec![(cell.to_owned(), range)]);
        } else if let (Some(cell), Some(row)) =
            (text.strip_prefix("- ").or_else(|| (text == "-").then_some("")), rows.last_mut())
        {
            row.push((cell.to_owned(), range));
        } else if let Some((cell, _)) = rows.last_mut().and_then(|row| row.last_mut()) {
            // `| ` starts a line of a line block.
            cell.push(if text.starts_with("| ") { '\n' } else { ' ' });
            cell.push_str(text);
        }
    }
    let row = |row: Vec<(String, Range<usize>)>| {
        row.into_iter().map(|(text, range)| Arc::new(inline(&text, Some(range)))).collect::<Vec<_>>()
    };
    Table::new(rows.into_iter().map(row))
}

fn text_block(kind: BlockKind, text: &str, range: Option<Range<usize>>) -> Block {
    Block::Text(kind, inline(text, range))
}

/// Reads text with inline markup: links (`` `Alfa <https://alfa.example>`_ ``), strong text, and the bars of line blocks.
fn inline(text: &str, range: Option<Range<usize>>) -> Cell {
    let mut plain = String::new();
    let mut links = Vec::new();
    let mut lead = None;
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('`') {
        let link = after.split_once('`').and_then(|(inside, end)| {
            let end = end.strip_prefix('_')?;
            let (name, address) = inside.strip_suffix('>')?.rsplit_once('<')?;
            Some((name.trim(), address.trim(), end.strip_prefix('_').unwrap_or(end)))
        });
        plain.push_str(before);
        match link {
            Some((name, address, end)) => {
                if plain.trim().is_empty() {
                    lead = Some(name.to_owned());
                }
                plain.push_str(name);
                links.push(address.to_owned());
                rest = end;
            }
            None => {
                plain.push('`');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    let plain: Vec<&str> = plain.lines().map(|line| line.trim().strip_prefix("| ").unwrap_or(line)).collect();
    let plain = plain.join("\n");
    if let Some((strong, _)) = plain.strip_prefix("**").and_then(|text| text.split_once("**")) {
        lead = lead.or(Some(strong.to_owned()));
    }
    Cell { links, lead, ..Cell::new(&plain.replace("**", "").replace("``", ""), range) }
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn is_underline(line: &str) -> bool {
    let mut characters = line.chars();
    let Some(first) = characters.next() else { return false };
    line.len() > 2 && UNDERLINES.contains(first) && characters.all(|c| c == first)
}
