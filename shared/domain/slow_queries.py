"""Slow queries: those of the warehouse that take long or read much, and the app's routes that keep people waiting."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.domain.bundles import ALERT
from shared.domain.jobs import Finding, Verdict

LONG_SECONDS = 10.0  # on average; the minute's evaluation has to be over before the next begins
TOO_LONG_SECONDS = 30.0
DEARER = 2.0  # times the bytes of the last look, over the least that is worth a word
WORTH_A_WORD = 10 * 1024**3  # bytes billed in the span: the free tier is 1 TiB a month
LEAST_REQUESTS = 20
SLOW_SHARE = 0.05  # more slower answers than this: the 95th percentile is over the limit
VERY_SLOW_SHARE = 0.5
NAMED = 10


@dataclass(frozen=True, slots=True)
class QueryCost:
    """One query in a span: how often it ran, the seconds of all runs and of the longest, bytes billed, slot time.

    `name` is our own query's name, or a digest of a text that is not ours.
    """

    name: str
    runs: int
    seconds: float
    longest: float
    bytes_billed: int = 0
    slot_ms: int = 0
    failed: int = 0

    @property
    def mean(self) -> float:
        """Seconds a run."""
        return self.seconds / self.runs if self.runs else 0.0


@dataclass(frozen=True, slots=True)
class RouteTimes:
    """A route of the app in a span: answers, those slower than the limit, the mean in ms, and the span before."""

    name: str
    count: int
    slow: int
    mean_ms: float
    before_count: int = 0
    before_slow: int = 0

    @property
    def share(self) -> float:
        """Of the answers, those that were slower."""
        return self.slow / self.count if self.count else 0.0


def slow_queries(costs: Iterable[QueryCost], before: Mapping[str, float]) -> tuple[Finding, ...]:
    """What is wrong with queries of the warehouse; `before` are the bytes billed by name at the last look."""
    return tuple(found for one in costs if (found := _query(one, before.get(one.name))) is not None)


def slow_routes(routes: Iterable[RouteTimes], limit_ms: float) -> tuple[Finding, ...]:
    """What is wrong with routes: half of the answers over the limit fails, one in twenty is a warning."""
    return tuple(found for one in routes if (found := _route(one, limit_ms)) is not None)


def evidence_of(costs: Iterable[QueryCost]) -> dict[str, float]:
    """Totals, and the dearest by name in bytes billed; what the next look is compared with."""
    costs = sorted(costs, key=lambda one: (-one.bytes_billed, -one.seconds, one.name))
    slots = round(sum(one.slot_ms for one in costs) / 3_600_000, 2)
    totals = {"queries": sum(one.runs for one in costs), "bytes": sum(one.bytes_billed for one in costs)}
    return {**totals, "slot_hours": slots, **{one.name: one.bytes_billed for one in costs[:NAMED]}}


def _query(one: QueryCost, before: float | None) -> Finding | None:
    took = f"{one.name} takes {one.mean:.1f} s on average ({one.runs} runs, the longest {one.longest:.1f} s)"
    if one.mean > LONG_SECONDS:
        verdict = Verdict.FAIL if one.mean > TOO_LONG_SECONDS else Verdict.WARN
        fix = "see its plan (bq show -j JOB, or EXPLAIN ANALYZE): filter on the partition column, select fewer columns"
        return Finding(one.name, took, verdict, fix, ALERT)
    if before and one.bytes_billed > max(WORTH_A_WORD, DEARER * before):
        what = f"{one.name} was billed {_gib(one.bytes_billed)}, {_gib(before)} at the last look"
        fix = "see that it still reaches its partitions, and how often it runs"
        return Finding(one.name, what, Verdict.WARN, fix, ALERT)
    return None


def _route(one: RouteTimes, limit_ms: float) -> Finding | None:
    if one.count < LEAST_REQUESTS or one.share <= SLOW_SHARE:
        return None
    was = f", {one.before_slow / one.before_count:.0%} the week before" if one.before_count else ""
    what = f"{one.name} takes over {limit_ms:,.0f} ms for {one.share:.0%} of {one.count} requests{was}"
    verdict = Verdict.FAIL if one.share > VERY_SLOW_SHARE else Verdict.WARN
    fix = f"its mean is {one.mean_ms:,.0f} ms; trace it, look for queries without an index and calls one after another"
    return Finding(one.name, what, verdict, fix, ALERT)


def _gib(size: float) -> str:
    return f"{size / 1024**3:,.1f} GiB"
