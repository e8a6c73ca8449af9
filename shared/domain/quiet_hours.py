"""Quiet hours: the part of the day in which what is not urgent waits, in local wall-clock time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.domain.oncall import CAIRO
from shared.domain.severities import Severity

EVERY_DAY = frozenset(range(7))
DAY = timedelta(days=1)
A_WEEK = timedelta(days=7)
NEAR = range(-8, 2)


@dataclass(frozen=True, slots=True)
class QuietSpan:
    """From `start` until `end` (of the next day where it is not later); `days` (Monday is 0) are those it begins on."""

    start: time
    end: time
    days: frozenset[int] = EVERY_DAY


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Incidents below `below` that begin in one of the spans are told at its end."""

    spans: tuple[QuietSpan, ...]
    timezone: str = CAIRO
    below: Severity = Severity.HIGH

    def until(self, at: datetime) -> datetime | None:
        """When the quiet that holds `at` ends, spans that follow on each other taken as one; None outside of it."""
        end = self._end(at)
        while end is not None and end - at < A_WEEK and (later := self._end(end)) is not None:
            end = later
        return end

    def ended(self, at: datetime) -> datetime | None:
        """The latest end of quiet at or before `at`; None when there was none within a week."""
        ends = [end for _, end in self._instants(at) if end <= at and self._end(end) is None]
        return max(ends, default=None)

    def _end(self, at: datetime) -> datetime | None:
        ends = [end for start, end in self._instants(at) if start <= at < end]
        return max(ends, default=None)

    def _instants(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The spans around `at` as instants: each wall-clock time becomes UTC on its own day."""
        zone = ZoneInfo(self.timezone)
        today = at.astimezone(zone).date()
        for span in self.spans:
            for offset in NEAR:
                day = today + offset * DAY
                if day.weekday() in span.days:
                    last = day if span.end > span.start else day + DAY
                    yield _instant(day, span.start, zone), _instant(last, span.end, zone)


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
