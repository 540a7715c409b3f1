//! `candor redact`: withholds values or a file from releases.
//!
//! The steps are ordered so that a run that is killed can be completed: first the list of pending redactions, which says what is
//! to be done, then the records or the file, then the list of digests. Each run first completes what an earlier one left.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use serde_json::Value;

use super::release::lock;
use super::{Context, Failure, Outcome};
use crate::assets::{Asset, Assets};
use crate::cli::RedactArgs;
use crate::diagnostic::{Code, Diagnostic, Place, Remedy, Report};
use crate::history::chain::{self, RecordFile, SumsFile};
use crate::history::reading::RecordReader;
use crate::history::redact::{self, Search};
use crate::history::redaction::{MAX_REASON, PendingRedactions, Redaction, Redactions};
use crate::history::store::Folder;
use crate::history::{file_name, original};
use crate::load::{self, Content};
use crate::model::{Digest, Settings, Theme, Version};
use crate::text::{counted, first_of};

/// The maximum number of places that a message lists.
const NAMED: usize = 12;

/// The maximum length of a published file whose text is searched, in bytes.
const MAX_SEARCHED: usize = 1 << 20;

/// Withholds values or a file, and prints what remains to be done.
///
/// # Errors
/// If a file cannot be read or written.
pub fn run(args: &RedactArgs, context: &Context) -> Result<Outcome, Failure> {
    let folder = Folder::of(&context.project);
    let _lock = lock(&folder)?;
    let completed = complete(&folder)?;
    let (mut files, sums_file, mut report) = folder.files();
    files.sort_by_key(|file| file.version);
    report.merge(folder.verify_files(&files, &sums_file.pending));
    report.merge(chain::check(&files, &sums_file, context.as_of));
    report.retain(|found| found.code() != Code::RedactionUnbound);
    if report.has_errors() {
        return context.report(&report);
    }
    let mut out = context.out();
    let is_complete = args.version.is_some_and(|version| completed.versions.contains(&version))
        || args.file.is_some_and(|file| completed.files.contains(&file));
    if !completed.is_empty() && !context.quiet {
        writeln!(out, "completed an interrupted redaction")?;
    }
    if is_complete {
        return Ok(Outcome::Fine);
    }
    let run = Run { folder: &folder, files: &files, sums_file: &sums_file, args, context };
    match run.reason().and_then(|reason| run.plan(&reason)) {
        Ok((plan, warnings)) => {
            run.write(&plan)?;
            report.merge(warnings);
            let outcome = context.report(&report)?;
            if !context.quiet {
                run.print(&plan)?;
            }
            Ok(outcome)
        }
        Err(problems) => {
            report.merge(problems);
            context.report(&report)
        }
    }
}

/// What to write.
struct RedactionPlan {
    /// The new pending redactions.
    redactions: Vec<Redaction>,
    /// The redacted records.
    records: BTreeMap<Version, Vec<u8>>,
    /// The file to remove.
    file: Option<Digest>,
}

/// One run, with the releases that it read.
struct Run<'a> {
    folder: &'a Folder,
    files: &'a [RecordFile],
    sums_file: &'a SumsFile,
    args: &'a RedactArgs,
    context: &'a Context,
}

impl Run<'_> {
    /// Returns the reason.
    fn reason(&self) -> Result<String, Report> {
        let reason = self.args.reason.trim();
        let why = if reason.is_empty() {
            "is empty".to_owned()
        } else if reason.len() > MAX_REASON {
            format!("is longer than {MAX_REASON} bytes")
        } else if reason.chars().any(char::is_control) {
            "contains control characters".to_owned()
        } else {
            return Ok(reason.to_owned());
        };
        Err(target(format!("the reason {why}"), "give the reason in one line; readers see it").into())
    }

    fn plan(&self, reason: &str) -> Result<(RedactionPlan, Report), Report> {
        match (self.args.file, self.args.version) {
            (Some(file), _) => self.plan_file(file, reason).map(|plan| (plan, Report::new())),
            (None, Some(version)) => self.plan_values(version, reason),
            // The command line requires one of them.
            (None, None) => Err(Report::new()),
        }
    }

    fn plan_file(&self, sha256: Digest, reason: &str) -> Result<RedactionPlan, Report> {
        let parsed = self.files.iter().filter_map(|file| file.content.as_ref().ok());
        let is_bound = parsed.flat_map(|parsed| parsed.files.iter().flatten()).any(|file| file.sha256 == sha256);
        if !is_bound {
            let message = format!("no release binds a file with the SHA-256 {sha256}");
            return Err(target(message, "use the SHA-256 under `files` in the record of a release").into());
        }
        if Redactions::of(self.files, &self.sums_file.pending).files().contains(&sha256) {
            return Err(target(format!("the file {sha256} is withheld already"), "there is nothing to do").into());
        }
        let (assets, problems) = Assets::load(&self.context.project, &Theme::default());
        if problems.has_errors() {
            // One of the files that cannot be read could be the one that should be withheld.
            return Err(problems);
        }
        let same: Vec<String> = assets
            .iter()
            .filter(|(_, asset)| Digest::of(&asset.bytes) == sha256)
            .map(|(path, _)| format!("`static/{path}`"))
            .collect();
        if !same.is_empty() {
            let message = format!("the file that should be withheld still exists as {}", same.join(", "));
            return Err(stated(message, "remove or replace it there first, and everything that refers to it").into());
        }
        let redaction = self.entry(None, Vec::new(), Some(sha256), reason);
        Ok(RedactionPlan { redactions: vec![redaction], records: BTreeMap::new(), file: Some(sha256) })
    }

    fn plan_values(&self, version: Version, reason: &str) -> Result<(RedactionPlan, Report), Report> {
        let parsed = self.files.iter().find(|file| file.version == version).and_then(|file| file.content.as_ref().ok());
        let Some(parsed) = parsed else {
            return Err(target(format!("there is no release {version}"), self.existing()).into());
        };
        if let Err(unreadable) = &parsed.stated {
            return Err(unreadable.as_ref().clone().into());
        }
        let records = self.records()?;
        let record = &records[&version];
        let mut problems = Report::new();
        let mut places = BTreeSet::new();
        for pointer in &self.args.pointers {
            match redact::places(record, pointer) {
                Ok(found) => places.extend(found),
                Err(wrong) => {
                    let message = format!("`{}` of release {version} {}", pointer.escape_debug(), wrong.why);
                    problems.push(target(message, wrong.help));
                }
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let places: Vec<String> = places.into_iter().collect();
        let (content, found) = load::content(&self.context.project);
        let Some(content) = content.filter(|_| !found.has_errors()) else { return Err(found) };
        let search = Search::new(&redact::texts(record, &places), &content.settings);
        self.check_stated(&content, record, &places, &search, reason)?;
        let mut targets = BTreeMap::from([(version, places.clone())]);
        if self.args.all {
            for (other, value) in records.iter().filter(|(other, _)| **other != version && self.can_read(**other)) {
                let same: BTreeSet<String> =
                    places.iter().flat_map(|place| redact::same_places(record, place, value)).collect();
                if !same.is_empty() {
                    targets.insert(*other, same.into_iter().collect());
                }
            }
        }
        let plan = self.rewritten(targets, reason)?;
        let elsewhere = self.elsewhere(&records, &plan, &search, version);
        Ok((plan, elsewhere))
    }

    /// Whether this version of candor knows the schema of a release.
    fn can_read(&self, version: Version) -> bool {
        let file = self.files.iter().find(|file| file.version == version);
        file.is_some_and(|file| file.content.as_ref().is_ok_and(|parsed| parsed.stated.is_ok()))
    }

    /// Returns the JSON of all records.
    fn records(&self) -> Result<BTreeMap<Version, Value>, Report> {
        let read = |file: &RecordFile| {
            let bytes = self.folder.record(file.version)?;
            if Some(Digest::of(&bytes)) != file.digest {
                let message = format!("`{}` was modified while candor was running", file.path);
                let found = Diagnostic::new(Code::ReleaseEdited, message).at(Place::file(&file.path), "");
                return Err(Report::from(found.help("run the command again")));
            }
            // The bytes were parsed before, so they are JSON.
            Ok((file.version, serde_json::from_slice(&bytes).unwrap_or_default()))
        };
        self.files.iter().map(read).collect()
    }

    /// Checks that neither the content nor the reason states what should be withheld.
    fn check_stated(
        &self,
        content: &Content,
        record: &Value,
        places: &[String],
        search: &Search,
        reason: &str,
    ) -> Result<(), Report> {
        let mut problems = Report::new();
        if search.is_in(reason) {
            problems.push(stated(
                "the reason states what should be withheld".to_owned(),
                "the reason is published, so describe the value without repeating it",
            ));
        }
        let stating = redact::in_content(&content.disclosure, record, places, search);
        if !stating.is_empty() {
            let message = format!("the content still states what should be withheld: at {}", listed(&stating));
            problems.push(stated(
                message,
                "remove it from content/ first, so that the next release does not publish it again",
            ));
        }
        let files = self.files_stating(&content.settings, search);
        if !files.is_empty() {
            let message = format!("the site still states what should be withheld: in {}", listed(&files));
            problems.push(stated(message, "remove it first, because every page may show it"));
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// Returns the places outside statements that state what should be withheld: settings, custom templates and strings, and the
    /// names and texts of published files.
    fn files_stating(&self, settings: &Settings, search: &Search) -> Vec<String> {
        // Acknowledgments and levels of rules are not published.
        let published = Settings { acknowledged: Vec::new(), rules: BTreeMap::new(), ..settings.clone() };
        let published = serde_json::to_value(published).unwrap_or_default();
        let mut found: Vec<String> = redact::stating(&published, "", search)
            .into_iter()
            .map(|pointer| format!("content/site.yaml: {}", pointer.trim_start_matches('/')))
            .collect();
        let (templates, _) = load::templates(&self.context.project);
        found.extend(
            templates.iter().filter(|(_, source)| search.is_in(&source.text)).map(|(_, source)| source.path.clone()),
        );
        let (assets, _) = Assets::load(&self.context.project, &settings.theme);
        let states = |asset: &&Asset| {
            let is_text = asset.bytes.len() <= MAX_SEARCHED;
            let text = is_text.then(|| std::str::from_utf8(&asset.bytes).ok()).flatten();
            let name = asset.source().replace(['-', '_', '.', '/'], " ");
            search.is_in(&name) || text.is_some_and(|text| search.is_in(text))
        };
        let own = assets.iter().map(|(_, asset)| asset).filter(|asset| asset.is_own());
        found.extend(own.filter(states).map(|asset| asset.source().to_owned()));
        found
    }

    /// Returns the records without these values.
    fn rewritten(&self, targets: BTreeMap<Version, Vec<String>>, reason: &str) -> Result<RedactionPlan, Report> {
        let mut plan = RedactionPlan { redactions: Vec::new(), records: BTreeMap::new(), file: None };
        for (version, pointers) in targets {
            let unreadable = |why: String| {
                let message = format!("release {version} could not be read without these values: {why}");
                Report::from(target(message, "withhold the whole item instead"))
            };
            let bytes = self.folder.record(version)?;
            let redacted = redact::withhold(&bytes, &pointers).map_err(&unreadable)?;
            let name = file_name(version);
            let file = RecordFile::read(name, version, &redacted, &RecordReader::default());
            match (file.content, file.faults.first()) {
                (Err(found), _) => return Err(unreadable(found.message.clone())),
                (Ok(_), Some(fault)) => return Err(unreadable(fault.message.clone())),
                (Ok(_), None) => {}
            }
            let digests = (Digest::of(&bytes), Digest::of(&redacted));
            plan.redactions.push(self.entry(Some((version, digests)), pointers, None, reason));
            plan.records.insert(version, redacted);
        }
        Ok(plan)
    }

    fn entry(
        &self,
        record: Option<(Version, (Digest, Digest))>,
        pointers: Vec<String>,
        file: Option<Digest>,
        reason: &str,
    ) -> Redaction {
        let redactions = Redactions::of(self.files, &self.sums_file.pending);
        Redaction {
            version: record.map(|(version, _)| version),
            original: record.map(|(version, (before, _))| redactions.original(version).unwrap_or(before)),
            sha256: record.map(|(_, (_, after))| after),
            pointers,
            file,
            reason: reason.to_owned(),
            date: self.context.as_of,
        }
    }

    /// Returns a warning for each release that still states one of the texts.
    fn elsewhere(
        &self,
        records: &BTreeMap<Version, Value>,
        plan: &RedactionPlan,
        search: &Search,
        redacted: Version,
    ) -> Report {
        let mut report = Report::new();
        let withheld = Redactions::of(self.files, &self.sums_file.pending).files();
        for (version, record) in records {
            let rewritten = plan.records.get(version).and_then(|bytes| serde_json::from_slice::<Value>(bytes).ok());
            let record = rewritten.as_ref().unwrap_or(record);
            let stating = |key: &str| Some(redact::stating(record.get(key)?, &format!("/{key}"), search));
            let mut warn = |places: &[String], fix: Remedy<'_>| {
                if places.is_empty() {
                    return;
                }
                let message = format!(
                    "release {version} still states a text that is withheld from release {redacted}: at {}",
                    listed(places)
                );
                let path = format!("{}/{}", self.folder.shown_as(), file_name(*version));
                report.push(Diagnostic::new(Code::RedactionElsewhere, message).at(Place::file(path), "").fix(fix));
            };
            let places: Vec<String> =
                ["summary", "disclosure", "redactions"].into_iter().filter_map(stating).flatten().collect();
            warn(&places, Remedy::RedactOthers);
            // The path of a file goes with the file, and stays in the record of one that is withheld.
            for place in stating("files").unwrap_or_default() {
                let sha256 = place.rsplit_once('/').and_then(|(file, _)| record.pointer(&format!("{file}/sha256")));
                let sha256: Option<Digest> = sha256.and_then(Value::as_str).and_then(|sha256| sha256.parse().ok());
                if sha256.is_none_or(|sha256| !withheld.contains(&sha256)) {
                    warn(&[place], sha256.map_or(Remedy::RedactOthers, Remedy::WithholdFile));
                }
            }
        }
        report
    }

    fn existing(&self) -> String {
        match self.files.iter().map(|file| file.version).max() {
            Some(newest) => format!("use an existing release; the newest is {newest}"),
            None => "there is no release yet".to_owned(),
        }
    }

    fn write(&self, plan: &RedactionPlan) -> Result<(), Failure> {
        let mut pending = self.sums_file.pending.clone();
        pending.list.extend(plan.redactions.iter().cloned());
        self.folder.write_pending(&pending)?;
        for (version, bytes) in &plan.records {
            self.folder.rewrite(*version, bytes)?;
        }
        if let Some(file) = plan.file {
            self.folder.forget(file)?;
        }
        if let Some(mut sums) = self.sums_file.sums.clone().filter(|_| !plan.records.is_empty()) {
            plan.records.iter().for_each(|(version, bytes)| sums.insert(*version, Digest::of(bytes)));
            self.folder.write_sums(&sums)?;
        }
        Ok(())
    }

    fn print(&self, plan: &RedactionPlan) -> Result<(), Failure> {
        let mut out = self.context.out();
        for Redaction { version, pointers, file, .. } in &plan.redactions {
            if let Some(version) = version {
                writeln!(out, "release {version}: {} withheld", counted(pointers.len(), "value"))?;
                pointers.iter().try_for_each(|pointer| writeln!(out, "  {pointer}"))?;
            }
            if let Some(file) = file {
                writeln!(out, "file {file} withheld from every release that binds it")?;
            }
        }
        writeln!(
            out,
            "\nNext: `candor release -m TEXT` binds the redaction, and `candor publish` replaces what is published.\n\
             Git history and copies that readers kept still have what was withheld."
        )?;
        Ok(())
    }
}

/// What an earlier run left, and this one completed.
#[derive(Debug, Default)]
struct Completed {
    versions: BTreeSet<Version>,
    files: BTreeSet<Digest>,
}

impl Completed {
    fn is_empty(&self) -> bool {
        self.versions.is_empty() && self.files.is_empty()
    }
}

/// Completes the pending redactions that were interrupted. What cannot be completed is left for the verification to report.
fn complete(folder: &Folder) -> Result<Completed, Failure> {
    let (files, sums_file, report) = folder.files();
    let mut completed = Completed::default();
    if report.has_errors() {
        return Ok(completed);
    }
    let redactions = Redactions::of(&files, &sums_file.pending);
    let mut sums = sums_file.sums.clone().unwrap_or_default();
    let mut is_outdated = false;
    for (version, digests) in redactions.sequences() {
        let is_pending = redactions.of_release(version).last().is_some_and(|bound| bound.by.is_none());
        let Some(last) = digests.last().copied().filter(|_| is_pending) else { continue };
        let Some(digest) = files.iter().find(|file| file.version == version).and_then(|file| file.digest) else {
            continue;
        };
        if digest != last {
            let Ok(bytes) = folder.record(version) else { continue };
            let Ok(redacted) = original::replay(&bytes, version, &redactions) else { continue };
            folder.rewrite(version, &redacted)?;
            completed.versions.insert(version);
        }
        if sums.get(version).is_some_and(|noted| noted != last && digests.contains(&noted)) {
            sums.insert(version, last);
            completed.versions.insert(version);
            is_outdated = true;
        }
    }
    if is_outdated {
        folder.write_sums(&sums)?;
    }
    for file in redactions.pending().filter_map(|redaction| redaction.file) {
        if folder.keeps(file) {
            folder.forget(file)?;
            completed.files.insert(file);
        }
    }
    let left: Vec<Redaction> = redactions.pending().cloned().collect();
    if left.len() != sums_file.pending.list.len() {
        folder.write_pending(&PendingRedactions { list: left, ..sums_file.pending.clone() })?;
    }
    Ok(completed)
}

fn target(message: String, help: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::RedactionTarget, message).help(help)
}

fn stated(message: String, help: &str) -> Diagnostic {
    Diagnostic::new(Code::RedactionStated, message).help(help)
}

/// Lists the first places.
fn listed(places: &[String]) -> String {
    let places: Vec<String> = places.iter().map(|place| format!("`{}`", place.escape_debug())).collect();
    first_of(&places, NAMED)
}
