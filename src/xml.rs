//! Reads XML as a sequence of tags and text. A document cannot define entities, so nothing expands, and one that uses its own is
//! malformed.

use std::collections::VecDeque;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

/// A part of an XML document. Names have no namespace prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// A start tag.
    Start(Tag),
    /// The end of the element with this name. An empty element has a start and an end.
    End(String),
    /// Text or a part of it: references and CDATA sections are parts of their own.
    Text(String),
}

/// A start tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The name of the element.
    pub name: String,
    attributes: Vec<(String, String)>,
}

/// The document is not well-formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MalformedXml;

impl Tag {
    /// Returns an attribute by its name without a prefix.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Returns an attribute that is a number.
    pub fn number(&self, name: &str) -> Option<usize> {
        self.get(name)?.parse().ok()
    }

    /// Returns all attributes, by their names without prefixes.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

/// Reads the parts of a document, up to the first error.
pub struct Tokens<'a> {
    /// `None` after the end or an error.
    reader: Option<Reader<&'a [u8]>>,
    /// Parts that were read, but not returned yet.
    pending: VecDeque<Token>,
}

/// Returns the parts of a document.
pub fn tokens(text: &str) -> Tokens<'_> {
    Tokens { reader: Some(Reader::from_str(text)), pending: VecDeque::new() }
}

impl Iterator for Tokens<'_> {
    type Item = Result<Token, MalformedXml>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(token) = self.pending.pop_front() {
                return Some(Ok(token));
            }
            let Ok(event) = self.reader.as_mut()?.read_event() else {
                self.reader = None;
                return Some(Err(MalformedXml));
            };
            if matches!(event, Event::Eof) {
                self.reader = None;
                return None;
            }
            if push(&mut self.pending, event).is_none() {
                self.reader = None;
                return Some(Err(MalformedXml));
            }
        }
    }
}

/// Adds the parts of an event; `None` if it cannot be decoded.
fn push(tokens: &mut VecDeque<Token>, event: Event<'_>) -> Option<()> {
    match event {
        Event::Start(start) => tokens.push_back(Token::Start(tag(&start))),
        Event::Empty(start) => {
            let tag = tag(&start);
            let end = Token::End(tag.name.clone());
            tokens.extend([Token::Start(tag), end]);
        }
        Event::End(end) => tokens.push_back(Token::End(local(end.local_name().as_ref()))),
        Event::Text(text) => tokens.push_back(Token::Text(text.xml10_content().ok()?.into_owned())),
        Event::CData(text) => tokens.push_back(Token::Text(text.xml10_content().ok()?.into_owned())),
        Event::GeneralRef(reference) => {
            let text = match reference.resolve_char_ref() {
                Ok(Some(character)) => character.to_string(),
                _ => resolve_predefined_entity(&reference.decode().ok()?)?.to_owned(),
            };
            tokens.push_back(Token::Text(text));
        }
        Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Eof => {}
    }
    Some(())
}

fn tag(start: &BytesStart<'_>) -> Tag {
    // The check for duplicate attributes compares each with all others.
    let mut unchecked = start.attributes();
    let attributes = unchecked.with_checks(false).flatten().filter_map(|attribute| {
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned();
        Some((local(attribute.key.local_name().as_ref()), value))
    });
    Tag { name: local(start.local_name().as_ref()), attributes: attributes.collect() }
}

fn local(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{MalformedXml, Token, tokens};

    fn shown(text: &str) -> Result<Vec<String>, MalformedXml> {
        let shown = |token| match token {
            Token::Start(tag) => {
                let attributes: String = tag.attributes().map(|(key, value)| format!(" {key}={value}")).collect();
                format!("<{}{attributes}>", tag.name)
            }
            Token::End(name) => format!("</{name}>"),
            Token::Text(text) => text,
        };
        tokens(text).map(|token| token.map(shown)).collect()
    }

    #[test]
    fn returns_tags_and_text_without_prefixes() {
        let text =
            "<?xml version=\"1.0\"?><!DOCTYPE a><a><!-- <b> --><x:b x:c='1 &amp; 2'/>t&lt;&#65;<![CDATA[<d>]]></a>";
        assert_eq!(
            shown(text),
            Ok(["<a>", "<b c=1 & 2>", "</b>", "t", "<", "A", "<d>", "</a>"].map(String::from).into())
        );
    }

    #[test]
    fn entities_of_a_document_do_not_expand() {
        let text = "<!DOCTYPE a [<!ENTITY b \"cccccccc\">]><a d='&b;'>&b;&b;</a>";
        assert_eq!(shown(text), Err(MalformedXml));
        let attribute = "<!DOCTYPE a [<!ENTITY b \"cccccccc\">]><a d='&b;'></a>";
        assert_eq!(shown(attribute), Ok(["<a>", "</a>"].map(String::from).into()));
    }

    #[test]
    fn stops_at_the_first_error() {
        for text in ["<a></b>", "<a><", "<a>&#xD800</a>", "<!-- "] {
            assert_eq!(shown(text), Err(MalformedXml), "{text}");
            assert!(tokens(text).count() < 4, "{text}");
        }
    }
}
