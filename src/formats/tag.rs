//! Permanent ids of feeds and their entries: `tag:` URIs (RFC 4151).
//!
//! Feed readers identify an entry by its id. If ids changed, all readers would show every release as new again. An id is
//! therefore derived only from immutable data: the first release, which names the publisher and a date, and the version.
//! The site's URL may change, so it is used only if the first release names neither a website nor an email address.

use crate::history::{History, Release};
use crate::model::{Contact, Settings};

/// The ids of one history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tags {
    stem: String,
}

impl Tags {
    /// Returns the ids for a history, or `None` if it has no releases.
    pub fn of(history: &History, settings: &Settings) -> Option<Tags> {
        let first = history.releases().first()?;
        // The digest distinguishes two trust centers that an organization starts on the same date.
        let stem = match authority(first)
            .or_else(|| settings.base_url.as_ref().map(|url| url.host()).filter(|host| is_dns(host)))
        {
            Some(authority) => format!("tag:{authority},{}:{}", first.published, first.digest.short()),
            None => format!("urn:uuid:{}", uuid(first)),
        };
        Some(Tags { stem })
    }

    /// Returns the feed's id.
    pub fn feed(&self) -> String {
        self.stem.clone()
    }

    /// Returns the id of a release's entry.
    pub fn entry(&self, release: &Release) -> String {
        match self.stem.starts_with("tag:") {
            true => format!("{}/{}", self.stem, release.version),
            // A `urn:uuid` cannot have a path.
            false => format!("urn:uuid:{}", uuid(release)),
        }
    }
}

/// Returns the tagging authority from the first release: the host of the organization's website, or an email address.
fn authority(first: &Release) -> Option<String> {
    let website = first.disclosure.organization.url.as_ref().map(|url| url.host()).filter(|host| is_dns(host));
    website.or_else(|| {
        let emails = first.disclosure.contacts.in_order().filter_map(|(_, contact)| Contact::email(contact));
        // RFC 4151 section 2.1 allows fewer characters than RFC 5321.
        let plain = |email: &&crate::model::Email| {
            email.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b"-._@".contains(&b))
        };
        emails.into_iter().find(plain).map(|email| email.as_str().to_ascii_lowercase())
    })
}

/// Whether a host is a DNS name, which can be a tagging authority, and not an IP address.
fn is_dns(host: &str) -> bool {
    let named = host.rsplit('.').next().is_some_and(|top| top.bytes().any(|b| b.is_ascii_alphabetic()));
    named && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b))
}

/// Derives a version 8 UUID (RFC 9562 section 5.8) from the digest of a release record.
fn uuid(release: &Release) -> String {
    let mut bytes = *release.digest.as_bytes();
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use super::is_dns;

    #[test]
    fn only_dns_names_are_tagging_authorities() {
        assert!(is_dns("trust.example.com"));
        for host in ["127.0.0.1", "[::1]", ""] {
            assert!(!is_dns(host), "{host}");
        }
    }
}
