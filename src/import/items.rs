//! Converts the rows of a list into subprocessors, and accounts for every cell.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::account::{Account, CellAccount, Remainder};
use super::fields::{Field, plain};
use super::headings::{self, Grouping};
use super::ids::Ids;
use super::list::Member;
use super::row::{Defaults, Row};
use super::table::{Cells, Table};
use super::words;
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::model::{Role, Subprocessor};

/// The subprocessors of a list.
#[derive(Debug, Default)]
pub(super) struct Items {
    pub items: Vec<Arc<Subprocessor>>,
    pub account: Account,
}

/// Converts all rows of a list into subprocessors. With `lenient`, a row that lacks a required value is left out or completed
/// with a warning, because a past version cannot be edited. A list without rows is an error, unless `may_be_empty`.
pub(super) fn items(
    source: &Arc<Source>,
    members: &[Member<'_>],
    defaults: &Defaults,
    lenient: bool,
    may_be_empty: bool,
    report: &mut Report,
) -> Items {
    let mut builder = Builder {
        source,
        defaults,
        lenient,
        report,
        ids: Ids::default(),
        names: HashMap::new(),
        known: HashSet::new(),
        read: Items::default(),
    };
    for member in members {
        builder.table(member, members.len() > 1 || member.table.structured);
    }
    if !may_be_empty && members.iter().all(|member| member.table.rows.is_empty()) {
        let (message, help) = (
            format!("the table in `{}` has no rows", source.path),
            "add one row per subprocessor below the column names",
        );
        builder.report.push(Diagnostic::new(Code::ImportNoTable, message).at(Place::start_of(source), "").help(help));
    }
    builder.read
}

/// Collects the subprocessors of all tables.
struct Builder<'a> {
    source: &'a Arc<Source>,
    defaults: &'a Defaults,
    lenient: bool,
    report: &'a mut Report,
    ids: Ids,
    /// The names of the items so far, each with the id of the first.
    names: HashMap<String, usize>,
    /// The items of earlier tables without their ids: pages repeat tables for other screens.
    known: HashSet<Subprocessor>,
    read: Items,
}

impl Builder<'_> {
    fn table(&mut self, member: &Member<'_>, grouped: bool) {
        let table = member.table;
        for cells in &table.titles {
            self.account_row(member.number, 0, cells, Remainder::Title);
        }
        if !table.structured {
            match table.names.as_slice() {
                [] => self.account_row(member.number, 0, &table.header, Remainder::ColumnName),
                names => names.iter().for_each(|row| self.account_row(member.number, 0, row, Remainder::ColumnName)),
            }
        }
        for (at, cells) in table.hidden.iter().enumerate() {
            self.account_row(member.number, table.rows.len() + at + 1, cells, Remainder::Hidden);
            if let Some(cell) = cells.iter().find(|cell| !cell.is_empty()) {
                let message = format!("the row `{}` is not imported: readers of the page do not see it", cell.text());
                let found =
                    Diagnostic::new(Code::ImportRowUnused, message).at(place_of(self.source, member, cells), "");
                self.report.push(found.help("remove `hidden` or `display: none` if it is a current subprocessor"));
            }
        }
        // The heading above the only list of a file is its title, and not a category.
        let mut heading = table.heading().map(headings::grouping).unwrap_or_default();
        heading.category = heading.category.filter(|_| grouped);
        let column = member.columns.position(Field::Name).and_then(|at| member.columns.get(at));
        let role = column
            .filter(|column| words::is_affiliate(&plain(&column.name)))
            .map(|_| Role::Affiliate)
            .or(heading.role)
            .or_else(|| table.headings.iter().rev().find_map(|outer| headings::grouping(outer).role));
        // The heading within the table above rows that are not current.
        let mut not_current: Option<String> = None;
        let mut grouping = Grouping { role: role.clone(), ..heading };
        let first_of_table = self.read.items.len();
        for (at, cells) in table.rows.iter().enumerate() {
            let (row_number, number) = (at + 1, member.number);
            if cells.iter().all(|cell| cell.is_empty()) {
                continue;
            }
            match self.special(member, cells, at) {
                Some(Special::Heading(text)) if headings::is_not_current(&text) => {
                    self.account_row(number, row_number, cells, Remainder::Heading);
                    not_current = Some(text);
                    continue;
                }
                Some(Special::Heading(text)) => {
                    // A heading between former subprocessors may group them.
                    if not_current.is_some() && headings::is_about_subprocessors(&text) {
                        not_current = None;
                    }
                    let inner = headings::grouping(&text);
                    let field = if inner.role.is_some() { Field::Role } else { Field::Category };
                    grouping = Grouping { role: inner.role.or_else(|| role.clone()), category: inner.category };
                    self.account_fields(number, row_number, cells, &[field]);
                    continue;
                }
                Some(Special::Other(remainder)) => {
                    self.account_row(number, row_number, cells, remainder);
                    continue;
                }
                None => {}
            }
            if let Some(heading) = &not_current {
                let name = cells.iter().find(|cell| !cell.is_empty()).map(|cell| cell.text()).unwrap_or_default();
                let message = format!("the row `{name}` is not imported: it is below the heading `{heading}`");
                let found =
                    Diagnostic::new(Code::ImportRowUnused, message).at(place_of(self.source, member, cells), "");
                self.report.push(found.help("move the row above the heading if it is a current subprocessor"));
                self.account_row(number, row_number, cells, Remainder::NotCurrent);
                continue;
            }
            let mut row = Row::new(self.source, member, cells, at, self.defaults, self.lenient, self.report);
            let item = row.item(&grouping);
            let ends = row.into_account(number, row_number);
            self.read.account.cells.extend(ends);
            let item = item.and_then(|item| self.unique(item, first_of_table, member, cells));
            self.read.items.extend(item.map(Arc::new));
        }
        // Only whole tables are repeated, not rows within one.
        let nameless = |item: &Arc<Subprocessor>| Subprocessor { id: anonymous(), ..Subprocessor::clone(item) };
        self.known.extend(self.read.items[first_of_table..].iter().map(nameless));
    }

    /// Gives an item its id, unless an earlier table has the same item.
    fn unique(
        &mut self,
        item: Subprocessor,
        first_of_table: usize,
        member: &Member<'_>,
        cells: &Cells,
    ) -> Option<Subprocessor> {
        let label = format!("`{}`", item.name);
        let place = place_of(self.source, member, cells);
        let nameless = Subprocessor { id: anonymous(), ..item.clone() };
        if first_of_table > 0 && self.known.contains(&nameless) {
            let message = format!("{label} appears in two tables with the same values and is imported once");
            self.report.push(Diagnostic::new(Code::ImportCompleted, message).at(place, ""));
            return None;
        }
        let id = self.ids.free(Some(item.id.clone()));
        let count = self.names.entry(item.name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            self.report.push(
                Diagnostic::new(Code::ImportSameName, format!("{label} appears in several rows, which become separate subprocessors"))
                    .at(place, "")
                    .help(format!("if they are the same subprocessor, merge them in the file, otherwise use different names; this one has the id `{id}`")),
            );
        }
        Some(Subprocessor { id, ..item })
    }

    /// Recognizes a row that is not a subprocessor.
    fn special(&mut self, member: &Member<'_>, cells: &Cells, at: usize) -> Option<Special> {
        let table = member.table;
        let own: Vec<String> = cells.iter().map(|cell| cell.text()).collect();
        let spans = is_span(cells);
        // In Markdown and CSV, a heading inside the table is a row in which only the first cell has text.
        let alone = !table.structured
            && own.len() > 1
            && !own[0].is_empty()
            && own.iter().skip(1).all(|text| text.is_empty())
            && member.columns.position(Field::Name) == Some(0)
            && member.columns.len() > 1;
        let repeats = own == texts(&table.header);
        let (remainder, why) = match () {
            () if repeats && !table.structured => (Remainder::Heading, "it repeats the column names"),
            () if spans && !own[0].is_empty() => match has_rows_below(table, at) && !is_sentence(&own[0]) {
                true => return Some(self.group(member, cells, &own[0])),
                false => (Remainder::Note, "it is a note that spans the table"),
            },
            // The first row of a table, a strong text or a known group is a heading; any other may be an incomplete row.
            () if alone
                && has_rows_below(table, at)
                && (at == 0
                    || cells[0].lead.as_deref() == Some(own[0].as_str())
                    || headings::is_not_current(&own[0])
                    || headings::grouping(&own[0]).role.is_some()) =>
            {
                return Some(self.group(member, cells, &own[0]));
            }
            () if alone => (Remainder::Incomplete, "it looks like a heading, because only one cell has text"),
            () => return None,
        };
        self.report.push(
            Diagnostic::new(Code::ImportRowUnused, format!("the row `{}` is not imported: {why}", own[0]))
                .at(place_of(self.source, member, cells), "")
                .help("ignore this if the row is not a subprocessor"),
        );
        Some(Special::Other(remainder))
    }

    /// Reports the use of a heading.
    fn group(&mut self, member: &Member<'_>, cells: &Cells, text: &str) -> Special {
        let message = format!("the row `{text}` is the heading of the rows below it");
        self.report.push(Diagnostic::new(Code::ImportCompleted, message).at(place_of(self.source, member, cells), ""));
        Special::Heading(text.to_owned())
    }

    fn account_row(&mut self, table: usize, row: usize, cells: &Cells, remainder: Remainder) {
        let filled = cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty());
        let account = |column| CellAccount { table, row, column, fields: Vec::new(), remainder: Some(remainder) };
        self.read.account.cells.extend(filled.map(|(at, _)| account(at + 1)));
    }

    fn account_fields(&mut self, table: usize, row: usize, cells: &Cells, fields: &[Field]) {
        let filled = cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty());
        let account = |column| CellAccount { table, row, column, fields: fields.to_vec(), remainder: None };
        self.read.account.cells.extend(filled.map(|(at, _)| account(at + 1)));
    }
}

/// A row that is not a subprocessor.
enum Special {
    /// The heading of the rows below it.
    Heading(String),
    Other(Remainder),
}

/// Whether a row is one cell that spans the table.
fn is_span(cells: &Cells) -> bool {
    cells.len() > 1 && cells.iter().all(|cell| Arc::ptr_eq(cell, &cells[0]))
}

/// Whether a row below has several cells.
fn has_rows_below(table: &Table, at: usize) -> bool {
    let is_row = |row: &Cells| !is_span(row) && row.iter().filter(|cell| !cell.is_empty()).count() > 1;
    table.rows.iter().skip(at + 1).any(is_row)
}

/// Whether a text is a sentence, and not a heading.
pub(super) fn is_sentence(text: &str) -> bool {
    let words = text.split_whitespace().count();
    text.chars().count() > 120 || (text.ends_with('.') && words > 5)
}

fn texts(cells: &Cells) -> Vec<String> {
    cells.iter().map(|cell| cell.text()).collect()
}

fn place_of(source: &Arc<Source>, member: &Member<'_>, cells: &Cells) -> Place {
    let cell = member.columns.position(Field::Name).and_then(|at| cells.get(at)).or(cells.first());
    match cell.and_then(|cell| cell.range.clone()) {
        Some(range) => Place::new(source, range),
        None => Place::start_of(source),
    }
}

/// The id of an item that is compared without its id.
fn anonymous() -> crate::model::Id {
    Ids::default().free(None)
}
