"""Each function started alone by the real functions framework, as production starts it, with payloads of every kind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from infra.local.functions import ROOT, manifests
from tests.e2e.calling import NOWHERE, REFUSING, free_port, is_up, requests_for


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    running = []

    def run(name):
        port = free_port()
        state = tmp_path_factory.mktemp(name)
        settings = {
            "SOUKMON_STATE": str(state), "SOUKMON_LINK_KEYS": "k" * 32, "SLACK_SIGNING_SECRET": "s",
            "TWILIO_AUTH_TOKEN": "t", **NOWHERE,
            "PYTHONPATH": str(ROOT.parent), "K_SERVICE": f"soukmon-{name}", "K_REVISION": "1", "THREADS": "4",
        }  # fmt: skip
        command = [str(Path(sys.executable).with_name("functions-framework")), "--target", name]
        command += ["--source", str(ROOT / name / "main.py"), "--host", "127.0.0.1", "--port", str(port)]
        process = subprocess.Popen(
            command, env={**os.environ, **settings}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        running.append(process)
        assert is_up(port, process), process.stdout.read().decode()
        return f"http://127.0.0.1:{port}"

    yield run
    for process in running:
        process.kill()
        process.wait()


@pytest.mark.parametrize("name", sorted(manifests()))
def test_the_function_starts_alone_and_answers_every_way_it_is_called(start, name):
    url = start(name)
    for body, headers in requests_for(name):
        answer = requests.post(url, data=body, headers=headers, timeout=30)
        assert answer.status_code in REFUSING.get(name, {200, 204}), (body[:80], answer.status_code, answer.text[:300])
