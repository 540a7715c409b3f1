//! `candor init`: a new project that checks, builds and serves at once, with its first release.

use std::io::Write;

use super::{Context, Failure, Outcome, release};
use crate::cli::format::ResultFormat;
use crate::cli::{InitArgs, Recipe, ReleaseArgs};
use crate::init::{self, Ci, Plan, WriteError, Written};
use crate::project::Project;

/// The name that stands in a project until somebody gives one.
const NAMELESS: &str = "Example Organisation";

/// Makes a project, and tells what to do next. What is there already stays as it is.
///
/// # Errors
/// When the name cannot be used or a file cannot be written.
pub fn run(args: &InitArgs, context: &Context) -> Result<Outcome, Failure> {
    let plan = Plan {
        name: args.name.clone().unwrap_or_else(|| NAMELESS.to_owned()),
        as_of: context.as_of,
        full: args.full,
        ci: match args.ci {
            Recipe::None => None,
            Recipe::Github => Some(Ci::Github),
            Recipe::Gitlab => Some(Ci::Gitlab),
            Recipe::Azure => Some(Ci::Azure),
        },
    };
    let content = plan.content().map_err(|why| Failure::new(why.message, why.help))?;
    let root = args.dir.as_ref().map_or(context.project.root().to_owned(), |dir| context.project.root().join(dir));
    let begun = init::begun(&root);
    let mut written = Written::default();
    if !begun {
        written = init::write(&root, &content)?;
    }
    let around = init::write(&root, &plan.surroundings())?;
    written.created.extend(around.created);
    written.extended.extend(around.extended);
    written.kept.extend(around.kept);
    tell(&written, begun, context)?;
    if begun {
        return Ok(Outcome::Fine);
    }
    let mut inner = context.clone();
    inner.project = Project::at(&root);
    let outcome = release::run(&first_release(), &inner)?;
    if outcome == Outcome::Fine && !context.quiet {
        let folder = args.dir.as_ref().map(|dir| format!("  cd {}\n", dir.display())).unwrap_or_default();
        let preview = if cfg!(feature = "serve") { "  candor serve    preview the site\n" } else { "" };
        writeln!(context.err(), "\nNext:\n{folder}{preview}  candor check    list what is left to do")?;
    }
    Ok(outcome)
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Failure {
        Failure::new(error.to_string(), "name a folder that you may write to; what is there is never written over")
    }
}

fn first_release() -> ReleaseArgs {
    ReleaseArgs {
        message: Some("First release".to_owned()),
        summary_file: None,
        version: None,
        date: None,
        replace: false,
        format: ResultFormat::Human,
    }
}

fn tell(written: &Written, begun: bool, context: &Context) -> Result<(), Failure> {
    if context.quiet {
        return Ok(());
    }
    let mut err = context.err();
    for path in &written.created {
        writeln!(err, "  + {path}")?;
    }
    for path in &written.extended {
        writeln!(err, "  + {path}: lines added")?;
    }
    for path in &written.kept {
        writeln!(err, "  = {path} was there, and is as it was")?;
    }
    if begun {
        writeln!(err, "There is a folder content/ already: it is yours, and nothing in it was changed.")?;
    }
    if written.created.is_empty() && written.extended.is_empty() {
        writeln!(err, "Nothing was changed.")?;
    }
    Ok(())
}
