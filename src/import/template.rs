//! Recognizes cells that contain code of a template instead of a value.
//!
//! Pages whose rows come from data have a row such as `{s.name}` or `{{ s.name }}`. Imported, it would be a subprocessor with that
//! name.

use super::cell::Cell;

/// Delimiters of templates: Liquid, Jinja and Handlebars, ERB, template literals, PHP, and shortcodes.
const DELIMITERS: [(&str, &str); 6] =
    [("{{", "}}"), ("{%", "%}"), ("<%", "%>"), ("${", "}"), ("<?", "?>"), ("{#", "#}")];

/// Endings of files in which braces always contain code.
const COMPONENTS: [&str; 8] = [".jsx", ".tsx", ".js", ".ts", ".mdx", ".astro", ".svelte", ".vue"];

/// Whether a cell of a file contains code of a template.
pub(super) fn is_template(cell: &Cell, path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let component = COMPONENTS.iter().any(|ending| path.ends_with(ending));
    let page = component || [".md", ".markdown", ".html", ".htm", ".xhtml"].iter().any(|ending| path.ends_with(ending));
    let texts = || cell.lines.iter().chain(&cell.links);
    texts().any(|text| {
        DELIMITERS.iter().any(|(open, close)| text.split_once(open).is_some_and(|(_, rest)| rest.contains(close)))
            || (component && text.contains(['{', '}']))
            || (page && has_expression(text))
    })
}

/// Whether text contains braces around an expression: a name or path, a string, or a call.
fn has_expression(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((inside, next)) = after.split_once('}') else { return false };
        let inside = inside.trim();
        let path = inside.contains('.')
            && inside.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '$')
            && inside.chars().all(|c| c.is_ascii_alphanumeric() || "_.$[]()'\"?!-".contains(c));
        if path || inside.starts_with(['"', '\'', '`']) || inside.starts_with("/*") {
            return true;
        }
        rest = next;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_template;
    use crate::import::cell::Cell;

    #[test]
    fn recognizes_code_of_templates() {
        for (path, text) in [
            ("a.mdx", "{r.name}"),
            ("a.astro", "{name}"),
            ("a.html", "{{ s.name }}"),
            ("a.md", "{% for s in site.data %}"),
            ("a.erb", "<%= s.name %>"),
            ("a.jsx", "Alfa{\" \"}Cloud"),
            ("a.md", "{vendor.name}"),
            ("a.html", "${name}"),
            ("a.csv", "{{name}}"),
        ] {
            assert!(is_template(&Cell::new(text, None), path), "{path}: {text}");
        }
        for (path, text) in [("a.csv", "[x], {y}"), ("a.md", "Sets {a, b}"), ("a.html", "{}"), ("a.md", "Hosting")] {
            assert!(!is_template(&Cell::new(text, None), path), "{path}: {text}");
        }
    }
}
