//! Changes that take effect on a later date, on the trust page and on the page of subprocessors, and the page about
//! subscriptions.

use std::fmt::Write;
use std::rc::Rc;

use super::anchors::PageLinks;
use super::copy::{MarkdownCopy, bullets};
use super::date::DateView;
use super::edition::Edition;
use super::renderer::Renderer;
use super::view::{EffectiveView, SubscribeFormView, SubscribeView, UpcomingView, release_link};
use crate::diagnostic::Report;
use crate::history::{DatedChange, DatedState, Names};
use crate::model::List;
use crate::site::map::{Output, PageKind, notice_calendar};
use crate::text::markdown::{escape, link};
use crate::text::percent;
use crate::wording::dated::{self, AnnouncedDocument, Objection};
use crate::wording::phrase::Phrasing;

impl Renderer {
    /// Returns the changes that are still to come on the date of an edition, in the order in which they take effect; none for
    /// archived pages.
    pub(super) fn upcoming(&self, edition: &Edition) -> Vec<UpcomingView> {
        if matches!(edition, Edition::Archived { .. }) {
            return Vec::new();
        }
        let changes = self.publication().upcoming();
        changes
            .iter()
            .filter(|change| change.state_on(edition.date()).is_to_come())
            .map(|change| self.upcoming_view(change, edition))
            .collect()
    }

    pub(super) fn upcoming_view(&self, change: &DatedChange, edition: &Edition) -> UpcomingView {
        let strings = self.strings();
        let state = change.state_on(edition.date());
        let (parts, facts) = dated::described(change, strings);
        let is_open = state == DatedState::Announced;
        let contact = edition.disclosure().contacts.get(change.terms.contact()).filter(|_| is_open);
        let object_href = contact.zip(edition.release()).and_then(|(contact, release)| {
            let objection = Objection {
                organization: &edition.disclosure().organization.name,
                name: &change.label,
                change: dated::kind(change, strings),
                effective: change.effective,
                version: release.version,
                digest: release.digest,
            };
            objection.href(contact, strings)
        });
        UpcomingView {
            anchor: dated::anchor(&change.id),
            item: change.id.item.to_string(),
            list: change.id.list.to_string(),
            name: change.label.clone(),
            href: entry_href(change),
            kind: dated::kind_name(change.kind).to_owned(),
            kind_label: dated::kind(change, strings).to_owned(),
            state: state.name().to_owned(),
            state_label: dated::state(state, strings).to_owned(),
            announced: change.announced.map(|date| DateView::new(date, strings)),
            object_by: change.object_by().map(|date| DateView::new(date, strings)),
            counted: dated::counted(change, strings),
            effective: DateView::new(change.effective, strings),
            effective_label: dated::effective(change.kind, strings).to_owned(),
            note: change.note.clone(),
            basis: change.terms.basis.clone(),
            parts,
            pieces: Vec::new(),
            facts,
            object_href,
            object_to: contact.map(ToString::to_string),
            document_path: match dated::document(change) {
                Some(AnnouncedDocument::File(path)) => self.published_url(path),
                _ => None,
            },
            document_href: match dated::document(change) {
                Some(AnnouncedDocument::Url(url)) => Some(url.to_owned()),
                _ => None,
            },
            calendar: edition.release().and_then(|_| dated::calendar_name(change)).map(|name| notice_calendar(&name)),
        }
    }

    /// Returns the announced changes that have taken effect by the date of an edition, the newest first.
    pub(super) fn taken_effect(&self, edition: &Edition) -> Vec<EffectiveView> {
        let (history, strings) = (&self.publication().history, self.strings());
        let names = Phrasing::new(strings).with_names(Names::of(history));
        let mut changes: Vec<_> = history.timeline().taken_effect_by(edition.date()).collect();
        changes.sort_by_key(|(change, _)| std::cmp::Reverse(change.effective));
        let view = |(change, announced): (&DatedChange, usize)| EffectiveView {
            name: change.label.clone(),
            href: entry_href(change),
            kind: dated::kind_name(change.kind).to_owned(),
            kind_label: dated::kind(change, strings).to_owned(),
            effective: DateView::new(change.effective, strings),
            note: change.note.clone(),
            parts: dated::described_by(change, names, strings).0,
            release: release_link(history.releases()[announced].version),
        };
        changes.into_iter().map(view).collect()
    }

    /// Returns the values of the page about subscriptions.
    pub(super) fn subscribe_view(&self, edition: &Edition) -> SubscribeView {
        let settings = self.publication().settings.subscribe.clone().unwrap_or_default();
        let strings = self.strings();
        let organization = edition.disclosure().organization.name.as_str();
        let email = settings.email.as_ref().map(|email| {
            let subject = percent::component(&strings.fill("subscribe.subject", &[("organization", organization)]));
            (format!("{}?subject={subject}", email.mailto()), email.to_string())
        });
        let absolute = |path: &str| self.publication().absolute(path);
        // A calendar program subscribes to the address with this scheme, and browsers download the other one.
        let calendar = settings.calendar.unwrap_or(true);
        let webcal =
            absolute("notices.ics").and_then(|address| Some(format!("webcal://{}", address.split_once("://")?.1)));
        SubscribeView {
            email_href: email.as_ref().map(|(href, _)| href.clone()),
            email: email.map(|(_, text)| text),
            form: settings.form.as_ref().map(|form| SubscribeFormView {
                action: form.action.to_string(),
                method: form.method.as_str().to_owned(),
                field: form.field().to_owned(),
            }),
            calendar: calendar.then(|| "notices.ics".to_owned()),
            calendar_href: webcal.filter(|_| calendar),
            feed: self.facts().find(Output::AtomFeed).map(|feed| feed.path.to_string()),
            feed_address: absolute("feed.xml"),
            updates_feed: self.facts().updates_feed().map(str::to_owned),
            updates_address: self.facts().updates_feed().and_then(absolute),
            repository: settings.repository.map(|url| url.to_string()),
        }
    }

    /// Renders the page about subscriptions.
    pub(super) fn subscribe_page(&self, edition: &Edition, links: &Rc<PageLinks>) -> Result<String, Report> {
        let title = self.strings().get("subscribe.title").to_owned();
        let location = self.location(PageKind::Subscribe, "", title, edition, links);
        let mut context = self.page_context(edition, &location)?;
        context.insert("subscribe", &self.subscribe_view(edition));
        self.render("subscribe.html", &context)
    }
}

/// Returns the path of the row of a subprocessor that changes.
fn entry_href(change: &DatedChange) -> Option<String> {
    let is_subprocessor = change.id.list == List::Subprocessors;
    is_subprocessor.then(|| format!("{}#{}", PageKind::Subprocessors.path(""), change.id.item))
}

/// Formats the upcoming changes for the Markdown copy of the trust page; empty if there are none.
pub(super) fn markdown(copy: &MarkdownCopy<'_>, upcoming: &[UpcomingView]) -> String {
    if upcoming.is_empty() {
        return String::new();
    }
    let strings = copy.strings();
    let mut text = format!("\n## {}\n", escape(strings.get("upcoming.title")));
    for change in upcoming {
        let _ = writeln!(text, "\n### {}: {}\n", escape(&change.name), escape(&change.kind_label));
        let fact = |label: &str, value: &str| format!("{}: {}", escape(label), escape(value));
        let mut lines = vec![fact(strings.get("upcoming.state"), &change.state_label)];
        lines.extend(change.announced.as_ref().map(|date| fact(strings.field("announced"), &date.text)));
        lines.extend(change.object_by.as_ref().map(|date| {
            let counted = change.counted.as_deref().unwrap_or_default();
            fact(strings.field("object_by"), &format!("{} ({counted})", date.text))
        }));
        lines.push(fact(&change.effective_label, &change.effective.text));
        lines.extend(change.note.as_deref().map(|note| fact(strings.field("note"), note)));
        lines.extend(change.parts.iter().map(|part| escape(&part.plain(strings))));
        lines.extend(change.facts.iter().map(|part| escape(&part.stated(strings))));
        lines.extend(change.basis.as_deref().map(|basis| fact(strings.field("basis"), basis)));
        let document = change.document_path.as_deref().map(|path| copy.address(path)).or(change.document_href.clone());
        lines.extend(document.map(|address| link(strings.get("upcoming.document"), &address)));
        lines.extend(change.object_to.as_deref().map(|contact| match &change.object_href {
            Some(href) => format!("{}: {}", escape(strings.get("upcoming.object")), link(contact, href)),
            None => fact(strings.get("upcoming.object"), contact),
        }));
        text += &bullets(lines);
    }
    text
}
