"""What silences, inhibitions and windows see of an incident or a signal: its own labels and five of ours."""

from collections.abc import Mapping

from shared.domain.incidents import Incident
from shared.domain.severities import Severity
from shared.domain.signals import Signal

OURS = ("service", "source", "alert_type", "rule", "severity")


def labels_of_incident(incident: Incident) -> Mapping[str, str]:
    """The labels of an incident; none of its own can take the place of ours."""
    return {
        **incident.labels,
        "service": incident.service,
        "source": incident.source,
        "alert_type": incident.alert_type,
        "rule": incident.rule,
        "severity": str(incident.severity),
    }


def labels_of_signal(signal: Signal, *, rule: str, severity: Severity) -> Mapping[str, str]:
    """The labels that the signal's incident would have."""
    return {
        **signal.labels,
        "service": signal.service,
        "source": signal.source,
        "alert_type": signal.alert_type,
        "rule": rule,
        "severity": str(severity),
    }
