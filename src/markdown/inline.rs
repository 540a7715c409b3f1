//! Flattens blocks into one line, for use inside a sentence or a heading.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::Spanned;

/// Removes the tags of blocks, and separates their content with spaces.
pub(super) fn flatten(events: Vec<Spanned<'_>>) -> Vec<Spanned<'_>> {
    let mut line: Vec<Spanned<'_>> = Vec::with_capacity(events.len());
    let mut pending_space = false;
    let mut code_block = false;
    for (event, range) in events {
        let event = match event {
            Event::Start(tag) if is_block(&tag) => {
                code_block = matches!(tag, Tag::CodeBlock(_));
                pending_space = true;
                continue;
            }
            Event::End(tag) if is_block_end(tag) => {
                code_block = false;
                pending_space = true;
                continue;
            }
            Event::Rule => {
                pending_space = true;
                continue;
            }
            Event::HardBreak => Event::SoftBreak,
            Event::Html(html) => Event::InlineHtml(html),
            Event::Text(code) if code_block => Event::Code(code),
            inline => inline,
        };
        if pending_space && !line.is_empty() {
            line.push((Event::Text(" ".into()), range.start..range.start));
        }
        pending_space = false;
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
