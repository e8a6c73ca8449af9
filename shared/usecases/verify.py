"""The whole record against its chains, and the chains against their seals: what is not as it was written, by name."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shared.domain.chain import SEQ, Head, Line, place
from shared.domain.verifying import Chain, Fault, Wrong, faults
from shared.ports.objects import ObjectStore
from shared.ports.store import Body, Document, Query, StateStore
from shared.usecases.audited import AUDITED, CHAINS
from shared.usecases.records import INCIDENTS, TIMELINE
from shared.usecases.verify_beside import (
    faults_of_revisions,
    faults_of_sealed_lines,
    faults_of_seals,
    read_seals,
    unlike_sealed,
)
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
    seals = read_seals(store, objects)  # before the lines: what a seal names is there by now
    heads, lines = _one(store, incident) if incident else _all(store)
    acts: Lines = {} if incident else {row.id: row.body for row in walk(store, AUDITED)}
    found = [
        fault for chain in sorted(heads.keys() | lines.keys()) for fault in _of_incident(store, chain, heads, lines)
    ]
    found += [] if incident else _of_acts(store, acts)
    found += faults_of_seals(seals)
    every = {name: line for chain in lines.values() for name, line in chain.items()}
    found += unlike_sealed(seals, {**acts, **every}, known=found, only=incident)
    found += faults_of_revisions(store, every)
    found += faults_of_sealed_lines(store, every)
    sealed_at = str(seals.newest.get("at", ""))
    return Verified(len(heads), len(every), len(acts), len(seals.by_number), sealed_at, tuple(found))


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


def _head(body: Body, number: str = "entries", mark: str = "head") -> Head:
    seq = body.get(number)
    return Head(seq if isinstance(seq, int) else 0, str(body.get(mark, "")))
