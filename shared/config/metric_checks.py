"""What does not fit between the metric rules and the metrics they name."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from shared.config.faults import Finding, Level, Path
from shared.config.suggesting import one_of
from shared.domain.configuration import Configuration
from shared.domain.metrics import Kind, Metric, Statistic
from shared.domain.rules import ChangeUnit, MetricRule, Mode
from shared.domain.severities import Severity

HOUR = timedelta(hours=1)
RULES, METRICS = "rules.yaml", "metrics.yaml"
OWN_RECORDS = frozenset({"incidents", "jobs"})


def metric_findings(configuration: Configuration) -> Iterator[Finding]:
    """Rules of metrics that do not exist or are kept in another unit, and metrics whose source is not rolled up."""
    for index, rule in enumerate(configuration.metric_rules):
        yield from measured(("alerts", index), rule, configuration.metrics)
    for name, metric in configuration.metrics.items():
        yield from _sourced(name, metric, configuration)


def measured(path: Path, rule: MetricRule, metrics: Mapping[str, Metric]) -> Iterator[Finding]:
    """What does not fit between a rule, at its place, and the metric it names."""
    metric = metrics.get(rule.metric)
    if metric is None:
        what = f"{rule.name} watches {rule.metric}, which is no metric"
        fix = "add it to metrics.yaml, or " + one_of(sorted(metrics), rule.metric)
        yield Finding(Level.ERROR, RULES, path, what, fix)
    else:
        yield from _fit(rule, metric, path)


def _fit(rule: MetricRule, metric: Metric, path: Path) -> Iterator[Finding]:
    if rule.limit is not None and rule.limit.unit is not metric.unit:
        what = f"the limit of {rule.name} is in {rule.limit.unit}, and {rule.metric} is kept in {metric.unit}"
        yield Finding(Level.ERROR, RULES, path, what, f"write the limit in {metric.unit}")
    if rule.change is not None and (rule.change.unit is ChangeUnit.POINTS) and metric.kind is not Kind.RATIO:
        what = f"{rule.metric} is no share, so it has no percentage points"
        yield Finding(Level.ERROR, RULES, path, what, "write unit: relative or absolute")
    if rule.objective is not None and metric.kind is not Kind.RATIO:
        what = f"{rule.metric} is no share, so no budget of errors burns"
        yield Finding(
            Level.ERROR, RULES, (*path, "objective"), what, "name a metric of kind: ratio, such as error_rate"
        )
    if rule.mode is Mode.UNUSUAL:
        yield from _unusual(rule, metric, path)
    if not metric.source:
        what = f"{rule.name} watches {rule.metric}, which has no source"
        yield Finding(Level.WARNING, RULES, path, what, f"give {rule.metric} a source in metrics.yaml")


def _unusual(rule: MetricRule, metric: Metric, path: Path) -> Iterator[Finding]:
    """Values without counts prove nothing: such a rule looks at hours, and warns."""
    if metric.kind is Kind.RATIO or (metric.kind is Kind.VALUE and metric.statistic is not Statistic.MEAN):
        what = f"{rule.metric} has counts to be tested, or single values only"
        yield Finding(Level.ERROR, RULES, (*path, "mode"), what, "write a condition or a threshold instead")
    if rule.severity.rank > Severity.MEDIUM.rank:
        what = f"{rule.name} compares a value with its past, which is too unsure to wake anybody"
        yield Finding(Level.ERROR, RULES, (*path, "severity"), what, "write medium or low")
    if rule.every < HOUR:
        what = f"{rule.name} looks at whole hours"
        yield Finding(Level.ERROR, RULES, (*path, "frequency"), what, "write frequency: hourly")


def _sourced(name: str, metric: Metric, configuration: Configuration) -> Iterator[Finding]:
    if metric.source and metric.source not in OWN_RECORDS and metric.source not in configuration.sources:
        what = f"{name} comes from {metric.source}, which has no tables"
        fix = f"add {metric.source} under sources:, or write source: '' for none"
        yield Finding(Level.ERROR, METRICS, ("metrics", name, "source"), what, fix)
