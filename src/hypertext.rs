//! Reads the addresses and anchors of an HTML or SVG document.
//!
//! A build reads every page that it writes, so this tokenizer only looks for what it needs: it follows the HTML standard
//! (WHATWG HTML, section 13.2.5) for tags, attributes, comments and raw text, and builds no tree. A property test compares it
//! with a complete parser.

mod reference;
mod rows;

use std::borrow::Cow;
use std::ops::Range;

use self::rows::FoundBefore;
pub use self::rows::KnownRows;
use crate::text::css;

/// The syntax of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// HTML, possibly with SVG in it.
    Html,
    /// An XML vocabulary such as SVG, in which no element contains raw text.
    Xml,
}

/// An address in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address<'a> {
    /// The address, with character references decoded.
    pub value: Cow<'a, str>,
    /// The byte range of the attribute's value in the document.
    pub range: Range<usize>,
}

/// A start tag in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element<'a> {
    /// Its name, as written.
    pub name: &'a str,
    /// The byte range of the tag in the document.
    pub range: Range<usize>,
    /// All its attributes, in order.
    pub attributes: Vec<Attribute<'a>>,
}

impl<'a> Element<'a> {
    /// Returns the first attribute with a name in lowercase.
    pub fn attribute(&self, name: &str) -> Option<&Attribute<'a>> {
        self.attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
    }
}

/// An attribute of a start tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// Its name, as written.
    pub name: &'a str,
    /// Its value.
    pub value: Address<'a>,
}

/// The anchors and addresses of a document, each in order.
#[derive(Debug, Default)]
pub struct Hypertext<'a> {
    /// The values of `id`, which should be unique, with their byte ranges.
    pub ids: Vec<Address<'a>>,
    /// The values of `name` of `a` elements, which are anchors too.
    pub names: Vec<Cow<'a, str>>,
    /// The addresses that the document links to or loads.
    pub addresses: Vec<Address<'a>>,
    /// The address that relative addresses start from, if the document changes it.
    pub base: Option<Cow<'a, str>>,
    /// The content of `script` elements with JSON-LD.
    pub json_ld: Vec<&'a str>,
}

/// Attributes that contain an address on any element.
const ADDRESSES: [&str; 9] =
    ["href", "src", "xlink:href", "poster", "action", "formaction", "background", "longdesc", "data-record"];

/// Properties of `meta` elements that contain an address.
const META: [&str; 6] = ["og:url", "og:image", "og:image:url", "og:video", "og:audio", "twitter:image"];

/// Elements whose content is raw text (section 13.2.5.2 and following), except for `script`.
const RAW: [&str; 7] = ["style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"];

/// Whether an attribute of an element contains an address. Both names are in lowercase.
pub fn is_address(element: &str, attribute: &str) -> bool {
    ADDRESSES.contains(&attribute) || (attribute == "data" && element == "object")
}

/// Returns all start tags of an HTML document.
pub fn elements(text: &str) -> Vec<Element<'_>> {
    let mut reader = Reader::new(text, Syntax::Html);
    reader.elements = Some(Vec::new());
    reader.run(None);
    reader.elements.unwrap_or_default()
}

/// Reads a document.
pub fn read(text: &str, syntax: Syntax) -> Hypertext<'_> {
    read_known(text, syntax, None)
}

/// Like [`read`], but faster if the document has table rows of earlier documents.
pub fn read_known<'a>(text: &'a str, syntax: Syntax, rows: Option<&KnownRows>) -> Hypertext<'a> {
    let mut reader = Reader::new(text, syntax);
    reader.run(rows.filter(|_| syntax == Syntax::Html));
    reader.found
}

/// An attribute: the ranges of its name and value.
type AttributeRanges = (Range<usize>, Range<usize>);

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    syntax: Syntax,
    /// The number of open `svg` and `math` elements, in which no element contains raw text.
    foreign: usize,
    /// The attributes of the current tag.
    attributes: Vec<AttributeRanges>,
    found: Hypertext<'a>,
    /// All start tags, if they are wanted.
    elements: Option<Vec<Element<'a>>>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, syntax: Syntax) -> Reader<'a> {
        let (bytes, attributes) = (text.as_bytes(), Vec::new());
        Reader { text, bytes, syntax, foreign: 0, attributes, found: Hypertext::default(), elements: None }
    }

    fn run(&mut self, mut rows: Option<&KnownRows>) {
        let mut at = 0;
        // The row that is being read: its range, and the state before it.
        let mut open: Option<(Range<usize>, FoundBefore)> = None;
        // Most texts are short, so a loop is faster than a search that begins with an alignment.
        while let Some(start) = position(self.bytes, at, |byte| byte == b'<') {
            if let Some(known) = rows.filter(|_| self.foreign == 0) {
                if let Some((row, before)) = open.take_if(|(row, _)| row.end <= start)
                    && row.end == at
                {
                    known.keep(self.text, row, before, &self.found);
                }
                if open.is_none() && rows::is_start(self.bytes, start) {
                    match rows::end(self.bytes, start) {
                        // Without the end of one row, there is none of a later one.
                        None => rows = None,
                        Some(end) => match known.get(&self.text[start..end]) {
                            Some(row) => {
                                row.add_to(&mut self.found, self.text, start);
                                at = end;
                                continue;
                            }
                            None => open = Some((start..end, FoundBefore::of(&self.found))),
                        },
                    }
                }
            }
            at = match self.next(start) {
                Some(next) => next,
                None => break,
            };
        }
    }

    /// Reads the markup at a `<`, and returns the position after it; `None` if the document ends in a tag.
    fn next(&mut self, start: usize) -> Option<usize> {
        Some(match self.bytes.get(start + 1) {
            Some(b'!') => self.declaration(start),
            Some(b'?') => self.after(start, ">"),
            Some(b'/') if self.is_letter(start + 2) => {
                let (name, end, _) = self.tag(start + 2)?;
                if is_foreign(name) {
                    self.foreign = self.foreign.saturating_sub(1);
                }
                end
            }
            Some(b'/') => self.after(start + 1, ">"),
            Some(_) if self.is_letter(start + 1) => {
                let (name, end, closed) = self.tag(start + 1)?;
                if let Some(mut elements) = self.elements.take() {
                    elements.push(self.element(name, start..end));
                    self.elements = Some(elements);
                }
                self.start(name, end, closed)
            }
            _ => start + 1,
        })
    }

    /// Returns the position of the next occurrence of an ASCII character.
    fn find(&self, from: usize, what: char) -> Option<usize> {
        self.text.get(from..)?.find(what).map(|at| from + at)
    }

    /// Returns the position after the next occurrence, or the end of the document.
    fn after(&self, from: usize, what: &str) -> usize {
        let found = self.text.get(from..).and_then(|rest| rest.find(what));
        found.map_or(self.bytes.len(), |at| from + at + what.len())
    }

    fn is_letter(&self, at: usize) -> bool {
        self.bytes.get(at).is_some_and(u8::is_ascii_alphabetic)
    }

    /// Returns the end of a comment, a document type or a CDATA section.
    fn declaration(&self, start: usize) -> usize {
        let rest = &self.bytes[start..];
        if rest.starts_with(b"<!--") {
            // `<!-->` and `<!--->` are complete comments.
            if rest.starts_with(b"<!-->") || rest.starts_with(b"<!--->") {
                return self.after(start, ">");
            }
            let mut at = start + 4;
            while let Some(end) = self.text.get(at..).and_then(|rest| rest.find("--")).map(|end| at + end) {
                match &self.bytes[end + 2..] {
                    [b'>', ..] => return end + 3,
                    [b'!', b'>', ..] if self.syntax == Syntax::Html => return end + 4,
                    _ => at = end + 1,
                }
            }
            return self.bytes.len();
        }
        let cdata = self.syntax == Syntax::Xml || self.foreign > 0;
        self.after(start, if cdata && rest.starts_with(b"<![CDATA[") { "]]>" } else { ">" })
    }

    /// Reads the rest of a tag, from its name on. Returns the name, the position after the tag, and whether it ends with `/>`;
    /// `None` if the document ends in the tag.
    fn tag(&mut self, name: usize) -> Option<(&'a str, usize, bool)> {
        let bytes = self.bytes;
        self.attributes.clear();
        let mut at = position(bytes, name, |byte| is(byte, SPACE | END))?;
        let tag = &self.text[name..at];
        if bytes[at] == b'>' {
            return Some((tag, at + 1, false));
        }
        loop {
            at = position(bytes, at, |byte| !is(byte, SPACE))?;
            match bytes[at] {
                b'>' => return Some((tag, at + 1, bytes[at - 1] == b'/')),
                b'/' => {
                    at += 1;
                    continue;
                }
                _ => {}
            }
            let start = at;
            // A name may begin with `=`.
            at = position(bytes, start + 1, |byte| is(byte, SPACE | END | EQUALS))?;
            let attribute = start..at;
            let next = position(bytes, at, |byte| !is(byte, SPACE))?;
            if bytes[next] != b'=' {
                self.attributes.push((attribute, at..at));
                continue;
            }
            at = position(bytes, next + 1, |byte| !is(byte, SPACE))?;
            let value = match bytes[at] {
                quote @ (b'"' | b'\'') => {
                    let end = position(bytes, at + 1, |byte| byte == quote)?;
                    at + 1..end
                }
                _ => at..position(bytes, at, |byte| is(byte, SPACE) || byte == b'>')?,
            };
            at = if value.start > at { value.end + 1 } else { value.end };
            // A `/` that ends an unquoted value does not close the element.
            if value.end == at && bytes[at] == b'>' {
                self.attributes.push((attribute, value));
                return Some((tag, at + 1, false));
            }
            self.attributes.push((attribute, value));
        }
    }

    /// Evaluates a start tag, and returns the position after it and its raw text.
    fn start(&mut self, name: &'a str, end: usize, closed: bool) -> usize {
        let named = |other: &str| name.eq_ignore_ascii_case(other);
        for at in 0..self.attributes.len() {
            let (attribute, value) = self.attributes[at].clone();
            if !may_matter(&self.bytes[attribute.clone()]) {
                continue;
            }
            let attribute = &self.text[attribute];
            let has = |other: &str| attribute.eq_ignore_ascii_case(other);
            // Of several attributes with the same name, the first one applies.
            if self.attributes[..at].iter().any(|(other, _)| has(&self.text[other.clone()])) {
                continue;
            }
            if has("id") {
                let id = self.value(value);
                self.found.ids.push(id);
            } else if has("name") && named("a") {
                let name = self.value(value).value;
                self.found.names.push(name);
            } else if has("href") && named("base") {
                let base = self.value(value).value;
                self.found.base.get_or_insert(base);
            } else if ADDRESSES.iter().any(|name| has(name)) || (has("data") && named("object")) {
                let address = self.value(value);
                self.found.addresses.push(address);
            } else if has("srcset") || has("imagesrcset") {
                self.candidates(value);
            } else if has("style") {
                let style = self.value(value);
                self.style(&style);
            }
        }
        // The names of all other elements are not `a`, `p`, `td` and so on.
        if !(3..=9).contains(&name.len()) {
            return end;
        }
        if named("meta") {
            self.meta();
        }
        if self.syntax == Syntax::Xml {
            return end;
        }
        if is_foreign(name) && !closed {
            self.foreign += 1;
        }
        if self.foreign > 0 {
            return end;
        }
        if named("script") {
            let after = self.script_end(end);
            if self.attribute("type").is_some_and(|value| value.trim().eq_ignore_ascii_case("application/ld+json")) {
                self.found.json_ld.push(&self.text[end..after]);
            }
            return after;
        }
        if named("plaintext") {
            return self.bytes.len();
        }
        match RAW.iter().find(|raw| named(raw)) {
            Some(raw) => {
                let after = self.raw_end(end, raw);
                if named("style") {
                    self.style(&Address { value: self.text[end..after].into(), range: end..after });
                }
                after
            }
            None => end,
        }
    }

    /// Returns the current start tag.
    fn element(&self, name: &'a str, range: Range<usize>) -> Element<'a> {
        let attribute = |(name, value): &AttributeRanges| Attribute {
            name: &self.text[name.clone()],
            value: self.value(value.clone()),
        };
        Element { name, range, attributes: self.attributes.iter().map(attribute).collect() }
    }

    /// Adds the addresses in the style sheet of an attribute or element `style`.
    fn style(&mut self, style: &Address<'a>) {
        for range in css::references(&style.value) {
            let value = style.value[range].to_owned().into();
            self.found.addresses.push(Address { value, range: style.range.clone() });
        }
    }

    /// Returns the value of an attribute of the current tag.
    fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        let attribute =
            self.attributes.iter().find(|(other, _)| self.text[other.clone()].eq_ignore_ascii_case(name))?;
        Some(self.value(attribute.1.clone()).value)
    }

    fn value(&self, range: Range<usize>) -> Address<'a> {
        Address { value: reference::decode(&self.text[range.clone()]), range }
    }

    /// Adds the address of a `meta` element: of the page itself, of its picture, or of a redirect.
    fn meta(&mut self) {
        let Some((_, range)) =
            self.attributes.iter().find(|(name, _)| self.text[name.clone()].eq_ignore_ascii_case("content"))
        else {
            return;
        };
        let content = self.value(range.clone());
        let kind = self.attribute("property").or_else(|| self.attribute("name"));
        if kind.is_some_and(|kind| META.contains(&&*kind.trim().to_ascii_lowercase())) {
            self.found.addresses.push(content);
        } else if self.attribute("http-equiv").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("refresh")) {
            let lower = content.value.to_ascii_lowercase();
            if let Some(at) = lower.find("url=") {
                let address = content.value[at + 4..].trim().trim_matches(['"', '\'']).to_owned();
                self.found.addresses.push(Address { value: address.into(), range: content.range });
            }
        }
    }

    /// Adds the addresses of an attribute `srcset`: each is followed by a descriptor and a comma.
    fn candidates(&mut self, range: Range<usize>) {
        let list = self.value(range.clone()).value;
        let mut rest = list.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        while !rest.is_empty() {
            let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
            let (address, after) = rest.split_at(end);
            let without_comma = address.trim_end_matches(',');
            self.found.addresses.push(Address { value: without_comma.to_owned().into(), range: range.clone() });
            // Without a comma, a descriptor follows up to the next comma.
            let next = if without_comma.len() < address.len() { 0 } else { after.find(',').unwrap_or(after.len()) };
            rest = after[next..].trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        }
    }

    /// Whether a start or end tag of an element is at a position, given the text before its name.
    fn is_tag(&self, at: usize, before: &str, name: &str) -> bool {
        let start = at + before.len();
        let end = start + name.len();
        self.bytes[at..].starts_with(before.as_bytes())
            && self.bytes.get(start..end).is_some_and(|there| there.eq_ignore_ascii_case(name.as_bytes()))
            && self.bytes.get(end).is_some_and(|byte| is(*byte, SPACE | END))
    }

    /// Returns the position of the end tag of an element with raw text.
    fn raw_end(&self, from: usize, name: &str) -> usize {
        let mut at = from;
        while let Some(start) = self.find(at, '<') {
            if self.is_tag(start, "</", name) {
                return start;
            }
            at = start + 1;
        }
        self.bytes.len()
    }

    /// Returns the position of the end tag of a script. Within a comment in a script, `<script>` and `</script>` are pairs.
    fn script_end(&self, from: usize) -> usize {
        let (mut escaped, mut nested) = (false, false);
        let mut at = from;
        while let Some(next) = position(self.bytes, at, |byte| byte == b'<' || (escaped && byte == b'-')) {
            at = next;
            match self.bytes[at] {
                b'<' if !escaped && self.bytes[at..].starts_with(b"<!--") => {
                    escaped = true;
                    // The hyphens can also be those of the end, `<!-->`.
                    at += 2;
                    continue;
                }
                b'-' if escaped && self.bytes[at..].starts_with(b"-->") => (escaped, nested) = (false, false),
                b'<' if escaped && !nested && self.is_tag(at, "<", "script") => nested = true,
                b'<' if nested && self.is_tag(at, "</", "script") => nested = false,
                b'<' if self.is_tag(at, "</", "script") => return at,
                _ => {}
            }
            at += 1;
        }
        self.bytes.len()
    }
}

/// Whether an attribute with this name may be one that matters. Most are not, such as `class` and `data-label`.
fn may_matter(name: &[u8]) -> bool {
    let first = name.first().map(u8::to_ascii_lowercase);
    matches!(
        (name.len(), first),
        (2, Some(b'i'))
            | (3, Some(b's'))
            | (4, Some(b'h' | b'n' | b'd'))
            | (5, Some(b's'))
            | (6, Some(b's' | b'p' | b'a'))
            | (8, Some(b'l'))
            | (10, Some(b'x' | b'f' | b'b'))
            | (11, Some(b'i' | b'd'))
    )
}

/// Returns the position of the first byte that stops a search.
#[inline]
fn position(bytes: &[u8], from: usize, stop: impl Fn(u8) -> bool) -> Option<usize> {
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        if stop(*byte) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Classes of bytes in tags.
const SPACE: u8 = 1;
/// `/` and `>`.
const END: u8 = 2;
const EQUALS: u8 = 4;

/// The classes of each byte, in a table because this is looked up for most bytes of a site.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut at = 0;
    while at < 256 {
        classes[at] = match at as u8 {
            b' ' | b'\t' | b'\n' | b'\x0C' | b'\r' => SPACE,
            b'/' | b'>' => END,
            b'=' => EQUALS,
            _ => 0,
        };
        at += 1;
    }
    classes
};

#[inline]
fn is(byte: u8, classes: u8) -> bool {
    CLASSES[usize::from(byte)] & classes != 0
}

fn is_foreign(name: &str) -> bool {
    name.eq_ignore_ascii_case("svg") || name.eq_ignore_ascii_case("math")
}

#[cfg(test)]
mod tests;
