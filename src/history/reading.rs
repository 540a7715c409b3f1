//! Parses the bytes of one record.
//!
//! The chain needs only the schema, the version, the date and the link to the previous release. They are the same in every schema,
//! so they are parsed first and separately: the chain can be verified even if it contains records that only a newer candor can
//! show. Everything else is parsed only if the schema is known, because a newer schema may give it another type.
//!
//! The format of a record is fixed to the byte. If all its fields are known, it must be what [`Record::to_bytes`] writes. If it
//! has fields that only a newer candor knows, it must be the pretty-printed JSON of its own value: an indent of two spaces, line
//! feeds, keys in the order of the file, and no duplicate keys.

use std::collections::{BTreeSet, HashSet};
use std::io::{self, Write};
use std::sync::Arc;

use foldhash::fast::RandomState;
use serde::{Deserialize, Serialize};

use super::damage;
use super::interner::Interner;
use super::kept::CurrentFile;
use super::known_items::KnownItems;
use super::newer::{self, Newer};
use super::record::{KnownSchema, Link, Record, RecordV1, SCHEMA};
use super::redaction::Redaction;
use super::sent::BoundNotice;
use super::{Release, place, withholding};
use crate::diagnostic::{Code, Diagnostic, Place, Remedy, Source};
use crate::model::{Date, Digest, Disclosure, Item, Language, List, Malformed, RecordedFile, Version, Withheld};

/// A parsed record.
#[derive(Debug)]
pub struct Parsed {
    /// The release's id.
    pub version: Version,
    /// The publication date.
    pub published: Date,
    /// The publisher's summary, as Markdown; `None` if the record has a newer schema, in which it is not text.
    pub summary: Option<String>,
    /// The language of the disclosure; the default if it cannot be read.
    pub language: Language,
    /// The previous release; `None` for the first.
    pub previous: Option<Link>,
    /// The earlier release that this one corrects.
    pub corrects: Option<Version>,
    /// The redactions that the record binds.
    pub redactions: Vec<Redaction>,
    /// What the record binds of the files about notices that were sent.
    pub notices: Vec<BoundNotice>,
    /// The values that were withheld from the record.
    pub withheld: Withheld,
    /// The files that the record binds, as it lists them; `None` if its schema has none, or is not known.
    pub files: Option<Vec<RecordedFile>>,
    /// The files that the record binds, if no later record is known.
    pub current: Vec<CurrentFile>,
    /// SHA-256 of the file.
    pub digest: Digest,
    /// Length of the file in bytes.
    pub bytes: u64,
    /// The disclosure, or an error if this version of candor does not know the schema.
    pub stated: Result<Disclosure, Box<Diagnostic>>,
    /// The fields and values that this version of candor does not know.
    pub newer: Newer,
    /// The text before the disclosure, for diagnostics about the chain.
    pub head: Arc<Source>,
}

impl Parsed {
    /// Converts the record into a release.
    ///
    /// # Errors
    /// If only a newer candor can read the disclosure.
    pub fn release(self) -> Result<Release, Box<Diagnostic>> {
        let Parsed { version, published, summary, previous, corrects, redactions, notices, withheld, files, .. } = self;
        let (disclosure, summary) = (self.stated?, summary.unwrap_or_default());
        let (digest, bytes, newer) = (self.digest, self.bytes, self.newer);
        Ok(Release {
            version,
            published,
            summary,
            previous,
            corrects,
            redactions,
            notices,
            withheld,
            original: None,
            files,
            disclosure,
            digest,
            bytes,
            newer,
        })
    }

    /// Drops the disclosure and the summary, so that a history of any length can be verified in little memory. Afterwards,
    /// [`release`](Self::release) returns an error.
    #[must_use]
    pub fn without_statements(mut self) -> Parsed {
        self.summary = None;
        self.withheld.fields.clear();
        let dropped = Diagnostic::new(Code::ReleaseUnreadable, "the disclosure of the record was dropped");
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

/// The maximum length of a head that is kept without its disclosure, in bytes. A typical head has 300 without its summary.
const KEPT_HEAD: usize = 4096;

/// The maximum number of unknown fields and values that are kept without the disclosure.
const KEPT_FIELDS: usize = 16;

/// Returns the head with an empty summary, so that line numbers stay the same; an empty string if that is still too long.
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

/// Parses records that share equal items.
#[derive(Debug, Default)]
pub struct RecordReader {
    interner: Interner,
    known: KnownItems,
}

/// The unparsed head. Values are parsed one by one, so that a diagnostic can point at the malformed one. Those that the chain does
/// not need can have any type.
#[derive(Deserialize)]
struct RawHead {
    schema: u32,
    candor: Option<serde_json::Value>,
    version: String,
    published: String,
    summary: Option<serde_json::Value>,
    redactions: Option<serde_json::Value>,
    previous: Option<RawLink>,
}

#[derive(Deserialize)]
struct RawLink {
    version: String,
    sha256: String,
}

impl RecordReader {
    /// Parses the bytes of a record; `path` is its path in diagnostics.
    ///
    /// # Errors
    /// If the bytes are not a record in canonical form; the first problem is returned.
    pub fn record(&self, path: &str, bytes: &[u8]) -> Result<Parsed, Box<Diagnostic>> {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => Text { path, text },
            Err(error) => return Err(Box::new(not_text(path, bytes, error.valid_up_to()))),
        };
        let raw = match text.raw_head() {
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
        let is_later = newer::is_later(newer.candor.as_deref());
        let summary;
        let (mut corrects, mut files) = (None, None);
        let (mut redactions, mut notices, mut withheld) = (Vec::new(), Vec::new(), Withheld::default());
        let stated = match raw.schema {
            1 => {
                let record: RecordV1;
                (record, newer.fields, withheld) = self.parse(text, is_later)?;
                summary = Some(record.summary);
                Ok(record.disclosure)
            }
            SCHEMA => {
                let record: Record;
                (record, newer.fields, withheld) = self.parse(text, is_later)?;
                summary = Some(record.summary);
                corrects = record.corrects;
                redactions = record.redactions;
                notices = record.notices;
                files = Some(record.files);
                Ok(record.disclosure)
            }
            newer_schema => {
                text.check_own_format()?;
                newer.schema = Some(newer_schema);
                // The chain needs them if they have the same form in the newer schema.
                let bound = raw.redactions.and_then(|redactions| serde_json::from_value(redactions).ok());
                redactions = bound.unwrap_or_default();
                summary = raw.summary.and_then(|summary| summary.as_str().map(str::to_owned));
                Err(Box::new(newer::unreadable(path, &head, newer_schema, newer.candor.as_deref())))
            }
        };
        let stated = match stated {
            Ok(disclosure) => {
                text.check_ids(&disclosure)?;
                newer.words = newer::unknown_words(&disclosure, &withheld);
                Ok(disclosure)
            }
            Err(unreadable) => Err(unreadable),
        };
        // A record keeps its language as any text, which may be long.
        let language = stated.as_ref().ok().and_then(|stated: &Disclosure| stated.language.as_str().parse().ok());
        let language = language.unwrap_or_default();
        let (digest, bytes) = (Digest::of(bytes), bytes.len() as u64);
        Ok(Parsed {
            version,
            published,
            summary,
            language,
            previous,
            corrects,
            redactions,
            notices,
            withheld,
            files,
            current: Vec::new(),
            digest,
            bytes,
            stated,
            newer,
            head,
        })
    }

    /// Parses a record with a known schema, and checks its format; also returns the names of unknown fields, and what was
    /// withheld.
    fn parse<R: KnownSchema>(
        &self,
        text: Text<'_>,
        is_later: bool,
    ) -> Result<(R, BTreeSet<String>, Withheld), Box<Diagnostic>> {
        // Most records contain only what this version knows, and nothing withheld.
        if let Some(record) = (!is_later).then(|| self.usual(text)).flatten() {
            return Ok((record, BTreeSet::new(), Withheld::default()));
        }
        let (mut record, unknown, withheld): (R, _, _) = text.parse(is_later)?;
        self.interner.share(record.disclosure_mut(), &withheld);
        Ok((record, unknown, withheld))
    }

    /// Parses a record that is exactly what candor writes for its value; `None` if it is not.
    fn usual<R: KnownSchema>(&self, text: Text<'_>) -> Option<R> {
        let rest = self.known.take_out(text.text);
        let short = Text { text: &rest.text, ..text };
        // A known item contains no withheld value.
        if withholding::may_be_in(short.text) {
            return None;
        }
        let mut record: R = serde_json::from_str(short.text).ok()?;
        short.check_format(&record).ok()?;
        self.interner.share(record.disclosure_mut(), &Withheld::default());
        self.known.put_back(rest, record.disclosure_mut()).then_some(record)
    }
}

/// Parses the values of a head.
fn values(raw: &RawHead, head: &Arc<Source>) -> Result<(Version, Date, Option<Link>), Box<Diagnostic>> {
    let wrong = |keys: &[&str], code: Code, why: Malformed| {
        let message = format!("invalid `{}` in the record: {}", keys.last().unwrap_or(&""), why.message);
        let found = Diagnostic::new(code, message).at(place::of_value(head, keys), "");
        Box::new(found.help(why.help).fix(Remedy::RestoreRelease))
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

/// Reports bytes that are not valid UTF-8 from `at` on.
fn not_text(path: &str, bytes: &[u8], at: usize) -> Diagnostic {
    let message = match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] if bytes.len().is_multiple_of(2) => {
            format!("`{path}` is UTF-16 text; releases are UTF-8")
        }
        _ => format!("`{path}` is not valid UTF-8: invalid byte at offset {at}"),
    };
    Diagnostic::new(Code::ReleaseMalformed, message).at(Place::file(path), "").fix(Remedy::RestoreRelease)
}

/// The text of one record with the path of its file.
#[derive(Clone, Copy)]
struct Text<'a> {
    path: &'a str,
    text: &'a str,
}

impl Text<'_> {
    fn place(self, range: std::ops::Range<usize>) -> Place {
        place::at(self.path, self.text, range)
    }

    /// Returns everything before the disclosure.
    fn head(self) -> Arc<Source> {
        let end = self.text.find("\n  \"disclosure\"").unwrap_or(0);
        Source::new(self.path, &self.text[..end])
    }

    /// Parses the values of the head. The disclosure is skipped if it starts where candor writes it.
    fn raw_head(self) -> serde_json::Result<RawHead> {
        let head = self.text.find("\n  \"disclosure\": ").and_then(|end| self.text[..end].strip_suffix(','));
        let alone = head.and_then(|head| serde_json::from_str(&format!("{head}\n}}")).ok());
        alone.map_or_else(|| serde_json::from_str(self.text), Ok)
    }

    /// Parses a record with a known schema, and checks its format; also returns the names of unknown fields, and what was
    /// withheld.
    fn parse<R: KnownSchema>(self, is_later: bool) -> Result<(R, BTreeSet<String>, Withheld), Box<Diagnostic>> {
        if withholding::may_be_in(self.text) {
            return self.parse_redacted(is_later);
        }
        let mut unknown = BTreeSet::new();
        let mut deserializer = serde_json::Deserializer::from_str(self.text);
        let read = serde_ignored::deserialize(&mut deserializer, |path| {
            unknown.insert(newer::field(&path));
        });
        let mut record: R = read.map_err(|error| Box::new(self.unreadable(&error)))?;
        unknown.extend(newer::take_of_conditions(record.disclosure_mut(), is_later));
        if unknown.is_empty() {
            self.check_format(&record)?;
        } else {
            self.check_own_format()?;
        }
        Ok((record, unknown, Withheld::default()))
    }

    /// Parses a record that may contain withheld values. It is in canonical form if it is the pretty-printed JSON of its own
    /// value, and the rest of the record is what candor writes.
    fn parse_redacted<R: KnownSchema>(
        self,
        is_later: bool,
    ) -> Result<(R, BTreeSet<String>, Withheld), Box<Diagnostic>> {
        let mut value: serde_json::Value =
            serde_json::from_str(self.text).map_err(|error| Box::new(self.unreadable(&error)))?;
        self.check_format(&value)?;
        let withheld = withholding::take(&mut value);
        if withheld.pointers.len() > withholding::MAX_VALUES {
            let (count, most) = (withheld.pointers.len(), withholding::MAX_VALUES);
            let message = format!("`{}` withholds {count} values; the limit is {most}", self.path);
            let found = Diagnostic::new(Code::ReleaseMalformed, message).at(Place::file(self.path), "");
            return Err(Box::new(found.fix(Remedy::RestoreRelease)));
        }
        let mut unknown = BTreeSet::new();
        let read = serde_ignored::deserialize(&value, |path| {
            unknown.insert(newer::field(&path));
        });
        let mut record: R = read.map_err(|error| Box::new(self.unreadable(&error)))?;
        // A withheld dimension is no longer among those that are declared.
        let is_later = is_later && !withheld.pointers.iter().any(|at| at.starts_with("/disclosure/dimensions"));
        unknown.extend(newer::take_of_conditions(record.disclosure_mut(), is_later));
        // The value that takes the place of a withheld one may be written differently, or left out.
        let mut written = serde_json::to_value(&record).unwrap_or_default();
        for pointer in &withheld.pointers {
            [&mut written, &mut value].into_iter().for_each(|record| withholding::drop_field(record, pointer));
        }
        if unknown.is_empty() && serde_json::to_vec_pretty(&written).ok() != serde_json::to_vec_pretty(&value).ok() {
            let message = format!("`{}` is not in the canonical format of a release", self.path);
            let found = Diagnostic::new(Code::ReleaseNotCanonical, message).at(Place::file(self.path), "");
            return Err(Box::new(found.help("the file was edited by hand").fix(Remedy::RestoreRelease)));
        }
        Ok((record, unknown, withheld))
    }

    /// Checks that ids are unique in each list.
    fn check_ids(self, disclosure: &Disclosure) -> Result<(), Box<Diagnostic>> {
        List::ALL.iter().try_for_each(|list| self.check_list(*list, &disclosure.items(*list)))
    }

    fn check_list(self, list: List, items: &[&dyn Item]) -> Result<(), Box<Diagnostic>> {
        let mut ids = HashSet::with_capacity_and_hasher(items.len(), RandomState::default());
        let Some(twice) = items.iter().find(|item| !ids.insert(item.id())) else { return Ok(()) };
        let message = format!("two items of `{list}` have the id `{}`", twice.id());
        // The text is in canonical form: each id is on its own line, and the indent distinguishes the ids of items from nested keys.
        let line = |indent: usize, key: &str| format!("\n{:indent$}\"{key}\": ", "");
        let list = self.text.find(&line(4, list.name())).unwrap_or_default();
        let key = line(8, "id");
        let id = format!("{key}{}", serde_json::Value::from(twice.id().as_str()));
        let second = self.text[list..].match_indices(&id).nth(1).map_or(0, |(at, _)| list + at);
        let second = second + key.len()..second + id.len();
        let found = Diagnostic::new(Code::ReleaseMalformed, message).at(self.place(second), "duplicate id");
        Err(Box::new(found.fix(Remedy::RestoreRelease)))
    }

    /// Checks that the text is exactly what candor writes for this value.
    fn check_format(self, value: &impl Serialize) -> Result<(), Box<Diagnostic>> {
        let mut rest = MatchingWriter { expected: self.text.as_bytes(), at: 0 };
        let same = serde_json::to_writer_pretty(&mut rest, value).is_ok() && rest.write_all(b"\n").is_ok();
        if same && rest.at == self.text.len() { Ok(()) } else { Err(Box::new(self.not_canonical(rest.at))) }
    }

    /// Checks that the text is the pretty-printed JSON of its own value. This also rejects duplicate keys, because the value
    /// keeps only one of them.
    fn check_own_format(self) -> Result<(), Box<Diagnostic>> {
        match serde_json::from_str::<serde_json::Value>(self.text) {
            Ok(value) => self.check_format(&value),
            Err(error) => Err(Box::new(self.unreadable(&error))),
        }
    }

    fn not_canonical(self, at: usize) -> Diagnostic {
        let at = (0..=at.min(self.text.len())).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        if at == self.text.len() && self.text.ends_with('}') {
            let message =
                format!("`{}` is not the file that candor wrote: the newline at the end was removed", self.path);
            let found = Diagnostic::new(Code::ReleaseNotCanonical, message).at(self.place(at..at), "");
            return found
                .help("some editors and scripts remove the newline at the end of a file")
                .fix(Remedy::RestoreRelease);
        }
        let message = format!("`{}` is not in the canonical format of a release", self.path);
        let found = Diagnostic::new(Code::ReleaseNotCanonical, message).at(self.place(at..at), "first difference");
        found.help("the file was edited, reformatted or written by hand").fix(Remedy::RestoreRelease)
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
            (Code::ReleaseTruncated, format!("`{}` is truncated", self.path))
        } else {
            (Code::ReleaseMalformed, format!("`{}` is not a release record: {}", self.path, without_position(error)))
        };
        Diagnostic::new(code, message).at(self.place(at..at), "").fix(Remedy::RestoreRelease)
    }

    fn never_written(self, schema: u32) -> Diagnostic {
        let message = format!("`{}` has schema {schema}, which no version of candor writes", self.path);
        Diagnostic::new(Code::ReleaseSchema, message)
            .at(place::of_value(&self.head(), &["schema"]), "the first schema is 1")
            .fix(Remedy::RestoreRelease)
    }
}

/// Returns a diagnostic if the text has merge conflict markers.
pub(super) fn conflict(path: &str, text: &str) -> Option<Diagnostic> {
    let start = if text.starts_with("<<<<<<< ") { 0 } else { text.find("\n<<<<<<< ")? + 1 };
    let length = text[start..].find('\n').unwrap_or(text.len() - start);
    let message = format!("`{path}` has merge conflict markers: two branches made the same release");
    Some(
        Diagnostic::new(Code::ReleaseConflict, message)
            .at(place::at(path, text, start..start + length), "conflict marker")
            .fix(Remedy::MergeSamePublished)
            .fix(Remedy::MergeSameUnpublished),
    )
}

/// Returns the byte offset of a serde_json error, whose columns count bytes from 1.
fn offset_of(text: &str, error: &serde_json::Error) -> usize {
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let at = (before + error.column().saturating_sub(1)).min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Removes `at line 3 column 5` from the message, because the diagnostic has a place.
fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(at) => text[..at].to_owned(),
        None => text,
    }
}

/// A writer that compares its input with the expected bytes and fails at the first difference.
struct MatchingWriter<'a> {
    expected: &'a [u8],
    at: usize,
}

impl Write for MatchingWriter<'_> {
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
