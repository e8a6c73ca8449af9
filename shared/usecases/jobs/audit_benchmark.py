"""The audit's benchmark: the month that ended beside the one before, metric by metric."""

from collections.abc import Iterator

from shared.domain.benchmarks import Benchmark, Grade, Months, benchmarks
from shared.domain.figures import Figure
from shared.domain.job_alerts import result_of
from shared.domain.jobs import Finding, Run, StepResult, Verdict
from shared.domain.metrics import Metric
from shared.domain.periods import PeriodKind, last_period
from shared.domain.rules import Unit
from shared.domain.series import HOUR
from shared.usecases.figure_reading import OWN, Asked, Readings, figure, read, steps
from shared.usecases.jobs.auditor import ALERT, Auditor
from shared.usecases.success import own_readings

FIX = "see the technical review's charts for the day it began, and what was released then"
VERDICTS = {
    Grade.WORSE: Verdict.WARN,
    Grade.MISSED: Verdict.WARN,
    Grade.WORSE_AND_MISSED: Verdict.FAIL,
}


def benchmark(auditor: Auditor, run: Run) -> StepResult:
    """Each metric of the benchmark; SKIPPED when of none there is enough to compare."""
    config = auditor.config
    metrics = [config.metrics[name] for name in config.audit.benchmark]
    if not metrics:
        return StepResult("", Verdict.SKIPPED, "system_audit.yaml names no metric under benchmark")
    month = last_period(PeriodKind.MONTH, run.at)
    asked = Asked(month.span, month.before.span, HOUR)
    own = own_readings(asked, config=config, store=auditor.store) if any(one.source == OWN for one in metrics) else None
    readings = read(metrics, asked, config=config, warehouse=auditor.warehouse, own=own, now=run.at)
    made = benchmarks({one.name: _months(one, readings, auditor) for one in metrics})
    known = [one for one in made.values() if one.grade is not Grade.UNKNOWN]
    evidence = {"month": month.name, **dict(item for one in made.values() for item in _evidence(one))}
    unknown = [f"{name} ({one.figure.gap or Grade.UNKNOWN})" for name, one in made.items() if one not in known]
    reason = f"not compared: {', '.join(unknown)}" if unknown else ""
    if not known:
        return StepResult("", Verdict.SKIPPED, reason, evidence)
    found = [finding for one in known for finding in _findings(one)]
    return result_of(found, reason=reason, **evidence)


def _months(metric: Metric, readings: Readings, auditor: Auditor) -> Months:
    days, before = (
        tuple(value for _, value in steps(metric, readings, before=past, by_day=True)) for past in (False, True)
    )
    return Months(figure(metric, readings, auditor.config), days, before)


def _findings(one: Benchmark) -> Iterator[Finding]:
    verdict = VERDICTS.get(one.grade)
    if verdict is not None:
        metric = one.figure.metric
        sure = "" if one.chance is None else f" (p={one.chance:.2g})"
        target = "" if metric.target is None else f", target {_said(metric.target, metric)}"
        values = f"{_said(one.figure.value, metric)} after {_said(one.figure.before, metric)}{_by(one.figure)}{sure}"
        yield Finding(
            f"benchmark/{metric.name}", f"{metric.name} is {one.grade}: {values}{target}", verdict, FIX, ALERT
        )


def _evidence(one: Benchmark) -> Iterator[tuple[str, str | float | None]]:
    name, figure_ = one.figure.metric.name, one.figure
    yield f"{name}.value", figure_.value
    yield f"{name}.before", figure_.before
    if one.chance is not None:
        yield f"{name}.p", round(one.chance, 4)


def _by(one: Figure) -> str:
    if one.change is None:
        return ""
    return f", {one.change:+.3g} {'points' if one.metric.unit is Unit.PERCENT else '%'}"


def _said(value: float | None, metric: Metric) -> str:
    return "nothing" if value is None else f"{value:.6g} {metric.unit}"
