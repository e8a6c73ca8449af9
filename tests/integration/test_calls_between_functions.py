"""One function calls another: where it is said to stand, with a token made out to that address."""

import base64
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

import pytest

from shared import bootstrap
from shared.settings import Settings

ONE_CALL = "from shared import bootstrap; print(bootstrap.own_functions()('handle_signal', {'x-kept': 'yes'}, b'body'))"


def part(claims):
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()


class Cloud(BaseHTTPRequestHandler):
    """The metadata server of an instance, and a function."""

    def do_GET(self):
        if "identity" not in self.path:
            self.answer(200, b'{"email": "fn-caller@p.iam.gserviceaccount.com"}')
            return
        audience = parse_qs(urlparse(self.path).query)["audience"][0]
        token = f"{part({'alg': 'RS256'})}.{part({'aud': audience, 'exp': 4102444800, 'iat': 1})}.c2ln"
        self.answer(200, token.encode(), "application/text")

    def do_POST(self):
        self.server.calls.append((self.path, dict(self.headers), self.rfile.read(int(self.headers["content-length"]))))
        self.answer(204, b"")

    def answer(self, status, body, kind="application/json"):
        self.send_response(status)
        self.send_header("Metadata-Flavor", "Google")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def cloud():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Cloud)
    server.calls = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("audience", ["", "https://the-caller-s-own.example"])
def test_a_call_goes_to_the_function_s_address_with_a_token_for_it(cloud, audience):
    host = f"127.0.0.1:{cloud.server_port}"
    given = {
        "SOUKMON_FUNCTIONS_URL": f"http://{host}/soukmon-{{name}}",
        "SOUKMON_PUSH_AUDIENCE": audience,
        "GCE_METADATA_HOST": host,
        "GCE_METADATA_IP": host,
    }
    environment = {k: v for k, v in os.environ.items() if k != "GOOGLE_APPLICATION_CREDENTIALS"} | given
    done = subprocess.run(
        [sys.executable, "-c", ONE_CALL], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "204", done.stderr
    ((path, headers, body),) = cloud.calls
    assert (path, headers["x-kept"], body) == ("/soukmon-handle-signal", "yes", b"body")
    token = headers.get("Authorization", "").removeprefix("Bearer ")
    claimed = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "==")) if token else {}
    assert claimed.get("aud") == (f"http://{host}/soukmon-handle-signal" if audience else None)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("", "https://ours.example/functions/answer_call"),
        ("https://inside.example", "https://inside.example/answer_call"),
        ("https://soukmon-{name}-1.europe-west1.run.app", "https://soukmon-answer-call-1.europe-west1.run.app"),
    ],
)
def test_where_a_function_stands(given, address):
    bootstrap.install(Settings(public_url="https://ours.example", functions_url=given))
    try:
        assert bootstrap.function_url("answer_call") == address
    finally:
        bootstrap.install()
