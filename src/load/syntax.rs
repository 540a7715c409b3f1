//! What the YAML parser's complaints mean for a publisher.

use std::ops::Range;
use std::sync::Arc;

use serde_yaml::Error;

use super::yaml::range_of;
use crate::diagnostic::{Code, Diagnostic, Place, Source};

/// A finding for text that is not one sound YAML document; `range` is where the text stands in its source.
pub(super) fn explain(error: &Error, source: &Arc<Source>, range: Range<usize>) -> Diagnostic {
    let text = &source.text[range.clone()];
    let mut error = error.without_snippet();
    let found = error.location().map_or(0..0, |location| range_of(location, text));
    let place = Place::new(source, range.start + found.start..range.start + found.end);
    // What goes wrong inside an alias comes wrapped; the place above is that of the alias itself.
    while let Error::AliasError { error: inner, .. } = error {
        error = inner;
    }
    let limit = |what: String| {
        Diagnostic::new(Code::YamlLimit, what)
            .at(place.clone(), "")
            .help("write the data out in a simpler form, without nesting or aliases that repeat each other")
    };
    match error {
        Error::Budget { .. } => limit(format!("`{}` is nested too deeply or holds too many values", source.path)),
        Error::AliasReplayLimitExceeded { .. }
        | Error::AliasReplayCounterOverflow { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => {
            limit(format!("the aliases of `{}` stand for too many values", source.path))
        }
        Error::RecursiveReferencesRequireWeakTypes { .. } => limit("an alias holds itself".to_owned()),
        Error::MultipleDocuments { .. } => Diagnostic::new(Code::YamlSyntax, "a second YAML document begins here")
            .at(place, "")
            .help("remove the line `---` above it; a file holds one document"),
        Error::UnknownAnchor { .. } => Diagnostic::new(Code::YamlSyntax, "this alias has no anchor")
            .at(place, "")
            .help("text that begins with `*` needs quotes: \"*...\""),
        other => {
            let message = sentence(other);
            let help = remedy(&message, text, found.start);
            Diagnostic::new(Code::YamlSyntax, format!("this is not valid YAML: {message}")).at(place, "").help(help)
        }
    }
}

/// The parser's own words, without the place that it adds.
fn sentence(error: &Error) -> String {
    let text = match error {
        Error::Message { msg, .. } | Error::HookError { msg, .. } => msg.clone(),
        other => other.to_string(),
    };
    let line = text.lines().next().unwrap_or_default();
    let line = line.split(" at line ").next().unwrap_or(line);
    line.trim_end_matches(['.', ' ']).to_owned()
}

/// How to mend it, by what stands on the line.
fn remedy(message: &str, text: &str, at: usize) -> &'static str {
    let at = at.min(text.len());
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    let value = line.split_once(": ").map_or(line, |(_, value)| value).trim_start_matches(['-', ' ']);
    let indent = &line[..line.len() - line.trim_start().len()];
    if indent.contains('\t') || message.contains("tab") {
        "indent with blanks; YAML allows no tabs there"
    } else if value.starts_with(['@', '`', '%', '&', '*', '!', '|', '>']) {
        "put quotes around a text that begins with a sign: \"@...\""
    } else if value.starts_with(['"', '\'']) {
        "close the quotes on the same line, and write `''` for an apostrophe inside '...'"
    } else if value.contains(": ") {
        "put quotes around a text that holds a colon and a blank: \"a: b\""
    } else if value.starts_with(['[', '{']) {
        "close each `[` with `]` and each `{` with `}`"
    } else {
        "check indentation, quotes and colons here and on the line above"
    }
}
