"""Performance logs: a day's points made again from the raw rows, what came late counted, and a summary kept for good.

The rollups replace the points of a span as a whole, so to roll a day up once more is to check it against raw: what it
has more than before came late, and what it has less is lost in raw.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from shared.domain.archives import BrokenArchiveError, Entry, day_name, text_of
from shared.domain.configuration import Configuration
from shared.domain.histograms import Histogram, merged
from shared.domain.job_alerts import result_of
from shared.domain.jobs import Finding, Run, StepResult, Verdict
from shared.domain.metrics import Point, Source
from shared.domain.periods import Period
from shared.errors import QueryError
from shared.ports.objects import ObjectStore
from shared.ports.platform import Clock
from shared.ports.store import StateStore
from shared.ports.warehouse import Parameter, Warehouse
from shared.usecases.jobs.archiving import archive, broken_finding, noted, noted_broken
from shared.usecases.jobs.error_logs import days_to_do
from shared.usecases.measured import point

PERFORMANCE = "performance"
HOUR = 3_600
PERCENTILES = (50, 75, 95)


@dataclass(frozen=True, slots=True)
class Accountant:
    """Where points are, and where their summary goes."""

    config: Configuration
    warehouse: Warehouse
    store: StateStore
    objects: ObjectStore
    clock: Clock


@dataclass(frozen=True, slots=True)
class Rolled:
    """A day rolled up again: rows by source before and after, the faults, the bytes billed."""

    before: Mapping[str, int]
    after: Mapping[str, int]
    failed: Mapping[str, str]
    bytes_billed: int


def performance_logs(accountant: Accountant, run: Run) -> StepResult:
    """Process the days that are not yet; the evidence is rows, late rows, metrics and bytes billed of all of them."""
    sources = [one for one in accountant.config.sources.values() if accountant.warehouse.stamp(one.tables)]
    if not sources:
        return StepResult("", Verdict.SKIPPED, "no source of metrics.yaml has written a row yet")
    days = days_to_do(PERFORMANCE, run.at, accountant.store)
    if run.is_dry:
        return result_of((), reason=f"to process: {', '.join(day.name for day in days) or 'nothing'}")
    findings, told = list[Finding](), defaultdict[str, int](int)
    for day in days:
        rolled = _rolled_again(day, sources, accountant)
        found = list(_judged(day, rolled))
        findings += found
        told["rows"] += sum(rolled.after.values())
        told["late"] += sum(max(0, rolled.after[name] - rolled.before[name]) for name in rolled.after)
        told["bytes_billed"] += rolled.bytes_billed
        if not rolled.failed:
            findings += _kept(day, accountant, run, told)
    return replace(result_of(findings), evidence={"days": len(days), **told})


def _rolled_again(day: Period, sources: list[Source], accountant: Accountant) -> Rolled:
    span = {"since": day.start, "until": day.end}
    cap, billed, failed = accountant.config.limits.query_bytes, 0, dict[str, str]()
    before = _rows(day, sources, accountant)
    for source in sources:
        try:
            name = f"rollup_{source.name}"
            billed += accountant.warehouse.query(name, span, maximum_bytes=cap).bytes_billed
        except QueryError as error:
            failed[source.name] = str(error)
    return Rolled(before, _rows(day, sources, accountant), failed, billed)


def _judged(day: Period, rolled: Rolled) -> Iterator[Finding]:
    for name, why in rolled.failed.items():
        fix = "run `soukmon jobs run log_rotation` once the source answers; the next night tries the day again"
        yield Finding(f"performance/{name}", f"{day.name} of {name} could not be rolled up: {why}", fix=fix)
    for name, rows in rolled.after.items():
        if name not in rolled.failed and rows < rolled.before[name]:
            what = (
                f"{day.name}: {rolled.before[name] - rows} rows of {name} that had been counted are not in raw any more"
            )
            yield Finding(
                f"performance/{name}", what, fix="look at the source's raw tables: were rows deleted or expired?"
            )


def _rows(day: Period, sources: list[Source], accountant: Accountant) -> dict[str, int]:
    """How many raw rows of each source the points account for."""
    names = {f"rows.{source.name}": source.name for source in sources}
    found = dict.fromkeys(names.values(), 0)
    for name, points in _points(day, sorted(names), accountant).items():
        found[names[name]] = sum(one.count for one in points)
    return found


def _points(day: Period, names: list[str], accountant: Accountant) -> dict[str, list[Point]]:
    asked: dict[str, Parameter] = {"metrics": names, "since": day.start, "until": day.end, "seconds": HOUR}
    cap, found = accountant.config.limits.query_bytes, defaultdict[str, list[Point]](list)
    for row in accountant.warehouse.query("read_points", asked, maximum_bytes=cap).rows:
        found[str(row["metric"])].append(point(row))
    return found


def _kept(day: Period, accountant: Accountant, run: Run, told: dict[str, int]) -> list[Finding]:
    """Write the day's summary into the archive; what is wrong with that."""
    names = sorted({one.points for one in accountant.config.metrics.values()})
    entries = [_summary(day, name, points) for name, points in sorted(_points(day, names, accountant).items())]
    name, now = day_name(PERFORMANCE, day.first), accountant.clock.now()
    try:
        made = archive(name, entries, objects=accountant.objects, made_by=run.job)
    except BrokenArchiveError as error:
        accountant.store.commit([noted_broken(name, now)])
        return [broken_finding(name, error)]
    accountant.store.commit([noted(made, now)])
    told["metrics"] += made.manifest.entries
    return []


def _summary(day: Period, name: str, points: list[Point]) -> Entry:
    total = merged(one.histogram for one in points) if points else Histogram()
    shares = {f"p{percent}": total.percentile(percent) for percent in PERCENTILES}
    counts = {"count": sum(one.count for one in points), "bad": sum(one.bad for one in points)}
    return Entry(name, text_of(day.start), {**counts, "sum": sum(one.total for one in points), **shares})
