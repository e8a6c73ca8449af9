"""Bursts: what is nothing once and a warning many times over, counted per account within five minutes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.signals import Signal, digest

WITHIN = timedelta(minutes=5)
QUIET_FOR = timedelta(hours=1)  # one burst is told once in so long; its incident counts what comes meanwhile


class BurstKind(StrEnum):
    """What is counted."""

    DENIED = "access_denied"
    LOGIN_FAILED = "login_failure"


# A person mistypes, a script retries: from here on it is neither.
AT_LEAST = {BurstKind.DENIED: 20, BurstKind.LOGIN_FAILED: 10}
WORDS = {
    BurstKind.DENIED: "Access was denied to one account {} times within 5 minutes",
    BurstKind.LOGIN_FAILED: "Signing in failed {} times for one account within 5 minutes",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """One occurrence that needs nobody: its kind and whose it was."""

    kind: BurstKind
    subject: str


@dataclass(frozen=True, slots=True)
class Tally:
    """The occurrences of the last minutes, by their minute, and when a burst was told last."""

    minutes: Mapping[str, int] = field(default_factory=dict)
    told_at: datetime | None = None


def tallied(tally: Tally, at: datetime) -> tuple[Tally, int]:
    """The tally with one more, and how many there were within five minutes."""
    oldest, minute = _minute(at - WITHIN + timedelta(minutes=1)), _minute(at)
    kept = {name: count for name, count in tally.minutes.items() if name >= oldest}
    after = replace(tally, minutes={**kept, minute: kept.get(minute, 0) + 1})
    return after, sum(count for name, count in after.minutes.items() if name <= minute)


def is_burst(kind: BurstKind, count: int, tally: Tally, at: datetime) -> bool:
    """True when it is one, and was not told within the last hour."""
    if count < AT_LEAST[kind]:
        return False
    return tally.told_at is None or at - tally.told_at >= QUIET_FOR


def burst_signal(counted: Counted, count: int, *, at: datetime, now: datetime) -> Signal:
    """The burst as a security event; the account is among its values, as in every other."""
    kind, subject = counted.kind, counted.subject
    alert_type = f"security.{kind}_burst"
    return Signal(
        event_id=digest(alert_type, subject, at.isoformat()),
        fingerprint=digest("security", alert_type, subject),
        key=digest(alert_type, subject),
        alert_type=alert_type,
        source="logging",
        service="security",
        title=WORDS[kind].format(count),
        occurred_at=at,
        received_at=now,
        labels={"subject": digest(subject, size=4)},
        values={"principal": subject, "count": str(count)},
    )


def tally_id(counted: Counted) -> str:
    """The name of an account's tally; the account does not stand in it."""
    return f"{counted.kind}-{digest(counted.subject, size=8)}"


def _minute(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M")
