//! A notice as an email that is not sent yet (RFC 5322), to open in a mail program.

use std::time::{Duration, SystemTime};

use lettre::Message;
use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};

use super::mime;
use crate::model::{Date, Email};
use crate::text::one_line;

/// Formats a message without recipients. `from` is the name and the address of the sender.
///
/// # Errors
/// If the sender or the subject cannot be written.
pub fn write(
    message: &super::message::Message,
    (name, from): (&str, &Email),
    date: Date,
) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let sender = mime::mailbox(name, from)?;
    // The header's type begins with 1970.
    let days = Date::new(1970, 1, 1).map_or(0, |first| first.days_until(date)).max(0);
    let midnight = SystemTime::UNIX_EPOCH + Duration::from_secs(days.unsigned_abs() * 24 * 60 * 60);
    let body = format!("{}\n{}", message.record, message.text);
    let unsent = HeaderValue::new(HeaderName::new_from_ascii_str("X-Unsent"), "1".to_owned());
    let built = Message::builder()
        .date(midnight)
        .from(sender.clone())
        .subject(one_line(&message.subject))
        // Mail programs open it for editing and sending.
        .raw_header(unsent)
        // It has no recipients yet.
        .envelope(Envelope::new(None, vec![sender.email])?)
        .multipart(mime::alternatives(message, &mime::id(&body)))?;
    Ok(built.formatted())
}
