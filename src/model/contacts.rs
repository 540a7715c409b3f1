//! How to reach the organisation.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Email, Id, Malformed, WebUrl, text_newtype};

/// One way to reach somebody.
///
/// A text with `@` must be an e-mail address and one with a scheme must be a web address; any other text
/// is shown as it stands, for a channel that has no address of its own (`the Support page`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Contact {
    /// Shown as a `mailto:` link.
    Email(Email),
    /// Shown as a link.
    Url(WebUrl),
    /// Shown as text.
    Text(String),
}

impl Contact {
    /// A contact as a record states it; what is neither an e-mail address nor a web address today is text.
    fn archived(text: &str) -> Contact {
        let contact = text.parse().ok().filter(|contact: &Contact| contact.to_string() == text);
        contact.unwrap_or_else(|| Contact::Text(text.to_owned()))
    }

    /// The address, if it is an e-mail address.
    pub fn email(&self) -> Option<&Email> {
        match self {
            Contact::Email(email) => Some(email),
            _ => None,
        }
    }

    /// The target of a link to it, if it has one.
    pub fn href(&self) -> Option<String> {
        match self {
            Contact::Email(email) => Some(email.mailto()),
            Contact::Url(url) => Some(url.to_string()),
            Contact::Text(_) => None,
        }
    }
}

impl FromStr for Contact {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Contact, Malformed> {
        let text = text.trim();
        let scheme = text.split_once(':').is_some_and(|(scheme, rest)| {
            rest.starts_with("//")
                || (!scheme.is_empty() && !scheme.contains(' ') && !rest.starts_with(' ') && !rest.is_empty())
        });
        if scheme {
            text.parse().map(Contact::Url)
        } else if text.contains('@') {
            text.parse().map(Contact::Email)
        } else if text.is_empty() {
            Err(Malformed::new("a contact is empty", "write an e-mail address, a web address or a short text"))
        } else {
            Ok(Contact::Text(text.to_owned()))
        }
    }
}

impl fmt::Display for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Contact::Email(email) => email.fmt(f),
            Contact::Url(url) => url.fmt(f),
            Contact::Text(text) => f.write_str(text),
        }
    }
}

text_newtype!(Contact, archived, {
    "type": "string",
    "minLength": 1,
    "description": "An e-mail address, a web address, or a short text where there is no address."
});

/// Contacts by what they are for: `privacy`, `security`, `support` or any id of the publisher's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Contacts(pub BTreeMap<Id, Contact>);

impl Contacts {
    /// The contact for one purpose.
    pub fn get(&self, purpose: &str) -> Option<&Contact> {
        self.0.iter().find(|(id, _)| id.as_str() == purpose).map(|(_, contact)| contact)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Purposes and contacts in the order that readers see: privacy, security, support, then by name.
    pub fn in_order(&self) -> impl Iterator<Item = (&Id, &Contact)> {
        let rank =
            |id: &Id| ["privacy", "security", "support"].iter().position(|known| *known == id.as_str()).unwrap_or(3);
        let mut all: Vec<_> = self.0.iter().collect();
        all.sort_by_key(|(id, _)| rank(id));
        all.into_iter()
    }
}
