"""Debian's Alertmanager, telling a sink of each alert at once: each is a group of its own, and no group waits."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests
import yaml

from infra.local.peers.sink import Sink
from shared.errors import ConfigurationError

PROGRAM = "prometheus-alertmanager"
GIVE_UP_SECONDS = 30.0
BATCH = 100


class Alertmanager:
    """A running one. Raises requests.RequestException when it does not answer."""

    def __init__(self, port: int, process: "subprocess.Popen[bytes]") -> None:
        self._url, self._process, self._session = f"http://127.0.0.1:{port}", process, requests.Session()

    def fire(self, names: Sequence[str]) -> None:
        """Alerts in one request."""
        alerts = [{"labels": {"alertname": name, "severity": "critical"}} for name in names]
        self._session.post(f"{self._url}/api/v2/alerts", json=alerts, timeout=GIVE_UP_SECONDS).raise_for_status()

    def is_ready(self) -> bool:
        """That it answers."""
        try:
            return self._session.get(f"{self._url}/-/ready", timeout=1).ok
        except requests.ConnectionError:
            return False

    @property
    def memory(self) -> int:
        """Resident bytes."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text(encoding="utf-8").split()[1])
        return pages * 4096


@contextmanager
def alertmanager(folder: Path, sink: Sink) -> Iterator[Alertmanager]:
    """Debian's, on free ports. Raises ConfigurationError where it is not installed, or does not start."""
    program = shutil.which(PROGRAM)
    if program is None:
        raise ConfigurationError(f"{PROGRAM} is not installed; apt-get install {PROGRAM}")
    route = {"receiver": "sink", "group_by": ["alertname"], "group_wait": "0s", "group_interval": "5m"}
    receivers = [{"name": "sink", "webhook_configs": [{"url": sink.url, "send_resolved": False}]}]
    (folder / "alertmanager.yml").write_text(yaml.safe_dump({"route": route, "receivers": receivers}), encoding="utf-8")
    port = _free_port()
    process = subprocess.Popen(  # noqa: S603 - Debian's program
        [
            program, f"--config.file={folder / 'alertmanager.yml'}", f"--storage.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=", "--log.level=error",
        ],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        peer, end = Alertmanager(port, process), time.monotonic() + GIVE_UP_SECONDS
        while not peer.is_ready():
            if process.poll() is not None or time.monotonic() > end:
                raise ConfigurationError(f"{PROGRAM} does not start")
            time.sleep(0.05)
        yield peer
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
