//! Equal items of many releases, parsed once and held once.
//!
//! Releases repeat each other: of a thousand releases with a hundred subprocessors each, all but a few items
//! are the same text. An item's text is looked up before it is parsed, so that reading a long history costs
//! little more than reading its bytes, and equal items are one allocation that a comparison can tell by address.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::model::{Certification, Commitment, Control, Document, Faq, Section, Subprocessor};

/// How many parts a shelf is locked in; threads that read different records seldom meet.
const PARTS: usize = 32;

/// One shelf per list.
#[derive(Debug, Default)]
pub struct Pool {
    /// Sections.
    pub sections: Shelf<Section>,
    /// Security controls.
    pub controls: Shelf<Control>,
    /// Service commitments.
    pub commitments: Shelf<Commitment>,
    /// Subprocessors.
    pub subprocessors: Shelf<Subprocessor>,
    /// Certifications.
    pub certifications: Shelf<Certification>,
    /// Documents.
    pub documents: Shelf<Document>,
    /// Questions and answers.
    pub faq: Shelf<Faq>,
}

/// An item with the text that it has in a record.
#[derive(Debug)]
pub struct Pooled<T> {
    /// The text, from the first brace to the last.
    pub text: Arc<str>,
    /// The item.
    pub item: Arc<T>,
}

impl<T> Clone for Pooled<T> {
    fn clone(&self) -> Pooled<T> {
        Pooled { text: Arc::clone(&self.text), item: Arc::clone(&self.item) }
    }
}

/// The distinct items of one list, by the text that they have in a record.
#[derive(Debug)]
pub struct Shelf<T> {
    parts: [Mutex<HashMap<Arc<str>, Arc<T>>>; PARTS],
}

impl<T> Default for Shelf<T> {
    fn default() -> Shelf<T> {
        Shelf { parts: std::array::from_fn(|_| Mutex::default()) }
    }
}

/// Why a text is not an item.
#[derive(Debug)]
pub enum Refusal {
    /// It has another shape than the list asks for.
    Shape(serde_json::Error),
    /// It is not written as [`Record::to_bytes`](super::Record::to_bytes) writes it; the offset of the first difference.
    NotCanonical(usize),
}

impl<T: Serialize + DeserializeOwned> Shelf<T> {
    /// The item with this text. Only a text that is new is parsed and held against its canonical form.
    pub fn item(&self, text: &str) -> Result<Pooled<T>, Refusal> {
        // The length spreads items well enough over the parts and costs nothing.
        let part = &self.parts[text.len() % PARTS];
        if let Some((text, item)) = part.lock().unwrap_or_else(PoisonError::into_inner).get_key_value(text) {
            return Ok(Pooled { text: Arc::clone(text), item: Arc::clone(item) });
        }
        let item: T = serde_json::from_str(text).map_err(Refusal::Shape)?;
        if let Some(offset) = first_difference(text, &item) {
            return Err(Refusal::NotCanonical(offset));
        }
        // Another thread may have been faster; then its item is the one that all share.
        let mut part = part.lock().unwrap_or_else(PoisonError::into_inner);
        let text: Arc<str> = text.into();
        let text = part.get_key_value(&text).map_or(text, |(first, _)| Arc::clone(first));
        let item = Arc::clone(part.entry(Arc::clone(&text)).or_insert_with(|| Arc::new(item)));
        Ok(Pooled { text, item })
    }
}

/// Where the text of an item leaves its canonical form, which stands three levels deep in a record.
fn first_difference(text: &str, item: &impl Serialize) -> Option<usize> {
    let canonical = match serde_json::to_string_pretty(item) {
        // A line feed inside of a value is written `\n`, so that every line break here is layout.
        Ok(canonical) => canonical.replace('\n', "\n      "),
        Err(_) => return Some(0),
    };
    if canonical == text {
        return None;
    }
    let same = canonical.bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
    Some((0..=same.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Pool, Refusal};

    #[test]
    fn equal_items_are_one_allocation() {
        let pool = Pool::default();
        let text = "{\n        \"id\": \"a\",\n        \"question\": \"Q\",\n        \"answer\": \"A\"\n      }";
        let (first, second) = (pool.faq.item(text), pool.faq.item(text));
        assert!(matches!((first, second), (Ok(first), Ok(second)) if Arc::ptr_eq(&first.item, &second.item)));
    }

    #[test]
    fn an_item_in_another_form_is_refused_where_it_differs() {
        let pool = Pool::default();
        let text = "{\n        \"id\":  \"a\",\n        \"question\": \"Q\",\n        \"answer\": \"A\"\n      }";
        let Err(Refusal::NotCanonical(offset)) = pool.faq.item(text) else { panic!("it was taken") };
        assert_eq!(&text[offset - 2..=offset], ": \u{20}");
    }
}
