//! `candor build`: content -> `dist/`, atomically.

use std::io::Write;
use std::path::Path;
use std::time::{Instant, SystemTime};

use super::pipeline::{self, Wanted};
use super::{Context, Failure, Outcome};
use crate::cli::{BuildArgs, Format};
use crate::diagnostic::{RefusedCommand, Report};
use crate::emit::{self, EmitError, Written};

/// Builds the site.
///
/// # Errors
/// When the folder cannot be written.
pub fn run(args: &BuildArgs, context: &Context) -> Result<Outcome, Failure> {
    let (start, started) = (Instant::now(), SystemTime::now());
    let wanted = Wanted {
        draft: args.draft,
        base_url: args.base_url.clone(),
        as_of: context.as_of,
        command: Some(RefusedCommand::Build),
    };
    let out = args.out.clone().unwrap_or_else(|| context.project.dist());
    let run = emit::Run { request: wanted.request(), started, findings: Report::new() };
    let mut options =
        emit::Options { run: Some(run), ..emit::Options::for_project(&context.project, !args.no_compress) };
    if let Some((written, findings)) = emit::recall(&out, &options) {
        let outcome = context.report(&findings)?;
        tell(&written, &out, start, false, context)?;
        return Ok(outcome);
    }
    let made = match pipeline::make(&context.project, &wanted) {
        Ok(made) => made,
        Err(report) => return context.refuse(&report, RefusedCommand::Build),
    };
    if let Some(run) = &mut options.run {
        run.findings = made.report.clone();
    }
    match emit::write(&made.site, &out, &options) {
        Ok(written) => {
            context.report(&made.report)?;
            tell(&written, &out, start, made.publication.draft.is_some(), context)?;
            // The process ends here: the system takes back a history of thousands of releases faster than it is taken apart.
            std::mem::forget(made);
            Ok(Outcome::Fine)
        }
        Err(EmitError::Produce(mut report)) => {
            report.merge(made.report);
            context.report(&report)
        }
        Err(error) => Err(Failure::new(error.to_string(), error.help())),
    }
}

/// One line on what was written, or an object for programs.
fn tell(written: &Written, out: &Path, start: Instant, draft: bool, context: &Context) -> Result<(), Failure> {
    if context.quiet || context.format != Format::Human {
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
        reused => format!(", {reused} files as they were"),
    };
    writeln!(
        context.out(),
        "{verb}: {} pages and {} other files, {}{reused}, in {} -> {}",
        written.pages,
        written.files - written.pages,
        size(written.bytes),
        duration(start),
        out.display(),
    )?;
    Ok(())
}

/// A number of bytes for people, in units of 1000.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

/// The time since `start` for people.
pub(super) fn duration(start: Instant) -> String {
    let elapsed = start.elapsed();
    if elapsed.as_secs() >= 1 {
        format!("{:.1} s", elapsed.as_secs_f64())
    } else {
        format!("{} ms", elapsed.as_millis())
    }
}
