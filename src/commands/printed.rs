//! What commands print as JSON, and the schemas of it: with `--format json`, each command prints exactly one of these objects.
//! A command that refuses prints the diagnostics instead.
//!
//! The types are here, and not with their commands, so that the schemas do not depend on the features of a build.

use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic::render::JsonReport;
use crate::diagnostic::{Code, RefusedCommand, Report};
use crate::history::verdict::Verdict;
use crate::history::{Changes, Link};
use crate::model::{Digest, Subprocessor, Version};
use crate::schema::Format;

/// The formats of what is printed and not published. `candor diff` prints what a site publishes the schema of.
pub const PRINTED: [Format; 8] = [
    Format::output::<JsonReport>("findings", "findings.json", "Diagnostics, as `--format json` prints them"),
    Format::output::<ReleaseResult>("released", "released.json", "What `candor release --format json` prints"),
    Format::output::<Verdict>("verify", "verify.json", "What `candor verify --format json` prints"),
    Format::output::<ImportResult>("imported", "imported.json", "What `candor import --format json` prints"),
    Format::output::<PublishResult>("published", "published.json", "What `candor publish --format json` prints"),
    Format::output::<PublishPlan>(
        "publish-plan",
        "publish-plan.json",
        "What `candor publish --dry-run --format json` prints",
    ),
    Format::output::<Explanation>("explanation", "explanation.json", "What `candor explain CODE --format json` prints"),
    Format::output::<Explanations>("explanations", "explanations.json", "What `candor explain --format json` prints"),
];

/// A release that was made.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReleaseResult<'a> {
    /// Its version.
    pub version: Version,
    /// Path of its record, relative to the project's root.
    pub path: String,
    /// SHA-256 of its record.
    pub sha256: Digest,
    /// The release before; null for the first.
    pub previous: Option<Link>,
    /// What changed since the release before; null for the first.
    pub changes: Option<&'a Changes>,
    /// Problems that did not stop it.
    pub findings: JsonReport,
}

/// What became of an imported table.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ImportResult<'a> {
    /// Which table of the file was read, from 1.
    pub table: usize,
    /// Its columns.
    pub columns: Vec<ImportedColumn<'a>>,
    /// The subprocessors that it lists.
    pub subprocessors: Vec<&'a Subprocessor>,
    /// The releases that were made of the file's git history; empty without `--git-history`.
    pub releases: Vec<ImportedRelease<'a>>,
    /// Whether files were written.
    pub written: bool,
    /// Problems.
    pub findings: JsonReport,
}

/// A column of an imported table.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ImportedColumn<'a> {
    /// Its name in the table; may be empty.
    pub name: &'a str,
    /// The fields that it fills; empty where it was not imported.
    pub fields: Vec<&'static str>,
}

/// A release that was made of a commit.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ImportedRelease<'a> {
    /// Its version.
    pub version: Version,
    /// SHA-256 of its record.
    pub sha256: Digest,
    /// The commit's full hash.
    pub commit: &'a str,
    /// The commit's subject.
    pub summary: &'a str,
}

/// What a publish did.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PublishResult {
    /// Address of the destination, without secrets.
    pub destination: String,
    /// How many times this destination was published to.
    pub generation: u64,
    /// How many files were uploaded.
    pub uploaded: usize,
    /// How many bytes they have.
    pub bytes: u64,
    /// How many files were up to date.
    pub kept: usize,
    /// How many assets of older pages stay.
    pub retained: usize,
    /// How many files were deleted.
    pub deleted: usize,
    /// URLs whose cached copies are out of date.
    pub purge: Vec<String>,
    /// Problems that did not stop it.
    pub findings: JsonReport,
}

/// What a publish would do.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PublishPlan {
    /// Address of the destination, without secrets.
    pub destination: String,
    /// The files to upload, in this order.
    pub upload: Vec<PlannedUpload>,
    /// How many files are up to date.
    pub keep: usize,
    /// Assets of older pages that stay for now.
    pub retain: Vec<String>,
    /// Files to delete.
    pub delete: Vec<String>,
    /// How many bytes the uploads have.
    pub bytes: u64,
    /// Problems that would not stop it.
    pub findings: JsonReport,
}

/// A file that a publish would upload.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlannedUpload {
    /// Its path below the destination.
    pub path: String,
    /// The phase of the upload that it belongs to; a phase begins when the one before is complete.
    pub phase: &'static str,
    /// How many bytes it has.
    pub bytes: u64,
}

/// All diagnostic codes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Explanations {
    /// The codes, by topic.
    pub rules: Vec<Explanation>,
}

/// What a diagnostic code means.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Explanation {
    /// The code.
    pub code: &'static str,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// Whether `rules:` in `site.yaml` can set another level.
    pub adjustable: bool,
    /// The commands that refuse because of it although it is not an error.
    pub refuses: Vec<&'static str>,
    /// What is wrong, in one sentence.
    pub summary: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// How to fix it.
    pub fix: &'static str,
    /// An example of how it is right; may be empty.
    pub example: &'static str,
}

impl Explanation {
    /// The explanation of a code.
    pub fn of(code: Code) -> Explanation {
        Explanation {
            code: code.as_str(),
            severity: code.severity().as_str(),
            adjustable: code.is_adjustable(),
            refuses: code.refuses().iter().copied().map(RefusedCommand::as_str).collect(),
            summary: code.summary(),
            why: code.why(),
            fix: code.fix(),
            example: code.example(),
        }
    }
}

/// A report as a part of what is printed.
pub fn findings(report: &Report) -> JsonReport {
    let mut report = report.clone();
    report.sort();
    JsonReport::from(&report)
}

/// JSON as commands print it: indented by two spaces.
///
/// # Errors
/// When a value cannot be written as JSON.
pub fn json(value: &impl Serialize) -> std::io::Result<String> {
    serde_json::to_string_pretty(value).map_err(std::io::Error::from)
}
