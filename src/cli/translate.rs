//! The arguments of `candor translate`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::format::{ResultFormat, TranslatorFormat};
use crate::model::Language;

/// Arguments of `candor translate`.
#[derive(Debug, Args)]
pub struct TranslateArgs {
    /// What to do
    #[command(subcommand)]
    pub command: TranslateCommand,
}

/// What `candor translate` does.
#[derive(Debug, Subcommand)]
pub enum TranslateCommand {
    /// List the texts that have no current translation
    Status(TranslateStatusArgs),
    /// Write the texts that have no current translation to a file for a translator
    Extract(TranslateExtractArgs),
    /// Accept translations for their current sources
    Accept(TranslateAcceptArgs),
}

/// Arguments of `candor translate status`.
#[derive(Debug, Args)]
pub struct TranslateStatusArgs {
    /// Language, such as `de` [default: all languages of the site]
    #[arg(value_name = "LANG")]
    pub language: Option<Language>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: ResultFormat,
}

/// Arguments of `candor translate extract`.
#[derive(Debug, Args)]
pub struct TranslateExtractArgs {
    /// Language to translate into, such as `de`
    #[arg(value_name = "LANG")]
    pub language: Language,
    /// Format of the file [default: that of the name of the file, else yaml]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<TranslatorFormat>,
    /// Write to this file instead of stdout
    #[arg(short, long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Arguments of `candor translate accept`.
#[derive(Debug, Args)]
pub struct TranslateAcceptArgs {
    /// Language of the translations, such as `de`
    #[arg(value_name = "LANG")]
    pub language: Language,
    /// File from a translator, whose texts are put into the overlays [default: accept the texts of the overlays]
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
}
