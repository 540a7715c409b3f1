"""Sends the notice of a release to 500 recipients through aiosmtpd, and kills the program twice; then posts notices to a listener."""

import email
import email.policy
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import re
import signal
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.parse

import yaml
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

CANDOR = os.environ["CANDOR"]
ROOT = pathlib.Path(__file__).resolve().parents[2]
USER, PASSWORD = "trust@acme", "p/a:s?s"
SMTP_SECRET = "trust%40acme:p%2Fa%3As%3Fs"
WEBHOOK_SECRET = "whsec_0123456789abcdef"
RECIPIENTS = 500
# Far longer than any run takes, even on a busy machine, in seconds.
TIMEOUT = 600

SITE = """title: Trust
organization:
  name: Acme
contacts:
  privacy: privacy@acme.test
notice:
  days: 30
  objection_days: 14
subscribe:
  list_unsubscribe: https://acme.test/unsubscribe
"""
PROVIDER = """- id: {id}
  name: {name}
  purpose: Sends mail.
  data_categories: [Email address]
  locations: [DE]
  announced: 2026-05-22
  effective: 2026-07-01
"""


class Project:
    def __init__(self, folder):
        self.folder = folder
        self.write("content/site.yaml", SITE)
        self.providers = ""
        self.add("first", "First Mail")
        self.release("2026-05-01", "First.")

    def write(self, path, text):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def add(self, id, name):
        self.providers += PROVIDER.format(id=id, name=name)
        self.write("content/data/subprocessors.yaml", self.providers)

    def command(self, *args, date="2026-05-22"):
        return [CANDOR, "--root", str(self.folder), "--as-of", date, *map(str, args)]

    def run(self, *args, env=None, date="2026-05-22"):
        return subprocess.run(self.command(*args, date=date), capture_output=True, text=True, env={**os.environ, **(env or {})}, timeout=TIMEOUT)

    def release(self, date, summary):
        run = self.run("release", "-m", summary, date=date)
        assert run.returncode == 0, run.stderr


class Mailbox:
    """Counts the messages of each recipient."""

    def __init__(self):
        self.messages, self.was_secure = [], True

    def of(self, address):
        return [message for to, message in self.messages if to == address]

    def addresses(self):
        return [to for to, _ in self.messages]

    async def handle_DATA(self, server, session, envelope):
        self.was_secure = self.was_secure and session.ssl is not None and session.authenticated
        for to in envelope.rcpt_tos:
            self.messages.append((to, envelope.content))
        return "250 2.0.0 queued"


class Server(Controller):
    def __init__(self, mailbox, context):
        self.tls = context
        super().__init__(mailbox, hostname="127.0.0.1", port=0)

    def factory(self):
        def authenticate(server, session, envelope, mechanism, data):
            return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)

        return SMTP(self.handler, tls_context=self.tls, require_starttls=True, auth_required=True, authenticator=authenticate, hostname="localhost")

    def _trigger_server(self):
        # The base class connects to the configured port, which is 0 here.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def wait_until(condition):
    end = time.monotonic() + TIMEOUT
    while not condition():
        assert time.monotonic() < end, "nothing happens"
        time.sleep(0.01)


def certificate(folder):
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE",
         "-keyout", str(key), "-out", str(cert)], check=True, capture_output=True)
    return key, cert


def test_mail(project, folder):
    key, cert = certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    mailbox = Mailbox()
    server = Server(mailbox, context)
    server.start()
    rows = [f"user{n}@customer{n % 7}.test,User {n}" for n in range(RECIPIENTS)]
    addresses = [row.split(",")[0] for row in rows]
    recipients = folder / "recipients.csv"
    recipients.write_text("email,name\n" + "\n".join(rows) + "\n")
    send = ("notice", "--send", "--recipients", recipients, "--ca-file", cert, "--allow-placeholders", "--retry-wait", "0")
    env = {**os.environ, "SMTP_URL": f"smtp://{SMTP_SECRET}@localhost:{server.port}"}

    trial = project.run(*send, env=env)
    assert trial.returncode == 0 and "dry run" in trial.stdout and not mailbox.messages, trial
    for change, expected in [({"SMTP_URL": env["SMTP_URL"].replace("p%2Fa", "wrong")}, "535"), ({"SMTP_URL": ""}, "SMTP_URL is not set")]:
        refused = project.run(*send, "--yes", env=change)
        assert refused.returncode == 2 and expected in refused.stderr and "p/a" not in refused.stderr, refused
    untrusted = project.run(*[part for part in send if part not in ("--ca-file", cert)], "--yes", env=env)
    assert untrusted.returncode == 2 and "--ca-file" in untrusted.stderr, untrusted
    assert not mailbox.messages

    for count in (RECIPIENTS // 5, RECIPIENTS // 2):
        process = subprocess.Popen(project.command(*send, "--yes"), env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: len(mailbox.messages) >= count or process.poll() is not None)
        assert process.poll() is None, "the program ended before it was killed"
        process.send_signal(signal.SIGKILL)
        process.wait()
    last = project.run(*send, "--yes", env=env)
    received = mailbox.addresses()
    assert len(set(received)) == len(received), "a recipient got two messages"
    uncertain = re.findall(r":\d+: (\S+@\S+?):", last.stderr)
    assert len(uncertain) <= 2 and last.returncode == (1 if uncertain else 0), last
    assert set(received) | set(uncertain) == set(addresses), "a recipient was lost"
    again = project.run(*send, "--yes", env=env)
    assert mailbox.addresses() == received and all(one in again.stderr for one in uncertain), again
    resent = project.run(*send, "--yes", "--resend-uncertain", env=env)
    assert resent.returncode == 0 and set(mailbox.addresses()) == set(addresses), resent
    assert len(mailbox.messages) <= RECIPIENTS + len(uncertain)
    assert mailbox.was_secure, "a message came without TLS or login"
    print(f"mail: {RECIPIENTS} recipients, killed twice, {len(uncertain)} uncertain, none got two messages")

    ids = set()
    for to, content in mailbox.messages:
        message = email.message_from_bytes(content, policy=email.policy.default)
        assert not message.defects and [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
        assert to in message["To"] and message["From"] == "Acme <privacy@acme.test>" and message["Date"].datetime
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "Second Mail" in message.get_body(("plain",)).get_content()
        assert "Second Mail" in message.get_body(("html",)).get_content()
        ids.add(message["Message-ID"])
    assert len(ids) == RECIPIENTS, "each recipient has a Message-ID, and it is stable"

    notices = project.folder / "content/notices"
    text = "".join(file.read_text() for file in notices.iterdir())
    total = sum(int(number) for number in re.findall(r"recipients: (\d+)", text))
    assert RECIPIENTS - 2 <= total <= RECIPIENTS + 2 and "@" not in text, text
    server.stop()


class Listener(http.server.ThreadingHTTPServer):
    """Takes webhooks, and the requests about releases of GitLab."""

    def __init__(self):
        self.received, self.tags = [], []
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/hook":
            self.server.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
            return self.answer(204, b"")
        self.server.tags.append(urllib.parse.parse_qs(body.decode())["tag_name"][0])
        self.answer(201, b"{}")

    def do_GET(self):
        self.answer(200, json.dumps([{"tag_name": tag} for tag in self.server.tags], separators=(",", ":")).encode())

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_webhook(project):
    listener = Listener()
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    env = {"CANDOR_WEBHOOK_SECRET": WEBHOOK_SECRET}
    post = ("notice", "--webhook", f"http://127.0.0.1:{listener.server_port}/hook", "--allow-placeholders")
    run = project.run(*post, env=env)
    assert run.returncode == 0 and len(listener.received) == 1, run
    headers, body = listener.received[0]
    seconds, signature = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", headers["candor-signature"]).groups()
    expected = hmac.new(WEBHOOK_SECRET.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(signature, expected)
    json.loads(body)
    record = (project.folder / "content/releases/2026-05-22.json").read_bytes()
    assert headers["idempotency-key"] == f"2026-05-22-{hashlib.sha256(record).hexdigest()}", headers

    project.write("content/sections/10-more.md", "---\ntitle: More\n---\n\nNothing that concerns customers.\n")
    project.release("2026-05-23", "A section.")
    for arguments in [post, ("notice", "--send", "--recipients", project.folder.parent / "recipients.csv", "--yes", "--allow-placeholders")]:
        quiet = project.run(*arguments, env=env, date="2026-05-23")
        assert quiet.returncode == 0 and len(listener.received) == 1 and len(quiet.stdout.splitlines()) == 1, quiet
    test_recipes(project, listener)
    listener.shutdown()
    print("webhook: one request for the release with changes to announce, none for the other")


# Replaces the command line of GitHub, which needs an account.
GH = """#!/bin/sh
case "$1 $2" in
  "release list") cat "$GH_TAGS" ;;
  "release create") echo "$3" >> "$GH_TAGS" ;;
esac
"""


def test_recipes(project, listener):
    """Runs the jobs `announce` of the recipes after each of several pushes, and twice after each."""
    def job(ci, file):
        folder = project.folder.parent / ci
        subprocess.run([CANDOR, "init", folder, "--ci", ci], check=True, capture_output=True, timeout=TIMEOUT)
        lines = re.search(r"(?m)^# *announce:\n(# .*\n)+", (folder / file).read_text())[0].splitlines()
        return yaml.safe_load("\n".join(line[2:] for line in lines))["announce"]

    github = job("github", ".github/workflows/trust-center.yml")["steps"][-1]["run"]
    gitlab = "\n".join(job("gitlab", ".gitlab-ci.yml")["script"])
    tools = project.folder.parent / "tools"
    tools.mkdir()
    (tools / "gh").write_text(GH)
    (tools / "gh").chmod(0o755)
    # Placeholders are refused in a real run; this project has some.
    (tools / "candor").write_text(f'#!/bin/sh\nexec "{CANDOR}" --as-of 2026-06-30 "$@" --allow-placeholders\n')
    (tools / "candor").chmod(0o755)
    tags = tools / "tags"
    tags.write_text("")
    url = f"http://127.0.0.1:{listener.server_port}"
    env = {
        **os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "GH_TAGS": str(tags), "GITHUB_SHA": "0" * 40, "TRUST_URL": "https://trust.acme.test",
        "WEBHOOK_URL": f"{url}/hook", "CANDOR_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "CI_API_V4_URL": url, "CI_PROJECT_ID": "1", "CI_JOB_TOKEN": "token", "CI_COMMIT_SHA": "0" * 40,
    }

    def push():
        """Returns the versions of the notices that each system sent."""
        sent = []
        for script in (github, gitlab):
            for _ in range(2):
                before = len(listener.received)
                run = subprocess.run(["bash", "-e", "-c", script], cwd=project.folder, env=env, capture_output=True, text=True, timeout=TIMEOUT)
                assert run.returncode == 0, run
                sent.append([headers["idempotency-key"][:10] for headers, _ in listener.received[before:]])
        assert sent[1] == [] and sent[3] == [], f"a second run sends nothing: {sent}"
        assert sent[0] == sent[2], sent
        return sent[0]

    assert push() == [], "the newest release has nothing to announce, and the earlier ones are past"
    project.add("third", "Third Mail")
    project.release("2026-05-24", "We will use Third Mail.")
    assert push() == ["2026-05-24"]
    project.add("fourth", "Fourth Mail")
    project.release("2026-05-25", "We will use Fourth Mail.")
    project.write("content/sections/10-more.md", "---\ntitle: More\n---\n\nStill nothing.\n")
    project.release("2026-05-26", "A section.")
    project.add("fifth", "Fifth Mail")
    project.release("2026-05-27", "We will use Fifth Mail.")
    assert push() == ["2026-05-25", "2026-05-27"]
    assert tags.read_text().split() == listener.tags == [f"trust-2026-05-{day}" for day in (23, 24, 25, 26, 27)]
    print("recipes: one request for each release with changes to announce, none for others, none in a second run")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "project").mkdir()
        project = Project(folder / "project")
        project.add("second", "Second Mail")
        project.release("2026-05-22", "We will use Second Mail.")
        test_mail(project, folder)
        test_webhook(project)


main()
