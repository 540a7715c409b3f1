//! Disclosures: everything that a trust center states.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lists::for_each_list;
use super::{
    Certification, Contacts, Control, Dimensions, Document, Faq, Id, Item, Language, List, NoticeTerms, Organization,
    OwnPage, Section, Show, Subprocessor,
};

macro_rules! disclosure {
    ($($list:ident {
        field: $field:ident, item: $item:ident, title: $title:literal, about: $about:literal, $($rest:tt)*
    })*) => {
        /// A disclosure: everything that a trust center states, without the settings of the site.
        ///
        /// Items are shared (`Arc`), because consecutive releases have mostly the same items: memory holds each distinct item
        /// once, and shared items are recognized by their address.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[schemars(deny_unknown_fields)]
        pub struct Disclosure {
            /// Title of the page.
            pub title: String,
            /// One-sentence description of the page, as plain text.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub description: Option<String>,
            /// Language of the content.
            #[serde(default)]
            pub language: Language,
            /// The organization that publishes the trust center.
            pub organization: Organization,
            /// Contacts of the organization, by purpose.
            #[serde(default, skip_serializing_if = "Contacts::is_empty")]
            pub contacts: Contacts,
            /// The terms on which customers are informed of a change, and can object to it.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub notice: Option<NoticeTerms>,
            /// Dimensions by which conditions differ between customers, such as regions and plans, with their values.
            #[serde(default, skip_serializing_if = "Dimensions::is_empty")]
            pub dimensions: Dimensions,
            $(
                #[doc = $about]
                #[serde(default, skip_serializing_if = "Vec::is_empty")]
                pub $field: Vec<Arc<super::$item>>,
            )*
        }

        /// An item that can support the answer to a question of a questionnaire.
#[derive(Debug, Clone, Copy)]
pub enum AnswerEvidence<'a> {
    /// A security control.
    Control(&'a Control),
    /// A certification.
    Certification(&'a Certification),
    /// A document.
    Document(&'a Document),
    /// A question with an answer.
    Faq(&'a Faq),
}

impl<'a> AnswerEvidence<'a> {
    /// The item.
    pub fn item(self) -> &'a dyn Item {
        match self {
            AnswerEvidence::Control(item) => item,
            AnswerEvidence::Certification(item) => item,
            AnswerEvidence::Document(item) => item,
            AnswerEvidence::Faq(item) => item,
        }
    }
}

impl Disclosure {
            /// Creates a disclosure without lists, contacts and description.
            pub fn new(title: String, language: Language, organization: Organization) -> Disclosure {
                Disclosure {
                    title,
                    description: None,
                    language,
                    organization,
                    contacts: Contacts::default(),
                    notice: None,
                    dimensions: Dimensions::default(),
                    $($field: Vec::new(),)*
                }
            }
        }
    };
}
for_each_list!(disclosure);

impl Disclosure {
    /// The subprocessors, without recipients that are not processors.
    pub fn processors(&self) -> impl Iterator<Item = &Arc<Subprocessor>> {
        self.subprocessors.iter().filter(|item| !item.is_recipient())
    }

    /// The recipients that are not processors.
    pub fn recipients(&self) -> impl Iterator<Item = &Arc<Subprocessor>> {
        self.subprocessors.iter().filter(|item| item.is_recipient())
    }

    /// The sections that the trust page shows, in order.
    pub fn shown_sections(&self) -> impl Iterator<Item = &Arc<Section>> {
        self.sections.iter().filter(|section| !self.leaves_out(section))
    }

    /// Whether the trust page leaves out a section because it has no text and its list is empty. A new project has a section for
    /// every list.
    pub fn leaves_out(&self, section: &Section) -> bool {
        let is_empty = |show: &Show| matches!(show, Show::List(list) if self.count(*list) == 0);
        section.body.is_empty() && section.summary.is_none() && section.show.as_ref().is_some_and(is_empty)
    }

    /// Returns the items that can support answers to questionnaires, by id. Several lists may have the same id.
    pub fn evidence(&self) -> BTreeMap<&Id, Vec<AnswerEvidence<'_>>> {
        let mut items: BTreeMap<&Id, Vec<AnswerEvidence<'_>>> = BTreeMap::new();
        let all = (self.controls.iter().map(|item| AnswerEvidence::Control(item)))
            .chain(self.certifications.iter().map(|item| AnswerEvidence::Certification(item)))
            .chain(self.documents.iter().map(|item| AnswerEvidence::Document(item)))
            .chain(self.faq.iter().map(|item| AnswerEvidence::Faq(item)));
        for evidence in all {
            items.entry(evidence.item().id()).or_default().push(evidence);
        }
        items
    }

    /// Whether a section of the trust page shows this list.
    pub fn shows(&self, list: List) -> bool {
        self.sections.iter().any(|section| section.show == Some(Show::List(list)))
    }

    /// Returns the page of the publisher that links to the items of this list lead to: the first one that shows it, if the trust
    /// page does not.
    pub fn page_showing(&self, list: List) -> Option<&Arc<OwnPage>> {
        self.pages.iter().find(|page| page.show == Some(Show::List(list))).filter(|_| !self.shows(list))
    }
}
