//! The custom templates that are being rendered. Tera cannot interrupt a template, so a command watches them and ends the program
//! when one takes too long.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::diagnostic::{Code, Diagnostic, Place, Source};

/// A template that is being rendered.
#[derive(Debug, Clone)]
pub struct RunningTemplate {
    /// The name of the page's template, such as `index.html`.
    name: String,
    /// The custom templates. The page's template can include each of them.
    own: Arc<Vec<Arc<Source>>>,
}

/// Numbers the renderings, so that a template that is rendered many times is not mistaken for one that takes long.
static NEXT: AtomicU64 = AtomicU64::new(0);

static RUNNING: Mutex<BTreeMap<u64, RunningTemplate>> = Mutex::new(BTreeMap::new());

/// Returns the templates that are being rendered now, each with the number of its rendering.
pub fn running() -> BTreeMap<u64, RunningTemplate> {
    list().clone()
}

fn list() -> MutexGuard<'static, BTreeMap<u64, RunningTemplate>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lists a template for as long as this value exists.
pub(super) struct RunningGuard(u64);

impl RunningGuard {
    pub fn new(name: &str, own: &Arc<Vec<Arc<Source>>>) -> RunningGuard {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        list().insert(number, RunningTemplate { name: name.to_owned(), own: Arc::clone(own) });
        RunningGuard(number)
    }
}

impl Drop for RunningGuard {
    fn drop(&mut self) {
        list().remove(&self.0);
    }
}

impl RunningTemplate {
    /// Returns the diagnostic about a template that does not end. `limit` says which limit it exceeds.
    pub fn endless(&self, limit: &str) -> Diagnostic {
        let named = self.own.iter().find(|source| source.path.ends_with(&format!("/{}", self.name)));
        // A built-in page with a single custom part: that is the one.
        let place = named.or_else(|| self.own.first().filter(|_| self.own.len() == 1)).map(Place::start_of);
        let found = Diagnostic::new(Code::TemplateError, format!("`{}` {limit}", self.name)).at_known(place, "");
        let looped: Vec<String> = self
            .own
            .iter()
            .filter(|source| source.text.contains("for "))
            .map(|source| format!("`{}`", source.path))
            .collect();
        let help = "look for nested loops, and for a variable that grows with every repetition";
        match looped.is_empty() {
            true => found.help(help),
            false => found.help(format!("{help}, in {}", looped.join(", "))),
        }
    }
}
