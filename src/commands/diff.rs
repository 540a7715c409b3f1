//! `candor diff`: lists the changes between two releases or the draft, and the code of the project.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use super::printed::json;
use super::releases::{ReleasesPlace, as_report};
use super::{Context, Failure, Outcome};
use crate::assets::code_files;
use crate::cli::format::DiffFormat;
use crate::cli::{DiffArgs, VERIFY_TIMEOUT};
use crate::diagnostic::{Remedy, Report};
use crate::fetch::Client;
use crate::files::{self, FileError};
use crate::history::comparison::{Comparison, Side};
use crate::history::reading::{Parsed, RecordReader};
use crate::history::record::MAX_BYTES;
use crate::history::{Changes, DatedChange, Deadlines, History, Names, Release, UpcomingRecord, store};
use crate::load;
use crate::model::{CodeFile, CodeReview, Date, Disclosure, RecordedFile, Statement, Version, WebUrl, Withheld};
use crate::pipeline;
use crate::project::Project;
use crate::text::counted;
use crate::text::markdown::escape;
use crate::wording;
use crate::wording::Catalog;
use crate::wording::phrase::Phrasing;

/// The argument for the content with its unreleased changes.
const DRAFT: &str = "draft";
/// The name of the old side before the first release.
const NOTHING: &str = "nothing";

/// Prints the changes from one side to the other.
///
/// # Errors
/// If a side cannot be read.
pub fn run(args: &DiffArgs, context: &Context) -> Result<Outcome, Failure> {
    let mut sides = Sides { context, history: None, report: Report::new() };
    let old = match &args.old {
        Some(name) => sides.named(name)?.map(|(side, stated)| (side, Some(stated))),
        None => sides.newest(),
    };
    let new = sides.named(args.new.as_deref().unwrap_or(DRAFT))?;
    let (Some((old, before)), Some((new, after))) = (old, new) else {
        return context.report(&sides.report);
    };
    let changes = match &before {
        Some(before) => Changes::between(before.statement(), after.statement()),
        None => Changes::from_nothing(&after.disclosure),
    };
    let code = review(args, &new, context)?;
    let differs = !changes.is_empty() || code.as_ref().is_some_and(CodeReview::has_changes);
    let found = if args.exit_code && differs { Outcome::Problems } else { Outcome::Fine };
    let strings = context.strings(&after.disclosure.language);
    let (dated, deadlines) = sides.dated(&new, &after);
    let record = |change: &DatedChange| UpcomingRecord::new(change, after.date.unwrap_or(context.as_of), None);
    let upcoming = dated.iter().map(record).collect();
    let comparison = Comparison { old, new, notice: changes.notice(), changes, upcoming, code };
    let sides_of = [Some(&after.disclosure), before.as_ref().map(|before| &before.disclosure)];
    let names = sides.history.as_ref().map(Names::of).unwrap_or_default().with(sides_of);
    let phrasing = Phrasing::new(&strings).with_deadlines(&deadlines).with_names(names);
    print(&comparison, phrasing, args.format, &strings, context)?;
    Ok(found)
}

/// Returns the code of the project if the new side is the draft. Releases do not record code.
fn review(args: &DiffArgs, new: &Side, context: &Context) -> Result<Option<CodeReview>, Failure> {
    if new.name != DRAFT {
        return match &args.base {
            None => Ok(None),
            Some(_) => Err(Failure::new(
                format!("`--base` compares the code of the project, but `{}` is not the project", new.name),
                "omit NEW, or set it to `draft`",
            )),
        };
    }
    let own = code(&context.project);
    let Some(base) = &args.base else {
        return Ok((!own.is_empty()).then(|| CodeReview::of(own)));
    };
    // The change under review may add the whole project, so the base may have no folder `content/`.
    if !files::is_folder(base) {
        return Err(Failure::new(
            format!("`{}` is not a folder", base.display()),
            "specify another checkout of the project, such as one of the main branch",
        ));
    }
    let project = Project::at(base);
    Ok(Some(CodeReview::between(&base.to_string_lossy(), &code(&project), &own)))
}

/// Returns all code of a project. `candor check` and `candor build` report files that cannot be read.
fn code(project: &Project) -> Vec<CodeFile> {
    let (templates, _) = load::templates(project);
    let (content, _) = load::content(project);
    code_files(project, &templates, content.as_ref().map(|content| &content.settings)).0
}

fn print(
    comparison: &Comparison,
    phrasing: Phrasing<'_>,
    format: DiffFormat,
    strings: &Catalog,
    context: &Context,
) -> Result<(), Failure> {
    let Comparison { old, new, changes, code, .. } = comparison;
    let notices = changes.iter().filter(|change| change.notice()).count();
    let mut title = format!("{} → {}: {}", old.name, new.name, strings.count("count.changes", changes.len()));
    if notices > 0 {
        title = format!("{title}, {}", strings.count("changes.notices", notices));
    }
    if let Some(code) = code {
        let count = counted(code.files.len(), if code.base.is_some() { "code change" } else { "code file" });
        title = format!("{title}, {count}");
    }
    let mut out = context.out();
    match format {
        DiffFormat::Json => out.json(&json(comparison)?)?,
        DiffFormat::Markdown => {
            write!(out, "### {}\n{}", escape(&title), wording::markdown::changes(changes, phrasing, strings))?;
            if let Some(code) = code {
                write!(out, "{}", wording::code::markdown(code))?;
            }
        }
        DiffFormat::Human => {
            writeln!(out, "{title}")?;
            out.styled(&wording::terminal::changes(changes, phrasing, strings))?;
            if let Some(code) = code {
                write!(out, "{}", wording::code::terminal(code))?;
            }
        }
    }
    Ok(())
}

/// Reads both sides. The history is read only once, and only if it is needed.
struct Sides<'a> {
    context: &'a Context,
    history: Option<History>,
    report: Report,
}

/// What a side states.
struct Stated {
    disclosure: Disclosure,
    files: Option<Vec<RecordedFile>>,
    withheld: Withheld,
    date: Option<Date>,
}

impl Stated {
    fn of(release: Release) -> Stated {
        let date = Some(release.published);
        Stated { disclosure: release.disclosure, files: release.files, withheld: release.withheld, date }
    }

    fn statement(&self) -> Statement<'_> {
        let withheld = Some(&self.withheld);
        Statement { disclosure: &self.disclosure, files: self.files.as_deref(), withheld, date: self.date }
    }
}

/// A side, or `None` if it could not be read and the report says why.
type Found = Option<(Side, Stated)>;

impl Sides<'_> {
    fn named(&mut self, name: &str) -> Result<Found, Failure> {
        if name == DRAFT {
            return Ok(self.draft());
        }
        if let Ok(version) = name.parse() {
            return self.release(version);
        }
        if name.contains("://") {
            let url: WebUrl =
                name.parse().map_err(|why: crate::model::Malformed| Failure::new(why.message, why.help))?;
            if !url.path().ends_with(".json") {
                return self.site(name);
            }
            let bytes = Client::with_deadline(time_limit())?.get(&url, MAX_BYTES).map_err(|error| {
                Failure::new(
                    error.to_string(),
                    "use the URL of a release record, such as https://…/releases/2026-05-22.json",
                )
            })?;
            return Ok(self.record(name, &bytes));
        }
        let path = Path::new(name);
        if files::is_folder(path) {
            return self.site(name);
        }
        let bytes = files::read_chosen(path, MAX_BYTES).map_err(|error| {
            let message = match &error {
                FileError::Io(_) if error.is_missing() => {
                    format!("`{name}` is not a release, a file, a folder or a URL")
                }
                FileError::Io(_) => format!("cannot read `{name}`: {}", error.reason()),
                error => format!("`{name}` is not a release record: {}", error.reason()),
            };
            Failure::new(message, "use a version, the path or URL of a release record or a site, or `draft`")
        })?;
        Ok(self.record(name, &bytes))
    }

    /// Returns the newest release of a built or published site.
    fn site(&mut self, name: &str) -> Result<Found, Failure> {
        match ReleasesPlace::of(name, time_limit())?.newest(self.context) {
            Ok(Some(release)) => Ok(Some(side(release))),
            Ok(None) => Err(Failure::new(
                format!("`{name}` has no release to compare"),
                "use a project, site or folder that has releases",
            )),
            Err(error) => {
                self.report.merge(as_report(error)?);
                Ok(None)
            }
        }
    }

    fn draft(&mut self) -> Found {
        let (content, report) = load::content(&self.context.project);
        let whole = !report.has_errors();
        self.report.merge(report);
        let content = content.filter(|_| whole)?;
        let files = Some(pipeline::files_of(&content, &self.context.project));
        let disclosure = content.disclosure;
        Some((
            Side { name: DRAFT.to_owned(), version: None, sha256: None },
            Stated { disclosure, files, withheld: Withheld::default(), date: Some(self.context.as_of) },
        ))
    }

    fn record(&mut self, name: &str, bytes: &[u8]) -> Found {
        match RecordReader::default().record(name, bytes).and_then(Parsed::release) {
            Ok(release) => Some(side(release)),
            Err(found) => {
                self.report.push(*found);
                None
            }
        }
    }

    /// Returns the newest release. Before the first release, the disclosure is `None`, so that everything is new.
    fn newest(&mut self) -> Option<(Side, Option<Stated>)> {
        let history = self.history()?;
        Some(match history.newest() {
            Some(newest) => {
                let stated = Stated::of(newest.clone());
                (side_of(newest), Some(stated))
            }
            None => (Side { name: NOTHING.to_owned(), version: None, sha256: None }, None),
        })
    }

    fn release(&mut self, version: Version) -> Result<Found, Failure> {
        let Some(history) = self.history() else { return Ok(None) };
        let Some(release) = history.get(version) else {
            let help = match history.newest() {
                Some(newest) => format!("use an existing release; the newest is {}", newest.version),
                None => Remedy::MakeFirstRelease.into(),
            };
            return Err(Failure::new(format!("there is no release {version}"), help));
        };
        let stated = Stated::of(release.clone());
        Ok(Some((side_of(release), stated)))
    }

    /// Returns the dated changes that a side of the project states, and the deadlines of all changes that were announced by then; none
    /// for sides from elsewhere, whose earlier releases are not known.
    fn dated(&mut self, side: &Side, stated: &Stated) -> (Vec<DatedChange>, Deadlines) {
        let as_of = self.context.as_of;
        let is_own = side.name == DRAFT || side.version.is_some_and(|version| version.to_string() == side.name);
        let Some(history) = is_own.then(|| self.history()).flatten() else { return Default::default() };
        let (timeline, releases) = (history.timeline(), history.releases());
        let at = side.version.map(|version| releases.partition_point(|release| release.version <= version));
        let before = (0..at.unwrap_or(releases.len())).flat_map(|at| timeline.at(at));
        let dated = match at {
            Some(count) => timeline.at(count.saturating_sub(1)).to_vec(),
            None => timeline.announcements().with_draft(&stated.disclosure, as_of),
        };
        let deadlines = Deadlines::of(before.chain(&dated));
        (dated, deadlines)
    }

    /// Returns the history, or `None` if it is not valid and the report says why.
    fn history(&mut self) -> Option<&History> {
        if self.history.is_none() {
            let (history, report) = store::read(&self.context.project, self.context.as_of);
            let valid = !report.has_errors();
            self.report.merge(report);
            self.history = valid.then_some(history);
        }
        self.history.as_ref()
    }
}

/// Returns the time limit for all requests of one side combined.
fn time_limit() -> Duration {
    Duration::from_secs(VERIFY_TIMEOUT.into())
}

fn side(release: Release) -> (Side, Stated) {
    (side_of(&release), Stated::of(release))
}

fn side_of(release: &Release) -> Side {
    Side { name: release.version.to_string(), version: Some(release.version), sha256: Some(release.digest) }
}
