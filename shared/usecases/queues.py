"""Who goes next to a recipient whose cap leaves room for some only: the most urgent, and it may stand for the rest."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.caps import chosen, free_at, is_tight, is_uncapped, kept_from, waits_for_room
from shared.domain.configuration import Configuration, RateCap
from shared.domain.delivery import obsolete, waiting
from shared.domain.notifications import Notification, settled
from shared.domain.reasons import Suppressed
from shared.ports.store import Document, Query, Replace, StateStore, Write
from shared.usecases.records import NOTIFICATIONS, body_of, instant, read_incident, value_of

MOST = 200


@dataclass(frozen=True, slots=True)
class Turn:
    """What to do about a row: send it with further writes, let it wait as it is here, or first send the row `after`."""

    row: Notification | None = None
    waits: bool = False
    writes: tuple[Write, ...] = ()
    after: str = ""


def turn_of(row: Notification, *, store: StateStore, config: Configuration, now: datetime) -> Turn:
    """Decide for a row that is due; further reads only for a channel with caps, and more only where it is tight."""
    caps = config.limits.rate_caps.get(row.channel, ())
    if not caps or is_uncapped(row):
        return Turn(row)
    sent = _sent_before(row, caps, store=store, now=now)
    instants = [one.sent_at for one in sent if one.sent_at is not None]
    if row.note != Suppressed.BY_RATE_CAP and not is_tight(instants, caps, now):
        return Turn(row)
    documents = {found.id: found for found in _waiting(row, store)}
    others = [one for name, found in documents.items() if name != row.id and (one := value_of(found, Notification))]
    choice = chosen([row, *(one for one in others if waits_for_room(one, now))], fold_above=config.noise.fold_above)
    room = free_at(instants, caps, now, kept=kept_from(choice.row, sent, cap=caps[0], now=now))
    if room is not None:
        return Turn(replace(waiting(row, room), note=Suppressed.BY_RATE_CAP), waits=True)
    if choice.row.id != row.id:
        return Turn(after=choice.row.id)
    return _standing_for(row, choice.folded, documents, store=store, now=now)


def _standing_for(
    row: Notification, folded: Sequence[Notification], known: dict[str, Document], *, store: StateStore, now: datetime
) -> Turn:
    """The row with the further incidents that are open, and the rows that it stands for as settled."""
    writes = [
        Replace(NOTIFICATIONS, one.id, body_of(settled(one, Suppressed.FOLDED, now)), known[one.id].version)
        for one in folded
    ]
    others = {one.incident: one for one in folded if one.incident not in {row.incident, *row.stands_for}}
    still = tuple(name for name, one in others.items() if _is_wanted(one, store))
    return Turn(replace(row, stands_for=(*row.stands_for, *still)), writes=tuple(writes))


def _is_wanted(row: Notification, store: StateStore) -> bool:
    found = read_incident(store, row.incident)
    return found is not None and obsolete(row, found[0]) is None


def _waiting(row: Notification, store: StateStore) -> list[Document]:
    """The rows of the same recipient and channel that are not over yet, the next due first."""
    same = {"recipient": row.recipient, "channel": str(row.channel)}
    return store.find(Query(NOTIFICATIONS, equal=same, order_by="due_at", low="", limit=MOST))


def _sent_before(row: Notification, caps: Sequence[RateCap], *, store: StateStore, now: datetime) -> list[Notification]:
    """What counts against the caps, the newest first."""
    query = Query(
        NOTIFICATIONS,
        equal={"recipient": row.recipient, "channel": str(row.channel)},
        order_by="sent_at",
        low=instant(now - max(cap.window for cap in caps)),
        limit=MOST,
        newest_first=True,
    )
    rows = (value_of(found, Notification) for found in store.find(query))
    return [one for one in rows if not is_uncapped(one)]
