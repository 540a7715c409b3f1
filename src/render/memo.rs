//! HTML that was rendered already.
//!
//! Releases repeat each other: a thousand archived pages show the same hundred rows with few exceptions. A piece of HTML that
//! is a function of a few values is kept under these values, all of them, compared by content. So a memo can only return
//! what the same call would render again; nothing has to be remembered to invalidate it.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{PoisonError, RwLock};

use tera::Value;

/// HTML by everything that it is rendered from.
#[derive(Debug)]
pub struct Memo<Inputs> {
    rendered: RwLock<HashMap<Inputs, Value>>,
}

impl<Inputs: Eq + Hash> Memo<Inputs> {
    /// A memo that holds nothing.
    pub fn new() -> Memo<Inputs> {
        Memo { rendered: RwLock::default() }
    }

    /// The HTML for these inputs, rendered now if need be. `render` must depend on nothing else that differs between two calls.
    /// Two threads may render the same at the same time; both get equal HTML.
    ///
    /// # Errors
    /// Those of `render`; an error is not kept.
    pub fn get<E>(&self, inputs: Inputs, render: impl FnOnce(&Inputs) -> Result<Value, E>) -> Result<Value, E> {
        if let Some(html) = self.rendered.read().unwrap_or_else(PoisonError::into_inner).get(&inputs) {
            return Ok(html.clone());
        }
        let html = render(&inputs)?;
        self.rendered.write().unwrap_or_else(PoisonError::into_inner).insert(inputs, html.clone());
        Ok(html)
    }
}
