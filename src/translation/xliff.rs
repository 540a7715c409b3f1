//! XLIFF 2.1 (OASIS Standard, 2018): one unit with one segment for each text. The name of a unit is the key of its text.

use std::fmt::Write;
use std::sync::Arc;

use super::{OpenText, ReturnedText, SeenSource, wrong};
use crate::diagnostic::{Place, Report, Source};
use crate::model::{Digest, Language};
use crate::text::html::escape;
use crate::xml::{Token, tokens};

const NAMESPACE: &str = "urn:oasis:names:tc:xliff:document:2.0";

const HELP: &str = "export the file again as XLIFF 2, with the sources as they were";

/// Writes the document.
pub(super) fn write(texts: &[OpenText], from: &Language, to: &Language) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <xliff xmlns=\"{NAMESPACE}\" version=\"2.1\" srcLang=\"{from}\" trgLang=\"{to}\">\n  <file id=\"content\">\n"
    );
    for OpenText { key, source, current } in texts {
        // An id is an NMTOKEN, so it cannot be the key.
        let id = Digest::of(key.as_bytes()).short();
        let name = escape(key).replace('\t', "&#9;").replace('\n', "&#10;");
        let _ = writeln!(out, "    <unit id=\"u{id}\" name=\"{name}\" canResegment=\"no\" xml:space=\"preserve\">");
        if let Some(current) = current {
            let current = escape(&current.to_string());
            let _ = writeln!(out, "      <notes>\n        <note category=\"current\">{current}</note>\n      </notes>");
        }
        let source = escape(&source.to_string());
        let _ = writeln!(
            out,
            "      <segment state=\"initial\">\n        <source>{source}</source>\n      </segment>\n    </unit>"
        );
    }
    out.push_str("  </file>\n</xliff>\n");
    out
}

/// Reads the document. A unit may have several segments, and inline elements, whose text counts.
pub(super) fn read(source: &Arc<Source>, language: &Language, report: &mut Report) -> Vec<ReturnedText> {
    let mut problem = |message: &str| report.push(wrong(message, Place::start_of(source), HELP));
    let mut returned = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut unit: Option<ReturnedText> = None;
    let mut is_xliff = false;
    // Units are in the order of the text, so that each is searched after the one before.
    let mut searched = 0;
    for token in tokens(&source.text) {
        match token {
            Err(_) => {
                problem("the file is not well-formed XML");
                return Vec::new();
            }
            Ok(Token::Start(tag)) => {
                match tag.name.as_str() {
                    "xliff" if tag.get("version").is_some_and(|version| version.starts_with("2.")) => {
                        is_xliff = true;
                        if tag.get("trgLang").is_some_and(|target| !target.eq_ignore_ascii_case(language.as_str())) {
                            let message = format!(
                                "the file is a translation into `{}`, not `{language}`",
                                tag.get("trgLang").unwrap_or_default().escape_debug()
                            );
                            problem(&message);
                            return Vec::new();
                        }
                    }
                    "unit" => {
                        let start = source.text[searched..].find("<unit").map_or(searched, |at| searched + at);
                        let length = source.text[start..].find('>').map_or(0, |at| at + 1);
                        searched = start + length;
                        unit = tag.get("name").map(|name| ReturnedText {
                            key: name.to_owned(),
                            source: SeenSource::Text(String::new()),
                            text: String::new(),
                            place: Place::new(source, start..start + length),
                        });
                    }
                    _ => {}
                }
                open.push(tag.name);
            }
            Ok(Token::End(name)) => {
                open.pop();
                if name == "unit" {
                    returned.extend(unit.take());
                }
            }
            Ok(Token::Text(text)) => {
                let Some(unit) = &mut unit else { continue };
                // Within a segment, or within white space between two.
                let inside = |name: &str| open.iter().any(|open| open == name);
                match &mut unit.source {
                    SeenSource::Text(seen) if inside("source") => seen.push_str(&text),
                    _ if inside("target") => unit.text.push_str(&text),
                    _ => {}
                }
            }
        }
    }
    if !is_xliff || !open.is_empty() {
        problem(if is_xliff { "the file ends before its last element" } else { "the file is not XLIFF 2" });
        return Vec::new();
    }
    returned
}
