"""Runs the shell steps of the CI recipes as the CI systems do, and checks the results.

    python steps.py CANDOR WORK

Every recipe that `candor init --ci SYSTEM --host HOST` writes is walked through the life of a site. A release of candor is a local
folder, and the tools of hosts are replaced by stubs that check their arguments and copy the site; everything else is real.
"""

import datetime
import functools
import http.server
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import threading
from pathlib import Path

import yaml

CANDOR, WORK = Path(sys.argv[1]), Path(sys.argv[2])
ROOT = Path(__file__).resolve().parents[2]
CANARY = "canary-of-a-secret"
TARGET = f"{ {'arm64': 'aarch64'}.get(platform.machine(), platform.machine()) }-unknown-linux-musl"
READY = "and(not(canceled()), eq(variables.READY, 'yes'))"
MAIN = '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH'
# The events for which a condition is true, if no earlier step failed.
TRUE_ON = {
    "github.event_name == 'pull_request'": {"change"},
    "github.event_name != 'push'": {"change", "schedule"},
    "github.event_name != 'pull_request'": {"merge", "schedule"},
    "github.event_name == 'schedule'": {"schedule"},
    "eq(variables['Build.Reason'], 'PullRequest')": {"change"},
    "eq(variables['Build.Reason'], 'Schedule')": {"schedule"},
    "and(succeeded(), eq(variables['Build.Reason'], 'Schedule'))": {"schedule"},
    "and(in(variables['Build.Reason'], 'IndividualCI', 'BatchedCI', 'Schedule'), "
    "eq(variables['Build.SourceBranch'], 'refs/heads/main'))": {"merge", "schedule"},
    '$CI_PIPELINE_SOURCE == "merge_request_event"': {"change"},
    '$CI_PIPELINE_SOURCE == "schedule"': {"schedule"},
    f'($CI_PIPELINE_SOURCE == "push" || $CI_PIPELINE_SOURCE == "schedule") && {MAIN}': {"merge", "schedule"},
}
# Conditions of steps that run although an earlier step failed, with the steps that must have succeeded.
EVEN_AFTER_A_FAILURE = {
    "${{ (success() || failure()) && steps.build.outcome == 'success' }}": {"build"},
    "${{ (success() || failure()) && steps.build.outcome == 'success' && steps.unchanged.outcome == 'success' }}": {"build", "unchanged"},
    READY: {"READY"},
}
# Values that are not secret are set in the recipe itself, because pull requests from forks cannot read variables.
LITERALS = {"CANDOR_REPOSITORY", "CANDOR_VERSION", "CANDOR_SHA256", "CANDOR_REV", "TRUST_URL"}
# The permissions of the job that publishes. No other job may do more than read the repository.
PERMISSIONS = {
    "storage": {"contents": "read", "id-token": "write"},
    "github-pages": {"contents": "read", "pages": "write", "id-token": "write"},
    "cloudflare-pages": {"contents": "read"},
    "netlify": {"contents": "read"},
}
HOSTS = {
    "github": ["storage", "github-pages", "cloudflare-pages", "netlify"],
    "gitlab": ["storage", "gitlab-pages", "cloudflare-pages", "netlify"],
    "azure": ["storage", "cloudflare-pages", "netlify"],
}


class Step:
    """A command of a job. `always` are the steps that must have succeeded if it runs after a failure."""

    def __init__(self, command, env, key=None, always=None):
        self.command, self.env, self.key, self.always = command, env, key, always

    def runs(self, failed, succeeded):
        return not failed if self.always is None else self.always <= succeeded


def applies(condition, event):
    """Returns whether a condition is true for an event. Fails for conditions that are not in a table."""
    if condition is None or condition in EVEN_AFTER_A_FAILURE:
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
    empty = {name for name, value in declared.items() if not value}
    assert set(declared) <= LITERALS and {"CANDOR_SHA256", "CANDOR_REV", "TRUST_URL"} & set(declared) <= empty, declared
    return {name: variables.get(name, "") for name in declared}


def depths(recipe):
    """Returns how many commits the check of a change gets, or 0 for all, with the default that each system has."""
    if "jobs" in recipe:
        return [step.get("with", {}).get("fetch-depth", 1) for step in recipe["jobs"]["check"]["steps"] if "checkout" in step.get("uses", "")]
    if "stages" in recipe:
        steps = recipe["stages"][0]["jobs"][0]["steps"]
        return [int(step.get("fetchDepth", 1)) for step in steps if "checkout" in step]
    return [int(recipe["check"].get("variables", {}).get("GIT_DEPTH", 20))]


def github(project, event, variables):
    recipe = project.recipe
    outer = configured(recipe["env"], variables)
    assert recipe["permissions"] == {}, "a job has permissions that it does not request"
    assert "concurrency" not in recipe, "a pending publish must not be replaced by a run that does not publish"
    groups = [job["concurrency"]["group"] for job in recipe["jobs"].values()]
    assert len(set(groups)) == len(groups) and "github.event_name" in recipe["jobs"]["check"]["concurrency"]["group"]
    assert recipe["jobs"]["publish"]["concurrency"] == {"group": "trust-center-publish", "cancel-in-progress": False}
    for name, job in recipe["jobs"].items():
        assert job["permissions"] == (PERMISSIONS[project.host] if name == "publish" else {"contents": "read"}), name
        assert job["timeout-minutes"] and ("environment" in job) == (name == "publish")
        if not applies(job.get("if"), event):
            continue
        steps = []
        for step in job["steps"]:
            always = EVEN_AFTER_A_FAILURE.get(step.get("if"))
            if step.get("uses") == "./":
                assert project.name == "own", "the action of this repository"
            elif "uses" in step:
                assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"]), step["uses"]
                if "deploy-pages@" in step["uses"]:
                    steps.append(Step(project.deploy_artifact, {}, always=always))
            elif applies(step.get("if"), event):
                assert "${{" not in step["run"], "an expression in a script allows command injection"
                env = {name: filled(value, variables) for name, value in step.get("env", {}).items()}
                steps.append(Step(["bash", "-e", "-c", step["run"]], outer | env, step.get("id"), always))
        yield steps


def gitlab(project, event, variables):
    recipe = project.recipe
    before = recipe["default"]["before_script"]
    declared = {name: entry["value"] for name, entry in recipe["variables"].items()}
    last = recipe["pages" if project.host == "gitlab-pages" else "publish"]
    assert last["resource_group"] and last["interruptible"] is False and last["stage"] == "deploy"
    needed = last.get("needs", [])

    def script(job):
        # All lines run in one shell. `sh` in the images is a POSIX shell without extensions.
        own = job.get("variables", {})
        tokens = {token: CANARY for token in job.get("id_tokens", {})}
        lines = job.get("before_script", before) + job["script"]
        return Step(["sh", "-e", "-c", "\n".join(lines)], configured(declared, variables) | variables | own | tokens | {"CI_PIPELINE_SOURCE": {"merge": "push"}.get(event, event)})

    for name, job in recipe.items():
        if name in ("default", "variables", *needed) or not any(applies(rule["if"], event) for rule in job["rules"]):
            continue
        steps = [script(job)]
        if job is last:
            # A certificate that expires must not stop the publication of the page that says so: the job waits for no other, or only for
            # the one that builds the site, which runs first and on the same events.
            for other in (recipe[other] for other in needed):
                assert other["stage"] == "build" and other["rules"] == job["rules"] and "needs" not in other, other
            assert "needs" in job or [rule.get("when") for rule in job["rules"]] == ["always"], job
            steps = [*(script(recipe[other]) for other in needed), *steps]
        if name == "pages":
            steps.append(Step(project.deploy_public, {}))
        yield steps


def azure(project, event, variables):
    recipe = project.recipe
    assert recipe["lockBehavior"] == "sequential"
    declared = {entry["name"]: entry["value"] for entry in recipe["variables"]}
    assert declared.pop("CANDOR_HOME") == "$(Pipeline.Workspace)/candor"
    outer = configured(declared, variables) | {"CANDOR_HOME": str(project.home / "candor"), "TF_BUILD": "True"}
    for stage in recipe["stages"]:
        assert stage["dependsOn"] == [], "skipping another stage would skip this one"
        groups = [entry["group"] for entry in stage.get("variables", [])]
        assert groups == (["trust-center"] if stage["stage"] == "publish" else []), "a stage that uses the variable group must wait for its approvals"
        if not applies(stage["condition"], event):
            continue
        plain = {name: value for name, value in variables.items() if groups and value != CANARY}
        steps = []
        for step in (step for job in stage["jobs"] for step in job["steps"]):
            always = EVEN_AFTER_A_FAILURE.get(step.get("condition"))
            env = {name: filled(value, variables) for name, value in step.get("env", {}).items()}
            if step.get("task") == "AzureCLI@2":
                assert step["inputs"]["addSpnToEnvironment"] is True
                env |= {"idToken": CANARY, "servicePrincipalId": "client", "tenantId": "tenant"}
                steps.append(Step(["bash", "-c", step["inputs"]["inlineScript"]], outer | plain | env, always=always))
            elif "bash" in step and applies(step.get("condition"), event):
                steps.append(Step(["bash", "-c", step["bash"]], outer | plain | env, always=always))
        yield steps


READERS = {"github": github, "gitlab": gitlab, "azure": azure}


def release(folder):
    """Makes a release of the program, and returns what a recipe states about it."""
    def tool(*arguments):
        return subprocess.run([sys.executable, ROOT / ".ci/release.py", *arguments], check=True, text=True, capture_output=True).stdout.strip()

    # The program itself is large; a script that calls it installs in the same way.
    program = folder / "program"
    folder.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{CANDOR}" "$@"\n')
    archive = Path(tool("package", program, TARGET, folder / "files"))
    version = archive.name.removeprefix("candor-").removesuffix(f"-{TARGET}.tar.gz")
    files = folder / "releases/download" / f"v{version}"
    files.parent.mkdir(parents=True)
    shutil.move(folder / "files", files)
    tool("sums", files)
    [digest] = [line.split()[0] for line in (files / "SHA256SUMS").read_text().splitlines() if archive.name in line]
    return {"CANDOR_REPOSITORY": folder.as_uri(), "CANDOR_VERSION": version, "CANDOR_SHA256": digest}


def write_stubs(folder, page, own):
    """Writes stubs of `apt-get`, which installs nothing, and of `npx`, which copies the site to `page` as the tool of a host would."""
    folder.mkdir(parents=True)
    stubs = {
        "apt-get": "exit 0\n",
        "npx": 'case "$*" in\n'
        f"'--yes wrangler@'*' pages deploy dist --project-name trust --branch main') [ \"$CLOUDFLARE_API_TOKEN\" = {CANARY} ] && [ -n \"$CLOUDFLARE_ACCOUNT_ID\" ] ;;\n"
        f"'--yes netlify-cli@'*' deploy --prod --no-build --dir dist --site site') [ \"$NETLIFY_AUTH_TOKEN\" = {CANARY} ] ;;\n"
        '*) echo "npx was called with: $*" >&2; exit 9 ;;\nesac || { echo "npx has no credentials" >&2; exit 8; }\n'
        f'rm -rf "{page}"/* && cp -R dist/. "{page}"\n',
    }
    for name, text in stubs.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}")
        (folder / name).chmod(0o755)
    if own:
        (folder / "candor").symlink_to(CANDOR)


class Project:
    """A project in a folder, with a CI recipe."""

    def __init__(self, name, ci, host, released):
        self.name, self.ci, self.host = name, ci, host
        self.folder = WORK / "projects" / name
        self.root, self.home, self.page = self.folder / "project", self.folder / "home", self.folder / "page"
        self.page.mkdir(parents=True)
        self.home.mkdir()
        write_stubs(self.folder / "bin", self.page, name == "own")
        self.path, self.temporary, self.staging = [], self.folder / "temporary", self.folder / "staging"
        self.temporary.mkdir()
        self.staging.mkdir()
        self.variables = {
            **released,
            "TRUST_DEST": self.page.as_uri(),
            "CLOUDFLARE_ACCOUNT_ID": "account",
            "CLOUDFLARE_PROJECT": "trust",
            "CLOUDFLARE_API_TOKEN": CANARY,
            "NETLIFY_SITE_ID": "site",
            "NETLIFY_AUTH_TOKEN": CANARY,
        }
        self.root.mkdir()
        self.candor("init", ".", "--name", "Quantum Toolset", *(() if name == "own" else ("--ci", ci, "--host", host)))
        if name == "own":
            recipe = ROOT / ".github/workflows/trust-center.yml"
            self.write("src/init/ci/publish.sh", (ROOT / "src/init/ci/publish.sh").read_text())
        else:
            files = {"github": ".github/workflows/trust-center.yml", "gitlab": ".gitlab-ci.yml", "azure": "azure-pipelines.yml"}
            recipe = self.root / files[ci]
        self.recipe = yaml.safe_load(recipe.read_text())
        self.edit("site.yaml", "https://trust.example.com", "https://trust.quantumtoolset.com")
        self.edit("site.yaml", "privacy@example.com", "privacy@quantumtoolset.com")
        self.edit("sections/10-about.md", "This page describes", "Here we describe")
        self.candor("release", "-m", "First release")
        self.candor("check", "--deny", "warnings")
        self.write("static/css/own.css", "a { color: green }\n")
        self.write("static/js/kept.js", "f()\n")
        self.git("init", "--quiet", "--initial-branch", "main")
        (self.root / ".git/info/exclude").write_text("/diff.md\n/preview/\n/public/\n/dist/\n/.candor-home/\n")
        self.main = None
        self.merge()

    def environment(self, more):
        return {
            "PATH": ":".join([*self.path, str(self.folder / "bin"), "/usr/bin", "/bin"]),
            "HOME": str(self.home),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            "GITHUB_PATH": str(self.folder / "github-path"),
            "RUNNER_TEMP": str(self.temporary),
            "BUILD_ARTIFACTSTAGINGDIRECTORY": str(self.staging),
            **more,
        }

    def candor(self, *arguments):
        done = subprocess.run([CANDOR, *arguments], cwd=self.root, capture_output=True, text=True)
        assert done.returncode == 0, (arguments, done)

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
        head = change if self.ci == "gitlab" else self.commit(self.main, change)
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
        """Runs the steps of an event. Returns their output, and the steps that failed."""
        jobs = list(READERS[self.ci](self, event, self.variables if variables is None else variables))
        assert any(jobs), f"{self.name}: no step runs on {event}"
        printed, failures = "", []
        provided = self.check_out_change() if event == "change" else {}
        for steps in jobs:
            failed, succeeded, self.path = False, set(), []
            (self.folder / "github-path").write_text("")
            for step in steps:
                if not step.runs(failed, succeeded):
                    continue
                if callable(step.command):
                    step.command()
                    continue
                done = subprocess.run(step.command, cwd=self.root, env=self.environment(provided | step.env), text=True, capture_output=True)
                printed += done.stdout + done.stderr
                assert CANARY not in printed, "a secret was printed"
                if done.returncode:
                    failed = True
                    failures.append(step.command[-1])
                elif step.key:
                    succeeded.add(step.key)
                succeeded.update(re.findall(r"##vso\[task\.setvariable variable=(\w+)\]yes", done.stdout))
                added = re.findall(r"##vso\[task\.prependpath\](.*)", done.stdout) + (self.folder / "github-path").read_text().split()
                self.path = sorted(set(self.path + added))
        return printed, failures

    def passes(self, event, variables=None):
        printed, failures = self.run(event, variables)
        assert not failures, f"{self.name}, {event}: `{failures}` failed:\n{printed}"
        if event == "merge":
            self.merge()
        return printed

    def fails(self, event, step, message):
        printed, failures = self.run(event)
        assert len(failures) == 1 and step in failures[0], f"{self.name}, {event}: only `{step}` should fail, not {failures}:\n{printed}"
        assert message in printed, printed

    def deploy_artifact(self):
        """What actions/deploy-pages does: it unpacks the artifact."""
        self.replace_page(lambda: tarfile.open(self.temporary / "artifact.tar").extractall(self.page, filter="data"))

    def deploy_public(self):
        """What GitLab does after the job `pages`."""
        self.replace_page(lambda: shutil.copytree(self.root / "public", self.page, dirs_exist_ok=True))

    def replace_page(self, write):
        shutil.rmtree(self.page)
        self.page.mkdir()
        write()

    def keep(self, name):
        """A copy of what is published now."""
        return shutil.copytree(self.page, self.folder / name)

    def put_back(self, kept):
        shutil.rmtree(self.page)
        shutil.copytree(kept, self.page)

    def published(self):
        return sorted(path.name for path in (self.page / "releases").glob("*.json"))

    def summary(self):
        files = [self.folder / "summary.md", self.staging / "diff.md", self.root / "diff.md"]
        return "".join(file.read_text() for file in files if file.exists())

    def forget(self):
        """Removes the summary and the preview of an earlier run."""
        for file in (self.folder / "summary.md", self.staging / "diff.md", self.root / "diff.md"):
            file.unlink(missing_ok=True)
        for place in (self.root, self.staging):
            shutil.rmtree(place / "preview", ignore_errors=True)

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
        project.forget()
        if released:
            project.passes("change")
        else:
            project.fails("change", "candor build --", "unreleased-changes")
        code = project.summary().split("**Code, compared with")[1]
        listed = re.findall(r"- `(.)` \*\*(\S+)\*\*", code.replace("\\", ""))
        assert sorted(listed) == [("+", "static/root/added.html"), ("~", "static/css/own.css")], code
        assert released or "nothing → draft" in project.summary(), project.summary()
        (project.root / "static/root/added.html").unlink()
    shutil.move(kept, releases)
    project.merge()

    # The change that adds the trust center to a repository: everything is new.
    project.main = project.git("commit-tree", project.git("mktree"), "-m", "Empty")
    project.forget()
    project.passes("change")
    assert "`+` **static/js/kept.js**" in project.summary().replace("\\", ""), project.summary()
    project.merge()


def walk(project):
    """Tests the life of a site: first publication, a change, a release, a forged record, rewritten history, an expiry."""
    name = project.name
    show_changed_code(project)
    assert "TRUST_URL is empty" in project.passes("change"), "a step is skipped without a notice"
    project.passes("merge")
    assert (project.page / "index.html").is_file() and (project.page / "404.html").is_file(), "the site was not published"
    first_site, first_releases = project.keep("first"), project.published()

    handler = functools.partial(Quiet, directory=str(project.page))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    project.variables["TRUST_URL"] = f"http://127.0.0.1:{server.server_port}"

    # A change without a release fails before it is merged, after reviewers have seen its summary and its preview.
    project.forget()
    project.edit("site.yaml", "title: ", "title: New ")
    project.fails("change", "candor build --", "unreleased-changes")
    assert "Code: the same as in" in project.summary() and "own.css" not in project.summary(), project.summary()
    assert project.preview(), "the preview is missing"
    printed, failures = project.run("merge")
    assert failures and "unreleased-changes" in printed and project.published() == first_releases
    project.candor("release", "-m", "A new title")
    project.forget()
    project.passes("change")
    assert re.search(r"→ draft: 1 change", project.summary()), "a release in the same pull request hides the change: " + project.summary()
    project.passes("merge")
    project.passes("schedule")

    # A fork has only the values in the recipe.
    fork = {key: value for key, value in project.variables.items() if key in LITERALS}
    assert "TRUST_URL is empty" not in project.passes("change", fork)
    if name != "own":
        for missing, message in [("CANDOR_REPOSITORY", "set it in the CI recipe"), ("CANDOR_VERSION", "set CANDOR_VERSION or CANDOR_REV in the CI recipe")]:
            printed, failures = project.run("change", fork | {missing: ""})
            assert failures and message in printed, f"{name}: the message does not name the missing setting:\n{printed}"

    # The site is put back to the state before its last release, as a whole: the daily run reports it, and publishes it again.
    second_site, second_releases = project.keep("second"), project.published()
    project.put_back(first_site)
    project.passes("change")
    project.fails("schedule", "--all-published", "history-rolled-back")
    assert project.published() == second_releases != first_releases
    project.passes("schedule")

    # Pages that are lost or out of date are published again every day.
    for lost in ("changelog/index.html", "404.html"):
        (project.page / lost).unlink()
    project.passes("schedule")
    assert (project.page / "changelog/index.html").is_file() and (project.page / "404.html").is_file()

    # A forged record at the site: the daily run reports it, and no run replaces it. A host that replaces the whole site gets nothing.
    [forged] = [file for file in (project.page / "releases").glob("2*.json") if b"A new title" in file.read_bytes()]
    text = forged.read_bytes()
    forged.write_bytes(text.replace(b"A new title", b"An old title"))
    for event in ("merge", "schedule"):
        printed, failures = project.run(event)
        assert failures and "history-rewritten" in printed, f"{name}, {event}: {failures}\n{printed}"
        assert b"An old title" in forged.read_bytes(), f"{name}: {event} published over a record that was changed"
    forged.write_bytes(text)
    project.passes("schedule")

    record = min((project.root / "content/releases").glob("*.json"), key=lambda file: file.stem)
    kept = record.read_bytes()
    assert b"First release" in kept
    record.write_bytes(kept.replace(b"First release", b"Other release"))
    project.fails("change", "check", "release-edited")
    record.write_bytes(kept)

    releases = project.root / "content/releases"
    kept = {file: file.read_bytes() for file in releases.iterdir() if file.is_file()}
    project.candor("release", "--replace", "-m", "A change that was never published")
    project.fails("change", "verify", "history-rewritten")
    for file, text in kept.items():
        file.write_bytes(text)

    # A certificate that expires soon fails the daily run, which publishes anyway, until it is acknowledged.
    today = datetime.datetime.now(datetime.timezone.utc).date()
    day = lambda days: today + datetime.timedelta(days=days)
    certifications = project.root / "content/data/certifications.yaml"
    certifications.write_text(f"- id: iso\n  framework: ISO 27001\n  issuer: Example\n  valid_until: {day(10)}\n")
    project.write("content/sections/50-certifications.md", "---\ntitle: Certifications\nshow: certifications\n---\n")
    project.candor("release", "-m", "Certified")
    project.passes("merge")
    (project.page / "404.html").unlink()
    project.fails("schedule", "candor check", "certification-expiring")
    assert (project.page / "404.html").is_file(), f"{name}: the daily run did not publish"
    with (project.root / "content/site.yaml").open("a") as site:
        site.write(f"acknowledged:\n  - {{code: certification-expiring, item: iso, until: {day(5)}, reason: The audit is next week}}\n")
    project.passes("schedule")
    server.shutdown()


def main():
    released = release(WORK / "candor-releases")
    assert "--take-over" in (ROOT / "src/init/ci/publish.sh").read_text(), "a killed run would block all others"
    walks = [("own", "github", "storage")]
    walks += [(f"{ci}-{host}", ci, host) for ci, hosts in HOSTS.items() for host in hosts]
    for name, ci, host in walks:
        walk(Project(name, ci, host, released))
        print(f"  {name}: all steps passed")


main()
