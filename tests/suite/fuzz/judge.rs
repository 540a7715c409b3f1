//! Checks HTML that is embedded in a page: html5ever parses it as browsers do, and the `url` crate parses addresses as
//! browsers do.

use std::collections::HashSet;

use scraper::{Html, Node, Selector};

/// Every element that the output may contain, with its attributes.
const ALLOWED: &[(&str, &[&str])] = &[
    ("a", &["href", "title", "id", "class", "role", "aria-label"]),
    ("blockquote", &[]),
    ("br", &[]),
    ("code", &["class"]),
    ("del", &[]),
    ("em", &[]),
    ("h3", &["id", "class"]),
    ("h4", &["id", "class"]),
    ("h5", &["id", "class"]),
    ("h6", &["id", "class"]),
    ("hr", &[]),
    ("img", &["src", "alt", "title", "loading", "decoding"]),
    ("input", &["type", "checked", "disabled", "aria-hidden"]),
    ("li", &["id", "class"]),
    ("ol", &["start"]),
    ("p", &[]),
    ("pre", &[]),
    ("section", &["class", "role", "aria-label", "tabindex"]),
    ("span", &["class"]),
    ("strong", &[]),
    ("sup", &[]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", &["class"]),
    ("th", &["class", "scope"]),
    ("thead", &[]),
    ("tr", &[]),
    ("ul", &[]),
];

/// Returns an error if this HTML must not be embedded in a page.
pub fn judge(html: &str) -> Result<(), String> {
    let page = Html::parse_document(&format!("<!DOCTYPE html><title>x</title><main>{html}</main>"));
    if !page.errors.is_empty() {
        return Err(format!("not well-formed: {:?}", page.errors));
    }
    let mut ids = HashSet::new();
    let site = url::Url::parse("https://trust.example/releases/x/").expect("a URL");
    let frame: Vec<_> = page.root_element().children().filter_map(scraper::ElementRef::wrap).collect();
    let outside = |name: &str| frame.iter().filter(|element| element.value().name() == name).count() == 1;
    let main = page.select(&Selector::parse("html > body > main:only-child").expect("a selector")).next();
    let Some(main) = main.filter(|_| frame.len() == 2 && outside("head") && outside("body")) else {
        return Err("it breaks out of its frame".into());
    };
    for node in main.descendants().skip(1) {
        let element = match node.value() {
            Node::Element(element) => element,
            Node::Text(_) => continue,
            other => return Err(format!("{other:?}")),
        };
        let Some((_, attributes)) = ALLOWED.iter().find(|(name, _)| *name == element.name()) else {
            return Err(format!("element <{}>", element.name()));
        };
        for (name, value) in element.attrs() {
            if !attributes.contains(&name) {
                return Err(format!("attribute {name} on <{}>", element.name()));
            }
            if element.name() == "input"
                && (element.attr("type"), element.attr("disabled")) != (Some("checkbox"), Some(""))
            {
                return Err("a form control that can be used".into());
            }
            if name == "id" && !ids.insert(value.to_owned()) {
                return Err(format!("id {value:?} twice"));
            }
            if name == "id" && (value.is_empty() || value.contains(char::is_whitespace)) {
                return Err(format!("bad id {value:?}"));
            }
            if matches!(name, "href" | "src") {
                let url = site.join(value).map_err(|error| format!("{name}={value:?}: {error}"))?;
                let schemes: &[&str] = if name == "src" { &["https"] } else { &["https", "http", "mailto", "tel"] };
                if !schemes.contains(&url.scheme()) {
                    return Err(format!("{name} with scheme {}", url.scheme()));
                }
                if name == "src" && url.host_str() != site.host_str() {
                    return Err(format!("an image from {url}"));
                }
                if value.contains(|c: char| c.is_whitespace() || c.is_control() || "\"<>\\^`{|}".contains(c)) {
                    return Err(format!("{name}={value:?} needs repair"));
                }
            }
        }
    }
    Ok(())
}
