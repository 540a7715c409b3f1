//! `candor completions` and `candor man`: generate files that packagers install with the program.

use std::path::Path;

use super::{Context, Failure, Outcome};
use crate::cli::{CompletionsArgs, ManArgs, pages};
use crate::files;

/// Prints the completions for a shell.
///
/// # Errors
/// If the output cannot be written.
pub fn completions(args: &CompletionsArgs, context: &Context) -> Result<Outcome, Failure> {
    pages::completions(args.shell, &mut context.out())?;
    Ok(Outcome::Fine)
}

/// Prints the program's manual page, or writes all pages into a folder.
///
/// # Errors
/// If the output or a file cannot be written.
pub fn man(args: &ManArgs, context: &Context) -> Result<Outcome, Failure> {
    use std::io::Write;
    let pages = pages::manual()?;
    let Some(folder) = &args.write else {
        let text = pages.first().map(|page| page.text.as_slice()).unwrap_or_default();
        context.out().write_all(text)?;
        return Ok(Outcome::Fine);
    };
    for page in &pages {
        let path = folder.join(&page.file);
        files::write_chosen(folder, Path::new(&page.file), &page.text).map_err(|error| {
            let message = format!("cannot write `{}`: {}", path.display(), error.reason());
            Failure::new(message, "choose a writable folder")
        })?;
    }
    if !context.quiet {
        writeln!(context.out(), "{} pages written to {}", pages.len(), folder.display())?;
    }
    Ok(Outcome::Fine)
}
