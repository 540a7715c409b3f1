//! Memoization of rendered HTML.
//!
//! Releases have much in common: a thousand archived pages show the same hundred rows with few exceptions. HTML that is a
//! function of a few values is stored under all of them, compared by content, or by the address of a value that the key keeps. A
//! memo therefore only returns what the call would render again, and needs no invalidation.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{PoisonError, RwLock};

use foldhash::fast::RandomState;
use tera::Value;

/// Rendered HTML by its inputs.
#[derive(Debug)]
pub struct Memo<Inputs, Html = Value> {
    rendered: RwLock<HashMap<Inputs, Html, RandomState>>,
}

impl<Inputs: Eq + Hash, Html: Clone> Memo<Inputs, Html> {
    /// Creates an empty memo.
    pub fn new() -> Memo<Inputs, Html> {
        Memo { rendered: RwLock::default() }
    }

    /// Returns the HTML for these inputs, and renders it if necessary. The output of `render` must depend only on the inputs.
    /// Two threads may render the same inputs concurrently; both get the same HTML.
    ///
    /// # Errors
    /// Returns the error of `render`, which is not stored.
    pub fn get<E>(&self, inputs: Inputs, render: impl FnOnce(&Inputs) -> Result<Html, E>) -> Result<Html, E> {
        if let Some(html) = self.rendered.read().unwrap_or_else(PoisonError::into_inner).get(&inputs) {
            return Ok(html.clone());
        }
        let html = render(&inputs)?;
        self.rendered.write().unwrap_or_else(PoisonError::into_inner).insert(inputs, html.clone());
        Ok(html)
    }
}
