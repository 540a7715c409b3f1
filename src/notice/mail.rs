//! Delivers a notice by email, one message for each recipient.
//!
//! The [`ledger`] notes what happens to each recipient before and after each message, so that a run that was killed can be
//! repeated: recipients who got the message are left out, and recipients whose outcome is unknown are listed.

pub mod envelope;
pub mod ledger;
pub mod recipients;
pub mod send;
pub mod server;
mod session;

pub use envelope::{Sender, Unsubscribe};
pub use ledger::{Ledger, LedgerError, Outcome};
pub use recipients::{Recipient, RecipientList};
pub use send::{Composing, Delivery, DeliveryError, Pace, Summary, Unfinished};
pub use server::SmtpServer;
