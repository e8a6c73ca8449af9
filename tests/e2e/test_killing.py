"""The platform killed at random while events flow: after the restarts nothing is missing."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import requests
import yaml

from infra.local import samples
from shared.config.loader import PACKAGED

EVENTS, KILLS = 200, 5


def free_port():
    """One that no client is given for its own end of a connection while the platform is down."""
    for port in random.SystemRandom().sample(range(20_000, 30_000), 100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise AssertionError("no port is free")


class Platform:
    """`soukmon up` as a process that can be killed and started again on the same state."""

    def __init__(self, state, config):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = [str(Path(sys.executable).with_name("soukmon")), "up", "--port", str(self.port)]
        self._command += ["--state", str(state), "--clock", "virtual"]
        self._environment = {**os.environ, "SOUKMON_CONFIG": str(config), "PYTHONFAULTHANDLER": "1"}
        self._said = state.parent / "platform.log"
        self.start()

    def start(self):
        with self._said.open("ab") as said:
            self.process = subprocess.Popen(self._command, env=self._environment, stdout=said, stderr=said)
        pause = threading.Event()
        for _ in range(600):
            try:
                if requests.get(f"{self.url}/healthz", timeout=30).ok:
                    return
            except requests.RequestException:
                pass
            assert self.lives
            pause.wait(0.05)
        raise AssertionError("the platform does not start")

    @property
    def lives(self):
        """That it has not died by itself; when it has, what it said last fails the test."""
        assert self.process.poll() is None, self._said.read_text(encoding="utf-8")[-8_000:]
        return True

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def get(self, path):
        return requests.get(f"{self.url}{path}", timeout=150).json()

    def advance(self, seconds):
        answer = requests.post(f"{self.url}/api/clock/advance", json={"seconds": seconds}, timeout=150)
        assert answer.ok, answer.text


def without_folding(folder):
    """The shipped configuration, but two hundred incidents are no storm, nobody's cap is reached, and no night quiet."""
    shutil.copytree(PACKAGED, folder)
    limits = {**_read(folder / "channels.yaml")["limits"], "storm_incidents": 10_000, "rate_caps": {}}
    _change(folder / "channels.yaml", limits=limits)
    _change(folder / "noise.yaml", quiet_hours=None)
    return folder


def _read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _change(path, **entries):
    document = {name: value for name, value in {**_read(path), **entries}.items() if value is not None}
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")


def deliver(platform, events, answered):
    """Send each event until it is answered 2xx, as Pub/Sub does."""
    pause = threading.Event()
    for event in events:
        while True:
            try:
                url = f"{platform.url}/functions/{event.function}/"
                if requests.post(url, data=event.body, headers=event.headers, timeout=30).ok:
                    answered.append(event)
                    break
            except requests.RequestException:
                pass
            pause.wait(0.02)


def crash(now, n):
    """A page: Slack, e-mail and SMS."""
    return samples.crash(now, "newFatalIssue", issue=f"issue-{n}", title=f"File{n}.kt line {n}")


def small(now, n):
    """A notice: Slack and e-mail after the group wait."""
    return samples.firebase_alert(
        now, "billing.planAutomatedUpdate", {"billingPlan": f"p{n}", "notificationType": "up"}
    )


def test_E41_killing_the_platform_at_random_while_200_events_flow_loses_no_notification(tmp_path):
    dice = random.Random(7)
    platform = Platform(tmp_path / "state", without_folding(tmp_path / "config"))
    now, answered = datetime.now(UTC), []
    events = [crash(now, n) if n % 10 == 0 else small(now, n) for n in range(EVENTS)]
    sender = threading.Thread(target=deliver, args=(platform, events, answered), daemon=True)
    sender.start()
    pause = threading.Event()
    for kill in range(KILLS):
        while sender.is_alive() and len(answered) < (kill + 1) * EVENTS // (KILLS + 1):
            assert platform.lives
            pause.wait(0.01)
        pause.wait(dice.uniform(0.0, 0.15))
        platform.kill()
        platform.start()
    sender.join()
    for _ in range(12):
        platform.advance(120)
    ledger = platform.get("/api/ledger?limit=20000")
    incidents = platform.get("/api/incidents?limit=20000")
    messages = platform.get("/api/messages")
    platform.kill()

    assert len(incidents) == EVENTS
    told = [row for row in ledger if row["reason"] == "first notification"]
    assert {row["incident"] for row in told} == {i["id"] for i in incidents}
    ended = {"sent", "delivered"}
    # A change that comes before the living message itself is in that message, and needs none of its own.
    early = {("superseded", "living message updated")}
    open_rows = [row for row in ledger if row["state"] not in ended and (row["state"], row["reason"]) not in early]
    assert open_rows == []
    sent = {row["provider_id"] for row in ledger if row["channel"] == "slack" and row["state"] == "sent"}
    received = {m["id"] for m in messages if m["provider"] == "slack"}
    assert sent <= received
    for provider in ("slack", "twilio", "smtp"):
        references = [m["reference"] for m in messages if m["provider"] == provider and m["reference"]]
        assert len(references) - len(set(references)) <= KILLS, provider  # at most one duplicate a kill
