"""Runs the shell steps that install candor, publish with an identity token, and make a release, with a local folder or a server on
127.0.0.1 in place of the services, and a program that records its environment in place of the ones that need an account.

    python delivery.py CANDOR WORK
"""

import contextlib
import functools
import hashlib
import http.server
import json
import os
import platform
import re
import shutil
import ssl
import subprocess
import sys
import tarfile
import threading
import tomllib
import urllib.parse
from pathlib import Path

import yaml

CANDOR, WORK = Path(sys.argv[1]), Path(sys.argv[2]) / "delivery"
ROOT = Path(__file__).resolve().parents[2]
INSTALL, PUBLISH = ROOT / "src/init/ci/install.sh", ROOT / "src/init/ci/publish.sh"
TARGET = f"{ {'arm64': 'aarch64'}.get(platform.machine(), platform.machine()) }-unknown-linux-musl"
REV = "0123456789abcdef0123456789abcdef01234567"
TOKEN = "eyJhbGciOiJSUzI1NiJ9.canary-of-a-token.c2lnbmF0dXJl"


def release_tool(*arguments, root=ROOT, env=None):
    return subprocess.run([sys.executable, root / ".ci/release.py", *arguments], text=True, capture_output=True, env=env)


def make_release(folder, root=ROOT):
    """Makes a release with the program that is tested, as the workflow does from a copy of the repository, and returns its version and
    the digest of the archive."""
    # The program itself is large; a script that calls it installs in the same way.
    program = WORK / "program"
    program.write_text(f'#!/bin/sh\nexec "{CANDOR}" "$@"\n')
    version = release_tool("package", program, TARGET, folder / "unsorted", root=root).stdout
    version = re.search(r"candor-(.+)-[a-z0-9_]+-unknown", version)[1]
    files = folder / f"releases/download/v{version}"
    files.parent.mkdir(parents=True)
    shutil.move(folder / "unsorted", files)
    assert release_tool("sums", files, root=root).returncode == 0
    archive = files / f"candor-{version}-{TARGET}.tar.gz"
    return version, hashlib.sha256(archive.read_bytes()).hexdigest(), archive


def shell(script, home, *arguments, **variables):
    """Runs a script with these variables only, in dash if it exists, which has no extensions."""
    home.mkdir(parents=True, exist_ok=True)
    env = {"PATH": "/usr/bin:/bin", "HOME": str(home), **{name: str(value) for name, value in variables.items()}}
    if "PATH_FIRST" in env:
        env["PATH"] = f"{env.pop('PATH_FIRST')}:{env['PATH']}"
    return subprocess.run(["sh", script, *arguments], env=env, cwd=home, text=True, capture_output=True)


class Recorder(http.server.SimpleHTTPRequestHandler):
    """Serves a folder, answers some paths as `answers` says, and records requests."""

    answers, requests = {}, []

    def answer(self):
        path = self.path.split("?")[0]
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        type(self).requests.append((self.path, dict(self.headers), body))
        if path not in self.answers:
            return super().do_GET()
        status, headers, text = self.answers[path]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST = answer

    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def serve(folder, answers, certificate=None):
    handler = type("Handler", (Recorder,), {"answers": answers, "requests": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder)))
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http{'s' if certificate else ''}://127.0.0.1:{server.server_port}", handler
    finally:
        server.shutdown()


def install_release(repository, version, digest, archive):
    home = WORK / "installed"
    program = home / ".cache/candor/bin/candor"

    def install(expected, message="", **variables):
        shutil.rmtree(home, ignore_errors=True)
        done = shell(INSTALL, home, **{"CANDOR_REPOSITORY": repository, "CANDOR_VERSION": version, **variables})
        assert done.returncode == expected and message in done.stdout + done.stderr, (variables, done)
        assert program.exists() == (expected == 0), (variables, done)
        return done

    for variables in ({}, {"CANDOR_SHA256": digest}, {"CANDOR_VERSION": f"v{version}"}, {"CANDOR_REPOSITORY": f"{repository}/"}):
        done = install(0, **variables)
        assert re.match(rf"candor {re.escape(version)}\b", done.stdout), done
    install(0, CANDOR_HOME=home / ".cache/candor")
    path = WORK / "github-path"
    install(0, GITHUB_PATH=path)
    assert path.read_text() == f"{program.parent}\n"
    assert f"##vso[task.prependpath]{program.parent}\n" in install(0, TF_BUILD="True").stdout

    install(2, f"has the SHA-256 {digest} instead of {'0' * 64}", CANDOR_SHA256="0" * 64)
    install(3, "there is no release 9.9.9", CANDOR_VERSION="9.9.9")
    install(3, "there is no release 9.9.9", CANDOR_VERSION="9.9.9", CANDOR_SHA256=digest)
    for wrong in ("1/../../x", "1 2", "$(id)", "1;id", "é"):
        install(2, "is not a version", CANDOR_VERSION=wrong)
    for placeholder in ("https://code.example.com/candor", "https://git.example.com", "https://candor.example/", ""):
        install(3, "CANDOR_REPOSITORY is a placeholder", CANDOR_REPOSITORY=placeholder)
    for wrong in ("http://127.0.0.1/candor", "git@127.0.0.1:candor", "ftp://127.0.0.1/"):
        install(2, "must be an https address", CANDOR_REPOSITORY=wrong)
    install(2, "set CANDOR_VERSION or CANDOR_REV", CANDOR_VERSION="")

    # A damaged archive, and lists of checksums without it.
    sums = archive.with_name("SHA256SUMS")
    kept, listed = archive.read_bytes(), sums.read_text()
    archive.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    install(2, "has the SHA-256")
    archive.write_bytes(kept)
    for wrong in ("", listed.replace(archive.name, "x" + archive.name), listed.replace(archive.name, archive.name + ".sig"), listed.replace(digest, digest[1:])):
        sums.write_text(wrong)
        install(2, f"does not list {archive.name}")
    sums.write_text(listed)
    install(0)


def install_over_https(folder, version):
    """Status codes and redirects, which a folder does not have."""
    certificate = WORK / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*made, "-keyout", WORK / "key.pem", "-out", WORK / "cert.pem"], check=True, capture_output=True)
    certificate.write_text((WORK / "key.pem").read_text() + (WORK / "cert.pem").read_text())
    with serve(folder, {}) as (plain, _):
        at = "/releases/download/v{}/SHA256SUMS"
        answers = {at.format("5.0.0"): (403, {}, ""), at.format("6.0.0"): (302, {"Location": f"{plain}{at.format(version)}"}, "")}
        with serve(folder, answers, certificate) as (address, _):
            for number, (expected, message) in {
                version: (0, "candor "),
                "4.0.4": (3, "there is no release 4.0.4"),
                "5.0.0": (2, "the server returned status 403"),
                "6.0.0": (2, "cannot download SHA256SUMS"),
            }.items():
                done = shell(INSTALL, WORK / "https", CANDOR_REPOSITORY=address, CANDOR_VERSION=number, CURL_CA_BUNDLE=WORK / "cert.pem")
                assert done.returncode == expected and message in done.stdout + done.stderr, (number, done)
            done = shell(INSTALL, WORK / "https", CANDOR_REPOSITORY=address, CANDOR_VERSION=version)
            assert done.returncode == 2 and "cannot download" in done.stderr, "an unknown certificate was accepted"


def compile_commit(repository):
    """A commit is compiled once, and again if the commit, the repository or the installed release changes."""
    home, stubs, calls = WORK / "compiled", WORK / "stubs", WORK / "cargo-calls"
    stubs.mkdir()
    cargo = stubs / "cargo"
    cargo.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$*" >> "{calls}"\n[ ! -e "{WORK}/no-compiler" ] || exit 101\n'
        f'for root do [ "${{last:-}}" != --root ] || break; last=$root; done\nmkdir -p "$root/bin"\nln -sf "{CANDOR}" "$root/bin/candor"\n'
    )
    cargo.chmod(0o755)

    def install(expected=0, **variables):
        before = calls.read_text() if calls.exists() else ""
        done = shell(INSTALL, home, PATH_FIRST=stubs, **{"CANDOR_REPOSITORY": repository, "CANDOR_REV": REV, **variables})
        assert done.returncode == expected, done
        return (calls.read_text() if calls.exists() else "").removeprefix(before)

    call = f"install --locked --force --git {repository} --rev {{}} --root {home}/.cache/candor candor\n"
    assert install() == call.format(REV)
    assert install() == ""
    other = REV[::-1]
    assert install(CANDOR_REV=other) == call.format(other)
    (WORK / "no-compiler").touch()
    assert install(101) == call.format(REV)
    (WORK / "no-compiler").unlink()
    # What was installed before a failed compilation is not taken for the other commit.
    assert install() == call.format(REV)
    for wrong in ("main", REV[:12], REV + "0", REV.upper(), "$(id)"):
        assert install(2, CANDOR_REV=wrong) == ""


def publish_with_identity():
    """Each store gets the token in the way that its library reads, and no token is printed or left behind."""
    stubs, record = WORK / "publish-stubs", WORK / "record.json"
    stubs.mkdir()
    stub = stubs / "candor"
    stub.write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        "files = {name: open(path).read() for name, path in os.environ.items() if name.endswith('_TOKEN_FILE')}\n"
        f"json.dump({{'arguments': sys.argv[1:], 'env': dict(os.environ), 'files': files}}, open({str(record)!r}, 'w'))\n"
        "sys.exit(int(os.environ.get('STATUS', 0)))\n"
    )
    stub.chmod(0o755)
    temporary = WORK / "temporary"
    temporary.mkdir()

    def publish(expected=0, message="", **variables):
        record.unlink(missing_ok=True)
        done = shell(PUBLISH, WORK / "publish", "--format", "github", PATH_FIRST=stubs, TMPDIR=temporary, **variables)
        assert done.returncode == expected and message in done.stderr, (variables, done)
        assert "canary" not in done.stdout + done.stderr, "a token was printed"
        assert not list(temporary.iterdir()), "a token was left behind"
        return json.loads(record.read_text()) if record.exists() else None

    def arguments(destination):
        return ["publish", "--take-over", "--format", "github", destination]

    provider = "projects/1/locations/global/workloadIdentityPools/ci/providers/github"
    aws = {"TRUST_DEST": "s3://bucket", "AWS_ROLE_ARN": "arn:aws:iam::1:role/trust", "AWS_REGION": "eu-central-1"}
    azure = {"TRUST_DEST": "az://$web", "AZURE_CLIENT_ID": "client", "AZURE_TENANT_ID": "tenant", "AZURE_STORAGE_ACCOUNT_NAME": "account"}
    google = {"TRUST_DEST": "gs://bucket/prefix", "GOOGLE_PROVIDER": provider}
    answers = {
        "/token": (200, {}, json.dumps({"count": 1, "value": TOKEN})),
        "/sts": (200, {}, json.dumps({"access_token": "ya29.canary-of-access", "token_type": "Bearer", "expires_in": 3600}, indent=2)),
        "/refused": (403, {}, '{"error": "canary"}'),
        "/empty": (200, {}, "{}"),
    }
    with serve(WORK, answers) as (server, handler):
        github = {"ACTIONS_ID_TOKEN_REQUEST_URL": f"{server}/token?api-version=2.0", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "canary-of-a-request"}
        sts = {"GOOGLE_STS_URL": f"{server}/sts"}
        for identity in (github, {"TRUST_ID_TOKEN": TOKEN}):
            called = publish(**aws, **identity)
            assert called["arguments"] == arguments("s3://bucket") and called["files"] == {"AWS_WEB_IDENTITY_TOKEN_FILE": TOKEN}, called
            called = publish(**azure, **identity)
            assert called["arguments"] == arguments("az://$web") and called["files"] == {"AZURE_FEDERATED_TOKEN_FILE": TOKEN}, called
            called = publish(**google, **identity, **sts)
            assert called["env"]["GOOGLE_BEARER_TOKEN"] == "ya29.canary-of-access" and not called["files"], called
        asked = [urllib.parse.parse_qs(path.partition("?")[2]) for path, _, _ in handler.requests if path.startswith("/token")]
        audiences = ["sts.amazonaws.com", "api://AzureADTokenExchange", f"https://iam.googleapis.com/{provider}"]
        assert asked == [{"api-version": ["2.0"], "audience": [audience]} for audience in audiences], asked
        assert all(headers["Authorization"] == "Bearer canary-of-a-request" for path, headers, _ in handler.requests if path.startswith("/token"))
        exchanges = [body for path, _, body in handler.requests if path == "/sts"]
        assert len(exchanges) == 2 and all(f"subject_token={TOKEN}" in body and "token-exchange" in body for body in exchanges), exchanges

        refused = {**github, "ACTIONS_ID_TOKEN_REQUEST_URL": f"{server}/refused?a=b"}
        assert publish(2, "cannot get an identity token", **aws, **refused) is None
        empty = {**github, "ACTIONS_ID_TOKEN_REQUEST_URL": f"{server}/empty?a=b"}
        assert publish(2, "the identity token is empty", **aws, **empty) is None
        assert publish(2, "does not accept the identity token", **google, **github, GOOGLE_STS_URL=f"{server}/refused") is None
        assert publish(2, "returned no access token", **google, **github, GOOGLE_STS_URL=f"{server}/empty") is None
        assert publish(2, "there is no identity token", **aws) is None
        # Other stores take a key from the environment, and empty variables are those that the recipe does not set.
        key = {"TRUST_DEST": "s3://bucket", "AWS_ACCESS_KEY_ID": "canary", "AWS_SECRET_ACCESS_KEY": "canary", "AWS_ROLE_ARN": "", "AWS_REGION": ""}
        called = publish(**key, AZURE_CLIENT_ID="")
        assert not called["files"] and called["env"]["AWS_ACCESS_KEY_ID"] == "canary"
        assert not {"AWS_ROLE_ARN", "AWS_REGION", "AZURE_CLIENT_ID"} & set(called["env"]), called
    assert publish(2, "TRUST_DEST is empty") is None
    # The exit code of `candor publish` is that of the step.
    publish(1, **aws, TRUST_ID_TOKEN=TOKEN, STATUS=1)


def steps_of(job):
    return {step.get("name"): step for step in job["steps"]}


def run_step(step, cwd, **variables):
    assert "${{" not in step["run"], "an expression in a script allows command injection"
    env = {"PATH": os.environ["PATH"], "HOME": str(WORK / "home"), "RUSTUP_HOME": os.environ.get("RUSTUP_HOME", str(Path.home() / ".rustup")), **{name: str(value) for name, value in variables.items()}}
    return subprocess.run(["bash", "-e", "-o", "pipefail", "-c", step["run"]], cwd=cwd, env=env, text=True, capture_output=True)


def copy_of_repository(name, repository, changelog=True):
    """Copies what a release reads, with the address of a repository and a section in the change log."""
    copy = WORK / name
    for file in ("Cargo.toml", "Cargo.lock", "CHANGELOG.md", "README.md", "LICENSE-MIT", "LICENSE-APACHE", "LICENSE-THIRD-PARTY", ".ci/release.py", "docs/templates.md", "src/init/ci/install.sh"):
        (copy / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, copy / file)
    for folder in ("schemas", "static", "templates"):
        (copy / folder).mkdir()
    manifest = copy / "Cargo.toml"
    manifest.write_text(re.sub(r'(?m)^repository = ".*"$', f'repository = "{repository}"', manifest.read_text()))
    version = re.search(r'(?m)^version = "(.*)"$', manifest.read_text())[1]
    log = copy / "CHANGELOG.md"
    text = re.sub(rf"(?ms)^## \[?{re.escape(version)}.*?(?=^## |\Z)", "", log.read_text())
    log.write_text(text + (f"\n## {version} - 2027-01-01\n\n- First.\n" if changelog else ""))
    return copy, version


def release_workflow(candor_version):
    """The steps of the release workflow that need no GitHub."""
    workflow = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())
    jobs = workflow["jobs"]
    assert workflow["permissions"] == {} and all(job["permissions"] for job in jobs.values())
    assert [name for name, job in jobs.items() if job["permissions"].get("contents") == "write"] == ["publish"]
    assert jobs["build"]["needs"] == "check" and jobs["publish"]["needs"] == "build" and jobs["image"]["needs"] == "publish"
    assert {entry["target"] for entry in jobs["build"]["strategy"]["matrix"]["include"]} == {
        "x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl", "aarch64-apple-darwin", "x86_64-apple-darwin", "x86_64-pc-windows-msvc",
    }
    for step in (step for job in jobs.values() for step in job["steps"] if "uses" in step):
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"]), step

    # The tag, the version, the change log and the repository must agree.
    check = next(iter(step for step in jobs["check"]["steps"] if "run" in step))
    here = {"GITHUB_SERVER_URL": "https://forge.test", "GITHUB_REPOSITORY": "owner/candor"}
    good, version = copy_of_repository("good", "https://forge.test/owner/candor")
    silent, _ = copy_of_repository("silent", "https://forge.test/owner/candor", changelog=False)
    for copy, tag, message in [
        (good, f"v{version}", None),
        (good, version, "is not v"),
        (good, "v9.9.9", "the tag v9.9.9 is not"),
        (silent, f"v{version}", "has no section for"),
        (copy_of_repository("placeholder", "https://code.example.com/candor")[0], f"v{version}", "is a placeholder"),
        (copy_of_repository("elsewhere", "https://forge.test/other/candor")[0], f"v{version}", "but this is https://forge.test/owner/candor"),
    ]:
        done = run_step(check, copy, GITHUB_REF_NAME=tag, **here)
        assert (done.returncode == 0) == (message is None) and (message or "") in done.stderr, (copy, tag, done)

    # What each runner does with its binary.
    build = steps_of(jobs["build"])
    program = {"PROGRAM": CANDOR, "TARGET": TARGET}
    done = run_step(build["Build a new project with the program"], good, **program)
    assert done.returncode == 0, done
    done = run_step(build["Check that the program is static"], good, **program)
    assert done.returncode == 1 and "needs shared libraries" in done.stderr, "the program that the tests compile is not static"
    for target in (TARGET, "aarch64-unknown-linux-musl", "x86_64-unknown-linux-musl", "x86_64-pc-windows-msvc"):
        small = WORK / "program"
        done = run_step(build["Package"], good, PROGRAM=small, TARGET=target)
        assert done.returncode == 0, done
        again = release_tool("package", small, target, good / "again", root=good)
        archive = good / f"release/candor-{version}-{target}.tar.gz"
        assert again.returncode == 0 and (good / "again" / archive.name).read_bytes() == archive.read_bytes(), "an archive depends on time"
        with tarfile.open(archive) as opened:
            names = {Path(entry.name).name: entry for entry in opened.getmembers()}
        suffix = ".exe" if "windows" in target else ""
        assert set(names) == {f"candor{suffix}", "README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "LICENSE-THIRD-PARTY"}
        assert names[f"candor{suffix}"].mode == 0o755 and all(entry.mtime == 0 and entry.uid == 0 for entry in names.values())

    # The release: everything in one folder, with checksums that `sha256sum` verifies.
    shutil.copy(ROOT / ".ci/supply.py", good / ".ci/supply.py")
    script = steps_of(jobs["publish"])["Add the bill of materials, the notices and the checksums"]
    stubbed = {**script, "run": script["run"].replace("python3 .ci/supply.py sbom", f'python3 "{ROOT}/.ci/supply.py" sbom')}
    done = run_step(stubbed, good)
    assert done.returncode == 0, done
    sbom = json.loads((good / "release/candor.cdx.json").read_text())
    assert sbom["bomFormat"] == "CycloneDX" and len(sbom["components"]) > 50
    assert (good / "release/LICENSE-THIRD-PARTY").read_bytes() == (ROOT / "LICENSE-THIRD-PARTY").read_bytes()
    assert (good / "notes.md").read_text() == "- First.\n"
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=good / "release", check=True)
    listed = {line.split()[1] for line in (good / "release/SHA256SUMS").read_text().splitlines()}
    assert listed == {path.name for path in (good / "release").iterdir()} - {"SHA256SUMS"}

    # The image is built from the same binaries, at the paths that the container file copies.
    done = run_step(steps_of(jobs["image"])["Unpack the static binaries"], good, GITHUB_REF_NAME=f"v{version}")
    assert done.returncode == 0, done
    copied = re.search(r"(?m)^COPY (image/\$\{TARGETARCH\}/candor) ", (ROOT / "Containerfile").read_text())[1]
    for architecture in ("amd64", "arm64"):
        assert os.access(good / copied.replace("${TARGETARCH}", architecture), os.X_OK), architecture
    assert candor_version == version


def binstall(repository, version):
    """The addresses that cargo-binstall derives from Cargo.toml are those of the release."""
    manifest = tomllib.loads((ROOT / "Cargo.toml").read_text())
    meta = manifest["package"]["metadata"]["binstall"]
    values = {"repo": repository, "version": version, "target": TARGET, "bin": "candor", "binary-ext": ""}
    fill = lambda text: re.sub(r"\{ ([\w-]+) \}", lambda match: values[match[1]], text)
    archive = Path(fill(meta["pkg-url"]).removeprefix("file://"))
    assert meta["pkg-fmt"] == "tgz" and archive.is_file(), archive
    with tarfile.open(archive) as opened:
        assert fill(meta["bin-dir"]) in opened.getnames()


def action():
    """The composite action installs the release of its version, and otherwise compiles its own commit."""
    definition = yaml.safe_load((ROOT / "action.yml").read_text())
    steps = {step["name"]: step for step in definition["runs"]["steps"]}
    for step in steps.values():
        assert "uses" not in step or re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"]), step
    output = WORK / "output"

    def run(name, at, **variables):
        output.write_text("")
        home = WORK / "home"
        done = run_step(steps[name], at, CANDOR_ACTION=at, GITHUB_OUTPUT=output, GITHUB_PATH=WORK / "github-path", **variables)
        return done, dict(line.split("=", 1) for line in output.read_text().splitlines()), home / ".cache/candor/bin/candor"

    releases = WORK / "action-releases"
    released, _ = copy_of_repository("released", releases.as_uri())
    version, digest, _ = make_release(releases, released)
    first = "Install a released binary"
    for inputs in ({"CANDOR_VERSION": "", "CANDOR_SHA256": ""}, {"CANDOR_VERSION": version, "CANDOR_SHA256": digest}):
        done, outputs, program = run(first, released, **inputs)
        assert done.returncode == 0 and outputs == {} and program.exists(), done
        done, outputs, _ = run("Show the version", released)
        assert outputs["version"].startswith(f"candor {version}"), (done, outputs)
        program.unlink()
    # A commit between two releases has the version of the last one, but other sources: compile, unless the release is asked for.
    between, _ = copy_of_repository("between", releases.as_uri())
    (between / "templates/new.html").write_text("New.\n")
    done, outputs, program = run(first, between, CANDOR_VERSION="", CANDOR_SHA256="")
    assert done.returncode == 0 and "compile" in outputs and not program.exists(), done
    for inputs in ({"CANDOR_VERSION": version, "CANDOR_SHA256": ""}, {"CANDOR_VERSION": "", "CANDOR_SHA256": digest}):
        done, outputs, program = run(first, between, **inputs)
        assert done.returncode == 0 and outputs == {} and program.exists(), done
        program.unlink()
    # No release of this version, and no public repository: compile. The key depends on the sources alone.
    none, _ = copy_of_repository("none", (WORK / "nothing").as_uri())
    placeholder, _ = copy_of_repository("unpublished", "https://code.example.com/candor")
    keys = []
    for at in (none, placeholder, placeholder):
        done, outputs, program = run(first, at, CANDOR_VERSION="", CANDOR_SHA256="")
        assert done.returncode == 0 and re.fullmatch(r"[0-9a-f]{40}", outputs["compile"]) and not program.exists(), done
        keys.append(outputs["compile"])
    assert keys[1] == keys[2]
    (placeholder / "src/new.rs").write_text("//! New.\n")
    _, outputs, _ = run(first, placeholder, CANDOR_VERSION="", CANDOR_SHA256="")
    assert outputs["compile"] not in keys
    # What was asked for is never replaced by something else.
    for inputs, status in [
        ({"CANDOR_VERSION": "9.9.9", "CANDOR_SHA256": ""}, 3),
        ({"CANDOR_VERSION": "", "CANDOR_SHA256": "0" * 64}, 2),
    ]:
        done, outputs, program = run(first, released, **inputs)
        assert done.returncode == status and outputs == {} and not program.exists(), done
    done, outputs, _ = run(first, none, CANDOR_VERSION="", CANDOR_SHA256=digest)
    assert done.returncode == 3 and outputs == {}, done
    stubs = WORK / "action-stubs"
    stubs.mkdir()
    (stubs / "cargo").write_text('#!/bin/sh\nprintf "%s\\n" "$*"\n')
    (stubs / "cargo").chmod(0o755)
    done = run_step(steps["Compile"], none, CANDOR_ACTION=none, PATH=f"{stubs}:/usr/bin:/bin")
    assert done.stdout == f"install --locked --force --path {none} --root {WORK}/home/.cache/candor\n", done
    assert steps["Compile"]["if"] == "steps.release.outputs.compile != '' && steps.cache.outputs.cache-hit != 'true'"


def main():
    WORK.mkdir(parents=True)
    folder = WORK / "releases-of-candor"
    version, digest, archive = make_release(folder)
    install_release(folder.as_uri(), version, digest, archive)
    install_over_https(folder, version)
    compile_commit(folder.as_uri())
    print("  the installation script passed")
    publish_with_identity()
    print("  the publication script passed")
    release_workflow(version)
    binstall(folder.as_uri(), version)
    print("  the release workflow passed")
    action()
    print("  the action passed")


main()
