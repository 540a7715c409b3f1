//! The values that are published in `security.txt` (RFC 9116).

use super::{Contact, Contacts, Date, SecurityTxt};

impl SecurityTxt {
    /// Whether the fields that the standard requires are present: a contact and an expiry date.
    pub fn is_complete(&self, contacts: &Contacts) -> bool {
        self.expiry().is_some() && !self.contact_uris(contacts).is_empty()
    }

    /// `Expires` as an RFC 3339 time; a date means its first instant in UTC.
    pub fn expiry(&self) -> Option<String> {
        let text = self.expires.as_deref()?;
        match text.parse::<Date>() {
            Ok(date) => Some(format!("{date}T00:00:00Z")),
            Err(_) => text.parse::<jiff::Timestamp>().ok().map(|time| time.to_string()),
        }
    }

    /// URIs of the contacts, in order of preference; by default, the URI of the security contact.
    pub fn contact_uris(&self, contacts: &Contacts) -> Vec<String> {
        let all: Vec<&Contact> = match self.contact.is_empty() {
            true => contacts.get("security").into_iter().collect(),
            false => self.contact.iter().collect(),
        };
        let uri = |contact: &&Contact| match contact {
            Contact::Url(url) => url.is_https().then(|| url.to_uri()),
            // The field requires a URI, so contacts that are text are left out.
            contact => contact.href(),
        };
        all.iter().filter_map(uri).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::model::SecurityTxt;

    #[test]
    fn converts_expiry_dates_to_their_first_instant() {
        let expiry = |text: &str| SecurityTxt { expires: Some(text.to_owned()), ..SecurityTxt::default() }.expiry();
        assert_eq!(expiry("2027-01-31").as_deref(), Some("2027-01-31T00:00:00Z"));
        assert_eq!(expiry("2027-01-31T10:00:00+02:00").as_deref(), Some("2027-01-31T08:00:00Z"));
        assert_eq!(expiry("soon"), None);
    }
}
