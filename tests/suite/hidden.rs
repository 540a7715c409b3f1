//! Hidden characters: each one in the table is reported in every position of the content.

use std::collections::BTreeSet;

use candor::check::{Facts, check};
use candor::diagnostic::{Code, Report};
use candor::load::Content;
use candor::markdown::{RenderOptions, render};
use candor::text::hidden::{Hidden, hidden, name, samples};
use serde_json::Value;

use crate::support::{Project, SITE};

/// Returns every hidden character that a text file can contain.
fn characters() -> impl Iterator<Item = char> {
    samples().filter(|c| hidden(*c) != Some(Hidden::Control))
}

/// Returns content in which every field of every list has a value.
fn full() -> (Project, Content) {
    let project = Project::empty();
    let run = project.run(["init", "--full", "--name", "Example"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let strings = "  legal_name: Example Ltd.\n  address: 1 Main St\n  url: https://example.com/\n";
    let site = project.read("content/site.yaml");
    let project = if site.contains("legal_name") {
        project
    } else {
        project.file("content/site.yaml", site.replacen("organization:\n", &format!("organization:\n{strings}"), 1))
    };
    let content = project.load().0.expect("content");
    (project, content)
}

/// Collects the JSON pointers of all strings.
fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(at),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, item)| pointers(item, format!("{at}/{i}"), found))
        }
        Value::Object(fields) => fields.iter().for_each(|(key, field)| pointers(field, format!("{at}/{key}"), found)),
        _ => {}
    }
}

fn messages(report: &Report) -> Vec<String> {
    let hidden = [Code::HiddenCharacter, Code::HiddenCharacterInText];
    report
        .diagnostics()
        .iter()
        .filter(|found| hidden.contains(&found.code()))
        .map(|found| found.message.clone())
        .collect()
}

#[test]
fn every_content_value_is_checked() {
    let (_project, mut content) = full();
    let stated = serde_json::to_value(&content.disclosure).expect("JSON");
    let mut all = Vec::new();
    pointers(&stated, String::new(), &mut all);
    // Dates and enumerated values cannot contain other characters.
    let accepts = |pointer: &String| {
        let mut changed = stated.clone();
        *changed.pointer_mut(pointer).expect("a value") = "p\u{202E}q".into();
        serde_json::from_value::<candor::model::Disclosure>(changed).is_ok()
    };
    let positions: Vec<String> = all.into_iter().filter(accepts).collect();
    let fields: BTreeSet<&str> =
        positions.iter().filter_map(|at| at.rsplit('/').find(|part| part.parse::<usize>().is_err())).collect();
    assert!(positions.len() > 60 && fields.len() > 20, "{} positions, {fields:?}", positions.len());
    let facts = Facts::on("2026-05-22".parse().expect("a date"));
    let mut checked = 0;
    // Of the long rows of the table, only every 40th character: each needs a check of all content.
    let alike = |c: &char| {
        matches!(hidden(*c), Some(Hidden::Tag | Hidden::Selector | Hidden::Unassigned | Hidden::Noncharacter))
    };
    let several = characters().filter(alike).step_by(40).chain(characters().filter(|c| !alike(c)));
    for c in several {
        let mut changed = stated.clone();
        for (at, pointer) in positions.iter().enumerate() {
            *changed.pointer_mut(pointer).expect("a value") = format!("p{at}q{c}r").into();
        }
        content.disclosure = serde_json::from_value(changed).expect("a disclosure");
        let found = messages(&check(&content, &facts)).join("\n");
        for (at, pointer) in positions.iter().enumerate() {
            let reported = found.lines().any(|line| line.contains(&name(c)) && line.contains(&format!("p{at}q")));
            let field = pointer.rsplit('/').find(|part| part.parse::<usize>().is_err());
            let prose = ["description", "summary", "purpose", "body", "answer", "details", "address", "commitment"];
            let may_stay = hidden(c) == Some(Hidden::Mark)
                && field.is_some_and(|field| {
                    prose.contains(&field)
                        || field.starts_with("data_")
                        || field.starts_with("sub")
                        || field == "scope"
                        || field == "duration"
                        || field == "special_categories"
                });
            assert!(reported || may_stay, "{} in {pointer}: {found}", name(c));
            checked += 1;
        }
    }
    assert!(checked > 3_000, "{checked}");
}

#[test]
fn every_markdown_position_is_checked() {
    let names = [
        "[a{}b](https://a.example/)",
        "[a](<https://a.example/{}b>)",
        "[a](https://a.example/ 'b{}c')",
        "![a{}b](a.png)",
        "[*a{}b*](#c)",
    ];
    let prose = [
        "a{}b",
        "*a{}b*",
        "`a{}b`",
        "# a{}b",
        "- a{}b",
        "> a{}b",
        "|a{}b|\n|-|\n|c|",
        "a\nb{}c",
        "    a{}b",
        "a[^n]\n\n[^n]: b{}c",
        "~~a{}b~~",
    ];
    let mut checked = 0;
    for c in characters() {
        let reference = format!("&#x{:x};", u32::from(c));
        let noncharacter = hidden(c) == Some(Hidden::Noncharacter);
        for written in [c.to_string(), reference].iter().take(if noncharacter { 1 } else { 2 }) {
            for (pattern, is_name) in names.iter().map(|it| (it, true)).chain(prose.iter().map(|it| (it, false))) {
                // Code is shown verbatim.
                if written.starts_with('&') && (pattern.contains('`') || pattern.starts_with("    ")) {
                    continue;
                }
                let text = pattern.replace("{}", written);
                let found: Vec<_> = render(&text, &RenderOptions::new("T"))
                    .diagnostics
                    .into_iter()
                    .filter(|found| found.message.contains(&name(c)))
                    .collect();
                let unbalanced = hidden(c) == Some(Hidden::Bidi);
                let expected: &[Code] = match hidden(c) {
                    _ if is_name || unbalanced => &[Code::HiddenCharacter],
                    Some(Hidden::Mark) => &[],
                    _ => &[Code::HiddenCharacterInText],
                };
                assert_eq!(found.iter().map(|found| found.code).collect::<Vec<_>>(), expected, "{text:?} {found:?}");
                if let Some(found) = found.first() {
                    assert!(text[found.range.clone()].contains(written.as_str()), "{text:?}: {:?}", found.range);
                }
                checked += 1;
            }
        }
    }
    assert!(checked > 10_000, "{checked}");
}

#[test]
fn strings_templates_and_settings_are_checked() {
    let spelled = |c: char| format!("\\U{:08x}", u32::from(c));
    let mut strings = String::new();
    let all: Vec<char> = characters().filter(|c| hidden(*c) != Some(Hidden::Mark)).collect();
    for (at, c) in all.iter().enumerate() {
        strings += &format!("key-{at}: \"p{at}q{}r\"\n", spelled(*c));
    }
    let site = format!(
        "{SITE}contacts: {{privacy: \"see {} us\"}}\ntheme: {{logo: \"a{}.svg\"}}\n",
        spelled('\u{202E}'),
        spelled('\u{200B}')
    );
    let project = Project::new()
        .file("content/site.yaml", site)
        .file("templates/strings/en.yaml", strings)
        .file("templates/a.html", "<p>a\u{2067}b</p>\n");
    let run = project.run(["check", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let found: Vec<&Value> = report["diagnostics"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|found| found["code"].as_str().is_some_and(|code| code.starts_with("hidden-")))
        .collect();
    let message = |found: &Value| found["message"].as_str().expect("text").to_owned();
    for (at, c) in all.iter().enumerate() {
        let one = found.iter().find(|found| message(found).contains(&format!("p{at}q")));
        let one = one.unwrap_or_else(|| panic!("{} in a string: {}", name(*c), run.stdout));
        assert_eq!((&one["line"], message(one).contains(&name(*c))), (&Value::from(at + 1), true));
    }
    for (file, line, code) in
        [("content/site.yaml", 4, "hidden-character"), ("templates/a.html", 1, "hidden-character")]
    {
        assert!(
            found.iter().any(|it| it["file"] == file && it["line"] == line && it["code"] == code),
            "{file}: {}",
            run.stdout
        );
    }
}

#[test]
fn file_names_are_checked() {
    let all: Vec<char> = characters().collect();
    for (place, ending, text) in
        [("content/sections/", "md", "---\ntitle: A\n---\n"), ("templates/", "html", "x"), ("static/", "txt", "x")]
    {
        let mut project = Project::new();
        for (at, c) in all.iter().enumerate() {
            project = project.file(&format!("{place}{at}-a{c}b.{ending}"), text);
        }
        let run = project.run(["check", "--format", "json"]);
        let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
        let messages = report["diagnostics"].as_array().expect("a list").iter();
        let messages: Vec<&str> = messages.filter_map(|found| found["message"].as_str()).collect();
        for (at, c) in all.iter().enumerate() {
            let start = format!("{place}{at}-a");
            assert!(messages.iter().any(|it| it.contains(&start) && it.contains(&name(*c))), "{start} {}", name(*c));
        }
    }
}

#[test]
fn summary_with_a_hidden_character_is_refused_or_reported() {
    let project = Project::new();
    let run = project.run(["release", "-m", "a [b\u{200B}](https://a.example/)"]);
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    assert!(
        run.stderr.contains("error[hidden-character]: the text of a link or image contains U+200B ZERO WIDTH SPACE"),
        "{}",
        run.stderr
    );
    let run = project.run(["release", "-m", "soft\u{AD}hyphen"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(
        run.stderr.contains("warning[hidden-character-in-text]: the text contains U+00AD SOFT HYPHEN"),
        "{}",
        run.stderr
    );
}

#[test]
fn legitimate_text_passes_in_any_script() {
    let texts = [
        "خدمات مراكز البيانات \u{200F}(EU)\u{200E}",
        "שירותי ענן",
        "می\u{200C}خواهم نامه\u{200C}ای بنویسم",
        "क्\u{200D}ष और श्री",
        "株式会社葛\u{E0100}城",
        "👩\u{200D}💻 ❤\u{FE0F} 🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
        "Größe, e\u{301}, 10\u{202F}000 €",
    ];
    for text in texts {
        let name = text.replace(['\u{200E}', '\u{200F}'], "");
        let list = format!("- {{id: a, name: \"{name}\", purpose: \"{text}\", data_categories: [\"{text}\"]}}\n");
        let section = format!("---\ntitle: {name}\n---\n\n{text} [{name}](https://a.example/)\n");
        let project =
            Project::new().file("content/data/subprocessors.yaml", list).file("content/sections/10-a.md", section);
        let run = project.run(["check", "--format", "json"]);
        assert!(!run.stdout.contains("hidden-character"), "{text}: {}", run.stdout);
    }
    let project = Project::new().released(2, |_, disclosure| disclosure.title = "Tr\u{202E}ust\u{200B}".to_owned());
    let run = project.run(["verify"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let run = project.run(["build"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
}
