//! All that the organisation states at one moment.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lists::for_each_list;
use super::{Contacts, Language, List, Organization, Show};

macro_rules! disclosure {
    ($($list:ident {
        field: $field:ident, item: $item:ident, title: $title:literal, about: $about:literal, $($rest:tt)*
    })*) => {
        /// A disclosure: sections and lists, without theme or addresses of the site.
        ///
        /// Items are shared (`Arc`) because releases repeat each other: a thousand releases hold each
        /// distinct item once, and equal items can be told apart by address alone.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[schemars(deny_unknown_fields)]
        pub struct Disclosure {
            /// Title of the page.
            pub title: String,
            /// What the page is, in a sentence of plain text.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub description: Option<String>,
            /// Language of the texts.
            #[serde(default)]
            pub language: Language,
            /// Who makes the statements.
            pub organization: Organization,
            /// How to reach them.
            #[serde(default, skip_serializing_if = "Contacts::is_empty")]
            pub contacts: Contacts,
            $(
                #[doc = $about]
                #[serde(default, skip_serializing_if = "Vec::is_empty")]
                pub $field: Vec<Arc<super::$item>>,
            )*
        }

        impl Disclosure {
            /// A disclosure that states nothing but its title and who makes it.
            pub fn new(title: String, language: Language, organization: Organization) -> Disclosure {
                Disclosure {
                    title,
                    description: None,
                    language,
                    organization,
                    contacts: Contacts::default(),
                    $($field: Vec::new(),)*
                }
            }
        }
    };
}
for_each_list!(disclosure);

impl Disclosure {
    /// Whether a section shows this list on the trust page.
    pub fn shows(&self, list: List) -> bool {
        self.sections.iter().any(|section| section.show == Some(Show::List(list)))
    }
}
