//! Documents.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::upcoming::in_order;
use crate::model::word_enum::word_enum;
use crate::model::{Date, Id, StatedUrl, Upcoming};

/// A report, policy or agreement. The fields state the current edition, and `editions` the earlier ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Document {
    /// Stable id.
    pub id: Id,
    /// Title, as plain text.
    pub title: String,
    /// What the document is. A replaced file of a `dpa` requires customer notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<DocumentKind>,
    /// Who may access the document; `public` by default.
    #[serde(default, skip_serializing_if = "Access::is_default")]
    pub access: Access,
    /// Heading under which documents are grouped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Path of the file under `static/`, with forward slashes. Requires `access: public`; cannot be combined with `url`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = crate::model::STATIC_PATH))]
    pub file: Option<String>,
    /// Web address of the document, or of the page where readers ask for one that is not public; cannot be combined with `file`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<StatedUrl>,
    /// Web address at which readers request the document. Without one, they write to the security or the privacy contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_url: Option<StatedUrl>,
    /// Version of the document, such as `3.1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Date of the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Last day on which the document is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// Earlier editions, newest first. Files that releases replaced are in the history and need no edition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(min = 1))]
    pub editions: Vec<DocumentEdition>,
    /// Changes that take effect on a later date.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub upcoming: Vec<Upcoming<Document>>,
}

/// An earlier edition of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, extend("minProperties" = 1))]
pub struct DocumentEdition {
    /// Version of the edition, such as `3.0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Date of the edition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Last day on which the edition is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// Path of the file under `static/`. The document must have `access: public`; cannot be combined with `url`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = crate::model::STATIC_PATH))]
    pub file: Option<String>,
    /// Web address of the edition; cannot be combined with `file`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<StatedUrl>,
}

word_enum! {
    /// What a document is.
    DocumentKind {
        /// A data processing agreement or addendum (GDPR Art. 28(3)).
        Dpa = "dpa",
        /// Terms or another agreement.
        Terms = "terms",
        /// A policy.
        Policy = "policy",
        /// A report of an auditor, such as a SOC 2 report.
        Report = "report",
        /// A letter that covers the time between two reports.
        BridgeLetter = "bridge-letter",
        /// A certificate.
        Certificate = "certificate",
        /// A report of a penetration test, or its summary.
        PenetrationTest = "penetration-test",
        /// A completed questionnaire.
        Questionnaire = "questionnaire",
        /// An overview or a white paper.
        Overview = "overview",
        /// Another document.
        Other = "other",
    }
}

word_enum! {
    /// Who may access a document.
    #[derive(Default)]
    Access {
        /// Everyone.
        #[default]
        Public = "public",
        /// Anyone who requests it.
        Request = "request",
        /// Anyone who has signed a non-disclosure agreement.
        Nda = "nda",
    }
}

/// A file that a document states, now or in an upcoming change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedFile {
    /// The path of its field in the document, such as `editions[0].file` or `upcoming[0].file`.
    pub field: String,
    /// The path of the file below `static/`.
    pub file: String,
    /// Whether everyone can download it.
    pub is_public: bool,
    /// The date of the upcoming change that makes the restricted document public, if the change states the file, or a later one does.
    pub public_from: Option<Date>,
}

/// Why a document is not public on a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restriction {
    /// The path of the field that restricts access, such as `access` or `upcoming[0].access`.
    pub field: String,
    /// Who may access the document.
    pub access: Access,
    /// The date on which the upcoming change that restricts access took effect; `None` for the field of the document itself.
    pub since: Option<Date>,
}

impl Document {
    /// Returns why the document is not public on a date; `None` if it is.
    pub fn restriction_on(&self, date: Date) -> Option<Restriction> {
        let mut restriction = Restriction { field: "access".to_owned(), access: self.access.clone(), since: None };
        for entry in in_order(&self.upcoming).into_iter().filter(|entry| entry.effective <= date) {
            let removed = entry.remove.iter().any(|field| field == "access");
            if removed || entry.fields.contains(&"access") {
                let position = self.upcoming.iter().position(|other| std::ptr::eq(other, entry)).unwrap_or_default();
                let field = format!("upcoming[{position}].access");
                let access = if removed { Access::default() } else { entry.values.access.clone() };
                restriction = Restriction { field, access, since: Some(entry.effective) };
            }
        }
        (!restriction.access.is_public()).then_some(restriction)
    }

    /// The files of all editions as they are stated now and by each upcoming change.
    pub fn stated_files(&self) -> Vec<StatedFile> {
        let mut stated = Vec::new();
        let mut public_from = None;
        let mut add = |state: &Document, path: &str, public_from: Option<Date>, [has_file, has_editions]: [bool; 2]| {
            let file = state.file.iter().filter(|_| has_file).map(|file| (format!("{path}file"), file.clone()));
            let editions = state.editions.iter().enumerate().filter(|_| has_editions);
            let editions = editions
                .filter_map(|(at, edition)| Some((format!("{path}editions[{at}].file"), edition.file.clone()?)));
            let is_public = state.access.is_public();
            stated.extend(file.chain(editions).map(|(field, file)| StatedFile { field, file, is_public, public_from }));
        };
        add(self, "", None, [true, true]);
        let mut state = self.clone();
        for entry in in_order(&self.upcoming) {
            let position = self.upcoming.iter().position(|other| std::ptr::eq(other, entry)).unwrap_or_default();
            let was_public = state.access.is_public();
            entry.apply(&mut state);
            if !was_public && state.access.is_public() {
                public_from = Some(entry.effective);
            }
            // A field that does not change is that of the state before.
            let changes = ["file", "editions"].map(|field| entry.fields.contains(&field));
            add(&state, &format!("upcoming[{position}]."), public_from, changes);
        }
        stated
    }

    /// The files of all editions that everyone can download, now or after an upcoming change.
    ///
    /// Anyone who knows or guesses the address of a file can download it, so content that restricts access and has a file is an
    /// error. Releases of earlier versions of candor may have both.
    pub fn public_files(&self) -> impl Iterator<Item = String> {
        self.stated_files().into_iter().filter(|stated| stated.is_public).map(|stated| stated.file)
    }

    /// The files of all editions, the current one first.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.file.as_deref().into_iter().chain(self.editions.iter().filter_map(|edition| edition.file.as_deref()))
    }
}

impl Access {
    /// Whether everyone may access the document.
    pub fn is_public(&self) -> bool {
        *self == Access::Public
    }

    fn is_default(&self) -> bool {
        *self == Access::default()
    }
}
