"""Customers who wait for an answer: what a support channel reports, and when its clock begins to run."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from shared.domain.oncall import CAIRO
from shared.domain.redaction import redact
from shared.domain.signals import MAX_TITLE, Signal, SignalKind, bounded, digest
from shared.domain.wallclock import Hours, elapsed_at

DESK = "support_desk"  # who owns a request that was answered in the help desk
ALWAYS = "24/7"
SHORTEST_RESOLUTION = timedelta(hours=1)


class SupportStage(StrEnum):
    """How far a request has come."""

    OPENED = "opened"
    ANSWERED = "answered"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class SupportEvent:
    """A request to a support channel got on. `request` is its number there; what the customer wrote is not kept."""

    channel: str
    request: str
    stage: SupportStage
    at: datetime
    subject: str = ""


def clock_starts(hours: str, at: datetime) -> datetime:
    """From when on a channel with these hours ("24/7" or "09:00-21:00", Egypt time) owes an answer, in UTC."""
    return elapsed_at(open_hours(hours), ZoneInfo(CAIRO), at, timedelta(0))


def open_hours(hours: str) -> Hours | None:
    """The hours of "09:00-21:00"; None for "24/7"."""
    if hours == ALWAYS:
        return None
    opening, closing = (time.fromisoformat(part) for part in hours.split("-"))
    return Hours(opening, closing)


def request_fingerprint(event: SupportEvent) -> str:
    """One incident a request."""
    return digest("support", event.channel, event.request)


def as_signal(event: SupportEvent, *, starts: datetime, now: datetime) -> Signal:
    """The request as a signal that fires when its clock starts, and is over when it is resolved."""
    over = event.stage is SupportStage.RESOLVED
    name = event.channel.replace("_", " ")
    subject = redact(" ".join(event.subject.split()))
    title = f"A customer waits for an answer ({name})" + (f": {subject}" if subject else "")
    begins = max(starts, now) if not over else event.at
    return Signal(
        event_id=digest("support", event.channel, event.request, event.stage),
        fingerprint=request_fingerprint(event),
        key=event.request,
        alert_type=f"support.{event.channel}",
        source="support",
        service="support",
        title=bounded(title, MAX_TITLE),
        occurred_at=begins,
        received_at=now if over else begins,
        kind=SignalKind.RESOLVED if over else SignalKind.FIRING,
        labels={"channel": event.channel},
        values={"request": event.request},
    )


def owned_for(due: datetime, now: datetime) -> timedelta:
    """How long an answer keeps the request quiet: until it is due to be resolved, and an hour at least."""
    return max(due - now, SHORTEST_RESOLUTION)
