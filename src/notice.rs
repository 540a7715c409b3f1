//! The notice of a release: the message that tells customers what changes, and its delivery.
//!
//! GDPR Art. 28(2) requires a processor to inform its customers of intended changes. A notice must reach each customer, and must
//! reach none of them twice, even if a run is interrupted or a server fails in the middle of a message.
//!
//! [`compose`] makes one value, [`compose::Notice`], from two releases and what is known about a reader. The writers `text`,
//! `html`, `markdown`, `json` and `draft` (a message to edit and send) state the same in each format.

pub mod change;
pub mod choice;
pub mod compose;
#[cfg(feature = "mail")]
pub mod draft;
pub mod html;
pub mod json;
#[cfg(feature = "mail")]
pub mod mail;
pub mod markdown;
pub mod message;
#[cfg(feature = "mail")]
mod mime;
pub mod text;
pub mod webhook;

pub use compose::{Composer, Notice, Reader};
