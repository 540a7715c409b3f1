//! Acknowledged warnings: an entry of `acknowledged:` in site.yaml turns a warning about one item into a note, until a date.
//!
//! Warnings about dates come back every morning until the certificate is renewed, and a run that fails every morning is ignored. An
//! entry keeps the warning visible with its reason, and cannot outlive its purpose: after its date the warning is back, and an
//! entry without a warning is a warning itself. Errors cannot be acknowledged.

use std::collections::{BTreeSet, HashMap};

use super::Subject;
use crate::diagnostic::{Code, CodeGroup, Diagnostic, Place, Remedy, Report, Severity, Suggestions};
use crate::load::Content;
use crate::model::{Acknowledgment, Date, List, RuleLevel, Settings};

/// Reports entries that cannot acknowledge anything, regardless of the other content.
pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    let settings = &subject.content.settings;
    let mut firsts: HashMap<(&str, &str), usize> = HashMap::new();
    for (at, entry) in settings.acknowledged.iter().enumerate() {
        let path = format!("site.acknowledged[{at}]");
        if let Some(first) = firsts.insert((&entry.code, &entry.item), at) {
            let message = format!("`{}` is acknowledged twice for `{}`", entry.code, entry.item);
            let first = subject.content.places.get(&format!("site.acknowledged[{first}].code"));
            report.push(
                subject
                    .found(Code::DuplicateEntry, message, &format!("{path}.code"))
                    .at_known(first, "first here")
                    .help("remove one of them"),
            );
        }
        let path = format!("{path}.code");
        let code = match entry.code.parse::<Code>() {
            Ok(code) => code,
            Err(unknown) => {
                let help = match unknown.nearest {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => Remedy::ListRules.into(),
                };
                let message = format!("there is no rule `{}`", entry.code);
                report.push(subject.found(Code::UnknownRule, message, &path).help(help));
                continue;
            }
        };
        let Some(why) = refusal(settings, code) else { continue };
        let message = format!("`{code}` cannot be acknowledged, because it {why}");
        let help = "remove the entry, and fix what the rule reports";
        report.push(subject.found(Code::AcknowledgmentRefused, message, &path).help(help));
    }
}

/// Returns why diagnostics with this code cannot be acknowledged, at the levels that the settings define.
fn refusal(settings: &Settings, code: Code) -> Option<&'static str> {
    let level = settings.rules.get(code.as_str()).filter(|_| code.is_adjustable());
    let is_error = match level {
        Some(level) => *level == RuleLevel::Error,
        None => code.severity() == Severity::Error,
    };
    match code.can_be_acknowledged() {
        _ if is_error => Some("is an error"),
        true => None,
        false if code.is_adjustable() => Some("stops commands at any level"),
        false => Some("has a fixed level"),
    }
}

/// Turns acknowledged warnings of a project into notes, and reports the entries that acknowledge nothing. The report must have the
/// levels that the settings define, and all diagnostics about content, except for those about external links.
///
/// Without `complete`, files could not be read, so the warning of an entry may be missing only for that reason.
pub fn acknowledge(report: &mut Report, content: &Content, as_of: Date, complete: bool) {
    apply(report, content, as_of, complete, |code| code.group() != CodeGroup::ExternalLinks);
}

/// Like [`acknowledge`], for a report about external links only.
pub(super) fn acknowledge_external(report: &mut Report, content: &Content, as_of: Date) {
    apply(report, content, as_of, true, |code| code.group() == CodeGroup::ExternalLinks);
}

fn apply(report: &mut Report, content: &Content, as_of: Date, complete: bool, in_scope: impl Fn(Code) -> bool) {
    let Content { settings, .. } = content;
    let entries = &settings.acknowledged;
    let mut by_name: HashMap<(Code, &str), Vec<usize>> = HashMap::new();
    for (at, entry) in entries.iter().enumerate() {
        let Ok(code) = entry.code.parse::<Code>() else { continue };
        if refusal(settings, code).is_none() && in_scope(code) {
            by_name.entry((code, &entry.item)).or_default().push(at);
        }
    }
    if by_name.is_empty() {
        return;
    }
    let items = LocatedItems::of(content);
    let mut used = vec![false; entries.len()];
    for diagnostic in report.diagnostics_mut().iter_mut().filter(|found| found.severity() == Severity::Warning) {
        let names = diagnostic.place().map(|place| items.names(place)).unwrap_or_default();
        let about = names.iter().filter_map(|name| by_name.get(&(diagnostic.code(), name.as_str()))).flatten();
        // If several entries are about the same warning, the one that ends last decides, and the others are not needed.
        let Some(at) = about.copied().max_by_key(|at| entries[*at].until) else { continue };
        used[at] = true;
        let Acknowledgment { until, reason, .. } = &entries[at];
        if as_of <= *until {
            diagnostic.acknowledge(format!("acknowledged until {until}: {reason}"));
        } else {
            diagnostic.help.push(format!("fix it, or set a later `until`: it was acknowledged until {until}"));
        }
    }
    if !complete {
        return;
    }
    let suggestions = Suggestions::new(items.ids());
    let mut unused = Report::new();
    for ((code, item), at) in by_name.iter().flat_map(|(key, all)| all.iter().map(move |at| (key, *at))) {
        if used[at] {
            continue;
        }
        let message = format!("there is no warning `{code}` about `{item}` to acknowledge");
        let help = match suggestions.nearest(item).filter(|near| !items.has(item) && near != item) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "remove the entry".to_owned(),
        };
        let place = content.places.get(&format!("site.acknowledged[{at}].item"));
        unused.push(Diagnostic::new(Code::AcknowledgmentUnused, message).at_known(place, "").help(help));
    }
    super::apply_levels(&mut unused, settings);
    unused.sort();
    report.merge(unused);
}

/// The items of the content, with their places in files.
struct LocatedItems<'a> {
    /// The items of each file, in the order of the file.
    by_file: HashMap<String, Vec<LocatedItem<'a>>>,
}

struct LocatedItem<'a> {
    list: List,
    id: &'a str,
    /// The offset in the file from which on the file is about the item, until the next item.
    start: usize,
}

impl<'a> LocatedItems<'a> {
    fn of(content: &'a Content) -> LocatedItems<'a> {
        let mut by_file: HashMap<String, Vec<LocatedItem<'a>>> = HashMap::new();
        for list in List::ALL.iter().copied() {
            for (at, item) in content.disclosure.items(list).into_iter().enumerate() {
                let Some(Place { source, range }) = content.places.get(&format!("{list}[{at}]")) else { continue };
                // A section, page or questionnaire is a whole file, and its place is the front matter or its first field.
                let start = if list.is_written() || list.has_folder() { 0 } else { range.start };
                let item = LocatedItem { list, id: item.id().as_str(), start };
                by_file.entry(source.path.clone()).or_default().push(item);
            }
        }
        LocatedItems { by_file }
    }

    /// Returns the names under which a place can be acknowledged: those of its item, or the path of its file if it is not in an item.
    /// A section, page or questionnaire is an item and a file.
    fn names(&self, place: &Place) -> Vec<String> {
        let path = &place.source.path;
        let items = self.by_file.get(path).map(Vec::as_slice).unwrap_or_default();
        let before = items.partition_point(|item| item.start <= place.range.start);
        match items[..before].last() {
            None => vec![path.clone()],
            Some(LocatedItem { list, id, .. }) => {
                let mut names = vec![(*id).to_owned(), format!("{list}/{id}")];
                names.extend((list.is_written() || list.has_folder()).then(|| path.clone()));
                names
            }
        }
    }

    /// Returns the ids of all items, each once, in alphabetical order.
    fn ids(&self) -> Vec<&'a str> {
        let ids: BTreeSet<&str> = self.by_file.values().flatten().map(|item| item.id).collect();
        ids.into_iter().collect()
    }

    /// Returns whether an item has this id, or `LIST/ID`.
    fn has(&self, name: &str) -> bool {
        let named = |item: &LocatedItem<'_>| match name.split_once('/') {
            Some((list, id)) => list == item.list.name() && id == item.id,
            None => name == item.id,
        };
        self.by_file.values().flatten().any(named)
    }
}
