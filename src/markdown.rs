//! Renders Markdown to safe HTML, and reports problems.
//!
//! The input is untrusted text. The output is HTML that is safe in a page with a strict Content-Security-Policy, and a list of
//! rejected constructs with their places. This module uses no files and no clock.
//!
//! The HTML is safe by construction and is not sanitized afterwards: `writer` writes a fixed set of elements and attributes, all
//! text is escaped by [`text::html`], and all addresses are parsed by `href`. Raw HTML is an error and is shown as text.
//!
//! The dialect is CommonMark with tables, strikethrough, footnotes, task lists and heading attributes (`{#id .class}`).

mod commonmark;
mod depth;
mod footnotes;
mod hidden;
mod href;
mod inline;
mod insert;
mod locate;
mod outline;
mod plain;
mod spans;
mod writer;

use std::ops::Range;

use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Parser, Tag};

use crate::diagnostic::{Code, Report};
use crate::text;

pub use href::LinkTarget;
pub use insert::{Inserted, Insertion, insert, insert_item};
pub use locate::Locator;
pub use plain::plain;
pub use spans::{Spans, spans};

/// Returns where a link or an image leads from the page that shows the text.
pub type Resolve<'a> = dyn Fn(&LinkTarget) -> Resolved + 'a;

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// To the address as it was written.
    Written,
    /// To this path below the root of the site: for a path of the site, in place of it; for an anchor, to the page that has
    /// it.
    Path(String),
    /// Nowhere: the site does not have the page or file. The link is written as text, with a remark.
    Gone,
}

/// Options for rendering, which depend on where the HTML is inserted.
#[derive(Clone, Copy)]
pub struct RenderOptions<'a> {
    /// Name of the text for assistive technology, such as the section's title. The names of tables and footnotes start with
    /// it, so it should be unique on the page.
    pub title: &'a str,
    /// Level of the highest headings in the output, 1 to 6; for example 3 below an h2. It does not matter whether the highest
    /// headings of the text are `#` or `##`. Lower levels follow, down to h6.
    pub heading_base: u8,
    /// Prefix of all ids, so that the ids of several Markdown fields on a page do not collide: `baseline--` makes `#baseline--passwords`. It ends
    /// with two hyphens, which an [`Id`](crate::model::Id) or an anchor never contains.
    pub id_prefix: &'a str,
    /// Path from the page to the root of the site: empty, `../`, or an absolute path such as `/trust/`.
    ///
    /// Relative and root-relative links both start at the root of the site, because the same text is shown at different
    /// depths (`index.html`, `releases/2026-05-22/index.html`). With an absolute path, the HTML can be used at any depth.
    pub root: &'a str,
    /// Resolves links and images; without it, they lead to the addresses as written.
    pub resolve: Option<&'a Resolve<'a>>,
    /// UI strings.
    pub labels: Labels<'a>,
}

impl<'a> RenderOptions<'a> {
    /// Creates options for Markdown with this title below an h2, as the only Markdown of a page at the root of the site.
    pub fn new(title: &'a str) -> RenderOptions<'a> {
        RenderOptions { title, heading_base: 3, id_prefix: "", root: "", resolve: None, labels: Labels::default() }
    }
}

/// UI strings that the renderer adds for assistive technology. `{title}` is replaced with [`RenderOptions::title`], `{n}` with a
/// number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Labels<'a> {
    /// Name of the region of a table.
    pub table: &'a str,
    /// Name of the region of the footnotes.
    pub footnotes: &'a str,
    /// Name of the link to a footnote.
    pub footnote: &'a str,
    /// Name of the link back from a footnote.
    pub footnote_back: &'a str,
    /// Text before a completed item of a task list.
    pub task_done: &'a str,
    /// Text before an open item of a task list.
    pub task_open: &'a str,
    /// Remark on a link to a page or file that the site no longer has; may be empty.
    pub gone: &'a str,
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
            gone: "no longer available",
        }
    }
}

/// The result of rendering.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// Well-formed HTML without `style`, scripts, event handlers or addresses outside the allowlist.
    pub html: String,
    /// Plain text, one line per block, for feeds and search.
    pub text: String,
    /// Headings in the order of the text.
    pub headings: Vec<Heading>,
    /// Links and images in the output.
    pub links: Vec<RenderedLink>,
    /// Problems, in the order of the text.
    pub diagnostics: Vec<TextDiagnostic>,
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Level on the page, 1 to 6.
    pub level: u8,
    /// Anchor on the page, including the prefix.
    pub id: String,
    /// Plain text of the heading.
    pub title: String,
    /// Byte range in the text.
    pub range: Range<usize>,
}

/// A link or an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedLink {
    /// Target of the link.
    pub target: LinkTarget,
    /// Byte range in the text.
    pub range: Range<usize>,
    /// Whether it is an image.
    pub image: bool,
}

/// A problem in Markdown. [`to_diagnostic`](TextDiagnostic::to_diagnostic) adds the place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextDiagnostic {
    /// The code of the problem.
    pub code: Code,
    /// What is wrong, without a period.
    pub message: String,
    /// How to fix it.
    pub help: String,
    /// Byte range in the text.
    pub range: Range<usize>,
}

/// Returns the address of a target, as in HTML. `root` is the path to the root of the site; `path` replaces the path of the
/// target, or is the page of an anchor.
pub fn address(target: &LinkTarget, root: &str, path: Option<&str>) -> String {
    href::write(target, root, path)
}

/// Returns the addresses of all links and images in a Markdown document, as they are written.
pub fn addresses(text: &str) -> Vec<String> {
    let address = |event: Event<'_>| match event {
        Event::Start(Tag::Link { link_type: LinkType::Email, .. }) => None,
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url.into_string()),
        _ => None,
    };
    Parser::new_ext(text, dialect(text)).filter_map(address).collect()
}

/// Returns the target of an address as it is written in Markdown; `None` if no link may have it.
pub fn target(address: &str) -> Option<LinkTarget> {
    href::parse(address).ok()
}

/// Returns the text of a character reference by its name (CommonMark 0.31, section 2.5), such as `ü` for `uuml`. HTML has the
/// same names.
pub fn character_reference(name: &str) -> Option<String> {
    let reference = format!("&{name};");
    let events = Parser::new(&reference).filter_map(|event| match event {
        Event::Text(text) => Some(text.into_string()),
        _ => None,
    });
    let text: String = events.collect();
    (text != reference && !text.is_empty()).then_some(text)
}

/// Renders block-level Markdown.
pub fn render(text: &str, options: &RenderOptions) -> Rendered {
    let (events, problems) = parse(text, dialect(text));
    finish(text, &events, problems, options)
}

/// Renders Markdown for use inside a line: block tags are dropped, and blocks are separated by spaces.
pub fn inline(text: &str, options: &RenderOptions) -> Rendered {
    let (events, problems) = parse(text, dialect(text) - pulldown_cmark::Options::ENABLE_FOOTNOTES);
    finish(text, &inline::flatten(events), problems, options)
}

/// Reports hidden characters in Markdown that is not in a file, such as the summary of a release.
pub fn hidden_characters(text: &str) -> Report {
    let mut report = Report::new();
    for diagnostic in hidden::diagnostics(text, &parse(text, dialect(text)).0) {
        report.push(diagnostic.to_diagnostic(None));
    }
    report
}

/// An event and its byte range in the text.
type Spanned<'a> = (Event<'a>, Range<usize>);

/// Returns the extensions of CommonMark for a text.
fn dialect(text: &str) -> pulldown_cmark::Options {
    use pulldown_cmark::Options as Dialect;
    let dialect =
        Dialect::ENABLE_TABLES | Dialect::ENABLE_STRIKETHROUGH | Dialect::ENABLE_FOOTNOTES | Dialect::ENABLE_TASKLISTS;
    if has_attributes_alone(text) { dialect } else { dialect | Dialect::ENABLE_HEADING_ATTRIBUTES }
}

/// Returns whether a line that consists only of attributes might be the end of an underlined heading. pulldown-cmark 0.13.6 panics on
/// some of them: it removes the attributes with the line break before them, and loses count.
fn has_attributes_alone(text: &str) -> bool {
    let is_marker = |c: char| c.is_whitespace() || c.is_ascii_digit() || ">*+-.)".contains(c);
    let has_only_attributes =
        |line: &str| line.trim_start_matches(is_marker).starts_with('{') && line.trim_end().ends_with('}');
    let is_underline = |line: &str| {
        let line = line.trim_matches(|c: char| c.is_whitespace() || c == '>');
        !line.is_empty() && (line.bytes().all(|byte| byte == b'=') || line.bytes().all(|byte| byte == b'-'))
    };
    text.lines().zip(text.lines().skip(1)).any(|(line, next)| has_only_attributes(line) && is_underline(next))
}

/// Parses Markdown. Returns the events, and problems with undefined link references and with the depth.
fn parse(text: &str, dialect: pulldown_cmark::Options) -> (Vec<Spanned<'_>>, Vec<TextDiagnostic>) {
    let mut undefined = Vec::new();
    let mut note = |link: BrokenLink<'_>| -> Option<(CowStr<'_>, CowStr<'_>)> {
        undefined.extend(undefined_reference(&link));
        None
    };
    let events = Parser::new_with_broken_link_callback(text, dialect, Some(&mut note)).into_offset_iter().collect();
    let (events, too_deep) = depth::limited(events);
    undefined.extend(too_deep);
    (events, undefined)
}

fn undefined_reference(link: &BrokenLink<'_>) -> Option<TextDiagnostic> {
    // A single word in brackets is prose: `[sic]`.
    if !matches!(link.link_type, LinkType::Reference | LinkType::ReferenceUnknown) {
        return None;
    }
    let label = excerpt(&link.reference);
    Some(text_diagnostic(
        Code::LinkUndefined,
        &link.span,
        format!("undefined link label `[{label}]`"),
        format!("add a line `[{label}]: https://…`, or put the address in parentheses"),
    ))
}

fn finish(text: &str, events: &[Spanned<'_>], problems: Vec<TextDiagnostic>, options: &RenderOptions) -> Rendered {
    let mut rendered = writer::write(text, events, options);
    rendered.diagnostics.extend(problems);
    rendered.diagnostics.extend(footnotes::undefined(text, events));
    rendered.diagnostics.extend(hidden::diagnostics(text, events));
    rendered.diagnostics.sort_by(|a, b| (a.range.start, a.code.as_str()).cmp(&(b.range.start, b.code.as_str())));
    rendered.diagnostics.dedup();
    rendered
}

/// Shortens text of the publisher for a message.
fn excerpt(text: &str) -> String {
    text::shortened(text, 60)
}

/// Creates a diagnostic at a range of the text.
fn text_diagnostic(code: Code, range: &Range<usize>, message: String, help: impl Into<String>) -> TextDiagnostic {
    TextDiagnostic { code, message, help: help.into(), range: range.clone() }
}
