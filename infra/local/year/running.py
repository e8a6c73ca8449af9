"""A simulated span, from due instant to due instant: trouble, people, works and the minute's tick, under an oracle."""

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as wall
from pathlib import Path

from infra.local.year import facts
from infra.local.year.calm import Arrangements
from infra.local.year.counting import figure_of
from infra.local.year.dice import Dice
from infra.local.year.due import next_due
from infra.local.year.incidents import Trouble, rules_of
from infra.local.year.oracle.cairo import instant, local_day
from infra.local.year.oracle.judging import Oracle
from infra.local.year.oracle.verdicts import Court
from infra.local.year.works import AUDIT_AT, SEAL_AT, Works, undrawn
from infra.local.year.world import Tell, World, opened_in
from shared import bootstrap
from shared.domain.configuration import Configuration
from shared.usecases.window_records import windows

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MOMENT = timedelta(microseconds=1)
FIRST_FIGURES = (
    "ticks",
    "events",
    "signals",
    "incidents",
    "pages",
    "acknowledge",
    "escalations",
    "jobs",
    "report editions",
)
AFTERWARDS = timedelta(days=12)  # nothing new begins, and everything comes to its end
AUDITED_HOURS = 4  # of those in which something happened, for every thirteen minutes of each hour
IDLE_SHARE = 0.02
RARE = {  # what comes so often in a day, on average
    "storm": 1 / 30,
    "flapping": 1 / 14,
    "provider_fails": 1 / 10,
    "silenced": 1 / 6,
    "emergency": 1 / 20,
    "planned_window": 1 / 15,
    "duty_taken": 1 / 9,
}

Say = Callable[[str], None]


def silent(line: str) -> None:
    """Say nothing."""
    del line


@dataclass(frozen=True, slots=True)
class Span:
    """What to simulate: [start, end), the seed of everything random in it, and how much begins on an average day."""

    start: datetime
    end: datetime
    seed: int
    incidents_a_day: float = 4


@dataclass
class Result:
    """What a simulated span came to: `figures` by name, the court's verdicts, how long it took and what it left.

    `seconds` by the clock on the wall, `busy` of the processor's.
    """

    span: Span
    figures: Mapping[str, int]
    court: Court
    seconds: float = 0.0
    busy: float = 0.0
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
    dice: Dice
    figures: Counter[str]
    say: Say = silent
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
                self._watch_windows()
            elif does == self._audit:
                self._sealing = None
        self.world.clock.set(until)

    def judge(self) -> None:
        """Let the oracle look over what is left."""
        now = self.world.now
        self.oracle.finish(self.world.store, self.world.providers, now, until=now)

    def tick(self) -> None:
        """The minute's tick, remembered."""
        self._ticked = self.world.now
        self.world.tick()
        self.figures["ticks"] += 1

    def _next(self) -> tuple[datetime, Callable[[], object]]:
        """What comes next: an event, or the tick for which something is due."""
        after = self._ticked or self.span.start - MOMENT
        due, event = next_due(self.world.store, self.world.config, after), self.world.queue.next_at()
        if due is not None:
            due = max(due, self.world.now)
        if event is not None and (due is None or event <= due):
            self.figures["events"] += 1
            return event, self.world.queue.pop()
        if due is None:
            return self.span.end + 2 * AFTERWARDS, lambda: None
        return due, self.tick

    def _is_idle_before(self, at: datetime) -> bool:
        return at - self.world.now > 2 * MINUTE and self.dice.happens(IDLE_SHARE)

    def _keep_sealing(self) -> None:
        """Seals and audits come every hour; those of hours in which nothing happened are left out."""
        if self._sealing is not None:
            return
        hour = self.world.now.replace(minute=0, second=0, microsecond=0)
        begins = hour if self.world.now <= hour + SEAL_AT else hour + HOUR
        self._sealing = begins + AUDIT_AT
        self.world.queue.put(begins + SEAL_AT, self.works.seal)
        self.world.queue.put(self._sealing, self._audit)

    def _watch_windows(self) -> None:
        """While a window is open, the next tick looks at what has begun in it."""
        now = self.world.now
        if self._ticked != now and any(one.is_open_at(now) for one in windows(self.world.store, since=now)):
            self.world.queue.put(now.replace(second=0, microsecond=0) + MINUTE, self.tick)

    def _audit(self) -> None:
        if self.world.now.hour % AUDITED_HOURS == 0:
            self.tick()
            self.figures["shouts of the audit"] += self.works.audit()

    def _days(self) -> None:
        """Each day's trouble is cast when it begins."""
        day, quiet = local_day(self.span.start), self.world.config.noise.quiet_hours
        while (at := instant(day, wall())) < self.span.end:
            self.world.queue.put(max(at, self.span.start), lambda at=at: self._cast(at))  # type: ignore[misc]
            for span in quiet.spans if quiet is not None else ():
                self.world.queue.put(instant(day, span.end), self.tick)  # the digest, even if all of it is seen to
            day += DAY

    def _cast(self, midnight: datetime) -> None:
        if (day := local_day(midnight)).day == 1:
            self.say(f"{day:%B %Y}: {self.figures['incidents']:,} incidents, {self.figures['ticks']:,} ticks so far")
        makers = {name: getattr(self.trouble, name, None) or getattr(self.arrangements, name) for name in RARE}
        often = [self.trouble.one] * self.dice.how_many(self.span.incidents_a_day)
        rare = [makers[name] for name, share in RARE.items() for _ in range(self.dice.how_many(share))]
        for event in (*often, *rare):
            at = midnight + self.dice.random() * DAY
            if self.span.start <= at < self.span.end:
                self.world.queue.put(at, event)


def simulated(span: Span, *, config: Configuration, say: Say = silent) -> Result:
    """Simulate the span in a folder of its own, and let the oracle judge it; `say` hears of each month."""
    began, busy = time.monotonic(), time.process_time()
    with tempfile.TemporaryDirectory(prefix="soukmon-year-") as folder:
        try:
            year = made(span, Path(folder), config, say=say)
            year.run()
            year.judge()
            size = (Path(folder) / "state.db").stat().st_size
            spent = time.monotonic() - began, time.process_time() - busy
            return Result(span, year.figures, year.oracle.court, *spent, store_bytes=size)
        finally:
            bootstrap.install()


def made(span: Span, folder: Path, config: Configuration, *, say: Say = silent, listener: Tell | None = None) -> Year:
    """Everything that a simulated span needs, at its start; a `listener` hears every fact as well."""
    chosen = undrawn(config)
    figures = Counter[str](dict.fromkeys(FIRST_FIGURES, 0))
    oracle, listeners = Oracle(chosen, span.start), [listener] if listener else []

    def tell(fact: facts.Fact) -> None:
        oracle.take(fact)
        name = figure_of(fact)
        if name is not None:
            figures[name] += 1
        for one in listeners:
            one(fact)

    world = opened_in(folder, chosen, span.start, tell)
    trouble = Trouble(world, _dice(span, "trouble"), rules_of(chosen))
    listeners.append(trouble.seen)
    works, arranged = Works(world, _dice(span, "works"), folder), Arrangements(world, _dice(span, "arrangements"))
    return Year(span, world, oracle, works, trouble, arranged, _dice(span, "days"), figures, say)


def _dice(span: Span, what: str) -> Dice:
    return Dice(f"{span.seed} {what}")
