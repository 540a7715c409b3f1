//! Markdown rendering: the HTML output, rejected syntax, and safety.

mod safety;

use candor::diagnostic::Severity;
use candor::markdown::{LinkTarget, RenderOptions, Rendered, inline, render};

use crate::support::Project;

fn section(text: &str) -> Rendered {
    render(text, &RenderOptions { id_prefix: "baseline--", ..RenderOptions::new("Security baseline") })
}

#[track_caller]
fn assert_html(text: &str, expected: &str) {
    let rendered = section(text);
    assert_eq!(rendered.html.trim_end(), expected);
    assert_eq!(rendered.diagnostics, [], "{text}");
}

#[track_caller]
fn assert_rejected(text: &str, code: &str, message: &str, part: &str) -> Rendered {
    let rendered = section(text);
    let reported: Vec<_> =
        rendered.diagnostics.iter().map(|f| (f.code.as_str(), f.message.as_str(), &text[f.range.clone()])).collect();
    assert_eq!(reported, [(code, message, part)]);
    rendered
}

#[test]
fn renders_basic_markdown() {
    assert_html(
        "A *b* **c** ~~d~~ `e<`  \nf",
        "<p>A <em>b</em> <strong>c</strong> <del>d</del> <code>e&lt;</code><br>\nf</p>",
    );
    assert_html("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>");
    assert_html("3. a\n\n4. b", "<ol start=\"3\">\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ol>");
    assert_html("> a\n\n---", "<blockquote>\n<p>a</p>\n</blockquote>\n<hr>");
    assert_html("```rust ignore\n<a>\n```", "<pre><code class=\"language-rust\">&lt;a&gt;\n</code></pre>");
    assert_html("```\"onclick=x\na\n```", "<pre><code>a\n</code></pre>");
    assert_html("AT&T &copy; \\<b\\>", "<p>AT&amp;T © &lt;b&gt;</p>");
}

#[test]
fn headings_are_nested_below_the_section_heading() {
    for text in ["# A\n## B", "## A\n### B"] {
        assert_html(text, "<h3 id=\"baseline--a\">A</h3>\n<h4 id=\"baseline--b\">B</h4>");
    }
    let deep = section("# 1\n## 2\n### 3\n#### 4\n##### 5\n###### 6");
    assert_eq!(deep.headings.iter().map(|h| h.level).collect::<Vec<_>>(), [3, 4, 5, 6, 6, 6]);
}

#[test]
fn anchors_are_unique_and_explicit_ids_take_precedence() {
    let rendered = section("# A\n# A\n# A 2\n# B {#a .wide}\n\n[x](#a) [y](#a-2) [z](#elsewhere)");
    let ids: Vec<_> = rendered.headings.iter().map(|heading| heading.id.as_str()).collect();
    assert_eq!(ids, ["baseline--a-2", "baseline--a-3", "baseline--a-2-2", "baseline--a"]);
    assert!(rendered.html.contains("<h3 id=\"baseline--a\" class=\"wide\">B</h3>"), "{}", rendered.html);
    let targets: Vec<_> = rendered.links.iter().map(|link| link.target.clone()).collect();
    assert_eq!(targets, ["baseline--a", "baseline--a-2", "elsewhere"].map(|id| LinkTarget::Anchor(id.into())));
    assert_eq!(rendered.diagnostics, []);
}

#[test]
fn reports_skipped_heading_levels() {
    let rendered = assert_rejected(
        "## A\n\n#### B\n",
        "heading-level-skipped",
        "heading `B` skips from level 2 to level 4",
        "#### B\n",
    );
    assert_eq!(rendered.diagnostics[0].help, "write `### B`");
    assert_eq!(rendered.diagnostics[0].code.severity(), Severity::Warning);
    assert_rejected(
        "## A\n\n# B\n",
        "heading-level-skipped",
        "heading `A` is above a heading of a higher level",
        "## A\n",
    );
}

#[test]
fn rejects_heading_attributes_other_than_id_and_class() {
    let rendered = assert_rejected(
        "# A {#b onclick=alert(1)}\n",
        "heading-attribute-refused",
        "heading attribute `onclick=alert(1)` is not allowed",
        "# A {#b onclick=alert(1)}\n",
    );
    assert_eq!(rendered.html, "<h3 id=\"baseline--b\">A</h3>\n");
    assert_rejected(
        "# A {#b\"c}\n",
        "heading-attribute-refused",
        "heading attribute `#b\"c` is not allowed",
        "# A {#b\"c}\n",
    );
    assert_rejected("# A {#x}\n# B {#x}\n", "anchor-duplicate", "duplicate heading id `x`", "# B {#x}\n");
}

#[test]
fn rejects_raw_html_and_renders_it_as_text() {
    let rendered = assert_rejected("a <b>c</b>", "html-refused", "HTML is not allowed: `<b>`", "<b>");
    assert_eq!(rendered.html, "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n");
    let block = "<div onclick=x>\na\n</div>\n\nb";
    let rendered = assert_rejected(
        block,
        "html-refused",
        "HTML is not allowed: `<div onclick=x> a </div>`",
        "<div onclick=x>\na\n</div>\n",
    );
    assert_eq!(rendered.html, "<p>&lt;div onclick=x&gt;\na\n&lt;/div&gt;</p>\n<p>b</p>\n");
}

#[test]
fn rejects_links_with_schemes_not_on_the_allow_list() {
    assert_html(
        "[a](https://example.com/?b&c \"t\") <a@b.example> [d](documents/e.pdf)",
        "<p><a href=\"https://example.com/?b&amp;c\" title=\"t\">a</a> <a href=\"mailto:a@b.example\">a@b.example</a> \
         <a href=\"documents/e.pdf\">d</a></p>",
    );
    let rendered = assert_rejected(
        "[a](java&#10;script&colon;alert)",
        "link-scheme-refused",
        "link has the scheme `javascript:`, which is not allowed",
        "[a](java&#10;script&colon;alert)",
    );
    assert_eq!(rendered.html, "<p>a</p>\n");
    assert_rejected(
        "[a](//b.example)",
        "link-scheme-refused",
        "link to `//b.example` has no scheme",
        "[a](//b.example)",
    );
    assert_rejected("[a]()", "link-empty", "link has no address", "[a]()");
    assert_rejected("[a](../b)", "link-outside-site", "link to `../b` leads out of the site", "[a](../b)");
    assert_rejected("[a][b]", "link-undefined", "undefined link label `[b]`", "[a][b]");
    assert_html("[sic] [a] (b)", "<p>[sic] [a] (b)</p>");
}

#[test]
fn images_must_be_local_and_have_alternative_text() {
    assert_html(
        "![The *flow* of data](flow.svg)",
        "<p><img src=\"flow.svg\" alt=\"The flow of data\" loading=\"lazy\" decoding=\"async\"></p>",
    );
    assert_rejected("![](flow.svg)", "image-alt-missing", "image `flow.svg` has no alternative text", "![](flow.svg)");
    let remote = "![Logo](https://cdn.example/l.png)";
    let message = "image `https://cdn.example/l.png` is on another site";
    assert_eq!(assert_rejected(remote, "image-remote", message, remote).html, "<p>Logo</p>\n");
}

#[test]
fn tables_are_scrollable_regions_aligned_by_class() {
    assert_html(
        "| a | | c |\n|:-|-|-:|\n| 1 | 2 | 3 |",
        "<section class=\"scroll\" tabindex=\"0\" aria-label=\"Security baseline: table 1\"><table>\n<thead>\n\
         <tr><th scope=\"col\" class=\"align-left\">a</th><td></td><th scope=\"col\" class=\"align-right\">c</th></tr>\n\
         </thead>\n<tbody>\n<tr><td class=\"align-left\">1</td><td>2</td><td class=\"align-right\">3</td></tr>\n\
         </tbody>\n</table></section>",
    );
}

#[test]
fn footnotes_link_in_both_directions() {
    assert_html(
        "a[^x] b[^y] c[^x]\n\n[^x]: One.\n\n[^y]: Two.\n",
        "<p>a<sup><a class=\"footnote-ref\" role=\"doc-noteref\" id=\"baseline--ref:1\" href=\"#baseline--note:1\" \
         aria-label=\"Footnote 1\">1</a></sup> b<sup><a class=\"footnote-ref\" role=\"doc-noteref\" \
         id=\"baseline--ref:2\" href=\"#baseline--note:2\" aria-label=\"Footnote 2\">2</a></sup> c<sup>\
         <a class=\"footnote-ref\" role=\"doc-noteref\" id=\"baseline--ref:1-2\" href=\"#baseline--note:1\" \
         aria-label=\"Footnote 1\">1</a></sup></p>\n\
         <section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"Security baseline: footnotes\">\n<ol>\n\
         <li id=\"baseline--note:1\"><p>One. <a class=\"footnote-back\" role=\"doc-backlink\" href=\"#baseline--ref:1\" \
         aria-label=\"Back to reference 1\">↩\u{FE0E}</a> <a class=\"footnote-back\" role=\"doc-backlink\" \
         href=\"#baseline--ref:1-2\" aria-label=\"Back to reference 1-2\">↩\u{FE0E}</a></p>\n</li>\n\
         <li id=\"baseline--note:2\"><p>Two. <a class=\"footnote-back\" role=\"doc-backlink\" href=\"#baseline--ref:2\" \
         aria-label=\"Back to reference 2\">↩\u{FE0E}</a></p>\n</li>\n</ol>\n</section>",
    );
    assert_rejected("a[^x]", "footnote-undefined", "undefined footnote `[^x]`", "[^x]");
    assert_html("`[^x]` \\[^x]", "<p><code>[^x]</code> [^x]</p>");
    assert_rejected("[^x]: a\n", "footnote-unused", "unused footnote `[^x]` is not shown", "[^x]: a\n");
    assert_rejected("[^x]\n\n[^x]: a\n\n[^x]: b\n", "footnote-duplicate", "duplicate footnote `[^x]`", "[^x]: b\n");
}

#[test]
fn footnote_in_a_link_creates_no_nested_link() {
    let rendered = section("[a[^x] b](c)\n\n[^x]: d\n");
    assert!(rendered.html.starts_with("<p>[a<sup>"), "{}", rendered.html);
}

#[test]
fn inline_rendering_has_no_blocks() {
    let line = inline("# A\n\nb *c*\nd\n\n- e\n- `f`\n\n```\ng\n```", &RenderOptions::new("x"));
    assert_eq!(line.html, "A b <em>c</em>\nd e <code>f</code> <code>g\n</code>");
    assert_eq!(line.text, "A b c d e f g");
}

#[test]
fn plain_text_has_no_markup() {
    let text = "# A\n\nb *c*\n[d](e)[^1]\n\n- f\n  - g\n\n| h | i |\n|-|-|\n| j | k |\n\n[^1]: l\n";
    assert_eq!(section(text).text, "A\nb c d[1]\nf\ng\nh\ti\nj\tk\n[1] l");
}

/// Returns the HTML of a task's checkbox and its hidden label.
fn checkbox(done: bool) -> String {
    let (checked, label) = if done { (" checked", "Done:") } else { ("", "Not done:") };
    format!("<input type=\"checkbox\" disabled{checked} aria-hidden=\"true\"> <span class=\"vh\">{label}</span> ")
}

#[test]
fn task_lists_have_checkboxes_and_text_labels() {
    let (done, open) = (checkbox(true), checkbox(false));
    let task = |content: String| format!("<li class=\"task\">{content}</li>");
    let list = |items: &[String]| format!("<ul>\n{}\n</ul>", items.join("\n"));
    assert_html("- [x] a\n- [ ] b", &list(&[task(format!("{done}a")), task(format!("{open}b"))]));
    assert_html("* [X] a\n* b", &list(&[task(format!("{done}a")), "<li>b</li>".into()]));
    let loose = |mark: &str, text: &str| task(format!("<p>{mark}{text}</p>\n"));
    assert_html("- [x] a\n\n- [ ] b", &list(&[loose(&done, "a"), loose(&open, "b")]));
    assert_html(
        "1. [ ] *a* <https://a.example>",
        &format!(
            "<ol>\n{}\n</ol>",
            task(format!("{open}<em>a</em> <a href=\"https://a.example\">https://a.example</a>"))
        ),
    );
    assert_html("- a\n  - [x] b", &format!("<ul>\n<li>a{}\n</li>\n</ul>", list(&[task(format!("{done}b"))])));
    // Text that only resembles a task stays as written.
    for text in ["\\[x] a", "[x]a", "[y] a", "a [x]", "`[x]` a"] {
        let rendered = section(&format!("- {text}"));
        assert!(!rendered.html.contains("<input") && !rendered.html.contains("class"), "{text}: {}", rendered.html);
    }
    assert_eq!(section("- [x] a\n- [ ] b").text, "[x] a\n[ ] b");
    let line = inline("- [x] a\n- [ ] b", &RenderOptions::new("x"));
    assert_eq!(line.html, format!("{done}a {open}b"));
}

/// Covers each sentence about Markdown in docs/content.md, and for each feature in the first sentence.
#[test]
fn reference_describes_markdown_correctly() {
    let page = include_str!("../../docs/content.md");
    let (_, promise) = page.split_once("- *Markdown* is ").expect("the promise");
    let (promise, _) = promise.split_once("\n- ").expect("the next point");
    let promise = promise.split_whitespace().collect::<Vec<_>>().join(" ");
    let sentences: Vec<&str> = promise.trim_end_matches('.').split(". ").collect();
    let [dialect, not_allowed, plain] = sentences.as_slice() else { panic!("a sentence without a case: {promise}") };

    let (base, features) = dialect.split_once(" with ").expect("a base dialect and its extensions");
    let features = features.replace(" and ", ", ");
    for feature in features.split(", ").chain([base]) {
        let (text, selectors): (_, &[&str]) = match feature {
            "CommonMark" => (
                "# A\n\n*b* **c** `d` [e](https://e.example) ![f](f.png)\n\n> g\n\n1. h\n- i\n\n    j\n\n```\nk\n```\n\n---\n\nl  \nm",
                &[
                    "h3",
                    "em",
                    "strong",
                    "p > code",
                    "a[href]",
                    "img[alt]",
                    "blockquote",
                    "ol > li",
                    "ul > li",
                    "pre > code",
                    "hr",
                    "br",
                ],
            ),
            "tables" => {
                ("|a|b|\n|-|:-:|\n|c|d|", &["table > thead th[scope=col]", "table > tbody td", "td.align-center"])
            }
            "footnotes" => ("a[^1]\n\n[^1]: b", &["sup > a[href]", "section[role=doc-endnotes] li[id]"]),
            "strikethrough" => ("~~a~~", &["del"]),
            "task lists" => {
                ("- [x] a\n- [ ] b", &["li > input[type=checkbox][disabled][checked]", "li > input:not([checked])"])
            }
            other => panic!("a feature without a case: {other}"),
        };
        let rendered = section(text);
        assert_eq!(rendered.diagnostics, [], "{feature}");
        let html = scraper::Html::parse_fragment(&rendered.html);
        for selector in selectors {
            let count = html.select(&scraper::Selector::parse(selector).expect("a selector")).count();
            assert!(count > 0, "{feature}: no {selector} in {}", rendered.html);
        }
    }

    assert_eq!(*not_allowed, "Raw HTML and images from other sites are not allowed");
    for (text, code) in [
        ("a <b>c</b>", "html-refused"),
        ("<p>a</p>", "html-refused"),
        ("![a](https://a.example/b.png)", "image-remote"),
    ] {
        let rendered = section(text);
        assert_eq!(
            rendered.diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect::<Vec<_>>(),
            [code],
            "{text}"
        );
        assert!(!rendered.html.contains("<b>") && !rendered.html.contains("<img"), "{}", rendered.html);
    }

    assert_eq!(*plain, "Fields without the word *Markdown* are plain text");
    let list = "- {id: a, name: \"*N* <i>\", purpose: \"**P** [x](y)\", data_categories: [\"`D`\"]}\n";
    let project = Project::new()
        .file("content/data/subprocessors.yaml", list)
        .file("content/sections/10-s.md", "---\ntitle: \"- [x] *T*\"\nshow: subprocessors\n---\n");
    let built = project.run(["build", "--draft", "--no-compress"]);
    assert_eq!(built.code, Some(0), "{built:?}");
    // The trust page shows the list short.
    let page = project.read("dist/index.html") + &project.read("dist/subprocessors/index.html");
    for shown in ["*N* &lt;i&gt;", "**P** [x](y)", "`D`", "- [x] *T*"] {
        assert!(page.contains(shown), "{shown}");
    }
}

/// Covers every output that contains Markdown: the page, lists, the change log, feeds and the Markdown copy.
#[test]
fn task_lists_render_in_every_output() {
    let tasks = "- [x] Encrypted\n- [ ] Audited\n";
    let project = Project::new()
        .file("content/sections/10-s.md", format!("---\ntitle: S\n---\n{tasks}"))
        .file("content/sections/20-c.md", "---\ntitle: C\nshow: controls\n---\n")
        .file("content/sections/30-q.md", "---\ntitle: Q\nshow: faq\n---\n")
        .file("content/data/controls.yaml", "- {id: a, title: A, description: \"- [x] Controlled\"}\n")
        .file("content/data/faq.yaml", "- {id: q, question: Q?, answer: \"- [ ] Answered\"}\n");
    assert_eq!(project.run(["release", &format!("--message={tasks}")]).code, Some(0));
    let built = project.run(["build", "--no-compress"]);
    assert_eq!(built.code, Some(0), "{built:?}");
    for (path, shown) in [
        ("index.html", vec![(true, "Encrypted"), (false, "Audited"), (true, "Controlled"), (false, "Answered")]),
        ("changelog/index.html", vec![(true, "Encrypted"), (false, "Audited")]),
        ("releases/2026-05-22/index.html", vec![(true, "Encrypted"), (false, "Audited")]),
    ] {
        let page = project.read(&format!("dist/{path}"));
        for (done, text) in shown {
            assert!(page.contains(&format!("{}{text}", checkbox(done))), "{path}: {text}");
        }
    }
    let labeled = |done: bool, text: &str| {
        format!("<span class=\"vh\">{}</span> {text}", if done { "Done:" } else { "Not done:" })
    };
    let atom = project.read("dist/feed.xml").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    let json: serde_json::Value = serde_json::from_str(&project.read("dist/feed.json")).expect("JSON");
    let json = json["items"][0]["content_html"].as_str().expect("HTML").to_owned();
    for feed in [atom, json] {
        assert!(feed.contains(&labeled(true, "Encrypted")) && feed.contains(&labeled(false, "Audited")), "{feed}");
    }
    let copy = project.read("dist/index.md");
    assert!(copy.contains("- [x] Encrypted\n- [ ] Audited") && copy.contains("[x] Controlled"), "{copy}");
}
