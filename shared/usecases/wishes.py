"""Wishes about an incident: who wants what, what surrounds the decision, and what it comes to."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.acting import By, noted_text
from shared.domain.configuration import Configuration
from shared.domain.escalation import Step
from shared.domain.incidents import Changed, Incident, Role
from shared.domain.notifications import Notification
from shared.domain.permissions import Permission, is_shown, may, permissions_of
from shared.domain.reasons import Notify
from shared.domain.severities import Severity


class Action(StrEnum):
    """What a button, a modal, a command or a key can ask for."""

    ACKNOWLEDGE = "acknowledge"
    SNOOZE = "snooze"
    ESCALATE = "escalate"
    RESOLVE = "resolve"
    NOT_USEFUL = "not_useful"
    NOTE = "note"
    REASSIGN = "reassign"
    MITIGATE = "mitigate"
    REOPEN = "reopen"
    CLOSE = "close"
    SEVERITY = "severity"
    ROLE = "role"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody's wish: `person` is their id in the directory, `via` the way it reached us.

    A `note` may go with any action, and is the reason of a `severity`; `to` is the person to hand over (or give the
    `role`) to, `lasting` the length of a snooze, `into` the incident that this one is merged into.
    """

    action: Action
    incident: str
    person: str
    via: str
    note: str = ""
    to: str = ""
    lasting: timedelta | None = None
    severity: Severity | None = None
    role: Role | None = None
    into: str = ""


@dataclass(frozen=True, slots=True)
class Acted:
    """What came of it; `incident` is None when there is none of that name."""

    outcome: str
    incident: Incident | None = None
    happened: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """A transition, and whom it tells, because of `reason`, beside the living message.

    `steps` are told on the rule's channels; `by_mail` are people told without ringing; `in_threads` adds a line to the
    incident's threads; `all_told` tells everybody who was told of it, without ringing either. A `note` stands in the
    messages in place of who acted and what they wrote.
    """

    changed: Changed
    steps: tuple[Step, ...] = ()
    reason: Notify = Notify.UPDATED
    by_mail: tuple[str, ...] = ()
    in_threads: bool = False
    all_told: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """The wish with what its decision depends on. `is_latest`: no newer incident has the same fingerprint."""

    wish: Act
    config: Configuration
    now: datetime
    ledger: list[Notification] = field(default_factory=list)
    is_latest: bool = True

    @property
    def by(self) -> By:
        """Who acts, how and when."""
        return By(self.wish.person, self.wish.via, self.now)

    @property
    def said(self) -> str:
        """Who acted and what they wrote, in no language: names and their own words."""
        text = noted_text(self.wish.note)
        name = self.config.directory.people[self.wish.person].name
        return f"{name}: {text}" if text else name


def is_entitled(person: str, config: Configuration) -> bool:
    """Whether the person may act on incidents (`permissions` says who)."""
    return may(person, Permission.ACT, config.directory)


def may_act_on(incident: Incident, person: str, config: Configuration) -> bool:
    """Of a restricted incident only the response team (or, without one, the default contact) takes care.

    Everybody else is answered as if there were none.
    """
    if not incident.restricted:
        return True
    return person in (config.response_team.members or (config.directory.default_contact,))


def is_known_to(incident: Incident, person: str, config: Configuration) -> bool:
    """Whether the incident exists for this person: it is shown to them, and theirs to act on."""
    known = permissions_of(config.directory.people.get(person), config.directory)
    return is_shown(incident.labels, known) and may_act_on(incident, person, config)
