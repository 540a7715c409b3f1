//! The command line: clap types only. What a command does is in `commands`.

mod choice;
pub mod format;
pub mod pages;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub use self::choice::{ColorChoice, Deny, Recipe};
use self::format::{AnnotatedFormat, DiffFormat, ReportFormat, ResultFormat, ScheduleFormat};
#[cfg(feature = "import")]
use crate::import::Assignment;
use crate::model::{Date, Version, WebUrl};

/// Turn Markdown and YAML into a trust center that readers can verify.
#[derive(Debug, Parser)]
#[command(name = "candor", version = env!("CANDOR_VERSION"), max_term_width = 100, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// Options that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Folder that holds `content/`
    #[arg(long, global = true, value_name = "DIR", default_value = ".", help_heading = "Global options")]
    pub root: PathBuf,
    /// When to use color
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Global options")]
    pub color: ColorChoice,
    /// Evaluate dates as of this date [default: SOURCE_DATE_EPOCH, else today in UTC]
    #[arg(long, global = true, value_name = "DATE", help_heading = "Global options")]
    pub as_of: Option<Date>,
    /// Print only errors, and the result that a command is for
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Global options")]
    pub quiet: bool,
    /// Increase log verbosity; -vv increases it further
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Global options")]
    pub verbose: u8,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create a new project
    Init(InitArgs),
    /// Import an existing list of subprocessors
    #[cfg(feature = "import")]
    Import(ImportArgs),
    /// Check the content and report every problem with its location and a fix
    Check(CheckArgs),
    /// Build the site into dist/
    Build(BuildArgs),
    /// Preview the site locally, with live reload
    #[cfg(feature = "serve")]
    Serve(ServeArgs),
    /// List the changes between two releases, or since the newest one
    Diff(DiffArgs),
    /// Freeze the content as the next release
    // `--version` names the release here.
    #[command(disable_version_flag = true)]
    Release(ReleaseArgs),
    /// Verify that no release was modified, removed or inserted
    Verify(VerifyArgs),
    /// Print the subprocessor annex of one customer
    Schedule(ScheduleArgs),
    /// Upload the site to object storage behind a CDN
    #[cfg(feature = "publish")]
    Publish(PublishArgs),
    /// Print the JSON Schema of a file, for editors and programs
    Schema(SchemaArgs),
    /// Explain a diagnostic and how to fix it
    Explain(ExplainArgs),
    /// Print completions for a shell
    Completions(CompletionsArgs),
    /// Print the manual page
    Man(ManArgs),
}

impl Command {
    /// How the command prints diagnostics.
    pub fn report_format(&self) -> ReportFormat {
        match self {
            Command::Check(args) => args.format,
            Command::Build(args) => args.format,
            Command::Release(args) => args.format.into(),
            Command::Diff(args) => args.format.into(),
            Command::Verify(args) => args.format.into(),
            Command::Schedule(args) => args.format.into(),
            Command::Explain(args) => args.format.into(),
            #[cfg(feature = "import")]
            Command::Import(args) => args.format.into(),
            #[cfg(feature = "publish")]
            Command::Publish(args) => args.format.into(),
            #[cfg(feature = "serve")]
            Command::Serve(_) => ReportFormat::Human,
            Command::Init(_) | Command::Schema(_) | Command::Completions(_) | Command::Man(_) => ReportFormat::Human,
        }
    }
}

/// Arguments of `candor build`.
#[derive(Debug, Args)]
pub struct BuildArgs {
    /// Folder to write [default: dist/ below the root]
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Where the site will be published, instead of base_url in site.yaml
    #[arg(long, value_name = "URL")]
    pub base_url: Option<WebUrl>,
    /// Build unreleased changes, with a banner and noindex
    #[arg(long)]
    pub draft: bool,
    /// Do not write .gz and .br files next to the pages
    #[arg(long)]
    pub no_compress: bool,
    /// How to print diagnostics
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: ReportFormat,
}

/// Arguments of `candor release`.
#[derive(Debug, Args)]
pub struct ReleaseArgs {
    /// What changed and why, as Markdown
    #[arg(short, long, value_name = "TEXT", allow_hyphen_values = true, required_unless_present_any = ["summary_file", "replace"], conflicts_with = "summary_file")]
    pub message: Option<String>,
    /// Read what changed and why from a file; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    pub summary_file: Option<PathBuf>,
    /// Version of the release [default: its date, with .2, .3 for further releases on the same date]
    #[arg(long, value_name = "VERSION", conflicts_with = "replace")]
    pub version: Option<Version>,
    /// Date of the release, to import past releases [default: the date of --version, else --as-of]
    #[arg(long, value_name = "DATE", conflicts_with = "replace")]
    pub date: Option<Date>,
    /// Replace the newest release; only for one that was never published
    #[arg(long)]
    pub replace: bool,
    /// How to print the release
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: ResultFormat,
}

/// Arguments of `candor diff`.
#[derive(Debug, Args)]
#[command(
    after_help = "Each side is a version, the file or URL of a release record, a built or published site for its newest release, or `draft` for the content with its unreleased changes."
)]
pub struct DiffArgs {
    /// The old side [default: the newest release]
    #[arg(value_name = "OLD")]
    pub old: Option<String>,
    /// The new side [default: draft]
    #[arg(value_name = "NEW")]
    pub new: Option<String>,
    /// Compare the code (templates, scripts, styles, static/root/, theme) with that of another checkout of the project
    #[arg(long, value_name = "DIR")]
    pub base: Option<PathBuf>,
    /// Exit with 1 if there are changes
    #[arg(long)]
    pub exit_code: bool,
    /// How to print the changes
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: DiffFormat,
}

/// Arguments of `candor verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// A project, a built site, a folder of records, or the address of a published site [default: the root]
    #[arg(value_name = "DIR|URL")]
    pub target: Option<String>,
    /// Compare with a published or built site: every release that it has must be in the target, unchanged
    #[arg(long, value_name = "URL|DIR")]
    pub against: Option<String>,
    /// Fail if the target has a release that is not published
    #[arg(long, requires = "against")]
    pub all_published: bool,
    /// Take DIR for a built site
    #[arg(long, requires = "target", conflicts_with = "project")]
    pub site: bool,
    /// Take DIR for a project
    #[arg(long, requires = "target")]
    pub project: bool,
    /// Time limit for all requests together
    #[arg(long, value_name = "SECONDS", default_value_t = VERIFY_TIMEOUT, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub timeout: u32,
    /// How to print the verdict
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: AnnotatedFormat,
}

/// How long the requests of one run that reads releases from the web may take together, in seconds.
pub const VERIFY_TIMEOUT: u32 = 300;

/// Arguments of `candor check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Fail on warnings as well
    #[arg(long, value_name = "WHAT")]
    pub deny: Option<Deny>,
    /// Also follow links to other sites; needs the network and takes a while
    #[arg(long)]
    pub external: bool,
    /// How long an external link may take to answer, for each of three attempts
    #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=600), requires = "external")]
    pub timeout: u32,
    /// How to print diagnostics
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: ReportFormat,
}

/// Arguments of `candor explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Code of a diagnostic, as in `error[CODE]` [default: list all]
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
    /// How to print the explanation
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: ResultFormat,
}

/// Arguments of `candor serve`.
#[cfg(feature = "serve")]
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Port to listen on; 0 lets the system choose [default: 4700, or the next one that is free]
    #[arg(short, long, value_name = "PORT")]
    pub port: Option<u16>,
    /// Address or name of this machine to listen on; other machines reach any but a loopback one, with the token that is printed
    #[arg(long, value_name = "HOST", default_value = "127.0.0.1")]
    pub host: String,
    /// Open the browser
    #[arg(long)]
    pub open: bool,
}

/// Arguments of `candor publish`.
#[cfg(feature = "publish")]
#[derive(Debug, Args)]
pub struct PublishArgs {
    /// az://CONTAINER[/prefix], s3://BUCKET[/prefix], gs://BUCKET[/prefix] or file:///path
    #[arg(value_name = "DEST")]
    pub destination: String,
    /// Show what would be uploaded, kept and deleted, and write nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Where the store's API answers, for stores compatible with S3, Azure or Google storage
    // Read by the command itself: the parser quotes what it refuses, and that may hold a password.
    #[arg(long, value_name = "URL")]
    pub endpoint: Option<String>,
    /// Where the site will be read, instead of base_url in site.yaml
    #[arg(long, value_name = "URL")]
    pub base_url: Option<WebUrl>,
    /// Store pages, styles and scripts as they are, for a CDN that compresses on the way
    #[arg(long)]
    pub no_compress: bool,
    /// Write the addresses whose cached copies are out of date to a file, one a line
    #[arg(long, value_name = "FILE")]
    pub purge_file: Option<PathBuf>,
    /// Go on although another publish holds the destination, because it is known to be dead
    #[arg(long)]
    pub take_over: bool,
    /// Overwrite files of the same names that candor did not put there, or that something else has changed since
    #[arg(long)]
    pub adopt: bool,
    /// Publish to a store without conditional writes; make sure that only one publish runs at a time
    #[arg(long)]
    pub no_lock: bool,
    /// Time limit for each request to the store, beside one second for each 100 kB that it sends or receives
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub timeout: u32,
    /// Send every file again, for a destination that was changed by other means
    #[arg(long)]
    pub resend: bool,
    /// How many files are sent at the same time
    #[arg(short, long, value_name = "N", default_value = "16", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: u16,
    /// How to print the result
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: AnnotatedFormat,
}

/// Arguments of `candor schema`.
#[derive(Debug, Args)]
#[command(
    after_help = "NAME is a name of the list, such as `subprocessors`, or a file, such as content/data/subprocessors.yaml."
)]
pub struct SchemaArgs {
    /// Which one [default: list all]
    #[arg(value_name = "NAME|FILE", conflicts_with = "write")]
    pub name: Option<String>,
    /// Write all into this folder
    #[arg(long, value_name = "DIR")]
    pub write: Option<PathBuf>,
}

/// Arguments of `candor init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Folder of the project [default: the root]
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Name of the organization
    #[arg(long, value_name = "ORG", allow_hyphen_values = true)]
    pub name: Option<String>,
    /// Write a recipe that checks every change and publishes what is merged
    #[arg(long, value_name = "SYSTEM", default_value = "none")]
    pub ci: Recipe,
    /// Fill every list with examples
    #[arg(long)]
    pub full: bool,
}

/// Arguments of `candor import`.
#[cfg(feature = "import")]
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// File with a table of subprocessors: Markdown, HTML or CSV
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Say which field a column is for, as in `--map Vendor=name`; `=-` leaves a column out
    #[arg(long, value_name = "COLUMN=FIELD", allow_hyphen_values = true)]
    pub map: Vec<Assignment>,
    /// Which table of the file, from 1 [default: the one that looks like a list of subprocessors]
    #[arg(long, value_name = "N")]
    pub table: Option<usize>,
    /// Write content/data/subprocessors.yaml; without it, only show what would be written
    #[arg(long)]
    pub write: bool,
    /// Overwrite an existing file
    #[arg(long, requires = "write")]
    pub replace: bool,
    /// Make a release of each change that the file's git history records
    #[arg(long)]
    pub git_history: bool,
    /// How to print what was imported
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: ResultFormat,
}

/// Arguments of `candor completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: pages::Shell,
}

/// Arguments of `candor man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Write all pages, one for each command, into this folder
    #[arg(long, value_name = "DIR")]
    pub write: Option<PathBuf>,
}

/// Arguments of `candor schedule`.
#[derive(Debug, Args)]
pub struct ScheduleArgs {
    /// A feature that the customer uses, as the conditions name it; several with commas, or repeat the option
    #[arg(long, value_name = "FEATURE", allow_hyphen_values = true)]
    pub features: Vec<String>,
    /// The customer's company
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    pub customer: Option<String>,
    /// The customer's workspace identifier
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub workspace: Option<String>,
    /// Release to take [default: the newest]
    #[arg(id = "release", long = "release", value_name = "VERSION")]
    pub version: Option<Version>,
    /// Which document to print
    #[arg(long, value_name = "FORMAT", default_value = "markdown")]
    pub format: ScheduleFormat,
}
