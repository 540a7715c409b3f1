//! Serves one file over HTTP: HEAD, conditional requests and ranges (RFC 9110 sections 9, 13 and 14).

use std::ops::Range;

use hyper::body::Bytes;
use hyper::header::{
    ACCEPT_RANGES, ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderName,
    HeaderValue, IF_MATCH, IF_NONE_MATCH, IF_RANGE, LOCATION, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Method, Response, StatusCode};

/// A file that is ready to be sent.
#[derive(Debug, Clone)]
pub struct File {
    /// `Content-Type`, `Cache-Control` and all other headers that the CDN would send.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// A strong entity tag, in its quotes.
    pub etag: String,
    /// The content.
    pub body: Bytes,
}

/// Answers a GET or HEAD request for a file that exists.
pub fn file(method: &Method, request: &HeaderMap, file: &File) -> Response<Bytes> {
    if let Some(tags) = list(request, &IF_MATCH)
        && !matches(&tags, &file.etag, Comparison::Strong)
    {
        return bare(StatusCode::PRECONDITION_FAILED, file);
    }
    if let Some(tags) = list(request, &IF_NONE_MATCH)
        && matches(&tags, &file.etag, Comparison::Weak)
    {
        return bare(StatusCode::NOT_MODIFIED, file);
    }
    // Ranges are defined only for GET.
    let wanted = if *method == Method::GET && range_applies(request, file) {
        range(request, file.body.len())
    } else {
        Wanted::All
    };
    let (status, part) = match wanted {
        Wanted::All => (StatusCode::OK, None),
        Wanted::Part(part) => (StatusCode::PARTIAL_CONTENT, Some(part)),
        Wanted::Nothing => {
            let mut answer = bare(StatusCode::RANGE_NOT_SATISFIABLE, file);
            set(&mut answer, CONTENT_RANGE, &format!("bytes */{}", file.body.len()));
            return answer;
        }
    };
    let mut answer = bare(status, file);
    set(&mut answer, ACCEPT_RANGES, "bytes");
    if let Some(part) = &part {
        set(&mut answer, CONTENT_RANGE, &format!("bytes {}-{}/{}", part.start, part.end - 1, file.body.len()));
    }
    let body = part.map_or_else(|| file.body.clone(), |part| file.body.slice(part));
    with_body(method, answer, body)
}

/// Answers a failed request with a file, such as the site's own 404 page: never conditional, never partial.
pub fn failure(method: &Method, status: StatusCode, file: &File) -> Response<Bytes> {
    let mut answer = bare(status, file);
    answer.headers_mut().remove(ETAG);
    with_body(method, answer, file.body.clone())
}

/// Returns a short plain-text response that is not part of the site.
pub fn plain(method: &Method, status: StatusCode, text: &'static str) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::new());
    *answer.status_mut() = status;
    set(&mut answer, CONTENT_TYPE, "text/plain; charset=utf-8");
    set(&mut answer, CACHE_CONTROL, "no-store");
    set(&mut answer, X_CONTENT_TYPE_OPTIONS, "nosniff");
    if status == StatusCode::METHOD_NOT_ALLOWED {
        set(&mut answer, ALLOW, "GET, HEAD");
    }
    with_body(method, answer, Bytes::from_static(text.as_bytes()))
}

/// Redirects to the canonical URL. Temporary (307), unlike on a CDN: browsers cache permanent redirects, and the next
/// preview on this port may be of another site.
pub fn redirect(method: &Method, location: &str, query: Option<&str>) -> Response<Bytes> {
    let mut answer = plain(method, StatusCode::TEMPORARY_REDIRECT, "The address ends in a slash.\n");
    set(&mut answer, LOCATION, &query.map_or_else(|| location.to_owned(), |query| format!("{location}?{query}")));
    answer
}

fn bare(status: StatusCode, file: &File) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::new());
    *answer.status_mut() = status;
    for (name, value) in &file.headers {
        answer.headers_mut().append(name, value.clone());
    }
    set(&mut answer, ETAG, &file.etag);
    answer
}

fn with_body(method: &Method, mut answer: Response<Bytes>, body: Bytes) -> Response<Bytes> {
    set(&mut answer, CONTENT_LENGTH, &body.len().to_string());
    if *method != Method::HEAD {
        *answer.body_mut() = body;
    }
    answer
}

/// Sets a header. Every value here is built from validated parts; an invalid one would be left out.
fn set(answer: &mut Response<Bytes>, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        answer.headers_mut().insert(name, value);
    }
}

/// Joins all lines of a list header.
fn list(request: &HeaderMap, name: &HeaderName) -> Option<String> {
    let lines: Vec<_> = request.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    (!lines.is_empty()).then(|| lines.join(","))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Strong,
    Weak,
}

fn matches(tags: &str, etag: &str, comparison: Comparison) -> bool {
    tags.trim() == "*"
        || tags.split(',').map(str::trim).any(|tag| match tag.strip_prefix("W/") {
            Some(tag) => comparison == Comparison::Weak && tag == etag,
            None => tag == etag,
        })
}

/// `If-Range` prevents a client from combining parts of two versions. There are no dates here, so a date never matches.
fn range_applies(request: &HeaderMap, file: &File) -> bool {
    request.get(IF_RANGE).is_none_or(|tag| tag.as_bytes() == file.etag.as_bytes())
}

enum Wanted {
    All,
    Part(Range<usize>),
    Nothing,
}

/// Parses a single byte range. Several ranges, other units and malformed ranges get the whole file, as RFC 9110 section
/// 14.2 allows.
fn range(request: &HeaderMap, len: usize) -> Wanted {
    let mut lines = request.get_all(RANGE).iter();
    let (Some(value), None) = (lines.next(), lines.next()) else { return Wanted::All };
    let Some((first, last)) = value.to_str().ok().and_then(|text| text.trim().strip_prefix("bytes=")?.split_once('-'))
    else {
        return Wanted::All;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    // A number too large for `usize` is larger than any file.
    let number = |text: &str| text.parse::<usize>().unwrap_or(usize::MAX);
    let part = match (first.trim(), last.trim()) {
        ("", suffix) if digits(suffix) => len.saturating_sub(number(suffix))..len,
        (first, "") if digits(first) => number(first)..len,
        (first, last) if digits(first) && digits(last) => {
            if number(last) < number(first) {
                return Wanted::All;
            }
            number(first)..number(last).saturating_add(1).min(len)
        }
        _ => return Wanted::All,
    };
    if part.start < part.end { Wanted::Part(part) } else { Wanted::Nothing }
}

#[cfg(test)]
mod tests {
    use hyper::body::Bytes;
    use hyper::header::HeaderMap;
    use hyper::{Method, Response, StatusCode};

    use super::{File, file};

    fn ask(method: Method, headers: &[(&'static str, &str)]) -> Response<Bytes> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().expect("a header value"));
        }
        file(
            &method,
            &map,
            &File { headers: Vec::new(), etag: "\"a\"".into(), body: Bytes::from_static(b"0123456789") },
        )
    }

    #[test]
    fn answers_304_if_the_entity_tag_matches() {
        for tags in ["\"a\"", "W/\"a\"", "\"b\", \"a\"", "*"] {
            let answer = ask(Method::GET, &[("if-none-match", tags)]);
            assert_eq!(answer.status(), StatusCode::NOT_MODIFIED, "{tags}");
            assert!(answer.body().is_empty() && answer.headers().contains_key("etag"));
        }
        assert_eq!(ask(Method::GET, &[("if-none-match", "\"b\"")]).status(), StatusCode::OK);
        assert_eq!(ask(Method::GET, &[("if-match", "W/\"a\"")]).status(), StatusCode::PRECONDITION_FAILED);
        assert_eq!(ask(Method::GET, &[("if-match", "\"a\"")]).status(), StatusCode::OK);
    }

    #[test]
    fn head_has_the_headers_of_get() {
        let answer = ask(Method::HEAD, &[("range", "bytes=0-1")]);
        assert_eq!((answer.status(), answer.headers()["content-length"].as_bytes()), (StatusCode::OK, &b"10"[..]));
        assert!(answer.body().is_empty());
    }

    #[test]
    fn serves_a_single_range_and_ignores_invalid_ones() {
        for (range, bytes, says) in [
            ("bytes=0-0", "0", "bytes 0-0/10"),
            ("bytes=8-", "89", "bytes 8-9/10"),
            ("bytes=-3", "789", "bytes 7-9/10"),
            ("bytes=-99999999999999999999999", "0123456789", "bytes 0-9/10"),
            ("bytes=2-99999999999999999999999", "23456789", "bytes 2-9/10"),
        ] {
            let answer = ask(Method::GET, &[("range", range)]);
            assert_eq!(answer.status(), StatusCode::PARTIAL_CONTENT, "{range}");
            assert_eq!(answer.headers()["content-range"], says);
            assert_eq!(answer.body(), bytes);
        }
        for range in ["bytes=10-", "bytes=-0", "bytes=99999999999999999999999-"] {
            let answer = ask(Method::GET, &[("range", range)]);
            assert_eq!(answer.status(), StatusCode::RANGE_NOT_SATISFIABLE, "{range}");
            assert_eq!(answer.headers()["content-range"], "bytes */10");
        }
        for range in ["bytes=5-2", "bytes=0-1,3-4", "lines=0-1", "bytes=a-b", "bytes=--1", "bytes", "bytes=-"] {
            assert_eq!(ask(Method::GET, &[("range", range)]).status(), StatusCode::OK, "{range}");
        }
    }

    #[test]
    fn if_range_ignores_the_range_of_another_version() {
        assert_eq!(
            ask(Method::GET, &[("range", "bytes=0-1"), ("if-range", "\"a\"")]).status(),
            StatusCode::PARTIAL_CONTENT
        );
        assert_eq!(ask(Method::GET, &[("range", "bytes=0-1"), ("if-range", "\"b\"")]).status(), StatusCode::OK);
    }
}
