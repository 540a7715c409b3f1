//! `candor schema`: the JSON Schema of a file, for editors and programs.

use std::io::Write;
use std::path::Path;

use super::printed::PRINTED;
use super::{Context, Failure, Outcome};
use crate::cli::SchemaArgs;
use crate::diagnostic::nearest;
use crate::files;
use crate::formats::schema::PUBLISHED;
use crate::schema::{self, Format};

/// All formats: what the publisher writes, what a site publishes, and what candor prints.
pub fn all() -> Vec<Format> {
    [schema::CONTENT, PUBLISHED.as_slice(), PRINTED.as_slice()].concat()
}

/// Prints one schema, lists all, or writes all into a folder.
///
/// # Errors
/// When there is no such format, or a file cannot be written.
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
                "name a folder that you may write to",
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
    rows.collect::<String>() + "\n`candor schema NAME` prints one, `candor schema --write schemas` writes all.\n"
}

fn unknown(name: &str, formats: &[Format]) -> Failure {
    let help = match nearest(name, formats.iter().map(|format| format.name)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`candor schema` lists what there is".to_owned(),
    };
    Failure::new(format!("there is no schema for `{}`", name.escape_debug()), help)
}
