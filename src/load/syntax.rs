//! Converts errors of the YAML parser into diagnostics.

use std::ops::Range;
use std::sync::Arc;

use serde_yaml::Error;

use super::yaml::{Kind, Node, range_of};
use crate::diagnostic::{Code, Diagnostic, Place, Source};

/// Converts a parser error into a diagnostic; `range` is the range of the parsed text in its source.
pub(super) fn explain(error: &Error, source: &Arc<Source>, range: Range<usize>) -> Diagnostic {
    let text = &source.text[range.clone()];
    let mut error = error.without_snippet();
    let found = error.location().map_or(0..0, |location| range_of(location, text));
    let place = Place::new(source, range.start + found.start..range.start + found.end);
    // Unwrap errors inside an alias. The place is that of the alias.
    while let Error::AliasError { error: inner, .. } = error {
        error = inner;
    }
    let limit = |what: String| {
        Diagnostic::new(Code::YamlLimit, what)
            .at(place.clone(), "")
            .help("simplify the data: use less nesting and fewer aliases")
    };
    match error {
        Error::Budget { .. } => limit(format!("`{}` is nested too deeply or has too many values", source.path)),
        Error::AliasReplayLimitExceeded { .. }
        | Error::AliasReplayCounterOverflow { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => {
            limit(format!("the aliases in `{}` expand to too many values", source.path))
        }
        Error::RecursiveReferencesRequireWeakTypes { .. } => limit("an alias contains itself".to_owned()),
        Error::MultipleDocuments { .. } => Diagnostic::new(Code::YamlSyntax, "a second YAML document starts here")
            .at(place, "")
            .help("remove the line `---` above it; a file contains one document"),
        Error::UnknownAnchor { .. } => Diagnostic::new(Code::YamlSyntax, "this alias has no anchor")
            .at(place, "")
            .help("put quotes around text that starts with `*`: \"*...\""),
        other => {
            let message = sentence(other);
            if let Some(typed) = mistyped(&message, text, found.start) {
                let at = Place::new(source, range.start + typed.range.start..range.start + typed.range.end);
                return Diagnostic::new(Code::YamlSyntax, format!("invalid YAML: {}", typed.message))
                    .at(at, "")
                    .help(typed.help);
            }
            if text[found.start..].starts_with('"')
                && let Some(escape) = bad_escape(text, found.start)
            {
                return Diagnostic::new(Code::YamlSyntax, format!("invalid YAML: {message}"))
                    .at(Place::new(source, range.start + escape.start..range.start + escape.end), "")
                    .help("write `\\\\` for a backslash inside \"...\", or put the text in '...'");
            }
            let help = remedy(&message, text, found.start);
            let message = match message.starts_with("mapping values are not allowed") {
                true if help == COLON => "this text contains a colon followed by a space, which begins a value",
                true => "a field cannot begin here",
                false => &message,
            };
            Diagnostic::new(Code::YamlSyntax, format!("invalid YAML: {message}")).at(place, "").help(help)
        }
    }
}

/// Returns the message about a space that is not one in YAML.
fn special_space(space: char) -> String {
    let what = if space == '\u{A0}' { "a non-breaking space" } else { "a special space" };
    format!("{what} (U+{:04X}) is not allowed here", u32::from(space))
}

/// Returns the parser's message without the location.
fn sentence(error: &Error) -> String {
    let text = match error {
        Error::Message { msg, .. } | Error::HookError { msg, .. } => msg.clone(),
        other => other.to_string(),
    };
    let line = text.lines().next().unwrap_or_default();
    let line = line.split(" at line ").next().unwrap_or(line);
    line.trim_end_matches(['.', ' ']).to_owned()
}

/// A mistake of typing that the parser reports as something else, perhaps on another line.
struct Mistyped {
    range: Range<usize>,
    message: String,
    help: &'static str,
}

/// Reports the first space that is not one in YAML, and that made the parser read a key, or a key with its value, as something else.
/// `range` is the range of the document in its source.
pub(super) fn stray_space(source: &Arc<Source>, range: Range<usize>, node: &Node) -> Option<Diagnostic> {
    if !source.text[range].chars().any(is_foreign) {
        return None;
    }
    let at = stray_spaces(&source.text, node).min()?;
    let space = source.text[at..].chars().next()?;
    let place = Place::new(source, at..at + space.len_utf8());
    let message = format!("invalid YAML: {}", special_space(space));
    Some(Diagnostic::new(Code::YamlSyntax, message).at(place, "").help(SPACE))
}

/// Returns the offsets of such spaces in the keys and plain scalars of a node.
fn stray_spaces(text: &str, node: &Node) -> Box<dyn Iterator<Item = usize>> {
    match &node.kind {
        Kind::List(items) => {
            let found: Vec<usize> = items.iter().flat_map(|item| stray_spaces(text, item)).collect();
            Box::new(found.into_iter())
        }
        Kind::Map(entries) => {
            let in_key = |range: &Range<usize>| {
                let key = &text[range.clone()];
                // The range does not include a space at the end.
                let after = text[range.end..].chars().next().filter(|c| is_foreign(*c)).map(|_| key.len());
                Some(range.start + key.find(is_foreign).filter(|_| !key.starts_with(['"', '\''])).or(after)?)
            };
            let found: Vec<usize> = entries
                .iter()
                .flat_map(|entry| in_key(&entry.key_range).into_iter().chain(stray_spaces(text, &entry.value)))
                .collect();
            Box::new(found.into_iter())
        }
        Kind::Text(_) => Box::new(stray_space_in_text(text, node.range.start).into_iter()),
        Kind::Null | Kind::Bool | Kind::Number => Box::new(std::iter::empty()),
    }
}

/// Returns the offset of such a space in a plain scalar that begins at an offset, if it would be a key or a list item with an
/// ordinary space.
fn stray_space_in_text(text: &str, start: usize) -> Option<usize> {
    let line = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let lead = &text[line..start];
    // The lines of a block scalar are text, regardless of what they contain.
    let above = text[..line].trim_end().trim_end_matches(|c: char| c.is_ascii_digit() || "+-".contains(c));
    if above.ends_with(['|', '>']) {
        return None;
    }
    let length = text[start..].lines().next()?.find(is_foreign)?;
    let head = &text[start..start + length];
    let key = head.strip_suffix(':').unwrap_or_default();
    let is_key = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
    let is_stray = match head {
        "" => lead.is_empty(),
        "-" => lead.trim_start_matches(' ').is_empty(),
        _ => is_key && lead.trim_start_matches([' ', '-']).is_empty(),
    };
    is_stray.then_some(start + length)
}

/// The help for a space that is not one in YAML.
const SPACE: &str = "replace it with an ordinary space; it is often typed by accident, or copied from a web page";

/// Whether a character looks like a space, and is not one in YAML.
fn is_foreign(c: char) -> bool {
    c.is_whitespace() && !c.is_ascii()
}

/// Looks for a tab, a space that is not one in YAML, and an empty list that was left where items were added.
fn mistyped(message: &str, text: &str, at: usize) -> Option<Mistyped> {
    let at = at.min(text.len());
    let misplaced = |at: usize, space: char| Mistyped {
        range: at..at + space.len_utf8(),
        message: special_space(space),
        help: SPACE,
    };
    // After the quotes of a value.
    if let Some(space) = text[at..].chars().next().filter(|c| is_foreign(*c)) {
        return Some(misplaced(at, space));
    }
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let before = text[..start.saturating_sub(1)].rfind('\n').map_or(0, |newline| newline + 1);
    let mut offset = before;
    for line in text[before..].split_inclusive('\n').take(3) {
        if let Some((position, space)) = foreign_space(line) {
            return Some(misplaced(offset + position, space));
        }
        offset += line.len();
    }
    if message.contains("tab") {
        // The parser may stop at the end of the value before the line with the tab.
        let mut offset = start;
        for line in text[start..].split_inclusive('\n').take(3) {
            let indent = &line[..line.len() - line.trim_start().len()];
            if let Some(tab) = indent.find('\t') {
                return Some(Mistyped {
                    range: offset + tab..offset + tab + 1,
                    message: "this line is indented with a tab".to_owned(),
                    help: "indent with spaces; YAML does not allow tabs for indentation",
                });
            }
            offset += line.len();
        }
    }
    if let Some(range) = comment_in_brackets(text, at) {
        return Some(Mistyped {
            range,
            message: "`#` begins a comment here, which hides the closing bracket".to_owned(),
            help: "put quotes around the value, such as {accent: \"#0b5fff\"}",
        });
    }
    let has_items = text.lines().any(|line| line.starts_with("- "));
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let value = line.split_once(" #").map_or(line, |(value, _)| value).trim_end();
        let is_empty = matches!(&*value.split_whitespace().collect::<String>(), "[]" | "{}");
        if has_items && is_empty && !value.starts_with(char::is_whitespace) {
            return Some(Mistyped {
                range: offset..offset + value.len(),
                message: format!("`{value}` is an empty list, but the file has items"),
                help: "remove this line",
            });
        }
        offset += line.len();
    }
    None
}

/// Returns the place of a `#` that hides the closing bracket of its line, in the last such line up to the one with this offset.
fn comment_in_brackets(text: &str, at: usize) -> Option<Range<usize>> {
    let end = at + text[at..].find('\n').unwrap_or(text.len() - at);
    let mut start = end;
    for line in text[..end].rsplit('\n') {
        start = start.saturating_sub(line.len());
        let hides = |at: &usize| open_brackets(&line[..*at]) > 0 && open_brackets(line) <= 0;
        let comment = line.find(" #").map(|at| at + 1).filter(hides);
        if let Some(at) = comment.filter(|_| !line.trim_start().starts_with('#')) {
            return Some(start + at..start + line.trim_end().len());
        }
        start = start.saturating_sub(1);
    }
    None
}

/// Returns the number of brackets that a text opens and does not close. Brackets in quotes do not count.
fn open_brackets(text: &str) -> isize {
    let (mut open, mut quote) = (0, None);
    for char in text.chars() {
        match (quote, char) {
            (Some(end), _) => quote = (char != end).then_some(end),
            (None, '"' | '\'') => quote = Some(char),
            (None, '[' | '{') => open += 1,
            (None, ']' | '}') => open -= 1,
            _ => {}
        }
    }
    open
}

/// Returns the first space of a line that only looks like one, if it is in the indentation, or after a dash or the colon of a key.
fn foreign_space(line: &str) -> Option<(usize, char)> {
    let found = line.char_indices().find(|(_, c)| is_foreign(*c))?;
    let head = line[..found.0].trim_matches(|c: char| c.is_whitespace() || c == '-');
    let is_key = head.strip_suffix(':').unwrap_or(head).bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    (head.is_empty() || (is_key && head.ends_with(':'))).then_some(found)
}

/// Returns the first invalid escape of the double-quoted string at this offset.
fn bad_escape(text: &str, at: usize) -> Option<Range<usize>> {
    let start = at + text.get(at..)?.find('"')?;
    let mut chars = text[start + 1..].char_indices();
    while let Some((offset, char)) = chars.next() {
        let begin = start + 1 + offset;
        match char {
            '"' => return None,
            '\\' => {
                let (_, escaped) = chars.next()?;
                let digits = match escaped {
                    'x' => 2,
                    'u' => 4,
                    'U' => 8,
                    // YAML 1.2.2, section 5.7.
                    '0' | 'a' | 'b' | 't' | '\t' | 'n' | 'v' | 'f' | 'r' | 'e' | ' ' | '"' | '/' | '\\' | 'N' | '_'
                    | 'L' | 'P' | '\n' | '\r' => continue,
                    _ => return Some(begin..begin + 1 + escaped.len_utf8()),
                };
                let code: String = text[begin + 2..].chars().take(digits).collect();
                let known =
                    u32::from_str_radix(&code, 16).ok().filter(|_| code.len() == digits).and_then(char::from_u32);
                if known.is_none() {
                    return Some(begin..begin + 2);
                }
            }
            _ => {}
        }
    }
    None
}

/// Returns help for an invalid list or map in brackets on one line.
fn flow_remedy(value: &str) -> &'static str {
    let (mut depth, mut quote, mut before) = (0_usize, None, ' ');
    for (at, char) in value.char_indices() {
        match (quote, char) {
            (Some(open), _) => quote = (char != open).then_some(open),
            (None, '"' | '\'') if matches!(before, '[' | '{' | ',' | ':') => quote = Some(char),
            (None, ',') if matches!(before, '[' | '{' | ',') => return "remove the extra comma",
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => {
                depth = depth.saturating_sub(1);
                let rest = value[at + 1..].trim_start();
                if depth == 0 && !rest.is_empty() && !rest.starts_with('#') {
                    return "put quotes around text that starts with a bracket: \"[a] b\"";
                }
            }
            _ => {}
        }
        if !char.is_whitespace() {
            before = char;
        }
    }
    "close each `[` with `]` and each `{` with `}`"
}

/// The help for a colon in a text.
const COLON: &str = "put quotes around the text: \"a: b\"";

/// Returns help that fits the parser's message and the content of the line.
fn remedy(message: &str, text: &str, at: usize) -> &'static str {
    let at = at.min(text.len());
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    let value = line.split_once(": ").map_or(line, |(_, value)| value).trim_start_matches(['-', ' ']);
    let item = line.trim_start_matches(['-', ' ']);
    let is_flow = |text: &str| text.starts_with(['[', '{']);
    let indent = &line[..line.len() - line.trim_start().len()];
    if indent.contains('\t') || message.contains("tab") {
        "indent with spaces; YAML does not allow tabs for indentation"
    } else if is_flow(item) {
        flow_remedy(item)
    } else if is_flow(value) {
        flow_remedy(value)
    } else if value.starts_with(['@', '`', '%', '&', '*', '!', '|', '>']) {
        "put quotes around text that starts with a special character: \"@...\""
    } else if value.starts_with(['"', '\'']) {
        "close the quotes on the same line, and write `''` for an apostrophe inside '...'"
    } else if value.contains(": ") {
        COLON
    } else {
        "check the indentation, quotes and colons here and on the line above"
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::yaml;
    use super::special_space;
    use crate::diagnostic::Source;

    /// Returns place, message and help of the error in a file.
    fn error(text: &str) -> (usize, usize, String) {
        let source: Arc<Source> = Source::new("a.yaml", text);
        let found = yaml::parse(&source, 0..source.text.len()).expect_err("an error");
        let (line, column) = found.place().expect("a place").line_column();
        (line, column, found.message.clone())
    }

    #[test]
    fn spaces_that_are_none_in_yaml_are_found_where_they_are() {
        for space in ['\u{A0}', '\u{202F}', '\u{2007}', '\u{3000}'] {
            for (text, line, column) in [
                (format!("- id: a\n{space}{space}title: b\n"), 2, 1),
                (format!("- id: a\n {space}title: b\n"), 2, 2),
                (format!("- id: a\n  title:{space}b\n"), 2, 9),
                (format!("- id:{space}a\n  title: b\n"), 1, 6),
                (format!("-{space}id: a\n  title: b\n"), 1, 2),
            ] {
                let message = format!("invalid YAML: {}", special_space(space));
                assert_eq!(error(&text), (line, column, message), "{text:?}");
            }
        }
    }

    #[test]
    fn spaces_that_change_what_the_parser_reads_are_found() {
        let first = |text: &str| {
            let source: Arc<Source> = Source::new("a.yaml", text);
            let mut report = crate::diagnostic::Report::new();
            let node = yaml::read(&source, 0..source.text.len(), &mut report);
            assert_eq!(node.is_none(), !report.is_empty(), "{text:?}");
            report.diagnostics().first().map(|found| {
                assert!(found.message.contains("a non-breaking space (U+00A0)"), "{text:?}: {}", found.message);
                found.place().expect("a place").line_column()
            })
        };
        for (text, place) in [
            ("title:~About\n", (1, 7)),
            ("base-url:~x\n", (1, 10)),
            ("a: b\nc:\n  d:~e\n", (3, 5)),
            ("- id:~mfa\n", (1, 6)),
            ("- id: a\n  b:\n    - c:~d\n", (3, 9)),
            ("a:\n~ name: b\n", (2, 1)),
            ("a:\n  -~b\n  -~c\n", (2, 4)),
            ("~- id: a\n", (1, 1)),
            ("details~: a\n", (1, 8)),
            ("data~categories: a\n", (1, 5)),
            ("a: {b:~c}\n", (1, 7)),
            ("a: \"b\"~\n", (1, 7)),
            ("a: \"b\"~# c\n", (1, 7)),
            ("- {a: 'b'~, c: d}\n", (1, 10)),
        ] {
            assert_eq!(first(&text.replace('~', "\u{A0}")), Some(place), "{text:?}");
        }
        for text in [
            "a: 10~kg\n",
            "a: b:~c\n",
            "a: \"b:~c\"\n",
            "a: |\n  b:~c\n  ~d\n",
            "a: >-\n  b:~c\n",
            "a: Note:~c\n",
            "- a~b\n- c: ~d\n",
            "a: b\n  ~c\n",
            "\"a~b\": c\n",
            "a: b # c:~d\n",
        ] {
            assert_eq!(first(&text.replace('~', "\u{A0}")), None, "{text:?}");
        }
    }

    #[test]
    fn tabs_are_found_on_their_line() {
        for (text, line, column) in [
            ("- id: a\n\ttitle: b\n", 2, 1),
            ("- id: a\n  title: b\n\tstatus: c\n", 3, 1),
            ("- id: a\n  title: b\n \tstatus: c\n", 3, 2),
            ("a:\n\tb: c\n", 2, 1),
        ] {
            let message = "invalid YAML: this line is indented with a tab".to_owned();
            assert_eq!(error(text), (line, column, message), "{text:?}");
        }
    }

    #[test]
    fn empty_lists_that_were_left_in_place_are_found() {
        for (text, line) in
            [("[]\n- id: a\n", 1), ("# no items\n[]  \n- id: a\n  b: c\n", 2), ("- id: a\n  b: c\n[] # none\n", 3)]
        {
            let message = "invalid YAML: `[]` is an empty list, but the file has items".to_owned();
            assert_eq!(error(text), (line, 1, message), "{text:?}");
        }
        let message = "invalid YAML: `[ ]` is an empty list, but the file has items".to_owned();
        assert_eq!(error("# none\n[ ]\n- id: a\n"), (2, 1, message));
    }

    #[test]
    fn comments_that_hide_a_closing_bracket_are_found() {
        let message = "invalid YAML: `#` begins a comment here, which hides the closing bracket".to_owned();
        for (text, line, column) in [
            ("theme: {accent: #0b5fff}\n", 1, 17),
            ("a: b\ntheme: {accent: #0b5fff}\nc: d\n", 2, 17),
            ("colors: [red, #0b5fff]\n", 1, 15),
        ] {
            assert_eq!(error(text), (line, column, message.clone()), "{text:?}");
        }
    }
}
