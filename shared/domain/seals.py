"""Seals: what the chains' newest lines were at an hour, kept where nothing is overwritten, and chained themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from shared.domain.chain import HASH, SEQ, Line

AT_LEAST_EVERY = timedelta(hours=24)  # an hour in which nothing happened needs no seal, a day does


@dataclass(frozen=True, slots=True)
class Sealed:
    """A line that a seal names: the chain it is of, its number as text, and its hash."""

    chain: str
    seq: str
    hash: str


def newest(lines: Iterable[Mapping[str, object]]) -> dict[str, str]:
    """By incident, "000012 HASH" of the newest of its lines."""
    last: dict[str, str] = {}
    for line in lines:
        incident, mark = str(line["incident"]), f"{line[SEQ]} {line[HASH]}"
        last[incident] = max(mark, last.get(incident, ""))
    return last


def is_news(heads: Mapping[str, str], before: Line) -> bool:
    """True when some chain has come further than the seal before says."""
    known = _heads(before)
    return any(known.get(chain) != mark for chain, mark in heads.items())


def sealed_by(seal: Line) -> list[Sealed]:
    """The lines that a seal names; none when it cannot be read."""
    found = []
    for chain, mark in _heads(seal).items():
        seq, _, hashed = mark.partition(" ")
        found.append(Sealed(chain, seq, hashed))
    return found


def _heads(seal: Line) -> dict[str, str]:
    heads = seal.get("heads")
    return {str(chain): str(mark) for chain, mark in heads.items()} if isinstance(heads, dict) else {}
