//! Filled questionnaires as files: `candor import --questionnaire` from workbooks and CSV files of any shape.

use std::fmt::Write as _;

use rust_xlsxwriter::{Format, Workbook};
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
