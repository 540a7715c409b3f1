//! What is published compared with what is here, release by release.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::Link;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::model::{Digest, Version};

/// How a release that is here compares with the one that is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ComparedStatus {
    /// Both records are the same, byte for byte.
    Same,
    /// The records differ.
    Edited,
    /// The release is published, and is not here.
    MissingHere,
    /// The release is here, and is not published. If it is newer than all that is published, it may not be published yet.
    MissingThere,
}

/// One release in the comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ComparedRelease {
    /// The release's id.
    pub version: Version,
    /// How the two records compare.
    pub status: ComparedStatus,
    /// SHA-256 of the record that is here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Digest")]
    #[schemars(default)]
    pub sha256_here: Option<Digest>,
    /// SHA-256 of the record that is published; left out if it is listed and cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Digest")]
    #[schemars(default)]
    pub sha256_there: Option<Digest>,
}

/// Compares the releases of a verified chain with those that are published at `other`; each difference is an error.
///
/// A release that is newer than all that is published is not an error, because it may not be published yet, unless
/// `all_published` says that it must be. A release that was never published cannot be distinguished from one that was removed:
/// a site that was put back, whole, to an earlier state looks like one that was not published since.
pub fn compare(
    here: &[Link],
    there: &[(Version, Option<Digest>)],
    other: &str,
    all_published: bool,
) -> (Vec<ComparedRelease>, Report) {
    type Side = Option<Option<Digest>>;
    let mut versions: BTreeMap<Version, (Side, Side)> = BTreeMap::new();
    for link in here {
        versions.entry(link.version).or_default().0 = Some(Some(link.sha256));
    }
    for (version, digest) in there {
        versions.entry(*version).or_default().1 = Some(*digest);
    }
    let newest = there.iter().map(|(version, _)| *version).max();
    let mut report = Report::new();
    let mut unpublished = Vec::new();
    let mut releases = Vec::new();
    for (version, (ours, theirs)) in versions {
        let (sha256_here, sha256_there) = (ours.flatten(), theirs.flatten());
        let (status, message) = match (ours.is_some(), theirs.is_some()) {
            (true, true) if sha256_here == sha256_there => (ComparedStatus::Same, None),
            (true, true) => {
                let theirs = match sha256_there {
                    Some(digest) => format!("`{other}` has it with the SHA-256 {digest}"),
                    None => format!("`{other}` lists it without a record that can be read"),
                };
                let ours = sha256_here.map(|digest| digest.to_string()).unwrap_or_default();
                let message = format!("release {version} was rewritten: {theirs}, and here it has {ours}");
                (ComparedStatus::Edited, Some(message))
            }
            (false, _) => {
                let digest = sha256_there.map(|digest| format!(" with the SHA-256 {digest}")).unwrap_or_default();
                let message = format!("release {version} is missing here: `{other}` has it{digest}");
                (ComparedStatus::MissingHere, Some(message))
            }
            (true, false) if newest.is_some_and(|newest| newest > version) => {
                let message = format!(
                    "release {version} is missing at `{other}`, which has later releases: it was removed there, or inserted here"
                );
                (ComparedStatus::MissingThere, Some(message))
            }
            (true, false) => {
                unpublished.push(version.to_string());
                (ComparedStatus::MissingThere, None)
            }
        };
        if let Some(message) = message {
            report.push(
                Diagnostic::new(Code::HistoryRewritten, message)
                    .help("find out which side was changed: git has the history of this one")
                    .help("if it was this one, bring the release back as it was published, and make a new release for what is to change")
                    .help("if it was the site, find out who can write there, and publish again"),
            );
        }
        releases.push(ComparedRelease { version, status, sha256_here, sha256_there });
    }
    if let Some(first) = unpublished.first() {
        let message = match unpublished.len() {
            1 => format!("release {first} is not published at `{other}`"),
            count => format!("{count} releases are not published at `{other}`, the oldest {first}"),
        };
        report.push(if all_published {
            Diagnostic::new(Code::HistoryRolledBack, message)
                .help("if they were published before, the site was put back to an earlier state: find out who can write there, and publish again")
        } else {
            Diagnostic::new(Code::HistoryUnpublished, message)
                .help("if they were published before, the site was put back to an earlier state; `--all-published` makes this an error")
        });
    }
    (releases, report)
}
