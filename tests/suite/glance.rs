//! What readers look for first, at the top of the trust page.

use scraper::{Html, Selector};

use crate::support::{Project, SITE};

const CERTIFICATIONS: &str =
    "- {id: iso, framework: ISO/IEC 27001, type: certificate, valid_from: 2025-01-01, valid_until: 2026-05-30}\n";
const CONTROLS: &str = "- {id: mfa, title: MFA}\n";
const DOCUMENTS: &str = "- {id: dpa, kind: dpa, title: DPA, url: https://acme.test/dpa}\n";

/// Returns a project whose lists are shown by sections or by own pages.
fn project(folder: &str, lists: [(&str, &str); 3]) -> Project {
    lists.into_iter().fold(Project::new().file("content/site.yaml", SITE), |project, (list, text)| {
        let name = if folder == "sections" { format!("10-{list}") } else { format!("{list}-page") };
        project
            .file(&format!("content/data/{list}.yaml"), text)
            .file(&format!("content/{folder}/{name}.md"), format!("---\ntitle: {list}\nshow: {list}\n---\n"))
    })
}

fn lists() -> [(&'static str, &'static str); 3] {
    [("certifications", CERTIFICATIONS), ("controls", CONTROLS), ("documents", DOCUMENTS)]
}

/// Returns the label, the address and the text of each fact at the top of the page, and the main action.
fn facts(project: &Project, date: &str) -> (Vec<[String; 3]>, Option<[String; 2]>) {
    let run = project.run(["build", "--draft", "--no-compress", "--as-of", date]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let html = Html::parse_document(&project.read("dist/index.html"));
    let selector = |text| Selector::parse(text).expect("a selector");
    let text = |element: scraper::ElementRef<'_>| {
        element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let divisions = selector(".facts > div");
    let facts = html.select(&divisions).map(|fact| {
        let link = fact.select(&selector("dt a")).next();
        let label = fact.select(&selector("dt")).next().map(text).unwrap_or_default();
        let stated: Vec<String> = fact.select(&selector("dd")).map(text).collect();
        assert!(!stated.is_empty(), "{label}");
        let href = link.and_then(|link| link.attr("href")).unwrap_or_default().to_owned();
        [label, href, stated.join(" | ")]
    });
    let button = selector(".button.main");
    let main = html.select(&button).next();
    let main = main.map(|link| [link.attr("href").unwrap_or_default().to_owned(), text(link)]);
    (facts.collect(), main)
}

/// Returns the fact with a label.
fn fact<'f>(facts: &'f [[String; 3]], label: &str) -> Option<[&'f str; 2]> {
    facts.iter().find(|[found, ..]| found == label).map(|[_, href, text]| [href.as_str(), text.as_str()])
}

#[test]
fn facts_are_stated_wherever_the_lists_are() {
    for (folder, pages) in [
        ("sections", ["#certifications", "#controls", "#documents"]),
        ("pages", ["./certifications-page/", "./controls-page/", "./documents-page/"]),
    ] {
        let project = project(folder, lists());
        let (found, main) = facts(&project, "2026-05-01");
        let labels = ["Certifications", "Security controls", "Documents"];
        let expected = ["ISO/IEC 27001 until 30 May 2026", "1 | of 1 implemented", "1 | available"];
        for ((label, href), text) in labels.into_iter().zip(pages).zip(expected) {
            assert_eq!(fact(&found, label), Some([href, text]), "{folder}: {found:?}");
        }
        let html = project.read("dist/index.html");
        let page = if folder == "sections" { "" } else { pages[0] };
        assert!(html.contains(&format!("<a href=\"{page}#iso\">ISO/IEC 27001</a>")), "{folder}");
        assert_eq!(main, Some(["https://acme.test/dpa".to_owned(), "DPA".to_owned()]));
    }
}

/// The passing of time empties no fact.
#[test]
fn certifications_that_are_not_held_are_no_fact() {
    let (found, _) = facts(&project("sections", lists()), "2026-05-31");
    assert_eq!(fact(&found, "Certifications"), None, "{found:?}");
    for (certification, expected) in [
        ("- {id: iso, framework: ISO/IEC 27001, type: alignment}\n", None),
        ("- {id: iso, framework: ISO/IEC 27001, status: in-progress}\n", Some("1 | In progress")),
    ] {
        let [_, controls, documents] = lists();
        let project = project("sections", [("certifications", certification), controls, documents]);
        let (found, _) = facts(&project, "2026-05-01");
        let text = fact(&found, "Certifications").map(|[_, text]| text);
        assert_eq!(text, expected, "{certification}: {found:?}");
    }
}

#[test]
fn restricted_documents_are_requested() {
    let restricted = "- {id: dpa, kind: dpa, title: DPA, access: request, url: https://acme.test/portal}\n";
    let [certifications, controls, _] = lists();
    let project = project("sections", [certifications, controls, ("documents", restricted)]);
    let (found, main) = facts(&project, "2026-05-01");
    assert_eq!(fact(&found, "Documents").map(|[_, text]| text), Some("1 | On request"), "{found:?}");
    assert_eq!(main, Some(["https://acme.test/portal".to_owned(), "Request a DPA".to_owned()]));
}
