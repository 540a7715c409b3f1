//! One rule: its code, its weight and its explanation.

use crate::diagnostic::{Diagnostic, Severity};

/// What a code stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Stable kebab-case code.
    pub code: &'static str,
    /// Its weight, unless `rules:` in site.yaml gives it another.
    pub severity: Severity,
    /// Whether the weight is fixed, because the program cannot go on or the page would not be safe.
    pub fixed: bool,
    /// What is wrong, in one sentence.
    pub summary: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// How to mend it.
    pub mend: &'static str,
    /// What to write instead, as YAML or Markdown; may be empty.
    pub example: &'static str,
}

impl Rule {
    /// A rule that is an error, whatever the settings say.
    pub(super) const fn fixed(
        code: &'static str,
        summary: &'static str,
        why: &'static str,
        mend: &'static str,
    ) -> Rule {
        Rule { code, severity: Severity::Error, fixed: true, summary, why, mend, example: "" }
    }

    /// A rule that is an error by default.
    pub(super) const fn error(
        code: &'static str,
        summary: &'static str,
        why: &'static str,
        mend: &'static str,
    ) -> Rule {
        Rule { fixed: false, ..Rule::fixed(code, summary, why, mend) }
    }

    /// A rule that is a warning by default.
    pub(super) const fn warning(
        code: &'static str,
        summary: &'static str,
        why: &'static str,
        mend: &'static str,
    ) -> Rule {
        Rule { severity: Severity::Warning, fixed: false, ..Rule::fixed(code, summary, why, mend) }
    }

    /// Something to know, which stops nothing.
    pub(super) const fn note(code: &'static str, summary: &'static str, why: &'static str, mend: &'static str) -> Rule {
        Rule { severity: Severity::Note, ..Rule::fixed(code, summary, why, mend) }
    }

    /// The same rule with an example.
    pub(super) const fn example(self, example: &'static str) -> Rule {
        Rule { example, ..self }
    }

    /// A finding of this rule.
    pub(super) fn found(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.severity, self.code, message)
    }

    /// The explanation, as `candor explain` prints it.
    pub fn explain(&self) -> String {
        let mut text = format!(
            "{code}: {summary}\n\nLevel: {level}\n\nWhy: {why}\n\nMend: {mend}\n",
            code = self.code,
            summary = self.summary,
            level = self.level_in_words(),
            why = self.why,
            mend = self.mend,
        );
        if !self.example.is_empty() {
            text.push('\n');
            for line in self.example.lines() {
                text.push_str(if line.is_empty() { "" } else { "    " });
                text.push_str(line);
                text.push('\n');
            }
        }
        text
    }

    /// The level and whether it can be changed.
    pub fn level_in_words(&self) -> &'static str {
        match (self.severity, self.fixed) {
            (Severity::Note, _) => "a note",
            (Severity::Error, true) => "error, always",
            (Severity::Warning, true) => "warning, always",
            (Severity::Error, false) => "error by default",
            (Severity::Warning, false) => "warning by default",
        }
    }
}
