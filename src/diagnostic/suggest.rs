//! "Did you mean": the known name that a misspelled one most likely stands for.

use std::cell::Cell;

/// The least Jaro similarity of a suggestion; 1 is the same word, and 0 has no letter in common.
const SIMILAR: f64 = 0.8;

/// The longest word that is compared, in characters: comparing takes time proportional to the product of both lengths.
const LONGEST: usize = 64;

/// How many comparisons one set of names is good for. A hostile file could hold a hundred thousand names and as many that
/// are slightly misspelled; nobody reads that many suggestions.
const MOST_COMPARISONS: usize = 100_000;

/// Returns the candidate that is most similar to `word`, if one is similar enough to be a misspelling of it.
///
/// Case, `_`, `-` and spaces are ignored. Of equally similar candidates, the first is returned. Where many words are
/// looked up among many names, use [`Suggestions`].
///
/// ```
/// use candor::diagnostic::nearest;
///
/// assert_eq!(nearest("titel", ["title", "summary"]), Some("title"));
/// assert_eq!(nearest("Legal-Name", ["legal_name", "name"]), Some("legal_name"));
/// assert_eq!(nearest("colour", ["title", "summary"]), None);
/// ```
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    Suggestions::new(candidates).nearest(word)
}

/// Names that many words may be misspellings of.
///
/// After a fixed number of comparisons there are no more suggestions, so that the time does not grow with the product of
/// the two numbers.
#[derive(Debug)]
pub struct Suggestions<'a> {
    /// The characters that are compared, and the name.
    names: Vec<(String, &'a str)>,
    /// How many comparisons are left.
    left: Cell<usize>,
}

impl<'a> Suggestions<'a> {
    /// Suggestions from these names.
    pub fn new(names: impl IntoIterator<Item = &'a str>) -> Suggestions<'a> {
        let names = names.into_iter().map(|name| (folded(name), name)).collect();
        Suggestions { names, left: Cell::new(MOST_COMPARISONS) }
    }

    /// Returns what [`nearest`] does, or `None` once the comparisons are used up.
    pub fn nearest(&self, word: &str) -> Option<&'a str> {
        // The first word is always compared, however many names there are.
        let left = self.left.get();
        if left == 0 {
            return None;
        }
        self.left.set(left.saturating_sub(self.names.len()));
        let word = folded(word);
        let scored = self.names.iter().map(|(folded, name)| (strsim::jaro(&word, folded), *name));
        let best = scored.reduce(|best, next| if next.0 > best.0 { next } else { best });
        best.filter(|(similarity, _)| *similarity >= SIMILAR).map(|(_, name)| name)
    }
}

/// The characters that are compared.
fn folded(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::{MOST_COMPARISONS, Suggestions, nearest};

    #[test]
    fn suggestions_end_after_a_fixed_number_of_comparisons() {
        let names: Vec<String> = (0..1000).map(|at| format!("name {at}")).collect();
        let suggestions = Suggestions::new(names.iter().map(String::as_str));
        let found = (0..1000).filter(|at| suggestions.nearest(&format!("naem {at}")).is_some()).count();
        assert_eq!(found, MOST_COMPARISONS / names.len());
        let many = Suggestions::new(std::iter::repeat_n("name", 2 * MOST_COMPARISONS));
        assert_eq!([many.nearest("naem"), many.nearest("naem")], [Some("name"), None]);
    }

    #[test]
    fn suggests_the_most_similar_name() {
        assert_eq!(nearest("subprocesors", ["processors", "subprocessors"]), Some("subprocessors"));
        assert_eq!(nearest("wesbite", ["title", "website"]), Some("website"));
        assert_eq!(nearest("encrypt", ["backup", "encryption"]), Some("encryption"));
    }

    #[test]
    fn of_equally_similar_names_the_first_is_suggested() {
        assert_eq!(nearest("date", ["rate", "gate"]), Some("rate"));
    }

    #[test]
    fn short_and_unrelated_words_suggest_nothing() {
        assert_eq!(nearest("us", ["eu", "uk"]), None);
        assert_eq!(nearest("", ["id"]), None);
        assert_eq!(nearest("retention", ["locations"]), None);
        assert_eq!(nearest("anything", []), None);
    }

    #[test]
    fn long_words_are_compared_by_their_beginning() {
        let long = "x".repeat(1 << 20);
        assert_eq!(nearest(&long, ["title"]), None);
        assert_eq!(nearest(&long, [long.as_str()]), Some(long.as_str()));
    }
}
