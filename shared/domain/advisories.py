"""Known vulnerabilities of packages: how bad each is, which versions it is in, and which version is free of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from shared.domain.cvss import base_score
from shared.domain.pinned import Pin


class Comparable(Protocol):
    """A version that can be ordered."""

    def __lt__(self, other: Any, /) -> bool: ...  # noqa: ANN401 - of its own kind


Ordered = Callable[[str], Comparable]  # a version's text -> what orders as its ecosystem does; raises ValueError


class Danger(StrEnum):
    """How bad a vulnerability is: the qualitative scale of CVSS v3."""

    UNKNOWN = "unknown"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Worse is higher."""
        return list(Danger).index(self)


@dataclass(frozen=True, slots=True)
class Event:
    """A turn in a range: there from `introduced` on ("0": always), gone from `fixed` on, or after `last_affected`."""

    introduced: str = ""
    fixed: str = ""
    last_affected: str = ""

    @property
    def version(self) -> str:
        """Where it turns."""
        return self.introduced or self.fixed or self.last_affected


@dataclass(frozen=True, slots=True)
class Affected:
    """Where a vulnerability is in one package: in ranges of versions, and in versions that are listed one by one."""

    ecosystem: str
    name: str
    ranges: tuple[tuple[Event, ...], ...] = ()
    versions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Advisory:
    """A vulnerability as OSV publishes it. `modified` is OSV's own stamp of this state of it."""

    id: str
    modified: str = ""
    aliases: tuple[str, ...] = ()
    summary: str = ""
    danger: Danger = Danger.UNKNOWN
    affected: tuple[Affected, ...] = ()
    withdrawn: bool = False

    @property
    def names(self) -> frozenset[str]:
        """Everything that it is called."""
        return frozenset({self.id, *self.aliases})


@dataclass(frozen=True, slots=True)
class Exposure:
    """A pin and one vulnerability in it, by all of its names; `fixed` is the nearest version without it, or ""."""

    pin: Pin
    id: str
    names: frozenset[str]
    danger: Danger
    summary: str
    fixed: str


def danger_of(vectors: Iterable[str], worded: str = "") -> Danger:
    """By the worst CVSS v3 vector; where there is none that can be scored, by the word that GitHub's database gives."""
    scores = [score for vector in vectors if (score := base_score(vector)) is not None]
    if scores:
        limits = ((9.0, Danger.CRITICAL), (7.0, Danger.HIGH), (4.0, Danger.MEDIUM), (0.0, Danger.LOW))
        return next(danger for limit, danger in limits if max(scores) >= limit)
    word = {"moderate": "medium"}.get(worded.lower(), worded.lower())
    return Danger(word) if word in set(Danger) else Danger.UNKNOWN


def affects(advisory: Advisory, pin: Pin, ordered: Ordered) -> bool:
    """True when the pin's version is listed, or lies in a range (the evaluation algorithm of the OSV schema).

    Versions that cannot be compared count as affected: somebody has to look.
    """
    if advisory.withdrawn:
        return False
    found = _of(advisory, pin)
    try:
        return any(pin.version in one.versions or any(_holds(r, pin, ordered) for r in one.ranges) for one in found)
    except ValueError:
        return True


def exposures(pin: Pin, advisories: Iterable[Advisory], ordered: Ordered) -> list[Exposure]:
    """One for each vulnerability, though several databases publish it under names of their own (aliases)."""
    groups: list[list[Advisory]] = []
    for advisory in sorted(advisories, key=lambda one: one.id):
        if advisory.withdrawn:
            continue
        same = [group for group in groups if any(one.names & advisory.names for one in group)]
        groups = [group for group in groups if group not in same]
        groups.append([*(one for group in same for one in group), advisory])
    return [_exposure(pin, group, ordered) for group in groups]


def _exposure(pin: Pin, group: Sequence[Advisory], ordered: Ordered) -> Exposure:
    worst = max(group, key=lambda one: one.danger.rank)
    fixes = {fix for one in group for fix in _fixes(one, pin, ordered)}
    names = frozenset().union(*(one.names for one in group))
    summary = next((one.summary for one in (worst, *group) if one.summary), "")
    return Exposure(pin, worst.id, names, worst.danger, summary, min(fixes, key=ordered) if fixes else "")


def _fixes(advisory: Advisory, pin: Pin, ordered: Ordered) -> Iterator[str]:
    """The versions above the pin's at which a range that holds it ends; none where they cannot be compared."""
    with suppress(ValueError):
        here = ordered(pin.version)
        for turns in (turns for one in _of(advisory, pin) for turns in one.ranges):
            above = [turn.fixed for turn in turns if turn.fixed and here < ordered(turn.fixed)]
            if above and _holds(turns, pin, ordered):
                yield min(above, key=ordered)


def _of(advisory: Advisory, pin: Pin) -> list[Affected]:
    return [one for one in advisory.affected if (one.ecosystem, one.name) == (pin.ecosystem, pin.name)]


def _holds(turns: Sequence[Event], pin: Pin, ordered: Ordered) -> bool:
    here, is_in = ordered(pin.version), False
    for turn in sorted(turns, key=lambda one: (one.version != "0", ordered(one.version))):
        at = ordered(turn.version)
        if turn.introduced and (turn.introduced == "0" or not here < at):
            is_in = True
        elif (turn.fixed and not here < at) or (turn.last_affected and at < here):
            is_in = False
    return is_in
