//! Reads array and object literals in JavaScript, TypeScript and JSON.
//!
//! Only literals are read. An expression (a call, a variable, a template literal with a placeholder) has a value that only the
//! program knows, so it becomes [`Value::Code`].

use std::cell::Cell;

use super::data::{DataEntry, DataNode, Value};

/// The maximum depth of nested literals.
const MAX_DEPTH: usize = 32;

/// The maximum number of bytes that are read, counting those that are read again because they were no literal.
const MAX_WORK: usize = 64 * 1024 * 1024;

/// Returns the outermost literals that are assigned, exported, returned or passed in a program, in their order, each with the name
/// of the variable that it is assigned to.
pub fn literals(text: &str) -> Vec<(Option<String>, DataNode)> {
    let mut found = Vec::new();
    let mut at = 0;
    // The last character of code before the current one, which shows whether a brace begins an object or a block.
    let mut before = String::new();
    let work = Cell::new(0);
    while at < text.len() && work.get() < MAX_WORK {
        let reader = Reader { text, at, work: &work };
        if let Some(end) = reader.ignored() {
            at = end;
            if !before.ends_with(' ') {
                before.push(' ');
            }
            continue;
        }
        let Some(c) = text[at..].chars().next() else { break };
        let literal = c == '[' || (c == '{' && begins_object(&before));
        if literal
            && let Some((node, end)) = (Reader { text, at, work: &work }).value(0)
            && matches!(node.value, Value::List(_) | Value::Map(_))
        {
            at = end;
            // `Vendor[]` is a type, and an empty list has nothing to import.
            if matches!(&node.value, Value::List(items) if items.is_empty()) {
                before.push_str("[]");
                continue;
            }
            found.push((variable(&before), node));
            before.clear();
            continue;
        }
        if matches!(c, '"' | '\'' | '`') {
            at = reader.string().map_or(at + 1, |(_, end)| end);
            before = "\"".to_owned();
            continue;
        }
        before.push(c);
        if before.len() > 512 {
            before = before.chars().skip(before.chars().count() / 2).collect();
        }
        at += c.len_utf8();
    }
    found
}

/// Returns the name of the variable that is assigned after this code: `export const former: Vendor[] =`.
fn variable(before: &str) -> Option<String> {
    let declared = before.trim_end().strip_suffix('=')?;
    let start = ["const ", "let ", "var "].iter().filter_map(|word| Some(declared.rfind(word)? + word.len())).max();
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let name = match start {
        Some(start) => declared[start..].trim_start().split(|c| !is_name(c)).next()?,
        // `exports.former =`
        None => declared.trim_end().rsplit(|c| !is_name(c)).next()?,
    };
    (!name.is_empty()).then(|| name.to_owned())
}

/// Whether a brace after this code begins an object.
fn begins_object(before: &str) -> bool {
    let before = before.trim_end();
    before.is_empty()
        || before.ends_with(['=', '(', ':', ','])
        || before.ends_with("default")
        || before.ends_with("return")
}

/// Reads literals at a position.
struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// The number of bytes that were read.
    work: &'t Cell<usize>,
}

impl<'t> Reader<'t> {
    fn spend(&self, bytes: usize) {
        self.work.set(self.work.get().saturating_add(bytes));
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// Returns the end of the white space or comment at the position.
    fn ignored(&self) -> Option<usize> {
        let rest = self.rest();
        let space = rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}').len();
        let length = match () {
            () if space > 0 => space,
            () if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            () if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            () => return None,
        };
        self.spend(length);
        Some(self.at + length)
    }

    fn skip(&mut self) {
        while let Some(end) = self.ignored() {
            self.at = end;
        }
    }

    fn eat(&mut self, expected: &str) -> bool {
        self.skip();
        let found = self.rest().starts_with(expected);
        if found {
            self.at += expected.len();
        }
        found
    }

    /// Reads a value and returns its end.
    fn value(mut self, depth: usize) -> Option<(DataNode, usize)> {
        let node = self.node(depth)?;
        Some((node, self.at))
    }

    fn node(&mut self, depth: usize) -> Option<DataNode> {
        if depth > MAX_DEPTH || self.work.get() > MAX_WORK {
            return None;
        }
        self.spend(1);
        self.skip();
        let start = self.at;
        let value = match self.rest().chars().next()? {
            '[' => Value::List(self.list(depth)?),
            '{' => Value::Map(self.map(depth)?),
            '"' | '\'' | '`' => {
                let (text, end) = self.string()?;
                self.at = end;
                text
            }
            _ => self.word()?,
        };
        let range = start..self.at;
        if depth == 0 {
            return Some(DataNode { value, range });
        }
        // `"a" + b` is an expression; `"a" as const` is not.
        self.skip();
        let rest = self.rest();
        if rest.starts_with("as ") || rest.starts_with("satisfies ") {
            self.expression();
        } else if !rest.starts_with([',', ']', '}']) {
            self.expression();
            let range = start..self.at;
            return Some(DataNode { value: Value::Code(self.text[range.clone()].trim().to_owned()), range });
        }
        Some(DataNode { value, range })
    }

    fn list(&mut self, depth: usize) -> Option<Vec<DataNode>> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            if self.eat("]") {
                return Some(items);
            }
            items.push(self.node(depth + 1)?);
            if !self.eat(",") {
                return self.eat("]").then_some(items);
            }
        }
    }

    fn map(&mut self, depth: usize) -> Option<Vec<DataEntry>> {
        self.at += 1;
        let mut entries = Vec::new();
        loop {
            if self.eat("}") {
                return Some(entries);
            }
            self.skip();
            let start = self.at;
            let key = self.key()?;
            self.skip();
            let value = match self.rest().chars().next()? {
                ':' => {
                    self.at += 1;
                    self.node(depth + 1)?
                }
                // `{ name }` and `...rest`: the value is in a variable.
                ',' | '}' => DataNode { value: Value::Code(key.clone()), range: start..self.at },
                _ => return None,
            };
            entries.push(DataEntry { key, value });
            if !self.eat(",") {
                return self.eat("}").then_some(entries);
            }
        }
    }

    fn key(&mut self) -> Option<String> {
        let rest = self.rest();
        if rest.starts_with(['"', '\'']) {
            let (key, end) = self.string()?;
            self.at = end;
            let Value::Text(key) = key else { return None };
            return Some(key);
        }
        if rest.starts_with("...") {
            let start = self.at;
            self.expression();
            return Some(self.text[start..self.at].trim().to_owned());
        }
        let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(rest.len());
        self.at += length;
        (length > 0).then(|| rest[..length].to_owned())
    }

    /// Reads a string, and returns its end. A template literal with a placeholder is code.
    fn string(&self) -> Option<(Value, usize)> {
        let quote = self.rest().chars().next()?;
        let mut text = String::new();
        let mut characters = self.text[self.at + 1..].char_indices();
        let mut code = false;
        while let Some((offset, c)) = characters.next() {
            self.spend(1);
            match c {
                c if c == quote => {
                    let end = self.at + 1 + offset + 1;
                    let value = if code { Value::Code(self.text[self.at..end].to_owned()) } else { Value::Text(text) };
                    return Some((value, end));
                }
                '\n' if quote != '`' => return None,
                '$' if quote == '`' && self.text[self.at + 1 + offset..].starts_with("${") => code = true,
                '\\' => match characters.next()?.1 {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    'r' | '\n' => {}
                    'b' | 'f' | 'v' | '0' => text.push(' '),
                    'x' => text.push(escaped(&mut characters, 2)?),
                    'u' => text.push(unicode(&mut characters)?),
                    other => text.push(other),
                },
                c => text.push(c),
            }
        }
        None
    }

    /// Reads a number or a word.
    fn word(&mut self) -> Option<Value> {
        let rest = self.rest();
        let length = rest.find(|c: char| !(c.is_alphanumeric() || "_$.+-".contains(c))).unwrap_or(rest.len());
        if length == 0 {
            let start = self.at;
            self.expression();
            return (self.at > start).then(|| Value::Code(self.text[start..self.at].trim().to_owned()));
        }
        self.at += length;
        let word = &rest[..length];
        Some(match word {
            "null" | "undefined" => Value::Null,
            "true" | "false" => Value::Text(word.to_owned()),
            number if number.parse::<f64>().is_ok() => Value::Text(number.to_owned()),
            name => Value::Code(name.to_owned()),
        })
    }

    /// Skips an expression: up to a comma or a closing bracket outside of brackets and strings.
    fn expression(&mut self) {
        let mut depth = 0_usize;
        while let Some(c) = self.rest().chars().next() {
            self.spend(1);
            if self.work.get() > MAX_WORK {
                return;
            }
            if let Some(end) = self.ignored() {
                self.at = end;
                continue;
            }
            match c {
                '"' | '\'' | '`' => {
                    self.at = self.string().map_or(self.at + 1, |(_, end)| end);
                    continue;
                }
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' if depth == 0 => return,
                ')' | ']' | '}' => depth -= 1,
                ',' if depth == 0 => return,
                _ => {}
            }
            self.at += c.len_utf8();
        }
    }
}

/// Reads `41` of `\x41`.
fn escaped(characters: &mut std::str::CharIndices<'_>, digits: usize) -> Option<char> {
    let mut number = 0;
    for _ in 0..digits {
        number = number * 16 + characters.next()?.1.to_digit(16)?;
    }
    char::from_u32(number)
}

/// Reads `00e9` of `\u00e9`, `{1F600}` of `\u{1F600}`, or a pair of surrogates.
fn unicode(characters: &mut std::str::CharIndices<'_>) -> Option<char> {
    let mut hex = String::new();
    let first = characters.next()?.1;
    if first == '{' {
        loop {
            match characters.next()?.1 {
                '}' => break,
                c => hex.push(c),
            }
        }
        return char::from_u32(u32::from_str_radix(&hex, 16).ok()?);
    }
    let mut number = first.to_digit(16)?;
    for _ in 0..3 {
        number = number * 16 + characters.next()?.1.to_digit(16)?;
    }
    if (0xD800..0xDC00).contains(&number) {
        (characters.next()?.1 == '\\' && characters.next()?.1 == 'u').then_some(())?;
        let mut low = 0;
        for _ in 0..4 {
            low = low * 16 + characters.next()?.1.to_digit(16)?;
        }
        number = 0x10000 + ((number - 0xD800) << 10) + low.checked_sub(0xDC00)?;
    }
    char::from_u32(number)
}

/// Reads a JSON text, whose syntax is already known to be valid.
pub fn json(text: &str) -> Option<DataNode> {
    let work = Cell::new(0);
    Reader { text, at: 0, work: &work }.value(0).map(|(node, _)| node)
}

#[cfg(test)]
mod tests {
    use super::literals;
    use crate::import::data::Value;

    #[test]
    fn reads_literals_of_programs() {
        let text = r#"
            // [not, this]
            import { a } from "./[x]";
            export const list: Vendor[] = [
              { name: 'Alfa', "purpose": `Host\u0069ng`, data: ["Logs", 'IP\x41'], n: 1.5, on: true, none: null, },
              { name: t("beta"), purpose: "a" + b, ...rest, short, location: "DE" as const }, /* end */
            ] as const;
            function f() { return [1]; }
        "#;
        let found = literals(text);
        let Some(Value::List(items)) = found
            .iter()
            .map(|(_, node)| &node.value)
            .find(|value| matches!(value, Value::List(items) if items.len() == 2))
        else {
            panic!("{found:#?}")
        };
        assert!(found.iter().any(|(name, _)| name.as_deref() == Some("list")), "{found:?}");
        let shown: Vec<String> = items.iter().map(|item| item.value.shown()).collect();
        assert_eq!(shown[0], "{name: Alfa, purpose: Hosting, data: [Logs, IPA], n: 1.5, on: true, none: }");
        assert_eq!(
            shown[1],
            "{name: ${t(\"beta\")}, purpose: ${\"a\" + b}, ...rest: ${...rest}, short: ${short}, location: DE}"
        );
    }

    #[test]
    fn ends_for_any_text() {
        for text in
            ["[", "[[[[", "[{", "[{a", "[{a:", "[\"", "`${", "{", "[/*", "[a b c", "= {a: (", "[\\", "[\"\\u12", "[,]"]
        {
            let _ = literals(text);
        }
        let _ = literals(&"[".repeat(100_000));
        let _ = literals(&"[{a:".repeat(20_000));
    }
}
