"""Breaches: a restricted incident's own record, and the clock that runs from the first signal to the regulator."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.code_names import CodeName, code_name
from shared.domain.signals import digest

# Egypt's Law 151 of 2020 on personal data gives 72 hours; whether it applies, and to what, is for counsel to say.
REPORT_WITHIN = timedelta(hours=72)
REMIND_AFTER = (timedelta(hours=24), timedelta(hours=48), timedelta(hours=60), timedelta(hours=70))
LONGEST_REASON = 500


class Standing(StrEnum):
    """Where a breach is in its life."""

    OPEN = "open"
    STAND_DOWN_ASKED = "stand-down asked for"
    STOOD_DOWN = "stood down"
    CLOSED = "closed"

    @property
    def is_open(self) -> bool:
        """True while its clock runs."""
        return self in {Standing.OPEN, Standing.STAND_DOWN_ASKED}


class Said(StrEnum):
    """What a wish about a breach came to."""

    DECLARED = "breach declared"
    DECLARED_BEFORE = "declared before"
    REPORTED = "report to the regulator noted"
    REPORTED_BEFORE = "the report was noted before"
    ASKED = "stand-down asked for"
    STOOD_DOWN = "stood down"
    CLOSED = "breach closed"
    ASKED_BEFORE = "somebody asked for the stand-down before; another member of the team has to confirm it"
    SAME_PERSON = "another member of the response team has to confirm this"
    NOT_IN_TEAM = "only the response team may do this"
    NO_REASON = "give a reason"
    NOT_OPEN = "the breach is not open"
    NOT_REPORTED = "the report to the regulator is not noted yet"
    UNKNOWN = "there is no such breach"
    UNKNOWN_INCIDENT = "there is no such incident"
    NOT_ENTITLED = "this person may not declare a breach"


class Filing(StrEnum):
    """How the report to the regulator stands."""

    RUNNING = "the clock runs"
    OVERDUE = "overdue"
    IN_TIME = "reported in time"
    LATE = "reported late"


@dataclass(frozen=True, slots=True)
class Breach:
    """One declared breach. The instants of its clock are kept as they were computed, whatever is deployed later.

    `detected_at` is the first signal's own time: the law counts from there, not from the declaration. `told` counts
    the reminders that are behind it; `due_at` is the next instant at which the minute tick has to look at it.
    `asked_by` and `reason` belong to a stand-down.
    """

    id: str
    incident: str
    code: str
    code_ar: str
    detected_at: datetime
    declared_at: datetime
    declared_by: str
    regulator_at: datetime
    reminders: tuple[datetime, ...]
    due_at: datetime | None
    is_drill: bool = False
    standing: Standing = Standing.OPEN
    told: int = 0
    overdue_told: bool = False
    reported_at: datetime | None = None
    reported_by: str = ""
    asked_by: str = ""
    reason: str = ""
    ended_at: datetime | None = None
    ended_by: str = ""
    evidence: tuple[str, ...] = ()

    @property
    def name(self) -> CodeName:
        """Its code name."""
        return CodeName(self.code, self.code_ar)


def breach_id(incident: str) -> str:
    """The id of the breach that an incident is, or would be."""
    return f"BR-{digest('breach', incident, size=4)}"


def declared(incident: str, by: str, *, detected_at: datetime, now: datetime, is_drill: bool = False) -> Breach:
    """A breach from its first signal on; one incident has one."""
    name = code_name(incident)
    reminders = tuple(detected_at + wait for wait in REMIND_AFTER)
    return Breach(
        id=breach_id(incident),
        incident=incident,
        code=name.en,
        code_ar=name.ar,
        detected_at=detected_at,
        declared_at=now,
        declared_by=by,
        regulator_at=detected_at + REPORT_WITHIN,
        reminders=reminders,
        due_at=reminders[0],
        is_drill=is_drill,
    )


def filing(breach: Breach, now: datetime) -> Filing:
    """How the report stands at `now`."""
    if breach.reported_at is not None:
        return Filing.IN_TIME if breach.reported_at <= breach.regulator_at else Filing.LATE
    return Filing.OVERDUE if now > breach.regulator_at else Filing.RUNNING


@dataclass(frozen=True, slots=True)
class Reminded:
    """What is due of a clock: the breach afterwards, and the hours since detection that a reminder stands for.

    When several reminders passed at once (a late declaration, an outage of ours) the last one is told for all.
    """

    breach: Breach
    hours: int
    is_overdue: bool = False


def reminder(breach: Breach, now: datetime) -> Reminded | None:
    """The reminder that is due by `now`, each once; None when none is."""
    if not breach.standing.is_open or breach.reported_at is not None:
        return None
    if now > breach.regulator_at and not breach.overdue_told:
        after = replace(breach, told=len(breach.reminders), overdue_told=True, due_at=None)
        return Reminded(after, _hours(breach.regulator_at, breach), is_overdue=True)
    passed = sum(at <= now for at in breach.reminders)
    if passed <= breach.told:
        return None
    after = replace(breach, told=passed, due_at=_next(breach, passed))
    return Reminded(after, _hours(breach.reminders[passed - 1], breach))


def reported(breach: Breach, by: str, now: datetime) -> tuple[Breach, Said]:
    """The regulator has the report: the clock stops."""
    if breach.reported_at is not None:
        return breach, Said.REPORTED_BEFORE
    if not breach.standing.is_open:
        return breach, Said.NOT_OPEN
    return replace(breach, reported_at=now, reported_by=by, due_at=None), Said.REPORTED


def stand_down(breach: Breach, by: str, reason: str, now: datetime) -> tuple[Breach, Said]:
    """A false alarm takes two: one gives the reason, another member of the team confirms it."""
    if not breach.standing.is_open:
        return breach, Said.NOT_OPEN
    if breach.standing is Standing.OPEN:
        if not reason.strip():
            return breach, Said.NO_REASON
        kept = reason.strip()[:LONGEST_REASON]
        return replace(breach, standing=Standing.STAND_DOWN_ASKED, asked_by=by, reason=kept), Said.ASKED
    if breach.asked_by == by:
        return breach, Said.SAME_PERSON
    over = replace(breach, standing=Standing.STOOD_DOWN, ended_at=now, ended_by=by, due_at=None)
    return over, Said.STOOD_DOWN


def closed(breach: Breach, by: str, now: datetime) -> tuple[Breach, Said]:
    """It is over: only once the regulator has the report."""
    if not breach.standing.is_open:
        return breach, Said.NOT_OPEN
    if breach.reported_at is None:
        return breach, Said.NOT_REPORTED
    return replace(breach, standing=Standing.CLOSED, ended_at=now, ended_by=by, due_at=None), Said.CLOSED


def _next(breach: Breach, told: int) -> datetime:
    """After the last reminder the deadline itself: what is not reported a second later is overdue."""
    return breach.reminders[told] if told < len(breach.reminders) else breach.regulator_at + timedelta(seconds=1)


def _hours(at: datetime, breach: Breach) -> int:
    return int((at - breach.detected_at).total_seconds() // 3600)
