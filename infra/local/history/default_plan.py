"""A quarter of a year as a marketplace may have it: some five real incidents a month, and what only looks like one."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from random import Random

from infra.local.history.dice import Stream, dice
from infra.local.history.plan import HARMLESS, Incident, Kind, Plan, Release
from infra.local.history.rhythm import CAIRO, FRIDAY, SATURDAY

MONTH = 30
REAL_A_MONTH = 5
HARMLESS_A_MONTH = 3
QUIET_SHARE = 0.1  # the first tenth is undisturbed, so that baselines have something to stand on
FIRST_BUNDLE = 600_000
TRIMMED_ABOVE = 715_000
TRIMMED_TO = 0.87
DAYS_BETWEEN_RELEASES = (5, 9)
OFFICE_HOURS = (10, 16)
WAKING_HOURS = (9, 22)


@dataclass(frozen=True, slots=True)
class Shape:
    """Between what bounds incidents of a kind last and hurt."""

    shortest: timedelta
    longest: timedelta
    weakest: float
    strongest: float


def _minutes(shortest: int, longest: int, weakest: float, strongest: float) -> Shape:
    return Shape(timedelta(minutes=shortest), timedelta(minutes=longest), weakest, strongest)


SHAPES = {
    Kind.ERROR_BURST: _minutes(15, 60, 0.05, 0.2),
    Kind.OUTAGE: _minutes(8, 40, 0.95, 1.0),
    Kind.SLOW_API: _minutes(20, 120, 2.5, 5.0),
    Kind.SLOW_PAGES: _minutes(120, 480, 0.8, 1.5),
    Kind.BUNDLE_JUMP: _minutes(1_440, 2_880, 0.3, 0.5),
    Kind.CONVERSION_FALL: _minutes(360, 1_200, 0.25, 0.5),
    Kind.ENGAGEMENT_FALL: _minutes(1_200, 2_160, 0.45, 0.6),
    Kind.ORDER_FAILURES: _minutes(60, 240, 0.2, 0.6),
    Kind.RETRY_STORM: _minutes(20, 90, 5.0, 12.0),
    Kind.MARKETING_PEAK: _minutes(60, 240, 0.8, 1.8),
}


def default_plan(end: datetime, days: int = 90, seed: int = 7) -> Plan:
    """`days` of history up to `end` (whole minutes, aware)."""
    random = dice(seed, Stream.PLAN, days)
    start = end - timedelta(days=days)
    incidents = _incidents(random, start, end)
    jumps = [moment for one in incidents if one.kind is Kind.BUNDLE_JUMP for moment in (one.start, one.end)]
    return Plan(start, end, seed, incidents, _releases(random, start, end, extra=jumps))


def _incidents(random: Random, start: datetime, end: datetime) -> tuple[Incident, ...]:
    """One to each of as many equal stretches of time, so that no two overlap."""
    kinds = _kinds(random, (end - start) / timedelta(days=MONTH))
    first = start + QUIET_SHARE * (end - start)
    stretch = (end - first) / len(kinds)
    placed = (_placed(random, kind, first + n * stretch, stretch) for n, kind in enumerate(kinds))
    return tuple(incident for incident in placed if incident.start >= first and incident.end <= end)


def _kinds(random: Random, months: float) -> list[Kind]:
    real = [kind for kind in Kind if kind not in HARMLESS]
    harmless = sorted(HARMLESS)
    random.shuffle(real)
    chosen = [real[n % len(real)] for n in range(max(1, round(REAL_A_MONTH * months)))]
    chosen += [harmless[n % len(harmless)] for n in range(max(1, round(HARMLESS_A_MONTH * months)))]
    random.shuffle(chosen)
    return chosen


def _placed(random: Random, kind: Kind, first: datetime, stretch: timedelta) -> Incident:
    """Begun in waking hours, when deployments and campaigns happen; within its stretch whatever the bounds say."""
    shape = SHAPES[kind]
    length = min(shape.shortest + random.random() * (shape.longest - shape.shortest), 0.6 * stretch)
    start = first + random.random() * (stretch - length)
    waking = start.astimezone(CAIRO).replace(hour=random.randint(*WAKING_HOURS)).astimezone(start.tzinfo)
    start = _whole(waking if first <= waking <= first + stretch - length else start)
    return Incident(kind, start, start + _whole_length(length), random.uniform(shape.weakest, shape.strongest))


def _whole(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _whole_length(length: timedelta) -> timedelta:
    return max(timedelta(minutes=1), length // timedelta(minutes=1) * timedelta(minutes=1))


def _releases(random: Random, start: datetime, end: datetime, *, extra: list[datetime]) -> tuple[Release, ...]:
    """One at the start, one about every week, and those of `extra`."""
    moments = {start, *extra}
    day = start + timedelta(days=random.randint(*DAYS_BETWEEN_RELEASES))
    while day < end:
        moments.add(_office_hour(random, day))
        day += timedelta(days=random.randint(*DAYS_BETWEEN_RELEASES))
    ordered = sorted(moment for moment in moments if start <= moment < end)
    releases = [_release(random, ordered[0], FIRST_BUNDLE, 1.0, 0)]
    for number, (_, moment) in enumerate(pairwise(ordered), start=1):
        releases.append(_next_release(random, moment, releases[-1], number))
    return tuple(releases)


def _office_hour(random: Random, day: datetime) -> datetime:
    """A working hour of the day, or of the Sunday after a weekend."""
    local = day.astimezone(CAIRO).date()
    local += timedelta(days={FRIDAY: 2, SATURDAY: 1}.get(local.weekday(), 0))
    hour = time(random.randint(*OFFICE_HOURS), random.randrange(60), tzinfo=CAIRO)
    return datetime.combine(local, hour).astimezone(day.tzinfo)


def _next_release(random: Random, at: datetime, before: Release, number: int) -> Release:
    """One to three percent larger, until somebody trims it; one in five paints a little slower, or is mended."""
    size = before.bundle_bytes * random.uniform(1.01, 1.03)
    size = size * TRIMMED_TO if size > TRIMMED_ABOVE else size
    slower = before.page_factor == 1.0 and random.random() < 1 / 5
    return _release(random, at, int(size), random.uniform(1.02, 1.06) if slower else 1.0, number)


def _release(random: Random, at: datetime, size: int, page_factor: float, number: int) -> Release:
    return Release(at, f"3.{number}.0", f"{random.getrandbits(28):07x}", size, page_factor)
