"""What a receiver does with a parsed event: signals go on their topic, everything else is written down."""

from shared.domain.signals import NotASignal, Signal
from shared.ports import Clock, Publisher, Put, StateStore
from shared.usecases.outbox import publish_signal
from shared.usecases.records import RECEIPTS, Handled, receipt


def accept(parsed: Signal | NotASignal, *, store: StateStore, publisher: Publisher, clock: Clock) -> None:
    """Publish a signal, or keep the receipt that says why nobody is told."""
    if isinstance(parsed, Signal):
        publish_signal(publisher, parsed)
        return
    kept = receipt(Handled(parsed.outcome, parsed.reason), now=clock.now())
    store.commit([Put(RECEIPTS, parsed.event_id, kept)])
