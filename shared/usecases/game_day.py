"""The weekly game day: a test message on every channel to the game-day recipient, and a verdict after ten minutes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shared.domain.configuration import Configuration
from shared.domain.game_day import (
    Drill,
    Said,
    drill_channels,
    judged,
    rehearsal_signal,
    verdict_signal,
)
from shared.domain.notifications import GAME_DAY, Notification
from shared.domain.oncall import CAIRO
from shared.domain.signals import digest
from shared.errors import ConflictError
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Create, Query, Replace, StateStore, Write
from shared.usecases.outbox import publish_outbox, signal_write
from shared.usecases.records import GAME_DAYS, GROUPS, body_of, instant, notifications_of, value_of

KEPT_FOR = timedelta(days=400)
SHOWN = 20


def run_game_day(
    *, forced: bool, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock
) -> tuple[Said, Drill | None]:
    """Begin the day's drill, or judge the one that is under way; what is done already is only told again.

    Calls may come twice, late, or not at all: the drill's id is its day, and a verdict replaces the drill it is about.
    One that somebody asked for does not stand in for the day's own.
    """
    now = clock.now()
    channels = drill_channels(config.directory, config.slack_channels)
    if not channels:
        return Said.NOT_CONFIGURED, None
    found = store.find(Query(GAME_DAYS, order_by="at", newest_first=True, limit=1))
    last = value_of(found[0], Drill) if found else None
    try:
        if last is not None and last.judged_at is None:
            return _judge(last, found[0].version, store=store, publisher=publisher, now=now)
        name = _name(now, forced=forced)
        if store.get(GAME_DAYS, name) is None:
            drill = Drill(name, now, tuple(map(str, channels)))
            signal = rehearsal_signal(GAME_DAY, drill.id, now, over=False)
            writes: list[Write] = [Create(GAME_DAYS, drill.id, _body(drill)), signal_write(signal)]
            store.commit(writes)
            publish_outbox(store, publisher, writes)
            return Said.BEGUN, drill
    except ConflictError:  # somebody else has just done the same
        return Said.WAITING, last
    return (last.said, last) if last else (Said.WAITING, None)


def drills(store: StateStore) -> Sequence[Drill]:
    """The last game days, newest first."""
    return [value_of(row, Drill) for row in store.find(Query(GAME_DAYS, order_by="at", newest_first=True, limit=SHOWN))]


def _judge(
    drill: Drill, version: str, *, store: StateStore, publisher: Publisher, now: datetime
) -> tuple[Said, Drill | None]:
    done = judged(drill, _rows(drill, store), now)
    if done is None:
        return Said.WAITING, drill
    writes: list[Write] = [
        Replace(GAME_DAYS, drill.id, _body(done), version),
        signal_write(rehearsal_signal(GAME_DAY, drill.id, now, over=True)),
        signal_write(verdict_signal(done, now)),
    ]
    store.commit(writes)
    publish_outbox(store, publisher, writes)
    return done.said, done


def _rows(drill: Drill, store: StateStore) -> list[Notification]:
    group = store.get(GROUPS, rehearsal_signal(GAME_DAY, drill.id, drill.at, over=False).fingerprint)
    return notifications_of(store, str(group.body["incident"])) if group else []


def _name(now: datetime, *, forced: bool) -> str:
    """The day names a scheduled drill; one that was asked for has a name of its own."""
    return digest("game day", now.isoformat() if forced else f"{now.astimezone(ZoneInfo(CAIRO)):%Y-%m-%d}")


def _body(drill: Drill) -> dict[str, object]:
    return {**body_of(drill), "expires_at": instant(drill.at + KEPT_FOR)}
