//! Changes as Markdown, for a pull request.

use std::fmt::Write;

use super::Catalog;
use super::phrase::{Mark, Phrasing};
use crate::history::Changes;
use crate::text::markdown::escape;

/// Formats changes: a heading and a list for each part of the page.
pub fn changes(changes: &Changes, phrasing: Phrasing<'_>, strings: &Catalog) -> String {
    let mut text = String::new();
    for group in phrasing.groups(changes) {
        let _ = writeln!(text, "\n**{}**\n", escape(&group.heading));
        for line in &group.lines {
            let _ = write!(text, "- `{}` **{}**{}", line.symbol, escape(line.title()), escape(&line.rest(strings)));
            if line.notice {
                let _ = write!(text, " — *{}*", escape(strings.get("changes.notice")));
            }
            text.push('\n');
            // The fields of a changed item are on the line itself.
            for part in line.below(strings).iter().filter(|_| line.mark != Mark::Changed) {
                let _ = writeln!(text, "  - {}", escape(part));
            }
        }
    }
    text
}
