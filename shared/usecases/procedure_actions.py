"""What the machine does in a procedure, by name. An action reads, and says what belongs into the step's commit.

It may be called again after a crash or a conflict: what it does must come out the same. Whatever takes long or reaches
outside goes into the outbox with the step, to a function of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.domain.configuration import Configuration
from shared.domain.incidents import Incident
from shared.domain.notifications import LedgerState, Notification
from shared.domain.procedure_runs import Run, StepRun
from shared.domain.procedures import Doing
from shared.domain.reasons import Notify
from shared.ports import StateStore, Write
from shared.usecases.records import notifications_of

REACHED = frozenset({LedgerState.SENT, LedgerState.DELIVERED, LedgerState.READ})


class Acting(StrEnum):
    """How far an action has come."""

    DONE = "done"
    NOT_YET = "not yet"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Scene:
    """What an action sees. With `rehearsal` it only says what it would do."""

    incident: Incident
    run: Run
    step: StepRun
    config: Configuration
    store: StateStore
    now: datetime
    rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class Did:
    """What came of it: `what` in words, `at` when it really happened, and what is committed with the step.

    `rows` are messages planned by it; they are written with the step and published after it.
    """

    acting: Acting
    what: str = ""
    at: datetime | None = None
    writes: tuple[Write, ...] = ()
    rows: tuple[Notification, ...] = ()


Action = Callable[[Scene], Did]
NOT_YET = Did(Acting.NOT_YET)


def alert_sent(scene: Scene) -> Did:
    """The first message about the incident has left."""
    return _first(scene, lambda row: row.reason is not Notify.REPLY, "the first message left by {row.channel}")


def oncall_notified(scene: Scene) -> Did:
    """The first message to a person has left."""
    return _first(scene, lambda row: row.recipient in scene.config.directory.people, "{name} by {row.channel}")


def recovered(scene: Scene) -> Did:
    """The incident is resolved."""
    at = scene.incident.resolved_at
    if scene.incident.state.is_open or at is None:
        return NOT_YET
    return Did(Acting.DONE, f"the incident was resolved at {at:%Y-%m-%d %H:%M} UTC", at)


def _first(scene: Scene, fits: Callable[[Notification], bool], said: str) -> Did:
    left = [row for row in notifications_of(scene.store, scene.incident.id) if row.state in REACHED and fits(row)]
    row = min(left, key=lambda row: row.sent_at or row.planned_at, default=None)
    if row is None:
        return NOT_YET
    people = scene.config.directory.people
    name = people[row.recipient].name if row.recipient in people else row.recipient
    return Did(Acting.DONE, said.format(row=row, name=name), row.sent_at)


ACTIONS: Mapping[Doing, Action] = {
    Doing.ALERT_SENT: alert_sent,
    Doing.ONCALL_NOTIFIED: oncall_notified,
    Doing.RECOVERED: recovered,
}
