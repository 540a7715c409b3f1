//! The output formats of the commands. Each command has an enum with exactly the formats that it supports, and matches it
//! exhaustively, so a format that is not implemented does not compile.

use std::path::Path;

use clap::ValueEnum;

/// How `check` and `build` print diagnostics.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people in a terminal
    #[default]
    Human,
    /// For programs; its schema is `candor schema report`
    Json,
    /// GitHub workflow annotations
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// How `verify` and `publish` print their results.
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

/// How `release`, `import` and `explain` print their results.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ResultFormat {
    /// For people in a terminal
    #[default]
    Human,
    /// For programs; `candor schema` lists the schemas
    Json,
}

/// How `diff` prints changes.
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

/// The formats of `schedule`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScheduleFormat {
    /// Markdown
    Markdown,
    /// A self-contained HTML page
    Html,
    /// CSV, for spreadsheets
    Csv,
    /// An Excel workbook
    Xlsx,
    /// A Word document
    Docx,
    /// For programs; its schema is `candor schema schedule`
    Json,
    /// CSV with the columns of the DORA register of information, B_05.01 and B_05.02
    DoraCsv,
}

impl ScheduleFormat {
    /// Returns the format of a file by the ending of its name.
    pub fn of_file(path: &Path) -> Option<ScheduleFormat> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "md" | "markdown" => Some(ScheduleFormat::Markdown),
            "html" | "htm" => Some(ScheduleFormat::Html),
            "csv" => Some(ScheduleFormat::Csv),
            "xlsx" => Some(ScheduleFormat::Xlsx),
            "docx" => Some(ScheduleFormat::Docx),
            "json" => Some(ScheduleFormat::Json),
            _ => None,
        }
    }

    /// Whether it is not text.
    pub fn is_binary(self) -> bool {
        matches!(self, ScheduleFormat::Xlsx | ScheduleFormat::Docx)
    }
}

/// The formats of `questionnaire`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum QuestionnaireFormat {
    /// CSV, for spreadsheets
    Csv,
    /// An Excel workbook
    Xlsx,
    /// For programs; its schema is `candor schema answers`
    Json,
}

impl QuestionnaireFormat {
    /// Returns the format of a file by the ending of its name.
    pub fn of_file(path: &Path) -> Option<QuestionnaireFormat> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "csv" => Some(QuestionnaireFormat::Csv),
            "xlsx" => Some(QuestionnaireFormat::Xlsx),
            "json" => Some(QuestionnaireFormat::Json),
            _ => None,
        }
    }
}

/// The formats of files for translators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TranslatorFormat {
    /// YAML, with the sources as comments
    Yaml,
    /// XLIFF 2.1, for translation programs
    Xliff,
    /// CSV, for spreadsheets
    Csv,
}

/// The formats of `notice`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum NoticeFormat {
    /// Plain text
    #[default]
    Text,
    /// HTML, for mail programs
    Html,
    /// An email with both, to open in a mail program and send
    #[cfg(feature = "mail")]
    Eml,
    /// Markdown
    Markdown,
    /// For programs; its schema is `candor schema notice`
    Json,
    /// A calendar with the deadlines and dates
    Ics,
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

impl From<NoticeFormat> for ReportFormat {
    fn from(format: NoticeFormat) -> ReportFormat {
        match format {
            NoticeFormat::Json => ReportFormat::Json,
            _ => ReportFormat::Human,
        }
    }
}

impl From<QuestionnaireFormat> for ReportFormat {
    fn from(format: QuestionnaireFormat) -> ReportFormat {
        match format {
            QuestionnaireFormat::Json => ReportFormat::Json,
            QuestionnaireFormat::Csv | QuestionnaireFormat::Xlsx => ReportFormat::Human,
        }
    }
}

impl From<ScheduleFormat> for ReportFormat {
    fn from(format: ScheduleFormat) -> ReportFormat {
        match format {
            ScheduleFormat::Json => ReportFormat::Json,
            _ => ReportFormat::Human,
        }
    }
}
