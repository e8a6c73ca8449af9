"""What there is to see of maintenance: how each job stands, and what is to come on which day in Egypt."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from shared.domain.jobs import JobPlan, Run
from shared.domain.maintenance import Window
from shared.domain.oncall import CAIRO


class Waits(StrEnum):
    """What a job that is due waits for."""

    LOCK = "lock"
    WINDOW = "window"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a job stands: `runs` are the newest that have ended, the newest first; dry ones do not count as `last`.

    `running` goes on now. `missed` is the occurrence that should have run by now, `waits` what it waits for, and
    `holder` the job that holds its lock.
    """

    plan: JobPlan
    next_at: datetime | None
    runs: tuple[Run, ...] = ()
    running: Run | None = None
    missed: datetime | None = None
    waits: Waits | None = None
    holder: str = ""

    @property
    def last(self) -> Run | None:
        """The newest run that counts."""
        return next((run for run in self.runs if not run.is_dry), None)


@dataclass(frozen=True, slots=True)
class Day:
    """What is to come on a day: each job with its times, and the windows that are open on it."""

    date: date
    jobs: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class JobBoard:
    """All of it, as it was `at`."""

    at: datetime
    standings: tuple[Standing, ...]
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """An occurrence of a job, with its run once it has begun."""

    plan: JobPlan
    at: datetime
    run: Run | None = None


def days_of(turns: Iterable[tuple[str, datetime]], windows: Iterable[Window]) -> tuple[Day, ...]:
    """The days on which anything is to come, by Egypt's calendar, the first one first."""
    jobs: dict[date, dict[str, list[datetime]]] = {}
    for name, at in turns:
        jobs.setdefault(_day(at), {}).setdefault(name, []).append(at)
    known = sorted((one for one in windows if not one.is_cancelled), key=lambda one: one.start)
    opening: dict[date, list[Window]] = {}
    for one in known:
        opening.setdefault(_day(one.start), []).append(one)
    return tuple(
        Day(day, {name: tuple(at) for name, at in jobs.get(day, {}).items()}, tuple(opening.get(day, ())))
        for day in sorted({*jobs, *opening})
    )


def _day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(CAIRO)).date()
