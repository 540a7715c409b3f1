//! Reads the XML of workbooks as a sequence of tags and text. No entity is defined by a document, so nothing expands.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

/// A part of an XML document. Names have no namespace prefix.
#[derive(Debug)]
pub enum Token {
    Start(Tag),
    End(String),
    Text(String),
}

/// A start tag.
#[derive(Debug)]
pub struct Tag {
    pub name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// Returns an attribute by its name without a prefix.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Returns a number.
    pub fn number(&self, name: &str) -> Option<usize> {
        self.get(name)?.parse().ok()
    }
}

/// Calls a function for each token of a document. An empty element gives a start and an end.
///
/// # Errors
/// If the XML is malformed, or the function returns an error.
pub fn read(text: &str, mut visit: impl FnMut(Token) -> Result<(), String>) -> Result<(), String> {
    let mut reader = Reader::from_str(text);
    let malformed = "the XML in the workbook is malformed".to_owned();
    loop {
        match reader.read_event().map_err(|_| malformed.clone())? {
            Event::Start(start) => visit(Token::Start(tag(&start)))?,
            Event::Empty(start) => {
                let tag = tag(&start);
                let name = tag.name.clone();
                visit(Token::Start(tag))?;
                visit(Token::End(name))?;
            }
            Event::End(end) => visit(Token::End(local(end.local_name().as_ref())))?,
            Event::Text(text) => visit(Token::Text(text.xml10_content().map_err(|_| malformed.clone())?.into_owned()))?,
            Event::CData(text) => {
                visit(Token::Text(text.xml10_content().map_err(|_| malformed.clone())?.into_owned()))?
            }
            Event::GeneralRef(reference) => {
                let character = match reference.resolve_char_ref() {
                    Ok(Some(character)) => character.to_string(),
                    _ => predefined(&reference.decode().map_err(|_| malformed.clone())?).to_owned(),
                };
                visit(Token::Text(character))?;
            }
            Event::Eof => return Ok(()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

fn tag(start: &BytesStart<'_>) -> Tag {
    let attributes = start.attributes().flatten().filter_map(|attribute| {
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned();
        Some((local(attribute.key.local_name().as_ref()), value))
    });
    Tag { name: local(start.local_name().as_ref()), attributes: attributes.collect() }
}

fn local(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

fn predefined(name: &str) -> &'static str {
    match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
}
