//! Compares the tables with those of a complete HTML parser (html5ever), for any markup.

use proptest::prelude::*;
use scraper::{ElementRef, Html, Node, Selector};

use super::markup::{self, Markup, MarkupCell};
use crate::import::cell::Cell;

/// Returns the rows of all tables, read from the tree of html5ever.
fn reference(text: &str) -> Vec<Vec<Vec<Cell>>> {
    let document = Html::parse_document(text);
    let tables = Selector::parse("table").expect("a selector");
    let names = |element: &ElementRef<'_>, names: &[&str]| names.contains(&element.value().name());
    let rows = |table: ElementRef<'_>| -> Vec<Vec<Cell>> {
        let groups = table.child_elements().filter(|child| names(child, &["thead", "tbody", "tfoot"]));
        let rows = groups.flat_map(|group| group.child_elements().filter(|row| names(row, &["tr"])));
        rows.map(|row| row.child_elements().filter(|cell| names(cell, &["td", "th"])).map(cell).collect()).collect()
    };
    document.select(&tables).map(rows).collect()
}

fn cell(element: ElementRef<'_>) -> Cell {
    let mut found = Cell::default();
    let mut text = String::new();
    read(element, &mut text, &mut found);
    found.lost.sort();
    Cell { lines: Cell::new(&text, None).lines, ..found }
}

fn read(element: ElementRef<'_>, text: &mut String, found: &mut Cell) {
    for child in element.children() {
        if let Node::Text(text_node) = child.value() {
            text.push_str(&text_node.replace('\n', " "));
        }
        let Some(child) = ElementRef::wrap(child) else { continue };
        let name = child.value().name();
        match name {
            "script" | "style" | "template" | "table" => {
                found.lost.push(format!("the element <{name}>"));
                continue;
            }
            "a" => found.links.extend(child.attr("href").map(str::to_owned)),
            "img" => found.lost.push(format!("the image `{}`", child.attr("src").unwrap_or_default())),
            "s" | "del" | "strike" => {
                found.lost.push(format!("the struck-through text `{}`", child.text().collect::<String>()));
                found.struck = true;
                continue;
            }
            _ => {}
        }
        let line = matches!(
            name,
            "br" | "address"
                | "article"
                | "aside"
                | "blockquote"
                | "center"
                | "dd"
                | "details"
                | "dialog"
                | "dir"
                | "div"
                | "dl"
                | "dt"
                | "fieldset"
                | "figcaption"
                | "figure"
                | "footer"
                | "h1"
                | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
                | "header"
                | "hgroup"
                | "li"
                | "main"
                | "menu"
                | "nav"
                | "ol"
                | "p"
                | "pre"
                | "section"
                | "summary"
                | "ul"
        );
        text.extend(line.then_some('\n'));
        read(child, text, found);
        text.extend(line.then_some('\n'));
    }
}

/// Returns the rows of all tables as this module reads them. Lost content is sorted, because a parser may move misplaced content.
fn ours(text: &str) -> Vec<Vec<Vec<Cell>>> {
    let cell = |mut markup: MarkupCell| {
        markup.cell.lost.sort();
        markup.cell.range = None;
        markup.cell
    };
    let rows = |table: Markup| table.rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect();
    markup::tables(text).into_iter().map(rows).collect()
}

#[test]
fn handles_missing_and_misplaced_tags_like_browsers() {
    for text in [
        "<table><tr><td>a<td>b<tr><th>c</table>",
        "<table><td>a</td><td>b</table>after",
        "<table>before<tr>between<td>a</td>also<td>b</table>",
        "<table><caption>no<p>text<tr><td>a</caption>b</table>",
        "<table><thead><tr><td>a</tbody>still</thead><tr><td>b</tfoot></table>",
        "<table><tr><td>outer<table>lost<tr><td>inner</td></tr>gone</table>more</td><td>b</table>",
        "<table><tr><table><tr><td>a</table><td>b",
        "<td>no table</td><table><colgroup><col><tr><td>a</table>",
        "<table><tr><td><p>a<ul><li>b<li>c</ul>d</p>e<dl><dt>f<dd>g<dt>h</dl>i</div>j<h3>k</h3></table>",
        "<table><tr><td><li>a<ul></li>b<li>c</ul>d</li>e<br>f</br>g</table>",
        "<table><tr><td>a<script>if (1 < 2) '<td>'</script>b<style>td{}</style>c<template><td>x</template>d</table>",
        "<table><tr><td><a href='x?a=1&amp;b'>l&eacute;</a><img src=i.png><s>old</s>&#x41;<!-- <td> --></table>",
        "<TABLE><TR><TD COLSPAN=2>A</TD></TR></TABLE>",
        "<table><tr><td>unfinished <a href",
        "<select><table><tr><td>a</select></table>",
    ] {
        assert_eq!(ours(text), reference(text), "{text}");
    }
}

#[test]
fn reads_span_attributes() {
    let tables = markup::tables("<table><tr><td colspan=' 2 ' rowspan=0>a<td colspan=x rowspan=-1>b<th>c</table>");
    let spans: Vec<_> = tables[0].rows[0].iter().map(|cell| (cell.columns, cell.rows)).collect();
    assert_eq!(spans, [(Some(2), Some(0)), (None, None), (None, None)]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_markup_gives_the_tables_of_a_complete_parser(parts in prop::collection::vec(part(), 0..40)) {
        let text = format!("<!doctype html><table>{}", parts.concat());
        prop_assert_eq!(ours(&text), reference(&text), "{}", text);
    }
}

/// A tag, text or a complete element. A table within a cell is always complete, because misplaced content in it moves to the
/// cell, and this module does not track which elements of the cell are still open.
fn part() -> impl Strategy<Value = String> {
    let names = || {
        prop::sample::select(vec![
            "caption",
            "colgroup",
            "thead",
            "tbody",
            "tfoot",
            "tr",
            "tr",
            "td",
            "td",
            "td",
            "th",
            "p",
            "div",
            "ul",
            "li",
            "dl",
            "dt",
            "dd",
            "span",
            "br",
            "h2",
            "h3",
            "blockquote",
        ])
    };
    prop_oneof![
        6 => names().prop_map(|name| format!("<{name}>")),
        4 => names().prop_map(|name| format!("</{name}>")),
        4 => "[a-z &;\n]{1,6}",
        1 => Just("</table>".to_owned()),
        1 => Just("<table><tr><td>inner<td>table</table>".to_owned()),
        1 => Just("<a href=x>y</a>".to_owned()),
        1 => Just("<img src=i>".to_owned()),
        1 => Just("<script>'<td>'</script>".to_owned()),
    ]
}
