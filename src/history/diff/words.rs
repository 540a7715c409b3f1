//! The word-level difference of two texts, for showing.
//!
//! The typed change keeps both texts whole; this is how they are put before a reader's eyes.

use serde::Serialize;
use similar::{ChangeTag, TextDiff};

/// Above this many words on either side texts are compared line by line, which stays fast whatever they hold.
const MAX_WORDS: usize = 4_000;

/// A stretch of text that both sides have, or only one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    /// Which side has it.
    pub kind: SpanKind,
    /// The text, with the blanks around its words.
    pub text: String,
}

/// Which side has a stretch of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpanKind {
    /// Both.
    Same,
    /// Only the new one.
    Added,
    /// Only the old one.
    Removed,
}

/// The difference of two texts. The spans that are `Same` or `Removed` make up `before`, those that are `Same` or
/// `Added` make up `after`.
pub fn words(before: &str, after: &str) -> Vec<Span> {
    let long = |text: &str| text.split_whitespace().nth(MAX_WORDS).is_some();
    let lines = |text: &str| text.lines().nth(MAX_WORDS).is_some();
    if long(before) || long(after) {
        if lines(before) || lines(after) {
            let whole = |kind, text: &str| Span { kind, text: text.to_owned() };
            return vec![whole(SpanKind::Removed, before), whole(SpanKind::Added, after)];
        }
        return spans(&TextDiff::from_lines(before, after));
    }
    spans(&TextDiff::from_words(before, after))
}

fn spans(diff: &TextDiff<'_, '_, str>) -> Vec<Span> {
    let mut woven = Woven::default();
    for change in diff.iter_all_changes() {
        match change.tag() {
            ChangeTag::Delete => woven.change(change.value(), ""),
            ChangeTag::Insert => woven.change("", change.value()),
            ChangeTag::Equal => woven.same(change.value()),
        }
    }
    woven.flush();
    woven.spans
}

/// Gathers neighbouring changes, so that three new words in a row read as one change and not as three with blanks
/// between them.
#[derive(Default)]
struct Woven {
    spans: Vec<Span>,
    removed: String,
    added: String,
    /// Blanks that both sides have after the gathered changes; what comes next tells where they belong.
    blank: String,
}

impl Woven {
    fn change(&mut self, removed: &str, added: &str) {
        for (side, text) in [(&mut self.removed, removed), (&mut self.added, added)] {
            side.push_str(&self.blank);
            side.push_str(text);
        }
        self.blank.clear();
    }

    fn same(&mut self, text: &str) {
        let pending = !self.removed.is_empty() || !self.added.is_empty();
        if pending && text.trim().is_empty() {
            self.blank.push_str(text);
            return;
        }
        let text = std::mem::take(&mut self.blank) + text;
        self.flush();
        self.push(SpanKind::Same, text);
    }

    fn flush(&mut self) {
        let (removed, added) = (std::mem::take(&mut self.removed), std::mem::take(&mut self.added));
        let blank = std::mem::take(&mut self.blank);
        self.push(SpanKind::Removed, removed);
        self.push(SpanKind::Added, added);
        self.push(SpanKind::Same, blank);
    }

    fn push(&mut self, kind: SpanKind, text: String) {
        match self.spans.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.kind == kind => last.text.push_str(&text),
            _ => self.spans.push(Span { kind, text }),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Span, SpanKind, words};

    fn side(spans: &[Span], other: SpanKind) -> String {
        spans.iter().filter(|span| span.kind != other).map(|span| span.text.as_str()).collect()
    }

    #[test]
    fn neighbouring_words_are_one_change() {
        let spans = words("Hosting in the old region.", "Hosting in two new places.");
        let kinds: Vec<_> = spans.iter().map(|span| (span.kind, span.text.as_str())).collect();
        assert_eq!(
            kinds,
            [
                (SpanKind::Same, "Hosting in "),
                (SpanKind::Removed, "the old region."),
                (SpanKind::Added, "two new places."),
            ]
        );
    }

    #[test]
    fn texts_of_any_size_are_compared() {
        let long = |word: &str| format!("{word}\n").repeat(10_000);
        let spans = words(&long("a"), &long("b"));
        assert_eq!(side(&spans, SpanKind::Removed), long("b"));
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_from_the_difference(a in "[ab \n]{0,40}", b in "[ab \n]{0,40}") {
            let spans = words(&a, &b);
            prop_assert_eq!(side(&spans, SpanKind::Added), a);
            prop_assert_eq!(side(&spans, SpanKind::Removed), b);
        }
    }
}
