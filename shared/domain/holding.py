"""Holding back: an incident that something mutes is recorded, and told when nothing mutes it any more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.domain.escalation import Ladder
from shared.domain.grouping import Verdict
from shared.domain.incidents import Incident, TimelineEntry
from shared.domain.labels import labels_of_incident
from shared.domain.maintenance import Window, window_over
from shared.domain.muting import mute
from shared.domain.noise import Noise
from shared.domain.reasons import Notify, Suppressed
from shared.domain.severities import Severity
from shared.domain.silences import Silence

INHIBITION_LOOK = timedelta(minutes=1)
QUIET = "quiet hours"


@dataclass(frozen=True, slots=True)
class Hold:
    """Why an incident waits, for what (the id of the silence, window or rule), and when to look again."""

    reason: Suppressed
    by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Mutes:
    """Everything that may mute something now. `firing` are the labels of open incidents that may mute others."""

    noise: Noise
    silences: Sequence[Silence] = ()
    windows: Sequence[Window] = ()
    firing: Sequence[Mapping[str, str]] = ()


def hold_on(incident: Incident, mutes: Mutes, now: datetime) -> Hold | None:
    """What holds the incident back: somebody's explicit silence, a worse incident, maintenance, the night.

    Nothing holds a restricted one: whoever silences need not be of its team.
    """
    if incident.restricted:
        return None
    labels = labels_of_incident(incident)
    muted = mute(labels, mutes.silences, mutes.noise.inhibitions, mutes.firing, now)
    if muted is not None:
        silence = next((one for one in mutes.silences if one.id == muted.by), None)
        until = now + INHIBITION_LOOK if silence is None else silence.end
        return Hold(muted.reason, muted.by, until)
    if breaks_through(incident, mutes.noise):
        return None
    window = window_over(labels, mutes.windows, begun=begun_at(incident), now=now)
    if window is not None:
        return Hold(Suppressed.BY_MAINTENANCE, window.id, window.end)
    return _quiet(incident, mutes.noise, now)


def breaks_through(incident: Incident, noise: Noise) -> bool:
    """True for an outage or a breach that is at least high: neither maintenance nor the night holds it back."""
    return incident.severity.rank >= Severity.HIGH.rank and noise.breaks_through(incident.alert_type)


def begun_at(incident: Incident) -> datetime:
    """When what is open now began: by the event's own time, or when it came back."""
    first = incident.episode_started_at in (None, incident.opened_at)
    return incident.started_at if first or incident.episode_started_at is None else incident.episode_started_at


def held_back(verdict: Verdict, before: Incident | None, hold: Hold, now: datetime) -> Verdict:
    """The decision about a signal without its messages: an episode waits to be told, a reminder is left out."""
    incident = verdict.incident
    if incident is None:
        return verdict
    if verdict.reason is Notify.REMINDER and before is not None:
        quiet = replace(incident, last_told_at=before.last_told_at, revision=before.revision)
        return replace(verdict, reason=hold.reason, incident=quiet, entries=verdict.entries[:-1], steps=())
    if incident.state.is_owned:
        return replace(verdict, reason=hold.reason, steps=())
    entries = (*verdict.entries[:-1], *(replace(entry, reason=hold.reason) for entry in verdict.entries[-1:]))
    waits = _marked(untold(incident), hold)
    return replace(verdict, reason=hold.reason, incident=waits, entries=(*entries, _entry(hold, now)), steps=())


def paused(incident: Incident, hold: Hold, now: datetime) -> tuple[Incident, tuple[TimelineEntry, ...]]:
    """A due incident that has to wait: its ladder stays where it stands. Each new reason is one line of the record."""
    is_news = (incident.held, incident.held_by) != (hold.reason, hold.by)
    return _marked(incident, hold), (_entry(hold, now),) if is_news else ()


def resumed(incident: Incident) -> Incident:
    """The incident that nothing mutes any more; a step that fell due meanwhile is due since the hold ended."""
    free = replace(incident, held="", held_by="")
    fell_due, ended = incident.ladder.next_at, incident.due_at
    if not incident.held or fell_due is None or ended is None:
        return free
    return replace(free, ladder=replace(free.ladder, next_at=max(fell_due, ended)))


def is_untold(incident: Incident) -> bool:
    """True for a held episode of which nobody has heard yet."""
    return bool(incident.held) and incident.ladder.step == 0


def untold(incident: Incident) -> Incident:
    """The episode as if nobody had been told: its ladder and its promises begin when it is released."""
    ladder = Ladder(incident.ladder.policy)
    return replace(incident, ladder=ladder, last_told_at=None, acknowledge_by=None, resolve_by=None)


def _quiet(incident: Incident, noise: Noise, now: datetime) -> Hold | None:
    quiet = noise.quiet_hours
    if quiet is None or incident.severity.rank >= quiet.below.rank:
        return None
    until = quiet.until(now)
    return None if until is None else Hold(Suppressed.BY_QUIET_HOURS, QUIET, until)


def _marked(incident: Incident, hold: Hold) -> Incident:
    """The incident on hold; what the night holds back is in the digest of its morning."""
    night = hold.reason is Suppressed.BY_QUIET_HOURS and incident.ladder.step == 0
    digest = hold.until if night else incident.digest
    return replace(incident, held=hold.reason, held_by=hold.by, due_at=hold.until, digest=digest)


def _entry(hold: Hold, now: datetime) -> TimelineEntry:
    return TimelineEntry(now, "held back", hold.reason, detail=f"{hold.by}, until {hold.until:%Y-%m-%d %H:%M} UTC")
