"""What an action of a procedure sees and says: it reads, and names what belongs into the step's commit.

It may be called again after a crash or a conflict: what it does must come out the same. Whatever takes long or reaches
outside goes into the outbox with the step, to a function of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.domain.configuration import Configuration
from shared.domain.incidents import Incident
from shared.domain.notifications import Notification
from shared.domain.procedure_runs import Run, StepRun
from shared.ports.store import StateStore, Write
from shared.usecases.records import read_incident


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
    """`what` came of it in words, `at` when it really happened and `by` whom, and what is committed with the step.

    `rows` are messages planned by it; they are written with the step and published after it.
    """

    acting: Acting
    what: str = ""
    at: datetime | None = None
    writes: tuple[Write, ...] = ()
    rows: tuple[Notification, ...] = ()
    by: str = ""


Action = Callable[[Scene], Did]
NOT_YET = Did(Acting.NOT_YET)


def over_at(incident: Incident, store: StateStore) -> datetime | None:
    """When it was over, None while it goes on; what was merged goes on in the one it went into."""
    survivor = read_incident(store, incident.merged_into) if incident.merged_into else None
    gone_on = survivor[0] if survivor else incident
    return None if gone_on.state.is_open else gone_on.resolved_at
