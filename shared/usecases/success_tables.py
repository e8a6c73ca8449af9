"""The tables of reports that say how well we respond: every promise, by severity, and each rule's usefulness."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from shared.domain import findings
from shared.domain.alert_quality import Quality, quality
from shared.domain.configuration import Configuration
from shared.domain.figures import Figure, Span
from shared.domain.incidents import Incident
from shared.domain.reports import Amount, Cell, Sentence, Table
from shared.domain.rules import Unit
from shared.domain.severities import Severity
from shared.domain.success import FALSE_POSITIVES
from shared.ports.store import StateStore
from shared.usecases.figure_reading import Readings
from shared.usecases.marks import incidents_of
from shared.usecases.success import success_figures

MOST_RULES = 15
PERCENT = 100.0
COUNTED = ("alerts", "useful", "not_useful", "false_positive_rate", "late", "slept_through")
ANSWERED = ("time_to_acknowledge", "time_to_resolve")


def success_part(
    readings: Readings, *, config: Configuration, store: StateStore
) -> tuple[tuple[Sentence, ...], tuple[Table, ...]]:
    """Which promises were kept, every one of them in a table, and how soon we answer by severity."""
    found = success_figures(readings, config)
    columns = ("measure", "value", "target", "standing", "before", "gap")
    promises = Table("success", columns, tuple(_promise(one) for one in found))
    return tuple(findings.targets(found)), (promises, *_by_severity(readings.asked.span, config, store))


def alert_part(span: Span, *, config: Configuration, store: StateStore) -> tuple[Table, ...]:
    """How useful the alerts of each rule were, the noisiest first, and what to try where too many were not."""
    made = rule_qualities(span, config=config, store=store)
    ordered = sorted(made.items(), key=lambda item: (-item[1].figures.not_useful, -item[1].late, item[0]))
    rows = tuple((rule, *_cells(one), _proposal(rule, one, config)) for rule, one in ordered[:MOST_RULES])
    columns = ("rule", *COUNTED, "time_to_acknowledge", "proposal")
    return (Table("alerts", columns, rows, more=len(made) - len(rows)),) if rows else ()


def rule_qualities(span: Span, *, config: Configuration, store: StateStore) -> dict[str, Quality]:
    """The quality of each rule's alerts by the rule's name; rules that told nobody of anything are left out."""
    return _qualities(span, lambda one: one.rule, config=config, store=store)


def _qualities(
    span: Span, key: Callable[[Incident], str], *, config: Configuration, store: StateStore
) -> dict[str, Quality]:
    parts: dict[str, list[Incident]] = defaultdict(list)
    for one in incidents_of(span, store):
        parts[key(one)].append(one)
    made = {name: _quality(found, span.until, config) for name, found in parts.items()}
    return {name: one for name, one in made.items() if one.figures.told}


def _quality(found: Sequence[Incident], until: datetime, config: Configuration) -> Quality:
    quiet = config.noise.quiet_hours
    is_night = None if quiet is None else lambda at: quiet.until(at) is not None
    return quality(found, until, promised=config.promised, is_night=is_night)


def _promise(one: Figure) -> tuple[Cell, ...]:
    metric, target = one.metric, one.metric.target
    value, before = (Amount(known, metric.unit, apart_from=target) for known in (one.value, one.before))
    return metric.name, value, Amount(target, metric.unit), one.standing, before, one.gap or ""


def _by_severity(span: Span, config: Configuration, store: StateStore) -> tuple[Table, ...]:
    made = _qualities(span, lambda one: one.severity, config=config, store=store)
    found = [(severity, made[severity]) for severity in reversed(Severity) if severity in made]
    rows = tuple((severity, *_cells(one), one.figures.mean_time_to_resolve) for severity, one in found)
    return (Table("success_by_severity", ("severity", *COUNTED, *ANSWERED), rows),) if rows else ()


def _cells(one: Quality) -> tuple[Cell, ...]:
    told, rate = one.figures, one.figures.false_positive_rate
    share = Amount(None if rate is None else PERCENT * rate, Unit.PERCENT)
    return told.told, one.useful, told.not_useful, share, one.late, one.slept_through, told.mean_time_to_acknowledge


def _proposal(rule: str, one: Quality, config: Configuration) -> Cell:
    """The command that proposes other settings, where more than the target were not useful and a limit can be moved."""
    rate, metric = one.figures.false_positive_rate, config.metrics.get(FALSE_POSITIVES)
    if rate is None or metric is None or metric.target is None or PERCENT * rate <= metric.target:
        return ""
    found = next((each for each in config.metric_rules if each.name == rule), None)
    return f"soukmon tune {rule}" if found is not None and found.limit is not None and found.objective is None else ""
