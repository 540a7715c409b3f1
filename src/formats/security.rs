//! `.well-known/security.txt`: where to report a vulnerability (RFC 9116).

use std::fmt::Write;

use crate::model::WebUrl;
use crate::publication::Publication;

/// Formats the file for a path of the site, with the fields in the order of the standard. Returns `None` if a required field is
/// missing.
pub(super) fn text(publication: &Publication, path: &str) -> Option<String> {
    let fields = publication.settings.security_txt.as_ref()?;
    let contacts = publication.contacts();
    if !fields.is_complete(&contacts) {
        return None;
    }
    let expires = fields.expiry()?;
    let mut text = String::new();
    let mut field = |name: &str, value: &str| {
        let _ = writeln!(text, "{name}: {value}");
    };
    for contact in fields.contact_uris(&contacts) {
        field("Contact", &https(&contact).unwrap_or(contact));
    }
    field("Expires", &expires);
    web(&fields.encryption).for_each(|uri| field("Encryption", &uri));
    web(&fields.acknowledgments).for_each(|uri| field("Acknowledgments", &uri));
    if !fields.preferred_languages.is_empty() {
        let languages: Vec<_> = fields.preferred_languages.iter().map(|language| language.as_str()).collect();
        field("Preferred-Languages", &languages.join(", "));
    }
    if let Some(address) = publication.absolute(path).and_then(|address| https(&address)) {
        field("Canonical", &address);
    }
    web(&fields.policy).for_each(|uri| field("Policy", &uri));
    web(&fields.hiring).for_each(|uri| field("Hiring", &uri));
    Some(text)
}

/// Returns the URIs that the standard allows: web URIs "MUST begin with https://" (section 2.5).
fn web(urls: &[WebUrl]) -> impl Iterator<Item = String> {
    urls.iter().filter_map(|url| https(&url.to_uri()))
}

/// Returns an https URI with its scheme in lower case, or `None` for other schemes.
fn https(uri: &str) -> Option<String> {
    const SCHEME: &str = "https://";
    let (scheme, rest) = uri.split_at_checked(SCHEME.len())?;
    scheme.eq_ignore_ascii_case(SCHEME).then(|| format!("{SCHEME}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::assets::Assets;
    use crate::history::History;
    use crate::model::{ProgramVersion, SecurityTxt, Settings};
    use crate::publication::Publication;

    const PATH: &str = ".well-known/security.txt";

    fn publication(fields: SecurityTxt) -> Publication {
        published("https://trust.example.com", fields)
    }

    fn published(base_url: &str, fields: SecurityTxt) -> Publication {
        let settings = Settings { base_url: base_url.parse().ok(), security_txt: Some(fields), ..Settings::default() };
        let as_of = "2026-05-22".parse().expect("a date");
        let (history, assets, program) = (History::default(), Assets::default(), ProgramVersion::current());
        Publication {
            settings,
            history,
            draft: None,
            in_effect: None,
            assets,
            bound_media_types: Default::default(),
            as_of,
            program,
        }
    }

    #[test]
    fn file_follows_the_standard() {
        let fields = SecurityTxt {
            contact: ["security@example.com", "http://example.com/old", "Ask the front desk"]
                .map(|contact| contact.parse().expect("a contact"))
                .to_vec(),
            expires: Some("2027-01-31".to_owned()),
            preferred_languages: ["en", "de"].map(|tag| tag.parse().expect("a language")).to_vec(),
            ..SecurityTxt::default()
        };
        let expected = "Contact: mailto:security@example.com\nExpires: 2027-01-31T00:00:00Z\nPreferred-Languages: en, de\n\
             Canonical: https://trust.example.com/.well-known/security.txt\n";
        assert_eq!(text(&publication(fields), PATH).as_deref(), Some(expected));
    }

    #[test]
    fn every_uri_is_ascii_and_begins_with_https() {
        let url = |text: &str| vec![text.parse().expect("a URL")];
        for (base, canonical) in [
            ("https://trust.example.com/", Some("https://trust.example.com/.well-known/security.txt")),
            ("HTTPS://Trust.Example.com", Some("https://Trust.Example.com/.well-known/security.txt")),
            (
                "HttpS://Bücher.example/Größe/",
                Some("https://xn--bcher-kva.example/Gr%C3%B6%C3%9Fe/.well-known/security.txt"),
            ),
            ("http://trust.example.com", None),
            ("HTTP://trust.example.com", None),
        ] {
            let fields = SecurityTxt {
                contact: vec!["HTTPS://bücher.example/ü".parse().expect("a contact")],
                expires: Some("2027-01-31".to_owned()),
                policy: url("HTTPS://example.com/Größe"),
                hiring: url("http://example.com/jobs"),
                ..SecurityTxt::default()
            };
            let text = text(&published(base, fields), PATH).expect("a file");
            let found = text.lines().find_map(|line| line.strip_prefix("Canonical: "));
            assert_eq!(found, canonical, "{base}");
            assert!(text.is_ascii() && !text.contains("Hiring"), "{text}");
            assert!(text.contains("Contact: https://xn--bcher-kva.example/%C3%BC\n"), "{text}");
            assert!(text.contains("Policy: https://example.com/Gr%C3%B6%C3%9Fe\n"), "{text}");
        }
    }

    #[test]
    fn no_file_without_contact_or_expiry() {
        let contact = vec!["security@example.com".parse().expect("a contact")];
        assert_eq!(text(&publication(SecurityTxt { contact, ..SecurityTxt::default() }), PATH), None);
        let expires = Some("2027-01-31".to_owned());
        assert_eq!(text(&publication(SecurityTxt { expires, ..SecurityTxt::default() }), PATH), None);
    }
}
