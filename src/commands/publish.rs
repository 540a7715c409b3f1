//! `candor publish`: builds the site and uploads it to object storage.

mod progress;

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::Write;
use std::time::Duration;

use self::progress::Progress;
use super::build::size;
use super::printed::{PlannedUpload, PublishPlan, PublishResult, json, json_report};
use super::{Context, Failure, Outcome};
use crate::cli::PublishArgs;
use crate::cli::format::AnnotatedFormat;
use crate::diagnostic::{Code, Diagnostic, Place, RefusedCommand, Report};
use crate::emit;
use crate::files;
use crate::model::{Digest, Version, WebUrl};
use crate::pipeline::{self, BuildRequest};
use crate::publish::{self, Destination, Options, Plan, PublishError, Summary};
use crate::text::counted;

/// Publishes the newest release.
///
/// # Errors
/// If the destination is not valid or cannot be used, another publish has locked it, or the purge file cannot be written.
pub fn run(args: &PublishArgs, context: &Context) -> Result<Outcome, Failure> {
    // Parse the address first, so that a typo is reported before the build.
    let destination = Destination::parse(&args.destination, args.endpoint.as_deref()).map_err(failure)?;
    if let Some(folder) = destination.folder() {
        emit::protect(folder, &context.project).map_err(|error| {
            Failure::new(error.to_string(), "choose a folder outside of content/, static/ and templates/")
        })?;
    }
    // A folder and a dry run serve to try candor; object storage is where readers see the site.
    let command = match args.allow_placeholders || args.dry_run || destination.is_folder() {
        true => RefusedCommand::Publish,
        false => RefusedCommand::Upload,
    };
    let request =
        BuildRequest { base_url: args.base_url.clone(), command: Some(command), ..BuildRequest::new(context.as_of) };
    let progress = Progress::start(args.format, context);
    let mut made = match pipeline::build_site(&context.project, &request) {
        Ok(made) => made,
        Err(report) => {
            drop(progress);
            let outcome = context.refuse(&report, command)?;
            if command == RefusedCommand::Upload && !report.refuses(RefusedCommand::Publish) {
                writeln!(context.err(), "help: replace the placeholders, or publish them with --allow-placeholders")?;
            }
            return Ok(outcome);
        }
    };
    progress.step("checking links");
    let links = made.check_links();
    made.report.merge(links);
    if made.report.has_errors() {
        drop(progress);
        return context.refuse(&made.report, RefusedCommand::Publish);
    }
    // For programs, the diagnostics are part of the result.
    if args.format == AnnotatedFormat::Human {
        context.report(&made.report)?;
    }
    let report = &made.report;
    let options = options(args, made.publication.settings.base_url.clone());
    let done = if args.dry_run {
        let plan = publish::dry_run(&made.site, &destination, &options, &|event| progress.prepare(event));
        drop(progress);
        plan.map(|plan| print_plan(&plan, &destination, report, args.format, context))
    } else {
        let purge_file = purge_file(args, &options)?;
        let summary = publish::publish(&made.site, &destination, &options, &|event| progress.show(event));
        drop(progress);
        summary.map(|summary| {
            write_purge_file(purge_file, &summary, args)?;
            print_summary(summary, &destination, report, args.format, context)
        })
    };
    match done {
        Ok(printed) => printed.map(|()| Outcome::Fine),
        Err(PublishError::Page { report, .. }) => context.report(&report),
        Err(error @ PublishError::RedactionMissing { version, .. }) => {
            context.report(&wrong_history(Code::RedactionMissing, &error, version, context).into())
        }
        Err(error @ (PublishError::HistoryMissing { version, .. } | PublishError::HistoryDiffers { version, .. })) => {
            context.report(&wrong_history(Code::HistoryRewritten, &error, version, context).into())
        }
        Err(error) => Err(failure(error)),
    }
}

fn failure(error: PublishError) -> Failure {
    Failure::new(error.to_string(), error.help())
}

/// Returns the diagnostic for a published release that is missing or different in the project.
fn wrong_history(code: Code, error: &PublishError, version: Version, context: &Context) -> Diagnostic {
    let file = context.project.releases().join(format!("{version}.json"));
    Diagnostic::new(code, error.to_string()).at(Place::file(context.project.display(&file)), "").help(error.help())
}

fn options(args: &PublishArgs, base_url: Option<WebUrl>) -> Options {
    // The standard library seeds its hashers with random numbers of the system.
    let random = || RandomState::new().build_hasher().finish();
    let now = jiff::Timestamp::now();
    Options {
        run: Digest::of(format!("{now} {} {}", random(), random()).as_bytes()),
        now: now.into(),
        compress: !args.no_compress,
        base_url,
        take_over: args.take_over,
        adopt: args.adopt,
        resend: args.resend,
        jobs: args.jobs.into(),
        no_lock: args.no_lock,
        time_limit: Duration::from_secs(args.timeout.into()),
    }
}

/// Opens the purge file before anything is published, so that the list is not lost if the file cannot be created.
fn purge_file(args: &PublishArgs, options: &Options) -> Result<Option<impl Write + use<>>, Failure> {
    let Some(path) = &args.purge_file else { return Ok(None) };
    if options.base_url.is_none() {
        return Err(Failure::new(
            "--purge-file needs the address of the site",
            "set base_url in content/site.yaml, or use --base-url",
        ));
    }
    files::create_chosen(path).map(Some).map_err(|error| unwritable(path, &error))
}

fn write_purge_file(file: Option<impl Write>, summary: &Summary, args: &PublishArgs) -> Result<(), Failure> {
    if let (Some(mut file), Some(path)) = (file, &args.purge_file) {
        let list: String = summary.purge.iter().map(|address| format!("{address}\n")).collect();
        file.write_all(list.as_bytes()).map_err(|error| unwritable(path, &error))?;
    }
    Ok(())
}

fn unwritable(path: &std::path::Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot write `{}`: {error}", path.display()), "choose another file with --purge-file")
}

fn print_plan(
    plan: &Plan,
    destination: &Destination,
    report: &Report,
    format: AnnotatedFormat,
    context: &Context,
) -> Result<(), Failure> {
    if format == AnnotatedFormat::Json {
        let upload = plan.uploads.iter().map(|upload| PlannedUpload {
            path: upload.path.to_string(),
            phase: upload.phase.as_str(),
            bytes: upload.entry.size,
        });
        let plan = PublishPlan {
            destination: destination.address(),
            upload: upload.collect(),
            keep: plan.keep.len(),
            retain: plan.retain.keys().map(ToString::to_string).collect(),
            delete: plan.delete.iter().map(ToString::to_string).collect(),
            bytes: plan.bytes(),
            report: json_report(report),
        };
        context.out().json(&json(&plan)?)?;
        return Ok(());
    }
    // The plan is the result of a dry run, so `--quiet` does not hide it.
    let mut out = context.out();
    for upload in &plan.uploads {
        writeln!(out, "upload  {}  ({})", upload.path, size(upload.entry.size))?;
    }
    for path in plan.retain.keys() {
        writeln!(out, "retain  {path}")?;
    }
    for path in &plan.delete {
        writeln!(out, "delete  {path}")?;
    }
    writeln!(out, "Dry run for {}: {}", destination.address(), outline(plan))?;
    Ok(())
}

/// Returns a summary of a plan in one line.
fn outline(plan: &Plan) -> String {
    let mut text = format!(
        "{} to upload ({}), {} to keep, {} to delete",
        counted(plan.uploads.len(), "file"),
        size(plan.bytes()),
        plan.keep.len(),
        plan.delete.len(),
    );
    if !plan.retain.is_empty() {
        text += &format!(", {} to retain for older pages", counted(plan.retain.len(), "old asset"));
    }
    text
}

fn print_summary(
    summary: Summary,
    destination: &Destination,
    report: &Report,
    format: AnnotatedFormat,
    context: &Context,
) -> Result<(), Failure> {
    if format == AnnotatedFormat::Json {
        let result = PublishResult {
            destination: destination.address(),
            generation: summary.generation,
            uploaded: summary.uploaded,
            bytes: summary.bytes,
            kept: summary.kept,
            retained: summary.retained,
            deleted: summary.deleted,
            purge: summary.purge,
            report: json_report(report),
        };
        context.out().json(&json(&result)?)?;
        return Ok(());
    }
    if context.quiet {
        return Ok(());
    }
    let mut out = context.out();
    if summary.uploaded == 0 && summary.deleted == 0 {
        writeln!(out, "{} is up to date: {}", destination.address(), counted(summary.kept, "file"))?;
        return Ok(());
    }
    writeln!(
        out,
        "Published to {}: {} uploaded ({}), {} kept, {} deleted",
        destination.address(),
        counted(summary.uploaded, "file"),
        size(summary.bytes),
        summary.kept,
        summary.deleted,
    )?;
    if !summary.purge.is_empty() {
        writeln!(out, "Outdated copies of {} may be cached", counted(summary.purge.len(), "URL"))?;
    }
    Ok(())
}
