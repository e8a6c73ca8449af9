"""What people do to an incident: acknowledge, snooze, escalate, resolve; each in one commit with its record."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.amendments import Awake
from shared.domain.configuration import Configuration
from shared.domain.incidents import Acked, Changed, Incident, State, TimelineEntry, acknowledge, resolve
from shared.domain.notifications import Notification
from shared.domain.reasons import Notify
from shared.ports import Clock, Publisher, StateStore, Write
from shared.rendering.catalogue import recorded, words
from shared.rendering.view import cairo
from shared.usecases.commits import committed
from shared.usecases.outbox import publish_planned
from shared.usecases.planning import Planned, plan_recovery, plan_update
from shared.usecases.present import amendment_write
from shared.usecases.records import incident_writes, notifications_of, read_incident

SNOOZE = timedelta(minutes=30)
OBSERVER = "observer"


class Action(StrEnum):
    """The buttons."""

    ACKNOWLEDGE = "acknowledge"
    SNOOZE = "snooze"
    ESCALATE = "escalate"
    RESOLVE = "resolve"
    NOT_USEFUL = "not_useful"


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody's wish: `person` is their id in the directory, `via` the way it reached us."""

    action: Action
    incident: str
    person: str
    via: str


@dataclass(frozen=True, slots=True)
class Acted:
    """What came of it; `incident` is None when there is none of that name."""

    outcome: str
    incident: Incident | None = None
    happened: bool = False


def act(wish: Act, *, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock) -> Acted:
    """Carry out a wish; a refusal changes nothing and its outcome says why. Redelivery is safe."""
    if not is_entitled(wish.person, config):
        return Acted(Acked.NOT_ENTITLED)
    return committed(lambda: _attempt(wish, config, store, publisher, clock.now()))


def is_entitled(person: str, config: Configuration) -> bool:
    """Everybody in the directory may act, except those whose role is only to be told."""
    known = config.directory.people.get(person)
    return known is not None and OBSERVER not in known.roles


def sentence(acted: Acted, config: Configuration, locale: str = "en") -> str:
    """The outcome as one sentence for the person who acted, in their language."""
    say, incident = words(locale), acted.incident
    outcome = recorded(acted.outcome, locale)
    if incident is None:
        return f"{say['ack_refused']} {outcome}."
    owner = config.directory.people.get(incident.owner)
    if acted.outcome == Acked.ALREADY_OWNED and owner is not None and incident.acknowledged_at is not None:
        since = f"{say['since'].lower()} {cairo(incident.acknowledged_at, locale)}"
        return f"{incident.id}: {say['owned_by']} {owner.name}, {since}."
    return f"{incident.id}: {outcome}." if acted.happened else f"{say['ack_refused']} {incident.id}: {outcome}."


def _attempt(wish: Act, config: Configuration, store: StateStore, publisher: Publisher, now: datetime) -> Acted:
    found = read_incident(store, wish.incident)
    if found is None:
        return Acted(Acked.UNKNOWN_INCIDENT)
    incident, version = found
    changed = _changed(wish, incident, config, now)
    if not changed.happened:
        return Acted(changed.outcome, incident)
    planned = _plan(changed.incident, incident, notifications_of(store, incident.id), now)
    awake = _awake(wish, config, now)
    store.commit([*incident_writes(changed.incident, changed.entries, version), *planned.writes, *awake])
    publish_planned(publisher, planned.rows, now)
    return Acted(changed.outcome, changed.incident, changed.incident != incident)


def _awake(wish: Act, config: Configuration, now: datetime) -> list[Write]:
    """Whoever takes an incident is up: for a while no telephone has to wake them."""
    if wish.action is not Action.ACKNOWLEDGE:
        return []
    return [amendment_write(Awake(wish.person, now + config.noise.awake_for))]


def _changed(wish: Act, incident: Incident, config: Configuration, now: datetime) -> Changed:
    match wish.action:
        case Action.ACKNOWLEDGE:
            lasts = config.promises[incident.severity].ack_expires_after
            return acknowledge(incident, person=wish.person, via=wish.via, now=now, expires_after=lasts)
        case Action.SNOOZE:
            return _snoozed(wish, incident, now)
        case Action.RESOLVE:
            return resolve(incident, actor=wish.person, at=now, now=now, detail=f"via {wish.via}")
        case Action.ESCALATE:
            return _hurried(wish, incident, now)
        case Action.NOT_USEFUL:
            entry = TimelineEntry(now, "judged", "not useful", wish.person, f"via {wish.via}")
            return Changed(incident, "noted as not useful", (entry,))


def _snoozed(wish: Act, incident: Incident, now: datetime) -> Changed:
    """Owned for a short while: the acknowledgement expires after half an hour and the chain starts again."""
    if incident.state is State.RESOLVED:
        return Changed(incident, Acked.ALREADY_OVER)
    owned = acknowledge(incident, person=wish.person, via=wish.via, now=now, expires_after=SNOOZE)
    base = owned.incident if owned.outcome == Acked.ACCEPTED else incident
    until = now + SNOOZE
    snoozed = replace(base, ack_expires_at=until, due_at=until, revision=incident.revision + 1)
    entry = TimelineEntry(now, "snoozed", "snoozed", wish.person, f"until {until:%H:%M} UTC, via {wish.via}")
    return Changed(snoozed, "snoozed for 30 minutes", (entry,))


def _hurried(wish: Act, incident: Incident, now: datetime) -> Changed:
    """The next step is due now; the minute tick (or the caller's own) takes it."""
    if incident.state is State.RESOLVED:
        return Changed(incident, Acked.ALREADY_OVER)
    hurried = replace(
        incident,
        state=State.TRIGGERED,
        owner="",
        acknowledged_at=None,
        ack_expires_at=None,
        due_at=now,
        ladder=replace(incident.ladder, next_at=now),
        revision=incident.revision + 1,
    )
    entry = TimelineEntry(now, "escalation asked for", "escalation asked for", wish.person, f"via {wish.via}")
    return Changed(hurried, "escalation asked for", (entry,))


def _plan(after: Incident, before: Incident, ledger: list[Notification], now: datetime) -> Planned:
    if after == before:
        return Planned()
    reason = Notify.ACKNOWLEDGED if after.state is State.ACKNOWLEDGED else Notify.UPDATED
    living = plan_update(after, ledger, now=now, reason=reason)
    over = after.state is State.RESOLVED and before.state is not State.RESOLVED
    return living + plan_recovery(after, ledger, now=now) if over else living
