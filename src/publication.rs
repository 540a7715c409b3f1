//! What a site is made of: one value that rendering and the machine-readable formats take.

use crate::assets::Assets;
use crate::history::{Changes, History};
use crate::model::{Date, Disclosure, Settings};

/// Everything that goes into a site, loaded and checked.
#[derive(Debug)]
pub struct Publication {
    /// How the site is made.
    pub settings: Settings,
    /// All releases; not empty unless there is a draft.
    pub history: History,
    /// Content that differs from the newest release, when it is to be shown.
    pub draft: Option<Draft>,
    /// Theme files and the publisher's own.
    pub assets: Assets,
    /// The day the site speaks for.
    pub as_of: Date,
}

/// Content that was never released.
#[derive(Debug)]
pub struct Draft {
    /// What it says.
    pub disclosure: Disclosure,
    /// How it differs from the newest release; none where nothing was ever released.
    pub changes: Option<Changes>,
}

impl Publication {
    /// What the site's front page states: the draft, or the newest release.
    pub fn disclosure(&self) -> Option<&Disclosure> {
        match &self.draft {
            Some(draft) => Some(&draft.disclosure),
            None => self.history.newest().map(|release| &release.disclosure),
        }
    }

    /// The absolute address of a path of the site; none without `base_url`.
    pub fn absolute(&self, path: &str) -> Option<String> {
        let base = self.settings.base_url.as_ref()?;
        Some(format!("{}/{path}", base.as_str().trim_end_matches('/')))
    }
}
