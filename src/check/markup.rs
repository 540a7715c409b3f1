//! Rules for the HTML of custom templates and of files below `static/root/`: what runs code in a page, and what the
//! Content-Security-Policy of the site blocks.

use std::borrow::Cow;
use std::sync::Arc;

use super::Subject;
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::hypertext::{self, Attribute, Element};
use crate::model::Settings;
use crate::text::css;

/// The annex is a file with a policy and a style of its own.
const SINGLE_FILE: &str = "templates/schedule-document.html";

/// Elements that the policy blocks, regardless of the address.
const BLOCKED: [&str; 8] = ["applet", "audio", "embed", "frame", "iframe", "object", "portal", "video"];

/// Values of `rel` with which a `link` loads a file.
const LOADED: [&str; 9] = [
    "stylesheet",
    "icon",
    "apple-touch-icon",
    "mask-icon",
    "preload",
    "modulepreload",
    "prefetch",
    "prerender",
    "manifest",
];

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    for (source, html) in documents(subject) {
        let page = Page { source, settings: &subject.content.settings };
        hypertext::elements(&html).iter().for_each(|element| page.element(element, report));
    }
}

/// Returns the HTML of templates and of files below `static/root/`, at the same positions as in the files. Tags of templates are
/// replaced.
pub(super) fn documents<'a>(subject: &Subject<'a>) -> impl Iterator<Item = (&'a Arc<Source>, Cow<'a, str>)> {
    let templates = subject.facts.templates.iter().filter(|source| source.path.ends_with(".html"));
    let templates = templates.map(|source| (source, Cow::from(without_tags(&source.text))));
    templates.chain(subject.facts.root_pages.iter().map(|source| (source, Cow::from(source.text.as_str()))))
}

/// Replaces the tags of a template: values with letters, so that an address that begins with one is a relative address, and all
/// others with spaces.
fn without_tags(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    let mut rest = text;
    let is_tag = |rest: &str, at: usize| matches!(rest.as_bytes().get(at + 1), Some(b'{' | b'%' | b'#'));
    while let Some((start, _)) = rest.match_indices('{').find(|(at, _)| is_tag(rest, *at)) {
        html.push_str(&rest[..start]);
        let (close, filler) = match &rest[start..start + 2] {
            "{{" => ("}}", "v"),
            "{%" => ("%}", " "),
            _ => ("#}", " "),
        };
        let end = rest[start..].find(close).map_or(rest.len(), |end| start + end + close.len());
        html.push_str(&filler.repeat(end - start));
        rest = &rest[end..];
    }
    html + rest
}

struct Page<'a> {
    source: &'a Arc<Source>,
    settings: &'a Settings,
}

impl Page<'_> {
    fn element(&self, element: &Element<'_>, report: &mut Report) {
        let name = element.name.to_ascii_lowercase();
        for attribute in &element.attributes {
            if let Some(found) = self.attribute(&name, element, attribute) {
                report.push(found);
            }
        }
        let value = |name: &str| element.attribute(name).map(|attribute| &*attribute.value.value);
        let is_script = |kind: &str| {
            let kind = kind.trim().to_ascii_lowercase();
            kind.is_empty() || kind == "module" || kind.ends_with("script")
        };
        match name.as_str() {
            "script" if value("src").is_none() && is_script(value("type").unwrap_or_default()) => {
                let help = "move it to a file in static/js/, and load it with `<script src=\"{{ page.root }}{{ asset(path=\"js/NAME.js\") }}\">`";
                report.push(self.blocked(element, "an inline script").help(help));
            }
            "style" if self.source.path != SINGLE_FILE => {
                report.push(self.blocked(element, "an inline style sheet").help("move it to a file in static/css/"));
            }
            // A file of another site has been reported.
            name if BLOCKED.contains(&name) && !element.attributes.iter().any(|it| self.loads(name, element, it)) => {
                report.push(self.blocked(element, &format!("`<{name}>`")).help("link to the content instead"));
            }
            "base" if value("href").is_some() => {
                let help = "remove it, and begin addresses with `{{ page.root }}`";
                report.push(self.blocked(element, "`<base>`").help(help));
            }
            _ => {}
        }
    }

    fn attribute(&self, name: &str, element: &Element<'_>, attribute: &Attribute<'_>) -> Option<Diagnostic> {
        let (field, value) = (attribute.name.to_ascii_lowercase(), &*attribute.value.value);
        let place = || Place::new(self.source, attribute.value.range.clone());
        let is_address = hypertext::is_address(name, &field);
        if field.len() > 2 && field.starts_with("on") && field.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            let message = format!("`{field}` is code, which the Content-Security-Policy blocks");
            let help = "move the code to a file in static/js/, which adds an event listener";
            return Some(Diagnostic::new(Code::BlockedByPolicy, message).at(place(), "").help(help));
        }
        let scheme = scheme(value);
        if is_address && ["javascript", "vbscript", "data"].contains(&scheme.as_str()) {
            let message = format!("the Content-Security-Policy blocks `{scheme}:` addresses");
            let help = match scheme.as_str() {
                "data" => "put the data into a file below static/",
                _ => "link to a page, or use a button and a script in static/js/",
            };
            return Some(Diagnostic::new(Code::BlockedByPolicy, message).at(place(), "").help(help));
        }
        if self.loads(name, element, attribute) {
            let message = format!("`{}` loads `{}` from another site", self.source.path, value.trim());
            let help = "copy the file into static/; the page's Content-Security-Policy blocks files from other sites";
            return Some(Diagnostic::new(Code::AssetExternal, message).at(place(), "").help(help));
        }
        if field == "style" && self.source.path != SINGLE_FILE {
            let message = "the Content-Security-Policy blocks inline styles";
            let help = "set a `class`, and write the style in a file in static/css/";
            return Some(Diagnostic::new(Code::BlockedByPolicy, message).at(place(), "").help(help));
        }
        let sends = field == "action" && name == "form" || field == "formaction";
        if sends && self.is_elsewhere(value) && !self.is_form_of_settings(value) {
            let message = format!("the Content-Security-Policy blocks forms that are sent to `{}`", value.trim());
            let help = "link to a page with the form, or set `subscribe.form.action` in site.yaml to its address";
            return Some(Diagnostic::new(Code::BlockedByPolicy, message).at(place(), "").help(help));
        }
        None
    }

    /// Whether an attribute makes browsers load a file from another site.
    fn loads(&self, name: &str, element: &Element<'_>, attribute: &Attribute<'_>) -> bool {
        let field = attribute.name.to_ascii_lowercase();
        let value = &*attribute.value.value;
        let link_loads = || {
            let rel = element.attribute("rel").map(|rel| rel.value.value.to_ascii_lowercase()).unwrap_or_default();
            rel.split_ascii_whitespace().any(|word| LOADED.contains(&word))
        };
        match field.as_str() {
            "srcset" | "imagesrcset" => value.split(',').any(|candidate| self.is_elsewhere(candidate)),
            "style" => css::references(value).into_iter().any(|range| self.is_elsewhere(&value[range])),
            "href" if name == "link" => link_loads() && self.is_elsewhere(value),
            "href" | "xlink:href" => matches!(name, "image" | "use" | "feimage") && self.is_elsewhere(value),
            "src" | "poster" | "background" => self.is_elsewhere(value),
            "data" => name == "object" && self.is_elsewhere(value),
            _ => false,
        }
    }

    /// Whether an address is one of another site.
    fn is_elsewhere(&self, address: &str) -> bool {
        let address = address.trim();
        let full = if address.starts_with("//") { format!("https:{address}") } else { address.to_owned() };
        let is_remote = ["http", "https", "ftp"].contains(&scheme(&full).as_str());
        is_remote && self.settings.base_url.as_ref().is_none_or(|base| base.below(&full).is_none())
    }

    /// Whether the policy allows forms that are sent to an address.
    fn is_form_of_settings(&self, address: &str) -> bool {
        let form = self.settings.subscribe.as_ref().and_then(|subscribe| subscribe.form.as_ref());
        let origin = |address: &str| url::Url::parse(address.trim()).ok().map(|url| url.origin());
        form.is_some_and(|form| origin(form.action.as_str()) == origin(address))
    }

    fn blocked(&self, element: &Element<'_>, what: &str) -> Diagnostic {
        let message = format!("the Content-Security-Policy blocks {what}");
        Diagnostic::new(Code::BlockedByPolicy, message).at(Place::new(self.source, element.range.clone()), "")
    }
}

/// Returns the scheme of an address in lowercase, as browsers read it: without control characters and leading spaces. Empty if it has
/// none.
fn scheme(address: &str) -> String {
    let read: String = address.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let read = read.trim_start_matches(|c: char| c <= ' ');
    match read.split_once(':') {
        Some((scheme, _)) if scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)) => {
            scheme.to_ascii_lowercase()
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{scheme, without_tags};

    #[test]
    fn tags_of_templates_are_replaced_at_the_same_positions() {
        for (text, html) in [
            ("a{{ b }}c", "avvvvvvvc"),
            ("<a {% if b < c %}href=\"{{ d }}\"{% endif %}>", "<a               href=\"vvvvvvv\"           >"),
            ("{# <b> ü #}é{{ \"ü\" }}", "            évvvvvvvvvv"),
            ("a {% b", "a     "),
        ] {
            assert_eq!(without_tags(text), html, "{text}");
            assert_eq!(text.len(), html.len());
        }
    }

    #[test]
    fn schemes_are_read_as_browsers_do() {
        for (address, expected) in [
            ("https://a.example", "https"),
            (" \u{1}Java\nScript:a()", "javascript"),
            ("a/b:c", ""),
            ("#a:b", ""),
            ("vvvvv:b", "vvvvv"),
            ("//a.example", ""),
        ] {
            assert_eq!(scheme(address), expected, "{address:?}");
        }
    }
}
