"""What candor is made of: checks its dependencies, writes their notices and the bill of materials of a release.

  python3 .ci/supply.py check      licences and sources against .deny.toml, LICENSE-THIRD-PARTY against Cargo.lock
  python3 .ci/supply.py notices    writes LICENSE-THIRD-PARTY anew
  python3 .ci/supply.py sbom       prints a bill of materials (CycloneDX 1.5, JSON)

Everything follows from Cargo.lock, `cargo metadata` and the sources that cargo fetched; nothing else is asked.
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTICES = ROOT / "LICENSE-THIRD-PARTY"
SECURITY = ROOT / "docs/security.md"
# Packages that are published without their licence, and one of the same authors and licence that brings it.
BROUGHT_BY = {"alloc-stdlib": "alloc-no-stdlib"}
HEAD = """Notices of the software that the program `candor` is made of, on any platform.

Written by `python3 .ci/supply.py notices` from Cargo.lock and the sources of each package. Tools for tests and for the
build alone are not part of the program, and are not listed.

"""


def metadata():
    run = subprocess.run(["cargo", "metadata", "--locked", "--format-version", "1", "--all-features"], cwd=ROOT, check=True, capture_output=True)
    return json.loads(run.stdout)


def shipped(data):
    """The packages that are linked into the program: the own one's normal dependencies and theirs."""
    nodes = {node["id"]: node for node in data["resolve"]["nodes"]}
    packages = {package["id"]: package for package in data["packages"]}
    own = data["resolve"]["root"]
    seen, waiting = {own}, [own]
    while waiting:
        for dep in nodes[waiting.pop()]["deps"]:
            package = packages[dep["pkg"]]
            macro = any("proc-macro" in target["kind"] for target in package["targets"])
            normal = any(kind["kind"] is None for kind in dep["dep_kinds"])
            if normal and not macro and dep["pkg"] not in seen:
                seen.add(dep["pkg"])
                waiting.append(dep["pkg"])
    linked = sorted((packages[id] for id in seen - {own}), key=lambda package: (package["name"], package["version"]))
    return linked, {id: [dep["pkg"] for dep in nodes[id]["deps"] if dep["pkg"] in seen] for id in seen}, packages[own]


def satisfied(expression, allowed):
    """Whether an SPDX expression can be met with the allowed licences; a slash is crates.io's old word for OR."""
    expression = expression.replace("/", " OR ")
    words = re.findall(r"[()]|[A-Za-z0-9.+-]+", re.sub(r"(\S+) WITH (\S+)", r"\1-WITH-\2", expression))
    allowed = {one.replace(" WITH ", "-WITH-") for one in allowed}

    def either():
        value = both()
        while words and words[0] == "OR":
            words.pop(0)
            value = both() or value
        return value

    def both():
        value = one()
        while words and words[0] == "AND":
            words.pop(0)
            value = one() and value
        return value

    def one():
        word = words.pop(0)
        if word == "(":
            value = either()
            words.pop(0)
            return value
        return word in allowed

    return either()


def texts(package):
    """The licence and notice files of a package, as they were published."""
    folder = Path(package["manifest_path"]).parent
    names = re.compile(r"(?i)^(licen[cs]e|copying|notice|unlicense|copyright)")
    found = []
    for path in sorted(folder.iterdir()):
        if path.is_file() and names.match(path.name) and path.suffix not in (".rs", ".toml"):
            lines = path.read_text(errors="replace").replace("\r\n", "\n").strip("\n").split("\n")
            found.append((path.name, "\n".join(line.rstrip() for line in lines)))
    # Of two licences to choose from, MIT is taken where it is there: it is a page, and asks for nothing but itself.
    if satisfied(package["license"], ["MIT"]) and any("MIT" in name.upper() for name, _ in found):
        found = [(name, text) for name, text in found if not re.search(r"(?i)apache|unlicense|zlib|boost|bsl|bsd|lgpl|0bsd", name)]
    return found


def notices(linked):
    """Each package with its licence, then each text once, with the packages that it came with."""
    out = [HEAD]
    out += [f"{package['name']} {package['version']}: {package['license']}\n" for package in linked]
    by_text = {}
    by_name = {package["name"]: package for package in linked}
    for package in linked:
        for _, text in texts(by_name[BROUGHT_BY.get(package["name"], package["name"])]):
            by_text.setdefault(text, []).append(f"{package['name']} {package['version']}")
    for text, owners in by_text.items():
        out.append(f"\n{'=' * 80}\n{', '.join(owners)}\n{'-' * 80}\n{text}\n")
    return "".join(out)


def sbom(linked, edges, own):
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())
    checksums = {(one["name"], one["version"]): one.get("checksum") for one in lock["package"]}
    reference = {package["id"]: f"pkg:cargo/{package['name']}@{package['version']}" for package in [own, *linked]}

    def component(package, kind):
        digest = checksums[package["name"], package["version"]]
        return {
            "type": kind,
            "bom-ref": reference[package["id"]],
            "name": package["name"],
            "version": package["version"],
            **({"hashes": [{"alg": "SHA-256", "content": digest}]} if digest else {}),
            "licenses": [{"expression": package["license"].replace(" / ", " OR ").replace("/", " OR ")}],
            "purl": reference[package["id"]],
        }

    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": component(own, "application")},
        "components": [component(package, "library") for package in linked],
        "dependencies": [{"ref": reference[id], "dependsOn": sorted(reference[dep] for dep in deps)} for id, deps in sorted(edges.items(), key=lambda pair: reference[pair[0]])],
    }


def check(data, linked):
    policy = tomllib.loads((ROOT / ".deny.toml").read_text())
    allowed, sources = policy["licenses"]["allow"], policy["sources"]["allow-registry"]
    own = data["resolve"]["root"]
    problems = []
    for package in data["packages"]:
        name = f"{package['name']} {package['version']}"
        if package["id"] == own:
            continue
        if (package["source"] or "").removeprefix("registry+") not in sources:
            problems.append(f"{name} comes from {package['source'] or 'a folder'}")
        if not package["license"] or not satisfied(package["license"], allowed):
            problems.append(f"{name} has the licence {package['license']}, which .deny.toml does not allow")
    for banned in policy["bans"]["deny"]:
        problems += [f"{package['name']} is banned: {banned['reason']}" for package in data["packages"] if package["name"] == banned["crate"]]
    for package in linked:
        if not texts(package) and package["name"] not in BROUGHT_BY and not re.search(r"MIT|Apache-2.0|0BSD|Zlib|Unicode", package["license"]):
            problems.append(f"{package['name']} brings no licence text")
    if not NOTICES.is_file() or NOTICES.read_text() != notices(linked):
        problems.append(f"{NOTICES.name} is out of date: run python3 .ci/supply.py notices")
    stated = re.search(r"The program links (\d+) packages", SECURITY.read_text())
    if not stated or int(stated[1]) != len(linked):
        problems.append(f"docs/security.md: write `The program links {len(linked)} packages`")
    return problems


def main():
    data = metadata()
    linked, edges, own = shipped(data)
    match sys.argv[1:]:
        case ["notices"]:
            NOTICES.write_text(notices(linked))
        case ["sbom"]:
            print(json.dumps(sbom(linked, edges, own), indent=2))
        case ["check"]:
            problems = check(data, linked)
            for problem in problems:
                print(f"supply: {problem}", file=sys.stderr)
            if problems:
                sys.exit(1)
            print(f"supply: {len(linked)} packages in the program, {len(data['packages']) - 1} with tools and tests: licences and sources as .deny.toml has them, notices current")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
