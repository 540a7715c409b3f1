"""A project to publish: the repository's own content, in a folder of its own."""

import os
import pathlib
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
CANDOR = os.environ["CANDOR"]
BASE_URL = "https://trust.example"


class Project:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        shutil.copytree(ROOT / "content", self.folder / "content")
        self.colours = iter(f"#{n:02x}4060" for n in range(0x20, 0xA0))
        self.releases = 0

    def copy_of(self, other):
        shutil.rmtree(self.folder)
        shutil.copytree(other.folder, self.folder)

    def restyle(self):
        """Another accent colour: every page and the style sheet change, and no statement does."""
        site = self.folder / "content/site.yaml"
        text = re.sub(r"(?m)^theme:\n(?:[ ]+.*\n?)+", "", site.read_text())
        site.write_text(f'{text.rstrip()}\ntheme:\n  accent: "{next(self.colours)}"\n')

    def state(self):
        """One more statement, not yet released."""
        self.releases += 1
        section = self.folder / "content/sections/90-more.md"
        section.write_text(f"---\ntitle: More\n---\n\nStatement number {self.releases}.\n")

    def release(self):
        self.state()
        run = subprocess.run(
            [CANDOR, "--root", self.folder, "release", "-m", f"Statement {self.releases}."], capture_output=True, text=True
        )
        assert run.returncode == 0, run.stderr

    def rewrite(self):
        """History as a careless person would rewrite it: the newest release is thrown away and made again."""
        releases = self.folder / "content/releases"
        newest = max(releases.glob("*-*.json"))
        newest.unlink()
        sums = releases / "SHA256SUMS"
        if sums.exists():
            kept = [line for line in sums.read_text().splitlines(True) if newest.name not in line]
            sums.write_text("".join(kept))
        self.release()
        return newest.stem

    def publish(self, store, name, *options, environment=None, wait=True):
        command = [
            CANDOR, "--root", str(self.folder), "publish", store.destination(name), "--endpoint", store.endpoint,
            "--base-url", BASE_URL, *options,
        ]
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "AZURE_", "GOOGLE_"))}
        process = subprocess.Popen(
            command, env={**clean, **(environment or store.environment)},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        return ended(process) if wait else process


def ended(process):
    out, err = process.communicate(timeout=300)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)
