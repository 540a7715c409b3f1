//! The pages that the publisher adds to the site.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::word_enum::word_enum;
use crate::model::{Id, Show};

/// A page of its own at `/ID/`: a title, Markdown, and optionally a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct OwnPage {
    /// Stable id, which is also the page's address: the file name without `.md`.
    pub id: Id,
    /// Title, as plain text.
    pub title: String,
    /// One sentence for search engines and the top of the page, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Where every page of the site links to it; `header` by default.
    #[serde(default, skip_serializing_if = "PageNav::is_default")]
    pub nav: PageNav,
    /// The list that is shown below the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show: Option<Show>,
    /// The text, as Markdown with line feeds, without leading or trailing blank lines.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
}

word_enum! {
    /// Where the pages of a site link to a page of the publisher.
    #[derive(Default)]
    PageNav {
        /// In the navigation at the top of every page.
        #[default]
        Header = "header",
        /// At the bottom of every page.
        Footer = "footer",
        /// Nowhere: only texts and other sites link to it.
        None = "none",
    }
}

impl PageNav {
    /// Whether it is the default.
    pub fn is_default(&self) -> bool {
        *self == PageNav::default()
    }
}
