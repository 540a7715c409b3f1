//! A notice as plain text.

use std::fmt::Write;

use super::compose::Notice;
use crate::text::one_line;
use crate::wording::Catalog;

/// Formats a notice.
pub fn write(notice: &Notice, strings: &Catalog) -> String {
    let mut text = String::new();
    for line in &notice.opening {
        let _ = writeln!(text, "{}\n", one_line(line));
    }
    if !notice.reason.text.is_empty() {
        heading(&mut text, strings.get("message.reason"));
        let _ = writeln!(text, "{}\n", notice.reason.text);
    }
    heading(&mut text, strings.get("message.changes"));
    for (number, change) in (1..).zip(&notice.changes) {
        let _ = writeln!(text, "{number}. {}: {}", one_line(&change.name), one_line(&change.title));
        for fact in &change.facts {
            let _ = writeln!(text, "   {}: {}", fact.label, one_line(&fact.value));
        }
        if let Some(object) = &change.object_to {
            let _ = writeln!(text, "   {}: {}", strings.get("upcoming.object"), one_line(&object.contact));
        }
        if let Some(calendar) = &change.calendar {
            let _ = writeln!(text, "   {}: {calendar}", strings.get("upcoming.calendar"));
        }
        text.push('\n');
    }
    if let Some(how) = &notice.how_to_object {
        heading(&mut text, strings.get("message.how-to-object"));
        let _ = writeln!(text, "{}\n", one_line(how));
    }
    heading(&mut text, strings.get("message.references"));
    for (label, address) in &notice.links {
        let _ = writeln!(text, "{label}: {address}");
    }
    let _ = writeln!(text, "{}: {}", strings.get("message.digest"), notice.digest);
    text
}

fn heading(text: &mut String, title: &str) {
    let _ = writeln!(text, "{title}\n{}\n", "-".repeat(title.chars().count()));
}
