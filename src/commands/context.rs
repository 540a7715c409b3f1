//! The context of a command: the project, the date, and how to report.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;

use crate::cli::format::ReportFormat;
use crate::cli::{Cli, ColorChoice};
use crate::diagnostic::{Diagnostic, RefusedCommand, Report, Severity, render};
use crate::fetch::FetchError;
use crate::files;
use crate::load;
use crate::model::{Date, Language};
use crate::project::Project;
use crate::terminal::{Colors, Printer};
use crate::wording::{Catalog, overrides};

/// The outcome of a command that ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The command succeeded (exit code 0).
    Fine,
    /// The command reported problems or differences (exit code 1).
    Problems,
}

/// Why a command could not run (exit code 2), and how to fix it.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// What is wrong, with the path or address.
    pub message: String,
    /// How to fix it; may be empty.
    pub help: String,
    /// Whether the reader of the output closed the pipe, which is not a failure.
    pub broken_pipe: bool,
}

impl Failure {
    /// Creates a failure with a message and help.
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Failure {
        Failure { message: message.into(), help: help.into(), broken_pipe: false }
    }
}

impl From<std::io::Error> for Failure {
    /// Only for errors of stdout and stderr. Messages about files contain their path.
    fn from(error: std::io::Error) -> Failure {
        let broken_pipe = error.kind() == std::io::ErrorKind::BrokenPipe;
        Failure { message: format!("cannot write the output: {error}"), help: String::new(), broken_pipe }
    }
}

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Failure {
        let help = match error {
            FetchError::NoClient(_) => {
                "use a build of candor with default features, and install the system's certificates (package `ca-certificates`)"
            }
            _ => "",
        };
        Failure::new(error.to_string(), help)
    }
}

/// The context of a command.
#[derive(Debug, Clone)]
pub struct Context {
    /// The project's folders.
    pub project: Project,
    /// The date as of which the content is evaluated.
    pub as_of: Date,
    /// Whether `as_of` is the current date, and not a date that the user requested.
    pub as_of_is_today: bool,
    /// How to print diagnostics.
    pub reports: ReportFormat,
    /// Whether to print only errors and the command's result.
    pub quiet: bool,
    color: ColorChoice,
}

impl Context {
    /// Resolves the global options, and reads the clock unless a date is given.
    ///
    /// # Errors
    /// If the root is not a folder or `SOURCE_DATE_EPOCH` is not a number of seconds.
    pub fn new(cli: &Cli) -> Result<Context, Failure> {
        let global = &cli.global;
        if !files::is_folder(&global.root) {
            return Err(Failure::new(
                format!("`{}` is not a folder", global.root.display()),
                "set --root to the folder that contains content/",
            ));
        }
        let requested = match global.as_of {
            Some(date) => Some(date),
            None => source_date()?,
        };
        Ok(Context {
            project: Project::at(&global.root),
            as_of: requested.unwrap_or_else(today),
            as_of_is_today: requested.is_none(),
            reports: cli.command.report_format(),
            quiet: global.quiet,
            color: global.color,
        })
    }

    /// Returns the same context for another project.
    #[cfg(feature = "import")]
    pub fn with_project(&self, project: Project) -> Context {
        Context { project, ..self.clone() }
    }

    /// Returns the strings of the project for a language, as its pages use them. `candor check` reports problems of its
    /// catalogs.
    pub fn strings(&self, language: &Language) -> Arc<Catalog> {
        let (templates, _) = load::templates(&self.project);
        overrides::catalog(&templates, language, None).0
    }

    /// Returns the printer for results.
    pub fn out(&self) -> Printer {
        Printer::stdout(self.colors())
    }

    /// Returns the printer for everything else.
    pub fn err(&self) -> Printer {
        Printer::stderr(self.colors())
    }

    fn colors(&self) -> Colors {
        match self.color {
            ColorChoice::Auto => Colors::Auto,
            ColorChoice::Always => Colors::Always,
            ColorChoice::Never => Colors::Never,
        }
    }

    /// Prints diagnostics in the requested format, or only errors with `--quiet`.
    ///
    /// # Errors
    /// If the stream cannot be written.
    pub fn report(&self, report: &Report) -> Result<Outcome, Failure> {
        self.print(report, |diagnostic| diagnostic.severity() == Severity::Error)?;
        Ok(if report.has_errors() { Outcome::Problems } else { Outcome::Fine })
    }

    /// Prints diagnostics because of which a command refuses to run, or only the decisive ones with `--quiet`. If none of them
    /// is an error, a line on stderr names the codes that the command refuses for.
    ///
    /// # Errors
    /// If a stream cannot be written.
    pub fn refuse(&self, report: &Report, command: RefusedCommand) -> Result<Outcome, Failure> {
        self.refuse_as(command.as_str(), report, command)
    }

    /// Like [`refuse`](Self::refuse), for a command line that refuses the same as another command.
    ///
    /// # Errors
    /// If a stream cannot be written.
    pub fn refuse_as(&self, name: &str, report: &Report, command: RefusedCommand) -> Result<Outcome, Failure> {
        self.print(report, |diagnostic| diagnostic.refuses(command))?;
        if !report.has_errors() {
            let refused = report.diagnostics().iter().filter(|diagnostic| diagnostic.refuses(command));
            let codes: BTreeSet<&str> = refused.map(|diagnostic| diagnostic.code().as_str()).collect();
            let codes = codes.into_iter().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(", ");
            writeln!(self.err(), "error: `candor {name}` refuses to run because of {codes}")?;
        }
        Ok(Outcome::Problems)
    }

    /// Prints diagnostics in the requested format; with `--quiet` only those that `important` accepts.
    fn print(&self, report: &Report, important: impl FnMut(&Diagnostic) -> bool) -> Result<(), Failure> {
        let mut report = report.clone();
        report.sort();
        if self.quiet {
            report.retain(important);
        }
        match self.reports {
            ReportFormat::Json => self.out().json(&render::json(&report))?,
            ReportFormat::Github => self.out().commands(&render::annotations(&report))?,
            ReportFormat::Sarif => self.out().json(&render::sarif(&report))?,
            ReportFormat::Human if report.is_empty() => {}
            ReportFormat::Human => self.err().styled(&render::styled(&report))?,
        }
        Ok(())
    }
}

/// Returns the current date in UTC.
pub fn today() -> Date {
    date_of(jiff::Timestamp::now())
}

/// Returns the date in `SOURCE_DATE_EPOCH`, if it is set.
fn source_date() -> Result<Option<Date>, Failure> {
    let text = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => text,
        Err(std::env::VarError::NotPresent) => return Ok(None),
        Err(std::env::VarError::NotUnicode(text)) => return Err(bad_epoch(&text.to_string_lossy())),
    };
    let timestamp = text.trim().parse().ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    timestamp.map(|timestamp| Some(date_of(timestamp))).ok_or_else(|| bad_epoch(&text))
}

fn date_of(timestamp: jiff::Timestamp) -> Date {
    timestamp.to_zoned_datetime(jiff::tz::TimeZone::UTC).date().into()
}

fn bad_epoch(text: &str) -> Failure {
    Failure::new(
        format!("SOURCE_DATE_EPOCH is `{text}`, not a number of seconds since 1970"),
        "unset it, or set a date with --as-of",
    )
}
