"""The shape of procedures.yaml."""

from typing import Annotated

from msgspec import Meta, field

from shared.config import durations
from shared.config.wire import Duration, MatcherTexts, Name, Strict, Text
from shared.domain.incidents import Role
from shared.domain.procedures import Anchor, Doing, Evidence

UNTIL_RESOLVED = "resolution target"

_ROLES = "|".join(Role)
_BY = f"^(automatic|role:({_ROLES})|(oncall|team|person):[a-z][a-z0-9_]*)$"
_WITHIN = rf"^{UNTIL_RESOLVED}$|{durations.PATTERN}"

HOW_TO_WRITE = {
    _BY: "automatic, role:commander, oncall:primary, team:support or person:nour",
    _WITHIN: f'"{UNTIL_RESOLVED}" (as the severity promises), or {durations.HOW_TO_WRITE}',
}

By = Annotated[str, Meta(pattern=_BY, description=HOW_TO_WRITE[_BY])]
Within = Annotated[str, Meta(pattern=_WITHIN, description=HOW_TO_WRITE[_WITHIN])]


class InBoth(Strict):
    """The same in English and in Arabic."""

    en: Text
    ar: Text


class ProcedureStepWire(Strict):
    """What is done, by whom, and until when: within this time from detection, from the start, or from the step before.

    `act` is what the machine does. A person gives a note, or a link, as evidence; `remind` are times before the end.
    """

    name: Name
    text: InBoth
    by: By
    within: Within
    anchor: Anchor = field(default=Anchor.DETECTION, name="from")
    act: Doing | None = None
    evidence: Evidence = Evidence.NOTE
    two_persons: bool = False
    dry_run: bool = False
    remind: tuple[Duration, ...] = ()
    while_open: bool = False


class ProcedureWire(Strict):
    """Steps in their order; an incident that fits every matcher of one list of `starts_for` starts it by itself."""

    name: Name
    title: InBoth
    steps: Annotated[tuple[ProcedureStepWire, ...], Meta(min_length=1)]
    starts_for: tuple[MatcherTexts, ...] = ()


class ProceduresFile(Strict):
    """procedures.yaml: what has to be done in an emergency, by whom and by when."""

    procedures: tuple[ProcedureWire, ...]
