"""The minute's look at maintenance windows: what has to be said, are they ready, what do they hold, are they over."""

from dataclasses import replace
from datetime import datetime

from shared.domain.checklists import Item, Phase, missing
from shared.domain.holding import begun_at
from shared.domain.incidents import Incident
from shared.domain.labels import labels_of_incident
from shared.domain.maintenance import Window
from shared.domain.maintenance_notices import Notice, afterwards, ahead
from shared.domain.maintenance_plan import NotReady
from shared.domain.rollbacks import RollbackState, asked, cause
from shared.ports.store import Query, Write
from shared.rendering.maintenance import WindowView
from shared.usecases.audited import Act, audit_writes
from shared.usecases.commits import committed
from shared.usecases.muting import wake
from shared.usecases.records import INCIDENTS, value_of
from shared.usecases.window_checklist import checklist
from shared.usecases.window_notices import Office, Told, commit_and_publish, living, told
from shared.usecases.window_records import (
    held_by,
    incidents_named,
    read_window,
    unended,
    unsettled,
    window_write,
)
from shared.usecases.window_trials import rollback_write, trial_write
from shared.usecases.windows import end

OURSELVES = "soukmon"
OPEN = 200


def tend_windows(*, office: Office, now: datetime) -> None:
    """Do what is due for every window, each in one commit; twice in a minute does nothing twice."""
    for window in unended(office.store):
        committed(lambda name=window.id: _tend(name, office, now))  # type: ignore[misc]
    for window in unsettled(office.store, now):
        committed(lambda name=window.id: _remind(name, office, now))  # type: ignore[misc]


def _tend(name: str, office: Office, now: datetime) -> None:
    found = read_window(name, office.store)
    if found is None or found[0].closed_by:
        return
    window, version = found
    if window.end <= now:
        end(window, version, by=OURSELVES, office=office, now=now)
        return
    after, news, writes = _ahead(window, office, now)
    if after.is_open_at(now):
        after, ready = _readiness(after, office, now)
        after, held = _held(after, office, now)
        after, back = _rollback(after, office, now)
        news, writes = news + ready + held + back[0], [*writes, *back[1]]
    if after != window:
        commit_and_publish([window_write(after, version), *writes], news, office, now)
    if after.loud and not window.loud:
        wake(name, store=office.store, now=now)


def _ahead(window: Window, office: Office, now: datetime) -> tuple[Window, Told, list[Write]]:
    """What is said ahead of it and at its start; an hour before, its rollback is tried once more."""
    due = ahead(window, now)
    if due.notice is None:
        return due.window, Told(), []
    news = told(due.notice, WindowView(due.window, office.config.directory), office, now=now)
    return due.window, news, [trial_write(window, now)] if due.notice is Notice.HOUR and window.rollback else []


def _readiness(window: Window, office: Office, now: datetime) -> tuple[Window, Told]:
    """Once, when it begins: a planned window whose list is not complete is told to its author, and may stay loud."""
    if window.emergency:
        return window, Told()
    left = missing(checklist(window, office=office, now=now), Phase.BEFORE)
    if window.loud:
        return (window if left else replace(window, loud=False)), Told()
    if not left or Notice.NOT_READY in window.told:
        return window, Told()
    loud = office.config.maintenance.when_not_ready is NotReady.ALERTS_ON
    after = replace(window, loud=loud, told=(*window.told, Notice.NOT_READY))
    return after, told(Notice.NOT_READY, _view(after, left, office), office, now=now)


def _held(window: Window, office: Office, now: datetime) -> tuple[Window, Told]:
    held = held_by(window, office.store)
    if held == window.held:
        return window, Told()
    after = replace(window, held=held)
    view = WindowView(after, office.config.directory, incidents_named(held, office.store))
    return after, living(view, office, now=now)


def _rollback(window: Window, office: Office, now: datetime) -> tuple[Window, tuple[Told, list[Write]]]:
    """The rollback fires once, on the first incident that calls for it; it is told before it has been called."""
    nothing: tuple[Told, list[Write]] = (Told(), [])
    if window.rollback is None or window.rollback.state is not RollbackState.ARMED:
        return window, nothing
    found = cause(window.rollback.wish, _begun_inside(window, office))
    if found is None:
        return window, nothing
    back = asked(window.rollback, by=OURSELVES, because=f"{found.id} {found.title}", now=now)
    after = replace(window, rollback=back)
    act = Act(now, OURSELVES, "rollback asked for", window.id, f"{back.wish.target}, because of {found.id}")
    writes = [rollback_write(after, now), *audit_writes(office.store, act)]
    return after, (told(Notice.ROLLBACK_ASKED, _view(after, (), office), office, now=now, again=found.id), writes)


def _begun_inside(window: Window, office: Office) -> list[Incident]:
    query = Query(INCIDENTS, {"is_open": "yes"}, order_by="opened_at", newest_first=True, limit=OPEN)
    found = [value_of(row, Incident) for row in office.store.find(query)]
    told = [one for one in found if not one.restricted]  # a breach is for its team, and nothing to roll back for
    return [one for one in told if window.concerns(labels_of_incident(one), begun=begun_at(one))]


def _remind(name: str, office: Office, now: datetime) -> None:
    found = read_window(name, office.store)
    if found is None:
        return
    window, version = found
    due = afterwards(window, now)
    if due.notice is None:
        return
    left = missing(checklist(window, office=office, now=now), Phase.AFTER)
    news = told(due.notice, _view(due.window, left, office), office, now=now) if left else Told()
    commit_and_publish([window_write(due.window, version)], news, office, now)


def _view(window: Window, left: tuple[Item, ...], office: Office) -> WindowView:
    return WindowView(window, office.config.directory, missing=left)
