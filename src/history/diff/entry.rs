//! What a change is about: an item of any list, or one of the objects beside them.

use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::model::{Certification, Commitment, Control, Disclosure, Document, Faq, Item, List, Section, Subprocessor};

/// The part of a disclosure that a change belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// Title, description and language.
    Page,
    /// The organisation.
    Organization,
    /// Its contacts, by what they are for.
    Contacts,
    /// The prose.
    Sections,
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
}

impl Subject {
    /// Its name in the JSON form.
    pub fn name(self) -> &'static str {
        match self {
            Subject::Page => "page",
            Subject::Organization => "organization",
            Subject::Contacts => "contacts",
            Subject::Sections => List::Sections.name(),
            Subject::Controls => List::Controls.name(),
            Subject::Commitments => List::Commitments.name(),
            Subject::Subprocessors => List::Subprocessors.name(),
            Subject::Certifications => List::Certifications.name(),
            Subject::Documents => List::Documents.name(),
            Subject::Faq => List::Faq.name(),
        }
    }

    /// Whether the object of that name states the same on both sides, so that it need not be compared by field.
    pub(super) fn is_same(self, old: &Disclosure, new: &Disclosure) -> bool {
        match self {
            Subject::Page => {
                (&old.title, &old.description, &old.language) == (&new.title, &new.description, &new.language)
            }
            Subject::Organization => old.organization == new.organization,
            Subject::Contacts => old.contacts == new.contacts,
            _ => false,
        }
    }

    /// The object of that name; empty for lists, whose items are objects of their own.
    pub(super) fn object(self, disclosure: &Disclosure) -> Map<String, Value> {
        match self {
            Subject::Page => {
                let Disclosure { title, description, language, .. } = disclosure;
                let mut page = Map::new();
                page.insert("title".into(), title.clone().into());
                page.extend(description.clone().map(|description| ("description".into(), description.into())));
                page.insert("language".into(), language.as_str().into());
                page
            }
            Subject::Organization => object(&disclosure.organization),
            Subject::Contacts => object(&disclosure.contacts),
            _ => Map::new(),
        }
    }
}

impl From<List> for Subject {
    fn from(list: List) -> Subject {
        match list {
            List::Sections => Subject::Sections,
            List::Controls => Subject::Controls,
            List::Commitments => Subject::Commitments,
            List::Subprocessors => Subject::Subprocessors,
            List::Certifications => Subject::Certifications,
            List::Documents => Subject::Documents,
            List::Faq => Subject::Faq,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The fields of a value as a record has them.
pub(super) fn object(value: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

macro_rules! entry {
    ($($variant:ident($type:ident)),*) => {
        /// An item of any list, shared with the disclosure that it is from.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
        #[serde(untagged)]
        pub enum Entry {
            $(
                #[doc = concat!("A [`", stringify!($type), "`].")]
                $variant(Arc<$type>),
            )*
        }

        impl Entry {
            /// Its fields as a record has them.
            pub fn fields(&self) -> Map<String, Value> {
                match self {
                    $(Entry::$variant(item) => object(&**item),)*
                }
            }

            /// The list that it is in.
            pub fn subject(&self) -> Subject {
                match self {
                    $(Entry::$variant(_) => <$type as Item>::LIST.into(),)*
                }
            }
        }

        $(
            impl From<Arc<$type>> for Entry {
                fn from(item: Arc<$type>) -> Entry {
                    Entry::$variant(item)
                }
            }

            impl TryFrom<Entry> for Arc<$type> {
                type Error = Entry;

                fn try_from(entry: Entry) -> Result<Arc<$type>, Entry> {
                    match entry {
                        Entry::$variant(item) => Ok(item),
                        other => Err(other),
                    }
                }
            }
        )*
    };
}

entry!(
    Section(Section),
    Control(Control),
    Commitment(Commitment),
    Subprocessor(Subprocessor),
    Certification(Certification),
    Document(Document),
    Faq(Faq)
);
