"""The decoded files put together as the domain's own configuration."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from shared.config import metric_rules, rotating, time_zones
from shared.config.durations import duration
from shared.config.faults import Fault, Path
from shared.config.suggesting import one_of
from shared.config.wire import (
    CalendarsFile,
    ChannelsFile,
    CountriesFile,
    EscalationFile,
    EventWire,
    ImpactWire,
    LimitsWire,
    MetricsFile,
    MetricWire,
    OncallFile,
    PolicyWire,
    RateCapWire,
    RulesFile,
    SeveritiesFile,
    SupportWire,
)
from shared.domain.baselines import Season
from shared.domain.configuration import Limits, RateCap, SupportChannel
from shared.domain.countries import Country
from shared.domain.escalation import Policy, Step
from shared.domain.metrics import Metric, Source
from shared.domain.oncall import Directory, Override, Person
from shared.domain.rules import EventRule, Impact, Match, MetricRule, NoData
from shared.domain.severities import Severity, SeverityPromise
from shared.domain.spending import Budget
from shared.domain.support import open_hours


def rules(file: RulesFile) -> tuple[tuple[MetricRule, ...], tuple[EventRule, ...]]:
    """Metric rules and event rules. Raises Fault."""
    metric = tuple(metric_rules.rule(alert, ("alerts", index)) for index, alert in enumerate(file.alerts))
    return metric, tuple(event_rule(event, ("events", index)) for index, event in enumerate(file.events))


def metrics(file: MetricsFile) -> Mapping[str, Metric]:
    """Every figure by name. Raises Fault for one that takes the points of a figure that is not there."""
    for name, wire in file.metrics.items():
        if wire.points is not None and wire.points not in file.metrics:
            place = ("metrics", name, "points")
            raise Fault(
                place, f"there is no metric {wire.points}", one_of(file.metrics, wire.points) + ", or leave points out"
            )
    return {name: _metric(name, wire) for name, wire in file.metrics.items()}


def sources(file: MetricsFile) -> Mapping[str, Source]:
    """Whose raw tables are rolled up."""
    return {
        name: Source(
            name=name,
            tables=wire.tables,
            every=duration(wire.every),
            overlap=duration(wire.overlap),
            deep_every=duration(wire.deep_every),
            deep=duration(wire.deep),
        )
        for name, wire in file.sources.items()
    }


def seasons(file: CalendarsFile) -> tuple[Season, ...]:
    """The seasons as instants. Raises Fault."""
    zone = time_zones.zone(file.timezone, ("timezone",))
    for index, wire in enumerate(file.seasons):
        if wire.last < wire.first:
            raise Fault(("seasons", index, "last"), f"{wire.name} ends before it begins", "exchange first and last")
    return tuple(
        Season(wire.name, _midnight(wire.first, zone), _midnight(wire.last + timedelta(days=1), zone))
        for wire in file.seasons
    )


def promises(file: SeveritiesFile) -> Mapping[Severity, SeverityPromise]:
    """What each severity promises; all four have to be there. Raises Fault."""
    missing = [severity for severity in Severity if severity not in file.severities]
    if missing:
        raise Fault(
            ("severities",),
            f"{', '.join(missing)} is missing",
            f"write {missing[0]}: with acknowledge_within, resolve_within, policy and the rest as the others have it",
        )
    return {
        severity: SeverityPromise(
            severity=severity,
            acknowledge_within=duration(wire.acknowledge_within),
            resolve_within=duration(wire.resolve_within),
            policy=wire.policy,
            group_wait=duration(wire.group_wait),
            ack_expires_after=duration(wire.ack_expires_after),
            fallback_after=duration(wire.fallback_after),
            tell_when_broken=wire.tell_when_broken,
            warn_after=wire.warn_after / 100,
        )
        for severity, wire in file.severities.items()
    }


def policies(file: EscalationFile) -> Mapping[str, Policy]:
    """The escalation policies by name."""
    return {name: _policy(name, wire) for name, wire in file.policies.items()}


def directory(file: OncallFile) -> tuple[Directory, bool]:
    """Everybody, and whether they are only examples. Raises Fault."""
    people = {
        id_: Person(id_, p.name, p.email, p.phone, p.slack_user, p.locale, p.roles) for id_, p in file.people.items()
    }
    rotations = {name: rotating.rotation(name, wire) for name, wire in file.rotations.items()}
    overrides = tuple(Override(o.rotation, o.person, o.start, o.end) for o in file.overrides)
    return Directory(people, file.teams, rotations, file.default_contact, overrides), file.demo_contacts


def support(file: ChannelsFile) -> tuple[SupportChannel, ...]:
    """The ways customers reach the team."""
    return tuple(map(_support_channel, file.support))


def limits(wire: LimitsWire) -> Limits:
    """The numbers that keep the system calm."""
    return Limits(
        max_age=duration(wire.max_age),
        reopen_window=duration(wire.reopen_window),
        reopen_by_hand_within=duration(wire.reopen_by_hand_within),
        close_after=duration(wire.close_after),
        storm_incidents=wire.storm_incidents,
        storm_window=duration(wire.storm_window),
        send_lease=duration(wire.send_lease),
        send_attempts=wire.send_attempts,
        link_lifetime=duration(wire.link_lifetime),
        query_bytes=wire.query_bytes,
        rate_caps={name: _caps(given) for name, given in wire.rate_caps.items()},
        sms_budget=None if wire.sms_budget is None else Budget(wire.sms_budget.usd, wire.sms_budget.warn_at),
    )


def _caps(given: RateCapWire | tuple[RateCapWire, ...]) -> tuple[RateCap, ...]:
    caps = given if isinstance(given, tuple) else (given,)
    return tuple(RateCap(cap.messages, duration(cap.window)) for cap in caps)


def countries(file: CountriesFile) -> Mapping[str, Country]:
    """Where texts and calls go, by the country's two letters. Raises Fault for a calling code that is there twice."""
    codes: dict[str, str] = {}
    for key, wire in file.countries.items():
        if wire.calling_code in codes:
            what = f"{codes[wire.calling_code]} has the calling code {wire.calling_code} too"
            raise Fault(("countries", key, "calling_code"), what, "give each country its own")
        codes[wire.calling_code] = key
    return {key: Country(**msgspec.structs.asdict(wire)) for key, wire in file.countries.items()}


def event_rule(wire: EventWire, place: Path = ()) -> EventRule:
    """One event rule. Raises Fault."""
    return EventRule(
        name=wire.name,
        match=Match(wire.match.alert_types, wire.match.labels),
        severity=wire.severity,
        channels=wire.channels,
        impact=tuple(_impact(impact, (*place, "impact", index)) for index, impact in enumerate(wire.impact)),
        remind_every=duration(wire.remind_every),
        escalate_after=None if wire.escalate_after is None else duration(wire.escalate_after),
        runbook=wire.runbook,
        notify=wire.notify,
        policy=wire.policy or "",
        procedure=wire.procedure,
    )


def _impact(wire: ImpactWire, place: Path) -> Impact:
    if (wire.at_least is None) == (wire.at_most is None):
        what, fix = f"{wire.value} needs one threshold", "write at_least, or at_most for what should be high"
        raise Fault(place, what, fix)
    return Impact(wire.value, wire.at_least, wire.severity, wire.at_most)


def _policy(name: str, wire: PolicyWire) -> Policy:
    steps = tuple(Step(step.targets, duration(step.after), step.level, step.channels) for step in wire.steps)
    hours = open_hours(wire.hours)
    return Policy(name, steps, duration(wire.repeat_every), wire.repeats, wire.last_resort, hours)


def _support_channel(wire: SupportWire) -> SupportChannel:
    return SupportChannel(
        name=wire.name,
        address=wire.address,
        respond_within=duration(wire.respond_within),
        resolve_within=duration(wire.resolve_within),
        escalate_after=None if wire.escalate_after is None else duration(wire.escalate_after),
        hours=wire.hours,
    )


def _metric(name: str, wire: MetricWire) -> Metric:
    return Metric(
        name=name,
        kind=wire.kind,
        unit=wire.unit,
        source=wire.source,
        points=wire.points or name,
        freshness=duration(wire.freshness),
        statistic=wire.statistic,
        percentile=wire.percentile,
        good_share=wire.good_share,
        silence=wire.silence,
        no_data=NoData(wire.no_data),
        target=wire.target,
        at_least=wire.at_least,
        touched_by=wire.touched_by,
        about=wire.about,
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
