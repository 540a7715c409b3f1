//! `candor serve`: serves a live preview of the project's site, including unreleased changes.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use super::build::duration;
use super::context::today;
use super::watchdog::{self, GivenUp};
use super::{Context, Failure, Outcome};
use crate::cli::ServeArgs;
use crate::diagnostic::{Report, Severity, render};
use crate::formats;
use crate::model::Date;
use crate::pipeline::{self, BuildRequest, SiteBuild};
use crate::server::{self, Bound, Built, Files, Port, Rebuild, RebuildOutcome, ServeError, Shows};
use crate::site::{Artifact, SitePath};
use crate::text::counted;

/// The first port to try. Browsers do not block it or the 19 ports after it.
const PORT: u16 = 4700;

/// Serves until it is interrupted.
///
/// # Errors
/// If the address cannot be bound.
pub fn run(args: &ServeArgs, context: &Context) -> Result<Outcome, Failure> {
    let given_up = watchdog::start_for_preview(context)?;
    let bound = server::bind(&args.host, args.port.map_or(Port::From(PORT), Port::Exactly)).map_err(failure)?;
    greet(&bound, args, context)?;
    if args.open && !open(&bound.url()) && !context.quiet {
        writeln!(context.err(), "note: cannot start a browser; open the address above")?;
    }
    let project = &context.project;
    let folders = [project.content(), project.templates(), project.static_files()];
    let folders = folders.map(|folder| folder.strip_prefix(project.root()).map(Path::to_owned).unwrap_or(folder));
    bound.run(project.root(), &folders, Preview::new(context, today, given_up)).map_err(failure)?;
    Ok(Outcome::Fine)
}

/// Prints the address before anything else.
fn greet(bound: &Bound, args: &ServeArgs, context: &Context) -> Result<(), Failure> {
    writeln!(context.out(), "Preview at {}", bound.url())?;
    if context.quiet {
        return Ok(());
    }
    if args.port.is_none() && bound.port() != PORT {
        writeln!(context.err(), "note: port {PORT} is in use; using port {}", bound.port())?;
    }
    if bound.is_open() {
        writeln!(
            context.err(),
            "note: other machines can reach this preview; anyone with the token in the address can read unreleased changes"
        )?;
    }
    Ok(())
}

struct Preview<Clock> {
    context: Context,
    /// Returns the current date in UTC.
    clock: Clock,
    /// The date of the last build; `None` before the first.
    as_of: Option<Date>,
    /// Whether the date of the last build differs from that of the previous one.
    new_date: bool,
    start: Instant,
    /// The site that was built last.
    made: Option<SiteBuild>,
    /// Diagnostics that have already been printed.
    reported: String,
    /// Why the running build was given up.
    given_up: GivenUp,
}

impl<Clock: Fn() -> Date> Preview<Clock> {
    fn new(context: &Context, clock: Clock, given_up: GivenUp) -> Preview<Clock> {
        let (context, start) = (context.clone(), Instant::now());
        Preview { context, clock, as_of: None, new_date: false, start, made: None, reported: String::new(), given_up }
    }

    /// Returns the date to evaluate: the requested date, or the current one.
    fn date(&self) -> Date {
        if self.context.as_of_is_today { (self.clock)() } else { self.context.as_of }
    }
}

/// Returns the response headers that a host sends if it applies the site's header file.
fn headers(path: &SitePath, artifact: &Artifact, policy: &str) -> Vec<(String, String)> {
    let listed = formats::headers::for_path(path.as_str(), artifact, policy);
    listed.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

impl<Clock: Fn() -> Date + Clone + Send + 'static> Rebuild for Preview<Clock> {
    fn successor(&self) -> Preview<Clock> {
        let reported = self.reported.clone();
        let new = Preview::new(&self.context, self.clock.clone(), self.given_up.clone());
        Preview { as_of: self.as_of, reported, ..new }
    }

    fn given_up(&self) -> Option<Report> {
        self.given_up.take()
    }

    fn rebuild(&mut self, _changed: &[PathBuf]) -> Result<Built, Report> {
        self.start = Instant::now();
        let as_of = self.date();
        self.new_date = self.as_of.replace(as_of).is_some_and(|before| before != as_of);
        let request = BuildRequest { draft: true, ..BuildRequest::new(as_of) };
        self.made = None;
        let made = self.made.insert(pipeline::build_site(&self.context.project, &request)?);
        let policy = formats::headers::policy(&made.publication.settings).into_owned();
        Ok(Built {
            site: made.site.clone(),
            base_path: made.publication.settings.base_path(),
            headers: Arc::new(move |path, artifact| headers(path, artifact, &policy)),
            report: made.report.clone(),
        })
    }

    fn inspect(&self, files: &Files<'_>) -> Report {
        let Some(made) = &self.made else { return Report::new() };
        // The files were produced for the snapshot.
        made.check_links_of(|path, artifact| files(path).map_or_else(|| artifact.body.shared(), Ok))
    }

    fn is_outdated(&self) -> bool {
        self.as_of != Some(self.date())
    }

    fn on_rebuilt(&mut self, outcome: &RebuildOutcome<'_>) {
        let took = duration(self.start);
        // The preview continues when its output cannot be written.
        // Another edit of the same file leaves most problems as they are, so compare what is shown and not the files.
        let shown = render::human(outcome.report);
        if shown != self.reported {
            let _ = self.context.report(outcome.report);
            self.reported = shown;
        }
        if !self.context.quiet {
            let new_date = self.as_of.filter(|_| self.new_date);
            let _ = writeln!(self.context.err(), "{}", line(outcome, new_date, &took));
        }
    }
}

/// Formats one line about a rebuild: what changed, the result, the duration, and the number of problems.
fn line(outcome: &RebuildOutcome<'_>, new_date: Option<Date>, took: &str) -> String {
    let what = match (outcome.changed, new_date) {
        ([], None) => String::new(),
        ([], Some(date)) => format!("as of {date}: "),
        ([one], _) => format!("{}: ", slashed(one)),
        ([first, rest @ ..], _) => format!("{} and {} more: ", slashed(first), rest.len()),
    };
    let done = match outcome.shows {
        Shows::New if what.is_empty() => format!("built {} files in {took}", outcome.files),
        Shows::New => format!("rebuilt {} of {} files in {took}", outcome.fresh, outcome.files),
        Shows::LastGood => format!("build failed in {took}; still serving the last good build"),
        Shows::Nothing => format!("build failed in {took}; no page to show yet"),
    };
    let count = |severity: Severity| match outcome.report.count(severity) {
        0 => String::new(),
        count => format!(", {}", counted(count, severity.as_str())),
    };
    format!("{what}{done}{}{}", count(Severity::Error), count(Severity::Warning))
}

fn slashed(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Opens an address in a browser. Returns false if no program could be started for it.
fn open(url: &str) -> bool {
    let (program, arguments): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[url]),
        "windows" => ("cmd", &["/C", "start", "", url]),
        _ => ("xdg-open", &[url]),
    };
    let silent =
        Command::new(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    match silent {
        Ok(mut child) => {
            // Wait for the process, so that it does not become a zombie. Its exit code does not matter.
            std::thread::spawn(move || child.wait());
            true
        }
        Err(_) => false,
    }
}

fn failure(error: ServeError) -> Failure {
    let help = match &error {
        ServeError::Host { .. } => "set --host to an address or name of this machine, such as 127.0.0.1",
        ServeError::Port { .. } => "choose another port with --port, or omit --port to use the next free one",
        ServeError::System(_) => "",
    };
    Failure::new(error.to_string(), help)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::{Arc, Mutex};

    use clap::Parser;

    use super::{GivenUp, Preview, line};
    use crate::cli::Cli;
    use crate::commands::Context;
    use crate::diagnostic::Report;
    use crate::model::Date;
    use crate::server::{Rebuild, RebuildOutcome, Shows};

    const SITE: &str = "title: Trust\norganization: {name: Example}\n";
    const LIST: &str = "- {id: mail, name: Mail, purpose: Mail, data_categories: [Address], effective: 2026-03-02}\n";

    fn date(text: &str) -> Date {
        text.parse().expect("a date")
    }

    /// A project whose subprocessor starts on 2 March 2026.
    fn project() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(folder.path().join("content/data")).expect("a folder");
        std::fs::write(folder.path().join("content/site.yaml"), SITE).expect("written");
        std::fs::write(folder.path().join("content/data/subprocessors.yaml"), LIST).expect("written");
        folder
    }

    fn context(root: &std::path::Path, arguments: &[&str]) -> Context {
        let start = ["candor", "--root", root.to_str().expect("UTF-8"), "serve"];
        let cli = Cli::try_parse_from(start.iter().chain(arguments)).expect("arguments");
        Context::new(&cli).expect("a context")
    }

    /// Whether the preview shows the subprocessor as upcoming.
    fn shows_upcoming(preview: &mut impl Rebuild) -> bool {
        let built = preview.rebuild(&[]).unwrap_or_else(|report| panic!("{report:#?}"));
        let page = built.site.get("subprocessors/index.html").expect("a page").body.bytes().expect("HTML").into_owned();
        String::from_utf8_lossy(&page).contains("class=\"tag\"")
    }

    #[test]
    fn preview_follows_the_date_overnight() {
        let folder = project();
        let clock = Arc::new(Mutex::new(date("2026-03-01")));
        let shared = Arc::clone(&clock);
        // Ignore SOURCE_DATE_EPOCH in the test's environment.
        let mut context = context(folder.path(), &[]);
        context.as_of_is_today = true;
        let mut preview = Preview::new(&context, move || *shared.lock().expect("no panic"), GivenUp::default());
        assert!(shows_upcoming(&mut preview) && !preview.is_outdated());
        *clock.lock().expect("no panic") = date("2026-03-02");
        assert!(preview.is_outdated());
        assert!(!shows_upcoming(&mut preview) && !preview.is_outdated());
        // A rebuild for a saved file also uses the new date.
        *clock.lock().expect("no panic") = date("2026-03-01");
        assert!(shows_upcoming(&mut preview));
    }

    #[test]
    fn preview_keeps_a_requested_date() {
        let folder = project();
        let context = context(folder.path(), &["--as-of", "2026-03-01"]);
        let mut preview = Preview::new(&context, || panic!("the clock must not be read"), GivenUp::default());
        assert!(shows_upcoming(&mut preview) && !preview.is_outdated());
    }

    #[test]
    fn rebuild_line_shows_a_new_date() {
        let report = Report::new();
        let turn = |changed| RebuildOutcome { changed, report: &report, files: 9, fresh: 2, shows: Shows::New };
        let today = Some(date("2026-03-02"));
        assert_eq!(line(&turn(&[]), None, "1 ms"), "built 9 files in 1 ms");
        assert_eq!(line(&turn(&[]), today, "1 ms"), "as of 2026-03-02: rebuilt 2 of 9 files in 1 ms");
        assert_eq!(line(&turn(&[PathBuf::from("a.md")]), today, "1 ms"), "a.md: rebuilt 2 of 9 files in 1 ms");
    }
}
