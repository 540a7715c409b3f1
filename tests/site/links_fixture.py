"""Creates a project of twelve releases in which documents, images, sections and subprocessors come and go, and link to each
other: links_fixture.py CANDOR FOLDER."""

import datetime
import pathlib
import subprocess
import sys

RELEASES = 12
FIRST = datetime.date(2025, 1, 31)

SITE = """\
title: Trust
base_url: https://trust.example.com/center
organization:
  name: Example
contacts:
  privacy: privacy@example.com
rules: {placeholder-base-url: off}
"""

candor, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>Release {at}</title></svg>'


def write(path, text):
    path = folder / path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def present(path, is_present, text):
    if is_present:
        write(path, text)
    else:
        (folder / path).unlink(missing_ok=True)


def content(at):
    """Writes the content of a release. Each part is in some releases and missing in others."""
    even, third, early = at % 2 == 0, at % 3 == 0, at < 6
    links = ["the [list](subprocessors/#mail)", "the [change log](changelog/#verify)", "[earlier](releases/2025-01-31/)"]
    if even:
        links += ["the [agreement](<documents/agreement 100%25 (v1).pdf>)", "![flow](img/flow.svg)"]
    if third:
        links += ["[more](#more)", "[part](#more--größe-und-maß)", "[page](legal/own%20page.html#part)", "[TLS](/#tls)"]
    if early:
        links += ["[old](subprocessors/#old)"]
    about = f"---\ntitle: About\n---\n\nRelease {at}: {', '.join(links)}.[^1]\n\n## Here\n\nSee [here](#here).\n\n[^1]: A note.\n"
    write("content/sections/10-about.md", about)
    more = f"---\ntitle: More\nshow: controls\n---\n\n## Größe und Maß\n\nRelease {at}, see [about](#about) and [here](#about--here).\n"
    present("content/sections/20-more.md", third, more)
    present("content/data/controls.yaml", third, "- {id: tls, title: TLS, description: 'See [about](#about).'}\n")
    write("content/sections/30-documents.md", "---\ntitle: Documents\nshow: documents\n---\n")
    documents = "- {id: nda, title: Report, access: nda}\n"
    if even:
        documents += "- {id: agreement, title: Agreement, file: 'documents/agreement 100% (v1).pdf'}\n"
    write("content/data/documents.yaml", documents)
    write("content/sections/40-subprocessors.md", "---\ntitle: Subprocessors\nshow: subprocessors\n---\n")
    mail = f"- {{id: mail, name: Mail, purpose: Purpose {at}, data_categories: [Address]}}\n"
    old = "- {id: old, name: Old, purpose: Storage, data_categories: [Address]}\n"
    write("content/data/subprocessors.yaml", mail + (old if early else ""))
    write("content/sections/50-changes.md", "---\nid: log\ntitle: Changes\nshow: changelog\n---\n")
    present("static/documents/agreement 100% (v1).pdf", even, f"%PDF-1.4 release {at}")
    present("static/img/flow.svg", even, PICTURE.format(at=at))
    page = '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Own</title><p id="part"><a href="../#about">About</a>'
    present("static/root/legal/own page.html", third, page)


def summary(at):
    links = ["[About](#about--here)", "[list](subprocessors/#mail)"]
    if at % 2 == 0:
        links += ["[agreement](<documents/agreement 100%25 (v1).pdf>)"]
    if at % 3 == 0:
        links += ["[more](/#more)", "[page](legal/own%20page.html)"]
    return f"Release {at}.[^1] See {', '.join(links)}.\n\n[^1]: A note."


write("content/site.yaml", SITE)
for at in range(RELEASES):
    content(at)
    date = (FIRST + datetime.timedelta(days=31 * at)).isoformat()
    command = [candor, "--root", folder, "--as-of", date, "--quiet", "release", "--date", date, "--message", summary(at)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
