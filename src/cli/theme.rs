//! The arguments of `candor theme`.

use clap::{Args, Subcommand};

/// Arguments of `candor theme`.
#[derive(Debug, Args)]
pub struct ThemeArgs {
    /// What to do
    #[command(subcommand)]
    pub command: ThemeCommand,
}

/// What `candor theme` does.
#[derive(Debug, Subcommand)]
pub enum ThemeCommand {
    /// List the built-in files, and which of them the project replaces
    List,
    /// Copy built-in files into the project, to change them there
    Export(ThemeExportArgs),
    /// Show how files of the project differ from the built-in ones
    Diff(ThemeNames),
}

/// Arguments of `candor theme export`.
#[derive(Debug, Args)]
pub struct ThemeExportArgs {
    /// Files to copy, such as `lists/faq.html`, `strings/en.yaml` or `css/candor.css`
    #[arg(value_name = "NAME", required = true)]
    pub names: Vec<String>,
    /// Overwrite existing files
    #[arg(long, conflicts_with = "mark")]
    pub force: bool,
    /// Keep existing files as they are, and note in them that they contain the changes of this version
    #[arg(long)]
    pub mark: bool,
}

/// The files that a command is about.
#[derive(Debug, Args)]
pub struct ThemeNames {
    /// Files to compare [default: all that the project replaces]
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
}
