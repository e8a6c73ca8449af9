"""Debian's Alertmanager as a referee: a server of its own, spoken to through its API."""

import os
import shutil
import socket
import subprocess
import threading
from contextlib import contextmanager

import pytest
import requests
import yaml

SECONDS = 20
LOOKS, PAUSE = 100, 0.05


def program(name):
    """The path of an installed program; without it there is no test, and in continuous integration no success."""
    found = shutil.which(name)
    if not found:
        assert not os.environ.get("CI"), f"continuous integration must have {name} (Debian: prometheus-alertmanager)"
        pytest.skip(f"{name} (Debian: prometheus-alertmanager) is not installed")
    return found


class Alertmanager:
    """A running server; `configure` replaces its rules, everything else is in the alerts it is given."""

    def __init__(self, url, file):
        self._url, self._file, self._session = url, file, requests.Session()

    def configure(self, *, inhibit_rules=(), group_by=("alertname",)):
        route = {"receiver": "nobody", "group_by": list(group_by), "group_wait": "1h"}
        rules = {"route": route, "receivers": [{"name": "nobody"}], "inhibit_rules": list(inhibit_rules)}
        self._file.write_text(yaml.safe_dump(rules))
        self._post("/-/reload", None)

    def is_ready(self):
        try:
            return self._session.get(f"{self._url}/-/ready", timeout=SECONDS).ok
        except requests.ConnectionError:
            return False

    def fire(self, alerts):
        self._post("/api/v2/alerts", [{"labels": labels} for labels in alerts])

    def silence(self, matchers, start, end):
        """The silence's id; `matchers` are ours."""
        body = {
            "matchers": [
                {"name": m.name, "value": m.value, "isRegex": m.operator.is_pattern, "isEqual": not m.operator.startswith("!")}
                for m in matchers
            ],
            "startsAt": start.isoformat(), "endsAt": end.isoformat(), "createdBy": "test", "comment": "test",
        }  # fmt: skip
        return self._post("/api/v2/silences", body).json()["silenceID"]

    def expire(self, silence):
        self._session.delete(f"{self._url}/api/v2/silence/{silence}", timeout=SECONDS).raise_for_status()

    def alerts(self):
        return self._session.get(f"{self._url}/api/v2/alerts", timeout=SECONDS).json()

    def groups(self):
        return self._session.get(f"{self._url}/api/v2/alerts/groups", timeout=SECONDS).json()

    def _post(self, path, body):
        answer = self._session.post(f"{self._url}{path}", json=body, timeout=SECONDS)
        assert answer.ok, answer.text
        return answer


@contextmanager
def running(folder):
    """A server on a free port that keeps what it knows in the folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    file = folder / "alertmanager.yml"
    file.write_text("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n")
    command = [
        program("prometheus-alertmanager"), f"--config.file={file}", f"--storage.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=", "--log.level=error",
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        server = Alertmanager(f"http://127.0.0.1:{port}", file)
        try:
            eventually(server.is_ready, lambda ready: ready)
            yield server
        finally:
            process.terminate()


def eventually(look, is_right):
    """What is seen once it is right, or after a bounded number of looks: the server takes alerts in by and by."""
    pause = threading.Event()
    for _ in range(LOOKS):
        seen = look()
        if is_right(seen):
            return seen
        pause.wait(PAUSE)
    return seen
