//! Decides which tables of a file form the list of subprocessors.
//!
//! Pages often split their list: by category, by region, or third parties and affiliates. All tables that share columns are read
//! as one list. A table that announces, archives or logs changes is not part of it.

use std::sync::Arc;

use super::ImportOptions;
use super::columns::{self, Assignment, Columns};
use super::fields::{Field, plain};
use super::headings::{is_log, is_not_current, is_other_list, starts_after};
use super::known::Known;
use super::table::Table;
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::text::counted;

/// A table of the list.
#[derive(Debug)]
pub(super) struct Member<'t> {
    /// The number of the table in the file, from 1.
    pub number: usize,
    pub table: &'t Table,
    pub columns: Columns,
}

/// Names of a first column that is a log of changes.
const LOG: &[&str] =
    &["date", "datum", "fecha", "version", "change", "action", "month", "quarter", "date of change", "change date"];

/// Returns the tables of the list.
///
/// # Errors
/// If no table, or more than one list, could be meant.
pub(super) fn members<'t>(
    source: &Arc<Source>,
    tables: &'t [Table],
    options: &ImportOptions,
    known: &Known,
    report: &mut Report,
) -> Result<Vec<Member<'t>>, Box<Diagnostic>> {
    // The file says that there are no subprocessors.
    if tables.is_empty() {
        return Ok(Vec::new());
    }
    let member =
        |at: usize| Member { number: at + 1, table: &tables[at], columns: Columns::of(&tables[at], options, known) };
    let all: Vec<Member<'t>> = (0..tables.len()).map(member).collect();
    if !options.tables.is_empty() && !options.earlier {
        return selected(source, tables, all, &options.tables);
    }
    let wrong = |why: &str| Err(Box::new(which_table(source, tables, &format!("`{}` {why}", source.path))));
    let excluded = |member: &Member<'_>| reason(member.table, options).is_some() && !is_followed(member, known);
    if all.len() == 1 && !all.iter().any(excluded) {
        return Ok(all);
    }
    let chosen: Vec<usize> = choose(&all, options, known);
    let Some(first) = chosen.first() else {
        let mut former = all.iter().filter(|member| is_not_current_table(member.table));
        // The last subprocessor left, and the page still lists the former ones.
        if (options.earlier || options.history) && former.any(|member| member.columns.position(Field::Name).is_some()) {
            for member in all.iter().filter(|_| !options.earlier) {
                report.push(unused(source, member, options));
            }
            return Ok(Vec::new());
        }
        if all.iter().all(|member| member.table.uncertain) {
            let why = "has no list below a heading about subprocessors; add the heading, or use --table N";
            return wrong(why);
        }
        if all.iter().any(excluded) {
            return wrong("lists no current subprocessors; use --table N");
        }
        return wrong(&format!("has {} tables, but none has a column for names; use --table N", all.len()));
    };
    let different = chosen.iter().find(|at| !shares_columns(&all[*first], &all[**at]));
    if different.is_some() && !options.earlier {
        return wrong(&format!("has {} possible tables; use --table N", chosen.len()));
    }
    let largest = chosen.iter().copied().max_by_key(|at| all[*at].table.rows.len()).unwrap_or(*first);
    let shared: Vec<bool> = all.iter().map(|member| shares_columns(&all[largest], member)).collect();
    let mut members = Vec::with_capacity(chosen.len());
    for (at, member) in all.into_iter().enumerate() {
        if chosen.contains(&at) && (different.is_none() || shared[at]) {
            members.push(member);
        } else {
            report.push(unused(source, &member, options));
        }
    }
    Ok(members)
}

/// Returns the indexes of the tables that could be part of the list.
fn choose(all: &[Member<'_>], options: &ImportOptions, known: &Known) -> Vec<usize> {
    let has = |member: &Member<'_>, field: Field| member.columns.position(field).is_some();
    let at =
        |keep: &dyn Fn(&Member<'_>) -> bool| -> Vec<usize> { (0..all.len()).filter(|at| keep(&all[*at])).collect() };
    let followed = at(&|member| has(member, Field::Name) && is_followed(member, known));
    if !followed.is_empty() {
        return followed;
    }
    let current = |member: &Member<'_>| has(member, Field::Name) && reason(member.table, options).is_none();
    let complete = at(&|member| current(member) && has(member, Field::Purpose));
    if !complete.is_empty() {
        return complete;
    }
    at(&current)
}

/// Whether a heading above a table says that it lists what is not current.
fn is_not_current_table(table: &Table) -> bool {
    table.headings.iter().any(|heading| is_not_current(heading))
}

/// Returns why a table is not a list of current subprocessors, if a heading above it says so or it is a log of changes.
fn reason(table: &Table, options: &ImportOptions) -> Option<&'static str> {
    let later = |heading: &String| options.as_of.is_some_and(|as_of| starts_after(heading, as_of));
    let log = table.header.first().is_some_and(|cell| LOG.contains(&plain(&cell.text()).as_str()));
    match () {
        () if log || is_not_current_table(table) || table.heading().is_some_and(is_log) => {
            Some("it does not list current subprocessors")
        }
        () if table.headings.iter().any(later) => Some("its heading says that it takes effect later"),
        () if table.heading().is_some_and(is_other_list) => Some("its heading is about something else"),
        () if table.uncertain => Some("nothing says that it lists subprocessors"),
        () => None,
    }
}

/// Whether two tables have at least two thirds of the fields of the smaller one in common.
fn shares_columns(a: &Member<'_>, b: &Member<'_>) -> bool {
    let (a, b) = (a.columns.fields(), b.columns.fields());
    let common = a.iter().filter(|field| b.contains(field)).count();
    common * 3 >= a.len().min(b.len()) * 2
}

fn selected<'t>(
    source: &Arc<Source>,
    tables: &[Table],
    all: Vec<Member<'t>>,
    numbers: &[usize],
) -> Result<Vec<Member<'t>>, Box<Diagnostic>> {
    if let Some(number) = numbers.iter().find(|number| **number == 0 || **number > all.len()) {
        return Err(Box::new(which_table(source, tables, &format!("`{}` has no table {number}", source.path))));
    }
    Ok(all.into_iter().filter(|member| numbers.contains(&member.number)).collect())
}

/// Returns the names in the tables that the user did not choose, although they share columns with those that were chosen.
pub(super) fn elsewhere(
    tables: &[Table],
    chosen: &[Member<'_>],
    options: &ImportOptions,
    known: &Known,
) -> Vec<String> {
    let Some(first) = chosen.first().filter(|_| !options.tables.is_empty()) else { return Vec::new() };
    let mut names = Vec::new();
    for (at, table) in tables.iter().enumerate().filter(|(at, _)| !chosen.iter().any(|other| other.number == at + 1)) {
        let member = Member { number: at + 1, table, columns: Columns::of(table, options, known) };
        let Some(column) = member.columns.position(Field::Name) else { continue };
        if reason(table, options).is_none() && shares_columns(first, &member) {
            names.extend(table.rows.iter().filter_map(|row| row.get(column)).map(|cell| plain(&cell.text())));
        }
    }
    names
}

/// Whether a table is one that the user chose, which is followed through the history by its heading.
pub(super) fn is_followed(member: &Member<'_>, known: &Known) -> bool {
    member.table.heading().is_some_and(|heading| known.headings.contains(&plain(heading)))
}

fn which_table(source: &Arc<Source>, tables: &[Table], message: &str) -> Diagnostic {
    let found = Diagnostic::new(Code::ImportWhichTable, message).at(Place::start_of(source), "");
    let heads = tables.iter().enumerate().take(20).map(|(at, table)| match table.heading() {
        Some(heading) => format!("table {} (`{heading}`): {}", at + 1, table.heads()),
        None => format!("table {}: {}", at + 1, table.heads()),
    });
    heads.fold(found, Diagnostic::help)
}

fn unused(source: &Arc<Source>, member: &Member<'_>, options: &ImportOptions) -> Diagnostic {
    let why = match reason(member.table, options) {
        _ if member.columns.position(Field::Name).is_none() => "it has no column for names",
        Some(why) => why,
        None if member.columns.position(Field::Purpose).is_none() => "it has no column for the purpose",
        None => "its columns differ from those of the list",
    };
    let table = member.table;
    let cells = table.header.iter().chain(table.rows.iter().flatten());
    let place = cells.filter_map(|cell| cell.range.clone()).next();
    // The column names of a list that is not a table are not in the file, but its entries are.
    let what = match (table.structured, table.heading()) {
        (true, Some(heading)) => format!("list under `{heading}`, {}", counted(table.rows.len(), "item")),
        (true, None) => format!("list, {}", counted(table.rows.len(), "item")),
        (false, _) => table.heads(),
    };
    Diagnostic::new(Code::ImportTableUnused, format!("table {} ({what}) is not imported: {why}", member.number))
        .at(place.map_or_else(|| Place::start_of(source), |range| Place::new(source, range)), "")
        .help(format!(
            "use `--table {}` if it is the list, or list several tables, such as `--table 1,2`",
            member.number
        ))
}

/// Reports assignments to columns that no table has.
pub(super) fn report_assignments(source: &Arc<Source>, tables: &[Table], missing: &[Assignment], report: &mut Report) {
    let names: Vec<String> = tables.iter().flat_map(|table| table.header.iter().map(|cell| cell.text())).collect();
    let place = tables.first().and_then(|table| table.header.first()?.range.clone());
    let place = place.map_or_else(|| Place::start_of(source), |range| Place::new(source, range));
    for assignment in missing {
        report.push(columns::no_such_column(assignment, &names, Some(place.clone())));
    }
}
