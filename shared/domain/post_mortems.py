"""Post-mortems: which incidents get one, until when it is due, and what has to stand in it before it is complete."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from shared.domain.incidents import Incident, Role, State
from shared.domain.redaction import redact
from shared.domain.severities import Severity
from shared.domain.signals import TEST_SOURCE, bounded

_RECORDED = re.compile(r"revision (\d{1,9}), SHA-256 [0-9a-f]{64}")
LONGEST_SECTION = 20_000
LONGEST_REASON = 500
REMINDED_BEFORE = 4  # the first reminder comes when a quarter of the time is left
REMINDED_AFTER = timedelta(days=1)


class Section(StrEnum):
    """What people write; the time line and the times are the record's and are never written by hand."""

    SUMMARY = "summary"
    IMPACT = "impact"
    DETECTION = "detection"
    CAUSES = "causes"
    WENT_WELL = "went_well"
    ACTIONS = "actions"


class PostMortemOutcome(StrEnum):
    """What became of a post-mortem, or of a wish about one."""

    OPENED = "post-mortem opened"
    WRITTEN = "post-mortem written"
    COMPLETED = "post-mortem completed"
    SAYS_THE_SAME = "it says the same already"
    WRITTEN_MEANWHILE = "somebody has written a later revision; take that one and write again"
    NO_CAUSES = "its causes are not written yet"
    NO_ACTIONS = "it has neither an action item nor a reason why there is none"
    COMPLETED_BEFORE = "it is completed already"
    NOT_OPENED = "there is no post-mortem of this incident yet"


class Wanted(StrEnum):
    """Whether an incident gets a post-mortem, and why not."""

    YES = "its severity asks for one"
    NOT_OVER = "it is not over"
    BY_SEVERITY = "its severity asks for none"
    A_TEST = "it was a test"
    IN_A_STORM = "the storm it was folded into has one"


@dataclass(frozen=True, slots=True)
class PostMortemRules:
    """Severity -> how long after the end the post-mortem is due; a rule with so many incidents in a month repeats.

    `readers` ("team:management") get the monthly review by mail.
    """

    due: Mapping[Severity, timedelta] = field(default_factory=dict)
    readers: tuple[str, ...] = ()
    repeats: int = 3


@dataclass(frozen=True, slots=True)
class PostMortem:
    """What people wrote, by section, and the clock; `revision` counts what they wrote and 0 is the draft.

    `remind_at` is when its owner is reminded next, None once it is completed; `no_action` is why nothing follows.
    """

    incident: str
    owner: str
    opened_at: datetime
    due_at: datetime
    sections: Mapping[str, str] = field(default_factory=dict)
    revision: int = 0
    written_at: datetime | None = None
    written_by: str = ""
    no_action: str = ""
    completed_at: datetime | None = None
    completed_by: str = ""
    remind_at: datetime | None = None
    reminded: int = 0

    @property
    def is_open(self) -> bool:
        """True until somebody has completed it."""
        return self.completed_at is None

    def is_overdue(self, now: datetime) -> bool:
        """True when it should have been completed by now."""
        return self.is_open and self.due_at <= now


@dataclass(frozen=True, slots=True)
class Edited:
    """What somebody wrote into revision `base` of an incident's post-mortem."""

    incident: str
    base: int
    sections: Mapping[Section, str]


@dataclass(frozen=True, slots=True)
class PostMortemChange:
    """The post-mortem afterwards (None: there is none), and what it came to."""

    outcome: PostMortemOutcome
    post_mortem: PostMortem | None = None

    @property
    def happened(self) -> bool:
        """True when it is not as it was."""
        return self.outcome in {PostMortemOutcome.OPENED, PostMortemOutcome.WRITTEN, PostMortemOutcome.COMPLETED}


def as_recorded(revision: int, sections: Mapping[str, str]) -> str:
    """What the record remembers of a revision: SHA-256 over the sections' names and texts, a zero after each."""
    said = b"".join(f"{name}\0{sections.get(name, '')}\0".encode() for name in Section)
    return f"revision {revision}, SHA-256 {sha256(said).hexdigest()}"


def revision_recorded(detail: str) -> int | None:
    """The number of the revision that a line of the record is about; None for any other line."""
    found = _RECORDED.fullmatch(detail)
    return int(found[1]) if found else None


def wanted(incident: Incident, rules: PostMortemRules) -> Wanted:
    """Whether the incident gets a post-mortem by itself; by hand every incident may."""
    if incident.state not in {State.RESOLVED, State.CLOSED} or incident.resolved_at is None:
        return Wanted.NOT_OVER
    if incident.source == TEST_SOURCE:
        return Wanted.A_TEST
    if incident.storm:
        return Wanted.IN_A_STORM
    return Wanted.YES if incident.severity in rules.due else Wanted.BY_SEVERITY


def opened(incident: Incident, rules: PostMortemRules, *, default_owner: str, now: datetime) -> PostMortem:
    """The draft: owned by whoever commanded the incident, else by its owner; due from the incident's end."""
    ended = incident.resolved_at or now
    within = rules.due.get(incident.severity) or max(rules.due.values(), default=timedelta(weeks=1))
    due = ended + within
    owner = incident.roles.get(Role.COMMANDER) or incident.owner or default_owner
    return PostMortem(incident.id, owner, now, due, remind_at=max(due - within / REMINDED_BEFORE, now))


def written(
    before: PostMortem, sections: Mapping[Section, str], *, by: str, base: int, now: datetime
) -> PostMortemChange:
    """A new revision, without secrets and personal data; `base` is the revision that was edited."""
    if base != before.revision:
        return PostMortemChange(PostMortemOutcome.WRITTEN_MEANWHILE, before)
    kept = {str(name): bounded(redact(text.strip()), LONGEST_SECTION) for name, text in sections.items()}
    kept = {name: text for name, text in kept.items() if text}
    if kept == dict(before.sections):
        return PostMortemChange(PostMortemOutcome.SAYS_THE_SAME, before)
    after = replace(before, sections=kept, revision=before.revision + 1, written_at=now, written_by=by)
    return PostMortemChange(PostMortemOutcome.WRITTEN, after)


def completed(before: PostMortem, *, actions: int, no_action: str, by: str, now: datetime) -> PostMortemChange:
    """It is done: its causes are written, and something follows from it or somebody says why nothing does."""
    reason = bounded(redact(" ".join(no_action.split())), LONGEST_REASON)
    if not before.is_open:
        return PostMortemChange(PostMortemOutcome.COMPLETED_BEFORE, before)
    if not before.sections.get(Section.CAUSES):
        return PostMortemChange(PostMortemOutcome.NO_CAUSES, before)
    if not actions and not reason:
        return PostMortemChange(PostMortemOutcome.NO_ACTIONS, before)
    after = replace(before, completed_at=now, completed_by=by, no_action=reason, remind_at=None)
    return PostMortemChange(PostMortemOutcome.COMPLETED, after)


def reminded(before: PostMortem, now: datetime) -> PostMortem | None:
    """The post-mortem once its owner was reminded: before it is due, when it is, each day after; None if not yet."""
    if not before.is_open or before.remind_at is None or before.remind_at > now:
        return None
    following = before.due_at if now < before.due_at else now + REMINDED_AFTER
    return replace(before, reminded=before.reminded + 1, remind_at=following)
