//! Converts rows into subprocessors. A missing required value is an error; any other cell that cannot be parsed is left out
//! with a warning.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::cell::Cell;
use super::columns::Columns;
use super::fields::Field;
use super::table::Table;
use super::values::{self, Read};
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::model::{Id, Location, StatedUrl, Subprocessor};

/// Converts all rows of a table into subprocessors.
pub fn items(source: &Arc<Source>, table: &Table, columns: &Columns, report: &mut Report) -> Vec<Arc<Subprocessor>> {
    let mut ids = Ids::default();
    let mut items: Vec<Arc<Subprocessor>> = Vec::new();
    let mut names = HashSet::new();
    for (at, cells) in table.rows.iter().enumerate() {
        let mut row = Row { source, cells, columns, report, label: String::new() };
        row.label = match row.cell(Field::Name).filter(|cell| !cell.is_blank()) {
            Some(cell) => format!("`{}`", cell.text()),
            None => format!("row {}", at + 1),
        };
        if !row.is_item(table) {
            continue;
        }
        let before = items.len();
        items.extend(row.item(&mut ids).map(Arc::new));
        if let Some(item) = items.get(before)
            && !names.insert(item.name.clone())
        {
            row.report.push(
                Diagnostic::new(Code::ImportSameName, format!("{} appears in several rows, which become separate subprocessors", row.label))
                    .at(row.place(row.columns.position(Field::Name)), "")
                    .help(format!("if they are the same subprocessor, merge them in the file, otherwise use different names; the second has the id `{}`", item.id)),
            );
        }
    }
    if table.rows.is_empty() {
        report.push(
            Diagnostic::new(Code::ImportNoTable, format!("the table in `{}` has no rows", source.path))
                .at(Place::start_of(source), "")
                .help("add one row per subprocessor below the column names"),
        );
    }
    items
}

/// Reads one row.
struct Row<'a> {
    source: &'a Arc<Source>,
    cells: &'a [Arc<Cell>],
    columns: &'a Columns,
    report: &'a mut Report,
    /// Its name in messages.
    label: String,
}

impl Row<'_> {
    fn cell(&self, field: Field) -> Option<&Arc<Cell>> {
        self.cells.get(self.columns.position(field)?)
    }

    fn place(&self, column: Option<usize>) -> Place {
        let cell = column.and_then(|at| self.cells.get(at)).or(self.cells.first());
        match cell.and_then(|cell| cell.range.clone()) {
            Some(range) => Place::new(self.source, range),
            None => Place::start_of(self.source),
        }
    }

    /// Whether the row is a subprocessor. A row with text that is not one is reported.
    fn is_item(&mut self, table: &Table) -> bool {
        if self.cells.iter().all(|cell| cell.lines.is_empty()) {
            return false;
        }
        let texts = |cells: &[Arc<Cell>]| cells.iter().map(|cell| cell.text()).collect::<Vec<_>>();
        let own = texts(self.cells);
        let spans = own.len() > 1 && self.cells.iter().all(|cell| Arc::ptr_eq(cell, &self.cells[0]));
        // In Markdown and CSV, a heading inside the table is a row in which only the first cell has text.
        let alone = own.iter().skip(1).all(|text| text.is_empty()) && self.columns.position(Field::Name) == Some(0);
        let why = match () {
            () if spans || alone => "it looks like a heading, because only one cell has text",
            () if own == texts(&table.header) => "it repeats the column names",
            () => return self.fits(&own),
        };
        self.report.push(
            Diagnostic::new(Code::ImportRowUnused, format!("the row `{}` is not imported: {why}", own[0]))
                .at(self.place(None), "")
                .help("ignore this if the row is not a subprocessor"),
        );
        false
    }

    /// Reports cells beyond the last column, which are usually caused by an unquoted delimiter.
    fn fits(&mut self, own: &[String]) -> bool {
        let beyond: Vec<&String> = own.iter().skip(self.columns.len()).filter(|text| !text.is_empty()).collect();
        if beyond.is_empty() {
            return true;
        }
        let message =
            format!("{} has {} cells, but the table has {} columns", self.label, own.len(), self.columns.len());
        self.report.push(
            Diagnostic::new(Code::ImportRowTooLong, message)
                .at(self.place(None), "")
                .help("put cells that contain the delimiter in quotes (CSV), or escape it as `\\|` (Markdown)"),
        );
        false
    }

    fn item(mut self: &mut Self, ids: &mut Ids) -> Option<Subprocessor> {
        self.lost_parts();
        let name = self.required(Field::Name);
        let purpose = self.required(Field::Purpose);
        let data_categories = self.read(Field::DataCategories, values::entries);
        if data_categories.is_empty() {
            self.missing(Field::DataCategories);
        }
        let (name, purpose) = (name?, purpose?);
        if data_categories.is_empty() {
            return None;
        }
        let website = self.read(Field::Website, values::url).or_else(|| self.linked_name()).map(StatedUrl::Web);
        let this = &mut self;
        let id = this.id(&name, ids);
        Some(Subprocessor {
            data_categories,
            condition: this.read(Field::Condition, values::condition),
            legal_name: this.text(Field::LegalName),
            address: this.text(Field::Address),
            contact: this.text(Field::Contact),
            website,
            role: this.read(Field::Role, values::role),
            locations: this.read(Field::Locations, values::countries).into_iter().map(Location::from).collect(),
            corporate_location: this.read(Field::CorporateLocation, |cell| {
                let Read { value, rest, notes } = values::countries(cell);
                match value.as_slice() {
                    [one] => Read { value: Some(one.clone()), rest, notes },
                    _ => Read { value: None, rest: vec![cell.text()], notes },
                }
            }),
            transfer_mechanism: this.read(Field::TransferMechanism, values::mechanism),
            dpa_url: this.read(Field::DpaUrl, values::url).map(StatedUrl::Web),
            subprocessors_url: this.read(Field::SubprocessorsUrl, values::url).map(StatedUrl::Web),
            subject_matter: this.text(Field::SubjectMatter),
            duration: this.text(Field::Duration),
            data_subjects: this.read(Field::DataSubjects, values::entries),
            special_categories: this.text(Field::SpecialCategories),
            announced: this.read(Field::Announced, values::date),
            effective: this.read(Field::Effective, values::date),
            ends: this.read(Field::Ends, values::date),
            replaces: this.read(Field::Replaces, |cell| match Id::from_name(&cell.text()) {
                Some(id) => Read { value: Some(id), ..Read::default() },
                None => Read { value: None, rest: vec![cell.text()], notes: Vec::new() },
            }),
            ..Subprocessor::new(id, name, purpose)
        })
    }

    /// Reports images, tags and links that are lost because the cell becomes plain text.
    fn lost_parts(&mut self) {
        let urls = [Field::Website, Field::DpaUrl, Field::SubprocessorsUrl].map(|field| self.columns.position(field));
        let name = self.columns.position(Field::Name);
        for (at, cell) in self.cells.iter().enumerate().take(self.columns.len()) {
            if self.columns.left_out(at) {
                continue;
            }
            let mut lost = cell.lost.clone();
            let becomes_website = Some(at) == name && self.columns.position(Field::Website).is_none();
            let becomes_value = urls.contains(&Some(at)) || (becomes_website && cell.links.len() == 1);
            if !becomes_value {
                // A link whose text is its address is not lost.
                let text = cell.text();
                let lost_link = |link: &&String| !text.contains(link.trim_start_matches("mailto:"));
                lost.extend(cell.links.iter().filter(lost_link).map(|link| format!("the link to `{link}`")));
            }
            for what in lost {
                let message = format!("{}, {}: {what} is not imported", self.label, self.columns.shown(at));
                self.report.push(
                    Diagnostic::new(Code::ImportCell, message)
                        .at(self.place(Some(at)), "")
                        .help("add it to the written file manually if it matters; the text of the cell is imported"),
                );
            }
        }
    }

    /// Returns the address that the name links to.
    fn linked_name(&mut self) -> Option<crate::model::WebUrl> {
        if self.columns.position(Field::Website).is_some() {
            return None;
        }
        let cell = Arc::clone(self.cell(Field::Name)?);
        let [link] = cell.links.as_slice() else { return None };
        match link.parse() {
            Ok(url) => Some(url),
            Err(_) => {
                self.report_unread(Field::Name, &[format!("link to {link}")], &[]);
                None
            }
        }
    }

    fn required(&mut self, field: Field) -> Option<String> {
        let text = self.text(field);
        if text.is_none() {
            self.missing(field);
        }
        text
    }

    fn missing(&mut self, field: Field) {
        let at = self.columns.position(field);
        let column = at.map(|at| self.columns.shown(at)).unwrap_or_default();
        let message = format!("{} has no value in {column}, but `{field}` is required", self.label);
        self.report.push(
            Diagnostic::new(Code::ImportValueMissing, message)
                .at(self.place(at), "")
                .help("fill the cell, or remove the row"),
        );
    }

    fn text(&mut self, field: Field) -> Option<String> {
        let cell = self.cell(field)?;
        (!cell.is_blank()).then(|| cell.text())
    }

    /// Reads a cell, and reports what could not be parsed.
    fn read<T: Default>(&mut self, field: Field, parse: impl Fn(&Cell) -> Read<T>) -> T {
        let Some(cell) = self.cell(field).filter(|cell| !cell.is_blank() || !cell.links.is_empty()) else {
            return T::default();
        };
        let Read { value, rest, notes } = parse(cell);
        self.report_unread(field, &rest, &notes);
        value
    }

    fn report_unread(&mut self, field: Field, rest: &[String], notes: &[String]) {
        let at = self.columns.position(field);
        let column = at.map(|at| self.columns.shown(at)).unwrap_or_default();
        for rest in rest {
            let message =
                format!("{}, {column}: `{rest}` is not imported, because it is not a valid `{field}`", self.label);
            let found = Diagnostic::new(Code::ImportCell, message).at(self.place(at), "");
            self.report.push(match help_for(field) {
                "" => found,
                help => found.help(help),
            });
        }
        for note in notes {
            let message = format!("{}, {column}: {note}", self.label);
            self.report.push(Diagnostic::new(Code::ImportCompleted, message).at(self.place(at), ""));
        }
    }

    fn id(&mut self, name: &str, ids: &mut Ids) -> Id {
        let given = self.text(Field::Id);
        if let Some(given) = &given
            && given.parse::<Id>().is_err()
        {
            self.report_unread(Field::Id, std::slice::from_ref(given), &[]);
        }
        let id = given.and_then(|given| given.parse().ok()).or_else(|| Id::from_name(name));
        ids.free(id)
    }
}

/// Returns help on the values of a field.
fn help_for(field: Field) -> &'static str {
    match field {
        Field::Locations | Field::CorporateLocation => "use countries; regions and cities are not supported",
        Field::Condition => {
            "write `Only with FEATURE` or `When FEATURE is configured`, or add the condition to the written file"
        }
        Field::TransferMechanism => "use one of adequacy, DPF, SCC, BCR, derogation",
        Field::Role => "use `third party` or `affiliate`",
        Field::Announced | Field::Effective | Field::Ends => "write year-month-day, such as 2026-05-22",
        Field::Website | Field::DpaUrl | Field::SubprocessorsUrl => {
            "write one full address, such as https://example.com"
        }
        Field::Id | Field::Replaces => "use lowercase letters, digits and single hyphens",
        _ => "",
    }
}

/// The ids that are already used.
#[derive(Default)]
struct Ids {
    taken: HashSet<Id>,
    /// The next number for each repeated id, because thousands of rows may have the same name.
    next: HashMap<Id, usize>,
}

impl Ids {
    /// Returns the id, or the first unused of `-2`, `-3`, ... A name without Latin letters becomes `subprocessor`.
    fn free(&mut self, wanted: Option<Id>) -> Id {
        let wanted = wanted.or_else(|| Id::from_name("subprocessor"));
        // Cannot fail, because `subprocessor` is a valid id.
        let wanted = wanted.unwrap_or_else(|| unreachable!("`subprocessor` is an id"));
        if self.taken.insert(wanted.clone()) {
            return wanted;
        }
        let number = self.next.entry(wanted.clone()).or_insert(2);
        let base = wanted.as_str();
        loop {
            let ending = format!("-{number}");
            let kept = base.get(..base.len().min(Id::MAX - ending.len())).unwrap_or(base).trim_end_matches('-');
            *number += 1;
            // Terminates, because there are more numbers than rows.
            if let Ok(id) = format!("{kept}{ending}").parse::<Id>()
                && self.taken.insert(id.clone())
            {
                return id;
            }
        }
    }
}
