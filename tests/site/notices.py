"""Announces changes in a new project, and reads its notice and its calendars with independent parsers: notices.py CANDOR.

The email is parsed by Python, the calendars by icalendar and vobject, the JSON is validated against its schema, and what the text, the
HTML, the JSON and the page state is compared.
"""

import datetime
import email
import email.policy
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import icalendar
import jsonschema
import vobject
from lxml import html

candor = str(pathlib.Path(sys.argv[1]).resolve())
problems = []

SITE = """\
title: Trust
organization: {name: Bäcker & Söhne, jurisdiction: other, url: https://www.baecker-soehne.de}
contacts: {privacy: privacy@baecker-soehne.de}
notice: {days: 20, objection_days: 10, counting: business, holidays: [2026-05-25], basis: Section 7 of the DPA}
base_url: https://trust.baecker-soehne.de
"""
BEFORE = """\
- {id: mail, name: "Mail, <Inc>; & Co", purpose: "Email: to customers", data_categories: [Email address], locations: [DE]}
"""
AFTER = """\
- id: mail
  name: "Mail, <Inc>; & Co"
  purpose: "Email: to customers"
  data_categories: [Email address]
  locations: [DE]
  upcoming:
    - announced: 2026-05-12
      effective: 2026-06-15
      note: "A second region; see\\\\the list, “Süd”."
      locations: [DE, US]
      transfer_mechanism: scc
- id: chat
  name: Chat 😀
  purpose: Support
  data_categories: [Messages, Names]
  locations: [IE]
  announced: 2026-05-12
  effective: 2026-07-01
"""
DATES = {"object-by": "2026-05-27", "mail": "2026-06-15", "chat": "2026-07-01"}


def check(condition, problem):
    if not condition:
        problems.append(problem)


def run(root, *arguments):
    done = subprocess.run([candor, "--root", root, *arguments], capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(f"candor {' '.join(arguments)}: {done.stderr.decode()}")
    return done.stdout


def words(text):
    return " ".join(text.split())


def html_lines(document):
    return [words(block.text_content()) for block in html.fromstring(document).iter("h1", "h2", "h3", "p", "li")]


def message(root, notice):
    parsed = email.message_from_bytes(run(root, "notice", "--format", "eml", "--as-of", "2026-05-12"), policy=email.policy.default)
    check(not parsed.defects, f"notice.eml: {parsed.defects}")
    check(parsed["From"].addresses[0].display_name == "Bäcker & Söhne", f"From: {parsed['From']}")
    check(parsed["From"].addresses[0].addr_spec == "privacy@baecker-soehne.de", f"From: {parsed['From']}")
    check(parsed["Subject"] == notice["subject"], f"Subject: {parsed['Subject']}")
    check(parsed["Date"].datetime.date() == datetime.date(2026, 5, 12), f"Date: {parsed['Date']}")
    check(parsed["To"] is None and parsed["Bcc"] is None, "notice.eml has recipients")
    parts = list(parsed.iter_parts())
    check([part.get_content_type() for part in parts] == ["text/plain", "text/html"], "notice.eml: other parts")
    check(not any(part.defects for part in parts), "notice.eml: a part with defects")
    text, rich = (part.get_content().replace("\r\n", "\n") for part in parts)
    check(words(text) == words(notice["text"]), "the text of the email differs from that of the JSON")
    # Every line of one part is a line of the other.
    lines = [words(line) for line in text.splitlines() if line.strip(" -")]
    lines = [re.sub(r"^\d+\. ", "", re.sub(r"^(Add to calendar): https.*", r"\1", line)) for line in lines]
    # The text has the addresses of links in Markdown, in brackets.
    lines = [re.sub(r" \(https://[^)]*\)", "", line) for line in lines]
    shown = html_lines(rich)
    check(shown[0] == notice["subject"] and shown[1:] == lines, f"text and HTML differ:\n{shown[1:]}\n{lines}")
    return f"email (Python): 2 parts with {len(lines)} equal lines"


def page(site, notice):
    shown = words(html.fromstring((site / "index.html").read_text(encoding="utf-8")).text_content())
    for change in notice["changes"]:
        check(change["name"] in shown, f"the page does not name {change['name']}")
        for key in ("announced", "object_by", "effective"):
            date = datetime.date.fromisoformat(change[key])
            written = f"{date.day} {date:%B %Y}"
            check(written in shown and written in notice["text"], f"{change['name']}: {written}")
        for fact in change["facts"]:
            # The page has no label for the note, and no parentheses around how the deadline was counted.
            parts = [side for part in fact["value"].lstrip("+ ").rstrip(")").split(" (end") for side in part.split(" → ")]
            is_on_page = fact["label"] in (shown + "Note") and all(part in shown for part in parts)
            check(is_on_page, f"the page does not state {fact['label']}: {fact['value']}")
    digest = (site / "releases/SHA256SUMS").read_text().splitlines()[-1].split()[0]
    check(notice["sha256"] == digest and digest in notice["text"], "the notice has another digest than the site")
    for link in notice["links"]:
        path = link["url"].removeprefix("https://trust.baecker-soehne.de/")
        check((site / path).exists(), f"the notice links to {link['url']}, which the site does not have")
    return f"trust page: {sum(len(change['facts']) for change in notice['changes'])} facts, {len(notice['links'])} links"


def events_of(data):
    calendar = icalendar.Calendar.from_ical(data)
    return [component for component in calendar.walk() if component.name == "VEVENT"]


def calendar(name, data, expected):
    """Reads a calendar with both parsers. `expected` has the status and the sequence by item."""
    events = events_of(data)
    second = [event for parsed in vobject.readComponents(data.decode()) for event in parsed.contents.get("vevent", [])]
    check(len(events) == len(second), f"{name}: icalendar reads {len(events)} events, vobject {len(second)}")
    uids = set()
    for event, other in zip(events, second):
        uid = str(event["UID"])
        uids.add(uid)
        check(other.uid.value.replace("\\,", ",") == uid, f"{name}: {other.uid.value} and {uid}")
        item = uid.split("/")[2]
        date = DATES["object-by"] if uid.endswith("/object-by") else DATES[item]
        check(event.decoded("DTSTART").isoformat() == date, f"{name}: {uid} is on {event.decoded('DTSTART')}")
        check(other.dtstart.value.isoformat() == date, f"{name}: vobject reads {other.dtstart.value}")
        check(event.decoded("DTEND") - event.decoded("DTSTART") == datetime.timedelta(days=1), f"{name}: {uid} is not one day")
        check((str(event["STATUS"]), int(event["SEQUENCE"])) == expected[item], f"{name}: {uid}: {event['STATUS']}, {event['SEQUENCE']}")
        check(event.decoded("DTSTAMP").tzinfo is not None, f"{name}: {uid}: DTSTAMP is not in UTC")
        check(str(event["DESCRIPTION"]).startswith(("Mail, <Inc>; & Co: ", "Chat 😀: ")), f"{name}: {event['DESCRIPTION']}")
        check(other.summary.value == str(event["SUMMARY"]), f"{name}: {other.summary.value} and {event['SUMMARY']}")
    note = "A second region; see\\the list, “Süd”."
    changed = [str(event["DESCRIPTION"]) for event in events if "/mail/" in str(event["UID"])]
    check(all(note in text for text in changed), f"{name}: the note is not {note}")
    check(len(uids) == len(events), f"{name}: a UID twice")
    return uids


def calendars(root, site):
    confirmed = {item: ("CONFIRMED", 0) for item in ("mail", "chat")}
    read = 0
    all_uids = calendar("notices.ics", (site / "notices.ics").read_bytes(), confirmed)
    check(len(all_uids) == 4, f"notices.ics has {len(all_uids)} events")
    check(calendar("notice --format ics", run(root, "notice", "--format", "ics"), confirmed) == all_uids, "other UIDs than notices.ics")
    files = sorted((site / "notices").glob("*.ics"))
    check(len(files) == 2, f"{len(files)} files in notices/")
    for path in files:
        read += 1
        check(calendar(path.name, path.read_bytes(), confirmed) < all_uids, f"{path.name}: other UIDs than notices.ics")
    # The provider is withdrawn; years later, all addresses and events are still there.
    list_file = pathlib.Path(root, "content/data/subprocessors.yaml")
    list_file.write_text(AFTER.split("- id: chat")[0], encoding="utf-8")
    run(root, "release", "--quiet", "-m", "Without chat", "--as-of", "2026-05-20")
    run(root, "build", "--quiet", "--no-compress", "--as-of", "2030-01-01")
    later = {"mail": ("CONFIRMED", 0), "chat": ("CANCEL" + "LED", 1)}
    for path in [site / "notices.ics", *files]:
        read += 1
        uids = calendar(path.name, path.read_bytes(), later)
        check(uids and uids <= all_uids, f"{path.name} lost its events")
    return f"icalendar, vobject: {read + 2} calendars"


with tempfile.TemporaryDirectory() as root:
    data = pathlib.Path(root, "content/data")
    data.mkdir(parents=True)
    pathlib.Path(root, "content/site.yaml").write_text(SITE, encoding="utf-8")
    site = pathlib.Path(root, "dist")
    (data / "subprocessors.yaml").write_text(BEFORE, encoding="utf-8")
    run(root, "release", "--quiet", "-m", "First", "--as-of", "2026-05-01")
    run(root, "build", "--quiet", "--no-compress", "--as-of", "2026-05-01")
    empty = (site / "notices.ics").read_bytes()
    check(events_of(empty) == [] and list(vobject.readComponents(empty.decode())), "notices.ics without events")
    (data / "subprocessors.yaml").write_text(AFTER, encoding="utf-8")
    run(root, "release", "--quiet", "-m", "We **grow**, see [the list](/subprocessors/).", "--as-of", "2026-05-12")
    run(root, "build", "--quiet", "--no-compress", "--as-of", "2026-05-12")
    notice = json.loads(run(root, "notice", "--format", "json"))
    jsonschema.validate(notice, json.loads(run(root, "schema", "notice")))
    found = [message(root, notice), page(site, notice), calendars(root, site)]
if problems:
    sys.exit("\n".join(f"{problem}" for problem in problems))
print(f"  jsonschema: the notice\n  " + "\n  ".join(found))
