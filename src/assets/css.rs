//! Resolves references in style sheets.

use crate::text::percent;

/// The target of a reference.
#[derive(Debug, PartialEq, Eq)]
pub enum Target {
    /// Something inside the style sheet or the page: `#gradient`, `data:...`.
    Within,
    /// Another site.
    Elsewhere,
    /// A file, by its path under `static/`.
    File(String),
}

/// Resolves a reference in the style sheet at `from` (a path under `static/`).
pub fn classify(reference: &str, from: &str) -> Target {
    let has_scheme = reference.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    });
    if reference.starts_with('#') || is_data(reference) {
        return Target::Within;
    }
    if has_scheme || reference.starts_with("//") {
        return Target::Elsewhere;
    }
    let path = percent::decode_lossy(&reference[..reference.len() - suffix(reference).len()]);
    let mut parts: Vec<&str> = match path.strip_prefix('/') {
        // Relative to static/.
        Some(_) => Vec::new(),
        None => from.split('/').rev().skip(1).collect::<Vec<_>>().into_iter().rev().collect(),
    };
    for part in path.split('/') {
        match part {
            "" | "." => {}
            // Too many `..` lead to a path that no file has.
            ".." if parts.last().is_none_or(|last| *last == "..") => parts.push(".."),
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    Target::File(parts.join("/"))
}

/// Whether an address contains the data itself.
pub fn is_data(reference: &str) -> bool {
    reference.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data:"))
}

/// Returns the query and fragment of a reference, which are kept when the file is renamed.
pub fn suffix(reference: &str) -> &str {
    reference.find(['?', '#']).map_or("", |at| &reference[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves_references_relative_to_the_style_sheet() {
        let file = |path: &str| Target::File(path.to_owned());
        assert_eq!(classify("../img/a.svg#x", "css/site.css"), file("img/a.svg"));
        assert_eq!(classify("./b.css", "css/site.css"), file("css/b.css"));
        assert_eq!(classify("/img/a.svg", "css/site.css"), file("img/a.svg"));
        assert_eq!(classify("a%20b%.png", "css/site.css"), file("css/a b%.png"));
        assert_eq!(classify("../../../etc/passwd", "css/site.css"), file("../../etc/passwd"));
        assert_eq!(classify("DATA:image/png;base64,AA", "css/site.css"), Target::Within);
        assert_eq!(classify("#g", "css/site.css"), Target::Within);
        assert_eq!(classify("https://fonts.example/x", "css/site.css"), Target::Elsewhere);
        assert_eq!(classify("//fonts.example/x", "css/site.css"), Target::Elsewhere);
    }
}
