//! What is known of a code as text: for `candor explain` and for docs/rules.md.

use std::fmt::Write;

use super::{Code, CodeGroup};
use crate::diagnostic::Severity;
use crate::text::capitalized;

impl Code {
    /// The explanation, as `candor explain` prints it.
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

    /// The severity, whether it can be changed, and the commands that refuse: `warning by default; build refuses`.
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

/// All codes as one Markdown page: docs/rules.md.
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
generated from the table in `src/diagnostic/code/table.rs` (`bash tests/regenerate.sh`), so edit the table and not the
page.

`rules:` in `content/site.yaml` changes the level of every rule that has one \"by default\". The levels are `off`, `note`, `warn`
and `error`:

```yaml
rules:
  placeholder-base-url: error
  location-missing: note
  list-order: \"off\"
```

`off` stands in quotes because some YAML readers take the bare word for `false`. `candor check --deny warnings` fails on
warnings too. Rules about time look at the day of `--as-of`: `candor check --as-of 2026-12-31` tells what breaks by then.

`candor check --external` also follows the links that lead to other sites, and prints a count. It asks with HEAD, and with GET where
that fails; it makes three attempts of `--timeout` seconds (20) at what does not answer or is busy, sends at most two requests at a time to
one host, and never reads a page. Parts of a page (`#here`) are not looked for, and links in frozen releases are left alone. Without the
option the network is not used.
";
