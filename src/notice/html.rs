//! A notice as HTML for mail programs: a document without scripts, images or references to other files.
//!
//! Mail programs drop style sheets, so styles are inline. They set no colors, so that a message is legible in light and dark mode,
//! whichever the program applies. There are no tables, because everything is text in one column.

use std::fmt::Write;

use super::compose::Notice;
use crate::text::html::escape;
use crate::wording::Catalog;

const BODY: &str = "margin:0;padding:16px;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;\
                    font-size:16px;line-height:1.5";
const COLUMN: &str = "max-width:640px;margin:0 auto";
const H1: &str = "font-size:22px;line-height:1.3;margin:0 0 16px";
const H2: &str = "font-size:18px;line-height:1.3;margin:28px 0 8px";
const H3: &str = "font-size:16px;line-height:1.3;margin:20px 0 4px";
const LIST: &str = "margin:0;padding:0 0 0 20px";
const CODE: &str = "font-family:Consolas,Menlo,monospace;font-size:13px;word-break:break-all";

/// Formats a notice.
pub fn write(notice: &Notice, strings: &Catalog) -> String {
    let language = &notice.language;
    let direction = if language.is_rtl() { " dir=\"rtl\"" } else { "" };
    let title = escape(&notice.subject);
    let mut html = format!(
        "<!doctype html>\n<html lang=\"{}\"{direction}>\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>{title}</title>\n</head>\n\
         <body style=\"{BODY}\">\n<div style=\"{COLUMN}\">\n<h1 style=\"{H1}\">{title}</h1>\n",
        escape(language.as_str()),
    );
    for line in &notice.opening {
        let _ = writeln!(html, "<p>{}</p>", escape(line));
    }
    if !notice.reason.html.is_empty() {
        heading(&mut html, strings.get("message.reason"));
        let _ = writeln!(html, "{}", notice.reason.html);
    }
    heading(&mut html, strings.get("message.changes"));
    for change in &notice.changes {
        let _ = writeln!(html, "<h3 style=\"{H3}\">{}: {}</h3>", escape(&change.name), escape(&change.title));
        let _ = writeln!(html, "<ul style=\"{LIST}\">");
        for fact in &change.facts {
            let value = fact.href.as_deref().map_or_else(|| escape(&fact.value), |href| link(&fact.value, href));
            let _ = writeln!(html, "<li><strong>{}:</strong> {value}</li>", escape(&fact.label));
        }
        if let Some(object) = &change.object_to {
            let contact = match &object.href {
                Some(href) => link(&object.contact, href),
                None => escape(&object.contact),
            };
            let _ = writeln!(html, "<li><strong>{}:</strong> {contact}</li>", escape(strings.get("upcoming.object")));
        }
        if let Some(calendar) = &change.calendar {
            let _ = writeln!(html, "<li>{}</li>", link(strings.get("upcoming.calendar"), calendar));
        }
        let _ = writeln!(html, "</ul>");
    }
    if let Some(how) = &notice.how_to_object {
        heading(&mut html, strings.get("message.how-to-object"));
        let _ = writeln!(html, "<p>{}</p>", escape(how));
    }
    heading(&mut html, strings.get("message.references"));
    let _ = writeln!(html, "<ul style=\"{LIST}\">");
    for (label, address) in &notice.links {
        let _ = writeln!(html, "<li>{}: {}</li>", escape(label), link(address, address));
    }
    let digest = strings.get("message.digest");
    let _ = writeln!(html, "<li>{}: <code style=\"{CODE}\">{}</code></li>\n</ul>", escape(digest), notice.digest);
    html.push_str("</div>\n</body>\n</html>\n");
    html
}

fn heading(html: &mut String, title: &str) {
    let _ = writeln!(html, "<h2 style=\"{H2}\">{}</h2>", escape(title));
}

fn link(text: &str, address: &str) -> String {
    format!("<a href=\"{}\">{}</a>", escape(address), escape(text))
}
