"""What a dashboard shows of a range: tiles, charts, marks and what is open, from a few questions that readers share."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from shared.domain.boards import Board, Drawing, Reach, Tile
from shared.domain.budgets import whole_hour
from shared.domain.chart_data import Line
from shared.domain.configuration import Configuration
from shared.domain.figures import Span
from shared.domain.incidents import Incident, State
from shared.domain.metrics import Metric
from shared.domain.report_plans import Dashboard
from shared.ports.store import Query, StateStore
from shared.ports.warehouse import Warehouse
from shared.usecases.budgets import read_budgets
from shared.usecases.chart_reading import Beside, chart, read_shares
from shared.usecases.figure_reading import OURS, Asked, Points, Readings, figure, read, steps
from shared.usecases.marks import is_told_of, marks
from shared.usecases.records import INCIDENTS, value_of
from shared.usecases.success import own_readings

PRESENCE = "sessions"  # whose newest half hour stands for who is here now
HALF_AN_HOUR = timedelta(minutes=30)
MOST_OPEN, SHOWN = 500, 8


def read_board(
    dashboard: Dashboard,
    reach: Reach,
    *,
    with_before: bool = False,
    config: Configuration,
    store: StateStore,
    warehouse: Warehouse,
    now: datetime,
) -> Board:
    """The dashboard over a range; one query for all figures, one for all shares and one for all error budgets.

    Each asks the same for as long as a step lasts, so a warehouse that remembers answers the next reader from memory.
    """
    asked = asked_of(reach, now)
    metrics = _metrics(dashboard, config)
    ours = any(one.source in OURS for one in metrics.values())
    own = own_readings(asked, config=config, store=store) if ours else None
    until = asked.span.until + reach.step
    readings = read(metrics.values(), asked, config=config, warehouse=warehouse, own=own, now=until)
    shares = read_shares(dashboard.charts, asked, config=config, warehouse=warehouse)
    budgets = _budgets(dashboard, asked, config, warehouse)
    beside = Beside(shares, marks(asked.span, store), budgets, with_before=with_before)
    at_a_glance = replace(readings, asked=replace(asked, step=int(reach.glance.total_seconds())))
    drawings = (
        Drawing(chart(plan, readings, beside, config=config), chart(plan, at_a_glance, beside, config=config))
        for plan in dashboard.charts
    )
    urgent = _open(store)
    return Board(
        dashboard.name,
        reach,
        with_before,
        now,
        asked.span,
        asked.compared,
        tiles=tuple(_tile(metrics[name], readings, reach, config=config, now=now) for name in dashboard.tiles),
        live=_live(metrics[PRESENCE], readings, config, now) if PRESENCE in metrics else None,
        drawings=tuple(drawings),
        marks=beside.marks,
        open_incidents=tuple(urgent[:SHOWN]),
        open_count=len(urgent),
    )


def asked_of(reach: Reach, now: datetime) -> Asked:
    """The span that ends with the newest whole step, and the one it is compared with."""
    seconds = int(reach.step.total_seconds())
    until = datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)
    span = Span(until - reach.length, until)
    return Asked(span, Span(span.since - reach.back, span.until - reach.back), seconds)


def _metrics(dashboard: Dashboard, config: Configuration) -> dict[str, Metric]:
    names = [*dashboard.tiles, *(name for plan in dashboard.charts for name in plan.metrics)]
    return {name: config.metrics[name] for name in names}


def _budgets(dashboard: Dashboard, asked: Asked, config: Configuration, warehouse: Warehouse) -> dict[str, Line]:
    """What was left of each error budget, up to the newest whole hour; nothing where no chart shows one."""
    if not any(plan.slo for plan in dashboard.charts):
        return {}
    found = read_budgets(whole_hour(asked.span.until), config=config, warehouse=warehouse, span=asked.span)
    return {name: one.line for name, one in found.items()}


def _tile(metric: Metric, readings: Readings, reach: Reach, *, config: Configuration, now: datetime) -> Tile:
    glance = replace(readings, asked=replace(readings.asked, step=int(reach.glance.total_seconds())))
    return Tile(
        figure(metric, readings, config),
        tuple(steps(metric, glance, by_day=reach is Reach.MONTH)),
        is_late=_is_late(metric, readings, config, now),
        has_rules=bool(config.rules_about(metric.name)),
    )


def _is_late(metric: Metric, readings: Readings, config: Configuration, now: datetime) -> bool:
    """True where the metric's source has not delivered for longer than it may take."""
    if metric.source not in config.sources or not metric.freshness:
        return False
    reached = readings.watermarks.get(metric.source)
    return reached is None or now - reached > metric.freshness


def _live(metric: Metric, readings: Readings, config: Configuration, now: datetime) -> Tile:
    asked, step = readings.asked, timedelta(seconds=readings.asked.step)
    reached = readings.watermarks.get(metric.source, asked.span.until) + timedelta(minutes=1)
    whole = datetime.fromtimestamp(int(reached.timestamp()) // asked.step * asked.step, UTC)
    until = max(min(whole, asked.span.until), asked.span.since + max(HALF_AN_HOUR, step))
    span = Span(until - max(HALF_AN_HOUR, step), until)
    back = asked.span.since - asked.compared.since
    compared = Span(span.since - back, span.until - back)
    narrow = replace(
        readings,
        asked=replace(asked, span=span, compared=compared),
        now=_within(span, readings.now),
        before=_within(compared, readings.before),
    )
    return Tile(figure(metric, narrow, config), is_late=_is_late(metric, readings, config, now))


def _within(span: Span, points: Points) -> Points:
    return {name: tuple(one for one in found if span.since <= one.start < span.until) for name, found in points.items()}


def _open(store: StateStore) -> list[Incident]:
    """What is open, nobody's first, the worst first."""
    query = Query(INCIDENTS, equal={"is_open": "yes"}, order_by="opened_at", newest_first=True, limit=MOST_OPEN)
    found = [one for one in (value_of(row, Incident) for row in store.find(query)) if is_told_of(one)]
    return sorted(found, key=lambda one: (one.state is not State.TRIGGERED, -one.severity.rank))
