"""`soukmon bench`: figures of this machine, each as a ratio to something measured in the same run."""

import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from shared.adapters.clocks import SystemClock, VirtualClock
from shared.adapters.sqlite_state import SqliteState
from shared.config.loader import load
from shared.domain.configuration import Configuration
from shared.domain.grouping import Circumstances, absorb
from shared.domain.reasons import Notify
from shared.domain.rules import matching
from shared.domain.signals import Signal
from shared.errors import ConfigurationError
from shared.ports.store import Put
from shared.rendering.slack import incident_message
from shared.rendering.view import IncidentView
from shared.usecases.escalate import escalate
from shared.usecases.handle_signal import handle_signal
from shared.usecases.records import INCIDENTS, body_of

ROUNDS = 200
FEW, MANY = 100, 10_000


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: what, the value in its unit, and the ratio with what it is compared to."""

    name: str
    value: str
    ratio: float
    against: str


class Silent:
    """A publisher that keeps nothing: the bus is not what is measured."""

    def publish(self, topic: str, data: bytes, attributes: Mapping[str, str] | None = None) -> str:
        """Nothing happens."""
        del topic, data, attributes
        return ""


def run() -> list[Figure]:
    """All figures; takes some seconds."""
    configuration = load()
    with tempfile.TemporaryDirectory(prefix="soukmon-bench-") as folder:
        return [*_one_event(configuration, Path(folder)), *_ticks(configuration, Path(folder))]


def _one_event(configuration: Configuration, folder: Path) -> list[Figure]:
    clock = VirtualClock(SystemClock().now())
    calm = replace(configuration, limits=replace(configuration.limits, storm_window=timedelta(0)))
    store, bare = SqliteState(folder / "events.db"), SqliteState(folder / "bare.db")
    pure = _median(lambda n: _decide_and_render(_signal(n, clock), configuration, clock))
    commit = _median(lambda n: bare.commit([Put("receipts", str(n), {"at": str(n)})]))
    whole = _median(
        lambda n: handle_signal(_signal(n, clock), config=calm, store=store, publisher=Silent(), clock=clock)
    )
    return [
        Figure("decide and render one event", f"{pure * 1e3:.2f} ms", pure / whole, "x the whole handling of it"),
        Figure("handle one event, durably", f"{whole * 1e3:.2f} ms", whole / commit, "x one bare commit"),
    ]


def _ticks(configuration: Configuration, folder: Path) -> list[Figure]:
    times = {}
    for open_incidents in (FEW, MANY):
        clock = VirtualClock(SystemClock().now())
        store = SqliteState(folder / f"tick{open_incidents}.db")
        _fill(store, configuration, clock, open_incidents)
        tick = partial(escalate, config=configuration, store=store, publisher=Silent(), clock=clock)
        times[open_incidents] = _median(lambda _, tick=tick: tick(), rounds=20)  # type: ignore[misc]
    name = f"a tick with {MANY} open incidents, none due"
    ratio = times[MANY] / times[FEW]
    return [Figure(name, f"{times[MANY] * 1e3:.2f} ms", ratio, f"x a tick with {FEW}")]


def _fill(store: SqliteState, configuration: Configuration, clock: VirtualClock, count: int) -> None:
    verdict = absorb(_signal(0, clock), None, _circumstances(_signal(0, clock), configuration, clock))
    if verdict.incident is None:
        raise ConfigurationError("no rule opens an incident for a crash")
    later = replace(verdict.incident, due_at=clock.now() + timedelta(hours=1))
    store.commit([Put(INCIDENTS, f"INC-{n}", body_of(replace(later, id=f"INC-{n}"))) for n in range(count)])


def _decide_and_render(signal: Signal, configuration: Configuration, clock: VirtualClock) -> None:
    verdict = absorb(signal, None, _circumstances(signal, configuration, clock))
    if verdict.incident is not None:
        incident_message(IncidentView(verdict.incident, clock.now()), reason=Notify.FIRST)


def _circumstances(signal: Signal, configuration: Configuration, clock: VirtualClock) -> Circumstances:
    rule = matching(configuration.event_rules, signal)
    if rule is None:
        raise ConfigurationError("no rule accepts a crash")
    policies = {severity: configuration.policies[p.policy] for severity, p in configuration.promises.items()}
    return Circumstances(rule, policies, configuration.limits.reopen_window, clock.now())


def _signal(n: int, clock: VirtualClock) -> Signal:
    now = clock.now()
    name = f"bench-{n}-{time.perf_counter_ns()}"
    kind = "crashlytics.newFatalIssue"
    return Signal(name, name, name, kind, "firebase", "app", "New crash: A.kt line 1", now, now)


def _median(act: Callable[[int], object], *, rounds: int = ROUNDS) -> float:
    seconds = []
    for n in range(rounds):
        start = time.perf_counter()
        act(n)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)
