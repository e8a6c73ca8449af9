"""What our checks tell as alerts: a target that is down from several places, a certificate that will end."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from shared.domain.signals import Signal, SignalKind, digest, own_signal
from shared.domain.status_checks import Reason

CERTIFICATE, URGENT = "certificate", "certificate_urgent"
URGENT_FROM = 7  # days
DOWN = "monitoring.uptime"
WHY = {
    Reason.DNS: "its name is not found",
    Reason.TLS: "its certificate is not valid",
    Reason.WRONG_HOST: "another host answers",
    Reason.REDIRECT_LOOP: "it redirects in circles",
    Reason.BODY: "it answers 200 with an error",
    Reason.SLOW: "it answers too slowly",
    Reason.STATUS: "it answers with an error status",
    Reason.UNREACHABLE: "it does not answer",
}


def down_signal(target: str, found: Sequence[str], now: datetime, *, over: bool = False) -> Signal:
    """The target fails from several places, or no longer does; one incident a target."""
    why = ", ".join(WHY[Reason(reason)] for reason in found)
    title = f"{target} is up again" if over else f"{target} is down from several places: {why}"
    return Signal(
        event_id=digest(DOWN, target, now.isoformat(), str(over)),
        fingerprint=digest(DOWN, target),
        key=digest(DOWN, target, str(over)),
        alert_type=DOWN,
        source="probes",
        service=target,
        title=title,
        summary=f"Checks of {target} succeed again." if over else f"Checks of {target}: {why}.",
        occurred_at=now,
        received_at=now,
        kind=SignalKind.RESOLVED if over else SignalKind.FIRING,
        labels={"target": target},
        values={} if over else {"reason": ",".join(found)},
    )


def certificate_signal(target: str, days: int, ends: datetime, now: datetime) -> Signal:
    """So many days are left, or fewer. Each notice is an incident of its own, told whoever owns the one before."""
    made = own_signal(
        _kind(days),
        subject=_subject(target, days),
        title=f"The certificate of {target} ends within {days} {'day' if days == 1 else 'days'}",
        summary=f"It ends on {ends:%Y-%m-%d %H:%M} UTC. Visitors are refused from then on.",
        at=now,
        unique=f"{ends.isoformat()} {days}",
    )
    return replace(made, values={"days_left": str(days)})


def certificate_renewed(target: str, days: int, ends: datetime, now: datetime) -> Signal:
    """There is a new one, and this notice is over."""
    return own_signal(
        _kind(days),
        subject=_subject(target, days),
        title=f"The certificate of {target} is renewed",
        summary=f"It ends on {ends:%Y-%m-%d %H:%M} UTC.",
        at=now,
        unique=ends.isoformat(),
        over=True,
    )


def _kind(days: int) -> str:
    return URGENT if days <= URGENT_FROM else CERTIFICATE


def _subject(target: str, days: int) -> str:
    return f"{target}, {days} days"
