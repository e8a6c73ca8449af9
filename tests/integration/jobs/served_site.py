"""A deployed website on a real socket: files by path, compressed for whoever takes it, broken where a test says so."""

import gzip
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BROTLI = b"\x8b\x03\x80brotli-bytes-that-nobody-here-reads\x03"


@dataclass
class Site:
    """`files` by path; `coding` for who accepts it; `page` answers every other path, as hosts of single pages do."""

    files: dict = field(default_factory=dict)
    coding: str = "gzip"
    forced: str = ""
    status: dict = field(default_factory=dict)
    page: bytes | None = None
    cut: set = field(default_factory=set)
    url: str = ""


@contextmanager
def served(site):
    """The site, with its address filled in, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = site.files.get(self.path, site.page)
            status = site.status.get(self.path, 200 if body is not None else 404)
            if status in {301, 302}:
                self.send_response(status)
                self.send_header("Location", site.files[self.path].decode())
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self._send(status, body or b"not here")

        def _send(self, status, body):
            accepted = self.headers.get("Accept-Encoding", "")
            coding = site.forced or (site.coding if site.coding in accepted.replace(" ", "").split(",") else "")
            sent = gzip.compress(body, mtime=0) if coding == "gzip" else BROTLI if coding == "br" else body
            self.send_response(status)
            self.send_header("Content-Type", self._kind())
            if coding:
                self.send_header("Content-Encoding", coding)
            self.send_header("Content-Length", str(len(sent) + (100 if self.path in site.cut else 0)))
            self.end_headers()
            self.wfile.write(sent)

        def _kind(self):
            if self.path not in site.files:
                return "text/html; charset=utf-8"
            ends = {".js": "text/javascript", ".css": "text/css", "json": "application/json"}
            return next((kind for end, kind in ends.items() if self.path.endswith(end)), "text/html; charset=utf-8")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
