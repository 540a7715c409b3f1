//! The parts of HTML and of templates that are code: tags with their attributes, scripts, style sheets and expressions. Everything
//! else is text that readers see, or a comment.

use std::ops::Range;

/// Returns the ranges of code in HTML or a template, in order. An element or expression that is not closed extends to the end.
pub fn code_ranges(text: &str) -> Vec<Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let end_of = |from: usize, end: &str| lower[from..].find(end).map_or(lower.len(), |at| from + at + end.len());
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(found) = lower[at..].find(['{', '<']) {
        let start = at + found;
        let rest = &lower[start..];
        let (end, is_code) = if rest.starts_with("{#") {
            (end_of(start, "#}"), false)
        } else if rest.starts_with("<!--") {
            (end_of(start, "-->"), false)
        } else if rest.starts_with("{{") {
            (end_of(start, "}}"), true)
        } else if rest.starts_with("{%") {
            (end_of(start, "%}"), true)
        } else if rest.starts_with('<')
            && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!')
        {
            let end = end_of_tag(&lower, start);
            let element = |name: &str| {
                rest[1..].strip_prefix(name).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
            };
            match ["script", "style"].into_iter().find(|name| element(name)) {
                Some(name) => (end_of(end, &format!("</{name}")), true),
                None => (end, true),
            }
        } else {
            (start + 1, false)
        };
        if is_code {
            ranges.push(start..end);
        }
        at = end;
    }
    ranges
}

/// Returns the end of the tag that begins at `start`. A `>` in a quoted attribute value does not end it.
fn end_of_tag(text: &str, start: usize) -> usize {
    let mut quote = None;
    for (at, c) in text[start..].char_indices() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '>') => return start + at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Returns whether a position is in one of the ranges, which are in order.
pub fn is_in_ranges(ranges: &[Range<usize>], at: usize) -> bool {
    let next = ranges.partition_point(|range| range.start <= at);
    next.checked_sub(1).is_some_and(|index| ranges[index].contains(&at))
}

#[cfg(test)]
mod tests {
    use super::{code_ranges, is_in_ranges};

    #[test]
    fn separates_code_from_text() {
        let text = "a <b title='x > y'>bold</b> {{ name }} 1 < 2 {# note #}<!-- <i> -->{% if a %}<SCRIPT src=a>f('<p>')</SCRIPT> é <style>b{}";
        let code: Vec<&str> = code_ranges(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(
            code,
            ["<b title='x > y'>", "</b>", "{{ name }}", "{% if a %}", "<SCRIPT src=a>f('<p>')</SCRIPT", "<style>b{}"]
        );
        let ranges = code_ranges(text);
        assert!(is_in_ranges(&ranges, 2) && !is_in_ranges(&ranges, 0) && !is_in_ranges(&ranges, 20));
    }

    #[test]
    fn takes_time_in_proportion_to_the_length() {
        for part in ["<", "<a", "{{", "{", "<!--", "<script>", "<a '", "{#"] {
            code_ranges(&part.repeat(200_000));
        }
    }
}
