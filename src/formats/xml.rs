//! XML by quick-xml, with texts that XML can hold.

use std::borrow::Cow;
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

/// What XML is written to.
pub type Xml = Writer<Vec<u8>>;

/// A document: the declaration, what `write` writes, and a line feed.
pub fn document(write: impl FnOnce(&mut Xml) -> io::Result<()>) -> Vec<u8> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 1);
    let written =
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None))).and_then(|()| write(&mut xml));
    // There is no file behind it that could fail.
    written.expect("a vector takes every byte");
    let mut bytes = xml.into_inner();
    bytes.push(b'\n');
    bytes
}

/// `<name>text</name>`
pub fn text(xml: &mut Xml, name: &str, text: &str) -> io::Result<()> {
    xml.create_element(name).write_text_content(BytesText::new(&permitted(text))).map(|_| ())
}

/// `<name attributes>text</name>`
pub fn text_with(xml: &mut Xml, name: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
    let permitted_attributes = permitted_all(attributes);
    let attributes = permitted_attributes.iter().map(|(name, value)| (*name, &**value));
    let element = xml.create_element(name).with_attributes(attributes);
    element.write_text_content(BytesText::new(&permitted(text))).map(|_| ())
}

/// `<name attributes/>`
pub fn empty(xml: &mut Xml, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
    let attributes = permitted_all(attributes);
    xml.create_element(name)
        .with_attributes(attributes.iter().map(|(name, value)| (*name, &**value)))
        .write_empty()
        .map(|_| ())
}

fn permitted_all<'a>(attributes: &[(&'a str, &'a str)]) -> Vec<(&'a str, Cow<'a, str>)> {
    attributes.iter().map(|(name, value)| (*name, permitted(value))).collect()
}

/// The text with U+FFFD in the place of what XML cannot hold in any spelling (XML 1.0 section 2.2).
fn permitted(text: &str) -> Cow<'_, str> {
    let forbidden = |c: char| match c {
        '\t' | '\n' => false,
        // A carriage return would be read back as a line feed.
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
    fn no_text_breaks_the_document() {
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
    fn xml_holds_no_controls() {
        assert_eq!(permitted("a\r\nb\u{0}\u{FFFE}\t"), "a\nb\u{FFFD}\u{FFFD}\t");
    }
}
