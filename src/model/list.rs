//! What all lists have in common.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Id, Malformed};

/// A list of a disclosure. Its name is the key in a release record and the stem of its file under `data/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum List {
    /// The prose, in the order of the page.
    Sections,
    /// Security controls.
    Controls,
    /// Service commitments.
    Commitments,
    /// Processors engaged by the organisation (GDPR Art. 28(2) and (4)).
    Subprocessors,
    /// Certifications and attestations.
    Certifications,
    /// Reports, policies and agreements.
    Documents,
    /// Questions and answers.
    Faq,
}

impl List {
    /// All lists, in the order of the release record.
    pub const ALL: [List; 7] = [
        List::Sections,
        List::Controls,
        List::Commitments,
        List::Subprocessors,
        List::Certifications,
        List::Documents,
        List::Faq,
    ];

    /// The key in a record, and the stem of the file under `data/`.
    pub fn name(self) -> &'static str {
        match self {
            List::Sections => "sections",
            List::Controls => "controls",
            List::Commitments => "commitments",
            List::Subprocessors => "subprocessors",
            List::Certifications => "certifications",
            List::Documents => "documents",
            List::Faq => "faq",
        }
    }
}

impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for List {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<List, Malformed> {
        List::ALL.into_iter().find(|list| list.name() == text).ok_or_else(|| {
            let all = List::ALL.map(List::name).join(", ");
            Malformed::new(format!("`{}` is not a list", text.escape_debug()), format!("the lists are {all}"))
        })
    }
}

/// A member of a list.
pub trait Item: Serialize {
    /// The list that it belongs to.
    const LIST: List;
    /// Identity across releases.
    fn id(&self) -> &Id;
    /// What readers call it.
    fn label(&self) -> &str;
}

macro_rules! item {
    ($type:ident, $list:ident, $label:ident) => {
        impl crate::model::Item for $type {
            const LIST: crate::model::List = crate::model::List::$list;

            fn id(&self) -> &crate::model::Id {
                &self.id
            }

            fn label(&self) -> &str {
                &self.$label
            }
        }
    };
}
pub(crate) use item;
