//! `content/i18n/LANGUAGE.lock`: the source that each translated text was accepted for.
//!
//! A line has the SHA-256 of the source, a check of the line, and the key of the text. The lines are sorted by key, so that two
//! branches that accept different texts can be merged. The check does not prevent anything: it reports a line that was edited by
//! hand, which would state that a translation is current without a comparison with its source.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Place, Remedy, Report, Source};
use crate::model::{Digest, Language};

/// The first lines of the file.
const HEAD: &str = "\
# The texts whose translations were accepted, each with the SHA-256 of its source. candor writes this file; do not edit it.
";

/// The number of characters of the check of a line.
const CHECK: usize = 10;

/// The maximum number of lines that are reported individually.
const MAX_REPORTED: usize = 20;

/// The accepted texts of a language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TranslationLock {
    sources: BTreeMap<String, Digest>,
}

impl TranslationLock {
    /// Reads the file, and reports lines that candor did not write. These are left out.
    pub(super) fn parse(source: &Arc<Source>, language: &Language, report: &mut Report) -> TranslationLock {
        let mut lock = TranslationLock::default();
        let (mut start, mut wrong) = (0, 0);
        for line in source.text.split_inclusive('\n') {
            let place = Place::new(source, start..start + line.trim_end().len());
            start += line.len();
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let problem = match entry(line, language) {
                None => Some("is not a line that candor wrote"),
                Some((key, digest)) => {
                    let other = lock.sources.insert(key.to_owned(), digest).filter(|other| *other != digest);
                    other.map(|_| "states another source for a text than a line above")
                }
            };
            let Some(problem) = problem else { continue };
            wrong += 1;
            if wrong <= MAX_REPORTED {
                let message = format!("this line of `{}` {problem}", source.path);
                let found = Diagnostic::new(Code::TranslationLock, message).at(place, "");
                report.push(found.fix(Remedy::RestoreTranslationLock(language)));
            }
        }
        lock
    }

    /// Formats the file.
    pub fn to_text(&self, language: &Language) -> String {
        let lines =
            self.sources.iter().map(|(key, source)| format!("{source} {} {key}\n", check(language, *source, key)));
        std::iter::once(HEAD.to_owned()).chain(lines).collect()
    }

    /// Returns the digest of the source for which a text was accepted.
    pub fn get(&self, key: &str) -> Option<Digest> {
        self.sources.get(key).copied()
    }

    /// Whether a text was accepted that has this key, or is below it.
    pub fn contains(&self, key: &str) -> bool {
        let is_below =
            |own: &str| own.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
        self.sources.range(key.to_owned()..).take_while(|(own, _)| own.starts_with(key)).any(|(own, _)| is_below(own))
    }

    /// States that a text was accepted for a source.
    pub fn insert(&mut self, key: &str, source: Digest) {
        self.sources.insert(key.to_owned(), source);
    }

    /// Removes all texts but those that are kept, by their keys.
    pub fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.sources.retain(|key, _| keep(key));
    }
}

/// Parses a line, whose check must be right.
fn entry<'l>(line: &'l str, language: &Language) -> Option<(&'l str, Digest)> {
    let (digest, rest) = line.split_once(' ')?;
    let (stated, key) = rest.split_once(' ')?;
    let digest: Digest = digest.parse().ok()?;
    (stated == check(language, digest, key)).then_some((key, digest))
}

fn check(language: &Language, source: Digest, key: &str) -> String {
    let mut check = Digest::of(format!("{language} {source} {key}").as_bytes()).to_string();
    check.truncate(CHECK);
    check
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language() -> Language {
        "de".parse().expect("a language")
    }

    fn parse(text: &str) -> (TranslationLock, Report) {
        let mut report = Report::new();
        let lock = TranslationLock::parse(&Source::new("content/i18n/de.lock", text), &language(), &mut report);
        (lock, report)
    }

    #[test]
    fn what_is_written_is_read() {
        let mut lock = TranslationLock::default();
        lock.insert("subprocessors[a].services[Web Hosting].purpose", Digest::of(b"a"));
        lock.insert("faq[b].answer", Digest::of(b"b"));
        let text = lock.to_text(&language());
        let (read, report) = parse(&text);
        assert_eq!((read, report.is_empty()), (lock.clone(), true));
        let keys: Vec<_> = text.lines().skip(1).filter_map(|line| line.splitn(3, ' ').nth(2)).collect();
        assert_eq!(keys, ["faq[b].answer", "subprocessors[a].services[Web Hosting].purpose"]);
        // Another language has other checks.
        let other = lock.to_text(&"fr".parse().expect("a language"));
        assert_eq!(parse(&other).1.count(crate::diagnostic::Severity::Error), 2);
    }

    #[test]
    fn lines_in_any_order_and_repeated_lines_are_those_of_a_merge() {
        let mut lock = TranslationLock::default();
        lock.insert("faq[b].answer", Digest::of(b"b"));
        lock.insert("faq[a].answer", Digest::of(b"a"));
        let text = lock.to_text(&language());
        let mut lines: Vec<&str> = text.lines().collect();
        lines.reverse();
        lines.push(lines[0]);
        assert_eq!(parse(&lines.join("\n")), (lock, Report::new()));
    }

    #[test]
    fn reports_lines_that_were_edited() {
        let mut lock = TranslationLock::default();
        lock.insert("faq[b].answer", Digest::of(b"b"));
        let text = lock.to_text(&language());
        let edited = text.replace(&Digest::of(b"b").to_string(), &Digest::of(b"c").to_string());
        for wrong in [edited.as_str(), "faq[b].answer\n", &text.replace("answer", "question")] {
            let (read, report) = parse(wrong);
            assert_eq!(read, TranslationLock::default(), "{wrong}");
            assert_eq!(report.diagnostics()[0].code(), Code::TranslationLock, "{wrong}");
        }
        let mut other = TranslationLock::default();
        other.insert("faq[b].answer", Digest::of(b"c"));
        assert!(parse(&format!("{text}{}", other.to_text(&language()))).1.has_errors());
        assert_eq!(parse(&"x\n".repeat(1000)).1.diagnostics().len(), MAX_REPORTED);
    }

    #[test]
    fn finds_the_texts_below_a_key() {
        let mut lock = TranslationLock::default();
        lock.insert("subprocessors[a].condition.label", Digest::of(b"a"));
        for (key, expected) in [
            ("subprocessors[a]", true),
            ("subprocessors[a].condition", true),
            ("subprocessors[a].condition.label", true),
            ("subprocessors[a].cond", false),
            ("subprocessors[b]", false),
        ] {
            assert_eq!(lock.contains(key), expected, "{key}");
        }
    }
}
