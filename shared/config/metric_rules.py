"""One metric alert, in the mission's words or in the normal form, as a rule; and the rule in its normal form."""

from datetime import timedelta
from typing import Any

from shared.config.conditions import condition, threshold
from shared.config.durations import duration, spelled
from shared.config.faults import Fault, Path
from shared.config.wire import AlertWire
from shared.domain.rules import Change, Limit, MetricRule, Mode, NoData, Unit
from shared.domain.severities import Severity

_SIGNS = {
    Unit.PERCENT: "%",
    Unit.BYTES: "B",
    Unit.MILLISECONDS: "ms",
    Unit.SECONDS: "s",
    Unit.COUNT: "",
    Unit.MONEY: "",
}
SEVERITIES = {
    "order_failure": Severity.CRITICAL,
    "error_rate": Severity.CRITICAL,
    "load_time": Severity.HIGH,
    "api_response": Severity.HIGH,
    "conversion_drop": Severity.HIGH,
    "bundle_size": Severity.MEDIUM,
    "user_engagement": Severity.LOW,
}


def rule(alert: AlertWire, path: Path = ()) -> MetricRule:
    """The rule of one alert. Raises Fault where its parts are missing or contradict each other."""
    metric, limit = _limit(alert, path)
    change = _change(alert, metric, limit=limit, path=path)
    _require_what_the_mode_needs(alert, limit, change, path=path)
    every = _one_of("frequency", alert.frequency, "every", alert.every, path=path)
    escalation = _one_of("escalation", alert.escalation, "escalate_after", alert.escalate_after, path=path)
    return MetricRule(
        name=alert.name,
        metric=metric,
        severity=alert.severity or SEVERITIES.get(alert.name.removesuffix("_alert"), Severity.MEDIUM),
        channels=alert.channels,
        limit=limit,
        change=change,
        mode=alert.mode,
        every=duration(every or "immediate"),
        escalate_after=None if escalation is None else duration(escalation),
        service=alert.service,
        runbook=alert.runbook,
        window=None if alert.window is None else duration(alert.window),
        hold_for=duration(alert.hold_for or "0s"),
        clear=_clear(alert, metric, limit=limit, path=path),
        clear_windows=alert.clear_windows,
        min_samples=alert.min_samples,
        no_data=alert.no_data,
        objective=alert.objective,
    )


def normal_form(rule: MetricRule) -> dict[str, Any]:
    """The rule with units, direction and the meaning of percent spelled out. It loads again as it stands."""
    form: dict[str, Any] = {"name": rule.name, "metric": rule.metric}
    if rule.limit is not None:
        limit = rule.limit
        form["limit"] = {"comparison": str(limit.comparison), "value": _short(limit.value), "unit": str(limit.unit)}
    if rule.change is not None:
        change = rule.change
        form["change"] = {"by": _short(change.by), "unit": str(change.unit), "direction": str(change.direction)}
    form |= {"mode": str(rule.mode), "severity": str(rule.severity), "channels": list(rule.channels)}
    form["every"] = _spelled(rule.every)
    if rule.escalate_after is not None:
        form["escalate_after"] = _spelled(rule.escalate_after)
    form["service"] = rule.service
    return form | _judged(rule) | ({"runbook": rule.runbook} if rule.runbook else {})


def _judged(rule: MetricRule) -> dict[str, Any]:
    """How the rule is judged, where it says more than the default."""
    said = {
        "window": None if rule.window is None else spelled(rule.window),
        "for": spelled(rule.hold_for) if rule.hold_for else None,
        "clear": None if rule.clear is None or rule.limit is None else f"{_short(rule.clear)}{_SIGNS[rule.limit.unit]}",
        "clear_windows": rule.clear_windows if rule.clear_windows > 1 else None,
        "min_samples": rule.min_samples or None,
        "no_data": None if rule.no_data is NoData.INHERIT else str(rule.no_data),
        "objective": rule.objective,
    }
    return {name: value for name, value in said.items() if value is not None}


def _limit(alert: AlertWire, path: Path) -> tuple[str, Limit | None]:
    if alert.condition is not None:
        if alert.metric is not None or alert.limit is not None:
            raise Fault((*path, "condition"), "condition and metric/limit say the same thing twice", "keep one of them")
        return condition(alert.condition, (*path, "condition"))
    if alert.metric is None:
        raise Fault(path, "neither condition nor metric is given", "write condition: error_rate > 1% there")
    if alert.limit is None:
        return alert.metric, None
    return alert.metric, Limit(alert.limit.comparison, alert.limit.value, alert.limit.unit)


def _change(alert: AlertWire, metric: str, *, limit: Limit | None, path: Path) -> Change | None:
    if alert.threshold is not None:
        if alert.change is not None:
            raise Fault((*path, "threshold"), "threshold and change say the same thing twice", "keep one of them")
        return threshold(alert.threshold, metric, limit=limit, path=(*path, "threshold"))
    return None if alert.change is None else Change(alert.change.by, alert.change.unit, alert.change.direction)


def _clear(alert: AlertWire, metric: str, *, limit: Limit | None, path: Path) -> float | None:
    """The value at which a firing rule is over, on the good side of its limit."""
    if alert.clear is None:
        return None
    if limit is None:
        raise Fault((*path, "clear"), "clear needs a limit", "write condition: ... too, or leave clear out")
    _, clear = condition(f"{metric} {limit.comparison} {alert.clear}", (*path, "clear"))
    if limit.is_breached_by(clear.value):
        what = f"{alert.clear} lies beyond the limit, so the alert would end while it is still bad"
        raise Fault((*path, "clear"), what, "write a value on the good side of the limit instead")
    return clear.value


def _require_what_the_mode_needs(alert: AlertWire, limit: Limit | None, change: Change | None, *, path: Path) -> None:
    if alert.objective is not None:
        if limit is not None or change is not None or alert.window is not None:
            what = "a rule with an objective is judged by its burn rates alone"
            raise Fault((*path, "objective"), what, "make two rules of it")
        return
    if alert.mode is Mode.UNUSUAL:
        if limit is not None or change is not None or alert.window is not None:
            what = "a rule of mode unusual has no numbers of its own"
            raise Fault((*path, "mode"), what, "leave the mode out, or limit, change and window")
        return
    if limit is None and change is None:
        raise Fault(path, "neither a limit nor a change is given", "write condition: error_rate > 1% there")
    if limit is None and alert.mode in {Mode.BOTH, Mode.CONDITION}:
        raise Fault((*path, "mode"), f"mode {alert.mode} needs a limit", "write condition: ... or mode: change instead")
    if change is None and alert.mode in {Mode.BOTH, Mode.CHANGE}:
        fix = "write threshold: ... or mode: condition instead"
        raise Fault((*path, "mode"), f"mode {alert.mode} needs a change", fix)


def _one_of(ours: str, first: str | None, theirs: str, second: str | None, *, path: Path) -> str | None:
    if first is not None and second is not None:
        raise Fault((*path, ours), f"{ours} and {theirs} say the same thing twice", "keep one of them")
    return second if first is None else first


def _spelled(length: timedelta) -> str:
    return spelled(length) if length else "immediate"


def _short(number: float) -> float | int:
    return int(number) if number == int(number) else number
