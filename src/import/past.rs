//! Creates releases from the versions of a file in its git history: one release per change of the content.
//!
//! A past release contains only what the file proves: the subprocessors, and the organization that they belong to. The rest of
//! the current content was not published then, so the section that shows the list has no text.

mod identity;
mod plan;
mod summary;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::str::FromStr;
use std::sync::Arc;

use self::identity::Rules;
pub use self::plan::Plan;
use super::columns::{self, Assignment};
use super::fields::{Field, latin, plain};
use super::headings;
use super::ids::Ids;
use super::known::Known;
use super::{ImportOptions, Imported, detect, list};
use crate::diagnostic::{Code, Diagnostic, Place, Report, Severity, Source, nearest};
use crate::history::new_release::{self, NewRelease, ReleaseRequest};
use crate::model::{Date, Disclosure, Id, List, Malformed, ProgramVersion, Section, Show, Subprocessor};

/// A commit that changed the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The commit id, full or abbreviated.
    pub commit: String,
    /// The date of the commit, in UTC.
    pub date: Date,
    /// The first line of the commit message.
    pub subject: String,
    /// The other lines of the commit message.
    pub body: String,
    /// The number of the file among those that are imported together.
    pub file: usize,
    /// The path of the file at that commit.
    pub path: String,
    /// The content of the file.
    pub state: State,
}

/// The state of a file after a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// The file had this text.
    Text(String),
    /// The file was a workbook.
    Workbook(Vec<u8>),
    /// The file did not exist.
    Removed,
    /// The file could not be read, for this reason.
    Unreadable(String),
}

/// Two names of which one replaced the other in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamePair {
    /// The name in the older version.
    pub old: String,
    /// The name in the newer version.
    pub new: String,
}

impl FromStr for NamePair {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<NamePair, Malformed> {
        match text.split_once('=').map(|(old, new)| (old.trim(), new.trim())) {
            Some((old, new)) if !old.is_empty() && !new.is_empty() => {
                Ok(NamePair { old: old.to_owned(), new: new.to_owned() })
            }
            _ => Err(Malformed::new(
                format!("`{}` is not a pair of names; write `Old name=New name`", text.escape_debug()),
                "write `Old name=New name`",
            )),
        }
    }
}

/// Where a history starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// At a commit.
    Commit(String),
    /// At a date.
    Date(Date),
}

impl FromStr for Start {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Start, Malformed> {
        match (text.parse(), plan::is_commit(text)) {
            (Ok(date), _) => Ok(Start::Date(date)),
            (_, true) => Ok(Start::Commit(text.to_lowercase())),
            _ => Err(Malformed::new(
                format!("`{}` is neither a commit nor a date", text.escape_debug()),
                "use a commit id with at least 4 digits, or a date such as 2024-05-22",
            )),
        }
    }
}

/// What the user says about a history.
#[derive(Debug, Clone, Default)]
pub struct PastOptions {
    /// Names of the same subprocessor in successive versions.
    pub same: Vec<NamePair>,
    /// Names of different subprocessors that look like the same one.
    pub different: Vec<NamePair>,
    /// Where the history starts.
    pub from: Option<Start>,
    /// Commits that are ignored, abbreviated.
    pub skip: Vec<String>,
    /// The edited plan of the releases.
    pub plan: Option<Plan>,
}

/// The releases of a file's history.
#[derive(Debug, Clone, Default)]
pub struct Past {
    /// Releases, oldest first, each with its commit.
    pub releases: Vec<(NewRelease, String)>,
}

/// A version of the list that could be read.
#[derive(Clone)]
struct Version<'r> {
    revision: &'r Revision,
    source: Arc<Source>,
    imported: Imported,
}

/// Creates releases from the revisions, oldest first. Title, language, organization and sections are taken from `today`, and the
/// ids from `current`, the list as it is now. Commits that change no content, and commits that cannot be read, are skipped and
/// reported. Diagnostics that are already in `known` are not repeated.
pub fn past(
    revisions: &[Revision],
    options: &ImportOptions,
    past_options: &PastOptions,
    current: &Imported,
    today: &Disclosure,
    as_of: Date,
    known: &Report,
) -> (Past, Report) {
    let mut report = Report::new();
    let revisions = wanted(revisions, past_options, &mut report);
    let mut reported: HashSet<String> = known.diagnostics().iter().map(|found| found.message.clone()).collect();
    let versions = read_all(&revisions, options, current, &mut reported, &mut report);
    let (mut versions, _) = together(versions);
    unknown_names(&versions, current, past_options, &mut report);
    identify(&mut versions, past_options, &current.items, &mut report);
    let mut past = Past::default();
    let mut before: Option<&Version<'_>> = None;
    for version in &versions {
        let Version { revision, source, imported } = version;
        let newest = past.releases.last().map(|(release, _)| &release.release);
        if newest.is_none() && imported.items.is_empty() {
            report.push(skipped(revision, source, Code::ImportCommitSkipped, "it lists no subprocessors"));
            continue;
        }
        let planned = past_options.plan.as_ref().map(|plan| plan.summary(&revision.commit));
        if planned == Some(None) {
            report.push(skipped(revision, source, Code::ImportCommitUnchanged, "the plan has no release for it"));
            continue;
        }
        let stated = newest.map(|newest| newest.disclosure.subprocessors.as_slice());
        let date = newest.map_or(revision.date, |newest| newest.published.max(revision.date));
        let request = ReleaseRequest {
            version: None,
            date: Some(date),
            summary: match planned.flatten() {
                Some(summary) => summary.to_owned(),
                None => summary::summary(revision, stated, &imported.items),
            },
            corrects: None,
            redactions: Vec::new(),
            replaces_redacted: false,
            notices: Vec::new(),
            candor: ProgramVersion::current().version().to_owned(),
        };
        let disclosure = Disclosure { subprocessors: imported.items.clone(), ..bare(today) };
        match new_release::create(&request, disclosure.into(), newest, as_of) {
            Ok(release) => {
                if date != revision.date {
                    report.push(date_moved(revision, date, source));
                }
                past.releases.push((release, revision.commit.clone()));
            }
            Err(found) if found.code() == Code::ReleaseNothingChanged => report.push(unchanged(version, before)),
            Err(found) if found.code() == Code::ReleaseSummaryEmpty => {
                report.push(found.at(Place::start_of(source), ""))
            }
            Err(found) => {
                report.push(found.at(Place::start_of(source), ""));
                break;
            }
        }
        before = Some(version);
    }
    (past, report)
}

/// Whether a newer list has most of its subprocessors from an older one, which it then continues: the list was moved or copied.
fn continues(older: &[Arc<Subprocessor>], newer: &[Arc<Subprocessor>]) -> bool {
    let names: HashSet<String> = older.iter().map(|item| plain(&item.name)).collect();
    let shared = newer.iter().filter(|item| names.contains(&plain(&item.name))).count();
    shared > 0 && shared * 2 >= newer.len()
}

/// Returns for each file whether a newer one continues its list.
pub fn continued(revisions: &[Revision], options: &ImportOptions, current: &Imported) -> Vec<bool> {
    let all: Vec<&Revision> = revisions.iter().collect();
    together(read_all(&all, options, current, &mut HashSet::new(), &mut Report::new())).1
}

/// Joins the lists that several files had after each commit. A file whose list another one continues is not part of it anymore, as
/// the second value says.
fn together(versions: Vec<Version<'_>>) -> (Vec<Version<'_>>, Vec<bool>) {
    let files = versions.iter().map(|version| version.revision.file + 1).max().unwrap_or_default();
    if files < 2 {
        return (versions, vec![false; files]);
    }
    let mut states: Vec<Option<Version<'_>>> = vec![None; files];
    let mut continued = vec![false; files];
    let mut joined: Vec<Version<'_>> = Vec::new();
    for commit in versions.chunk_by(|a, b| a.revision.commit == b.revision.commit) {
        let mut new = Vec::new();
        for version in commit.iter().filter(|version| !continued[version.revision.file]) {
            let file = version.revision.file;
            if states[file].replace(version.clone()).is_none() {
                new.push(file);
            }
        }
        for file in new {
            for older in 0..file {
                let is_older = states[older].as_ref().zip(states[file].as_ref());
                if is_older.is_some_and(|(old, new)| continues(&old.imported.items, &new.imported.items)) {
                    continued[older] = true;
                    states[older] = None;
                }
            }
        }
        let Some(last) = commit.iter().rfind(|version| states[version.revision.file].is_some()) else { continue };
        let mut lists = states.iter().flatten().map(|version| version.imported.clone());
        let Some(mut imported) = lists.next() else { continue };
        lists.for_each(|list| imported.extend(list));
        joined.push(Version { imported, ..last.clone() });
    }
    (joined, continued)
}

/// Reports names that the user compares and that no version has.
fn unknown_names(versions: &[Version<'_>], current: &Imported, options: &PastOptions, report: &mut Report) {
    let items = versions.iter().flat_map(|version| &version.imported.items).chain(&current.items);
    let known: BTreeSet<&str> = items.map(|item| item.name.as_str()).collect();
    let same = options.same.iter().map(|pair| ("--same", pair));
    for (option, pair) in same.chain(options.different.iter().map(|pair| ("--different", pair))) {
        for name in [&pair.old, &pair.new].into_iter().filter(|name| !known.contains(name.as_str())) {
            let message = format!("`{option}`: no version of the list has the name `{name}`");
            let found = Diagnostic::new(Code::ImportNameUnknown, message);
            report.push(match nearest(name, known.iter().copied()) {
                Some(near) => found.help(format!("did you mean `{near}`?")),
                None => found.help("write the names as the versions of the list have them"),
            });
        }
    }
}

fn skipped(revision: &Revision, source: &Arc<Source>, code: Code, why: &str) -> Diagnostic {
    let message = format!("no release for commit {} ({}): {why}", short(&revision.commit), revision.subject);
    Diagnostic::new(code, message).at(Place::start_of(source), "")
}

/// Reports a commit that changes nothing that a record states.
fn unchanged(version: &Version<'_>, before: Option<&Version<'_>>) -> Diagnostic {
    let Version { revision, source, imported } = version;
    let Some(before) = before else {
        return skipped(revision, source, Code::ImportCommitUnchanged, "it does not change the list");
    };
    // A respelled value changes the text of a row, but not what the record states.
    let [old, new] = [&before.imported.unrecorded, &imported.unrecorded];
    let changed = new.iter().find(|text| !old.contains(text)).or_else(|| old.iter().find(|text| !new.contains(text)));
    if let Some(text) = changed.or(if old.len() == new.len() { None } else { new.first().or(old.first()) }) {
        let why =
            format!("it changes values that are not imported, in the row `{}`", crate::text::shortened(text, 100));
        return skipped(revision, source, Code::ImportCommitUnrecorded, &why)
            .help("make a release for it by hand if it matters: the list says something that the record does not");
    }
    let [old, new] = [&before.imported.rows, &imported.rows].map(|rows| rows.iter().collect::<HashSet<_>>());
    let why = match words(&before.source.text) == words(&source.text) {
        true => "it changes only the formatting",
        false if old == new => "it changes only text outside of the list",
        false => "it changes only the spelling or the formatting of the list",
    };
    skipped(revision, source, Code::ImportCommitUnchanged, why)
}

/// Returns the words of a text, sorted.
fn words(text: &str) -> Vec<&str> {
    let mut words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words
}

fn date_moved(revision: &Revision, date: Date, source: &Arc<Source>) -> Diagnostic {
    let commit = short(&revision.commit);
    let message =
        format!("commit {commit} is dated {}, before its predecessor; its release is dated {date}", revision.date);
    Diagnostic::new(Code::ImportDateMoved, message)
        .at(Place::start_of(source), "")
        .help("check the dates of the commits: releases are in the order of the commits, so a clock was wrong or commits were reordered")
}

/// Returns the revisions that the user wants, and reports commits that do not exist.
fn wanted<'r>(revisions: &'r [Revision], options: &PastOptions, report: &mut Report) -> Vec<&'r Revision> {
    let position = |commit: &str| revisions.iter().position(|revision| revision.commit.starts_with(commit));
    let planned = options.plan.iter().flat_map(Plan::commits).map(|commit| ("--plan", commit));
    let skip = options.skip.iter().map(|commit| ("--skip", commit.as_str()));
    let from = match &options.from {
        Some(Start::Commit(commit)) => Some(("--from", commit.as_str())),
        _ => None,
    };
    for (option, commit) in planned.chain(skip).chain(from) {
        if position(commit).is_none() {
            report.push(
                Diagnostic::new(
                    Code::ImportCommitUnknown,
                    format!("`{option}`: no commit `{commit}` changed the file"),
                )
                .help("use the id of a commit that the import lists"),
            );
        }
    }
    let first = match &options.from {
        Some(Start::Commit(commit)) => position(commit).unwrap_or_default(),
        Some(Start::Date(date)) => revisions.iter().position(|revision| revision.date >= *date).unwrap_or_else(|| {
            let message = format!("`--from`: no commit since {date} changed the file");
            report.push(Diagnostic::new(Code::ImportCommitUnknown, message).help("use an earlier date"));
            revisions.len()
        }),
        None => 0,
    };
    let skipped = |revision: &&Revision| options.skip.iter().any(|commit| revision.commit.starts_with(commit.as_str()));
    revisions[first..].iter().filter(|revision| !skipped(revision)).collect()
}

/// Reads all versions, the newest first, because a later version shows what the columns of an earlier one mean. Returns them
/// oldest first.
fn read_all<'r>(
    revisions: &[&'r Revision],
    options: &ImportOptions,
    current: &Imported,
    reported: &mut HashSet<String>,
    report: &mut Report,
) -> Vec<Version<'r>> {
    let files = revisions.iter().map(|revision| revision.file + 1).max().unwrap_or_default();
    let mut known = Known::default();
    if !options.tables.is_empty() {
        known.headings = current.tables.iter().filter_map(|table| table.heading.as_deref()).map(plain).collect();
    }
    let mut known_of = vec![known; files];
    let mut versions: Vec<Version<'r>> = Vec::new();
    let mut reports: BTreeMap<usize, Report> = BTreeMap::new();
    let mut missing: Vec<&Assignment> = current.missing.iter().collect();
    for (at, revision) in revisions.iter().enumerate().rev() {
        let path = format!("{}:{}", short(&revision.commit), revision.path);
        let options = ImportOptions { earlier: true, as_of: Some(revision.date), ..options.clone() };
        let known = &mut known_of[revision.file];
        let tables = match &revision.state {
            State::Text(text) => {
                // Normalize the text as the loader does.
                let source = Source::new(path.clone(), normal(text));
                match detect::tables(&source, &options.language) {
                    Ok(tables) => Ok((source, tables)),
                    Err(_) if headings::states_none(&source.text) => Ok((source, Vec::new())),
                    Err(found) => Err(found.message),
                }
            }
            State::Workbook(bytes) => detect::workbook(&path, bytes).map_err(|found| found.message),
            // Its rows may be in another file.
            State::Removed if files > 1 => Ok((Source::new(path.clone(), ""), Vec::new())),
            State::Removed => Err("it removes the file".to_owned()),
            State::Unreadable(why) => Err(why.clone()),
        };
        let (source, tables) = match tables {
            Ok(read) => read,
            Err(why) => {
                let source = Source::new(path, "");
                reports.insert(at, skipped(revision, &source, Code::ImportCommitSkipped, &why).into());
                continue;
            }
        };
        let skip = |why: &str| Report::from(skipped(revision, &source, Code::ImportCommitSkipped, why));
        missing.retain(|assignment| !tables.iter().any(|table| columns::has_column(table, assignment)));
        let (version, problems) = super::read_tables(&source, &tables, &options, known);
        let wrong = problems.diagnostics().iter().find(|found| found.severity() == Severity::Error);
        match (version, wrong) {
            (Some(mut version), None) => {
                // Before a table was split, its rows were in one table. Those of tables that the user did not choose never belonged
                // to the list, so they do not leave it when the table is split.
                if !version.members.iter().any(|member| list::is_followed(member, known)) {
                    version.imported.items.retain(|item| !current.elsewhere.contains(&plain(&item.name)));
                }
                // A version without a list says nothing about its columns.
                if !version.members.is_empty() {
                    known.learn(version.members.iter().map(|member| (member.table, &member.columns)));
                }
                versions.push(Version { revision, source: Arc::clone(&source), imported: version.imported });
                reports.insert(at, problems);
            }
            (_, wrong) => {
                reports.insert(at, skip(wrong.map_or("it has no list", |wrong| &wrong.message)));
            }
        }
    }
    for found in reports.into_values().flatten() {
        if reported.insert(found.message.clone()) {
            report.push(found);
        }
    }
    let names: Vec<String> =
        current.tables.iter().flat_map(|table| &table.columns).map(|column| column.name.clone()).collect();
    for assignment in missing {
        report.push(columns::no_such_column(assignment, &names, None));
    }
    versions.reverse();
    versions
}

/// Gives the same subprocessor the same id in all versions: the one that it has in the newest.
fn identify(
    versions: &mut [Version<'_>],
    past_options: &PastOptions,
    current: &[Arc<Subprocessor>],
    report: &mut Report,
) {
    let mut ids = Ids::default();
    let mut by_name: BTreeMap<String, Vec<Id>> = BTreeMap::new();
    let mut next: Vec<Arc<Subprocessor>> = current.to_vec();
    for item in current {
        ids.free(Some(item.id.clone()));
        by_name.entry(item.name.clone()).or_default().push(item.id.clone());
    }
    for version in versions.iter_mut().rev() {
        let own_ids = version
            .imported
            .tables
            .iter()
            .flat_map(|table| &table.columns)
            .any(|column| column.fields.contains(&Field::Id));
        let rules = Rules { same: &past_options.same, different: &past_options.different, own_ids };
        let matching = identity::matching(&version.imported.items, &next, &rules);
        let mut taken: BTreeSet<Id> = matching.newer.iter().flatten().map(|at| next[*at].id.clone()).collect();
        let mut items = Vec::with_capacity(version.imported.items.len());
        for (at, item) in version.imported.items.iter().enumerate() {
            let id = match matching.newer[at] {
                Some(new) => next[new].id.clone(),
                // A subprocessor that a later version lists again.
                None => match by_name.get(&item.name).into_iter().flatten().find(|id| !taken.contains(id)) {
                    Some(id) => id.clone(),
                    None => ids.free(Some(if own_ids {
                        item.id.clone()
                    } else {
                        Id::from_name(&latin(&item.name)).unwrap_or_else(|| item.id.clone())
                    })),
                },
            };
            taken.insert(id.clone());
            let known = by_name.entry(item.name.clone()).or_default();
            if !known.contains(&id) {
                known.push(id.clone());
            }
            items.push(Arc::new(Subprocessor { id, ..Subprocessor::clone(item) }));
        }
        for (old, new, sign) in matching.renamed {
            let (old, new) = (&version.imported.items[old].name, &next[new].name);
            if old == new {
                continue;
            }
            report.push(
                Diagnostic::new(
                    Code::ImportRenamed,
                    format!("`{old}` and `{new}` are the same subprocessor, because {}", sign.describe()),
                )
                .at(Place::start_of(&version.source), "")
                .help(format!("use `--different \"{old}={new}\"` if one replaced the other")),
            );
        }
        version.imported.items = items.clone();
        next = items;
    }
}

/// Normalizes line endings to line feeds and removes a byte order mark.
pub fn normal(text: &str) -> String {
    text.strip_prefix('\u{FEFF}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n")
}

/// Abbreviates a commit id.
pub fn short(commit: &str) -> &str {
    commit.get(..10).unwrap_or(commit)
}

/// Returns the content of a past release other than its subprocessors.
fn bare(today: &Disclosure) -> Disclosure {
    let place =
        |section: &Arc<Section>| Arc::new(Section { body: String::new(), summary: None, ..Section::clone(section) });
    let shows = |section: &&Arc<Section>| section.show == Some(Show::List(List::Subprocessors));
    Disclosure {
        sections: today.sections.iter().filter(shows).map(place).collect(),
        ..Disclosure::new(today.title.clone(), today.language.clone(), today.organization.clone())
    }
}
