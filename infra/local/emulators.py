"""Google's own emulators of Firestore and Pub/Sub, started from the gcloud SDK that is installed here."""

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
READY_SECONDS = 60.0
LOOK_EVERY = 0.1
# Where the SDK's installers put it; CLOUDSDK_ROOT_DIR names any other place.
ROOTS = ("/usr/lib/google-cloud-sdk", "/usr/share/google-cloud-sdk", "/snap/google-cloud-cli/current")


@dataclass(frozen=True, slots=True)
class Emulator:
    """An emulator's program, relative to the SDK's folder, and the arguments after `java`."""

    name: str
    jar: str
    memory: str
    main_class: str = ""
    verb: tuple[str, ...] = ()


FIRESTORE = Emulator(
    "Firestore",
    "platform/cloud-firestore-emulator/cloud-firestore-emulator.jar",
    "512m",
    main_class="com.google.cloud.datastore.emulator.firestore.CloudFirestore",
    verb=("start",),
)
PUBSUB = Emulator("Pub/Sub", "platform/pubsub-emulator/lib/cloud-pubsub-emulator-*-all.jar", "256m")


class NotInstalledError(Exception):
    """The emulator, or Java, is not on this machine."""


@contextmanager
def running(emulator: Emulator) -> Iterator[str]:
    """Start the emulator on a free port and stop it afterwards; yields "host:port". Raises NotInstalledError."""
    port = free_port()
    with subprocess.Popen(  # noqa: S603 - our own words and the SDK's path
        _command(emulator, port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            _wait(process, emulator, port)
            yield f"{HOST}:{port}"
        finally:
            process.terminate()


def program(emulator: Emulator) -> tuple[str, Path]:
    """Java and the emulator's program; raises NotInstalledError naming what is missing."""
    java = shutil.which("java")
    if java is None:
        raise NotInstalledError("Java is not installed")
    return java, _jar(emulator)


def _command(emulator: Emulator, port: int) -> Sequence[str]:
    java, jar = program(emulator)
    # `java -jar` fails for Firestore's: its manifest names no main class.
    started = ("-cp", str(jar), emulator.main_class) if emulator.main_class else ("-jar", str(jar))
    options = (f"-Xmx{emulator.memory}", "-Duser.language=en")
    return (java, *options, *started, *emulator.verb, f"--host={HOST}", f"--port={port}")


def _jar(emulator: Emulator) -> Path:
    named = os.environ.get("CLOUDSDK_ROOT_DIR")
    for root in (named, *ROOTS):
        found = sorted(Path(root).glob(emulator.jar)) if root else []
        if found:
            return found[-1]
    raise NotInstalledError(f"the {emulator.name} emulator of the gcloud SDK is not installed")


def free_port() -> int:
    """A port of this machine that is free now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait(process: "subprocess.Popen[bytes]", emulator: Emulator, port: int) -> None:
    pause, waited = threading.Event(), 0.0
    while waited < READY_SECONDS:
        if process.poll() is not None:
            raise RuntimeError(f"the {emulator.name} emulator stopped with code {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        pause.wait(LOOK_EVERY)
        waited += LOOK_EVERY
    raise RuntimeError(f"the {emulator.name} emulator did not start within {READY_SECONDS:.0f} s")
