"""A machine elsewhere looks at our addresses and posts what it found."""

import shutil
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from infra.local.ci import post_probe
from shared import bootstrap
from shared.config.loader import PACKAGED
from shared.domain.status_checks import Watched
from shared.usecases.records import value_of
from tests.e2e.calling import free_port

PAGE = """
name: {{en: Souk, ar: سوق}}
components:
  website: {{name: {{en: Website, ar: الموقع}}, probes: [website]}}
  api: {{name: {{en: API, ar: الخدمات}}, probes: [api]}}
probes:
  website: {{url: "http://127.0.0.1:{port}/", contains: Souk}}
  api: {{url: "http://127.0.0.1:{closed}/"}}
"""


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"Souk")

    def log_message(self, *arguments):
        """Say nothing."""


@pytest.fixture
def elsewhere(tmp_path):
    """A directory of configuration whose website answers and whose API does not."""
    server = HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    home = tmp_path / "config"
    shutil.copytree(PACKAGED, home)
    text = PAGE.format(port=server.server_port, closed=free_port())
    (home / "status.yaml").write_text(text, encoding="utf-8")
    yield str(home)
    server.shutdown()
    server.server_close()


def test_what_a_place_found_is_kept_by_the_installation(shipped, elsewhere, capsys):
    url = f"{shipped.platform.url}/functions/receive_probe"
    key = {"SOUKMON_PROBE_KEYS": f"old,{bootstrap.settings().probe_keys}"}
    shipped.clock.set(datetime.now(UTC))  # the poster signs with the time of its machine
    assert post_probe.main(["--url", url, "--place", "cairo", "--config", elsewhere], key) == 0
    assert capsys.readouterr().out == '{"accepted":2}\n'
    found = {target: value_of(bootstrap.state().get("checks", target), Watched) for target in ("website", "api")}
    assert {target: one.places["cairo"].reason for target, one in found.items()} == {
        "website": "", "api": "unreachable",
    }  # fmt: skip


def test_without_a_key_or_an_address_nothing_is_posted(capsys):
    for environment in ({}, {"SOUKMON_PROBE_KEYS": "k"}):
        with pytest.raises(SystemExit) as refused:
            post_probe.main(["--url", "http://127.0.0.1:9/", "--place", "cairo"], environment)
        assert refused.value.code == 2
    assert "no probe of status.yaml has an address" in capsys.readouterr().err


def test_nobody_takes_what_another_key_signed(shipped, elsewhere, capsys):
    url = f"{shipped.platform.url}/functions/receive_probe"
    assert post_probe.main(["--url", url, "--place", "cairo", "--config", elsewhere], {"SOUKMON_PROBE_KEYS": "x"}) == 1
    assert "signed with none of our keys" in capsys.readouterr().err
