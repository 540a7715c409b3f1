//! Words that are the same on every page, put into templates before these are compiled.
//!
//! Most calls of `t` in the built-in theme name a text and nothing else. Tera would look each of them up on every page, for every
//! row; as part of the template they cost nothing.

use crate::catalogue::Catalogue;

const OPEN: &str = "{{ t(key=\"";
const CLOSE: &str = "\") }}";

/// The template with the texts of these words in the place of the calls that stand for nothing else.
///
/// A call stays where its text is missing, has placeholders, or would have to be escaped.
pub fn fold(template: &str, words: &Catalogue) -> String {
    let mut folded = String::with_capacity(template.len() + template.len() / 4);
    let mut rest = template;
    while let Some(at) = rest.find(OPEN) {
        let (before, call) = rest.split_at(at);
        folded += before;
        let after = &call[OPEN.len()..];
        let constant = after.split_once('"').and_then(|(key, _)| {
            let rest = after[key.len()..].strip_prefix(CLOSE)?;
            let text = words.find(key, None).filter(|text| !text.contains(['&', '<', '>', '"', '\'', '{', '}']))?;
            Some((text, rest))
        });
        (folded, rest) = match constant {
            Some((text, rest)) => (folded + text, rest),
            None => (folded + OPEN, after),
        };
    }
    folded + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_calls_that_always_say_the_same_are_folded() {
        let words = "plain: A word\nquoted: 'Say \"so\"'\nfilled: '{n} words'\nmany: { one: a word, other: words }\n";
        let words = Catalogue::parse(words).unwrap();
        for (template, folded) in [
            (r#"<p>{{ t(key="plain") }}, {{ t(key="plain") }}.</p>"#, "<p>A word, A word.</p>"),
            (r#"{{ t(key="many") }}"#, "words"),
        ] {
            assert_eq!(fold(template, &words), folded);
        }
        for kept in [
            r#"{{ t(key="missing") }}"#,
            r#"{{ t(key="quoted") }}"#,
            r#"{{ t(key="filled") }}"#,
            r#"{{ t(key="many", n=count) }}"#,
            r#"{{ t(key="plain") | upper }}"#,
            r#"{% if t(key="plain") %}{% endif %}"#,
            r#"{{ t(key=""#,
            r#"{{ t(key="plain"#,
        ] {
            assert_eq!(fold(kept, &words), kept);
        }
    }
}
