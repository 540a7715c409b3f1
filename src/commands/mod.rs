//! One file per command: stages composed, result reported.
//!
//! This is the only place that reads the clock, and the place where findings and results meet
//! a terminal: results go to stdout, everything else to stderr.

pub mod build;
pub mod check;
mod context;
pub mod diff;
pub mod explain;
#[cfg(feature = "import")]
pub mod import;
pub mod init;
pub mod pages;
#[cfg(feature = "publish")]
pub mod publish;
pub mod release;
mod releases;
pub mod schedule;
pub mod schema;
pub mod verify;

#[cfg(feature = "serve")]
pub mod serve;

pub use context::{Context, Failure, Outcome};

use crate::cli::{Cli, Command, Global};
use crate::terminal::{Colors, Printer};

/// Runs one command.
///
/// # Errors
/// When the command could not run at all (exit code 2).
pub fn run(cli: &Cli) -> Result<Outcome, Failure> {
    show_log(&cli.global);
    let context = Context::new(&cli.global)?;
    match &cli.command {
        Command::Build(args) => build::run(args, &context),
        Command::Schedule(args) => schedule::run(args, &context),
        Command::Release(args) => release::run(args, &context),
        Command::Diff(args) => diff::run(args, &context),
        Command::Verify(args) => verify::run(args, &context),
        Command::Check(args) => check::run(args, &context),
        Command::Explain(args) => explain::run(args, &context),
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

/// What the stages say on the way goes to stderr: warnings, and with `-v` what helps to find out.
fn show_log(global: &Global) {
    let level = match (global.quiet, global.verbose) {
        (true, _) => log::LevelFilter::Error,
        (false, 0) => log::LevelFilter::Warn,
        (false, _) => log::LevelFilter::Debug,
    };
    let mut logger = env_logger::Builder::new();
    logger.target(env_logger::Target::Pipe(Box::new(Printer::stderr(Colors::Auto))));
    logger.filter_module("candor", level).format(|out, record| {
        use std::io::Write;
        writeln!(out, "{}: {}", record.level().as_str().to_lowercase(), record.args())
    });
    // A program that uses the library may have a logger of its own.
    let _ = logger.try_init();
}

/// Says on stderr why a command could not run.
pub fn explain_failure(failure: &Failure) {
    use std::io::Write;
    let mut err = Printer::stderr(Colors::Auto);
    // Nothing is left to do when stderr is gone too.
    let _ = writeln!(err, "error: {}", failure.message);
    if !failure.help.is_empty() {
        let _ = writeln!(err, "  help: {}", failure.help);
    }
}
