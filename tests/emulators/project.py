"""A project to publish: a copy of the repository's own content."""

import os
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
CANDOR = os.environ["CANDOR"]
BASE_URL = "https://trust.example"
# Far longer than any run takes, even on a busy machine, in seconds.
TIMEOUT = 900


class Project:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        shutil.copytree(ROOT / "content", self.folder / "content")
        self.styles = self.releases = 0

    def copy_of(self, other):
        shutil.rmtree(self.folder)
        shutil.copytree(other.folder, self.folder)
        self.styles = other.styles + 100

    def restyle(self):
        """Changes the style sheet: its name changes, and with it every page, but not the content."""
        self.styles += 1
        sheet = self.folder / "static/css/candor.css"
        sheet.parent.mkdir(parents=True, exist_ok=True)
        sheet.write_text((ROOT / "static/css/candor.css").read_text() + f"\n.style-{self.styles} {{ color: inherit }}\n")

    def add_statement(self):
        """Adds a statement without releasing it."""
        self.releases += 1
        section = self.folder / "content/sections/90-more.md"
        section.write_text(f"---\ntitle: More\n---\n\nStatement number {self.releases}.\n")

    def release(self, *options):
        self.add_statement()
        options = options or ("-m", f"Statement {self.releases}.")
        command = [CANDOR, "--root", self.folder, "release", *options]
        run = subprocess.run(command, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr

    def rewrite(self):
        """Recreates the newest release, although it was published, and returns its version."""
        self.release("--replace")
        return max(path.stem for path in (self.folder / "content/releases").glob("*-*.json"))

    def publish(self, store, name, *options, environment=None, wait=True, refused=False):
        """Publishes the project, whose address is an example. With `refused`, without the option that permits it."""
        command = [
            CANDOR, "--root", str(self.folder), "publish", store.destination(name), "--endpoint", store.endpoint,
            "--base-url", BASE_URL, *(() if refused else ("--allow-placeholders",)), *options,
        ]
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "AZURE_", "GOOGLE_"))}
        process = subprocess.Popen(
            command, env={**clean, **(environment or store.environment)},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        return ended(process) if wait else process


def ended(process):
    out, err = process.communicate(timeout=TIMEOUT)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)
