#!/usr/bin/env python3
"""Counts the instructions that candor executes for inputs of size n and 2n, and fails if they grow faster than the input: a
file in a pull request must not be able to hang a build.

    python3 tests/growth/run.py BINARY [CASE ...]

Callgrind (Debian: `valgrind`) counts instructions, because they do not depend on the load of the machine. The count of a run on
a tiny input is subtracted, so the ratio is 2 for linear and 4 for quadratic time. `cases.py` contains the inputs; SCALE
multiplies their sizes.
"""
import functools
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cases import CASES, REFUSED, SITE

LIMIT = 2.6
# Time limit of a run under callgrind. Runs in linear time take a few seconds.
SECONDS = 400
# A case must execute at least this many instructions more than a run on a tiny input.
MINIMUM = 1_000_000


def instructions(binary, command, files, refused=False):
    """Returns the number of instructions of one run in a project with these files, which are refused as malformed or not."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder, "project")
        for path, text in {"content/site.yaml": SITE, **files}.items():
            target = project / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        log = Path(folder, "log")
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", f"--log-file={log}", binary, *command],
            cwd=project,
            # One thread: waiting threads would be counted too.
            env={"SOURCE_DATE_EPOCH": "1779408000", "RAYON_NUM_THREADS": "1", "PATH": os.environ["PATH"]},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=SECONDS,
            text=True,
        )
        if run.returncode not in (0, 1):
            raise RuntimeError(f"exit code {run.returncode}: {run.stderr[-500:]}")
        if "[too-many]" in run.stderr or "[file-too-large]" in run.stderr:
            raise RuntimeError(f"the input was rejected: {run.stderr[:500]}")
        if ("[import-malformed]" in run.stderr) != refused:
            raise RuntimeError(f"the input was {'accepted' if refused else 'rejected'}: {run.stderr[:500]}")
        return int(re.search(r"Collected : (\d+)", log.read_text()).group(1))


@functools.cache
def baseline(binary, command):
    """Returns the instructions of a command on a tiny input."""
    make = next(make for _, of, make in CASES.values() if of(1) == command)
    return instructions(binary, command, make(1))


def measure(binary, name):
    """Returns one line of the report, and whether the case passes."""
    n, command, make = CASES[name]
    n = max(1, int(n * float(os.environ.get("SCALE", "1"))))
    try:
        least = baseline(binary, command(1))
        refused = name in REFUSED
        once, twice = (instructions(binary, command(size), make(size), refused) - least for size in (n, 2 * n))
    except subprocess.TimeoutExpired:
        return f"{name:36} more than {SECONDS} s", False
    except RuntimeError as error:
        return f"{name:36} {error}", False
    if once < MINIMUM:
        return f"{name:36} {once:,} instructions are too few to measure: use a larger n", False
    ratio = twice / once
    verdict = "" if ratio < LIMIT else f"  grows faster than its input (limit {LIMIT})"
    return f"{name:36} n = {n:6,}  {once / 1e6:9,.1f} M  x {ratio:.2f}{verdict}", ratio < LIMIT


def main():
    binary = os.path.abspath(sys.argv[1])
    names = sys.argv[2:] or list(CASES)
    if unknown := [name for name in names if name not in CASES]:
        sys.exit(f"tests/growth: unknown case {', '.join(unknown)}; the cases are {', '.join(CASES)}")
    failed = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for name, (line, passed) in zip(names, pool.map(lambda name: measure(binary, name), names)):
            print(line, flush=True)
            if not passed:
                failed.append(name)
    if failed:
        sys.exit(f"tests/growth: {len(failed)} of {len(names)} fail: {', '.join(failed)}")
    print(f"tests/growth: {len(names)} kinds of input take linear time")


if __name__ == "__main__":
    main()
