"""Reads a built site's files for machines with readers that are not ours: validate.py SITE SITEMAP_XSD."""

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


def hold(condition, problem):
    if not condition:
        problems.append(problem)


def atom():
    documents = sorted(site.glob("feed/*.xml")) + [site / "feed.xml"]
    ids = {}
    for path in documents:
        feed = feedparser.parse(path.read_bytes())
        hold(not feed.bozo, f"{path}: {feed.get('bozo_exception')}")
        hold(feed.version == "atom10", f"{path}: read as {feed.version!r}")
        hold(feed.feed.get("id", "").startswith("tag:"), f"{path}: no id")
        for key in ("title", "updated_parsed", "author"):
            hold(feed.feed.get(key), f"{path}: no {key}")
        hold({"self", "alternate"} <= {link.rel for link in feed.feed.links}, f"{path}: no link to itself or its page")
        for entry in feed.entries:
            for key in ("id", "title", "updated_parsed", "link", "content"):
                hold(entry.get(key), f"{path}: an entry without {key}")
            hold(entry.content[0].type == "text/html", f"{path}: {entry.id} is not HTML")
            ids.setdefault(entry.id, set()).add(entry.updated)
    releases = len(json.loads((site / "releases/index.json").read_bytes())["releases"])
    hold(len(ids) == releases, f"the feed reaches {len(ids)} of {releases} releases")
    hold(all(len(times) == 1 for times in ids.values()), "an entry has two times")
    return f"feedparser: {len(documents)} documents, {len(ids)} entries"


def sitemap():
    tree = etree.parse(site / "sitemap.xml")
    schema = etree.XMLSchema(etree.parse(sys.argv[2]))
    hold(schema.validate(tree), f"sitemap.xml: {schema.error_log}")
    pages = list(sitemap_from_str((site / "sitemap.xml").read_text(encoding="utf-8")).all_pages())
    hold(pages and all(page.last_modified for page in pages), "sitemap.xml: a page without its date")
    return f"XSD of sitemaps.org, ultimate-sitemap-parser: sitemap.xml, {len(pages)} pages"


def security_txt():
    path = site / ".well-known/security.txt"
    if not path.exists():
        declared = (site / "../content/site.yaml").resolve()
        hold("security_txt" not in declared.read_text(encoding="utf-8"), "security.txt is missing")
        return "sectxt: there is no security.txt, and none is asked for"
    parser = sectxt.Parser(path.read_bytes())
    hold(parser.is_valid(), f"security.txt: {parser.errors}")
    # A signature takes a key, which a site generator has no business with.
    asked = [found for found in parser.recommendations if found["code"] != "not_signed"]
    hold(not asked, f"security.txt: {asked}")
    return "sectxt: security.txt"


def offline(url, _options):
    """The context of schema.org, in short: names stand for themselves. The validators go nowhere."""
    if url.rstrip("/") not in ("https://schema.org", "http://schema.org"):
        raise ValueError(f"JSON-LD names {url}")
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
        hold(len(found["json-ld"]) == 1, f"{name}: {len(found['json-ld'])} blocks of JSON-LD")
        hold(found["opengraph"], f"{name}: no Open Graph")
        for block in found["json-ld"]:
            nodes = pyld.jsonld.flatten(block)
            seen = {kind.removeprefix("https://schema.org/") for node in nodes for kind in node.get("@type", [])}
            hold(types <= seen, f"{name}: JSON-LD lacks {types - seen}")
            lost = [node for node in nodes if not node["@id"].startswith(("_:", "http"))]
            hold(not lost, f"{name}: {lost}")
    return "extruct, PyLD: JSON-LD and Open Graph of two pages"


print(f"{site}")
for check in (atom, sitemap, security_txt, json_ld):
    print(f"  {check()}")
if problems:
    sys.exit("\n".join(problems))
