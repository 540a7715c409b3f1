"""A proxy on loopback that forwards requests to a store, and fails on demand.

A rule is called with each request and returns what to do with it:
  None               forward it
  int                answer with this status, without forwarding it
  ("without", names) forward it without these headers
  ("lost", status)   forward it, then answer with this status: the store executed it, but the response was lost
"""

import http.client
import http.server
import threading


class Proxy:
    def __init__(self, port):
        self.rule = lambda method, path, headers: None
        self.log = []  # (method, path, status) in the order of the responses
        self.lock = threading.Lock()
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                verdict = proxy.rule(self.command, self.path, self.headers)
                if isinstance(verdict, int):
                    return self.answer(verdict, [], b"")
                upstream = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
                upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                kind, detail = verdict or (None, ())
                dropped = {"connection"} | set(detail if kind == "without" else ())
                for name, value in self.headers.items():
                    if name.lower() not in dropped:
                        upstream.putheader(name, value)
                upstream.endheaders(body)
                response = upstream.getresponse()
                data = response.read()
                upstream.close()
                if kind == "lost":
                    return self.answer(detail, [], b"")
                self.answer(response.status, response.getheaders(), data)

            def answer(self, status, headers, data):
                with proxy.lock:
                    proxy.log.append((self.command, self.path.split("?")[0], status))
                self.send_response_only(status)
                length = str(len(data))
                for name, value in headers:
                    if name.lower() == "content-length":
                        length = value  # of the object, in the response to a HEAD request
                    elif name.lower() not in ("transfer-encoding", "connection"):
                        self.send_header(name, value)
                self.send_header("Content-Length", length if self.command == "HEAD" else str(len(data)))
                self.end_headers()
                try:
                    self.wfile.write(data)
                except (BrokenPipeError, ConnectionResetError):
                    pass  # the client was killed

            def log_message(self, *_):
                pass

            do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = handle_one

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # broken connections of a killed client

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def reset(self, rule=None):
        self.rule = rule or (lambda method, path, headers: None)
        self.log.clear()

    def puts(self, status=range(200, 300)):
        """Returns the paths of the files that were written, except candor's manifest."""
        return [path for method, path, got in self.log if method == "PUT" and got in status and "/.candor/" not in path]
