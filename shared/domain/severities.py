"""The four severities and the promises each one makes."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Severity(StrEnum):
    """Ordered from harmless to worst; compare with `rank`."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for low up to 3 for critical."""
        return _ORDER.index(self)


_ORDER = (Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL)


def worst(first: Severity, *others: Severity) -> Severity:
    """The most severe of those given."""
    return max((first, *others), key=lambda severity: severity.rank)


@dataclass(frozen=True, slots=True)
class SeverityPromise:
    """What one severity promises: when somebody answers, who is told, when it is over.

    `tell_when_broken` are the targets that learn of a broken promise; whoever is at work on it is warned once this
    share of the time (`warn_after`, 0 to 1) has gone by.
    """

    severity: Severity
    acknowledge_within: timedelta
    resolve_within: timedelta
    policy: str
    group_wait: timedelta
    ack_expires_after: timedelta
    fallback_after: timedelta
    tell_when_broken: tuple[str, ...] = ()
    warn_after: float = 0.75
