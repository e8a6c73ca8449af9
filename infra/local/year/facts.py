"""What happened, in the order it happened: all that the oracle is told of a simulated year."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.domain.notifications import Channel, Notification
from shared.domain.severities import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened at an instant (UTC)."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired(Fact):
    """A signal that something is (or goes on being) wrong was decided about; `severity` is what it says by its rule."""

    incident: str
    rule: str
    alert_type: str
    service: str
    source: str
    severity: Severity
    began: datetime
    is_folded: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Fact):
    """A signal that it is over was decided about."""

    incident: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted(Fact):
    """Somebody wished something of an incident; `until` is when what they took runs out."""

    incident: str
    person: str
    action: str
    happened: bool
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Fact):
    """A line of an incident's record."""

    incident: str
    event: str
    reason: str
    actor: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted(Fact):
    """A provider took a message; `row` is the ledger's row as it was then."""

    channel: Channel
    to: str
    reference: str
    row: Notification


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing(Fact):
    """A provider fails from `at` until `end`; its answers may be lost."""

    channel: Channel
    end: datetime
    loses_answers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Silenced(Fact):
    """Somebody silenced a service from `at` until `end`; the same name again ends it sooner."""

    name: str
    service: str
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintained(Fact):
    """A maintenance window for a service ("" is all of them); `mutes` is False where its list was not complete."""

    name: str
    service: str
    start: datetime
    end: datetime
    mutes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TookOver(Fact):
    """From `start` until `end` the duty of `rotation` is the person's; the one asked for last wins."""

    rotation: str
    person: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GaveBack(Fact):
    """What was taken over for the time around `around` goes back from `at` on."""

    rotation: str
    around: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRan(Fact):
    """A run of a maintenance job ended; `due` is the instant that it was due at."""

    job: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportIssued(Fact):
    """An edition of a report about a period ("2026-12-01") was issued."""

    report: str
    period: str
    edition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked(Fact):
    """The minute's tick and everything that follows from it is done; who is on call now, as the product says."""

    on_call: Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleTick(Fact):
    """A tick at a moment at which nothing is due; `touched` are the collections it wrote to all the same."""

    touched: tuple[str, ...]
