"""An estate of this tree, a project that fits it, and the outcome of one check of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from infra.tools.doctor.examination import Clients, of_project
from infra.tools.doctor.google import GoogleApis
from infra.tools.doctor.running import examine
from infra.tools.estate import estate
from shared.adapters.sqlite_state import SqliteState
from shared.ports.store import Put
from shared.settings import Settings
from shared.usecases.records import HEARTBEATS, instant
from tests.conftest import configuration
from tests.integration.doctor.project import served, warehouse_client, whole

NOW = datetime(2026, 3, 10, 9, 0, 50, tzinfo=UTC)


@pytest.fixture(scope="session")
def souk():
    """Production, with the names of its exports filled in."""
    found = estate("production", project="souk-live-1")
    variables = {
        name: value for name, value in found.variables.items() if "REPLACE-ME" not in str(value) or name in FILLED
    }
    return replace(found, variables=variables | FILLED)


FILLED = {
    "installation": {
        "requests": "request_logs.run_googleapis_com_requests",
        "web_errors": "request_logs.firebasetelemetry_googleapis_com_events",
        "analytics": "analytics_123456789",
        "crashes": "firebase_crashlytics.app_ANDROID",
        "crashes_realtime": "firebase_crashlytics.app_ANDROID_REALTIME",
        "app_sessions": "firebase_sessions.app_ANDROID",
        "performance": "firebase_performance.app_ANDROID",
    },
    "senders": {},
    "sign_in": {"mode": "iap"},
}


@pytest.fixture
def project(souk):
    return whole(souk, NOW)


@pytest.fixture
def store(tmp_path):
    made = SqliteState(tmp_path / "state.db")
    made.commit([Put(HEARTBEATS, job, {"at": instant(NOW)}) for job in ("escalate_incidents", "evaluate_rules")])
    return made


@pytest.fixture
def examined(souk, project, store):
    """Every outcome by the check's name."""

    def examine_all(*, estate=souk, config=None):
        with served(project) as session:
            clients = Clients(GoogleApis(session), warehouse_client(session, estate.project), store)
            checks = of_project(estate, clients, configuration=config or configuration(), settings=Settings(), now=NOW)
            own = [check for check in checks if check.name not in {"slack", "twilio", "smtp", "push", "configuration"}]
            return {one.name: one.outcome for one in examine(own)}

    return examine_all
