"""One log entry, with what every kind of entry needs, and the signal made from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.domain.severities import Severity
from shared.domain.signals import NotASignal, Signal, digest
from shared.inbound.envelopes import Envelope
from shared.inbound.values import mapping, summary, text, title

ERRORS = frozenset({"ERROR", "CRITICAL", "ALERT", "EMERGENCY"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A log entry with what nearly every branch needs."""

    envelope: Envelope
    body: Mapping[str, Any]
    at: datetime
    now: datetime

    @property
    def severity(self) -> str:
        """Cloud Logging's severity name in capitals, or ""."""
        return text(self.body.get("severity")).upper()

    @property
    def payload(self) -> Mapping[str, Any]:
        """The jsonPayload."""
        return mapping(self.body.get("jsonPayload"))

    @property
    def labels(self) -> Mapping[str, Any]:
        """The labels of the resource."""
        return mapping(mapping(self.body.get("resource")).get("labels"))

    def none(self, outcome: str, reason: str) -> NotASignal:
        """The entry as something that needs nobody."""
        return NotASignal(outcome, reason, self.envelope.event_id, self.at)


def signal(  # noqa: PLR0913 - a signal has that many sides, all named
    entry: Entry,
    *,
    alert_type: str,
    service: str,
    name: str,
    about: str,
    identity: tuple[str, ...],
    version: str = "",
    severity: Severity | None = None,
    labels: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
) -> Signal:
    """The entry as a signal: `identity` names what is wrong, `version` tells the same fact in another version apart."""
    return Signal(
        event_id=entry.envelope.event_id,
        fingerprint=digest(*identity),
        key=digest(alert_type, *identity, version),
        alert_type=alert_type,
        source="logging",
        service=service or "unknown",
        title=title(name),
        summary=summary(about),
        occurred_at=entry.at,
        received_at=entry.now,
        severity=severity,
        labels=dict(labels or {}),
        values=dict(values or {}),
    )
