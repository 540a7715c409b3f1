//! `.well-known/security.txt`: whom to tell of a vulnerability (RFC 9116).

use std::fmt::Write;

use crate::model::WebUrl;
use crate::publication::Publication;

/// The file's text at a path of the site, with the fields in the order of the standard; none where a required field is
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
    fields.contact_uris(&contacts).iter().for_each(|contact| field("Contact", contact));
    field("Expires", &expires);
    web(&fields.encryption).for_each(|url| field("Encryption", url));
    web(&fields.acknowledgments).for_each(|url| field("Acknowledgments", url));
    if !fields.preferred_languages.is_empty() {
        let languages: Vec<_> = fields.preferred_languages.iter().map(|language| language.as_str()).collect();
        field("Preferred-Languages", &languages.join(", "));
    }
    if let Some(address) = publication.absolute(path).filter(|address| address.starts_with("https://")) {
        field("Canonical", &address);
    }
    web(&fields.policy).for_each(|url| field("Policy", url));
    web(&fields.hiring).for_each(|url| field("Hiring", url));
    Some(text)
}

/// Addresses that the standard allows: "web URI" fields "MUST begin with https://" (section 2.5).
fn web(urls: &[WebUrl]) -> impl Iterator<Item = &str> {
    urls.iter().filter(|url| url.is_https()).map(WebUrl::as_str)
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
        let settings = Settings {
            base_url: "https://trust.example.com".parse().ok(),
            security_txt: Some(fields),
            ..Settings::default()
        };
        let as_of = "2026-05-22".parse().expect("a date");
        let (history, assets, program) = (History::default(), Assets::default(), ProgramVersion::current());
        Publication { settings, history, draft: None, assets, as_of, program }
    }

    #[test]
    fn a_file_has_what_the_standard_asks_for() {
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
    fn without_contact_or_expiry_there_is_no_file() {
        let contact = vec!["security@example.com".parse().expect("a contact")];
        assert_eq!(text(&publication(SecurityTxt { contact, ..SecurityTxt::default() }), PATH), None);
        let expires = Some("2027-01-31".to_owned());
        assert_eq!(text(&publication(SecurityTxt { expires, ..SecurityTxt::default() }), PATH), None);
    }
}
