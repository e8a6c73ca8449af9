"""Notifications and their ledger: one row per (incident, step, recipient, channel, reason, revision)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.escalation import Step
from shared.domain.oncall import Directory, on_call_at
from shared.domain.reasons import Notify, Suppressed
from shared.domain.severities import Severity
from shared.domain.signals import digest


class Channel(StrEnum):
    """Ways to reach people."""

    SLACK = "slack"
    EMAIL = "email"
    SMS = "sms"
    VOICE = "voice"
    PUSH = "push"


class LedgerState(StrEnum):
    """A row's life; final states never go back."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED_TEMPORARY = "failed_temporary"
    FAILED_PERMANENT = "failed_permanent"
    SUPERSEDED = "superseded"

    @property
    def is_final(self) -> bool:
        """True when nothing will be sent for this row any more."""
        return self in _FINAL


_FINAL = frozenset({LedgerState.DELIVERED, LedgerState.READ, LedgerState.FAILED_PERMANENT, LedgerState.SUPERSEDED})
_PROGRESS = {LedgerState.SENT: 1, LedgerState.DELIVERED: 2, LedgerState.READ: 3}


@dataclass(frozen=True, slots=True)
class Notification:
    """One message to one recipient on one channel, from its plan to its receipt.

    `recipient` is a person's id, or "slack:<channel>" for a Slack channel; the address is looked up when it is sent.
    A row without an incident tells a `bulletin`. It is sent not before `not_before`. `due_at` is when the sweeper looks
    at the row again; None when nothing is left. `deadline` is when another channel takes over if this one has not got
    through. `opens_service` marks the first page of a service of which nobody has heard lately, `tells_storm` the first
    of a storm; `stands_for` are further open incidents whose messages were folded into this one.
    """

    id: str
    incident: str
    step: int
    recipient: str
    channel: Channel
    reason: Notify
    severity: Severity
    planned_at: datetime
    revision: int = 0
    state: LedgerState = LedgerState.PLANNED
    not_before: datetime | None = None
    due_at: datetime | None = None
    deadline: datetime | None = None
    attempts: int = 0
    lease_until: datetime | None = None
    provider_id: str = ""
    error: str = ""
    note: str = ""
    text: str = ""
    sent_at: datetime | None = None
    settled_at: datetime | None = None
    link_used_at: datetime | None = None
    fallback_of: str = ""
    outcome_unknown: bool = False
    bulletin: str = ""
    opens_service: bool = False
    tells_storm: bool = False
    stands_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What a provider says of a message. `notification` is our reference where the provider repeats it.

    `address_gone`: nobody will ever be reached at that address.
    """

    provider_id: str
    state: LedgerState
    error: str = ""
    notification: str = ""
    address_gone: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """What planning needs beside the incident: who exists, which channels the rule uses, how patient it is."""

    directory: Directory
    channels: tuple[str, ...]
    fallback_after: timedelta = timedelta(minutes=2)


def identified(row: Notification) -> Notification:
    """The row with its stable id: 20 hexadecimal characters of what makes it one message and no other."""
    parts = (row.incident, str(row.step), row.recipient, row.channel, row.reason, str(row.revision))
    return replace(row, id=digest(*parts, row.fallback_of, row.text, row.bulletin))


def settled(row: Notification, why: Suppressed, at: datetime) -> Notification:
    """The row that is not sent, because another message tells what it would have told; it stays in the ledger."""
    over = LedgerState.SUPERSEDED
    return replace(row, state=over, due_at=None, lease_until=None, settled_at=at, note=why)


def progressed(row: Notification, reported: LedgerState, *, at: datetime, error: str = "") -> Notification:
    """Apply a provider's receipt. Receipts arrive twice and out of order: a row only ever moves forward."""
    if row.state.is_final and not (row.state is LedgerState.DELIVERED and reported is LedgerState.READ):
        return row
    if reported in _PROGRESS and _PROGRESS[reported] <= _PROGRESS.get(row.state, 0):
        return row
    settled = at if reported.is_final else row.settled_at
    return replace(
        row,
        state=reported,
        settled_at=settled,
        sent_at=row.sent_at or at,
        due_at=None,
        lease_until=None,
        error=error or row.error,
    )


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody (or a Slack channel) on one channel."""

    id: str
    channel: Channel


def recipients(step: Step, route: Route, at: datetime) -> tuple[tuple[Recipient, ...], tuple[str, ...]]:
    """Everybody the step reaches at `at`, each once per channel, and the rotations that had a gap then.

    A gap falls to the default contact: a step never reaches nobody.
    """
    found: dict[Recipient, None] = {}
    gaps: list[str] = []
    for target in step.targets:
        name, _, only = target.partition("@")
        kind, _, key = name.partition(":")
        if kind == "slack":
            if not only and Channel.SLACK in route.channels:
                found[Recipient(name, Channel.SLACK)] = None
            continue
        for person in _people(kind, key, route.directory, at, gaps):
            for channel in (only,) if only else _channels(step, route):
                found[Recipient(person, Channel(channel))] = None
    reachable = tuple(r for r in found if r.channel is Channel.SLACK or _address(route.directory, r))
    return reachable or (_default(route),), tuple(gaps)


def plan(
    found: Iterable[Recipient],
    *,
    base: Notification,
    fallback_after: timedelta | None = None,
    told: Mapping[str, str] | None = None,
) -> tuple[Notification, ...]:
    """One ledger row per recipient, made from `base`; `told` maps recipients already told in this pass to skip them."""
    rows = []
    for recipient in found:
        if told is not None and f"{recipient.id}/{recipient.channel}" in told:
            continue
        row = replace(base, recipient=recipient.id, channel=recipient.channel)
        rows.append(identified(replace(row, deadline=base.planned_at + fallback_after if fallback_after else None)))
    return tuple(rows)


# The recipient of rehearsals (channels.yaml), as a person and as a Slack channel.
GAME_DAY = "game_day"
GAME_DAY_SLACK = f"slack:{GAME_DAY}"


def is_rehearsal(row: Notification) -> bool:
    """True for a message to the recipient of rehearsals."""
    return row.recipient in {GAME_DAY, GAME_DAY_SLACK}


WAKING = frozenset({Channel.SMS, Channel.VOICE})
FALLBACK_ORDER: Mapping[Channel, tuple[Channel, ...]] = {
    Channel.SLACK: (Channel.EMAIL, Channel.SMS),
    Channel.SMS: (Channel.EMAIL,),
    Channel.EMAIL: (Channel.SMS,),
    Channel.VOICE: (Channel.SMS, Channel.EMAIL),
    Channel.PUSH: (Channel.SMS, Channel.EMAIL),
}


def next_channel(row: Notification, directory: Directory, *, tried: frozenset[tuple[str, str]]) -> Recipient | None:
    """The next way to reach the same person (for a Slack channel: the default contact) that was not tried yet.

    Nobody's phone buzzes for what is less than high, however many channels fail.
    """
    if is_rehearsal(row):
        return None  # a rehearsal falls back to nobody
    person = directory.default_contact if row.recipient.startswith("slack:") else row.recipient
    for channel in FALLBACK_ORDER[row.channel]:
        candidate = Recipient(person, channel)
        if channel in WAKING and row.severity.rank < Severity.HIGH.rank:
            continue
        if (person, str(channel)) not in tried and _address(directory, candidate):
            return candidate
    return None


def address_of(directory: Directory, recipient: str, channel: Channel) -> str:
    """The present address of a person on a channel; empty when there is none."""
    return _address(directory, Recipient(recipient, channel))


def _people(kind: str, key: str, directory: Directory, at: datetime, gaps: list[str]) -> tuple[str, ...]:
    if kind == "person":
        return (key,) if key in directory.people else ()
    if kind == "team":
        return tuple(person for person in directory.teams.get(key, ()) if person in directory.people)
    person = on_call_at(directory, key, at) if key in directory.rotations else None
    if person is None or person not in directory.people:
        gaps.append(key)
        return (directory.default_contact,)
    return (person,)


def _channels(step: Step, route: Route) -> tuple[str, ...]:
    allowed = step.channels or route.channels
    return tuple(channel for channel in route.channels if channel in allowed and channel != Channel.SLACK)


def _address(directory: Directory, recipient: Recipient) -> str:
    person = directory.people.get(recipient.id)
    if person is None or recipient.channel in person.off:
        return ""
    match recipient.channel:
        case Channel.EMAIL:
            return person.email
        case Channel.SMS | Channel.VOICE:
            return person.phone
        case Channel.SLACK:
            return person.slack_user
        case Channel.PUSH:
            return "\n".join(person.devices)


def _default(route: Route) -> Recipient:
    return Recipient(route.directory.default_contact, Channel.EMAIL)
