//! Contacts of the organization.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Email, Id, Malformed, StatedUrl, WebUrl, text_newtype};

/// A contact.
///
/// A string with `@` must be an email address, and a string with a scheme must be a web address. Any other string is shown as
/// text, for a contact without an address (`the Support page`).
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
    /// Creates a contact from a record. A string that is neither a valid email address nor a valid web address becomes text.
    fn archived(text: &str) -> Contact {
        let contact = text.parse().ok().filter(|contact: &Contact| contact.to_string() == text);
        contact.unwrap_or_else(|| Contact::Text(text.to_owned()))
    }

    /// The address, if it is an email address.
    pub fn email(&self) -> Option<&Email> {
        match self {
            Contact::Email(email) => Some(email),
            _ => None,
        }
    }

    /// The target of a link; `None` for text.
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
            Err(Malformed::new("a contact is empty", "write an email address, a web address or a short text"))
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
    "description": "An email address, a web address, or a short text."
});

/// Contacts by purpose: `privacy`, `security`, `support` or a custom id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Contacts(pub BTreeMap<Id, Contact>);

impl Contacts {
    /// The web addresses among the contacts.
    pub(super) fn urls(&self) -> impl Iterator<Item = &WebUrl> {
        self.0.values().filter_map(|contact| match contact {
            Contact::Url(url) => Some(url),
            Contact::Email(_) | Contact::Text(_) => None,
        })
    }

    /// Puts another address in the place of each web address for which the function returns one.
    pub(super) fn replace_urls(&mut self, with: &dyn Fn(&WebUrl) -> Option<StatedUrl>) {
        for contact in self.0.values_mut() {
            let Contact::Url(url) = contact else { continue };
            match with(url) {
                Some(StatedUrl::Web(now) | StatedUrl::Moved { now, .. }) => *contact = Contact::Url(now),
                Some(StatedUrl::Text(text)) => *contact = Contact::Text(text),
                None => {}
            }
        }
    }

    /// The contact for a purpose.
    pub fn get(&self, purpose: &str) -> Option<&Contact> {
        self.0.iter().find(|(id, _)| id.as_str() == purpose).map(|(_, contact)| contact)
    }

    /// Whether there are no contacts.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Purposes and contacts in display order: privacy, security, support, then by id.
    pub fn in_order(&self) -> impl Iterator<Item = (&Id, &Contact)> {
        let rank =
            |id: &Id| ["privacy", "security", "support"].iter().position(|known| *known == id.as_str()).unwrap_or(3);
        let mut all: Vec<_> = self.0.iter().collect();
        all.sort_by_key(|(id, _)| rank(id));
        all.into_iter()
    }
}
