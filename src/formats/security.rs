//! `.well-known/security.txt`: whom to tell of a vulnerability (RFC 9116).

use std::fmt::Write;

use super::Files;
use crate::model::{Contact, Date, SecurityTxt, WebUrl};
use crate::publication::Publication;

/// Where it has to stand (RFC 9116 section 3).
const PATH: &str = ".well-known/security.txt";

/// Adds the file, where there is a contact and a date of expiry: without either it would be none.
pub(super) fn files(files: &mut Files) {
    if let Some(text) = text(&files.sources.publication) {
        files.ready(PATH, text);
    }
}

/// The file's text, with the fields in the order of the standard.
fn text(publication: &Publication) -> Option<String> {
    let fields = publication.settings.security_txt.as_ref()?;
    let expires = instant(fields.expires.as_deref()?)?;
    let contacts = contacts(fields, publication);
    if contacts.is_empty() {
        return None;
    }
    let mut text = String::new();
    let mut field = |name: &str, value: &str| {
        let _ = writeln!(text, "{name}: {value}");
    };
    contacts.iter().for_each(|contact| field("Contact", contact));
    field("Expires", &expires);
    web(&fields.encryption).for_each(|url| field("Encryption", url));
    web(&fields.acknowledgments).for_each(|url| field("Acknowledgments", url));
    if !fields.preferred_languages.is_empty() {
        let languages: Vec<_> = fields.preferred_languages.iter().map(|language| language.as_str()).collect();
        field("Preferred-Languages", &languages.join(", "));
    }
    if let Some(address) = publication.absolute(PATH).filter(|address| address.starts_with("https://")) {
        field("Canonical", &address);
    }
    web(&fields.policy).for_each(|url| field("Policy", url));
    web(&fields.hiring).for_each(|url| field("Hiring", url));
    Some(text)
}

/// Addresses of contacts, in order of preference; by default that of the security contact.
fn contacts(fields: &SecurityTxt, publication: &Publication) -> Vec<String> {
    let stated = publication.disclosure().and_then(|disclosure| disclosure.contacts.get("security"));
    let all: Vec<&Contact> = match fields.contact.is_empty() {
        true => stated.into_iter().collect(),
        false => fields.contact.iter().collect(),
    };
    let address = |contact: &&Contact| match contact {
        Contact::Url(url) => is_https(url).then(|| url.to_string()),
        // A text is no URI, which the field asks for.
        contact => contact.href(),
    };
    all.iter().filter_map(address).collect()
}

/// Addresses that the standard allows: "web URI" fields "MUST begin with https://" (section 2.5).
fn web(urls: &[WebUrl]) -> impl Iterator<Item = &str> {
    urls.iter().filter(|url| is_https(url)).map(WebUrl::as_str)
}

fn is_https(url: &WebUrl) -> bool {
    url.as_str().get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"))
}

/// The time in the form of RFC 3339; a day stands for its first instant in UTC.
fn instant(text: &str) -> Option<String> {
    match text.parse::<Date>() {
        Ok(day) => Some(format!("{day}T00:00:00Z")),
        Err(_) => text.parse::<jiff::Timestamp>().ok().map(|time| time.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::{instant, text};
    use crate::assets::Assets;
    use crate::history::History;
    use crate::model::{SecurityTxt, Settings};
    use crate::publication::Publication;

    fn publication(fields: SecurityTxt) -> Publication {
        let settings = Settings {
            base_url: "https://trust.example.com".parse().ok(),
            security_txt: Some(fields),
            ..Settings::default()
        };
        let as_of = "2026-05-22".parse().expect("a date");
        Publication { settings, history: History::default(), draft: None, assets: Assets::default(), as_of }
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
        assert_eq!(text(&publication(fields)).as_deref(), Some(expected));
    }

    #[test]
    fn without_contact_or_expiry_there_is_no_file() {
        let contact = vec!["security@example.com".parse().expect("a contact")];
        assert_eq!(text(&publication(SecurityTxt { contact, ..SecurityTxt::default() })), None);
        let expires = Some("2027-01-31".to_owned());
        assert_eq!(text(&publication(SecurityTxt { expires, ..SecurityTxt::default() })), None);
    }

    #[test]
    fn a_time_is_kept_and_a_day_is_its_first_instant() {
        assert_eq!(instant("2027-01-31").as_deref(), Some("2027-01-31T00:00:00Z"));
        assert_eq!(instant("2027-01-31T10:00:00+02:00").as_deref(), Some("2027-01-31T08:00:00Z"));
        assert_eq!(instant("soon"), None);
    }
}
