//! How changes look in a terminal and in Markdown.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use crate::catalogue::Catalogue;
use crate::history::Changes;
use crate::history::phrase::{Line, Mark, Part, PartChange, Phrasing};
use crate::text::markdown;

const HEADING: Style = Style::new().bold();
const NOTICE: Style = AnsiColor::Magenta.on_default();

/// For a terminal: grouped by the part of the page, a symbol and a sentence per change. Holds ANSI colours; a
/// stream that shows none strips them.
pub fn terminal(changes: &Changes, words: &Catalogue) -> String {
    let mut text = String::new();
    for group in Phrasing::new(words).groups(changes) {
        let _ = writeln!(text, "\n{HEADING}{}{HEADING:#}", printable(&group.heading));
        for line in &group.lines {
            terminal_line(&mut text, line, words);
        }
    }
    text
}

fn terminal_line(text: &mut String, line: &Line, words: &Catalogue) {
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
    // One field stands in the line, several below it; what is new is told in full below.
    let below = line.mark == Mark::Added || line.parts.len() > 1;
    let sentence = if below && line.mark == Mark::Changed { line.title().to_owned() } else { line.plain() };
    let _ = writeln!(text, "  {style}{}{style:#} {}{notice}", line.symbol, printable(&sentence));
    for part in line.parts.iter().filter(|_| below) {
        let told = if line.mark == Mark::Added { stated(part) } else { part.plain() };
        let _ = writeln!(text, "      {}", printable(&told));
    }
}

/// A fact of something new, which has no before.
fn stated(part: &Part) -> String {
    match &part.change {
        PartChange::Elements { added, .. } => format!("{}: {}", part.label, added.join("; ")),
        PartChange::Value { after: Some(after), .. } => format!("{}: {after}", part.label),
        _ => part.plain(),
    }
}

/// For a pull request: a list under a heading per part of the page.
pub fn markdown(changes: &Changes, words: &Catalogue) -> String {
    let mut text = String::new();
    for group in Phrasing::new(words).groups(changes) {
        let _ = writeln!(text, "\n**{}**\n", markdown::escape(&group.heading));
        for line in &group.lines {
            let sentence = line.plain();
            let title = line.title();
            let rest = sentence.strip_prefix(title).unwrap_or_default();
            let notice = match line.notice {
                true => format!(" — *{}*", markdown::escape(words.get("changes.notice"))),
                false => String::new(),
            };
            let _ =
                writeln!(text, "- `{}` **{}**{}{notice}", line.symbol, markdown::escape(title), markdown::escape(rest));
            for part in line.parts.iter().filter(|_| line.mark == Mark::Added) {
                let _ = writeln!(text, "  - {}", markdown::escape(&stated(part)));
            }
        }
    }
    text
}

/// Without control characters, which could move a terminal's cursor or colour what follows.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
