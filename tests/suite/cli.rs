//! The command line as a whole: each command offers the formats that it supports, its JSON matches its schema,
//! `--quiet` works everywhere, and every command mentioned in the documentation exists.

mod mentions;

use std::collections::BTreeSet;

use candor::cli::Cli;
use candor::commands::schema::all;
use clap::{CommandFactory, Parser};
use serde_json::Value;

use crate::support::{Project, Run};

const SITE: &str = "title: Trust\norganization:\n  name: Example\nbase_url: https://trust.myexample.com\n\
                    contacts:\n  privacy: privacy@myexample.com\n";
const VENDORS: &str = "| Provider | Purpose | Data categories |\n|--|--|--|\n| Example Mail | Email | Address |\n";

const QUESTIONS: &str =
    "title: Questions\nreviewed: 2026-05-01\nquestions:\n  - {id: a, question: Is it safe?, answer: yes}\n";

/// Returns a project with one release and a list to import.
fn project() -> Project {
    let project = Project::new()
        .file("content/site.yaml", SITE)
        .file("content/questionnaires/questions.yaml", QUESTIONS)
        .file("vendors.md", VENDORS);
    assert_eq!(project.run(["release", "-q", "-m", "First"]).code, Some(0));
    project
}

/// Returns a project with one release and unreleased changes.
fn edited() -> Project {
    let project = project();
    project.file("content/site.yaml", SITE.replace("Trust", "Trust us"))
}

/// Returns a project whose second release adds a subprocessor.
fn noticed() -> Project {
    let project = project().file("content/data/subprocessors.yaml", "- {id: mail, name: Mail, purpose: Email}\n");
    assert_eq!(project.run(["release", "-q", "-m", "Second"]).code, Some(0));
    project
}

/// The output formats that each command offers.
const FORMATS: &[(&str, &[&str])] = &[
    ("build", &["human", "json", "github", "sarif"]),
    ("check", &["human", "json", "github", "sarif"]),
    ("diff", &["human", "json", "markdown"]),
    ("explain", &["human", "json"]),
    #[cfg(feature = "import")]
    ("import", &["human", "json"]),
    #[cfg(feature = "publish")]
    ("publish", &["human", "json", "github"]),
    #[cfg(feature = "mail")]
    ("notice", &["text", "html", "eml", "markdown", "json", "ics"]),
    #[cfg(not(feature = "mail"))]
    ("notice", &["text", "html", "markdown", "json", "ics"]),
    ("questionnaire", &["csv", "xlsx", "json"]),
    ("release", &["human", "json"]),
    ("schedule", &["markdown", "html", "csv", "xlsx", "docx", "json", "dora-csv"]),
    ("verify", &["human", "json", "github"]),
];

/// Every value of `--format` of any command.
const ALL_FORMATS: &[&str] =
    &["human", "json", "github", "sarif", "markdown", "html", "csv", "xlsx", "docx", "text", "eml", "ics", "dora-csv"];

/// Returns arguments with which a command succeeds.
fn arguments(command: &str, project: &Project) -> Vec<String> {
    let folder = url::Url::from_file_path(project.path("published")).expect("an absolute path").to_string();
    let arguments: &[&str] = match command {
        "build" => &["--no-compress"],
        "import" => &["vendors.md"],
        "publish" => &[&folder, "--no-compress"],
        "questionnaire" => &["questions"],
        "release" => &["-m", "Second"],
        _ => &[],
    };
    [&[command], arguments].concat().into_iter().map(str::to_owned).collect()
}

fn run(project: &Project, command: &str, options: &[&str]) -> Run {
    let options = options.iter().map(|option| (*option).to_owned());
    project.run(arguments(command, project).into_iter().chain(options))
}

#[test]
fn commands_accept_only_their_output_formats() {
    for command in Cli::command().get_subcommands() {
        let name = command.get_name();
        let offered = command.get_arguments().find(|argument| argument.get_id() == "format");
        let offered: Vec<String> = offered.map_or_else(Vec::new, |argument| {
            argument.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect()
        });
        let listed = FORMATS.iter().find(|(listed, _)| *listed == name).map_or(&[][..], |(_, formats)| formats);
        assert_eq!(offered, listed, "{name}");
        let project = project();
        for word in ALL_FORMATS.iter().filter(|word| !listed.contains(word)) {
            let refused = run(&project, name, &["--format", word]);
            assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""), "{name} --format {word}: {refused:?}");
        }
    }
    // `--format` is an option of the command, not of the program.
    assert_eq!(Project::new().run(["--format", "json", "check"]).code, Some(2));
}

#[test]
fn output_formats_of_a_command_differ() {
    for (command, formats) in FORMATS {
        let printed: BTreeSet<Vec<u8>> = formats
            .iter()
            .map(|format| {
                // `verify` prints annotations only for problems.
                let (project, code) = match *command {
                    "diff" | "release" => (edited(), 0),
                    "notice" => (noticed(), 0),
                    "verify" => (project().file("content/releases/SHA256SUMS", "x\n"), 1),
                    _ => (project(), 0),
                };
                let options = ["--format", format].map(str::to_owned);
                let arguments = arguments(command, &project).into_iter().chain(options);
                let output = project.command(arguments).output().expect("the program starts");
                assert_eq!(output.status.code(), Some(code), "{command} --format {format}: {output:?}");
                output.stdout
            })
            .collect();
        // There are no problems, so the GitHub format prints nothing; no other format may.
        assert_eq!(printed.len(), formats.len(), "{command}: {printed:#?}");
    }
}

#[test]
fn usage_errors_exit_with_2_and_print_no_result() {
    for arguments in [
        &["nosuch"][..],
        &["check", "--nosuch"],
        &["check", "--format", "yaml"],
        &["check", "--format"],
        &["check", "extra"],
        &["check", "--timeout", "5"],
        &["check", "-q", "-v"],
        &["build", "--as-of", "2026-02-30"],
        &["release"],
        &["release", "-m", "A", "--summary-file", "b"],
        &["schedule", "--release", "newest"],
        &["--root", "nosuch", "check"],
        &["explain", "nosuch"],
        &["schema", "nosuch"],
        &["diff", "nosuch"],
        &["verify", "nosuch"],
    ] {
        let run = project().run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{arguments:?}: {run:?}");
        assert!(run.stderr.starts_with("error: "), "{arguments:?}: {}", run.stderr);
    }
}

fn schema(name: &str) -> Value {
    let format = all().into_iter().find(|format| format.path() == format!("output/{name}.json"));
    format.unwrap_or_else(|| panic!("no schema {name}")).schema()
}

#[track_caller]
fn assert_matches_schema(name: &str, run: &Run) {
    let value: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{name}: {error}: {run:?}"));
    let mut schema = schema(name);
    forbid_unknown_fields(&mut schema);
    jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<_> = validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{name}: {errors:#?}");
}

/// Published schemas are open so that later versions can add fields. This version must not print a field that is not in
/// its schema.
fn forbid_unknown_fields(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if map.get("properties").is_some_and(Value::is_object) && !map.contains_key("additionalProperties") {
                map.insert("unevaluatedProperties".into(), false.into());
            }
            map.values_mut().for_each(forbid_unknown_fields);
        }
        Value::Array(list) => list.iter_mut().for_each(forbid_unknown_fields),
        _ => {}
    }
}

#[test]
fn json_output_matches_its_schema() {
    let json = ["--format", "json"];
    let mut checked = BTreeSet::new();
    let mut check = |name: &'static str, command: &'static str, run: Run, code: i32| {
        assert_eq!(run.code, Some(code), "{command}: {run:?}");
        assert_matches_schema(name, &run);
        checked.insert(command);
    };
    check("report", "check", run(&edited(), "check", &json), 0);
    check("report", "build", run(&project(), "build", &json), 0);
    check("report", "build", run(&edited(), "build", &json), 1);
    check("changes", "diff", run(&edited(), "diff", &json), 0);
    check("report", "diff", run(&edited().file("content/site.yaml", "title: ["), "diff", &json), 1);
    check("released", "release", run(&edited(), "release", &json), 0);
    check("report", "release", run(&project(), "release", &json), 1);
    check("notice", "notice", run(&noticed(), "notice", &json), 0);
    check("verify", "verify", run(&project(), "verify", &json), 0);
    check("verify", "verify", run(&project().file("content/releases/SHA256SUMS", "x\n"), "verify", &json), 1);
    check("explanations", "explain", project().run(["explain", "--format", "json"]), 0);
    check("explanation", "explain", project().run(["explain", "broken-link", "--format", "json"]), 0);
    check("schedule", "schedule", run(&project(), "schedule", &json), 0);
    check("answers", "questionnaire", run(&project(), "questionnaire", &json), 0);
    if cfg!(feature = "import") {
        check("imported", "import", run(&project(), "import", &json), 0);
        check("imported", "import", run(&project(), "import", &["--write", "--format", "json"]), 0);
    }
    if cfg!(feature = "publish") {
        check("publish-plan", "publish", run(&project(), "publish", &["--dry-run", "--format", "json"]), 0);
        check("published", "publish", run(&project(), "publish", &json), 0);
        check("report", "publish", run(&edited(), "publish", &json), 1);
    }
    let offered: BTreeSet<&str> =
        FORMATS.iter().filter(|(_, formats)| formats.contains(&"json")).map(|(command, _)| *command).collect();
    assert_eq!(checked, offered, "each command that prints JSON has a schema");
}

/// Commands that report success rather than print a result are silent with `--quiet`.
#[test]
fn quiet_command_prints_nothing_on_success() {
    let mut commands = vec![
        (edited(), "check", vec![]),
        (project(), "build", vec![]),
        (edited(), "build", vec!["--draft"]),
        (edited(), "release", vec![]),
        (project(), "release", vec!["--replace"]),
        (project(), "redact", vec!["2026-05-22", "/summary", "--reason", "Names a person"]),
        (project(), "verify", vec![]),
        (project(), "init", vec!["new", "--full", "--ci", "github"]),
        (project(), "init", vec!["--name", "Other"]),
        (project(), "schema", vec!["--write", "schemas"]),
        (project(), "man", vec!["--write", "man"]),
        (project(), "theme", vec!["export", "base.html"]),
        (project().file("content/site.yaml", format!("{SITE}languages: [de]\n")), "translate", vec!["accept", "de"]),
    ];
    if cfg!(feature = "import") {
        commands.push((project(), "import", vec!["--write"]));
        commands.push((project(), "import", vec![]));
    }
    if cfg!(feature = "publish") {
        commands.push((project(), "publish", vec![]));
    }
    for (project, command, options) in commands {
        let run = run(&project, command, &[options.as_slice(), &["-q"]].concat());
        let printed = (run.code, run.stdout.as_str(), run.stderr.as_str());
        assert_eq!(printed, (Some(0), "", ""), "{command} {options:?}");
    }
}

/// Commands that print a result print only the result with `--quiet`.
#[test]
fn quiet_command_still_prints_its_result() {
    let mut commands = vec![
        ("diff", vec![]),
        ("schedule", vec![]),
        ("questionnaire", vec![]),
        ("notice", vec![]),
        ("schema", vec![]),
        ("explain", vec![]),
        ("man", vec![]),
        ("completions", vec!["bash"]),
        ("theme", vec!["list"]),
        ("translate", vec!["status"]),
    ];
    if cfg!(feature = "publish") {
        commands.push(("publish", vec!["--dry-run"]));
    }
    for (command, options) in commands {
        // A project with a warning but no error.
        let project = if command == "diff" {
            edited()
        } else {
            project().file("content/site.yaml", SITE).file("static/documents/a.pdf", "%PDF")
        };
        let run = run(&project, command, &[options.as_slice(), &["-q"]].concat());
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{command}: {run:?}");
        assert!(!run.stdout.trim().is_empty(), "{command}");
    }
}

#[test]
fn every_command_is_tested_with_quiet() {
    let tried = [
        "build",
        "check",
        "completions",
        "diff",
        "explain",
        "import",
        "init",
        "man",
        "notice",
        "publish",
        "questionnaire",
        "redact",
        "release",
        "schedule",
        "schema",
        "theme",
        "translate",
        "verify",
        // `serve` runs until it is stopped; tests/suite/serve.rs covers it.
        "serve",
    ];
    for command in Cli::command().get_subcommands() {
        assert!(tried.contains(&command.get_name()), "{}", command.get_name());
    }
}

#[test]
fn quiet_command_still_prints_errors() {
    let broken = || project().file("content/site.yaml", "title: [");
    for command in ["check", "build", "release"] {
        let run = run(&broken(), command, &["-q"]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{command}: {run:?}");
        assert!(run.stderr.contains("error[yaml-syntax]"), "{command}: {}", run.stderr);
    }
}

/// Options that take a name or free text, each with the rest of a valid command line.
const FREE_TEXT: &[(&[&str], &str)] = &[
    (&["init"], "--name"),
    #[cfg(feature = "import")]
    (&["import", "vendors.md"], "--map"),
    #[cfg(feature = "import")]
    (&["import", "vendors.md", "--git-history"], "--same"),
    #[cfg(feature = "import")]
    (&["import", "vendors.md", "--git-history"], "--different"),
    #[cfg(feature = "import")]
    (&["questionnaire", "caiq", "--like", "caiq.csv"], "--map"),
    (&["redact", "2026-05-22", "/summary"], "--reason"),
    (&["notice"], "--for"),
    (&["notice"], "--customer"),
    (&["notice"], "--name"),
    (&["release"], "--message"),
    (&["release"], "-m"),
    (&["schedule"], "--customer"),
    (&["schedule"], "--features"),
    (&["schedule"], "--for"),
    (&["schedule"], "--workspace"),
];

#[test]
fn free_text_may_start_with_a_hyphen() {
    for (command, option) in FREE_TEXT {
        for text in ["- [x] text=name", "-x=name", "--draft=name", "-5 °C=name", "--=name", "-=name"] {
            for words in [vec![*option, text], vec![&format!("{option}={text}")]] {
                let line: Vec<&str> = ["candor"].iter().chain(*command).chain(&words).copied().collect();
                let parsed = Cli::try_parse_from(&line).unwrap_or_else(|error| panic!("{line:?}: {error}"));
                assert!(format!("{parsed:?}").contains(text.trim_end_matches("=name")), "{line:?}: {parsed:?}");
            }
        }
    }
    // The table is complete: no other option accepts a value that starts with a hyphen.
    for command in Cli::command().get_subcommands() {
        for argument in command.get_arguments().filter(|argument| !argument.is_positional()) {
            let long = format!("--{}", argument.get_long().expect("a long name"));
            let listed = FREE_TEXT.iter().any(|(words, option)| words[0] == command.get_name() && *option == long);
            assert_eq!(argument.is_allow_hyphen_values_set(), listed, "{} {long}", command.get_name());
        }
    }
}

#[test]
fn summary_may_be_a_list() {
    let project = edited();
    let run = project.run(["release", "-m", "- [x] first\n- second"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let record = project.read("content/releases/2026-05-22.2.json");
    let record: Value = serde_json::from_str(&record).expect("JSON");
    assert_eq!(record["summary"], "- [x] first\n- second");
}
