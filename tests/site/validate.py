"""Checks the machine-readable files of a built site with independent parsers: validate.py SITE SITEMAP_XSD."""

import json
import pathlib
import sys

import extruct
import feedparser
import pyld
import sectxt
from lxml import etree
from usp.tree import sitemap_from_str

site = pathlib.Path(sys.argv[1])
problems = []


def check(condition, problem):
    if not condition:
        problems.append(problem)


def atom():
    documents = sorted(site.glob("feed/*.xml")) + [site / "feed.xml"]
    ids = {}
    for path in documents:
        feed = feedparser.parse(path.read_bytes())
        check(not feed.bozo, f"{path}: {feed.get('bozo_exception')}")
        check(feed.version == "atom10", f"{path}: detected as {feed.version!r}")
        check(feed.feed.get("id", "").startswith("tag:"), f"{path}: no id")
        for key in ("title", "updated_parsed", "author"):
            check(feed.feed.get(key), f"{path}: no {key}")
        check({"self", "alternate"} <= {link.rel for link in feed.feed.links}, f"{path}: no link to the feed or its page")
        for entry in feed.entries:
            for key in ("id", "title", "updated_parsed", "link", "content"):
                check(entry.get(key), f"{path}: an entry without {key}")
            check(entry.content[0].type == "text/html", f"{path}: {entry.id} is not HTML")
            ids.setdefault(entry.id, set()).add(entry.updated)
    releases = len(json.loads((site / "releases/index.json").read_bytes())["releases"])
    check(len(ids) == releases, f"the feeds contain {len(ids)} of {releases} releases")
    check(all(len(times) == 1 for times in ids.values()), "the times of an entry differ between documents")
    return f"feedparser: {len(documents)} documents, {len(ids)} entries"


def sitemap():
    tree = etree.parse(site / "sitemap.xml")
    schema = etree.XMLSchema(etree.parse(sys.argv[2]))
    check(schema.validate(tree), f"sitemap.xml: {schema.error_log}")
    pages = list(sitemap_from_str((site / "sitemap.xml").read_text(encoding="utf-8")).all_pages())
    check(pages and all(page.last_modified for page in pages), "sitemap.xml: a page without a date")
    return f"XSD of sitemaps.org, ultimate-sitemap-parser: sitemap.xml, {len(pages)} pages"


def security_txt():
    path = site / ".well-known/security.txt"
    if not path.exists():
        declared = (site / "../content/site.yaml").resolve()
        check("security_txt" not in declared.read_text(encoding="utf-8"), "security.txt is missing")
        return "sectxt: no security.txt, and none is configured"
    parser = sectxt.Parser(path.read_bytes())
    check(parser.is_valid(), f"security.txt: {parser.errors}")
    # A signature requires a private key, which a site generator should not have.
    recommended = [found for found in parser.recommendations if found["code"] != "not_signed"]
    check(not recommended, f"security.txt: {recommended}")
    return "sectxt: security.txt"


def offline(url, _options):
    """Replaces the context of schema.org with a minimal one, so that no network access is needed."""
    if url.rstrip("/") not in ("https://schema.org", "http://schema.org"):
        raise ValueError(f"JSON-LD refers to {url}")
    document = {"@context": {"@vocab": "https://schema.org/"}}
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": document}


def json_ld():
    pyld.jsonld.set_document_loader(offline)
    wanted = {
        "index.html": {"Organization", "WebPage"},
        "subprocessors/index.html": {"Dataset", "DataDownload", "BreadcrumbList", "ListItem"},
    }
    for name, types in wanted.items():
        html = (site / name).read_text(encoding="utf-8")
        found = extruct.extract(html, base_url="https://trust.example.com/", syntaxes=["json-ld", "opengraph"])
        check(len(found["json-ld"]) == 1, f"{name}: {len(found['json-ld'])} blocks of JSON-LD")
        check(found["opengraph"], f"{name}: no Open Graph")
        for block in found["json-ld"]:
            nodes = pyld.jsonld.flatten(block)
            found_types = {kind.removeprefix("https://schema.org/") for node in nodes for kind in node.get("@type", [])}
            check(types <= found_types, f"{name}: JSON-LD lacks {types - found_types}")
            unresolved = [node for node in nodes if not node["@id"].startswith(("_:", "http"))]
            check(not unresolved, f"{name}: {unresolved}")
    return "extruct, PyLD: JSON-LD and Open Graph of two pages"


print(f"{site}")
for run in (atom, sitemap, security_txt, json_ld):
    print(f"  {run()}")
if problems:
    sys.exit("\n".join(problems))
