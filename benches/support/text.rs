//! Compares the text of pages of two generators.

/// Returns the text of both pages after the first difference, ignoring whitespace and tags; `None` if the text is equal.
pub fn first_difference(ours: &str, theirs: &str) -> Option<(String, String)> {
    let (ours, theirs) = (letters(ours), letters(theirs));
    let at = ours.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
    let rest = |letters: &[char]| letters[at..].iter().take(60).collect();
    (ours != theirs).then(|| (rest(&ours), rest(&theirs)))
}

/// Returns the text in the body of a page, without whitespace.
fn letters(html: &str) -> Vec<char> {
    let body = html.find("<body").map_or(html, |at| &html[at..]);
    let mut text = String::new();
    for part in body.split('<') {
        text += part.split_once('>').map_or(part, |(_, text)| text);
    }
    let named = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&#x2F;", "/"),
        ("&amp;", "&"),
    ];
    let text = named.iter().fold(text, |text, (entity, letter)| text.replace(entity, letter));
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}
