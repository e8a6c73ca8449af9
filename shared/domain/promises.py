"""The two promises of an incident, an answer and an end by an instant; warnings ahead, and what a broken one means."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.escalation import Policy
from shared.domain.incidents import Incident, State, TimelineEntry
from shared.domain.notifications import Notification, Recipient
from shared.domain.reasons import Notify
from shared.domain.severities import SeverityPromise

JUST_NOW = timedelta(minutes=5)
PAGES = frozenset({Notify.FIRST, Notify.ESCALATED, Notify.REPEATED, Notify.LAST_RESORT, Notify.ACK_EXPIRED})


class Promise(StrEnum):
    """Which promise was broken, or is about to be, as the record says it."""

    ANSWER = "nobody acknowledged as promised"
    RESOLUTION = "not resolved as promised"
    ANSWER_SOON = "an acknowledgement is due soon"
    RESOLUTION_SOON = "the resolution is due soon"


@dataclass(frozen=True, slots=True)
class Breach:
    """The incident once its broken promises (or its warnings) are on its record; each comes once."""

    incident: Incident
    entries: tuple[TimelineEntry, ...]


@dataclass(frozen=True, slots=True)
class _Clock:
    """A promise and when it warns (None: it has, or there was no time for it)."""

    by: datetime | None
    warn: datetime | None = None


def owing(incident: Incident, promised: SeverityPromise | None, now: datetime) -> Incident:
    """The incident with what its severity promises from now on; an earlier promise is never put off."""
    if promised is None:
        return incident
    policy = incident.ladder.policy
    end = _sooner(_end(incident), _clock(policy, promised.resolve_within, promised, now))
    if incident.state.is_owned:
        return _with(incident, _answer(incident), end)
    answer = _sooner(_answer(incident), _clock(policy, promised.acknowledge_within, promised, now))
    return _with(incident, answer, end)


def recomputed(incident: Incident, promised: SeverityPromise, now: datetime) -> Incident:
    """The promises that still run, counted anew from the start of the episode by what another severity promises.

    What was broken stays broken. Whoever is paged now because it got worse has the promised time to answer.
    """
    began = incident.episode_started_at or incident.opened_at
    policy, answer, end = incident.ladder.policy, _answer(incident), _end(incident)
    if end.by is not None and end.by > now:
        end = _ahead(_clock(policy, promised.resolve_within, promised, began), now)
    if incident.state is State.TRIGGERED and answer.by is not None and answer.by > now:
        answer = _clock(policy, promised.acknowledge_within, promised, began)
        if answer.by is not None and answer.by <= now:
            answer = _clock(policy, promised.acknowledge_within, promised, now)
        answer = _ahead(answer, now)
    return _with(incident, answer, end)


def broken(incident: Incident, now: datetime) -> Breach | None:
    """What is broken by `now` and not on the record yet."""
    unanswered = incident.acknowledge_by is not None and incident.acknowledge_by <= now
    unresolved = incident.resolve_by is not None and incident.resolve_by <= now
    if not (unanswered or unresolved):
        return None
    entries = []
    if unanswered:
        entries.append(_entry("promise broken", Promise.ANSWER, incident.acknowledge_by, now))
    if unresolved:
        entries.append(_entry("promise broken", Promise.RESOLUTION, incident.resolve_by, now))
    after = replace(
        incident,
        acknowledge_by=None if unanswered else incident.acknowledge_by,
        resolve_by=None if unresolved else incident.resolve_by,
        revision=incident.revision + 1,
    )
    return Breach(after, tuple(entries))


def at_risk(incident: Incident, now: datetime) -> Breach | None:
    """What is about to break at `now` and was not warned of yet; a promise that is settled or broken warns of nothing.

    The entries are empty when the tick came so late that the promise is broken by now.
    """
    if incident.warn_at is None or incident.warn_at > now:
        return None
    answer = incident.warn_answer_at is not None and incident.warn_answer_at <= now
    end = incident.warn_end_at is not None and incident.warn_end_at <= now
    told = []
    if answer and incident.state is State.TRIGGERED and _is_ahead(incident.acknowledge_by, now):
        told.append(_entry("promise at risk", Promise.ANSWER_SOON, incident.acknowledge_by, now))
    if end and _is_ahead(incident.resolve_by, now):
        told.append(_entry("promise at risk", Promise.RESOLUTION_SOON, incident.resolve_by, now))
    after = replace(
        incident,
        warn_answer_at=None if answer else incident.warn_answer_at,
        warn_end_at=None if end else incident.warn_end_at,
        revision=incident.revision + bool(told),
    )
    return Breach(after, tuple(told))


def still_to_tell(found: Iterable[Recipient], ledger: Iterable[Notification], now: datetime) -> tuple[Recipient, ...]:
    """Those whom no page of the same incident reached just now; a step at the same minute has told the others."""
    told = {(row.recipient, row.channel) for row in ledger if row.reason in PAGES and now - row.planned_at < JUST_NOW}
    return tuple(one for one in found if (one.id, one.channel) not in told)


def _clock(policy: Policy, within: timedelta, promised: SeverityPromise, start: datetime) -> _Clock:
    after = policy.elapsed_at
    return _Clock(after(start, within), after(start, within * promised.warn_after) if promised.warn_after < 1 else None)


def _ahead(clock: _Clock, now: datetime) -> _Clock:
    """The clock as it runs on from now: one that is past its warning warns at once, one that is over no more."""
    if clock.by is None or clock.by <= now:
        return replace(clock, warn=None)
    return replace(clock, warn=None if clock.warn is None else max(clock.warn, now))


def _answer(incident: Incident) -> _Clock:
    return _Clock(incident.acknowledge_by, incident.warn_answer_at)


def _end(incident: Incident) -> _Clock:
    return _Clock(incident.resolve_by, incident.warn_end_at)


def _with(incident: Incident, answer: _Clock, end: _Clock) -> Incident:
    return replace(
        incident,
        acknowledge_by=answer.by,
        warn_answer_at=answer.warn,
        resolve_by=end.by,
        warn_end_at=end.warn,
    )


def _sooner(first: _Clock, second: _Clock) -> _Clock:
    return second if first.by is None or (second.by is not None and second.by < first.by) else first


def _is_ahead(by: datetime | None, now: datetime) -> bool:
    return by is not None and by > now


def _entry(event: str, promise: Promise, by: datetime | None, now: datetime) -> TimelineEntry:
    return TimelineEntry(now, event, promise, detail=f"by {by:%Y-%m-%d %H:%M} UTC")
