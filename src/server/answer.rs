//! Answers a request: checks who is asking, the method and the path, and then returns the file.

use http_body_util::channel::Channel;
use http_body_util::{Either, Full};
use hyper::body::Bytes;
use hyper::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
    REFERRER_POLICY, SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Method, Request, Response, StatusCode};
use tokio::sync::watch::Receiver;

use super::guard::{Admission, Guard, Token};
use super::listeners::Listeners;
use super::live::View;
use super::path::{PREVIEW, Resolution, query, resolve};
use super::problems::Problems;
use super::reload::{self, Client};
use super::respond::{self, File};
use super::snapshot::Snapshot;
use crate::model::Digest;
use crate::text::html;

/// The body of a response: complete bytes, or a stream of events.
pub type Body = Either<Full<Bytes>, Channel<Bytes>>;

const SCRIPT: &str = include_str!("preview.js");
const STYLE: &str = include_str!("preview.css");
/// The policy of the page that is shown until the first build succeeds: it loads only the preview's own files.
const STAND_IN_POLICY: &str =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'";

/// Headers of every response.
const SEAL: [(&str, &str); 4] = [
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
];

/// The data that responses are made from.
#[derive(Debug, Clone)]
pub struct Answering {
    /// Decides which requests may read the preview.
    pub guard: Guard,
    /// What the preview shows.
    pub view: Receiver<View>,
    /// The open pages that listen for changes.
    pub listeners: Listeners,
}

/// Returns whether a response is a stream of events.
pub fn is_stream(response: &Response<Body>) -> bool {
    matches!(response.body(), Either::Right(_))
}

/// Answers a request. Its body, if any, is never read.
pub fn answer<B>(request: &Request<B>, from: &Answering) -> Response<Body> {
    let method = request.method();
    let mut answer = match from.guard.admit(request) {
        Admission::Admitted => admitted(request, from),
        Admission::FirstVisit => whole(first_visit(request, from.guard.token.as_ref())),
        Admission::Refused(status, why) => whole(respond::plain(method, status, why)),
    };
    seal(answer.headers_mut());
    answer
}

/// Prevents pages of other origins from reading, embedding or keeping a handle to a response, even where the CDN would
/// allow it: a published site shares its data, a preview does not.
fn seal(headers: &mut HeaderMap) {
    let shared: Vec<HeaderName> =
        headers.keys().filter(|name| name.as_str().starts_with("access-control-")).cloned().collect();
    for name in shared {
        headers.remove(name);
    }
    for (name, value) in SEAL {
        // Replace all values that the host would send.
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
}

/// Moves the token from the URL to a cookie. This is a page and not a redirect, because a browser does not send the
/// cookie on redirects that started at another site.
fn first_visit<B>(request: &Request<B>, token: Option<&Token>) -> Response<Bytes> {
    let path = request.uri().path();
    // `//host` would lead to another site.
    let path = if path.starts_with("//") || path.contains('\\') { "/" } else { path };
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0;url={0}\">\
         <title>Preview</title><p><a href=\"{0}\">Open the preview</a></p></html>\n",
        html::escape(path)
    );
    let mut headers = vec![
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(STAND_IN_POLICY)),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    if let Some(cookie) = token.and_then(|token| HeaderValue::from_str(&token.set_cookie()).ok()) {
        headers.push((SET_COOKIE, cookie));
    }
    respond::failure(request.method(), StatusCode::OK, &File { headers, etag: String::new(), body: Bytes::from(html) })
}

fn admitted<B>(request: &Request<B>, from: &Answering) -> Response<Body> {
    let method = request.method();
    let view = &from.view;
    if *method != Method::GET && *method != Method::HEAD {
        return whole(respond::plain(method, StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD are supported.\n"));
    }
    let now = view.borrow().clone();
    let Some(site) = &now.site else {
        return match request.uri().path().strip_prefix(PREVIEW) {
            Some(own) => preview(request, own, from),
            None => whole(no_site_yet(method, now.problems.as_deref())),
        };
    };
    match resolve(request.uri().path(), &site.base, |path| site.get(path).is_some()) {
        Resolution::File(path) => match site.get(&path) {
            Some(entry) => whole(respond::file(method, request.headers(), &entry.file())),
            None => whole(missing(method, site)),
        },
        Resolution::Redirect(to) => whole(respond::redirect(method, &to, request.uri().query())),
        Resolution::Preview(own) => preview(request, &own, from),
        Resolution::Missing => whole(missing(method, site)),
        Resolution::Malformed => {
            whole(respond::plain(method, StatusCode::BAD_REQUEST, "The request path is malformed.\n"))
        }
    }
}

/// Serves the preview's own script, style sheet and events.
fn preview<B>(request: &Request<B>, name: &str, from: &Answering) -> Response<Body> {
    let method = request.method();
    match name {
        "preview.js" => whole(respond::file(method, request.headers(), &own("text/javascript; charset=utf-8", SCRIPT))),
        "preview.css" => whole(respond::file(method, request.headers(), &own("text/css; charset=utf-8", STYLE))),
        "events" if *method == Method::GET => {
            let asked = request.uri().query().unwrap_or_default();
            let parameter = |name| query(asked, name).unwrap_or_default().into_owned();
            let client = Client { path: parameter("path"), token: parameter("page") };
            let stream = reload::stream(client, from.view.clone(), &from.listeners);
            let mut answer = Response::new(Either::Right(stream));
            let headers = answer.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            // Free the connection when the stream has ended.
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
            headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
            answer
        }
        _ => whole(respond::plain(method, StatusCode::NOT_FOUND, "The preview does not have this file.\n")),
    }
}

fn own(media_type: &'static str, text: &'static str) -> File {
    let headers = vec![
        (CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    let etag = format!("\"{}\"", Digest::of(text.as_bytes()).short());
    File { headers, etag, body: Bytes::from_static(text.as_bytes()) }
}

/// Serves the site's own 404 page.
fn missing(method: &Method, site: &Snapshot) -> Response<Bytes> {
    match site.get("404.html") {
        Some(page) => respond::failure(method, StatusCode::NOT_FOUND, &page.file()),
        None => respond::plain(method, StatusCode::NOT_FOUND, "Page not found.\n"),
    }
}

/// Answers until the first build succeeds: 503, because the requested page may well exist.
fn no_site_yet(method: &Method, problems: Option<&Problems>) -> Response<Bytes> {
    let Some(problems) = problems else {
        return respond::plain(method, StatusCode::SERVICE_UNAVAILABLE, "The first build is in progress.\n");
    };
    let headers = vec![
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(STAND_IN_POLICY)),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    let file = File { headers, etag: String::new(), body: Bytes::copy_from_slice(problems.html.as_bytes()) };
    respond::failure(method, StatusCode::SERVICE_UNAVAILABLE, &file)
}

fn whole(answer: Response<Bytes>) -> Response<Body> {
    answer.map(|bytes| Either::Left(Full::new(bytes)))
}
