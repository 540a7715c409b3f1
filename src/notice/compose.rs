//! Composes the notice of a release: one value, which the writers of all formats share.
//!
//! A notice states the changes that require customer notice, from one release to a later one, as of the date of the later one. It
//! does not depend on the day on which it is composed, so that everybody who gets it reads the same.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::change::{Describing, NoticeChange};
use super::choice::Customer;
use super::message::Message;
use super::{html, json, text};
use crate::diagnostic::Report;
use crate::formats::calendar;
use crate::history::upcoming::CalendarChange;
use crate::history::{Change, Changes, DatedChange, DatedId, History, Release, Subject};
use crate::model::{CustomerChoice, Date, Digest, Id, Language, List, Malformed, Statement, Version};
use crate::publication::Publication;
use crate::render::{Reason, Renderer};
use crate::schedule;
use crate::site::map::{PageKind, release_page, release_record};
use crate::wording::Catalog;

/// The reader of a notice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reader {
    /// The name of the person.
    pub name: Option<String>,
    /// The name of the customer.
    pub customer: Option<String>,
    /// The features that the customer uses, and the customer's values of dimensions; `None` if they are not known, so that the notice
    /// states all changes.
    pub choice: Option<CustomerChoice>,
}

/// Composes the notices of a release in one language.
pub struct Composer {
    publication: Arc<Publication>,
    strings: Arc<Catalog>,
    language: Language,
    /// The positions of the old and the new release, counted from the oldest.
    old: usize,
    new: usize,
    reason: Reason,
}

/// A notice for one reader.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// The language of the text.
    pub language: Language,
    /// The name of the organization.
    pub organization: String,
    /// The release with which the new one is compared.
    pub previous: (Version, Digest),
    /// The release that states the changes.
    pub version: Version,
    /// The date of its publication.
    pub published: Date,
    /// SHA-256 of its record as it is published.
    pub digest: Digest,
    /// SHA-256 of its original record.
    pub record: Digest,
    /// The subject, in one line.
    pub subject: String,
    /// The first lines: the salutation, and what the notice is about.
    pub opening: Vec<String>,
    /// The summary of the release.
    pub reason: Reason,
    /// The changes, in the order of the page.
    pub changes: Vec<NoticeChange>,
    /// How customers object; `None` if there is nothing to object to.
    pub how_to_object: Option<String>,
    /// Label and address of each page that the notice refers to; empty without `base_url`.
    pub links: Vec<(String, String)>,
    /// The selection that the notice is for.
    pub choice: Option<CustomerChoice>,
}

impl Composer {
    /// Prepares the notices from one release to a later one, given by their positions counted from the oldest. The renderer has the
    /// strings of the language.
    ///
    /// # Errors
    /// If the summary cannot be rendered.
    pub fn new(
        publication: Arc<Publication>,
        renderer: &Renderer,
        language: Language,
        [old, new]: [usize; 2],
    ) -> Result<Composer, Report> {
        let reason = renderer.reason(new, &publication.absolute("").unwrap_or_default())?;
        Ok(Composer { strings: renderer.shared_strings(), publication, language, old, new, reason })
    }

    /// The release that states the changes.
    pub fn release(&self) -> &Release {
        &self.history().releases()[self.new]
    }

    fn previous(&self) -> &Release {
        &self.history().releases()[self.old]
    }

    fn history(&self) -> &History {
        &self.publication.history
    }

    /// The strings of the notice.
    pub fn strings(&self) -> &Catalog {
        &self.strings
    }

    /// Returns what arguments such as `SendGrid` and `region=EU` state about a customer; `None` if there are none.
    ///
    /// # Errors
    /// If neither release names such a feature or value.
    pub fn choice(&self, arguments: &[String]) -> Result<Option<CustomerChoice>, Malformed> {
        schedule::choice(arguments, &[&self.release().disclosure, &self.previous().disclosure])
    }

    /// Whether any change requires notice.
    pub fn has_changes(&self) -> bool {
        !self.changes(&Reader::default()).is_empty()
    }

    /// Composes the notice for a reader; `None` if no change that applies to the reader requires notice.
    pub fn compose(&self, reader: &Reader) -> Option<Notice> {
        let changes = self.changes(reader);
        if changes.is_empty() {
            return None;
        }
        let (strings, release) = (&*self.strings, self.release());
        let organization = &release.disclosure.organization.name;
        let absolute = |path: &str| self.publication.absolute(path);
        let links = [
            ("changelog.page", release_page(release.version)),
            ("changelog.record", release_record(release.version)),
            ("subprocessors.title", PageKind::Subprocessors.path("")),
            ("subscribe.title", PageKind::Subscribe.path("")),
        ];
        let version = release.version.to_string();
        let key = match changes.iter().any(|change| change.object_by.is_some()) {
            true => "message.object",
            false => "message.object-without-deadline",
        };
        let how_to_object = changes
            .iter()
            .any(|change| change.object_to.is_some())
            .then(|| strings.fill(key, &[("version", &version)]));
        Some(Notice {
            language: self.language.clone(),
            organization: organization.clone(),
            previous: (self.previous().version, self.previous().digest),
            version: release.version,
            published: release.published,
            digest: release.digest,
            record: release.link().sha256,
            subject: self.subject(&changes),
            opening: self.opening(reader, changes.len()),
            reason: self.reason.clone(),
            how_to_object,
            links: links
                .into_iter()
                .filter_map(|(key, path)| Some((strings.get(key).to_owned(), absolute(&path)?)))
                .collect(),
            choice: reader.choice.clone(),
            changes,
        })
    }

    /// Composes the notice as a message.
    pub fn message(&self, reader: &Reader) -> Option<Message> {
        let notice = self.compose(reader)?;
        Some(Message {
            version: notice.version,
            record: notice.record,
            subject: notice.subject.clone(),
            text: text::write(&notice, &self.strings),
            html: html::write(&notice, &self.strings),
            json: json::write(&notice, &self.strings),
        })
    }

    /// Returns a calendar with the dates of the changes in a notice, as the newest release states them.
    pub fn calendar(&self, notice: &Notice) -> Vec<u8> {
        let timeline = self.history().timeline();
        let entry = |change: &NoticeChange| {
            let (list, item, entry) = (change.list, change.id.clone(), change.entry.clone()?);
            timeline.calendar_change(&DatedId { list, item, entry })
        };
        let changes: Vec<&CalendarChange> = notice.changes.iter().filter_map(entry).collect();
        calendar(&self.publication, &self.strings, &changes)
    }

    /// Returns the changes that apply to a reader and require notice.
    fn changes(&self, reader: &Reader) -> Vec<NoticeChange> {
        let (old, new) = (self.previous(), self.release());
        let customer = Customer::new(reader.choice.as_ref(), new);
        let [before, after] = [old, new].map(|release| customer.stated(&release.disclosure));
        let before = Statement { disclosure: &before, ..old.statement() };
        let now = &*after;
        let after = Statement { disclosure: now, ..new.statement() };
        let timeline = self.history().timeline();
        // The newest statement of a change counts, so it comes last.
        let dated = (self.old + 1..=self.new).flat_map(|at| timeline.at(at));
        let dated: HashMap<DatedId, _> = dated.map(|change| (change.id.clone(), change)).collect();
        let absolute = |path: &str| self.publication.absolute(path);
        let file = |path: &str| absolute(&self.publication.assets.get(path)?.path.to_url());
        // What the earlier release announced already needs no second notice.
        let known: HashSet<&DatedId> = timeline.at(self.old).iter().map(|change| &change.id).collect();
        let mut took_effect: HashMap<(List, &Id), Vec<&DatedChange>> = HashMap::new();
        for change in timeline.took_effect(self.old + 1..self.new, &new.disclosure, new.published) {
            if !known.contains(&change.id) {
                took_effect.entry((change.id.list, &change.id.item)).or_default().push(change);
            }
        }
        let describing = Describing {
            strings: &self.strings,
            release: new,
            history: self.history(),
            span: self.old + 1..=self.new,
            customer,
            dated,
            now,
            took_effect,
            absolute: &absolute,
            file: &file,
        };
        let took_effect = |change: &Change| match (change.subject(), change.id()) {
            (Subject::List(list), Some(id)) => describing.took_effect.contains_key(&(list, id)),
            _ => false,
        };
        let applies = |change: &&Change| {
            (change.notice() || took_effect(change))
                && (change.subject() != Subject::List(List::Subprocessors)
                    || change
                        .id()
                        .is_none_or(|id| describing.customer.is_concerned(id, &[&old.disclosure, &new.disclosure])))
        };
        let changes = Changes::between(before, after);
        changes.iter().filter(applies).flat_map(|change| describing.notices(change)).collect()
    }

    fn subject(&self, changes: &[NoticeChange]) -> String {
        let strings = &self.strings;
        let organization = ("organization", self.release().disclosure.organization.name.as_str());
        let subject = match changes {
            [change] => {
                let title = strings.in_sentence(&change.title);
                strings.fill("message.subject-one", &[organization, ("name", &change.name), ("change", &title)])
            }
            changes => strings.fill("message.subject-many", &[organization, ("n", &changes.len().to_string())]),
        };
        let published = self.release().published;
        let deadlines = changes.iter().filter_map(|change| change.object_by).filter(|last| *last >= published);
        let deadlines: Vec<Date> = deadlines.collect();
        let Some(first) = deadlines.iter().min() else { return subject };
        let is_one = deadlines.iter().all(|deadline| deadline == first);
        let key = if is_one { "upcoming.object-by" } else { "message.first-deadline" };
        let deadline = strings.fill(key, &[("date", &strings.date(*first))]);
        strings.fill("message.subject-deadline", &[("subject", &subject), ("deadline", &deadline)])
    }

    fn opening(&self, reader: &Reader, count: usize) -> Vec<String> {
        let (strings, release) = (&self.strings, self.release());
        let mut lines = vec![match &reader.name {
            Some(name) => strings.fill("message.hello-name", &[("name", name)]),
            None => strings.get("message.hello").to_owned(),
        }];
        let (n, date, version) = (count.to_string(), strings.date(release.published), release.version.to_string());
        let values = [
            ("organization", release.disclosure.organization.name.as_str()),
            ("n", &n),
            ("date", &date),
            ("version", &version),
        ];
        let is_span = self.new - self.old > 1;
        let previous = self.previous().version.to_string();
        let values = [&values[..], &[("previous", &previous)]].concat();
        let intro = if is_span { "message.intro-span" } else { "message.intro" };
        lines.push(strings.fill_count(intro, count, &values));
        lines.extend(
            reader.customer.as_ref().map(|customer| strings.fill("message.customer", &[("customer", customer)])),
        );
        lines.extend(reader.choice.as_ref().map(|choice| {
            let answers = choice.dimensions.iter().map(|(name, value)| format!("{} {value}", strings.dimension(name)));
            let names: Vec<String> = choice.features.iter().cloned().chain(answers).collect();
            strings.fill("message.choice", &[("choice", &names.join(", "))])
        }));
        lines
    }
}
