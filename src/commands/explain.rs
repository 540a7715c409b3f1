//! `candor explain`: what a finding means, why it matters and how to mend it.

use std::io::Write;

use serde_json::json;

use super::{Context, Failure, Outcome};
use crate::check::{self, Rule};
use crate::cli::{ExplainArgs, Format};
use crate::diagnostic::nearest;

/// Explains one code, or lists all.
///
/// # Errors
/// When there is no such code.
pub fn run(args: &ExplainArgs, context: &Context) -> Result<Outcome, Failure> {
    let mut out = context.out();
    match (&args.code, context.format) {
        (None, Format::Json) => {
            let rules: Vec<_> = check::all().map(object).collect();
            writeln!(out, "{:#}", json!({ "rules": rules }))?;
        }
        (None, _) => write!(out, "{}", list())?,
        (Some(code), format) => {
            let rule = check::find(code).ok_or_else(|| unknown(code))?;
            match format {
                Format::Json => writeln!(out, "{:#}", object(rule))?,
                _ => write!(out, "{}", rule.explain())?,
            }
        }
    }
    Ok(Outcome::Fine)
}

fn list() -> String {
    let width = check::all().map(|rule| rule.code.len()).max().unwrap_or_default();
    let mut text = String::new();
    for group in check::groups() {
        text += &format!("{}: {}\n", group.title, group.about);
        for rule in group.rules {
            text += &format!("  {:width$}  {}\n", rule.code, rule.summary);
        }
        text.push('\n');
    }
    text + "`candor explain CODE` says more.\n"
}

fn object(rule: &Rule) -> serde_json::Value {
    json!({
        "code": rule.code,
        "severity": rule.severity.as_str(),
        "fixed": rule.fixed,
        "summary": rule.summary,
        "why": rule.why,
        "mend": rule.mend,
        "example": rule.example,
    })
}

fn unknown(code: &str) -> Failure {
    let help = match nearest(code, check::all().map(|rule| rule.code)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`candor explain` lists all codes".to_owned(),
    };
    Failure::new(format!("there is no code `{}`", code.escape_debug()), help)
}
