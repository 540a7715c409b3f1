//! `candor explain`: explains what a diagnostic means, why it matters and how to fix it.

use std::io::Write;

use super::printed::{Explanation, Explanations, json};
use super::{Context, Failure, Outcome};
use crate::cli::ExplainArgs;
use crate::cli::format::ResultFormat;
use crate::diagnostic::{Code, CodeGroup, UnknownCode};

/// Explains one code, or lists all.
///
/// # Errors
/// If the code does not exist.
pub fn run(args: &ExplainArgs, context: &Context) -> Result<Outcome, Failure> {
    let code = args.code.as_deref().map(str::parse::<Code>).transpose()?;
    let mut out = context.out();
    match (code, args.format) {
        (None, ResultFormat::Json) => {
            let rules = Code::ALL.iter().copied().map(Explanation::of).collect();
            out.json(&json(&Explanations { rules })?)?;
        }
        (None, ResultFormat::Human) => write!(out, "{}", list())?,
        (Some(code), ResultFormat::Json) => out.json(&json(&Explanation::of(code))?)?,
        (Some(code), ResultFormat::Human) => write!(out, "{}", code.explain())?,
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
    text + "Run `candor explain CODE` for details.\n"
}

impl From<UnknownCode> for Failure {
    fn from(unknown: UnknownCode) -> Failure {
        let help = match unknown.nearest {
            Some(near) => format!("did you mean `{near}`?"),
            None => "run `candor explain` to list all codes".to_owned(),
        };
        Failure::new(unknown.to_string(), help)
    }
}
