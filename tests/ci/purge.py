"""Runs the purge commands of docs/publishing.md with all kinds of URLs, and checks the arguments that the tools receive.

    python purge.py WORK
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

WORK = Path(sys.argv[1]) / "purge"
DOCS = Path(__file__).resolve().parents[2] / "docs/publishing.md"
BASE = "https://trust.example.com"
PATHS = ["/", "/index.html", "/it's.pdf", '/"quoted".pdf', "/back\\slash.pdf", "/a b.pdf", "/$(touch PWNED).pdf", "/`id`.pdf",
         "/a;b&c|d.pdf", "/%27.pdf", "/-n", "/#x", "/caf\u00e9.pdf", "/*", "/~", "/{a,b}", "/!x"] + [f"/{nth}'.pdf" for nth in range(120)]

TOOL = """#!/usr/bin/env python3
import json, os, sys
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps(sys.argv) + "\\n")
"""


def commands():
    """Yields the code blocks of the documentation that read purge.txt."""
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```$", DOCS.read_text(), re.S | re.M)
    for block in blocks:
        lines = block.splitlines()
        start = next((at for at, line in enumerate(lines) if "purge.txt" in line and "candor publish" not in line), None)
        if start is not None:
            yield "\n".join(lines[start:])


def main():
    bin_folder = WORK / "bin"
    bin_folder.mkdir(parents=True)
    for name in ("az", "aws", "gcloud"):
        (bin_folder / name).write_text(TOOL)
        (bin_folder / name).chmod(0o755)
    (WORK / "purge.txt").write_text("".join(f"{BASE}{path}\n" for path in PATHS))
    (WORK / "empty").mkdir()
    (WORK / "empty/purge.txt").write_text("")
    found = list(commands())
    assert len(found) == 3, found
    for nth, command in enumerate(found):
        for folder, expected in [(WORK, PATHS), (WORK / "empty", [])]:
            calls = WORK / f"calls-{nth}-{len(expected)}"
            calls.touch()
            env = {"PATH": f"{bin_folder}:{os.environ['PATH']}", "CALLS": str(calls)}
            subprocess.run(["bash", "-euo", "pipefail", "-c", command], cwd=folder, env=env, check=True)
            got = []
            for call in map(json.loads, calls.read_text().splitlines()):
                flag = next(at for at, word in enumerate(call) if word in ("--content-paths", "--paths", "--path"))
                got += call[flag + 1:]
            assert got == expected, (command, got)
            assert not (folder / "PWNED").exists(), command
    print(f"  {len(found)} commands pass on {len(PATHS)} URLs unchanged")


main()
