//! The prose of the page.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Id;
use super::list::item;

/// One section: a heading, Markdown, and perhaps a list that it carries.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
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

/// What a section carries below its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Show {
    /// Security controls.
    Controls,
    /// Service commitments.
    Commitments,
    /// Subprocessors.
    Subprocessors,
    /// Certifications.
    Certifications,
    /// Documents.
    Documents,
    /// Questions and answers.
    Faq,
    /// The newest entries of the change log.
    Changelog,
    /// The way to a customer's own schedule.
    Schedule,
    /// The organisation's contacts.
    Contacts,
}

impl Show {
    /// All values with the word that front matter uses.
    pub const ALL: [(&'static str, Show); 9] = [
        ("controls", Show::Controls),
        ("commitments", Show::Commitments),
        ("subprocessors", Show::Subprocessors),
        ("certifications", Show::Certifications),
        ("documents", Show::Documents),
        ("faq", Show::Faq),
        ("changelog", Show::Changelog),
        ("schedule", Show::Schedule),
        ("contacts", Show::Contacts),
    ];

    /// The word that front matter uses.
    pub fn name(self) -> &'static str {
        Show::ALL.iter().find(|(_, show)| *show == self).map_or("", |(name, _)| name)
    }
}

item!(Section, Sections, title);
