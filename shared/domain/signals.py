"""Signals: what a receiver makes of something that arrived, before anybody decides about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b

from shared.domain.severities import Severity

MAX_TITLE = 200
MAX_TEXT = 2_000
CUT_MARK = " … [cut]"
# Rehearsals: they reach nobody but the game-day recipient, and no statistics count them.
TEST_SOURCE = "test"
CLOCK_SKEW_LIMIT = timedelta(hours=24)


class SignalKind(StrEnum):
    """Whether something began (or goes on), or is over."""

    FIRING = "firing"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Signal:
    """One observation of something that is wrong (or over), normalised.

    `event_id` is the transport's identity (deduplicates redelivery), `key` the observation's meaning
    (deduplicates the same fact told twice), `fingerprint` the identity of what is wrong (groups into incidents).
    `labels` identify, `values` describe and may change from signal to signal without making a new identity.
    """

    event_id: str
    fingerprint: str
    key: str
    alert_type: str
    source: str
    service: str
    title: str
    occurred_at: datetime
    received_at: datetime
    kind: SignalKind = SignalKind.FIRING
    summary: str = ""
    severity: Severity | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)


class Timeliness(StrEnum):
    """What the distance between an event's own time and its receipt means."""

    FRESH = "fresh"
    CLAMPED = "clock skew, clamped to receipt"
    STALE = "older than the maximum age"
    QUARANTINED = "more than 24 h in the future"


def timeliness(signal: Signal, *, max_age: timedelta) -> Timeliness:
    """Judge an event's age; the future is tolerated up to 24 h because clocks are wrong before events are."""
    ahead = signal.occurred_at - signal.received_at
    if ahead > CLOCK_SKEW_LIMIT:
        return Timeliness.QUARANTINED
    if ahead > timedelta(0):
        return Timeliness.CLAMPED
    return Timeliness.STALE if -ahead > max_age else Timeliness.FRESH


def clamped(signal: Signal) -> Signal:
    """The signal with its time brought back to its receipt, and a note that this was done."""
    noted = {**signal.values, "clock_skew": f"{(signal.occurred_at - signal.received_at).total_seconds():.0f} s"}
    return replace(signal, occurred_at=signal.received_at, values=noted)


def digest(*parts: str, size: int = 10) -> str:
    """A short stable hexadecimal name (2 x `size` characters) for an ordered tuple of strings."""
    return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()


def bounded(text: str, limit: int) -> str:
    """The text, cut with a visible mark where it is longer than `limit` characters."""
    return text if len(text) <= limit else text[: limit - len(CUT_MARK)] + CUT_MARK


@dataclass(frozen=True, slots=True)
class NotASignal:
    """Something that arrived and needs nobody: `outcome` is "ignored" or "recorded", with the reason.

    Many of a kind of one account are a burst (domain.tallies): `burst` names the kind, `subject` the account.
    """

    outcome: str
    reason: str
    event_id: str
    occurred_at: datetime | None = None
    burst: str = ""
    subject: str = ""


def own_signal(
    name: str, *, subject: str, title: str, at: datetime, summary: str = "", unique: str = "", over: bool = False
) -> Signal:
    """A signal about ourselves ("soukmon.<name>"), that it is `over` too; one incident per subject.

    `unique` tells occurrences apart.
    """
    alert_type = f"soukmon.{name}"
    fingerprint = digest("soukmon", name, subject)
    return Signal(
        event_id=digest(alert_type, subject, unique or at.isoformat()),
        fingerprint=fingerprint,
        key=digest(alert_type, subject),
        alert_type=alert_type,
        source="soukmon",
        service="soukmon",
        title=bounded(title, MAX_TITLE),
        summary=bounded(summary, MAX_TEXT),
        occurred_at=at,
        received_at=at,
        kind=SignalKind.RESOLVED if over else SignalKind.FIRING,
        labels={"subject": subject},
    )
