"""Serves a built site with nginx and the configuration in docs/publishing.md, and checks the responses."""

import gzip
import hashlib
import http.client
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODULE = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so"
# Far longer than any step takes, even on a busy machine, in seconds.
TIMEOUT = 600
PORTS = 5


def check(condition, *what):
    if not condition:
        sys.exit("FAIL  nginx: " + " ".join(str(word) for word in what))


def build(folder):
    subprocess.run([os.environ["CANDOR"], "--root", ROOT, "build", "--out", folder], check=True, stdout=subprocess.DEVNULL)


def configuration(folder, dist, port):
    """Returns the configuration from the documentation, on loopback and without TLS."""
    block = re.search(r"```nginx\n(.*?)```", (ROOT / "docs/publishing.md").read_text(), re.S)[1]
    block = block.replace("listen 443 ssl", f"listen 127.0.0.1:{port}").replace("/srv/trust/dist", str(dist))
    block = re.sub(r"(?m)^ *ssl_certificate.*\n", "", block)
    user = "user root;" if os.getuid() == 0 else ""
    return f"""load_module {MODULE}; {user} daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{}}
http {{ include /etc/nginx/mime.types; access_log off;
client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
{block} }}
"""


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        dist = folder / "dist"
        build(dist)
        # The content may not have a security contact, and then there is no security.txt. Test that its folder is served anyway.
        contact = dist / ".well-known/security.txt"
        if not contact.exists():
            contact.parent.mkdir()
            contact.write_text("Contact: mailto:security@example.org\n")
        server, port = start(folder, dist)
        try:
            check_responses(dist, port)
        finally:
            server.terminate()
            server.wait()


def start(folder, dist):
    """Starts nginx on a free port. Tries several, because another program may take a port before nginx binds it."""
    for _ in range(PORTS):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        (folder / "nginx.conf").write_text(configuration(folder, dist, port))
        server = subprocess.Popen(["nginx", "-p", str(folder), "-c", folder / "nginx.conf"])
        deadline = time.monotonic() + TIMEOUT
        while server.poll() is None and time.monotonic() < deadline:
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", port)) == 0:
                    return server, port
            time.sleep(0.05)
        server.kill()
        server.wait()
    check(False, "the server did not start")


def check_responses(dist, port):
    def get(path, encoding="identity", **headers):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        connection.request("GET", path, headers={"Accept-Encoding": encoding, **headers})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response, body

    plain, body = get("/")
    check(plain.status == 200 and body == (dist / "index.html").read_bytes(), "the front page differs from the file")
    print("PASS  nginx: a client without compression gets the file")

    for token, ending in (("br", "br"), ("gzip", "gz")):
        packed, body = get("/", token)
        check(packed.getheader("Content-Encoding") == token, f"expected {token}, got", packed.getheader("Content-Encoding"))
        check(body == (dist / f"index.html.{ending}").read_bytes(), f"the {token} response differs from the copy that candor wrote")
        check(packed.getheader("Content-Type") == "text/html; charset=utf-8", packed.getheader("Content-Type"))
        check("Accept-Encoding" in (packed.getheader("Vary") or ""), "Vary does not list Accept-Encoding")
        print(f"PASS  nginx: the {token} copy is served unchanged")
    check(gzip.decompress(get("/", "gzip")[1]) == (dist / "index.html").read_bytes(), "the gzip copy does not decode to the page")

    again, _ = get("/", **{"If-None-Match": plain.getheader("ETag")})
    check(again.status == 304, "an unchanged page was sent again")
    print("PASS  nginx: unchanged pages answer 304")

    sheet = next(path for path in (dist / "assets").rglob("*.css"))
    response, _ = get("/" + str(sheet.relative_to(dist)))
    check(response.getheader("Cache-Control") == "public, max-age=31536000, immutable", response.getheader("Cache-Control"))
    check("max-age=300" in plain.getheader("Cache-Control"), plain.getheader("Cache-Control"))
    print("PASS  nginx: assets are immutable, pages are revalidated")

    listed = dict(re.findall(r"(?m)^  ([\w-]+): (.*)$", (dist / "_headers").read_text().split("\n/assets/*")[0]))
    check("Content-Security-Policy" in listed, "_headers lacks the policy")
    missing, body = get("/no/such/page")
    for name, value in listed.items():
        for response in (plain, missing):
            check(response.getheader(name) == value, f"{name} is `{response.getheader(name)}`, but `_headers` has `{value}`")
    print("PASS  nginx: the documented configuration sets the headers of _headers")

    check(missing.status == 404 and body == (dist / "404.html").read_bytes(), "a missing page must get 404.html with status 404")
    for hidden in ("/.candor", "/_headers", "/_redirects", "/redirects.nginx.conf"):
        check(get(hidden)[0].status == 404, f"{hidden} is served")
    print("PASS  nginx: missing and hidden files are 404")

    aliases = dict(line.split()[:2] for line in (dist / "_redirects").read_text().splitlines())
    check(2 * len(aliases) >= 10, "fewer than ten addresses:", aliases)
    for alias, target in aliases.items():
        address = f"http://127.0.0.1:{port}"
        for path in (alias, f"{alias}/"):
            command = ["curl", "-sSL", "--max-time", str(TIMEOUT), "-o", os.devnull, "-w", "%{http_code} %{num_redirects} %{url_effective}", address + path]
            end = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            # Some versions of curl print the anchor.
            check(end.split("#")[0] == f"200 1 {address}{target}".split("#")[0], path, "ends at", end)
    print(f"PASS  nginx: {len(aliases)} aliases lead to their targets")

    pages = [page.parent.relative_to(dist).as_posix() for page in dist.rglob("index.html") if page.parent != dist]
    pages = [page for page in pages if f"/{page}" not in aliases]
    check(any(page.startswith("releases/") for page in pages) and "subprocessors" in pages, pages)
    for page in pages:
        response, _ = get(f"/{page}?a=b")
        check(response.status == 301 and response.getheader("Location") == f"/{page}/?a=b", page, response.status, response.getheader("Location"))
        response, body = get(f"/{page}/")
        check(response.status == 200 and body == (dist / page / "index.html").read_bytes(), page, response.status)
    folder, body = get("/assets/")
    check(folder.status == 404 and body == (dist / "404.html").read_bytes(), "a folder without a page must get 404.html, not", folder.status)
    print("PASS  nginx: the address of a page without its slash leads to the one with it")

    kept = dist / "releases/files" / ("0" * 64)
    kept.mkdir(parents=True)
    for name, media_type in (("a.pdf", "application/pdf"), ("a.svg", "image/svg+xml; charset=utf-8"), ("a.csv", "text/csv; charset=utf-8"),
                             ("a.vsdx", "application/vnd.visio"), ("feed.xml", "application/octet-stream"),
                             ("a.html", "application/octet-stream"), ("a.xhtml", "application/octet-stream"), ("a.js", "application/octet-stream")):
        (kept / name).write_text("text")
        response, _ = get(f"/{(kept / name).relative_to(dist).as_posix()}")
        check(response.status == 200 and response.getheader("Content-Type") == media_type, name, response.getheader("Content-Type"))
        check("immutable" not in response.getheader("Cache-Control"), name, response.getheader("Cache-Control"))
    print("PASS  nginx: files of releases have their media types, and browsers run none of them")

    record = max(path for path in (dist / "releases").glob("*-*.json"))
    response, body = get(f"/releases/{record.name}")
    check(response.getheader("Access-Control-Allow-Origin") == "*", "other sites must be allowed to read records")
    check(plain.getheader("Access-Control-Allow-Origin") is None, "other sites must not be allowed to read pages")
    check(plain.getheader("Cross-Origin-Resource-Policy") == "same-origin", "other sites must not be allowed to load pages")
    check(hashlib.sha256(body).digest() == hashlib.sha256(record.read_bytes()).digest(), "a record was changed by the server")
    print("PASS  nginx: a release record is served byte for byte")

    for path, media_type in (
        ("feed.xml", "application/atom+xml; charset=utf-8"), ("feed.json", "application/feed+json; charset=utf-8"),
        ("subprocessors.csv", "text/csv; charset=utf-8"), ("subprocessors.json", "application/json; charset=utf-8"),
        (".well-known/security.txt", "text/plain; charset=utf-8"),
    ):
        response, _ = get("/" + path)
        check(response.status == 200, path, response.status)
        check(response.getheader("Content-Type") == media_type, path, response.getheader("Content-Type"))
    print("PASS  nginx: data files have their media types")


if __name__ == "__main__":
    main()
