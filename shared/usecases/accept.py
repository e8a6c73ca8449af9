"""What a receiver does with a parsed event: signals go on their topic, everything else is written down, and counted."""

from datetime import datetime

from shared.domain.signals import NotASignal, Signal
from shared.domain.tallies import BurstKind, Counted, Tally, burst_signal, is_burst, tallied, tally_id
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Create, Put, Replace, StateStore, Write
from shared.usecases.commits import committed
from shared.usecases.outbox import publish_outbox, publish_signal, signal_write
from shared.usecases.records import RECEIPTS, Handled, body_of, receipt, value_of

TALLIES = "tallies"


def accept(parsed: Signal | NotASignal, *, store: StateStore, publisher: Publisher, clock: Clock) -> None:
    """Publish a signal, or keep the receipt that says why nobody is told."""
    if isinstance(parsed, Signal):
        publish_signal(publisher, parsed)
        return
    kept = Put(RECEIPTS, parsed.event_id, receipt(Handled(parsed.outcome, parsed.reason), now=clock.now()))
    if not parsed.burst:
        store.commit([kept])
        return
    counted = Counted(BurstKind(parsed.burst), parsed.subject)
    writes = committed(lambda: _count(parsed, counted, kept, store, clock.now()))
    publish_outbox(store, publisher, writes)


def _count(parsed: NotASignal, counted: Counted, kept: Put, store: StateStore, now: datetime) -> list[Write]:
    """One more of the kind; an entry that is delivered twice counts once."""
    if store.get(RECEIPTS, parsed.event_id) is not None:
        return []
    at, name = parsed.occurred_at or now, tally_id(counted)
    document = store.get(TALLIES, name)
    tally, count = tallied(value_of(document, Tally) if document else Tally(), at)
    writes: list[Write] = [kept]
    if is_burst(counted.kind, count, tally, at):
        tally = Tally(tally.minutes, at)
        writes.append(signal_write(burst_signal(counted, count, at=at, now=now)))
    body = body_of(tally)
    writes.append(Replace(TALLIES, name, body, document.version) if document else Create(TALLIES, name, body))
    store.commit(writes)
    return writes
