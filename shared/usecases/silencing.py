"""Silences: somebody says what need not be told for a while, and why; nothing is dropped from the record."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.domain.configuration import Configuration
from shared.domain.matchers import Matcher
from shared.domain.signals import digest
from shared.domain.silences import Silence, refusal
from shared.ports.platform import Clock
from shared.ports.store import Create, Query, Replace, StateStore
from shared.usecases.commits import committed
from shared.usecases.muting import wake
from shared.usecases.records import SILENCES, body_of, instant, value_of

MOST = 500


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants silenced: `author` is their id in the directory, `lasting` counts from now."""

    matchers: tuple[Matcher, ...]
    lasting: timedelta
    author: str
    reason: str


@dataclass(frozen=True, slots=True)
class Silenced:
    """The silence as it is now, or why there is none."""

    silence: Silence | None
    refused: str = ""


def silence(wish: Wish, *, config: Configuration, store: StateStore, clock: Clock) -> Silenced:
    """Make a silence. Asking for the same thing twice in the same moment makes one."""
    now = clock.now()
    if wish.author not in config.directory.people:
        return Silenced(None, f"there is nobody called {wish.author!r} on the on-call list")
    name = f"silence-{digest(*map(str, wish.matchers), wish.author, wish.reason, now.isoformat(), size=4)}"
    made = Silence(name, wish.matchers, now, now + wish.lasting, wish.author, wish.reason, now)
    refused = refusal(made)
    if refused:
        return Silenced(None, str(refused))
    store.commit([Create(SILENCES, name, body_of(made))])
    return Silenced(made)


def expire(name: str, *, by: str, store: StateStore, clock: Clock) -> Silenced:
    """End a silence now; what it muted is looked at by the next tick. Ending it twice changes nothing."""
    now = clock.now()
    ended = committed(lambda: _expire(name, by=by, store=store, now=now))
    if ended is None:
        return Silenced(None, f"there is no active silence {name}")
    wake(name, store=store, now=now)
    return Silenced(ended)


def active(store: StateStore, now: datetime) -> list[Silence]:
    """The silences that mute something now, the next end first."""
    rows = store.find(Query(SILENCES, order_by="end", low=instant(now), limit=MOST))
    return [one for one in (value_of(row, Silence) for row in rows) if one.is_active(now)]


def _expire(name: str, *, by: str, store: StateStore, now: datetime) -> Silence | None:
    document = store.get(SILENCES, name)
    found = value_of(document, Silence) if document else None
    if document is None or found is None or not found.is_active(now):
        return None
    ended = replace(found, end=now)
    store.commit([Replace(SILENCES, name, {**body_of(ended), "ended_by": by}, document.version)])
    return ended
