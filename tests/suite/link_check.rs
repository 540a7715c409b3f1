//! A site with an internal link that leads nowhere is refused, regardless of what wrote it, with the place that caused it.

use std::fs;

use crate::support::{Project, SITE};

const BASE: &str = "base_url: https://trust.example.org/center\n";

/// A project with one release and these files.
fn released(files: &[(&str, &str)]) -> Project {
    let project = Project::empty()
        .file("content/site.yaml", format!("{SITE}{BASE}"))
        .file("content/sections/10-about.md", "---\ntitle: About\n---\n\nText.\n")
        .file("static/documents/a b.pdf", "%PDF")
        .file("content/data/documents.yaml", "- {id: a, title: A, file: documents/a b.pdf}\n");
    assert_eq!(project.run(["release", "-m", "First"]).code, Some(0));
    files.iter().fold(project, |project, (path, text)| project.file(path, text))
}

/// Returns the first two lines of each diagnostic about links or ids.
fn problems(project: &Project, args: &[&str]) -> Vec<String> {
    let run = project.run(args);
    let lines: Vec<&str> = run.stderr.lines().collect();
    let is_ours = |line: &str| ["broken-link]", "broken-anchor]", "id-taken]"].iter().any(|code| line.contains(code));
    let found: Vec<String> = lines
        .windows(2)
        .filter(|lines| is_ours(lines[0]))
        .map(|lines| format!("{} {}", lines[0], if lines[1].contains("-->") { lines[1].trim() } else { "" }))
        .collect();
    assert_eq!(run.code == Some(0), !found.iter().any(|line| line.starts_with("error")), "{args:?}: {run:?}");
    found.iter().map(|line| line.trim_end().to_owned()).collect()
}

const MASTHEAD: &str = "templates/partials/masthead.html";
const CHANGELOG: &str = "templates/lists/changelog.html";

/// A file, and what is reported about it.
const WRONG: &[(&str, &str, &str)] = &[
    (
        MASTHEAD,
        "<p>\n<a href=\"{{ page.root }}nowhere/\">x</a></p>",
        "error[broken-link]: `404.html` and 7 other files link to `nowhere/`, which does not exist on the site \
         --> templates/partials/masthead.html:2:25",
    ),
    (
        MASTHEAD,
        "<img src='{{ page.root }}img/none.png'>",
        "error[broken-link]: `404.html` and 7 other files link to `img/none.png`, which does not exist on the site \
         --> templates/partials/masthead.html:1:26",
    ),
    (
        MASTHEAD,
        "<img srcset=\"{{ page.root }}documents/a%20b.pdf 1x, {{ page.root }}none.png 2x\">",
        "error[broken-link]: `404.html` and 7 other files link to `none.png`, which does not exist on the site \
         --> templates/partials/masthead.html:1:68",
    ),
    (
        MASTHEAD,
        "<a href=\"{{ page.root }}changelog/#nowhere\">x</a>",
        "error[broken-anchor]: `404.html` and 7 other files link to `changelog/#nowhere`, but that page has no such anchor \
         --> templates/partials/masthead.html:1:25",
    ),
    (
        MASTHEAD,
        "{% if page.kind == 'trust' %}<a href=\"../\">x</a>{% endif %}",
        "error[broken-link]: `index.html` links to `../`, which leads out of the site \
         --> templates/partials/masthead.html:1:39",
    ),
    (
        MASTHEAD,
        "<p id=\"same\"></p>{% if page.kind == 'trust' %}<p id=\"same\"></p>{% endif %}",
        "error[id-taken]: the id `same` is used twice in `index.html` --> templates/partials/masthead.html:1:8",
    ),
    (
        MASTHEAD,
        "<a href=\"https://trust.example.org/center/none.txt\">x</a><a href=\"https://example.org/none\">y</a>",
        "error[broken-link]: `404.html` and 7 other files link to `none.txt`, which does not exist on the site \
         --> templates/partials/masthead.html:1:10",
    ),
    (
        "templates/feed/entry.html",
        "<p><a href=\"{{ page.root }}none/\">x</a></p>",
        "error[broken-link]: `feed.json` and 1 other file link to `none/`, which does not exist on the site \
         --> templates/feed/entry.html:1:28",
    ),
    (
        "templates/feed/entry.html",
        "<p><a href=\"#none\">x</a></p>",
        "error[broken-anchor]: `feed.json` and 1 other file link to `#none`, but have no such anchor \
         --> templates/feed/entry.html:1:13",
    ),
    (
        "static/root/own.html",
        "<!DOCTYPE html>\n<title>x</title><a href=\"documents/a%20b.pdf\">x</a><a href=\"./documents/a+b.pdf\">y</a>",
        "error[broken-link]: `own.html` links to `documents/a+b.pdf`, which does not exist on the site \
         --> static/root/own.html:2:61",
    ),
    (
        "static/root/legal/own.html",
        "<p id=a></p><a href=#a></a><a href=#b></a>",
        "error[broken-anchor]: `legal/own.html` links to `#b`, but the page has no such anchor \
         --> static/root/legal/own.html:1:36",
    ),
    (
        "static/root/legal/own.html",
        "<a href=../#content></a><a href=/center/#nowhere></a><a href=/else/></a>",
        "error[broken-anchor]: `legal/own.html` links to `/#nowhere`, but that page has no such anchor \
         --> static/root/legal/own.html:1:33",
    ),
    (
        MASTHEAD,
        "<a href=\"/changelog/\">x</a><a href=/>y</a><a href=/robots.txt>y</a><a href=/.well-known/security.txt>y</a><a href=/blog/>y</a>",
        "error[broken-link]: `404.html` and 7 other files link to `/changelog/`, which is outside of the site; the site has \
         `/center/changelog/` --> templates/partials/masthead.html:1:10",
    ),
    (
        "static/root/legal/own.html",
        "<a href=\"/documents/a%20b.pdf#page=2\">x</a>",
        "error[broken-link]: `legal/own.html` links to `/documents/a b.pdf`, which is outside of the site; the site has \
         `/center/documents/a b.pdf` --> static/root/legal/own.html:1:10",
    ),
    (
        "static/root/legal/own.html",
        "<p id=a></p>\n<p id=\"a\"></p>",
        "error[id-taken]: the id `a` is used twice in `legal/own.html` --> static/root/legal/own.html:2:8",
    ),
    (
        "static/img/flow.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><use href=\"#none\"/></svg>",
        "error[broken-anchor]: `assets/img/flow.SHA.svg` links to `#none`, but the page has no such anchor \
         --> static/img/flow.svg:1:52",
    ),
    (
        "static/root/site.webmanifest",
        "{\"icons\": [{\"src\": \"icon.png\"}]}",
        "error[broken-link]: `site.webmanifest` links to `icon.png`, which does not exist on the site \
         --> static/root/site.webmanifest",
    ),
];

#[test]
fn refuses_links_that_lead_nowhere() {
    for (at, (path, text, expected)) in WRONG.iter().enumerate() {
        let project = released(&[(path, text)]);
        // Both commands read the same files; starting the program for each case takes long.
        if at % 4 == 0 {
            assert_eq!(problems(&project, &["build"]), [mask(&project, expected)], "build with {text}");
            assert!(!project.path("dist").exists(), "{text}");
        }
        assert_eq!(problems(&project, &["check"]), [mask(&project, expected)], "check with {text}");
    }
}

/// Replaces `SHA` with the digest in the name of the published image.
fn mask(project: &Project, expected: &str) -> String {
    let bytes = fs::read(project.path("static/img/flow.svg")).unwrap_or_default();
    expected.replace("SHA", &candor::model::Digest::of(&bytes).short())
}

#[test]
fn publishes_no_site_with_such_links() {
    let (path, text, expected) = WRONG[0];
    let project = released(&[(path, text)]);
    if cfg!(feature = "publish") {
        let destination = format!("file://{}", project.path("bucket").display());
        assert_eq!(problems(&project, &["publish", &destination]), [expected]);
        assert!(!project.path("bucket/index.html").exists());
    }
}

#[test]
fn reports_every_problem_of_a_site_once() {
    let texts = [("static/root/own.html", "<a href=a></a><a href=a></a><a href=b></a>"), (MASTHEAD, "<a href=c></a>")];
    let found = problems(&released(&texts), &["check"]);
    let expected = [
        "error[broken-link]: `own.html` links to `a`, which does not exist on the site --> static/root/own.html:1:9",
        "error[broken-link]: `own.html` links to `b`, which does not exist on the site --> static/root/own.html:1:37",
        "error[broken-link]: `404.html` and 7 other files link to `c`, which does not exist on the site \
         --> templates/partials/masthead.html:1:9",
    ];
    assert_eq!(found, expected);
}

#[test]
fn accepts_what_leads_somewhere() {
    let links = "<a href=\"{{ page.root }}changelog/?q#verify\">a</a><a href=\"#content\">b</a><a href=\"#\">c</a>\
        <a href=\"{{ page.root }}documents/a%20b.pdf#page=3\">d</a><a href=\"{{ page.root }}#about:~:text=x\">e</a>\
        <a href=\"mailto:a@b.example\">f</a><a href=\"https://example.org/#x\">g</a><a href=\"/elsewhere/\">h</a>\
        <a href=\"{{ page.root }}own.html#named\">i</a><a href=\"{{ page.root }}own.html#top\">j</a>\
        <!-- <a href=\"none\"> --><a href=\"{{ page.root }}releases/index.json\">k</a>";
    let own = "<base href=\"releases/\"><a name=named></a><a href=\"SHA256SUMS\"></a><script>'<a href=none>'</script>";
    let project = released(&[(MASTHEAD, links), ("static/root/own.html", own)]);
    assert_eq!(problems(&project, &["check"]), Vec::<String>::new());
    assert_eq!(problems(&project, &["build"]), Vec::<String>::new());
}

#[test]
fn full_addresses_of_the_site_are_checked_like_relative_ones() {
    let section = "---\ntitle: About\n---\n\n[Blog](https://trust.example.org/center/blog), \
        <https://trust.example.org/center/#none>, [log](https://trust.example.org/center/changelog/), \
        [other](https://trust.example.org/blog)\n";
    let project = released(&[]);
    assert_eq!(project.run(["release", "-m", "[Blog](https://trust.example.org/center/blog)"]).code, Some(1));
    let project = project.file("content/sections/10-about.md", section);
    let expected = [
        "error[broken-link]: there is no page or file `blog` on the site --> content/sections/10-about.md:5:1",
        "error[broken-anchor]: there is no anchor `#none` on the page --> content/sections/10-about.md:5:48",
    ];
    assert_eq!(problems(&project, &["check"]), expected);
    assert_eq!(problems(&project, &["build", "--draft"]), expected);
}

#[test]
fn rules_can_allow_such_links() {
    let (path, text, expected) = WRONG[0];
    let rules = |level: &str| format!("{SITE}{BASE}rules: {{broken-link: {level}}}\n");
    let site = |level: &str| released(&[(path, text)]).file("content/site.yaml", rules(level));
    assert_eq!(problems(&site("warn"), &["build"]), [expected.replace("error", "warning")]);
    assert_eq!(problems(&site("off"), &["build"]), Vec::<String>::new());
}

#[test]
fn a_list_that_links_to_an_anchor_that_its_template_lost_is_refused() {
    let project = released(&[(
        CHANGELOG,
        "{% for entry in items %}<a href=\"{{ page.root }}{{ entry.entry }}\">x</a>{% endfor %}",
    )])
    .file("content/sections/20-log.md", "---\ntitle: Log\nshow: changelog\n---\n")
    .file("templates/partials/entry.html", "<article><h2>{{ entry.version }}</h2></article>");
    let found = problems(&project, &["check"]);
    assert!(found.iter().any(|line| line.contains("`changelog/#v2026-05-22`")), "{found:#?}");
}

/// Returns the lines of a page that contain a text.
fn lines(project: &Project, page: &str, text: &str) -> Vec<String> {
    let html = project.read(&format!("dist/{page}"));
    html.lines().filter(|line| line.contains(text)).map(str::to_owned).collect()
}

#[test]
fn a_link_of_a_release_whose_target_is_gone_is_text_with_one_note() {
    let section = |text: &str| format!("---\ntitle: About\n---\n\n{text}\n");
    let two =
        section("[Page](own.html), [part](own.html#part), [more](/#more), [list](subprocessors/#old), [up](#about).");
    let old = "- {id: old, name: Old, purpose: P, data_categories: [C]}\n";
    let project = released(&[
        ("static/root/own.html", "<p id=part>x</p>"),
        ("content/data/subprocessors.yaml", old),
        ("content/sections/20-more.md", "---\ntitle: More\n---\n\nText.\n"),
        ("content/sections/10-about.md", &two),
    ]);
    assert_eq!(project.run(["release", "-m", "See [more](/#more)."]).code, Some(0));
    assert_eq!(problems(&project, &["build"]), Vec::<String>::new());
    assert_eq!(lines(&project, "index.html", "no longer available"), Vec::<String>::new());

    let project = project
        .without("static/root/own.html")
        .without("content/data/subprocessors.yaml")
        .without("content/sections/20-more.md")
        .file("content/sections/10-about.md", section("[list](subprocessors/#old), [up](#about)."));
    assert_eq!(project.run(["release", "-m", "Less."]).code, Some(0));
    assert_eq!(problems(&project, &["build"]), Vec::<String>::new());
    let gone = "<span class=\"gone\"> (no longer available)</span>";
    let expected = format!(
        "<p>Page{gone}, part{gone}, more{gone}, <a href=\"../../subprocessors/#old\">list</a>, <a href=\"#about\">up</a>.</p>"
    );
    let archived = "releases/2026-05-22.2/index.html";
    assert!(lines(&project, archived, "Page").iter().any(|line| line.contains(&expected)), "{expected}");
    assert!(lines(&project, "changelog/index.html", "See more")[0].contains(&format!("See more{gone}.")));
    let feed: serde_json::Value = serde_json::from_str(&project.read("dist/feed.json")).expect("JSON");
    let entry = feed["items"][1]["content_html"].as_str().expect("HTML");
    assert!(entry.contains(&format!("See more{gone}.")), "{entry}");

    let run = project.run(["check"]);
    let notes: Vec<&str> = run.stderr.lines().filter(|line| line.contains("[link-gone]")).collect();
    let note = |address: &str| {
        format!(
            "note[link-gone]: the release 2026-05-22.2 links to `{address}`, which the site no longer has; \
             its page shows the link as text"
        )
    };
    assert_eq!(notes, [note("/#more"), note("own.html#part"), note("own.html")], "{run:?}");
    assert_eq!(run.code, Some(0));
}

#[test]
fn a_custom_template_that_leaves_out_a_linked_anchor_is_refused() {
    let project = released(&[
        ("content/sections/10-about.md", "---\ntitle: About\nshow: controls\n---\n\nSee [TLS](#tls).\n"),
        ("content/data/controls.yaml", "- {id: tls, title: TLS, description: Text}\n"),
        (
            "templates/lists/controls.html",
            "{% for group in items %}{% for item in group.controls %}<p>{{ item.title }} \
            {{ item.status_label }}</p>{% endfor %}{% endfor %}",
        ),
    ]);
    let expected = ["error[broken-anchor]: a text links to `#tls`, but no template writes this anchor"];
    assert_eq!(problems(&project, &["check"]), expected);
    assert_eq!(project.run(["release", "-m", "Controls"]).code, Some(0));
    assert_eq!(problems(&project, &["build"]), expected);
}

#[test]
fn content_can_link_to_every_anchor_of_the_trust_page() {
    let project = Project::new()
        .file("content/sections/10-all.md", "---\ntitle: All\nshow: controls\n---\n\n### One\n\n#### Two {#two}\n")
        .file("content/sections/20-faq.md", "---\ntitle: FAQ\nshow: faq\n---\n")
        .file("content/sections/30-docs.md", "---\ntitle: Documents\nshow: documents\n---\n")
        .file("content/sections/40-plans.md", "---\ntitle: Plans\nshow: commitments\n---\n")
        .file("content/sections/50-certs.md", "---\ntitle: Certificates\nshow: certifications\n---\n")
        .file("content/sections/60-subs.md", "---\ntitle: Subprocessors\nshow: subprocessors\n---\n")
        .file("content/data/controls.yaml", "- {id: tls, title: TLS, description: '### Deep'}\n")
        .file("content/data/faq.yaml", "- {id: q, question: Q, answer: A}\n")
        .file("content/data/documents.yaml", "- {id: d, title: D, access: request}\n")
        .file("content/data/commitments.yaml", "- {id: c, plan: P, commitment: C}\n")
        .file("content/data/certifications.yaml", "- {id: iso, framework: ISO}\n")
        .file("content/data/subprocessors.yaml", "- {id: s, name: S, purpose: P, data_categories: [C]}\n");
    let content = project.load().0.expect("content");
    let accepted = candor::check::anchors::on_trust_page(&content.disclosure);
    assert_eq!(project.run(["build", "--draft"]).code, Some(0));
    let html = scraper::Html::parse_document(&project.read("dist/index.html"));
    let ids = scraper::Selector::parse("[id]").expect("a selector");
    let ids: std::collections::BTreeSet<String> =
        html.select(&ids).filter_map(|element| element.attr("id")).map(str::to_owned).collect();
    let missing: Vec<_> = accepted.difference(&ids).collect();
    assert!(missing.is_empty(), "{missing:?}");
    // The rest belongs to the page itself: icons, and headings of its parts.
    let others: Vec<_> =
        ids.difference(&accepted).filter(|id| !id.starts_with("i-") && !id.ends_with("--title")).collect();
    assert_eq!(others, ["toc-title"], "{accepted:?}");
}

/// The site after the first release is checked before it, with the links that only released pages have.
#[test]
fn links_of_released_pages_are_checked_before_the_first_release() {
    let index = "{% extends \"builtin/index.html\" %}{% block content %}{{ super() }}\
                 {% if release %}<a href=\"{{ page.root }}relases/\">x</a>{% endif %}{% endblock %}";
    let project = Project::empty()
        .file("content/site.yaml", format!("{SITE}{BASE}"))
        .file("content/sections/10-about.md", "---\ntitle: About\n---\n\nText.\n")
        .file("templates/index.html", index);
    let expected = "error[broken-link]: `index.html` links to `relases/`, which does not exist on the site \
                    --> templates/index.html:1:107";
    assert_eq!(problems(&project, &["check"]), [expected]);
    // A link that the draft has, too, is reported once.
    let project = project.file("templates/index.html", index.replace("{% if release %}", "{% if page %}"));
    let expected = expected.replace(":107", ":104");
    assert_eq!(problems(&project, &["check"]), [expected]);
    // One that leads to an archived page is right.
    let project = project.file("templates/index.html", index.replace("relases/", "{{ release.page }}"));
    assert_eq!(problems(&project, &["check"]), [""; 0]);
}

/// On `404.html`, `page.root` is the path of the site, so that a slash after it makes the address one of another host.
#[test]
fn a_second_slash_on_the_page_for_missing_addresses_is_reported() {
    for (base, address, expected) in [
        ("https://a.example.org", "/nope/", "`404.html` links to `//nope/`, which is another host"),
        ("https://a.example.org", "/404.html", "`404.html` links to `//404.html`, which is another host"),
        ("https://a.example.org/b/", "/nope/", "`404.html` links to `nope/`, which does not exist on the site"),
        ("https://a.example.org", "/cdn.example.com/a", ""),
        ("https://a.example.org", "subscribe/", ""),
    ] {
        let project = Project::empty()
            .file("content/site.yaml", format!("{SITE}base_url: {base}\n"))
            .file("templates/404.html", format!("<a href=\"{{{{ page.root }}}}{address}\">x</a>"));
        let found = problems(&project, &["check"]);
        let expected: Vec<String> = Some(expected)
            .filter(|expected| !expected.is_empty())
            .map(|expected| {
                let column = if base.ends_with('/') { 26 } else { 25 };
                format!("error[broken-link]: {expected} --> templates/404.html:1:{column}")
            })
            .into_iter()
            .collect();
        assert_eq!(found, expected, "{base} {address}");
    }
}
