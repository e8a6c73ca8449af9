"""`soukmon bench cold`: from spawning a function to its first answer, and its memory, against a bare function."""

import contextlib
import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from infra.local.functions import ROOT, manifests
from infra.local.samples import Event, published
from shared.cli.bench import Figure

SPAWNS = 5
GIVE_UP_SECONDS = 60.0
LOOK_EVERY = 0.005
FAILED = 500
BARE = "bare"
SOURCE = "import functions_framework\n\n\n@functions_framework.cloud_event\ndef bare(event):\n    pass\n"


@dataclass(frozen=True, slots=True)
class Start:
    """One spawn: seconds to the first answer, and the worker's resident bytes after it."""

    seconds: float
    memory: int


def run(*, spawns: int = SPAWNS) -> Iterator[Figure]:
    """Each function in turn with the bare one, on the embedded engines; the medians are compared."""
    with tempfile.TemporaryDirectory(prefix="soukmon-cold-") as folder:
        bare = Path(folder) / "main.py"
        bare.write_text(SOURCE, encoding="utf-8")
        _started(BARE, bare, folder)  # compiles what the others find compiled
        for name in manifests():
            _started(name, ROOT / name / "main.py", folder)
            pairs = [
                (_started(name, ROOT / name / "main.py", folder), _started(BARE, bare, folder)) for _ in range(spawns)
            ]
            ours, theirs = (_median([pair[n] for pair in pairs]) for n in (0, 1))
            seconds, memory = ours.seconds / theirs.seconds, ours.memory / theirs.memory
            yield Figure(f"cold start of {name}", f"{ours.seconds * 1e3:.0f} ms", seconds, "x a bare function")
            yield Figure(f"memory of {name}", f"{ours.memory / 2**20:.0f} MiB", memory, "x a bare function")


def _started(name: str, source: Path, folder: str) -> Start:
    event = published(datetime.now(UTC), {}, name)
    port = _free_port()
    since = time.perf_counter()
    with _process(name, source, port, Path(folder) / f"state-{name}") as process:
        while not _answers(port, event):
            if process.poll() is not None or time.perf_counter() - since > GIVE_UP_SECONDS:
                raise RuntimeError(f"{name} does not start")
            time.sleep(LOOK_EVERY)
        return Start(time.perf_counter() - since, _worker_memory(process.pid))


@contextmanager
def _process(name: str, source: Path, port: int, state: Path) -> Iterator["subprocess.Popen[bytes]"]:
    own = {"PYTHONPATH": str(ROOT.parent), "SOUKMON_STATE": str(state), "SOUKMON_LINK_KEYS": "k" * 32, "THREADS": "4"}
    secrets = {"SLACK_SIGNING_SECRET": "s", "TWILIO_AUTH_TOKEN": "t", "K_SERVICE": name}
    framework = str(Path(sys.executable).with_name("functions-framework"))
    with subprocess.Popen(  # noqa: S603 - our own words
        [framework, "--target", name, "--source", str(source), "--host", "127.0.0.1", "--port", str(port)],
        env={**os.environ, **own, **secrets},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _answers(port: int, event: Event) -> bool:
    """True with the first answer that is not a failure: a refusal (401) has gone the whole way as well."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=GIVE_UP_SECONDS)
    with contextlib.closing(connection), contextlib.suppress(ConnectionError):
        connection.request("POST", "/", event.body, event.headers)
        status = connection.getresponse().status
        if status >= FAILED:
            raise RuntimeError(f"answered {status}")
        return True
    return False


def _worker_memory(server: int) -> int:
    """Resident bytes of gunicorn's worker (of the process itself where it has none)."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text(encoding="ascii").split()
    status = Path(f"/proc/{children[0] if children else server}/statm").read_text(encoding="ascii")
    return int(status.split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _median(starts: list[Start]) -> Start:
    seconds = statistics.median(start.seconds for start in starts)
    return Start(seconds, int(statistics.median(start.memory for start in starts)))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
