//! Blocks -> one line, for texts that stand within a sentence or a heading.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::Spanned;

/// Drops what blocks add, and sets their contents apart by a blank.
pub(super) fn flatten(events: Vec<Spanned<'_>>) -> Vec<Spanned<'_>> {
    let mut line: Vec<Spanned<'_>> = Vec::with_capacity(events.len());
    let mut apart = false;
    let mut code_block = false;
    for (event, range) in events {
        let event = match event {
            Event::Start(tag) if is_block(&tag) => {
                code_block = matches!(tag, Tag::CodeBlock(_));
                apart = true;
                continue;
            }
            Event::End(tag) if is_block_end(tag) => {
                code_block = false;
                apart = true;
                continue;
            }
            Event::Rule => {
                apart = true;
                continue;
            }
            Event::HardBreak => Event::SoftBreak,
            Event::Html(html) => Event::InlineHtml(html),
            Event::Text(code) if code_block => Event::Code(code),
            inline => inline,
        };
        if apart && !line.is_empty() {
            line.push((Event::Text(" ".into()), range.start..range.start));
        }
        apart = false;
        line.push((event, range));
    }
    line
}

fn is_block(tag: &Tag<'_>) -> bool {
    is_block_end(tag.to_end())
}

fn is_block_end(tag: TagEnd) -> bool {
    !matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image
    )
}
