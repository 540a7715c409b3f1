//! Items under headings: HTML and `index.md` have the same groups.

use scraper::{Html, Selector};

use crate::support::Project;

/// Returns a project whose lists alternate between items with and without a heading.
fn project() -> Project {
    Project::new()
        .file(
            "content/data/controls.yaml",
            "- {id: c1, title: One, group: Access}\n- {id: c2, title: Two}\n- {id: c3, title: Three, group: Access}\n\
             - {id: c4, title: Four, group: Encryption}\n- {id: c5, title: Five}\n- {id: c6, title: Six, group: Access}\n",
        )
        .file(
            "content/data/documents.yaml",
            "- {id: d1, title: Contract, category: Contracts, access: nda}\n- {id: d2, title: Plan, access: nda}\n\
             - {id: d3, title: Report, category: Reports, access: nda}\n- {id: d4, title: Annex, category: Contracts, access: nda}\n",
        )
        .file("content/sections/10-c.md", "---\ntitle: Controls\nshow: controls\n---\n")
        .file("content/sections/20-d.md", "---\ntitle: Documents\nshow: documents\n---\n")
}

/// Headings and items in the order of the pages.
const EXPECTED: &[&str] = &[
    "# Controls",
    "Two",
    "Five",
    "# Access",
    "One",
    "Three",
    "Six",
    "# Encryption",
    "Four",
    "# Documents",
    "Plan",
    "# Contracts",
    "Contract",
    "Annex",
    "# Reports",
    "Report",
];

#[test]
fn items_without_a_heading_come_first_and_headings_are_unique() {
    let project = project();
    let built = project.run(["build", "--draft", "--no-compress"]);
    assert_eq!(built.code, Some(0), "{built:?}");

    let page = Html::parse_document(&project.read("dist/index.html"));
    let parts =
        Selector::parse("section > h2, .group > h3, :is(.checks, .rows) .text > p:first-child").expect("a selector");
    let shown: Vec<String> = page
        .select(&parts)
        .map(|element| {
            let text = element.text().collect::<String>();
            // The state of a control is in parentheses behind its title.
            let text = text.split(" (").next().unwrap_or_default();
            // Section headings are numbered.
            let text = text.trim_start_matches(|c: char| c.is_ascii_digit());
            let heading = element.value().name() != "p";
            format!("{}{}", if heading { "# " } else { "" }, text.trim())
        })
        .skip_while(|part| part != "# Controls")
        .collect();
    assert_eq!(shown, EXPECTED, "index.html");

    let copy = project.read("dist/index.md");
    let shown: Vec<String> = copy
        .lines()
        .skip_while(|line| *line != "## Controls")
        .filter(|line| !line.is_empty())
        .map(|line| match line.strip_prefix("- ") {
            Some(item) => item.trim_start_matches("**").split(['*', ' ']).next().unwrap_or_default().to_owned(),
            None => format!("# {}", line.trim_start_matches('#').trim()),
        })
        .collect();
    assert_eq!(shown, EXPECTED, "index.md: {copy}");
}
