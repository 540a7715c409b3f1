//! Promises of `assets` on files that are in memory; what it finds on disk is tested in `tests/suite`.

use super::*;
use crate::site::Cache;

fn assets(files: &[(&str, &str)]) -> (Assets, Vec<Code>) {
    let files = files
        .iter()
        .map(|(path, text)| {
            let file = File { source: format!("static/{path}"), bytes: text.as_bytes().into() };
            ((*path).to_owned(), file)
        })
        .collect();
    let mut report = Report::new();
    let assets = publish(files, &mut report);
    (assets, report.into_iter().map(|diagnostic| diagnostic.code()).collect())
}

fn text(asset: &Asset) -> &str {
    std::str::from_utf8(&asset.bytes).unwrap()
}

#[test]
fn fingerprints_parts_of_pages_and_keeps_document_urls() {
    let (assets, codes) = assets(&[
        ("css/site.css", "a{}"),
        ("js/a.min.js", "1"),
        ("documents/dpa.pdf", "%PDF"),
        ("documents/scan.png", "png"),
        ("whitepaper.pdf", "%PDF"),
        ("root/favicon.ico", "ico"),
        ("root/.well-known/x.json", "{}"),
    ]);
    let digest = |text: &str| Digest::of(text.as_bytes()).short();
    let cache = |asset: &Asset| map::find(asset.path.as_str()).cache;
    let at = |path: &str| assets.get(path).map(|asset| (asset.path.to_string(), cache(asset))).unwrap();
    assert_eq!(at("css/site.css"), (format!("assets/css/site.{}.css", digest("a{}")), Cache::Immutable));
    assert_eq!(at("js/a.min.js"), (format!("assets/js/a.min.{}.js", digest("1")), Cache::Immutable));
    for (path, published) in [
        ("documents/dpa.pdf", "documents/dpa.pdf"),
        ("documents/scan.png", "documents/scan.png"),
        ("whitepaper.pdf", "whitepaper.pdf"),
        ("root/favicon.ico", "favicon.ico"),
        ("root/.well-known/x.json", ".well-known/x.json"),
    ] {
        assert_eq!(at(path), (published.to_owned(), Cache::Revalidate));
    }
    assert!(codes.is_empty());
}

#[test]
fn integrity_is_computed_from_the_published_bytes() {
    let (assets, _) = assets(&[("a.css", "x{background:url(b.png)}"), ("b.png", "png"), ("c.js", "")]);
    let style = assets.get("a.css").unwrap();
    assert_eq!(style.integrity, Some(format!("sha384-{}", STANDARD.encode(Sha384::digest(&style.bytes)))));
    assert_eq!(assets.get("b.png").unwrap().integrity, None);
    // `openssl dgst -sha384 -binary /dev/null | base64`
    let empty = "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb";
    assert_eq!(assets.get("c.js").unwrap().integrity.as_deref(), Some(empty));
}

#[test]
fn rewrites_references_to_published_paths() {
    let (assets, codes) = assets(&[
        ("css/site.css", "@import 'base.css'; a { b: url(../img/my%20logo.svg#x) url(../documents/a.pdf) }"),
        ("css/base.css", "a { b: url(../img/my%20logo.svg) }"),
        ("img/my logo.svg", "<svg/>"),
        ("documents/a.pdf", "%PDF"),
    ]);
    assert!(codes.is_empty(), "{codes:?}");
    let logo = format!("../img/my%20logo.{}.svg", Digest::of(b"<svg/>").short());
    let base = assets.get("css/base.css").unwrap();
    assert_eq!(text(base), format!("a {{ b: url({logo}) }}"));
    let base = base.path.as_str().rsplit('/').next().unwrap();
    assert_eq!(
        text(assets.get("css/site.css").unwrap()),
        format!("@import '{base}'; a {{ b: url({logo}#x) url(../../documents/a.pdf) }}")
    );
}

#[test]
fn rewrites_nothing_but_references() {
    let before = "/* why */\r\n@charset \"utf-8\";\n\ta  :hover{ b : url( \"";
    let after = "\" ) ;; }\n\n/*# sourceMappingURL=site.css.map */\n";
    let (assets, codes) = assets(&[
        ("css/site.css", &format!("{before}b.png{after}")),
        ("css/b.png", "png"),
        ("css/plain.css", "/* c */  a { }\r\n"),
        ("js/own.js", "// why\r\n  run( )\n"),
    ]);
    assert!(codes.is_empty(), "{codes:?}");
    let image = format!("b.{}.png", Digest::of(b"png").short());
    assert_eq!(text(assets.get("css/site.css").unwrap()), format!("{before}{image}{after}"));
    assert_eq!(text(assets.get("css/plain.css").unwrap()), "/* c */  a { }\r\n");
    assert_eq!(text(assets.get("js/own.js").unwrap()), "// why\r\n  run( )\n");
}

#[test]
fn changed_image_renames_its_style_sheets() {
    let style = ("a.css", "x{background:url(b.png)}");
    let (one, _) = assets(&[style, ("b.png", "1")]);
    let (two, _) = assets(&[style, ("b.png", "2")]);
    assert_ne!(one.get("a.css").unwrap().path, two.get("a.css").unwrap().path);
    assert_ne!(one.key(), two.key());
}

#[test]
fn reports_missing_external_and_circular_references() {
    let (_, codes) = assets(&[("a.css", "x{b:url(none.png)}")]);
    assert_eq!(codes, [Code::AssetMissing]);
    let (_, codes) = assets(&[("a.css", "x{b:url(../../../etc/passwd)}")]);
    assert_eq!(codes, [Code::AssetMissing]);
    let (_, codes) = assets(&[("a.css", "@import url(https://fonts.example/x.css);")]);
    assert_eq!(codes, [Code::AssetExternal]);
    let (_, codes) = assets(&[("a.svg", "<svg><image href='//b.example/x.png'/><a href='https://b.example/'/></svg>")]);
    assert_eq!(codes, [Code::AssetExternal]);
    let (_, codes) = assets(&[("a.css", "@import 'b.css';"), ("b.css", "@import 'a.css';")]);
    assert_eq!(codes, [Code::AssetCycle]);
    let (_, codes) = assets(&[("a.css", "x{b:url(data:image/png;base64,AA) url(#g)}")]);
    assert_eq!(codes, [Code::BlockedByPolicy]);
}

#[test]
fn reports_invalid_names_and_names_that_differ_only_in_case() {
    let (_, codes) = assets(&[("Logo.png", "1"), ("logo.png", "2")]);
    assert_eq!(codes, [Code::AssetSameName]);
    let (_, codes) = assets(&[("root/a.pdf", "1"), ("a.pdf", "2")]);
    assert_eq!(codes, [Code::AssetSameName]);
    let (assets, codes) = assets(&[("aux.pdf", "1"), ("a?b.png", "1")]);
    assert_eq!(codes, [Code::AssetName, Code::AssetName]);
    assert_eq!(assets.iter().len(), 0);
}

#[test]
fn reports_a_file_with_the_path_of_a_page() {
    let (assets, _) = assets(&[("root/index.html", "mine")]);
    let mut site = Site::new();
    let path = SitePath::new("index.html").unwrap();
    site.insert(path.clone(), Artifact::ready(&path, *b"page")).unwrap();
    let report = assets.insert_into(&mut site);
    assert_eq!(report.diagnostics()[0].code(), Code::AssetCollision);
    assert_eq!(&*site.get("index.html").unwrap().body.bytes().unwrap(), b"page");
}

#[test]
fn each_style_sheet_is_linked_once() {
    let (assets, _) = assets(&[("css/a.css", "a{}"), ("css/b.css", "b{}"), (STYLE, "c{}")]);
    let styles = |styles: Option<&[&str]>| {
        let styles = styles.map(|styles| styles.iter().map(|path| (*path).to_owned()).collect());
        let theme = Theme { styles, ..Theme::default() };
        assets.styles(&theme).into_iter().map(|asset| asset.source().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(styles(None), ["static/css/a.css", "static/css/b.css"]);
    assert_eq!(styles(Some(&["css/b.css", STYLE, "css/a.css", "css/b.css"])), ["static/css/b.css", "static/css/a.css"]);
}
