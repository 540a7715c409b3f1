//! Media types, and the endings of file names that stand for them.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::{Malformed, text_newtype};

/// The longest media type with its parameters, in bytes: it becomes a response header.
const LONGEST_TYPE: usize = 255;

/// The longest ending of a file name, in bytes: that of a file name.
const LONGEST_ENDING: usize = 255;

/// A media type with its parameters, as `Content-Type` states it (RFC 9110 section 8.3).
///
/// Type, subtype and names of parameters are in lower case, and one space follows each semicolon.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MediaType(Cow<'static, str>);

impl MediaType {
    /// A media type that is known to be well-formed.
    pub(crate) const fn known(text: &'static str) -> MediaType {
        MediaType(Cow::Borrowed(text))
    }

    /// The value of `Content-Type`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether browsers show it as a web page.
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
                "write a type of the IANA registry, such as application/vnd.visio or text/plain; charset=utf-8",
            )
        };
        let (essence, parameters) = text.split_once(';').map_or((text, None), |(essence, rest)| (essence, Some(rest)));
        let (kind, subtype) = essence.trim().split_once('/').ok_or_else(malformed)?;
        if text.len() > LONGEST_TYPE || !is_registered_name(kind) || !is_registered_name(subtype) {
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
            // Names of charsets are the one value that is known not to depend on case.
            let value = if name == "charset" { value.to_ascii_lowercase() } else { value.to_owned() };
            written += &format!("; {name}={value}");
        }
        Ok(MediaType(Cow::Owned(written)))
    }
}

/// The parameters, which semicolons separate outside of quotes.
fn split_parameters(text: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |character| {
        quoted ^= character == '"';
        character == ';' && !quoted
    })
}

/// Whether a text can be the name of a type or subtype (RFC 6838 section 4.2).
fn is_registered_name(text: &str) -> bool {
    text.len() <= 127
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "!#$&-^_.+".contains(c))
}

/// Whether a text is a token (RFC 9110 section 5.6.2).
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

/// Whether a text can stand between quotes (RFC 9110 section 5.6.4); escapes are not taken.
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

/// The end of a file name, such as `.docx`, `.tar.gz` or a whole name; in lower case, as it matches names in any case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameEnding(String);

impl NameEnding {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the name of the file at this path ends so.
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
        if text.is_empty() || text.len() > LONGEST_ENDING || text.contains(refused) {
            return Err(Malformed::new(
                format!("`{}` is not the end of a file name", text.escape_debug()),
                "write it in lower case and without wildcards, such as .docx",
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
    "description": "The end of a file name, in lower case, such as .docx."
});

#[cfg(test)]
mod tests {
    use super::{MediaType, NameEnding};

    #[test]
    fn a_media_type_is_written_in_one_way() {
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
    fn what_is_no_media_type_is_refused() {
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
    fn an_ending_matches_names_in_any_case_and_no_folders() {
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
