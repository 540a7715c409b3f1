//! Which host names the preview answers to: the protection against DNS rebinding.
//!
//! A page of another site can point a name that it controls at 127.0.0.1, and could then read unreleased content as its
//! own origin. The browser still sends that name in `Host`, so the server answers only to names that others cannot
//! control.

use std::net::{IpAddr, SocketAddr};

use hyper::header::{HOST, HeaderMap};
use hyper::{StatusCode, Uri, Version};

/// The host names that requests may use.
#[derive(Debug, Clone)]
pub struct Hosts {
    given: String,
    any_address: bool,
}

impl Hosts {
    /// Creates the list for a server that was asked to listen on `given` and listens on `bound`.
    ///
    /// `localhost`, its subdomains, loopback addresses and the given name are always accepted. A server that is open to
    /// the network also accepts every IP address: an address cannot be rebound.
    pub fn new(given: &str, bound: SocketAddr) -> Hosts {
        Hosts { given: bare(given).to_ascii_lowercase(), any_address: !bound.ip().is_loopback() }
    }

    /// Returns the status to reject a request with, if any: 400 if `Host` is missing or repeated (RFC 9112 section
    /// 3.2), 421 for a host that is not ours (RFC 9110 section 15.5.20).
    pub fn refuse(&self, version: Version, uri: &Uri, headers: &HeaderMap) -> Option<StatusCode> {
        let mut named = headers.get_all(HOST).iter();
        let host = named.next();
        if named.next().is_some() || host.is_none() && version >= Version::HTTP_11 {
            return Some(StatusCode::BAD_REQUEST);
        }
        // A request target in absolute form has a host of its own, which must be ours as well.
        let hosts = [host.map(|value| value.to_str().unwrap_or("")), uri.authority().map(|a| a.as_str())];
        (!hosts.into_iter().flatten().all(|host| self.is_ours(host))).then_some(StatusCode::MISDIRECTED_REQUEST)
    }

    fn is_ours(&self, host_and_port: &str) -> bool {
        let Some(host) = without_port(host_and_port) else { return false };
        let host = host.to_ascii_lowercase();
        if let Ok(address) = bare(&host).parse::<IpAddr>() {
            return address.is_loopback() || self.any_address || bare(&host) == self.given;
        }
        host == "localhost" || host.ends_with(".localhost") || host == self.given
    }
}

/// Returns an IPv6 address such as `[::1]` without its brackets.
fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host)
}

fn without_port(text: &str) -> Option<&str> {
    let end = match text.strip_prefix('[') {
        Some(rest) => rest.find(']')? + 2,
        None => text.find(':').unwrap_or(text.len()),
    };
    let (host, port) = text.split_at(end);
    let port_ok =
        port.is_empty() || port.strip_prefix(':').is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
    (port_ok && !host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::Hosts;

    #[test]
    fn loopback_server_accepts_only_local_names() {
        let hosts = Hosts::new("127.0.0.1", ([127, 0, 0, 1], 4700).into());
        for ours in ["localhost", "LOCALHOST:4700", "127.0.0.1:1", "[::1]:4700", "[::1]", "trust.localhost"] {
            assert!(hosts.is_ours(ours), "{ours}");
        }
        for other in [
            "",
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "evil-localhost",
            "192.168.0.7",
            "localhost:80:80",
            "a@localhost",
            "[::1",
            "localhost:x",
            "[::1]evil.example",
        ] {
            assert!(!hosts.is_ours(other), "{other}");
        }
    }

    #[test]
    fn open_server_accepts_ip_addresses_and_the_given_name() {
        let hosts = Hosts::new("preview.example", ([0, 0, 0, 0], 4700).into());
        assert!(
            hosts.is_ours("preview.example:4700") && hosts.is_ours("192.168.0.7") && hosts.is_ours("[fe80::1]:4700")
        );
        assert!(!hosts.is_ours("evil.example"));
    }
}
