//! Shell completions and manual pages, generated from the command line's definition.

use std::io::{self, Write};

use clap::CommandFactory;
use clap::builder::Command;

use super::Cli;

pub use clap_complete::Shell;

/// The name of the program.
const NAME: &str = "candor";

/// Writes the completions for a shell.
pub fn completions(shell: Shell, out: &mut dyn Write) -> io::Result<()> {
    // The generator panics on write errors, so let it write to memory first.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), NAME, &mut script);
    out.write_all(&script)
}

/// A manual page.
#[derive(Debug)]
pub struct Page {
    /// The file name: `candor.1`, `candor-build.1`.
    pub file: String,
    /// The page in roff.
    pub text: Vec<u8>,
}

/// Returns the manual pages: one for the program and one for each command.
pub fn manual() -> io::Result<Vec<Page>> {
    let mut program = Cli::command();
    program.build();
    let commands = program.get_subcommands().filter(|command| command.get_name() != "help");
    let pages = commands.map(|command| {
        let name = format!("{NAME}-{}", command.get_name());
        page(command.clone().name(&name).bin_name(command.get_bin_name().unwrap_or(NAME)), name)
    });
    std::iter::once(page(program.clone(), NAME.to_owned())).chain(pages).collect()
}

fn page(command: Command, name: String) -> io::Result<Page> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command).date("").source(concat!("candor ", env!("CARGO_PKG_VERSION"))).render(&mut text)?;
    Ok(Page { file: format!("{name}.1"), text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page() {
        let pages = manual().expect("pages");
        let names: Vec<&str> = pages.iter().map(|page| page.file.as_str()).collect();
        for wanted in ["candor.1", "candor-build.1", "candor-init.1", "candor-verify.1"] {
            assert!(names.contains(&wanted), "{names:?}");
        }
        assert!(pages.iter().all(|page| page.text.starts_with(b".ie")), "not roff");
    }

    #[test]
    fn generates_completions_for_every_shell() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell, Shell::Elvish] {
            let mut script = Vec::new();
            completions(shell, &mut script).expect("memory");
            let script = String::from_utf8(script).expect("UTF-8");
            assert!(script.contains("release") && script.contains("candor"), "{shell}");
        }
    }
}
