//! Who may read the preview: local host names, the publisher's own browser tabs, and holders of the token.
//!
//! Unreleased content is confidential, and any page that is open in the publisher's browser can send requests to this
//! server. Three independent checks keep such pages out: the name in `Host` (DNS rebinding), Fetch Metadata headers,
//! and response headers that prevent reading, framing or keeping a handle to the response. If other machines can
//! connect, they need the token in the printed URL.

use std::fmt::Write as _;
use std::hash::{BuildHasher as _, RandomState};

use hyper::header::{COOKIE, HOST, HeaderMap, HeaderName, ORIGIN};
use hyper::{Request, StatusCode};

use super::host::Hosts;
use super::path::query;
use crate::model::Digest;

/// The query parameter that holds the token.
pub const TOKEN_PARAMETER: &str = "token";

/// Maximum size of a request's head in bytes.
pub const HEAD_SIZE: usize = 32 * 1024;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// The secret required by a preview that is open to other machines.
#[derive(Debug, Clone)]
pub struct Token {
    secret: String,
    /// Cookies are shared by all ports of a host, so the name contains the port.
    cookie: String,
}

impl Token {
    /// Creates a token for a server on this port.
    ///
    /// The standard library seeds its hash maps with 128 bits from the system's random number generator; the token is
    /// derived from them with SHA-256.
    pub fn new(port: u16) -> Token {
        let mut seed = String::new();
        for nth in 0_u64..4 {
            let _ = write!(seed, "{:016x}", RandomState::new().hash_one(nth));
        }
        let secret = Digest::of(seed.as_bytes()).to_string()[..40].to_owned();
        Token { secret, cookie: format!("candor-preview-{port}") }
    }

    /// Returns the token as the printed address contains it.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// Returns the value of `Set-Cookie` that replaces the token in the URL after the first visit.
    pub fn set_cookie(&self) -> String {
        format!("{}={}; HttpOnly; SameSite=Strict; Path=/", self.cookie, self.secret)
    }

    fn is_in_cookie(&self, headers: &HeaderMap) -> bool {
        let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut values = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        values.any(|(name, value)| name == self.cookie && is_same(value, &self.secret))
    }

    fn is_in_query(&self, asked: Option<&str>) -> bool {
        query(asked.unwrap_or_default(), TOKEN_PARAMETER).is_some_and(|value| is_same(&value, &self.secret))
    }
}

/// Compares two strings in a time that does not depend on where they differ.
fn is_same(one: &str, other: &str) -> bool {
    let differing = one.bytes().zip(other.bytes()).fold(0, |sum, (a, b)| std::hint::black_box(sum | (a ^ b)));
    one.len() == other.len() && differing == 0
}

/// The decision on a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// The request is answered.
    Admitted,
    /// The URL contains the token, which is moved to a cookie.
    FirstVisit,
    /// The request is rejected with this status and reason.
    Refused(StatusCode, &'static str),
}

/// Decides which requests are answered.
#[derive(Debug, Clone)]
pub struct Guard {
    /// The accepted host names.
    pub hosts: Hosts,
    /// The required token; `None` if only this machine can connect.
    pub token: Option<Token>,
}

impl Guard {
    /// Decides on a request.
    pub fn admit<B>(&self, request: &Request<B>) -> Admission {
        let headers = request.headers();
        if head_size(request) > HEAD_SIZE {
            let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
            return Admission::Refused(status, "The head of the request is larger than 32 KiB.\n");
        }
        if let Some(status) = self.hosts.refuse(request.version(), request.uri(), headers) {
            let why = "Unknown host name. Open the preview by its address.\n";
            return Admission::Refused(status, why);
        }
        if is_from_elsewhere(headers) {
            return Admission::Refused(StatusCode::FORBIDDEN, "Requests from pages of other sites are not allowed.\n");
        }
        match &self.token {
            Some(token) if token.is_in_query(request.uri().query()) => Admission::FirstVisit,
            Some(token) if !token.is_in_cookie(headers) => {
                let why = "This preview requires the token in the URL that `candor serve` printed.\n";
                Admission::Refused(StatusCode::FORBIDDEN, why)
            }
            _ => Admission::Admitted,
        }
    }
}

/// Returns whether a page of another origin caused the request, except by a plain link to the preview. Requests without
/// these headers come from programs, or from browsers that are older than 2023 or do not trust the address.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let one = |name: &HeaderName| {
        let mut lines = headers.get_all(name).iter();
        match (lines.next(), lines.next()) {
            (None, _) => None,
            (Some(value), None) => Some(value.to_str().unwrap_or("?").trim()),
            // No browser sends two of these headers.
            (Some(_), Some(_)) => Some("?"),
        }
    };
    let host = one(&HOST).unwrap_or_default();
    // A page of another site sends its own origin, and a frame without an origin sends `null`.
    let other_origin = one(&ORIGIN).is_some_and(|origin| {
        !origin.strip_prefix("http://").is_some_and(|origin| !host.is_empty() && origin.eq_ignore_ascii_case(host))
    });
    let leads_here = one(&FETCH_MODE) == Some("navigate") && one(&FETCH_DEST) == Some("document");
    match one(&FETCH_SITE) {
        // Mode and destination are never sent without the site.
        None => other_origin || one(&FETCH_MODE).is_some() || one(&FETCH_DEST).is_some(),
        Some("same-origin" | "none") => other_origin,
        Some(_) => other_origin || !leads_here,
    }
}

/// Returns the size in bytes of the request's head, without insignificant whitespace.
fn head_size<B>(request: &Request<B>) -> usize {
    let uri = request.uri();
    let authority = uri.authority().map_or(0, |authority| authority.as_str().len() + "http://".len());
    let target = uri.path_and_query().map_or(0, |target| target.as_str().len());
    let fields: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    request.method().as_str().len() + authority + target + " HTTP/1.1\r\n".len() + 1 + fields + 2
}

#[cfg(test)]
mod tests {
    use hyper::{Request, StatusCode};

    use super::{Admission, Guard, Token, is_same};
    use crate::server::host::Hosts;

    fn guard(open: bool) -> Guard {
        let address = if open { [0, 0, 0, 0] } else { [127, 0, 0, 1] };
        Guard { hosts: Hosts::new("127.0.0.1", (address, 4700).into()), token: open.then(|| Token::new(4700)) }
    }

    fn status(guard: &Guard, target: &str, headers: &[(&str, &str)]) -> u16 {
        let request = Request::builder().uri(target).header("host", "127.0.0.1:4700");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        match guard.admit(&request.body(()).expect("a request")) {
            Admission::Admitted => 200,
            Admission::FirstVisit => 201,
            Admission::Refused(status, _) => status.as_u16(),
        }
    }

    /// All values of the three headers, including absent ones: 7 * 6 * 20 = 840 combinations.
    #[test]
    fn pages_of_other_sites_may_only_link_here() {
        let sites = ["", "none", "same-origin", "same-site", "cross-site", "Cross-Site", "new-value"];
        let modes = ["", "navigate", "no-cors", "cors", "websocket", "same-origin"];
        let destinations = [
            "",
            "document",
            "iframe",
            "frame",
            "object",
            "embed",
            "empty",
            "script",
            "style",
            "image",
            "font",
            "audio",
            "video",
            "track",
            "worker",
            "sharedworker",
            "serviceworker",
            "manifest",
            "report",
            "xslt",
        ];
        let (guard, mut tried) = (guard(false), 0);
        for site in sites {
            for mode in modes {
                for destination in destinations {
                    let all = [("sec-fetch-site", site), ("sec-fetch-mode", mode), ("sec-fetch-dest", destination)];
                    let given: Vec<_> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
                    let own = matches!(site, "none" | "same-origin");
                    let leads = !site.is_empty() && mode == "navigate" && destination == "document";
                    let expected = if own || leads || given.is_empty() { 200 } else { 403 };
                    assert_eq!(status(&guard, "/index.md", &given), expected, "{given:?}");
                    tried += 1;
                }
            }
        }
        assert_eq!(tried, 840);
    }

    #[test]
    fn rejects_other_origins() {
        let guard = guard(false);
        assert_eq!(status(&guard, "/", &[("origin", "http://127.0.0.1:4700")]), 200);
        for origin in
            ["null", "http://127.0.0.1:4701", "http://localhost:4700", "https://127.0.0.1:4700", "http://evil.test", ""]
        {
            assert_eq!(status(&guard, "/", &[("origin", origin)]), 403, "{origin}");
            assert_eq!(status(&guard, "/", &[("origin", origin), ("sec-fetch-site", "same-origin")]), 403, "{origin}");
        }
        let twice = [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")];
        assert_eq!(status(&guard, "/", &twice), 403);
    }

    #[test]
    fn open_preview_requires_its_token() {
        let guard = guard(true);
        let token = guard.token.clone().expect("a token");
        let secret = token.secret();
        assert_eq!(secret.len(), 40);
        assert_ne!(secret, Token::new(4700).secret());
        assert_eq!(status(&guard, &format!("/a/?x=1&token={secret}"), &[]), 201);
        let cookie = |value: &str| status(&guard, "/", &[("cookie", value)]);
        assert_eq!(cookie(&format!("a=b; candor-preview-4700={secret}")), 200);
        assert!(token.set_cookie().contains("; HttpOnly; SameSite=Strict"));
        for wrong in [
            String::new(),
            format!("candor-preview-4701={secret}"),
            format!("candor-preview-4700={}", &secret[1..]),
            format!("candor-preview-4700={secret}0"),
            format!("candor-preview-4700={}", secret.to_uppercase().replace('A', "B")),
            "candor-preview-4700=".to_owned(),
        ] {
            assert_eq!(cookie(&wrong), 403, "{wrong}");
        }
        for target in ["/", "/?token=", "/?token=0", "/-candor/events", "/?x=token"] {
            assert_eq!(status(&guard, target, &[]), 403, "{target}");
        }
        assert!(is_same("abc", "abc") && !is_same("abc", "abd") && !is_same("abc", "ab") && !is_same("", "a"));
    }

    #[test]
    fn rejects_a_head_larger_than_32_kib() {
        let guard = guard(false);
        let long = |len: usize| status(&guard, "/", &[("x", &"y".repeat(len))]);
        assert_eq!((long(32_000), long(32_768)), (200, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.as_u16()));
    }
}
