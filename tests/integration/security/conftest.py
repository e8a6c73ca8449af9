"""Servers of this machine that answer as OSV, PyPI and Google do, and a store."""

from datetime import UTC, datetime

import pytest

from infra.local.sandbox import google_management, google_review, packages
from infra.local.sandbox.server import serve
from shared.adapters.sqlite_state import SqliteState
from shared.domain.jobs import Run

TUESDAY = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)  # 06:00 in Cairo
RUN = Run("security_scan", TUESDAY, TUESDAY, TUESDAY)
TOKEN = "given"


@pytest.fixture
def store(tmp_path):
    return SqliteState(tmp_path / "state.db")


@pytest.fixture
def known():
    return packages.Packages()


@pytest.fixture
def packages_url(known):
    with serve(packages.create_app(known)) as server:
        yield server.url


@pytest.fixture
def project():
    return google_review.Reviewed.with_samples()


@pytest.fixture
def management():
    return google_management.Management()


@pytest.fixture
def google_url(project, management):
    app = google_management.create_app(management, token=TOKEN, further=google_review.parts(project))
    with serve(app) as server:
        yield server.url
