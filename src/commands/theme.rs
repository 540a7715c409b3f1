//! `candor theme`: lists, copies and compares the built-in files that a project can replace.

use std::io::Write;
use std::path::Path;

use super::{Context, Failure, Outcome};
use crate::cli::{ThemeArgs, ThemeCommand, ThemeExportArgs};
use crate::diagnostic::nearest;
use crate::files::{self, Dir, FileError};
use crate::theme_file::{ThemeFile, note};

/// The maximum size of a file of the project, in bytes.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Runs one of the subcommands.
///
/// # Errors
/// If there is no built-in file with a name, or a file cannot be read or written.
pub fn run(args: &ThemeArgs, context: &Context) -> Result<Outcome, Failure> {
    match &args.command {
        ThemeCommand::List => list(context),
        ThemeCommand::Export(args) => export(args, context),
        ThemeCommand::Diff(args) => diff(&args.names, context),
    }
}

/// Prints the path of each built-in file in a project, its kind, and whether the project replaces it.
fn list(context: &Context) -> Result<Outcome, Failure> {
    let project = open(context)?;
    let mut out = context.out();
    let width = ThemeFile::all().map(|file| file.path().len()).max().unwrap_or_default();
    for file in ThemeFile::all() {
        let state = match read(&project, &file)? {
            None => "built-in".to_owned(),
            Some(text) => match note(&text) {
                None => "replaced".to_owned(),
                Some(note) if note.sha256 == file.sha256() => format!("replaced, copied from candor {}", note.version),
                Some(note) => {
                    format!("replaced, copied from candor {}; the built-in file has changed since", note.version)
                }
            },
        };
        writeln!(out, "{:width$}  {:11}  {state}", file.path(), file.kind.as_str())?;
    }
    Ok(Outcome::Fine)
}

/// Copies built-in files into the project.
fn export(args: &ThemeExportArgs, context: &Context) -> Result<Outcome, Failure> {
    let wanted = named(&args.names)?;
    let project = open(context)?;
    let version = env!("CARGO_PKG_VERSION");
    let mut copies = Vec::with_capacity(wanted.len());
    for file in wanted {
        let text = match read(&project, &file)? {
            Some(own) if args.mark => file.noted(&own, version),
            None if args.mark => {
                let message = format!("`{}` does not exist", file.path());
                return Err(Failure::new(message, format!("copy it with `candor theme export {}`", file.name)));
            }
            Some(_) if !args.force => {
                let message = format!("`{}` already exists", file.path());
                return Err(Failure::new(
                    message,
                    "use --force to overwrite it, or --mark to note that it is up to date",
                ));
            }
            _ => file.copy(version),
        };
        copies.push((file, text));
    }
    for (file, text) in copies {
        let path = file.path();
        files::write_chosen(context.project.root(), Path::new(&path), text.as_bytes()).map_err(|error| {
            Failure::new(format!("cannot write `{path}`: {}", error.reason()), "check its permissions")
        })?;
        if !context.quiet {
            writeln!(context.err(), "  + {path}")?;
        }
    }
    Ok(Outcome::Fine)
}

/// Prints a unified diff from each built-in file to the one of the project.
fn diff(names: &[String], context: &Context) -> Result<Outcome, Failure> {
    let project = open(context)?;
    let wanted = if names.is_empty() { ThemeFile::all().collect() } else { named(names)? };
    let mut compared = 0;
    let mut out = context.out();
    for file in wanted {
        match read(&project, &file)? {
            Some(own) => {
                compared += 1;
                write!(out, "{}", file.difference(&own))?;
            }
            None if names.is_empty() => {}
            None => {
                let message = format!("the project has no file `{}`", file.path());
                return Err(Failure::new(message, format!("copy it with `candor theme export {}`", file.name)));
            }
        }
    }
    if compared == 0 && !context.quiet {
        writeln!(context.err(), "The project replaces no built-in file.")?;
    }
    Ok(Outcome::Fine)
}

/// Returns the built-in files with these names.
fn named(names: &[String]) -> Result<Vec<ThemeFile>, Failure> {
    let find = |name: &String| {
        ThemeFile::find(name).ok_or_else(|| {
            let all: Vec<&str> = ThemeFile::all().map(|file| file.name).collect();
            let help = match nearest(name, all) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "run `candor theme list` to list all files".to_owned(),
            };
            Failure::new(format!("there is no built-in file `{}`", name.escape_debug()), help)
        })
    };
    names.iter().map(find).collect()
}

fn open(context: &Context) -> Result<Dir, Failure> {
    let failed = |error: FileError| {
        Failure::new(format!("`{}` {error}", context.project.root().display()), "check its permissions")
    };
    context.project.open().map_err(failed)
}

/// Returns the file of the project that replaces a built-in one, if there is one.
fn read(project: &Dir, file: &ThemeFile) -> Result<Option<String>, Failure> {
    let path = file.path();
    match project.read(Path::new(&path), LARGEST) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.is_missing() => Ok(None),
        Err(error) => Err(Failure::new(format!("`{path}` {error}"), "replace it with a file, or remove it")),
    }
}
