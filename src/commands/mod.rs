//! The commands, one per file. A command runs the stages and prints the result.
//!
//! Only commands read the clock and print: results to stdout, everything else to stderr. With
//! `--quiet`, a command prints only errors and the result that was asked for (such as a schedule, a
//! diff or a schema), but no success message.

pub mod build;
pub mod check;
mod context;
mod current;
pub mod delivery;
pub mod diff;
pub mod explain;
#[cfg(feature = "import")]
pub mod import;
pub mod init;
pub mod notice;
pub mod pages;
pub mod printed;
#[cfg(feature = "publish")]
pub mod publish;
pub mod questionnaire;
pub mod redact;
pub mod release;
mod releases;
pub mod schedule;
pub mod schema;
pub mod theme;
pub mod translate;
pub mod verify;
mod watchdog;

#[cfg(feature = "serve")]
pub mod serve;

pub use context::{Context, Failure, Outcome};

use crate::cli::{Cli, Command, Global};
use crate::terminal::{Colors, Printer};

/// Runs one command.
///
/// # Errors
/// If the command cannot run (exit code 2).
pub fn run(cli: &Cli) -> Result<Outcome, Failure> {
    show_log(&cli.global);
    let context = Context::new(cli)?;
    match &cli.command {
        // It has a watchdog of its own.
        #[cfg(feature = "serve")]
        Command::Serve(_) => {}
        _ => watchdog::start(&context)?,
    }
    match &cli.command {
        Command::Build(args) => build::run(args, &context),
        Command::Schedule(args) => schedule::run(args, &context),
        Command::Questionnaire(args) => questionnaire::run(args, &context),
        Command::Notice(args) => notice::run(args, &context),
        Command::Release(args) => release::run(args, &context),
        Command::Diff(args) => diff::run(args, &context),
        Command::Redact(args) => redact::run(args, &context),
        Command::Verify(args) => verify::run(args, &context),
        Command::Check(args) => check::run(args, &context),
        Command::Explain(args) => explain::run(args, &context),
        Command::Theme(args) => theme::run(args, &context),
        Command::Translate(args) => translate::run(args, &context),
        Command::Schema(args) => schema::run(args, &context),
        #[cfg(feature = "import")]
        Command::Import(args) => import::run(args, &context),
        Command::Init(args) => init::run(args, &context),
        Command::Completions(args) => pages::completions(args, &context),
        Command::Man(args) => pages::man(args, &context),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::run(args, &context),
        #[cfg(feature = "publish")]
        Command::Publish(args) => publish::run(args, &context),
    }
}

/// Prints the log messages of the stages to stderr.
fn show_log(global: &Global) {
    let mut logger = env_logger::Builder::new();
    logger.target(env_logger::Target::Pipe(Box::new(Printer::stderr(Colors::Auto))));
    logger.filter_module("candor", log_level(global)).format(|out, record| {
        use std::io::Write;
        writeln!(out, "{}: {}", record.level().as_str().to_lowercase(), record.args())
    });
    // A program that uses the library may have set a logger already.
    let _ = logger.try_init();
}

/// Returns the maximum log level to print.
fn log_level(global: &Global) -> log::LevelFilter {
    match (global.quiet, global.verbose) {
        (true, _) => log::LevelFilter::Error,
        (false, 0) => log::LevelFilter::Warn,
        (false, 1) => log::LevelFilter::Info,
        (false, _) => log::LevelFilter::Debug,
    }
}

/// Prints on stderr why a command could not run.
pub fn explain_failure(failure: &Failure) {
    use std::io::Write;
    let mut err = Printer::stderr(Colors::Auto);
    // If stderr is closed, there is nowhere left to report errors.
    let _ = writeln!(err, "error: {}", failure.message);
    if !failure.help.is_empty() {
        let _ = writeln!(err, "  help: {}", failure.help);
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::log_level;
    use crate::cli::Cli;

    #[test]
    fn each_verbose_flag_increases_the_log_level() {
        let level = |arguments: &[&str]| {
            let arguments = ["candor", "check"].iter().chain(arguments);
            log_level(&Cli::try_parse_from(arguments).expect("arguments").global)
        };
        let levels = [level(&["-q"]), level(&[]), level(&["-v"]), level(&["-vv"])];
        assert!(levels.is_sorted_by(|less, more| less < more), "{levels:?}");
        assert_eq!(level(&["-v", "-v"]), level(&["-vv"]));
    }
}
