"""Two ticks watch each other: the escalation tick tells when the evaluation of rules stops beating."""

from datetime import datetime, timedelta

from shared.domain.signals import own_signal
from shared.ports.platform import Publisher
from shared.ports.store import Put, StateStore
from shared.usecases.outbox import publish_outbox, signal_write
from shared.usecases.records import HEARTBEATS, instant

EVALUATION = "evaluate_rules"
WATCH = "evaluation_watch"
MISSED = timedelta(minutes=3, seconds=30)  # three minutes without one, and half a minute's grace


def watch_evaluation(store: StateStore, publisher: Publisher, now: datetime) -> None:
    """Say once that the evaluation is missing, and once that it is back; one that never ran is not missed."""
    beat = store.get(HEARTBEATS, EVALUATION)
    if beat is None:
        return
    told = store.get(HEARTBEATS, WATCH)
    missing_since = str(told.body["missing_since"]) if told else ""
    last = str(beat.body["at"])
    missing = now - datetime.fromisoformat(last) > MISSED
    if missing == bool(missing_since):
        return
    signal = own_signal(
        "evaluation_missing",
        subject=EVALUATION,
        title="Metric rules are not evaluated",
        summary=f"The last evaluation was at {last[:16].replace('T', ' ')} UTC." if missing else "It runs again.",
        at=now,
        unique=f"{missing} {missing_since or last}",
        over=not missing,
    )
    writes = [
        Put(HEARTBEATS, WATCH, {"missing_since": last if missing else "", "at": instant(now)}),
        signal_write(signal),
    ]
    store.commit(writes)
    publish_outbox(store, publisher, writes)
