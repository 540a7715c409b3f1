//! The parts that every email of a notice has (RFC 5322): its text and HTML, and the addresses of people.

use lettre::Address;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, MultiPart, SinglePart};

use super::message::Message;
use crate::model::{Digest, Email};
use crate::text::one_line;

/// Returns an id that depends only on this text: 32 hexadecimal digits.
pub(super) fn id(text: &str) -> String {
    Digest::of(text.as_bytes()).to_string()[..32].to_owned()
}

/// Returns the text and the HTML of a message as alternatives. With the same id, the same message has the same bytes.
pub(super) fn alternatives(message: &Message, id: &str) -> MultiPart {
    MultiPart::alternative()
        .boundary(format!("candor-{id}"))
        .singlepart(SinglePart::builder().header(ContentType::TEXT_PLAIN).body(message.text.clone()))
        .singlepart(SinglePart::builder().header(ContentType::TEXT_HTML).body(message.html.clone()))
}

/// Returns an address with a name, which may be empty.
///
/// # Errors
/// If the address cannot be used in a message.
pub(super) fn mailbox(name: &str, email: &Email) -> Result<Mailbox, String> {
    let name = one_line(name);
    Ok(Mailbox::new(Some(name).filter(|name| !name.is_empty()), address(email)?))
}

/// Converts an address for messages and SMTP commands.
///
/// # Errors
/// If it cannot be used there.
pub(super) fn address(email: &Email) -> Result<Address, String> {
    email.as_str().parse().map_err(|error| format!("`{email}` cannot be used: {error}"))
}
