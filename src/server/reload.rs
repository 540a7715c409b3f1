//! Updates open pages when the site changes: server-sent events (WHATWG HTML section 9.2).
//!
//! A page sends its version when it connects. So no change is lost between loading and connecting, a page that was in
//! the background catches up, and a page that did not change is left alone.

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

/// A closed connection is detected only when something is sent, so a comment is sent this often.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// A page whose stream has ended reconnects after this many milliseconds.
const RETRY: &[u8] = b"retry: 3000\n\n";

/// One open page.
pub struct Client {
    /// Its path, percent-encoded as in the browser.
    pub path: String,
    /// The version that it shows, see [`Page::token`].
    pub token: String,
}

/// Returns a stream of events for one page. A separate task feeds it and ends with the connection, with the preview, or
/// when too many other pages listen.
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
    let mut shown: Option<Arc<str>> = None;
    if sender.send_data(Bytes::from_static(RETRY)).await.is_err() {
        return;
    }
    loop {
        let now = view.borrow_and_update().clone();
        for event in client.catch_up(&now, &mut shown) {
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
    /// Returns the events that update this page to the view. `shown` are the problems in its overlay.
    fn catch_up(&mut self, view: &View, shown: &mut Option<Arc<str>>) -> Vec<String> {
        let mut events = Vec::new();
        let problems = view.problems.as_ref().map(|problems| Arc::clone(&problems.json));
        if *shown != problems {
            events.push(match &problems {
                Some(json) => event("problems", json),
                None => event("fixed", ""),
            });
            *shown = problems;
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

/// Returns the page at a path, or the 404 page if there is none.
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
