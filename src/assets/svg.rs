//! Checks that an SVG image contains nothing but an image.
//!
//! An SVG that is opened by its own URL is a document: its scripts run as scripts of the site. The check parses the
//! tags and rejects what it cannot parse, so it does not depend on the error handling of browsers.
//!
//! An image may refer to other hosts: a link leads readers away, and a loaded file reveals to a third party who opens the image.
//! [`references`] returns these addresses.

use crate::text::css;
use crate::xml::{Token, tokens};

/// Elements that run code, or load or embed more than an image.
const ELEMENTS: [&str; 12] = [
    "script",
    "foreignobject",
    "iframe",
    "frame",
    "object",
    "embed",
    "audio",
    "video",
    "canvas",
    "handler",
    "listener",
    "discard",
];

/// Parts of attribute values that run code. They are compared in lower case, without spaces and control characters.
const VALUES: [&str; 6] =
    ["javascript:", "vbscript:", "data:text", "data:application", "data:image/svg", "livescript:"];

/// Parts of XML namespace names whose elements run code in SVG.
const NAMESPACES: [&str; 5] = ["xhtml", "xsl/transform", "xml-events", "mozilla.org", "xbl"];

/// Returns what makes an SVG file active, as a part of a message: "an element `script`". `None` for a plain image.
pub fn active(bytes: &[u8]) -> Option<String> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Some("an encoding other than UTF-8".to_owned()) };
    let mut rest = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if rest.contains('\0') {
        return Some("an encoding other than UTF-8".to_owned());
    }
    let unfinished = || Some("an unterminated tag".to_owned());
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let (skipped, end) = if let Some(comment) = rest.strip_prefix("!--") {
            (comment, "-->")
        } else if let Some(data) = rest.strip_prefix("![CDATA[") {
            (data, "]]>")
        } else if let Some(instruction) = rest.strip_prefix('?') {
            if let Some(reason) = instruction_problem(instruction) {
                return Some(reason);
            }
            (instruction, "?>")
        } else if rest.starts_with('!') {
            let doctype = rest.split('>').next().unwrap_or(rest);
            if doctype.contains('[') || !doctype.to_ascii_lowercase().starts_with("!doctype") {
                return Some("declarations of entities".to_owned());
            }
            // A quoted identifier may contain `>`, and then the declaration does not end there.
            if ['"', '\''].iter().any(|quote| !doctype.matches(*quote).count().is_multiple_of(2)) {
                return Some("a document type declaration that is not well-formed".to_owned());
            }
            (rest, ">")
        } else if rest.starts_with('/') {
            (rest, ">")
        } else {
            match tag(rest) {
                Ok(after) => rest = after,
                Err(reason) => return Some(reason),
            }
            continue;
        };
        match skipped.split_once(end) {
            Some((_, after)) => rest = after,
            None => return unfinished(),
        }
    }
    None
}

/// An address on another host in an SVG file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalReference {
    /// The address as it is written, with character references decoded.
    pub address: String,
    /// Whether browsers load it with the image; otherwise, it is a link.
    pub is_loaded: bool,
}

/// Returns the addresses on other hosts in an SVG file, each once, in order. What follows malformed XML is not read.
pub fn references(bytes: &[u8]) -> Vec<ExternalReference> {
    let mut found = Vec::new();
    let mut add = |address: &str, is_loaded: bool| {
        let reference = ExternalReference { address: address.trim().to_owned(), is_loaded };
        if is_on_other_host(address) && !found.contains(&reference) {
            found.push(reference);
        }
    };
    let mut in_style = false;
    for token in tokens(std::str::from_utf8(bytes).unwrap_or_default()).map_while(Result::ok) {
        match token {
            Token::Start(tag) => {
                let element = tag.name.to_lowercase();
                in_style |= element == "style";
                for (name, value) in tag.attributes() {
                    match name.to_lowercase().as_str() {
                        "href" | "src" => add(value, element != "a"),
                        // An animation may set an address.
                        "values" | "from" | "to" | "by" => value.split(';').for_each(|value| add(value, true)),
                        "base" => add(value, true),
                        _ => {}
                    }
                    css::references(value).into_iter().for_each(|range| add(&value[range], true));
                }
            }
            Token::End(name) => in_style &= !name.eq_ignore_ascii_case("style"),
            Token::Text(text) if in_style => {
                css::references(&text).into_iter().for_each(|range| add(&text[range], true));
            }
            Token::Text(_) => {}
        }
    }
    found
}

/// Whether browsers request an address from another host (WHATWG URL). They ignore tabs and line feeds, and `\` is `/`.
fn is_on_other_host(address: &str) -> bool {
    let plain: String = address.trim().chars().filter(|c| !c.is_control()).collect::<String>().replace('\\', "/");
    let scheme = plain.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    plain.starts_with("//")
        || scheme.is_some_and(|scheme| matches!(scheme.as_str(), "http" | "https" | "ftp" | "ws" | "wss"))
}

/// Returns why a processing instruction is rejected.
fn instruction_problem(instruction: &str) -> Option<String> {
    let whole = instruction.split("?>").next().unwrap_or(instruction).to_ascii_lowercase();
    let name = whole.split(|c: char| c.is_whitespace()).next().unwrap_or_default();
    match name {
        "xml" => {
            let other = whole.contains("encoding") && !whole.contains("\"utf-8\"") && !whole.contains("'utf-8'");
            other.then(|| "an encoding other than UTF-8".to_owned())
        }
        _ => name.starts_with("xml").then(|| format!("a processing instruction `{name}`")),
    }
}

/// Parses a start tag after its `<`, and returns the text after the tag.
fn tag(text: &str) -> Result<&str, String> {
    let malformed = || "a tag that is not well-formed".to_owned();
    let name_end = text.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).ok_or_else(malformed)?;
    let element = local(&text[..name_end]);
    if element.is_empty() || ELEMENTS.contains(&element.as_str()) {
        return Err(if element.is_empty() { malformed() } else { format!("an element `{element}`") });
    }
    let mut rest = text[name_end..].trim_start();
    loop {
        if let Some(after) = rest.strip_prefix("/>").or_else(|| rest.strip_prefix('>')) {
            return Ok(after);
        }
        let (name, value) = rest.split_once('=').ok_or_else(malformed)?;
        let (name, value) = (name.trim(), value.trim_start());
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\'')).ok_or_else(malformed)?;
        let (value, after) = value[1..].split_once(quote).ok_or_else(malformed)?;
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || "<>/\"'&".contains(c)) || value.contains('<')
        {
            return Err(malformed());
        }
        if let Some(reason) = attribute_problem(name, value) {
            return Err(reason);
        }
        rest = after.trim_start();
    }
}

fn attribute_problem(name: &str, value: &str) -> Option<String> {
    if local(name).starts_with("on") {
        return Some(format!("an attribute `{}`", name.to_lowercase()));
    }
    let plain: String = decoded(value).chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let plain = plain.to_lowercase();
    if VALUES.iter().any(|known| plain.contains(known)) {
        return Some(format!("an address that runs code in `{}`", name.to_lowercase()));
    }
    let declares = name == "xmlns" || name.starts_with("xmlns:");
    (declares && NAMESPACES.iter().any(|known| plain.contains(known)))
        .then(|| format!("elements of the namespace `{value}`"))
}

/// Returns the name without its prefix, in lower case.
fn local(name: &str) -> String {
    name.rsplit(':').next().unwrap_or(name).to_lowercase()
}

/// Decodes character references; unknown ones are kept.
fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out += before;
        let reference = after.split_once(';').and_then(|(name, tail)| Some((character(name)?, tail)));
        match reference {
            Some((character, tail)) => {
                out.push(character);
                rest = tail;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out + rest
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => return Some('&'),
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "quot" => return Some('"'),
        "apos" => return Some('\''),
        _ => {}
    }
    let number = name.strip_prefix('#')?;
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code)
}

#[cfg(test)]
mod tests {
    use super::{active, references};

    #[test]
    fn finds_addresses_on_other_hosts() {
        let loaded = [
            "<svg><image href='https://a.test/x.png'/></svg>",
            "<svg xmlns:xlink='http://www.w3.org/1999/xlink'><image xlink:href=' //a.test/x.png'/></svg>",
            "<svg><use href='HTTPS:/\\a.test/x.svg#y'/></svg>",
            "<svg><use href='h&#116;tp://a.test/'/></svg>",
            "<svg><rect fill='url(https://a.test/x.svg#y)'/></svg>",
            "<svg><rect style='fill: url(\"https://a.test/\")'/></svg>",
            "<svg><style>@import '//a.test/x.css';</style></svg>",
            "<svg><style><![CDATA[a { mask: url(https://a.test/) }]]></style></svg>",
            "<svg><set attributeName='href' to='https://a.test/'/></svg>",
            "<svg><animate attributeName='href' values='#b;https://a.test/'/></svg>",
            "<svg xml:base='https://a.test/'><image href='x.png'/></svg>",
        ];
        for image in loaded {
            let found = references(image.as_bytes());
            assert!(
                found.len() == 1 && found[0].is_loaded && found[0].address.contains("a.test"),
                "{image}: {found:?}"
            );
        }
        let link = references(b"<svg><a href='https://a.test/'><text>b</text></a><a href='https://a.test/'/></svg>");
        assert_eq!((link.len(), link[0].is_loaded), (1, false));
        for image in [
            "<svg xmlns='http://www.w3.org/2000/svg'><title>https://a.test</title><a href='b/'/><use href='#c'/></svg>",
            "<svg><!-- <image href='https://a.test/'/> --><image href='data:image/png;base64,AA=='/></svg>",
            "<svg><rect fill='url(#a)' style='fill: red'/><a href='mailto:b@a.test'/></svg>",
        ] {
            assert_eq!(references(image.as_bytes()), [], "{image}");
        }
    }

    #[test]
    fn accepts_images_of_common_programs() {
        for image in [
            "<svg/>",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox='0 0 1 1'><path d=\"M0 0h1\"/><!-- <script> --></svg>",
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \
             \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n<svg xmlns:xlink='http://www.w3.org/1999/xlink'>\
             <use xlink:href=\"#a\"/><image href=\"data:image/png;base64,AA\"/><style><![CDATA[a{}]]></style></svg>",
            "<svg><a href='https://example.org/'><text>x &amp; y</text></a></svg>",
            "",
        ] {
            assert_eq!(active(image.as_bytes()), None, "{image}");
        }
    }

    #[test]
    fn rejects_active_and_malformed_images() {
        let cases = [
            "<svg><script>a()</script></svg>",
            "<svg><SCRIPT href='a.js'/></svg>",
            "<svg xmlns:s='http://www.w3.org/2000/svg'><s:script/></svg>",
            "<svg onload='a()'/>",
            "<svg\n OnLoad = \"a()\"/>",
            "<svg><a href='java&#115;cript:a()'/></svg>",
            "<svg><a xlink:href=' java\tscript:a()'/></svg>",
            "<svg><animate attributeName='href' values='#a;javascript:a()'/></svg>",
            "<svg><set to='&#x6A;avascript:a()'/></svg>",
            "<svg><foreignObject/></svg>",
            "<svg xmlns:h='http://www.w3.org/1999/xhtml'><h:script/></svg>",
            "<svg xmlns:h='http://www.w3.org/1999/&#120;html'><h:b/></svg>",
            "<!DOCTYPE svg [<!ENTITY a '<script/>'>]><svg>&a;</svg>",
            "<!DOCTYPE svg SYSTEM \"><!--\"><svg><script>a()</script></svg><!-- -->",
            "<!DOCTYPE svg PUBLIC '' '><!--'><svg onload='a()'/><!-- -->",
            "<!DOCTYPE svg SYSTEM \"'>\" [<!ENTITY a 'b'>]><svg/>",
            "<?xml-stylesheet href='a.xsl'?><svg/>",
            "<?xml version='1.0' encoding='UTF-16'?><svg/>",
            "<svg><use href='data:image/svg+xml,x'/></svg>",
            "<svg><path d=a/></svg>",
            "<svg><path",
            "<svg><!-- ",
            "<svg a='<script>'/>",
            "<svg/onload=a()>",
        ];
        for image in cases {
            assert!(active(image.as_bytes()).is_some(), "{image}");
        }
        assert!(active(&[0xFF, 0xFE, b'<', 0]).is_some());
    }
}
