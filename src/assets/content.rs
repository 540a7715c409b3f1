//! Checks that the logos and fonts of the theme contain what their names say, such as an image and not an error page that was
//! saved in its place. Browsers would show nothing.

use super::files::File;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::xml::{Token, tokens};

/// Reports a logo or font that is not of the type of its extension. Other extensions are reported by `check`.
pub(super) fn check(file: &File) -> Option<Diagnostic> {
    let ending = file.source.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let (what, is_valid) = match ending.as_str() {
        "svg" => ("an SVG image", is_svg(&file.bytes)),
        "png" => ("a PNG image", file.bytes.starts_with(b"\x89PNG\r\n\x1a\n")),
        "gif" => ("a GIF image", file.bytes.starts_with(b"GIF8")),
        "jpg" | "jpeg" => ("a JPEG image", file.bytes.starts_with(b"\xff\xd8\xff")),
        "webp" => ("a WebP image", file.bytes.starts_with(b"RIFF") && file.bytes.get(8..12) == Some(b"WEBP")),
        "avif" => ("an AVIF image", file.bytes.get(4..8) == Some(b"ftyp")),
        "ico" => ("an icon", file.bytes.starts_with(&[0, 0, 1, 0])),
        "woff2" => ("a WOFF2 font", file.bytes.starts_with(b"wOF2")),
        _ => return None,
    };
    if is_valid {
        return None;
    }
    let found = match std::str::from_utf8(&file.bytes) {
        Ok(text) if text.trim().is_empty() => "the file is empty",
        Ok(text) if is_page(text) => "the file is a web page",
        Ok(_) if ending == "svg" => "it is not well-formed XML with the root element `svg`",
        Ok(_) => "the file is text",
        Err(_) => "the file is of another type",
    };
    let message = format!("`{}` is not {what}: {found}", file.source);
    let found = Diagnostic::new(Code::AssetMalformed, message).at(Place::file(&file.source), "");
    Some(found.help("export or download the file again, and open it to see that it is right"))
}

/// Whether a file is well-formed XML whose root is `svg`.
fn is_svg(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let (mut depth, mut roots) = (0_usize, Vec::new());
    for token in tokens(text.strip_prefix('\u{FEFF}').unwrap_or(text)) {
        match token {
            Ok(Token::Start(tag)) => {
                if depth == 0 {
                    roots.push(tag.name);
                }
                depth += 1;
            }
            Ok(Token::End(_)) => depth = depth.saturating_sub(1),
            Ok(Token::Text(text)) if depth == 0 && !text.trim().is_empty() => return false,
            Ok(Token::Text(_)) => {}
            Err(_) => return false,
        }
    }
    depth == 0 && roots == ["svg"]
}

/// Whether a text begins like an HTML page.
fn is_page(text: &str) -> bool {
    let start = text.trim_start().get(..14).unwrap_or(text.trim_start()).to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html")
}

#[cfg(test)]
mod tests {
    use super::is_svg;

    #[test]
    fn an_svg_image_is_one_well_formed_element() {
        for (text, expected) in [
            ("<svg/>", true),
            (
                "\u{FEFF}<?xml version=\"1.0\"?><!-- a --><!DOCTYPE svg><svg:svg xmlns:svg='b'><g>c</g></svg:svg>\n",
                true,
            ),
            ("", false),
            ("hello", false),
            ("<svg>", false),
            ("<svg></g>", false),
            ("<svg/>a", false),
            ("<svg/><svg/>", false),
            ("<html><svg/></html>", false),
        ] {
            assert_eq!(is_svg(text.as_bytes()), expected, "{text}");
        }
        assert!(!is_svg(b"\x89PNG"));
    }
}
