//! JSON-LD with schema.org types, for search engines and AI assistants.
//!
//! It is in a `script` element of a type that browsers do not execute, so the Content-Security-Policy does not apply to it.
//! No content can end the element, because every `<` is escaped.

use serde_json::{Map, Value, json};

use super::edition::Edition;
use crate::model::{CertificationType, Contact, Disclosure, StatedUrl};
use crate::wording::Catalog;

/// Builds URLs: absolute if the site has a `base_url`, otherwise relative to the page.
pub(super) struct Addresses<'a> {
    /// Absolute or relative URL of the site's root, with a trailing slash.
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

/// Describes the organization with its contacts and certifications, and the trust page.
pub(super) fn trust(edition: &Edition, addresses: &Addresses, strings: &Catalog, logo: Option<&str>) -> Value {
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
    put(&mut organization, "contactPoint", list(contact_points(disclosure, strings)));
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

/// Describes the list of subprocessors as a data set with its downloads, and the breadcrumbs of the page.
pub(super) fn subprocessors(edition: &Edition, addresses: &Addresses, strings: &Catalog) -> Value {
    let disclosure = edition.disclosure();
    let name = strings.get("subprocessors.title");
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
        "description": strings.fill("subprocessors.dataset", &[("organization", organization)]),
        "url": addresses.of("subprocessors/"),
        "inLanguage": disclosure.language.as_str(),
        "isAccessibleForFree": true,
        "creator": { "@type": "Organization", "@id": addresses.organization(), "name": organization },
        "distribution": [
            download("subprocessors.json", "application/json"),
            download("subprocessors.csv", "text/csv"),
            download(
                "subprocessors.xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ),
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

/// Serializes JSON for a `script` element (WHATWG HTML, "restrictions for contents of script elements"): without `<`, nothing
/// can end the element or open a comment in it.
pub(super) fn embedded(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

fn contact_points(disclosure: &Disclosure, strings: &Catalog) -> Vec<Value> {
    let point = |(purpose, contact): (&crate::model::Id, &Contact)| {
        let kind = strings.contact(purpose.as_str());
        let mut point = object(json!({ "@type": "ContactPoint", "contactType": kind }));
        match contact {
            Contact::Email(email) => put(&mut point, "email", Some(email.to_string())),
            Contact::Url(url) => put(&mut point, "url", Some(url.to_string())),
            // Machines cannot use a contact without an address.
            Contact::Text(_) => return None,
        }
        Some(Value::Object(point))
    };
    disclosure.contacts.in_order().filter_map(point).collect()
}

/// Returns the certifications that are held on the edition's date. A self-assessment is no statement of an authority, so it is not
/// one of them.
fn certifications(edition: &Edition) -> Vec<Value> {
    let certifications = edition.disclosure().certifications.iter();
    let active = certifications.filter(|item| {
        item.standing_on(edition.date()).is_held() && item.r#type != Some(CertificationType::SelfAssessment)
    });
    active
        .map(|item| {
            let mut certification = object(json!({
                "@type": "Certification",
                "name": item.framework,
                "certificationStatus": "https://schema.org/CertificationActive",
            }));
            put(
                &mut certification,
                "about",
                item.scope.clone().map(|scope| json!({ "@type": "Thing", "name": scope })),
            );
            put(
                &mut certification,
                "issuedBy",
                item.issuer.clone().map(|issuer| json!({ "@type": "Organization", "name": issuer })),
            );
            // The edition that covers the date, or the one that the certification states itself.
            let current = item.all_editions().find(|current| current.covers(edition.date()));
            let current = current.unwrap_or_else(|| item.newest());
            put(&mut certification, "certificationIdentification", current.number);
            put(&mut certification, "datePublished", current.issued.map(|date| date.to_string()));
            put(&mut certification, "validFrom", current.valid_from.map(|date| date.to_string()));
            put(&mut certification, "expires", current.valid_until.map(|date| date.to_string()));
            put(
                &mut certification,
                "url",
                item.registry_url.as_ref().and_then(StatedUrl::link).map(ToString::to_string),
            );
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
    fn embedded_json_cannot_end_its_script_element() {
        let value = json!({ "name": "</script><!--<script>\u{2028}" });
        let text = embedded(&value);
        assert!(!text.contains('<') && !text.contains('\u{2028}'), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).ok(), Some(value));
    }
}
