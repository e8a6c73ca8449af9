"""Signals -> incidents: deduplicate, group, open or update, plan notifications, in one commit."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from shared.domain.configuration import Configuration
from shared.domain.game_day import POLICY
from shared.domain.grouping import Circumstances, Verdict, absorb
from shared.domain.holding import held_back
from shared.domain.incidents import Incident
from shared.domain.labels import labels_of_incident
from shared.domain.notifications import WAKING
from shared.domain.reasons import Notify, Suppressed
from shared.domain.rules import EventRule, Match
from shared.domain.severities import Severity
from shared.domain.signals import TEST_SOURCE, Signal, Timeliness, clamped, own_signal, timeliness
from shared.errors import UndecodableError
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Create, Query, Replace, StateStore, Write
from shared.usecases import restricting
from shared.usecases.changes import with_suspects
from shared.usecases.commits import committed
from shared.usecases.diagnosing import wanted_diagnosis
from shared.usecases.looks import wanted_looks
from shared.usecases.muting import Muting
from shared.usecases.outbox import publish_outbox, publish_planned, signal_write
from shared.usecases.planning import Planned, plan_recovery, plan_steps, plan_update
from shared.usecases.procedures import Starting, starting, starting_again
from shared.usecases.records import (
    GROUPS,
    INCIDENTS,
    RECEIPTS,
    Handled,
    incident_writes,
    instant,
    notifications_of,
    read_incident,
    receipt,
)
from shared.usecases.status_changes import incident_changed
from shared.usecases.touching import touch

NEVER_FOLDED = frozenset({"soukmon", "support"})  # our own faults, and customers: each has a clock of its own
PUBLIC = frozenset({Notify.REOPENED, Notify.SEVERITY_RAISED, Notify.RESOLVED})  # what the status page may show
STORM_MEMORY = timedelta(minutes=15)
STORM = "soukmon.storm"
CATCH_ALL = EventRule("unmatched", Match(("*",)), Severity.MEDIUM, ("email", "slack"))

log = logging.getLogger(__name__)


def handle_signal(
    signal: Signal, *, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock
) -> Handled:
    """Decide about one signal. Redelivery is safe: the receipt of its event id is created in the same commit.

    Raises UndecodableError for a signal dated more than 24 h in the future (it belongs to the dead letters).
    """
    return committed(lambda: _decide(signal, config, store, publisher, clock.now()))


def _decide(signal: Signal, config: Configuration, store: StateStore, publisher: Publisher, now: datetime) -> Handled:
    """Whoever is overtaken by the same event, delivered twice at once, finds its receipt in the next attempt."""
    seen = store.get(RECEIPTS, signal.event_id)
    if seen is not None:
        incident, severity = str(seen.body["incident"]), str(seen.body["severity"])
        return Handled("recorded", Suppressed.DUPLICATE_DELIVERY, incident, severity)
    age = timeliness(signal, max_age=config.limits.max_age)
    if age is Timeliness.QUARANTINED:
        raise UndecodableError(f"event time {signal.occurred_at.isoformat()} is more than 24 h in the future")
    if age is Timeliness.STALE and signal.source != "soukmon":
        return _stale(signal, store=store, publisher=publisher, now=now)
    timely = clamped(signal) if age is Timeliness.CLAMPED else signal
    return _attempt(timely, config, store, publisher, now)


def _attempt(signal: Signal, config: Configuration, store: StateStore, publisher: Publisher, now: datetime) -> Handled:
    group = store.get(GROUPS, signal.fingerprint)
    found = read_incident(store, str(group.body["incident"])) if group else None
    current, version = found or (None, None)
    around = _circumstances(signal, current, config=config, store=store, now=now)
    decided = _explained(absorb(signal, current, around), config, store, now)
    kept = restricting.kept(decided, signal, around.rule, config=config, store=store, now=now)
    verdict = _unless_muted(kept.verdict, current, config, store, now)
    planned = _plan(verdict, config, store, now) + Planned(extra=kept.writes)
    unheard = verdict.reason is Notify.RESOLVED and not planned.rows
    if unheard and verdict.incident is not None:
        verdict = replace(verdict, incident=replace(verdict.incident, first_told_at=None, last_told_at=None))
    outcome = Handled(
        "incident" if _touches_incident(verdict) else "recorded",
        Suppressed.RECOVERED_IN_GROUP_WAIT if unheard else verdict.reason,
        verdict.incident.id if verdict.incident else "",
        verdict.incident.severity if verdict.incident else "",
    )
    writes: list[Write] = [
        Create(RECEIPTS, signal.event_id, receipt(outcome, now=now, alert_type=_shown_type(signal, verdict))),
        *planned.writes,
    ]
    before = None if verdict.is_new else current
    if verdict.incident is not None:
        started = _procedures(verdict.incident, before, config, store, now)
        entries = (*verdict.entries, *started.entries)
        writes += [*incident_writes(verdict.incident, entries, None if verdict.is_new else version), *started.writes]
        writes += wanted_diagnosis(verdict.incident, before, config.diagnostics, now)
        writes += wanted_looks(verdict.incident, before, now)
    if verdict.is_new and verdict.incident is not None:
        pointer = {"incident": verdict.incident.id}
        create = Create(GROUPS, signal.fingerprint, pointer)
        writes.append(Replace(GROUPS, signal.fingerprint, pointer, group.version) if group else create)
        writes += _storm_writes(verdict.incident, now)
    store.commit(writes)
    publish_planned(publisher, (*planned.rows, *kept.rows), now)
    publish_outbox(store, publisher, writes)
    if verdict.is_new or verdict.reason in {Notify.REOPENED, Notify.SEVERITY_RAISED}:
        touch(publisher, config.touched_by(signal))
    if verdict.incident is not None and (verdict.is_new or verdict.reason in PUBLIC):
        incident_changed(publisher, verdict.incident, config.status)
    return outcome


def _explained(verdict: Verdict, config: Configuration, store: StateStore, now: datetime) -> Verdict:
    """The verdict; what opens or comes back carries the changes that may explain it, for its first message."""
    incident = verdict.incident
    if incident is None or not (verdict.is_new or verdict.reason is Notify.REOPENED):
        return verdict
    try:
        known, lines = with_suspects(incident, config=config, store=store, now=now)
    except Exception:  # what may explain it must not keep it from being told
        log.exception("the changes could not be read", extra={"incident": incident.id})
        return verdict
    return replace(verdict, incident=known, entries=(*verdict.entries, *lines))


def _shown_type(signal: Signal, verdict: Verdict) -> str:
    incident = verdict.incident
    return incident.alert_type if incident is not None and incident.restricted else signal.alert_type


def _unless_muted(
    verdict: Verdict, current: Incident | None, config: Configuration, store: StateStore, now: datetime
) -> Verdict:
    """The verdict, its messages held back while something mutes the incident; what mutes is read only for them."""
    incident = verdict.incident
    if incident is None or incident.source == TEST_SOURCE:  # a rehearsal is neither muted, nor mutes anything
        return verdict
    known = replace(incident, inhibits=config.noise.is_source(labels_of_incident(incident)))
    hold = Muting(config.noise, store=store, now=now).hold_on(known) if verdict.steps else None
    marked = replace(verdict, incident=known)
    return held_back(marked, current, hold, now) if hold else marked


def _procedures(
    incident: Incident, before: Incident | None, config: Configuration, store: StateStore, now: datetime
) -> Starting:
    if not incident.state.is_open:
        return Starting()
    begun = starting(incident, before, config=config, store=store, now=now)
    if before is None or before.state.is_open:
        return begun
    again = starting_again(incident, store=store, now=now)
    return Starting((*again.entries, *begun.entries), (*again.writes, *begun.writes))


def _circumstances(
    signal: Signal, current: Incident | None, *, config: Configuration, store: StateStore, now: datetime
) -> Circumstances:
    policies = {severity: config.policies[promise.policy] for severity, promise in config.promises.items()}
    opens = current is None or not current.state.is_open
    rule = config.rule_for(signal) or CATCH_ALL
    foldable = opens and signal.source not in NEVER_FOLDED and not rule.procedure
    folded = "storm" if foldable and _is_storm(signal, config, store, now) else ""
    if signal.source == TEST_SOURCE:
        return Circumstances(rule, dict.fromkeys(policies, POLICY), config.limits.reopen_window, now)
    return Circumstances(
        rule,
        policies,
        config.limits.reopen_window,
        now,
        folded_into=folded,
        policy=config.policies.get(rule.policy),
        flapping=config.noise.flapping,
        promises=config.promises_for(rule),
    )


def _is_storm(signal: Signal, config: Configuration, store: StateStore, now: datetime) -> bool:
    """Many incidents opened just now, and this one is not the first of its service: it is folded."""
    opened = Query(
        INCIDENTS,
        order_by="opened_at",
        low=instant(now - config.limits.storm_window),
        high=instant(now),
        limit=config.limits.storm_incidents,
    )
    if len(store.find(opened)) < config.limits.storm_incidents:
        return False
    return _is_known(signal.service, store, now)


def _is_known(service: str, store: StateStore, now: datetime) -> bool:
    """True when an incident of the service opened lately."""
    since, until = instant(now - STORM_MEMORY), instant(now)
    query = Query(INCIDENTS, equal={"service": service}, order_by="opened_at", low=since, high=until, limit=1)
    return bool(store.find(query))


def _before_others(planned: Planned, incident: Incident, store: StateStore, now: datetime) -> Planned:
    """The plan with those rows marked that jump every queue: what tells of a storm, and the first page of a service."""
    if incident.alert_type == STORM:
        return replace(planned, rows=tuple(replace(row, tells_storm=True) for row in planned.rows))
    if not any(row.channel in WAKING for row in planned.rows) or _is_known(incident.service, store, now):
        return planned
    return replace(planned, rows=tuple(replace(row, opens_service=row.channel in WAKING) for row in planned.rows))


def _storm_writes(incident: Incident, now: datetime) -> list[Write]:
    if not incident.storm:
        return []
    signal = own_signal(
        "storm",
        subject="storm",
        title="Alert storm: many incidents are opening at once",
        summary="Further incidents are recorded and folded into this one; a new service is still told on its own.",
        at=now,
        unique=incident.id,
    )
    return [signal_write(signal)]


def _plan(verdict: Verdict, config: Configuration, store: StateStore, now: datetime) -> Planned:
    incident = verdict.incident
    if incident is None:
        return Planned()
    if isinstance(verdict.reason, Suppressed):
        shows = bool(incident.held) and not verdict.is_new  # the living message shows what is held back all the same
        return _shown_once(incident, store, now) if shows else Planned()
    if verdict.is_new:
        planned = plan_steps(incident, verdict.steps, reason=verdict.reason, config=config, now=now)
        return _before_others(planned, incident, store, now)
    ledger = notifications_of(store, incident.id)
    living = plan_update(incident, ledger, now=now)
    if incident.source == TEST_SOURCE and verdict.reason is Notify.RESOLVED:
        return living  # nobody has to hear that nothing is over
    if verdict.reason is Notify.RESOLVED:
        return living + plan_recovery(incident, ledger, now=now)
    return living + plan_steps(incident, verdict.steps, reason=verdict.reason, config=config, now=now)


def _shown_once(incident: Incident, store: StateStore, now: datetime) -> Planned:
    """A refresh of the living message, once for a revision: what is only counted makes no other."""
    ledger = notifications_of(store, incident.id)
    known = {row.id for row in ledger}
    return Planned(tuple(row for row in plan_update(incident, ledger, now=now).rows if row.id not in known))


def _touches_incident(verdict: Verdict) -> bool:
    quiet = {Suppressed.NOTHING_OPEN, Suppressed.OUT_OF_ORDER, Suppressed.BEFORE_RESOLVE}
    return verdict.incident is not None and verdict.reason not in quiet


def _stale(signal: Signal, *, store: StateStore, publisher: Publisher, now: datetime) -> Handled:
    """Recorded without a page; one quiet incident of our own counts how many came."""
    outcome = Handled("recorded", Suppressed.STALE)
    notice = own_signal(
        "stale_events",
        subject="stale",
        title="Old events arrived and were recorded without a page",
        summary="They were older than the maximum age when they reached us, as after an outage of the delivery.",
        at=now,
        unique=signal.event_id,
    )
    facts = {"title": signal.title, "occurred_at": instant(signal.occurred_at)}
    record = {**receipt(outcome, now=now, alert_type=signal.alert_type), **facts}
    writes: list[Write] = [Create(RECEIPTS, signal.event_id, record), signal_write(notice)]
    store.commit(writes)
    publish_outbox(store, publisher, writes)
    return outcome
