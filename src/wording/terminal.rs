//! Changes for a terminal.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::Catalog;
use super::phrase::{Line, Mark, Phrasing};
use crate::history::Changes;

const HEADING: Style = Style::new().bold();
const NOTICE: Style = AnsiColor::Magenta.on_default();

/// Changes by the part of the page, with a symbol and a sentence each. The text has ANSI colors, which a stream that shows none
/// strips.
pub fn changes(changes: &Changes, words: &Catalog) -> String {
    let mut text = String::new();
    for group in Phrasing::new(words).groups(changes) {
        let _ = writeln!(text, "\n{HEADING}{}{HEADING:#}", printable(&group.heading));
        for line in &group.lines {
            terminal_line(&mut text, line, words);
        }
    }
    text
}

fn terminal_line(text: &mut String, line: &Line, words: &Catalog) {
    let style = match line.mark {
        Mark::Added => AnsiColor::Green,
        Mark::Removed => AnsiColor::Red,
        Mark::Changed => AnsiColor::Yellow,
    }
    .on_default();
    let notice = match line.notice {
        true => format!("  {NOTICE}[{}]{NOTICE:#}", words.get("changes.notice")),
        false => String::new(),
    };
    // One field is in the line, several are below it; what is new is below in full.
    let below = line.mark == Mark::Added || line.parts.len() > 1;
    let sentence = if below && line.mark == Mark::Changed { line.title().to_owned() } else { line.plain(words) };
    let _ = writeln!(text, "  {style}{}{style:#} {}{notice}", line.symbol, printable(&sentence));
    for part in line.parts.iter().filter(|_| below) {
        let told = if line.mark == Mark::Added { part.stated(words) } else { part.plain(words) };
        let _ = writeln!(text, "      {}", printable(&told));
    }
}

/// Without control characters, which could move a terminal's cursor or color what follows.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
