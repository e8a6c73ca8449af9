"""One door for Monitoring incidents, budgets and builds: the content tells which it is."""

from datetime import datetime

from shared.domain.signals import NotASignal, Signal
from shared.errors import UndecodableError
from shared.inbound import budgets, builds, monitoring_incidents
from shared.inbound.envelopes import Envelope
from shared.inbound.values import mapping


def parse_incident_topic(envelope: Envelope, *, now: datetime) -> Signal | NotASignal:
    """Parse whichever of the three it is; raises UndecodableError for anything else."""
    data = mapping(envelope.payload)
    if "incident" in data:
        return monitoring_incidents.parse(envelope, now=now)
    if is_budget(data):
        return budgets.parse(envelope, now=now)
    if is_build(data):
        return builds.parse(envelope, now=now)
    raise UndecodableError("neither a Monitoring incident nor a budget nor a build")


def is_budget(data: object) -> bool:
    """True for a budget message's data."""
    return "budgetDisplayName" in mapping(data) or "budgetAmount" in mapping(data)


def is_build(data: object) -> bool:
    """True for a Cloud Build resource."""
    found = mapping(data)
    named = "projectId" in found and "createTime" in found
    return named and any(key in found for key in ("steps", "buildTriggerId", "logUrl", "options", "status"))
