//! A YAML list of texts, each with its source as a comment and an empty `text` for the translation.

use std::fmt::Write;
use std::sync::Arc;

use super::{OpenText, ReturnedText, SeenSource, wrong};
use crate::diagnostic::{Place, Remedy, Report, Source};
use crate::load::{self, YamlKind, YamlNode};
use crate::model::Language;
use crate::text::yaml::scalar;

const HELP: &str = "keep the list as it was written: entries with `key`, `source` and `text`";

/// Writes the list.
pub(super) fn write(texts: &[OpenText], from: &Language, to: &Language) -> String {
    let mut out = format!(
        "# Texts to translate from `{from}` into `{to}`. Write each translation after `text:`; the texts of a list are lines. What\n\
         # stays empty is left out; {}.\n",
        Remedy::AcceptTranslatedFile(to)
    );
    if texts.is_empty() {
        out.push_str("[]\n");
    }
    for OpenText { key, source, current } in texts {
        out.push('\n');
        comment(&source.to_string(), &mut out);
        if let Some(current) = current {
            out.push_str("#\n# The translation so far, perhaps of another source:\n");
            comment(&current.to_string(), &mut out);
        }
        let _ = write!(out, "- key: {}\n  source: \"{}\"\n  text: \"\"\n", scalar(key), source.digest());
    }
    out
}

fn comment(text: &str, out: &mut String) {
    for line in text.lines() {
        let _ = writeln!(out, "{}", format!("# {line}").trim_end());
    }
}

/// Reads the list. Entries that cannot be read are reported and left out.
pub(super) fn read(source: &Arc<Source>, report: &mut Report) -> Vec<ReturnedText> {
    let node = match load::yaml(source) {
        Ok(node) => node,
        Err(problem) => {
            report.push(*problem);
            return Vec::new();
        }
    };
    let YamlKind::List(items) = &node.kind else {
        report.push(wrong("the file is not a list of texts", Place::new(source, node.range), HELP));
        return Vec::new();
    };
    items.iter().filter_map(|item| entry(item, source, report)).collect()
}

fn entry(item: &YamlNode, source: &Arc<Source>, report: &mut Report) -> Option<ReturnedText> {
    let field = |name: &str| match &item.kind {
        YamlKind::Map(fields) => fields.iter().find(|field| field.key == name).map(|field| &field.value),
        _ => None,
    };
    let text = |node: Option<&YamlNode>| match &node?.kind {
        YamlKind::Text(text) => Some(text.clone()),
        YamlKind::Null => Some(String::new()),
        YamlKind::Bool | YamlKind::Number => source.text.get(node?.range.clone()).map(str::to_owned),
        YamlKind::List(_) | YamlKind::Map(_) => None,
    };
    let seen = text(field("source")).and_then(|digest| digest.parse().ok()).map(SeenSource::Sha256);
    let place = Place::new(source, field("text").or(field("key")).unwrap_or(item).range.clone());
    match (text(field("key")), seen, text(field("text"))) {
        (Some(key), Some(seen), Some(text)) => Some(ReturnedText { key, source: seen, text, place }),
        _ => {
            report.push(wrong("this entry has no key, source and text", Place::new(source, item.range.clone()), HELP));
            None
        }
    }
}
