//! The command line, as clap types. The commands themselves are implemented in `commands`.

mod choice;
pub mod delivery;
pub mod format;
#[cfg(feature = "import")]
pub mod mapping;
pub mod pages;
mod theme;
mod translate;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub use self::choice::{ColorChoice, Deny, HostChoice, Recipe};
use self::delivery::DeliveryArgs;
use self::format::{
    AnnotatedFormat, DiffFormat, NoticeFormat, QuestionnaireFormat, ReportFormat, ResultFormat, ScheduleFormat,
};
#[cfg(feature = "import")]
use self::mapping::ColumnMapping;
pub use self::theme::{ThemeArgs, ThemeCommand, ThemeExportArgs, ThemeNames};
pub use self::translate::{
    TranslateAcceptArgs, TranslateArgs, TranslateCommand, TranslateExtractArgs, TranslateStatusArgs,
};
#[cfg(feature = "import")]
use crate::import::{DateOrder, DefaultValue, NamePair, Start};
#[cfg(feature = "import")]
use crate::model::Id;
use crate::model::{Date, Digest, Malformed, Version, WebUrl};

/// Turn Markdown and YAML into a trust center that readers can verify.
#[derive(Debug, Parser)]
#[command(name = "candor", version = env!("CANDOR_VERSION"), max_term_width = 100, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// Options that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// The command to run.
    #[command(subcommand)]
    pub command: Command,
}

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Folder that contains `content/`
    #[arg(long, global = true, value_name = "DIR", default_value = ".", help_heading = "Global options")]
    pub root: PathBuf,
    /// When to use color
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Global options")]
    pub color: ColorChoice,
    /// Evaluate dates as of this date [default: SOURCE_DATE_EPOCH, else today in UTC]
    #[arg(long, global = true, value_name = "DATE", help_heading = "Global options")]
    pub as_of: Option<Date>,
    /// Print only errors and the command's result
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Global options")]
    pub quiet: bool,
    /// Increase log verbosity; -vv increases it further
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Global options")]
    pub verbose: u8,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create a new project
    Init(InitArgs),
    /// Import an existing list of subprocessors, or a filled questionnaire
    #[cfg(feature = "import")]
    Import(ImportArgs),
    /// Check the content and report every problem with its location and a fix
    Check(CheckArgs),
    /// Build the site into dist/
    Build(BuildArgs),
    /// Preview the site locally, with live reload
    #[cfg(feature = "serve")]
    Serve(ServeArgs),
    /// List the changes between two releases, or the unreleased changes
    Diff(DiffArgs),
    /// Freeze the content as the next release
    // `--version` names the release here.
    #[command(disable_version_flag = true)]
    Release(ReleaseArgs),
    /// Withhold values or a file that were published by mistake
    Redact(RedactArgs),
    /// Verify that no release was modified, removed or inserted
    Verify(VerifyArgs),
    /// Print the subprocessor annex for a customer
    Schedule(ScheduleArgs),
    /// Print the answers of a questionnaire, or fill them into a customer's file
    Questionnaire(QuestionnaireArgs),
    /// Write the notice that tells customers what changes, and until when they can object
    Notice(NoticeArgs),
    /// List, extract and accept translations of the content
    Translate(TranslateArgs),
    /// Upload the site to object storage behind a CDN
    #[cfg(feature = "publish")]
    Publish(PublishArgs),
    /// List, copy or compare the built-in templates, strings, styles and scripts
    Theme(ThemeArgs),
    /// Print the JSON Schema of a file format
    Schema(SchemaArgs),
    /// Explain a diagnostic and how to fix it
    Explain(ExplainArgs),
    /// Generate shell completions
    Completions(CompletionsArgs),
    /// Print the manual page
    Man(ManArgs),
}

impl Command {
    /// Returns the format in which the command prints diagnostics.
    pub fn report_format(&self) -> ReportFormat {
        match self {
            Command::Check(args) => args.format,
            Command::Build(args) => args.format,
            Command::Release(args) => args.format.into(),
            Command::Diff(args) => args.format.into(),
            Command::Verify(args) => args.format.into(),
            Command::Schedule(args) => args.chosen_format().map_or(ReportFormat::Human, ReportFormat::from),
            Command::Notice(args) => args.format.into(),
            Command::Questionnaire(args) => args.format.map_or(ReportFormat::Human, ReportFormat::from),
            Command::Explain(args) => args.format.into(),
            Command::Translate(TranslateArgs { command: TranslateCommand::Status(args) }) => args.format.into(),
            #[cfg(feature = "import")]
            Command::Import(args) => args.format.into(),
            #[cfg(feature = "publish")]
            Command::Publish(args) => args.format.into(),
            #[cfg(feature = "serve")]
            Command::Serve(_) => ReportFormat::Human,
            Command::Init(_)
            | Command::Redact(_)
            | Command::Theme(_)
            | Command::Translate(_)
            | Command::Schema(_)
            | Command::Completions(_)
            | Command::Man(_) => ReportFormat::Human,
        }
    }
}

/// Arguments of `candor build`.
#[derive(Debug, Args)]
pub struct BuildArgs {
    /// Output folder [default: dist/ below the root]
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Address of the published site; overrides base_url in site.yaml
    #[arg(long, value_name = "URL")]
    pub base_url: Option<WebUrl>,
    /// Include unreleased changes, with a banner and noindex
    #[arg(long)]
    pub draft: bool,
    /// Do not write compressed copies (.gz and .br)
    #[arg(long)]
    pub no_compress: bool,
    /// Refuse to build a site with placeholders, as `candor publish` does
    #[arg(long)]
    pub no_placeholders: bool,
    /// Output format for diagnostics
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: ReportFormat,
}

/// Arguments of `candor release`.
#[derive(Debug, Args)]
pub struct ReleaseArgs {
    /// Summary of what changed and why, as Markdown
    #[arg(short, long, value_name = "TEXT", allow_hyphen_values = true, required_unless_present_any = ["summary_file", "replace"], conflicts_with = "summary_file")]
    pub message: Option<String>,
    /// Read the summary from a file, or from standard input if it is `-`
    #[arg(long, value_name = "FILE")]
    pub summary_file: Option<PathBuf>,
    /// Version of the release [default: its date, with .2, .3 for further releases on the same date]
    #[arg(long, value_name = "VERSION", conflicts_with = "replace")]
    pub version: Option<Version>,
    /// Date of the release, for past releases [default: the date of --version, else --as-of]
    #[arg(long, value_name = "DATE", conflicts_with = "replace")]
    pub date: Option<Date>,
    /// Say that this release corrects an earlier one, whose page then shows the correction
    #[arg(long, value_name = "VERSION")]
    pub corrects: Option<Version>,
    /// First move upcoming changes that are in effect into the fields, in content/data/
    #[arg(long)]
    pub apply_upcoming: bool,
    /// Replace the newest release; use only if it was never published
    #[arg(long)]
    pub replace: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: ResultFormat,
}

/// Parses a digest; some programs print them in upper case.
fn digest(text: &str) -> Result<Digest, Malformed> {
    text.to_ascii_lowercase().parse()
}

/// Arguments of `candor redact`.
#[derive(Debug, Args)]
#[command(
    after_help = "POINTER is a JSON pointer into the record: `/summary`, or the path of an item or a field such as `/disclosure/subprocessors/stripe/contact`, with the id or the number of the item. A pointer to an item withholds all its fields but the id."
)]
pub struct RedactArgs {
    /// Release to withhold values from
    #[arg(id = "release", value_name = "VERSION", required_unless_present = "file", conflicts_with = "file")]
    pub version: Option<Version>,
    /// Value to withhold; several can be named
    #[arg(value_name = "POINTER", required_unless_present = "file")]
    pub pointers: Vec<String>,
    /// Withhold this file from all releases that bind it, instead of values
    #[arg(long, value_name = "SHA256", value_parser = digest)]
    pub file: Option<Digest>,
    /// Reason, which is published
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub reason: String,
    /// Withhold the values in every release that states them at the same item and field
    #[arg(long, conflicts_with = "file")]
    pub all: bool,
}

/// Arguments of `candor diff`.
#[derive(Debug, Args)]
#[command(
    after_help = "OLD and NEW are each a version, the path or URL of a release record, a built or published site (its newest release), or `draft` (the content with its unreleased changes)."
)]
pub struct DiffArgs {
    /// Compare from this release, site or draft [default: the newest release]
    #[arg(value_name = "OLD")]
    pub old: Option<String>,
    /// Compare to this release, site or draft [default: draft]
    #[arg(value_name = "NEW")]
    pub new: Option<String>,
    /// Also compare code (templates, scripts, styles, static/root/, theme) with another checkout of the project
    #[arg(long, value_name = "DIR")]
    pub base: Option<PathBuf>,
    /// Exit with 1 if there are changes
    #[arg(long)]
    pub exit_code: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: DiffFormat,
}

/// Arguments of `candor verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Project, built site, folder of release records, or address of a published site [default: the root]
    #[arg(value_name = "DIR|URL")]
    pub target: Option<String>,
    /// Check that every release of this published or built site is present and unchanged in the target
    #[arg(long, value_name = "URL|DIR")]
    pub against: Option<String>,
    /// Fail if a release of the target is not published
    #[arg(long, requires = "against")]
    pub all_published: bool,
    /// Treat DIR as a built site
    #[arg(long, requires = "target", conflicts_with = "project")]
    pub site: bool,
    /// Treat DIR as a project
    #[arg(long, requires = "target")]
    pub project: bool,
    /// Time limit for all requests combined
    #[arg(long, value_name = "SECONDS", default_value_t = VERIFY_TIMEOUT, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub timeout: u32,
    /// Check that a redacted release differs from this file, its original record, only in the withheld values
    #[arg(long, value_name = "FILE")]
    pub original: Option<PathBuf>,
    /// Verify only the records, not the files that they bind
    #[arg(long)]
    pub records_only: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: AnnotatedFormat,
}

/// The default time limit for all requests of a run that reads releases from the web, in seconds.
pub const VERIFY_TIMEOUT: u32 = 300;

/// Arguments of `candor check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Also fail on warnings
    #[arg(long, value_name = "WHAT")]
    pub deny: Option<Deny>,
    /// Also report the questions of this profile that the content does not answer, such as those of vendor-review
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Also check links to other sites (requires network access)
    #[arg(long)]
    pub external: bool,
    /// Time limit for each of up to three requests to an external link
    #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=600), requires = "external")]
    pub timeout: u32,
    /// Output format for diagnostics
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: ReportFormat,
}

/// Arguments of `candor explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Code of a diagnostic, as in `error[CODE]` [default: list all]
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
    /// Output format
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
    /// Host name or address to listen on; other machines can reach a non-loopback address with the printed token
    #[arg(long, value_name = "HOST", default_value = "127.0.0.1")]
    pub host: String,
    /// Open the preview in a browser
    #[arg(long)]
    pub open: bool,
}

/// Arguments of `candor publish`.
#[cfg(feature = "publish")]
#[derive(Debug, Args)]
pub struct PublishArgs {
    /// Destination: az://CONTAINER[/prefix], s3://BUCKET[/prefix], gs://BUCKET[/prefix] or file:///path
    #[arg(value_name = "DEST")]
    pub destination: String,
    /// Show what would be uploaded, kept and deleted without changing anything
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// API endpoint of a store compatible with S3, Azure or Google storage
    // Parsed by the command itself: clap quotes rejected values, which may contain a password.
    #[arg(long, value_name = "URL")]
    pub endpoint: Option<String>,
    /// Address of the published site; overrides base_url in site.yaml
    #[arg(long, value_name = "URL")]
    pub base_url: Option<WebUrl>,
    /// Upload files uncompressed, for a CDN that compresses responses
    #[arg(long)]
    pub no_compress: bool,
    /// Write URLs with outdated cached copies to a file, one per line
    #[arg(long, value_name = "FILE")]
    pub purge_file: Option<PathBuf>,
    /// Take over the lock of another publish, which must have been killed
    #[arg(long)]
    pub take_over: bool,
    /// Overwrite files at the destination that candor did not write, or that were changed since
    #[arg(long)]
    pub adopt: bool,
    /// Publish placeholders and example addresses, too
    #[arg(long)]
    pub allow_placeholders: bool,
    /// Publish to a store without conditional writes; ensure that nothing else writes there at the same time
    #[arg(long)]
    pub no_lock: bool,
    /// Time limit for each request to the store, plus one second per 100 kB sent or received
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub timeout: u32,
    /// Upload every file again; files that others changed need --adopt as well
    #[arg(long)]
    pub resend: bool,
    /// Number of files to upload in parallel
    #[arg(short, long, value_name = "N", default_value = "16", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: u16,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: AnnotatedFormat,
}

/// Arguments of `candor schema`.
#[derive(Debug, Args)]
#[command(
    after_help = "NAME is a name from the list, such as `subprocessors`, or a file, such as content/data/subprocessors.yaml."
)]
pub struct SchemaArgs {
    /// Name of the schema, or a file that it describes [default: list all]
    #[arg(value_name = "NAME|FILE", conflicts_with = "write")]
    pub name: Option<String>,
    /// Write all schemas to this folder
    #[arg(long, value_name = "DIR")]
    pub write: Option<PathBuf>,
}

/// Arguments of `candor init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Project folder [default: the root]
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Name of the organization
    #[arg(long, value_name = "ORG", allow_hyphen_values = true)]
    pub name: Option<String>,
    /// Import the list of subprocessors from a page, a spreadsheet or a data file
    #[cfg(feature = "import")]
    #[arg(long, value_name = "FILE", conflicts_with = "full")]
    pub from: Option<PathBuf>,
    /// Add a CI recipe that checks every change and publishes after a merge [default: that of the host, else none]
    #[arg(long, value_name = "SYSTEM")]
    pub ci: Option<Recipe>,
    /// Add a CI recipe that publishes to this host [default: storage, with --ci]
    #[arg(long, value_name = "HOST")]
    pub host: Option<HostChoice>,
    /// Fill every list with example items
    #[arg(long)]
    pub full: bool,
}

/// Arguments of `candor import`.
#[cfg(feature = "import")]
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// File with the list: a page, a spreadsheet or a data file; with `--git-history`, also its earlier files, oldest first
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Read a filled questionnaire, such as a CAIQ or a customer's own list, from a workbook or a CSV file
    #[arg(long, conflicts_with_all = ["date_format", "default", "git_history"])]
    pub questionnaire: bool,
    /// Name of the questionnaire, which is its file name and its address [default: that of FILE]
    #[arg(long, value_name = "NAME", requires = "questionnaire")]
    pub name: Option<Id>,
    /// Assign a column to a field, as in `--map Vendor=name`; `--map Vendor=-` skips it
    #[arg(long, value_name = "COLUMN=FIELD", allow_hyphen_values = true)]
    pub map: Vec<ColumnMapping>,
    /// Number of a table or sheet in the file, from 1; separate several with commas [default: all that share the columns of the list]
    #[arg(long, value_name = "N", value_delimiter = ',')]
    pub table: Vec<usize>,
    /// Order of day and month in dates such as 03/04/2025: `dmy` or `mdy` [default: the one that the column proves]
    #[arg(long, value_name = "ORDER")]
    pub date_format: Option<DateOrder>,
    /// Set a field of the subprocessors that state none, as in `--default transfer_mechanism=scc`
    #[arg(long, value_name = "FIELD=VALUE")]
    pub default: Vec<DefaultValue>,
    /// Write content/data/subprocessors.yaml, or content/questionnaires/NAME.yaml, instead of only showing what would be written
    #[arg(long)]
    pub write: bool,
    /// Overwrite an existing file
    #[arg(long, requires = "write")]
    pub replace: bool,
    /// Create a release for each change in the file's git history
    #[arg(long)]
    pub git_history: bool,
    /// Take two names in the history for the same subprocessor, as in `--same "Old name=New name"`
    #[arg(long, value_name = "OLD=NEW", requires = "git_history", allow_hyphen_values = true)]
    pub same: Vec<NamePair>,
    /// Take two names in the history for different subprocessors
    #[arg(long, value_name = "OLD=NEW", requires = "git_history", allow_hyphen_values = true)]
    pub different: Vec<NamePair>,
    /// Start the history at this commit or date
    #[arg(long, value_name = "COMMIT|DATE", requires = "git_history")]
    pub from: Option<Start>,
    /// Ignore a commit
    #[arg(long, value_name = "COMMIT", requires = "git_history")]
    pub skip: Vec<String>,
    /// Follow the file that the list was copied from, too
    #[arg(long, requires = "git_history")]
    pub copies: bool,
    /// Read the releases and their summaries from this file; if it does not exist, write it and make no release
    #[arg(long, value_name = "FILE", requires = "git_history")]
    pub plan: Option<PathBuf>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: ResultFormat,
}

/// Arguments of `candor completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// Shell to generate completions for
    #[arg(value_name = "SHELL")]
    pub shell: pages::Shell,
}

/// Arguments of `candor man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Write a page for each command to this folder
    #[arg(long, value_name = "DIR")]
    pub write: Option<PathBuf>,
}

/// Arguments of `candor schedule`.
#[derive(Debug, Args)]
pub struct ScheduleArgs {
    /// Optional feature that the customer uses, as named in the conditions; separate several with commas or repeat the option
    #[arg(long, value_name = "FEATURE", allow_hyphen_values = true)]
    pub features: Vec<String>,
    /// Feature that the customer uses, or value of a dimension, such as `region=EU`; several are separated by commas
    #[arg(long = "for", value_name = "FEATURE|DIMENSION=VALUE", allow_hyphen_values = true)]
    pub answers: Vec<String>,
    /// Name of the customer's company
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    pub customer: Option<String>,
    /// Workspace ID of the customer
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub workspace: Option<String>,
    /// Release to use [default: the newest]
    #[arg(id = "release", long = "release", value_name = "VERSION")]
    pub version: Option<Version>,
    /// Write the annex to this file, and replace it if it exists
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Output format [default: by the ending of FILE, otherwise markdown]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<ScheduleFormat>,
}

impl ScheduleArgs {
    /// The requested format; `None` if the ending of the output file names none.
    pub fn chosen_format(&self) -> Option<ScheduleFormat> {
        match (self.format, &self.output) {
            (Some(format), _) => Some(format),
            (None, Some(file)) => ScheduleFormat::of_file(file),
            (None, None) => Some(ScheduleFormat::Markdown),
        }
    }
}

/// Arguments of `candor questionnaire`.
#[derive(Debug, Args)]
pub struct QuestionnaireArgs {
    /// Name of the questionnaire: its file in content/questionnaires/ without `.yaml`
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Fill the answers into a copy of this workbook (XLSX) or CSV file with the same questions
    #[cfg(feature = "import")]
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    pub like: Option<PathBuf>,
    /// Assign a column of that file to a field, as in `--map "Vendor says=answer"`
    #[cfg(feature = "import")]
    #[arg(long, value_name = "COLUMN=FIELD", allow_hyphen_values = true, requires = "like")]
    pub map: Vec<ColumnMapping>,
    /// Number of a sheet of that file, from 1; separate several with commas [default: all with questions]
    #[cfg(feature = "import")]
    #[arg(long, value_name = "N", value_delimiter = ',', requires = "like")]
    pub table: Vec<usize>,
    /// Use the content with its unreleased changes instead of the newest release
    #[arg(long)]
    pub draft: bool,
    /// Write the answers to this file, and replace it if it exists
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Output format [default: by the ending of FILE, otherwise csv]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<QuestionnaireFormat>,
}

/// Arguments of `candor notice`.
#[derive(Debug, Args)]
#[command(
    after_help = "The notice states the changes that require customer notice. If there are none, nothing is written but one line that says so."
)]
pub struct NoticeArgs {
    /// Release before the changes [default: the one before NEW]
    #[arg(value_name = "OLD")]
    pub old: Option<Version>,
    /// Release with the changes [default: the newest]
    #[arg(value_name = "NEW")]
    pub new: Option<Version>,
    /// Leave out what does not apply to a customer with this feature or value of a dimension, such as `SendGrid` or `region=EU`;
    /// separate several with commas or repeat the option
    #[arg(long = "for", value_name = "FEATURE|DIMENSION=VALUE", allow_hyphen_values = true)]
    pub selection: Vec<String>,
    /// Name of the customer's company
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    pub customer: Option<String>,
    /// Name of the person to address
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    pub name: Option<String>,
    /// Address of the published site; overrides base_url in site.yaml
    #[arg(long, value_name = "URL")]
    pub base_url: Option<WebUrl>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: NoticeFormat,
    /// How to deliver the notice.
    #[command(flatten)]
    pub delivery: DeliveryArgs,
}
