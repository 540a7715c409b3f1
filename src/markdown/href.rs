//! Parses the addresses of links and images against an allowlist, and writes them relative to a page.
//!
//! Addresses are interpreted as browsers do after removing control characters (WHATWG URL, "basic URL parser"), and only five
//! kinds are allowed. Any colon before the first slash ends a scheme, so that unknown schemes are always rejected.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::diagnostic::Code;
use crate::model::{Email, WebUrl};
use crate::text::percent;

/// The target of a link.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkTarget {
    /// An external page: `http` or `https`, as it was written.
    Web(String),
    /// One or more email addresses, with an optional query.
    Mail {
        /// The addresses.
        addresses: Vec<Email>,
        /// `subject=…&body=…`, as it was written.
        query: Option<String>,
    },
    /// A telephone number (RFC 3966), without the scheme.
    Phone(String),
    /// A page or file of this site.
    Site {
        /// Path relative to the root of the site, decoded, without a leading slash; empty for the root.
        path: String,
        /// The rest from `?` or `#` on, as it was written; may be empty.
        suffix: String,
    },
    /// An anchor of the same page; empty for the top of the page.
    Anchor(String),
}

/// Why an address is rejected.
pub(super) struct Refusal {
    pub code: Code,
    /// What is wrong; it follows "link" or "image" in the message, such as "has no address".
    pub why: String,
    pub help: &'static str,
}

const SCHEMES: &str = "use https, http, mailto, tel, a path from the root of the site, or an #anchor";

/// Parses an address.
pub(super) fn parse(address: &str) -> Result<LinkTarget, Refusal> {
    let address: String = address.chars().filter(|c| !c.is_control()).collect();
    let address = address.trim();
    let shown = super::excerpt(address);
    let refuse = |code, why: String, help| Err(Refusal { code, why, help });

    if address.is_empty() {
        return refuse(Code::LinkEmpty, "has no address".into(), "add an address, or use plain text");
    }
    if let Some(anchor) = address.strip_prefix('#') {
        return match percent::decode(anchor) {
            Some(anchor) if anchor == "top" => Ok(LinkTarget::Anchor(String::new())),
            Some(anchor) => Ok(LinkTarget::Anchor(anchor.into_owned())),
            None => refuse(
                Code::LinkMalformed,
                format!("to `{shown}` has invalid percent-encoding"),
                "write the anchor without percent-encoding",
            ),
        };
    }
    if address.replace('\\', "/").starts_with("//") {
        let why = format!("to `{shown}` has no scheme");
        return refuse(Code::LinkSchemeRefused, why, "add https:// before the host");
    }
    let first = address.find(['/', '?', '#', '\\']).unwrap_or(address.len());
    let Some((scheme, rest)) = address[..first].find(':').map(|at| (&address[..at], &address[at + 1..])) else {
        return site(address, &shown);
    };
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => match address.parse::<WebUrl>() {
            Ok(_) => Ok(LinkTarget::Web(address.to_owned())),
            Err(malformed) => refuse(
                Code::LinkMalformed,
                format!("is invalid: {}", malformed.message),
                "write the full address, such as https://example.com/page",
            ),
        },
        "mailto" => mail(rest).ok_or(()).or_else(|()| {
            let why = format!("to `{shown}` is not an email link");
            refuse(Code::LinkMalformed, why, "use mailto:name@example.com, optionally with ?subject= and &body=")
        }),
        "tel" if is_phone(rest) => Ok(LinkTarget::Phone(rest.to_owned())),
        "tel" => {
            let why = format!("to `{shown}` is not a telephone number");
            refuse(Code::LinkMalformed, why, "use the format tel:+49-30-1234567")
        }
        _ => {
            let scheme = super::excerpt(scheme);
            refuse(Code::LinkSchemeRefused, format!("has the scheme `{scheme}:`, which is not allowed"), SCHEMES)
        }
    }
}

fn site(address: &str, shown: &str) -> Result<LinkTarget, Refusal> {
    let refuse = |code, why: String, help| Err(Refusal { code, why, help });
    let end = address.find(['?', '#']).unwrap_or(address.len());
    let (path, suffix) = address.split_at(end);
    let bad = "use forward slashes, and % only before two hexadecimal digits";
    let decoded = percent::decode(path).filter(|path| !path.chars().any(|c| c.is_control() || c == '\\'));
    let Some(decoded) = decoded else {
        return refuse(Code::LinkMalformed, format!("to `{shown}` is not a valid path"), bad);
    };
    let mut segments: Vec<&str> = Vec::new();
    for segment in decoded.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                if segments.pop().is_none() {
                    let why = format!("to `{shown}` leads out of the site");
                    let help = "remove `../`: links are relative to the root of the site on every page";
                    return refuse(Code::LinkOutsideSite, why, help);
                }
            }
            segment => segments.push(segment),
        }
    }
    let mut path = segments.join("/");
    let folder = decoded.ends_with('/') || decoded.ends_with("/.") || decoded.ends_with("/..");
    if folder && !path.is_empty() {
        path.push('/');
    }
    Ok(LinkTarget::Site { path, suffix: suffix.to_owned() })
}

fn mail(rest: &str) -> Option<LinkTarget> {
    let (addresses, query) = match rest.split_once('?') {
        Some((addresses, query)) => (addresses, Some(query)),
        None => (rest, None),
    };
    let addresses = addresses.split(',').map(|one| one.parse::<Email>().ok()).collect::<Option<Vec<_>>>()?;
    let known = |field: &str| field.split_once('=').is_some_and(|(key, _)| matches!(key, "subject" | "body"));
    if query.is_some_and(|query| query.contains('#') || !query.split('&').all(known)) {
        return None;
    }
    Some(LinkTarget::Mail { addresses, query: query.map(str::to_owned) })
}

/// Whether the string is a telephone number (RFC 3966): digits with visual separators and an optional extension.
fn is_phone(text: &str) -> bool {
    let (number, extension) = text.split_once(";ext=").unwrap_or((text, "0"));
    let digits = |text: &str| text.bytes().any(|b| b.is_ascii_digit());
    let number = number.strip_prefix('+').unwrap_or(number);
    digits(number)
        && number.bytes().all(|b| b.is_ascii_digit() || b"-.()".contains(&b))
        && digits(extension)
        && extension.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}

/// Returns the value of `href` or `src`. `resolved` is the path in place of the written one or of the web address, or the page of an
/// anchor.
pub(super) fn write(target: &LinkTarget, root: &str, resolved: Option<&str>) -> String {
    let mut out = String::new();
    match target {
        LinkTarget::Web(url) => {
            if let Some(path) = resolved {
                let suffix = url.find(['?', '#']).map_or("", |at| &url[at..]).to_owned();
                return write(&LinkTarget::Site { path: path.to_owned(), suffix }, root, None);
            }
            let host = url.find("//").map_or(0, |at| at + 2);
            let path = url[host..].find(['/', '?', '#']).map_or(url.len(), |at| host + at);
            out.push_str(&url[..path]);
            push_url(&mut out, &url[path..]);
        }
        LinkTarget::Mail { addresses, query } => {
            out.push_str("mailto:");
            for (at, address) in addresses.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                out.push_str(&percent::mail_address(address.as_str()));
            }
            if let Some(query) = query {
                out.push('?');
                push_url(&mut out, query);
            }
        }
        LinkTarget::Phone(number) => {
            out.push_str("tel:");
            out.push_str(number);
        }
        LinkTarget::Site { path, suffix } => {
            out.push_str(root);
            out.push_str(&percent::path(resolved.unwrap_or(path)));
            if out.is_empty() {
                out.push_str("./");
            }
            push_url(&mut out, suffix);
        }
        LinkTarget::Anchor(id) => {
            if let Some(page) = resolved {
                out.push_str(root);
                out.push_str(&percent::path(page));
            }
            out.push('#');
            push_fragment(&mut out, id);
        }
    }
    out
}

/// The characters that are escaped in a query or a fragment.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b'@')
    .remove(b'&')
    .remove(b':')
    .remove(b'?');

/// Appends the rest of an address as it was written: escapes and the first `#` are kept.
fn push_url(out: &mut String, text: &str) {
    let mut fragment = false;
    for (at, character) in text.char_indices() {
        match character {
            '#' if !fragment => {
                fragment = true;
                out.push('#');
            }
            '%' if percent::is_escape(&text[at..]) => out.push('%'),
            _ => out.extend(utf8_percent_encode(character.encode_utf8(&mut [0; 4]), QUERY)),
        }
    }
}

/// Appends a decoded fragment; letters of any script are not escaped.
fn push_fragment(out: &mut String, id: &str) {
    for character in id.chars() {
        match character.is_alphanumeric() {
            true => out.push(character),
            false => out.extend(utf8_percent_encode(character.encode_utf8(&mut [0; 4]), QUERY)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LinkTarget, parse, write};
    use crate::diagnostic::Code;

    fn href(address: &str) -> Result<String, Code> {
        parse(address).map(|target| write(&target, "../", None)).map_err(|refusal| refusal.code)
    }

    #[test]
    fn site_links_are_relative_to_the_root() {
        for (address, expected) in [
            ("documents/a b.pdf#page=3", "../documents/a%20b.pdf#page=3"),
            ("/documents/a%20b.pdf", "../documents/a%20b.pdf"),
            ("./subprocessors/", "../subprocessors/"),
            ("a/../b/./c", "../b/c"),
            ("/", "../"),
            ("?q=1", "../?q=1"),
        ] {
            assert_eq!(href(address).as_deref(), Ok(expected), "{address}");
        }
        assert_eq!(href("../a"), Err(Code::LinkOutsideSite));
        assert_eq!(href("a/%2e%2e/../b"), Err(Code::LinkOutsideSite));
    }

    #[test]
    fn paths_are_never_written_as_a_scheme() {
        let target = parse("javascript%3Aalert(1)").ok().expect("a path");
        assert_eq!(target, LinkTarget::Site { path: "javascript:alert(1)".into(), suffix: String::new() });
        assert_eq!(write(&target, "", None), "javascript%3Aalert%281%29");
        assert_eq!(write(&LinkTarget::Site { path: String::new(), suffix: String::new() }, "", None), "./");
    }

    #[test]
    fn renamed_files_are_linked_by_their_published_name() {
        let target = parse("a.pdf?x#y").ok().expect("a path");
        assert_eq!(write(&target, "/trust/", Some("assets/a.0123.pdf")), "/trust/assets/a.0123.pdf?x#y");
        let anchor = LinkTarget::Anchor("part".into());
        assert_eq!(write(&anchor, "../", Some("releases/2026-05-22/")), "../releases/2026-05-22/#part");
    }

    #[test]
    fn rejects_unknown_schemes_in_any_spelling() {
        for address in [
            "javascript:alert(1)",
            " JaVa\tScRiPt:x",
            "data:text/html,x",
            "vbscript:x",
            "x-y:z",
            "//a.b",
            "/\\a.b",
            "\\\\a.b",
        ] {
            assert_eq!(href(address), Err(Code::LinkSchemeRefused), "{address}");
        }
        for address in ["https:a", "https://u:p@a.b", "mailto:a", "mailto:a@b.c?bcc=d@e.f", "tel:x", "a\\b", "a%zz"] {
            assert_eq!(href(address), Err(Code::LinkMalformed), "{address}");
        }
        assert_eq!(href(" \u{1}"), Err(Code::LinkEmpty));
    }

    #[test]
    fn valid_addresses_are_kept_as_written() {
        for address in [
            "https://example.com/a?b=c&d=%20#e",
            "mailto:a@b.example?subject=DPA%20request",
            "tel:+49-30-123;ext=4",
            "#größe",
        ] {
            assert_eq!(href(address).as_deref(), Ok(address));
        }
        assert_eq!(href("https://x.example/|[é]").as_deref(), Ok("https://x.example/%7C%5B%C3%A9%5D"));
    }
}
