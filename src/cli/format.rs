//! The formats that commands print in. Each command takes the enum that has its formats and no other, and the writer of a
//! command matches all of them, so that a format without a writer does not compile.

use clap::ValueEnum;

/// How diagnostics are printed: all that `check` and `build` print.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people in a terminal
    #[default]
    Human,
    /// For programs; its schema is `candor schema findings`
    Json,
    /// GitHub workflow annotations
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// How the verdict of `verify` and the result of `publish` are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum AnnotatedFormat {
    /// For people in a terminal
    #[default]
    Human,
    /// For programs; `candor schema` lists the schemas
    Json,
    /// GitHub workflow annotations
    Github,
}

/// How the result of `release`, `import` and `explain` is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ResultFormat {
    /// For people in a terminal
    #[default]
    Human,
    /// For programs; `candor schema` lists the schemas
    Json,
}

/// How the changes of `diff` are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// For people in a terminal
    #[default]
    Human,
    /// For programs; its schema is `candor schema changes`
    Json,
    /// Markdown, for pull requests
    Markdown,
}

/// What document `schedule` prints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ScheduleFormat {
    /// Markdown
    #[default]
    Markdown,
    /// An HTML page of its own
    Html,
    /// CSV, for spreadsheets
    Csv,
}

impl From<ResultFormat> for ReportFormat {
    fn from(format: ResultFormat) -> ReportFormat {
        match format {
            ResultFormat::Human => ReportFormat::Human,
            ResultFormat::Json => ReportFormat::Json,
        }
    }
}

impl From<AnnotatedFormat> for ReportFormat {
    fn from(format: AnnotatedFormat) -> ReportFormat {
        match format {
            AnnotatedFormat::Human => ReportFormat::Human,
            AnnotatedFormat::Json => ReportFormat::Json,
            AnnotatedFormat::Github => ReportFormat::Github,
        }
    }
}

impl From<DiffFormat> for ReportFormat {
    fn from(format: DiffFormat) -> ReportFormat {
        match format {
            DiffFormat::Human | DiffFormat::Markdown => ReportFormat::Human,
            DiffFormat::Json => ReportFormat::Json,
        }
    }
}

impl From<ScheduleFormat> for ReportFormat {
    fn from(format: ScheduleFormat) -> ReportFormat {
        match format {
            ScheduleFormat::Markdown | ScheduleFormat::Html | ScheduleFormat::Csv => ReportFormat::Human,
        }
    }
}
