//! Text: how it is escaped for each format, and how a message counts and shortens.
//!
//! Escaping is stated once for each format, so that every writer of Markdown, HTML or a URL is as careful as the most careful one.

pub mod hidden;
pub mod html;
pub mod markdown;
pub mod percent;
mod styled;
pub mod visible;
pub mod workflow;

pub use styled::Styled;

/// The text in one line: line breaks, control characters and runs of whitespace become single spaces.
pub fn one_line(text: &str) -> String {
    let blank = |c: char| c.is_whitespace() || c.is_control() || c == '\u{FEFF}';
    text.split(blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The lines of a text in one line, separated by commas: `1 Main St, Springfield`.
pub fn join_lines(text: &str) -> String {
    join(text.lines().map(str::trim).filter(|line| !line.is_empty()))
}

/// Lines in one line, separated by commas unless a line ends with punctuation of its own.
pub fn join<'a>(lines: impl IntoIterator<Item = &'a str>) -> String {
    let mut joined = String::new();
    for line in lines {
        if !joined.is_empty() {
            joined.push_str(if joined.ends_with([',', ';', ':', '.']) { " " } else { ", " });
        }
        joined.push_str(line);
    }
    joined
}

/// Whether a text ends a sentence by itself: with a stop, which closing quotes and brackets may follow. A name may do so as well:
/// `Fjord Data Ltd.`, `Yahoo!`.
pub fn ends_in_stop(text: &str) -> bool {
    const CLOSING: [char; 14] = [')', ']', '}', '"', '\'', '”', '’', '“', '‘', '»', '«', '›', '‹', '」'];
    text.trim_end_matches(CLOSING).ends_with(['.', '!', '?', '…', '。', '！', '？'])
}

/// A number and its English noun in singular or plural, for messages: `1 file`, `2 files`, `2 addresses`.
pub fn counted(count: usize, noun: &str) -> String {
    let ending = match count {
        1 => "",
        _ if noun.ends_with('s') => "es",
        _ => "s",
    };
    format!("{count} {noun}{ending}")
}

/// The text with its first letter in upper case.
pub fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// The text with its first letter in lower case, unless the first word is an abbreviation such as "DPA".
pub fn uncapitalized(text: &str) -> String {
    let mut characters = text.chars();
    match (characters.next(), characters.clone().next()) {
        (Some(first), Some(second)) if first.is_uppercase() && !second.is_uppercase() => {
            first.to_lowercase().chain(characters).collect()
        }
        _ => text.to_owned(),
    }
}

/// The text in one line with at most `limit` characters and an ellipsis; cut between two words where there is a
/// space in the second half.
pub fn shortened(text: &str, limit: usize) -> String {
    let line = one_line(text);
    let Some((end, _)) = line.char_indices().nth(limit) else { return line };
    let cut = line[..end].rfind(' ').filter(|space| space * 2 > end).unwrap_or(end);
    format!("{}…", line[..cut].trim_end_matches([' ', ',', ';', ':']))
}

#[cfg(test)]
mod tests {
    use super::{capitalized, counted, ends_in_stop, join_lines, one_line, shortened, uncapitalized};

    #[test]
    fn one_line_has_single_spaces_only() {
        assert_eq!(one_line(" a\r\n\tb\u{0}c\u{FEFF}  d\u{A0}"), "a b c d");
        assert_eq!(one_line("\n"), "");
    }

    #[test]
    fn lines_are_joined_by_one_comma() {
        assert_eq!(join_lines("1 Main St \n\n Springfield,\nUSA"), "1 Main St, Springfield, USA");
    }

    #[test]
    fn a_name_may_end_in_a_stop() {
        for name in ["Ltd.", "Yahoo!", "What?", "Etc…", "“Inc.”", "A (S.A.)", "\"Who?\"", "L'«Oui!»"] {
            assert!(ends_in_stop(name), "{name}");
        }
        for name in ["", "Ltd", "A.B", "“A”", "(a. b)", "St. Anna"] {
            assert!(!ends_in_stop(name), "{name}");
        }
    }

    #[test]
    fn nouns_follow_their_number() {
        assert_eq!([0, 1, 2].map(|n| counted(n, "file")), ["0 files", "1 file", "2 files"]);
        assert_eq!([1, 2].map(|n| counted(n, "address")), ["1 address", "2 addresses"]);
    }

    #[test]
    fn the_case_of_the_first_letter_changes_and_nothing_else() {
        assert_eq!([capitalized("émile Zola"), capitalized("")], ["Émile Zola", ""]);
        assert_eq!(
            ["Data categories", "DPA", "Über uns", "A", ""].map(uncapitalized),
            ["data categories", "DPA", "über uns", "A", ""]
        );
    }

    #[test]
    fn a_long_text_ends_after_a_word() {
        let long = "wörter ".repeat(40);
        let short = shortened(&long, 110);
        assert!(short.chars().count() <= 111 && short.ends_with("wörter…"), "{short}");
        assert_eq!(shortened("As it is", 110), "As it is");
        assert_eq!(shortened(&"x".repeat(500), 110), format!("{}…", "x".repeat(110)));
        assert_eq!(shortened(&format!("a {}", "x".repeat(500)), 10), "a xxxxxxxx…");
        assert_eq!(shortened("ends here, not there", 11), "ends here…");
    }
}
