//! The JSON output of commands and its schemas. With `--format json`, each command prints exactly one of these objects. A command
//! that refuses to run prints only diagnostics.
//!
//! The types are here, not in the modules of their commands, so that the schemas do not depend on the enabled features.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic::render::JsonReport;
use crate::diagnostic::{Code, RefusedCommand, Report};
use crate::formats::QuestionnaireDocument;
use crate::history::verdict::Verdict;
use crate::history::{Changes, Link, Redaction};
use crate::model::{Digest, Language, Questionnaire, Subprocessor, Version};
use crate::notice::json::NoticeDocument;
use crate::schedule::ScheduleDocument;
use crate::schema::Format;

/// The formats that are only printed. The output of `candor diff` is not among them, because sites publish its schema.
pub const PRINTED: [Format; 12] = [
    Format::output::<JsonReport>("report", "report.json", "Diagnostics with `--format json`"),
    Format::redactable::<ReleaseResult>("released", "released.json", "Output of `candor release --format json`"),
    Format::output::<Verdict>("verify", "verify.json", "Output of `candor verify --format json`"),
    Format::redactable::<NoticeDocument>(
        "notice",
        "notice.json",
        "Output of `candor notice --format json`, and the body of its webhook",
    ),
    Format::output::<ScheduleResult>("schedule", "schedule.json", "Output of `candor schedule --format json`"),
    Format::output::<QuestionnaireResult>("answers", "answers.json", "Output of `candor questionnaire --format json`"),
    Format::output::<ImportResult>("imported", "imported.json", "Output of `candor import --format json`"),
    Format::output::<PublishResult>("published", "published.json", "Output of `candor publish --format json`"),
    Format::output::<PublishPlan>(
        "publish-plan",
        "publish-plan.json",
        "Output of `candor publish --dry-run --format json`",
    ),
    Format::output::<Explanation>("explanation", "explanation.json", "Output of `candor explain CODE --format json`"),
    Format::output::<Explanations>("explanations", "explanations.json", "Output of `candor explain --format json`"),
    Format::output::<TranslationStatus>(
        "translations",
        "translations.json",
        "Output of `candor translate status --format json`",
    ),
];

/// The files in the folder of releases that are neither published nor printed.
pub const STORED: [Format; 1] = [Format::output::<Vec<Redaction>>(
    "redactions",
    "content/releases/redactions.json",
    "Redactions that no release binds yet",
)];

/// A new release.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReleaseResult<'a> {
    /// Its version.
    pub version: Version,
    /// Path of its record, relative to the project's root.
    pub path: String,
    /// SHA-256 of its record.
    pub sha256: Digest,
    /// The previous release; null for the first.
    pub previous: Option<Link>,
    /// The changes since the previous release; null for the first.
    pub changes: Option<&'a Changes>,
    /// Diagnostics that did not stop the release.
    pub report: JsonReport,
}

/// A subprocessor annex.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ScheduleResult {
    /// The annex.
    #[serde(flatten)]
    pub annex: ScheduleDocument,
    /// Diagnostics that did not stop the command.
    pub report: JsonReport,
}

/// The answers of a questionnaire.
#[derive(Debug, Serialize, JsonSchema)]
pub struct QuestionnaireResult {
    /// The answers, as a site publishes them.
    #[serde(flatten)]
    pub answers: QuestionnaireDocument,
    /// Diagnostics that did not stop the command.
    pub report: JsonReport,
}

/// The result of an import.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ImportResult<'a> {
    /// The tables that form the list.
    pub tables: Vec<ImportedTable<'a>>,
    /// The imported subprocessors; empty with `--questionnaire`.
    pub subprocessors: Vec<&'a Subprocessor>,
    /// The imported questionnaire, with `--questionnaire`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub questionnaire: Option<&'a Questionnaire>,
    /// Where the cells of the list ended up.
    pub cells: ImportedCells,
    /// The releases created from the file's git history; empty without `--git-history`.
    pub releases: Vec<ImportedRelease<'a>>,
    /// Whether files were written.
    pub written: bool,
    /// All diagnostics.
    pub report: JsonReport,
}

/// A table of an imported list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ImportedTable<'a> {
    /// Its number in the file, from 1.
    pub number: usize,
    /// The heading above it; null if there is none.
    pub heading: Option<&'a str>,
    /// The number of rows below the column names.
    pub rows: usize,
    /// Its columns.
    pub columns: Vec<ImportedColumn<'a>>,
}

/// A column of an imported table.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ImportedColumn<'a> {
    /// Its name in the table; may be empty.
    pub name: &'a str,
    /// The fields that it is imported to; empty if it is not imported.
    pub fields: Vec<&'static str>,
}

/// The cells of an imported list that are not empty.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ImportedCells {
    /// The number of cells.
    pub total: usize,
    /// The number of cells that are imported completely.
    pub imported: usize,
    /// The number of other cells, by the reason why they or a part of them are not imported.
    pub not_imported: BTreeMap<&'static str, usize>,
}

/// A release created from a commit.
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

/// The result of a publish.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PublishResult {
    /// Address of the destination, without secrets.
    pub destination: String,
    /// Number of times that a site was published to this destination.
    pub generation: u64,
    /// Number of uploaded files.
    pub uploaded: usize,
    /// Total size of the uploaded files in bytes.
    pub bytes: u64,
    /// Number of files that were already up to date.
    pub kept: usize,
    /// Number of assets that are kept for older pages.
    pub retained: usize,
    /// Number of deleted files.
    pub deleted: usize,
    /// URLs whose cached copies are outdated.
    pub purge: Vec<String>,
    /// Diagnostics that did not stop the publish.
    pub report: JsonReport,
}

/// The plan of a publish.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PublishPlan {
    /// Address of the destination, without secrets.
    pub destination: String,
    /// The files to upload, in this order.
    pub upload: Vec<PlannedUpload>,
    /// Number of files that are already up to date.
    pub keep: usize,
    /// Assets to keep for older pages.
    pub retain: Vec<String>,
    /// Files to delete.
    pub delete: Vec<String>,
    /// Total size of the uploads in bytes.
    pub bytes: u64,
    /// Diagnostics that would not stop the publish.
    pub report: JsonReport,
}

/// A planned upload.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlannedUpload {
    /// Its path below the destination.
    pub path: String,
    /// The phase of the upload that it belongs to; a phase begins when the previous one is complete.
    pub phase: &'static str,
    /// Size in bytes.
    pub bytes: u64,
}

/// The translations of a site.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TranslationStatus {
    /// The language of the content, which is authoritative.
    pub authoritative: Language,
    /// The languages of the site, in the order of `site.yaml`.
    pub languages: Vec<LanguageStatus>,
}

/// The translation into one language.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LanguageStatus {
    /// The language.
    pub language: Language,
    /// The number of texts of the content.
    pub texts: usize,
    /// The number of texts whose translation was accepted for their current source.
    pub current: usize,
    /// The texts without a translation.
    pub missing: Vec<UntranslatedText>,
    /// The texts whose source has changed since their translation was accepted.
    pub stale: Vec<UntranslatedText>,
    /// The texts whose translation was never accepted.
    pub unaccepted: Vec<UntranslatedText>,
    /// The translations of texts that were removed.
    pub extra: Vec<UntranslatedText>,
}

impl LanguageStatus {
    /// Whether every text has a translation that was accepted for its current source, and no other is left.
    pub fn is_complete(&self) -> bool {
        [&self.missing, &self.stale, &self.unaccepted, &self.extra].iter().all(|texts| texts.is_empty())
    }
}

/// A text without a current translation, or a translation without a text.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UntranslatedText {
    /// The key of the text, such as `subprocessors[hetzner].purpose`.
    pub key: String,
    /// The file with the translation, or with the source if there is no translation; null if it is unknown.
    pub path: Option<String>,
    /// The line of the file, from 1; null if it is unknown.
    pub line: Option<usize>,
}

/// All diagnostic codes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Explanations {
    /// The explanations of all codes, by topic.
    pub rules: Vec<Explanation>,
}

/// The explanation of a diagnostic code.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Explanation {
    /// The code.
    pub code: &'static str,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// Whether `rules:` in `site.yaml` can set another level.
    pub adjustable: bool,
    /// The commands that refuse to run because of it even if it is not an error.
    pub refuses: Vec<&'static str>,
    /// What is wrong, in one sentence.
    pub summary: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// How to fix it.
    pub fix: &'static str,
    /// A correct example; may be empty.
    pub example: &'static str,
}

impl Explanation {
    /// Returns the explanation of a code.
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

/// Converts a report to JSON, sorted, as a part of a command's output.
pub fn json_report(report: &Report) -> JsonReport {
    let mut report = report.clone();
    report.sort();
    JsonReport::from(&report)
}

/// Serializes a value to JSON as commands print it, indented by two spaces.
///
/// # Errors
/// If a value cannot be serialized.
pub fn json(value: &impl Serialize) -> std::io::Result<String> {
    serde_json::to_string_pretty(value).map_err(std::io::Error::from)
}
