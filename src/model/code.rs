//! Code of a project: what decides how the site looks and behaves, besides what it states.

use schemars::JsonSchema;
use serde::Serialize;

use super::Digest;

/// What a piece of code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CodeKind {
    /// A template, which may print any HTML.
    Template,
    /// Strings that replace those of the built-in theme.
    Strings,
    /// A script that pages load.
    Script,
    /// A style sheet, which can hide or rewrite what a page states.
    StyleSheet,
    /// A file of `static/root/`.
    ServedAsIs,
    /// A page or a program elsewhere in `static/`, which `check` and `build` refuse.
    Page,
    /// A file that sets up a host elsewhere in `static/`, which `check` and `build` refuse.
    HostFile,
    /// A setting of `content/site.yaml` about looks or media types.
    Setting,
}

impl CodeKind {
    /// The kind as people read it.
    pub fn as_str(self) -> &'static str {
        match self {
            CodeKind::Template => "template",
            CodeKind::Strings => "strings",
            CodeKind::Script => "script",
            CodeKind::StyleSheet => "style sheet",
            CodeKind::ServedAsIs => "served as is",
            CodeKind::Page => "page or program",
            CodeKind::HostFile => "host file",
            CodeKind::Setting => "setting",
        }
    }
}

/// How a piece of code differs from the project that it is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CodeChange {
    /// It is new.
    Added,
    /// It has other bytes.
    Changed,
    /// It is gone.
    Removed,
}

impl CodeChange {
    /// The change as people read it.
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
    /// Its path below the root; for a setting, `content/site.yaml` and the key after a colon.
    pub path: String,
    /// What it is.
    pub kind: CodeKind,
    /// SHA-256 of its bytes; of templates and strings, with line feeds as line ends and without a byte order mark.
    pub sha256: Digest,
    /// How it differs; left out where nothing is compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<CodeChange>,
}

/// The code of a project, or how it differs from that of another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CodeReview {
    /// The project that it is compared with, as `--base` names it. Left out where it is compared with nothing: releases do
    /// not record code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// What differs from the base; without one, all code.
    pub files: Vec<CodeFile>,
}

impl CodeReview {
    /// All code of a project, compared with nothing.
    pub fn of(files: Vec<CodeFile>) -> CodeReview {
        CodeReview { base: None, files }
    }

    /// What differs between the code of two projects, in the order of the paths.
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
        let gone = before.iter().filter(|file| find(after, &file.path).is_none());
        files.extend(gone.map(|file| CodeFile { change: Some(CodeChange::Removed), ..file.clone() }));
        files.sort_by(|one, other| one.path.cmp(&other.path));
        CodeReview { base: Some(base.to_owned()), files }
    }

    /// Whether code is known to differ.
    pub fn has_changes(&self) -> bool {
        self.base.is_some() && !self.files.is_empty()
    }
}
