//! `candor notice --send` and `--webhook`, run as commands.

use std::fs;
use std::path::{Path, PathBuf};

use candor::files::Dir;

use super::server::{Deed, SmtpScript, Stage};
use crate::support::{Project, Run};

const SITE: &str = "title: Trust\norganization:\n  name: Acme\nbase_url: https://trust.acme-mail.com\ncontacts:\n  privacy: privacy@acme-mail.com\n";
const PROVIDER: &str = "- {id: mailer, name: Mailer, purpose: Sends mail., data_categories: [Email address], locations: [DE], announced: 2026-05-22, effective: 2026-07-22}\n";

/// A project whose newest release announces a subprocessor, and a list of recipients outside it.
struct Announced {
    project: Project,
    outside: tempfile::TempDir,
}

impl Announced {
    fn new() -> Announced {
        let project = Project::new().file("content/site.yaml", SITE);
        assert_eq!(project.run(["release", "-q", "-m", "First.", "--date", "2026-05-01"]).code, Some(0));
        let project = project.file("content/data/subprocessors.yaml", PROVIDER);
        let run =
            project.run(["release", "-q", "-m", "We will use Mailer.\r\nBcc: evil@evil.com", "--date", "2026-05-22"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        let outside = tempfile::tempdir().expect("a folder");
        let announced = Announced { project, outside };
        announced.list("email,name\ndana@customer.com,Dana\nkim@customer.com,Kim\n");
        announced
    }

    fn path(&self, name: &str) -> PathBuf {
        self.outside.path().join(name)
    }

    fn list(&self, text: &str) {
        fs::write(self.path("list.csv"), text).expect("written");
    }

    fn send(&self, script: &SmtpScript, options: &[&str]) -> Run {
        let list = self.path("list.csv").display().to_string();
        let arguments = [&["notice", "--send", "--recipients", &list, "--retry-wait", "0"], options].concat();
        let mut command = self.project.command(arguments);
        command.env("SMTP_URL", format!("smtp://{}", script.address));
        run(&mut command)
    }
}

fn run(command: &mut std::process::Command) -> Run {
    let output = command.output().expect("the program starts");
    Run {
        stdout: String::from_utf8(output.stdout).expect("UTF-8 on stdout"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8 on stderr"),
        code: output.status.code(),
    }
}

fn server() -> SmtpScript {
    SmtpScript::start(&[], |_| Deed::Proceed)
}

#[test]
fn sends_only_with_yes_and_records_what_was_sent() {
    let (announced, script) = (Announced::new(), server());
    let trial = announced.send(&script, &[]);
    assert_eq!(trial.code, Some(0), "{trial:?}");
    for shown in ["dry run", "recipients: 2", "to send:    2", "from:       Acme <privacy@acme-mail.com>"] {
        assert!(trial.stdout.contains(shown), "{shown}: {trial:?}");
    }
    assert_eq!(script.count(Stage::Greeting), 0);
    assert!(!announced.path("list.csv.ledger").exists(), "a dry run writes nothing");

    let sent = announced.send(&script, &["--yes"]);
    assert!(sent.code == Some(0) && sent.stdout.starts_with("2 messages sent\n"), "{sent:?}");
    assert_eq!(script.recipients(), ["dana@customer.com", "kim@customer.com"]);
    let record = announced.project.read("content/notices/2026-05-22.yaml");
    assert!(record.contains("  recipients: 2\n") && !record.contains('@'), "{record}");
    let text = announced.project.run(["notice"]).stdout;
    assert!(record.contains(&format!("  text: {}\n", candor::model::Digest::of(text.as_bytes()))), "{record}\n{text}");
    for message in script.delivered() {
        let head = message.text.split("\r\n\r\n").next().expect("a head");
        assert!(!head.contains("\nBcc:") && head.contains("\r\nSubject: "), "{head}");
        assert!(head.contains("\r\nFrom: Acme <privacy@acme-mail.com>"), "{head}");
    }

    let again = announced.send(&script, &["--yes"]);
    assert!(again.code == Some(0) && again.stdout.contains("2 recipients had the notice already"), "{again:?}");
    assert_eq!((script.delivered().len(), announced.project.read("content/notices/2026-05-22.yaml")), (2, record));
    let check = announced.project.run(["check"]);
    assert_eq!(check.code, Some(0), "{check:?}");
    assert!(!check.stderr.contains("unreleased"), "{check:?}");
}

/// The dry run counts the messages that a run would send.
#[test]
fn dry_run_leaves_out_recipients_whom_no_change_concerns() {
    let (announced, script) = (Announced::new(), server());
    let project = &announced.project;
    let site = format!("{SITE}dimensions: {{region: [EU, US]}}\n");
    fs::write(project.path("content/site.yaml"), site).expect("written");
    let other = "- {id: us, name: Other, purpose: P, data_categories: [D], locations: [DE], condition: {region: US}, announced: 2026-05-22, effective: 2026-07-23}\n";
    fs::write(project.path("content/data/subprocessors.yaml"), format!("{PROVIDER}{other}")).expect("written");
    let released = project.run(["release", "-q", "-m", "Other."]);
    assert_eq!(released.code, Some(0), "{released:?}");
    announced
        .list("email,features\ndana@customer.com,region=EU\nkim@customer.com,region=US\nlee@customer.com,region=EU\n");
    let trial = announced.send(&script, &[]);
    assert!(trial.stdout.contains("to send:    1\n") && trial.stdout.contains("left out:   2 "), "{trial:?}");
    let sent = announced.send(&script, &["--yes"]);
    assert!(sent.stdout.starts_with("1 message sent\n"), "{sent:?}");
    let trial = announced.send(&script, &[]);
    assert!(trial.stdout.contains("to send:    0\n") && trial.stdout.contains("sent:       1\n"), "{trial:?}");
}

#[test]
fn lists_everyone_who_did_not_get_the_notice() {
    let announced = Announced::new();
    let script = SmtpScript::start(&[], |step| match (step.stage, step.recipient) {
        (Stage::Recipient, "dana@customer.com") => Deed::Say("550 5.1.1 no such user"),
        (Stage::Message, "kim@customer.com") => Deed::DeliverAndClose,
        _ => Deed::Proceed,
    });
    let sent = announced.send(&script, &["--yes"]);
    assert_eq!(sent.code, Some(1), "{sent:?}");
    for shown in
        ["list.csv:2: dana@customer.com: 550 5.1.1 no such user", "list.csv:3: kim@customer.com:", "--resend-uncertain"]
    {
        assert!(sent.stderr.contains(shown), "{shown}: {sent:?}");
    }
    let trial = announced.send(&script, &[]);
    assert!(trial.stdout.contains("uncertain:  1") && trial.stdout.contains("line 3: kim@customer.com"), "{trial:?}");
    let refusing = SmtpScript::start(&[], |_| Deed::Say("554 5.3.2 no service"));
    let stopped = announced.send(&refusing, &["--yes"]);
    assert!(stopped.code == Some(2) && stopped.stderr.contains("1 recipient did not get the notice"), "{stopped:?}");
}

#[test]
fn refuses_lists_and_ledgers_inside_the_repository() {
    let (announced, script) = (Announced::new(), server());
    let list = "email\ndana@customer.com\n";
    fs::create_dir_all(announced.project.path("private")).expect("a folder");
    for path in ["list.csv", "private/list.csv"] {
        fs::write(announced.project.path(path), list).expect("written");
        let run = announced.project.run(["notice", "--send", "--recipients", path]);
        assert!(run.code == Some(2) && run.stderr.contains("inside the project's repository"), "{run:?}");
    }
    let run = announced.send(&script, &["--ledger", "content/sent.ledger", "--yes"]);
    assert!(run.code == Some(2) && run.stderr.contains("inside the project's repository"), "{run:?}");
    // The repository may begin above the project.
    let outer = tempfile::tempdir().expect("a folder");
    fs::create_dir(outer.path().join(".git")).expect("a folder");
    fs::write(outer.path().join("list.csv"), list).expect("written");
    let inner = outer.path().join("trust");
    let copied = std::process::Command::new("cp").arg("-r").arg(announced.project.root()).arg(&inner).status();
    assert!(copied.expect("cp").success());
    let outer_list = outer.path().join("list.csv").display().to_string();
    let inner = inner.display().to_string();
    let run = announced.project.run(["--root", &inner, "notice", "--send", "--recipients", &outer_list]);
    assert!(run.code == Some(2) && run.stderr.contains("inside the project's repository"), "{run:?}");
    assert_eq!(script.count(Stage::Greeting), 0);
}

#[test]
fn reports_problems_of_the_list_before_it_sends() {
    let (announced, script) = (Announced::new(), server());
    for (text, shown) in [
        ("email,features\ndana@customer.com,nosuch\n", "error[bad-recipient]"),
        ("email\ndana\n", "error[bad-recipient]"),
        ("email\ndana@customer.com\ndana@CUSTOMER.com\n", "error[duplicate-recipient]"),
        ("", "error[recipient-list]"),
    ] {
        announced.list(text);
        let run = announced.send(&script, &["--yes"]);
        assert!(run.code == Some(1) && run.stderr.contains(shown), "{text:?}: {run:?}");
    }
    assert_eq!(script.count(Stage::Greeting), 0);
    let missing = announced.project.run(["notice", "--send", "--recipients", "/nonexistent/list.csv"]);
    assert!(missing.code == Some(2) && missing.stderr.contains("/nonexistent/list.csv"), "{missing:?}");
}

#[test]
fn only_one_run_uses_a_ledger() {
    let (announced, script) = (Announced::new(), server());
    let dir = Dir::open(announced.outside.path()).expect("a folder");
    let lock = dir.lock_by_file(Path::new("list.csv.ledger.lock")).expect("a lock");
    let run = announced.send(&script, &["--yes"]);
    assert!(run.code == Some(2) && run.stderr.contains("another run uses the ledger"), "{run:?}");
    assert_eq!(script.count(Stage::Greeting), 0);
    drop(lock);
    assert_eq!(announced.send(&script, &["--yes"]).code, Some(0));
}

#[test]
fn refuses_placeholders_and_missing_settings() {
    let (announced, script) = (Announced::new(), server());
    let site =
        SITE.replace("privacy: privacy@acme-mail.com", "privacy: privacy@acme-mail.com\n  other: privacy@example.com");
    fs::write(announced.project.path("content/site.yaml"), site).expect("written");
    let refused = announced.send(&script, &["--yes"]);
    assert!(refused.code == Some(1) && refused.stderr.contains("--allow-placeholders"), "{refused:?}");
    assert_eq!(script.delivered().len(), 0);
    let allowed = announced.send(&script, &["--yes", "--allow-placeholders"]);
    assert_eq!((allowed.code, script.delivered().len()), (Some(0), 2), "{allowed:?}");

    let list = announced.path("list.csv").display().to_string();
    let options = ["notice", "--send", "--recipients", &list, "--yes", "--allow-placeholders"];
    let unset = announced.project.run(options);
    assert!(unset.code == Some(2) && unset.stderr.contains("SMTP_URL is not set"), "{unset:?}");
    let wrong = run(announced.project.command(options).env("SMTP_URL", "https://user:s3cret@host"));
    assert!(
        wrong.code == Some(2) && wrong.stderr.contains("SMTP_URL") && !wrong.stderr.contains("s3cret"),
        "{wrong:?}"
    );
}

#[test]
fn webhook_needs_a_secret_and_an_encrypted_address() {
    let announced = Announced::new();
    let unset = announced.project.run(["notice", "--webhook", "https://hooks.customer.com/s3cret"]);
    assert!(unset.code == Some(2) && unset.stderr.contains("CANDOR_WEBHOOK_SECRET is not set"), "{unset:?}");
    for address in ["http://hooks.customer.com/s3cret", "s3cret"] {
        let mut command = announced.project.command(["notice", "--webhook", address]);
        let wrong = run(command.env("CANDOR_WEBHOOK_SECRET", "0123456789abcdef"));
        assert!(wrong.code == Some(2) && !wrong.stderr.contains("s3cret"), "{wrong:?}");
    }
}

#[test]
fn sends_nothing_about_a_release_without_changes_to_announce() {
    let (announced, script) = (Announced::new(), server());
    let faq = "- {id: a, question: Since when?, answer: Since today.}\n";
    fs::write(announced.project.path("content/data/faq.yaml"), faq).expect("written");
    assert_eq!(announced.project.run(["release", "-q", "-m", "Next."]).code, Some(0));
    let sent = announced.send(&script, &["--yes"]);
    assert_eq!((sent.code, sent.stdout.lines().count()), (Some(0), 1), "{sent:?}");
    let mut command = announced.project.command(["notice", "--webhook", "http://127.0.0.1:9/hook"]);
    let posted = run(command.env("CANDOR_WEBHOOK_SECRET", "0123456789abcdef"));
    assert_eq!((posted.code, posted.stdout.lines().count()), (Some(0), 1), "{posted:?}");
    assert_eq!(script.count(Stage::Greeting), 0);
}

/// A run that is killed between the list of notices and the ledger is not counted again by the next one.
#[test]
fn a_killed_run_is_recorded_once() {
    let (announced, script) = (Announced::new(), server());
    assert_eq!(announced.send(&script, &["--yes"]).code, Some(0));
    let (ledger, notices) = (announced.path("list.csv.ledger"), "content/notices/2026-05-22.yaml");
    let (lines, record) = (fs::read_to_string(&ledger).expect("a ledger"), announced.project.read(notices));
    let recording = lines.trim_end().rfind('\n').expect("several lines") + 1;
    assert!(lines[recording..].contains("\"recorded\""), "{lines}");
    // The list was written, or was not.
    for is_written in [true, false] {
        fs::write(&ledger, &lines[..recording]).expect("written");
        if !is_written {
            fs::remove_file(announced.project.path(notices)).expect("removed");
        }
        let again = announced.send(&script, &["--yes"]);
        assert_eq!((again.code, again.stdout.contains("recorded in")), (Some(0), !is_written), "{again:?}");
        let recorded = announced.project.read(notices);
        assert_eq!(recorded.matches("recipients: 2\n").count(), 1, "{recorded}");
        assert_eq!(recorded.len(), record.len(), "{recorded}");
    }
    // Later messages are an entry of their own.
    fs::write(&ledger, &lines[..recording]).expect("written");
    announced.list("email\ndana@customer.com\nkim@customer.com\nlee@customer.com\n");
    assert_eq!(announced.send(&script, &["--yes"]).code, Some(0));
    let recorded = announced.project.read(notices);
    let counts = ["recipients: 2\n", "recipients: 1\n"].map(|count| recorded.matches(count).count());
    assert_eq!(counts, [1, 1], "{recorded}");
    assert_eq!(script.delivered().len(), 3);
}

/// The ledger of a list with another name has no recipient who got the notice.
#[test]
fn a_list_with_an_empty_ledger_is_refused_after_the_notice_was_sent() {
    let (announced, script) = (Announced::new(), server());
    assert_eq!(announced.send(&script, &["--yes"]).code, Some(0));
    let (ledger, moved) = (announced.path("list.csv.ledger"), announced.path("sent.ledger"));
    fs::rename(&ledger, &moved).expect("renamed");
    for options in [&["--yes"][..], &[]] {
        let run = announced.send(&script, options);
        assert_eq!((run.code, script.delivered().len()), (Some(2), 2), "{run:?}");
        assert!(run.stderr.contains("the notice of 2026-05-22 was sent before, but the ledger"), "{}", run.stderr);
    }
    announced.list("email\nkim@customer.com\nlee@customer.com\n");
    let again = announced.send(&script, &["--yes", "--ledger", &moved.display().to_string()]);
    assert_eq!((again.code, script.delivered().len()), (Some(0), 3), "{again:?}");
}
