"""A simulated span, from due instant to due instant: trouble, people, works and the minute's tick, under an oracle."""

import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from datetime import time as wall
from pathlib import Path

from infra.local.year import facts
from infra.local.year.calm import Arrangements
from infra.local.year.due import next_due
from infra.local.year.incidents import Trouble, rules_of
from infra.local.year.oracle.cairo import instant, local_day
from infra.local.year.oracle.judging import Oracle
from infra.local.year.works import AUDIT_AT, SEAL_AT, Works, undrawn
from infra.local.year.world import World, opened_in
from shared import bootstrap
from shared.config.loader import load
from shared.domain.configuration import Configuration
from shared.domain.incidents import State
from shared.ports import Query
from shared.usecases.records import INCIDENTS

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MOMENT = timedelta(microseconds=1)
AFTERWARDS = timedelta(days=12)  # nothing new begins, and everything comes to its end
IDLE_SHARE = 0.02
INCIDENTS_A_DAY = 4
RARE = {  # what comes so often in a day, on average
    "storm": 1 / 30,
    "flapping": 1 / 14,
    "provider_fails": 1 / 10,
    "silenced": 1 / 6,
    "emergency": 1 / 20,
    "planned_window": 1 / 15,
    "duty_taken": 1 / 9,
}


@dataclass(frozen=True, slots=True)
class Span:
    """What to simulate: [start, end), and the seed of everything random in it."""

    start: datetime
    end: datetime
    seed: int


@dataclass
class Result:
    """What a simulated span came to; `counts` are facts by kind and other figures, by name."""

    span: Span
    counts: dict[str, int]
    checks: dict[str, int]
    violations: list[str]
    seconds: float = 0.0
    store_bytes: int = 0


@dataclass
class Year:
    """Runs a span in a folder."""

    span: Span
    world: World
    oracle: Oracle
    works: Works
    trouble: Trouble
    arrangements: Arrangements
    dice: random.Random
    counts: dict[str, int] = field(default_factory=dict)
    _ticked: datetime | None = None
    _sealing: datetime | None = None

    def run(self) -> None:
        """Until nothing new begins any more and everything has come to its end."""
        self._days()
        until = self.span.end + AFTERWARDS
        self.works.plan(self.span.start, until)
        while True:
            at, does = self._next()
            if at > until:
                break
            if self._is_idle_before(at):
                self.world.clock.set(self.world.now + (at - self.world.now) / 2)
                self.world.idle_tick()
            self.world.clock.set(at)
            does()
            if does not in (self.works.seal, self._audit):
                self._keep_sealing()
            elif does == self._audit:
                self._sealing = None
        self.world.clock.set(until)

    def tick(self) -> None:
        """The minute's tick, remembered."""
        self._ticked = self.world.now
        self.world.tick()
        self.counts["ticks"] = self.counts.get("ticks", 0) + 1

    def _next(self) -> tuple[datetime, Callable[[], object]]:
        """What comes next: an event, or the tick for which something is due."""
        after = self._ticked or self.span.start - MOMENT
        due, event = next_due(self.world.store, self.world.config, after), self.world.queue.next_at()
        if due is not None:
            due = max(due, self.world.now)
        if event is not None and (due is None or event <= due):
            self.counts["events"] = self.counts.get("events", 0) + 1
            return event, self.world.queue.pop()
        if due is None:
            return self.span.end + 2 * AFTERWARDS, lambda: None
        return due, self.tick

    def _is_idle_before(self, at: datetime) -> bool:
        return at - self.world.now > 2 * MINUTE and self.dice.random() < IDLE_SHARE

    def _keep_sealing(self) -> None:
        """Seals and audits come every hour; those of hours in which nothing happened are left out."""
        if self._sealing is not None:
            return
        hour = self.world.now.replace(minute=0, second=0, microsecond=0)
        begins = hour if self.world.now <= hour + SEAL_AT else hour + HOUR
        self._sealing = begins + AUDIT_AT
        self.world.queue.put(begins + SEAL_AT, self.works.seal)
        self.world.queue.put(self._sealing, self._audit)

    def _audit(self) -> None:
        self.tick()
        self.works.audit()

    def _days(self) -> None:
        """Each day's trouble is cast when it begins."""
        day = local_day(self.span.start)
        while (at := instant(day, wall())) < self.span.end:
            self.world.queue.put(max(at, self.span.start), lambda at=at: self._cast(at))  # type: ignore[misc]
            day += DAY

    def _cast(self, midnight: datetime) -> None:
        makers = {name: getattr(self.trouble, name, None) or getattr(self.arrangements, name) for name in RARE}
        often = [self.trouble.one] * self._how_many(INCIDENTS_A_DAY)
        rare = [makers[name] for name, share in RARE.items() for _ in range(self._how_many(share))]
        for event in (*often, *rare):
            at = midnight + self.dice.random() * DAY
            if self.span.start <= at < self.span.end:
                self.world.queue.put(at, event)

    def _how_many(self, on_average: float) -> int:
        """A Poisson number."""
        number, passed = 0, self.dice.expovariate(on_average)
        while passed < 1:
            number, passed = number + 1, passed + self.dice.expovariate(on_average)
        return number


def simulated(span: Span, *, config: Configuration | None = None) -> Result:
    """Simulate the span in a folder of its own, and let the oracle judge it."""
    began = time.monotonic()
    chosen = undrawn(config or load())
    with tempfile.TemporaryDirectory(prefix="soukmon-year-") as folder:
        try:
            year = made(span, Path(folder), chosen)
            year.run()
            return _result(year, Path(folder), time.monotonic() - began)
        finally:
            bootstrap.install()


def made(span: Span, folder: Path, config: Configuration) -> Year:
    """Everything that a simulated span needs, at its start."""
    oracle = Oracle(config, span.start)
    troubles: list[Trouble] = []

    def tell(fact: facts.Fact) -> None:
        oracle.take(fact)
        for one in troubles:
            one.seen(fact)

    world = opened_in(folder, config, span.start, tell)
    trouble = Trouble(world, random.Random(f"{span.seed} trouble"), rules_of(config))  # noqa: S311 - to be repeated
    troubles.append(trouble)
    return Year(
        span,
        world,
        oracle,
        Works(world, random.Random(f"{span.seed} works"), folder),  # noqa: S311
        trouble,
        Arrangements(world, random.Random(f"{span.seed} calm")),  # noqa: S311
        random.Random(f"{span.seed} days"),  # noqa: S311
    )


def _result(year: Year, folder: Path, seconds: float) -> Result:
    year.oracle.finish(year.world.store, year.world.providers, year.world.now, until=year.world.now)
    size = (folder / "state.db").stat().st_size
    return Result(
        year.span, {**year.counts, **year.oracle.counts}, dict(year.oracle.court.checks), [str(v) for v in year.oracle.court.violations], seconds, size
    )


def open_incidents(world: World) -> list[str]:
    """Those that have not been closed (or merged) yet."""
    rows = world.store.find(Query(INCIDENTS, order_by="opened_at", limit=1_000_000))
    return [row.id for row in rows if row.body["state"] not in {State.CLOSED, State.MERGED}]


__all__ = ["Result", "Span", "Year", "made", "open_incidents", "replace", "simulated"]
