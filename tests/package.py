"""Checks, without compiling, that the package of the crate contains everything that its release build reads.

    python3 tests/package.py PACKAGE

PACKAGE is the unpacked package. The release build in target/ must be up to date. Cargo's dependency file of that build lists
every source file, every file that a macro includes, and every file and folder that the build script watches. The package
must contain each of them, with the same bytes. The compiled build script of that build then runs in the package, where there
is no git, and must embed the same files. Prints the version that the build script determines.
"""

import filecmp
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path(sys.argv[1]).resolve()
NOT_PACKAGED = ["tests", "fuzz", "docs/images", ".ci", ".deny.toml", "target"]


def fail(message):
    sys.exit(f"tests/package.py: {message}")


def built():
    """Returns the paths of the program and of the compiled build script, its output folder, and the digest of the sources."""
    command = ["cargo", "build", "--locked", "--release", "--quiet", "--message-format=json"]
    run = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    messages = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    own = [m for m in messages if m.get("package_id", "").startswith("path+") and "candor" in m["package_id"]]
    artifacts = [m for m in own if m["reason"] == "compiler-artifact"]
    recompiled = [m["target"]["name"] for m in artifacts if not m["fresh"]]
    if recompiled:
        print(f"compiled: {', '.join(recompiled)}", file=sys.stderr)
    program = next(Path(m["executable"]) for m in artifacts if m["target"]["kind"] == ["bin"])
    script = next(Path(m["filenames"][0]) for m in artifacts if m["target"]["kind"] == ["custom-build"])
    executed = next(m for m in own if m["reason"] == "build-script-executed")
    return program, script, Path(executed["out_dir"]), dict(executed["env"])["CANDOR_SOURCES"]


def read_by_the_build(program, target):
    """Returns the paths that the build of the program read, relative to the repository."""
    rule = program.with_suffix(".d").read_text()
    _, _, list_of_paths = rule.partition(": ")
    paths = [ROOT / path.replace("\\ ", " ") for path in re.findall(r"(?:\\ |\S)+", list_of_paths)]
    # The output of the build, and git's files with the commit, are not sources.
    paths = [path for path in paths if not path.is_relative_to(target) and ".git" not in path.parts]
    for path in paths:
        if not path.is_relative_to(ROOT):
            fail(f"the build reads {path}, which is outside the repository")
    return [path.relative_to(ROOT) for path in paths]


def files(path):
    """Returns the path if it is a file, or all files below it that are not hidden."""
    if (ROOT / path).is_file():
        return [path]
    found = [one.relative_to(ROOT) for one in (ROOT / path).rglob("*") if one.is_file()]
    return [one for one in found if not any(part.startswith(".") for part in one.parts)]


def main():
    program, script, out, sources = built()
    target = program.parents[1]
    needed = sorted({file for path in read_by_the_build(program, target) for file in files(path)})
    if len(needed) < 150:
        fail(f"the build read only {len(needed)} files: check {program.with_suffix('.d')}")
    for path in [*needed, Path("Cargo.lock"), Path("README.md"), Path("LICENSE-APACHE"), Path("LICENSE-MIT")]:
        if not (PACKAGE / path).is_file():
            fail(f"the build reads {path}, which is missing from the package")
        # Cargo rewrites the manifest for the package, and keeps the original next to it.
        packaged = PACKAGE / (f"{path}.orig" if path == Path("Cargo.toml") else path)
        if not filecmp.cmp(ROOT / path, packaged, shallow=False):
            fail(f"{path} in the package differs from the one that the build read")
    for path in NOT_PACKAGED:
        if (PACKAGE / path).exists():
            fail(f"the package must not contain {path}")
    # The manifest that Cargo wrote for the package must match its lock file.
    metadata = subprocess.run(["cargo", "metadata", "--locked", "--offline", "--format-version=1"], cwd=PACKAGE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if metadata.returncode:
        fail(f"Cargo rejects the manifest of the package: {metadata.stderr}")
    version = next(p["version"] for p in json.loads(metadata.stdout)["packages"] if p["name"] == "candor")
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PATH": os.environ["PATH"], "OUT_DIR": folder, "PROFILE": "release", "CARGO_PKG_VERSION": version,
                       "CARGO_MANIFEST_DIR": str(PACKAGE)}
        # The release build has the default features; "default" is one of them.
        features = tomllib.loads((PACKAGE / "Cargo.toml").read_text())["features"]["default"]
        environment |= {f"CARGO_FEATURE_{name.upper()}": "1" for name in ["default", *features]}
        run = subprocess.run([script], cwd=PACKAGE, env=environment, stdout=subprocess.PIPE, text=True)
        if run.returncode or "cargo::error" in run.stdout:
            fail(f"the build script failed in the package:\n{run.stdout}")
        tables = [sorted(str(one.relative_to(base)) for one in Path(base).rglob("*") if one.is_file()) for base in (folder, out)]
        if tables[0] != tables[1] or filecmp.cmpfiles(folder, out, tables[0], shallow=False)[1:] != ([], []):
            fail(f"the build script embeds different files in the package: {tables}")
    # Equal sources must have equal digests, regardless of where they are compiled.
    if f"CANDOR_SOURCES={sources}\n" not in run.stdout:
        fail(f"the package and the release build have different sources: {sources}\n{run.stdout}")
    print(f"{len(needed)} files that the build reads are identical in the package", file=sys.stderr)
    print(re.search(r"cargo::rustc-env=CANDOR_VERSION=(.*)", run.stdout)[1])


main()
