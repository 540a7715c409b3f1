//! JSON-LD: what a page is about, in the words of schema.org, for search engines and assistants.
//!
//! It stands in a `script` element of a type that no browser executes, so the Content-Security-Policy has nothing to say
//! to it. Whatever the texts hold, it cannot end its element: every `<` is written as an escape.

use serde_json::{Map, Value, json};

use super::edition::Edition;
use crate::model::{CertificationStatus, Contact, Disclosure, StatedUrl};
use crate::wording::Catalog;

/// Makes addresses: absolute where the site has one, else relative to the page.
pub(super) struct Addresses<'a> {
    /// Address of the site's root or the way to it, with a slash at its end.
    pub root: &'a str,
}

impl Addresses<'_> {
    fn of(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }

    fn organization(&self) -> String {
        self.of("#organization")
    }
}

/// The organisation, how to reach it and what it is certified for; and the trust page.
pub(super) fn trust(edition: &Edition, addresses: &Addresses, words: &Catalog, logo: Option<&str>) -> Value {
    let disclosure = edition.disclosure();
    let mut organization = object(json!({
        "@type": "Organization",
        "@id": addresses.organization(),
        "name": disclosure.organization.name,
    }));
    put(&mut organization, "legalName", disclosure.organization.legal_name.clone());
    put(
        &mut organization,
        "url",
        disclosure.organization.url.as_ref().and_then(StatedUrl::link).map(ToString::to_string),
    );
    put(&mut organization, "address", disclosure.organization.address.clone());
    put(&mut organization, "logo", logo.map(|logo| addresses.of(logo)));
    put(&mut organization, "contactPoint", list(contact_points(disclosure, words)));
    put(&mut organization, "hasCertification", list(certifications(edition)));
    let mut page = object(json!({
        "@type": "WebPage",
        "@id": addresses.of(""),
        "name": disclosure.title,
        "inLanguage": disclosure.language.as_str(),
        "publisher": { "@id": addresses.organization() },
    }));
    put(&mut page, "description", disclosure.description.clone());
    if let Some(release) = edition.release() {
        put(&mut page, "version", Some(release.version.to_string()));
        put(&mut page, "dateModified", Some(release.published.to_string()));
    }
    graph(vec![organization, page])
}

/// The list of subprocessors as a data set with its downloads, and the way to the page.
pub(super) fn subprocessors(edition: &Edition, addresses: &Addresses, words: &Catalog) -> Value {
    let disclosure = edition.disclosure();
    let name = words.get("subprocessors.title");
    let download = |path: &str, media_type: &str| {
        object(json!({
            "@type": "DataDownload",
            "encodingFormat": media_type,
            "contentUrl": addresses.of(path),
        }))
    };
    let organization = &disclosure.organization.name;
    let mut dataset = object(json!({
        "@type": "Dataset",
        "@id": addresses.of("subprocessors/#dataset"),
        "name": format!("{name}: {organization}"),
        "description": words.fill("subprocessors.dataset", &[("organization", organization)]),
        "url": addresses.of("subprocessors/"),
        "inLanguage": disclosure.language.as_str(),
        "isAccessibleForFree": true,
        "creator": { "@type": "Organization", "@id": addresses.organization(), "name": organization },
        "distribution": [
            download("subprocessors.json", "application/json"),
            download("subprocessors.csv", "text/csv"),
        ],
    }));
    if let Some(release) = edition.release() {
        put(&mut dataset, "version", Some(release.version.to_string()));
        put(&mut dataset, "dateModified", Some(release.published.to_string()));
    }
    let step = |position: usize, name: &str, path: &str| json!({ "@type": "ListItem", "position": position, "name": name, "item": addresses.of(path) });
    let crumbs = object(json!({
        "@type": "BreadcrumbList",
        "itemListElement": [step(1, &disclosure.title, ""), step(2, name, "subprocessors/")],
    }));
    graph(vec![dataset, crumbs])
}

/// JSON that can stand inside a `script` element (WHATWG HTML, "restrictions for contents of script elements"):
/// without `<`, nothing can end the element or open a comment in it.
pub(super) fn embedded(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

fn contact_points(disclosure: &Disclosure, words: &Catalog) -> Vec<Value> {
    let point = |(purpose, contact): (&crate::model::Id, &Contact)| {
        let kind = words.contact(purpose.as_str());
        let mut point = object(json!({ "@type": "ContactPoint", "contactType": kind }));
        match contact {
            Contact::Email(email) => put(&mut point, "email", Some(email.to_string())),
            Contact::Url(url) => put(&mut point, "url", Some(url.to_string())),
            // A channel without an address is nothing that a machine could use.
            Contact::Text(_) => return None,
        }
        Some(Value::Object(point))
    };
    disclosure.contacts.in_order().filter_map(point).collect()
}

/// Certifications that are held on the edition's day; those that are not are never claimed.
fn certifications(edition: &Edition) -> Vec<Value> {
    let certifications = edition.disclosure().certifications.iter();
    let held = certifications.filter(|item| item.status_on(edition.day()) == CertificationStatus::Active);
    held.map(|item| {
        let mut certification = object(json!({
            "@type": "Certification",
            "name": item.framework,
            "certificationStatus": "https://schema.org/CertificationActive",
        }));
        put(&mut certification, "about", item.scope.clone().map(|scope| json!({ "@type": "Thing", "name": scope })));
        put(
            &mut certification,
            "issuedBy",
            item.issuer.clone().map(|issuer| json!({ "@type": "Organization", "name": issuer })),
        );
        put(&mut certification, "validFrom", item.valid_from.map(|date| date.to_string()));
        put(&mut certification, "expires", item.valid_until.map(|date| date.to_string()));
        Value::Object(certification)
    })
    .collect()
}

fn graph(nodes: Vec<Map<String, Value>>) -> Value {
    json!({ "@context": "https://schema.org", "@graph": nodes })
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn put(map: &mut Map<String, Value>, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        map.insert(key.to_owned(), value.into());
    }
}

fn list(values: Vec<Value>) -> Option<Value> {
    (!values.is_empty()).then_some(Value::Array(values))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::embedded;

    #[test]
    fn no_text_ends_its_script_element() {
        let value = json!({ "name": "</script><!--<script>\u{2028}" });
        let text = embedded(&value);
        assert!(!text.contains('<') && !text.contains('\u{2028}'), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).ok(), Some(value));
    }
}
