//! "Did you mean": the known name that a misspelled one most likely stands for.

/// The least Jaro similarity of a suggestion; 1 is the same word, and 0 has no letter in common.
const SIMILAR: f64 = 0.8;

/// The longest word that is compared, in characters: comparing takes time proportional to the product of both lengths.
const LONGEST: usize = 64;

/// Returns the candidate that is most similar to `word`, if one is similar enough to be a misspelling of it.
///
/// Case, `_`, `-` and spaces are ignored. Of equally similar candidates, the first is returned.
///
/// ```
/// use candor::diagnostic::nearest;
///
/// assert_eq!(nearest("titel", ["title", "summary"]), Some("title"));
/// assert_eq!(nearest("Legal-Name", ["legal_name", "name"]), Some("legal_name"));
/// assert_eq!(nearest("colour", ["title", "summary"]), None);
/// ```
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = folded(word);
    let scored = candidates.into_iter().map(|name| (strsim::jaro(&word, &folded(name)), name));
    let best = scored.reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.filter(|(similarity, _)| *similarity >= SIMILAR).map(|(_, name)| name)
}

/// The characters that are compared.
fn folded(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

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
