//! The table of lists: the lists of a disclosure, and their properties.
//!
//! Code that treats all lists alike (loading, records, comparison, checks, anchors, schemas, new projects, the page's scripts)
//! uses this table through `for_each_list`, [`List`], [`Disclosure::items`] and the trait [`Item`]. To add a list, add a type
//! for its items in a module of this one, a row in this table, a view and a template; docs/architecture.md lists the files.

mod ai_feature;
mod certification;
mod commitment;
mod control;
mod document;
pub(crate) mod fact;
mod faq;
mod own_page;
mod questionnaire;
mod section;
pub(crate) mod service;
mod subprocessor;
mod update;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::de::MapAccess;
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize};

use super::{Disclosure, Id, Malformed, Overlay, StatedUrl, Upcoming, UpcomingEntry, WebUrl};

pub use ai_feature::{AiFeature, AiTraining};
pub use certification::{Certification, CertificationEdition, CertificationStatus, CertificationType, Period};
pub use commitment::Commitment;
pub use control::{Control, ControlStatus, Evidence};
pub use document::{Access, Document, DocumentEdition, DocumentKind, Restriction, StatedFile};
pub use fact::{Approval, Fact, FactKind, Percent};
pub use faq::Faq;
pub use own_page::{OwnPage, PageNav};
pub use questionnaire::{Answer, Question, QuestionField, Questionnaire};
pub use section::{Section, Show};
pub use service::Service;
pub use subprocessor::{Role, Subprocessor, TransferMechanism, When};
pub use update::{Severity, Update, UpdateKind, UpdateStatus};

/// Calls a macro with one row for each list, in the order of the release record.
///
/// | part of a row | meaning |
/// |---|---|
/// | name | the variant of [`List`] |
/// | `field` | the field of [`Disclosure`], the key in a record, the stem of the files of the list (under `data/`, its template, its examples), and the name of its module in `render/lists/` |
/// | `item` | the type of its items |
/// | `title` | the title of the schema of the file under `data/`, and of the section of a new project that shows the list |
/// | `about` | a one-sentence description of the list |
/// | `label` | the field that has the item's name for readers |
/// | `repeats` | whether two items may have the same label: a plan may have several commitments |
/// | `anchors` | the prefix of an item's anchor on the trust page, before its id |
/// | `prose` | the fields that contain Markdown |
/// | `urls` | the fields that contain a web address |
/// | `fields` | all fields, in the order of the type, and how `load` reads each: see `record!` in `load/decode.rs` |
/// | `values` | the fields whose value is formatted for readers, with their `FieldKind`: dates, countries, enumerated values |
///
/// A callback matches the columns that it needs, in this order, and the rest as tokens.
macro_rules! for_each_list {
    ($callback:ident) => {
        $callback! {
            Sections {
                field: sections, item: Section, title: "Sections",
                about: "The sections of the page, in order.",
                label: title, repeats: false, anchors: "", prose: [body], urls: [],
                fields: {},
                values: { show: Subject },
            }
            Pages {
                field: pages, item: OwnPage, title: "Own pages",
                about: "The pages that the publisher adds to the site, in the order of their file names.",
                label: title, repeats: false, anchors: "", prose: [body], urls: [],
                fields: {},
                values: { nav: Value, show: Subject },
            }
            Controls {
                field: controls, item: Control, title: "Security controls",
                about: "Security controls.",
                label: title, repeats: false, anchors: "", prose: [description], urls: [evidence],
                fields: {
                    id: required, title: required, group: optional, description: optional, status: default,
                    evidence: optional, last_verified: optional, frameworks: default,
                },
                values: { status: Value, evidence: Item, last_verified: Date },
            }
            Commitments {
                field: commitments, item: Commitment, title: "Service commitments",
                about: "Service commitments.",
                label: plan, repeats: true, anchors: "", prose: [details], urls: [],
                fields: {
                    id: required, plan: required, commitment: required, details: optional,
                    upcoming: default(upcoming_entries),
                },
                values: {},
            }
            Subprocessors {
                field: subprocessors, item: Subprocessor, title: "Subprocessors",
                about: "Processors engaged by the organization (GDPR Art. 28(2) and (4)).",
                label: name, repeats: false, anchors: "", prose: [], urls: [website, dpa_url, subprocessors_url, services],
                fields: {
                    id: required, name: required, former_names: default, purpose: required,
                    services: default(services), category: optional,
                    data_categories: default(some), condition: optional, legal_name: optional, lei: optional(lei),
                    euid: optional(euid), address: optional, contact: optional, website: optional, role: optional,
                    locations: default(locations), corporate_location: optional, transfer_mechanism: optional,
                    supplementary_measures: optional, dpa_url: optional, subprocessors_url: optional,
                    subject_matter: optional, duration: optional, retention: optional, data_subjects: default,
                    special_categories: optional, announced: optional, effective: optional, ends: optional,
                    replaces: optional, upcoming: default(upcoming_entries),
                },
                values: {
                    services: Fields, condition: Condition, role: Value, locations: Country, corporate_location: Country,
                    transfer_mechanism: Transfer, announced: Date, effective: Date, ends: Date, replaces: Item,
                },
            }
            Certifications {
                field: certifications, item: Certification, title: "Certifications and attestations",
                about: "Certifications and attestations.",
                label: framework, repeats: true, anchors: "", prose: [], urls: [registry_url],
                fields: {
                    id: required, framework: required, r#type: optional, status: optional, issuer: optional,
                    scope: optional, number: optional, valid_from: optional, valid_until: optional, period: optional,
                    issued: optional, bridge_until: optional, registry_url: optional, document: optional,
                    editions: default(some),
                },
                values: {
                    r#type: Value, status: Value, valid_from: Date, valid_until: Date, period: Period, issued: Date,
                    bridge_until: Date, document: Item, editions: Fields,
                },
            }
            Documents {
                field: documents, item: Document, title: "Documents",
                about: "Reports, policies and agreements.",
                label: title, repeats: false, anchors: "document-", prose: [], urls: [url, request_url, editions],
                fields: {
                    id: required, title: required, kind: optional, access: default, category: optional,
                    file: optional(static_path), url: optional, request_url: optional, version: optional,
                    date: optional, valid_until: optional, editions: default(some),
                    upcoming: default(upcoming_entries),
                } then check_files,
                values: { kind: Value, access: Value, date: Date, valid_until: Date, editions: Fields },
            }
            Faq {
                field: faq, item: Faq, title: "Questions and answers",
                about: "Questions and answers.",
                label: question, repeats: false, anchors: "faq-", prose: [answer], urls: [],
                fields: { id: required, question: required, answer: required },
                values: {},
            }
            Ai {
                field: ai, item: AiFeature, title: "AI features",
                about: "Features that use artificial intelligence, and what they do with customer data.",
                label: feature, repeats: false, anchors: "ai-", prose: [details], urls: [],
                fields: {
                    id: required, feature: required, provider: optional, model: optional,
                    data_categories: default(some), training: optional, retention: optional, regions: default(some),
                    human_oversight: optional, opt_out: optional, details: optional, upcoming: default(upcoming_entries),
                },
                values: { provider: Item, training: Value, regions: Country },
            }
            Questionnaires {
                field: questionnaires, item: Questionnaire, title: "Questionnaires",
                about: "Questionnaires of customers and standards, with answers.",
                label: title, repeats: false, anchors: "questionnaire-", prose: [], urls: [],
                fields: {
                    id: file_name, title: required, standard: optional, version: optional, reviewed: optional,
                    owner: optional, questions: default(questions),
                },
                values: { reviewed: Date, questions: Question, answer: Answer },
            }
            Updates {
                field: updates, item: Update, title: "Updates",
                about: "Incidents, advisories and other news.",
                label: title, repeats: true, anchors: "update-", prose: [body], urls: [],
                fields: {
                    id: file_name, title: required, kind: default, severity: optional, affected: optional,
                    status: optional, started: optional, resolved: optional, body: file_text,
                } then check_update,
                values: { kind: Value, severity: Value, status: Value, started: Date, resolved: Date },
            }
            Facts {
                field: facts, item: Fact, title: "Key facts",
                about: "Facts that reviewers look for, such as the notice of a breach and the recovery time.",
                label: title, repeats: true, anchors: "fact-", prose: [details], urls: [url],
                fields: {
                    id: required, title: required, kind: optional, plan: optional, minutes: optional(count),
                    hours: optional(count), days: optional(count), months: optional(count), years: optional(count),
                    percent: optional, regions: default(some), approval: optional, details: optional,
                    document: optional, url: optional,
                } then check_fact,
                values: { kind: Value, regions: Country, approval: Approval, document: Item },
            }
        }
    };
}
pub(crate) use for_each_list;

/// Returns the key of a field in records: without the prefix of a Rust keyword, such as `type`.
pub(crate) const fn field_key(identifier: &'static str) -> &'static str {
    match identifier.as_bytes() {
        [b'r', b'#', ..] => identifier.split_at(2).1,
        _ => identifier,
    }
}

/// The properties of one list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    name: &'static str,
    title: &'static str,
    about: &'static str,
    template: &'static str,
    label: &'static str,
    repeats: bool,
    anchors: &'static str,
}

/// An item of any list.
pub trait Item {
    /// The list that contains the item.
    fn list(&self) -> List;
    /// The id, which identifies the item across releases.
    fn id(&self) -> &Id;
    /// The name for readers.
    fn label(&self) -> &str;
    /// The Markdown of the item, by field; absent fields are left out.
    fn prose(&self) -> Vec<(&'static str, &str)>;
    /// The web addresses of the item, by the path of their field, such as `editions[0].url`; absent fields are left out.
    fn urls(&self) -> Vec<(Cow<'static, str>, &WebUrl)>;
    /// Puts another address in the place of each web address of the item for which the function returns one.
    fn replace_urls(&mut self, with: &dyn Fn(&WebUrl) -> Option<StatedUrl>);
    /// The upcoming changes of the item, in the order of the content.
    fn entries(&self) -> Vec<UpcomingEntry<'_>>;
}

/// The type of a list's items.
pub trait Listed: Item + Serialize {
    /// The list.
    const LIST: List;
}

macro_rules! define {
    ($($list:ident {
        field: $field:ident, item: $item:ident, title: $title:literal, about: $about:literal,
        label: $label:ident, repeats: $repeats:literal, anchors: $anchors:literal,
        prose: [$($prose:ident),*], urls: [$($url:ident),*], $($loaded:tt)*
    })*) => {
        /// A list of a disclosure.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum List {
            $(#[doc = $about] $list,)*
        }

        impl List {
            /// All lists, in the order of the release record.
            pub const ALL: &'static [List] = &[$(List::$list),*];

            const fn row(self) -> &'static Row {
                match self {
                    $(List::$list => &Row {
                        name: stringify!($field),
                        title: $title,
                        about: $about,
                        template: concat!("lists/", stringify!($field), ".html"),
                        label: stringify!($label),
                        repeats: $repeats,
                        anchors: $anchors,
                    },)*
                }
            }
        }

        $(
            impl Item for $item {
                fn list(&self) -> List {
                    List::$list
                }

                fn id(&self) -> &Id {
                    &self.id
                }

                fn label(&self) -> &str {
                    &self.$label
                }

                fn prose(&self) -> Vec<(&'static str, &str)> {
                    let fields: Vec<(&'static str, Option<&str>)> =
                        vec![$((stringify!($prose), self.$prose.markdown())),*];
                    fields.into_iter().filter_map(|(field, text)| Some((field, text?))).collect()
                }

                fn urls(&self) -> Vec<(Cow<'static, str>, &WebUrl)> {
                    let fields: Vec<Vec<(Cow<'static, str>, &WebUrl)>> = vec![$(self.$url.web_urls(stringify!($url))),*];
                    fields.into_iter().flatten().collect()
                }

                #[allow(unused_variables, reason = "some items have no web addresses")]
                fn replace_urls(&mut self, with: &dyn Fn(&WebUrl) -> Option<StatedUrl>) {
                    $(self.$url.replace_urls(with);)*
                }

                fn entries(&self) -> Vec<UpcomingEntry<'_>> {
                    self.upcoming().iter().map(UpcomingEntry::from).collect()
                }
            }

            impl Listed for $item {
                const LIST: List = List::$list;
            }
        )*

        impl Disclosure {
            /// The items of a list, in its order.
            pub fn items(&self, list: List) -> Vec<&dyn Item> {
                match list {
                    $(List::$list => self.$field.iter().map(|item| &**item as &dyn Item).collect(),)*
                }
            }

            /// Puts another address in the place of each web address of the disclosure for which the function returns one. Items
            /// without such an address stay shared.
            pub fn replace_urls(&mut self, with: &dyn Fn(&WebUrl) -> Option<StatedUrl>) {
                self.organization.url.replace_urls(with);
                self.contacts.replace_urls(with);
                let is_replaced = |item: &dyn Item| item.urls().iter().any(|(_, url)| with(url).is_some());
                $(for item in self.$field.iter_mut().filter(|item| is_replaced(&***item)) {
                    Arc::make_mut(item).replace_urls(with);
                })*
            }

            /// The web addresses in fields of the disclosure, with those of upcoming changes.
            pub fn urls(&self) -> Vec<&WebUrl> {
                let organization = self.organization.url.iter().filter_map(StatedUrl::link);
                let mut urls: Vec<&WebUrl> = organization.chain(self.contacts.urls()).collect();
                for list in List::ALL {
                    for item in self.items(*list) {
                        let later = item.entries().into_iter().map(|entry| entry.values);
                        let all = std::iter::once(item).chain(later).flat_map(|item| item.urls());
                        urls.extend(all.map(|(_, url)| url));
                    }
                }
                urls
            }

            /// The number of items of a list.
            pub fn count(&self, list: List) -> usize {
                match list {
                    $(List::$list => self.$field.len(),)*
                }
            }
        }
    };
}
for_each_list!(define);

macro_rules! overlays {
    ($($list:ident {
        field: $field:ident, item: $item:ident, title: $title:literal, about: $about:literal,
        label: $label:ident, repeats: $repeats:literal, anchors: $anchors:literal, prose: $prose:tt, urls: $urls:tt,
        fields: { $($name:ident: $how:ident $(($read:path))?),* $(,)? } $(then $check:ident)?, $($rest:tt)*
    })*) => {
        $(
            impl Overlay for $item {
                const ALL_FIELDS: &'static [(&'static str, bool)] =
                    &[$((field_key(stringify!($name)), matches!(stringify!($how).as_bytes(), b"required" | b"file_name"))),*];

                #[allow(unused_variables, reason = "sections and pages have no fields in the table")]
                fn read_value<'de, A: MapAccess<'de>>(&mut self, field: &str, map: &mut A) -> Result<(), A::Error> {
                    match field {
                        $(name if name == field_key(stringify!($name)) => self.$name = map.next_value()?,)*
                        _ => {}
                    }
                    Ok(())
                }

                #[allow(unused_variables, reason = "sections and pages have no fields in the table")]
                fn write_value<S: SerializeMap>(&self, field: &str, map: &mut S) -> Result<(), S::Error> {
                    match field {
                        $(name if name == field_key(stringify!($name)) => map.serialize_entry(field_key(stringify!($name)), &self.$name),)*
                        _ => Ok(()),
                    }
                }

                #[allow(unused_variables, reason = "sections and pages have no fields in the table")]
                fn copy_value(&mut self, from: &Self, field: &str) {
                    match field {
                        $(name if name == field_key(stringify!($name)) => self.$name = from.$name.clone(),)*
                        _ => {}
                    }
                }

                fn upcoming(&self) -> &[Upcoming<Self>] {
                    upcoming_of!(self, $($name)*)
                }

                #[allow(unused_variables, reason = "items without the field have no upcoming changes")]
                fn set_upcoming(&mut self, upcoming: Vec<Upcoming<Self>>) {
                    set_upcoming_of!(self, upcoming, $($name)*)
                }
            }
        )*
    };
}

/// The field `upcoming`, if it is among these fields.
macro_rules! upcoming_of {
    ($item:ident,) => { &[] };
    ($item:ident, upcoming $($rest:ident)*) => { &$item.upcoming };
    ($item:ident, $other:ident $($rest:ident)*) => { upcoming_of!($item, $($rest)*) };
}

macro_rules! set_upcoming_of {
    ($item:ident, $value:ident,) => { {} };
    ($item:ident, $value:ident, upcoming $($rest:ident)*) => { $item.upcoming = $value };
    ($item:ident, $value:ident, $other:ident $($rest:ident)*) => { set_upcoming_of!($item, $value, $($rest)*) };
}
for_each_list!(overlays);

impl List {
    /// The key in a record, and the stem of the file under `data/`.
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The title of the list in documentation and in new projects.
    pub const fn title(self) -> &'static str {
        self.row().title
    }

    /// What one item is called in messages, such as `update`.
    pub fn singular(self) -> &'static str {
        self.name().strip_suffix('s').unwrap_or(self.name())
    }

    /// The template that renders the list.
    pub const fn template(self) -> &'static str {
        self.row().template
    }

    /// A one-sentence description of the list.
    pub const fn about(self) -> &'static str {
        self.row().about
    }

    /// The field that has an item's name for readers.
    pub const fn label_field(self) -> &'static str {
        self.row().label
    }

    /// Whether two items may have the same label.
    pub const fn repeats_labels(self) -> bool {
        self.row().repeats
    }

    /// The anchor of an item on the trust page.
    pub fn anchor(self, id: &Id) -> String {
        format!("{}{id}", self.row().anchors)
    }

    /// The prefix of heading ids in an item's Markdown, so that the anchors of items cannot collide.
    pub fn heading_prefix(self, id: &Id) -> String {
        match self {
            List::Sections | List::Pages | List::Updates => format!("{id}--"),
            _ => format!("{self}-{id}--"),
        }
    }

    /// Whether each item is a file of its own, with front matter and a text.
    pub const fn is_written(self) -> bool {
        matches!(self, List::Sections | List::Pages | List::Updates)
    }

    /// Whether each item is a file of its own, whose name is its id, in the folder of the list. Sections and pages have folders, too,
    /// but no section shows them.
    pub const fn has_folder(self) -> bool {
        matches!(self, List::Questionnaires | List::Updates)
    }

    /// The ending of the files of a list with a folder.
    pub const fn ending(self) -> &'static str {
        if self.is_written() { ".md" } else { ".yaml" }
    }

    /// Whether the list always has pages of its own, so that no section needs to show it.
    pub const fn has_pages(self) -> bool {
        matches!(self, List::Subprocessors | List::Questionnaires | List::Updates)
    }

    /// The lists that a section or page can show.
    pub fn shown() -> impl Iterator<Item = List> {
        List::ALL.iter().copied().filter(|list| !matches!(list, List::Sections | List::Pages))
    }

    /// The lists that have a file under `data/`.
    pub fn data() -> impl Iterator<Item = List> {
        List::shown().filter(|list| !list.has_folder())
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
        List::ALL.iter().copied().find(|list| list.name() == text).ok_or_else(|| {
            let all: Vec<&str> = List::ALL.iter().map(|list| list.name()).collect();
            let message = format!("`{}` is not a list", text.escape_debug());
            Malformed::new(message, format!("use one of: {}", all.join(", ")))
        })
    }
}

/// A field that may hold Markdown.
trait Markdown {
    fn markdown(&self) -> Option<&str>;
}

impl Markdown for String {
    fn markdown(&self) -> Option<&str> {
        Some(self)
    }
}

impl Markdown for Option<String> {
    fn markdown(&self) -> Option<&str> {
        self.as_deref()
    }
}

/// A field that may hold web addresses.
trait Address {
    /// Returns the addresses with the paths of their fields; `field` is the name of this one.
    fn web_urls(&self, field: &'static str) -> Vec<(Cow<'static, str>, &WebUrl)>;
    /// Puts another address in the place of each for which the function returns one.
    fn replace_urls(&mut self, with: &dyn Fn(&WebUrl) -> Option<StatedUrl>);
}

impl Address for Option<StatedUrl> {
    fn web_urls(&self, field: &'static str) -> Vec<(Cow<'static, str>, &WebUrl)> {
        self.as_ref().and_then(StatedUrl::link).map(|url| (field.into(), url)).into_iter().collect()
    }

    fn replace_urls(&mut self, with: &dyn Fn(&WebUrl) -> Option<StatedUrl>) {
        if let Some(url) = self.as_ref().and_then(StatedUrl::link).and_then(with) {
            *self = Some(url);
        }
    }
}

impl Address for Option<Evidence> {
    fn web_urls(&self, field: &'static str) -> Vec<(Cow<'static, str>, &WebUrl)> {
        let url = match self {
            Some(Evidence::Url(url)) => url.link(),
            Some(Evidence::Document(_)) | None => None,
        };
        url.map(|url| (field.into(), url)).into_iter().collect()
    }

    fn replace_urls(&mut self, with: &dyn Fn(&WebUrl) -> Option<StatedUrl>) {
        if let Some(Evidence::Url(url)) = self
            && let Some(replaced) = url.link().and_then(with)
        {
            *url = replaced;
        }
    }
}

impl Address for Vec<Service> {
    fn web_urls(&self, field: &'static str) -> Vec<(Cow<'static, str>, &WebUrl)> {
        let urls = self.iter().map(|service| service.website.as_ref().and_then(StatedUrl::link)).enumerate();
        urls.filter_map(|(at, url)| Some((format!("{field}[{at}].website").into(), url?))).collect()
    }

    fn replace_urls(&mut self, with: &dyn Fn(&WebUrl) -> Option<StatedUrl>) {
        self.iter_mut().for_each(|service| service.website.replace_urls(with));
    }
}

impl Address for Vec<DocumentEdition> {
    fn web_urls(&self, field: &'static str) -> Vec<(Cow<'static, str>, &WebUrl)> {
        let urls = self.iter().map(|edition| edition.url.as_ref().and_then(StatedUrl::link)).enumerate();
        urls.filter_map(|(at, url)| Some((format!("{field}[{at}].url").into(), url?))).collect()
    }

    fn replace_urls(&mut self, with: &dyn Fn(&WebUrl) -> Option<StatedUrl>) {
        self.iter_mut().for_each(|edition| edition.url.replace_urls(with));
    }
}
