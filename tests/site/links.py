"""Resolves the links of the feeds, Markdown copies, JSON files and sitemap of a site against its files: links.py FOLDER PATH.

FOLDER is the root of the host, PATH the path of the site below it. Markdown is parsed with markdown-it-py, XML and HTML with
lxml."""

import json
import pathlib
import sys
import urllib.parse

from lxml import etree, html
from markdown_it import MarkdownIt

root, below = pathlib.Path(sys.argv[1]), sys.argv[2]
site = root / below
ATOM = "{http://www.w3.org/2005/Atom}"
anchors, problems, checked = {}, set(), 0


def ids(path):
    if path not in anchors:
        tree = html.fromstring(path.read_text(encoding="utf-8"))
        anchors[path] = {element.get("id") for element in tree.iter() if element.get("id")}
    return anchors[path]


def canonical():
    """Returns the address of the site, or that of this folder if it states none."""
    tree = html.fromstring((site / "index.html").read_text(encoding="utf-8"))
    stated = tree.xpath('//link[@rel="canonical"]/@href')
    return stated[0] if stated else f"https://host.example/{below}"


base = canonical()


def check(file, link):
    global checked
    address = urllib.parse.urlsplit(urllib.parse.urljoin(base + file, link))
    home = urllib.parse.urlsplit(base)
    if (address.scheme, address.netloc) != (home.scheme, home.netloc):
        return
    checked += 1
    path = urllib.parse.unquote(address.path)
    if not path.startswith(home.path):
        problems.add(f"{file}: {link} leads out of the site")
        return
    target = site / path.removeprefix(home.path)
    if path.endswith("/"):
        target /= "index.html"
    if not target.is_file():
        problems.add(f"{file}: {link} leads to no file")
    elif address.fragment and target.suffix == ".html" and urllib.parse.unquote(address.fragment) not in ids(target):
        problems.add(f"{file}: {link} leads to no anchor")


def fragment(file, text):
    """Checks HTML in a feed, whose anchors are its own."""
    tree = html.fragment_fromstring(text, create_parent=True)
    own = {element.get("id") for element in tree.iter() if element.get("id")}
    for element, _, link, _ in tree.iterlinks():
        if not link.startswith("#"):
            check(file, link)
        elif urllib.parse.unquote(link[1:]) not in own:
            problems.add(f"{file}: {link} leads to no anchor of the entry")


def atom(file):
    tree = etree.parse(site / file)
    for link in tree.iter(f"{ATOM}link"):
        check(file, link.get("href"))
    for content in tree.iter(f"{ATOM}content"):
        fragment(file, content.text)


def json_feed(file):
    feed = json.loads((site / file).read_bytes())
    for key in ("home_page_url", "feed_url", "next_url"):
        if key in feed:
            check(file, feed[key])
    check(file, feed["_candor"]["$schema"])
    for item in feed["items"]:
        check(file, item["url"])
        check(file, item["_candor"]["record"])
        fragment(file, item["content_html"])


def markdown(file):
    for block in MarkdownIt("commonmark").parse((site / file).read_text(encoding="utf-8")):
        for token in block.children or []:
            if token.type == "link_open":
                check(file, token.attrs["href"])
            elif token.type == "image":
                check(file, token.attrs["src"])


def index(file):
    releases = json.loads((site / file).read_bytes())
    check(file, releases["$schema"])
    for release in releases["releases"]:
        check(file, release["record"])
        check(file, release["page"])


def structured(file):
    """Checks the JSON-LD of a page. An `@id` is a name, not an address."""

    def visit(value):
        if isinstance(value, list):
            for element in value:
                visit(element)
        elif isinstance(value, dict):
            for key, member in value.items():
                if key in ("url", "logo", "item", "contentUrl") and isinstance(member, str):
                    check(file, member)
                else:
                    visit(member)

    tree = html.fromstring((site / file).read_text(encoding="utf-8"))
    for script in tree.xpath('//script[@type="application/ld+json"]/text()'):
        visit(json.loads(script))
    for address in tree.xpath('//meta[@property="og:url"]/@content'):
        check(file, address)


def names(pattern):
    return sorted(path.relative_to(site).as_posix() for path in site.glob(pattern))


for file in names("feed*.xml") + names("feed/*.xml"):
    atom(file)
for file in names("feed*.json") + names("feed/*.json"):
    json_feed(file)
for file in names("index.md") + names("llms.txt"):
    markdown(file)
for file in names("**/*.html"):
    structured(file)
for file in names("schema/*.json"):
    check(file, json.loads((site / file).read_bytes())["$id"])
index("releases/index.json")
check("subprocessors.json", json.loads((site / "subprocessors.json").read_bytes())["$schema"])
if (site / "sitemap.xml").exists():
    for location in etree.parse(site / "sitemap.xml").iter("{*}loc"):
        check("sitemap.xml", location.text)
for line in (site / "robots.txt").read_text(encoding="utf-8").splitlines():
    if line.startswith("Sitemap: "):
        check("robots.txt", line.removeprefix("Sitemap: "))
assert checked > 40, f"only {checked} links"
if problems:
    sys.exit("\n".join(sorted(problems)))
print(f"  markdown-it-py, lxml: {checked} links of feeds, Markdown, JSON and structured data of {root.name}")
