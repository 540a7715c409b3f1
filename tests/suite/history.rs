//! The versioned change log: releases, changes, and the evidence that no release was rewritten.

mod against;
mod bad_input;
mod branches;
mod damage;
mod known_items;
pub mod newer;
mod newer_schema;
mod places;
mod published;
mod redaction;
mod refusals;
mod tamper;
mod vectors;
mod walk;
mod withheld;

#[cfg(feature = "import")]
pub use branches::merged;
#[cfg(feature = "import")]
pub use published::publish;

use crate::support::{Project, Run, SITE};

/// Subprocessors of a small company.
const SUBPROCESSORS: &str = "\
- id: stripe
  name: Stripe
  purpose: Payment processing
  data_categories: [Billing contact data]
- id: ipapi
  name: ipapi
  purpose: IP geolocation
  data_categories: [IP address]
";

/// Returns a project with two subprocessors and no release.
pub fn company() -> Project {
    let site = format!("{SITE}rules: {{base-url-missing: off}}\n");
    Project::new().file("content/site.yaml", site).file("content/data/subprocessors.yaml", SUBPROCESSORS)
}

/// Returns a project with one release per day, starting on 2026-05-01. Each changes Stripe's purpose.
pub fn released(days: usize) -> Project {
    (1..=days).fold(company(), |project, day| {
        let text = SUBPROCESSORS.replace("Payment processing", &format!("Payment processing, form {day}"));
        let project = project.file("content/data/subprocessors.yaml", text);
        let run = project.run(["release", "-m", &format!("Form {day}"), "--date", &format!("2026-05-{day:02}")]);
        assert_eq!(run.code, Some(0), "{run:?}");
        project
    })
}

/// Replaces text in a file.
pub fn edit(project: Project, path: &str, from: &str, to: &str) -> Project {
    let text = project.read(path);
    assert!(text.contains(from), "`{path}` has no {from:?}");
    project.file(path, text.replacen(from, to, 1))
}

/// Returns the output of a run: diagnostics, then results.
fn output_of(run: &Run) -> String {
    format!("exit {}\n{}{}", run.code.unwrap_or(-1), run.stderr, run.stdout)
}
