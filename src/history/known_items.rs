//! The items of records that were read before, by their text.
//!
//! Consecutive releases share most of their items, byte for byte. Finding the text of an item in a table is much faster than
//! parsing it, comparing it with what candor would write, and looking for an equal item. So the known items are taken out of the
//! text of a record, the rest is read like any record, and the items are put back.
//!
//! The result is the same as that of reading the whole text:
//!
//! - An item becomes known only when the text that contains it has been compared with what candor writes, so its text is the
//!   canonical form of its value. That form does not depend on the items next to it.
//! - The first item of each list stays in the text, so the rest of a record in canonical form is in canonical form, too. If the
//!   rest is, the whole text is.
//! - Only whole items are taken out, and only from lists of the disclosure, which are recognized by their indent: in JSON, a line
//!   break is never part of a string.
//! - If the rest cannot be read, the caller reads the whole text, and reports what is wrong with it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

use foldhash::fast::RandomState;

use crate::model::lists::for_each_list;
use crate::model::{Disclosure, List};

/// The line before the fields of a disclosure.
const DISCLOSURE: &str = "\n  \"disclosure\": {\n";
/// The first line of an item.
const START: &str = "      {\n";
/// The last line of an item, with the line break before it.
const END: &str = "\n      }";
/// What is between two items.
const BETWEEN: &str = ",\n";
/// What is between two lists.
const NEXT_LIST: &str = "\n    ],\n";

/// The items of one list, by their text.
type ItemsByText<T> = RwLock<HashMap<Box<str>, Arc<T>, RandomState>>;

/// An item of a record: a known one, which was taken out, or the text of one that has to be read.
#[derive(Debug)]
enum ItemSlot<'a, T> {
    Known(Arc<T>),
    Read(&'a str),
}

/// The text of a record without its known items.
#[derive(Debug)]
pub struct RecordRest<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    slots: ItemSlots<'a>,
}

macro_rules! define {
    ($($list:ident { field: $field:ident, item: $item:ident, $($rest:tt)* })*) => {
        /// The known items of every list. Can be shared between threads.
        #[derive(Debug, Default)]
        pub struct KnownItems {
            $($field: ItemsByText<crate::model::$item>,)*
        }

        /// The items of each list of a record, in order.
        #[derive(Debug, Default)]
        struct ItemSlots<'a> {
            $($field: Vec<ItemSlot<'a, crate::model::$item>>,)*
        }

        impl KnownItems {
            /// Takes known items out of the text of a record.
            pub fn take_out<'a>(&self, text: &'a str) -> RecordRest<'a> {
                let mut scan = RecordScan::new(text);
                let slots = ItemSlots { $($field: scan.list(List::$list, &self.$field),)* };
                RecordRest { text: scan.rest(), slots }
            }

            /// Puts the items back into the disclosure that was read from the rest, which must be in canonical form, and remembers
            /// the items of the rest. Returns false if the lists do not have the items that they had in the text.
            pub fn put_back(&self, rest: RecordRest<'_>, disclosure: &mut Disclosure) -> bool {
                $(put_back(&self.$field, rest.slots.$field, &mut disclosure.$field))&&*
            }
        }
    };
}
for_each_list!(define);

/// Scans the lists of a record, which are in the order of the table of lists.
struct RecordScan<'a> {
    text: &'a str,
    /// The position of the next list.
    at: usize,
    /// The text before `copied`, without known items.
    rest: String,
    copied: usize,
}

impl<'a> RecordScan<'a> {
    /// Starts at the first list.
    fn new(text: &'a str) -> RecordScan<'a> {
        let start = text.find(DISCLOSURE).map_or(text.len(), |at| at + DISCLOSURE.len());
        let mut at = start;
        for line in text[start..].split_inclusive('\n') {
            if line.starts_with("    \"") && line.ends_with("\": [\n") {
                break;
            }
            at += line.len();
        }
        RecordScan { text, at, rest: String::new(), copied: 0 }
    }

    /// Takes the known items out of a list if it is the next one.
    fn list<T>(&mut self, list: List, known: &ItemsByText<T>) -> Vec<ItemSlot<'a, T>> {
        let mut slots = Vec::new();
        let header = format!("    \"{}\": [\n", list.name());
        if !self.text[self.at..].starts_with(&header) {
            return slots;
        }
        let known = known.read().unwrap_or_else(PoisonError::into_inner);
        let mut at = self.at + header.len();
        while let Some(end) = self.end_of_item(at) {
            let item = &self.text[at..end];
            match known.get(item) {
                Some(known) if !slots.is_empty() => {
                    self.take(at - BETWEEN.len()..end);
                    slots.push(ItemSlot::Known(Arc::clone(known)));
                }
                _ => slots.push(ItemSlot::Read(item)),
            }
            at = end;
            if !self.text[at..].starts_with(BETWEEN) {
                break;
            }
            at += BETWEEN.len();
        }
        self.at = if self.text[at..].starts_with(NEXT_LIST) { at + NEXT_LIST.len() } else { self.text.len() };
        slots
    }

    /// Returns the end of the item that starts at a position, if one does.
    fn end_of_item(&self, start: usize) -> Option<usize> {
        let inner = self.text[start..].strip_prefix(START)?;
        // From the line break of the first line on, because an item may be empty.
        let from = self.text.len() - inner.len() - 1;
        let bytes = self.text.as_bytes();
        let mut at = from;
        loop {
            at += bytes[at..].iter().position(|byte| *byte == b'\n')?;
            if bytes[at..].starts_with(END.as_bytes()) {
                return Some(at + END.len());
            }
            at += 1;
        }
    }

    fn take(&mut self, range: Range<usize>) {
        self.rest.push_str(&self.text[self.copied..range.start]);
        self.copied = range.end;
    }

    /// Returns the text without the items that were taken out.
    fn rest(mut self) -> Cow<'a, str> {
        if self.copied == 0 {
            return Cow::Borrowed(self.text);
        }
        self.rest.push_str(&self.text[self.copied..]);
        Cow::Owned(self.rest)
    }
}

fn put_back<T>(known: &ItemsByText<T>, slots: Vec<ItemSlot<'_, T>>, items: &mut Vec<Arc<T>>) -> bool {
    let read = slots.iter().filter(|slot| matches!(slot, ItemSlot::Read(_))).count();
    if read != items.len() {
        return false;
    }
    let mut read = std::mem::take(items).into_iter();
    items.reserve(slots.len());
    for slot in slots {
        match slot {
            ItemSlot::Known(item) => items.push(item),
            ItemSlot::Read(text) => items.extend(read.next().inspect(|item| remember(known, text, item))),
        }
    }
    true
}

fn remember<T>(known: &ItemsByText<T>, text: &str, item: &Arc<T>) {
    // The first item of a list is read every time.
    if !known.read().unwrap_or_else(PoisonError::into_inner).contains_key(text) {
        known.write().unwrap_or_else(PoisonError::into_inner).insert(text.into(), Arc::clone(item));
    }
}
