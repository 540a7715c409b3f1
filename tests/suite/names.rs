//! Inserted values read correctly in sentences and files: names that end with punctuation, feature names, and URLs with non-ASCII
//! characters.

use std::fs;

use crate::support::Project;

/// Names that end with punctuation.
const NAMES: &[&str] = &["Fjord Data Ltd.", "Yahoo!", "S.A.", "Etc…", "Who?", "Fjord (Inc.)"];

/// Reads every text file below a folder and returns it with its path.
fn text_files(project: &Project, folder: &str) -> Vec<(String, String)> {
    let entries = walkdir::WalkDir::new(project.path(folder)).into_iter().flatten();
    let files = entries.filter(|entry| entry.file_type().is_file());
    files
        .filter_map(|entry| Some((entry.path().display().to_string(), fs::read_to_string(entry.path()).ok()?)))
        .collect()
}

/// Creates a project that uses `name` for every name, with two releases.
fn project_named(name: &str) -> Project {
    let quoted = serde_json::Value::from(name).to_string();
    let site = format!(
        "title: {quoted}\ndescription: {quoted}\norganization: {{name: {quoted}, legal_name: {quoted}}}\n\
         base_url: https://trust.myexample.com\ncontacts: {{privacy: privacy@myexample.com}}\n"
    );
    let subprocessor = |id: &str| {
        format!(
            "- {{id: {id}, name: {quoted}, purpose: {quoted}, data_categories: [{quoted}], \
             condition: {{when: enabled, feature: {quoted}}}}}\n"
        )
    };
    let project = Project::empty()
        .file("content/site.yaml", site)
        .file("content/sections/10-s.md", "---\ntitle: S\nshow: subprocessors\n---\n")
        .file("content/sections/20-l.md", "---\ntitle: L\nshow: changelog\n---\n")
        .file("content/sections/30-y.md", "---\ntitle: Y\nshow: schedule\n---\n")
        .file("content/sections/40-d.md", "---\ntitle: D\nshow: documents\n---\n")
        .file("content/data/documents.yaml", format!("- {{id: d, title: {quoted}, access: request}}\n"))
        .file("content/data/subprocessors.yaml", subprocessor("a"))
        // Custom strings that end with a name.
        .file(
            "templates/strings/en.yaml",
            "schedule:\n  unconfirmed: Made by {organization}. Not confirmed by {organization}.\n\
             subprocessors:\n  dataset: The list of {organization}.\n  when-enabled: Only with {feature}.\n\
             changes:\n  replaces: in the place of {name}.\n",
        );
    let run = project.run(["release", "-m", "First", "--date", "2026-05-01"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let replaced = subprocessor("b").replace("name:", "replaces: a, name:");
    let project = project.file("content/data/subprocessors.yaml", replaced);
    let run = project.run(["release", "-m", "Second"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    project
}

#[test]
fn name_with_final_punctuation_gets_no_second_period() {
    for name in NAMES {
        let project = project_named(name);
        let built = project.run(["build", "--no-compress"]);
        assert_eq!(built.code, Some(0), "{built:?}");
        let mut outputs = text_files(&project, "dist");
        assert!(outputs.len() > 20);
        for format in ["markdown", "html", "csv"] {
            let arguments =
                ["schedule", "--format", format, "--features", name, "--customer", name, "--workspace", name];
            let run = project.run(arguments);
            assert_eq!(run.code, Some(0), "{run:?}");
            outputs.push((format!("schedule --format {format}"), run.stdout));
        }
        for arguments in [
            &["diff", "2026-05-01", "2026-05-22"][..],
            &["diff", "2026-05-01", "2026-05-22", "--format", "markdown"],
            &["check"],
        ] {
            let run = project.run(arguments);
            outputs.push((arguments.join(" "), run.stdout + &run.stderr));
        }
        let mut occurrences = 0;
        for (place, text) in &outputs {
            // Markdown escapes punctuation in names; HTML and XML do not escape these characters.
            let text = text.replace('\\', "");
            for (at, _) in text.match_indices(name) {
                occurrences += 1;
                let after = &text[at + name.len()..];
                let doubled = after.starts_with('.') && !after.starts_with("..");
                assert!(!doubled, "{place}: {}", &text[at..].chars().take(name.len() + 20).collect::<String>());
            }
        }
        assert!(occurrences > 50, "{name}: only {occurrences} occurrences");
        // Sentences that end with a name have no second period.
        let schedule = &outputs.iter().find(|(place, _)| place == "schedule --format html").expect("a schedule").1;
        assert!(schedule.contains(&format!("Made by {name} Not confirmed by {name}</p>")), "{schedule}");
    }
}

#[test]
fn condition_text_works_for_any_feature_name() {
    for (when, feature) in
        [("enabled", "mail notifications"), ("configured", "SendGrid"), ("enabled", "SMS, voice and fax")]
    {
        let list = format!(
            "- {{id: a, name: A, purpose: P, data_categories: [D], condition: {{when: {when}, feature: \"{feature}\"}}}}\n"
        );
        let project = Project::new()
            .file("content/sections/10-s.md", "---\ntitle: S\nshow: subprocessors\n---\n")
            .file("content/data/subprocessors.yaml", list);
        assert_eq!(project.run(["release", "-m", "First"]).code, Some(0));
        assert_eq!(project.run(["build", "--no-compress"]).code, Some(0));
        let condition = format!("Only with {feature}");
        for path in ["index.html", "subprocessors/index.html", "subprocessors.json", "subprocessors.csv", "index.md"] {
            assert!(project.read(&format!("dist/{path}")).contains(&condition), "{path}: {condition}");
        }
        let other = if when == "enabled" { "configured" } else { "enabled" };
        let list = project.read("content/data/subprocessors.yaml").replace(when, other);
        let diff = project.file("content/data/subprocessors.yaml", list).run(["diff"]);
        let change = format!("condition {feature} ({when}) → {feature} ({other})");
        assert!(diff.stdout.contains(&change), "{}", diff.stdout);
    }
}

#[test]
fn example_condition_renders_as_its_comment_states() {
    let project = Project::empty();
    assert_eq!(project.run(["init", "--full"]).code, Some(0));
    let list = project.read("content/data/subprocessors.yaml");
    let (_, comment) = list.split_once("The page shows \"").expect("a comment on the condition");
    let (shown, _) = comment.split_once('"').expect("its end");
    assert_eq!(project.run(["build", "--draft", "--no-compress"]).code, Some(0));
    assert!(project.read("dist/index.html").contains(shown), "{shown}");
}

/// Returns every absolute URL in `text` that belongs to the test sites.
fn own_urls(text: &str) -> Vec<String> {
    let mut urls = Vec::new();
    for (at, _) in text.match_indices("://") {
        let start = text[..at].rfind(|c: char| !c.is_ascii_alphabetic()).map_or(0, |before| before + 1);
        let end =
            text[at..].find(|c: char| c.is_whitespace() || "\"<>)'".contains(c)).map_or(text.len(), |end| at + end);
        urls.push(text[start..end].to_owned());
    }
    urls.retain(|url| {
        let lower = url.to_lowercase();
        ["bücher", "xn--bcher-kva", "trust.myexample"].iter().any(|host| lower.contains(host))
    });
    urls
}

#[test]
fn base_url_with_non_ascii_characters_becomes_ascii_uris() {
    let files = [
        "index.html",
        "changelog/index.html",
        "releases/2026-05-22/index.html",
        "feed.xml",
        "feed.json",
        "sitemap.xml",
        "robots.txt",
        "subprocessors.json",
        "releases/index.json",
        "schema/release.json",
        ".well-known/security.txt",
        "llms.txt",
        "index.md",
    ];
    for (base, uri) in [
        ("https://trust.myexample.com", "https://trust.myexample.com"),
        ("https://trust.myexample.com/a%20b/", "https://trust.myexample.com/a%20b"),
        ("HTTPS://Trust.MyExample.com/A/", "HTTPS://Trust.MyExample.com/A"),
        ("https://bücher.myexample.com", "https://xn--bcher-kva.myexample.com"),
        ("HTTPS://Bücher.MyExample.COM/Größe/", "https://xn--bcher-kva.myexample.com/Gr%C3%B6%C3%9Fe"),
    ] {
        let site = format!(
            "title: Trust\norganization: {{name: Example}}\nbase_url: {base}\ncontacts: {{security: s@myexample.com}}\n\
             security_txt: {{expires: 2027-01-31}}\n"
        );
        let project = Project::empty().file("content/site.yaml", site);
        assert_eq!(project.run(["release", "-m", "First"]).code, Some(0));
        let built = project.run(["build", "--no-compress"]);
        assert_eq!(built.code, Some(0), "{built:?}");
        for path in files {
            let text = project.read(&format!("dist/{path}"));
            let urls = own_urls(&text);
            assert!(!urls.is_empty(), "{base}: {path} contains no URL of the site");
            for url in urls {
                let expected = match path {
                    // RFC 9116 requires `https://` at the start of web URIs.
                    ".well-known/security.txt" => uri.replacen("HTTPS", "https", 1),
                    _ => uri.to_owned(),
                };
                assert!(url.is_ascii() && url.starts_with(&expected), "{base}: {path}: {url}");
            }
        }
        let security = project.read("dist/.well-known/security.txt");
        assert_eq!(security.matches("Canonical: https://").count(), 1, "{security}");
        if cfg!(feature = "publish") {
            let folder = url::Url::from_file_path(project.path("published")).expect("an absolute path");
            assert_eq!(project.run(["publish", folder.as_str(), "-q"]).code, Some(0));
            let project = project.file("content/sections/10-s.md", "---\ntitle: S\n---\nText.\n");
            assert_eq!(project.run(["release", "-q", "-m", "Second"]).code, Some(0));
            // The second publish lists changed pages for the cache purge.
            let run = project.run(["publish", folder.as_str(), "--purge-file", "purge.txt", "-q"]);
            assert_eq!(run.code, Some(0), "{run:?}");
            let purge = project.read("purge.txt");
            assert!(purge.is_ascii() && !purge.is_empty(), "{purge}");
            let normal = url::Url::parse(base).expect("a URL").to_string();
            let normal = normal.trim_end_matches('/');
            assert!(purge.lines().all(|line| line.starts_with(normal)), "{purge}");
        }
    }
}

#[test]
fn number_of_subprocessors_reads_correctly() {
    let always = |id: &str| format!("- {{id: {id}, name: N, purpose: P, data_categories: [D]}}\n");
    let optional = |id: &str| always(id).replace("}\n", ", condition: {when: enabled, feature: F}}\n");
    for (items, expected) in [
        (vec![], None),
        (vec![always("a")], Some("Always in use")),
        (vec![always("a"), always("b")], Some("All are always in use")),
        (vec![always("a"), optional("b")], Some("1 is used only with an optional feature")),
        (vec![optional("a"), optional("b")], Some("2 are used only with optional features")),
    ] {
        let list = if items.is_empty() { "[]\n".to_owned() } else { items.concat() };
        let project = Project::new().file("content/data/subprocessors.yaml", list);
        let run = project.run(["build", "--draft"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        let page = project.read("dist/index.html");
        let (_, rest) =
            page.split_once("Subprocessors</a></dt><dd class=\"figure\">").expect("the number of subprocessors");
        let (number, rest) = rest.split_once("</dd>").expect("the end of the number");
        assert_eq!(number, items.len().to_string());
        let fact = rest.strip_prefix("<dd>").and_then(|rest| rest.split("</dd>").next());
        assert_eq!(fact, expected);
    }
}
