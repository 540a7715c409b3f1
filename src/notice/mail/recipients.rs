//! The list of recipients: a CSV file with the columns `email`, `name`, `customer`, `features` and `language`.
//!
//! The whole list is read before the first message is sent. A list with a problem is not used at all: a row that is skipped is a
//! customer who is not informed.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Place, Report, Source, nearest};
use crate::model::{Email, Language};
use crate::notice::message::Audience;
use crate::text::{enumerated, shortened};

/// The maximum size of a list, in bytes.
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The maximum length of an address, in bytes (RFC 5321 section 4.5.3.1.3, without the angle brackets).
const MAX_ADDRESS: usize = 254;

/// The names of the columns.
const COLUMNS: [&str; 5] = ["email", "name", "customer", "features", "language"];

/// The delimiters that are detected, from the most to the least common.
const DELIMITERS: [char; 3] = [',', ';', '\t'];

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The line of the row, from 1.
    pub line: usize,
    /// The address. Its domain is in lower case, and in Punycode if it is not ASCII.
    pub email: Email,
    /// Who reads the message.
    pub audience: Audience,
}

/// A list without problems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientList {
    /// The file.
    pub source: Arc<Source>,
    /// The recipients, in the order of the file.
    pub recipients: Vec<Recipient>,
    /// The names of columns that are not used.
    pub unused: Vec<String>,
}

/// Reads a list; `path` is its path in diagnostics.
///
/// # Errors
/// All problems of the list.
pub fn read(path: &str, bytes: &[u8]) -> Result<RecipientList, Report> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        let found = Diagnostic::new(Code::RecipientList, format!("`{path}` is not UTF-8 text"));
        let found = found.at(Place::file(path), "").help("export the list as CSV with the encoding UTF-8");
        return Err(found.into());
    };
    let source = Source::new(path, text.strip_prefix('\u{FEFF}').unwrap_or(text));
    Reading { source, report: Report::new() }.list()
}

struct Reading {
    source: Arc<Source>,
    report: Report,
}

/// A record of the file: its place, its line and its cells.
type Row = (Range<usize>, usize, csv::StringRecord);

impl Reading {
    fn list(mut self) -> Result<RecipientList, Report> {
        let source = Arc::clone(&self.source);
        if let Some(at) = unclosed_quote(&source.text) {
            let found = Diagnostic::new(Code::RecipientList, "the number of quotation marks is odd");
            let found = found.at(Place::new(&source, at..at + 1), "the last one");
            return Err(found.help("close the quotation mark, and write `\"\"` for one inside a quoted cell").into());
        }
        let mut rows = match self.rows() {
            Ok(rows) => rows.into_iter(),
            Err(message) => return Err(self.of_file(format!("cannot read the list: {message}")).into()),
        };
        let Some((range, _, header)) = rows.next() else {
            return Err(self.of_file("the list of recipients is empty".to_owned()).into());
        };
        let (columns, unused) = self.columns(&header, range);
        if self.report.has_errors() {
            return Err(self.report);
        }
        let mut recipients: Vec<Recipient> = Vec::new();
        let mut lines: HashMap<Email, usize> = HashMap::new();
        for (range, line, cells) in rows {
            if cells.len() != header.len() {
                let message = format!("the row has {} cells, but the list has {} columns", cells.len(), header.len());
                self.wrong(message, range, "quote cells that contain the delimiter");
                continue;
            }
            let Some(recipient) = self.recipient(&columns, &cells, line, &range) else { continue };
            match lines.get(&recipient.email) {
                Some(first) => {
                    let message = format!("`{}` is also in line {first}", recipient.email);
                    let found = Diagnostic::new(Code::DuplicateRecipient, message);
                    let help = "keep one row for each address, with all its features";
                    self.report.push(found.at(Place::new(&source, range), "").help(help));
                }
                None => {
                    lines.insert(recipient.email.clone(), line);
                    recipients.push(recipient);
                }
            }
        }
        if recipients.is_empty() && !self.report.has_errors() {
            let found = self.of_file("the list has no recipients".to_owned());
            self.report.push(found);
        }
        if self.report.has_errors() { Err(self.report) } else { Ok(RecipientList { source, recipients, unused }) }
    }

    /// Splits the file into rows. Rows without text are left out.
    fn rows(&self) -> Result<Vec<Row>, String> {
        let text = &self.source.text;
        // Excel writes the delimiter into a line of its own.
        let stated = text.lines().next().and_then(|line| line.trim_end().strip_prefix("sep=")?.chars().next());
        let skipped = if stated.is_some() { text.find('\n').map_or(text.len(), |at| at + 1) } else { 0 };
        let body = &text[skipped..];
        let header = body.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let likeliest = || DELIMITERS.into_iter().rev().max_by_key(|delimiter| header.matches(*delimiter).count());
        let delimiter = stated.or_else(likeliest).and_then(|c| u8::try_from(c).ok()).unwrap_or(b',');
        let mut builder = csv::ReaderBuilder::new();
        let mut reader = builder.has_headers(false).flexible(true).delimiter(delimiter).from_reader(body.as_bytes());
        let mut rows = Vec::new();
        let mut record = csv::StringRecord::new();
        loop {
            let start = skipped + usize::try_from(reader.position().byte()).unwrap_or_default();
            if !reader.read_record(&mut record).map_err(|error| error.to_string())? {
                return Ok(rows);
            }
            let end = skipped + usize::try_from(reader.position().byte()).unwrap_or_default();
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            // The reader skips empty lines before a record.
            let row = text.get(start..end).unwrap_or_default();
            let from = start + (row.len() - row.trim_start_matches(['\r', '\n']).len());
            let range = from..(start + row.trim_end().len()).max(from);
            rows.push((range.clone(), self.source.line_column(range.start).0, record.clone()));
        }
    }

    /// Returns the position of each known column, and the names of the others.
    fn columns(
        &mut self,
        header: &csv::StringRecord,
        range: Range<usize>,
    ) -> (HashMap<&'static str, usize>, Vec<String>) {
        let (mut columns, mut unused) = (HashMap::new(), Vec::new());
        for (at, name) in header.iter().enumerate() {
            let lower = name.trim().to_lowercase();
            match COLUMNS.into_iter().find(|column| *column == lower) {
                Some(column) if columns.insert(column, at).is_some() => {
                    self.wrong(format!("two columns are named `{column}`"), range.clone(), "rename or remove one");
                }
                Some(_) => {}
                None => match nearest(&lower, COLUMNS) {
                    Some(near) => {
                        self.wrong(
                            format!("unknown column `{}`", name.escape_debug()),
                            range.clone(),
                            &format!("did you mean `{near}`?"),
                        );
                    }
                    None => unused.push(name.trim().to_owned()),
                },
            }
        }
        if !columns.contains_key("email") && !self.report.has_errors() {
            let help = format!("name the columns in the first line: {}", enumerated(&COLUMNS));
            self.wrong("the list has no column `email`".to_owned(), range, &help);
        }
        (columns, unused)
    }

    fn recipient(
        &mut self,
        columns: &HashMap<&'static str, usize>,
        cells: &csv::StringRecord,
        line: usize,
        range: &Range<usize>,
    ) -> Option<Recipient> {
        let raw = |name: &str| columns.get(name).and_then(|at| cells.get(*at)).unwrap_or_default();
        let cell = |name: &str| raw(name).trim();
        let mut is_good = true;
        for name in COLUMNS {
            if let Some(c) = raw(name).chars().find(|c| c.is_control()) {
                let what = if matches!(c, '\n' | '\r') { "a line break" } else { "a control character" };
                let shown = shortened(&raw(name).escape_debug().to_string(), 60);
                self.wrong(
                    format!("the {name} `{shown}` contains {what}"),
                    range.clone(),
                    "remove it; a header of a message is one line",
                );
                is_good = false;
            }
        }
        if !is_good {
            return None;
        }
        let email = match address(cell("email")) {
            Ok(email) => Some(email),
            Err((message, help)) => {
                self.wrong(message, range.clone(), help);
                None
            }
        };
        let language = match Some(cell("language")).filter(|tag| !tag.is_empty()).map(str::parse::<Language>) {
            None => Some(None),
            Some(Ok(language)) => Some(Some(language)),
            Some(Err(why)) => {
                self.wrong(why.message, range.clone(), &why.help);
                None
            }
        };
        let text = |name: &str| Some(cell(name).to_owned()).filter(|text| !text.is_empty());
        let features = features(cell("features"));
        let audience = Audience { name: text("name"), customer: text("customer"), features, language: language? };
        Some(Recipient { line, email: email?, audience })
    }

    fn wrong(&mut self, message: String, range: Range<usize>, help: &str) {
        let found = Diagnostic::new(Code::BadRecipient, message).at(Place::new(&self.source, range), "");
        self.report.push(found.help(help));
    }

    fn of_file(&self, message: String) -> Diagnostic {
        let found = Diagnostic::new(Code::RecipientList, message).at(Place::file(&self.source.path), "");
        found.help(format!("name the columns in the first line: {}", enumerated(&COLUMNS)))
    }
}

/// Splits a cell at commas and semicolons. A feature whose name contains one is in quotation marks.
fn features(cell: &str) -> Vec<String> {
    let (mut features, mut name, mut is_quoted) = (Vec::new(), String::new(), false);
    for character in cell.chars().chain([',']) {
        match character {
            '"' => is_quoted = !is_quoted,
            // A quotation mark that is not closed does not hide the features after it.
            ',' | ';' if !is_quoted || cell.matches('"').count() % 2 == 1 => {
                let trimmed = name.trim();
                if !trimmed.is_empty() {
                    features.push(trimmed.to_owned());
                }
                name.clear();
            }
            other => name.push(other),
        }
    }
    features
}

/// Returns the offset of the last quotation mark, if their number is odd. The CSV reader would take the rest of the file for one
/// cell, and the recipients in it would be lost.
fn unclosed_quote(text: &str) -> Option<usize> {
    if text.bytes().filter(|byte| *byte == b'"').count() % 2 == 0 { None } else { text.rfind('"') }
}

/// Parses an address, and puts its domain in the form that DNS and comparisons use: lower case, and Punycode if it is not ASCII.
///
/// # Errors
/// The message and the fix.
fn address(text: &str) -> Result<Email, (String, &'static str)> {
    if text.is_empty() {
        return Err(("the row has no email address".to_owned(), "add the address, or remove the row"));
    }
    let shown = || shortened(&text.escape_debug().to_string(), 80);
    let malformed = || {
        (
            format!("`{}` is not an email address", shown()),
            "write one address such as privacy@customer.com, without a name",
        )
    };
    let (local, domain) = text.rsplit_once('@').ok_or_else(malformed)?;
    if !local.is_ascii() {
        let message = format!("`{}` needs SMTPUTF8 (RFC 6531), which is not supported", shown());
        return Err((message, "use an address whose part before `@` is ASCII; the domain may be international"));
    }
    // The URL standard would decode escapes in a host.
    if domain.contains('%') {
        return Err(malformed());
    }
    let Ok(url::Host::Domain(domain)) = url::Host::parse(domain) else { return Err(malformed()) };
    let email: Email = format!("{local}@{domain}").parse().map_err(|_| malformed())?;
    if email.as_str().len() > MAX_ADDRESS { Err(malformed()) } else { Ok(email) }
}

#[cfg(test)]
mod tests {
    use super::{Audience, Recipient, RecipientList, read};
    use crate::diagnostic::{Code, Report};

    fn list(text: &str) -> Result<RecipientList, Report> {
        read("list.csv", text.as_bytes())
    }

    fn codes_and_lines(text: &str) -> Vec<(Code, usize)> {
        let report = list(text).expect_err("a problem");
        let place = |found: &crate::diagnostic::Diagnostic| found.place().map_or(0, |place| place.line_column().0);
        report.diagnostics().iter().map(|found| (found.code(), place(found))).collect()
    }

    #[test]
    fn reads_columns_by_name_with_any_usual_delimiter() {
        let recipient = Recipient {
            line: 2,
            email: "Dana@customer.com".parse().expect("an address"),
            audience: Audience {
                name: Some("Dana, DPO".to_owned()),
                customer: Some("Customer \"A\"".to_owned()),
                features: vec!["sso".to_owned(), "region=EU".to_owned()],
                language: Some("de".parse().expect("a language")),
            },
        };
        let header = "Language,email,Customer,NAME,Features,Phone number\n";
        let row = "de, Dana@CUSTOMER.com ,\"Customer \"\"A\"\"\",\"Dana, DPO\",\"sso, region=EU\",1\n";
        let comma = format!("{header}{row}");
        let semicolon = "Language;email;Customer;NAME;Features;Phone number\r\nde;Dana@CUSTOMER.com;\"Customer \"\"A\"\"\";Dana, DPO;\"sso;region=EU\";1\r\n";
        let tab = semicolon.replace(';', "\t").replace("sso\t", "sso,");
        for text in [comma.clone(), format!("\u{FEFF}{comma}"), semicolon.to_owned(), tab] {
            let read = list(&text).expect("a list");
            assert_eq!(read.recipients, std::slice::from_ref(&recipient), "{text}");
            assert_eq!(read.unused, ["Phone number"]);
        }
        let stated = list(&format!("sep=;\r\n{semicolon}")).expect("a list");
        assert_eq!(stated.recipients, [Recipient { line: 3, ..recipient }]);
    }

    #[test]
    fn features_with_a_delimiter_in_their_name_are_quoted() {
        for (cell, expected) in [
            ("SMS; Mail,region=EU", &["SMS", "Mail", "region=EU"][..]),
            ("\"SMS, voice; fax\",Mail", &["SMS, voice; fax", "Mail"]),
            ("Mail;\"A;B\"; \"C\"", &["Mail", "A;B", "C"]),
            ("\"A,B", &["A", "B"]),
            (" ,;", &[]),
        ] {
            assert_eq!(super::features(cell), expected, "{cell}");
        }
        let read = list("email,features\ndana@customer.com,\"\"\"SMS; voice\"\",Mail\"\n").expect("a list");
        assert_eq!(read.recipients[0].audience.features, ["SMS; voice", "Mail"]);
    }

    #[test]
    fn reads_ten_thousand_rows() {
        let rows: String = (0..10_000).map(|n| format!("user{n}@customer{n}.com\n")).collect();
        let read = list(&format!("email\n{rows}")).expect("a list");
        assert_eq!(read.recipients.len(), 10_000);
        assert_eq!(read.recipients[9_999].line, 10_001);
    }

    #[test]
    fn rejects_invalid_addresses() {
        for address in [
            "",
            "dana",
            "dana@",
            "@customer.com",
            "dana@localhost",
            "dana@[192.0.2.1]",
            "dana@192.0.2.1",
            "dana@customer..com",
            "dana@cust%6fmer.com",
            "Dana <dana@customer.com>",
            "dana@customer.com>",
            "dana@a@customer.com",
            "dana customer@customer.com",
            "\"dana\"@customer.com",
            "a@customer.com b@customer.com",
            "däna@customer.com",
            &format!("{}@customer.com", "a".repeat(65)),
            &format!("dana@{}com", "a23456789.".repeat(25)),
        ] {
            let cell = format!("\"{}\"", address.replace('"', "\"\""));
            let text = format!("email,name\nfirst@customer.com,A\n{cell},B\n");
            assert_eq!(codes_and_lines(&text), [(Code::BadRecipient, 3)], "{address}");
        }
    }

    #[test]
    fn rejects_line_breaks_and_control_characters() {
        for cell in ["dana@customer.com\nBcc: x@evil.com", "dana@customer.com\r\n", "da\0na@customer.com"] {
            let rows = [format!("\"{cell}\",A"), format!("a@customer.com,\"Dana{cell}\"")];
            for row in &rows {
                assert_eq!(codes_and_lines(&format!("email,name\n{row}\n"))[0], (Code::BadRecipient, 2), "{row}");
            }
        }
    }

    #[test]
    fn rejects_duplicate_addresses_also_by_case_of_the_domain() {
        let text = "email\ndana@customer.com\nDana@customer.com\ndana@CUSTOMER.com\n dana@customer.com\n";
        assert_eq!(codes_and_lines(text), [(Code::DuplicateRecipient, 4), (Code::DuplicateRecipient, 5)]);
        let international = "email\ndana@münchen.de\ndana@MÜNCHEN.de\ndana@xn--mnchen-3ya.de\n";
        assert_eq!(codes_and_lines(international), [(Code::DuplicateRecipient, 3), (Code::DuplicateRecipient, 4)]);
    }

    #[test]
    fn puts_international_domains_in_punycode() {
        let read = list("email\ndana@münchen.de\n").expect("a list");
        assert_eq!(read.recipients[0].email.as_str(), "dana@xn--mnchen-3ya.de");
    }

    #[test]
    fn rejects_lists_in_which_rows_could_be_lost() {
        for (text, expected) in [
            ("", (Code::RecipientList, 0)),
            ("email\n\n", (Code::RecipientList, 0)),
            ("email,notes\na@b.com,\"open\nc@d.com,x\n", (Code::RecipientList, 2)),
            ("email,notes\na@b.com\n", (Code::BadRecipient, 2)),
            ("email,name\na@b.com,Doe, Jane\n", (Code::BadRecipient, 2)),
            ("name,customer\nA,B\n", (Code::BadRecipient, 1)),
            ("email,feature\na@b.com,sso\n", (Code::BadRecipient, 1)),
            ("email,name,Email\na@b.com,A,c@d.com\n", (Code::BadRecipient, 1)),
            ("email,language\na@b.com,German\n", (Code::BadRecipient, 2)),
        ] {
            assert_eq!(
                codes_and_lines(text).first().copied(),
                Some(match expected {
                    (code, 0) => (code, codes_and_lines(text)[0].1),
                    other => other,
                }),
                "{text}"
            );
        }
        let utf16 = read("list.csv", b"\xff\xfee\0m\0a\0i\0l\0").expect_err("a problem");
        assert_eq!(utf16.diagnostics()[0].code(), Code::RecipientList);
    }

    #[test]
    fn reports_every_problem_of_a_list() {
        let rows: String = (0..50).map(|n| format!("user{n}\n")).collect();
        assert_eq!(codes_and_lines(&format!("email\n{rows}")).len(), 50);
    }
}
