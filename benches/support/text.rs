//! Compares the text and the elements of pages of two generators.

/// Returns the text and the elements of both pages after the first difference, ignoring whitespace, attributes and scripts;
/// `None` if they are equal.
pub fn first_difference(ours: &str, theirs: &str) -> Option<(String, String)> {
    let (ours, theirs) = (letters(ours), letters(theirs));
    let at = ours.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
    let rest = |letters: &[char]| letters[at..].iter().take(60).collect();
    (ours != theirs).then(|| (rest(&ours), rest(&theirs)))
}

/// Returns the text in the body of a page with the names of its tags, without whitespace.
fn letters(html: &str) -> Vec<char> {
    let body = html.find("<body").map_or(html, |at| &html[at..]);
    let mut text = String::new();
    for part in body.split('<') {
        let Some((tag, content)) = part.split_once('>') else {
            text += part;
            continue;
        };
        let name = tag.split([' ', '\n']).next().unwrap_or_default();
        text += &format!("<{name}>");
        if name != "script" {
            text += content;
        }
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
