//! Which parts of Markdown are text for readers, for rules that search it.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::{dialect, parse};

/// The byte ranges of a Markdown text by their role, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spans {
    /// Text that readers see, except for code: also the text of links.
    pub prose: Vec<Range<usize>>,
    /// Links and images, from their first bracket to their last.
    pub links: Vec<Range<usize>>,
}

/// Returns the parts of a Markdown text.
pub fn spans(text: &str) -> Spans {
    let mut spans = Spans::default();
    let mut code = false;
    for (event, range) in parse(text, dialect(text)).0 {
        match event {
            Event::Text(_) if !code => spans.prose.push(range),
            Event::Start(Tag::CodeBlock(_)) => code = true,
            Event::End(TagEnd::CodeBlock) => code = false,
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => spans.links.push(range),
            _ => {}
        }
    }
    spans.prose.sort_by_key(|range| range.start);
    spans.links.sort_by_key(|range| range.start);
    spans
}

#[cfg(test)]
mod tests {
    use super::spans;

    #[test]
    fn code_and_addresses_are_not_prose() {
        let text = "One `two` [three](https://four.test) <five@six.test> ![seven](eight.svg)\n\n```\nnine\n```\n\n[ten]: /eleven\n";
        let found = spans(text);
        let prose: String = found.prose.into_iter().map(|range| &text[range]).collect();
        assert_eq!(prose, "One  three five@six.test seven");
        let links: Vec<&str> = found.links.into_iter().map(|range| &text[range]).collect();
        assert_eq!(links, ["[three](https://four.test)", "<five@six.test>", "![seven](eight.svg)"]);
    }
}
