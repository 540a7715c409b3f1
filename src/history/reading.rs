//! One record: bytes in, a release or the reason why it is none out.
//!
//! The head of a record is parsed value by value, so that each value can be named when it is wrong; items of
//! lists stay raw text until the pool has looked them up. That the file is in canonical form follows
//! without writing it anew: each distinct item is held against its own canonical form once, and the rest of the file
//! is compared while it is serialized around the raw items.
//!
//! There are two ways through a record. `split` is the fast one, for records in which nothing is wrong. Whatever it
//! does not take is read by the parser from the start, which finds what is wrong and where.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, Write};
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::pool::{Pool, Pooled, Refusal, Shelf};
use super::record::{Link, SCHEMA};
use super::split::{self, Lists, PLACEHOLDER, Split, shared};
use super::{Release, place};
use crate::diagnostic::{Code, Diagnostic, Source};
use crate::model::{Contacts, Digest, Disclosure, Language, Listed, Malformed, Organization};

/// A record that could be read.
#[derive(Debug)]
pub struct Parsed {
    /// What it says.
    pub release: Release,
    /// The text before the disclosure, for findings on how the record stands in the chain.
    pub head: Arc<Source>,
}

/// What several records share while they are read.
#[derive(Debug, Default)]
pub struct Reader {
    pool: Pool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw<'a> {
    schema: u32,
    #[serde(borrow)]
    version: Cow<'a, str>,
    #[serde(borrow)]
    published: Cow<'a, str>,
    #[serde(borrow)]
    summary: Cow<'a, str>,
    #[serde(borrow)]
    previous: Option<RawLink<'a>>,
    #[serde(borrow)]
    disclosure: RawDisclosure<'a>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLink<'a> {
    #[serde(borrow)]
    version: Cow<'a, str>,
    #[serde(borrow)]
    sha256: Cow<'a, str>,
}

/// [`Disclosure`] with the text of each item in the place of the item.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDisclosure<'a> {
    title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(default)]
    language: Language,
    organization: Organization,
    #[serde(default, skip_serializing_if = "Contacts::is_empty")]
    contacts: Contacts,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    sections: Vec<&'a RawValue>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    controls: Vec<&'a RawValue>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    commitments: Vec<&'a RawValue>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    subprocessors: Vec<&'a RawValue>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    certifications: Vec<&'a RawValue>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    documents: Vec<&'a RawValue>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    faq: Vec<&'a RawValue>,
}

impl Reader {
    /// Reads the bytes of a record; `path` is how findings name it.
    ///
    /// # Errors
    /// The first reason why the bytes are not a record in canonical form.
    pub fn record(&self, path: &str, bytes: &[u8]) -> Result<Parsed, Box<Diagnostic>> {
        self.record_after(path, bytes, &mut Lists::default())
    }

    /// The same, for many records on one thread: `last` is what the record before it held, and then what this one holds.
    ///
    /// # Errors
    /// Those of [`Reader::record`].
    pub(super) fn record_after(&self, path: &str, bytes: &[u8], last: &mut Lists) -> Result<Parsed, Box<Diagnostic>> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let message = format!("`{path}` is not UTF-8 text from byte {} on", error.valid_up_to());
            Box::new(Diagnostic::new(Code::ReleaseMalformed, message).at(place::at(path, "", 0..0), "").help(RESTORE))
        })?;
        let text = Text { path, text };
        if let Some((parsed, lists)) = self.quickly(text, last) {
            *last = lists;
            return Ok(parsed);
        }
        self.thoroughly(text)
    }

    /// Any text, with the reason why it is no record.
    fn thoroughly(&self, text: Text<'_>) -> Result<Parsed, Box<Diagnostic>> {
        let raw: Raw = serde_json::from_str(text.text).map_err(|error| text.unreadable(&error))?;
        if raw.schema != SCHEMA {
            return Err(Box::new(text.wrong_schema(raw.schema)));
        }
        let head = text.head();
        let lists = &raw.disclosure;
        let pool = &self.pool;
        let lists = Lists {
            sections: text.items(&pool.sections, &lists.sections)?,
            controls: text.items(&pool.controls, &lists.controls)?,
            commitments: text.items(&pool.commitments, &lists.commitments)?,
            subprocessors: text.items(&pool.subprocessors, &lists.subprocessors)?,
            certifications: text.items(&pool.certifications, &lists.certifications)?,
            documents: text.items(&pool.documents, &lists.documents)?,
            faq: text.items(&pool.faq, &lists.faq)?,
        };
        let release = release(text, &raw, &head, &lists)?;
        text.check_canonical(&raw)?;
        Ok(Parsed { release, head })
    }

    /// A record in which nothing is wrong, with its lists.
    fn quickly(&self, text: Text<'_>, last: &Lists) -> Option<(Parsed, Lists)> {
        let Split { rest, lists } = split::split(text.text, &self.pool, last)?;
        let raw: Raw = serde_json::from_str(&rest).ok()?;
        let right = raw.schema == SCHEMA
            && raw.disclosure.holds(&lists)
            && Text { path: text.path, text: &rest }.check_canonical(&raw).is_ok();
        if !right {
            return None;
        }
        let head = text.head();
        let release = release(text, &raw, &head, &lists).ok()?;
        Some((Parsed { release, head }, lists))
    }
}

impl RawDisclosure<'_> {
    /// Whether it has a placeholder for each of the lists that have items, nothing in the others, and each id once.
    fn holds(&self, lists: &Lists) -> bool {
        fn list<T: Listed>(raw: &[&RawValue], items: &[Pooled<T>]) -> bool {
            let mut ids = HashSet::with_capacity(items.len());
            match raw {
                [] => items.is_empty(),
                [one] => {
                    one.get() == PLACEHOLDER && !items.is_empty() && items.iter().all(|it| ids.insert(it.item.id()))
                }
                _ => false,
            }
        }
        list(&self.sections, &lists.sections)
            && list(&self.controls, &lists.controls)
            && list(&self.commitments, &lists.commitments)
            && list(&self.subprocessors, &lists.subprocessors)
            && list(&self.certifications, &lists.certifications)
            && list(&self.documents, &lists.documents)
            && list(&self.faq, &lists.faq)
    }
}

/// Makes the release of a record from its values and its items; `text` is all of it.
fn release(text: Text<'_>, raw: &Raw<'_>, head: &Arc<Source>, lists: &Lists) -> Result<Release, Box<Diagnostic>> {
    let value = |key: &str, code: Code, why: Malformed| {
        let message = format!("the record's `{key}` is wrong: {}", why.message);
        Box::new(Diagnostic::new(code, message).at(place::of_value(head, key), "").help(why.help).help(RESTORE))
    };
    let own = |key: &'static str, why: Malformed| {
        // `previous` has a version too, and stands later: its own comes first in the file.
        let at = text.text.find(&format!("\"{key}\": ")).map_or(0, |at| at + key.len() + 4);
        let message = format!("the record's `{key}` is wrong: {}", why.message);
        let found = Diagnostic::new(Code::ReleaseMalformed, message).at(text.place(at..at), "");
        Box::new(found.help(why.help).help(RESTORE))
    };
    let version = raw.version.parse().map_err(|why| own("version", why))?;
    let published = raw.published.parse().map_err(|why| own("published", why))?;
    let previous = match &raw.previous {
        None => None,
        Some(link) => Some(Link {
            version: link.version.parse().map_err(|why| value("version", Code::ReleaseMalformed, why))?,
            sha256: link.sha256.parse().map_err(|why| value("sha256", Code::ReleaseDigest, why))?,
        }),
    };
    let told = &raw.disclosure;
    let disclosure = Disclosure {
        title: told.title.clone(),
        description: told.description.clone(),
        language: told.language.clone(),
        organization: told.organization.clone(),
        contacts: told.contacts.clone(),
        sections: shared(&lists.sections),
        controls: shared(&lists.controls),
        commitments: shared(&lists.commitments),
        subprocessors: shared(&lists.subprocessors),
        certifications: shared(&lists.certifications),
        documents: shared(&lists.documents),
        faq: shared(&lists.faq),
    };
    Ok(Release {
        version,
        published,
        summary: raw.summary.clone().into_owned(),
        previous,
        disclosure,
        digest: Digest::of(text.text.as_bytes()),
        bytes: text.text.len() as u64,
    })
}

const RESTORE: &str =
    "a release is never edited: bring the file back as it was published, for example with `git checkout`";

/// The text of one record with the name of its file.
#[derive(Clone, Copy)]
struct Text<'a> {
    path: &'a str,
    text: &'a str,
}

impl Text<'_> {
    fn place(self, range: std::ops::Range<usize>) -> crate::diagnostic::Place {
        place::at(self.path, self.text, range)
    }

    /// Everything before the disclosure.
    fn head(self) -> Arc<Source> {
        let end = self.text.find("\n  \"disclosure\"").unwrap_or(0);
        Source::new(self.path, &self.text[..end])
    }

    fn items<T>(self, shelf: &Shelf<T>, raw: &[&RawValue]) -> Result<Vec<Pooled<T>>, Box<Diagnostic>>
    where
        T: Listed + DeserializeOwned,
    {
        let mut ids = HashSet::with_capacity(raw.len());
        let mut items = Vec::with_capacity(raw.len());
        for raw in raw {
            let item = shelf.item(raw.get()).map_err(|refusal| self.refuse(raw, refusal, T::LIST.name()))?;
            items.push(item);
        }
        for (Pooled { item, .. }, raw) in items.iter().zip(raw) {
            if !ids.insert(item.id()) {
                let start = self.offset(raw);
                let message = format!("two items of `{}` have the id `{}`", T::LIST, item.id());
                let found = Diagnostic::new(Code::ReleaseMalformed, message);
                return Err(Box::new(found.at(self.place(start..start + 1), "the second one").help(RESTORE)));
            }
        }
        Ok(items)
    }

    /// Where a raw value, which is a part of this very text, begins in it.
    fn offset(self, raw: &RawValue) -> usize {
        (raw.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize)
    }

    fn refuse(self, raw: &RawValue, refusal: Refusal, list: &str) -> Box<Diagnostic> {
        let start = self.offset(raw);
        match refusal {
            Refusal::NotCanonical(offset) => self.not_canonical(start + offset),
            Refusal::Shape(error) => {
                let at = start + offset_of(raw.get(), &error);
                let message = format!("an item of `{list}` cannot be read: {}", without_position(&error));
                Box::new(Diagnostic::new(Code::ReleaseMalformed, message).at(self.place(at..at), "").help(RESTORE))
            }
        }
    }

    fn check_canonical(self, raw: &Raw<'_>) -> Result<(), Box<Diagnostic>> {
        let mut rest = Comparison { expected: self.text.as_bytes(), at: 0 };
        let same = serde_json::to_writer_pretty(&mut rest, raw).is_ok() && rest.write_all(b"\n").is_ok();
        if same && rest.at == self.text.len() { Ok(()) } else { Err(self.not_canonical(rest.at)) }
    }

    fn not_canonical(self, at: usize) -> Box<Diagnostic> {
        let at = (0..=at.min(self.text.len())).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        let message = format!("`{}` is not in the form that candor writes", self.path);
        let found = Diagnostic::new(Code::ReleaseNotCanonical, message).at(self.place(at..at), "the first difference");
        Box::new(found.help("it was edited, reformatted or written by hand").help(RESTORE))
    }

    fn unreadable(self, error: &serde_json::Error) -> Box<Diagnostic> {
        if let Some(found) = conflict(self.path, self.text) {
            return Box::new(found);
        }
        #[derive(Deserialize)]
        struct Peek {
            schema: u32,
        }
        if let Ok(Peek { schema }) = serde_json::from_str(self.text)
            && schema != SCHEMA
        {
            return Box::new(self.wrong_schema(schema));
        }
        let at = offset_of(self.text, error);
        let (code, message) = if error.is_eof() {
            (Code::ReleaseTruncated, format!("`{}` ends in the middle: it was cut off", self.path))
        } else {
            (Code::ReleaseMalformed, format!("`{}` is not a release record: {}", self.path, without_position(error)))
        };
        Box::new(Diagnostic::new(code, message).at(self.place(at..at), "").help(RESTORE))
    }

    fn wrong_schema(self, schema: u32) -> Diagnostic {
        let at = self.text.find("\"schema\":").map_or(0, |at| at + 9);
        let at = at + self.text[at..].len() - self.text[at..].trim_start().len();
        let place = self.place(at..at + schema.to_string().len());
        if schema > SCHEMA {
            let message = format!("`{}` was made by a newer candor: its schema is {schema}", self.path);
            Diagnostic::new(Code::ReleaseSchema, message)
                .at(place, format!("this candor reads {SCHEMA}"))
                .help("install the version of candor that made it, or a later one")
        } else {
            let message = format!("`{}` has the schema {schema}, which no candor ever wrote", self.path);
            Diagnostic::new(Code::ReleaseSchema, message)
                .at(place, format!("the first schema is {SCHEMA}"))
                .help(RESTORE)
        }
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

#[cfg(test)]
mod tests;
