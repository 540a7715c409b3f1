//! Items of lists.

use std::sync::Arc;

use serde::Serialize;
use tera::Value;

use crate::model::{
    Certification, CertificationStatus, Commitment, Contact, Control, ControlStatus, CountryCode, Date, Disclosure,
    Document, Faq, Id, StatedUrl, Subprocessor,
};
use crate::render::date::DateView;
use crate::schedule;
use crate::text::percent;
use crate::wording::Catalog;

/// A link: where to and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct LinkView {
    /// Target; for pages of the site, the path below the root. Empty where there is nothing to link to.
    pub href: String,
    /// What it says.
    pub text: String,
}

/// How an item with dates stands to the day that the page speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Moment {
    /// Its first day is still to come.
    Upcoming,
    /// It applies.
    Current,
    /// Its last day is over.
    Ended,
}

impl Moment {
    /// Where `day` stands between two dates, each of which may be open.
    pub fn of(day: Date, first: Option<Date>, last: Option<Date>) -> Moment {
        if first.is_some_and(|first| first > day) {
            Moment::Upcoming
        } else if last.is_some_and(|last| last < day) {
            Moment::Ended
        } else {
            Moment::Current
        }
    }
}

/// Which optional columns the table of subprocessors has: those that some row fills.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Columns {
    /// Some subprocessor has a condition.
    pub condition: bool,
    /// Some subprocessor has a location.
    pub locations: bool,
    /// Some subprocessor has a transfer mechanism.
    pub transfer: bool,
}

impl Columns {
    /// The columns for the subprocessors of a disclosure.
    pub fn of(disclosure: &Disclosure) -> Columns {
        let any = |filled: fn(&Subprocessor) -> bool| disclosure.subprocessors.iter().any(|item| filled(item));
        Columns {
            condition: any(|item| item.condition.is_some()),
            locations: any(|item| !item.locations.is_empty() || item.corporate_location.is_some()),
            transfer: any(|item| item.transfer_mechanism.is_some()),
        }
    }
}

/// A country: `code` and `name`.
#[derive(Debug, Clone, Serialize)]
pub struct CountryView {
    /// ISO 3166-1 alpha-2.
    pub code: String,
    /// Short name.
    pub name: String,
}

impl CountryView {
    fn new(code: &CountryCode, words: &Catalog) -> CountryView {
        CountryView { code: code.as_str().to_owned(), name: words.country(code.as_str()).to_owned() }
    }
}

/// A subprocessor.
#[derive(Debug, Clone, Serialize)]
pub struct SubprocessorView {
    /// Id, which is its anchor too.
    pub id: String,
    /// Name.
    pub name: String,
    /// What it does.
    pub purpose: String,
    /// Categories of data.
    pub data_categories: Vec<String>,
    /// Whether it applies only under a condition.
    pub conditional: bool,
    /// When it applies, in words: `Always`, `Only with SendGrid`.
    pub applies: String,
    /// The feature that its condition names.
    pub feature: Option<String>,
    /// Registered name.
    pub legal_name: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// Contact person.
    pub contact: Option<String>,
    /// Website.
    pub website: Option<String>,
    /// Relation to the organisation, in words.
    pub role: Option<String>,
    /// Countries of processing.
    pub locations: Vec<CountryView>,
    /// Country of establishment.
    pub corporate_location: Option<CountryView>,
    /// What makes a transfer lawful, in words.
    pub transfer_mechanism: Option<String>,
    /// Its data-processing agreement.
    pub dpa_url: Option<String>,
    /// Its own subprocessors.
    pub subprocessors_url: Option<String>,
    /// Subject matter of the processing.
    pub subject_matter: Option<String>,
    /// Duration of the processing.
    pub duration: Option<String>,
    /// Categories of data subjects.
    pub data_subjects: Vec<String>,
    /// Special categories of data.
    pub special_categories: Option<String>,
    /// Day of the announcement.
    pub announced: Option<DateView>,
    /// First day.
    pub effective: Option<DateView>,
    /// Last day.
    pub ends: Option<DateView>,
    /// Whom it replaces: a link to that subprocessor's row where the table has it.
    pub replaces: Option<LinkView>,
    /// How its dates stand to the day of the page.
    pub moment: Moment,
    /// What else is known, one line each.
    pub details: Vec<DetailView>,
}

/// A line of details.
#[derive(Debug, Clone, Serialize)]
pub struct DetailView {
    /// What it is.
    pub label: String,
    /// What it says.
    pub text: String,
    /// Target of a link to it, if it is an address.
    pub href: Option<String>,
}

/// What is known of a subprocessor besides what has a column of its own, in the order of SCC Annex III.
fn details(item: &Subprocessor, words: &Catalog) -> Vec<DetailView> {
    let mut details = Vec::new();
    let mut add = |field: &str, text: Option<String>, href: Option<String>| {
        if let Some(text) = text {
            details.push(DetailView { label: words.field(field).to_owned(), text, href });
        }
    };
    let text = |url: &Option<StatedUrl>| url.as_ref().map(ToString::to_string);
    let date = |date: Option<Date>| date.map(|date| words.date(date));
    let joined = |texts: &[String]| (!texts.is_empty()).then(|| texts.join(", "));
    add("address", item.address.clone(), None);
    add("contact", item.contact.clone(), None);
    add("website", text(&item.website), link(&item.website));
    add("role", item.role.as_ref().map(|role| words.value(role.as_str()).to_owned()), None);
    add("corporate_location", item.corporate_location.as_ref().map(|code| CountryView::new(code, words).name), None);
    add("subject_matter", item.subject_matter.clone(), None);
    add("duration", item.duration.clone(), None);
    add("data_subjects", joined(&item.data_subjects), None);
    add("special_categories", item.special_categories.clone(), None);
    add("dpa_url", text(&item.dpa_url), link(&item.dpa_url));
    add("subprocessors_url", text(&item.subprocessors_url), link(&item.subprocessors_url));
    add("announced", date(item.announced), None);
    add("effective", date(item.effective), None);
    add("ends", date(item.ends), None);
    details
}

/// The target of a link to a stated address; none where it is not one that can be linked.
fn link(url: &Option<StatedUrl>) -> Option<String> {
    url.as_ref().and_then(StatedUrl::link).map(ToString::to_string)
}

impl SubprocessorView {
    /// The subprocessor of `disclosure` that this one replaces: a link to it in a table with rows for the ids that `has_row`,
    /// else its name or id.
    pub fn replaced(item: &Subprocessor, disclosure: &Disclosure, has_row: impl Fn(&Id) -> bool) -> Option<LinkView> {
        item.replaces.as_ref().map(|id| {
            let other = disclosure.subprocessors.iter().find(|other| other.id == *id);
            LinkView {
                href: if has_row(id) { format!("#{id}") } else { String::new() },
                text: other.map_or_else(|| id.to_string(), |other| other.name.clone()),
            }
        })
    }

    /// The view of a subprocessor that [replaces](Self::replaced) another, at a moment of its own dates.
    pub fn new(item: &Subprocessor, replaces: Option<LinkView>, moment: Moment, words: &Catalog) -> SubprocessorView {
        let date = |date: Option<Date>| date.map(|date| DateView::new(date, words));
        SubprocessorView {
            id: item.id.to_string(),
            name: item.name.clone(),
            purpose: item.purpose.clone(),
            data_categories: item.data_categories.clone(),
            conditional: item.condition.is_some(),
            applies: schedule::condition(item, words),
            feature: item.condition.as_ref().map(|condition| condition.feature.clone()),
            legal_name: item.legal_name.clone(),
            address: item.address.clone(),
            contact: item.contact.clone(),
            website: link(&item.website),
            role: item.role.as_ref().map(|role| words.value(role.as_str()).to_owned()),
            locations: item.locations.iter().map(|code| CountryView::new(code, words)).collect(),
            corporate_location: item.corporate_location.as_ref().map(|code| CountryView::new(code, words)),
            transfer_mechanism: item.transfer_mechanism.as_ref().map(|it| words.value(it.as_str()).to_owned()),
            dpa_url: link(&item.dpa_url),
            subprocessors_url: link(&item.subprocessors_url),
            subject_matter: item.subject_matter.clone(),
            duration: item.duration.clone(),
            data_subjects: item.data_subjects.clone(),
            special_categories: item.special_categories.clone(),
            announced: date(item.announced),
            effective: date(item.effective),
            ends: date(item.ends),
            replaces,
            moment,
            details: details(item, words),
        }
    }
}

/// Controls under one heading.
#[derive(Debug, Clone, Serialize)]
pub struct ControlGroup {
    /// The heading; none for controls without a group.
    pub name: Option<String>,
    /// The controls.
    pub controls: Vec<ControlView>,
}

/// A security control.
#[derive(Debug, Clone, Serialize)]
pub struct ControlView {
    /// Id, which is its anchor too.
    pub id: String,
    /// What is done.
    pub title: String,
    /// Details, as HTML.
    pub description: Option<Value>,
    /// `implemented`, `partial` or `planned`.
    pub status: String,
    /// The status in words.
    pub status_label: String,
    /// Whether it is in place.
    pub implemented: bool,
    /// Where it can be checked; `href` is complete, and empty where the text cannot be linked.
    pub evidence: Option<LinkView>,
    /// When it was last checked.
    pub last_verified: Option<DateView>,
    /// Clauses that it answers.
    pub frameworks: Vec<String>,
}

impl ControlView {
    /// The view of a control; `description` is its Markdown as HTML, `evidence` leads to what proves it.
    pub fn new(item: &Control, description: Option<Value>, evidence: Option<LinkView>, words: &Catalog) -> ControlView {
        ControlView {
            id: item.id.to_string(),
            title: item.title.clone(),
            description,
            status: item.status.as_str().to_owned(),
            status_label: words.value(item.status.as_str()).to_owned(),
            implemented: item.status == ControlStatus::Implemented,
            evidence,
            last_verified: item.last_verified.map(|date| DateView::new(date, words)),
            frameworks: item.frameworks.clone(),
        }
    }
}

/// A service commitment.
#[derive(Debug, Clone, Serialize)]
pub struct CommitmentView {
    /// Id.
    pub id: String,
    /// The plan.
    pub plan: String,
    /// What is promised.
    pub commitment: String,
    /// Details, as HTML.
    pub details: Option<Value>,
}

impl CommitmentView {
    /// The view of a commitment; `details` is its Markdown as HTML.
    pub fn new(item: &Commitment, details: Option<Value>) -> CommitmentView {
        CommitmentView {
            id: item.id.to_string(),
            plan: item.plan.clone(),
            commitment: item.commitment.clone(),
            details,
        }
    }
}

/// A certification.
#[derive(Debug, Clone, Serialize)]
pub struct CertificationView {
    /// Id, which is its anchor too.
    pub id: String,
    /// The standard.
    pub framework: String,
    /// `active`, `in-progress` or `expired`, as its dates stand on the day of the page.
    pub status: String,
    /// The status in words.
    pub status_label: String,
    /// Who issued it.
    pub issuer: Option<String>,
    /// What it covers.
    pub scope: Option<String>,
    /// First day of validity.
    pub valid_from: Option<DateView>,
    /// Last day of validity.
    pub valid_until: Option<DateView>,
    /// Its dates in words.
    pub validity: Option<String>,
    /// The document that proves it; `href` is complete.
    pub document: Option<LinkView>,
}

/// What may be claimed of a certification on the day `day`: never more than its own dates do.
pub fn standing(item: &Certification, day: Date) -> CertificationStatus {
    match (&item.status, Moment::of(day, item.valid_from, item.valid_until)) {
        (Some(CertificationStatus::InProgress), _) | (None, Moment::Upcoming) => CertificationStatus::InProgress,
        (Some(CertificationStatus::Expired), _) | (_, Moment::Ended) => CertificationStatus::Expired,
        (Some(CertificationStatus::Unknown(word)), _) => CertificationStatus::Unknown(Arc::clone(word)),
        _ => CertificationStatus::Active,
    }
}

impl CertificationView {
    /// The view of a certification on the day `day`. A certificate whose last day is over is shown as
    /// expired, whatever its status says: the page must not claim more than its own dates do. `document` leads to what
    /// proves it.
    pub fn new(item: &Certification, document: Option<LinkView>, day: Date, words: &Catalog) -> CertificationView {
        let status = standing(item, day);
        let from = item.valid_from.map(|date| DateView::new(date, words));
        let until = item.valid_until.map(|date| DateView::new(date, words));
        let validity = match (&from, &until) {
            (None, None) => None,
            (Some(from), None) => Some(words.fill("certifications.valid-from", &[("date", &from.text)])),
            (None, Some(until)) => Some(words.fill("certifications.valid-until", &[("date", &until.text)])),
            (Some(from), Some(until)) => {
                Some(words.fill("certifications.valid-range", &[("from", &from.text), ("until", &until.text)]))
            }
        };
        CertificationView {
            id: item.id.to_string(),
            framework: item.framework.clone(),
            status: status.as_str().to_owned(),
            status_label: words.value(status.as_str()).to_owned(),
            issuer: item.issuer.clone(),
            scope: item.scope.clone(),
            valid_from: from,
            valid_until: until,
            validity,
            document,
        }
    }
}

/// Documents under one heading.
#[derive(Debug, Clone, Serialize)]
pub struct DocumentGroup {
    /// The heading; none for documents without a category.
    pub name: Option<String>,
    /// The documents.
    pub documents: Vec<DocumentView>,
}

/// A document.
#[derive(Debug, Clone, Serialize)]
pub struct DocumentView {
    /// Id; its anchor is `document-ID`.
    pub id: String,
    /// Title.
    pub title: String,
    /// `public`, `request` or `nda`.
    pub access: String,
    /// The access in words.
    pub access_label: String,
    /// Where it is, as a link on this page.
    pub href: Option<String>,
    /// Where it is, where that is a text that cannot be linked.
    pub address: Option<String>,
    /// A `mailto:` link that asks for it, where it is not public and there is an address to ask.
    pub request_href: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Its date.
    pub date: Option<DateView>,
    /// Last day on which it may be relied on.
    pub valid_until: Option<DateView>,
}

impl DocumentView {
    /// The view of a document; `published` returns how the page links to a file of `static/`, if the site has it.
    pub fn new(
        item: &Document,
        published: impl Fn(&str) -> Option<String>,
        disclosure: &Disclosure,
        words: &Catalog,
    ) -> DocumentView {
        let asks = !item.access.is_public();
        let address = disclosure.contacts.get("security").or_else(|| disclosure.contacts.get("privacy"));
        let request_href = address.and_then(Contact::email).filter(|_| asks).map(|email| {
            let subject = words.fill("documents.request-subject", &[("title", &item.title)]);
            format!("{}?subject={}", email.mailto(), percent::component(&subject))
        });
        DocumentView {
            id: item.id.to_string(),
            title: item.title.clone(),
            access: item.access.as_str().to_owned(),
            access_label: words.value(item.access.as_str()).to_owned(),
            href: item.public_file().and_then(published).or_else(|| link(&item.url)),
            address: match &item.url {
                Some(StatedUrl::Text(text)) => Some(text.clone()),
                _ => None,
            },
            request_href,
            version: item.version.clone(),
            date: item.date.map(|date| DateView::new(date, words)),
            valid_until: item.valid_until.map(|date| DateView::new(date, words)),
        }
    }
}

/// A question with its answer.
#[derive(Debug, Clone, Serialize)]
pub struct FaqView {
    /// Id; its anchor is `faq-ID`.
    pub id: String,
    /// The question.
    pub question: String,
    /// The answer, as HTML.
    pub answer: Value,
}

impl FaqView {
    /// The view of a question; `answer` is its Markdown as HTML.
    pub fn new(item: &Faq, answer: Value) -> FaqView {
        FaqView { id: item.id.to_string(), question: item.question.clone(), answer }
    }
}

/// A way to reach the organisation.
#[derive(Debug, Clone, Serialize)]
pub struct ContactView {
    /// What it is for: `privacy`, `security`, `support` or another id.
    pub purpose: String,
    /// The same in words.
    pub label: String,
    /// The address or text.
    pub text: String,
    /// Target of a link to it, if it has one.
    pub href: Option<String>,
}

impl ContactView {
    /// The view of a contact.
    pub fn new(purpose: &Id, contact: &Contact, words: &Catalog) -> ContactView {
        let label = words.contact(purpose.as_str());
        ContactView { purpose: purpose.to_string(), label, text: contact.to_string(), href: contact.href() }
    }
}
