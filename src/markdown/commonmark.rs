//! Writes events as Markdown that every CommonMark parser reads as the same events.
//!
//! Everything that could start a block or an inline element is escaped, adjacent lists get different markers, and adjacent or nested
//! emphasis gets different delimiters. A property test parses what was written, and compares the events.

use pulldown_cmark::{Alignment, CodeBlockKind, Event, Parser, Tag, TagEnd};

/// Writes blocks, without a line feed at the end. If the text is followed by other text, a list at its end does not continue in
/// bullets that begin with `-`.
pub(super) fn write(events: &[Event<'_>], is_followed: bool) -> String {
    let nodes = nodes(events);
    blocks(&nodes, true, if is_followed { Position::Followed } else { Position::Inside }).join("\n")
}

/// An element with its content, or a single event.
enum Node<'e, 't> {
    Element(&'e Tag<'t>, Vec<Node<'e, 't>>),
    Leaf(&'e Event<'t>),
}

/// Groups events into elements.
fn nodes<'e, 't>(events: &'e [Event<'t>]) -> Vec<Node<'e, 't>> {
    // The open elements, each with what comes before it; the depth of the text is limited.
    let mut open: Vec<(&'e Tag<'t>, Vec<Node<'e, 't>>)> = Vec::new();
    let mut current = Vec::new();
    for event in events {
        match event {
            Event::Start(tag) => open.push((tag, std::mem::take(&mut current))),
            Event::End(_) => {
                if let Some((tag, before)) = open.pop() {
                    let content = std::mem::replace(&mut current, before);
                    current.push(Node::Element(tag, content));
                }
            }
            leaf => current.push(Node::Leaf(leaf)),
        }
    }
    while let Some((tag, before)) = open.pop() {
        let content = std::mem::replace(&mut current, before);
        current.push(Node::Element(tag, content));
    }
    current
}

fn is_inline(node: &Node<'_, '_>) -> bool {
    match node {
        Node::Leaf(Event::Rule) => false,
        Node::Leaf(_) => true,
        Node::Element(tag, _) => matches!(
            tag.to_end(),
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
        ),
    }
}

/// Where blocks are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Position {
    /// At the top, followed by other text.
    Followed,
    Item,
    /// Elsewhere.
    Inside,
}

/// Returns the lines of blocks. They are separated by empty lines if they are `spaced`.
fn blocks(nodes: &[Node<'_, '_>], spaced: bool, position: Position) -> Vec<String> {
    let markers = markers(nodes, position);
    let mut lines: Vec<String> = Vec::new();
    let mut at = 0;
    while at < nodes.len() {
        let start = at;
        let block = match &nodes[at] {
            node if is_inline(node) => {
                // The text of an item of a tight list, which is not in a paragraph.
                while nodes.get(at).is_some_and(is_inline) {
                    at += 1;
                }
                Inline::lines(&nodes[start..at])
            }
            Node::Element(tag, content) => {
                at += 1;
                element(tag, content, markers[start])
            }
            Node::Leaf(_) => {
                at += 1;
                // Neither a bullet nor an underline.
                vec!["___".to_owned()]
            }
        };
        if spaced && !lines.is_empty() && !block.is_empty() {
            lines.push(String::new());
        }
        lines.extend(block);
    }
    lines
}

/// Returns the bullet of each block that is a list. It differs from that of a list directly before, which it would continue, and
/// from that of the item that begins with it: `- - -` is a line across the page. Numbers are followed by a parenthesis instead of a
/// period if the bullet is `*`.
fn markers(nodes: &[Node<'_, '_>], position: Position) -> Vec<char> {
    let kind = |node: &Node<'_, '_>| match node {
        Node::Element(Tag::List(start), _) => Some(start.is_some()),
        _ => None,
    };
    let mut markers = vec!['-'; nodes.len()];
    for at in 1..nodes.len() {
        let continues = kind(&nodes[at]).is_some() && kind(&nodes[at]) == kind(&nodes[at - 1]);
        markers[at] = if continues && markers[at - 1] == '-' { '*' } else { '-' };
    }
    // A list of candor may follow.
    if position == Position::Followed && nodes.last().and_then(kind) == Some(false) && markers.last() == Some(&'-') {
        for at in (0..nodes.len()).rev().take_while(|at| kind(&nodes[*at]) == Some(false)) {
            markers[at] = if markers[at] == '-' { '*' } else { '-' };
        }
    }
    if position == Position::Item && nodes.first().and_then(kind) == Some(false) {
        markers[0] = '+';
    }
    markers
}

fn element(tag: &Tag<'_>, content: &[Node<'_, '_>], bullet: char) -> Vec<String> {
    match tag {
        Tag::Heading { level, .. } => {
            let text = Inline::one_line(content, false);
            vec![format!("{} {text}", "#".repeat(*level as usize)).trim_end().to_owned()]
        }
        Tag::BlockQuote(_) => {
            let lines = blocks(content, true, Position::Inside);
            let lines = if lines.is_empty() { vec![String::new()] } else { lines };
            lines.into_iter().map(|line| if line.is_empty() { ">".to_owned() } else { format!("> {line}") }).collect()
        }
        Tag::CodeBlock(kind) => code_block(kind, content),
        Tag::List(start) => list(*start, content, bullet),
        Tag::Table(alignments) => table(alignments, content),
        Tag::FootnoteDefinition(label) => {
            let is_text = content.first().is_some_and(|first| matches!(first, Node::Element(Tag::Paragraph, _)));
            let mut text = blocks(content, true, Position::Inside);
            // A line break before all text has no effect, and its backslash would be read as the address of a link.
            if is_text {
                let last = text.len().saturating_sub(1);
                let breaks = text[..last].iter().take_while(|line| *line == "\\").count();
                text.drain(..breaks);
            }
            let mut lines = indented(&format!("[^{label}]: "), 4, text);
            if let Some(first) = lines.first_mut().filter(|first| is_text && is_definition(first)) {
                // A backslash at the end, unless it is escaped itself, breaks the line.
                let backslashes = first.len() - first.trim_end_matches('\\').len();
                first.insert_str(first.len() - backslashes % 2, AFTER_WORD);
            }
            lines
        }
        // The rest are paragraphs.
        _ => Inline::lines(content),
    }
}

/// A comment after a note of one word. Without it, readers that know no footnotes would take the note for the address of a link.
const AFTER_WORD: &str = " <!-- -->";

/// Whether a line defines an address for links (CommonMark 0.31, section 4.7).
fn is_definition(line: &str) -> bool {
    Parser::new(line).reference_definitions().iter().next().is_some()
}

/// Puts a marker before the first line, and indents the others.
fn indented(marker: &str, indent: usize, lines: Vec<String>) -> Vec<String> {
    let mut lines = lines.into_iter();
    let first = lines.next().unwrap_or_default();
    let first = if first.is_empty() { marker.trim_end().to_owned() } else { format!("{marker}{first}") };
    let rest = lines.map(|line| if line.is_empty() { line } else { format!("{:indent$}{line}", "") });
    std::iter::once(first).chain(rest).collect()
}

fn list(start: Option<u64>, items: &[Node<'_, '_>], bullet: char) -> Vec<String> {
    /// The largest number of an item (CommonMark 0.31, section 5.2).
    const MAX_NUMBER: u64 = 999_999_999;
    let is_loose = items.iter().any(|item| match item {
        Node::Element(_, content) => {
            let has_paragraph = content.iter().any(|node| matches!(node, Node::Element(Tag::Paragraph, _)));
            has_paragraph || content.windows(2).any(|pair| needs_space(&pair[0], &pair[1]))
        }
        Node::Leaf(_) => false,
    });
    let mut lines = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let Node::Element(_, content) = item else { continue };
        let marker = match start {
            None => format!("{bullet} "),
            Some(start) => {
                let number = (start + at as u64).min(MAX_NUMBER);
                format!("{number}{} ", if bullet == '*' { ')' } else { '.' })
            }
        };
        if is_loose && !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(indented(&marker, marker.len(), blocks(content, is_loose, Position::Item)));
    }
    lines
}

/// Whether a block would continue the one before if no empty line was between them.
fn needs_space(before: &Node<'_, '_>, after: &Node<'_, '_>) -> bool {
    let tag = |node: &Node<'_, '_>| match node {
        Node::Element(tag, _) => Some(tag.to_end()),
        Node::Leaf(_) => None,
    };
    let is_empty = |node: Option<&Node<'_, '_>>| matches!(node, Some(Node::Element(_, content)) if content.is_empty());
    match (tag(before), after) {
        (Some(TagEnd::Table | TagEnd::FootnoteDefinition | TagEnd::BlockQuote(_)), _) => true,
        (Some(TagEnd::List(_)), after) if is_inline(after) => true,
        (_, Node::Element(Tag::Table(_), _)) => is_inline(before) || matches!(tag(before), Some(TagEnd::List(_))),
        (_, Node::Element(Tag::List(start), items)) => {
            is_inline(before) && (start.is_some_and(|start| start != 1) || is_empty(items.first()))
        }
        _ => false,
    }
}

fn code_block(kind: &CodeBlockKind<'_>, content: &[Node<'_, '_>]) -> Vec<String> {
    let text: String = content
        .iter()
        .filter_map(|node| if let Node::Leaf(Event::Text(text)) = node { Some(&**text) } else { None })
        .collect();
    let info = match kind {
        CodeBlockKind::Fenced(info) => escaped_in(info, &['\\', '`', '~', '*', '_']),
        CodeBlockKind::Indented => String::new(),
    };
    // The information after a fence of backticks cannot contain any.
    let mark = if info.contains('`') { '~' } else { '`' };
    let longest = text.split(|c| c != mark).map(str::len).max().unwrap_or(0);
    let fence = mark.to_string().repeat(3.max(longest + 1));
    let mut lines = vec![format!("{fence}{info}")];
    if !text.is_empty() {
        lines.extend(text.strip_suffix('\n').unwrap_or(&text).split('\n').map(str::to_owned));
    }
    lines.push(fence);
    lines
}

fn table(alignments: &[Alignment], rows: &[Node<'_, '_>]) -> Vec<String> {
    let mut lines = Vec::new();
    for row in rows {
        let Node::Element(tag, cells) = row else { continue };
        let cells: Vec<String> = cells
            .iter()
            .filter_map(
                |cell| if let Node::Element(_, content) = cell { Some(Inline::one_line(content, true)) } else { None },
            )
            .collect();
        lines.push(format!("| {} |", cells.join(" | ")));
        if matches!(tag, Tag::TableHead) {
            let rule = |alignment: &Alignment| match alignment {
                Alignment::None => "---",
                Alignment::Left => ":--",
                Alignment::Center => ":-:",
                Alignment::Right => "--:",
            };
            lines.push(format!("| {} |", alignments.iter().map(rule).collect::<Vec<_>>().join(" | ")));
        }
    }
    lines
}

/// Escapes these characters, and ampersands that could start a character reference.
fn escaped_in(text: &str, special: &[char]) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        if special.contains(&character) || is_reference(character, &text[at + character.len_utf8()..]) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

fn is_reference(character: char, after: &str) -> bool {
    character == '&' && after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '#')
}

/// A delimiter of emphasis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Delimiter {
    Opening,
    /// A closing one, and whether it could not close if a letter followed.
    Closing {
        needs_gap: bool,
    },
}

/// The text of one block.
#[derive(Default)]
struct Inline {
    out: String,
    /// The delimiters of the open emphasis, innermost last.
    open: Vec<char>,
    /// The offset after the last delimiter, and what it is.
    delimiter: Option<(usize, Delimiter)>,
    /// Where the line starts.
    line: usize,
    /// Where a reference to a footnote ended.
    reference: Option<usize>,
    /// Whether line breaks become spaces.
    one_line: bool,
    in_table: bool,
}

impl Inline {
    fn lines(nodes: &[Node<'_, '_>]) -> Vec<String> {
        let mut inline = Inline::default();
        inline.nodes(nodes);
        inline.end().split('\n').map(str::to_owned).collect()
    }

    fn one_line(nodes: &[Node<'_, '_>], in_table: bool) -> String {
        let mut inline = Inline { one_line: true, in_table, ..Inline::default() };
        inline.nodes(nodes);
        inline.end()
    }

    fn end(mut self) -> String {
        self.keep_last_space();
        self.out
    }

    fn nodes(&mut self, nodes: &[Node<'_, '_>]) {
        let mut at = 0;
        while at < nodes.len() {
            let mut text = String::new();
            while let Some(Node::Leaf(Event::Text(part) | Event::Html(part) | Event::InlineHtml(part))) = nodes.get(at)
            {
                text.push_str(part);
                at += 1;
            }
            if !text.is_empty() {
                self.text(&text);
                continue;
            }
            match &nodes[at] {
                Node::Leaf(event) => self.leaf(event),
                Node::Element(tag, content) => self.element(tag, content),
            }
            at += 1;
        }
    }

    fn leaf(&mut self, event: &Event<'_>) {
        match event {
            Event::Code(code) => self.code(code),
            Event::SoftBreak | Event::HardBreak if self.one_line => self.text(" "),
            Event::SoftBreak => {
                self.keep_last_space();
                self.out.push('\n');
                self.line = self.out.len();
            }
            Event::HardBreak => {
                self.keep_last_space();
                self.out.push_str("\\\n");
                self.line = self.out.len();
            }
            Event::FootnoteReference(label) => {
                self.out.push_str(&format!("[^{label}]"));
                self.reference = Some(self.out.len());
            }
            Event::TaskListMarker(is_done) => self.out.push_str(if *is_done { "[x] " } else { "[ ] " }),
            _ => {}
        }
    }

    fn element(&mut self, tag: &Tag<'_>, content: &[Node<'_, '_>]) {
        match tag {
            Tag::Emphasis => self.emphasis(1, content),
            Tag::Strong => self.emphasis(2, content),
            Tag::Strikethrough => {
                self.open("~~", content);
                self.nodes(content);
                self.close("~~");
            }
            Tag::Link { dest_url, title, .. }
                if self.reference == Some(self.out.len()) && title.is_empty() && is_autolink(dest_url, content) =>
            {
                let shown = dest_url.strip_prefix("mailto:").unwrap_or(dest_url);
                self.out.push_str(&format!("<{shown}>"));
            }
            Tag::Link { dest_url, title, .. } => {
                self.out.push('[');
                self.nodes(content);
                self.out.push_str(&self.target(dest_url, title));
            }
            Tag::Image { dest_url, title, .. } => {
                self.out.push_str("![");
                self.nodes(content);
                self.out.push_str(&self.target(dest_url, title));
            }
            _ => self.nodes(content),
        }
    }

    /// Writes the end of a link, from the bracket on.
    fn target(&self, address: &str, title: &str) -> String {
        let needs_brackets =
            address.is_empty() || address.contains(|c: char| c.is_whitespace() || c.is_control() || "()<".contains(c));
        let mut special = vec!['\\', '<', '>'];
        if self.in_table {
            special.push('|');
        }
        let address = escaped_in(address, &special);
        let address = if needs_brackets { format!("<{address}>") } else { address };
        if title.is_empty() {
            return format!("]({address})");
        }
        special.extend(['"', '*', '_', '`', '[', ']']);
        format!("]({address} \"{}\")", escaped_in(title, &special))
    }

    fn code(&mut self, code: &str) {
        let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        // The shortest run that the code does not contain would do, but a longer one is easier to read.
        let fence = "`".repeat(longest + 1);
        let is_spaced = code.starts_with(' ') && code.ends_with(' ') && !code.trim().is_empty();
        let space = if is_spaced || code.starts_with('`') || code.ends_with('`') { " " } else { "" };
        let code = if self.in_table { code.replace('|', "\\|") } else { code.to_owned() };
        self.out.push_str(&format!("{fence}{space}{code}{space}{fence}"));
    }

    /// Writes emphasis with delimiters of this length.
    fn emphasis(&mut self, length: usize, content: &[Node<'_, '_>]) {
        let before = self.delimiter.filter(|(at, _)| *at == self.out.len()).and_then(|_| self.out.chars().next_back());
        let parent = self.open.last().copied();
        let other = |mark: char| if mark == '*' { '_' } else { '*' };
        // A mark next to the same one would be read as one delimiter with it, so the one before counts more than the one around.
        let mark = match (parent, before) {
            (_, Some(before @ ('*' | '_'))) if parent != Some(before) => other(before),
            (Some(taken), _) | (None, Some(taken)) => other(taken),
            (None, None) => '*',
        };
        let delimiter = mark.to_string().repeat(length);
        self.open.push(mark);
        self.open(&delimiter, content);
        self.nodes(content);
        self.close(&delimiter);
        self.open.pop();
    }

    /// Writes a delimiter that opens. A letter before it is written as a character reference if the delimiter could not open there:
    /// between a letter and punctuation, or within a word (CommonMark 0.31, section 6.2).
    fn open(&mut self, delimiter: &str, content: &[Node<'_, '_>]) {
        let starts_with_letter = match content.first() {
            Some(Node::Leaf(Event::Text(text))) => text.starts_with(char::is_alphanumeric),
            _ => false,
        };
        let is_plain = starts_with_letter && !delimiter.starts_with('_') && self.open.len() < 2;
        if let Some(last) = self.out[self.line..].chars().next_back().filter(|last| last.is_alphanumeric() && !is_plain)
        {
            self.out.truncate(self.out.len() - last.len_utf8());
            self.out.push_str(&reference(last));
        }
        self.out.push_str(delimiter);
        self.delimiter = Some((self.out.len(), Delimiter::Opening));
    }

    fn close(&mut self, delimiter: &str) {
        self.keep_last_space();
        let ends_with_letter = self.out.ends_with(char::is_alphanumeric);
        let needs_gap = !ends_with_letter || delimiter.starts_with('_') || self.open.len() > 1;
        self.out.push_str(delimiter);
        self.delimiter = Some((self.out.len(), Delimiter::Closing { needs_gap }));
    }

    /// Writes a space at the end as a character reference: the parser would drop it, or a delimiter after it could not close.
    fn keep_last_space(&mut self) {
        if let Some(last) = self.out[self.line..].chars().next_back().filter(|last| last.is_whitespace()) {
            self.out.truncate(self.out.len() - last.len_utf8());
            self.out.push_str(&reference(last));
        }
    }

    fn text(&mut self, text: &str) {
        for (at, character) in text.char_indices() {
            let (before, after) = (&text[..at], &text[at + character.len_utf8()..]);
            let is_start = self.out.len() == self.line;
            let after_delimiter =
                self.delimiter.filter(|(end, _)| *end == self.out.len()).map(|(_, delimiter)| delimiter);
            let is_lost = character.is_whitespace() && (is_start || after_delimiter == Some(Delimiter::Opening));
            // Line feeds and other control characters can only come from character references.
            let is_raw = !character.is_control() || character == '\t' && !is_start;
            let is_joined =
                after_delimiter == Some(Delimiter::Closing { needs_gap: true }) && character.is_alphanumeric();
            if is_lost || !is_raw || is_joined {
                self.out.push_str(&reference(character));
                continue;
            }
            let follows_reference = self.reference == Some(self.out.len()) && [':', '('].contains(&character);
            let is_closing = self.one_line && !self.in_table && is_heading_end(character, after);
            if follows_reference
                || is_closing
                || is_special(character, before, after)
                || is_block_start(character, &self.out[self.line..], after)
            {
                self.out.push('\\');
            }
            self.out.push(character);
        }
    }
}

/// Whether a link can be written as `<https://…>` or `<name@…>`. Directly after a reference to a footnote, one in brackets would be
/// read as a part of it.
fn is_autolink(address: &str, content: &[Node<'_, '_>]) -> bool {
    let [Node::Leaf(Event::Text(text))] = content else { return false };
    let is_web = ["https://", "http://"].iter().any(|scheme| address.starts_with(scheme)) && **text == *address;
    let is_local = |c: char| c.is_ascii_alphanumeric() || "._-+".contains(c);
    let is_mail = address.strip_prefix("mailto:") == Some(text)
        && text.split_once('@').is_some_and(|(local, host)| {
            let is_label = |label: &str| label.chars().all(|c| c.is_ascii_alphanumeric()) && !label.is_empty();
            !local.is_empty() && local.chars().all(is_local) && host.split('.').all(is_label)
        });
    let is_plain = !address.contains(|c: char| c.is_whitespace() || c.is_control() || "<>|\\".contains(c));
    (is_web || is_mail) && is_plain
}

/// Returns a character reference.
fn reference(character: char) -> String {
    format!("&#{};", u32::from(character))
}

/// Whether a character of a text has a meaning anywhere in a line.
fn is_special(character: char, before: &str, after: &str) -> bool {
    match character {
        '\\' | '`' | '*' | '[' | ']' | '<' | '|' | '~' => true,
        // Not within a word.
        '_' => {
            let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            !is_word(before.chars().next_back()) || !is_word(after.chars().next())
        }
        // Would turn a following link into an image.
        '!' => after.is_empty(),
        _ => is_reference(character, after),
    }
}

/// Whether a character would start a block, or underline the line before. `line` is the line so far.
fn is_block_start(character: char, line: &str, after: &str) -> bool {
    match character {
        '#' | '>' | '-' | '+' | '=' => line.is_empty(),
        ':' => line.is_empty() && after.starts_with('-'),
        '.' | ')' => {
            (1..10).contains(&line.len())
                && line.bytes().all(|byte| byte.is_ascii_digit())
                && (after.is_empty() || after.starts_with(char::is_whitespace))
        }
        _ => false,
    }
}

/// Whether a character would close a heading, or its attributes.
fn is_heading_end(character: char, after: &str) -> bool {
    character == '#' && after.trim_start_matches('#').is_empty() || character == '}' && after.is_empty()
}

#[cfg(test)]
mod tests;
