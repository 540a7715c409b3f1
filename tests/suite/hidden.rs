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
                        || ["special_categories", "retention", "supplementary_measures", "note", "basis"]
                            .contains(&field)
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
        "`a{}b`",
        "    a{}b",
        "```\na{}b\n```",
        "```a{}b\nc\n```",
        "a\n\n[a{}b]: https://a.example/",
        "a\n\n[c]: https://a.example/{}b",
        "a\n\n[c]: https://a.example/ 'b{}c'",
        "# a {#b{}c}",
    ];
    let prose = [
        "a{}b",
        "*a{}b*",
        "# a{}b",
        "- a{}b",
        "> a{}b",
        "|a{}b|\n|-|\n|c|",
        "a\nb{}c",
        "a[^n]\n\n[^n]: b{}c",
        "~~a{}b~~",
    ];
    let mut checked = 0;
    for c in characters() {
        let reference = format!("&#x{:x};", u32::from(c));
        let noncharacter = hidden(c) == Some(Hidden::Noncharacter);
        for written in [c.to_string(), reference].iter().take(if noncharacter { 1 } else { 2 }) {
            for (pattern, is_name) in names.iter().map(|it| (it, true)).chain(prose.iter().map(|it| (it, false))) {
                // Code is shown verbatim, and an unused definition is not shown.
                let verbatim =
                    pattern.starts_with(['`', ' ']) || pattern.contains("]: https") || pattern.contains("{#");
                if written.starts_with('&') && verbatim {
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

/// Returns the spellings of a character in an address.
fn escapes(c: char) -> Vec<String> {
    let percent: String = c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
    let reference = format!("&#x{:X};", u32::from(c));
    vec![
        percent.to_lowercase(),
        percent.replace('%', "%25"),
        percent.replace('%', "&#37;"),
        reference.replace('&', "&amp;"),
        reference.replace("&#", "%26%23"),
        format!("&#{};", u32::from(c)),
        percent,
        reference,
    ]
}

#[test]
fn escaped_characters_in_names_addresses_and_link_texts_are_checked() {
    let (_project, content) = full();
    let facts = Facts::on("2026-05-22".parse().expect("a date"));
    let about_appearance = |c: &char| hidden(*c).is_some_and(Hidden::is_about_appearance);
    let all: Vec<char> = characters().filter(about_appearance).step_by(7).collect();
    let mut checked = 0;
    for c in all.iter().copied().chain(['\u{202E}', '\u{200B}', '\u{E0041}', '\u{200E}']) {
        for escape in escapes(c) {
            let mut changed = content.clone();
            let disclosure = &mut changed.disclosure;
            let mut stated = serde_json::to_value(&*disclosure).expect("JSON");
            stated["subprocessors"][0]["name"] = format!("A{escape}b").into();
            stated["subprocessors"][0]["website"] = format!("https://a.example/{escape}b").into();
            stated["organization"]["name"] = format!("Example{escape}x").into();
            *disclosure = serde_json::from_value(stated).expect("a disclosure");
            let found = messages(&check(&changed, &facts)).join("\n");
            for field in ["`name` contains", "`website` contains", "an escaped"] {
                assert!(found.contains(field) && found.contains(&name(c)), "{field} {escape}: {found}");
            }
            assert_eq!(found.matches("`name` contains").count(), 2, "{escape}: {found}");

            for (pattern, what) in [
                ("[a](https://a.example/{}b)", "an address"),
                ("[a]({}b)", "an address"),
                ("<https://a.example/{}b>", "an address"),
                ("![a](a{}b.png)", "an address"),
                ("[a][b]\n\n[b]: https://a.example/{}b", "an address"),
                ("[a](https://a.example/ 'b{}c')", "the title"),
                ("[a{}b](https://a.example/)", "the text of a link"),
                ("[`a{}b`](https://a.example/)", "the text of a link"),
                ("![a{}b](c.png)", "the text of a link"),
            ] {
                let text = pattern.replace("{}", &escape);
                let found: Vec<_> = render(&text, &RenderOptions::new("T"))
                    .diagnostics
                    .into_iter()
                    .filter(|found| found.message.contains(&name(c)))
                    .collect();
                assert_eq!(found.len(), 1, "{text:?} {found:?}");
                assert_eq!(found[0].code, Code::HiddenCharacter, "{text:?}");
                assert!(found[0].message.starts_with(what), "{text:?} {found:?}");
                checked += 1;
            }
        }
    }
    assert!(checked > 2_000, "{checked}");
    // Controls have a meaning in addresses, and joiners in words.
    for text in [
        "[a](mailto:a@example.com?body=a%0D%0Ab)",
        "[a](https://fa.wikipedia.org/wiki/%D9%85%DB%8C%E2%80%8C%D8%AE%D9%88%D8%A7%D9%87%D9%85)",
        "100% & more, %E2%80%AE and `&#x202E;` in text",
    ] {
        let found = render(text, &RenderOptions::new("T")).diagnostics;
        assert!(found.iter().all(|found| !found.code.as_str().starts_with("hidden")), "{text}: {found:?}");
    }
}

/// Returns the file, line and code of each diagnostic about a hidden character, with its message.
fn reported(project: &Project) -> Vec<(String, u64, String, String)> {
    let run = project.run(["check", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    report["diagnostics"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|found| text(&found["code"]).starts_with("hidden-"))
        .map(|found| {
            (
                text(&found["file"]),
                found["line"].as_u64().unwrap_or_default(),
                text(&found["code"]),
                text(&found["message"]),
            )
        })
        .collect()
}

#[test]
fn parts_of_content_files_that_are_not_values_are_checked() {
    let list = "- id: a\n  name: A\n  purpose: |\n    Hosting\n  data_categories: [Email]\n";
    let section = "---\ntitle: A\n---\n\nText.\n";
    let strings = "home: Start\n";
    // Each pattern, the file that it is in, and whether it is a comment.
    let places = [
        ("content/site.yaml", format!("# {{}}\n{SITE}"), true),
        ("content/site.yaml", format!("{SITE}# a{{}}b"), true),
        ("content/site.yaml", SITE.replacen('\n', " # a{}b\n", 1), true),
        ("content/site.yaml", SITE.replacen("title: ", "title: &a{}b ", 1), false),
        ("content/data/subprocessors.yaml", format!("# a{{}}b\n{list}"), true),
        ("content/data/subprocessors.yaml", list.replace("|\n", "| # a{}b\n"), true),
        ("content/data/subprocessors.yaml", list.replace("[Email]", "[Email, # a{}b\n    IP address]"), true),
        ("content/data/subprocessors.yaml", format!("{list}# a{{}}b\n"), true),
        ("content/data/subprocessors.yaml", list.replace("  data", "  # a{}b\n  data"), true),
        ("content/data/faq.yaml", "[] # a{}b\n".to_owned(), true),
        ("content/sections/10-a.md", section.replace("title: A", "title: A # a{}b"), true),
        ("content/sections/10-a.md", section.replace("title: A", "title: A\n# a{}b"), true),
        ("content/sections/10-a.md", format!("{section}\n[unused]: https://a.example/{{}}b\n"), false),
        ("content/sections/10-a.md", format!("{section}\n[unused{{}}x]: https://a.example/b\n"), false),
        ("templates/strings/en.yaml", format!("{strings}# a{{}}b\n"), true),
        ("templates/strings/en.yaml", "home: Start # a{}b\n".to_owned(), true),
    ];
    let mut checked = 0;
    for (file, pattern, is_comment) in &places {
        for c in ['\u{202E}', '\u{2066}', '\u{200B}', '\u{2060}', '\u{E0041}', '\u{AD}', '\u{200E}', '\u{61C}'] {
            let text = pattern.replace("{}", &c.to_string());
            let line = 1 + text[..text.find(c).expect("the character")].matches('\n').count() as u64;
            let found = reported(&Project::new().file(file, text));
            let expected = match hidden(c) {
                Some(Hidden::Mark) if *is_comment => None,
                Some(Hidden::Bidi) => Some("hidden-character"),
                _ if *is_comment => Some("hidden-character-in-text"),
                _ => Some("hidden-character"),
            };
            let shown: Vec<_> =
                found.iter().map(|(file, line, code, _)| (file.as_str(), *line, code.as_str())).collect();
            assert_eq!(
                shown,
                expected.map(|code| (*file, line, code)).into_iter().collect::<Vec<_>>(),
                "{pattern:?} {found:?}"
            );
            assert!(found.iter().all(|(.., message)| message.contains(&name(c))), "{found:?}");
            checked += 1;
        }
    }
    assert_eq!(checked, places.len() * 8);
}

#[test]
fn code_of_the_project_is_checked() {
    // Each file, its content, and whether the position is text for readers.
    let places = [
        ("static/css/own.css", "a { color: red } /* a{}b */\n", false),
        ("static/css/own.css", "a::before { content: 'a{}b' }\n", false),
        ("static/own.css", ".a{}b { color: red }\n", false),
        ("static/js/own.js", "if (role === 'user{}') { f() } // x\n", false),
        ("static/js/own.mjs", "let a{}b = 1;\n", false),
        ("static/js/deep/own.js", "/* a{}b */ f()\n", false),
        ("static/root/own.js", "f('a{}b')\n", false),
        ("static/root/own.css", "/* a{}b */\n", false),
        ("static/root/page.html", "<p title='a{}b'>text\n", false),
        ("static/root/page.html", "<script>f('a{}b')</script>\n", false),
        ("static/root/page.html", "<p>a{}b</p>\n", true),
        ("static/img/a.svg", "<svg xmlns='http://www.w3.org/2000/svg'><title>a{}b</title></svg>", true),
        ("templates/partials/own.html", "<p class='a{}b'>text</p>\n", false),
        ("templates/partials/own.html", "{{ \"a{}b\" }}\n", false),
        ("templates/partials/own.html", "{% if \"a{}b\" %}{% endif %}\n", false),
        ("templates/partials/own.html", "<p>a{}b</p>\n", true),
        ("templates/partials/own.html", "{# a{}b #}\n", true),
    ];
    for (file, pattern, is_text) in places {
        for c in ['\u{202E}', '\u{2066}', '\u{200B}', '\u{E0041}', '\u{FEFF}', '\u{200E}', '\u{200F}', '\u{61C}'] {
            let found = reported(&Project::new().file(file, pattern.replacen("{}", &c.to_string(), 1)));
            let expected = match hidden(c) {
                Some(Hidden::Mark) if is_text => None,
                Some(Hidden::Bidi) => Some("hidden-character"),
                _ if is_text => Some("hidden-character-in-text"),
                _ => Some("hidden-character"),
            };
            let codes: Vec<_> = found.iter().map(|(.., code, _)| code.as_str()).collect();
            assert_eq!(codes, expected.into_iter().collect::<Vec<_>>(), "{file} {pattern:?} {c:?} {found:?}");
            for (at, line, _, message) in &found {
                assert_eq!((at.as_str(), line), (file, &1), "{message}");
                assert!(message.contains(&name(c)), "{message}");
            }
        }
    }
    let legitimate = Project::new()
        .file("static/css/own.css", "\u{FEFF}a::before { content: '\u{E000} →' } /* Größe 👩\u{200D}💻 */\n")
        .file("static/js/own.js", "f('\\u202E', 'می\u{200C}خواهم')\n")
        .file("static/documents/notes.txt", "a\u{202E}b");
    assert_eq!(reported(&legitimate), []);
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
    let run = project.run(["build", "--no-compress"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
}

#[test]
fn files_for_hosts_and_programs_are_checked() {
    for path in
        ["root/_redirects", "root/.htaccess", "root/_headers", "root/.well-known/security.txt", "root/humans.txt"]
    {
        for character in ['\u{202e}', '\u{200b}', '\u{200f}', '\u{e0041}'] {
            let project = Project::new().file(&format!("static/{path}"), format!("/pricing{character} /evil 302\n"));
            let run = project.run(["check"]);
            assert_eq!(run.code, Some(1), "{path} {character:?}: {}", run.stderr);
            let code = format!("U+{:04X}", u32::from(character));
            assert!(
                run.stderr.contains("error[hidden-character]") && run.stderr.contains(&code),
                "{path}: {}",
                run.stderr
            );
        }
    }
}
