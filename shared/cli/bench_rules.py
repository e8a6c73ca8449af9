"""`soukmon bench rules`: what an evaluation costs, in time against the number of rules and in bytes and dollars."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from infra.local.history.default_plan import default_plan
from infra.local.history.plan import Plan
from infra.local.history.points import points
from infra.local.history.raw.rows import raw_rows
from infra.local.warehouse.on_demand import WarehouseOnDemand
from infra.local.warehouse.preparing import load as load_rows
from shared.adapters.clocks import SystemClock, VirtualClock
from shared.adapters.sqlite_state import SqliteState
from shared.cli.bench import Figure, Silent
from shared.config.loader import load
from shared.domain.configuration import Configuration
from shared.domain.metrics import Source
from shared.domain.rules import MetricRule
from shared.usecases.evaluate_rules import Evaluated, evaluate_rules

FEW, MANY = 1, 1_000
ROUNDS = 7
WATCHED = ("error_rate", "order_failure_rate", "api_response_time")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DOLLARS_PER_TIB = 6.25  # BigQuery on demand, cloud.google.com/bigquery/pricing
MINUTES_A_MONTH = 30 * 24 * 60


def run() -> list[Figure]:
    """Evaluations of the shipped rules, of one and of a thousand over the same data; takes about half a minute."""
    configuration = load()
    now = SystemClock().now().replace(second=0, microsecond=0)
    with tempfile.TemporaryDirectory(prefix="soukmon-bench-") as folder:
        worlds = {count: _World(Path(folder), configuration, now, count=count) for count in (FEW, MANY)}
        seconds = _interleaved(worlds)
        shipped = _World(Path(folder), configuration, now, count=0)
        evaluation = max((shipped.tick()[0] for _ in range(3)), key=lambda done: done.bytes_billed)
        for world in (*worlds.values(), shipped):
            world.close()
    ratio = seconds[MANY] / seconds[FEW]
    dollars = evaluation.bytes_billed * MINUTES_A_MONTH / 2**40 * DOLLARS_PER_TIB
    daily = evaluation.bytes_billed * 24 * 60 / 2**30
    return [
        Figure(f"evaluate {MANY} rules, one query", f"{seconds[MANY] * 1e3:.0f} ms", ratio, f"x evaluating {FEW} rule"),
        Figure("bytes a minute, rollups included", f"{evaluation.bytes_billed / 2**20:.0f} MiB", daily, "GiB a day"),
        Figure("BigQuery for all of it, on demand", f"{dollars:.2f} $", dollars, "dollars a month"),
    ]


class _World:
    """A warehouse with generated history, and the ticks of one set of rules over it."""

    def __init__(self, folder: Path, configuration: Configuration, now: datetime, *, count: int) -> None:
        self._clock = VirtualClock(now)
        self._store = SqliteState(folder / f"state{count}.db")
        self._warehouse = WarehouseOnDemand(folder / f"warehouse{count}.duckdb")
        self._plan: Plan = default_plan(now, days=30)
        rules = tuple(_variants(configuration, count)) if count else configuration.metric_rules
        self._config = replace(configuration, metric_rules=rules, sources=_sources(configuration))
        for since, until in _spans(now):
            self._warehouse.append("soukmon.metric_points", list(points(self._plan, since, until)))
        self._fill(now - 20 * MINUTE, now)
        self.tick()  # the first one rolls up everything

    def tick(self) -> tuple[Evaluated, float]:
        """A minute later, with that minute's rows: what was done, and how long it took."""
        before = self._clock.now()
        self._clock.advance(MINUTE)
        self._fill(before, self._clock.now())
        start = time.perf_counter()
        done = evaluate_rules(
            config=self._config,
            warehouse=self._warehouse,
            store=self._store,
            publisher=Silent(),
            clock=self._clock,
        )
        return done, time.perf_counter() - start

    def close(self) -> None:
        """Let go of the files."""
        self._warehouse.close()

    def _fill(self, since: datetime, until: datetime) -> None:
        load_rows(self._warehouse.made(), raw_rows(self._plan, since, until))


def _interleaved(worlds: dict[int, _World]) -> dict[int, float]:
    seconds: dict[int, list[float]] = {count: [] for count in worlds}
    for _ in range(ROUNDS):
        for count, world in worlds.items():
            seconds[count].append(world.tick()[1])
    return {count: statistics.median(taken) for count, taken in seconds.items()}


def _variants(configuration: Configuration, count: int) -> Iterator[MetricRule]:
    """So many rules, each with a limit of its own, over the metrics of the request log."""
    models = [(rule, rule.limit) for rule in configuration.metric_rules if rule.metric in WATCHED and rule.limit]
    for n in range(count):
        model, limit = models[n % len(models)]
        yield replace(model, name=f"{model.name}_{n}", limit=replace(limit, value=limit.value * (1 + n / MANY)))


def _sources(configuration: Configuration) -> dict[str, Source]:
    """Only what comes every minute: the deep runs of slow exports are not what is compared."""
    return {name: source for name, source in configuration.sources.items() if name == "requests"}


def _spans(now: datetime) -> list[tuple[datetime, datetime]]:
    """What an evaluation reads: the last day and the same hours of the weeks and days before."""
    hour = now.replace(minute=0)
    back = [n * DAY for n in (28, 21, 14, 7, 6, 5, 4, 3, 2)]
    return [*((hour - day - 3 * HOUR, hour - day + HOUR) for day in back), (hour - 30 * HOUR, now)]
