"""What people do to an incident, each in one commit with its record and with what others are told of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from shared.domain.acting import note, noted_text
from shared.domain.amendments import Awake
from shared.domain.awake import wide_awake
from shared.domain.configuration import Configuration
from shared.domain.incidents import Acked, Changed, Incident, State
from shared.domain.notifications import Channel
from shared.domain.reasons import Notify
from shared.ports.platform import Clock, Publisher
from shared.ports.store import StateStore, Write
from shared.usecases.act_sentences import sentence
from shared.usecases.commits import committed
from shared.usecases.diagnosing import wanted_diagnosis
from shared.usecases.merge import merge_incidents
from shared.usecases.outbox import publish_outbox, publish_planned
from shared.usecases.planning import Planned, plan_by_mail, plan_in_threads, plan_recovery, plan_steps, plan_update
from shared.usecases.present import amendment_write
from shared.usecases.procedures import Starting, starting, starting_again
from shared.usecases.records import GROUPS, incident_writes, notifications_of, read_incident
from shared.usecases.wishes import Act, Acted, Action, Done, Scene, is_entitled, may_act_on
from shared.usecases.wishes_ending import ENDING
from shared.usecases.wishes_judging import JUDGING
from shared.usecases.wishes_owning import OWNING

__all__ = ["Act", "Acted", "Action", "act", "is_entitled", "may_act_on", "sentence"]

DECISIONS: Mapping[Action, Callable[[Incident, Scene], Done]] = {**OWNING, **ENDING, **JUDGING}
SAYS_IT_ITSELF = frozenset({Action.NOTE, Action.SEVERITY})  # what was written is a part of the act already


def act(wish: Act, *, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock) -> Acted:
    """Carry out a wish; a refusal changes nothing and its outcome says why. Redelivery is safe."""
    if not is_entitled(wish.person, config):
        return Acted(Acked.NOT_ENTITLED)
    if wish.action is Action.MERGE:
        return merge_incidents(wish, config=config, store=store, publisher=publisher, clock=clock)
    return committed(lambda: _attempt(wish, config, store, publisher, clock.now()))


def _attempt(wish: Act, config: Configuration, store: StateStore, publisher: Publisher, now: datetime) -> Acted:
    found = read_incident(store, wish.incident)
    if found is None:
        return Acted(Acked.UNKNOWN_INCIDENT)
    incident, version = found
    if not may_act_on(incident, wish.person, config):
        return Acted(Acked.UNKNOWN_INCIDENT)
    up = replace(config, directory=wide_awake(config.directory, wish.person))
    scene = Scene(wish, up, now, notifications_of(store, incident.id), _is_latest(wish, incident, store))
    done = _with_note(DECISIONS[wish.action](incident, scene), scene)
    changed = done.changed
    if not changed.happened:
        return Acted(changed.outcome, incident)
    planned = _plan(done, incident, scene)
    begun = _begun(incident, scene, changed.incident, store)
    entries = (*changed.entries, *begun.entries)
    writes = [*incident_writes(changed.incident, entries, version), *planned.writes, *begun.writes]
    store.commit([*writes, *_awake(wish, config, now)])
    publish_planned(publisher, planned.rows, now)
    publish_outbox(store, publisher, writes)
    return Acted(changed.outcome, changed.incident, changed.incident != incident)


def _begun(before: Incident, scene: Scene, after: Incident, store: StateStore) -> Starting:
    """What begins by itself with an incident that somebody reopened or judged to be worse: procedure and diagnosis."""
    if scene.wish.action is Action.REOPEN:
        return starting_again(after, store=store, now=scene.now)
    if scene.wish.action is not Action.SEVERITY:
        return Starting()
    begun = starting(after, before, config=scene.config, store=store, now=scene.now)
    asked = wanted_diagnosis(after, before, scene.config.diagnostics, scene.now)
    return replace(begun, writes=(*begun.writes, *asked))


def _is_latest(wish: Act, incident: Incident, store: StateStore) -> bool:
    """Only who reopens has to know whether the same trouble has opened a newer incident since."""
    if wish.action is not Action.REOPEN:
        return True
    group = store.get(GROUPS, incident.fingerprint)
    return group is None or group.body["incident"] == incident.id


def _awake(wish: Act, config: Configuration, now: datetime) -> list[Write]:
    """Whoever acts is up, and for a while no telephone has to wake them; but for a snooze, which is for sleeping on."""
    if wish.action is Action.SNOOZE:
        return []
    return [amendment_write(Awake(wish.person, now + config.noise.awake_for))]


def _with_note(done: Done, scene: Scene) -> Done:
    """What was written beside another wish goes on the record with it."""
    changed = done.changed
    if not changed.happened or scene.wish.action in SAYS_IT_ITSELF or not noted_text(scene.wish.note):
        return done
    noted = note(changed.incident, scene.by, scene.wish.note)
    return replace(done, changed=Changed(noted.incident, changed.outcome, (*changed.entries, *noted.entries)))


def _plan(done: Done, before: Incident, scene: Scene) -> Planned:
    after, now = done.changed.incident, scene.now
    if after.revision == before.revision:
        return Planned()
    reason = Notify.ACKNOWLEDGED if after.state is State.ACKNOWLEDGED else Notify.UPDATED
    planned = plan_update(after, scene.ledger, now=now, reason=reason)
    if done.steps:
        return planned + plan_steps(
            after, done.steps, reason=done.reason, config=scene.config, now=now, note=scene.said
        )
    planned += _plan_quietly(done, scene)
    if after.notes > before.notes and not done.in_threads:
        planned += plan_in_threads(after, scene.ledger, reason=Notify.NOTED, now=now, note=scene.said)
    if after.state is State.RESOLVED and before.state is not State.RESOLVED:
        planned += plan_recovery(after, scene.ledger, now=now)
    return planned


def _plan_quietly(done: Done, scene: Scene) -> Planned:
    """What is told without ringing anybody."""
    after, now, planned = done.changed.incident, scene.now, Planned()
    said = done.note or scene.said
    if done.in_threads:
        planned += plan_in_threads(after, scene.ledger, reason=done.reason, now=now, note=said)
    if done.by_mail:
        planned += plan_by_mail(after, done.by_mail, reason=done.reason, config=scene.config, now=now, note=said)
    if done.all_told:
        told = plan_recovery(after, scene.ledger, now=now, reason=done.reason, note=said)
        quiet = {Channel.SLACK, Channel.EMAIL}
        planned += replace(told, rows=tuple(row for row in told.rows if row.channel in quiet))
    return planned
