"""Errors of the web app as the log sink writes Crashlytics' entries: the dots in their names become underscores."""

from collections.abc import Iterator

from infra.local.history.raw.tables import PROJECT, WEB_ERRORS, Named, Row
from infra.local.history.spans import stamp
from infra.local.history.visits import Visit

APP_ID = "1:313131313131:web:generated"
WRITTEN_AFTER = 2.0
ERRORS = (
    ("gen-w1", "TypeError", "Cannot read properties of undefined (reading 'price')"),
    ("gen-w2", "ChunkLoadError", "Loading chunk 42 failed"),
    ("gen-w3", "NetworkError", "The listing could not be fetched"),
)


def web_error_rows(visit: Visit) -> Iterator[tuple[float, Named]]:
    """The error of one session, with its instant; nothing of a session without one."""
    if visit.error:
        yield visit.error, (WEB_ERRORS, _entry(visit))


def _entry(visit: Visit) -> Row:
    group, kind, message = ERRORS[visit.session % len(ERRORS)]
    return {
        "timestamp": stamp(visit.error),
        "receiveTimestamp": stamp(visit.error + WRITTEN_AFTER),
        "insertId": f"{visit.name}-error",
        "severity": "ERROR",
        "labels": {"app_id": APP_ID, "app_installation_id": visit.user, "session_id": visit.name, "location": "global"},
        "resource": {
            "type": "firebasetelemetry.googleapis.com/App",
            "labels": {"app_id": APP_ID, "location": "global", "resource_container": f"projects/{PROJECT}"},
        },
        "jsonPayload": {"exception_type": kind, "exception_message": message},
        "errorGroups": [{"id": group}],
    }
