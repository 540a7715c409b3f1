//! One request, one answer: host, method, path, then the file.

use http_body_util::channel::Channel;
use http_body_util::{Either, Full};
use hyper::body::Bytes;
use hyper::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use hyper::{Method, Request, Response, StatusCode};
use tokio::sync::watch::Receiver;

use super::host::Hosts;
use super::live::View;
use super::path::{PREVIEW, Resolution, query, resolve};
use super::problems::Problems;
use super::reload::{self, Client};
use super::respond::{self, File};
use super::snapshot::Snapshot;
use crate::model::Digest;

/// What an answer carries: bytes that are all there, or events.
pub type Body = Either<Full<Bytes>, Channel<Bytes>>;

const SCRIPT: &str = include_str!("preview.js");
const STYLE: &str = include_str!("preview.css");
/// For the page that stands in for a site: it loads the preview's own files and nothing else.
const STAND_IN_POLICY: &str =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'";

/// Answers a request. Its body, if it has one, is never read.
pub fn answer<B>(request: &Request<B>, hosts: &Hosts, view: &Receiver<View>) -> Response<Body> {
    let method = request.method();
    if let Some(status) = hosts.refuse(request.version(), request.uri(), request.headers()) {
        return whole(respond::plain(
            method,
            status,
            "This preview does not answer to that host name. Open it by its address.\n",
        ));
    }
    if *method != Method::GET && *method != Method::HEAD {
        return whole(respond::plain(method, StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD are answered here.\n"));
    }
    let now = view.borrow().clone();
    let Some(site) = &now.site else {
        return match request.uri().path().strip_prefix(PREVIEW) {
            Some(own) => preview(request, own, view),
            None => whole(stand_in(method, now.problems.as_deref())),
        };
    };
    match resolve(request.uri().path(), &site.base, |path| site.get(path).is_some()) {
        Resolution::File(path) => match site.get(&path) {
            Some(entry) => whole(respond::file(method, request.headers(), &entry.file())),
            None => whole(missing(method, site)),
        },
        Resolution::Redirect(to) => whole(respond::redirect(method, &to, request.uri().query())),
        Resolution::Preview(own) => preview(request, &own, view),
        Resolution::Missing => whole(missing(method, site)),
        Resolution::Malformed => {
            whole(respond::plain(method, StatusCode::BAD_REQUEST, "The address is not well-formed.\n"))
        }
    }
}

/// The preview's own script, style sheet and events.
fn preview<B>(request: &Request<B>, name: &str, view: &Receiver<View>) -> Response<Body> {
    let method = request.method();
    match name {
        "preview.js" => whole(respond::file(method, request.headers(), &own("text/javascript; charset=utf-8", SCRIPT))),
        "preview.css" => whole(respond::file(method, request.headers(), &own("text/css; charset=utf-8", STYLE))),
        "events" if *method == Method::GET => {
            let asked = request.uri().query().unwrap_or_default();
            let parameter = |name| query(asked, name).unwrap_or_default().into_owned();
            let client = Client { path: parameter("path"), token: parameter("page") };
            let mut answer = Response::new(Either::Right(reload::stream(client, view.clone())));
            let headers = answer.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
            answer
        }
        _ => whole(respond::plain(method, StatusCode::NOT_FOUND, "The preview has no such file.\n")),
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

/// The site's own 404 page.
fn missing(method: &Method, site: &Snapshot) -> Response<Bytes> {
    match site.get("404.html") {
        Some(page) => respond::failure(method, StatusCode::NOT_FOUND, &page.file()),
        None => respond::plain(method, StatusCode::NOT_FOUND, "There is no such page.\n"),
    }
}

/// While there has never been a good site: 503, because the page that was asked for may well exist.
fn stand_in(method: &Method, problems: Option<&Problems>) -> Response<Bytes> {
    let Some(problems) = problems else {
        return respond::plain(method, StatusCode::SERVICE_UNAVAILABLE, "The first build is under way.\n");
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
