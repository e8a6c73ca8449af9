"""What people do to an incident, each in one commit with its record and with what others are told of it."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.acting import (
    SNOOZE,
    By,
    Outcome,
    escalate_now,
    hand_over,
    judge_not_useful,
    note,
    noted_text,
    snooze,
)
from shared.domain.amendments import Awake
from shared.domain.awake import wide_awake
from shared.domain.configuration import Configuration
from shared.domain.escalation import Step
from shared.domain.incidents import Acked, Changed, Incident, State, acknowledge, resolve
from shared.domain.notifications import Notification
from shared.domain.permissions import Permission, may
from shared.domain.reasons import Notify
from shared.ports import Clock, Publisher, StateStore, Write
from shared.rendering.catalogue import recorded, words
from shared.rendering.view import cairo
from shared.usecases.commits import committed
from shared.usecases.outbox import publish_outbox, publish_planned
from shared.usecases.planning import (
    Planned,
    plan_in_threads,
    plan_recovery,
    plan_steps,
    plan_update,
    posted_channels,
)
from shared.usecases.present import amendment_write
from shared.usecases.records import incident_writes, notifications_of, read_incident


class Action(StrEnum):
    """What a button, a modal, a command or a key can ask for."""

    ACKNOWLEDGE = "acknowledge"
    SNOOZE = "snooze"
    ESCALATE = "escalate"
    RESOLVE = "resolve"
    NOT_USEFUL = "not_useful"
    NOTE = "note"
    REASSIGN = "reassign"


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody's wish: `person` is their id in the directory, `via` the way it reached us.

    A `note` may go with any action; `to` is the person to hand over to, `lasting` the length of a snooze.
    """

    action: Action
    incident: str
    person: str
    via: str
    note: str = ""
    to: str = ""
    lasting: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Acted:
    """What came of it; `incident` is None when there is none of that name."""

    outcome: str
    incident: Incident | None = None
    happened: bool = False


@dataclass(frozen=True, slots=True)
class _Done:
    """A transition, and whom it tells beside the living message."""

    changed: Changed
    steps: tuple[Step, ...] = ()
    reason: Notify = Notify.UPDATED


@dataclass(frozen=True, slots=True)
class _Scene:
    wish: Act
    config: Configuration
    now: datetime
    ledger: list[Notification] = field(default_factory=list)

    @property
    def by(self) -> By:
        return By(self.wish.person, self.wish.via, self.now)

    @property
    def said(self) -> str:
        """Who acted and what they wrote, in no language: names and their own words."""
        text = noted_text(self.wish.note)
        name = self.config.directory.people[self.wish.person].name
        return f"{name}: {text}" if text else name


def act(wish: Act, *, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock) -> Acted:
    """Carry out a wish; a refusal changes nothing and its outcome says why. Redelivery is safe."""
    if not is_entitled(wish.person, config):
        return Acted(Acked.NOT_ENTITLED)
    return committed(lambda: _attempt(wish, config, store, publisher, clock.now()))


def is_entitled(person: str, config: Configuration) -> bool:
    """Whether the person may act on incidents (`permissions` says who)."""
    return may(person, Permission.ACT, config.directory)


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
    if not acted.happened:
        return f"{say['ack_refused']} {incident.id}: {outcome}."
    if acted.outcome == Outcome.SNOOZED and incident.snoozed_until is not None:
        outcome = f"{outcome} {say['until']} {cairo(incident.snoozed_until, locale)}"
    if acted.outcome == Outcome.HANDED_OVER and owner is not None:
        outcome = f"{outcome}: {owner.name}"
    return f"{incident.id}: {outcome}."


def _attempt(wish: Act, config: Configuration, store: StateStore, publisher: Publisher, now: datetime) -> Acted:
    found = read_incident(store, wish.incident)
    if found is None:
        return Acted(Acked.UNKNOWN_INCIDENT)
    incident, version = found
    up = replace(config, directory=wide_awake(config.directory, wish.person))
    scene = _Scene(wish, up, now, notifications_of(store, incident.id))
    done = _with_note(_done(incident, scene), scene)
    changed = done.changed
    if not changed.happened:
        return Acted(changed.outcome, incident)
    planned = _plan(done, incident, scene)
    awake = _awake(wish, config, now)
    writes = [*incident_writes(changed.incident, changed.entries, version), *planned.writes, *awake]
    store.commit(writes)
    publish_planned(publisher, planned.rows, now)
    publish_outbox(store, publisher, writes)
    return Acted(changed.outcome, changed.incident, changed.incident != incident)


def _awake(wish: Act, config: Configuration, now: datetime) -> list[Write]:
    """Whoever acts is up, and for a while no telephone has to wake them; but for a snooze, which is for sleeping on."""
    if wish.action is Action.SNOOZE:
        return []
    return [amendment_write(Awake(wish.person, now + config.noise.awake_for))]


def _done(incident: Incident, scene: _Scene) -> _Done:
    wish, by = scene.wish, scene.by
    match wish.action:
        case Action.ACKNOWLEDGE:
            lasts = scene.config.promises[incident.severity].ack_expires_after
            return _Done(acknowledge(incident, person=by.person, via=by.via, now=by.now, expires_after=lasts))
        case Action.SNOOZE:
            return _Done(snooze(incident, by, SNOOZE if wish.lasting is None else wish.lasting))
        case Action.RESOLVE:
            return _Done(resolve(incident, actor=by.person, at=by.now, now=by.now, detail=f"via {by.via}"))
        case Action.ESCALATE:
            asked = escalate_now(incident, by)
            return _Done(asked.changed, (asked.step,) if asked.step else (), Notify.ASKED)
        case Action.NOT_USEFUL:
            return _Done(judge_not_useful(incident, by))
        case Action.NOTE:
            return _Done(note(incident, by, wish.note), reason=Notify.NOTED)
        case Action.REASSIGN:
            return _handed_over(incident, scene)


def _handed_over(incident: Incident, scene: _Scene) -> _Done:
    """The new owner is told at once on the rule's channels, and so are the incident's threads."""
    wish, promise = scene.wish, scene.config.promises[incident.severity]
    if not is_entitled(wish.to, scene.config):
        return _Done(Changed(incident, Outcome.CANNOT_OWN))
    changed = hand_over(
        incident,
        scene.by,
        wish.to,
        answer_within=promise.acknowledge_within,
        expires_after=promise.ack_expires_after,
    )
    threads = posted_channels(scene.ledger)
    told = threads if wish.to == wish.person else (f"person:{wish.to}", *threads)
    return _Done(changed, (Step(told, level=incident.ladder.step),) if told else (), Notify.HANDED_OVER)


def _with_note(done: _Done, scene: _Scene) -> _Done:
    """What was written beside another wish goes on the record with it."""
    changed = done.changed
    if not changed.happened or scene.wish.action is Action.NOTE or not noted_text(scene.wish.note):
        return done
    noted = note(changed.incident, scene.by, scene.wish.note)
    return replace(done, changed=Changed(noted.incident, changed.outcome, (*changed.entries, *noted.entries)))


def _plan(done: _Done, before: Incident, scene: _Scene) -> Planned:
    after, now = done.changed.incident, scene.now
    if after.revision == before.revision:
        return Planned()
    reason = Notify.ACKNOWLEDGED if after.state is State.ACKNOWLEDGED else Notify.UPDATED
    planned = plan_update(after, scene.ledger, now=now, reason=reason)
    if done.steps:
        return planned + plan_steps(
            after, done.steps, reason=done.reason, config=scene.config, now=now, note=scene.said
        )
    if after.notes > before.notes:
        planned += plan_in_threads(after, scene.ledger, reason=Notify.NOTED, now=now, note=scene.said)
    if after.state is State.RESOLVED and before.state is not State.RESOLVED:
        planned += plan_recovery(after, scene.ledger, now=now)
    return planned
