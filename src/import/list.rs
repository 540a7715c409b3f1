//! Decides which tables of a file form the list of subprocessors.
//!
//! Pages often split their list: by category, by region, or third parties and affiliates. All tables that share columns are read
//! as one list. A table that announces, archives or logs changes is not part of it.

use std::sync::Arc;

use super::ImportOptions;
use super::columns::{self, Assignment, Columns};
use super::fields::{Field, plain};
use super::known::Known;
use super::table::Table;
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::model::Role;

/// A table of the list.
#[derive(Debug)]
pub(super) struct Member<'t> {
    /// The number of the table in the file, from 1.
    pub number: usize,
    pub table: &'t Table,
    pub columns: Columns,
}

/// Words of headings whose tables list no current subprocessors.
const NOT_CURRENT: &[&str] = &[
    "former",
    "previous",
    "previously",
    "past",
    "removed",
    "archive",
    "archived",
    "history",
    "changelog",
    "changes",
    "change",
    "revision",
    "revisions",
    "updates",
    "upcoming",
    "planned",
    "future",
    "proposed",
    "pending",
    "deprecated",
    "ehemalige",
    "fruhere",
    "geplante",
    "anderungen",
    "anciens",
    "futurs",
    "modifications",
    "anteriores",
    "futuros",
    "cambios",
    "historial",
    "replaced",
    "inactive",
];

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
    let member =
        |at: usize| Member { number: at + 1, table: &tables[at], columns: Columns::of(&tables[at], options, known) };
    let all: Vec<Member<'t>> = (0..tables.len()).map(member).collect();
    if !options.tables.is_empty() && !options.earlier {
        return selected(source, tables, all, &options.tables);
    }
    let wrong = |why: &str| Err(Box::new(which_table(source, tables, &format!("`{}` has {why}", source.path))));
    if all.len() == 1 {
        return Ok(all);
    }
    let chosen: Vec<usize> = choose(&all, known);
    let Some(first) = chosen.first() else {
        return wrong(&format!("{} tables, but none has a column for names; use --table N", all.len()));
    };
    let different = chosen.iter().find(|at| !shares_columns(&all[*first], &all[**at]));
    if different.is_some() && !options.earlier {
        return wrong(&format!("{} possible tables; use --table N", chosen.len()));
    }
    let largest = chosen.iter().copied().max_by_key(|at| all[*at].table.rows.len()).unwrap_or(*first);
    let shared: Vec<bool> = all.iter().map(|member| shares_columns(&all[largest], member)).collect();
    let mut members = Vec::with_capacity(chosen.len());
    for (at, member) in all.into_iter().enumerate() {
        if chosen.contains(&at) && (different.is_none() || shared[at]) {
            members.push(member);
        } else {
            report.push(unused(source, &member));
        }
    }
    Ok(members)
}

/// Returns the indexes of the tables that could be part of the list.
fn choose(all: &[Member<'_>], known: &Known) -> Vec<usize> {
    let has = |member: &Member<'_>, field: Field| member.columns.position(field).is_some();
    let at =
        |keep: &dyn Fn(&Member<'_>) -> bool| -> Vec<usize> { (0..all.len()).filter(|at| keep(&all[*at])).collect() };
    let followed = at(&|member| has(member, Field::Name) && is_followed(member, known));
    if !followed.is_empty() {
        return followed;
    }
    let current = |member: &Member<'_>| has(member, Field::Name) && !is_not_current(member.table);
    let complete = at(&|member| current(member) && has(member, Field::Purpose));
    if !complete.is_empty() {
        return complete;
    }
    let named = at(&current);
    if !named.is_empty() { named } else { at(&|member| has(member, Field::Name)) }
}

/// Whether a table lists what is not current: its heading says so, or it is a log of changes.
fn is_not_current(table: &Table) -> bool {
    let words = |text: &str| plain(text).split(' ').any(|word| NOT_CURRENT.contains(&word));
    let log = table.header.first().is_some_and(|cell| LOG.contains(&plain(&cell.text()).as_str()));
    log || table.heading().is_some_and(words)
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
        if !is_not_current(table) && shares_columns(first, &member) {
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

fn unused(source: &Arc<Source>, member: &Member<'_>) -> Diagnostic {
    let why = match () {
        () if member.columns.position(Field::Name).is_none() => "it has no column for names",
        () if is_not_current(member.table) => "it does not list current subprocessors",
        () if member.columns.position(Field::Purpose).is_none() => "it has no column for the purpose",
        () => "its columns differ from those of the list",
    };
    let place = member.table.header.iter().find_map(|cell| cell.range.clone());
    Diagnostic::new(
        Code::ImportTableUnused,
        format!("table {} ({}) is not imported: {why}", member.number, member.table.heads()),
    )
    .at(place.map_or_else(|| Place::start_of(source), |range| Place::new(source, range)), "")
    .help(format!("use `--table {}` if it is the list, or list several tables, such as `--table 1,2`", member.number))
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

/// What a heading says about the subprocessors below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Grouping {
    pub role: Option<Role>,
    pub category: Option<String>,
}

/// Interprets a heading: the name of a role, or else of a category.
pub(super) fn grouping(heading: &str) -> Grouping {
    let plain = plain(heading);
    let words: Vec<&str> = plain.split(' ').collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let affiliates = has(&[
        "affiliate",
        "affiliates",
        "subsidiary",
        "subsidiaries",
        "konzernunternehmen",
        "konzerngesellschaften",
        "tochtergesellschaften",
        "filiales",
        "filiale",
        "filiales",
    ]) || plain.contains("group companies")
        || plain.contains("group entities")
        || plain.contains("affiliated ")
        || plain.contains("verbundene unternehmen");
    let third = plain.contains("third part") || plain.contains("external sub") || plain.contains("drittanbieter");
    let generic = has(&[
        "subprocessor",
        "subprocessors",
        "processors",
        "unterauftragsverarbeiter",
        "subunternehmer",
        "subencargados",
        "vendors",
        "providers",
        "list",
        "overview",
        "suppliers",
    ]) || plain.contains("sub processor")
        || plain.contains("sous traitant");
    match (affiliates, third) {
        (true, false) => Grouping { role: Some(Role::Affiliate), category: None },
        (false, true) => Grouping { role: Some(Role::ThirdParty), category: None },
        (false, false) if !generic && !plain.is_empty() => {
            Grouping { role: None, category: Some(heading.trim_end_matches(':').trim().to_owned()) }
        }
        // "Infrastructure subprocessors" is a category, "Our subprocessors" is not.
        (false, false) if generic && is_specific(&words) => {
            Grouping { role: None, category: Some(heading.trim_end_matches(':').trim().to_owned()) }
        }
        _ => Grouping::default(),
    }
}

/// Whether a heading says more than that it is the list.
fn is_specific(words: &[&str]) -> bool {
    const COMMON: &[&str] = &[
        "our",
        "the",
        "list",
        "of",
        "current",
        "sub",
        "processor",
        "processors",
        "subprocessor",
        "subprocessors",
        "overview",
        "vendors",
        "authorized",
        "approved",
        "engaged",
        "we",
        "use",
        "used",
        "all",
        "and",
        "table",
        "suppliers",
        "providers",
        "service",
        "active",
        "unsere",
        "liste",
        "der",
        "die",
        "unterauftragsverarbeiter",
        "subunternehmer",
        "nos",
        "sous",
        "traitants",
        "ulterieurs",
        "des",
        "les",
        "nuestros",
        "subencargados",
        "lista",
        "de",
        "los",
        "by",
        "data",
        "third",
        "party",
        "parties",
        "page",
        "updated",
        "last",
        "for",
        "customer",
        "customers",
        "personal",
        "a",
        "as",
        "at",
        "id",
    ];
    words.iter().any(|word| !COMMON.contains(word) && !word.bytes().all(|b| b.is_ascii_digit()))
}
