//! The diagnostic codes and their properties.
//!
//! The data is in `table`. Everything else about a code is derived from it: the severity of a
//! [`Diagnostic`](super::Diagnostic), the commands that refuse to run because of it, whether `rules:` in site.yaml can change
//! its level, `candor explain`, docs/rules.md and the JSON Schema of site.yaml. To add a code, add an entry to the table.

use std::fmt;
use std::str::FromStr;

use super::{Severity, nearest};

mod explain;
mod table;

pub use explain::rules_page;
pub use table::{Code, CodeGroup};

/// A command that can refuse to run because of a diagnostic that is not an error. Errors stop every command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusedCommand {
    /// `candor build`.
    Build,
    /// `candor publish`, to any destination.
    Publish,
    /// `candor publish` to object storage, where readers see the site, unless placeholders are allowed. It also refuses what
    /// [`Publish`](Self::Publish) refuses.
    Upload,
    /// `candor release`.
    Release,
}

impl RefusedCommand {
    /// Returns the name of the subcommand.
    pub fn as_str(self) -> &'static str {
        match self {
            RefusedCommand::Build => "build",
            RefusedCommand::Publish | RefusedCommand::Upload => "publish",
            RefusedCommand::Release => "release",
        }
    }
}

/// One entry of the table.
#[derive(Debug)]
struct CodeEntry {
    name: &'static str,
    group: CodeGroup,
    severity: Severity,
    adjustable: bool,
    refuses: &'static [RefusedCommand],
    summary: &'static str,
    why: &'static str,
    fix: &'static str,
    example: &'static str,
}

/// Expands the table into the enum [`Code`], the enum [`CodeGroup`] and one [`CodeEntry`] for each code, in the same order.
macro_rules! codes {
    ($(
        $group:ident $title:literal: $about:literal {
            $(
                $code:ident = $name:literal, $severity:ident, $level:ident $(refuses [$($command:ident),+])? {
                    summary: $summary:literal,
                    why: $why:expr,
                    fix: $fix:expr,
                    $(example: $example:literal,)?
                }
            )+
        }
    )+) => {
        /// A diagnostic code: the kind of problem that a diagnostic reports.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[doc = $summary] $code,)+)+
        }

        impl Code {
            /// All codes, by group.
            pub const ALL: &[Code] = &[$($(Code::$code,)+)+];

            pub(super) fn entry(self) -> &'static CodeEntry {
                &ENTRIES[self as usize]
            }
        }

        static ENTRIES: [CodeEntry; Code::ALL.len()] = [$($(CodeEntry {
            name: $name,
            group: CodeGroup::$group,
            severity: Severity::$severity,
            adjustable: codes!(@adjustable $level),
            refuses: &[$($(RefusedCommand::$command),+)?],
            summary: $summary,
            why: $why,
            fix: $fix,
            example: concat!($($example)?),
        },)+)+];

        /// Codes that belong together.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum CodeGroup {
            $(#[doc = $about] $group,)+
        }

        impl CodeGroup {
            /// All groups, in the order of the documentation.
            pub const ALL: &[CodeGroup] = &[$(CodeGroup::$group),+];

            /// Returns the heading of the group.
            pub fn title(self) -> &'static str {
                match self {
                    $(CodeGroup::$group => $title,)+
                }
            }

            /// Returns the topic of the codes, in one sentence.
            pub fn about(self) -> &'static str {
                match self {
                    $(CodeGroup::$group => $about,)+
                }
            }
        }
    };
    (@adjustable adjustable) => { true };
    (@adjustable fixed) => { false };
}
use codes;

impl Code {
    /// Returns the name in kebab-case, as messages show it and `candor explain` takes it.
    pub fn as_str(self) -> &'static str {
        self.entry().name
    }

    /// Returns the group that the code belongs to.
    pub fn group(self) -> CodeGroup {
        self.entry().group
    }

    /// Returns the default severity of its diagnostics, which `rules:` in site.yaml may change.
    pub fn severity(self) -> Severity {
        self.entry().severity
    }

    /// Returns whether `rules:` in site.yaml can change the severity. It cannot if candor is unable to continue, or if the
    /// page would not be safe.
    pub fn is_adjustable(self) -> bool {
        self.entry().adjustable
    }

    /// Returns whether its diagnostics can be acknowledged while they are warnings. They cannot if the level is fixed, or if a
    /// command refuses to run at any level.
    pub fn can_be_acknowledged(self) -> bool {
        self.is_adjustable() && self.refuses().is_empty()
    }

    /// Returns the commands that refuse to run because of it, regardless of its severity.
    pub fn refuses(self) -> &'static [RefusedCommand] {
        self.entry().refuses
    }

    /// Returns what is wrong, in one sentence.
    pub fn summary(self) -> &'static str {
        self.entry().summary
    }

    /// Returns why it matters.
    pub fn why(self) -> &'static str {
        self.entry().why
    }

    /// Returns how to fix it.
    pub fn fix(self) -> &'static str {
        self.entry().fix
    }

    /// Returns correct YAML or Markdown, or the commands to run; may be empty.
    pub fn example(self) -> &'static str {
        self.entry().example
    }
}

impl CodeGroup {
    /// Returns the codes of the group.
    pub fn codes(self) -> impl Iterator<Item = Code> {
        Code::ALL.iter().copied().filter(move |code| code.group() == self)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The error for a name that is not a diagnostic code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no code `{}`", name.escape_debug())]
pub struct UnknownCode {
    /// The name as it was written.
    pub name: String,
    /// The code with the most similar name, if any is similar.
    pub nearest: Option<Code>,
}

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(name: &str) -> Result<Code, UnknownCode> {
        let named = |name: &str| Code::ALL.iter().copied().find(|code| code.as_str() == name);
        named(name).ok_or_else(|| UnknownCode {
            name: name.to_owned(),
            nearest: nearest(name, Code::ALL.iter().map(|code| code.as_str())).and_then(named),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_variants_in_kebab_case() {
        for code in Code::ALL {
            let mut kebab = String::new();
            for letter in format!("{code:?}").chars() {
                if letter.is_ascii_uppercase() && !kebab.is_empty() {
                    kebab.push('-');
                }
                kebab.push(letter.to_ascii_lowercase());
            }
            assert_eq!(code.as_str(), kebab);
            assert_eq!(kebab.parse(), Ok(*code));
        }
    }

    #[test]
    fn suggests_the_nearest_code_for_an_unknown_name() {
        let unknown = |name: &str| name.parse::<Code>().expect_err("no such code");
        assert_eq!(unknown("image-alt-mising").nearest, Some(Code::ImageAltMissing));
        assert_eq!(unknown("x\u{1b}").to_string(), "there is no code `x\\u{1b}`");
        assert_eq!(unknown("").nearest, None);
    }

    #[test]
    fn explanations_are_sentences_on_one_line() {
        for code in Code::ALL {
            for text in [code.summary(), code.why(), code.fix()] {
                assert!(text.ends_with('.') && !text.contains("  ") && !text.contains('\n'), "{code}: {text:?}");
            }
        }
    }

    /// Errors stop every command and need no list. Setting a level to `off` must not hide why a command refuses, so such codes
    /// are fixed. There are two exceptions: the commands that refuse add `unreleased-changes` after the levels are applied, and
    /// a publisher who sets `placeholder` to `off` has decided that there is none.
    #[test]
    fn only_fixed_codes_that_are_not_errors_list_refusing_commands() {
        for code in Code::ALL.iter().filter(|code| !code.refuses().is_empty()) {
            assert!(code.severity() < Severity::Error, "{code}");
            let is_exception = *code == Code::UnreleasedChanges || code.group() == CodeGroup::Placeholders;
            assert!(!code.is_adjustable() || is_exception, "{code}");
        }
    }
}
