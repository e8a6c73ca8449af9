"""Incidents: their state, their named transitions, and the lines of their append-only record."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.escalation import Ladder
from shared.domain.severities import Severity

KEYS_KEPT = 50


class State(StrEnum):
    """Where an incident is in its life."""

    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"
    CLOSED = "closed"
    MERGED = "merged"

    @property
    def is_open(self) -> bool:
        """True until it is over: resolved (and perhaps closed), or merged into another incident."""
        return self in _OPEN

    @property
    def is_owned(self) -> bool:
        """True while somebody is at work on it: nobody has to be paged."""
        return self in _OWNED


_OWNED = frozenset({State.ACKNOWLEDGED, State.MITIGATED})
_OPEN = _OWNED | {State.TRIGGERED}


class Role(StrEnum):
    """Who does what while an incident is handled; the owner mends it, and may have a role beside."""

    COMMANDER = "commander"
    COMMUNICATIONS = "communications"
    SCRIBE = "scribe"


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of the record: what happened, by whom, and the reason's name."""

    at: datetime
    event: str
    reason: str
    actor: str = "soukmon"
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """One thing that is wrong, from its first signal to its end.

    `due_at` is the next instant at which the minute tick has to look at it; None when nothing is due.
    `acknowledge_by` and `resolve_by` are what was promised and is not settled yet.
    `entries` and `head` are the number and the hash of the newest line of its record.
    `revision` counts the changes a reader should see; `recent` holds "YYYY-MM-DDTHH:MM" -> signals of the last minutes.
    `snoozed_until` and `offered_until` say why an acknowledgement ends early: it was a snooze, or the owner was named
    by somebody else and has not said yes yet. `first_told_at` and `first_acknowledged_at` are never forgotten;
    `judged` holds who said that the incident was not useful.
    While something mutes it, `held` is the reason and `held_by` what does; `digest` is the end of the quiet hours whose
    digest tells of it. `inhibits` marks one that may mute others. `flips` are its latest reopenings; one that comes and
    goes counts as steady at `steady_at`, and until then no flip is told.
    `warn_answer_at` and `warn_end_at` are when somebody is warned that a promise will break; each is told once.
    `roles` holds Role -> person, `open_tasks` how many tasks keep it from closing. `lowered_from` is the severity that
    somebody judged too high: signals raise it again only beyond that. `merged` are the incidents it took in,
    `firing` the fingerprints among them (and its own) that have not ended yet.
    `suspects` are the changes on record that may explain it, the likeliest first.
    `restricted` is the code name of one whose details only the response team may see; they are not kept here then.
    """

    id: str
    fingerprint: str
    title: str
    summary: str
    severity: Severity
    service: str
    source: str
    alert_type: str
    rule: str
    channels: tuple[str, ...]
    started_at: datetime
    opened_at: datetime
    last_fired_at: datetime
    ladder: Ladder
    remind_every: timedelta
    state: State = State.TRIGGERED
    count: int = 1
    revision: int = 0
    entries: int = 0
    due_at: datetime | None = None
    first_told_at: datetime | None = None
    last_told_at: datetime | None = None
    owner: str = ""
    acknowledged_at: datetime | None = None
    ack_expires_at: datetime | None = None
    snoozed_until: datetime | None = None
    offered_until: datetime | None = None
    first_acknowledged_at: datetime | None = None
    notes: int = 0
    judged: tuple[str, ...] = ()
    acknowledge_by: datetime | None = None
    resolve_by: datetime | None = None
    resolved_at: datetime | None = None
    episode_started_at: datetime | None = None
    previous: str = ""
    storm: str = ""
    runbook: str = ""
    keys: tuple[str, ...] = ()
    recent: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    held: str = ""
    held_by: str = ""
    digest: datetime | None = None
    inhibits: bool = False
    flips: tuple[datetime, ...] = ()
    steady_at: datetime | None = None
    warn_answer_at: datetime | None = None
    warn_end_at: datetime | None = None
    mitigated_at: datetime | None = None
    closed_at: datetime | None = None
    merged_into: str = ""
    merged: tuple[str, ...] = ()
    firing: tuple[str, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    open_tasks: int = 0
    lowered_from: Severity | None = None
    head: str = ""
    suspects: tuple[str, ...] = ()
    restricted: str = ""

    @property
    def began_at(self) -> datetime:
        """When the present trouble began: at its first event, or when it came back."""
        again = self.episode_started_at
        return self.started_at if again is None or again == self.opened_at else again

    @property
    def is_snoozed(self) -> bool:
        """True while the acknowledgement is no more than "later"."""
        return self._owned_until(self.snoozed_until)

    @property
    def is_offered(self) -> bool:
        """True until the person it was handed over to acknowledges."""
        return self._owned_until(self.offered_until)

    def _owned_until(self, early: datetime | None) -> bool:
        # A later acknowledgement has an end of its own, so nobody has to clear what an earlier one left behind.
        return self.state.is_owned and early is not None and early == self.ack_expires_at

    @property
    def promise_at(self) -> datetime | None:
        """When the next promise breaks; None when none is left."""
        return min((by for by in (self.acknowledge_by, self.resolve_by) if by is not None), default=None)

    @property
    def warn_at(self) -> datetime | None:
        """When the next warning falls due; a promise that is settled or broken warns no more."""
        answer = self.warn_answer_at if self.acknowledge_by is not None and self.state is State.TRIGGERED else None
        end = self.warn_end_at if self.resolve_by is not None and self.state.is_open else None
        return min((at for at in (answer, end) if at is not None), default=None)

    @property
    def may_close(self) -> bool:
        """True once it is resolved, steadily, and no task is left: then it closes itself after a while."""
        return self.state is State.RESOLVED and self.steady_at is None and not self.open_tasks


class Acked(StrEnum):
    """What an attempt to acknowledge came to."""

    ACCEPTED = "acknowledged"
    ALREADY_OWNED = "somebody owns it already"
    ALREADY_OVER = "the incident is resolved"
    CLOSED = "the incident is closed"
    MERGED = "the incident was merged into another"
    NOT_ENTITLED = "this person may not acknowledge"
    UNKNOWN_INCIDENT = "no such incident"


@dataclass(frozen=True, slots=True)
class Changed:
    """A transition's outcome: the incident afterwards and what goes on its record."""

    incident: Incident
    outcome: str
    entries: tuple[TimelineEntry, ...] = ()

    @property
    def happened(self) -> bool:
        """True when the incident is not as it was."""
        return bool(self.entries)


def over(incident: Incident) -> Acked:
    """Why an incident that is not open takes no such wish."""
    return {State.CLOSED: Acked.CLOSED, State.MERGED: Acked.MERGED}.get(incident.state, Acked.ALREADY_OVER)


def acknowledge(incident: Incident, *, person: str, via: str, now: datetime, expires_after: timedelta) -> Changed:
    """The first to acknowledge owns the incident and stops the escalation; a second person is told who and when.

    The owner of one that was snoozed or handed over turns it into a full acknowledgement.
    """
    if not incident.state.is_open:
        return Changed(incident, over(incident))
    confirms = incident.owner == person and (incident.is_snoozed or incident.is_offered)
    if incident.state.is_owned and not confirms:
        entry = TimelineEntry(now, "acknowledgement noted", Acked.ALREADY_OWNED, person, f"owned by {incident.owner}")
        outcome = Changed(incident, Acked.ALREADY_OWNED)
        return outcome if incident.owner == person else replace(outcome, entries=(entry,))
    owned = replace(
        incident,
        state=incident.state if incident.state.is_owned else State.ACKNOWLEDGED,
        owner=person,
        acknowledged_at=now,
        ack_expires_at=now + expires_after,
        first_acknowledged_at=incident.first_acknowledged_at or now,
        snoozed_until=None,
        offered_until=None,
        acknowledge_by=settled(incident.acknowledge_by, now),
        due_at=now + expires_after,
        ladder=replace(incident.ladder, next_at=None),
        revision=incident.revision + 1,
        held="",
        held_by="",
    )
    return Changed(owned, Acked.ACCEPTED, (TimelineEntry(now, "acknowledged", Acked.ACCEPTED, person, f"via {via}"),))


def resolve(incident: Incident, *, actor: str, at: datetime, now: datetime, detail: str = "") -> Changed:
    """It is over: nothing is due any more."""
    if not incident.state.is_open:
        return Changed(incident, over(incident))
    ended = replace(
        incident,
        state=State.RESOLVED,
        resolved_at=at,
        due_at=None,
        ack_expires_at=None,
        acknowledge_by=settled(incident.acknowledge_by, at),
        resolve_by=settled(incident.resolve_by, at),
        ladder=replace(incident.ladder, next_at=None),
        revision=incident.revision + 1,
        steady_at=None,
        held="",
        held_by="",
    )
    return Changed(ended, "resolved", (TimelineEntry(now, "resolved", "resolved", actor, detail),))


def settled(promised: datetime | None, at: datetime) -> datetime | None:
    """A promise that was kept at `at` is settled; one that was missed has to be put on the record yet."""
    return promised if promised is not None and promised < at else None
