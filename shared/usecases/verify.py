"""The whole record against its chains, and the chains against their seals: what is not as it was written, by name."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shared.domain.chain import HASH, SEQ, Head, Line, hash_of, place
from shared.domain.post_mortems import as_recorded, revision_recorded
from shared.domain.seals import Sealed, sealed_by
from shared.domain.verifying import Chain, Fault, Wrong, faults
from shared.ports import Body, Document, ObjectStore, Query, StateStore
from shared.usecases.audited import AUDITED, CHAINS
from shared.usecases.post_mortems import EVENT, REVISIONS, revision_name
from shared.usecases.records import INCIDENTS, TIMELINE
from shared.usecases.seal_records import noted_seals, read_seal, seal_name
from shared.usecases.walking import walk

READ_AGAIN = 5  # a chain that grows while it is read looks broken
MOST = 1_000_000

Lines = Mapping[str, Line]


@dataclass(frozen=True, slots=True)
class Verified:
    """How much was looked at, and everything that is wrong with it. `sealed_at` is the newest seal's time, or ""."""

    incidents: int
    lines: int
    acts: int
    seals: int
    sealed_at: str
    faults: tuple[Fault, ...]


def verify(*, store: StateStore, objects: ObjectStore, incident: str = "") -> Verified:
    """Everything, or one incident's record; the seals are looked at in both cases.

    Raises LookupError when there is no such incident and no line of one.
    """
    heads, lines = _one(store, incident) if incident else _all(store)
    acts = {} if incident else {row.id: row.body for row in walk(store, AUDITED)}
    seals = _seals(store, objects)
    found = [
        fault for chain in sorted(heads.keys() | lines.keys()) for fault in _of_incident(store, chain, heads, lines)
    ]
    found += [] if incident else _of_acts(store, acts)
    found += _of_seals(store, seals)
    sound = (seal for seal in seals.values() if seal.get(HASH) == hash_of(seal))
    wanted = [one for seal in sound for one in sealed_by(seal) if one.chain == incident or not incident]
    found += _unlike(
        wanted, {**acts, **{name: line for chain in lines.values() for name, line in chain.items()}}, found
    )
    found += [fault for chain in lines.values() for fault in _of_revisions(store, chain)]
    count = sum(len(chain) for chain in lines.values())
    newest = seals[max(seals)] if seals else {}
    return Verified(len(heads), count, len(acts), len(seals), str(newest.get("at", "")), tuple(found))


def _all(store: StateStore) -> tuple[dict[str, Head], dict[str, dict[str, Line]]]:
    lines: defaultdict[str, dict[str, Line]] = defaultdict(dict)
    for row in walk(store, TIMELINE):
        lines[row.id.rpartition("-")[0]][row.id] = row.body
    return {row.id: _head(row.body) for row in walk(store, INCIDENTS)}, lines


def _one(store: StateStore, incident: str) -> tuple[dict[str, Head], dict[str, dict[str, Line]]]:
    document, lines = _afresh(store, incident)
    if document is None and not lines:
        raise LookupError(f"there is no incident {incident}")
    return {incident: _head(document.body)} if document else {}, {incident: lines}


def _of_incident(
    store: StateStore, incident: str, heads: Mapping[str, Head], lines: Mapping[str, Lines]
) -> Iterator[Fault]:
    """An incident's faults; those of the first look only when they are still there when nobody writes."""
    seen = lines.get(incident, {})
    if incident not in heads or list(_in(incident, heads[incident], seen)):
        document, fresh = _afresh(store, incident, seen)
        yield from _in(incident, _head(document.body) if document else None, fresh)


def _in(incident: str, head: Head | None, lines: Lines) -> Iterator[Fault]:
    if head is None:
        yield from _of_nobody(incident, lines)
    elif head.seq == 0 and not lines:
        yield Fault(incident, Wrong.INSERTED, "it has no record at all")
    else:
        yield from faults(Chain(lines, head, lambda seq: f"{incident}-{seq}", owner=incident))


def _of_nobody(incident: str, lines: Lines) -> Iterator[Fault]:
    """Lines without an incident: strangers, or what is left of one that is gone."""
    strange = sorted(name for name, line in lines.items() if name != f"{line.get('incident')}-{line.get(SEQ)}")
    yield from (Fault(name, Wrong.INSERTED, "no incident has such a line") for name in strange)
    left = sorted(lines.keys() - set(strange))
    if left:
        yield Fault(incident, Wrong.MISSING, f"there are lines of its record: {', '.join(left[:3])}")


def _afresh(store: StateStore, incident: str, seen: Lines | None = None) -> tuple[Document | None, dict[str, Line]]:
    """The incident and its lines as they stood at one moment: also those that no query finds any more."""
    before = store.get(INCIDENTS, incident)
    for _ in range(READ_AGAIN):
        rows = store.find(Query(TIMELINE, equal={"incident": incident}, order_by="seq", limit=MOST))
        # One that names this incident and stands elsewhere is told where it stands, when everything is looked at.
        lines: dict[str, Line] = {
            row.id: row.body for row in rows if seen is None or row.id in seen or _is_of(incident, row)
        }
        length = _head(before.body).seq if before else 0
        named = {f"{incident}-{place(seq)}" for seq in range(1, min(length, MOST) + 1)} | set(seen or {})
        hidden = (store.get(TIMELINE, name) for name in sorted(named - lines.keys()))
        lines |= {row.id: row.body for row in hidden if row is not None}
        after = store.get(INCIDENTS, incident)
        if (before and before.version) == (after and after.version):
            break
        before = after
    return before, lines


def _is_of(incident: str, row: Document) -> bool:
    return row.id.rpartition("-")[0] == incident


def _of_revisions(store: StateStore, lines: Lines) -> Iterator[Fault]:
    """Revisions of post-mortems that do not say what the incident's record remembers of them."""
    for line in lines.values():
        detail = str(line.get("detail", ""))
        number = revision_recorded(detail)
        if number is None or line.get("event") != EVENT:
            continue
        name = revision_name(str(line["incident"]), number)
        kept = store.get(REVISIONS, name)
        if kept is None:
            yield Fault(f"{REVISIONS}/{name}", Wrong.MISSING)
        elif as_recorded(number, kept.body.get("sections") or {}) != detail:
            yield Fault(f"{REVISIONS}/{name}", Wrong.ALTERED)


def _of_acts(store: StateStore, seen: Lines) -> list[Fault]:
    found = _among_acts(store.get(CHAINS, AUDITED), seen)
    for _ in range(READ_AGAIN if found else 0):
        before = store.get(CHAINS, AUDITED)
        found = _among_acts(before, {row.id: row.body for row in walk(store, AUDITED)})
        after = store.get(CHAINS, AUDITED)
        if not found or (before and before.version) == (after and after.version):
            break
    return found


def _among_acts(document: Document | None, lines: Lines) -> list[Fault]:
    head = _head(document.body, "seq", "hash") if document else Head()
    named = {f"{AUDITED}/{name}": line for name, line in lines.items()}
    return list(faults(Chain(named, head, lambda seq: f"{AUDITED}/{seq}")))


def _seals(store: StateStore, objects: ObjectStore) -> dict[int, Line]:
    """All seals by number: as far as the store remembers, and on until there is none."""
    noted, seals, seq = noted_seals(store).seq, {}, 1
    while (seal := read_seal(objects, seq)) is not None or seq <= noted:
        if seal is not None:
            seals[seq] = seal
        seq += 1
    return seals


def _of_seals(store: StateStore, seals: Mapping[int, Line]) -> list[Fault]:
    noted, last = noted_seals(store), max(seals, default=0)
    end = Head(last, str(seals[last].get(HASH, ""))) if last >= noted.seq and last else noted
    lines = {seal_name(seq): seal for seq, seal in seals.items()}
    return list(faults(Chain(lines, end, lambda seq: f"seals/{seq}.json")))


def _unlike(wanted: list[Sealed], lines: Lines, known: list[Fault]) -> Iterator[Fault]:
    """Lines that are gone, or others than were sealed; those of which something is said already are left out."""
    told = {fault.record for fault in known}
    for one in dict.fromkeys(wanted):
        key = one.seq if one.chain == AUDITED else f"{one.chain}-{one.seq}"
        record = f"{AUDITED}/{key}" if one.chain == AUDITED else key
        line = lines.get(key)
        if record not in told and (line is None or line.get(HASH) != one.hash or line.get(SEQ) != one.seq):
            told.add(record)
            yield Fault(record, Wrong.MISSING if line is None else Wrong.NOT_AS_SEALED, "it was sealed")


def _head(body: Body, number: str = "entries", mark: str = "head") -> Head:
    seq = body.get(number)
    return Head(seq if isinstance(seq, int) else 0, str(body.get(mark, "")))
