//! Rules over loaded content: what a customer would find first, found before.
//!
//! In go [`Content`] and the [`Facts`] around it, out comes a [`Report`]. Pure: no files, no clock; a rule
//! about time takes the as-of date, so `--as-of` asks "what breaks next month?".
//!
//! Each family of rules is a file. What a code means and which severity it has is stated in
//! [`diagnostic::code`](crate::diagnostic::code), for every stage.
//!
//! A rule about time is a warning by default: a page that is rebuilt every night must not stop on the day
//! on which a certificate runs out, it must show that it did. `--deny warnings` makes it an error in CI.
//!
//! Released content that does not change never gets a new error on a later date. A rule that is an error therefore compares
//! dates of the content with each other or with the releases ([`Facts::stated_starts`]); where it compares them with the
//! as-of date, time can only make the error go away.

mod anchors;
mod dates;
pub mod external;
mod hidden;
mod links;
mod lists;
mod prose;
mod site;
mod statements;
mod static_files;
mod subprocessors;
mod theme;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use static_files::{Withheld, withheld};

use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::history::stated::StatedStart;
use crate::load::Content;
use crate::markdown::{Locator, Rendered};
use crate::model::{Date, Id, Settings};
use crate::site::SiteFacts;

/// What the rules have to know beside the content.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The day that the check speaks for.
    pub as_of: Date,
    /// Files below `static/`, the built-in ones too, as paths with forward slashes.
    pub files: BTreeSet<String>,
    /// What decides which addresses the site will have once its content is released.
    pub site: SiteFacts,
    /// Subprocessors that some release lists.
    pub listed_before: BTreeSet<Id>,
    /// For subprocessors that have not started: the release that first stated their start.
    pub stated_starts: BTreeMap<Id, StatedStart>,
    /// The publisher's own templates; paths as in `templates/lists/controls.html`.
    pub templates: Vec<Arc<Source>>,
    /// Whether everything was read. Otherwise what seems to be missing may only have been misspelt, and rules
    /// about missing things stay silent.
    pub complete: bool,
}

impl Facts {
    /// Facts of a project that has nothing but content, which is going to be its first release.
    pub fn on(as_of: Date) -> Facts {
        Facts {
            as_of,
            files: BTreeSet::new(),
            site: SiteFacts::default().once_released(as_of),
            listed_before: BTreeSet::new(),
            stated_starts: BTreeMap::new(),
            templates: Vec::new(),
            complete: true,
        }
    }
}

/// What a family of rules looks at.
struct Subject<'a> {
    content: &'a Content,
    facts: &'a Facts,
    prose: Vec<Prose<'a>>,
}

/// One Markdown text of the content.
struct Prose<'a> {
    /// What it belongs to, as readers call it.
    title: &'a str,
    text: &'a str,
    rendered: Rendered,
    /// Where the text is in its file.
    whole: Option<Place>,
    locator: OnceCell<Option<Locator>>,
}

impl Prose<'_> {
    /// Finds places in the text. Most texts have no problem, so it is made when it is first needed.
    fn locator(&self) -> Option<&Locator> {
        self.locator.get_or_init(|| self.whole.as_ref().map(|whole| Locator::new(self.text, whole))).as_ref()
    }

    /// The place of a stretch of the text.
    fn place(&self, range: &std::ops::Range<usize>) -> Option<Place> {
        self.locator().map(|locator| locator.place(range))
    }
}

impl Subject<'_> {
    /// A finding at a value of the content.
    fn found(&self, code: Code, message: impl Into<String>, path: &str) -> Diagnostic {
        Diagnostic::new(code, message).at_known(self.content.places.get(path), "")
    }

    /// Two dates in the wrong order: at the first path is the date that the message is about, at the other one what it contradicts.
    fn dates_reversed(&self, message: String, path: &str, other: &str, label: &str) -> Diagnostic {
        self.found(Code::DatesReversed, message, path)
            .at_known(self.content.places.get(other), label)
            .help("correct one of the two dates")
    }

    /// A finding at a stretch of a Markdown text.
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

/// Applies every rule, at the level that the content's settings give it.
pub fn check(content: &Content, facts: &Facts) -> Report {
    let subject = Subject { content, facts, prose: prose::of(content) };
    let mut report = Report::new();
    prose::check(&subject, &mut report);
    hidden::check(&subject, &mut report);
    anchors::check(&subject, &mut report);
    links::check(&subject, &mut report);
    dates::check(&subject, &mut report);
    subprocessors::check(&subject, &mut report);
    lists::check(&subject, &mut report);
    statements::check(&subject, &mut report);
    site::check(&subject, &mut report);
    theme::check(&subject, &mut report);
    apply_levels(&mut report, &content.settings);
    report.sort();
    report
}

/// Gives diagnostics the level that `rules:` in site.yaml states. What stops a stage from doing its work (a file that cannot
/// be read, a release that was edited) keeps its severity.
pub fn apply_levels(report: &mut Report, settings: &Settings) {
    report.set_levels(|code| settings.rules.get(code.as_str()).copied());
}
