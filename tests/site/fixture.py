"""Creates a project that uses every field and has enough releases for paged feeds: fixture.py FOLDER."""

import datetime
import os
import pathlib
import subprocess
import sys

RELEASES = 52
FIRST = datetime.date(2026, 1, 1)

SITE = """\
title: Trust & "Compliance" <all>
description: What we state & what changed.
base_url: https://trust.example.com
organization:
  name: Example & Söhne
  legal_name: Example & Söhne GmbH
  url: https://www.example.com
  address: "1 Main Street\\nBerlin"
  jurisdiction: eu
  notice_days: 30
contacts:
  privacy: privacy@example.com
  security: security@example.com
security_txt:
  expires: {expires}
  encryption: [https://www.example.com/key.txt]
  acknowledgments: [https://www.example.com/thanks]
  preferred_languages: [en, de]
  policy: [https://www.example.com/policy]
  hiring: [https://www.example.com/jobs]
"""

SUBPROCESSORS = """\
- id: full
  name: =Full, "quoted" & <b>
  purpose: Purpose {number}
  data_categories: [Account data, Usage data]
  condition: {{ when: enabled, feature: Reports }}
  legal_name: Full Inc.
  address: "1 Side Street\\nNew York"
  contact: The privacy officer
  website: https://full.example
  role: third-party
  locations: [DE, US]
  corporate_location: US
  transfer_mechanism: dpf
  dpa_url: https://full.example/dpa
  subprocessors_url: https://full.example/list
  subject_matter: Reports
  duration: The contract's
  data_subjects: [Employees]
  special_categories: None
  announced: 2025-11-01
  effective: 2025-12-15
- id: short
  name: Short
  purpose: Storage
  data_categories: [Account data]
  locations: [DE]
"""

CERTIFICATIONS = """\
- id: iso
  framework: ISO/IEC 27001:2022
  status: active
  issuer: A certification body
  scope: All of it
  valid_from: 2025-06-01
  valid_until: 2028-05-31
"""


def main(root):
    content = root / "content"
    for folder in ("sections", "data"):
        (content / folder).mkdir(parents=True)
    expires = datetime.date.today() + datetime.timedelta(days=180)
    (content / "site.yaml").write_text(SITE.format(expires=expires), encoding="utf-8")
    (content / "data/certifications.yaml").write_text(CERTIFICATIONS, encoding="utf-8")
    sections = {"10-list": "subprocessors", "20-certificates": "certifications", "30-log": "changelog"}
    for name, show in sections.items():
        text = f"---\ntitle: The {show}\nshow: {show}\n---\n\nText & *more* text.\n"
        (content / f"sections/{name}.md").write_text(text, encoding="utf-8")
    for number in range(RELEASES):
        (content / "data/subprocessors.yaml").write_text(SUBPROCESSORS.format(number=number), encoding="utf-8")
        day = FIRST + datetime.timedelta(days=number)
        summary = f"Release *{number}* & \\<its> [page](https://www.example.com)"
        command = [os.environ["CANDOR"], "--root", root, "--as-of", str(day), "--quiet", "release", "-m", summary]
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode:
            sys.exit(f"release {number} failed:\n{run.stdout}{run.stderr}")


main(pathlib.Path(sys.argv[1]))
