#!/usr/bin/env python3
"""Measures what candor takes for inputs of size n, 2n and 4n, and fails if it grows faster than the input: a file in a pull
request must not be able to hang a build.

    python3 tests/growth/run.py BINARY [CASE ...]

The measure is how much the second step adds, compared with the first: 2 for linear and 4 for quadratic time. What a run takes for
an empty input does not matter.

First the CPU time is measured, for sizes at which it is many times the resolution of the clock. CPU time depends a little on the
load of the machine. So if the time does not show linear growth clearly, or is too short, callgrind (Debian: `valgrind`) counts
instructions, which do not depend on the load, and only this count can fail. `cases.py` contains the inputs; SCALE multiplies their
sizes, and COUNT=1 counts instructions of all.
"""
import errno
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cases import CASES, REFUSED, SITE

# The largest ratio of linear time, for instructions and for CPU time.
LIMIT, CLEAR = 2.6, 2.4
# The CPU time in seconds that an input of four times the size must add before the time is compared, and the least that is.
ENOUGH, SHORTEST = 0.16, 0.03
# The largest factor by which the sizes grow to reach it.
LARGEST = 256
# The largest divisor of a size if larger inputs are above a limit.
SMALLEST = 16
# How often each size is run; the shortest time counts.
RUNS = 3
# The time limit of a run, in seconds. Runs in linear time take a few seconds, under callgrind, too.
SECONDS = 400
# The number of instructions that a larger input must add at least.
MINIMUM = 200_000


class Unusable(Exception):
    """An input that candor does not process as a whole, so that its time says nothing."""


class TooLarge(Unusable):
    """An input above a limit of candor."""


class TooSlow(Exception):
    """A run that was ended."""


def execute(argv, command, files, refused, folder):
    """Runs the command in a project with these files, and returns its CPU time in seconds."""
    project = Path(folder, "project")
    for path, text in {"content/site.yaml": SITE, **files}.items():
        target = project / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
    with tempfile.TemporaryFile() as errors:
        try:
            run = subprocess.Popen(
                [*argv, *command],
                cwd=project,
                # One thread: waiting threads would be counted, too.
                env={"SOURCE_DATE_EPOCH": "1779408000", "RAYON_NUM_THREADS": "1", "PATH": os.environ["PATH"]},
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )
        except OSError as error:
            # An input in the arguments has the limit of the system.
            if error.errno == errno.E2BIG:
                raise TooLarge("the arguments are too long") from error
            raise
        limit = threading.Timer(SECONDS, lambda: os.kill(run.pid, signal.SIGKILL))
        limit.start()
        _, status, usage = os.wait4(run.pid, 0)
        limit.cancel()
        run.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        report = errors.read().decode(errors="replace")
    if run.returncode == -signal.SIGKILL:
        raise TooSlow(f"more than {SECONDS} s")
    if run.returncode == 2 and "is larger than" in report:
        raise TooLarge(f"the input was rejected: {report[:500]}")
    if run.returncode not in (0, 1):
        raise Unusable(f"exit code {run.returncode}: {report[-500:]}")
    if any(f"[{code}]" in report for code in ("too-many", "file-too-large", "release-too-large")):
        raise TooLarge(f"the input was rejected: {report[:500]}")
    if ("[import-malformed]" in report) != refused:
        # A larger input may be above a limit of a part, such as a cell.
        problem = Unusable if refused else TooLarge
        raise problem(f"the input was {'accepted' if refused else 'rejected'}: {report[:500]}")
    return usage.ru_utime + usage.ru_stime


class Case:
    def __init__(self, binary, name):
        self.binary, self.name = binary, name
        n, self.command, self.make = CASES[name]
        self.n = max(1, int(n * float(os.environ.get("SCALE", "1"))))

    def run(self, n, folder, *prefix):
        return execute([*prefix, self.binary], self.command(n), self.make(n), self.name in REFUSED, folder)

    def seconds(self, n):
        with tempfile.TemporaryDirectory() as folder:
            return self.run(n, folder)

    def instructions(self, n):
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder, "log")
            self.run(
                n, folder, "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", f"--log-file={log}"
            )
            return int(re.search(r"Collected : (\d+)", log.read_text()).group(1))

    def time(self):
        """Returns a line of the report if the CPU time clearly shows linear growth, else nothing."""
        n, times = self.n, {}

        def measure(size):
            if size not in times:
                times[size] = self.seconds(size)
            return times[size]

        is_limited = False
        while True:
            try:
                if measure(4 * n) - measure(n) >= ENOUGH or n >= LARGEST * self.n or is_limited:
                    break
                n *= 2
            except TooLarge:
                is_limited = True
                n //= 2
                if n < self.n // SMALLEST:
                    return None
        for attempt in range(RUNS):
            once, twice = (measure(2 * n) - measure(n), measure(4 * n) - measure(2 * n))
            if once >= SHORTEST and twice / once < CLEAR:
                return f"{self.name:36} n = {n:9,}  {1000 * once:9,.0f} ms more  x {twice / once:.2f}"
            if attempt + 1 < RUNS:
                for size in (n, 2 * n, 4 * n):
                    times[size] = min(times[size], self.seconds(size))
        return None

    def count(self):
        """Returns a line of the report, and whether the number of instructions shows linear growth."""
        n, counts = self.n, None
        while counts is None:
            try:
                counts = [self.instructions(size) for size in (n, 2 * n, 4 * n)]
            except TooLarge:
                if n // 2 < max(1, self.n // SMALLEST):
                    raise
                n //= 2
        once, twice = counts[1] - counts[0], counts[2] - counts[1]
        if once < MINIMUM:
            return f"{self.name:36} {once:,} instructions more are too few to measure: use a larger n", False
        ratio = twice / once
        verdict = "" if ratio < LIMIT else f"  grows faster than its input (limit {LIMIT})"
        line = f"{self.name:36} n = {n:9,}  {once / 1e6:9,.1f} M instructions more  x {ratio:.2f}{verdict}"
        return line, ratio < LIMIT

    def judge(self):
        """Returns a line of the report, and whether the case passes."""
        try:
            line = None if os.environ.get("COUNT") else self.time()
            return (line, True) if line else self.count()
        except (Unusable, TooSlow) as error:
            return f"{self.name:36} {error}", False


def main():
    binary = os.path.abspath(sys.argv[1])
    names = sys.argv[2:] or list(CASES)
    if unknown := [name for name in names if name not in CASES]:
        sys.exit(f"tests/growth: unknown case {', '.join(unknown)}; the cases are {', '.join(CASES)}")
    failed = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for name, (line, passed) in zip(names, pool.map(lambda name: Case(binary, name).judge(), names)):
            print(line, flush=True)
            if not passed:
                failed.append(name)
    if failed:
        sys.exit(f"tests/growth: {len(failed)} of {len(names)} fail: {', '.join(failed)}")
    print(f"tests/growth: {len(names)} kinds of input take linear time")


if __name__ == "__main__":
    main()
