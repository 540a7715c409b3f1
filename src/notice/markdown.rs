//! A notice as Markdown, for a release of a repository or a chat.

use std::fmt::Write;

use super::compose::Notice;
use crate::text::markdown::{escape, link};
use crate::wording::Catalog;

/// Formats a notice.
pub fn write(notice: &Notice, strings: &Catalog) -> String {
    let mut text = format!("# {}\n", escape(&notice.subject));
    for line in &notice.opening {
        let _ = writeln!(text, "\n{}", escape(line));
    }
    if !notice.reason.markdown.is_empty() {
        let _ = writeln!(text, "\n## {}\n\n{}", escape(strings.get("message.reason")), notice.reason.markdown);
    }
    let _ = writeln!(text, "\n## {}", escape(strings.get("message.changes")));
    for change in &notice.changes {
        let _ = writeln!(text, "\n### {}: {}\n", escape(&change.name), escape(&change.title));
        for fact in &change.facts {
            let value = fact.href.as_deref().map_or_else(|| escape(&fact.value), |href| link(&fact.value, href));
            let _ = writeln!(text, "- **{}**: {value}", escape(&fact.label));
        }
        if let Some(object) = &change.object_to {
            let contact = match &object.href {
                Some(href) => link(&object.contact, href),
                None => escape(&object.contact),
            };
            let _ = writeln!(text, "- **{}**: {contact}", escape(strings.get("upcoming.object")));
        }
        if let Some(calendar) = &change.calendar {
            let _ = writeln!(text, "- {}", link(strings.get("upcoming.calendar"), calendar));
        }
    }
    if let Some(how) = &notice.how_to_object {
        let _ = writeln!(text, "\n## {}\n\n{}", escape(strings.get("message.how-to-object")), escape(how));
    }
    let _ = writeln!(text, "\n## {}\n", escape(strings.get("message.references")));
    for (label, address) in &notice.links {
        let _ = writeln!(text, "- {}", link(label, address));
    }
    let _ = writeln!(text, "- {}: `{}`", escape(strings.get("message.digest")), notice.digest);
    text
}
