"""Maintenance windows: planned ahead (or in an emergency), moved, cancelled, ended by hand and by the clock."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.checklists import Phase, missing
from shared.domain.maintenance import LONGEST, Window, WindowRefused, closed, moved, refusal
from shared.domain.maintenance_notices import Notice
from shared.domain.matchers import Matcher
from shared.domain.redaction import redact
from shared.domain.rollbacks import Rollback, RollbackWish
from shared.domain.signals import digest
from shared.rendering.maintenance import WindowView, window_hours
from shared.usecases.audited import Act, audit_writes
from shared.usecases.commits import committed
from shared.usecases.muting import wake
from shared.usecases.window_checklist import checklist
from shared.usecases.window_notices import Office, commit_and_publish, told
from shared.usecases.window_records import held_by, incidents_named, read_window, unended, window_write
from shared.usecases.window_trials import trial_write

NOBODY = "there is nobody called {name!r} on the on-call list"
NO_WINDOW = "there is no open window {name}"


@dataclass(frozen=True, slots=True)
class WindowWish:
    """What somebody plans. `end` None means until it is closed, for two hours at most; no matchers mean everything.

    `outside` says why a planned window cannot be in the low-traffic hours.
    """

    start: datetime
    end: datetime | None
    reason: str
    author: str
    matchers: tuple[Matcher, ...] = ()
    emergency: bool = False
    outside: str = ""
    rollback: RollbackWish | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """The window as it is now, or why there is none."""

    window: Window | None
    refused: str = ""


def open_window(wish: WindowWish, *, office: Office, now: datetime) -> Opened:
    """Plan a window and announce it; the same plan twice is one window."""
    config = office.config
    if wish.author not in config.directory.people:
        return Opened(None, NOBODY.format(name=wish.author))
    if wish.rollback is not None and wish.rollback.target not in config.maintenance.rollbacks:
        return Opened(None, WindowRefused.NO_ROLLBACK_TARGET)
    return committed(lambda: _open(_made(wish, now), office, now))


def move_window(
    name: str, *, start: datetime, end: datetime, by: str, office: Office, now: datetime, outside: str = ""
) -> Opened:
    """Put a window that has not begun at another time, and announce it anew."""

    def attempt(window: Window, version: str) -> Opened:
        if window.start <= now:
            return Opened(None, WindowRefused.HAS_BEGUN)
        later = moved(window, start=start, end=end, outside=redact(outside) or window.outside, now=now)
        refused = _refusal(later, office, now)
        if refused is not None:
            return Opened(None, refused)
        news = told(Notice.MOVED, WindowView(later, office.config.directory), office, now=now)
        act = Act(now, by, "maintenance window moved", name, window_hours(later))
        writes = [window_write(later, version), *audit_writes(office.store, act)]
        commit_and_publish(writes, news, office, now)
        return Opened(later)

    return _with_open(name, attempt, by=by, office=office)


def close_window(name: str, *, by: str, office: Office, now: datetime) -> Opened:
    """End a window now; one that has not begun is cancelled. What it held back is looked at by the next tick."""

    def attempt(window: Window, version: str) -> Opened:
        return Opened(end(window, version, by=by, office=office, now=now))

    ended = _with_open(name, attempt, by=by, office=office)
    if ended.window is not None:
        wake(name, store=office.store, now=now)
    return ended


def cancel_window(name: str, *, by: str, office: Office, now: datetime) -> Opened:
    """Call off a window that has not begun."""

    def attempt(window: Window, version: str) -> Opened:
        if window.start <= now:
            return Opened(None, WindowRefused.HAS_BEGUN)
        return Opened(end(window, version, by=by, office=office, now=now))

    return _with_open(name, attempt, by=by, office=office)


def end(window: Window, version: str, *, by: str, office: Office, now: datetime) -> Window:
    """End the window as it was read, and say so with what it held back; raises ConflictError when it changed."""
    over = replace(closed(window, by=by, now=now), held=held_by(window, office.store))
    notice = Notice.CANCELLED if over.is_cancelled else Notice.ENDED
    left = missing(checklist(over, office=office, now=now), Phase.AFTER)
    view = WindowView(over, office.config.directory, incidents_named(over.held, office.store), left)
    did = "cancelled" if over.is_cancelled else "ended"
    detail = "" if over.is_cancelled else f"held back {len(over.held)} incident(s)"
    audit = audit_writes(office.store, Act(now, by, f"maintenance window {did}", window.id, detail))
    commit_and_publish([window_write(over, version), *audit], told(notice, view, office, now=now), office, now)
    return over


def _made(wish: WindowWish, now: datetime) -> Window:
    finish = wish.end or wish.start + LONGEST
    what = " ".join(map(str, wish.matchers))
    name = f"window-{digest(wish.start.isoformat(), finish.isoformat(), wish.author, wish.reason, what, size=4)}"
    return Window(
        name,
        wish.start,
        finish,
        redact(wish.reason),
        wish.author,
        wish.matchers,
        wish.emergency,
        now,
        outside=redact(wish.outside),
        announced_at=now,
        rollback=None if wish.rollback is None else Rollback(wish.rollback),
    )


def _open(made: Window, office: Office, now: datetime) -> Opened:
    known = read_window(made.id, office.store)
    if known is not None:
        return Opened(known[0])
    refused = _refusal(made, office, now)
    if refused is not None:
        return Opened(None, refused)
    notice = Notice.EMERGENCY if made.emergency else Notice.PLANNED
    news = told(notice, WindowView(made, office.config.directory), office, now=now)
    kind = "emergency maintenance window opened" if made.emergency else "maintenance window planned"
    audit = audit_writes(office.store, Act(now, made.author, kind, made.id, f"{window_hours(made)}: {made.reason}"))
    trial = [trial_write(made, now)] if made.rollback else []
    commit_and_publish([window_write(made, None), *audit, *trial], news, office, now)
    return Opened(made)


def _refusal(window: Window, office: Office, now: datetime) -> WindowRefused | None:
    return refusal(window, now, others=unended(office.store), quiet=office.config.maintenance.low_traffic)


def _with_open(name: str, attempt: Callable[[Window, str], Opened], *, by: str, office: Office) -> Opened:
    """Read, let `attempt` decide and commit, again where somebody was faster; only people of the list may."""
    if by not in office.config.directory.people:
        return Opened(None, NOBODY.format(name=by))

    def once() -> Opened:
        found = read_window(name, office.store)
        if found is None or found[0].closed_by:
            return Opened(None, NO_WINDOW.format(name=name))
        return attempt(*found)

    return committed(once)
