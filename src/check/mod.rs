//! Rules for loaded content, which find problems before customers do.
//!
//! The input is [`Content`] and [`Facts`] about the project, the output is a [`Report`]. The rules read no files and no clock.
//! Rules about time use the as-of date, so `--as-of` shows what will be a problem next month.
//!
//! Each group of rules is a file. The meaning and severity of a code are defined in
//! [`diagnostic::code`](crate::diagnostic::code), for all stages.
//!
//! Rules about time are warnings by default: a nightly build must not fail when a certificate expires, but publish that it has
//! expired. `--deny warnings` makes them fail in CI.
//!
//! Released content that does not change never gets a new error on a later date. Rules that are errors therefore compare dates of
//! the content with each other or with the releases ([`Facts::announced`]). If such a rule uses the as-of date, the error can
//! only disappear over time.

mod acknowledged;
mod ai;
pub mod anchors;
mod conditions;
mod dates;
mod editions;
pub mod external;
mod facts;
mod hidden;
mod links;
mod lists;
mod markup;
mod pages;
mod placeholders;
mod prose;
mod providers;
mod questionnaires;
mod site;
mod statements;
mod static_files;
mod subprocessors;
mod theme;
mod translations;
mod upcoming;
mod updates;
mod values;

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::Arc;

pub use acknowledged::acknowledge;
pub use editions::check_editions;
pub use links::{LinkedAnchor, linked_anchors};
pub use static_files::{LeftOut, left_out, names_file};

use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::history::{Announcements, Changes};
use crate::load::Content;
use crate::markdown::{Locator, Rendered};
use crate::model::{Date, Id, Settings};
use crate::site::SiteFacts;

/// What the rules need to know in addition to the content.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The date as of which the content is checked.
    pub as_of: Date,
    /// Files below `static/`, including built-in ones, as paths with forward slashes.
    pub files: BTreeSet<String>,
    /// Facts that determine which addresses the site has once the content is released.
    pub site: SiteFacts,
    /// Subprocessors that are in any release.
    pub listed_before: BTreeSet<Id>,
    /// The names under which releases list subprocessors.
    pub named_before: BTreeSet<String>,
    /// What the releases announced about dated changes.
    pub announced: Announcements,
    /// The unreleased changes; empty before the first release.
    pub unreleased: Changes,
    /// The dates of all releases.
    pub releases: BTreeSet<Date>,
    /// The custom templates, with paths such as `templates/lists/controls.html`.
    pub templates: Vec<Arc<Source>>,
    /// The files of `static/` that replace built-in ones.
    pub theme_copies: Vec<Arc<Source>>,
    /// The HTML files of `static/root/`, which are published as they are.
    pub root_pages: Vec<Arc<Source>>,
    /// The summary of a release that is about to be made.
    pub summary: Option<Arc<Source>>,
    /// Whether all files could be read. If not, rules about missing items are skipped, because these may be in the files that
    /// could not be read.
    pub complete: bool,
}

impl Facts {
    /// Returns the facts of a project that consists only of content and has no release yet.
    pub fn on(as_of: Date) -> Facts {
        Facts {
            as_of,
            files: BTreeSet::new(),
            site: SiteFacts::default().once_released(as_of),
            listed_before: BTreeSet::new(),
            named_before: BTreeSet::new(),
            announced: Announcements::default(),
            unreleased: Changes::default(),
            releases: BTreeSet::new(),
            templates: Vec::new(),
            theme_copies: Vec::new(),
            root_pages: Vec::new(),
            summary: None,
            complete: true,
        }
    }
}

/// The input of a group of rules.
struct Subject<'a> {
    content: &'a Content,
    facts: &'a Facts,
    prose: Vec<Prose<'a>>,
}

/// A Markdown field of the content.
struct Prose<'a> {
    /// Its path in the content; empty for the summary of a release.
    path: String,
    /// The label of the item that it belongs to.
    title: &'a str,
    text: &'a str,
    rendered: Rendered,
    /// Whether it is the text of an upcoming change, which the page does not show yet.
    is_upcoming: bool,
    /// The place of the text in its file.
    whole: Option<Place>,
    locator: OnceCell<Option<Locator>>,
}

impl Prose<'_> {
    /// Returns the locator for places in the text, which is created on first use because most Markdown has no problems.
    fn locator(&self) -> Option<&Locator> {
        self.locator.get_or_init(|| self.whole.as_ref().map(|whole| Locator::new(self.text, whole))).as_ref()
    }

    /// Returns the place of a range of the text.
    fn place(&self, range: &std::ops::Range<usize>) -> Option<Place> {
        self.locator().map(|locator| locator.place(range))
    }
}

impl Subject<'_> {
    /// Creates a diagnostic at a value of the content.
    fn found(&self, code: Code, message: impl Into<String>, path: &str) -> Diagnostic {
        Diagnostic::new(code, message).at_known(self.content.places.get(path), "")
    }

    /// Creates a diagnostic for two dates in the wrong order. `path` is the date that the message is about, and `other` the date
    /// that it contradicts.
    fn dates_reversed(&self, message: String, path: &str, other: &str, label: &str) -> Diagnostic {
        self.found(Code::DatesReversed, message, path)
            .at_known(self.content.places.get(other), label)
            .help("correct one of the two dates")
    }

    /// Creates a diagnostic at a range of a Markdown text.
    fn found_in(
        &self,
        code: Code,
        message: impl Into<String>,
        prose: &Prose<'_>,
        range: &std::ops::Range<usize>,
    ) -> Diagnostic {
        Diagnostic::new(code, message).at_known(prose.place(range), "")
    }
}

/// Applies all rules, at the levels that the settings define.
pub fn check(content: &Content, facts: &Facts) -> Report {
    let subject = Subject { content, facts, prose: prose::of(content) };
    let mut report = Report::new();
    prose::check(&subject, &mut report);
    hidden::check(&subject, &mut report);
    anchors::check(&subject, &mut report);
    links::check(&subject, &mut report);
    dates::check(&subject, &mut report);
    conditions::check(&subject, &mut report);
    subprocessors::check(&subject, &mut report);
    ai::check(&subject, &mut report);
    facts::check(&subject, &mut report);
    upcoming::check(&subject, &mut report);
    lists::check(&subject, &mut report);
    pages::check(&subject, &mut report);
    questionnaires::check(&subject, &mut report);
    updates::check(&subject, &mut report);
    statements::check(&subject, &mut report);
    placeholders::check(&subject, &mut report);
    providers::check(&subject, &mut report);
    site::check(&subject, &mut report);
    acknowledged::check(&subject, &mut report);
    theme::check(&subject, &mut report);
    translations::check(&subject, &mut report);
    markup::check(&subject, &mut report);
    if let Some(summary) = &facts.summary {
        prose::control_character(summary, &mut report);
        let summary = prose::of_summary(summary);
        prose::report(&summary, &mut report);
        placeholders::check_text(&subject, &summary, &mut report);
        links::check_summary(&subject, &summary, &mut report);
    }
    apply_levels(&mut report, &content.settings);
    report.sort();
    report
}

/// Sets diagnostics to the levels of `rules:` in site.yaml. Diagnostics that stop a stage (such as an unreadable file or an
/// edited release) keep their severity.
pub fn apply_levels(report: &mut Report, settings: &Settings) {
    report.set_levels(|code| settings.rules.get(code.as_str()).copied());
}
