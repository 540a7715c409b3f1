//! Explanations of diagnostic codes, for `candor explain` and docs/rules.md.

use std::fmt::Write;

use super::{Code, CodeGroup};
use crate::diagnostic::Severity;
use crate::text::capitalized;

impl Code {
    /// Returns the explanation that `candor explain` prints.
    pub fn explain(self) -> String {
        let mut text = format!(
            "{self}: {summary}\n\nLevel: {level}\n\nWhy: {why}\n\nFix: {fix}\n",
            summary = self.summary(),
            level = self.level(),
            why = self.why(),
            fix = self.fix(),
        );
        if !self.example().is_empty() {
            text.push('\n');
            for line in self.example().lines() {
                text.push_str(if line.is_empty() { "" } else { "    " });
                text.push_str(line);
                text.push('\n');
            }
        }
        text
    }

    /// Returns the severity, whether it can be changed, and the commands that refuse to run, such as
    /// ``warning by default; `candor build` refuses``.
    fn level(self) -> String {
        let mut level = match (self.severity(), self.is_adjustable()) {
            (Severity::Note, false) => "a note".to_owned(),
            (severity, true) => format!("{} by default", severity.as_str()),
            (severity, false) => format!("{}, always", severity.as_str()),
        };
        let commands: Vec<String> =
            self.refuses().iter().map(|command| format!("`candor {}`", command.as_str())).collect();
        match commands.split_last() {
            None => {}
            Some((one, [])) => level += &format!("; {one} refuses"),
            Some((last, others)) => level += &format!("; {} and {last} refuse", others.join(", ")),
        }
        level
    }
}

/// Returns docs/rules.md: all codes as one Markdown page.
pub fn rules_page() -> String {
    let mut page = String::from(INTRODUCTION);
    for group in CodeGroup::ALL {
        // Writing to a String cannot fail.
        let _ = write!(page, "\n## {}\n\n{}\n", group.title(), group.about());
        for code in group.codes() {
            let _ = write!(
                page,
                "\n### {code}\n\n{} *{}.*\n\n**Why:** {}\n\n**Fix:** {}\n",
                code.summary(),
                capitalized(&code.level()),
                code.why(),
                code.fix(),
            );
            if !code.example().is_empty() {
                let _ = write!(page, "\n````\n{}\n````\n", code.example().trim_end());
            }
        }
    }
    page
}

const INTRODUCTION: &str = "\
# Rules

Every problem that candor reports has a code. `candor explain CODE` prints the same explanation as this page. Both are
generated from the table in `src/diagnostic/code/table.rs`: edit the table, not this page, and run `bash tests/regenerate.sh`.

A rule whose level is marked \"by default\" can be set to another level with `rules:` in `content/site.yaml`. The levels are
`off`, `note`, `warn` and `error`:

```yaml
rules:
  placeholder-base-url: error
  location-missing: note
  list-order: \"off\"
```

`off` is in quotes because some YAML parsers read the bare word as `false`. `candor check --deny warnings` also fails on
warnings. Rules about dates are evaluated as of `--as-of`: `candor check --as-of 2026-12-31` shows which problems will exist by then.

A warning that can wait, for example because an audit is under way, can be acknowledged until a date:

```yaml
acknowledged:
  - code: certification-expiring
    item: iso-27001
    until: 2026-12-31
    reason: The audit is in November; the new certificate follows.
```

Through that date, the warning is a note that shows the reason, and does not fail `candor check --deny warnings`. Afterwards it is a
warning again. `item` is the id of an item or a section; `LIST/ID`, such as `documents/soc-2`, if several lists have that id; or, for a
warning that is not about an item, the path of the file that it shows. An entry without a warning is a warning itself
(`acknowledgment-unused`), and errors cannot be acknowledged (`acknowledgment-refused`).

`candor check --external` also checks links to other sites, and prints a summary. It sends a HEAD request, and a GET request if
that fails. If a server does not respond or is busy, it makes three attempts of `--timeout` seconds each (20 by default). It sends at
most two requests at the same time to one host, and does not download pages. It does not check anchors (`#here`) or links in releases.
Without `--external`, `candor check` does not use the network.
";
