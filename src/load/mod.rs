//! Files -> model, with the place of every value.

mod places;

pub use places::Places;

use crate::model::{Disclosure, Settings};

/// The working files under `content/`, read and checked for form.
#[derive(Debug, Clone)]
pub struct Content {
    /// What is stated.
    pub disclosure: Disclosure,
    /// How the site is made.
    pub settings: Settings,
    /// Where each value stands.
    pub places: Places,
}
