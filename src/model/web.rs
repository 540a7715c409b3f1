//! Email and web addresses.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::{Malformed, text_newtype, text_serde};
use crate::text::{one_line, percent};

/// An email address that can be used in a `mailto:` link: an RFC 5321 `Mailbox` with a dotted domain,
/// without quoted local parts, display names or address literals.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

impl Email {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The `mailto:` URI of the address. Reserved characters are escaped (RFC 6068 section 2), so that an address cannot add
    /// header fields.
    pub fn mailto(&self) -> String {
        format!("mailto:{}", percent::mail_address(&self.0))
    }

    /// The `mailto:` URI of a message to the address, with its subject and body. Line breaks in a body are CRLF (RFC 6068 section 5).
    pub fn letter(&self, subject: &str, body: &str) -> String {
        // A header is one line.
        let [subject, body] = [&one_line(subject), &body.replace('\n', "\r\n")].map(|text| percent::component(text));
        format!("{}?subject={subject}&body={body}", self.mailto())
    }
}

impl FromStr for Email {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Email, Malformed> {
        let well_formed = text.split_once('@').is_some_and(|(local, domain)| {
            let local_ok = (1..=64).contains(&local.len())
                && local.split('.').all(|atom| {
                    !atom.is_empty()
                        && atom.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
                });
            let domain_ok = domain.len() <= 253
                && domain.contains('.')
                && domain.split('.').all(|label| {
                    (1..=63).contains(&label.len())
                        && !label.starts_with('-')
                        && !label.ends_with('-')
                        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                })
                && domain.rsplit('.').next().is_some_and(|top| !top.bytes().all(|b| b.is_ascii_digit()));
            local_ok && domain_ok
        });
        if well_formed {
            Ok(Email(text.to_owned()))
        } else {
            Err(Malformed::new(
                format!("`{}` is not an email address", text.escape_debug()),
                "use one address such as privacy@example.com, without a name or brackets",
            ))
        }
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_newtype!(Email, {
    "type": "string",
    "format": "email",
    "description": "An email address, without a display name."
});

/// An absolute `http` or `https` URL (WHATWG URL), kept as it was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebUrl(String);

impl WebUrl {
    /// The URL as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The URL as a URI (RFC 3986), for file formats that require one: ASCII only, with an `xn--` host and an escaped path. An
    /// ASCII URL is kept as it was written.
    pub fn to_uri(&self) -> String {
        match url::Url::parse(&self.0) {
            Ok(url) if !self.0.is_ascii() => {
                let uri = percent::uri(url.as_str());
                // The parser adds a slash if the URL has no path.
                let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
                if bare && !self.0.ends_with('/') { uri.trim_end_matches('/').to_owned() } else { uri }
            }
            _ => percent::uri(&self.0),
        }
    }

    /// Whether the scheme is https.
    pub fn is_https(&self) -> bool {
        self.0.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"))
    }

    /// The host name, in lowercase.
    pub fn host(&self) -> String {
        host(&self.0)
    }

    /// Returns the path of an address relative to this one, decoded, and the rest from `?` or `#` on; `None` if it is not below it. The
    /// scheme does not matter, because servers redirect http to https.
    pub fn below(&self, address: &str) -> Option<(String, String)> {
        let url = url::Url::parse(address).ok()?;
        let path = percent::decode_lossy(self.path_below(&url)?).into_owned();
        let suffix = address.find(['?', '#']).map_or("", |at| &address[at..]);
        Some((path, suffix.to_owned()))
    }

    /// Returns the path of an address relative to this one, as the address has it; `None` if it is not [below](Self::below) it.
    pub fn path_below<'u>(&self, url: &'u url::Url) -> Option<&'u str> {
        let base = url::Url::parse(&self.0).ok()?;
        // A dot at the end makes a host absolute, but leads to the same one (RFC 1034, section 3.1).
        let host = |url: &'_ url::Url| url.host_str().map(|host| host.strip_suffix('.').unwrap_or(host).to_owned());
        let is_same =
            host(url) == host(&base) && url.port() == base.port() && ["http", "https"].contains(&url.scheme());
        let below = percent::below(url.path(), base.path()).filter(|_| is_same)?;
        Some(below.trim_start_matches('/'))
    }

    /// Returns the innermost of these addresses that another one is below, with the path relative to it, as the address has it; the first
    /// one if they are equal.
    pub fn innermost<'b, 'u>(
        bases: impl IntoIterator<Item = &'b WebUrl>,
        url: &'u url::Url,
    ) -> Option<(&'b WebUrl, &'u str)> {
        let below = bases.into_iter().filter_map(|base| Some((base, base.path_below(url)?)));
        below.min_by_key(|(_, path)| path.len())
    }

    /// The path with its leading slash, without query and fragment.
    pub fn path(&self) -> String {
        url::Url::parse(&self.0).map(|url| url.path().to_owned()).unwrap_or_default()
    }
}

impl FromStr for WebUrl {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<WebUrl, Malformed> {
        let fail = |why: String| {
            Malformed::new(
                format!("`{}` is not a web address: {why}", without_user(text).escape_debug()),
                "write the full address, such as https://example.com/page",
            )
        };
        let url = url::Url::parse(text).map_err(|error| match error {
            url::ParseError::RelativeUrlWithoutBase => fail("`https://` is missing".into()),
            other => fail(other.to_string()),
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(fail(format!("the scheme `{}` is not http or https", url.scheme())));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(fail("it contains a user name or password".into()));
        }
        // The parser accepts characters that are invalid in domain names and addresses (`a{b`). Reject them, because hosts are
        // written into pages without escaping. The parser has already converted non-ASCII hosts to `xn--`.
        let host = url.host_str().unwrap_or_default();
        if !host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._[]:".contains(&b)) {
            return Err(fail("its host contains an invalid character".into()));
        }
        // The parser silently repairs spaces, tabs and backslashes, but the address is published as it was written.
        if text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '\\' | '"' | '<' | '>' | '`')) {
            return Err(fail("it contains whitespace or a character that must be escaped".into()));
        }
        let prefix = text.get(..8).unwrap_or(text).to_ascii_lowercase();
        if !(prefix.starts_with("http://") || prefix.starts_with("https://")) {
            return Err(fail("`//` is missing after the scheme".into()));
        }
        Ok(WebUrl(text.to_owned()))
    }
}

/// Domains that are reserved for examples and tests (RFC 2606, RFC 6761).
const RESERVED: [&str; 7] = ["example", "test", "invalid", "localhost", "example.com", "example.net", "example.org"];

/// Returns whether a host name is reserved for examples (RFC 2606, RFC 6761).
pub fn is_reserved(host: &str) -> bool {
    RESERVED.iter().any(|domain| is_within(host, domain))
}

/// Returns whether a host name is a domain or below it.
pub fn is_within(host: &str, domain: &str) -> bool {
    host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

/// Returns the host name of an address; empty if the address is invalid.
pub fn host(text: &str) -> String {
    url::Url::parse(text).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

/// Removes the user name and password from an address for use in messages, which may end up in logs. Everything up to the
/// last `@` is removed, because an invalid address has no well-defined end of the password.
fn without_user(text: &str) -> String {
    let Some((before, after)) = text.rsplit_once('@') else { return text.to_owned() };
    let scheme = before.find("//").map_or("", |at| &before[..at + 2]);
    format!("{scheme}...@{after}")
}

impl fmt::Display for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_newtype!(WebUrl, {
    "type": "string",
    "format": "uri",
    "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://",
    "description": "An absolute http or https URL."
});

/// A web address that a disclosure states.
///
/// Content can contain only a [`WebUrl`]. Records are kept as they are, although the validation may have become stricter since
/// they were written. An invalid address is shown as text, never as a link.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatedUrl {
    /// An address that can be linked.
    Web(WebUrl),
    /// Any other string. Only records can contain one.
    Text(String),
    /// An address of the site in an old release, which leads elsewhere today. Only archived pages have one.
    Moved {
        /// The address as it was stated.
        stated: WebUrl,
        /// Where a link leads.
        now: WebUrl,
    },
}

impl StatedUrl {
    /// The address, if it can be linked.
    pub fn link(&self) -> Option<&WebUrl> {
        match self {
            StatedUrl::Web(url) => Some(url),
            StatedUrl::Moved { now, .. } => Some(now),
            StatedUrl::Text(_) => None,
        }
    }

    /// The address as it was written.
    pub fn as_str(&self) -> &str {
        match self {
            StatedUrl::Web(url) => url.as_str(),
            StatedUrl::Moved { stated, .. } => stated.as_str(),
            StatedUrl::Text(text) => text,
        }
    }

    /// The host name, in lowercase; empty if the address is invalid.
    pub fn host(&self) -> String {
        host(self.as_str())
    }

    /// Creates an address from a record, without validation.
    pub(super) fn archived(text: &str) -> StatedUrl {
        text.parse().unwrap_or_else(|_| StatedUrl::Text(text.to_owned()))
    }
}

impl FromStr for StatedUrl {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<StatedUrl, Malformed> {
        text.parse().map(StatedUrl::Web)
    }
}

impl fmt::Display for StatedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

text_serde!(StatedUrl, |text| Ok(StatedUrl::archived(text)));

impl JsonSchema for StatedUrl {
    fn schema_name() -> Cow<'static, str> {
        WebUrl::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        WebUrl::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::{Email, WebUrl};

    #[test]
    fn mailto_escapes_header_fields() {
        let mailto = |text: &str| text.parse::<Email>().map(|email| email.mailto());
        assert_eq!(mailto("a.b+c@example.com").as_deref(), Ok("mailto:a.b+c@example.com"));
        assert_eq!(mailto("a?bcc=b&c%41@example.com").as_deref(), Ok("mailto:a%3Fbcc%3Db%26c%2541@example.com"));
    }

    #[test]
    fn accepts_only_plain_email_addresses() {
        for good in ["privacy@quantumtoolset.com", "a.b+c@x-y.example"] {
            assert!(good.parse::<Email>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "privacy",
            "@x.y",
            "a@b",
            "a@@b.c",
            "a b@c.de",
            "A <a@b.cd>",
            "a@-b.cd",
            "a@b..cd",
            ".a@b.cd",
            "a@1.2.3.4",
            "a@b.cd?x",
        ] {
            assert!(bad.parse::<Email>().is_err(), "{bad:?} was accepted");
        }
    }

    #[test]
    fn rejects_passwords_without_quoting_them() {
        for bad in [
            "https://u:hunter2@x.example/",
            "https://hunter2@x y.example/",
            "ftp://u:hunter2@@x.example",
            "u:hunter2@x.example",
            "https://u:hunt/er2@hunter2@x y",
        ] {
            let refused = bad.parse::<WebUrl>().expect_err("refused");
            assert!(refused.message.contains("...@x") && !refused.message.contains("hunter2"), "{refused}");
        }
    }

    #[test]
    fn to_uri_returns_ascii_and_keeps_ascii_urls() {
        let uri = |text: &str| text.parse::<WebUrl>().expect("a URL").to_uri();
        for same in
            ["https://a.example", "HTTPS://A.Example/%C3%BC/?q=1#x", "http://a.example:8080/b/", "https://[::1]/a"]
        {
            assert_eq!(uri(same), same);
        }
        for (written, expected) in [
            ("https://bücher.example", "https://xn--bcher-kva.example"),
            ("https://bücher.example/", "https://xn--bcher-kva.example/"),
            ("HTTPS://Example.COM/Größe/", "https://example.com/Gr%C3%B6%C3%9Fe/"),
            ("https://a.example/ü?q=ß#ö", "https://a.example/%C3%BC?q=%C3%9F#%C3%B6"),
            ("https://a.example/%7Bb%7D/c|d", "https://a.example/%7Bb%7D/c%7Cd"),
        ] {
            assert_eq!(uri(written), expected);
            assert_eq!(uri(&uri(written)), expected);
        }
    }

    #[test]
    fn accepts_only_absolute_http_urls_without_repair() {
        for good in ["https://example.com", "http://x.example/a?b=c#d", "https://bücher.example/"] {
            assert!(good.parse::<WebUrl>().is_ok(), "{good}");
        }
        for bad in [
            "https://a{b.example/",
            "https://u@x.y",
            "",
            "example.com",
            "/page",
            "javascript:alert(1)",
            "https:example.com",
            "https://u:p@x.y",
            "https://a b.c",
            "ftp://x.y",
            "https://x.y/\"><script>",
            "https:\\\\x.y",
        ] {
            assert!(bad.parse::<WebUrl>().is_err(), "{bad:?} was accepted");
        }
    }
}
