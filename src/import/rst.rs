//! Reads definition lists, headings and bullets in reStructuredText and plain text.

use std::ops::Range;
use std::sync::Arc;

use super::cell::Cell;
use super::page::{Block, BlockKind};
use super::table::Table;

/// Characters that underline a heading.
const UNDERLINES: &str = "=-~^\"'`#*+:._";

/// Returns the blocks of a text: a line with indented lines below it is a term with its definition.
pub fn blocks(text: &str) -> Vec<Block> {
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
    blocks
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
            cell.push(' ');
            cell.push_str(text);
        }
    }
    let row = |row: Vec<(String, Range<usize>)>| {
        row.into_iter().map(|(text, range)| Arc::new(Cell::new(&text, Some(range)))).collect::<Vec<_>>()
    };
    Table::new(rows.into_iter().map(row))
}

fn text_block(kind: BlockKind, text: &str, range: Option<std::ops::Range<usize>>) -> Block {
    Block::Text(kind, Cell::new(text, range))
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn is_underline(line: &str) -> bool {
    let mut characters = line.chars();
    let Some(first) = characters.next() else { return false };
    line.len() > 2 && UNDERLINES.contains(first) && characters.all(|c| c == first)
}
