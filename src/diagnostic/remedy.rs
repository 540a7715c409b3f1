//! Fixes that name a command, an option or a file to restore.
//!
//! A stage that finds a problem knows what would fix it, but not how the command line spells it: it chooses a [`Remedy`], and only
//! this module contains the wording. A command or option that changes its name therefore changes here, not in the stages.

use std::fmt;

use super::Diagnostic;
use crate::model::{Digest, Language, Version};

/// A fix of a known kind. Its `Display` is the line of help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy<'a> {
    /// Make the first release.
    MakeFirstRelease,
    /// Make the first release, or specify a location that has releases.
    MakeFirstReleaseOrNamePlace,
    /// Make the first release, or preview the content.
    MakeFirstReleaseOrPreview,
    /// Release the unreleased changes, or preview them.
    ReleaseOrPreview,
    /// List the unreleased changes; this many were not shown.
    ListMoreChanges(usize),
    /// Summarize the changes of a release.
    Summarize,
    /// Let the date of a release follow from its version, or its version from its date.
    OmitVersionOrDate,
    /// Let candor choose the next version.
    OmitVersion,
    /// Replace the newest release instead of adding one.
    ReplaceNewest,
    /// Complete a release whose creation was interrupted.
    CompleteRelease,
    /// Move the values of upcoming changes that are in effect into the fields.
    ApplyUpcoming,
    /// Undo the replacement of a published release.
    UndoReplacement,

    /// Restore the record of a release.
    RestoreRelease,
    /// Restore this file.
    RestoreFile(&'a str),
    /// Restore the record of a release that is missing.
    RestoreRecord {
        /// Its file name.
        name: &'a str,
        /// SHA-256 of the file.
        sha256: Digest,
    },
    /// Restore the list of digests, or create it again.
    RestoreOrCreateSums,
    /// Restore a damaged list of digests.
    RestoreSums,
    /// Restore all releases after git was configured to keep their line endings.
    RestoreReleases,
    /// Configure git to keep the line endings of releases.
    KeepLineEndings,
    /// Move a file out of the folder of releases.
    MoveOutOfReleases,
    /// Restore the folder of releases as it was committed.
    RestoreReleaseFolder,

    /// Bind pending redactions with a release.
    BindRedactions,
    /// Complete a redaction that was interrupted.
    CompleteRedaction,
    /// Get the redacted record from where it was redacted.
    FetchRedaction,
    /// Withhold the other values too.
    RedactOthers,
    /// Withhold a file of earlier releases.
    WithholdFile(Digest),
    /// Remove a withheld file.
    RemoveWithheld(&'a str),
    /// Remove a file that has the bytes of a withheld one.
    RemoveWithheldCopy(&'a str),

    /// Merge two branches that each made a release, if the newest is not published.
    MergeUnpublished,
    /// Merge two branches that each made a release, if the newest is published.
    MergePublished,
    /// Merge two branches that made the same release, if neither is published.
    MergeSameUnpublished,
    /// Merge two branches that made the same release, if one of the two is published.
    MergeSamePublished,
    /// Recreate a release that follows the wrong one.
    RecreateAfter {
        /// The release.
        version: Version,
        /// The release that it must follow.
        before: Version,
    },
    /// Merge two branches that each made a release, if the later release is not published.
    MergeAndRecreate {
        /// The later release.
        version: Version,
        /// The earlier release.
        before: Version,
    },
    /// Merge two branches that each made a release, if only the later release is published.
    MergeWithout {
        /// The later release.
        version: Version,
        /// The earlier release.
        before: Version,
        /// The file name of the earlier release.
        name: &'a str,
        /// The file name of the list of digests.
        sums: &'a str,
    },

    /// Replace a Git LFS pointer with the file.
    PullLfs,

    /// Correct the date as of which candor evaluates the project.
    CheckDate,
    /// Publish a site again that is incomplete.
    PublishAgain,
    /// Require that every release is published.
    RequirePublished,

    /// Specify the folder of a project, or create a project.
    NameOrCreateProject,
    /// Create `site.yaml`.
    CreateSiteFile,
    /// List the problems of the content.
    CheckContent,
    /// Compare the code of the project with that of another checkout.
    CompareCode,
    /// List all rules.
    ListRules,
    /// Adopt the changes of a built-in file in the copy of it with this name.
    AdoptThemeFile(&'a str),
    /// List the texts that are not translated into a language.
    ListTranslations(&'a Language),
    /// Write the texts that are not translated into a language to a file for a translator.
    ExtractTranslations(&'a Language),
    /// Accept the translations into a language for their sources.
    AcceptTranslations(&'a Language),
    /// Accept the file of a translator.
    AcceptTranslatedFile(&'a Language),
    /// Restore the list of accepted translations into a language, or accept them again.
    RestoreTranslationLock(&'a Language),
    /// Rename a file that configures the host, or move it to where a reviewer sees it.
    RenameOrMoveToRoot,
}

impl fmt::Display for Remedy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use Remedy::*;
        match *self {
            MakeFirstRelease => f.write_str("make the first release with `candor release -m \"First release\"`"),
            MakeFirstReleaseOrNamePlace => {
                write!(f, "{MakeFirstRelease}, or use the location of existing releases")
            }
            MakeFirstReleaseOrPreview => f.write_str(
                "create the first release with `candor release -m \"First release\"`, or preview the page with `candor build --draft`",
            ),
            ReleaseOrPreview => f.write_str(
                "release them with `candor release -m \"what changed and why\"`, or preview them with `candor build --draft`",
            ),
            ListMoreChanges(more) => write!(f, "and {more} more; run `candor diff` to list them"),
            Summarize => f.write_str(
                "describe what changed and why: `candor release -m \"Stripe now processes invoice data\"`",
            ),
            OmitVersionOrDate => {
                f.write_str("leave out --version or --date: a version starts with the date of the release")
            }
            OmitVersion => f.write_str("leave out --version to use the next free version"),
            ReplaceNewest => f.write_str("to replace the newest release before it is published, use `--replace`"),
            CompleteRelease => f.write_str("if `candor release` was interrupted, run it again"),
            UndoReplacement => f.write_str(
                "if it was already published, restore it with `git checkout` and make a new release instead: `candor publish` refuses to change it",
            ),
            RestoreRelease => f.write_str(
                "restore the file as it was published, for example with `git checkout`; releases are never edited",
            ),
            RestoreFile(path) | RestoreRecord { name: path, .. } if path.contains("://") => PublishAgain.fmt(f),
            RestoreFile(path) => write!(f, "restore `{path}`, for example with `git checkout`"),
            RestoreRecord { name, sha256 } => write!(f, "{}; its SHA-256 is {sha256}", RestoreFile(name)),
            RestoreOrCreateSums => f.write_str("restore it with `git checkout`, or let the next `candor release` create it"),
            RestoreSums => f.write_str(
                "restore the file, for example with `git checkout`; each line is the output of `sha256sum VERSION.json`",
            ),
            RestoreReleases => f.write_str(
                "then restore the files: `git rm -r -q --cached content/releases`, and `git checkout HEAD -- content/releases`",
            ),
            KeepLineEndings => f.write_str(
                "add the line `content/releases/** -text` to `.gitattributes`, so that git with `core.autocrlf` does not convert the line endings of releases",
            ),
            MoveOutOfReleases => f.write_str(
                "move the file elsewhere; this folder contains only the VERSION.json files that `candor release` writes",
            ),
            RestoreReleaseFolder => f.write_str(
                "restore the folder, for example with `git checkout`, and withhold values only with `candor redact`",
            ),
            BindRedactions => f.write_str("make a release that binds them: `candor release -m \"Withheld personal data\"`"),
            CompleteRedaction => f.write_str("run the same `candor redact` command again to complete it"),
            FetchRedaction => f.write_str(
                "get the current releases, for example with `git pull`: a record that was redacted must not be published again with the withheld values",
            ),
            RedactOthers => f.write_str(
                "withhold it there too: name the places, or use `--all` for the same field of the same item in every release",
            ),
            WithholdFile(sha256) => {
                write!(f, "to withhold a file, use `candor redact --file {sha256} --reason TEXT`")
            }
            RemoveWithheld(path) => write!(f, "remove `{path}`; the release keeps only its SHA-256"),
            RemoveWithheldCopy(path) => {
                write!(f, "remove `{path}` and what refers to it, or replace it: a withheld file cannot be published again")
            }
            MergeUnpublished => f.write_str(
                "if the newest release is not published yet: merge the content of both branches and run `candor release --replace`",
            ),
            MergePublished => f.write_str(
                "if both have the same date, or the newest is published: keep the releases of the published branch with `git checkout BRANCH -- content/releases`, then run `candor release -m TEXT`",
            ),
            MergeSameUnpublished => {
                f.write_str("if neither is published, merge the content and run `candor release --replace -m TEXT`")
            }
            MergeSamePublished => f.write_str(
                "if one of the two is published, keep the releases of its branch with `git checkout BRANCH -- content/releases`, merge the content, and run `candor release -m TEXT`, which creates the next version",
            ),
            RecreateAfter { version, before } => {
                write!(f, "if {version} is not published yet, recreate it after {before}: `candor release --replace`")
            }
            MergeAndRecreate { version, before } => write!(
                f,
                "if {version} is not published yet: merge the content of both branches and run `candor release --replace`, which recreates {version} after {before}"
            ),
            MergeWithout { version, before, name, sums } => write!(
                f,
                "if {version} is published and {before} is not: remove `{name}` and its line in {sums}, merge the content, and run `candor release -m TEXT`"
            ),
            PullLfs => f.write_str("run `git lfs pull`, or keep the file in Git itself"),
            CheckDate => f.write_str("check the system clock, SOURCE_DATE_EPOCH and --as-of"),
            PublishAgain => f.write_str(
                "rebuild and publish the site again; an interrupted `candor publish` can also cause this",
            ),
            RequirePublished => f.write_str(
                "if they were published before, the site was rolled back; use `--all-published` to make this an error",
            ),
            NameOrCreateProject => f.write_str(
                "use --root with the folder that contains content/, or create a project with `candor init`",
            ),
            CreateSiteFile => f.write_str(
                "create the file with at least `title: ...` and `organization: { name: ... }`; `candor schema site` describes all fields",
            ),
            CheckContent => f.write_str("run `candor check` to list the errors"),
            ApplyUpcoming => f.write_str(
                "the site already shows it; move it into the fields with `candor release --apply-upcoming -m \"...\"` when you make the next release",
            ),
            CompareCode => f.write_str("compare it with another checkout with `--base DIR`"),
            ListRules => f.write_str("run `candor explain` to list all rules"),
            AdoptThemeFile(name) => write!(
                f,
                "compare it with `candor theme diff {name}`, adopt the changes, then run `candor theme export --mark {name}`"
            ),
            ListTranslations(language) => write!(f, "run `candor translate status {language}` to list them"),
            ExtractTranslations(language) => {
                write!(f, "write them to a file for a translator with `candor translate extract {language}`")
            }
            AcceptTranslations(language) => write!(
                f,
                "update the translation, then accept it with `candor translate accept {language}`"
            ),
            AcceptTranslatedFile(language) => write!(f, "then run `candor translate accept {language} FILE`"),
            RestoreTranslationLock(language) => write!(
                f,
                "restore the line, for example with `git checkout`, or remove it: `candor translate accept {language}` writes it again"
            ),
            RenameOrMoveToRoot => f.write_str(
                "rename it, or move it to static/root/, where `candor check` and `candor diff` list such files",
            ),
        }
    }
}

impl From<Remedy<'_>> for String {
    fn from(remedy: Remedy<'_>) -> String {
        remedy.to_string()
    }
}

impl Diagnostic {
    /// Adds a line of help that names a command, an option or a file to restore.
    #[must_use]
    pub fn fix(self, remedy: Remedy<'_>) -> Diagnostic {
        self.help(remedy)
    }
}
