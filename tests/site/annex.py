"""Reads the files that people file with independent programs: annex.py CANDOR.

openpyxl and python-docx read the annex, and the list of the site, of a project with fourteen subprocessors that fill every column; each
cell is compared with the JSON. LibreOffice converts both to PDF, which states every subprocessor. A terminal gets no binary file.
"""

import csv
import datetime
import io
import json
import os
import pathlib
import pty
import re
import subprocess
import sys
import tempfile

import docx
import jsonschema
import openpyxl

candor = str(pathlib.Path(sys.argv[1]).resolve())
problems = []

SITE = """\
title: Trust
organization: {name: Bäcker & Söhne, legal_name: Bäcker GmbH, address: "Straße 1\\n10115 Berlin", jurisdiction: other}
contacts: {privacy: privacy@baecker-soehne.de}
notice: {days: 30, objection_days: 10, object_to: privacy}
dimensions: {region: [EU, US]}
"""
ITEM = """\
- id: v{n}
  name: "Ärzte & Cloud {n}"
  former_names: [Old {n}]
  legal_name: "=Vendor {n} Incorporated"
  lei: 5299000J2N45DDNE4Y28
  euid: DEK1101R.HRB116737
  address: "1 Main Street\\nSan Francisco, CA 94105"
  contact: privacy@v{n}.myexample.com
  website: https://v{n}.myexample.com/
  role: affiliate
  category: Hosting
  purpose: Hosting number {n}
  data_categories: [Account data, Usage data]
  locations: [DE, {{code: US, place: Ohio, condition: {{region: US}}}}, {{code: IN, condition: {{region: US}}}}]
  corporate_location: US
  transfer_mechanism: [{{mechanism: dpf, to: [US]}}, {{mechanism: scc, to: [IN], note: Module 3}}]
  supplementary_measures: Encryption
  dpa_url: https://v{n}.myexample.com/dpa
  subprocessors_url: https://v{n}.myexample.com/list
  subject_matter: Infrastructure
  duration: Term of the agreement
  retention: 30 days
  data_subjects: [Employees, Customers]
  special_categories: None
  announced: 2026-01-01
  effective: 2026-02-01
  ends: 2030-01-01
  replaces: v{before}
  services:
    - {{name: Mail, purpose: Email, data_categories: [Email address], retention: 7 days}}
    - {{name: SMS, purpose: Texts, condition: {{feature: SMS}}, locations: [BR], transfer_mechanism: [{{mechanism: scc, to: [BR]}}]}}
  upcoming:
    - {{announced: 2026-06-01, effective: 2027-01-01, locations: [DE, FR, {{code: CA, condition: {{region: US}}}}]}}
"""
COUNT = 14


def expect(holds, message):
    if not holds:
        problems.append(message)


def run(folder, *arguments):
    command = [candor, "--root", folder, "--as-of", "2026-06-01", *arguments]
    done = subprocess.run(command, capture_output=True)
    if done.returncode:
        sys.exit(f"annex.py: {' '.join(command)}: {done.stderr.decode()}")
    return done.stdout


def iso(value):
    return value.date().isoformat() if isinstance(value, datetime.datetime) else value or ""


def in_words(text):
    """Returns a date as the annex writes it: 1 June 2026."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return text
    date = datetime.date.fromisoformat(text)
    return f"{date.day} {date:%B} {date.year}"


def rows_of(annex):
    """Returns the cells of the JSON as text."""
    keys = [column["key"] for column in annex["columns"]]
    listed = lambda value: "; ".join(value) if isinstance(value, list) else value
    return [[listed(entry.get(key, "")) for key in keys] for entry in annex["subprocessors"]]


def table_of(bytes):
    sheet = openpyxl.load_workbook(io.BytesIO(bytes)).worksheets[0]
    expect(sheet.freeze_panes == "B2" and sheet.auto_filter.ref, "the heading row is not fixed, or has no filter")
    cells = [[iso(cell.value) for cell in row] for row in sheet.iter_rows()]
    expect(all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row), "a cell is a formula")
    return cells[0], cells[1:]


def check_annex(folder, choice):
    annex = json.loads(run(folder, "schedule", *choice, "--format", "json"))
    jsonschema.validate(annex, json.loads(run(folder, "schema", "schedule")))
    labels = [column["label"] for column in annex["columns"]]
    expected = rows_of(annex)
    expect(len(expected) == COUNT, f"{choice}: {len(expected)} subprocessors")

    heads, rows = table_of(run(folder, "schedule", *choice, "--format", "xlsx"))
    expect((heads, rows) == (labels, expected), f"{choice}: the workbook differs from the JSON")

    document = docx.Document(io.BytesIO(run(folder, "schedule", *choice, "--format", "docx")))
    properties = document.core_properties
    expect(properties.title == "Subprocessor annex" and properties.author == "Bäcker & Söhne", "the title or author is wrong")
    expect(properties.created.date() == datetime.date(2026, 6, 1), f"created {properties.created}")
    section = document.sections[0]
    expect(section.page_width > section.page_height, "the page is not in landscape orientation")
    expect(annex["sha256"] in section.footer.paragraphs[0].text, "the footer does not state the digest")
    header, table = document.tables
    facts = {row.cells[0].text: row.cells[1].text for row in header.rows}
    expect(facts["Version"] == annex["version"] and facts["SHA-256"] == annex["sha256"], f"{facts}")
    expect(len(table.rows) == COUNT + 1, f"{choice}: {len(table.rows)} rows in the document")
    for entry, row in zip(annex["subprocessors"], table.rows[1:]):
        text = "\n".join(cell.text for cell in row.cells)
        values = [value for key, value in entry.items() if key != "id"]
        for value in [part for value in values for part in (value if isinstance(value, list) else [value])]:
            expect(in_words(value) in text, f"{choice}: the document lacks {value!r}: {text!r}")
    return annex


def check_site(folder):
    run(folder, "build", "--no-compress")
    site = pathlib.Path(folder, "dist")
    listed = json.loads((site / "subprocessors.json").read_text())["subprocessors"]
    heads, rows = table_of((site / "subprocessors.xlsx").read_bytes())
    expect([row[0] for row in rows] == [item["name"] for item in listed], "subprocessors.xlsx has other rows than the JSON")
    raw = (site / "subprocessors-table.csv").read_bytes()
    expect(raw.startswith(b"\xef\xbb\xbf"), "subprocessors-table.csv has no byte order mark")
    table = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    expect(table[0] == heads and len(table) == len(rows) + 1, "subprocessors-table.csv differs from the workbook")
    for row, other in zip(table[1:], rows):
        cells = [cell.removeprefix("'") for cell in row]
        expect(cells == [in_words(cell) for cell in other], f"subprocessors-table.csv: {row} instead of {other}")


def check_office(folder, annex):
    """Converts both files to PDF."""
    for name in ["annex.docx", "annex.xlsx"]:
        file = pathlib.Path(folder, name)
        run(folder, "schedule", "--output", str(file))
        profile = pathlib.Path(folder, "profile").as_uri()
        command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir", folder, str(file)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        text = subprocess.run(["pdftotext", "-layout", str(file.with_suffix(".pdf")), "-"], check=True, capture_output=True).stdout.decode()
        for n in range(COUNT):
            expect(re.search(rf"Ärzte & Cloud {n}\b", text), f"{name} as PDF lacks subprocessor {n}")
        expect(annex["sha256"] in text, f"{name} as PDF lacks the digest")
        if name.endswith("docx"):
            pages = text.split("\f")[:-1]
            tables = [page for page in pages if re.search(r"Ärzte & Cloud \d", page)]
            expect(len(tables) > 1 and all("Data processed" in page for page in tables), "the heading row is not repeated")
            numbers = [re.findall(r"(\d+)\s*/\s*(\d+)\s*$", page) for page in pages]
            expect(numbers == [[(str(at), str(len(pages)))] for at in range(1, len(pages) + 1)], f"the numbers of pages are {numbers}")


def check_terminal(folder):
    for kind in ["xlsx", "docx"]:
        reader, writer = pty.openpty()
        command = [candor, "--root", folder, "schedule", "--format", kind]
        done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        os.close(writer)
        try:
            shown = os.read(reader, 4096)
        except OSError:  # Linux reports the end of a terminal as an error.
            shown = b""
        os.close(reader)
        expect(done.returncode == 2 and b"--output FILE" in done.stderr and not shown, f"a terminal gets {kind}: {done}")


with tempfile.TemporaryDirectory() as folder:
    data = pathlib.Path(folder, "content/data")
    data.mkdir(parents=True)
    pathlib.Path(folder, "content/site.yaml").write_text(SITE)
    (data / "subprocessors.yaml").write_text("".join(ITEM.format(n=n, before=(n + 1) % COUNT) for n in range(COUNT)))
    run(folder, "release", "-m", "First.")
    for choice in [["--for", "region=EU"], ["--for", "region=US", "--features", "SMS"], []]:
        annex = check_annex(folder, choice)
    check_site(folder)
    check_office(folder, annex)
    check_terminal(folder)

if problems:
    sys.exit("annex.py:\n  " + "\n  ".join(dict.fromkeys(problems)))
print(f"  openpyxl, python-docx, LibreOffice: the annex and the list, {COUNT} subprocessors with {len(annex['columns'])} columns")
