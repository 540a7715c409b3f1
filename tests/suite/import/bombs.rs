//! Workbooks that are small as files and huge when they are read. Each is refused, within the limits of time and memory.

use std::fmt::Write as _;
use std::io::Write as _;

use candor::import::{self, ImportOptions};
use flate2::Compression;
use flate2::write::DeflateEncoder;

/// A workbook with the parts of a sheet.
struct Workbook {
    parts: Vec<(String, Vec<u8>)>,
}

impl Workbook {
    fn xlsx() -> Workbook {
        Workbook { parts: Vec::new() }
            .with("xl/workbook.xml", "<workbook><sheets><sheet name='A' r:id='r1'/></sheets></workbook>")
            .with(
                "xl/_rels/workbook.xml.rels",
                "<Relationships><Relationship Id='r1' Target='worksheets/sheet1.xml'/></Relationships>",
            )
    }

    fn ods(content: impl Into<Vec<u8>>) -> Workbook {
        Workbook { parts: Vec::new() }
            .with("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            .with("content.xml", content)
    }

    /// Adds or replaces a part.
    fn with(mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Workbook {
        self.parts.retain(|(other, _)| other != name);
        self.parts.push((name.to_owned(), bytes.into()));
        self
    }

    fn sheet(self, data: &str, after: &str) -> Workbook {
        let sheet = format!("<worksheet><sheetData>{data}</sheetData>{after}</worksheet>");
        self.with("xl/worksheets/sheet1.xml", sheet)
    }

    /// Returns the archive (APPNOTE 6.3).
    fn bytes(&self) -> Vec<u8> {
        let number = |value: usize, length: usize| value.to_le_bytes()[..length].to_vec();
        let (mut files, mut directory) = (Vec::new(), Vec::new());
        for (name, bytes) in &self.parts {
            let mut deflated = DeflateEncoder::new(Vec::new(), Compression::fast());
            deflated.write_all(bytes).expect("memory");
            let deflated = deflated.finish().expect("memory");
            let sizes =
                [number(0, 4), number(deflated.len(), 4), number(bytes.len(), 4), number(name.len(), 2)].concat();
            let offset = files.len();
            let method = number(8, 2);
            let head = [&b"PK\x03\x04"[..], &[20, 0, 0, 0], &method, &[0; 4], &sizes, &[0; 2], name.as_bytes()];
            files.extend(head.concat());
            files.extend(&deflated);
            let entry =
                [&b"PK\x01\x02"[..], &[20, 0, 20, 0, 0, 0], &method, &[0; 4], &sizes, &[0; 12], &number(offset, 4)];
            directory.extend(entry.concat());
            directory.extend(name.as_bytes());
        }
        let count = number(self.parts.len(), 2);
        let end = [
            &b"PK\x05\x06"[..],
            &[0; 4],
            &count,
            &count,
            &number(directory.len(), 4),
            &number(files.len(), 4),
            &[0; 2],
        ];
        [files, directory, end.concat()].concat()
    }
}

/// Returns what reading a workbook reports, or its subprocessors.
fn read(workbook: &Workbook) -> Result<Vec<String>, String> {
    let (imported, report) = import::read_workbook("a.xlsx", &workbook.bytes(), &ImportOptions::default());
    let messages: Vec<&str> = report.diagnostics().iter().map(|found| found.message.as_str()).collect();
    if report.has_errors() {
        return Err(messages.join("; "));
    }
    Ok(imported.expect("a list").items.iter().map(|item| format!("{}: {}", item.name, item.purpose)).collect())
}

fn cell(at: &str, text: &str) -> String {
    format!("<c r='{at}' t='inlineStr'><is><t>{text}</t></is></c>")
}

/// The column names, in the first row.
fn header() -> String {
    format!("<row r='1'>{}{}</row>", cell("A1", "Name"), cell("B1", "Purpose"))
}

fn list() -> String {
    format!("{}<row r='2'>{}{}</row>", header(), cell("A2", "Alfa"), cell("B2", "Hosting"))
}

#[test]
fn small_workbook_is_read() {
    assert_eq!(read(&Workbook::xlsx().sheet(&list(), "")), Ok(vec!["Alfa: Hosting".to_owned()]));
    let row = |name: &str, purpose: &str| {
        let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
        format!("<table:table-row>{}{}</table:table-row>", cell(name), cell(purpose))
    };
    let content = format!("<table:table>{}{}</table:table>", row("Name", "Purpose"), row("Alfa", "Hosting &amp; more"));
    assert_eq!(read(&Workbook::ods(content)), Ok(vec!["Alfa: Hosting & more".to_owned()]));
}

#[test]
fn workbooks_that_expand_are_refused() {
    const MIB: usize = 1024 * 1024;
    let zeros = || vec![0; 65 * MIB];
    let spaces = || " ".repeat(65 * MIB);
    let last = "<row r='999999'><c r='A999999' t='s'><v>0</v></c></row>";
    let shared = |text: &str| format!("<sst><si><t>{text}</t></si></sst>");
    // 100,000 cells with one string of 1 MiB.
    let mut strings = header();
    for row in 2..=1001 {
        let _ = write!(strings, "<row r='{row}'>{}</row>", "<c t='s'><v>0</v></c>".repeat(100));
    }
    // A sheet of 1 MiB without cells, 10,000 times.
    let sheets = format!("<workbook><sheets>{}</sheets></workbook>", "<sheet name='A' r:id='r1'/>".repeat(10_000));
    let merges = "<mergeCell ref='A1:CV2'/>".repeat(100_000);
    let links = "<hyperlink ref='A2' r:id='l1'/>".repeat(100_000);
    let target = format!("<Relationships><Relationship Id='l1' Target='{}'/></Relationships>", "a".repeat(MIB));
    let row = |repeated: &str, cell: &str| {
        format!("<table:table><table:table-row {repeated}>{cell}</table:table-row></table:table>")
    };
    let value =
        |repeated: &str, text: &str| format!("<table:table-cell {repeated}><text:p>{text}</text:p></table:table-cell>");
    let cases: [(&str, Workbook, &str); 14] = [
        ("zeros in a sheet", Workbook::xlsx().with("xl/worksheets/sheet1.xml", zeros()), "expands to more than"),
        ("zeros in the strings", Workbook::xlsx().sheet(&list(), "").with("xl/sharedStrings.xml", zeros()), "expands"),
        ("spaces in a sheet", Workbook::xlsx().sheet(&spaces(), ""), "expands to more than"),
        ("zeros in ODS", Workbook::ods(zeros()), "expands to more than"),
        (
            "100 million cells by merging",
            Workbook::xlsx()
                .sheet(&format!("{}{last}", list()), "<mergeCells><mergeCell ref='A2:CV999999'/></mergeCells>")
                .with("xl/sharedStrings.xml", shared("x")),
            "1000000 cells",
        ),
        ("merged again and again", Workbook::xlsx().sheet(&list(), &merges), "1000000 cells"),
        (
            "one string in many cells",
            Workbook::xlsx().sheet(&strings, "").with("xl/sharedStrings.xml", shared(&"x".repeat(MIB))),
            "its values have more than",
        ),
        (
            "one link in many cells",
            Workbook::xlsx().sheet(&list(), &links).with("xl/worksheets/_rels/sheet1.xml.rels", target),
            "its values have more than",
        ),
        (
            "one sheet many times",
            Workbook::xlsx().with("xl/workbook.xml", sheets).sheet(&" ".repeat(MIB), ""),
            "expands to more than",
        ),
        (
            "repeated rows and columns of ODS",
            Workbook::ods(row(
                "table:number-rows-repeated='1000000'",
                &value("table:number-columns-repeated='100'", "x"),
            )),
            "1000000 cells",
        ),
        (
            "a long value that ODS repeats",
            Workbook::ods(row("table:number-rows-repeated='10000'", &value("", &"x".repeat(MIB)))),
            "its values have more than",
        ),
        (
            "a cell of ODS that spans everything",
            Workbook::ods(row("", &value("table:number-rows-spanned='18446744073709551615'", "x"))),
            "1000000 cells",
        ),
        (
            "entities that expand",
            Workbook::xlsx().sheet(&list(), "").with(
                "xl/sharedStrings.xml",
                "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]><sst><si><t>&b;</t></si></sst>",
            ),
            "malformed",
        ),
        (
            "entities of ODS",
            Workbook::ods(format!(
                "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>{}",
                row("", &value("", "Name &b;"))
            )),
            "malformed",
        ),
    ];
    for (name, workbook, expected) in cases {
        let error = read(&workbook).expect_err(name);
        assert!(error.contains(expected), "{name}: {error}");
    }
}

#[test]
fn many_attributes_are_read_once() {
    let attributes: String = (0..200_000).fold(String::new(), |mut text, at| {
        let _ = write!(text, " a{at}=''");
        text
    });
    let workbook = Workbook::xlsx().sheet(&list(), &format!("<extLst{attributes}/>"));
    assert_eq!(read(&workbook), Ok(vec!["Alfa: Hosting".to_owned()]));
}
