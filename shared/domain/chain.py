"""A chain of lines, each holding the hash of the one before: no line can be changed, taken out or put in unnoticed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

SEQ, PREVIOUS, HASH = "seq", "previous", "hash"
FIRST = ""  # what the first line holds in place of a hash before it

Line = dict[str, object]


@dataclass(frozen=True, slots=True)
class Head:
    """How far a chain has come: the number of its newest line and that line's hash."""

    seq: int = 0
    hash: str = FIRST


def canonical(line: Mapping[str, object]) -> bytes:
    """The line without its own hash as JSON in UTF-8: keys sorted, no white space, no needless escapes.

    That is `json.dumps(..., sort_keys=True, separators=(",", ":"), ensure_ascii=False)`; lines hold texts alone, and so
    any JSON library of any language makes the same bytes.
    """
    facts = {name: value for name, value in line.items() if name != HASH}
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def hash_of(line: Mapping[str, object]) -> str:
    """SHA-256 over the canonical form, in lower-case hexadecimal."""
    return hashlib.sha256(canonical(line)).hexdigest()


def linked(facts: Mapping[str, object], head: Head) -> tuple[Line, Head]:
    """The facts as the chain's next line (with `seq` of six digits, `previous` and `hash`), and the head after it."""
    line: Line = {**facts, SEQ: place(head.seq + 1), PREVIOUS: head.hash}
    line[HASH] = hash_of(line)
    return line, Head(head.seq + 1, str(line[HASH]))


def place(seq: int) -> str:
    """A line's number as text that sorts as the numbers do."""
    return f"{seq:06d}"
