//! The prose of the page.

use std::borrow::Cow;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::{Id, List};

/// One section: a heading, Markdown, and perhaps a list that it carries.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Section {
    /// Stable id; the section's anchor. By default the file's name without its number.
    pub id: Id,
    /// Heading, as plain text.
    pub title: String,
    /// One sentence for navigation and overviews, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The list that stands below the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show: Option<Show>,
    /// Markdown with line feeds; no blank lines at its ends.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
}

/// What a section shows below its text: a list, or a part that is computed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Show {
    /// The items of a list.
    List(List),
    /// The newest entries of the change log.
    Changelog,
    /// The way to a customer's own subprocessors.
    Schedule,
    /// The organization's contacts.
    Contacts,
    /// A word of a newer candor. Only records hold one.
    Unknown(Arc<str>),
}

impl Show {
    /// All values that content can state, in the order of the documentation.
    pub fn all() -> impl Iterator<Item = Show> {
        List::data().map(Show::List).chain([Show::Changelog, Show::Schedule, Show::Contacts])
    }

    /// The word that front matter uses.
    pub fn name(&self) -> &str {
        match self {
            Show::List(list) => list.name(),
            Show::Changelog => "changelog",
            Show::Schedule => "schedule",
            Show::Contacts => "contacts",
            Show::Unknown(word) => word,
        }
    }

    /// What it shows, in one sentence.
    pub const fn about(&self) -> &'static str {
        match self {
            Show::List(list) => list.about(),
            Show::Changelog => "The newest entries of the change log.",
            Show::Schedule => "The way to a customer's own schedule.",
            Show::Contacts => "The organisation's contacts.",
            Show::Unknown(_) => "",
        }
    }
}

super::named!(Show, "What a section shows below its text.");

/// Reads a word of a record; content is read by the loader, which takes only what [`Show::all`] has.
impl<'de> Deserialize<'de> for Show {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Show, D::Error> {
        let word = <Cow<'de, str>>::deserialize(deserializer)?;
        Ok(Show::all().find(|show| show.name() == word).unwrap_or_else(|| Show::Unknown(word.into())))
    }
}
