//! Content values in the Markdown that candor writes: a name never becomes a link, HTML, emphasis or a mention.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::support::Project;

/// A name with every character that is special in Markdown.
const NAME: &str =
    "[click](https://evil.example) *x* __y__ <b>z</b> a|b `c` &lt; ![i](j) ~~k~~ https://evil.example @team";

/// Returns a project in which every plain-text field contains [`NAME`].
fn project() -> Project {
    let list =
        |name: &str, items: &str| (format!("content/data/{name}.yaml"), items.replace("NAME", &format!("'{NAME}'")));
    let site = format!(
        "title: '{NAME}'\ndescription: '{NAME}'\norganization:\n  name: '{NAME}'\n  address: '{NAME}'\ncontacts:\n  privacy: 'write *x* [a](j)'\n"
    );
    let mut project = Project::empty().file("content/site.yaml", site);
    for (path, text) in [
        list("controls", "- {id: con-a, title: NAME, group: NAME, status: planned}\n"),
        list("commitments", "- {id: com-a, plan: NAME, commitment: NAME}\n"),
        list(
            "subprocessors",
            "- {id: sub-a, name: NAME, legal_name: NAME, purpose: NAME, data_categories: [NAME], condition: {when: enabled, feature: NAME}, \
             address: NAME, contact: NAME, subject_matter: NAME, duration: NAME, data_subjects: [NAME], special_categories: NAME}\n",
        ),
        list("certifications", "- {id: cer-a, framework: NAME, issuer: NAME, scope: NAME}\n"),
        list("documents", "- {id: doc-a, title: NAME, category: NAME, access: request}\n"),
        list("faq", "- {id: faq-a, question: NAME, answer: Yes.}\n"),
    ] {
        project = project.file(&path, text);
    }
    for (at, show) in
        ["controls", "commitments", "subprocessors", "certifications", "documents", "faq", "contacts", "changelog"]
            .iter()
            .enumerate()
    {
        let section = format!("---\ntitle: '{NAME}'\nsummary: '{NAME}'\nshow: {show}\n---\n");
        project = project.file(&format!("content/sections/{at}0-{show}.md"), section);
    }
    project
}

/// Returns what a reader on GitHub would see: the text, and constructs that must not appear.
fn read(markdown: &str) -> (String, Vec<String>) {
    let dialect = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
        | Options::ENABLE_MATH;
    let (mut shown, mut wrong) = (String::new(), Vec::new());
    let mut strong = None;
    for event in Parser::new_ext(markdown, dialect) {
        match event {
            Event::Text(text) | Event::Code(text) => shown.push_str(&text),
            Event::Start(Tag::Strong | Tag::Emphasis) => strong = Some(shown.len()),
            Event::End(TagEnd::Strong | TagEnd::Emphasis) => {
                let emphasized = strong.take().map_or("", |from| &shown[from..]).to_owned();
                if ["x", "y"].contains(&emphasized.as_str()) {
                    wrong.push(format!("emphasis: {emphasized}"));
                }
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. })
                if dest_url.contains("evil") || *dest_url == *"j" =>
            {
                wrong.push(format!("link: {dest_url}"));
            }
            Event::Start(Tag::Strikethrough | Tag::HtmlBlock) | Event::Html(_) | Event::InlineHtml(_) => {
                wrong.push(format!("{event:?}"));
            }
            Event::End(_) => shown.push('\n'),
            _ => {}
        }
    }
    // GitHub turns bare URLs and email addresses into links.
    wrong.extend(markdown.contains("https://evil").then(|| "an address".to_owned()));
    // Only code formatting prevents a mention from notifying people.
    wrong.extend(markdown.replace("`@team`", "").contains("@team").then(|| "a mention".to_owned()));
    (shown, wrong)
}

#[track_caller]
fn assert_shown(markdown: &str, times: usize) {
    let (shown, wrong) = read(markdown);
    assert!(wrong.is_empty(), "{wrong:?} in {markdown}");
    let count = shown.matches(NAME).count();
    assert!(count >= times, "shown {count} times instead of {times} in {markdown}");
}

#[test]
fn names_are_escaped_in_every_markdown_output() {
    let project = project();
    let released = project.run(["release", "-m", "First release"]);
    assert_eq!(released.code, Some(0), "{released:?}");
    let built = project.run(["build", "--no-compress"]);
    assert_eq!(built.code, Some(0), "{built:?}");
    // Title, description and organization; title and summary of 8 sections; the fields of the lists.
    assert_shown(&project.read("dist/index.md"), 3 + 16 + 13);
    assert_shown(&project.read("dist/llms.txt"), 3);

    let schedule =
        project.run(["schedule", "--format", "markdown", "--features", NAME, "--customer", NAME, "--workspace", NAME]);
    assert_eq!(schedule.code, Some(0), "{schedule:?}");
    assert_shown(&schedule.stdout, 4 + 10);

    let list = project.read("content/data/subprocessors.yaml");
    let project = project.file("content/data/subprocessors.yaml", list.replace("id: sub-a", "id: sub-b"));
    let diff = project.run(["diff", "--format", "markdown"]);
    assert_eq!(diff.code, Some(0), "{diff:?}");
    assert_shown(&diff.stdout, 2 + 3);
}

#[test]
fn table_cells_keep_pipes_in_markdown_fields() {
    let project = Project::new()
        .file("content/data/commitments.yaml", "- {id: p, plan: P, commitment: C, details: 'a | b \\| c `d | e`'}\n")
        .file("content/sections/10-a.md", "---\ntitle: A\nshow: commitments\n---\n");
    let built = project.run(["build", "--draft", "--no-compress"]);
    assert_eq!(built.code, Some(0), "{built:?}");
    let copy = project.read("dist/index.md");
    let (shown, _) = read(&copy);
    assert!(shown.contains("a | b | c d | e"), "{copy}");
}
