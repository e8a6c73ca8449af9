"""The two promises of an incident, an answer and an end by an instant, and what it means when one is broken."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.incidents import Incident, State, TimelineEntry
from shared.domain.notifications import Notification, Recipient
from shared.domain.reasons import Notify
from shared.domain.severities import SeverityPromise

JUST_NOW = timedelta(minutes=5)
PAGES = frozenset({Notify.FIRST, Notify.ESCALATED, Notify.REPEATED, Notify.LAST_RESORT, Notify.ACK_EXPIRED})


class Promise(StrEnum):
    """Which promise was broken, as the record says it."""

    ANSWER = "nobody acknowledged as promised"
    RESOLUTION = "not resolved as promised"


@dataclass(frozen=True, slots=True)
class Breach:
    """The incident once its broken promises are on its record; each breaks once."""

    incident: Incident
    entries: tuple[TimelineEntry, ...]


def owing(incident: Incident, promised: SeverityPromise | None, now: datetime) -> Incident:
    """The incident with what its severity promises from now on; an earlier promise is never put off."""
    if promised is None:
        return incident
    after = incident.ladder.policy.elapsed_at
    resolve_by = _earlier(incident.resolve_by, after(now, promised.resolve_within))
    if incident.state is State.ACKNOWLEDGED:
        return replace(incident, resolve_by=resolve_by)
    answer_by = _earlier(incident.acknowledge_by, after(now, promised.acknowledge_within))
    return replace(incident, acknowledge_by=answer_by, resolve_by=resolve_by)


def broken(incident: Incident, now: datetime) -> Breach | None:
    """What is broken by `now` and not on the record yet."""
    unanswered = incident.acknowledge_by is not None and incident.acknowledge_by <= now
    unresolved = incident.resolve_by is not None and incident.resolve_by <= now
    if not (unanswered or unresolved):
        return None
    entries = []
    if unanswered:
        entries.append(_entry(Promise.ANSWER, incident.acknowledge_by, now))
    if unresolved:
        entries.append(_entry(Promise.RESOLUTION, incident.resolve_by, now))
    after = replace(
        incident,
        acknowledge_by=None if unanswered else incident.acknowledge_by,
        resolve_by=None if unresolved else incident.resolve_by,
        revision=incident.revision + 1,
    )
    return Breach(after, tuple(entries))


def still_to_tell(found: Iterable[Recipient], ledger: Iterable[Notification], now: datetime) -> tuple[Recipient, ...]:
    """Those whom no page of the same incident reached just now; a step at the same minute has told the others."""
    told = {(row.recipient, row.channel) for row in ledger if row.reason in PAGES and now - row.planned_at < JUST_NOW}
    return tuple(one for one in found if (one.id, one.channel) not in told)


def _entry(promise: Promise, by: datetime | None, now: datetime) -> TimelineEntry:
    return TimelineEntry(now, "promise broken", promise, detail=f"by {by:%Y-%m-%d %H:%M} UTC")


def _earlier(first: datetime | None, second: datetime) -> datetime:
    return second if first is None else min(first, second)
