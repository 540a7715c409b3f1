//! The list of subprocessors, with a template for the table and one for its rows.

use std::fmt::Write;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::Serialize;
use tera::{Context, Value};

use super::ListKind;
use crate::diagnostic::Report;
use crate::model::{
    Condition, Date, Disclosure, Id, List, Location, Service, StatedUrl, Subprocessor, Territory, Transfers, Validity,
    grouped,
};
use crate::render::copy::{MarkdownCopy, bullets, table};
use crate::render::date::DateView;
use crate::render::edition::Edition;
use crate::render::renderer::{PageLocation, Renderer};
use crate::render::theme::safe;
use crate::render::view::LinkView;
use crate::schedule;
use crate::site::map::PageKind;
use crate::text::markdown::{escape, link};
use crate::wording::Catalog;

/// The template of a table row.
const ROW: &str = "lists/subprocessor.html";

/// Renders the list.
pub(super) const KIND: &dyn ListKind = &SubprocessorList;

/// The list of subprocessors.
struct SubprocessorList;

impl ListKind for SubprocessorList {
    fn html(&self, renderer: &Renderer, edition: &Edition, location: &PageLocation) -> Result<Value, Report> {
        renderer.subprocessors(edition, location)
    }

    fn markdown(&self, copy: &MarkdownCopy<'_>) -> String {
        let strings = copy.strings();
        let heads = [
            "subprocessors.name",
            "subprocessors.purpose",
            "subprocessors.data-categories",
            "subprocessors.locations",
            "subprocessors.transfer",
            "subprocessors.condition",
        ];
        let row = |item: &Arc<Subprocessor>| {
            let services = item.services.iter().map(|service| schedule::service_text(service, strings));
            let purpose: Vec<String> = [item.purpose.clone()].into_iter().chain(services).collect();
            let applies = schedule::condition(item, strings);
            let date = match (item.validity_on(copy.date()), item.effective, item.ends) {
                (Validity::Upcoming, Some(start), _) => Some(("subprocessors.effective", start)),
                (_, _, Some(end)) => Some(("subprocessors.ends", end)),
                _ => None,
            };
            let date = date.map(|(key, date)| strings.fill(key, &[("date", &strings.date(date))]));
            let name = date.map_or_else(|| item.name.clone(), |date| format!("{} ({date})", item.name));
            let transfer = schedule::transfers_text(item, strings);
            let item = item.united();
            let locations: Vec<String> = item.locations.iter().map(|location| strings.location(location)).collect();
            vec![
                escape(&name),
                escape(&purpose.join("; ")),
                escape(&item.data_categories.join("; ")),
                escape(&locations.join(", ")),
                escape(&transfer.unwrap_or_default()),
                escape(&applies),
            ]
        };
        let heads = heads.map(|key| strings.get(key));
        let mut text = String::new();
        let (upcoming, processors) = split(copy.disclosure().processors(), copy.date());
        let recipients: Vec<_> = recipients(copy.disclosure(), copy.date()).collect();
        let mut groups = grouped(&processors, |item| item.category.as_deref());
        if !upcoming.is_empty() {
            groups.push((Some(strings.get("subprocessors.upcoming-caption")), upcoming.iter().collect()));
        }
        if !recipients.is_empty() {
            groups.push((Some(strings.get("subprocessors.recipients")), recipients));
        }
        for (heading, items) in groups {
            if let Some(heading) = heading {
                let _ = write!(text, "{}### {}\n\n", if text.is_empty() { "" } else { "\n" }, escape(heading));
            }
            text += &table(&heads, items.into_iter().map(row));
        }
        let files = ["subprocessors.json", "subprocessors.csv"].map(|file| link(file, &copy.address(file)));
        let _ = write!(text, "\n{}", bullets(files));
        text
    }
}

/// A subprocessor as a key. It is compared by its address, which is much faster than by content: releases share equal items. The
/// key keeps the item, so no other item gets the address.
#[derive(Debug)]
struct SharedSubprocessor(Arc<Subprocessor>);

impl PartialEq for SharedSubprocessor {
    fn eq(&self, other: &SharedSubprocessor) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for SharedSubprocessor {}

impl Hash for SharedSubprocessor {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.0).hash(state);
    }
}

/// The inputs of a table row.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct SubprocessorRow {
    item: SharedSubprocessor,
    replaces: Option<LinkView>,
    validity: Validity,
    columns: Columns,
}

impl Renderer {
    /// Renders the table of all subprocessors.
    pub(in crate::render) fn subprocessors(&self, edition: &Edition, location: &PageLocation) -> Result<Value, Report> {
        let disclosure = edition.disclosure();
        let is_shown = |item: &&Arc<Subprocessor>| item.validity_on(edition.date()) != Validity::Ended;
        let page: Vec<&Id> = disclosure.subprocessors.iter().filter(is_shown).map(|item| &item.id).collect();
        let (upcoming, processors) = split(disclosure.processors(), edition.date());
        let groups = grouped(&processors, |item| item.category.as_deref());
        let mut html = String::new();
        if !processors.is_empty() || upcoming.is_empty() {
            let caption =
                if self.is_complete(location) { "subprocessors.caption" } else { "subprocessors.short-caption" };
            html += self.groups_table(caption, groups, &page, edition, location)?.as_str().unwrap_or_default();
        }
        let recipients: Vec<_> = recipients(disclosure, edition.date()).collect();
        let others: [(&str, Vec<_>); 2] = [
            ("subprocessors.upcoming-caption", upcoming.iter().collect()),
            ("subprocessors.recipients-caption", recipients),
        ];
        for (caption, items) in others.into_iter().filter(|(_, items)| !items.is_empty()) {
            html +=
                self.groups_table(caption, vec![(None, items)], &page, edition, location)?.as_str().unwrap_or_default();
        }
        Ok(safe(&html))
    }

    /// Whether a page shows everything that subprocessors state. The trust page shows the list short, unless a template of the
    /// project lays it out.
    fn is_complete(&self, location: &PageLocation) -> bool {
        let own = [ROW, List::Subprocessors.template()].iter().any(|template| self.theme().overrides(template));
        own || location.page().kind != PageKind::Trust.name()
    }

    /// Renders a table of some of an edition's subprocessors.
    pub(in crate::render) fn table(
        &self,
        items: &[&Arc<Subprocessor>],
        edition: &Edition,
        location: &PageLocation,
    ) -> Result<Value, Report> {
        let page: Vec<&Id> = items.iter().map(|item| &item.id).collect();
        self.groups_table("subprocessors.caption", vec![(None, items.to_vec())], &page, edition, location)
    }

    /// Renders a table of groups of subprocessors, each with its heading. `page` has the ids of all rows of the page.
    fn groups_table(
        &self,
        caption: &str,
        groups: Vec<(Option<&str>, Vec<&Arc<Subprocessor>>)>,
        page: &[&Id],
        edition: &Edition,
        location: &PageLocation,
    ) -> Result<Value, Report> {
        let annex = location.page().kind == PageKind::Schedule.name();
        let columns = Columns::of(edition.disclosure(), self.is_complete(location), annex);
        let mut rows: Vec<Value> = Vec::new();
        let mut grouped: Vec<RowGroup> = Vec::with_capacity(groups.len());
        for (name, members) in groups {
            let members: Result<Vec<Value>, Report> =
                members.into_iter().map(|item| self.row(item, page, columns, edition, location)).collect();
            let members = members?;
            rows.extend(members.iter().cloned());
            grouped.push(RowGroup { name: name.map(str::to_owned), rows: members });
        }
        let mut context = location.context();
        context.insert("count", &rows.len());
        let empty =
            if edition.disclosure().processors().next().is_none() { "subprocessors.empty" } else { "schedule.none" };
        context.insert("empty", self.strings().get(empty));
        context.insert("caption", self.strings().get(caption));
        context.insert("columns", &columns);
        context.insert("width", &columns.count());
        context.insert("groups", &grouped);
        context.insert("version", &edition.release().map(|release| release.version.to_string()));
        context.insert_value("rows", Value::from(rows));
        self.render(List::Subprocessors.template(), &context).map(|html| safe(&html))
    }

    /// Renders one of the rows of a table.
    fn row(
        &self,
        item: &Arc<Subprocessor>,
        page: &[&Id],
        columns: Columns,
        edition: &Edition,
        location: &PageLocation,
    ) -> Result<Value, Report> {
        let has_row = |id: &Id| page.contains(&id);
        let history = &self.publication().history;
        let shown = edition.release().or(history.newest());
        let former_name = |id: &Id| history.subprocessor_name(id, shown?.version).map(str::to_owned);
        let row = SubprocessorRow {
            item: SharedSubprocessor(Arc::clone(item)),
            replaces: SubprocessorView::replaced(item, edition.disclosure(), has_row, former_name),
            validity: item.validity_on(edition.date()),
            columns,
        };
        if self.theme().overrides(ROW) {
            // A custom template may use any variable of the page, so it is rendered for each page.
            return self.row_html(&row, location.context());
        }
        // The built-in template does not get the page, so its output depends only on the row.
        self.rows().get(row, |row| self.row_html(row, Context::new()))
    }

    fn row_html(&self, row: &SubprocessorRow, mut context: Context) -> Result<Value, Report> {
        let SubprocessorRow { item, replaces, validity, columns } = row;
        context.insert("item", &SubprocessorView::new(&item.0, replaces.clone(), *validity, self.strings()));
        context.insert("columns", columns);
        self.render(ROW, &context).map(|html| safe(&html))
    }
}

/// Returns the recipients that have not ended on a date.
fn recipients(disclosure: &Disclosure, date: Date) -> impl Iterator<Item = &Arc<Subprocessor>> {
    disclosure.recipients().filter(move |item| item.validity_on(date) != Validity::Ended)
}

/// Separates the subprocessors that start after a date from the current ones. Those that have ended are neither.
fn split<'a>(
    items: impl Iterator<Item = &'a Arc<Subprocessor>>,
    date: Date,
) -> (Vec<Arc<Subprocessor>>, Vec<Arc<Subprocessor>>) {
    let listed = items.filter(|item| item.validity_on(date) != Validity::Ended).map(Arc::clone);
    listed.partition(|item| item.validity_on(date) == Validity::Upcoming)
}

/// The optional columns of the table of subprocessors. A column is shown if some subprocessor fills it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Columns {
    /// Whether the data categories are shown, and what else a subprocessor states: everywhere but on the trust page, which
    /// shows the list short.
    pub complete: bool,
    /// Whether some subprocessor has a condition.
    pub condition: bool,
    /// Whether some subprocessor has a location.
    pub locations: bool,
    /// Whether some subprocessor has a transfer mechanism.
    pub transfer: bool,
    /// Whether the table is an annex, which states everything in full.
    pub annex: bool,
}

impl Columns {
    /// The number of columns of the table: the optional ones, the name and the purpose.
    fn count(self) -> usize {
        2 + [self.complete, self.condition, self.locations, self.transfer].into_iter().filter(|shown| *shown).count()
    }

    /// Returns the columns for the subprocessors of a disclosure; those of the short list if it is not complete.
    fn of(disclosure: &Disclosure, complete: bool, annex: bool) -> Columns {
        let any = |filled: fn(&Subprocessor) -> bool| disclosure.subprocessors.iter().any(|item| filled(item));
        Columns {
            complete,
            condition: any(|item| item.applicability().is_some()),
            locations: any(|item| !item.united().locations.is_empty() || item.corporate_location.is_some()),
            transfer: complete && any(|item| item.united().transfer_mechanism.is_some()),
            annex,
        }
    }
}

/// A group of rows.
#[derive(Debug, Clone, Serialize)]
pub struct RowGroup {
    /// Heading of the group; none for subprocessors without a category.
    pub name: Option<String>,
    /// The rows, as `lists/subprocessor.html` renders them.
    pub rows: Vec<Value>,
}

/// A location of processing.
#[derive(Debug, Clone, Serialize)]
pub struct LocationView {
    /// ISO 3166-1 alpha-2 code such as `DE`, or `EU`, `EEA` or `GLOBAL`.
    pub code: String,
    /// Short name of the country or region in the language of the page.
    pub name: String,
    /// A place in it.
    pub place: Option<String>,
    /// When data is processed there, such as `Only with SendGrid`; none if always.
    pub applies: Option<String>,
    /// All of it in words, such as `Germany (Frankfurt)`.
    pub text: String,
}

impl LocationView {
    fn new(location: &Location, strings: &Catalog) -> LocationView {
        let Location { code, place, condition } = location;
        LocationView {
            code: code.to_string(),
            name: strings.country(code.as_str()).to_owned(),
            place: place.clone(),
            applies: condition.as_ref().map(|condition| strings.condition(condition)),
            text: strings.location(location),
        }
    }
}

/// A transfer mechanism.
#[derive(Debug, Clone, Serialize)]
pub struct MechanismView {
    /// Short name, such as `SCC`.
    pub short: String,
    /// Full name, such as `Standard contractual clauses (Art. 46 GDPR)`.
    pub name: String,
}

/// A country.
#[derive(Debug, Clone, Serialize)]
pub struct CountryView {
    /// ISO 3166-1 alpha-2 code, such as `DE`.
    pub code: String,
    /// Short name in the language of the page.
    pub name: String,
}

impl CountryView {
    fn new(code: &Territory, strings: &Catalog) -> CountryView {
        CountryView { code: code.as_str().to_owned(), name: strings.country(code.as_str()).to_owned() }
    }
}

/// A subprocessor.
#[derive(Debug, Clone, Serialize)]
pub struct SubprocessorView {
    /// Id, which is also the anchor.
    pub id: String,
    /// Name.
    pub name: String,
    /// Former names.
    pub former_names: Vec<String>,
    /// Heading under which it is grouped.
    pub category: Option<String>,
    /// Purpose of the processing.
    pub purpose: String,
    /// Services, each with its purpose and when it applies, such as `Mail API: Transactional email (only with SendGrid)`.
    pub services: Vec<String>,
    /// Data categories, with those of its services.
    pub data_categories: Vec<String>,
    /// Whether it has a condition.
    pub conditional: bool,
    /// When it is used, such as `Always` or `Only with SendGrid`.
    pub applies: String,
    /// Feature that the condition names, if it names one feature and nothing else.
    pub feature: Option<String>,
    /// Registered name.
    pub legal_name: Option<String>,
    /// Legal Entity Identifier.
    pub lei: Option<String>,
    /// European Unique Identifier.
    pub euid: Option<String>,
    /// Postal address; may have several lines.
    pub address: Option<String>,
    /// Contact person.
    pub contact: Option<String>,
    /// URL of the website.
    pub website: Option<String>,
    /// Relation to the organization, such as `Affiliate`.
    pub role: Option<String>,
    /// Locations of processing.
    pub locations: Vec<LocationView>,
    /// Country of establishment.
    pub corporate_location: Option<CountryView>,
    /// Transfer mechanisms, such as `Standard contractual clauses (Art. 46 GDPR)`; several are separated by semicolons.
    pub transfer_mechanism: Option<String>,
    /// The distinct transfer mechanisms, with short names.
    pub mechanisms: Vec<MechanismView>,
    /// Measures that supplement the transfer mechanism.
    pub supplementary_measures: Option<String>,
    /// URL of its data processing agreement.
    pub dpa_url: Option<String>,
    /// URL of its own list of subprocessors.
    pub subprocessors_url: Option<String>,
    /// Subject matter of the processing.
    pub subject_matter: Option<String>,
    /// Duration of the processing.
    pub duration: Option<String>,
    /// How long it keeps the data.
    pub retention: Option<String>,
    /// Categories of data subjects.
    pub data_subjects: Vec<String>,
    /// Special categories of personal data.
    pub special_categories: Option<String>,
    /// Date of the announcement.
    pub announced: Option<DateView>,
    /// First day of use.
    pub effective: Option<DateView>,
    /// Last day of use.
    pub ends: Option<DateView>,
    /// The subprocessor that it replaces; the link leads to the row of that subprocessor in the same table.
    pub replaces: Option<LinkView>,
    /// `upcoming`, `current` or `ended`, as of the date of the page.
    pub moment: Validity,
    /// Further details, in the order of SCC Annex III.
    pub details: Vec<DetailView>,
}

impl SubprocessorView {
    /// Returns the subprocessor that this one replaces, with a link if `has_row` returns true for its id. `former_name` returns the
    /// name of one that `disclosure` does not list.
    pub fn replaced(
        item: &Subprocessor,
        disclosure: &Disclosure,
        has_row: impl Fn(&Id) -> bool,
        former_name: impl Fn(&Id) -> Option<String>,
    ) -> Option<LinkView> {
        item.replaces.as_ref().map(|id| {
            let listed = disclosure.subprocessors.iter().find(|other| other.id == *id);
            let name = listed.map(|other| other.name.clone()).or_else(|| former_name(id));
            LinkView {
                href: if has_row(id) { format!("#{id}") } else { String::new() },
                text: name.unwrap_or_else(|| id.to_string()),
            }
        })
    }

    /// Creates the view of a subprocessor; `replaces` is the result of [`Self::replaced`].
    pub fn new(
        item: &Subprocessor,
        replaces: Option<LinkView>,
        moment: Validity,
        strings: &Catalog,
    ) -> SubprocessorView {
        let date = |date: Option<Date>| date.map(|date| DateView::new(date, strings));
        let applies = schedule::condition(item, strings);
        let transfers = schedule::transfers_text(item, strings);
        let (services, details) = (services(item, strings), details(item, replaces.as_ref(), strings));
        let item = &*item.united();
        SubprocessorView {
            id: item.id.to_string(),
            name: item.name.clone(),
            former_names: item.former_names.clone(),
            category: item.category.clone(),
            purpose: item.purpose.clone(),
            services,
            data_categories: item.data_categories.clone(),
            conditional: item.condition.is_some(),
            applies,
            feature: item.condition.as_ref().and_then(Condition::only_feature).map(str::to_owned),
            legal_name: item.legal_name.clone(),
            lei: item.lei.clone(),
            euid: item.euid.clone(),
            address: item.address.clone(),
            contact: item.contact.clone(),
            website: href(&item.website),
            role: item.role.as_ref().map(|role| strings.value(role.as_str()).to_owned()),
            locations: item.locations.iter().map(|location| LocationView::new(location, strings)).collect(),
            corporate_location: item.corporate_location.clone().map(|code| CountryView::new(&code.into(), strings)),
            transfer_mechanism: transfers,
            mechanisms: mechanisms(item, strings),
            supplementary_measures: item.supplementary_measures.clone(),
            dpa_url: href(&item.dpa_url),
            subprocessors_url: href(&item.subprocessors_url),
            subject_matter: item.subject_matter.clone(),
            duration: item.duration.clone(),
            retention: item.retention.clone(),
            data_subjects: item.data_subjects.clone(),
            special_categories: item.special_categories.clone(),
            announced: date(item.announced),
            effective: date(item.effective),
            ends: date(item.ends),
            replaces,
            moment,
            details,
        }
    }
}

/// A detail of a subprocessor.
#[derive(Debug, Clone, Serialize)]
pub struct DetailView {
    /// Name of the detail, such as `Website`.
    pub label: String,
    /// Value.
    pub text: String,
    /// Target of a link; none if the value is not a URL.
    pub href: Option<String>,
    /// The service that the detail describes, if it is one.
    pub service: Option<String>,
}

/// Returns the services, each with its purpose and when it applies.
fn services(item: &Subprocessor, strings: &Catalog) -> Vec<String> {
    item.services.iter().map(|service| schedule::service_text(service, strings)).collect()
}

/// Returns the distinct transfer mechanisms of a subprocessor.
fn mechanisms(item: &Subprocessor, strings: &Catalog) -> Vec<MechanismView> {
    let stated = item.transfer_mechanism.iter().flat_map(Transfers::mechanisms);
    let view = |word: &str| MechanismView {
        short: strings.short_transfer(word).to_owned(),
        name: strings.value(word).to_owned(),
    };
    stated.map(|mechanism| view(mechanism.as_str())).collect()
}

/// Describes the data, places, transfers and retention of a service.
fn service_detail(item: &Subprocessor, service: &Service, strings: &Catalog) -> Option<DetailView> {
    let facts = schedule::service_facts(item, service, strings);
    let stated = |fact: &schedule::ServiceFact| {
        let texts: Vec<String> = fact.parts.iter().map(|part| part.value.text(strings)).collect();
        format!("{}: {}", fact.label, texts.join(fact.separator))
    };
    let parts: Vec<String> = facts.iter().map(stated).collect();
    let website = service.website.as_ref();
    let text = if parts.is_empty() { website?.to_string() } else { parts.join("; ") };
    Some(DetailView {
        label: service.name.clone(),
        text,
        href: href(&service.website),
        service: Some(service.name.clone()),
    })
}

/// Returns the details of a subprocessor that have no column, in the order of SCC Annex III.
fn details(item: &Subprocessor, replaces: Option<&LinkView>, strings: &Catalog) -> Vec<DetailView> {
    let mut details = Vec::new();
    let mut add = |field: &str, text: Option<String>, href: Option<String>| {
        if let Some(text) = text {
            details.push(DetailView { label: strings.field(field).to_owned(), text, href, service: None });
        }
    };
    let text = |url: &Option<StatedUrl>| url.as_ref().map(ToString::to_string);
    let date = |date: Option<Date>| date.map(|date| strings.date(date));
    let joined = |texts: &[String]| (!texts.is_empty()).then(|| texts.join(", "));
    add("former_names", joined(&item.former_names), None);
    add("lei", item.lei.clone(), None);
    add("euid", item.euid.clone(), None);
    add("address", item.address.clone(), None);
    add("contact", item.contact.clone(), None);
    add("website", text(&item.website), href(&item.website));
    add("role", item.role.as_ref().map(|role| strings.value(role.as_str()).to_owned()), None);
    add("category", item.category.clone(), None);
    let linked = replaces.map(|link| link.href.clone()).filter(|href| !href.is_empty());
    add("replaces", replaces.map(|link| link.text.clone()), linked);
    let country = item.corporate_location.as_ref().map(|code| strings.country(code.as_str()).to_owned());
    add("corporate_location", country, None);
    add("supplementary_measures", item.supplementary_measures.clone(), None);
    add("subject_matter", item.subject_matter.clone(), None);
    add("duration", item.duration.clone(), None);
    add("retention", item.retention.clone(), None);
    add("data_subjects", joined(&item.data_subjects), None);
    add("special_categories", item.special_categories.clone(), None);
    add("dpa_url", text(&item.dpa_url), href(&item.dpa_url));
    add("subprocessors_url", text(&item.subprocessors_url), href(&item.subprocessors_url));
    add("announced", date(item.announced), None);
    add("effective", date(item.effective), None);
    add("ends", date(item.ends), None);
    details.extend(item.services.iter().filter_map(|service| service_detail(item, service, strings)));
    details
}

/// Returns the link target of a stated URL, or `None` if it cannot be linked.
fn href(url: &Option<StatedUrl>) -> Option<String> {
    url.as_ref().and_then(StatedUrl::link).map(ToString::to_string)
}
