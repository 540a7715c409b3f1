//! Notices by email: each recipient gets one message, regardless of what the server does and how often a run is repeated.

#[cfg(unix)]
mod command;
mod server;

use std::path::Path;
use std::time::Duration;

use candor::files::Dir;
use candor::model::{Digest, Version};
use candor::notice::mail::server::Encryption;
use candor::notice::mail::{
    Delivery, DeliveryError, Ledger, Outcome, Pace, Recipient, Sender, SmtpServer, Summary, recipients,
};
use candor::notice::message::Message;

use self::server::{Deed, SmtpScript, Stage, Step};

const STAGES: [Stage; 6] = [Stage::Greeting, Stage::Hello, Stage::Mail, Stage::Recipient, Stage::Data, Stage::Message];

/// Stages at which the server cannot have accepted the message yet.
const BEFORE_MESSAGE: [Stage; 5] = [Stage::Greeting, Stage::Hello, Stage::Mail, Stage::Recipient, Stage::Data];

/// A list of recipients with a ledger next to it.
struct Campaign {
    folder: tempfile::TempDir,
    recipients: Vec<Recipient>,
    /// A line whose message cannot be composed.
    broken: Option<usize>,
}

/// The outcome of a run, without borrowed values.
#[derive(Debug)]
struct Ended {
    sent: usize,
    already_sent: usize,
    not_concerned: usize,
    rejected: Vec<String>,
    uncertain: Vec<String>,
    undelivered: Vec<String>,
    reasons: Vec<String>,
    stopped: Option<DeliveryError>,
}

impl Ended {
    fn of(summary: Summary<'_>) -> Ended {
        let lists = [&summary.rejected, &summary.uncertain, &summary.undelivered];
        let [rejected, uncertain, undelivered] =
            lists.map(|list| list.iter().map(|one| one.recipient.email.to_string()).collect());
        let reasons = lists.into_iter().flatten().map(|one| one.reason.clone()).collect();
        let Summary { sent, already_sent, not_concerned, stopped, .. } = summary;
        Ended { sent, already_sent, not_concerned, rejected, uncertain, undelivered, reasons, stopped }
    }

    /// The message and the fix of what stopped the run.
    fn stop(&self) -> String {
        self.stopped.as_ref().map(|stop| format!("{stop}\n{}", stop.help())).unwrap_or_default()
    }
}

fn message() -> Message {
    Message {
        version: "2026-05-22".parse().expect("a version"),
        record: Digest::of(b"record"),
        subject: "Acme: a new subprocessor".to_owned(),
        text: "Hello\n.\nworld\n".to_owned(),
        html: "<p>Hello</p>".to_owned(),
        json: "{}".to_owned(),
    }
}

fn release() -> (Version, Digest) {
    (message().version, message().record)
}

impl Campaign {
    fn of(count: usize) -> Campaign {
        let rows: String = (1..=count).map(|n| format!("user{n:03}@customer.com\n")).collect();
        let list = recipients::read("list.csv", format!("email\n{rows}").as_bytes()).expect("a list");
        Campaign { folder: tempfile::tempdir().expect("a folder"), recipients: list.recipients, broken: None }
    }

    fn ledger(&self) -> Ledger {
        let (version, record) = release();
        let dir = Dir::open(self.folder.path()).expect("a folder");
        Ledger::open(&dir, Path::new("list.ledger"), version, record).expect("a ledger")
    }

    fn run(&self, server: &SmtpServer, change: impl FnOnce(&mut Delivery<'_>)) -> Ended {
        self.run_trusting(server, None, change)
    }

    fn run_trusting(&self, server: &SmtpServer, ca: Option<&[u8]>, change: impl FnOnce(&mut Delivery<'_>)) -> Ended {
        let sender: Sender = "Acme <privacy@acme.com>".parse().expect("a sender");
        let wait = Duration::from_millis(1);
        let pace = Pace { per_minute: None, retries: 2, wait, timeout: Duration::from_secs(30) };
        let now = || jiff::Timestamp::UNIX_EPOCH;
        let mut delivery = Delivery { server, ca, sender: &sender, pace, resend_uncertain: false, now: &now };
        change(&mut delivery);
        let mut ledger = self.ledger();
        let compose = |recipient: &Recipient| match recipient.line {
            line if Some(line) == self.broken => Err("no such feature".to_owned()),
            _ => Ok(Some(message()).filter(|_| recipient.audience.features != ["none"])),
        };
        Ended::of(delivery.run(&self.recipients, &mut ledger, &compose, &mut |_| {}))
    }

    fn emails(&self) -> Vec<String> {
        self.recipients.iter().map(|recipient| recipient.email.to_string()).collect()
    }
}

fn plain(script: &SmtpScript) -> SmtpServer {
    SmtpServer::parse(&format!("smtp://{}", script.address)).expect("a server")
}

/// Returns a server that does `deed` the first time that `stage` is reached, and else what servers usually do.
fn once(stage: Stage, deed: Deed) -> SmtpScript {
    SmtpScript::start(
        &[],
        move |step| {
            if step.stage == stage && step.before == 0 { deed.clone() } else { Deed::Proceed }
        },
    )
}

fn always(stage: Stage, deed: Deed) -> SmtpScript {
    SmtpScript::start(&[], move |step| if step.stage == stage { deed.clone() } else { Deed::Proceed })
}

#[test]
fn sends_one_message_to_each_recipient_and_none_in_a_second_run() {
    let (script, campaign) = (SmtpScript::start(&[], |_| Deed::Proceed), Campaign::of(20));
    let first = campaign.run(&plain(&script), |_| {});
    assert_eq!((first.sent, first.already_sent, first.stopped.is_none()), (20, 0, true), "{first:?}");
    let second = campaign.run(&plain(&script), |_| {});
    assert_eq!((second.sent, second.already_sent, second.stopped.is_none()), (0, 20, true), "{second:?}");
    assert_eq!(script.recipients(), campaign.emails());
    assert_eq!(script.count(Stage::Greeting), 1, "one connection for all messages");
    for message in script.delivered() {
        assert!(message.text.contains(&format!("\r\nTo: {}\r\n", message.recipient)), "{}", message.text);
        assert!(message.text.contains("\r\n.\r\nworld\r\n"), "a line with a dot arrives: {}", message.text);
    }
}

#[test]
fn leaves_out_recipients_whom_no_change_concerns() {
    let script = SmtpScript::start(&[], |_| Deed::Proceed);
    let mut campaign = Campaign::of(3);
    campaign.recipients[1].audience.features = vec!["none".to_owned()];
    let ended = campaign.run(&plain(&script), |_| {});
    assert_eq!((ended.sent, ended.not_concerned), (2, 1));
    assert_eq!(script.recipients(), ["user001@customer.com", "user003@customer.com"]);
}

#[test]
fn stops_at_a_message_that_cannot_be_composed() {
    let script = SmtpScript::start(&[], |_| Deed::Proceed);
    let mut campaign = Campaign::of(3);
    campaign.broken = Some(3);
    let ended = campaign.run(&plain(&script), |_| {});
    assert!(ended.stop().contains("line 3: no such feature"), "{ended:?}");
    assert_eq!((ended.sent, ended.undelivered), (1, campaign.emails()[1..].to_vec()));
}

#[test]
fn tries_again_what_the_server_does_not_accept_for_now() {
    for stage in STAGES {
        for reply in ["421 4.3.2 closing", "451 4.3.0 later"] {
            let (script, campaign) = (once(stage, Deed::Say(reply)), Campaign::of(3));
            let ended = campaign.run(&plain(&script), |_| {});
            assert_eq!((ended.sent, ended.stopped.is_none()), (3, true), "{stage:?} {reply}: {ended:?}");
            assert_eq!(script.recipients(), campaign.emails(), "{stage:?} {reply}");
        }
    }
}

#[test]
fn lists_what_the_server_never_accepts_and_the_next_run_delivers_it() {
    for stage in [Stage::Mail, Stage::Recipient, Stage::Data, Stage::Message] {
        let campaign = Campaign::of(3);
        let script = always(stage, Deed::Say("450 4.2.0 greylisted"));
        let ended = campaign.run(&plain(&script), |_| {});
        assert_eq!(ended.undelivered, campaign.emails(), "{stage:?}: {ended:?}");
        assert!(ended.reasons.iter().all(|reason| reason == "450 4.2.0 greylisted"), "{ended:?}");
        let script = SmtpScript::start(&[], |_| Deed::Proceed);
        assert_eq!(campaign.run(&plain(&script), |_| {}).sent, 3);
    }
}

#[test]
fn goes_on_after_a_recipient_is_rejected() {
    for (stage, reply) in [
        (Stage::Recipient, "550 5.1.1 no such user"),
        (Stage::Recipient, "550 no such user"),
        (Stage::Message, "550 5.1.1 no such user"),
        (Stage::Message, "552 5.2.2 mailbox full"),
    ] {
        let script = SmtpScript::start(&[], move |step: &Step<'_>| {
            if step.stage == stage && step.recipient.contains("002") { Deed::Say(reply) } else { Deed::Proceed }
        });
        let campaign = Campaign::of(3);
        let ended = campaign.run(&plain(&script), |_| {});
        assert_eq!((ended.sent, ended.stopped.is_none()), (2, true), "{reply}: {ended:?}");
        assert_eq!((ended.rejected, ended.reasons), (vec![campaign.emails()[1].clone()], vec![reply.to_owned()]));
        assert_eq!(script.recipients(), [campaign.emails()[0].clone(), campaign.emails()[2].clone()]);
    }
}

#[test]
fn stops_when_the_server_refuses() {
    for (stage, reply) in [
        (Stage::Greeting, "554 5.3.2 no service"),
        (Stage::Hello, "550 5.7.1 who are you"),
        (Stage::Mail, "550 5.7.1 not your domain"),
        (Stage::Mail, "550 5.1.8 sender has no mailbox"),
        (Stage::Mail, "530 5.7.0 Must issue a STARTTLS command first"),
        (Stage::Mail, "530 5.7.0 Authentication required"),
        (Stage::Recipient, "530 5.7.0 Authentication required"),
        (Stage::Recipient, "530 authenticate first"),
        (Stage::Recipient, "550 5.1.8 sender has no mailbox"),
        (Stage::Recipient, "553 5.1.7 bad sender address"),
    ] {
        let (script, campaign) = (always(stage, Deed::Say(reply)), Campaign::of(5));
        let ended = campaign.run(&plain(&script), |_| {});
        assert!(ended.stop().contains(reply), "{reply}: {ended:?}");
        assert_eq!(ended.undelivered, campaign.emails(), "{reply}: {ended:?}");
        assert_eq!(script.count(stage), 1, "{reply}: not tried again");
        assert_eq!(script.recipients(), [] as [&str; 0]);
    }
}

#[test]
fn names_what_the_server_demands() {
    for (reply, message, help) in [
        (
            "530 5.7.0 Must issue a STARTTLS command first",
            "requires an encrypted connection, but offers no STARTTLS: 530 5.7.0",
            "use smtps://",
        ),
        ("530 5.7.0 Authentication required", "requires a login: 530 5.7.0", "USER:PASSWORD"),
        ("550 5.7.1 not your domain", "refuses the sender: 550 5.7.1", "--from"),
    ] {
        let script = always(Stage::Mail, Deed::Say(reply));
        let stop = Campaign::of(1).run(&plain(&script), |_| {}).stop();
        assert!(stop.contains(message) && stop.contains(help), "{stop}");
    }
}

/// The policy of a recipient's system says nothing about the other recipients, but three refusals in a row do.
#[test]
fn goes_on_after_a_message_is_refused_and_stops_when_all_are() {
    for (stage, reply) in [
        (Stage::Recipient, "554 5.7.1 Relay access denied"),
        (Stage::Recipient, "553 5.7.1 Sender address rejected: not owned by user"),
        (Stage::Recipient, "550 relay not permitted"),
        (Stage::Recipient, "550 5.7.133 only members may write to this group"),
        (Stage::Data, "554 5.5.0 no"),
        (Stage::Message, "554 5.7.1 looks like spam"),
        (Stage::Message, "550 5.7.26 unauthenticated"),
        (Stage::Message, "552 5.2.3 too large"),
        (Stage::Message, "554 refused"),
    ] {
        let script = SmtpScript::start(&[], move |step: &Step<'_>| {
            let is_refused = ["001", "002", "004"].iter().any(|name| step.recipient.contains(name));
            if step.stage == stage && is_refused { Deed::Say(reply) } else { Deed::Proceed }
        });
        let campaign = Campaign::of(5);
        let emails = campaign.emails();
        for sent in [2, 0] {
            let ended = campaign.run(&plain(&script), |_| {});
            let stopped = ended.stopped.is_some();
            assert_eq!(ended.rejected, [0, 1, 3].map(|at| emails[at].clone()), "{reply}: {ended:?}");
            // In the second run, only those are left.
            assert_eq!((ended.sent, stopped), (sent, sent == 0), "{reply}: {ended:?}");
        }
        assert_eq!(script.recipients(), [emails[2].clone(), emails[4].clone()], "{reply}");
        let (script, campaign) = (always(stage, Deed::Say(reply)), Campaign::of(5));
        let ended = campaign.run(&plain(&script), |_| {});
        assert!(ended.stop().contains(reply), "{reply}: {ended:?}");
        let emails = campaign.emails();
        assert_eq!((&ended.rejected[..], &ended.undelivered[..]), (&emails[..3], &emails[3..]), "{reply}: {ended:?}");
        assert_eq!(script.count(stage), 3, "{reply}: not tried again");
    }
}

#[test]
fn delivers_after_the_connection_broke_before_the_message() {
    for stage in BEFORE_MESSAGE {
        let (script, campaign) = (once(stage, Deed::Close), Campaign::of(4));
        let ended = campaign.run(&plain(&script), |_| {});
        assert_eq!((ended.sent, ended.stopped.is_none()), (4, true), "{stage:?}: {ended:?}");
        assert_eq!(script.recipients(), campaign.emails(), "{stage:?}");
    }
}

#[test]
fn never_repeats_a_message_whose_outcome_is_unknown_unless_asked_to() {
    for deed in [Deed::Close, Deed::DeliverAndClose, Deed::Hang, Deed::Say("nonsense"), Deed::Say("354 go on")] {
        let (script, campaign) = (once(Stage::Message, deed.clone()), Campaign::of(3));
        let timeout = |delivery: &mut Delivery<'_>| {
            if deed == Deed::Hang {
                delivery.pace.timeout = Duration::from_millis(700);
            }
        };
        let first = campaign.run(&plain(&script), timeout);
        assert_eq!((first.sent, &first.uncertain), (2, &vec![campaign.emails()[0].clone()]), "{deed:?}: {first:?}");
        let second = campaign.run(&plain(&script), |_| {});
        assert_eq!((second.sent, second.already_sent), (0, 2), "{deed:?}");
        assert_eq!(second.uncertain, first.uncertain, "it is listed again");
        let third = campaign.run(&plain(&script), |delivery| delivery.resend_uncertain = true);
        assert_eq!((third.sent, third.uncertain.len()), (1, 0), "{deed:?}: {third:?}");
        let ids = |text: &str| text.lines().find(|line| line.starts_with("Message-ID:")).map(str::to_owned);
        let repeated: Vec<_> =
            script.delivered().iter().filter(|one| one.recipient.contains("001")).map(|one| ids(&one.text)).collect();
        assert_eq!(repeated.len(), if deed == Deed::DeliverAndClose { 2 } else { 1 }, "{deed:?}");
        assert!(repeated.windows(2).all(|pair| pair[0] == pair[1] && pair[0].is_some()), "{repeated:?}");
    }
}

#[test]
fn stops_after_three_unanswered_messages_in_a_row() {
    for stage in [Stage::Mail, Stage::Message] {
        let (script, campaign) = (always(stage, Deed::Close), Campaign::of(10));
        let ended = campaign.run(&plain(&script), |delivery| delivery.pace.retries = 0);
        assert!(ended.stop().contains("3 times in a row"), "{ended:?}");
        assert_eq!(ended.uncertain.len() + ended.undelivered.len(), 10, "{ended:?}");
        assert_eq!(ended.uncertain.len(), if stage == Stage::Message { 3 } else { 0 }, "{ended:?}");
    }
}

#[test]
fn reports_a_server_that_does_not_answer() {
    for stage in BEFORE_MESSAGE {
        let (script, campaign) = (always(stage, Deed::Hang), Campaign::of(1));
        let ended = campaign.run(&plain(&script), |delivery| {
            delivery.pace.retries = 0;
            delivery.pace.timeout = Duration::from_millis(300);
        });
        let text = format!("{} {:?}", ended.stop(), ended.reasons);
        assert!(text.contains("no answer in time"), "{stage:?}: {text}");
        assert_eq!((ended.undelivered, ended.uncertain), (campaign.emails(), Vec::new()), "{stage:?}");
    }
    let unused = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let server = SmtpServer::parse(&format!("smtp://{unused}")).expect("a server");
    let ended = Campaign::of(2).run(&server, |_| {});
    assert!(ended.stop().contains("cannot connect to the SMTP server 127.0.0.1:"), "{ended:?}");
    assert_eq!(ended.undelivered.len(), 2);
}

#[test]
fn lists_recipients_of_a_run_that_was_killed_while_sending() {
    let (script, campaign) = (SmtpScript::start(&[], |_| Deed::Proceed), Campaign::of(3));
    drop(campaign.ledger());
    let line = |email: &str, outcome: &str| {
        let (version, record) = release();
        format!(
            "{{\"time\":\"2026-05-22T10:00:00Z\",\"version\":\"{version}\",\"record\":\"{record}\",\"email\":\"{email}\",\"outcome\":\"{outcome}\"}}\n"
        )
    };
    let emails = campaign.emails();
    let text = [line(&emails[0], "sending"), line(&emails[0], "sent"), line(&emails[1], "sending")].concat();
    std::fs::write(campaign.folder.path().join("list.ledger"), text + "{\"time\":\"2026-05").expect("written");
    let ended = campaign.run(&plain(&script), |_| {});
    assert_eq!((ended.sent, ended.already_sent), (1, 1), "{ended:?}");
    assert_eq!(ended.uncertain, [emails[1].clone()]);
    assert_eq!(script.recipients(), [emails[2].clone()]);
    assert_eq!(campaign.ledger().outcome(&campaign.recipients[2].email), Some(Outcome::Sent));
}

/// Every failure at every stage, now and then and always, over two runs: no recipient gets two messages, and each one who got none is
/// listed.
#[test]
fn no_message_is_sent_twice_or_lost_silently() {
    let deeds = [
        Deed::Say("421 4.3.2 closing"),
        Deed::Say("451 4.3.0 later"),
        Deed::Say("550 5.1.1 no such user"),
        Deed::Say("554 5.7.1 refused"),
        Deed::Say("junk"),
        Deed::Close,
        Deed::DeliverAndClose,
    ];
    for stage in STAGES {
        for deed in &deeds {
            for every in [1, 2] {
                let deed = deed.clone();
                let shown = format!("{stage:?} {deed:?} every {every}");
                let script = SmtpScript::start(&[], move |step| {
                    if step.stage == stage && step.before % every == every - 1 { deed.clone() } else { Deed::Proceed }
                });
                let campaign = Campaign::of(3);
                for _ in 0..2 {
                    let ended = campaign.run(&plain(&script), |delivery| delivery.pace.retries = 1);
                    let delivered = script.recipients();
                    let mut once = delivered.clone();
                    once.dedup();
                    assert_eq!(once, delivered, "{shown}: someone got two messages");
                    let listed =
                        [&ended.rejected, &ended.uncertain, &ended.undelivered].map(|list| list.as_slice()).concat();
                    for email in campaign.emails() {
                        assert!(
                            delivered.contains(&email) || listed.contains(&email),
                            "{shown}: {email} is lost: {ended:?}"
                        );
                    }
                    assert_eq!(ended.sent + ended.already_sent + listed.len(), 3, "{shown}: {ended:?}");
                }
            }
        }
    }
}

#[test]
fn uses_starttls_and_logs_in_with_decoded_credentials() {
    let script = SmtpScript::start(&["STARTTLS", "AUTH PLAIN LOGIN"], |_| Deed::Proceed);
    let server =
        SmtpServer::parse(&format!("smtp://us%40er:p%2Fa%20ss@localhost:{}", script.address.port())).expect("a server");
    let campaign = Campaign::of(2);
    let ended = campaign.run_trusting(&server, Some(script.certificate.as_bytes()), |_| {});
    assert_eq!((ended.sent, ended.stopped.is_none()), (2, true), "{ended:?}");
    assert!(script.delivered().iter().all(|message| message.was_encrypted));
    // "\0us@er\0p/a ss" in Base64.
    assert_eq!(script.logins(), ["AUTH PLAIN AHVzQGVyAHAvYSBzcw=="]);
}

#[test]
fn refuses_an_untrusted_certificate_and_a_wrong_host() {
    let script = SmtpScript::start(&["STARTTLS"], |_| Deed::Proceed);
    for (host, certificate) in [("localhost", None), ("127.0.0.1", Some(script.certificate.as_bytes()))] {
        let server = SmtpServer::parse(&format!("smtp://{host}:{}", script.address.port())).expect("a server");
        let ended = Campaign::of(2).run_trusting(&server, certificate, |_| {});
        assert!(ended.stop().contains("certificate") && ended.stop().contains("--ca-file"), "{host}: {ended:?}");
        assert_eq!(ended.undelivered.len(), 2);
    }
    assert_eq!(script.delivered().len(), 0);
    let ended = Campaign::of(1).run_trusting(&plain(&script), Some(b"not a certificate"), |_| {});
    assert!(ended.stop().contains("no certificate in PEM format"), "{ended:?}");
}

#[test]
fn refuses_an_unencrypted_connection_to_another_host() {
    let script = SmtpScript::start(&["AUTH PLAIN"], |_| Deed::Proceed);
    let mut server = SmtpServer::parse(&format!("smtp://user:pass@{}", script.address)).expect("a server");
    // A loopback address takes the place of another host.
    server.encryption = Encryption::StartTls;
    let ended = Campaign::of(2).run(&server, |_| {});
    assert!(ended.stop().contains("offers no STARTTLS") && ended.stop().contains("smtps://"), "{ended:?}");
    assert_eq!((script.logins().len(), script.count(Stage::Mail)), (0, 0), "nothing was sent");
}

#[test]
fn reports_wrong_credentials() {
    let script = SmtpScript::start(&["AUTH PLAIN"], |step| {
        if step.stage == Stage::Auth { Deed::Say("535 5.7.8 bad password") } else { Deed::Proceed }
    });
    let server = SmtpServer::parse(&format!("smtp://user:s3cret@{}", script.address)).expect("a server");
    let ended = Campaign::of(2).run(&server, |_| {});
    assert!(ended.stop().contains("cannot log in") && ended.stop().contains("535 5.7.8"), "{ended:?}");
    assert!(!format!("{ended:?}").contains("s3cret"));
    let without = SmtpScript::start(&[], |_| Deed::Proceed);
    let server = SmtpServer::parse(&format!("smtp://user:s3cret@{}", without.address)).expect("a server");
    let ended = Campaign::of(2).run(&server, |_| {});
    assert!(ended.stop().contains("offers no authentication"), "{ended:?}");
}

#[test]
fn limits_the_number_of_messages_per_minute() {
    let (script, campaign) = (SmtpScript::start(&[], |_| Deed::Proceed), Campaign::of(4));
    let start = std::time::Instant::now();
    let ended = campaign.run(&plain(&script), |delivery| delivery.pace.per_minute = Some(600));
    assert_eq!(ended.sent, 4);
    assert!(start.elapsed() >= Duration::from_millis(300), "three pauses of 100 ms");
}
