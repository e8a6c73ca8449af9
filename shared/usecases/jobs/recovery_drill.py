"""A restored system is tried: it has to open an incident, page somebody, and climb when nobody answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.domain.configuration import Configuration
from shared.domain.jobs import Run
from shared.domain.severities import Severity
from shared.domain.signals import own_signal
from shared.ports.store import StateStore
from shared.usecases.escalate import escalate
from shared.usecases.handle_signal import handle_signal
from shared.usecases.outbox import NOTIFICATIONS_TOPIC
from shared.usecases.records import notifications_of, read_incident


@dataclass(frozen=True, slots=True)
class Drilled:
    """What came of it: the incident, how many messages it planned at once and by the next step; `missing` in words."""

    incident: str
    paged: int
    escalated: int
    missing: tuple[str, ...] = ()


def drill(run: Run, store: StateStore, *, config: Configuration, now: datetime) -> Drilled:
    """Give a critical signal to what was restored. Whatever it would publish is kept here and reaches nobody."""
    signal = own_signal("recovery_drill", subject=run.id, title="Would a restored system alert?", at=now, unique=run.id)
    heard = _Heard()
    handled = handle_signal(
        replace(signal, severity=Severity.CRITICAL), config=config, store=store, publisher=heard, clock=_At(now)
    )
    found = read_incident(store, handled.incident)
    if found is None:
        return Drilled("", 0, 0, (f"the restored system opened no incident: {handled.reason}",))
    paged = len(notifications_of(store, handled.incident))
    due = found[0].due_at
    if due is not None:
        escalate(config=config, store=store, publisher=heard, clock=_At(due))
    escalated = len(notifications_of(store, handled.incident)) - paged
    missing = [] if paged else ["the restored system pages nobody"]
    missing += [] if heard.count(NOTIFICATIONS_TOPIC) >= paged else ["the restored system hands no page on"]
    missing += [] if escalated or due is None else ["the restored system does not climb when nobody answers"]
    return Drilled(handled.incident, paged, escalated, tuple(missing))


@dataclass(frozen=True, slots=True)
class _At:
    """Implements `Clock`: one instant."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@dataclass(slots=True)
class _Heard:
    """Implements `Publisher`: nothing leaves."""

    topics: list[str] = field(default_factory=list)

    def publish(self, topic: str, data: bytes, attributes: Mapping[str, str] | None = None) -> str:
        del data, attributes
        self.topics.append(topic)
        return str(len(self.topics))

    def count(self, topic: str) -> int:
        return self.topics.count(topic)
