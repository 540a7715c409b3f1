//! The message as it is sent (RFC 5322): a notice with its headers, as text and HTML.
//!
//! All headers and both parts are ASCII on the wire, even if they contain other characters, so that every server accepts them.

use std::str::FromStr;
use std::time::{Duration, SystemTime};

use lettre::message::header::{HeaderName, HeaderValue};

use super::Recipient;
use crate::model::{Email, Malformed, WebUrl};
use crate::notice::message::Message;
use crate::notice::mime::{self, mailbox};
use crate::text::one_line;

/// Who sends the messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The address.
    pub email: Email,
    /// The name; empty if there is none.
    pub name: String,
    /// How a recipient unsubscribes.
    pub unsubscribe: Option<Unsubscribe>,
}

/// How a recipient unsubscribes (RFC 2369).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsubscribe {
    /// At a web address; with `https`, mail programs may do it with one click (RFC 8058).
    Url(WebUrl),
    /// By a message to an address.
    Email(Email),
}

impl FromStr for Sender {
    type Err = Malformed;

    /// Parses `dana@company.com` or `Company <dana@company.com>`.
    fn from_str(text: &str) -> Result<Sender, Malformed> {
        let text = text.trim();
        let (name, email) = match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            Some((name, email)) => (name.trim().trim_matches('"'), email),
            None => ("", text),
        };
        if name.contains(char::is_control) {
            return Err(Malformed::new("the name of the sender contains a control character", "remove it"));
        }
        Ok(Sender { email: email.parse()?, name: name.to_owned(), unsubscribe: None })
    }
}

impl Sender {
    /// The domain of the address.
    pub(super) fn domain(&self) -> &str {
        self.email.as_str().rsplit('@').next().unwrap_or_default()
    }
}

/// Returns the message to one recipient. It has the same `Message-ID` whenever it is built, so that mail programs recognize a
/// message that was sent again.
///
/// # Errors
/// If a header cannot be written.
pub fn compose(
    message: &Message,
    sender: &Sender,
    recipient: &Recipient,
    date: jiff::Timestamp,
) -> Result<Vec<u8>, String> {
    let id = mime::id(&format!("{}\n{}", message.record, recipient.email));
    let to = mailbox(recipient.audience.name.as_deref().unwrap_or_default(), &recipient.email)?;
    let mut builder = lettre::Message::builder()
        .date(SystemTime::UNIX_EPOCH + Duration::from_secs(date.as_second().unsigned_abs()))
        .from(mailbox(&sender.name, &sender.email)?)
        .to(to)
        .subject(one_line(&message.subject))
        .message_id(Some(format!("<{}.{id}@{}>", message.version, sender.domain())))
        // A program sent it, so that no absence notice answers it (RFC 3834).
        .raw_header(raw("Auto-Submitted", "auto-generated")?);
    match &sender.unsubscribe {
        Some(Unsubscribe::Url(url)) => {
            let url = url::Url::parse(url.as_str()).map_err(|error| error.to_string())?;
            builder = builder.raw_header(raw("List-Unsubscribe", &format!("<{url}>"))?);
            if url.scheme() == "https" {
                builder = builder.raw_header(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")?);
            }
        }
        Some(Unsubscribe::Email(email)) => {
            builder = builder.raw_header(raw("List-Unsubscribe", &format!("<{}>", email.mailto()))?);
        }
        None => {}
    }
    let built = builder.multipart(mime::alternatives(message, &id)).map_err(|error| error.to_string())?;
    Ok(built.formatted())
}

fn raw(name: &str, value: &str) -> Result<HeaderValue, String> {
    let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|error| error.to_string())?;
    Ok(HeaderValue::new(name, value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{Sender, Unsubscribe, compose};
    use crate::model::Digest;
    use crate::notice::mail::Recipient;
    use crate::notice::message::{Audience, Message};

    fn message() -> Message {
        Message {
            version: "2026-05-22".parse().expect("a version"),
            record: Digest::of(b"record"),
            subject: "Acme: new subprocessor".to_owned(),
            text: "Grüße\n.\n.hidden\nFrom here\n".to_owned(),
            html: "<!doctype html><p>Grüße</p>\n".to_owned(),
            json: "{}\n".to_owned(),
        }
    }

    fn sender() -> Sender {
        "Acme Inc. <privacy@acme.com>".parse().expect("a sender")
    }

    fn recipient(name: &str) -> Recipient {
        Recipient {
            line: 2,
            email: "dana@customer.com".parse().expect("an address"),
            audience: Audience { name: Some(name.to_owned()).filter(|name| !name.is_empty()), ..Audience::default() },
        }
    }

    fn composed(message: &Message, sender: &Sender, name: &str) -> String {
        let bytes = compose(message, sender, &recipient(name), jiff::Timestamp::UNIX_EPOCH).expect("a message");
        String::from_utf8(bytes).expect("ASCII")
    }

    /// Returns the headers, unfolded.
    fn headers(text: &str) -> Vec<String> {
        let head = text.split("\r\n\r\n").next().expect("a head").replace("\r\n ", " ");
        head.split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn has_the_headers_of_rfc_5322() {
        let text = composed(&message(), &sender(), "Dana \"D\" Doe");
        assert!(text.is_ascii() && text.split("\r\n").all(|line| line.len() <= 998 && !line.contains(['\r', '\n'])));
        let headers = headers(&text);
        for expected in [
            "Date: Thu, 01 Jan 1970 00:00:00 +0000",
            "From: \"Acme Inc.\" <privacy@acme.com>",
            "Subject: Acme: new subprocessor",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
        ] {
            assert!(headers.iter().any(|header| header == expected), "{expected}: {headers:#?}");
        }
        let ids: Vec<_> = headers.iter().filter(|header| header.starts_with("Message-ID: <2026-05-22.")).collect();
        assert!(ids.len() == 1 && ids[0].ends_with("@acme.com>"), "{headers:#?}");
        assert!(!text.contains("List-Unsubscribe"), "not stated");
        assert!(text.find("text/plain") < text.find("text/html"), "the preferred part is the last one");
    }

    #[test]
    fn is_the_same_whenever_it_is_built_and_unique_to_its_recipient_and_release() {
        let first = composed(&message(), &sender(), "Dana");
        assert_eq!(first, composed(&message(), &sender(), "Dana"));
        let id = |text: &str| headers(text).into_iter().find(|header| header.starts_with("Message-ID")).expect("an id");
        let other = Message { record: Digest::of(b"other"), ..message() };
        assert_ne!(id(&first), id(&composed(&other, &sender(), "Dana")));
        let to = Recipient { email: "kim@customer.com".parse().expect("an address"), ..recipient("") };
        let bytes = compose(&message(), &sender(), &to, jiff::Timestamp::UNIX_EPOCH).expect("a message");
        assert_ne!(id(&first), id(&String::from_utf8(bytes).expect("ASCII")));
    }

    #[test]
    fn no_text_adds_a_header() {
        let injected = [
            "x\r\nBcc: evil@evil.com",
            "x\nBcc: evil@evil.com",
            "x\rBcc: evil@evil.com",
            "x\u{85}Bcc: evil@evil.com\u{2028}Bcc: a@b.com",
            "é\r\n\r\nBcc: evil@evil.com",
            &"long ".repeat(500),
            "=?utf-8?q?x=0ABcc:_a?=",
        ];
        let plain = headers(&composed(&message(), &sender(), "Dana")).len();
        for text in injected {
            let message = Message { subject: text.to_owned(), ..message() };
            let sender = Sender { name: text.to_owned(), ..sender() };
            let composed = composed(&message, &sender, text);
            let headers = headers(&composed);
            assert_eq!(headers.len(), plain, "{text:?}: {headers:#?}");
            assert!(headers.iter().all(|header| !header.starts_with("Bcc")), "{headers:#?}");
            assert!(composed.is_ascii() && composed.split("\r\n").all(|line| line.len() <= 998), "{text:?}");
        }
    }

    #[test]
    fn states_how_to_unsubscribe() {
        let with = |unsubscribe| composed(&message(), &Sender { unsubscribe: Some(unsubscribe), ..sender() }, "");
        let url = |text: &str| Unsubscribe::Url(text.parse().expect("a URL"));
        let https = headers(&with(url("https://acme.com/u?id=ä")));
        assert!(https.contains(&"List-Unsubscribe: <https://acme.com/u?id=%C3%A4>".to_owned()), "{https:#?}");
        assert!(https.contains(&"List-Unsubscribe-Post: List-Unsubscribe=One-Click".to_owned()));
        let http = headers(&with(url("http://acme.com/u")));
        assert!(http.contains(&"List-Unsubscribe: <http://acme.com/u>".to_owned()), "{http:#?}");
        assert!(!http.iter().any(|header| header.starts_with("List-Unsubscribe-Post")), "RFC 8058 requires https");
        let email = headers(&with(Unsubscribe::Email("stop@acme.com".parse().expect("an address"))));
        assert!(email.contains(&"List-Unsubscribe: <mailto:stop@acme.com>".to_owned()), "{email:#?}");
    }

    #[test]
    fn parses_senders() {
        for (text, name, email) in [
            ("privacy@acme.com", "", "privacy@acme.com"),
            ("Acme <privacy@acme.com>", "Acme", "privacy@acme.com"),
            (" \"Acme, Inc.\" <privacy@acme.com> ", "Acme, Inc.", "privacy@acme.com"),
        ] {
            let sender: Sender = text.parse().expect("a sender");
            assert_eq!((sender.name.as_str(), sender.email.as_str()), (name, email));
        }
        for text in ["", "Acme", "Acme <privacy>", "Acme <a@b.com> x", "A\nBcc: x <a@b.com>", "a@b.com, c@d.com"] {
            assert!(text.parse::<Sender>().is_err(), "{text:?}");
        }
    }
}
