"""Where messages of both sides arrive: it answers at once, and knows when each was there."""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

NAME = re.compile(rb"probe-\d+-\d+")
GIVE_UP_SECONDS = 30.0


class Sink:
    """Takes webhooks and Slack messages. A message is known by the probe's name in it ("probe-0-17")."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._arrived: dict[str, float] = {}
        self._changed = threading.Condition()

    def note(self, body: bytes) -> None:
        """Remember when the probes in a message were first here."""
        now = time.perf_counter()
        with self._changed:
            for name in NAME.findall(body):
                self._arrived.setdefault(name.decode(), now)
            self._changed.notify_all()

    def arrival(self, name: str) -> float:
        """When the probe was here (seconds of `time.perf_counter`), waiting for it. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: name in self._arrived, GIVE_UP_SECONDS):
                raise TimeoutError(f"{name} did not arrive within {GIVE_UP_SECONDS:.0f} s")
            return self._arrived[name]


@contextmanager
def receiving() -> Iterator[Sink]:
    """A sink on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            sink.note(body)
            answer = json.dumps({"ok": True, "channel": "C1", "ts": f"{time.time_ns() / 1e9:.6f}"}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def handle(self) -> None:
            with suppress(ConnectionError):  # whoever is stopped hangs up in the middle
                super().handle()

        def log_message(self, *words: Any) -> None:  # noqa: ANN401
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    sink = Sink(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield sink
    finally:
        server.shutdown()
        server.server_close()
