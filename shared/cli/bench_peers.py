"""`soukmon bench peers`: the same work by us and by Debian's Alertmanager, in turns in one run, held against bars."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from infra.local.peers import ours
from infra.local.peers.alertmanager import BATCH, Alertmanager, alertmanager
from infra.local.peers.sink import Sink, receiving
from shared.adapters.clocks import SystemClock
from shared.domain.configuration import Configuration

FEW, MANY = 10, 1_000
ROUNDS, PROBES = 5, 40
MS, US = 1e3, 1e6


@dataclass(frozen=True, slots=True)
class Line:
    """Ours against the peer's, both in `unit`, medians over the rounds; the ratio is to be `at_most` the bar.

    `spread` is the least and the greatest ratio of a round.
    """

    name: str
    unit: str
    ours: float
    peer: float
    at_most: float
    spread: tuple[float, float]

    @property
    def ratio(self) -> float:
        """Ours over the peer's."""
        return self.ours / self.peer

    @property
    def is_met(self) -> bool:
        """That the bar is."""
        return self.ratio <= self.at_most

    def __str__(self) -> str:
        figures = f"{self.ours:>9.2f} {self.peer:>9.2f} {self.unit}"
        least, most = self.spread
        bar = f"{'met' if self.is_met else 'MISSED'} (at most {self.at_most})"
        return f"{self.name:<48} {figures}  {self.ratio:>6.2f}x [{least:.2f} to {most:.2f}]  {bar}"


def run(*, many: int = MANY, rounds: int = ROUNDS, probes: int = PROBES) -> Iterator[Line]:
    """Each line as soon as it is known; some minutes. Raises ConfigurationError where Alertmanager is not installed."""
    with receiving() as sink, tempfile.TemporaryDirectory(prefix="soukmon-peers-") as folder, ExitStack() as stack:
        for number, already in enumerate((FEW, many)):
            home = Path(folder) / str(number)
            home.mkdir()
            with alertmanager(home, sink) as peer, ours.whole(sink, already_open=already) as whole:
                _prefill(peer, already)
                yield from _latencies(sink, peer, whole, already, rounds=rounds, probes=probes, series=number + 1)
        yield from _batches(stack.enter_context(alertmanager(Path(folder), sink)), many, rounds=rounds)


def _latencies(
    sink: Sink, peer: Alertmanager, whole: ours.Whole, already: int, *, rounds: int, probes: int, series: int
) -> Iterator[Line]:
    """One event to a webhook, the next only when the last has arrived; and the decision with its message alone."""
    config, name = ours.calm(), f"with {already:,} open"
    ways: dict[str, Callable[[str], float]] = {
        "whole": lambda probe: _arrival(sink, probe, whole.post, whole.settle),
        "alone": lambda probe: _alone(probe, config),
        "peer": lambda probe: _arrival(sink, probe, lambda one: peer.fire([one])),
    }
    seen: dict[str, list[list[float]]] = {way: [] for way in ways}
    numbers = iter(range(1_000_000))
    for act in ways.values():  # the first of all is not measured
        act(f"probe-{series}-{next(numbers)}")
    for _ in range(rounds):
        for word, act in ways.items():
            seen[word].append([act(f"probe-{series}-{next(numbers)}") for _ in range(probes)])
    for percent, whole_bar, alone_bar in ((50, 6.0, 1.0), (99, 3.0, 0.5)):
        figures = {word: [_percentile(one, percent) * MS for one in found] for word, found in seen.items()}
        yield _line(f"event to webhook, {name}, p{percent}", "ms", figures["whole"], figures["peer"], whole_bar)
        yield _line(f"decide and write alone, {name}, p{percent}", "ms", figures["alone"], figures["peer"], alone_bar)


def _batches(peer: Alertmanager, many: int, *, rounds: int) -> Iterator[Line]:
    """Distinct alerts read and grouped, in memory on both sides; Alertmanager in requests of a hundred."""
    config, now = ours.calm(), SystemClock().now()
    mine, theirs, kept = [], [], []
    for turn in range(rounds):
        names = [f"batch-{turn}-{n}" for n in range(many)]
        events = [ours.crash(name, now) for name in names]
        since = time.perf_counter()
        kept.append(ours.grouped(events, config))
        mine.append((time.perf_counter() - since) / many * US)
        since = time.perf_counter()
        for start in range(0, many, BATCH):
            peer.fire(names[start : start + BATCH])
        theirs.append((time.perf_counter() - since) / many * US)
    if any(len(one) != many for one in kept):
        raise AssertionError("an alert was taken for another")
    yield _line(f"read, deduplicate and group {many:,}, each", "us", mine, theirs, 1.0)


def _nothing() -> None:
    """Alertmanager has nothing else to do."""


def _prefill(peer: Alertmanager, count: int) -> None:
    names = [f"already-{n}" for n in range(count)]
    for start in range(0, count, BATCH):
        peer.fire(names[start : start + BATCH])


def _arrival(sink: Sink, probe: str, act: Callable[[str], None], before: Callable[[], None] = _nothing) -> float:
    before()
    since = time.perf_counter()
    act(probe)
    return sink.arrival(probe) - since


def _alone(probe: str, config: Configuration) -> float:
    event = ours.crash(probe, SystemClock().now())
    since = time.perf_counter()
    ours.rendered(event, config)
    return time.perf_counter() - since


def _percentile(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def _line(name: str, unit: str, mine: Sequence[float], theirs: Sequence[float], at_most: float) -> Line:
    ratios = [a / b for a, b in zip(mine, theirs, strict=True)]
    return Line(name, unit, statistics.median(mine), statistics.median(theirs), at_most, (min(ratios), max(ratios)))
