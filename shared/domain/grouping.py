"""What a signal means for the incident of its fingerprint: open, count, remind, raise, reopen, resolve or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from shared.domain.bursts import counted, events_in_5_minutes
from shared.domain.escalation import Policy, Step, start, with_second_step_after
from shared.domain.flapping import Flapping, cleared, flipped
from shared.domain.incidents import KEYS_KEPT, Incident, State, TimelineEntry, resolve
from shared.domain.lifecycle import begun_again
from shared.domain.merging import still_firing
from shared.domain.promises import owing
from shared.domain.raising import raised_to
from shared.domain.reasons import Notify, Reason, Suppressed
from shared.domain.rules import EventRule, severity_of
from shared.domain.severities import Severity, SeverityPromise, worst
from shared.domain.signals import Signal, SignalKind, digest

# What a resolve may say about the incident as a whole: late data showed that it was none.
ANNOTATIONS = ("corrected", "false_positive_candidate")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What else the decision depends on. `folded_into` names the storm incident's fingerprint while a storm rages.

    `policy` is the rule's own, where it names one.
    """

    rule: EventRule
    policies: Mapping[Severity, Policy]
    reopen_window: timedelta
    now: datetime
    folded_into: str = ""
    policy: Policy | None = None
    flapping: Flapping = field(default_factory=Flapping)
    promises: Mapping[Severity, SeverityPromise] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision about one signal.

    `incident` is None when nothing is open and nothing opens. `steps` are to be sent now because of `reason`
    (a Suppressed reason never has steps). `is_new` tells creation from change.
    """

    reason: Reason
    incident: Incident | None = None
    entries: tuple[TimelineEntry, ...] = ()
    steps: tuple[Step, ...] = ()
    is_new: bool = False


def absorb(signal: Signal, current: Incident | None, around: Circumstances) -> Verdict:
    """Decide about a signal, given the latest incident of its fingerprint. Order is event time, never arrival."""
    if signal.kind is SignalKind.RESOLVED:
        return _resolved(signal, current, around)
    if current is None:
        return _opened(signal, None, around)
    if current.state.is_open:
        return _counted(signal, current, around)
    if current.resolved_at is not None and signal.occurred_at <= current.resolved_at:
        entry = TimelineEntry(around.now, "late signal", Suppressed.BEFORE_RESOLVE, detail=signal.title)
        counted_in = current if current.state is State.CLOSED else replace(current, count=current.count + 1)
        return Verdict(Suppressed.BEFORE_RESOLVE, counted_in, (entry,))
    if current.state is State.RESOLVED and _is_soon(signal, current, around):
        return _reopened(signal, current, around)
    return _opened(signal, current, around)


def policy_for(severity: Severity, around: Circumstances) -> Policy:
    """The rule's own policy, else the severity's, with the rule's own wait before its second step."""
    return with_second_step_after(around.policy or around.policies[severity], around.rule.escalate_after)


def _resolved(signal: Signal, current: Incident | None, around: Circumstances) -> Verdict:
    if current is None or not current.state.is_open:
        return Verdict(Suppressed.NOTHING_OPEN, current)
    if current.firing:
        return _partly_resolved(signal, current, around)
    if signal.occurred_at < current.last_fired_at:
        return _too_old(signal, current, around)
    return _ended(signal, current, around)


def _too_old(signal: Signal, current: Incident, around: Circumstances) -> Verdict:
    entry = TimelineEntry(around.now, "resolve ignored", Suppressed.OUT_OF_ORDER, detail=signal.title)
    return Verdict(Suppressed.OUT_OF_ORDER, current, (entry,))


def _partly_resolved(signal: Signal, current: Incident, around: Circumstances) -> Verdict:
    """One of those that were merged ends: the incident is over with the last of them."""
    left = still_firing(current, signal.fingerprint)
    if not left and signal.occurred_at < current.last_fired_at:
        return _too_old(signal, current, around)
    if not left:
        return _ended(signal, current, around)
    entry = TimelineEntry(around.now, "ended in part", Suppressed.OTHERS_FIRING, detail=signal.title)
    return Verdict(Suppressed.OTHERS_FIRING, replace(current, firing=left), (entry,))


def _ended(signal: Signal, current: Incident, around: Circumstances) -> Verdict:
    noted = {name: signal.values[name] for name in ANNOTATIONS if name in signal.values}
    known = replace(current, values={**current.values, **noted}) if noted else current
    over = resolve(known, actor=signal.source, at=signal.occurred_at, now=around.now, detail=signal.summary)
    changed = cleared(known, over, around.flapping, around.now)
    reason = Notify.RESOLVED if current.steady_at is None else Suppressed.BY_FLAPPING
    return Verdict(reason, changed.incident, changed.entries)


def _opened(signal: Signal, previous: Incident | None, around: Circumstances) -> Verdict:
    severity = severity_of(around.rule, signal)
    ladder, steps = start(policy_for(severity, around), around.now)
    reason: Reason = Notify.FIRST
    if not around.rule.notify or around.folded_into:
        reason = Suppressed.BY_STORM if around.folded_into else Suppressed.NO_RULE
        ladder, steps = replace(ladder, step=0, next_at=None), ()
    incident = Incident(
        id=_incident_id(signal, previous, around.now),
        fingerprint=signal.fingerprint,
        title=signal.title,
        summary=signal.summary,
        severity=severity,
        service=signal.service,
        source=signal.source,
        alert_type=signal.alert_type,
        rule=around.rule.name,
        channels=around.rule.channels,
        started_at=signal.occurred_at,
        opened_at=around.now,
        last_fired_at=signal.occurred_at,
        ladder=ladder,
        remind_every=around.rule.remind_every,
        due_at=ladder.next_at,
        last_told_at=around.now if steps else None,
        episode_started_at=around.now,
        previous=previous.id if previous else "",
        storm=around.folded_into,
        runbook=around.rule.runbook,
        keys=(signal.key,),
        recent=counted({}, signal.occurred_at),
        labels=dict(signal.labels),
        values=dict(signal.values),
        links=dict(signal.links),
    )
    opened = TimelineEntry(around.now, "opened", reason, detail=signal.title)
    owed = owing(incident, around.promises.get(severity), around.now) if steps else incident
    return Verdict(reason, owed, (opened,), steps, is_new=True)


def _reopened(signal: Signal, current: Incident, around: Circumstances) -> Verdict:
    fired = _with_signal(current, signal)
    severity = severity_of(around.rule, signal, events_5m=events_in_5_minutes(fired.recent, signal.occurred_at))
    ladder, steps = start(policy_for(severity, around), around.now)
    again = replace(begun_again(fired, ladder, around.now), severity=severity)
    flip = flipped(current, again, around.flapping, around.now)
    reason: Reason = Notify.REOPENED if flip.steady_at is None else Notify.FLAPPING
    if current.steady_at is not None:
        reason, steps = Suppressed.BY_FLAPPING, ()
    owed = owing(flip, around.promises.get(severity), around.now) if steps else flip
    return Verdict(reason, owed, (TimelineEntry(around.now, "reopened", reason),), steps)


def _counted(signal: Signal, current: Incident, around: Circumstances) -> Verdict:
    fired = _with_signal(current, signal)
    severity = severity_of(around.rule, signal, events_5m=events_in_5_minutes(fired.recent, signal.occurred_at))
    if severity.rank > worst(current.severity, current.lowered_from or current.severity).rank:
        return _raised(severity, fired, around)
    entries: tuple[TimelineEntry, ...] = ()
    if signal.key not in current.keys:
        entries = (TimelineEntry(around.now, "also seen", Suppressed.COUNTED, detail=_difference(signal)),)
    if current.state.is_owned:
        return Verdict(Suppressed.ACKNOWLEDGED, fired, entries)
    if current.storm:
        return Verdict(Suppressed.BY_STORM, fired, entries)
    if current.last_told_at is None or around.now - current.last_told_at < current.remind_every:
        return Verdict(Suppressed.COUNTED, fired, entries)
    entry = TimelineEntry(around.now, "reminded", Notify.REMINDER)
    reminded = replace(fired, last_told_at=around.now, revision=fired.revision + 1)
    return Verdict(Notify.REMINDER, reminded, (*entries, entry), current.ladder.policy.steps[:1])


def _raised(severity: Severity, fired: Incident, around: Circumstances) -> Verdict:
    raised, steps = raised_to(severity, fired, policy_for(severity, around), around.now)
    raised = owing(raised, around.promises.get(severity), around.now)
    entry = TimelineEntry(around.now, "raised", Notify.SEVERITY_RAISED, detail=f"{fired.severity} -> {severity}")
    return Verdict(Notify.SEVERITY_RAISED, raised, (entry,), steps)


def _with_signal(current: Incident, signal: Signal) -> Incident:
    newer = signal.occurred_at >= current.last_fired_at
    keys = current.keys if signal.key in current.keys else (*current.keys, signal.key)[-KEYS_KEPT:]
    return replace(
        current,
        count=current.count + 1,
        keys=keys,
        recent=counted(current.recent, signal.occurred_at),
        started_at=min(current.started_at, signal.occurred_at) if current.state.is_open else current.started_at,
        last_fired_at=max(current.last_fired_at, signal.occurred_at),
        firing=_firing(current, signal),
        values={**current.values, **signal.values} if newer else current.values,
        links={**current.links, **signal.links},
    )


def _firing(current: Incident, signal: Signal) -> tuple[str, ...]:
    """What fires in an incident that others were merged into; kept for no other."""
    known = current.firing if current.state.is_open else ()  # of another episode only what fires now
    return tuple(dict.fromkeys((*known, signal.fingerprint))) if current.merged else ()


def _is_soon(signal: Signal, current: Incident, around: Circumstances) -> bool:
    over = current.resolved_at
    return over is not None and signal.occurred_at - over <= around.reopen_window


def _difference(signal: Signal) -> str:
    version = signal.values.get("app_version", "")
    return f"{signal.alert_type}: {signal.title}" + (f" (version {version})" if version else "")


def _incident_id(signal: Signal, previous: Incident | None, now: datetime) -> str:
    name = digest(signal.fingerprint, previous.id if previous else "", now.isoformat(), size=4)
    return f"INC-{now:%Y%m%d}-{name}"
