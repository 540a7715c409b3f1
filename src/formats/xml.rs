//! XML output with quick-xml, without characters that XML does not allow.

use std::borrow::Cow;
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

/// An XML writer into memory.
pub type Xml = Writer<Vec<u8>>;

/// Returns a document: the declaration, the output of `write`, and a line feed.
pub fn document(write: impl FnOnce(&mut Xml) -> io::Result<()>) -> Vec<u8> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 1);
    let written =
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None))).and_then(|()| write(&mut xml));
    written.expect("writing to a vector does not fail");
    let mut bytes = xml.into_inner();
    bytes.push(b'\n');
    bytes
}

/// Writes `<name>text</name>`.
pub fn text(xml: &mut Xml, name: &str, text: &str) -> io::Result<()> {
    xml.create_element(name).write_text_content(BytesText::new(&permitted(text))).map(|_| ())
}

/// Writes `<name attributes>text</name>`.
pub fn text_with(xml: &mut Xml, name: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
    let permitted_attributes = permitted_all(attributes);
    let attributes = permitted_attributes.iter().map(|(name, value)| (*name, &**value));
    let element = xml.create_element(name).with_attributes(attributes);
    element.write_text_content(BytesText::new(&permitted(text))).map(|_| ())
}

/// Writes `<name attributes/>`.
pub fn empty(xml: &mut Xml, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
    let attributes = permitted_all(attributes);
    xml.create_element(name)
        .with_attributes(attributes.iter().map(|(name, value)| (*name, &**value)))
        .write_empty()
        .map(|_| ())
}

/// Writes the link of a feed or of an entry.
pub fn link(xml: &mut Xml, relation: &str, media_type: &str, address: &str) -> io::Result<()> {
    empty(xml, "link", &[("rel", relation), ("type", media_type), ("href", address)])
}

fn permitted_all<'a>(attributes: &[(&'a str, &'a str)]) -> Vec<(&'a str, Cow<'a, str>)> {
    attributes.iter().map(|(name, value)| (*name, permitted(value))).collect()
}

/// Replaces characters that XML does not allow, even as references, with U+FFFD (XML 1.0 section 2.2).
fn permitted(text: &str) -> Cow<'_, str> {
    let forbidden = |c: char| match c {
        '\t' | '\n' => false,
        // XML parsers read a carriage return as a line feed.
        c if c < ' ' => true,
        '\u{FFFE}' | '\u{FFFF}' => true,
        _ => false,
    };
    if text.contains(forbidden) {
        text.replace("\r\n", "\n").replace(forbidden, "\u{FFFD}").into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::{document, empty, permitted, text};

    #[test]
    fn escapes_text_and_attributes() {
        let bytes = document(|xml| {
            text(xml, "a", "]]></a> & <b c=\"d\">\u{1}")?;
            empty(xml, "l", &[("href", "\"><x")])
        });
        let written = String::from_utf8(bytes).expect("UTF-8");
        let expected =
            "<a>]]&gt;&lt;/a&gt; &amp; &lt;b c=&quot;d&quot;&gt;\u{FFFD}</a>\n<l href=\"&quot;&gt;&lt;x\"/>\n";
        assert_eq!(written.split_once('\n').map(|(_, rest)| rest), Some(expected));
    }

    #[test]
    fn replaces_control_characters() {
        assert_eq!(permitted("a\r\nb\u{0}\u{FFFE}\t"), "a\nb\u{FFFD}\u{FFFD}\t");
    }
}
