"""Prepares the files of a release. `.github/workflows/release.yml` runs it; the tests run it with a local build.

  python3 .ci/release.py check TAG                     fails unless the tag, Cargo.toml, CHANGELOG.md and the repository agree
  python3 .ci/release.py package BINARY TARGET FOLDER  writes candor-VERSION-TARGET.tar.gz to the folder
  python3 .ci/release.py sums FOLDER                   writes SOURCES, and SHA256SUMS of the files in the folder
  python3 .ci/release.py notes                         prints the notes of the release, from CHANGELOG.md

The same inputs give the same bytes: archives have no times, users or other traces of the machine.
"""

import gzip
import hashlib
import io
import os
import re
import sys
import tarfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["package"]
VERSION = PACKAGE["version"]
# Files in every archive, next to the program.
BESIDE = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "LICENSE-THIRD-PARTY"]

# What the program is compiled from.
SOURCES = ["Cargo.toml", "Cargo.lock", "docs/templates.md", "schemas", "src", "static", "templates"]


def notes():
    """Returns the section of this version in CHANGELOG.md, or nothing if there is none."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    section = re.search(rf"^## \[?{re.escape(VERSION)}\]?[^\n]*\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    return section[1].strip() + "\n" if section and section[1].strip() else ""


def problems(tag, environment):
    """Returns why a tag cannot be released."""
    if tag != f"v{VERSION}":
        yield f"the tag {tag} is not v{VERSION}, the version in Cargo.toml"
    if not notes():
        yield f"CHANGELOG.md has no section for {VERSION}"
    repository = PACKAGE.get("repository", "").rstrip("/")
    if re.search(r"\.example(\.com)?/", repository + "/"):
        yield "`repository` in Cargo.toml is a placeholder; CONTRIBUTING.md says what to set"
    elif "GITHUB_REPOSITORY" in environment:
        here = f"{environment['GITHUB_SERVER_URL']}/{environment['GITHUB_REPOSITORY']}"
        if here.lower() != repository.lower():
            yield f"`repository` in Cargo.toml is {repository}, but this is {here}"


def package(binary, target, folder):
    """Writes the archive of a program, and returns its path."""
    name = f"candor-{VERSION}-{target}"
    program = "candor.exe" if "windows" in target else "candor"
    files = [(program, Path(binary), 0o755), *((file, ROOT / file, 0o644) for file in BESIDE)]
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for file, path, mode in files:
            data = path.read_bytes()
            entry = tarfile.TarInfo(f"{name}/{file}")
            entry.size, entry.mode = len(data), mode
            archive.addfile(entry, io.BytesIO(data))
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    out = folder / f"{name}.tar.gz"
    out.write_bytes(gzip.compress(raw.getvalue(), mtime=0))
    return out


def sources():
    """Returns the digest of everything that the program is compiled from, as action.yml computes it with git."""
    files = [path for name in SOURCES for path in [ROOT / name, *(ROOT / name).rglob("*")] if path.is_file()]
    files.sort(key=lambda path: path.relative_to(ROOT).as_posix().encode())
    data = b"".join(path.read_bytes() for path in files)
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def sums(folder):
    """Writes SOURCES, with which the action recognizes the commit of a release, and SHA256SUMS, as `sha256sum -c` reads it."""
    folder = Path(folder)
    (folder / "SOURCES").write_bytes(f"{sources()}\n".encode())
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (folder / "SHA256SUMS").write_bytes("".join(lines).encode())


def main():
    match sys.argv[1:]:
        case ["check", tag]:
            found = list(problems(tag, os.environ))
            for problem in found:
                print(f"release: {problem}", file=sys.stderr)
            sys.exit(bool(found))
        case ["package", binary, target, folder]:
            print(package(binary, target, folder))
        case ["sums", folder]:
            sums(folder)
        case ["notes"]:
            print(notes(), end="")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
