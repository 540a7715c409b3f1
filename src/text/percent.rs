//! Percent-encoding (RFC 3986, section 2.1).

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Everything but unreserved characters (RFC 3986, section 2.3).
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Like [`COMPONENT`], but keeps slashes.
const PATH: &AsciiSet = &COMPONENT.remove(b'/');

/// Characters with a meaning in a `mailto:` URI (RFC 6068, section 2).
const MAIL: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'/')
    .add(b';')
    .add(b'<')
    .add(b'=')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// ASCII characters that are not allowed in a URI (RFC 3986, section 2). Keeps `%`, so that existing escapes are unchanged.
const URI: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');

/// Encodes only characters that are not allowed in a URI, so that a valid URI is unchanged.
pub fn uri(text: &str) -> String {
    utf8_percent_encode(text, URI).to_string()
}

/// Encodes a query value, or one segment of a path.
pub fn component(text: &str) -> String {
    utf8_percent_encode(text, COMPONENT).to_string()
}

/// Encodes a path. The result needs no further escaping in HTML, CSS or a header.
pub fn path(text: &str) -> String {
    utf8_percent_encode(text, PATH).to_string()
}

/// Encodes an email address for a `mailto:` URI, so that an address cannot add header fields.
pub fn mail_address(address: &str) -> String {
    utf8_percent_encode(address, MAIL).to_string()
}

/// Decodes text. Returns `None` if an escape is incomplete or the bytes are not UTF-8.
pub fn decode(text: &str) -> Option<Cow<'_, str>> {
    let complete = text.match_indices('%').all(|(at, _)| is_escape(&text[at..]));
    if complete { percent_decode_str(text).decode_utf8().ok() } else { None }
}

/// Decodes all complete escapes like browsers do, or returns the text unchanged if the bytes are not UTF-8.
pub fn decode_lossy(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8().unwrap_or(Cow::Borrowed(text))
}

/// Returns the rest of an encoded path after that of a folder, which is empty or begins with a slash; `None` if the path is not below the
/// folder. Both may have any notation: `/%74rust/a` is below `/trust/`.
pub fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    let folder = folder.trim_matches('/');
    let mut rest = path;
    for segment in folder.split('/').filter(|_| !folder.is_empty()) {
        let below = rest.strip_prefix('/')?;
        let (first, after) = below.split_at(below.find('/').unwrap_or(below.len()));
        if !percent_decode_str(first).eq(percent_decode_str(segment)) {
            return None;
        }
        rest = after;
    }
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

/// Returns the anchor that a URL's fragment leads to; `None` for the top of the page (WHATWG HTML, "find a potential indicated
/// element"), and for a text fragment alone.
pub fn anchor(fragment: &str) -> Option<Cow<'_, str>> {
    let fragment = fragment.split_once(":~:").map_or(fragment, |(anchor, _)| anchor);
    let anchor = decode_lossy(fragment);
    (!anchor.is_empty() && !anchor.eq_ignore_ascii_case("top")).then_some(anchor)
}

/// Returns whether text begins with an escape such as `%2F`.
pub fn is_escape(text: &str) -> bool {
    matches!(text.as_bytes(), [b'%', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{below, component, decode, decode_lossy, path};

    #[test]
    fn encodes_all_but_unreserved_characters() {
        assert_eq!(component("a b&c=é\n/~"), "a%20b%26c%3D%C3%A9%0A%2F~");
        assert_eq!(path("documents/SOC 2 (2026)'&%#.pdf"), "documents/SOC%202%20%282026%29%27%26%25%23.pdf");
    }

    #[test]
    fn rejects_or_keeps_invalid_escapes() {
        for bad in ["%", "%4", "%zz", "a%+1b", "%C3", "%C3%28"] {
            assert_eq!(decode(bad), None, "{bad}");
            assert_eq!(decode_lossy(bad), bad);
        }
        assert_eq!(decode_lossy("a%20b%.png"), "a b%.png");
    }

    #[test]
    fn compares_decoded_segments_of_paths() {
        for folder in ["/trust", "/trust/", "/%74rust", "trust"] {
            assert_eq!(below("/trust", folder), Some(""), "{folder}");
            assert_eq!(below("/%74r%75st/%61", folder), Some("/%61"), "{folder}");
            for other in ["/", "", "/trusted/a", "/a/trust", "/Trust/a", "/trust%2Fa", "trust/a"] {
                assert_eq!(below(other, folder), None, "{other} in {folder}");
            }
        }
        assert_eq!(below("/v-%c3%bc%20x/a/b", "/v-%C3%BC%20x/a"), Some("/b"));
        assert_eq!(below("/v-%fc/a", "/v-%FC"), Some("/a"));
        assert_eq!(below("/a/b", "/"), Some("/a/b"));
        assert_eq!(below("/%2e/b", "/"), Some("/%2e/b"));
    }

    proptest! {
        #[test]
        fn decoding_undoes_encoding(text: String) {
            let (component, path) = (component(&text), path(&text));
            prop_assert_eq!(decode(&component), Some(text.as_str().into()));
            prop_assert_eq!(decode(&path), Some(text.as_str().into()));
        }
    }
}
