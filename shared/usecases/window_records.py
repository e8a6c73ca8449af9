"""Maintenance windows as they are kept: read by name, by their end, and the writes that keep them."""

from collections.abc import Iterable
from datetime import datetime

from shared.domain.incidents import Incident
from shared.domain.maintenance import Window
from shared.domain.maintenance_notices import is_settled
from shared.ports.store import Body, Create, Query, Replace, StateStore, Write
from shared.usecases.records import INCIDENTS, WINDOWS, body_of, instant, read_incident, value_of

MOST = 500


def windows(store: StateStore, *, since: datetime) -> list[Window]:
    """The windows that end at `since` or later, the next end first."""
    return [value_of(row, Window) for row in store.find(Query(WINDOWS, order_by="end", low=instant(since), limit=MOST))]


def unended(store: StateStore) -> list[Window]:
    """The windows that nobody has ended yet, the next end first."""
    return [value_of(row, Window) for row in store.find(Query(WINDOWS, {"is_open": "yes"}, order_by="end", limit=MOST))]


def unsettled(store: StateStore, now: datetime) -> list[Window]:
    """The windows that are over and whose author has to be reminded of something yet."""
    query = Query(WINDOWS, {"owes": "yes"}, order_by="end", high=instant(now), limit=MOST)
    return [value_of(row, Window) for row in store.find(query)]


def read_window(name: str, store: StateStore) -> tuple[Window, str] | None:
    """The window and its version, or None."""
    document = store.get(WINDOWS, name)
    return (value_of(document, Window), document.version) if document else None


def value_of_window(name: str, store: StateStore) -> Window | None:
    """The window of that name, or None."""
    found = read_window(name, store)
    return found[0] if found else None


def window_write(window: Window, version: str | None) -> Write:
    """The write that keeps the window; `version` None creates it."""
    return Create(WINDOWS, window.id, _body(window)) if version is None else _replace(window, version)


def held_by(window: Window, store: StateStore) -> tuple[str, ...]:
    """The ids of the incidents it has held back, those of now last."""
    query = Query(INCIDENTS, {"held_by": window.id}, order_by="opened_at", limit=MOST)
    return tuple(dict.fromkeys([*window.held, *(row.id for row in store.find(query))]))


def incidents_named(names: Iterable[str], store: StateStore) -> list[Incident]:
    """The incidents of these ids, as they are now."""
    found = (read_incident(store, name) for name in names)
    return [one[0] for one in found if one is not None]


def _replace(window: Window, version: str) -> Write:
    return Replace(WINDOWS, window.id, _body(window), version)


def _body(window: Window) -> Body:
    is_over = bool(window.closed_by)
    owes = "yes" if is_over and not is_settled(window) else "no"
    return {**body_of(window), "is_open": "no" if is_over else "yes", "owes": owes}
