//! Changes for a terminal.

use anstyle::{AnsiColor, Style};

use super::Catalog;
use super::phrase::{Line, Mark, Phrasing};
use crate::history::Changes;
use crate::text::Styled;

const HEADING: Style = Style::new().bold();
const NOTICE: Style = AnsiColor::Magenta.on_default();

/// Changes by the part of the page, with a symbol and a sentence each.
pub fn changes(changes: &Changes, words: &Catalog) -> Styled {
    let mut text = Styled::new();
    for group in Phrasing::new(words).groups(changes) {
        text.layout("\n").styled(HEADING, &group.heading).layout("\n");
        for line in &group.lines {
            terminal_line(&mut text, line, words);
        }
    }
    text
}

fn terminal_line(text: &mut Styled, line: &Line, words: &Catalog) {
    let style = match line.mark {
        Mark::Added => AnsiColor::Green,
        Mark::Removed => AnsiColor::Red,
        Mark::Changed => AnsiColor::Yellow,
    }
    .on_default();
    // One field is in the line, several are below it; what is new is below in full.
    let below = line.mark == Mark::Added || line.parts.len() > 1;
    let sentence = if below && line.mark == Mark::Changed { line.title().to_owned() } else { line.plain(words) };
    text.layout("  ").styled(style, line.symbol).layout(" ").value(&sentence);
    if line.notice {
        text.layout("  ").styled(NOTICE, &format!("[{}]", words.get("changes.notice")));
    }
    text.layout("\n");
    for part in line.parts.iter().filter(|_| below) {
        let told = if line.mark == Mark::Added { part.stated(words) } else { part.plain(words) };
        text.layout("      ").value(&told).layout("\n");
    }
}
