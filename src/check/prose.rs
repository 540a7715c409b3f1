//! Markdown texts: what the renderer refuses or misses.

use std::cell::OnceCell;

use super::{Prose, Rule, Subject};
use crate::diagnostic::Report;
use crate::load::Content;
use crate::markdown::{Options, render};
use crate::model::{Disclosure, List};

pub(super) const RULES: &[&Rule] = &[
    &Rule::fixed(
        "html-refused",
        "A text holds raw HTML.",
        "HTML could load scripts, track readers or break the page; it is shown as text and never passed through.",
        "Write Markdown; put a `<` that is meant as such between backticks or behind a backslash.",
    )
    .example("Response time is \\< 4 hours; see `<head>`."),
    &Rule::fixed(
        "link-scheme-refused",
        "A link has a scheme that is not on the list, or none before `//`.",
        "`javascript:`, `data:` and their kin run as code of the page.",
        "Use https, http, mailto, tel, a path from the site's root, or an #anchor.",
    )
    .example("[Write to us](mailto:privacy@example.com)"),
    &Rule::error(
        "link-malformed",
        "A link's address is broken.",
        "Browsers repair addresses, each in its own way.",
        "Write it in full and escape blanks as `%20`.",
    ),
    &Rule::error(
        "link-empty",
        "A link has no address.",
        "Readers click, and nothing happens.",
        "Write the address, or plain text.",
    ),
    &Rule::error(
        "link-outside-site",
        "A relative link climbs out of the site.",
        "One text is shown on several pages, so relative links start at the site's root.",
        "Write the path from the root on, or the whole address.",
    )
    .example("[Our agreement](documents/dpa.pdf)"),
    &Rule::error(
        "link-undefined",
        "A link names a label that the text does not define.",
        "It shows as text in square brackets.",
        "Add the definition, or write the address in round brackets.",
    )
    .example("See the [policy][p].\n\n[p]: https://example.com/policy"),
    &Rule::fixed(
        "image-remote",
        "An image would be loaded from elsewhere.",
        "Readers' browsers would tell a third party that they read your trust page.",
        "Put the file into `static/` and write its path there.",
    ),
    &Rule::error(
        "image-alt-missing",
        "An image has no alternative text.",
        "Who cannot see it gets nothing (WCAG 2.2, success criterion 1.1.1).",
        "Say in the square brackets what it shows.",
    )
    .example("![Data flows from the browser to the EU region](flow.svg)"),
    &Rule::warning(
        "heading-level-skipped",
        "A heading is more than one level below the one before.",
        "Screen readers' users move by headings, and look for the level that is missing (WCAG 2.2, technique G141).",
        "Use one `#` more than the heading above it has.",
    ),
    &Rule::warning(
        "heading-empty",
        "A heading has no text.",
        "It is a stop in the page's outline where nothing is.",
        "Write its text, or remove it.",
    ),
    &Rule::error(
        "heading-attribute-refused",
        "A heading has an attribute other than a plain id or class.",
        "Attributes could carry code.",
        "Keep `{#id}` and `{.class}`, in letters, digits, `-` and `_`.",
    )
    .example("## Encryption {#encryption}"),
    &Rule::error(
        "anchor-duplicate",
        "Two headings of one text have the same id.",
        "A link to it can reach only one of them.",
        "Give one of them another id.",
    ),
    &Rule::error(
        "footnote-undefined",
        "A footnote is referred to and not defined.",
        "Readers see `[^1]` and look for the note in vain.",
        "Add the note, or remove the reference.",
    )
    .example("A claim.[^1]\n\n[^1]: Its source."),
    &Rule::error(
        "footnote-duplicate",
        "A footnote is defined twice.",
        "Only the first is shown.",
        "Give one of them another label.",
    ),
    &Rule::warning(
        "footnote-unused",
        "A footnote is defined and never referred to.",
        "It is not shown.",
        "Refer to it, or remove it.",
    ),
];

/// One Markdown text of a disclosure.
pub(super) struct MarkdownText<'a> {
    /// Its path among the places, such as `faq[0].answer`.
    path: String,
    /// What it belongs to, as readers call it.
    title: &'a str,
    /// That of the page, so that anchors of one text can be told from those of another.
    prefix: String,
    /// The Markdown.
    pub text: &'a str,
}

/// All Markdown texts of a disclosure.
pub(super) fn texts(disclosure: &Disclosure) -> Vec<MarkdownText<'_>> {
    let mut all = Vec::new();
    for list in List::ALL {
        for (at, item) in disclosure.items(*list).into_iter().enumerate() {
            for (field, text) in item.prose() {
                let path = format!("{list}[{at}].{field}");
                all.push(MarkdownText { path, title: item.label(), prefix: list.heading_prefix(item.id()), text });
            }
        }
    }
    all
}

/// All Markdown texts of the content, rendered.
pub(super) fn of(content: &Content) -> Vec<Prose<'_>> {
    let mut all = Vec::new();
    for MarkdownText { path, title, prefix, text } in texts(&content.disclosure) {
        let options = Options { id_prefix: &prefix, ..Options::new(title) };
        let whole = content.places.get(&path);
        all.push(Prose { title, text, rendered: render(text, &options), whole, locator: OnceCell::new() });
    }
    all
}

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    for prose in &subject.prose {
        for finding in &prose.rendered.findings {
            report.push(finding.diagnostic(prose.locator()));
        }
    }
}
