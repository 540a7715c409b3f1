//! Sends a notice by email to the recipients of a list.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Compose, malformed};
use crate::cli::delivery::{DeliveryArgs, MailArgs};
use crate::commands::{Context, Failure, Outcome};
use crate::commands::{context, release};
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::files::{self, Dir, FileError, LockError};
use crate::history::sent::SentNotice;
use crate::history::store::{Folder, WriteError};
use crate::model::Digest;
use crate::notice::mail::recipients::{self, MAX_BYTES};
use crate::notice::mail::{
    Delivery, DeliveryError, Ledger, LedgerError, Pace, Recipient, RecipientList, Sender, SmtpServer, Summary,
    Unfinished,
};
use crate::notice::message::{Audience, Message};
use crate::project::Project;
use crate::text::counted;

/// The environment variable with the address of the server.
const SERVER: &str = "SMTP_URL";

/// How often to report progress, in messages.
const PROGRESS: usize = 100;

/// The maximum size of a file with certificates, in bytes.
const MAX_CERTIFICATES: u64 = 1024 * 1024;

/// Where the ledger is.
struct LedgerPlace {
    dir: Dir,
    name: PathBuf,
}

/// Sends the notice, or prints what would be sent.
///
/// # Errors
/// If the list, the ledger or the server cannot be used.
pub(super) fn send(
    args: &DeliveryArgs,
    general: &Message,
    compose: &Compose<'_>,
    default: Option<Sender>,
    context: &Context,
) -> Result<Outcome, Failure> {
    let mail = &args.mail;
    let path = mail.recipients.as_deref().unwrap_or(Path::new(""));
    check_outside(path, "the list of recipients", &context.project)?;
    let list = match list(path)? {
        Ok(list) => list,
        Err(report) => return context.report(&report),
    };
    let (report, unconcerned) = check_composing(&list, compose);
    if report.has_errors() {
        return context.report(&report);
    }
    let sender = sender(mail, default)?;
    let place = ledger_place(mail, path, &context.project)?;
    if !context.quiet && !list.unused.is_empty() {
        writeln!(context.err(), "note: unused columns: {}", list.unused.join(", "))?;
    }
    if !mail.yes {
        return preview(&list, &unconcerned, general, &sender, &place, mail, context);
    }
    let Some(server) = server()? else {
        let help = "set it to the address of the SMTP server, such as smtps://USER:PASSWORD@HOST";
        return Err(Failure::new(format!("{SERVER} is not set"), help));
    };
    let ca = mail.ca_file.as_deref().map(certificates).transpose()?;
    let lock_name = PathBuf::from(format!("{}.lock", place.name.display()));
    let _lock = place.dir.lock_by_file(&lock_name).map_err(|error| match error {
        LockError::Held => Failure::new(
            format!("another run uses the ledger `{}`", place.shown()),
            "wait until it ends; it sends to the recipients that are left",
        ),
        LockError::File(source) => ledger_failure(&LedgerError::File { path: place.shown(), source }),
    })?;
    let mut ledger = Ledger::open(&place.dir, &place.name, general.version, general.record)
        .map_err(|error| ledger_failure(&error))?;
    check_ledger(&ledger, mail, &place, general, context)?;
    settle(&mut ledger, context)?;
    let pace = Pace {
        per_minute: mail.rate,
        retries: args.retries,
        wait: Duration::from_secs(args.retry_wait.into()),
        timeout: Duration::from_secs(args.timeout.into()),
    };
    let now = jiff::Timestamp::now;
    let delivery = Delivery {
        server: &server,
        ca: ca.as_deref(),
        sender: &sender,
        pace,
        resend_uncertain: mail.resend_uncertain,
        now: &now,
    };
    let message = |recipient: &Recipient| compose(&recipient.audience).map_err(|failure| failure.message);
    let total = list.recipients.len();
    let summary = delivery.run(&list.recipients, &mut ledger, &message, &mut |done| {
        if !context.quiet && done % PROGRESS == 0 {
            // Errors cannot be reported if the stream is closed; the messages are more important.
            let _ = writeln!(context.err(), "{done} of {total} recipients done");
        }
    });
    let recorded = record(&mut ledger, general, context);
    let outcome = print(&summary, path, context)?;
    if let Some(file) = recorded?
        && !context.quiet
    {
        writeln!(context.out(), "recorded in {file}; commit it, and the next release binds it")?;
    }
    match summary.stopped {
        Some(stop) => Err(stopped(&stop, &summary.undelivered)),
        None => Ok(outcome),
    }
}

impl LedgerPlace {
    fn shown(&self) -> String {
        self.dir.path().join(&self.name).display().to_string()
    }
}

/// Refuses a file with addresses inside the repository of the project, where it would be committed.
fn check_outside(path: &Path, what: &str, project: &Project) -> Result<(), Failure> {
    let missing = |error: std::io::Error| {
        let help = "specify a file outside the repository of the project";
        Failure::new(format!("cannot read `{}`: {error}", path.display()), help)
    };
    let real = files::real_path(path).map_err(missing)?;
    let root = files::real_path(project.root()).map_err(missing)?;
    let is_top = |folder: &&Path| Dir::open(folder).is_ok_and(|dir| matches!(dir.kind(Path::new(".git")), Ok(Some(_))));
    let top = root.ancestors().find(is_top).unwrap_or(&root);
    if real.starts_with(top) {
        let message = format!("{what}, `{}`, is inside the project's repository", path.display());
        return Err(Failure::new(
            message,
            "move it outside: addresses of customers do not belong into version control",
        ));
    }
    Ok(())
}

fn list(path: &Path) -> Result<Result<RecipientList, Report>, Failure> {
    let bytes = files::read_chosen(path, MAX_BYTES).map_err(|error| {
        Failure::new(format!("cannot read `{}`: {}", path.display(), error.reason()), "set --recipients to a CSV file")
    })?;
    Ok(recipients::read(&path.display().to_string(), &bytes))
}

/// Composes the message for each combination of features and languages, so that all problems are known before the first is sent.
/// Also returns the recipients whom no change concerns.
fn check_composing<'r>(list: &'r RecipientList, compose: &Compose<'_>) -> (Report, Vec<&'r Recipient>) {
    let (mut report, mut unconcerned) = (Report::new(), Vec::new());
    let mut known: HashMap<Audience, Result<bool, (String, String)>> = HashMap::new();
    for recipient in &list.recipients {
        let Audience { features, language, .. } = recipient.audience.clone();
        let audience = Audience { features, language, ..Audience::default() };
        let result = known.entry(audience).or_insert_with_key(|audience| match compose(audience) {
            Ok(message) => Ok(message.is_some()),
            Err(failure) => Err((failure.message, failure.help)),
        });
        if *result == Ok(false) {
            unconcerned.push(recipient);
        }
        if let Err((message, help)) = result {
            let place = Place::new(&list.source, list.source.line(recipient.line));
            let found = Diagnostic::new(Code::BadRecipient, message.clone()).at(place, "");
            report.push(if help.is_empty() { found } else { found.help(help.clone()) });
        }
    }
    (report, unconcerned)
}

fn sender(mail: &MailArgs, default: Option<Sender>) -> Result<Sender, Failure> {
    let Some(from) = &mail.from else {
        let help = "set --from, or `subscribe.email` or a contact with an email address in site.yaml";
        return default.ok_or_else(|| Failure::new("there is no sender", help));
    };
    let stated: Sender = from.parse().map_err(malformed)?;
    let (name, unsubscribe) = default.map(|sender| (sender.name, sender.unsubscribe)).unwrap_or_default();
    let name = if stated.name.is_empty() { name } else { stated.name };
    Ok(Sender { email: stated.email, name, unsubscribe })
}

fn ledger_place(mail: &MailArgs, list: &Path, project: &Project) -> Result<LedgerPlace, Failure> {
    let path = mail.ledger.clone().unwrap_or_else(|| {
        let mut name = list.as_os_str().to_owned();
        name.push(".ledger");
        PathBuf::from(name)
    });
    let folder = path.parent().unwrap_or(Path::new(""));
    let failed = |source: FileError| ledger_failure(&LedgerError::File { path: path.display().to_string(), source });
    let dir = Dir::open(folder).map_err(failed)?;
    let name = path.file_name().map(PathBuf::from);
    let name = name.ok_or_else(|| Failure::new("--ledger is not a file", "set it to the path of a file"))?;
    check_outside(dir.path(), "the folder of the ledger", project)?;
    Ok(LedgerPlace { dir, name })
}

fn ledger_failure(error: &LedgerError) -> Failure {
    Failure::new(error.to_string(), error.help())
}

fn server() -> Result<Option<SmtpServer>, Failure> {
    match std::env::var(SERVER) {
        Ok(address) if !address.trim().is_empty() => SmtpServer::parse(&address).map(Some).map_err(malformed),
        Ok(_) | Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(Failure::new(format!("{SERVER} is not UTF-8"), "percent-encode special characters"))
        }
    }
}

fn certificates(path: &Path) -> Result<Vec<u8>, Failure> {
    files::read_chosen(path, MAX_CERTIFICATES).map_err(|error| {
        let help = "set --ca-file to a PEM file with the certificate of the authority";
        Failure::new(format!("cannot read `{}`: {}", path.display(), error.reason()), help)
    })
}

/// Refuses a list whose own ledger is empty although the notice was sent: the same people may be in the list that it was sent to.
fn check_ledger(
    ledger: &Ledger,
    mail: &MailArgs,
    place: &LedgerPlace,
    general: &Message,
    context: &Context,
) -> Result<(), Failure> {
    let is_sent = || Folder::of(&context.project).states_notice(general.version, general.record);
    if mail.ledger.is_some() || !ledger.is_empty() || !is_sent().map_err(|error| not_read(&error))? {
        return Ok(());
    }
    let version = general.version;
    let message =
        format!("the notice of {version} was sent before, but the ledger `{}` has no recipient of it", place.shown());
    let help = "set --ledger to the ledger of that run, so that no recipient gets the notice twice, or to another file if this list has other recipients";
    Err(Failure::new(message, help))
}

fn not_read(error: &WriteError) -> Failure {
    Failure::new(error.to_string(), "nothing was sent; fix the cause, then run the command again")
}

/// Prints what would be sent.
fn preview(
    list: &RecipientList,
    unconcerned: &[&Recipient],
    general: &Message,
    sender: &Sender,
    place: &LedgerPlace,
    mail: &MailArgs,
    context: &Context,
) -> Result<Outcome, Failure> {
    let ledger = Ledger::read(&place.dir, &place.name, general.version, general.record)
        .map_err(|error| ledger_failure(&error))?;
    check_ledger(&ledger, mail, place, general, context)?;
    let outcome = |recipient: &&Recipient| ledger.outcome(&recipient.email);
    let sent = |recipient: &&Recipient| outcome(recipient) == Some(crate::notice::mail::Outcome::Sent);
    let uncertain = |recipient: &&Recipient| outcome(recipient).is_some_and(crate::notice::mail::Outcome::is_uncertain);
    let already = list.recipients.iter().filter(sent).count();
    let unknown: Vec<&Recipient> = list.recipients.iter().filter(uncertain).collect();
    let is_held = |recipient: &&Recipient| !mail.resend_uncertain && uncertain(recipient);
    let left = unconcerned.iter().filter(|recipient| !sent(recipient) && !is_held(recipient)).count();
    let held = unknown.iter().filter(|recipient| is_held(recipient)).count();
    let mut out = context.out();
    writeln!(out, "dry run: nothing was sent; add --yes to send")?;
    writeln!(out, "release:    {}", general.version)?;
    writeln!(out, "subject:    {}", general.subject)?;
    match sender.name.as_str() {
        "" => writeln!(out, "from:       {}", sender.email)?,
        name => writeln!(out, "from:       {name} <{}>", sender.email)?,
    }
    match server()? {
        Some(server) => writeln!(out, "server:     {server}")?,
        None => writeln!(out, "server:     {SERVER} is not set")?,
    }
    writeln!(out, "recipients: {}", list.recipients.len())?;
    writeln!(out, "to send:    {}", list.recipients.len() - already - held - left)?;
    if left > 0 {
        writeln!(out, "left out:   {left} (no change concerns them)")?;
    }
    writeln!(out, "sent:       {already}")?;
    if !unknown.is_empty() {
        writeln!(out, "uncertain:  {}", unknown.len())?;
        for recipient in unknown {
            writeln!(out, "  line {}: {}", recipient.line, recipient.email)?;
        }
    }
    Ok(Outcome::Fine)
}

/// Adds what was sent to the project's list of notices, also for earlier runs that were killed before they could. Returns the path
/// of the file, if there is something to add.
fn record(ledger: &mut Ledger, general: &Message, context: &Context) -> Result<Option<String>, Failure> {
    let recipients = ledger.unrecorded();
    if recipients == 0 {
        return Ok(None);
    }
    let entry = SentNotice {
        date: context::today(),
        recipients,
        record: general.record,
        text: Digest::of(general.text.as_bytes()),
    };
    let folder = Folder::of(&context.project);
    let _lock = release::lock(&folder)?;
    let (bound, file) = folder.with_notice(general.version, &entry).map_err(|error| not_recorded(&error))?;
    ledger.will_record(&bound, jiff::Timestamp::now()).map_err(|error| ledger_failure(&error))?;
    let path = folder.write_notice(general.version, &file).map_err(|error| not_recorded(&error))?;
    ledger.recorded(jiff::Timestamp::now()).map_err(|error| ledger_failure(&error))?;
    Ok(Some(path))
}

/// Notes in the ledger what an earlier run added to the project's list of notices before it was killed.
fn settle(ledger: &mut Ledger, context: &Context) -> Result<(), Failure> {
    let Some(bound) = ledger.recording() else { return Ok(()) };
    match Folder::of(&context.project).has_notice(&bound).map_err(|error| not_recorded(&error))? {
        true => ledger.recorded(jiff::Timestamp::now()).map_err(|error| ledger_failure(&error)),
        false => Ok(()),
    }
}

fn not_recorded(error: &WriteError) -> Failure {
    let help = "the messages were sent; fix the cause, then run the command again to record them";
    Failure::new(error.to_string(), help)
}

/// Prints how the delivery ended.
fn print(summary: &Summary<'_>, path: &Path, context: &Context) -> Result<Outcome, Failure> {
    let mut out = context.out();
    if !context.quiet {
        writeln!(out, "{} sent", counted(summary.sent, "message"))?;
        if summary.already_sent > 0 {
            writeln!(out, "{} had the notice already", counted(summary.already_sent, "recipient"))?;
        }
        if summary.not_concerned > 0 {
            writeln!(out, "{} left out: no change concerns them", counted(summary.not_concerned, "recipient"))?;
        }
    }
    let mut err = context.err();
    let lists = [
        ("rejected by the server", &summary.rejected),
        ("uncertain: the server may have accepted the message", &summary.uncertain),
        ("not delivered", &summary.undelivered),
    ];
    for (what, list) in lists {
        if list.is_empty() {
            continue;
        }
        writeln!(err, "{} {what}:", counted(list.len(), "recipient"))?;
        for Unfinished { recipient, reason } in list {
            let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
            writeln!(err, "  {}:{}: {}{reason}", path.display(), recipient.line, recipient.email)?;
        }
    }
    if !summary.uncertain.is_empty() {
        let help = "ask these recipients, or look into the log of the server; to send again, run the command with --resend-uncertain";
        writeln!(err, "help: {help}")?;
    }
    let is_complete = lists.iter().all(|(_, list)| list.is_empty());
    Ok(if is_complete { Outcome::Fine } else { Outcome::Problems })
}

fn stopped(stop: &DeliveryError, undelivered: &[Unfinished<'_>]) -> Failure {
    let left = match undelivered.len() {
        0 => String::new(),
        count => format!("; {} did not get the notice", counted(count, "recipient")),
    };
    Failure::new(format!("{stop}{left}"), stop.help())
}
