//! Writes the summaries of past releases: what the commit says, or else what it changes.

use std::sync::Arc;

use super::Revision;
use crate::model::Subprocessor;
use crate::text::{self, enumerated, first_of, markdown};

/// The maximum number of names in a sentence.
const MAX_NAMES: usize = 8;

/// Subjects that say nothing about the change, in lowercase.
const GENERIC: &[&str] = &[
    "",
    "no subject",
    "update",
    "updates",
    "updated",
    "wip",
    "fix",
    "fixes",
    "changes",
    "change",
    "edit",
    "edits",
    "minor",
    "misc",
    ".",
    "initial commit",
    "first commit",
    "init",
    "add files via upload",
    "pages modified",
    "page modified",
    "cleanup",
    "commit",
    "merge",
    "update docs",
    "docs",
    "docs update",
    "update page",
    "small changes",
];

/// Returns the summary of the release for a commit, as Markdown.
pub(super) fn summary(
    revision: &Revision,
    before: Option<&[Arc<Subprocessor>]>,
    after: &[Arc<Subprocessor>],
) -> String {
    match stated(revision) {
        Some(line) => markdown::escape(line),
        None => computed(before, after),
    }
}

/// Returns the line of the commit message that describes the change: for a merge, the title of what was merged.
fn stated(revision: &Revision) -> Option<&str> {
    let subject = revision.subject.trim();
    if is_merge(subject) {
        return revision.body.lines().map(str::trim).find(|line| !is_trailer(line)).filter(|line| !is_generic(line));
    }
    // Azure DevOps: `Merged PR 12: Add Beta`.
    let merged = subject.strip_prefix("Merged PR ").and_then(|rest| rest.split_once(": ")).map(|(_, title)| title);
    Some(merged.unwrap_or(subject)).filter(|subject| !is_generic(subject))
}

fn is_merge(subject: &str) -> bool {
    let kinds = ["pull request", "branch", "branches", "remote-tracking", "tag", "commit", "in ", "origin/"];
    let merge = subject.strip_prefix("Merge ").or_else(|| subject.strip_prefix("Merged "));
    merge.is_some_and(|rest| kinds.iter().any(|kind| rest.starts_with(kind)))
}

/// Whether a line of a message describes its origin and not the change.
fn is_trailer(line: &str) -> bool {
    let lower = line.to_lowercase();
    let starts = [
        "see merge request",
        "approved-by:",
        "signed-off-by:",
        "co-authored-by:",
        "reviewed-by:",
        "closes ",
        "fixes #",
        "#",
        "related work items",
    ];
    line.is_empty() || starts.iter().any(|start| lower.starts_with(start))
}

/// Whether a subject says nothing about the change, such as `Update list.md` or GitBook's `GITBOOK-12: No subject`.
fn is_generic(subject: &str) -> bool {
    let lower = subject.to_lowercase();
    let lower =
        lower.split_once(": ").filter(|(tool, _)| tool.starts_with("gitbook")).map_or(lower.as_str(), |(_, rest)| rest);
    let bare = lower
        .trim_start_matches(|c: char| c == '[' || c == ']' || c == '#' || c.is_ascii_digit())
        .trim()
        .trim_end_matches('.');
    let file =
        ["update ", "create ", "edit ", "rename ", "delete ", "add "].iter().find_map(|verb| bare.strip_prefix(verb));
    let is_file = |word: &str| word.contains('.') && !word.contains(' ');
    GENERIC.contains(&bare) || is_merge(subject) || file.is_some_and(is_file) || bare.ends_with("pages modified")
}

/// Describes the changes in words.
fn computed(before: Option<&[Arc<Subprocessor>]>, after: &[Arc<Subprocessor>]) -> String {
    let Some(before) = before else {
        return format!("First recorded list, with {}.", text::counted(after.len(), "subprocessor"));
    };
    let absent = |items: &[Arc<Subprocessor>], others: &[Arc<Subprocessor>]| -> Vec<String> {
        items
            .iter()
            .filter(|item| !others.iter().any(|other| other.id == item.id))
            .map(|item| item.name.clone())
            .collect()
    };
    let changed: Vec<String> = after
        .iter()
        .filter(|item| before.iter().any(|old| old.id == item.id && old != *item))
        .map(|item| item.name.clone())
        .collect();
    let sentences = [("Added", absent(after, before)), ("Removed", absent(before, after)), ("Changed", changed)];
    let sentences = sentences.into_iter().filter(|(_, names)| !names.is_empty());
    let sentences: Vec<String> = sentences.map(|(verb, names)| format!("{verb} {}.", listed(&names))).collect();
    // A list without changes gives no release, but its request must have a summary.
    if sentences.is_empty() { "Edited the list.".to_owned() } else { sentences.join(" ") }
}

/// Joins names: `A, B and C`, or `A, B and 12 more`.
fn listed(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| markdown::escape(name)).collect();
    if names.len() > MAX_NAMES { first_of(&names, MAX_NAMES) } else { enumerated(&names) }
}

#[cfg(test)]
mod tests {
    use super::stated;
    use crate::import::{Revision, State};

    #[test]
    fn finds_the_line_that_describes_the_change() {
        let stated = |subject: &str, body: &str| {
            let revision = Revision {
                commit: "a".to_owned(),
                date: "2025-01-01".parse().expect("a date"),
                subject: subject.to_owned(),
                body: body.to_owned(),
                file: 0,
                path: "a.md".to_owned(),
                state: State::Removed,
            };
            stated(&revision).map(str::to_owned)
        };
        for (subject, body, expected) in [
            ("Add Beta", "", Some("Add Beta")),
            (
                "Merge pull request #7 from invented/ann-patch-1",
                "Add Beta as a subprocessor",
                Some("Add Beta as a subprocessor"),
            ),
            ("Merge branch 'beta' into 'main'", "\nAdd Beta\n\nSee merge request a/b!7", Some("Add Beta")),
            ("Merge branch 'beta' into 'main'", "See merge request a/b!7", None),
            ("Merge pull request #7 from a/b", "", None),
            ("Merge pull request #7 from a/b", "Update list.md", None),
            ("Merged in beta (pull request #7)", "Add Beta\n\nApproved-by: Ann", Some("Add Beta")),
            ("Merged PR 12: Add Beta", "", Some("Add Beta")),
            ("Merge our two lists", "", Some("Merge our two lists")),
            ("GITBOOK-12: No subject", "", None),
            ("GitBook: [#12] No subject", "", None),
            ("GitBook: [main] 3 pages modified", "", None),
            ("Update subprocessors.md", "", None),
            ("Update Beta's purpose", "", Some("Update Beta's purpose")),
            ("wip", "", None),
            ("", "", None),
        ] {
            assert_eq!(stated(subject, body).as_deref(), expected, "{subject}");
        }
    }
}
