//! Markdown as plain text for people, such as the text of a message: without markers, and with the addresses of links.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// Formats block-level Markdown as plain text. Blocks are separated by empty lines, elements of lists begin with `-` or a number, and
/// the address of a link follows its text in parentheses.
pub fn plain(text: &str) -> String {
    let mut plain = Plain::default();
    Parser::new_ext(text, super::dialect(text)).for_each(|event| plain.event(event));
    plain.text.trim().to_owned()
}

#[derive(Default)]
struct Plain {
    text: String,
    /// The open lists, outermost first, each with the next number if it has numbers.
    lists: Vec<Option<u64>>,
    /// The open links, each with its address and where its text starts.
    links: Vec<(String, usize)>,
    /// Whether the text ends with a marker, which the next block follows on the same line.
    is_marked: bool,
}

impl Plain {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.open(tag),
            Event::End(tag) => self.close(tag),
            Event::Text(text)
            | Event::Code(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text) => {
                let indent = self.indent();
                self.push(&text.trim_end_matches('\n').replace('\n', &format!("\n{indent}")));
            }
            Event::SoftBreak => self.push(" "),
            Event::HardBreak => self.line(),
            Event::Rule => {
                self.block();
                self.push("---");
            }
            Event::FootnoteReference(label) => self.push(&format!("[{label}]")),
            Event::TaskListMarker(done) => self.push(if done { "[x] " } else { "[ ] " }),
        }
    }

    fn open(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::List(start) => {
                if self.lists.is_empty() {
                    self.block();
                }
                self.lists.push(start);
            }
            Tag::Item => {
                let marker = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                };
                let indent = "  ".repeat(self.lists.len().saturating_sub(1));
                self.end_line();
                self.push(&indent);
                self.mark(&marker);
            }
            Tag::FootnoteDefinition(label) => {
                self.block();
                self.mark(&format!("[{label}] "));
            }
            Tag::Paragraph | Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::Table(_) => self.block(),
            Tag::TableRow => self.line(),
            Tag::Link { dest_url, .. } => self.links.push((dest_url.into_string(), self.text.len())),
            _ => {}
        }
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::TableCell => self.push("  "),
            TagEnd::Link => {
                let Some((address, start)) = self.links.pop() else { return };
                let shown = address.strip_prefix("mailto:").unwrap_or(&address);
                if &self.text[start..] != shown {
                    let address = format!(" ({shown})");
                    self.push(&address);
                }
            }
            _ => {}
        }
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.is_marked &= text.is_empty();
    }

    fn mark(&mut self, marker: &str) {
        self.push(marker);
        self.is_marked = true;
    }

    fn indent(&self) -> String {
        "  ".repeat(self.lists.len())
    }

    fn end_line(&mut self) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    /// Starts a line of the same block.
    fn line(&mut self) {
        self.end_line();
        let indent = self.indent();
        self.push(&indent);
    }

    /// Starts a block: after an empty line, or after a marker on the same line.
    fn block(&mut self) {
        if std::mem::take(&mut self.is_marked) {
            return;
        }
        self.end_line();
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
        let indent = self.indent();
        self.push(&indent);
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn has_no_markers_and_states_the_addresses() {
        for (markdown, text) in [
            ("Ohio & **New _Mail_**, `a*b`.", "Ohio & New Mail, a*b."),
            ("### Why\n\nWe\ngrow\\*.  \nSoon.", "Why\n\nWe grow*.\nSoon."),
            ("See [the list](https://a.example/x).", "See the list (https://a.example/x)."),
            ("<https://a.example/x> or <a@b.example>", "https://a.example/x or a@b.example"),
            ("[Write](mailto:a@b.example)", "Write (a@b.example)"),
            (
                "Both:\n\n- one\n- [two](https://a.example)\n  - deep\n\nEnd",
                "Both:\n\n- one\n- two (https://a.example)\n  - deep\n\nEnd",
            ),
            ("3. one\n\n   more\n\n4. two", "3. one\n\n  more\n4. two"),
            ("> quoted\n\n---\n\n```\na\n  b\n```", "quoted\n\n---\n\na\n  b"),
            ("- [x] done\n- [ ] open", "- [x] done\n- [ ] open"),
            ("| a | b |\n| --- | --- |\n| c | d |", "a  b\nc  d"),
            ("Note[^n].\n\n[^n]: Why.", "Note[n].\n\n[n] Why."),
            ("![A diagram](flow.svg)", "A diagram"),
            ("", ""),
        ] {
            assert_eq!(plain(markdown), text, "{markdown}");
        }
    }
}
