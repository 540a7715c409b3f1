"""Runs the shell steps of the CI recipes as the CI systems do, and checks the results.

    python steps.py CANDOR WORK

`cargo install` and `apt-get` are replaced by stubs that check their arguments; everything else is real.
"""

import datetime
import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import yaml

CANDOR, WORK = Path(sys.argv[1]), Path(sys.argv[2])
ROOT = Path(__file__).resolve().parents[2]
CANARY = "canary-of-a-secret"
TRUE_ON = {
    "github.event_name == 'pull_request'": {"change"},
    "github.event_name == 'push'": {"merge"},
    "github.event_name != 'push'": {"change", "schedule"},
    "github.event_name == 'schedule'": {"schedule"},
    "eq(variables['Build.Reason'], 'PullRequest')": {"change"},
    "eq(variables['Build.Reason'], 'Schedule')": {"schedule"},
    "and(in(variables['Build.Reason'], 'IndividualCI', 'BatchedCI'), "
    "eq(variables['Build.SourceBranch'], 'refs/heads/main'))": {"merge"},
    '$CI_PIPELINE_SOURCE == "merge_request_event"': {"change"},
    '$CI_PIPELINE_SOURCE == "schedule"': {"schedule"},
    '$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH': {"merge"},
}


# Values that are not secret are set in the recipe itself, because pull requests from forks cannot read variables.
LITERALS = {"CANDOR_SOURCE", "CANDOR_REV", "TRUST_URL"}


def applies(condition, event):
    """Returns whether a condition is true for an event. Fails for conditions that are not in the table."""
    if condition is None:
        return True
    assert condition in TRUE_ON, f"unknown condition: {condition}"
    return event in TRUE_ON[condition]


def filled(value, variables):
    """Expands the expressions of GitHub and Azure in the environment of a step."""
    value = re.sub(r"\$\{\{ (?:vars|secrets)\.(\w+) \}\}", lambda m: variables.get(m[1], ""), str(value))
    value = re.sub(r"\$\((\w+)\)", lambda m: variables.get(m[1], ""), value)
    assert "${{" not in value, value
    return value


def configured(declared, variables):
    """Returns the variables that a recipe declares, with the values that a user would fill in."""
    assert set(declared) <= LITERALS and not any(declared.values()), f"a value is already filled in: {declared}"
    return {name: variables.get(name, "") for name in declared}


def depths(recipe):
    """Returns how many commits the check of a change gets, or 0 for all, with the default that each system has."""
    if "jobs" in recipe:
        return [step.get("with", {}).get("fetch-depth", 1) for step in recipe["jobs"]["check"]["steps"] if "checkout" in step.get("uses", "")]
    if "stages" in recipe:
        steps = recipe["stages"][0]["jobs"][0]["steps"]
        return [int(step.get("fetchDepth", 1)) for step in steps if "checkout" in step]
    return [int(recipe["check"].get("variables", {}).get("GIT_DEPTH", 20))]


def github(recipe, event, variables):
    outer = configured(recipe["env"], variables)
    assert recipe["permissions"] == {}, "a job has permissions that it does not request"
    assert "concurrency" not in recipe, "a pending publish must not be replaced by a run that does not publish"
    groups = [job["concurrency"]["group"] for job in recipe["jobs"].values()]
    assert len(set(groups)) == len(groups) and "github.event_name" in recipe["jobs"]["check"]["concurrency"]["group"]
    assert recipe["jobs"]["publish"]["concurrency"] == {"group": "trust-center-publish", "cancel-in-progress": False}
    for job in recipe["jobs"].values():
        assert job["permissions"] == {"contents": "read"} and job["timeout-minutes"]
        if not applies(job.get("if"), event):
            continue
        for step in job["steps"]:
            if "uses" in step:
                assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"]), step["uses"]
            elif applies(step.get("if"), event):
                assert "${{" not in step["run"], "an expression in a script allows command injection"
                env = {name: filled(value, variables) for name, value in step.get("env", {}).items()}
                yield ["bash", "-e", "-c", step["run"]], outer | env


def gitlab(recipe, event, variables):
    before = recipe["default"]["before_script"]
    declared = {name: entry["value"] for name, entry in recipe["variables"].items()}
    assert recipe["publish"]["resource_group"] and recipe["publish"]["interruptible"] is False
    for name, job in recipe.items():
        if name in ("default", "variables") or not any(applies(rule["if"], event) for rule in job["rules"]):
            continue
        # All lines run in one shell. `sh` in the Rust images is a POSIX shell without extensions.
        own = job.get("variables", {})
        yield ["sh", "-e", "-c", "\n".join(before + job["script"])], configured(declared, variables) | variables | own


def azure(recipe, event, variables):
    assert recipe["lockBehavior"] == "sequential"
    declared = {entry["name"]: entry["value"] for entry in recipe["variables"]}
    outer = configured(declared, variables)
    for stage in recipe["stages"]:
        assert stage["dependsOn"] == [], "skipping another stage would skip this one"
        groups = [entry["group"] for entry in stage.get("variables", [])]
        assert groups == (["trust-center"] if stage["stage"] == "publish" else []), "a stage that uses the variable group must wait for its approvals"
        if not applies(stage["condition"], event):
            continue
        plain = {name: value for name, value in variables.items() if groups and value != CANARY}
        for step in (step for job in stage["jobs"] for step in job["steps"]):
            if "bash" in step:
                env = {name: filled(value, variables) for name, value in step.get("env", {}).items()}
                yield ["bash", "-c", step["bash"]], outer | plain | env


def write_stubs(folder):
    """Writes stubs of `cargo install` and `apt-get`, which install nothing."""
    folder.mkdir(parents=True)
    cargo = folder / "cargo"
    cargo.write_text('#!/bin/sh\ncase "$*" in\n'
                     '"install --locked --git https://git.example/candor --rev 0123abcd candor") ;;\n'
                     '"install --locked --path .") ;;\n'
                     '*) echo "cargo was called with: $*" >&2; exit 9 ;;\nesac\n')
    apt = folder / "apt-get"
    apt.write_text("#!/bin/sh\nexit 0\n")
    for file in (cargo, apt):
        file.chmod(0o755)
    (folder / "candor").symlink_to(CANDOR)


class Project:
    """A project in a folder, with a CI recipe."""

    def __init__(self, name, reader, recipe):
        self.name, self.reader, self.recipe = name, reader, recipe
        self.folder = WORK / name
        self.root, self.home, self.page = self.folder / "project", self.folder / "home", self.folder / "page"
        write_stubs(self.folder / "bin")
        cargo = self.home / ".cargo/bin"
        cargo.mkdir(parents=True)
        (cargo / "candor").symlink_to(CANDOR)
        self.page.mkdir()
        self.staging = self.folder / "staging"
        self.staging.mkdir()
        self.variables = {
            "CANDOR_SOURCE": "https://git.example/candor",
            "CANDOR_REV": "0123abcd",
            "TRUST_DEST": self.page.as_uri(),
            "AWS_SECRET_ACCESS_KEY": CANARY,
            "AZURE_STORAGE_ACCOUNT_KEY": CANARY,
        }
        self.candor("init", ".", "--name", "Quantum Toolset", before=lambda: self.root.mkdir())
        self.edit("site.yaml", "https://trust.example.com", "https://trust.quantumtoolset.com")
        self.edit("site.yaml", "privacy@example.com", "privacy@quantumtoolset.com")
        self.edit("sections/10-about.md", "This page describes", "Here we describe")
        self.candor("release", "-m", "First release")
        self.candor("check", "--deny", "warnings")
        self.write("static/css/own.css", "a { color: green }\n")
        self.write("static/js/kept.js", "f()\n")
        self.git("init", "--quiet", "--initial-branch", "main")
        (self.root / ".git/info/exclude").write_text("/diff.md\n/preview/\n")
        self.main = None
        self.merge()

    def environment(self, more):
        return {
            "PATH": f"{self.folder / 'bin'}:/usr/bin:/bin",
            "HOME": str(self.home),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            "BUILD_ARTIFACTSTAGINGDIRECTORY": str(self.staging),
            **more,
        }

    def candor(self, *arguments, before=lambda: None):
        before()
        subprocess.run([CANDOR, *arguments], cwd=self.root, check=True, capture_output=True)

    def git(self, *arguments):
        identity = ["-c", "user.name=Example", "-c", "user.email=example@example.com", "-c", "commit.gpgsign=false"]
        done = subprocess.run(["git", *identity, *arguments], cwd=self.root, check=True, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        return done.stdout.strip()

    def commit(self, *parents):
        """Commits the working tree, and returns the commit."""
        self.git("add", "--all")
        options = [word for parent in parents if parent for word in ("-p", parent)]
        return self.git("commit-tree", self.git("write-tree"), "-m", "A change", *options)

    def merge(self):
        """Makes the working tree the newest commit of the main branch."""
        (self.root / ".git/shallow").unlink(missing_ok=True)
        self.main = self.commit(self.main)
        self.git("update-ref", "--no-deref", "HEAD", self.main)

    def check_out_change(self):
        """Commits the working tree as each CI system checks out a pull request, with as much history as the recipe requests."""
        shallow = self.root / ".git/shallow"
        shallow.unlink(missing_ok=True)
        change = self.commit(self.main)
        # GitLab checks out the branch itself, the others a merge with the main branch.
        head = change if self.name == "gitlab" else self.commit(self.main, change)
        self.git("update-ref", "--no-deref", "HEAD", head)
        [depth] = depths(self.recipe)
        if depth:
            commits = self.git("rev-list", "--parents", "HEAD").split("\n")
            parents = {line.split()[0]: line.split()[1:] for line in commits}
            generation = [head]
            for _ in range(depth - 1):
                generation = [parent for commit in generation for parent in parents[commit]]
            shallow.write_text("".join(f"{commit}\n" for commit in sorted(set(generation))))
        return {"CI_MERGE_REQUEST_DIFF_BASE_SHA": self.main, "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": ""}

    def write(self, file, text):
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def edit(self, file, old, new):
        path = self.root / "content" / file
        text = path.read_text()
        assert old in text, (file, old)
        path.write_text(text.replace(old, new, 1))

    def run(self, event, variables=None):
        """Runs the steps of an event. Returns their output, and the step that failed, if any."""
        steps = list(self.reader(self.recipe, event, self.variables if variables is None else variables))
        assert steps, f"{self.name}: no step runs on {event}"
        printed = ""
        provided = self.check_out_change() if event == "change" else {}
        for command, env in steps:
            done = subprocess.run(command, cwd=self.root, env=self.environment(provided | env), text=True, capture_output=True)
            printed += done.stdout + done.stderr
            assert CANARY not in printed, "a secret was printed"
            if done.returncode:
                return printed, command[-1]
        return printed, None

    def passes(self, event, variables=None):
        printed, failed = self.run(event, variables)
        assert failed is None, f"{self.name}, {event}: `{failed}` failed:\n{printed}"
        if event == "merge":
            self.merge()
        return printed

    def fails(self, event, step, message):
        printed, failed = self.run(event)
        assert failed and step in failed, f"{self.name}, {event}: should fail in `{step}`:\n{printed}"
        assert message in printed, printed

    def keep(self, name):
        """A copy of what is published now."""
        return shutil.copytree(self.page, self.folder / name)

    def put_back(self, kept):
        shutil.rmtree(self.page)
        shutil.copytree(kept, self.page)

    def summary(self):
        files = [self.folder / "summary.md", self.staging / "diff.md", self.root / "diff.md"]
        return "".join(file.read_text() for file in files if file.exists())

    def forget_summary(self):
        for file in (self.folder / "summary.md", self.staging / "diff.md", self.root / "diff.md"):
            file.unlink(missing_ok=True)

    def preview(self):
        return any((place / "preview/index.html").is_file() for place in (self.root, self.staging))


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


def show_changed_code(project):
    """Tests that a reviewer sees which code a change adds, modifies and removes, and nothing else, also before the first release."""
    releases = project.root / "content/releases"
    kept = project.folder / "releases"
    for released in (True, False):
        if not released:
            shutil.move(releases, kept)
            project.merge()
        project.write("static/css/own.css", f"a {{ color: red }} /* {released} */\n")
        project.write("static/root/added.html", "<p>added")
        project.forget_summary()
        project.passes("change")
        code = project.summary().split("**Code, compared with")[1]
        listed = re.findall(r"- `(.)` \*\*(\S+)\*\*", code.replace("\\", ""))
        assert sorted(listed) == [("+", "static/root/added.html"), ("~", "static/css/own.css")], code
        assert released or "nothing → draft" in project.summary(), project.summary()
        (project.root / "static/root/added.html").unlink()
    shutil.move(kept, releases)
    project.merge()

    # The change that adds the trust center to a repository: everything is new.
    project.main = project.git("commit-tree", project.git("mktree"), "-m", "Empty")
    project.forget_summary()
    project.passes("change")
    assert "`+` **static/js/kept.js**" in project.summary().replace("\\", ""), project.summary()
    project.merge()


def walk(name, reader, recipe):
    """Tests the life of a site: first publication, a change, a release, a forged record, rewritten history, an expiry."""
    project = Project(name, reader, recipe)
    show_changed_code(project)
    assert "TRUST_URL is empty" in project.passes("change"), "a step is skipped without a notice"
    project.passes("merge")
    assert (project.page / "index.html").is_file(), "the site was not published"
    first_site = project.keep("first")

    handler = functools.partial(Quiet, directory=str(project.page))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    project.variables["TRUST_URL"] = f"http://127.0.0.1:{server.server_port}"

    project.forget_summary()
    project.edit("site.yaml", "title: ", "title: New ")
    project.passes("change")
    assert "Code: the same as in" in project.summary() and "own.css" not in project.summary(), project.summary()
    assert project.preview(), "the preview is missing"
    project.fails("merge", "build", "unreleased-changes")
    project.candor("release", "-m", "A new title")
    project.passes("change")
    assert re.search(r"→ draft: 1 change", project.summary()), "a release in the same pull request hides the change: " + project.summary()
    project.passes("merge")
    project.passes("schedule")

    # A fork has only the values in the recipe.
    fork = {key: value for key, value in project.variables.items() if key in LITERALS}
    assert "TRUST_URL is empty" not in project.passes("change", fork)
    if name != "own":
        printed, failed = project.run("change", {})
        assert failed and "set it in" in printed, f"{name}: the message does not name the missing setting:\n{printed}"

    # The site is put back to the state before its last release, as a whole.
    second_site = project.keep("second")
    project.put_back(first_site)
    project.passes("change")
    project.fails("schedule", "verify", "history-rolled-back")
    project.put_back(second_site)
    project.passes("schedule")

    assert "--take-over" in str(recipe), f"{name}: a killed run would block all others"

    record = min((project.root / "content/releases").glob("*.json"), key=lambda file: file.stem)
    kept = record.read_bytes()
    assert b"First release" in kept
    record.write_bytes(kept.replace(b"First release", b"Other release"))
    project.fails("change", "check", "release-edited")
    record.write_bytes(kept)

    releases = project.root / "content/releases"
    kept = {file: file.read_bytes() for file in releases.iterdir()}
    project.candor("release", "--replace", "-m", "A change that was never published")
    project.fails("change", "verify", "history-rewritten")
    for file, text in kept.items():
        file.write_bytes(text)

    yesterday = datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=1)
    certifications = project.root / "content/data/certifications.yaml"
    certifications.write_text(f"- id: iso\n  framework: ISO 27001\n  issuer: Example\n  valid_until: {yesterday}\n")
    project.fails("schedule", "check", "certification")
    server.shutdown()


def main():
    recipes = {name: yaml.safe_load((ROOT / path).read_text()) for name, path in {
        "github": "src/init/ci/github.yml",
        "own": ".github/workflows/trust-center.yml",
        "gitlab": "src/init/ci/gitlab-ci.yml",
        "azure": "src/init/ci/azure-pipelines.yml",
    }.items()}
    for name, reader in {"github": github, "own": github, "gitlab": gitlab, "azure": azure}.items():
        walk(name, reader, recipes[name])
        print(f"  {name}: all steps passed")


main()
