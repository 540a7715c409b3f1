//! Table rows that were read before, by their text.
//!
//! Most of the bytes of a site with many releases are rows that equal those of other pages. What a row contains depends only on
//! its text if the tokenizer reads it from its start to its end: then nothing before or after it has changed how it is read.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

use foldhash::fast::RandomState;

use super::{Address, Hypertext};

const START: &str = "<tr";
const END: &str = "</tr>";

/// The maximum length of the rows that are kept, in bytes.
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// The rows that were read before. Can be shared between threads.
#[derive(Debug, Default)]
pub struct KnownRows {
    rows: RwLock<RowTable>,
}

#[derive(Debug, Default)]
struct RowTable {
    by_text: HashMap<Box<str>, Arc<KnownRow>, RandomState>,
    bytes: usize,
}

/// The anchors and addresses of a row.
#[derive(Debug)]
pub(super) struct KnownRow {
    ids: Vec<RowValue>,
    names: Vec<Box<str>>,
    addresses: Vec<RowValue>,
}

/// The value of an attribute, with its range in the row. The value is kept only if it differs from the text.
#[derive(Debug)]
struct RowValue {
    decoded: Option<Box<str>>,
    range: Range<usize>,
}

/// The numbers of what a document contained before a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FoundBefore {
    ids: usize,
    names: usize,
    addresses: usize,
    json_ld: usize,
}

impl FoundBefore {
    pub fn of(found: &Hypertext<'_>) -> FoundBefore {
        FoundBefore {
            ids: found.ids.len(),
            names: found.names.len(),
            addresses: found.addresses.len(),
            json_ld: found.json_ld.len(),
        }
    }
}

/// Whether a row may start at a position.
pub(super) fn is_start(document: &[u8], at: usize) -> bool {
    document[at..].starts_with(START.as_bytes())
}

/// Returns the position after the next end tag of a row; `None` if there is none, or if the document ends there: what is not
/// complete in such a row ends with the document.
pub(super) fn end(document: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        at += document[at..].iter().position(|byte| *byte == b'<')?;
        if document[at..].starts_with(END.as_bytes()) {
            return Some(at + END.len()).filter(|end| *end < document.len());
        }
        at += 1;
    }
}

impl KnownRows {
    pub(super) fn get(&self, text: &str) -> Option<Arc<KnownRow>> {
        self.rows.read().unwrap_or_else(PoisonError::into_inner).by_text.get(text).map(Arc::clone)
    }

    /// Keeps what the tokenizer found in a row that it read from start to end.
    pub(super) fn keep(&self, document: &str, row: Range<usize>, before: FoundBefore, found: &Hypertext<'_>) {
        // Whether a base address in the row has an effect depends on what is before it.
        if found.base.is_some() || found.json_ld.len() != before.json_ld {
            return;
        }
        let text = &document[row.clone()];
        let relative = |address: &Address<'_>| {
            let range = address.range.start - row.start..address.range.end - row.start;
            let decoded = (text[range.clone()] != *address.value).then(|| address.value.as_ref().into());
            RowValue { decoded, range }
        };
        let kept = KnownRow {
            ids: found.ids[before.ids..].iter().map(relative).collect(),
            names: found.names[before.names..].iter().map(|name| name.as_ref().into()).collect(),
            addresses: found.addresses[before.addresses..].iter().map(relative).collect(),
        };
        let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        if rows.bytes + text.len() > MAX_BYTES {
            // Pages of consecutive releases share their rows, so the latest rows are the ones that occur again.
            *rows = RowTable::default();
        }
        rows.bytes += text.len();
        rows.by_text.insert(text.into(), Arc::new(kept));
    }
}

impl KnownRow {
    /// Adds what the row contains, at its position in a document.
    pub fn add_to<'a>(&self, found: &mut Hypertext<'a>, document: &'a str, start: usize) {
        let address = |it: &RowValue| {
            let range = start + it.range.start..start + it.range.end;
            let value = match &it.decoded {
                Some(decoded) => Cow::Owned(decoded.to_string()),
                None => Cow::Borrowed(&document[range.clone()]),
            };
            Address { value, range }
        };
        found.ids.extend(self.ids.iter().map(address));
        found.names.extend(self.names.iter().map(|name| Cow::Owned(name.to_string())));
        found.addresses.extend(self.addresses.iter().map(address));
    }
}
