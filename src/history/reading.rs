//! One record: bytes in, a release or the reason why there is none out.
//!
//! The head of a record means the same in every schema, so it is read first and on its own: the chain can be verified
//! through records that only a newer candor can show. What a record states is read if its schema is known.
//!
//! The form of a record is fixed to the byte. A record whose fields are all known must be what [`Record::to_bytes`] writes. A
//! record with a field that only a newer candor knows must be the pretty-printed JSON of its own value: two spaces, line
//! feeds, keys in the order of the file and none twice.

use std::collections::{BTreeSet, HashSet};
use std::io::{self, Write};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::damage;
use super::interner::Interner;
use super::newer::{self, Newer};
use super::record::{Link, Record, SCHEMA};
use super::{Release, place};
use crate::diagnostic::{Code, Diagnostic, Place, Source};
use crate::model::{Date, Digest, Disclosure, Item, List, Malformed, Version};

/// A record that could be read.
#[derive(Debug)]
pub struct Parsed {
    /// The release's id.
    pub version: Version,
    /// The day it was published.
    pub published: Date,
    /// What the publisher says of it, as Markdown.
    pub summary: String,
    /// The release before, or none for the first.
    pub previous: Option<Link>,
    /// SHA-256 of the file.
    pub digest: Digest,
    /// Length of the file in bytes.
    pub bytes: u64,
    /// What it states; an error where this version of candor does not know its schema.
    pub stated: Result<Disclosure, Box<Diagnostic>>,
    /// The part of it that this version of candor does not know.
    pub newer: Newer,
    /// The text before the disclosure, for diagnostics on the record's place in the chain.
    pub head: Arc<Source>,
}

impl Parsed {
    /// The release.
    ///
    /// # Errors
    /// When only a newer candor can read what it states.
    pub fn release(self) -> Result<Release, Box<Diagnostic>> {
        let Parsed { version, published, summary, previous, digest, bytes, stated, newer, head: _ } = self;
        Ok(Release { version, published, summary, previous, disclosure: stated?, digest, bytes, newer })
    }

    /// The record's place in the chain alone: what it states and its summary are dropped, so that a history of any length
    /// is verified in little memory. Its [`release`](Self::release) is an error.
    #[must_use]
    pub fn without_statements(mut self) -> Parsed {
        self.summary = String::new();
        let dropped = Diagnostic::new(Code::ReleaseUnreadable, "what the record states was not kept");
        self.stated = Err(Box::new(dropped.at(Place::file(&self.head.path), "")));
        if self.head.text.len() > KEPT_HEAD {
            self.head = Source::new(&self.head.path, without_summary(&self.head.text));
        }
        let more = self.newer.fields.iter().nth(KEPT_FIELDS).cloned();
        more.inspect(|more| drop(self.newer.fields.split_off(more)));
        let more = self.newer.words.iter().nth(KEPT_FIELDS).cloned();
        more.inspect(|more| drop(self.newer.words.split_off(more)));
        self
    }
}

/// How much of a head is kept with a record whose statements are dropped, in bytes; a usual one has 300 without its summary.
const KEPT_HEAD: usize = 4096;

/// How many unknown fields and words are kept with a record whose statements are dropped.
const KEPT_FIELDS: usize = 16;

/// A head with an empty summary, so that lines keep their numbers; nothing where that is not enough.
fn without_summary(head: &str) -> String {
    const KEY: &str = "\n  \"summary\": ";
    let Some(start) = head.find(KEY).map(|at| at + KEY.len()) else { return String::new() };
    let end = head[start..].find('\n').map_or(head.len(), |length| start + length);
    if head.len() - (end - start) > KEPT_HEAD {
        String::new()
    } else {
        format!("{}\"\",{}", &head[..start], &head[end..])
    }
}

/// What several records share while they are read.
#[derive(Debug, Default)]
pub struct Reader {
    interner: Interner,
}

/// The head as it is written; values are parsed one by one, so that the wrong one can be named.
#[derive(Deserialize)]
struct RawHead {
    schema: u32,
    candor: Option<serde_json::Value>,
    version: String,
    published: String,
    summary: String,
    previous: Option<RawLink>,
}

#[derive(Deserialize)]
struct RawLink {
    version: String,
    sha256: String,
}

impl Reader {
    /// Reads the bytes of a record; `path` is how diagnostics name it.
    ///
    /// # Errors
    /// The first reason why the bytes are not a record in canonical form.
    pub fn record(&self, path: &str, bytes: &[u8]) -> Result<Parsed, Box<Diagnostic>> {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => Text { path, text },
            Err(error) => return Err(Box::new(not_text(path, bytes, error.valid_up_to()))),
        };
        let raw: RawHead = match serde_json::from_str(text.text) {
            Ok(raw) => raw,
            Err(error) => return Err(Box::new(text.unreadable(&error))),
        };
        if let Some(found) = damage::diagnostic(Code::ReleaseNotCanonical, path, text.text) {
            return Err(Box::new(found));
        }
        if raw.schema == 0 {
            return Err(Box::new(text.never_written(raw.schema)));
        }
        let head = text.head();
        let (version, published, previous) = values(&raw, &head)?;
        let mut newer = Newer { candor: raw.candor.as_ref().and_then(newer::version), ..Newer::default() };
        let stated = if raw.schema > SCHEMA {
            text.check_own_form()?;
            newer.schema = Some(raw.schema);
            Err(Box::new(newer::unreadable(path, &head, raw.schema, newer.candor.as_deref())))
        } else {
            let (disclosure, fields) = self.disclosure(text)?;
            newer.fields = fields;
            newer.words = newer::unknown_words(&disclosure);
            Ok(disclosure)
        };
        let (digest, bytes) = (Digest::of(bytes), bytes.len() as u64);
        Ok(Parsed { version, published, summary: raw.summary, previous, digest, bytes, stated, newer, head })
    }

    /// What a record of a known schema states, and the names of its unknown fields.
    fn disclosure(&self, text: Text<'_>) -> Result<(Disclosure, BTreeSet<String>), Box<Diagnostic>> {
        let mut unknown = BTreeSet::new();
        let mut deserializer = serde_json::Deserializer::from_str(text.text);
        let read = serde_ignored::deserialize(&mut deserializer, |path| {
            unknown.insert(newer::field(&path));
        });
        let record: Record = read.map_err(|error| Box::new(text.unreadable(&error)))?;
        if unknown.is_empty() {
            text.check_form(&record)?;
        } else {
            text.check_own_form()?;
        }
        let mut disclosure = record.disclosure;
        text.check_ids(&disclosure)?;
        self.interner.share(&mut disclosure);
        Ok((disclosure, unknown))
    }
}

/// The values of a head that have a form of their own.
fn values(raw: &RawHead, head: &Arc<Source>) -> Result<(Version, Date, Option<Link>), Box<Diagnostic>> {
    let wrong = |keys: &[&str], code: Code, why: Malformed| {
        let message = format!("the record's `{}` is wrong: {}", keys.last().unwrap_or(&""), why.message);
        let found = Diagnostic::new(code, message).at(place::of_value(head, keys), "");
        Box::new(found.help(why.help).help(RESTORE))
    };
    let version = raw.version.parse().map_err(|why| wrong(&["version"], Code::ReleaseMalformed, why))?;
    let published = raw.published.parse().map_err(|why| wrong(&["published"], Code::ReleaseMalformed, why))?;
    let previous = match &raw.previous {
        None => None,
        Some(link) => {
            let version = link.version.parse();
            let sha256 = link.sha256.parse();
            Some(Link {
                version: version.map_err(|why| wrong(&["previous", "version"], Code::ReleaseMalformed, why))?,
                sha256: sha256.map_err(|why| wrong(&["previous", "sha256"], Code::ReleaseDigest, why))?,
            })
        }
    };
    Ok((version, published, previous))
}

/// Bytes that are not UTF-8 text from `at` on.
fn not_text(path: &str, bytes: &[u8], at: usize) -> Diagnostic {
    let message = match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] if bytes.len().is_multiple_of(2) => {
            format!("`{path}` is UTF-16 text; a release is UTF-8")
        }
        _ => format!("`{path}` is not UTF-8 text from byte {at} on"),
    };
    Diagnostic::new(Code::ReleaseMalformed, message).at(Place::file(path), "").help(RESTORE)
}

pub(super) const RESTORE: &str =
    "a release is never edited: bring the file back as it was published, for example with `git checkout`";

/// The text of one record with the name of its file.
#[derive(Clone, Copy)]
struct Text<'a> {
    path: &'a str,
    text: &'a str,
}

impl Text<'_> {
    fn place(self, range: std::ops::Range<usize>) -> Place {
        place::at(self.path, self.text, range)
    }

    /// Everything before the disclosure.
    fn head(self) -> Arc<Source> {
        let end = self.text.find("\n  \"disclosure\"").unwrap_or(0);
        Source::new(self.path, &self.text[..end])
    }

    /// Checks that no list has an id twice.
    fn check_ids(self, disclosure: &Disclosure) -> Result<(), Box<Diagnostic>> {
        List::ALL.iter().try_for_each(|list| self.check_list(*list, &disclosure.items(*list)))
    }

    fn check_list(self, list: List, items: &[&dyn Item]) -> Result<(), Box<Diagnostic>> {
        let mut ids = HashSet::with_capacity(items.len());
        let Some(twice) = items.iter().find(|item| !ids.insert(item.id())) else { return Ok(()) };
        let message = format!("two items of `{list}` have the id `{}`", twice.id());
        // The form was checked: an id is on a line of its own, and the indent tells the items of a list from what is in them.
        let line = |indent: usize, key: &str| format!("\n{:indent$}\"{key}\": ", "");
        let list = self.text.find(&line(4, list.name())).unwrap_or_default();
        let key = line(8, "id");
        let id = format!("{key}{}", serde_json::Value::from(twice.id().as_str()));
        let second = self.text[list..].match_indices(&id).nth(1).map_or(0, |(at, _)| list + at);
        let second = second + key.len()..second + id.len();
        let found = Diagnostic::new(Code::ReleaseMalformed, message).at(self.place(second), "the second one");
        Err(Box::new(found.help(RESTORE)))
    }

    /// Checks that the text is what candor writes for this value.
    fn check_form(self, value: &impl Serialize) -> Result<(), Box<Diagnostic>> {
        let mut rest = Comparison { expected: self.text.as_bytes(), at: 0 };
        let same = serde_json::to_writer_pretty(&mut rest, value).is_ok() && rest.write_all(b"\n").is_ok();
        if same && rest.at == self.text.len() { Ok(()) } else { Err(Box::new(self.not_canonical(rest.at))) }
    }

    /// Checks that the text is the pretty-printed JSON of its own value. Of a key that is there twice the value has one, so
    /// that the texts differ.
    fn check_own_form(self) -> Result<(), Box<Diagnostic>> {
        match serde_json::from_str::<serde_json::Value>(self.text) {
            Ok(value) => self.check_form(&value),
            Err(error) => Err(Box::new(self.unreadable(&error))),
        }
    }

    fn not_canonical(self, at: usize) -> Diagnostic {
        let at = (0..=at.min(self.text.len())).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        if at == self.text.len() && self.text.ends_with('}') {
            let message =
                format!("`{}` is not the file that candor wrote: the line feed at its end was removed", self.path);
            let found = Diagnostic::new(Code::ReleaseNotCanonical, message).at(self.place(at..at), "");
            return found.help("editors and scripts that trim text files do this").help(RESTORE);
        }
        let message = format!("`{}` is not in the form that candor writes", self.path);
        let found = Diagnostic::new(Code::ReleaseNotCanonical, message).at(self.place(at..at), "the first difference");
        found.help("it was edited, reformatted or written by hand").help(RESTORE)
    }

    fn unreadable(self, error: &serde_json::Error) -> Diagnostic {
        if let Some(found) = conflict(self.path, self.text) {
            return found;
        }
        if damage::has_byte_order_mark(self.text)
            && let Some(found) = damage::diagnostic(Code::ReleaseNotCanonical, self.path, self.text)
        {
            return found;
        }
        let at = offset_of(self.text, error);
        let (code, message) = if error.is_eof() {
            (Code::ReleaseTruncated, format!("`{}` ends in the middle: it was cut off", self.path))
        } else {
            (Code::ReleaseMalformed, format!("`{}` is not a release record: {}", self.path, without_position(error)))
        };
        Diagnostic::new(code, message).at(self.place(at..at), "").help(RESTORE)
    }

    fn never_written(self, schema: u32) -> Diagnostic {
        let message = format!("`{}` has the schema {schema}, which no candor ever wrote", self.path);
        Diagnostic::new(Code::ReleaseSchema, message)
            .at(place::of_value(&self.head(), &["schema"]), format!("the first schema is {SCHEMA}"))
            .help(RESTORE)
    }
}

/// What a merge left in a file that two branches wrote.
pub(super) fn conflict(path: &str, text: &str) -> Option<Diagnostic> {
    let start = if text.starts_with("<<<<<<< ") { 0 } else { text.find("\n<<<<<<< ")? + 1 };
    let length = text[start..].find('\n').unwrap_or(text.len() - start);
    let message = format!("`{path}` holds the marks of a merge conflict: two branches made the same release");
    Some(
        Diagnostic::new(Code::ReleaseConflict, message)
            .at(place::at(path, text, start..start + length), "git left this here")
            .help("if one of the two is published, take its branch's releases with `git checkout BRANCH -- content/releases`, bring the content of both together, and run `candor release -m TEXT`, which takes the next version")
            .help("if neither is, bring the content of both together and run `candor release --replace -m TEXT`"),
    )
}

/// The byte at which serde_json stopped; its columns count bytes from 1.
fn offset_of(text: &str, error: &serde_json::Error) -> usize {
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let at = (before + error.column().saturating_sub(1)).min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// The error without `at line 3 column 5`: the place tells that.
fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(at) => text[..at].to_owned(),
        None => text,
    }
}

/// Takes what is written and holds it against what is expected.
struct Comparison<'a> {
    expected: &'a [u8],
    at: usize,
}

impl Write for Comparison<'_> {
    fn write(&mut self, written: &[u8]) -> io::Result<usize> {
        let rest = &self.expected[self.at..];
        if rest.starts_with(written) {
            self.at += written.len();
            return Ok(written.len());
        }
        self.at += rest.iter().zip(written).take_while(|(a, b)| a == b).count();
        Err(io::ErrorKind::InvalidData.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
