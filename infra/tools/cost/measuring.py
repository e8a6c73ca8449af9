"""What one event, one incident and one quiet minute ask of state, bus and functions: counted in an embedded run."""

import logging
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from infra.local import samples
from infra.local.platform import Platform
from infra.tools.cost.counting import CountingBus, CountingState, Counts
from shared import bootstrap
from shared.adapters.clocks import VirtualClock
from shared.domain.notifications import Channel
from shared.rendering.segments import segments

START = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)  # a working day: nothing is held for the morning
REPEATS = 100
QUIET_MINUTES = 26  # two rounds of the slowest tick
INCIDENT_MINUTES = 120  # in which nobody acknowledges: the dearest way an incident can go
SERVICE = "orders-api"
COUNTS = ("reads", "writes", "deletes", "pubsub_bytes", "segments", "call_count")  # what of a Usage can be added up


@dataclass(frozen=True, slots=True)
class Usage:
    """Counts of one thing that happens; `calls` by function, `messages` by topic."""

    reads: float = 0
    writes: float = 0
    deletes: float = 0
    pubsub_bytes: float = 0
    segments: float = 0
    call_count: float = 0
    calls: Mapping[str, float] = field(default_factory=dict)

    def less(self, other: "Usage", times: float) -> "Usage":
        """What remains when so often the other is taken away, never less than nothing."""
        rest = {name: max(0.0, getattr(self, name) - times * getattr(other, name)) for name in COUNTS}
        calls = {name: max(0.0, count - times * other.calls.get(name, 0)) for name, count in self.calls.items()}
        return Usage(**rest, calls=calls)


@dataclass(frozen=True, slots=True)
class Measured:
    """`event`: one more of what is known; `incident`: something new, and the two hours after; `minute`: a quiet one."""

    event: Usage
    incident: Usage
    minute: Usage


@cache
def measured() -> Measured:
    """Run the functions over the embedded engines and count; takes some seconds."""
    with tempfile.TemporaryDirectory(prefix="soukmon-cost-") as folder, _platform(Path(folder)) as run:
        run.minutes(1)
        run.take(1)
        run.minutes(QUIET_MINUTES)
        minute = run.take(QUIET_MINUTES)
        run.incident()
        run.minutes(INCIDENT_MINUTES)
        incident = run.take(1).less(minute, INCIDENT_MINUTES)
        run.event(0)
        run.minutes(QUIET_MINUTES)
        run.take(1)
        for number in range(REPEATS):
            run.event(number + 1)
        event = run.take(REPEATS)
    return Measured(event, incident, minute)


class _Run:
    def __init__(self, platform: Platform, counts: Counts, calls: Counter[str]) -> None:
        self._platform, self._counts, self._calls = platform, counts, calls
        self._seen = 0

    def event(self, number: int) -> None:
        """An answer 500 of the service, and whatever follows from it at once."""
        self._send(samples.request_log(self._platform.clock.now(), SERVICE, 500, seq=number))

    def incident(self) -> None:
        """A crash that spreads: the most urgent there is, so texts and calls go out."""
        now = self._platform.clock.now()
        self._send(
            samples.crash(
                now, "velocityAlert", issue="cost", title="Cost.kt line 1", crashCount="132", crashPercentage=12.4
            )
        )

    def _send(self, sent: samples.Event) -> None:
        self._platform.call(sent.function, sent.body, sent.headers)
        self._platform.drain()

    def minutes(self, count: int) -> None:
        """Let time go by."""
        self._platform.advance(timedelta(minutes=count))

    def take(self, times: int) -> Usage:
        """What was counted since the last time, for each of so many."""
        counts, told = self._counts, self._platform.providers.store.messages()[self._seen :]
        self._seen += len(told)
        texts = [segments(str(m.content["body"]))[1] for m in told if m.provider == "twilio"]
        found = Usage(
            reads=counts.reads / times,
            writes=counts.writes / times,
            deletes=(counts.deletes + counts.expiring) / times,
            pubsub_bytes=counts.message_bytes / times,
            segments=sum(texts) / times,
            call_count=sum(m.provider == Channel.VOICE for m in told) / times,
            calls={name: count / times for name, count in self._calls.items()},
        )
        counts.clear()
        self._calls.clear()
        return found


@contextmanager
def _platform(folder: Path) -> Iterator[_Run]:
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # the run's own lines are nobody's news
    clock, counts, calls = VirtualClock(START), Counts(), Counter[str]()
    platform = Platform(folder, clock=clock)
    try:
        bootstrap.install(
            platform.settings,
            clock=clock,
            publisher=CountingBus(platform.bus, counts),
            warehouse=platform.warehouse,
            configuration=bootstrap.config(),
            state=CountingState(bootstrap.state(), counts),
        )
        for name, client in platform.clients.items():
            platform.clients[name] = _Counted(client, name, calls)  # type: ignore[assignment]
        yield _Run(platform, counts, calls)
    finally:
        platform.close()
        logging.disable(before)


@dataclass(frozen=True, slots=True)
class _Counted:
    """A function's client that counts the requests."""

    client: Any
    name: str
    calls: Counter[str]

    def post(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as the client takes and gives them
        """One request."""
        self.calls[self.name] += 1
        return self.client.post(*arguments, **options)
