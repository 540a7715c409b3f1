//! A report in each output format.

use candor::diagnostic::{Code, Diagnostic, Place, Report, Source, render};
use snapbox::{assert_data_eq, str};

/// Returns a report with diagnostics for locations, for a file and for the project, whose text every format must escape.
fn report() -> Report {
    let source = Source::new("content/da:ta, 1.yaml", "a: größe\nb: \u{1b}[31m\u{202e}x\n");
    let mut report = Report::new();
    report.push(
        Diagnostic::new(Code::BadDate, "`größe` is 100% not\na date")
            .at(Place::new(&source, 3..10), "here")
            .at(Place::new(&source, 11..12), "and, there")
            .help("write: a day"),
    );
    report.push(Diagnostic::new(Code::UnknownFile, "it holds \u{1b}[31m").at(Place::new(&source, 14..19), ""));
    report.push(
        Diagnostic::new(Code::MissingFile, "`content/site.yaml` is missing").at(Place::file("content/site.yaml"), ""),
    );
    report.push(Diagnostic::new(Code::ImportCompleted, "nothing was ever released"));
    report.sort();
    report
}

fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

#[test]
fn human_format_shows_lines_and_carets() {
    assert_data_eq!(
        plain(&render::human(&report())),
        str![[r#"
note[import-completed]: nothing was ever released

error[bad-date]: `größe` is 100% not/na date
 --> content/da:ta, 1.yaml:1:4
  |
1 | a: größe
  |    ^^^^^ here
2 | b: ␛[31m�x
  | - and, there
  |
  = help: write: a day

warning[unknown-file]: it holds /u{1b}[31m
 --> content/da:ta, 1.yaml:2:4
  |
2 | b: ␛[31m�x
  |    ^^^^^

error[missing-file]: `content/site.yaml` is missing
--> content/site.yaml

2 errors, 1 warning, 1 note in 2 files

"#]]
    );
}

#[test]
fn json_format_lists_diagnostics() {
    assert_data_eq!(
        render::json(&report()),
        str![[r#"
{
  "version": 1,
  "diagnostics": [
    {
      "severity": "note",
      "code": "import-completed",
      "message": "nothing was ever released",
      "file": null,
      "line": null,
      "column": null,
      "end_line": null,
      "end_column": null,
      "help": [],
      "related": []
    },
    {
      "severity": "error",
      "code": "bad-date",
      "message": "`größe` is 100% not//na date",
      "file": "content/da:ta, 1.yaml",
      "line": 1,
      "column": 4,
      "end_line": 1,
      "end_column": 9,
      "text": "here",
      "help": [
        "write: a day"
      ],
      "related": [
        {
          "file": "content/da:ta, 1.yaml",
          "line": 2,
          "column": 1,
          "end_line": 2,
          "end_column": 2,
          "text": "and, there"
        }
      ]
    },
    {
      "severity": "warning",
      "code": "unknown-file",
      "message": "it holds //u{1b}[31m",
      "file": "content/da:ta, 1.yaml",
      "line": 2,
      "column": 4,
      "end_line": 2,
      "end_column": 9,
      "help": [],
      "related": []
    },
    {
      "severity": "error",
      "code": "missing-file",
      "message": "`content/site.yaml` is missing",
      "file": "content/site.yaml",
      "line": null,
      "column": null,
      "end_line": null,
      "end_column": null,
      "help": [],
      "related": []
    }
  ],
  "errors": 2,
  "warnings": 1
}
"#]]
    );
}

#[test]
fn json_matches_its_schema() {
    let schema = schemars::schema_for!(render::JsonReport).to_value();
    let value: serde_json::Value = serde_json::from_str(&render::json(&report())).expect("JSON");
    let finding = &schema["$defs"]["JsonDiagnostic"];
    for (schema, value) in [(&schema, &value), (finding, &value["diagnostics"][0])] {
        let properties = schema["properties"].as_object().expect("properties");
        for key in value.as_object().expect("an object").keys() {
            assert!(properties.contains_key(key), "`{key}` is not in the schema");
        }
        for required in schema["required"].as_array().expect("required fields") {
            assert!(value.get(required.as_str().expect("a name")).is_some(), "{required} is not there");
        }
    }
}

#[test]
fn github_format_prints_annotations() {
    assert_data_eq!(
        render::github(&report()),
        str![[r#"
::notice title=import-completed::nothing was ever released
::error file=content/da%3Ata%2C 1.yaml,line=1,endLine=1,col=4,endColumn=9,title=bad-date::`größe` is 100%25 not/na date%0Ahelp: write: a day
::warning file=content/da%3Ata%2C 1.yaml,line=2,endLine=2,col=4,endColumn=9,title=unknown-file::it holds /u{1b}[31m
::error file=content/site.yaml,title=missing-file::`content/site.yaml` is missing

"#]]
    );
}

#[test]
fn sarif_format_lists_diagnostics() {
    assert_data_eq!(
        render::sarif(&report()),
        str![[r#"
{
  "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
  "version": "2.1.0",
  "runs": [
    {
      "tool": {
        "driver": {
          "name": "candor",
          "semanticVersion": "0.1.0",
          "rules": [
            {
              "id": "bad-date",
              "shortDescription": {
                "text": "A date is not a valid calendar date in the format `YYYY-MM-DD`."
              },
              "fullDescription": {
                "text": "Other orders of year, month and day are read differently in different countries."
              },
              "help": {
                "text": "Use the format of RFC 3339./n/ncandor explain bad-date"
              },
              "defaultConfiguration": {
                "level": "error"
              }
            },
            {
              "id": "import-completed",
              "shortDescription": {
                "text": "candor completed a value during the import."
              },
              "fullDescription": {
                "text": "You publish the value as your statement, so you should review it."
              },
              "help": {
                "text": "Check that it is what you meant./n/ncandor explain import-completed"
              },
              "defaultConfiguration": {
                "level": "note"
              }
            },
            {
              "id": "missing-file",
              "shortDescription": {
                "text": "A required file is missing."
              },
              "fullDescription": {
                "text": "Without `content/site.yaml`, readers would not know which organization makes the statements."
              },
              "help": {
                "text": "Create the file, or set `--root` to the project's folder. If there is no `content/` folder yet, `candor init` creates a project./n/ncandor explain missing-file"
              },
              "defaultConfiguration": {
                "level": "error"
              }
            },
            {
              "id": "unknown-file",
              "shortDescription": {
                "text": "candor does not read this file."
              },
              "fullDescription": {
                "text": "Its content does not appear on the site."
              },
              "help": {
                "text": "Move it out of `content/`./n/ncandor explain unknown-file"
              },
              "defaultConfiguration": {
                "level": "warning"
              }
            }
          ]
        }
      },
      "columnKind": "unicodeCodePoints",
      "results": [
        {
          "ruleId": "import-completed",
          "ruleIndex": 1,
          "level": "note",
          "message": {
            "text": "nothing was ever released"
          },
          "locations": []
        },
        {
          "ruleId": "bad-date",
          "ruleIndex": 0,
          "level": "error",
          "message": {
            "text": "`größe` is 100% not//na date/nhelp: write: a day"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "content/da%3Ata%2C%201.yaml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "startLine": 1,
                  "startColumn": 4,
                  "endLine": 1,
                  "endColumn": 9
                }
              },
              "message": {
                "text": "here"
              }
            }
          ],
          "relatedLocations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "content/da%3Ata%2C%201.yaml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "startLine": 2,
                  "startColumn": 1,
                  "endLine": 2,
                  "endColumn": 2
                }
              },
              "message": {
                "text": "and, there"
              }
            }
          ]
        },
        {
          "ruleId": "unknown-file",
          "ruleIndex": 3,
          "level": "warning",
          "message": {
            "text": "it holds //u{1b}[31m"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "content/da%3Ata%2C%201.yaml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "startLine": 2,
                  "startColumn": 4,
                  "endLine": 2,
                  "endColumn": 9
                }
              }
            }
          ]
        },
        {
          "ruleId": "missing-file",
          "ruleIndex": 2,
          "level": "error",
          "message": {
            "text": "`content/site.yaml` is missing"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "content/site.yaml",
                  "uriBaseId": "%SRCROOT%"
                }
              }
            }
          ]
        }
      ]
    }
  ]
}
"#]]
    );
}

#[test]
fn human_format_escapes_control_characters() {
    let text = plain(&render::human(&report()));
    assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{9b}']), "{text:?}");
}

#[test]
fn empty_report_prints_nothing_for_people_and_valid_json() {
    assert_eq!(render::human(&Report::new()), "");
    assert_eq!(render::github(&Report::new()), "");
    assert_data_eq!(
        render::json(&Report::new()),
        str![[r#"
{
  "version": 1,
  "diagnostics": [],
  "errors": 0,
  "warnings": 0
}
"#]]
    );
}

#[test]
fn very_long_line_is_truncated_around_the_caret() {
    let source = Source::new("a.yaml", format!("a: {} b: x {}\n", "y".repeat(500), "z".repeat(1_000_000)));
    let text =
        plain(&render::human(&Diagnostic::new(Code::BadDate, "no").at(Place::new(&source, 504..505), "").into()));
    assert!(text.lines().all(|line| line.chars().count() <= 150), "{text}");
    assert!(text.contains(" b: x ") && text.contains("a.yaml:1:505"), "{text}");
}

#[test]
fn distant_lines_of_one_file_are_quoted_separately() {
    let source = Source::new("a.yaml", "x\n".repeat(10_000));
    let report = Diagnostic::new(Code::DuplicateId, "twice")
        .at(Place::new(&source, 19_998..19_999), "")
        .at(Place::new(&source, 0..1), "first here");
    assert_data_eq!(
        plain(&render::human(&report.into())),
        str![[r#"
error[duplicate-id]: twice
     --> a.yaml:10000:1
      |
10000 | x
      | ^
      |
     ::: a.yaml:1:1
      |
    1 | x
      | - first here

1 error in 1 file

"#]]
    );
}
