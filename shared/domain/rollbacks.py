"""Going back by itself: what a maintenance window runs when the work breaks something, and what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.incidents import Incident
from shared.domain.severities import Severity
from shared.domain.signals import TEST_SOURCE

LEASE = timedelta(minutes=2)
ATTEMPTS = 5


class RollbackState(StrEnum):
    """Where a window's rollback is; it is asked for once, and only a person asks for a second one."""

    ARMED = "armed"
    ASKED = "asked for"
    RUNNING = "being started"
    STARTED = "started"
    FAILED = "could not be started"
    UNKNOWN = "perhaps started: the answer was lost"

    @property
    def is_over(self) -> bool:
        """True when nothing more happens by itself."""
        return self in {RollbackState.STARTED, RollbackState.FAILED, RollbackState.UNKNOWN}


@dataclass(frozen=True, slots=True)
class RollbackTarget:
    """What is called: a webhook, or a Cloud Build trigger of our project in `region`. One of the two is empty."""

    name: str
    webhook: str = ""
    build_trigger: str = ""
    region: str = "global"


@dataclass(frozen=True, slots=True)
class RollbackWish:
    """What a window names: a target of maintenance.yaml, and what calls it.

    That is an incident which began inside the window and is at least so severe, or is of one of the named rules.
    """

    target: str
    severity: Severity | None = Severity.HIGH
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rollback:
    """A wish and its fate. `because` is an incident's id or a person's words; `asked_by` is "soukmon" or a person.

    `checked_at`, `is_reachable` and `checked` are of the last trial, which starts nothing.
    """

    wish: RollbackWish
    state: RollbackState = RollbackState.ARMED
    asked_at: datetime | None = None
    asked_by: str = ""
    because: str = ""
    attempts: int = 0
    claimed_at: datetime | None = None
    detail: str = ""
    checked_at: datetime | None = None
    is_reachable: bool = False
    checked: str = ""


class RollbackRefused(StrEnum):
    """Why a person's wish to go back is not carried out."""

    NO_TARGET = "this window names no rollback"
    GOING = "the rollback is being started already"
    DONE = "the rollback was started already; a second one goes one further back, so say again if you mean it"


def refused(rollback: Rollback, *, again: bool) -> RollbackRefused | None:
    """Why a person may not have it run now; None when they may. `again` means it although it was started before."""
    if rollback.state in {RollbackState.ASKED, RollbackState.RUNNING}:
        return RollbackRefused.GOING
    if rollback.state in {RollbackState.STARTED, RollbackState.UNKNOWN} and not again:
        return RollbackRefused.DONE
    return None


@dataclass(frozen=True, slots=True)
class Order:
    """What whoever calls rollbacks is asked to do for a window: to start its rollback, or only to try its target."""

    window: str
    trial: bool = False


def cause(wish: RollbackWish, incidents: Iterable[Incident]) -> Incident | None:
    """The first of the incidents (those of the window that began inside it) that has to be answered by going back."""
    return next((one for one in incidents if _calls_for_it(wish, one)), None)


def asked(rollback: Rollback, *, by: str, because: str, now: datetime) -> Rollback:
    """The rollback to be run now; a second asking begins afresh."""
    return replace(
        rollback,
        state=RollbackState.ASKED,
        asked_at=now,
        asked_by=by,
        because=because,
        attempts=0,
        claimed_at=None,
        detail="",
    )


def claimed(rollback: Rollback, now: datetime) -> Rollback | None:
    """The rollback in the hands of whoever calls now; None when there is nothing to call (any more)."""
    if rollback.state is not RollbackState.ASKED:
        return None
    return replace(rollback, state=RollbackState.RUNNING, claimed_at=now, attempts=rollback.attempts + 1)


def is_lost(rollback: Rollback, now: datetime) -> bool:
    """True when whoever called it has died: it may be running, so nobody calls it again by itself."""
    running = rollback.state is RollbackState.RUNNING and rollback.claimed_at is not None
    return running and rollback.claimed_at is not None and now - rollback.claimed_at >= LEASE


def ended(rollback: Rollback, state: RollbackState, detail: str) -> Rollback:
    """The rollback with what came of the call; where it surely did not arrive it is asked for again, a few times."""
    again = state is RollbackState.ASKED and rollback.attempts >= ATTEMPTS
    return replace(rollback, state=RollbackState.FAILED if again else state, claimed_at=None, detail=detail)


def tried(rollback: Rollback, *, reachable: bool, detail: str, now: datetime) -> Rollback:
    """The rollback with what its last trial said."""
    return replace(rollback, checked_at=now, is_reachable=reachable, checked=detail)


def _calls_for_it(wish: RollbackWish, incident: Incident) -> bool:
    if incident.source == TEST_SOURCE:
        return False  # a rehearsal must not be able to change production
    severe = wish.severity is not None and incident.severity.rank >= wish.severity.rank
    return severe or incident.rule in wish.rules
