//! "Did you mean": the known word that a wrong one most likely stands for.

/// How alike two words must be (1 is the same), in the measure of `difflib`.
const ALIKE: f32 = 0.7;

/// The candidate nearest to `word`, if any is near enough; case, `_` and `-` count for nothing.
///
/// ```
/// use candor::diagnostic::nearest;
///
/// assert_eq!(nearest("titel", ["title", "summary"]), Some("title"));
/// assert_eq!(nearest("Legal-Name", ["legal_name", "name"]), Some("legal_name"));
/// assert_eq!(nearest("colour", ["title", "summary"]), None);
/// ```
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace(['_', '-', ' '], "");
    let word: String = plain(word).chars().take(64).collect();
    let known: Vec<(String, &str)> = candidates.into_iter().map(|name| (plain(name), name)).collect();
    let names: Vec<&str> = known.iter().map(|(plain, _)| plain.as_str()).collect();
    let best = similar::get_close_matches(word.as_str(), &names, 1, ALIKE).into_iter().next()?;
    known.iter().find(|(plain, _)| plain == best).map(|(_, name)| *name)
}
