//! Escapes strings for each output format, and formats counts and excerpts for messages.
//!
//! Each format has exactly one escaping function, which all writers of Markdown, HTML or URLs share.

pub mod css;
pub mod formula;
pub mod hidden;
pub mod html;
pub mod markdown;
pub mod percent;
mod styled;
pub mod visible;
pub mod workflow;
pub mod yaml;

pub use styled::Styled;

/// Returns the text in one line: line breaks, control characters and runs of whitespace become single spaces.
pub fn one_line(text: &str) -> String {
    let separator = |c: char| c.is_whitespace() || c.is_control() || c == '\u{FEFF}';
    text.split(separator).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Joins the lines of text with commas: `1 Main St, Springfield`.
pub fn join_lines(text: &str) -> String {
    join(text.lines().map(str::trim).filter(|line| !line.is_empty()))
}

/// Joins lines with commas, or with a space after a line that ends with punctuation.
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

/// Returns whether text ends with terminal punctuation, optionally followed by closing quotes and brackets. Names can, too:
/// `Fjord Data Ltd.`, `Yahoo!`.
pub fn ends_in_stop(text: &str) -> bool {
    const CLOSING: [char; 14] = [')', ']', '}', '"', '\'', '”', '’', '“', '‘', '»', '«', '›', '‹', '」'];
    text.trim_end_matches(CLOSING).ends_with(['.', '!', '?', '…', '。', '！', '？'])
}

/// Formats a number with an English noun in singular or plural: `1 file`, `2 files`, `2 addresses`.
pub fn counted(count: impl TryInto<u64>, noun: &str) -> String {
    // Counts that do not fit into 64 bits do not occur.
    let count = count.try_into().unwrap_or(u64::MAX);
    let ending = match count {
        1 => "",
        _ if noun.ends_with('s') => "es",
        _ => "s",
    };
    format!("{count} {noun}{ending}")
}

/// Joins names: `A`, `A and B`, `A, B and C`.
pub fn enumerated(names: &[impl AsRef<str>]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names.as_slice() {
        [others @ .., last] if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        names => names.concat(),
    }
}

/// Joins the first names: `A, B`, or `A, B and 3 more` if there are more than `most`.
pub fn first_of(names: &[impl AsRef<str>], most: usize) -> String {
    let shown: Vec<&str> = names.iter().take(most).map(AsRef::as_ref).collect();
    match names.len().saturating_sub(most) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// Returns the text with its first letter in upper case.
pub fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// Returns the text with its first letter in lower case, unless the first word is an abbreviation such as "DPA".
pub fn uncapitalized(text: &str) -> String {
    let mut characters = text.chars();
    match (characters.next(), characters.clone().next()) {
        (Some(first), Some(second)) if first.is_uppercase() && !second.is_uppercase() => {
            first.to_lowercase().chain(characters).collect()
        }
        _ => text.to_owned(),
    }
}

/// Shortens text to one line of at most `limit` characters and an ellipsis. It ends after a word if there is a space in
/// its second half.
pub fn shortened(text: &str, limit: usize) -> String {
    let line = one_line(text);
    let Some((end, _)) = line.char_indices().nth(limit) else { return line };
    let end = line[..end].rfind(' ').filter(|space| space * 2 > end).unwrap_or(end);
    format!("{}…", line[..end].trim_end_matches([' ', ',', ';', ':']))
}

#[cfg(test)]
mod tests {
    use super::{
        capitalized, counted, ends_in_stop, enumerated, first_of, join_lines, one_line, shortened, uncapitalized,
    };

    #[test]
    fn names_are_joined() {
        let names = ["A", "B", "C"];
        for (count, all, first) in
            [(0, "", ""), (1, "A", "A"), (2, "A and B", "A, B"), (3, "A, B and C", "A, B and 1 more")]
        {
            assert_eq!((enumerated(&names[..count]).as_str(), first_of(&names[..count], 2).as_str()), (all, first));
        }
    }

    #[test]
    fn one_line_has_single_spaces_only() {
        assert_eq!(one_line(" a\r\n\tb\u{0}c\u{FEFF}  d\u{A0}"), "a b c d");
        assert_eq!(one_line("\n"), "");
    }

    #[test]
    fn joins_lines_with_commas() {
        assert_eq!(join_lines("1 Main St \n\n Springfield,\nUSA"), "1 Main St, Springfield, USA");
    }

    #[test]
    fn detects_terminal_punctuation() {
        for name in ["Ltd.", "Yahoo!", "What?", "Etc…", "“Inc.”", "A (S.A.)", "\"Who?\"", "L'«Oui!»"] {
            assert!(ends_in_stop(name), "{name}");
        }
        for name in ["", "Ltd", "A.B", "“A”", "(a. b)", "St. Anna"] {
            assert!(!ends_in_stop(name), "{name}");
        }
    }

    #[test]
    fn nouns_agree_with_their_number() {
        assert_eq!([0, 1, 2].map(|n| counted(n, "file")), ["0 files", "1 file", "2 files"]);
        assert_eq!([1, 2].map(|n| counted(n, "address")), ["1 address", "2 addresses"]);
    }

    #[test]
    fn changes_only_the_case_of_the_first_letter() {
        assert_eq!([capitalized("émile Zola"), capitalized("")], ["Émile Zola", ""]);
        assert_eq!(
            ["Data categories", "DPA", "Über uns", "A", ""].map(uncapitalized),
            ["data categories", "DPA", "über uns", "A", ""]
        );
    }

    #[test]
    fn shortens_long_text_after_a_word() {
        let long = "wörter ".repeat(40);
        let short = shortened(&long, 110);
        assert!(short.chars().count() <= 111 && short.ends_with("wörter…"), "{short}");
        assert_eq!(shortened("As it is", 110), "As it is");
        assert_eq!(shortened(&"x".repeat(500), 110), format!("{}…", "x".repeat(110)));
        assert_eq!(shortened(&format!("a {}", "x".repeat(500)), 10), "a xxxxxxxx…");
        assert_eq!(shortened("ends here, not there", 11), "ends here…");
    }
}
