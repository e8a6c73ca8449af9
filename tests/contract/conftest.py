"""The engines of production, for the classes that run over every engine: started once a file, missing nowhere in CI."""

import os
from contextlib import ExitStack
from uuid import uuid4

import pytest
from google.cloud import firestore

from infra.local.emulators import FIRESTORE, PUBSUB, NotInstalledError, running


def _started(emulator):
    stack = ExitStack()
    try:
        return stack, stack.enter_context(running(emulator))
    except NotInstalledError as error:
        if os.environ.get("CI"):
            pytest.fail(f"{error}; in CI no engine may be left out")
        pytest.skip(str(error))


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
