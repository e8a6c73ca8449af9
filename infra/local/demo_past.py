"""The weeks before the demo day, by the hour: what its dashboards and reports compare with."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from infra.local.history.dice import Stream, dice
from infra.local.history.hours import hourly_points
from infra.local.history.plan import Incident, Kind, Plan, Release
from infra.local.history.rhythm import CAIRO
from infra.local.history.tally import Row

GENERATED = "generated"  # their source: no rollup, which replaces its own source's points, ever touches them
WEEKS = 14  # a month and the whole one before it, whichever day it is
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK = 7 * DAY
RELEASED_AT = time(13, 0, tzinfo=CAIRO)
TUESDAY = 1
FIRST_BUNDLE = 601_000
GROWS, SHRINKS = 1.008, 0.94  # with each release, but for the one in which somebody trimmed it
TRIMMED = 6

# What went wrong: how many days before the demo day's history, from and until which hour in Egypt, and how badly.
WENT_WRONG = (
    (Kind.CONVERSION_FALL, 61, (11, 23), 0.25),
    (Kind.MARKETING_PEAK, 45, (18, 23), 0.9),
    (Kind.SLOW_API, 31, (19, 22), 3.0),
    (Kind.OUTAGE, 17, (15, 16), 0.8),
)


def past(plan: Plan) -> Iterator[Row]:
    """The points of the weeks before the plan, which begins at a whole hour; all of them tell how it grew until then.

    There is nothing on record about what went wrong in them.
    """
    start, middle = plan.start - WEEKS * WEEK, plan.start + (plan.end - plan.start) / 2
    weeks = Plan(start, middle + (middle - start), plan.seed, _went_wrong(plan.start), releases_before(plan.start))
    yield from hourly_points(weeks, start, plan.start, source=GENERATED)


def releases_before(end: datetime) -> tuple[Release, ...]:
    """One a week, on Tuesdays, for as long as the history reaches back."""
    local = end.astimezone(CAIRO)
    last = datetime.combine(local.date() - (local.weekday() - TUESDAY) % 7 * DAY, RELEASED_AT)
    moments = [last - back * WEEK for back in range(WEEKS, -1, -1)]
    return tuple(_release(number, at) for number, at in enumerate(moments) if at < end)


def _release(number: int, at: datetime) -> Release:
    size = FIRST_BUNDLE * GROWS**number * (SHRINKS if number >= TRIMMED else 1.0)
    commit = f"{dice(number, Stream.PLAN, WEEKS).getrandbits(28):07x}"
    return Release(at.astimezone(UTC), f"3.0.{number}", commit, int(size))


def _went_wrong(end: datetime) -> tuple[Incident, ...]:
    return tuple(_incident(end, *one) for one in WENT_WRONG)


def _incident(end: datetime, kind: Kind, days: int, hours: tuple[int, int], strength: float) -> Incident:
    day = end.astimezone(CAIRO).date() - days * DAY
    since, until = (datetime.combine(day, time(hour), CAIRO).astimezone(UTC) for hour in hours)
    return Incident(kind, since, until, strength)
