//! `candor verify`: verifies that no release was modified, removed or inserted, in a project, a built site or a published site,
//! and compares them.

use std::io::Write;
use std::time::{Duration, Instant};

use super::printed::{json, json_report};
use super::releases::{ReleasesPlace, as_report};
use super::{Context, Failure, Outcome, current};
use crate::cli::VerifyArgs;
use crate::cli::format::AnnotatedFormat;
use crate::diagnostic::Report;
use crate::files;
use crate::history::against::{ComparedRelease, ComparedStatus};
use crate::history::chain::RecordFile;
use crate::history::kept::VerifiedFiles;
use crate::history::record::MAX_BYTES;
use crate::history::redaction::{PendingRedactions, Redaction, Redactions};
use crate::history::verdict::{NewestRelease, PublishedComparison, Verdict};
use crate::history::{Link, against, file_name, original, published};
use crate::model::{Language, Version};
use crate::text::{counted, one_line};

/// Verifies the hash chain of a target, and compares its releases with those of `--against`.
///
/// # Errors
/// If the target or the site to compare with is not valid or cannot be read.
pub fn run(args: &VerifyArgs, context: &Context) -> Result<Outcome, Failure> {
    let started = Instant::now();
    let time = Duration::from_secs(args.timeout.into());
    let place = match &args.target {
        None => ReleasesPlace::of_project(&context.project),
        Some(target) if args.site => ReleasesPlace::site(target, time)?,
        Some(target) if args.project => ReleasesPlace::project(target)?,
        Some(target) => ReleasesPlace::of(target, time)?,
    };
    let (files, pending, mut report) = match place.files(&[], context.as_of) {
        Ok(read) => read,
        Err(error) => (Vec::new(), PendingRedactions::default(), as_report(error)?),
    };
    if files.is_empty() && !report.has_errors() {
        report.push(published::nothing_found(&place.shown()));
    }
    let mut verified = (!args.records_only).then(VerifiedFiles::default);
    if let Some(verified) = &mut verified
        && !report.has_errors()
    {
        *verified = verify_files(&place, &files, &pending, context, &mut report)?;
    }
    let (notices, found) = if args.records_only { (0, Report::new()) } else { place.verify_notices(&files) };
    report.merge(found);
    let redactions = Redactions::of(&files, &pending);
    let parsed = files.iter().filter_map(|file| file.content.as_ref().ok());
    let language = parsed.clone().next_back().map(|newest| newest.language.clone()).unwrap_or_default();
    let links: Vec<Link> = parsed.map(|parsed| Link { version: parsed.version, sha256: parsed.digest }).collect();
    let mut comparison = None;
    if let Some(other) = &args.against
        && !report.has_errors()
    {
        let here: Vec<_> = links.iter().map(|link| link.version).collect();
        // The limit is for the whole run. A client without any time reports that it is exceeded.
        let left = time.saturating_sub(started.elapsed()).max(Duration::from_millis(1));
        let place = ReleasesPlace::of(other, left)?;
        match place.files(&here, context.as_of) {
            Ok((files, pending_there, found)) => {
                report.merge(found);
                if !args.records_only && !report.has_errors() {
                    verify_files(&place, &files, &pending_there, context, &mut report)?;
                }
                let there = published::digests(&files);
                let sequences = [redactions.sequences(), Redactions::of(&files, &pending_there).sequences()];
                let [ours, theirs] = &sequences;
                let (releases, found) = against::compare(&links, &there, [ours, theirs], other, args.all_published);
                report.merge(found);
                comparison = Some(PublishedComparison { against: other.clone(), releases });
            }
            Err(error) => report.merge(as_report(error)?),
        }
    }
    let original = match &args.original {
        Some(path) => {
            let bytes = files::read_chosen(path, MAX_BYTES).map_err(|error| {
                let message = format!("cannot read `{}`: {}", path.display(), error.reason());
                Failure::new(message, "set --original to the record that you kept before it was redacted")
            })?;
            let checked = original::check(&path.display().to_string(), &bytes, &redactions);
            checked.map_err(|found| report.push(*found)).ok()
        }
        None => None,
    };
    let redactions = redactions.iter().map(|bound| bound.redaction.clone()).collect();
    let verified = Verified { links, language, files: verified, notices, redactions, original, comparison };
    print(verified, &report, args.format, context)
}

/// What was verified.
struct Verified {
    links: Vec<Link>,
    language: Language,
    files: Option<VerifiedFiles>,
    notices: usize,
    redactions: Vec<Redaction>,
    original: Option<Version>,
    comparison: Option<PublishedComparison>,
}

/// Verifies the files that the records of a place bind, and the current ones, and adds the problems to the report.
fn verify_files(
    place: &ReleasesPlace,
    files: &[RecordFile],
    pending: &PendingRedactions,
    context: &Context,
    report: &mut Report,
) -> Result<VerifiedFiles, Failure> {
    let read = place
        .verify_files(files, pending)
        .and_then(|read| Ok((read, current::verify(place, files, pending, context.as_of)?)));
    match read {
        Ok(((verified, found), current)) => {
            report.merge(found);
            report.merge(current);
            Ok(verified)
        }
        Err(error) => {
            report.merge(as_report(error)?);
            Ok(VerifiedFiles::default())
        }
    }
}

fn print(verified: Verified, report: &Report, format: AnnotatedFormat, context: &Context) -> Result<Outcome, Failure> {
    let Verified { links, language, files, notices, redactions, original, comparison } = verified;
    let valid = !report.has_errors();
    let newest = links.last().filter(|_| valid);
    if format == AnnotatedFormat::Json {
        let verdict = Verdict {
            valid,
            releases: links.len(),
            newest: newest.map(|link| NewestRelease { version: link.version, sha256: link.sha256 }),
            files,
            notices,
            redactions,
            original,
            comparison,
            report: json_report(report),
        };
        context.out().json(&json(&verdict)?)?;
        return Ok(if valid { Outcome::Fine } else { Outcome::Problems });
    }
    let outcome = context.report(report)?;
    if outcome == Outcome::Problems || context.quiet {
        return Ok(outcome);
    }
    let mut out = context.out();
    if let Some(newest) = newest {
        let count = context.strings(&language).count("count.releases", links.len());
        writeln!(out, "hash chain verified: {count}, newest {}", newest.version)?;
        writeln!(out, "SHA-256 {}  {}", newest.sha256, file_name(newest.version))?;
        if let Some(VerifiedFiles { count: files @ 1.., bytes, .. }) = files {
            writeln!(out, "{} verified, {}", counted(files, "file"), counted(bytes, "byte"))?;
        }
    }
    if notices > 0 {
        writeln!(out, "{} verified", counted(notices, "notice"))?;
    }
    if !redactions.is_empty() {
        writeln!(out, "{}:", counted(redactions.len(), "redaction"))?;
        for redaction in &redactions {
            writeln!(out, "  {}", described(redaction))?;
        }
    }
    if let Some(version) = original {
        writeln!(out, "OK: release {version} differs from its original record only in the withheld values")?;
    }
    if let Some(PublishedComparison { against, releases }) = comparison {
        let is_redacted = |release: &&ComparedRelease| release.status == ComparedStatus::Redacted;
        let except = match releases.iter().filter(is_redacted).count() {
            0 => String::new(),
            count => format!(", except for the redaction of {}", counted(count, "release")),
        };
        writeln!(out, "OK: every release published at {against} is present and unchanged{except}")?;
    }
    Ok(outcome)
}

/// Describes a redaction in one line.
fn described(redaction: &Redaction) -> String {
    let Redaction { version, pointers, file, reason, date, .. } = redaction;
    let what = match (version, file) {
        (_, Some(file)) => format!("file {file} withheld"),
        (version, None) => {
            let version = version.map(|version| version.to_string()).unwrap_or_default();
            format!("release {version}: {} withheld", counted(pointers.len(), "value"))
        }
    };
    format!("{what} on {date}: {}", one_line(reason))
}
