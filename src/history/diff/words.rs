//! The word-level difference of two strings, for display.
//!
//! The typed change contains both strings as a whole; pages and the terminal show this difference.

use serde::Serialize;
use similar::{ChangeTag, DiffTag, TextDiff};

/// The maximum number of pairs of words, or of sentences, in one comparison. The time of a comparison grows with the number
/// of pairs, so longer strings are first compared by larger pieces.
const MAX_PAIRS: usize = 1 << 20;

/// A span of a reworded text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    /// `same` if both texts have the span, `added` or `removed` if only one has it.
    pub kind: SpanKind,
    /// The text, with its whitespace.
    pub text: String,
}

/// Which side contains a span.
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

/// Returns the difference of two strings. The spans that are `Same` or `Removed` make up `before`, those that are `Same` or
/// `Added` make up `after`.
///
/// Strings of up to several hundred words are compared word by word. In longer strings, the common prefix and suffix are
/// split off, and the rest is compared by sentences and then by the words of the sentences that differ.
pub fn words(before: &str, after: &str) -> Vec<Span> {
    let mut merger = SpanMerger::default();
    if !by_words(before, after, &mut merger) {
        let (head, tail) = (shared_head(before, after), shared_tail(before, after));
        merger.same(&before[..head]);
        let tail = tail.min(before.len() - head).min(after.len() - head);
        let (old, new) = (&before[head..before.len() - tail], &after[head..after.len() - tail]);
        if !by_words(old, new, &mut merger) && !by_sentences(old, new, &mut merger) {
            merger.change(old, new);
        }
        merger.same(&before[before.len() - tail..]);
    }
    merger.flush();
    merger.spans
}

/// Compares two strings by words; returns `false` if there are too many.
fn by_words(before: &str, after: &str, merger: &mut SpanMerger) -> bool {
    // Words and the whitespace between them.
    let count = |text: &str| 2 * text.split_whitespace().count() + 1;
    if count(before).saturating_mul(count(after)) > MAX_PAIRS {
        return false;
    }
    for change in TextDiff::from_words(before, after).iter_all_changes() {
        match change.tag() {
            ChangeTag::Delete => merger.change(change.value(), ""),
            ChangeTag::Insert => merger.change("", change.value()),
            ChangeTag::Equal => merger.same(change.value()),
        }
    }
    true
}

/// Compares two strings by sentences; returns `false` if there are too many.
fn by_sentences(before: &str, after: &str, merger: &mut SpanMerger) -> bool {
    let (old, new) = (sentences(before), sentences(after));
    if old.len().saturating_mul(new.len()) > MAX_PAIRS {
        return false;
    }
    for op in TextDiff::from_slices(&old, &new).ops() {
        let (old, new) = (&old[op.old_range()], &new[op.new_range()]);
        match op.tag() {
            DiffTag::Equal => merger.same(&old.concat()),
            DiffTag::Delete | DiffTag::Insert | DiffTag::Replace => changed(old, new, merger),
        }
    }
    true
}

/// Compares sequences of sentences that have no sentence in common.
fn changed(old: &[&str], new: &[&str], merger: &mut SpanMerger) {
    let (before, after) = (old.concat(), new.concat());
    if by_words(&before, &after, merger) {
        return;
    }
    if old.len() > 1 && old.len() == new.len() {
        // The same number of sentences: each was probably edited in place.
        old.iter().zip(new).for_each(|(old, new)| changed(&[old], &[new], merger));
    } else {
        merger.change(&before, &after);
    }
}

/// Splits after each line break, and after each space that follows punctuation.
fn sentences(text: &str) -> Vec<&str> {
    let mut last = ' ';
    let ends = |character: char| {
        let before = std::mem::replace(&mut last, character);
        character == '\n' || (character == ' ' && matches!(before, '.' | '!' | '?' | ';' | ':'))
    };
    text.split_inclusive(ends).collect()
}

/// The length of the common prefix in whole words.
fn shared_head(before: &str, after: &str) -> usize {
    let same = before
        .char_indices()
        .zip(after.chars())
        .find(|((_, a), b)| a != b)
        .map_or(before.len().min(after.len()), |((at, _), _)| at);
    // Stop before a word that is longer in one of the strings.
    before[..same].rfind(char::is_whitespace).unwrap_or(0)
}

/// The length of the common suffix in whole words.
fn shared_tail(before: &str, after: &str) -> usize {
    let same = before.char_indices().rev().zip(after.chars().rev()).take_while(|((_, a), b)| a == b).last();
    let start = same.map_or(before.len(), |((at, _), _)| at);
    before[start..].find(char::is_whitespace).map_or(0, |at| before.len() - start - at)
}

/// Merges adjacent changes, so that three new words in a row are one change and not three changes separated by spaces.
#[derive(Default)]
struct SpanMerger {
    spans: Vec<Span>,
    removed: String,
    added: String,
    /// Whitespace after the pending changes that both sides have. It is merged into them if another change follows.
    whitespace: String,
}

impl SpanMerger {
    fn change(&mut self, removed: &str, added: &str) {
        for (side, text) in [(&mut self.removed, removed), (&mut self.added, added)] {
            side.push_str(&self.whitespace);
            side.push_str(text);
        }
        self.whitespace.clear();
    }

    fn same(&mut self, text: &str) {
        let pending = !self.removed.is_empty() || !self.added.is_empty();
        if pending && text.trim().is_empty() {
            self.whitespace.push_str(text);
            return;
        }
        let text = std::mem::take(&mut self.whitespace) + text;
        self.flush();
        self.push(SpanKind::Same, text);
    }

    fn flush(&mut self) {
        let (removed, added) = (std::mem::take(&mut self.removed), std::mem::take(&mut self.added));
        let whitespace = std::mem::take(&mut self.whitespace);
        self.push(SpanKind::Removed, removed);
        self.push(SpanKind::Added, added);
        self.push(SpanKind::Same, whitespace);
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
    fn merges_adjacent_words_into_one_change() {
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
    fn compares_strings_of_any_length() {
        let long = |word: &str| format!("{word}\n").repeat(10_000);
        let spans = words(&long("a"), &long("b"));
        assert_eq!(side(&spans, SpanKind::Removed), long("b"));
    }

    #[test]
    fn finds_a_changed_word_in_a_long_string() {
        let text =
            |word: &str| format!("{}The {word} is here. {}", "Ä a. ".repeat(5_000), "Some ö words. ".repeat(5_000));
        let changed: Vec<_> =
            words(&text("old one"), &text("new one")).into_iter().filter(|span| span.kind != SpanKind::Same).collect();
        let expected = [(SpanKind::Removed, "old"), (SpanKind::Added, "new")];
        assert_eq!(changed.iter().map(|span| (span.kind, span.text.as_str())).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn finds_changed_words_throughout_a_long_string() {
        let text =
            |word: &str| (0..900).map(|at| format!("Sentence {at} says {word} and no more. ")).collect::<String>();
        let spans = words(&text("this"), &text("that"));
        assert_eq!(spans.iter().filter(|span| span.text == "this" && span.kind == SpanKind::Removed).count(), 900);
    }

    proptest! {
        #[test]
        fn spans_contain_both_strings(a in "[ab \n]{0,40}", b in "[ab \n]{0,40}") {
            let spans = words(&a, &b);
            prop_assert_eq!(side(&spans, SpanKind::Added), a);
            prop_assert_eq!(side(&spans, SpanKind::Removed), b);
        }

        #[test]
        fn spans_contain_both_long_strings(
            head in "[aé]( [abé.]{1,3}){0,9}",
            a in prop::collection::vec("[aé]{1,2}[. \n]{1,2}", 0..40),
            b in prop::collection::vec("[aé]{1,2}[. \n]{1,2}", 0..40),
            times in 1_usize..80,
        ) {
            let (a, b) = (head.clone() + &a.concat().repeat(times), head + &b.concat().repeat(times));
            let spans = words(&a, &b);
            prop_assert_eq!(side(&spans, SpanKind::Added), a);
            prop_assert_eq!(side(&spans, SpanKind::Removed), b);
        }
    }
}
