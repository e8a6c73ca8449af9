"""Error budgets: how much of what may fail has failed, and when all of it will have."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.domain.burn_rates import burn_rate, goal_of
from shared.domain.chart_data import Line, Role
from shared.domain.counts import Counts
from shared.domain.figures import Gap
from shared.domain.metrics import Point
from shared.domain.report_plans import Objective
from shared.domain.series import HOUR

LATELY = 24  # hours whose failures and traffic are the present rate
EVERYTHING = 100.0


@dataclass(frozen=True, slots=True)
class Budget:
    """An objective's error budget over the window that ends at `until`.

    `left`: the percent of it that has not failed yet: 100 = nothing failed, 0 = exactly what may fail, negative =
    overspent, None = nothing was measured. `spent_at`: the hour in which the last of it was used up or, after `until`,
    in which it will be if the failures and the traffic of the last day go on while older ones leave the window; None
    where that never happens. `line` is what was left at the end of each step, each over its own window.
    """

    objective: Objective
    until: datetime
    line: Line
    events: int = 0
    bad: int = 0
    left: float | None = None
    spent_at: datetime | None = None
    gap: Gap | None = None

    @property
    def burn(self) -> float | None:
        """How fast it goes over the whole window: 1 is exactly what may fail; None where nothing was measured."""
        return _burned(self.objective, self.events, self.bad)

    @property
    def is_spent(self) -> bool:
        """True when nothing is left; then `spent_at` is past."""
        return self.left is not None and self.left <= 0

    @property
    def is_overspent(self) -> bool:
        """True when more failed than may; exactly what may fail is the promise kept."""
        return self.left is not None and self.left < 0


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a line."""

    start: datetime
    end: datetime


def hourly(objective: Objective, points: Iterable[Point]) -> Counts:
    """Events and bad ones by the hour, in whatever order the points come."""
    hours: dict[int, list[int]] = {}
    for point in points:
        found = hours.setdefault(int(point.start.timestamp()) // HOUR * HOUR, [0, 0])
        found[0] += point.count
        found[1] += point.bad if objective.limit is None else point.histogram.beyond(objective.limit)
    return Counts((start, events, bad) for start, (events, bad) in sorted(hours.items()))


def budget(objective: Objective, hours: Counts, *, until: datetime, steps: Sequence[Step] = ()) -> Budget:
    """The budget at `until`. Windows are whole hours; the hour that has begun is the last of them."""
    end = _hours_end(until)
    events, bad = _window(objective, hours, end)
    line = Line(
        objective.name, tuple((one.start, _left(objective, *_at(objective, hours, one))) for one in steps), Role.BUDGET
    )
    left = _left(objective, events, bad)
    at = None if left is None else _was_spent(objective, hours, end) if left <= 0 else _spends(objective, hours, end)
    spent_at = None if at is None else datetime.fromtimestamp(at, UTC)
    return Budget(objective, until, line, events, bad, left, spent_at, Gap.NO_DATA if left is None else None)


def _at(objective: Objective, hours: Counts, step: Step) -> tuple[int, int]:
    return _window(objective, hours, _hours_end(step.end))


def _window(objective: Objective, hours: Counts, end: int) -> tuple[int, int]:
    return hours.between(end - objective.window.total_seconds(), end)


def _left(objective: Objective, events: int, bad: int) -> float | None:
    burned = _burned(objective, events, bad)
    return None if burned is None else EVERYTHING * (1 - burned)


def _burned(objective: Objective, events: int, bad: int) -> float | None:
    """1 is exactly the budget: the burn rate over the whole window."""
    return burn_rate(bad, events, goal=goal_of(objective.percent))


def _was_spent(objective: Objective, hours: Counts, end: int) -> int | None:
    """The hour of the window that used up the last of what the window's events allow."""
    first = int(end - objective.window.total_seconds())
    events, _ = hours.between(first, end)
    return next(
        (
            hour
            for hour in range(first, end, HOUR)
            if _is_spent(objective, events, hours.between(first, hour + HOUR)[1])
        ),
        None,
    )


def _spends(objective: Objective, hours: Counts, end: int) -> int | None:
    """The first hour to come after which nothing is left: each adds what is usual lately, and the oldest one leaves."""
    first = int(end - objective.window.total_seconds())
    each, each_bad = hours.between(end - LATELY * HOUR, end)
    for more in range(1, (end - first) // HOUR + 1):
        events, bad = hours.between(first + more * HOUR, end)
        if _is_spent(objective, LATELY * events + more * each, LATELY * bad + more * each_bad):
            return end + (more - 1) * HOUR
    return None


def _is_spent(objective: Objective, events: int, bad: int) -> bool:
    burned = _burned(objective, events, bad)
    return burned is not None and burned >= 1


def _hours_end(at: datetime) -> int:
    """The end of the hour that has begun before `at`."""
    return -(-int(at.timestamp()) // HOUR) * HOUR


def whole_hour(at: datetime) -> datetime:
    """The start of the hour that `at` lies in."""
    return at - timedelta(seconds=at.timestamp() % HOUR)
