//! Reads the addresses and anchors of a file, by its format.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::hypertext::{self, Address, Hypertext, KnownRows, Syntax};
use crate::markdown;
use crate::site::map::{self, Kind, Output};
use crate::site::{Artifact, SitePath};
use crate::text::css;
use crate::xml::{Token, tokens};

/// The addresses and anchors of a file.
#[derive(Debug, Default)]
pub(super) struct FileLinks<'a> {
    /// Whether the file is a document with anchors.
    pub has_anchors: bool,
    /// The ids, in order.
    pub ids: Vec<Address<'a>>,
    /// Other anchors.
    pub names: Vec<Cow<'a, str>>,
    /// The addresses of an HTML or SVG document, in order.
    pub linked: Vec<Address<'a>>,
    /// The addresses of other formats, and those in structured data, in order.
    pub others: Vec<Cow<'a, str>>,
    /// The address that relative addresses start from, if the file changes it.
    pub base: Option<Cow<'a, str>>,
    /// Anchors that HTML in a feed refers to, and that this HTML does not have.
    pub lost_anchors: Vec<String>,
}

impl<'a> FileLinks<'a> {
    /// Returns all addresses, with the byte range in the file of those of a document.
    pub fn references(&self) -> impl Iterator<Item = (&str, Option<&Range<usize>>)> {
        let linked = self.linked.iter().map(|address| (&*address.value, Some(&address.range)));
        linked.chain(self.others.iter().map(|address| (&**address, None)))
    }

    fn add(&mut self, address: impl Into<Cow<'a, str>>) {
        self.others.push(address.into());
    }
}

/// The formats in which files refer to other files.
enum Format {
    Html,
    Svg,
    Css,
    Markdown,
    Xml,
    Json(Output),
    Manifest,
    /// `robots.txt` and `security.txt`: fields with a value.
    Fields,
    Calendar,
}

fn format(path: &SitePath, artifact: &Artifact) -> Option<Format> {
    let media_type = artifact.media_type.as_str();
    let essence = media_type.split(';').next().unwrap_or(media_type).trim();
    match map::find(path.as_str()).kind {
        Kind::Output(output) => match output {
            Output::AtomFeed | Output::UpdatesFeed | Output::Sitemap => Some(Format::Xml),
            Output::JsonFeed
            | Output::ReleaseIndex
            | Output::SubprocessorsJson
            | Output::TrustJson
            | Output::UpcomingJson
            | Output::QuestionnaireJson
            | Output::Schema => Some(Format::Json(output)),
            Output::MarkdownCopy | Output::Llms => Some(Format::Markdown),
            Output::Robots | Output::SecurityTxt => Some(Format::Fields),
            Output::SubprocessorsCsv
            | Output::SubprocessorsTable
            | Output::SubprocessorsWorkbook
            | Output::QuestionnaireTable
            | Output::QuestionnaireWorkbook
            | Output::AnnexDocument
            | Output::AnnexWorkbook
            | Output::HeadersFile
            | Output::RedirectsFile
            | Output::NginxRedirects
            | Output::StaticWebApp => None,
            Output::Calendar | Output::NoticeCalendar => Some(Format::Calendar),
        },
        Kind::Page(_) | Kind::Alias => Some(Format::Html),
        // Its relative addresses were meant for the place where the file was.
        Kind::BoundFile | Kind::Record | Kind::Checksums => None,
        Kind::Asset | Kind::Static | Kind::Reserved => match essence {
            "text/html" => Some(Format::Html),
            "image/svg+xml" => Some(Format::Svg),
            "text/css" => Some(Format::Css),
            "application/manifest+json" => Some(Format::Manifest),
            _ => None,
        },
    }
}

/// Whether addresses can lead to an anchor in the file.
pub(super) fn has_anchors(path: &SitePath, artifact: &Artifact) -> bool {
    matches!(format(path, artifact), Some(Format::Html | Format::Svg))
}

/// Reads a file; `None` if its format has no addresses.
pub(super) fn links<'a>(
    path: &SitePath,
    artifact: &Artifact,
    bytes: &'a [u8],
    rows: &KnownRows,
) -> Option<FileLinks<'a>> {
    let format = format(path, artifact)?;
    // Browsers replace what is not UTF-8. Such a file is not candor's.
    let text = std::str::from_utf8(bytes).ok()?;
    let mut links = FileLinks::default();
    match format {
        Format::Html => return Some(document(text, Syntax::Html, Some(rows))),
        Format::Svg => return Some(document(text, Syntax::Xml, None)),
        Format::Css => css::references(text).into_iter().for_each(|range| links.add(&text[range])),
        Format::Markdown => markdown::addresses(text).into_iter().for_each(|address| links.add(address)),
        Format::Xml => xml(text, &mut links),
        Format::Json(output) => json(text, output, &mut links),
        Format::Manifest => fields(text, &["src", "url", "start_url"], &[], &mut links),
        Format::Calendar => events(text).into_iter().for_each(|address| links.add(address)),
        Format::Fields => {
            let addresses = text.lines().filter_map(|line| line.split_once(": "));
            addresses.filter(|(name, _)| matches!(*name, "Sitemap" | "Canonical")).for_each(|(_, it)| links.add(it));
        }
    }
    Some(links)
}

fn document<'a>(text: &'a str, syntax: Syntax, rows: Option<&KnownRows>) -> FileLinks<'a> {
    let Hypertext { ids, names, addresses, base, json_ld } = hypertext::read_known(text, syntax, rows);
    let mut links = FileLinks { has_anchors: true, ids, names, linked: addresses, base, ..FileLinks::default() };
    for data in json_ld {
        // An `@id` is an identifier: nothing has to be at such an address.
        fields(data, &["url", "logo", "image", "item", "contentUrl"], &[], &mut links);
    }
    links
}

fn json(text: &str, output: Output, links: &mut FileLinks<'_>) {
    if let Output::Schema | Output::SubprocessorsJson | Output::TrustJson | Output::UpcomingJson = output {
        let Ok(value) = serde_json::from_str::<Value>(text) else { return };
        // The rest of a schema and of a list is the publisher's.
        let key = if output == Output::Schema { "$id" } else { "$schema" };
        value.get(key).and_then(Value::as_str).into_iter().for_each(|address| links.add(address.to_owned()));
        if output == Output::TrustJson {
            value.get("record").and_then(Value::as_str).into_iter().for_each(|address| links.add(address.to_owned()));
        }
        if let Output::TrustJson | Output::UpcomingJson = output {
            calendars(&value).into_iter().for_each(|address| links.add(address));
        }
        return;
    }
    let addresses = ["$schema", "home_page_url", "feed_url", "next_url", "url", "record", "page"];
    fields(text, &addresses, &["content_html"], links);
}

/// Adds the addresses in fields with these names, and those of HTML in other fields. The values in `changes` are those of
/// releases. The text is read once and not kept: a feed is mostly its changes.
fn fields(text: &str, addresses: &[&str], html: &[&str], links: &mut FileLinks<'_>) {
    let fields = Fields { addresses, html, role: Role::Other, links };
    // Valid, because candor writes these files; of a publisher's manifest, what precedes a mistake is read.
    drop(fields.deserialize(&mut serde_json::Deserializer::from_str(text)));
}

/// What the value of a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Address,
    Html,
    Other,
}

/// Collects addresses from JSON while it is parsed.
struct Fields<'l, 'a> {
    addresses: &'l [&'l str],
    html: &'l [&'l str],
    role: Role,
    links: &'l mut FileLinks<'a>,
}

impl<'a> Fields<'_, 'a> {
    /// Collects from a value inside this one.
    fn inside(&mut self, role: Role) -> Fields<'_, 'a> {
        Fields { addresses: self.addresses, html: self.html, role, links: self.links }
    }

    fn role(&self, key: &str) -> Role {
        match key {
            _ if self.addresses.contains(&key) => Role::Address,
            _ if self.html.contains(&key) => Role::Html,
            _ => Role::Other,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Fields<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
        value.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Fields<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = members.next_key()? {
            match &*key {
                "changes" => drop(members.next_value::<IgnoredAny>()?),
                key => {
                    let role = self.role(key);
                    members.next_value_seed(self.inside(role))?;
                }
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut values: A) -> Result<(), A::Error> {
        while values.next_element_seed(self.inside(Role::Other))?.is_some() {}
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        match self.role {
            Role::Address => self.links.add(text.to_owned()),
            Role::Html => content(text, self.links),
            Role::Other => {}
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// The name of a field.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// Adds the addresses of HTML in a feed. Its anchors are those of this HTML, because readers show each entry alone.
fn content(html: &str, links: &mut FileLinks<'_>) {
    let content = document(html, Syntax::Html, None);
    let anchors: HashSet<&str> =
        content.ids.iter().map(|id| &*id.value).chain(content.names.iter().map(|name| &**name)).collect();
    for (address, _) in content.references() {
        match address.strip_prefix('#') {
            Some("") => {}
            Some(anchor) => {
                let anchor = crate::text::percent::decode_lossy(anchor);
                if !anchors.contains(&*anchor) {
                    links.lost_anchors.push(anchor.into_owned());
                }
            }
            None => links.others.push(address.to_owned().into()),
        }
    }
}

/// Adds the addresses of a feed or a sitemap. One that candor writes is well-formed.
fn xml(text: &str, links: &mut FileLinks<'_>) {
    let mut inner = String::new();
    for token in tokens(text).map_while(Result::ok) {
        match token {
            Token::Start(tag) => {
                inner.clear();
                tag.get("href").into_iter().for_each(|address| links.add(address.to_owned()));
            }
            Token::Text(text) => inner.push_str(&text),
            Token::End(name) => match name.as_str() {
                "loc" => links.add(std::mem::take(&mut inner)),
                "content" => content(&std::mem::take(&mut inner), links),
                _ => inner.clear(),
            },
        }
    }
}

/// Returns the addresses of the calendars of changes.
fn calendars(upcoming: &Value) -> Vec<String> {
    let changes = upcoming.get("changes").and_then(Value::as_array).into_iter().flatten();
    changes.filter_map(|change| change.get("calendar")?.as_str().map(str::to_owned)).collect()
}

/// Returns the addresses of the events of a calendar.
fn events(calendar: &str) -> Vec<String> {
    // A line that begins with a space continues the previous one (RFC 5545, section 3.1).
    let unfolded = calendar.replace("\r\n ", "");
    unfolded.lines().filter_map(|line| line.strip_prefix("URL:")).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn finds_the_addresses_of_announced_changes() {
        let upcoming = json!({"$schema": "a", "changes": [{"calendar": "b", "url": "c"}, {}, {"calendar": "d"}]});
        assert_eq!(super::calendars(&upcoming), ["b", "d"]);
        let calendar = "BEGIN:VEVENT\r\nSUMMARY:URL:x\r\nURL:https://a.test\r\n /b\r\nDESCRIPTION:y\r\n URL:z\r\n";
        assert_eq!(super::events(calendar), ["https://a.test/b"]);
    }
}
