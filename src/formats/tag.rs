//! Names for feeds and their entries that never change: `tag:` URIs (RFC 4151).
//!
//! A feed reader knows an entry by its id alone: if ids changed, every reader would show all releases again as new. So an
//! id is made only from what is frozen: the first release, which says who speaks and since when, and the version.
//! The address of the site is not frozen; it is used only where the first release names neither a website nor
//! an e-mail address.

use crate::history::{History, Release};
use crate::model::{Contact, Settings};

/// What all ids of one history begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tags {
    stem: String,
}

impl Tags {
    /// The names for a history; none where nothing was released.
    pub fn of(history: &History, settings: &Settings) -> Option<Tags> {
        let first = history.releases().first()?;
        // Two trust centers of one organisation may begin on one day: the digest tells them apart.
        let stem = match authority(first)
            .or_else(|| settings.base_url.as_ref().map(|url| url.host()).filter(|host| is_dns(host)))
        {
            Some(authority) => format!("tag:{authority},{}:{}", first.published, first.digest.short()),
            None => format!("urn:uuid:{}", uuid(first)),
        };
        Some(Tags { stem })
    }

    /// The feed's id.
    pub fn feed(&self) -> String {
        self.stem.clone()
    }

    /// The id of a release's entry.
    pub fn entry(&self, release: &Release) -> String {
        match self.stem.starts_with("tag:") {
            true => format!("{}/{}", self.stem, release.version),
            // A URN of the namespace `uuid` takes no path.
            false => format!("urn:uuid:{}", uuid(release)),
        }
    }
}

/// Who the first release says is speaking: the host of the organisation's website, or an e-mail address.
fn authority(first: &Release) -> Option<String> {
    let website = first.disclosure.organization.url.as_ref().map(|url| url.host()).filter(|host| is_dns(host));
    website.or_else(|| {
        let emails = first.disclosure.contacts.in_order().filter_map(|(_, contact)| Contact::email(contact));
        // RFC 4151 section 2.1 takes fewer characters than RFC 5321.
        let plain = |email: &&crate::model::Email| {
            email.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b"-._@".contains(&b))
        };
        emails.into_iter().find(plain).map(|email| email.as_str().to_ascii_lowercase())
    })
}

/// Whether a host is a DNS name that can own a tag, and not an IP address.
fn is_dns(host: &str) -> bool {
    let named = host.rsplit('.').next().is_some_and(|top| top.bytes().any(|b| b.is_ascii_alphabetic()));
    named && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b))
}

/// A UUID of version 8 (RFC 9562 section 5.8) from the digest of a release's record.
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
    fn only_names_own_tags() {
        assert!(is_dns("trust.example.com"));
        for host in ["127.0.0.1", "[::1]", ""] {
            assert!(!is_dns(host), "{host}");
        }
    }
}
