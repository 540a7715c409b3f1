//! Where each value of the content stands in its file.

use std::collections::BTreeMap;

use crate::diagnostic::Place;

/// Places by path.
///
/// A path names a value as the content does: `site.base_url`, `site.contacts.privacy`,
/// `subprocessors[3].effective`, `subprocessors[3].data_categories[0]`; a list's item itself is
/// `subprocessors[3]`, its key is `subprocessors[3].effective#key`, a list's file is `subprocessors`.
/// For sections, `sections[2].body` is the Markdown after the front matter.
#[derive(Debug, Clone, Default)]
pub struct Places {
    by_path: BTreeMap<String, Place>,
}

impl Places {
    /// Records a place.
    pub fn insert(&mut self, path: impl Into<String>, place: Place) {
        self.by_path.insert(path.into(), place);
    }

    /// The place of a value; where it is unknown, that of the nearest value that holds it.
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
