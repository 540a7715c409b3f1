//! Markdown: what it becomes, what is refused, and that nothing slips through.

mod safety;

use candor::diagnostic::Severity;
use candor::markdown::{Options, Rendered, Target, inline, render};

fn section(text: &str) -> Rendered {
    render(text, &Options { id_prefix: "baseline--", ..Options::new("Security baseline") })
}

#[track_caller]
fn html(text: &str, expected: &str) {
    let rendered = section(text);
    assert_eq!(rendered.html.trim_end(), expected);
    assert_eq!(rendered.findings, [], "{text}");
}

#[track_caller]
fn refused(text: &str, code: &str, message: &str, part: &str) -> Rendered {
    let rendered = section(text);
    let found: Vec<_> =
        rendered.findings.iter().map(|f| (f.code.as_str(), f.message.as_str(), &text[f.range.clone()])).collect();
    assert_eq!(found, [(code, message, part)]);
    rendered
}

#[test]
fn prose_becomes_plain_elements() {
    html(
        "A *b* **c** ~~d~~ `e<`  \nf",
        "<p>A <em>b</em> <strong>c</strong> <del>d</del> <code>e&lt;</code><br>\nf</p>",
    );
    html("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>");
    html("3. a\n\n4. b", "<ol start=\"3\">\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ol>");
    html("> a\n\n---", "<blockquote>\n<p>a</p>\n</blockquote>\n<hr>");
    html("```rust ignore\n<a>\n```", "<pre><code class=\"language-rust\">&lt;a&gt;\n</code></pre>");
    html("```\"onclick=x\na\n```", "<pre><code>a\n</code></pre>");
    html("- [ ] a", "<ul>\n<li>[ ] a</li>\n</ul>");
    html("AT&T &copy; \\<b\\>", "<p>AT&amp;T © &lt;b&gt;</p>");
}

#[test]
fn headings_stand_below_the_pages_own_whatever_level_they_start_at() {
    for text in ["# A\n## B", "## A\n### B"] {
        html(text, "<h3 id=\"baseline--a\">A</h3>\n<h4 id=\"baseline--b\">B</h4>");
    }
    let deep = section("# 1\n## 2\n### 3\n#### 4\n##### 5\n###### 6");
    assert_eq!(deep.headings.iter().map(|h| h.level).collect::<Vec<_>>(), [3, 4, 5, 6, 6, 6]);
}

#[test]
fn anchors_are_unique_and_chosen_ones_win() {
    let rendered = section("# A\n# A\n# A 2\n# B {#a .wide}\n\n[x](#a) [y](#a-2) [z](#elsewhere)");
    let ids: Vec<_> = rendered.headings.iter().map(|heading| heading.id.as_str()).collect();
    assert_eq!(ids, ["baseline--a-2", "baseline--a-3", "baseline--a-2-2", "baseline--a"]);
    assert!(rendered.html.contains("<h3 id=\"baseline--a\" class=\"wide\">B</h3>"), "{}", rendered.html);
    let targets: Vec<_> = rendered.links.iter().map(|link| link.target.clone()).collect();
    assert_eq!(targets, ["baseline--a", "baseline--a-2", "elsewhere"].map(|id| Target::Anchor(id.into())));
    assert_eq!(rendered.findings, []);
}

#[test]
fn a_skipped_level_is_reported_where_it_stands() {
    let rendered =
        refused("## A\n\n#### B\n", "heading-level-skipped", "heading `B` skips from level 2 to level 4", "#### B\n");
    assert_eq!(rendered.findings[0].help, "write `### B`");
    assert_eq!(rendered.findings[0].code.severity(), Severity::Warning);
    refused("## A\n\n# B\n", "heading-level-skipped", "heading `A` stands above a higher one", "## A\n");
}

#[test]
fn heading_attributes_other_than_id_and_class_are_refused() {
    let rendered = refused(
        "# A {#b onclick=alert(1)}\n",
        "heading-attribute-refused",
        "heading attribute `onclick=alert(1)` is not allowed",
        "# A {#b onclick=alert(1)}\n",
    );
    assert_eq!(rendered.html, "<h3 id=\"baseline--b\">A</h3>\n");
    refused("# A {#b\"c}\n", "heading-attribute-refused", "heading attribute `#b\"c` is not allowed", "# A {#b\"c}\n");
    refused("# A {#x}\n# B {#x}\n", "anchor-duplicate", "two headings of this text have the id `x`", "# B {#x}\n");
}

#[test]
fn raw_html_is_an_error_and_shows_as_text() {
    let rendered = refused("a <b>c</b>", "html-refused", "HTML is not allowed: `<b>`", "<b>");
    assert_eq!(rendered.html, "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n");
    let block = "<div onclick=x>\na\n</div>\n\nb";
    let rendered = refused(
        block,
        "html-refused",
        "HTML is not allowed: `<div onclick=x> a </div>`",
        "<div onclick=x>\na\n</div>\n",
    );
    assert_eq!(rendered.html, "<p>&lt;div onclick=x&gt;\na\n&lt;/div&gt;</p>\n<p>b</p>\n");
}

#[test]
fn links_are_let_through_by_an_allow_list() {
    html(
        "[a](https://example.com/?b&c \"t\") <a@b.example> [d](documents/e.pdf)",
        "<p><a href=\"https://example.com/?b&amp;c\" title=\"t\">a</a> <a href=\"mailto:a@b.example\">a@b.example</a> \
         <a href=\"documents/e.pdf\">d</a></p>",
    );
    let rendered = refused(
        "[a](java&#10;script&colon;alert)",
        "link-scheme-refused",
        "link has the scheme `javascript:`, which is not allowed",
        "[a](java&#10;script&colon;alert)",
    );
    assert_eq!(rendered.html, "<p>a</p>\n");
    refused(
        "[a](//b.example)",
        "link-scheme-refused",
        "link to `//b.example` leaves out the scheme",
        "[a](//b.example)",
    );
    refused("[a]()", "link-empty", "link leads nowhere: its address is empty", "[a]()");
    refused("[a](../b)", "link-outside-site", "link to `../b` leaves the site", "[a](../b)");
    refused("[a][b]", "link-undefined", "link label `[b]` is not defined in this text", "[a][b]");
    html("[sic] [a] (b)", "<p>[sic] [a] (b)</p>");
}

#[test]
fn images_are_files_of_the_site_with_words_for_them() {
    html(
        "![The *flow* of data](flow.svg)",
        "<p><img src=\"flow.svg\" alt=\"The flow of data\" loading=\"lazy\" decoding=\"async\"></p>",
    );
    refused("![](flow.svg)", "image-alt-missing", "image `flow.svg` has no alternative text", "![](flow.svg)");
    let remote = "![Logo](https://cdn.example/l.png)";
    let message = "image `https://cdn.example/l.png` would be loaded from elsewhere";
    assert_eq!(refused(remote, "image-remote", message, remote).html, "<p>Logo</p>\n");
}

#[test]
fn a_table_is_a_region_that_scrolls_and_is_aligned_by_class() {
    html(
        "| a | | c |\n|:-|-|-:|\n| 1 | 2 | 3 |",
        "<section class=\"scroll\" tabindex=\"0\" aria-label=\"Security baseline: table 1\"><table>\n<thead>\n\
         <tr><th scope=\"col\" class=\"align-left\">a</th><td></td><th scope=\"col\" class=\"align-right\">c</th></tr>\n\
         </thead>\n<tbody>\n<tr><td class=\"align-left\">1</td><td>2</td><td class=\"align-right\">3</td></tr>\n\
         </tbody>\n</table></section>",
    );
}

#[test]
fn footnotes_lead_there_and_back() {
    html(
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
    refused("a[^x]", "footnote-undefined", "footnote `[^x]` is not defined in this text", "[^x]");
    html("`[^x]` \\[^x]", "<p><code>[^x]</code> [^x]</p>");
    refused("[^x]: a\n", "footnote-unused", "footnote `[^x]` is not referred to, so it is not shown", "[^x]: a\n");
    refused("[^x]\n\n[^x]: a\n\n[^x]: b\n", "footnote-duplicate", "footnote `[^x]` is defined twice", "[^x]: b\n");
}

#[test]
fn a_footnote_is_never_a_link_within_a_link() {
    let rendered = section("[a[^x] b](c)\n\n[^x]: d\n");
    assert!(rendered.html.starts_with("<p>[a<sup>"), "{}", rendered.html);
}

#[test]
fn a_line_of_text_has_no_blocks() {
    let line = inline("# A\n\nb *c*\nd\n\n- e\n- `f`\n\n```\ng\n```", &Options::new("x"));
    assert_eq!(line.html, "A b <em>c</em>\nd e <code>f</code> <code>g\n</code>");
    assert_eq!(line.text, "A b c d e f g");
}

#[test]
fn the_words_alone_are_kept_for_feeds() {
    let text = "# A\n\nb *c*\n[d](e)[^1]\n\n- f\n  - g\n\n| h | i |\n|-|-|\n| j | k |\n\n[^1]: l\n";
    assert_eq!(section(text).text, "A\nb c d[1]\nf\ng\nh\ti\nj\tk\n[1] l");
}
