"""What a receiver does with a parsed event: signals go on their topic, everything else is written down."""

from shared.domain.signals import NotASignal, Signal
from shared.ports import Clock, Publisher, Put, StateStore
from shared.usecases.handle_signal import RECEIPT_LIFETIME
from shared.usecases.outbox import publish_signal
from shared.usecases.records import RECEIPTS, instant


def accept(parsed: Signal | NotASignal, *, store: StateStore, publisher: Publisher, clock: Clock) -> None:
    """Publish a signal, or keep the receipt that says why nobody is told."""
    if isinstance(parsed, Signal):
        publish_signal(publisher, parsed)
        return
    now = clock.now()
    receipt = {
        "outcome": parsed.outcome,
        "reason": parsed.reason,
        "incident": "",
        "severity": "",
        "alert_type": "",
        "at": instant(now),
        "expires_at": instant(now + RECEIPT_LIFETIME),
    }
    store.commit([Put(RECEIPTS, parsed.event_id, receipt)])
