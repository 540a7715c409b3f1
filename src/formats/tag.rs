//! Permanent ids of feeds and their entries: `tag:` URIs (RFC 4151).
//!
//! Feed readers identify an entry by its id. If ids changed, all readers would show every release as new again. An id is
//! therefore derived only from immutable data: the date of the first release, the organization's website that it states, the digest
//! of its original record, and the version. A redaction changes none of them, unless it withholds the website itself.
//!
//! Without a website, the ids are UUIDs. If candor 0.1 made the first release, an email address in it or the host of the site is
//! used before that, because the feeds of 0.1 had these ids.

use crate::history::{History, Release};
use crate::model::{Contact, Digest, Settings};

/// The ids of one history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tags {
    stem: String,
}

impl Tags {
    /// Returns the ids for a history, or `None` if it has no releases.
    pub fn of(history: &History, settings: &Settings) -> Option<Tags> {
        let first = history.releases().first()?;
        // Only 0.1 made releases that bind no files.
        let is_legacy = first.files.is_none();
        let host = || settings.base_url.as_ref().map(|url| url.host()).filter(|host| is_dns(host));
        let authority = website(first).or_else(|| is_legacy.then(|| email(first).or_else(host)).flatten());
        // The digest distinguishes two trust centers that an organization starts on the same date.
        let stem = match authority {
            Some(authority) => format!("tag:{authority},{}:{}", first.published, first.link().sha256.short()),
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

    /// Returns the id of another part of the site, such as `updates/NAME`.
    pub fn part(&self, path: &str) -> String {
        match self.stem.starts_with("tag:") {
            true => format!("{}/{path}", self.stem),
            false => format!("urn:uuid:{}", uuid_of(&Digest::of(format!("{}/{path}", self.stem).as_bytes()))),
        }
    }
}

/// Returns the host of the organization's website, as the first release states it.
fn website(first: &Release) -> Option<String> {
    if first.withheld.has("organization", None, "url") {
        return None;
    }
    first.disclosure.organization.url.as_ref().map(|url| url.host()).filter(|host| is_dns(host))
}

/// Returns the first email address that the first release states.
fn email(first: &Release) -> Option<String> {
    let emails = first.disclosure.contacts.in_order().filter_map(|(_, contact)| Contact::email(contact));
    // RFC 4151 section 2.1 allows fewer characters than RFC 5321.
    let plain = |email: &&crate::model::Email| {
        email.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b"-._@".contains(&b))
    };
    emails.into_iter().find(plain).map(|email| email.as_str().to_ascii_lowercase())
}

/// Whether a host is a DNS name, which can be a tagging authority, and not an IP address.
fn is_dns(host: &str) -> bool {
    let named = host.rsplit('.').next().is_some_and(|top| top.bytes().any(|b| b.is_ascii_alphabetic()));
    named && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b))
}

/// Derives a version 8 UUID (RFC 9562 section 5.8) from the digest of the original record of a release.
fn uuid(release: &Release) -> String {
    uuid_of(&release.link().sha256)
}

fn uuid_of(digest: &Digest) -> String {
    let mut bytes = *digest.as_bytes();
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
