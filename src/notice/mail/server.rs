//! The address of the SMTP server: `smtp://` (with STARTTLS) or `smtps://`, with optional credentials.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use crate::model::Malformed;
use crate::text::percent;

/// How the connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// From the first byte (RFC 8314).
    Implicit,
    /// With STARTTLS (RFC 3207), which the server must offer.
    StartTls,
    /// With STARTTLS if the server offers it: the server is on this machine.
    Optional,
}

/// The SMTP server, with the credentials to use it. Its `Display` and `Debug` never show them.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpServer {
    /// The host, as the certificate names it.
    pub host: String,
    /// The port.
    pub port: u16,
    /// How the connection is encrypted.
    pub encryption: Encryption,
    credentials: Option<(String, String)>,
}

impl SmtpServer {
    /// Parses an address such as `smtps://user:password@smtp.provider.com`. User and password are percent-decoded. The port is 465
    /// for `smtps://` and 587 for `smtp://`, unless it is stated.
    ///
    /// # Errors
    /// If it is not such an address. The message does not quote it, because it may contain a password.
    pub fn parse(address: &str) -> Result<SmtpServer, Malformed> {
        const HELP: &str = "use smtps://USER:PASSWORD@HOST or smtp://USER:PASSWORD@HOST:PORT, with special characters of user and password percent-encoded (`@` is %40)";
        let wrong = |what: &str| Malformed::new(format!("SMTP_URL {what}"), HELP);
        let url: Url = address.trim().parse().map_err(|error| wrong(&format!("is not a URL: {error}")))?;
        let (encrypted, default) = match url.scheme() {
            "smtps" => (true, 465),
            "smtp" => (false, 587),
            // Any other scheme may be the beginning of a password.
            _ => return Err(wrong("does not begin with smtp:// or smtps://")),
        };
        let is_bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
        if !is_bare {
            return Err(wrong("contains more than a server after its host, or an unencoded `/`, `?` or `#` before it"));
        }
        // The URL standard parses the host of such a scheme without looking at it.
        let host = percent::decode(url.host_str().unwrap_or_default()).and_then(|host| Host::parse(&host).ok());
        let (host, is_loopback) = match host {
            Some(Host::Domain(name)) => {
                let is_loopback = name == "localhost" || name.ends_with(".localhost");
                (name, is_loopback)
            }
            Some(Host::Ipv4(ip)) => (ip.to_string(), IpAddr::from(ip).is_loopback()),
            Some(Host::Ipv6(ip)) => (ip.to_string(), IpAddr::from(ip).is_loopback()),
            None => return Err(wrong("has no valid host")),
        };
        let decoded = |text: &str, what: &str| {
            let plain = percent::decode(text).filter(|plain| !plain.contains(char::is_control));
            plain.map(|plain| plain.into_owned()).ok_or_else(|| wrong(&format!("has an invalid {what}")))
        };
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            ("", Some(_)) => return Err(wrong("has a password, but no user")),
            (_, None) => return Err(wrong("has a user, but no password")),
            (user, Some(password)) => Some((decoded(user, "user")?, decoded(password, "password")?)),
        };
        let encryption = match (encrypted, is_loopback) {
            (true, _) => Encryption::Implicit,
            (false, false) => Encryption::StartTls,
            (false, true) => Encryption::Optional,
        };
        Ok(SmtpServer { host, port: url.port().unwrap_or(default), encryption, credentials })
    }

    /// The user and the password.
    pub(super) fn credentials(&self) -> Option<(&str, &str)> {
        self.credentials.as_ref().map(|(user, password)| (user.as_str(), password.as_str()))
    }
}

impl fmt::Display for SmtpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

impl fmt::Debug for SmtpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmtpServer({self}, {:?})", self.encryption)
    }
}

#[cfg(test)]
mod tests {
    use super::{Encryption, SmtpServer};

    #[test]
    fn parses_servers_and_percent_encoded_credentials() {
        let credentials = Some(("user@customer.com".to_owned(), "p/a:s?s#é".to_owned()));
        let server = SmtpServer::parse("smtps://user%40customer.com:p%2Fa%3As%3Fs%23%C3%A9@smtp.Provider.com")
            .expect("a server");
        assert_eq!(server.credentials, credentials);
        assert_eq!((server.to_string().as_str(), server.encryption), ("smtp.provider.com:465", Encryption::Implicit));
        for (address, shown, encryption) in [
            ("smtp://smtp.provider.com", "smtp.provider.com:587", Encryption::StartTls),
            ("smtp://smtp.provider.com:2525/", "smtp.provider.com:2525", Encryption::StartTls),
            ("smtp://192.0.2.1", "192.0.2.1:587", Encryption::StartTls),
            ("smtp://localhost:1025", "localhost:1025", Encryption::Optional),
            ("smtp://127.0.0.1:1025", "127.0.0.1:1025", Encryption::Optional),
            ("smtp://[::1]:1025", "[::1]:1025", Encryption::Optional),
            ("smtps://localhost", "localhost:465", Encryption::Implicit),
            ("smtp://localhost.provider.com", "localhost.provider.com:587", Encryption::StartTls),
        ] {
            let server = SmtpServer::parse(address).expect("a server");
            assert_eq!((server.to_string().as_str(), server.encryption), (shown, encryption), "{address}");
            assert_eq!(server.credentials, None);
        }
    }

    #[test]
    fn never_shows_a_secret() {
        let mut texts = Vec::new();
        for address in [
            "smtps://user:s3cret@smtp.provider.com",
            "smtp://user:s3cret@smtp.provider.com/path",
            "smtp://user:s3cret/more@smtp.provider.com",
            "smtp://user:s3cret#more@smtp.provider.com",
            "smtp://:s3cret@smtp.provider.com",
            "smtp://s3cret@smtp.provider.com",
            "smtp://user:s3cret%zz@smtp.provider.com",
            "smtp://user:s3cret%0d%0a@smtp.provider.com",
            "smtp://user:s3cret@",
            "smtp://user:s3cret@smtp.provider.com:port",
            "https://user:s3cret@smtp.provider.com",
            "s3cret",
            "user:s3cret@smtp.provider.com",
            "",
        ] {
            match SmtpServer::parse(address) {
                Ok(server) => texts.push(format!("{server} {server:?}")),
                Err(why) => texts.push(format!("{} {}", why.message, why.help)),
            }
        }
        assert!(texts.iter().all(|text| !text.contains("s3cret")), "{texts:#?}");
        assert_eq!(texts.iter().filter(|text| text.contains("SMTP_URL")).count(), texts.len() - 1, "{texts:#?}");
    }
}
