//! Tells open pages what to do when the site changes: server-sent events (WHATWG HTML section 9.2).
//!
//! A page says in which state it is when it connects, so nothing is lost between loading and connecting, a page that slept
//! catches up, and a page that a change did not touch is left alone.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::channel::{Channel, Sender};
use hyper::body::Bytes;
use tokio::sync::watch::Receiver;

use super::listeners::Listeners;
use super::live::View;
use super::page::{Page, Step};
use super::path::{Resolution, resolve};
use super::snapshot::Snapshot;

/// A connection that was cut is noticed when something is sent, so something is.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// A page whose stream has ended connects again after this many milliseconds.
const RETRY: &[u8] = b"retry: 3000\n\n";

/// One open page.
pub struct Client {
    /// Its address, percent-encoded as the browser has it.
    pub path: String,
    /// The state that it is in, see [`Page::token`].
    pub token: String,
}

/// A stream of events for one page, fed by a task of its own that ends with the connection, with the preview, or when
/// too many other pages listen.
pub fn stream(client: Client, view: Receiver<View>, listeners: &Listeners) -> Channel<Bytes> {
    let (sender, body) = Channel::new(1);
    let ended = listeners.join();
    tokio::spawn(async move {
        tokio::select! {
            () = feed(client, view, sender) => {}
            _ = ended => {}
        }
    });
    body
}

async fn feed(mut client: Client, mut view: Receiver<View>, mut sender: Sender<Bytes>) {
    let mut told: Option<Arc<str>> = None;
    if sender.send_data(Bytes::from_static(RETRY)).await.is_err() {
        return;
    }
    loop {
        let now = view.borrow_and_update().clone();
        for event in client.catch_up(&now, &mut told) {
            if sender.send_data(event.into()).await.is_err() {
                return;
            }
        }
        match tokio::time::timeout(HEARTBEAT, view.changed()).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return,
            Err(_) if sender.send_data(Bytes::from_static(b":\n\n")).await.is_err() => return,
            Err(_) => {}
        }
    }
}

impl Client {
    /// The events that take this page to the view. `told` is what its overlay shows.
    fn catch_up(&mut self, view: &View, told: &mut Option<Arc<str>>) -> Vec<String> {
        let mut events = Vec::new();
        let problems = view.problems.as_ref().map(|problems| Arc::clone(&problems.json));
        if *told != problems {
            events.push(match &problems {
                Some(json) => event("problems", json),
                None => event("mended", ""),
            });
            *told = problems;
        }
        if let Some(page) = view.site.as_deref().and_then(|site| page_at(site, &self.path)) {
            match page.step_from(&self.token) {
                Step::Stay => {}
                Step::Restyle(sheets) => {
                    let data = serde_json::json!({ "page": page.token(), "sheets": sheets });
                    events.push(event("restyle", &data.to_string()));
                }
                Step::Reload => events.push(event("reload", "")),
            }
            self.token = page.token();
        }
        events
    }
}

/// The page that an address shows; the 404 page where there is none.
fn page_at<'a>(site: &'a Snapshot, path: &str) -> Option<&'a Page> {
    let file = match resolve(path, &site.base, |path| site.get(path).is_some()) {
        Resolution::File(file) => file,
        _ => "404.html".to_owned(),
    };
    site.get(&file)?.page.as_ref()
}

fn event(name: &str, data: &str) -> String {
    format!("event: {name}\ndata: {data}\n\n")
}
