"""Makes what `candor build`, `candor release` and `candor publish` ask of the system fail, one request at a time; kills them
at each request and at random moments; fills the disk, takes rights away, makes the file system read-only.

After each: what stands is the old state or the new one, whole, and `candor verify` agrees; what was released is there, byte
for byte; the next run succeeds and ends where an undisturbed one does.

  python3 tests/fault/commands.py              every request once, 200 kills for each command
  STRIDE=97 KILLS=10 python3 tests/fault/commands.py   the quick part
  python3 tests/fault/commands.py publish      one of them (build, release, publish, rights)
  SEED=7 python3 tests/fault/commands.py       other random moments

Needs root (for small file systems) and strace.
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

# A run takes parts of a second; on a machine that has much else to do, some. Past these seconds it waits for nothing that comes.
HANGS = 900

# What can go wrong with each request. Those that a run does not make are passed over; one that no run makes is a gap.
FAULTS = {
    "openat": ["EMFILE", "ENOSPC", "EACCES", "EIO"],
    # ENOSYS and EPERM are what an old kernel and a sandbox answer: the path is then opened by its components.
    "openat2": ["EMFILE", "ENOSYS", "EPERM", "EAGAIN", "EACCES", "EIO"],
    "read": ["EIO", "EINTR"],
    "pread64": ["EIO"],
    "write": ["ENOSPC", "EIO", "EDQUOT", "EINTR"],
    "fsync": ["EIO", "ENOSPC"],
    "fdatasync": ["EIO"],
    # EIO there is an assertion of the standard library for folders (`closedir`).
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
NEVER = set(FAULTS)

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
            out, err = process.communicate(timeout=HANGS)
        except subprocess.TimeoutExpired:
            # With all that it started: strace lets go of what it traces.
            os.killpg(process.pid, signal.SIGKILL)
            fail(f"{' '.join(command)}: hangs")
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def must(root, *args):
    run = candor(root, *args)
    if run.returncode:
        fail(f"candor {' '.join(args)} does not run at all:\n{run.stderr}")
    return run


def tree(folder, without=()):
    """Path -> bytes of every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(Path(folder).rglob("*"))
            if path.is_file() and path.name not in without and not any(part in without for part in path.parts)}


class Build:
    """The site is swapped in as a whole: the folder is the old site or the new one."""
    name, args = "build", ["build"]

    def prepare(self, root):
        must(root, "build")
        (root / "content/data/subprocessors.yaml").write_text(LIST.replace("Hosting", "Storage"))
        must(root, "release", "-m", "Second.", "--version", "2026-02-02")

    def whole(self, root, old, new, ended):
        out = root / "dist"
        # Without an exchange of two names there is a moment between two renames: then the old site waits beside.
        if not out.exists():
            out = root / ".dist.candor-old"
        now = tree(out)
        if now != old and now != new:
            return f"neither the old site nor the new one: {difference(now, new)}"
        if ended == 0 and now != new:
            return "it says that it is done and the old site stands"
        return verified(root, str(out))

    def state(self, root):
        return tree(root / "dist")

    def again(self, root):
        return candor(root, "build")


class Release:
    """A record is there whole or not at all, and no earlier one changes."""
    name, args = "release", ["release", "-m", "Second.", "--version", "2026-02-02"]

    def prepare(self, root):
        (root / "content/data/subprocessors.yaml").write_text(LIST.replace("Hosting", "Storage"))

    def whole(self, root, old, new, ended):
        now = self.state(root)
        for path, data in now.items():
            if data not in (old.get(path), new.get(path)):
                return f"{path} is neither as it was nor as it is to be"
        if not old.keys() <= now.keys():
            return f"lost: {sorted(old.keys() - now.keys())}"
        if ended == 0 and now != new:
            return "it says that it is done and it is not"
        return None

    def state(self, root):
        # What a killed run leaves under a name of its own is no release; the next run must pass over it.
        return {path: data for path, data in tree(root / "content").items() if not Path(path).name.startswith(".")}

    def again(self, root):
        run = candor(root, *self.args)
        # Where the record stood already there is nothing left to do.
        if run.returncode and "exists" in run.stderr or "release-nothing-changed" in run.stderr:
            run.returncode = 0
        return run


class Publish:
    """Readers never meet half a file, a page without its assets, or a history that lost a release."""
    name, version = "publish", "2026-02-02"

    def prepare(self, root):
        self.args = ["publish", f"file://{root}/public", "--purge-file", f"{root}/purge.txt"]
        must(root, "publish", f"file://{root}/public")
        (root / "content/data/subprocessors.yaml").write_text(LIST.replace("Hosting", "Storage"))
        must(root, "release", "-m", "Second.", "--version", self.version)

    def whole(self, root, old, new, ended):
        now = self.state(root)
        for path, data in now.items():
            if data not in (old.get(path), new.get(path)):
                return f"{path} is neither as it was nor as it is to be"
            if path.endswith(".html"):
                for asset in re.findall(rb'(?:href|src)="[./]*(assets/[^"?#]+)"', data):
                    if asset.decode() not in now:
                        return f"{path} is there without {asset.decode()}"
        lost = [path for path in old if path in new and path not in now]
        if lost:
            return f"lost: {lost}"
        if ended == 0 and now != new:
            return f"it says that it is done and it is not: {difference(now, new)}"
        if now in (old, new):
            return verified(root, str(root / "public"))
        # Between the two states, the lists of releases need not agree about the new one: `verify` says so, and nothing else.
        run = candor(root, "verify", str(root / "public"), "--format", "json")
        told = [found for found in json.loads(run.stdout)["report"]["diagnostics"] if found["severity"] == "error"]
        other = [found for found in told if found["code"] != "site-index" or self.version not in found["message"]]
        return f"candor verify: {other}" if other or bool(told) != bool(run.returncode) else None

    def state(self, root):
        # The claim and the names under which a store writes before it renames are no part of the site.
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
    """One command in a project that is brought back to its beginning for each run."""

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
        # Where an undisturbed run ends, with everything next to it.
        self.names = sorted(os.listdir(self.root))

    def reset(self):
        shutil.rmtree(self.root)
        shutil.copytree(self.kept, self.root, symlinks=True)

    def check(self, at, ended, again=True):
        what = self.command.whole(self.root, self.old, self.new, ended)
        if what:
            fail(f"{self.command.name}, {at}: {what}")
        if not again:
            return
        run = self.command.again(self.root)
        if run.returncode:
            fail(f"{self.command.name}, {at}: the next run fails: {run.stderr.strip()[-600:]}")
        now = self.command.state(self.root)
        if now != self.new:
            fail(f"{self.command.name}, {at}: the next run ends elsewhere: {difference(now, self.new)}")
        what = verified(self.root, str(self.root / ("public" if self.command.name == "publish" else "dist"))) if self.command.name != "release" else None
        litter = [name for name in os.listdir(self.root) if name not in self.names]
        if what or litter:
            fail(f"{self.command.name}, {at}: {what or f'litter: {litter}'}")

    def requests(self):
        """How often each request is made, in the thread that makes it most."""
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
        """Runs with one fault; says whether it happened."""
        self.reset()
        trace = self.root.parent / "trace"
        prefix = ["strace", "-f", "-qq", "-y", "-o", str(trace), "-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={nth}"]
        run = candor(self.root, *self.command.args, prefix=prefix)
        told = trace.read_text(errors="replace")
        if "INJECTED" not in told and "killed by SIGKILL" not in told:
            return False
        # Threads are woken through counters in memory, which no disk can fail: a runtime may take that for the end.
        counter = re.search(r"<anon_inode:[^>]*>.*INJECTED", told)
        if "panicked" in run.stderr and "ENOMEM" not in fault and "EAGAIN" not in fault and not counter:
            fail(f"{self.command.name}, {call}:{fault}:when={nth}: it panics: {run.stderr.strip()[-600:]}")
        self.check(f"{call}:{fault}:when={nth}", run.returncode)
        return True


def faults(bench, offset):
    done = 0
    requests = bench.requests()
    NEVER.difference_update(requests)
    cases = []
    for call, count in requests.items():
        for fault in [*(f"error={errno}" for errno in FAULTS[call]), "signal=KILL"]:
            cases += [(call, fault, nth) for nth in range(1, count + 1)]
    for call, fault, nth in cases[offset % STRIDE::STRIDE]:
        done += bench.inject(call, fault, nth)
        if done % 250 == 249:
            print(f"fault: {bench.command.name}: {done + 1} of {len(cases)}", file=sys.stderr, flush=True)
    return done, len(cases)


def kills(bench, moments):
    """Kills at random moments, until as many runs as asked for were killed before their end."""
    landed, seconds = 0, bench.seconds
    while landed < KILLS:
        bench.reset()
        process = subprocess.Popen([CANDOR, "--root", str(bench.root), *bench.command.args], env=ENVIRONMENT,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(moments.uniform(0, seconds))
        process.send_signal(signal.SIGKILL)
        if process.wait() == -signal.SIGKILL:
            landed += 1
        else:
            # It was done before: runs are shorter than the first one was.
            seconds = max(seconds * 0.95, 0.001)
        bench.check("killed at a random moment", process.returncode)


def disk(work, command):
    """A full disk at every size from nothing left to enough, a read-only one, and a folder without rights."""
    small = work / "disk"
    small.mkdir(exist_ok=True)
    done = 0

    def on(options, trouble, words, prefix=()):
        nonlocal done
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m,mode=755", "tmpfs", str(small)], check=True)
        try:
            bench = Bench(small, command())
            bench.reset()
            os.chmod(bench.root, 0o755)
            used = os.statvfs(small)
            used = (used.f_blocks - used.f_bfree) * used.f_frsize
            trouble(small, used)
            run = candor(bench.root, *bench.command.args, prefix=prefix)
            at = f"{options}: {run.stderr.strip()[-200:]}"
            if run.returncode and not any(word in run.stderr for word in words):
                fail(f"{command.name}, {at}: the message says nothing of {words}")
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
    on("a folder without rights", lambda *_: None, ["Permission denied", "permission denied"],
       prefix=["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"])
    return done


def without_rights(work):
    """Files that may not be read: each is reported with its place, and nothing is built from the others."""
    root = work / "unreadable"
    must(work, "init", str(root), "--name", "Example")
    (root / "static").mkdir(exist_ok=True)
    files = {
        "static/secret.txt": "error[asset-unreadable]",
        "content/site.yaml": "error[unreadable]",
        "content/releases/SHA256SUMS": "error[release-unreadable]",
    }
    for path, told in files.items():
        file = root / path
        if not file.exists():
            file.write_text("x")
        mode = file.stat().st_mode
        file.chmod(0)
        run = candor(root, "build", prefix=["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"])
        if run.returncode != 1 or told not in run.stderr or path not in run.stderr:
            fail(f"{path} without rights: exit code {run.returncode}, without `{told}`: {run.stderr.strip()[-400:]}")
        if (root / "dist").exists():
            fail(f"{path} without rights: a site was built")
        file.chmod(mode)
    return len(files)


def main():
    if os.geteuid():
        fail("needs root, for mounting small file systems")
    if not shutil.which("strace"):
        fail("needs strace")
    if not os.access(CANDOR, os.X_OK):
        fail(f"{CANDOR} is missing: run cargo build --release first")
    moments = random.Random(SEED)
    with tempfile.TemporaryDirectory(prefix="candor-fault-") as work:
        work = Path(work)
        os.chmod(work, 0o755)
        for offset, command in enumerate([Build, Release, Publish]):
            if len(sys.argv) > 1 and command.name not in sys.argv[1:]:
                continue
            bench = Bench(work, command())
            injected, cases = faults(bench, offset)
            kills(bench, moments)
            disks = disk(work, command)
            print(f"fault: {command.name}: {injected} of {cases} requests failed or killed, killed at {KILLS} moments, "
                  f"{disks} disks: whole each time, and the next run succeeded", flush=True)
    if len(sys.argv) == 1 or "rights" in sys.argv[1:]:
        with tempfile.TemporaryDirectory(prefix="candor-fault-") as work:
            os.chmod(work, 0o755)
            print(f"fault: {without_rights(Path(work))} files without rights: each was reported, and nothing was built", flush=True)
    if len(sys.argv) == 1:
        print(f"fault: requests that no command makes: {', '.join(sorted(NEVER)) or 'none'}")


if __name__ == "__main__":
    main()
