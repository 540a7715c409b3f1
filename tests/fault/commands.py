"""Injects errors into the system calls of `candor build`, `release`, `redact` and `publish`, one at a time; kills the
commands at each system call and at random times; fills the disk, removes permissions, and makes the file system read-only.

After each fault, the result must be the old or the new state, complete, and `candor verify` must agree; released records must
be unchanged, byte for byte; and the next run must succeed with the same result as an undisturbed one.

  python3 tests/fault/commands.py              every system call once, 200 kills of each command
  STRIDE=97 KILLS=10 python3 tests/fault/commands.py   a quick sample
  python3 tests/fault/commands.py publish      a single part (build, release, redact, publish, permissions)
  SEED=7 python3 tests/fault/commands.py       other random times

Requires root (for small file systems) and strace.
"""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STRIDE = int(os.environ.get("STRIDE", "1"))
KILLS = int(os.environ.get("KILLS", "200"))
SEED = int(os.environ.get("SEED", "9"))
ROOT = Path(__file__).resolve().parents[2]
CANDOR = os.environ.get("CANDOR", str(ROOT / "target/release/candor"))

# A run takes less than a second, or a few on a busy machine. After this many seconds, it is considered to hang.
TIMEOUT = 900

# The errors to inject into each system call. Calls that a command does not make are skipped; at the end, calls that no command
# makes are listed.
FAULTS = {
    "openat": ["EMFILE", "ENOSPC", "EACCES", "EIO"],
    # Old kernels return ENOSYS and sandboxes return EPERM: the path is then opened component by component.
    "openat2": ["EMFILE", "ENOSYS", "EPERM", "EAGAIN", "EACCES", "EIO"],
    "read": ["EIO", "EINTR"],
    "pread64": ["EIO"],
    "write": ["ENOSPC", "EIO", "EDQUOT", "EINTR"],
    "fsync": ["EIO", "ENOSPC"],
    "fdatasync": ["EIO"],
    # No EIO, because the standard library asserts that `closedir` succeeds.
    "close": ["EINTR"],
    "mkdir": ["ENOSPC", "EACCES"],
    "mkdirat": ["ENOSPC", "EACCES"],
    "rename": ["EIO", "EXDEV", "EACCES"],
    "renameat": ["EIO", "EXDEV", "EACCES"],
    "renameat2": ["EIO", "EINVAL"],
    "linkat": ["EMLINK", "EPERM", "ENOSPC"],
    "unlink": ["EIO", "EACCES"],
    "unlinkat": ["EIO"],
    "rmdir": ["EIO"],
    "statx": ["EIO", "EACCES"],
    "newfstatat": ["EIO"],
    "getdents64": ["EIO"],
    "readlink": ["EIO"],
    "flock": ["ENOLCK", "EINTR"],
    "chmod": ["EPERM"],
    "fchmod": ["EPERM"],
    "utimensat": ["EPERM"],
    "ftruncate": ["EIO"],
    "fallocate": ["ENOSPC"],
    "copy_file_range": ["EIO", "ENOSPC"],
    "sendfile": ["EIO"],
    "lseek": ["EINVAL"],
    "mmap": ["ENOMEM"],
    "clone3": ["EAGAIN"],
    "getrandom": ["EINTR"],
    "epoll_create1": ["EMFILE"],
    "eventfd2": ["EMFILE"],
}
UNUSED = set(FAULTS)

SITE = """title: Trust
organization: {name: Example}
base_url: https://trust.example.com/
"""
LIST = "".join(f"- {{id: s-{n}, name: Provider {n}, purpose: Hosting, data_categories: [Logs], locations: [DE]}}\n" for n in range(20))
ENVIRONMENT = {"SOURCE_DATE_EPOCH": "1779408000", "RAYON_NUM_THREADS": "2", "PATH": os.environ["PATH"], "RUST_BACKTRACE": "0"}


def fail(message):
    sys.exit(f"fault: {message}")


def candor(root, *args, prefix=()):
    command = [*prefix, CANDOR, "--root", str(root), *args]
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace",
                          start_new_session=True) as process:
        try:
            out, err = process.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            # Kill the whole process group: when strace dies, the traced processes continue.
            os.killpg(process.pid, signal.SIGKILL)
            fail(f"{' '.join(command)}: hangs")
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def must(root, *args):
    run = candor(root, *args)
    if run.returncode:
        fail(f"candor {' '.join(args)} failed without any fault:\n{run.stderr}")
    return run


def tree(folder, without=()):
    """Returns the content of every file below a folder, by path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(Path(folder).rglob("*"))
            if path.is_file() and path.name not in without and not any(part in without for part in path.parts)}


class Build:
    """The site is replaced atomically: the folder contains either the old or the new site."""
    name, args = "build", ["build"]

    def prepare(self, root):
        must(root, "build")
        (root / "content/data/subprocessors.yaml").write_text(LIST.replace("Hosting", "Storage"))
        must(root, "release", "-m", "Second.", "--version", "2026-02-02")

    def problem(self, root, old, new, ended):
        out = root / "dist"
        # Between the two renames without atomic swap, the old site is next to the folder.
        if not out.exists():
            out = root / ".dist.candor-old"
        now = tree(out)
        if now != old and now != new:
            return f"neither the old site nor the new one: {difference(now, new)}"
        if ended == 0 and now != new:
            return "it reports success, but the old site is still there"
        return verified(root, str(out))

    def state(self, root):
        return tree(root / "dist")

    def again(self, root):
        return candor(root, "build")


class Release:
    """A record exists completely or not at all, and earlier ones do not change."""
    name, args = "release", ["release", "-m", "Second.", "--version", "2026-02-02"]

    def prepare(self, root):
        (root / "content/data/subprocessors.yaml").write_text(LIST.replace("Hosting", "Storage"))

    def problem(self, root, old, new, ended):
        now = self.state(root)
        for path, data in now.items():
            if data not in (old.get(path), new.get(path)):
                return f"{path} has neither the old nor the new content"
        if not old.keys() <= now.keys():
            return f"lost: {sorted(old.keys() - now.keys())}"
        if ended == 0 and now != new:
            return "it reports success, but it is not done"
        return None

    def state(self, root):
        # A temporary file of a killed run is not a release; the next run must ignore it.
        return {path: data for path, data in tree(root / "content").items() if not Path(path).name.startswith(".")}

    def again(self, root):
        run = candor(root, *self.args)
        # If the record was already complete, there is nothing left to do.
        if run.returncode and "exists" in run.stderr or "release-nothing-changed" in run.stderr:
            run.returncode = 0
        return run


class Redact:
    """Each file is the old or the new one, and a redaction that is not complete is reported until the next run completes it."""
    name, args = "redact", ["redact", "2026-01-01", "/summary", "/disclosure/subprocessors/s-0/purpose", "--all", "--reason", "Wrong"]

    def prepare(self, root):
        must(root, "release", "-m", "First.", "--corrects", "2026-01-01", "--version", "2026-01-02")
        (root / "content/data/subprocessors.yaml").write_text(LIST.replace("Hosting", "Storage"))

    def problem(self, root, old, new, ended):
        now = self.state(root)
        for path in old.keys() | new.keys():
            if now.get(path) not in (old.get(path), new.get(path)):
                return f"{path} has neither the old nor the new content"
        if ended == 0 and now != new:
            return "it reports success, but it is not done"
        run = candor(root, "verify", "--format", "json")
        errors = [found for found in json.loads(run.stdout)["report"]["diagnostics"] if found["severity"] == "error"]
        other = [found for found in errors if found["code"] != "redaction-interrupted"]
        return f"candor verify: {other}" if other or bool(errors) != (now not in (old, new)) else None

    def state(self, root):
        return {path: data for path, data in tree(root / "content").items() if not Path(path).name.startswith(".")}

    def again(self, root):
        run = candor(root, *self.args)
        # If it was already complete, there is nothing left to withhold.
        if run.returncode and "is withheld already" in run.stderr:
            run.returncode = 0
        return run


class Publish:
    """Readers never get a partial file, a page without its assets, or a history with a missing release."""
    name, version = "publish", "2026-02-02"

    def prepare(self, root):
        self.args = ["publish", f"file://{root}/public", "--purge-file", f"{root}/purge.txt"]
        must(root, "publish", f"file://{root}/public")
        (root / "content/data/subprocessors.yaml").write_text(LIST.replace("Hosting", "Storage"))
        must(root, "release", "-m", "Second.", "--version", self.version)

    def problem(self, root, old, new, ended):
        now = self.state(root)
        for path, data in now.items():
            if data not in (old.get(path), new.get(path)):
                return f"{path} has neither the old nor the new content"
            if path.endswith(".html"):
                for asset in re.findall(rb'(?:href|src)="[./]*(assets/[^"?#]+)"', data):
                    if asset.decode() not in now:
                        return f"{path} exists, but its asset {asset.decode()} is missing"
        lost = [path for path in old if path in new and path not in now]
        if lost:
            return f"lost: {lost}"
        if ended == 0 and now != new:
            return f"it reports success, but it is not done: {difference(now, new)}"
        if now in (old, new):
            return verified(root, str(root / "public"))
        # Between the two states, the lists of releases may disagree about the new one, or both lack it: `verify` reports this and
        # nothing else.
        run = candor(root, "verify", str(root / "public"), "--format", "json")
        errors = [found for found in json.loads(run.stdout)["report"]["diagnostics"] if found["severity"] == "error"]
        lists = ("site-index", "release-unlisted")
        other = [found for found in errors if found["code"] not in lists or self.version not in found["message"]]
        return f"candor verify: {other}" if other or bool(errors) != bool(run.returncode) else None

    def state(self, root):
        # The claim, and the temporary files of the store, are not part of the site.
        files = tree(root / "public", without=(".candor",))
        return {path: data for path, data in files.items() if "#" not in path}

    def again(self, root):
        return candor(root, *self.args, "--take-over")


def difference(now, then):
    paths = [path for path in sorted(now.keys() | then.keys()) if now.get(path) != then.get(path)]
    return f"{len(paths)} files, {paths[:3]}"


def verified(root, where):
    run = candor(root, "verify", where)
    return None if run.returncode == 0 else f"candor verify {where}: {run.stderr.strip()[-300:]}"


class Bench:
    """One command in a project that is reset before each run."""

    def __init__(self, work, command):
        self.command = command
        self.root = work / "project"
        self.kept = work / f"kept-{command.name}"
        shutil.rmtree(self.root, ignore_errors=True)
        (self.root / "content/data").mkdir(parents=True)
        (self.root / "content/sections").mkdir()
        (self.root / "content/site.yaml").write_text(SITE)
        (self.root / "content/sections/10-list.md").write_text("---\ntitle: List\nshow: subprocessors\n---\n\nText.\n")
        (self.root / "content/data/subprocessors.yaml").write_text(LIST)
        must(self.root, "release", "-m", "First.", "--version", "2026-01-01")
        command.prepare(self.root)
        shutil.copytree(self.root, self.kept, symlinks=True)
        self.old = command.state(self.root)
        self.reset()
        started = time.monotonic()
        must(self.root, *command.args)
        self.seconds = time.monotonic() - started
        self.new = command.state(self.root)
        if self.old == self.new:
            fail(f"{command.name} changes nothing")
        # The names in the project after an undisturbed run.
        self.names = sorted(os.listdir(self.root))

    def reset(self):
        shutil.rmtree(self.root)
        shutil.copytree(self.kept, self.root, symlinks=True)

    def check(self, at, ended, again=True):
        problem = self.command.problem(self.root, self.old, self.new, ended)
        if problem:
            fail(f"{self.command.name}, {at}: {problem}")
        if not again:
            return
        run = self.command.again(self.root)
        if run.returncode:
            fail(f"{self.command.name}, {at}: the next run failed: {run.stderr.strip()[-600:]}")
        now = self.command.state(self.root)
        if now != self.new:
            fail(f"{self.command.name}, {at}: the next run has another result: {difference(now, self.new)}")
        problem = verified(self.root, str(self.root / ("public" if self.command.name == "publish" else "dist"))) if self.command.name not in ("release", "redact") else None
        leftovers = [name for name in os.listdir(self.root) if name not in self.names]
        if problem or leftovers:
            fail(f"{self.command.name}, {at}: {problem or f'leftover files: {leftovers}'}")

    def system_calls(self):
        """Returns how often each system call is made, in the thread that makes it most often."""
        self.reset()
        trace = self.root.parent / "trace"
        candor(self.root, *self.command.args, prefix=["strace", "-f", "-qq", "-o", str(trace), "-e", "trace=" + ",".join(f"?{call}" for call in FAULTS)])
        counts = {}
        for line in trace.read_text(errors="replace").splitlines():
            found = re.match(r"(\d+) +(\w+)\(", line)
            if found:
                key = (found[2], found[1])
                counts[key] = counts.get(key, 0) + 1
        most = {}
        for (call, _), count in counts.items():
            most[call] = max(most.get(call, 0), count)
        return most

    def inject(self, call, fault, nth):
        """Runs the command with one fault. Returns whether the fault was injected."""
        self.reset()
        trace = self.root.parent / "trace"
        prefix = ["strace", "-f", "-qq", "-y", "-o", str(trace), "-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={nth}"]
        run = candor(self.root, *self.command.args, prefix=prefix)
        log = trace.read_text(errors="replace")
        if "INJECTED" not in log and "killed by SIGKILL" not in log:
            return False
        # Runtimes wake threads through eventfd counters, which do not fail in practice, and may panic if they do.
        counter = re.search(r"<anon_inode:[^>]*>.*INJECTED", log)
        if "panicked" in run.stderr and "ENOMEM" not in fault and "EAGAIN" not in fault and not counter:
            fail(f"{self.command.name}, {call}:{fault}:when={nth}: panicked: {run.stderr.strip()[-600:]}")
        self.check(f"{call}:{fault}:when={nth}", run.returncode)
        return True


def faults(bench, offset):
    done = 0
    calls = bench.system_calls()
    UNUSED.difference_update(calls)
    cases = []
    for call, count in calls.items():
        for fault in [*(f"error={errno}" for errno in FAULTS[call]), "signal=KILL"]:
            cases += [(call, fault, nth) for nth in range(1, count + 1)]
    for call, fault, nth in cases[offset % STRIDE::STRIDE]:
        done += bench.inject(call, fault, nth)
        if done % 250 == 249:
            print(f"fault: {bench.command.name}: {done + 1} of {len(cases)}", file=sys.stderr, flush=True)
    return done, len(cases)


def kills(bench, rng):
    """Kills runs at random times, until KILLS runs were killed before their end."""
    landed, seconds = 0, bench.seconds
    while landed < KILLS:
        bench.reset()
        process = subprocess.Popen([CANDOR, "--root", str(bench.root), *bench.command.args], env=ENVIRONMENT,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(rng.uniform(0, seconds))
        process.send_signal(signal.SIGKILL)
        if process.wait() == -signal.SIGKILL:
            landed += 1
        else:
            # It finished before the kill: later runs are faster than the first one.
            seconds = max(seconds * 0.95, 0.001)
        bench.check("killed at a random time", process.returncode)


def disk(work, command):
    """Tests full disks with different amounts of free space, a read-only one, and a folder without permissions."""
    small = work / "disk"
    small.mkdir(exist_ok=True)
    done = 0

    def on(fault, prepare, messages, prefix=()):
        nonlocal done
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m,mode=755", "tmpfs", str(small)], check=True)
        try:
            bench = Bench(small, command())
            bench.reset()
            os.chmod(bench.root, 0o755)
            used = os.statvfs(small)
            used = (used.f_blocks - used.f_bfree) * used.f_frsize
            prepare(small, used)
            run = candor(bench.root, *bench.command.args, prefix=prefix)
            at = f"{fault}: {run.stderr.strip()[-200:]}"
            if run.returncode and not any(message in run.stderr for message in messages):
                fail(f"{command.name}, {at}: the output contains none of {messages}")
            if run.returncode not in (0, 2):
                fail(f"{command.name}, {at}: exit code {run.returncode}")
            bench.check(at, run.returncode, again=False)
            subprocess.run(["mount", "-o", "remount,rw,size=64m", str(small)], check=True)
            bench.check(at, run.returncode)
            done += 1
        finally:
            subprocess.run(["umount", str(small)], check=True)

    def resize(extra):
        return lambda small, used: subprocess.run(["mount", "-o", f"remount,size={used + extra}", str(small)], check=True)

    sizes = [0, 4096, 16384, 65536, 131072, 262144] if STRIDE == 1 else [0, 32768]
    for extra in sizes:
        on(f"a disk with {extra} bytes left", resize(extra), ["No space left"])
    on("a read-only file system", lambda small, _: subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True), ["Read-only"])
    on("a folder without permissions", lambda *_: None, ["Permission denied", "permission denied"],
       prefix=["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"])
    return done


def unreadable_files(work):
    """Tests files without read permission: each is reported with its path, and nothing is built."""
    root = work / "unreadable"
    must(work, "init", str(root), "--name", "Example")
    must(root, "release", "-m", "First.")
    (root / "static").mkdir(exist_ok=True)
    files = {
        "static/secret.txt": "error[asset-unreadable]",
        "content/site.yaml": "error[unreadable]",
        "content/releases/SHA256SUMS": "error[release-unreadable]",
    }
    for path, message in files.items():
        file = root / path
        if not file.exists():
            file.write_text("x")
        mode = file.stat().st_mode
        file.chmod(0)
        run = candor(root, "build", prefix=["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"])
        if run.returncode != 1 or message not in run.stderr or path not in run.stderr:
            fail(f"{path} is unreadable: exit code {run.returncode}, without `{message}`: {run.stderr.strip()[-400:]}")
        if (root / "dist").exists():
            fail(f"{path} is unreadable: a site was built")
        file.chmod(mode)
    return len(files)


def main():
    if os.geteuid():
        fail("requires root, for mounting small file systems")
    if not shutil.which("strace"):
        fail("requires strace")
    if not os.access(CANDOR, os.X_OK):
        fail(f"{CANDOR} is missing: run cargo build --release first")
    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory(prefix="candor-fault-") as work:
        work = Path(work)
        os.chmod(work, 0o755)
        for offset, command in enumerate([Build, Release, Redact, Publish]):
            if len(sys.argv) > 1 and command.name not in sys.argv[1:]:
                continue
            bench = Bench(work, command())
            injected, cases = faults(bench, offset)
            kills(bench, rng)
            disks = disk(work, command)
            print(f"fault: {command.name}: {injected} of {cases} system calls failed or killed, killed at {KILLS} random times, "
                  f"{disks} disks: complete each time, and the next run succeeded", flush=True)
    if len(sys.argv) == 1 or "permissions" in sys.argv[1:]:
        with tempfile.TemporaryDirectory(prefix="candor-fault-") as work:
            os.chmod(work, 0o755)
            print(f"fault: {unreadable_files(Path(work))} unreadable files: each was reported, and nothing was built", flush=True)
    if len(sys.argv) == 1:
        print(f"fault: system calls that no command makes: {', '.join(sorted(UNUSED)) or 'none'}")


if __name__ == "__main__":
    main()
