//! `candor build`: builds the site into `dist/`, which is replaced atomically.

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use super::{Context, Failure, Outcome};
use crate::cli::BuildArgs;
use crate::cli::format::ReportFormat;
use crate::diagnostic::RefusedCommand;
use crate::emit::{self, EmitError, Written};
use crate::pipeline::{self, BuildRequest};
use crate::text::counted;

/// Builds the site.
///
/// # Errors
/// If the output folder cannot be written.
pub fn run(args: &BuildArgs, context: &Context) -> Result<Outcome, Failure> {
    let start = Instant::now();
    let (name, command) = match args.no_placeholders {
        true => ("build --no-placeholders", RefusedCommand::Upload),
        false => (RefusedCommand::Build.as_str(), RefusedCommand::Build),
    };
    let request = BuildRequest {
        draft: args.draft,
        base_url: args.base_url.clone(),
        command: Some(command),
        ..BuildRequest::new(context.as_of)
    };
    let out = args.out.clone().unwrap_or_else(|| context.project.dist());
    let options = emit::Options::for_project(&context.project, !args.no_compress);
    let made = match pipeline::build_site(&context.project, &request) {
        Ok(made) => made,
        Err(report) => return context.refuse_as(name, &report, command),
    };
    let links = made.link_check();
    match emit::write_inspected(&made.site, &out, &options, Some(&links)) {
        Ok(written) => {
            let mut report = links.report();
            report.merge(made.report.clone());
            context.report(&report)?;
            print(&written, &out, start, made.publication.draft.is_some(), context)?;
            Ok(Outcome::Fine)
        }
        Err(EmitError::Produce(mut report)) => {
            report.merge(made.report.clone());
            context.report(&report)
        }
        Err(error) => Err(Failure::new(error.to_string(), error.help())),
    }
}

/// Prints a summary of what was written.
fn print(written: &Written, out: &Path, start: Instant, draft: bool, context: &Context) -> Result<(), Failure> {
    if context.quiet || context.reports != ReportFormat::Human {
        return Ok(());
    }
    let verb = match (written.unchanged, draft) {
        (true, _) => "Unchanged",
        (false, true) => "Built a draft",
        (false, false) => "Built",
    };
    let reused = match written.reused {
        0 => String::new(),
        _ if written.unchanged => String::new(),
        reused => format!(", {} unchanged", counted(reused, "file")),
    };
    writeln!(
        context.out(),
        "{verb}: {} and {}, {}{reused}, in {} -> {}",
        counted(written.pages, "page"),
        counted(written.files - written.pages, "other file"),
        size(written.bytes),
        duration(start),
        out.display(),
    )?;
    Ok(())
}

/// Formats a number of bytes for people, in units of 1000.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

/// Formats the time since `start` for people.
pub(super) fn duration(start: Instant) -> String {
    let elapsed = start.elapsed();
    if elapsed.as_secs() >= 1 {
        format!("{:.1} s", elapsed.as_secs_f64())
    } else {
        format!("{} ms", elapsed.as_millis())
    }
}
