//! `candor schema`: prints the JSON Schema of a file format, for editors and programs.

use std::io::Write;
use std::path::Path;

use super::printed::{PRINTED, STORED};
use super::{Context, Failure, Outcome};
use crate::cli::SchemaArgs;
use crate::diagnostic::nearest;
use crate::files;
use crate::formats::schema::PUBLISHED;
use crate::schema::overlays::OVERLAYS;
use crate::schema::{self, Format};

/// Returns all formats: content files, files of a site, and the output of commands.
pub fn all() -> Vec<Format> {
    [schema::CONTENT, OVERLAYS, PUBLISHED.as_slice(), PRINTED.as_slice(), STORED.as_slice()].concat()
}

/// Prints one schema, lists all, or writes all into a folder.
///
/// # Errors
/// If the format does not exist, or a file cannot be written.
pub fn run(args: &SchemaArgs, context: &Context) -> Result<Outcome, Failure> {
    let formats = all();
    if let Some(folder) = &args.write {
        write(&formats, folder)?;
        if !context.quiet {
            writeln!(context.out(), "{} schemas written to {}", formats.len(), folder.display())?;
        }
        return Ok(Outcome::Fine);
    }
    match &args.name {
        Some(name) => {
            let format = schema::find(&formats, name).ok_or_else(|| unknown(name, &formats))?;
            context.out().json(String::from_utf8_lossy(&format.bytes()).trim_end())?;
        }
        None => write!(context.out(), "{}", list(&formats))?,
    }
    Ok(Outcome::Fine)
}

fn write(formats: &[Format], folder: &Path) -> Result<(), Failure> {
    for format in formats {
        let path = folder.join(format.path());
        files::write_chosen(folder, Path::new(&format.path()), &format.bytes()).map_err(|error| {
            Failure::new(
                format!("cannot write the schema `{}`: {}", path.display(), error.reason()),
                "choose a writable folder",
            )
        })?;
    }
    Ok(())
}

fn list(formats: &[Format]) -> String {
    let width = formats.iter().map(|format| format.path().len()).max().unwrap_or_default();
    let rows = formats.iter().map(|format| {
        let name = format.path();
        format!("{:width$}  {}\n", name.trim_end_matches(".json"), format.title)
    });
    rows.collect::<String>()
        + "\nRun `candor schema NAME` to print a schema, or `candor schema --write schemas` to write all of them.\n"
}

fn unknown(name: &str, formats: &[Format]) -> Failure {
    let help = match nearest(name, formats.iter().map(|format| format.name)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "run `candor schema` to list all schemas".to_owned(),
    };
    Failure::new(format!("there is no schema for `{}`", name.escape_debug()), help)
}
