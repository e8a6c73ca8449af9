"""What figures say, as findings with their facts: never more than they do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from shared.domain.budgets import Budget
from shared.domain.changes import Change
from shared.domain.chart_data import Rank
from shared.domain.figures import EVEN, Figure, Standing, Trend
from shared.domain.forecasts import Forecast
from shared.domain.incidents import Incident
from shared.domain.metrics import Kind, Statistic
from shared.domain.reports import Fact, Finding, Sentence
from shared.domain.rules import Unit
from shared.domain.severities import Severity

MOST_MOVERS = 3
LEAST_MOVE = 1.0  # percent, or points of a share's distance to its end: less is noise to a reader
FEW = 30  # a change that rests on fewer measurements is chance, and not told


def gaps(figures: Iterable[Figure]) -> Iterator[Sentence]:
    """What cannot be said, and why."""
    for one in figures:
        if one.gap is not None and one.value is None:
            yield Sentence(Finding.GAP, {"metric": one.metric.name, "gap": one.gap})


def targets(figures: Sequence[Figure]) -> Iterator[Sentence]:
    """Each target that was missed; that all were met, when they were."""
    aimed = [one for one in figures if one.standing in {Standing.MET, Standing.MISSED}]
    missed = [one for one in aimed if one.standing is Standing.MISSED]
    for one in missed:
        facts = {"metric": one.metric.name, "value": one.value, "target": one.metric.target}
        yield Sentence(Finding.MISSED, {**facts, "unit": one.metric.unit, "at_least": one.metric.at_least})
    if aimed and not missed:
        yield Sentence(Finding.ALL_MET, {"count": len(aimed)})


def movers(figures: Iterable[Figure]) -> Iterator[Sentence]:
    """What changed most against the period before, the largest first; changes that may be chance are left out."""
    moved = [(size, one) for one in figures if (size := move_size(one)) is not None and size >= LEAST_MOVE]
    for _, one in sorted(moved, key=lambda pair: -pair[0])[:MOST_MOVERS]:
        facts = {"metric": one.metric.name, "value": one.value, "before": one.before, "change": one.change}
        yield Sentence(Finding.MOVED, {**facts, "trend": one.trend})


def move_size(figure: Figure) -> float | None:
    """How much it moved: relative to what it was; a share relative to what is left of it on its nearer side."""
    change = figure.change
    if change is None or figure.before is None or figure.trend in {Trend.EVEN, Trend.UNKNOWN} or abs(change) < EVEN:
        return None
    is_amount = figure.metric.kind is Kind.COUNT and figure.metric.statistic is Statistic.SUM
    if figure.count < FEW and not is_amount:
        return None
    if figure.metric.unit is not Unit.PERCENT:
        return abs(change)
    room = min(figure.before, 100 - figure.before)
    return 100 * abs(change) / room if room > 0 else abs(change)


def incident_findings(incidents: Sequence[Incident], now: datetime) -> Iterator[Sentence]:
    """How many there were, how bad and how long; that there were none."""
    if not incidents:
        yield Sentence(Finding.NO_INCIDENTS)
        return
    yield Sentence(Finding.INCIDENTS, _how_many(incidents, now))


def security_finding(incidents: Sequence[Incident], now: datetime) -> Sentence:
    """The same of security incidents alone, also that there were none: a report that says both means two things."""
    return Sentence(Finding.SECURITY, _how_many(incidents, now))


def leaders(metric: str, ranks: Sequence[Rank]) -> Iterator[Sentence]:
    """Where most of it comes from: the first of several, with its share of the whole."""
    whole = sum(rank.value for rank in ranks)
    if len(ranks) > 1 and whole > 0:
        share = 100 * ranks[0].value / whole
        yield Sentence(Finding.LEADS, {"metric": metric, "name": ranks[0].name, "share": share})


def budget_findings(budgets: Iterable[Budget]) -> Iterator[Sentence]:
    """What is left of each error budget."""
    for one in budgets:
        if one.left is not None:
            yield Sentence(Finding.BUDGET, {"slo": one.objective.name, "left": one.left, "spent": one.spent_at})
        else:
            yield Sentence(Finding.GAP, {"metric": one.objective.metric, "gap": one.gap})


def release_findings(changes: Sequence[Change]) -> Iterator[Sentence]:
    """How many releases there were, and of what."""
    services = ", ".join(sorted({one.service for one in changes if one.service}))
    yield Sentence(Finding.RELEASES, {"count": len(changes), "services": services})


def forecast_finding(metric: str, found: Forecast | None, *, weeks: int, needed: int) -> Sentence:
    """Where it goes, with the interval; or that too little is known yet."""
    if found is None:
        return Sentence(Finding.NO_FORECAST, {"metric": metric, "weeks": weeks, "needed": needed})
    facts = {"value": found.value, "low": found.low, "high": found.high, "days": found.days}
    return Sentence(Finding.FORECAST, {"metric": metric, **facts, "confidence": found.confidence})


def _how_many(incidents: Sequence[Incident], now: datetime) -> Mapping[str, Fact]:
    count = {severity: sum(one.severity is severity for one in incidents) for severity in Severity}
    lengths = [max(0.0, ((one.resolved_at or now) - one.opened_at).total_seconds()) for one in incidents]
    facts = {"count": len(incidents), "critical": count[Severity.CRITICAL], "high": count[Severity.HIGH]}
    return {**facts, "longest": max(lengths, default=None)}
