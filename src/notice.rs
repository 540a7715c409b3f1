//! The notice of a release: the message that tells customers what changes, and its delivery.
//!
//! GDPR Art. 28(2) requires a processor to inform its customers of intended changes. A notice must reach each customer, and must
//! reach nobody twice, even if a run is interrupted or a server fails in the middle of a message.

#[cfg(feature = "mail")]
pub mod mail;
pub mod message;
pub mod webhook;
