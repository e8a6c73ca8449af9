"""Where a backtest's history, recorded incidents and rules come from: a warehouse, a generated one, files."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared import bootstrap
from shared.config.documents import parse
from shared.config.faults import Fault
from shared.config.mission_form import placed_rules
from shared.domain.configuration import Configuration
from shared.domain.maintenance import Window
from shared.domain.paging import Recorded
from shared.domain.rules import MetricRule
from shared.errors import ConfigurationError
from shared.ports.warehouse import Warehouse
from shared.settings import Settings
from shared.usecases.backtest import Span
from shared.usecases.backtest_incidents import labelled_incidents, recorded_incidents
from shared.usecases.backtest_reading import BASELINES, NoHistoryError
from shared.usecases.window_records import windows

if TYPE_CHECKING:
    from infra.local.history.plan import Plan

POINTS = "soukmon.metric_points"
DAY = timedelta(days=1)

# what a generated incident shows in
SHOWN_IN = {
    "error_burst": ("error_rate",),
    "outage": ("error_rate", "uptime"),
    "slow_api": ("api_response_time",),
    "slow_pages": ("first_contentful_paint",),
    "bundle_jump": ("bundle_size",),
    "conversion_fall": ("conversion_rate",),
    "engagement_fall": ("session_duration",),
    "order_failures": ("order_failure_rate",),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asked for; None where it was left out."""

    days: int
    until: datetime
    warehouse: Path | None = None
    state: Path | None = None
    incidents: Path | None = None
    generated: bool = False

    @property
    def span(self) -> Span:
        """The evaluations of the last days."""
        return Span(self.until - self.days * DAY, self.until)


@dataclass(frozen=True, slots=True)
class Past:
    """A warehouse with history, and the incidents and maintenance windows that really were."""

    warehouse: Warehouse
    recorded: Sequence[Recorded]
    windows: tuple[Window, ...] = ()


def past(asked: Asked, config: Configuration, rules: Sequence[MetricRule], *, processes: int) -> Past:
    """Raises NoHistoryError where there is no warehouse at all, OSError and UndecodableError for faulty files."""
    named = None
    if asked.incidents is not None:
        named = labelled_incidents(asked.incidents.read_bytes(), file=str(asked.incidents))
    if asked.generated:
        return _generated(asked, config, rules, named, processes=processes)
    warehouse = _warehouse(asked)
    found = _recorded(asked) if named is None else named
    return Past(warehouse, found, _windows(asked))


def rules_of(file: Path) -> tuple[MetricRule, ...]:
    """The metric rules of a file in the shape of rules.yaml or in the mission's own. Raises ConfigurationError."""
    document = parse(file.read_bytes(), file=file.name)
    data = document.data
    is_ours = isinstance(data, dict) and "events" in data
    try:
        return tuple(rule for _, rule in placed_rules(*((data.get("alerts"), ("alerts",)) if is_ours else (data,))))
    except Fault as fault:
        raise document.refusal(fault) from fault


def _warehouse(asked: Asked) -> Warehouse:
    settings = bootstrap.settings()
    if asked.warehouse is None and asked.state is None and settings.engine != "embedded":
        return bootstrap.warehouse()
    from duckdb import Error  # noqa: PLC0415 - installed with the local platform only

    from shared.adapters.duckdb_warehouse import DuckDBWarehouse  # noqa: PLC0415

    file = asked.warehouse or (asked.state or Path(settings.state_dir)) / "warehouse.duckdb"
    if not file.exists():
        raise NoHistoryError
    try:
        return DuckDBWarehouse(file)
    except Error as error:
        what = "is open in another process, or no warehouse" if "lock" in str(error) else "is no warehouse"
        raise ConfigurationError(f"{file} {what}; stop soukmon up first, or name another with --warehouse") from error


def _recorded(asked: Asked) -> list[Recorded]:
    return recorded_incidents(bootstrap.state(), since=asked.span.since, until=asked.until) if _has(asked) else []


def _windows(asked: Asked) -> tuple[Window, ...]:
    """Those that a baseline of the span may look back to."""
    return tuple(windows(bootstrap.state(), since=asked.span.since - BASELINES)) if _has(asked) else ()


def _has(asked: Asked) -> bool:
    """True when there is a state to read; from then on it is the one that was asked for."""
    embedded = bootstrap.settings().engine == "embedded"
    state = asked.state or Path(bootstrap.settings().state_dir)
    if embedded and not (state / "state.db").exists():
        return False
    if asked.state is not None:
        bootstrap.install(Settings(state_dir=str(state)))
    return True


def _generated(
    asked: Asked, config: Configuration, rules: Sequence[MetricRule], named: list[Recorded] | None, *, processes: int
) -> Past:
    """A private warehouse in memory with the points the rules need, and the labels of the plan they come from."""
    from infra.local.history.default_plan import default_plan  # noqa: PLC0415 - only the command line knows it
    from infra.local.warehouse.preparing import prepare  # noqa: PLC0415
    from shared.adapters.duckdb_warehouse import DuckDBWarehouse  # noqa: PLC0415

    plan = default_plan(asked.until, asked.days)
    warehouse = DuckDBWarehouse(None)
    prepare(warehouse)
    wanted = [config.metrics[rule.metric] for rule in rules if rule.metric in config.metrics]
    sources = sorted({metric.source for metric in wanted} - {""})
    names = {metric.points for metric in wanted} | {f"rows.{source}" for source in sources}
    for rows in _rows(plan, sources, names, processes=processes):
        warehouse.append(POINTS, rows)
    labels = [
        Recorded(one.start, one.end, metric=metric, name=str(one.kind))
        for one in plan.incidents
        if one.is_real
        for metric in SHOWN_IN[one.kind]
    ]
    return Past(warehouse, labels if named is None else named)


def _rows(plan: "Plan", sources: list[str], names: set[str], *, processes: int) -> Iterator[list[dict[str, Any]]]:
    import multiprocessing  # noqa: PLC0415 - only for generating

    days = [plan.start + number * DAY for number in range((plan.end - plan.start) // DAY)]
    work = partial(_rows_of_a_day, plan, sources, frozenset(names))
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(work, days)


def _rows_of_a_day(plan: "Plan", sources: list[str], names: frozenset[str], day: datetime) -> list[dict[str, Any]]:
    from infra.local.history.points import SOURCES, points  # noqa: PLC0415

    found = points(plan, day, day + DAY, sources=[source for source in SOURCES if source in sources])
    return [row for row in found if row["metric"] in names]


def whole_minute(at: datetime) -> datetime:
    """The minute the instant lies in, in UTC."""
    return at.astimezone(UTC).replace(second=0, microsecond=0)
