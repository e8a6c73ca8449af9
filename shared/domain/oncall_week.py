"""The week ahead: who is on call when, where nobody is, and how the burden was and will be shared."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.domain.fairness import Load, loads
from shared.domain.oncall import CAIRO, Directory, Duty, whole_shifts

WEEK = timedelta(weeks=1)
LOOK = 4 * WEEK


@dataclass(frozen=True, slots=True)
class OncallWeek:
    """Seven days from `start`; `duties` by rotation, whole, and `before` and `after` four weeks of load each."""

    start: datetime
    end: datetime
    duties: Mapping[str, tuple[Duty, ...]]
    before: Mapping[str, Load]
    after: Mapping[str, Load]


def oncall_week(directory: Directory, now: datetime) -> OncallWeek:
    """The seven days from `now`."""
    end = now + WEEK
    return OncallWeek(
        start=now,
        end=end,
        duties={name: whole_shifts(directory, name, now, end) for name in directory.rotations},
        before=loads(directory, now - LOOK, now),
        after=loads(directory, now, now + LOOK),
    )


def sunday_of(at: datetime) -> date:
    """The Sunday, in Cairo, with which the week of `at` begins."""
    day = at.astimezone(ZoneInfo(CAIRO)).date()
    return day - timedelta(days=day.isoweekday() % 7)
