//! The command line: clap types only. What a command does stands in `commands`.

pub mod pages;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

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
    /// How to print results and findings
    #[arg(long, global = true, value_name = "FORMAT", default_value = "human", help_heading = "Global options")]
    pub format: Format,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Global options")]
    pub color: ColorChoice,
    /// The day to speak for [default: SOURCE_DATE_EPOCH, else today in UTC]
    #[arg(long, global = true, value_name = "DATE", help_heading = "Global options")]
    pub as_of: Option<Date>,
    /// Print errors only
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Global options")]
    pub quiet: bool,
    /// Say more (-v, -vv)
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Global options")]
    pub verbose: u8,
}

/// How to print results and findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people in a terminal
    Human,
    /// For programs
    Json,
    /// GitHub workflow annotations
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Markdown, for pull requests (diff, schedule)
    Markdown,
    /// HTML (schedule)
    Html,
    /// CSV (schedule)
    Csv,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start a new project that builds at once
    Init(InitArgs),
    /// Bring in a list of subprocessors that exists already
    #[cfg(feature = "import")]
    Import(ImportArgs),
    /// Report every problem of the content, with place and help
    Check(CheckArgs),
    /// Build the site into dist/
    Build(BuildArgs),
    /// Preview the site in a browser; it follows every save
    #[cfg(feature = "serve")]
    Serve(ServeArgs),
    /// List the changes between two releases, or since the newest one
    Diff(DiffArgs),
    /// Freeze the content as the next release
    // `--version` names the release here.
    #[command(disable_version_flag = true)]
    Release(ReleaseArgs),
    /// Check that no release was changed, lost or put in
    Verify(VerifyArgs),
    /// Print a customer's own schedule of subprocessors
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

/// Arguments of `candor build`.
#[derive(Debug, Args)]
pub struct BuildArgs {
    /// Folder to write [default: dist/ below the root]
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Where the site will be published, instead of base_url in site.yaml
    #[arg(long, value_name = "URL")]
    pub base_url: Option<WebUrl>,
    /// Build content that was never released, with a banner and noindex
    #[arg(long)]
    pub draft: bool,
    /// Do not write .gz and .br files beside the pages
    #[arg(long)]
    pub no_compress: bool,
}

/// Arguments of `candor release`.
#[derive(Debug, Args)]
pub struct ReleaseArgs {
    /// What changed and why, as Markdown
    #[arg(short, long, value_name = "TEXT", required_unless_present_any = ["summary_file", "replace"], conflicts_with = "summary_file")]
    pub message: Option<String>,
    /// Read what changed and why from a file; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    pub summary_file: Option<PathBuf>,
    /// The version to take [default: the day, with .2, .3 for further releases of a day]
    #[arg(long, value_name = "VERSION", conflicts_with = "replace")]
    pub version: Option<Version>,
    /// The day of the release, for importing a past [default: the day of the version, else --as-of]
    #[arg(long, value_name = "DATE", conflicts_with = "replace")]
    pub date: Option<Date>,
    /// Cut the newest release again; only for one that nobody has seen
    #[arg(long)]
    pub replace: bool,
}

/// Arguments of `candor diff`.
#[derive(Debug, Args)]
#[command(
    after_help = "Each side is a version, the file or the address of a release record, a built or published site for its newest release, or `draft` for the content as it is."
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
    /// Exit with 1 where there are changes
    #[arg(long)]
    pub exit_code: bool,
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
}

/// How long the requests of one run that reads releases from the web may take together, in seconds.
pub const VERIFY_TIMEOUT: u32 = 300;

/// Arguments of `candor check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Fail on warnings as well
    #[arg(long, value_name = "WHAT")]
    pub deny: Option<Deny>,
    /// Also follow links to other sites: needs the network, and takes a while
    #[arg(long)]
    pub external: bool,
    /// How long an external link may take to answer, for each of three attempts
    #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=600), requires = "external")]
    pub timeout: u32,
}

/// What fails a check beside errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    /// Every warning
    Warnings,
}

/// Arguments of `candor explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The code in the brackets of a finding [default: list all]
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
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
    /// Name of the organisation that the page speaks for
    #[arg(long, value_name = "ORG")]
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
    #[arg(long, value_name = "COLUMN=FIELD")]
    pub map: Vec<Assignment>,
    /// Which table of the file, from 1 [default: the one that looks like a list of subprocessors]
    #[arg(long, value_name = "N")]
    pub table: Option<usize>,
    /// Write content/data/subprocessors.yaml; without it, only show what would be written
    #[arg(long)]
    pub write: bool,
    /// Write over a file that is there
    #[arg(long, requires = "write")]
    pub replace: bool,
    /// Make a release of each change that the file's git history records
    #[arg(long)]
    pub git_history: bool,
}

/// A system that runs recipes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Recipe {
    /// GitHub Actions
    Github,
    /// GitLab CI/CD
    Gitlab,
    /// Azure Pipelines
    Azure,
    /// No recipe
    None,
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
    #[arg(long, value_name = "FEATURE")]
    pub features: Vec<String>,
    /// The customer's company
    #[arg(long, value_name = "NAME")]
    pub customer: Option<String>,
    /// The customer's workspace identifier
    #[arg(long, value_name = "ID")]
    pub workspace: Option<String>,
    /// Release to take [default: the newest]
    #[arg(id = "release", long = "release", value_name = "VERSION")]
    pub version: Option<Version>,
}
