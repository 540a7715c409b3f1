//! `notices.ics`: objection deadlines and dates of changes, for calendar programs (RFC 5545); and one file per change.
//!
//! The format is written here, because the library for it adds a random id and the current time to every component without one,
//! including time zones, so that its files are neither valid nor reproducible.
//!
//! Each date is an all-day event. Its UID follows from the item and the change, so that programs recognize it when it changes;
//! events of withdrawn changes are canceled, and past events stay. A calendar must have a component, so one without events has
//! a time zone: its address exists from the first release on.

use super::FormatInputs;
use super::tag::Tags;
use crate::diagnostic::Report;
use crate::history::DatedKind;
use crate::history::upcoming::CalendarChange;
use crate::model::Date;
use crate::publication::Publication;
use crate::site::map::{PageKind, release_page};
use crate::wording::{Catalog, dated};

/// The longest line, in bytes, without its end (RFC 5545 section 3.1).
const LINE: usize = 75;

/// The status of the event of a withdrawn change, in the spelling of RFC 5545 section 3.8.1.11.
const WITHDRAWN: &str = concat!("STATUS:CANCEL", "LED");

/// The part of a UID for the event of a deadline.
const DEADLINE: &str = "object-by";

/// Formats the calendar of all changes.
pub(super) fn all(inputs: &FormatInputs) -> Result<Vec<u8>, Report> {
    let changes: Vec<&CalendarChange> = inputs.publication.history.timeline().calendar().collect();
    Ok(calendar(&inputs.publication, &inputs.strings, &changes))
}

/// Formats the calendar of the change at this position in [`SiteFacts::notices`](crate::site::SiteFacts::notices).
pub(super) fn one(inputs: &FormatInputs, nth: usize) -> Result<Vec<u8>, Report> {
    let change: Vec<&CalendarChange> = inputs.publication.history.timeline().calendar().skip(nth).take(1).collect();
    Ok(calendar(&inputs.publication, &inputs.strings, &change))
}

/// Formats a calendar of these changes.
pub fn calendar(publication: &Publication, strings: &Catalog, changes: &[&CalendarChange]) -> Vec<u8> {
    let tags = Tags::of(&publication.history, &publication.settings);
    let mut lines = Lines::default();
    lines.line("BEGIN:VCALENDAR");
    lines.line("VERSION:2.0");
    lines.line("PRODID:-//candor//notices//EN");
    lines.line("CALSCALE:GREGORIAN");
    if let Some(disclosure) = publication.disclosure() {
        let name = format!("{}: {}", disclosure.organization.name, strings.get("upcoming.title"));
        lines.text("NAME", &name);
        lines.text("X-WR-CALNAME", &name);
    }
    lines.line("REFRESH-INTERVAL;VALUE=DURATION:P1D");
    match &tags {
        Some(tags) if !changes.is_empty() => {
            changes.iter().for_each(|change| events(publication, strings, &tags.feed(), change, &mut lines));
        }
        _ => {
            for line in [
                "BEGIN:VTIMEZONE",
                "TZID:UTC",
                "BEGIN:STANDARD",
                "DTSTART:19700101T000000",
                "TZOFFSETFROM:+0000",
                "TZOFFSETTO:+0000",
                "TZNAME:UTC",
                "END:STANDARD",
                "END:VTIMEZONE",
            ] {
                lines.line(line);
            }
        }
    }
    lines.line("END:VCALENDAR");
    lines.text.into_bytes()
}

/// Writes the events of a change: the deadline, if it has one, and the date on which it takes effect.
fn events(publication: &Publication, strings: &Catalog, tag: &str, entry: &CalendarChange, lines: &mut Lines) {
    let change = &entry.change;
    let kind = dated::kind(change, strings);
    let title = |key: &str| strings.fill(key, &[("name", &change.label), ("change", kind)]);
    let effective = match change.kind {
        DatedKind::Start | DatedKind::Change => "upcoming.event-effective",
        DatedKind::End => "upcoming.event-ends",
    };
    let deadline = change.object_by().map(|date| (date, DEADLINE, title("upcoming.event-object-by")));
    for (date, part, summary) in deadline.into_iter().chain([(change.effective, "effective", title(effective))]) {
        lines.line("BEGIN:VEVENT");
        lines.text("UID", &format!("{tag}/{}/{}/{}/{part}", change.id.list, change.id.item, change.id.entry));
        lines.line(&format!("DTSTAMP:{}T000000Z", basic(entry.published)));
        lines.line(&format!("SEQUENCE:{}", entry.sequence));
        let is_canceled = entry.is_withdrawn || (part == DEADLINE && entry.object_by().is_none());
        lines.line(if is_canceled { WITHDRAWN } else { "STATUS:CONFIRMED" });
        lines.line(&format!("DTSTART;VALUE=DATE:{}", basic(date)));
        // The end of an all-day event is the next day (RFC 5545 section 3.6.1). The last date of the calendar has none.
        if date.plus_days(1) != date {
            lines.line(&format!("DTEND;VALUE=DATE:{}", basic(date.plus_days(1))));
        }
        lines.line("TRANSP:TRANSPARENT");
        lines.text("SUMMARY", &summary);
        lines.text("DESCRIPTION", &description(publication, strings, entry));
        let page = release_page(entry.version);
        if let Some(url) = publication.absolute(&page) {
            lines.line(&format!("URL:{url}"));
        }
        lines.line("END:VEVENT");
    }
}

/// Returns the dates and facts of a change, one per line.
fn description(publication: &Publication, strings: &Catalog, entry: &CalendarChange) -> String {
    let change = &entry.change;
    let fact = |label: &str, value: &str| format!("{label}: {value}");
    let mut facts = vec![fact(&change.label, dated::fate(entry, strings).unwrap_or(dated::kind(change, strings)))];
    facts.extend(change.note.clone());
    let (parts, others) = dated::described(change, strings);
    facts.extend(parts.iter().map(|part| part.plain(strings)));
    facts.extend(others.iter().map(|part| part.stated(strings)));
    facts.extend(change.announced.map(|date| fact(strings.field("announced"), &strings.date(date))));
    facts.extend(entry.object_by().map(|date| {
        let counted = dated::counted(change, strings).unwrap_or_default();
        fact(strings.field("object_by"), &format!("{} ({counted})", strings.date(date)))
    }));
    facts
        .push(fact(dated::effective(change.kind, strings), &dated::moved(change.effective, entry.moved_from, strings)));
    facts.extend(change.terms.basis.as_deref().map(|basis| fact(strings.field("basis"), basis)));
    facts.push(strings.fill("footer.version", &[("version", &entry.version.to_string())]));
    facts.extend(publication.absolute(&PageKind::Subprocessors.path("")).filter(|_| change.provider.is_some()));
    facts.join("\n")
}

fn basic(date: Date) -> String {
    date.to_string().replace('-', "")
}

/// The lines of a calendar.
#[derive(Debug, Default)]
struct Lines {
    text: String,
}

impl Lines {
    /// Writes a property whose value is text (RFC 5545 section 3.3.11).
    fn text(&mut self, name: &str, value: &str) {
        let mut escaped = String::with_capacity(value.len());
        for character in value.chars() {
            match character {
                '\\' | ';' | ',' => escaped.extend(['\\', character]),
                '\n' => escaped.push_str("\\n"),
                // Not allowed in a calendar.
                control if control.is_control() && control != '\t' => {}
                other => escaped.push(other),
            }
        }
        self.line(&format!("{name}:{escaped}"));
    }

    /// Writes a line, folded so that no line is longer than 75 bytes.
    fn line(&mut self, line: &str) {
        let mut length = 0;
        for character in line.chars() {
            if length + character.len_utf8() > LINE {
                self.text.push_str("\r\n ");
                // The space counts.
                length = 1;
            }
            length += character.len_utf8();
            self.text.push(character);
        }
        self.text.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LINE, Lines};

    proptest! {
        #[test]
        fn folded_lines_unfold_to_the_text(text in "[ -~äß€😀\\n\\r\\t]{0,300}") {
            let mut lines = Lines::default();
            lines.text("SUMMARY", &text);
            prop_assert!(lines.text.ends_with("\r\n"));
            for line in lines.text.split("\r\n") {
                prop_assert!(line.len() <= LINE && !line.contains(['\n', '\r']), "{line:?}");
            }
            let unfolded = lines.text.replace("\r\n ", "");
            let value = unfolded.strip_prefix("SUMMARY:").and_then(|rest| rest.strip_suffix("\r\n")).expect("a property");
            let (mut read, mut characters) = (String::new(), value.chars());
            while let Some(character) = characters.next() {
                match character {
                    '\\' => match characters.next() {
                        Some('n') => read.push('\n'),
                        other => read.extend(other),
                    },
                    other => read.push(other),
                }
            }
            prop_assert_eq!(read, text.replace('\r', ""));
        }
    }
}
