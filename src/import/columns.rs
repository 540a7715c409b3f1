//! Assigns columns to fields, by name or by `--map`.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::ImportOptions;
use super::fields::{Field, plain};
use super::table::Table;
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source, nearest};
use crate::model::Malformed;

/// A `--map` argument: `Vendor=name`, `3=purpose` for the third column, or `Notes=-` to leave a column out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The name of the column, or its number, starting at 1.
    pub column: String,
    /// The field; `None` to leave the column out.
    pub field: Option<Field>,
}

impl FromStr for Assignment {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Assignment, Malformed> {
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
                name.parse::<Field>()
                    .map_err(|why| Malformed::new(format!("{}; {}", why.message, why.help), why.help))?,
            ),
        };
        Ok(Assignment { column: column.trim().to_owned(), field })
    }
}

impl fmt::Display for Assignment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.column, self.field.map_or("-", Field::name))
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
#[derive(Debug)]
pub(super) struct Columns {
    columns: Vec<Column>,
}

impl Columns {
    /// Finds the field of each column. Returns `None` if a required field has no column.
    pub fn of(table: &Table, options: &ImportOptions, source: &Arc<Source>, report: &mut Report) -> Option<Columns> {
        let place = |at: usize| match table.header.get(at).and_then(|cell| cell.range.clone()) {
            Some(range) => Place::new(source, range),
            None => Place::start_of(source),
        };
        let names: Vec<String> = table.header.iter().map(|cell| cell.text()).collect();
        let column = |name: &String| Column { name: name.clone(), fields: Vec::new(), left_out: false };
        let mut columns: Vec<Column> = names.iter().map(column).collect();
        let mut assigned = vec![false; columns.len()];
        for assignment in &options.assignments {
            let Some(at) = position(&names, &assignment.column) else {
                if options.earlier {
                    continue;
                }
                report.push(no_such_column(assignment, &names, place(0)));
                continue;
            };
            assigned[at] = true;
            match assignment.field {
                Some(field) => columns[at].fields.push(field),
                None => columns[at].left_out = true,
            }
        }
        for at in 0..columns.len() {
            if assigned[at] {
                continue;
            }
            let filled = table.rows.iter().any(|row| row.get(at).is_some_and(|cell| !cell.is_blank()));
            let shown = shown(&columns[at].name, at);
            match Field::of_column(&columns[at].name) {
                Some(field) => match columns.iter().position(|column| column.fields.contains(&field)) {
                    None => columns[at].fields.push(field),
                    Some(other) if filled => report.push(
                        Diagnostic::new(
                            Code::ImportColumnUnused,
                            format!(
                                "{shown} is not imported: `{field}` comes from {}",
                                self::shown(&columns[other].name, other)
                            ),
                        )
                        .at(place(at), "")
                        .help(format!("use `--map \"{}=FIELD\"`, or `=-` to leave the column out", names[at])),
                    ),
                    Some(_) => {}
                },
                None if filled => report.push(
                    Diagnostic::new(
                        Code::ImportColumnUnused,
                        format!("{shown} is not imported: its name does not match a field"),
                    )
                    .at(place(at), "")
                    .help(format!(
                        "use `--map \"{}=FIELD\"`, or `=-` to leave the column out",
                        if names[at].is_empty() { (at + 1).to_string() } else { names[at].clone() }
                    )),
                ),
                None => {}
            }
        }
        let columns = Columns { columns };
        for field in [Field::Name, Field::Purpose, Field::DataCategories] {
            if columns.position(field).is_none() {
                report.push(
                    Diagnostic::new(Code::ImportColumnMissing, format!("no column for the required field `{field}`"))
                        .at(place(0), "")
                        .help(format!("the columns are: {}", table.heads()))
                        .help(format!("use `--map \"COLUMN={field}\"`, or add the column to the table")),
                );
            }
        }
        (!report.has_errors()).then_some(columns)
    }

    /// Returns the column of a field.
    pub fn position(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|column| column.fields.contains(&field))
    }

    /// Returns the name of a column for messages.
    pub fn shown(&self, at: usize) -> String {
        self.columns.get(at).map_or_else(|| shown("", at), |column| shown(&column.name, at))
    }

    /// The number of columns.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether `--map` leaves a column out.
    pub fn left_out(&self, at: usize) -> bool {
        self.columns.get(at).is_some_and(|column| column.left_out)
    }

    /// The columns, from left to right.
    pub fn into_columns(self) -> Vec<Column> {
        self.columns
    }
}

/// Whether a table has a column for the names of subprocessors.
pub(super) fn has_name(table: &Table, assignments: &[Assignment]) -> bool {
    let names: Vec<String> = table.header.iter().map(|cell| cell.text()).collect();
    let assigned = |assignment: &Assignment| {
        assignment.field == Some(Field::Name) && position(&names, &assignment.column).is_some()
    };
    assignments.iter().any(assigned) || names.iter().any(|name| Field::of_column(name) == Some(Field::Name))
}

/// Finds a column by its exact name, by its normalized name, or by its number.
fn position(names: &[String], wanted: &str) -> Option<usize> {
    let same = |name: &String| !plain(wanted).is_empty() && plain(name) == plain(wanted);
    let number = || wanted.parse::<usize>().ok()?.checked_sub(1).filter(|at| *at < names.len());
    names.iter().position(|name| name == wanted).or_else(|| names.iter().position(same)).or_else(number)
}

fn no_such_column(assignment: &Assignment, names: &[String], place: Place) -> Diagnostic {
    let found =
        Diagnostic::new(Code::ImportMap, format!("`--map {assignment}`: unknown column `{}`", assignment.column))
            .at(place, "");
    match nearest(&assignment.column, names.iter().map(String::as_str)) {
        Some(near) => found.help(format!("did you mean `{near}`?")),
        None => found.help(format!("the columns are: {}", names.join(" | "))),
    }
}

fn shown(name: &str, at: usize) -> String {
    if name.is_empty() { format!("unnamed column {}", at + 1) } else { format!("column `{name}`") }
}
