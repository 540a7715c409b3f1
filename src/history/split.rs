//! A record in canonical form, taken apart without a parser.
//!
//! Most of a record are items that the record before it has too, at the same place of the same list. So each item is
//! first held against the one that stood there in the record that this thread read last: a comparison of bytes, which
//! costs a tenth of parsing them. What is different is looked up in the [pool](super::pool), and what was never seen is
//! parsed there.
//!
//! Why nothing wrong gets through: layout alone says where items stand (in canonical form a line break is never a part of
//! a value), each item is one whose text was parsed and is canonical, and what is left of the record, with `0` in the
//! place of each list's items, is parsed and compared like any other text. A record that is anything but flawless
//! is given to the parser, which says what is wrong with it.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::pool::{Pool, Pooled, Shelf};
use crate::model::{Certification, Commitment, Control, Document, Faq, Item, List, Section, Subprocessor};

/// What stands for the items of a list in [`Split::rest`].
pub const PLACEHOLDER: &str = "0";

/// Items of each list, with their texts.
#[derive(Debug, Default)]
pub struct Lists {
    /// Sections.
    pub sections: Vec<Pooled<Section>>,
    /// Security controls.
    pub controls: Vec<Pooled<Control>>,
    /// Service commitments.
    pub commitments: Vec<Pooled<Commitment>>,
    /// Subprocessors.
    pub subprocessors: Vec<Pooled<Subprocessor>>,
    /// Certifications.
    pub certifications: Vec<Pooled<Certification>>,
    /// Documents.
    pub documents: Vec<Pooled<Document>>,
    /// Questions and answers.
    pub faq: Vec<Pooled<Faq>>,
}

/// A record in two parts.
#[derive(Debug)]
pub struct Split {
    /// The record with [`PLACEHOLDER`] in the place of each list's items.
    pub rest: String,
    /// The items.
    pub lists: Lists,
}

/// Takes the text of a record apart; `last` are the lists of the record that was read before. None where the
/// layout is not that of a record, or an item is not one.
pub fn split(text: &str, pool: &Pool, last: &Lists) -> Option<Split> {
    let mut rest = String::with_capacity(2048);
    let mut lists = Lists::default();
    let mut at = 0;
    while at < text.len() {
        let end = text[at..].find('\n')? + at + 1;
        let line = &text[at..end];
        rest.push_str(line);
        at = end;
        let name = line.strip_prefix("    \"").and_then(|line| line.strip_suffix("\": [\n"));
        let Some(list) = name.and_then(|name| name.parse().ok()) else { continue };
        let below = &text[at..];
        at += match list {
            List::Sections => items(below, &pool.sections, &last.sections, &mut lists.sections),
            List::Controls => items(below, &pool.controls, &last.controls, &mut lists.controls),
            List::Commitments => items(below, &pool.commitments, &last.commitments, &mut lists.commitments),
            List::Subprocessors => items(below, &pool.subprocessors, &last.subprocessors, &mut lists.subprocessors),
            List::Certifications => items(below, &pool.certifications, &last.certifications, &mut lists.certifications),
            List::Documents => items(below, &pool.documents, &last.documents, &mut lists.documents),
            List::Faq => items(below, &pool.faq, &last.faq, &mut lists.faq),
        }?;
        rest.push_str("      ");
        rest.push_str(PLACEHOLDER);
    }
    Some(Split { rest, lists })
}

/// Reads the items of a list up to the line break before its closing bracket; how many bytes they take.
fn items<T>(text: &str, shelf: &Shelf<T>, last: &[Pooled<T>], items: &mut Vec<Pooled<T>>) -> Option<usize>
where
    T: Item + DeserializeOwned + Serialize,
{
    if !items.is_empty() {
        // The same list twice.
        return None;
    }
    items.reserve(last.len() + 1);
    let mut expected = 0;
    let mut at = text.starts_with("      {").then_some(6)?;
    loop {
        let here = &text[at..];
        // The one after it, too: an item may have been taken out or changed.
        let near = last.get(expected..).unwrap_or_default().iter().take(2);
        let same = near.enumerate().find(|(_, item)| here.starts_with(&*item.text));
        let item = match same {
            Some((ahead, item)) => {
                expected += ahead + 1;
                item.clone()
            }
            None => {
                // Braces further in stand further right.
                let end = here.find("\n      }")? + 8;
                let item = shelf.item(&here[..end]).ok()?;
                if let Some(found) = last.iter().position(|other| Arc::ptr_eq(&other.item, &item.item)) {
                    expected = found + 1;
                }
                item
            }
        };
        at += item.text.len();
        items.push(item);
        let after = &text[at..];
        if after.starts_with(",\n      {") {
            at += 8;
        } else if after.starts_with("\n    ]") {
            return Some(at);
        } else {
            return None;
        }
    }
}

/// The items without their texts.
pub fn shared<T>(items: &[Pooled<T>]) -> Vec<Arc<T>> {
    items.iter().map(|pooled| Arc::clone(&pooled.item)).collect()
}
