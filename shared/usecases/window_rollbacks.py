"""Going back: asked for by a person or by a window, called once, and what came of it told to everybody at once."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.maintenance import Window
from shared.domain.maintenance_notices import Notice
from shared.domain.redaction import redact
from shared.domain.rollbacks import (
    Order,
    Rollback,
    RollbackRefused,
    RollbackState,
    asked,
    claimed,
    ended,
    is_lost,
    refused,
    tried,
)
from shared.errors import (
    DeliveryError,
    NotYetError,
    PermanentFailureError,
    TemporaryFailureError,
    UnknownOutcomeError,
)
from shared.ports.acting import RollbackCall, RollbackTriggers
from shared.ports.platform import Clock
from shared.rendering.maintenance import WindowView
from shared.usecases.audited import Act, audit_writes
from shared.usecases.commits import committed
from shared.usecases.window_notices import Office, Told, commit_and_publish, told
from shared.usecases.window_records import read_window, window_write
from shared.usecases.window_trials import rollback_write, trial_write

log = logging.getLogger(__name__)
SAID = 300


@dataclass(frozen=True, slots=True)
class BackWish:
    """Somebody's wish to go back; a `trial` only looks whether the target answers.

    `again` means it: run it although it has been started before.
    """

    window: str
    by: str
    reason: str
    trial: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """The window as it is now, or why nothing was asked for."""

    window: Window | None
    refused: str = ""


def ask_for_rollback(wish: BackWish, *, office: Office, now: datetime) -> Asked:
    """Have the window's rollback run (or tried) now, whatever its conditions say; everybody hears of a run."""
    if wish.by not in office.config.directory.people:
        return Asked(None, f"there is nobody called {wish.by!r} on the on-call list")
    return committed(lambda: _ask(wish, office, now))


def run_rollback(order: Order, *, triggers: RollbackTriggers, office: Office, clock: Clock) -> str:
    """Carry out an order; the name of what came of it. Redelivery is safe: a run that was claimed is not repeated.

    Raises NotYetError where the call surely did not arrive and is worth another try.
    """
    if order.trial:
        return _try(order.window, triggers, office, clock)
    taken = committed(lambda: _claim(order.window, office, clock.now()))
    if taken is None or taken.rollback is None:
        return "nothing to do"
    if taken.rollback.state is not RollbackState.RUNNING:
        return taken.rollback.state
    state, detail = _called(taken, taken.rollback, triggers, office)
    after = committed(lambda: _settle(order.window, state, detail, office, clock.now()))
    if after is RollbackState.ASKED:
        raise NotYetError(detail)
    return after


def _ask(wish: BackWish, office: Office, now: datetime) -> Asked:
    found = read_window(wish.window, office.store)
    if found is None:
        return Asked(None, f"there is no window {wish.window}")
    window, version = found
    rollback = window.rollback
    if rollback is None:
        return Asked(None, RollbackRefused.NO_TARGET)
    if wish.trial:
        commit_and_publish([trial_write(window, now)], Told(), office, now)
        return Asked(window)
    why_not = refused(rollback, again=wish.again)
    if why_not is not None:
        return Asked(None, why_not)
    back = asked(rollback, by=wish.by, because=redact(wish.reason), now=now)
    after = replace(window, rollback=back)
    act = Act(now, wish.by, "rollback asked for", window.id, f"{back.wish.target}: {back.because}")
    writes = [window_write(after, version), rollback_write(after, now), *audit_writes(office.store, act)]
    commit_and_publish(writes, _news(Notice.ROLLBACK_ASKED, after, office, now), office, now)
    return Asked(after)


def _claim(name: str, office: Office, now: datetime) -> Window | None:
    """The window with its rollback in our hands, or settled because whoever had it has died; else None."""
    found = read_window(name, office.store)
    if found is None or found[0].rollback is None:
        return None
    window, version = found
    rollback = found[0].rollback
    if is_lost(rollback, now):
        lost = ended(rollback, RollbackState.UNKNOWN, "whoever was calling it did not finish")
        return _kept(replace(window, rollback=lost), version, office, now)
    if rollback.state is RollbackState.RUNNING:
        raise NotYetError("somebody else is calling it")
    mine = claimed(rollback, now)
    if mine is None:
        return None
    taken = replace(window, rollback=mine)
    office.store.commit([window_write(taken, version)])
    return taken


def _called(
    window: Window, rollback: Rollback, triggers: RollbackTriggers, office: Office
) -> tuple[RollbackState, str]:
    target = office.config.maintenance.rollbacks.get(rollback.wish.target)
    if target is None:
        return RollbackState.FAILED, "maintenance.yaml names no such target any more"
    call = RollbackCall(window.id, rollback.because, rollback.asked_by, _nonce(window, rollback))
    try:
        return RollbackState.STARTED, redact(triggers.run(target, call))[:SAID]
    except TemporaryFailureError as error:
        return RollbackState.ASKED, redact(str(error))[:SAID]
    except PermanentFailureError as error:
        return RollbackState.FAILED, redact(str(error))[:SAID]
    except UnknownOutcomeError as error:
        return RollbackState.UNKNOWN, redact(str(error))[:SAID]


def _nonce(window: Window, rollback: Rollback) -> str:
    """One asking is one call, however often it is sent."""
    return f"{window.id}-{rollback.asked_at:%Y%m%dT%H%M%S}"


def _settle(name: str, state: RollbackState, detail: str, office: Office, now: datetime) -> RollbackState:
    found = read_window(name, office.store)
    if found is None or found[0].rollback is None:
        return RollbackState.UNKNOWN
    after = ended(found[0].rollback, state, detail)
    _kept(replace(found[0], rollback=after), found[1], office, now)
    return after.state


def _kept(window: Window, version: str, office: Office, now: datetime) -> Window:
    """Keep what came of a call; when that is final it goes on the record and everybody hears it."""
    rollback = window.rollback
    if rollback is None or not rollback.state.is_over:
        office.store.commit([window_write(window, version)])
        return window
    if rollback.state is not RollbackState.STARTED:
        log.critical("a rollback was not started", extra={"window": window.id, "reason": rollback.detail})
    act = Act(now, "soukmon", f"rollback {rollback.state}", window.id, f"{rollback.wish.target}: {rollback.detail}")
    writes = [window_write(window, version), *audit_writes(office.store, act)]
    commit_and_publish(writes, _news(Notice.ROLLBACK_DONE, window, office, now), office, now)
    return window


def _try(name: str, triggers: RollbackTriggers, office: Office, clock: Clock) -> str:
    found = read_window(name, office.store)
    rollback = found[0].rollback if found else None
    if rollback is None:
        return "nothing to do"
    target = office.config.maintenance.rollbacks.get(rollback.wish.target)
    try:
        detail = triggers.check(target) if target else "maintenance.yaml names no such target any more"
        reachable = target is not None
    except DeliveryError as error:
        detail, reachable = str(error), False
    committed(lambda: _tried(name, reachable, redact(detail)[:SAID], office, clock.now()))
    return "answers" if reachable else "does not answer"


def _tried(name: str, reachable: bool, detail: str, office: Office, now: datetime) -> None:  # noqa: FBT001 - a fact
    found = read_window(name, office.store)
    if found is None or found[0].rollback is None:
        return
    rollback = tried(found[0].rollback, reachable=reachable, detail=detail, now=now)
    after = replace(found[0], rollback=rollback)
    news = Told() if reachable else _news(Notice.ROLLBACK_UNREACHABLE, after, office, now)
    commit_and_publish([window_write(after, found[1])], news, office, now)


def _news(notice: Notice, window: Window, office: Office, now: datetime) -> Told:
    return told(notice, WindowView(window, office.config.directory), office, now=now, again=f"{now:%Y%m%dT%H%M%S}")
