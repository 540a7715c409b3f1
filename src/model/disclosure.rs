//! Disclosures: everything that a trust center states.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lists::for_each_list;
use super::{
    Contacts, Dimensions, Id, Item, Language, List, NoticeTerms, Organization, OwnPage, Section, Show, Subprocessor,
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

    /// Returns the items that a question of a questionnaire may name as evidence by this id: controls, certifications, documents, and
    /// questions and answers. An id that several lists have means all of these items.
    pub fn evidence(&self, id: &Id) -> Vec<&dyn Item> {
        let mut items: Vec<&dyn Item> = Vec::new();
        items.extend(self.controls.iter().filter(|item| item.id == *id).map(|item| &**item as &dyn Item));
        items.extend(self.certifications.iter().filter(|item| item.id == *id).map(|item| &**item as &dyn Item));
        items.extend(self.documents.iter().filter(|item| item.id == *id).map(|item| &**item as &dyn Item));
        items.extend(self.faq.iter().filter(|item| item.id == *id).map(|item| &**item as &dyn Item));
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
