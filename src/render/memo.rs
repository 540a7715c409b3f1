//! HTML that was made already.
//!
//! Releases repeat each other: a thousand archived pages show the same hundred rows with few exceptions.
//! Items are shared between releases (`Arc`), so the address of an item stands for its content, and
//! what a template made of it is kept under that address. This is what makes the cost of an archive grow
//! with what differs, and it is sound because the renderer that owns the memo holds the items, too.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use tera::Value;

use crate::diagnostic::Report;

/// What a piece of HTML was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which template or which field.
    pub what: &'static str,
    /// Address of the item.
    pub address: usize,
    /// Depth of the page, since links differ with it.
    pub depth: u8,
    /// Whatever else it depends on, packed by the caller.
    pub variant: u32,
}

impl Key {
    /// A key for a shared item.
    pub fn new<T>(what: &'static str, item: &Arc<T>, depth: u8, variant: u32) -> Key {
        Key { what, address: Arc::as_ptr(item).addr(), depth, variant }
    }
}

/// HTML by what it was made from.
#[derive(Debug, Default)]
pub struct Memo {
    made: RwLock<HashMap<Key, Value>>,
}

impl Memo {
    /// What was made for `key`, made now if need be. Two threads may make the same at the same time; both get equal HTML.
    ///
    /// # Errors
    /// Those of `make`; an error is not kept.
    pub fn get(&self, key: Key, make: impl FnOnce() -> Result<Value, Report>) -> Result<Value, Report> {
        if let Some(value) = self.made.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(&key) {
            return Ok(value.clone());
        }
        let value = make()?;
        self.made.write().unwrap_or_else(std::sync::PoisonError::into_inner).insert(key, value.clone());
        Ok(value)
    }
}
