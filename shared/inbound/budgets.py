"""Cloud Billing budget messages: sent several times a day, an alert only when they name a threshold."""

from datetime import datetime

from shared.domain.severities import Severity
from shared.domain.signals import NotASignal, Signal, digest
from shared.inbound.envelopes import Envelope
from shared.inbound.values import instant, known, mapping, number, text, title

EXHAUSTED, NEARLY = 1.0, 0.9


def parse(envelope: Envelope, *, now: datetime) -> Signal | NotASignal:
    """One signal per budget, period and threshold, however often the message is repeated."""
    data = mapping(envelope.payload)
    actual, forecast = number(data.get("alertThresholdExceeded")), number(data.get("forecastThresholdExceeded"))
    occurred = envelope.time or now
    if not actual and not forecast:
        reason = "budget message without a threshold: a regular cost report"
        return NotASignal("ignored", reason, envelope.event_id, occurred)
    budget = text(envelope.attributes.get("budgetId")) or title(data.get("budgetDisplayName"))
    period, threshold = text(data.get("costIntervalStart")), actual or forecast
    kind = "budget.threshold" if actual else "budget.forecast"
    share, currency = float(threshold), title(data.get("currencyCode"))
    verb = "has reached" if actual else "is forecast to reach"
    started = instant(period)
    return Signal(
        event_id=envelope.event_id,
        fingerprint=digest("budget", budget, period, threshold, kind),
        key=digest("budget", budget, period, threshold, kind),
        alert_type=kind,
        source="budget",
        service="billing",
        title=title(f"Budget {title(data.get('budgetDisplayName'))} {verb} {share:.0%}"),
        summary=f"{number(data.get('costAmount'))} of {number(data.get('budgetAmount'))} {currency}",
        occurred_at=occurred,
        received_at=now,
        severity=_severity(share, is_actual=bool(actual)),
        labels=known(budget=title(budget)),
        values=known(
            cost=number(data.get("costAmount")),
            budget_amount=number(data.get("budgetAmount")),
            currency=currency,
            threshold=threshold,
            period=started.date().isoformat() if started else "",
        ),
    )


def _severity(share: float, *, is_actual: bool) -> Severity:
    if is_actual and share >= EXHAUSTED:
        return Severity.HIGH
    return Severity.MEDIUM if is_actual and share >= NEARLY else Severity.LOW
