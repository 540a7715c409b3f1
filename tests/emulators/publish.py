"""Tests `candor publish` with emulated stores; each test case prints one PASS line."""

import gzip
import hashlib
import json
import re
import signal
import sys
import tempfile
import threading

from project import BASE_URL, TIMEOUT, Project, ended
from stores import S3, Azure

MANIFEST = ".candor/manifest.json"


def check(condition, *what):
    if not condition:
        raise AssertionError(" ".join(str(word) for word in what))


def succeeds(run):
    check(run.returncode == 0, f"exit code {run.returncode}\n{run.stdout}{run.stderr}")
    return run


def fails(run, *messages, code=2):
    check(run.returncode == code, f"exit code {run.returncode}, not {code}\n{run.stdout}{run.stderr}")
    for message in messages:
        check(message in run.stderr, f"`{message}` is not in the output:\n{run.stderr}")
    return run


def text(item):
    return (gzip.decompress(item["bytes"]) if item["encoding"] == "gzip" else item["bytes"]).decode()


def files(objects, prefix=""):
    return {path: item for path, item in objects.items() if not path.startswith(prefix + ".candor/")}


def check_pages(objects, prefix=""):
    """Checks that every asset that a page links exists."""
    pages = [path for path in objects if path.endswith(".html")]
    check(pages, "no page was published")
    for path in pages:
        for asset in re.findall(r"assets/[\w.-]+\.[0-9a-f]{8,}\.\w+", text(objects[path])):
            check(f"{prefix}{asset}" in objects, f"{path} links {asset}, which is missing")


class Cases:
    def __init__(self, store, project):
        self.store, self.project, self.count = store, project, 0

    def new_container(self):
        self.count += 1
        name = f"site-{self.count}"
        self.store.create(name)
        return name

    def sets_headers_of_every_file(self):
        name = self.new_container()
        succeeds(self.project.publish(self.store, name + "/trust"))
        objects = files(self.store.objects(name), "trust/")
        check(all(path.startswith("trust/") for path in objects), "a file is outside the prefix")
        check_pages(objects, "trust/")
        page = objects["trust/index.html"]
        check(page["type"] == "text/html; charset=utf-8" and page["encoding"] == "gzip", page["type"], page["encoding"])
        check("max-age" in page["cache"] and "immutable" not in page["cache"], page["cache"])
        sheets = [item for path, item in objects.items() if re.search(r"/assets/.*\.css$", path)]
        check(sheets and all("immutable" in sheet["cache"] for sheet in sheets), "style sheets must be immutable")
        feed = objects["trust/feed.xml"]
        check(feed["type"].startswith("application/atom+xml") and feed["encoding"] is None, feed["type"], feed["encoding"])
        index = json.loads(objects["trust/releases/index.json"]["bytes"])
        for release in index["releases"]:
            record = objects[f"trust/releases/{release['version']}.json"]
            check(hashlib.sha256(record["bytes"]).hexdigest() == release["sha256"], "the digest of a stored record does not match the index")

    def uploads_only_changed_files(self):
        name = self.new_container()
        succeeds(self.project.publish(self.store, name))
        self.store.proxy.reset()
        succeeds(self.project.publish(self.store, name))
        check(not [entry for entry in self.store.proxy.log if entry[0] in ("PUT", "POST", "DELETE")], "unchanged files were written")
        before = files(self.store.objects(name))
        self.project.release()
        self.store.proxy.reset()
        with tempfile.NamedTemporaryFile("r") as purge:
            succeeds(self.project.publish(self.store, name, "--purge-file", purge.name))
            purged = purge.read().splitlines()
        after = files(self.store.objects(name))
        changed = {path for path in after if path not in before or before[path]["bytes"] != after[path]["bytes"]}
        uploaded = self.store.proxy.puts()
        check(len(uploaded) == len(set(uploaded)) == len(changed), f"{sorted(uploaded)} were uploaded, {sorted(changed)} have changed")
        check(len(changed) < len(after), "all files have changed")
        check(f"{BASE_URL}/" in purged and f"{BASE_URL}/index.html" in purged and f"{BASE_URL}/feed.xml" in purged, purged)
        check(not any("/assets/" in address for address in purged), "immutable files must not be purged")

    def dry_run_writes_nothing(self):
        name = self.new_container()
        run = succeeds(self.project.publish(self.store, name, "--dry-run"))
        check("index.html" in run.stdout and "to upload" in run.stdout, run.stdout)
        check(not self.store.objects(name), "a dry run wrote something")

    def deletes_removed_files_but_not_foreign_ones(self):
        name = self.new_container()
        self.store.put(name, "foreign.txt", b"foreign")
        extra = self.project.folder / "static/papers"
        extra.mkdir(parents=True)
        (extra / "overview.txt").write_text("temporary")
        succeeds(self.project.publish(self.store, name))
        with_extra = files(self.store.objects(name))
        (extra / "overview.txt").unlink()
        succeeds(self.project.publish(self.store, name))
        gone = set(with_extra) - set(self.store.objects(name))
        check(all("overview" in path for path in gone), gone)
        check("foreign.txt" in self.store.objects(name), "a foreign file was deleted")

    def continues_after_a_killed_publish(self):
        name = self.new_container()
        succeeds(self.project.publish(self.store, name))
        self.project.restyle()
        for die_at in (1, 3, 6):
            reached, release = threading.Event(), threading.Event()
            count = [0]

            def rule(method, path, headers):
                if method == "PUT" and "/.candor/" not in path:
                    count[0] += 1
                    if count[0] >= die_at:
                        reached.set()
                        release.wait(TIMEOUT)
                        return 503
                return None

            self.store.proxy.reset(rule)
            process = self.project.publish(self.store, name, "--jobs", "1", wait=False)
            check(reached.wait(TIMEOUT), "the publish did not reach this request")
            process.send_signal(signal.SIGKILL)
            ended(process)
            release.set()
            check_pages(files(self.store.objects(name)))
            state = json.loads(self.store.objects(name)[MANIFEST]["bytes"])["state"]
            check("uploading" in state, state)
        self.store.proxy.reset()
        self.project.restyle()
        fails(self.project.publish(self.store, name), "another publish", "--take-over")
        check(not self.store.proxy.puts(), "a rejected publish wrote something")
        succeeds(self.project.publish(self.store, name, "--take-over"))
        check_pages(files(self.store.objects(name)))
        self.check_complete(name)

    def keeps_foreign_files_at_the_paths_of_a_killed_publish(self):
        name = self.new_container()
        succeeds(self.project.publish(self.store, name))
        self.project.restyle()
        reached, release = threading.Event(), threading.Event()

        def rule(method, path, headers):
            if method == "PUT" and path.split("?")[0].endswith(".html"):
                reached.set()
                release.wait(TIMEOUT)
                return 503

        self.store.proxy.reset(rule)
        process = self.project.publish(self.store, name, "--jobs", "1", wait=False)
        check(reached.wait(TIMEOUT), "the publish did not reach this request")
        process.kill()
        ended(process)
        release.set()
        pending = json.loads(self.store.objects(name)[MANIFEST]["bytes"])["pending"]
        check("index.html" in pending and len(pending["index.html"]) == 2, pending)
        self.store.put(name, "index.html", b"of another team")
        self.store.proxy.reset()
        self.project.restyle()
        fails(self.project.publish(self.store, name, "--take-over"), "index.html", "was not written by candor", "--adopt")
        check(not self.store.proxy.puts(), "a rejected publish wrote something")
        check(self.store.objects(name)["index.html"]["bytes"] == b"of another team", "a foreign file was overwritten")
        succeeds(self.project.publish(self.store, name, "--take-over", "--adopt"))
        self.check_complete(name)

    def same_files_need_no_take_over(self):
        name = self.new_container()
        reached, release = threading.Event(), threading.Event()

        def rule(method, path, headers):
            if method == "PUT" and path.split("?")[0].endswith("/index.html"):
                reached.set()
                release.wait(TIMEOUT)
                return 503

        self.store.proxy.reset(rule)
        process = self.project.publish(self.store, name, wait=False)
        check(reached.wait(TIMEOUT), "the publish did not reach this request")
        process.kill()
        ended(process)
        release.set()
        sent = len(self.store.proxy.puts())
        check(sent > 0, "no file was uploaded before the kill")
        self.store.proxy.reset()
        succeeds(self.project.publish(self.store, name))
        total = len(files(self.store.objects(name)))
        check(len(self.store.proxy.puts()) < total, "files that had arrived were uploaded again")
        self.check_complete(name)

    def an_interrupted_publish_releases_its_claim(self):
        name = self.new_container()
        reached, release = threading.Event(), threading.Event()

        def rule(method, path, headers):
            if method == "PUT" and "/.candor/" not in path:
                reached.set()
                release.wait(TIMEOUT)

        self.store.proxy.reset(rule)
        process = self.project.publish(self.store, name, "--jobs", "1", wait=False)
        check(reached.wait(TIMEOUT), "the publish did not reach this request")
        process.send_signal(signal.SIGTERM)
        release.set()
        fails(ended(process), "interrupted before all files were published")
        self.store.proxy.reset()
        self.project.restyle()
        succeeds(self.project.publish(self.store, name))
        self.check_complete(name)

    def one_of_two_concurrent_publishes_fails(self):
        name = self.new_container()
        succeeds(self.project.publish(self.store, name))
        both = threading.Barrier(2)
        claims = []

        def rule(method, path, headers):
            if method == "PUT" and "/.candor/" in path and len(claims) < 2:
                claims.append(path)
                both.wait(TIMEOUT)

        with tempfile.TemporaryDirectory() as folder:
            other = Project(folder + "/other")
            # The same history, but a different style sheet.
            other.copy_of(self.project)
            self.project.restyle()
            other.restyle()
            self.store.proxy.reset(rule)
            runs = [p.publish(self.store, name, wait=False) for p in (self.project, other)]
            results = sorted((ended(run) for run in runs), key=lambda run: run.returncode)
        check([run.returncode for run in results] == [0, 2], [(run.returncode, run.stderr) for run in results])
        fails(results[1], "another publish")
        self.store.proxy.reset()
        objects = files(self.store.objects(name))
        check_pages(objects)
        sheets = {tuple(re.findall(r"assets/[\w.-]+\.css", text(item))) for path, item in objects.items() if path.endswith(".html")}
        check(len(sheets) == 1, f"pages of two publishes are mixed: {sheets}")

    def retries_after_temporary_errors(self):
        name = self.new_container()
        count = [0]

        def rule(method, path, headers):
            count[0] += 1
            return {1: 429, 3: 500, 5: 503}.get(count[0] % 7)

        self.store.proxy.reset(rule)
        succeeds(self.project.publish(self.store, name))
        statuses = {status for _, _, status in self.store.proxy.log}
        check({429, 500, 503} <= statuses, f"the proxy answered {statuses}")
        self.check_complete(name)
        check_pages(files(self.store.objects(name)))

    def a_lost_response_is_not_a_conflict(self):
        name = self.new_container()
        lost = [0]

        def rule(method, path, headers):
            if method == "PUT" and "/.candor/" in path:
                lost[0] += 1
                if lost[0] % 2:
                    return ("lost", 500)

        self.store.proxy.reset(rule)
        succeeds(self.project.publish(self.store, name))
        check(lost[0] >= 4, "the manifest was not written often enough")
        self.check_complete(name)

    def a_lost_response_to_a_file_is_not_a_foreign_file(self):
        name = self.new_container()
        for _ in range(2):  # new files, then replaced ones
            answered = set()

            def rule(method, path, headers):
                if method == "PUT" and path not in answered:
                    answered.add(path)
                    return ("lost", 500)

            self.project.restyle()
            self.store.proxy.reset(rule)
            succeeds(self.project.publish(self.store, name))
            check(len(answered) > 10, f"only {len(answered)} responses were lost")
            self.check_complete(name)

    def keeps_files_that_others_write_during_a_publish(self):
        name = self.new_container()
        for is_new in (True, False):
            for target in ("index.html", "feed.xml"):
                written = []

                def rule(method, path, headers):
                    if method == "PUT" and path.split("?")[0].endswith("/" + target) and not written:
                        written.append(path)
                        self.store.put(name, target, b"of another team")

                if is_new:
                    name = self.new_container()
                else:
                    self.store.proxy.reset()
                    succeeds(self.project.publish(self.store, name, "--adopt"))
                    self.project.release()
                self.store.proxy.reset(rule)
                message = "was not written by candor" if is_new else "was changed since candor wrote it"
                fails(self.project.publish(self.store, name), target, message, "--adopt")
                check(written, "the file was not written during the publish")
                check(self.store.objects(name)[target]["bytes"] == b"of another team", f"{target} was overwritten")
                self.store.proxy.reset()
                fails(self.project.publish(self.store, name), target, "was not written by candor")
                check(self.store.objects(name)[target]["bytes"] == b"of another team", f"{target} was overwritten")
                succeeds(self.project.publish(self.store, name, "--adopt"))
                self.check_complete(name)

    def refuses_stores_without_conditional_writes(self):
        conditions = {"if-match", "if-none-match"}

        def not_implemented(method, path, headers):
            if method == "PUT" and conditions & {header.lower() for header in headers}:
                return 501

        def drops(method, path, headers):
            return ("without", conditions)

        rules = [(not_implemented, "it answers 501 Not Implemented")]
        if self.store.drops_headers:
            rules.append((drops, "it ignores `If-None-Match`"))
        for rule, message in rules:
            name = self.new_container()
            self.store.proxy.reset(rule)
            fails(self.project.publish(self.store, name), "does not support conditional writes", message, "--no-lock", "guarantee")
            check(not self.store.objects(name), "objects are left behind")
            if rule is not_implemented:
                statuses = [status for _, _, status in self.store.proxy.log]
                check(statuses.count(501) == 1, "a request that is not implemented was repeated", statuses)
            self.store.proxy.reset(rule)
            succeeds(self.project.publish(self.store, name, "--no-lock"))
            self.store.put(name, "feed.xml", b"of another team")
            self.store.proxy.reset(rule)
            self.project.release()
            fails(self.project.publish(self.store, name, "--no-lock"), "feed.xml", "was changed since candor wrote it")
            succeeds(self.project.publish(self.store, name, "--no-lock", "--adopt"))
            self.check_complete(name)

    def rejects_rewritten_history(self):
        name = self.new_container()
        self.project.release()
        succeeds(self.project.publish(self.store, name))
        before = self.store.objects(name)
        version = self.project.rewrite()
        self.store.proxy.reset()
        fails(self.project.publish(self.store, name), version, "history-rewritten", code=1)
        check(self.store.objects(name) == before, "a rejected publish wrote something")

    def rejects_unreleased_changes(self):
        name = self.new_container()
        self.project.add_statement()
        check(self.project.publish(self.store, name).returncode == 1, "unreleased changes were published")
        check(not self.store.objects(name), "unreleased changes were published")
        self.project.release()

    def rejects_placeholders(self):
        name = self.new_container()
        fails(self.project.publish(self.store, name, refused=True), "placeholder-base-url", "--allow-placeholders", code=1)
        check(not self.store.objects(name), "an example address was published")
        run = succeeds(self.project.publish(self.store, name, "--dry-run", refused=True))
        check("placeholder-base-url" in run.stderr, "a dry run does not warn of placeholders")

    def reports_a_missing_container(self):
        fails(self.project.publish(self.store, "no-such-place"), "no-such-place", "does not exist")

    def reports_wrong_credentials_without_printing_them(self):
        name = self.new_container()
        succeeds(self.project.publish(self.store, name))
        self.project.restyle()
        environment, secret = self.store.wrong_credentials()
        run = fails(self.project.publish(self.store, name, environment=environment), "rejected the credentials")
        verbose = self.project.publish(self.store, name, "-vv", environment=environment)
        check(secret not in run.stdout + run.stderr + verbose.stdout + verbose.stderr, "a secret was printed")

    def check_complete(self, name):
        """Checks that the manifest is complete and describes every stored file exactly."""
        self.store.proxy.reset()
        objects = self.store.objects(name)
        manifest = json.loads(objects[MANIFEST]["bytes"])
        check(manifest["state"] == "complete", manifest["state"])
        stored = {path: hashlib.sha256(item["bytes"]).hexdigest() for path, item in files(objects).items()}
        listed = {path: entry["sha256"] for path, entry in manifest["files"].items()}
        check(stored == listed, "the manifest and the store differ:", set(stored.items()) ^ set(listed.items()))


CASES = [
    Cases.sets_headers_of_every_file,
    Cases.uploads_only_changed_files,
    Cases.dry_run_writes_nothing,
    Cases.deletes_removed_files_but_not_foreign_ones,
    Cases.continues_after_a_killed_publish,
    Cases.keeps_foreign_files_at_the_paths_of_a_killed_publish,
    Cases.same_files_need_no_take_over,
    Cases.an_interrupted_publish_releases_its_claim,
    Cases.one_of_two_concurrent_publishes_fails,
    Cases.retries_after_temporary_errors,
    Cases.a_lost_response_is_not_a_conflict,
    Cases.a_lost_response_to_a_file_is_not_a_foreign_file,
    Cases.keeps_files_that_others_write_during_a_publish,
    Cases.refuses_stores_without_conditional_writes,
    Cases.rejects_rewritten_history,
    Cases.rejects_unreleased_changes,
    Cases.rejects_placeholders,
    Cases.reports_a_missing_container,
    Cases.reports_wrong_credentials_without_printing_them,  # last, because moto checks signatures from then on
]


def main():
    failed = 0
    for make in (S3, Azure):
        store = make()
        try:
            with tempfile.TemporaryDirectory() as folder:
                cases = Cases(store, Project(folder + "/project"))
                for case in CASES:
                    store.proxy.reset()
                    title = case.__name__.replace("_", " ")
                    try:
                        case(cases)
                        print(f"PASS  {store.name}: {title}", flush=True)
                    except Exception as error:  # report it and continue with the next case
                        failed += 1
                        print(f"FAIL  {store.name}: {title}\n      {type(error).__name__}: {error}", flush=True)
        finally:
            store.process.kill()
            store.process.wait()
    if failed:
        sys.exit(f"{failed} test cases failed")


if __name__ == "__main__":
    main()
