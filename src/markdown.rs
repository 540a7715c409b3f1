//! Markdown -> safe HTML, with findings.
//!
//! In goes text that somebody typed, out comes HTML that may stand in a page with a strict
//! Content-Security-Policy, and a list of what was refused and where. Pure: no files, no clock.
//!
//! Safety comes from the way the HTML is made and not from cleaning it afterwards: `writer` writes a fixed
//! set of elements and attributes, every text goes through [`text::html`], and every address goes
//! through `href`. Raw HTML has no way through: it is an error, and what is shown is its text.
//!
//! The dialect is CommonMark with tables, strikethrough, footnotes, task lists and heading attributes (`{#id .class}`).

mod footnotes;
mod hidden;
mod href;
mod inline;
mod insert;
mod locate;
mod outline;
mod writer;

use std::ops::Range;

use pulldown_cmark::{BrokenLink, CowStr, Event, Parser};

use crate::diagnostic::{Code, Report};
use crate::text;

pub use href::Target;
pub use insert::insert;
pub use locate::Locator;

/// Gives the published path of a file, if it differs from its path in `static/`.
pub type Published<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// Where a text will stand. One value serves all texts that stand in the same place.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Name of the text for assistive technology, such as the section's title: tables and footnotes are regions
    /// whose names begin with it. Names of regions should differ within a page.
    pub title: &'a str,
    /// Level of the text's highest headings, 1 to 6: 3 where the text stands below an h2.
    /// It makes no difference whether a text starts at `#` or at `##`; levels below follow, down to h6.
    pub heading_base: u8,
    /// Put before every id, so that texts which share a page do not collide: `baseline--` makes
    /// `#baseline--passwords`. Ends in two hyphens, which no [`Id`](crate::model::Id) and no anchor holds.
    pub id_prefix: &'a str,
    /// The way from the page to the site's root: empty, `../`, or a path such as `/trust/`.
    ///
    /// Relative and root-relative links both start at the site's root, because one text is shown at several
    /// depths (`index.html`, `releases/2026-05-22/index.html`). With a path here, a text that was rendered
    /// once can be shown at any depth.
    pub root: &'a str,
    /// The published path of a file in `static/`, where it differs (`documents/a.pdf` ->
    /// `assets/documents/a.0123456789.pdf`); both relative to their roots.
    pub published: Option<&'a Published<'a>>,
    /// Words of the interface.
    pub labels: Labels<'a>,
}

impl<'a> Options<'a> {
    /// A text of this name below an h2, on a page at the site's root that it has to itself.
    pub fn new(title: &'a str) -> Options<'a> {
        Options { title, heading_base: 3, id_prefix: "", root: "", published: None, labels: Labels::default() }
    }
}

/// Words that the renderer adds, for assistive technology. `{title}` stands for [`Options::title`], `{n}` for a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Labels<'a> {
    /// Name of a table's region.
    pub table: &'a str,
    /// Name of the footnotes' region.
    pub footnotes: &'a str,
    /// Name of the link to a footnote.
    pub footnote: &'a str,
    /// Name of the link back from a footnote.
    pub footnote_back: &'a str,
    /// Said before an item of a task list that is done.
    pub task_done: &'a str,
    /// Said before an item of a task list that is not done.
    pub task_open: &'a str,
}

impl Default for Labels<'_> {
    fn default() -> Self {
        Labels {
            table: "{title}: table {n}",
            footnotes: "{title}: footnotes",
            footnote: "Footnote {n}",
            footnote_back: "Back to reference {n}",
            task_done: "Done:",
            task_open: "Not done:",
        }
    }
}

/// What became of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// Well-formed HTML without `style`, scripts, event handlers or addresses outside the allow-list.
    pub html: String,
    /// The words alone, a line per block; for feeds and searches.
    pub text: String,
    /// Headings in the order of the text.
    pub headings: Vec<Heading>,
    /// Links and images that were let through.
    pub links: Vec<Link>,
    /// What is wrong with it, in the order of the text.
    pub findings: Vec<Finding>,
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Level in the page, 1 to 6.
    pub level: u8,
    /// Its anchor in the page, with the prefix.
    pub id: String,
    /// Its words.
    pub title: String,
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
}

/// A link or an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it leads.
    pub target: Target,
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
    /// Whether it is an image.
    pub image: bool,
}

/// One thing that is wrong with a text. [`diagnostic`](Finding::diagnostic) gives it its place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of problem it is.
    pub code: Code,
    /// One sentence without a full stop.
    pub message: String,
    /// How to fix it.
    pub help: String,
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
}

/// Renders a text of any number of blocks.
pub fn render(text: &str, options: &Options) -> Rendered {
    let (events, undefined) = parse(text, dialect());
    finish(text, &events, undefined, options)
}

/// Renders a text that stands within a line: blocks lose their tags and are set apart by a blank.
pub fn inline(text: &str, options: &Options) -> Rendered {
    let (events, undefined) = parse(text, dialect() - pulldown_cmark::Options::ENABLE_FOOTNOTES);
    finish(text, &inline::flatten(events), undefined, options)
}

/// Reports hidden characters of a text that has no file, such as the summary of a release.
pub fn hidden_characters(text: &str) -> Report {
    let mut report = Report::new();
    for finding in hidden::findings(text, &parse(text, dialect()).0) {
        report.push(finding.diagnostic(None));
    }
    report
}

/// An event and where it stands in the text.
type Spanned<'a> = (Event<'a>, Range<usize>);

fn dialect() -> pulldown_cmark::Options {
    use pulldown_cmark::Options as Dialect;
    Dialect::ENABLE_TABLES
        | Dialect::ENABLE_STRIKETHROUGH
        | Dialect::ENABLE_FOOTNOTES
        | Dialect::ENABLE_TASKLISTS
        | Dialect::ENABLE_HEADING_ATTRIBUTES
}

/// All events, and findings about references to what the text does not define.
fn parse(text: &str, dialect: pulldown_cmark::Options) -> (Vec<Spanned<'_>>, Vec<Finding>) {
    let mut undefined = Vec::new();
    let mut note = |link: BrokenLink<'_>| -> Option<(CowStr<'_>, CowStr<'_>)> {
        undefined.extend(undefined_reference(&link));
        None
    };
    let events = Parser::new_with_broken_link_callback(text, dialect, Some(&mut note)).into_offset_iter().collect();
    (events, undefined)
}

fn undefined_reference(link: &BrokenLink<'_>) -> Option<Finding> {
    use pulldown_cmark::LinkType;
    // A word in brackets alone is prose: `[sic]`.
    if !matches!(link.link_type, LinkType::Reference | LinkType::ReferenceUnknown) {
        return None;
    }
    let label = excerpt(&link.reference);
    Some(finding(
        Code::LinkUndefined,
        &link.span,
        format!("link label `[{label}]` is not defined in this text"),
        format!("add a line `[{label}]: https://…`, or write the address in round brackets"),
    ))
}

fn finish(text: &str, events: &[Spanned<'_>], undefined: Vec<Finding>, options: &Options) -> Rendered {
    let mut rendered = writer::write(text, events, options);
    rendered.findings.extend(undefined);
    rendered.findings.extend(footnotes::undefined(text, events));
    rendered.findings.extend(hidden::findings(text, events));
    rendered.findings.sort_by(|a, b| (a.range.start, a.code.as_str()).cmp(&(b.range.start, b.code.as_str())));
    rendered.findings.dedup();
    rendered
}

/// A short excerpt of the publisher's text for a message.
fn excerpt(text: &str) -> String {
    text::shortened(text, 60)
}

/// A finding at a place of the text.
fn finding(code: Code, range: &Range<usize>, message: String, help: impl Into<String>) -> Finding {
    Finding { code, message, help: help.into(), range: range.clone() }
}
