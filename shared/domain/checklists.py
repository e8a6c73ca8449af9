"""The list that goes with a maintenance window: before, during and after it, each line ticked with its evidence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

EVIDENCE = 500


class Phase(StrEnum):
    """When a line has to be true."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class Known(StrEnum):
    """What we can truly know ourselves; such a line is ticked by its fact, and by nothing else while we know it."""

    ON_CALL = "on_call"
    ALERTS = "alerts"
    NOTIFIED = "notified"
    ROLLBACK = "rollback"
    MONITORING = "monitoring"


@dataclass(frozen=True, slots=True)
class Item:
    """One line, in both languages. `known` is the fact that ticks it; `emergency` lines are of emergencies alone."""

    id: str
    phase: Phase
    en: str
    ar: str
    known: Known | None = None
    emergency: bool = False

    def text(self, locale: str) -> str:
        """The line in the reader's language."""
        return self.ar if locale == "ar" else self.en


@dataclass(frozen=True, slots=True)
class Tick:
    """Who says that a line is true, when, and what shows it: a sentence or a link."""

    item: str
    by: str
    at: datetime
    evidence: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it stands: `evidence` is "" while nothing shows that it is true."""

    item: Item
    by: str = ""
    evidence: str = ""

    @property
    def is_done(self) -> bool:
        """True when somebody, or a fact, has ticked it."""
        return bool(self.by)


class TickRefused(StrEnum):
    """Why a line is not ticked."""

    UNKNOWN = "the list has no such line"
    NO_EVIDENCE = "a tick needs evidence: a sentence or a link"
    NOT_TRUE = "this line is ticked by itself when it is true, and it is not"
    CANCELLED = "the window was cancelled"


def lines(items: Sequence[Item], ticks: Iterable[Tick], facts: Mapping[Known, str]) -> tuple[Line, ...]:
    """The list as it stands. `facts` holds, of what we can know here, the evidence: "" for what is not so."""
    last = {tick.item: tick for tick in ticks}
    return tuple(_line(item, last.get(item.id), facts) for item in items)


def for_window(items: Iterable[Item], *, emergency: bool) -> tuple[Item, ...]:
    """The lines that concern a window of this kind."""
    return tuple(item for item in items if emergency or not item.emergency)


def missing(found: Iterable[Line], phase: Phase) -> tuple[Item, ...]:
    """What is still to be done of a phase."""
    return tuple(line.item for line in found if line.item.phase is phase and not line.is_done)


def tick_refused(item: Item | None, evidence: str, facts: Mapping[Known, str]) -> TickRefused | None:
    """Why a person may not tick the line; None when they may."""
    if item is None:
        return TickRefused.UNKNOWN
    if not evidence.strip():
        return TickRefused.NO_EVIDENCE
    if item.known is not None and not facts.get(item.known, "unknown"):
        return TickRefused.NOT_TRUE
    return None


def _line(item: Item, tick: Tick | None, facts: Mapping[Known, str]) -> Line:
    if item.known is not None and item.known in facts:
        evidence = facts[item.known]
        return Line(item, "soukmon" if evidence else "", evidence)
    return Line(item) if tick is None else Line(item, tick.by, tick.evidence)
