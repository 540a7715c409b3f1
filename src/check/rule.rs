//! One rule: its code, its weight and its explanation.

use crate::diagnostic::{Diagnostic, Severity};
use crate::model::RuleLevel;

/// What a code stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Stable kebab-case code.
    pub code: &'static str,
    /// Level unless `rules:` in site.yaml gives another.
    pub level: RuleLevel,
    /// Whether the level is fixed, because the program cannot go on or the page would not be safe.
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
        Rule { code, level: RuleLevel::Error, fixed: true, summary, why, mend, example: "" }
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
        Rule { level: RuleLevel::Warn, fixed: false, ..Rule::fixed(code, summary, why, mend) }
    }

    /// The same rule with an example.
    pub(super) const fn example(self, example: &'static str) -> Rule {
        Rule { example, ..self }
    }

    /// A finding of this rule.
    pub(super) fn found(&self, message: impl Into<String>) -> Diagnostic {
        let severity = if self.level == RuleLevel::Error { Severity::Error } else { Severity::Warning };
        Diagnostic::new(severity, self.code, message)
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
    pub(super) fn level_in_words(&self) -> &'static str {
        match (self.level, self.fixed) {
            (_, true) => "error, always",
            (RuleLevel::Error, false) => "error by default",
            (RuleLevel::Warn, false) => "warning by default",
            (RuleLevel::Off, false) => "off by default",
        }
    }
}
