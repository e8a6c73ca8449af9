"""What the sandbox remembers."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from infra.local.sandbox.store import SandboxStore

DIES = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from infra.local.sandbox.store import Message, SandboxStore

store, now = SandboxStore(Path(sys.argv[1])), datetime(2026, 3, 10, tzinfo=UTC)
store.add(Message("C1:1.000001", "slack", "C1", {"text": "حرج"}, now, now, status="posted", reference="n-1"))
store.faults.fail_next("slack", response={"error": "is_archived"}, times=2)
store.faults.take("slack")
store.callbacks.put("https://alerts.souk.example/", {"MessageSid": "SM1"})
store.next_number("slack.ts", 41)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_everything_outlives_a_process_that_is_killed(tmp_path):
    path = tmp_path / "sandbox.db"
    died = subprocess.run([sys.executable, "-c", DIES, str(path)], check=False)
    assert died.returncode == -signal.SIGKILL
    store = SandboxStore(path)
    assert [m.record()["content"] for m in store.messages()] == [{"text": "حرج"}]
    assert [store.faults.take("slack") for _ in range(2)] == [{"error": "is_archived"}, {}]
    assert [c.form for c in store.callbacks.waiting()] == [{"MessageSid": "SM1"}]
    assert store.next_number("slack.ts") == 42
    store.close()


def test_faults_meet_their_provider_and_address_in_order(store):
    store.faults.fail_next("twilio", to="+201", response={"code": 1})
    store.faults.fail_next("twilio", response={"code": 2}, times=2)
    met = [
        store.faults.take(*asked) for asked in (("slack",), ("twilio", "+202"), ("twilio", "+201"), ("twilio", "+201"))
    ]
    assert met == [{}, {"code": 2}, {"code": 1}, {"code": 2}]


def test_cleared_faults_meet_nobody(store):
    store.faults.fail_next("slack", response={"error": "is_archived"})
    store.faults.clear()
    assert store.faults.take("slack") == {}


@pytest.mark.parametrize("provider", ["slack", "twilio", "smtp"])
def test_one_adapter_serves_many_threads_at_once(channel, store, provider):
    given = channel(provider)
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(given.notifier.send, [given.message] * 16))
    assert len({m.id for m in store.messages(provider)}) == 16
    assert len({s.provider_id for s in sent}) == (1 if provider == "smtp" else 16)
