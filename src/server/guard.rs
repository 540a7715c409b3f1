//! Who may read the preview: this machine's names, the publisher's own browser tabs, and holders of the token.
//!
//! A draft is a secret until it is released, and any page that is open in the publisher's browser can send requests to
//! this server. Three things keep such a page out, each for itself: the name in `Host` (DNS rebinding), what the browser
//! says of the request (Fetch Metadata), and headers that stop it from reading, framing or keeping a handle of an answer.
//! Where other machines can connect, a token in the address that was printed takes the place of the loopback interface.

use std::fmt::Write as _;
use std::hash::{BuildHasher as _, RandomState};

use hyper::header::{COOKIE, HOST, HeaderMap, HeaderName, ORIGIN};
use hyper::{Request, StatusCode};

use super::host::Hosts;
use super::path::query;
use crate::model::Digest;

/// The parameter of the address that holds the token.
pub const TOKEN_PARAMETER: &str = "token";

/// A request's head may have this many bytes.
pub const HEAD_SIZE: usize = 32 * 1024;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// What a preview that is open to other machines asks for.
#[derive(Debug, Clone)]
pub struct Token {
    secret: String,
    /// Cookies are shared by all ports of a host, so the name holds the port.
    cookie: String,
}

impl Token {
    /// A new one, for a server on this port.
    ///
    /// The standard library keys its hash maps with 128 bits from the system's random generator; this takes them from there,
    /// by way of SHA-256.
    pub fn new(port: u16) -> Token {
        let mut seed = String::new();
        for nth in 0_u64..4 {
            let _ = write!(seed, "{:016x}", RandomState::new().hash_one(nth));
        }
        let secret = Digest::of(seed.as_bytes()).to_string()[..40].to_owned();
        Token { secret, cookie: format!("candor-preview-{port}") }
    }

    /// The token.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// The value of `Set-Cookie` that replaces the token after the first visit.
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

/// Whether two texts are the same, in a time that says nothing about where they differ.
fn is_same(one: &str, other: &str) -> bool {
    let differing = one.bytes().zip(other.bytes()).fold(0, |sum, (a, b)| std::hint::black_box(sum | (a ^ b)));
    one.len() == other.len() && differing == 0
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// It is answered.
    Admitted,
    /// It brought the token in its address and gets the cookie.
    FirstVisit,
    /// It is refused with this status, for this reason.
    Refused(StatusCode, &'static str),
}

/// Decides which requests are answered.
#[derive(Debug, Clone)]
pub struct Guard {
    /// The names that requests may use.
    pub hosts: Hosts,
    /// What they have to bring besides; none where only this machine can connect.
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
            let why = "This preview does not answer to that host name. Open it by its address.\n";
            return Admission::Refused(status, why);
        }
        if is_from_elsewhere(headers) {
            return Admission::Refused(
                StatusCode::FORBIDDEN,
                "This preview does not answer to pages of other sites.\n",
            );
        }
        match &self.token {
            Some(token) if token.is_in_query(request.uri().query()) => Admission::FirstVisit,
            Some(token) if !token.is_in_cookie(headers) => {
                let why = "This preview needs the token in the address that `candor serve` printed.\n";
                Admission::Refused(StatusCode::FORBIDDEN, why)
            }
            _ => Admission::Admitted,
        }
    }
}

/// Whether a page of another origin caused the request, unless it only leads the reader here. Requests without these
/// headers come from programs, or from browsers that are older than 2023 or do not trust the address.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let one = |name: &HeaderName| {
        let mut lines = headers.get_all(name).iter();
        match (lines.next(), lines.next()) {
            (None, _) => None,
            (Some(value), None) => Some(value.to_str().unwrap_or("?").trim()),
            // No browser sends two of them.
            (Some(_), Some(_)) => Some("?"),
        }
    };
    let host = one(&HOST).unwrap_or_default();
    // A page from elsewhere sends its own origin, and a frame without one sends `null`.
    let other_origin = one(&ORIGIN).is_some_and(|origin| {
        !origin.strip_prefix("http://").is_some_and(|origin| !host.is_empty() && origin.eq_ignore_ascii_case(host))
    });
    let leads_here = one(&FETCH_MODE) == Some("navigate") && one(&FETCH_DEST) == Some("document");
    match one(&FETCH_SITE) {
        // Mode and destination never come without the site.
        None => other_origin || one(&FETCH_MODE).is_some() || one(&FETCH_DEST).is_some(),
        Some("same-origin" | "none") => other_origin,
        Some(_) => other_origin || !leads_here,
    }
}

/// How many bytes the head of a request has, without spaces that mean nothing.
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

    /// All values of the three headers, absent ones too: 7 * 6 * 20 = 840 combinations.
    #[test]
    fn pages_of_other_sites_may_lead_here_and_do_nothing_else() {
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
    fn an_origin_must_be_ours() {
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
    fn an_open_preview_asks_for_its_token() {
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
    fn a_head_of_more_than_32_kib_is_refused() {
        let guard = guard(false);
        let long = |len: usize| status(&guard, "/", &[("x", &"y".repeat(len))]);
        assert_eq!((long(32_000), long(32_768)), (200, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.as_u16()));
    }
}
