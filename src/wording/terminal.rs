//! Changes as text for a terminal.

use anstyle::{AnsiColor, Style};

use super::Catalog;
use super::phrase::{Line, Mark, Phrasing};
use crate::history::Changes;
use crate::text::Styled;

const HEADING: Style = Style::new().bold();
const NOTICE: Style = AnsiColor::Magenta.on_default();

/// Formats changes by part of the page, each with a symbol and a description.
pub fn changes(changes: &Changes, phrasing: Phrasing<'_>, strings: &Catalog) -> Styled {
    let mut text = Styled::new();
    for group in phrasing.groups(changes) {
        text.layout("\n").styled(HEADING, &group.heading).layout("\n");
        for line in &group.lines {
            terminal_line(&mut text, line, strings);
        }
    }
    text
}

fn terminal_line(text: &mut Styled, line: &Line, strings: &Catalog) {
    let style = match line.mark {
        Mark::Added => AnsiColor::Green,
        Mark::Removed => AnsiColor::Red,
        Mark::Changed => AnsiColor::Yellow,
    }
    .on_default();
    // A single changed field is on the line itself; several, and those of a new or a removed item, are below it.
    let below = line.below(strings);
    let is_split = !below.is_empty() && line.mark == Mark::Changed;
    let sentence = if is_split { line.title().to_owned() } else { line.plain(strings) };
    text.layout("  ").styled(style, line.symbol).layout(" ").value(&sentence);
    if line.notice {
        text.layout("  ").styled(NOTICE, &format!("[{}]", strings.get("changes.notice")));
    }
    text.layout("\n");
    for description in &below {
        text.layout("      ").value(description).layout("\n");
    }
}
