//! Media types, and the file name endings that they belong to.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::{Malformed, text_newtype};

/// The maximum length of a media type with its parameters, in bytes: it becomes a response header.
const MAX_TYPE: usize = 255;

/// The maximum length of a file name ending, in bytes: the limit of common file systems for a file name.
const MAX_ENDING: usize = 255;

/// A media type with its parameters, as in `Content-Type` (RFC 9110 section 8.3).
///
/// Type, subtype and parameter names are lowercase, and each semicolon is followed by one space.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MediaType(Cow<'static, str>);

impl MediaType {
    /// Creates a media type that is known to be valid.
    pub(crate) const fn known(text: &'static str) -> MediaType {
        MediaType(Cow::Borrowed(text))
    }

    /// The value of `Content-Type`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the media type of HTML.
    pub fn is_html(&self) -> bool {
        self.0.split(';').next() == Some("text/html")
    }
}

impl FromStr for MediaType {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<MediaType, Malformed> {
        let malformed = || {
            Malformed::new(
                format!("`{}` is not a media type", text.escape_debug()),
                "use a type of the IANA registry, such as application/vnd.visio or text/plain; charset=utf-8",
            )
        };
        let (essence, parameters) = text.split_once(';').map_or((text, None), |(essence, rest)| (essence, Some(rest)));
        let (kind, subtype) = essence.trim().split_once('/').ok_or_else(malformed)?;
        if text.len() > MAX_TYPE || !is_registered_name(kind) || !is_registered_name(subtype) {
            return Err(malformed());
        }
        let mut written = format!("{kind}/{subtype}").to_ascii_lowercase();
        for parameter in parameters.into_iter().flat_map(split_parameters) {
            let (name, value) = parameter.trim().split_once('=').ok_or_else(malformed)?;
            let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            if !is_token(name) || !quoted.map_or_else(|| is_token(value), is_quotable) {
                return Err(malformed());
            }
            let name = name.to_ascii_lowercase();
            // Charset names are the only parameter values that are known to be case-insensitive.
            let value = if name == "charset" { value.to_ascii_lowercase() } else { value.to_owned() };
            written += &format!("; {name}={value}");
        }
        Ok(MediaType(Cow::Owned(written)))
    }
}

/// Splits parameters at semicolons outside of quotes.
fn split_parameters(text: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |character| {
        quoted ^= character == '"';
        character == ';' && !quoted
    })
}

/// Whether the string is a valid type or subtype name (RFC 6838 section 4.2).
fn is_registered_name(text: &str) -> bool {
    text.len() <= 127
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "!#$&-^_.+".contains(c))
}

/// Whether the string is a token (RFC 9110 section 5.6.2).
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

/// Whether the string is valid between quotes (RFC 9110 section 5.6.4). Escapes are not supported.
fn is_quotable(text: &str) -> bool {
    text.chars().all(|c| matches!(c, ' '..='~') && !matches!(c, '"' | '\\'))
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_newtype!(MediaType, {
    "type": "string",
    "maxLength": 255,
    "pattern": "^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}( *; *[A-Za-z0-9!#$%&'*+.^_`|~-]+=([A-Za-z0-9!#$%&'*+.^_`|~-]+|\"[ !#-\\[\\]-~]*\"))*$",
    "description": "A media type of the IANA registry, with its parameters, such as application/vnd.visio or text/plain; charset=utf-8."
});

/// The end of a file name, such as `.docx`, `.tar.gz` or a whole name. It is lowercase and matches names in any case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameEnding(String);

impl NameEnding {
    /// The ending as a string.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the name of the file at this path has this ending.
    pub fn matches(&self, path: &str) -> bool {
        path.rsplit('/').next().unwrap_or(path).to_lowercase().ends_with(&self.0)
    }
}

impl FromStr for NameEnding {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<NameEnding, Malformed> {
        let refused = |c: char| {
            c.is_control() || c.is_whitespace() || c.is_uppercase() || matches!(c, '/' | '\\' | '*' | '?' | '[' | ']')
        };
        if text.is_empty() || text.len() > MAX_ENDING || text.contains(refused) {
            return Err(Malformed::new(
                format!("`{}` is not a file name ending", text.escape_debug()),
                "use lowercase and no wildcards, such as .docx",
            ));
        }
        Ok(NameEnding(text.to_owned()))
    }
}

impl fmt::Display for NameEnding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_newtype!(NameEnding, {
    "type": "string",
    "minLength": 1,
    "maxLength": 255,
    "pattern": "^[^A-Z\\s/\\\\*?\\[\\]]+$",
    "description": "The end of a file name, in lowercase, such as .docx."
});

#[cfg(test)]
mod tests {
    use super::{MediaType, NameEnding};

    #[test]
    fn normalizes_media_types() {
        for (text, written) in [
            ("application/vnd.visio", "application/vnd.visio"),
            ("Text/PLAIN;Charset=UTF-8", "text/plain; charset=utf-8"),
            ("text/plain ; charset=utf-8 ; format=flowed", "text/plain; charset=utf-8; format=flowed"),
            ("application/x; title=\"a; b=c\"", "application/x; title=\"a; b=c\""),
            ("image/svg+xml", "image/svg+xml"),
        ] {
            assert_eq!(text.parse::<MediaType>().map(|media_type| media_type.to_string()), Ok(written.into()));
        }
    }

    #[test]
    fn rejects_invalid_media_types() {
        let long = format!("a/{}", "b".repeat(128));
        for bad in [
            "",
            "docx",
            "/",
            "a/",
            "/b",
            "a/b/c",
            "*/*",
            "text/*",
            ".a/b",
            "a b/c",
            "a/b;",
            "a/b; c",
            "a/b; c=",
            "a/b; =d",
            "a/b; c=\"d",
            "a/b; c=d e",
            "a/b\r\nX-Header: c",
            "a/b; c=\"\u{7f}\"",
            "a/b; c=\"\\\"",
            "é/b",
            &long,
        ] {
            assert!(bad.parse::<MediaType>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn endings_match_file_names_in_any_case_but_not_folders() {
        let matches = |ending: &str, path: &str| ending.parse::<NameEnding>().expect("an ending").matches(path);
        assert!(
            matches(".docx", "documents/Terms.DOCX") && matches(".tar.gz", "a.tar.gz") && matches("cname", "CNAME")
        );
        assert!(!matches(".docx", "a.docx/b") && !matches(".gz", "a.gzip"));
        for bad in ["", "*.docx", "a/b", ".DOCX", ". docx", "a?", "[ab]", "a\\b", "a\n"] {
            assert!(bad.parse::<NameEnding>().is_err(), "{bad:?}");
        }
    }
}
