//! The sections of the page.

use std::borrow::Cow;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::model::{Id, List};

/// A section of the page: a heading, Markdown, and optionally a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Section {
    /// Stable id, which is also the section's anchor. Defaults to the file name without its number.
    pub id: Id,
    /// Heading, as plain text.
    pub title: String,
    /// One sentence for navigation and overviews, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The list that is shown below the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show: Option<Show>,
    /// The text, as Markdown with line feeds, without leading or trailing blank lines.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
}

/// What a section shows below its text: a list, or generated content.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Show {
    /// The items of a list.
    List(List),
    /// The newest entries of the change log.
    Changelog,
    /// A link to "Your subprocessors", where customers select the features that they use.
    Schedule,
    /// The organization's contacts.
    Contacts,
    /// A value of a newer candor. Only records can contain one.
    Unknown(Arc<str>),
}

impl Show {
    /// All values that content can state, in the order of the documentation.
    pub fn all() -> impl Iterator<Item = Show> {
        List::shown().map(Show::List).chain([Show::Changelog, Show::Schedule, Show::Contacts])
    }

    /// The value in front matter.
    pub fn name(&self) -> &str {
        match self {
            Show::List(list) => list.name(),
            Show::Changelog => "changelog",
            Show::Schedule => "schedule",
            Show::Contacts => "contacts",
            Show::Unknown(word) => word,
        }
    }

    /// A one-sentence description.
    pub const fn about(&self) -> &'static str {
        match self {
            Show::List(list) => list.about(),
            Show::Changelog => "The newest entries of the change log.",
            Show::Schedule => "A link to \"Your subprocessors\", where customers select the features that they use.",
            Show::Contacts => "The organization's contacts.",
            Show::Unknown(_) => "",
        }
    }
}

crate::model::named!(Show, "What a section shows below its text.");

/// Deserializes a value of a record. Content is read by the loader, which accepts only the values of [`Show::all`].
impl<'de> Deserialize<'de> for Show {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Show, D::Error> {
        let word = <Cow<'de, str>>::deserialize(deserializer)?;
        Ok(Show::all().find(|show| show.name() == word).unwrap_or_else(|| Show::Unknown(word.into())))
    }
}
