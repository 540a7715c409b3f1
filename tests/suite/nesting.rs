//! Templates that lead to each other: the allowed depth renders on every page, and anything deeper is an error, not a crash.

use std::sync::Arc;

use crate::support::Project;

/// How deep templates may be nested: see `docs/templates.md`.
const DEPTH: usize = 16;

/// Returns a project whose page `404.html` leads through this number of templates.
fn chain(length: usize, tag: impl Fn(usize) -> String) -> Project {
    let text = |at: usize| if at == length { "{% block end %}The end{% endblock %}".to_owned() } else { tag(at + 1) };
    (1..=length).fold(Project::new().file("templates/404.html", text(0)), |project, at| {
        let component = format!(
            "{{% component c{at}() %}}{}{{% endcomponent %}}",
            text(at).replace("{% block end %}The end{% endblock %}", "The end")
        );
        let file = if tag(at).contains('<') { component } else { text(at) };
        project.file(&format!("templates/t{at}.html"), file)
    })
}

#[test]
fn templates_nest_up_to_the_limit_and_fail_beyond_it() {
    let tags: [fn(usize) -> String; 3] = [
        |at| format!("{{% include \"t{at}.html\" %}}"),
        |at| format!("{{% extends \"t{at}.html\" %}}"),
        |at| format!("{{{{ <c{at} /> }}}}"),
    ];
    for tag in tags {
        let deepest = chain(DEPTH, tag);
        let run = deepest.run(["build", "--draft", "--no-compress"]);
        assert_eq!(run.code, Some(0), "{}: {run:?}", tag(1));
        assert!(deepest.read("dist/404.html").contains("The end"), "{}", tag(1));
        for length in [DEPTH + 1, 10 * DEPTH] {
            let run = chain(length, tag).run(["build", "--draft", "--no-compress"]);
            assert_eq!(run.code, Some(1), "{}: {run:?}", tag(1));
            let errors = run.stderr.lines().filter(|line| line.starts_with("error[template-error]"));
            assert_eq!(errors.count(), 1, "{}", run.stderr);
            assert!(run.stderr.contains("nested more than 16 levels deep"), "{}", run.stderr);
        }
    }
}

#[test]
fn style_sheets_nest_up_to_the_limit_and_fail_beyond_it() {
    // Files are read in the order of their names, from the outermost style sheet or from the innermost.
    for name in [|at: usize| format!("a{at:05}"), |at: usize| format!("a{:05}", 99_999 - at)] {
        let check = |length: usize| {
            let text = |at: usize| match at + 1 < length {
                true => format!("@import url(\"{}.css\");\n", name(at + 1)),
                false => "a {}".to_owned(),
            };
            let project = (0..length)
                .fold(Project::new(), |project, at| project.file(&format!("static/css/{}.css", name(at)), text(at)));
            project.run(["check"])
        };
        let deepest = check(DEPTH);
        assert!(!deepest.stderr.contains("asset-depth"), "{deepest:?}");
        for length in [DEPTH + 1, 3_000] {
            let run = check(length);
            assert_eq!(run.code, Some(1), "{length}: {:?}", run.code);
            assert!(run.stderr.contains("error[asset-depth]"), "{}", run.stderr);
        }
    }
}

#[test]
fn templates_that_lead_to_each_other_are_an_error() {
    let extending = "{% extends \"b.html\" %}{% block a %}{% endblock %}";
    for files in [
        &[("404.html", "{% include \"404.html\" %}")][..],
        &[("404.html", "{% extends \"404.html\" %}")],
        &[("404.html", "{% include \"a.html\" %}"), ("a.html", "{% include \"404.html\" %}")],
        &[
            ("404.html", "{% include \"a.html\" %}"),
            ("a.html", extending),
            ("b.html", "{% include \"404.html\" %}{% block a %}{% endblock %}"),
        ],
        &[("404.html", "{{ <a /> }}"), ("a.html", "{% component a() %}{% include \"404.html\" %}{% endcomponent %}")],
        &[
            ("404.html", "{{ <a /> }}"),
            ("a.html", "{% component a() %}{{ <b /> }}{% endcomponent %}"),
            ("b.html", "{% component b() %}{{ <a /> }}{% endcomponent %}"),
        ],
    ] {
        let project =
            files.iter().fold(Project::new(), |project, (name, text)| project.file(&format!("templates/{name}"), text));
        for command in [&["check"][..], &["build", "--draft", "--no-compress"]] {
            let run = project.run(command);
            assert_eq!(run.code, Some(1), "{files:?}: {run:?}");
            assert!(run.stderr.contains("leads back to this template"), "{files:?}: {}", run.stderr);
        }
    }
}

#[test]
fn deep_markdown_is_an_error_in_content_and_is_shown_in_releases() {
    const SECTION: &str = "content/sections/10-a.md";
    for mark in ["> ", "- ", "1. ", "> 1. "] {
        let deep = |levels: usize| format!("{}deepest", mark.repeat(levels / mark.split_whitespace().count()));
        let section = |text: String| format!("---\ntitle: A\n---\n\n{text}\n");
        let project = Project::new().file(SECTION, section(deep(DEPTH)));
        assert_eq!(project.run(["build", "--draft", "--no-compress"]).code, Some(0), "{mark}");
        let project = project.file(SECTION, section(deep(DEPTH + 2)));
        for args in [&["check"][..], &["build", "--draft"], &["release", "-m", "First."]] {
            let run = project.run(args);
            assert_eq!(run.code, Some(1), "{mark} {args:?}: {run:?}");
            assert_eq!(run.stderr.matches("error[nesting-too-deep]").count(), 1, "{mark} {args:?}: {}", run.stderr);
            assert!(run.stderr.contains(&format!("{SECTION}:5:")), "{mark}: {}", run.stderr);
        }
        let summary = project.file(SECTION, section("Text.".to_owned()));
        let run = summary.run(["release", "-m", &deep(DEPTH + 2)]);
        assert!(run.code == Some(1) && run.stderr.contains("error[nesting-too-deep]"), "{mark}: {run:?}");
        // A release never changes, so it does not fail a build.
        let released = summary.released(2, |_, disclosure| {
            Arc::make_mut(&mut disclosure.sections[0]).body = deep(2_000);
        });
        let run = released.run(["build", "--no-compress"]);
        assert_eq!(run.code, Some(0), "{mark}: {run:?}");
        assert!(released.read("dist/releases/2025-09-01/index.html").contains("deepest"), "{mark}");
    }
}
