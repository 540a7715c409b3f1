//! Addresses: e-mail and web.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::{Malformed, text_newtype, text_serde};
use crate::text::percent;

/// An e-mail address that a `mailto:` link can carry: RFC 5321 `Mailbox` with a dotted domain,
/// without quoted local parts, display names or address literals.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

impl Email {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The `mailto:` URI of the address: what has a meaning of its own there is escaped (RFC 6068 section 2), so that no
    /// address brings header fields with it.
    pub fn mailto(&self) -> String {
        format!("mailto:{}", percent::mail_address(&self.0))
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
                format!("`{}` is not an e-mail address", text.escape_debug()),
                "write one address such as privacy@example.com, without a name or brackets",
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
    "description": "An e-mail address, without a display name."
});

/// An absolute `http` or `https` URL (WHATWG URL), kept as it was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebUrl(String);

impl WebUrl {
    /// The URL as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The URL as a URI (RFC 3986), for files whose standards ask for one: in ASCII, with an `xn--` host and an escaped path. A
    /// URL in ASCII is kept as it was written.
    pub fn to_uri(&self) -> String {
        match url::Url::parse(&self.0) {
            Ok(url) if !self.0.is_ascii() => {
                let uri = percent::uri(url.as_str());
                // The parser gives a host without a path a slash, which was not written.
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

    /// The host name, in lower case.
    pub fn host(&self) -> String {
        host(&self.0)
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
                "write it in full, such as https://example.com/page",
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
            return Err(fail("it carries a user name or password".into()));
        }
        // The parser lets more through than a domain name or an address can hold (`a{b`), and what it lets through is written
        // into pages as it is. Other alphabets have become `xn--` by now.
        let host = url.host_str().unwrap_or_default();
        if !host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._[]:".contains(&b)) {
            return Err(fail("its host holds a character that no name has".into()));
        }
        // The parser repairs blanks, tabs and backslashes in silence; what is published must be what was read.
        if text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '\\' | '"' | '<' | '>' | '`')) {
            return Err(fail("it holds a blank or a character that a URL must escape".into()));
        }
        let prefix = text.get(..8).unwrap_or(text).to_ascii_lowercase();
        if !(prefix.starts_with("http://") || prefix.starts_with("https://")) {
            return Err(fail("`//` is missing after the scheme".into()));
        }
        Ok(WebUrl(text.to_owned()))
    }
}

fn host(text: &str) -> String {
    url::Url::parse(text).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

/// An address as messages quote it, for they stand in logs that others read: without a user's name and password. What is
/// no address has no rules where these end, so all up to the last `@` is left out.
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
/// Content can state only a [`WebUrl`]. A record keeps what it states: the rules for addresses may have become stricter since.
/// What they refuse is shown as text and is never a link.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatedUrl {
    /// An address that can be linked.
    Web(WebUrl),
    /// Any other text. Only records hold one.
    Text(String),
}

impl StatedUrl {
    /// The address, if it can be linked.
    pub fn link(&self) -> Option<&WebUrl> {
        match self {
            StatedUrl::Web(url) => Some(url),
            StatedUrl::Text(_) => None,
        }
    }

    /// The text, whether it can be linked or not.
    pub fn as_str(&self) -> &str {
        match self {
            StatedUrl::Web(url) => url.as_str(),
            StatedUrl::Text(text) => text,
        }
    }

    /// The host name, in lower case; empty where there is none.
    pub fn host(&self) -> String {
        host(self.as_str())
    }

    /// An address as a record states it.
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
    fn an_address_brings_no_header_fields_into_a_link() {
        let mailto = |text: &str| text.parse::<Email>().map(|email| email.mailto());
        assert_eq!(mailto("a.b+c@example.com").as_deref(), Ok("mailto:a.b+c@example.com"));
        assert_eq!(mailto("a?bcc=b&c%41@example.com").as_deref(), Ok("mailto:a%3Fbcc%3Db%26c%2541@example.com"));
    }

    #[test]
    fn an_email_is_one_plain_address() {
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
            assert!(bad.parse::<Email>().is_err(), "{bad:?} was taken for an address");
        }
    }

    #[test]
    fn a_password_in_an_address_is_refused_and_not_quoted() {
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
    fn a_uri_is_ascii_and_one_in_ascii_stays_as_it_was_written() {
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
    fn a_url_is_absolute_http_and_needs_no_repair() {
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
            assert!(bad.parse::<WebUrl>().is_err(), "{bad:?} was taken for a web address");
        }
    }
}
