"""Whether a chain of lines is as it was written: what was changed, taken out, put in or exchanged, by name."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from shared.domain.chain import FIRST, HASH, PREVIOUS, SEQ, Head, hash_of, place

NAMED = 20  # of a long gap: the rest is counted
LONGEST = 999_999  # six digits


class Wrong(StrEnum):
    """What can be wrong with a line of the record."""

    NO_HASH = "it has no hash"
    ALTERED = "it does not say what it said when it was written"
    MISPLACED = "it was written for another place"
    REWRITTEN = "it was written anew: the line after it holds another hash"
    NOT_THE_HEAD = "it is not the line that the head of the chain names"
    MISSING = "it is missing"
    INSERTED = "it does not belong to the record"
    NOT_AS_SEALED = "it is not what was sealed"
    UNREADABLE = "it cannot be read"


@dataclass(frozen=True, slots=True)
class Fault:
    """A line of the record by its name, and what is wrong with it."""

    record: str
    wrong: Wrong
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain as it is stored: its lines by their names, and its head.

    `owner` is what every line must hold in the field `incident`; "" where lines have no such field. `name_of` makes the
    name that the line of a place (six digits) has to have.
    """

    lines: Mapping[str, Mapping[str, object]]
    head: Head
    name_of: Callable[[str], str]
    owner: str = ""


def faults(chain: Chain) -> Iterator[Fault]:
    """Everything that is wrong, in the order of the record; nothing for a chain as it was written."""
    expected = [chain.name_of(place(seq)) for seq in range(1, min(chain.head.seq, LONGEST) + 1)]
    yield from _gaps(chain, expected)
    before: str | None = FIRST
    for seq, name in enumerate(expected, start=1):
        line = chain.lines.get(name)
        found = None if line is None else _of_itself(chain, name, seq, line)
        if found is not None:
            yield found
        elif line is not None and before is not None and line[PREVIOUS] != before:
            yield _rewritten(expected, seq)
        before = None if line is None or found is not None else str(line[HASH])
    yield from _at_the_end(chain, expected, before)
    known, end = set(expected), f"the chain ends at line {place(chain.head.seq)}"
    yield from (Fault(name, Wrong.INSERTED, end) for name in sorted(chain.lines.keys() - known))


def _of_itself(chain: Chain, name: str, seq: int, line: Mapping[str, object]) -> Fault | None:
    """What is wrong with a line whatever stands around it."""
    if not line:
        return Fault(name, Wrong.UNREADABLE)
    if not line.get(HASH):
        return Fault(name, Wrong.NO_HASH)
    if PREVIOUS not in line or line[HASH] != hash_of(line):
        return Fault(name, Wrong.ALTERED)
    if line.get(SEQ) != place(seq) or (chain.owner and line.get("incident") != chain.owner):
        return Fault(name, Wrong.MISPLACED, f"it is line {line.get(SEQ)} of {line.get('incident') or 'its chain'}")
    return None


def _rewritten(expected: list[str], seq: int) -> Fault:
    if seq == 1:
        return Fault(expected[0], Wrong.MISPLACED, "it is no first line")
    return Fault(expected[seq - 2], Wrong.REWRITTEN, f"the line after it is {expected[seq - 1]}")


def _at_the_end(chain: Chain, expected: list[str], newest: str | None) -> Iterator[Fault]:
    if expected and newest is not None and newest != chain.head.hash:
        yield Fault(expected[-1], Wrong.NOT_THE_HEAD)


def _gaps(chain: Chain, expected: list[str]) -> Iterator[Fault]:
    gone = [name for name in expected if name not in chain.lines]
    yield from (Fault(name, Wrong.MISSING) for name in gone[:NAMED])
    if len(gone) > NAMED:
        yield Fault(gone[-1], Wrong.MISSING, f"and {len(gone) - NAMED - 1} between")
