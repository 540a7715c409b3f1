//! "Did you mean": finds the known name that is most similar to a misspelled one.

use std::cell::Cell;

/// The minimum Jaro similarity of a suggestion; 1 means equal and 0 means no letter in common.
const MIN_SIMILARITY: f64 = 0.8;

/// The number of characters of a word that are compared. The time of a comparison is proportional to the product of both lengths.
const MAX_COMPARED: usize = 64;

/// The maximum number of comparisons with one set of names. A hostile file could contain a hundred thousand names and as many
/// misspelled references to them.
const MAX_COMPARISONS: usize = 100_000;

/// Returns the candidate that is most similar to `word`, if one is similar enough to be a misspelling of it.
///
/// Case, `_`, `-` and spaces are ignored. Of equally similar candidates, the first is returned. To look up many words among many
/// names, use [`Suggestions`].
///
/// ```
/// use candor::diagnostic::nearest;
///
/// assert_eq!(nearest("titel", ["title", "summary"]), Some("title"));
/// assert_eq!(nearest("Legal-Name", ["legal_name", "name"]), Some("legal_name"));
/// assert_eq!(nearest("website", ["title", "summary"]), None);
/// ```
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    Suggestions::new(candidates).nearest(word)
}

/// Returns the three names that are most similar to a word, even if none of them is similar, the best first.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let word = folded(word);
    let mut names: Vec<_> = candidates.into_iter().map(|name| (strsim::jaro(&word, &folded(name)), name)).collect();
    names.sort_by(|one, other| other.0.total_cmp(&one.0));
    names.into_iter().take(3).map(|(_, name)| name).collect()
}

/// A set of names, in which to look up many words that may be misspelled.
///
/// After a fixed number of comparisons it returns no more suggestions, so that the time does not grow with the product of the
/// number of names and the number of words.
#[derive(Debug)]
pub struct Suggestions<'a> {
    /// The normalized name for comparisons, and the name.
    names: Vec<(String, &'a str)>,
    /// The number of comparisons left.
    left: Cell<usize>,
}

impl<'a> Suggestions<'a> {
    /// Creates a set of names.
    pub fn new(names: impl IntoIterator<Item = &'a str>) -> Suggestions<'a> {
        let names = names.into_iter().map(|name| (folded(name), name)).collect();
        Suggestions { names, left: Cell::new(MAX_COMPARISONS) }
    }

    /// Returns the same as [`nearest`], or `None` once the comparisons are used up.
    pub fn nearest(&self, word: &str) -> Option<&'a str> {
        self.nearest_among(word, |_| true)
    }

    /// Like [`Suggestions::nearest`], but returns only names that `allowed` accepts.
    pub fn nearest_among(&self, word: &str, allowed: impl Fn(&str) -> bool) -> Option<&'a str> {
        // The first word is always compared, regardless of the number of names.
        let left = self.left.get();
        if left == 0 {
            return None;
        }
        self.left.set(left.saturating_sub(self.names.len()));
        let word = folded(word);
        let names = self.names.iter().filter(|(_, name)| allowed(name));
        let scored = names.map(|(folded, name)| (strsim::jaro(&word, folded), *name));
        let best = scored.reduce(|best, next| if next.0 > best.0 { next } else { best });
        best.filter(|(similarity, _)| *similarity >= MIN_SIMILARITY).map(|(_, name)| name)
    }
}

/// Normalizes a name for comparisons.
fn folded(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).take(MAX_COMPARED).collect()
}

#[cfg(test)]
mod tests {
    use super::{MAX_COMPARISONS, Suggestions, nearest};

    #[test]
    fn stops_suggesting_after_a_fixed_number_of_comparisons() {
        let names: Vec<String> = (0..1000).map(|at| format!("name {at}")).collect();
        let suggestions = Suggestions::new(names.iter().map(String::as_str));
        let found = (0..1000).filter(|at| suggestions.nearest(&format!("naem {at}")).is_some()).count();
        assert_eq!(found, MAX_COMPARISONS / names.len());
        let many = Suggestions::new(std::iter::repeat_n("name", 2 * MAX_COMPARISONS));
        assert_eq!([many.nearest("naem"), many.nearest("naem")], [Some("name"), None]);
    }

    #[test]
    fn suggests_the_most_similar_name() {
        assert_eq!(nearest("subprocesors", ["processors", "subprocessors"]), Some("subprocessors"));
        assert_eq!(nearest("wesbite", ["title", "website"]), Some("website"));
        assert_eq!(nearest("encrypt", ["backup", "encryption"]), Some("encryption"));
    }

    #[test]
    fn suggests_the_first_of_equally_similar_names() {
        assert_eq!(nearest("date", ["rate", "gate"]), Some("rate"));
    }

    #[test]
    fn suggests_nothing_for_short_and_unrelated_words() {
        assert_eq!(nearest("us", ["eu", "uk"]), None);
        assert_eq!(nearest("", ["id"]), None);
        assert_eq!(nearest("retention", ["locations"]), None);
        assert_eq!(nearest("anything", []), None);
    }

    #[test]
    fn compares_only_the_beginning_of_long_words() {
        let long = "x".repeat(1 << 20);
        assert_eq!(nearest(&long, ["title"]), None);
        assert_eq!(nearest(&long, [long.as_str()]), Some(long.as_str()));
    }
}
