"""Flapping: an incident that comes and goes is told once, then nothing more until it is steady one way or the other."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.domain.incidents import Changed, Incident, State


@dataclass(frozen=True, slots=True)
class Flapping:
    """An incident that reopens `reopenings` times `within` is flapping, until it has been steady for `calm`."""

    reopenings: int = 3
    within: timedelta = timedelta(hours=1)
    calm: timedelta = timedelta(minutes=15)


def flipped(before: Incident, again: Incident, limits: Flapping, now: datetime) -> Incident:
    """The reopened incident with this flip counted; `again` is how it would be if it did not flap.

    One that flaps already goes on where it stood: its ladder climbs on, and whoever owns it still does.
    """
    flips = (*(at for at in before.flips if now - at < limits.within), now)
    if before.steady_at is None:
        begins = len(flips) >= limits.reopenings
        return due(replace(again, flips=flips, steady_at=now + limits.calm if begins else None))
    owned = before.ack_expires_at is not None and before.ack_expires_at > now
    kept = replace(
        again,
        state=State.ACKNOWLEDGED if owned else State.TRIGGERED,
        ladder=before.ladder,
        owner=before.owner if owned else "",
        acknowledged_at=before.acknowledged_at if owned else None,
        ack_expires_at=before.ack_expires_at if owned else None,
        last_told_at=before.last_told_at,
        episode_started_at=before.episode_started_at,
        flips=flips,
        steady_at=now + limits.calm,
    )
    return due(kept)


def cleared(incident: Incident, over: Changed, limits: Flapping, now: datetime) -> Changed:
    """The resolved incident, which only counts as over once it has stayed so; `over` is how it would be at once."""
    if incident.steady_at is None or not over.happened:
        return over
    waits = replace(
        over.incident,
        ladder=incident.ladder,
        ack_expires_at=incident.ack_expires_at,
        steady_at=now + limits.calm,
        due_at=now + limits.calm,
    )
    return replace(over, incident=waits)


def steady(incident: Incident) -> Incident:
    """The incident that flaps no more; one that is over has nothing due."""
    calm = replace(incident, steady_at=None, flips=(), revision=incident.revision + 1)
    if not calm.state.is_open:
        return replace(calm, ladder=replace(calm.ladder, next_at=None), ack_expires_at=None, due_at=None)
    return due(calm)


def due(incident: Incident) -> Incident:
    """The open incident with the next instant at which something is due: its step (or its owner's time), or calm."""
    next_at = incident.ack_expires_at if incident.state.is_owned else incident.ladder.next_at
    return replace(incident, due_at=min((at for at in (next_at, incident.steady_at) if at), default=None))
