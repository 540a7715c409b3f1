//! Assigns columns to fields: by `--map`, by their names, or as a later version of the list does.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::ImportOptions;
use super::cell::Cell;
use super::fields::{Field, NameMatch, plain};
use super::known::Known;
use super::table::{Cells, Table};
use super::values::{self, CodeMeaning, ConditionColumn, DateOrder};
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source, nearest};
use crate::model::Malformed;

/// A `--map` argument: `Vendor=name`, `3=purpose` for the third column, or `Notes=-` to leave a column out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment<F = Field> {
    /// The name of the column, or its number, starting at 1.
    pub column: String,
    /// The field; `None` to leave the column out.
    pub field: Option<F>,
}

impl<F: FromStr<Err = Malformed>> FromStr for Assignment<F> {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Assignment<F>, Malformed> {
        let (column, field) = text.rsplit_once('=').ok_or_else(|| {
            Malformed::new(
                format!("`{}` has no field for the column", text.escape_debug()),
                "write COLUMN=FIELD, such as `Vendor=name`, or `Notes=-` to leave a column out",
            )
        })?;
        let field = match field.trim() {
            "-" => None,
            // Errors of command line arguments have one line, so message and help are combined.
            name => Some(
                name.parse::<F>().map_err(|why| Malformed::new(format!("{}; {}", why.message, why.help), why.help))?,
            ),
        };
        Ok(Assignment { column: column.trim().to_owned(), field })
    }
}

impl<F: fmt::Display> fmt::Display for Assignment<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = self.field.as_ref().map_or_else(|| "-".to_owned(), F::to_string);
        write!(f, "{}={field}", self.column)
    }
}

/// A `--default` argument: the value of a field for the subprocessors that state none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefaultValue {
    /// The field.
    pub field: Field,
    /// The value, as a cell would have it.
    pub value: String,
}

impl FromStr for DefaultValue {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<DefaultValue, Malformed> {
        let wrong = |message: String| Malformed::new(message, "write FIELD=VALUE, such as `transfer_mechanism=scc`");
        let (field, value) = text
            .split_once('=')
            .filter(|(_, value)| !value.trim().is_empty())
            .ok_or_else(|| wrong(format!("`{}` has no value; write FIELD=VALUE", text.escape_debug())))?;
        let field: Field =
            field.trim().parse().map_err(|why: Malformed| wrong(format!("{}; {}", why.message, why.help)))?;
        if matches!(field, Field::Id | Field::Name) {
            return Err(wrong(format!("`{field}` is different for each subprocessor and has no default")));
        }
        let cell = Cell::new(value, None);
        let is_valid = match field {
            Field::TransferMechanism => values::mechanisms(&cell).rest.is_empty(),
            Field::Locations => values::locations(&cell, CodeMeaning::certain()).rest.is_empty(),
            Field::CorporateLocation => values::country(&cell, CodeMeaning::certain()).rest.is_empty(),
            Field::Role => values::role(&cell).rest.is_empty(),
            Field::Condition => values::condition(&cell, ConditionColumn::Applies).rest.is_empty(),
            Field::Announced | Field::Effective | Field::Ends => values::date(&cell, None).rest.is_empty(),
            Field::Website | Field::DpaUrl | Field::SubprocessorsUrl => values::url(&cell).rest.is_empty(),
            Field::DataCategories => values::data_categories(&cell).rest.is_empty(),
            Field::DataSubjects => values::entries(&cell).rest.is_empty(),
            _ => true,
        };
        if !is_valid {
            return Err(wrong(format!("`{}` is not a valid `{field}`", value.trim().escape_debug())));
        }
        Ok(DefaultValue { field, value: value.trim().to_owned() })
    }
}

/// A column and its use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The name in the table; may be empty.
    pub name: String,
    /// The fields that the column is imported into; several only with `--map`.
    pub fields: Vec<Field>,
    /// Whether `--map` leaves the column out.
    pub left_out: bool,
}

/// The columns of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    columns: Vec<Column>,
    /// The order of day and month in each column, if it is known.
    orders: Vec<Option<DateOrder>>,
    /// What codes with two letters mean in each column.
    meanings: Vec<CodeMeaning>,
}

impl Columns {
    /// Finds the field of each column.
    pub fn of(table: &Table, options: &ImportOptions, known: &Known) -> Columns {
        let names: Vec<String> = table.header.iter().map(|cell| cell.text()).collect();
        let column = |name: &String| Column { name: name.clone(), fields: Vec::new(), left_out: false };
        let mut columns: Vec<Column> = names.iter().map(column).collect();
        let mut assigned = vec![false; columns.len()];
        for assignment in &options.assignments {
            let Some(at) = position(&names, &assignment.column) else { continue };
            assigned[at] = true;
            match assignment.field {
                Some(field) => columns[at].fields.push(field),
                None => columns[at].left_out = true,
            }
        }
        // The best match comes first; of equal ones, the leftmost.
        let mut matches: Vec<(NameMatch, usize)> = Vec::new();
        for (at, name) in names.iter().enumerate().filter(|(at, _)| !assigned[*at]) {
            let remembered = known.field(name).map(|field| NameMatch { field, rank: 0 });
            matches.extend(remembered.or_else(|| Field::matching(name)).map(|found| (found, at)));
        }
        matches.sort_by_key(|(found, at)| (found.rank, *at));
        for (found, at) in matches {
            if !columns.iter().any(|column| column.fields.contains(&found.field)) {
                columns[at].fields.push(found.field);
            }
        }
        let mut columns = Columns { columns, orders: Vec::new(), meanings: Vec::new() };
        columns.fill_name(&assigned);
        columns.remember(table, known, &assigned);
        columns.orders = (0..columns.len()).map(|at| columns.order(table, at, options)).collect();
        // Two columns that prove different orders prove nothing.
        let mut proven = columns.orders.iter().flatten();
        let first = proven.next().copied();
        if proven.any(|order| Some(*order) != first) {
            columns.orders.fill(None);
        }
        let meaning = |at| CodeMeaning::of(table.rows.iter().filter_map(|row: &Cells| row.get(at)).map(AsRef::as_ref));
        columns.meanings = (0..columns.len()).map(meaning).collect();
        columns
    }

    /// Uses the legal name, or else the service, as the name if no other column has one.
    fn fill_name(&mut self, assigned: &[bool]) {
        if self.position(Field::Name).is_none()
            && let Some(at) = self.position(Field::LegalName).filter(|at| !assigned[*at])
        {
            self.columns[at].fields = vec![Field::Name];
        }
        // `Service | Purpose`: the service is the name, unless it is the purpose.
        let services =
            ["service", "services", "tool", "product", "application", "solution", "dienst", "outil", "servicio"];
        let is_service = |column: &Column| column.fields.is_empty() && services.contains(&plain(&column.name).as_str());
        if self.position(Field::Name).is_none()
            && let Some(at) = (0..self.len()).find(|at| !assigned[*at] && is_service(&self.columns[*at]))
        {
            self.columns[at].fields = vec![Field::Name];
        }
    }

    /// Gives columns without a field the field that a later version of the list has at the same position with the same cells.
    fn remember(&mut self, table: &Table, known: &Known, assigned: &[bool]) {
        for (at, assigned) in assigned.iter().enumerate() {
            if self.columns[at].fields.is_empty()
                && !assigned
                && let Some(field) = known.field_of_cells(table, at, self.position(Field::Name))
                && self.position(field).is_none()
            {
                self.columns[at].fields.push(field);
            }
        }
    }

    fn order(&self, table: &Table, at: usize, options: &ImportOptions) -> Option<DateOrder> {
        let dated = [Field::Announced, Field::Effective, Field::Ends];
        if !self.columns[at].fields.iter().any(|field| dated.contains(field)) {
            return None;
        }
        options
            .date_order
            .or_else(|| values::proven_order(table.rows.iter().filter_map(|row| row.get(at)).map(AsRef::as_ref)))
    }

    /// Reports columns that are not imported, and required fields without a column.
    pub fn report(&self, table: &Table, source: &Arc<Source>, lenient: bool, report: &mut Report) {
        let place = |at: usize| match table.header.get(at).and_then(|cell| cell.range.clone()) {
            Some(range) => Place::new(source, range),
            None => Place::start_of(source),
        };
        let unused: Vec<usize> = (0..self.len()).filter(|at| self.is_unused(table, *at)).collect();
        for at in &unused {
            let other =
                Field::of_column(&self.columns[*at].name).and_then(|field| Some((field, self.position(field)?)));
            let shown = self.shown(*at);
            let message = match other {
                Some((field, other)) => format!("{shown} is not imported: `{field}` comes from {}", self.shown(other)),
                None => format!("{shown} is not imported: its name does not match a field"),
            };
            report.push(
                Diagnostic::new(Code::ImportColumnUnused, message)
                    .at(place(*at), "")
                    .help(format!("use `--map \"{}=FIELD\"`, or `=-` to leave the column out", self.handle(*at))),
            );
        }
        for field in [Field::Name, Field::Purpose] {
            if self.position(field).is_some() || (lenient && field == Field::Purpose) {
                continue;
            }
            let wordiness = |at: &usize| {
                let cells = table.rows.iter().filter_map(|row| row.get(*at));
                cells.map(|cell| cell.lines.iter().map(String::len).sum::<usize>()).sum::<usize>()
            };
            let guess = match field {
                Field::Name => unused.first().copied(),
                _ => unused.iter().copied().max_by_key(wordiness),
            };
            let column = guess.map_or_else(|| "COLUMN".to_owned(), |at| self.handle(at));
            report.push(
                Diagnostic::new(Code::ImportColumnMissing, format!("no column for the required field `{field}`"))
                    .at(place(0), "")
                    .help(format!("the columns are: {}", table.heads()))
                    .help(format!("use `--map \"{column}={field}\"`, or add the column to the table")),
            );
        }
    }

    /// Whether a column with text has no field, and is not left out.
    fn is_unused(&self, table: &Table, at: usize) -> bool {
        let column = &self.columns[at];
        let filled = || table.rows.iter().any(|row| row.get(at).is_some_and(|cell| !cell.is_blank()));
        column.fields.is_empty() && !column.left_out && filled()
    }

    /// Returns the name of a column as `--map` takes it: its number, if it has no name.
    fn handle(&self, at: usize) -> String {
        let name = &self.columns[at].name;
        if name.is_empty() { (at + 1).to_string() } else { name.clone() }
    }

    /// Returns the column of a field.
    pub fn position(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|column| column.fields.contains(&field))
    }

    /// Returns the fields that have a column, sorted.
    pub fn fields(&self) -> Vec<Field> {
        let mut fields: Vec<Field> = self.columns.iter().flat_map(|column| column.fields.iter().copied()).collect();
        fields.sort_unstable();
        fields
    }

    /// Returns the name of a column for messages.
    pub fn shown(&self, at: usize) -> String {
        match self.columns.get(at).filter(|column| !column.name.is_empty()) {
            Some(column) => format!("column `{}`", column.name),
            None => format!("unnamed column {}", at + 1),
        }
    }

    /// The number of columns.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Returns a column.
    pub fn get(&self, at: usize) -> Option<&Column> {
        self.columns.get(at)
    }

    /// Returns the order of day and month in a column.
    pub fn date_order(&self, at: usize) -> Option<DateOrder> {
        self.orders.get(at).copied().flatten()
    }

    /// Returns what codes with two letters mean in a column.
    pub fn code_meaning(&self, at: Option<usize>) -> CodeMeaning {
        at.and_then(|at| self.meanings.get(at)).copied().unwrap_or_default()
    }

    /// The columns, from left to right.
    pub fn into_columns(self) -> Vec<Column> {
        self.columns
    }
}

/// Returns the field that matches the name of a column.
pub(super) fn field_of(name: &str) -> Option<Field> {
    Field::of_column(name)
}

/// Whether a table has the column of an assignment.
pub(super) fn has_column(table: &Table, assignment: &Assignment) -> bool {
    let names: Vec<String> = table.header.iter().map(|cell| cell.text()).collect();
    position(&names, &assignment.column).is_some()
}

/// Finds a column by its exact name, by its normalized name, or by its number.
fn position(names: &[String], wanted: &str) -> Option<usize> {
    let same = |name: &String| !plain(wanted).is_empty() && plain(name) == plain(wanted);
    let number = || wanted.parse::<usize>().ok()?.checked_sub(1).filter(|at| *at < names.len());
    names.iter().position(|name| name == wanted).or_else(|| names.iter().position(same)).or_else(number)
}

/// Reports an assignment to a column that no table of the list has.
pub(super) fn no_such_column<F: fmt::Display>(
    assignment: &Assignment<F>,
    names: &[String],
    place: Option<Place>,
) -> Diagnostic {
    let found =
        Diagnostic::new(Code::ImportMap, format!("`--map {assignment}`: unknown column `{}`", assignment.column))
            .at_known(place, "");
    match nearest(&assignment.column, names.iter().map(String::as_str)) {
        Some(near) => found.help(format!("did you mean `{near}`?")),
        None => found.help(format!("the columns are: {}", names.join(" | "))),
    }
}
