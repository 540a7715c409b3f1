//! The `candor` program: parse, dispatch, exit code.

use std::process::ExitCode;

use candor::cli::Cli;
use candor::commands::{self, Outcome};
use clap::Parser;

fn main() -> ExitCode {
    let cli = Cli::parse();
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
