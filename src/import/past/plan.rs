//! The plan of the releases of a history: a YAML file that the user edits before any release is made.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use super::{Past, short};
use crate::diagnostic::{Code, Diagnostic, Place, Source};
use crate::load::{self, YamlKind, YamlNode};
use crate::text::yaml::scalar;

/// The commits that become releases, each with its summary.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    summaries: BTreeMap<String, String>,
}

const HEAD: &str = "\
# The releases that `candor import --git-history` makes. Edit the summaries (Markdown), and remove the entries that should not
# become releases: their changes then belong to the next one. Then run the same command again, with `--write`.
";

impl Plan {
    /// Returns the summary of a commit; `None` if the plan has no release for it.
    pub(super) fn summary(&self, commit: &str) -> Option<&str> {
        let entry = self.summaries.iter().find(|(planned, _)| commit.starts_with(planned.as_str()));
        entry.map(|(_, summary)| summary.as_str())
    }

    /// Returns the planned commits.
    pub(super) fn commits(&self) -> impl Iterator<Item = &str> {
        self.summaries.keys().map(String::as_str)
    }

    /// Formats the plan of these releases.
    pub fn format(past: &Past) -> String {
        let mut out = HEAD.to_owned();
        if past.releases.is_empty() {
            out.push_str("[]\n");
        }
        for (release, commit) in &past.releases {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "\n# {}\n- commit: \"{}\"", release.version, short(commit));
            let _ = writeln!(out, "  summary: {}", scalar(&release.release.summary));
        }
        out
    }

    /// Parses an edited plan.
    ///
    /// # Errors
    /// If it is not a list of commits with summaries.
    pub fn parse(source: &Arc<Source>) -> Result<Plan, Box<Diagnostic>> {
        let wrong = |node: &YamlNode, message: &str| {
            Box::new(
                Diagnostic::new(Code::ImportPlan, format!("`{}`: {message}", source.path))
                    .at(Place::new(source, node.range.clone()), "")
                    .help("write `- commit: COMMIT` and `summary: TEXT` for each release, as the import writes them to a new plan"),
            )
        };
        let root = load::yaml(source)?;
        let YamlKind::List(items) = &root.kind else { return Err(wrong(&root, "the plan is not a list")) };
        let mut plan = Plan::default();
        for item in items {
            let YamlKind::Map(entries) = &item.kind else { return Err(wrong(item, "an entry is not a map")) };
            let (mut commit, mut summary) = (None, None);
            for entry in entries {
                let target = match entry.key.as_str() {
                    "commit" => &mut commit,
                    "summary" => &mut summary,
                    key => return Err(wrong(&entry.value, &format!("unknown field `{key}`"))),
                };
                let text = match &entry.value.kind {
                    YamlKind::Text(text) => text.clone(),
                    // A commit may consist of digits only.
                    YamlKind::Number => source.text[entry.value.range.clone()].trim().to_owned(),
                    _ => return Err(wrong(&entry.value, &format!("`{}` is not text", entry.key))),
                };
                *target = Some(text);
            }
            let (Some(commit), Some(summary)) = (commit, summary) else {
                return Err(wrong(item, "an entry has no `commit` or no `summary`"));
            };
            if !is_commit(&commit) || summary.trim().is_empty() {
                return Err(wrong(item, &format!("`{commit}` is not a commit, or its summary is empty")));
            }
            plan.summaries.insert(commit.to_lowercase(), summary);
        }
        Ok(plan)
    }
}

/// Whether text is an abbreviated or full commit id.
pub(super) fn is_commit(text: &str) -> bool {
    (4..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit())
}
