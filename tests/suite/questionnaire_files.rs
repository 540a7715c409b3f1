//! Filled questionnaires as files: `candor import --questionnaire` from workbooks and CSV files of any shape, and
//! `candor questionnaire` back into such files.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read as _;

use rust_xlsxwriter::{DataValidation, Format, Workbook};
use serde_json::{Value, json};

use crate::support::{Project, ok};

/// Returns an empty project.
fn project() -> Project {
    Project::empty().file(
        "content/site.yaml",
        "title: Trust\norganization:\n  name: Example\nbase_url: https://trust.example.org\n",
    )
}

/// Writes a file and imports it; returns the JSON result.
fn imported(project: &Project, name: &str, bytes: impl AsRef<[u8]>, options: &[&str]) -> Value {
    std::fs::write(project.path(name), bytes).expect("a writable file");
    let file = project.path(name).display().to_string();
    let args = ["import", "--questionnaire", &file, "--format", "json"];
    let run = project.run(args.iter().chain(options));
    assert!(run.code == Some(0), "{} {}", run.stdout, run.stderr);
    serde_json::from_str(&run.stdout).expect("JSON")
}

/// Returns `number|section|question|answer|explanation` of each question.
fn questions(result: &Value) -> Vec<String> {
    let items = result["questionnaire"]["questions"].as_array().expect("questions");
    let fields = ["number", "section", "question", "answer", "explanation"];
    items.iter().map(|item| fields.map(|field| item[field].as_str().unwrap_or_default()).join("|")).collect()
}

/// Returns the codes of the diagnostics.
fn codes(result: &Value) -> Vec<&str> {
    let found = result["report"]["diagnostics"].as_array().expect("diagnostics");
    found.iter().map(|found| found["code"].as_str().unwrap_or_default()).collect()
}

/// Checks that every cell is accounted for, and returns the number of those that are not imported, by reason.
fn account(result: &Value, cells: usize) -> Value {
    let found = &result["cells"];
    let rest: u64 = found["not_imported"].as_object().expect("reasons").values().filter_map(Value::as_u64).sum();
    assert_eq!(found["total"], json!(cells));
    assert_eq!(found["imported"].as_u64().expect("a number") + rest, cells as u64, "{found}");
    found["not_imported"].clone()
}

/// A sheet for tests: rows of cells. A cell `=` is merged with the one above, and `<` with the one to its left.
fn sheet(workbook: &mut Workbook, name: &str, rows: &[&[&str]]) -> usize {
    let sheet = workbook.add_worksheet();
    sheet.set_name(name).expect("a name");
    let at = |row: usize, column: usize| rows.get(row).and_then(|row| row.get(column)).copied().unwrap_or_default();
    let mut cells = 0;
    for (row, texts) in rows.iter().enumerate() {
        for (column, text) in texts.iter().enumerate() {
            if text.is_empty() || *text == "=" || *text == "<" {
                continue;
            }
            cells += 1;
            let below = (row + 1..).take_while(|row| at(*row, column) == "=").count();
            let right = (column + 1..).take_while(|column| at(row, *column) == "<").count();
            let (row, column) = (u32::try_from(row).expect("a row"), u16::try_from(column).expect("a column"));
            if below + right == 0 {
                sheet.write_string(row, column, *text).expect("a cell");
                continue;
            }
            let last = (row + u32::try_from(below).expect("a row"), column + u16::try_from(right).expect("a column"));
            sheet.merge_range(row, column, last.0, last.1, text, &Format::new()).expect("a merged cell");
        }
    }
    cells
}

#[test]
fn reads_a_workbook_in_the_shape_of_a_caiq() {
    let mut workbook = Workbook::new();
    let mut cells =
        sheet(&mut workbook, "Introduction", &[&["About this questionnaire"], &["", "Answer each question."]]);
    cells += sheet(
        &mut workbook,
        "CAIQ",
        &[
            &["Consensus Assessments v4.0.3", "<", "<"],
            &[
                "Question ID",
                "Question",
                "CSP CAIQ Answer",
                "SSRM Control Ownership",
                "CSP Implementation Description\n(Optional)",
                "CSC Responsibilities",
                "CCM Control ID",
                "CCM Domain Title",
            ],
            &[
                "A&A-01.1",
                "Are audit policies established?",
                "Yes",
                "CSP-owned",
                "Reviewed each year.\nBy the board.",
                "",
                "A&A-01",
                "Audit & Assurance",
            ],
            &["A&A-01.2", "Are audit policies reviewed?", "No", "CSP-owned", "", "Review them", "=", "="],
            &["AIS-01.1", "Are there baselines?", "NA", "", "-", "", "AIS-01", "Application Security"],
            &["AIS-01.2", "Which baselines?", "CIS benchmarks", "", "", "", "=", "="],
            &["AIS-01.3", "Are they tested?", "Partial", "", "TBD", "", "=", "="],
            &["End of Standard"],
        ],
    );
    let project = project();
    let bytes = workbook.save_to_buffer().expect("a workbook");
    let result = imported(&project, "CAIQ v4.xlsx", &bytes, &["--write"]);
    assert_eq!(
        questions(&result),
        [
            "A&A-01.1|Audit & Assurance|Are audit policies established?|yes|Reviewed each year.\nBy the board.",
            "A&A-01.2|Audit & Assurance|Are audit policies reviewed?|no|",
            "AIS-01.1|Application Security|Are there baselines?|not-applicable|",
            "AIS-01.2|Application Security|Which baselines?||CIS benchmarks",
            "AIS-01.3|Application Security|Are they tested?|partial|",
        ]
    );
    assert_eq!(result["questionnaire"]["title"], "Consensus Assessments v4.0.3");
    let rest = json!({
        "title": 1, "column-name": 8, "no-field": 5, "no-value": 1, "placeholder": 1, "note": 1, "other-table": 2,
    });
    assert_eq!(account(&result, cells), rest);
    let mut found = codes(&result);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "import-cell",
            "import-column-unused",
            "import-column-unused",
            "import-column-unused",
            "import-row-unused",
            "import-table-unused"
        ]
    );
    // The file is content without errors.
    let yaml = project.read("content/questionnaires/caiq-v4.yaml");
    assert!(yaml.contains("    explanation: |-\n      Reviewed each year.\n      By the board.\n"), "{yaml}");
    let check = project.run(["check", "--as-of", "2026-05-22"]);
    assert_eq!(check.code, Some(0), "{}", check.stderr);
}

#[test]
fn reads_answers_in_columns_of_their_own() {
    let mut workbook = Workbook::new();
    let cells = sheet(
        &mut workbook,
        "Questions",
        &[
            &[
                "Control Domain",
                "Question ID",
                "Consensus Assessment Questions",
                "Consensus Assessment Answers",
                "<",
                "<",
                "Notes",
            ],
            &["=", "=", "=", "Yes", "No", "Not Applicable", "="],
            &["Audit", "AA-01.1", "Planned?", "x", "", "", ""],
            &["=", "AA-01.2", "Done?", "", "X", "", "Next year"],
            &["Keys", "EK-01.1", "Own keys?", "", "", "✓", ""],
            &["=", "EK-01.2", "Rotated?", "x", "x", "", ""],
            &["=", "EK-01.3", "Stored?", "☐", "maybe", "☐", ""],
        ],
    );
    let bytes = workbook.save_to_buffer().expect("a workbook");
    let result = imported(&project(), "list.xlsx", &bytes, &[]);
    assert_eq!(
        questions(&result),
        [
            "AA-01.1|Audit|Planned?|yes|",
            "AA-01.2|Audit|Done?|no|Next year",
            "EK-01.1|Keys|Own keys?|not-applicable|",
            "EK-01.2|Keys|Rotated?|yes|",
            "EK-01.3|Keys|Stored?||",
        ]
    );
    assert_eq!(account(&result, cells), json!({"column-name": 8, "not-a-value": 2, "no-value": 2}));
    assert_eq!(codes(&result), ["import-cell", "import-cell"]);
}

#[test]
fn reads_sections_with_column_names_of_their_own() {
    let mut workbook = Workbook::new();
    let cells = sheet(
        &mut workbook,
        "HECVAT",
        &[
            &["Higher Education Community Vendor Assessment Toolkit", "<", "<", "<", "<"],
            &["Company Overview", "<", "Vendor Answers", "Additional Information", "Guidance"],
            &["COMP-01", "Describe your organization and its ownership.", "A company in Bonn.", "", "State the owner."],
            &["COMP-02", "Have you had an incident?", "No", "", ""],
            &["Documentation", "<", "Vendor Answers", "Additional Information", "Guidance"],
            &["DOCU-01", "Have you undergone an audit?", "Yes", "SOC 2 Type II", ""],
            &["DOCU-02", "Do you have a diagram?", "N/A", "", "Attach it."],
        ],
    );
    let bytes = workbook.save_to_buffer().expect("a workbook");
    let result = imported(&project(), "hecvat.xlsx", &bytes, &["--map", "Guidance=-"]);
    assert_eq!(
        questions(&result),
        [
            "COMP-01|Company Overview|Describe your organization and its ownership.||A company in Bonn.",
            "COMP-02|Company Overview|Have you had an incident?|no|",
            "DOCU-01|Documentation|Have you undergone an audit?|yes|SOC 2 Type II",
            "DOCU-02|Documentation|Do you have a diagram?|not-applicable|",
        ]
    );
    assert_eq!(account(&result, cells), json!({"title": 1, "column-name": 4, "heading": 4, "left-out": 2}));
    assert!(codes(&result).is_empty(), "{result:#}");
}

#[test]
fn reads_several_sheets_and_numbered_headings() {
    let mut workbook = Workbook::new();
    let mut cells = sheet(
        &mut workbook,
        "Service",
        &[
            &["#", "Question", "Response", "Comments"],
            &["1", "Service overview"],
            &["1.1", "What does the service do?", "It sends mail.", ""],
            &["1.2", "Is it hosted by you", "Yes - in Frankfurt", "Since 2020"],
            &["2", "Policies"],
            &["2.1", "Do you have a policy?", "y", ""],
        ],
    );
    cells += sheet(&mut workbook, "Data", &[&["No.", "Question", "Answer"], &["3.1", "Is data encrypted?", "true"]]);
    let bytes = workbook.save_to_buffer().expect("a workbook");
    let project = project();
    let result = imported(&project, "vsa.xlsx", &bytes, &[]);
    assert_eq!(
        questions(&result),
        [
            "1.1|Service overview|What does the service do?||It sends mail.",
            "1.2|Service overview|Is it hosted by you|yes|in Frankfurt\nSince 2020",
            "2.1|Policies|Do you have a policy?|yes|",
            "3.1||Is data encrypted?|yes|",
        ]
    );
    assert_eq!(account(&result, cells), json!({"column-name": 7, "heading": 4}));
    assert_eq!(questions(&imported(&project, "vsa.xlsx", &bytes, &["--table", "2"])), ["3.1||Is data encrypted?|yes|"]);
}

#[test]
fn reads_csv_in_any_language_and_without_column_names() {
    let project = project();
    let german = "Nummer;Abschnitt;Frage;Antwort;Erläuterung\n1.1;Zugang;Gibt es Passwörter?;Ja;\"Lang; und geheim\"\n1.2;Zugang;Gibt es Tests?;Nicht zutreffend;\n";
    let expected = ["1.1|Zugang|Gibt es Passwörter?|yes|Lang; und geheim", "1.2|Zugang|Gibt es Tests?|not-applicable|"];
    let result = imported(&project, "list.csv", german, &[]);
    assert_eq!(questions(&result), expected);
    assert_eq!(account(&result, 14), json!({"column-name": 5}));
    let plain = "a1,Is it safe?,yes\na2,Is it fast?,no\n";
    let options = ["--map", "1=number", "--map", "2=question", "--map", "3=answer", "--name", "plain"];
    let result = imported(&project, "plain.csv", plain, &options);
    assert_eq!(questions(&result), ["a1||Is it safe?|yes|", "a2||Is it fast?|no|"]);
    assert_eq!(result["questionnaire"]["id"], "plain");
    let other = "Ask,Say\nIs it safe?,yes\nIs it fast?,no\n";
    let result = imported(&project, "other.csv", other, &["--map", "Ask=question", "--map", "Say=answer"]);
    assert_eq!(questions(&result), ["||Is it safe?|yes|", "||Is it fast?|no|"]);
}

#[test]
fn repeated_numbers_and_merged_questions_are_reported() {
    let mut workbook = Workbook::new();
    let cells = sheet(
        &mut workbook,
        "Questions",
        &[
            &["ID", "Question", "Answer", "Comment"],
            &["1", "One?", "Yes", "First"],
            &["=", "=", "=", "Second"],
            &["1", "Two?", "No", ""],
            &["2", "Three?", "Yes", ""],
            &["=", "=", "No", ""],
            &["", "", "Yes", "No question here"],
        ],
    );
    let bytes = workbook.save_to_buffer().expect("a workbook");
    let result = imported(&project(), "list.xlsx", &bytes, &[]);
    assert_eq!(questions(&result), ["1||One?|yes|First\nSecond", "1||Two?|no|", "2||Three?|yes|"]);
    let ids: Vec<&Value> = result["questionnaire"]["questions"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|question| &question["id"])
        .collect();
    assert_eq!(ids, ["1", "1-2", "2"]);
    assert_eq!(account(&result, cells), json!({"column-name": 4, "not-a-value": 1, "incomplete-row": 2}));
    let mut found = codes(&result);
    found.sort_unstable();
    assert_eq!(found, ["import-cell", "import-row-unused", "import-same-name"]);
}

#[test]
fn an_import_keeps_what_the_file_cannot_state() {
    let before = "title: Our CAIQ\nstandard: CSA CAIQ\nowner: Security\nreviewed: 2026-05-01\nquestions:\n\
        \x20 - id: audits\n    number: A-1\n    question: Audits?\n    answer: yes\n    evidence: [report]\n    reviewed: 2026-05-02\n\
        \x20 - id: keys\n    number: A-2\n    question: Keys?\n    answer: yes\n    reviewed: 2026-05-02\n";
    let project = project().file("content/questionnaires/caiq.yaml", before);
    let file = "Question ID,Question,Answer\nA-1,Audits?,Yes\nA-2,Keys?,No\nA-3,More?,Yes\n";
    std::fs::write(project.path("caiq.csv"), file).expect("a file");
    let file = project.path("caiq.csv").display().to_string();
    let refused = project.run(["import", "--questionnaire", &file, "--write"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("error[import-file-exists]"), "{}", refused.stderr);
    ok(&project, &["import", "--questionnaire", &file, "--write", "--replace"]);
    let yaml = project.read("content/questionnaires/caiq.yaml");
    let expected = "title: Our CAIQ\nstandard: CSA CAIQ\nreviewed: 2026-05-01\nowner: Security\nquestions:\n\
        \x20 - id: audits\n    number: A-1\n    question: \"Audits?\"\n    answer: yes\n    evidence: [report]\n    reviewed: 2026-05-02\n\
        \x20 - id: keys\n    number: A-2\n    question: \"Keys?\"\n    answer: no\n\
        \x20 - id: a-3\n    number: A-3\n    question: \"More?\"\n    answer: yes\n";
    assert!(yaml.ends_with(expected), "{yaml}");
}

#[test]
fn files_without_questions_are_refused() {
    let project = project();
    let long = "x".repeat(20_000);
    for (name, text, options, expected) in [
        ("a.csv", "Name,Purpose\nExample,Hosting\n".to_owned(), &[][..], "error[import-no-table]"),
        ("b.csv", "\n".to_owned(), &[], "error[import-no-table]"),
        ("c.csv", "Question,Answer\n\"A,yes\nB?,no\nC?,no\n".to_owned(), &[], "a quotation mark is not closed"),
        ("d.csv", format!("Question,Answer\nA?,{long}\n"), &[], "a cell is longer than 16384 bytes"),
        ("e.csv", "Question,Answer\nA?,yes\n".to_owned(), &["--map", "Say=answer"], "unknown column `Say`"),
        ("f.csv", "Question,Answer\nA?,yes\n".to_owned(), &["--map", "Answer=purpose"], "is not a field of a question"),
        ("g.csv", "Question,Answer\nA?,yes\n".to_owned(), &["--table", "2"], "error[import-which-table]"),
        ("h.csv", "Question,Answer\n".to_owned() + &"A?,yes\n".repeat(10_001), &[], "the limit is 10000"),
    ] {
        std::fs::write(project.path(name), text).expect("a file");
        let file = project.path(name).display().to_string();
        let run = project.run(["import", "--questionnaire", &file, "--write"].iter().chain(options));
        assert!(run.stderr.contains(expected), "{name}: {}", run.stderr);
        assert_ne!(run.code, Some(0), "{name}");
        assert!(!project.path("content/questionnaires").exists(), "{name}");
    }
}

#[test]
fn repeated_questions_are_read_in_linear_time() {
    let mut text = "Question,Answer\n".to_owned();
    for _ in 0..2_000 {
        let _ = writeln!(text, "The same question?,yes");
    }
    let result = imported(&project(), "list.csv", text, &[]);
    assert_eq!(questions(&result).len(), 2_000);
    assert_eq!(result["questionnaire"]["questions"][1999]["id"], "the-same-question-2000");
}

/// Returns the parts of a workbook.
fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("an archive");
    let mut parts = BTreeMap::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).expect("a file");
        let mut content = Vec::new();
        file.read_to_end(&mut content).expect("a readable file");
        parts.insert(file.name().to_owned(), content);
    }
    parts
}

/// Returns the text between two strings.
fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(start)?;
    rest.split_once(end).map(|(inside, _)| inside)
}

/// Returns the value of each cell that is not empty, by the part of its sheet and its name, such as `B3`.
fn cells(bytes: &[u8]) -> BTreeMap<String, String> {
    let parts = parts(bytes);
    let text = |name: &str| String::from_utf8(parts[name].clone()).expect("text");
    let string = |xml: &str| {
        let text = between(xml, "<t", "</t>").and_then(|rest| rest.split_once('>')).map_or("", |(_, text)| text);
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    };
    let shared: Vec<String> = text("xl/sharedStrings.xml").split("<si>").skip(1).map(string).collect();
    let mut cells = BTreeMap::new();
    for name in parts.keys().filter(|name| name.starts_with("xl/worksheets/sheet")) {
        for cell in text(name).split("<c ").skip(1) {
            let cell = cell.split("</row>").next().unwrap_or_default();
            let at = between(cell, "r=\"", "\"").expect("a name");
            let value = match between(cell, "<v>", "</v>") {
                Some(value) if cell.contains("t=\"s\"") => shared[value.parse::<usize>().expect("a number")].clone(),
                Some(value) => value.to_owned(),
                None => string(cell),
            };
            if !value.is_empty() {
                cells.insert(format!("{name}!{at}"), value);
            }
        }
    }
    cells
}

/// The answer and the explanation of a question for tests.
fn answer(at: usize) -> (&'static str, String) {
    let word = ["Yes", "No", "NA", "Partial", ""][at % 5];
    let explanation = match at % 7 {
        0 => String::new(),
        1 => format!("Answer {at} with <signs> & \"quotes\".\n\nAnother paragraph."),
        2 => "=SUM(A1:A2) is no formula here".to_owned(),
        _ => format!("Explanation {at}"),
    };
    let explanation = if word.is_empty() { format!("In words {at}") } else { explanation };
    (word, explanation)
}

/// Returns a workbook in the shape of a CAIQ with so many questions, with or without answers.
fn caiq(count: usize, answered: bool) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let note = workbook.add_worksheet();
    note.set_name("Introduction").and_then(|sheet| sheet.write_string(0, 0, "How to use it")).expect("a sheet");
    let format = Format::new().set_text_wrap().set_bold();
    let sheet = workbook.add_worksheet().set_name("Questions").expect("a name");
    sheet.merge_range(0, 0, 0, 5, "Assessment v4", &format).expect("a title");
    sheet.write_formula(0, 6, "=COUNTIF(D4:D3000,\"Yes\")").expect("a formula");
    let names =
        ["Control Domain", "Question ID", "Question", "CSP Answer", "CSP Implementation Description", "Control"];
    for (column, name) in (0_u16..).zip(names) {
        sheet.merge_range(1, column, 2, column, name, &format).expect("a name");
    }
    let list = DataValidation::new().allow_list_strings(&["Yes", "No", "NA", "Partial"]).expect("a list");
    let row = |at: usize| u32::try_from(at + 3).expect("a row");
    sheet.add_data_validation(row(0), 3, row(count), 3, &list).expect("a list");
    for first in (0..count).step_by(3) {
        let last = (first + 2).min(count - 1);
        for (column, text) in [(0, format!("Domain {}", first / 30)), (5, format!("Control {first}, which is long"))] {
            match last > first {
                true => {
                    _ = sheet.merge_range(row(first), column, row(last), column, &text, &format).expect("a merged cell")
                }
                false => _ = sheet.write_string(row(first), column, &text).expect("a cell"),
            }
        }
    }
    for at in 0..count {
        let (word, explanation) = answer(at);
        sheet.write_string(row(at), 1, format!("AB-{:02}.{}", at / 3, at % 3 + 1)).expect("a cell");
        sheet.write_string(row(at), 2, format!("Do you do the thing with the number {at}?")).expect("a cell");
        // Answers in words are in the column of answers. Half of the empty cells have a format.
        let texts = if word.is_empty() { [explanation.as_str(), ""] } else { [word, explanation.as_str()] };
        for (column, text) in (3_u16..).zip(texts) {
            let text = if answered { text } else { "" };
            match (text.is_empty(), at % 2 == 0) {
                (true, false) => {}
                (true, true) => _ = sheet.write_blank(row(at), column, &format).expect("a cell"),
                (false, true) => _ = sheet.write_string_with_format(row(at), column, text, &format).expect("a cell"),
                (false, false) => _ = sheet.write_string(row(at), column, text).expect("a cell"),
            }
        }
    }
    workbook.save_to_buffer().expect("a workbook")
}

/// Returns a CSV file with so many questions, with or without answers.
fn list(count: usize, answered: bool) -> String {
    let mut text = "\u{FEFF}Nummer;Frage;Antwort;Kommentar;Intern\r\n".to_owned();
    let quoted = |text: &str| match text.contains(['"', ';', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    };
    for at in 0..count {
        let (word, explanation) = answer(at);
        let words = if word.is_empty() { [explanation.as_str(), ""] } else { [word, explanation.as_str()] };
        let [word, explanation] = if answered { words } else { ["", ""] };
        // Spreadsheet programs do not show the apostrophe.
        let explanation = if explanation.starts_with('=') { format!("'{explanation}") } else { explanation.to_owned() };
        let word = match word {
            "NA" => "Not applicable",
            "Partial" => "Partly",
            word => word,
        };
        let (question, note) = (format!("Do you do thing {at}; really?"), "\"keep; this\"");
        let _ = write!(text, "{at};{};{};{};{note}\r\n", quoted(&question), quoted(word), quoted(&explanation));
    }
    text
}

fn write(project: &Project, name: &str, bytes: impl AsRef<[u8]>) -> String {
    std::fs::write(project.path(name), bytes).expect("a writable file");
    project.path(name).display().to_string()
}

fn read(project: &Project, name: &str) -> Vec<u8> {
    std::fs::read(project.path(name)).expect("a file")
}

#[test]
fn workbooks_make_the_round_trip_cell_by_cell() {
    for count in [261, 2_000] {
        let project = project();
        let answered = caiq(count, true);
        let file = write(&project, "caiq.xlsx", &answered);
        ok(&project, &["import", "--questionnaire", &file, "--write"]);
        let unanswered = caiq(count, false);
        let empty = write(&project, "empty.xlsx", &unanswered);
        let out = project.path("out.xlsx").display().to_string();
        ok(&project, &["questionnaire", "caiq", "--draft", "--like", &empty, "--output", &out]);
        let filled = read(&project, "out.xlsx");
        assert_eq!(cells(&filled), cells(&answered), "{count}");
        // Everything but the cells is as it was: formats, merged cells, lists of answers.
        let (before, after) = (parts(&unanswered), parts(&filled));
        let names = |parts: &BTreeMap<String, Vec<u8>>| parts.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&before), names(&after));
        for (name, bytes) in &before {
            assert_eq!(after[name] == *bytes, name != "xl/worksheets/sheet2.xml", "{name}");
        }
        let rest = |part: &[u8]| String::from_utf8_lossy(part).split_once("</sheetData>").expect("data").1.to_owned();
        assert_eq!(rest(&before["xl/worksheets/sheet2.xml"]), rest(&after["xl/worksheets/sheet2.xml"]));
        // A file that has the answers already keeps all its cells.
        let run = project.run(["questionnaire", "caiq", "--draft", "--like", &file, "--output", &out]);
        assert!(run.stderr.contains(&format!("answered {count} questions")), "{}", run.stderr);
        assert!(run.stderr.contains("0 cells changed"), "{}", run.stderr);
        assert_eq!(cells(&read(&project, "out.xlsx")), cells(&answered));
    }
}

#[test]
fn csv_files_make_the_round_trip_byte_by_byte() {
    for count in [261, 2_000] {
        let project = project();
        let file = write(&project, "list.csv", list(count, true));
        ok(&project, &["import", "--questionnaire", &file, "--write"]);
        let empty = write(&project, "empty.csv", list(count, false));
        let out = project.path("out.csv").display().to_string();
        for like in [&empty, &file] {
            ok(&project, &["questionnaire", "list", "--draft", "--like", like, "--output", &out]);
            assert!(String::from_utf8(read(&project, "out.csv")).expect("text") == list(count, true), "{count} {like}");
        }
    }
}

#[test]
fn own_files_of_a_questionnaire_can_be_imported_again() {
    for count in [261, 2_000] {
        let project = project();
        let file = write(&project, "caiq.xlsx", caiq(count, true));
        ok(&project, &["import", "--questionnaire", &file, "--write"]);
        ok(&project, &["release", "-m", "First.", "--date", "2026-05-22", "--as-of", "2026-05-22"]);
        let document = ok(&project, &["questionnaire", "caiq", "--format", "json", "--as-of", "2026-05-22"]);
        let document: Value = serde_json::from_str(&document).expect("JSON");
        assert_eq!(document["questionnaire"]["questions"].as_array().expect("a list").len(), count);
        for name in ["out.csv", "out.xlsx"] {
            let out = project.path(name).display().to_string();
            ok(&project, &["questionnaire", "caiq", "--output", &out, "--as-of", "2026-05-22"]);
            let again = imported(&project, name, read(&project, name), &["--name", "again"]);
            assert_eq!(again["questionnaire"]["questions"], document["questionnaire"]["questions"], "{name}");
            // A workbook has another sheet, which says where the answers come from.
            let others: &[&str] = if name == "out.xlsx" { &["import-table-unused"] } else { &[] };
            assert_eq!(codes(&again), others, "{name}");
        }
    }
}

#[test]
fn answers_fit_the_columns_of_the_file() {
    let content = "title: List\nreviewed: 2026-05-01\nquestions:\n\
        \x20 - {id: a, number: A-1, question: One?, answer: yes, explanation: Because., evidence: [backups]}\n\
        \x20 - {id: b, number: A-2, question: Two?, answer: partial}\n\
        \x20 - {id: c, number: A-3, question: Three?, explanation: In words.}\n\
        \x20 - {id: d, number: \"4\", question: Four?, answer: no}\n\
        \x20 - {id: e, number: A-5, question: Five?, answer: no}\n";
    let project = project()
        .file("content/data/controls.yaml", "- {id: backups, title: Backups}\n")
        .file("content/questionnaires/list.yaml", content);
    let fill = |name: &str, bytes: &[u8]| {
        let file = write(&project, name, bytes);
        let run = project.run(["questionnaire", "list", "--draft", "--like", &file]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        (run.stdout, run.stderr)
    };
    // One column for everything.
    let (out, _) = fill("a.csv", b"Question,Answer\nOne?,\nTwo?,No\nThree?,\n");
    assert_eq!(out, "Question,Answer\nOne?,Yes. Because.\nTwo?,Partly\nThree?,In words.\n");
    // Marks, and an answer that has no column.
    let (out, _) = fill("b.csv", b"Question,Yes,No,Comments\nOne?,,x,\nTwo?,x,,\nFive?,,,Old\n");
    assert_eq!(out, "Question,Yes,No,Comments\nOne?,x,,Because.\nTwo?,,,Partly\nFive?,,x,\n");
    // Numbers such as 4 say nothing, others do. Delimiters, line breaks, short records and blank lines stay.
    let (out, err) =
        fill("c.csv", b"No.;Question;Answer\r\n\r\n4;Something else?;\r\nA-5;Five, in other words?\r\n9;Nine?;Yes\r\n");
    assert_eq!(out, "No.;Question;Answer\r\n\r\n4;Something else?;\r\nA-5;Five, in other words?;No\r\n9;Nine?;Yes\r\n");
    assert!(err.contains("2 questions of ") && err.contains("not in `list`: 4, 9"), "{err}");
    assert!(err.contains("4 questions of `list` are not in "), "{err}");
    // A workbook with a formula and a merged answer, which stay.
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, texts) in
        (0_u32..).zip([["No.", "Question", "Answer"], ["A-1", "One?", ""], ["A-2", "Two?", ""], ["A-5", "Five?", ""]])
    {
        for (column, text) in (0_u16..).zip(texts) {
            sheet.write_string(row, column, text).expect("a cell");
        }
    }
    sheet.write_formula(1, 2, rust_xlsxwriter::Formula::new("=IF(1,\"No\")").set_result("No")).expect("a formula");
    sheet.merge_range(2, 2, 3, 2, "No", &Format::new()).expect("a merged cell");
    let file = write(&project, "d.xlsx", workbook.save_to_buffer().expect("a workbook"));
    let out = project.path("out.xlsx").display().to_string();
    let run = project.run(["questionnaire", "list", "--draft", "--like", &file, "--output", &out]);
    assert!(run.stderr.contains("cell C2 of `Sheet1` keeps its text: it has a formula"), "{}", run.stderr);
    assert!(run.stderr.contains("cell C3 of `Sheet1` keeps its text: it is merged with other rows"), "{}", run.stderr);
    assert_eq!(cells(&read(&project, "out.xlsx")), cells(&read(&project, "d.xlsx")));
}

#[test]
fn unusable_requests_for_a_questionnaire_are_explained() {
    let project = project().file(
        "content/questionnaires/list.yaml",
        "title: List\nreviewed: 2026-05-01\nquestions:\n  - {id: a, question: A?, answer: yes}\n",
    );
    let file = write(&project, "other.csv", "Question,Answer\nB?,\n");
    for (args, expected) in [
        (vec!["questionnaire", "list"], "there is no release yet"),
        (vec!["questionnaire", "lst", "--draft"], "did you mean `list`?"),
        (vec!["questionnaire", "list", "--draft", "--output", "a.txt"], "no format has the ending of `a.txt`"),
        (vec!["questionnaire", "list", "--draft", "--like", &file], "no question of "),
        (
            vec!["questionnaire", "list", "--draft", "--like", &file, "--output", "a.xlsx"],
            "name a file that ends with .csv",
        ),
        (vec!["questionnaire", "list", "--draft", "--like", &file, "--map", "Say=answer"], "unknown column `Say`"),
    ] {
        let run = project.run(&args);
        assert_ne!(run.code, Some(0), "{args:?}");
        assert!(run.stderr.contains(expected), "{args:?}: {}", run.stderr);
    }
}
