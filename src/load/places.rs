//! The place of each content value in its file.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::diagnostic::{Place, Source};

/// Places by path.
///
/// Examples of paths: `site.base_url`, `site.contacts.privacy`, `subprocessors[3].effective` and
/// `subprocessors[3].data_categories[0]` are values, `subprocessors[3]` is an item, `subprocessors[3].effective#key` is the
/// key of a field, `subprocessors` is the file of a list, and `sections[2].body` is the Markdown after the front matter.
#[derive(Debug, Clone, Default)]
pub struct Places {
    by_path: BTreeMap<String, Place>,
}

impl Places {
    /// Records a place.
    pub fn insert(&mut self, path: impl Into<String>, place: Place) {
        self.by_path.insert(path.into(), place);
    }

    /// Returns the files that the values are in, each once.
    pub fn sources(&self) -> impl Iterator<Item = &Arc<Source>> {
        let mut known = HashSet::new();
        self.by_path.values().map(|place| &place.source).filter(move |source| known.insert(Arc::as_ptr(source)))
    }

    /// Whether the content has a value or a key with this path.
    pub fn contains(&self, path: &str) -> bool {
        self.by_path.contains_key(path)
    }

    /// Returns the place of a value; `None` if it is unknown.
    pub fn get_exact(&self, path: &str) -> Option<Place> {
        self.by_path.get(path).cloned()
    }

    /// Returns the place of a value; if it is unknown, the place of the innermost known value that contains it.
    pub fn get(&self, path: &str) -> Option<Place> {
        let mut path = path;
        loop {
            if let Some(place) = self.by_path.get(path) {
                return Some(place.clone());
            }
            path = &path[..path.rfind(['.', '[', '#'])?];
        }
    }
}
