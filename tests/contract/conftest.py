"""The engines of production, for the classes that run over every engine: started once a file, missing nowhere in CI."""

import os
from contextlib import ExitStack
from uuid import uuid4

import pytest
from google.cloud import firestore

from infra.local.emulators import FIRESTORE, PUBSUB, NotInstalledError, running
from infra.local.storage_emulator import storage
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
    with ExitStack() as stack:
        try:
            url = stack.enter_context(storage())
        except NotInstalledError as error:
            _missing(str(error))
        yield url


@pytest.fixture(params=["sqlite", "firestore"])
def new_store(request, tmp_path):
    """Makes empty stores."""
    if request.param == "sqlite":
        return lambda: SqliteState(tmp_path / f"{uuid4().hex}.db")
    made = request.getfixturevalue("firestore_client")
    shared = made()  # one channel to the emulator for all
    return lambda: FirestoreState(lambda: firestore.Client(project=f"{shared.project}{uuid4().hex[:8]}"))
