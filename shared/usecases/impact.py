"""Looks at the warehouse for what an incident does to people, beside the path of the page and never in it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.domain.configuration import Configuration
from shared.domain.grouping import Circumstances, Verdict
from shared.domain.histograms import bucket_of
from shared.domain.holding import held_back
from shared.domain.impacts import (
    Assessed,
    Figures,
    Judged,
    Row,
    Subject,
    assessed,
    failure_figures,
    in_words,
    is_worth_a_look,
    issue_figures,
    slowness_figures,
    subject_of,
)
from shared.domain.incidents import Incident, TimelineEntry
from shared.domain.judgements import Outcome
from shared.domain.reasons import Notify
from shared.domain.rules import EventRule, Match
from shared.errors import ByteCapError, QueryError
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Put, StateStore, Write
from shared.ports.warehouse import Parameter, Warehouse
from shared.usecases.alarms import not_evaluated
from shared.usecases.commits import committed
from shared.usecases.diagnosing import wanted_diagnosis
from shared.usecases.looks import IMPACTS, Look, claimed
from shared.usecases.muting import Muting
from shared.usecases.outbox import publish_outbox, publish_planned, signal_write
from shared.usecases.planning import Planned, plan_steps, plan_update
from shared.usecases.procedures import starting
from shared.usecases.records import body_of, incident_writes, notifications_of, read_incident

BROKEN = {Assessed.FAILED: Outcome.QUERY_FAILED, Assessed.BYTE_CAP: Outcome.BYTE_CAP}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Finding:
    outcome: Assessed
    figures: Figures = field(default_factory=Figures)
    stamp: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Ports:
    config: Configuration
    warehouse: Warehouse
    store: StateStore
    publisher: Publisher


def assess_impact(
    name: str, *, config: Configuration, warehouse: Warehouse, store: StateStore, publisher: Publisher, clock: Clock
) -> Assessed:
    """Look at an incident's impact and act on it: at most once in five minutes, and not while nothing changed.

    A warehouse that cannot answer is on the incident's record; the next look comes all the same.
    """
    now = clock.now()
    found = read_incident(store, name)
    subject = subject_of(found[0]) if found else None
    if found is None or subject is None or not is_worth_a_look(found[0], now):
        return Assessed.NOT_ASKED
    last = claimed(found[0], store, now)
    if last is None:
        return Assessed.TOO_SOON
    ports = _Ports(config, warehouse, store, publisher)
    finding = _asked(subject, last, ports, now)
    if finding.outcome is Assessed.UNCHANGED:
        return Assessed.UNCHANGED
    return committed(lambda: _told(name, finding, last, ports, now))


def _asked(subject: Subject, last: Look, ports: _Ports, now: datetime) -> _Finding:
    """The warehouse's answer, or why there is none; an error of its own is an answer too."""
    source = ports.config.sources.get(subject.source)
    if source is None:
        return _Finding(Assessed.NO_ROWS)
    try:
        stamp = ports.warehouse.stamp(source.tables)
        if not stamp:
            return _Finding(Assessed.NO_ROWS)
        if subject.issue and stamp == last.stamp:
            return _Finding(Assessed.UNCHANGED)
        figures = _figures(subject, ports, now)
    except ByteCapError as error:
        return _Finding(Assessed.BYTE_CAP, detail=str(error))
    except QueryError as error:
        log.exception("the impact could not be asked for")
        return _Finding(Assessed.FAILED, detail=str(error))
    return _Finding(Assessed.KEPT if figures.told else Assessed.NOTHING_YET, figures, stamp)


def _figures(subject: Subject, ports: _Ports, now: datetime) -> Figures:
    span: dict[str, Parameter] = {"since": now - subject.span, "until": now}
    if subject.issue:
        return _read(ports, "impact", {"issue": subject.issue, **span}, issue_figures)
    promised = ports.config.metrics[subject.metric].target if subject.metric in ports.config.metrics else None
    of_service = {"metric": subject.metric, "service": subject.service, "above": bucket_of(promised or 0), **span}
    read = failure_figures if subject.metric == "error_rate" else slowness_figures
    return _read(ports, "impact_of_service", of_service, read)


def _read(ports: _Ports, name: str, parameters: dict[str, Parameter], figures: Callable[[Row], Figures]) -> Figures:
    answer = ports.warehouse.query(name, parameters, maximum_bytes=ports.config.limits.query_bytes)
    return figures(answer.rows[0]) if answer.rows else Figures()


def _told(name: str, finding: _Finding, last: Look, ports: _Ports, now: datetime) -> Assessed:
    """One attempt to commit what the finding means for the incident as it is by now."""
    found = read_incident(ports.store, name)
    if found is None or not found[0].state.is_open:
        return Assessed.NOT_ASKED
    incident, version = found
    judged, rule = Judged(finding.outcome, incident), _rule_of(incident, ports.config)
    if finding.figures.told:
        judged = _unless_muted(
            assessed(incident, finding.figures, _circumstances(rule, ports.config, now)), incident, ports, now
        )
    is_news = judged.outcome != last.outcome or judged.outcome is Assessed.RAISED
    entries = list(judged.entries)
    if is_news and (finding.figures.told or finding.outcome in BROKEN):
        detail = in_words(finding.figures, rule.impact) if finding.figures.told else finding.detail
        entries.append(TimelineEntry(now, "impact assessed", judged.outcome, detail=detail))
    after = judged.incident
    if is_news and finding.figures.told and judged.outcome is Assessed.KEPT:
        after = replace(after, revision=after.revision + 1)
    planned = _planned(replace(judged, incident=after), ports, now, shows=after.revision > incident.revision)
    started = starting(after, incident, config=ports.config, store=ports.store, now=now)
    entries += started.entries
    look = Look(last.asked_at, finding.stamp, judged.outcome)
    writes = [Put(IMPACTS, incident.fingerprint, body_of(look)), *planned.writes, *_alarms(finding, last, now)]
    writes += wanted_diagnosis(after, incident, ports.config.diagnostics, now)
    if after != incident or entries:
        writes += [*incident_writes(after, entries, version), *started.writes]
    ports.store.commit(writes)
    publish_planned(ports.publisher, planned.rows, now)
    publish_outbox(ports.store, ports.publisher, writes)
    return judged.outcome


def _unless_muted(judged: Judged, before: Incident, ports: _Ports, now: datetime) -> Judged:
    """The judgement, its messages held back while something mutes the incident."""
    muting = Muting(ports.config.noise, store=ports.store, now=now)
    hold = muting.hold_on(judged.incident) if judged.steps else None
    if hold is None:
        return judged
    verdict = Verdict(Notify.SEVERITY_RAISED, judged.incident, judged.entries, judged.steps)
    waits = held_back(verdict, before, hold, now)
    return replace(judged, incident=waits.incident or before, entries=waits.entries, steps=())


def _planned(judged: Judged, ports: _Ports, now: datetime, *, shows: bool) -> Planned:
    """The living message shows the figures once they are there; a raised severity is told at once."""
    if not shows:
        return Planned()
    living = plan_update(judged.incident, notifications_of(ports.store, judged.incident.id), now=now)
    reason = Notify.SEVERITY_RAISED
    return living + plan_steps(judged.incident, judged.steps, reason=reason, config=ports.config, now=now)


def _alarms(finding: _Finding, last: Look, now: datetime) -> list[Write]:
    """What cannot be asked is an alert of its own, and over when it can be asked again."""
    before = {str(outcome): told for outcome, told in BROKEN.items()}.get(last.outcome)
    if finding.outcome in BROKEN:
        return [signal_write(not_evaluated("impact", BROKEN[finding.outcome], detail=finding.detail, at=now))]
    if before is not None:
        return [signal_write(not_evaluated("impact", before, detail="It runs again.", at=now, over=True))]
    return []


def _rule_of(incident: Incident, config: Configuration) -> EventRule:
    """The rule that the incident was opened by; one that is gone meanwhile has no thresholds any more."""
    gone = EventRule(incident.rule, Match(()), incident.severity, incident.channels)
    return next((rule for rule in config.event_rules if rule.name == incident.rule), gone)


def _circumstances(rule: EventRule, config: Configuration, now: datetime) -> Circumstances:
    policies = {severity: config.policies[promise.policy] for severity, promise in config.promises.items()}
    return Circumstances(rule, policies, config.limits.reopen_window, now, promises=config.promises)
