//! Determines which elements a reader of the page does not see, or sees struck through, by their attributes.

use html5gum::StartTag;

use super::markup::attribute;

/// Elements without an end tag.
const VOID: [&[u8]; 13] =
    [b"area", b"base", b"br", b"col", b"embed", b"hr", b"img", b"input", b"link", b"meta", b"source", b"track", b"wbr"];

/// Elements whose end tag may be missing.
const OPEN_ENDED: [&[u8]; 4] = [b"li", b"p", b"dt", b"dd"];

/// Whether an element is hidden, with all of its content: `hidden`, `style="display: none"`.
pub fn is_hidden(tag: &StartTag<usize>) -> bool {
    let hidden = attribute(tag, b"hidden").is_some_and(|value| matches!(value.as_str(), "" | "hidden" | "true"));
    hidden
        || styles(tag)
            .any(|(name, value)| (name == "display" && value == "none") || (name == "visibility" && value == "hidden"))
}

/// Whether an element strikes its text through by its style.
pub fn is_struck(tag: &StartTag<usize>) -> bool {
    !is_void(tag)
        && styles(tag).any(|(name, value)| name.starts_with("text-decoration") && value.contains("line-through"))
}

/// Whether an element has no content.
pub fn is_void(tag: &StartTag<usize>) -> bool {
    tag.self_closing || VOID.contains(&tag.name.as_slice())
}

/// Whether a start tag ends a hidden element whose end tag is missing.
pub fn ends_hidden(hidden: &[u8], name: &[u8]) -> bool {
    OPEN_ENDED.contains(&hidden) && (hidden == name || (hidden != b"li" && matches!(name, b"dt" | b"dd")))
}

/// Whether an end tag ends a hidden element whose end tag is missing: it ends the element around it.
pub fn closes_hidden(hidden: &[u8], name: &[u8]) -> bool {
    OPEN_ENDED.contains(&hidden)
        && matches!(name, b"ul" | b"ol" | b"dl" | b"div" | b"td" | b"th" | b"tr" | b"table" | b"section" | b"body")
}

/// Returns the declarations of the attribute `style`, in lowercase.
fn styles(tag: &StartTag<usize>) -> impl Iterator<Item = (String, String)> {
    let style = attribute(tag, b"style").unwrap_or_default().to_lowercase();
    let declarations: Vec<(String, String)> = style
        .split(';')
        .filter_map(|declaration| declaration.split_once(':'))
        .map(|(name, value)| (name.trim().to_owned(), value.replace("!important", "").trim().to_owned()))
        .collect();
    declarations.into_iter()
}
