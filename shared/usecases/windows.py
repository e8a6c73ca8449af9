"""Maintenance windows: opened ahead (or in an emergency), closed by hand, and by the clock when somebody forgets."""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.bulletins import Bulletin, BulletinKind
from shared.domain.configuration import Configuration
from shared.domain.maintenance import LONGEST, Window, closed, refusal
from shared.domain.matchers import Matcher
from shared.domain.notifications import Channel, Recipient
from shared.domain.signals import digest
from shared.errors import ConflictError
from shared.ports import Body, Clock, Create, Publisher, Query, Replace, StateStore
from shared.rendering.noise import window_ended
from shared.usecases.bulletins import tell
from shared.usecases.commits import committed
from shared.usecases.muting import wake
from shared.usecases.records import WINDOWS, body_of, instant, value_of

MOST = 500
CHANNEL = "slack:maintenance"


@dataclass(frozen=True, slots=True)
class WindowWish:
    """What somebody plans. `end` None means until it is closed, for two hours at most; no matchers mean everything."""

    start: datetime
    end: datetime | None
    reason: str
    author: str
    matchers: tuple[Matcher, ...] = ()
    emergency: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """The window as it is now, or why there is none."""

    window: Window | None
    refused: str = ""


def open_window(wish: WindowWish, *, config: Configuration, store: StateStore, clock: Clock) -> Opened:
    """Plan a window; the same plan twice is one window."""
    now = clock.now()
    if wish.author not in config.directory.people:
        return Opened(None, f"there is nobody called {wish.author!r} on the on-call list")
    end = wish.end or wish.start + LONGEST
    name = f"window-{digest(wish.start.isoformat(), end.isoformat(), wish.author, wish.reason, size=4)}"
    made = Window(name, wish.start, end, wish.reason, wish.author, wish.matchers, wish.emergency, now)
    refused = refusal(made, now)
    if refused is not None:
        return Opened(None, refused)
    try:
        store.commit([Create(WINDOWS, name, _body(made))])
    except ConflictError:
        return Opened(value_of_window(name, store))
    return Opened(made)


def close_window(name: str, *, by: str, store: StateStore, clock: Clock) -> Opened:
    """End a window now; what it held back is looked at by the next tick. Closing it twice changes nothing."""
    now = clock.now()
    ended = committed(lambda: _close(name, by=by, store=store, now=now))
    if ended is None:
        return Opened(None, f"there is no open window {name}")
    wake(name, store=store, now=now)
    return Opened(ended)


def windows(store: StateStore, *, since: datetime) -> list[Window]:
    """The windows that end at `since` or later, the next end first."""
    return [value_of(row, Window) for row in store.find(Query(WINDOWS, order_by="end", low=instant(since), limit=MOST))]


def end_forgotten(*, config: Configuration, store: StateStore, publisher: Publisher, now: datetime) -> int:
    """Close what the clock has ended and say so, once for each window; returns how many."""
    over = store.find(Query(WINDOWS, equal={"is_open": "yes"}, order_by="end", high=instant(now), limit=MOST))
    for row in over:
        window = value_of(row, Window)
        tell(_notice(window, now), _readers(window, config), store=store, publisher=publisher)
        committed(lambda name=row.id: _close(name, by="soukmon", store=store, now=now))  # type: ignore[misc]
    return len(over)


def value_of_window(name: str, store: StateStore) -> Window | None:
    """The window of that name, or None."""
    document = store.get(WINDOWS, name)
    return value_of(document, Window) if document else None


def _close(name: str, *, by: str, store: StateStore, now: datetime) -> Window | None:
    document = store.get(WINDOWS, name)
    if document is None or document.body["is_open"] != "yes":
        return None
    ended = closed(value_of(document, Window), by=by, now=now)
    store.commit([Replace(WINDOWS, name, _body(ended), document.version)])
    return ended


def _body(window: Window) -> Body:
    return {**body_of(window), "is_open": "no" if window.closed_by else "yes"}


def _notice(window: Window, now: datetime) -> Bulletin:
    return Bulletin(f"{window.id}-ended", BulletinKind.NOTICE, now, window_ended(window))


def _readers(window: Window, config: Configuration) -> list[Recipient]:
    known = window.author in config.directory.people
    author = Recipient(window.author if known else config.directory.default_contact, Channel.EMAIL)
    has_channel = CHANNEL.removeprefix("slack:") in config.slack_channels
    return [author, Recipient(CHANNEL, Channel.SLACK)] if has_channel else [author]
