"""A WSGI app on a port of this machine, in a thread of its own."""

import threading
from types import TracebackType
from typing import Any, Self

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

HOST = "127.0.0.1"


class Silent(WSGIRequestHandler):
    """Writes no access log."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002, ANN401 - the framework's names
        """Say nothing."""


class Server:
    """A running server: `url` has no slash at its end."""

    def __init__(self, app: Flask, port: int) -> None:
        self._server = make_server(HOST, port, app, threaded=True, request_handler=Silent)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        self.url = f"http://{HOST}:{self._server.server_port}"

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def serve(app: Flask, port: int = 0) -> Server:
    """Start serving; port 0 takes a free one."""
    return Server(app, port)
