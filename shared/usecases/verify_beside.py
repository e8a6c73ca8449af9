"""What stands beside the chains and has to agree with them: the seals, and the revisions of post-mortems."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shared.domain.chain import HASH, SEQ, Head, Line, hash_of
from shared.domain.post_mortems import as_recorded, revision_recorded
from shared.domain.seals import sealed_by
from shared.domain.verifying import Chain, Fault, Wrong, faults
from shared.ports.objects import ObjectStore
from shared.ports.store import StateStore
from shared.usecases.audited import AUDITED
from shared.usecases.post_mortems import EVENT, REVISIONS, revision_name
from shared.usecases.records import SEALED, SEALED_LINES
from shared.usecases.seal_records import noted_seals, read_seal, seal_name

GAP = 100

Lines = Mapping[str, Line]


@dataclass(frozen=True, slots=True)
class Seals:
    """The seals by number, and how far they have come as the state store remembers it."""

    by_number: Mapping[int, Line]
    noted: Head

    @property
    def newest(self) -> Line:
        """The newest seal; an empty one when there is none."""
        return self.by_number[max(self.by_number)] if self.by_number else {}


def read_seals(store: StateStore, objects: ObjectStore) -> Seals:
    """All seals: as far as the store remembers, and on until there is none; no further into a gap than `GAP`."""
    noted, seals = noted_seals(store), dict[int, Line]()
    seq = last = 1
    while (seal := read_seal(objects, seq)) is not None or (seq <= noted.seq and seq < last + GAP):
        if seal is not None:
            seals[seq], last = seal, seq
        seq += 1
    return Seals(seals, noted)


def faults_of_seals(seals: Seals) -> list[Fault]:
    """What is wrong with the seals themselves."""
    last = max(seals.by_number, default=0)
    end = Head(last, str(seals.newest.get(HASH, ""))) if last >= seals.noted.seq else seals.noted
    lines = {seal_name(seq): seal for seq, seal in seals.by_number.items()}
    return list(faults(Chain(lines, end, lambda seq: f"seals/{seq}.json")))


def unlike_sealed(seals: Seals, lines: Lines, *, known: list[Fault], only: str) -> Iterator[Fault]:
    """Lines (of one incident only, or "" for all) that are gone, or others than were sealed.

    A seal that was changed is no witness; of a line about which something is known already nothing is said again.
    """
    sound = (seal for seal in seals.by_number.values() if seal.get(HASH) == hash_of(seal))
    wanted = (one for seal in sound for one in sealed_by(seal) if only in {"", one.chain})
    told = {fault.record for fault in known}
    for one in dict.fromkeys(wanted):
        key = one.seq if one.chain == AUDITED else f"{one.chain}-{one.seq}"
        record = f"{AUDITED}/{key}" if one.chain == AUDITED else key
        line = lines.get(key)
        if record not in told and (line is None or line.get(HASH) != one.hash or line.get(SEQ) != one.seq):
            told.add(record)
            yield Fault(record, Wrong.MISSING if line is None else Wrong.NOT_AS_SEALED, "it was sealed")


def faults_of_sealed_lines(store: StateStore, lines: Lines) -> Iterator[Fault]:
    """What lines of restricted incidents say in full, where it is not what the record holds the hash of."""
    for name, line in lines.items():
        if SEALED not in line:
            continue
        kept = store.get(SEALED_LINES, name)
        if kept is None or hash_of(kept.body) != line[SEALED]:
            yield Fault(f"{SEALED_LINES}/{name}", Wrong.MISSING if kept is None else Wrong.ALTERED)


def faults_of_revisions(store: StateStore, lines: Lines) -> Iterator[Fault]:
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
