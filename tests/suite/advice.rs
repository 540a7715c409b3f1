//! Following the help of a diagnostic fixes the file: for each mistake, a part of the help and the file after the fix.

use crate::support::{Project, SITE};

/// A mistake in a file, a part of the help, and the file after the fix that the help describes.
struct Advice {
    wrong: String,
    help: &'static str,
    right: String,
}

fn item(field: &str) -> String {
    format!("- id: a\n  name: A\n  purpose: P\n  data_categories: [E]\n  {field}\n")
}

fn named(name: &str) -> String {
    format!("- id: a\n  name: {name}\n  purpose: P\n  data_categories: [E]\n")
}

fn categories(list: &str) -> String {
    format!("- id: a\n  name: A\n  purpose: P\n  data_categories: {list}\n")
}

fn errors(path: &str, text: &str) -> String {
    let run = Project::new().file("content/site.yaml", SITE).file(path, text).run(["check"]);
    let errors = run.stderr.split("\n\n").filter(|found| found.starts_with("error"));
    errors.collect::<Vec<_>>().join("\n")
}

fn assert_help_fixes(path: &str, advice: &[Advice]) {
    for Advice { wrong, help, right } in advice {
        let found = errors(path, wrong);
        assert!(found.contains(&format!("= help: {help}")), "{wrong}\n{found}\n{help}");
        assert_eq!(errors(path, right), "", "{right}");
    }
}

#[test]
fn help_converts_a_number_to_the_format_of_its_field() {
    let dates = ["effective", "ends", "announced"].map(|field| Advice {
        wrong: item(&format!("{field}: 20260105")),
        help: "write 2026-01-05",
        right: item(&format!("{field}: 2026-01-05")),
    });
    assert_help_fixes("content/data/subprocessors.yaml", &dates);
    for field in ["accent", "accent_dark"] {
        for number in ["1030e0", "103050"] {
            let theme = |value: &str| format!("{SITE}theme:\n  {field}: {value}\n");
            let found = errors("content/site.yaml", &theme(number));
            assert!(found.contains(&format!("help: write \"#{number}\", including the quotes")), "{found}");
            let fixed = errors("content/site.yaml", &theme(&format!("\"#{number}\"")));
            assert!(!fixed.contains("bad-") && !fixed.contains("wrong-type"), "{fixed}");
        }
    }
    let found = errors("content/data/subprocessors.yaml", &item("effective: 2026"));
    assert!(!found.contains("quotes") && found.contains("help: "), "{found}");
}

#[test]
fn unknown_escape_is_marked_at_its_position() {
    for escape in ["\\d", "\\S", "\\.", "\\x4", "\\u12", "\\ü"] {
        let wrong = named(&format!("\"Acme \\t {escape} \""));
        let found = errors("content/data/subprocessors.yaml", &wrong);
        assert!(found.contains("--> content/data/subprocessors.yaml:2:18"), "{found}");
        assert!(
            found.contains("= help: write `\\\\` for a backslash inside \"...\", or put the text in '...'"),
            "{found}"
        );
        for right in [format!("\"Acme \\\\{} x\"", &escape[1..]), format!("'Acme {escape} x'")] {
            assert_eq!(errors("content/data/subprocessors.yaml", &named(&right)), "", "{right}");
        }
    }
}

#[test]
fn help_distinguishes_mistakes_in_brackets() {
    let comma = ["[E,, F]", "[,E, F]", "[E, , F]"].map(|list| Advice {
        wrong: categories(list),
        help: "remove the extra comma",
        right: categories("[E, F]"),
    });
    assert_help_fixes("content/data/subprocessors.yaml", &comma);
    assert_help_fixes(
        "content/data/subprocessors.yaml",
        &[
            Advice {
                wrong: "- {id: a, name: A, purpose: P, data_categories: [E,, F]}\n".to_owned(),
                help: "remove the extra comma",
                right: "- {id: a, name: A, purpose: P, data_categories: [E, F]}\n".to_owned(),
            },
            Advice {
                wrong: named("[Beta] Acme"),
                help: "put quotes around text that starts with a bracket",
                right: named("\"[Beta] Acme\""),
            },
            Advice { wrong: categories("[E, F"), help: "close each `[` with `]`", right: categories("[E, F]") },
        ],
    );
}

#[test]
fn help_distinguishes_names_that_look_the_same() {
    let (composed, separate) = ("Gr\u{f6}\u{df}e.pdf", "Gro\u{308}\u{df}e.pdf");
    for (file, link, help) in
        [(separate, composed, "rename it with composed ones"), (composed, separate, "type `documents/Größe.pdf` anew")]
    {
        let project = |file: &str, link: &str| {
            Project::new()
                .file(&format!("static/documents/{file}"), "%PDF-1.4\n")
                .file("content/sections/10-s.md", format!("---\ntitle: S\n---\n[x](documents/{link})\n"))
                .run(["check"])
                .stderr
        };
        let found = project(file, link);
        assert!(found.contains("error[broken-link]") && found.contains(help), "{found}");
        assert!(!found.contains("did you mean"), "{found}");
        assert!(!project(composed, composed).contains("error"));
    }
}
