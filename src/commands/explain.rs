//! `candor explain`: what a diagnostic means, why it matters and how to fix it.

use std::io::Write;

use serde_json::json;

use super::{Context, Failure, Outcome};
use crate::cli::{ExplainArgs, Format};
use crate::diagnostic::{Code, CodeGroup, RefusedCommand, UnknownCode};

/// Explains one code, or lists all.
///
/// # Errors
/// When there is no such code.
pub fn run(args: &ExplainArgs, context: &Context) -> Result<Outcome, Failure> {
    let mut out = context.out();
    match (&args.code, context.format) {
        (None, Format::Json) => {
            let rules: Vec<_> = Code::ALL.iter().copied().map(object).collect();
            out.json(&format!("{:#}", json!({ "rules": rules })))?;
        }
        (None, _) => write!(out, "{}", list())?,
        (Some(code), format) => {
            let code: Code = code.parse()?;
            match format {
                Format::Json => out.json(&format!("{:#}", object(code)))?,
                _ => write!(out, "{}", code.explain())?,
            }
        }
    }
    Ok(Outcome::Fine)
}

fn list() -> String {
    let width = Code::ALL.iter().map(|code| code.as_str().len()).max().unwrap_or_default();
    let mut text = String::new();
    for group in CodeGroup::ALL {
        text += &format!("{}: {}\n", group.title(), group.about());
        for code in group.codes() {
            text += &format!("  {code:width$}  {}\n", code.summary());
        }
        text.push('\n');
    }
    text + "`candor explain CODE` says more.\n"
}

fn object(code: Code) -> serde_json::Value {
    json!({
        "code": code.as_str(),
        "severity": code.severity().as_str(),
        "adjustable": code.is_adjustable(),
        "refuses": code.refuses().iter().copied().map(RefusedCommand::as_str).collect::<Vec<_>>(),
        "summary": code.summary(),
        "why": code.why(),
        "fix": code.fix(),
        "example": code.example(),
    })
}

impl From<UnknownCode> for Failure {
    fn from(unknown: UnknownCode) -> Failure {
        let help = match unknown.nearest {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`candor explain` lists all codes".to_owned(),
        };
        Failure::new(unknown.to_string(), help)
    }
}
