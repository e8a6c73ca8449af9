"""Cloud Monitoring incidents (notification schema 1.2 and its older, looser relatives)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.domain.severities import Severity
from shared.domain.signals import NotASignal, Signal, SignalKind, digest
from shared.errors import UndecodableError
from shared.inbound.envelopes import Envelope
from shared.inbound.services import UNKNOWN, normal, service_of
from shared.inbound.values import https, instant, known, mapping, summary, text, title

_SEVERITIES = {
    "critical": Severity.CRITICAL,
    "error": Severity.HIGH,
    "high": Severity.HIGH,
    "warning": Severity.MEDIUM,
    "medium": Severity.MEDIUM,
    "low": Severity.LOW,
    "info": Severity.LOW,
}
_CRASHLYTICS_WEB = "firebasetelemetry.googleapis.com/App"


def parse(envelope: Envelope, *, now: datetime) -> Signal | NotASignal:
    """Open fires, closed resolves; raises UndecodableError without an incident id or a known state."""
    incident = mapping(mapping(envelope.payload).get("incident"))
    name, state = text(incident.get("incident_id")), text(incident.get("state")).lower()
    if not name:
        raise UndecodableError("a Monitoring incident without an incident_id")
    if state not in {"open", "closed"}:
        raise UndecodableError(f"a Monitoring incident in the unknown state {title(state) or '(none)'}")
    closed = state == "closed"
    resource, metric = mapping(incident.get("resource")), mapping(incident.get("metric"))
    labels = mapping(resource.get("labels"))
    what = title(incident.get("condition_name")) or title(incident.get("policy_name")) or "Cloud Monitoring incident"
    return Signal(
        event_id=envelope.event_id,
        fingerprint=digest("monitoring", name),
        key=digest("monitoring", name, state),
        alert_type=_alert_type(incident, resource),
        source="monitoring",
        service=_service(resource, labels),
        title=title(f"{what}: {_subject(incident, labels)}"),
        summary=summary(incident.get("summary")) or summary(_documentation(incident)),
        occurred_at=_when(incident, closed, envelope) or now,
        received_at=now,
        kind=SignalKind.RESOLVED if closed else SignalKind.FIRING,
        severity=_severity(incident),
        labels=known(
            incident_id=title(name), policy=title(incident.get("policy_name")), metric=title(metric.get("type"))
        ),
        values=known(
            observed=title(incident.get("observed_value")),
            threshold=title(incident.get("threshold_value")),
            resource=title(incident.get("resource_display_name") or incident.get("resource_name")),
            documentation=title(_documentation(incident)),
        ),
        links=known(console=https(incident.get("url"))),
    )


def _service(resource: Mapping[str, Any], labels: Mapping[str, Any]) -> str:
    found = service_of({"resource": resource})
    return found if found != UNKNOWN else normal(text(labels.get("host"))) or "cloud"


def _when(incident: Mapping[str, Any], closed: bool, envelope: Envelope) -> datetime | None:  # noqa: FBT001
    own = instant(incident.get("ended_at" if closed else "started_at"))
    return own or envelope.time


def _alert_type(incident: Mapping[str, Any], resource: Mapping[str, Any]) -> str:
    kind = text(resource.get("type"))
    if kind == "uptime_url":
        return "monitoring.uptime"
    if kind == _CRASHLYTICS_WEB:
        return "monitoring.crashlytics_web"
    if "conditionMatchedLog" in mapping(incident.get("condition")):
        return "monitoring.log_match"
    return "monitoring.threshold"


def _severity(incident: Mapping[str, Any]) -> Severity | None:
    system = mapping(mapping(incident.get("metadata")).get("system_labels"))
    user = mapping(incident.get("policy_user_labels"))
    for given in (incident.get("severity"), user.get("severity"), system.get("severity")):
        found = _SEVERITIES.get(text(given).lower())
        if found is not None:
            return found
    return None


def _subject(incident: Mapping[str, Any], labels: Mapping[str, Any]) -> str:
    given = incident.get("resource_display_name") or labels.get("host") or incident.get("resource_name")
    named = title(given) or title(incident.get("resource_type_display_name"))
    return named or title(incident.get("policy_name")) or "unknown resource"


def _documentation(incident: Mapping[str, Any]) -> str:
    given = incident.get("documentation")
    if isinstance(given, str):
        return given
    return text(mapping(given).get("subject")) or text(mapping(given).get("content"))
