//! `candor init`: creates a project, ready to preview, check and release.

use std::io::Write;
use std::path::Path;

use super::{Context, Failure, Outcome};
use crate::cli::{HostChoice, InitArgs, Recipe};
#[cfg(feature = "import")]
use crate::cli::{ImportArgs, format::ResultFormat};
use crate::embedded::EXAMPLE_ORGANIZATION;
use crate::files;
use crate::init::{self, CANDOR_REPOSITORY, Ci, Plan, RecipeHost, WriteError, Written};
#[cfg(feature = "import")]
use crate::project::Project;

/// Creates a project and prints the next steps. Existing files are not changed.
///
/// # Errors
/// If the name is not valid or a file cannot be written.
pub fn run(args: &InitArgs, context: &Context) -> Result<Outcome, Failure> {
    let plan = Plan {
        name: args.name.clone().unwrap_or_else(|| EXAMPLE_ORGANIZATION.to_owned()),
        as_of: context.as_of,
        full: args.full,
        recipe: recipe(args)?,
    };
    let content = plan.content().map_err(|why| Failure::new(why.message, why.help))?;
    let root = args.dir.as_ref().map_or(context.project.root().to_owned(), |dir| context.project.root().join(dir));
    if files::is_file(&root.join("content")) {
        let message = format!("`{}` is not a folder", root.join("content").display());
        return Err(Failure::new(message, "rename it, or create the project in another folder"));
    }
    #[cfg(feature = "import")]
    if let Some(file) = &args.from {
        if files::real_path(file).is_err() {
            let message = format!("`{}` does not exist", file.display());
            return Err(Failure::new(message, "set --from to a page, a spreadsheet or a data file"));
        }
        // A pipe can be read only once.
        if (files::is_file(file) || files::is_folder(file))
            && let Some(problem) = super::import::unreadable(file)?
        {
            return context.report(&(*problem).into());
        }
    }
    let has_content = init::begun(&root);
    let mut written = Written::default();
    if !has_content {
        written = init::write(&root, &content)?;
    }
    let around = init::write(&root, &plan.surroundings())?;
    written.created.extend(around.created);
    written.extended.extend(around.extended);
    written.kept.extend(around.kept);
    print(&written, has_content, context)?;
    #[cfg(feature = "import")]
    let imports = args.from.is_some();
    #[cfg(not(feature = "import"))]
    let imports = false;
    if written.created.is_empty() && written.extended.is_empty() && !imports && !context.quiet {
        writeln!(context.err(), "Nothing was changed.")?;
    }
    if let (Some((ci, host)), false) = (plan.recipe, context.quiet) {
        let line = "The CI recipe publishes to";
        writeln!(
            context.err(),
            "{line} {}: {}. Set it up as {CANDOR_REPOSITORY}/blob/main/docs/ci.md describes.",
            host.name(),
            ci.path()
        )?;
    }
    #[cfg(feature = "import")]
    if let Some(file) = &args.from {
        let imported = import(file, &root, context)?;
        if imported != Outcome::Fine {
            return Ok(imported);
        }
    }
    if has_content {
        return Ok(Outcome::Fine);
    }
    if !context.quiet {
        let folder = args.dir.as_ref().map(|dir| format!("  cd {}\n", argument(dir))).unwrap_or_default();
        let preview =
            if cfg!(feature = "serve") { "  candor serve                        preview the site\n" } else { "" };
        writeln!(
            context.err(),
            "\nNext:\n{folder}{preview}  candor check                        list what is left to do\n  candor release -m \"First release\"   make the first release"
        )?;
    }
    Ok(Outcome::Fine)
}

/// Imports the list of subprocessors into the new project.
#[cfg(feature = "import")]
fn import(file: &Path, root: &Path, context: &Context) -> Result<Outcome, Failure> {
    let args = ImportArgs {
        files: vec![file.to_owned()],
        questionnaire: false,
        name: None,
        map: Vec::new(),
        table: Vec::new(),
        date_format: None,
        default: Vec::new(),
        write: true,
        replace: false,
        git_history: false,
        same: Vec::new(),
        different: Vec::new(),
        from: None,
        skip: Vec::new(),
        copies: false,
        plan: None,
        format: ResultFormat::Human,
    };
    super::import::run(&args, &context.with_project(Project::at(root)))
}

/// Returns the CI recipe that was chosen.
fn recipe(args: &InitArgs) -> Result<Option<(Ci, RecipeHost)>, Failure> {
    let host = args.host.map(|host| match host {
        HostChoice::Storage => RecipeHost::Storage,
        HostChoice::GithubPages => RecipeHost::GithubPages,
        HostChoice::GitlabPages => RecipeHost::GitlabPages,
        HostChoice::CloudflarePages => RecipeHost::CloudflarePages,
        HostChoice::Netlify => RecipeHost::Netlify,
    });
    let (ci, name) = match (args.ci, host) {
        (None, None) | (Some(Recipe::None), None) => return Ok(None),
        (Some(Recipe::None), Some(host)) => {
            let message = format!("`--host {}` has no effect without a CI recipe", host.name());
            return Err(Failure::new(message, "add `--ci github`, `--ci gitlab` or `--ci azure`"));
        }
        // GitLab Pages is the only host that needs another CI system than GitHub Actions.
        (None, Some(RecipeHost::GitlabPages)) | (Some(Recipe::Gitlab), _) => (Ci::Gitlab, "gitlab"),
        (None, Some(_)) | (Some(Recipe::Github), _) => (Ci::Github, "github"),
        (Some(Recipe::Azure), _) => (Ci::Azure, "azure"),
    };
    let host = host.unwrap_or(RecipeHost::Storage);
    let hosts = ci.hosts();
    if hosts.contains(&host) {
        return Ok(Some((ci, host)));
    }
    let names: Vec<&str> = hosts.iter().map(|host| host.name()).collect();
    let message = format!("there is no recipe for `--ci {name}` that publishes to `{}`", host.name());
    Err(Failure::new(message, format!("use one of these hosts: {}", names.join(", "))))
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Failure {
        Failure::new(error.to_string(), "choose a writable folder; existing files are never overwritten")
    }
}

fn print(written: &Written, has_content: bool, context: &Context) -> Result<(), Failure> {
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
        writeln!(err, "  = {path} already exists, left unchanged")?;
    }
    if has_content {
        writeln!(err, "The folder content/ already exists and was left unchanged.")?;
    }
    Ok(())
}

/// Returns a path as an argument of a command line: in quotes if it has other characters than names usually have.
fn argument(path: &Path) -> String {
    let path = path.display().to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "/\\._-+:@".contains(c);
    if path.chars().all(is_plain) {
        path
    } else if cfg!(windows) {
        format!("\"{path}\"")
    } else {
        format!("'{}'", path.replace('\'', "'\\''"))
    }
}
