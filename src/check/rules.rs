//! Every code of the program, with its explanation: the one source of `candor explain` and `docs/rules.md`.

mod files;
mod forms;
mod import;
mod releases;

use std::fmt::Write;

use super::rule::Rule;
use super::{anchors, dates, external, links, lists, prose, site, statements, subprocessors, theme};

/// Rules that belong together.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// Heading.
    pub title: &'static str,
    /// What the rules are about, in one sentence.
    pub about: &'static str,
    /// The rules.
    pub rules: &'static [&'static Rule],
}

const GROUPS: [Group; 14] = [
    Group {
        title: "Files",
        about: "What is read, and what cannot be; also files of `static/` and `templates/`.",
        rules: files::RULES,
    },
    Group {
        title: "Fields",
        about: "Whether the fields of the content have the form that they need.",
        rules: forms::RULES,
    },
    Group { title: "Markdown", about: "What is refused in texts, and what is missing there.", rules: prose::RULES },
    Group { title: "Links", about: "Whether links, files and references lead somewhere.", rules: links::RULES },
    Group { title: "Anchors", about: "Whether links to a part of the page reach it.", rules: anchors::RULES },
    Group {
        title: "External links",
        about: "Whether links to elsewhere lead anywhere; looked at only with `--external`.",
        rules: external::RULES,
    },
    Group { title: "Dates", about: "What the calendar makes untrue.", rules: dates::RULES },
    Group {
        title: "Subprocessors",
        about: "What customers, and the GDPR, want to know of them.",
        rules: subprocessors::RULES,
    },
    Group { title: "Lists", about: "What readers would stumble over.", rules: lists::RULES },
    Group { title: "Statements", about: "Texts that say other things than the fields do.", rules: statements::RULES },
    Group { title: "Site", about: "The site's address, its rules and security.txt.", rules: site::RULES },
    Group { title: "Theme", about: "Whether everybody can read the page.", rules: theme::RULES },
    Group {
        title: "Releases",
        about: "The chain of releases: nothing that was published may change, and nothing unreleased is published.",
        rules: releases::RULES,
    },
    Group {
        title: "Import",
        about: "What `candor import` did not understand, or completed, in a list from elsewhere.",
        rules: import::RULES,
    },
];

/// All rules, by group.
pub fn groups() -> &'static [Group] {
    &GROUPS
}

/// All rules.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    GROUPS.iter().flat_map(|group| group.rules.iter().copied())
}

/// The rule with this code.
pub fn find(code: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.code == code)
}

/// All rules as one Markdown page: `docs/rules.md`.
pub fn document() -> String {
    let mut page = String::from(INTRODUCTION);
    for group in groups() {
        // Writing to a String cannot fail.
        let _ = write!(page, "\n## {}\n\n{}\n", group.title, group.about);
        for rule in group.rules {
            let _ = write!(
                page,
                "\n### {}\n\n{} *{}.*\n\n**Why:** {}\n\n**Mend:** {}\n",
                rule.code,
                rule.summary,
                capitalised(rule.level_in_words()),
                rule.why,
                rule.mend
            );
            if !rule.example.is_empty() {
                let _ = write!(page, "\n````\n{}\n````\n", rule.example.trim_end());
            }
        }
    }
    page
}

const INTRODUCTION: &str = "\
# Rules

Every problem that candor reports has a code. `candor explain CODE` prints what stands here; this page is
made from the same text (`UPDATE_DOCS=1 cargo test page_of_rules`), so edit the rule and not the page.

A rule that is an error or a warning by default can be given another level in `content/site.yaml`:

```yaml
rules:
  placeholder-base-url: error
  list-order: \"off\"
```

`off` stands in quotes because some YAML readers take the bare word for `false`. `candor check --deny warnings` fails on
warnings too. Rules about time look at the day of `--as-of`: `candor check --as-of 2026-12-31` tells what breaks by then.

`candor check --external` also follows the links that lead to other sites, and prints a count. It asks with HEAD, and with GET where
that fails; it makes three attempts of `--timeout` seconds (20) at what does not answer or is busy, sends at most two requests at a time to
one host, and never reads a page. Parts of a page (`#here`) are not looked for, and links in frozen releases are left alone. Without the
option the network is not used.
";

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}
