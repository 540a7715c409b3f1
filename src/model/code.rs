//! Code of a project: everything that affects the appearance and behavior of the site, other than its statements.

use schemars::JsonSchema;
use serde::Serialize;

use super::Digest;

/// The kind of a piece of code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CodeKind {
    /// A template, which may print any HTML.
    Template,
    /// Strings that replace strings of the built-in theme.
    Strings,
    /// A script that pages load.
    Script,
    /// A style sheet, which can hide or rewrite what a page states.
    StyleSheet,
    /// A file in `static/root/`.
    ServedAsIs,
    /// A page or program elsewhere in `static/`, which `check` and `build` reject.
    Page,
    /// A host configuration file elsewhere in `static/`, which `check` and `build` reject.
    HostFile,
    /// An SVG image in `static/` or among the files of releases that links to other hosts, or loads files from them.
    LinkingImage,
    /// A theme or media type setting in `content/site.yaml`.
    Setting,
}

impl CodeKind {
    /// The kind for display.
    pub fn as_str(self) -> &'static str {
        match self {
            CodeKind::Template => "template",
            CodeKind::Strings => "strings",
            CodeKind::Script => "script",
            CodeKind::StyleSheet => "style sheet",
            CodeKind::ServedAsIs => "served as is",
            CodeKind::Page => "page or program",
            CodeKind::HostFile => "host file",
            CodeKind::LinkingImage => "image that refers to other hosts",
            CodeKind::Setting => "setting",
        }
    }
}

/// How a piece of code differs from the base project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CodeChange {
    /// The code was added.
    Added,
    /// The code was changed.
    Changed,
    /// The code was removed.
    Removed,
}

impl CodeChange {
    /// The change for display.
    pub fn as_str(self) -> &'static str {
        match self {
            CodeChange::Added => "added",
            CodeChange::Changed => "changed",
            CodeChange::Removed => "removed",
        }
    }
}

/// One piece of code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CodeFile {
    /// Path relative to the root of the project; for a setting, `content/site.yaml:KEY`.
    pub path: String,
    /// The kind of code.
    pub kind: CodeKind,
    /// SHA-256 of the bytes. Templates and strings are hashed with LF line endings and without a byte order mark.
    pub sha256: Digest,
    /// How the code differs from the base; left out without a base.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<CodeChange>,
}

/// The code of a project, or its differences from the code of another project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CodeReview {
    /// The project that the code is compared with: the argument of `--base`. Left out without `--base`, because releases do
    /// not record code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// The code that differs from the base; without a base, all code.
    pub files: Vec<CodeFile>,
}

impl CodeReview {
    /// Lists all code of a project, without a comparison.
    pub fn of(files: Vec<CodeFile>) -> CodeReview {
        CodeReview { base: None, files }
    }

    /// Compares the code of two projects; the differences are sorted by path.
    pub fn between(base: &str, before: &[CodeFile], after: &[CodeFile]) -> CodeReview {
        let find = |files: &'_ [CodeFile], path: &str| files.iter().find(|file| file.path == path).cloned();
        let mut files: Vec<CodeFile> = after
            .iter()
            .filter_map(|file| {
                let change = match find(before, &file.path) {
                    None => CodeChange::Added,
                    Some(other) if other.sha256 != file.sha256 => CodeChange::Changed,
                    Some(_) => return None,
                };
                Some(CodeFile { change: Some(change), ..file.clone() })
            })
            .collect();
        let removed = before.iter().filter(|file| find(after, &file.path).is_none());
        files.extend(removed.map(|file| CodeFile { change: Some(CodeChange::Removed), ..file.clone() }));
        files.sort_by(|one, other| one.path.cmp(&other.path));
        CodeReview { base: Some(base.to_owned()), files }
    }

    /// Whether a comparison found differences.
    pub fn has_changes(&self) -> bool {
        self.base.is_some() && !self.files.is_empty()
    }
}
