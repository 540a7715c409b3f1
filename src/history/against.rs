//! Compares local releases with published releases.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::redaction::{Sequences, is_earlier};
use super::{Link, redacted};
use crate::diagnostic::{Code, Diagnostic, Remedy, Report};
use crate::model::{Digest, Version};

/// How a local release compares with the published one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ComparedStatus {
    /// Both records are identical, byte for byte.
    Same,
    /// The records differ.
    Edited,
    /// The local record is the published one with further values withheld, which its redactions explain.
    Redacted,
    /// The published record has values withheld that the local one still has: the local releases are old.
    RedactedThere,
    /// The release is published, but does not exist locally.
    MissingHere,
    /// The release exists locally, but is not published. If it is newer than every published release, it may not be published yet.
    MissingThere,
}

/// One release in the comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ComparedRelease {
    /// The release's id.
    pub version: Version,
    /// How the two records compare.
    pub status: ComparedStatus,
    /// SHA-256 of the local record.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Digest")]
    #[schemars(default)]
    pub sha256_here: Option<Digest>,
    /// SHA-256 of the published record; left out if the record is listed but cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Digest")]
    #[schemars(default)]
    pub sha256_there: Option<Digest>,
}

/// Compares the releases of a verified chain with those that are published at `other`; each difference is an error.
///
/// A release that is newer than every published release is not an error, because it may not be published yet, unless
/// `all_published` is set. A release that was never published cannot be distinguished from one that was removed: a site that
/// was rolled back as a whole looks like a site that was not published since.
///
/// A local record may be the published one with further values withheld: `redactions` are the redactions of the local and of the
/// published releases.
pub fn compare(
    here: &[Link],
    there: &[(Version, Option<Digest>)],
    redactions: [&Sequences; 2],
    other: &str,
    all_published: bool,
) -> (Vec<ComparedRelease>, Report) {
    type SideDigest = Option<Option<Digest>>;
    let mut versions: BTreeMap<Version, (SideDigest, SideDigest)> = BTreeMap::new();
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
        if let (Some(here), Some(there)) = (sha256_here, sha256_there) {
            let [ours, theirs] = redactions;
            let status = if is_earlier(ours, version, there, here) {
                Some(ComparedStatus::Redacted)
            } else if is_earlier(theirs, version, here, there) {
                report.push(redacted::missing_here(version, other, there));
                Some(ComparedStatus::RedactedThere)
            } else {
                None
            };
            if let Some(status) = status {
                releases.push(ComparedRelease { version, status, sha256_here, sha256_there });
                continue;
            }
        }
        let (status, message) = match (ours.is_some(), theirs.is_some()) {
            (true, true) if sha256_here == sha256_there => (ComparedStatus::Same, None),
            (true, true) => {
                let theirs = match sha256_there {
                    Some(digest) => format!("`{other}` has it with the SHA-256 {digest}"),
                    None => format!("`{other}` lists it without a readable record"),
                };
                let ours = sha256_here.map(|digest| digest.to_string()).unwrap_or_default();
                let message = format!("release {version} was rewritten: {theirs}, but the local record has {ours}");
                (ComparedStatus::Edited, Some(message))
            }
            (false, _) => {
                let digest = sha256_there.map(|digest| format!(" with the SHA-256 {digest}")).unwrap_or_default();
                let message = format!("release {version} is missing locally: `{other}` has it{digest}");
                (ComparedStatus::MissingHere, Some(message))
            }
            (true, false) if newest.is_some_and(|newest| newest > version) => {
                let message = format!(
                    "release {version} is missing at `{other}`, which has later releases: it was removed there or inserted locally"
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
                    .help("find out which side was changed; Git has the history of the local side")
                    .help("if the local side was changed, restore the release as it was published, and make a new release for the change")
                    .help("if the site was changed, find out who has write access to it, and publish again"),
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
                .help("if they were published before, the site was rolled back: find out who has write access to it, and publish again")
        } else {
            Diagnostic::new(Code::HistoryUnpublished, message)
                .fix(Remedy::RequirePublished)
        });
    }
    (releases, report)
}
