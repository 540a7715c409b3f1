//! The word-level difference of two texts, for showing.
//!
//! The typed change keeps both texts whole; this is how they are put before a reader's eyes.

use serde::Serialize;
use similar::{ChangeTag, DiffTag, TextDiff};

/// The most pairs of words, or of sentences, that are compared with each other. The time of a comparison grows with the
/// number of pairs, so beyond it the texts are first compared by larger pieces.
const MOST_PAIRS: usize = 1 << 20;

/// A span of a reworded text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    /// `same` if both texts have the span, `added` or `removed` if only one has it.
    pub kind: SpanKind,
    /// The text, with its whitespace.
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
///
/// Texts of some hundred words are compared word by word. In longer ones, what both begin and end with is set apart, and
/// the rest is compared by sentences and then by the words of the sentences that differ.
pub fn words(before: &str, after: &str) -> Vec<Span> {
    let mut woven = Woven::default();
    if !by_words(before, after, &mut woven) {
        let (head, tail) = (shared_head(before, after), shared_tail(before, after));
        woven.same(&before[..head]);
        let tail = tail.min(before.len() - head).min(after.len() - head);
        let (old, new) = (&before[head..before.len() - tail], &after[head..after.len() - tail]);
        if !by_words(old, new, &mut woven) && !by_sentences(old, new, &mut woven) {
            woven.change(old, new);
        }
        woven.same(&before[before.len() - tail..]);
    }
    woven.flush();
    woven.spans
}

/// Compares two texts by their words; `false` where there are too many.
fn by_words(before: &str, after: &str, woven: &mut Woven) -> bool {
    // Words and the blanks between them.
    let count = |text: &str| 2 * text.split_whitespace().count() + 1;
    if count(before).saturating_mul(count(after)) > MOST_PAIRS {
        return false;
    }
    for change in TextDiff::from_words(before, after).iter_all_changes() {
        match change.tag() {
            ChangeTag::Delete => woven.change(change.value(), ""),
            ChangeTag::Insert => woven.change("", change.value()),
            ChangeTag::Equal => woven.same(change.value()),
        }
    }
    true
}

/// Compares two texts by their sentences; `false` where there are too many.
fn by_sentences(before: &str, after: &str, woven: &mut Woven) -> bool {
    let (old, new) = (sentences(before), sentences(after));
    if old.len().saturating_mul(new.len()) > MOST_PAIRS {
        return false;
    }
    for op in TextDiff::from_slices(&old, &new).ops() {
        let (old, new) = (&old[op.old_range()], &new[op.new_range()]);
        match op.tag() {
            DiffTag::Equal => woven.same(&old.concat()),
            DiffTag::Delete | DiffTag::Insert | DiffTag::Replace => changed(old, new, woven),
        }
    }
    true
}

/// Compares sentences of which none stayed the same.
fn changed(old: &[&str], new: &[&str], woven: &mut Woven) {
    let (before, after) = (old.concat(), new.concat());
    if by_words(&before, &after, woven) {
        return;
    }
    if old.len() > 1 && old.len() == new.len() {
        // As many as before: each was probably edited in its place.
        old.iter().zip(new).for_each(|(old, new)| changed(&[old], &[new], woven));
    } else {
        woven.change(&before, &after);
    }
}

/// Pieces that end with a line, or with a blank after a mark that ends a sentence or a part of it.
fn sentences(text: &str) -> Vec<&str> {
    let mut last = ' ';
    let ends = |character: char| {
        let before = std::mem::replace(&mut last, character);
        character == '\n' || (character == ' ' && matches!(before, '.' | '!' | '?' | ';' | ':'))
    };
    text.split_inclusive(ends).collect()
}

/// The length of the words that both texts begin with.
fn shared_head(before: &str, after: &str) -> usize {
    let same = before
        .char_indices()
        .zip(after.chars())
        .find(|((_, a), b)| a != b)
        .map_or(before.len().min(after.len()), |((at, _), _)| at);
    // A word that goes on in one of the texts is another word.
    before[..same].rfind(char::is_whitespace).unwrap_or(0)
}

/// The length of the words that both texts end with.
fn shared_tail(before: &str, after: &str) -> usize {
    let same = before.char_indices().rev().zip(after.chars().rev()).take_while(|((_, a), b)| a == b).last();
    let start = same.map_or(before.len(), |((at, _), _)| at);
    before[start..].find(char::is_whitespace).map_or(0, |at| before.len() - start - at)
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

    #[test]
    fn a_changed_word_of_a_long_text_is_found() {
        let text =
            |word: &str| format!("{}The {word} is here. {}", "Ä a. ".repeat(5_000), "Some ö words. ".repeat(5_000));
        let changed: Vec<_> =
            words(&text("old one"), &text("new one")).into_iter().filter(|span| span.kind != SpanKind::Same).collect();
        let expected = [(SpanKind::Removed, "old"), (SpanKind::Added, "new")];
        assert_eq!(changed.iter().map(|span| (span.kind, span.text.as_str())).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn changed_words_all_over_a_long_text_are_found() {
        let text =
            |word: &str| (0..900).map(|at| format!("Sentence {at} says {word} and no more. ")).collect::<String>();
        let spans = words(&text("this"), &text("that"));
        assert_eq!(spans.iter().filter(|span| span.text == "this" && span.kind == SpanKind::Removed).count(), 900);
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_from_the_difference(a in "[ab \n]{0,40}", b in "[ab \n]{0,40}") {
            let spans = words(&a, &b);
            prop_assert_eq!(side(&spans, SpanKind::Added), a);
            prop_assert_eq!(side(&spans, SpanKind::Removed), b);
        }

        #[test]
        fn both_long_texts_can_be_read_from_the_difference(
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
