"""The proof of a deployment: a test alert goes in where alerts do, and has to come out in the ledger."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from shared.domain.game_day import THROUGH, rehearsal_signal
from shared.domain.notifications import LedgerState, Notification
from shared.domain.signals import Signal
from shared.ports.platform import Clock, Publisher
from shared.ports.store import StateStore
from shared.usecases.outbox import publish_signal
from shared.usecases.records import RECEIPTS, notifications_of

RULE = "deployment_failed"  # told by Slack and mail: a deployment should ring nobody's telephone
PAUSE = timedelta(seconds=2)
PATIENCE = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Proof:
    """How far the test alert came: the incident it opened, what was told to whom, and what is missing.

    `is_final` once nothing more is to be expected.
    """

    incident: str
    told: tuple[str, ...]
    missing: str
    is_final: bool = False

    @property
    def passed(self) -> bool:
        """True when the alert went all the way."""
        return not self.missing


def prove(
    unique: str,
    *,
    store: StateStore,
    publisher: Publisher,
    clock: Clock,
    pause: Callable[[timedelta], None],
    rule: str = RULE,
) -> Proof:
    """Send a test alert of a rule through the functions that run, wait for it, and end it again.

    It reaches the game day's recipient and nobody else. Where no recipient is configured the decision is the proof.
    """
    begun = clock.now()
    signal = rehearsal_signal(rule, unique, begun, over=False)
    publish_signal(publisher, signal)
    found = _so_far(store, signal)
    while not found.passed and clock.now() - begun < PATIENCE and not found.is_final:
        pause(PAUSE)
        found = _so_far(store, signal)
    publish_signal(publisher, rehearsal_signal(rule, unique, clock.now(), over=True))
    return found


def lines(found: Proof) -> Iterator[str]:
    """What to print."""
    yield from found.told
    yield f"proved: incident {found.incident}" if found.passed else f"not proved: {found.missing}"


def _so_far(store: StateStore, signal: Signal) -> Proof:
    receipt = store.get(RECEIPTS, signal.event_id)
    if receipt is None:
        return Proof("", (), "handle_signal has not taken the test alert")
    incident = str(receipt.body["incident"])
    rows = [row for row in notifications_of(store, incident) if row.state is not LedgerState.SUPERSEDED]
    told = tuple(f"{row.channel} to {row.recipient}: {row.state}" for row in rows) or (
        "no recipient of tests in oncall.yaml",
    )
    missing = "; ".join(_why(row) for row in rows if row.state not in THROUGH)
    return Proof(incident, told, missing, is_final=bool(rows) and all(row.state.is_final for row in rows))


def _why(row: Notification) -> str:
    return " ".join(text for text in (f"{row.channel} is {row.state}", row.error or row.note) if text)
