//! `candor notice`: what customers learn of a change, in every format.

mod content;
mod events;
mod formats;
mod rules;
mod walk;

use serde_json::Value;

use crate::support::{Project, Run};

pub const LIST: &str = "content/data/subprocessors.yaml";

pub const SITE: &str = "\
title: Trust
organization:
  name: Fjord & Co
  jurisdiction: other
  url: https://fjord.example.org
contacts:
  privacy: privacy@fjord-data.com
  legal: legal@fjord-data.com
notice:
  days: 20
  objection_days: 10
  counting: business
  holidays: [2026-05-25]
  object_to: legal
  basis: Section 7 of the DPA
dimensions:
  region: [EU, US]
base_url: https://trust.fjord-data.com
";

pub const BEFORE: &str = "\
- id: mail
  name: Mail <Co>
  purpose: Email
  data_categories: [Email address]
  locations: [DE]
";

/// A new region of a listed provider, and a new provider.
pub const ANNOUNCED: &str = "  upcoming:
    - announced: 2026-05-12
      effective: 2026-06-15
      note: A second region.
      locations: [DE, US]
      transfer_mechanism: scc
- id: chat
  name: Chat
  legal_name: Chat Ltd
  purpose: Support chat
  data_categories: [Messages, Names]
  locations: [IE]
  announced: 2026-05-12
  effective: 2026-07-01
";

#[track_caller]
pub fn fine(run: &Run) {
    assert_eq!(run.code, Some(0), "{run:?}");
}

/// Returns a project whose first release has this list on 1 May.
pub fn first(list: &str) -> Project {
    let project = Project::empty().file("content/site.yaml", SITE).file(LIST, list);
    fine(&project.run(["release", "-m", "First", "--as-of", "2026-05-01"]));
    project
}

/// Adds a release with this list.
pub fn then(project: Project, date: &str, list: &str) -> Project {
    let project = project.file(LIST, list);
    let run = project.run(["release", "-m", "Because **we grow**, see [the list](/subprocessors/).", "--as-of", date]);
    fine(&run);
    project
}

pub fn announced() -> Project {
    then(first(BEFORE), "2026-05-12", &format!("{BEFORE}{ANNOUNCED}"))
}

fn notice(project: &Project, arguments: &[&str]) -> String {
    let run = project.run([&["notice"], arguments].concat());
    fine(&run);
    run.stdout
}

fn json(project: &Project, arguments: &[&str]) -> Value {
    let text = notice(project, &[&["--format", "json"], arguments].concat());
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Returns the item, the event and the dates of each change of a notice.
fn changes(notice: &Value) -> Vec<String> {
    let change = |change: &Value| {
        let text = |name: &str| change[name].as_str().unwrap_or("-").to_owned();
        ["id", "event", "entry", "object_by", "effective"].map(text).join(" ")
    };
    notice["changes"].as_array().expect("a list").iter().map(change).collect()
}

fn digest(project: &Project, version: &str) -> String {
    let sums = project.read("content/releases/SHA256SUMS");
    let line = sums.lines().find(|line| line.ends_with(&format!("{version}.json"))).expect("a line");
    line.split(' ').next().expect("a digest").to_owned()
}

/// Returns what readers see of an HTML document, without the data of its scripts.
pub fn visible(html: &str) -> String {
    let document = scraper::Html::parse_document(html);
    let texts = document.root_element().descendants().filter(|node| {
        let is_code = |name: &str| ["script", "style", "template"].contains(&name);
        node.value().is_text()
            && !node.ancestors().any(|above| above.value().as_element().is_some_and(|it| is_code(it.name())))
    });
    let text = texts.filter_map(|node| node.value().as_text().map(|text| text.to_string()));
    text.flat_map(|text| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect::<Vec<_>>().join(" ")
}

/// Returns the lines of an HTML document: the text of each paragraph, heading and list item.
fn lines_of_html(html: &str) -> Vec<String> {
    let document = scraper::Html::parse_document(html);
    let blocks = scraper::Selector::parse("body h1, body h2, body h3, body p, body li").expect("a selector");
    let text = |element: scraper::ElementRef<'_>| element.text().collect::<String>();
    document.select(&blocks).map(|element| text(element).split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// What every notice of [`announced`] must state.
fn facts(project: &Project) -> Vec<String> {
    let digest = digest(project, "2026-05-12");
    [
        "Chat",
        "Chat Ltd",
        "Support chat",
        "Messages; Names",
        "Ireland",
        "Always",
        "12 May 2026",
        // 10 business days after 12 May: 13, 14, 15, 18, 19, 20, 21, 22 (25 is a holiday), 26, 27 May.
        "27 May 2026",
        "10 business days after 12 May 2026",
        "15 June 2026",
        "1 July 2026",
        "A second region.",
        "Germany → Germany; United States",
        "Standard contractual clauses",
        "Section 7 of the DPA",
        "we grow",
        &digest,
    ]
    .map(str::to_owned)
    .into()
}

#[test]
fn every_format_states_the_whole_notice() {
    let project = announced();
    let (text, markdown) = (notice(&project, &[]), notice(&project, &["--format", "markdown"]));
    let html = lines_of_html(&notice(&project, &["--format", "html"])).join("\n");
    for fact in facts(&project) {
        assert!(text.contains(&fact), "{fact}: {text}");
        assert!(html.contains(&fact), "{fact}: {html}");
        // Markdown escapes some characters.
        assert!(markdown.replace('\\', "").contains(&fact), "{fact}: {markdown}");
    }
    for part in [
        "Mail <Co>",
        "legal@fjord-data.com",
        "https://trust.fjord-data.com/releases/2026-05-12/",
        "https://trust.fjord-data.com/releases/2026-05-12.json",
        "https://trust.fjord-data.com/subprocessors/",
        "https://trust.fjord-data.com/notices/subprocessors--chat--start.ics",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(
        text.contains("Fjord & Co informs you of 2 changes. They were published on 12 May 2026 as version 2026-05-12.")
    );
    let found = json(&project, &[]);
    let expected = ["chat added start 2026-05-27 2026-07-01", "mail announced 2026-05-12 2026-05-27 2026-06-15"];
    assert_eq!(changes(&found), expected);
    assert_eq!(found["text"].as_str(), Some(text.as_str()));
    assert_eq!(found["sha256"].as_str(), Some(digest(&project, "2026-05-12").as_str()));
    assert_eq!(found["previous"]["sha256"].as_str(), Some(digest(&project, "2026-05-01").as_str()));
    assert_eq!(found["subject"], "Fjord & Co: 2 changes that require notice, object by 27 May 2026");
    let href = found["changes"][0]["object_to"]["href"].as_str().expect("an address");
    let body = candor::text::percent::decode_lossy(href).into_owned();
    assert!(body.starts_with("mailto:legal@fjord-data.com?subject=Objection: Chat"), "{body}");
    assert!(body.contains("version 2026-05-12") && body.contains(&digest(&project, "2026-05-12")), "{body}");
}

/// Every line of one format is a line of the other one.
#[test]
fn text_and_html_state_the_same() {
    for arguments in [&[][..], &["--for", "region=EU"], &["--name", "Dana", "--customer", "Acme <GmbH>"]] {
        let project = announced();
        let text = notice(&project, arguments);
        let html = notice(&project, &[&["--format", "html"], arguments].concat());
        let subject = json(&project, arguments)["subject"].as_str().expect("a subject").to_owned();
        let plain = |line: &str| {
            let line = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').trim();
            // The page's calendar link has its address in the text.
            line.split(": https://trust.fjord-data.com/notices/").next().unwrap_or_default().to_owned()
        };
        let is_rule = |line: &str| line.chars().all(|c| c == '-');
        let text: Vec<String> = text.lines().filter(|line| !is_rule(line)).map(plain).collect();
        let html: Vec<String> = lines_of_html(&html).iter().map(|line| plain(line)).collect();
        let mut expected = vec![subject];
        // The text has the address of the link in the summary.
        assert!(
            text.contains(&"Because we grow, see the list (https://trust.fjord-data.com/subprocessors/).".to_owned())
        );
        expected.extend(text.iter().map(|line| match line.starts_with("Because") {
            true => "Because we grow, see the list.".to_owned(),
            false => line.clone(),
        }));
        assert_eq!(html, expected);
    }
}

#[test]
fn html_is_self_contained_and_escaped() {
    let project = announced();
    let html = notice(&project, &["--format", "html", "--name", "</title><script>alert(1)</script>"]);
    for part in ["<script", "<link", "<img", "src=", "@import", "url(", "Mail <Co>"] {
        assert!(!html.contains(part), "{part}: {html}");
    }
    assert!(html.contains("Mail &lt;Co&gt;") && html.contains("<strong>we grow</strong>"), "{html}");
    assert!(html.contains("<a href=\"https://trust.fjord-data.com/subprocessors/\">the list</a>"), "{html}");
    assert!(html.contains("content=\"light dark\"") && !html.contains("color:"), "{html}");
}

#[test]
fn email_draft_has_both_parts_and_no_recipient() {
    if !cfg!(feature = "mail") {
        return;
    }
    let project = announced();
    let email = notice(&project, &["--format", "eml", "--as-of", "2026-05-12"]);
    assert!(email.is_ascii() && email.split("\r\n").all(|line| line.len() <= 998 && !line.contains(['\r', '\n'])));
    let head = email.split("\r\n\r\n").next().expect("a head").replace("\r\n ", " ");
    let headers: Vec<&str> = head.split("\r\n").collect();
    for header in [
        "Subject: Fjord & Co: 2 changes that require notice, object by 27 May 2026",
        "Date: Tue, 12 May 2026 00:00:00 +0000",
        "X-Unsent: 1",
        "MIME-Version: 1.0",
    ] {
        assert!(headers.contains(&header), "{header}: {headers:#?}");
    }
    assert!(head.contains("\r\nFrom: ") && head.contains(" <legal@fjord-data.com>"), "{head}");
    assert!(!headers.iter().any(|header| header.starts_with("To:") || header.starts_with("Bcc:")), "{headers:#?}");
    assert!(email.find("text/plain") < email.find("text/html"), "the preferred part is the last one");
    assert_eq!(email, notice(&project, &["--format", "eml", "--as-of", "2026-05-12"]), "the same bytes");
}

#[test]
fn calendar_has_the_events_of_the_notice() {
    let project = announced();
    let calendar = notice(&project, &["--format", "ics"]).replace("\r\n ", "");
    assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 4, "{calendar}");
    let one = notice(&project, &["--format", "ics", "--for", "region=EU"]).replace("\r\n ", "");
    assert_eq!(one.matches("BEGIN:VEVENT").count(), 4, "{one}");
    assert!(calendar.contains("/subprocessors/chat/start/effective"), "{calendar}");
}

/// The notice does not depend on the date on which it is composed, so that everybody reads the same.
#[test]
fn notice_is_the_same_on_every_date() {
    let project = announced();
    for format in ["text", "html", "markdown", "json"] {
        let on = |date: &str| notice(&project, &["--format", format, "--as-of", date]);
        assert_eq!(on("2026-05-12"), on("2027-01-01"), "{format}");
    }
}

/// A subprocessor with a feature, one for a region, and a location for a region.
const CONDITIONAL: &str = "  upcoming:
    - announced: 2026-05-12
      effective: 2026-06-15
      locations: [DE, {code: US, condition: {region: US}}]
- id: sms
  name: SMS
  purpose: Messages
  data_categories: [Numbers]
  condition: {feature: 'Texts, calls'}
  announced: 2026-05-12
  effective: 2026-07-01
- id: us
  name: American
  purpose: Backups
  data_categories: [All]
  condition: {region: US}
  announced: 2026-05-12
  effective: 2026-07-01
  upcoming:
    - {announced: 2026-05-12, effective: 2026-08-01, condition: {feature: Vault}}
";

#[test]
fn selection_leaves_out_what_does_not_apply() {
    let project = then(first(BEFORE), "2026-05-12", &format!("{BEFORE}{CONDITIONAL}"));
    let ids = |arguments: &[&str]| -> Vec<String> {
        let run = project.run([&["notice", "--format", "json"], arguments].concat());
        fine(&run);
        if run.stdout.is_empty() {
            return Vec::new();
        }
        let found: Value = serde_json::from_str(&run.stdout).expect("JSON");
        let id = |change: &Value| change["id"].as_str().expect("an id").to_owned();
        found["changes"].as_array().expect("a list").iter().map(id).collect()
    };
    for (arguments, expected) in [
        (&[][..], &["mail", "sms", "us", "us"][..]),
        // A feature that is not chosen is off; a dimension without an answer is unknown.
        (&["--for", "Texts, calls"], &["mail", "sms", "us", "us"]),
        (&["--for", "region=EU"], &[]),
        (&["--for", "region=US"], &["mail", "us", "us"]),
        (&["--for", "region=EU,Texts, calls"], &["sms"]),
        (&["--for", "region=EU", "--for", "Texts, calls"], &["sms"]),
        // The condition will be that of the feature.
        (&["--for", "region=EU", "--for", "Vault"], &["us", "us"]),
    ] {
        assert_eq!(ids(arguments), expected, "{arguments:?}");
    }
    let text = notice(&project, &["--for", "region=EU,Texts, calls"]);
    assert!(text.contains("It states what applies with this selection: Texts, calls, Region EU."), "{text}");
    assert!(!text.contains("United States") && text.contains("Messages"), "{text}");
    let none = project.run(["notice", "--for", "region=EU"]);
    let line = "no change from 2026-05-01 to 2026-05-12 that requires customer notice applies to this selection\n";
    assert_eq!((none.code, none.stdout.as_str()), (Some(0), line), "{none:?}");
}

#[test]
fn locations_that_do_not_apply_are_left_out_of_every_format() {
    let list = "- id: chat\n  name: Chat\n  purpose: Support\n  data_categories: [Messages]\n  locations: [IE, {code: US, condition: {region: US}}]\n  announced: 2026-05-12\n  effective: 2026-07-01\n";
    let project = then(first(BEFORE), "2026-05-12", &format!("{BEFORE}{list}"));
    for format in ["text", "html", "markdown", "json"] {
        let text = |region: &str| notice(&project, &["--format", format, "--for", &format!("region={region}")]);
        let [eu, us] = [text("EU"), text("US")];
        assert!(
            eu.contains("Ireland") && !eu.contains("United States") && us.contains("United States"),
            "{format}: {eu}"
        );
        assert!(!eu.contains("\"US\""), "{format}: {eu}");
    }
}

#[test]
fn every_kind_of_change_is_stated() {
    let item = |more: &str| format!("{BEFORE}{more}");
    let entry = "  upcoming:\n    - {id: move, announced: 2026-05-12, effective: 2026-07-15, locations: [DE, US]}\n";
    let later = entry.replace("2026-07-15", "2026-07-30");
    let other = entry.replace("[DE, US]", "[DE, JP]");
    let us = BEFORE.replace("[DE]", "[DE, US]");
    let ends = "  ends: 2026-07-31\n";
    let chat = "- id: chat\n  name: Chat\n  purpose: Support\n  data_categories: [M]\n  replaces: mail\n";
    let new = format!("{chat}  announced: 2026-05-12\n  effective: 2026-07-15\n");
    for (before, after, expected, title) in [
        (item(""), item(entry), "mail announced move 2026-06-04 2026-07-15", "Change announced"),
        (item(entry), item(&later), "mail rescheduled move 2026-05-27 2026-07-30", "Change rescheduled"),
        (item(entry), item(&other), "mail revised move 2026-06-04 2026-07-15", "Announced change revised"),
        (item(entry), item(""), "mail withdrawn move - -", "Announced change withdrawn"),
        (
            item(entry),
            us.clone(),
            "mail effective-moved-earlier move - 2026-05-20",
            "Announced change took effect early",
        ),
        (item(""), us, "mail changed - - 2026-05-20", "Changed"),
        (item(""), item(ends), "mail end-stated end 2026-06-04 2026-07-31", "Ends"),
        (item(ends), item(""), "mail withdrawn end - -", "Announced end withdrawn"),
        (item(ends), item("  ends: 2026-08-31\n"), "mail end-stated end 2026-05-15 2026-08-31", "Ends"),
        (item(""), item(chat), "chat added - - 2026-05-20", "New subprocessor"),
        (item(""), item(&new), "chat added start 2026-06-04 2026-07-15", "New subprocessor"),
        (
            item(&new),
            item(&new.replace("07-15", "07-30")),
            "chat start-moved start 2026-05-27 2026-07-30",
            "Start rescheduled",
        ),
        (item(&new), item(""), "chat withdrawn start - -", "Announced subprocessor withdrawn"),
        (item(chat), item(""), "chat removed - - 2026-05-20", "Subprocessor removed"),
    ] {
        let project = then(first(&before), "2026-05-20", &after);
        let found = json(&project, &[]);
        assert_eq!(changes(&found), [expected], "{before} -> {after}");
        assert_eq!(found["changes"][0]["title"], title);
        // The first release is of 1 May, and this one of 20 May.
        let is_closed = expected.contains("2026-05-15");
        let can_object = !is_closed && !["withdrawn", "removed"].iter().any(|event| expected.contains(event));
        assert_eq!(found["changes"][0].get("object_to").is_some(), can_object, "{expected}");
        assert_eq!(found.get("how_to_object").is_some(), can_object, "{expected}");
        // The date that customers knew.
        let text = found["text"].as_str().expect("text");
        match title {
            "Change rescheduled" => assert!(text.contains("30 July 2026 (instead of 15 July 2026)"), "{text}"),
            "Announced change withdrawn" => assert!(text.contains("Announced for: 15 July 2026"), "{text}"),
            "New subprocessor" => assert!(text.contains("Replaces Mail <Co>"), "{text}"),
            _ => {}
        }
    }
}

#[test]
fn commitments_and_documents_are_stated_too() {
    let file = "content/data/commitments.yaml";
    let plan = "- id: uptime\n  plan: Basic\n  commitment: 99 %\n";
    let project = first(BEFORE).file(file, plan);
    fine(&project.run(["release", "-m", "Plan", "--as-of", "2026-05-02"]));
    let entry = "  upcoming:\n    - {announced: 2026-05-12, effective: 2026-07-01, commitment: 99.9 %}\n";
    let project = project.file(file, format!("{plan}{entry}"));
    fine(&project.run(["release", "-m", "Better", "--as-of", "2026-05-12"]));
    let found = json(&project, &["--for", "region=EU"]);
    assert_eq!(changes(&found), ["uptime announced 2026-05-12 2026-05-27 2026-07-01"]);
    assert!(found["text"].as_str().is_some_and(|text| text.contains("99 % → 99.9 %")), "{found}");
}

#[test]
fn releases_can_be_chosen() {
    let project = announced();
    let project = then(project, "2026-05-20", &format!("{BEFORE}{ANNOUNCED}").replace("Support chat", "Help"));
    assert_eq!(changes(&json(&project, &[])), ["chat changed start 2026-06-04 2026-07-01"]);
    let both = ["chat added start 2026-06-04 2026-07-01", "mail announced 2026-05-12 2026-05-27 2026-06-15"];
    assert_eq!(changes(&json(&project, &["2026-05-01"])), both, "to the newest release");
    let both = ["chat added start 2026-05-27 2026-07-01", both[1]];
    assert_eq!(changes(&json(&project, &["2026-05-01", "2026-05-12"])), both);
    for (arguments, message) in [
        (&["2026-05-02"][..], "there is no release 2026-05-02"),
        (&["2026-05-12", "2026-05-01"], "OLD must be an earlier release than NEW"),
        (&["2026-05-20"], "OLD must be an earlier release than NEW"),
        (&["--for", "region=EV"], "`region` has no value `EV`"),
        (&["--for", "regoin=EU"], "unknown dimension `regoin`"),
        (&["--for", "Chats"], "unknown feature `Chats`"),
        (&["--for", "region=EU,region=US"], "`region` has two values"),
    ] {
        let run = project.run([&["notice"], arguments].concat());
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{arguments:?}: {run:?}");
        assert!(run.stderr.contains(message) && run.stderr.contains("help: "), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn nothing_to_say_is_one_line() {
    let formats =
        ["text", "html", "markdown", "json", "ics"].into_iter().chain(cfg!(feature = "mail").then_some("eml"));
    let reworded = then(first(BEFORE), "2026-05-12", &BEFORE.replace("Mail <Co>", "Mail"));
    for (project, line) in [
        (first(BEFORE), "2026-05-01 is the first release: no change requires customer notice\n"),
        (reworded, "no change from 2026-05-01 to 2026-05-12 requires customer notice\n"),
    ] {
        for format in formats.clone() {
            let run = project.run(["notice", "--format", format]);
            // Programs that read a notice get none.
            let expected = if format == "text" { (line, "") } else { ("", line) };
            assert_eq!((run.code, (run.stdout.as_str(), run.stderr.as_str())), (Some(0), expected), "{format}");
        }
    }
    let none = Project::new().run(["notice"]);
    assert_eq!((none.code, none.stdout.as_str()), (Some(2), ""), "{none:?}");
    assert!(none.stderr.contains("there is no release yet"), "{}", none.stderr);
}

#[test]
fn notice_without_an_address_of_the_site_has_no_links() {
    let project = announced();
    let project = project.file("content/site.yaml", SITE.replace("base_url: https://trust.fjord-data.com\n", ""));
    let run = project.run(["notice"]);
    fine(&run);
    assert!(run.stderr.contains("warning[base-url-missing]") && run.stderr.contains("--base-url"), "{}", run.stderr);
    assert!(
        !run.stdout.contains("References\n----------\n\nhttp") && run.stdout.contains("27 May 2026"),
        "{}",
        run.stdout
    );
    let given = notice(&project, &["--base-url", "https://other.fjord-data.com/trust"]);
    assert!(given.contains("https://other.fjord-data.com/trust/releases/2026-05-12/"), "{given}");
}

#[test]
fn withheld_values_stay_withheld() {
    let project = announced();
    let pointer = "/disclosure/subprocessors/chat/legal_name";
    let project = project.file(LIST, format!("{BEFORE}{ANNOUNCED}").replace("  legal_name: Chat Ltd\n", ""));
    fine(&project.run(["redact", "2026-05-12", pointer, "--reason", "Names a person"]));
    for format in ["text", "html", "markdown", "json"] {
        let run = project.run(["notice", "--format", format]);
        fine(&run);
        assert!(!run.stdout.contains("Chat Ltd") && run.stdout.contains("redacted"), "{format}: {}", run.stdout);
    }
}

/// No text of the content becomes markup or a header.
#[test]
fn hostile_text_stays_text() {
    let chat = "- id: chat\n  name: \"# [x](https://evil.example.net) <b>\"\n  purpose: \"- a\\n- b | c\"\n  data_categories: [\"<img src=x>\"]\n  announced: 2026-05-12\n  effective: 2026-07-01\n";
    let project = first(BEFORE).file(LIST, format!("{BEFORE}{chat}"));
    let summary = "Reason\r\nBcc: evil@evil.example.net\r\n\r\n<script>alert(1)</script>";
    let run = project.run(["release", "-m", summary, "--as-of", "2026-05-12"]);
    if run.code != Some(0) {
        // Some of it is refused.
        fine(&project.run(["release", "-m", "Reason\nBcc: evil@evil.example.net", "--as-of", "2026-05-12"]));
    }
    let html = notice(&project, &["--format", "html"]);
    assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("evil.example.net)\""), "{html}");
    let markdown = notice(&project, &["--format", "markdown"]);
    assert!(markdown.contains("\\[x\\]") && !markdown.contains("\n- b"), "{markdown}");
    if cfg!(feature = "mail") {
        let email = notice(&project, &["--format", "eml"]);
        let head = email.split("\r\n\r\n").next().expect("a head");
        assert!(!head.contains("\r\nBcc:"), "{head}");
    }
}
