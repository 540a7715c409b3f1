//! Writes HTML. This is the only code that writes a `<`.
//!
//! Elements: p, h1-h6, blockquote, pre, code, ul, ol, li, table parts, em, strong, del, a, img, br, hr, sup, input, and span
//! in task lists and after links to what the site no longer has, and a div or section around tables and footnotes. Attributes: id, class, href, title, src, alt, start,
//! scope, role, aria-label, aria-hidden, tabindex, loading, decoding, type, checked, disabled. Property tests verify both
//! lists.

mod links;
mod notes;

use std::ops::Range;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, Tag, TagEnd};

use super::footnotes::Footnotes;
use super::outline::{self, Outline};
use super::{Labels, RenderOptions, Rendered, RenderedLink, Spanned, TextDiagnostic, excerpt, text_diagnostic};
use crate::diagnostic::Code;
use crate::text::html;

/// Writes a Markdown document as HTML.
pub(super) fn write(text: &str, events: &[Spanned<'_>], options: &RenderOptions) -> Rendered {
    let mut outline = outline::of(events, options);
    let mut diagnostics = std::mem::take(&mut outline.diagnostics);
    let footnotes = Footnotes::of(events, &mut diagnostics);
    let mut writer = Writer {
        events,
        ends: ends(events),
        options,
        outline,
        footnotes,
        level: 6,
        table: Table::default(),
        links: Vec::new(),
        html: String::with_capacity(text.len() * 2),
        text: String::with_capacity(text.len()),
        found: Vec::new(),
        diagnostics,
        refused_html: false,
    };
    writer.run(0..events.len());
    writer.endnotes();
    writer.footnotes.unused(&mut writer.diagnostics);
    writer.text.truncate(writer.text.trim_end().len());
    Rendered {
        html: writer.html,
        text: writer.text,
        headings: writer.outline.headings,
        links: writer.found,
        diagnostics: writer.diagnostics,
    }
}

struct Writer<'a> {
    events: &'a [Spanned<'a>],
    /// For each start event, the index of its end event.
    ends: Vec<usize>,
    options: &'a RenderOptions<'a>,
    outline: Outline,
    footnotes: Footnotes,
    /// Level of the open heading.
    level: u8,
    table: Table,
    /// The links that are open, outermost first.
    links: Vec<OpenLink>,
    html: String,
    text: String,
    found: Vec<RenderedLink>,
    diagnostics: Vec<TextDiagnostic>,
    /// Whether raw HTML was reported.
    refused_html: bool,
}

/// How an open link is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OpenLink {
    /// As a link.
    Written,
    /// As text, because its address is not allowed.
    Refused,
    /// As text with a remark, because the site no longer has its target.
    Gone,
}

/// The table that is being written.
#[derive(Default)]
struct Table {
    /// Number in the text, starting at 1.
    number: usize,
    alignments: Vec<Alignment>,
    column: usize,
    head: bool,
    body: bool,
    /// Element name of the cell.
    cell: &'static str,
}

impl Writer<'_> {
    /// Writes a range of events. Footnote definitions are skipped; they are written at the end.
    fn run(&mut self, range: Range<usize>) {
        let events = self.events;
        let mut index = range.start;
        while index < range.end {
            let (event, place) = &events[index];
            match event {
                Event::Start(Tag::FootnoteDefinition(_)) => index = self.end_of(index),
                Event::Start(Tag::Image { link_type, dest_url, title, .. }) => {
                    let end = self.end_of(index);
                    let alt = plain_text(&events[index + 1..end]);
                    self.image(*link_type, dest_url, title, alt.trim(), place);
                    index = end;
                }
                Event::Start(Tag::HtmlBlock) => {
                    let end = self.end_of(index);
                    let html = plain_text(&events[index + 1..end]);
                    self.refuse_html(&html, place);
                    self.tag("<p>");
                    self.push_text(html.trim_end());
                    self.tag("</p>\n");
                    self.line();
                    index = end;
                }
                Event::Start(Tag::TableCell) => {
                    let empty = matches!(events.get(index + 1), Some((Event::End(TagEnd::TableCell), _)));
                    self.open_cell(empty);
                }
                Event::Start(Tag::Item) if self.is_task(index) => self.tag("<li class=\"task\">"),
                Event::Start(tag) => self.open(tag, place),
                Event::End(tag) => self.close(*tag),
                Event::Text(text) | Event::InlineMath(text) | Event::DisplayMath(text) => self.push_text(text),
                Event::Code(code) => {
                    self.tag("<code>");
                    self.push_text(code);
                    self.tag("</code>");
                }
                Event::Html(html) | Event::InlineHtml(html) => {
                    self.refuse_html(html, place);
                    self.push_text(html);
                }
                Event::FootnoteReference(label) => self.refer(label),
                Event::SoftBreak => {
                    self.tag("\n");
                    self.text.push(' ');
                }
                Event::HardBreak => {
                    self.tag("<br>\n");
                    self.text.push('\n');
                }
                Event::Rule => self.tag("<hr>\n"),
                Event::TaskListMarker(done) => self.task_marker(*done),
            }
            index += 1;
        }
    }

    /// Returns the index of the end event for a start event.
    fn end_of(&self, start: usize) -> usize {
        self.ends[start]
    }

    fn open(&mut self, tag: &Tag<'_>, place: &Range<usize>) {
        if matches!(tag, Tag::Heading { .. } | Tag::BlockQuote(_) | Tag::CodeBlock(_) | Tag::List(_) | Tag::Table(_)) {
            self.line();
        }
        match tag {
            Tag::Paragraph => self.tag("<p>"),
            Tag::Heading { .. } => self.open_heading(place),
            Tag::BlockQuote(_) => self.tag("<blockquote>\n"),
            Tag::CodeBlock(kind) => {
                self.tag("<pre><code");
                if let CodeBlockKind::Fenced(info) = kind
                    && let Some(language) = info.split([' ', '\t', ',']).next().filter(|word| is_language(word))
                {
                    self.attribute("class", &format!("language-{language}"));
                }
                self.tag(">");
            }
            Tag::List(None) => self.tag("<ul>\n"),
            Tag::List(Some(1)) => self.tag("<ol>\n"),
            Tag::List(Some(start)) => {
                self.tag("<ol");
                self.attribute("start", &start.to_string());
                self.tag(">\n");
            }
            Tag::Item => self.tag("<li>"),
            Tag::Table(alignments) => {
                self.table =
                    Table { number: self.table.number + 1, alignments: alignments.clone(), ..Table::default() };
                self.tag("<section class=\"scroll\" tabindex=\"0\"");
                let label = self.label(self.options.labels.table, self.table.number);
                self.attribute("aria-label", &label);
                self.tag("><table>\n");
            }
            Tag::TableHead => {
                self.table.head = true;
                self.table.column = 0;
                self.tag("<thead>\n<tr>");
            }
            Tag::TableRow => {
                if !std::mem::replace(&mut self.table.body, true) {
                    self.tag("<tbody>\n");
                }
                self.table.column = 0;
                self.tag("<tr>");
            }
            Tag::Emphasis => self.tag("<em>"),
            Tag::Strong => self.tag("<strong>"),
            Tag::Strikethrough => self.tag("<del>"),
            Tag::Link { link_type, dest_url, title, .. } => self.open_link(*link_type, dest_url, title, place),
            // Handled in `run`, or not enabled.
            Tag::Image { .. } | Tag::HtmlBlock | Tag::FootnoteDefinition(_) | Tag::TableCell => {}
            Tag::MetadataBlock(_) | Tag::DefinitionList | Tag::DefinitionListTitle | Tag::DefinitionListDefinition => {}
            Tag::Superscript | Tag::Subscript => {}
        }
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.tag("</p>\n"),
            TagEnd::Heading(_) => {
                let level = self.level;
                self.tag(&format!("</h{level}>\n"));
            }
            TagEnd::BlockQuote(_) => self.tag("</blockquote>\n"),
            TagEnd::CodeBlock => self.tag("</code></pre>\n"),
            TagEnd::List(false) => self.tag("</ul>\n"),
            TagEnd::List(true) => self.tag("</ol>\n"),
            TagEnd::Item => self.tag("</li>\n"),
            TagEnd::Table => {
                if self.table.body {
                    self.tag("</tbody>\n");
                }
                self.tag("</table></section>\n");
            }
            TagEnd::TableHead => {
                self.table.head = false;
                self.tag("</tr>\n</thead>\n");
            }
            TagEnd::TableRow => self.tag("</tr>\n"),
            TagEnd::TableCell => {
                self.html.push_str("</");
                self.html.push_str(self.table.cell);
                self.tag(">");
                self.text.push('\t');
                return;
            }
            TagEnd::Emphasis => self.tag("</em>"),
            TagEnd::Strong => self.tag("</strong>"),
            TagEnd::Strikethrough => self.tag("</del>"),
            TagEnd::Link => self.close_link(),
            _ => {}
        }
        if !matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link) {
            self.line();
        }
    }

    fn open_heading(&mut self, place: &Range<usize>) {
        // Find the heading by its place, because headings in footnotes are not written in the order of the text.
        let headings = &self.outline.headings;
        let Ok(index) = headings.binary_search_by_key(&place.start, |heading| heading.range.start) else { return };
        let (level, id) = (headings[index].level, headings[index].id.clone());
        let classes = self.outline.classes[index].join(" ");
        self.level = level;
        self.tag(&format!("<h{level}"));
        self.attribute("id", &id);
        if !classes.is_empty() {
            self.attribute("class", &classes);
        }
        self.tag(">");
    }

    fn open_cell(&mut self, empty: bool) {
        // An empty header cell is not a header.
        let header = self.table.head && !empty;
        self.table.cell = if header { "th" } else { "td" };
        self.html.push('<');
        self.html.push_str(self.table.cell);
        if header {
            self.attribute("scope", "col");
        }
        let class = match self.table.alignments.get(self.table.column) {
            Some(Alignment::Left) => Some("align-left"),
            Some(Alignment::Center) => Some("align-center"),
            Some(Alignment::Right) => Some("align-right"),
            Some(Alignment::None) | None => None,
        };
        if let Some(class) = class {
            self.attribute("class", class);
        }
        self.tag(">");
        self.table.column += 1;
    }

    /// Whether the list item that starts here is a task. Its first event is the marker, or a paragraph with the marker in a loose
    /// list.
    fn is_task(&self, start: usize) -> bool {
        let mut next = self.events[start + 1..].iter().map(|(event, _)| event);
        match next.next() {
            Some(Event::Start(Tag::Paragraph)) => matches!(next.next(), Some(Event::TaskListMarker(_))),
            first => matches!(first, Some(Event::TaskListMarker(_))),
        }
    }

    /// Writes the checkbox of a task. The state is also written as text that the theme hides visually, because feed readers
    /// remove form controls, and assistive technology reads a disabled checkbox without a name.
    fn task_marker(&mut self, done: bool) {
        let Labels { task_done, task_open, .. } = self.options.labels;
        self.tag("<input type=\"checkbox\" disabled");
        if done {
            self.tag(" checked");
        }
        self.tag(" aria-hidden=\"true\"> <span class=\"vh\">");
        html::push(&mut self.html, if done { task_done } else { task_open });
        self.tag("</span> ");
        self.text.push_str(if done { "[x] " } else { "[ ] " });
    }

    fn refuse_html(&mut self, html: &str, place: &Range<usize>) {
        // Report `<b>x</b>` once, not twice.
        if html.starts_with("</") && self.refused_html {
            return;
        }
        self.refused_html = true;
        self.diagnostics.push(text_diagnostic(
            Code::HtmlRefused,
            place,
            format!("HTML is not allowed: `{}`", excerpt(html)),
            "use Markdown; for a literal `<`, write `\\<` or use backticks",
        ));
    }

    fn label(&self, label: &str, number: usize) -> String {
        label.replace("{n}", &number.to_string()).replace("{title}", self.options.title)
    }

    /// Writes markup from this module.
    fn tag(&mut self, markup: &str) {
        self.html.push_str(markup);
    }

    /// Writes text of the publisher, escaped.
    fn push_text(&mut self, text: &str) {
        html::push(&mut self.html, text);
        self.text.push_str(text);
    }

    fn attribute(&mut self, name: &'static str, value: &str) {
        self.html.push(' ');
        self.html.push_str(name);
        self.html.push_str("=\"");
        html::push(&mut self.html, value);
        self.html.push('"');
    }

    /// Ends a line of the plain text.
    fn line(&mut self) {
        self.text.truncate(self.text.trim_end().len());
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }
}

/// Returns the index of the end event for each start event. All are computed in one pass, because searching for each end would
/// be quadratic for deeply nested elements.
fn ends(events: &[Spanned<'_>]) -> Vec<usize> {
    let mut ends = vec![events.len().saturating_sub(1); events.len()];
    let mut open = Vec::new();
    for (index, (event, _)) in events.iter().enumerate() {
        match event {
            Event::Start(_) => open.push(index),
            Event::End(_) => open.pop().into_iter().for_each(|start| ends[start] = index),
            _ => {}
        }
    }
    ends
}

/// Returns the text of events, with a space for each line break.
fn plain_text(events: &[Spanned<'_>]) -> String {
    let mut text = String::new();
    for (event, _) in events {
        match event {
            Event::Text(part) | Event::Code(part) | Event::Html(part) | Event::InlineHtml(part) => text.push_str(part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

/// Whether the word is a language name that is safe in a class: `rust`, `c++`, `objective-c`.
fn is_language(word: &str) -> bool {
    (1..=32).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_+#.".contains(&b))
}
