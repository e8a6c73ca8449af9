"""Each hour what the chains have come to is written where nothing can be overwritten, each seal on the one before."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from shared import typed
from shared.domain.chain import HASH, SEQ, Head, Line, linked, place
from shared.domain.seals import AT_LEAST_EVERY, is_news, newest
from shared.ports.objects import ObjectStore
from shared.ports.platform import Clock
from shared.ports.store import Body, Put, Query, StateStore
from shared.usecases.audited import AUDITED, CHAINS
from shared.usecases.records import TIMELINE, instant, value_of

log = logging.getLogger(__name__)

SEALS = "seals"
# A line may be committed a little after the instant it names; what a seal says twice does no harm.
OVERLAP = timedelta(minutes=10)
PAGE = 2_000


@dataclass(frozen=True, slots=True)
class Sealing:
    """The seal that was made, by its number, and how many chains it names."""

    seq: int
    chains: int


def seal_records(*, store: StateStore, objects: ObjectStore, clock: Clock) -> Sealing | None:
    """Seal what was written since the last seal; None when nothing was, and that seal is younger than a day.

    A run that died before it noted its seal is made good by the next one, which finds the seal standing.
    """
    now, head = clock.now(), _newest_seal(store, objects)
    last = read_seal(objects, head.seq) or {}
    at, heads = _sealed_at(last), _heads(store, since=_sealed_at(last))
    if not is_news(heads, last) and (at is None or now - at < AT_LEAST_EVERY):
        return None
    seal, after = linked({"at": instant(now), "heads": heads}, head)
    objects.create(seal_name(after.seq), msgspec.json.encode(seal), content_type="application/json")
    _note(store, _standing(objects, after))
    log.info("the record is sealed", extra={"seal": after.seq, "hash": after.hash, "chains": len(heads)})
    return Sealing(after.seq, len(heads))


def seal_name(seq: int) -> str:
    """The object that a seal is kept in."""
    return f"seals/{place(seq)}.json"


def read_seal(objects: ObjectStore, seq: int) -> Line | None:
    """A seal as it is kept; one that cannot be read is an empty one; None when there is none of that number."""
    data = objects.read(seal_name(seq))
    if data is None:
        return None
    try:
        return typed.decode_json(data, dict[str, object])
    except (msgspec.DecodeError, msgspec.ValidationError):
        return {}


def noted_seals(store: StateStore) -> Head:
    """How far the seals have come, as the state store remembers it."""
    found = store.get(CHAINS, SEALS)
    return value_of(found, Head) if found else Head()


def _newest_seal(store: StateStore, objects: ObjectStore) -> Head:
    """The seals' head: what the store remembers, and whatever stands after it."""
    head = noted_seals(store)
    while (after := read_seal(objects, head.seq + 1)) is not None:
        head = Head(head.seq + 1, str(after.get(HASH, "")))
    return head


def _standing(objects: ObjectStore, made: Head) -> Head:
    """The head as it is kept: two runs at once make one seal, and the slower takes the other's."""
    kept = read_seal(objects, made.seq) or {}
    return Head(made.seq, str(kept.get(HASH, made.hash)))


def _note(store: StateStore, head: Head) -> None:
    body: Body = {"seq": head.seq, "hash": head.hash}
    store.commit([Put(CHAINS, SEALS, body)])


def _heads(store: StateStore, *, since: datetime | None) -> dict[str, str]:
    """By chain, "000012 HASH" of every one that has grown since; that of the audited acts always."""
    low = instant(since - OVERLAP) if since else ""
    found = newest(_lines_since(store, low).values())
    acts = store.get(CHAINS, AUDITED)
    if acts is not None:
        head = value_of(acts, Head)
        found[AUDITED] = f"{place(head.seq)} {head.hash}"
    return found


def _lines_since(store: StateStore, low: str) -> dict[str, Body]:
    seen: dict[str, Body] = {}
    while True:
        page = store.find(Query(TIMELINE, order_by="at", low=low, limit=PAGE))
        fresh = {row.id: row.body for row in page if row.id not in seen}
        seen |= {name: body for name, body in fresh.items() if {SEQ, HASH, "incident"} <= body.keys()}
        if len(page) < PAGE or not fresh:
            return seen
        low = page[-1].body["at"]


def _sealed_at(seal: Line) -> datetime | None:
    try:
        return datetime.fromisoformat(str(seal.get("at", "")))
    except ValueError:
        return None
