//! A small site whose pages link to a style sheet, and functions to publish it and inspect a store.

use std::collections::BTreeMap;
use std::sync::Arc;

use candor::model::Digest;
use candor::publish::{Event, Options, PublishError, Store, Summary, publish_to};
use candor::site::{Artifact, Site, SitePath};
use futures::TryStreamExt;
use object_store::path::Path;
use object_store::{Attributes, ObjectStore, ObjectStoreExt};

/// Adds a file to a site.
pub fn put(site: &mut Site, path: &str, text: &str) {
    let path = SitePath::new(path).expect("a path");
    let artifact = Artifact::ready(&path, text.as_bytes());
    site.insert(path, artifact).expect("a free path");
}

/// Creates a site with `releases` releases and a style sheet with the content `style`. Every page links to the style sheet.
pub fn site(style: &str, releases: u32) -> Site {
    let mut site = Site::new();
    let sheet = format!("assets/site.{}.css", Digest::of(style.as_bytes()).short());
    put(&mut site, &sheet, style);
    let page = |text: &str| format!("<link href={sheet}>{}", text.repeat(250));
    put(&mut site, "index.html", &page(&format!("front {releases} ")));
    put(&mut site, "subprocessors/index.html", &page("list "));
    put(&mut site, "feed.xml", &format!("<feed>{releases}</feed>"));
    for day in 1..=releases {
        put(&mut site, &format!("releases/2026-05-{day:02}.json"), &format!("{{\"release\": {day}}}\n"));
        put(&mut site, &format!("releases/2026-05-{day:02}/index.html"), &page("archived "));
    }
    site
}

/// Returns the options of a run named `name` that starts `hours` after May 1, 2026.
pub fn options(name: &str, hours: i64) -> Options {
    let start: jiff::Timestamp = "2026-05-01T00:00:00Z".parse().expect("a timestamp");
    Options {
        run: Digest::of(name.as_bytes()),
        now: (start + jiff::SignedDuration::from_hours(hours)).into(),
        compress: true,
        base_url: "https://trust.example/".parse().ok(),
        no_lock: false,
        time_limit: candor::publish::TIME_LIMIT,
        take_over: false,
        adopt: false,
        resend: false,
        jobs: 3,
    }
}

/// Publishes below `trust/` in a store and blocks until done.
pub fn publish(inner: &Arc<impl ObjectStore>, site: &Site, options: &Options) -> Result<Summary, PublishError> {
    let store = store(inner);
    block_on(publish_to(&store, site, options, &|_| {}, std::future::pending()))
}

/// Publishes until `is_end` returns true for an event, and then stops without any further write, as if killed.
pub fn publish_until(store: &Store, site: &Site, options: &Options, is_end: impl Fn(Event<'_>) -> bool + Sync) {
    struct Killed;
    let watch = |event: Event<'_>| {
        if is_end(event) {
            // Unwinding drops the publish in the middle of its work, without the message of a panic.
            std::panic::resume_unwind(Box::new(Killed));
        }
    };
    let run = || block_on(publish_to(store, site, options, &watch, std::future::pending()));
    let killed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).expect_err("the publish was not killed");
    assert!(killed.is::<Killed>(), "the publish panicked");
}

/// Returns the destination `memory://bucket/trust`.
pub fn store(inner: &Arc<impl ObjectStore>) -> Store {
    let inner: Arc<dyn ObjectStore> = inner.clone();
    Store::remote(inner, Path::from("trust"), "memory://bucket/trust")
}

/// Runs a future to completion.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

/// An object as served to a reader.
pub struct Object {
    /// The stored bytes.
    pub bytes: Vec<u8>,
    /// The headers.
    pub attributes: Attributes,
}

impl Object {
    /// Returns the decompressed text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        match self.attributes.get(&object_store::Attribute::ContentEncoding).map(|value| value.as_ref()) {
            Some("gzip") => {
                use std::io::Read;
                flate2::read::GzDecoder::new(&self.bytes[..]).read_to_string(&mut text).expect("gzip");
            }
            _ => text = String::from_utf8(self.bytes.clone()).expect("text"),
        }
        text
    }

    /// Returns the value of a header.
    pub fn header(&self, name: object_store::Attribute) -> Option<&str> {
        self.attributes.get(&name).map(|value| value.as_ref())
    }
}

/// Returns all objects in a store except candor's manifest.
pub fn objects(inner: &Arc<impl ObjectStore>) -> BTreeMap<String, Object> {
    block_on(async {
        let mut objects = BTreeMap::new();
        let listed: Vec<_> = inner.list(None).try_collect().await.expect("a list");
        for meta in listed.iter().filter(|meta| !meta.location.as_ref().contains(".candor/")) {
            let result = inner.get(&meta.location).await.expect("an object");
            let attributes = result.attributes.clone();
            let bytes = result.bytes().await.expect("bytes").to_vec();
            objects.insert(meta.location.to_string(), Object { bytes, attributes });
        }
        objects
    })
}

/// Asserts that the style sheet of every page exists.
pub fn assert_pages_find_their_assets(objects: &BTreeMap<String, Object>) {
    for (path, page) in objects.iter().filter(|(path, _)| path.ends_with(".html")) {
        let text = page.text();
        let sheet = text.strip_prefix("<link href=").and_then(|rest| rest.split('>').next());
        let sheet = sheet.unwrap_or_else(|| panic!("`{path}` links to no style sheet: {text}"));
        assert!(objects.contains_key(&format!("trust/{sheet}")), "`{path}` links to `{sheet}`, which is missing");
    }
}
