"""Whole days, weeks and months in Egypt, with their bounds in UTC: what a report is about and what it compares with."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from shared.domain.figures import Span
from shared.domain.oncall import CAIRO
from shared.domain.reviews import month_of

ZONE = ZoneInfo(CAIRO)
A_DAY = timedelta(days=1)
WEEK_DAYS = 7


class PeriodKind(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """[start, end) in UTC.

    A day on which the clocks change has 23 or 25 hours: sums of two periods are never compared, only what they come to
    per hour.
    """

    kind: PeriodKind
    start: datetime
    end: datetime

    @property
    def first(self) -> date:
        """Its first day in Egypt."""
        return self.start.astimezone(ZONE).date()

    @property
    def last(self) -> date:
        """Its last day in Egypt."""
        return self.end.astimezone(ZONE).date() - A_DAY

    @property
    def name(self) -> str:
        """Its name in addresses and records: "2026-11-29", "2026-11-23-to-2026-11-29", "2026-11"."""
        if self.kind is PeriodKind.DAY:
            return str(self.first)
        return f"{self.first:%Y-%m}" if self.kind is PeriodKind.MONTH else f"{self.first}-to-{self.last}"

    @property
    def span(self) -> Span:
        """Its bounds."""
        return Span(self.start, self.end)

    @property
    def before(self) -> "Period":
        """What it is compared with: a day with the same weekday of the week before, others with the one before."""
        if self.kind is PeriodKind.MONTH:
            return _month(self.first - A_DAY)
        return _days(self.kind, self.first - WEEK_DAYS * A_DAY, self.last - WEEK_DAYS * A_DAY)


def day_of(day: date) -> Period:
    """A day in Egypt."""
    return _days(PeriodKind.DAY, day, day)


def days_of(span: Span) -> Iterator[Period]:
    """The days in Egypt that a span touches."""
    day, last = (at.astimezone(ZONE).date() for at in (span.since, span.until - timedelta(microseconds=1)))
    while day <= last:
        yield day_of(day)
        day += A_DAY


def last_period(kind: PeriodKind, now: datetime) -> Period:
    """The newest period that is over: yesterday, the seven days up to yesterday, the month before this one."""
    yesterday = now.astimezone(ZONE).date() - A_DAY
    if kind is PeriodKind.MONTH:
        return _month(now.astimezone(ZONE).date().replace(day=1) - A_DAY)
    length = WEEK_DAYS if kind is PeriodKind.WEEK else 1
    return _days(kind, yesterday - (length - 1) * A_DAY, yesterday)


def period_named(name: str) -> Period:
    """The period that has this name. Raises ValueError for a text that is none."""
    first, between, last = name.partition("-to-")
    if between:
        week = _days(PeriodKind.WEEK, date.fromisoformat(first), date.fromisoformat(last))
        if (week.last - week.first).days != WEEK_DAYS - 1:
            raise ValueError(f"{name} has not seven days")
        return week
    if name.count("-") == 1:
        return _month(date.fromisoformat(f"{name}-01"))
    return day_of(date.fromisoformat(name))


def _month(day: date) -> Period:
    month = month_of(datetime.combine(day, time(12), ZONE))
    return Period(PeriodKind.MONTH, month.start, month.following.start)


def _days(kind: PeriodKind, first: date, last: date) -> Period:
    return Period(kind, _midnight(first), _midnight(last + A_DAY))


def _midnight(day: date) -> datetime:
    """Where the clocks skip midnight (Egypt's summer begins so), the day's first instant."""
    return datetime.combine(day, time(), ZONE).astimezone(UTC)
