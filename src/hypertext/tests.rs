//! Tests of the tokenizer: examples, and a comparison with a complete parser.

use std::collections::BTreeSet;

use proptest::prelude::*;
use scraper::{Html, Selector};

use super::{KnownRows, Syntax, read, read_known};

fn addresses(html: &str) -> Vec<String> {
    read(html, Syntax::Html).addresses.into_iter().map(|address| address.value.into_owned()).collect()
}

#[test]
fn finds_every_kind_of_address() {
    for (html, expected) in [
        ("<a href=\"a\">x</a><A HREF='b'>y</A><area href=c>", &["a", "b", "c"][..]),
        ("<a\nclass=x\thref = \"a b\" >", &["a b"]),
        ("<a href=a/b/>x</a><img src=c />", &["a/b/", "c"]),
        ("<a href=\"?a&amp;b\" href=\"second\">", &["?a&b"]),
        ("<img srcset=\"a 1x, b.png 2x,c 3x\" src=d>", &["a", "b.png", "c", "d"]),
        ("<p style=\"background: url('a.png'), URL( b.png )\">", &["a.png", "b.png"]),
        ("<p style='background: url(&quot;a.png&quot;)'>", &["a.png"]),
        ("<style>p { background: url(a.png) }</style><a href=b>", &["a.png", "b"]),
        ("<source srcset='data:image/png;base64,AA== 1x, e'>", &["data:image/png;base64,AA==", "e"]),
        ("<svg><use href=\"#i\"/><use xlink:href='s.svg#j'/></svg>", &["#i", "s.svg#j"]),
        ("<object data=a></object><div data=b></div><video poster=c src=d></video>", &["a", "c", "d"]),
        ("<meta property=\"og:url\" content=\"u\"><meta name=description content=v>", &["u"]),
        ("<meta http-equiv=refresh content=\"0; URL='next/'\">", &["next/"]),
        ("<form action=a><button formaction=b>", &["a", "b"]),
        ("<a href>x</a><a href=\"\">", &["", ""]),
        ("< a href=x><a href=y", &[]),
    ] {
        assert_eq!(addresses(html), expected, "{html}");
    }
}

#[test]
fn ignores_text_comments_and_scripts() {
    for html in [
        "<!-- <a href=x> -->",
        "<!--><b><!--- <a href=x> -->",
        "<!-- > <a href=x> --!>",
        "<script>\"<a href=x>\"</script>",
        "<SCRIPT><!-- <script> </script> <a href=x> --></SCRIPT>",
        "<style>a::after { content: '<a href=x>' }</style>",
        "<title><a href=x></title><textarea><a href=x></textarea>",
        "<!doctype html><?xml <a href=x?>",
        "<svg><![CDATA[<a href=x>]]></svg>",
        "&lt;a href=x&gt;",
        "<plaintext><a href=x>",
    ] {
        assert_eq!(addresses(html), Vec::<String>::new(), "{html}");
        if !html.contains("plaintext") {
            let followed = format!("{html}<a href=after>");
            assert_eq!(addresses(&followed), ["after"], "{followed}");
        }
    }
}

#[test]
fn svg_in_html_contains_no_raw_text() {
    assert_eq!(addresses("<svg><title/><style/></svg><a href=x>"), ["x"]);
    let svg = "<svg><title><a href='x'/></title><script/><![CDATA[<a href='y'/>]]></svg>";
    let found = read(svg, Syntax::Xml).addresses;
    assert_eq!(found.iter().map(|address| &*address.value).collect::<Vec<_>>(), ["x"]);
}

#[test]
fn keeps_places_anchors_and_structured_data() {
    let html = "<base href=\"/b/\"><i id=a ID=b></i><a name=n></a><b name=m></b><i id=\"x&amp;y\"></i>\
        <script type=\"application/ld+json\">{\"url\": 1}</script>";
    let found = read(html, Syntax::Html);
    let ids: Vec<_> = found.ids.iter().map(|id| (&*id.value, &html[id.range.clone()])).collect();
    assert_eq!(ids, [("a", "a"), ("x&y", "x&amp;y")]);
    assert_eq!((found.names.as_slice(), found.base.as_deref()), (&["n".into()][..], Some("/b/")));
    assert_eq!(found.json_ld, ["{\"url\": 1}"]);
}

/// Returns pieces of documents that the tree builder of a complete parser keeps where they are.
fn pieces() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["a", "DIV", "img", "p", "span"]);
    let value = prop::sample::select(vec![
        "\"a b\"",
        "'x\"y'",
        "plain",
        "\"?a&amp;b=1\"",
        "'&#47;'",
        "\"<b id=z>\"",
        "\"\"",
        "a/b",
        "'>'",
    ]);
    let attribute = (prop::sample::select(vec!["href", "src", "id", "Class", "HREF"]), value, "[ \n]{0,2}")
        .prop_map(|(name, value, space)| format!(" {name}{space}={space}{value}"));
    let tag = (name, prop::collection::vec(attribute, 0..4), "[ \n]?")
        .prop_map(|(name, attributes, space)| format!("<{name}{}{space}>", attributes.concat()));
    let other = prop::sample::select(vec![
        "text",
        "</div>",
        "</span >",
        "<!-- <a href=c> -->",
        "<!---->",
        "<!-->",
        "< a href=t>",
        "</ x>",
        "<script>'<a href=s>'</script>",
        "<script><!--<script></script><a href=s>--></script>",
        "<style><a href=s></style>",
        "<textarea><a href=s></textarea>",
        "<svg><title><b></b></title></svg>",
        "<a href=x",
        "&lt;",
        "<",
    ]);
    prop::collection::vec(prop_oneof![tag, other.prop_map(str::to_owned)], 0..12).prop_map(|pieces| pieces.concat())
}

/// Returns documents with table rows, some of which occur in several documents, and with markup that rows cut in two.
fn documents_with_rows() -> impl Strategy<Value = String> {
    let whole = prop::sample::select(vec![
        "<tr id=a><td><a href=\"#a\">1</a><a name=n></a></td></tr>",
        "<tr id=\"x&amp;y\"><td><a href='?b&amp;c'>2</a></td></tr>",
        "<tr><td><table><tr id=i></tr></table></td></tr>",
        "<tr><!-- </tr> <a href=c> --></tr>",
        "<tr><script>'</tr>'</script><a href=s></tr>",
        "<tr title='</tr>' id=b></tr>",
        "<tr><base href=b></tr>",
        "<tr><svg></tr></svg>",
    ]);
    let part =
        prop::sample::select(vec!["<tr>", "</tr>", "<!--", "-->", "<svg>", "</svg>", "<track src=t>", "<title>", "\""]);
    let piece = prop_oneof![3 => whole.prop_map(str::to_owned), 1 => part.prop_map(str::to_owned), 1 => pieces()];
    prop::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn agrees_with_a_complete_parser(html in pieces()) {
        let document = Html::parse_document(&format!("<!DOCTYPE html><body>{html}"));
        let of = |selector: &str, names: &[&str]| -> BTreeSet<String> {
            let selector = Selector::parse(selector).expect("a selector");
            let values = document.select(&selector).flat_map(|element| {
                names.iter().filter_map(move |name| element.attr(name)).map(str::to_owned)
            });
            values.collect()
        };
        let found = read(&html, Syntax::Html);
        let addresses: BTreeSet<String> = found.addresses.iter().map(|address| address.value.to_string()).collect();
        let ids: BTreeSet<String> = found.ids.iter().map(|id| id.value.to_string()).collect();
        prop_assert_eq!(addresses, of("[href], [src]", &["href", "src"]));
        prop_assert_eq!(ids, of("[id]", &["id"]));
    }

    #[test]
    fn known_rows_change_nothing(documents in prop::collection::vec(documents_with_rows(), 1..6)) {
        let rows = KnownRows::default();
        for document in documents {
            let plain = format!("{:?}", read(&document, Syntax::Html));
            for _ in 0..2 {
                prop_assert_eq!(&plain, &format!("{:?}", read_known(&document, Syntax::Html, Some(&rows))), "{}", document);
            }
        }
    }

    #[test]
    fn never_panics(html in "(<|>|/|!|-|\\[|\\]|\"|'|=| |&|#|;|é|a|script|svg|style|href|id|meta|srcset|content|<!--|-->|</|<!\\[CDATA\\[){0,40}") {
        for syntax in [Syntax::Html, Syntax::Xml] {
            let found = read(&html, syntax);
            for address in found.addresses.iter().chain(&found.ids) {
                prop_assert!(html.get(address.range.clone()).is_some());
            }
        }
    }
}

#[test]
fn reads_a_row_as_in_other_documents_only_where_it_is_a_row() {
    let row = "<tr id=a><td><a href=b>1</a></td></tr>";
    let rows = KnownRows::default();
    let count = |document: &str| read_known(document, Syntax::Html, Some(&rows)).ids.len();
    assert_eq!(count(&format!("{row}<p>")), 1);
    for (document, ids) in [
        (format!("{row}{row}<p>"), 2),
        (format!("<!-- {row} --><p>"), 0),
        (format!("<title>{row}</title><p>"), 0),
        (format!("<i title='{row}'><p>"), 0),
        (format!("<svg>{row}</svg>{row}<p>"), 2),
    ] {
        assert_eq!(count(&document), ids, "{document}");
    }
}
