"""The audit's capacity plan: of each resource with a limit, when it is reached, with the interval."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from shared.domain.audits import Resource
from shared.domain.capacity import Exhaustion, Room, exhaustion
from shared.domain.figures import Span
from shared.domain.job_alerts import result_of
from shared.domain.jobs import Finding, Run, StepResult, Verdict
from shared.domain.periods import ZONE, day_of
from shared.domain.series import HOUR
from shared.domain.trends import LEAST_DAYS
from shared.usecases.figure_reading import Asked, Readings, read, steps
from shared.usecases.jobs.auditor import Auditor

ALERT = "capacity"
LOOKED_BACK = timedelta(days=90)
A_DAY = timedelta(days=1)
WHOLE = 100  # from here on nobody reads what comes after the point
VERDICTS = {Room.NONE: Verdict.FAIL, Room.LITTLE: Verdict.WARN, Room.PLENTY: Verdict.PASS}
FIX = "raise the limit or make room before that day, then write the new limit into system_audit.yaml"


def capacity(auditor: Auditor, run: Run) -> StepResult:
    """When each resource is full; SKIPPED when of none enough days are known to say so."""
    plan, until = auditor.config.audit, day_of(run.at.astimezone(ZONE).date()).start
    if not plan.resources:
        return StepResult("", Verdict.SKIPPED, "system_audit.yaml names nothing under capacity")
    readings = _readings(auditor, until)
    found, evidence, unknown = list[Finding](), dict[str, str | float | None](), list[str]()
    for one in plan.resources:
        series = _of_metric(one, auditor, readings) if one.metric else _of_job(one, auditor, run)
        made = exhaustion(series, one.limit)
        evidence |= _evidence(one, made, until, len(series))
        if made is None:
            unknown.append(f"{one.name}: {len(series)} of {LEAST_DAYS} days with measurements")
        else:
            found += _findings(one, made, until)
    reason = "; ".join(unknown)
    if len(unknown) == len(plan.resources):
        return StepResult("", Verdict.SKIPPED, reason, evidence)
    return result_of(found, reason=reason, **evidence)


def _findings(one: Resource, made: Exhaustion, until: datetime) -> Iterator[Finding]:
    if made.room is not Room.PLENTY:
        likely, early, late = (_when(ahead, until) for ahead in (made.likely, made.early, made.late))
        when = f"{likely}, in 90 % of cases from {early} to {late}"
        now = f"now {_said(made.level)}, {_said(made.growth)} a day more"
        what = f"{one.name} reaches its limit of {_said(one.limit)}: {when}; {now}"
        yield Finding(f"capacity/{one.name}", what, VERDICTS[made.room], FIX, ALERT)


def _said(value: float) -> str:
    """Whole thousands as people read them, small ones with three digits that count."""
    return f"{value:,.0f}" if abs(value) >= WHOLE else f"{value:.3g}"


def _evidence(one: Resource, made: Exhaustion | None, until: datetime, days: int) -> dict[str, str | float | None]:
    if made is None:
        return {f"{one.name}.days": days}
    when = {"likely": made.likely, "early": made.early, "late": made.late}
    return {
        f"{one.name}.level": round(made.level, 3),
        f"{one.name}.limit": one.limit,
        f"{one.name}.growth": round(made.growth, 6),
        f"{one.name}.days": made.days,
        **{f"{one.name}.{name}": _when(ahead, until) for name, ahead in when.items()},
    }


def _when(ahead: int | None, until: datetime) -> str:
    """The day; `ahead` counts from the last whole day, which ended at `until`."""
    if ahead is None:
        return "not within a year"
    return f"{(until + (ahead - 1) * A_DAY).astimezone(ZONE):%Y-%m-%d}"


def _readings(auditor: Auditor, until: datetime) -> Readings:
    config = auditor.config
    span = Span(until - LOOKED_BACK, until)
    asked = Asked(span, Span(span.since, span.since), HOUR)
    metrics = [config.metrics[one.metric] for one in config.audit.resources if one.metric]
    return read(metrics, asked, config=config, warehouse=auditor.warehouse, now=until)


def _of_metric(one: Resource, auditor: Auditor, readings: Readings) -> dict[int, float]:
    """The metric's value on each day that it was measured, or held."""
    days = steps(auditor.config.metrics[one.metric], readings, by_day=True)
    return {_number(at): value for at, value in days if value is not None}


def _of_job(one: Resource, auditor: Auditor, run: Run) -> dict[int, float]:
    """What the job's step found each day, the last time that it looked."""
    found: dict[int, float] = {}
    for past in reversed(auditor.runs(one.job, before=run.at)):
        if past.at < run.at - LOOKED_BACK:
            continue
        for result in past.results:
            value = result.evidence.get(one.evidence)
            if result.step == one.step and isinstance(value, int | float):
                found[_number(past.at)] = float(value)
    return found


def _number(at: datetime) -> int:
    return at.astimezone(ZONE).date().toordinal()
