//! Aliases: small pages that lead to the target, and redirects for hosts.

use std::fmt::Write as _;

use super::FormatInputs;
use crate::site::Alias;
use crate::text::html::escape;
use crate::text::percent;

/// The status of redirects. They are temporary, because the name of a file can change with its next version.
pub(super) const STATUS: u16 = 302;

impl FormatInputs {
    /// Returns the address of the target of an alias below the root of the site. A custom template decides which anchors a page
    /// has; without the anchor, the alias leads to the top of the page.
    fn target(&self, alias: &Alias) -> String {
        let page = percent::path(&alias.page);
        match &alias.anchor {
            Some(anchor) if !(self.lacks_anchor)(&alias.page, anchor) => format!("{page}#{}", percent::path(anchor)),
            _ => page,
        }
    }

    /// Returns the aliases of the site as paths from the root of the host, each with its target.
    pub(super) fn redirects(&self) -> Vec<(String, String)> {
        let base = self.publication.settings.base_path();
        let aliases = self.facts.aliases();
        aliases.map(|alias| (format!("{base}{}", alias.path), format!("{base}{}", self.target(alias)))).collect()
    }
}

/// Formats the page of the alias at this position: it leads to the target immediately, and by a link where a browser does not.
pub(super) fn page(inputs: &FormatInputs, nth: usize) -> String {
    let (Some(alias), Some(disclosure)) = (inputs.facts.aliases().nth(nth), inputs.publication.disclosure()) else {
        return String::new();
    };
    let target = inputs.target(alias);
    let link = escape(&format!("{}{target}", "../".repeat(alias.path.matches('/').count() + 1)));
    let canonical = inputs.publication.absolute(&target);
    let canonical = canonical.map(|url| format!("<link rel=\"canonical\" href=\"{}\">\n", escape(&url)));
    let strings = &inputs.strings;
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\" dir=\"{dir}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} · {organization}</title>\n<meta name=\"robots\" content=\"noindex\">\n{canonical}\
         <meta http-equiv=\"refresh\" content=\"0; url={link}\">\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n\
         <p><a href=\"{link}\">{text}</a></p>\n</main>\n</body>\n</html>\n",
        language = escape(disclosure.language.as_str()),
        dir = if disclosure.language.is_rtl() { "rtl" } else { "ltr" },
        title = escape(strings.get("alias.title")),
        organization = escape(&disclosure.organization.name),
        canonical = canonical.unwrap_or_default(),
        text = escape(strings.get("alias.link")),
    )
}

/// Formats `_redirects` for Netlify and Cloudflare Pages.
pub(super) fn list(inputs: &FormatInputs) -> String {
    inputs.redirects().into_iter().map(|(from, to)| format!("{from} {to} {STATUS}\n")).collect()
}

/// Formats `redirects.nginx.conf`, which a `server` block of nginx includes.
pub(super) fn nginx(inputs: &FormatInputs) -> String {
    let mut text = "# Include this file in the server block.\n".to_owned();
    for (from, to) in inputs.redirects() {
        for from in [from.clone(), format!("{from}/")] {
            let _ = writeln!(text, "location = {from} {{ absolute_redirect off; return {STATUS} \"{to}\"; }}");
        }
    }
    text
}
