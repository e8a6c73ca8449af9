"""Firebase alerts: Crashlytics, Performance, App Distribution, billing.

Fields as in googleapis/google-cloudevents firebasealerts/v1; our own reader, because the official one raises on what
production sends (dates as objects, absent endTime, int64 as strings).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from shared.domain.severities import Severity
from shared.domain.signals import NotASignal, Signal, digest
from shared.errors import UndecodableError
from shared.inbound.envelopes import Envelope
from shared.inbound.values import https, instant, items, known, mapping, number, summary, text, title

_BY_PAYLOAD = {
    "CrashlyticsNewFatalIssuePayload": "crashlytics.newFatalIssue",
    "CrashlyticsNewNonfatalIssuePayload": "crashlytics.newNonfatalIssue",
    "CrashlyticsNewAnrIssuePayload": "crashlytics.newAnrIssue",
    "CrashlyticsRegressionAlertPayload": "crashlytics.regression",
    "CrashlyticsVelocityAlertPayload": "crashlytics.velocity",
    "CrashlyticsStabilityDigestPayload": "crashlytics.stabilityDigest",
    "FireperfThresholdAlertPayload": "performance.threshold",
    "BillingPlanUpdatePayload": "billing.planUpdate",
    "BillingPlanAutomatedUpdatePayload": "billing.planAutomatedUpdate",
    "AppDistroNewTesterIosDevicePayload": "appDistribution.newTesterIosDevice",
    "AppDistroInAppFeedbackPayload": "appDistribution.inAppFeedback",
}
_CRASH_TITLES = {
    "crashlytics.newFatalIssue": "New crash",
    "crashlytics.newNonfatalIssue": "New non-fatal error",
    "crashlytics.newAnrIssue": "New ANR (app not responding)",
    "crashlytics.regression": "Crash is back (regression)",
    "crashlytics.velocity": "Crash rate is spiking",
}
_RECORDED = {
    "crashlytics.stabilityDigest": "daily stability digest: a summary, not an alert",
    "billing.planUpdate": "billing plan changed by its owner",
    "appDistribution.newTesterIosDevice": "a tester registered a device",
    "appDistribution.inAppFeedback": "feedback from a tester",
}
_TRACES = {
    "network_request": "network request",
    "page_load": "page load",
    "duration_trace": "trace",
    "screen_trace": "screen",
}
_IN_SECONDS = {"seconds": 1.0, "s": 1.0, "ms": 0.001, "milliseconds": 0.001}


def parse(envelope: Envelope, *, now: datetime) -> Signal | NotASignal:
    """The alert as a signal, or why it is none; raises UndecodableError for unknown types and missing payloads."""
    data = mapping(envelope.payload)
    payload = data.get("payload")
    if not isinstance(payload, Mapping):
        raise UndecodableError("a Firebase alert without a payload")
    alert_type = _alert_type(envelope, payload)
    occurred = instant(data.get("createTime")) or envelope.time or now
    if alert_type in _RECORDED:
        return NotASignal("recorded", _recorded(alert_type, payload), envelope.event_id, occurred)
    build = _BUILDERS.get(alert_type)
    if build is None:
        raise UndecodableError(f"unknown Firebase alert type {title(alert_type) or '(none)'}")
    app = title(envelope.attributes.get("appid"))
    return build(alert_type, app, payload, envelope, (occurred, now))


def _alert_type(envelope: Envelope, payload: Mapping[str, Any]) -> str:
    named = text(envelope.attributes.get("alerttype"))
    return named or _BY_PAYLOAD.get(text(payload.get("@type")).rpartition(".")[2], "")


def _recorded(alert_type: str, payload: Mapping[str, Any]) -> str:
    trending = [mapping(issue) for issue in items(payload.get("trendingIssues"))]
    named = [i for i in trending if text(mapping(i.get("issue")).get("id"))]
    suffix = f" ({len(named)} trending issues)" if alert_type == "crashlytics.stabilityDigest" else ""
    return _RECORDED[alert_type] + suffix


def _platform(app: str) -> str:
    parts = app.split(":")
    return parts[2] if len(parts) > 3 and parts[2] in {"android", "ios", "web"} else ""  # noqa: PLR2004 - 1:N:PLATFORM:HEX


def _service(app: str) -> str:
    return "web" if _platform(app) == "web" else "app"


def _crash(
    alert_type: str, app: str, payload: Mapping[str, Any], envelope: Envelope, times: tuple[datetime, datetime]
) -> Signal:
    issue = mapping(payload.get("issue"))
    name, version = text(issue.get("id")), title(issue.get("appVersion"))
    if not name and not text(issue.get("title")):
        raise UndecodableError(f"a {alert_type} alert without an issue")
    where = title(issue.get("title")) or name
    return Signal(
        event_id=envelope.event_id,
        fingerprint=digest("crashlytics", app, name or where),
        key=digest(alert_type, app, name or where, version),
        alert_type=alert_type,
        source="firebase",
        service=_service(app),
        title=title(f"{_CRASH_TITLES[alert_type]}: {where}"),
        summary=summary(issue.get("subtitle")),
        occurred_at=times[0],
        received_at=times[1],
        labels=known(app_id=app, platform=_platform(app), issue_id=title(name)),
        values=known(
            app_version=version,
            first_version=title(payload.get("firstVersion")),
            crash_count=number(payload.get("crashCount")),
            crash_percentage=number(payload.get("crashPercentage")),
            issue_type=title(payload.get("type")),
        ),
    )


def _performance(
    alert_type: str, app: str, payload: Mapping[str, Any], envelope: Envelope, times: tuple[datetime, datetime]
) -> Signal:
    name, kind, metric = (
        title(payload.get("eventName")),
        text(payload.get("eventType")),
        title(payload.get("metricType")),
    )
    percentile = number(payload.get("conditionPercentile"))
    what = f"{_TRACES.get(kind, kind.replace('_', ' ') or 'trace')} {name}".strip()
    seconds = _seconds(payload.get("violationValue"), payload.get("violationUnit"))
    measured = _quantity(payload.get("violationValue"), payload.get("violationUnit"))
    limit = _quantity(payload.get("thresholdValue"), payload.get("thresholdUnit"))
    version = title(payload.get("appVersion"))
    return Signal(
        event_id=envelope.event_id,
        fingerprint=digest("performance", app, name, kind, metric),
        key=digest(alert_type, app, name, kind, metric, version),
        alert_type=alert_type,
        source="firebase",
        service=_service(app),
        title=title(f"{'Slow' if seconds else 'Out of bounds:'} {what}: {measured} (limit {limit})"),
        summary=summary(f"{metric or 'duration'} of {what}"),
        occurred_at=times[0],
        received_at=times[1],
        labels=known(app_id=app, platform=_platform(app), event_name=name, event_type=title(kind), metric=metric),
        values=known(
            violation=measured,
            threshold=limit,
            violation_seconds=seconds,
            samples=number(payload.get("numSamples")),
            percentile="" if percentile == "0" else percentile,
            app_version=version,
        ),
        links=known(firebase=https(payload.get("investigateUri"))),
    )


def _billing(
    alert_type: str, app: str, payload: Mapping[str, Any], envelope: Envelope, times: tuple[datetime, datetime]
) -> Signal:
    plan, notice = title(payload.get("billingPlan")), title(payload.get("notificationType"))
    return Signal(
        event_id=envelope.event_id,
        fingerprint=digest("billing", plan, notice),
        key=digest(alert_type, plan, notice),
        alert_type=alert_type,
        source="firebase",
        service="billing",
        title=title(f"Firebase changed the billing plan by itself: {plan} ({notice})"),
        occurred_at=times[0],
        received_at=times[1],
        severity=Severity.LOW,
        labels=known(app_id=app),
        values=known(plan=plan, change=notice),
    )


def _quantity(value: Any, unit: Any) -> str:  # noqa: ANN401
    amount, name = number(value), text(unit)
    if not amount:
        return "unknown"
    seconds = _seconds(value, unit)
    if not seconds:
        return title(f"{amount} {name}")
    return f"{float(seconds):.2f} s" if float(seconds) >= 1 else f"{float(seconds) * 1000:.0f} ms"


def _seconds(value: Any, unit: Any) -> str:  # noqa: ANN401
    amount, factor = number(value), _IN_SECONDS.get(text(unit).lower())
    return repr(round(float(amount) * factor, 6)) if amount and factor else ""


_Builder = Callable[[str, str, Mapping[str, Any], Envelope, tuple[datetime, datetime]], Signal]
_BUILDERS: dict[str, _Builder] = {
    **dict.fromkeys(_CRASH_TITLES, _crash),
    "performance.threshold": _performance,
    "billing.planAutomatedUpdate": _billing,
}
