//! Reads one row. A missing required value is an error; any other cell that cannot be read completely is left out with a warning.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::account::{CellAccount, Remainder};
use super::cell::Cell;
use super::fields::{Field, latin, plain};
use super::headings::{self, Grouping};
use super::items::is_sentence;
use super::list::Member;
use super::table::Cells;
use super::template;
use super::values::{self, ConditionColumn, Read};
use super::words;
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::model::{Id, StatedUrl, Subprocessor, WebUrl};

/// The purpose of a row in a past version that stated none. The record must have one, and it must not be invented.
const NOT_STATED: &str = "Not stated";

/// Values of fields for the rows that state none.
pub(super) type Defaults = BTreeMap<Field, Cell>;

/// Reads one row.
pub(super) struct Row<'a> {
    source: &'a Arc<Source>,
    member: &'a Member<'a>,
    cells: &'a Cells,
    defaults: &'a Defaults,
    lenient: bool,
    report: &'a mut Report,
    /// Its name in messages.
    label: String,
    /// Where each cell ended up.
    ends: Vec<(Vec<Field>, Option<Remainder>)>,
    /// Why the row is not imported.
    unused: Option<Remainder>,
}

impl<'a> Row<'a> {
    pub fn new(
        source: &'a Arc<Source>,
        member: &'a Member<'a>,
        cells: &'a Cells,
        at: usize,
        defaults: &'a Defaults,
        lenient: bool,
        report: &'a mut Report,
    ) -> Row<'a> {
        let name = member.columns.position(Field::Name).and_then(|at| cells.get(at)).filter(|cell| !cell.is_blank());
        let label = name.map_or_else(|| format!("row {}", at + 1), |cell| format!("`{}`", cell.text()));
        let ends = vec![(Vec::new(), None); cells.len()];
        Row { source, member, cells, defaults, lenient, report, label, ends, unused: None }
    }

    /// Returns where each cell that is not empty ended up.
    pub fn into_account(self, table: usize, row: usize) -> Vec<CellAccount> {
        let mut account = Vec::with_capacity(self.cells.len());
        for (at, (fields, remainder)) in self.ends.into_iter().enumerate().filter(|(at, _)| !self.cells[*at].is_empty())
        {
            let column = self.member.columns.get(at);
            let why = match column {
                _ if self.unused.is_some() => self.unused.unwrap_or(Remainder::Incomplete),
                None => Remainder::BeyondColumns,
                Some(column) if column.left_out => Remainder::LeftOut,
                Some(_) if self.cells[at].is_placeholder() => Remainder::Placeholder,
                Some(_) if self.cells[at].is_blank() => Remainder::Blank,
                Some(column) if column.fields.is_empty() => Remainder::NoField,
                Some(_) => Remainder::Incomplete,
            };
            let remainder = remainder.or_else(|| fields.is_empty().then_some(why));
            account.push(CellAccount { table, row, column: at + 1, fields, remainder });
        }
        account
    }

    fn position(&self, field: Field) -> Option<usize> {
        self.member.columns.position(field)
    }

    /// Returns the cell of a field.
    fn cell(&self, field: Field) -> Option<&'a Arc<Cell>> {
        self.cells.get(self.position(field)?)
    }

    /// Returns the cell that states a field and its column, or else the default.
    fn stated(&self, field: Field) -> Option<(&'a Cell, Option<usize>)> {
        let at = self.position(field);
        let own = at.and_then(|at| self.cells.get(at)).filter(|cell| !cell.is_blank() || !cell.links.is_empty());
        own.map(|cell| (cell.as_ref(), at)).or_else(|| self.defaults.get(&field).map(|cell| (cell, None)))
    }

    fn place(&self, column: Option<usize>) -> Place {
        let cell = column.and_then(|at| self.cells.get(at)).or(self.cells.first());
        match cell.and_then(|cell| cell.range.clone()) {
            Some(range) => Place::new(self.source, range),
            None => Place::start_of(self.source),
        }
    }

    /// Reads the row. Its id is not unique yet.
    pub fn item(&mut self, grouping: &Grouping) -> Option<Subprocessor> {
        if !self.is_data() || !self.fits() {
            return None;
        }
        let name = self.name();
        let purpose = self.required(Field::Purpose);
        let purpose = purpose.or_else(|| (self.lenient && name.is_some()).then(|| NOT_STATED.to_owned()));
        let (name, purpose) = (name?, purpose?);
        self.lost_parts();
        let name = self.without_link_text(name);
        let id = self.id(&name)?;
        let condition_column = self.position(Field::Condition).and_then(|at| self.member.columns.get(at));
        let condition_column =
            condition_column.map_or(ConditionColumn::Applies, |column| ConditionColumn::of(&column.name));
        let codes = |field: Field| self.member.columns.code_meaning(self.position(field));
        let (processing, corporate) = (codes(Field::Locations), codes(Field::CorporateLocation));
        let website = self.read(Field::Website, values::url).or_else(|| self.linked_name()).map(StatedUrl::Web);
        let mut item = Subprocessor::new(id, name, purpose);
        item.former_names = self.read(Field::FormerNames, values::names);
        item.category = self.text(Field::Category).or_else(|| grouping.category.clone());
        item.data_categories = self.read(Field::DataCategories, values::data_categories);
        item.condition = self.read(Field::Condition, |cell| values::condition(cell, condition_column));
        item.legal_name = self.text(Field::LegalName);
        item.lei = self.read(Field::Lei, values::lei);
        item.euid = self.read(Field::Euid, values::euid);
        item.address = self.text(Field::Address).or_else(|| self.address_below_name());
        item.contact = self.text(Field::Contact);
        item.website = website;
        item.role = self.read(Field::Role, values::role).or_else(|| grouping.role.clone());
        item.locations = self.read(Field::Locations, |cell| values::locations(cell, processing));
        item.corporate_location = self.read(Field::CorporateLocation, |cell| values::country(cell, corporate));
        item.transfer_mechanism = self.read(Field::TransferMechanism, values::mechanisms);
        item.supplementary_measures = self.text(Field::SupplementaryMeasures);
        item.dpa_url = self.read(Field::DpaUrl, values::url).map(StatedUrl::Web);
        item.subprocessors_url = self.read(Field::SubprocessorsUrl, values::url).map(StatedUrl::Web);
        item.subject_matter = self.text(Field::SubjectMatter);
        item.duration = self.text(Field::Duration);
        item.retention = self.text(Field::Retention);
        item.data_subjects = self.read(Field::DataSubjects, values::entries);
        item.special_categories = self.text(Field::SpecialCategories);
        item.announced = self.date(Field::Announced);
        item.effective = self.date(Field::Effective);
        item.ends = self.date(Field::Ends);
        item.replaces = self.read(Field::Replaces, |cell| match Id::from_name(&latin(&cell.text())) {
            Some(id) => Read { value: Some(id), ..Read::default() },
            None => Read { value: None, rest: vec![cell.text()], notes: Vec::new() },
        });
        Some(item)
    }

    fn date(&mut self, field: Field) -> Option<crate::model::Date> {
        let order = self.position(field).and_then(|at| self.member.columns.date_order(at));
        self.read(field, |cell| values::date(cell, order))
    }

    /// Whether the row has values: it is not a template, and its name is not a placeholder.
    fn is_data(&mut self) -> bool {
        if let Some(at) = self.cells.iter().position(|cell| template::is_template(cell, &self.source.path)) {
            let message = format!("`{}` is code of a template, and not a value", self.cells[at].text());
            self.report.push(
                Diagnostic::new(Code::ImportTemplate, message)
                    .at(self.place(Some(at)), "")
                    .help("import the data file that the template shows, or the page that it generates"),
            );
            return false;
        }
        let Some((remainder, why, help)) = self.reason() else { return true };
        self.unused = Some(remainder);
        let message = format!("the row {} is not imported: {why}", self.label);
        self.report.push(
            Diagnostic::new(Code::ImportRowUnused, message).at(self.place(self.position(Field::Name)), "").help(help),
        );
        false
    }

    /// Returns why the row is about no current subprocessor, and what to do.
    fn reason(&mut self) -> Option<(Remainder, String, &'static str)> {
        const KEEP: &str = "edit the row if it is a current subprocessor";
        let name = self.cell(Field::Name)?;
        if name.is_placeholder() {
            return Some((
                Remainder::Placeholder,
                "its name is a placeholder".to_owned(),
                "fill in the name, or remove the row",
            ));
        }
        let is_filler = |cell: &Arc<Cell>| cell.text().to_lowercase().starts_with("lorem ipsum");
        if self.lenient && self.cell(Field::Purpose).is_some_and(is_filler) {
            let help = "nothing needs to be fixed in a past version";
            return Some((Remainder::Placeholder, "its purpose is a placeholder".to_owned(), help));
        }
        if name.struck && name.lines.is_empty() {
            if let Some(lost) = name.lost.first() {
                self.label = lost.trim_start_matches("the struck-through text ").to_owned();
            }
            return Some((Remainder::NotCurrent, "its name is struck through".to_owned(), KEEP));
        }
        if let Some(inside) = headings::ended_in_brackets(&name.text()) {
            return Some((Remainder::NotCurrent, format!("its name says `{inside}`"), KEEP));
        }
        let columns = &self.member.columns;
        // The columns of no field, each with what the row states there.
        let others = || {
            let column = |at| columns.get(at).filter(|column| column.fields.is_empty() && !column.left_out);
            let stated = |at: usize| self.cells.get(at).map(|cell| cell.text()).unwrap_or_default();
            (0..columns.len()).filter_map(move |at| Some((column(at)?.name.as_str(), stated(at))))
        };
        if let Some((column, value)) = others().find(|(column, value)| says_not_current(column, value)) {
            return Some((Remainder::NotCurrent, format!("its `{column}` is `{value}`"), KEEP));
        }
        let is_status =
            |name: &str| matches!(plain(name).as_str(), "status" | "state" | "estado" | "statut" | "etat" | "zustand");
        let status = others().find(|(column, _)| is_status(column)).map(|(_, status)| status);
        if let Some(status) = status.filter(|status| headings::is_not_current(status)) {
            return Some((Remainder::NotCurrent, format!("its status is `{status}`"), KEEP));
        }
        let only = self.cells.iter().filter(|cell| !cell.is_empty()).count() == 1;
        if self.member.table.structured && only && is_sentence(&name.text()) {
            return Some((Remainder::Note, "it is a sentence".to_owned(), KEEP));
        }
        let others = self.cells.iter().enumerate().filter(|(at, _)| Some(*at) != self.position(Field::Name));
        let empty = others.map(|(_, cell)| cell).all(|cell| cell.is_blank() || values::is_denial(cell));
        (values::is_denial(name) && empty).then(|| {
            let help = "nothing needs to be done if there is none";
            (Remainder::Denied, "it states that there is no subprocessor".to_owned(), help)
        })
    }

    /// Removes the text of a link after a name: `Beta Mail (website)`.
    fn without_link_text(&self, name: String) -> String {
        let linked = self.cell(Field::Name).is_some_and(|cell| !cell.links.is_empty());
        let short = name.strip_suffix(')').and_then(|text| text.rsplit_once('('));
        match short.filter(|_| linked) {
            Some((before, inside)) if is_link_text(inside) && !before.trim().is_empty() => before.trim().to_owned(),
            _ => name,
        }
    }

    /// Reports cells beyond the last column, which are usually caused by an unquoted delimiter.
    fn fits(&mut self) -> bool {
        let columns = self.member.columns.len();
        if self.cells.iter().skip(columns).all(|cell| cell.is_empty()) {
            return true;
        }
        let message = format!("{} has {} cells, but the table has {columns} columns", self.label, self.cells.len());
        if self.lenient {
            self.report.push(
                Diagnostic::new(Code::ImportCell, format!("{message}; the others are not imported"))
                    .at(self.place(Some(columns)), "")
                    .help("check that the release states what the row meant"),
            );
            return true;
        }
        self.report.push(
            Diagnostic::new(Code::ImportRowTooLong, message)
                .at(self.place(None), "")
                .help("put cells that contain the delimiter in quotes (CSV), or escape it as `\\|` (Markdown)"),
        );
        false
    }

    /// Reports images, tags and links that are lost because the cell becomes plain text.
    fn lost_parts(&mut self) {
        let urls = [Field::Website, Field::DpaUrl, Field::SubprocessorsUrl].map(|field| self.position(field));
        let name = self.position(Field::Name);
        for (at, cell) in self.cells.iter().enumerate().take(self.member.columns.len()) {
            if self.member.columns.get(at).is_some_and(|column| column.left_out) {
                continue;
            }
            let mut lost = cell.lost.clone();
            let becomes_website = Some(at) == name && self.position(Field::Website).is_none();
            let becomes_value = urls.contains(&Some(at)) || (becomes_website && cell.links.len() == 1);
            if !becomes_value {
                // A link whose text is its address is not lost.
                let text = cell.text();
                let lost_link = |link: &&String| !text.contains(link.trim_start_matches("mailto:"));
                lost.extend(cell.links.iter().filter(lost_link).map(|link| format!("the link to `{link}`")));
            }
            for what in lost {
                let message = format!("{}, {}: {what} is not imported", self.label, self.member.columns.shown(at));
                self.ends[at].1 = Some(Remainder::Markup);
                self.report.push(
                    Diagnostic::new(Code::ImportCell, message)
                        .at(self.place(Some(at)), "")
                        .help("add it to the written file manually if it matters; the text of the cell is imported"),
                );
            }
        }
    }

    /// Returns the address that the name links to.
    fn linked_name(&mut self) -> Option<WebUrl> {
        if self.position(Field::Website).is_some() {
            return None;
        }
        let cell = self.cell(Field::Name)?;
        let [link] = cell.links.as_slice() else { return None };
        match link.parse() {
            Ok(url) => Some(url),
            Err(_) => {
                self.report_unread(Field::Name, self.position(Field::Name), &[format!("link to {link}")], &[], cell);
                None
            }
        }
    }

    fn required(&mut self, field: Field) -> Option<String> {
        let text = self.text(field);
        if text.is_none() {
            let at = self.position(field);
            let column = at.map(|at| format!(" in {}", self.member.columns.shown(at))).unwrap_or_default();
            let message = format!("{} has no value{column}, but `{field}` is required", self.label);
            let found = match (self.lenient, field) {
                (false, _) => {
                    Diagnostic::new(Code::ImportValueMissing, message).help("fill the cell, or remove the row")
                }
                (true, Field::Purpose) => {
                    Diagnostic::new(Code::ImportCell, format!("{message}; the release states `{NOT_STATED}`"))
                        .help("nothing needs to be fixed in a past version")
                }
                (true, _) => Diagnostic::new(Code::ImportRowUnused, format!("{message}; the row is not imported"))
                    .help("nothing needs to be fixed in a past version"),
            };
            self.report.push(found.at(self.place(at), ""));
        }
        text
    }

    /// Returns the name. Lines below it that are not part of it are an address, or are reported.
    fn name(&mut self) -> Option<String> {
        let Some((cell, at)) = self.stated(Field::Name) else { return self.required(Field::Name) };
        let named = self.name_and_rest(cell, at);
        if named.rest.is_empty() || cell.is_placeholder() || cell.is_ditto() {
            return self.required(Field::Name).map(|_| named.value);
        }
        let is_address = self.position(Field::Address).is_none() && values::is_address(&named.rest.join(", "));
        if !is_address {
            self.report_unread(Field::Name, at, &named.rest, &[], cell);
        }
        if let Some(at) = at {
            self.ends[at].0.push(Field::Name);
        }
        Some(named.value)
    }

    /// Splits a cell into the name and what is below it, or after it in a column such as `Name and address`.
    fn name_and_rest(&self, cell: &Cell, at: Option<usize>) -> Read<String> {
        let column = at.and_then(|at| self.member.columns.get(at));
        match cell.lines.as_slice() {
            [line] if column.is_some_and(|column| words::has_address(&column.name)) => values::name_and_address(line),
            _ => values::name(cell),
        }
    }

    /// Returns the address below the name, if the list has no column for it.
    fn address_below_name(&mut self) -> Option<String> {
        if self.position(Field::Address).is_some() {
            return None;
        }
        let (cell, at) = self.stated(Field::Name)?;
        let address = self.name_and_rest(cell, at).rest.join(", ");
        let is_address = values::is_address(&address);
        if let Some(at) = at.filter(|_| is_address) {
            self.ends[at].0.push(Field::Address);
        }
        is_address.then_some(address)
    }

    fn text(&mut self, field: Field) -> Option<String> {
        self.read(field, |cell| match cell.is_blank() {
            true => Read::default(),
            false => Read { value: Some(cell.text()), ..Read::default() },
        })
    }

    /// Reads a cell, and reports what could not be parsed.
    fn read<T: Default>(&mut self, field: Field, parse: impl Fn(&Cell) -> Read<T>) -> T {
        let Some((cell, at)) = self.stated(field) else { return T::default() };
        let nothing = cell.is_placeholder() || cell.is_ditto() || is_denied(field, cell);
        let Read { value, rest, notes } = match nothing {
            true => Read { rest: vec![cell.text()], ..Read::default() },
            false => parse(cell),
        };
        self.report_unread(field, at, &rest, &notes, cell);
        if rest.is_empty()
            && !cell.lines.is_empty()
            && let Some(at) = at
        {
            self.ends[at].0.push(field);
        }
        value
    }

    fn report_unread(&mut self, field: Field, at: Option<usize>, rest: &[String], notes: &[String], cell: &Cell) {
        let column = at.map_or_else(|| "`--default`".to_owned(), |at| self.member.columns.shown(at));
        for rest in rest {
            let (remainder, why) = match field {
                _ if cell.is_placeholder() => (Remainder::Placeholder, "it is a placeholder".to_owned()),
                _ if is_denied(field, cell) => (Remainder::Denied, "it states that there is none".to_owned()),
                _ if cell.is_ditto() => (Remainder::NotAValue, "it refers to another cell".to_owned()),
                Field::Name => (Remainder::NotAValue, "it is not part of the name".to_owned()),
                Field::DataCategories => (Remainder::NotAValue, "it names no categories of data".to_owned()),
                Field::Locations | Field::CorporateLocation => {
                    let several = rest.contains([',', ';', '/', '(', '&', '\n']);
                    let what = if several {
                        "not all of it is a country, a region or a known place"
                    } else {
                        "it is not a country or region"
                    };
                    (Remainder::NotAValue, what.to_owned())
                }
                _ => (Remainder::NotAValue, format!("it is not a valid `{field}`")),
            };
            if let Some(end) = at.and_then(|at| self.ends.get_mut(at)) {
                end.1 = Some(remainder);
            }
            let message = format!("{}, {column}: `{rest}` is not imported, because {why}", self.label);
            let found = Diagnostic::new(Code::ImportCell, message).at(self.place(at), "");
            let help = match field {
                _ if is_denied(field, cell) => "leave the cell empty if there is none".into(),
                _ if cell.is_ditto() => "write the value itself".into(),
                Field::Locations | Field::CorporateLocation => values::help_for_places(
                    cell,
                    field == Field::CorporateLocation,
                    self.member.columns.code_meaning(at),
                ),
                _ => help_for(field).into(),
            };
            self.report.push(if help.is_empty() { found } else { found.help(help) });
        }
        for note in notes {
            let message = format!("{}, {column}: {note}", self.label);
            self.report.push(Diagnostic::new(Code::ImportCompleted, message).at(self.place(at), ""));
        }
    }

    fn id(&mut self, name: &str) -> Option<Id> {
        let given = self.read(Field::Id, |cell| match cell.text().parse::<Id>() {
            Ok(id) => Read { value: Some(id), ..Read::default() },
            Err(_) => Read { value: None, rest: vec![cell.text()], notes: Vec::new() },
        });
        // A name without Latin letters.
        given.or_else(|| Id::from_name(&latin(name))).or_else(|| Id::from_name("subprocessor"))
    }
}

/// Whether a column such as `enabled` or `deprecated` says that a row is not current.
fn says_not_current(column: &str, value: &str) -> bool {
    let current = ["enabled", "active", "current", "is active", "is enabled", "in use", "aktiv", "actif", "activo"];
    let ended = [
        "deprecated",
        "removed",
        "inactive",
        "disabled",
        "archived",
        "retired",
        "deleted",
        "terminated",
        "is deprecated",
        "hidden",
        "draft",
    ];
    let (column, value) = (plain(column), plain(value));
    match value.as_str() {
        "false" | "no" | "nein" | "non" => current.contains(&column.as_str()),
        "true" | "yes" | "ja" | "oui" | "si" => ended.contains(&column.as_str()),
        _ => false,
    }
}

/// Whether a cell denies a value of a field. In a column of conditions, `None` means that there is no condition.
fn is_denied(field: Field, cell: &Cell) -> bool {
    let is_norway = matches!(field, Field::Locations | Field::CorporateLocation) && cell.text() == "NO";
    let can_deny = !matches!(field, Field::Id | Field::Name | Field::Condition) && !is_norway;
    can_deny && cell.links.is_empty() && values::is_denial(cell)
}

/// Whether a text in brackets describes the link that it has, and is not part of a name.
fn is_link_text(text: &str) -> bool {
    let plain = plain(text);
    matches!(
        plain.as_str(),
        "website"
            | "web site"
            | "site"
            | "web"
            | "link"
            | "url"
            | "homepage"
            | "more"
            | "details"
            | "webseite"
            | "sitio web"
            | "site web"
    )
}

/// Returns help on the values of a field.
fn help_for(field: Field) -> &'static str {
    match field {
        Field::Condition => {
            "write `Only with FEATURE` or `When FEATURE is configured`, or add the condition to the written file"
        }
        Field::TransferMechanism => "write only the mechanisms: adequacy, DPF, SCC, BCR or derogation",
        Field::Role => "use `third party`, `affiliate` or `recipient`",
        Field::Announced | Field::Effective | Field::Ends => {
            "write year-month-day, such as 2026-05-22, or state the order of the numbers with `--date-format`"
        }
        Field::Website | Field::DpaUrl | Field::SubprocessorsUrl => {
            "write one full address, such as https://example.com"
        }
        Field::Id | Field::Replaces => "use lowercase letters, digits and single hyphens",
        _ => "",
    }
}
