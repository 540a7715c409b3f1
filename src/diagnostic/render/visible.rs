//! Text from files and names, made fit for a terminal.
//!
//! A file may hold escape sequences that repaint a terminal, or marks that turn the order of letters
//! round (CVE-2021-42574); a finding that quotes it must not carry them out.

/// Whether a terminal might act on a character instead of showing it.
fn acts(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// For messages: what a terminal would act on is written as an escape.
pub(super) fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => shown.push(' '),
            c if acts(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown
}

/// For quoted lines: one visible character for each, so that carets stay under what they mean.
pub(super) fn pictured(text: &str) -> String {
    let picture = |c: char| match c {
        c if !acts(c) => c,
        '\u{7F}' => '␡',
        c => char::from_u32(0x2400 + u32::from(c)).filter(|_| u32::from(c) < 0x20).unwrap_or('\u{FFFD}'),
    };
    text.chars().map(picture).collect()
}

#[cfg(test)]
mod tests {
    use super::{escaped, pictured};

    #[test]
    fn nothing_that_a_terminal_acts_on_gets_out() {
        let nasty = "a\u{1b}[31m\u{202e}b\u{9b}2J\u{7f}\tc\u{2066}";
        assert_eq!(escaped(nasty), "a\\u{1b}[31m\\u{202e}b\\u{9b}2J\\u{7f} c\\u{2066}");
        assert_eq!(pictured(nasty), "a␛[31m�b�2J␡\tc�");
    }
}
