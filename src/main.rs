//! The `candor` program: parses the arguments, runs the command, and sets the exit code.

use std::process::ExitCode;

use candor::cli::Cli;
use candor::commands::{self, Outcome};
use candor::terminal;
use clap::Parser;

fn main() -> ExitCode {
    terminal::show_panics();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let text = error.render();
            terminal::show_usage(error.use_stderr(), &text.ansi().to_string(), &text.to_string());
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    match commands::run(&cli) {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Problems) => ExitCode::from(1),
        Err(failure) if failure.broken_pipe => ExitCode::SUCCESS,
        Err(failure) => {
            commands::explain_failure(&failure);
            ExitCode::from(2)
        }
    }
}
